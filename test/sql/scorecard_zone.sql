-- A KPI keeps its time zone, and segments are told apart whatever their collation.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period timestamptz, value numeric);
SET timezone = 'Europe/Berlin';
-- a sale of 23:30 on 31 January in Berlin, which is 1 February in Tokyo
INSERT INTO shop.sale VALUES ('2026-01-31 23:30', 100), ('2026-02-10 12:00', 10);
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT error FROM kpi_measure('sales', '2026-02-28', false);
SELECT period, value FROM kpi_reading ORDER BY period;
-- whoever measures
SET timezone = 'Asia/Tokyo';
SELECT changed, error FROM kpi_measure('sales', '2026-02-28', false);
SELECT period, value FROM kpi_reading ORDER BY period;
SHOW timezone;
-- another definition in another session, and in a zone of its own
SELECT kpi_define('sales', 'Sales again', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT zone FROM kpi_definition;
SELECT changed FROM kpi_measure('sales', '2026-02-28', false);
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging',
	zone => 'Asia/Tokyo');
SELECT changed FROM kpi_measure('sales', '2026-02-28', false);
SELECT period, value FROM kpi_reading ORDER BY period;
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging', zone => 'Mars');
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging', zone => '');
-- of 0.1.0: the session's, until it is defined again
UPDATE kpi_definition SET zone = NULL;
SET timezone = 'America/Lima';
SELECT changed FROM kpi_measure('sales', '2026-02-28', false);
SELECT period, value FROM kpi_reading ORDER BY period;
-- one that the server does not know ends in an error of that KPI, and the session is as it was
UPDATE kpi_definition SET zone = 'Mars';
SELECT error FROM kpi_measure('sales', '2026-02-28', false);
SHOW timezone;
-- all zones, against plain SQL
TRUNCATE shop.sale, kpi_definition, kpi_reading;
INSERT INTO shop.sale SELECT timestamptz '2025-01-01Z' + i * interval '17 minutes', 1 FROM generate_series(0, 30000) i;
SELECT count(kpi_define(z, z, 'shop.sale', 'day', 'flow', 'financial', 'strategic', 'lagging', zone => z))
FROM unnest('{UTC,Europe/Berlin,America/New_York,Asia/Kathmandu,Australia/Lord_Howe,Pacific/Apia}'::text[]) z;
SELECT count(error) FROM kpi_measure(as_of => '2025-12-20', notify => false);
WITH expected AS (
	SELECT d.name AS kpi, timezone(d.zone, s.period)::date AS period, sum(s.value)::float8 AS value
	FROM kpi_definition d, shop.sale s WHERE timezone(d.zone, s.period)::date <= '2025-12-20' GROUP BY 1, 2)
SELECT count(*) > 2000 AS many, count(*) FILTER (WHERE r.value IS DISTINCT FROM e.value) AS wrong
FROM expected e FULL JOIN kpi_reading r USING (kpi, period);

-- labels that a collation takes for equal
TRUNCATE kpi_definition, kpi_reading;
SET timezone = 'UTC';
-- a server without ICU has none
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') THEN
		CREATE COLLATION shop.loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
	ELSE
		CREATE COLLATION shop.loose FROM "C";
	END IF;
END $$;
CREATE TABLE shop.part (period date, segment text COLLATE shop.loose, value int, n int);
INSERT INTO shop.part VALUES ('2026-01-01', 'Cafe', 1, 1),
	('2026-01-02', 'CAFE', 20, 3), ('2026-01-03', 'cAFE', 300, 5),
	('2026-01-04', 'cafe', 4000, 7), ('2026-01-05', 'Cafe', 50000, 9);
SELECT count(kpi_define(k, k, 'shop.part', 'month', k, 'financial', 'strategic', 'lagging'))
	FROM unnest('{flow,stock,average}'::text[]) k;
SELECT name, readings, error FROM kpi_measure(as_of => '2026-01-31', notify => false);
SELECT kpi, segment, value FROM kpi_reading ORDER BY kpi, segment COLLATE "C";
SELECT measure, value, finding FROM kpi_profile('shop.part') WHERE measure = 'repeated';
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
