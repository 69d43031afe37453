-- Branches that ordinary use seldom takes: damaged values, functions of aggregates called by hand, values and settings at the edge.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET datestyle = iso;
SET timezone = 'UTC';

-- A stored value that is none: every function refuses it as damaged.  Bytes of our choice, by a type that is stored alike.
CREATE FUNCTION raw_in(cstring) RETURNS raw LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION raw_out(raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE raw (INPUT = raw_in, OUTPUT = raw_out, LIKE = nps_summary);
CREATE TEMP TABLE damage (type regtype, form text, outcome text, message text);
DO $$
DECLARE
	t record;
	bytes text;
	version text;
	kind int;
BEGIN
	FOR t IN SELECT DISTINCT pg_type.oid::regtype AS type, typname FROM pg_type JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = pg_type.oid AND d.deptype = 'e'
		JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi' WHERE typtype = 'b' AND typelem = 0
	LOOP
		EXECUTE format('CREATE CAST (raw AS %s) WITHOUT FUNCTION', t.type);
		-- the header is version, kind, flags; no kind is 255
		FOREACH bytes IN ARRAY '{"\\xffffffff", "\\x01ff0000", "\\x01ff00000000000000000000000000000000000000000000", "\\x", "\\x01"}'::text[] LOOP
			BEGIN
				EXECUTE format('SELECT %I(CAST($1::raw AS %s))', t.typname || '_out', t.type) USING bytes;
				INSERT INTO damage VALUES (t.type, bytes, 'accepted');
			EXCEPTION WHEN OTHERS THEN
				INSERT INTO damage VALUES (t.type, bytes, SQLSTATE, replace(SQLERRM, t.type::text, 'X'));
			END;
		END LOOP;
		-- of a later release: the kind is the one for which the version is what matters
		FOR kind IN 0 .. 255 LOOP
			BEGIN
				EXECUTE format('SELECT %I(CAST($1::raw AS %s))', t.typname || '_out', t.type) USING '\xff' || lpad(to_hex(kind), 2, '0') || repeat('00', 100);
				INSERT INTO damage VALUES (t.type, 'version 255', 'accepted');
			EXCEPTION WHEN OTHERS THEN
				IF SQLERRM LIKE '%format version%' THEN
					INSERT INTO damage VALUES (t.type, 'version 255', SQLSTATE, regexp_replace(replace(SQLERRM, t.type::text, 'X'), 'up to \d+', 'up to N'));
				ELSIF SQLSTATE <> 'XX001' THEN
					INSERT INTO damage VALUES (t.type, 'version 255', SQLSTATE, SQLERRM);
				END IF;
			END;
		END LOOP;
	END LOOP;
END $$;
SELECT form, outcome, message, count(*) = (SELECT count(DISTINCT type) FROM damage) AS every_type FROM damage GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT type, form, outcome, message FROM damage d WHERE (outcome, message) NOT IN (SELECT outcome, message FROM damage n WHERE n.type = 'nps_summary'::regtype) ORDER BY type::text, form;
DROP TYPE raw CASCADE;

-- The functions of every aggregate, called by hand with nothing: a value, or an error that says what is wrong.
CREATE TEMP TABLE by_hand (function regprocedure, outcome text);
DO $$
DECLARE
	f record;
BEGIN
	FOR f IN SELECT DISTINCT p.oid::regprocedure AS function, p.proname, (SELECT string_agg('NULL::' || format_type(a, NULL), ', ' ORDER BY i) FROM unnest(p.proargtypes) WITH ORDINALITY u(a, i)) AS args
		FROM pg_aggregate g JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = g.aggfnoid AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi'
		JOIN pg_proc p ON p.oid IN (aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn, aggminvtransfn, aggmfinalfn)
	LOOP
		BEGIN
			EXECUTE format('SELECT %I(%s)', f.proname, f.args);
			INSERT INTO by_hand VALUES (f.function, 'a value');
		EXCEPTION WHEN OTHERS THEN
			INSERT INTO by_hand VALUES (f.function, SQLSTATE || ' ' || SQLERRM);
		END;
	END LOOP;
END $$;
SELECT outcome, count(*) > 0 AS some FROM by_hand GROUP BY outcome ORDER BY outcome COLLATE "C";

-- An aggregate may begin with any value: what it gives is read back, so counts end at 2^62 for rows too.
CREATE AGGREGATE nps_from(int) (SFUNC = nps_summary_accum, STYPE = nps_summary, INITCOND = '(4611686018427387902,0,1)', MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MINITCOND = '(4611686018427387902,0,0)');
SELECT nps_from(9), nps_from(9)::text::nps_summary = nps_from(9) AS read_back FROM generate_series(1, 1);
SELECT nps_from(i) FROM generate_series(1, 2) i;
SELECT nps_from(0) OVER (ROWS 1 PRECEDING) FROM generate_series(1, 3);
SELECT nps_from(0) OVER (ROWS 2 PRECEDING) FROM generate_series(1, 3);
CREATE AGGREGATE rate_from(boolean) (SFUNC = rate_summary_accum, STYPE = rate_summary, INITCOND = '(0,4611686018427387903)');
SELECT rate_from(true) FROM generate_series(1, 1);
SELECT rate_from(true) FROM generate_series(1, 2);
CREATE AGGREGATE durations_from(interval) (SFUNC = duration_summary_accum, STYPE = duration_summary, FINALFUNC = duration_summary_final, INITCOND = '(4611686018427387902,0,0,0;0:4611686018427387902)');
SELECT durations_from('0') FROM generate_series(1, 2);
SELECT durations_from('0') FROM generate_series(1, 3);
CREATE AGGREGATE ratio_from(numeric, numeric) (SFUNC = ratio_summary_accum, STYPE = ratio_summary, FINALFUNC = ratio_final, MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MFINALFUNC = ratio_final,
	MINITCOND = '(5,4611686018427387903,0,0,0,1;0,0,0,0,0,0)');
SELECT ratio_from(1, 1) OVER (ROWS 0 PRECEDING) FROM generate_series(1, 2);
SELECT ratio_from(1, 1) OVER (ROWS 1 PRECEDING) FROM generate_series(1, 2);
CREATE AGGREGATE fit_from(rfm, date, text) (SFUNC = clv_sample_accum, STYPE = clv_sample, FINALFUNC = clv_fit_final, INITCOND = '(,bigint,0,"","9000 bg/nbd";0:30=4611686018427387904;4294967303:30=4611686018427387904)');
SELECT fit_from('()', '2024-08-22', 'bg/nbd') FROM generate_series(1, 2);
SELECT clv_sample_accum('(,bigint,0,"","9000 bg/nbd";0:30=4611686018427387904)', '(2024-07-23=1)', '2024-08-22', 'bg/nbd');
DROP AGGREGATE nps_from(int);
DROP AGGREGATE rate_from(boolean);
DROP AGGREGATE durations_from(interval);
DROP AGGREGATE ratio_from(numeric, numeric);
DROP AGGREGATE fit_from(rfm, date, text);

-- The first moments there are, west of Greenwich, fall on no day; the server's own cast makes one that nothing reads back.
SET timezone = 'America/New_York';
SELECT rfm(timestamptz '4714-11-24 00:00Z BC'::date, 1);
SELECT funnel_summary(1, timestamptz '4714-11-24 00:00Z BC'::date, ARRAY[true]);
SELECT rfm(timestamptz '4714-11-24 00:00Z BC', 1);
SELECT activity_summary(1, timestamptz '4714-11-24 00:00Z BC', 'month');
SELECT rfm(timestamptz '4714-11-24 12:00Z BC', 1);
SET timezone = 'UTC';

-- Business hours: two calendars by turns in one call, and hours of make-up days that are the usual ones.
SELECT i, business_seconds('2026-01-05 00:00Z', '2026-01-07 00:00Z', (ARRAY['Mon 09:00-10:00 @ UTC', 'Tue 09:00-11:00 @ UTC', 'Mon-Tue 09:00-10:00 @ UTC']::business_hours[])[1 + i % 3]) AS seconds FROM generate_series(1, 7) i;
SELECT 'Mon-Fri 09:00-10:00; Sat 10:00-11:00; Make-up 09:00-10:00 @ UTC'::business_hours;

-- Text and steps that are stored compressed are the same as others.
CREATE TEMP TABLE stored AS SELECT repeat('x', 30000) || i AS long FROM generate_series(1, 3) i;
SELECT count(*) AS compressed FROM stored WHERE pg_column_compression(long) IS NOT NULL;
SELECT activity_summary(long, date '2026-01-01', 'month') = (SELECT activity_summary(repeat('x', 30000) || i, date '2026-01-01', 'month') FROM generate_series(1, 3) i) AS same FROM stored;
SELECT step, customers FROM funnel((SELECT funnel_summary(1, timestamp '2026-01-01', long, ARRAY[repeat('x', 30000) || 2, 'b']) FROM stored)) AS f;

-- A zone that changes under an aggregate.
SELECT activity_summary(1, at, 'month') FROM (SELECT set_config('timezone', z, false), timestamptz '2026-01-31 12:00Z' AS at FROM (VALUES ('Europe/Berlin'), ('Europe/London')) v(z) OFFSET 0) t;
SELECT activity_summary(1, at, 'month') FROM (SELECT set_config('timezone', z, false), timestamptz '2026-01-31 12:00Z' AS at FROM (VALUES ('UTC'), ('America/Argentina/Buenos_Aires')) v(z) OFFSET 0) t;
SELECT activity_summary(1, at, 'month') FROM (SELECT set_config('timezone', z, false), timestamptz '2026-01-31 12:00Z' AS at FROM (VALUES ('America/Argentina/Buenos_Aires'), ('UTC')) v(z) OFFSET 0) t;
SET timezone = 'UTC';

-- Parts of an aggregate of which one has small numbers of customers and small amounts and another large ones, put together in either order.
CREATE TABLE part (p int, half int, customer bigint, at date, amount numeric) PARTITION BY LIST (p);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE part2 PARTITION OF part FOR VALUES IN (2);
CREATE TABLE part3 PARTITION OF part FOR VALUES IN (3);
INSERT INTO part SELECT i % 3 + 1, i % 2, CASE WHEN i % 3 = 1 THEN 1125899906842624 ELSE 0 END + i % 700, date '2026-01-01' + i % 60, CASE WHEN i % 3 = 1 THEN 10000000000000000000000 ELSE 1 END * i FROM generate_series(1, 9000) i;
ANALYZE part;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE whole AS SELECT half, revenue_summary(customer, at, amount, 'month') AS s, activity_summary(customer, at, 'day') AS a FROM part GROUP BY 1;
SET enable_partitionwise_aggregate = on;
CREATE FUNCTION pg_temp.partial_plan(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	plan json;
BEGIN
	EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
	RETURN (SELECT count(*) FROM regexp_matches(plan::text, 'Partial Mode": "Partial"', 'g'));
END $$;
SELECT pg_temp.partial_plan($$SELECT half, revenue_summary(customer, at, amount, 'month'), activity_summary(customer, at, 'day') FROM part GROUP BY 1$$) AS parts;
SELECT d.s = w.s AS revenue, d.a = w.a AS activity FROM (SELECT half, revenue_summary(customer, at, amount, 'month') AS s, activity_summary(customer, at, 'day') AS a FROM part GROUP BY 1) d JOIN whole w USING (half);
RESET enable_partitionwise_aggregate;
RESET max_parallel_workers_per_gather;
DROP TABLE part;

-- Forms.
SELECT '(month,bigint,0,"";1:99999999999)'::activity_summary;
SELECT '(month,bigint,0,"")'::activity_summary;
SELECT activity_summary(1, '[2026-01-01,2026-02-01)', NULL, '2026-02-01');
SELECT cohorts('()'::activity_summary, 'first');
SELECT rate_summary_subtract('(1,2)', '(2,2)');
SELECT rate_summary_subtract('(2,2)', '(1,1)');

-- Numbers so near each other that a part of them is the same: bound and warning, bound and baseline.
SELECT kpi_scaled_target('>= 1e-323 warn 5e-324', 1, 4) AS warn_lower, kpi_scaled_target('<= 5e-324 warn 1e-323', 1, 4) AS warn_upper, kpi_scaled_target('>= 1e-323 from 5e-324', 1, 4) AS baseline;
SELECT step, value FROM forecast('{5e-324,0,5e-324,0,5e-324,0,5e-324,0,5e-324,0}', 1);

-- A horizon that ends beyond what a timestamp holds, by months, days and hours.
SELECT expected_purchases('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-1 customers=1000 unit=day value none', '(2015-01-01=1.00)', '2026-01-01', '178000000 years');
SELECT expected_purchases('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-1 customers=1000 unit=day value none', '(2015-01-01=1.00)', '2026-01-01', '299000 years');
SELECT expected_purchases('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-1 customers=1000 unit=day value none', '(2015-01-01=1.00)', '2026-01-01', '2147483647 days');
SELECT expected_purchases('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-1 customers=1000 unit=day value none', '(2015-01-01=1.00)', '2026-01-01', '2562047787 hours');
SELECT expected_purchases('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-1 customers=1000 unit=day value none', '(2015-01-01=1.00)', '2026-01-01', '-1 days');

-- More different customers than are looked at for a start: the optimum is still that of all of them.  Halves that are
-- fitted by themselves gain what 4 more parameters gain by chance, and no more.
CREATE FUNCTION pg_temp.u(i bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE RETURN (abs(hashint8extended(i, salt) % 1000000007) + 0.5) / 1000000007.0;
CREATE TEMP TABLE ledger AS
SELECT i, rfm(day, 1) AS r FROM (
	SELECT i, date '2024-01-01' + (floor(400 * pg_temp.u(i, 1)) + sum(gap) OVER (PARTITION BY i ORDER BY k))::int AS day
	FROM (SELECT i, k, CASE WHEN k = 0 THEN 0 ELSE ceil(ln(pg_temp.u(i, 100 + k)) / ln(pg_temp.u(i, 2)) * 40) END AS gap,
		bool_and(k = 0 OR pg_temp.u(i, 200 + k) > 1 - pg_temp.u(i, 3) ^ 0.4) OVER (PARTITION BY i ORDER BY k) AS alive FROM generate_series(1, 9000) i, generate_series(0, 25) k) g
	WHERE alive) d
WHERE day <= date '2025-12-31' GROUP BY i;
CREATE FUNCTION pg_temp.fit(model text, half int) RETURNS float8 LANGUAGE sql AS
	$$SELECT substring(clv_fit(r, '2025-12-31', model)::text FROM 'log-likelihood=([^ ]*)')::float8 FROM ledger WHERE coalesce(i % 2 = half, true)$$;
SET client_min_messages = error;
SELECT half, count(DISTINCT (frequency(r), recency(r), tenure(r, '2025-12-31'))) > 5000 AS many FROM ledger, (VALUES (0), (1), (NULL)) h(half) WHERE coalesce(i % 2 = half, true) GROUP BY half ORDER BY half;
SELECT model, pg_temp.fit(model, 0) + pg_temp.fit(model, 1) - pg_temp.fit(model, NULL) BETWEEN 0 AND 12 AS optimum FROM unnest('{bg/nbd,mbg/nbd}'::text[]) model;
