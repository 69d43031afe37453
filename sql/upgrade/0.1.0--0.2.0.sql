--@ # From 0.1.0 to 0.2.0: what the install script of 0.2.0 has and that of 0.1.0 (sql/released/kpi--0.1.0.sql) has not, made from
--@ # the same parts, in an order in which it builds.  test/t/017_upgrade.pl fails where the two ways end in different catalogues.
--@ #
--@ #   a new part                  --@ include FOLDER/PART.sql, and its name in SQL_PARTS of the Makefile
--@ #   a new object in an old part a file of its own; --@ include FOLDER/NEW.sql both there, where it stands, and here
--@ #   a changed body              --@ replace NAME in FOLDER/PART.sql: a function, aggregate or view with the same arguments and
--@ #                               result; all overloads of the name in that file, with their comments
--@ #   anything else               doc/releasing.md
-- complain if the script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION kpi UPDATE TO '0.2.0'" to load this file. \quit

--@ include core/version.sql
--@ include core/progress.sql
--@ for NAME in nps_summary | rate_summary
--@ include core/subtract.sql
--@ with TYPE = @NAME@
--@ end
--@ include target/bullet_ascii.sql
-- what they cost, and the limit of kpi_periods
--@ replace kpi_periods in core/period.sql
--@ replace lifecycle in summary/activity.sql
--@ replace cohorts in summary/activity.sql
--@ replace active_periods in summary/activity.sql
--@ replace stickiness in summary/activity.sql
--@ replace revenue_movements in summary/revenue.sql
--@ replace revenue_cohorts in summary/revenue.sql
--@ replace funnel in summary/funnel.sql
--@ replace ratio_bridge in target/bridge.sql
--@ replace price_volume_mix in target/bridge.sql
--@ replace control_chart in series/control.sql
--@ replace lead_lag in series/lead_lag.sql
ALTER FUNCTION kpi_measure(text, date, boolean) COST 1000000;
ALTER FUNCTION kpi_profile(regclass) COST 1000000;
ALTER FUNCTION kpi_review(date) COST 500000;
ALTER FUNCTION kpi_review() COST 500000;
ALTER FUNCTION kpi_scorecard(date) COST 100000;
ALTER FUNCTION kpi_score(date) COST 100000;
ALTER FUNCTION kpi_propose_target(text) COST 50000;
-- pg_upgrade can take these from one server to the next; those of 0.1.0 it could not
--@ replace kpi_judge in scorecard/goal.sql
--@ replace kpi_set_goal in scorecard/goal.sql
--@ replace kpi_split_goal in scorecard/goal.sql
--@ include scorecard/views.sql

-- The grants of the views went to who says ALTER EXTENSION, as a superuser may for another's extension; they are the installer's.
DO $$
DECLARE
	installer regrole := (SELECT extowner FROM pg_extension WHERE extname = 'kpi');
	place regnamespace := (SELECT extnamespace FROM pg_extension WHERE extname = 'kpi');
	updater regrole := '@extowner@';
	granted text;
BEGIN
	FOREACH granted IN ARRAY '{kpi_board,kpi_history,kpi_control,kpi_status_change,kpi_tree}'::text[] LOOP
		IF installer <> updater THEN
			EXECUTE format('GRANT SELECT ON TABLE %s.%I TO %s WITH GRANT OPTION', place, granted, installer);
			-- a superuser's own, which he needs not grant himself
			EXECUTE format(CASE WHEN quote_ident(current_user)::regrole = updater THEN 'REVOKE GRANT OPTION FOR SELECT ON TABLE %s.%I FROM %s' ELSE 'REVOKE SELECT ON TABLE %s.%I FROM %s' END,
				place, granted, updater);
		END IF;
	END LOOP;
END $$;
