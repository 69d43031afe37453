-- Control charts in phases, and of ratios: src/series/control.c

CREATE FUNCTION control_chart(at date[], series double precision[], phases boolean, baseline integer DEFAULT NULL,
	OUT at date, OUT value double precision, OUT centre double precision, OUT lower double precision,
		OUT upper double precision,
	OUT moving_range double precision, OUT range_limit double precision, OUT signal text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_control_chart_phases' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50 COST 1000;
COMMENT ON FUNCTION control_chart(date[], double precision[], boolean, integer) IS
	'as control_chart(at, series, baseline), with phases true: a lasting change of level begins a new phase with a '
		'centre and limits of its own (change_points(series, shortest => 4)), so that a change is one new phase and '
		'not a signal in every row after it; a baseline is that of each phase. No rows for NULL phases';

CREATE FUNCTION control_chart(at date[], numerator double precision[], denominator double precision[],
		phases boolean DEFAULT false,
	baseline integer DEFAULT NULL, counts boolean DEFAULT NULL,
	OUT at date, OUT value double precision, OUT centre double precision, OUT lower double precision,
	OUT upper double precision,
	OUT moving_range double precision, OUT range_limit double precision, OUT signal text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_control_chart_ratio' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50 COST 1000;
COMMENT ON FUNCTION control_chart(date[], double precision[], double precision[], boolean, integer, boolean) IS
	'control chart of a ratio: a row a date with value = numerator / denominator, centre = sum of numerators / sum of '
		'denominators, and limits that are the nearer the larger the denominator: centre -+ 2.66 x mean moving range '
		'of (value - centre) sqrt(denominator) / sqrt(denominator) (p'' and u'' charts, Laney 2002); the other columns '
		'as control_chart(at, series, baseline). Limits of shares (whole numbers, 0 <= numerator <= denominator in '
		'every row) are no nearer than those of the p chart, 3 sqrt(centre (1 - centre) / denominator), and with '
		'counts true those of other counts no nearer than those of the u chart, 3 sqrt(centre / denominator); with '
		'counts false neither. NULL or a denominator not above 0 is a gap. phases: as control_chart(at, series, '
		'phases). No rows for a NULL array or phases; 22023 as control_chart(at, series, baseline)';
