-- Working days: src/calendar/business_time.c

CREATE FUNCTION business_days(from_day date, to_day date, hours business_hours, holidays datemultirange DEFAULT '{}',
		workdays datemultirange DEFAULT '{}') RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_business_days' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_days(date, date, business_hours, datemultirange, datemultirange) IS
	'how many days are open from from_day on and before to_day, as to_day - from_day counts all days; a half day is '
	'one. Negative if to_day is before from_day. Open is a day on which an opening begins; holidays and workdays as '
	'in business_time(). NULL for NULL; 22023 for infinity';

--@ for AT | ABOUT
--@ | timestamptz | the same time by the clock of the zone of the hours, whatever clocks change in between,
--@ | timestamp   | the same local time
CREATE FUNCTION add_business_days(at @AT@, days integer, hours business_hours, holidays datemultirange DEFAULT '{}',
		workdays datemultirange DEFAULT '{}') RETURNS @AT@
	AS 'MODULE_PATHNAME', 'kpi_add_business_days_@AT@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION add_business_days(@AT@, integer, business_hours, datemultirange, datemultirange) IS
	'@ABOUT@ so many open days later: the due time of a service level in working days. What comes in before a day '
	'opens, after it closes or on a closed day counts from the next opening (which it gives for 0); on a day that '
	'opens later or closes earlier it is due at the opening or closing; an opening over midnight belongs to the date '
	'on which it begins. NULL for NULL; 22023 for infinity and for negative days, 22008 if it is never reached';
--@ end
