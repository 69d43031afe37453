-- Relative targets: src/goal/target.c

CREATE FUNCTION kpi_relative_target(target kpi_target, value double precision) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_relative_target' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_relative_target(kpi_target, double precision) IS
	'what a relative target such as >= +20% on year ago asks for, given the value that it is relative to: >= 1200 of '
	'1000. Another target as it is. NULL for NULL, and for a relative one where the value is NULL, not above 0 or too '
	'large';
CREATE FUNCTION relative_to(kpi_target) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_target_relative_to' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION relative_to(kpi_target) IS
	'which value a relative target is held against: previous or year ago; NULL for a target of its own numbers. Those '
	'of a relative one are NULL (target_value() and the like), and nothing judges by it';
