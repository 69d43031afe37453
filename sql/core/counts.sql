--@ # A summary STATE that is counts of WHAT, merged and taken apart again: +, -, and the aggregate rollup.  SIZE and
--@ # EMPTY as in moving_aggregate.sql.
--@ makes @STATE@_add, @STATE@_subtract, rollup
--@ for STEP | ABOUT
--@ | add      | merges two summaries
--@ | subtract | takes a merged summary away again
CREATE FUNCTION @STATE@_@STEP@(@STATE@, @STATE@) RETURNS @STATE@
	AS 'MODULE_PATHNAME', 'kpi_@STATE@_@STEP@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @STATE@_@STEP@(@STATE@, @STATE@) IS '@ABOUT@';
--@ end
CREATE OPERATOR + (LEFTARG = @STATE@, RIGHTARG = @STATE@, FUNCTION = @STATE@_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (@STATE@, @STATE@) IS 'summary of the @WHAT@ of both';
--@ include core/subtract.sql
--@ with TYPE = @STATE@
--@ include core/moving_aggregate.sql
--@ with NAME = rollup
--@ with ARGS = @STATE@
--@ with ACCUM = add
--@ with REMOVE = subtract
--@ with ABOUT = summary of the @WHAT@ of all summaries; NULL ignored, empty summary without rows
