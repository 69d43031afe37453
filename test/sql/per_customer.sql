-- Revenue per customer, against plain SQL.
\set VERBOSITY terse
-- irregular customers, refunds, zeros, several scales
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
CREATE FUNCTION pg_temp.uuid_of(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5(n::text)::uuid;

-- digit for digit what SQL gives
SELECT per_customer(customer, amount)::text = (sum(amount) / nullif(count(DISTINCT customer), 0))::text AS same,
	per_customer(customer::text, amount) = per_customer(pg_temp.uuid_of(customer), amount) AS keys FROM event
	WHERE customer IS NOT NULL AND amount IS NOT NULL;
SELECT count(*) AS groups, bool_and(per_customer = plain) AS same, bool_and(per_customer::text = plain::text) AS digits
	FROM (
	SELECT id % 200, per_customer(customer, amount * power(10, id % 12)::numeric),
			sum(amount * power(10, id % 12)::numeric) FILTER (WHERE customer IS NOT NULL)
			/ nullif(count(DISTINCT customer) FILTER (WHERE amount IS NOT NULL), 0) AS plain FROM event GROUP BY 1) q;
SELECT per_customer(c, a) FROM (VALUES (1, 10.50), (2, 3), (2, 4), (NULL, 100), (3, NULL)) v(c, a);
SELECT per_customer(c, coalesce(a, 0)) FROM (VALUES (1, 10.50), (2, 3), (2, 4), (NULL, 100), (3, NULL)) v(c, a);
SELECT per_customer(c, 1) AS orders_per_customer, per_customer(c, 1) FILTER (WHERE false) AS nothing
	FROM (VALUES ('a'), ('a'), ('b')) v(c);
SELECT per_customer(1, 'NaN');
SELECT per_customer(c, 1e38) FROM generate_series(1, 2) c;
