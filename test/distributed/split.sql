-- The halves of split.c as aggregates, and every aggregate of the extension run in two halves over many ways to divide
-- the rows; after test/lib/aggregates.sql.  The variable library is the path of split.so.

CREATE FUNCTION part_step(internal, oid, anyelement) RETURNS internal AS :'library', 'kpi_part_step' LANGUAGE C;
CREATE FUNCTION part_text(internal) RETURNS text AS :'library', 'kpi_part_text' LANGUAGE C;
CREATE FUNCTION part_binary(internal) RETURNS bytea AS :'library', 'kpi_part_binary' LANGUAGE C;
CREATE FUNCTION whole_step(internal, oid, text, anyelement) RETURNS internal AS :'library', 'kpi_whole_text_step'
	LANGUAGE C;
CREATE FUNCTION whole_step(internal, oid, bytea, anyelement) RETURNS internal AS :'library', 'kpi_whole_binary_step'
	LANGUAGE C;
CREATE FUNCTION whole(internal, oid, text, anyelement) RETURNS anyelement AS :'library', 'kpi_whole' LANGUAGE C;
CREATE FUNCTION whole(internal, oid, bytea, anyelement) RETURNS anyelement AS :'library', 'kpi_whole' LANGUAGE C;

CREATE AGGREGATE part_text(oid, anyelement) (STYPE = internal, SFUNC = part_step, FINALFUNC = part_text);
CREATE AGGREGATE part_binary(oid, anyelement) (STYPE = internal, SFUNC = part_step, FINALFUNC = part_binary);
CREATE AGGREGATE whole(oid, text, anyelement) (STYPE = internal, SFUNC = whole_step, FINALFUNC = whole,
		FINALFUNC_EXTRA);
CREATE AGGREGATE whole(oid, bytea, anyelement) (STYPE = internal, SFUNC = whole_step, FINALFUNC = whole,
		FINALFUNC_EXTRA);

-- Ways to divide: which rows, by what into shards, and what the query groups by (the shards' result is then by that,
-- too).
-- A shard is asked by a query of its own.
CREATE TABLE division (name text PRIMARY KEY, rows text, shard text, shards int, groups text);
INSERT INTO division VALUES
	('shards, one without usable rows', 'true', 'shard', 5, NULL),
	('groups', 'true', 'shard', 5, 'team'),
	('more empty shards than others', 'true', 'CASE WHEN shard > 1 THEN shard * 3 ELSE shard END', 14, NULL),
	('nearly all rows in one shard', 'true', 'CASE WHEN mixed % 100 < 95 THEN 3 ELSE mixed % 100 - 90 END', 10, NULL),
	('one row a shard', 'id BETWEEN 1001 AND 1040', 'id - 1001', 40, NULL),
	('one usable row in all', 'id = 1002 OR shard = 4', 'shard', 5, NULL),
	('no usable row', 'shard = 4', 'id % 3', 3, NULL),
	('empty shards only', 'false', '0', 3, NULL);

CREATE TABLE outcome (signature regprocedure, division text, rows bigint, undivided text, as_text text, as_binary text);
DO $$
DECLARE
	a aggregate;
	d division;
	argument text;
	columns text;
	reference text;
	key text;
	o outcome;
BEGIN
	FOR a IN SELECT * FROM aggregate ORDER BY signature::text LOOP
		-- the arguments as a table, in no order; the model of clv needs many rows
		columns := (SELECT string_agg(format('(%s)::%s AS a%s', e, a.types[i], i), ', ' ORDER BY i)
				FROM unnest(a.expressions) WITH ORDINALITY x(e, i));
		EXECUTE format('CREATE TEMP TABLE argument AS SELECT id, shard, team, h(id, 99) AS mixed, %s FROM %s WHERE id '
				'<= %s OR shard = 4 ORDER BY h(id, 99), id', columns,
			CASE WHEN a.name = 'rollup' THEN 'stored' ELSE 'sample' END,
					CASE WHEN a.name = 'clv' THEN 6000 ELSE 2000 END);
		argument := (SELECT string_agg('a' || i, ', ' ORDER BY i) FROM generate_subscripts(a.expressions, 1) i);
		-- several arguments travel as one record
		reference := CASE WHEN cardinality(a.types) > 1 THEN 'ROW(' || argument || ')' ELSE argument END;
		FOR d IN SELECT * FROM division LOOP
			key := coalesce(d.groups, '0');
			CREATE TEMP TABLE part (shard int, key int, as_text text, as_binary bytea);
			FOR i IN 0 .. d.shards - 1 LOOP
				EXECUTE format('INSERT INTO part SELECT %s, %s, part_text(%s, %s), part_binary(%3$s, %4$s) FROM '
						'argument WHERE (%5$s) AND %6$s = %1$s%7$s',
					i, key, a.signature::oid, reference, d.rows, d.shard, ' GROUP BY ' || d.groups);
			END LOOP;
			o.signature := a.signature;
			o.division := d.name;
			EXECUTE format('SELECT count(*) FROM argument WHERE %s', d.rows) INTO o.rows;
			EXECUTE format($q$SELECT string_agg(key || ': ' || coalesce(x, 'NULL'), E'\n' ORDER BY key)
					FROM (SELECT %s AS key, %s(%s)::text AS x FROM argument WHERE %s%s) q$q$,
				key, a.name, argument, d.rows, ' GROUP BY ' || d.groups) INTO o.undivided;
			-- the shards' answers come in any order
			EXECUTE format($q$SELECT string_agg(key || ': ' || coalesce(x, 'NULL'), E'\n' ORDER BY key),
					string_agg(key || ': ' || coalesce(y, 'NULL'), E'\n' ORDER BY key)
				FROM (SELECT %s AS key, whole(%s, as_text, NULL::%s)::text AS x,
						whole(%2$s, as_binary, NULL::%3$s)::text AS y
					FROM (SELECT * FROM part ORDER BY h(shard, 1)) p%4$s) q$q$,
				CASE WHEN d.groups IS NULL THEN '0' ELSE 'key' END, a.signature::oid, a.result,
				CASE WHEN d.groups IS NOT NULL THEN ' GROUP BY key' END) INTO o.as_text, o.as_binary;
			INSERT INTO outcome VALUES (o.*);
			DROP TABLE part;
		END LOOP;
		DROP TABLE argument;
		-- the locks on it are kept to the end of a transaction, and there is room for so many
		COMMIT;
	END LOOP;
END $$;

-- Shards whose sessions have a time zone, and a coordinator with another.
CREATE TABLE zoned (signature regprocedure, differs boolean, outcome text);
DO $$
DECLARE
	a aggregate;
	argument text;
	columns text;
	part text;
	here text;
	there text;
BEGIN
	FOR a IN SELECT * FROM aggregate WHERE 'timestamptz'::regtype = ANY (types) ORDER BY signature::text LOOP
		SET LOCAL timezone = 'UTC';
		columns := (SELECT string_agg(format('(%s)::%s AS a%s', e, a.types[i], i), ', ' ORDER BY i)
				FROM unnest(a.expressions) WITH ORDINALITY x(e, i));
		argument := (SELECT string_agg('a' || i, ', ' ORDER BY i) FROM generate_subscripts(a.expressions, 1) i);
		EXECUTE format('CREATE TEMP TABLE argument AS SELECT %s FROM sample WHERE id <= %s', columns,
				CASE WHEN a.name = 'clv' THEN 6000 ELSE 2000 END);
		EXECUTE format('SELECT part_text(%s, ROW(%s)) FROM argument', a.signature::oid, argument) INTO part;
		EXECUTE format('SELECT %s(%s)::text FROM argument', a.name, argument) INTO there;
		SET LOCAL timezone = 'Asia/Shanghai';
		EXECUTE format('SELECT %s(%s)::text FROM argument', a.name, argument) INTO here;
		BEGIN
			EXECUTE format('SELECT whole(%s, %L::text, NULL::%s)::text', a.signature::oid, part, a.result) INTO part;
			INSERT INTO zoned VALUES (a.signature, here <> there,
					CASE part WHEN here THEN 'as here' WHEN there THEN 'as there' ELSE 'wrong' END);
		EXCEPTION WHEN invalid_parameter_value THEN
			INSERT INTO zoned VALUES (a.signature, here <> there,
				regexp_replace(SQLERRM, 'of one [\w() ]+ was', 'of one _ was'));
		END;
		DROP TABLE argument;
		-- the locks on it are kept to the end of a transaction, and there is room for so many
		COMMIT;
	END LOOP;
END $$;
