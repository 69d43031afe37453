-- Words that are not taken: an error that names those that are, the nearest first.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
CREATE SCHEMA shop;
CREATE TABLE shop.sale (period date, value numeric);
CREATE FUNCTION shop.says(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m text; h text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, h = PG_EXCEPTION_HINT;
	RETURN concat_ws('  ', SQLSTATE, m, h);
END $$;
CREATE FUNCTION shop.defines(unit text DEFAULT 'month', kind text DEFAULT 'flow', perspective text DEFAULT 'financial',
	level text DEFAULT 'strategic', timing text DEFAULT 'lagging', pace text DEFAULT 'linear') RETURNS text
LANGUAGE sql AS $$
	SELECT shop.says(format('SELECT kpi_define(%L, %L, %L, %L, %L, %L, %L, %L, pace => %L)', 'sales', 'Sales',
		'shop.sale', unit, kind, perspective, level, timing, pace))
$$;
SELECT shop.defines();
SELECT shop.defines(unit => u)
	FROM unnest('{monthly,Months,weekly,quaterly,yearly,jalali,jalali mnth,quarter 2,daily,""}'::text[]) u;
SELECT shop.defines(kind => k) FROM unnest('{Flow,rate,percentage,avg,sum,stocks,survy,ração}'::text[]) k;
SELECT shop.defines(perspective => p) FROM unnest('{finance,client,processes,staff,peopel}'::text[]) p;
SELECT shop.defines(level => l) FROM unnest('{strategy,operations,function}'::text[]) l;
SELECT shop.defines(timing => t), shop.defines(pace => t) FROM unnest('{lead,lag,lastyear}'::text[]) t;
-- whatever is given, all words are named once
SELECT count(*), bool_and((SELECT array_agg(w ORDER BY w)
	FROM regexp_split_to_table(rtrim(substring(says, 'Use one of: (.*)$'), '.'), ', ') w)
	= '{average,flow,ratio,stock,survey}'::text[]) AS all_words
FROM (SELECT shop.defines(kind => repeat(chr(97 + i % 26) || chr(228), i)) AS says FROM generate_series(1, 60) i) x;
-- tasks of kpi_grants(), units of others, and kinds where C reads them
SELECT shop.says($$SELECT kpi_grants('pg_monitor', 'read')$$), shop.says($$SELECT kpi_grants('pg_monitor', 'define')$$);
SELECT shop.says($$SELECT kpi_period(date '2026-01-01', 'fiscal year')$$);
SELECT shop.says($$SELECT kpi_check_source('shop.sale', 'summe', false)$$);
DROP SCHEMA shop CASCADE;
TRUNCATE kpi_definition;
