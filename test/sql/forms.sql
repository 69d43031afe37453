-- Text forms of every base type: mutated literals give 22P02 or a value that prints and reads back the same.
\set VERBOSITY terse
-- the literals of every base type, which a new type is to have there
\getenv test PG_ABS_SRCDIR
\set samples :test /lib/samples.sql
\set ECHO none
\i :samples
\set ECHO all
CREATE TEMP TABLE sample AS SELECT type::regtype, literal FROM kpi_test.sample;
SET client_min_messages = warning;
DROP SCHEMA kpi_test CASCADE;
RESET client_min_messages;
-- what else a text form may have: exponents, percentages, quotes, many digits
INSERT INTO sample VALUES
	('ratio_summary', '(0.00000000000000000000000001,999999999999999999999999999999999999999999999999999999999999)'),
	('ratio_summary_float', '(0.1,-1e+300)'), ('kpi_target', '<= 99.9%'),
	('activity_summary', '(year apr,text,0,"Europe/Berlin";00c0ffee12345678:24;ffffffffffffffff:24+1)'),
	('rfm', '("a \"b";1969-12-31=0.00000000000000000001;1970-01-01=-1)'),
	('duration_summary', (SELECT duration_summary(x)::text FROM unnest('{1.5,1.5,0,86400}'::float8[]) x)),
	('business_hours', 'Mon-Thu 09:00-12:00,13:00-18:00; Fri 22:00-06:00:30; Make-up 10:00-16:00 @ Asia/Shanghai');
SELECT t.oid::regtype AS without_sample FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass
	AND d.objid = t.oid AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi'
WHERE t.typtype = 'b' AND t.typelem = 0 AND t.oid NOT IN (SELECT type::oid FROM sample) ORDER BY 1;
SELECT count(DISTINCT type) > 10 AS types, count(*) > 30 AS samples FROM sample;

-- what is done to a literal: each character dropped, doubled, or replaced; cut at each place; extended
CREATE TEMP TABLE mutant AS
SELECT DISTINCT type, m FROM sample, LATERAL (
	SELECT left(literal, i - 1) || substr(literal, i + 1) AS m FROM generate_series(1, length(literal)) i
	UNION ALL SELECT left(literal, i) FROM generate_series(0, length(literal)) i
	UNION ALL SELECT left(literal, i) || substr(literal, i) FROM generate_series(1, length(literal)) i
	UNION ALL SELECT overlay(literal PLACING c FROM i FOR 1)
		FROM generate_series(1, length(literal)) i, unnest('{0,9,-,+,.,e,N,I,%,",","(",")",";",":","[","]",">","<",=," '
			'",é,\\,99999999999999999999,-1,18446744073709551616}'::text[]) c
	UNION ALL SELECT literal || c FROM unnest('{" ",x,")",",1",";",0}'::text[]) c
	UNION ALL SELECT c || literal FROM unnest('{" ",x,"(",1}'::text[]) c) q;
CREATE TEMP TABLE verdict (type regtype, m text, outcome text);
DO $$
DECLARE
	r record;
	printed text;
	reread text;
	same boolean;
BEGIN
	FOR r IN SELECT * FROM mutant LOOP
		BEGIN
			EXECUTE format('SELECT $1::%s::text', r.type) INTO printed USING r.m;
			EXECUTE format('SELECT $1::%1$s::text, $1::%1$s = $2::%1$s AND %2$s($1::%1$s) = %2$s($2::%1$s)', r.type,
					(SELECT typsend FROM pg_type WHERE oid = r.type)) INTO reread, same USING printed, r.m;
			INSERT INTO verdict VALUES (r.type, r.m, CASE WHEN reread = printed
					AND same THEN 'accepted' ELSE 'accepted, but reads back as ' || reread END);
		EXCEPTION WHEN invalid_text_representation THEN
			INSERT INTO verdict VALUES (r.type, r.m, 'refused');
		WHEN OTHERS THEN
			INSERT INTO verdict VALUES (r.type, r.m, SQLSTATE || ' ' || SQLERRM);
		END;
	END LOOP;
END $$;
-- types of which few are tried, accepted or refused
SELECT type, count(v.m) AS tried, count(*) FILTER (WHERE outcome = 'accepted') AS accepted,
	count(*) FILTER (WHERE outcome = 'refused') AS refused
FROM (SELECT DISTINCT type FROM sample) s LEFT JOIN verdict v USING (type) GROUP BY type
HAVING count(v.m) <= 100 OR count(*) FILTER (WHERE outcome = 'accepted') = 0
	OR count(*) FILTER (WHERE outcome = 'refused') <= 50 ORDER BY type::text;
SELECT * FROM verdict WHERE outcome NOT IN ('accepted', 'refused') ORDER BY 1, 2 LIMIT 20;

-- order, equality and hashing agree, in every way the server uses them
CREATE TEMP TABLE agreement (type regtype, n int, trichotomy boolean, transitive boolean, hashes boolean,
		groups boolean, indexed boolean);
DO $$
DECLARE t record;
BEGIN
	FOR t IN SELECT DISTINCT type, (SELECT typname FROM pg_type WHERE oid = type) AS name FROM sample LOOP
		EXECUTE format('CREATE TEMP TABLE v AS SELECT m, m::%s AS v FROM verdict WHERE type = %L::regtype AND outcome '
				'= ''accepted''', t.type, t.type);
		CREATE TEMP TABLE twice AS TABLE v UNION ALL TABLE v;
		EXECUTE 'CREATE INDEX v_btree ON twice USING btree (v)';
		EXECUTE format($q$INSERT INTO agreement SELECT %L::regtype, (SELECT count(DISTINCT v) FROM v),
			(SELECT bool_and((a.v < b.v)::int + (a.v = b.v)::int + (a.v > b.v)::int = 1 AND (a.v <= b.v) =
					NOT (a.v > b.v) AND (a.v >= b.v) = NOT (a.v < b.v) AND (a.v <> b.v) = NOT (a.v = b.v)
				AND (a.v = b.v) = (a.v::text = b.v::text)) FROM v a, v b),
			(SELECT bool_and(p <= v) FROM (SELECT v, lag(v) OVER (ORDER BY v) AS p FROM twice) q WHERE p IS NOT NULL),
			(SELECT bool_and(%2$s_hash(a.v) = %2$s_hash(b.v)
					AND %2$s_hash_extended(a.v, 7) = %2$s_hash_extended(b.v, 7))
				FROM twice a JOIN twice b ON a.v = b.v),
			(SELECT count(*) FROM (SELECT v FROM twice GROUP BY v) g) = (SELECT count(DISTINCT v::text) FROM v),
			NULL$q$, t.type, t.name);
		SET LOCAL enable_seqscan = off;
		EXECUTE format($q$UPDATE agreement SET indexed =
				(SELECT bool_and(EXISTS (SELECT FROM twice b WHERE b.v = a.v)) FROM v a)
				WHERE type = %L::regtype$q$, t.type);
		SET LOCAL enable_seqscan = on;
		DROP TABLE v, twice;
	END LOOP;
END $$;
SELECT count(*) = (SELECT count(DISTINCT type) FROM sample) AS all_types FROM agreement;
SELECT * FROM agreement WHERE (n > 5 AND trichotomy AND transitive AND hashes AND groups AND indexed) IS NOT TRUE
ORDER BY type::text;
