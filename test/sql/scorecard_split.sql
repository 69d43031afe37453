-- kpi_split_goal with the warning and for a segment; goals and alerts after a clock was put back.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period date, segment text, value numeric);
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging');
CREATE VIEW shop.goal AS SELECT segment, during, target FROM kpi_goal WHERE superseded_at IS NULL
	ORDER BY segment, during;
INSERT INTO shop.sale VALUES ('2026-01-05', 'a', 95), ('2026-02-05', 'a', 89);
SELECT kpi_set_goal('sales', '>= 100 warn 90', '[2026-01-01,2027-01-01)');
SELECT error FROM kpi_measure('sales', '2026-02-28', false);
SELECT period, status FROM kpi_reading WHERE segment = '' ORDER BY period;
-- 95 is as amber as it was
SELECT sum(amount) FROM kpi_split_goal('sales', 1200, '[2026-01-01,2027-01-01)');
SELECT period, target, status FROM kpi_reading WHERE segment = '' ORDER BY period;
-- a segment: its own newest goal, else the total's
SELECT * FROM kpi_split_goal('sales', 100.00, '[2026-01-01,2026-04-01)', segment => 'a');
SELECT kpi_set_goal('sales', '<= 50 warn 60', '[2026-01-01,2026-04-01)', 'b');
SELECT * FROM kpi_split_goal('sales', 10, '[2026-02-01,2026-05-01)', '{1,0,1}', 'b');
SELECT * FROM shop.goal WHERE segment <> '';
SELECT segment, period, target, status FROM kpi_reading WHERE segment = 'a' ORDER BY period;
-- below 0, without a warning, and of a goal that is relative
SELECT kpi_set_goal('sales', '>= -100 warn -120', '[2027-01-01,2028-01-01)');
SELECT amount FROM kpi_split_goal('sales', -100, '[2027-01-01,2027-03-01)');
SELECT kpi_set_goal('sales', '>= -100 warn -120', '[2027-01-01,2028-01-01)');
SELECT amount FROM kpi_split_goal('sales', 100, '[2027-03-01,2027-05-01)');
SELECT kpi_set_goal('sales', '>= +20% warn +8% on year ago', '[2027-01-01,2027-02-01)');
SELECT amount FROM kpi_split_goal('sales', 60, '[2027-05-01,2027-07-01)');
SELECT kpi_set_goal('sales', '>= 100', '[2028-01-01,2028-02-01)');
SELECT amount FROM kpi_split_goal('sales', 60, '[2027-07-01,2027-09-01)');
SELECT during, target FROM shop.goal WHERE segment = '' AND during && '[2027-01-01,2028-01-01)';
SELECT * FROM kpi_split_goal('sales', 60, '[2027-07-01,2027-09-01)', segment => repeat('x', 201));

-- a clock that was an hour ahead is put back: what is newer is newer
TRUNCATE kpi_goal, kpi_reading, kpi_alert, shop.sale;
INSERT INTO shop.sale SELECT d, 'a', 100 FROM generate_series(timestamp '2025-01-01', '2025-12-01', '1 month') d;
SELECT kpi_set_goal('sales', '>= 90', '[2025-01-01,2027-01-01)');
UPDATE kpi_goal SET set_at = set_at + interval '1 hour';
SELECT kpi_set_goal('sales', '<= 50 warn 55', '[2026-01-01,2026-07-01)');
SELECT during, target, superseded_at IS NULL AS in_force, superseded_at >= set_at AS in_order FROM kpi_goal
	ORDER BY set_at, during;
SELECT kpi_set_goal('sales', '<= 60 warn 65', '[2026-01-01,2026-07-01)');
SELECT target FROM kpi_goal ORDER BY set_at DESC LIMIT 1;
-- the newest goal of all says which side is better
SELECT amount FROM kpi_split_goal('sales', 60, '[2026-02-01,2026-04-01)');
SELECT during, target FROM shop.goal;
-- one alert a change, whatever the clock says
CREATE FUNCTION shop.month(m int, amount numeric) RETURNS bigint LANGUAGE sql AS $$
	DELETE FROM shop.sale WHERE period = make_date(2026, m, 1);
	INSERT INTO shop.sale VALUES (make_date(2026, m, 1), 'a', amount);
	SELECT alerts FROM kpi_measure('sales', (make_date(2026, m, 1) + interval '1 month')::date - 1, false)
$$;
SELECT kpi_set_goal('sales', '>= 90', '[2025-01-01,2027-01-01)');
SELECT error FROM kpi_measure('sales', '2025-12-31', false);
SELECT shop.month(1, 10);
UPDATE kpi_alert SET raised_at = raised_at + interval '1 hour';
SELECT shop.month(2, 100), shop.month(3, 100), shop.month(4, 10), shop.month(5, 10), shop.month(6, 10);
SELECT period, previous, status FROM kpi_alert ORDER BY raised_at;
SELECT period, previous, status FROM kpi_alert ORDER BY period;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
