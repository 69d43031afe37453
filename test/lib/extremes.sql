-- Extreme and special values, and properties that hold for every aggregate, operator and function over them; after
-- samples.sql and probe.sql.  What there is comes from the catalogue: a new aggregate is tested as soon as it exists, a
-- new kind of argument is a finding until it has values here.  Everything is chosen by a seed: the same one, the same
-- test.
--
-- A property that does not hold, and an error of another class than 22 or 54, is a finding, returned as text.

-- Literals by what they are for, some more often than others; NULL is one of them.
CREATE TABLE kpi_test.extreme (pool text, literal text, weight int DEFAULT 1, random bool DEFAULT false);
CREATE TABLE kpi_test.pool (pool text PRIMARY KEY, literals text[]);
INSERT INTO kpi_test.extreme (pool, weight, literal)
SELECT pool, weight, unnest(literals) FROM (VALUES
	-- exact sums: specials, the ends of the 64-bit and of the fixed form, far above and below
	('numeric', 1, ARRAY[NULL, 'NaN', 'Infinity', '-Infinity', '0', '0.000', '1', '-1', '0.01', '-99.99',
			'99999999.99999999', '100000000', '-0.00000001',
		'0.000000001', '92233720368.54775807', '-92233720368.54775808', '9223372036854775807', '1e-20', '-1e-20',
		'1e-21', '123456789012345678901234567890.12345678901234567890',
		'1e55', '-1e55', '9e55', '1e56', '-1e56', '9.9e76', '1e60', '-1e60', '1e400', '-1e400', '1e-30', '1e-300',
		'-1e-300']),
	('numeric wide', 1, ARRAY['1e131071', '-1e131071', '9e131071', repeat('9', 131071), '-' || repeat('9', 131071)
			|| '.' || repeat('9', 16383), '1e-16383', '-1e-16383', '0.' || repeat('0', 16383)]),
	('bigint', 1,
			'{NULL,0,1,-1,92233720368,92233720369,-92233720369,9223372036854775807,-9223372036854775808,1000000}'),
	('integer', 1, '{NULL,0,1,-1,2147483647,-2147483648,1000}'),
	('smallint', 1, '{NULL,0,1,-1,32767,-32768}'),
	-- quarters add up without rounding
	('float', 1, '{NULL,NaN,Infinity,-Infinity,0,-0,1,-1,0.25,1000000.75,-3.5,12,100.5}'),
	('float any', 1, '{NULL,NaN,Infinity,-Infinity,0,-0,1e308,-1e308,1.7976931348623157e308,5e-324,-5e-324,0.1,1e-300,'
			'9007199254740993}'),
	('real', 1, '{NULL,NaN,Infinity,-Infinity,0,-0,1,-1,0.1,9.8,-19.99,1234.56,16777216,1e10,-1e-10}'),
	('attainment', 1, '{NULL,NaN,Infinity,-Infinity,-1,0,0.25,0.5,0.75,1,3}'),
	('weight', 3, '{NULL,0,0.25,1,2,8}'), ('weight', 1, '{-1,NaN,Infinity}'),
	-- money: what adds up within 2^127 in whatever order, and what does not
	('amount', 1, '{NULL,0,0.00,1,-1,0.01,-19.99,99999999.99999999,92233720368.54775807,-92233720368.54775808,'
			'92233720368.5477,1e18,-1e18,123456789012345678901234567,-123456789012345678901234567.12345678}'),
	('amount long', 1, '{NULL,0,1e-20,-1e-20,0.00000001,0.000000001,12.3456789,-12345678901234.12345678901234567890,'
			'99999999999999,-0.1}'),
	('amount any', 3, '{170141183460469231731687303715884105727,-170141183460469231731687303715884105728,'
			'99999999999999999999999999999999999999,-85070591730234615865843651857942052864,1e37,-1e37,1.5,1e-20,0,'
			'NULL}'),
	('amount any', 1, '{170141183460469231731687303715884105728,NaN,Infinity,-Infinity,1e38,1e-21,1e131071,1e-16383}'),
	('score', 4, '{NULL,0,1,6,7,8,9,10}'), ('score', 1, '{-1,11,32767,-32768}'),
	('score float', 4, '{NULL,0,-0,6,7,8,9,10}'), ('score float', 1, '{5.5,NaN,Infinity,-Infinity,1e308,5e-324,-1,11}'),
	('score numeric', 4, '{NULL,0,0.00,6.000,7,8,9,10}'),
	('score numeric', 1, '{5.5,NaN,Infinity,-Infinity,1e131071,1e-16383,-1,11,1e18}'),
	('csat', 4, '{NULL,1,2,3,4,5}'), ('csat', 1, '{0,6,-1,32767}'),
	('csat float', 4, '{NULL,1,2,3,4,5}'), ('csat float', 1, '{0,0.5,NaN,Infinity,1e308}'),
	('csat numeric', 4, '{NULL,1.000,2,3,4,5}'), ('csat numeric', 1, '{0,4.5,NaN,Infinity,1e131071}'),
	('scale', 3, '{5,6,7,10,11,2147483647}'), ('scale', 1, '{NULL,4,3,2,1,0,-2147483648}'),
	('boxes', 3, '{1,2,3}'), ('boxes', 1, '{NULL,0,4,2147483647,-2147483648}'),
	('boolean', 1, '{NULL,true,false}'),
	-- the ends of the calendar, and where days and moments change sign
	('date', 3, '{2000-01-01,1999-12-31,2000-02-29,2026-01-31,2026-02-01,2026-02-02}'),
	('date', 1, '{NULL,"4714-11-24 BC","4713-01-01 BC","0001-12-31 BC",0001-01-01,1582-10-15,294276-12-31,294277-01-01,'
			'5874897-12-31,5874897-12-30}'),
	('date infinite', 8, '{NULL,2000-01-01,1999-12-31,2026-01-31,"4714-11-24 BC",5874897-12-31}'),
	('date infinite', 1, '{infinity,-infinity}'),
	('timestamp', 3, '{"2000-01-01 00:00","1999-12-31 23:59:59.999999","2026-03-29 01:59:59.999999","2026-03-29 '
			'02:30","2026-10-25 02:30"}'),
	('timestamp', 1, '{NULL,"4714-11-24 00:00 BC","4713-01-01 BC","0001-12-31 23:59:59.999999 BC","294276-12-31 '
			'23:59:59.999999","294276-12-30"}'),
	('timestamp infinite', 8, '{NULL,"2000-01-01 00:00","1999-12-31 23:59:59.999999","4714-11-24 00:00 '
			'BC","294276-12-31 23:59:59.999999"}'), ('timestamp infinite', 1, '{infinity,-infinity}'),
	('instant', 3, '{"2000-01-01 00:00Z","1999-12-31 23:59:59.999999Z","2026-03-29 00:59:59.999999Z","2026-03-29 '
			'01:00Z","2026-10-25 00:30Z","2026-10-25 01:30Z"}'),
	('instant', 1, '{NULL,"4714-11-24 00:00Z BC","4713-01-01 Z BC","0001-12-31 23:59:59.999999Z BC","294276-12-31 '
			'23:59:59.999999Z"}'),
	('instant infinite', 8, '{NULL,"2000-01-01 00:00Z","1999-12-31 23:59:59.999999Z","4714-11-24 00:00Z '
			'BC","294276-12-31 23:59:59.999999Z"}'), ('instant infinite', 1, '{infinity,-infinity}'),
	('zone', 1, '{UTC,Asia/Shanghai,America/New_York,Europe/Berlin,Pacific/Apia,Asia/Tehran}'),
	('window', 3, '{0,1 day,1 mon 2 days 3 hours,1 hour}'),
	('window', 1, '{NULL,-1 day,100 years,178000000 years,2147483647 days,2562047788:00:54.775807}'),
	('duration', 4, '{0,00:00:00.000001,1 day,1 mon,2562047788:00:54.775807,00:00:00.000255,00:00:00.000256}'),
	('duration', 1, '{NULL,-1 day,178000000 years,-00:00:00.000001,292271 years 9 mons}'),
	('seconds', 4, '{0,-0,0.000001,0.0000005,1e-9,5e-324,86400,9223372036854.775,123456.789}'),
	('seconds', 1, '{NULL,-1,NaN,Infinity,1e300,9223372036854.78,-1e-9}'),
	-- ranges of days, each kind within a few years, since every period of them becomes a record
	('during early', 3,
			'{"[4714-11-24 BC,4714-12-25 BC)","[4713-01-01 BC,4713-03-01 BC)","[4714-12-31 BC,4711-01-01 BC]"}'),
		('during early', 1, '{NULL,empty,"(,4713-01-01 BC)","[-infinity,4713-02-01 BC)","(,)"}'),
	('during middle', 3, '{"[1999-12-31,2000-01-01)","[2000-01-01,2000-03-01)",'
			'"[1998-07-15,2001-07-14]","[1999-11-11,)","[1999-11-11,infinity)"}'),
	('during middle', 1, '{NULL,empty,"(,2000-01-01)","[-infinity,2000-01-01)","(,)","[infinity,)"}'),
	('during late', 3, '{"[5874896-01-01,)","[5874897-12-30,5874897-12-30]","[5874897-01-01,5874897-12-30)",'
			'"[5874895-05-05,infinity)"}'), ('during late', 1, '{NULL,empty,"(,)","[infinity,)","[-infinity,)"}'),
	('through early', 4, '{"4711-12-31 BC","4713-01-31 BC"}'), ('through early', 1, '{"4714-11-24 BC",NULL,-infinity}'),
	('through middle', 4, '{2000-12-31,2001-01-01}'), ('through middle', 1, '{NULL,infinity,"4714-11-24 BC"}'),
	('through late', 4, '{5874897-12-31,5874897-06-30}'), ('through late', 1, '{NULL,infinity}'),
	('range', 3, '{"[2000-01-01,2026-02-01)","[2026-02-01,2026-03-01)","(,)","(,2000-01-01)","[2000-01-01,)"}'),
	('range', 1, '{NULL,empty,"[4714-11-24 BC,infinity)","[-infinity,5874897-12-31)","[infinity,)"}'),
	('era', 1, '{early,middle,late}'),
	('unit', 4, '{day,week,week sat,week sun,month,quarter,quarter feb,year,year apr,jalali month,jalali '
			'quarter,jalali year,4-4-5 month,4-5-4 month dec sun,5-4-4 quarter mar sat,4-4-5 '
			'year}'), ('unit', 1, '{NULL,fortnight}'),
	('as of', 4, '{2026-01-31,2026-12-31,5874897-12-31}'), ('as of', 1, '{NULL,"4714-11-24 BC",infinity}'),
	('horizon', 4, '{1 year,0,90 days}'), ('horizon', 1, '{NULL,-1 day,178000000 years,2147483647 days}'),
	('limits', 4, ARRAY['{1 hour,0}', '{1 us,1 day,1 mon,292000 years}', '{1 day}']),
	('limits', 1, ARRAY[NULL, '{}', '{NULL}', '{-1 s}', '{300000 years}', '{{1 s},{2 s}}']),
	('mode', 4, '{ordered,strict,unordered,reached}'), ('mode', 1, '{NULL,x}'),
	('model', 4, '{bg/nbd,mbg/nbd,pareto/nbd}'), ('model', 1, '{NULL,x}'),
	('prior', 4, ARRAY['bg/nbd(r=0.5 se 0.1, alpha=30 se 5, a=1 se 0.2, b=3 se 0.7) log-likelihood=-1 customers=100 '
		'unit=day value gamma-gamma(p=6 se 1, q=4 se 1, gamma=150 se 30) log-likelihood=-1 customers=90',
		'pareto/nbd(r=0.5 se 0.05, alpha=74 se 5, s=0.6 se 0.18, beta=82 se 43) log-likelihood=-1 customers=9 '
			'unit=day value none',
		'mbg/nbd(r=1000000 se 0, alpha=1e+15 se 0, a=1e-06 se 0, b=1000000 se 0) log-likelihood=-1 customers=1 '
			'unit=day value gamma-gamma(p=1e-06 se 0, q=1000000 se 0, gamma=1e+45 se 0) log-likelihood=-1 '
			'customers=1']),
	('prior', 1, ARRAY[NULL, 'sbg(alpha=0.7 se 0.07, beta=1.2 se 0.15) log-likelihood=-1 customers=9 unit=period']),
	('discount', 4, '{0,0.1,3}'), ('discount', 1, '{NULL,-0.1,NaN,Infinity,1e300}'),
	-- keys: the ends, what a narrow record holds and what it does not, long ones
	('key bigint', 1, '{NULL,0,1,2,3,-1,1099511627775,1099511627776,9223372036854775807,-9223372036854775808}'),
	('key uuid', 1, '{NULL,00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff,'
			'00c0ffee-1234-5678-9abc-def012345678,00c0ffee-1234-5678-9abc-def012345679}'),
	('key text', 1,
			ARRAY[NULL, '', ' ', 'a', 'b', 'é', repeat('x', 100000), repeat('x', 100000) || 'y', repeat('é', 127)]),
	('step', 1, ARRAY[NULL, '', 'a', 'b', 'c', 's1', 's64', repeat('n', 900), 'other']),
	('steps', 4, ARRAY['{a,b,c}', '{a}', '{a,a,b}', '{"",a,b}', '{' || repeat('n', 900) || ',a,b}',
			(SELECT '{' || string_agg('s' || i, ',') || '}' FROM generate_series(1, 64) i)]),
	('steps', 1, ARRAY[NULL, '{}', '{NULL,a}', '{{a,b},{c,d}}',
			(SELECT '{' || string_agg('s' || i, ',') || '}' FROM generate_series(1, 65) i),
			(SELECT '{' || string_agg(repeat('n', 950) || i, ',') || '}' FROM generate_series(1, 64) i)]),
	('length', 4, '{1,2,3,63,64}'), ('length', 1, '{65}'),
	-- for arguments of functions of which only the type is known
	('type text', 1, ARRAY['month', 'day', 'year apr', 'ordered', 'strict', 'unordered', 'first', 'recurring rolling',
			'bg/nbd', '', 'x', repeat('x', 1000)]),
	('type double precision', 1, '{NaN,Infinity,-Infinity,0,-0,1,-1,0.5,0.95,0.9999999999999999,5e-324,'
			'1.7976931348623157e308,-1.7976931348623157e308}'),
	('type interval', 1, '{0,1 day,-1 day,90 days,1 mon 1 day 1 hour,178000000 years,-178000000 years,2147483647 '
			'days,2562047788:00:54.775807}'),
	('type date', 1, '{2000-01-01,2026-01-31,"4714-11-24 BC",5874897-12-31,infinity,-infinity,1900-01-01}'),
	('type timestamp without time zone', 1,
			'{"2000-01-01 00:00","4714-11-24 00:00 BC","294276-12-31 23:59:59.999999",infinity,-infinity}'),
	('type timestamp with time zone', 1, '{"2000-01-01 00:00Z","2026-03-29 01:00Z","4714-11-24 00:00Z '
			'BC","294276-12-31 23:59:59.999999Z",infinity,-infinity}'),
	('type daterange', 1, '{empty,"(,)","[2000-01-01,)","[2000-01-01,2026-02-01)","(,2000-01-01)","[4714-11-24 '
			'BC,5874897-12-31)","[-infinity,infinity)","[infinity,)"}'),
	('type datemultirange', 1, ARRAY['{}', '{(,)}', '{[2000-01-01,2000-01-02),[2026-01-01,2026-02-01)}',
			'{[4714-11-24 BC,5874897-12-31)}']),
	('type tsmultirange', 1, ARRAY['{}', '{(,)}', '{[2000-01-01 00:00,2000-01-02 12:00],[2026-01-01 00:00,infinity)}',
			'{[4714-11-24 00:00 BC,294276-12-31 23:59:59.999999)}']),
	('type tstzmultirange', 1, ARRAY['{}', '{(,)}', '{[2000-01-01 00:00Z,2026-03-29 01:00Z]}', '{[-infinity,2000-01-01'
			' 00:00Z)}', '{[4714-11-24 00:00Z BC,294276-12-31 23:59:59.999999Z)}']),
	('type integer', 1, '{0,1,-1,2,9,20,2147483647,-2147483648}'), ('type smallint', 1, '{0,1,-1,9,32767,-32768}'),
	('type bigint', 1, '{0,1,-1,9,1099511627776,4611686018427387904,9223372036854775807,-9223372036854775808}'),
	('type real', 1, '{NaN,Infinity,-Infinity,0,-0,0.1,-9.8,3.4028235e38,1e-45}'),
	('type numeric', 1, '{NaN,Infinity,-Infinity,0,0.00,1,-1,9,99999999.99999999,1e-20,1e-21,1e37,1e60,1e-300,1e131071,'
			'1e-16383,170141183460469231731687303715884105727}'),
	('type boolean', 1, '{true,false}'), ('type text[]', 1, '{"{a,b,c}","{}","{NULL}","{month,day}"}'),
	('type boolean[]', 1, '{"{true,false}","{}","{NULL,true}"}'),
	('type uuid', 1, '{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff}')
) p (pool, weight, literals);
-- intervals have infinities since 17
INSERT INTO kpi_test.extreme (pool, literal)
SELECT pool, literal FROM unnest('{window,duration,horizon,type interval}'::text[]) pool,
	unnest('{infinity,-infinity}'::text[]) literal WHERE current_setting('server_version_num')::int >= 170000;
INSERT INTO kpi_test.extreme (pool, literal, weight) SELECT 'numeric wide', literal, weight FROM kpi_test.extreme
	WHERE pool = 'numeric';

-- The columns of the rows.
CREATE TABLE kpi_test.extreme_column (name text PRIMARY KEY, type regtype, pool text);
INSERT INTO kpi_test.extreme_column
SELECT replace(pool, ' ', '_') || '_' || i, type::regtype, pool FROM (VALUES
	('numeric', 'numeric', 2), ('numeric wide', 'numeric', 2), ('bigint', 'bigint', 2), ('integer', 'integer', 2),
	('smallint', 'smallint', 2), ('float', 'double precision', 2),
	('float any', 'double precision', 2), ('real', 'real', 2),
	('attainment', 'double precision', 1), ('weight', 'double precision', 1),
	('amount', 'numeric', 1), ('amount long', 'numeric', 1), ('amount any', 'numeric', 1),
	('score', 'bigint', 1), ('score float', 'double precision', 1), ('score numeric', 'numeric', 1),
	('csat', 'bigint', 1), ('csat float', 'double precision', 1), ('csat numeric', 'numeric', 1),
	('scale', 'integer', 1), ('boxes', 'integer', 1), ('boolean', 'boolean', 2), ('date', 'date', 1),
	('timestamp', 'timestamp', 1), ('instant', 'timestamptz', 1),
	('date infinite', 'date', 3), ('timestamp infinite', 'timestamp', 3), ('instant infinite', 'timestamptz', 3),
	('window', 'interval', 1), ('duration', 'interval', 1), ('seconds', 'double precision', 1),
	('during early', 'daterange', 1), ('during middle', 'daterange', 1), ('during late', 'daterange', 1),
	('key bigint', 'bigint', 2), ('key uuid', 'uuid', 2), ('key text', 'text', 2), ('step', 'text', 1),
	('reached', 'boolean[]', 1)
) c (pool, type, n), LATERAL generate_series(1, n) i;
DO $$
BEGIN
	EXECUTE (SELECT format('CREATE TABLE kpi_test.extreme_row (id int NOT NULL, shard int NOT NULL, team '
			'int, %s) PARTITION BY LIST (shard)', string_agg(format('%I %s', name, type), ', ' ORDER BY name))
			FROM kpi_test.extreme_column);
	EXECUTE (SELECT format('CREATE TABLE kpi_test.extreme_stored (id int NOT NULL, shard int NOT NULL, team '
			'int, %s) PARTITION BY LIST (shard)', string_agg(format('v_%s %s', name, type), ', ' ORDER BY name))
			FROM kpi_test.base_type);
	FOR i IN 0 .. 4 LOOP
		EXECUTE format('CREATE TABLE kpi_test.extreme_row_%s PARTITION OF kpi_test.extreme_row FOR VALUES IN (%1$s)',
				i);
		EXECUTE format(
				'CREATE TABLE kpi_test.extreme_stored_%s PARTITION OF kpi_test.extreme_stored FOR VALUES IN (%1$s)', i);
	END LOOP;
	EXECUTE (SELECT string_agg(format('CREATE TABLE kpi_test.received_%s (i int, v %s, printed text)', name, type), ';')
			FROM kpi_test.base_type);
END $$;

-- Values of the extension's types: the samples, and what the aggregates made, by where they come from: those of one
-- family go together.
CREATE TABLE kpi_test.extreme_value (type regtype, family text, literal text);
INSERT INTO kpi_test.extreme_value SELECT type, 'samples', literal FROM kpi_test.sampled;
INSERT INTO kpi_test.extreme_value
SELECT type::regtype, 'samples', literal FROM (VALUES
	('nps_summary', '(4611686018427387904,0,0)'), ('nps_summary', '(4611686018427387903,0,0)'),
	('nps_summary', '(1,4611686018427387902,1)'), ('nps_summary', '(0,0,4611686018427387904)'),
	('rate_summary', '(4611686018427387903,4611686018427387903)'), ('rate_summary', '(0,4611686018427387904)'),
	('rate_summary', '(1,4611686018427387903)'),
	('ratio_summary', '(1' || repeat('0', 131071) || ',-' || repeat('9', 131071) || '.' || repeat('9', 16383) || ')'),
	('ratio_summary', '(0.' || repeat('0', 16382) || '1,1' || repeat('0', 400) || ')'),
	('ratio_summary', '(' || repeat('9', 131092) || ',1)'),
	('ratio_summary', '(Infinity,0.' || repeat('0', 299) || '1)'),
	('ratio_summary', '(NaN,-1' || repeat('0', 60) || ')'), ('ratio_summary', '(-Infinity,0.00)'),
	('ratio_summary', '(-99999999999999999999999999999999999999999999999999999999.99999999999999999999,)'),
	('ratio_frame', '(' || repeat('9', 131092) || ',2,1,0,0,1;0.' || repeat('0', 16382)
			|| '1,4611686018427387904,0,0,0,4611686018427387904)'),
	('ratio_frame', '(0,4611686018427387903,4611686018427387903,0,0,0;1' || repeat('0', 60) || '.0,3,1,0,1,1)'),
	('ratio_summary_float', '(1.7976931348623157e+308,5e-324)'), ('ratio_summary_float', '(NaN,-Infinity)'),
	('ratio_summary_float', '(-1.7976931348623157e+308,-1.7976931348623157e+308)'),
	('duration_summary', '(4611686018427387904,0,0,0;0:4611686018427387904)'),
	('duration_summary', '(1,9223372036854775807,9223372036854775807,9223372036854775807;7295:1)'),
	('duration_summary', '(4611686018427387903,42535295865117307919086767873688862721,9223372036854775807,'
			'9223372036854775807;7295:4611686018427387903)'),
	('clv_sample', '(,bigint,0,"","9000 bg/nbd";0:30=4611686018427387904)'),
	('clv_sample', '(,bigint,0,"","9000 bg/nbd";0:30=4611686018427387903;4294967303:30=4611686018427387904)'),
	('clv_sample', '(,bigint,0,"","9000 bg/nbd";-1:4607182418800017408=4611686018427387904;4294967303:30=20)'),
	('customer_amounts',
			'(,bigint,0,"";1:0=170141183460469231731687303715884105727;2:0=-170141183460469231731687303715884105728)'),
	('revenue_summary', '(month,bigint,38,'
			'"";-9223372036854775808:-80546=1;9223372036854775807:312=170141183460469231731687303715884105727)'),
	('revenue_summary', '(month,bigint,0,'
			'"";-9223372036854775808:312=170141183460469231731687303715884105727;'
			'9223372036854775807:312=-170141183460469231731687303715884105728)'),
	('rfm', '(4714-11-24 '
			'BC=-170141183460469231731687303715884105728;5874897-12-31=170141183460469231731687303715884105727)'),
	('rfm', '(4714-11-24 BC=0.00000000000000000001;2000-01-01=92233720368.54775807)'),
	('activity_summary', '(day,bigint,0,"";-9223372036854775808:-2451545;9223372036854775807:2145031948)'),
	('activity_summary', '(year,bigint,0,"";0:-6713;1:5872897)'),
	('funnel_summary', '(,bigint,64,"' || repeat('","', 64) ||
			'";-9223372036854775808:-211813488000000000@8000000000000001;'
			'9223372036854775807:9223371331199999999@ffffffffffffffff)')
) v (type, literal) WHERE to_regtype(type) IS NOT NULL;

-- What differs from one place and seed to another.
CREATE FUNCTION kpi_test.chance(seed bigint, place text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN hashtextextended(place, seed) & 9007199254740991;
CREATE FUNCTION kpi_test.pick(pool text, chance bigint) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT literals[1 + chance % cardinality(literals)] FROM kpi_test.pool p WHERE p.pool = $1
$$;

-- Rows of a new round.  Some numbers are of the round alone; the rows of shard 4 have nothing.
CREATE FUNCTION kpi_test.extreme_round(seed bigint, rows int DEFAULT 60) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM kpi_test.extreme WHERE random;
	INSERT INTO kpi_test.extreme (pool, literal, random)
	SELECT p, CASE WHEN kpi_test.chance(seed, 'sign' || i) % 2 = 0 THEN '-' ELSE '' END
		|| kpi_test.chance(seed, 'digits' || i) || 'e' || kpi_test.chance(seed, 'exponent' || i) % 120 - 60, true
	FROM generate_series(1, 30) i, unnest('{numeric,numeric wide}'::text[]) p
	UNION ALL
	-- each also with the other sign, so that sums come back
	SELECT p, CASE WHEN kpi_test.chance(seed, 'sign' || i) % 2 = 0 THEN '' ELSE '-' END
		|| kpi_test.chance(seed, 'digits' || i) || 'e' || kpi_test.chance(seed, 'exponent' || i) % 120 - 60, true
	FROM generate_series(1, 20) i, unnest('{numeric,numeric wide}'::text[]) p
	UNION ALL
	SELECT 'reached', '{'
		|| string_agg((ARRAY['t', 'f', 'f', 'NULL'])[1 + kpi_test.chance(seed, format('reached %s %s', i, j)) % 4], ',')
		|| '}', true
	FROM generate_series(1, 20) i, generate_series(1, 65) j GROUP BY i;
	DELETE FROM kpi_test.pool;
	INSERT INTO kpi_test.pool SELECT pool, array_agg(literal ORDER BY literal, i)
		FROM kpi_test.extreme, LATERAL generate_series(1, weight) i GROUP BY pool;
	DELETE FROM kpi_test.extreme_value WHERE family <> 'samples';
	TRUNCATE kpi_test.extreme_row, kpi_test.extreme_stored;
	EXECUTE (SELECT format('INSERT INTO kpi_test.extreme_row (id, shard, team, %s) SELECT id, id %% 4, id / 4 %% 2, %s '
			'FROM generate_series(1, $2) id',
		string_agg(quote_ident(name), ', ' ORDER BY name), string_agg(
				format('kpi_test.pick(%L, kpi_test.chance($1, %L || id))::%s', pool, name, type), ', ' ORDER BY name))
				FROM kpi_test.extreme_column) USING seed, rows;
	INSERT INTO kpi_test.extreme_row (id, shard, team) SELECT rows + i, 4, i % 2 FROM generate_series(0, 4) i;
	INSERT INTO kpi_test.extreme_stored (id, shard, team) SELECT id, shard, team FROM kpi_test.extreme_row;
	ANALYZE kpi_test.extreme_row, kpi_test.extreme_stored;
END $$;

-- The aggregates of the extension.
CREATE VIEW kpi_test.extreme_aggregate AS
	SELECT p.oid::regprocedure AS signature, p.proname AS name, p.prorettype::regtype AS result,
		p.proargtypes::regtype[] AS types,
		(SELECT array_agg(coalesce(p.proargnames[i], '') ORDER BY i) FROM generate_series(1, p.pronargs) i) AS names,
		a.aggtransfn::oid::regproc AS step, a.aggcombinefn::oid::regproc AS combine,
		a.aggfinalfn::oid::regproc AS final, a.aggtranstype::regtype AS state, a.agginitval AS initial,
		a.aggmtransfn::oid::regproc AS mstep, a.aggminvtransfn::oid::regproc AS mback,
		a.aggmfinalfn::oid::regproc AS mfinal, a.aggmtranstype::regtype AS mstate, a.aggminitval AS minitial,
		EXISTS (SELECT FROM kpi_test.base_type b, unnest(p.proargtypes) WITH ORDINALITY t(type, i)
			WHERE b.type = t.type AND p.proargnames[i] IS DISTINCT FROM 'prior') AS stored,
		(SELECT b.name FROM kpi_test.base_type b WHERE b.type = p.prorettype) AS result_type
	FROM kpi_test.member JOIN pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid
		JOIN pg_aggregate a ON a.aggfnoid = p.oid;

-- Does this run take values that an order of the rows may carry out of range on the way, or whose sum depends on the
-- order?
CREATE FUNCTION kpi_test.any_values(seed bigint) RETURNS boolean
	LANGUAGE sql IMMUTABLE RETURN kpi_test.chance(seed, 'any values') % 4 = 0;

-- An argument as an expression over the rows; parameters are one constant for all of them.
CREATE FUNCTION kpi_test.extreme_argument(aggregate name, argument text, type regtype, place int, seed bigint)
	RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	loose boolean := kpi_test.any_values(seed);
	wide text := CASE WHEN kpi_test.chance(seed, 'wide') % 3 = 0 THEN '_wide' ELSE '' END;
	era text := kpi_test.pick('era', kpi_test.chance(seed, 'era'));
	parameter text := CASE
		WHEN argument = 'unit' THEN 'unit'
		WHEN argument = 'through' THEN 'through ' || era
		WHEN argument = 'as_of' AND aggregate ~ '^clv' THEN 'as of'
		WHEN argument IN ('horizon', 'model', 'prior', 'discount', 'steps', 'limits', 'mode') THEN argument
		WHEN argument = 'within' AND aggregate = 'funnel_depth' THEN 'window'
		WHEN type = 'daterange'::regtype AND argument IN ('before', 'after') THEN 'range' END;
	moment text := CASE type WHEN 'date'::regtype THEN 'date' WHEN 'timestamp'::regtype THEN 'timestamp'
			WHEN 'timestamptz'::regtype THEN 'instant' END;
BEGIN
	IF parameter IS NOT NULL THEN
		RETURN format('%L::%s', kpi_test.pick(parameter, kpi_test.chance(seed, parameter || argument)), type);
	END IF;
	RETURN CASE
		WHEN type IN (SELECT b.type FROM kpi_test.base_type b) THEN 'v_'
			|| (SELECT b.name FROM kpi_test.base_type b WHERE b.type = extreme_argument.type)
		WHEN argument = 'amount' AND type = 'numeric'::regtype THEN CASE WHEN loose THEN 'amount_any_1'
				WHEN kpi_test.chance(seed, 'long') % 2 = 0 THEN 'amount_long_1' ELSE 'amount_1' END
		WHEN argument = 'score' THEN format('%s%s_1::%s', CASE WHEN aggregate ~ '^csat' THEN 'csat' ELSE 'score' END,
			CASE type WHEN 'float8'::regtype THEN '_float' WHEN 'numeric'::regtype THEN '_numeric' ELSE '' END, type)
		WHEN argument IN ('scale', 'boxes', 'attainment', 'weight', 'duration', 'seconds') THEN argument || '_1'
		WHEN argument IN ('customer', 'document') AND type IN ('bigint'::regtype, 'uuid', 'text')
			THEN format('key_%s_%s', type, CASE argument WHEN 'customer' THEN 1 ELSE 2 END)
		WHEN argument = 'at' THEN CASE WHEN kpi_test.chance(seed, 'infinite') % 3 = 0 THEN moment || '_infinite_1'
				ELSE moment || '_1' END
		WHEN argument = 'days' THEN 'NULL::integer'
		WHEN aggregate = 'duration_summary' AND argument = 'started' THEN moment || '_1'
		WHEN argument = 'ended' THEN format('greatest(%1$s_1, %1$s_infinite_2)', moment)
		WHEN argument IN ('due', 'done', 'started', 'converted', 'as_of') THEN moment || '_infinite_'
			|| CASE WHEN argument IN ('due', 'started') THEN 1 WHEN argument = 'as_of' THEN 3 ELSE 2 END
		WHEN argument = 'within' THEN 'window_1'
		WHEN argument = 'during' THEN 'during_' || era || '_1'
		WHEN argument = 'step' THEN 'step_1'
		WHEN argument = 'reached'
			THEN format('reached_1[1:%s]', kpi_test.pick('length', kpi_test.chance(seed, 'length')))
		WHEN type = 'boolean'::regtype THEN 'boolean_' || place
		WHEN type = 'float8'::regtype THEN 'float' || CASE WHEN loose THEN '_any' ELSE '' END || '_'
			|| CASE argument WHEN 'amount' THEN 1 ELSE place END
		WHEN type = 'real'::regtype THEN 'real_' || CASE argument WHEN 'amount' THEN 1 ELSE place END
		WHEN type = 'numeric'::regtype THEN 'numeric' || wide || '_' || place
		WHEN type IN ('bigint'::regtype, 'integer', 'smallint')
			THEN format('%s_%s', type, CASE argument WHEN 'amount' THEN 1 ELSE place END) END;
END $$;

-- The only value of a query as text, an error as "error SQLSTATE: message".
CREATE FUNCTION kpi_test.outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE query INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN format('error %s: %s', SQLSTATE, left(SQLERRM, 300));
END $$;
CREATE FUNCTION kpi_test.is_error(outcome text) RETURNS boolean
	LANGUAGE sql IMMUTABLE RETURN coalesce(outcome LIKE 'error _____: %', false);
-- Errors that may be: of data, and of limits.
CREATE FUNCTION kpi_test.is_wrong(outcome text) RETURNS boolean
	LANGUAGE sql IMMUTABLE RETURN coalesce(outcome ~ '^error (?!22|54)', false);

-- Are two outcomes of the same rows alike?  One error is as good as another.  Loosely: errors, and the last digits, may
-- depend on the order.
CREATE FUNCTION kpi_test.alike(a text, b text, loosely boolean) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN NOT kpi_test.is_wrong(a) AND NOT kpi_test.is_wrong(b)
		AND (loosely OR a IS NOT DISTINCT FROM b OR (kpi_test.is_error(a) AND kpi_test.is_error(b)));

-- Do the values of a query, columns i and v, read back from text and binary form?  Returns the first that doesn't.
CREATE FUNCTION kpi_test.read_back(name text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/kpi_test_extremes';
	type regtype := (SELECT b.type FROM kpi_test.base_type b WHERE b.name = read_back.name);
	wrong text;
BEGIN
	EXECUTE format('DELETE FROM kpi_test.received_%s', name);
	EXECUTE format('COPY (SELECT i, v, v::text FROM (%s) q) TO %L (FORMAT binary)', query, file);
	EXECUTE format('COPY kpi_test.received_%s FROM %L (FORMAT binary)', name, file);
	EXECUTE format('SELECT left(printed, 300) FROM kpi_test.received_%s WHERE v::text <> printed OR v <> printed::%s '
			'LIMIT 1', name, type) INTO wrong;
	RETURN 'another value comes back of ' || wrong;
EXCEPTION WHEN OTHERS THEN
	RETURN format('not read back: %s: %s', SQLSTATE, left(SQLERRM, 300));
END $$;

CREATE FUNCTION kpi_test.plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line LIKE '%' || node || '%' THEN RETURN true; END IF;
	END LOOP;
	RETURN false;
END $$;

-- The same in plain SQL: an expression with the aggregate ({A}, whose arguments are {1}, {2} ...) and a query over
-- {rows}.
-- Where the plain one fails (it overflows earlier) there is nothing to compare.
CREATE TABLE kpi_test.extreme_plain (name text, arguments int, ours text, plain text, of regtype[]);
INSERT INTO kpi_test.extreme_plain (name, arguments, ours, plain) VALUES
	-- money is the shortest decimal of a float
	('cac', 2, '{A}', 'SELECT CASE WHEN sum({2}) > 0 THEN sum({1}::text::numeric) / sum({2}) END FROM {rows}'),
	('ratio_summary', 2, 'numerator({A})', 'SELECT sum({1}) FROM {rows} WHERE {2} IS NOT NULL'),
	('ratio_summary', 2, 'denominator({A})', 'SELECT sum({2}) FROM {rows} WHERE {1} IS NOT NULL'),
	('roi', 2, '{A}', 'SELECT CASE WHEN b > 0 AND b < ''Infinity'' THEN (a - b) / b END FROM (SELECT '
			'sum({1}::text::numeric) AS a, sum({2}::text::numeric) AS b '
			'FROM {rows} WHERE {1} IS NOT NULL AND {2} IS NOT NULL) q'),
	('margin', 2, '{A}', 'SELECT CASE WHEN a > 0 AND a < ''Infinity'' THEN (a - b) / a END FROM (SELECT '
			'sum({1}::text::numeric) AS a, sum({2}::text::numeric) AS b '
			'FROM {rows} WHERE {1} IS NOT NULL AND {2} IS NOT NULL) q'),
	('nps_summary', 1, '{A}', $$SELECT format('(%s,%s,%s)', count(*) FILTER (WHERE {1} >= 9),
			count(*) FILTER (WHERE {1} BETWEEN 7 AND 8), count(*) FILTER (WHERE {1} <= 6)) FROM {rows}$$),
	('nps_agg', 1, '{A}', 'SELECT 100.0::float8 * (count(*) FILTER (WHERE {1} >= 9) - count(*) FILTER (WHERE {1} <= '
			'6)) / nullif(count({1}), 0) FROM {rows}'),
	('rate_summary', 1, '{A}', $$SELECT format('(%s,%s)', count(*) FILTER (WHERE {1}), count({1})) FROM {rows}$$),
	('csat_summary', 1, '{A}', $$SELECT format('(%s,%s)', count(*) FILTER (WHERE {1} > 3), count({1})) FROM {rows}$$),
	('csat_summary', 2, '{A}',
			$$SELECT format('(%s,%s)', count(*) FILTER (WHERE {1} > {2} - 2), count({1} + {2}::bigint)) FROM {rows}$$),
	('csat_summary', 3, '{A}', $$SELECT format('(%s,%s)', count(*) FILTER (WHERE {1} > {2} - {3}),
			count({1} + {2}::bigint + {3}::bigint)) FROM {rows}$$),
	('on_time_summary', 3, '{A}',
			$$SELECT format('(%s,%s)', count(*) FILTER (WHERE {2} <= {1}), count(*)) FROM {rows} WHERE {1} <= {3}$$),
	('conversion_summary', 4, '{A}', $$SELECT format('(%s,%s)', count(*) FILTER (WHERE {2} >= {1} AND {2} <= {1} + {3}),
			count(*)) FROM {rows} WHERE {1} + {3} <= {4}$$),
	('duration_summary', 1, 'responses({A})', 'SELECT count({1}) FROM {rows}'),
	('per_customer', 2, '{A}',
			'SELECT sum({2}::text::numeric) / nullif(count(DISTINCT {1}), 0) FROM {rows} '
			'WHERE {1} IS NOT NULL AND {2} IS NOT NULL'),
	('activity_summary', 3, 'active_customers({A})', 'SELECT count(DISTINCT {1}) FROM {rows} WHERE {2} IS NOT NULL'),
	('revenue_summary', 4, '(SELECT sum(closing + credits) FROM revenue_movements({A}))',
			'SELECT sum({3}::text::numeric) FROM {rows} WHERE {1} IS NOT NULL AND {2} IS NOT NULL'),
	('rfm', 2, 'amount_total({A})', 'SELECT sum({2}::text::numeric) FROM {rows} WHERE {1} IS NOT NULL'),
	('rfm', 2, 'purchase_days({A}) + returns({A})',
			'SELECT count(DISTINCT {1}::date) FROM {rows} WHERE {2} IS NOT NULL'),
	('funnel_summary', 3, '(SELECT customers FROM funnel({A}) WHERE step = 1)',
			'SELECT nullif(count(DISTINCT {1}) FILTER (WHERE ({3})[1]), CASE WHEN bool_or(true = ANY ({3})) THEN -1 '
			'ELSE 0 END) FROM {rows} WHERE {1} IS NOT NULL AND {2} IS NOT NULL'),
	('weighted_score', 2, '{A}', $$SELECT sum({2} * least(greatest({1}, 0), 1)) / nullif(sum({2}), 0) FROM {rows}
			WHERE {1} <> 'NaN' AND {2} IS NOT NULL$$);
-- by the type of the first argument: sums of integers are divided as numeric; ranges of days are not flags
INSERT INTO kpi_test.extreme_plain VALUES
	('ratio_agg', 2, '{A}', 'SELECT sum({1}) / nullif(sum({2}), 0) FROM {rows} '
			'WHERE {1} IS NOT NULL AND {2} IS NOT NULL', '{numeric,float8}'),
	('ratio_agg', 2, '{A}', 'SELECT sum({1})::numeric / nullif(sum({2}), 0) FROM {rows} '
			'WHERE {1} IS NOT NULL AND {2} IS NOT NULL', '{bigint,integer,smallint}'),
	('retention_rate', 2, '{A}',
			'SELECT count(*) FILTER (WHERE {2})::float8 / nullif(count({2}), 0) FROM {rows} WHERE {1}', '{boolean}'),
	('churn_rate', 2, '{A}', 'SELECT count(*) FILTER (WHERE NOT {2})::float8 / nullif(count({2}), 0) FROM {rows} WHERE '
			'{1}', '{boolean}'),
	('repeat_rate', 2, '{A}', 'SELECT count(*) FILTER (WHERE n > 1)::float8 / nullif(count(*), 0) FROM (SELECT '
			'count(DISTINCT {2}) AS n FROM {rows} WHERE {1} IS NOT NULL AND {2} IS NOT NULL GROUP BY {1}) q',
			'{bigint,uuid,text}');

-- What was tried: how many rows are none, and whether the others have a result.
CREATE TABLE kpi_test.extreme_tried (signature regprocedure, seed bigint, bad int, result boolean);

-- One aggregate over the rows of the round.
CREATE FUNCTION kpi_test.extreme_try(of regprocedure, seed bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	a kpi_test.extreme_aggregate;
	here bigint := kpi_test.chance(seed, of::text);
	expressions text[];
	arguments text;
	call text;
	source text;
	good text;
	ids int[];
	family text;
	loosely boolean;
	reference text;
	grouped text;
	empty text;
	got text;
	query text;
	o record;
	n int;
	plain kpi_test.extreme_plain;
	part text;
	parts text[] := '{}';
	counts int[] := '[0:5]={0,0,0,0,0,0}';
	p int;
	q int;
	file text := current_setting('data_directory') || '/kpi_test_extremes';
BEGIN
	SELECT * INTO STRICT a FROM kpi_test.extreme_aggregate WHERE signature = of;
	PERFORM set_config('timezone', kpi_test.pick('zone', kpi_test.chance(here, 'zone')), true),
		set_config('enable_partitionwise_aggregate', 'off', true),
		set_config('max_parallel_workers_per_gather', '0', true),
			set_config('parallel_leader_participation', 'off', true),
		set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
		set_config('min_parallel_table_scan_size', '0', true);
	expressions := (SELECT array_agg(kpi_test.extreme_argument(a.name, argument, type, i::int, here) ORDER BY i)
			FROM unnest(a.names, a.types) WITH ORDINALITY u(argument, type, i));
	IF array_position(expressions, NULL) IS NOT NULL THEN
		RETURN NEXT format('%s: no values for argument %s', of, a.names[array_position(expressions, NULL)]);
		RETURN;
	END IF;
	arguments := array_to_string(expressions, ', ');
	call := format('%s(%s)', of::oid::regproc, arguments);
	source := CASE WHEN a.stored THEN 'kpi_test.extreme_stored' ELSE 'kpi_test.extreme_row' END;
	-- sums of double precision, and of what passes 128 bits on the way, depend on the order; so do stored ones
	part := format('(kpi_test.chance(%s, ''part'' || id) %% 6)::int', here);
	loosely := kpi_test.any_values(here) AND (a.types && '{float8}'::regtype[] OR 'amount' = ANY (a.names));

	-- stored values: of one family, which go together, or of all
	FOR o IN SELECT b.* FROM kpi_test.base_type b WHERE b.type = ANY (a.types) LOOP
		family := (SELECT f FROM (SELECT DISTINCT v.family AS f FROM kpi_test.extreme_value v WHERE v.type = o.type) f
				ORDER BY kpi_test.chance(here, f) LIMIT 1);
		IF kpi_test.chance(here, 'all families') % 8 = 0 THEN family := NULL; END IF;
		EXECUTE format('UPDATE kpi_test.extreme_stored SET v_%s = CASE WHEN shard < 4 THEN (SELECT literal FROM '
				'kpi_test.extreme_value WHERE type = %L::regtype AND family = coalesce($2, family)'
			' ORDER BY kpi_test.chance($1, id || literal) LIMIT 1)::%s END', o.name, o.type, o.type) USING here, family;
		loosely := loosely OR family IS NULL OR family = 'samples' OR family LIKE '%loosely';
	END LOOP;

	-- what is no row: by itself an error, and among others too
	good := 'true';
	reference := kpi_test.outcome(format('SELECT %s::text FROM %s', call, source));
	IF kpi_test.is_wrong(reference) THEN RETURN NEXT format('%s over all rows: %s', call, reference); END IF;
	IF kpi_test.is_error(reference) THEN
		FOR n IN EXECUTE format('SELECT id FROM %s ORDER BY id', source) LOOP
			got := kpi_test.outcome(format('SELECT %s::text FROM %s WHERE id = %s', call, source, n));
			IF kpi_test.is_wrong(got) THEN RETURN NEXT format('%s over row %s: %s', call, n, got); END IF;
			IF NOT kpi_test.is_error(got) THEN ids := ids || n; END IF;
		END LOOP;
		IF ids IS NULL THEN
			INSERT INTO kpi_test.extreme_tried VALUES (of, seed, n, false);
			RETURN;
		END IF;
		good := format('id = ANY (%L::int[])', ids);
		reference := kpi_test.outcome(format('SELECT %s::text FROM %s WHERE %s', call, source, good));
		IF kpi_test.is_wrong(reference) THEN RETURN NEXT format('%s over the good rows: %s', call, reference); END IF;
	END IF;

	INSERT INTO kpi_test.extreme_tried
		VALUES (of, seed, CASE WHEN ids IS NULL THEN 0 ELSE n - cardinality(ids) END, NOT kpi_test.is_error(reference));

	-- other orders and plans
	got := kpi_test.outcome(format('SELECT %s::text FROM (SELECT * FROM %s WHERE %s ORDER BY kpi_test.chance(%s, '
			'id::text)) s', call, source, good, here));
	IF NOT kpi_test.alike(got, reference, loosely)
		THEN RETURN NEXT format('%s shuffled: %s / %s', call, left(got, 300), left(reference, 300)); END IF;
	query := format('SELECT %s::text FROM %s WHERE %s', call, source, good);
	PERFORM set_config('max_parallel_workers_per_gather', '3', true);
	got := kpi_test.outcome(query);
	IF NOT kpi_test.alike(got, reference, loosely)
		THEN RETURN NEXT format('%s parallel: %s / %s', call, left(got, 300), left(reference, 300)); END IF;
	IF NOT kpi_test.plan_has(query, 'Partial Aggregate') THEN RETURN NEXT format('%s is not parallel', call); END IF;
	PERFORM set_config('max_parallel_workers_per_gather', '0', true);
	FOR o IN SELECT * FROM (VALUES ('shard', 'Append'), ('team', 'Partial')) g (key, node) LOOP
		query := format($q$SELECT string_agg(g || ': ' || coalesce(x, 'NULL'), E'\n' ORDER BY g)
				FROM (SELECT %s AS g, %s::text AS x FROM %s WHERE %s GROUP BY %1$s) q$q$, o.key, call, source, good);
		grouped := kpi_test.outcome(query);
		PERFORM set_config('enable_partitionwise_aggregate', 'on', true), set_config('cpu_tuple_cost', '1', true);
		got := kpi_test.outcome(query);
		IF NOT kpi_test.alike(got, grouped, loosely) THEN RETURN NEXT format('%s partition-wise by %s: %s / %s', call,
				o.key, left(got, 300), left(grouped, 300)); END IF;
		IF (ids IS NULL OR cardinality(ids) > 20) AND NOT kpi_test.plan_has(query, o.node)
			THEN RETURN NEXT format('%s is not partition-wise by %s', call, o.key); END IF;
		PERFORM set_config('enable_partitionwise_aggregate', 'off', true), set_config('cpu_tuple_cost', '0.01', true);
	END LOOP;

	-- in two halves, whose states travel as text and as binary
	EXECUTE format('CREATE AGGREGATE kpi_test.first_half(%s) (SFUNC = %s, STYPE = %s%s)',
			array_to_string(a.types, ', '), a.step, a.state, ', INITCOND = ' || quote_literal(a.initial));
	EXECUTE format('CREATE AGGREGATE kpi_test.second_half(%1$s) (SFUNC = %2$s, STYPE = %1$s%3$s%4$s)', a.state,
			a.combine, ', INITCOND = ' || quote_literal(a.initial), ', FINALFUNC = ' || nullif(a.final::text, '-'));
	got := kpi_test.outcome(format('SELECT kpi_test.second_half(part::text::%s)::text FROM (SELECT '
			'kpi_test.first_half(%s) AS part FROM %s WHERE %s GROUP BY shard) w', a.state, arguments, source, good));
	IF NOT kpi_test.alike(got, reference, loosely)
		THEN RETURN NEXT format('%s split as text: %s / %s', call, left(got, 300), left(reference, 300)); END IF;
	BEGIN
		EXECUTE format('DELETE FROM kpi_test.received_%s', a.state);
		EXECUTE format('COPY (SELECT 1, kpi_test.first_half(%s), NULL FROM %s WHERE %s GROUP BY shard) TO %L (FORMAT '
				'binary)', arguments, source, good, file);
		EXECUTE format('COPY kpi_test.received_%s FROM %L (FORMAT binary)', a.state, file);
		got := kpi_test.outcome(format('SELECT kpi_test.second_half(v)::text FROM kpi_test.received_%s', a.state));
	EXCEPTION WHEN OTHERS THEN
		got := format('error %s: %s', SQLSTATE, SQLERRM);
	END;
	IF NOT kpi_test.alike(got, reference, loosely)
		THEN RETURN NEXT format('%s split as binary: %s / %s', call, left(got, 300), left(reference, 300)); END IF;
	EXECUTE format('DROP AGGREGATE kpi_test.first_half(%s)', array_to_string(a.types, ', '));
	EXECUTE format('DROP AGGREGATE kpi_test.second_half(%s)', a.state);

	-- moving frames against the same rows afresh
	FOR o IN SELECT * FROM (VALUES (3, 0), (7, -2), (0, 4), (40, 0)) f (before, after)
		WHERE (before + kpi_test.chance(here, 'frame')) % 2 = 0 LOOP
		query := format($q$WITH t AS MATERIALIZED (SELECT *, row_number() OVER (ORDER BY id) AS i FROM %1$s WHERE %2$s)
			SELECT count(*) FILTER (WHERE moved IS DISTINCT FROM afresh) FROM (
				SELECT (%3$s OVER (ORDER BY i ROWS BETWEEN %4$s PRECEDING AND %5$s))::text AS moved,
					(SELECT %3$s::text FROM (SELECT * FROM t ORDER BY i) s WHERE s.i BETWEEN o.i - %4$s AND o.i + %6$s)
							AS afresh FROM t o) q$q$,
			source, good, call, o.before,
					CASE WHEN o.after < 0 THEN -o.after || ' PRECEDING' ELSE o.after || ' FOLLOWING' END, o.after);
		got := kpi_test.outcome(query);
		-- an error may be that of a frame's rows
		IF got <> '0' AND (kpi_test.is_wrong(got)
				OR NOT (loosely OR (kpi_test.is_error(got) AND kpi_test.is_error(kpi_test.outcome(
				regexp_replace(query, 'SELECT count.*AS moved,', 'SELECT count(afresh) FROM (SELECT')))))) THEN
			RETURN NEXT format('%s over frames of %s before to %s after: %s', call, o.before, o.after, got);
		END IF;
	END LOOP;

	-- plain SQL
	FOR plain IN SELECT * FROM kpi_test.extreme_plain p WHERE p.name = a.name AND p.arguments = cardinality(a.types)
		AND coalesce(a.types[1] = ANY (p.of), true) LOOP
		query := replace(plain.plain, '{rows}', format('(SELECT * FROM %s WHERE %s) r', source, good));
		got := replace(plain.ours, '{A}', call);
		FOR i IN 1 .. cardinality(expressions)
			LOOP query := replace(query, '{' || i || '}', '(' || expressions[i] || ')'); END LOOP;
		query := kpi_test.outcome(query);
		got := kpi_test.outcome(format('SELECT %s FROM %s WHERE %s', got, source, good));
		IF kpi_test.is_wrong(got) OR NOT (loosely OR kpi_test.is_error(query) OR got IS NOT DISTINCT FROM query
				OR (plain.ours <> '{A}' AND kpi_test.is_error(got))) THEN
			RETURN NEXT format('%s: %s, in plain SQL %s', replace(plain.ours, '{A}', call), left(got, 300),
					left(query, 300));
		END IF;
	END LOOP;
	IF a.result_type IS NULL OR kpi_test.is_error(reference) THEN RETURN; END IF;

	-- summaries: of the groups, read back, rolled up, added one after the other
	query := format('SELECT row_number() OVER ()::int AS i, v FROM (SELECT %s AS v FROM %s WHERE %s GROUP BY GROUPING '
			'SETS ((shard), (team), ())) g WHERE v IS NOT NULL', call, source, good);
	got := kpi_test.outcome(format('SELECT count(v) FROM (%s) q', query));
	IF kpi_test.is_error(got) THEN
		IF kpi_test.is_wrong(got) OR NOT loosely THEN RETURN NEXT format('%s over groups: %s', call, got); END IF;
		RETURN;
	END IF;
	got := kpi_test.read_back(a.result_type, query);
	IF got IS NOT NULL THEN RETURN NEXT format('%s: %s', call, got); END IF;
	IF NOT a.stored THEN
		EXECUTE format('INSERT INTO kpi_test.extreme_value SELECT %L::regtype, %L, printed FROM (SELECT printed FROM '
				'kpi_test.received_%s WHERE length(printed) < 400000 ORDER BY i LIMIT 10) s',
			a.result, of || CASE WHEN loosely THEN ' loosely' ELSE '' END, a.result_type);
	END IF;
	IF to_regoperator(format('+(%s,%1$s)', a.result)) IS NULL THEN RETURN; END IF;
	IF to_regprocedure(format('rollup(%s)', a.result)) IS NOT NULL THEN
		got := kpi_test.outcome(format('SELECT rollup(v)::text FROM (SELECT %s AS v FROM %s WHERE %s GROUP BY shard, '
				'team ORDER BY kpi_test.chance(%s, format(''%%s %%s'', shard, team))) g', call, source, good, here));
		IF NOT kpi_test.alike(got, reference, loosely)
			THEN RETURN NEXT format('%s rolled up: %s / %s', call, left(got, 300), left(reference, 300)); END IF;
	END IF;
	-- a walk: the rows in six parts, added, taken away where that can be, rolled up, in any order and several times
	FOR i IN 0 .. 5 LOOP
		parts[i] :=
			kpi_test.outcome(format('SELECT %s::text FROM %s WHERE %s AND %s = %s', call, source, good, part, i));
		-- where the whole is in range a part may not be
		IF kpi_test.is_error(parts[i]) THEN
			IF kpi_test.is_wrong(parts[i]) OR NOT loosely THEN RETURN NEXT format('%s over a part: %s', call, parts[i]);
			END IF;
			RETURN;
		END IF;
	END LOOP;
	empty := kpi_test.outcome(format('SELECT %s::text FROM %s WHERE false', call, source));
	got := empty;
	FOR i IN 1 .. 12 LOOP
		p := kpi_test.chance(here, 'walk' || i) % 6;
		q := kpi_test.chance(here, 'and walk' || i) % 6;
		CASE kpi_test.chance(here, 'step' || i) % 4
			WHEN 0 THEN
				CONTINUE WHEN counts[p] = 0 OR to_regoperator(format('-(%s,%1$s)', a.result)) IS NULL;
				query := format('(%L::%s - %L)::text', got, a.result, parts[p]);
				counts[p] := counts[p] - 1;
			WHEN 1 THEN
				CONTINUE WHEN to_regprocedure(format('rollup(%s)', a.result)) IS NULL;
				query := format('(SELECT rollup(v)::text FROM (VALUES (%L::%s), (%L), (%L)) r(v))', parts[p], a.result,
						got, parts[q]);
				counts[p] := counts[p] + 1;
				counts[q] := counts[q] + 1;
			ELSE
				query := format('(%L::%s + %L)::text', got, a.result, parts[p]);
				IF kpi_test.outcome('SELECT ' || query) IS DISTINCT FROM
					kpi_test.outcome(format('SELECT (%L::%s + %L)::text', parts[p], a.result, got)) THEN
					RETURN NEXT format('%s: + does not commute: %s', call, left(query, 300));
				END IF;
				counts[p] := counts[p] + 1;
		END CASE;
		got := kpi_test.outcome('SELECT ' || query);
		EXIT WHEN kpi_test.is_error(got);
	END LOOP;
	query := kpi_test.outcome(format('SELECT %s::text FROM (SELECT *, %s AS p FROM %s WHERE %s) s, LATERAL '
			'generate_series(1, (%L::int[])[p]) n', call, part, source, good, counts));
	IF NOT kpi_test.alike(got, query, loosely)
		THEN RETURN NEXT format('%s in a walk: %s / %s', call, left(got, 300), left(query, 300)); END IF;

	-- an aggregate that begins with a summary, of these rows or any other: that summary and the rows; moving frames of
	-- it too
	FOR o IN SELECT (SELECT literal FROM kpi_test.extreme_value v WHERE v.type = a.result
			AND (i = 1 OR v.family LIKE of || '%') ORDER BY kpi_test.chance(here, i || literal) LIMIT 1) AS first,
		(SELECT literal FROM kpi_test.extreme_value v WHERE v.type = a.mstate
				ORDER BY kpi_test.chance(here, i || literal) LIMIT 1) AS mfirst FROM generate_series(1, 2) i LOOP
		CONTINUE WHEN o.first IS NULL OR a.state <> a.result;
		EXECUTE format('CREATE AGGREGATE kpi_test.begun(%s) (SFUNC = %s, STYPE = %s, INITCOND = %L%s%s)',
				array_to_string(a.types, ', '), a.step, a.state, o.first,
				', FINALFUNC = ' || nullif(a.final::text, '-'),
			CASE WHEN a.mback <> 0 THEN format(', MSFUNC = %s, MINVFUNC = %s, MSTYPE = %s, MINITCOND = %L%s', a.mstep,
					a.mback, a.mstate, o.mfirst, ', MFINALFUNC = ' || nullif(a.mfinal::text, '-')) END);
		query := kpi_test.outcome(format('SELECT kpi_test.begun(%s)::text FROM %s WHERE %s', arguments, source, good));
		got := kpi_test.outcome(format('SELECT (%L::%s + %L)::text', o.first, a.result, reference));
		-- rows that leave nothing may yet be of another kind
		IF NOT kpi_test.alike(got, query, loosely OR (kpi_test.is_error(query) AND reference = empty)) THEN RETURN NEXT
			format('%s begun with %s: %s, by + %s', call, left(o.first, 300), left(query, 300), left(got, 300)); END IF;
		query := format('SELECT row_number() OVER ()::int AS i, v FROM (SELECT kpi_test.begun(%s) OVER (ORDER BY id '
				'ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS v FROM %s WHERE %s) q', arguments, source, good);
		got := kpi_test.outcome(format('SELECT count(v) FROM (%s) q', query));
		IF kpi_test.is_wrong(got) THEN RETURN NEXT format('%s begun with %s over frames: %s', call, left(o.mfirst, 300),
				got);
		ELSIF NOT kpi_test.is_error(got) THEN
			got := kpi_test.read_back(a.result_type, query);
			IF got IS NOT NULL THEN RETURN NEXT format('%s begun with %s over frames: %s', call, left(o.mfirst, 300),
					got); END IF;
		END IF;
		EXECUTE format('DROP AGGREGATE kpi_test.begun(%s)', array_to_string(a.types, ', '));
	END LOOP;
END $$;

-- A literal of a type: any value there is of the extension's, any of those above, else the one of samples.sql.
CREATE FUNCTION kpi_test.extreme_literal(of regtype, chance bigint) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT literal FROM kpi_test.extreme_value WHERE type = of
			ORDER BY kpi_test.chance(chance, family || literal) LIMIT 1),
		kpi_test.pick('type ' || of, chance), kpi_test.literal(of))
$$;

-- Functions that take the type, each called some times with extreme arguments: a result or an error of data; a value of
-- the extension reads back.
CREATE FUNCTION kpi_test.extreme_calls(of regtype, seed bigint, times int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	f record;
	call text;
	got text;
BEGIN
	FOR f IN SELECT c.signature, c.prokind, c.nspname, c.proname, c.proargtypes, c.prorettype, c.proretset,
		b.name AS result_type, g AS n
		FROM kpi_test.callable c LEFT JOIN kpi_test.base_type b ON b.type = c.prorettype,
			LATERAL generate_series(1, times) g WHERE of = ANY (c.proargtypes) ORDER BY signature, n
	LOOP
		call := format('%I.%I(%s)', f.nspname, f.proname, (SELECT string_agg(format('%L::%s', kpi_test.extreme_literal(
				type, kpi_test.chance(seed, format('%s %s %s', f.signature, f.n, i))), type::regtype), ', ' ORDER BY i)
			FROM unnest(f.proargtypes) WITH ORDINALITY u(type, i)));
		IF f.prokind = 'a' THEN
			got := kpi_test.outcome(format('SELECT %s::text FROM generate_series(1, 2)', call));
		ELSE
			got := kpi_test.outcome(format('SELECT string_agg(x::text, ''; '') FROM (SELECT x FROM %s x LIMIT 1000) s',
					call));
		END IF;
		IF kpi_test.is_wrong(got) THEN
			RETURN NEXT format('%s: %s', left(call, 1000), got);
		ELSIF f.result_type IS NOT NULL AND got IS NOT NULL AND NOT kpi_test.is_error(got) THEN
			got := kpi_test.read_back(f.result_type, format('SELECT 1 AS i, %s AS v%s', call,
					CASE f.prokind WHEN 'a' THEN ' FROM generate_series(1, 2)' ELSE '' END));
			IF got IS NOT NULL THEN RETURN NEXT format('%s: %s', left(call, 1000), got); END IF;
		END IF;
	END LOOP;
END $$;

-- Operators of two values of the type, and what holds for three of them.
CREATE FUNCTION kpi_test.extreme_operators(of regtype, seed bigint, times int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	name text := (SELECT b.name FROM kpi_test.base_type b WHERE b.type = of);
	o record;
	v text[];
	got text;
	other text;
BEGIN
	FOR i IN 1 .. times LOOP
		v := (SELECT array_agg(kpi_test.extreme_literal(of, kpi_test.chance(seed, format('%s %s %s', of, i, j))))
				FROM generate_series(1, 3) j);
		FOR o IN SELECT oprname, oprright::regtype AS right_type, oprleft::regtype AS left_type,
			(SELECT b.name FROM kpi_test.base_type b WHERE b.type = oprresult) AS result_type
			FROM kpi_test.member JOIN pg_operator p ON classid = 'pg_operator'::regclass AND objid = p.oid
				WHERE of IN (oprleft, oprright)
		LOOP
			got := format('(%L::%s %s %L::%s)', CASE WHEN o.left_type = of THEN v[1]
					ELSE kpi_test.extreme_literal(o.left_type, seed + i) END, o.left_type, o.oprname,
				CASE WHEN o.right_type = of THEN v[2] ELSE kpi_test.extreme_literal(o.right_type, seed + i) END,
						o.right_type);
			other := kpi_test.outcome(format('SELECT %s::text', got));
			IF kpi_test.is_wrong(other) THEN RETURN NEXT format('%s: %s', left(got, 1000), other); END IF;
			IF o.result_type IS NOT NULL AND NOT kpi_test.is_error(other) THEN
				other := kpi_test.read_back(o.result_type, 'SELECT 1 AS i, ' || got || ' AS v');
				IF other IS NOT NULL THEN RETURN NEXT format('%s: %s', left(got, 1000), other); END IF;
			END IF;
		END LOOP;
		-- one order, one equality
		got := kpi_test.outcome(format('SELECT ((a < b)::int + (a = b)::int + (a > b)::int = 1 AND (a <= b) = NOT (a > '
				'b) AND (a >= b) = NOT (a < b) AND (a <> b) = NOT (a = b) AND (a = b) = (%1$s_cmp(a, b) = 0)'
			' AND (a <> b OR %1$s_hash(a) = %1$s_hash(b)) AND (a <= b AND b <= c) <= (a <= c))::text FROM (VALUES '
					'(%2$L::%3$s, %4$L::%3$s, %5$L::%3$s)) v(a, b, c)', name, v[1], of, v[2], v[3]));
		IF got IS DISTINCT FROM 'true' THEN RETURN NEXT format('%s: order of %s: %s', of, left(v::text, 1000), got);
		END IF;
		CONTINUE WHEN to_regoperator(format('+(%s,%1$s)', of)) IS NULL;
		-- (a + b) + c = c + (b + a); an error may be in the sum of two
		got := kpi_test.outcome(format('SELECT ((%L::%s + %L) + %L)::text', v[1], of, v[2], v[3]));
		other := kpi_test.outcome(format('SELECT (%1$L::%2$s + (%3$L::%2$s + %4$L))::text', v[3], of, v[2], v[1]));
		IF kpi_test.is_wrong(got) OR kpi_test.is_wrong(other) OR (got <> other AND NOT kpi_test.is_error(got)
				AND NOT kpi_test.is_error(other) AND of::text !~ 'float') THEN
			RETURN NEXT format('%s: %s: (a + b) + c = %s, c + (b + a) = %s', of, left(v::text, 1000), left(got, 300),
					left(other, 300));
		END IF;
		IF to_regprocedure(format('rollup(%s)', of)) IS NOT NULL THEN
			other := kpi_test.outcome(format('SELECT rollup(x)::text FROM unnest(%L::%s[]) x', v, of));
			IF kpi_test.is_wrong(other) OR (got <> other AND NOT kpi_test.is_error(got) AND NOT kpi_test.is_error(other)
					AND of::text !~ 'float') THEN
				RETURN NEXT format('%s: %s: a + b + c = %s, rolled up %s', of, left(v::text, 1000), left(got, 300),
						left(other, 300));
			END IF;
			got := kpi_test.outcome(
					format('SELECT count(*) FROM (SELECT (rollup(x) OVER (ORDER BY i ROWS 1 PRECEDING))::text AS '
					'moved, (SELECT rollup(y)::text FROM unnest((%L::%s[])[i - 1 : i]) y) AS afresh'
				' FROM unnest(%1$L::%2$s[]) WITH ORDINALITY u(x, i)) m WHERE moved IS DISTINCT FROM afresh', v, of));
			IF kpi_test.is_wrong(got) OR (got <> '0' AND NOT kpi_test.is_error(got))
				THEN RETURN NEXT format('%s: %s: over frames: %s', of, left(v::text, 1000), got); END IF;
		END IF;
	END LOOP;
END $$;
