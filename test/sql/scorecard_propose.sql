-- kpi_propose_target where there is a season: from the same season, against plain SQL.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
-- three years that double in December and halve in February
CREATE TABLE shop.month AS SELECT (date '2023-01-01' + i * interval '1 month')::date AS period,
	round(((1000 + 10 * i) * CASE i % 12 WHEN 11 THEN 2.5 WHEN 10 THEN 1.4 WHEN 1 THEN 0.6 ELSE 1 END
		+ abs(hashint4extended(i, 3) % 100))::numeric, 1) AS value FROM generate_series(0, 35) i;
SELECT kpi_define('sales', 'shop.month');
-- a year and eleven months are no two seasons: as so far
SELECT count(*) FROM kpi_measure('sales', '2024-12-15', false);
SELECT method, left(reason, 60) AS reason FROM kpi_propose_target('sales');
-- two are: January is not proposed from December
SELECT count(*) FROM kpi_measure('sales', '2024-12-31', false);
SELECT method, target, value FROM kpi_propose_target('sales');
SELECT count(*) FROM kpi_measure('sales', '2025-12-31', false);
SELECT * FROM kpi_propose_target('sales');
-- any period of the next season, against plain SQL: a year before times the median and upper quartile of the changes
-- of the last twelve over the year before, and forecast()
CREATE VIEW shop.plain AS
WITH change AS (
	SELECT a.value::float8 / b.value::float8 AS change FROM shop.month a JOIN shop.month b
		ON b.period = a.period - interval '1 year' WHERE a.period >= '2025-01-01'
), series AS (
	SELECT array_agg(value::float8 ORDER BY period) AS series FROM shop.month
)
SELECT m.i, (date '2026-01-01' + (m.i - 1) * interval '1 month')::date AS period, b.value * c.median AS median,
	f.value AS trend, b.value * c.best AS best
FROM generate_series(1, 12) m (i) JOIN forecast((SELECT series FROM series), 12, 12) f ON f.step = m.i
	JOIN shop.month b ON b.period = date '2025-01-01' + (m.i - 1) * interval '1 month',
	(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY change) AS median,
		percentile_cont(0.75) WITHIN GROUP (ORDER BY change) AS best FROM change) c;
SELECT p.period, bool_and(abs(t.value - CASE t.method WHEN 'median' THEN p.median WHEN 'trend' THEN p.trend
	ELSE p.best END) <= 0.0005 * p.trend) AS as_plain, count(*)
FROM shop.plain p, kpi_propose_target('sales', p.period + 9) t GROUP BY p.period ORDER BY p.period;
SELECT * FROM kpi_propose_target('sales', '2026-12-31') LIMIT 1;
-- not what is over, nor further than a season
SELECT * FROM kpi_propose_target('sales', '2025-12-31');
SELECT * FROM kpi_propose_target('sales', '2027-01-01');
SELECT * FROM kpi_propose_target('sales', 'infinity');
SELECT * FROM kpi_propose_target('nobody', '2027-01-01');
-- lower is better: the other quartile
SELECT kpi_set_goal('sales', '<= 3000', '(,)');
SELECT method, target, reason FROM kpi_propose_target('sales') WHERE method = 'best quartile';
SELECT kpi_set_goal('sales', '[1,3000]', '(,)');
SELECT method, target, reason FROM kpi_propose_target('sales') WHERE method = 'best quartile';
DELETE FROM kpi_goal;
-- a month that is missing a year before has no season to stand on, another has
UPDATE shop.month SET value = NULL WHERE period = '2025-02-01';
SELECT count(*) FROM kpi_measure('sales', '2025-12-31', false);
SELECT m, method, reason ~ 'a year before' AS season FROM unnest('{2026-01-01,2026-02-01}'::date[]) m,
	kpi_propose_target('sales', m) WHERE method = 'median' ORDER BY m;
-- below 0 there are differences, not factors
UPDATE shop.month SET value = coalesce(value, 700) - 1500;
SELECT count(*) FROM kpi_measure('sales', '2025-12-31', false);
SELECT t.method, t.value, t.reason,
	round(CASE t.method WHEN 'median' THEN c.median ELSE c.best END::numeric, 1) AS plain
FROM kpi_propose_target('sales', '2026-12-01') t, (
	SELECT (SELECT value FROM shop.month WHERE period = '2025-12-01')
			+ percentile_cont(0.5) WITHIN GROUP (ORDER BY a.value - b.value) AS median,
		(SELECT value FROM shop.month WHERE period = '2025-12-01')
			+ percentile_cont(0.75) WITHIN GROUP (ORDER BY a.value - b.value) AS best
	FROM shop.month a JOIN shop.month b ON b.period = a.period - interval '1 year' WHERE a.period >= '2025-01-01') c
WHERE t.method <> 'trend';
-- a week's rhythm of days, a year's of quarters and weeks; a share stays one
CREATE VIEW shop.day AS SELECT date '2026-01-05' + i AS period, CASE WHEN i % 7 >= 5 THEN 0 ELSE 100 + i % 5 END
	AS value
	FROM generate_series(0, 27) i;
CREATE VIEW shop.quarter AS SELECT (date '2023-01-01' + i * interval '3 months')::date AS period,
	200 + 100 * (i % 4) + i AS value FROM generate_series(0, 11) i;
CREATE VIEW shop.week AS SELECT date '2023-01-02' + 7 * i AS period, 50 + 40 * sin(2 * pi() * i / 52) + i % 3 AS value
	FROM generate_series(0, 155) i;
CREATE VIEW shop.share AS SELECT (date '2023-01-01' + i * interval '1 month')::date AS period,
	CASE i % 12 WHEN 11 THEN 98 + i / 18 ELSE 40 + i END AS numerator, 100 AS denominator FROM generate_series(0, 35) i;
SELECT kpi_define('day', 'shop.day', unit => 'day'), kpi_define('quarter', 'shop.quarter', unit => 'quarter'),
	kpi_define('week', 'shop.week', unit => 'week'), kpi_define('share', 'shop.share');
SELECT name, error FROM kpi_measure(as_of => '2026-02-01', notify => false);
SELECT k, method, target, reason FROM unnest('{day,quarter,week,share}'::text[]) k, kpi_propose_target(k)
	WHERE k <> 'share' OR method <> 'best quartile' ORDER BY k, method;
SELECT value FROM kpi_propose_target('share', '2026-12-01');
-- a Saturday is not proposed from Friday
SELECT method, value FROM kpi_propose_target('day', '2026-02-07');
-- what has no season keeps to the last twelve: of 100 series of noise with a trend, of two years and of five, few seem
-- to have one; those that have one are mostly found, a sine of 2.5 times the noise's deviation
CREATE TABLE shop.series AS
SELECT kind || ' ' || years || ' ' || s AS kpi, (date '2020-01-01' + i * interval '1 month')::date AS period,
	100 + i * (s % 5) + 10 * sqrt(-2 * ln((1 + (hashint8extended(s * 1000 + i, 1) & 1048575)) / 1048577.0))
		* cos(2 * pi() * (hashint8extended(s * 1000 + i, 2) & 1048575) / 1048576)
		+ CASE kind WHEN 'season' THEN 25 * sin(2 * pi() * i / 12) ELSE 0 END AS value
FROM unnest('{noise,season}'::text[]) kind, unnest('{2,5}'::int[]) years, generate_series(1, 100) s,
	LATERAL generate_series(0, 12 * years - 1) i;
INSERT INTO kpi_definition (name, title, source, unit, kind, perspective, level, timing)
	SELECT DISTINCT kpi, kpi, 'shop.series', 'month', 'average', 'financial', 'operational', 'lagging' FROM shop.series;
INSERT INTO kpi_reading (kpi, period, value, complete, measured_to)
	SELECT kpi, period, value, true, '2026-01-01' FROM shop.series;
SELECT split_part(name, ' ', 1) AS kind, split_part(name, ' ', 2) AS years, count(*) AS series,
	CASE WHEN name ~ 'noise' THEN count(*) FILTER (WHERE t.reason ~ 'before') <= 12
		ELSE count(*) FILTER (WHERE t.reason ~ 'before') >= 85 END AS as_should_be
FROM kpi_definition, kpi_propose_target(name) t WHERE name ~ '^(noise|season) ' AND t.method = 'median'
GROUP BY 1, 2, name ~ 'noise' ORDER BY 1, 2;
-- and as plain SQL says it
WITH rest AS (
	SELECT kpi, i, years, value - slope * i - avg(value - slope * i) OVER (PARTITION BY kpi, (i - 1) / 12) AS rest
	FROM (SELECT *, split_part(kpi, ' ', 2)::int AS years, row_number() OVER (PARTITION BY kpi ORDER BY period) AS i
		FROM shop.series) s JOIN (SELECT kpi, regr_slope(value, i) AS slope
			FROM (SELECT *, row_number() OVER (PARTITION BY kpi ORDER BY period) AS i FROM shop.series) s
			GROUP BY kpi) t USING (kpi)
), plain AS (
	SELECT a.kpi, corr(a.rest, b.rest) > 1.645 / sqrt(12 * (max(a.years) - 1)) AS season
	FROM rest a JOIN rest b ON b.kpi = a.kpi AND b.i = a.i + 12 GROUP BY a.kpi)
SELECT count(*), count(*) FILTER (WHERE p.season) BETWEEN 100 AND 300 AS both_kinds,
	bool_and(p.season = (t.reason ~ 'before')) AS as_plain
FROM plain p, kpi_propose_target(p.kpi) t WHERE t.method = 'median';
-- a day of the week that is closed, and a month that is: nothing is proposed for them but 0
INSERT INTO kpi_definition (name, title, source, unit, kind, perspective, level, timing)
	VALUES ('closed day', 'x', 'shop.series', 'day', 'flow', 'financial', 'operational', 'lagging'),
	('closed month', 'x', 'shop.series', 'month', 'flow', 'financial', 'operational', 'lagging');
INSERT INTO kpi_reading (kpi, period, value, complete, measured_to)
	SELECT 'closed day', date '2025-11-01' + i, CASE WHEN extract(dow FROM date '2025-11-01' + i) = 0 THEN 0
		ELSE 50 + i % 7 * 3 + i END, true, date '2026-01-01' FROM generate_series(0, 59) i
	UNION ALL SELECT 'closed month', (date '2022-01-01' + i * interval '1 month')::date,
		CASE WHEN i % 12 = 7 THEN 0 ELSE 50 + i % 12 * 3 + i END, true, date '2026-01-01' FROM generate_series(0, 47) i;
SELECT kpi, p.period, t.method, t.target, t.reason
FROM (VALUES ('closed day', date '2026-01-04'), ('closed day', '2026-01-05'), ('closed month', '2026-08-01'),
	('closed month', '2026-09-01')) p (kpi, period), kpi_propose_target(kpi, p.period) t ORDER BY 1, 2, 3;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
