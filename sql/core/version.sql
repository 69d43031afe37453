-- The library's version: src/kpi.c

CREATE FUNCTION kpi_version() RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_version' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_version() IS 'version of the library that this session runs; where pg_extension.extversion says another, ALTER EXTENSION kpi UPDATE is due, or, in a session from before an update of the package, a new connection';
