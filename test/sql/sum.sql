-- Exact sums: the numerator of a ratio_summary is sum(numeric), digit for digit.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE FUNCTION u(i int, salt int) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN abs(hashint4extended(i, salt) % 1000000000000000);

-- numbers of many sizes and scales: 20 kinds of column, 2,000 rows each
CREATE TABLE n AS
SELECT kind, i, CASE kind
	WHEN 0 THEN (u(i, 1) % 10000000) / 100.0 - 50000
	WHEN 1 THEN (u(i, 1) % 1000)::numeric
	WHEN 2 THEN 0::numeric
	WHEN 3 THEN (u(i, 1) % 3 - 1)::numeric * 99999999.99
	WHEN 4 THEN (u(i, 1) % 1000000)::numeric / 1000000
	WHEN 5 THEN (u(i, 1) - 500000000000000)::numeric * (10::numeric ^ (u(i, 2) % 40)::int)
	WHEN 6 THEN round((u(i, 1) - 500000000000000)::numeric / (10::numeric ^ (u(i, 2) % 25)::int), 30)
	WHEN 7 THEN round((u(i, 1) - 500000000000000)::numeric / (10::numeric ^ (u(i, 2) % 25)::int), (u(i, 3) % 20)::int)
	WHEN 8 THEN (u(i, 1) % 2 * 2 - 1) * (1e55 + u(i, 2))
	WHEN 9 THEN (u(i, 1) % 2 * 2 - 1) * (9e76 - u(i, 2))
	WHEN 10 THEN (u(i, 1) % 2 * 2 - 1) * 10::numeric ^ (u(i, 2) % 300)::int
	WHEN 11 THEN round((u(i, 1) % 2 * 2 - 1) * 10::numeric ^ -(u(i, 2) % 300)::int, 320)
	WHEN 12 THEN CASE WHEN i % 2 = 0 THEN 1e-25 * (i / 2) ELSE -1e-25 * ((i - 1) / 2) END
	WHEN 13 THEN CASE WHEN i % 100 = 0 THEN NULL ELSE (u(i, 1) % 100000000000)::numeric / 1000 END
	WHEN 14 THEN 9223372036854775807::numeric * (u(i, 1) % 7 - 3)
	WHEN 15 THEN CASE WHEN i = 1000 THEN 'NaN' ELSE i::numeric END
	WHEN 16 THEN CASE WHEN i = 1000 THEN 'Infinity' ELSE i::numeric END
	WHEN 17 THEN CASE i WHEN 10 THEN 'Infinity' WHEN 900 THEN '-Infinity' ELSE i::numeric END
	WHEN 18 THEN (i || repeat('0', (u(i, 1) % 30)::int) || '.' || repeat('0', (u(i, 2) % 30)::int))::numeric
	ELSE NULL END AS x
FROM generate_series(0, 19) kind, generate_series(1, 2000) i;

-- whole columns, and many small groups
CREATE VIEW compared AS
SELECT kind, 'column' AS grouped, count(*) AS groups,
	count(*) FILTER (WHERE s IS DISTINCT FROM e OR s::text IS DISTINCT FROM e::text
			OR pg_column_size(s) <> pg_column_size(e) OR numeric_send(s) <> numeric_send(e)) AS different
FROM (SELECT kind, numerator(ratio_summary(x, 1)) AS s, sum(x) AS e FROM n GROUP BY kind) q GROUP BY kind
UNION ALL
SELECT kind, 'groups', count(*), count(*)
	FILTER (WHERE s IS DISTINCT FROM e OR s::text IS DISTINCT FROM e::text OR numeric_send(s) <> numeric_send(e))
FROM (SELECT kind, i % 600, numerator(ratio_summary(x, 1)) AS s, sum(x) AS e FROM n GROUP BY 1, 2) q GROUP BY kind
UNION ALL
SELECT kind, 'merged', count(*), count(*) FILTER (WHERE s IS DISTINCT FROM e OR s::text IS DISTINCT FROM e::text)
FROM (SELECT kind, i % 10, numerator(rollup(r)) AS s, sum(x) AS e FROM (SELECT kind, i % 100 AS i,
		ratio_summary(x, 1)::text::ratio_summary AS r, sum(x) AS x FROM n GROUP BY 1, 2) p GROUP BY 1, 2) q
	GROUP BY kind
UNION ALL
SELECT kind, 'frames', count(*), count(*) FILTER (WHERE s IS DISTINCT FROM e OR s::text IS DISTINCT FROM e::text)
FROM (SELECT kind, ratio_agg(x, 1::numeric) OVER w AS s, sum(x) OVER w / nullif(count(x) OVER w, 0) AS e FROM n
		WINDOW w AS (PARTITION BY kind ORDER BY i ROWS BETWEEN 7 PRECEDING AND 2 FOLLOWING)) q GROUP BY kind
UNION ALL
SELECT kind, 'ratio', count(*), count(*) FILTER (WHERE s IS DISTINCT FROM e OR s::text IS DISTINCT FROM e::text)
FROM (SELECT kind, i % 50, ratio_agg(x, y) AS s,
	sum(x) FILTER (WHERE y IS NOT NULL) / nullif(sum(y) FILTER (WHERE x IS NOT NULL), 0) AS e FROM (SELECT kind, i, x,
		CASE WHEN kind < 15 THEN lag(x, 7) OVER (PARTITION BY (kind + i) % 20 ORDER BY i) END AS y FROM n) q
		GROUP BY 1, 2) q GROUP BY kind;
SELECT grouped, sum(groups) AS groups, sum(different) AS different FROM compared GROUP BY grouped ORDER BY grouped;
SELECT * FROM compared WHERE different > 0 ORDER BY 1, 2;

-- the sums themselves, of a fixed and a wide column in every order of adding
SELECT numerator(ratio_summary(x, 1)) FROM (VALUES (1e30), (1e-20), (-1e30), (0.5)) v(x);
SELECT numerator(ratio_summary(x, 1)) FROM (VALUES (1e-40), (1e300), (-1e300), (-1e-40)) v(x);
-- equal values have equal bytes, however they came about: wide sums that shrink again are stored as others
SELECT ratio_summary_send(a) = ratio_summary_send(b) AS same, a = b AS equal,
	pg_column_size(a) = pg_column_size(b) AS same_size
FROM (SELECT ratio_summary(x, 1) AS a FROM (VALUES (1e-40), (1e300), (-1e300), (5)) v(x)) p,
	(SELECT ratio_summary(x, 1) AS b FROM (VALUES (1e-40), (0), (2), (3)) v(x)) q;
SELECT a = b AS equal, pg_column_size(a) AS size
	FROM (SELECT ratio_summary(x, 1) AS a FROM (VALUES (1e300), (-1e300), (1.50)) v(x)) p,
	(SELECT ratio_summary(x, 1) AS b FROM (VALUES (1), (0.50), (0)) v(x)) q;
-- the scale is part of the sum, as in numeric
SELECT '(1.50,1)'::ratio_summary = '(1.5,1)'::ratio_summary AS equal, numerator('(1.50,1)'::ratio_summary) AS two,
	numerator('(1.5,1)'::ratio_summary) AS one;
-- the widest numbers, and the only overflow: where sum(numeric) overflows
SELECT length(numerator(ratio_summary(x, 1))::text) FROM (VALUES (numeric '9e131071'), (numeric '-8e131071')) v(x);
SELECT sum(x) FROM (VALUES (numeric '9e131071'), (numeric '8e131071')) v(x);
\echo :LAST_ERROR_SQLSTATE
SELECT numerator(ratio_summary(x, 1)) FROM (VALUES (numeric '9e131071'), (numeric '8e131071')) v(x);
\echo :LAST_ERROR_SQLSTATE
-- but the sum itself goes on, and comes back, also through text
SELECT length(r::text), length(numerator(r + ratio_summary(numeric '-9e131071', 0))::text) AS back,
	r::text::ratio_summary = r AS same
FROM (SELECT ratio_summary(x, 1) AS r FROM (VALUES (numeric '9e131071'), (numeric '8e131071')) v(x)) q GROUP BY r;
-- specials stand beside the digits, which go on: no room is lost for them, and none is taken that is not there
SELECT ratio_agg(x, 1::numeric) FROM (VALUES ('Infinity'::numeric), (1e131071 - 1), (1e-30)) v(x);
SELECT ratio_summary(x, 1::numeric) FROM (VALUES (1e400), ('NaN'::numeric), (1e-300)) v(x);
SELECT roi(x, 1::numeric) FROM (VALUES ('-Infinity'::numeric), (1e400), (1e-300), (-1e401)) v(x);
SELECT rollup(s) FROM unnest(ARRAY['(Infinity,1)', '(1' || repeat('0', 400) || ',1)',
		'(0.' || repeat('0', 299) || '1,1)']::ratio_summary[]) s;
SELECT count(DISTINCT r) AS results, min(r) AS result FROM (
	SELECT (SELECT numerator(ratio_summary(x, 1))::text
			FROM (SELECT x FROM unnest('{NaN,Infinity,1e60,-1e400,1e-300,1e131071}'::numeric[]) WITH ORDINALITY u(x, j)
			ORDER BY hashint8extended(j, i) OFFSET 0) o WHERE i > 0) AS r
	FROM generate_series(1, 300) i) q;
-- in moving frames the specials leave again, and the digits stand
SELECT i, numerator(s), sum FROM (SELECT i, ratio_summary(x, 1) OVER w AS s, sum(x) OVER w
		FROM unnest('{NaN,1e60,1e-30,5,Infinity,-1e60,1e-30,1e60,7,-Infinity,5,1e25,0.1}'::numeric[])
		WITH ORDINALITY u(x, i) WINDOW w AS (ORDER BY i ROWS 2 PRECEDING)) q;
-- parts that hold both, merged: parallel, with no part by the leader
CREATE TABLE special (part int, x numeric) PARTITION BY LIST (part);
CREATE TABLE special_0 PARTITION OF special FOR VALUES IN (0);
CREATE TABLE special_1 PARTITION OF special FOR VALUES IN (1);
INSERT INTO special SELECT i % 2, (ARRAY['NaN', '1e60', '-1e60', '1e-40', 'Infinity', '1e131070'])[1 + i % 6]::numeric
	FROM generate_series(1, 60) i;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SELECT ratio_summary(x, 1), sum(x) FROM special;
SELECT ratio_summary(x, 1), sum(x) FROM special WHERE x <> 'NaN';
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET parallel_leader_participation;
-- a frame by hand is stored as any other value
SELECT f = f::text::ratio_frame AS same FROM (SELECT ratio_frame_accum(
		ratio_frame_accum('(0,0,0,0,0,0;0,0,0,0,0,0)', 1e60, 1::numeric), 1e-30, 'NaN'::numeric) AS f) q;
SELECT ratio_frame_accum(('(' || repeat('9', 131092) || ',1,0,0,0,1;0,0,0,0,0,0)')::ratio_frame, 1, NULL);
\echo :LAST_ERROR_SQLSTATE
-- toasted and compressed input
CREATE TEMP TABLE big (x numeric);
INSERT INTO big SELECT (repeat('1234567890', 3000 + i) || '.5')::numeric FROM generate_series(1, 20) i;
INSERT INTO big SELECT -x FROM big WHERE x % 2 > 1;
SELECT numerator(ratio_summary(x, 1)) = sum(x) AS equal FROM big;

-- integers, at their limits
SELECT ratio_agg(x, y) = sum(x::numeric) / sum(y::numeric) AS bigint FROM (VALUES (9223372036854775807, 3::bigint),
		(9223372036854775807, 9223372036854775807), (-9223372036854775808, 5)) v(x, y);
SELECT numerator(ratio_summary(x, 0::bigint)), sum(x)
	FROM (SELECT -9223372036854775808 AS x FROM generate_series(1, 1000)) q;
SELECT ratio_agg(x, y) = sum(x::numeric) / sum(y::numeric) AS integer
	FROM (SELECT 2147483647 - i AS x, -2147483648 + i AS y FROM generate_series(1, 100000) i) q;
SELECT ratio_agg(x, y) = sum(x::numeric) / sum(y::numeric) AS smallint
	FROM (SELECT (i % 32767)::smallint AS x, (i % 13 - 3)::smallint AS y FROM generate_series(1, 100000) i) q;
-- sums that stay near the limit of what is pending
SELECT numerator(ratio_summary(x, x)) = sum(x) AS equal
	FROM (SELECT (99999999.99999999 * (CASE WHEN i % 3 = 0 THEN -1 ELSE 1 END))::numeric AS x
		FROM generate_series(1, 5000) i) q;
-- near the limit of the fixed form: 2^254 units of 10^-20
SELECT bool_and(s = e) AS equal FROM (SELECT numerator(ratio_summary(x, 1)) AS s, sum(x) AS e
		FROM (SELECT j, 28948022309329048855892746252171976963.31749838398100 * 1e19 + k * 12345.6789 AS x
		FROM generate_series(1, 40) j, generate_series(0, j) k) q GROUP BY j) p;
DROP VIEW compared;
DROP TABLE n;
DROP FUNCTION u;
