-- Alerts that do not flap (recover), of what is watched without a goal (watch), and that somebody has seen.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.fact (period date, value numeric, numerator numeric, denominator numeric);
CREATE VIEW shop.level AS SELECT period, value FROM shop.fact;
CREATE VIEW shop.share AS SELECT period, numerator, denominator FROM shop.fact;
CREATE FUNCTION shop.define(recover float8, after int) RETURNS text LANGUAGE sql AS
	$$ SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
		alert_after => after, recover => recover) $$;
-- measures day by day, and gives the changes of status: which day, to what
CREATE FUNCTION shop.days(series numeric[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE kpi_reading, kpi_alert, shop.fact;
	FOR i IN 1 .. cardinality(series) LOOP
		INSERT INTO shop.fact VALUES (date '2026-01-01' + i, series[i]);
		PERFORM kpi_measure('level', date '2026-01-01' + i, false);
	END LOOP;
	RETURN (SELECT string_agg(period - '2026-01-01' || ' ' || status, ', ' ORDER BY raised_at) FROM kpi_alert);
END $$;
CREATE FUNCTION shop.again(series numeric[], times int) RETURNS numeric[] LANGUAGE sql AS
	$$ SELECT array_agg(v ORDER BY t, o) FROM generate_series(1, times) t, unnest(series) WITH ORDINALITY u(v, o) $$;
SELECT shop.define(-0.1, 2);
SELECT shop.define(1, 2);
SELECT shop.define('NaN', 2);
SELECT shop.define(0, 2);
SELECT kpi_set_goal('level', '<= 1000', '(,)');
-- two days below and two above, six times: eleven alerts, and one where it has to be under 990 to be over
SELECT shop.days(shop.again('{980,990,1010,1020}', 6));
SELECT shop.define(0.01, 2);
SELECT shop.days(shop.again('{980,990,1010,1020}', 6));
SELECT shop.days(shop.again('{980,990,1010,1020}', 6) || '{980,989.9,995,999,1001,989,988}'::numeric[]);
-- what gets worse is told at once, and the status itself is by the goal
SELECT shop.define(0.01, 1);
SELECT kpi_set_goal('level', '<= 1000 warn 1100', '(,)');
SELECT shop.days('{900,1050,1150,1095,1088,1050,995,989,1010}');
SELECT period - '2026-01-01' AS day, value, status FROM kpi_reading ORDER BY period;
-- higher is better, and a range: the share is of its width
SELECT kpi_set_goal('level', '>= 1000 warn 900', '(,)');
SELECT shop.days('{1100,950,1005,1010,1010.5,800,905,910,1011}');
SELECT kpi_set_goal('level', '[900,1100] warn [800,1200]', '(,)');
SELECT shop.days('{1000,1150,1099,1098.5,1097.5,700,801,803,901,903}');
-- below 0, and no data in between
SELECT kpi_set_goal('level', '>= -1000', '(,)');
SELECT shop.days('{-900,-1100,-995,-989,-1001,NULL,-995,-989}');

-- what is watched: a signal of its control chart, once, in the total and in segments
CREATE VIEW shop.parts AS SELECT period, value, s AS segment FROM shop.fact, unnest('{a,b}'::text[]) s
	WHERE s = 'a' OR period < '2026-01-31';
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading', watch => true);
TRUNCATE kpi_goal;
SELECT shop.days(shop.again('{100,103,98,101,99,102}', 4) || '{140,141,139,100,101,99,102,98,60,101}'::numeric[]);
SELECT period - '2026-01-01' AS day, segment, signal, value, status, target, previous FROM kpi_alert ORDER BY raised_at;
SELECT signal, status_text, status, target, previous_text FROM kpi_status_change ORDER BY raised_at;
-- against the chart itself, of a series without a change of level: limits of the days before
WITH day AS (
	SELECT d.period AS at, array_agg(f.period ORDER BY f.period) AS ats,
		array_agg(f.value::float8 ORDER BY f.period) AS series
	FROM shop.fact d JOIN shop.fact f ON f.period <= d.period WHERE d.period >= '2026-01-09' GROUP BY d.period
), newest AS (
	SELECT d.at, c.signal, c.before FROM day d, LATERAL (
		SELECT x.signal, lag(x.signal) OVER (ORDER BY x.at) AS before, x.at
		FROM control_chart(d.ats, d.series, cardinality(d.ats) - 1) x) c WHERE c.at = d.at)
SELECT (SELECT array_agg(n.at ORDER BY n.at) FROM newest n WHERE n.signal IS NOT NULL AND n.before IS NULL)
	= (SELECT array_agg(a.period ORDER BY a.period) FROM kpi_alert a) AS as_charted;
-- a change of level is one alert, and what is unusual at the new one another
SELECT shop.days(shop.again('{100,103,98,101,99,102}', 4) || shop.again('{200,203,198,201,199,202}', 3) || '{150}');
SELECT period - '2026-01-01' AS day, signal, value FROM kpi_alert ORDER BY raised_at;
SELECT substring(kpi_scorecard_html('2026-02-13'), '<ul class="changes".*?</ul>') ~ 'unusual</b>: outside' AS on_card,
	kpi_scorecard_html('2026-02-13') ~ 'Unusual: outside' AS in_list;
-- a goal is judged by its status, not by the chart; few readings, and who is not watched, signal nothing
SELECT kpi_set_goal('level', '>= 0', '(,)');
SELECT shop.days(shop.again('{100,103,98,101,99,102}', 4) || '{140}'::numeric[]);
TRUNCATE kpi_goal;
SELECT shop.days('{100,101,100,101,100,101,900}');
SELECT count(*) FROM kpi_alert;
SELECT shop.define(0, 1);
SELECT shop.days(shop.again('{100,103,98,101,99,102}', 4) || '{140}'::numeric[]);
SELECT count(*) FROM kpi_alert;
-- a ratio by its own chart: 4 of 20 is not outside after weeks of 100 of 1000, 400 of 1000 is
SELECT kpi_define('share', 'Share', 'shop.share', 'day', 'ratio', 'process', 'operational', 'leading', watch => true);
TRUNCATE shop.fact, kpi_reading, kpi_alert;
INSERT INTO shop.fact SELECT date '2026-01-01' + i, NULL, 100 + (i * 7) % 5 - 2, 1000 FROM generate_series(0, 29) i;
SELECT alerts FROM kpi_measure('share', '2026-01-30', false);
INSERT INTO shop.fact VALUES ('2026-01-31', NULL, 4, 20);
SELECT alerts FROM kpi_measure('share', '2026-01-31', false);
INSERT INTO shop.fact VALUES ('2026-02-01', NULL, 400, 1000);
SELECT alerts FROM kpi_measure('share', '2026-02-01', false) UNION ALL
	SELECT alerts FROM kpi_measure('share', '2026-02-01', false);
SELECT kpi, period, signal FROM kpi_alert;

-- seen
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert, shop.fact;
INSERT INTO shop.fact SELECT date '2026-01-01' + i FROM generate_series(0, 30) i;
SELECT kpi_define('sales', 'Sales', 'shop.parts', 'day', 'stock', 'process', 'operational', 'leading');
SELECT kpi_set_goal('sales', '>= 10', '(,)', s) FROM unnest('{"",a,b}'::text[]) s;
UPDATE shop.fact SET value = 5;
SELECT kpi_acknowledge('sales');
SELECT alerts FROM kpi_measure('sales', '2026-01-20', false);
SELECT kpi_acknowledge('sales', 'Ann looks into it', 'a');
SELECT segment, status, note, acknowledged_by = current_user AS by_me, acknowledged_at IS NULL AS open FROM kpi_alert
	ORDER BY segment;
SELECT kpi_acknowledge('sales'), kpi_acknowledge('sales'), kpi_acknowledge('sales', segment => '');
UPDATE shop.fact SET value = 50 WHERE period = '2026-01-21';
SELECT alerts FROM kpi_measure('sales', '2026-01-21', false);
SELECT segment, status, note, acknowledged_at IS NULL AS open FROM kpi_status_change ORDER BY raised_at, segment;
SELECT kpi_acknowledge('sales', segment => 'nobody');
SELECT kpi_acknowledge(NULL);
SELECT kpi_scorecard_html('2026-01-21') ~ ', seen' AS seen;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
