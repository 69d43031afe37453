-- What test/sql/clv.sql leaves out: the likelihood and the scores that need integrals, by those that special.sql
-- tests.
\set VERBOSITY terse
SET extra_float_digits = 0;
\set ECHO none
\i :lib/purchases.sql
\set ECHO all
-- the likelihood of Pareto/NBD in plain SQL: as reported, and lower a little to every side
CREATE TABLE grouped AS SELECT kind, frequency(r, :as_of) AS x, recency(r, :as_of)::float8 AS tx,
	tenure(r, :as_of)::float8 AS t, count(*)::float8 AS n FROM buyer WHERE seed = 1 GROUP BY 1, 2, 3, 4;
CREATE FUNCTION pareto_likelihood(k text, r float8, alpha float8, s float8, beta float8) RETURNS float8
	LANGUAGE sql AS $$
	SELECT sum(n * ((SELECT coalesce(sum(ln(r + i)), 0) FROM generate_series(0, x - 1) i) + r * ln(alpha) + s * ln(beta)
			- (r + x) * ln(alpha + t) - s * ln(beta + t)
		+ CASE WHEN t > tx THEN ln(1 + exp(paretonbd_log_odds(r + x, alpha, s, beta, tx, t))) ELSE 0 END)) FROM grouped
			WHERE kind = k $$;
WITH f AS (
	SELECT kind, m, value_of(m, 'r') AS r, value_of(m, 'alpha') AS alpha, value_of(m, 's') AS s,
			value_of(m, 'beta') AS beta FROM fit WHERE seed = 1 AND kind = 'pareto/nbd'),
l AS (SELECT f.*, i,
		pareto_likelihood(kind, r * exp(d[1]), alpha * exp(d[2]), s * exp(d[3]), beta * exp(d[4])) AS likelihood
	FROM f, generate_series(-4, 4) i, LATERAL (SELECT array_agg(CASE abs(i) WHEN j THEN sign(i) * 0.003 ELSE 0 END
			ORDER BY j) AS d FROM generate_series(1, 4) j) d)
SELECT kind, bool_and(abs(likelihood / log_likelihood(m) - 1) < 1e-10) FILTER (WHERE i = 0) AS as_reported,
	bool_and(likelihood < log_likelihood(m)) FILTER (WHERE i <> 0) AS lower_around,
	count(*) FILTER (WHERE i <> 0) AS around FROM l GROUP BY kind ORDER BY kind;

-- scores of customers
CREATE TEMP TABLE one AS SELECT f.kind, f.m, b.r, frequency(b.r, :as_of) AS x, recency(b.r, :as_of)::float8 AS tx,
	tenure(b.r, :as_of)::float8 AS t, monetary(b.r, :as_of)::float8 AS mean
FROM fit f JOIN buyer b USING (kind, seed) WHERE seed = 1 AND customer <= 300;
SELECT kind, count(*) AS customers, max(abs(p_alive(m, r, :as_of) / CASE WHEN kind = 'pareto/nbd'
	THEN 1 / (1 + exp(paretonbd_log_odds(value_of(m, 'r') + x, value_of(m, 'alpha'), value_of(m, 's'),
			value_of(m, 'beta'), tx, t))) END - 1)) < 1e-11 AS p_alive,
	max(abs(expected_purchases(m, r, :as_of, interval '200 days 12:00')
			/ (p_alive(m, r, :as_of) * CASE WHEN kind <> 'pareto/nbd'
	THEN beta_purchases(value_of(m, 'r') + x, value_of(m, 'a'), value_of(m, 'b') + x + (kind = 'mbg/nbd')::int,
			200.5 / (value_of(m, 'alpha') + t)) END) - 1)) < 1e-11 AS expected_purchases
FROM one GROUP BY kind ORDER BY kind;

-- with a prior, weak or a model of all: as its likelihood says, and likelihood times prior lower a little to every side
CREATE TABLE lasting AS SELECT c AS id, rfm(:as_of - 31 * (c + 1) + i * 31, 20 + c) AS r
	FROM generate_series(1, 12) c, generate_series(0, c) i GROUP BY c;
INSERT INTO grouped SELECT 'lasting', frequency(r, :as_of), recency(r, :as_of), tenure(r, :as_of), 1 FROM lasting;
INSERT INTO grouped SELECT 'around', frequency(r, :as_of), recency(r, :as_of), tenure(r, :as_of), 1 FROM buyer
	WHERE seed = 1 AND kind = 'pareto/nbd' AND customer <= 60;
SET client_min_messages = warning;
WITH f AS (
	SELECT 'lasting' AS kind, ARRAY[0, ln(avg(tenure(r, :as_of))), 0, ln(avg(tenure(r, :as_of)))] AS middle,
		1.5 AS deviation, clv_fit(r, :as_of, 'pareto/nbd') AS m FROM lasting
	UNION ALL SELECT 'around', (SELECT array_agg(ln(value) ORDER BY n)
		FROM clv_parameters(f.m) WITH ORDINALITY p(k, value, e, n) WHERE n <= 4), 0.5, clv_fit(r, :as_of, f.m)
		FROM buyer JOIN fit f USING (kind, seed) WHERE seed = 1 AND kind = 'pareto/nbd' AND customer <= 60
		GROUP BY f.m),
l AS (SELECT f.*, i, pareto_likelihood(kind, exp(d[1]), exp(d[2]), exp(d[3]), exp(d[4])) AS likelihood,
		(SELECT sum(((a - b) / deviation) ^ 2 / 2) FROM unnest(d, middle) u(a, b)) AS of_prior
	FROM f, generate_series(-4, 4) i, LATERAL (SELECT
			array_agg(ln(value) + CASE abs(i) WHEN n THEN sign(i) * 0.003 ELSE 0 END ORDER BY n) AS d
		FROM clv_parameters(m) WITH ORDINALITY p(k, value, e, n) WHERE n <= 4) d)
SELECT kind, clv_prior(m),
	bool_and(abs(likelihood / log_likelihood(m) - 1) < 1e-10) FILTER (WHERE i = 0) AS as_reported,
	max(likelihood - of_prior) FILTER (WHERE i = 0) > max(likelihood - of_prior) FILTER (WHERE i <> 0) AS lower_around
	FROM l GROUP BY kind, m ORDER BY kind;
RESET client_min_messages;
