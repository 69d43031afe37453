-- rfm: one customer's purchase days, against the literature's table and independent plain SQL.
\pset format unaligned
\pset null -
\set VERBOSITY terse
SET datestyle = iso;
SET timezone = 'UTC';

-- the golden table: x, t_x, T, m
CREATE TEMP TABLE golden (customer int, at date, amount numeric);
INSERT INTO golden VALUES (1, '2015-01-01', 1), (1, '2015-02-06', 2), (2, '2015-01-01', 2), (3, '2015-01-01', 3),
	(3, '2015-01-02', 1), (3, '2015-01-05', 5),
	(4, '2015-01-16', 6), (4, '2015-02-02', 3), (4, '2015-02-05', 3), (5, '2015-01-16', 3), (5, '2015-01-17', 1),
	(5, '2015-01-18', 8), (6, '2015-02-02', 5);
SELECT customer, frequency(r, d) AS x, recency(r, d) AS t_x, tenure(r, d) AS t, monetary(r, d)::float8 AS m
FROM (SELECT customer, rfm(at, amount) AS r FROM golden GROUP BY customer) g, (VALUES (date '2015-02-07')) AS v(d)
	ORDER BY customer;
-- amounts of a day add up, to nothing too; what is not paid is a purchase, what is returned is none
WITH o(what, at, amount) AS (VALUES ('one day', '2024-01-01'::date, 10), ('one day', '2024-01-01', 5.50),
		('paid back the same day', '2024-01-01', 10), ('paid back the same day', '2024-01-01', -10),
	('free second', '2024-01-01', 10), ('free second', '2024-01-11', 0), ('free second', '2024-01-21', 7),
	('return only', '2024-01-05', -3),
	('return first', '2024-01-01', -4), ('return first', '2024-01-10', 20), ('return first', '2024-01-20', 30),
	('return last', '2024-01-01', 20), ('return last', '2024-01-10', 30), ('return last', '2024-01-25', -50),
	('nothing known', NULL, 5), ('nothing known', '2024-01-01', NULL)),
s AS (SELECT what, rfm(at, amount) AS r FROM o GROUP BY what)
SELECT what, frequency(r) AS x, recency(r) AS t_x, tenure(r) AS t, tenure(r, '2024-02-01') AS t_feb,
	round(monetary(r), 2) AS m, purchase_days(r), free_days(r), returns(r), amount_total(r), first_purchase(r),
	last_purchase(r), r FROM s ORDER BY what;
-- cut before, on and after a day
SELECT d, frequency(r, d) AS x, recency(r, d) AS t_x, tenure(r, d) AS t, monetary(r, d)::float8 AS m, purchase_days(r,
		d), returns(r, d), amount_total(r, d) FROM (VALUES ('(2024-01-10=5;2024-01-12=-1;2024-01-20=7)'::rfm)) v(r),
	unnest('{2024-01-09,2024-01-10,2024-01-12,2024-01-19,2024-01-20,5874897-12-31}'::date[]) d;
-- NULL and the empty rfm
SELECT frequency(NULL::rfm), recency(NULL::rfm), tenure(NULL::rfm), monetary(NULL::rfm), purchase_days(NULL::rfm),
	returns(NULL::rfm), free_days(NULL::rfm), amount_total(NULL::rfm);
SELECT frequency('()'), recency('()'), tenure('()', '2024-01-01'), monetary('()'), purchase_days('()'), returns('()'),
	free_days('()'), amount_total('()'), first_purchase('()'), last_purchase('()');
SELECT rfm(at, amount) FROM golden WHERE false;
SELECT rollup(r) FROM (SELECT NULL::rfm AS r UNION ALL SELECT '()') q;
SELECT '()'::rfm + '()'::rfm, '()'::rfm + '(2024-01-01=1)', '(2024-01-01=1)'::rfm + '()', '(2024-01-01=1)'::rfm + NULL;

-- randomised: orders of 300 customers; days before 1970 and after 2100, refunds, nothing paid, NULLs, places from 0 to
-- 3, several orders a day
CREATE FUNCTION pg_temp.h(id int, salt int) RETURNS int
	LANGUAGE sql IMMUTABLE RETURN abs(hashint4extended(id, salt) % 1000);
CREATE TEMP TABLE orders AS
SELECT id, (pg_temp.h(id, 1) * pg_temp.h(id, 2) / 3300)::int AS customer,
	CASE pg_temp.h(id, 1) % 7 WHEN 0 THEN '1960-02-27'::date WHEN 1 THEN '2099-12-01'::date ELSE '2023-01-01'::date END
	+ pg_temp.h(id, 3) % 90 AS at,
	round(CASE WHEN pg_temp.h(id, 4) < 150 THEN -pg_temp.h(id, 5) WHEN pg_temp.h(id, 4) < 300 THEN 0
			ELSE pg_temp.h(id, 6) / 2.0 END / 8.0, pg_temp.h(id, 7) % 4) AS amount
FROM generate_series(1, 6000) id;
INSERT INTO orders SELECT 10000 + id, customer, at, -amount FROM orders WHERE pg_temp.h(id, 8) < 60;
UPDATE orders SET at = NULL WHERE pg_temp.h(id, 9) < 20;
UPDATE orders SET amount = NULL WHERE pg_temp.h(id, 10) < 20;
-- one with very many days, one with money beyond 64 bits, one with many places
INSERT INTO orders SELECT 20000 + id, 901, date '1900-01-01' + (id * 7919 % 5003), id % 11 - 2
	FROM generate_series(1, 8000) id;
INSERT INTO orders SELECT 30000 + id, 902, date '2020-01-01' + id % 10, 90000000000 + id / 100.0
	FROM generate_series(1, 60) id;
INSERT INTO orders SELECT 31000 + id, 903, date '2020-01-01' + id % 10, id * 0.00000000000000000001 + 1e15
	FROM generate_series(1, 60) id;
INSERT INTO orders SELECT 32000 + id, 904, date '2020-01-01' + id % 10, 92233720368.54775807
	FROM generate_series(1, 60) id;
INSERT INTO orders SELECT 33000 + id, 905, date '2020-01-01' + id, CASE id WHEN 20 THEN 1e30 ELSE id * 0.25 END
	FROM generate_series(1, 30) id;
SELECT count(*) > 12000 AS orders, count(DISTINCT customer) > 250 AS customers,
	count(*) FILTER (WHERE amount < 0) > 800 AS refunds, count(*) FILTER (WHERE at < '1970-01-01') > 300 AS old,
	count(*) FILTER (WHERE at > '2100-01-01') > 300 AS late,
	count(*) FILTER (WHERE amount IS NULL OR at IS NULL) > 100 AS unusable FROM orders;

-- plain SQL by one day; NULL is the end
CREATE FUNCTION pg_temp.plain(until date) RETURNS TABLE (customer int, x int, t_x int, t int, m numeric, purchases int,
		free int, returned int, total numeric, first date, last date) LANGUAGE sql AS $$
	WITH day AS (SELECT o.customer, o.at, sum(o.amount) AS net FROM orders o
			WHERE o.at IS NOT NULL AND o.amount IS NOT NULL AND (until IS NULL OR o.at <= until) GROUP BY 1, 2),
	numbered AS (SELECT d.*, CASE WHEN net >= 0 THEN row_number() OVER (PARTITION BY d.customer, net >= 0 ORDER BY d.at)
			END AS purchase FROM day d)
	SELECT n.customer, (nullif(max(purchase), 0) - 1)::int, max(n.at) FILTER (WHERE net >= 0) - min(n.at)
		FILTER (WHERE net >= 0), coalesce(until, max(n.at)) - min(n.at) FILTER (WHERE net >= 0),
		avg(net) FILTER (WHERE purchase > 1 AND net > 0), count(purchase)::int, count(*) FILTER (WHERE net = 0)::int,
			count(*) FILTER (WHERE net < 0)::int, sum(net), min(n.at) FILTER (WHERE net >= 0),
			max(n.at) FILTER (WHERE net >= 0)
	FROM numbered n GROUP BY n.customer $$;
CREATE TEMP TABLE built AS SELECT customer, rfm(at, amount) AS r FROM orders GROUP BY customer;
CREATE FUNCTION pg_temp.ours(until date) RETURNS TABLE (customer int, x int, t_x int, t int, m numeric, purchases int,
		free int, returned int, total numeric, first date, last date) LANGUAGE sql AS $$
	SELECT customer, frequency(r, until), recency(r, until), tenure(r, until), monetary(r, until),
		purchase_days(r, until), free_days(r, until), returns(r, until), amount_total(r, until),
		first_purchase(r, until), last_purchase(r, until) FROM built $$;
-- as of: before the first, between, on, after, none.  A cut leaves the scale of money as it is; without one it is equal
-- to the digit
CREATE FUNCTION pg_temp.figures(until date) RETURNS TABLE (customer int, ours text, plain text) LANGUAGE sql AS $$
	SELECT o.customer, concat_ws('|', coalesce(o.x, -1), coalesce(o.t_x, -1), coalesce(o.t, -1), CASE WHEN until IS NULL
			THEN coalesce(o.m, -1) ELSE round(coalesce(o.m, -1), 12) END, o.purchases, o.free, o.returned,
			CASE WHEN until IS NULL THEN coalesce(o.total, -1) ELSE round(coalesce(o.total, -1), 20) END,
					coalesce(o.first, 'infinity'), coalesce(o.last, 'infinity')),
		concat_ws('|', coalesce(p.x, -1), coalesce(p.t_x, -1), coalesce(p.t, -1),
				CASE WHEN until IS NULL THEN coalesce(p.m, -1) ELSE round(coalesce(p.m, -1), 12) END,
				coalesce(p.purchases, 0), coalesce(p.free, 0), coalesce(p.returned, 0),
			CASE WHEN until IS NULL THEN coalesce(p.total, -1) ELSE round(coalesce(p.total, -1), 20) END,
					coalesce(p.first, 'infinity'), coalesce(p.last, 'infinity'))
	FROM pg_temp.ours(until) o LEFT JOIN pg_temp.plain(until) p USING (customer) $$;
SELECT d, count(*) AS customers, count(*) FILTER (WHERE ours LIKE '-1|%') > 0 AS some_without,
	count(*) FILTER (WHERE ours NOT LIKE '-1|%') > 0 AS some_with, count(*) FILTER (WHERE ours <> plain) AS different
FROM unnest('{1899-12-31,1959-01-01,1960-03-31,1960-05-27,2023-01-20,2023-03-15,2100-01-15,2200-01-01,NULL}'::date[]) d,
	LATERAL pg_temp.figures(d) GROUP BY d ORDER BY d;
SELECT * FROM pg_temp.figures('2023-02-20') WHERE ours <> plain LIMIT 5;
SELECT count(*) FILTER (WHERE returned > 0 AND free > 1 AND x > 3) > 50 AS of_every_kind FROM pg_temp.ours(NULL);
-- no customer is missing, and every day is there
SELECT count(*) AS missing FROM orders o WHERE NOT EXISTS (SELECT FROM built b WHERE b.customer = o.customer);
SELECT count(*) AS customers, count(*) FILTER (WHERE r::text <> written) AS different FROM built JOIN (
	SELECT customer, '(' || string_agg(at || '=' || round(net, s), ';' ORDER BY at) || ')' AS written FROM (
		SELECT customer, at, sum(amount) AS net, max(max(scale(amount))) OVER (PARTITION BY customer) AS s FROM orders
				WHERE amount IS NOT NULL AND at IS NOT NULL GROUP BY 1, 2) d GROUP BY customer) w USING (customer);
-- adding up beyond 64 bits, and back
SELECT rfm(at, amount)
	FROM (VALUES (date '2024-01-02', 92233720368.54775807), ('2024-01-01', 1), ('2024-01-02', 92233720368.54775807),
		('2024-01-01', -0.00000001), ('2024-01-02', -92233720368.54775808), ('2024-01-03', 1e20)) v(at, amount);
SELECT rfm(at, amount)
	FROM (SELECT date '2024-01-01' + i % 2 AS at, 5e10::numeric AS amount FROM generate_series(1, 400) i) q;
-- any order of rows, parts in any number, as text and as binary: the same bytes
CREATE TEMP TABLE part AS SELECT customer, pg_temp.h(id, 11) % 7 AS piece, rfm(at, amount) AS r FROM orders
	GROUP BY 1, 2;
CREATE TEMP TABLE copied (LIKE part);
SELECT current_setting('data_directory') || '/kpi_test_rfm' AS file \gset
COPY part TO :'file' (FORMAT binary);
COPY copied FROM :'file' (FORMAT binary);
COPY (SELECT WHERE false) TO PROGRAM 'rm -f kpi_test_rfm';
WITH variant AS (
	SELECT 'shuffled' AS how, customer, rfm(at, amount) AS r
		FROM (SELECT * FROM orders ORDER BY pg_temp.h(id, 12), id) o GROUP BY customer
	UNION ALL SELECT 'newest first', customer, rfm(at, amount) FROM (SELECT * FROM orders ORDER BY at DESC) o
		GROUP BY customer
	UNION ALL SELECT 'rolled up', customer, rollup(r) FROM part GROUP BY customer
	UNION ALL SELECT 'rolled up backwards', customer, rollup(r) FROM (SELECT * FROM part ORDER BY piece DESC) p
		GROUP BY customer
	UNION ALL SELECT 'as text', customer, rollup(r::text::rfm) FROM part GROUP BY customer
	UNION ALL SELECT 'as binary', customer, rollup(r) FROM copied GROUP BY customer
	UNION ALL SELECT 'added', customer, coalesce(a.r, '()') + coalesce(b.r, '()')
		FROM (SELECT customer, rollup(r) AS r FROM part WHERE piece < 3 GROUP BY 1) a
		FULL JOIN (SELECT customer, rollup(r) AS r FROM part WHERE piece >= 3 GROUP BY 1) b USING (customer)
	UNION ALL SELECT 'added, the other way', customer, coalesce(a.r, '()') + coalesce(b.r, '()')
		FROM (SELECT customer, rollup(r) AS r FROM part WHERE piece >= 5 GROUP BY 1) a
		FULL JOIN (SELECT customer, rollup(r) AS r FROM part WHERE piece < 5 GROUP BY 1) b USING (customer)
	UNION ALL SELECT 'as timestamp', customer, rfm(at + interval '23:59:59.999999', amount) FROM orders
			GROUP BY customer)
SELECT how, count(*) = (SELECT count(*) FROM built) AS all,
	count(*) FILTER (WHERE v.r IS DISTINCT FROM b.r OR rfm_send(v.r) <> rfm_send(b.r)) AS different
	FROM variant v LEFT JOIN built b USING (customer) GROUP BY how ORDER BY how;
-- kept up to date day by day
CREATE TEMP TABLE customer (id int PRIMARY KEY, r rfm NOT NULL);
DO $$
BEGIN
	FOR i IN 0..6 LOOP
		INSERT INTO customer AS c SELECT p.customer, p.r FROM part p WHERE p.piece = i ON CONFLICT (id)
			DO UPDATE SET r = c.r + EXCLUDED.r;
	END LOOP;
END $$;
SELECT count(*) = (SELECT count(*) FROM built) AS all, count(*) FILTER (WHERE c.r IS DISTINCT FROM b.r) AS different
	FROM customer c LEFT JOIN built b ON b.customer = c.id;

-- small: bytes of one order in a row, and of two in ten days
SELECT pg_column_size(r) FROM (SELECT rfm(d, a) AS r FROM (VALUES ('2024-06-01'::date, 19.99)) v(d, a)) q;
CREATE TEMP TABLE sized AS SELECT rfm(d, a) AS r FROM (VALUES ('2024-06-01'::date, 19.99)) v(d, a)
UNION ALL SELECT rfm(d, a) FROM (VALUES ('2024-06-01'::date, 19.99), ('2024-06-11', 120)) v(d, a);
SELECT pg_column_size(r) FROM sized ORDER BY 1;
-- equal values group together, however they came to be
SELECT count(DISTINCT r) FROM (SELECT '(2024-01-01=1.0;2024-01-02=2)'::rfm AS r UNION ALL SELECT '(2024-01-01=1.0)'::rfm
		+ '(2024-01-02=2)' UNION ALL SELECT '(2024-01-02=2)'::rfm + '(2024-01-01=0.4)' + '(2024-01-01=0.6)') q;
SELECT '(2024-01-01=1)'::rfm = '(2024-01-01=1.0)' AS scales_differ, '(2024-01-01=1)'::rfm < '(2024-01-01=2)' AS ordered;

-- a moment's day is that of the session's zone, and the zone is remembered
SET timezone = 'America/New_York';
SELECT rfm('2024-03-10 03:30+00'::timestamptz, 5);
SET timezone = 'Asia/Tokyo';
SELECT rfm('2024-03-10 15:30+00'::timestamptz, 5);
SELECT rfm('1919-12-31 15:30+00'::timestamptz, 5);
-- zones do not mix, not even with none
SELECT '("America/New_York";2024-03-09=5)'::rfm + '("Asia/Tokyo";2024-03-11=5)';
SELECT '("America/New_York";2024-03-09=5)'::rfm + '(2024-03-11=5)';
SELECT rollup(r) FROM (VALUES ('(2024-03-11=5)'::rfm), ('("Asia/Tokyo";2024-03-11=5)')) v(r);
SELECT rfm_accum('(2024-03-11=5)', timestamptz '2024-03-11 00:00', 1);
SELECT rfm_accum('("Asia/Tokyo";2024-03-11=5)', date '2024-03-11', 1);
SELECT rfm_accum('("Asia/Tokyo";2024-03-11=5)', timestamptz '2024-03-11 00:00', 1.5), rfm_accum('()', date '2024-03-11',
		1), rfm_accum(NULL, date '2024-03-11', 1), rfm_accum('(2024-03-11=5)', NULL::date, 1);
SET timezone = 'UTC';

-- types of columns, and what a literal is
SELECT pg_typeof(rfm(d, 1::smallint)), pg_typeof(rfm(d, 1::int)), pg_typeof(rfm(d, 1::bigint)), pg_typeof(rfm(d, 1.5)),
	pg_typeof(monetary(rfm(d, 1))), pg_typeof(frequency(rfm(d, 1))) FROM (VALUES (current_date)) v(d);
SELECT rfm('2024-03-10 12:00', '7.5');
SELECT rfm(date '2024-03-10', 1.5::float8);
SELECT rfm(date '2024-03-10', 1.5::real::numeric);
-- the server's own age() still resolves with literals
SELECT age('2024-06-30', '2024-01-01'), age('2024-06-30', date '2024-01-01');

-- amounts as text, here and in the sets: those of numeric
CREATE TEMP TABLE amount AS
SELECT a
	FROM unnest('{0,0.0,0.00000000000000000000,1,-1,0.05,-0.05,9,10,99,100.00,9999999999999999999,10000000000000000000,'
		'18446744073709551615,18446744073709551616,99999999999999999999,1000000000000000000.0000000000000000001,'
		'170141183460469231731687303715884105727,-170141183460469231731687303715884105727,'
		'-1701411834604692317.31687303715884105727,0.0000000000000000001,10000000000000000000.0000000000000000000,'
		'12345678901234567890123456789012345678,100000000000000000000000000000000000000}'::numeric[]) a
UNION ALL SELECT round(((i * 7919 % 100003) * 10::numeric ^ (i % 30) + i) / 10::numeric ^ (i % 20)
		* CASE WHEN i % 3 = 0 THEN -1 ELSE 1 END, i % 20) FROM generate_series(1, 3000) i WHERE i % 30 <= 18 + i % 20;
SELECT count(*) > 2000 AS many, count(*) FILTER (WHERE r::text <> '(2024-01-01=' || a || ')') AS differ,
	count(*) FILTER (WHERE r::text::rfm <> r) AS not_read
	FROM (SELECT a, rfm(date '2024-01-01', a) AS r FROM amount GROUP BY a, scale(a)) q;
SELECT count(*) > 2000 AS many, count(*) FILTER
	(WHERE s::text <> format('(month,bigint,%s,"";1:288=%s)', scale(a), trunc(a * 10::numeric ^ scale(a)))) AS differ
	FROM (SELECT a, revenue_summary(1::bigint, date '2024-01-01', a, 'month') AS s FROM amount GROUP BY a, scale(a)) q;

-- errors
SELECT rfm('infinity'::date, 1);
SELECT rfm('-infinity'::timestamp, 1);
SELECT rfm('infinity'::timestamptz, 1);
SELECT rfm(date '2024-01-01', 'NaN');
SELECT rfm(date '2024-01-01', '-Infinity');
SELECT rfm(date '2024-01-01', 1e-39);
SELECT rfm(date '2024-01-01', 1e39);
SELECT rfm(date '2024-01-01', a) FROM (VALUES (1e38), (7.1e37)) v(a);
SELECT rfm(date '2024-01-01' + i, a) FROM (VALUES (0, 1e30), (1, 1e-20)) v(i, a);
SELECT '(2024-01-01=100000000000000000000000000000000000000)'::rfm
	+ '(2024-01-01=100000000000000000000000000000000000000)';
SELECT '(2024-01-01=1000000000000000000000000000000)'::rfm + '(2024-01-02=0.00000000000000000001)';
SELECT amount_total(
		'(2024-01-01=100000000000000000000000000000000000000;2024-01-02=100000000000000000000000000000000000000)');
SELECT frequency('(2024-01-01=1)', 'infinity');
SELECT tenure('(2024-01-01=1)', '-infinity');
SELECT monetary(NULL::rfm, 'infinity');
-- what is not a text form
CREATE FUNCTION pg_temp.verdict(t text) RETURNS text LANGUAGE plpgsql
	AS $$ BEGIN RETURN t::rfm::text; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
SELECT t, pg_temp.verdict(t) FROM unnest(ARRAY['( 2024-01-01 = 1.50 ; 2024-01-02=2 )',
		'(2024-1-5=1)', '(0001-01-01 BC=1)', '(5874897-12-31=1)', '(4714-11-24 BC=1)',
		'(2024-01-01=170141183460469231731687303715884105727)', '(2024-01-01=-170141183460469231731687303715884105728)',
	'', '(', '(2024-01-01)', '(2024-01-01=)', '(2024-01-01=NaN)', '(2024-01-01=1e5)', '(2024-02-30=1)',
	'(2023-02-29=1)', '(2024-13-01=1)', '(0000-01-01=1)', '(4714-11-23 BC=1)', '(5874898-01-01=1)',
	'(2024-01-02=1;2024-01-01=1)', '(2024-01-01=1;2024-01-01=1)', '(2024-01-01=1;)', '(2024-01-01=1) x',
	'("";2024-01-01=1)', '("UTC")', '("UTC";)', '("UTC"2024-01-01=1)',
	'(infinity=1)', '(2024-01-01=0.000000000000000000001)', '(2024-01-01=0.000000000000000000000000000000000000001)',
	'(2024-01-01=1000000000000000000000000000000;2024-01-02=0.00000000000000000001)',
	'(2024-01-01=170141183460469231731687303715884105728)']) t;
