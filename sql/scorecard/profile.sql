-- The quality of a source's data: src/scorecard/profile.c

CREATE FUNCTION kpi_profile(source regclass) RETURNS TABLE (subject text, measure text, value double precision, finding text)
	AS 'MODULE_PATHNAME', 'kpi_profile' LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION kpi_profile(regclass) IS 'quality of the data in a table or view, read as kpi_measure() reads a source: as its owner by a caller who has the owner''s rights, else as the caller, who must be able to read it. Measures: rows; completeness of each column (share 0..1 of the rows that are not NULL, empty text or an infinite number or NaN; NULL without rows); and of a column period: age in days of the newest, rows in the future, rows that repeat the period and segment of another. finding says in words what is worth a look, NULL is nothing. 22023 for another kind of relation';

