-- Rates, shares, and what builds them: src/summary/rate.c
--@ makes churn_rate, conversion_rate, conversion_summary, csat_agg, csat_summary, on_time_rate, on_time_summary,
--@   rate_agg, rate_lower, rate_summary, rate_summary_accum, rate_summary_accum_churned, rate_summary_accum_conversion,
--@   rate_summary_accum_csat, rate_summary_accum_on_time, rate_summary_accum_retained, rate_summary_add,
--@   rate_summary_cmp, rate_summary_eq, rate_summary_ge, rate_summary_gt, rate_summary_hash,
--@   rate_summary_hash_extended, rate_summary_in, rate_summary_le, rate_summary_lt, rate_summary_ne, rate_summary_ops,
--@   rate_summary_out, rate_summary_recv, rate_summary_remove, rate_summary_remove_churned,
--@   rate_summary_remove_conversion, rate_summary_remove_csat, rate_summary_remove_on_time,
--@   rate_summary_remove_retained, rate_summary_send, rate_summary_subtract, rate_upper, retention_rate, rollup

--@ default STATE = rate_summary
--@ default SIZE = 24
--@ default EMPTY = (0,0)

--@ include core/base_type.sql
--@ with TYPE = rate_summary
--@ with ABOUT = a share as two counts, (hits,total): mergeable by + and rollup()

--@ for STEP | ABOUT
--@ | accum  | adds one row
--@ | remove | takes one row away again
CREATE FUNCTION rate_summary_@STEP@(rate_summary, hit boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_bool' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@(rate_summary, boolean) IS 'transition function of rate_agg: @ABOUT@';
--@ for KIND in retained | churned
CREATE FUNCTION rate_summary_@STEP@_@KIND@(rate_summary, before boolean, after boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_@KIND@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_@KIND@(rate_summary, boolean, boolean) IS
	'transition function, share of the customers that were @KIND@: @ABOUT@';
--@ end
--@ for TYPE | C
--@ | smallint         | int2
--@ | integer          | int4
--@ | bigint           | int8
--@ | double precision | float8
--@ | numeric          | numeric
--@ for MORE | TYPES
--@ |                                |
--@ | , scale integer                | , integer
--@ | , scale integer, boxes integer | , integer, integer
CREATE FUNCTION rate_summary_@STEP@_csat(rate_summary, score @TYPE@@MORE@) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_csat_@C@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_csat(rate_summary, @TYPE@@TYPES@) IS
	'transition function of csat_agg: @ABOUT@';
--@ end
--@ end
--@ for AT | ORDER | C | VOLATILE
--@ | date        | date      | date        | IMMUTABLE
--@ | timestamp   | timestamp | timestamp   | IMMUTABLE
--@ | timestamptz | timestamp | timestamptz | STABLE
CREATE FUNCTION rate_summary_@STEP@_on_time(rate_summary, due @AT@, done @AT@, as_of @AT@) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_on_time_@ORDER@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_on_time(rate_summary, @AT@, @AT@, @AT@) IS
	'transition function of on_time_rate: @ABOUT@';
CREATE FUNCTION rate_summary_@STEP@_conversion(rate_summary, started @AT@, converted @AT@, within interval, as_of @AT@)
	RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_conversion_@C@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_conversion(rate_summary, @AT@, @AT@, interval, @AT@) IS
	'transition function of conversion_rate: @ABOUT@';
--@ end
--@ end

--@ include core/counts.sql
--@ with WHAT = rows

CREATE FUNCTION rate(rate_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate(rate_summary) IS 'hits / total as a fraction 0..1; NULL without rows';
CREATE FUNCTION hits(rate_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_rate_hits' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hits(rate_summary) IS 'count of rows that are hits; 0 for the empty summary';
CREATE FUNCTION total(rate_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_rate_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total(rate_summary) IS 'count of all rows; 0 for the empty summary';

CREATE FUNCTION rate_interval(rate_summary, confidence double precision DEFAULT 0.95,
	OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_rate_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_interval(rate_summary, double precision) IS
	'confidence interval of the share, Wilson score (Wilson 1927), within 0..1; NULLs without rows; 22023 unless 0 < '
	'confidence < 1';
--@ for SIDE in lower | upper
CREATE FUNCTION rate_@SIDE@(rate_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_rate_@SIDE@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_@SIDE@(rate_summary, double precision) IS '@SIDE@ end of rate_interval() as a plain number';
--@ end

-- Each source of rows gives a rate, a plain number, and where it is worth storing a summary.

--@ for NAME | FINAL | ABOUT
--@ | rate_agg     | rate | share of true among the rows that are not NULL, 0..1; NULL without rows
--@ | rate_summary |      | summary of true and false rows; NULL ignored, empty summary without rows
--@ include core/moving_aggregate.sql
--@ with ARGS = hit boolean
--@ with ABOUT = @ABOUT@. A comparison with a missing date is NULL and would drop its row: write (done <= due) IS TRUE
--@   to count it as a miss
--@ end
--@ for NAME | KIND | WHICH
--@ | retention_rate | _retained | with
--@ | churn_rate     | _churned  | without
--@ include core/moving_aggregate.sql
--@ with ARGS = before boolean, after boolean
--@ with FINAL = rate
--@ with ABOUT = share 0..1 of the rows @WHICH@ after among those with before; a row with either NULL is ignored, NULL
--@   if no row has before
--@ end
--@ for TYPE in smallint | integer | bigint | double precision | numeric
--@ for NAME | FINAL | RESULT
--@ | csat_agg     | rate | 0..1 (NULL without rows)
--@ | csat_summary |      | as a rate_summary (empty without rows)
--@ for MORE
--@ |
--@ | , scale integer
--@ | , scale integer, boxes integer
--@ include core/moving_aggregate.sql
--@ with ARGS = score @TYPE@@MORE@
--@ with KIND = _csat
--@ with ABOUT = customer satisfaction, top-box share @RESULT@: score in the best boxes (default 2) of 1..scale (default
--@   5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or
--@   a scale under 4 without boxes
--@ end
--@ end
--@ end
--@ for AT in date | timestamp | timestamptz
--@ for FORM | FINAL | RESULT
--@ | rate    | rate | 0..1; NULL without rows
--@ | summary |      | as a rate_summary; empty without rows
--@ include core/moving_aggregate.sql
--@ with NAME = on_time_@FORM@
--@ with ARGS = due @AT@, done @AT@, as_of @AT@
--@ with KIND = _on_time
--@ with ABOUT = of the rows due by as_of (inclusive), the share done by due, @RESULT@. NULL done is late; a row with
--@   due or as_of NULL is ignored
--@ include core/moving_aggregate.sql
--@ with NAME = conversion_@FORM@
--@ with ARGS = started @AT@, converted @AT@, within interval, as_of @AT@
--@ with KIND = _conversion
--@ with ABOUT = of the rows whose window started + within ended by as_of (inclusive), the share converted inside it,
--@   @RESULT@. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a
--@   part of a day does not reach the next day; 22023 for a negative window
--@ end
--@ end
