-- Intervals of what a model of purchases expects: src/model/prediction.c
--@ since 0.2.0
--@ makes clv_lower, clv_upper, expected_purchases_lower, expected_purchases_upper

CREATE FUNCTION expected_purchases_interval(m clv_model, r rfm, as_of date, horizon interval,
		confidence double precision DEFAULT 0.95, OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_expected_purchases_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_purchases_interval(clv_model, rfm, date, interval, double precision) IS
	'confidence interval of expected_purchases(m, r, as_of, horizon), by the delta method on its logarithm: how far '
	'the expectation may be off since the model was fitted to so many customers; what one customer then does varies '
	'more. NULLs for NULL, or without a purchase by as_of; 22023 for a model of version 0.1.0, which has no '
	'correlations, or of contracts, an infinite as_of, a negative or infinite horizon, and unless 0 < confidence < 1';
CREATE FUNCTION clv_interval(m clv_model, r rfm, as_of date, horizon interval, discount double precision DEFAULT 0,
		confidence double precision DEFAULT 0.95, OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_clv_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_interval(clv_model, rfm, date, interval, double precision, double precision) IS
	'confidence interval of clv(m, r, as_of, horizon, discount), in the unit of money, by the delta method on its '
	'logarithm: how far the expectation may be off since the model was fitted to so many customers; what one customer '
	'then spends varies more. NULLs for NULL, without a purchase by as_of, or without a value; 22023 for a model of '
	'version 0.1.0, which has no correlations, or of contracts, an infinite as_of, a negative or infinite horizon or '
	'discount, and unless 0 < confidence < 1';
--@ for SIDE in lower | upper
CREATE FUNCTION expected_purchases_@SIDE@(m clv_model, r rfm, as_of date, horizon interval,
		confidence double precision DEFAULT 0.95)
	RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_expected_purchases_@SIDE@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_purchases_@SIDE@(clv_model, rfm, date, interval, double precision) IS
	'@SIDE@ end of expected_purchases_interval() as a plain number';
CREATE FUNCTION clv_@SIDE@(m clv_model, r rfm, as_of date, horizon interval, discount double precision DEFAULT 0,
		confidence double precision DEFAULT 0.95)
	RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_clv_@SIDE@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_@SIDE@(clv_model, rfm, date, interval, double precision, double precision) IS
	'@SIDE@ end of clv_interval() as a plain number';
--@ end
