CREATE FUNCTION kpi_define(name text, source regclass, kind text DEFAULT NULL, unit text DEFAULT 'month',
	measure text DEFAULT '', title text DEFAULT NULL, owner text DEFAULT '') RETURNS text
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_refuse(
		pg_catalog.format('measure %L of a KPI is not 1 to 20 characters without square brackets', measure),
		'Give a short one, such as ''%'', ''EUR'' or ''days''.')
	WHERE measure <> '' AND measure !~ '^[^][]{1,20}$';
	SELECT kpi_define(kpi_define.name,
		coalesce(kpi_define.title, kpi_define.name) || coalesce(' [' || nullif(measure, '') || ']', ''),
		kpi_define.source, coalesce(kpi_define.unit, 'month'),
		coalesce(kpi_define.kind, (
			SELECT CASE WHEN bool_or(a.attname = 'numerator') AND bool_or(a.attname = 'denominator') THEN 'ratio'
				WHEN bool_or(a.attname = 'n') THEN 'average' ELSE 'flow' END
			FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = kpi_define.source::oid AND a.attnum > 0::smallint AND NOT a.attisdropped)),
		'financial', 'operational', 'lagging', owner => kpi_define.owner);
END;
COMMENT ON FUNCTION kpi_define(text, regclass, text, text, text, text, text) IS
	'defines a KPI by its name and source, with what the rest of kpi_define() asks for by default, and returns its '
	'name. kind without one is what the columns of the source suggest: numerator and denominator are a ratio, value '
	'and n an average, value alone a flow. unit is the period; measure is what the values are in (%, EUR, days) and '
	'stands in square brackets behind the title, which is the name without one. Perspective financial, level '
	'operational, timing lagging. 22023 for NULL as name or source, and as the other kpi_define()';

REVOKE ALL ON FUNCTION kpi_define(text, regclass, text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_define(text, regclass, text, text, text, text, text) TO @extowner@ WITH GRANT OPTION;
