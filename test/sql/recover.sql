-- kpi_target with a bound of recovery: text, binary and stored form, numbers, relative and scaled, and alerts by it.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m text; d text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(E'\n  ', SQLSTATE || ' ' || m, nullif(d, ''));
END $$;

SELECT literal, literal::kpi_target, literal::kpi_target::text::kpi_target = literal::kpi_target AS reads_back,
	kpi_target_send(literal::kpi_target) AS binary, pg_column_size(literal::kpi_target) AS bytes
FROM (VALUES
	('<= 1000 recover 990'), ('>=50 RECOVER 52 warn 40 from 30'),
	('>= 50 from 30 recover 52 warn 40'), ('>= 0 recover 5e-324'),
	('[10,20] recover [11,19]'), ('[10,20] recover [11,] warn [8,25]'), ('[10,20] recover [,19]'),
	('[10,20] recover [15,15]'),
	('>= 90% warn 80% recover 92%'), ('>= -10 recover -0'), ('<= +5% recover +3% on year ago'),
	('[-5%,+5%] recover [-4%,+4%] warn [-9%,] on previous'), ('<= 4 warn 6')
) AS v(literal);
SELECT format('%s  ->  %s', literal, pg_temp.refusal(format('SELECT %L::kpi_target', literal))) AS refusal
FROM (VALUES
	('<= 1000 recover'), ('<= 1000 recover 1000'), ('<= 1000 recover 1001'), ('>= 50 recover 50'), ('>= 50 recover 49'),
	('>= 50 recover 51 recover 52'), ('>= 50 recover [51,52]'), ('[10,20] recover 12'), ('[10,20] recover [,]'),
	('[10,20] recover [10,19]'), ('[10,20] recover [11,20]'), ('[10,20] recover [16,15]'), ('[10,20] recover [21,]'),
	('[10,20] recover [,9]'), ('[10,20] recover [11,19'), ('>= 50 recover x'), ('>= 50 recover 1e309'),
	('<= +5% recover 3% on year ago'), ('<= -99% recover -101% on previous'), ('recover 3')
) AS v(literal);
-- the numbers
SELECT t, recover_value(t), recover_lower(t), recover_upper(t), warn_value(t), target_value(t), baseline(t),
	direction(t)
FROM unnest(ARRAY['>= 50', '>= 50 warn 40 recover 52', '<= 1000 recover 990', '[10,20] recover [11,]',
	'[10,20] recover [11,19]', '<= +5% recover +3% on year ago']::kpi_target[]) AS t;
SELECT recover_value(NULL), recover_lower(NULL), recover_upper(NULL);
-- status and attainment know nothing of it
SELECT count(*), bool_and(kpi_status(x, a) = kpi_status(x, b) AND attainment(x, a) IS NOT DISTINCT FROM attainment(x, b)
	AND gap(x, a) = gap(x, b) AND (a @> x) = (b @> x) AND bullet(x, a) = bullet(x, b) AND a <> b) AS same
FROM generate_series(-30, 30, 0.5) x, (VALUES ('>= 5 warn 3'::kpi_target, '>= 5 warn 3 recover 6'::kpi_target),
	('<= 5', '<= 5 recover 4'), ('[10,20] warn [8,]', '[10,20] warn [8,] recover [11,19]')) v (a, b);
-- relative and scaled
SELECT kpi_relative_target('>= +20% warn +10% recover +25% on year ago', 1000),
	kpi_relative_target('[-5%,+5%] recover [-4%,+4%] on previous', 200),
	kpi_scaled_target('<= 1000 warn 1100 recover 990', 1, 4),
	kpi_scaled_target('<= 1000 recover 990', 3, 3), kpi_scaled_target('>= 5e-324 recover 1e-323', 1, 4),
	kpi_pace(300, '>= 1000 recover 1100', '[2026-01-01,2026-02-01)', '2026-01-10') =
		kpi_pace(300, '>= 1000', '[2026-01-01,2026-02-01)', '2026-01-10') AS same_pace;
-- by the thousand: text gives back the same bytes
SELECT setseed(0.5);
SELECT count(*) > 3000 AS enough, bool_and(t::text::kpi_target = t
	AND kpi_target_send(t::text::kpi_target) = kpi_target_send(t)
	AND (recover_lower(t), recover_upper(t)) IS NOT DISTINCT FROM (lo, hi)) AS as_written
FROM (SELECT CASE WHEN i % 3 = 0 THEN format('>= %s recover %s', least(a, b), greatest(a, b))
		WHEN i % 3 = 1 THEN format('<= %s recover %s warn %s', greatest(a, b), least(a, b),
			greatest(a, b) + abs(a) + abs(b))
		ELSE format('[%s,%s] recover [%s,%s]', least(a, b) - abs(a) - abs(b), greatest(a, b) + abs(a) + abs(b),
			least(a, b), greatest(a, b)) END::kpi_target AS t,
		CASE i % 3 WHEN 0 THEN greatest(a, b) WHEN 2 THEN least(a, b) END AS lo,
		CASE i % 3 WHEN 1 THEN least(a, b) WHEN 2 THEN greatest(a, b) END AS hi
	FROM (SELECT i, (random() - 0.5) * 10 ^ (random() * 300 - 150) AS a,
		(random() - 0.5) * 10 ^ (random() * 300 - 150) AS b
		FROM generate_series(1, 5000) i) n WHERE a <> b) x;
-- kept in tables, found by index beside those without
CREATE TEMP TABLE stored AS
	SELECT i, CASE WHEN i % 2 = 0 THEN format('>= %s recover %s', i % 100, i % 100 + 1)
		ELSE format('>= %s', i % 100) END::kpi_target AS t
	FROM generate_series(1, 2000) i;
CREATE INDEX ON stored (t);
CREATE INDEX ON stored USING hash (t);
SET enable_seqscan = off;
SELECT count(*) FROM stored WHERE t = '>= 8 recover 9';
SELECT count(*) FROM stored WHERE t = '>= 9';
RESET enable_seqscan;
SELECT count(DISTINCT t) FROM stored;

-- alerts: two days below and two above, six times, are one alert and not eleven where it has to be 990 to be over
CREATE SCHEMA shop;
CREATE TABLE shop.level (period date, value numeric);
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	alert_after => 2);
CREATE FUNCTION shop.days(series numeric[], target kpi_target) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM kpi_set_goal('level', target, '(,)');
	TRUNCATE kpi_reading, kpi_alert, shop.level;
	FOR i IN 1 .. cardinality(series) LOOP
		INSERT INTO shop.level VALUES (date '2026-01-01' + i, series[i]);
		PERFORM kpi_measure('level', date '2026-01-01' + i, false);
	END LOOP;
	RETURN (SELECT string_agg(period - '2026-01-01' || ' ' || status, ', ' ORDER BY raised_at) FROM kpi_alert);
END $$;
CREATE FUNCTION shop.again(series numeric[], times int) RETURNS numeric[] LANGUAGE sql AS
	$$ SELECT array_agg(v ORDER BY t, o) FROM generate_series(1, times) t, unnest(series) WITH ORDINALITY u(v, o) $$;
SELECT shop.days(shop.again('{980,990,1010,1020}', 6), '<= 1000');
SELECT shop.days(shop.again('{980,991,1010,1020}', 6), '<= 1000 recover 990');
-- at the bound of recovery it is over
SELECT shop.days('{1010,1010,995,995,990,990}', '<= 1000 recover 990');
-- from the next day on; to be amber it must be as far beyond the warning
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading');
SELECT shop.days('{900,1050,1150,1095,1090,1050,995,990,1010}', '<= 1000 warn 1100 recover 990');
SELECT period - '2026-01-01' AS day, value, status FROM kpi_reading ORDER BY period;
SELECT shop.days('{1100,950,1005,1010,800,905,910,1010}', '>= 1000 warn 900 recover 1010');
SELECT shop.days('{1000,1150,1099,1098,700,801,803,901,902}', '[900,1100] warn [800,1200] recover [902,1098]');
-- one side only: at the other the bound is enough
SELECT shop.days('{1000,700,901,902,1300,1100}', '[900,1100] recover [902,]');
-- the target's goes before the definition's, which is for the other side
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading',
	recover => 0.1);
SELECT shop.days('{1000,700,901,902,1300,1090,1080,1079}', '[900,1100] recover [902,]');
SELECT shop.days('{1010,950,899}', '<= 1000'), shop.days('{1010,950,899}', '<= 1000 recover 950');
-- a relative goal: of 1000, 2 % of recovery is 1020
SELECT kpi_define('level', 'Level', 'shop.level', 'day', 'stock', 'process', 'operational', 'leading');
SELECT shop.days('{1000,990,1010,1031}', '>= +0% recover +2% on previous');
SELECT period, target FROM kpi_reading WHERE target IS NOT NULL ORDER BY period;
-- a total that is split takes it along in proportion
CREATE VIEW shop.sale AS SELECT period, value FROM shop.level;
SELECT kpi_define('sales', 'Sales', 'shop.sale', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_set_goal('sales', '<= 100 warn 110 recover 95', '[2026-01-01,2027-01-01)');
SELECT * FROM kpi_split_goal('sales', 1000, '[2026-01-01,2026-04-01)', '{2,1,1}');
SELECT during, target FROM kpi_goal WHERE superseded_at IS NULL AND kpi = 'sales' ORDER BY during;
SELECT kpi_set_goal('sales', '>= -100 recover -80', '[2026-01-01,2027-01-01)');
SELECT * FROM kpi_split_goal('sales', -10.1, '[2026-01-01,2026-03-01)');
SELECT during, target FROM kpi_goal WHERE superseded_at IS NULL AND kpi = 'sales' ORDER BY during LIMIT 2;
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
