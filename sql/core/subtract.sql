--@ # What + merged, taken away again, by the function TYPE_subtract; only of summaries that are counts.
CREATE OPERATOR - (LEFTARG = @TYPE@, RIGHTARG = @TYPE@, FUNCTION = @TYPE@_subtract);
COMMENT ON OPERATOR - (@TYPE@, @TYPE@) IS
	'summary without the rows of the second, which must be in the first: a corrected or deleted row, an old day; 22023 '
	'where a count would become negative';
