-- Calendar periods, against date_trunc over the whole range of dates.
SET datestyle = 'ISO';
CREATE TEMP TABLE day AS SELECT '4712-02-01 BC'::date + (i * 7919) AS d FROM generate_series(0, 13500) i UNION ALL SELECT '1990-01-01'::date + i FROM generate_series(0, 20000) i;
SELECT count(*) AS days, count(*) FILTER (WHERE kpi_period(d, 'day') <> d) AS day, count(*) FILTER (WHERE kpi_period(d, 'week') <> date_trunc('week', d)::date) AS week,
	count(*) FILTER (WHERE kpi_period(d, 'week sat') <> date_trunc('week', d + 2)::date - 2) AS week_sat, count(*) FILTER (WHERE kpi_period(d, 'week sun') <> date_trunc('week', d + 1)::date - 1) AS week_sun,
	count(*) FILTER (WHERE kpi_period(d, 'month') <> date_trunc('month', d)::date) AS month, count(*) FILTER (WHERE kpi_period(d, 'quarter') <> date_trunc('quarter', d)::date) AS quarter,
	count(*) FILTER (WHERE kpi_period(d, 'year') <> date_trunc('year', d)::date) AS year FROM day;
-- fiscal quarters and years, begun in every month
SELECT count(*) AS checked, count(*) FILTER (WHERE kpi_period(d, 'year ' || name) <> (date_trunc('year', d - make_interval(months => shift)) + make_interval(months => shift))::date) AS year,
	count(*) FILTER (WHERE kpi_period(d, 'quarter ' || name) <> (date_trunc('quarter', d - make_interval(months => shift)) + make_interval(months => shift))::date) AS quarter
FROM day, unnest('{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}'::text[]) WITH ORDINALITY m(name, n), LATERAL (SELECT n::int - 1 AS shift) s WHERE d > '4000-01-01 BC';
-- timestamps, before and after 2000
SELECT count(*) FILTER (WHERE kpi_period(t, 'day') <> t::date OR kpi_period(t, 'month') <> date_trunc('month', t)::date) AS different FROM (SELECT '1999-12-30'::timestamp + i * interval '13 minutes 0.000001 second' AS t FROM generate_series(-20000, 20000) i) q;
-- the session's zone, with clocks put back across midnight, rows in order and not
CREATE FUNCTION wrong_days(zone text, OUT in_order bigint, OUT shuffled bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('timezone', zone, true);
	SELECT count(*) FILTER (WHERE kpi_period(t, 'day') <> t::date) INTO in_order FROM (SELECT '1985-01-01 00:00+00'::timestamptz + i * interval '37 minutes 13 seconds' AS t FROM generate_series(0, 200000) i) q;
	SELECT count(*) FILTER (WHERE kpi_period(t, 'day') <> t::date) INTO shuffled FROM (SELECT '1903-01-01 00:00+00'::timestamptz + (hashint8extended(i, 1) % 4000000000) * interval '1 second' AS t FROM generate_series(0, 100000) i) q;
END $$;
SELECT zone, w.* FROM unnest('{UTC,America/St_Johns,America/Santiago,Asia/Tehran,Asia/Kathmandu,Pacific/Apia,Africa/Monrovia,<+03>-03}'::text[]) zone, LATERAL wrong_days(zone) w;
SET timezone = 'Europe/Berlin';
SELECT kpi_period('2023-12-31 23:30+00'::timestamptz, 'year') AS berlin;
SET timezone = 'America/New_York';
SELECT kpi_period('2024-01-01 04:30+00'::timestamptz, 'year') AS new_york;

-- the spine
SELECT kpi_periods('2024-11-15', '2025-02-01', 'month') AS month;
SELECT count(*), min(p), max(p), bool_and(p = kpi_period(p, 'week')) AS starts FROM kpi_periods('1969-12-25', '2101-03-04', 'week') p;
SELECT count(*) FROM kpi_periods('2024-11-15', '2024-02-01', 'month');
SELECT kpi_period('infinity'::date, 'month'), kpi_period('-infinity'::timestamptz, ' Year  APR '), kpi_period('infinity'::timestamp, 'day'), kpi_period(NULL::date, 'day');

-- errors
SELECT kpi_period('2024-01-01'::date, 'fortnight');
SELECT kpi_period('2024-01-01'::date, 'month apr');
SELECT kpi_period('2024-01-01'::date, 'week tue');
SELECT kpi_period('2024-01-01'::date, 'year apr may');
SELECT kpi_period('2024-01-01'::date, '');
SELECT kpi_period('4713-01-01 BC'::date, 'year apr');
SELECT kpi_periods('2024-01-01', 'infinity', 'day');
DROP FUNCTION wrong_days;
