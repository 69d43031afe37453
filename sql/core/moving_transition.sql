--@ # What moving_aggregate.sql calls for a row of ARGS that comes into a frame, and for one that leaves it; KIND as
--@ # there.  C is what the names of both C functions end in, FOR what their COMMENTs begin with, ROW what those call a
--@ # row.
--@ makes @STATE@_accum, @STATE@_remove
--@ default KIND =
--@ default C = @KIND@
--@ default ROW = row
--@ default MARKS = IMMUTABLE STRICT
--@ for STEP | DOES
--@ | accum  | adds one @ROW@
--@ | remove | takes one @ROW@ away again
CREATE FUNCTION @STATE@_@STEP@@KIND@(@STATE@, @ARGS@) RETURNS @STATE@
	AS 'MODULE_PATHNAME', 'kpi_@STATE@_@STEP@@C@' LANGUAGE C @MARKS@ PARALLEL SAFE;
COMMENT ON FUNCTION @STATE@_@STEP@@KIND@(@STATE@, @ARGS@) IS
	'@FOR@: @DOES@';
--@ end
