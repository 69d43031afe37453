-- The change of a rate: published figures, the equations that its bounds solve, and how often they hold the truth.
SET extra_float_digits = -1;
CREATE FUNCTION hashed(i int, salt int) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN abs(hashint4extended(i, salt) % 1000);

-- the examples of Newcombe 1998, table II, method 10
SELECT now, before, round(change::numeric, 4) AS change, round(lower::numeric, 4) AS lower,
	round(upper::numeric, 4) AS upper
FROM (VALUES ('(56,70)'::rate_summary, '(48,80)'::rate_summary), ('(9,10)', '(3,10)'), ('(6,7)', '(2,7)'),
		('(5,56)', '(0,29)'), ('(0,10)', '(0,20)'), ('(0,10)', '(0,10)'), ('(10,10)', '(0,20)'),
		('(10,10)', '(0,10)')) v(now, before),
	rate_change(now, before);

-- the bounds x of the quotient p / q are where p - q x is as far from 0 as the errors of both sides together:
-- (p - q x)^2 = (p - lower p)^2 + x^2 (upper q - q)^2, and the other way round
CREATE TABLE pair AS
SELECT n, b, rate(n) AS p, rate(b) AS q, now.lower AS pl, now.upper AS pu, before.lower AS ql, before.upper AS qu,
	c.*, relative_lower + 1 AS xl, relative_upper + 1 AS xu
FROM (SELECT format('(%s,%s)', hashed(i, 1) % (n + 1), n)::rate_summary AS n,
			format('(%s,%s)', hashed(i, 2) % (b + 1), b)::rate_summary AS b
		FROM (SELECT i, 1 + hashed(i, 3) % 60 AS n, 1 + hashed(i, 4) % 60 AS b FROM generate_series(1, 3000) i) t) s,
	rate_interval(n, 0.9) now, rate_interval(b, 0.9) before, rate_change(n, b, 0.9) c;
SELECT count(*) AS pairs, count(relative) AS related, sum((change <> p - q)::int) AS wrong,
	sum((hits(b) = 0 AND num_nulls(relative, relative_lower, relative_upper) <> 3)::int) AS from_nothing,
	max(abs(relative - (p / nullif(q, 0) - 1))) < 1e-12 AS exact,
	max(abs((p - q * xl) ^ 2 - (p - pl) ^ 2 - xl ^ 2 * (qu - q) ^ 2)) < 1e-9 AS low,
	max(abs((p - q * xu) ^ 2 - (pu - p) ^ 2 - xu ^ 2 * (q - ql) ^ 2) / nullif(xu, 0) ^ 2) < 1e-9 AS high,
	bool_and(relative BETWEEN relative_lower AND relative_upper) AS inside,
	bool_and(change BETWEEN lower AND upper) AS around,
	max(abs((change - lower) ^ 2 - (p - pl) ^ 2 - (qu - q) ^ 2)) < 1e-9 AS newcombe,
	max(abs((upper - change) ^ 2 - (pu - p) ^ 2 - (q - ql) ^ 2)) < 1e-9 AS newcombe_too
FROM pair;

-- nothing before, nothing now, an empty side, NULL, the largest counts, a confidence that is none
SELECT * FROM rate_change('(3,10)', '(0,10)');
SELECT * FROM rate_change('(0,10)', '(3,10)');
SELECT * FROM rate_change('(0,0)', '(3,10)');
SELECT * FROM rate_change('(3,10)', '(0,0)');
SELECT * FROM rate_change(NULL, '(0,0)');
SELECT * FROM rate_change('(4611686018427387904,4611686018427387904)', '(1,4611686018427387904)');
SELECT * FROM rate_change('(1,2)', '(1,2)', 1);

-- in 2,000 experiments without and with a difference, the interval of 95 % holds the truth some 19 times in 20
SELECT round(avg((same.lower <= 0 AND same.upper >= 0)::int), 2) AS without,
	round(avg((apart.lower <= 0.2 AND apart.upper >= 0.2)::int), 2) AS with_one,
	round(avg((apart.relative_lower <= 2 AND apart.relative_upper >= 2)::int), 2) AS relative
FROM (SELECT rate_summary(hashed(i, j) < 100) FILTER (WHERE j <= 150) AS a,
			rate_summary(hashed(i, j) < 100) FILTER (WHERE j BETWEEN 151 AND 250) AS b,
			rate_summary(hashed(i, j) < 300) FILTER (WHERE j > 250) AS c
		FROM generate_series(1, 2000) i, generate_series(1, 370) j GROUP BY i) g,
	rate_change(a, b) same, rate_change(g.c, b) apart;
DROP TABLE pair;
DROP FUNCTION hashed(int, int);
