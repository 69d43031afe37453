-- Before sqlsmith: rows with columns of every type of the extension, for a plain role.  After samples.sql and
-- probe.sql.
CREATE SCHEMA smith;

-- A table for each base type: its samples beside the values that go with it in calls.
DO $$
DECLARE
	base record;
BEGIN
	FOR base IN SELECT DISTINCT type, name FROM kpi_test.sampled LOOP
		EXECUTE format($f$
			CREATE TABLE smith.%I AS SELECT literal::%s AS v, other, word, at, stamp, moment, amount, score, during,
				span, hit, reached, numbers, counts, steps, days
			FROM (SELECT literal, lag(literal::%2$s, 1, literal::%2$s) OVER () AS other, row_number() OVER () AS i
					FROM kpi_test.sampled WHERE type = %L::regtype) s,
				LATERAL (SELECT (ARRAY['month', 'week', 'day', 'first', 'ordered', 'UTC', 'strict', 'year apr',
						'mbg/nbd', 'recurring', 'linear', ''])[1 + i %% 12] AS word,
					date '2025-01-01' + (i * 37)::int AS at,
						timestamp '2025-01-01 12:00' + i * interval '41 hours' AS stamp,
					timestamptz '2025-01-01 00:00+00' + i * interval '77 hours' AS moment,
					(i * 12.5)::numeric AS amount, (i %% 11)::int AS score,
					daterange(date '2025-01-01', date '2025-02-01' + (i * 30)::int) AS during,
					i * interval '2 days' AS span, i %% 3 <> 0 AS hit,
					ARRAY[true, i %% 2 = 0, i %% 3 = 0] AS reached,
					ARRAY[i, i * i, i %% 4, 7]::double precision[] AS numbers,
					ARRAY[1000, 800, 700 - i, 600 - i]::bigint[] AS counts, ARRAY['month', 'week', 'day'] AS steps,
					ARRAY['2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01']::date[] AS days) c$f$,
			base.name, base.type, base.type);
	END LOOP;
END $$;

-- sqlsmith calls no functions that return sets; so each has a scalar beside it.
DO $$
DECLARE
	f record;
BEGIN
	FOR f IN SELECT proname, oid, (SELECT string_agg('$' || i, ', ') FROM generate_series(1, pronargs) i) AS parameters,
			oidvectortypes(proargtypes) AS types, row_number() OVER () AS i, nspname
		FROM kpi_test.callable WHERE proretset LOOP
		EXECUTE format('CREATE FUNCTION smith.%I(%s) RETURNS text LANGUAGE sql AS $f$ SELECT string_agg(x::text, ''; '
				''') FROM (SELECT * FROM %I.%I(%s) LIMIT 1000) x $f$',
			format('%s_rows_%s', f.proname, f.i), f.types, f.nspname, f.proname, f.parameters);
	END LOOP;
END $$;

-- What sqlsmith takes for the catalogue's pg_proc: ours, and some of the server's, else ours are rarely called.
CREATE VIEW smith.pg_proc AS
	SELECT p.* FROM pg_catalog.pg_proc p
	WHERE oid IN (SELECT oid FROM kpi_test.callable) OR pronamespace = 'smith'::regnamespace
		OR (pronamespace = 'pg_catalog'::regnamespace AND oid::bigint % 10 = 0
				AND has_function_privilege('public', oid, 'EXECUTE')
			AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (prorettype || proargtypes::oid[])
					AND typtype = 'p'));

CREATE ROLE smith LOGIN;
ALTER ROLE smith SET search_path = smith, public, pg_catalog;
GRANT USAGE ON SCHEMA smith, crm TO smith;
GRANT ALL ON ALL TABLES IN SCHEMA public, smith TO smith;
-- all, because sqlsmith locks and changes rows too; every query is rolled back
GRANT ALL ON crm.customer, crm.orders, crm.order_line, crm.survey_response, crm.ticket, crm.subscription,
	crm.lead_stage_history TO smith;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO smith;
REVOKE INSERT, UPDATE, DELETE ON smith.pg_proc FROM smith;
ANALYZE;
