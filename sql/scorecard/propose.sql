-- Proposing a target from history.

--@ include scorecard/propose_for.sql
CREATE FUNCTION kpi_propose_target(kpi text)
	RETURNS TABLE (method text, target text, value double precision, reason text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3 COST 500000
BEGIN ATOMIC
	SELECT p.method, p.target, p.value, p.reason
	FROM kpi_propose_target(kpi, NULL::date) WITH ORDINALITY AS p (method, target, value, reason, place)
	ORDER BY p.place;
END;
COMMENT ON FUNCTION kpi_propose_target(text) IS
	'three targets for the next period of a KPI, each as text to cast to kpi_target, with its value (four significant '
	'digits) and the reason in words: of the last 12 complete readings of the total their median, the next point of '
	'their straight line, and their best quartile. Where there is a season (a year; of days a week) and two whole ones '
	'of readings or more: the value of a season before with the median change over a season, forecast(), and the value '
	'of a season before with the best quartile of these changes; changes are factors where all values are above 0, '
	'else differences. There is one where readings, less the straight line and the level of each season, correlate '
	'with those of a season before by more than chance (1.645 / sqrt(pairs)). The side that is better is that of the '
	'KPI''s newest goal, else higher. NULL with the reason under 4 readings and for a range; 22023 for an unknown KPI';
