-- No aggregate turns missing data into 0: a row in which an argument is NULL leaves the result as it is, and rows of
-- which all have it NULL give what no rows give. What reads something into a NULL is listed here, argument by argument,
-- since its page says so. The aggregates come from the catalogue (test/lib/aggregates.sql).
\pset format unaligned
\set VERBOSITY terse
SET client_min_messages = error;

\getenv inputs PG_ABS_SRCDIR
\set rows :inputs '/lib/aggregates.sql'
\set ECHO none
\i :rows
\set ECHO all

CREATE TABLE missing AS
SELECT a.signature, a.name, i AS place,
	coalesce((SELECT p.proargnames[i] FROM pg_proc p WHERE p.oid = a.signature), '') AS argument,
	a.expressions, a.types, CASE WHEN a.arguments ~ 'summary_' THEN 'stored' ELSE 'sample' END AS source,
	NULL::text AS without, NULL::text AS beside, NULL::text AS alone, NULL::text AS nothing
FROM aggregate a, generate_subscripts(a.expressions, 1) i;
DO $$
DECLARE
	m missing;
	given text;
	nulled text;
BEGIN
	FOR m IN SELECT * FROM missing LOOP
		given := array_to_string(m.expressions, ', ');
		nulled := (SELECT string_agg(CASE WHEN j = m.place THEN format('CASE WHEN known THEN %s END::%s', e, m.types[j])
				ELSE e END, ', ' ORDER BY j) FROM unnest(m.expressions) WITH ORDINALITY u(e, j));
		BEGIN
			EXECUTE format('SELECT %s(%s)::text FROM %s WHERE id <= 1200 AND shard < 4', m.name, given, m.source)
				INTO m.without;
			EXECUTE format('SELECT %s(%s)::text FROM %s WHERE false', m.name, given, m.source) INTO m.nothing;
			EXECUTE format('SELECT %s(%s)::text FROM (SELECT false AS known, * FROM %s WHERE id <= 1200 '
				'AND shard < 4) s', m.name, nulled, m.source) INTO m.alone;
			EXECUTE format('SELECT %s(%s)::text FROM (SELECT * FROM %s, unnest(ARRAY[false, true]) known '
				'WHERE id <= 1200 AND shard < 4 ORDER BY id, known) s', m.name, nulled, m.source) INTO m.beside;
			UPDATE missing d SET without = m.without, beside = m.beside, alone = m.alone, nothing = m.nothing
				WHERE d.signature = m.signature AND d.place = m.place;
		EXCEPTION WHEN invalid_parameter_value THEN
			-- a parameter, which is no data: NULL is refused, or another than that of the other rows
			DELETE FROM missing d WHERE d.signature = m.signature AND d.place = m.place;
		END;
	END LOOP;
END $$;
SELECT count(DISTINCT signature) = (SELECT count(*) FROM aggregate) AS every_aggregate, count(*) > 500 AS arguments,
	count(*) FILTER (WHERE without IS DISTINCT FROM nothing) > 400 AS with_results FROM missing;
SELECT name, argument, count(*) > 0 AS found FROM missing
	WHERE beside IS DISTINCT FROM without OR alone IS DISTINCT FROM nothing GROUP BY 1, 2 ORDER BY 1, 2;
-- and a number over nothing is NULL, never 0
SELECT signature, nothing FROM missing WHERE nothing ~ '^-?[0.]+$|^00:00:00$';
DROP TABLE sample, stored, aggregate, missing CASCADE;
DROP FUNCTION h, buyer, argument;
