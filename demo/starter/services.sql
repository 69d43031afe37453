-- Starter set for services: workshops, agencies, consultants. A scorecard of 7 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/services.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_services CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_services;
COMMENT ON SCHEMA starter_services IS 'sources of the starter set services';

CREATE VIEW starter_services.net_margin AS
	SELECT month AS period, sum(CASE kind WHEN 'income' THEN amount ELSE -amount END) AS numerator, sum(amount) FILTER (WHERE kind = 'income') AS denominator
	FROM crm.ledger WHERE kind IN ('income', 'expense') GROUP BY month;

CREATE VIEW starter_services.renewal AS
	SELECT due_at AS period, CASE WHEN renewed_at IS NOT NULL THEN value ELSE 0 END AS numerator, value AS denominator
	FROM crm.renewal;

CREATE VIEW starter_services.satisfaction AS
	SELECT (answered_at AT TIME ZONE 'UTC')::date AS period, (csat_score >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.survey_response WHERE csat_score IS NOT NULL;

CREATE VIEW starter_services.first_response AS
	SELECT (created_at AT TIME ZONE 'UTC')::date AS period, ((first_response_at <= created_at + interval '4 hours') IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.ticket WHERE (first_response_at < created_at) IS NOT TRUE;

CREATE VIEW starter_services.resolution_hours AS
	SELECT (t.resolved_at AT TIME ZONE 'UTC')::date AS period, extract(epoch FROM t.resolved_at - t.created_at - c.paused) / 3600 AS numerator, 1 AS denominator
	FROM crm.ticket t JOIN crm.ticket_case c ON c.ticket_id = t.id WHERE t.resolved_at - t.created_at >= c.paused AND c.reopened_at IS NULL;

CREATE VIEW starter_services.maintenance AS
	SELECT due_at AS period, ((done_at <= due_at) IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.work_order WHERE due_at >= '2024-01-01';

CREATE VIEW starter_services.staff_satisfaction AS
	SELECT quarter AS period, (satisfaction >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.employee_survey WHERE satisfaction IS NOT NULL;

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_services.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('net_margin', 'Net margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'finance', NULL::text, NULL::integer,
		'(income − expense) / income of the month'),
	('renewal', 'Renewal rate', 'month', 'ratio', 'customer', 'strategic', 'lagging', 'customer success', NULL, NULL,
		'value renewed / value due for renewal in the month'),
	('satisfaction', 'Satisfaction', 'month', 'survey', 'customer', 'strategic', 'leading', 'service', NULL, 30,
		'share of the answers 4 and 5 of 5'),
	('first_response', 'First response within 4 hours', 'month', 'ratio', 'process', 'functional', 'leading', 'service', NULL, NULL,
		'tickets answered within 4 hours / tickets; an unanswered one is late, one answered before it was opened is a wrong clock and left out'),
	('resolution_hours', 'Hours to resolution', 'month', 'average', 'process', 'functional', 'lagging', 'service', NULL, NULL,
		'mean hours from opening to solution, without waiting for the customer; reopened tickets apart'),
	('maintenance', 'Jobs on time', 'month', 'ratio', 'process', 'functional', 'leading', 'operations', NULL, NULL,
		'jobs done by their due day / jobs due'),
	('staff_satisfaction', 'Staff satisfaction', 'quarter', 'survey', 'people', 'strategic', 'leading', 'human resources', NULL, 30,
		'share of the answers 4 and 5 of 5')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('net_margin', '>= 4% warn 0%'),
	('renewal', '>= 93% warn 90%'),
	('satisfaction', '>= 80% warn 75%'),
	('first_response', '>= 80% warn 75%'),
	('resolution_hours', '<= 20 warn 24'),
	('maintenance', '>= 85% warn 80%'),
	('staff_satisfaction', '>= 65% warn 60%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
