-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE @NAME@(@ARGS@) (
	SFUNC = ratio_summary_@ACCUM@, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = @FINAL@,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_@ACCUM@, MINVFUNC = ratio_frame_@REMOVE@, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = @FINAL@,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @NAME@(@ARGS@) IS '@ABOUT@';

