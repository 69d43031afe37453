-- Control charts: by hand, and against plain SQL on random series.
SET extra_float_digits = 0;
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/series.sql
CREATE FUNCTION pg_temp.days(n int) RETURNS date[]
	LANGUAGE sql AS $$ SELECT array_agg(date '2024-01-01' + i ORDER BY i) FROM generate_series(0, n - 1) i $$;

-- mean 5, moving ranges 2 2 2 2 on average 2: limits 5 -+ 5.32, range limit 6.536
SELECT * FROM control_chart(pg_temp.days(5), '{4,6,4,6,5}');
SELECT * FROM control_chart(pg_temp.days(6), '{4,6,4,6,5,11}', baseline => 4);
SELECT string_agg(coalesce(signal, '-'), ',' ORDER BY at) AS signals, min(centre) AS centre, min(upper) AS upper
	FROM (VALUES (1)) v(i), LATERAL control_chart(pg_temp.days(14), '{4,6,4,6,6,6,6,6,6,6,6,6,4,6}', 4) GROUP BY i;
-- a run of 8 needs 8; a value on the centre, on the other side, or none at all ends it
SELECT series, string_agg(coalesce(signal, '-'), ',' ORDER BY at) AS signals FROM (VALUES
	('{-1,1,-1,1,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5}'::float8[]),
	('{-1,1,-1,1,0.5,0.5,0.5,0,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5}'),
	('{-1,1,-1,1,0.5,0.5,0.5,-1,0.5,0.5,0.5,0.5}'), ('{-1,1,-1,1,0.5,0.5,0.5,NULL,0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5}'),
	('{1,-1,1,-1,-0.5,-0.5,-0.5,-0.5,-0.5,-0.5,-0.5}')) v(series),
	LATERAL control_chart(pg_temp.days(cardinality(series)), series, 4) GROUP BY series ORDER BY series;
-- 3 of 4 beyond 2.66 (of a limit at 5.32): the current one among them, a gap ends it; outside is more severe
SELECT series, string_agg(coalesce(signal, '-'), ',' ORDER BY at) AS signals FROM (VALUES
	('{-1,1,-1,1,3,3,0,3,0,3}'::float8[]), ('{-1,1,-1,1,3,3,-3,3}'), ('{-1,1,-1,1,3,3,NULL,3,3,3}'),
	('{-1,1,-1,1,-3,-3,-3}'), ('{-1,1,-1,1,2.66,2.66,2.66}'), ('{-1,1,-1,1,5.4,3,3,6,3}')) v(series),
	LATERAL control_chart(pg_temp.days(cardinality(series)), series, 4) GROUP BY series ORDER BY series;
-- the first three values can be 3 of 4; a constant baseline has limits of width 0
SELECT string_agg(coalesce(signal, '-'), ',' ORDER BY at) FROM control_chart(pg_temp.days(6), '{3,3,3,-3,-3,-3.5}');
SELECT * FROM control_chart(pg_temp.days(4), '{0.1,0.1,0.1,0.1000001}', 3);
-- gaps: no moving range across; a baseline counts values; too few of them have no limits
SELECT * FROM control_chart(pg_temp.days(6), '{NULL,1,NULL,4,6,NULL}', 3);
SELECT * FROM control_chart(pg_temp.days(3), '{1,5,3}', 1);
SELECT * FROM control_chart(pg_temp.days(3), '{1,NULL,3}');
SELECT * FROM control_chart(pg_temp.days(2), '{NULL,NULL}');
-- fewer values than the baseline: those there are
SELECT count(DISTINCT (a.centre, a.lower, a.upper)) = 1 AS all_there_are
	FROM (SELECT * FROM control_chart(pg_temp.days(3), '{1,2,4}', 12)
		UNION ALL SELECT * FROM control_chart(pg_temp.days(3), '{1,2,4}')) a;
SELECT count(*) FROM control_chart('{}', '{}');
SELECT count(*) FROM control_chart(NULL, '{1}');
SELECT count(*) FROM control_chart(pg_temp.days(1), NULL);
-- integers and numeric come by themselves, and from rows
SELECT at, value, signal FROM (SELECT array_agg(d ORDER BY d) AS days, array_agg(n ORDER BY d) AS numbers
		FROM (VALUES (date '2024-01-02', 2.5), ('2024-01-01', 1)) v(d, n)) q, control_chart(days, numbers);
SELECT count(*) FROM control_chart(pg_temp.days(3), ARRAY[1, 2, 3]);
SELECT pg_temp.error(q) FROM unnest(ARRAY[
	$$SELECT control_chart('{2024-01-01}', '{1,2}')$$, $$SELECT control_chart('{2024-01-02,2024-01-01}', '{1,2}')$$,
	$$SELECT control_chart('{2024-01-01,2024-01-01}', '{1,2}')$$,
	$$SELECT control_chart('{2024-01-01,NULL}', '{1,2}')$$, $$SELECT control_chart('{2024-01-01,infinity}', '{1,2}')$$,
	$$SELECT control_chart('{2024-01-01,2024-01-02}', '{1,NaN}')$$,
	$$SELECT control_chart('{2024-01-01,2024-01-02}', '{1,-Infinity}')$$,
	$$SELECT control_chart('{2024-01-01}', '{1}', 0)$$, $$SELECT control_chart('{{2024-01-01}}', '{1}')$$,
	$$SELECT control_chart('{2024-01-01}', '{{1}}')$$,
	$$SELECT control_chart('{2024-01-01,2024-01-02}', '{1e308,-1e308}')$$]) q;

-- phases: a change of level is a phase with limits of its own, not a signal a day
SELECT setseed(0.75);
CREATE TEMP TABLE shifted AS SELECT array_agg(date '2025-01-01' + i ORDER BY i) AS at,
	array_agg(100 + pg_temp.noise() + CASE WHEN i >= 100 THEN 8 ELSE 0 END ORDER BY i) AS y
	FROM generate_series(0, 364) i;
SELECT phases, count(DISTINCT centre) AS centres, min(c.at) FILTER (WHERE centre > 104) AS from_day,
	count(signal) > 300 AS signals_everywhere, count(signal) < 10 AS few
FROM shifted, unnest('{f,t}'::boolean[]) phases, LATERAL control_chart(shifted.at, y, phases => phases) c
	GROUP BY phases ORDER BY phases;
-- a row is that of the chart of its phase alone
SELECT count(*) AS rows,
	count(*) FILTER (WHERE (w.value, w.centre, w.lower, w.upper, w.moving_range, w.range_limit, w.signal)
		IS DISTINCT FROM (p.value, p.centre, p.lower, p.upper, p.moving_range, p.range_limit, p.signal)) AS other
FROM shifted s, LATERAL control_chart(s.at, y, phases => true) w
	JOIN LATERAL (SELECT * FROM control_chart(s.at[:100], y[:100])
			UNION ALL SELECT * FROM control_chart(s.at[101:], y[101:])) p USING (at);

-- a value of any size stands outside, and does not make a phase of its own in which it is nothing special
SELECT setseed(0.3);
CREATE TEMP TABLE quiet AS SELECT k, array_agg(pg_temp.noise() ORDER BY i) AS y
	FROM generate_series(1, 30) k, generate_series(1, 36) i GROUP BY k;
SELECT size, avg(found::int) > 0.9 AS found, sum(changes) AS changes
FROM (SELECT size, EXISTS (SELECT FROM control_chart(pg_temp.days(36), spiked, phases => true) c
			WHERE c.at = (pg_temp.days(36))[place] AND signal ~ 'outside') AS found,
		(SELECT count(*) FROM change_points(spiked, 8)) AS changes
	FROM quiet, unnest('{8,12,20,50,100000}'::float8[]) size, unnest('{1,2,18,34,35,36}'::int[]) place,
		LATERAL (SELECT y[:place - 1] || y[place] + size || y[place + 1:] AS spiked) s) f
GROUP BY size ORDER BY size;
SELECT count(*) FILTER (WHERE signal ~ 'outside') AS outside
FROM control_chart(pg_temp.days(24), numerator => array_fill(100::float8, '{20}') || '{500,100,100,100}'::float8[],
	denominator => array_fill(1000::float8, '{24}'), phases => true);

-- ratios: the centre is sum / sum, not the mean of the ratios; limits by the denominator; no nearer than those of the p
-- chart
SELECT DISTINCT centre FROM control_chart(pg_temp.days(12), numerator => '{1,2,1,2,1,2,1,2,1,2,1,2}',
		denominator => '{4,11,4,11,4,11,4,11,4,11,4,11}');
SELECT at, value, round(centre::numeric, 3) AS centre, round(lower::numeric, 3) AS lower,
	round(upper::numeric, 3) AS upper, signal
FROM control_chart(pg_temp.days(6), numerator => '{100,100,100,100,100,4}',
		denominator => '{1000,1000,1000,1000,1000,20}', baseline => 5);
-- against plain SQL: shares, counts by unit with and without the u chart's limits, money; gaps
CREATE TEMP TABLE ratios AS
	SELECT k, array_agg(CASE WHEN random() < 0.05 THEN NULL WHEN k % 3 = 0 THEN floor(random() * (d + 1))
		WHEN k % 3 = 1 THEN floor(random() * 3 * d) ELSE random() * 100 * d END ORDER BY i) AS num,
	array_agg(CASE WHEN random() < 0.05 THEN 0 ELSE d END ORDER BY i) AS den FROM (SELECT k, i,
			1 + floor(random() * 50)::float8 AS d FROM generate_series(1, 60) k, generate_series(1, 20) i) q GROUP BY k;
WITH p AS (
	SELECT k, counts, i, num[i] AS x, den[i] AS d, num[i] / nullif(den[i], 0) AS value
		FROM ratios, generate_series(1, 20) i, unnest('{NULL,t,f}'::boolean[]) counts
), q AS (
	SELECT *, sum(x) FILTER (WHERE value IS NOT NULL) OVER w / sum(d) FILTER (WHERE value IS NOT NULL) OVER w AS centre,
		coalesce(counts, true)
			AND bool_and(x BETWEEN 0 AND d AND x = floor(x)) FILTER (WHERE value IS NOT NULL) OVER w AS shares
	FROM p WINDOW w AS (PARTITION BY k, counts)
), r AS (
	SELECT *, (value - centre) * sqrt(d) - lag((value - centre) * sqrt(d)) OVER (PARTITION BY k, counts ORDER BY i) AS z
		FROM q
), l AS (
	SELECT *, greatest(2.66 * avg(abs(z)) OVER w, CASE WHEN shares THEN 3 * sqrt(centre * (1 - centre)) WHEN counts
			THEN 3 * sqrt(centre) END) / sqrt(nullif(d, 0)) AS half FROM r WINDOW w AS (PARTITION BY k, counts)
)
SELECT count(*) AS rows, count(*) FILTER (WHERE l.shares) > 100 AS shares,
	count(*) FILTER (WHERE NOT pg_temp.near(c.value, l.value) OR NOT pg_temp.near(c.centre, l.centre)) AS other_value,
	count(*) FILTER (WHERE l.value IS NOT NULL AND
			NOT (pg_temp.near(c.lower, l.centre - half) AND pg_temp.near(c.upper, l.centre + half))) AS other_limits,
	count(*) FILTER (WHERE (c.signal = 'outside') IS DISTINCT FROM NULL
			AND (c.signal = 'outside') <> (abs(l.value - l.centre) > half)) AS other_signal
FROM l JOIN ratios USING (k), LATERAL (SELECT * FROM control_chart(pg_temp.days(20), numerator => num,
		denominator => den, counts => l.counts) c WHERE c.at = date '2024-01-01' + l.i - 1) c;
-- equal denominators without counts: the chart of the values
SELECT count(*) FILTER (WHERE NOT (pg_temp.near(a.lower, b.lower) AND pg_temp.near(a.upper, b.upper)
		AND pg_temp.near(a.range_limit, b.range_limit) AND a.signal IS NOT DISTINCT FROM b.signal)) AS other
FROM shifted s, LATERAL control_chart(s.at, y, phases => true) a
	JOIN LATERAL control_chart(s.at, numerator => ARRAY(SELECT v * 7 FROM unnest(y) WITH ORDINALITY u(v, i) ORDER BY i),
			denominator => array_fill(7::float8, '{365}'), phases => true, counts => false) b USING (at);
SELECT count(*) FROM control_chart(NULL, numerator => '{1}', denominator => '{1}');
SELECT pg_temp.error(q) FROM unnest(ARRAY[
	$$SELECT control_chart('{2024-01-01}', numerator => '{1,2}', denominator => '{1}')$$,
	$$SELECT control_chart('{2024-01-01}', numerator => '{1}', denominator => '{1,2}')$$,
	$$SELECT control_chart('{2024-01-01}', numerator => '{NaN}', denominator => '{1}')$$]) q;

-- random series with gaps, against plain SQL
SELECT setseed(0.25);
CREATE TEMP TABLE chart_input AS
SELECT k, i, date '2024-01-01' + 2 * i AS at, CASE WHEN random() < 0.06 * (k % 3) THEN NULL
		ELSE round((pg_temp.noise() * 4 + 3 * sin(i / 6.0) * (k % 4))::numeric) END::float8 AS value,
	CASE k % 5 WHEN 0 THEN NULL ELSE 6 * (k % 5) END AS baseline
FROM generate_series(1, 300) k, generate_series(1, 40) i;
CREATE TEMP TABLE chart AS
SELECT k, c.*, row_number() OVER (PARTITION BY k ORDER BY c.at) AS i
	FROM (SELECT k, baseline, array_agg(at ORDER BY at) AS days, array_agg(value ORDER BY at) AS numbers
		FROM chart_input GROUP BY k, baseline) q, LATERAL control_chart(days, numbers, baseline) c;
WITH ranged AS (
	SELECT *, abs(value - lag(value) OVER w) AS moving_range, CASE WHEN value IS NOT NULL THEN count(value) OVER w END
		AS nth FROM chart_input WINDOW w AS (PARTITION BY k ORDER BY i)
), limits AS (
	SELECT k, avg(value) FILTER (WHERE (nth <= baseline) IS NOT FALSE) AS centre,
		avg(moving_range) FILTER (WHERE (nth <= baseline) IS NOT FALSE) AS range FROM ranged GROUP BY k
)
SELECT count(*) AS rows, count(*) FILTER (WHERE NOT (c.at = r.at AND c.value IS NOT DISTINCT FROM r.value
		AND c.moving_range IS NOT DISTINCT FROM r.moving_range AND pg_temp.near(c.centre, l.centre)
	AND pg_temp.near(c.lower, l.centre - 2.66 * range) AND pg_temp.near(c.upper, l.centre + 2.66 * range)
			AND pg_temp.near(c.range_limit, 3.268 * range))) AS different
FROM chart c FULL JOIN ranged r USING (k, i) JOIN limits l USING (k);
WITH sides AS (
	SELECT *, count(*) FILTER (WHERE value IS NULL) OVER (PARTITION BY k ORDER BY i) AS island,
		sign(value - centre) AS side,
		CASE WHEN upper - value < value - centre THEN 1 WHEN value - lower < centre - value THEN -1 ELSE 0 END
			AS near_side FROM chart
), counted AS (
	SELECT *, sum(side) OVER (w ROWS 7 PRECEDING) AS eight,
		count(*) FILTER (WHERE near_side = 1) OVER (w ROWS 3 PRECEDING) AS above,
		count(*) FILTER (WHERE near_side = -1) OVER (w ROWS 3 PRECEDING) AS below
	FROM sides WHERE value IS NOT NULL WINDOW w AS (PARTITION BY k, island ORDER BY i)
), signals AS (
	SELECT k, i, CASE WHEN value NOT BETWEEN lower AND upper THEN 'outside' WHEN abs(eight) = 8 THEN 'run of 8'
			WHEN near_side = 1 AND above >= 3 OR near_side = -1 AND below >= 3 THEN '3 of 4' END AS signal FROM counted
)
SELECT coalesce(s.signal, 'none') AS plain_signal, count(*) > 50 AS many,
	count(*) FILTER (WHERE c.signal IS DISTINCT FROM s.signal) AS different
	FROM chart c LEFT JOIN signals s USING (k, i) GROUP BY 1 ORDER BY 1;
