-- forecast(): by hand, against an independent fit in plpgsql, on series that follow a model exactly, and the intervals'
-- coverage.
SET extra_float_digits = 0;
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/series.sql

-- nothing is fitted to fewer than 5 values; a constant has an interval of width 0; without a value no rows
SELECT * FROM forecast('{1,2,6}', 2);
SELECT * FROM forecast('{NULL,NULL,7,NULL}', 1, 12);
SELECT * FROM forecast('{0.1,0.1,0.1,0.1,0.1}', 2);
SELECT * FROM forecast('{5e-324,5e-324,5e-324,5e-324,NULL,5e-324}', 1, 2);
SELECT (SELECT count(*) FROM forecast('{}', 2)) AS empty, (SELECT count(*) FROM forecast('{NULL,NULL}', 2)) AS unknown,
	(SELECT count(*) FROM forecast(NULL, 2)) AS no_series,
	(SELECT count(*) FROM forecast('{1}', NULL)) AS no_horizon,
	(SELECT count(*) FROM forecast('{1}', 10000, 10000)) AS most;
-- a season that repeats; before two whole ones it is not used; a place without a value has no forecast
SELECT step, round(value::numeric, 6) AS value, round((upper - lower)::numeric, 6) AS width
	FROM forecast('{1,5,9,1,5,9,1,5,9,1,5,9,1}', 4, 3);
SELECT step, round(value::numeric, 6) AS value FROM forecast('{1,5,NULL,1,5,NULL,1,5,NULL,1,5,NULL,1,5,NULL}', 4, 3);
SELECT (SELECT array_agg(f) FROM forecast('{1,5,9,1,5,9,1}', 2, 4) f)
	= (SELECT array_agg(f) FROM forecast('{1,5,9,1,5,9,1}', 2) f) AS too_short_for_a_season;
-- integers and numeric come by themselves
SELECT count(*) FROM forecast(ARRAY[1, 2, 3, 4, 5, 6], 2) a, forecast(ARRAY[1, 2.5], 1) b;
SELECT t, f.step, f.value FROM (VALUES (1, '{2,2,2,2,2}'::float8[]), (2, '{3,3,3,3,3}')) v(t, s),
	LATERAL forecast(s, 2) f ORDER BY t, step;
SELECT pg_temp.error(q) FROM unnest(ARRAY[
	$$SELECT forecast('{1,2}', 0)$$, $$SELECT forecast('{1,2}', 10001)$$, $$SELECT forecast('{1,2}', 1, 0)$$,
	$$SELECT forecast('{1,2}', 1, 10001)$$, $$SELECT forecast('{1,NaN}', 1)$$,
	$$SELECT forecast('{Infinity,1}', 1)$$, $$SELECT forecast('{{1,2}}', 1)$$,
	$$SELECT forecast('{1.7e308,-1.7e308,1.7e308,-1.7e308,1.7e308,-1.7e308}', 3)$$]) q;

-- values below 0, where no model of logarithms takes part
-- simple exponential smoothing against a fine grid: for each alpha the best first level has a closed form
SELECT setseed(0.5);
CREATE FUNCTION pg_temp.simple(s float8[], alpha float8, OUT sse float8, OUT level float8)
	LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	l float8 := 0; p float8 := 1; e float8; ep float8 := 0; pp float8 := 0; ee float8 := 0; y float8;
BEGIN
	-- errors from a first level of 0, and how much of another first level is left
	FOREACH y IN ARRAY s LOOP
		IF y IS NULL THEN CONTINUE; END IF;
		e := y - l;
		ee := ee + e * e; ep := ep + e * p; pp := pp + p * p;
		l := l + alpha * e;
		p := CASE WHEN p < 1e-100 THEN 0 ELSE p * (1 - alpha) END;
	END LOOP;
	sse := ee - ep * ep / pp;
	level := l + p * ep / pp;
END $$;
CREATE TEMP TABLE walk AS
SELECT k, array_agg(CASE WHEN k % 3 = 0 AND i % 7 = 3 THEN NULL ELSE y END ORDER BY i) AS s FROM (
	SELECT k, i, sum(0.1 * (k % 9) * e) OVER (PARTITION BY k
			ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + e - 1000 AS y
	FROM (SELECT k, i, pg_temp.noise() AS e FROM generate_series(1, 24) k, generate_series(0, 60) i) q) r WHERE i > 0
		GROUP BY k;
CREATE TEMP TABLE fitted AS
SELECT k, f1.value, f1.lower, f1.upper, (f2.upper - f2.lower) / (f1.upper - f1.lower) AS widening, f2.value = f1.value
	AND f3.value = f1.value AS level_only, (SELECT count(*) FROM unnest(s) y WHERE y IS NOT NULL) AS n, s
FROM walk, forecast(s, 1) f1, LATERAL (SELECT * FROM forecast(s, 2) WHERE step = 2) f2,
	LATERAL (SELECT * FROM forecast(s, 30) WHERE step = 30) f3;
SELECT count(*) > 15 AS many, count(*) FILTER (WHERE abs(sse_ours / g.sse - 1) > 1e-5) AS other_sse,
	count(*) FILTER (WHERE abs(value - g.level) > 0.02) AS other_level,
	-- one step on: the variance grows by alpha^2
	count(*) FILTER (WHERE abs(widening - sqrt(1 + g.alpha ^ 2)) > 0.002) AS other_widening,
		count(*) FILTER (WHERE abs(upper + lower - 2 * value) > 1e-9) AS uneven
FROM fitted f, LATERAL (SELECT ((f.upper - f.lower) / 2 / 1.959963984540054) ^ 2 * (f.n - 2) AS sse_ours) o,
	LATERAL (SELECT alpha, g.* FROM (SELECT i / 1000.0 AS alpha FROM generate_series(1, 999) i
			UNION SELECT unnest('{0.0001,0.9999}'::float8[])) a, LATERAL pg_temp.simple(f.s, a.alpha) g ORDER BY g.sse
			LIMIT 1) g
WHERE level_only;

-- series that follow a model without error go on as the model does: level, damped trend, season, gaps
CREATE FUNCTION pg_temp.exact(i int, trend boolean, season int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
	SELECT 100 + CASE WHEN trend THEN 40 * (1 - 0.9 ^ i) ELSE 0 END
		+ CASE WHEN season > 1 THEN 10 * sin(2 * pi() * i / season) + (i % season) % 3 ELSE 0 END $$;
SELECT trend, season, gaps, count(*) AS steps, max(abs(f.value - pg_temp.exact(40 + f.step, trend, season))) < 1e-3
	AS goes_on, max(f.upper - f.lower) < 0.1 AS narrow
FROM (SELECT trend, season, gaps, array_agg(
		CASE WHEN gaps AND (i % 11 = 5 OR i > 38) THEN NULL ELSE pg_temp.exact(i, trend, season) END ORDER BY i) AS s
	FROM unnest('{f,t}'::boolean[]) trend, unnest('{1,4,7}'::int[]) season, unnest('{f,t}'::boolean[]) gaps,
			generate_series(1, 40) i GROUP BY trend, season, gaps) q, LATERAL forecast(s, 14, season) f
GROUP BY trend, season, gaps ORDER BY trend, season, gaps;

-- another unit, another zero: the same forecast
CREATE TEMP TABLE wave AS SELECT array_agg(y ORDER BY i) AS s, array_agg(y * 1e12 ORDER BY i) AS times,
	array_agg(y + 1e6 ORDER BY i) AS plus, array_agg(-y ORDER BY i) AS minus
FROM (SELECT i, 50 + 8 * sin(2 * pi() * i / 7) + i * 0.1 + 2 * pg_temp.noise() AS y FROM generate_series(1, 90) i) q;
SELECT max(abs(b.value / 1e12 - a.value)) < 1e-4 AS unit, max(abs(b.upper / 1e12 - a.upper)) < 1e-4 AS unit_upper,
	max(abs(c.value - 1e6 - a.value)) < 1e-4 AS zero, max(abs(d.value + a.value)) < 1e-4 AS sign,
	bool_and(a.lower < a.value AND a.value < a.upper) AS inside
FROM wave, forecast(s, 20, 7) a, forecast(times, 20, 7) b, forecast(plus, 20, 7) c, forecast(minus, 20, 7) d
	WHERE a.step = b.step AND a.step = c.step AND a.step = d.step;
-- missing values at the end: the forecast behind them is that of so many steps more
SELECT max(abs(a.value - b.value)) < 1e-9 AS same_value, max(abs(a.upper - b.upper)) < 1e-9 AS same_upper
	FROM wave, forecast(s, 10, 7) a, forecast(s || '{NULL,NULL,NULL}'::float8[], 7, 7) b WHERE a.step = b.step + 3;

-- what is simulated from the models themselves: the outcomes, and the sum of squared errors up to n
CREATE FUNCTION pg_temp.simulate(n int, alpha float8, beta float8, phi float8, gamma float8, season int, OUT y float8[],
		OUT sse float8) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	l float8 := -1000; b float8 := CASE WHEN beta > 0 THEN 1 ELSE 0 END; s float8[]; e float8; next float8; p int;
BEGIN
	s := (SELECT array_agg(5 * sin(2 * pi() * i / season) ORDER BY i) FROM generate_series(1, season) i);
	y := '{}';
	sse := 0;
	FOR i IN 1 .. n + 7 LOOP
		p := (i - 1) % season + 1;
		e := pg_temp.noise();
		next := l + phi * b;
		y := y || (next + s[p] + e);
		sse := sse + CASE WHEN i <= n THEN e * e ELSE 0 END;
		l := next + alpha * e;
		b := phi * b + beta * e;
		s[p] := s[p] + gamma * e;
	END LOOP;
END $$;
-- i * 0, so that each row has its own call
CREATE TEMP TABLE simulated AS
SELECT 'level' AS model, 1 AS season, 2 AS parameters, i, m.*
	FROM generate_series(1, 250) i, LATERAL pg_temp.simulate(300 + i * 0, 0.4, 0, 1, 0, 1) m UNION ALL
SELECT 'season', 5, 7, i, m.* FROM generate_series(1, 250) i, LATERAL pg_temp.simulate(300 + i * 0, 0.3, 0, 1, 0.2, 5) m
UNION ALL
SELECT 'trend', 1, 5, i, m.* FROM generate_series(1, 250) i,
	LATERAL pg_temp.simulate(300 + i * 0, 0.5, 0.2, 0.9, 0, 1) m;
CREATE TEMP TABLE foretold AS SELECT s.*, f.*, (upper - lower) / 2 / 1.959963984540054 AS sigma
	FROM simulated s, LATERAL forecast(y[:300], 20, season) f;
-- 19 of 20 outcomes lie within the 95 % interval, at several distances
SELECT model, step, count(*) AS series, avg((y[300 + step] BETWEEN lower AND upper)::int) BETWEEN 0.92
	AND 0.98 AS covered, avg(y[300 + step] - value) BETWEEN -0.6 AND 0.6 AS unbiased
FROM foretold WHERE step IN (1, 2, 7) GROUP BY model, step ORDER BY model, step;
-- the best fit is no worse than the truth; a trend that was not found is not judged
SELECT model, count(*) >= 200 AS many, count(*) FILTER (WHERE f.sigma ^ 2 * (300 - parameters) > sse) AS worse
FROM foretold f WHERE step = 1
	AND (model <> 'trend' OR value <> (SELECT value FROM foretold g WHERE (g.model, g.i, g.step) = (f.model, f.i, 2)))
	GROUP BY model ORDER BY model;
-- the variance grows by c(j)^2 a step: c is alpha, and alpha + gamma every season; with a trend its increments shrink
-- by phi, as the forecast's do
CREATE TEMP TABLE growing AS
	SELECT model, i, step, sqrt(greatest((lead(sigma) OVER w ^ 2 - sigma ^ 2) / first_value(sigma) OVER w ^ 2, 0)) AS c,
	lead(value) OVER w - value AS increment FROM foretold WINDOW w AS (PARTITION BY model, i ORDER BY step);
SELECT count(*) > 150 AS many, count(*)
	FILTER (WHERE NOT flat OR abs(gamma - gamma_2) > 1e-6 OR gamma < 0 OR alpha <= 0 OR alpha + gamma > 1) AS wrong,
	avg(alpha) BETWEEN 0.25 AND 0.35 AND avg(gamma) BETWEEN 0.15 AND 0.25 AS as_simulated FROM (
	SELECT i, avg(c) FILTER (WHERE step % 5 > 0) AS alpha,
		max(c) FILTER (WHERE step % 5 > 0) - min(c) FILTER (WHERE step % 5 > 0) < 1e-6 AS flat,
		min(c) FILTER (WHERE step = 5) - min(c) FILTER (WHERE step = 1) AS gamma,
		min(c) FILTER (WHERE step = 10) - min(c) FILTER (WHERE step = 1) AS gamma_2
	FROM growing WHERE model = 'season' GROUP BY i) q WHERE flat;
SELECT count(*) > 1000 AS many,
	count(*) FILTER (WHERE abs(damping - phi) > 1e-4 OR phi NOT BETWEEN 0.8 - 1e-6 AND 0.98 + 1e-6) AS wrong FROM (
	SELECT (lead(c) OVER w - c) / nullif(c - lag(c) OVER w, 0) AS damping,
			lead(increment) OVER w / nullif(increment, 0) AS phi, increment, c - lag(c) OVER w AS c_increment
			FROM growing WHERE model = 'trend' WINDOW w AS (PARTITION BY i ORDER BY step)) q
WHERE abs(increment) > 1e-3 AND c_increment > 1e-3 AND damping IS NOT NULL AND phi IS NOT NULL;

-- never NaN, whatever the series
SELECT count(*) > 5000 AS many, count(*)
	FILTER (WHERE value = 'NaN' OR lower = 'NaN' OR upper = 'NaN' OR NOT (lower <= value AND value <= upper)) AS wrong
FROM (SELECT k, array_agg(CASE WHEN random() < 0.1 * (k % 4) THEN NULL WHEN k % 5 = 0 THEN (random() < 0.1)::int
		WHEN k % 5 = 1 THEN 10 ^ (random() * 300 - 150) WHEN k % 5 = 2 THEN i ^ 3 ELSE pg_temp.noise() END) AS s
	FROM generate_series(1, 200) k, generate_series(1, 1 + k / 4) i GROUP BY k) q, LATERAL forecast(s, 30, 1 + k % 9) f;

-- several minima: the best is found.  These values grow by a fifth a year with a season; least squares of the additive
-- models alone give 247 299 327 410, so does forecast() where logarithms are no choice
SELECT array_agg(round(value) ORDER BY step) AS shares
FROM forecast('{80,99,110,143,96,119,131,172,115,143,158,206,138,172,189,248,166,206,227,297,199,247,273,357}', 4, 4);
SELECT array_agg(round(value + 1000) ORDER BY step) AS amounts
FROM forecast((SELECT array_agg(y - 1000 ORDER BY i)
	FROM unnest('{80,99,110,143,96,119,131,172,115,143,158,206,138,172,189,248,166,206,227,297,199,247,273,'
			'357}'::float8[]) WITH ORDINALITY u(y, i)), 4, 4);
-- passengers of international airlines, in thousands (Box, Jenkins and Reinsel, series G), the last year held out:
-- the mean error of the months, and that of the same months a year before
WITH given AS (SELECT '{112,118,132,129,121,135,148,148,136,119,104,118,115,126,141,135,125,149,170,170,158,133,114,140,
	145,150,178,163,172,178,199,199,184,162,146,166,171,180,193,181,183,218,230,242,209,191,172,194,
	196,196,236,235,229,243,264,272,237,211,180,201,204,188,235,227,234,264,302,293,259,229,203,229,
	242,233,267,269,270,315,364,347,312,274,237,278,284,277,317,313,318,374,413,405,355,306,271,306,
	315,301,356,348,355,422,465,467,404,347,305,336,340,318,362,348,363,435,491,505,404,359,310,337,
	360,342,406,396,420,472,548,559,463,407,362,405,417,391,419,461,472,535,622,606,508,461,390,432}'::float8[] AS y)
SELECT avg(abs(f.value - y[132 + step])) < 22 AS kpi,
	round(avg(abs(y[120 + step] - y[132 + step]))::numeric, 1) AS a_year_before
FROM given, forecast(y[:132], 12, 12) f;
-- months with a season, from two years on: nearer than the same month a year before, for seasons that are amounts or
-- shares of the level, with and without growth, and with noise; mean over 60 series each
CREATE FUNCTION pg_temp.months(k int, n int, shares boolean, growth float8, noise float8) RETURNS float8[]
	LANGUAGE sql VOLATILE AS $$
	SELECT array_agg(CASE WHEN shares THEN 200 * exp(growth * i / 12 + 0.3 * sin(2 * pi() * (i + k) / 12) + 0.15
			* cos(4 * pi() * i / 12) + noise * pg_temp.noise())
		ELSE 200 * (1 + growth * i / 12 + 0.3 * sin(2 * pi() * (i + k) / 12) + 0.15 * cos(4 * pi() * i / 12) + noise
				* pg_temp.noise()) END ORDER BY i)
	FROM generate_series(1, n) i $$;
SELECT setseed(0.25);
SELECT years, shares, growth, noise, avg(ours) < avg(naive) AS better
FROM unnest('{2,3}'::int[]) years, unnest('{f,t}'::boolean[]) shares, unnest('{0,0.15}'::float8[]) growth,
	unnest('{0.03,0.1}'::float8[]) noise,
	generate_series(1, 60) k, LATERAL (SELECT pg_temp.months(k, years * 12 + 12, shares, growth, noise) AS y) m,
	LATERAL (SELECT avg(abs(value - y[years * 12 + step])) AS ours,
			avg(abs(y[years * 12 - 12 + step] - y[years * 12 + step])) AS naive
		FROM forecast(y[:years * 12], 12, 12)) e
GROUP BY years, shares, growth, noise ORDER BY years, shares, growth, noise;
-- a season that the values do not have shrinks: less than half of what means of the months differ by
SELECT avg(spread) < avg(means) / 2 AS shrunken FROM (SELECT k, max(value) - min(value) AS spread FROM (
		SELECT k, array_agg(pg_temp.noise() - 1000 ORDER BY i) AS y
				FROM generate_series(1, 60) k, generate_series(1, 48) i GROUP BY k) m, forecast(y, 12, 12) GROUP BY k) s
	JOIN (SELECT k, max(mean) - min(mean) AS means FROM (
		SELECT k, i % 12, avg(pg_temp.noise()) AS mean FROM generate_series(1, 60) k, generate_series(1, 48) i
				GROUP BY 1, 2) q GROUP BY k) m USING (k);
-- what logarithms cannot hold is forecast from the values
SELECT count(*) FROM forecast('{1e-100,1,1e100,1e200,1e300,1,1e-300,5,1e250,3}', 30);
