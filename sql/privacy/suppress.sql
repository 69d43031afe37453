-- Hiding what is said of few: src/privacy/suppress.c

--@ for TYPE in double precision | numeric | bigint | integer
CREATE FUNCTION suppress(value @TYPE@, n bigint, k integer) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_suppress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suppress(@TYPE@, bigint, integer) IS
	'value if n, the number of persons behind it, is at least k, else NULL: suppress(avg(x), count(*), 5). It hides '
	'this figure only; one that follows from totals needs suppress_cells(). 22023 for k < 1';
--@ end
CREATE FUNCTION suppress_cells(counts bigint[], k integer) RETURNS bigint[]
	AS 'MODULE_PATHNAME', 'kpi_suppress_cells' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suppress_cells(bigint[], integer) IS
	'the table of counts with NULL for counts 1..k-1 and for as many others as it takes that none of them follows from '
	'the totals by row, by column and over all, which may be published: each hidden count could be any of at least k '
	'numbers, or of all that the totals alone leave where these are fewer (L. H. Cox, complementary cell suppression). '
	'0 counts as harmless and is shown unless it protects another. An array of one dimension is a list with its total. '
	'22023 for k < 1, a NULL or negative count, 3 dimensions, or a count that follows from the totals alone; 54000 '
	'beyond a million counts';
