-- Time: a schedule that measures yesterday, an earlier as_of after a later one, a last year that the source holds in
-- part.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.fact (period date, value numeric);
CREATE VIEW shop.day AS SELECT period, value FROM shop.fact;
CREATE VIEW shop.reading AS SELECT kpi, period, value, complete, status, measured_to FROM kpi_reading
	ORDER BY kpi COLLATE "C", period;

-- every day of two months, measured up to the day before, and then to the day itself: never no_data, and the period
-- that had ended by then
SELECT kpi_define(unit, 'x', 'shop.day', unit, 'flow', 'financial', 'strategic', 'lagging')
	FROM unnest('{day,week,month}'::text[]) unit;
SELECT kpi_set_goal(name, '>= 1', '(,)') FROM kpi_definition;
INSERT INTO shop.fact SELECT d, 20 FROM generate_series(timestamp '2025-11-01', '2026-03-31', '1 day') d;
CREATE TABLE shop.seen (day date, measured boolean, kpi text, period date, status text, complete boolean);
DO $$
DECLARE
	today date;
BEGIN
	FOR today IN SELECT generate_series(timestamp '2026-01-28', '2026-03-04', '1 day') LOOP
		PERFORM kpi_measure(as_of => today - 1, notify => false);
		INSERT INTO shop.seen SELECT today, false, s.kpi, s.period, s.status, r.complete
			FROM kpi_scorecard(today) s LEFT JOIN kpi_reading r USING (kpi, segment, period);
		PERFORM kpi_measure(as_of => today, notify => false);
		INSERT INTO shop.seen SELECT today, true, s.kpi, s.period, s.status, r.complete
			FROM kpi_scorecard(today) s LEFT JOIN kpi_reading r USING (kpi, segment, period);
	END LOOP;
END
$$;
SELECT kpi, measured, count(*) AS days, count(*) FILTER (WHERE status <> 'green') AS not_green,
	-- of a day that is over, its period if it is judged; a tenth of a month is 3.1, 2.8 or 3 days, of a week a day
	count(*) FILTER (WHERE period <> CASE WHEN kpi = 'month'
			AND extract(day FROM over) <= CASE WHEN over < '2026-02-01' OR over >= '2026-03-01' THEN 3 ELSE 2 END
		THEN kpi_period(kpi_period(over, kpi) - 1, kpi) ELSE kpi_period(over, kpi) END) AS other_period
FROM shop.seen, LATERAL (SELECT day - CASE WHEN measured THEN 0 ELSE 1 END AS over) o GROUP BY kpi, measured
	ORDER BY kpi, measured;
-- a source that stops is no data the day after, and one that is not measured any more too
DELETE FROM shop.fact WHERE period > '2026-03-04';
SELECT count(*) FROM kpi_measure(as_of => '2026-03-05');
SELECT kpi, period, status FROM kpi_scorecard('2026-03-06');
SELECT kpi, period, status FROM kpi_scorecard('2026-03-07') WHERE kpi = 'day';
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- an earlier day after a later one: no reading goes back, no alert comes of it
SELECT kpi_define('flow', 'x', 'shop.day', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_set_goal('flow', '>= 300 warn 270', '[2026-01-01,2027-01-01)');
INSERT INTO shop.fact SELECT d, CASE WHEN d < '2026-03-01' THEN 20 ELSE 1 END
	FROM generate_series(timestamp '2026-01-01', '2026-04-15', '1 day') d;
SELECT as_of, changed, alerts FROM unnest('{2026-02-28,2026-03-31,2026-03-15,2026-02-10,2026-03-31}'::date[])
	WITH ORDINALITY a(as_of, place), LATERAL kpi_measure('flow', as_of, false) m ORDER BY place;
SELECT * FROM shop.reading;
SELECT measured_to FROM kpi_definition;
SELECT period, previous, status FROM kpi_alert ORDER BY raised_at;
-- not even where the source has changed meanwhile, or is gone
UPDATE shop.fact SET value = 30;
SELECT changed, alerts FROM kpi_measure('flow', '2026-03-15', false);
SELECT * FROM shop.reading;
DELETE FROM shop.fact WHERE period >= '2026-02-01';
SELECT changed, alerts FROM kpi_measure('flow', '2026-03-15', false);
SELECT * FROM shop.reading;
-- a purged reading brings no alert of the month before
DELETE FROM kpi_reading WHERE period = '2026-03-01';
INSERT INTO shop.fact SELECT d, 20 FROM generate_series(timestamp '2026-02-01', '2026-02-28', '1 day') d;
SELECT changed, alerts FROM kpi_measure('flow', '2026-03-15', false);
SELECT * FROM shop.reading;
SELECT period, previous, status FROM kpi_alert ORDER BY raised_at;
-- a correction that takes the verdict away does
CREATE VIEW shop.answers AS SELECT period, value, 50 AS n FROM shop.fact;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;
SELECT kpi_define('survey', 'x', 'shop.answers', 'month', 'survey', 'customer', 'strategic', 'lagging', min_n => 30);
SELECT kpi_set_goal('survey', '>= 8', '[2026-01-01,2027-01-01)');
INSERT INTO shop.fact VALUES ('2026-01-01', 9), ('2026-02-01', 9), ('2026-03-01', 5);
SELECT changed, alerts FROM kpi_measure('survey', '2026-03-31', false);
CREATE OR REPLACE VIEW shop.answers AS SELECT period, value, CASE WHEN period < '2026-03-01' THEN 50 ELSE 5 END AS n
	FROM shop.fact;
SELECT changed, alerts FROM kpi_measure('survey', '2026-03-31', false);
SELECT period, previous, status FROM kpi_alert ORDER BY raised_at;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;

-- pace by last year: not by a month of which the source holds the end only
SELECT kpi_define('flow', 'x', 'shop.day', 'month', 'flow', 'financial', 'strategic', 'lagging', pace => 'last year');
SELECT kpi_set_goal('flow', '>= 300', '[2024-01-01,2025-01-01)');
INSERT INTO shop.fact SELECT d, 10 FROM generate_series(timestamp '2023-04-20', '2024-05-20', '1 day') d;
SELECT count(*) FROM kpi_measure('flow', '2024-04-24', false);
SELECT period, value, share, status FROM kpi_reading WHERE NOT complete;
SELECT count(*) FROM kpi_measure('flow', '2024-05-15', false);
SELECT period, value, share, status FROM kpi_reading WHERE NOT complete;
-- from the first of the month on it is whole
INSERT INTO shop.fact SELECT d, 10 FROM generate_series(timestamp '2023-04-01', '2023-04-19', '1 day') d;
TRUNCATE kpi_reading;
SELECT count(*) FROM kpi_measure('flow', '2024-04-24', false);
SELECT period, value, share, status FROM kpi_reading WHERE NOT complete;
-- a source that shows the last 365 days only has it in part too
TRUNCATE kpi_reading;
DELETE FROM shop.fact WHERE period < '2023-04-10';
SELECT count(*) FROM kpi_measure('flow', '2024-04-24', false);
SELECT period, value, share, status FROM kpi_reading WHERE NOT complete;
-- pace by last year where the server has no function for the unit: the same days of the period, not of the calendar
CREATE TABLE shop.steady AS SELECT d::date AS period, 10 AS value
	FROM generate_series(timestamp '2019-01-01', '2024-12-31', '1 day') d;
SELECT kpi_define('steady ' || unit, 'x', 'shop.steady', unit, 'flow', 'financial', 'strategic', 'lagging',
	pace => 'last year') FROM unnest('{4-4-5 month,4-5-4 month feb sun,jalali month}'::text[]) unit;
SELECT as_of, (SELECT string_agg(error, ' ') FROM kpi_measure(as_of => as_of) WHERE name ~ '^steady') AS errors
FROM unnest('{2021-01-12,2024-02-12}'::date[]) as_of;
SELECT d.unit, r.period, r.measured_to, round(r.share::numeric, 4) AS share,
	round((r.measured_to - r.period + 1)::numeric / (SELECT kpi_next_period(p, d.unit) - p
			FROM (SELECT kpi_period((r.period + 10 - interval '1 year')::date, d.unit) AS p) y), 4) AS right_share
FROM kpi_reading r JOIN kpi_definition d ON d.name = r.kpi WHERE r.kpi ~ '^steady' AND NOT r.complete ORDER BY 1, 2;
-- a ratio over denominators that are not above 0 in all has no value, as margin() has none
CREATE TABLE shop.refunds AS SELECT date '2024-01-15' AS period, segment, numerator, denominator
	FROM (VALUES ('a', -70, -50), ('b', 20, 50), ('c', 5, 0), ('d', -10, 100)) v (segment, numerator, denominator);
SELECT kpi_define('refunds', 'x', 'shop.refunds', 'month', 'ratio', 'financial', 'strategic', 'lagging');
SELECT error FROM kpi_measure('refunds', '2024-01-31');
SELECT r.segment, r.value, r.numerator, r.denominator, m.margin
FROM kpi_reading r LEFT JOIN (SELECT segment, round(margin(denominator, denominator - numerator), 4) AS margin
	FROM shop.refunds GROUP BY segment) m USING (segment) WHERE r.kpi = 'refunds' ORDER BY r.segment;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
