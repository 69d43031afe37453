-- Lifetime value where a group has few customers, or nobody seems to leave: Northwind, and CDNOW's 23,570 customers in
-- groups of 250 and of 100.
SET client_min_messages = warning;
\cd :data
\set ECHO none
\i northwind_psql.sql
\set ECHO all
-- 89 customers, nearly all of whom order again and again: each model has a number, with the weak prior where it has to
CREATE TEMP TABLE sale AS SELECT customer_id AS customer, order_date AS day,
	unit_price::text::numeric * quantity * (1 - discount::text::numeric) AS amount
	FROM orders JOIN order_details USING (order_id);
CREATE TEMP TABLE trader AS SELECT customer, rfm(day, amount) AS r FROM sale GROUP BY customer;
SELECT k AS model, clv_prior(m), customers(m), count(*) FILTER (WHERE clv > 0 AND clv < 100000) AS with_clv,
	rounded(avg(purchases), 1) AS purchases, rounded(avg(clv), -2) AS clv,
	bool_and(lower < clv AND clv < upper AND upper / lower < 10) AS intervals,
	abs(avg(clv) / (SELECT clv(customer, day, amount, '1998-05-06', '1 year', k, 0) FROM sale) - 1) < 1e-9 AS aggregate
FROM (SELECT k, m, r, expected_purchases(m, r, '1998-05-06', '1 year') AS purchases,
		clv(m, r, '1998-05-06', '1 year') AS clv, (clv_interval(m, r, '1998-05-06', '1 year')).*
	FROM trader, (SELECT k, clv_fit(r, '1998-05-06', k) AS m
		FROM trader, unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k GROUP BY k) f) q GROUP BY k, m ORDER BY k;
-- what they bought in the last year, to compare
SELECT round(count(DISTINCT (customer, day)) / 89.0, 1) AS purchases, round(sum(amount) / 89, -2) AS amount FROM sale
	WHERE day > '1997-05-06';
-- a holdout: fitted to the first year, the rest expected and bought
SELECT k AS model, round(sum(expected_purchases(m, r, '1997-06-30', '10 months'))) AS expected,
	sum(frequency(r, '1998-04-30') - frequency(r, '1997-06-30')) AS bought
FROM trader, (SELECT k, clv_fit(r, '1997-06-30', k) AS m FROM trader, unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k
	GROUP BY k) f WHERE tenure(r, '1997-06-30') IS NOT NULL GROUP BY k ORDER BY k;

CREATE TEMP TABLE line (text text);
\copy line FROM CDNOW_master.txt
CREATE TEMP TABLE buyer AS SELECT f[1]::bigint AS customer, rfm(f[2]::date, f[4]::numeric) AS r
	FROM (SELECT regexp_split_to_array(btrim(text, E' \t\r'), '\s+') AS f FROM line) AS l WHERE f[1] ~ '^\d+$'
	GROUP BY 1;
CREATE TEMP TABLE whole AS SELECT k, clv_fit(r, '1997-09-30', k) AS m FROM buyer,
	unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) k GROUP BY k;
CREATE TEMP TABLE groups AS SELECT size, (customer - 1) / size AS g, k, clv_fit(r, '1997-09-30', k) AS alone,
		clv_fit(r, '1997-09-30', m) AS around
	FROM buyer, whole, (VALUES (250, 60), (100, 235)) v(size, n) WHERE customer <= size * n GROUP BY 1, 2, 3;
-- every group has a model, and a value; groups of one kind, so that the whole as prior comes closer to it
SELECT size, k AS model, count(*) AS groups, count(alone) AS alone, count(around) AS around,
	count(*) FILTER (WHERE clv_prior(alone) = 'none') > count(*) / 2 AS by_likelihood,
	count(*) FILTER (WHERE clv_prior(alone) = 'weak') > 0 AS some_weak, bool_and(clv_prior(around) = 'model') AS prior,
	avg(abs(ln(a / w))) > avg(abs(ln(p / w))) AS closer, count(a) AS value_alone, count(p) AS value_around,
	avg(ln(a_upper / a)) > avg(ln(p_upper / p)) AS less_wide
FROM (SELECT size, k, alone, around, clv(alone, r, '1997-09-30', '1 year') AS a,
		clv(around, r, '1997-09-30', '1 year') AS p,
		clv_upper(alone, r, '1997-09-30', '1 year') AS a_upper, clv_upper(around, r, '1997-09-30', '1 year') AS p_upper,
		clv(m, r, '1997-09-30', '1 year') AS w
	FROM groups JOIN whole USING (k), (SELECT r FROM buyer WHERE customer = 1000) o) q GROUP BY 1, 2 ORDER BY 1, 2;
-- ten customers, some of them none who bought again
SELECT count(*) AS groups, count(m) AS fitted,
	bool_and(clv_upper(m, r, '1997-09-30', '1 year') > clv(m, r, '1997-09-30', '1 year')) AS with_clv
	FROM (SELECT customer / 10 AS g, clv_fit(r, '1997-09-30', m) AS m FROM buyer, whole
		WHERE k = 'bg/nbd' AND customer < 3000 GROUP BY 1) f, (SELECT r FROM buyer WHERE customer = 1000) o;
-- in how many of the groups' intervals of 95 % stands what the whole's model expects of a customer
SELECT size, k AS model, round(avg((expected_purchases(m, r, '1997-09-30', '39 weeks')
	BETWEEN e.lower AND e.upper)::int), 2) AS held
FROM groups JOIN whole USING (k), (SELECT r FROM buyer WHERE customer = 1000) o,
	expected_purchases_interval(alone, r, '1997-09-30', '39 weeks') e GROUP BY 1, 2 ORDER BY 1, 2;
