-- ratio_bridge, price_volume_mix
\set VERBOSITY terse

-- every segment keeps its rate, the mix moves; and the other way about
SELECT * FROM ratio_bridge('{a,b}', '{10,40}', '{100,100}', '{15,20}', '{150,50}');
SELECT * FROM ratio_bridge('{a,b}', '{10,40}', '{100,100}', '{20,80}', '{100,100}');
-- growth at the overall ratio is no effect; nothing changes but the size
SELECT segment, mix_effect, rate_effect, effect
	FROM ratio_bridge('{a,b,c}', '{10,30,20}', '{100,100,100}', '{10,30,200}', '{100,100,1000}');
SELECT segment, mix_effect, rate_effect, effect
	FROM ratio_bridge('{a,b,c}', '{1,3,2}', '{7,11,13}', '{3,9,6}', '{21,33,39}');
-- a segment that is new, one that is gone, a numerator without a denominator
SELECT segment, round(ratio_before, 4) AS before, round(ratio_after, 4) AS after,
	round(share_before, 4) AS share_before, round(share_after, 4) AS share_after,
	round(mix_effect, 6) AS mix, round(rate_effect, 6) AS rate, round(effect, 6) AS effect
FROM ratio_bridge('{stays,new,gone,odd}', '{10,NULL,8,0}', '{100,NULL,20,0}', '{12,30,NULL,3}', '{90,60,NULL,NULL}');
-- thirds: what rounding leaves over is in the largest figure
SELECT segment, mix_effect, rate_effect, effect, sum(effect) OVER () = 2::numeric / 3 - 1::numeric / 3 AS exact
	FROM ratio_bridge('{a,b,c}', '{0,0,1}', '{1,1,1}', '{1,1,0}', '{1,1,1}');
-- the same segment twice is one; NULL is a segment too
SELECT segment, effect
	FROM ratio_bridge('{a,b,a,NULL}', '{5,40,5,1}', '{50,100,50,10}', '{10,20,5,3}', '{100,50,50,10}');
-- no ratio, no effect
SELECT segment, ratio_before, ratio_after, share_before, share_after, mix_effect, rate_effect, effect
	FROM ratio_bridge('{a,b}', '{1,2}', '{0,0}', '{1,2}', '{5,5}');
SELECT segment, ratio_before, share_after, effect FROM ratio_bridge('{a,b}', '{1,2}', '{4,4}', '{1,2}', '{5,-5}');
-- one that is not known
SELECT segment, ratio_before, ratio_after, share_after, effect
	FROM ratio_bridge('{a,b}', '{NULL,NULL}', '{4,4}', '{1,NULL}', '{5,5}');
SELECT count(*) FROM ratio_bridge('{}', '{}', '{}', '{}', '{}');
SELECT count(*) FROM ratio_bridge(NULL, '{1}', '{1}', '{1}', '{1}');
SELECT count(*) FROM ratio_bridge('{a}', '{1}', '{1}', '{1}', NULL);
SELECT * FROM ratio_bridge('{a,b}', '{1,2}', '{1,2}', '{1}', '{1,2}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM ratio_bridge('{a}', '{NaN}', '{1}', '{1}', '{1}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM ratio_bridge('{a}', '{1}', '{1}', '{1}', '{Infinity}');
SELECT * FROM ratio_bridge('{a,b}', '{{1,2}}', '{1,2}', '{1,2}', '{1,2}');
SELECT * FROM price_volume_mix('{a,b}', '{1,2}', '{1,2,3}', '{1,2}', '{1,2}');
\echo :LAST_ERROR_SQLSTATE

-- price alone, quantity of all alike, a turn to the cheaper one, new and lost
SELECT * FROM price_volume_mix('{a,b}', '{10,10}', '{100,20}', '{10,10}', '{120,20}');
SELECT * FROM price_volume_mix('{a,b}', '{10,10}', '{100,20}', '{20,20}', '{200,40}');
SELECT * FROM price_volume_mix('{dear,cheap}', '{10,10}', '{100,20}', '{5,15}', '{50,30}');
SELECT * FROM price_volume_mix('{a,fresh,gone,fee}', '{10,NULL,5,NULL}', '{100,NULL,30.50,7}', '{12,3,NULL,NULL}',
		'{132,21.25,NULL,8}');
SELECT product, price_effect, volume_effect, mix_effect, change
	FROM price_volume_mix('{sold,returned}', '{10,-10}', '{100,-50}', '{20,-5}', '{220,-20}');
SELECT count(*) FROM price_volume_mix(NULL, '{1}', '{1}', '{1}', '{1}');

-- random tables, with gaps and zeros, of many scales
SELECT setseed(0.125);
CREATE TEMP TABLE move AS
SELECT t, chr(96 + s) AS segment, CASE WHEN random() < 0.9 THEN round((random() * 10 ^ (t % 5))::numeric, t % 4) END AS
	n0, CASE WHEN random() < 0.9 THEN round((1 + random() * 1000)::numeric, t % 3) WHEN random() < 0.5 THEN 0 END AS d0,
	CASE WHEN random() < 0.9 THEN round((random() * 10 ^ (t % 5))::numeric, t % 4) END AS n1,
		CASE WHEN random() < 0.9 THEN round((1 + random() * 1000)::numeric, t % 3) WHEN random() < 0.5 THEN 0 END AS d1
FROM generate_series(1, 1000) t, generate_series(1, 1 + t % 8) s;
CREATE TEMP TABLE moved AS
SELECT t, b.* FROM (SELECT t, array_agg(segment ORDER BY segment) s, array_agg(n0 ORDER BY segment) n0,
		array_agg(d0 ORDER BY segment) d0, array_agg(n1 ORDER BY segment) n1, array_agg(d1 ORDER BY segment) d1
		FROM move GROUP BY t) a,
	LATERAL ratio_bridge(s, n0, d0, n1, d1) b;
-- they add up, digit for digit, to the change of the ratios
SELECT count(*) AS bridges, count(*) FILTER (WHERE effects IS NULL) < 60 AS few_without,
	bool_and(change IS NOT DISTINCT FROM effects) AS exact,
	bool_and(mix + rate IS NOT DISTINCT FROM effects) AS parts_exact
FROM (SELECT t, sum(n1) / nullif(sum(d1), 0) - sum(n0) / nullif(sum(d0), 0) AS change FROM move
		GROUP BY t) m
JOIN (SELECT t, sum(effect) AS effects, sum(mix_effect) AS mix, sum(rate_effect) AS rate FROM moved GROUP BY t) b
	USING (t);
-- each one by its formula, in double precision
WITH whole AS (
	SELECT t, segment, n0::float8 AS known0, n1::float8 AS known1, sum(n0) OVER w AS tn0, sum(n1) OVER w AS tn1,
		coalesce(n0, 0)::float8 AS n0, coalesce(n1, 0)::float8 AS n1, nullif(d0, 0)::float8 AS d0,
		nullif(d1, 0)::float8 AS d1,
		nullif(sum(d0) OVER w, 0)::float8 AS td0, nullif(sum(d1) OVER w, 0)::float8 AS td1,
			coalesce(sum(n0) OVER w, 0)::float8 / nullif(sum(d0) OVER w, 0)::float8 AS ratio
	FROM move WINDOW w AS (PARTITION BY t)
), wanted AS (
	SELECT t, segment,
		CASE WHEN tn0 IS NULL OR tn1 IS NULL THEN NULL WHEN d0 IS NULL OR d1 IS NULL THEN n1 / td1 - n0 / td0 - ratio
			* (coalesce(d1, 0) / td1 - coalesce(d0, 0) / td0) ELSE (d1 / td1 - d0 / td0) * (n0 / d0 - ratio) END AS mix,
		CASE WHEN td0 IS NULL OR td1 IS NULL OR tn0 IS NULL OR tn1 IS NULL THEN NULL WHEN d0 IS NULL
				OR d1 IS NULL THEN 0 ELSE d1 / td1 * (n1 / d1 - n0 / d0) END AS rate,
		known0 / d0 AS before, known1 / d1 AS after, coalesce(d0, 0) / td0 AS share_before,
		coalesce(d1, 0) / td1 AS share_after FROM whole
)
SELECT count(*) > 4000 AS many, count(*)
	FILTER (WHERE (mix IS NULL) <> (mix_effect IS NULL) OR abs(mix - mix_effect) > 1e-9 * (1 + abs(mix))) AS other_mix,
	count(*) FILTER (WHERE (rate IS NULL) <> (rate_effect IS NULL) OR abs(rate - rate_effect) > 1e-9 * (1 + abs(rate)))
		AS other_rate,
	count(*) FILTER (WHERE (before IS NULL) <> (ratio_before IS NULL) OR (after IS NULL) <> (ratio_after IS NULL)
			OR abs(before - ratio_before) + abs(after - ratio_after) > 1e-9 * (1 + before + after)) AS other_ratio,
	count(*) FILTER (WHERE w.share_before IS DISTINCT FROM NULL
			AND abs(w.share_before - m.share_before) + abs(w.share_after - m.share_after) > 1e-12
			OR (w.share_before IS NULL) <> (m.share_before IS NULL)) AS other_share
FROM wanted w JOIN moved m USING (t, segment);
SELECT bool_and(effect = mix_effect + rate_effect) AS rows_exact FROM moved WHERE effect IS NOT NULL;

-- revenue: n is what was paid, d how much
CREATE TEMP TABLE sold AS
SELECT t, b.* FROM (SELECT t, array_agg(segment ORDER BY segment) s, array_agg(n0 ORDER BY segment) n0,
		array_agg(d0 ORDER BY segment) d0, array_agg(n1 ORDER BY segment) n1, array_agg(d1 ORDER BY segment) d1
		FROM move GROUP BY t) a,
	LATERAL price_volume_mix(s, d0, n0, d1, n1) b;
SELECT count(*) > 4000 AS many, bool_and(price_effect + volume_effect + mix_effect + new + lost = change) AS rows_exact,
	bool_and(change = coalesce(n1, 0) - coalesce(n0, 0)) AS change_exact,
		bool_and((d0 <> 0 AND d1 <> 0) IS TRUE OR (price_effect, volume_effect, mix_effect) = (0, 0, 0)) AS new_or_lost,
	bool_and((d0 <> 0 AND d1 <> 0) IS NOT TRUE OR (new, lost) = (0, 0)) AS stays
FROM sold JOIN move ON sold.t = move.t AND product = segment;
WITH stays AS (SELECT t, segment, n0::float8, n1::float8, d0::float8, d1::float8 FROM (SELECT t, segment,
		coalesce(n0, 0) AS n0, coalesce(n1, 0) AS n1, d0, d1 FROM move) m WHERE d0 <> 0 AND d1 <> 0),
total AS (SELECT t, sum(n0) / sum(d0) AS price, sum(d1) / sum(d0) AS growth FROM stays GROUP BY t)
SELECT count(*) > 3000 AS many,
	count(*) FILTER (WHERE abs(price_effect - (n1 / d1 - n0 / d0) * d1) > 1e-7) AS other_price,
	count(*) FILTER (WHERE abs(mix_effect - (d1 - d0 * growth) * (n0 / d0 - price)) > 1e-7) AS other_mix,
	count(*) FILTER (WHERE abs(volume_effect - (n0 * (growth - 1) + price * (d1 - d0 * growth))) > 1e-7) AS other_volume
FROM stays JOIN total USING (t) JOIN sold ON sold.t = stays.t AND product = segment;
-- in all: volume is the change of quantity at the average price, and mix that of the average price at old prices
WITH stays AS (SELECT t, coalesce(n0, 0) AS n0, d0, d1 FROM move WHERE d0 <> 0 AND d1 <> 0)
SELECT count(*) FILTER (WHERE abs(volume - wanted) > 1e-9) AS other_volume,
	count(*) FILTER (WHERE abs(mix - mix_wanted) > 1e-9) AS other_mix FROM
	(SELECT t, (sum(d1) - sum(d0)) * (sum(n0) / sum(d0)) AS wanted,
			sum(n0 * d1 / d0) - sum(n0) / sum(d0) * sum(d1) AS mix_wanted FROM stays GROUP BY t) w
	JOIN (SELECT t, sum(volume_effect) AS volume, sum(mix_effect) AS mix FROM sold GROUP BY t) s USING (t);

-- rows from a join of the periods, and sub-selects as arguments
SELECT b.*
	FROM (SELECT array_agg(region) AS region, array_agg(a) AS a, array_agg(b) AS b, array_agg(c) AS c, array_agg(d) AS d
	FROM (VALUES ('north', 1), ('south', 2)) AS o(region, a) FULL JOIN (VALUES ('south', 4), ('west', 4))
			AS n(region, b) USING (region), LATERAL (SELECT 2 AS c, 4 AS d) k) p,
	LATERAL ratio_bridge(region, a, c, b, d) b ORDER BY segment;
SELECT segment, effect
	FROM ratio_bridge((SELECT array_agg(x) FROM unnest('{a,b}'::text[]) x), '{1,2}', '{2,3}', '{2,3}', '{2,3}');
-- in whatever schema the caller looks
BEGIN;
CREATE SCHEMA elsewhere;
ALTER EXTENSION kpi SET SCHEMA elsewhere;
SET LOCAL search_path = pg_temp;
SELECT segment, effect FROM elsewhere.ratio_bridge('{a,b}', '{1,2}', '{2,4}', '{2,4}', '{2,4}');
SELECT product, change FROM elsewhere.price_volume_mix('{a,b}', '{1,2}', '{2,4}', '{2,4}', '{2,4}');
ROLLBACK;
