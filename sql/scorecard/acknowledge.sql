-- Saying that an alert was seen.
--@ since 0.2.0

CREATE FUNCTION kpi_acknowledge(kpi text, note text DEFAULT '', segment text DEFAULT NULL) RETURNS bigint
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_refuse('KPI of an alert is missing') WHERE kpi IS NULL;
	WITH seen AS (
		UPDATE kpi_alert a SET acknowledged_at = clock_timestamp(), acknowledged_by = CURRENT_USER::text,
			note = coalesce(kpi_acknowledge.note, '')
		WHERE a.kpi = kpi_acknowledge.kpi AND a.segment = coalesce(kpi_acknowledge.segment, a.segment)
			AND a.acknowledged_at IS NULL
		RETURNING a.period)
	SELECT count(*) FROM seen
	HAVING EXISTS (SELECT FROM kpi_alert a WHERE a.kpi = kpi_acknowledge.kpi
			AND a.segment = coalesce(kpi_acknowledge.segment, a.segment))
		OR kpi_refuse(pg_catalog.format('KPI %L has no alert%s', kpi, ' of segment ' || quote_literal(segment)));
END;
COMMENT ON FUNCTION kpi_acknowledge(text, text, text) IS
	'says that the open alerts of a KPI, of all segments (NULL) or of one (empty is the total), were seen, with a note '
	'and who said so, and returns how many. What comes later is open again. 22023 where there never was one';

REVOKE ALL ON FUNCTION kpi_acknowledge(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_acknowledge(text, text, text) TO @extowner@ WITH GRANT OPTION;
