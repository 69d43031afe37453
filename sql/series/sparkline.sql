-- Sparklines: src/series/sparkline.c

CREATE FUNCTION sparkline(series double precision[]) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_sparkline' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sparkline(double precision[]) IS
	'the series as a line of text, a character a value, from the least value (lowest block) to the greatest (full '
	'block) in eight equal steps; digits 1..8 instead of blocks where the database is not UTF8. NULL and NaN are a '
	'blank, a series that does not vary is half high, infinity is the highest or lowest step; NULL for NULL';
CREATE FUNCTION sparkline(series double precision[], ascii boolean) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_sparkline' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sparkline(double precision[], boolean) IS
	'as sparkline(series); with ascii true in digits 1 (lowest) to 8 (highest) in every database; NULL for a NULL '
	'argument';
