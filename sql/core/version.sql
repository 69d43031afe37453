-- The library's version: src/kpi.c

CREATE FUNCTION kpi_version() RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_version' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_version() IS
	'version of the installed library; where extversion in pg_extension says another, ALTER EXTENSION kpi UPDATE is '
	'due';
