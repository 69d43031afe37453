-- The tables refuse what makes no sense; what a constraint cannot see, kpi_review() finds.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET client_min_messages = warning;
SET datestyle = iso;
CREATE VIEW day AS SELECT date '2026-01-01' AS period, 1 AS value;
SELECT kpi_define(k, 'x', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging') FROM unnest('{a,b,c}'::text[]) k;
INSERT INTO kpi_reading (kpi, period, complete, measured_to, value, target, status, attainment)
	VALUES ('a', '2026-01-01', true, '2026-01-31', 1, '>= 1', 'green', 1);
UPDATE kpi_reading SET attainment = 'NaN';
UPDATE kpi_reading SET attainment = 'Infinity';
UPDATE kpi_reading SET status = 'no_data';
UPDATE kpi_reading SET value = NULL, attainment = NULL;
UPDATE kpi_reading SET value = NULL, status = 'no_data';
UPDATE kpi_reading SET value = NULL, status = 'green', attainment = NULL;
UPDATE kpi_reading SET margin = 'NaN';
UPDATE kpi_reading SET value = NULL, status = 'no_data', attainment = NULL, n = 0;
UPDATE kpi_reading SET value = 1, status = 'pending', margin = 'Infinity';
INSERT INTO kpi_alert (kpi, period, previous, status, value, target)
	VALUES ('a', '2026-01-01', 'pending', 'red', 0, '>= 1');
INSERT INTO kpi_alert (kpi, period, previous, status, value, target)
	VALUES ('a', '2026-01-01', 'red', 'no_data', 0, '>= 1');
INSERT INTO kpi_alert (kpi, period, previous, status, value, target)
	VALUES ('a', '2026-01-01', 'red', 'green', NULL, '>= 1');
INSERT INTO kpi_alert (kpi, period, previous, status, value, target)
	VALUES ('a', '2026-01-01', 'no_data', 'green', 1, '>= 1'), ('b', '2026-01-01', NULL, 'red', 0, '>= 1');
UPDATE kpi_definition SET title = '  ';
UPDATE kpi_definition SET source = ' ';
SELECT kpi, rule, finding FROM kpi_review('2026-02-10')
	WHERE rule IN ('parents in a circle', 'readings of another unit');
UPDATE kpi_definition SET parent = CASE name WHEN 'a' THEN 'b' WHEN 'b' THEN 'a' ELSE 'a' END;
UPDATE kpi_definition SET unit = 'week' WHERE name = 'a';
INSERT INTO kpi_reading (kpi, period, complete, measured_to, value) VALUES ('c', '2026-01-01', true, '2026-01-30', 1),
	('c', '2026-02-01', false, '2026-02-10', 1), ('c', '2025-12-01', true, '2025-12-31', 1);
SELECT kpi, rule, finding FROM kpi_review('2026-02-10')
	WHERE rule IN ('parents in a circle', 'readings of another unit');
DROP VIEW day;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
