-- Starter set for manufacturing: makers of goods. A scorecard of 8 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/manufacturing.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_manufacturing CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_manufacturing;
COMMENT ON SCHEMA starter_manufacturing IS 'sources of the starter set manufacturing';

CREATE VIEW starter_manufacturing.gross_margin AS
	SELECT o.ordered_at AS period, l.revenue - l.cost AS numerator, l.revenue AS denominator
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled' AND l.cost IS NOT NULL;

CREATE VIEW starter_manufacturing.revenue AS
	SELECT o.ordered_at AS period, l.revenue AS value
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled';

CREATE VIEW starter_manufacturing.on_time AS
	SELECT required_at AS period, ((shipped_at <= required_at) IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.orders WHERE status IN ('open', 'shipped') AND required_at >= '2024-01-01';

CREATE VIEW starter_manufacturing.defects AS
	SELECT (started_at AT TIME ZONE 'UTC')::date AS period, defective AS numerator, units AS denominator FROM crm.production_run;

CREATE VIEW starter_manufacturing.utilisation AS
	SELECT day AS period, run_hours AS numerator, planned_hours AS denominator FROM crm.machine_log;

CREATE VIEW starter_manufacturing.maintenance AS
	SELECT due_at AS period, ((done_at <= due_at) IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.work_order WHERE due_at >= '2024-01-01';

CREATE VIEW starter_manufacturing.complaints AS
	SELECT (t.created_at AT TIME ZONE 'UTC')::date AS period, 1 AS numerator, 0 AS denominator
	FROM crm.ticket t JOIN crm.ticket_case c ON c.ticket_id = t.id WHERE c.kind = 'complaint'
	UNION ALL SELECT ordered_at, 0, 1 FROM crm.orders WHERE status IN ('open', 'shipped');

CREATE VIEW starter_manufacturing.staff_retention AS
	SELECT period, retained AS numerator, retained + lost AS denominator
	FROM lifecycle((SELECT activity_summary(id, daterange(hired_at, left_at), 'quarter', current_date - 1) FROM crm.employee), from_date => '2024-01-01', as_of => current_date - 1);

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_manufacturing.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('gross_margin', 'Gross margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'sales', NULL::text, NULL::integer,
		'(revenue − cost of goods) / revenue; lines without a known cost are left out'),
	('revenue', 'Revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', 'sales', 'gross_margin', NULL,
		'orders less refunds, without cancelled ones, by day of order'),
	('on_time', 'Shipped on time', 'month', 'ratio', 'process', 'operational', 'lagging', 'logistics', NULL, NULL,
		'orders shipped by the promised day / orders due'),
	('defects', 'Defect rate', 'month', 'ratio', 'process', 'functional', 'leading', 'production', NULL, NULL,
		'defective units / units produced'),
	('utilisation', 'Utilisation', 'month', 'ratio', 'process', 'operational', 'lagging', 'production', NULL, NULL,
		'hours that the machines ran / hours planned'),
	('maintenance', 'Maintenance on time', 'month', 'ratio', 'process', 'functional', 'leading', 'maintenance', NULL, NULL,
		'jobs done by their due day / jobs due'),
	('complaints', 'Complaints for each order', 'month', 'ratio', 'customer', 'operational', 'lagging', 'service', NULL, NULL,
		'complaints / orders of the month'),
	('staff_retention', 'Staff retention', 'quarter', 'ratio', 'people', 'strategic', 'lagging', 'human resources', NULL, NULL,
		'employees at the start of the quarter who are still there at its end')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('gross_margin', '>= 36% warn 34%'),
	('revenue', '>= 480000 warn 430000'),
	('on_time', '>= 93% warn 90%'),
	('defects', '<= 1% warn 1.5%'),
	('utilisation', '>= 88% warn 85%'),
	('maintenance', '>= 85% warn 80%'),
	('complaints', '<= 4% warn 6%'),
	('staff_retention', '>= 96% warn 93%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
