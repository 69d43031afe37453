-- Starter set for education: schools, course providers. A scorecard of 8 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/education.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_education CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_education;
COMMENT ON SCHEMA starter_education IS 'sources of the starter set education';

CREATE VIEW starter_education.completion AS
	SELECT enrolled_at + 120 AS period, ((completed_at <= enrolled_at + 120) IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.enrolment;

CREATE VIEW starter_education.net_margin AS
	SELECT month AS period, sum(CASE kind WHEN 'income' THEN amount ELSE -amount END) AS numerator, sum(amount) FILTER (WHERE kind = 'income') AS denominator
	FROM crm.ledger WHERE kind IN ('income', 'expense') GROUP BY month;

CREATE VIEW starter_education.enrolments AS
	SELECT enrolled_at AS period, 1 AS value FROM crm.enrolment;

CREATE VIEW starter_education.certificates AS
	SELECT renewal_due AS period, (renewed_at IS NOT NULL)::integer AS numerator, 1 AS denominator
	FROM crm.enrolment WHERE renewal_due IS NOT NULL;

CREATE VIEW starter_education.referrals AS
	SELECT c.since AS period, (r.customer_id IS NOT NULL)::integer AS numerator, 1 AS denominator
	FROM crm.customer c LEFT JOIN crm.referral r ON r.customer_id = c.id WHERE c.since >= '2024-07-01';

CREATE VIEW starter_education.satisfaction AS
	SELECT (answered_at AT TIME ZONE 'UTC')::date AS period, (csat_score >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.survey_response WHERE csat_score IS NOT NULL;

CREATE VIEW starter_education.first_response AS
	SELECT (created_at AT TIME ZONE 'UTC')::date AS period, ((first_response_at <= created_at + interval '4 hours') IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.ticket WHERE (first_response_at < created_at) IS NOT TRUE;

CREATE VIEW starter_education.staff_satisfaction AS
	SELECT quarter AS period, (satisfaction >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.employee_survey WHERE satisfaction IS NOT NULL;

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_education.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('completion', 'Course completion', 'quarter', 'ratio', 'process', 'strategic', 'lagging', 'teaching', NULL::text, NULL::integer,
		'completed within 120 days / enrolled, in the quarter in which the 120 days are over'),
	('net_margin', 'Net margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'finance', NULL, NULL,
		'(income − expense) / income of the month'),
	('enrolments', 'Enrolments', 'quarter', 'flow', 'customer', 'operational', 'leading', 'admissions', 'completion', NULL,
		'people who enrolled'),
	('certificates', 'Students who renew', 'quarter', 'ratio', 'customer', 'strategic', 'lagging', 'teaching', NULL, NULL,
		'renewed / due in the quarter'),
	('referrals', 'Customers by referral', 'quarter', 'ratio', 'customer', 'operational', 'lagging', 'admissions', NULL, NULL,
		'new customers with a referrer / new customers'),
	('satisfaction', 'Satisfaction', 'month', 'survey', 'customer', 'strategic', 'leading', 'service', NULL, 30,
		'share of the answers 4 and 5 of 5'),
	('first_response', 'First response within 4 hours', 'month', 'ratio', 'process', 'functional', 'leading', 'service', NULL, NULL,
		'tickets answered within 4 hours / tickets; an unanswered one is late, one answered before it was opened is a wrong clock and left out'),
	('staff_satisfaction', 'Staff satisfaction', 'quarter', 'survey', 'people', 'strategic', 'leading', 'human resources', NULL, 30,
		'share of the answers 4 and 5 of 5')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('completion', '>= 62% warn 58%'),
	('net_margin', '>= 4% warn 0%'),
	('enrolments', '>= 80 warn 70'),
	('certificates', '>= 60% warn 55%'),
	('referrals', '>= 16% warn 13%'),
	('satisfaction', '>= 80% warn 75%'),
	('first_response', '>= 80% warn 75%'),
	('staff_satisfaction', '>= 65% warn 60%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
