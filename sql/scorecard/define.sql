-- Defining a KPI: src/scorecard/source.c; kpi_refuse: refuse.c

CREATE FUNCTION kpi_refuse(message text, hint text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_refuse' LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_refuse(text, text) IS 'private: always an error, 22023 with this message and hint';
CREATE FUNCTION kpi_check_source(source regclass, kind text, needs_n boolean) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_check_source' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_check_source(regclass, text, boolean) IS
	'true if the table or view can be the source of a KPI of this kind, with a column n where that is needed, else '
	'22023 with the reason; 42P01 if there is none; 42501 if the caller may not read it, as kpi_measure() would for '
	'him';

--@ include scorecard/define_kpi.sql
