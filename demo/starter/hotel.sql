-- Starter set for hotels: hotels and restaurants. A scorecard of 8 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/hotel.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_hotel CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_hotel;
COMMENT ON SCHEMA starter_hotel IS 'sources of the starter set hotel';

CREATE VIEW starter_hotel.gross_margin AS
	SELECT o.ordered_at AS period, l.revenue - l.cost AS numerator, l.revenue AS denominator
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled' AND l.cost IS NOT NULL;

CREATE VIEW starter_hotel.revenue AS
	SELECT o.ordered_at AS period, l.revenue AS value
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled';

CREATE VIEW starter_hotel.repeat_rate AS
	SELECT quarter AS period, count(*) FILTER (WHERE orders > 1) AS numerator, count(*) AS denominator
	FROM (SELECT kpi_period(ordered_at, 'quarter') AS quarter, customer_id, count(*) AS orders FROM crm.orders WHERE status IN ('open', 'shipped') GROUP BY 1, 2) c
	GROUP BY quarter;

CREATE VIEW starter_hotel.nps AS
	SELECT (answered_at AT TIME ZONE 'UTC')::date AS period, CASE WHEN nps_score >= 9 THEN 100 WHEN nps_score <= 6 THEN -100 ELSE 0 END AS numerator, 1 AS denominator, 1 AS n
	FROM crm.survey_response WHERE nps_score IS NOT NULL;

CREATE VIEW starter_hotel.complaints AS
	SELECT (t.created_at AT TIME ZONE 'UTC')::date AS period, 1 AS numerator, 0 AS denominator
	FROM crm.ticket t JOIN crm.ticket_case c ON c.ticket_id = t.id WHERE c.kind = 'complaint'
	UNION ALL SELECT ordered_at, 0, 1 FROM crm.orders WHERE status IN ('open', 'shipped');

CREATE VIEW starter_hotel.utilisation AS
	SELECT day AS period, run_hours AS numerator, planned_hours AS denominator FROM crm.machine_log;

CREATE VIEW starter_hotel.first_response AS
	SELECT (created_at AT TIME ZONE 'UTC')::date AS period, ((first_response_at <= created_at + interval '4 hours') IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.ticket WHERE (first_response_at < created_at) IS NOT TRUE;

CREATE VIEW starter_hotel.staff_retention AS
	SELECT period, retained AS numerator, retained + lost AS denominator
	FROM lifecycle((SELECT activity_summary(id, daterange(hired_at, left_at), 'quarter', current_date - 1) FROM crm.employee), from_date => '2024-01-01', as_of => current_date - 1);

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_hotel.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('gross_margin', 'Gross margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'sales', NULL::text, NULL::integer,
		'(revenue − cost of goods) / revenue; lines without a known cost are left out'),
	('revenue', 'Revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', 'sales', 'gross_margin', NULL,
		'orders less refunds, without cancelled ones, by day of order'),
	('repeat_rate', 'Returning guests', 'quarter', 'ratio', 'customer', 'strategic', 'lagging', 'marketing', NULL, NULL,
		'guests with two stays or more in the quarter / guests'),
	('nps', 'Net Promoter Score', 'quarter', 'survey', 'customer', 'strategic', 'leading', 'customer success', NULL, 30,
		'promoters − detractors of the quarterly survey, −100 to 100'),
	('complaints', 'Complaints for each stay', 'month', 'ratio', 'customer', 'operational', 'lagging', 'front office', NULL, NULL,
		'complaints / stays of the month'),
	('utilisation', 'Occupancy', 'month', 'ratio', 'process', 'operational', 'lagging', 'front office', NULL, NULL,
		'capacity used / capacity offered; in the demo, hours of machines'),
	('first_response', 'Requests answered within 4 hours', 'month', 'ratio', 'process', 'functional', 'leading', 'front office', NULL, NULL,
		'requests answered within 4 hours / requests; an unanswered one is late'),
	('staff_retention', 'Staff retention', 'quarter', 'ratio', 'people', 'strategic', 'lagging', 'human resources', NULL, NULL,
		'employees at the start of the quarter who are still there at its end')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('gross_margin', '>= 36% warn 34%'),
	('revenue', '>= 480000 warn 430000'),
	('repeat_rate', '>= 45% warn 40%'),
	('nps', '>= 35 warn 25 from 0'),
	('complaints', '<= 4% warn 6%'),
	('utilisation', '>= 88% warn 85%'),
	('first_response', '>= 80% warn 75%'),
	('staff_retention', '>= 96% warn 93%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
