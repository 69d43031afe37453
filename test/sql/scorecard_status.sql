-- Status that can be trusted, and alerts on its changes.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.fact (kpi text, period date, segment text DEFAULT '', value numeric, n int, margin float8);
CREATE VIEW shop.flow AS SELECT period, segment, value FROM shop.fact WHERE kpi = 'flow';
CREATE VIEW shop.survey AS SELECT period, segment, value, n, margin FROM shop.fact WHERE kpi = 'survey';
CREATE VIEW reading AS SELECT kpi, segment, period, value, complete, round(share::numeric, 4) AS share,
	round(attainment::numeric, 4) AS attainment, target, status FROM kpi_reading ORDER BY kpi, segment, period;

-- a flow of 10 a day from 2025 on
SELECT kpi_define('flow', 'Flow', 'shop.flow', 'month', 'flow', 'financial', 'strategic', 'lagging');
INSERT INTO shop.fact (kpi, period, value) SELECT 'flow', d, 10
	FROM generate_series(timestamp '2025-01-01', '2026-06-30', '1 day') d;

-- every kind of target, on every day of a month: green exactly where kpi_pace() is at least 1, no verdict in the first
-- tenth
CREATE TABLE shop.seen (target kpi_target, as_of date, status kpi_status, attainment float8, value float8,
		share float8);
DO $$
DECLARE
	goal kpi_target;
	day date;
BEGIN
	FOREACH goal IN ARRAY ARRAY['>= 300', '>= 310', '>= 311', '>= 330 warn 300', '<= 310', '<= 309 warn 320',
			'<= 300 warn 305', '[290,320]', '[320,400] warn [300,500]', '>= 310 from 200', '>= 350 warn 310 from 200',
			'>= -5', '<= 0']::kpi_target[] LOOP
		PERFORM kpi_set_goal('flow', goal, '[2025-01-01,2027-01-01)');
		-- an earlier day changes nothing that was measured to a later one
		DELETE FROM kpi_reading;
		FOR day IN SELECT generate_series(timestamp '2026-01-01', '2026-01-31', '1 day') LOOP
			PERFORM kpi_measure('flow', day, false);
			INSERT INTO shop.seen SELECT goal, day, status, attainment, value, share FROM kpi_reading
				WHERE kpi = 'flow' AND period = '2026-01-01';
		END LOOP;
	END LOOP;
END
$$;
SELECT count(*) AS judged, count(*) FILTER (WHERE value <> 10 * (as_of - '2025-12-31')) AS wrong_value,
	count(*) FILTER (WHERE attainment IS DISTINCT FROM kpi_pace(value, target, '[2026-01-01,2026-02-01)', as_of))
		AS wrong_attainment,
	count(*) FILTER (WHERE (status = 'green') <> (kpi_pace(value, target, '[2026-01-01,2026-02-01)', as_of) >= 1))
		AS wrong_green,
	count(*) FILTER (WHERE (status = 'pending') <> ((as_of - '2025-12-31') * 10 < 31)) AS wrong_pending,
	count(*) FILTER (WHERE as_of = '2026-01-31' AND status <> kpi_status(310, target)) AS wrong_end,
	count(*) FILTER (WHERE (share IS NULL) <> (status = 'pending')) AS wrong_share
FROM shop.seen;
SELECT target, string_agg(left(status::text, 1), '' ORDER BY as_of) AS days FROM shop.seen GROUP BY target
	ORDER BY target::text COLLATE "C";

-- by last year's shape: December sells in its last week only, so that a straight line would be red until then
DELETE FROM shop.fact;
INSERT INTO shop.fact (kpi, period, value) SELECT 'flow', d, CASE WHEN extract(day FROM d) > 24 THEN 100 ELSE 5 END
	FROM generate_series(timestamp '2024-12-01', '2024-12-31', '1 day') d;
INSERT INTO shop.fact (kpi, period, value) SELECT 'flow', d, CASE WHEN extract(day FROM d) > 24 THEN 110 ELSE 6 END
	FROM generate_series(timestamp '2025-12-01', '2025-12-31', '1 day') d;
TRUNCATE kpi_reading, kpi_goal, kpi_alert;
SELECT kpi_set_goal('flow', '>= 850', '[2025-12-01,2026-01-01)');
SELECT kpi_measure('flow', '2025-12-20', false);
SELECT * FROM reading;
SELECT kpi_define('flow', 'Flow', 'shop.flow', 'month', 'flow', 'financial', 'strategic', 'lagging',
		pace => 'last year');
SELECT kpi_measure('flow', '2025-12-20', false);
SELECT *, round(24 * 5 / 820.0, 4) AS by_24, 120 / (850 * 100 / 820.0) AS on_pace FROM reading
	WHERE period = '2025-12-01';
-- no shape, no verdict: nothing last year, or one row for the whole period
DELETE FROM shop.fact WHERE period < '2025-01-01';
SELECT kpi_measure('flow', '2025-12-20', false);
SELECT * FROM reading;
INSERT INTO shop.fact (kpi, period, value) VALUES ('flow', '2024-12-01', 820);
SELECT kpi_measure('flow', '2025-12-20', false);
SELECT * FROM reading WHERE period = '2025-12-01';
SELECT kpi_measure('flow', '2025-12-31', false);
SELECT * FROM reading WHERE period = '2025-12-01';

-- what is no flow has no pace: pending until its period is over
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
SELECT kpi_define('survey', 'Survey', 'shop.survey', 'month', 'survey', 'customer', 'strategic', 'lagging',
		min_n => 30);
SELECT kpi_set_goal('survey', '>= 50 warn 40', '[2025-01-01,2026-01-01)');
INSERT INTO shop.fact (kpi, period, value, n, margin) VALUES
	('survey', '2024-12-01', 60, 99, NULL), -- no goal
	('survey', '2025-01-01', 60, 99, NULL), ('survey', '2025-02-01', 50, 30, 0), ('survey', '2025-03-01', 55, 99, 6),
		('survey', '2025-04-01', 55, 99, 5),
	('survey', '2025-05-01', 45, 99, 4), ('survey', '2025-06-01', 39, 99, 2), ('survey', '2025-07-01', 30, 99, 5),
	('survey', '2025-08-01', 60, 29, NULL),
	('survey', '2025-09-01', 60, NULL, NULL), ('survey', '2025-10-01', NULL, 99, NULL),
	('survey', '2025-11-01', 60, 99, NULL);
SELECT kpi_measure('survey', '2025-11-29', false);
SELECT period, value, complete, attainment, status FROM reading;
-- a goal that comes later judges what is there
SELECT kpi_set_goal('survey', '<= 20 warn 30', '[2025-07-01,2025-08-01)'),
	kpi_set_goal('survey', '>= 50', '[2024-12-01,2025-01-01)');
SELECT period, value, target, attainment, status FROM reading
	WHERE period IN ('2024-12-01', '2025-06-01', '2025-07-01', '2025-08-01');

-- alerts: one a change
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
TRUNCATE shop.fact;
CREATE VIEW alert AS SELECT kpi, segment, period, previous, status, value, target FROM kpi_alert ORDER BY raised_at;
CREATE FUNCTION month(at date, amount numeric, part text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	DELETE FROM shop.fact WHERE period = at AND segment = part;
	INSERT INTO shop.fact (kpi, period, segment, value) VALUES ('flow', at, part, amount);
	SELECT format('alerts %s', m.alerts) FROM kpi_measure('flow', (at + interval '1 month')::date - 1, false) m;
$$;
SELECT kpi_define('flow', 'Flow', 'shop.flow', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_set_goal('flow', '>= 100 warn 90', '[2025-01-01,2026-01-01)');
-- the first reading, and the history before it, only if it is amber or red
SELECT month('2025-01-01', 120);
SELECT month('2025-02-01', 130), month('2025-03-01', 80), month('2025-04-01', 80), month('2025-05-01', 95),
	month('2025-06-01', 100), month('2025-07-01', NULL), month('2025-08-01', 101);
SELECT * FROM alert;
-- in the middle of a month nobody is alerted, measuring again neither
INSERT INTO shop.fact (kpi, period, value) VALUES ('flow', '2025-09-01', 1);
SELECT alerts FROM kpi_measure('flow', '2025-09-15', false);
SELECT period, status FROM reading WHERE period = '2025-09-01';
SELECT alerts FROM kpi_measure('flow', '2025-09-30', false)
UNION ALL SELECT alerts FROM kpi_measure('flow', '2025-09-30', false);
-- a correction is a change too
SELECT month('2025-09-01', 111);
SELECT * FROM alert OFFSET 5;
-- three in a row before it counts
SELECT kpi_define('flow', 'Flow', 'shop.flow', 'month', 'flow', 'financial', 'strategic', 'lagging', alert_after => 3);
TRUNCATE kpi_alert, kpi_reading, shop.fact;
SELECT month('2025-01-01', 1), month('2025-02-01', 1), month('2025-03-01', 1), month('2025-04-01', 120),
	month('2025-05-01', 120), month('2025-06-01', 1), month('2025-07-01', 120), month('2025-08-01', 120),
	month('2025-09-01', 120);
SELECT * FROM alert;
-- one that goes to and fro was never confirmed
TRUNCATE kpi_alert, kpi_reading, shop.fact;
SELECT month('2025-01-01', 120), month('2025-02-01', 120), month('2025-03-01', 120), month('2025-04-01', 1),
	month('2025-05-01', 120), month('2025-06-01', 120), month('2025-07-01', 120);
SELECT * FROM alert;
-- segments have their own, and the first measuring of a history alerts for its end only
SELECT kpi_define('flow', 'Flow', 'shop.flow', 'month', 'flow', 'financial', 'strategic', 'lagging');
TRUNCATE kpi_alert, kpi_reading, shop.fact;
SELECT kpi_set_goal('flow', '>= 50', '[2025-01-01,2026-01-01)', 'north'),
	kpi_set_goal('flow', '>= 60', '[2025-01-01,2026-01-01)', 'south');
INSERT INTO shop.fact (kpi, period, segment, value) SELECT 'flow', '2025-01-01'::date + m * interval '1 month', s, v
	FROM
	(VALUES (0, 'north', 60), (0, 'south', 70), (1, 'north', 20), (1, 'south', 70), (2, 'north', 49),
			(2, 'south', 70)) f(m, s, v);
SELECT alerts FROM kpi_measure('flow', '2025-03-31', false);
SELECT * FROM alert;
SELECT segment, period, value, status FROM reading ORDER BY segment, period;

-- a segment that a flow's source has no more is 0; what is before its first period is history
DELETE FROM shop.fact WHERE period = '2025-01-01' OR (segment = 'south' AND period = '2025-03-01');
SELECT changed, alerts FROM kpi_measure('flow', '2025-03-31', false);
SELECT segment, period, value, status FROM reading ORDER BY segment, period;
DELETE FROM shop.fact WHERE segment = 'south';
INSERT INTO shop.fact (kpi, period, segment, value) VALUES ('flow', '2025-04-01', 'north', 120);
SELECT changed, alerts FROM kpi_measure('flow', '2025-04-30', false);
SELECT segment, period, value, status FROM reading ORDER BY segment, period;
-- an empty source has no value for the newest month
DELETE FROM shop.fact;
SELECT * FROM kpi_measure('flow', '2025-04-30', false);
SELECT count(value) FROM kpi_reading;
DROP VIEW reading, alert;
DROP FUNCTION month;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
