-- business_hours: forms and refusals; open time against a minute-by-minute reference in plain SQL; due times
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET intervalstyle = 'postgres';
\pset footer off

-- what a statement that fails says: SQLSTATE, message, detail
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m text; d text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(E'\n  ', SQLSTATE || ' ' || m, nullif(d, ''));
END $$;

-- the forms, and their canonical text
SELECT literal, literal::business_hours
FROM (VALUES
	('Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @ Asia/Shanghai'),
	('  monday - THURSDAY 9:00 - 12:00 , 13:00-18:00;fri 9:00-13:00;@asia/shanghai '),
	('Fri 09:00-13:00; Thurs,Tues,Mon,Wed 13:00-18:00,09:00-12:00 @ ASIA/SHANGHAI'),
	('Sat-Wed 08:00-16:00; Thu 08:00-12:00 @ Asia/Tehran'), ('Sat-Thu 08:00-16:00 @ Asia/Tehran'),
	('Mo,We,Fr 10:00-16:00 @ Europe/London'),
	('Sun-Thu 09:00-18:00 @ Asia/Riyadh'), ('Mon-Sun 00:00-24:00 @ UTC'), ('Sun-Sat 00:00-00:00 @ utc'),
	('Wed-Tue 18:00-00:00 @ Etc/GMT-8'),
	('Mon-Fri 22:00-06:00 @ Europe/Berlin'), ('Mon 09:00-12:00,12:00-18:00 @ EST5EDT'),
	('Mon 18:00-22:00,22:00-02:00; Tue 02:00-03:00 @ GMT'),
	('Mon-Sun 09:00-09:00 @ UTC'), ('Mon-Sun 09:00-20:00,20:00-09:00 @ UTC'),
	('Sun 00:00:30-23:59:59 @ America/Argentina/Buenos_Aires'),
	('Sat 00:00-03:00,18:00-24:00; Sun 00:00-02:00 @ UTC'),
	('Mon-Fri 09:00-18:00; Make-up 10:00-16:00 @ Asia/Shanghai'),
	('makeup 9:00-18:00; Mon-Fri 09:00-18:00 @ Asia/Shanghai'),
	('Mon 08:00-12:00; Tue 09:00-12:00; MAKE-UP 08:00-12:00 @ Asia/Shanghai'),
	('Mon 08:00-12:00; Tue 09:00-12:00; Make-up 09:00-12:00 @ Asia/Shanghai')
) AS v(literal);
SELECT 'Mon-Fri 9:00-18:00 @ utc'::business_hours = 'Mon,Tue,Wed,Thu,Fri 09:00-12:00,12:00-18:00 @ UTC' AS equal,
	'Mon 09:00-18:00 @ UTC'::business_hours <> 'Mon 09:00-18:00 @ GMT' AS other;

-- refusals
SELECT format('%s  ->  %s', literal, pg_temp.refusal(format('SELECT %L::business_hours', literal))) AS refusal
FROM (VALUES
	(''), ('Mon'), ('Mon-Fri'), ('Mon-Fri 09:00-18:00'), ('Mon-Fri 09:00-18:00 @'), ('@ UTC'),
	('Make-up 09:00-18:00 @ UTC'), ('09:00-18:00 @ UTC'), ('Mon-Fri closed @ UTC'),
	('Mon-Fri 9-18 @ UTC'), ('Mon-Fri 09:00 @ UTC'), ('Mon-Fri 09:00-18:0 @ UTC'), ('Mon-Fri 09:00-18:000 @ UTC'),
	('Mon-Fri 009:00-18:00 @ UTC'), ('Mon-Fri 09:00-18:60 @ UTC'), ('Mon-Fri 09:00-24:01 @ UTC'),
	('Mon-Fri 09:00-18:00:60 @ UTC'), ('Mon-Fri 24:00-06:00 @ UTC'),
	('Mon-Fri 09:00am-6:00pm @ UTC'), ('Mon-Fri 09:00-18:00, @ UTC'), ('Mon-Fri 09:00-18:00 Sat 10:00-12:00 @ UTC'),
	('M-Fri 09:00-18:00 @ UTC'), ('T 09:00-18:00 @ UTC'), ('Mond-Frid 09:00-18:00 @ UTC2'),
	('Mondays 09:00-18:00 @ UTC'), ('Mon-Mon 09:00-18:00 @ UTC'), ('Mon-make-up 09:00-18:00 @ UTC'),
	('Mon,Wed,Mon 09:00-18:00 @ UTC'), ('Mon-Fri 09:00-18:00; Wed 09:00-13:00 @ UTC'),
	('Mon 09:00-12:00; Mon 13:00-18:00 @ UTC'), ('Mon 09:00-12:00,11:00-18:00 @ UTC'),
	('Mon 09:00-12:00,09:00-12:00 @ UTC'),
	('Mon 22:00-06:00,02:00-03:00 @ UTC'), ('Mon 00:00-12:00,12:00-06:00 @ UTC'),
	('Mon-Fri 22:00-06:00; Wed,Sat 05:00-09:00 @ UTC'), ('Tue-Wed 20:00-09:00; Thu 08:00-12:00 @ UTC'),
	('Sun 22:00-06:00; Mon 05:59:59-09:00 @ UTC'),
	('Mon-Sun 09:00-18:00; Make-up 10:00-16:00 @ UTC'),
	('Mon-Fri 09:00-18:00 @ Asia/Nowhere'), ('Mon-Fri 09:00-18:00 @ UTC+8'), ('Mon-Fri 09:00-18:00 @ GMT+8'),
	('Mon-Fri 09:00-18:00 @ Etc/GMT+13'), ('Mon-Fri 09:00-18:00 @ Etc/GMT-08'),
	('Mon-Fri 09:00-18:00 @ <+08>-8'), ('Mon-Fri 09:00-18:00 @ +08'), ('Mon-Fri 09:00-18:00 @ ../../etc/passwd'),
	('Mon-Fri 09:00-18:00 @ Asia/Shanghai Asia/Tokyo'), ('Mon-Fri 09:00-18:00 @ 上海'),
	('Mon-Fri 09:00-18:00 @ localtime'), ('Mon-Fri 09:00-18:00 @ PosixRules'),
	('Mon-Fri 09:00-18:00 @ posix/localtime'),
	('Sat 00:00-03:00,18:00-02:00 @ UTC'),
	('Mon-Fri 09:00-18:00 @ ' || repeat('x', 300)), ('Mon ' || (SELECT string_agg(format('%s:%s-%s:%s', h, m, h, m + 5),
			',') FROM generate_series(10, 23) h, generate_series(10, 50, 10) m) || ' @ UTC')
) AS v(literal);
\set VERBOSITY default
SELECT 'Mon-Fri 09:00-18:00'::business_hours;

-- every zone that the server lists can be named, and round the clock is all the time, whatever its clock does
CREATE TEMP TABLE zone AS SELECT name FROM pg_timezone_names WHERE name
	~ '^(Africa|America|Antarctica|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)/' AND name !~ '^Etc/Unknown';
SELECT count(*) > 300 AS many, count(*)
	FILTER (WHERE time_zone(('Mon-Fri 09:00-18:00 @ ' || lower(name))::business_hours) <> name) AS other_name FROM zone;
SELECT setseed(0.5);
CREATE TEMP TABLE elapsed AS
SELECT name, '1850-01-01'::timestamptz + random() * interval '250 years' AS a,
	'1850-01-01'::timestamptz + random() * interval '250 years' AS b FROM zone, generate_series(1, 5);
SELECT count(*) > 1000 AS many,
	count(*) FILTER (WHERE business_time(a, b, ('Mon-Sun 00:00-24:00 @ ' || name)::business_hours) <> (b - a)) AS wrong,
	count(*) FILTER (WHERE add_business_time(a, extract(epoch FROM b - a) * interval '1 second',
			('Mon-Sun 09:00-09:00 @ ' || name)::business_hours) <> b) AS wrong_sum
FROM elapsed;

-- accessors
SELECT time_zone(h), weekly_time(h), weekly_seconds(h) FROM (VALUES ('Mon-Thu 09:00-12:00,13:00-18:00; Fri '
		'22:00-06:00:30; Make-up 01:00-02:00 @ Asia/Shanghai'::business_hours), ('Mon-Sun 00:00-24:00 @ UTC')) AS v(h);
SELECT * FROM opening_hours('Sat-Wed 08:00-12:00,18:00-24:00; Thu 22:00-06:00:30; Make-up 01:00-02:00 @ Asia/Tehran');
SELECT id, o.name, o.opens FROM (VALUES (1, 'Fri 09:00-12:00 @ UTC'::business_hours), (2, 'Mon-Tue 10:00-12:00 @ UTC'))
	AS v(id, h), LATERAL opening_hours(h) AS o;
SELECT time_zone(NULL), weekly_time(NULL), weekly_seconds(NULL), (SELECT count(*) FROM opening_hours(NULL));

-- binary form: version, counts, openings, zone
SELECT business_hours_send('Mon,Wed 09:00-12:00,22:00-06:00; Make-up 10:00-16:00 @ UTC');

/*
 * The reference: calendars by hand (weekday 0: a make-up day whose weekday is closed), the openings of each date as
 * ranges of local time, and for each minute whether its local time lies in one.
 */
CREATE TEMP TABLE calendar (id int PRIMARY KEY, hours business_hours, zone text, opening text[],
		holidays datemultirange, workdays datemultirange, windows tstzmultirange);
INSERT INTO calendar VALUES
	-- the holidays and make-up days of China in 2024
	(1, 'Mon-Fri 09:00-12:00,13:30-18:00 @ Asia/Shanghai', 'Asia/Shanghai', '{0-5 9:00 12:00,0-5 13:30 18:00}',
			'{[2024-01-01,2024-01-02),[2024-02-10,2024-02-18),[2024-04-04,2024-04-07),[2024-05-01,2024-05-06),'
			'[2024-06-10,2024-06-11),[2024-09-15,2024-09-18),[2024-10-01,2024-10-08)}',
		'{[2024-02-04,2024-02-05),[2024-02-18,2024-02-19),[2024-04-07,2024-04-08),[2024-04-28,2024-04-29),'
				'[2024-05-11,2024-05-12),[2024-09-14,2024-09-15),[2024-09-29,2024-09-30),[2024-10-12,2024-10-13)}',
		'{[2024-01-30,2024-02-25),[2024-04-01,2024-05-15),[2024-09-10,2024-10-20)}'),
	-- through the hours in which the clock changes
	(2, 'Sun 00:00-05:00; Mon-Fri 09:00-17:30 @ America/New_York', 'America/New_York',
			'{0-5 9:00 17:30,7-7 0:00 5:00}', '{[2024-03-11,2024-03-12)}', '{[2024-11-02,2024-11-03)}',
			'{[2024-03-01,2024-03-20),[2024-10-25,2024-11-10)}'),
	(3, 'Mon-Sun 01:30-02:30 @ America/New_York', 'America/New_York', '{0-7 1:30 2:30}', '{}', '{}',
			'{[2024-03-08,2024-03-13),[2024-11-01,2024-11-06)}'),
	(4, 'Sat-Wed 08:00-16:00; Thu 08:00-12:00 @ Asia/Tehran', 'Asia/Tehran',
			'{0-3 8:00 16:00,6-7 8:00 16:00,4-4 8:00 12:00}', '{[2022-03-21,2022-03-25),[2022-04-01,2022-04-03)}',
			'{[2022-03-18,2022-03-19)}', '{[2022-03-10,2022-04-10),[2022-09-15,2022-10-01)}'),
	(5, 'Mon-Sun 22:00-06:00 @ Asia/Tehran', 'Asia/Tehran', '{0-7 22:00 30:00}', '{[2022-03-21,2022-03-22)}', '{}',
			'{[2022-03-15,2022-03-28),[2022-09-15,2022-09-28)}'),
	(6, 'Sat 20:00-03:00; Sun 03:00-01:00 @ Australia/Lord_Howe', 'Australia/Lord_Howe',
			'{6-6 20:00 27:00,7-7 3:00 25:00}', '{}', '{}', '{[2024-04-01,2024-04-12),[2024-10-01,2024-10-12)}'),
	(7, 'Fri-Sat 20:00-03:00; Mon-Thu 22:00-01:30 @ Europe/London', 'Europe/London',
			'{0-4 22:00 25:30,5-6 20:00 27:00}', '{[2024-03-29,2024-03-30),[2024-10-25,2024-10-26)}',
			'{[2024-03-31,2024-04-01),[2024-10-27,2024-10-28)}', '{[2024-03-20,2024-04-10),[2024-10-15,2024-11-05)}'),
	(8, 'Mon-Fri 08:30-16:30; Make-up 00:00-24:00 @ Africa/Casablanca', 'Africa/Casablanca',
			'{1-5 8:30 16:30,0-0 0:00 24:00}', '{[2024-03-08,2024-03-13),[2024-04-10,2024-04-12)}',
			'{[2024-03-09,2024-03-11),[2024-04-13,2024-04-16)}', '{[2024-03-05,2024-03-16),[2024-04-08,2024-04-20)}'),
	-- hours of make-up days that overlap those beside them; long runs of both kinds
	(9, 'Mon-Thu 09:00-17:00; Fri 22:00-12:00; Make-up 06:00-20:00,21:00-04:00 @ Europe/London',
			'Europe/London', '{1-4 9:00 17:00,5-5 22:00 36:00,0-0 6:00 20:00,0-0 21:00 28:00}',
			'{[2024-03-12,2024-03-14),[2024-03-29,2024-04-04),[2024-11-01,)}', '{[2024-03-09,2024-03-11),'
			'[2024-03-16,2024-03-31),[2024-10-19,2024-10-20),[2024-10-26,2024-11-03),[2024-11-10,2024-11-11)}',
			'{[2024-03-05,2024-04-10),[2024-10-15,2024-11-15)}'),
	(10, 'Sun-Thu 09:00-18:00 @ Asia/Riyadh', 'Asia/Riyadh', '{0-4 9:00 18:00,7-7 9:00 18:00}',
			'{(,2024-06-05),[2024-06-16,2024-06-20)}', '{[2024-06-07,2024-06-08),[2024-06-17,2024-06-18)}',
			'{[2024-06-01,2024-06-25)}'),
	-- a day that the calendar of Samoa left out
	(11, 'Mon-Fri 09:00-17:00; Sat 23:00-01:00 @ Pacific/Apia', 'Pacific/Apia', '{0-5 9:00 17:00,6-6 23:00 25:00}',
			'{[2011-12-29,2011-12-30)}', '{}', '{[2011-12-25,2012-01-05)}'),
	(12, 'Mon-Sun 00:00-24:00 @ Europe/London', 'Europe/London', '{0-7 0:00 24:00}',
			'{[2024-03-31,2024-04-01),[2024-10-26,2024-10-28)}', '{}',
			'{[2024-03-28,2024-04-03),[2024-10-24,2024-10-30)}');
-- what workdays name is open, else what holidays name is closed
CREATE TEMP TABLE local_open AS
SELECT c.id, range_agg(tsrange(d + opens, d + closes)) AS open
FROM calendar c, unnest(windows) w,
	generate_series(lower(w)::timestamp - interval '3 days', upper(w)::timestamp + interval '3 days', '1 day') d,
	LATERAL (SELECT split_part(split_part(o, ' ', 1), '-', 1)::int AS first,
			split_part(split_part(o, ' ', 1), '-', 2)::int AS last,
		split_part(o, ' ', 2)::interval AS opens, split_part(o, ' ', 3)::interval AS closes FROM unnest(opening) o) o
WHERE CASE WHEN d::date <@ workdays THEN
		CASE WHEN EXISTS (SELECT FROM unnest(opening) p
				WHERE extract(isodow FROM d) BETWEEN greatest(left(p, 1)::int, 1) AND substr(p, 3, 1)::int)
			THEN extract(isodow FROM d) BETWEEN greatest(first, 1) AND last ELSE first = 0 END
	ELSE NOT d::date <@ holidays AND extract(isodow FROM d) BETWEEN greatest(first, 1) AND last END
GROUP BY c.id;
CREATE TEMP TABLE grid AS
SELECT c.id, w, t, (t AT TIME ZONE zone) <@ open AS is_open, sum(((t AT TIME ZONE zone) <@ open)::int) OVER
	(PARTITION BY c.id, w ORDER BY t) - ((t AT TIME ZONE zone) <@ open)::int AS minutes,
	row_number() OVER (ORDER BY c.id, w, t) AS n
FROM calendar c JOIN local_open USING (id), unnest(windows) w,
	generate_series(lower(w), upper(w), interval '1 minute') t;
CREATE UNIQUE INDEX ON grid (n);
CREATE INDEX ON grid (id, t);
ANALYZE grid;
-- random spans inside a window, in both directions
CREATE TEMP TABLE pick AS
SELECT id, (first + floor(random() * (last - first + 1)))::bigint AS n1,
	(first + floor(random() * (last - first + 1)))::bigint AS n2
FROM (SELECT id, min(n) AS first, max(n) AS last FROM grid GROUP BY id, w ORDER BY id, w) g, generate_series(1, 400);
ANALYZE pick;
CREATE TEMP TABLE span AS
SELECT c.id, c.hours, c.zone, c.holidays, c.workdays, a.t AS started, b.t AS ended,
	60 * (b.minutes - a.minutes) AS seconds
FROM pick p JOIN grid a ON a.n = p.n1 JOIN grid b ON b.n = p.n2 JOIN calendar c ON c.id = p.id;
SELECT id, hours, count(*) AS spans, count(*) FILTER (WHERE seconds > 0) > 100 AS forward,
	count(*) FILTER (WHERE seconds < 0) > 100 AS backward,
	count(*) FILTER (WHERE business_seconds(started, ended, hours, holidays, workdays) IS DISTINCT FROM seconds)
		AS wrong,
	count(*) FILTER (WHERE extract(epoch FROM business_time(started, ended, hours, holidays, workdays))
			IS DISTINCT FROM seconds) AS wrong_interval,
	-- the holidays count, so that the test would see it if they did not
	count(*) FILTER (WHERE business_seconds(started, ended, hours) <> seconds) > 0 AS special_days
FROM span GROUP BY id, hours ORDER BY id;
SELECT id, count(*) > 5000 AS many,
	count(*) FILTER (WHERE is_business_time(t, hours, holidays, workdays) IS DISTINCT FROM is_open) AS wrong,
	count(*) FILTER (WHERE is_business_time(t - interval '1 microsecond', hours, holidays, workdays)
			IS DISTINCT FROM was_open AND was_open IS NOT NULL) AS wrong_before
FROM (SELECT *, lag(is_open) OVER (PARTITION BY id, w ORDER BY t) AS was_open FROM grid) g JOIN calendar USING (id)
	GROUP BY id ORDER BY id;
-- local times of the zone
SELECT count(*) > 5000 AS many, count(*) FILTER (WHERE business_time(s, e, hours, holidays, workdays)
		IS DISTINCT FROM business_time(s AT TIME ZONE zone, e AT TIME ZONE zone, hours, holidays, workdays)) AS wrong,
	count(*) FILTER (WHERE is_business_time(s, hours, holidays, workdays)
			IS DISTINCT FROM is_business_time(s AT TIME ZONE zone, hours, holidays, workdays)) AS wrong_open,
	count(*) FILTER (WHERE business_seconds(s, e, hours, holidays, workdays) <> seconds) BETWEEN 1
		AND 100 AS ambiguous_hours
FROM (SELECT *, started AT TIME ZONE zone AS s, ended AT TIME ZONE zone AS e FROM span) q;

-- due times: the first moment with so much open time, and going back the last
CREATE TEMP TABLE due AS
SELECT *, add_business_time(started, seconds * interval '1 second', hours, holidays, workdays) AS due FROM span;
SELECT id, count(*) FILTER (WHERE due > started) > 100 AS forward,
	count(*) FILTER (WHERE due < started) > 100 AS backward,
	count(*) FILTER (WHERE business_seconds(started, due, hours, holidays, workdays) <> seconds) AS wrong,
	count(*) FILTER (WHERE seconds > 0 AND (due > ended OR business_seconds(started, due - interval '1 microsecond',
			hours, holidays, workdays) = seconds)) AS not_first,
	count(*) FILTER (WHERE seconds < 0 AND (due < ended OR business_seconds(started, due + interval '1 microsecond',
			hours, holidays, workdays) = seconds)) AS not_last,
	count(*) FILTER (WHERE seconds = 0 AND due <> started) AS moved
FROM due GROUP BY id ORDER BY id;
-- against the reference: no earlier minute has so much
SELECT count(*), count(*) FILTER (WHERE due <> (SELECT min(g.t) FROM grid g JOIN grid f ON f.id = s.id
		AND f.t = s.started AND f.w = g.w WHERE g.id = s.id AND g.minutes - f.minutes >= s.seconds / 60)) AS wrong
FROM (SELECT * FROM due WHERE seconds > 0 ORDER BY md5(due::text || started) LIMIT 60) s;
SELECT add_business_time(timestamp '2024-03-08 16:00', '4 hours', h), add_business_time(timestamp '2024-03-11 10:00',
		'-4 hours', h) FROM (VALUES ('Mon-Fri 09:00-17:00 @ America/New_York'::business_hours)) v(h);

-- second by second: openings with seconds, a zone that was not a whole number of minutes off (Liberia until 1972)
CREATE TEMP TABLE second AS
SELECT t, sum(open::int) OVER (ORDER BY t) - open::int AS seconds FROM (
	SELECT t, (t AT TIME ZONE 'Africa/Monrovia') <@ (SELECT range_agg(r) FROM generate_series(timestamp '1972-01-01',
			'1972-01-10', '1 day') d, LATERAL (VALUES (tsrange(d + time '23:10:07', d + interval '24:50:03')),
			(tsrange(d + time '09:00:01', d + time '10:00'))) o(r)) AS open
	FROM generate_series(timestamptz '1972-01-05 12:00', '1972-01-08 12:00', '1 second') t) q;
SELECT count(*) AS spans, count(*) FILTER (WHERE business_seconds(a.t, b.t,
		'Mon-Sun 09:00:01-10:00,23:10:07-00:50:03 @ Africa/Monrovia') <> b.seconds - a.seconds) AS wrong
FROM (SELECT * FROM second WHERE extract(epoch FROM t)::int % 887 = 0) a,
	(SELECT * FROM second WHERE extract(epoch FROM t)::int % 1409 = 0) b;
-- and to the microsecond
SELECT business_time('2024-01-01 08:59:59.999999+00', '2024-01-01 09:00:00.000001+00', h),
	business_time('2024-01-01 17:59:59.999999+00', '2024-01-01 18:00+00', h), business_seconds('2024-01-01 09:00+00',
		'2024-01-01 09:00:00.25+00', h) FROM (VALUES ('Mon-Fri 09:00-18:00 @ UTC'::business_hours)) v(h);

-- spans of years, in local time by ranges: hours that no change of the clock touches
CREATE TEMP TABLE year_open AS
SELECT range_agg(tsrange(d + opens, d + closes)) AS open
FROM generate_series(timestamp '1995-01-01', '2060-01-01', '1 day') d,
	(VALUES (time '09:00', time '12:15'), ('13:00', '17:45')) o(opens, closes)
WHERE (extract(isodow FROM d) < 6 AND NOT (extract(day FROM d) = 1 AND extract(month FROM d) IN (1, 5)))
	OR (extract(month FROM d) = 2 AND extract(day FROM d) = 14);
SELECT count(*) AS spans, max(seconds) > 200000000 AS long, count(*) FILTER (WHERE business_seconds(a, b,
		'Mon-Fri 09:00-12:15,13:00-17:45 @ America/New_York', holidays, workdays) <> seconds) AS wrong,
	count(*) FILTER (WHERE business_seconds(a, b, 'Mon-Fri 09:00-12:15,13:00-17:45 @ America/New_York',
			holidays, workdays) <> (SELECT sum(business_seconds(greatest(a, m), least(b, m + interval '1 month'),
			'Mon-Fri 09:00-12:15,13:00-17:45 @ America/New_York', holidays, workdays))
			FROM generate_series('1995-01-01'::timestamptz, '2060-01-01', '1 month') m
			WHERE m < b AND m + interval '1 month' > a)) AS not_additive
FROM (SELECT x, least(x, y) AS a, greatest(x, y) AS b FROM (SELECT '1995-02-01'::timestamptz
		+ floor(random() * 500000000) * interval '4 seconds' AS x, '1995-02-01'::timestamptz
		+ floor(random() * 500000000) * interval '4 seconds' AS y FROM generate_series(1, 40)) q) s,
	LATERAL (SELECT sum(extract(epoch FROM upper(r) - lower(r))) AS seconds FROM year_open, unnest(open
			* tsmultirange(tsrange(a AT TIME ZONE 'America/New_York', b AT TIME ZONE 'America/New_York'))) r) e,
	(SELECT range_agg(daterange(make_date(y, m, 1), make_date(y, m, 2))) AS holidays,
			range_agg(daterange(make_date(y, 2, 14), make_date(y, 2, 15))) AS workdays
			FROM generate_series(1990, 2061) y, unnest('{1,5}'::int[]) m) d;

-- past the changes of the clock that the server has in its table, which ends four centuries on
SELECT count(*) AS spans, count(*) FILTER (WHERE business_seconds(d AT TIME ZONE 'America/New_York',
		(d + interval '40 days') AT TIME ZONE 'America/New_York', 'Mon-Fri 09:00-17:00 @ America/New_York')
	<> (SELECT sum(28800) FROM generate_series(d, d + interval '39 days', '1 day') w WHERE extract(isodow FROM w) < 6))
		AS wrong FROM generate_series(timestamp '2030-03-01', '2600-01-01', '197 days') d;

-- the ends of time
SELECT business_time('4713-01-01 00:00+00 BC', '200000-01-01 00:00+00', 'Mon-Sun 00:00-24:00 @ UTC')
	= timestamptz '200000-01-01 00:00+00' - timestamptz '4713-01-01 00:00+00 BC' AS all,
	round(extract(epoch
			FROM business_time('4713-01-01 00:00+00 BC', '9999-12-31 00:00+00', 'Mon-Fri 09:00-17:00 @ Europe/London'))
			/ extract(epoch FROM timestamptz '9999-12-31 00:00+00' - timestamptz '4713-01-01 00:00+00 BC'), 6) AS share,
		round(40 / 168.0, 6) AS of_week,
	add_business_time('2024-01-01 12:00+00', '1000000 hours', 'Mon-Fri 09:00-17:00 @ Europe/London',
			'{[2030-01-01,2900-01-01)}');
SELECT format('%s  ->  %s', call, pg_temp.refusal('SELECT ' || call)) AS refusal
FROM (VALUES
	($$business_time('4713-01-01 00:00+00 BC', '294276-01-01 00:00+00', 'Mon-Sun 00:00-24:00 @ UTC')$$),
	($$business_seconds('infinity', '2024-01-01', 'Mon 09:00-18:00 @ UTC')$$),
	($$business_time('2024-01-01', '-infinity', 'Mon 09:00-18:00 @ UTC')$$),
	($$is_business_time('infinity', 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_time('infinity', '1 hour', 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_time('2024-01-01', '1 day', 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_time('2024-01-01', '1 month -3 hours', 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_time('2024-01-01', '1 hour', 'Mon 09:00-18:00 @ UTC', '{[2024-01-01,)}')$$),
	($$add_business_time('2024-01-01', '-1 hour', 'Mon 09:00-18:00 @ Europe/London', '{(,2025-01-01)}')$$),
	($$add_business_time('2024-01-01', '2562047788 hours', 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_time('2024-01-01', '-2562047787 hours', 'Mon 09:00-18:00 @ UTC')$$),
	($$add_business_time('2024-01-01', '1000000000 hours', 'Mon-Fri 09:00-18:00 @ UTC')$$),
	($$business_time(timestamp '294276-12-31 23:00', '294276-12-31 23:30', 'Mon-Fri 09:00-18:00 @ America/New_York')$$)
) AS v(call);

-- NULL, empty sets of dates, a span of nothing; an untyped literal is timestamptz
SELECT business_time(NULL, now(), 'Mon 09:00-18:00 @ UTC'), business_time(now(), NULL, 'Mon 09:00-18:00 @ UTC'),
	business_seconds(now(), now(), NULL), business_seconds(now(), now(), 'Mon 09:00-18:00 @ UTC', NULL),
	is_business_time(NULL::timestamptz, 'Mon 09:00-18:00 @ UTC'),
	add_business_time(now(), NULL, 'Mon 09:00-18:00 @ UTC');
SELECT business_time('2024-01-01 10:00', '2024-01-01 10:00', 'Mon 09:00-18:00 @ UTC'), business_time('2024-01-01 12:00',
		'2024-01-01 10:00', 'Mon 09:00-18:00 @ UTC', '{}', '{}'), business_time('2024-01-01 12:00', '2024-01-08 10:00',
		'Mon 09:00-18:00 @ UTC', workdays => '{[2024-01-03,2024-01-04)}', holidays => '{[2024-01-08,infinity)}');
SELECT pg_typeof(add_business_time('2024-01-01 12:00', '1 hour', 'Mon 09:00-18:00 @ UTC')),
	pg_typeof(add_business_time(timestamp '2024-01-01 12:00', '1 hour', 'Mon 09:00-18:00 @ UTC'));
SET timezone = 'Asia/Tokyo';
SELECT business_time('2024-01-01 12:00', '2024-01-01 20:00', h) AS moments,
	business_time(timestamp '2024-01-01 12:00', '2024-01-01 20:00', h) AS local_times
	FROM (VALUES ('Mon 09:00-18:00 @ Europe/London'::business_hours)) v(h);
SET timezone = 'UTC';

-- more calendars than are kept at a time, mixed, each as alone
CREATE TEMP TABLE branch AS
SELECT i, format('Mon-Fri %s:00-%s:30; Sat 10:00-12:0%s @ Europe/Berlin', 6 + i % 5, 14 + i % 7, i % 10)::business_hours
	AS hours,
	(SELECT range_agg(daterange(date '2024-01-01' + i * k, date '2024-01-02' + i * k)) FROM generate_series(1, i % 9) k)
		AS holidays FROM generate_series(1, 40) i;
UPDATE branch SET holidays = '{}' WHERE holidays IS NULL;
CREATE TEMP TABLE ticket AS SELECT n, 1 + n * 7 % 40 AS branch, '2024-01-01'::timestamptz + n * interval '37 minutes'
	AS opened, '2024-01-05'::timestamptz + n * interval '41 minutes' AS closed FROM generate_series(1, 4000) n;
CREATE TEMP TABLE mixed AS SELECT n, business_seconds(opened, closed, hours, holidays) AS seconds FROM ticket
	JOIN branch ON i = branch ORDER BY n;
CREATE TEMP TABLE alone (n int, seconds double precision);
DO $$
DECLARE b record;
BEGIN
	FOR b IN SELECT * FROM branch LOOP
		EXECUTE format('INSERT INTO alone SELECT n, business_seconds(opened, closed, %L, %L) FROM ticket WHERE branch '
				'= %s', b.hours, b.holidays, b.i);
	END LOOP;
END $$;
SELECT count(*), count(*) FILTER (WHERE m.seconds = a.seconds) AS same, count(DISTINCT m.seconds) > 500 AS different
	FROM mixed m JOIN alone a USING (n);
-- rows that go ever further back in time
SELECT count(*) AS rows, count(*) FILTER (WHERE s <> 8 * 3600) AS wrong FROM
	(SELECT business_seconds(d::date + time '00:00', d::date + time '23:59', 'Mon-Sun 09:00-17:00 @ America/New_York')
		AS s FROM generate_series(timestamp '2024-01-01', '1700-01-01', '-100 days') d) q;

-- first response and resolution in working hours, as a KPI
CREATE TEMP TABLE support (channel text, opened timestamptz, answered timestamptz, resolved timestamptz);
INSERT INTO support VALUES ('mail', '2024-09-27 17:30+08', '2024-09-29 09:30+08', '2024-10-08 11:00+08'),
	('mail', '2024-09-30 17:00+08', '2024-10-08 09:45+08', NULL),
	('chat', '2024-10-11 10:00+08', '2024-10-11 10:05+08', '2024-10-12 14:00+08');
SELECT channel, mean(duration_summary(business_time(opened, answered, hours, holidays, workdays))) AS first_response,
	mean(duration_summary(business_time(opened, resolved, hours, holidays, workdays))) AS resolution,
	on_time_rate(add_business_time(opened, '1 hour', hours, holidays, workdays), answered, timestamptz '2024-10-31')
		AS within_an_hour
FROM support, calendar WHERE id = 1 GROUP BY channel ORDER BY channel;
