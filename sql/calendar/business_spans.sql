-- Open time in several spans, and around pauses: src/calendar/business_time.c

--@ for AT | SPANS | ABOUT
--@ | timestamptz | tstzmultirange | moments
--@ | timestamp   | tsmultirange   | local times of the zone of the hours
CREATE FUNCTION business_time_in(spans @SPANS@, hours business_hours, holidays datemultirange DEFAULT '{}',
		workdays datemultirange DEFAULT '{}') RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_business_time_in_@SPANS@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_time_in(@SPANS@, business_hours, datemultirange, datemultirange) IS
	'open time in ranges of @ABOUT@, added up, as business_time() of two: of what was opened again, or '
	'waited for the customer in between (spans - pauses). 0 for {}; NULL for NULL; 22023 for a range without a '
	'beginning or an end';
CREATE FUNCTION business_seconds_in(spans @SPANS@, hours business_hours, holidays datemultirange DEFAULT '{}',
		workdays datemultirange DEFAULT '{}') RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_business_seconds_in_@SPANS@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_seconds_in(@SPANS@, business_hours, datemultirange, datemultirange) IS
	'business_time_in() in seconds';
CREATE FUNCTION add_business_time(at @AT@, open_time interval, hours business_hours, holidays datemultirange,
		workdays datemultirange, pauses @SPANS@) RETURNS @AT@
	AS 'MODULE_PATHNAME', 'kpi_add_business_time_@AT@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION add_business_time(@AT@, interval, business_hours, datemultirange, datemultirange, @SPANS@) IS
	'when so much open time has passed since at, that in pauses (ranges of @ABOUT@) not counted: the due '
	'time of a service level whose clock is stopped while the customer is waited for. A pause that begins when it is '
	'due puts nothing off. NULL for NULL; 22023 for a negative open_time, else as add_business_time() without pauses; '
	'22008 where a pause before it is due has no end';
--@ end
