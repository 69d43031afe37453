-- Durations: src/summary/duration.c, duration_facts.c, duration_forms.c
--@ makes duration_summary_cmp, duration_summary_eq, duration_summary_ge, duration_summary_gt, duration_summary_hash,
--@   duration_summary_hash_extended, duration_summary_in, duration_summary_le, duration_summary_lt,
--@   duration_summary_ne, duration_summary_ops, duration_summary_out, duration_summary_recv, duration_summary_send,
--@   percentile, percentile_seconds

--@ include core/base_type.sql
--@ with TYPE = duration_summary
--@ with ABOUT = count, sum, extremes and histogram of durations, (n,sum,min,max;limit=count,...;bucket:count,...) with
--@   times in microseconds and only the limits that were given: mergeable by + and rollup()

--@ for TYPE | ARG | C
--@ | interval         | duration | interval
--@ | double precision | seconds  | float8
CREATE FUNCTION duration_summary_accum(duration_summary, @ARG@ @TYPE@) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_@C@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, @TYPE@) IS 'transition function: adds one duration';
--@ end
CREATE FUNCTION duration_summary_add(duration_summary, duration_summary) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_add(duration_summary, duration_summary) IS 'merges two summaries';
CREATE FUNCTION duration_summary_final(duration_summary) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_final(duration_summary) IS
	'final function: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_add,
		COMMUTATOR = +);
COMMENT ON OPERATOR + (duration_summary, duration_summary) IS
	'summary of the durations of both; NULL if a side is NULL';

CREATE FUNCTION responses(duration_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_duration_responses' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION responses(duration_summary) IS 'count of durations; 0 for the empty summary';
--@ for NAME | TYPE | FORM
--@ | percentile         | interval         | as an interval of hours and smaller
--@ | percentile_seconds | double precision | in seconds
CREATE FUNCTION @NAME@(duration_summary, fraction double precision) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_duration_@NAME@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@(duration_summary, double precision) IS
	'the duration that a fraction (0..1) of all do not exceed, as percentile_disc() chooses it, @FORM@: within 0.4 % '
	'of the exact value, 0 gives the least and 1 the largest exactly; NULL without durations; 22023 unless 0 <= '
	'fraction <= 1';
--@ end
CREATE FUNCTION mean(duration_summary) RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_duration_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean(duration_summary) IS
	'mean duration as an interval of hours and smaller: the exact mean rounded to microseconds, half a microsecond up; '
	'NULL without durations';
CREATE FUNCTION mean_seconds(duration_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_duration_mean_seconds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean_seconds(duration_summary) IS
	'mean duration in seconds: the double precision number nearest to the exact mean; NULL without durations';
CREATE FUNCTION share_within(duration_summary, within interval) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_duration_share_within' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_within(duration_summary, interval) IS
	'share of the durations up to and including a limit, 0..1: exact where the limit is one of those with which the '
	'summary was built, duration_summary(duration, limits). Elsewhere those up to 0.8 % above the limit may count as '
	'within, share_within_bounds() says how many; exactly 0 below the least duration, 1 only from the largest on; a '
	'limit in months or years counts as in extract(epoch); NULL without durations';

--@ for TYPE | ARG | ABOUT
--@ | interval         | duration | intervals; a year counts 365.25 days and a month 30 as in extract(epoch)
--@ | double precision | seconds  | seconds; numeric and bigint convert to it. An integer is refused, since a
--@   difference of two dates is one: write duration_summary(started, ended)
CREATE AGGREGATE duration_summary(@ARG@ @TYPE@) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(@TYPE@) IS
	'summary of durations, rounded to microseconds, given as @ABOUT@; NULL ignored, empty summary without rows; 22003 '
	'for a negative duration or one beyond 292271 years';
--@ end
CREATE AGGREGATE rollup(duration_summary) (
	SFUNC = duration_summary_add, STYPE = duration_summary, SSPACE = 8192, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(duration_summary) IS
	'summary of the durations of all summaries; NULL ignored, empty summary without rows';
