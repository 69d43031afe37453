-- Ratios of sums of double precision, and the weighted score: src/summary/ratio_float.c
--@ makes denominator, numerator, ratio_summary_float, ratio_summary_float_cmp, ratio_summary_float_eq,
--@   ratio_summary_float_ge, ratio_summary_float_gt, ratio_summary_float_hash, ratio_summary_float_hash_extended,
--@   ratio_summary_float_in, ratio_summary_float_le, ratio_summary_float_lt, ratio_summary_float_ne,
--@   ratio_summary_float_ops, ratio_summary_float_out, ratio_summary_float_recv, ratio_summary_float_send

--@ include core/base_type.sql
--@ with TYPE = ratio_summary_float
--@ with ABOUT = two sums of double precision, (numerator,denominator), nothing for NULL: mergeable by + and rollup()

CREATE FUNCTION ratio_summary_float_accum(ratio_summary_float, num double precision, den double precision)
	RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_accum(ratio_summary_float, double precision, double precision) IS
	'transition function of ratio_agg of 0.1.0: adds one row, of which either side may be NULL';
-- the same function, strict: a row with either side NULL is ignored
CREATE FUNCTION ratio_summary_float_accum_pair(ratio_summary_float, double precision, double precision)
	RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_accum_pair(ratio_summary_float, double precision, double precision) IS
	'transition function of ratio_agg: adds one row in which both sides are known';
CREATE FUNCTION weighted_score_accum(ratio_summary_float, attainment double precision, weight double precision)
	RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_weighted_score_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_score_accum(ratio_summary_float, double precision, double precision) IS
	'transition function of weighted_score: adds one row';
CREATE FUNCTION ratio_summary_float_add(ratio_summary_float, ratio_summary_float) RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_add(ratio_summary_float, ratio_summary_float) IS 'merges two summaries';

CREATE OPERATOR + (LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_add,
		COMMUTATOR = +);
COMMENT ON OPERATOR + (ratio_summary_float, ratio_summary_float) IS 'summary of the rows of both';

CREATE FUNCTION ratio(ratio_summary_float) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_ratio_float' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio(ratio_summary_float) IS 'numerator / denominator; NULL without rows or at denominator 0';
--@ for SIDE in numerator | denominator
CREATE FUNCTION @SIDE@(ratio_summary_float) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_ratio_float_@SIDE@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @SIDE@(ratio_summary_float) IS 'sum of the @SIDE@s; NULL without any';
--@ end

-- no inverse transition: taking a double precision away again does not undo adding it
CREATE AGGREGATE ratio_agg(num double precision, den double precision) (
	SFUNC = ratio_summary_float_accum_pair, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)',
	FINALFUNC = ratio, COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_agg(num double precision, den double precision) IS
	'ratio of sums: sum(num) / nullif(sum(den), 0). A row with either NULL is ignored, in both sums; NULL without '
	'rows or at denominator 0. On numeric and integers the result is exact numeric';
CREATE AGGREGATE ratio_summary(num double precision, den double precision) (
	SFUNC = ratio_summary_float_accum_pair, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)',
	COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_summary(num double precision, den double precision) IS
	'summary of both sums of double precision. A row with either NULL is ignored; empty summary without rows';
CREATE AGGREGATE rollup(ratio_summary_float) (
	SFUNC = ratio_summary_float_add, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)',
	COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(ratio_summary_float) IS
	'summary of the rows of all summaries; NULL ignored, empty summary without rows';
CREATE AGGREGATE weighted_score(attainment double precision, weight double precision) (
	SFUNC = weighted_score_accum, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)', FINALFUNC = ratio,
	COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE weighted_score(attainment double precision, weight double precision) IS
	'weighted mean of attainments, each cut to 0..1: sum(weight * attainment) / sum(weight) over the rows in which '
	'both are known; NULL without any or at total weight 0; 22023 for a weight that is negative or not finite';

