-- Calendar periods, against date_trunc over the whole range of dates.
SET datestyle = 'ISO';
CREATE TEMP TABLE day AS SELECT '4712-02-01 BC'::date + (i * 7919) AS d FROM generate_series(0, 13500) i
UNION ALL SELECT '1990-01-01'::date + i FROM generate_series(0, 20000) i;
SELECT count(*) AS days, count(*) FILTER (WHERE kpi_period(d, 'day') <> d) AS day,
	count(*) FILTER (WHERE kpi_period(d, 'week') <> date_trunc('week', d)::date) AS week,
	count(*) FILTER (WHERE kpi_period(d, 'week sat') <> date_trunc('week', d + 2)::date - 2) AS week_sat,
		count(*) FILTER (WHERE kpi_period(d, 'week sun') <> date_trunc('week', d + 1)::date - 1) AS week_sun,
	count(*) FILTER (WHERE kpi_period(d, 'month') <> date_trunc('month', d)::date) AS month,
	count(*) FILTER (WHERE kpi_period(d, 'quarter') <> date_trunc('quarter', d)::date) AS quarter,
	count(*) FILTER (WHERE kpi_period(d, 'year') <> date_trunc('year', d)::date) AS year FROM day;
-- fiscal quarters and years, begun in every month
SELECT count(*) AS checked, count(*) FILTER (WHERE kpi_period(d, 'year ' || name)
		<> (date_trunc('year', d - make_interval(months => shift)) + make_interval(months => shift))::date) AS year,
	count(*) FILTER (WHERE kpi_period(d, 'quarter ' || name) <> (date_trunc('quarter',
			d - make_interval(months => shift)) + make_interval(months => shift))::date) AS quarter
FROM day, unnest('{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}'::text[]) WITH ORDINALITY m(name, n),
	LATERAL (SELECT n::int - 1 AS shift) s WHERE d > '4000-01-01 BC';
-- timestamps, before and after 2000
SELECT count(*) FILTER (WHERE kpi_period(t, 'day') <> t::date OR kpi_period(t, 'month') <> date_trunc('month', t)::date)
	AS different FROM (SELECT '1999-12-30'::timestamp + i * interval '13 minutes 0.000001 second' AS t
		FROM generate_series(-20000, 20000) i) q;
-- the session's zone, with clocks put back across midnight, rows in order and not
CREATE FUNCTION wrong_days(zone text, OUT in_order bigint, OUT shuffled bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('timezone', zone, true);
	SELECT count(*) FILTER (WHERE kpi_period(t, 'day') <> t::date) INTO in_order
		FROM (SELECT '1985-01-01 00:00+00'::timestamptz + i * interval '37 minutes 13 seconds' AS t
			FROM generate_series(0, 200000) i) q;
	SELECT count(*) FILTER (WHERE kpi_period(t, 'day') <> t::date) INTO shuffled
		FROM (SELECT '1903-01-01 00:00+00'::timestamptz + (hashint8extended(i, 1) % 4000000000) * interval '1 second'
			AS t FROM generate_series(0, 100000) i) q;
END $$;
SELECT zone, w.* FROM unnest('{UTC,America/St_Johns,America/Santiago,Asia/Tehran,Asia/Kathmandu,Pacific/Apia,'
		'Africa/Monrovia,<+03>-03}'::text[]) zone, LATERAL wrong_days(zone) w;
-- The server's table of a zone ends with some change of clocks; the years beyond repeat those before it.  All changes
-- of 450 years, in random order, and after each of them, in random order too, the midnights after changes of the 60
-- years that follow which the library remembers in the same place.
CREATE FUNCTION wrong_days_after_changes(zone text, OUT many boolean, OUT wrong bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('timezone', zone, true);
	CREATE TEMP TABLE change AS
	SELECT h AS at, extract(epoch FROM h - '2000-01-01 00:00+00')::bigint * 1000000 >> 41 & 63 AS place
	FROM generate_series('2400-01-01 00:00+00'::timestamptz, '2850-01-01 00:00+00', '24 hours') t,
		generate_series(t + interval '30 minutes', t + interval '24 hours', '30 minutes') h
	WHERE extract(timezone FROM t) <> extract(timezone FROM t + interval '24 hours')
		AND extract(timezone FROM h) <> extract(timezone FROM h - interval '30 minutes');
	CREATE TEMP TABLE midnight AS
	SELECT t, extract(epoch FROM t - '2000-01-01 00:00+00')::bigint * 1000000 >> 41 & 63 AS place
	FROM change, generate_series(1, 24) i, unnest('{-30 minutes,30 minutes}'::interval[]) around,
		LATERAL (SELECT date_trunc('day', at + i * interval '1 day') + around AS t) m;
	SELECT count(*) > 20000, count(*) FILTER (WHERE kpi_period(t, 'day') <> (t AT TIME ZONE zone)::date) INTO many,
		wrong
	FROM (SELECT * FROM (SELECT at, at AS t FROM change
			UNION ALL SELECT at, t FROM change JOIN midnight USING (place)
					WHERE t > at AND t < at + interval '60 years') u
		ORDER BY hashint8extended(extract(epoch FROM at)::bigint, 1), at <> t,
			hashint8extended(extract(epoch FROM t)::bigint, 2)) q;
	DROP TABLE change, midnight;
END $$;
SELECT zone, w.*
	FROM unnest('{Europe/Berlin,America/Santiago,Australia/Lord_Howe,"EST5EDT,M3.2.0,M11.1.0"}'::text[]) zone,
	LATERAL wrong_days_after_changes(zone) w;
-- at such a last change, and at what follows it
SET timezone = 'Europe/Berlin';
SELECT kpi_period('2769-10-26 01:00+00'::timestamptz, 'day');
SELECT count(*) AS half_hours,
	count(*) FILTER (WHERE kpi_period(t, 'day') <> (t AT TIME ZONE 'Europe/Berlin')::date) AS wrong
FROM generate_series('2769-10-26 01:00+00'::timestamptz, '2827-11-01 00:00+00', '30 minutes') t;
-- nor do windows in days have 24 hours when clocks are put forward: the first customer's begins at such a last change
SELECT step, customers
FROM (SELECT funnel_summary(c, at, s, '{a,b}') x
	FROM (VALUES (1, timestamptz '2769-10-26 01:00+00', 'a'),
		(2, '2783-03-26 20:00+01', 'a'), (2, '2783-03-27 20:30+02', 'b'),
		(3, '2783-03-26 20:00+01', 'a'), (3, '2783-03-27 20:00+02', 'b')) v(c, at, s)) q,
	LATERAL funnel(x, '1 day');
SELECT kpi_period('2023-12-31 23:30+00'::timestamptz, 'year') AS berlin;
SET timezone = 'America/New_York';
SELECT kpi_period('2024-01-01 04:30+00'::timestamptz, 'year') AS new_york;

-- the spine
SELECT kpi_periods('2024-11-15', '2025-02-01', 'month') AS month;
SELECT count(*), min(p), max(p), bool_and(p = kpi_period(p, 'week')) AS starts
	FROM kpi_periods('1969-12-25', '2101-03-04', 'week') p;
SELECT count(*) FROM kpi_periods('2024-11-15', '2024-02-01', 'month');
SELECT kpi_period('infinity'::date, 'month'), kpi_period('-infinity'::timestamptz, ' Year  APR '),
	kpi_period('infinity'::timestamp, 'day'), kpi_period(NULL::date, 'day');

-- errors
SELECT kpi_period('2024-01-01'::date, 'fortnight');
SELECT kpi_period('2024-01-01'::date, 'month apr');
SELECT kpi_period('2024-01-01'::date, 'week tue');
SELECT kpi_period('2024-01-01'::date, 'year apr may');
SELECT kpi_period('2024-01-01'::date, '');
SELECT kpi_period('4713-01-01 BC'::date, 'year apr');
SELECT kpi_periods('2024-01-01', 'infinity', 'day');
-- as many as any result by period has, and one more, whatever is asked of them
SELECT count(*), max(p) FROM kpi_periods('0001-01-01', '2738-11-28', 'day') p;
SELECT kpi_periods('0001-01-01', '2738-11-29', 'day') LIMIT 1;
SELECT count(*) FROM kpi_periods('4713-01-01 BC', '5874000-12-31', 'month');
SELECT count(*) FROM kpi_periods('4713-01-01 BC', '5874000-12-31', 'jalali year');
DROP FUNCTION wrong_days, wrong_days_after_changes;

-- The Jalali calendar over two centuries.  The year begins with the day of the vernal equinox if that comes before noon
-- in
-- Iran (08:30 UT), else with the next: equinoxes by J. Meeus, "Astronomical Algorithms" (1991), chapter 26, to a
-- minute.
CREATE TEMP TABLE terms (a double precision, b double precision, c double precision);
INSERT INTO terms VALUES (485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186),
	(182, 27.85, 445267.112),
	(156, 73.14, 45036.886), (136, 171.52, 22518.443), (77, 222.54, 65928.934), (74, 296.72, 3034.906),
	(70, 243.58, 9037.513),
	(58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226), (45, 247.54, 29929.562),
	(44, 325.15, 31555.956),
	(29, 60.93, 4443.417), (18, 155.12, 67555.328), (17, 288.79, 4562.452), (16, 198.04, 62894.029),
	(14, 199.76, 31436.921),
	(12, 95.39, 14577.848), (12, 287.11, 31931.756), (12, 320.81, 34777.259), (9, 227.73, 1222.114),
	(8, 15.45, 16859.074);
CREATE TEMP TABLE new_year AS
WITH mean AS (
	SELECT year, 2451623.80984 + 365242.37404 * y + 0.05169 * y ^ 2 - 0.00411 * y ^ 3 - 0.00057 * y ^ 4 AS day
	FROM (SELECT year, (year - 2000) / 1000.0::double precision AS y FROM generate_series(1921, 2122) AS year) t
), equinox AS (
	SELECT year, day + 0.00001 * (SELECT sum(a * cosd(b + c * t)) FROM terms)
		/ (1 + 0.0334 * cosd(35999.373 * t - 2.47) + 0.0007 * cosd(2 * (35999.373 * t - 2.47))) - 70 / 86400.0 AS day
	FROM (SELECT *, (day - 2451545) / 36525 AS t FROM mean) m
)
-- a Julian day begins at noon UT; noon in Iran is 3 1/2 hours before that
SELECT year - 621 AS jalali, date '2000-01-01' + ceil(day + 3.5 / 24 - 2451545)::integer AS day,
	abs(day + 3.5 / 24 - round(day + 3.5 / 24)) * 1440 AS minutes_from_noon
FROM equinox;
SELECT count(*) AS years, count(*) FILTER (WHERE minutes_from_noon < 5) AS close,
	count(*) FILTER (WHERE kpi_period(day, 'jalali year') = day AND kpi_period(day - 1, 'jalali year') < day) AS right
FROM new_year;
-- (the close one is 1309, within a minute of noon)
-- every day of them: 6 months of 31 days, 5 of 30, the rest
WITH days AS (
	SELECT n.day + i AS day, i, CASE WHEN i < 186 THEN i % 31 ELSE (i - 186) % 30 END AS of_month,
		i >= 336 AS last_month
	FROM (SELECT day, lead(day) OVER (ORDER BY day) - day AS length FROM new_year) n, generate_series(0, n.length - 1) i
)
SELECT count(*) AS days, count(*) FILTER (WHERE kpi_period(day, 'jalali month') = day - of_month) AS months,
	count(*) FILTER (WHERE kpi_period(day, 'jalali quarter') = day
			- CASE WHEN i < 93 THEN i WHEN i < 186 THEN i - 93 WHEN i < 276 THEN i - 186 ELSE i - 276 END) AS quarters,
	count(*) FILTER (WHERE kpi_period(day, 'jalali year') = day - i) AS years
FROM days;
-- years that almanacs give: 1 Farvardin of 1305, 1342, 1357, 1375, 1399, 1403, 1404 and 1408
SELECT d, kpi_period(d, 'jalali year') = d AND kpi_period(d - 1, 'jalali year') < d - 364 AS begins
FROM unnest('{1926-03-22,1963-03-21,1978-03-21,1996-03-20,2020-03-20,2024-03-20,2025-03-21,2029-03-20}'::date[]) d;
-- far away the periods still follow each other without gaps: starts are starts, and no start lies between
SELECT unit, count(*) AS periods,
	bool_and(kpi_period(start, unit) = start AND kpi_period(start - 1, unit) < start AND start > before) AS right,
	min(start - before) AS shortest, max(start - before) AS longest
FROM unnest('{jalali month,jalali quarter,jalali year}'::text[]) unit,
	LATERAL (SELECT start, lag(start) OVER (ORDER BY start) AS before
		FROM (SELECT * FROM kpi_periods('4700-01-01 BC', '4000-01-01', unit) start
				UNION ALL SELECT * FROM kpi_periods('5870000-01-01', '5874800-01-01', unit) start) s) p
WHERE start - before < 500 GROUP BY unit ORDER BY unit;
SELECT kpi_period(timestamptz '2026-03-20 23:59+03:30' AT TIME ZONE 'Asia/Tehran', 'Jalali  MONTH') AS esfand,
	kpi_period(timestamptz '2026-03-21 00:00+03:30' AT TIME ZONE 'Asia/Tehran', ' jalali month ') AS farvardin;
SELECT activity_summary(1, date '2026-11-22', 'jalali  quarter'), activity_summary(1, date '2026-11-22', 'jalali year');
SELECT period, active FROM lifecycle((SELECT activity_summary(c, d, 'jalali month')
		FROM (VALUES (1, date '2026-03-20'), (1, '2026-03-21'), (2, '2026-05-22')) v (c, d)));
SELECT kpi_period('2026-01-01', 'jalali week');
SELECT kpi_period('2026-01-01', 'jalali');
SELECT kpi_period('2026-01-01', 'jalali year apr');
-- Years of whole weeks: with Monday and January the years of ISO's weeks.
SELECT count(*) AS days, count(*) FILTER (WHERE kpi_period(d, '4-4-5 year')
	<> to_date(to_char(d, 'IYYY-"01-1"'), 'IYYY-IW-ID')) AS wrong FROM day WHERE d > '0001-02-01';
-- with Sunday and February the retail years: those of 53 weeks are 2000, 2006, 2012, 2017, 2023 and 2028
SELECT kpi_period_label(y, '4-5-4 year feb sun', 'start') AS year, y AS begins
FROM kpi_periods('2000-06-01', '2030-06-01', '4-5-4 year feb sun') y
WHERE kpi_next_period(y, '4-5-4 year feb sun') - y = 53 * 7;
SELECT kpi_period_label(m, '4-5-4 month feb sun', 'start') AS month, m AS begins,
	(kpi_next_period(m, '4-5-4 month feb sun') - m) / 7 AS weeks
FROM kpi_periods('2023-02-01', '2024-02-10', '4-5-4 month feb sun') m;
-- all of them, against starts that are the nearest such weekday to the first of the month, and weeks that are counted
SELECT count(DISTINCT kpi_unit(unit)) AS units, count(*) AS checked,
	count(*) FILTER (WHERE kpi_period(d, unit) <> start + 7 * CASE WHEN part = 'year' THEN 0
		ELSE 13 * quarter + CASE WHEN part = 'quarter' OR week < weeks[1] THEN 0
			WHEN week < weeks[1] + weeks[2] THEN weeks[1] ELSE weeks[1] + weeks[2] END END) AS wrong
FROM unnest('{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}'::text[]) WITH ORDINALITY month (name, number),
	(VALUES ('', 1), ('sat', 6), ('sun', 0)) weekday (word, dow),
	(VALUES ('4-4-5', '{4,4,5}'::int[]), ('4-5-4', '{4,5,4}'), ('5-4-4', '{5,4,4}')) pattern (digits, weeks),
	unnest('{month,quarter,year}'::text[]) part,
	LATERAL (SELECT concat_ws(' ', digits, part, name, word) AS unit) u,
	LATERAL (SELECT s.d AS start, lead(s.d) OVER (ORDER BY s.d) AS next
		FROM generate_series(1995, 2032) year, LATERAL (SELECT make_date(year, number::int, 1) + i AS d
			FROM generate_series(-3, 3) i
			WHERE extract(dow FROM make_date(year, number::int, 1) + i) = dow) s) y,
	LATERAL (SELECT start + i AS d, least(i / 91, 3) AS quarter, i / 7 - 13 * least(i / 91, 3) AS week
		FROM generate_series(hashint4(number::int) & 7, next - start - 1, 9) i) days;
SELECT unit, kpi_unit(unit) FROM unnest('{4-4-5 month,4-5-4  MONTH Jan,5-4-4 month feb,4-4-5 month sun,5-4-4 quarter '
	'dec sat,4-5-4 year mon,5-4-4 year jan mon}'::text[]) unit;
SELECT unit, count(*) AS periods,
	bool_and(kpi_period(start, unit) = start AND kpi_period(start - 1, unit) < start AND start > before) AS right,
	min(start - before) AS shortest, max(start - before) AS longest
FROM unnest('{4-4-5 month,4-5-4 quarter feb sun,5-4-4 year dec sat}'::text[]) unit,
	LATERAL (SELECT start, lag(start) OVER (ORDER BY start) AS before
		FROM (SELECT * FROM kpi_periods('4700-01-01 BC', '1000-01-01', unit) start
				UNION ALL SELECT * FROM kpi_periods('5870000-01-01', '5874800-01-01', unit) start) s) p
WHERE start - before < 500 GROUP BY unit ORDER BY unit;
SELECT kpi_period('2026-01-01', '4-4-5');
SELECT kpi_period('2026-01-01', '4-4-5 week');
SELECT kpi_period('2026-01-01', '4-4-5 month tue');
SELECT kpi_period('2026-01-01', '4-4-5 month sun feb');
SELECT activity_summary(1, date '2026-11-22', '4-5-4 month feb sun');
SELECT s, s::text::activity_summary = s AS same
FROM activity_summary('(5-4-4 month dec sat,bigint,0,"";1:312+2)') s;
SELECT period, active, retained FROM lifecycle((SELECT activity_summary(c, d, '5-4-4 month dec sat')
		FROM (VALUES (1, date '2026-01-02'), (1, '2026-01-03'), (2, '2026-02-07')) v (c, d)), as_of => '2026-03-10');
SELECT activity_summary(1, date '2026-11-22', u)
FROM unnest('{4-5-4 month feb sun,4-5-4 month feb sun,4-5-4 month FEB sun,4-5-4 month feb}'::text[]) u;
SELECT activity_summary(1, date '2026-11-22', '4-5-4 month feb sun')
	+ activity_summary(1, date '2026-11-22', '4-5-4 month mar sun');
-- labels: a day in every unit, years before the first, and what sorts as time does
SELECT unit, kpi_period_label('2026-02-03', unit) AS by_end, kpi_period_label('2026-02-03', unit, 'start') AS by_start,
	kpi_period_label('0044-03-15 BC', unit) AS before_christ
FROM unnest('{day,week,week sun,month,quarter,quarter apr,quarter feb,quarter nov,quarter oct,year,year apr,year oct,'
	'jalali month,jalali quarter,jalali year,4-4-5 month,4-4-5 quarter,4-4-5 year,4-5-4 month feb sun,4-5-4 quarter '
	'feb sun,4-5-4 year feb sun}'::text[]) unit;
SELECT count(*) AS days, count(*) FILTER (WHERE kpi_period_label(d, 'week') <> to_char(d, 'IYYY-"W"IW')) AS week,
	count(*) FILTER (WHERE kpi_period_label(d, 'month') <> to_char(d, 'YYYY-MM')) AS month,
	count(*) FILTER (WHERE kpi_period_label(d, 'quarter') <> to_char(d, 'YYYY "Q"Q')) AS quarter,
	count(*) FILTER (WHERE kpi_period_label(d, 'year') <> to_char(d, 'YYYY')) AS year,
	count(*) FILTER (WHERE kpi_period_label(d, 'day') <> to_char(d, 'YYYY-MM-DD')) AS day,
	count(*) FILTER (WHERE kpi_period_label(d, 'year apr') <> to_char(d + interval '9 months', '"FY"YYYY')) AS fiscal,
	count(*) FILTER (WHERE kpi_period_label(d, 'quarter jul') <> to_char(d + interval '6 months', '"FY"YYYY "Q"Q'))
		AS fiscal_quarter
FROM day WHERE d BETWEEN '0001-02-01' AND '9998-12-31' AND extract(day FROM d) < 29;
SELECT kpi_period_label('infinity', 'month'), kpi_period_label('-infinity', 'day'), kpi_period_label(NULL, 'day');
SELECT kpi_period_label('2026-01-01', 'fortnight');
SELECT kpi_period_label('2026-01-01', 'year apr', 'middle');
SELECT kpi_period_label('4714-11-24 BC', 'week sun');
