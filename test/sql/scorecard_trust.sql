-- Sources of another owner: whatever a view uses is measured, as a SELECT of the caller reads it.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET datestyle = iso;
CREATE ROLE regress_kpi_owner;
CREATE ROLE regress_kpi_reader;
CREATE SCHEMA trust AUTHORIZATION regress_kpi_owner;
GRANT USAGE ON SCHEMA trust TO regress_kpi_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON kpi_definition, kpi_goal, kpi_reading, kpi_alert TO regress_kpi_reader;
DO $$
BEGIN
	EXECUTE (SELECT string_agg(format('GRANT EXECUTE ON FUNCTION %s TO regress_kpi_reader', p.oid::regprocedure), '; ')
			FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
		JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi' WHERE p.proacl IS NOT NULL);
END $$;
-- a method of sampling that is no built-in function
CREATE FUNCTION trust.sampled(internal) RETURNS tsm_handler LANGUAGE internal AS 'tsm_bernoulli_handler';
SET ROLE regress_kpi_owner;
CREATE TABLE trust.day AS SELECT date '2026-01-01' + i AS period, i AS value, ARRAY[i::text] AS list
	FROM generate_series(0, 9) i;
CREATE FUNCTION trust.own(int) RETURNS int LANGUAGE sql IMMUTABLE RETURN $1;
CREATE TYPE trust.mood AS ENUM ('a', 'b');
CREATE DOMAIN trust.small AS int CHECK (trust.own(VALUE) < 100);
CREATE TABLE trust.source (name text, body text);
INSERT INTO trust.source VALUES
	('aggregate to json', 'SELECT period, length(json_agg(value)::text) AS value FROM trust.day GROUP BY period'),
	('aggregate of records to json',
			'SELECT period, length(json_agg(row(value, 1))::text) AS value FROM trust.day GROUP BY period'),
	('aggregate of an own type to json',
			$$SELECT period, length(json_agg('a'::trust.mood)::text) AS value FROM trust.day GROUP BY period$$),
	('window to json', 'SELECT period, length((json_agg(value) OVER (ORDER BY period))::text) AS value FROM trust.day'),
	('window of records to json',
			'SELECT period, length((json_agg(row(value, 1)) OVER (ORDER BY period))::text) AS value FROM trust.day'),
	('call to json', 'SELECT period, length(to_json(value)::text) AS value FROM trust.day'),
	('call of a record to json', 'SELECT period, length(to_json(row(value, 1))::text) AS value FROM trust.day'),
	('array to numbers', 'SELECT period, (list::int[])[1] AS value FROM trust.day'),
	('array to an own domain', 'SELECT period, (list::trust.small[])[1] AS value FROM trust.day'),
	('built-in domain', 'SELECT period, value::information_schema.cardinal_number AS value FROM trust.day'),
	('own domain', 'SELECT period, value::trust.small AS value FROM trust.day'),
	('today', 'SELECT period, value FROM trust.day WHERE period <= current_date OR current_timestamp IS NOT NULL'),
	('who asks', 'SELECT period, value FROM trust.day WHERE current_user IS NOT NULL'),
	('which role asks', 'SELECT period, value FROM trust.day WHERE current_role IS NOT NULL'),
	('who is connected', 'SELECT period, value FROM trust.day WHERE session_user IS NOT NULL'),
	('a sample', 'SELECT period, value FROM trust.day TABLESAMPLE bernoulli (100)'),
	('an own sample', 'SELECT period, value FROM trust.day TABLESAMPLE trust.sampled (100)'),
	('a cycle', $$WITH RECURSIVE w (n) AS (SELECT 0 UNION ALL SELECT (n + 1) % 3 FROM w) CYCLE n SET looped TO 'yes'
			DEFAULT 'no' USING path SELECT date '2026-01-01' + n AS period, n AS value FROM w WHERE looped = 'no'$$),
	('rows of a function', $$SELECT period, value
			FROM json_to_recordset('[{"period": "2026-01-01", "value": 1}]') AS r (period date, value int)$$),
	('rows of an own type', $$SELECT date '2026-01-01' AS period, value
			FROM json_to_recordset('[{"value": 1}]') AS r (value trust.small)$$),
	('an own function', 'SELECT period, trust.own(value) AS value FROM trust.day'),
	('locks', 'SELECT period, value FROM trust.day FOR UPDATE');
DO $$
DECLARE
	s record;
BEGIN
	FOR s IN SELECT * FROM trust.source LOOP
		EXECUTE format('CREATE VIEW trust.%I AS %s', s.name, s.body);
		EXECUTE format('GRANT SELECT ON trust.%I TO regress_kpi_reader', s.name);
	END LOOP;
END $$;
RESET ROLE;
SELECT count(kpi_define(name, name, format('trust.%I', name)::regclass, 'month', 'flow', 'financial', 'strategic',
		'lagging')) FROM trust.source;
SET ROLE regress_kpi_reader;
SELECT name, readings, error FROM kpi_measure(as_of => '2026-01-31') ORDER BY name COLLATE "C";
RESET ROLE;
SELECT count(*) AS all, count(error) AS errors FROM kpi_measure(as_of => '2026-01-31');

-- What a source gives that is no reading.
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
CREATE VIEW trust.early AS SELECT date '0500-01-01' AS period, 1 AS value;
CREATE VIEW trust.nameless AS SELECT date '2026-01-01' AS period, NULL::text AS segment, 1 AS value;
CREATE VIEW trust.negative AS SELECT date '2026-01-01' AS period, 1 AS value, -5 AS n;
CREATE VIEW trust.margin AS SELECT date '2026-01-01' AS period, 1 AS value, 10 AS n, -0.5 AS margin;
SELECT kpi_define(name, name, format('trust.%I', name)::regclass, unit, kind, 'customer', 'strategic', 'lagging')
FROM (VALUES ('early', 'jalali month', 'flow'), ('nameless', 'month', 'flow'), ('negative', 'month', 'average'),
		('margin', 'month', 'average')) v(name, unit, kind);
SELECT name, readings, error FROM kpi_measure(as_of => '2026-01-31') ORDER BY name COLLATE "C";
SELECT * FROM kpi_measure(as_of => 'infinity');
SELECT * FROM kpi_measure(as_of => NULL);

-- What a source raises is its own error, whatever the code, and stops no other; of its text as much is kept as somebody
-- reads.
TRUNCATE kpi_definition CASCADE;
CREATE FUNCTION trust.fail(code text, message text) RETURNS int
	LANGUAGE plpgsql AS $$ BEGIN RAISE '%', message USING ERRCODE = code; END $$;
DO $$
DECLARE
	c text;
BEGIN
	FOREACH c IN ARRAY '{57014,40001,40P01,40003,55P03,57P01,XX000}'::text[] LOOP
		EXECUTE format('CREATE VIEW trust.%I AS SELECT date ''2026-01-01'' AS period, trust.fail(%L, ''this is '' || '
				'%1$L) AS value', c, c);
	END LOOP;
END $$;
CREATE VIEW trust.long AS SELECT date '2026-01-01' AS period, trust.fail('P0001', repeat(chr(228), 1000000)) AS value;
CREATE VIEW trust.short AS SELECT date '2026-01-01' AS period, trust.fail('P0001', repeat(chr(228), 2000)) AS value;
SELECT count(kpi_define(viewname, viewname, format('trust.%I', viewname)::regclass, 'month', 'flow', 'financial',
		'strategic', 'lagging'))
FROM pg_views WHERE schemaname = 'trust' AND definition LIKE '%fail(%';
SELECT kpi_define('z', 'last', 'trust.day', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT name, readings, error FROM kpi_measure(as_of => '2026-01-31') WHERE length(error) < 100 OR error IS NULL
	ORDER BY name COLLATE "C";
SELECT name, length(error), right(error, 4) = chr(228) || '...' AS cut, rtrim(error, '.') = repeat(chr(228), 2000)
	AS kept FROM kpi_definition WHERE length(error) > 100 ORDER BY name COLLATE "C";
-- nor does one that was written by hand make the page large
UPDATE kpi_definition SET error = repeat('<', 1000000) WHERE name = 'long';
SELECT length(kpi_scorecard_html('2026-01-31')) < 100000 AS fits;
-- with one snapshot for all, a transaction that is to be tried again is not told apart from that: it ends the call
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT name, error FROM kpi_measure('57014', '2026-01-31');
SELECT name, error FROM kpi_measure('40001', '2026-01-31');
ROLLBACK;

-- Measuring needs the functions that judge and raise alerts; a time limit ends all of it, and is not an error of a
-- source.
TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
CREATE VIEW trust.slow AS SELECT date '2026-01-01' AS period, 1 AS value FROM pg_sleep(20);
SELECT kpi_define('slow', 'slow', 'trust.slow', 'month', 'flow', 'financial', 'strategic', 'lagging');
SET statement_timeout = '200ms';
SELECT * FROM kpi_measure();
RESET statement_timeout;
SELECT measured_at, error FROM kpi_definition;
-- also where a source makes an error of its own of it
CREATE FUNCTION trust.sleep() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN 1;
EXCEPTION WHEN query_canceled THEN RAISE 'mine' USING ERRCODE = 'query_canceled'; END $$;
CREATE OR REPLACE VIEW trust.slow AS SELECT date '2026-01-01' AS period, trust.sleep() AS value;
SET statement_timeout = '200ms';
\set VERBOSITY sqlstate
SELECT * FROM kpi_measure();
\set VERBOSITY terse
RESET statement_timeout;
SELECT measured_at, error FROM kpi_definition;
SELECT kpi_define('slow', 'slow', 'trust.day', 'month', 'flow', 'financial', 'strategic', 'lagging');
GRANT SELECT ON trust.day TO regress_kpi_reader;
REVOKE EXECUTE ON FUNCTION kpi_judge(text, daterange) FROM regress_kpi_reader;
SET ROLE regress_kpi_reader;
SELECT name, error FROM kpi_measure('slow', '2026-01-31');
RESET ROLE;

TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
DROP OWNED BY regress_kpi_reader;
DROP SCHEMA trust CASCADE;
DROP ROLE regress_kpi_reader, regress_kpi_owner;
