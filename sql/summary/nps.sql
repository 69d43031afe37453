-- Net Promoter Score: src/summary/nps.c
--@ makes detractors, nps_agg, nps_interval, nps_lower, nps_summary, nps_summary_accum, nps_summary_add,
--@   nps_summary_cmp, nps_summary_eq, nps_summary_ge, nps_summary_gt, nps_summary_hash, nps_summary_hash_extended,
--@   nps_summary_in, nps_summary_le, nps_summary_lt, nps_summary_ne, nps_summary_ops, nps_summary_out,
--@   nps_summary_recv, nps_summary_remove, nps_summary_send, nps_summary_subtract, nps_upper, passives, promoters,
--@   responses, rollup

--@ default STATE = nps_summary
--@ default SIZE = 32
--@ default EMPTY = (0,0,0)

--@ include core/base_type.sql
--@ with TYPE = nps_summary
--@ with ABOUT = counts of a Net Promoter Score survey, (promoters,passives,detractors): mergeable by + and rollup()

--@ for TYPE | C
--@ | smallint         | _int2
--@ | integer          | _int4
--@ | bigint           | _int8
--@ | double precision | _float8
--@ | numeric          | _numeric
--@ include core/moving_transition.sql
--@ with ARGS = score @TYPE@
--@ with FOR = transition function
--@ with ROW = response
--@ end

--@ include core/counts.sql
--@ with WHAT = responses

CREATE FUNCTION nps(nps_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_nps_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps(nps_summary) IS
	'Net Promoter Score, -100..100: 100 (promoters - detractors) / responses (Reichheld 2003); NULL without responses';
--@ for NAME | ABOUT
--@ | promoters  | responses with score 9 or 10
--@ | passives   | responses with score 7 or 8
--@ | detractors | responses with score 0 to 6
--@ | responses  | all responses
CREATE FUNCTION @NAME@(nps_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_nps_@NAME@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@(nps_summary) IS 'count of @ABOUT@; 0 for the empty summary';
--@ end

CREATE FUNCTION nps_margin(nps_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_nps_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_margin(nps_summary, double precision) IS
	'margin of error of nps() in points: z * 100 * sqrt((p + d - (p - d)^2) / n); NULL without responses; 22023 unless '
	'0 < confidence < 1. For small surveys use nps_interval()';
--@ include core/interval.sql
--@ with NAME = nps
--@ with ABOUT = confidence interval of the score within -100..100, adjusted Wald (Rocks 2016: adds 3/4 promoter, 3/2
--@   passive, 3/4 detractor); NULLs without responses
CREATE FUNCTION nps_change(now nps_summary, before nps_summary, confidence double precision DEFAULT 0.95,
	OUT change double precision, OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_nps_change' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_change(nps_summary, nps_summary, double precision) IS
	'change of the score in points, and the confidence interval of the change from two adjusted Wald estimates, within '
	'-200..200: the move is real where 0 lies outside; NULLs if a side has no responses; 22023 unless 0 < confidence < '
	'1';

--@ for TYPE in smallint | integer | bigint | double precision | numeric
--@ include core/moving_aggregate.sql
--@ with NAME = nps_agg
--@ with ARGS = score @TYPE@
--@ with FINAL = nps
--@ with ABOUT = Net Promoter Score of survey scores 0..10, -100..100: 100 (promoters - detractors) / responses; NULL
--@   ignored, NULL without rows; 22003 outside 0..10, 22023 for a fraction
--@ include core/moving_aggregate.sql
--@ with NAME = nps_summary
--@ with ARGS = score @TYPE@
--@ with ABOUT = summary of survey scores 0..10: promoters 9-10, passives 7-8, detractors 0-6; NULL ignored, empty
--@   summary without rows; 22003 outside 0..10, 22023 for a fraction
--@ end
