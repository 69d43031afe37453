-- Leading indicators: by hand, and against corr() on random series.
SET extra_float_digits = 0;
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/series.sql

SELECT * FROM lead_lag('{1,3,2,5,4,6}', '{9,1,3,2,5,4}', 4);
SELECT * FROM lead_lag('{1,1,1,1}', '{1,2,3,4}', 1);
SELECT lag, correlation FROM lead_lag('{1,2,NULL,4,5}', '{10,20,30,40,NULL}', 2);
SELECT lag, round(correlation::numeric, 12) AS correlation
	FROM lead_lag('{1e308,-1e308,1e308,0}', '{1e-320,0,1e-320,5e-321}', 0);
SELECT count(*) FROM lead_lag(NULL, '{1}', 1);
SELECT count(*), count(correlation) FROM lead_lag('{}', '{}', 2);
SELECT pg_temp.error(q) FROM unnest(ARRAY[$$SELECT lead_lag('{1,2}', '{1}', 1)$$, $$SELECT lead_lag('{1}', '{1}', -1)$$,
		$$SELECT lead_lag('{1}', '{1}', 10001)$$, $$SELECT lead_lag('{1,Infinity}', '{1,2}', 0)$$,
		$$SELECT lead_lag('{1,2}', '{1,NaN}', 0)$$]) q;
SELECT setseed(0.25);
-- against corr()
CREATE TEMP TABLE pair AS
SELECT k, t, CASE WHEN random() < 0.1 THEN NULL ELSE pg_temp.noise() * 10 + 1000 END AS x,
	CASE WHEN random() < 0.1 THEN NULL ELSE floor(random() * (k % 7)) - 5 END AS y
	FROM generate_series(1, 60) k, generate_series(1, 3 + k % 20) t;
SELECT count(*) AS lags, count(plain) > 100 AS many,
	count(*) FILTER (WHERE NOT pg_temp.near(correlation, plain, 1e-8)) AS different
FROM (SELECT k, array_agg(x ORDER BY t) AS xs, array_agg(y ORDER BY t) AS ys FROM pair GROUP BY k) q,
	LATERAL lead_lag(xs, ys, 6) l,
	LATERAL (SELECT CASE WHEN count(a.x + b.y) >= 3 THEN corr(a.x, b.y) END AS plain FROM pair a
			JOIN pair b ON b.k = a.k AND b.t = a.t + l.lag WHERE a.k = q.k) p;
