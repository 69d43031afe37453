-- Sparklines, in ASCII, so that the output is the same in every database.
\getenv abs_srcdir PG_ABS_SRCDIR
\i :abs_srcdir/lib/series.sql

SELECT sparkline('{1,2,3,4,5,6,7,8}', true), sparkline('{1,NULL,8,NaN,4}', true), sparkline('{7,7}', true),
	sparkline('{NULL}', true) = ' ' AS blank, sparkline('{}', true) = '' AS empty,
	sparkline('{0,100,Infinity,-Infinity}', true), sparkline('{-1.7e308,0,1.7e308}', true),
		sparkline('{0,5e-324}', true), sparkline(ARRAY[1, 2, 9], true), sparkline('[0:2]={1,2,3}', true);
SELECT sparkline(NULL) IS NULL, sparkline('{1}', NULL) IS NULL, pg_temp.error($$SELECT sparkline('{{1,2}}')$$);
SELECT getdatabaseencoding() <> 'UTF8' OR translate(sparkline(s), '▁▂▃▄▅▆▇█', '12345678') = sparkline(s, true)
	AND sparkline(s) = sparkline(s, false) AND char_length(sparkline(s)) = 11 AS as_the_encoding_allows
	FROM (VALUES ('{8,1,2,3,4,5,6,7,NULL,8,1}'::float8[])) v(s);
-- against width_bucket() on random series
SELECT setseed(0.25);
SELECT count(*) FILTER (WHERE sparkline(s, true) <> plain) AS different FROM (SELECT array_agg(x ORDER BY i) AS s,
		string_agg(least(width_bucket(x, 0, 64, 8), 8)::text, '' ORDER BY i) AS plain
	FROM (SELECT k, i, CASE i WHEN 1 THEN 0 WHEN 2 THEN 64 ELSE floor(random() * 65) END AS x
			FROM generate_series(1, 50) k, generate_series(1, 30) i) r GROUP BY k) q;
\set here :DBNAME
CREATE DATABASE kpi_test_latin1 TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C';
\c kpi_test_latin1
CREATE EXTENSION kpi;
SELECT getdatabaseencoding(), sparkline('{1,5,8}');
\c :here
DROP DATABASE kpi_test_latin1;
