-- Goals that are relative to another period: >= +20% on year ago, on previous.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
-- the form
SELECT t, relative_to(t), direction(t), target_value(t), warn_value(t), target_lower(t) FROM (VALUES
	('>= +20% on year ago'::kpi_target), ('  <=-10 %  WARN -5% On  Previous'), ('>= +20.50% warn +1e1% on year ago'),
	('[-5%,+5%] warn [-7.5%,] on previous'), ('>= +0% on previous'), ('>= -0% on previous'), ('<= -100% on year ago'),
	('>= 120%'), ('>= +20'), ('<= -20%')) v(t);
SELECT t::text::kpi_target = t AS text FROM (VALUES ('>= +7% warn -1.25% on year ago'::kpi_target)) v(t);
-- refused: a change of nothing, and what is no change
DO $$
DECLARE
	t text; d text; h text;
BEGIN
	FOREACH t IN ARRAY ARRAY['>= +20%', '[-5%,+5%]', '>= 10 warn +5%', '>= 20% on year ago', '>= +20 on year ago',
			'>= +20% on last month', '>= +20% on year', '>= +20% on', '>= +20% on previous on year ago', 'on previous',
			'>= +20% on previous warn +10%', '>= +20% warn +20% on previous', '>= +20% warn 10% on previous',
			'>= -101% on previous', '>= +20% from +10% on previous', '>= +1e309% on previous'] LOOP
		BEGIN
			PERFORM t::kpi_target;
			RAISE WARNING 'taken: %', t;
		EXCEPTION WHEN invalid_text_representation THEN
			GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
			RAISE WARNING '%: %', t, d;
		END;
	END LOOP;
	RAISE WARNING '%', h;
END $$;
SELECT kpi_status(5, '>= +20% on year ago');
SELECT attainment(5, '>= +20% on year ago');
SELECT kpi_scaled_target('>= +20% on year ago', 1, 2);
-- as a number: decimal, so that 107 is 7% more than 100; nothing is more than nothing
SELECT kpi_relative_target(t::kpi_target, v) FROM (VALUES ('>= +20% on year ago', 1000), ('>= +7% on previous', 100),
	('<= -10% warn -5% on previous', 0.3), ('[-5%,+5%] warn [-7.5%,] on previous', 80), ('>= 5 warn 4', -1),
	('>= 5', NULL), ('>= +5% on previous', NULL), ('>= +5% on previous', 0), ('>= +5% on previous', -3),
	('>= +5% on previous', 'NaN'), ('>= +5% on previous', 'Infinity'), ('>= +5% on previous', 1.79e308),
	('>= +1e-14% warn +0% on previous', 3), (NULL, 1)) v(t, v);
SELECT count(*) AS tried, count(*) FILTER (WHERE target_value(kpi_relative_target(
		format('>= %s%s%% on previous', CASE WHEN p < 0 THEN '-' ELSE '+' END, abs(p))::kpi_target, v::float8))
		IS DISTINCT FROM (v * (1 + p / 100))::float8) AS wrong
FROM (SELECT abs(hashint4extended(i, 1) % 100000) / 1000.0 + 0.001 AS v, hashint4extended(i, 2) % 9999 / 100.0 AS p
	FROM generate_series(1, 20000) i) x;

-- in the scorecard
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period date, segment text, value numeric);
CREATE FUNCTION shop.define(name text, unit text DEFAULT 'month', kind text DEFAULT 'flow') RETURNS text
	LANGUAGE sql AS
	$$ SELECT kpi_define(name, name, 'shop.sale', unit, kind, 'financial', 'strategic', 'lagging') $$;
SELECT shop.define('revenue');
INSERT INTO shop.sale SELECT m, s, 100 + 10 * i FROM generate_series(timestamp '2025-01-01', '2026-02-01', '1 month')
	WITH ORDINALITY m(m, i), unnest('{a,b}'::text[]) s;
SELECT kpi_set_goal('revenue', '>= +20% warn +10% on year ago', '[2026-01-01,2027-01-01)'),
	kpi_set_goal('revenue', '>= +5% on previous', '[2025-01-01,2027-01-01)', 'a');
SELECT readings, alerts, error FROM kpi_measure('revenue', '2026-02-14', false);
SELECT segment, period, value, target, status, round(attainment::numeric, 3) AS attainment FROM kpi_reading
	WHERE segment IN ('', 'a') AND period > '2025-10-01' OR segment = 'a' AND period < '2025-03-01'
	ORDER BY segment, period;
SELECT segment, period, value, target_value, status FROM kpi_scorecard('2026-02-14');
SELECT kpi, segment, target, target_value, warn_lower, deviation FROM kpi_board('2026-02-14') WHERE target IS NOT NULL;
-- a number is shown, nowhere the change
SELECT kpi_scorecard_html('2026-02-14') ~ 'on year ago', kpi_scorecard_html('2026-02-14') ~ '>target at least 288<';
-- a correction of last year moves the goal of this one
UPDATE shop.sale SET value = 500 WHERE period = '2025-02-01' AND segment = 'a';
SELECT readings, changed, alerts FROM kpi_measure('revenue', '2026-02-14', false);
SELECT segment, period, value, target, status FROM kpi_reading WHERE period = '2026-02-01' ORDER BY segment;
-- where nothing was a year ago there is no goal, and no data is no data
DELETE FROM shop.sale WHERE period = '2025-02-01' OR period > '2026-01-01';
SELECT readings, alerts FROM kpi_measure('revenue', '2026-02-28', false);
SELECT segment, period, value, target, status FROM kpi_reading WHERE period IN ('2025-02-01', '2026-02-01')
	ORDER BY segment, period;
SELECT segment, period, value, target_value, status FROM kpi_scorecard('2026-02-28');
-- a goal of its own takes its place, the rest stays relative
SELECT kpi_set_goal('revenue', '>= 300', '[2026-03-01,2026-07-01)');
SELECT during, target FROM kpi_goal WHERE segment = '' AND superseded_at IS NULL ORDER BY during;
SELECT kpi, rule, finding FROM kpi_review('2026-02-28')
	WHERE rule IN ('segments do not add up', 'rate above 1', 'no target');
-- every unit, against plain SQL: the period before, and the one of a year ago as kpi_scorecard has it
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert, shop.sale;
INSERT INTO shop.sale SELECT date '2023-01-01' + i / 2, 's' || i % 2, abs(hashint4extended(i, 3) % 90)
	FROM generate_series(0, 2200) i;
SELECT count(shop.define(u || ' ' || k, u, k)) FROM unnest('{day,week,month,quarter,year apr,jalali month}'::text[]) u,
	unnest('{flow,stock}'::text[]) k;
SELECT kpi_set_goal(name, '>= +10% on year ago', '(,)', 's0'),
	kpi_set_goal(name, '<= -3% warn +1% on previous', '(,)', 's1'),
	kpi_set_goal(name, '[-50%,+50%] on previous', '(,)') FROM kpi_definition \g /dev/null
SELECT count(error) FROM kpi_measure(as_of => '2025-12-20', notify => false);
WITH r AS (
	SELECT r.*, d.unit, lag(r.value) OVER (PARTITION BY r.kpi, r.segment ORDER BY r.period) AS before
	FROM kpi_reading r JOIN kpi_definition d ON d.name = r.kpi
), e AS (
	SELECT r.*, CASE r.segment WHEN 's0' THEN y.value ELSE r.before END AS base,
		CASE r.segment WHEN 's0' THEN 1.1 WHEN 's1' THEN 0.97 ELSE 1 END AS factor
	FROM r LEFT JOIN kpi_reading y ON y.kpi = r.kpi AND y.segment = r.segment AND y.period = kpi_period(
		CASE WHEN r.unit = 'week' THEN r.period - 364 WHEN r.unit = 'day' THEN (r.period - interval '1 year')::date
			ELSE (r.period + 10 - interval '1 year')::date END, r.unit))
SELECT count(*) > 5000 AS many, count(target) > 4000 AS judged, count(*) FILTER (WHERE (base > 0) IS NOT TRUE AND
	target IS NOT NULL OR base > 0 AND target_value(target) IS DISTINCT FROM (base::numeric * factor)::float8) AS wrong,
	count(*) FILTER (WHERE complete AND value > 0 AND status <> kpi_status(value, target)) AS wrong_status
FROM e;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
