-- entropy_weights, ahp_weights
SET extra_float_digits = 0;

-- five KPIs of three units, by hand
SELECT round(w::numeric, 6) AS weight
	FROM unnest(entropy_weights('{{80,100,50,60,10},{82,100,50,85,40},{78,100,50,95,90}}')) AS w;
-- only relative differences count: the unit of a KPI does not matter, nor the size of numbers
SELECT bool_and(abs(a - b) < 1e-12) AS same
FROM unnest(entropy_weights('{{80,100,50,60,10},{82,100,50,85,40},{78,100,50,95,90}}'),
		entropy_weights('{{80e300,1,5e-300,6,1},{82e300,1,5e-300,8.5,4},{78e300,1,5e-300,9.5,9}}')) AS u(a, b);
-- from a table, a row a unit
SELECT entropy_weights(array_agg(ARRAY[a, b] ORDER BY unit))
	FROM (VALUES ('x', 1, 0), ('y', 1, 7), ('z', 1, 0)) AS v(unit, a, b);
-- nothing to learn: one unit, units that are equal, none
SELECT entropy_weights('{{1,2}}') AS one, entropy_weights('{{1,2},{1,2}}') AS equal,
	entropy_weights('{{0,0.1},{0,0.1},{0,0.1}}') AS zero, entropy_weights(NULL) AS null;
SELECT entropy_weights('{{0,1},{0,2}}') AS zero_column, entropy_weights('[0:1][5:6]={{0,1},{0,2}}') AS other_bounds;
-- values that lie very close lose no digits: d is about variance / (2 mean^2 ln n)
SELECT bool_and(abs(w * 5 - wanted) < 1e-6) AS precise
	FROM unnest(entropy_weights('{{1,1},{1.000001,1.000002}}'), ARRAY[1, 4]) AS u(w, wanted);
\set VERBOSITY terse
SELECT entropy_weights('{1,2}');
\echo :LAST_ERROR_SQLSTATE
SELECT entropy_weights('{}');
SELECT entropy_weights('{{1,2},{-3,4}}');
\echo :LAST_ERROR_SQLSTATE
SELECT entropy_weights('{{1,2},{3,NULL}}');
\echo :LAST_ERROR_SQLSTATE
SELECT entropy_weights('{{1,2},{3,NaN}}');
SELECT entropy_weights('{{1,2},{3,Infinity}}');

-- against the formula in plain SQL
SELECT setseed(0.25);
CREATE TEMP TABLE score AS
SELECT t, u, k, CASE WHEN random() < 0.1 THEN 0 ELSE random() * 10 ^ (k % 4) END AS x
FROM generate_series(1, 200) t, generate_series(1, 2 + t % 30) u, generate_series(1, 1 + t % 9) k;
WITH wanted AS (
	SELECT t, array_agg(d / nullif(total, 0) ORDER BY k) AS weights
	FROM (SELECT t, k, d, sum(d) OVER (PARTITION BY t) AS total FROM (
		SELECT t, k, 1 + sum(CASE WHEN x > 0 THEN x / whole * ln(x / whole) ELSE 0 END) / ln(count(*)) AS d
		FROM (SELECT *, nullif(sum(x) OVER (PARTITION BY t, k), 0) AS whole FROM score) s GROUP BY t, k) e) w
	GROUP BY t
), got AS (
	SELECT t, entropy_weights(array_agg(xs ORDER BY u)) AS weights
		FROM (SELECT t, u, array_agg(x ORDER BY k) AS xs FROM score GROUP BY t, u) r GROUP BY t
)
SELECT count(DISTINCT t) AS matrices, count(*) > 800 AS many, bool_and(abs(g - w) < 1e-9) AS same FROM wanted
	JOIN got USING (t), unnest(wanted.weights, got.weights) AS u(w, g) WHERE w IS NOT NULL;

-- comparisons by hand
SELECT (SELECT array_agg(round(w::numeric, 6)) FROM unnest(weights) w) AS weights, round(lambda::numeric, 6) AS lambda,
	round(consistency_ratio::numeric, 4) AS ratio
FROM ahp_weights(ARRAY[[1, 3, 5], [1.0/3, 1, 3], [1.0/5, 1.0/3, 1]]);
-- T. L. Saaty's wealth of nations: .427 .230 .021 .052 .052 .123 .094, lambda 7.61
SELECT (SELECT array_agg(round(w::numeric, 3)) FROM unnest(weights) w) AS weights, round(lambda::numeric, 2) AS lambda,
	round(consistency_ratio::numeric, 2) AS ratio
FROM ahp_weights(ARRAY[[1, 4, 9, 6, 6, 5, 5], [1.0/4, 1, 7, 5, 5, 3, 4], [1.0/9, 1.0/7, 1, 1.0/5, 1.0/5, 1.0/7, 1.0/5],
		[1.0/6, 1.0/5, 5, 1, 1, 1.0/3, 1.0/3],
	[1.0/6, 1.0/5, 5, 1, 1, 1.0/3, 1.0/3], [1.0/5, 1.0/3, 7, 3, 3, 1, 2], [1.0/5, 1.0/4, 5, 3, 3, 1.0/2, 1]]);
-- one KPI, two; rounded reciprocals; a contradiction in a circle, however strong
SELECT * FROM ahp_weights('{{1}}');
SELECT weights, lambda, consistency_ratio FROM ahp_weights('{{1,3},{0.3333333333333333,1}}');
SELECT (SELECT array_agg(round(w::numeric, 2)) FROM unnest(weights) w) AS weights, round(lambda::numeric, 1) AS lambda,
	consistency_ratio < 0.001 AS consistent FROM ahp_weights('{{1,2,7},{0.5,1,3.5},{0.14,0.29,1}}');
SELECT (SELECT array_agg(round(w::numeric, 6)) FROM unnest(weights) w) AS weights, round(lambda::numeric, 6) AS lambda,
	consistency_ratio > 100000 AS senseless FROM ahp_weights('{{1,1e6,1e-6},{1e-6,1,1e6},{1e6,1e-6,1}}');
SELECT * FROM ahp_weights(NULL);
SELECT ahp_weights('{{1,2,3},{0.5,1,2}}');
\echo :LAST_ERROR_SQLSTATE
SELECT ahp_weights('{{1,3},{3,1}}');
\echo :LAST_ERROR_SQLSTATE
SELECT ahp_weights('{{1,0},{0,1}}');
\echo :LAST_ERROR_SQLSTATE
SELECT ahp_weights('{{1,-3},{-0.333,1}}');
SELECT ahp_weights('{{1,NaN},{1,1}}');
SELECT ahp_weights('{{2,3},{0.333,1}}');
SELECT ahp_weights('{{1,NULL},{0.333,1}}');
SELECT ahp_weights('{1,2}');
SELECT ahp_weights((SELECT array_agg(r)
		FROM (SELECT array_agg(1) AS r FROM generate_series(1, 101) i, generate_series(1, 101) j GROUP BY i) q));
\echo :LAST_ERROR_SQLSTATE

-- random comparisons: A w = lambda w with w > 0 and sum 1, which only the principal eigenvector is
CREATE TEMP TABLE comparison AS
SELECT t, n, i, j, CASE WHEN i = j THEN 1 ELSE exp((random() - 0.5) * 2 * ln(9)) END AS a
FROM generate_series(1, 100) t, LATERAL (SELECT 1 + t % 12 AS n) s, generate_series(1, n) i, generate_series(i, n) j;
INSERT INTO comparison SELECT t, n, j, i, 1 / a FROM comparison WHERE i < j;
CREATE TEMP TABLE judged AS
SELECT t, n, (ahp_weights(array_agg(row ORDER BY i))).*
	FROM (SELECT t, n, i, array_agg(a ORDER BY j) AS row FROM comparison GROUP BY t, n, i) r GROUP BY t, n;
SELECT count(*) AS vectors, bool_and(ok) AS eigen FROM (
	SELECT t, i, abs(sum(a * weights[j]) - max(lambda) * max(weights[i])) < 1e-10 AND max(weights[i]) > 0 AS ok
			FROM comparison JOIN judged USING (t, n) GROUP BY t, i) q;
SELECT bool_and(abs((SELECT sum(w) FROM unnest(weights) w) - 1) < 1e-12) AS whole,
	bool_and(lambda >= n - 1e-9) AS lambda_at_least_n,
	bool_and(CASE WHEN n <= 2 THEN consistency_ratio = 0 WHEN n > 10 THEN consistency_ratio IS NULL
		ELSE abs(consistency_ratio - (lambda - n) / (n - 1)
				/ (ARRAY[.58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49])[n - 2]) < 1e-12 END) AS ratio
FROM judged;
CREATE TEMP TABLE part AS SELECT t, i, 0.1 + random() AS p
	FROM generate_series(1, 20) t, generate_series(1, 1 + t % 12) i;
-- comparisons that agree give back the weights they come from
SELECT bool_and(abs(got - want) < 1e-12) AS same, bool_and(coalesce(consistency_ratio, 0) < 1e-9) AS consistent
FROM (SELECT t, array_agg(p / whole ORDER BY i) AS wanted,
		(ahp_weights(array_agg((SELECT array_agg(w.p / o.p ORDER BY o.i) FROM part o WHERE o.t = w.t) ORDER BY i))).*
	FROM (SELECT *, sum(p) OVER (PARTITION BY t) AS whole FROM part) w GROUP BY t) q,
		unnest(q.wanted, weights) AS u(want, got);
