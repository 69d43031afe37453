-- On the server with the shards, after test/lib/aggregates.sql: for each aggregate a table with its arguments.
-- Constants (a unit, a day) stay in the call, as users write them.
CREATE TABLE call (number int, name text, arguments text, at_with_zone boolean);
DO $$
DECLARE
	a record;
BEGIN
	FOR a IN
		SELECT row_number() OVER (ORDER BY g.signature::text) AS number, g.name,
			'timestamptz'::regtype = ANY (g.types) AS at_with_zone, x.arguments, x.columns
		FROM aggregate g CROSS JOIN LATERAL (
			SELECT string_agg(CASE WHEN constant THEN e || CASE WHEN e LIKE '''%' AND e NOT LIKE '%::%' THEN '::'
					|| types[i] ELSE '' END ELSE 'a' || i END, ', ' ORDER BY i) AS arguments,
				string_agg(format('(%s)::%s AS a%s', e, types[i], i), ', ' ORDER BY i) FILTER (WHERE NOT constant)
					AS columns
			FROM unnest(g.expressions) WITH ORDINALITY u(e, i)
					CROSS JOIN LATERAL (SELECT e ~ '^(interval |date )?''[^'']*''(::[a-z\[\]]+)?$' AS constant) c) x
	LOOP
		EXECUTE format('CREATE TABLE argument_%s AS SELECT id, team, %s FROM %s WHERE id <= 900 OR shard = 4', a.number,
				a.columns,
			CASE WHEN a.name = 'rollup' THEN 'stored' ELSE 'sample' END);
		INSERT INTO call VALUES (a.number, a.name, a.arguments, a.at_with_zone);
	END LOOP;
END $$;
