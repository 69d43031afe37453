-- kpi_control: limits by level, of ratios, and of the baseline in the definition, against plain SQL.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.fact (kpi text, period date, segment text NOT NULL DEFAULT '', value numeric, numerator numeric,
	denominator numeric);
CREATE VIEW shop.level AS SELECT period, segment, value FROM shop.fact WHERE kpi = 'level';
CREATE VIEW shop.share AS SELECT period, numerator, denominator FROM shop.fact WHERE kpi = 'share';
CREATE VIEW shop.visit AS SELECT period, numerator, denominator FROM shop.fact WHERE kpi = 'visit';
-- a level of 100, from 31 January on one of 140
INSERT INTO shop.fact (kpi, period, value) SELECT 'level', date '2026-01-01' + i,
	CASE WHEN i < 30 THEN 100 ELSE 140 END + abs(hashint4extended(i, 5) % 9) FROM generate_series(0, 59) i;
-- twelve months that alternate between 1 of 4 and 2 of 11, and weeks of 100 of 1000 before one of 4 of 20
INSERT INTO shop.fact (kpi, period, numerator, denominator)
	SELECT 'share', (date '2025-01-01' + i * interval '1 month')::date, 1 + i % 2, 4 + 7 * (i % 2)
	FROM generate_series(0, 11) i
	UNION ALL
	SELECT 'visit', date '2025-01-06' + 7 * i, CASE i WHEN 20 THEN 4 ELSE 100 + (i * 7) % 5 - 2 END,
		CASE i WHEN 20 THEN 20 ELSE 1000 END FROM generate_series(0, 21) i;
SELECT kpi_define('level', 'shop.level', 'stock', 'day'), kpi_define('share', 'shop.share'),
	kpi_define('visit', 'shop.visit', unit => 'week');
SELECT name, readings, error FROM kpi_measure(as_of => '2026-03-01', notify => false);
-- a change of level is a new phase, not thirty signals
SELECT min(period) AS since, count(*), count(DISTINCT centre) AS centres, count(signal) AS signals
	FROM kpi_control WHERE kpi = 'level' GROUP BY centre ORDER BY since;
WITH plain AS (
	SELECT period, value, period >= '2026-01-31' AS new,
		abs(value - lag(value) OVER (PARTITION BY period >= '2026-01-31' ORDER BY period)) AS moved
	FROM shop.fact WHERE kpi = 'level'
), level AS (
	SELECT new, avg(value) AS centre, 2.66 * avg(moved) AS half FROM plain GROUP BY new)
SELECT count(*), bool_and(abs(c.centre - l.centre::float8) < 1e-9
	AND abs(c.lower_limit - (l.centre - l.half)::float8) < 1e-9
	AND abs(c.upper_limit - (l.centre + l.half)::float8) < 1e-9 AND c.value = p.value
	AND c.moving_range IS NOT DISTINCT FROM p.moved) AS as_plain
FROM plain p JOIN level l USING (new) JOIN kpi_control c ON c.kpi = 'level' AND c.period = p.period;
-- the centre of a ratio is sum / sum, .2 here and not the mean of ratios (.2159), with limits by the denominator
SELECT period, round(value::numeric, 4) AS value, round(centre::numeric, 4) AS centre,
	round(lower_limit::numeric, 4) AS lower, round(upper_limit::numeric, 4) AS upper, signal FROM kpi_control
	WHERE kpi = 'share' AND period < '2025-03-01';
SELECT bool_and(abs(centre - 0.2) < 1e-12) AS centre FROM kpi_control WHERE kpi = 'share';
SELECT period, value, round(centre::numeric, 4) AS centre, round(upper_limit::numeric, 3) AS upper, signal
	FROM kpi_control WHERE kpi = 'visit' AND period >= '2025-05-12';
-- Laney's limits, no nearer than those of the p chart
WITH plain AS (
	SELECT f.kpi, f.period, f.denominator, numerator / denominator AS value, s.centre,
		(numerator / denominator - s.centre) * sqrt(denominator) AS z
	FROM shop.fact f JOIN (SELECT kpi, sum(numerator) / sum(denominator) AS centre FROM shop.fact GROUP BY kpi) s
		ON s.kpi = f.kpi
	WHERE f.kpi IN ('share', 'visit')
), moved AS (
	SELECT p.*, abs(z - lag(z) OVER (PARTITION BY kpi ORDER BY period)) AS moved FROM plain p
), half AS (
	SELECT m.*, greatest(2.66 * avg(moved) OVER (PARTITION BY kpi), 3 * sqrt(centre * (1 - centre)))
		/ sqrt(denominator) AS half
	FROM moved m)
SELECT h.kpi, count(*), bool_and(abs(c.value - h.value::float8) < 1e-12 AND abs(c.centre - h.centre::float8) < 1e-12
	AND abs(c.lower_limit - (h.centre - half)::float8) < 1e-12
	AND abs(c.upper_limit - (h.centre + half)::float8) < 1e-12) AS as_plain
FROM half h JOIN kpi_control c ON c.kpi = h.kpi AND c.period = h.period GROUP BY h.kpi ORDER BY h.kpi;

-- a baseline in the definition: limits of its days hold from its first day on, however the level changes
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	baseline => '[2026-01-11,2026-01-21)');
SELECT baseline FROM kpi_definition WHERE name = 'level';
WITH plain AS (
	SELECT avg(value) AS centre, 2.66 * avg(moved) AS half
	FROM (SELECT value, abs(value - lag(value) OVER (ORDER BY period)) AS moved
		FROM shop.fact WHERE kpi = 'level' AND period BETWEEN '2026-01-11' AND '2026-01-20') x)
SELECT c.period >= '2026-01-11' AS since, count(*), count(DISTINCT c.centre) AS centres,
	bool_and(abs(c.centre - p.centre::float8) < 1e-9 AND abs(c.upper_limit - (p.centre + p.half)::float8) < 1e-9
		AND abs(c.lower_limit - (p.centre - p.half)::float8) < 1e-9) AS of_baseline,
	count(*) FILTER (WHERE signal = 'outside') AS outside, count(*) FILTER (WHERE c.period >= '2026-01-31') AS new_level
FROM kpi_control c, plain p WHERE c.kpi = 'level' GROUP BY 1 ORDER BY 1;
-- gaps in the baseline are none of its values; an open one begins with the first or ends with the last reading
UPDATE shop.fact SET value = NULL WHERE kpi = 'level' AND period IN ('2026-01-12', '2026-01-13');
SELECT count(*) FROM kpi_measure('level', '2026-03-01', false);
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	baseline => '[2026-01-11,2026-01-21)');
SELECT bool_and(abs(centre - (SELECT avg(value)::float8 FROM shop.fact WHERE kpi = 'level'
	AND period BETWEEN '2026-01-11' AND '2026-01-20')) < 1e-9) AS of_baseline FROM kpi_control
	WHERE kpi = 'level' AND period >= '2026-01-11';
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	baseline => '(,2026-01-11)');
SELECT bool_and(abs(centre - (SELECT avg(value)::float8 FROM shop.fact WHERE kpi = 'level'
	AND period < '2026-01-11')) < 1e-9) AS of_baseline, count(*) FROM kpi_control WHERE kpi = 'level';
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	baseline => '[2026-02-01,)');
SELECT period >= '2026-02-01' AS since, count(*), bool_and(abs(centre - (SELECT avg(value)::float8 FROM shop.fact
	WHERE kpi = 'level' AND period >= '2026-02-01')) < 1e-9) AS of_baseline
FROM kpi_control WHERE kpi = 'level' GROUP BY 1 ORDER BY 1;
-- one that has no reading yet is none; nor has a segment that began later
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	baseline => '[2027-01-01,)');
SELECT count(DISTINCT centre) AS levels, count(signal) AS signals FROM kpi_control WHERE kpi = 'level';
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	baseline => 'empty');
-- of a ratio too
SELECT kpi_define('visit', 'Visits', 'shop.visit', 'week', 'ratio', 'customer', 'operational', 'leading',
	baseline => '[2025-01-06,2025-02-03)');
SELECT count(*), bool_and(abs(centre - (SELECT (sum(numerator) / sum(denominator))::float8 FROM shop.fact
	WHERE kpi = 'visit' AND period < '2025-02-03')) < 1e-12) AS of_baseline FROM kpi_control WHERE kpi = 'visit';

-- what is watched is held against the baseline, however long ago it was
TRUNCATE shop.fact, kpi_reading, kpi_alert;
INSERT INTO shop.fact (kpi, period, segment, value) SELECT 'level', date '2025-01-01' + i, s,
	CASE WHEN i < 200 THEN 100 ELSE 108 END + i % 5 FROM generate_series(0, 399) i, unnest('{"",late}'::text[]) s
	WHERE s = '' OR i >= 200;
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading', watch => true);
SELECT alerts FROM kpi_measure('level', '2026-02-04', false);
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading', watch => true,
	baseline => '[2025-01-01,2025-03-01)');
SELECT alerts FROM kpi_measure('level', '2026-02-04', false);
SELECT alerts FROM kpi_measure('level', '2026-02-04', false);
SELECT a.segment, a.period, a.value, a.signal, a.signal = c.signal AS as_charted FROM kpi_alert a
	JOIN kpi_control c USING (kpi, segment, period);

-- a baseline that is not over keeps out the reading that is held against it; without one gaps are not counted either
TRUNCATE shop.fact, kpi_reading, kpi_alert;
INSERT INTO shop.fact (kpi, period, value) SELECT 'level', date '2026-01-01' + i,
	CASE WHEN i % 4 = 3 THEN NULL WHEN i = 30 THEN 105 ELSE 100 + i % 3 END FROM generate_series(0, 30) i;
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading', watch => true,
	baseline => '(,)');
SELECT alerts FROM kpi_measure('level', '2026-01-31', false);
TRUNCATE kpi_alert;
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading', watch => true);
SELECT alerts FROM kpi_measure('level', '2026-01-31', false);

-- numbers that a chart of ratios cannot compute with have that of their values, and take nothing from the others
TRUNCATE shop.fact, kpi_reading, kpi_alert;
INSERT INTO shop.fact (kpi, period, numerator, denominator)
	SELECT 'share', (date '2025-01-01' + i * interval '1 month')::date, (1 + i % 3 || repeat('0', 160))::numeric,
	CASE i WHEN 3 THEN 0 ELSE ('1' || repeat('0', 160))::numeric END
	FROM generate_series(0, 11) i;
SELECT name, error FROM kpi_measure('share', '2026-03-01', false);
SELECT count(*), bool_and(abs(centre - (SELECT avg(value) FROM kpi_reading)) < 1e-3) AS mean FROM kpi_control
	WHERE kpi = 'share' AND centre IS NOT NULL;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
