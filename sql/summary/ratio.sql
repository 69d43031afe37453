-- Ratios of exact sums: src/summary/ratio.c
--@ makes cac, margin, ratio_agg, ratio_frame, ratio_frame_accum, ratio_frame_accum_pair, ratio_frame_add,
--@   ratio_frame_cmp, ratio_frame_eq, ratio_frame_ge, ratio_frame_gt, ratio_frame_hash, ratio_frame_hash_extended,
--@   ratio_frame_in, ratio_frame_le, ratio_frame_lt, ratio_frame_ne, ratio_frame_ops, ratio_frame_out,
--@   ratio_frame_recv, ratio_frame_remove, ratio_frame_remove_pair, ratio_frame_send, ratio_frame_subtract,
--@   ratio_summary, ratio_summary_cmp, ratio_summary_eq, ratio_summary_ge, ratio_summary_gt, ratio_summary_hash,
--@   ratio_summary_hash_extended, ratio_summary_in, ratio_summary_le, ratio_summary_lt, ratio_summary_ne,
--@   ratio_summary_ops, ratio_summary_out, ratio_summary_recv, ratio_summary_send, roi, rollup

--@ include core/base_type.sql
--@ with TYPE = ratio_summary
--@ with ABOUT = two exact sums of numeric, (numerator,denominator), nothing for NULL: mergeable by + and rollup()
--@ include core/base_type.sql
--@ with TYPE = ratio_frame
--@ with ABOUT = private state of ratio aggregates over moving window frames

-- each sum ignores its own NULLs: as cac needs it, whose sides come from two tables, and of 0.1.0 those of other types
--@ for KIND | NUM | DEN
--@ | numeric_int8 | numeric          | bigint
--@ | int8         | bigint           | bigint
--@ | float8_int8  | double precision | bigint
--@ | float4_int8  | real             | bigint
--@ | numeric      | numeric          | numeric
--@ | int4         | integer          | integer
--@ | int2         | smallint         | smallint
CREATE FUNCTION ratio_summary_accum(ratio_summary, num @NUM@, den @DEN@) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_@KIND@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum(ratio_summary, @NUM@, @DEN@) IS
	'transition function of cac: adds one row, of which either side may be NULL';
--@ for STEP | WHAT
--@ | accum  | adds one row
--@ | remove | takes one row away again
CREATE FUNCTION ratio_frame_@STEP@(ratio_frame, num @NUM@, den @DEN@) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_@STEP@_@KIND@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_@STEP@(ratio_frame, @NUM@, @DEN@) IS
	'transition function of cac over a moving frame: @WHAT@, of which either side may be NULL';
--@ end
--@ end
-- the same functions, strict: a row with either side NULL is ignored
--@ for KIND | NUM | DEN
--@ | numeric       | numeric          | numeric
--@ | int8          | bigint           | bigint
--@ | int4          | integer          | integer
--@ | int2          | smallint         | smallint
--@ | float8        | double precision | double precision
--@ | float4        | real             | real
--@ | float8_float4 | double precision | real
--@ | float4_float8 | real             | double precision
CREATE FUNCTION ratio_summary_accum_pair(ratio_summary, @NUM@, @DEN@) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_@KIND@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum_pair(ratio_summary, @NUM@, @DEN@) IS
	'transition function of ratio_agg, roi and margin: adds one row in which both sides are known';
--@ for STEP | WHAT
--@ | accum  | adds one row
--@ | remove | takes one row away again
CREATE FUNCTION ratio_frame_@STEP@_pair(ratio_frame, @NUM@, @DEN@) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_@STEP@_@KIND@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_@STEP@_pair(ratio_frame, @NUM@, @DEN@) IS
	'transition function of ratio_agg, roi and margin over a moving frame: @WHAT@ in which both sides are known';
--@ end
--@ end
CREATE FUNCTION ratio_summary_add(ratio_summary, ratio_summary) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_add(ratio_summary, ratio_summary) IS 'merges two summaries';
--@ for STEP | WHAT
--@ | add      | merges a summary into a moving frame
--@ | subtract | takes a merged summary away again
CREATE FUNCTION ratio_frame_@STEP@(ratio_frame, ratio_summary) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_@STEP@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_@STEP@(ratio_frame, ratio_summary) IS '@WHAT@';
--@ end

CREATE OPERATOR + (LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (ratio_summary, ratio_summary) IS 'summary of the rows of both';

CREATE FUNCTION ratio(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio(ratio_summary) IS
	'numerator / denominator, the digits of sum(num) / nullif(sum(den), 0); NULL without rows or at denominator 0';
CREATE FUNCTION numerator(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numerator' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION numerator(ratio_summary) IS 'exact sum of the numerators; NULL without any';
CREATE FUNCTION denominator(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_denominator' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION denominator(ratio_summary) IS 'exact sum of the denominators; NULL without any';
--@ for STATE in ratio_summary | ratio_frame
CREATE FUNCTION ratio_final(@STATE@) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_final(@STATE@) IS
	'final function of ratio_summary: the stored form; the empty summary for NULL';
CREATE FUNCTION ratio_agg_final(@STATE@) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_agg_final(@STATE@) IS 'final function of ratio_agg: numerator / denominator';
CREATE FUNCTION cac_final(@STATE@) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_cac' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cac_final(@STATE@) IS
	'final function of cac: numerator / denominator; NULL unless the denominator is above 0';
CREATE FUNCTION roi_final(@STATE@) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_roi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_final(@STATE@) IS
	'final function of roi: (numerator - denominator) / denominator; NULL unless the denominator is above 0';
CREATE FUNCTION margin_final(@STATE@) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION margin_final(@STATE@) IS
	'final function of margin: (numerator - denominator) / numerator; NULL unless the numerator is above 0';
--@ end

--@ default STATE = ratio_summary
--@ default SIZE = 104
--@ default EMPTY = (,)
--@ default FRAME = ratio_frame
--@ default FRAME_SIZE = 184
--@ default FRAME_EMPTY = (0,0,0,0,0,0;0,0,0,0,0,0)
--@ for TYPE in numeric | bigint | integer | smallint
--@ include core/moving_aggregate.sql
--@ with NAME = ratio_agg
--@ with ARGS = num @TYPE@, den @TYPE@
--@ with KIND = _pair
--@ with FINAL = ratio_agg_final
--@ with ABOUT = ratio of sums, exact: sum(num) / nullif(sum(den), 0) on numeric, digit for digit. A row with
--@   either NULL is ignored, in both sums; NULL without rows or at denominator 0
--@ include core/moving_aggregate.sql
--@ with NAME = ratio_summary
--@ with ARGS = num @TYPE@, den @TYPE@
--@ with KIND = _pair
--@ with FINAL = ratio_final
--@ with ABOUT = summary of both sums, exact. A row with either NULL is ignored; empty summary without rows
--@ end
--@ for SPEND in numeric | bigint | double precision | real
--@ include core/moving_aggregate.sql
--@ with NAME = cac
--@ with ARGS = spend @SPEND@, new_customers bigint
--@ with FINAL = cac_final
--@ with ABOUT = customer acquisition cost, money per new customer: sum(spend) / sum(new_customers), exact. Each sum
--@   ignores its own NULLs, so that spend and customers of two tables come by UNION ALL with the absent side NULL; NULL
--@   unless the sum of new customers is above 0
--@ end
--@ for NUM | DEN
--@ | numeric          | numeric
--@ | bigint           | bigint
--@ | double precision | double precision
--@ | real             | real
--@ | double precision | real
--@ | real             | double precision
--@ include core/moving_aggregate.sql
--@ with NAME = roi
--@ with ARGS = gain @NUM@, cost @DEN@
--@ with KIND = _pair
--@ with FINAL = roi_final
--@ with ABOUT = return on investment as a fraction: (sum(gain) - sum(cost)) / sum(cost), exact. A row with either NULL
--@   is ignored; NULL without rows, or unless the sum of cost is above 0 and finite
--@ include core/moving_aggregate.sql
--@ with NAME = margin
--@ with ARGS = revenue @NUM@, cost @DEN@
--@ with KIND = _pair
--@ with FINAL = margin_final
--@ with ABOUT = margin as a fraction of revenue: (sum(revenue) - sum(cost)) / sum(revenue), exact. A row with either
--@   NULL is ignored (a missing cost is not a free product); NULL without rows, or unless the sum of revenue is
--@   above 0 and finite
--@ end
--@ include core/moving_aggregate.sql
--@ with NAME = rollup
--@ with ARGS = ratio_summary
--@ with ACCUM = add
--@ with REMOVE = subtract
--@ with FINAL = ratio_final
--@ with ABOUT = summary of the rows of all summaries; NULL ignored, empty summary without rows

-- Ratios of two figures; a denominator of zero or without sense gives NULL.  Every operator is qualified and has
-- operands of one type, so that none of the target schema's can take its place.
CREATE FUNCTION growth_rate(current numeric, previous numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN previous OPERATOR(pg_catalog.>) 0::numeric AND previous OPERATOR(pg_catalog.<) 'Infinity'::numeric
		THEN (current OPERATOR(pg_catalog.-) previous) OPERATOR(pg_catalog./) previous END;
CREATE FUNCTION growth_rate(current bigint, previous bigint) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN growth_rate(current::numeric, previous::numeric);
CREATE FUNCTION growth_rate(current double precision, previous double precision) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN growth_rate(shortest_decimal(current), shortest_decimal(previous));
--@ for TYPE in numeric | bigint | double precision
COMMENT ON FUNCTION growth_rate(@TYPE@, @TYPE@) IS
	'growth as a fraction: (current - previous) / previous; NULL unless previous is above 0 and finite';
--@ end
CREATE FUNCTION dso(receivables numeric, credit_sales numeric, days integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN credit_sales OPERATOR(pg_catalog.>) 0::numeric
			AND credit_sales OPERATOR(pg_catalog.<) 'Infinity'::numeric AND days OPERATOR(pg_catalog.>) 0
		THEN (receivables OPERATOR(pg_catalog./) credit_sales) OPERATOR(pg_catalog.*) days::numeric END;
CREATE FUNCTION dso(receivables bigint, credit_sales bigint, days integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN dso(receivables::numeric, credit_sales::numeric, days);
CREATE FUNCTION dso(receivables double precision, credit_sales double precision, days integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN dso(shortest_decimal(receivables), shortest_decimal(credit_sales), days);
--@ for TYPE in numeric | bigint | double precision
COMMENT ON FUNCTION dso(@TYPE@, @TYPE@, integer) IS
	'days sales outstanding: receivables / credit sales of the period * days of the period; NULL unless sales and days '
	'are above 0 and finite';
--@ end
CREATE FUNCTION cac_payback(cac numeric, arpa numeric, margin numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN arpa OPERATOR(pg_catalog.>) 0::numeric AND arpa OPERATOR(pg_catalog.<) 'Infinity'::numeric
			AND margin OPERATOR(pg_catalog.>) 0::numeric AND margin OPERATOR(pg_catalog.<) 'Infinity'::numeric
		THEN cac OPERATOR(pg_catalog./) (arpa OPERATOR(pg_catalog.*) margin) END;
CREATE FUNCTION cac_payback(cac double precision, arpa double precision, margin double precision) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN cac_payback(shortest_decimal(cac), shortest_decimal(arpa), shortest_decimal(margin));
--@ for TYPE in numeric | double precision
COMMENT ON FUNCTION cac_payback(@TYPE@, @TYPE@, @TYPE@) IS
	'periods until the acquisition cost is earned back: cac / (revenue per account and period * margin as a fraction); '
	'NULL unless revenue and margin are above 0 and finite';
--@ end
CREATE FUNCTION clv_geometric(margin double precision, retention double precision, discount double precision)
	RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN retention OPERATOR(pg_catalog.>=) 0::double precision
			AND retention OPERATOR(pg_catalog.<=) 1::double precision
			AND discount OPERATOR(pg_catalog.<) 'Infinity'::double precision
			AND ((1::double precision OPERATOR(pg_catalog.+) discount) OPERATOR(pg_catalog.-) retention)
				OPERATOR(pg_catalog.>) 0::double precision
		THEN (margin OPERATOR(pg_catalog.*) retention) OPERATOR(pg_catalog./)
			((1::double precision OPERATOR(pg_catalog.+) discount) OPERATOR(pg_catalog.-) retention) END;
COMMENT ON FUNCTION clv_geometric(double precision, double precision, double precision) IS
	'customer lifetime value at a constant retention: margin * r / (1 + d - r), margin per period, retention 0..1 and '
	'discount per period as fractions (Gupta and Lehmann 2003); NULL for a retention outside 0..1, or unless 1 + d - r '
	'is above 0 and finite';

