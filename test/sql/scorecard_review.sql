-- kpi_review: a scorecard without a finding, then every rule on its own.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
CREATE SCHEMA shop;
-- twelve months up to the last, every other above 50; n is 40
CREATE VIEW shop.number AS SELECT kpi_period(current_date, 'month') - make_interval(months => i) AS period, 50 + (i % 2) * 10 AS value, 40 AS n FROM generate_series(1, 12) i;
CREATE VIEW shop.share AS SELECT period, value / 100.0 AS value, n FROM shop.number;
SELECT kpi_define(name, name, ('shop.' || source)::regclass, 'month', kind, perspective, 'strategic', timing, guard => guard, review_every => '1 year')
FROM (VALUES (1, 'csat', 'share', 'survey', 'customer', 'leading', NULL), (2, 'margin', 'share', 'ratio', 'financial', 'lagging', NULL),
	(3, 'revenue', 'number', 'flow', 'financial', 'lagging', 'margin'), (4, 'cases', 'number', 'stock', 'process', 'leading', NULL),
	(5, 'staff', 'number', 'average', 'people', 'lagging', NULL)) k(i, name, source, kind, perspective, timing, guard) ORDER BY i
\g /dev/null
SELECT kpi_set_goal(name, CASE WHEN kind IN ('survey', 'ratio') THEN '>= 55% warn 40%' ELSE '>= 55 warn 40' END::kpi_target, '(,)') FROM kpi_definition
\g /dev/null
SELECT count(*), count(error) FROM kpi_measure(as_of => kpi_period(current_date, 'month') - 1, notify => false);
CREATE FUNCTION undated(text) RETURNS text LANGUAGE sql RETURN regexp_replace($1, '(\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4})', '(date)', 'g');
CREATE VIEW review AS SELECT kpi, rule, undated(finding) AS finding, undated(action) AS action FROM kpi_review();
SELECT * FROM review;

BEGIN; -- more than 8 core KPIs; children do not count
SELECT kpi_define('c' || i, 'x', 'shop.share', 'month', 'average', CASE i % 2 WHEN 0 THEN 'people' ELSE 'process' END, 'functional', 'leading', parent => CASE WHEN i > 4 THEN 'csat' END) FROM generate_series(1, 6) i
\g /dev/null
SELECT kpi, rule, finding, action FROM review WHERE rule LIKE 'too%';
SELECT kpi_define('c1', 'x', 'shop.share', 'month', 'average', 'people', 'functional', 'leading', parent => 'csat');
SELECT kpi, rule FROM review WHERE rule LIKE 'too%';
ROLLBACK;
BEGIN; -- fewer than 5; a retired one does not count
UPDATE kpi_definition SET active = daterange(NULL, current_date) WHERE name = 'cases';
SELECT * FROM review WHERE rule LIKE 'too%';
-- and one that a perspective is without
SELECT * FROM review WHERE rule LIKE 'unb%';
ROLLBACK;
BEGIN;
UPDATE kpi_definition SET timing = 'lagging';
SELECT * FROM review;
UPDATE kpi_definition SET timing = 'leading';
SELECT * FROM review;
ROLLBACK;
BEGIN;
UPDATE kpi_definition SET perspective = 'financial' WHERE name = 'csat';
SELECT * FROM review;
ROLLBACK;
BEGIN;
UPDATE kpi_goal SET during = daterange(NULL, kpi_period(current_date, 'month')) WHERE kpi = 'staff';
SELECT * FROM review;
ROLLBACK;
BEGIN;
DROP VIEW shop.share;
SELECT name, error FROM kpi_measure(as_of => kpi_period(current_date, 'month') - 1, notify => false);
SELECT * FROM review;
ROLLBACK;
BEGIN;
DELETE FROM kpi_reading WHERE kpi = 'staff' AND period >= kpi_period(kpi_period(current_date, 'month') - 1, 'month');
SELECT * FROM review;
UPDATE kpi_definition SET measured_to = kpi_period(current_date, 'month') - 40 WHERE name = 'staff';
SELECT * FROM review;
DELETE FROM kpi_reading WHERE kpi = 'staff';
UPDATE kpi_definition SET measured_at = NULL, measured_to = NULL WHERE name = 'staff';
SELECT * FROM review;
ROLLBACK;
BEGIN;
SELECT kpi_set_goal('staff', '>= 1', '(,)'), kpi_set_goal('cases', '<= 1', '(,)');
SELECT * FROM review;
-- five readings are not always
DELETE FROM kpi_reading WHERE period < kpi_period(current_date, 'month') - interval '5 months';
SELECT * FROM review;
ROLLBACK;
BEGIN;
UPDATE kpi_definition SET guard = NULL WHERE name = 'revenue';
SELECT * FROM review;
ROLLBACK;
BEGIN;
UPDATE kpi_definition SET guard = 'nobody' WHERE name = 'revenue';
UPDATE kpi_definition SET parent = 'gone' WHERE name = 'revenue';
SELECT * FROM review WHERE kpi = 'revenue';
ROLLBACK;
BEGIN;
UPDATE kpi_definition SET reviewed_on = current_date - 367 WHERE name = 'cases';
SELECT * FROM review;
UPDATE kpi_definition SET review_every = '3 years' WHERE name = 'cases';
SELECT * FROM review;
ROLLBACK;
BEGIN;
UPDATE kpi_definition SET min_n = 41 WHERE name = 'staff';
SELECT * FROM review;
UPDATE kpi_reading SET n = 29;
SELECT kpi, rule, finding FROM review;
ROLLBACK;
BEGIN;
SELECT kpi_set_goal('cases', '>= 30', '(,)', 'north'), kpi_set_goal('cases', '>= 25', '(,)', 'south');
SELECT * FROM review;
SELECT kpi_set_goal('cases', '>= 20', '(,)', 'south');
SELECT * FROM review;
ROLLBACK;
BEGIN;
SELECT kpi_set_goal('csat', '>= 55 warn 40', '(,)');
SELECT kpi, rule, finding, action FROM review WHERE rule = 'rate above 1';
ROLLBACK;
-- an empty scorecard
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
SELECT * FROM review;
DROP VIEW review;
DROP FUNCTION undated;
DROP SCHEMA shop CASCADE;
