-- suppress, suppress_cells
\set VERBOSITY terse

-- of 0, 4, 5 persons, in every type
SELECT n, suppress(1.50, n, 5) AS "numeric", suppress(1.5::float8, n, 5) AS "double", suppress(7, n, 5) AS "integer",
	suppress(9007199254740993, n, 5) AS "bigint", suppress('1.5', n, 5) AS literal
FROM unnest(ARRAY[0, 4, 5, NULL]::bigint[]) AS n;
SELECT pg_typeof(suppress(1.50, 9, 5)), pg_typeof(suppress(1.5::float8, 9, 5)), pg_typeof(suppress(1::real, 9, 5)),
	pg_typeof(suppress(7::smallint, 9, 5)), pg_typeof(suppress(7, 9, 5)), pg_typeof(suppress(7::bigint, 9, 5));
SELECT suppress(NULL::numeric, 9, 5), suppress(1.5, 9, NULL), suppress(1.5, -1, 5);
SELECT team, suppress(avg(score), count(score), 3) AS score, suppress(nps_agg(score), count(score), 3) AS nps,
	suppress(count(score), count(score), 3) AS answers
FROM (VALUES ('a', 9), ('a', 10), ('a', 2), ('b', 1), ('b', NULL), ('b', 3)) AS v(team, score) GROUP BY team
	ORDER BY team;
SELECT suppress(1.5, 9, 0);
\echo :LAST_ERROR_SQLSTATE

-- by hand: the 3 goes, and a corner each way
SELECT suppress_cells('{{3,40,20,10},{20,30,10,50},{15,0,40,30},{22,11,10,5}}', 5);
-- nothing to hide; 0 is shown where it protects nobody
SELECT suppress_cells('{{5,0},{0,7}}', 5) AS nothing, suppress_cells('{{1,2},{3,4}}', 1) AS k1,
	suppress_cells('{}', 5) AS empty, suppress_cells(NULL, 5) AS null, suppress_cells('{{1}}', NULL) AS k;
SELECT suppress_cells('{{2,0,9},{0,8,9},{7,9,9}}', 3) AS zeros;
-- a list with its total; bounds of the array stay
SELECT suppress_cells('{3,20,30}', 5), suppress_cells('{3,2,1}', 5), suppress_cells('{3,1,30}', 5),
	suppress_cells('{3,0,0}', 5), suppress_cells('{30,20}', 5), suppress_cells('[0:1]={30,2}', 5),
	suppress_cells('[0:1][5:6]={{30,2},{2,9}}', 5);
-- two in a line are not enough: 1 + 1 = 2 leaves 0, 1, 2
SELECT suppress_cells('{1,1,30,40}', 3) AS k3, suppress_cells('{1,1,30,40}', 4) AS k4;
SELECT suppress_cells('{3}', 5);
\echo :LAST_ERROR_SQLSTATE
SELECT suppress_cells('{{3,9,9}}', 5);
\echo :LAST_ERROR_SQLSTATE
SELECT suppress_cells('{{3},{9}}', 5);
SELECT suppress_cells('{{3,0},{9,0}}', 5);
SELECT suppress_cells('{{3,4},{-1,4}}', 5);
\echo :LAST_ERROR_SQLSTATE
SELECT suppress_cells('{{3,4},{NULL,4}}', 5);
\echo :LAST_ERROR_SQLSTATE
SELECT suppress_cells('{{3,4},{3,4}}', 0);
\echo :LAST_ERROR_SQLSTATE
SELECT suppress_cells('{{{3,4},{3,4}}}', 5);
SELECT suppress_cells('{{9223372036854775807,4},{3,4}}', 5);
\echo :LAST_ERROR_SQLSTATE
SELECT suppress_cells((SELECT array_agg(1) FROM generate_series(1, 1000001)), 5);
\echo :LAST_ERROR_SQLSTATE

-- what an attacker does. The possible tables: every table of counts >= 0 with the published totals that agrees in the
-- cells shown; gives the least and the greatest value of each cell, and how many values it has
CREATE FUNCTION possible(counts bigint[], shown bigint[]) RETURNS TABLE (cell int, lo bigint, hi bigint, numbers bigint)
	LANGUAGE sql STABLE AS $$
	WITH RECURSIVE size AS (SELECT array_length(counts, 1) AS m, array_length(counts, 2) AS n),
	line AS (SELECT (SELECT array_agg((SELECT sum(counts[i][j])::bigint FROM generate_series(1, n) j) ORDER BY i)
			FROM generate_series(1, m) i) AS rowsums,
		(SELECT array_agg((SELECT sum(counts[i][j])::bigint FROM generate_series(1, m) i) ORDER BY j)
				FROM generate_series(1, n) j) AS columnsums FROM size),
	guess(at, rowsums, columnsums, cells) AS (
		SELECT 0, rowsums, columnsums, '{}'::bigint[] FROM line
		UNION ALL
		SELECT at + 1, rowsums[:i - 1] || (rowsums[i] - v) || rowsums[i + 1:],
			columnsums[:j - 1] || (columnsums[j] - v) || columnsums[j + 1:], cells || v
		FROM guess, size, LATERAL (SELECT at / n + 1 AS i, at % n + 1 AS j) p,
			generate_series(0, least(rowsums[i], columnsums[j])) v
		WHERE at < m * n AND v = coalesce(shown[i][j], v) AND (j < n OR v = rowsums[i]) AND (i < m OR v = columnsums[j])
	)
	SELECT k, min(cells[k]), max(cells[k]), count(DISTINCT cells[k]) FROM guess, size, generate_series(1, m * n) k
		WHERE at = m * n GROUP BY k $$;
-- the cells as a list, row by row
CREATE FUNCTION flat(counts bigint[]) RETURNS TABLE (cell int, i int, j int, x bigint) LANGUAGE sql IMMUTABLE AS $$
	SELECT (i - 1) * array_length(counts, 2) + j, i, j, counts[i][j]
		FROM generate_series(1, array_length(counts, 1)) i, generate_series(1, array_length(counts, 2)) j $$;
CREATE FUNCTION naive(counts bigint[], k int) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
	SELECT array_agg(r ORDER BY i) FROM (SELECT i, array_agg(CASE WHEN x = 0 OR x >= k THEN x END ORDER BY j) AS r
			FROM flat(counts) GROUP BY i) q $$;
CREATE FUNCTION nothing(counts bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE
	AS 'SELECT array_fill(NULL::bigint, ARRAY[array_length(counts, 1), array_length(counts, 2)])';
CREATE FUNCTION attempt(counts bigint[], k int) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN RETURN suppress_cells(counts, k); EXCEPTION WHEN invalid_parameter_value THEN RETURN NULL; END $$;

SELECT setseed(0.5);
CREATE FUNCTION random_table(m int, n int, most float8, power float8) RETURNS bigint[] LANGUAGE sql VOLATILE AS $$
	SELECT array_agg(r) FROM (SELECT (SELECT array_agg(floor(random() ^ power * (most + 0 * (i + j)))::bigint)
			FROM generate_series(1, n) j) AS r FROM generate_series(1, m) i) q $$;
CREATE TEMP TABLE small AS
SELECT t, c AS counts, k, attempt(c, k) AS shown, naive(c, k) AS naive
FROM generate_series(1, 240) t,
	LATERAL (SELECT 2 + t % 5 AS k, random_table(2 + t % 2, 2 + t % 3 % 2 + t % 4 / 2, 3 + t % 6, 1 + t % 3) AS c) p;
CREATE TEMP TABLE attacked AS
SELECT t, k, f.cell, f.x, shown IS NULL AS refused, (SELECT s.x IS NULL FROM flat(shown) s WHERE s.cell = f.cell)
	AS hidden, p.lo, p.hi, p.numbers, w.hi - w.lo AS widest, v.numbers AS naive_numbers
FROM small, flat(counts) f, possible(counts, nothing(counts)) w, possible(counts, shown) p, possible(counts, naive) v
WHERE w.cell = f.cell AND p.cell = f.cell AND v.cell = f.cell;
-- enough of everything, and the attack succeeds where only the small counts are hidden
SELECT count(DISTINCT t) = 240 AS tables, count(DISTINCT t) FILTER (WHERE refused) BETWEEN 5 AND 150 AS some_refused,
	count(*) FILTER (WHERE hidden AND NOT x BETWEEN 1 AND k - 1) > 50 AS more_hidden,
	count(*) FILTER (WHERE NOT hidden) > 50 AS shown,
		count(*) FILTER (WHERE x BETWEEN 1 AND k - 1 AND naive_numbers = 1 AND widest > 0) > 50 AS naive_is_broken,
		count(*) FILTER (WHERE hidden AND widest < k - 1) > 20 AS narrow_totals FROM attacked;
-- a table is refused exactly when the totals alone give a small count away
SELECT count(*) AS wrongly_refused FROM (SELECT t, bool_or(refused) <> bool_or(x BETWEEN 1 AND k - 1 AND widest = 0)
		AS wrong FROM attacked GROUP BY t) q WHERE wrong;
-- all small counts are hidden; no hidden cell has a single possible number, or fewer than k unless the totals leave
-- fewer, and then it has all these
SELECT count(*) FILTER (WHERE x BETWEEN 1 AND k - 1 AND NOT hidden) AS small_shown,
	count(*) FILTER (WHERE hidden AND numbers = 1) AS worked_out,
	count(*) FILTER (WHERE hidden AND numbers < least(k, widest + 1)) AS narrowed, count(*)
		FILTER (WHERE numbers <> hi - lo + 1) AS gaps, count(*) FILTER (WHERE x NOT BETWEEN lo AND hi) AS impossible
FROM attacked WHERE NOT refused;
-- what is shown is true
SELECT count(*) AS untrue FROM small, flat(counts) f, flat(shown) s WHERE f.cell = s.cell AND f.x <> s.x;
SELECT bool_and(array_dims(counts) = array_dims(shown)) AS same_shape FROM small;

-- larger tables. Gaussian elimination of the totals' equations: the unknowns that follow
CREATE FUNCTION solved(shown bigint[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	m int := array_length(shown, 1); n int := array_length(shown, 2);
	row_of int[]; column_of int[]; unknowns int; a int[]; pivot_of int[] := '{}'; solved int := 0; p int; f int;
	keep int; done int := 0; entries int;
BEGIN
	SELECT array_agg(i ORDER BY cell), array_agg(j ORDER BY cell), count(*) INTO row_of, column_of, unknowns
		FROM flat(shown) WHERE x IS NULL;
	IF unknowns = 0 THEN RETURN 0; END IF;
	a := array_fill(0, ARRAY[m + n, unknowns]);
	FOR u IN 1..unknowns LOOP a[row_of[u]][u] := 1; a[m + column_of[u]][u] := 1; END LOOP;
	FOR u IN 1..unknowns LOOP
		p := NULL;
		FOR e IN done + 1..m + n LOOP IF a[e][u] <> 0 THEN p := e; EXIT; END IF; END LOOP;
		CONTINUE WHEN p IS NULL;
		done := done + 1;
		f := a[p][u];
		FOR v IN 1..unknowns LOOP keep := a[p][v]; a[p][v] := a[done][v]; a[done][v] := keep / f; END LOOP;
		FOR e IN 1..m + n LOOP
			f := a[e][u];
			IF e <> done AND f <> 0 THEN
				FOR v IN 1..unknowns LOOP a[e][v] := a[e][v] - f * a[done][v]; END LOOP;
			END IF;
		END LOOP;
	END LOOP;
	FOR e IN 1..done LOOP
		entries := 0;
		FOR v IN 1..unknowns LOOP entries := entries + abs(sign(a[e][v]))::int; END LOOP;
		IF entries = 1 THEN solved := solved + 1; END IF;
	END LOOP;
	RETURN solved;
END $$;
-- the test solves what can be solved: a single unknown in a line, and one behind two others
SELECT solved('{{NULL,1},{1,1}}') AS "1", solved('{{NULL,NULL},{NULL,NULL}}') AS "0",
	solved('{{NULL,NULL,1},{NULL,NULL,NULL},{1,1,1}}') AS "1",
	solved('{{NULL,NULL,9,9},{NULL,NULL,NULL,9},{9,9,NULL,NULL},{9,9,NULL,NULL}}') AS "1";
-- bounds of each unknown, narrowed by the lines in turn until nothing changes: how many end with fewer than k numbers
CREATE FUNCTION narrowed(counts bigint[], shown bigint[], k int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	m int := array_length(shown, 1); n int := array_length(shown, 2); lo bigint[] := shown; hi bigint[] := shown;
	rest bigint; before text; found int := 0; i int; j int; sl bigint; sh bigint; c int; d int;
BEGIN
	FOR i IN 1..m LOOP FOR j IN 1..n LOOP IF shown[i][j] IS NULL THEN lo[i][j] := 0; hi[i][j] := 1000000000; END IF;
	END LOOP; END LOOP;
	LOOP
		before := lo::text || hi::text;
		FOR line IN 1..m + n LOOP
			rest := 0; sl := 0; sh := 0;
			FOR c IN 1..CASE WHEN line <= m THEN n ELSE m END LOOP
				i := CASE WHEN line <= m THEN line ELSE c END; j := CASE WHEN line <= m THEN c ELSE line - m END;
				rest := rest + counts[i][j]; sl := sl + lo[i][j]; sh := sh + hi[i][j];
			END LOOP;
			FOR c IN 1..CASE WHEN line <= m THEN n ELSE m END LOOP
				i := CASE WHEN line <= m THEN line ELSE c END; j := CASE WHEN line <= m THEN c ELSE line - m END;
				IF shown[i][j] IS NULL AND rest - (sl - lo[i][j]) < hi[i][j] THEN sh := sh - hi[i][j];
				hi[i][j] := rest - (sl - lo[i][j]); sh := sh + hi[i][j]; END IF;
				IF shown[i][j] IS NULL AND rest - (sh - hi[i][j]) > lo[i][j] THEN sl := sl - lo[i][j];
				lo[i][j] := rest - (sh - hi[i][j]); sl := sl + lo[i][j]; END IF;
			END LOOP;
		END LOOP;
		EXIT WHEN before = lo::text || hi::text;
	END LOOP;
	FOR i IN 1..m LOOP FOR j IN 1..n LOOP IF shown[i][j] IS NULL
		AND hi[i][j] - lo[i][j] + 1 < k THEN found := found + 1; END IF; END LOOP; END LOOP;
	RETURN found;
END $$;
SELECT narrowed('{{1,5},{5,5}}', '{{NULL,5},{5,5}}', 2) AS "1", narrowed('{{1,2},{2,9}}', '{{NULL,NULL},{NULL,NULL}}',
		5) AS "4", narrowed('{{1,2},{2,9}}', '{{NULL,NULL},{NULL,NULL}}', 4) AS "0";
CREATE TEMP TABLE large AS
SELECT t, c AS counts, k, suppress_cells(c, k) AS shown, naive(c, k) AS naive
FROM generate_series(1, 24) t, LATERAL (SELECT (ARRAY[3, 5, 10])[1 + t % 3] AS k,
		random_table(10, 10, (ARRAY[100, 1000])[1 + t % 2], 1 + t % 6) AS c) p;
SELECT sum(solved(naive)) > 50 AS naive_is_solved, sum(narrowed(counts, naive, k)) > 100 AS naive_is_narrowed,
	sum(solved(shown)) AS solved, sum(narrowed(counts, shown, k)) AS narrowed FROM large;
SELECT count(*) FILTER (WHERE s.x IS NULL AND f.x BETWEEN 1 AND k - 1) > 200 AS small,
	count(*) FILTER (WHERE s.x IS NOT NULL AND f.x BETWEEN 1 AND k - 1) AS small_shown,
	count(*) FILTER (WHERE s.x <> f.x) AS untrue,
	count(*) FILTER (WHERE s.x IS NULL) <= 3 * count(*) FILTER (WHERE f.x BETWEEN 1 AND k - 1) AS not_too_many
		FROM large, flat(counts) f JOIN flat(shown) s USING (cell);
-- the same table gives the same answer, and most of a table of usual counts stays
SELECT bool_and(suppress_cells(counts, k) IS NOT DISTINCT FROM shown) AS same FROM large;
SELECT avg((SELECT count(*) FROM flat(shown) WHERE x IS NULL)) < 35 AS most_stay FROM large;

-- the whole truth of tables too large to try all: the most that a cell can gain and lose, by augmenting one path after
-- the other
CREATE FUNCTION span(counts bigint[], shown bigint[], i int, j int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	m int := array_length(shown, 1); n int := array_length(shown, 2); v bigint[]; before int[]; queue int[]; head int;
	x int; y int; a int; b int; source int; sink int; amount bigint; moved bigint; total numeric := 0;
BEGIN
	FOR up IN 0..1 LOOP
		v := counts; moved := 0;
		source := CASE up WHEN 1 THEN i ELSE m + j END; sink := CASE up WHEN 1 THEN m + j ELSE i END;
		LOOP
			before := array_fill(0, ARRAY[m + n]); before[source] := source; queue := ARRAY[source]; head := 1;
			WHILE head <= cardinality(queue) AND before[sink] = 0 LOOP
				x := queue[head]; head := head + 1;
				FOR y IN CASE WHEN x <= m THEN m + 1 ELSE 1 END .. CASE WHEN x <= m THEN m + n ELSE m END LOOP
					a := least(x, y); b := greatest(x, y) - m;
					IF before[y] = 0 AND shown[a][b] IS NULL AND NOT (a = i AND b = j)
						AND (x > m OR v[a][b] > 0) THEN before[y] := x; queue := queue || y; END IF;
				END LOOP;
			END LOOP;
			EXIT WHEN before[sink] = 0 OR up = 0 AND moved = counts[i][j];
			amount := CASE up WHEN 1 THEN 1000000000000 ELSE counts[i][j] - moved END;
			y := sink;
			WHILE y <> source LOOP x := before[y]; IF x <= m THEN amount := least(amount, v[x][y - m]); END IF; y := x;
			END LOOP;
			y := sink;
			WHILE y <> source LOOP x := before[y]; a := least(x, y); b := greatest(x, y) - m;
			v[a][b] := v[a][b] + CASE WHEN x <= m THEN -amount ELSE amount END; y := x; END
				LOOP;
			moved := moved + amount;
		END LOOP;
		total := total + moved;
	END LOOP;
	RETURN total;
END $$;
-- as many numbers less one as trying all tables gives
SELECT count(*) > 100 AS cells, bool_and(span(counts, shown, (cell - 1) / array_length(counts, 2) + 1,
		(cell - 1) % array_length(counts, 2) + 1) = numbers - 1) AS same FROM attacked JOIN small USING (t)
	WHERE hidden AND NOT refused AND t % 4 = 0;
-- small counts and large limits, steep ones, sparse ones, and shapes
CREATE TEMP TABLE deep AS SELECT t, k, c AS counts, naive(c, k) AS naive, suppress_cells(c, k) AS shown
FROM (SELECT t, (ARRAY[5, 20, 100, 1000])[1 + t % 4] AS k,
		random_table((ARRAY[8, 3, 6, 12])[1 + t % 4], (ARRAY[8, 16, 9, 5])[1 + t / 2 % 4],
		(ARRAY[3, 10, 1000, 1000000])[1 + t / 3 % 4], (ARRAY[1, 2, 8])[1 + t % 3]) AS c FROM generate_series(1, 36) t) q
WHERE attempt(c, k) IS NOT NULL;
WITH cell AS MATERIALIZED (SELECT t, k, f.x, s.x IS NULL AS hidden, CASE WHEN s.x IS NULL THEN span(counts, shown, f.i,
		f.j) END AS span, CASE WHEN v.x IS NULL THEN span(counts, naive, f.i, f.j) END AS naive_span,
		least(sum(f.x) OVER (PARTITION BY t, f.i), sum(f.x) OVER (PARTITION BY t, f.j)) - greatest(0, sum(f.x) OVER
				(PARTITION BY t, f.i) + sum(f.x) OVER (PARTITION BY t, f.j) - sum(f.x) OVER (PARTITION BY t)) AS widest
	FROM deep, flat(counts) f JOIN flat(shown) s USING (cell) JOIN flat(naive) v USING (cell))
SELECT count(DISTINCT t) > 25 AS tables, count(*) FILTER (WHERE hidden) > 800 AS many,
	count(*) FILTER (WHERE naive_span < least(k - 1, widest)) > 100 AS naive_is_broken,
	count(*) FILTER (WHERE hidden AND NOT x BETWEEN 1 AND k - 1) > 30 AS more_hidden,
	count(*) FILTER (WHERE hidden AND span < least(k - 1, widest)) AS narrowed,
		count(*) FILTER (WHERE NOT hidden AND x BETWEEN 1 AND k - 1) AS small_shown FROM cell;

-- a list: each hidden count could be from 0 to the sum of all hidden
SELECT bool_and(hidden <> 1) AS never_alone, bool_and(hidden = 0 OR hidden_sum >= least(k - 1, total)) AS wide,
	bool_and(small_shown = 0) AS all_small, sum(hidden) > 500 AS many FROM (
	SELECT t, k, count(*) FILTER (WHERE s IS NULL) AS hidden, sum(x) FILTER (WHERE s IS NULL) AS hidden_sum,
		sum(x) AS total, count(*) FILTER (WHERE s IS NOT NULL AND x BETWEEN 1 AND k - 1) AS small_shown
	FROM (SELECT t, 2 + t % 10 AS k, array_agg(floor(random() ^ 2 * (5 + t % 40))::bigint) AS c
			FROM generate_series(1, 300) t, LATERAL generate_series(1, 2 + t % 7) i GROUP BY t) l,
			LATERAL unnest(l.c, suppress_cells(l.c, k)) AS u(x, s) GROUP BY t, k) q;

-- a table of 100 x 100: no line with a single unknown
CREATE TEMP TABLE wide AS SELECT (c.n - 1) / 100 AS i, (c.n - 1) % 100 AS j, c.x, s.x AS shown
FROM (SELECT random_table(100, 100, 1000, 4) AS counts) q, LATERAL unnest(counts, suppress_cells(counts, 10))
	WITH ORDINALITY AS u(x, s, n), LATERAL (SELECT n, u.x) c, LATERAL (SELECT u.s AS x) s;
SELECT count(*) AS cells, count(*) FILTER (WHERE shown IS NULL AND x BETWEEN 1 AND 9) > 1000 AS small,
	count(*) FILTER (WHERE shown IS NOT NULL AND x BETWEEN 1 AND 9) AS small_shown,
	count(*) FILTER (WHERE shown <> x) AS untrue FROM wide;
SELECT bool_and(unknown <> 1) AS never_alone
	FROM (SELECT count(*) FILTER (WHERE shown IS NULL) AS unknown FROM wide GROUP BY GROUPING SETS ((i), (j))) u;
-- small counts under a large limit, where a cell takes from many others, and lines of thousands
CREATE TEMP TABLE huge AS SELECT shape, (c.n - 1) / w AS i, (c.n - 1) % w AS j, c.x, s.x AS shown, k
FROM (VALUES ('200 x 200', 200, 200, 10, 100), ('2 x 10000', 2, 10000, 200, 10), ('10000 x 2', 10000, 2, 200, 10))
	AS g(shape, h, w, most, k), LATERAL (SELECT random_table(h, w, most, 2) AS counts) q,
	LATERAL unnest(counts, suppress_cells(counts, k)) WITH ORDINALITY AS u(x, s, n), LATERAL (SELECT n, u.x) c,
		LATERAL (SELECT u.s AS x) s;
SELECT shape, count(*) AS cells, count(*) FILTER (WHERE shown IS NULL AND x BETWEEN 1 AND k - 1) > 3000 AS small,
	count(*) FILTER (WHERE shown IS NOT NULL AND x BETWEEN 1 AND k - 1) AS small_shown,
	count(*) FILTER (WHERE shown <> x) AS untrue FROM huge GROUP BY shape ORDER BY shape;
SELECT shape, bool_and(unknown <> 1) AS never_alone FROM (SELECT shape, count(*) FILTER (WHERE shown IS NULL) AS unknown
		FROM huge GROUP BY GROUPING SETS ((shape, i), (shape, j))) u GROUP BY shape ORDER BY shape;
