-- Starter set for property: landlords and property managers. A scorecard of 7 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/property.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_property CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_property;
COMMENT ON SCHEMA starter_property IS 'sources of the starter set property';

CREATE VIEW starter_property.net_margin AS
	SELECT month AS period, sum(CASE kind WHEN 'income' THEN amount ELSE -amount END) AS numerator, sum(amount) FILTER (WHERE kind = 'income') AS denominator
	FROM crm.ledger WHERE kind IN ('income', 'expense') GROUP BY month;

CREATE VIEW starter_property.overdue AS
	SELECT m AS period, sum(i.total) FILTER (WHERE i.due_at < d.last) AS numerator, sum(i.total) AS denominator
	FROM kpi_periods('2024-01-01', current_date - 1, 'month') m, LATERAL (SELECT least((m + interval '1 month - 1 day')::date, current_date - 1)) d(last)
	JOIN crm.invoice i ON i.credit AND i.issued_at <= d.last AND (i.paid_at > d.last) IS NOT FALSE
	GROUP BY m;

CREATE VIEW starter_property.renewal AS
	SELECT due_at AS period, CASE WHEN renewed_at IS NOT NULL THEN value ELSE 0 END AS numerator, value AS denominator
	FROM crm.renewal;

CREATE VIEW starter_property.complaints AS
	SELECT (t.created_at AT TIME ZONE 'UTC')::date AS period, 1 AS numerator, 0 AS denominator
	FROM crm.ticket t JOIN crm.ticket_case c ON c.ticket_id = t.id WHERE c.kind = 'complaint'
	UNION ALL SELECT ordered_at, 0, 1 FROM crm.orders WHERE status IN ('open', 'shipped');

CREATE VIEW starter_property.maintenance AS
	SELECT due_at AS period, ((done_at <= due_at) IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.work_order WHERE due_at >= '2024-01-01';

CREATE VIEW starter_property.resolution_hours AS
	SELECT (t.resolved_at AT TIME ZONE 'UTC')::date AS period, extract(epoch FROM t.resolved_at - t.created_at - c.paused) / 3600 AS numerator, 1 AS denominator
	FROM crm.ticket t JOIN crm.ticket_case c ON c.ticket_id = t.id WHERE t.resolved_at - t.created_at >= c.paused AND c.reopened_at IS NULL;

CREATE VIEW starter_property.staff_retention AS
	SELECT period, retained AS numerator, retained + lost AS denominator
	FROM lifecycle((SELECT activity_summary(id, daterange(hired_at, left_at), 'quarter', current_date - 1) FROM crm.employee), from_date => '2024-01-01', as_of => current_date - 1);

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_property.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('net_margin', 'Net margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'finance', NULL::text, NULL::integer,
		'(income − expense) / income of the month'),
	('overdue', 'Arrears', 'month', 'ratio', 'financial', 'operational', 'lagging', 'accounts', NULL, NULL,
		'rent past its due day / rent outstanding at the end of the month'),
	('renewal', 'Leases renewed', 'month', 'ratio', 'customer', 'strategic', 'lagging', 'letting', NULL, NULL,
		'value renewed / value due for renewal in the month'),
	('complaints', 'Complaints for each booking', 'month', 'ratio', 'customer', 'operational', 'lagging', 'caretakers', NULL, NULL,
		'complaints / bookings of the month'),
	('maintenance', 'Repairs on time', 'month', 'ratio', 'process', 'functional', 'leading', 'caretakers', NULL, NULL,
		'jobs done by their due day / jobs due'),
	('resolution_hours', 'Hours to resolution', 'month', 'average', 'process', 'functional', 'lagging', 'caretakers', NULL, NULL,
		'mean hours from report to solution, without waiting for the tenant; reopened cases apart'),
	('staff_retention', 'Staff retention', 'quarter', 'ratio', 'people', 'strategic', 'lagging', 'human resources', NULL, NULL,
		'employees at the start of the quarter who are still there at its end')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('net_margin', '>= 4% warn 0%'),
	('overdue', '<= 25% warn 30%'),
	('renewal', '>= 93% warn 90%'),
	('complaints', '<= 4% warn 6%'),
	('maintenance', '>= 85% warn 80%'),
	('resolution_hours', '<= 20 warn 24'),
	('staff_retention', '>= 96% warn 93%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
