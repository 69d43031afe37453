-- Every aggregate gives the same result in every plan: serial, parallel, partition-wise, shuffled,
-- distributed, and over moving frames. The aggregates come from the catalogue (test/lib/aggregates.sql).
\pset format unaligned
\set VERBOSITY terse
-- fits that find no optimum say so
SET client_min_messages = error;

\getenv inputs PG_ABS_SRCDIR
\set rows :inputs '/lib/aggregates.sql'
\set ECHO none
\i :rows
\set ECHO all

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;

-- the result as text, and whether the plan had the given node
CREATE FUNCTION result_of(query text, OUT result text) LANGUAGE plpgsql AS $$
BEGIN EXECUTE query INTO result; END $$;
CREATE FUNCTION plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line LIKE '%' || node || '%' THEN RETURN true; END IF;
	END LOOP;
	RETURN false;
END $$;

-- Citus: each worker aggregates its shard into a state, which travels as text or binary; the
-- coordinator combines the states and finishes. The parts are aggregates made here from the catalogue.
CREATE FUNCTION distributed(a aggregate, source text, OUT as_text text, OUT as_binary text) LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/kpi_test_parts';
	types text := (SELECT pg_get_function_identity_arguments(a.signature));
	start text := CASE WHEN a.agginitval IS NULL THEN '' ELSE format(', INITCOND = %L', a.agginitval) END;
BEGIN
	EXECUTE format('CREATE AGGREGATE worker_part(%s) (SFUNC = %s, STYPE = %s%s)', types, a.aggtransfn::regproc, a.state,
			start);
	EXECUTE format('CREATE AGGREGATE coordinator_part(%s) (SFUNC = %s, STYPE = %s%s%s)', a.state,
			a.aggcombinefn::regproc, a.state, start,
		CASE WHEN a.aggfinalfn::oid <> 0 THEN format(', FINALFUNC = %s', a.aggfinalfn::regproc) ELSE '' END);
	as_text := result_of(format('SELECT coordinator_part(part::text::%s)::text FROM (SELECT worker_part(%s) part FROM '
			'%s GROUP BY shard) w', a.state, a.arguments, source));
	EXECUTE format('COPY (SELECT worker_part(%s) FROM %s GROUP BY shard) TO %L (FORMAT binary)', a.arguments, source,
			file);
	EXECUTE format('CREATE TEMP TABLE received (part %s)', a.state);
	EXECUTE format('COPY received FROM %L (FORMAT binary)', file);
	as_binary := result_of('SELECT coordinator_part(part)::text FROM received');
	DROP TABLE received;
END $$;

CREATE TABLE outcome (signature regprocedure, plan text, ok boolean, detail text);
DO $$
DECLARE
	a aggregate;
	parts record;
	source text;
	query text;
	expected text;
	got text;
BEGIN
	FOR a IN SELECT * FROM aggregate ORDER BY signature::text LOOP
		source := CASE WHEN a.name = 'rollup' THEN 'stored' ELSE 'sample' END;
		query := format('SELECT %s(%s)::text FROM %s', a.name, a.arguments, source);

		SET LOCAL max_parallel_workers_per_gather = 0;
		SET LOCAL enable_partitionwise_aggregate = off;
		expected := result_of(query);
		INSERT INTO outcome VALUES (a.signature, 'serial', expected IS NOT NULL, query);

		-- a plan with more than one worker
		SET LOCAL max_parallel_workers_per_gather = 4;
		got := result_of(query);
		INSERT INTO outcome VALUES (a.signature, 'parallel', got = expected AND plan_has(query, 'Partial Aggregate')
				AND plan_has(query, 'Gather'), got || ' / ' || expected);
		-- workers that see no usable row
		got := result_of(query || ' WHERE shard = 4');
		INSERT INTO outcome VALUES (a.signature, 'parallel without usable rows', got IS NOT DISTINCT FROM
				result_of(query || ' WHERE false') AND plan_has(query || ' WHERE shard = 4', 'Partial Aggregate'), got);
		query := format('SELECT %s(%s) FILTER (WHERE id = 2001)::text FROM %s', a.name, a.arguments, source);
		got := CASE WHEN plan_has(query, 'Partial Aggregate') THEN result_of(query) ELSE 'not parallel' END;
		SET LOCAL max_parallel_workers_per_gather = 0;
		INSERT INTO outcome
			VALUES (a.signature, 'parallel with FILTER', got IS NOT DISTINCT FROM result_of(query), got);

		-- shuffled
		got := result_of(format('SELECT %s(%s)::text FROM (SELECT * FROM %s ORDER BY h(id, 99), id) s', a.name,
				a.arguments, source));
		INSERT INTO outcome VALUES (a.signature, 'shuffled', got = expected, got || ' / ' || expected);

		-- one group a partition, and groups over all partitions
		query := format('SELECT md5(string_agg(x, chr(10) ORDER BY g)) FROM (SELECT shard AS g, %s(%s)::text AS x FROM '
				'%s GROUP BY shard) q', a.name, a.arguments, source);
		expected := result_of(query);
		SET LOCAL enable_partitionwise_aggregate = on;
		INSERT INTO outcome VALUES (a.signature, 'partition-wise, full', expected = result_of(query)
				AND plan_has(query, 'Append'), query);
		query := format('SELECT md5(string_agg(x, chr(10) ORDER BY g)) FROM (SELECT team AS g, %s(%s)::text AS x FROM '
				'%s GROUP BY team) q', a.name, a.arguments, source);
		SET LOCAL enable_partitionwise_aggregate = off;
		expected := result_of(query);
		SET LOCAL enable_partitionwise_aggregate = on;
		INSERT INTO outcome VALUES (a.signature, 'partition-wise, partial', expected = result_of(query)
				AND plan_has(query, 'Partial'), query);
		SET LOCAL enable_partitionwise_aggregate = off;
		-- sorted groups instead of hashed ones
		SET LOCAL enable_hashagg = off;
		INSERT INTO outcome VALUES (a.signature, 'sorted groups', expected = result_of(query)
				AND plan_has(query, 'GroupAggregate'), query);
		SET LOCAL enable_hashagg = on;

		-- distributed
		expected := result_of(format('SELECT %s(%s)::text FROM %s', a.name, a.arguments, source));
		SELECT * INTO parts FROM distributed(a, source);
		INSERT INTO outcome
			VALUES (a.signature, 'distributed as text', parts.as_text = expected, parts.as_text || ' / ' || expected),
			(a.signature, 'distributed as binary', parts.as_binary = expected, parts.as_binary || ' / ' || expected);
		EXECUTE format('DROP AGGREGATE worker_part(%s)', pg_get_function_identity_arguments(a.signature));
		EXECUTE format('DROP AGGREGATE IF EXISTS coordinator_part(%s)', a.state);

		-- a moving frame against the same rows aggregated afresh
		query := format($q$SELECT count(*) FILTER (WHERE moved IS DISTINCT FROM afresh)::text FROM (
			SELECT (%1$s(%2$s) OVER (ORDER BY id ROWS BETWEEN 20 PRECEDING AND 3 PRECEDING))::text AS moved,
				(SELECT %1$s(%2$s)::text FROM (SELECT * FROM %3$s i WHERE i.id <= 420 ORDER BY id) i
						WHERE i.id BETWEEN o.frame_from AND o.frame_to) AS afresh
			FROM (SELECT *, lag(id, 3) OVER w AS frame_to, coalesce(lag(id, 20) OVER w, 0) AS frame_from FROM %3$s
					WHERE id <= 420 WINDOW w AS (ORDER BY id)) o) q$q$,
			a.name, a.arguments, source);
		got := result_of(query);
		INSERT INTO outcome VALUES (a.signature, 'window frame', got = '0', got || ' frames differ');
	END LOOP;
END $$;

COPY (SELECT WHERE false) TO PROGRAM 'rm -f kpi_test_parts';
SELECT plan, count(*) > 0 AS tested, count(*) FILTER (WHERE ok IS NOT TRUE) AS failed FROM outcome GROUP BY plan
	ORDER BY plan;
SELECT signature, plan, left(detail, 300) FROM outcome WHERE ok IS NOT TRUE ORDER BY 1, 2 LIMIT 20;
-- no aggregate is left out, and those that should move do
SELECT count(*) = (SELECT count(DISTINCT signature) FROM outcome) AS every_aggregate FROM aggregate;
SELECT signature FROM aggregate WHERE NOT moving AND state IN ('nps_summary', 'rate_summary', 'ratio_summary')
	ORDER BY signature::text;
DROP TABLE sample, stored, aggregate, outcome CASCADE;
DROP FUNCTION h, buyer, argument, result_of, plan_has;
