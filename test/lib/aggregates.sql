-- Rows for every aggregate of the extension: tables sample and stored in partitions by shard, and the table aggregate
-- with an expression over them for each argument.  The aggregates come from the catalogue, so that a new one is tested
-- as soon as it exists; arguments are found by their names and types.

CREATE TABLE sample (
	id int NOT NULL, shard int NOT NULL, score int, hit boolean, before boolean, after boolean,
	due timestamptz, done timestamptz, as_of timestamptz, started timestamptz, converted timestamptz, within interval,
	scale int, boxes int, num numeric, den numeric, seconds float8, attainment float8, weight float8, team int
) PARTITION BY LIST (shard);
SELECT format('CREATE TABLE sample_%s PARTITION OF sample FOR VALUES IN (%s)', s, s) FROM generate_series(0, 4) s \gexec
-- h: a number in 0..999 from a row and a salt; shard 4 has no usable row
CREATE FUNCTION h(id int, salt int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN abs(hashint4extended(id, salt) % 1000);
INSERT INTO sample
SELECT id, id % 4, h(id, 1) % 11, h(id, 2) < 400, h(id, 3) < 700, h(id, 4) < 600,
	'2024-01-01 00:00+00'::timestamptz + h(id, 5) * interval '7 hours',
	'2024-01-01 00:00+00'::timestamptz + h(id, 6) * interval '7 hours', '2024-08-01 00:00+00',
	'2024-01-01 00:00+00'::timestamptz + h(id, 7) * interval '5 hours',
	'2024-01-03 00:00+00'::timestamptz + h(id, 8) * interval '6 hours', interval '1 month 2 days 3 hours',
	10, 3, (h(id, 9) - 500) / 100.0, h(id, 10) / 4.0, h(id, 11) / 4.0, h(id, 12) / 512.0, h(id, 13) % 8, id % 7
FROM generate_series(1, 6000) id;
UPDATE sample SET score = NULL WHERE h(id, 20) < 100;
UPDATE sample SET hit = NULL, after = NULL WHERE h(id, 21) < 100;
UPDATE sample SET done = NULL, converted = NULL WHERE h(id, 22) < 200;
UPDATE sample SET due = NULL, started = NULL WHERE h(id, 23) < 50;
UPDATE sample SET num = NULL WHERE h(id, 24) < 100;
UPDATE sample SET den = NULL, seconds = NULL, attainment = NULL WHERE h(id, 25) < 100;
-- scales that come and go, and a few values that are far from the others
UPDATE sample SET num = num + 0.00001 WHERE h(id, 26) < 30;
UPDATE sample SET num = num * 1e25 WHERE h(id, 27) < 5;
UPDATE sample SET num = num * 1e70 + 1e-40 WHERE id % 2999 = 7;
INSERT INTO sample (id, shard) SELECT 6000 + i, 4 FROM generate_series(1, 100) i;
VACUUM ANALYZE sample;

-- a customer with some purchases after the first one, for fits; those who buy and stop alike have none
CREATE FUNCTION buyer(id int, due timestamptz) RETURNS rfm LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	days text := to_char(due, 'YYYY-MM-DD') || '=' || 1 + h(id, 43);
BEGIN
	FOR i IN 1 .. CASE WHEN h(id, 41) < 200 THEN 20 ELSE h(id, 41) * h(id, 46) / 250000 END LOOP
		days := days || ';' || to_char(due + i * (2 + h(id, 42) * h(id, 50) / 8000) * interval '1 day', 'YYYY-MM-DD')
			|| '=' || 1 + h(id + i * 10000, 44) * h(id, 45) / 200;
	END LOOP;
	RETURN '(' || days || ')';
END $$;

-- the aggregates, and for each argument an expression over the sample
CREATE FUNCTION argument(aggregate name, argument text, type regtype) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN (type::text LIKE '%\_summary%' OR type::text = 'rfm') AND argument = '' THEN format('summary_%s', type)
		-- some amounts beyond 64 bits, or with more than 8 places
		WHEN aggregate = 'rfm' AND argument = 'amount' THEN format('(CASE id %% 97 WHEN 0 THEN 1234567890123456789 '
			'WHEN 1 THEN 0.0123456789 ELSE round(den - 50, id %% 5) END)::%s', type)
		-- customers who differ in how often they buy and when they stop, so that there is a fit
		WHEN argument = 'r' THEN 'buyer(id, due)'
		WHEN aggregate LIKE 'clv%' AND argument = 'as_of'
			THEN CASE aggregate WHEN 'clv' THEN '''2024-09-30''::date' ELSE '''2024-12-31''::date' END
		WHEN argument = 'model' THEN CASE aggregate WHEN 'clv' THEN '''mbg/nbd''' ELSE '''pareto/nbd''' END
		WHEN argument = 'discount' THEN '0.1'
		WHEN argument = 'prior' THEN '''bg/nbd(r=0.5 se 0.1, alpha=30 se 5, a=1 se 0.2, b=3 se 0.7) log-likelihood=-1 '
			'customers=100 unit=day value gamma-gamma(p=6 se 1, q=4 se 1, gamma=150 se 30) log-likelihood=-1 '
			'customers=90''::clv_model'
		-- an integer is refused
		WHEN argument = 'days' THEN 'NULL::integer'
		WHEN argument = 'mode' THEN '''reached'''
		WHEN argument = 'limits' THEN '''{1 minute,0.5 s,2 minutes,30 s}''::interval[]'
		WHEN aggregate = 'duration_summary' AND argument = 'started' THEN format('started::%s', type)
		WHEN argument = 'ended' THEN format('(CASE WHEN converted > started THEN converted END)::%s', type)
		WHEN argument = 'horizon' THEN 'interval ''1 year'''
		WHEN aggregate = 'clv' AND argument = 'customer' THEN format(CASE type::text WHEN 'bigint' THEN '%s' WHEN 'uuid'
				THEN 'md5((%s)::text)::uuid' ELSE '(''c'' || %s)' END, '(h(id, 40) * h(id, 41) / 1000)::bigint')
		WHEN aggregate = 'clv' AND argument = 'at'
			THEN format('(CASE WHEN due < ''2024-01-01 00:00+00''::timestamptz + (10 + h(h(id, 40) * h(id, 41) / 1000, '
				'47) * h(h(id, 40) * h(id, 41) / 1000, 48) / 1000) * interval ''1 day'' THEN due END)::%s', type)
		WHEN aggregate = 'clv'
			AND argument = 'amount' THEN format('round(20 + h(h(id, 40) * h(id, 41) / 1000, 49) / 10.0 + den / 4, '
				'id %% 5)::%s', type)
		WHEN aggregate LIKE 'csat%' AND argument = 'score' THEN format('((score %% 5) + 1)::%s', type)
		WHEN argument IN ('customer', 'document') THEN format(CASE type::text WHEN 'bigint' THEN '%s'
				WHEN 'uuid' THEN 'md5((%s)::text)::uuid' ELSE '(''c'' || %s)' END,
			CASE argument WHEN 'customer' THEN 'h(id, 40)::bigint'
					ELSE '(CASE WHEN due IS NOT NULL THEN id / 3 END)::bigint' END)
		WHEN argument = 'at' THEN format('due::%s', type)
		WHEN argument = 'unit' THEN '''month'''
		WHEN argument = 'through' THEN '''2024-06-30''::date'
		WHEN argument = 'during' THEN 'CASE WHEN due IS NOT NULL THEN daterange(due::date, due::date + h(id, 30)) END'
		WHEN type = 'daterange'::regtype THEN CASE argument WHEN 'before' THEN '''[2024-01-01,2024-04-01)''::daterange'
				ELSE '''[2024-04-01,)''::daterange' END
		WHEN argument = '' THEN format('unnamed argument %s', type)
		WHEN argument IN ('spend', 'gain', 'revenue') THEN
			CASE WHEN type = 'numeric'::regtype THEN CASE argument WHEN 'revenue' THEN 'abs(num)' ELSE 'num' END
				ELSE format('(abs(trunc(num %% 1000 * 4)) / 4)::%s', type) END
		WHEN argument = 'cost' THEN format('den::%s', type)
		WHEN argument = 'new_customers' THEN 'scale::bigint'
		WHEN argument = 'amount' THEN format('round(den - 50, id %% 5)::%s', type)
		WHEN argument = 'duration' THEN 'seconds * interval ''1 second'''
		WHEN argument = 'step' THEN '(''{a,b,c,d}''::text[])[1 + h(id, 30) % 4]'
		WHEN argument = 'steps' THEN '''{a,b,c}''::text[]'
		WHEN argument = 'reached' THEN 'ARRAY[h(id, 31) < 300, h(id, 32) < 300, h(id, 33) < 300]'
		WHEN type = 'numeric'::regtype OR argument NOT IN ('num', 'den') THEN format('%I::%s', argument, type)
		-- integers take what is left of the size; quarters add up in double precision without rounding
		ELSE format('(trunc(%I %% 1000 * 4) / 4)::%s', argument, type) END $$;
CREATE TABLE aggregate AS
SELECT p.oid::regprocedure AS signature, p.proname AS name, array_to_string(x.expressions, ', ') AS arguments,
	x.expressions, x.types, p.prorettype::regtype AS result,
	a.aggtransfn, a.aggcombinefn, a.aggfinalfn, a.aggtranstype::regtype AS state, a.agginitval,
		a.aggminvtransfn <> 0 AS moving
FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi'
CROSS JOIN LATERAL (SELECT array_agg(argument(p.proname, coalesce(p.proargnames[i], ''), t) ORDER BY i) AS expressions,
		array_agg(t::regtype ORDER BY i) AS types
	FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u(t, i)) x;
-- summaries to roll up: one for each hundredth of the rows
CREATE TABLE stored (LIKE sample INCLUDING DEFAULTS) PARTITION BY LIST (shard);
SELECT format('CREATE TABLE stored_%s PARTITION OF stored FOR VALUES IN (%s)', s, s) FROM generate_series(0, 4) s \gexec
DO $$
DECLARE s text;
BEGIN
	FOR s IN SELECT DISTINCT state FROM aggregate WHERE state::text NOT LIKE '%frame%' LOOP
		EXECUTE format('ALTER TABLE stored ADD summary_%s %s', s, s);
	END LOOP;
END $$;
INSERT INTO stored (id, shard, team) SELECT id, shard, team FROM sample WHERE id % 3 = 0;
CREATE INDEX sample_id ON sample (id);
DO $$
DECLARE a record;
BEGIN
	-- any aggregate whose result is the summary itself serves to fill the column
	FOR a IN SELECT DISTINCT ON (g.state) g.* FROM aggregate g JOIN pg_proc p ON p.oid = g.signature
		WHERE p.prorettype = g.state AND g.name <> 'rollup' ORDER BY g.state, g.signature::text DESC
	LOOP
		EXECUTE format('UPDATE stored SET summary_%s = (SELECT %s(%s) FROM sample s WHERE s.id BETWEEN stored.id AND '
				'stored.id + 2) WHERE shard < 4 AND id %% 5 > 0', a.state, a.name, a.arguments);
	END LOOP;
END $$;
DROP INDEX sample_id;
VACUUM ANALYZE stored;
