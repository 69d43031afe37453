-- kpi_profile: the quality of a source; kpi_propose_target: targets from history.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop."Visits per day" (period date, "Segment" text, segment text, dropped int, value numeric, share float8, note varchar(9), found json);
ALTER TABLE shop."Visits per day" DROP COLUMN dropped;
SELECT * FROM kpi_profile('shop."Visits per day"');
INSERT INTO shop."Visits per day" VALUES
	(current_date - 3, 'x', 'a', 1, 1, 'x', '{}'), (current_date - 3, '', 'a', NULL, 'NaN', ' ', NULL), (current_date - 3, NULL, 'b', 'NaN', 'Infinity', NULL, NULL),
	(current_date + 2, 'x', NULL, 2, 1, 'x', NULL), (current_date + 2, 'x', NULL, 2, 1, 'x', NULL), (NULL, 'x', 'c', 2, 1, 'x', NULL), ('infinity', 'x', 'c', 2, 1, 'x', NULL), ('2020-01-01', 'x', 'd', 0, 0, '', NULL);
SELECT subject, measure, round(value::numeric, 4) AS value, regexp_replace(finding, '\d{4}-\d\d-\d\d', '(date)') AS finding FROM kpi_profile('shop."Visits per day"');
-- any table will do
CREATE TABLE shop.customer (id int, name text);
INSERT INTO shop.customer VALUES (1, 'A'), (2, NULL);
SELECT * FROM kpi_profile('shop.customer'), LATERAL (SELECT 1) l;
CREATE VIEW shop.hostile AS SELECT date '2020-01-01' AS period, 1 AS "value"") FROM pg_class; --";
SELECT subject, measure, value FROM kpi_profile('shop.hostile') WHERE measure IN ('rows', 'completeness');
CREATE SEQUENCE shop.counter;
SELECT * FROM kpi_profile('shop.counter');
SELECT * FROM kpi_profile(0);
SELECT count(*) FROM kpi_profile(NULL);

-- proposals against plain SQL
CREATE VIEW shop.month AS SELECT date '2024-01-01' + i * interval '1 month' AS period, 1000 + 37 * i + abs(hashint4extended(i, 3) % 200) AS value FROM generate_series(0, 23) i;
CREATE VIEW shop.share AS SELECT period, (value - 900) / 1200.0 AS value FROM shop.month;
SELECT kpi_define('sales', 'Sales', 'shop.month', 'month', 'flow', 'financial', 'strategic', 'lagging'),
	kpi_define('share', 'Share', 'shop.share', 'month', 'average', 'financial', 'strategic', 'lagging');
SELECT * FROM kpi_propose_target('sales');
SELECT count(*) FROM kpi_measure('sales', '2024-03-31', false);
SELECT method, target, value, reason FROM kpi_propose_target('sales') LIMIT 1;
SELECT count(*) FROM kpi_measure(as_of => '2025-12-15', notify => false);
SELECT * FROM kpi_propose_target('sales');
WITH h AS (SELECT value::float8, (row_number() OVER (ORDER BY period))::int AS i FROM shop.month WHERE period BETWEEN '2024-12-01' AND '2025-11-01')
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median, (avg(value) + regr_slope(value, i) * (13 - avg(i)))::numeric(12,2) AS next, regr_slope(value, i)::numeric(12,3) AS slope,
	percentile_cont(0.75) WITHIN GROUP (ORDER BY value) AS upper FROM h;
-- a share stays one
SELECT method, target, value FROM kpi_propose_target('share');
-- lower is better: the other quartile
SELECT kpi_set_goal('sales', '<= 1500', '[2025-01-01,2026-01-01)');
SELECT method, target, reason FROM kpi_propose_target('sales');
SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY value) AS lower FROM shop.month WHERE period BETWEEN '2024-12-01' AND '2025-11-01';
SELECT kpi_set_goal('sales', p.target::kpi_target, '[2026-01-01,2027-01-01)', origin => p.reason) FROM kpi_propose_target('sales') p WHERE method = 'median';
SELECT kpi_set_goal('sales', '[1000,1500]', '[2025-01-01,2026-01-01)');
SELECT method, target, reason FROM kpi_propose_target('sales');
SELECT * FROM kpi_propose_target('nobody');
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
