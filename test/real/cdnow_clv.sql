-- CDNOW, the sample of 2,357 customers: the published figures of the purchase models, in weeks of seven days.
\cd :data
CREATE TEMP TABLE line (text text);
\copy line FROM CDNOW_sample.txt
CREATE TEMP TABLE purchase AS SELECT f[2]::bigint AS customer, f[3]::date AS day, f[5]::numeric AS dollars
FROM (SELECT regexp_split_to_array(btrim(text, E' \t\r'), '\s+') AS f FROM line) AS l WHERE f[1] ~ '^\d+$';
CREATE TEMP TABLE buyer AS SELECT customer, rfm(day, dollars) AS r FROM purchase GROUP BY customer;
CREATE TEMP TABLE fit AS SELECT 'bg/nbd' AS model, clv_fit(r, '1997-09-30') AS m FROM buyer
UNION ALL SELECT 'pareto/nbd', clv_fit(r, '1997-09-30', 'pareto/nbd') FROM buyer
UNION ALL SELECT 'mbg/nbd', clv_fit(r, '1997-09-30', 'mbg/nbd') FROM buyer;
SELECT count(*) AS customers, sum(frequency(r, '1997-09-30')) AS repeats, count(monetary(r, '1997-09-30')) AS repeaters,
	round(avg(monetary(r, '1997-09-30')), 2) AS monetary FROM buyer;
-- parameters to 1e-4, standard errors to 1 %; alpha and beta are in days here
CREATE TEMP TABLE published (model text, name text, value float8, error float8);
INSERT INTO published VALUES ('bg/nbd', 'r', .24259452, .012557), ('bg/nbd', 'alpha', 4.41360202, .378224),
	('bg/nbd', 'a', .79292202, .185734), ('bg/nbd', 'b', 2.42590678, .705414),
	('pareto/nbd', 'r', .553277, NULL), ('pareto/nbd', 'alpha', 10.577684, NULL), ('pareto/nbd', 's', .606240, NULL),
	('bg/nbd', 'p', 6.249572, NULL), ('bg/nbd', 'q', 3.744225, NULL), ('bg/nbd', 'gamma', 15.443521, NULL);
SELECT fit.model, name,
	abs(p.value / CASE WHEN name IN ('alpha', 'beta') THEN 7 ELSE 1 END / o.value - 1) < 1e-4 AS value,
	abs(standard_error / CASE WHEN name IN ('alpha', 'beta') THEN 7 ELSE 1 END / error - 1) < 0.01 AS standard_error
		FROM fit, LATERAL clv_parameters(m) AS p JOIN published AS o USING (name) WHERE fit.model = o.model
		ORDER BY 1, 2;
-- log-likelihoods to 1e-6: that in days is that in weeks - 2457 ln 7
SELECT model, abs((log_likelihood(m) + 2457 * ln(7)) / CASE model WHEN 'bg/nbd' THEN -9582.42920667
		ELSE -9594.976179 END - 1) < 1e-6 AS log_likelihood, customers(m),
	abs(substring(m::text, 'value .*log-likelihood=(\S+)')::float8 / -4055.917695 - 1) < 1e-6 AS of_values,
		substring(m::text, 'value .*customers=(\d+)') AS repeaters FROM fit WHERE model <> 'mbg/nbd' ORDER BY 1;
-- the mean of all values
SELECT round(expected_value(m, rfm(date '1997-09-30', 5), '1997-09-30')::numeric, 4) AS mean FROM fit
	WHERE model = 'bg/nbd' GROUP BY m;
-- customer (2, 30.429, 38.857), 39 weeks: 213 and 272 days
SELECT model, round(expected_purchases(m, r, '1997-09-30', '39 weeks')::numeric, 4) AS purchases,
	round(p_alive(m, r, '1997-09-30')::numeric, 5) AS p_alive
FROM fit, (SELECT rfm(date '1997-09-30' - 272 + d, 10) AS r FROM unnest('{0,100,213}'::int[]) AS d) AS c ORDER BY 1;
-- the holdout to 1998-06-30: purchases to expect and those made
SELECT model, round(sum(expected_purchases(m, r, '1997-09-30', '39 weeks'))::numeric, 2) AS expected,
	sum(frequency(r) - frequency(r, '1997-09-30')) AS observed FROM fit, buyer GROUP BY model ORDER BY 1;
-- by number of purchases before
SELECT least(frequency(r, '1997-09-30'), 7) AS x, count(*) AS customers,
	round(avg(expected_purchases(m, r, '1997-09-30', '39 weeks'))::numeric, 3) AS expected,
	round(avg(frequency(r) - frequency(r, '1997-09-30')), 3) AS observed
FROM fit, buyer WHERE model = 'bg/nbd' GROUP BY 1 ORDER BY 1;
-- one number, and the same by hand
SELECT round(clv(customer, day, dollars, '1997-09-30', '39 weeks')::numeric, 4) AS clv,
	(SELECT round(avg(clv(m, r, '1997-09-30', '39 weeks'))::numeric, 4) FROM fit, buyer WHERE model = 'bg/nbd')
	AS by_hand FROM purchase;
