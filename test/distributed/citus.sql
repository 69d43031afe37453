-- Every aggregate of the extension over a distributed table of Citus and over a table of the coordinator with the same
-- rows; after test/lib/aggregates.sql.  test/t/022_citus.pl calls compare() and looks at outcome.

-- The queries, over %1$s, the table, of %2$s, the aggregate.  Split: by Citus into parts, which the workers compute,
-- and what the coordinator makes of them; else each group is computed by one worker.  Its last column is compared.
CREATE TABLE query (name text PRIMARY KEY, split boolean, sql text);
INSERT INTO query VALUES
	('all rows', true, 'SELECT 0, %2$s FROM %1$s'),
	('by another column', true, 'SELECT team, %2$s FROM %1$s GROUP BY team'),
	('by an expression', true, 'SELECT mixed %% 5, %2$s FROM %1$s GROUP BY 1'),
	('by the distribution column', false, 'SELECT place, %2$s FROM %1$s GROUP BY place'),
	('by it and another', false, 'SELECT place * 10 + team, %2$s FROM %1$s GROUP BY place, team'),
	('one value of it', false, 'SELECT 0, %2$s FROM %1$s WHERE place = 3'),
	('a FILTER', true, 'SELECT team, %2$s FILTER (WHERE mixed < 500) FROM %1$s GROUP BY team'),
	('a FILTER that leaves most shards nothing', true, 'SELECT 0, %2$s FILTER (WHERE place < 2) FROM %1$s'),
	('a FILTER that leaves nothing', true, 'SELECT team, %2$s FILTER (WHERE id < 0) FROM %1$s GROUP BY team'),
	('HAVING', true, 'SELECT team, %2$s FROM %1$s GROUP BY team HAVING max(mixed) >= 998'),
	('few rows', true, 'SELECT 0, %2$s FROM %1$s WHERE id BETWEEN 1001 AND 1040'),
	('one usable row in all', true, 'SELECT 0, %2$s FROM %1$s WHERE id = 1002 OR shard = 4'),
	('no usable row', true, 'SELECT 0, %2$s FROM %1$s WHERE shard = 4'),
	('no row', true, 'SELECT 0, %2$s FROM %1$s WHERE id < 0'),
	('beside other aggregates', true,
			'SELECT team, count(*)::text || sum(mixed), avg(mixed)::int, %2$s FROM %1$s GROUP BY team'),
	('over a subquery that a worker cannot finish', true,
			'SELECT q.team, %2$s FROM (SELECT * FROM %1$s WHERE mixed < 900 OFFSET 0) q GROUP BY q.team'),
	('with a join by the distribution column', true,
			'SELECT name::int %% 3, %2$s FROM %1$s JOIN place USING (place) GROUP BY 1'),
	('with a join to a reference table', true,
			'SELECT length(label), %2$s FROM %1$s JOIN team USING (team) GROUP BY 1');

CREATE TABLE outcome (signature regprocedure, query text, setting text, place text, groups bigint, result text,
		error text);

-- Tables by what the aggregates take: argument_N is distributed, local_N holds the same rows here.
CREATE TABLE call AS
SELECT signature, name, dense_rank() OVER (ORDER BY name = 'clv', name = 'rollup', expressions::text, types::text)
	AS number, expressions, types,
	(SELECT string_agg('a' || i, ', ' ORDER BY i) FROM generate_subscripts(expressions, 1) i) AS arguments,
	'timestamptz'::regtype = ANY (types) AS at_with_zone FROM aggregate;
CREATE FUNCTION make_tables() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	c record;
	n bigint := 0;
BEGIN
	CREATE TABLE place AS SELECT p AS place, (p * 7 % 11)::text AS name FROM generate_series(0, 49) p;
	CREATE TABLE local_place AS TABLE place;
	CREATE TABLE team AS SELECT t AS team, repeat('x', t % 3) AS label FROM generate_series(0, 6) t;
	CREATE TABLE local_team AS TABLE team;
	PERFORM create_distributed_table('place', 'place', shard_count => 6), create_reference_table('team');
	FOR c IN SELECT DISTINCT ON (number) * FROM call ORDER BY number LOOP
		-- in no order; the model of clv needs many rows
		EXECUTE format('CREATE TABLE local_%s AS SELECT id, shard, team, h(id, 99) AS mixed, id %% 50 AS place, %s '
				'FROM %s WHERE id <= %s OR shard = 4 ORDER BY h(id, 99), id', c.number,
			(SELECT string_agg(format('(%s)::%s AS a%s', e, c.types[i], i), ', ' ORDER BY i)
					FROM unnest(c.expressions) WITH ORDINALITY x(e, i)),
			CASE WHEN c.name = 'rollup' THEN 'stored' ELSE 'sample' END,
			CASE WHEN c.name = 'clv' THEN 6000 ELSE 2000 END);
		EXECUTE format('CREATE TABLE argument_%s (LIKE local_%1$s)', c.number);
		PERFORM create_distributed_table('argument_' || c.number, 'place', colocate_with => 'place');
		EXECUTE format('INSERT INTO argument_%s TABLE local_%1$s', c.number);
		n := n + 1;
	END LOOP;
	RETURN n;
END $$;

-- Runs all queries that match, at one place (argument, local), and keeps what they give.
CREATE FUNCTION compare(at_place text, what text DEFAULT '', which text DEFAULT 'true') RETURNS bigint
	LANGUAGE plpgsql AS $$
DECLARE
	c record;
	o outcome;
	sql text;
	n bigint := 0;
BEGIN
	FOR c IN EXECUTE 'SELECT call.*, query.name AS query, query.sql, query.split FROM call, query WHERE ' || which LOOP
		-- as columns x and y, whatever stands between
		sql := format(c.sql, at_place || '_' || c.number, format('%s(%s)', c.name, c.arguments));
		IF at_place = 'local' THEN
			sql := replace(replace(sql, 'JOIN place', 'JOIN local_place'), 'JOIN team', 'JOIN local_team');
		END IF;
		o := (c.signature, c.query, what, at_place, NULL, NULL, NULL);
		BEGIN
			-- this is not for Citus to plan: it gets the query alone
			EXECUTE format('CREATE TEMP TABLE given ON COMMIT DROP AS %s',
					regexp_replace(sql, '^SELECT (.*?), ', 'SELECT \1 AS x, '));
			EXECUTE (SELECT format('SELECT count(*), string_agg(x || %L || coalesce(%I::text, %L), E''\n'' ORDER BY x) '
					'FROM given', ': ', attname, 'NULL')
				FROM pg_attribute WHERE attrelid = 'given'::regclass ORDER BY attnum DESC LIMIT 1) INTO o.groups,
					o.result;
			DROP TABLE given;
		EXCEPTION WHEN OTHERS THEN
			o.error := SQLSTATE || ' ' || SQLERRM;
		END;
		INSERT INTO outcome VALUES (o.*);
		n := n + 1;
	END LOOP;
	RETURN n;
END $$;
