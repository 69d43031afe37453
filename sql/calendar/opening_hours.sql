-- What business hours say of one week, where they change from a date on: src/calendar/business_hours.c

CREATE FUNCTION weekly_time(hours business_hours, on_day date) RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_weekly_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weekly_time(business_hours, date) IS
	'open time of a week without holidays, in hours and smaller units, as the hours are on that day';
CREATE FUNCTION weekly_seconds(hours business_hours, on_day date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_weekly_seconds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weekly_seconds(business_hours, date) IS 'weekly_time() on that day in seconds';
CREATE FUNCTION opening_hours(hours business_hours, on_day date,
	OUT weekday integer, OUT name text, OUT opens time, OUT closes time, OUT seconds double precision)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_opening_hours' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 7;
COMMENT ON FUNCTION opening_hours(business_hours, date) IS
	'a row for each opening of the week, as the hours are on that day, with the columns of opening_hours(hours); '
	'dates that have hours of their own are not among them';
