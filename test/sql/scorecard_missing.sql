-- What is missing stays missing: in totals, in weights, in margins, in periods; and what was measured to a later day
-- stays.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.fact (period date, value numeric, n numeric, segment text DEFAULT '', margin float8);
CREATE VIEW shop.plain AS SELECT period, value, segment FROM shop.fact;
CREATE VIEW shop.weighed AS SELECT period, value, n, segment FROM shop.fact;
CREATE VIEW shop.margins AS SELECT period, value, n, segment, margin FROM shop.fact;
CREATE VIEW shop.parts AS SELECT period, value AS numerator, n AS denominator, segment, margin FROM shop.fact;
CREATE FUNCTION shop.h(i int, salt int) RETURNS int LANGUAGE sql IMMUTABLE RETURN abs(hashint4extended(i, salt) % 1000);
CREATE FUNCTION shop.define(name text, source regclass, kind text, unit text DEFAULT 'month',
		pace text DEFAULT 'linear') RETURNS text LANGUAGE sql AS
	$$ SELECT kpi_define(name, 'x', source, unit, kind, 'financial', 'strategic', 'lagging', pace => pace) $$;
CREATE VIEW shop.reading AS SELECT kpi, segment, period, value, n, margin, complete, status, measured_to
	FROM kpi_reading ORDER BY kpi COLLATE "C", segment COLLATE "C", period;

-- the total of a stock or flow is missing where a segment's value is, not where a segment has no row
SELECT shop.define('flow', 'shop.plain', 'flow'), shop.define('stock', 'shop.plain', 'stock');
SELECT kpi_set_goal(k, '>= 100 warn 90', '[2026-01-01,2027-01-01)') FROM unnest('{flow,stock}'::text[]) k;
INSERT INTO shop.fact (period, value, segment) VALUES ('2026-01-31', 70, 'x'), ('2026-01-31', 50, 'y'),
	('2026-02-28', 70, 'x'), ('2026-02-28', NULL, 'y'), ('2026-03-31', 70, 'x'),
	('2026-04-01', NULL, 'y'), ('2026-04-02', 50, 'y'), ('2026-04-02', 70, 'x');
SELECT alerts FROM kpi_measure(as_of => '2026-02-28');
SELECT kpi, period, previous, status, value FROM kpi_alert;
SELECT count(*) FROM kpi_measure(as_of => '2026-04-30');
SELECT kpi, period, value, status FROM shop.reading WHERE segment = '';
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- n = 0 weighs nothing and is no value; a value that cannot be weighed leaves no total
SELECT shop.define('average', 'shop.weighed', 'average'), shop.define('survey', 'shop.weighed', 'survey');
INSERT INTO shop.fact (period, value, n, segment) VALUES
	('2026-01-01', 3.5, 10, 'x'), ('2026-01-02', 0, 0, 'x'), ('2026-01-01', 4.5, 30, 'y'),
	('2026-02-01', 2, 10, 'x'), ('2026-02-02', 3, NULL, 'x'), ('2026-02-01', 5, 10, 'y'),
	('2026-03-01', 0, 0, 'x'), ('2026-03-02', 0, 0, 'x'), ('2026-03-01', 5, 10, 'y'), ('2026-03-02', NULL, 7, 'y'),
	('2026-04-01', NULL, 10, 'x'), ('2026-04-01', 5, 10, 'y'),
	('2026-05-01', 4, NULL, 'x'),
	('2026-06-01', 1, 0, 'x'), ('2026-06-01', NULL, 0, 'y'),
	('2026-07-01', 4, NULL, 'x'), ('2026-07-01', 5, 10, 'y');
SELECT count(*) FROM kpi_measure(as_of => '2026-12-31');
SELECT segment, period, value, n FROM shop.reading WHERE kpi = 'average';
SELECT count(*) AS survey_as_average FROM kpi_reading a JOIN kpi_reading s USING (segment, period)
	WHERE a.kpi = 'average' AND s.kpi = 'survey' AND (a.value, a.n) IS NOT DISTINCT FROM (s.value, s.n);
-- against plain SQL
TRUNCATE shop.fact;
INSERT INTO shop.fact (period, value, n, segment)
SELECT date '2026-01-01' + i / 6, CASE WHEN shop.h(i, 1) % 10 > 0 THEN shop.h(i, 2) / 10.0 END,
	CASE WHEN shop.h(i, 3) % 12 > 0 THEN shop.h(i, 4) % 4 END, 's' || i % 3
FROM generate_series(0, 1999) i WHERE shop.h(i, 9) % 3 > 0;
TRUNCATE kpi_reading;
SELECT shop.define('average', 'shop.weighed', 'average', 'week');
SELECT shop.define('day', 'shop.weighed', 'average', 'day');
SELECT count(*) FROM kpi_measure(as_of => '2026-11-29');
WITH unit(kpi, unit) AS (VALUES ('average', 'week'), ('day', 'day')), row AS (
	SELECT u.kpi, kpi_period(f.period, u.unit) AS period, f.segment, f.value, f.n, f.value IS NOT NULL
		AND n IS DISTINCT FROM 0 AS has FROM shop.fact f, unit u WHERE f.period <= '2026-11-29'
), part AS (
	SELECT kpi, period, segment,
		CASE WHEN count(*) FILTER (WHERE has) = 1 THEN max(value) FILTER (WHERE has) WHEN bool_or(has AND n IS NULL)
			THEN NULL ELSE sum(value * n) FILTER (WHERE has) / sum(n) FILTER (WHERE has) END AS value,
		sum(n) FILTER (WHERE has) AS n, bool_or(has AND n IS NULL) AS unweighed,
			bool_and(n IS NOT DISTINCT FROM 0) AS nothing
	FROM row GROUP BY kpi, period, segment
), expected AS (
	SELECT kpi, period, segment, value, n FROM part
	UNION ALL
	SELECT kpi, period, '',
		CASE WHEN bool_or(value IS NULL AND NOT nothing) THEN NULL WHEN count(value) = 1 THEN max(value)
		WHEN bool_or(value IS NOT NULL AND unweighed) THEN NULL ELSE sum(value * n) / sum(n)
				FILTER (WHERE value IS NOT NULL) END, sum(n) FROM part GROUP BY kpi, period)
SELECT r.kpi, count(*) > 150 AS many, count(r.value) > 50 AS values, count(*)
	FILTER (WHERE r.value IS NULL AND r.segment = '') > 10 AS totals_missing, count(r.kpi) = count(e.kpi) AS same_rows,
	count(*) FILTER (WHERE (r.value IS NULL) <> (e.value IS NULL) OR abs(r.value - e.value) > 1e-12 * abs(e.value))
		AS other_value,
	count(*) FILTER (WHERE r.value IS NOT NULL AND r.n IS DISTINCT FROM e.n) AS other_n
FROM (SELECT * FROM kpi_reading WHERE kpi IN ('average', 'day')) r FULL JOIN expected e USING (kpi, period, segment)
	GROUP BY r.kpi ORDER BY r.kpi;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- a ratio: a denominator of 0 weighs nothing, a missing numerator is not 0
SELECT shop.define('ratio', 'shop.parts', 'ratio');
INSERT INTO shop.fact (period, value, n, segment) VALUES ('2026-01-01', 5, 10, 'x'), ('2026-01-01', 0, 0, 'y'),
	('2026-02-01', 5, 10, 'x'), ('2026-02-01', NULL, 10, 'y');
SELECT count(*) FROM kpi_measure(as_of => '2026-12-31');
SELECT segment, period, value, numerator, denominator FROM kpi_reading ORDER BY segment, period;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- a row of a ratio without numerator or denominator is none, nor is its margin: as ratio_agg has it
SELECT shop.define('ratio', 'shop.parts', 'ratio');
INSERT INTO shop.fact (period, value, n, segment, margin)
SELECT date '2026-01-01' + i % 120, CASE WHEN shop.h(i, 31) < 800 THEN shop.h(i, 32) % 20 END,
	CASE WHEN shop.h(i, 33) < 800 THEN 10 + shop.h(i, 34) % 20 END, chr(97 + i % 3), 0.25
	FROM generate_series(1, 900) i;
INSERT INTO shop.fact (period, value, n, segment, margin) VALUES ('2026-05-01', NULL, 100, 'a', 0.1),
	('2026-05-01', 5, NULL, 'a', 0.1), ('2026-05-02', 5, 10, 'a', 0.5), ('2026-06-01', NULL, 100, 'a', 0.1),
	('2026-06-01', 5, NULL, 'a', 0.1);
SELECT error FROM kpi_measure(as_of => '2026-12-31');
SELECT segment, period, value, numerator, denominator, margin FROM kpi_reading WHERE period >= '2026-05-01'
	ORDER BY period, segment;
WITH expected AS (
	SELECT coalesce(segment, '') AS segment, kpi_period(period, 'month') AS period,
		ratio_agg(value, n)::float8 AS value,
		sum(value) FILTER (WHERE n IS NOT NULL)::float8 AS numerator,
		sum(n) FILTER (WHERE value IS NOT NULL)::float8 AS denominator,
		sqrt(sum(margin ^ 2 * n ^ 2) FILTER (WHERE value IS NOT NULL)::numeric)
			/ sum(n) FILTER (WHERE value IS NOT NULL) AS margin
	FROM shop.fact GROUP BY GROUPING SETS ((kpi_period(period, 'month'), segment), (kpi_period(period, 'month'))))
SELECT count(*) AS readings, count(*) FILTER (WHERE r.value IS DISTINCT FROM e.value OR r.numerator IS DISTINCT FROM
		e.numerator OR r.denominator IS DISTINCT FROM e.denominator) AS other, count(*) FILTER (WHERE
		abs(r.margin - e.margin) > 1e-12) AS other_margin
	FROM kpi_reading r FULL JOIN expected e USING (segment, period)
	WHERE period < '2026-06-01';
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- margins that are known in part make nothing certain
SELECT shop.define('flow', 'shop.margins', 'flow'), shop.define('average', 'shop.margins', 'average'),
	shop.define('ratio', 'shop.parts', 'ratio');
SELECT kpi_set_goal(k, t::kpi_target, '[2026-01-01,2027-01-01)', s)
FROM (VALUES ('flow', '>= 54'), ('average', '>= 1'), ('ratio', '>= 1')) g(k, t), unnest('{"",x,y}'::text[]) s;
INSERT INTO shop.fact (period, value, n, segment, margin) VALUES
	('2026-01-01', 50, 10, 'x', 5), ('2026-01-01', 60, 10, 'y', NULL),
	('2026-02-01', 50, 10, 'x', 5), ('2026-02-01', 60, 10, 'y', 12),
	('2026-03-01', 50, 10, 'x', NULL), ('2026-03-01', 60, 10, 'y', NULL),
	('2026-04-01', 50, 10, 'x', 5), ('2026-04-02', 50, 10, 'x', NULL), ('2026-04-01', 60, 10, 'y', 12);
SELECT count(*) FROM kpi_measure(as_of => '2026-04-30', notify => false);
SELECT kpi, segment, period, value, margin, status FROM shop.reading;
SELECT kpi, status FROM kpi_scorecard('2026-04-30') WHERE segment = '';
SELECT kpi_scorecard_html('2026-04-30') ~* 'infin|nan\M' AS infinite_page;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- a period without a row under a goal is no data, in each segment that has one, and an alert as any change
SELECT shop.define('flow', 'shop.plain', 'flow');
SELECT kpi_set_goal('flow', '>= 10', '[2025-01-01,)', s) FROM unnest('{"",x}'::text[]) s;
SELECT kpi_set_goal('flow', '>= 10', '[2026-03-01,2026-04-01)', 'y');
INSERT INTO shop.fact (period, value, segment) VALUES ('2026-01-10', 20, 'x'), ('2026-02-10', 20, 'x');
SELECT changed, alerts FROM kpi_measure('flow', '2026-02-28', false);
SELECT readings, changed, alerts FROM kpi_measure('flow', '2026-03-30', false);
SELECT readings, changed, alerts FROM kpi_measure('flow', '2026-03-31', false);
SELECT readings, changed, alerts FROM kpi_measure('flow', '2026-03-31', false);
SELECT segment, period, value, n, complete, status FROM shop.reading;
INSERT INTO shop.fact (period, value, segment) VALUES ('2026-03-10', 20, 'x');
SELECT readings, changed, alerts FROM kpi_measure('flow', '2026-03-31', false);
SELECT segment, period, previous, status, value FROM kpi_alert ORDER BY raised_at, segment;
-- a source that has become empty says no data
DELETE FROM shop.fact;
SELECT readings, changed, alerts FROM kpi_measure('flow', '2026-05-31', false);
-- a KPI that is retired, or new, owes nothing for the time that it was not active
INSERT INTO shop.fact (period, value, segment) VALUES ('2026-01-10', 20, 'x');
TRUNCATE kpi_reading, kpi_alert;
UPDATE kpi_definition SET active = '[2026-03-01,2026-05-01)';
SELECT readings, changed FROM kpi_measure('flow', '2026-08-31', false);
SELECT segment, period, value, status FROM shop.reading;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- a period whose last value in progress was NULL becomes complete
SELECT shop.define('flow', 'shop.plain', 'flow');
INSERT INTO shop.fact (period, value) VALUES ('2026-01-10', 20), ('2026-02-10', NULL);
SELECT changed FROM kpi_measure('flow', '2026-02-10', false);
DELETE FROM shop.fact WHERE value IS NULL;
SELECT changed FROM kpi_measure('flow', '2026-03-10', false);
SELECT period, value, complete, measured_to FROM shop.reading;
SELECT changed FROM kpi_measure('flow', '2026-03-10', false);

-- a row whose period is not a day has none
INSERT INTO shop.fact (period, value) VALUES ('-infinity', 1), ('infinity', 1), (NULL, 1);
SELECT readings, changed, error FROM kpi_measure('flow', '2026-03-10', false);
CREATE VIEW shop.stamped AS SELECT CASE WHEN isfinite(period) THEN period::timestamp ELSE '-infinity' END AS period,
	value FROM shop.fact;
SELECT shop.define('stamped', 'shop.stamped', 'flow'), shop.define('jalali', 'shop.stamped', 'flow', 'jalali month');
SELECT name, readings, error FROM kpi_measure(as_of => '2026-03-10', notify => false);
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
