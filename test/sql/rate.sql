-- Rates: rate_agg, retention and churn of flags, satisfaction, punctuality, conversion.
SET extra_float_digits = -1;
SET timezone = 'America/New_York';
SET datestyle = 'ISO';
CREATE FUNCTION h(i int, salt int) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN abs(hashint4extended(i, salt) % 1000);

-- Wilson's interval, published figures
SELECT round(lower::numeric, 6) AS lower, round(upper::numeric, 6) AS upper FROM rate_interval('(8,10)');
SELECT round(lower::numeric, 6) AS lower, round(upper::numeric, 6) AS upper FROM rate_interval('(0,10)');
SELECT round(lower::numeric, 6) AS lower, round(upper::numeric, 6) AS upper FROM rate_interval('(10,10)');
SELECT rate_lower('(8,10)') = (rate_interval('(8,10)')).lower AS lower,
	rate_upper('(8,10)', 0.9) = (rate_interval('(8,10)', 0.9)).upper AS upper;
SELECT rate_agg(x), rate_summary(x) FROM unnest('{t,f,t,NULL}'::boolean[]) x;
SELECT rate_agg(x), rate_summary(x) FROM unnest('{}'::boolean[]) x;
SELECT rate(s), hits(s), total(s), rate_interval(s), rate_lower(s), rate_upper(s)
	FROM (SELECT '(0,0)'::rate_summary AS s) q;
-- a missing date: dropped by a bare comparison, a miss with IS TRUE
SELECT rate_agg(done <= due) AS dropped, rate_agg((done <= due) IS TRUE) AS counted
	FROM (VALUES ('2024-01-01'::date, '2024-01-02'::date), (NULL, '2024-01-02')) v(done, due);

-- retention and churn of two flags
SELECT retention_rate(before, after), churn_rate(before, after)
	FROM (VALUES (true, true), (true, true), (true, false), (false, true), (NULL, true), (true, NULL)) v(before, after);
SELECT retention_rate(before, after), churn_rate(before, after)
	FROM (VALUES (false, true), (NULL, true)) v(before, after);

-- satisfaction
SELECT csat_agg(x), csat_agg(x, 5) AS five, csat_agg(x, 5, 1) AS top_box, csat_agg(x, 7) AS of_seven,
	csat_agg(x, 10, 6) AS six_of_ten FROM unnest(ARRAY[1, 2, 3, 4, 5, 5, NULL]) x;
SELECT csat_agg(score, scale, boxes), csat_summary(score, scale, boxes) FROM (VALUES (3, 3, 1), (10, 10, 2), (8, 10, 2),
		(2, 2, 1), (NULL, 5, 2), (5, NULL, 2), (5, 5, NULL)) v(score, scale, boxes);
SELECT pg_typeof(csat_agg(5::smallint)), pg_typeof(csat_agg(5::real)), csat_agg(5.0), csat_agg('5'),
	csat_agg(4::bigint, 5), csat_summary(4::float8, 5, 2);

-- punctuality: due by as_of, NULL done is late
SELECT on_time_rate(due, done, '2024-02-01'), on_time_summary(due, done, '2024-02-01') FROM (VALUES
	('2024-01-10'::date, '2024-01-10'::date), ('2024-01-10', '2024-01-11'), ('2024-01-10', NULL),
	('2024-02-01', '2024-01-01'), ('2024-02-02', '2024-01-01'), (NULL, '2024-01-01')) v(due, done);
SELECT on_time_rate(due, done, NULL::date) FROM (VALUES ('2024-01-10'::date, '2024-01-10'::date)) v(due, done);
SELECT on_time_summary(due::timestamp, done, '2024-01-10 12:00') AS wall, on_time_summary(due::timestamptz,
		done, '2024-01-10 12:00') AS zone FROM (VALUES ('2024-01-10 12:00', '2024-01-10 12:00'::timestamp),
		('2024-01-10 12:00:00.000001', '2024-01-01')) v(due, done);

-- conversion: one of four leads, three never; a lead whose window is open is not counted
CREATE TEMP TABLE lead (started timestamptz, converted timestamptz);
INSERT INTO lead VALUES ('2024-01-01', '2024-01-05'), ('2024-01-02', NULL), ('2024-01-03', NULL), ('2024-01-04', NULL),
	('2024-01-28', '2024-01-29');
SELECT conversion_rate(started, converted, '7 days', '2024-02-01'),
	conversion_summary(started, converted, '7 days', '2024-02-01') FROM lead;
-- inclusive ends, converted before started, late
SELECT c, conversion_summary('2024-01-01'::date, c, '7 days', '2024-01-08')
	FROM unnest('{2023-12-31,2024-01-01,2024-01-08,2024-01-09,NULL}'::date[]) c GROUP BY c ORDER BY c;
SELECT conversion_summary('2024-01-01'::date, '2024-01-02', '7 days', '2024-01-07') AS open,
	conversion_summary('2024-01-01'::date, '2024-01-02', NULL, '2024-02-01') AS no_window,
	conversion_summary(NULL::date, '2024-01-02', '1 day', '2024-02-01') AS no_start,
	conversion_summary('2024-01-01'::date, '2024-01-02', '1 day', NULL) AS no_as_of;
-- months and parts of days on dates: a part of a day does not reach the next
SELECT conversion_summary('2024-01-31'::date, c, '1 month', '2024-02-29') AS month,
	conversion_summary('2024-01-31'::date, c, '36 hours', '2024-02-29') AS hours,
	conversion_summary('2024-01-31'::date, c, '1 month 24 hours', '2024-03-01') AS both_units
FROM unnest('{2024-02-01,2024-02-02,2024-02-29,2024-03-01,2024-03-02}'::date[]) c;
-- a window over the change to summer time: a day is a day, 24 hours are 24 hours
SELECT conversion_summary(s, c, '1 day', 'infinity') AS day, conversion_summary(s, c, '24 hours', 'infinity') AS hours
FROM (VALUES ('2024-03-09 12:00'::timestamptz, '2024-03-10 12:30'::timestamptz),
		('2024-03-09 12:00', '2024-03-10 12:00')) v(s, c);
SET timezone = 'UTC';
SELECT conversion_summary('2024-03-09 17:00+00'::timestamptz, '2024-03-10 17:00+00', '1 day', '2024-03-11') AS utc;
SET timezone = 'America/New_York';
-- infinities order as they do in SQL
SELECT conversion_summary(s, c, '1 day', '2024-01-01') FROM (VALUES ('-infinity'::date, '2020-01-01'::date),
		('infinity', 'infinity'), ('2020-01-01', 'infinity'), ('2020-01-01', '-infinity')) v(s, c);

-- against plain SQL on random data, for the three types of time
CREATE TEMP TABLE event AS SELECT i, i % 23 AS team,
	'2024-03-01'::timestamptz + h(i, 1) * interval '47 minutes' AS started,
	CASE WHEN h(i, 3) < 700 THEN '2024-03-01'::timestamptz + h(i, 2) * interval '61 minutes' END AS converted,
		make_interval(months => h(i, 4) % 2, days => h(i, 5) % 9, hours => h(i, 6) % 30) AS within
		FROM generate_series(1, 20000) i;
SELECT count(*) AS groups,
	count(*) FILTER (WHERE tz <> tz_plain OR ts <> ts_plain OR d <> d_plain OR ot <> ot_plain) AS different FROM (
	SELECT conversion_summary(started, converted, within, '2024-03-25 12:00') AS tz,
		rate_summary((converted BETWEEN started AND started + within) IS TRUE)
			FILTER (WHERE started + within <= '2024-03-25 12:00') AS tz_plain,
		conversion_summary(started::timestamp, converted::timestamp, within, '2024-03-25 12:00') AS ts,
		rate_summary((converted::timestamp BETWEEN started::timestamp AND started::timestamp + within) IS TRUE)
			FILTER (WHERE started::timestamp + within <= '2024-03-25 12:00') AS ts_plain,
		conversion_summary(started::date, converted::date, within, '2024-03-25') AS d,
		rate_summary((converted::date BETWEEN started::date AND (started::date + within)::date) IS TRUE)
			FILTER (WHERE (started::date + within)::date <= '2024-03-25') AS d_plain,
		on_time_summary(started, converted, '2024-03-25') AS ot,
		rate_summary((converted <= started) IS TRUE) FILTER (WHERE started <= '2024-03-25') AS ot_plain
	FROM event GROUP BY team) q;
-- the same where every day has 24 hours, and at the ends of time
SET timezone = 'UTC';
SELECT count(*) AS groups, count(*) FILTER (WHERE tz <> tz_plain) AS different FROM (
	SELECT conversion_summary(started, converted, within, '2024-03-25 12:00') AS tz,
		rate_summary((converted BETWEEN started AND started + within) IS TRUE)
			FILTER (WHERE started + within <= '2024-03-25 12:00') AS tz_plain
	FROM event GROUP BY team) q;
SELECT conversion_summary(s, c, '1 day', '2024-01-01')
	FROM (VALUES ('-infinity'::timestamptz, '2020-01-01'::timestamptz), ('infinity', 'infinity'),
		('2020-01-01', 'infinity'), ('2020-01-01', '-infinity')) v(s, c);
SELECT conversion_rate('294276-12-31 12:00'::timestamptz, '2024-01-02', '13 hours', 'infinity');
SELECT conversion_rate('294276-12-31'::timestamp, '2024-01-02', '2147483647 days', 'infinity');
RESET timezone;
SELECT count(*) FILTER (WHERE plain IS DISTINCT FROM rate_agg) AS different
	FROM (SELECT rate_agg(converted > started), avg((converted > started)::int)::float8 AS plain FROM event
		GROUP BY team HAVING count(*) > 0) q WHERE abs(plain - rate_agg) > 1e-15;
SELECT rollup(s) = (SELECT rate_summary(converted > started) FROM event) AS equal
	FROM (SELECT rate_summary(converted > started) AS s FROM event GROUP BY team) q;
SELECT '(1,2)'::rate_summary + '(3,4)', rollup(s) FROM unnest(ARRAY['(1,2)'::rate_summary, NULL, '(0,0)']) s;

-- errors
SELECT csat_agg(0);
SELECT csat_agg(6);
SELECT csat_agg(4.5);
SELECT csat_agg('NaN'::float8);
SELECT csat_agg(3, 3);
SELECT csat_agg(1, 1, 1);
SELECT csat_agg(3, 5, 5);
SELECT csat_agg(3, 5, 0);
SELECT conversion_rate('2024-01-01'::date, '2024-01-02', '-1 day', '2024-02-01');
SELECT conversion_rate('2024-01-01'::date, '2024-01-02', '1 month -1 day', '2024-02-01');
SELECT conversion_rate('5874897-12-31'::date, '2024-01-02', '1 day', '2024-02-01') AS no_end_in_sight;
SELECT rate_interval('(1,2)', 1);
SELECT '(3,2)'::rate_summary;
SELECT '(-1,2)'::rate_summary;
SELECT '(1,4611686018427387905)'::rate_summary;
SELECT '(1,4611686018427387904)'::rate_summary + '(1,1)';
SELECT '1,2'::rate_summary;
SELECT rate_summary_accum('(1,4611686018427387904)', true);
SELECT rate_summary_remove('(0,1)', true);
DROP FUNCTION h;

-- a - b takes away what + merged
SELECT '(5,9)'::rate_summary - '(1,2)' AS less, '(5,9)'::rate_summary - '(5,9)' AS nothing,
	'(5,9)'::rate_summary - NULL AS unknown;
SELECT count(*) FILTER (WHERE a + b - b = a AND rate_summary_send(a + b - b) = rate_summary_send(a)) AS back, count(*)
FROM (SELECT format('(%s,%s)', i % 4, 3 + i % 5)::rate_summary AS a,
		format('(%s,%s)', i % 3, 2 + i % 7)::rate_summary AS b FROM generate_series(1, 500) AS i) AS pair;
SELECT '(5,9)'::rate_summary - '(6,6)';
\echo :LAST_ERROR_SQLSTATE
-- nor more misses
SELECT '(5,9)'::rate_summary - '(0,5)';
