-- Goals: judging readings by them (judging.sql), setting them (setting.sql), splitting.
-- The parts stand in each function, not in one of their own that would have to be granted too.
--
-- Each has settings for judging: the planner knows nothing of readings that are new (the table may have been analysed
-- when it was empty) and would compare all with all.  So sets are hashed or sorted, and a single row found by its key.

CREATE FUNCTION kpi_judge(kpi text, during daterange DEFAULT NULL) RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET enable_nestloop = off SET enable_seqscan = off
BEGIN ATOMIC
	-- one writer at a time for a KPI, kpi_measure() included
	SELECT FROM kpi_definition d WHERE d.name = kpi_judge.kpi FOR NO KEY UPDATE;
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', kpi), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi_judge.kpi);
--@ include scorecard/judging.sql
--@ with KPI = kpi_judge.kpi
--@ with READINGS = r.period >= coalesce(pg_catalog.lower(during), '-infinity') AND r.period <
--@   coalesce(pg_catalog.upper(during), 'infinity') AND pg_catalog.isempty(during) IS NOT TRUE
--@ with GOALS = true
END;
COMMENT ON FUNCTION kpi_judge(text, daterange) IS
	'judges the readings of a KPI, all or those of periods that begin in these days, by the goals in force, as '
	'kpi_measure() and kpi_set_goal() do, and returns how many changed. No value is no_data; n below the minimum, a '
	'period in progress that is not a flow, and the first tenth of one that is, are pending; with a margin the whole '
	'interval value - margin .. value + margin must have one colour, else uncertain, as it is where the margin is '
	'infinite because a part of the rows has none; without a goal the status is NULL. 22023 for an unknown KPI, also '
	'for one that was renamed meanwhile';

CREATE FUNCTION kpi_check_goal_days(kpi text, unit text, during daterange) RETURNS boolean
	LANGUAGE sql VOLATILE PARALLEL SAFE
BEGIN ATOMIC
	SELECT kpi_refuse('a goal needs days', 'Give what it is for: a year (2026), a quarter (2026-Q1), a month '
			'(2026-03), a day, or a range of days.')
	WHERE pg_catalog.isempty(during);
	SELECT kpi_refuse(pg_catalog.format('days %s of a goal are infinite', during),
			'Leave a bound out instead of giving infinity.')
	WHERE NOT isfinite(pg_catalog.lower(during)) OR NOT isfinite(pg_catalog.upper(during));
	SELECT kpi_refuse(pg_catalog.format('goal of KPI %L for %s does not begin and end with a %s', kpi, during, unit),
		pg_catalog.format('A range ends before its second day; whole periods are %s.', whole.days))
	FROM (SELECT daterange(kpi_period(pg_catalog.lower(during), unit),
		CASE WHEN kpi_period(pg_catalog.upper(during), unit) = pg_catalog.upper(during) THEN pg_catalog.upper(during)
			ELSE kpi_next_period(pg_catalog.upper(during), unit) END)) AS whole (days)
	WHERE pg_catalog.range_ne(whole.days, during);
	SELECT true;
END;
COMMENT ON FUNCTION kpi_check_goal_days(text, text, daterange) IS
	'private: true if the days of a goal are whole periods, else 22023 with the reason';

CREATE FUNCTION kpi_set_goal(kpi text, target kpi_target, during daterange, segment text DEFAULT '',
	weight double precision DEFAULT 1, origin text DEFAULT '')
RETURNS daterange LANGUAGE sql VOLATILE PARALLEL UNSAFE
	SET enable_nestloop = off SET enable_seqscan = off
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('%s of a goal is missing', a.what))
	FROM (VALUES ('KPI'::text, kpi IS NULL), ('target', target IS NULL), ('range of days', during IS NULL),
			('weight', weight IS NULL)) AS a (what, missing)
	WHERE a.missing;
	SELECT kpi_refuse(pg_catalog.format('weight %s of a goal is not a finite number from 0', weight))
	WHERE NOT (weight >= '0' AND weight < 'Infinity');
	SELECT kpi_refuse(pg_catalog.format('segment of a goal has %s characters', length(segment)), 'Use at most 200.')
		WHERE length(segment) > 200;
--@ include scorecard/lock.sql
--@ with KPI = kpi_set_goal.kpi
	-- 35 for 35 %, unless it has come near that; in numeric, which has room for any bound however early it is computed
	SELECT kpi_refuse(pg_catalog.format('target %s of KPI %L is %s %%', target, kpi,
			pg_catalog.trim_scale(b.bound * '100')),
		pg_catalog.format('Its values are fractions: write %s%%. If they are that large, measure it first.', b.bound))
	FROM kpi_definition d, LATERAL (SELECT greatest(target_lower(target), target_upper(target))::numeric AS bound) b
	WHERE d.name = kpi_set_goal.kpi AND d.title ~ '\S\s*\[%\]\s*$'
		AND b.bound > '10'::numeric * greatest('1'::numeric,
			(SELECT max(r.value)::numeric FROM kpi_reading r WHERE r.kpi = d.name));
	SELECT kpi_check_goal_days(d.name, d.unit, during) FROM kpi_definition d WHERE d.name = kpi_set_goal.kpi;
	WITH given AS (
		SELECT kpi_set_goal.during, kpi_set_goal.target, kpi_set_goal.weight,
				coalesce(kpi_set_goal.origin, '') AS origin)
--@ include scorecard/setting.sql
--@ with KPI = kpi_set_goal.kpi
--@ with SEGMENT = coalesce(kpi_set_goal.segment, '')
--@ include scorecard/judging.sql
--@ with KPI = kpi_set_goal.kpi
--@ with READINGS = r.segment = coalesce(kpi_set_goal.segment, '') AND r.period >= coalesce(pg_catalog.lower(during),
--@   '-infinity') AND r.period < coalesce(pg_catalog.upper(during), 'infinity')
--@ with GOALS = g.segment = coalesce(kpi_set_goal.segment, '') AND g.during OPERATOR(pg_catalog.&&) kpi_set_goal.during
	SELECT during;
END;
COMMENT ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) IS
	'sets the target that each period of the KPI''s unit in these days should reach, for a segment or (empty) the '
	'total, judges the readings by it and returns the days. A relative target (>= +20% on year ago, on previous) asks '
	'in each period for so much more than the whole period before or a year before had; where that has no value above '
	'0 there is no goal. Goals that it overlaps are superseded and kept as history; '
	'the days that it leaves of them keep their target. The days begin and end with a period, an absent bound is open. '
	'22023 for an unknown KPI, for NULL but for the total''s segment and origin, and for anything that makes no sense';

--@ include scorecard/split_goal.sql

REVOKE ALL ON FUNCTION kpi_judge(text, daterange) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_judge(text, daterange) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) TO @extowner@
	WITH GRANT OPTION;

--@ include scorecard/goal_days.sql
