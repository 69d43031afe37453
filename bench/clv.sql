-- clv.sql: what bench/clv runs, a section each.

--- fill
-- Orders in the order of time; some customers buy much more often than others.
CREATE EXTENSION kpi;
SELECT setseed(0.5);
CREATE TABLE orders AS
SELECT ceil(:orders / 5.0 * random() ^ 1.5)::bigint AS customer, date '2023-01-01' + (731 * ((i - 0.5) / :orders))::integer AS at,
	(random() * 100)::numeric(10,2) AS amount
FROM generate_series(1, :orders) i;
VACUUM (FREEZE, ANALYZE) orders;
SET work_mem = '1GB';
CREATE TABLE customer AS SELECT customer, rfm(at, amount) AS r FROM orders GROUP BY customer;
VACUUM (FREEZE, ANALYZE) customer;

--- compare
SET work_mem = '1GB';
SELECT count(*) FROM customer FULL JOIN (SELECT customer, sum(amount) AS total, count(DISTINCT at) AS days, max(at) - min(at) AS span FROM orders GROUP BY customer) AS plain USING (customer)
WHERE (amount_total(r), purchase_days(r), recency(r)) IS DISTINCT FROM (total, days::integer, span);

--- floor
SELECT count(customer) FROM orders;

--- rfm ours
SELECT count(r) FROM (SELECT customer, rfm(at, amount) AS r FROM orders GROUP BY customer OFFSET 0) AS q;

--- rfm plain
SELECT count(total), sum(days) FROM (SELECT customer, sum(amount) AS total, count(DISTINCT at) AS days FROM orders GROUP BY customer OFFSET 0) AS q;

--- rfm nested
SELECT count(total), sum(days) FROM (
	SELECT customer, sum(amount) AS total, count(*) AS days FROM (SELECT customer, at, sum(amount) AS amount FROM orders GROUP BY customer, at) AS day GROUP BY customer OFFSET 0) AS q;

--- rfm sum
SELECT count(total) FROM (SELECT customer, sum(amount) AS total FROM orders GROUP BY customer OFFSET 0) AS q;

--- rfm read
SELECT sum(frequency(r, '2024-12-31')), sum(recency(r, '2024-12-31')), sum(tenure(r, '2024-12-31')), sum(monetary(r, '2024-12-31')) FROM customer;
