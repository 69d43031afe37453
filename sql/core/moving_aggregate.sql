--@ # An aggregate NAME(ARGS) over a state of fixed size that window frames can also shrink; ABOUT is its COMMENT.
--@ # STATE is the type of the state, SIZE its bytes, EMPTY what it is without rows.  STATE_accum and STATE_remove, with
--@ # KIND behind their names, take the arguments; FINAL, if there is one, makes the result; FRAME is the state where
--@ # moving frames need another.
--@ makes @NAME@
--@ default KIND =
--@ default ACCUM = accum@KIND@
--@ default REMOVE = remove@KIND@
--@ default FINAL =
--@ default FRAME = @STATE@
--@ default FRAME_SIZE = @SIZE@
--@ default FRAME_EMPTY = @EMPTY@
CREATE AGGREGATE @NAME@(@ARGS@) (
	SFUNC = @STATE@_@ACCUM@, STYPE = @STATE@, SSPACE = @SIZE@, INITCOND = '@EMPTY@', COMBINEFUNC = @STATE@_add,
	MSFUNC = @FRAME@_@ACCUM@, MINVFUNC = @FRAME@_@REMOVE@, MSTYPE = @FRAME@, MSSPACE = @FRAME_SIZE@,
	MINITCOND = '@FRAME_EMPTY@',
--@ if @FINAL@
	FINALFUNC = @FINAL@, MFINALFUNC = @FINAL@,
--@ end
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @NAME@(@ARGS@) IS
	'@ABOUT@';
