-- Why a figure moved: effects that add up to the change. src/goal/bridge.c checks the arrays.
-- Operators stand between operands of one type, for which pg_catalog has an exact match that nothing can shadow.

CREATE FUNCTION bridge_check(labels text[], a numeric[], b numeric[], c numeric[], d numeric[]) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_bridge_check' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bridge_check(text[], numeric[], numeric[], numeric[], numeric[]) IS 'true; used by ratio_bridge() and price_volume_mix(). 22023 unless all arrays have one dimension and the same length, and all numbers are finite';

CREATE FUNCTION bridge_quotient(dividend numeric, divisor numeric, places integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- adding 0.000... makes the division go on for as many places
	RETURN pg_catalog.round((dividend OPERATOR(pg_catalog.+) pg_catalog.round(0::numeric, places OPERATOR(pg_catalog.+) 4))
		OPERATOR(pg_catalog./) NULLIF(divisor, 0::numeric), places);
COMMENT ON FUNCTION bridge_quotient(numeric, numeric, integer) IS 'dividend / divisor to a number of places after the point; used by ratio_bridge() and price_volume_mix(). NULL for divisor 0';

-- n, d: a segment's numerator and denominator, tn and td: the totals; 0 before, 1 after. Each effect is one fraction:
-- mix = (d1/td1 - d0/td0)(n0/d0 - tn0/td0), rate = d1/td1 (n1/d1 - n0/d0); with d0 or d1 = 0 mix = (n1 - R d1)/td1 - (n0 - R d0)/td0.
CREATE FUNCTION ratio_bridge(segment text[], numerator_before numeric[], denominator_before numeric[], numerator_after numeric[], denominator_after numeric[],
	OUT segment text, OUT ratio_before numeric, OUT ratio_after numeric, OUT share_before numeric, OUT share_after numeric,
	OUT mix_effect numeric, OUT rate_effect numeric, OUT effect numeric) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH part AS (
		SELECT s, pg_catalog.min(o) AS o, pg_catalog.sum(a) AS known0, coalesce(pg_catalog.sum(a), 0::numeric) AS n0, coalesce(pg_catalog.sum(b), 0::numeric) AS d0,
			pg_catalog.sum(c) AS known1, coalesce(pg_catalog.sum(c), 0::numeric) AS n1, coalesce(pg_catalog.sum(d), 0::numeric) AS d1
		FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS u(s, a, b, c, d, o)
		WHERE bridge_check($1, $2, $3, $4, $5) GROUP BY s
	), whole AS (
		SELECT pg_catalog.sum(known0) AS tn0, pg_catalog.sum(d0) AS td0, pg_catalog.sum(known1) AS tn1, pg_catalog.sum(d1) AS td1 FROM part
	), whole_change AS (
		SELECT *, tn1 / NULLIF(td1, 0::numeric) - tn0 / NULLIF(td0, 0::numeric) AS change FROM whole
	), effects AS (
		SELECT *,
			CASE WHEN d0 <> 0::numeric AND d1 <> 0::numeric
				THEN bridge_quotient((d1 * td0 - d0 * td1) * (n0 * td0 - tn0 * d0), td0 * td0 * td1 * d0, pg_catalog.scale(change))
				ELSE bridge_quotient((n1 * td0 - tn0 * d1) * td0 - (n0 * td0 - tn0 * d0) * td1, td0 * td0 * td1, pg_catalog.scale(change)) END AS mix,
			CASE WHEN d0 <> 0::numeric AND d1 <> 0::numeric
				THEN bridge_quotient(n1 * d0 - n0 * d1, d0 * td1, pg_catalog.scale(change))
				ELSE pg_catalog.round(0::numeric, pg_catalog.scale(change)) END AS rate
		FROM part CROSS JOIN whole_change
	), remainder AS (
		-- what rounding leaves over goes to the largest figure
		SELECT *, CASE WHEN pg_catalog.row_number() OVER (ORDER BY GREATEST(pg_catalog.abs(mix), pg_catalog.abs(rate)) DESC NULLS LAST, o) = 1::bigint
			THEN change - pg_catalog.sum(mix + rate) OVER () ELSE 0::numeric END AS left_over
		FROM effects
	), exact AS (
		SELECT *, CASE WHEN pg_catalog.abs(mix) >= pg_catalog.abs(rate) THEN mix + left_over ELSE mix END AS m,
			CASE WHEN pg_catalog.abs(mix) >= pg_catalog.abs(rate) THEN rate ELSE rate + left_over END AS r
		FROM remainder
	)
	SELECT s, known0 / NULLIF(d0, 0::numeric), known1 / NULLIF(d1, 0::numeric), d0 / NULLIF(td0, 0::numeric), d1 / NULLIF(td1, 0::numeric),
		pg_catalog.trim_scale(m), pg_catalog.trim_scale(r), pg_catalog.trim_scale(m + r)
	FROM exact ORDER BY o;
END;
COMMENT ON FUNCTION ratio_bridge(text[], numeric[], numeric[], numeric[], numeric[]) IS 'why a ratio of sums moved, a row a segment: mix_effect = (share_after - share_before) * (ratio_before - overall ratio before), rate_effect = share_after * (ratio_after - ratio_before), effect = both, in the unit of the ratio; shares are of the denominators, 0..1. The effects add up to sum(numerator_after)/sum(denominator_after) - sum(numerator_before)/sum(denominator_before) digit for digit: what rounding leaves over is in the largest figure. A segment without a denominator before or after is all mix effect. NULL numbers add nothing, a segment listed twice is summed; effects are NULL where a total denominator is 0 or no numerator is known; no rows for a NULL array. 22023 unless the arrays have one length and finite numbers. Shift-share analysis (E. S. Dunn 1960), the mix measured against the overall ratio';

-- q, v: a product's quantity and revenue, tq and tv: the totals of products with a quantity before and after; 0 before, 1 after.
CREATE FUNCTION price_volume_mix(product text[], quantity_before numeric[], revenue_before numeric[], quantity_after numeric[], revenue_after numeric[],
	OUT product text, OUT price_effect numeric, OUT volume_effect numeric, OUT mix_effect numeric, OUT new numeric, OUT lost numeric, OUT change numeric) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH part AS (
		SELECT s, pg_catalog.min(o) AS o, coalesce(pg_catalog.sum(a), 0::numeric) AS q0, coalesce(pg_catalog.sum(b), 0::numeric) AS v0,
			coalesce(pg_catalog.sum(c), 0::numeric) AS q1, coalesce(pg_catalog.sum(d), 0::numeric) AS v1
		FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS u(s, a, b, c, d, o)
		WHERE bridge_check($1, $2, $3, $4, $5) GROUP BY s
	), kept AS (
		SELECT *, q0 <> 0::numeric AND q1 <> 0::numeric AS stays, GREATEST(pg_catalog.max(pg_catalog.scale(v0)) OVER (), pg_catalog.max(pg_catalog.scale(v1)) OVER (), 16) AS places
		FROM part
	), whole AS (
		SELECT *, pg_catalog.sum(q0) FILTER (WHERE stays) OVER () AS tq0, pg_catalog.sum(v0) FILTER (WHERE stays) OVER () AS tv0,
			pg_catalog.sum(q1) FILTER (WHERE stays) OVER () AS tq1
		FROM kept
	), effects AS (
		SELECT *,
			CASE WHEN stays THEN bridge_quotient(v1 * q0 - v0 * q1, q0, places) ELSE 0::numeric END AS price,
			CASE WHEN stays AND tq0 <> 0::numeric
				THEN bridge_quotient((q1 * tq0 - q0 * tq1) * (v0 * tq0 - tv0 * q0), tq0 * tq0 * q0, places) ELSE 0::numeric END AS mix
		FROM whole
	)
	SELECT s, pg_catalog.trim_scale(price), pg_catalog.trim_scale(CASE WHEN stays THEN v1 - v0 - price - mix ELSE 0::numeric END), pg_catalog.trim_scale(mix),
		CASE WHEN stays THEN 0::numeric ELSE v1 END, CASE WHEN stays THEN 0::numeric ELSE - v0 END, v1 - v0
	FROM effects ORDER BY o;
END;
COMMENT ON FUNCTION price_volume_mix(text[], numeric[], numeric[], numeric[], numeric[]) IS 'why revenue moved, a row a product, in money: price_effect = (price after - price before) * quantity after; mix_effect = (quantity after - quantity before * growth) * (price before - average price before), with growth and average over products sold in both periods; volume_effect = what else the change of quantity brings at the price before; new and lost (negative): the revenue after and before of a product without a quantity in one of the periods. The five add up to change = revenue after - before, digit for digit, by product and in all: volume_effect takes what rounding leaves over. NULL numbers add nothing, a product listed twice is summed; no rows for a NULL array. 22023 unless the arrays have one length and finite numbers';
