-- Decimals of floats, and numbers to look at: src/core/number/number.c
--@ since 0.2.0

CREATE FUNCTION shortest_decimal(x double precision) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_shortest_decimal_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION shortest_decimal(double precision) IS
	'the shortest decimal that the number is nearest to, as PostgreSQL shows it: 0.1 is 0.1. So all functions of money '
	'take double precision; a cast to numeric rounds to 15 digits. NULL for NULL';
CREATE FUNCTION shortest_decimal(x real) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_shortest_decimal_float4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION shortest_decimal(real) IS
	'the shortest decimal that the number is nearest to, as PostgreSQL shows it: 9.8 is 9.8, which as double precision '
	'is 9.800000190734863; a cast to numeric rounds to 6 digits. NULL for NULL';
CREATE FUNCTION rounded(x double precision, digits integer DEFAULT 0) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN round(shortest_decimal(x), digits);
COMMENT ON FUNCTION rounded(double precision, integer) IS
	'x as numeric with so many digits after the point, halves away from 0: round() of PostgreSQL has no digits for '
	'double precision; NULL for NULL';
CREATE FUNCTION rounded(x numeric, digits integer DEFAULT 0) RETURNS numeric
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN round(x, digits);
COMMENT ON FUNCTION rounded(numeric, integer) IS
	'x with so many digits after the point, halves away from 0, as round() has it; NULL for NULL';
CREATE FUNCTION percent(x double precision, digits integer DEFAULT 1) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN round(shortest_decimal(x) OPERATOR(pg_catalog.*) 100::numeric, digits)::text OPERATOR(pg_catalog.||)
		'%'::text;
COMMENT ON FUNCTION percent(double precision, integer) IS
	'a fraction as text, in percent with so many digits after the point, halves away from 0: 0.8333 is 83.3%; NULL for '
	'NULL';
