-- Northwind: punctuality, average order value, freight.
\cd :data
\set ECHO none
SET client_min_messages = warning;
\i northwind_psql.sql
\set ECHO all
-- among the shipped orders 37 of 809 came after their date
SELECT hits(s), total(s) - hits(s) AS late, total(s), round(rate(s)::numeric, 6) AS on_time
FROM (SELECT on_time_summary(required_date, shipped_date, '1998-12-31') AS s FROM orders WHERE shipped_date IS NOT NULL) q;
SELECT on_time_summary(required_date, shipped_date, '1998-12-31') = rate_summary((shipped_date <= required_date) IS TRUE) AS as_plain FROM orders;
-- average order value; price and discount are real, taken as the decimals they show
CREATE TEMP VIEW line AS SELECT order_id, unit_price::text::numeric * quantity * (1 - discount::text::numeric) AS amount FROM order_details;
SELECT round(ratio_agg(amount, orders::numeric), 2) AS average_order_value, round(sum(amount), 2) AS revenue
FROM (SELECT order_id, sum(amount) AS amount, 1 AS orders FROM line GROUP BY order_id) q;
SELECT ratio_agg(amount, 1::numeric)::text = (sum(amount) / count(amount))::text AS as_plain FROM line;
-- days from order to shipment: percentiles within 1 % of the exact ones
SELECT p, percentile(s, p) AS days, abs(percentile_seconds(s, p) / extract(epoch FROM exact) - 1) <= 0.01 AS within_1_percent
FROM (SELECT duration_summary(shipped_date::timestamp - order_date) AS s FROM orders) q, unnest('{0.1,0.5,0.9}'::float8[]) p,
	LATERAL (SELECT percentile_disc(p) WITHIN GROUP (ORDER BY shipped_date::timestamp - order_date) AS exact FROM orders) e ORDER BY p;
SELECT mean_seconds(s) / 86400 = avg(shipped_date - order_date)::float8 AS mean_as_plain FROM (SELECT duration_summary(shipped_date::timestamp - order_date) AS s FROM orders) q, orders GROUP BY s;
