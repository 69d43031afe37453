-- Control chart: src/series/control.c

CREATE FUNCTION control_chart(at date[], series double precision[], baseline integer DEFAULT NULL,
	OUT at date, OUT value double precision, OUT centre double precision, OUT lower double precision, OUT upper double precision,
	OUT moving_range double precision, OUT range_limit double precision, OUT signal text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_control_chart' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION control_chart(date[], double precision[], integer) IS 'control chart of individual values and moving ranges (XmR, Wheeler 1993): a row a date with the value, the centre (mean), the limits (centre -+ 2.66 x mean moving range), the moving range (distance from the value before) and its limit (3.268 x mean moving range), all in the unit of the series, and signal: outside (the limits), run of 8 (the last of 8 successive values on one side of the centre), 3 of 4 (one of 3 among 4 successive values nearer to the same limit than to the centre), the first that holds, else NULL. Limits are computed once, from the first baseline values (all values if NULL), and never again after a signal. A NULL value is a gap: no signal, no moving range across it, runs begin anew. Centre is NULL without a value, limits and signals are NULL without a moving range in the baseline. No rows for a NULL array; 22023 for arrays of different length, dates that are NULL, infinite or not ascending, a NaN or infinite value, a baseline under 1; 22003 if a result overflows';
--@ include series/control_more.sql
