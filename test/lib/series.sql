-- Functions that the tests of series/ share.

-- what a statement raises, with its hint
CREATE FUNCTION pg_temp.error(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
	EXECUTE query;
	RETURN 'none';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' ', sqlstate || ':', sqlerrm, nullif('[' || hint || ']', '[]'));
END $$;

-- equal but for rounding
CREATE FUNCTION pg_temp.near(a float8, b float8, share float8 DEFAULT 1e-9) RETURNS boolean LANGUAGE sql AS $$
	SELECT CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL
			AND b IS NULL ELSE abs(a - b) <= share * (1 + greatest(abs(a), abs(b))) END $$;

-- normally distributed
CREATE FUNCTION pg_temp.noise() RETURNS float8
	LANGUAGE sql VOLATILE AS $$ SELECT sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) $$;
