-- Starter set for software: subscription software. A scorecard of 8 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/software.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_software CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_software;
COMMENT ON SCHEMA starter_software IS 'sources of the starter set software';

CREATE VIEW starter_software.churn AS
	SELECT period, lost AS numerator, retained + lost AS denominator
	FROM lifecycle((SELECT activity_summary(id, daterange(since, lost_at), 'month', current_date - 1) FROM crm.customer), from_date => '2024-01-01', as_of => current_date - 1);

CREATE VIEW starter_software.mrr AS
	SELECT period, closing AS value
	FROM revenue_movements((SELECT subscription_summary(customer_id, daterange(started_at, ended_at), mrr, 'month', current_date - 1) FROM crm.subscription),
		from_date => '2024-01-01');

CREATE VIEW starter_software.net_revenue_retention AS
	SELECT period, opening + expansion - contraction - churn AS numerator, opening AS denominator
	FROM revenue_movements((SELECT subscription_summary(customer_id, daterange(started_at, ended_at), mrr, 'month', current_date - 1) FROM crm.subscription),
		from_date => '2024-01-01', lag => 12);

CREATE VIEW starter_software.acquisition_cost AS
	SELECT month AS period, spend AS numerator, 0 AS denominator FROM crm.campaign_spend
	UNION ALL SELECT since, 0, 1 FROM crm.customer WHERE since >= '2024-01-01';

CREATE VIEW starter_software.new_customers AS
	SELECT since AS period, 1 AS value FROM crm.customer WHERE since >= '2024-01-01';

CREATE VIEW starter_software.nps AS
	SELECT (answered_at AT TIME ZONE 'UTC')::date AS period, CASE WHEN nps_score >= 9 THEN 100 WHEN nps_score <= 6 THEN -100 ELSE 0 END AS numerator, 1 AS denominator, 1 AS n
	FROM crm.survey_response WHERE nps_score IS NOT NULL;

CREATE VIEW starter_software.resolution_hours AS
	SELECT (t.resolved_at AT TIME ZONE 'UTC')::date AS period, extract(epoch FROM t.resolved_at - t.created_at - c.paused) / 3600 AS numerator, 1 AS denominator
	FROM crm.ticket t JOIN crm.ticket_case c ON c.ticket_id = t.id WHERE t.resolved_at - t.created_at >= c.paused AND c.reopened_at IS NULL;

CREATE VIEW starter_software.staff_satisfaction AS
	SELECT quarter AS period, (satisfaction >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.employee_survey WHERE satisfaction IS NOT NULL;

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_software.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('churn', 'Customer churn', 'month', 'ratio', 'customer', 'strategic', 'lagging', 'customer success', NULL::text, NULL::integer,
		'customers lost in the month / customers at its start'),
	('mrr', 'Monthly recurring revenue', 'month', 'stock', 'financial', 'strategic', 'lagging', 'finance', NULL, NULL,
		'monthly value of the plans that run on the last day of the month'),
	('net_revenue_retention', 'Net revenue retention', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'customer success', NULL, NULL,
		'what the customers of a year ago pay now / what they paid then'),
	('acquisition_cost', 'Acquisition cost', 'month', 'ratio', 'financial', 'operational', 'lagging', 'marketing', NULL, NULL,
		'marketing and sales cost / new customers of the month; bills that have not come are missing'),
	('new_customers', 'New customers', 'month', 'flow', 'customer', 'operational', 'lagging', 'sales', 'churn', NULL,
		'companies that bought for the first time'),
	('nps', 'Net Promoter Score', 'quarter', 'survey', 'customer', 'strategic', 'leading', 'customer success', NULL, 30,
		'promoters − detractors of the quarterly survey, −100 to 100'),
	('resolution_hours', 'Hours to resolution', 'month', 'average', 'process', 'functional', 'lagging', 'service', NULL, NULL,
		'mean hours from opening to solution, without waiting for the customer; reopened tickets apart'),
	('staff_satisfaction', 'Staff satisfaction', 'quarter', 'survey', 'people', 'strategic', 'leading', 'human resources', NULL, 30,
		'share of the answers 4 and 5 of 5')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('churn', '<= 1% warn 1.5%'),
	('mrr', '>= 270000 warn 255000'),
	('net_revenue_retention', '>= 100% warn 95%'),
	('acquisition_cost', '<= 600 warn 750'),
	('new_customers', '>= 60 warn 50'),
	('nps', '>= 35 warn 25 from 0'),
	('resolution_hours', '<= 20 warn 24'),
	('staff_satisfaction', '>= 65% warn 60%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
