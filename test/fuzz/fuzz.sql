-- Before fuzzing: the types with calls of their functions, the functions and aggregates that compute with them, values
-- for the other arguments, and the samples, by themselves and in pairs, as files of the directory seeds.  After
-- extremes.sql.
CREATE TABLE kpi_test.fuzzed AS
	SELECT type, name, (SELECT array_agg(format(replace(query, '%1$L', '$1'))) FROM kpi_test.calls(type)
		WHERE signature !~ '(_recv|_in)\(') AS queries
	FROM kpi_test.base_type ORDER BY name;

-- Numbers of a hundred thousand digits are slow, and so are days without end, up to the 512 MB of a value; the test of
-- extreme values has them.
CREATE TABLE kpi_test.fuzz_pool AS
	SELECT type, array_agg(DISTINCT literal) AS literals FROM (
		SELECT type, literal FROM kpi_test.extreme_value
		UNION ALL
		SELECT to_regtype(substring(pool FROM 6)), literal FROM kpi_test.extreme WHERE pool LIKE 'type %'
		UNION ALL
		SELECT 'numeric', literal FROM kpi_test.extreme
			WHERE pool IN ('numeric', 'amount', 'amount long', 'amount any', 'score', 'csat')
		UNION ALL
		SELECT c.type, e.literal FROM kpi_test.extreme_column c JOIN kpi_test.extreme e USING (pool)
			WHERE c.type::text ~ '^(bigint|integer|smallint|double|date|timestamp|interval|uuid|boolean$)'
		UNION ALL
		SELECT 'text', literal FROM kpi_test.extreme WHERE pool IN ('unit', 'step', 'model')
		UNION ALL
		SELECT 'text[]', literal FROM kpi_test.extreme WHERE pool = 'steps'
		UNION ALL
		SELECT to_regtype(type), literal FROM kpi_test.argument) v
	WHERE literal IS NOT NULL AND length(literal) < 2000 AND literal !~ 'e-?\d{5}'
		AND NOT (type = 'daterange'::regtype AND literal ~ '^[[].*,(\)|infinity|5874897)')
	GROUP BY type;

-- Functions in C that give one value.
CREATE TABLE kpi_test.fuzz_function AS
	SELECT oid::regprocedure AS function FROM kpi_test.callable
	WHERE prokind = 'f' AND NOT proretset AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'c')
		AND pronargs <= 8
		AND EXISTS (SELECT FROM kpi_test.base_type WHERE type = ANY (proargtypes))
		AND NOT EXISTS (SELECT FROM unnest(proargtypes) t WHERE t NOT IN (SELECT type FROM kpi_test.fuzz_pool));
CREATE TABLE kpi_test.fuzz_aggregate AS
	SELECT signature::text AS name, state, step, 0::regproc AS back, combine, final, initial AS first, false AS moving
		FROM kpi_test.extreme_aggregate
	UNION ALL
	SELECT signature::text, mstate, mstep, mback, 0, mfinal, minitial, true FROM kpi_test.extreme_aggregate
		WHERE mback <> 0;

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
		UNION ALL
		-- two of a type: the length of the first, and both
		SELECT format('%s-pair-%s', name, row_number() OVER ()),
			set_byte('\x00', 0, (128 + 2 * number + form)::int) || substring(int4send(length(one)) FROM 3) || one
				|| other
		FROM (SELECT name, number, form, one,
				lead(one) OVER (PARTITION BY number, form ORDER BY length(one), one) AS other
			FROM (SELECT name, row_number() OVER (ORDER BY name) - 1 AS number, type FROM kpi_test.base_type) b
			JOIN kpi_test.extreme_value v USING (type), kpi_test.forms(b.type, literal), generate_series(0, 1) form,
				LATERAL (SELECT CASE form WHEN 0 THEN convert_to(printed, 'UTF8') ELSE sent END) s(one)
			WHERE length(one) < 400) p WHERE other IS NOT NULL
	LOOP
		object := lo_from_bytea(0, seed);
		PERFORM lo_export(object, current_setting('kpi_test.seeds') || '/' || file), lo_unlink(object);
	END LOOP;
END $$;
