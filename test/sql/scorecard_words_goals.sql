-- Days and bounds of goals as people write them: years, quarters, months, days; k and M.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period date, value numeric);
INSERT INTO shop.sale SELECT date '2025-12-01' + i, 10 FROM generate_series(0, 150) i;
SELECT kpi_define(u, 'shop.sale', unit => u)
	FROM unnest('{day,week,month,quarter,year,quarter feb,jalali month,jalali year}'::text[]) u;
-- a goal of each, and the periods that it is for
SELECT u, d, kpi_set_goal(u, '>= 5', d) FROM (VALUES ('month', '2026'), ('month', '2026-03'), ('month', '2026-12'),
	('month', '2026-Q1'), ('month', ' 2026q4 '), ('month', '2026 Q2'), ('month', '2026-03-15'),
	('month', '[2026-01-01,2026-03-01)'), ('month', '[2026-01-01,2026-02-28]'), ('month', '(,)'), ('quarter', '2026'),
	('quarter', '2026-Q3'), ('quarter', '2026-05-01'),
	('year', '2026'), ('year', '2026-05-01'), ('day', '2026'), ('day', '2026-02'), ('day', '2026-02-28'),
	('week', '2026'),
	('week', '2026-02'), ('week', '2026-Q4'), ('week', '2026-02-28'), ('jalali month', '1404'),
	('jalali month', '1404-01'),
	('jalali month', '1404-12'), ('jalali month', '1403-12'), ('jalali month', '1404-Q2'), ('jalali year', '1404'),
	('quarter feb', '2026-05-01')) v (u, d);
-- every month and quarter of years, leap years among them: their days by generate_series
SELECT count(*),
	bool_and(kpi_goal_days(to_char(m, 'YYYY-MM'), 'month') = daterange(m::date, (m + interval '1 month')::date))
		AS months,
	 bool_and(kpi_goal_days(to_char(m, 'YYYY"-Q"Q'), 'month') = daterange(date_trunc('quarter', m)::date,
		(date_trunc('quarter', m) + interval '3 months')::date)) AS quarters,
	bool_and(kpi_goal_days(to_char(m, 'YYYY'), 'month') = daterange(date_trunc('year', m)::date,
		(date_trunc('year', m) + interval '1 year')::date)) AS years,
	-- weeks: those whose first day is a day of the month
	bool_and(kpi_goal_days(to_char(m, 'YYYY-MM'), 'week') = (SELECT daterange(min(d)::date, max(d)::date + 7)
		FROM generate_series(m, m + interval '1 month' - interval '1 day', '1 day') d
		WHERE extract(isodow FROM d) = 1)) AS weeks
FROM generate_series(timestamp '1999-01-01', '2032-12-01', '1 month') m;
-- months of the Jalali calendar join, twelve a year
SELECT count(*), bool_and(upper(days) = lower(next) AND kpi_period(lower(days), 'jalali month') = lower(days)
	AND kpi_next_period(lower(days), 'jalali month') = upper(days)) AS joined, min(lower(days)), max(upper(days))
FROM (SELECT days, lead(days, 1, days) OVER (ORDER BY y, m) AS next, y, m FROM generate_series(1390, 1420) y,
	generate_series(1, 12) m, LATERAL kpi_goal_days(format('%s-%s', y, lpad(m::text, 2, '0')), 'jalali month') days) x
WHERE (y, m) <> (1420, 12);
-- a date, where one is at hand
SELECT kpi_set_goal('month', '>= 6', date '2026-04-30'),
	kpi_set_goal('week', '>= 6', date '2026-04-30', segment => 'north');
SELECT kpi_set_goal('month', '>= 7', daterange('2026-05-01', '2026-06-01'));
SELECT during, target, segment FROM kpi_goal WHERE kpi = 'month' AND superseded_at IS NULL
	AND during && '[2026-04-01,2026-07-01)' ORDER BY during;
SELECT * FROM kpi_split_goal('month', 100, '2027-Q1', '{1,1,2}');
SELECT sum(amount), min(period), max(period) FROM kpi_split_goal('week', 520, '2027');
-- what cannot be read, or is no whole period
SELECT kpi_set_goal('month', '>= 5', d) FROM unnest('{2026-13}'::text[]) d;
SELECT kpi_set_goal('month', '>= 5', '2026-Q5');
SELECT kpi_set_goal('month', '>= 5', 'March 2026');
SELECT kpi_set_goal('month', '>= 5', '01/02/2026');
SELECT kpi_set_goal('month', '>= 5', '26');
SELECT kpi_set_goal('month', '>= 5', '2026-02-30');
SELECT kpi_set_goal('month', '>= 5', '');
SELECT kpi_set_goal('jalali month', '>= 5', '1404-01-15');
SELECT kpi_set_goal('jalali month', '>= 5', '2025-04-04'), kpi_set_goal('day', '>= 5', '1404-01-15');
SELECT kpi_set_goal('month', '>= 5', 'empty');
SELECT kpi_set_goal('month', '>= 5', NULL);
SELECT kpi_set_goal('month', '>= 5', NULL::date);
SELECT kpi_set_goal('month', '>= 5', date 'infinity');
SELECT kpi_set_goal('month', '>= 5', '[2026-01-01');
SELECT kpi_set_goal('quarter', '>= 5', '2026-03');
SELECT kpi_set_goal('quarter feb', '>= 5', '2026');
SELECT kpi_set_goal('nobody', '>= 5', '2026');
SELECT kpi_set_goal('nobody', '>= 5', date '2026-01-01');
SELECT kpi_split_goal('nobody', 5, '2026');
-- bounds in thousands and millions, exactly
SELECT literal, literal::kpi_target FROM (VALUES ('>= 800k'), ('>=1.5M warn 800K'), ('<= .5k'),
	('[10k,1.25M] warn [9.5k,]'),
	('>= 1e3k'), ('>= -2k warn -2.5k'), ('>= 1.1M recover 1.2M'), ('>= 0k')) v (literal);
SELECT count(*), bool_and(format('>= %sk', n)::kpi_target = format('>= %s', n * 1000)::kpi_target
	AND format('<= %sM', n)::kpi_target = format('<= %s', n * 1000000)::kpi_target) AS exact
FROM (SELECT i / 1000.0 AS n FROM generate_series(1, 30000, 7) i) x;
CREATE FUNCTION shop.says(literal text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d text;
BEGIN
	PERFORM literal::kpi_target;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
	RETURN SQLSTATE || ' ' || d;
END $$;
SELECT literal, shop.says(literal) FROM unnest(ARRAY['>= 5m', '>= 5kk', '>= 5 k', '>= 5k%', '>= 5%k', '>= 5Mio',
	'>= 5kwarn 4', '>= k',
	'>= +5k on previous', '>= 1e307M', '>= 5G', '>= 5kü']) literal;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
