--@ # From 0.1.0 to 0.2.0: what the install script of 0.2.0 has and that of 0.1.0 (released/kpi--0.1.0.sql) has not,
--@ # made from the same parts, in an order in which it builds.  test/t/005_upgrade.pl fails where the two ways end in
--@ # different catalogues.
--@ #
--@ #   a new part                  nothing: it says --@ since 0.2.0
--@ #   a new object in an old part a file of its own; --@ include FOLDER/NEW.sql both there, where it stands, and here
--@ #   a changed body              --@ replace NAME in FOLDER/PART.sql: a function, aggregate or view with the same
--@ #                               arguments and result; all overloads of the name in that file, with their comments
--@ #   comments on a table         --@ replace comments of NAME in FOLDER/PART.sql
--@ #   anything else               doc/releasing.md
-- complain if the script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION kpi UPDATE TO '0.2.0'" to load this file. \quit

--@ include core/version.sql
--@ for NAME in nps_summary | rate_summary
--@ include core/subtract.sql
--@ with TYPE = @NAME@
--@ end
--@ include goal/bullet_ascii.sql
--@ include goal/relative.sql
--@ include goal/recover.sql
--@ replace comments of kpi_target in goal/target.sql
-- hours of dates and from dates on, spans and pauses, working days
--@ include calendar/opening_hours.sql
--@ include calendar/business_spans.sql
--@ include calendar/business_days.sql
--@ replace business_time in calendar/business_hours.sql
--@ replace comments of business_hours in calendar/business_hours.sql
--@ replace weekly_time in calendar/business_hours.sql
--@ replace opening_hours in calendar/business_hours.sql
-- what they cost, and the limit of kpi_periods
--@ replace kpi_periods in core/time/period.sql
--@ replace lifecycle in summary/activity.sql
--@ replace cohorts in summary/activity.sql
--@ replace active_periods in summary/activity.sql
--@ replace stickiness in summary/activity.sql
--@ replace revenue_movements in summary/revenue.sql
--@ replace revenue_cohorts in summary/revenue.sql
--@ replace funnel in summary/funnel.sql
--@ replace ratio_bridge in goal/bridge.sql
--@ replace price_volume_mix in goal/bridge.sql
--@ replace control_chart in series/control.sql
--@ replace lead_lag in series/lead_lag.sql
-- aggregates over timestamptz combine what was built in the session's time zone only
--@ for TYPE in activity_summary | revenue_summary | funnel_summary | funnel_events | retention_set | repeat_set | rfm
--@   | clv_history
--@ include core/combine_in_zone.sql
--@ with TYPE = @TYPE@
--@ end
-- amounts of more types
--@ replace revenue_summary_accum in summary/revenue.sql
--@ replace subscription_summary_accum in summary/revenue.sql
--@ replace rfm_accum in summary/rfm.sql
--@ replace per_customer_accum in summary/per_customer.sql
--@ replace clv_history_accum in model/clv.sql
COMMENT ON TYPE duration_summary IS
	'count, sum, extremes and histogram of durations, (n,sum,min,max;limit=count,...;bucket:count,...) with times in '
	'microseconds and only the limits that were given: mergeable by + and rollup()';
--@ replace duration_summary in summary/duration.sql
--@ replace share_within in summary/duration.sql
--@ replace activity_summary in summary/activity.sql
--@ replace revenue_summary in summary/revenue.sql
--@ replace subscription_summary in summary/revenue.sql
--@ replace funnel_summary in summary/funnel.sql
--@ replace funnel_depth in summary/funnel.sql
--@ replace retention_rate in summary/retention.sql
--@ replace churn_rate in summary/retention.sql
--@ replace repeat_rate in summary/retention.sql
--@ replace rfm in summary/rfm.sql
--@ replace per_customer in summary/per_customer.sql
--@ replace clv in model/clv.sql
--@ replace clv_fit in model/clv.sql
--@ replace sbg_fit in model/clv.sql
-- a restore loads the tables of an extension in any order
--@ for TABLE in goal | reading | alert
ALTER TABLE kpi_@TABLE@ DROP CONSTRAINT kpi_@TABLE@_kpi_fkey;
--@ end
ALTER TABLE kpi_definition ADD COLUMN goals_set_at timestamptz, ADD COLUMN hide boolean NOT NULL DEFAULT false,
	ADD COLUMN recover double precision NOT NULL DEFAULT 0 CHECK (recover >= '0' AND recover < '1'),
	ADD COLUMN watch boolean NOT NULL DEFAULT false, ADD COLUMN zone text,
	ADD COLUMN phase integer NOT NULL DEFAULT 1, ADD COLUMN phases jsonb NOT NULL DEFAULT '[]',
	ADD COLUMN baseline daterange CHECK (NOT pg_catalog.isempty(baseline)),
	ADD CONSTRAINT kpi_definition_hide_check CHECK (NOT hide OR min_n IS NOT NULL);
ALTER TABLE kpi_reading ADD COLUMN phase integer NOT NULL DEFAULT 1,
	DROP CONSTRAINT kpi_reading_no_data_check, ADD CONSTRAINT kpi_reading_no_data_check
	CHECK (CASE WHEN value IS NULL THEN status IN ('no_data', 'pending') AND attainment IS NULL
		ELSE status <> 'no_data' END);
--@ replace comments of kpi_reading in scorecard/tables.sql
ALTER TABLE kpi_alert ALTER COLUMN status DROP NOT NULL, ALTER COLUMN target DROP NOT NULL, ADD COLUMN signal text,
	ADD COLUMN acknowledged_at timestamptz, ADD COLUMN acknowledged_by text, ADD COLUMN note text,
	DROP CONSTRAINT kpi_alert_change_check,
	ADD CONSTRAINT kpi_alert_change_check CHECK (signal IS NOT NULL OR status IS DISTINCT FROM previous),
	ADD CONSTRAINT kpi_alert_signal_check CHECK (CASE WHEN signal IS NULL THEN status IS NOT NULL AND target IS NOT NULL
			ELSE status IS NULL AND target IS NULL AND previous IS NULL AND value IS NOT NULL END),
	ADD CONSTRAINT kpi_alert_acknowledged_check CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL));
--@ replace comments of kpi_alert in scorecard/tables.sql
--@ include scorecard/refuse_word.sql
-- one more argument; their rights have to be granted again
DROP FUNCTION kpi_split_goal(text, numeric, daterange, double precision[]);
--@ include scorecard/split_goal.sql
--@ include scorecard/goal_days.sql
DROP FUNCTION kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text, text, interval,
	daterange, text, integer);
--@ include scorecard/define_kpi.sql
--@ include scorecard/table_comments.sql
--@ include parts since 0.2.0 in kpi.sql
-- ratios: of floats, which number.sql makes decimals of; and a row with either side NULL is ignored
--@ for NAME in ratio_summary_accum | ratio_summary_accum_pair | ratio_frame_accum | ratio_frame_accum_pair
--@   | ratio_frame_remove | ratio_frame_remove_pair | cac_final | ratio_agg_final | roi_final | margin_final
--@   | ratio_agg | ratio_summary
--@ replace @NAME@ in summary/ratio.sql
--@ end
--@ for NAME in ratio_summary_float_accum | ratio_summary_float_accum_pair | ratio_agg | ratio_summary
--@ replace @NAME@ in summary/ratio_float.sql
--@ end
--@ for NAME in cac | roi | margin | growth_rate | dso | cac_payback
--@ replace @NAME@ in summary/ratio.sql
--@ end
--@ replace kpi_period in core/time/period.sql
-- rights are given up, never lent: what they say of it
--@ replace kpi_check_source in scorecard/define.sql
--@ replace kpi_profile in scorecard/profile.sql
-- pg_upgrade can take the next two from one server to the next; those of 0.1.0 it could not
--@ replace kpi_judge in scorecard/goal.sql
--@ replace kpi_check_goal_days in scorecard/goal.sql
--@ replace kpi_set_goal in scorecard/goal.sql
--@ replace kpi_record in scorecard/measure.sql
--@ replace kpi_raise_alerts in scorecard/measure.sql
--@ replace kpi_measure in scorecard/measure.sql
--@ replace kpi_review in scorecard/review.sql
--@ replace kpi_page_card in scorecard/page.sql
--@ replace kpi_scorecard_html in scorecard/page.sql
DROP FUNCTION kpi_page_period(date, text);
--@ replace kpi_scorecard in scorecard/scorecard.sql
ALTER FUNCTION kpi_score(date) COST 100000;
--@ replace kpi_propose_target in scorecard/propose.sql
--@ replace comments of kpi_current in scorecard/scorecard.sql
--@ replace forecast in series/forecast.sql

-- The rest works on the catalogue: nothing that others have put into the schema of the extension fits better than what
-- is built in.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Another superuser than who owns the rest may have said ALTER EXTENSION: one owner, as after a new installation.  An
-- event trigger is for superusers only, which the owner of the rest may have ceased to be.
DO $$
DECLARE
	ours regrole := (SELECT c.relowner FROM pg_class c JOIN pg_extension e ON extname = 'kpi'
			WHERE c.relname = 'kpi_definition' AND c.relnamespace = e.extnamespace);
	new record;
BEGIN
	FOR new IN
		SELECT i.type, i.identity FROM pg_depend d JOIN pg_extension e ON extname = 'kpi'
			AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
			LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
			LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
			LEFT JOIN pg_operator o ON d.classid = 'pg_operator'::regclass AND o.oid = d.objid
			-- arrays, multiranges and types of rows, members from PostgreSQL 18 on, go with theirs
			LEFT JOIN pg_type y ON d.classid = 'pg_type'::regclass AND y.oid = d.objid
				AND y.typrelid = 0 AND y.typcategory <> 'A' AND y.typtype <> 'm'
			LEFT JOIN pg_opclass x ON d.classid = 'pg_opclass'::regclass AND x.oid = d.objid
			LEFT JOIN pg_opfamily f ON d.classid = 'pg_opfamily'::regclass AND f.oid = d.objid
			LEFT JOIN pg_event_trigger t ON d.classid = 'pg_event_trigger'::regclass AND t.oid = d.objid
				AND (SELECT rolsuper FROM pg_roles r WHERE r.oid = ours),
			LATERAL pg_identify_object(d.classid, d.objid, 0) i
		WHERE coalesce(p.proowner, c.relowner, o.oprowner, t.evtowner, y.typowner, x.opcowner, f.opfowner)
			<> ours
	LOOP
		EXECUTE format('ALTER %s %s OWNER TO %s', new.type, new.identity, ours);
	END LOOP;
END $$;

-- What is granted of the new objects went to who says ALTER EXTENSION, as a superuser may for another's extension; it
-- is the installer's.
DO $$
DECLARE
	installer regrole := (SELECT extowner FROM pg_extension WHERE extname = 'kpi');
	place regnamespace := (SELECT extnamespace FROM pg_extension WHERE extname = 'kpi');
	ours regrole := (SELECT relowner FROM pg_class WHERE relname = 'kpi_definition' AND relnamespace = place);
	updater regrole := '@extowner@';
	what text;
	new text;
BEGIN
	FOR what, new IN
		SELECT 'SELECT', format('TABLE %s.%I', place, v)
			FROM unnest('{kpi_board,kpi_history,kpi_control,kpi_status_change,kpi_tree}'::text[]) v
		UNION ALL
		SELECT 'EXECUTE', format('FUNCTION %s', p.oid::regprocedure) FROM pg_proc p
			WHERE p.pronamespace = place AND p.proacl IS NOT NULL
				AND p.proname IN ('kpi_rename', 'kpi_define', 'kpi_split_goal',
				'kpi_acknowledge')
	LOOP
		IF installer <> updater THEN
			EXECUTE format('GRANT %s ON %s TO %s WITH GRANT OPTION', what, new, installer);
			IF quote_ident(current_user)::regrole <> updater THEN
				EXECUTE format('REVOKE %s ON %s FROM %s', what, new, updater);
			ELSIF ours <> installer THEN
				-- a superuser's own, which an owner need not grant himself
				EXECUTE format('REVOKE GRANT OPTION FOR %s ON %s FROM %s', what, new, ours);
			END IF;
		END IF;
	END LOOP;
END $$;
