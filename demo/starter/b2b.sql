-- Starter set for B2B: sales to companies with leads and opportunities. A scorecard of 8 KPIs over
-- the demo's CRM; doc/starter.md says why these.
--
--   psql -f demo/crm.sql -f demo/crm_more.sql -c 'CREATE EXTENSION kpi' -f demo/starter/b2b.sql
--
-- The views are the sources and the only part that knows the demo's tables: put yours there.
-- The goals are examples; see kpi_propose_target().
-- The views have no last day but yesterday. The demo's data end on 2025-12-31, so the script measures up to then; with yours,
-- schedule kpi_measure(as_of => current_date - 1).
-- To empty the scorecard and be rid of it:
--
--   TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP SCHEMA starter_b2b CASCADE;

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA starter_b2b;
COMMENT ON SCHEMA starter_b2b IS 'sources of the starter set b2b';

CREATE VIEW starter_b2b.gross_margin AS
	SELECT o.ordered_at AS period, l.revenue - l.cost AS numerator, l.revenue AS denominator
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled' AND l.cost IS NOT NULL;

CREATE VIEW starter_b2b.lead_quality AS
	SELECT d.ended AS period, (EXISTS (SELECT FROM crm.lead_stage_history h
		WHERE h.lead_id = l.id AND h.stage IN ('mql', 'sql') AND h.entered_at <= l.created_at + interval '30 days'))::integer AS numerator, 1 AS denominator
	FROM crm.lead l, LATERAL (SELECT (l.created_at AT TIME ZONE 'UTC')::date + 30) d(ended) WHERE d.ended >= '2024-01-01';

CREATE VIEW starter_b2b.revenue AS
	SELECT o.ordered_at AS period, l.revenue AS value
	FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled';

CREATE VIEW starter_b2b.dso AS
	SELECT m AS period, (SELECT sum(i.total) FROM crm.invoice i WHERE i.credit AND i.issued_at <= d.last AND (i.paid_at > d.last) IS NOT FALSE) * (d.last - m + 1) AS numerator,
		(SELECT sum(i.total) FROM crm.invoice i WHERE i.credit AND i.issued_at BETWEEN m AND d.last) AS denominator
	FROM kpi_periods('2024-01-01', current_date - 1, 'month') m, LATERAL (SELECT least((m + interval '1 month - 1 day')::date, current_date - 1)) d(last);

CREATE VIEW starter_b2b.leads AS
	SELECT (created_at AT TIME ZONE 'UTC')::date AS period, 1 AS value FROM crm.lead WHERE created_at >= '2024-01-01 00:00 UTC';

CREATE VIEW starter_b2b.follow_up AS
	SELECT (due_at AT TIME ZONE 'UTC')::date AS period, ((at <= due_at) IS TRUE)::integer AS numerator, 1 AS denominator
	FROM crm.activity WHERE kind = 'follow-up' AND due_at >= '2024-01-01 00:00 UTC';

CREATE VIEW starter_b2b.win_rate AS
	SELECT (h.entered_at AT TIME ZONE 'UTC')::date AS period, (h.stage = 'won')::integer AS numerator, 1 AS denominator
	FROM crm.lead_stage_history h JOIN crm.lead_stage_history o ON o.lead_id = h.lead_id AND o.stage = 'opportunity'
	WHERE h.stage IN ('won', 'lost') AND h.entered_at >= '2024-01-01 00:00 UTC';

CREATE VIEW starter_b2b.crm_use AS
	SELECT m AS period, count(*) FILTER (WHERE EXISTS (SELECT FROM crm.login g WHERE g.employee_id = e.id
			AND g.at AT TIME ZONE 'UTC' >= m AND g.at AT TIME ZONE 'UTC' < m + interval '1 month')) AS numerator,
		count(*) AS denominator
	FROM kpi_periods('2024-01-01', current_date - 1, 'month') m JOIN crm.employee e
		ON e.crm_licence AND e.hired_at <= m AND (e.left_at >= m + interval '1 month') IS NOT FALSE
	GROUP BY m;

-- A guard comes before what it guards.
-- name, title, unit, kind, perspective, level, timing, owner, guard (what would show that it was reached in a harmful way),
-- fewest rows for a verdict, description
SELECT count(kpi_define(name, title, ('starter_b2b.' || name)::regclass, unit, kind, perspective, level, timing, description, owner,
	guard => guard, min_n => min_n, review_every => '3 months')) AS kpis_defined
FROM (VALUES
	('gross_margin', 'Gross margin', 'month', 'ratio', 'financial', 'strategic', 'lagging', 'sales', NULL::text, NULL::integer,
		'(revenue − cost of goods) / revenue; lines without a known cost are left out'),
	('lead_quality', 'Lead quality', 'month', 'ratio', 'customer', 'operational', 'leading', 'marketing', NULL, NULL,
		'share of the leads that were qualified within 30 days, in the month in which these are over'),
	('revenue', 'Revenue', 'month', 'flow', 'financial', 'strategic', 'lagging', 'sales', 'gross_margin', NULL,
		'orders less refunds, without cancelled ones, by day of order'),
	('dso', 'Days sales outstanding', 'month', 'ratio', 'financial', 'operational', 'lagging', 'finance', NULL, NULL,
		'receivables / credit sales × days of the month'),
	('leads', 'Leads', 'month', 'flow', 'customer', 'operational', 'leading', 'marketing', 'lead_quality', NULL,
		'leads created'),
	('follow_up', 'Follow-ups on time', 'month', 'ratio', 'process', 'operational', 'leading', 'sales', NULL, NULL,
		'follow-ups done by their due time / follow-ups due'),
	('win_rate', 'Win rate', 'month', 'ratio', 'process', 'operational', 'lagging', 'sales', NULL, NULL,
		'won / (won + lost) of the opportunities closed in the month'),
	('crm_use', 'CRM in use', 'month', 'ratio', 'people', 'functional', 'leading', 'head of sales', NULL, NULL,
		'people with a login in the month / people with a licence')
) AS k(name, title, unit, kind, perspective, level, timing, owner, guard, min_n, description);

SELECT count(kpi_set_goal(kpi, target::kpi_target, '[2025-01-01,)', origin => 'starter set')) AS goals_set
FROM (VALUES ('gross_margin', '>= 36% warn 34%'),
	('lead_quality', '>= 63% warn 60%'),
	('revenue', '>= 480000 warn 430000'),
	('dso', '<= 35 warn 40'),
	('leads', '>= 480 warn 420'),
	('follow_up', '>= 75% warn 70%'),
	('win_rate', '>= 50% warn 45%'),
	('crm_use', '>= 90% warn 87%')) AS g(kpi, target);
COMMIT;

SELECT name, readings, error FROM kpi_measure(as_of => '2025-12-31') ORDER BY name;
SELECT kpi, period, rounded(value, 3) AS value, target_value, rounded(attainment, 2) AS attainment, status, trend
FROM kpi_scorecard('2025-12-31') ORDER BY kpi;
