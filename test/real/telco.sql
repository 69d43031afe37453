-- Churn of 7,043 telephone customers.
\cd :data
\set ECHO none
SELECT 'CREATE TEMP TABLE telco (' || string_agg(quote_ident(c) || ' text', ', ' ORDER BY n) || ')'
FROM string_to_table('customer gender senior partner dependents tenure phone lines internet security backup protection '
		'support tv movies contract paperless payment monthly total churn', ' ') WITH ORDINALITY t(c, n) \gexec
\set ECHO all
\copy telco FROM telco_churn_ibm.csv CSV HEADER
SELECT hits(s), total(s), round(rate(s)::numeric, 6) AS churn
	FROM (SELECT rate_summary(churn = 'Yes') AS s FROM telco) q;
SELECT contract, rate_summary(churn = 'Yes'), round(churn_rate(true, churn = 'No')::numeric, 6) AS churn,
	abs(retention_rate(true, churn = 'No') + churn_rate(true, churn = 'No') - 1) < 1e-15 AS adds_up FROM telco
	GROUP BY contract ORDER BY contract;
-- money at stake, digit for digit
SELECT ratio_agg(monthly::numeric, 1::numeric)::text = (sum(monthly::numeric) / count(*))::text AS as_plain,
	sum(monthly::numeric) AS monthly, sum(monthly::numeric) FILTER (WHERE churn = 'Yes') AS lost FROM telco;
SELECT round(ratio_agg(CASE WHEN churn = 'Yes' THEN monthly::numeric ELSE 0 END, monthly::numeric), 6) AS revenue_churn
	FROM telco;
-- the same as movements: all pay in the first month, and those who churn are gone in the second
SELECT period, opening, new, churn, closing, churned_customers, customers, round(grr::numeric, 6) AS grr,
	round(logo_churn::numeric, 6) AS logo_churn
FROM (SELECT subscription_summary(customer, daterange('2024-01-01', CASE WHEN churn = 'Yes' THEN date '2024-02-01' END),
		monthly::numeric, 'month', '2024-02-29') AS s FROM telco) q,
	revenue_movements(s, as_of => '2024-02-29');
