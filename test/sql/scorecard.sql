-- kpi_scorecard, kpi_current, kpi_score: what they show on a day.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.fact (kpi text, period date, segment text DEFAULT '', value float8, n int);
CREATE VIEW shop.revenue AS SELECT period, segment, value FROM shop.fact WHERE kpi = 'revenue';
CREATE VIEW shop.csat AS SELECT period, value, n FROM shop.fact WHERE kpi = 'csat';
CREATE VIEW shop.backlog AS SELECT period, value FROM shop.fact WHERE kpi = 'backlog';
CREATE VIEW shop.visits AS SELECT period, value FROM shop.fact WHERE kpi = 'visits';
SELECT kpi_define('revenue', 'Revenue', 'shop.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging'),
	kpi_define('csat', 'Satisfaction', 'shop.csat', 'quarter', 'survey', 'customer', 'strategic', 'leading',
			min_n => 10),
	kpi_define('backlog', 'Backlog', 'shop.backlog', 'week', 'stock', 'process', 'operational', 'leading'),
	kpi_define('visits', 'Visits', 'shop.visits', 'day', 'flow', 'customer', 'operational', 'leading'),
	kpi_define('old', 'Retired', 'shop.visits', 'day', 'flow', 'customer', 'operational', 'leading',
			active => '(,2025-01-01)'),
	kpi_define('new', 'No data yet', 'shop.visits', 'month', 'flow', 'people', 'operational', 'leading');
-- nothing is measured yet
SELECT kpi, segment, period, value, target_value, status, trend FROM kpi_scorecard('2026-07-20');
INSERT INTO shop.fact SELECT 'revenue', m, s, CASE s WHEN 'north' THEN 60 ELSE 50 END + i
	FROM generate_series(timestamp '2025-01-01', '2026-06-01', '1 month') WITH ORDINALITY m(m, i),
	(VALUES ('north'), ('south')) s(s);
INSERT INTO shop.fact SELECT 'revenue', '2026-07-01'::date + 3 * d, 'north', 10 FROM generate_series(0, 9) d;
INSERT INTO shop.fact SELECT 'csat', q, '', 0.8 + 0.01 * (i % 2), 20
	FROM generate_series(timestamp '2025-01-01', '2026-04-01', '3 months') WITH ORDINALITY q(q, i);
INSERT INTO shop.fact VALUES ('csat', '2026-07-01', '', 0.9, 20);
INSERT INTO shop.fact SELECT 'backlog', d, '', 100 - i
	FROM generate_series(timestamp '2026-03-02', '2026-07-13', '1 week') WITH ORDINALITY d(d, i);
INSERT INTO shop.fact SELECT 'visits', d, '', 5 FROM generate_series(timestamp '2026-07-01', '2026-07-18', '1 day') d;
SELECT kpi_set_goal('revenue', '>= 150 warn 140', '[2026-01-01,2027-01-01)'),
	kpi_set_goal('revenue', '>= 80', '[2026-01-01,2027-01-01)', 'south', weight => 5),
	kpi_set_goal('csat', '>= 0.85 warn 0.75', '[2025-01-01,)', weight => 3),
		kpi_set_goal('backlog', '<= 80', '[2026-01-05,)'),
	kpi_set_goal('visits', '>= 10', '[2026-07-01,)');
SELECT name, readings, alerts, error FROM kpi_measure(as_of => '2026-07-20', notify => false);
-- revenue's July is judged by its pace in the total, south has no row in July and so 0; new is a flow without a goal,
-- whose month in progress is no result; csat's quarter is not over; visits ends
-- two days before
SELECT kpi, title, segment, period, value, target_value, round(attainment::numeric, 4) AS attainment, status, n
	FROM kpi_scorecard('2026-07-20');
SELECT kpi, segment, period, previous, year_ago, trend FROM kpi_scorecard('2026-07-20');
SELECT (70 / (150 * 20 / 31.0))::numeric(6,4) AS revenue_pace;
-- by hand: revenue min(pace, 1), csat .8 of .85, backlog 80 of 80 met, visits no data; south does not count since the
-- total has a goal
SELECT perspective, round(score::numeric, 4) AS score, round(coverage::numeric, 4) AS coverage
	FROM kpi_score('2026-07-20');
SELECT round(0.8 / 0.85, 4) AS csat;
-- on the 2nd there is no verdict on July yet, on the last day there is the final one
SELECT name, readings FROM kpi_measure('revenue', '2026-07-02', false);
SELECT segment, period, value, status FROM kpi_scorecard('2026-07-02') WHERE kpi = 'revenue';
SELECT name, readings FROM kpi_measure('revenue', '2026-07-31', false);
SELECT segment, period, value, round(attainment::numeric, 4) AS attainment, status FROM kpi_scorecard('2026-07-31')
	WHERE kpi = 'revenue';
-- the past as it was, as far as readings tell: a month that is now complete is not shown on a day inside it
SELECT segment, period, value, status FROM kpi_scorecard('2026-07-20') WHERE kpi = 'revenue';
SELECT segment, period, value, previous, year_ago, status FROM kpi_scorecard('2026-03-15') WHERE kpi = 'revenue';
-- a source that went silent is no data, not its last colour
SELECT kpi, segment, period, value, target_value, status FROM kpi_scorecard('2026-10-15');
-- a reading that was in progress when its period ended is not taken for the period
TRUNCATE kpi_reading;
SELECT count(*) FROM kpi_measure('revenue', '2026-07-20', false);
SELECT segment, period, value, status FROM kpi_scorecard('2026-08-01') WHERE kpi = 'revenue';
-- trend against another way to count, for every number of values
CREATE VIEW shop.random AS SELECT date '2020-01-01' + i AS period, abs(hashint4extended(i, 7) % 5) AS value
	FROM generate_series(0, 300) i;
SELECT kpi_define('random', 'R', 'shop.random', 'day', 'flow', 'people', 'functional', 'leading');
SELECT count(*) FROM kpi_measure('random', '2021-01-01', false);
WITH w AS (
	SELECT a.period, least(count(b.period), 8)::int AS points, sum(sign(c.value - b.value)) AS s
	FROM kpi_reading a JOIN kpi_reading b ON b.kpi = 'random' AND b.period BETWEEN a.period - 7 AND a.period
	LEFT JOIN kpi_reading c ON c.kpi = 'random' AND c.period > b.period AND c.period <= a.period
	WHERE a.kpi = 'random' GROUP BY a.period)
SELECT t.trend, count(*),
	bool_and(CASE t.trend WHEN 'rising' THEN w.s >= 16 WHEN 'falling' THEN w.s <= -16 ELSE abs(w.s) < 16 END) AS agrees
FROM w, LATERAL (SELECT trend FROM kpi_scorecard(w.period) WHERE kpi = 'random') t WHERE w.period >= '2020-01-08'
	GROUP BY t.trend ORDER BY t.trend;
SELECT string_agg(coalesce(trend, '-'), ' ' ORDER BY d)
	FROM generate_series(0, 6) d, kpi_scorecard('2020-01-01'::date + d) WHERE kpi = 'random';
-- a year ago is the period of that name, also where the calendar's years begin on other days: 1402 began on 21 March,
-- 1403 and 1404 on 20 and 21
CREATE VIEW shop.jalali AS SELECT date '2022-01-01' + i AS period, 1 AS value FROM generate_series(0, 1600) i;
SELECT kpi_define('jalali', 'J', 'shop.jalali', 'jalali month', 'flow', 'people', 'functional', 'leading');
SELECT count(*) FROM kpi_measure('jalali', '2026-04-30', false);
SELECT d AS as_of, period, value, previous, year_ago, kpi_next_period(period, 'jalali month') - period AS days
	FROM unnest('{2026-04-20,2025-04-20,2024-04-20,2024-03-19,2025-03-20}'::date[]) d, kpi_scorecard(d)
	WHERE kpi = 'jalali';
-- the view
SELECT count(*) = (SELECT count(*) FROM kpi_scorecard()) AS same FROM kpi_current;
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'kpi_current'::regclass AND attnum > 0
	ORDER BY attnum;
SELECT count(*) FROM kpi_scorecard(NULL);
SELECT count(*) FROM kpi_scorecard('infinity');
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
