-- Northwind: punctuality, average order value, freight, customers and revenue over time.
\cd :data
\set ECHO none
SET client_min_messages = warning;
\i northwind_psql.sql
\set ECHO all
-- among the shipped orders 37 of 809 came after their date
SELECT hits(s), total(s) - hits(s) AS late, total(s), round(rate(s)::numeric, 6) AS on_time
FROM (SELECT on_time_summary(required_date, shipped_date, '1998-12-31') AS s FROM orders
		WHERE shipped_date IS NOT NULL) q;
SELECT on_time_summary(required_date, shipped_date, '1998-12-31')
	= rate_summary((shipped_date <= required_date) IS TRUE) AS as_plain FROM orders;
-- average order value; price and discount are real, taken as the decimals they show
CREATE TEMP VIEW line AS SELECT order_id, unit_price::text::numeric * quantity * (1 - discount::text::numeric) AS amount
	FROM order_details;
SELECT round(ratio_agg(amount, orders::numeric), 2) AS average_order_value, round(sum(amount), 2) AS revenue
FROM (SELECT order_id, sum(amount) AS amount, 1 AS orders FROM line GROUP BY order_id) q;
SELECT ratio_agg(amount, 1::numeric)::text = (sum(amount) / count(amount))::text AS as_plain FROM line;
-- days from order to shipment: percentiles within 1 % of the exact ones
SELECT p, percentile(s, p) AS days,
	abs(percentile_seconds(s, p) / extract(epoch FROM exact) - 1) <= 0.01 AS within_1_percent
FROM (SELECT duration_summary(shipped_date::timestamp - order_date) AS s FROM orders) q,
	unnest('{0.1,0.5,0.9}'::float8[]) p,
	LATERAL (SELECT percentile_disc(p) WITHIN GROUP (ORDER BY shipped_date::timestamp - order_date) AS exact
			FROM orders) e ORDER BY p;
SELECT mean_seconds(s) / 86400 = avg(shipped_date - order_date)::float8 AS mean_as_plain
	FROM (SELECT duration_summary(shipped_date::timestamp - order_date) AS s FROM orders) q, orders GROUP BY s;
-- customers of a year who order in the next, and customers with a second order
SELECT retention_rate(customer_id, order_date, '[1996-01-01,1997-01-01)', '[1997-01-01,1998-01-01)') = 65 / 67.0::float8
	AS kept_1997,
	retention_rate(customer_id, order_date, '[1997-01-01,1998-01-01)', '[1998-01-01,1999-01-01)') = 79 / 86.0::float8
		AS kept_1998,
	repeat_rate(customer_id, order_id) = 88 / 89.0::float8 AS repeat, count(DISTINCT customer_id) AS customers
		FROM orders;
SELECT period, complete, active, new, retained, resurrected, lost, round(retention_rate::numeric, 6) AS retention
	FROM lifecycle((SELECT activity_summary(customer_id, order_date, 'year') FROM orders), as_of => '1998-05-06');
SELECT count(*) FILTER (WHERE y97) AS both_96_97, count(*) AS y96 FROM (SELECT bool_or(order_date < '1997-01-01')
		AS y96, bool_or(date_part('year', order_date) = 1997) AS y97 FROM orders GROUP BY customer_id) q WHERE y96;
SELECT count(*) FILTER (WHERE y98) AS both_97_98, count(*) AS y97
	FROM (SELECT bool_or(date_part('year', order_date) = 1997) AS y97,
		bool_or(date_part('year', order_date) = 1998) AS y98 FROM orders GROUP BY customer_id) q WHERE y97;
-- revenue by year: closing and credits are all there is
SELECT period, opening, new, reactivation, expansion, contraction, churn, closing
	FROM (SELECT revenue_summary(customer_id, order_date, round(amount, 2), 'year') AS s FROM line
		JOIN orders USING (order_id)) q,
	revenue_movements(s, as_of => '1998-12-31');
SELECT sum(closing + credits) = (SELECT sum(round(amount, 2)) FROM line) AS sum_as_plain
	FROM (SELECT revenue_summary(customer_id, order_date, round(amount, 2), 'year') AS s FROM line
		JOIN orders USING (order_id)) q, revenue_movements(s);
-- monthly revenue: limits of 1997 (published: centre 51,423.77, mean moving range 13,129.40); January to April 1998
-- signal, May has 6 days
CREATE TEMP TABLE monthly AS SELECT date_trunc('month', order_date)::date AS month, sum(amount) AS revenue FROM line
	JOIN orders USING (order_id) WHERE order_date >= '1997-01-01' GROUP BY 1;
SELECT DISTINCT round(centre::numeric, 2) AS centre, round((range_limit / 3.268)::numeric, 2) AS mean_moving_range,
	round(lower::numeric, 2) AS lower, round(upper::numeric, 2) AS upper, round(range_limit::numeric, 2) AS range_limit
FROM (SELECT array_agg(month ORDER BY month) AS months, array_agg(revenue ORDER BY month) AS series FROM monthly) q,
	control_chart(months, series, 12);
SELECT at, round(value::numeric, 2) AS value, signal
	FROM (SELECT array_agg(month ORDER BY month) AS months, array_agg(revenue ORDER BY month) AS series FROM monthly) q,
	control_chart(months, series, 12) WHERE signal IS NOT NULL OR at >= '1998-01-01' ORDER BY at;
-- the year alone: the same limits without a baseline, digit for digit
SELECT count(DISTINCT (a.centre, a.lower, a.upper, a.range_limit)) = 1 AS as_baseline FROM (
	SELECT c.* FROM (SELECT array_agg(month ORDER BY month) AS months, array_agg(revenue ORDER BY month) AS series
			FROM monthly) q, control_chart(months, series, 12) c UNION ALL
	SELECT c.* FROM (SELECT array_agg(month ORDER BY month) AS months, array_agg(revenue ORDER BY month) AS series
			FROM monthly WHERE month < '1998-01-01') q, control_chart(months, series) c) a;
