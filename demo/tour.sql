-- A tour of the KPIs over the demonstration CRM, for psql:
--
--   CREATE EXTENSION kpi;  \i demo/crm.sql  \i demo/tour.sql
--
-- Each stop says what is asked, then shows the query and its result. It leaves behind, in schema crm: the
-- table nps_day (stop 4), the table goal and the views actual and scorecard (stops 17, 18), and what scorecard.sql
-- makes (stop 19).

\set ON_ERROR_STOP on
\set QUIET on
\set ECHO none
\pset pager off
\pset format aligned
\pset border 1
\pset linestyle ascii
\pset footer off
\pset null '-'
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT format('SET search_path = crm, %s', extnamespace::regnamespace) FROM pg_extension WHERE extname = 'kpi' \gexec
DROP VIEW IF EXISTS crm.scorecard, crm.actual;
DROP TABLE IF EXISTS crm.nps_day, crm.goal;

\echo '============='
\echo 'A tour of kpi'
\echo '============='
\echo
\echo 'A made-up company sells coffee machines, coffee and service plans to offices. Its CRM holds two'
\echo 'years, 2024 and 2025; "today" is 2026-01-01. In spring 2025 support was short of people, and that'
\echo 'shows.'
\echo
\set ECHO queries
SELECT (SELECT count(*) FROM customer) AS customers, (SELECT count(*) FROM lead) AS leads,
       (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM subscription) AS subscriptions,
       (SELECT count(*) FROM survey_response) AS surveys, (SELECT count(*) FROM ticket) AS tickets;
\set ECHO none

\echo
\echo '1. Net Promoter Score'
\echo '---------------------'
\echo '"Would you recommend us, 0 to 10?" NPS is the share of promoters (9 and 10) less the share of'
\echo 'detractors (0 to 6), times 100. nps_agg() is an aggregate like avg(): use it with GROUP BY, FILTER'
\echo 'or OVER. A question left unanswered is NULL and does not count.'
\echo
\set ECHO queries
SELECT segment, count(*) AS surveys, count(nps_score) AS answers, round(nps_agg(nps_score)) AS nps
FROM survey_response JOIN customer c ON c.id = customer_id
GROUP BY segment
ORDER BY nps DESC;
\set ECHO none

\echo
\echo '2. How sure is that number?'
\echo '---------------------------'
\echo 'Those who answer stand for those who do not, so a score has a margin of error. nps_summary() keeps'
\echo 'the counts of promoters, passives and detractors; the score and its 95 % interval are read from'
\echo 'this summary.'
\echo
\set ECHO queries
SELECT quarter, s AS summary, round(nps(s)) AS nps, round(nps_lower(s)) AS lower, round(nps_upper(s)) AS upper
FROM (SELECT to_char(answered_at, 'YYYY-"Q"Q') AS quarter, nps_summary(nps_score) AS s
      FROM survey_response GROUP BY 1) q
ORDER BY quarter;
\set ECHO none

\echo
\echo '3. Is the drop real?'
\echo '--------------------'
\echo 'Scores always move a little. nps_change() gives the change with its interval: where 0 lies inside,'
\echo 'the move may be chance. The fall in spring 2025 is real, and so is the recovery. The moves of 2024'
\echo 'are not worth a meeting.'
\echo
\set ECHO queries
SELECT quarter, round(change) AS change, round(lower) AS lower, round(upper) AS upper,
       lower > 0 OR upper < 0 AS real
FROM (SELECT quarter, s, lag(s) OVER (ORDER BY quarter) AS before
      FROM (SELECT to_char(answered_at, 'YYYY-"Q"Q') AS quarter, nps_summary(nps_score) AS s
            FROM survey_response GROUP BY 1) q) p,
     nps_change(s, before)
ORDER BY quarter;
\set ECHO none

\echo
\echo '4. Summaries can be stored'
\echo '--------------------------'
\echo 'Keep one summary a day in a table, and longer periods come from there, without reading the answers'
\echo 'again. What arrives later is merged with +. Here the table is filled up to noon of the last day;'
\echo 'then the afternoon comes in.'
\echo
\set ECHO queries
CREATE TABLE nps_day (day date PRIMARY KEY, s nps_summary NOT NULL);
\echo
INSERT INTO nps_day
SELECT answered_at::date, nps_summary(nps_score)
FROM survey_response WHERE answered_at < '2025-12-31 12:00' GROUP BY 1;
\echo
INSERT INTO nps_day AS t
SELECT answered_at::date, nps_summary(nps_score)
FROM survey_response WHERE answered_at >= '2025-12-31 12:00' GROUP BY 1
ON CONFLICT (day) DO UPDATE SET s = t.s + EXCLUDED.s;
\set ECHO none
\echo
\echo 'rollup() is the aggregate that merges summaries. The quarters come out as in stop 2, from one row'
\echo 'a day:'
\echo
\set ECHO queries
SELECT to_char(day, 'YYYY-"Q"Q') AS quarter, count(*) AS days, rollup(s) AS summary, round(nps(rollup(s))) AS nps
FROM nps_day
WHERE day >= '2025-01-01'
GROUP BY 1
ORDER BY 1;
\set ECHO none
\echo
\echo 'A running score, always over the last 90 days, is a window over the same table. Shown are the ends'
\echo 'of the months:'
\echo
\set ECHO queries
SELECT day, responses(s90) AS answers, rounded(nps(s90), 1) AS nps_90_days
FROM (SELECT day, rollup(s) OVER (ORDER BY day RANGE BETWEEN interval '89 days' PRECEDING AND CURRENT ROW) AS s90
      FROM nps_day) w
WHERE day >= '2025-01-01' AND day = (date_trunc('month', day) + interval '1 month - 1 day')::date
ORDER BY day;
\set ECHO none

\echo
\echo '5. Customer satisfaction'
\echo '------------------------'
\echo 'CSAT is the share of answers in the best two boxes, 4 and 5 of 1 to 5. Other scales are'
\echo 'csat_agg(score, 7) or csat_agg(score, 10, 3). Rates are fractions between 0 and 1.'
\echo
\set ECHO queries
SELECT to_char(answered_at, 'YYYY-"Q"Q') AS quarter, count(csat_score) AS answers,
       rounded(csat_agg(csat_score), 3) AS csat
FROM survey_response
GROUP BY 1
ORDER BY 1;
\set ECHO none

\echo
\echo '6. On-time delivery'
\echo '-------------------'
\echo 'A comparison with a missing date is NULL, so orders that never left drop out of a plain average,'
\echo 'which then looks better than it is. on_time_rate(due, done, as_of) counts them as late once they'
\echo 'are due. Orders without a promised date are left out of both.'
\echo
\set ECHO queries
SELECT to_char(required_at, 'YYYY-"Q"Q') AS quarter,
       count(*) AS due, count(*) FILTER (WHERE shipped_at IS NULL) AS not_shipped,
       round(avg((shipped_at <= required_at)::integer), 3) AS plain_average,
       rounded(on_time_rate(required_at, shipped_at, '2025-12-31'), 3) AS on_time
FROM orders
WHERE status <> 'cancelled' AND required_at <= '2025-12-31'
GROUP BY 1
ORDER BY 1;
\set ECHO none

\echo
\echo '7. Lead conversion'
\echo '------------------'
\echo 'Won leads over all leads makes the latest quarter look bad: its leads have had no time yet.'
\echo 'conversion_summary(started, converted, within, as_of) judges a lead when its 90 days are over, and'
\echo 'what comes later than that is a miss, for old leads and young ones alike. In the last quarter only'
\echo '49 leads are old enough, and the interval says how little that tells.'
\echo
\set ECHO queries
SELECT quarter, leads, won_so_far, total(s) AS judged, rounded(rate(s), 3) AS rate,
       rounded(rate_lower(s), 3) AS lower, rounded(rate_upper(s), 3) AS upper
FROM (SELECT to_char(created_at, 'YYYY-"Q"Q') AS quarter, count(*) AS leads,
             round(count(won.lead_id)::numeric / count(*), 3) AS won_so_far,
             conversion_summary(created_at, won.entered_at, '90 days', '2026-01-01') AS s
      FROM lead LEFT JOIN lead_stage_history won ON won.lead_id = id AND won.stage = 'won'
      WHERE created_at >= '2024-07-01'
      GROUP BY 1) q
ORDER BY quarter;
\set ECHO none

\echo
\echo '8. Win rate'
\echo '-----------'
\echo 'Of the opportunities that were decided, how many were won? rate_summary() counts any condition,'
\echo 'and the interval is Wilson''s. With 78 deals the unknown channel may be nearly as good as referrals'
\echo 'or as poor as social media.'
\echo
\set ECHO queries
SELECT channel, hits(s) AS won, total(s) AS decided, rounded(rate(s), 3) AS win_rate,
       rounded(rate_lower(s), 3) AS lower, rounded(rate_upper(s), 3) AS upper
FROM (SELECT coalesce(channel, 'unknown') AS channel, rate_summary(lead.stage = 'won') AS s
      FROM lead JOIN lead_stage_history h ON h.lead_id = id AND h.stage = 'opportunity'
      WHERE lead.stage IN ('won', 'lost')
      GROUP BY 1) q
ORDER BY win_rate DESC;
\set ECHO none

\echo
\echo '9. Churn'
\echo '--------'
\echo 'churn_rate(before, after): of those who were customers when the quarter began, the share that had'
\echo 'left when it ended. Who came in between does not count.'
\echo
\set ECHO queries
SELECT to_char(start, 'YYYY-"Q"Q') AS quarter, count(*) FILTER (WHERE before) AS customers,
       count(*) FILTER (WHERE before AND NOT after) AS lost,
       rounded(churn_rate(before, after), 4) AS churn, rounded(retention_rate(before, after), 4) AS retention
FROM generate_series(timestamp '2024-01-01', '2025-10-01', '3 months') AS start, customer,
     LATERAL (SELECT since < start AND (lost_at < start) IS NOT TRUE,
                     (lost_at < start + interval '3 months') IS NOT TRUE) AS c(before, after)
GROUP BY start
ORDER BY start;
\set ECHO none

\echo
\echo '10. First response time'
\echo '-----------------------'
\echo 'An average hides those who waited long. duration_summary() keeps the whole distribution in one'
\echo 'value: median, 90th percentile, mean, and the exact share answered within 4 hours. Some tickets have a'
\echo 'wrong clock and were answered before they were opened. A negative duration is an error, so that'
\echo 'nobody averages it in unseen; FILTER leaves them out.'
\echo
\set ECHO queries
SELECT quarter, responses(s) AS tickets, date_trunc('minute', percentile(s, 0.5)) AS median,
       date_trunc('minute', percentile(s, 0.9)) AS p90, date_trunc('minute', mean(s)) AS mean,
       rounded(share_within(s, '4 hours'), 3) AS within_4_hours
FROM (SELECT to_char(created_at, 'YYYY-"Q"Q') AS quarter,
             duration_summary(created_at, first_response_at, '{4 hours}') FILTER (WHERE first_response_at >= created_at) AS s
      FROM ticket GROUP BY 1) q
ORDER BY quarter;
\set ECHO none

\echo
\echo '11. Average order value'
\echo '-----------------------'
\echo 'A ratio of sums: ratio_agg(numerator, denominator), exact on numeric. A refund lowers the revenue'
\echo 'but is no order. The total is 419: the mean of the three segments would be 512, because it lets the'
\echo 'few enterprise orders count as much as all the small ones.'
\echo
\set ECHO queries
SELECT coalesce(segment, 'total') AS segment, count(DISTINCT o.id) FILTER (WHERE refund_of IS NULL) AS orders,
       round(ratio_agg(revenue, (line_no = 1 AND refund_of IS NULL)::integer), 2) AS average_order_value
FROM orders o JOIN order_line ON order_id = o.id JOIN customer c ON c.id = customer_id
WHERE status <> 'cancelled'
GROUP BY ROLLUP (segment)
ORDER BY average_order_value;
\set ECHO none

\echo
\echo '12. Gross margin'
\echo '----------------'
\echo 'margin(revenue, cost) is (revenue - cost) / revenue over the rows that have both. One line in a'
\echo 'hundred has no known cost, and plain sums would count those goods as free. Coffee became dearer in'
\echo '2025; its price followed in July.'
\echo
\set ECHO queries
SELECT category.name AS category,
       round(1 - sum(cost) / sum(revenue), 4) AS if_unknown_were_free,
       round(margin(revenue, cost), 4) AS margin,
       round(margin(revenue, cost) FILTER (WHERE ordered_at < '2025-01-01'), 4) AS "2024",
       round(margin(revenue, cost) FILTER (WHERE ordered_at >= '2025-01-01'), 4) AS "2025"
FROM orders o JOIN order_line ON order_id = o.id JOIN product p ON p.id = product_id
     JOIN category ON category.id = category_id
WHERE status <> 'cancelled'
GROUP BY category.name
ORDER BY margin DESC;
\set ECHO none

\echo
\echo '13. Growth'
\echo '----------'
\echo 'growth_rate(current, previous): against the quarter before, and against the same quarter of last'
\echo 'year, which the season does not disturb. Without a previous value it is NULL, not 0 and not an'
\echo 'error.'
\echo
\set ECHO queries
SELECT quarter, round(revenue) AS revenue,
       round(growth_rate(revenue, lag(revenue) OVER w), 3) AS on_quarter_before,
       round(growth_rate(revenue, lag(revenue, 4) OVER w), 3) AS on_year_before
FROM (SELECT to_char(ordered_at, 'YYYY-"Q"Q') AS quarter, sum(revenue) AS revenue
      FROM orders JOIN order_line ON order_id = id WHERE status <> 'cancelled' GROUP BY 1) q
WINDOW w AS (ORDER BY quarter)
ORDER BY quarter;
\set ECHO none

\echo
\echo '14. Acquisition cost'
\echo '--------------------'
\echo 'cac(spend, new_customers): what one new customer cost. Spend and customers live in two tables;'
\echo 'UNION ALL puts them together, each with NULL for the other side. Where no channel was recorded'
\echo 'there is no spend, and so no cost: NULL, not zero. Mind that the December invoice for outbound is'
\echo 'still missing.'
\echo
\set ECHO queries
SELECT CASE WHEN grouping(channel) = 1 THEN 'total' ELSE coalesce(channel, 'unknown') END AS channel,
       sum(spend) AS spend, sum(new_customers) AS new_customers, round(cac(spend, new_customers), 2) AS cac
FROM (SELECT channel, spend, NULL::bigint AS new_customers FROM campaign_spend WHERE month >= '2025-01-01'
      UNION ALL
      SELECT channel, NULL, 1 FROM customer WHERE since >= '2025-01-01') x
GROUP BY ROLLUP (channel)
ORDER BY cac;
\set ECHO none

\echo
\echo '15. Return on campaigns'
\echo '-----------------------'
\echo 'roi(gain, cost) is (gain - cost) / cost. Gain is the gross margin until the end of 2025 from the'
\echo 'customers won in 2024; cost is what was spent to win them. Referrals, partners and search have'
\echo 'paid back; fairs and cold calls are far from it.'
\echo
\set ECHO queries
WITH gain AS (
  SELECT channel, sum(revenue - cost) AS gain
  FROM customer c JOIN orders o ON o.customer_id = c.id JOIN order_line ON order_id = o.id
  WHERE since BETWEEN '2024-01-01' AND '2024-12-31' AND status <> 'cancelled'
  GROUP BY channel
), spent AS (
  SELECT channel, sum(spend) AS cost FROM campaign_spend WHERE month < '2025-01-01' GROUP BY channel
)
SELECT coalesce(channel, 'total') AS channel, round(sum(gain)) AS gain, round(sum(cost)) AS cost,
       round(roi(gain, cost), 2) AS roi
FROM gain JOIN spent USING (channel)
GROUP BY ROLLUP (channel)
ORDER BY roi DESC;
\set ECHO none

\echo
\echo '16. Targets'
\echo '-----------'
\echo 'A target is a value of type kpi_target: a bound, where the warning begins, and if wanted where one'
\echo 'came from. kpi_status() is the traffic light, attainment() how much of the target is reached,'
\echo 'bullet() a bar for the terminal.'
\echo
\set ECHO queries
SELECT what, actual, target, kpi_status(actual, target) AS status,
       rounded(attainment(actual, target), 2) AS attainment, bullet(actual, target) AS bullet
FROM (VALUES ('NPS, at least 40', 37::double precision, '>= 40 warn 30'::kpi_target),
             ('the same, and last year was 25', 37, '>= 40 warn 30 from 25'),
             ('churn, at most 3 %', 0.025, '<= 3% warn 4%'),
             ('discount, in a range', 0.14, '[5%,10%] warn [4%,12%]'),
             ('no data', NULL, '>= 40')) v(what, actual, target);
\set ECHO none
\echo
\echo 'Of a summary, the light can also ask whether the sample is large enough: "uncertain" means that'
\echo 'the 95 % interval reaches into another colour.'
\echo
\set ECHO queries
SELECT coalesce(region, 'unknown') AS region, responses(s) AS answers, round(nps(s)) AS nps,
       round(nps_lower(s)) AS lower, round(nps_upper(s)) AS upper,
       kpi_status(nps(s), '>= 30 warn 20') AS by_score, kpi_status(s, '>= 30 warn 20', 0.95) AS by_interval
FROM (SELECT region, nps_summary(nps_score) AS s
      FROM survey_response JOIN customer c ON c.id = customer_id WHERE answered_at >= '2025-10-01' GROUP BY 1) q
ORDER BY nps DESC;
\set ECHO none

\echo
\echo '17. The scorecard'
\echo '-----------------'
\echo 'One view with the numbers of each quarter, one table with the goals, and the scorecard is a join.'
\echo 'kpi_period() gives the first day of the quarter. A lead counts where its 90 days end.'
\echo
\set ECHO queries
CREATE VIEW actual AS
SELECT kpi_period(answered_at, 'quarter') AS quarter, 'NPS' AS kpi, nps_agg(nps_score) AS actual
FROM survey_response GROUP BY 1
UNION ALL
SELECT kpi_period(answered_at, 'quarter'), 'Satisfaction', csat_agg(csat_score)
FROM survey_response GROUP BY 1
UNION ALL
SELECT kpi_period(required_at, 'quarter'), 'On-time delivery',
       on_time_rate(required_at, shipped_at, '2025-12-31')
FROM orders WHERE status <> 'cancelled' GROUP BY 1
UNION ALL
SELECT kpi_period(created_at, 'quarter'), 'Answered within 4 hours',
       share_within(duration_summary(created_at, first_response_at, '{4 hours}')
                    FILTER (WHERE first_response_at >= created_at), '4 hours')
FROM ticket GROUP BY 1
UNION ALL
SELECT kpi_period(created_at + interval '90 days', 'quarter'), 'Lead conversion',
       conversion_rate(created_at, won.entered_at, '90 days', '2026-01-01')
FROM lead LEFT JOIN lead_stage_history won ON won.lead_id = id AND won.stage = 'won' GROUP BY 1
UNION ALL
SELECT kpi_period(day, 'quarter'), 'Acquisition cost', cac(spend, new_customers)
FROM (SELECT month, spend, NULL::bigint FROM campaign_spend
      UNION ALL
      SELECT since, NULL, 1 FROM customer) AS x(day, spend, new_customers) GROUP BY 1
UNION ALL
SELECT kpi_period(ordered_at, 'quarter'), 'Gross margin', margin(revenue, cost)
FROM orders JOIN order_line ON order_id = id WHERE status <> 'cancelled' GROUP BY 1
UNION ALL
SELECT start::date, 'Churn', churn_rate(since < start AND (lost_at < start) IS NOT TRUE,
                                        (lost_at < start + interval '3 months') IS NOT TRUE)
FROM generate_series(timestamp '2024-01-01', '2025-10-01', '3 months') AS start, customer GROUP BY 1
UNION ALL
SELECT start::date, 'Days sales outstanding',
       dso(sum(revenue) FILTER (WHERE (paid_at < stop) IS NOT TRUE),
           sum(revenue) FILTER (WHERE shipped_at >= start), stop::date - start::date)
FROM generate_series(timestamp '2024-01-01', '2025-10-01', '3 months') AS start,
     LATERAL (SELECT start + interval '3 months') AS x(stop), orders JOIN order_line ON order_id = id
WHERE shipped_at < stop GROUP BY start, stop;
\echo
CREATE TABLE goal (kpi text PRIMARY KEY, target kpi_target NOT NULL, weight double precision NOT NULL);
\echo
INSERT INTO goal VALUES
  ('NPS', '>= 35 warn 25', 2), ('Satisfaction', '>= 80% warn 75%', 1),
  ('On-time delivery', '>= 95% warn 92%', 2), ('Answered within 4 hours', '>= 80% warn 70%', 1),
  ('Lead conversion', '>= 13% warn 11%', 1), ('Acquisition cost', '<= 700 warn 800', 1),
  ('Gross margin', '>= 38% warn 35%', 2), ('Churn', '<= 3% warn 4%', 2),
  ('Days sales outstanding', '[20,40] warn [15,50]', 1);
\echo
CREATE VIEW scorecard AS
SELECT quarter, kpi, target, actual, kpi_status(actual, target) AS status,
       attainment(actual, target) AS attainment, weight, bullet(actual, target) AS bullet
FROM actual JOIN goal USING (kpi)
WHERE quarter BETWEEN '2024-01-01' AND '2025-12-31';
\echo
SELECT kpi, target, rounded(actual, CASE WHEN actual < 1 THEN 3 ELSE 0 END) AS actual, status,
       rounded(attainment, 2) AS attainment, bullet
FROM scorecard
WHERE quarter = '2025-10-01'
ORDER BY status, attainment;
\set ECHO none
\echo
\echo 'weighted_score() sums it up in one number: the mean attainment by weight, none counted above 1.'
\echo 'Spring 2025 shows again:'
\echo
\set ECHO queries
SELECT to_char(quarter, 'YYYY-"Q"Q') AS quarter, rounded(weighted_score(attainment, weight), 3) AS score,
       count(*) FILTER (WHERE status = 'green') AS green, count(*) FILTER (WHERE status = 'amber') AS amber,
       count(*) FILTER (WHERE status = 'red') AS red
FROM scorecard
GROUP BY 1
ORDER BY 1;
\set ECHO none

\echo
\echo '18. Will we make the year?'
\echo '--------------------------'
\echo 'The goal for 2025 was a revenue of 6 million. At the end of each month: what should be there by'
\echo 'then, the attainment of that (pace), where the year ends if it goes on like this, and what each'
\echo 'remaining day must bring. January is too short to judge by. The rule is linear and knows no'
\echo 'Christmas trade, so it was too gloomy until December.'
\echo
\set ECHO queries
WITH month AS (
  SELECT (date_trunc('month', ordered_at) + interval '1 month - 1 day')::date AS at, sum(revenue) AS revenue
  FROM orders JOIN order_line ON order_id = id
  WHERE ordered_at >= '2025-01-01' AND status <> 'cancelled'
  GROUP BY 1
), running AS (
  SELECT at, sum(revenue) OVER (ORDER BY at)::double precision AS actual,
         '>= 6000000'::kpi_target AS target, daterange('2025-01-01', '2026-01-01') AS year
  FROM month
)
SELECT at, round(actual) AS actual, round(expected_progress(target, year, at)) AS expected,
       rounded(kpi_pace(actual, target, year, at), 3) AS pace, round(projected(actual, year, at)) AS projected,
       round(required_rate(actual, target, year, at)) AS needed_a_day
FROM running
ORDER BY at;
\set ECHO none

\echo
\echo '19. A scorecard that remembers'
\echo '------------------------------'
\echo 'kpi_define() tells what a KPI is and which view has its numbers, kpi_set_goal() what each period'
\echo 'should reach, kpi_measure() writes the readings, judges them and notes what changed. scorecard.sql'
\echo 'does that for seven KPIs, month by month as a schedule would have done. The first of them:'
\echo
\set ECHO queries
CREATE OR REPLACE VIEW kpi_gross_margin AS
SELECT ordered_at AS period, sum(revenue - cost) AS numerator, sum(revenue) AS denominator, count(*) AS n
FROM orders o JOIN order_line ON order_id = o.id
WHERE status <> 'cancelled' AND cost IS NOT NULL
GROUP BY 1;
\echo
SELECT kpi_define('gross margin', 'Gross margin [%]', 'kpi_gross_margin', 'month', 'ratio', 'financial', 'strategic', 'lagging');
SELECT kpi_set_goal('gross margin', '>= 38% warn 35%', daterange('2024-01-01', NULL), weight => 2);
SELECT name, readings, error FROM kpi_measure('gross margin', as_of => '2025-12-31', notify => false);
\set ECHO none
\o /dev/null
\ir scorecard.sql
\o
\echo
\echo 'How things stood at the end of 2025. NPS is uncertain: the goal lies inside its interval.'
\echo
\set ECHO queries
SELECT kpi, period, rounded(value, 3) AS value, rounded(target_value, 3) AS target, rounded(attainment, 2) AS attainment,
       status, rounded(year_ago, 3) AS year_ago, trend
FROM kpi_scorecard('2025-12-31')
WHERE segment = ''
ORDER BY status::kpi_status, attainment;
\set ECHO none
\echo
\echo 'Some KPIs have segments with goals of their own. What was red or amber there?'
\echo
\set ECHO queries
SELECT kpi, segment, rounded(value, 3) AS value, target_value AS target, status
FROM kpi_scorecard('2025-12-31')
WHERE segment <> '' AND status IN ('red', 'amber')
ORDER BY kpi, segment;
\set ECHO none
\echo
\echo 'What had changed on the way? A row a change, not a row a reading:'
\echo
\set ECHO queries
SELECT period, kpi, previous, status AS now, rounded(value, 3) AS value, target
FROM kpi_alert
WHERE segment = '' AND period >= '2025-03-01'
ORDER BY period, kpi
LIMIT 12;
\set ECHO none
\echo
\echo 'In one number for each perspective, and for how much of the weight there are data:'
\echo
\set ECHO queries
SELECT perspective, rounded(score, 3) AS score, coverage FROM kpi_score('2025-12-31');
\set ECHO none
\echo
\echo 'A scorecard ages too. kpi_review() looks at it, not at the business. Here as of the last day of the data:'
\echo
\set ECHO queries
SELECT kpi, rule, finding, action
FROM kpi_review('2025-12-31')
ORDER BY kpi, rule;
\set ECHO none
\echo
\echo 'The same as a page to show: psql -XAtc "SELECT kpi_scorecard_html(''2025-12-31'')" >scorecard.html'

\echo
\echo 'That is the tour. \\df+ nps_agg describes any function; doc/functions.md has them all by task. To put your own'
\echo 'questions to the same data: CREATE EXTENSION kpi in a database of yours, then \\i demo/crm.sql.'
\echo
