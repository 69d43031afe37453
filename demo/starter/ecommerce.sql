-- Starter set for e-commerce: web shops. A scorecard of 8 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/ecommerce.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_ecommerce CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_ecommerce;
COMMENT ON SCHEMA starter_ecommerce IS 'sources of the starter set ecommerce';

CREATE VIEW starter_ecommerce.gross_margin AS
	SELECT o.ordered_at AS period, l.revenue - l.cost AS numerator, l.revenue AS denominator
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled' AND l.cost IS NOT NULL;

CREATE VIEW starter_ecommerce.web_conversion AS
	SELECT (started_at AT TIME ZONE 'UTC')::date AS period, (order_id IS NOT NULL)::integer AS numerator, 1 AS denominator FROM crm.web_session;

CREATE VIEW starter_ecommerce.revenue AS
	SELECT o.ordered_at AS period, l.revenue AS value
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled';

CREATE VIEW starter_ecommerce.acquisition_cost AS
	SELECT month AS period, spend AS numerator, 0 AS denominator FROM crm.campaign_spend
	UNION ALL SELECT since, 0, 1 FROM crm.customer WHERE since >= '2024-01-01';

CREATE VIEW starter_ecommerce.visits AS
	SELECT (started_at AT TIME ZONE 'UTC')::date AS period, 1 AS value FROM crm.web_session;

CREATE VIEW starter_ecommerce.repeat_rate AS
	SELECT quarter AS period, count(*) FILTER (WHERE orders > 1) AS numerator, count(*) AS denominator
	FROM (SELECT kpi_period(ordered_at, 'quarter') AS quarter, customer_id, count(*) AS orders FROM crm.orders WHERE status IN ('open', 'shipped') GROUP BY 1, 2) c
	GROUP BY quarter;

CREATE VIEW starter_ecommerce.on_time AS
	SELECT required_at AS period, ((shipped_at <= required_at) IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.orders WHERE status IN ('open', 'shipped') AND required_at >= '2024-01-01';

CREATE VIEW starter_ecommerce.staff_satisfaction AS
	SELECT quarter AS period, (satisfaction >= 4)::integer AS numerator, 1 AS denominator, 1 AS n
	FROM crm.employee_survey WHERE satisfaction IS NOT NULL;

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_ecommerce.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('gross_margin', 'Gross margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'sales', NULL::text, NULL::integer,
		'(revenue − cost of goods) / revenue; lines without a known cost are left out'),
	('web_conversion', 'Web conversion', 'month', 'ratio', 'customer', 'operational', 'leading', 'shop', NULL, NULL,
		'visits with a purchase / visits'),
	('revenue', 'Revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', 'sales', 'gross_margin', NULL,
		'orders less refunds, without cancelled ones, by day of order'),
	('acquisition_cost', 'Acquisition cost', 'month', 'ratio', 'financial', 'operational', 'lagging', 'marketing', NULL, NULL,
		'marketing and sales cost / new customers of the month; bills that have not come are missing'),
	('visits', 'Visits of the web shop', 'month', 'flow', 'customer', 'operational', 'leading', 'marketing', 'web_conversion', NULL,
		'sessions'),
	('repeat_rate', 'Repeat purchase rate', 'quarter', 'ratio', 'customer', 'strategic', 'lagging', 'marketing', NULL, NULL,
		'customers with two orders or more in the quarter / customers with an order'),
	('on_time', 'Shipped on time', 'month', 'ratio', 'process', 'operational', 'lagging', 'logistics', NULL, NULL,
		'orders shipped by the promised day / orders due'),
	('staff_satisfaction', 'Staff satisfaction', 'quarter', 'survey', 'people', 'strategic', 'leading', 'human resources', NULL, 30,
		'share of the answers 4 and 5 of 5')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('gross_margin', '>= 36% warn 34%'),
	('web_conversion', '>= 5% warn 4%'),
	('revenue', '>= 480000 warn 430000'),
	('acquisition_cost', '<= 600 warn 750'),
	('visits', '>= 500 warn 450'),
	('repeat_rate', '>= 45% warn 40%'),
	('on_time', '>= 93% warn 90%'),
	('staff_satisfaction', '>= 65% warn 60%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
