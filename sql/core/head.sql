-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION kpi" to load this file. \quit

-- What has one of our names already is said at once, and with a way round it, which the server's own error lacks.
-- It runs as the superuser who installs a trusted extension, so everything in it is qualified.
DO $$
DECLARE
	taken pg_catalog.text;
	here pg_catalog.text := pg_catalog.quote_ident(pg_catalog.current_schema()::pg_catalog.text);
BEGIN
	SELECT pg_catalog.string_agg(pg_catalog.format('%s %s', n.kind, n.name), ', '::pg_catalog.text) INTO taken
	FROM (VALUES
--@ names
	) AS n (kind, name)
	WHERE CASE n.kind
		WHEN 'function' THEN pg_catalog.to_regprocedure(pg_catalog.concat(here, '.', n.name)) IS NOT NULL
		WHEN 'type' THEN pg_catalog.to_regtype(pg_catalog.concat(here, '.', n.name)) IS NOT NULL
		ELSE pg_catalog.to_regclass(pg_catalog.concat(here, '.', n.name)) IS NOT NULL END;
	IF taken IS NOT NULL THEN
		RAISE duplicate_object USING
			MESSAGE = pg_catalog.format('schema %s has names of kpi already: %s', here, taken),
			HINT = 'Keep them apart: CREATE SCHEMA kpi; CREATE EXTENSION kpi SCHEMA kpi;';
	END IF;
END $$;
