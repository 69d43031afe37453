-- A KPI's name in every table, without foreign keys: kpi_rename(), what a change by hand leaves and how it is found and
-- mended.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period date, value int, segment text);
INSERT INTO shop.sale SELECT '2025-01-01'::date + 7 * i, 10 - i % 3, CASE i % 2 WHEN 0 THEN 'north' ELSE 'south' END
	FROM generate_series(0, 51) i;
CREATE FUNCTION kept() RETURNS TABLE (kpi text, definitions bigint, goals bigint, readings bigint, alerts bigint,
		rows text) LANGUAGE sql BEGIN ATOMIC
	SELECT n.name, (SELECT count(*) FROM kpi_definition d WHERE d.name = n.name), (SELECT count(*) FROM kpi_goal g
			WHERE g.kpi = n.name), (SELECT count(*) FROM kpi_reading r WHERE r.kpi = n.name),
		(SELECT count(*) FROM kpi_alert a WHERE a.kpi = n.name),
		-- what the rows say beside the name
		left(md5(concat((SELECT string_agg((to_jsonb(g) - 'kpi')::text, '' ORDER BY g.segment, g.during, g.set_at)
				FROM kpi_goal g WHERE g.kpi = n.name), (SELECT string_agg((to_jsonb(r) - 'kpi')::text, ''
				ORDER BY r.segment, r.period) FROM kpi_reading r WHERE r.kpi = n.name))), 8)
	FROM (SELECT name FROM kpi_definition UNION SELECT kpi FROM kpi_goal UNION SELECT kpi FROM kpi_reading
			UNION SELECT kpi FROM kpi_alert) n ORDER BY n.name;
END;
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging'),
	kpi_define('leads', 'Leads', 'shop.sale', 'month', 'flow', 'customer', 'strategic', 'leading', parent => 'sales',
			guard => 'sales'),
	kpi_define('calls', 'Calls', 'shop.sale', 'month', 'flow', 'process', 'strategic', 'leading', parent => 'leads',
			guard => 'sales');
SELECT kpi_set_goal('sales', '>= 20', '(,)'), kpi_set_goal('sales', '>= 40 warn 30', '[2025-07-01,2026-01-01)'),
	kpi_set_goal('sales', '>= 10', '(,)', 'north'), kpi_set_goal('leads', '>= 1', '(,)');
SELECT name, readings, changed, alerts, error FROM kpi_measure(as_of => '2025-12-31', notify => false);
CREATE TEMP TABLE before AS SELECT * FROM kept();
SELECT kpi, definitions, goals, readings, alerts FROM before;

-- every row is the same under another name
SELECT kpi_rename('sales', 'Net sales');
SELECT kpi, definitions, goals, readings, alerts, rows = (SELECT b.rows FROM before b
		WHERE b.kpi = CASE k.kpi WHEN 'Net sales' THEN 'sales' ELSE k.kpi END) AS same FROM kept() k;
SELECT name, parent, guard FROM kpi_definition ORDER BY name;
SELECT name, readings, changed, alerts, error FROM kpi_measure(as_of => '2025-12-31', notify => false);
SELECT kpi_rename('Net sales', 'sales') = 'sales' AS back,
	(SELECT count(*) FROM (SELECT kpi, rows FROM kept() EXCEPT SELECT kpi, rows FROM before) x) AS different;
-- refused
SELECT kpi_rename('nobody', 'somebody');
SELECT kpi_rename('sales', 'leads');
SELECT kpi_rename('sales', 'sales');
SELECT kpi_rename('sales', NULL);
SELECT kpi_rename(NULL, 'x');
SELECT kpi_rename('sales', ' ');
SELECT kpi_rename('sales', 'sales ');
SELECT kpi_rename('sales', repeat('x', 101));

-- nothing is written for a KPI that is not defined
SELECT kpi_set_goal('nobody', '>= 1', '(,)');
SELECT kpi_split_goal('nobody', 1, '[2026-01-01,2027-01-01)');
SELECT * FROM kpi_measure('nobody');
SELECT kpi_judge('nobody');
SELECT kpi_raise_alerts('nobody'),
	kpi_record('nobody', '2026-01-31', '{2026-01-01}', '{""}', '{1}', '{1}', '{1}', '{1}', '{1}', '{1}');
SELECT kpi FROM kept() WHERE kpi = 'nobody';

-- a name changed by hand: nothing is lost, the review says so, and it is mended in either way
BEGIN;
UPDATE kpi_definition SET name = 'turnover' WHERE name = 'sales';
SELECT kpi, rule, finding, action FROM kpi_review('2025-12-31')
	WHERE rule IN ('not defined', 'lost parent', 'lost guard') ORDER BY kpi, rule;
SELECT kpi_rename('sales', 'turnover');
SELECT kpi, definitions, goals, readings, alerts, rows = (SELECT b.rows FROM before b
		WHERE b.kpi = CASE k.kpi WHEN 'turnover' THEN 'sales' ELSE k.kpi END) AS same FROM kept() k;
SELECT count(*) FROM kpi_review('2025-12-31') WHERE rule IN ('not defined', 'lost parent', 'lost guard');
ROLLBACK;
BEGIN;
UPDATE kpi_definition SET name = 'turnover' WHERE name = 'sales';
SELECT sum(readings) FROM kpi_measure('turnover', '2025-12-31', false);
SAVEPOINT measured;
SELECT kpi_rename('sales', 'turnover');
ROLLBACK TO measured;
SELECT kpi_rename('sales', 'other');
ROLLBACK TO measured;
SELECT kpi_rename('turnover', 'sales');
ROLLBACK TO measured;
DELETE FROM kpi_reading WHERE kpi = 'turnover';
SELECT kpi_rename('sales', 'turnover');
ROLLBACK;
-- deleted: its goals, readings and alerts stay, and are its own again when it is defined again
BEGIN;
DELETE FROM kpi_definition WHERE name = 'sales';
SELECT kpi, rule, finding FROM kpi_review('2025-12-31') WHERE rule = 'not defined';
SELECT kpi_rename('sales', 'calls');
ROLLBACK;
BEGIN;
DELETE FROM kpi_definition WHERE name = 'sales';
SAVEPOINT deleted;
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'quarter', 'flow', 'financial', 'strategic', 'lagging');
ROLLBACK TO deleted;
SELECT kpi_define('quarters', 'Sales', 'shop.sale', 'quarter', 'flow', 'financial', 'strategic', 'lagging');
SAVEPOINT quarters;
SELECT kpi_rename('sales', 'quarters');
ROLLBACK TO quarters;
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT changed, alerts FROM kpi_measure('sales', '2025-12-31', false);
SELECT count(*) AS different FROM (SELECT kpi, rows FROM kept() EXCEPT SELECT kpi, rows FROM before) x
	WHERE kpi <> 'quarters';
ROLLBACK;
-- only a goal is left, and of another unit
BEGIN;
DELETE FROM kpi_definition WHERE name = 'leads';
DELETE FROM kpi_reading WHERE kpi = 'leads';
SELECT kpi_rename('leads', 'Leads');
ROLLBACK;
BEGIN;
DELETE FROM kpi_definition WHERE name = 'sales';
DELETE FROM kpi_reading WHERE kpi = 'sales';
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'year', 'flow', 'financial', 'strategic', 'lagging');
ROLLBACK;
-- and to be rid of it, in whichever order
BEGIN;
DELETE FROM kpi_definition WHERE name = 'sales';
DELETE FROM kpi_reading WHERE kpi = 'sales';
DELETE FROM kpi_goal WHERE kpi = 'sales';
SELECT kpi, rule, finding FROM kpi_review('2025-12-31') WHERE rule = 'not defined';
DELETE FROM kpi_alert WHERE kpi = 'sales';
SELECT kpi, rule, finding FROM kpi_review('2025-12-31') WHERE rule = 'not defined';
ROLLBACK;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
DROP FUNCTION kept;
DROP SCHEMA shop CASCADE;
