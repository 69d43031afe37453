CREATE FUNCTION bullet(actual double precision, target kpi_target, width integer, ascii boolean) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_bullet' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bullet(double precision, kpi_target, integer, boolean) IS 'as bullet(actual, target, width); with ascii true in the signs # . | in every database; NULL where ascii is NULL';
