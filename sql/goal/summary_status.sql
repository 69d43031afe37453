-- Status of a summary: whether its confidence interval lies in one colour.
-- SQL, since src/target and src/summary do not know each other.

--@ for SUMMARY,PREFIX,ABOUT in nps_summary,nps,nps_interval() | rate_summary,rate,rate_interval()
CREATE FUNCTION kpi_status(s @SUMMARY@, target kpi_target, confidence double precision) RETURNS kpi_status
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN confidence IS NOT NULL THEN
		kpi_interval_status(@PREFIX@_lower(s, confidence), @PREFIX@_upper(s, confidence), target) END;
COMMENT ON FUNCTION kpi_status(@SUMMARY@, kpi_target, double precision) IS 'status by the confidence interval of @ABOUT@: uncertain unless all of it is green, or amber or red on one side; no_data for a NULL or empty summary; NULL without a target or a confidence; 22023 unless 0 < confidence < 1';
--@ end
