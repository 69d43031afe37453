-- Business hours: src/calendar/business_hours.c
--@ makes business_hours, business_hours_cmp, business_hours_eq, business_hours_ge, business_hours_gt,
--@   business_hours_hash, business_hours_hash_extended, business_hours_in, business_hours_le, business_hours_lt,
--@   business_hours_ne, business_hours_ops, business_hours_out, business_hours_recv, business_hours_send

--@ include core/base_type.sql
--@ with TYPE = business_hours
--@ with ABOUT = when a business is open, by weekday in a time zone: Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @
--@   Asia/Shanghai. A day that is not named is closed, 22:00-06:00 runs over midnight and belongs to the day on which
--@   it begins, 00:00-24:00 is the whole day; Make-up 10:00-16:00 gives hours to make-up days; 2026-12-24 09:00-13:00
--@   or 2026-12-28 closed gives hours to dates, from 2027-01-01 Mon-Fri 08:00-16:00 other ones from a date on; 22P02 if
--@   it makes no sense

CREATE FUNCTION time_zone(business_hours) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_business_hours_time_zone' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION time_zone(business_hours) IS 'name of the time zone of the hours';
CREATE FUNCTION weekly_time(business_hours) RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_weekly_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weekly_time(business_hours) IS
	'open time of the first week that the hours name, without holidays, in hours and smaller units';
CREATE FUNCTION weekly_seconds(business_hours) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_weekly_seconds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weekly_seconds(business_hours) IS 'weekly_time() in seconds';
CREATE FUNCTION opening_hours(hours business_hours,
	OUT weekday integer, OUT name text, OUT opens time, OUT closes time, OUT seconds double precision)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_opening_hours' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 7;
COMMENT ON FUNCTION opening_hours(business_hours) IS
	'a row for each opening of the first week that the hours name: weekday 1 (Monday) to 7 (Sunday) on which it '
	'begins, its name (Mon), when it opens and closes by the clock (closes at or before opens: on the next day), its '
	'length in seconds; hours of make-up days are not among them';
--@ include calendar/opening_hours.sql

--@ for AT | ABOUT
--@ | timestamptz | between two moments
--@ | timestamp   | between two local times of the zone of the hours
CREATE FUNCTION business_time(started @AT@, ended @AT@, hours business_hours, holidays datemultirange DEFAULT '{}',
		workdays datemultirange DEFAULT '{}') RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_business_time_@AT@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_time(@AT@, @AT@, business_hours, datemultirange, datemultirange) IS
	'open time @ABOUT@, exact to the microsecond, in hours and smaller units; negative if ended is before started. '
	'Open is when the clock in the zone of the hours shows a time in them (an hour that it shows twice counts twice, '
	'one that it skips not at all). holidays are dates without openings; workdays are make-up dates that are open, '
	'holiday or not: with the hours of their weekday, or where it is closed those written after Make-up, else those '
	'that most weekdays have. A date that the hours name has those, whatever else it is. An opening over midnight goes '
	'with the date on which it begins. NULL for NULL; 22023 for infinity';
CREATE FUNCTION business_seconds(started @AT@, ended @AT@, hours business_hours, holidays datemultirange DEFAULT '{}',
		workdays datemultirange DEFAULT '{}') RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_business_seconds_@AT@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_seconds(@AT@, @AT@, business_hours, datemultirange, datemultirange) IS
	'business_time() in seconds';
CREATE FUNCTION add_business_time(at @AT@, open_time interval, hours business_hours,
		holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS @AT@
	AS 'MODULE_PATHNAME', 'kpi_add_business_time_@AT@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION add_business_time(@AT@, interval, business_hours, datemultirange, datemultirange) IS
	'when so much open time has passed since at (the due time of a service level): the first moment with '
	'business_time(at, it) = open_time, so at closing time rather than at the next opening; at itself for 0; for a '
	'negative open_time the last moment so much open time before at. NULL for NULL; 22023 for infinity and for an '
	'open_time with days or months, 22008 if it is never reached';
CREATE FUNCTION is_business_time(at @AT@, hours business_hours, holidays datemultirange DEFAULT '{}',
		workdays datemultirange DEFAULT '{}') RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_is_business_time_@AT@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_business_time(@AT@, business_hours, datemultirange, datemultirange) IS
	'whether the business is open: true at the moment of opening, false at that of closing; holidays and workdays as '
	'in business_time(). NULL for NULL; 22023 for infinity';
--@ end
--@ include calendar/business_spans.sql
--@ include calendar/business_days.sql
