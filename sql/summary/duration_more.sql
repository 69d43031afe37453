-- Durations between two moments, durations with limits that are counted exactly: src/summary/duration.c
--@ since 0.2.0

--@ for TYPE | C | ABOUT
--@ | date        | date      | days, each of 24 hours
--@ | timestamp   | timestamp | as the clock shows it
--@ | timestamptz | timestamp | as it has passed, also where clocks change
CREATE FUNCTION duration_summary_accum(duration_summary, started @TYPE@, ended @TYPE@) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_@C@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, @TYPE@, @TYPE@) IS
	'transition function: adds the time between two moments';
CREATE AGGREGATE duration_summary(started @TYPE@, ended @TYPE@) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(@TYPE@, @TYPE@) IS
	'summary of the durations from started to ended, @ABOUT@; a row with either side NULL is ignored, empty summary '
	'without rows; 22003 where ended is before started or one of them is infinite';
CREATE FUNCTION duration_summary_accum(duration_summary, started @TYPE@, ended @TYPE@, limits interval[])
	RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_@C@_limits' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, @TYPE@, @TYPE@, interval[]) IS
	'transition function: adds the time between two moments, counting limits';
CREATE AGGREGATE duration_summary(started @TYPE@, ended @TYPE@, limits interval[]) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(@TYPE@, @TYPE@, interval[]) IS
	'summary of the durations from started to ended, @ABOUT@, with the exact count of those not longer than each of '
	'the limits, for share_within; a row with either side NULL is ignored, empty summary without rows; 22003 where '
	'ended is before started or one of them is infinite; 22023 for limits that are NULL, empty, negative, more than 64 '
	'or not the same in every row';
--@ end
--@ for TYPE | ARG | C | ABOUT
--@ | interval         | duration | interval | intervals; a year counts 365.25 days and a month 30 as in extract(epoch)
--@ | double precision | seconds  | float8   | seconds; numeric and bigint convert to it
CREATE FUNCTION duration_summary_accum(duration_summary, @ARG@ @TYPE@, limits interval[]) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_@C@_limits' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, @TYPE@, interval[]) IS
	'transition function: adds one duration, counting limits';
CREATE AGGREGATE duration_summary(@ARG@ @TYPE@, limits interval[]) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(@TYPE@, interval[]) IS
	'summary of durations, rounded to microseconds, given as @ABOUT@, with the exact count of those not longer than '
	'each of the limits, for share_within; NULL ignored, empty summary without rows; 22003 for a negative duration or '
	'one beyond 292271 years; 22023 for limits that are NULL, empty, negative, more than 64 or not the same in every '
	'row';
--@ end
CREATE FUNCTION duration_summary_accum(duration_summary, days integer) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, integer) IS
	'transition function: refuses an integer';
CREATE AGGREGATE duration_summary(days integer) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(integer) IS
	'refuses an integer (22023), which may be the days of a date less a date or a number of seconds: of two dates '
	'write duration_summary(started, ended), of seconds make_interval(secs => seconds) or seconds::double precision; '
	'NULL ignored';
CREATE FUNCTION duration_summary_accum(duration_summary, days integer, limits interval[]) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_integer_limits' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, integer, interval[]) IS
	'transition function: refuses an integer';
CREATE AGGREGATE duration_summary(days integer, limits interval[]) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(integer, interval[]) IS
	'refuses an integer (22023) as duration_summary(integer) does: write duration_summary(started, ended, limits) of '
	'two dates; NULL ignored';
CREATE FUNCTION share_within_bounds(duration_summary, within interval, OUT lower double precision,
		OUT upper double precision) RETURNS record
	AS 'MODULE_PATHNAME', 'kpi_duration_share_within_bounds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_within_bounds(duration_summary, interval) IS
	'between which two numbers, 0..1, the exact share of the durations up to and including a limit lies; both are that '
	'share where the limit is one of those with which the summary was built, below the least or from the largest '
	'duration on; upper is share_within(); NULL without durations';
