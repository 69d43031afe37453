-- Before fuzzing: the types with calls of their functions, and the samples as files of the directory seeds.
CREATE TABLE kpi_test.fuzzed AS
	SELECT type, name, (SELECT array_agg(format(replace(query, '%1$L', '$1'))) FROM kpi_test.calls(type)
		WHERE signature !~ '(_recv|_in)\(') AS queries
	FROM kpi_test.base_type ORDER BY name;

SELECT set_config('kpi_test.seeds', :'seeds', false) \g /dev/null
DO $$
DECLARE
	file text;
	seed bytea;
	object oid;
BEGIN
	FOR file, seed IN
		SELECT format('%s-%s', name, row_number() OVER ()),
			set_byte('\x00', 0, (2 * number + form)::int)
				|| CASE form WHEN 0 THEN convert_to(printed, 'UTF8') ELSE sent END
		FROM (SELECT type, name, row_number() OVER (ORDER BY name) - 1 AS number FROM kpi_test.base_type) b
		JOIN kpi_test.sampled s USING (type, name), kpi_test.forms(b.type, literal), generate_series(0, 1) form
	LOOP
		object := lo_from_bytea(0, seed);
		PERFORM lo_export(object, current_setting('kpi_test.seeds') || '/' || file), lo_unlink(object);
	END LOOP;
END $$;
