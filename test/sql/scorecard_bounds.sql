-- What keeps a mistake small: an as_of far ahead, a row of a wrong year, a long chain of parents.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period date, value int, segment text);
INSERT INTO shop.sale SELECT d, 10, 'north' FROM generate_series(timestamp '2025-01-01', '2025-03-31', '1 day') d;
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'day', 'flow', 'financial', 'strategic', 'lagging'),
	kpi_set_goal('sales', '>= 10', '(,)'), kpi_set_goal('sales', '>= 10', '(,)', 'north');
-- the last day of which the data are complete is not far ahead
SELECT * FROM kpi_measure(as_of => '9999-12-31');
SELECT * FROM kpi_measure('sales', '5874897-12-31');
DO $$ BEGIN PERFORM kpi_measure('sales', CURRENT_DATE + 3661);
EXCEPTION WHEN invalid_parameter_value THEN RAISE WARNING '22023'; END $$;
SELECT count(*) FROM kpi_reading;
SELECT measured_to, error FROM kpi_definition;
BEGIN;
SELECT readings, error FROM kpi_measure('sales', CURRENT_DATE + 3660);
ROLLBACK;
-- as autovacuum may do now: the planner then expects no readings, in what follows too
ANALYZE kpi_reading;
SELECT readings, changed, error FROM kpi_measure('sales', '2025-04-10');
-- a row of a wrong year asks for no data in each day since; it is an error, and nothing of it is kept
INSERT INTO shop.sale VALUES ('0025-04-01', 10, 'north');
SELECT readings, changed, error FROM kpi_measure('sales', '2025-04-11');
SELECT count(*), min(period), max(measured_to) FROM kpi_reading;
-- it is a limit of what is missing, not of what is there
UPDATE shop.sale SET period = '1925-04-01' WHERE period = '0025-04-01';
BEGIN;
SELECT readings, changed, error FROM kpi_measure('sales', '2025-04-11');
SELECT status, count(*) FROM kpi_reading GROUP BY status ORDER BY status;
SELECT kpi_set_goal('sales', '>= 11', '(,)');
UPDATE kpi_reading SET attainment = 5 WHERE value IS NOT NULL;
SELECT kpi_judge('sales') = (SELECT count(*) FROM kpi_reading WHERE value IS NOT NULL) AS all_judged;
ROLLBACK;
DO $$ BEGIN
	PERFORM kpi_record('sales', '2025-04-11', '{0001-01-01}', '{""}', '{1}', '{1}', '{1}', '{1}', '{1}', '{1}');
EXCEPTION WHEN program_limit_exceeded THEN RAISE WARNING '54000';
END $$;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;

-- A chain of 10,000 parents, a circle of as many, KPIs that hang on it, and two small circles: in time that grows with
-- their number and little faster; by each KPI's ancestors it would be hours.
CREATE FUNCTION add(prefix text, n int, last_parent text) RETURNS bigint LANGUAGE sql AS $$
	WITH added AS (
		INSERT INTO kpi_definition (name, title, source, unit, kind, perspective, level, timing, parent)
		SELECT prefix || i, 'T', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging',
				CASE WHEN i < n THEN prefix || (i + 1) ELSE last_parent END FROM generate_series(1, n) i RETURNING 1)
	SELECT count(*) FROM added $$;
CREATE FUNCTION circles() RETURNS TABLE (kpis bigint, first text, last text) LANGUAGE sql AS $$
	SELECT count(*), min(kpi COLLATE "C"), max(kpi COLLATE "C") FROM kpi_review('2025-06-30')
		WHERE rule = 'parents in a circle' $$;
SET statement_timeout = '120s';
SELECT add('chain ', 10000, NULL), add('lost ', 10, 'nobody');
SELECT * FROM circles();
SELECT add('round ', 10000, 'round 1'), add('hanging ', 1000, 'round 7'), add('two ', 2, 'two 1'),
	add('three ', 3, 'three 1');
SELECT * FROM circles();
DELETE FROM kpi_definition WHERE name ~ '^round';
SELECT * FROM circles();
SELECT kpi, finding FROM kpi_review('2025-06-30') WHERE rule = 'parents in a circle';
DELETE FROM kpi_definition WHERE name ~ '^(two|three)';
SELECT * FROM circles();
-- and as a tree
DELETE FROM kpi_definition WHERE name ~ '^(hanging|lost)' OR (name ~ '^chain' AND substr(name, 7)::int <= 9000);
SELECT add('two ', 2, 'two 1');
SELECT count(*), max(depth), count(*) FILTER (WHERE depth = 2) AS below_the_perspective FROM kpi_tree
	WHERE what = 'kpi';
RESET statement_timeout;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
-- none at all
SELECT * FROM circles();
DROP FUNCTION add, circles;
DROP SCHEMA shop CASCADE;
