-- Floats as decimals, numbers to look at, and money in columns of every type.
\pset format unaligned
\pset null NULL
-- the shortest decimal is what PostgreSQL shows of a float: of random bits, of random decimals, at the ends
CREATE FUNCTION bits(i int) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN hashint4extended(i, 7);
SELECT count(*) AS doubles, count(*) FILTER (WHERE shortest_decimal(x) IS DISTINCT FROM x::text::numeric
		OR scale(shortest_decimal(x)) <> greatest(0, scale(trim_scale(x::text::numeric)))
		OR shortest_decimal(x)::float8 IS DISTINCT FROM x) AS differ FROM (
	SELECT (bits(i) % 1000000007) * 10::float8 ^ (i % 400 - 200) AS x FROM generate_series(1, 20000) i
	UNION ALL SELECT bits(i) / 2::float8 ^ (i % 64) FROM generate_series(1, 20000) i
	UNION ALL SELECT (bits(i) % 100000000) / 100.0::float8 FROM generate_series(1, 20000) i
	UNION ALL SELECT (bits(i) / 1000)::float8 / 1000 FROM generate_series(1, 5000) i
	UNION ALL SELECT unnest('{0,-0,1,-1,0.1,0.30000000000000004,1e-7,0.0001,0.00001,999999999999999.9,1e15,1e16,'
		'9007199254740993,123456789012345678,1e22,1e23,1.7976931348623157e308,-1.7976931348623157e308,'
		'2.2250738585072014e-308,5e-324,NaN,Infinity,-Infinity}'::float8[])) v;
SELECT count(*) AS reals, count(*) FILTER (WHERE shortest_decimal(x) IS DISTINCT FROM x::text::numeric
		OR shortest_decimal(x)::real IS DISTINCT FROM x) AS differ FROM (
	SELECT ((bits(i) % 1000003) * 10::float8 ^ (i % 66 - 35))::real AS x FROM generate_series(1, 20000) i
	UNION ALL SELECT ((bits(i) % 10000000) / 100.0)::real FROM generate_series(1, 20000) i
	UNION ALL SELECT unnest('{0,-0,1,9.8,0.1,16777216,16777217,1e38,3.4028235e38,1e-45,1.1754944e-38,'
		'123456.78,NaN,Infinity,-Infinity}'::real[])) v;
-- it does not depend on how floats are shown
SET extra_float_digits = -10;
SELECT 0.1234567890123456::float8 AS shown, shortest_decimal(0.1234567890123456::float8),
	shortest_decimal(9.87654::real);
RESET extra_float_digits;
SELECT shortest_decimal(NULL::float8), shortest_decimal(7), shortest_decimal('0.10');

SELECT rounded(x, d), pg_typeof(rounded(x, d)) FROM (VALUES (0.8333::float8, 3), (1.005, 2), (2.5, 0), (-2.5, 0),
	(1234.5, -2), ('NaN', 2), ('Infinity', 1), (NULL, 1), (1, NULL)) v(x, d);
SELECT rounded(2.5), rounded(1), rounded(12345678901234567890.125, 2), rounded(9.8::real, 1), rounded('1.25', 1),
	rounded(rate_agg(x < 3), 3) FROM generate_series(1, 7) x;
SELECT percent(x), percent(x, 0), percent(x, 3)
	FROM unnest('{0,1,0.8333,0.125,0.0125,-0.0005,1e-9,12.5,NaN,Infinity,NULL}'::float8[]) x;
SELECT percent(0.125), percent(1), percent('0.5'), percent(0.1::real), percent(margin(3, 1)), percent(0.5, NULL),
	percent(rate_agg(x < 3)) FROM generate_series(1, 7) x;

-- money in columns of every type: every pair has an answer, numeric, of the shortest decimals
CREATE TEMP TABLE line AS SELECT i % 13 AS shop, i % 50 AS customer, date '2026-01-01' + i % 100 AS at,
	((bits(i) % 1000000) / 100.0)::float8 AS f8, ((bits(i + 1) % 100000) / 1000.0)::real AS f4,
	round((bits(i + 2) % 1000000) / 100.0, 2) AS n, bits(i + 3) / 10000000 AS i8, (bits(i + 4) % 100000)::int AS i4,
	(bits(i + 5) % 10000)::smallint AS i2 FROM generate_series(1, 3000) i;
UPDATE line SET f8 = NULL, i4 = NULL WHERE bits(customer + shop * 100) % 11 = 0;
UPDATE line SET f4 = NULL, n = NULL WHERE bits(customer + shop * 100) % 13 = 0;
SELECT format('SELECT %L AS types, pg_typeof(max(m)) AS result, count(*) FILTER (WHERE m IS DISTINCT FROM (x - y) / '
		'nullif(greatest(x, 0), 0) OR r IS DISTINCT FROM (x - y) / nullif(greatest(y, 0), 0)) AS differ '
		'FROM (SELECT margin(%2$s, %3$s) AS m, '
		'roi(%2$s, %3$s) AS r, sum(%2$s::text::numeric) AS x, sum(%3$s::text::numeric) AS y FROM line '
		'WHERE %2$s IS NOT NULL AND %3$s IS NOT NULL GROUP BY shop) q', a || ' ' || b, a, b)
	FROM unnest('{f8,f4,n,i8,i4,i2}'::text[]) a, unnest('{f8,f4,n,i8,i4,i2}'::text[]) b ORDER BY a, b
\t on
\set ECHO none
\gexec
SELECT format('SELECT %L, pg_typeof(max(c)), count(*) FILTER (WHERE c IS DISTINCT FROM '
		'x / nullif(greatest(y, 0), 0)), count(*) FILTER (WHERE '
		'p IS DISTINCT FROM x / n), count(*) FILTER (WHERE total IS DISTINCT FROM x), count(*) FILTER (WHERE closing '
		'IS DISTINCT FROM x), count(*) FILTER (WHERE subscribed IS DISTINCT FROM x) FROM (SELECT cac(%1$s, i2) AS c, '
		'per_customer(customer, %1$s) AS p, count(DISTINCT customer) AS n, sum(%1$s::text::numeric) AS x, '
		'sum(i2) AS y, amount_total(rfm(at, %1$s)) AS total, (SELECT sum(closing + credits) FROM '
		'revenue_movements(revenue_summary(customer, at, %1$s, %2$L))) AS closing, (SELECT sum(closing + credits) FROM '
		'revenue_movements(subscription_summary(customer, daterange(at, at + 1), %1$s, %3$L, %4$L))) AS subscribed '
		'FROM line WHERE %1$s IS NOT NULL GROUP BY shop) q', a, 'year', 'day', '2026-12-31')
	FROM unnest('{f8,f4,n,i8,i4,i2}'::text[]) a ORDER BY a
\gexec
SELECT format('SELECT %L, pg_typeof(growth_rate(%1$s, %2$s)), pg_typeof(dso(%1$s, %2$s, 30)), '
		'pg_typeof(cac_payback(%1$s, %2$s, 0.5)) FROM line LIMIT 1', a, b)
	FROM unnest('{f8,f4,n,i8,i4,i2}'::text[]) a, unnest('{f8,f4,n,i8,i4,i2}'::text[]) b WHERE a <= b ORDER BY a, b
\gexec
\set ECHO all
\t off
SELECT count(*) FILTER (WHERE growth_rate(f8, i4) IS DISTINCT FROM growth_rate(f8::text::numeric, i4)) AS growth,
	count(*) FILTER (WHERE dso(f8, n, 30) IS DISTINCT FROM dso(f8::text::numeric, n, 30)) AS dso,
	count(*) FILTER (WHERE cac_payback(f8, n, 0.25) IS DISTINCT FROM cac_payback(f8::text::numeric, n, 0.25)) AS payback
	FROM line;
-- literals and parameters without a type
SELECT margin(1, 2), margin('1', '2'), margin('1', 2), margin(1, 2.0), margin(1::real, 2), roi(3, '2'), cac('9', '2'),
	growth_rate(110, 100), growth_rate('110', '100'), growth_rate(0.3::float8, 0.2::float8), dso('100', '200', '30'),
	cac_payback(300, 50, 0.5), per_customer(1, '2.5'), per_customer('a', 2), rfm('2026-01-01', '2.5'),
	revenue_summary('a', date '2026-01-01', '2.5', 'month');
PREPARE untyped AS SELECT roi($1, $2), margin($1, $2), growth_rate($3, $4), cac($5, $6), per_customer($7, $8);
EXECUTE untyped('3', '2', '3', '2', '3', '2', 'a', '2');
EXECUTE untyped(3, 2, 3, 2, 3, 2, 'a', 2);
-- no digit of a bigint is lost, and one of a float is the float's
SELECT margin(9007199254740993, 1) * 9007199254740993 AS margin, cac(9007199254740993, 1),
	per_customer(1, 9007199254740993), rfm(date '2026-01-01', 9007199254740993),
	growth_rate(9007199254740993, 1), revenue_summary(1, date '2026-01-01', 9007199254740993, 'year');
SELECT margin(9007199254740993, 1::float8) * 9007199254740992 AS margin;
-- NaN and infinities: in ratios as in numeric where the base is finite; no amount
SELECT margin(x, 1), roi(1, x), cac(x, 1), growth_rate(x, 1), growth_rate(1, x)
	FROM unnest('{NaN,Infinity,-Infinity}'::float8[]) x GROUP BY x ORDER BY x;
\set VERBOSITY terse
SELECT rfm(date '2026-01-01', 'NaN'::float8);
SELECT per_customer(1, 'Infinity'::real);
SELECT revenue_summary(1, date '2026-01-01', '-Infinity'::float8, 'month');
SELECT per_customer(1, 1e300::float8);
SELECT per_customer(1, 1e-300::float8);
