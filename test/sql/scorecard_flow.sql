-- A flow without rows is 0, in a segment too; rows of one KPI are of one period; a source that has become empty.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period date, segment text, value numeric, n int DEFAULT 1);
CREATE VIEW shop.plain AS SELECT period, segment, value FROM shop.sale;
CREATE VIEW shop.total AS SELECT period, value FROM shop.sale;
CREATE FUNCTION shop.define(name text, unit text DEFAULT 'month', kind text DEFAULT 'flow',
		source regclass DEFAULT 'shop.sale') RETURNS text LANGUAGE sql AS
	$$ SELECT kpi_define(name, name, source, unit, kind, 'financial', 'strategic', 'lagging') $$;
CREATE VIEW shop.reading AS SELECT kpi, segment, period, value, n, complete, status FROM kpi_reading
	ORDER BY kpi COLLATE "C", segment COLLATE "C", period;

-- Ann and Bob sold in January, only Ann in February
SELECT shop.define('sales', source => 'shop.plain');
SELECT kpi_set_goal('sales', '>= 20', '[2026-01-01,2027-01-01)'),
	kpi_set_goal('sales', '>= 10', '[2026-01-01,2027-01-01)', 'Ann'),
	kpi_set_goal('sales', '>= 10', '[2026-01-01,2027-01-01)', 'Bob');
INSERT INTO shop.sale VALUES ('2026-01-10', 'Ann', 15), ('2026-01-11', 'Bob', 15), ('2026-02-03', 'Ann', 15);
SELECT alerts FROM kpi_measure('sales', '2026-02-14', false);
SELECT segment, period, value, status FROM kpi_scorecard('2026-02-14');
SELECT alerts FROM kpi_measure('sales', '2026-02-28', false);
SELECT segment, period, value, status FROM kpi_scorecard('2026-02-28');
SELECT score, coverage FROM kpi_score('2026-02-28');
SELECT segment, period, previous, status, value FROM kpi_alert ORDER BY segment COLLATE "C";
-- nobody has a goal but the total: the others are of its period too, and Carl, who begins, owes nothing for before
DELETE FROM kpi_goal WHERE segment <> '';
INSERT INTO shop.sale VALUES ('2026-03-05', 'Carl', 15);
SELECT alerts FROM kpi_measure('sales', '2026-03-14', false);
SELECT segment, period, value, status FROM kpi_scorecard('2026-03-14');
SELECT segment, period, value FROM shop.reading WHERE segment <> '';
-- April has no row yet: all are of March
SELECT alerts FROM kpi_measure('sales', '2026-04-02', false);
SELECT segment, period, value, status FROM kpi_scorecard('2026-04-02');
-- without newer rows of anybody the source is stale, and nothing is 0
SELECT alerts FROM kpi_measure('sales', '2026-04-30', false);
SELECT segment, period, value, status FROM kpi_scorecard('2026-04-30');
-- until they come
INSERT INTO shop.sale VALUES ('2026-05-01', 'Ann', 1);
SELECT alerts FROM kpi_measure('sales', '2026-05-02', false);
SELECT segment, period, value, status FROM shop.reading WHERE period = '2026-04-01';
-- who was in the source by mistake has no value, and nothing later
UPDATE shop.sale SET segment = 'Bob' WHERE segment = 'Carl';
SELECT alerts FROM kpi_measure('sales', '2026-05-03', false);
SELECT segment, period, value FROM shop.reading WHERE segment IN ('Bob', 'Carl');
-- who was there before the source's first period is still there; a year after the last row a segment is over
DELETE FROM shop.sale WHERE period < '2026-05-01';
INSERT INTO shop.sale SELECT d, 'Ann', 1 FROM generate_series(timestamp '2026-06-01', '2027-12-31', '1 month') d;
SELECT alerts FROM kpi_measure('sales', '2027-12-31', false);
SELECT segment, min(period), max(period), count(*), sum(value) FROM kpi_reading WHERE value IS NOT NULL GROUP BY segment
	ORDER BY segment COLLATE "C";
-- n of nothing is 0 where the source counts
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert, shop.sale;
SELECT shop.define('sales');
INSERT INTO shop.sale VALUES ('2026-01-10', 'Ann', 15), ('2026-02-11', 'Bob', 15), ('2026-03-11', 'Bob', NULL);
SELECT changed FROM kpi_measure('sales', '2026-03-31', false);
SELECT segment, period, value, n FROM shop.reading;
SELECT changed FROM kpi_measure('sales', '2026-03-31', false);
-- what is no flow is not 0
SELECT shop.define('stock', kind => 'stock'), shop.define('average', kind => 'average');
SELECT kpi_set_goal(k, '>= 10', '[2026-01-01,)', 'Ann') FROM unnest('{stock,average}'::text[]) k;
SELECT changed FROM kpi_measure('stock', '2026-03-31', false) UNION ALL
	SELECT changed FROM kpi_measure('average', '2026-03-31', false);
SELECT kpi, segment, period, value FROM shop.reading WHERE segment = 'Ann' AND kpi <> 'sales';

-- against plain SQL: three years of days, regions that come and go, every unit
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert, shop.sale;
INSERT INTO shop.sale
SELECT day, 'r' || r, CASE WHEN h % 11 > 0 THEN h END
FROM generate_series(0, 1095) d, generate_series(0, 6) r, LATERAL (SELECT date '2023-01-01' + d AS day,
	abs(hashint4extended(d * 7 + r, 5) % 1000) AS h) x
WHERE h % 40 < 7 - r AND NOT (r = 5 AND d BETWEEN 100 AND 700) AND NOT (r = 6 AND d > 500);
SELECT count(shop.define(u, u)) FROM unnest('{day,week,month,quarter,year apr,jalali month}'::text[]) u;
SELECT kpi_set_goal(d.name, '>= 1', daterange(kpi_period('2025-03-25', d.unit), NULL), 'never')
	FROM kpi_definition d \g /dev/null
SELECT count(error) FROM kpi_measure(as_of => '2025-11-16', notify => false);
WITH cell AS (
	SELECT d.name AS kpi, kpi_period(s.period, d.unit) AS period, s.segment, s.value
	FROM kpi_definition d, shop.sale s WHERE s.period <= '2025-11-16'
), segment AS (
	SELECT kpi, segment, period, sum(value) AS value, count(value) = 0 AS missing FROM cell GROUP BY 1, 2, 3
), cells AS (
	SELECT kpi, segment, period, value FROM segment
	UNION ALL SELECT kpi, '', period, CASE WHEN NOT bool_or(missing) THEN sum(value) END FROM segment GROUP BY 1, 3
), from_to AS (
	SELECT c.kpi, c.segment, min(c.period) AS first,
		least(max(max(c.period)) OVER (PARTITION BY c.kpi), max(c.period) + interval '1 year')::date AS last
	FROM cells c GROUP BY c.kpi, c.segment
	UNION ALL SELECT d.name, 'never', kpi_period('2025-03-25', d.unit), kpi_period('2025-11-16', d.unit)
	FROM kpi_definition d
), filled AS (
	SELECT f.kpi, f.segment, p.period, CASE WHEN c.kpi IS NULL THEN 0 ELSE c.value END AS value,
		max(c.period) OVER (PARTITION BY f.kpi, f.segment ORDER BY p.period) AS newest
	FROM from_to f JOIN kpi_definition d ON d.name = f.kpi
	CROSS JOIN LATERAL kpi_periods(f.first, f.last, d.unit) p (period) LEFT JOIN cells c
		ON (c.kpi, c.segment, c.period) = (f.kpi, f.segment, p.period)
), expected AS (
	-- a gap is 0 for a year at most
	SELECT * FROM filled WHERE period <= newest + interval '1 year' OR segment = 'never')
SELECT count(*) > 5000 AS many, count(*) FILTER (WHERE e.value = 0) > 1000 AS zeros,
	count(*) = count(r.kpi) AS all_there, count(*) = count(e.kpi) AS no_others,
	count(*) FILTER (WHERE r.value IS DISTINCT FROM e.value::float8) AS other_value
FROM expected e FULL JOIN kpi_reading r USING (kpi, segment, period);

-- a source that becomes empty as a whole: what is newest is no data, what is older is history
CREATE FUNCTION shop.fill() RETURNS void LANGUAGE sql AS $$
	TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert, shop.sale;
	INSERT INTO shop.sale SELECT d, s, 10 FROM generate_series(timestamp '2025-11-03', '2026-02-10', '1 day') d,
		unnest('{a,b}'::text[]) s;
	SELECT shop.define(k, 'month', k) FROM unnest('{flow,stock}'::text[]) k;
	SELECT kpi_set_goal(k, '>= 10', '[2025-01-01,)', s) FROM unnest('{flow,stock}'::text[]) k,
		unnest('{"",a}'::text[]) s
$$;
SELECT shop.fill();
SELECT name, changed, alerts FROM kpi_measure(as_of => '2026-02-10', notify => false);
DELETE FROM shop.sale WHERE period > '2025-11-03';
SELECT name, alerts FROM kpi_measure(as_of => '2026-02-11', notify => false);
CREATE TABLE shop.one_row AS SELECT kpi, segment, period, previous, status FROM kpi_alert;
SELECT shop.fill();
SELECT name, changed, alerts FROM kpi_measure(as_of => '2026-02-10', notify => false);
DELETE FROM shop.sale;
SELECT name, readings, changed, alerts, error FROM kpi_measure(as_of => '2026-02-11', notify => false);
-- as with one old row
SELECT kpi, segment, period, previous, status FROM kpi_alert ORDER BY kpi, segment;
TABLE shop.one_row EXCEPT SELECT kpi, segment, period, previous, status FROM kpi_alert;
SELECT segment, period, value, complete, status FROM shop.reading WHERE kpi = 'flow';
-- once is enough; later months are no data where there is a goal
SELECT name, changed, alerts FROM kpi_measure(as_of => '2026-02-11', notify => false);
SELECT name, changed, alerts FROM kpi_measure(as_of => '2026-04-05', notify => false);
SELECT segment, period, value, complete, status FROM shop.reading WHERE kpi = 'flow' AND period > '2026-01-01';
SELECT segment, period, value, status FROM kpi_scorecard('2026-04-05') WHERE kpi = 'flow';
-- it is back as it was
INSERT INTO shop.sale SELECT d, s, 10 FROM generate_series(timestamp '2025-11-03', '2026-04-05', '1 day') d,
	unnest('{a,b}'::text[]) s;
SELECT count(error) FROM kpi_measure(as_of => '2026-04-05', notify => false);
SELECT segment, count(value), min(value), max(value) FROM shop.reading WHERE kpi = 'flow' AND complete GROUP BY 1
	ORDER BY 1;
-- one that never had a row owes nothing
SELECT shop.define('new');
DELETE FROM shop.sale;
SELECT kpi_set_goal('new', '>= 10', '[2025-01-01,)');
SELECT readings, changed, alerts FROM kpi_measure('new', '2026-04-05', false);

-- a week in progress of a flow without a goal is not shown as if it were a result, of others it is
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert, shop.sale;
INSERT INTO shop.sale VALUES ('2026-01-19', 'a', 5), ('2026-01-20', 'a', 5);
SELECT shop.define(k, 'week', k) FROM unnest('{flow,stock}'::text[]) k;
SELECT count(*) FROM kpi_measure(as_of => '2026-01-20', notify => false);
SELECT kpi, segment, period, value, status FROM kpi_scorecard('2026-01-20');
INSERT INTO shop.sale VALUES ('2026-01-12', 'a', 7);
SELECT count(*) FROM kpi_measure(as_of => '2026-01-20', notify => false);
SELECT kpi, segment, period, value, status FROM kpi_scorecard('2026-01-20');
-- on the page what is so far says so, in segments too
SELECT kpi_set_goal('flow', '>= 30', '[2026-01-05,)');
SELECT (regexp_matches(kpi_scorecard_html('2026-01-20'), '<bdi>a</bdi>[^<]*</th>', 'g'))[1];
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;

-- a gap is 0 for a year at most, also where it comes again, so that a row of a mistyped year fills no centuries
CREATE TABLE typed AS
SELECT date '2024-01-01' + 7 * w AS period, s AS segment, 1 AS value FROM generate_series(0, 120) w,
	(VALUES ('n'), ('s')) v (s)
WHERE NOT (s = 'n' AND w BETWEEN 20 AND 30) AND NOT (s = 's' AND w BETWEEN 10 AND 80);
INSERT INTO typed VALUES ('0025-06-15', 'n', 1);
SELECT kpi_define('typed', 'Typed', 'typed', 'week', 'flow', 'financial', 'strategic', 'lagging');
SELECT readings, error FROM kpi_measure('typed', '2026-04-26', false);
SELECT segment, count(*) FILTER (WHERE value <> 0) AS with_rows, count(*) FILTER (WHERE value = 0) AS zeros,
	count(*) FILTER (WHERE value = 0 AND period < '0027-01-01') AS of_old, min(period) FILTER (WHERE value = 0
		AND period > '2000-01-01') AS first_zero, max(period) FILTER (WHERE value = 0) AS last_zero
FROM kpi_reading WHERE kpi = 'typed' GROUP BY segment ORDER BY segment;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
DROP TABLE typed;
