-- Splitting a total into goals.

CREATE FUNCTION kpi_split_goal(kpi text, total numeric, during daterange, weights double precision[] DEFAULT NULL,
	segment text DEFAULT '')
RETURNS TABLE (period date, amount numeric) LANGUAGE sql VOLATILE PARALLEL UNSAFE ROWS 12 COST 200000
	SET enable_nestloop = off SET enable_seqscan = off
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
	SELECT kpi_refuse(pg_catalog.format('segment of a goal has %s characters', length(segment)), 'Use at most 200.')
		WHERE length(segment) > 200;
	SELECT kpi_refuse(pg_catalog.format('goal of KPI %L is a range: a total is a single bound', kpi),
			'Use kpi_set_goal() for each period.')
	WHERE (SELECT direction(g.target)
--@ include scorecard/newest_goal.sql
		) = 'range';
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
	), style AS (
		-- the side that is better, and how far warning and recovery are from the bound, as in the newest goal
		SELECT s.lower_is_better, s.bound, s.warn, s.recover
		FROM (SELECT true) one LEFT JOIN LATERAL (
			SELECT direction(g.target) = 'lower' AS lower_is_better,
				target_value(kpi_relative_target(g.target, '100'))::numeric AS bound,
				warn_value(kpi_relative_target(g.target, '100'))::numeric AS warn,
				recover_value(kpi_relative_target(g.target, '100'))::numeric AS recover
--@ include scorecard/newest_goal.sql
			) s ON true
	), warned AS (
		SELECT a.period, a.unit, a.amount, CASE WHEN s.lower_is_better THEN -1 ELSE 1 END AS better,
			CASE WHEN sign(s.bound) = sign(a.amount) THEN
				round(a.amount * s.warn / nullif(s.bound, 0::numeric), scale(total) + 2) END AS warn,
			CASE WHEN sign(s.bound) = sign(a.amount) THEN
				round(a.amount * s.recover / nullif(s.bound, 0::numeric), scale(total) + 2) END AS recover
		FROM amount a, style s
	), target AS (
		SELECT w.period, w.unit, w.amount,
			CASE WHEN w.amount::double precision::numeric <> w.amount
					AND kpi_refuse(pg_catalog.format('%s has too many digits for a target', w.amount),
					'Targets are double precision: 15 digits.') THEN NULL
				ELSE pg_catalog.format('%s %s%s%s', CASE WHEN w.better > 0 THEN '>=' ELSE '<=' END, w.amount,
					' warn ' || CASE WHEN sign(w.amount - w.warn) = w.better::numeric THEN w.warn::text END,
					' recover ' || CASE WHEN sign(w.recover - w.amount) = w.better::numeric THEN w.recover::text
						END)::kpi_target END AS target
		FROM warned w
	), given AS (
		SELECT daterange(t.period, kpi_next_period(t.period, t.unit)) AS during, t.target,
			1::double precision AS weight, pg_catalog.format('share of %s', total) AS origin
		FROM target t)
--@ include scorecard/setting.sql
--@ with KPI = kpi_split_goal.kpi
--@ with SEGMENT = coalesce(kpi_split_goal.segment, '')
--@ include scorecard/judging.sql
--@ with KPI = kpi_split_goal.kpi
--@ with READINGS = r.segment = coalesce(kpi_split_goal.segment, '') AND r.period >= pg_catalog.lower(during) AND
--@   r.period < pg_catalog.upper(during)
--@ with GOALS = g.segment = coalesce(kpi_split_goal.segment, '') AND g.during OPERATOR(pg_catalog.&&)
--@   kpi_split_goal.during
	SELECT pg_catalog.lower(g.during), round(target_value(g.target)::numeric, scale(total))
	FROM kpi_goal g
	WHERE g.kpi = kpi_split_goal.kpi AND g.segment = coalesce(kpi_split_goal.segment, '')
		AND g.superseded_at IS NULL
		AND g.during OPERATOR(pg_catalog.<@) kpi_split_goal.during
	ORDER BY pg_catalog.lower(g.during);
END;
COMMENT ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[], text) IS
	'splits a flow''s total over the periods in these days by weights (one a period; NULL is evenly), sets a goal for '
	'each and returns them. The amounts have the decimal places of total and add up to it exactly (largest '
	'remainder). The side that is better, and warning and recovery in proportion to the bound, are those of the newest '
	'goal of the segment (empty is the total) or else of the total; at least the amount without one. 22023 unless the '
	'KPI is a flow, the days are whole periods with a beginning and an end, and the weights fit';

REVOKE ALL ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[], text) TO @extowner@
	WITH GRANT OPTION;
