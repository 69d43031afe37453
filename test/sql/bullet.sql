-- bullet(): shown in ASCII here, so that the output is the same in every database
CREATE FUNCTION pg_temp.plain(bar text) RETURNS text LANGUAGE sql AS $$ SELECT translate(bar, '█░│', '#.|') $$;

SELECT a AS actual, t AS target, pg_temp.plain(bullet(a, t)) AS bullet
FROM (VALUES
	('>= 50'::kpi_target, ARRAY[NULL, 'NaN', 0, 1, 25, 40, 49, 50, 51, 60, 100, 1000, -10, 'Infinity',
			'-Infinity']::double precision[]),
	('<= 4 warn 6', ARRAY[0, 2, 4, 5, 8, -4]),
	('[10,20] warn [8,25]', ARRAY[5, 10, 15, 20, 25]),
	('>= -10', ARRAY[-20, -10, -5, 0, 5]),
	('[-10,10]', ARRAY[-15, -5, 0, 5, 15]),
	('[5,5.1]', ARRAY[5]),
	('>= 0', ARRAY[NULL, 0, 5, -5]),
	('[0,0]', ARRAY[0]),
	('[-1.7976931348623157e308,1.7976931348623157e308]', ARRAY[1e308, -1e308, 1, 5e-324]),
	('>= 5e-324', ARRAY[0, 5e-324, 1, 1e308])
) AS v(t, list), unnest(list) WITH ORDINALITY AS u(a, n);
SELECT pg_temp.plain(bullet(40, '>= 50', 5)), pg_temp.plain(bullet(40, '>= 50', 10)),
	pg_temp.plain(bullet(width => 40, actual => 40, target => '>= 50'));
SELECT bullet(40, NULL) IS NULL AS no_target, bullet(40, '>= 50', NULL) IS NULL AS no_width,
	pg_typeof(bullet(40, '>= 50'));
SELECT bullet(40, '>= 50', 4);
\echo :LAST_ERROR_SQLSTATE
SELECT bullet(40, '>= 50', 201);
SELECT bullet(NULL, '>= 50', -1);

-- as wide as asked; it reaches the marker exactly when the value reaches the bound, and passes it exactly when the
-- value does
SELECT setseed(0.1);
CREATE TEMP TABLE bar AS
SELECT shape, width, bound, actual, bar
FROM generate_series(1, 3000) AS i,
	LATERAL (SELECT 5 + i % 196 AS width, random() ^ (i % 4) * 100 AS size) AS r,
	LATERAL (VALUES (size), (size * 0.999999), (size * 1.000001), (size * 0.97), (size * 1.03), (random() * 150), (1e6))
		AS v(actual),
	LATERAL (VALUES ('>=', size, pg_temp.plain(bullet(actual, at_least(size), width))),
			('<=', size, pg_temp.plain(bullet(actual, at_most(size), width))),
		-- the mirror image
		('<= -', size, reverse(pg_temp.plain(bullet(-actual, at_most(-size), width)))),
			('>= -', size, reverse(pg_temp.plain(bullet(-actual, at_least(-size), width)))),
		-- with a far bound on the other side of 0
		('[-,+]', size, pg_temp.plain(bullet(actual, between_target(-30, size), width)))) AS m(shape, bound, bar);
SELECT shape, count(*), count(*) FILTER (WHERE char_length(bar) <> width) AS other_width,
	count(*) FILTER (WHERE bar ~ '[^#.|]') AS other_signs,
	count(*) FILTER (WHERE regexp_replace(bar, CASE shape WHEN '[-,+]' THEN '^\.*(\|\.*(?=[#|.]*\|))?' ELSE '^' END, '')
		!~ CASE WHEN actual > bound THEN '^#*\|#+\.*$' WHEN actual = bound THEN '^#*\|\.+$' ELSE '^(#*\.+)?\|\.+$' END)
			AS wrong
FROM bar GROUP BY shape ORDER BY shape;
-- a value between two bounds that are too near to show
SELECT pg_temp.plain(bullet(5, '[5,5.1]')), pg_temp.plain(bullet(5.05, '[5,5.1]')),
	pg_temp.plain(bullet(5.1, '[5,5.1]')), pg_temp.plain(bullet(4.99, '[5,5.1]')),
	pg_temp.plain(bullet(5.11, '[5,5.1]')), pg_temp.plain(bullet(-5.05, '[-5.1,-5]'));

-- the signs of every database on demand, of the same bar
SELECT bullet(40, '>= 50', 10, true), bullet(NULL, '>= 50', 10, true), pg_temp.plain(bullet(40, '>= 50', 10, false)),
	bullet(40, '>= 50', 10, NULL) IS NULL AS unknown, bullet(40, NULL, 10, true) IS NULL AS no_target;
SELECT count(*) FILTER (WHERE bar = bullet(actual, at_least(bound), width, true)) AS same, count(*) FROM bar
	WHERE shape = '>=';

-- blocks where the database is UTF8, ASCII elsewhere
SELECT bullet(40, '>= 50', 10) = CASE getdatabaseencoding() WHEN 'UTF8' THEN '███████░│░' ELSE '#######.|.' END
	AS as_the_encoding_allows,
	pg_temp.plain(bullet(40, '>= 50', 10));
\set here :DBNAME
CREATE DATABASE kpi_test_latin1 TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C';
\c kpi_test_latin1
CREATE EXTENSION kpi;
SELECT getdatabaseencoding(), bullet(40, '>= 50', 10);
\c :here
DROP DATABASE kpi_test_latin1;
