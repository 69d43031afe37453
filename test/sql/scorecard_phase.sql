-- Another source or kind is another meaning: a new phase, and nothing compares across.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE VIEW shop.gross AS SELECT date '2025-01-01' + i AS period, 100 + i % 3 AS value FROM generate_series(0, 499) i;
-- the new one begins in March 2026
CREATE VIEW shop.net AS SELECT period, value / 100.0 AS value FROM shop.gross WHERE period >= '2026-03-01';
SELECT kpi_define('sales', 'Sales', 'shop.gross', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_set_goal('sales', '>= +1% on previous', '(,)');
-- nothing was measured: no phase
SELECT kpi_define('sales', 'Sales', 'shop.net', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_define('sales', 'Sales', 'shop.gross', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT phase, phases FROM kpi_definition;
SELECT error FROM kpi_measure('sales', '2026-03-31', false);
SELECT period, round(value) AS value, round(previous) AS previous, round(year_ago) AS year_ago,
	trend IS NOT NULL AS trend FROM kpi_scorecard('2026-03-31');
-- another title, owner or goal is the same meaning
SELECT kpi_define('sales', 'Sales!', 'shop.gross', 'month', 'flow', 'financial', 'strategic', 'lagging',
	owner => 'Ann');
SELECT phase, phases FROM kpi_definition;
SELECT kpi_define('sales', 'Sales', 'shop.net', 'month', 'flow', 'financial', 'strategic', 'lagging',
	reason => 'without tax, decided by the board');
SELECT phase, jsonb_array_length(phases), phases -> 0 ->> 'source' AS source, phases -> 0 ->> 'kind' AS kind,
	phases -> 0 ->> 'unit' AS unit, phases -> 0 ->> 'reason' AS reason, phases -> 0 ->> 'by' = current_user AS by_me,
	(phases -> 0 ->> 'ended')::timestamptz <= clock_timestamp() AS ended FROM kpi_definition;
-- until it is measured all is as it was
SELECT period, round(value) AS value, round(previous) AS previous, round(year_ago) AS year_ago,
	trend IS NOT NULL AS trend FROM kpi_scorecard('2026-03-31');
SELECT error FROM kpi_measure('sales', '2026-04-30', false);
SELECT phase, min(period), max(period), count(*) FROM kpi_reading GROUP BY phase ORDER BY phase;
SELECT phase, min(period), max(period), count(*) FROM kpi_history GROUP BY phase ORDER BY phase;
-- March is compared with no month before, April with March only
SELECT d AS as_of, period, round(value::numeric, 2) AS value, round(previous::numeric, 2) AS previous, year_ago,
	target_value, trend FROM unnest('{2026-03-31,2026-04-30}'::date[]) d, kpi_scorecard(d);
SELECT period, target IS NULL AS no_goal, round(target_value(target)::numeric, 3) AS target FROM kpi_reading
	WHERE period >= '2026-01-01' ORDER BY period;
-- the chart has limits of each, and what is proposed is of the new one
SELECT period >= '2026-03-01' AS new, count(*), bool_and(CASE WHEN period >= '2026-03-01' THEN upper_limit < 100
	ELSE lower_limit > 1000 END) AS own_limits FROM kpi_control GROUP BY 1 ORDER BY 1;
SELECT method, reason FROM kpi_propose_target('sales') WHERE method = 'median';
-- the page draws one meaning only: no value of before is in the history
SELECT kpi_scorecard_html('2026-04-30') ~ 'highest 31' AS new, kpi_scorecard_html('2026-04-30') ~ 'highest 3,1' AS old;
-- another kind is another meaning too; unit cannot change
SELECT kpi_define('sales', 'Sales', 'shop.net', 'month', 'stock', 'financial', 'strategic', 'lagging');
SELECT phase, jsonb_array_length(phases), phases -> 1 ->> 'kind' AS kind, phases -> 1 ->> 'reason' AS reason
	FROM kpi_definition;
SELECT kpi_define('sales', 'Sales', 'shop.net', 'week', 'stock', 'financial', 'strategic', 'lagging');
SELECT error FROM kpi_measure('sales', '2026-04-30', false);
SELECT phase, min(period), max(period), count(*) FROM kpi_reading GROUP BY phase ORDER BY phase;
-- a definition that was deleted goes on where its readings are
DELETE FROM kpi_definition;
SELECT kpi_define('sales', 'Sales', 'shop.net', 'month', 'stock', 'financial', 'strategic', 'lagging');
SELECT phase, phases FROM kpi_definition;
-- what is watched is charted within its phase
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
CREATE VIEW shop.late AS SELECT period, value / 100.0 AS value FROM shop.gross WHERE period >= '2026-03-31';
SELECT kpi_define('day', 'Day', 'shop.gross', 'day', 'stock', 'financial', 'strategic', 'lagging', watch => true);
SELECT alerts FROM kpi_measure('day', '2026-03-30', false);
SELECT kpi_define('day', 'Day', 'shop.late', 'day', 'stock', 'financial', 'strategic', 'lagging', watch => true);
SELECT alerts FROM kpi_measure('day', '2026-03-31', false);
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
