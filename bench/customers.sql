-- customers.sql: what bench/customers runs in PostgreSQL, a section each.  "ours" and "plain" of one name give the same
-- answer, which bench/customers_duckdb.mjs gives too.

--- fill
-- Events in the order of time, no two at one moment, of customers who arrive over the two years; some buy much more
-- often than others.  2 % of the amounts are refunds.
CREATE EXTENSION kpi;
SELECT setseed(0.5);
CREATE TABLE event AS
SELECT ceil(:rows / 10.0 * (0.2 + 0.8 * i / :rows) * random() ^ 1.5)::bigint AS customer,
	timestamptz '2023-01-01 00:00+00' + interval '731 days' * ((i - 0.5) / :rows) AS at,
	(random() * CASE WHEN random() < 0.02 THEN -100 ELSE 100 END)::numeric(10,2) AS amount,
	(ARRAY['visit', 'visit', 'visit', 'visit', 'visit', 'cart', 'cart', 'checkout', 'purchase', 'support'])[ceil(random() * 10)] AS step
FROM generate_series(1, :rows) i;
VACUUM (FREEZE, ANALYZE) event;
-- The 30 days of April 2024 by themselves, as a partition would hold them, and their daily summaries.
CREATE TABLE april AS SELECT * FROM event WHERE at >= '2024-04-01 00:00+00' AND at < '2024-05-01 00:00+00';
CREATE TABLE daily AS SELECT kpi_period(at, 'day') AS day, activity_summary(customer, at, 'day') AS summary FROM april GROUP BY 1;
VACUUM (FREEZE, ANALYZE) april, daily;

--- floor
SELECT count(customer) FROM event;

--- lifecycle ours
SELECT period, active, new, retained, resurrected, lost
FROM lifecycle((SELECT activity_summary(customer, at, 'month') FROM event), as_of => '2025-01-31');

--- lifecycle plain
-- distinct (customer, month), lag and lead over one window
WITH active AS (
	SELECT DISTINCT customer, date_trunc('month', at) AS month FROM event
), neighbours AS (
	SELECT month, lag(month) OVER w AS previous, lead(month) OVER w AS next FROM active WINDOW w AS (PARTITION BY customer ORDER BY month)
), months AS (
	SELECT month, count(*) AS active, count(*) FILTER (WHERE previous IS NULL) AS new,
		count(*) FILTER (WHERE month - previous <= interval '31 days') AS retained,
		count(*) FILTER (WHERE next - month <= interval '31 days') AS retained_next
	FROM neighbours GROUP BY month
)
SELECT coalesce(m.month, p.month + interval '1 month')::date, coalesce(m.active, 0), coalesce(m.new, 0), coalesce(m.retained, 0),
	coalesce(m.active - m.new - m.retained, 0), coalesce(p.active - p.retained_next, 0)
FROM months m FULL JOIN months p ON p.month + interval '1 month' = m.month ORDER BY 1;

--- lifecycle bits
-- for up to 63 months: a bit a month in one hash aggregate by customer, customers of equal history counted together
WITH customers AS (
	SELECT bit_or(1::bigint << width_bucket(at, :months)) AS bits FROM event GROUP BY customer
), histories AS (
	SELECT bits, count(*) AS n FROM customers GROUP BY bits
)
SELECT (date '2022-12-01' + i * interval '1 month')::date,
	coalesce(sum(n) FILTER (WHERE bits >> i & 1 = 1), 0),
	coalesce(sum(n) FILTER (WHERE bits >> i & 1 = 1 AND bits & ((1::bigint << i) - 1) = 0), 0),
	coalesce(sum(n) FILTER (WHERE bits >> (i - 1) & 3 = 3), 0),
	coalesce(sum(n) FILTER (WHERE bits >> (i - 1) & 3 = 2 AND bits & ((1::bigint << i) - 1) <> 0), 0),
	coalesce(sum(n) FILTER (WHERE bits >> (i - 1) & 3 = 1), 0)
FROM histories, generate_series(1, 25) i GROUP BY i ORDER BY 1;

--- cohorts ours
SELECT cohort, age, customers, active
FROM cohorts((SELECT activity_summary(customer, at, 'month') FROM event), as_of => '2024-12-31') WHERE active > 0;

--- cohorts plain
-- distinct (customer, month), min over a window
WITH active AS (
	SELECT DISTINCT customer, date_trunc('month', at) AS month FROM event
), born AS (
	SELECT min(month) OVER (PARTITION BY customer) AS cohort, month FROM active
), cells AS (
	SELECT cohort, month, count(*) AS active FROM born GROUP BY cohort, month
)
SELECT cohort::date, (extract(year FROM age(month, cohort)) * 12 + extract(month FROM age(month, cohort)))::integer AS age,
	first_value(active) OVER (PARTITION BY cohort ORDER BY month), active
FROM cells ORDER BY 1, 2;

--- cohorts bits
WITH customers AS (
	SELECT bit_or(1::bigint << width_bucket(at, :months)) AS bits FROM event GROUP BY customer
), histories AS (
	SELECT bits, count(*) AS n FROM customers GROUP BY bits
), cells AS (
	SELECT c, i - c AS age, sum(n) AS active
	FROM histories, generate_series(1, 24) i, LATERAL (SELECT (ln((bits & -bits)::double precision) / ln(2::double precision))::integer AS c) born
	WHERE bits >> i & 1 = 1 GROUP BY 1, 2
)
SELECT (date '2022-12-01' + c * interval '1 month')::date, age, first_value(active) OVER (PARTITION BY c ORDER BY age), active
FROM cells ORDER BY 1, 2;

--- movements ours
SELECT period, new::numeric(20,2), reactivation::numeric(20,2), expansion::numeric(20,2), contraction::numeric(20,2), churn::numeric(20,2),
	closing::numeric(20,2), customers
FROM revenue_movements((SELECT revenue_summary(customer, at, amount, 'month') FROM event), as_of => '2025-01-31');

--- movements plain
-- sum by (customer, month), lag and lead over one window
WITH net AS (
	SELECT customer, date_trunc('month', at) AS month, sum(amount) AS amount FROM event GROUP BY 1, 2 HAVING sum(amount) > 0
), neighbours AS (
	SELECT month, amount, lag(month) OVER w AS previous, lag(amount) OVER w AS previous_amount, lead(month) OVER w AS next
	FROM net WINDOW w AS (PARTITION BY customer ORDER BY month)
), months AS (
	SELECT month, sum(amount) AS closing, count(*) AS customers,
		sum(amount) FILTER (WHERE previous IS NULL) AS new,
		sum(amount) FILTER (WHERE month - previous > interval '31 days') AS reactivation,
		sum(amount - previous_amount) FILTER (WHERE month - previous <= interval '31 days' AND amount > previous_amount) AS expansion,
		sum(previous_amount - amount) FILTER (WHERE month - previous <= interval '31 days' AND amount < previous_amount) AS contraction,
		sum(amount) FILTER (WHERE next IS NULL OR next - month > interval '31 days') AS churn_next
	FROM neighbours GROUP BY month
)
SELECT coalesce(m.month, p.month + interval '1 month')::date, coalesce(m.new, 0)::numeric(20,2), coalesce(m.reactivation, 0)::numeric(20,2),
	coalesce(m.expansion, 0)::numeric(20,2), coalesce(m.contraction, 0)::numeric(20,2), coalesce(p.churn_next, 0)::numeric(20,2),
	coalesce(m.closing, 0)::numeric(20,2), coalesce(m.customers, 0)
FROM months m FULL JOIN months p ON p.month + interval '1 month' = m.month ORDER BY 1;

--- funnel ours
SELECT step, customers
FROM funnel((SELECT funnel_summary(customer, at, step, '{visit,cart,checkout,purchase}') FROM event), '30 days');

--- funnel plain
-- The latest start that a step's event can belong to is a running maximum over the events of the step before: nested
-- window functions over one sort.  Exact for unique times, without self-joins.
WITH one AS (
	SELECT customer, at, step, max(at) FILTER (WHERE step = 'visit') OVER w AS start
	FROM event WHERE step IN ('visit', 'cart', 'checkout', 'purchase')
	WINDOW w AS (PARTITION BY customer ORDER BY at ROWS UNBOUNDED PRECEDING)
), two AS (
	SELECT *, max(start) FILTER (WHERE step = 'cart') OVER w AS start2
	FROM one WINDOW w AS (PARTITION BY customer ORDER BY at ROWS UNBOUNDED PRECEDING)
), three AS (
	SELECT *, max(start2) FILTER (WHERE step = 'checkout') OVER w AS start3
	FROM two WINDOW w AS (PARTITION BY customer ORDER BY at ROWS UNBOUNDED PRECEDING)
), depths AS (
	SELECT max(CASE step WHEN 'visit' THEN 1
		WHEN 'cart' THEN CASE WHEN at - start <= interval '30 days' THEN 2 END
		WHEN 'checkout' THEN CASE WHEN at - start2 <= interval '30 days' THEN 3 END
		WHEN 'purchase' THEN CASE WHEN at - start3 <= interval '30 days' THEN 4 END END) AS depth
	FROM three GROUP BY customer
)
SELECT i, count(*) FROM depths, generate_series(1, 4) i WHERE depth >= i GROUP BY i ORDER BY i;

--- month ours
SELECT active_customers(rollup(summary)) FROM daily;

--- month scan
SELECT active_customers(activity_summary(customer, at, 'day')) FROM april;

--- month plain
SELECT count(DISTINCT customer) FROM april;
