-- Rates, shares, and what builds them: src/summary/rate.c
--@ makes churn_rate, conversion_rate, conversion_summary, csat_agg, csat_summary, on_time_rate, on_time_summary,
--@   rate_agg, rate_interval, rate_lower, rate_summary, rate_summary_accum, rate_summary_accum_churned,
--@   rate_summary_accum_conversion, rate_summary_accum_csat, rate_summary_accum_on_time, rate_summary_accum_retained,
--@   rate_summary_add, rate_summary_cmp, rate_summary_eq, rate_summary_ge, rate_summary_gt, rate_summary_hash,
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

--@ include core/interval.sql
--@ with NAME = rate
--@ with ABOUT = confidence interval of the share, Wilson score (Wilson 1927), within 0..1; NULLs without rows

-- Each source of rows gives a rate, a plain number, and where it is worth storing a summary.

--@ include core/moving_transition.sql
--@ with ARGS = hit boolean
--@ with C = _bool
--@ with FOR = transition function of rate_agg
--@ for NAME | FINAL | ABOUT
--@ | rate_agg     | rate | share of true among the rows that are not NULL, 0..1; NULL without rows
--@ | rate_summary |      | summary of true and false rows; NULL ignored, empty summary without rows
--@ include core/moving_aggregate.sql
--@ with ARGS = hit boolean
--@ with ABOUT = @ABOUT@. A comparison with a missing date is NULL and would drop its row: write (done <= due) IS TRUE
--@   to count it as a miss
--@ end

--@ for NAME | DONE | WHICH | ARGS
--@ | retention_rate | retained | with    | before boolean, after boolean
--@ | churn_rate     | churned  | without | before boolean, after boolean
--@ include core/moving_transition.sql
--@ with KIND = _@DONE@
--@ with FOR = transition function, share of the customers that were @DONE@
--@ include core/moving_aggregate.sql
--@ with KIND = _@DONE@
--@ with FINAL = rate
--@ with ABOUT = share 0..1 of the rows @WHICH@ after among those with before; a row with either NULL is ignored, NULL
--@   if no row has before
--@ end

--@ for TYPE | C
--@ | smallint         | _csat_int2
--@ | integer          | _csat_int4
--@ | bigint           | _csat_int8
--@ | double precision | _csat_float8
--@ | numeric          | _csat_numeric
--@ for KIND | ARGS
--@ | _csat | score @TYPE@
--@ | _csat | score @TYPE@, scale integer
--@ | _csat | score @TYPE@, scale integer, boxes integer
--@ include core/moving_transition.sql
--@ with FOR = transition function of csat_agg
--@ for NAME | FINAL | RESULT
--@ | csat_agg     | rate | 0..1 (NULL without rows)
--@ | csat_summary |      | as a rate_summary (empty without rows)
--@ include core/moving_aggregate.sql
--@ with ABOUT = customer satisfaction, top-box share @RESULT@: score in the best boxes (default 2) of 1..scale (default
--@   5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or
--@   a scale under 4 without boxes
--@ end
--@ end
--@ end

--@ for AT | ORDER | MARKS
--@ | date        | date      | IMMUTABLE
--@ | timestamp   | timestamp | IMMUTABLE
--@ | timestamptz | timestamp | STABLE
--@ include core/moving_transition.sql
--@ with KIND = _on_time
--@ with ARGS = due @AT@, done @AT@, as_of @AT@
--@ with C = _on_time_@ORDER@
--@ with MARKS = IMMUTABLE
--@ with FOR = transition function of on_time_rate
--@ include core/moving_transition.sql
--@ with KIND = _conversion
--@ with ARGS = started @AT@, converted @AT@, within interval, as_of @AT@
--@ with C = _conversion_@AT@
--@ with FOR = transition function of conversion_rate
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
