-- Hours that change from a date on, hours of dates, several spans, pauses, working days
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
\pset footer off

CREATE FUNCTION pg_temp.refusal(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE sql;
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' ', SQLSTATE, CASE WHEN SQLSTATE <> '22P02' THEN SQLERRM END, detail);
END $$;

-- one text for equal hours: dates in order and together, a week like the one before it left out
SELECT h, h = h::text::business_hours AS same FROM (VALUES
	('Mon-Fri 09:00-17:00; 2026-12-24 09:00-13:00 @ UTC'::business_hours),
	('2026-12-31, 2026-12-24 13:00-17:00,9:00-13:00; Mon-Fri 09:00-17:00; Sat closed; 2026-12-25 CLOSED @ utc'),
	('Mon-Fri 09:00-17:00; from 2027-01-01 Mon-Fri 08:00-16:00; Sat 10:00-12:00; Make-up 10:00-11:00 @ UTC'),
	('Mon-Fri 09:00-17:00; FROM 2027-01-01 Tue-Fri 9:00-17:00; Mon 09:00-17:00; from 2028-02-29 Mon 08:00-09:00 @ UTC'),
	('Mon-Fri 09:00-17:00; from 0001-01-01 Mon 09:00-10:00; from 9999-12-31 Tue 09:00-10:00; 0001-01-01 22:00-06:00;
		9999-12-31 00:00-24:00 @ Europe/Berlin')) v (h);
SELECT literal, pg_temp.refusal(format('SELECT %L::business_hours', literal)) AS refusal FROM (VALUES
	('Mon 09:00-17:00; 2026-02-30 closed @ UTC'), ('Mon 09:00-17:00; 2026-13-01 closed @ UTC'),
	('Mon 09:00-17:00; 2026-1-01 closed @ UTC'), ('Mon 09:00-17:00; 2026-12-24 @ UTC'),
	('Mon 09:00-17:00; 20260-12-24 closed @ UTC'), ('Mon 09:00-17:00; 0000-12-24 closed @ UTC'),
	('Mon 09:00-17:00; 2026-12-24 closed; 2026-12-24 09:00-10:00 @ UTC'),
	('Mon 09:00-17:00; 2026-12-24 09:00-12:00,11:00-13:00 @ UTC'), ('Mon 09:00-17:00; 2026-12-24, Tue closed @ UTC'),
	('2026-12-24 09:00-12:00 @ UTC'), ('from 2026-01-01 Mon 09:00-17:00 @ UTC'),
	('Mon 09:00-17:00; from 2027-01-01 Mon closed @ UTC'), ('Mon 09:00-17:00; from 2027-01-01 @ UTC'),
	('Mon 09:00-17:00; from Mon 08:00-16:00 @ UTC'),
	('Mon 09:00-17:00; from 2027-01-01 Mon 08:00-16:00; from 2027-01-01 Tue 08:00-16:00 @ UTC'),
	('Mon 09:00-17:00; from 2027-01-01 Mon 08:00-16:00; from 2026-01-01 Tue 08:00-16:00 @ UTC'),
	('Mon closed, 09:00-17:00 @ UTC'), ('Mon 09:00-17:00; 2026-12-24 closedish @ UTC')) v (literal);
SELECT pg_temp.refusal(format('SELECT %L::business_hours', 'Mon 09:00-10:00; '
		|| string_agg(to_char(date '2020-01-01' + i, 'YYYY-MM-DD'), ',') || ' closed @ UTC')) AS dates
FROM generate_series(0, 1000) i;
SELECT pg_temp.refusal(format('SELECT %L::business_hours', 'Mon 09:00-10:00; ' || string_agg(format('from %s Mon '
		'09:00-10:%s', to_char(date '2020-01-01' + i, 'YYYY-MM-DD'), 10 + i % 2), '; ') || ' @ UTC')) AS weeks
FROM generate_series(0, 99) i;

-- what they say of a week
CREATE TEMP TABLE shop (h business_hours);
INSERT INTO shop VALUES ('Mon-Fri 09:00-17:00; from 2027-01-01 Mon-Thu 08:00-16:00; 2027-01-04 closed @ Europe/Berlin');
SELECT weekly_time(h), weekly_time(h, '2026-12-31'), weekly_time(h, '2027-01-01'), weekly_seconds(h, 'infinity'),
	weekly_seconds(h, '-infinity'), time_zone(h) FROM shop;
SELECT o.* FROM shop, opening_hours(h, '2027-06-01') o;

-- against plain SQL: all openings of five years by date, the hours of each date chosen as the page tells it
CREATE TEMP TABLE calendar AS
SELECT 'Mon-Thu 09:00-12:15,13:00-17:45; Fri 20:00-03:30; Make-up 10:00-12:00; from 2025-03-05 Tue-Sat 08:00-18:00;
		from 2027-07-01 Mon-Sun 22:00-04:00; 2024-12-24, 2026-12-24 09:00-13:00; 2025-03-07 closed; 2027-06-30
		12:00-14:00; 2024-06-07 18:00-21:00; 2024-06-08,2024-06-09 23:00-02:00 @ America/New_York'::business_hours
			AS hours,
	'{[2024-05-01,2024-05-03),[2024-12-24,2024-12-27),[2026-12-20,2027-01-02),[2027-10-01,2027-10-02)}'::datemultirange
		AS holidays,
	'{[2024-05-02,2024-05-05),[2024-06-08,2024-06-09),[2025-03-07,2025-03-10),[2027-10-01,2027-10-03)}'::datemultirange
		AS workdays;
CREATE TEMP TABLE opening AS
WITH week (starts, ends, weekday, opens, closes) AS (
	SELECT date '-infinity', date '2025-03-05', d, o, c FROM generate_series(1, 4) d,
		(VALUES (interval '9 hours', interval '12:15'), ('13 hours', '17:45')) v (o, c)
	UNION ALL SELECT '-infinity', '2025-03-05', 5, '20 hours', '27:30'
	UNION ALL SELECT '2025-03-05', '2027-07-01', d, '8 hours', '18 hours' FROM generate_series(2, 6) d
	UNION ALL SELECT '2027-07-01', 'infinity', d, '22 hours', '28 hours' FROM generate_series(1, 7) d),
made_up (starts, ends, opens, closes) AS (
	VALUES (date '-infinity', date '2025-03-05', interval '10 hours', interval '12 hours'),
		('2025-03-05', '2027-07-01', '8 hours', '18 hours')),
own (day, opens, closes) AS (
	VALUES (date '2024-12-24', interval '9 hours', interval '13 hours'), ('2026-12-24', '9 hours', '13 hours'),
		('2025-03-07', NULL, NULL), ('2027-06-30', '12 hours', '14 hours'), ('2024-06-07', '18 hours', '21 hours'),
		('2024-06-08', '23 hours', '26 hours'), ('2024-06-09', '23 hours', '26 hours')),
days AS (SELECT d::date AS day, extract(isodow FROM d)::int AS weekday,
	holidays @> d::date AND NOT workdays @> d::date AS closed, workdays @> d::date AS made_up
	FROM calendar, generate_series(timestamp '2023-12-01', '2028-12-31', '1 day') d)
SELECT day, opens, closes FROM days JOIN own USING (day) WHERE opens IS NOT NULL
UNION ALL SELECT day, opens, closes FROM days d JOIN week w ON d.weekday = w.weekday AND day >= starts AND day < ends
	WHERE NOT closed AND day NOT IN (SELECT day FROM own)
UNION ALL SELECT day, opens, closes FROM days d JOIN made_up m ON day >= starts AND day < ends
	WHERE made_up AND day NOT IN (SELECT day FROM own)
		AND NOT EXISTS (SELECT FROM week w WHERE w.weekday = d.weekday AND day >= w.starts AND day < w.ends);
-- as moments, a quarter of an hour at a time
CREATE TEMP TABLE quarter AS
SELECT m AS at, (m AT TIME ZONE 'America/New_York') AS local, (m AT TIME ZONE 'America/New_York')::date AS day
FROM generate_series('2023-12-02 05:00+00'::timestamptz, '2028-12-31 04:45+00', '15 minutes') m;
CREATE TEMP TABLE open AS
SELECT range_agg(tstzrange(at, at + interval '15 minutes')) AS moments
FROM (SELECT at FROM quarter q JOIN opening o USING (day) WHERE local >= day + opens AND local < day + closes
	UNION SELECT at FROM quarter q JOIN opening o ON o.day = q.day - 1 WHERE local < o.day + closes) v;
SELECT count(*) AS openings, min(day), max(day) FROM opening;

SELECT setseed(0.21);
CREATE TEMP TABLE span AS
SELECT '2023-12-05'::timestamptz + floor(random() * 155000000) * interval '1 second' AS a,
	'2023-12-05'::timestamptz + floor(random() * 155000000) * interval '1 second' AS b FROM generate_series(1, 60);
UPDATE span SET a = b, b = a WHERE a > b;
CREATE FUNCTION pg_temp.open_in(spans tstzmultirange) RETURNS double precision LANGUAGE sql AS
	'SELECT coalesce(sum(extract(epoch FROM upper(r) - lower(r))), 0)::float8 FROM open, unnest(moments * spans) r';
SELECT count(*) AS spans, max(business_seconds(a, b, hours, holidays, workdays)) > 1e7 AS long,
	count(*) FILTER (WHERE business_seconds(a, b, hours, holidays, workdays)
		<> pg_temp.open_in(tstzmultirange(tstzrange(a, b)))) AS wrong FROM span, calendar;
-- around each date that is special, an hour at a time
SELECT count(*) AS hours, count(*) FILTER (WHERE business_time(h, h + interval '1 hour', hours, holidays, workdays)
		<> make_interval(secs => pg_temp.open_in(tstzmultirange(tstzrange(h, h + interval '1 hour'))))) AS wrong,
	count(*) FILTER (WHERE is_business_time(h, hours, holidays, workdays) <> (SELECT moments @> h FROM open))
		AS not_open
FROM calendar, (VALUES (date '2024-05-01'), ('2024-06-07'), ('2024-12-24'), ('2025-03-05'), ('2026-12-24'),
		('2027-06-30'), ('2027-10-01')) v (day),
	generate_series((day - 2)::timestamptz, (day + 5)::timestamptz, '1 hour') h;

-- several spans, with pauses taken out, in both kinds of time
CREATE TEMP TABLE reopened AS
SELECT i, range_agg(tstzrange(a, a + length)) AS spans, range_agg(tstzrange(a + length / 3, a + length / 2))
	FILTER (WHERE random() < .7) AS pauses FROM generate_series(1, 40) i, LATERAL (
		SELECT '2024-04-01'::timestamptz + floor(random() * 90000000 + 0 * i) * interval '1 second' AS a,
			floor(random() * 2000000) * interval '1 second' AS length FROM generate_series(1, 1 + i % 5)) s GROUP BY i;
SELECT count(*) AS tickets, count(*) FILTER (WHERE business_seconds_in(spans, hours, holidays, workdays)
		<> pg_temp.open_in(spans)) AS wrong,
	count(*) FILTER (WHERE business_time_in(spans - coalesce(pauses, '{}'), hours, holidays, workdays)
		<> make_interval(secs => pg_temp.open_in(spans - coalesce(pauses, '{}')))) AS wrong_with_pauses,
	count(*) FILTER (WHERE business_seconds_in((SELECT range_agg(tsrange(lower(r) AT TIME ZONE 'America/New_York',
		upper(r) AT TIME ZONE 'America/New_York')) FROM unnest(spans) r), hours, holidays, workdays)
		<> pg_temp.open_in(spans)) AS wrong_in_local_time FROM reopened, calendar;
SELECT business_time_in('{}'::tstzmultirange, h), business_seconds_in('{}'::tsmultirange, h),
	business_time_in(NULL::tsmultirange, h),
	business_time_in('{[2026-12-28 10:00,2026-12-28 11:00),[2026-12-28 12:00,2026-12-28 13:30]}'::tsmultirange, h)
FROM shop;

-- due times around pauses: so much open time before it outside them, and not before
CREATE TEMP TABLE due AS
SELECT at, x, pauses, add_business_time(at, x, hours, holidays, workdays, pauses) AS due
FROM calendar, (SELECT '2024-04-01'::timestamptz + floor(random() * 90000000) * interval '1 second' AS at,
	floor(random() * 200000) * interval '1 second' AS x, (SELECT coalesce(range_agg(tstzrange(p, p + floor(random()
		* 300000) * interval '1 second')), '{}') FROM (SELECT '2024-04-01'::timestamptz
			+ floor(random() * 90000000 + 0 * i)
			* interval '1 second' AS p FROM generate_series(1, i % 200)) q) AS pauses FROM generate_series(1, 150) i) v;
SELECT count(*) AS tickets, count(*) FILTER (WHERE due <> add_business_time(at, x, hours, holidays, workdays)) > 20
		AS put_off,
	count(*) FILTER (WHERE business_time_in(tstzmultirange(tstzrange(at, due)) - pauses, hours, holidays, workdays)
		<> x) AS wrong,
	count(*) FILTER (WHERE x > '0' AND business_time_in(tstzmultirange(tstzrange(at, due - interval '1 microsecond'))
		- pauses, hours, holidays, workdays) >= x) AS late,
	count(*) FILTER (WHERE add_business_time(at, x, hours, holidays, workdays, '{}')
		<> add_business_time(at, x, hours, holidays, workdays)) AS wrong_without,
	count(*) FILTER (WHERE add_business_time(at AT TIME ZONE 'America/New_York', x, hours, holidays, workdays,
		(SELECT coalesce(range_agg(tsrange(lower(r) AT TIME ZONE 'America/New_York', upper(r) AT TIME ZONE
			'America/New_York')), '{}') FROM unnest(pauses) r)) <> due AT TIME ZONE 'America/New_York')
		AS wrong_in_local_time
FROM due, calendar;
-- what begins when it is due puts nothing off
SELECT
	add_business_time(timestamp '2026-12-28 09:00', '2 hours', h, '{}', '{}', '{[2026-12-28 11:00,2026-12-29 12:00)}'),
	add_business_time(timestamp '2026-12-28 09:00', '2 hours', h, '{}', '{}', '{[2026-12-28 10:59,2026-12-29 12:00)}'),
	add_business_time(timestamp '2026-12-28 09:00', '2 hours', h, '{}', '{}', '{(,2026-12-28 10:00)}'),
	add_business_time(timestamp '2026-12-28 09:00', '2 hours', h, '{}', '{}', '{[2026-12-28 11:00,)}') FROM shop;

-- working days
SELECT count(*) AS spans, count(*) FILTER (WHERE business_days(a::date, b::date, hours, holidays, workdays)
		<> (SELECT count(DISTINCT day) FROM opening WHERE day >= a::date AND day < b::date)) AS wrong,
	count(*) FILTER (WHERE business_days(b::date, a::date, hours, holidays, workdays)
		<> - business_days(a::date, b::date, hours, holidays, workdays)) AS not_odd FROM span, calendar;
-- the same clock on a later open date; what comes in outside hours comes in at the next opening
CREATE TEMP TABLE day AS
SELECT day, day + min(opens) AS opens, day + max(closes) AS closes, row_number() OVER (ORDER BY day) AS n FROM opening
GROUP BY day;
CREATE TEMP TABLE come AS
SELECT at, days, (SELECT least(greatest(later.day + (start.starts - start.day), later.opens), later.closes)
	FROM (SELECT n, day, greatest(at, opens) AS starts FROM day WHERE closes > at ORDER BY n LIMIT 1) start
		JOIN day later ON later.n = start.n + days) AS due
FROM (SELECT timestamp '2024-04-01' + floor(random() * 110000000) * interval '1 second' AS at,
	floor(random() ^ 3 * 120)::int AS days FROM generate_series(1, 1500)) v;
SELECT count(*), count(due) AS known,
	count(*) FILTER (WHERE add_business_days(at, days, hours, holidays, workdays) <> due) AS wrong,
	count(*) FILTER (WHERE add_business_days(at AT TIME ZONE 'America/New_York', days, hours, holidays, workdays)
		<> due AT TIME ZONE 'America/New_York') AS wrong_as_moments FROM come, calendar;
-- right over the day that has 23 hours; a half day ends the day; round the clock
SELECT add_business_days('2026-03-06 16:00-05'::timestamptz, 1, 'Mon-Fri 09:00-17:00 @ America/New_York')
		AT TIME ZONE 'America/New_York' AS over_the_change,
	add_business_days(timestamp '2026-12-23 16:00', 1, 'Mon-Fri 09:00-17:00; 2026-12-24 09:00-13:00 @ UTC') AS half_day,
	add_business_days(timestamp '2026-12-23 16:00', 0, 'Mon-Fri 09:00-17:00 @ UTC') AS none,
	add_business_days(timestamp '2026-12-26 16:00', 0, 'Mon-Fri 09:00-17:00 @ UTC') AS none_on_saturday,
	add_business_days(timestamp '2026-12-23 23:59:59.999999', 2, 'Mon-Sun 00:00-24:00 @ UTC') AS round_the_clock,
	add_business_days(timestamp '2026-12-24 02:00', 1, 'Wed 22:00-06:00; Fri 10:00-12:00 @ UTC') AS over_midnight;
SELECT format('%s  ->  %s', call, pg_temp.refusal('SELECT ' || call)) AS refusal FROM (VALUES
	($$business_time_in('{[2026-01-01,)}'::tstzmultirange, 'Mon 09:00-18:00 @ UTC')$$),
	($$business_seconds_in('{(,2026-01-01)}'::tsmultirange, 'Mon 09:00-18:00 @ UTC')$$),
	($$business_seconds_in('{[2026-01-01,infinity)}'::tsmultirange, 'Mon 09:00-18:00 @ UTC')$$),
	($$business_time_in('{[4713-01-01 BC,294276-01-01)}'::tsmultirange, 'Mon-Sun 00:00-24:00 @ UTC')$$),
	($$add_business_time('4713-01-01 BC'::timestamp, '2562047788:00:00', 'Mon-Sun 00:00-24:00 @ UTC', '{}', '{}',
		'{[4713-01-02 BC,294270-01-01)}'::tsmultirange)$$),
	($$add_business_time(now(), '-1 hour', 'Mon 09:00-18:00 @ UTC', '{}', '{}', '{}')$$),
	($$add_business_time(now(), '1 day', 'Mon 09:00-18:00 @ UTC', '{}', '{}', '{}')$$),
	($$add_business_time('2026-01-05 17:00+00'::timestamptz, '2 hours', 'Mon 09:00-18:00 @ UTC', '{}', '{}',
		'{[2026-01-05 17:30+00,)}')$$),
	($$add_business_days('infinity'::timestamptz, 1, 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_days(timestamp '2026-01-01', -1, 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_days(timestamp '2026-01-01', 1, 'Mon 09:00-18:00 @ UTC', '{[2026-01-01,)}')$$),
	($$add_business_days(timestamp '2026-01-01', 2147483647, 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_days(timestamp '294276-12-31 20:00', 0, 'Mon 09:00-18:00 @ UTC')$$),
	($$business_days('2026-01-01', 'infinity', 'Mon 09:00-18:00 @ UTC')$$)) AS v (call);
SELECT business_days('4713-01-01 BC', '5874897-12-31', 'Mon-Sun 00:00-24:00 @ UTC') AS all_that_have_timestamps,
	business_days('2026-01-01', '2026-01-01', 'Mon 09:00-18:00 @ UTC'),
	business_days(NULL, '2026-01-01', 'Mon 9:00-18:00 @ UTC'),
	add_business_days(now(), NULL, 'Mon 09:00-18:00 @ UTC'),
	business_days('2026-01-01', '2027-01-01', 'Mon 22:00-06:00 @ UTC');
