-- Goals: judging readings by them (judging.sql), setting them (setting.sql), splitting.
-- The parts stand in each function, not in one of their own that would have to be granted too.

CREATE FUNCTION kpi_judge(kpi text, during daterange DEFAULT NULL) RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	-- one writer at a time for a KPI, kpi_measure() included
	SELECT FROM kpi_definition d WHERE d.name = kpi_judge.kpi FOR NO KEY UPDATE;
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
	'infinite because a part of the rows has none; without a goal the status is NULL';

CREATE FUNCTION kpi_check_goal_days(kpi text, unit text, during daterange) RETURNS boolean
	LANGUAGE sql VOLATILE PARALLEL SAFE
BEGIN ATOMIC
	SELECT kpi_refuse('a goal needs days', 'Give the days that it is for, such as daterange(''2026-01-01'', '
			'''2027-01-01''), which ends before 1 January 2027.')
	WHERE pg_catalog.isempty(during);
	SELECT kpi_refuse(pg_catalog.format('days %s of a goal are infinite', during),
			'Leave a bound out instead of giving infinity.')
	WHERE NOT isfinite(pg_catalog.lower(during)) OR NOT isfinite(pg_catalog.upper(during));
	SELECT kpi_refuse(pg_catalog.format('goal of KPI %L for %s does not begin and end with a %s', kpi, during, unit),
		pg_catalog.format('The range ends before its upper bound; whole periods are %s.', whole.days))
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
	'22023 for an unknown KPI and for anything that makes no sense';

CREATE FUNCTION kpi_split_goal(kpi text, total numeric, during daterange, weights double precision[] DEFAULT NULL)
RETURNS TABLE (period date, amount numeric) LANGUAGE sql VOLATILE PARALLEL UNSAFE ROWS 12 COST 200000
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('%s to split is missing', a.what))
	FROM (VALUES ('KPI'::text, kpi IS NULL), ('total', total IS NULL), ('range of days', during IS NULL))
		AS a (what, missing)
	WHERE a.missing;
	SELECT kpi_refuse(pg_catalog.format('total %s cannot be split', total))
		WHERE total IN ('NaN', 'Infinity', '-Infinity');
--@ include scorecard/lock.sql
--@ with KPI = kpi_split_goal.kpi
	SELECT kpi_refuse(pg_catalog.format('KPI %L is of kind %s: only a flow adds up to a total', kpi, d.kind))
	FROM kpi_definition d WHERE d.name = kpi_split_goal.kpi AND d.kind <> 'flow';
	SELECT kpi_refuse(pg_catalog.format('goal of KPI %L is a range: a total is a single bound', kpi),
			'Use kpi_set_goal() for each period.')
	WHERE (SELECT direction(g.target) FROM kpi_goal g WHERE g.kpi = kpi_split_goal.kpi AND g.segment = ''
			ORDER BY g.set_at DESC LIMIT 1) = 'range';
	SELECT kpi_refuse('a total is split over days with a beginning and an end')
		WHERE pg_catalog.lower_inf(during) OR pg_catalog.upper_inf(during);
	SELECT kpi_check_goal_days(d.name, d.unit, during) FROM kpi_definition d WHERE d.name = kpi_split_goal.kpi;
	SELECT kpi_refuse(pg_catalog.format('weights have %s dimensions', pg_catalog.array_ndims(weights)),
			'Give a plain list, one weight a period.')
	WHERE pg_catalog.array_ndims(weights) > 1;
	SELECT kpi_refuse(pg_catalog.format('weight %s is not a finite number from 0', coalesce(w.weight::text, 'NULL')))
	FROM pg_catalog.unnest(weights) AS w (weight) WHERE (w.weight >= '0' AND w.weight < 'Infinity') IS NOT TRUE;
	SELECT kpi_refuse('weights add up to 0')
		WHERE (SELECT sum(w.weight) FROM pg_catalog.unnest(weights) AS w (weight)) = '0';
	SELECT kpi_refuse(pg_catalog.format('%s weights for %s periods', pg_catalog.cardinality(weights), p.periods),
			'Give one weight a period.')
	FROM (SELECT count(*)::integer AS periods
			FROM kpi_definition d, LATERAL kpi_periods(pg_catalog.lower(during), pg_catalog.upper(during) - 1, d.unit)
		WHERE d.name = kpi_split_goal.kpi) p
	WHERE p.periods <> pg_catalog.cardinality(weights);
	-- largest remainder, in units of the last digit of the total: all exact
	WITH piece AS (
		SELECT p.period, p.place, d.unit, scale(total)::numeric AS digits,
			trunc(abs(total) * power(10::numeric, scale(total)::numeric)) AS whole,
			CASE WHEN weights IS NULL THEN 1::numeric
					ELSE (weights)[pg_catalog.array_lower(weights, 1) + p.place::integer - 1]::numeric END AS weight
		FROM kpi_definition d, LATERAL kpi_periods(pg_catalog.lower(during), pg_catalog.upper(during) - 1, d.unit)
			WITH ORDINALITY AS p (period, place)
		WHERE d.name = kpi_split_goal.kpi
	), floored AS (
		SELECT p.*, sum(p.weight) OVER () AS weights, div(p.whole * p.weight, sum(p.weight) OVER ()) AS units
		FROM piece p
	), ranked AS (
		SELECT f.*, f.whole - sum(f.units) OVER () AS missing,
			row_number() OVER (ORDER BY f.whole * f.weight - f.units * f.weights DESC, f.place) AS rank
		FROM floored f
	), amount AS (
		SELECT r.period, r.unit,
			round(sign(total) * (r.units + CASE WHEN r.rank::numeric <= r.missing THEN 1::numeric ELSE 0::numeric END)
				/ power(10::numeric, r.digits), r.digits::integer) AS amount
		FROM ranked r
	), target AS (
		SELECT a.period, a.unit, a.amount,
			CASE WHEN a.amount::double precision::numeric <> a.amount
					AND kpi_refuse(pg_catalog.format('%s has too many digits for a target', a.amount),
					'Targets are double precision: 15 digits.') THEN NULL
				WHEN (SELECT direction(g.target) FROM kpi_goal g WHERE g.kpi = kpi_split_goal.kpi AND g.segment = ''
						ORDER BY g.set_at DESC LIMIT 1) = 'lower'
				THEN at_most(a.amount::double precision) ELSE at_least(a.amount::double precision) END AS target
		FROM amount a
	), given AS (
		SELECT daterange(t.period, kpi_next_period(t.period, t.unit)) AS during, t.target,
			1::double precision AS weight, pg_catalog.format('share of %s', total) AS origin
		FROM target t)
--@ include scorecard/setting.sql
--@ with KPI = kpi_split_goal.kpi
--@ with SEGMENT = ''::text
--@ include scorecard/judging.sql
--@ with KPI = kpi_split_goal.kpi
--@ with READINGS = r.segment = '' AND r.period >= pg_catalog.lower(during) AND r.period < pg_catalog.upper(during)
--@ with GOALS = g.segment = '' AND g.during OPERATOR(pg_catalog.&&) kpi_split_goal.during
	SELECT pg_catalog.lower(g.during), round(target_value(g.target)::numeric, scale(total))
	FROM kpi_goal g
	WHERE g.kpi = kpi_split_goal.kpi AND g.segment = '' AND g.superseded_at IS NULL
		AND g.during OPERATOR(pg_catalog.<@) kpi_split_goal.during
	ORDER BY pg_catalog.lower(g.during);
END;
COMMENT ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[]) IS
	'splits a flow''s total over the periods in these days by weights (one a period; NULL is evenly), sets a goal for '
	'each and returns them. The amounts have the decimal places of total and add up to it exactly (largest remainder). '
	'At least the amount, or at most it where the KPI''s newest goal says that lower is better. 22023 unless the KPI '
	'is a flow, the days are whole periods with a beginning and an end, and the weights fit';

REVOKE ALL ON FUNCTION kpi_judge(text, daterange) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_judge(text, daterange) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) TO @extowner@
	WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[]) TO @extowner@ WITH GRANT OPTION;
