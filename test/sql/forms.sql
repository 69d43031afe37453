-- Text forms of every base type: mutated literals give 22P02 or a value that prints and reads back the same.
\set VERBOSITY terse
CREATE TEMP TABLE sample (type regtype, literal text);
INSERT INTO sample VALUES
	('nps_summary', '(70,20,10)'), ('nps_summary', '(0,0,0)'), ('nps_summary', '(4611686018427387904,0,0)'),
	('rate_summary', '(8,10)'), ('rate_summary', '(0,0)'),
	('ratio_summary', '(1234.50,-10)'), ('ratio_summary', '(,)'),
	('ratio_summary', '(NaN,-Infinity)'), ('ratio_summary',
			'(0.00000000000000000000000001,99999999999999999999999999999999999999999999999999999999999999999)'),
	('ratio_summary_float', '(0.1,-1e+300)'), ('ratio_summary_float', '(,NaN)'),
	('duration_summary', (SELECT duration_summary(x)::text FROM unnest('{}'::float8[]) x)),
	('duration_summary', (SELECT duration_summary(x)::text FROM unnest('{1.5,1.5,0,86400}'::float8[]) x)),
	('revenue_summary', '()'), ('revenue_summary', '(month,bigint,2,"";-7:288=10050+1=-3;9:289=0)'), ('revenue_summary',
			'(week sun,text,0,"Europe/Berlin";00000000000000ff:-5=170141183460469231731687303715884105727)'),
	('customer_amounts', '(,bigint,2,"";1:0=1050;2:0=-700)'),
	('customer_amounts', '(,uuid,20,"";0123456789abcdef:0=1)'),
	('funnel_summary', '()'), ('funnel_summary', '(,bigint,2,"","a","é \"b";-7:757382400000000@1+0@2+5@3;12:-1@1)'),
	('funnel_summary', '(,text,3,"UTC","","","";d059276a32b92239:0@7)'),
	('funnel_events', '()'), ('funnel_events', '(,bigint,2,"UTC","1 0 5000000","";0:0@1+0@3)'),
	('funnel_events', '(,bigint,1,"","";0:757382400000000@1)'),
	('activity_summary', '()'), ('activity_summary', '(month,bigint,0,"";-7:288+1+12;42:-3)'),
	('activity_summary', '(year apr,text,0,"Europe/Berlin";00c0ffee12345678:24;ffffffffffffffff:24+1)'),
	('retention_set', '()'), ('retention_set', '(,bigint,1,"","8766..8797,8797..";7:0+1)'),
	('repeat_set', '(,text,0,"";2ba3e8e9a71148ca:4+5)'),
	('repeat_set', '(,bigint,0,"UTC";7:-9223372036854775808+18446744073709551615)'),
	('clv_model', 'sbg(alpha=0.7 se 0.07, beta=1.2 se 0.15) log-likelihood=-1680.3 customers=1000 unit=period'),
	('clv_model', 'bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-14363.5 '
			'customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 '
			'se 4) log-likelihood=-4055.9 customers=946'), ('clv_sample', '()'), ('clv_sample',
			'(,bigint,0,"","9000 bg/nbd";-3:4628293042053316608=2;0:30=5;4294967303:30=1)'), ('clv_history', '()'),
	('clv_history', '(day,bigint,2,"","9000 0 90 0";-7:8000=1050+30=-200;9:9000=0)'), ('clv_history',
			'(day,text,0,"UTC","9000 12 0 3600000000";00000000000000ff:-5=170141183460469231731687303715884105727)'),
	('rfm', '()'), ('rfm', '(2015-01-01=1.00;2015-02-06=-2.50;2400-02-29=0.00)'),
	('rfm', '("Europe/Berlin";4713-12-31 BC=170141183460469231731687303715884105727)'),
	('rfm', '("a \"b";1969-12-31=0.00000000000000000001;1970-01-01=-1)'),
	('kpi_target', '>= 50 warn 40 from 30'), ('kpi_target', '[10,20] warn [8,25]'), ('kpi_target', '<= 99.9%'),
	('business_hours', 'Mon-Thu 09:00-12:00,13:00-18:00; Fri 22:00-06:00:30; Make-up 10:00-16:00 @ Asia/Shanghai'),
	('business_hours', 'Mon-Sun 00:00-24:00 @ UTC'),
	('ratio_frame', '(0,0,0,0,0,0;0,0,0,0,0,0)'), ('ratio_frame', '(12.50,4,1,0,1,2;-3,2,0,0,0,2)');
-- every base type of the extension has a sample
SELECT t.oid::regtype AS without_sample FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass
	AND d.objid = t.oid AND d.deptype = 'e' JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi'
WHERE t.typtype = 'b' AND t.typelem = 0 AND t.oid NOT IN (SELECT type::oid FROM sample) ORDER BY 1;

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
SELECT type, count(*) > 100 AS many, count(*) FILTER (WHERE outcome = 'accepted') > 0 AS some_accepted,
	count(*) FILTER (WHERE outcome = 'refused') > 50 AS many_refused,
	count(*) FILTER (WHERE outcome NOT IN ('accepted', 'refused')) AS wrong FROM verdict GROUP BY type
		ORDER BY type::text;
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
		INSERT INTO v SELECT * FROM v;
		EXECUTE 'CREATE INDEX v_btree ON v USING btree (v)';
		EXECUTE format($q$INSERT INTO agreement SELECT %L::regtype, (SELECT count(DISTINCT v) FROM v),
			(SELECT bool_and((a.v < b.v)::int + (a.v = b.v)::int + (a.v > b.v)::int = 1 AND (a.v <= b.v) =
					NOT (a.v > b.v) AND (a.v >= b.v) = NOT (a.v < b.v) AND (a.v <> b.v) = NOT (a.v = b.v)
				AND (a.v = b.v) = (a.v::text = b.v::text)) FROM v a, v b),
			(SELECT bool_and(p <= v) FROM (SELECT v, lag(v) OVER (ORDER BY v) AS p FROM v) q WHERE p IS NOT NULL),
			(SELECT bool_and(%2$s_hash(a.v) = %2$s_hash(b.v)
					AND %2$s_hash_extended(a.v, 7) = %2$s_hash_extended(b.v, 7)) FROM v a JOIN v b ON a.v = b.v),
			(SELECT count(*) FROM (SELECT v FROM v GROUP BY v) g) = (SELECT count(DISTINCT v::text) FROM v),
			NULL$q$, t.type, t.name);
		SET LOCAL enable_seqscan = off;
		EXECUTE format('UPDATE agreement SET indexed = (SELECT bool_and(EXISTS (SELECT FROM v b WHERE b.v = a.v)) FROM '
				'(SELECT m::%s AS v FROM verdict WHERE type = %L::regtype AND outcome = ''accepted'') a) WHERE type = '
				'%2$L::regtype', t.type, t.type);
		SET LOCAL enable_seqscan = on;
		DROP TABLE v;
	END LOOP;
END $$;
SELECT type, n > 5 AS many, trichotomy, transitive, hashes, groups, indexed FROM agreement ORDER BY type::text;
