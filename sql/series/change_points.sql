-- Changes of level: src/series/change_points.c
--@ since 0.2.0

CREATE FUNCTION change_points(series double precision[], shortest integer DEFAULT 2, penalty double precision DEFAULT 3,
		OUT place integer)
	RETURNS SETOF integer
	AS 'MODULE_PATHNAME', 'kpi_change_points_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 3 COST 1000;
COMMENT ON FUNCTION change_points(double precision[], integer, double precision) IS
	'after which values a new level of the series begins: a row for each place (1 is the first value), ascending, none '
		'where the level does not change. The levels minimise the squared distances of the values from the mean of '
		'their level plus penalty x variance x ln(n) (1 + 8/n) for each change of n values (PELT, Killick, Fearnhead '
		'and Eckley 2012); the variance is that of the differences of successive values by their median, which changes '
		'of level hardly touch. A level has at least shortest values; a higher penalty finds fewer changes. NULL '
		'values are left out. No rows for NULL; 22023 for a NaN or infinite value, shortest under 1, a penalty outside '
		'0..1000000; 54000 for more than 10000 values';
