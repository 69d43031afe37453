-- Rates, shares, and what builds them: src/summary/rate.c

--@ include core/base_type.sql
--@ with TYPE = rate_summary
--@ with ABOUT = a share as two counts, (hits,total): mergeable by + and rollup()

--@ for STEP,ABOUT in accum,adds one row | remove,takes one row away again
CREATE FUNCTION rate_summary_@STEP@(rate_summary, hit boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_bool' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@(rate_summary, boolean) IS 'transition function of rate_agg: @ABOUT@';
--@ for KIND in retained | churned
CREATE FUNCTION rate_summary_@STEP@_@KIND@(rate_summary, before boolean, after boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_@KIND@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_@KIND@(rate_summary, boolean, boolean) IS 'transition function, share of the customers that were @KIND@: @ABOUT@';
--@ end
--@ for TYPE,C in smallint,int2 | integer,int4 | bigint,int8 | double precision,float8 | numeric,numeric
CREATE FUNCTION rate_summary_@STEP@_csat(rate_summary, score @TYPE@) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_csat_@C@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_csat(rate_summary, @TYPE@) IS 'transition function of csat_agg: @ABOUT@';
CREATE FUNCTION rate_summary_@STEP@_csat(rate_summary, score @TYPE@, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_csat_@C@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_csat(rate_summary, @TYPE@, integer) IS 'transition function of csat_agg: @ABOUT@';
CREATE FUNCTION rate_summary_@STEP@_csat(rate_summary, score @TYPE@, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_csat_@C@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_csat(rate_summary, @TYPE@, integer, integer) IS 'transition function of csat_agg: @ABOUT@';
--@ end
--@ for AT,ORDER,C,VOLATILE in date,date,date,IMMUTABLE | timestamp,timestamp,timestamp,IMMUTABLE | timestamptz,timestamp,timestamptz,STABLE
CREATE FUNCTION rate_summary_@STEP@_on_time(rate_summary, due @AT@, done @AT@, as_of @AT@) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_on_time_@ORDER@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_on_time(rate_summary, @AT@, @AT@, @AT@) IS 'transition function of on_time_rate: @ABOUT@';
CREATE FUNCTION rate_summary_@STEP@_conversion(rate_summary, started @AT@, converted @AT@, within interval, as_of @AT@) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@_conversion_@C@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@_conversion(rate_summary, @AT@, @AT@, interval, @AT@) IS 'transition function of conversion_rate: @ABOUT@';
--@ end
--@ end
--@ for STEP,ABOUT in add,merges two summaries | subtract,takes a merged summary away again
CREATE FUNCTION rate_summary_@STEP@(rate_summary, rate_summary) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_@STEP@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_@STEP@(rate_summary, rate_summary) IS '@ABOUT@';
--@ end

CREATE OPERATOR + (LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (rate_summary, rate_summary) IS 'summary of the rows of both';
--@ include core/subtract.sql
--@ with TYPE = rate_summary

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
COMMENT ON FUNCTION rate_interval(rate_summary, double precision) IS 'confidence interval of the share, Wilson score (Wilson 1927), within 0..1; NULLs without rows; 22023 unless 0 < confidence < 1';
--@ for SIDE in lower | upper
CREATE FUNCTION rate_@SIDE@(rate_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_rate_@SIDE@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_@SIDE@(rate_summary, double precision) IS '@SIDE@ end of rate_interval() as a plain number';
--@ end

-- Each source of rows gives a rate, a plain number, and where it is worth storing a summary.

--@ include core/moving_aggregate.sql
--@ with NAME = rate_agg
--@ with ARGS = hit boolean
--@ with ACCUM = rate_summary_accum
--@ with REMOVE = rate_summary_remove
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = share of true among the rows that are not NULL, 0..1; NULL without rows. A comparison with a missing date is NULL and would drop its row: write (done <= due) IS TRUE to count it as a miss
--@ include core/moving_aggregate.sql
--@ with NAME = rate_summary
--@ with ARGS = hit boolean
--@ with ACCUM = rate_summary_accum
--@ with REMOVE = rate_summary_remove
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = 
--@ with MFINAL = 
--@ with ABOUT = summary of true and false rows; NULL ignored, empty summary without rows. A comparison with a missing date is NULL and would drop its row: write (done <= due) IS TRUE to count it as a miss
--@ include core/moving_aggregate.sql
--@ with NAME = retention_rate
--@ with ARGS = before boolean, after boolean
--@ with ACCUM = rate_summary_accum_retained
--@ with REMOVE = rate_summary_remove_retained
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = share 0..1 of the rows with after among those with before; a row with either NULL is ignored, NULL if no row has before
--@ include core/moving_aggregate.sql
--@ with NAME = churn_rate
--@ with ARGS = before boolean, after boolean
--@ with ACCUM = rate_summary_accum_churned
--@ with REMOVE = rate_summary_remove_churned
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = share 0..1 of the rows without after among those with before; a row with either NULL is ignored, NULL if no row has before
--@ for TYPE in smallint | integer | bigint | double precision | numeric
--@ include core/moving_aggregate.sql
--@ with NAME = csat_agg
--@ with ARGS = score @TYPE@
--@ with ACCUM = rate_summary_accum_csat
--@ with REMOVE = rate_summary_remove_csat
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes
--@ include core/moving_aggregate.sql
--@ with NAME = csat_agg
--@ with ARGS = score @TYPE@, scale integer
--@ with ACCUM = rate_summary_accum_csat
--@ with REMOVE = rate_summary_remove_csat
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes
--@ include core/moving_aggregate.sql
--@ with NAME = csat_agg
--@ with ARGS = score @TYPE@, scale integer, boxes integer
--@ with ACCUM = rate_summary_accum_csat
--@ with REMOVE = rate_summary_remove_csat
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes
--@ include core/moving_aggregate.sql
--@ with NAME = csat_summary
--@ with ARGS = score @TYPE@
--@ with ACCUM = rate_summary_accum_csat
--@ with REMOVE = rate_summary_remove_csat
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = 
--@ with MFINAL = 
--@ with ABOUT = customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes
--@ include core/moving_aggregate.sql
--@ with NAME = csat_summary
--@ with ARGS = score @TYPE@, scale integer
--@ with ACCUM = rate_summary_accum_csat
--@ with REMOVE = rate_summary_remove_csat
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = 
--@ with MFINAL = 
--@ with ABOUT = customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes
--@ include core/moving_aggregate.sql
--@ with NAME = csat_summary
--@ with ARGS = score @TYPE@, scale integer, boxes integer
--@ with ACCUM = rate_summary_accum_csat
--@ with REMOVE = rate_summary_remove_csat
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = 
--@ with MFINAL = 
--@ with ABOUT = customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes
--@ end
--@ for AT in date | timestamp | timestamptz
--@ include core/moving_aggregate.sql
--@ with NAME = on_time_rate
--@ with ARGS = due @AT@, done @AT@, as_of @AT@
--@ with ACCUM = rate_summary_accum_on_time
--@ with REMOVE = rate_summary_remove_on_time
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = of the rows due by as_of (inclusive), the share done by due, 0..1; NULL without rows. NULL done is late; a row with due or as_of NULL is ignored
--@ include core/moving_aggregate.sql
--@ with NAME = on_time_summary
--@ with ARGS = due @AT@, done @AT@, as_of @AT@
--@ with ACCUM = rate_summary_accum_on_time
--@ with REMOVE = rate_summary_remove_on_time
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = 
--@ with MFINAL = 
--@ with ABOUT = of the rows due by as_of (inclusive), the share done by due, as a rate_summary; empty without rows. NULL done is late; a row with due or as_of NULL is ignored
--@ include core/moving_aggregate.sql
--@ with NAME = conversion_rate
--@ with ARGS = started @AT@, converted @AT@, within interval, as_of @AT@
--@ with ACCUM = rate_summary_accum_conversion
--@ with REMOVE = rate_summary_remove_conversion
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = FINALFUNC = rate,
--@ with MFINAL = MFINALFUNC = rate,
--@ with ABOUT = of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, 0..1; NULL without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window
--@ include core/moving_aggregate.sql
--@ with NAME = conversion_summary
--@ with ARGS = started @AT@, converted @AT@, within interval, as_of @AT@
--@ with ACCUM = rate_summary_accum_conversion
--@ with REMOVE = rate_summary_remove_conversion
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = 
--@ with MFINAL = 
--@ with ABOUT = of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, as a rate_summary; empty without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window
--@ end
--@ include core/moving_aggregate.sql
--@ with NAME = rollup
--@ with ARGS = rate_summary
--@ with ACCUM = rate_summary_add
--@ with REMOVE = rate_summary_subtract
--@ with STATE = rate_summary
--@ with SIZE = 24
--@ with EMPTY = (0,0)
--@ with FINAL = 
--@ with MFINAL = 
--@ with ABOUT = summary of the rows of all summaries; NULL ignored, empty summary without rows
