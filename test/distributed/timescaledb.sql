-- Every aggregate of the extension over hypertables, and stored by continuous aggregates; after
-- test/lib/aggregates.sql.
-- test/t/023_timescaledb.pl runs the statements that these tables hold, and looks at outcome.

-- Tables by what the aggregates take: argument_N is a hypertable, local_N holds the same rows.
CREATE TABLE call AS
SELECT signature, name, result, state, dense_rank() OVER w AS number, row_number() OVER (PARTITION BY name = 'clv',
		name = 'rollup', expressions::text, types::text ORDER BY signature::text) AS place, expressions, types,
	format('%s(%s)', name, (SELECT string_agg('a' || i, ', ' ORDER BY i) FROM generate_subscripts(expressions, 1) i))
		AS call,
	EXISTS (SELECT FROM aggregate r WHERE r.name = 'rollup' AND r.types = ARRAY[a.result]) AS merges FROM aggregate a
WINDOW w AS (ORDER BY name = 'clv', name = 'rollup', expressions::text, types::text);
CREATE FUNCTION rows_of(number bigint, from_id int, to_id int) RETURNS text LANGUAGE sql AS $$
	SELECT format('SELECT timestamp ''2026-01-01'' + h(id, 98) * interval ''4 hours'' + CASE WHEN id > 5000 THEN '
			'interval ''200 days'' ELSE ''0'' END AS bought, id, team, h(id, 99) AS mixed, %s FROM %s WHERE id BETWEEN '
			'%s AND %s OR (shard = 4 AND %s > 6000)',
		(SELECT string_agg(format('(%s)::%s AS a%s', e, c.types[i], i), ', ' ORDER BY i)
				FROM unnest(c.expressions) WITH ORDINALITY x(e, i)),
		CASE WHEN c.name = 'rollup' THEN 'stored' ELSE 'sample' END, from_id,
		CASE WHEN c.name = 'clv' AND to_id = 1500 THEN 5000 ELSE to_id END, to_id)
	FROM call c WHERE c.number = rows_of.number LIMIT 1 $$;
CREATE FUNCTION make_tables() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	FOR n IN SELECT DISTINCT number FROM call ORDER BY 1 LOOP
		EXECUTE format('CREATE TABLE local_%s AS %s', n, rows_of(n, 1, 1500));
		EXECUTE format(
				'CREATE TABLE argument_%s (LIKE local_%1$s); ALTER TABLE argument_%1$s ALTER bought SET NOT NULL', n);
		PERFORM create_hypertable(format('argument_%s', n)::regclass, 'bought'::name,
				chunk_time_interval => interval '35 days', create_default_indexes => false);
		EXECUTE format('INSERT INTO argument_%s TABLE local_%1$s', n);
	END LOOP;
	RETURN n;
END $$;
-- The same rows into both.
CREATE FUNCTION add_rows(from_id int, to_id int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	FOR n IN SELECT DISTINCT number FROM call ORDER BY 1 LOOP
		EXECUTE format('CREATE TEMP TABLE more AS %s', rows_of(n, from_id, to_id));
		EXECUTE format('INSERT INTO local_%s TABLE more; INSERT INTO argument_%1$s TABLE more; DROP TABLE more', n);
	END LOOP;
END $$;

-- What a continuous aggregate on each hypertable is made of, one on each of those, and the refreshing of all: none can
-- be in a transaction.
CREATE VIEW weekly AS
SELECT number, format('CREATE MATERIALIZED VIEW weekly_%s WITH (timescaledb.continuous, '
		'timescaledb.materialized_only = true, timescaledb.create_group_indexes = false) AS '
		'SELECT time_bucket(''7 days'', bought) AS bucket, team, %s FROM argument_%1$s GROUP BY 1, 2',
	number, string_agg(format('%s AS x%s', call, place), ', ' ORDER BY place)) AS statement
FROM call GROUP BY number;
CREATE VIEW monthly AS
SELECT number, format('CREATE MATERIALIZED VIEW monthly_%s WITH (timescaledb.continuous, '
		'timescaledb.materialized_only = true, timescaledb.create_group_indexes = false) AS '
		'SELECT time_bucket(''28 days'', bucket) AS bucket, team, %s FROM weekly_%1$s GROUP BY 1, 2',
	number, string_agg(format('rollup(x%s) AS x%1$s', place), ', ' ORDER BY place)) AS statement
FROM call WHERE merges GROUP BY number;

CREATE TABLE outcome (what text, signature regprocedure, groups bigint, given text, expected text);
-- Each aggregate, by a query for what is tested and one in plain SQL over the local table, both with a key and a value.
CREATE FUNCTION compare(what text, given text, expected text, which text DEFAULT 'true') RETURNS bigint
	LANGUAGE plpgsql AS $$
DECLARE
	c record;
	o outcome;
	rest CONSTANT text := 'SELECT count(*), string_agg(k::text || '': '' || coalesce(x::text, ''NULL''), E''\n'' ORDER '
		'BY k::text COLLATE "C") FROM (%s) t (k, x)';
	n bigint := 0;
BEGIN
	FOR c IN EXECUTE 'SELECT * FROM call WHERE ' || which LOOP
		o.what := compare.what;
		o.signature := c.signature;
		EXECUTE format(rest, format(given, c.number, c.call, 'x' || c.place)) INTO o.groups, o.given;
		EXECUTE format(rest, format(expected, c.number, c.call, 'x' || c.place)) INTO o.groups, o.expected;
		INSERT INTO outcome VALUES (o.*);
		n := n + 1;
	END LOOP;
	RETURN n;
END $$;
