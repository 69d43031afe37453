-- kpi_board, kpi_history, kpi_control, kpi_status_change, kpi_tree: the scorecard in plain types.
SET client_min_messages = warning;
SET datestyle = ISO;
SET timezone = 'UTC';
BEGIN;

-- every column of every view of the extension is of a type that all tools know
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS not_plain FROM pg_class c
	JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi'
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relkind = 'v' AND a.atttypid NOT IN ('text'::regtype, 'date'::regtype, 'timestamptz'::regtype,
		'boolean'::regtype, 'integer'::regtype, 'bigint'::regtype, 'double precision'::regtype, 'numeric'::regtype);
-- and they are read with the rights of whoever asks
SELECT c.relname, c.reloptions FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
	AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi' WHERE c.relkind = 'v' ORDER BY relname COLLATE "C";

CREATE TABLE v_sales (period date, segment text, value numeric);
INSERT INTO v_sales SELECT m::date, s, 50 + 10 * extract(month FROM m) + CASE s WHEN 'south' THEN 5 ELSE 0 END
FROM generate_series(timestamp '2025-01-01', '2025-12-01', '1 month') m, (VALUES ('north'), ('south')) s(s);
INSERT INTO v_sales VALUES ('2026-01-10', 'north', 40), ('2026-01-10', 'south', 60);
CREATE TABLE v_survey (period date, value double precision, n int, margin double precision);
INSERT INTO v_survey SELECT m::date, 40 + extract(month FROM m), 100, 3
	FROM generate_series(timestamp '2025-10-01', '2025-12-01', '1 month') m;
CREATE TABLE v_level (period date, value numeric);
INSERT INTO v_level SELECT CURRENT_DATE - i, 10 - i FROM generate_series(0, 5) i;

SELECT kpi_define('nps', 'Net Promoter Score [points]', 'v_survey', 'month', 'survey', 'customer', 'strategic',
		'leading', owner => 'Ann'),
	kpi_define('sales', 'Sales [EUR]', 'v_sales', 'month', 'flow', 'financial', 'strategic', 'lagging',
			'orders less refunds', 'Bob', guard => 'nps'),
	kpi_define('level', 'Level', 'v_level', 'day', 'stock', 'process', 'functional', 'leading', parent => 'sales'),
	kpi_define('fresh', 'Fresh (today) [%]', 'v_level', 'day', 'stock', 'people', 'functional', 'leading',
			parent => 'level', active => '[2025-01-01,)');
SELECT kpi_set_goal('sales', '>= 300 warn 200', '[2025-01-01,)'),
	kpi_set_goal('sales', '[100,200] warn [80,220]', '[2025-01-01,)', 'north'),
	kpi_set_goal('nps', '>= 50 warn 40', '[2025-01-01,)'), kpi_set_goal('level', '<= 9 warn 10', '(,)');
SELECT name, readings, error FROM kpi_measure('nps', '2026-01-15', false)
UNION ALL SELECT name, readings, error FROM kpi_measure('sales', '2025-12-31', false)
UNION ALL SELECT name, readings, error FROM kpi_measure('level', CURRENT_DATE, false) ORDER BY 1;

-- on a day: what a bullet graph, a table and a card show
\x
SELECT * FROM kpi_board('2025-12-31') WHERE kpi IN ('sales', 'nps') AND segment = '';
\x
SELECT segment, value, target, target_value, target_lower, target_upper, warn_lower, warn_upper, deviation,
	deviation_pct, status, status_order FROM kpi_board('2025-12-31') WHERE kpi = 'sales' ORDER BY segment;
-- a KPI that is not measured and one without a goal
SELECT kpi, title, measure, value, target, status, status_text, status_colour, status_order FROM kpi_board('2025-12-31')
	WHERE kpi IN ('fresh', 'level');

-- a flow in progress: the deviation is from what is due, 300 * 15/31, and nothing is compared with a whole month
SELECT name, changed FROM kpi_measure('sales', '2026-01-15', false);
SELECT period, complete, value, target_value, round(attainment::numeric, 4) AS attainment,
	round(deviation::numeric, 4) AS deviation, round(deviation_pct::numeric, 4) AS deviation_pct, status, previous,
	change, change_pct, year_ago, year_change, year_change_pct
FROM kpi_board('2026-01-15') WHERE kpi = 'sales' AND segment = '';
-- worst first
SELECT bool_and(status_order >= before) AS worst_first
	FROM (SELECT status_order, lag(status_order) OVER () AS before FROM kpi_board('2026-01-15')) b;
SELECT count(*) FROM kpi_board(NULL);
-- the view is the function of today, with the same columns
SELECT count(*) > 0 AS any, bool_and(b = f) AS same FROM kpi_board b
	JOIN kpi_board(CURRENT_DATE) f USING (kpi, segment);
SELECT string_agg(attname, ',' ORDER BY attnum) = (SELECT string_agg(n, ',' ORDER BY o) FROM pg_proc p,
		unnest(p.proargnames, p.proargmodes) WITH ORDINALITY u(n, m, o) WHERE proname = 'kpi_board' AND m = 't')
	AS same_columns
FROM pg_attribute WHERE attrelid = 'kpi_board'::regclass AND attnum > 0;

SELECT period, period_end, complete, value, value_lower, value_upper, n, target, target_value, status, status_text,
	status_colour, status_order, title, measure FROM kpi_history WHERE kpi = 'nps' ORDER BY period;
SELECT (SELECT count(*) FROM kpi_history) = (SELECT count(*) FROM kpi_reading) AS all_readings;

SELECT period, value, centre, round(lower_limit::numeric, 3) AS lower_limit, round(upper_limit::numeric, 3)
	AS upper_limit, moving_range, signal FROM kpi_control WHERE kpi = 'sales' AND segment = 'north' ORDER BY period;
SELECT count(*) FROM kpi_control WHERE kpi = 'sales' AND segment = 'north' AND period >= '2026-01-01';

SELECT kpi, segment, period = CURRENT_DATE AS of_today, value, target, target_value, previous_status, previous_text,
	status, status_text, status_colour, direction FROM kpi_status_change ORDER BY kpi, segment, period;
UPDATE v_survey SET value = 90;
SELECT alerts FROM kpi_measure('nps', '2026-01-15', false);
UPDATE v_survey SET value = 46;
SELECT alerts FROM kpi_measure('nps', '2026-01-15', false);
SELECT kpi, value, previous_status, status, direction FROM kpi_status_change WHERE kpi = 'nps' ORDER BY raised_at;

-- the tree: children hang on their parent though it is of another perspective, and statuses are of today
SELECT node, parent_node, what, depth, label, path, perspective_order, perspective, kpi, segment FROM kpi_tree
	ORDER BY path COLLATE "C";
SELECT node, value, target_value, round(attainment::numeric, 3) AS attainment, status, status_text, status_colour
	FROM kpi_tree WHERE kpi = 'level' OR node = 'perspective:process' ORDER BY node;
-- a circle made by hand, and a parent that is gone: nobody is left out
UPDATE kpi_definition SET parent = 'fresh' WHERE name = 'sales';
SELECT node, parent_node, depth FROM kpi_tree WHERE what = 'kpi' ORDER BY node;
UPDATE kpi_definition SET parent = NULL, active = '(,2025-01-01)' WHERE name = 'sales';
SELECT node, parent_node, depth FROM kpi_tree WHERE what = 'kpi' ORDER BY node;
-- each node has a key of its own, whatever the names
CREATE TABLE v_colon AS SELECT CURRENT_DATE AS period, 1 AS value, unnest('{b:c,c,b%3Ac}'::text[]) AS segment;
SELECT kpi_define(name, name, 'v_colon', 'day', 'stock', 'people', 'functional', 'leading')
	FROM unnest('{a,a:b,a%3Ab}'::text[]) name;
SELECT count(error) AS errors FROM kpi_measure(notify => false) WHERE name LIKE 'a%';
SELECT node FROM kpi_tree WHERE kpi LIKE 'a%' AND what = 'segment' ORDER BY node COLLATE "C";
SELECT count(*) = count(DISTINCT node) AS all_different FROM kpi_tree;

SELECT s, kpi_status_colour(s), kpi_status_order(s)
	FROM unnest(enum_range(NULL::kpi_status)::text[] || '{"",NULL}'::text[]) s;
-- in the order of the type, whose min() is the worst
SELECT bool_and(kpi_status_order(s::text) = o) AS same_order
	FROM unnest(enum_range(NULL::kpi_status)) WITH ORDINALITY u(s, o);

-- one KPI of huge values takes nothing from the others: NULL where a number does not fit
CREATE TABLE v_huge AS SELECT CURRENT_DATE - i AS period,
	CASE i % 2 WHEN 0 THEN 1e308 ELSE -1e308 END::double precision AS value FROM generate_series(0, 3) i;
CREATE VIEW v_wide AS SELECT period, value, 1 AS n, 1e308::double precision AS margin FROM v_huge;
SELECT kpi_define('huge', 'Huge', 'v_huge', 'day', 'stock', 'people', 'functional', 'leading'),
	kpi_define('wide', 'Wide', 'v_wide', 'day', 'survey', 'people', 'functional', 'leading');
SELECT kpi_set_goal('huge', '<= -1e308', '(,)');
SELECT name, readings, error FROM kpi_measure('huge', CURRENT_DATE, false)
UNION ALL SELECT name, readings, error FROM kpi_measure('wide', CURRENT_DATE, false);
SELECT value, value_lower, value_upper, previous, change, change_pct, deviation, deviation_pct, status FROM kpi_board
	WHERE kpi IN ('huge', 'wide') ORDER BY kpi;
SELECT value, value_lower, value_upper FROM kpi_history WHERE kpi = 'wide' ORDER BY period;
SELECT period = CURRENT_DATE AS today, value, centre, lower_limit, upper_limit, moving_range, range_limit, signal
	FROM kpi_control WHERE kpi = 'huge' ORDER BY period;
SELECT value, status FROM kpi_tree WHERE kpi = 'huge';
-- all that control_chart() gives for the others
SELECT count(*) > 5 AS any, bool_and((c.value, c.centre, c.lower, c.upper, c.moving_range, c.range_limit, c.signal)
		IS NOT DISTINCT FROM (v.value, v.centre, v.lower_limit, v.upper_limit, v.moving_range, v.range_limit, v.signal))
	AS same
FROM (SELECT array_agg(period ORDER BY period) AS periods, array_agg(value ORDER BY period) AS series FROM kpi_reading
		WHERE kpi = 'level' AND complete AND segment = '') s,
	control_chart(s.periods, s.series) c JOIN kpi_control v ON v.kpi = 'level' AND v.period = c.at;
-- a fraction too may not fit, or be of nothing
SELECT kpi_board_change(1e300, 1e-300, true) AS beyond, kpi_board_change(1, 0, true) AS of_none,
	kpi_board_change(0, 0, true) AS none_of_none, kpi_board_change(3, -2, true) AS part,
	kpi_board_change(1e-300, 1e300, true) AS nearly_all,
	kpi_board_deviation(1e300, '<= 1e-300', true) AS beyond, kpi_board_deviation(5, '[1,4]', true) AS above,
		kpi_board_deviation(3, '[1,4]', false) AS inside, kpi_board_deviation('NaN', '>= 1', false) AS nan;
ROLLBACK;
