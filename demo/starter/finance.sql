-- Starter set for finance: banks, insurers, asset managers. A scorecard of 7 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/finance.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_finance CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_finance;
COMMENT ON SCHEMA starter_finance IS 'sources of the starter set finance';

CREATE VIEW starter_finance.churn AS
	SELECT period, lost AS numerator, retained + lost AS denominator
	FROM lifecycle((SELECT activity_summary(id, daterange(since, lost_at), 'month', current_date - 1) FROM crm.customer), from_date => '2024-01-01', as_of => current_date - 1);

CREATE VIEW starter_finance.assets AS
	SELECT month_end AS period, sum(balance) AS value FROM crm.holding GROUP BY month_end;

CREATE VIEW starter_finance.overdue AS
	SELECT m AS period, sum(i.total) FILTER (WHERE i.due_at < d.last) AS numerator, sum(i.total) AS denominator
	FROM kpi_periods('2024-01-01', current_date - 1, 'month') m, LATERAL (SELECT least((m + interval '1 month - 1 day')::date, current_date - 1)) d(last)
	JOIN crm.invoice i ON i.credit AND i.issued_at <= d.last AND (i.paid_at > d.last) IS NOT FALSE
	GROUP BY m;

CREATE VIEW starter_finance.cross_selling AS
	SELECT closed_at AS period, won::integer AS numerator, 1 AS denominator FROM crm.offer WHERE closed_at IS NOT NULL;

CREATE VIEW starter_finance.satisfaction AS
	SELECT (answered_at AT TIME ZONE 'UTC')::date AS period, (csat_score >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.survey_response WHERE csat_score IS NOT NULL;

CREATE VIEW starter_finance.first_response AS
	SELECT (created_at AT TIME ZONE 'UTC')::date AS period, ((first_response_at <= created_at + interval '4 hours') IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.ticket WHERE (first_response_at < created_at) IS NOT TRUE;

CREATE VIEW starter_finance.staff_satisfaction AS
	SELECT quarter AS period, (satisfaction >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.employee_survey WHERE satisfaction IS NOT NULL;

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_finance.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('churn', 'Customer churn', 'month', 'ratio', 'customer', 'strategic', 'lagging', 'customer success', NULL::text, NULL::integer,
		'customers lost in the month / customers at its start'),
	('assets', 'Customer assets', 'month', 'stock', 'financial', 'strategic', 'lagging', 'relationship managers', NULL, NULL,
		'balances at the end of the month'),
	('overdue', 'Overdue share', 'month', 'ratio', 'financial', 'operational', 'lagging', 'finance', NULL, NULL,
		'receivables past their due day / receivables at the end of the month'),
	('cross_selling', 'Cross-selling', 'month', 'ratio', 'customer', 'operational', 'leading', 'relationship managers', NULL, NULL,
		'offers won / offers closed'),
	('satisfaction', 'Satisfaction', 'month', 'survey', 'customer', 'strategic', 'leading', 'service', NULL, 30,
		'share of the answers 4 and 5 of 5'),
	('first_response', 'First response within 4 hours', 'month', 'ratio', 'process', 'functional', 'leading', 'service', NULL, NULL,
		'tickets answered within 4 hours / tickets; an unanswered one is late, one answered before it was opened is a wrong clock and left out'),
	('staff_satisfaction', 'Staff satisfaction', 'quarter', 'survey', 'people', 'strategic', 'leading', 'human resources', NULL, 30,
		'share of the answers 4 and 5 of 5')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('churn', '<= 1% warn 1.5%'),
	('assets', '>= 650000 warn 625000'),
	('overdue', '<= 25% warn 30%'),
	('cross_selling', '>= 24% warn 20%'),
	('satisfaction', '>= 80% warn 75%'),
	('first_response', '>= 80% warn 75%'),
	('staff_satisfaction', '>= 65% warn 60%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
