-- The scorecard's definitions and goals: what can be defined, what is refused, and how goals replace each other.
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE VIEW shop.revenue AS SELECT d AS period, 10::numeric AS value
	FROM generate_series(date '2025-01-01', '2025-12-31', '1 day') d;
CREATE VIEW shop."Win Rate" AS SELECT date '2025-01-01' AS period, 3 AS numerator, 4 AS denominator, 4 AS n,
	'EMEA'::varchar(9) AS segment;
CREATE VIEW shop.no_period AS SELECT 1 AS value;
CREATE VIEW shop.text_period AS SELECT '2025-01-01'::text AS period, 1 AS value;
CREATE VIEW shop.half AS SELECT date '2025-01-01' AS period, 1 AS numerator;
CREATE VIEW shop.none AS SELECT date '2025-01-01' AS period, 'x' AS segment;
CREATE VIEW shop.json_segment AS SELECT date '2025-01-01' AS period, 1 AS value, '{}'::json AS segment;
CREATE SEQUENCE shop.counter;
CREATE TEMP TABLE passing (period date, value int);

-- defining, and defining again
SELECT kpi_define('revenue', 'Revenue', 'shop.revenue', 'Month', 'flow', 'financial', 'strategic', 'lagging',
		owner => 'sales', review_every => '3 months');
SELECT kpi_define('win rate', 'Win rate', 'shop."Win Rate"', 'quarter apr', 'ratio', 'process', 'operational',
		'leading', min_n => 30, parent => 'revenue', guard => 'revenue');
SELECT name, title, source, unit, kind, owner, min_n, parent, guard, review_every, active, pace, alert_after
	FROM kpi_definition ORDER BY name COLLATE "C";
SELECT kpi_define('revenue', 'Net revenue', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging',
		'without tax', pace => 'last year', alert_after => 2);
SELECT name, title, description, owner, review_every, pace, alert_after FROM kpi_definition WHERE name = 'revenue';

-- what makes no sense is refused, each with its reason
SELECT kpi_define(NULL, 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', '', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define(' x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', NULL, 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.revenue', 'fortnight', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'Flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'money', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'tactical', 'lagging');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'late');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', pace => 'quick');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', min_n => 0);
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', min_n => 5);
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', alert_after => 0);
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging',
		review_every => '0 days');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', active => 'empty');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', parent => 'nobody');
SELECT kpi_define('x', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', guard => 'x');
SELECT kpi_define('revenue', 'T', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging',
		parent => 'win rate');
SELECT kpi_define('x', 'T', 'shop.no_period', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.text_period', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.half', 'month', 'ratio', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.none', 'month', 'ratio', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.json_segment', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop."Win Rate"', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'shop.counter', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 'passing', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('x', 'T', 0, 'month', 'flow', 'financial', 'strategic', 'lagging');

-- goals: a new one takes the place of what it overlaps, the rest stays in force, and the history is kept
CREATE VIEW in_force AS SELECT kpi, segment, during, target, weight, origin FROM kpi_goal WHERE superseded_at IS NULL;
SELECT kpi_set_goal('revenue', '>= 300 warn 280', '[2025-01-01,2026-01-01)', origin => 'plan');
SELECT kpi_set_goal('revenue', '>= 350', '[2025-04-01,2025-07-01)', weight => 2, origin => 'spring');
SELECT * FROM in_force ORDER BY segment, during;
SELECT kpi_set_goal('revenue', '>= 350', '[2025-04-01,2025-07-01)', weight => 2, origin => 'spring');
SELECT kpi_set_goal('revenue', '>= 400', '[2025-06-01,)');
SELECT kpi_set_goal('revenue', '>= 100', '[2025-01-01,2026-01-01)', 'EMEA');
SELECT * FROM in_force ORDER BY segment, during;
SELECT segment, during, target, superseded_at >= set_at AS in_order, superseded_by = set_by AS by_one FROM kpi_goal
	WHERE superseded_at IS NOT NULL ORDER BY set_at, during;
-- every month has one goal in force
SELECT count(*) AS months, count(*) FILTER (WHERE goals <> 1) AS wrong FROM (
	SELECT (SELECT count(*) FROM in_force g WHERE kpi = 'revenue' AND segment = '' AND during @> m::date) AS goals
	FROM generate_series(timestamp '2025-01-01', '2026-12-01', '1 month') m) s;
-- refused
SELECT kpi_set_goal('nobody', '>= 1', '[2025-01-01,2026-01-01)');
SELECT kpi_set_goal('revenue', NULL, '[2025-01-01,2026-01-01)');
SELECT kpi_set_goal('revenue', '>= 1', 'empty');
SELECT kpi_set_goal('revenue', '>= 1', '[2025-01-01,2025-12-31)');
SELECT kpi_set_goal('revenue', '>= 1', '[2025-01-15,)');
SELECT kpi_set_goal('revenue', '>= 1', '[2025-01-01,infinity)');
SELECT kpi_set_goal('win rate', '>= 1', '[2025-01-01,2025-02-01)');
SELECT kpi_set_goal('revenue', '>= 1', '[2025-01-01,2026-01-01)', weight => -1);
SELECT kpi_set_goal('revenue', '>= 1', '[2025-01-01,2026-01-01)', weight => 'NaN');
SELECT kpi_set_goal('revenue', '>= 1', '[2025-01-01,2026-01-01)', repeat('x', 201));
-- a change of unit would leave goals without periods
SELECT kpi_define('revenue', 'Net revenue', 'shop.revenue', 'week', 'flow', 'financial', 'strategic', 'lagging');
-- nonsense does not get past the functions either
\set VERBOSITY terse
INSERT INTO kpi_goal (kpi, during, target) VALUES ('revenue', '[2030-01-01,2030-02-01)', '>= 1');
INSERT INTO kpi_goal (kpi, during, target, segment) VALUES ('revenue', '[2025-02-01,2025-03-01)', '>= 1', 'EMEAS');
INSERT INTO kpi_goal (kpi, during, target, set_at, superseded_at, superseded_by)
	VALUES ('revenue', '[2025-02-01,2025-03-01)', '>= 1', '2025-01-01', '2024-01-01', 'me');
INSERT INTO kpi_reading (kpi, period, value, complete, measured_to)
	VALUES ('revenue', '2025-01-01', 'NaN', true, '2025-02-01');
INSERT INTO kpi_reading (kpi, period, value, complete, measured_to, target, status)
	VALUES ('revenue', '2025-01-01', NULL, true, '2025-02-01', '>= 1', 'red');
INSERT INTO kpi_reading (kpi, period, value, complete, measured_to)
	VALUES ('revenue', '2025-01-01', 1, true, '2024-02-01');
INSERT INTO kpi_alert (kpi, period, status, previous, target) VALUES ('revenue', '2025-01-01', 'red', 'red', '>= 1');
UPDATE kpi_definition SET parent = name WHERE name = 'revenue';
\set VERBOSITY default
-- a renamed KPI takes its goals along
BEGIN;
SELECT kpi_rename('revenue', 'net revenue');
SELECT kpi, count(*) FROM kpi_goal GROUP BY kpi;
ROLLBACK;

-- splitting: exact, by largest remainder, ties to the first
SELECT kpi_define('calls', 'Calls', 'shop.revenue', 'month', 'flow', 'process', 'functional', 'leading');
SELECT *, sum(amount) OVER () FROM kpi_split_goal('calls', 1000, '[2025-01-01,2025-04-01)');
SELECT *, sum(amount) OVER () FROM kpi_split_goal('calls', 100.00, '[2025-01-01,2025-07-01)', '{1,1,1,0,2,2}');
SELECT *, sum(amount) OVER () FROM kpi_split_goal('calls', -1.1, '[2025-01-01,2025-04-01)', '{1,1,1}');
SELECT during, target, origin FROM in_force WHERE kpi = 'calls' ORDER BY during;
SELECT bool_and(split = total) AS exact, count(*) FROM (
	SELECT t.total, (SELECT sum(amount) FROM kpi_split_goal('calls', t.total, '[2025-01-01,2026-01-01)',
		(SELECT array_agg(((i * 7919 + j * 104729) % 1000) / 7.0::float8) FROM generate_series(1, 12) j))) AS split
	FROM (SELECT i, (i * 1234567.89)::numeric(20,2) AS total FROM generate_series(1, 30) i) t) s;
-- each amount is less than one unit of the last digit away from its exact share
SELECT max(abs(amount - 100000.01 * w / 78.0)) < 0.01 AS near
	FROM kpi_split_goal('calls', 100000.01, '[2025-01-01,2026-01-01)', '{1,2,3,4,5,6,7,8,9,10,11,12}')
JOIN unnest(ARRAY[1,2,3,4,5,6,7,8,9,10,11,12]) WITH ORDINALITY u(w, i) ON i = extract(month FROM period);
-- lower is better where the newest goal says so
SELECT kpi_set_goal('calls', '<= 10', '[2024-01-01,2025-01-01)');
SELECT * FROM kpi_split_goal('calls', 3, '[2026-01-01,2026-03-01)');
SELECT during, target FROM in_force WHERE kpi = 'calls' AND during >> '[2025-12-01,2026-01-01)' ORDER BY during;
-- refused
SELECT * FROM kpi_split_goal('nobody', 1, '[2025-01-01,2025-04-01)');
SELECT * FROM kpi_split_goal('win rate', 1, '[2025-04-01,2025-07-01)');
SELECT * FROM kpi_split_goal('calls', NULL, '[2025-01-01,2025-04-01)');
SELECT * FROM kpi_split_goal('calls', 'NaN', '[2025-01-01,2025-04-01)');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,)');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-02,2025-04-01)');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,2025-04-01)', '{1,1}');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,2025-04-01)', '{1,-1,1}');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,2025-04-01)', '{1,NULL,1}');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,2025-04-01)', '{0,0,0}');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,2025-03-01)', '{{1,2}}');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,2025-03-01)', '{}');
SELECT * FROM kpi_split_goal('calls', 1234567890123456.78, '[2025-01-01,2025-04-01)');
SELECT kpi_set_goal('calls', '[1,2]', '[2024-01-01,2025-01-01)');
SELECT * FROM kpi_split_goal('calls', 1, '[2025-01-01,2025-04-01)');

-- periods of any unit
SELECT unit, kpi_unit(unit), kpi_period('2026-02-11', unit), kpi_next_period('2026-02-11', unit)
FROM unnest(ARRAY['day', 'WEEK', 'week sat', 'week sun', 'month', 'quarter', 'quarter feb', 'year', 'year apr',
		' Year  Jan']) unit;
SELECT kpi_next_period('infinity', 'month'), kpi_next_period(NULL, 'month'), kpi_unit(NULL);
SELECT kpi_next_period('2026-01-01', 'moon');
SELECT kpi_scaled_target('>= 50 warn 40 from 30', 1, 4), kpi_scaled_target('<= 31', 10, 31),
	kpi_scaled_target('[0,20] warn [-8,25]', 1, 2), kpi_scaled_target('>= 50', 3, 3);
SELECT kpi_scaled_target('>= 50', 0, 3);
SELECT count(*) AS differ FROM generate_series(1, 31) d, generate_series(90, 110) v,
	(VALUES ('>= 100 warn 95 from 80'::kpi_target), ('<= 99 warn 103'), ('[95,100] warn [93,104]')) t(target)
WHERE d >= 4 AND attainment(v, kpi_scaled_target(target, d, 31))
	IS DISTINCT FROM kpi_pace(v, target, '[2026-01-01,2026-02-01)', '2025-12-31'::date + d);
-- many goals at once: each reading has the one in force, by plain SQL
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
CREATE TABLE shop.each AS SELECT d::date AS period, s AS segment, 5 + extract(day FROM d)::int % 3 AS value
	FROM generate_series(timestamp '2023-01-01', '2025-12-31', '1 day') d, unnest('{a,b,c}'::text[]) s;
SELECT kpi_define('each', 'x', 'shop.each', 'day', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_set_goal('each', '>= 5', '[2023-06-01,2023-07-01)', 'b');
SELECT readings, changed FROM kpi_measure('each', '2025-12-31', false);
SELECT count(kpi_set_goal('each', at_least(4 + i % 4, 3 + i % 4),
		daterange('2025-01-01'::date + i, '2025-01-03'::date + i), 'a')) FROM generate_series(0, 299) i;
SELECT count(*), sum(amount), min(amount), max(amount) FROM kpi_split_goal('each', 21930, '[2023-01-01,2026-01-01)');
SELECT count(*), sum(amount), min(amount), max(amount) FROM kpi_split_goal('each', 21930, '[2023-01-01,2026-01-01)');
SELECT r.segment, count(*) AS readings, count(r.target) AS judged,
	count(*) FILTER (WHERE r.target IS DISTINCT FROM g.target) AS other_target,
	count(*) FILTER (WHERE r.status IS DISTINCT FROM kpi_status(r.value, g.target)
			OR r.attainment IS DISTINCT FROM attainment(r.value, g.target)) AS other_status
FROM kpi_reading r LEFT JOIN kpi_goal g ON g.kpi = r.kpi AND g.segment = r.segment AND g.superseded_at IS NULL
	AND g.during @> r.period GROUP BY r.segment ORDER BY r.segment;
SELECT segment, count(*) FILTER (WHERE superseded_at IS NULL) AS in_force, count(superseded_at) AS superseded
	FROM kpi_goal GROUP BY segment ORDER BY segment;
-- judging again, all or some days, changes nothing; what was changed by hand comes right
SELECT kpi_judge('each'), kpi_judge('each', '[2025-01-01,2025-02-01)'), kpi_judge('each', 'empty');
UPDATE kpi_reading SET status = 'red' WHERE status = 'green' AND period < '2025-03-01';
SELECT kpi_judge('each', 'empty') AS none, kpi_judge('each', '[2025-01-15,2025-02-01)') AS half_a_month,
	kpi_judge('each', '(,2025-01-01)') AS before, kpi_judge('each', '[2025-01-01,)') AS after;
SELECT count(*) FROM kpi_reading r WHERE r.status <> kpi_status(r.value, r.target);
DROP SCHEMA shop CASCADE;
DROP VIEW in_force;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
