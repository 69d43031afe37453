-- Stickiness up to a day: src/summary/activity_rows.c
CREATE FUNCTION stickiness(s activity_summary, periods integer, as_of date,
	OUT period date, OUT active bigint, OUT active_trailing bigint, OUT rate double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_stickiness_as_of' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50 COST 5000;
COMMENT ON FUNCTION stickiness(activity_summary, integer, date) IS
	'stickiness(s, periods) up to the period of as_of, the day up to which the data are complete (inclusive), or of '
	'through of contracts where that is earlier; the rate of a period that ends after that day is NULL. As without it '
	'for as_of NULL. No rows for s or periods NULL; 22023 for less than 1 period or an infinite date; 54000 beyond a '
	'million rows';
