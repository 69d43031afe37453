--@ # The confidence interval of the number NAME that a summary STATE gives, as a row and each of its ends; ABOUT begins
--@ # the COMMENT.
--@ makes @NAME@_interval, @NAME@_lower, @NAME@_upper
CREATE FUNCTION @NAME@_interval(@STATE@, confidence double precision DEFAULT 0.95,
	OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_@NAME@_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@_interval(@STATE@, double precision) IS
	'@ABOUT@; 22023 unless 0 < confidence < 1';
--@ for SIDE in lower | upper
CREATE FUNCTION @NAME@_@SIDE@(@STATE@, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_@NAME@_@SIDE@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@_@SIDE@(@STATE@, double precision) IS '@SIDE@ end of @NAME@_interval() as a plain number';
--@ end
