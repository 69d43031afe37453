-- Predictive customer lifetime value: fits against known parameters and against the likelihood in plain SQL, scores
-- against their formulas.  What needs the integrals of the models for that is in test/probes.
\set VERBOSITY terse
SET extra_float_digits = 0;
-- what is measured is in functions, tables and fits of lib/purchases.sql
\getenv abs_srcdir PG_ABS_SRCDIR
\set ECHO none
\i :abs_srcdir/lib/purchases.sql
\set ECHO all
--
-- Fits.
--
-- every parameter lies within three standard errors of the true one, on the scale of logarithms
CREATE TEMP TABLE truth (kind text, name text, value float8);
INSERT INTO truth SELECT k, 'r', 2 FROM unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k
UNION ALL SELECT k, 'alpha', 300 FROM unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k
	UNION ALL SELECT k, 'a', 1 FROM unnest('{bg/nbd,mbg/nbd}'::text[]) k
	UNION ALL SELECT k, 'b', 3 FROM unnest('{bg/nbd,mbg/nbd}'::text[]) k
	UNION ALL VALUES ('pareto/nbd', 's', 2), ('pareto/nbd', 'beta', 1500)
	UNION ALL SELECT k, p.* FROM unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k,
		(VALUES ('p', 3), ('q', 4), ('gamma', 60)) p;
SELECT t.kind, count(*) AS parameters, bool_and(abs(ln(p.value / t.value)) < 3 * standard_error / p.value) AS recovered,
	bool_and(standard_error / p.value BETWEEN 0.003 AND 0.6) AS known,
	bool_or(abs(ln(p.value / t.value)) > 0.1 * standard_error / p.value) AS not_given
FROM fit, clv_parameters(m) p JOIN truth t USING (name) WHERE t.kind = fit.kind GROUP BY t.kind ORDER BY t.kind;
SELECT kind, array_agg(name ORDER BY n) FROM fit, clv_parameters(m) WITH ORDINALITY AS p(name, value, standard_error, n)
	WHERE seed = 1 GROUP BY kind ORDER BY kind;
SELECT bool_and(customers(m) = 4000) AS customers, bool_and(log_likelihood(m) < 0) AS log_likelihood FROM fit;
-- each model fits data of its own kind best
SELECT kind, (array_agg(model ORDER BY likelihood DESC))[1] AS best FROM (
	SELECT kind, model, log_likelihood(clv_fit(r, :as_of, model)) AS likelihood
			FROM buyer, unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) model WHERE seed = 1 GROUP BY 1, 2) q
		GROUP BY kind ORDER BY kind;

-- The likelihood in plain SQL: as reported, and lower a little to every side.
CREATE TABLE grouped AS SELECT kind, frequency(r, :as_of) AS x, recency(r, :as_of)::float8 AS tx,
	tenure(r, :as_of)::float8 AS t, count(*)::float8 AS n FROM buyer WHERE seed = 1 GROUP BY 1, 2, 3, 4;
CREATE FUNCTION bg_likelihood(k text, r float8, alpha float8, a float8, b float8) RETURNS float8 LANGUAGE sql AS $$
	SELECT sum(n * ((SELECT coalesce(sum(ln(r + i)), 0) FROM generate_series(0, x - 1) i) + r * ln(alpha) + ln(
		-- the customer is there after k chances to leave, or left at the last
		(SELECT coalesce(exp(sum(ln((b + i) / (a + b + i)))), 1) FROM generate_series(0, x + modified - 1) i)
			* (alpha + t) ^ -(r + x)
		+ CASE WHEN x + modified > 0 THEN a / (a + b + x + modified - 1) * (SELECT coalesce(exp(sum(ln((b + i) /
				(a + b + i)))), 1) FROM generate_series(0, x + modified - 2) i) * (alpha + tx) ^ -(r + x) ELSE 0 END)))
	FROM grouped, (SELECT CASE k WHEN 'mbg/nbd' THEN 1 ELSE 0 END AS modified) f WHERE kind = k $$;
WITH f AS (
	SELECT kind, m, value_of(m, 'r') AS r, value_of(m, 'alpha') AS alpha, value_of(m, 'a') AS a, value_of(m, 'b') AS b
			FROM fit WHERE seed = 1 AND kind <> 'pareto/nbd'),
l AS (SELECT f.*, i, bg_likelihood(kind, r * exp(d[1]), alpha * exp(d[2]), a * exp(d[3]), b * exp(d[4])) AS likelihood
	FROM f, generate_series(-4, 4) i, LATERAL (SELECT array_agg(CASE abs(i) WHEN j THEN sign(i) * 0.003 ELSE 0 END
			ORDER BY j) AS d FROM generate_series(1, 4) j) d)
SELECT kind, bool_and(abs(likelihood / log_likelihood(m) - 1) < 1e-10) FILTER (WHERE i = 0) AS as_reported,
	bool_and(likelihood < log_likelihood(m)) FILTER (WHERE i <> 0) AS lower_around,
	count(*) FILTER (WHERE i <> 0) AS around FROM l GROUP BY kind ORDER BY kind;

-- time in weeks, money in cents: the same customers
CREATE TEMP TABLE rescaled AS SELECT customer, rfm(date '1950-01-01' + 7 * (day - date '2010-01-01'), 100 * amount) AS r
	FROM purchase WHERE kind = 'pareto/nbd' AND seed = 1 GROUP BY 1;
SELECT k AS model, round((value_of(w, 'r') / value_of(d, 'r'))::numeric, 7) AS r,
	round((value_of(w, 'alpha') / value_of(d, 'alpha'))::numeric, 7) AS alpha,
	round((value_of(w, 'p') / value_of(d, 'p'))::numeric, 7) AS p,
	round((value_of(w, 'gamma') / value_of(d, 'gamma'))::numeric, 6) AS gamma,
	(SELECT bool_and(abs(clv(w, b.r, date '1950-01-01' + 7 * (:as_of - date '2010-01-01'), interval '700 days')
			/ (100 * clv(d, a.r, :as_of, interval '100 days')) - 1) < 1e-7) FROM buyer a
			JOIN rescaled b USING (customer) WHERE a.kind = 'pareto/nbd' AND a.seed = 1) AS same_scores
FROM (SELECT k, clv_fit(a.r, :as_of, k) AS d, clv_fit(b.r, date '1950-01-01' + 7 * (:as_of - date '2010-01-01'), k) AS w
		FROM buyer a JOIN rescaled b USING (customer), unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k
		WHERE a.kind = 'pareto/nbd' AND a.seed = 1 GROUP BY k) q ORDER BY k;

-- the same rows in another order; the state through its forms
SELECT kind, count(DISTINCT m::text) AS models FROM (
	SELECT kind, m FROM fit WHERE seed = 2
	UNION ALL SELECT kind, clv_fit(r, :as_of, kind ORDER BY u(customer, 77, 0)) FROM buyer WHERE seed = 2 GROUP BY 1
	UNION ALL SELECT kind, clv_fit(r, :as_of, upper(kind) ORDER BY customer DESC) FROM buyer WHERE seed = 2
			GROUP BY 1) q GROUP BY kind ORDER BY kind;
CREATE AGGREGATE clv_sample_of(rfm, date, text) (SFUNC = clv_sample_accum, STYPE = clv_sample);
CREATE AGGREGATE clv_fit_of(clv_sample) (SFUNC = clv_sample_add, STYPE = clv_sample, FINALFUNC = clv_fit_final);
SELECT kind,
	clv_fit_of(s::text::clv_sample)::text = (SELECT m::text FROM fit f WHERE f.kind = q.kind AND seed = 2) AS as_text
FROM (SELECT kind, clv_sample_of(r, :as_of, kind) AS s FROM buyer WHERE seed = 2 GROUP BY kind, customer % 3) q
	GROUP BY kind ORDER BY kind;
SELECT bool_and(m::text::clv_model = m) AS lossless FROM fit;

--
-- Scores.
--
CREATE TEMP TABLE one AS SELECT f.kind, f.m, b.r, frequency(b.r, :as_of) AS x, recency(b.r, :as_of)::float8 AS tx,
	tenure(b.r, :as_of)::float8 AS t, monetary(b.r, :as_of)::float8 AS mean
FROM fit f JOIN buyer b USING (kind, seed) WHERE seed = 1 AND customer <= 300;
SELECT kind, count(*) AS customers, max(abs(p_alive(m, r, :as_of) / CASE kind
	WHEN 'bg/nbd' THEN 1 / (1 + CASE WHEN x > 0 THEN value_of(m, 'a') / (value_of(m, 'b') + x - 1)
			* ((value_of(m, 'alpha') + t) / (value_of(m, 'alpha') + tx)) ^ (value_of(m, 'r') + x) ELSE 0 END)
	WHEN 'mbg/nbd' THEN 1 / (1 + value_of(m, 'a') / (value_of(m, 'b') + x)
			* ((value_of(m, 'alpha') + t) / (value_of(m, 'alpha') + tx)) ^ (value_of(m, 'r') + x))
	END - 1)) < 1e-11 AS p_alive,
	max(abs(expected_purchases(m, r, :as_of, interval '200 days 12:00') / (p_alive(m, r, :as_of) * CASE kind
	WHEN 'pareto/nbd' THEN (value_of(m, 'r') + x) * (value_of(m, 'beta') + t)
		/ (value_of(m, 'alpha') + t) / (value_of(m, 's') - 1)
		* (1 - ((value_of(m, 'beta') + t) / (value_of(m, 'beta') + t + 200.5)) ^ (value_of(m, 's') - 1))
	END) - 1)) < 1e-11 AS expected_purchases,
	max(abs(expected_value(m, r, :as_of) / (value_of(m, 'p') * (value_of(m, 'gamma') + x * coalesce(mean, 0))
			/ (value_of(m, 'p') * x + value_of(m, 'q') - 1)) - 1)) < 1e-11 AS expected_value,
	max(abs(clv(m, r, :as_of, interval '1 year')
			/ (expected_purchases(m, r, :as_of, interval '1 year') * expected_value(m, r, :as_of)) - 1)) < 1e-11 AS clv
FROM one GROUP BY kind ORDER BY kind;
-- BG/NBD: nobody leaves without a second purchase; the others doubt
SELECT kind, bool_and(p_alive(m, r, :as_of) = 1) FILTER (WHERE x = 0) AS one_time_buyers_alive,
	bool_and(p_alive(m, r, :as_of) < 1) FILTER (WHERE x > 0 AND t > tx) AS others_less FROM one GROUP BY kind
	ORDER BY kind;
-- discounted: against 2,000 steps
SELECT kind, max(abs(clv(m, r, :as_of, interval '2000 days', 0.15) / (expected_value(m, r, :as_of)
		* (SELECT sum((e2 - e1) * 1.15 ^ (-(i + 0.5) / 365.25)) FROM generate_series(0, 1999) i,
	LATERAL (SELECT expected_purchases(m, r, :as_of, i * interval '1 day') AS e1,
			expected_purchases(m, r, :as_of, (i + 1) * interval '1 day') AS e2) e)) - 1)) < 1e-6 AS discounted
FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY x DESC, t) AS i FROM one) q WHERE i % 100 = 1
	GROUP BY kind ORDER BY kind;
-- where all is settled within a small part of alpha + T, or of beta + T, or never: by parts with Simpson's rule of
-- 3,000 steps
CREATE TEMP TABLE settled AS SELECT (p || ' log-likelihood=-1 customers=10 unit=day value '
		'gamma-gamma(p=2 se 1, q=2 se 1, gamma=0.5 se 1) log-likelihood=-1 customers=10')::clv_model AS m
	FROM unnest('{
	"bg/nbd(r=300 se 1, alpha=2100 se 1, a=10 se 1, b=1 se 1)",
	"bg/nbd(r=1000 se 1, alpha=7000 se 1, a=10 se 1, b=1 se 1)",
	"mbg/nbd(r=100000 se 1, alpha=700000 se 1, a=1000 se 1, b=10 se 1)",
	"bg/nbd(r=177 se 1, alpha=1275 se 1, a=17.5 se 1, b=2.2 se 1)",
	"bg/nbd(r=50 se 1, alpha=5 se 1, a=0.001 se 1, b=300 se 1)",
	"mbg/nbd(r=0.1 se 1, alpha=0.01 se 1, a=300 se 1, b=0.1 se 1)",
	"bg/nbd(r=2 se 1, alpha=300 se 1, a=1e-05 se 1, b=1 se 1)",
	"pareto/nbd(r=1 se 1, alpha=10 se 1, s=1000 se 1, beta=50000 se 1)",
	"pareto/nbd(r=1 se 1, alpha=10 se 1, s=100000 se 1, beta=30000 se 1)",
	"pareto/nbd(r=9 se 1, alpha=10 se 1, s=0.01 se 1, beta=0.01 se 1)"}'::text[]) p;
SELECT count(*) AS cases, max(abs(clv(m, r, '1990-01-01'::date + age, interval '3650 days', d)
		/ (expected_value(m, r, '1990-01-01'::date + age) * fine) - 1)) < 1e-9 AS discounted FROM (
	SELECT m, r, age, d, sum((1 + d) ^ (-t / 365.25) * e * (CASE WHEN i = 3000 THEN 1 ELSE 0 END + ln(1 + d) / 365.25
			* width * CASE WHEN i IN (0, 3000) THEN 1 WHEN i % 2 = 1 THEN 4 ELSE 2 END / 3)) AS fine FROM (
		SELECT *, expected_purchases(m, r, '1990-01-01'::date + age, make_interval(secs => 86400 * t)) AS e
		FROM settled, (VALUES ('(1990-01-01=1)'::rfm, 0), ('(1990-01-01=1;1990-01-05=1;1990-01-09=1)', 12)) v(r, age),
			generate_series(0, 3000) i,
			LATERAL (SELECT 3650 * (exp(i * 0.004) - 1) / (exp(12) - 1) AS t,
					0.004 * 3650 * exp(i * 0.004) / (exp(12) - 1) AS width) t) q,
		unnest('{0.1,2}'::float8[]) d GROUP BY 1, 2, 3, 4) q;
SELECT bool_and(clv(m, r, :as_of, interval '1 year', 0.1) < clv(m, r, :as_of, interval '1 year')),
	bool_and(clv(m, r, :as_of, interval '0') = 0),
	bool_and(clv(m, r, :as_of, interval '1 year', 1e-9) / clv(m, r, :as_of, interval '1 year') BETWEEN 0.999999 AND 1)
	FROM one;
-- a horizon is counted on the calendar
SELECT bool_and(expected_purchases(m, r, :as_of, '1 month') = expected_purchases(m, r, :as_of, '31 days')),
	bool_and(expected_purchases(m, r, :as_of - 20, '1 month') = expected_purchases(m, r, :as_of - 20, '28 days'))
	FROM one;

-- A thousand purchases or none, a day or thirty years: finite, and where it must be.
CREATE TEMP TABLE extreme AS SELECT m::clv_model FROM unnest('{
	"bg/nbd(r=0.24 se 0, alpha=31 se 0, a=0.79 se 0, b=2.4 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9",
	"bg/nbd(r=9 se 0, alpha=0.01 se 0, a=1 se 0, b=0.0001 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9",
	"bg/nbd(r=0.0001 se 0, alpha=100000 se 0, a=0.0001 se 0, b=5000 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9",
	"mbg/nbd(r=0.52 se 0, alpha=43 se 0, a=0.89 se 0, b=1.6 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9",
	"mbg/nbd(r=9 se 0, alpha=0.01 se 0, a=1000 se 0, b=0.0001 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9",
	"pareto/nbd(r=0.55 se 0, alpha=74 se 0, s=0.6 se 0, beta=82 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9",
	"pareto/nbd(r=0.0001 se 0, alpha=0.001 se 0, s=1 se 0, beta=100000 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9",
	"pareto/nbd(r=90 se 0, alpha=10000 se 0, s=50 se 0, beta=0.001 se 0) log-likelihood=-1 customers=9 unit=day '
		'value gamma-gamma(p=6 se 1, q=3.7 se 1, gamma=15 se 1) log-likelihood=-1 customers=9"
	}'::text[]) m;
CREATE TEMP TABLE edge AS SELECT n, days, (SELECT rfm(date '1990-01-01' + g, 10) FROM generate_series(0, n) g) AS r,
	date '1990-01-01' + n + days AS as_of FROM unnest('{0,1,1000}'::int[]) n, unnest('{0,1,365,10957}'::int[]) days;
SELECT count(*) AS cases, bool_and(p_alive(m, r, as_of) BETWEEN 0 AND 1) AS p_alive,
	bool_and(expected_purchases(m, r, as_of, h) >= 0 AND expected_purchases(m, r, as_of, h) < 1e9)
	AS expected_purchases,
	bool_and(clv(m, r, as_of, h, d) >= 0 AND clv(m, r, as_of, h, d) < 1e9) AS clv
		FROM extreme, edge, unnest('{0,1 day,30 years}'::interval[]) h, unnest('{0,0.1,3}'::float8[]) d;
-- the same at the ends of what a model may hold, to the end of time: in order, and they end
CREATE TEMP TABLE corner AS SELECT format('%s(r=%s se 0, alpha=%s se 0, %s=%s se 0, %s=%s se 0) log-likelihood=-1 '
		'customers=9 unit=day value gamma-gamma(p=2 se 1, q=2 se 1, gamma=%s se 1) log-likelihood=-1 customers=9',
	k, r, alpha, CASE k WHEN 'pareto/nbd' THEN 's' ELSE 'a' END, a, CASE k WHEN 'pareto/nbd' THEN 'beta' ELSE 'b' END,
			b, gamma)::clv_model AS m
FROM unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k, unnest('{1e-6,1e6}'::float8[]) r,
	unnest('{1e-30,1e15}'::float8[]) alpha, unnest('{1e-6,1e6}'::float8[]) a, unnest('{1e-6,1e6}'::float8[]) b,
	unnest('{1e45}'::float8[]) gamma;
SELECT count(*) AS cases, bool_and(p BETWEEN 0 AND 1) AS p_alive,
	bool_and(e >= 0 AND e < 'infinity') AS expected_purchases, bool_and(c >= 0 AND c < 'infinity') AS clv,
	bool_and(discounted >= 0 AND discounted <= c * 1.0000000001) AS discounted
FROM corner, (VALUES ('(1990-01-01=1)'::rfm, date '1990-01-01'), ('(1990-01-01=1;1990-01-02=1)', '2040-01-03')) v(r, d),
	LATERAL (SELECT p_alive(m, r, d) AS p, expected_purchases(m, r, d, '250000 years') AS e,
			clv(m, r, d, '250000 years') AS c, clv(m, r, d, '250000 years', 1e-12) AS discounted) q;
-- a and b so large that everybody is lost with the same probability
SELECT abs(expected_purchases('bg/nbd(r=3 se 1, alpha=7 se 1, a=1e6 se 1, b=3e5 se 1) log-likelihood=-1 customers=10 '
		'unit=day value none', '(1990-01-01=1)', '1990-01-01', '70 days') / ((1 - (1 + 10 / 1.3) ^ -3) * 1.3) - 1)
	< 1e-5 AS all_alike;
-- beyond them there is no model
SELECT 'bg/nbd(r=1 se 1, alpha=1 se 1, a=1e21 se 1, b=1e21 se 1) log-likelihood=-1 customers=10 unit=day value '
	'none'::clv_model;
SELECT 'bg/nbd(r=1e-7 se 1, alpha=1 se 1, a=1 se 1, b=1 se 1) log-likelihood=-1 customers=10 unit=day value '
	'none'::clv_model;
SELECT 'pareto/nbd(r=1 se 1, alpha=1 se 1, s=1 se 1, beta=1e16 se 1) log-likelihood=-1 customers=10 unit=day value '
	'none'::clv_model;
SELECT 'sbg(alpha=1 se 1, beta=1e7 se 1) log-likelihood=-1 customers=10 unit=period'::clv_model;
-- longer without a purchase is less alive, longer ahead is more
SELECT bool_and(p_alive(m, a.r, a.as_of) >= p_alive(m, b.r, b.as_of)) AS falls FROM extreme, edge a
	JOIN edge b USING (n) WHERE a.days < b.days;
SELECT bool_and(expected_purchases(m, r, as_of, '1 day') <= expected_purchases(m, r, as_of, '2 days')) AS rises
	FROM extreme, edge;

--
-- What the data cannot tell, and what callers get wrong.
--
CREATE TEMP TABLE small AS SELECT c, rfm(date '2024-01-01' + c % 7 + d * 30, 10 + c % 5) AS r
	FROM generate_series(1, 30) c, generate_series(0, c % 2) d GROUP BY c;
SELECT clv_fit(r, '2024-06-30') IS NULL AS nine_repeaters FROM small WHERE c <= 18;
SELECT clv_fit(r, '2024-06-30') IS NULL AS no_rows FROM small WHERE false;
SELECT clv_fit(NULL::rfm, '2024-06-30') IS NULL AS only_null;
SELECT clv_fit(r, '2023-06-30') IS NULL AS none_bought_yet FROM small;
-- everybody buys twice, thirty days apart, and never again: no optimum but with the weak prior
SELECT clv_prior(clv_fit(r, '2024-06-30')) FROM small;
SELECT clv_prior(clv_fit(r, '2024-06-30', 'mbg/nbd')) FROM small;
SELECT clv_prior(clv_fit(r, '2024-06-30', 'pareto/nbd')) FROM small;
-- a rises to infinity and b falls to zero, ever more slowly: none either
SELECT clv_prior(clv_fit(r, '2024-06-30'))
	FROM (SELECT rfm(date '2024-06-30' - t + CASE WHEN i = 0 THEN 0 ELSE tx END, 1) AS r
	FROM (VALUES (0, 0, 1, 5), (0, 0, 2, 5), (0, 0, 3, 4), (0, 0, 4, 1), (0, 0, 5, 3), (1, 1, 1, 2),
			(1, 1, 2, 2), (1, 1, 4, 2), (1, 1, 5, 3), (1, 2, 2, 1), (1, 2, 3, 1), (1, 3, 4, 1)) v(x, tx, t, n),
			generate_series(1, n) c, generate_series(0, x) i GROUP BY x, tx, t, c) q;
-- equal values: the model of value, with the weak prior, says so within a part in a hundred
SELECT clv_prior(m), (SELECT count(*) FROM clv_parameters(m)) AS parameters,
	abs(clv(m, r, :as_of, '1 year') / (10 * expected_purchases(m, r, :as_of, '1 year')) - 1) < 0.01 AS clv,
	abs(expected_value(m, r, :as_of) / 10 - 1) < 0.01 AS value
FROM (SELECT clv_fit(s, :as_of) AS m, (array_agg(s))[1] AS r
		FROM (SELECT rfm(day, 10) AS s FROM purchase WHERE kind = 'bg/nbd' AND seed = 1 GROUP BY customer) q) q;
-- without repeat purchases of a value there is no model of it
SELECT m::text LIKE '% value none' AS without_value FROM (SELECT clv_fit(s, :as_of) AS m
		FROM (SELECT rfm(day, 0) AS s FROM purchase WHERE kind = 'bg/nbd' AND seed = 1 GROUP BY customer) q) q;
-- a mean that does not exist
SELECT clv(m, rfm('2024-01-01'::date, 5), '2024-01-02', '1 year') AS one_time,
	expected_value(m, rfm(d::date, 5), '2024-01-09') > 0 AS again
FROM (VALUES ('bg/nbd(r=1 se 0, alpha=1 se 0, a=1 se 0, b=1 se 0) log-likelihood=-1 customers=9 unit=day value '
		'gamma-gamma(p=1 se 1, q=0.9 se 1, gamma=15 se 1) log-likelihood=-1 customers=9'::clv_model)) v(m),
	generate_series(timestamp '2024-01-01', '2024-01-05', '1 day') d GROUP BY m;
-- not yet a customer
SELECT p_alive(m, r, '2009-12-31'), expected_purchases(m, r, '2009-12-31', '1 year'),
	expected_value(m, r, '2009-12-31'), clv(m, r, '2009-12-31', '1 year'), p_alive(NULL, r, '2018-01-01'),
	p_alive(m, NULL, '2018-01-01'), clv(m, r, '2018-01-01', '1 year', NULL) FROM one LIMIT 1;
SELECT count(*) FROM clv_parameters(NULL);
SELECT clv_fit(r, NULL) FROM small;
SELECT clv_fit(r, CASE WHEN c < 5 THEN date '2024-06-30' END) FROM small;
SELECT clv_fit(r, date '2024-06-30' + c / 20) FROM small;
SELECT clv_fit(r, 'infinity') FROM small;
SELECT clv_fit(r, '2024-06-30', 'bgnbd') FROM small;
SELECT clv_fit(r, '2024-06-30', NULL) FROM small;
SELECT clv_fit(r, '2024-06-30', CASE WHEN c < 20 THEN 'bg/nbd' ELSE 'mbg/nbd' END) FROM small;
SELECT clv_fit_of(s)
	FROM (SELECT clv_sample_of(r, date '2024-06-30' + c % 2, 'bg/nbd') AS s FROM small GROUP BY c % 2) q;
SELECT p_alive(m, r, 'infinity') FROM one LIMIT 1;
SELECT expected_purchases(m, r, :as_of, '-1 day') FROM one LIMIT 1;
SELECT clv(m, r, :as_of, '1 year', -0.1) FROM one LIMIT 1;
SELECT clv(m, r, :as_of, '1 year', 'NaN') FROM one LIMIT 1;
SELECT p_alive(sbg_fit('{100,60,45,37}'), r, :as_of) FROM one LIMIT 1;

--
-- The aggregate clv: the same as fitting and scoring by hand, for every type of key and time.
--
SET TIME ZONE 'UTC';
SELECT kind, round(clv::numeric, 4) AS clv, clv > 1 AS some, abs(bigint / clv - 1) < 1e-9
	AND abs(uuid / clv - 1) < 1e-9 AND abs(text / clv - 1) < 1e-9 AND abs(timestamp / clv - 1) < 1e-9
	AND abs(timestamptz / clv - 1) < 1e-9 AS as_by_hand FROM (
	SELECT kind, clv(customer::bigint, day, amount, :as_of, '300 days') AS bigint, clv(md5(customer::text)::uuid, day,
			amount, :as_of, '300 days') AS uuid, clv(customer::text, day, amount, :as_of, '300 days') AS text,
		clv(customer::bigint, day + time '20:00', amount, :as_of, '300 days') AS timestamp,
				clv(customer::text, (day + time '20:00')::timestamptz, amount, :as_of, '300 days') AS timestamptz
				FROM purchase WHERE seed = 3 GROUP BY kind) a
JOIN (SELECT kind, avg(clv(m, r, :as_of, '300 days')) AS clv FROM buyer JOIN (SELECT kind, clv_fit(r, :as_of) AS m
		FROM buyer WHERE seed = 3 GROUP BY kind) f USING (kind) WHERE seed = 3 GROUP BY kind) h USING (kind)
	ORDER BY kind;
-- rows after as_of and rows with NULL change nothing; refunds count as in rfm
SELECT clv(customer, day, amount, date '2015-06-30', '1 year') = clv(customer, day, amount, date '2015-06-30', '1 year')
	FILTER (WHERE day <= '2015-06-30') AS cut,
	abs(clv(customer, day, CASE WHEN customer % 50 = 3 THEN -amount ELSE amount END, date '2015-06-30', '1 year')
			/ (SELECT avg(clv(m, r, date '2015-06-30', '1 year'))
			FROM (SELECT r, clv_fit(r, date '2015-06-30') OVER () AS m FROM
		(SELECT rfm(day, CASE WHEN customer % 50 = 3 THEN -amount ELSE amount END) AS r FROM purchase
				WHERE kind = 'bg/nbd' AND seed = 3 GROUP BY customer) q) q) - 1) < 1e-9 AS refunds
FROM (SELECT customer::bigint, day, amount FROM purchase WHERE kind = 'bg/nbd' AND seed = 3
		UNION ALL VALUES (NULL::bigint, date '2012-01-01', 5), (77, NULL, 5), (77, '2012-01-01', NULL)) q;
SELECT customer % 500 AS segment, clv(customer::bigint, day, amount, :as_of, '1 year') AS too_small FROM purchase
	WHERE kind = 'bg/nbd' AND seed = 3 AND customer % 500 < 2 GROUP BY 1 ORDER BY 1;
-- states that no rows make
SELECT clv_history_mean('(day,bigint,39,"","9000 0 90 0";-7:8000=1050)');
SELECT clv_history_mean('(day,bigint,2,"","9000 0 -90 0";-7:8000=1050)');
SELECT clv_history_mean('(day,bigint,2,"","9000 2147483647 0 0";-7:8000=1050)');
SELECT clv_sample_add(s, s) FROM (VALUES ('(,bigint,0,"","9000 bg/nbd";0:30=4611686018427387904)'::clv_sample)) v(s);
SELECT clv_sample_add(s, s) FROM (VALUES ('(,bigint,0,"","9000 bg/nbd";0:30=5)'::clv_sample)) v(s);
-- amounts whose sum no number of 38 digits holds: what needs no sum is there
SELECT p_alive(m, r, d) = p_alive(m, s, d) AS p_alive, frequency(r, d), expected_value(m, r, d) > 1e37 AS expected_value
	FROM (VALUES
	('bg/nbd(r=1 se 0, alpha=10 se 0, a=1 se 0, b=2 se 0) log-likelihood=-1 customers=9 unit=day value gamma-gamma(p=1 '
			'se 1, q=3 se 1, gamma=15 se 1) log-likelihood=-1 customers=9'::clv_model,
	'(2024-01-01=90000000000000000000000000000000000000;2024-01-02=90000000000000000000000000000000000000;'
		'2024-01-04=90000000000000000000000000000000000000)'::rfm,
	'(2024-01-01=1;2024-01-02=1;2024-01-04=1)'::rfm, date '2024-02-01')) v(m, r, s, d);
SELECT amount_total(
		'(2024-01-01=90000000000000000000000000000000000000;2024-01-02=90000000000000000000000000000000000000;'
			'2024-01-04=90000000000000000000000000000000000000)'::rfm);
SELECT clv(1::bigint, date '2024-01-01', 5, NULL, '1 year');
SELECT clv(1::bigint, date '2024-01-01', 5, '2024-06-30', NULL);
SELECT clv(1::bigint, date '2024-01-01', 5, '2024-06-30', '-1 year');
SELECT clv(1::bigint, date '2024-01-01', 5, 'infinity', '1 year');
SELECT clv(g::bigint, date '2024-01-01', 5, '2024-06-30', g * interval '1 year') FROM generate_series(1, 2) g;
SELECT clv(g::bigint, 'infinity'::date, 5, '2024-06-30', '1 year') FROM generate_series(1, 2) g;
SELECT clv(g::bigint, date '2024-01-01', 'NaN', '2024-06-30', '1 year') FROM generate_series(1, 2) g;

DROP TABLE purchase, buyer, fit, grouped;
DROP AGGREGATE clv_sample_of(rfm, date, text), clv_fit_of(clv_sample);
DROP FUNCTION u, gamma_draw, simulate, value_of, bg_likelihood;
