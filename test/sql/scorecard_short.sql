-- kpi_define(name, source): what the columns of a source suggest; a goal of 35 for 35 %.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE VIEW shop.win_rates AS SELECT date '2026-01-01' + i AS period, i % 3 AS numerator, 3 AS denominator,
	CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' END AS segment FROM generate_series(0, 99) i;
CREATE TABLE shop.scores (period date, value int, n int, gone int, numerator int);
ALTER TABLE shop.scores DROP COLUMN numerator;
CREATE TABLE shop.calls (period timestamp, value bigint);
SELECT kpi_define('win rate', 'shop.win_rates');
SELECT kpi_define('score', 'shop.scores', measure => 'points', title => 'Mean score'),
	kpi_define('calls', 'shop.calls', unit => 'week', owner => 'Ann'), kpi_define('open', 'shop.calls', 'stock');
SELECT name, title, source, kind, unit, perspective, level, timing, owner, pace, alert_after FROM kpi_definition
	ORDER BY name;
SELECT name, readings > 0 AS readings, error FROM kpi_measure('win rate', '2026-03-31', false);
-- the long form is what it was: by position, by name, and with known types
SELECT kpi_define('long', 'Long', 'shop.calls', 'month', 'flow', 'people', 'strategic', 'leading'),
	kpi_define('long', 'Long', 'shop.calls', 'month', 'flow', 'people', 'strategic', 'leading', 'described',
		owner => 'x'),
	kpi_define(name => 'long', title => 'Long', source => 'shop.calls', unit => 'month', kind => 'flow',
		perspective => 'people', level => 'strategic', timing => 'leading'),
	kpi_define(n::text, n::text, s::regclass, u::text, k::text, 'people', 'strategic', 'leading')
FROM (VALUES ('long', 'shop.calls', 'month', 'flow')) v(n, s, u, k);
SELECT kpi_define('short', 'shop.nothing');
SELECT kpi_define('short', 'shop.calls', 'ratios');
SELECT kpi_define('short', 'shop.calls', measure => '[%]');
SELECT kpi_define(NULL, 'shop.calls');
SELECT kpi_define('short', NULL);
-- 35 is not 35 %
SELECT kpi_define('win rate', 'shop.win_rates', measure => '%');
SELECT kpi_set_goal('win rate', '>= 35', '(,)');
SELECT kpi_set_goal('win rate', '[30,40]', '(,)', 'a');
SELECT kpi_set_goal('win rate', '>= 35%', '(,)'), kpi_set_goal('win rate', '>= 105% warn 1', '(,)'),
	kpi_set_goal('win rate', '<= +5% on previous', '(,)', 'a');
SELECT kpi_set_goal('calls', '>= 35', '(,)');
-- of what has been that large it is one
CREATE VIEW shop.returns AS SELECT date '2026-01-01' AS period, 40 AS numerator, 2 AS denominator;
SELECT kpi_define('return', 'shop.returns', measure => '%');
SELECT kpi_set_goal('return', '>= 35', '(,)');
SELECT error FROM kpi_measure('return', '2026-01-31', false);
SELECT kpi_set_goal('return', '>= 35', '(,)');
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
