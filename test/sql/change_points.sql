-- Changes of level: in a known series, against all ways to cut, and how often they are found where there is none.
SET extra_float_digits = 0;
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/series.sql

-- the Nile at Aswan, 1871 to 1970, in 10^8 m^3 (Cobb 1978): less water from 1899 on
SELECT * FROM change_points('{1120,1160,963,1210,1160,1160,813,1230,1370,1140,995,935,1110,994,1020,960,1180,799,958,
	1140,1100,1210,1150,1250,1260,1220,1030,1100,774,840,874,694,940,833,701,916,692,1020,1050,969,831,726,456,824,702,
	1120,1100,832,764,821,768,845,864,862,698,845,744,796,1040,759,781,865,845,944,984,897,822,1010,771,676,649,846,812,
	742,801,1040,860,874,848,890,744,749,838,1050,918,986,797,923,975,815,1020,906,901,1170,912,746,919,718,714,740}');
-- no level is shorter than asked for; gaps are left out and places are those of the array; nothing changes in what does
-- not vary
SELECT shortest, array_agg(place ORDER BY place) AS places
FROM unnest('{1,2,3,9}'::int[]) shortest, change_points('{1,2,1,2,1,2,9,9.5,1,2,1,2,1,2,1,2}', shortest)
	GROUP BY shortest ORDER BY shortest;
SELECT array_agg(place) AS places FROM change_points('{NULL,1,2,1,NULL,2,1,2,1,NULL,9,8,9,8,NULL,9,8,9,NULL}');
SELECT (SELECT count(*) FROM change_points('{}')) + (SELECT count(*) FROM change_points('{NULL}'))
	+ (SELECT count(*) FROM change_points('{3,3,3,3,3,3}')) + (SELECT count(*) FROM change_points(NULL)) AS none;
SELECT setseed(0.75);
-- the cheapest of all ways to cut short series, by trying them all
CREATE FUNCTION pg_temp.cut(y float8[], price float8, shortest int) RETURNS int[] LANGUAGE sql AS $$
	WITH RECURSIVE way AS (
		SELECT '{}'::int[] AS places, 0 AS done, -price AS cost
		UNION ALL
		SELECT CASE WHEN w.done > 0 THEN w.places || w.done ELSE w.places END, e,
			w.cost + price + (SELECT sum(x * x) - sum(x) ^ 2 / count(*) FROM unnest(y[w.done + 1:e]) x)
		FROM way w, generate_series(w.done + shortest, cardinality(y)) e WHERE w.done < cardinality(y))
	SELECT places FROM way WHERE done = cardinality(y) ORDER BY cost LIMIT 1 $$;
-- with single outliers where their nearer neighbour is
CREATE FUNCTION pg_temp.plain(y float8[], deviation float8) RETURNS float8[] LANGUAGE sql AS $$
	SELECT array_agg(CASE WHEN sign(b) = sign(a) AND least(abs(b), abs(a)) > 4 * deviation
		THEN v - CASE WHEN abs(b) < abs(a) THEN b ELSE a END ELSE v END ORDER BY i)
	FROM unnest(y) WITH ORDINALITY u(v, i), LATERAL (SELECT v - y[CASE i WHEN 1 THEN 3 ELSE i - 1 END] AS b,
		v - y[CASE WHEN i < cardinality(y) THEN i + 1 ELSE i - 2 END] AS a) d $$;
SELECT count(*) AS series, count(*) FILTER (WHERE cardinality(ours) > 0) > 20 AS some_change,
	count(*) FILTER (WHERE ours <> best) AS other
FROM (SELECT k, y, shortest, ARRAY(SELECT place FROM change_points(y, shortest, 2) ORDER BY place) AS ours,
		pg_temp.cut(CASE shortest WHEN 1 THEN y ELSE pg_temp.plain(y, deviation) END,
			2 * deviation ^ 2 * ln(12) * (1 + 8 / 12.0), shortest) AS best
	FROM (SELECT *, 1.4826 * (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(y[i + 1] - y[i]))
			FROM generate_series(1, 11) i) / sqrt(2) AS deviation
		FROM (SELECT k, 1 + k % 3 AS shortest, array_agg(pg_temp.noise() + CASE WHEN i > 4 + k % 5 THEN k % 4 * 1.5
			ELSE 0 END ORDER BY i) AS y FROM generate_series(1, 120) k, generate_series(1, 12) i GROUP BY k) q) s) c;
-- without a change at most one series in twenty has one, a shift by two deviations is found where it is
SELECT n, avg((c > 0)::int) < 0.06 AS few FROM (SELECT n, k, (SELECT count(*) FROM change_points(y, 4)) AS c
	FROM (SELECT n, k, array_agg(pg_temp.noise() ORDER BY i) AS y FROM unnest('{24,36,100}'::int[]) n,
			generate_series(1, 500) k, generate_series(1, n) i GROUP BY n, k) q) z GROUP BY n ORDER BY n;
SELECT avg((cardinality(p) = 1)::int) > 0.95 AS found, avg(abs(p[1] - 60)) < 1.5 AS there
	FROM (SELECT ARRAY(SELECT place FROM change_points(y) ORDER BY place) AS p
	FROM (SELECT k, array_agg(pg_temp.noise() + CASE WHEN i > 60 THEN 2 ELSE 0 END ORDER BY i) AS y
			FROM generate_series(1, 200) k, generate_series(1, 365) i GROUP BY k) q) z;
SELECT pg_temp.error(q) FROM unnest(ARRAY[
	$$SELECT change_points('{1,NaN}')$$, $$SELECT change_points('{1}', 0)$$,
	$$SELECT change_points('{1}', 1, 0)$$, $$SELECT change_points('{1}', 1, 'NaN')$$,
	$$SELECT change_points(array_fill(1.0::float8, '{10001}'))$$]) q;
