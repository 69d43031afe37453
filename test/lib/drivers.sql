-- The queries that every driver runs, in kpi_test.query.  After samples.sql, probe.sql and aggregates.sql.

-- A small scorecard, so that it has rows.
CREATE TABLE sales AS SELECT '2026-01-01'::date + i AS period, 100 + i % 7 AS value FROM generate_series(0, 89) i;
SELECT kpi_define('sales', 'Sales', 'sales', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT kpi_set_goal('sales', '>= 3000 warn 2500', '(,)');
SELECT * FROM kpi_measure(as_of => '2026-03-31');

CREATE TABLE kpi_test.query (id serial PRIMARY KEY, name text NOT NULL, sql text NOT NULL);

-- Every aggregate over five groups of rows, of which the last has no usable one; summaries over few rows, for their
-- length.  Of overloads with the same result, which is all that a driver sees, one that reads the session's zone and
-- one that doesn't.
INSERT INTO kpi_test.query (name, sql)
SELECT signature::text,
	format('SELECT shard, %s(%s) AS value FROM %s WHERE %s GROUP BY shard ORDER BY shard', name, arguments,
	CASE WHEN arguments ~ '^summary_' THEN 'stored' ELSE 'sample' END,
	CASE WHEN EXISTS (SELECT FROM kpi_test.base_type t WHERE t.type = result)
			AND result::text <> 'clv_model' THEN 'id <= 40 OR shard = 4' ELSE 'true' END)
FROM (SELECT DISTINCT ON (name, result, signature::text ~ 'with time zone') * FROM aggregate
		ORDER BY name, result, signature::text ~ 'with time zone', signature::text) a
ORDER BY signature::text;

-- Every function that gives rows or several columns.
INSERT INTO kpi_test.query (name, sql)
SELECT name, format('SELECT f.* FROM %s%s AS f', source, name || arguments) FROM (VALUES
	('active_periods', '(a)', 'a'), ('cohorts', $$(a, as_of => '2024-09-30')$$, 'a'),
	('lifecycle', $$(a, as_of => '2024-09-30')$$, 'a'), ('stickiness', '(a, 2)', 'a'),
	('stickiness', $$(a, 2, '2024-09-30')$$, 'a'),
	('revenue_movements', $$(r, as_of => '2024-09-30')$$, 'r'),
	('revenue_cohorts', $$(r, as_of => '2024-09-30')$$, 'r'), ('funnel', $$(f, '60 days')$$, 'f'),
	('nps_interval', '(n)', 'n'), ('nps_change', $$(n, '(70,20,10)')$$, 'n'), ('rate_interval', $$('(8,10)')$$, ''),
	('rate_change', $$('(8,10)', '(7,20)')$$, ''),
	('clv_parameters', '(m)', 'm'),
	('clv_interval', $$(m, '(2024-01-01=5;2024-03-01=7)', '2024-12-31', '1 year', 0.1)$$, 'm'),
	('expected_purchases_interval', $$(m, '(2024-01-01=5;2024-03-01=7)', '2024-12-31', '1 year')$$, 'm'),
	('kpi_periods', $$('2026-01-01', '2026-06-30', 'month')$$, ''),
	('control_chart', $$('{2026-01-01,2026-01-02,2026-01-03,2026-01-04}', '{1,2,1,30}')$$, ''),
	('forecast', $$('{1,2,3,5,8,13}', 2)$$, ''),
	('change_points', $$('{40,44,41,43,42,52,55,51,54,53}')$$, ''),
	('kpi_grants', $$('pg_monitor', 'reader')$$, ''),
	('lead_lag', $$('{1,2,3,5,8,13,3,5,2,1,4}', '{2,1,2,3,5,8,13,3,5,2,1}', 2)$$, ''),
	('ahp_weights', $$('{{1,2},{0.5,1}}')$$, ''),
	('opening_hours', $$('Mon-Fri 09:00-17:30 @ UTC')$$, ''),
	('share_within_bounds', $$((SELECT duration_summary(seconds) FROM sample), '1 second')$$, ''),
	('ratio_bridge', $$('{a,b}', '{10,20}', '{100,100}', '{15,20}', '{100,110}')$$, ''),
	('price_volume_mix', $$('{a,b}', '{10,20}', '{100,100}', '{15,20}', '{100,110}')$$, ''),
	('kpi_measure', $$(as_of => '2026-03-31')$$, ''), ('kpi_scorecard', $$('2026-03-31')$$, ''),
	('kpi_score', $$('2026-03-31')$$, ''), ('kpi_review', $$('2026-03-31')$$, ''),
	('kpi_profile', $$('sales')$$, ''), ('kpi_propose_target', $$('sales')$$, ''),
	('kpi_split_goal', $$('sales', 1000, '[2030-01-01,2030-04-01)')$$, '')) f (name, arguments, given)
LEFT JOIN (VALUES ('a', 'activity_summary(h(id, 40)::bigint, due::date, ''month'') AS a FROM sample'),
		('n', 'nps_summary(score) AS n FROM sample'),
	('r', 'revenue_summary(h(id, 40)::bigint, due::date, den, ''month'') AS r FROM sample'),
	('m', 'clv_fit(buyer(id, due), ''2024-12-31'') AS m FROM sample'),
	('f', 'funnel_summary(h(id, 40)::bigint, due, (''{a,b,c,d}''::text[])[1 + h(id, 30) % 4], ''{a,b,c}'') AS f FROM '
			'sample')) s (given, query) USING (given)
CROSS JOIN LATERAL (SELECT coalesce('(SELECT ' || query || ') s, ', '') AS source) q
ORDER BY 1;
INSERT INTO kpi_test.query (name, sql) VALUES ('kpi_current', 'SELECT * FROM kpi_current'),
	('kpi_board', 'SELECT * FROM kpi_board(''2026-03-31'')'),
	-- not when it began, which is another type to each driver
	('kpi_progress', 'SELECT pid, level, work, part, parts, step FROM kpi_progress()');

-- Other functions of values, with samples where those are what the function takes.
DO $$
DECLARE
	f record;
BEGIN
	FOR f IN
		SELECT signature, format('SELECT %s AS value', call) AS sql FROM kpi_test.callable
		CROSS JOIN LATERAL (
			SELECT format('%I(%s)', proname,
					string_agg(format('%L::%s', kpi_test.literal(type), type::regtype), ', ' ORDER BY i)) AS call,
				count(*) = count(kpi_test.literal(type)) AS complete
			FROM unnest(proargtypes) WITH ORDINALITY a(type, i) WHERE i <= pronargs - pronargdefaults) c
		WHERE prokind = 'f' AND complete AND NOT proretset AND prorettype <> 'record'::regtype AND provolatile <> 'v'
			-- moments have a type of their own in each driver
			AND prorettype NOT IN ('timestamptz'::regtype, 'timestamp'::regtype)
			AND proname !~
				'_(accum|remove|add|combine|subtract|final|hash|hash_extended|send|cmp|eq|ne|lt|le|gt|ge)(_|$)'
				'|^kpi_(html|page|svg|scorecard_html)'
		ORDER BY 1
	LOOP
		BEGIN
			EXECUTE f.sql;
			INSERT INTO kpi_test.query (name, sql) VALUES (f.signature, f.sql);
		EXCEPTION WHEN data_exception THEN NULL;
		END;
	END LOOP;
END
$$;

-- The samples as the server prints them.
CREATE TABLE kpi_test.value (id int PRIMARY KEY, type text NOT NULL, literal text NOT NULL);
INSERT INTO kpi_test.value SELECT row_number() OVER (ORDER BY name, literal), name, v
	FROM kpi_test.sampled, LATERAL (SELECT (kpi_test.forms(type, literal)).printed) f (v);
-- An array of each type of ours, read and written by the drivers.
DO $$
DECLARE
	t text;
BEGIN
	FOR t IN SELECT name FROM kpi_test.base_type LOOP
		EXECUTE format('CREATE TABLE "of %s" (id int, v %1$s, a %1$s[]); CREATE TABLE "into %1$s" (LIKE "of %1$s")', t);
		EXECUTE format('INSERT INTO "of %s" SELECT id, literal::%1$s, ARRAY[literal::%1$s, NULL] FROM kpi_test.value '
				'WHERE type = %1$L', t);
		EXECUTE format('INSERT INTO "of %s" VALUES (1000000)', t);
	END LOOP;
END
$$;

-- Calls with parameters.  kinds: how a program has the value; other is the text of a type that the driver does not
-- know.
CREATE TABLE kpi_test.call (id serial PRIMARY KEY, sql text NOT NULL, kinds text[] NOT NULL, arguments text[] NOT NULL,
		expected text);
INSERT INTO kpi_test.call (sql, kinds, arguments) VALUES
	('nps_agg(score) FROM sample WHERE id <= $1', '{int}', '{100}'),
	('nps_agg($1)', '{int}', '{9}'),
	('nps_agg($1)', '{float}', '{9}'),
	('kpi_status($1, $2)', '{float,other}', '{42.5,>= 50 warn 40}'),
	('kpi_status($1, $2)', '{int,other}', '{42,>= 50 warn 40}'),
	('kpi_status($1, $2)', '{decimal,other}', '{42.5,>= 50 warn 40}'),
	('kpi_status(nps_agg(score), $1) FROM sample', '{other}', '{>= 50 warn 40}'),
	('kpi_status(nps_summary(score), $1, $2) FROM sample', '{other,float}', '{>= -40 warn -50,0.95}'),
	('kpi_status(rate_summary(hit), $1, $2) FROM sample', '{other,float}', '{>= 50% warn 30%,0.95}'),
	('attainment($1, $2)', '{float,other}', '{42.5,>= 50 warn 40}'),
	('bullet($1, $2, $3)', '{float,other,int}', '{42.5,>= 50 warn 40,12}'),
	('target_value($1)', '{other}', '{">= 50 warn 40 from 30"}'),
	('$1 <@ $2::kpi_target', '{float,other}', '{42.5,">= 50"}'),
	('nps($1)', '{other}', '{"(70,20,10)"}'),
	('nps_lower($1, $2)', '{other,float}', '{"(70,20,10)",0.9}'),
	('rate($1)', '{other}', '{"(8,10)"}'),
	('nps($1::nps_summary + $2)', '{other,other}', '{"(70,20,10)","(1,0,9)"}'),
	('csat_agg(score % 5 + 1, $1, $2) FROM sample', '{int,int}', '{5,1}'),
	('rate_lower(rate_summary(hit), $1) FROM sample', '{float}', '{0.9}'),
	('on_time_rate(due, done, $1) FROM sample', '{timestamptz}', '{2024-06-30 10:00:00+00}'),
	('conversion_rate(started, converted, $1, $2) FROM sample', '{other,timestamptz}',
			'{30 days,2024-06-30 10:00:00+00}'),
	('percentile_seconds(duration_summary(seconds), $1) FROM sample', '{float}', '{0.5}'),
	('share_within(duration_summary(seconds), $1) FROM sample', '{other}', '{1.5 seconds}'),
	('cac($1, $2)', '{decimal,int}', '{1000.50,40}'),
	('ratio_agg($1::numeric, $2)', '{decimal,decimal}', '{1000.50,40}'),
	('growth_rate($1, $2)', '{decimal,decimal}', '{1000.50,40}'),
	('clv_geometric($1, $2, $3)', '{float,float,float}', '{100,0.8,0.1}'),
	('suppress($1::bigint, $2, $3)', '{int,int,int}', '{7,4,5}'),
	('kpi_period($1, $2)', '{date,text}', '{2026-02-15,quarter apr}'),
	('kpi_period($1, $2)', '{timestamp,text}', '{2026-02-15 23:30:00,month}'),
	('active_customers(activity_summary(h(id, 40)::bigint, due, $1)) FROM sample', '{text}', '{month}'),
	('sum(lost) FROM lifecycle((SELECT activity_summary(h(id, 40)::bigint, due, $1) FROM sample), as_of => $2)',
			'{text,date}', '{month,2024-09-30}'),
	('retention_rate(h(id, 40)::bigint, due, $1, $2) FROM sample', '{other,other}',
			'{"[2024-01-01,2024-04-01)","[2024-04-01,)"}'),
	('max(customers) FROM funnel((SELECT funnel_summary(h(id, 40)::bigint, due, (''{a,b,c}''::text[])[1 + h(id, 30) % '
			'3], ''{a,b,c}'') FROM sample), within => $1)', '{other}', '{60 days}'),
	('active_customers(forget(activity_summary(h(id, 40)::bigint, due, $1), $2::bigint)) FROM sample', '{text,int}',
			'{month,7}'),
	('business_seconds($1, $2, $3)', '{timestamptz,timestamptz,other}',
			'{2026-02-13 16:00:00+00,2026-02-16 10:00:00+00,Mon-Fri 09:00-17:30 @ UTC}'),
	('value FROM kpi_scorecard($1) WHERE kpi = $2', '{date,text}', '{2026-03-31,sales}'),
	('nps_agg($1::int)', '{int}', '{NULL}'),
	('kpi_status($1, $2)', '{float,other}', '{NULL,>= 50}'),
	('kpi_status($1, $2)', '{float,other}', '{Infinity,>= 50}');
UPDATE kpi_test.call
	SET sql = regexp_replace(sql, '^(.*?)( FROM (sample|lifecycle|funnel|kpi_scorecard).*)?$', 'SELECT (\1)::text\2');
DO $$
DECLARE
	c record;
	query text;
	result text;
BEGIN
	FOR c IN SELECT * FROM kpi_test.call LOOP
		query := c.sql;
		FOR i IN REVERSE cardinality(c.arguments) .. 1 LOOP
			query := replace(query, '$' || i, quote_nullable(c.arguments[i]) || CASE c.kinds[i] WHEN 'int' THEN '::int'
					WHEN 'float' THEN '::float8' WHEN 'decimal' THEN '::numeric'
				WHEN 'date' THEN '::date' WHEN 'timestamp' THEN '::timestamp' WHEN 'timestamptz' THEN '::timestamptz'
						ELSE '' END);
		END LOOP;
		EXECUTE query INTO result;
		UPDATE kpi_test.call SET expected = result WHERE id = c.id;
	END LOOP;
END
$$;
