-- kpi_status, attainment, gap, deviation, met or not

-- the figures
SELECT attainment(40, '>= 50') AS "0.8", attainment(5, '<= 4') AS "0.75", attainment(0, '<= 4') AS "2",
	attainment(-1, '>= -1') AS "1", attainment(0, '>= -1') AS "2", attainment(15, '[10,20]') AS "1",
	attainment(8, '[10,20]') AS "0.8", attainment(25, '[10,20]') AS "0.75", attainment(40, '>= 50 from 30') AS "0.5";

-- by hand
SELECT t AS target, a AS actual, kpi_status(a, t) AS status, t @> a AS met, a <@ t AS meets, attainment(a, t),
	gap(a, t), deviation(a, t), deviation_pct(a, t)
FROM (VALUES
	('>= 50 warn 40'::kpi_target, ARRAY[60, 50, 49.9, 40, 39.9, 0, -10]::double precision[]),
	('>= 50', ARRAY[50, 49.9]),
	('<= 4 warn 6', ARRAY[0, 4, 5, 6, 6.1, 8, 12]),
	('[10,20] warn [8,25]', ARRAY[15, 10, 20, 9, 8, 7, 21, 25, 26]),
	('[10,20] warn [8,]', ARRAY[9, 21]),
	('[10,20] warn [,25]', ARRAY[9, 21]),
	('[0,10]', ARRAY[-1, 0, 10, 11]),
	('[-10,0]', ARRAY[-11, 1]),
	('[5,5]', ARRAY[5, 4, 6]),
	('>= -10', ARRAY[-10, -15, -5, 0, 10]),
	('<= -10', ARRAY[-10, -15, -5, 0, 10]),
	('>= 0', ARRAY[0, 5, -5]),
	('<= 0', ARRAY[0, 5, -5]),
	('>= 0 from -10', ARRAY[0, 5, -5, -10, -20]),
	('>= 50 warn 40 from 30', ARRAY[60, 50, 40, 30, 20]),
	('<= 4 from 8', ARRAY[2, 4, 6, 8, 10])
) AS v(t, list), unnest(list) WITH ORDINALITY AS u(a, n);

-- no value, no target, infinities
SELECT t AS target, a AS actual, kpi_status(a, t) AS status, t @> a AS met, a <@ t AS meets, attainment(a, t),
	gap(a, t), deviation(a, t), deviation_pct(a, t)
FROM unnest(ARRAY[NULL, '>= 50 warn 40', '<= 4', '[10,20]', '>= 50 from 30', '<= 4 from 8', '>= -1',
		'>= 0']::kpi_target[]) WITH ORDINALITY AS t(t, n),
	unnest(ARRAY[NULL, 'NaN', 'Infinity', '-Infinity']::double precision[]) WITH ORDINALITY AS a(a, m)
ORDER BY n, m;
SELECT kpi_status(NULL, NULL);

-- columns of every number type, and untyped literals
SELECT kpi_status(40::smallint, '>= 50'), kpi_status(40, '>= 50'), kpi_status(40::bigint, '>= 50'),
	kpi_status(40.5, '>= 50'),
	kpi_status(40::real, '>= 50'), kpi_status('40', '>= 50'), pg_typeof(kpi_status('40', '>= 50')),
		pg_typeof(attainment('40', '>= 50'));
SELECT 40::smallint <@ '>= 50' AS int2, 40 <@ '>= 50' AS int4, 40::bigint <@ '>= 50' AS int8,
	40.5 <@ '>= 50' AS "numeric", 40::real <@ '>= 50' AS float4,
	'>= 50'::kpi_target @> 40 AS literal;
-- an untyped target on the left needs no cast either
SELECT '>= 50' @> 40;

-- the enum: worst first
SELECT enum_range(NULL::kpi_status);
SELECT min(s), max(s) FROM unnest(ARRAY['green', 'amber', 'no_data', 'red', 'pending']::kpi_status[]) AS s;
SELECT s, count(*) FROM (SELECT kpi_status(i, '>= 50 warn 40') AS s FROM generate_series(1, 60) AS i
		UNION ALL SELECT kpi_status(NULL, '>= 50')) AS q
GROUP BY s ORDER BY s;
CREATE TEMP TABLE reading (actual double precision, target kpi_target,
		status kpi_status GENERATED ALWAYS AS (kpi_status(actual, target)) STORED);
INSERT INTO reading VALUES (55, '>= 50 warn 40'), (45, '>= 50 warn 40'), (NULL, '>= 50 warn 40'), (35, '>= 50 warn 40'),
	(35, NULL);
SELECT * FROM reading ORDER BY status, target;

-- an interval: one colour on one side, else uncertain
SELECT t AS target, lower, upper, kpi_interval_status(lower, upper, t) AS status
FROM (VALUES
	('>= 50 warn 40'::kpi_target, ARRAY[50, 60, 49, 60, 40, 49, 39, 49, 30, 39, 30, 60, 50, 50]::double precision[]),
	('[10,20] warn [8,25]', ARRAY[10, 20, 8, 9, 21, 25, 8, 25, 9, 21, 1, 7, 26, 30, 7, 26]),
	('[10,20]', ARRAY[5, 25, 5, 9, 21, 25]),
	('<= 4', ARRAY['-Infinity', 4, 5, 'Infinity', '-Infinity', 'Infinity', 'NaN', 4, NULL, 4, 4,
			NULL]::double precision[]),
	(NULL, ARRAY[1, 2])
) AS v(t, list), generate_series(1, array_length(list, 1), 2) AS n,
	LATERAL (SELECT list[n], list[n + 1]) AS i(lower, upper);
SELECT kpi_interval_status(2, 1, '<= 4');
\echo :LAST_ERROR_SQLSTATE

-- a summary's status is its confidence interval's
SELECT s AS summary, round(rate_lower(s)::numeric, 4) AS lower, round(rate_upper(s)::numeric, 4) AS upper,
	kpi_status(s, '>= 40%', 0.95) AS "40%", kpi_status(s, '>= 60%', 0.95) AS "60%",
		kpi_status(s, '>= 98% warn 95%', 0.95) AS "98%", kpi_status(s, '<= 60%', 0.5) AS "<= 60%"
FROM unnest(ARRAY['(8,10)', '(800,1000)', '(0,0)', NULL]::rate_summary[]) AS s;
SELECT s AS summary, round(nps_lower(s)::numeric, 2) AS lower, round(nps_upper(s)::numeric, 2) AS upper,
	kpi_status(s, '>= 30', 0.95) AS "30", kpi_status(s, '>= 50 warn 20', 0.95) AS "50",
		kpi_status(s, '>= 50 warn 20', 0.5) AS "50 at half", kpi_status(s, '>= 80', 0.95) AS "80"
FROM unnest(ARRAY['(70,10,20)', '(700,100,200)', '(0,0,0)', NULL]::nps_summary[]) AS s;
SELECT kpi_status('(8,10)'::rate_summary, '>= 60%', NULL), kpi_status('(8,10)'::rate_summary, NULL, 0.95),
	kpi_status('(70,10,20)'::nps_summary, '>= 60', NULL);
\set VERBOSITY terse
SELECT kpi_status('(8,10)'::rate_summary, '>= 60%', 95);
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE
SELECT channel, kpi_status(rate_summary(hit), '>= 50%', 0.9) FROM (VALUES ('a', true), ('a', true), ('a', true),
		('a', true), ('b', true), ('b', false), ('c', NULL)) AS v(channel, hit) GROUP BY channel ORDER BY channel;

-- in whatever schema the extension lies
BEGIN;
CREATE SCHEMA kpi_elsewhere;
ALTER EXTENSION kpi SET SCHEMA kpi_elsewhere;
SELECT kpi_elsewhere.kpi_status(45, '>= 50 warn 40'), kpi_elsewhere.kpi_status('(8,10)'::kpi_elsewhere.rate_summary,
		'>= 40%', 0.95), kpi_elsewhere.kpi_status('(70,10,20)'::kpi_elsewhere.nps_summary, '>= 40', 0.95);
ROLLBACK;

-- against plain SQL on exact numbers
SELECT setseed(0.5);
CREATE TEMP TABLE random_target AS
SELECT i % 3 AS shape,
	b, b + w AS b2, CASE WHEN i % 5 > 1 THEN w1 END AS w1, CASE WHEN i % 7 > 1 THEN w2 END AS w2,
		CASE WHEN i % 3 < 2 AND i % 4 = 0 THEN start END AS start
FROM generate_series(1, 6000) AS i,
	LATERAL (SELECT round((random() * 200 - 100)::numeric, i % 4) * (i % 50 > 0)::int AS b,
			round((random() * 50)::numeric, i % 3) AS w,
		round((random() * 30 + 0.01)::numeric, 2) AS w1, round((random() * 30 + 0.01)::numeric, 2) AS w2,
				round((random() * 60 + 0.01)::numeric, 2) AS start) AS r;
CREATE TEMP TABLE judged AS
SELECT shape, a, t, CASE WHEN shape <> 1 THEN b END AS lower, CASE shape WHEN 1 THEN b WHEN 2 THEN b2 END AS upper,
	CASE WHEN shape <> 1 THEN b - w1 END AS warn_lower,
		CASE shape WHEN 1 THEN b + w2 WHEN 2 THEN b2 + w2 END AS warn_upper,
	CASE shape WHEN 0 THEN b - start WHEN 1 THEN b + start END AS baseline
FROM random_target,
	LATERAL (SELECT CASE shape
		WHEN 0 THEN concat('>= ', b, ' warn ' || (b - w1), ' from ' || (b - start))
		WHEN 1 THEN concat('<= ', b, ' warn ' || (b + w2), ' from ' || (b + start))
		ELSE concat('[', b, ',', b2, ']', CASE WHEN coalesce(w1, w2) IS NOT NULL
				THEN concat(' warn [', b - w1, ',', b2 + w2, ']') END) END::kpi_target) AS l(t),
	LATERAL (VALUES (b), (b2), (b - w1), (b2 + w2), (b + w2), (b - start), (b + start), (0), (b * 2), (b + 0.01),
			(b - 0.01), (b2 + 0.01),
		(round((random() * 300 - 150)::numeric, 2))) AS v(a)
WHERE a IS NOT NULL;
CREATE TEMP TABLE expected AS
SELECT *,
	CASE WHEN met THEN 'green' WHEN a < lower AND a >= warn_lower OR a > upper
			AND a <= warn_upper THEN 'amber' ELSE 'red' END AS status,
	CASE WHEN baseline IS NOT NULL THEN (a - baseline) / (bound - baseline)
		WHEN bound = 0 THEN CASE WHEN met THEN 1 END
		ELSE 1 - shortfall / abs(bound) END AS attainment,
	CASE WHEN met THEN 0 ELSE abs(a - bound) END AS gap,
	CASE WHEN shape = 2 AND met THEN 0 ELSE a - bound END AS deviation
FROM (
	SELECT *, CASE WHEN shape = 2 AND met THEN 0 WHEN a < lower OR upper IS NULL THEN lower - a ELSE a - upper END
		AS shortfall,
		CASE WHEN shape = 2 AND met THEN 1 WHEN a < lower OR upper IS NULL THEN lower ELSE upper END AS bound
	FROM (SELECT *, (lower IS NULL OR a >= lower) AND (upper IS NULL OR a <= upper) AS met FROM judged) AS m
) AS b;
SELECT shape, count(*) > 10000 AS enough, count(DISTINCT status) AS colours,
	count(*) FILTER (WHERE kpi_status(a, t)::text IS DISTINCT FROM status) AS other_status,
	count(*) FILTER (WHERE (t @> a) IS DISTINCT FROM met OR (a <@ t) IS DISTINCT FROM met) AS other_met,
	count(*) FILTER (WHERE (attainment(a, t) >= 1) IS DISTINCT FROM met
			AND NOT (bound = 0 AND baseline IS NULL AND NOT met)) AS met_but_below_1,
	count(*) FILTER (WHERE (attainment(a, t) IS NULL) <> (attainment IS NULL)
		OR abs(attainment(a, t) - attainment::double precision) > 1e-11 * greatest(1, abs(attainment)))
			AS other_attainment,
	count(*) FILTER (WHERE abs(gap(a, t) - gap) > 1e-12 * (abs(a) + abs(bound)) OR (gap(a, t) = 0) <> met) AS other_gap,
	count(*) FILTER (WHERE abs(deviation(a, t) - deviation) > 1e-12 * (abs(a) + abs(bound))) AS other_deviation,
	count(*) FILTER (WHERE (deviation_pct(a, t) IS NULL) <> (bound = 0)
		OR abs(deviation_pct(a, t) - (deviation / nullif(abs(bound), 0))::double precision) > 1e-11
				* greatest(1, abs(deviation / nullif(abs(bound), 0)))) AS other_deviation_pct
FROM expected GROUP BY shape ORDER BY shape;

-- intervals against the definition: uncertain unless no limit lies between the ends
SELECT count(*) > 10000 AS enough, count(*) FILTER (WHERE kpi_interval_status(a, b, t)::text IS DISTINCT FROM
	CASE WHEN a < lower AND b >= lower OR a <= upper AND b > upper
		OR a < warn_lower AND b >= warn_lower OR a <= warn_upper AND b > warn_upper THEN 'uncertain'
		ELSE kpi_status(a, t)::text END) AS other
FROM judged, LATERAL (SELECT a + 7 AS b) AS i WHERE a <= coalesce(upper, a);

-- extreme numbers: at least 1 exactly when met, never NaN, or 22003
CREATE FUNCTION pg_temp.try_attainment(a double precision, t kpi_target) RETURNS double precision LANGUAGE plpgsql AS $$
BEGIN
	RETURN attainment(a, t);
EXCEPTION WHEN numeric_value_out_of_range THEN
	RETURN 'NaN';
END $$;
CREATE TEMP TABLE extreme AS
SELECT s * x AS x FROM unnest(ARRAY[0, 5e-324, 1e-323, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-16, 0.1, 0.3,
		0.9999999999999999, 1, 1.0000000000000002, 3, 1e15, 9007199254740993, 1e300,
	4.4e307, 4.6e307, 8.9e307, 9e307, 1.7976931348623155e308, 1.7976931348623157e308]::double precision[]) AS x,
		unnest(ARRAY[1, -1]) AS s GROUP BY 1;
SELECT shape, count(*), count(*) FILTER (WHERE r = 'NaN') AS out_of_range, count(*) FILTER (WHERE r IS NULL) AS no_line,
	count(*) FILTER (WHERE r <> 'NaN' AND (r >= 1) <> (t @> a)) AS wrong,
	count(*) FILTER (WHERE r IS NULL AND (t @> a OR target_value(t) <> 0 AND shape <> 'range')) AS wrong_null,
	count(*) FILTER (WHERE r <> 'NaN' AND abs(a) < 'Infinity' AND abs(r) = 'Infinity') AS silent_overflow
FROM (
	SELECT shape, t, a.x AS a, pg_temp.try_attainment(a.x, t) AS r
	FROM (
		SELECT 'at least' AS shape, at_least(x) AS t FROM extreme UNION ALL SELECT 'at most', at_most(x) FROM extreme
		UNION ALL SELECT 'at least from', at_least(e.x, NULL, f.x) FROM extreme AS e JOIN extreme AS f ON f.x < e.x
		UNION ALL SELECT 'at most from', at_most(e.x, NULL, f.x) FROM extreme AS e JOIN extreme AS f ON f.x > e.x
		UNION ALL SELECT 'range', between_target(e.x, f.x) FROM extreme AS e JOIN extreme AS f ON f.x >= e.x) AS t,
		(SELECT x FROM extreme UNION ALL VALUES ('Infinity'::double precision), ('-Infinity')) AS a
) AS q GROUP BY shape ORDER BY shape;
-- what a dashboard shows of a deviation is the deviation, or nothing where that is an error or infinite
CREATE FUNCTION pg_temp.try_deviation(a double precision, t kpi_target, pct boolean) RETURNS double precision
	LANGUAGE plpgsql AS $$
BEGIN
	RETURN CASE WHEN pct THEN deviation_pct(a, t) ELSE deviation(a, t) END;
EXCEPTION WHEN numeric_value_out_of_range THEN
	RETURN 'NaN';
END $$;
SELECT shape, pct, count(*), count(*) FILTER (WHERE d = 'NaN') > 0 AS some_out_of_range,
	count(*) FILTER (WHERE board IS DISTINCT FROM CASE WHEN d <> 'NaN' AND abs(d) < 'Infinity' THEN d END) AS wrong,
	count(*) FILTER (WHERE NOT pct AND g IS DISTINCT FROM CASE WHEN t @> a THEN 0 WHEN d <> 'NaN' THEN abs(d) END)
		AS wrong_gap
FROM (
	SELECT shape, t, a.x AS a, pct, pg_temp.try_deviation(a.x, t, pct) AS d, kpi_board_deviation(a.x, t, pct) AS board,
		CASE WHEN t @> a.x OR pg_temp.try_deviation(a.x, t, false) <> 'NaN' THEN gap(a.x, t) END AS g
	FROM (
		SELECT 'at least' AS shape, at_least(x) AS t FROM extreme UNION ALL SELECT 'at most', at_most(x) FROM extreme
		UNION ALL SELECT 'range', between_target(e.x, f.x) FROM extreme AS e JOIN extreme AS f ON f.x >= e.x) AS t,
		(SELECT x FROM extreme UNION ALL VALUES ('Infinity'::double precision), ('-Infinity')) AS a,
		unnest(ARRAY[false, true]) AS pct
) AS q GROUP BY shape, pct ORDER BY shape, pct;
-- one step of the last digit beside the bound, where rounding alone would say 1
SELECT attainment(0.99999999999999989, '>= 1 from -1e17'), attainment(1, '>= 1 from -1e17'),
	attainment(1.0000000000000002, '<= 1 from 1e17'), attainment(1e-320, '<= 0 from 1e300');
SELECT attainment(1.7e308, '>= 1e308 from -1.7e308') AS "1.2593", attainment(-1.7e308, '>= 1.7e308') AS "-1",
	attainment(-1.7e308, '<= 1.7e308') AS "3", attainment(1.7e308, '>= -1.7e308') AS "3";
SELECT attainment(1e300, '>= 1e-300');
\echo :LAST_ERROR_SQLSTATE
SELECT gap(-1.7e308, '>= 1.7e308');
SELECT deviation(1.7e308, '>= -1.7e308');
SELECT deviation_pct(1.7e308, '>= -1.7e308') AS "2", gap(1.7e308, '>= -1.7e308') AS "0",
	deviation_pct(0, '>= 1.7e308') AS "-1";
SELECT deviation_pct(1e300, '>= -1e-300');

-- zero has no sign in any result
SELECT attainment('-0', '>= 5')::text, attainment(0, '<= -5')::text, deviation('-0', '>= 0')::text,
	gap('-0', '<= 0')::text, attainment('-0', '>= 5 from 0')::text;
