-- Ratios of sums. The sums themselves are tested in sum.sql.
SET extra_float_digits = -1;
CREATE FUNCTION h(i int, salt int) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN abs(hashint4extended(i, salt) % 1000);

-- a row with either side NULL is ignored, in both sums; zero or nothing below the line is NULL
SELECT ratio_agg(a, b), ratio_summary(a, b) FROM (VALUES (10.5, 2), (NULL, 3), (4, NULL)) v(a, b);
SELECT ratio_agg(a, b), ratio_summary(a, b) FROM (VALUES (10.5, 2), (4, -2)) v(a, b);
SELECT ratio_agg(a, b), ratio_summary(a, b) FROM (VALUES (10.5, NULL::int), (4, NULL)) v(a, b);
SELECT ratio_agg(a, b), ratio_summary(a, b) FROM (SELECT 1.0 AS a, 2 AS b WHERE false) v;
SELECT ratio(s), numerator(s), denominator(s) FROM unnest('{"(,)","(1.50,)","(,4)","(1.50,4)","(1,0.00)","(NaN,1)","(1,'
		'NaN)","(Infinity,2)","(-Infinity,-Infinity)","(3,Infinity)"}'::ratio_summary[]) s;
-- types: exact numeric from numeric and integers, double precision from real and double precision
SELECT pg_typeof(ratio_agg(1::smallint, 2::smallint)) AS int2, pg_typeof(ratio_agg(1, 2)) AS int4,
	pg_typeof(ratio_agg(1::bigint, 2)) AS int8, pg_typeof(ratio_agg(1.0, 2)) AS num,
	pg_typeof(ratio_agg(1::real, 2)) AS float4, pg_typeof(ratio_agg(1.0, 2::float8)) AS float8,
		pg_typeof(ratio_agg('1', '2')) AS literals,
	pg_typeof(ratio_summary(1, 2)) AS summary, pg_typeof(ratio_summary(1::real, 2)) AS summary_float,
	pg_typeof(cac(1, 2)) AS cac, pg_typeof(roi(1, 2)) AS roi;
-- against plain SQL in groups, digit for digit
CREATE TEMP TABLE line AS SELECT i, i % 89 AS shop,
	CASE WHEN h(i, 1) < 950 THEN round((h(i, 2) * 1000 + h(i, 3)) / 100.0, h(i, 4) % 5) END AS amount,
	CASE WHEN h(i, 5) < 950 THEN h(i, 6) % 7 - 1 END AS quantity,
	CASE WHEN h(i, 7) < 900 THEN (h(i, 8) * 100 + h(i, 9) % 100) / 100.0 END AS cost FROM generate_series(1, 20000) i;
SELECT count(*) AS groups,
	count(*) FILTER (WHERE a::text IS DISTINCT FROM a_plain::text) AS ratio_num,
		count(*) FILTER (WHERE b::text IS DISTINCT FROM b_plain::text) AS ratio_int,
	count(*) FILTER (WHERE c::text IS DISTINCT FROM c_plain::text) AS ratio_mixed,
	count(*) FILTER (WHERE r::text IS DISTINCT FROM r_plain::text) AS roi,
	count(*) FILTER (WHERE m::text IS DISTINCT FROM m_plain::text) AS margin,
	count(*) FILTER (WHERE f IS DISTINCT FROM f_plain) AS ratio_float,
	count(*) FILTER (WHERE k::text IS DISTINCT FROM k_plain::text) AS cac
FROM (SELECT ratio_agg(amount, cost) AS a, sum(amount) FILTER (WHERE cost IS NOT NULL)
			/ nullif(sum(cost) FILTER (WHERE amount IS NOT NULL), 0) AS a_plain,
		ratio_agg(quantity, i) AS b, sum(quantity)::numeric
			/ nullif(sum(i) FILTER (WHERE quantity IS NOT NULL), 0) AS b_plain,
		ratio_agg(amount, quantity) AS c, sum(amount) FILTER (WHERE quantity IS NOT NULL)
			/ nullif(sum(quantity::numeric) FILTER (WHERE amount IS NOT NULL), 0) AS c_plain,
		roi(amount, cost) AS r, (sum(amount) FILTER (WHERE cost IS NOT NULL) - sum(cost)
				FILTER (WHERE amount IS NOT NULL)) / nullif(sum(cost) FILTER (WHERE amount IS NOT NULL), 0) AS r_plain,
		margin(amount, cost) AS m, (sum(amount) FILTER (WHERE cost IS NOT NULL) - sum(cost)
				FILTER (WHERE amount IS NOT NULL)) / nullif(sum(amount) FILTER (WHERE cost IS NOT NULL), 0) AS m_plain,
		ratio_agg(amount::float8, cost::float8) AS f, sum(amount::float8) FILTER (WHERE cost IS NOT NULL)
			/ nullif(sum(cost::float8) FILTER (WHERE amount IS NOT NULL), 0) AS f_plain,
		cac(amount, quantity) AS k, sum(amount) / nullif(greatest(sum(quantity::bigint), 0), 0) AS k_plain
	FROM line GROUP BY shop) q;
-- moving frames of every kind, with scales that come and go
SELECT count(*) FILTER (WHERE a::text IS DISTINCT FROM a_plain::text) AS ratio,
	count(*) FILTER (WHERE m::text IS DISTINCT FROM m_plain::text) AS margin,
	count(*) FILTER (WHERE s IS DISTINCT FROM s_afresh) AS summaries
FROM (SELECT ratio_agg(amount, quantity) OVER w AS a,
		sum(amount) FILTER (WHERE quantity IS NOT NULL) OVER w
			/ nullif(sum(quantity::numeric) FILTER (WHERE amount IS NOT NULL) OVER w, 0) AS a_plain,
		margin(amount, cost) OVER w AS m,
			(sum(amount) FILTER (WHERE cost IS NOT NULL) OVER w - sum(cost) FILTER (WHERE amount IS NOT NULL) OVER w)
			/ nullif(sum(amount) FILTER (WHERE cost IS NOT NULL) OVER w, 0) AS m_plain,
		rollup(summary) OVER w AS s, ratio_summary(amount, quantity) OVER w AS s_afresh
	FROM (SELECT i, amount, quantity, cost,
			coalesce('(' || amount || ',' || quantity || ')', '(,)')::ratio_summary AS summary
			FROM line WHERE i <= 5000) l WINDOW w AS (ORDER BY i ROWS BETWEEN 5 PRECEDING AND 2 PRECEDING)) q;
-- frames by groups and by range, with rows left out
SELECT count(*) FILTER (WHERE a::text IS DISTINCT FROM a_plain::text) AS exclude_ties,
	count(*) FILTER (WHERE b::text IS DISTINCT FROM b_plain::text) AS exclude_current,
	count(*) FILTER (WHERE n IS DISTINCT FROM n_plain) AS nps
FROM (SELECT ratio_agg(amount, cost) OVER g AS a, sum(amount) FILTER (WHERE cost IS NOT NULL) OVER g
			/ nullif(sum(cost) FILTER (WHERE amount IS NOT NULL) OVER g, 0) AS a_plain,
		ratio_agg(amount, cost) OVER r AS b, sum(amount) FILTER (WHERE cost IS NOT NULL) OVER r
			/ nullif(sum(cost) FILTER (WHERE amount IS NOT NULL) OVER r, 0) AS b_plain,
		nps_agg(i % 11) OVER g AS n, 100.0::float8 * (count(*) FILTER (WHERE i % 11 >= 9) OVER g - count(*)
				FILTER (WHERE i % 11 <= 6) OVER g) / nullif(count(*) OVER g, 0) AS n_plain
	FROM line WHERE i <= 5000 WINDOW g AS (ORDER BY i / 3 GROUPS BETWEEN 2 PRECEDING AND 1 FOLLOWING EXCLUDE TIES),
			r AS (ORDER BY i RANGE BETWEEN 10 PRECEDING AND 5 PRECEDING EXCLUDE CURRENT ROW)) q;
-- NaN and infinities enter and leave a frame
SELECT i, x, ratio_agg(x, 1::numeric) OVER w AS ratio, sum(x) OVER w / count(*) OVER w AS plain
	FROM (VALUES (1, 1.5), (2, 'NaN'), (3, 2.25), (4, 'Infinity'), (5, '-Infinity'), (6, 3.125), (7, 4), (8, 5)) v(i, x)
	WINDOW w AS (ORDER BY i ROWS 1 PRECEDING);

-- acquisition cost from two tables
SELECT channel, cac(spend, new_customers) FROM (
	SELECT 'web' AS channel, 1200.50 AS spend, NULL::bigint AS new_customers UNION ALL SELECT 'web', 300, NULL
	UNION ALL SELECT 'fair', 5000, NULL
	UNION ALL SELECT channel, NULL, count(*) FROM (VALUES ('web'), ('web'), ('web')) c(channel) GROUP BY channel) u
		GROUP BY channel ORDER BY channel;
-- a missing cost is not a free product
SELECT margin(revenue, cost), roi(revenue, cost) FROM (VALUES (100, 60), (50, NULL)) v(revenue, cost);
SELECT margin(revenue, cost) AS margin_at_0, roi(cost, revenue) AS roi_at_0, margin(NULL, cost) AS nothing
	FROM (VALUES (0, 60)) v(revenue, cost);

-- one rule for what is relative to a base: roi, margin, growth and cac are NULL unless it is above 0 and finite, of
-- sums and in frames too; ratio_agg divides whatever there is
SELECT base, margin(base, 20) AS margin, roi(100, base) AS roi, growth_rate(100, base) AS growth,
	growth_rate(100, base::float8) AS growth_of_floats, cac(100, nullif(base, 'NaN')::bigint) AS cac,
	ratio_agg(100, base) AS ratio
	FROM unnest('{-50,-0.5,0,0.5,50}'::numeric[]) base GROUP BY base ORDER BY base;
SELECT base, margin(base, 20) AS margin, roi(100, base) AS roi, growth_rate(100, base) AS growth, ratio_agg(100, base)
	FROM unnest('{NaN,Infinity,-Infinity}'::numeric[]) base GROUP BY base ORDER BY base;
SELECT margin(r, c) AS of_sums, margin(r, c) FILTER (WHERE r < 0) AS of_refunds, roi(c, r) AS roi,
	cac(r, n) AS customers, cac(r, n) FILTER (WHERE n < 0) AS customers_lost
	FROM (VALUES (100, 20, 3), (-50, 10, -1)) v(r, c, n);
SELECT i, margin(r, 1) OVER (ORDER BY i ROWS 1 PRECEDING), roi(1, r) OVER (ORDER BY i ROWS 1 PRECEDING),
	cac(1, r) OVER (ORDER BY i ROWS 1 PRECEDING)
	FROM unnest('{5,-3,-4,4,1}'::int[]) WITH ORDINALITY v(r, i);
-- as is an average: the README's own way to the average order value
SELECT ratio_agg(x, 1) AS ratio, ratio_agg(x::float8, 1) AS of_floats, avg(x), ratio_summary(x, 1), ratio_agg(x, y)
	FROM (VALUES (100, 1), (200, NULL), (NULL, 7)) v(x, y);
-- stored sums keep their meaning, and so do aggregates that were made of the functions of 0.1.0
SELECT rollup(s), ratio(rollup(s)) FROM unnest('{"(14.5,5)","(4,)","(,3)"}'::ratio_summary[]) s;
CREATE AGGREGATE pg_temp.each_side(numeric, numeric) (SFUNC = ratio_summary_accum, STYPE = ratio_summary,
	INITCOND = '(,)', FINALFUNC = ratio_final, COMBINEFUNC = ratio_summary_add);
SELECT pg_temp.each_side(a, b), ratio_summary(a, b) FROM (VALUES (10.5, 2), (NULL, 3), (4, NULL)) v(a, b);
-- figures from figures
SELECT growth_rate(120, 100), growth_rate(80, 100), growth_rate(1, 0), growth_rate(1, -5), growth_rate(NULL, 1),
	growth_rate(1, NULL);
SELECT growth_rate(1, 'NaN'), growth_rate(1, 'Infinity'), dso(1, 'NaN', 3), cac_payback(1, 'NaN', 1),
	cac_payback(1, 1, 'Infinity'), clv_geometric(1, 0.8, 'NaN'), clv_geometric(1, 'NaN', 0.1);
SELECT dso(50000, 100000, 90), dso(50000, 0, 90), dso(50000, 1, 0), cac_payback(600, 100, 0.5),
	cac_payback(600, 100, 0), cac_payback(600, -1, -1);
SELECT clv_geometric(100, 0.8, 0.1), clv_geometric(100, 0, 0.1), clv_geometric(100, 1, 0), clv_geometric(100, 1.5, 1),
	clv_geometric(100, 0.5, -0.5), clv_geometric(100, NULL, 0.1);

-- forms, merging, the upsert
SELECT s::text = v AS kept FROM unnest('{"(,)","(1.500,-3)","(-0.00000000000000000001,)","(NaN,Infinity)"}'::text[]) v,
	LATERAL (SELECT v::ratio_summary AS s) q;
SELECT '(+5,+0.50)'::ratio_summary, '(-0,1)'::ratio_summary_float = '(0,1)' AS one_zero;
SELECT ' ( -12.50 , 007.0 ) '::ratio_summary, '(.5,5.)'::ratio_summary, '(nan,-infinity)'::ratio_summary,
	'(-0,-0.00)'::ratio_summary;
SELECT '(1.5,2)'::ratio_summary + '(2.25,)', '(1,2)'::ratio_summary + NULL, '(,)'::ratio_summary + '(1,1)' = '(1,1)'
	AS identity, rollup(s) FROM unnest('{"(1,2)",NULL,"(,5)"}'::ratio_summary[]) s;
SELECT rollup(s), ratio(rollup(s)) FROM unnest('{}'::ratio_summary[]) s;
CREATE TEMP TABLE daily (day int PRIMARY KEY, s ratio_summary NOT NULL);
INSERT INTO daily SELECT i % 7, ratio_summary(amount, quantity) FROM line WHERE i <= 10000 GROUP BY 1;
INSERT INTO daily SELECT i % 7, ratio_summary(amount, quantity) FROM line WHERE i > 10000 GROUP BY 1 ON CONFLICT (day)
	DO UPDATE SET s = daily.s + EXCLUDED.s;
SELECT rollup(s) = (SELECT ratio_summary(amount, quantity) FROM line) AS equal FROM daily;
-- a stored value is never changed
SELECT s, s + s AS twice, ratio_summary_accum(s, 1.5, 1.5), ratio_summary_accum(NULL, 1, 2),
	ratio_summary_accum('(,)', 1.0, 2.0) = '(1.0,2.0)' AS canonical, s AS still
	FROM (VALUES ('(1,2)'::ratio_summary)) v(s);

-- errors
SELECT '(1,2,3)'::ratio_summary;
SELECT '(1e5,2)'::ratio_summary;
SELECT '(--1,2)'::ratio_summary;
SELECT '1,2'::ratio_summary;
SELECT ('(0.' || repeat('0', 16384) || ',1)')::ratio_summary;
SELECT length(('(0.' || repeat('0', 16382) || '1,1)')::ratio_summary::text);
SELECT '(1,0,0,0,0,0;0,0,0,0,0,0)'::ratio_frame;
SELECT '(1,1,0,0,0,0;0,0,0,0,0,0)'::ratio_frame;
SELECT '(1.5,1,0,0,0,1;NaN,0,0,0,0,0)'::ratio_frame;
SELECT '(0,1,1,1,0,0;0,0,0,0,0,0)'::ratio_frame;
SELECT '(1.5,1,0,0,0,1;0,2,1,1,0,0)'::ratio_frame;
SELECT ratio_frame_remove('(0,0,0,0,0,0;0,0,0,0,0,0)', 1, 1);
SELECT ratio_frame_remove('(1,1,0,0,0,1;0,0,0,0,0,0)', 1.55, NULL::numeric);
SELECT ratio_frame_remove('(1,1,0,0,0,1;0,0,0,0,0,0)', 'NaN'::numeric, NULL::numeric);
SELECT ratio_frame_remove('(1,1,0,0,0,1;0,0,0,0,0,0)', 2, NULL);
SELECT ('(' || repeat('9', 131092) || ',1)')::ratio_summary + ('(' || repeat('9', 131092) || ',1)')::ratio_summary;
DROP FUNCTION h;
