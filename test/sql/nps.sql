-- Net Promoter Score.
SET extra_float_digits = -1;
CREATE FUNCTION h(i int, salt int) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN abs(hashint4extended(i, salt) % 1000);

-- published and hand-made figures
SELECT nps(s), nps_margin(s, 0.6826894921370859) AS one_standard_error FROM (SELECT '(70,10,20)'::nps_summary AS s) q;
SELECT nps_agg(score) FROM unnest(ARRAY[10, 3, 9]) score;
SELECT nps_agg(0) AS all_zero, nps_agg(7) AS only_passives FROM generate_series(1, 5);
SELECT nps_agg(score), nps_summary(score) FROM unnest('{}'::int[]) score;
SELECT nps_agg(score), nps_summary(score) FROM unnest('{NULL,NULL}'::int[]) score;
SELECT nps_summary(score) FROM generate_series(0, 10) score;
SELECT round(nps(s)::numeric, 1) AS nps, round(nps_margin(s)::numeric, 2) AS margin
	FROM (SELECT '(500,333,167)'::nps_summary AS s) q;
SELECT (nps_interval('(10,0,0)')).*, nps_lower('(10,0,0)'), nps_upper('(10,0,0)'), nps_margin('(10,0,0)');
SELECT nps_interval('(0,0,1)'), nps_interval('(1,0,0)'), nps_interval('(0,1,0)');
SELECT round(change::numeric, 3) AS change, round(lower::numeric, 3) AS lower, round(upper::numeric, 3) AS upper
	FROM nps_change('(70,10,20)', '(60,20,20)');
-- the same by hand, from the formulas
SELECT abs(i.lower - (100 * (e - 1.959963984540054 * sqrt(v)))) < 1e-9 AS lower,
	abs(i.upper - least(100, 100 * (e + 1.959963984540054 * sqrt(v)))) < 1e-9 AS upper,
	abs(c.upper - 100 * (e - e2 + 1.959963984540054 * sqrt(v + v2))) < 1e-9 AS change
FROM (SELECT p - d AS e, (p + d - (p - d) ^ 2) / n AS v
		FROM (SELECT 70.75 / 103 AS p, 20.75 / 103 AS d, 103.0 AS n) q) a,
	(SELECT p - d AS e2, (p + d - (p - d) ^ 2) / n AS v2 FROM (SELECT 30.75 / 63 AS p, 10.75 / 63 AS d, 63.0 AS n) q) b,
	nps_interval('(70,10,20)') i, nps_change('(70,10,20)', '(30,20,10)') c;
-- levels of confidence: the normal quantile to the last digits
SELECT c, nps_margin('(50,0,50)'::nps_summary, c) / 10 AS z
	FROM unnest(ARRAY[1e-12, 1e-6, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.999999, 0.9999999999999]::float8[]) c;
-- the empty summary has no score, and counts of 0
SELECT nps(e), nps_margin(e), nps_interval(e), nps_lower(e), nps_change(e, '(1,2,3)'), promoters(e), passives(e),
	detractors(e), responses(e) FROM (SELECT '(0,0,0)'::nps_summary AS e) q;
SELECT promoters(s), passives(s), detractors(s), responses(s) FROM (SELECT '( 7 , 2,1 ) '::nps_summary AS s) q;

-- against plain SQL, in groups, on every type of column
CREATE TEMP TABLE survey AS SELECT i, i % 97 AS team, CASE WHEN h(i, 1) < 900 THEN h(i, 2) % 11 END AS score
	FROM generate_series(1, 20000) i;
SELECT count(*) AS groups,
	count(*) FILTER (WHERE plain IS DISTINCT FROM int4 OR plain IS DISTINCT FROM int2 OR plain IS DISTINCT FROM int8
		OR plain IS DISTINCT FROM f8 OR plain IS DISTINCT FROM f4 OR plain IS DISTINCT FROM num) AS different
FROM (SELECT team, 100.0::float8 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6))
		/ nullif(count(score), 0) AS plain,
	nps_agg(score) AS int4, nps_agg(score::smallint) AS int2, nps_agg(score::bigint) AS int8,
		nps_agg(score::float8) AS f8, nps_agg(score::real) AS f4, nps_agg(score::numeric(4,1)) AS num
	FROM survey GROUP BY team) q;
SELECT count(*) FILTER (WHERE nps_agg IS DISTINCT FROM plain) AS different FROM (
	SELECT nps_agg(score) FILTER (WHERE team < 5) OVER w,
		100.0::float8 * (count(*) FILTER (WHERE score >= 9 AND team < 5) OVER w - count(*) FILTER (WHERE score <= 6
			AND team < 5) OVER w) / nullif(count(score) FILTER (WHERE team < 5) OVER w, 0) AS plain
	FROM survey WINDOW w AS (ORDER BY i ROWS BETWEEN 30 PRECEDING AND 10 PRECEDING)) q;
-- result types, and what an untyped literal is
SELECT pg_typeof(nps_agg(score)) AS int4, pg_typeof(nps_agg(score::smallint)) AS int2,
	pg_typeof(nps_agg(score::numeric)) AS num, pg_typeof(nps_agg('9')) AS literal, pg_typeof(nps_agg(NULL)) AS nothing
	FROM survey;

-- stored per day, kept up to date, rolled up
CREATE TEMP TABLE daily (day date PRIMARY KEY, s nps_summary NOT NULL);
INSERT INTO daily SELECT '2024-01-01'::date + team, nps_summary(score) FROM survey WHERE i <= 10000 GROUP BY team;
INSERT INTO daily SELECT '2024-01-01'::date + team, nps_summary(score) FROM survey WHERE i > 10000
	GROUP BY team ON CONFLICT (day) DO UPDATE SET s = daily.s + EXCLUDED.s;
SELECT rollup(s) = (SELECT nps_summary(score) FROM survey) AS equal,
	nps(rollup(s)) = (SELECT nps_agg(score) FROM survey) AS same FROM daily;
SELECT count(*) FILTER (WHERE moved <> afresh) AS different
	FROM (SELECT rollup(s) OVER w AS moved, (SELECT rollup(s) FROM daily i WHERE i.day BETWEEN o.day - 6 AND o.day)
		AS afresh FROM daily o WINDOW w AS (ORDER BY day RANGE BETWEEN '6 days' PRECEDING AND CURRENT ROW)) q;
SELECT rollup(s) FROM daily WHERE false;
SELECT '(1,2,3)'::nps_summary + NULL AS nothing, rollup(s)
	FROM (VALUES ('(1,2,3)'::nps_summary), (NULL), ('(0,0,0)')) v(s);
-- a stored value is never changed by adding to it
SELECT s, s + s AS twice, nps_summary_accum(s, 10), s AS still FROM (VALUES ('(1,2,3)'::nps_summary)) v(s);

-- errors
SELECT nps_agg(-1);
SELECT nps_agg(11);
SELECT nps_agg(7.5::float8);
SELECT nps_agg(7.5);
SELECT nps_agg(9.99999999999999999999999);
SELECT nps_agg(123456.5), 1;
SELECT nps_agg(1e30), 1;
SELECT nps_agg('NaN'::float8);
SELECT nps_agg('Infinity'::numeric);
SELECT nps_agg(99999999999999::bigint);
SELECT nps_margin('(1,1,1)', 95);
SELECT nps_interval('(1,1,1)', 0);
SELECT nps_upper('(1,1,1)', 'NaN');
SELECT '(4611686018427387904,0,0)'::nps_summary + '(1,0,0)';
SELECT nps_summary_accum('(4611686018427387904,0,0)', 9);
SELECT nps_agg(('1' || repeat('0', 1000))::numeric);
SELECT nps_summary_remove('(0,1,1)', 10);
SELECT nps_summary_subtract('(0,1,1)', '(0,2,0)');
SELECT '(1,2)'::nps_summary;
SELECT '(1,2,-3)'::nps_summary;
SELECT '(1,2,99999999999999999999)'::nps_summary;
SELECT '(4611686018427387904,1,0)'::nps_summary;
SELECT repeat('x', 1000)::nps_summary;
DROP FUNCTION h;

-- a - b takes away what + merged
SELECT '(5,3,1)'::nps_summary - '(1,1,1)' AS less, '(5,3,1)'::nps_summary - '(5,3,1)' AS nothing,
	'(5,3,1)'::nps_summary - NULL AS unknown;
SELECT count(*) FILTER (WHERE a + b - b = a AND nps_summary_send(a + b - b) = nps_summary_send(a)) AS back, count(*)
FROM (SELECT format('(%s,%s,%s)', i % 4, i % 5, i % 6)::nps_summary AS a,
		format('(%s,%s,%s)', i % 7, i % 3, i % 2)::nps_summary AS b FROM generate_series(1, 500) AS i) AS pair;
SELECT '(5,3,1)'::nps_summary - '(1,1,2)';
\echo :LAST_ERROR_SQLSTATE
SELECT '(5,3,1)'::nps_summary - '(6,0,0)';
SELECT '(5,3,1)'::nps_summary - '(0,4,0)';

-- a decimal score: floor leaves it in its band, for both types alike, where round does not
SELECT nps_agg(8.5::numeric);
SELECT nps_agg(8.5::double precision);
SELECT count(*) AS scores, nps_agg(floor(x)) = 100.0 *
	(count(*) FILTER (WHERE x >= 9) - count(*) FILTER (WHERE x < 7)) /
	count(*) AS by_bands, nps_agg(floor(x)) = nps_agg(floor(x::double precision)) AS alike,
	nps_agg(round(x)) = nps_agg(round(x::double precision)) AS rounded_alike
FROM (SELECT (i % 101) / 10.0 AS x FROM generate_series(1, 1000) i) s;
