-- Helpers for tests that look for memory that is not freed; after samples.sql and probe.sql.

-- Bytes in use in all memory contexts of this session.
CREATE FUNCTION kpi_test.used() RETURNS bigint
	LANGUAGE sql VOLATILE PARALLEL UNSAFE AS 'SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts';

-- How much more is in use after a statement was run n times more, errors caught; it was run ten times before: by then
-- the server has settled on the plans that it keeps, those of the bodies of SQL functions included from PostgreSQL 18
-- on.
CREATE FUNCTION kpi_test.left_by(query text, n int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	held bigint;
	before bigint;
BEGIN
	FOR i IN 1 .. n + 10 LOOP
		BEGIN
			EXECUTE query;
		EXCEPTION WHEN OTHERS THEN
		END;
		-- in one place: each call of used() that stands here keeps a plan of its own
		IF i IN (1, 10, n + 10) THEN
			held := kpi_test.used();
		END IF;
		IF i = 10 THEN
			before := held;
		END IF;
	END LOOP;
	RETURN held - before;
END
$$;

-- How much more is in use at the last of n rows of one statement than at half of them; NULL where a row ends with an
-- error.
CREATE FUNCTION kpi_test.grown(query text, value text, n int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	grown bigint;
BEGIN
	-- counting the results keeps the planner from leaving them out
	EXECUTE format('SELECT CASE WHEN count(result) >= 0
			THEN max(m) FILTER (WHERE i = $1) - max(m) FILTER (WHERE i = $1 / 2) END FROM (
		SELECT i, (%s) AS result, CASE WHEN i IN (1, $1 / 2, $1) THEN kpi_test.used() END AS m
		FROM generate_series(1, $1) i,
			LATERAL (SELECT CASE WHEN i > 0 THEN $2 END OFFSET 0) row(literal) OFFSET 0) r', query)
		INTO grown USING n, value;
	RETURN grown;
EXCEPTION WHEN OTHERS THEN
	RETURN NULL;
END
$$;
