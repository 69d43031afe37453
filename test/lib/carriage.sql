-- Something of everything that kpi lets people keep, in schema carried, and the questions whose answers must be the
-- same wherever it is carried to: a standby, a subscriber, a restored backup, a server of another version.  After
-- samples.sql and probe.sql, in a database with the extension in schema public.
CREATE SCHEMA carried;

-- Every type of the extension that a column can have: base types, enums, ranges.
CREATE VIEW carried.type AS
	SELECT t.oid::regtype AS type, t.typname::text AS name, t.typsend::oid::regproc AS send, t.typtype
	FROM kpi_test.member JOIN pg_type t ON classid = 'pg_type'::regclass AND objid = t.oid
	WHERE t.typtype IN ('b', 'e', 'r', 'm') AND t.typcategory <> 'A';

-- Samples of each: (type, place, literal).
CREATE VIEW carried.sample AS
	SELECT name, row_number() OVER (PARTITION BY name ORDER BY literal COLLATE "C") AS place, literal FROM (
		SELECT name, literal FROM kpi_test.sampled
		UNION ALL SELECT t.name, enumlabel FROM carried.type t JOIN pg_enum ON enumtypid = t.type
		UNION ALL SELECT name, unnest(ARRAY['empty', '[a,b]']) FROM carried.type WHERE typtype = 'r'
		UNION ALL SELECT name, unnest(ARRAY['{}', '{[a,b],[c,d)}']) FROM carried.type WHERE typtype = 'm') s;

-- A table for each type, with the value as its key: a row is found by the type's own btree.  And one with a column of
-- every type and without a key: a row is found by comparing all of them.
DO $$
DECLARE
	t record;
BEGIN
	FOR t IN SELECT * FROM carried.type ORDER BY name LOOP
		EXECUTE format('CREATE TABLE carried.%1$I (value %2$s PRIMARY KEY, place int NOT NULL, list %2$s[])',
				'the_' || t.name, t.type);
		EXECUTE format('CREATE INDEX ON carried.%I USING hash (value)', 'the_' || t.name);
		EXECUTE format('INSERT INTO carried.%I SELECT literal::%2$s, place, ARRAY[literal::%2$s, NULL] FROM '
				'carried.sample WHERE name = %3$L',
			'the_' || t.name, t.type, t.name);
	END LOOP;
	EXECUTE (SELECT format('CREATE TABLE carried.wide (place int, %s)',
			string_agg(format('%I %s', name, type), ', ' ORDER BY name)) FROM carried.type);
	EXECUTE (SELECT format('INSERT INTO carried.wide SELECT place, %s FROM generate_series(1, (SELECT max(place) FROM '
			'carried.sample)) place',
		string_agg(format('(SELECT literal::%s FROM carried.sample s WHERE name = %L AND s.place = place.place)', type,
				name), ', ' ORDER BY name)) FROM carried.type);
	-- enums are left out, as the server hashes the number that a label has in its database
	EXECUTE (SELECT format('CREATE TABLE carried.parted (LIKE carried.wide) PARTITION BY HASH (%s)',
			string_agg(quote_ident(name), ', ' ORDER BY name))
		FROM (SELECT name FROM carried.type WHERE typtype <> 'e' ORDER BY name LIMIT 32) key);
	FOR i IN 0 .. 1 LOOP
		EXECUTE format('CREATE TABLE carried.parted_%s PARTITION OF carried.parted FOR VALUES WITH (MODULUS 2, '
				'REMAINDER %1$s)', i);
	END LOOP;
	INSERT INTO carried.parted TABLE carried.wide;
END
$$;
ALTER TABLE carried.wide REPLICA IDENTITY FULL;
ALTER TABLE carried.parted_0 REPLICA IDENTITY FULL;
ALTER TABLE carried.parted_1 REPLICA IDENTITY FULL;

-- Events, and what people make of them: daily summaries with a generated column, a check and an index over our
-- functions; materialised views with long summaries; a model; targets; a composite type and a domain.
CREATE TABLE carried.event AS
	SELECT i AS id, (i * 7919 % 293)::bigint AS customer, timestamp '2025-01-01' + i * interval '2 hours' AS at,
		(ARRAY['visit', 'basket', 'order'])[1 + i * 31 % 7 % 3] AS step,
		round((i * 37 % 997 + 1) * (3 + i * 7919 % 293 % 29) / 100.0, 2) AS amount,
		CASE WHEN i % 11 > 0 THEN least(i * 13 % 17, 10) END AS score, i % 7 > 1 AS done,
		make_interval(mins => i * 53 % 4801) AS wait,
		(ARRAY['north', 'south'])[1 + i % 2] AS region
	FROM generate_series(1, 4000) i;
ALTER TABLE carried.event ADD PRIMARY KEY (id);

CREATE DOMAIN carried.minimum AS kpi_target CHECK (kpi_status(0, VALUE) = 'red');
CREATE TYPE carried.pair AS (nps nps_summary, done rate_summary);
CREATE TABLE carried.daily (
	day date PRIMARY KEY,
	nps nps_summary NOT NULL CHECK (responses(nps) > 0),
	done rate_summary NOT NULL,
	amount ratio_summary NOT NULL,
	wait duration_summary NOT NULL,
	score double precision GENERATED ALWAYS AS (nps(nps)) STORED,
	pair carried.pair NOT NULL,
	target carried.minimum NOT NULL);
INSERT INTO carried.daily (day, nps, done, amount, wait, pair, target)
	SELECT at::date, nps_summary(score), rate_summary(done), ratio_summary(amount, 1), duration_summary(wait),
		ROW(nps_summary(score), rate_summary(done))::carried.pair,
		format('>= %s warn 5', 10 + count(*))::kpi_target
	FROM carried.event GROUP BY 1;
CREATE INDEX daily_rate ON carried.daily (rate(done));
CREATE INDEX daily_upper ON carried.daily (rate_upper(done, 0.9), day) WHERE nps(nps) > 0;
CREATE INDEX daily_wait ON carried.daily (wait);

CREATE MATERIALIZED VIEW carried.monthly AS
	SELECT kpi_period(at, 'month') AS month, activity_summary(customer, at, 'month') AS active,
		revenue_summary(customer, at, amount, 'month') AS revenue,
		funnel_summary(customer, at, step, '{visit,basket,order}') AS funnel
	FROM carried.event GROUP BY 1;
CREATE UNIQUE INDEX monthly_month ON carried.monthly (month);
CREATE INDEX monthly_active ON carried.monthly (active_customers(active));
CREATE TABLE carried.customer AS
	SELECT customer, rfm(at, amount) AS orders FROM carried.event
		WHERE (id * customer) % 13 < customer % 5 AND id < 400 + customer * 6007 % 9000 GROUP BY 1;
ALTER TABLE carried.customer ADD PRIMARY KEY (customer);
CREATE TABLE carried.model AS SELECT clv_fit(orders, '2025-11-30') AS model FROM carried.customer;
ALTER TABLE carried.model REPLICA IDENTITY FULL;

-- A scorecard: sources, definitions, goals with history, readings of several months, alerts.
CREATE VIEW carried.revenue AS SELECT at::date AS period, region AS segment, sum(amount) AS value, count(*) AS n
	FROM carried.event GROUP BY 1, 2;
CREATE VIEW carried.nps AS
	SELECT kpi_period(day, 'month') AS period, nps(rollup(nps)) AS value, responses(rollup(nps)) AS n,
		nps_margin(rollup(nps)) AS margin FROM carried.daily GROUP BY 1;
CREATE VIEW carried.done AS SELECT day AS period, hits(done) AS numerator, total(done) AS denominator
	FROM carried.daily;
SELECT kpi_define('revenue', 'Revenue [EUR]', 'carried.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging',
		owner => 'Ann', review_every => '90 days'),
	kpi_define('done', 'Done', 'carried.done', 'week', 'ratio', 'process', 'operational', 'leading'),
	kpi_define('nps', 'NPS', 'carried.nps', 'month', 'survey', 'customer', 'strategic', 'leading', min_n => 20,
			parent => 'revenue', guard => 'done');
SELECT kpi_set_goal('revenue', '>= 30000 warn 25000', '[2025-01-01,2026-01-01)', origin => 'budget'),
	kpi_set_goal('revenue', '>= 15000', '(,)', 'north', 2),
	kpi_set_goal('nps', '>= -10 warn -20', '(,)'), kpi_set_goal('done', '>= 0.7 warn 0.6', '(,)');
SELECT kpi_set_goal('revenue', '>= 31000 warn 25000', '[2025-07-01,2026-01-01)', origin => 'second thought');
SELECT * FROM kpi_measure(as_of => '2025-06-30');
SELECT * FROM kpi_measure(as_of => '2025-11-20');

-- The questions, as queries that give text.
CREATE TABLE carried.question (name text PRIMARY KEY, query text NOT NULL);
INSERT INTO carried.question
	SELECT format('table %s', relname),
		format('SELECT count(*) || '': '' || string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C") FROM %s t',
			c.oid::regclass)
	FROM pg_class c WHERE relnamespace = 'carried'::regnamespace AND relkind IN ('r', 'p', 'm')
	UNION ALL
	SELECT format('scorecard table %s', c.oid::regclass),
		format('SELECT count(*) || '': '' || string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C") FROM %s t',
			c.oid::regclass)
	FROM kpi_test.member JOIN pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid WHERE relkind = 'r';
INSERT INTO carried.question VALUES
	('partitions',
			'SELECT string_agg(tableoid::regclass || '' '' || place, E''\n'' ORDER BY place) FROM carried.parted'),
	('nps', 'SELECT string_agg(q::text, E''\n'' ORDER BY q) FROM (SELECT kpi_period(at, ''month''), nps_agg(score), '
			'nps_summary(score) FROM carried.event GROUP BY 1) q'),
	('other aggregates', 'SELECT row(csat_agg(score, 10, 3) FILTER (WHERE score > 0), rate_agg(done),
		ratio_agg(amount, score), cac(amount, score), roi(amount, 40), margin(amount, 20),
		per_customer(customer, amount),
		percentile(duration_summary(wait), 0.9), repeat_rate(customer, id),
		retention_rate(customer, at, ''[2025-02-01,2025-03-01)'', ''[2025-03-01,2025-04-01)''),
		churn_rate(done, score > 5), on_time_rate(at, at + wait, ''2025-11-01''),
		conversion_rate(at, at + wait, ''1 day'', ''2025-11-01''),
		weighted_score(score, 1), clv(customer, at, amount, ''2025-11-30'', ''1 year''))::text FROM carried.event'),
	('stored by quarter', 'SELECT string_agg(q::text, E''\n'' ORDER BY q) FROM (SELECT kpi_period(day, ''quarter''),
		rollup(nps), nps_interval(rollup(nps)), rate(rollup(done)),
		ratio(rollup(amount)), percentile(rollup(wait), 0.5), kpi_status(rollup(nps), ''>= 0'', 0.9)
		FROM carried.daily GROUP BY 1) q'),
	('customers', 'SELECT string_agg(l::text, E''\n'') || (SELECT string_agg(c::text, E''\n'')
		FROM cohorts((SELECT rollup(active) FROM carried.monthly)) c)
		FROM lifecycle((SELECT rollup(active) FROM carried.monthly)) l'),
	('revenue', 'SELECT string_agg(m::text, E''\n'') FROM revenue_movements((SELECT rollup(revenue) FROM '
			'carried.monthly)) m'),
	('funnel', 'SELECT string_agg(f::text, E''\n'') FROM funnel((SELECT rollup(funnel) FROM carried.monthly), ''60 '
			'days'') f'),
	('model', 'SELECT string_agg(row(customer, p_alive(model, orders, ''2025-11-30''),
		expected_purchases(model, orders, ''2025-11-30'', ''90 days''),
		clv(model, orders, ''2025-11-30'', ''1 year''))::text,
		E''\n'' ORDER BY customer) FROM carried.customer, carried.model'),
	('by index', 'SELECT count(*) || '' '' || count(*) FILTER (WHERE nps(nps) > 0) FROM carried.daily WHERE rate(done) '
			'BETWEEN 0.5 AND 0.8 OR rate_upper(done, 0.9) > 0.9'),
	('scorecard', 'SELECT string_agg(s::text, E''\n'') FROM kpi_scorecard(''2025-11-20'') s'),
	('score', 'SELECT string_agg(s::text, E''\n'') FROM kpi_score(''2025-11-20'') s'),
	('review', 'SELECT string_agg(r::text, E''\n'') FROM kpi_review(''2026-03-01'') r'),
	('proposal', 'SELECT string_agg(p::text, E''\n'') FROM kpi_propose_target(''done'') p'),
	('profile', 'SELECT string_agg(p::text, E''\n'') FROM kpi_profile(''carried.event'') p'),
	('page', 'SELECT kpi_scorecard_html(''2025-11-20'')'),
	('current', 'SELECT count(*)::text FROM kpi_current'),
	('board', 'SELECT string_agg(b::text, E''\n'') FROM kpi_board(''2025-11-20'') b'),
	-- those of today, which another day may begin under
	('board of today', 'SELECT count(*)::text FROM kpi_board'),
	('tree', 'SELECT count(*) || '': '' || string_agg(concat_ws(''|'', node, parent_node, depth, path), E''\n'' ORDER '
			'BY node) FROM kpi_tree'),
	('history', 'SELECT string_agg(h::text, E''\n'' ORDER BY kpi, segment, period) FROM kpi_history h'),
	('control', 'SELECT string_agg(c::text, E''\n'' ORDER BY kpi, segment, period) FROM kpi_control c'),
	('status changes', 'SELECT string_agg(c::text, E''\n'' ORDER BY kpi, segment, raised_at) FROM kpi_status_change c');

-- The answers: to the questions; and for each value that is stored, by its type and place, the text and binary form,
-- whether the btree and the hash find it, and what each function and aggregate makes of it.
CREATE FUNCTION carried.answers() RETURNS TABLE (what text, answer text) LANGUAGE plpgsql AS $$
DECLARE
	t record;
BEGIN
	RETURN QUERY SELECT name, kpi_test.result(replace(query, '%', '%%'), '') FROM carried.question;
	FOR t IN SELECT * FROM carried.type LOOP
		RETURN QUERY EXECUTE format($query$
			SELECT format('%1$s %%s', place), concat_ws(' ', value, %2$s(value), list,
				(SELECT count(*) FROM carried.%3$I f WHERE f.value = s.value),
				(SELECT count(*) FROM carried.parted p WHERE p.%1$I = s.value),
				(SELECT count(*) FROM carried.wide w WHERE w.%1$I = s.value))
			FROM carried.%3$I s $query$, t.name, t.send, 'the_' || t.name);
		-- the value comes from the table, not from a literal
		RETURN QUERY EXECUTE format($query$
			SELECT format('%1$s %%s %%s', place, signature),
				kpi_test.result(regexp_replace(replace(query, ' FROM ',
						format(' FROM (SELECT value FROM carried.%2$I WHERE place = %%s) stored, ', place)),
					'%%1[$]L::[\w".]+', 'stored.value', 'g'), '')
			FROM carried.%2$I, kpi_test.calls('%3$s') $query$, t.name, 'the_' || t.name, t.type);
	END LOOP;
	-- functions without a value of ours
	RETURN QUERY SELECT signature, kpi_test.result(query, '') FROM kpi_test.calls(NULL);
END
$$;

-- The answers to some questions by parallel workers.
CREATE FUNCTION carried.in_parallel(names text[]) RETURNS TABLE (what text, answer text) LANGUAGE sql
	SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 SET min_parallel_table_scan_size = 0 AS
$$ SELECT name, kpi_test.result(replace(query, '%', '%%'), '') FROM carried.question WHERE name = ANY (names) $$;
