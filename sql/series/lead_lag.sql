-- Leading indicators: src/series/lead_lag.c

CREATE FUNCTION lead_lag(leader double precision[], follower double precision[], max_lag integer,
	OUT lag integer, OUT correlation double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_lead_lag' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12 COST 500;
COMMENT ON FUNCTION lead_lag(double precision[], double precision[], integer) IS
	'how well one series runs ahead of another: a row for each lag 0..max_lag with Pearson''s correlation (-1..1) of '
	'leader[t] and follower[t + lag]. A pair with a NULL is left out; NULL with fewer than 3 pairs or where one side '
	'does not vary. No rows for a NULL argument; 22023 for arrays of different length, a NaN or infinite value, '
	'max_lag outside 0..10000';
