-- A scorecard of seven KPIs over the demonstration CRM: sources, definitions, goals, and two years measured month
-- by month, as a company would have done it.
--
--   CREATE EXTENSION kpi;  \i demo/crm.sql  \i demo/scorecard.sql
--
-- Leaves the views kpi_revenue and so on in schema crm, and rows in the tables of the scorecard. May be run again.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT format('SET search_path = crm, %s', extnamespace::regnamespace) FROM pg_extension WHERE extname = 'kpi' \gexec

DELETE FROM kpi_alert a USING kpi_definition d WHERE d.name = a.kpi AND d.source LIKE 'crm.%';
DELETE FROM kpi_reading r USING kpi_definition d WHERE d.name = r.kpi AND d.source LIKE 'crm.%';
DELETE FROM kpi_goal g USING kpi_definition d WHERE d.name = g.kpi AND d.source LIKE 'crm.%';
DELETE FROM kpi_definition WHERE source LIKE 'crm.%';

-- ------------------------------------------------------------------------------------------------------------ sources

-- A source is a view with a period and a value, or a numerator and a denominator. Days and months are put
-- together by the scorecard.
CREATE OR REPLACE VIEW kpi_revenue AS
SELECT ordered_at AS period, c.segment, sum(revenue) AS value, count(DISTINCT o.id) AS n
FROM orders o JOIN order_line ON order_id = o.id JOIN customer c ON c.id = customer_id
WHERE status <> 'cancelled'
GROUP BY 1, 2;
COMMENT ON VIEW kpi_revenue IS 'revenue by day and customer segment, less refunds';

-- Lines without a known cost are left out of both sums, as margin() does.
CREATE OR REPLACE VIEW kpi_gross_margin AS
SELECT ordered_at AS period, sum(revenue - cost) AS numerator, sum(revenue) AS denominator, count(*) AS n
FROM orders o JOIN order_line ON order_id = o.id
WHERE status <> 'cancelled' AND cost IS NOT NULL
GROUP BY 1;

CREATE OR REPLACE VIEW kpi_nps AS
SELECT kpi_period(answered_at, 'quarter') AS period, nps(nps_summary(nps_score)) AS value,
       responses(nps_summary(nps_score)) AS n, nps_margin(nps_summary(nps_score)) AS margin
FROM survey_response
GROUP BY 1;

-- Customers of the first day of the month, and those of them who left within it.
CREATE OR REPLACE VIEW kpi_churn AS
SELECT month::date AS period, c.segment, count(*) FILTER (WHERE lost_at < month + interval '1 month') AS numerator,
       count(*) AS denominator, count(*) AS n
FROM generate_series(timestamp '2024-01-01', '2025-12-01', '1 month') AS month
     JOIN customer c ON since < month AND (lost_at < month) IS NOT TRUE
GROUP BY 1, 2;

CREATE OR REPLACE VIEW kpi_on_time AS
SELECT required_at AS period, count(*) FILTER (WHERE shipped_at <= required_at) AS numerator, count(*) AS denominator,
       count(*) AS n
FROM orders
WHERE status <> 'cancelled' AND required_at <= '2025-12-31'
GROUP BY 1;

CREATE OR REPLACE VIEW kpi_answered AS
SELECT created_at::date AS period, channel AS segment,
       count(*) FILTER (WHERE first_response_at <= created_at + interval '4 hours') AS numerator,
       count(*) AS denominator, count(*) AS n
FROM ticket
WHERE (first_response_at < created_at) IS NOT TRUE
GROUP BY 1, 2;

-- Six sellers.
CREATE OR REPLACE VIEW kpi_won AS
SELECT kpi_period(entered_at, 'month') AS period, count(*) AS numerator, count(DISTINCT l.owner) AS denominator, count(*) AS n
FROM lead_stage_history h JOIN lead l ON l.id = h.lead_id
WHERE h.stage = 'won' AND entered_at >= '2024-01-01'
GROUP BY 1;

-- -------------------------------------------------------------------------------------------------------- definitions

SELECT kpi_define('gross margin', 'Gross margin [%]', 'kpi_gross_margin', 'month', 'ratio', 'financial', 'strategic', 'lagging',
	description => 'Revenue less cost of goods, as a share of revenue. Lines without a known cost are left out.',
	owner => 'Head of purchasing', review_every => '1 year');
SELECT kpi_define('revenue', 'Revenue [EUR]', 'kpi_revenue', 'month', 'flow', 'financial', 'strategic', 'lagging',
	description => 'Orders less refunds, by day of order.',
	owner => 'Head of sales', guard => 'gross margin', review_every => '1 year');
SELECT kpi_define('nps', 'Net Promoter Score [points]', 'kpi_nps', 'quarter', 'survey', 'customer', 'strategic', 'lagging',
	description => 'Would you recommend us, 0 to 10? Promoters (9, 10) less detractors (0 to 6).',
	owner => 'Head of customer success', min_n => 100, review_every => '6 months');
SELECT kpi_define('churn', 'Monthly customer churn [%]', 'kpi_churn', 'month', 'ratio', 'customer', 'strategic', 'lagging',
	description => 'Of the customers at the start of the month, the share that left within it.',
	owner => 'Head of customer success', min_n => 200, review_every => '6 months');
SELECT kpi_define('on time', 'On-time delivery [%]', 'kpi_on_time', 'month', 'ratio', 'process', 'operational', 'leading',
	description => 'Of the orders due, the share shipped by the promised day. Not shipped is late.',
	owner => 'Head of logistics', min_n => 50, review_every => '6 months');
SELECT kpi_define('answered', 'Tickets answered within 4 hours [%]', 'kpi_answered', 'month', 'ratio', 'process', 'operational', 'leading',
	description => 'Share of the tickets of the month. Tickets with a wrong clock are left out.',
	owner => 'Head of support', min_n => 20, review_every => '6 months');
SELECT kpi_define('won', 'New customers won per seller', 'kpi_won', 'month', 'ratio', 'people', 'functional', 'leading',
	description => 'Deals won in the month, by sellers who won any.',
	owner => 'Head of sales', review_every => '6 months');

-- -------------------------------------------------------------------------------------------------------------- goals

-- Six million in 2025, and the season of 2024 says in which months; with a little less it is amber.
SELECT kpi_split_goal('revenue', 6000000, daterange('2025-01-01', '2026-01-01'), (
	SELECT array_agg(revenue ORDER BY month)
	FROM (SELECT kpi_period(period, 'month') AS month, sum(value)::double precision AS revenue
	      FROM kpi_revenue WHERE period < '2025-01-01' GROUP BY 1) m));
SELECT kpi_set_goal('gross margin', '>= 38% warn 35%', daterange('2024-01-01', NULL), weight => 2);
SELECT kpi_set_goal('nps', '>= 35 warn 25', daterange('2024-01-01', NULL), weight => 2);
SELECT kpi_set_goal('churn', '<= 1.2%', daterange('2024-01-01', '2025-01-01'), weight => 2);
SELECT kpi_set_goal('churn', '<= 1% warn 1.3%', daterange('2025-01-01', NULL), weight => 2, origin => 'board, December 2024');
SELECT kpi_set_goal('on time', '>= 95% warn 92%', daterange('2024-01-01', NULL));
SELECT kpi_set_goal('answered', '>= 80% warn 70%', daterange('2024-01-01', NULL));
SELECT kpi_set_goal('won', '>= 15 warn 12', daterange('2024-01-01', NULL));

SELECT kpi_set_goal('churn', target::kpi_target, daterange('2025-01-01', NULL), segment)
FROM (VALUES ('small', '<= 1.3% warn 1.7%'), ('mid-size', '<= 0.8% warn 1.1%'), ('enterprise', '<= 0.5% warn 0.8%')) AS g (segment, target);
SELECT kpi_set_goal('answered', target::kpi_target, daterange('2025-01-01', NULL), segment)
FROM (VALUES ('chat', '>= 90% warn 80%'), ('phone', '>= 90% warn 80%'), ('portal', '>= 80% warn 70%'), ('email', '>= 70% warn 60%')) AS g (segment, target);

-- ---------------------------------------------------------------------------------------------------------- measuring

-- What a schedule would have done at the end of each month.
SELECT format('SELECT %L::date AS as_of, sum(changed) AS changed, sum(alerts) AS alerts, count(error) AS errors FROM kpi_measure(as_of => %1$L, notify => false)',
	(month + interval '1 month - 1 day')::date)
FROM generate_series(timestamp '2024-12-01', '2025-12-01', '1 month') AS month
ORDER BY month
\gexec
