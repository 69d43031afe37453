-- CDNOW: 69,659 purchases of 23,570 customers: lifecycle, cohorts and repeat purchases, against plain SQL.
\cd :data
CREATE TEMP TABLE line (text text);
\copy line FROM CDNOW_master.txt
CREATE TEMP TABLE purchase AS SELECT f[1]::bigint AS customer, f[2]::date AS day, f[3]::int AS cds,
	f[4]::numeric AS dollars
FROM (SELECT regexp_split_to_array(btrim(text, E' \t\r'), '\s+') AS f FROM line) AS l WHERE f[1] ~ '^\d+$';
SELECT count(*) AS purchases, count(DISTINCT customer) AS customers, min(day), max(day), sum(dollars) AS dollars
	FROM purchase;
CREATE TEMP TABLE summary AS SELECT activity_summary(customer, day, 'month') AS s FROM purchase;
SELECT active_customers(s), active_customers(s, '[1997-01-01,1997-04-01)') AS first_quarter FROM summary;
-- lifecycle by month, and the same by plain SQL: customers and months, with the month before and the first one
SELECT l.* FROM summary, lifecycle(s, as_of => '1998-06-30') AS l;
CREATE TEMP TABLE active AS SELECT customer, month, lag(month) OVER w AS previous, first_value(month) OVER w AS first
FROM (SELECT DISTINCT customer, date_trunc('month', day)::date AS month FROM purchase) AS m
	WINDOW w AS (PARTITION BY customer ORDER BY month);
CREATE TEMP VIEW plain_lifecycle AS
SELECT month AS period, true AS complete, active, new, retained, active - new - retained AS resurrected,
	coalesce(lag(active) OVER w, 0) - retained AS lost,
	retained / (lag(active) OVER w)::float8 AS retention_rate,
		(lag(active) OVER w - retained) / (lag(active) OVER w)::float8 AS churn_rate
FROM (SELECT month, count(*) AS active, count(*) FILTER (WHERE month = first) AS new,
		count(*) FILTER (WHERE previous = month - interval '1 month') AS retained
	FROM active GROUP BY month) AS m WINDOW w AS (ORDER BY month);
SELECT count(*) AS months, count(*) FILTER (WHERE l IS DISTINCT FROM p) AS different
FROM (SELECT l.* FROM summary, lifecycle(s, as_of => '1998-06-30') AS l) AS l
	FULL JOIN plain_lifecycle AS p USING (period);
-- cohorts of the first purchase: the first three and the number of all customers in the triangle
SELECT c.* FROM summary, cohorts(s, as_of => '1998-06-30') AS c
	WHERE cohort <= '1997-03-01' AND age IN (0, 1, 2, 3, 6, 12, 15) ORDER BY cohort, age;
CREATE TEMP VIEW plain_cohorts AS
SELECT cohort, age, customers, count(a.customer) AS active, count(a.customer) / nullif(customers, 0)::float8 AS rate
FROM (SELECT m::date AS cohort, count(a.customer) AS customers FROM generate_series(date '1997-01-01', '1998-06-01',
		'1 month') AS m LEFT JOIN active AS a ON a.month = m AND a.first = m GROUP BY m) AS c
CROSS JOIN LATERAL (SELECT row_number() OVER (ORDER BY m) - 1 AS age, m::date AS month
		FROM generate_series(cohort, date '1998-06-01', '1 month') AS m) AS g
LEFT JOIN active AS a ON a.first = cohort AND a.month = g.month
GROUP BY cohort, age, customers;
SELECT count(*) AS cells, count(*)
	FILTER (WHERE (c.customers, c.active, c.rate) IS DISTINCT FROM (p.customers, p.active, p.rate)) AS different
FROM (SELECT c.* FROM summary, cohorts(s, as_of => '1998-06-30') AS c) AS c
	FULL JOIN plain_cohorts AS p USING (cohort, age);
-- customers by months with a purchase
SELECT count(*) AS different FROM (SELECT a.* FROM summary, active_periods(s) AS a) AS a FULL JOIN
	(SELECT periods, count(*) AS customers FROM (SELECT count(*) AS periods FROM active GROUP BY customer) AS n
			GROUP BY periods) AS p USING (periods)
WHERE a.customers IS DISTINCT FROM p.customers;
-- customers who bought on a second day
SELECT repeat_rate(customer, day) AS repeat_rate, repeat_rate(customer, day) =
	(SELECT avg((days > 1)::int) FROM (SELECT count(DISTINCT day) AS days FROM purchase GROUP BY customer) AS n)::float8
		AS as_plain FROM purchase;
-- what a customer spent, digit for digit
SELECT round(per_customer(customer, dollars), 2) AS dollars,
	per_customer(customer, dollars)::text = (sum(dollars) / count(DISTINCT customer))::text AS as_plain FROM purchase;
-- days merge into months without counting a customer twice
SELECT (SELECT rollup(s) FROM (SELECT activity_summary(customer, day, 'month') AS s FROM purchase GROUP BY day) AS d)
	= s AS merged_equal FROM summary;
-- daily purchases: the forecast for the next day and for the day a week later is nearer than the value of the week
-- before, over the last 28 days
SELECT horizon, count(*) AS days, avg(abs(f.value - y[t])) < avg(abs(y[t - 7] - y[t])) AS nearer,
	avg((y[t] BETWEEN f.lower AND f.upper)::int) > 0.9 AS in_interval
FROM (SELECT array_agg(n::float8 ORDER BY day) AS y FROM (SELECT d::date AS day, count(purchase.day) AS n
		FROM generate_series(timestamp '1997-01-01', timestamp '1998-06-30', interval '1 day') d LEFT JOIN purchase
		ON purchase.day = d::date GROUP BY d) q) s,
	unnest('{1,7}'::int[]) horizon, LATERAL generate_series(cardinality(y) - 27, cardinality(y)) t,
		LATERAL (SELECT * FROM forecast(y[:t - horizon], horizon, 7) f WHERE f.step = horizon) f
GROUP BY horizon ORDER BY horizon;
