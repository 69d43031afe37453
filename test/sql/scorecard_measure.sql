-- kpi_measure: readings of every kind against plain SQL, what is judged and what is not, alerts.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;

-- Three years of days by three regions, with holes; h is a number in 0..999.
CREATE FUNCTION shop.h(i int, salt int) RETURNS int LANGUAGE sql IMMUTABLE RETURN abs(hashint4extended(i, salt) % 1000);
CREATE TABLE shop.day AS
SELECT date '2023-01-01' + i / 3 AS at, (ARRAY['north', 'south', 'west'])[i % 3 + 1] AS region,
	CASE WHEN shop.h(i, 1) > 50 THEN shop.h(i, 2) / 100.0 END AS amount, shop.h(i, 3) % 20 AS hits,
		20 + shop.h(i, 4) % 5 AS total,
	1 + shop.h(i, 5) % 9 AS answers, shop.h(i, 6) / 100.0 AS score, shop.h(i, 7) / 1000.0 AS margin
FROM generate_series(0, 3 * 1095 - 1) i WHERE shop.h(i, 8) > 30;

CREATE VIEW shop.flow AS SELECT at AS period, region AS segment, amount AS value, margin FROM shop.day;
CREATE VIEW shop.stock AS SELECT at::timestamp AS period, region AS segment, amount::float8 AS value FROM shop.day;
CREATE VIEW shop.ratio AS SELECT at::timestamp AS period, region::varchar AS segment, hits AS numerator,
	total::bigint AS denominator, total AS n FROM shop.day;
CREATE VIEW shop.average AS SELECT at AS period, region AS segment, score AS value, answers::smallint AS n, margin
	FROM shop.day;
CREATE VIEW shop.alone AS SELECT at AS period, region AS segment, score AS value FROM shop.day;
CREATE VIEW shop.total AS SELECT at AS period, amount AS value FROM shop.day;

SELECT kpi_define(kind || ' ' || unit, kind, ('shop.' || source)::regclass, unit, kind, 'process', 'operational',
		'leading')
FROM (VALUES ('flow', 'flow'), ('stock', 'stock'), ('ratio', 'ratio'), ('average', 'average')) s(kind, source),
	unnest(ARRAY['day', 'week', 'week sat', 'week sun', 'month', 'quarter', 'quarter feb', 'quarter mar', 'year',
			'year apr', 'year dec', 'jalali month', 'jalali quarter', 'jalali year']) unit
UNION ALL SELECT kpi_define('survey alone', 'x', 'shop.alone', 'month', 'survey', 'customer', 'operational', 'leading')
UNION ALL SELECT kpi_define('ratio alone', 'x', 'shop.alone', 'day', 'ratio', 'customer', 'operational', 'leading')
UNION ALL SELECT kpi_define('flow total', 'x', 'shop.total', 'month', 'flow', 'customer', 'operational', 'leading')
\g /dev/null
-- a flow's periods without a row are 0, and more than the source has
SELECT count(*) AS kpis, bool_and(readings = changed OR name IN ('flow day', 'flow total')) AS all_new,
	bool_and(readings <= changed) AS no_fewer, sum(alerts) AS alerts, count(error) AS errors
	FROM kpi_measure(as_of => '2025-05-06');
-- the same again changes nothing but the periods in progress, which are as they were
SELECT sum(changed) AS changed, sum(alerts) AS alerts FROM kpi_measure(as_of => '2025-05-06');

-- by plain SQL
CREATE TABLE shop.expected AS
-- a total is missing where all amounts of a region are
SELECT 'flow ' || unit AS kpi, coalesce(region, '') AS segment, kpi_period(at, unit) AS period,
	CASE WHEN region IS NOT NULL OR count(DISTINCT day.region) = count(DISTINCT day.region)
			FILTER (WHERE amount IS NOT NULL) THEN sum(amount)::float8 END AS value,
	NULL::float8 AS numerator, NULL::float8 AS denominator, NULL::float8 AS n
FROM shop.day, (SELECT DISTINCT unit FROM kpi_definition) u WHERE at <= '2025-05-06'
	GROUP BY unit, 3, GROUPING SETS ((region), ())
UNION ALL
SELECT 'ratio ' || unit, coalesce(region, ''), kpi_period(at, unit), (sum(hits)::numeric / sum(total))::float8,
	sum(hits), sum(total), sum(total)
FROM shop.day, (SELECT DISTINCT unit FROM kpi_definition) u WHERE at <= '2025-05-06'
	GROUP BY unit, 3, GROUPING SETS ((region), ())
UNION ALL
SELECT 'average ' || unit, coalesce(region, ''), kpi_period(at, unit),
	CASE WHEN count(*) = 1 THEN max(score) ELSE sum(score * answers) / sum(answers) END::float8, NULL, NULL,
	sum(answers)
FROM shop.day, (SELECT DISTINCT unit FROM kpi_definition) u WHERE at <= '2025-05-06'
	GROUP BY unit, 3, GROUPING SETS ((region), ());
CREATE TABLE shop.last AS
SELECT DISTINCT ON (unit, region, kpi_period(at, unit)) 'stock ' || unit AS kpi, region AS segment,
	kpi_period(at, unit) AS period, amount::float8 AS value
FROM shop.day, (SELECT DISTINCT unit FROM kpi_definition) u WHERE at <= '2025-05-06'
	ORDER BY unit, region, kpi_period(at, unit), amount IS NULL, at DESC;
INSERT INTO shop.expected SELECT * FROM shop.last UNION ALL
	SELECT kpi, '', period, CASE WHEN count(value) = count(*) THEN sum(value) END FROM shop.last GROUP BY kpi, period;
-- a flow is 0 where a region has no row, from its first one on, as far as there are any
INSERT INTO shop.expected
SELECT s.kpi, s.segment, p.period, 0 FROM (SELECT kpi, segment, min(period) AS first FROM shop.expected
	WHERE kpi LIKE 'flow%' GROUP BY kpi, segment) s JOIN kpi_definition d ON d.name = s.kpi,
	LATERAL kpi_periods(s.first, '2025-05-06', d.unit) p (period)
WHERE NOT EXISTS (SELECT FROM shop.expected e WHERE (e.kpi, e.segment, e.period) = (s.kpi, s.segment, p.period));
SELECT split_part(r.kpi, ' ', 1) AS kind, count(*) > 1000 AS many, count(r.kpi) = count(e.kpi) AS same_rows,
	count(*) FILTER (WHERE abs(r.value - e.value) > 1e-12 * abs(e.value) OR (r.value IS NULL) <> (e.value IS NULL))
		AS other_value,
	count(*) FILTER (WHERE split_part(r.kpi, ' ', 1) <> 'stock' AND r.value <> e.value) AS not_exact,
	count(*) FILTER (WHERE (r.numerator, r.denominator, r.n) IS DISTINCT FROM (e.numerator, e.denominator, e.n))
		AS other_parts
FROM (SELECT * FROM kpi_reading WHERE kpi NOT LIKE '%alone' AND kpi <> 'flow total') r
	FULL JOIN shop.expected e USING (kpi, segment, period)
GROUP BY 1 ORDER BY 1;
-- margins: of independent sums, and of weighted means
WITH e AS (
	SELECT kpi_period(at, 'month') AS period, coalesce(region, '') AS segment,
		sqrt(sum(margin ^ 2) FILTER (WHERE amount IS NOT NULL)) AS flow,
		sqrt(sum((answers * margin) ^ 2)) / sum(answers) AS average
	FROM shop.day WHERE at <= '2025-05-06' GROUP BY 1, GROUPING SETS ((region), ()))
SELECT count(*) > 50 AS many, count(*) FILTER (WHERE abs(a.margin - e.average) < 1e-9) AS average,
	count(*) FILTER (WHERE abs(a.margin - e.average) >= 1e-9) AS wrong,
	count(*) FILTER (WHERE abs(f.margin - e.flow) < 1e-9) AS flow,
		count(*) FILTER (WHERE (abs(f.margin - e.flow) < 1e-9) IS NOT TRUE) AS wrong_flow
FROM e JOIN kpi_reading a USING (period, segment) JOIN kpi_reading f USING (period, segment)
	WHERE a.kpi = 'average month' AND f.kpi = 'flow month';
-- a source without segments has its total only; a value without n stands alone
SELECT count(*) FILTER (WHERE t.value = f.value) AS same, count(*) AS months FROM kpi_reading t
	JOIN kpi_reading f USING (segment, period) WHERE t.kpi = 'flow total' AND f.kpi = 'flow month';
SELECT kpi, count(*) FILTER (WHERE segment = '') AS totals, count(value) AS values, count(*) > 50 AS many
	FROM kpi_reading WHERE kpi LIKE '%alone' GROUP BY kpi ORDER BY kpi COLLATE "C";
-- complete up to the day
SELECT kpi, max(period) FILTER (WHERE complete) AS last_complete,
	min(period) FILTER (WHERE NOT complete) AS first_incomplete, max(period) AS last
FROM kpi_reading WHERE kpi LIKE 'flow%' AND segment = '' GROUP BY kpi ORDER BY kpi COLLATE "C";
SELECT name, changed FROM kpi_measure('flow month', '2025-05-31');
SELECT period, complete, share, measured_to FROM kpi_reading
	WHERE kpi = 'flow month' AND segment = '' AND period >= '2025-04-01';
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
