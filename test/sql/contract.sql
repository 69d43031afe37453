-- Contracts: the shifted beta-geometric model, against published figures and against its sums in plain SQL.
\set VERBOSITY terse
CREATE TEMP TABLE cohort (name text, survivors bigint[], alpha numeric, beta numeric);
INSERT INTO cohort VALUES
	('Regular', '{1000,631,468,382,326,289,262,241}', 0.704077, 1.182042),
	('High End', '{1000,869,743,653,593,551,517,491}', 0.668088, 3.806092);
CREATE TEMP TABLE contract AS SELECT cohort.*, sbg_fit(survivors) AS m FROM cohort;
-- the figures of Fader and Hardie (2007), to six digits
SELECT c.name, p.name AS parameter, round(value::numeric, 4) AS value, round(standard_error::numeric, 4)
	AS standard_error, abs(value / CASE p.name WHEN 'alpha' THEN alpha ELSE beta END - 1) < 1e-5 AS published
FROM contract c, clv_parameters(m) p ORDER BY 1, 2;
-- P(1) = alpha/(alpha+beta), P(t) = P(t-1) (beta+t-2)/(alpha+beta+t-1); S(t) = S(t-1) - P(t)
CREATE TEMP TABLE plain AS WITH RECURSIVE s AS (
	SELECT name, m, a.value AS alpha, b.value AS beta, 0 AS t, 0::float8 AS p, 1::float8 AS s
		FROM contract, LATERAL (SELECT value FROM clv_parameters(m) q WHERE q.name = 'alpha') a,
		LATERAL (SELECT value FROM clv_parameters(m) q WHERE q.name = 'beta') b
	UNION ALL SELECT name, m, alpha, beta, t + 1, q, s - q FROM s, LATERAL (SELECT CASE t
			WHEN 0 THEN alpha / (alpha + beta) ELSE p * (beta + t - 1) / (alpha + beta + t) END AS q) q WHERE t < 12000)
SELECT * FROM s;
SELECT bool_and(abs(survival(m, t) / s - 1) < 1e-9) AS survival,
	bool_and(abs(retention(m, t) / (s / before) - 1) < 1e-9) FILTER (WHERE t > 0) AS retention
FROM (SELECT *, lag(s) OVER (PARTITION BY name ORDER BY t) AS before FROM plain WHERE t <= 2000) q;
SELECT name, array_agg(round(survival(m, t)::numeric, 4) ORDER BY t) AS survival,
	array_agg(round(retention(m, t + 1)::numeric, 4) ORDER BY t) AS retention FROM contract, generate_series(0, 7) t
	GROUP BY name ORDER BY name;
-- the log-likelihood as reported, and lower around
CREATE FUNCTION sbg_likelihood(survivors bigint[], alpha float8, beta float8) RETURNS float8 LANGUAGE sql AS $$
	WITH RECURSIVE s AS (SELECT 1 AS t, alpha / (alpha + beta) AS p, beta / (alpha + beta) AS s
		UNION ALL SELECT t + 1, p * (beta + t - 1) / (alpha + beta + t), s - p * (beta + t - 1) / (alpha + beta + t)
				FROM s WHERE t < array_length(survivors, 1) - 1)
	SELECT sum((survivors[t] - survivors[t + 1]) * ln(p)
			+ CASE WHEN t = array_length(survivors, 1) - 1 THEN survivors[t + 1] * ln(s) ELSE 0 END) FROM s $$;
SELECT name, abs(sbg_likelihood(survivors, alpha, beta) / log_likelihood(m) - 1) < 1e-11 AS as_reported,
	(SELECT bool_and(sbg_likelihood(survivors, alpha * exp(i * 0.01), beta * exp(j * 0.01)) < log_likelihood(m))
			FROM generate_series(-1, 1) i, generate_series(-1, 1) j WHERE (i, j) <> (0, 0)) AS lower_around,
	customers(m)
FROM (SELECT DISTINCT name, alpha, beta FROM plain) p JOIN (SELECT name, survivors, m FROM contract) c USING (name)
	ORDER BY name;
-- residual lifetime: the sum over all renewals to come, the one due now in full
SELECT bool_and(abs(residual_lifetime(m, n, d) / sum - 1) < 1e-9) AS residual_lifetime FROM (
	SELECT p.name, p.m, n, d, sum(p.s / o.s * (1 + d) ^ -(p.t - n - 1)) AS sum FROM plain p
			JOIN plain o ON o.name = p.name, unnest('{0,1,5}'::int[]) n, unnest('{0.01,0.1,1}'::float8[]) d
			WHERE o.t = n AND p.t > n AND (p.t - n) * ln(1 + d) < 300 GROUP BY 1, 2, 3, 4, o.s) q;
SELECT name, round(residual_lifetime(m, 0, 0.1)::numeric, 4) AS new, round(residual_lifetime(m, 5, 0.1)::numeric, 4)
	AS old, residual_lifetime(m, 0, 0) AS without_end FROM contract ORDER BY name;
SELECT round(residual_lifetime(m, 3, 0)::numeric, 10) AS exact,
	abs(residual_lifetime(m, 3, 1e-6) / residual_lifetime(m, 3, 0) - 1) < 0.01 AS near
	FROM (VALUES ('sbg(alpha=3 se 1, beta=2 se 1) log-likelihood=-5 customers=9 unit=period'::clv_model)) v(m);
-- the first period, and many of them, for any alpha and beta; S(t) as a product
SELECT count(*) AS cases, bool_and(abs(survival(m, 1) / retention(m, 1) - 1) < 1e-15) AS first,
	bool_and(abs(survival(m, 3) / (retention(m, 1) * retention(m, 2) * retention(m, 3)) - 1) < 1e-15) AS third,
	max(abs(survival(m, 5000) / product - 1)) < 1e-10 AS late,
	max(abs(survival(m, 200000) / survival(m, 199999) / retention(m, 200000) - 1)) FILTER (WHERE a <= 40) < 1e-9
		AS later
FROM unnest('{1e-6,0.3,1,40,1e5}'::float8[]) a, unnest('{1e-6,2,1e3,1e6}'::float8[]) b, LATERAL (SELECT format(
		'sbg(alpha=%s se 1, beta=%s se 1) log-likelihood=-5 customers=9 unit=period', a, b)::clv_model AS m) m,
	LATERAL (SELECT exp(sum(-ln(1 + a / (b + i)))) AS product FROM generate_series(0, 4999) i) p
		WHERE a < 1e5 OR b = 1e6;
-- residual lifetime at small parameters and discounts: the mean over Beta(alpha, beta + t), as a fine sum over y = ln(p
-- / (1 - p))
SELECT count(*) AS cases, max(abs(residual_lifetime(m, t, d) / mean - 1)) < 1e-9 AS residual_lifetime FROM (
	SELECT format('sbg(alpha=%s se 1, beta=%s se 1) log-likelihood=-5 customers=9 unit=period', a, b)::clv_model AS m,
		t, d, sum(w * (1 + d) * q / (d + p)) / sum(w) AS mean
	FROM unnest('{0.7,1.5,30}'::float8[]) a, unnest('{0.4,3.8}'::float8[]) b, unnest('{0,1,50}'::int[]) t,
		unnest('{1e-17,1e-8,1e-5,0.001,0.1,2}'::float8[]) d, generate_series(-1200, 800) i,
		LATERAL (SELECT 1 / (1 + exp(-i * 0.1::float8)) AS p, 1 / (1 + exp(i * 0.1::float8)) AS q) p,
				LATERAL (SELECT a * ln(p) + (b + t) * ln(q) AS l) l,
				LATERAL (SELECT CASE WHEN l > -600 THEN exp(l) ELSE 0 END AS w) w GROUP BY a, b, t, d) q;
SELECT round(residual_lifetime('sbg(alpha=1e-06 se 1, beta=1e-06 se 1) log-likelihood=-5 customers=9 unit=period', 0,
		0.1)::numeric, 4) AS half_stay;
-- counts that the model makes give its parameters back
SELECT p.name, abs(p.value / CASE p.name WHEN 'alpha' THEN 3 ELSE 2 END - 1) < 1e-4 AS recovered
	FROM clv_parameters((SELECT sbg_fit(array_agg(round(1e9 * survival('sbg(alpha=3 se 1, beta=2 se 1) '
		'log-likelihood=-5 customers=9 unit=period', t))::bigint ORDER BY t)) FROM generate_series(0, 8) t)) p;
SELECT m::text FROM contract WHERE name = 'Regular' AND m::text::clv_model = m AND m::text NOT
	LIKE 'sbg(alpha=0.704% se 0.0655%, beta=1.18204% se 0.152% log-likelihood=-1680.26% customers=1000 unit=period';
-- what counts cannot tell
SELECT sbg_fit('{100,60}') AS two, sbg_fit('{100,100,100}') AS nobody_left, sbg_fit('{100,0,0}') AS all_at_once,
	sbg_fit('{}') AS none, sbg_fit(NULL) AS nothing;
SELECT sbg_fit('{100000,50000,25000,12500,6250}') AS all_alike;
-- as good as all alike: likelihoods that rise to infinity, or to a maximum that nothing tells from it
SELECT sbg_fit(c::bigint[]) AS all_alike
	FROM unnest('{"{100,50,25}","{1000,500,250,125}","{1000,900,810,729}","{1000000,500000,250000,125001}"}'::text[]) c;
SELECT sbg_fit('{1000000,500000,250000,126001}') IS NOT NULL AS not_quite_alike;
SELECT sbg_fit('{100,60,61}');
SELECT sbg_fit('{100,-1,-2}');
SELECT sbg_fit('{100,NULL,20}');
SELECT sbg_fit('{{100,60},{40,20}}');
SELECT survival(m, -1) FROM contract;
SELECT retention(m, 0) FROM contract;
SELECT residual_lifetime(m, -1, 0.1) FROM contract;
SELECT residual_lifetime(m, 1, -0.1) FROM contract;
SELECT residual_lifetime(m, 1, 'NaN') FROM contract;
SELECT survival('bg/nbd(r=1 se 0, alpha=1 se 0, a=1 se 0, b=1 se 0) log-likelihood=-1 customers=9 unit=day value none',
		1);
SELECT survival(m, NULL), retention(NULL, 1), residual_lifetime(m, 1, NULL) FROM contract WHERE name = 'Regular';
DROP FUNCTION sbg_likelihood;
