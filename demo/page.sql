-- The page of make demo, after tour.sql: HTML on standard output.

\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset format html
\pset footer off
\pset border 0
\pset null '-'
SET timezone = 'UTC';
SELECT format('SET search_path = crm, %s', extnamespace::regnamespace) FROM pg_extension WHERE extname = 'kpi' \gexec

\echo '<!DOCTYPE html>'
\echo '<html lang="en">'
\echo '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>kpi: scorecard of a made-up company</title>'
\echo '<style>'
\echo 'body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 62em; margin: 2em auto; padding: 0 1em }'
\echo 'h1, h2 { line-height: 1.2; font-weight: 600 } h2 { margin-top: 2em; font-size: 1.15em }'
\echo 'table { border-collapse: collapse; font-variant-numeric: tabular-nums }'
\echo 'th, td { padding: .3em .8em; border-bottom: 1px solid #ddd } th { color: #666; font-weight: 500 }'
\echo 'td.green, td.amber, td.red, td.uncertain { text-align: center }'
\echo 'td.green { background: #d8efdc } td.amber { background: #fdeec7 } td.red { background: #f8d5d3 } td.uncertain { background: #e6e6e6 }'
\echo '.bars td:last-child { font-family: monospace; white-space: pre; color: #47698c }'
\echo '</style></head>'
\echo '<body>'
\echo '<h1>Scorecard, fourth quarter of 2025</h1>'
\echo '<p>A made-up company that sells coffee machines, coffee and service plans to offices. Each number is one'
\echo 'aggregate over the tables of its CRM; target, status, attainment and bar come from a <code>kpi_target</code>.</p>'
\echo '<div class="bars">'
SELECT kpi, target, round(actual::numeric, CASE WHEN actual < 1 THEN 3 ELSE 0 END) AS actual, status, round(attainment::numeric, 2) AS attainment, bullet
FROM scorecard
WHERE quarter = '2025-10-01'
ORDER BY kpi;
\echo '</div>'

\echo '<h2>The targets through two years</h2>'
\echo '<p>In spring 2025 support was short of people.</p>'
SELECT kpi, to_char(quarter, 'YYYY-"Q"Q') AS quarter, status
FROM scorecard
ORDER BY 1, 2
\crosstabview kpi quarter status

\echo '<h2>Net Promoter Score, with 95 % interval</h2>'
SELECT quarter, responses(s) AS answers, round(nps(s)) AS nps, round(nps_lower(s)) AS lower, round(nps_upper(s)) AS upper
FROM (SELECT to_char(day, 'YYYY-"Q"Q') AS quarter, rollup(s) AS s FROM nps_day GROUP BY 1) q
ORDER BY quarter;

\echo '<h2>First response to a ticket</h2>'
SELECT quarter, responses(s) AS tickets, date_trunc('minute', percentile(s, 0.5)) AS median,
       date_trunc('minute', percentile(s, 0.9)) AS "90th percentile", round(share_within(s, '4 hours')::numeric, 3) AS "within 4 hours"
FROM (SELECT to_char(created_at, 'YYYY-"Q"Q') AS quarter,
             duration_summary(first_response_at - created_at) FILTER (WHERE first_response_at >= created_at) AS s
      FROM ticket GROUP BY 1) q
ORDER BY quarter;

\echo '<h2>What a new customer cost in 2025</h2>'
SELECT coalesce(channel, 'unknown') AS channel, sum(spend) AS spend, sum(new_customers) AS customers, round(cac(spend, new_customers), 2) AS cac
FROM (SELECT channel, spend, NULL::bigint AS new_customers FROM campaign_spend WHERE month >= '2025-01-01'
      UNION ALL
      SELECT channel, NULL, 1 FROM customer WHERE since >= '2025-01-01') x
GROUP BY channel
ORDER BY cac;
\echo '</body></html>'
