-- A KPI that hides values of fewer rows than its minimum: no such value is in a table, a view, the page or an alert.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE SCHEMA shop;
CREATE TABLE shop.fact (period date, segment text, value float8, n int, margin float8);
CREATE VIEW shop.parts AS SELECT period, segment, value * n AS numerator, n AS denominator, n FROM shop.fact;
CREATE FUNCTION shop.define(kind text, source regclass, min_n int, hide boolean) RETURNS text LANGUAGE sql AS
	$$ SELECT kpi_define(kind, kind, source, 'month', kind, 'customer', 'strategic', 'lagging', min_n => min_n,
		hide => hide) $$;
-- a hidden value is between 7776 and 7780, a shown one is not, in whatever it is written
INSERT INTO shop.fact
SELECT m, s, CASE WHEN n < 10 THEN 7776 + (i + s::int) % 4 + 0.5 ELSE 100 + (i * s::int) % 20 END, n, 0.25
FROM generate_series(timestamp '2024-01-01', '2026-01-01', '1 month') WITH ORDINALITY m(m, i),
	unnest('{1,2,3}'::text[]) s,
	LATERAL (SELECT CASE WHEN s::int = 3 AND i % 3 > 0 OR i = 24 THEN 2 ELSE 40 + i END AS n) x;
SELECT shop.define('average', 'shop.fact', NULL, true);
SELECT shop.define('average', 'shop.fact', 10, true), shop.define('survey', 'shop.fact', 10, true),
	shop.define('flow', 'shop.fact', 10, true), shop.define('stock', 'shop.fact', 10, true),
	shop.define('ratio', 'shop.parts', 10, true);
SELECT kpi_set_goal(k, '>= 100 warn 90', '(,)', s) FROM unnest('{average,survey,flow,stock,ratio}'::text[]) k,
	unnest('{"",1,2,3}'::text[]) s \g /dev/null
SELECT name, readings, error FROM kpi_measure(as_of => '2026-01-31', notify => false);
SELECT kpi, period, value, numerator, denominator, n, margin, status FROM kpi_reading
	WHERE segment = '3' AND period >= '2025-10-01' AND kpi IN ('average', 'flow', 'ratio') ORDER BY kpi, period;
-- nobody can see one (ratios and averages of segments; totals are of enough rows)
CREATE FUNCTION shop.tells(r jsonb) RETURNS boolean LANGUAGE sql AS
	$$ SELECT (r - '{measured_at,raised_at}'::text[])::text ~ '77[78]\d|155[56]' $$;
CREATE FUNCTION shop.seen() RETURNS TABLE (place text, rows bigint) LANGUAGE sql AS $$
	SELECT 'readings', count(*) FROM kpi_reading r WHERE segment = '3' AND shop.tells(to_jsonb(r))
	UNION ALL SELECT 'scorecard', count(*) FROM kpi_scorecard('2026-01-31') r
		WHERE segment = '3' AND shop.tells(to_jsonb(r))
	UNION ALL SELECT 'board', count(*) FROM kpi_board('2026-01-31') r WHERE segment = '3' AND shop.tells(to_jsonb(r))
	UNION ALL SELECT 'history', count(*) FROM kpi_history r WHERE segment = '3' AND shop.tells(to_jsonb(r))
	UNION ALL SELECT 'control', count(*) FROM kpi_control r WHERE segment = '3' AND shop.tells(to_jsonb(r))
	UNION ALL SELECT 'alerts', count(*) FROM kpi_alert r WHERE segment = '3' AND shop.tells(to_jsonb(r))
	UNION ALL SELECT 'page', count(*) FROM regexp_matches(kpi_scorecard_html('2026-01-31'),
		'<tr><th scope="row"><bdi>3</bdi>(?:(?!</tr>).)*7[.,]?7[78]\d', 'g')
$$;
SELECT * FROM shop.seen();
SELECT kpi, segment, period, value, n, previous, status FROM kpi_scorecard('2026-01-31')
	WHERE kpi IN ('average', 'flow') ORDER BY kpi, segment;
SELECT substring(kpi_scorecard_html('2026-01-31'), '<tr><th scope="row"><bdi>3</bdi>.*?</tr>') ~ 'no data'
	AS none_shown;
SELECT count(*) FROM kpi_alert WHERE segment = '3' AND value > 1000;
-- what is under the minimum is pending, not missing; where n is not known, or nothing came, it is no data
SELECT status, count(*), count(value) AS values, max(n) < 10 AS few FROM kpi_reading WHERE segment = '3' GROUP BY status
	ORDER BY status;
SELECT kpi, rule, finding FROM kpi_review('2026-01-31') WHERE rule IN ('stale source', 'small n') AND kpi = 'average';
-- who shows them sees them; who hides later loses what was shown, also before the source's first month
SELECT shop.define('average', 'shop.fact', 10, false);
SELECT changed > 0 AS changed, error FROM kpi_measure('average', '2026-01-31', false);
SELECT count(*) > 10 AS shown FROM kpi_reading WHERE kpi = 'average' AND segment = '3' AND value > 7000;
SELECT place, rows > 0 AS told FROM shop.seen();
DELETE FROM shop.fact WHERE period < '2025-06-01';
SELECT shop.define('average', 'shop.fact', 10, true);
SELECT error FROM kpi_measure('average', '2026-01-31', false);
SELECT count(*) FILTER (WHERE value > 7000) AS shown, count(*) FILTER (WHERE value IS NULL AND n = 2) > 10 AS hidden
	FROM kpi_reading WHERE kpi = 'average' AND segment = '3';
SELECT * FROM shop.seen() WHERE rows > 0;
-- nor does a relative goal tell one: 20% more than what is hidden is no goal
SELECT kpi_set_goal('average', '>= +20% on previous', '(,)', '3');
SELECT count(*) FILTER (WHERE r.target IS NOT NULL) AS goals,
	count(*) FILTER (WHERE (r.target IS NULL) <> (b.value IS NULL)) AS wrong
FROM kpi_reading r LEFT JOIN kpi_reading b ON (b.kpi, b.segment) = (r.kpi, r.segment)
	AND b.period = r.period - interval '1 month' WHERE r.kpi = 'average' AND r.segment = '3';
SELECT * FROM shop.seen() WHERE rows > 0;
-- 0 of a flow without rows would tell that there were none
SELECT kpi, value, n, status FROM kpi_reading WHERE kpi = 'flow' AND segment = '4';
SELECT kpi_set_goal('flow', '>= 5', '(,)', '4');
SELECT error FROM kpi_measure('flow', '2026-01-31', false);
SELECT count(*) > 5 AS rows, count(value) AS values, max(n), min(status), max(status) FROM kpi_reading
	WHERE kpi = 'flow' AND segment = '4';
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
