-- Forecast: src/series/forecast.c, smooth.c

CREATE FUNCTION forecast(series double precision[], horizon integer, season integer DEFAULT 1,
	OUT step integer, OUT value double precision, OUT lower double precision, OUT upper double precision)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_forecast' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12 COST 10000;
COMMENT ON FUNCTION forecast(double precision[], integer, integer) IS
	'the next values of a series, a row for each step 1..horizon: expected value and 95 % interval, in the unit of the '
	'series. Exponential smoothing with additive errors (Hyndman, Koehler, Ord and Snyder 2008), fitted by least '
	'squares of the one-step errors, the model chosen by AICc: level, damped trend or, with a season, trend; of the '
	'values or, where all are above 0, of their logarithms (seasons and trends that are shares; the expected value is '
	'then the median). season says how many values make one (7 for days with a week''s rhythm, 12 for months; 1 = '
	'none): it takes part from two whole ones on, shrunk towards none as far as it could be chance; a place in it that '
	'never had a value is forecast as NULL. A NULL value is missing: the model carries on without an error. Fewer than '
	'5 values give their mean and no interval; a constant series an interval of width 0. No rows for NULL or a series '
	'without a value; 22023 for a NaN or infinite value, horizon or season outside 1..10000; 22003 if a result '
	'overflows';
