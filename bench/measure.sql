-- How the benchmark measures; run by bench/run.

CREATE TABLE bench_time (shape text, mode text, query text, ms double precision);
CREATE VIEW bench_best AS SELECT shape, mode, query, min(ms) AS ms FROM bench_time GROUP BY shape, mode, query;

-- What a shape reads: all rows of the table, or its first fifth, or as much of that as a window can take.
CREATE FUNCTION bench_source(shape text, mode text, source text) RETURNS text IMMUTABLE
	RETURN source || CASE WHEN shape IN ('groups', 'window') OR shape = 'keys' AND mode <> 'serial' THEN '_fifth' ELSE '' END;

CREATE FUNCTION bench_rows(shape text, mode text, source text) RETURNS bigint STABLE
BEGIN ATOMIC
	SELECT rows / CASE WHEN shape = 'window' THEN 4 ELSE 1 END FROM bench_table WHERE name = bench_source(shape, mode, source);
END;

CREATE FUNCTION bench_query(shape text, mode text, source text, expression text) RETURNS text STABLE
	RETURN format(CASE shape
		WHEN 'plain' THEN 'SELECT %s FROM %s'
		WHEN 'groups' THEN 'SELECT %s FROM %s GROUP BY g'
		WHEN 'keys' THEN 'SELECT %s FROM %s GROUP BY k'
		WHEN 'window' THEN 'SELECT %s FROM (SELECT * FROM %s LIMIT %s) s WINDOW w AS (ROWS 29 PRECEDING)'
		END, replace(expression, '@', CASE shape WHEN 'window' THEN 'OVER w' ELSE '' END),
		bench_source(shape, mode, source), bench_rows(shape, mode, source));

-- The queries of every case: floor, kpi, plain, or the expression of a goal's rival.  A million keys only where there is a
-- goal; no window over what can't be a window function.
CREATE FUNCTION bench_queries(shape text, mode text)
	RETURNS TABLE (id integer, name text, source text, floor text, kind text, query text) STABLE
BEGIN ATOMIC
	SELECT c.id, c.name, c.source, c.floor, e.kind, bench_query(shape, mode, c.source, e.expression)
	FROM bench_case c, LATERAL (
		SELECT 'floor', format('count(%s) @', c.floor)
		UNION ALL SELECT 'kpi', c.kpi
		UNION ALL SELECT 'plain', p FROM unnest(c.plain) p
		UNION ALL SELECT g.rival, g.rival FROM bench_goal g
			WHERE g.name = c.name AND g.shape = bench_queries.shape AND g.rival NOT IN ('floor', 'plain')
	) e (kind, expression)
	WHERE NOT (shape = 'window' AND e.expression ~ 'WITHIN GROUP')
		AND (shape <> 'keys' OR EXISTS (SELECT FROM bench_goal g WHERE g.name = c.name AND g.shape = 'keys'));
END;

-- The same number, NULL or not; without a tolerance the same digits.
CREATE FUNCTION bench_same(a text, b text, tolerance double precision) RETURNS boolean IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN a IS NULL OR b IS NULL THEN a IS NULL AND b IS NULL
		WHEN tolerance IS NULL THEN a = b
		ELSE abs(a::double precision - b::double precision) <= tolerance * abs(b::double precision) END;

-- kpi and every plain expression, in all rows of the result
CREATE PROCEDURE bench_check(shape text, mode text)
LANGUAGE plpgsql AS $$
DECLARE
	c bench_case;
	tests text;
	wrong bigint;
BEGIN
	FOR c IN SELECT * FROM bench_case b WHERE b.id IN (SELECT id FROM bench_queries(shape, mode)) ORDER BY b.id LOOP
		SELECT string_agg(format('bench_same((%s)::text, (%s)::text, %L)', c.kpi, p, c.tolerance), ' AND ')
			INTO tests FROM unnest(c.plain) p WHERE NOT (shape = 'window' AND p ~ 'WITHIN GROUP');
		CONTINUE WHEN tests IS NULL;
		EXECUTE format('SELECT count(*) FROM (%s) r (same) WHERE same IS NOT TRUE', bench_query(shape, mode, c.source, tests))
			INTO wrong;
		IF wrong > 0 THEN
			RAISE EXCEPTION 'MISMATCH: % and plain SQL disagree in % rows (%, %)', c.name, wrong, shape, mode;
		END IF;
	END LOOP;
END
$$;

-- Time queries in turns, so that a slow moment of the machine hits all of them; the best of the rounds will count.
-- (COSTS OFF would hide whether there was JIT.)
CREATE PROCEDURE bench_rounds(shape text, mode text, rounds integer, queries text[])
LANGUAGE plpgsql AS $$
DECLARE
	query text;
	plan json;
BEGIN
	FOR round IN 1..rounds LOOP
		FOREACH query IN ARRAY queries LOOP
			EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO plan;
			INSERT INTO bench_time VALUES (shape, mode, query, (plan->0->>'Execution Time')::double precision);
			IF mode = 'jit' AND plan->0->'JIT' IS NULL OR
				mode = 'parallel' AND query !~ 'WITHIN GROUP' AND plan::text !~ '"Workers Launched": 2' THEN
				RAISE EXCEPTION 'not %: %', mode, query USING DETAIL = plan;
			END IF;
		END LOOP;
	END LOOP;
END
$$;

-- JIT with all of its optimisations, which the defaults keep for queries that are estimated to cost more.
CREATE PROCEDURE bench_mode(mode text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config(name, value, true) FROM (VALUES
		('jit', CASE WHEN mode = 'jit' THEN 'on' ELSE 'off' END),
		('jit_above_cost', '0'), ('jit_inline_above_cost', '0'), ('jit_optimize_above_cost', '0'),
		('max_parallel_workers_per_gather', CASE WHEN mode = 'parallel' THEN '2' ELSE '0' END),
		('parallel_setup_cost', '0'), ('min_parallel_table_scan_size', '0')) s (name, value);
END
$$;

CREATE PROCEDURE bench(shape text, mode text)
LANGUAGE plpgsql AS $$
DECLARE
	queries text[];
BEGIN
	CALL bench_mode(mode);
	FOR queries IN SELECT array_agg(DISTINCT q.query) FROM bench_queries(shape, mode) q GROUP BY q.source, q.floor LOOP
		CALL bench_rounds(shape, mode, 5, queries);
	END LOOP;
	CALL bench_check(shape, mode);
END
$$;

-- Results.

CREATE FUNCTION bench_title(shape text, mode text) RETURNS text STABLE
	RETURN format(E'\n%s, %s: %s rows, best of 5, ns a row',
		CASE shape WHEN 'plain' THEN 'all rows' WHEN 'groups' THEN 'grouped by 10 groups'
			WHEN 'keys' THEN format('grouped by %s keys', to_char(bench_rows('plain', mode, 'ticket'), 'FM999,999,999'))
			ELSE 'window of 30 rows' END,
		CASE mode WHEN 'serial' THEN 'serial, JIT off' WHEN 'jit' THEN 'serial, JIT on' ELSE 'parallel (2 workers), JIT off' END,
		to_char(bench_rows(shape, mode, 'survey'), 'FM999,999,999'));

CREATE FUNCTION bench_goals(shape text, mode text)
	RETURNS TABLE (id integer, name text, goal text, factor double precision, measured double precision) STABLE
BEGIN ATOMIC
	SELECT min(q.id), g.name, g.goal, g.factor, min(b.ms) FILTER (WHERE q.kind = g.rival) / min(b.ms) FILTER (WHERE q.kind = 'kpi')
	FROM bench_queries(shape, mode) q JOIN bench_best b ON b.query = q.query AND b.shape = bench_goals.shape AND b.mode = bench_goals.mode
		JOIN bench_goal g ON g.name = q.name AND g.shape = bench_goals.shape
	GROUP BY g.name, g.goal, g.factor;
END;

CREATE FUNCTION bench_result(shape text, mode text)
	RETURNS TABLE ("aggregate" text, "count(x)" numeric, kpi numeric, "plain SQL" numeric, "kpi/count(x)" numeric,
		"plain/kpi" numeric, goals text) STABLE
BEGIN ATOMIC
	WITH best AS (
		SELECT q.id, q.name, min(b.ms) FILTER (WHERE kind = 'floor') * f AS floor, min(b.ms) FILTER (WHERE kind = 'kpi') * f AS kpi,
			min(b.ms) FILTER (WHERE kind = 'plain') * f AS plain
		FROM bench_queries(shape, mode) q JOIN bench_best b ON b.query = q.query AND b.shape = bench_result.shape AND b.mode = bench_result.mode,
			LATERAL (SELECT 1e6 / bench_rows(bench_result.shape, bench_result.mode, q.source)) r (f)
		GROUP BY q.id, q.name, f
	)
	SELECT name, round(floor::numeric, 1), round(kpi::numeric, 1), round(plain::numeric, 1), round((kpi / floor)::numeric, 2), round((plain / kpi)::numeric, 2),
		(SELECT string_agg(CASE WHEN g.measured >= g.factor THEN 'met: ' ELSE 'missed: ' END || g.goal, '; ' ORDER BY g.goal)
			FROM bench_goals(shape, mode) g WHERE g.name = best.name)
	FROM best ORDER BY id;
END;

-- Stored daily summaries: build them, merge them, compare with the rows.
CREATE PROCEDURE bench_rollup()
LANGUAGE plpgsql AS $$
DECLARE
	r bench_rollup;
	same boolean;
BEGIN
	CALL bench_mode('serial');
	FOR r IN SELECT * FROM bench_rollup LOOP
		EXECUTE format('CREATE TABLE daily_%s AS SELECT %s AS s FROM %s GROUP BY k %% 1000', r.name, r.summary, r.source);
		CALL bench_rounds('rollup', 'serial', 20, ARRAY[format('SELECT count(s) FROM daily_%s', r.name), format('SELECT %s FROM daily_%s', r.kpi, r.name)]);
		EXECUTE format('SELECT bench_same((SELECT (%s)::text FROM daily_%s), (SELECT (%s)::text FROM %s), %L)',
			r.kpi, r.name, r.same, r.source, CASE WHEN r.name LIKE '%float' THEN 1e-9 END) INTO same;
		IF same IS NOT TRUE THEN
			RAISE EXCEPTION 'MISMATCH: merged % and rows disagree', r.name;
		END IF;
	END LOOP;
END
$$;

CREATE FUNCTION bench_rollup_result()
	RETURNS TABLE (summary text, "count(s)" numeric, rollup numeric, goal double precision, verdict text) STABLE
BEGIN ATOMIC
	SELECT r.name, round(f.ms::numeric, 2), round(k.ms::numeric, 2), r.goal, CASE WHEN k.ms <= r.goal THEN 'met' ELSE 'missed' END
	FROM bench_rollup r
		JOIN bench_best f ON f.query = format('SELECT count(s) FROM daily_%s', r.name)
		JOIN bench_best k ON k.query = format('SELECT %s FROM daily_%s', r.kpi, r.name)
	ORDER BY r.id;
END;

CREATE VIEW bench_verdict AS
	SELECT g.name, g.goal, m.mode, round((g.measured / g.factor)::numeric, 2) AS "measured/goal", CASE WHEN g.measured >= g.factor THEN 'met' ELSE 'missed' END AS verdict
	FROM (SELECT DISTINCT shape, mode FROM bench_time) m, LATERAL bench_goals(m.shape, m.mode) g
	ORDER BY m.shape DESC, g.id, g.goal, m.mode DESC;
