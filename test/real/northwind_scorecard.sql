-- Northwind's monthly revenue on the scorecard: the last month, of which there are six days, raises no alarm.
\cd :data
\set ECHO none
SET client_min_messages = warning;
SET datestyle = iso;
\i northwind_psql.sql
\set ECHO all
CREATE VIEW sales AS SELECT order_date AS period, ship_country AS segment,
	unit_price::text::numeric * quantity * (1 - discount::text::numeric) AS value, 1 AS n
FROM orders JOIN order_details USING (order_id);
SELECT kpi_define('revenue', 'Revenue', 'sales', 'month', 'flow', 'financial', 'strategic', 'lagging');
-- the target is what 1997 made in a month
SELECT round(avg(value), 2) AS month_of_1997 FROM (SELECT sum(value) AS value FROM sales
		WHERE date_part('year', period) = 1997 GROUP BY kpi_period(period, 'month')) m;
SELECT kpi_set_goal('revenue', '>= 51423.77 warn 40000', '[1997-01-01,1999-01-01)');
SELECT name, readings, alerts, error FROM kpi_measure(as_of => '1998-04-30', notify => false);
-- on each of the days of May that there are, and on all the others up to the last but one
SELECT sum(alerts) AS alarms, count(error) AS errors FROM generate_series(date '1998-05-01', '1998-05-30', '1 day') d,
	LATERAL kpi_measure('revenue', d::date, false);
-- an earlier day changes nothing that was measured to a later one
DELETE FROM kpi_reading WHERE period = '1998-05-01';
SELECT count(*) AS alerts FROM kpi_alert;
SELECT name, alerts FROM kpi_measure(as_of => '1998-05-06', notify => false);
SELECT period, round(value::numeric, 2) AS value, complete, round(attainment::numeric, 4) AS attainment, status
	FROM kpi_reading WHERE segment = '' AND period >= '1997-12-01' ORDER BY period;
SELECT round((SELECT sum(value) FROM sales WHERE period BETWEEN '1998-05-01' AND '1998-05-06') / (51423.77 * 6 / 31), 4)
	AS pace;
SELECT title, period, round(value::numeric, 2) AS value, status, round(previous::numeric, 2) AS previous,
	round(year_ago::numeric, 2) AS year_ago, trend FROM kpi_scorecard('1998-05-06') WHERE segment = '';
-- taken for a whole month it would have been one
SELECT name, alerts FROM kpi_measure(as_of => '1998-05-31', notify => false);
SELECT segment, period, previous, status, round(value::numeric, 2) AS value FROM kpi_alert;
-- every month and country is the sum of its lines, 0 where it has none, and the total the sum of the countries
SELECT count(*) AS readings, count(*) FILTER (WHERE s.value IS NULL AND r.value = 0) AS without_a_line,
	count(*) FILTER (WHERE r.value IS DISTINCT FROM coalesce(s.value, 0)) AS wrong
FROM kpi_reading r FULL JOIN (SELECT coalesce(segment, '') AS segment, kpi_period(period, 'month') AS period,
		sum(value)::float8 AS value FROM sales GROUP BY GROUPING SETS ((segment, 2), (2))) s USING (segment, period);
