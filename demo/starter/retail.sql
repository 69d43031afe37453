-- Starter set for retail: shops and chains. A scorecard of 8 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/retail.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_retail CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_retail;
COMMENT ON SCHEMA starter_retail IS 'sources of the starter set retail';

CREATE VIEW starter_retail.gross_margin AS
	SELECT o.ordered_at AS period, l.revenue - l.cost AS numerator, l.revenue AS denominator
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled' AND l.cost IS NOT NULL;

CREATE VIEW starter_retail.average_order AS
	SELECT o.ordered_at AS period, l.revenue AS numerator, (l.line_no = 1)::integer AS denominator
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status IN ('open', 'shipped');

CREATE VIEW starter_retail.revenue AS
	SELECT o.ordered_at AS period, l.revenue AS value
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled';

CREATE VIEW starter_retail.footfall AS
	SELECT day AS period, visitors AS value FROM crm.footfall;

CREATE VIEW starter_retail.repeat_rate AS
	SELECT quarter AS period, count(*) FILTER (WHERE orders > 1) AS numerator, count(*) AS denominator
	FROM (SELECT kpi_period(ordered_at, 'quarter') AS quarter, customer_id, count(*) AS orders FROM crm.orders WHERE status IN ('open', 'shipped') GROUP BY 1, 2) c
	GROUP BY quarter;

CREATE VIEW starter_retail.nps AS
	SELECT (answered_at AT TIME ZONE 'UTC')::date AS period, CASE WHEN nps_score >= 9 THEN 100 WHEN nps_score <= 6 THEN -100 ELSE 0 END AS numerator, 1 AS denominator, 1 AS n
	FROM crm.survey_response WHERE nps_score IS NOT NULL;

CREATE VIEW starter_retail.shrinkage AS
	SELECT adjusted_at AS period, -value AS numerator, 0 AS denominator FROM crm.stock_adjustment
	UNION ALL SELECT month_end, 0, quantity * unit_cost FROM crm.stock WHERE month_end >= '2024-01-01';

CREATE VIEW starter_retail.staff_satisfaction AS
	SELECT quarter AS period, (satisfaction >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.employee_survey WHERE satisfaction IS NOT NULL;

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_retail.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('gross_margin', 'Gross margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'sales', NULL::text, NULL::integer,
		'(revenue − cost of goods) / revenue; lines without a known cost are left out'),
	('average_order', 'Average order value', 'month', 'ratio', 'financial', 'operational', 'lagging', 'sales', NULL, NULL,
		'revenue / orders, refunds apart'),
	('revenue', 'Revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', 'sales', 'gross_margin', NULL,
		'orders less refunds, without cancelled ones, by day of order'),
	('footfall', 'Visitors', 'month', 'flow', 'customer', 'operational', 'leading', 'stores', 'average_order', NULL,
		'people counted at the doors'),
	('repeat_rate', 'Repeat purchase rate', 'quarter', 'ratio', 'customer', 'strategic', 'lagging', 'marketing', NULL, NULL,
		'customers with two orders or more in the quarter / customers with an order'),
	('nps', 'Net Promoter Score', 'quarter', 'survey', 'customer', 'strategic', 'leading', 'customer success', NULL, 30,
		'promoters − detractors of the quarterly survey, −100 to 100'),
	('shrinkage', 'Shrinkage', 'month', 'ratio', 'process', 'operational', 'lagging', 'warehouse', NULL, NULL,
		'value of stock lost to damage, theft and error / stock'),
	('staff_satisfaction', 'Staff satisfaction', 'quarter', 'survey', 'people', 'strategic', 'leading', 'human resources', NULL, 30,
		'share of the answers 4 and 5 of 5')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('gross_margin', '>= 36% warn 34%'),
	('average_order', '>= 430 warn 410'),
	('revenue', '>= 480000 warn 430000'),
	('footfall', '>= 1800 warn 1600'),
	('repeat_rate', '>= 45% warn 40%'),
	('nps', '>= 35 warn 25 from 0'),
	('shrinkage', '<= 0.3% warn 0.5%'),
	('staff_satisfaction', '>= 65% warn 60%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
