-- Revenue over time and per customer, against independent plain SQL.
\pset format unaligned
\pset null -
\set VERBOSITY terse
SET datestyle = iso;

-- the figures of the literature: A grows, B shrinks, C leaves, D is new, E comes back
CREATE TEMP TABLE paid (customer text, at date, amount numeric);
INSERT INTO paid VALUES ('E', '2023-11-10', 10), ('A', '2024-01-05', 100), ('B', '2024-01-06', 100),
	('C', '2024-01-07', 100),
	('A', '2024-02-05', 150), ('B', '2024-02-06', 40), ('D', '2024-02-10', 70), ('E', '2024-02-11', 20);
SELECT * FROM revenue_movements((SELECT revenue_summary(customer, at, amount, 'month') FROM paid), '2024-02-01',
		'2024-02-29') \gx
-- the whole history: rows without gaps; the last period with data is taken to be running
SELECT period, complete, opening, new, reactivation AS react, expansion, contraction, churn, closing, credits
	FROM revenue_movements((SELECT revenue_summary(customer, at, amount, 'month') FROM paid));
SELECT period, complete, opening, new, churn, closing
	FROM revenue_movements((SELECT revenue_summary(customer, at, amount, 'month') FROM paid), '2023-09-30',
		'2024-03-31');
-- a running month has no losses and no rates
SELECT * FROM revenue_movements((SELECT revenue_summary(customer, at, amount, 'month') FROM paid),
		from_date => '2024-02-15', as_of => '2024-02-28') \gx
SELECT * FROM revenue_cohorts((SELECT revenue_summary(customer, at, amount, 'month') FROM paid));
SELECT *
	FROM revenue_cohorts((SELECT revenue_summary(customer, at, amount, 'month') FROM paid), '2024-01-01', '2024-02-28');
-- two subscriptions of one customer, cancelled one after the other: contraction, then churn
SELECT period, opening, new, contraction, churn, closing, churned_customers, grr FROM revenue_movements((
	SELECT subscription_summary(customer, during, amount, 'month', '2024-06-30')
	FROM (VALUES (1, daterange('2024-01-01', '2024-03-01'), 30),
			(1, daterange('2024-01-15', '2024-04-10'), 12.5)) v(customer, during, amount)), as_of => '2024-06-30');
-- what a subscription covers: periods whose last day it has, up to through
SELECT subscription_summary(customer, during, amount, 'month', '2000-04-29') FROM (VALUES
	(1, '[2000-01-31,2000-02-29]'::daterange, 1), (2, '[2000-01-01,2000-01-31)', 1), (3, '[2000-02-10,)', 1.50),
	(4, '[2000-02-10,infinity)', 1), (5, 'empty', 1), (6, '[2000-04-01,)', 1),
	(NULL, '[2000-01-01,)', 1), (7, NULL, 1), (8, '[2000-01-01,)', NULL), (9, '[2001-01-01,)', 1)) v(customer, during,
	amount);
-- net <= 0 is inactive, and its sum is credits; a zero is a gap; a refund before the first purchase belongs to no
-- cohort
WITH t(customer, at, amount) AS (VALUES (1, '2024-01-01'::date, -5), (1, '2024-02-01', 20), (1, '2024-03-01', 7),
		(1, '2024-03-05', -7), (1, '2024-04-01', 8), (2, '2024-02-02', 9.90), (2, '2024-02-03', -12)),
	s AS (SELECT revenue_summary(customer, at, amount, 'month') AS s FROM t)
SELECT period, opening, new, reactivation, churn, closing, credits, customers, arpa
	FROM s, LATERAL revenue_movements(s);
WITH t(customer, at, amount) AS (VALUES (1, '2024-01-01'::date, -5), (1, '2024-02-01', 20), (1, '2024-03-01', -7),
		(1, '2024-04-01', 8)), s AS (SELECT revenue_summary(customer, at, amount, 'month') AS s FROM t)
SELECT c.* FROM s, LATERAL revenue_cohorts(s) c;

-- randomised: irregular customers, refunds, zeros, several scales
CREATE FUNCTION pg_temp.h(id int, salt int) RETURNS int
	LANGUAGE sql IMMUTABLE RETURN abs(hashint4extended(id, salt) % 1000);
CREATE TEMP TABLE event AS
SELECT id, (pg_temp.h(id, 1) * pg_temp.h(id, 2) / 4000)::bigint AS customer,
	'2021-11-15'::date + pg_temp.h(id, 3) AS at,
	round(CASE WHEN pg_temp.h(id, 4) < 150 THEN -pg_temp.h(id, 5) WHEN pg_temp.h(id, 4) < 250 THEN 0
			ELSE pg_temp.h(id, 6) / 2 END / 8.0, pg_temp.h(id, 7) % 4) AS amount
FROM generate_series(1, 3000) id;
-- a gap of months, refunds that leave nothing, and rows that don't count
DELETE FROM event WHERE at BETWEEN '2023-02-25' AND '2023-05-05';
INSERT INTO event SELECT 10000 + id, customer, at, -amount FROM event WHERE pg_temp.h(id, 8) < 80;
INSERT INTO event SELECT 20000 + id, CASE WHEN id % 3 <> 0 THEN customer END, CASE WHEN id % 3 <> 1 THEN at END,
	CASE WHEN id % 3 <> 2 THEN amount END FROM event WHERE id <= 100;
SELECT count(*) > 2500 AS events, count(DISTINCT customer) > 150 AS customers,
	count(*) FILTER (WHERE amount < 0) > 200 AS refunds FROM event;

CREATE FUNCTION pg_temp.bucket(at date, unit text) RETURNS date LANGUAGE sql IMMUTABLE RETURN
	CASE unit WHEN 'year apr' THEN date_trunc('year', at - interval '3 months') + interval '3 months'
		WHEN 'week sun' THEN date_trunc('week', at + interval '1 day') - interval '1 day'
			ELSE date_trunc(unit, at) END::date;
CREATE FUNCTION pg_temp.step(unit text) RETURNS interval LANGUAGE sql IMMUTABLE RETURN
	CASE unit WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || split_part(unit, ' ', 1))::interval END;
CREATE FUNCTION pg_temp.last_day(period date, unit text) RETURNS date
	LANGUAGE sql IMMUTABLE RETURN (period + pg_temp.step(unit))::date - 1;

CREATE FUNCTION pg_temp.movements(u text, from_d date, until date, l int)
RETURNS TABLE (period date, complete boolean, opening numeric, new numeric, reactivation numeric, expansion numeric,
		contraction numeric, churn numeric, closing numeric, credits numeric,
	opening_customers bigint, new_customers bigint, reactivated_customers bigint, churned_customers bigint,
		customers bigint,
	nrr numeric, nrr_with_reactivation numeric, grr numeric, logo_churn numeric, quick_ratio numeric, arpa numeric)
		LANGUAGE sql AS $$
WITH net AS MATERIALIZED (
	SELECT e.customer, pg_temp.bucket(e.at, u) AS p, sum(e.amount) AS net FROM event e
	WHERE e.customer IS NOT NULL AND e.at IS NOT NULL AND e.amount IS NOT NULL
			AND (until IS NULL OR pg_temp.bucket(e.at, u) <= pg_temp.bucket(until, u)) GROUP BY 1, 2),
spine AS MATERIALIZED (
	SELECT p::date, row_number() OVER (ORDER BY p)::int AS n
	FROM generate_series(least((SELECT min(p) FROM net), pg_temp.bucket(from_d, u)),
		CASE WHEN until IS NULL THEN (SELECT max(p) FROM net) ELSE pg_temp.bucket(until, u) END, pg_temp.step(u)) p),
active AS MATERIALIZED (SELECT customer, n, net FROM net JOIN spine USING (p) WHERE net > 0),
entered AS (SELECT customer, min(n) AS first FROM active GROUP BY customer),
pair AS (
	SELECT n, customer, c.net AS now, o.net AS before, first
	FROM (SELECT customer, n FROM active UNION SELECT customer, n + l FROM active) k
	LEFT JOIN active c USING (customer, n) LEFT JOIN (SELECT customer, n + l AS n, net FROM active) o
			USING (customer, n) JOIN entered USING (customer)),
summed AS (
	SELECT n, sum(before) AS opening, sum(now) FILTER (WHERE before IS NULL AND first > n - l) AS new,
		sum(now) FILTER (WHERE before IS NULL AND first <= n - l) AS reactivation,
		sum(now - before) FILTER (WHERE now > before) AS expansion, sum(before - now) FILTER (WHERE now < before)
			AS contraction, sum(before) FILTER (WHERE now IS NULL) AS churn,
		sum(now) AS closing, count(before) AS opening_customers,
		count(*) FILTER (WHERE before IS NULL AND first > n - l) AS new_customers,
		count(*) FILTER (WHERE before IS NULL AND first <= n - l) AS reactivated,
		count(*) FILTER (WHERE now IS NULL) AS churned, count(now) AS customers
	FROM pair GROUP BY n),
full_row AS (
	SELECT p, CASE WHEN until IS NULL THEN p < (SELECT max(p) FROM net) ELSE pg_temp.last_day(p, u) <= until END
			AS done, coalesce(s.opening, 0) AS opening,
		coalesce(s.new, 0) AS new, coalesce(s.reactivation, 0) AS reactivation, coalesce(s.expansion, 0) AS expansion,
		coalesce(s.contraction, 0) AS contraction, coalesce(s.churn, 0) AS churn, coalesce(s.closing, 0) AS closing,
			coalesce(r.credits, 0) AS credits,
		coalesce(s.opening_customers, 0) AS opening_customers, coalesce(s.new_customers, 0) AS new_customers,
		coalesce(s.reactivated, 0) AS reactivated, coalesce(s.churned, 0) AS churned,
		coalesce(s.customers, 0) AS customers
	FROM spine LEFT JOIN summed s USING (n) LEFT JOIN (SELECT p, sum(net) AS credits FROM net WHERE net <= 0
			GROUP BY p) r USING (p) WHERE from_d IS NULL OR p >= pg_temp.bucket(from_d, u))
SELECT p, done, opening, new, reactivation, expansion, CASE WHEN done THEN contraction END,
	CASE WHEN done THEN churn END, closing, credits,
	opening_customers, new_customers, reactivated, CASE WHEN done THEN churned END, customers,
	round(CASE WHEN done THEN (opening + expansion - contraction - churn) / nullif(opening, 0) END, 10),
	round(CASE WHEN done THEN (opening + reactivation + expansion - contraction - churn) / nullif(opening, 0) END, 10),
	round(CASE WHEN done THEN (opening - contraction - churn) / nullif(opening, 0) END, 10),
	round(CASE WHEN done THEN churned::numeric / nullif(opening_customers, 0) END, 10),
	round(CASE WHEN done THEN (new + reactivation + expansion) / nullif(contraction + churn, 0) END, 10),
	round(closing / nullif(customers, 0), 10)
FROM full_row $$;
ANALYZE event;
CREATE TEMP TABLE unit AS SELECT u, (SELECT revenue_summary(customer, at, amount, u) FROM event) AS s
	FROM unnest('{day,week,week sun,month,quarter,year,year apr}'::text[]) u;
CREATE TEMP TABLE question AS SELECT * FROM unit, unnest('{1,3,12}'::int[]) l,
	(VALUES (NULL::date, NULL::date), ('2022-06-10', NULL), (NULL, '2023-01-31'), ('2022-03-01', '2023-03-20'),
			(NULL, '2024-12-10'), ('2020-01-01', '2024-09-30'), (NULL, '2021-11-20'), (NULL, '2020-01-01'),
			('2025-01-01', NULL)) v(from_d, until)
WHERE u NOT IN ('week', 'year') AND (u <> 'day' OR l <> 1);
CREATE FUNCTION pg_temp.compare(u text, s revenue_summary, from_d date, until date, l int, OUT row_count bigint,
		OUT differ bigint) LANGUAGE sql AS $$
WITH a AS MATERIALIZED (SELECT * FROM pg_temp.movements(u, from_d, until, l)),
b AS MATERIALIZED (SELECT period, complete, opening, new, reactivation, expansion, contraction, churn, closing, credits,
		opening_customers, new_customers, reactivated_customers, churned_customers, customers,
	round(nrr::numeric, 10), round(nrr_with_reactivation::numeric, 10), round(grr::numeric, 10),
			round(logo_churn::numeric, 10), round(quick_ratio::numeric, 10), round(arpa, 10)
			FROM revenue_movements(s, from_d, until, l))
SELECT (SELECT count(*) FROM a),
	(SELECT count(*) FROM (TABLE a EXCEPT ALL TABLE b) d) + (SELECT count(*) FROM (TABLE b EXCEPT ALL TABLE a) d) $$;
SELECT u, l, sum(row_count) AS compared, sum(differ) AS differ
	FROM question, LATERAL pg_temp.compare(u, s, from_d, until, l) GROUP BY u, l ORDER BY u, l;
-- every kind of movement occurs
SELECT bool_or(new > 0) AS new, bool_or(reactivation > 0) AS reactivation, bool_or(expansion > 0) AS expansion,
	bool_or(contraction > 0) AS contraction, bool_or(churn > 0) AS churn, bool_or(credits < 0) AS credits,
	bool_or(customers = 0) AS gap
FROM unit, LATERAL revenue_movements(s) WHERE u = 'month';
-- identities, for every row and lag
SELECT u, l, bool_and(closing = opening + new + reactivation + expansion - contraction - churn) AS money,
	bool_and(customers = opening_customers + new_customers + reactivated_customers - churned_customers) AS heads,
	sum(closing + credits) = (SELECT sum(amount) FROM event WHERE customer IS NOT NULL AND at IS NOT NULL)
		AS all_amounts
FROM unit, unnest('{1,2,12,2147483647}'::int[]) l, LATERAL revenue_movements(s, lag => l) GROUP BY u, l ORDER BY u, l;
SELECT bool_and(opening = before) AS opens_where_it_closed
	FROM (SELECT opening, lag(closing, 3, 0) OVER (ORDER BY period) AS before
		FROM unit, LATERAL revenue_movements(s, lag => 3) WHERE u = 'month') q;
-- money has the scale of the amounts, arpa is what numeric division gives
SELECT bool_and(scale(closing) = 3 AND scale(churn) = 3 AND scale(credits) = 3) AS scales,
	bool_and(arpa::text = (closing / customers)::text) AS digits FROM unit, LATERAL revenue_movements(s)
	WHERE u = 'month' AND customers > 0;

-- cohorts
CREATE FUNCTION pg_temp.cohorts(u text, from_d date, until date)
	RETURNS TABLE (cohort date, age int, customers bigint, revenue numeric, cumulative numeric, per_customer numeric)
	LANGUAGE sql AS $$
WITH net AS MATERIALIZED (SELECT e.customer, pg_temp.bucket(e.at, u) AS p, sum(e.amount) AS net FROM event e
		WHERE e.customer IS NOT NULL AND e.at IS NOT NULL AND e.amount IS NOT NULL GROUP BY 1, 2),
entered AS MATERIALIZED (SELECT customer, min(p) AS cohort FROM net WHERE net > 0 GROUP BY customer),
spine AS MATERIALIZED (SELECT p::date, row_number() OVER (ORDER BY p)::int AS n
		FROM generate_series(least((SELECT min(cohort) FROM entered), pg_temp.bucket(from_d, u)),
		(SELECT max(p) FROM net WHERE until IS NULL UNION ALL
		SELECT pg_temp.bucket(until, u) WHERE until IS NOT NULL ORDER BY 1 LIMIT 1), pg_temp.step(u)) p),
cell AS (SELECT cohort, p, sum(net) AS revenue FROM net JOIN entered USING (customer) GROUP BY 1, 2),
grid AS (SELECT c.p AS cohort, a.p AS p, a.n - c.n AS age FROM spine c JOIN spine a ON a.n >= c.n
	WHERE CASE WHEN until IS NULL THEN a.p < (SELECT max(p) FROM net) ELSE pg_temp.last_day(a.p, u) <= until END
		AND (from_d IS NULL OR c.p >= pg_temp.bucket(from_d, u)))
SELECT g.cohort, g.age, count_of, coalesce(revenue, 0), sum(coalesce(revenue, 0)) OVER w,
	round(sum(coalesce(revenue, 0)) OVER w / nullif(count_of, 0), 10)
FROM grid g LEFT JOIN cell USING (cohort, p), LATERAL (SELECT count(*) AS count_of FROM entered e
		WHERE e.cohort = g.cohort) n WINDOW w AS (PARTITION BY g.cohort ORDER BY g.age) $$;
CREATE FUNCTION pg_temp.compare_cohorts(u text, s revenue_summary, from_d date, until date, OUT row_count bigint,
		OUT differ bigint) LANGUAGE sql AS $$
WITH a AS MATERIALIZED (SELECT * FROM pg_temp.cohorts(u, from_d, until)), b AS MATERIALIZED (SELECT cohort, age,
		customers, revenue, cumulative, round(per_customer, 10) FROM revenue_cohorts(s, from_d, until))
SELECT (SELECT count(*) FROM a),
	(SELECT count(*) FROM (TABLE a EXCEPT ALL TABLE b) d) + (SELECT count(*) FROM (TABLE b EXCEPT ALL TABLE a) d) $$;
SELECT u, sum(row_count) AS compared, sum(differ) AS differ FROM question,
	LATERAL pg_temp.compare_cohorts(u, s, from_d, until) WHERE l = 3 AND u <> 'day' GROUP BY u ORDER BY u;
SELECT bool_or(customers = 0 AND per_customer IS NULL) AS empty_cohorts, bool_or(revenue < 0) AS refunds
	FROM unit, LATERAL revenue_cohorts(s) WHERE u = 'week sun';

-- subscriptions
CREATE TEMP TABLE subscription AS
SELECT id, 'c' || id % 90 AS customer, daterange('2022-01-01'::date + pg_temp.h(id, 41) % 700,
		CASE WHEN pg_temp.h(id, 42) > 300 THEN '2022-01-01'::date + pg_temp.h(id, 41) % 700 + pg_temp.h(id, 43) END)
	AS during, (pg_temp.h(id, 44) - 100) / 4.0 AS amount, '2023-11-16'::date AS through
FROM generate_series(1, 400) id;
SELECT u, replace(subscription_summary(customer, during, amount, u, through)::text,
		'"","' || '2023-11-16'::date - '2000-01-01' || '"', '""') = (
	SELECT revenue_summary(customer, p::date, amount, u)::text
		FROM subscription, generate_series(pg_temp.bucket(lower(during), u), through, pg_temp.step(u)) p
	WHERE during @> least(pg_temp.last_day(p::date, u), through)) AS same
FROM subscription, unit GROUP BY u ORDER BY u;
-- rows, with as_of before, on and after through, and without it: the earlier day holds
CREATE TEMP TABLE contract_rows AS SELECT u, d, m.*
	FROM (SELECT u, through, subscription_summary(customer, during, amount, u, through) AS s
		FROM subscription, unit WHERE u <> 'day' GROUP BY u, through) q, unnest('{-200,-1,0,1,200,NULL}'::int[]) d,
		LATERAL revenue_movements(s, as_of => through + d) m;
CREATE TEMP TABLE contract_plain AS SELECT u, d, p::date AS period, pg_temp.last_day(p::date, u) <= known AS complete,
		coalesce(closing, 0) AS closing, customers
	FROM (SELECT u, d, least('2023-11-16'::date, '2023-11-16'::date + d) AS known
		FROM unit, unnest('{-200,-1,0,1,200,NULL}'::int[]) d WHERE u <> 'day') q,
		generate_series((SELECT pg_temp.bucket(min(lower(during)), u) FROM subscription), known, pg_temp.step(u)) p,
		LATERAL (SELECT sum(net) AS closing, count(*) AS customers FROM (SELECT customer, sum(amount) AS net
			FROM subscription WHERE during @> least(pg_temp.last_day(p::date, u), through)
			GROUP BY customer) n WHERE net > 0) c;
SELECT (SELECT count(*) > 1000 FROM contract_plain) AS many,
	(SELECT count(*) FROM (SELECT u, d, period, complete, closing, customers FROM contract_rows
		EXCEPT ALL TABLE contract_plain) q) AS wrong,
	(SELECT count(*) FROM (TABLE contract_plain
		EXCEPT ALL SELECT u, d, period, complete, closing, customers FROM contract_rows) q) AS missing,
	(SELECT count(*) FROM contract_rows WHERE NOT complete AND (customers = 0
		OR num_nonnulls(churn, contraction, churned_customers, nrr, grr, logo_churn) > 0)) AS lost_early;
-- the day before a month ends: the month is not over, and nobody has left
SELECT period, complete, closing, churn, customers, nrr FROM revenue_movements((
	SELECT subscription_summary(1, '[2025-01-01,)', 10, 'month', '2025-02-27')), as_of => '2025-02-28');
SELECT period, complete, closing, customers FROM revenue_movements((
	SELECT subscription_summary(1, '[2026-01-01,)', 100, 'month', '2026-02-15')), as_of => '2026-02-15');
SELECT subscription_summary(1, '[2026-01-01,)', 100, 'month', d)
	FROM (VALUES ('2026-02-15'::date), ('2026-02-16')) v(d);
SELECT s + e = e + s AS same, s + e AS both, forget(s + e, 1) AS without FROM (
	SELECT subscription_summary(1, '[2026-01-01,)', 100, 'month', '2026-02-15') AS s,
		revenue_summary(2, '2026-01-05'::date, 0.5, 'month') AS e) q;

-- one summary, however it comes about: whole, in parts through text and binary, shuffled, by days that add up
CREATE TEMP TABLE part AS SELECT id % 17 AS part, revenue_summary(customer, at, amount, 'month') AS s FROM event
	GROUP BY 1;
SELECT rollup(part.s) = unit.s AS rolled_up,
	rollup(part.s::text::revenue_summary ORDER BY part.part DESC) = unit.s AS through_text,
	(SELECT revenue_summary(customer, at, amount, 'month' ORDER BY pg_temp.h(id, 50)) FROM event) = unit.s AS shuffled,
	unit.s = unit.s + '()' AND '()' + unit.s = unit.s AS identity FROM part, unit WHERE u = 'month' GROUP BY unit.s;
CREATE TEMP TABLE daily (day date PRIMARY KEY, s revenue_summary);
INSERT INTO daily SELECT at, revenue_summary(customer, at, amount, 'month') FROM event
	WHERE id % 2 = 0 AND at IS NOT NULL GROUP BY at;
INSERT INTO daily AS d SELECT at, revenue_summary(customer, at, amount, 'month') FROM event
	WHERE id % 2 = 1 AND at IS NOT NULL GROUP BY at ON CONFLICT (day) DO UPDATE SET s = d.s + EXCLUDED.s;
SELECT (SELECT rollup(s) FROM daily) = (SELECT s FROM unit WHERE u = 'month') AS upserted;
-- a growing window: each day's value is that of all days before
SELECT count(*), bool_and(so_far = (SELECT rollup(s) FROM daily i WHERE i.day <= o.day)) AS same
	FROM (SELECT day, rollup(s) OVER (ORDER BY day) AS so_far FROM daily WHERE day < '2022-02-01') o;
-- forms of accessor calls; the state of an aggregate may be read by several
SELECT g, m.period, m.new, m.closing FROM (SELECT customer % 2 AS g, revenue_summary(customer, at, amount, 'year') AS s
		FROM event WHERE customer IS NOT NULL GROUP BY 1) t, LATERAL revenue_movements(t.s, '2022-07-01', lag => 1) m
	ORDER BY 1, 2;
SELECT (revenue_movements(s, '2023-01-01', '2023-12-31')).closing FROM unit WHERE u = 'quarter';
SELECT count(*) FROM revenue_movements('()'), revenue_cohorts('()');
SELECT count(*) FROM revenue_movements(NULL), revenue_cohorts(NULL);
-- forget one customer
SELECT forget(s, 7) = (SELECT revenue_summary(customer, at, amount, 'month') FROM event WHERE customer <> 7)
	AS forgotten, forget(s, 7) = s AS still_there, forget(s, 123456789) = s AS not_there, forget(s, NULL::bigint)
	IS NULL AS of_null, forget('()'::revenue_summary, 'x') AS of_empty FROM unit WHERE u = 'month';
SELECT forget(forget(revenue_summary(x, '2024-01-01'::date, 1, 'day'), 'a'), 'b') FROM (VALUES ('a'), ('b')) v(x);

-- keys and times of every type give the same movements
CREATE FUNCTION pg_temp.uuid_of(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(n::text)::uuid;
SET timezone = 'America/New_York';
CREATE TEMP TABLE keyed AS
SELECT 'bigint date' AS kind, revenue_summary(customer, at, amount, 'month') AS s FROM event
UNION ALL SELECT 'bigint timestamp', revenue_summary(customer, at + time '23:59', amount, 'month') FROM event
UNION ALL SELECT 'bigint timestamptz', revenue_summary(customer, (at + time '23:59')::timestamptz, amount, 'month')
	FROM event
UNION ALL SELECT 'uuid date', revenue_summary(pg_temp.uuid_of(customer), at, amount, 'month') FROM event
UNION ALL SELECT 'uuid timestamp', revenue_summary(pg_temp.uuid_of(customer), at::timestamp, amount, 'month') FROM event
UNION ALL SELECT 'uuid timestamptz', revenue_summary(pg_temp.uuid_of(customer), at::timestamptz, amount, 'month')
	FROM event
UNION ALL SELECT 'text date', revenue_summary(customer::text, at, amount, 'month') FROM event
UNION ALL SELECT 'text timestamp', revenue_summary(customer::text, at::timestamp, amount, 'month') FROM event
UNION ALL SELECT 'text timestamptz', revenue_summary(customer::text, at::timestamptz, amount, 'month') FROM event;
SELECT count(*) AS kinds, count(DISTINCT (SELECT string_agg(m::text, ',') FROM revenue_movements(s) m)) AS results,
	count(DISTINCT (SELECT string_agg(m::text, ',') FROM revenue_cohorts(s) m)) AS cohorts FROM keyed;
RESET timezone;
-- integers come by implicit cast
SELECT pg_typeof(s), pg_typeof(s.per_customer) FROM (SELECT revenue_summary(x, '2024-01-01'::date, x, 'day') AS s,
		per_customer(x, x) FROM (VALUES (1::int2), (2)) v(x)) s(s, per_customer);

-- large, old and far
SELECT * FROM revenue_cohorts((SELECT revenue_summary(c, at, a, 'year')
		FROM (VALUES (1, '1888-07-01'::date, 99999999999999999.99999999999999999999),
		(1, '1890-01-01', -0.00000000000000000001), (2, '1888-01-01', 12345678901234567)) v(c, at, a)),
		as_of => '1890-12-31');
SELECT period, closing FROM revenue_movements((SELECT revenue_summary(c, at, a, 'day') FROM
		(VALUES (1, '4714-11-24 BC'::date, 5e36), (1, '4714-11-24 BC', 5e36), (1, '4714-11-26 BC', 0.5)) v(c, at, a)));
SELECT closing FROM revenue_movements((SELECT revenue_summary(c, '2024-01-01'::date, a, 'day') FROM
		(VALUES (1, 170141183460469231731687303715884105727), (1, -100000000000000000000000000000000000000)) v(c, a)),
		as_of => '2024-01-01');

-- amounts with many digits after the point, as division and multiplication leave them: what sum(numeric) adds up.
-- Zeros at the end do not count, whatever the scale; up to 20 digits are shown as the amount shows them
CREATE TEMP TABLE made AS
SELECT id % 40 AS customer, date '2024-01-01' + id % 90 AS at, CASE id % 6
		WHEN 0 THEN 1200 / 12.0 * 0.918512 * 1.00000000 WHEN 1 THEN id / 1000000.0 WHEN 2 THEN (id - 900) / 7.0 * 1.19
		WHEN 3 THEN id / 3000000.0 WHEN 4 THEN (id * 1.0) / 1.0 * 1.0000000000000000 * 1.0000000000000000
		ELSE 1e9 + 0.0000000000000000000000000 END AS amount
	FROM generate_series(1, 1800) id;
SELECT max(scale(amount)) AS shown, max(scale(trim_scale(amount))) AS counting FROM made;
SELECT count(*) AS periods, bool_and(closing + credits = plain) AS same
	FROM (SELECT revenue_summary(customer, at, amount, 'month') FROM made) r(s),
	revenue_movements(s, as_of => '2024-03-31'),
	LATERAL (SELECT sum(amount) FROM made WHERE kpi_period(at, 'month') = period) p(plain);
SELECT count(*) AS cells, sum(revenue) = (SELECT sum(amount) FROM made WHERE amount > 0) AS same
	FROM (SELECT revenue_summary(customer, at, amount, 'month') FILTER (WHERE amount > 0) FROM made) r(s),
	revenue_cohorts(s, as_of => '2024-03-31');
SELECT count(*) AS customers, bool_and(amount_total(r) = plain) AS same, bool_and(r = r::text::rfm) AS read_back
	FROM (SELECT customer, rfm(at, amount), sum(amount) FROM made GROUP BY 1) p(customer, r, plain);
SELECT scale(per_customer(customer, amount)) AS digits,
	abs(per_customer(customer, amount) - sum(amount) / count(DISTINCT customer)) <= 5e-23 AS same FROM made;
SELECT bool_and(s = s::text::revenue_summary AND s = t) AS same FROM
	(SELECT revenue_summary(customer, at, amount, 'day'),
		revenue_summary(customer, at, amount, 'day' ORDER BY amount DESC, customer) FROM made) p(s, t);
SELECT per_customer(1, v / 1000000.0), revenue_summary(1, '2024-01-01'::date, v / 1000000.0, 'day'),
	rfm('2024-01-01'::date, v / 1000000.0) FROM unnest('{99,990000}'::int[]) v GROUP BY v ORDER BY v;
SELECT revenue_summary(1, '2024-01-01'::date, a, 'day'), rfm('2024-01-01'::date, a), per_customer(1, a)
	FROM (VALUES (1200 / 12.0 * 0.918512 * 1.00000000), (0.10), (0.100000000000000000000),
		(1e30 + 0.00000000000000000000), (0.00000000000000000000000), (1e-38)) v(a)
	GROUP BY a, scale(a) ORDER BY a, scale(a);

-- errors
SELECT revenue_summary(1, 'infinity'::date, 1, 'day');
SELECT revenue_summary(1, '-infinity'::timestamptz, 1, 'day');
SELECT revenue_summary(1, '2024-01-01'::date, 1, 'fortnight');
SELECT revenue_summary(1, '2024-01-01'::date, 1, NULL);
SELECT revenue_summary(1, '2024-01-01'::date, 1, u) FROM (VALUES ('day'), ('month')) v(u);
SELECT revenue_summary(1, '2024-01-01'::date, 'NaN', 'day');
SELECT revenue_summary(1, '2024-01-01'::date, '-Infinity', 'day');
SELECT revenue_summary(1, '2024-01-01'::date, 1e-39, 'day');
SELECT revenue_summary(1, '2024-01-01'::date, 1 / 3e30 + 1000, 'day');
SELECT revenue_summary(1, '2024-01-01'::date, 1e38 * 2, 'day');
SELECT revenue_summary(1, '2024-01-01'::date, a, 'day') FROM (VALUES (1e30), (0.123456789)) v(a);
SELECT revenue_summary(1, '2024-01-01'::date, a, 'day') FROM (VALUES (1e38), (1e38)) v(a);
SELECT sum(closing)
	FROM revenue_movements((SELECT revenue_summary(c, '2024-01-01'::date, 1e38, 'day') FROM generate_series(1, 2) c));
SELECT sum(revenue)
	FROM revenue_cohorts((SELECT revenue_summary(c, '2024-01-01'::date, 1e38, 'day') FROM generate_series(1, 2) c),
		as_of => '2024-01-01');
SELECT a.s + b.s FROM unit a, unit b WHERE a.u = 'day' AND b.u = 'month';
SELECT a.s + b.s FROM keyed a, keyed b WHERE a.kind = 'text date' AND b.kind = 'uuid date';
SELECT forget(s, 'x') FROM unit WHERE u = 'day';
SELECT subscription_summary(1, '(,2024-01-01)', 1, 'day', '2024-01-01');
SELECT subscription_summary(1, '[-infinity,2024-01-01)', 1, 'day', '2024-01-01');
SELECT subscription_summary(1, '[2023-01-01,2024-01-01)', 1, 'day', NULL);
SELECT subscription_summary(1, '[2023-01-01,2024-01-01)', 1, 'day', 'infinity');
SELECT subscription_summary(1, '[2023-01-01,2024-01-01)', 1, NULL, '2024-01-01');
SELECT revenue_movements(s, lag => 0) FROM unit;
SELECT revenue_movements(s, lag => NULL) FROM unit;
SELECT revenue_movements(s, as_of => 'infinity') FROM unit;
SELECT revenue_cohorts(s, from_date => '-infinity') FROM unit;
\set VERBOSITY default
SELECT revenue_movements(revenue_summary(1, at, 1, 'day'), as_of => '5000-01-01')
	FROM (VALUES ('0001-01-01'::date)) v(at);
SELECT revenue_cohorts(revenue_summary(1, at, 1, 'day')) FROM (VALUES ('2000-01-01'::date), ('2024-01-01')) v(at);
\set VERBOSITY terse
-- more rows than are counted at a time (65536): every row in which something happens is that of the rows from it on
CREATE TEMP TABLE far AS SELECT lag, revenue_summary(c, date '1800-01-01' + d, 10 * c + d % 7, 'day') AS s
FROM unnest('{1,65535,65536,70000,131072}'::int[]) lag, unnest('{1,2,3}'::bigint[]) c,
	unnest('{0,1,65535,65536,65537,70000,131071,131072,140000,200000,262143}'::int[]) d WHERE (d + c) % 4 <> 0
	GROUP BY lag;
CREATE TEMP TABLE far_row AS SELECT f.lag, m.*
	FROM far f, revenue_movements(s, lag => f.lag, as_of => date '1800-01-01' + 262144) m;
SELECT lag, count(*) AS periods, bool_and(period = kpi_period('1800-01-01', 'day') + n::int - 1) AS in_order,
	count(*) FILTER (WHERE opening <> 0 OR closing <> 0) > 10 AS some,
	sum(new + reactivation + expansion - contraction - coalesce(churn, 0)) - sum(closing - opening) AS no_difference,
		sum(closing) AS closing
FROM (SELECT *, row_number() OVER (PARTITION BY lag ORDER BY period) AS n FROM far_row) q GROUP BY lag ORDER BY lag;
SELECT count(*) > 60 AS some, count(*) FILTER (WHERE (r.period, r.complete, r.opening, r.new, r.reactivation,
		r.expansion, r.contraction, r.churn, r.closing, r.credits, r.customers, r.nrr, r.arpa)
	IS DISTINCT FROM (o.period, o.complete, o.opening, o.new, o.reactivation, o.expansion, o.contraction, o.churn,
			o.closing, o.credits, o.customers, o.nrr, o.arpa)) AS differ
FROM far_row r JOIN far f USING (lag),
	LATERAL (SELECT * FROM revenue_movements(f.s, from_date => r.period, as_of => r.period, lag => r.lag)) o
	WHERE r.opening <> 0 OR r.closing <> 0;
DROP TABLE far, far_row;
-- the same summary, a part of it
SELECT count(*), min(period), max(period) FROM revenue_movements((SELECT revenue_summary(1, at, 1, 'day')
		FROM (VALUES ('0001-01-01'::date), ('4999-12-31')) v(at)), from_date => '4999-12-01');

-- an amount that no period gets leaves no trace
WITH r(c, d, a) AS (VALUES (1::bigint, daterange('2024-01-01', NULL), 10::numeric),
		(2, daterange('2024-02-05', '2024-02-10'), 5.00))
SELECT (SELECT subscription_summary(c, d, a, 'month', date '2024-03-31') FROM r) = (SELECT rollup(s)
		FROM (SELECT subscription_summary(c, d, a, 'month', date '2024-03-31') AS s FROM r GROUP BY c) x) AS equal;
