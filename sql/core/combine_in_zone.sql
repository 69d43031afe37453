--@ # What combines partial states of TYPE in aggregates over timestamptz.
--@ makes @TYPE@_combine
CREATE FUNCTION @TYPE@_combine(@TYPE@, @TYPE@) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_@TYPE@_combine' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_combine(@TYPE@, @TYPE@) IS
	'combine function of aggregates over timestamptz: as @TYPE@_add; 22023 too where the second was built in another '
	'time zone than the session''s, as a worker of Citus may do';
