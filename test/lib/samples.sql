-- Sample values for tests that treat every base type of the extension alike.  A new type needs lines here: the test
-- 010_binary fails without.  In schema kpi_test, never part of the extension.
CREATE SCHEMA kpi_test;

-- Valid literals: the empty value where there is one, ordinary ones, the extremes.
CREATE TABLE kpi_test.sample (type text, literal text);
INSERT INTO kpi_test.sample VALUES
	('nps_summary', '(0,0,0)'),
	('nps_summary', '(70,20,10)'),
	('nps_summary', '(0,4611686018427387904,0)'),
	('rate_summary', '(0,0)'),
	('rate_summary', '(8,10)'),
	('rate_summary', '(4611686018427387904,4611686018427387904)'),
	('ratio_summary', '(,)'),
	('ratio_summary', '(1234.50,10)'),
	('ratio_summary', '(-0.00000000000000000000000001,NaN)'),
	('ratio_summary', '(123456789012345678901234567890123456789012345678901234567890,-Infinity)'),
	('ratio_frame', '(0,0,0,0,0,0;0,0,0,0,0,0)'),
	('ratio_frame', '(1234.50,2,0,0,0,1;10,3,1,0,0,2)'),
	('ratio_summary_float', '(,)'),
	('ratio_summary_float', '(1234.5,10)'),
	('ratio_summary_float', '(-0,Infinity)'),
	('duration_summary', '(0)'),
	('duration_summary', '(1,0,0,0;0:1)'),
	('duration_summary', '(5,7201500001,0,3600000000;0:1,1:1,1847:1,3286:2)'),
	('duration_summary', '(4,7200000300,300,3600000000;0=0,300=2,3600000000=4;278:2,3286:2)'),
	('revenue_summary', '()'),
	('revenue_summary', '(month,bigint,2,"";-7:288=10050+1=-3;9:289=0)'),
	('revenue_summary', '(month,text,1,"","9542";00000000000000ff:312=1000+1=-5)'),
	('revenue_summary',
			'(week sun,text,0,"Europe/Berlin";00000000000000ff:-5=170141183460469231731687303715884105727)'),
	('customer_amounts', '(,bigint,2,"";1:0=1050;2:0=-700)'),
	('customer_amounts', '(,uuid,20,"";0123456789abcdef:0=1)'),
	('funnel_summary', '()'),
	('funnel_summary', '(,bigint,2,"","visit","say \"é\"";-7:757382400000000@1+0@2+5@3;12:-1@1)'),
	('funnel_summary', '(,text,3,"UTC","","","";d059276a32b92239:0@7)'),
	('funnel_events', '(,bigint,2,"","0 1 0 reached","";0:0@1+60000000@2)'),
	('funnel_events', '()'),
	('funnel_events', '(,bigint,2,"UTC","1 0 5000000","";0:0@1+0@3)'),
	('funnel_events', '(,bigint,1,"","";0:757382400000000@1)'),
	('activity_summary', '()'),
	('activity_summary', '(month,bigint,0,"";-7:288+1+12;42:-3)'),
	('activity_summary', '(quarter,bigint,0,"","-366";-7:-8+1;42:-6)'),
	('activity_summary', '(week sun,uuid,0,"Europe/Berlin";00c0ffee12345678:24;ffffffffffffffff:24+1)'),
	('retention_set', '()'),
	('retention_set', '(,bigint,1,"","8766..8797,8797..";7:0+1)'),
	('repeat_set', '()'),
	('repeat_set', '(,text,0,"";2ba3e8e9a71148ca:4+5)'),
	('repeat_set', '(,bigint,0,"UTC";7:-9223372036854775808+18446744073709551615)'),
	('clv_model', 'sbg(alpha=0.7 se 0.07, beta=1.2 se 0.15) log-likelihood=-1680.3 customers=1000 unit=period'),
	('clv_model', 'pareto/nbd(r=0.5 se 0.05, alpha=74 se 5, s=0.6 se 0.18, beta=82 se 43) log-likelihood=-14376 '
			'customers=2357 unit=day value none'),
	('clv_model', 'mbg/nbd(r=1e-06 se 0, alpha=1e+15 se 1e+300, a=1 se 1, b=1 se 1) log-likelihood=-0.5 '
			'customers=4611686018427387904 unit=day value none'),
	('clv_model', 'bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-14363.5 '
			'customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4) '
			'log-likelihood=-4055.9 customers=946'),
	('clv_model', 'bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7; correlations 0.9 -0.125 1 -1 '
			'0 0.5) prior=weak log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 '
			'se 0.3, gamma=15.5 se 4; correlations -0.7 -0.97 0.83) prior=model log-likelihood=-0.5 customers=0'),
	('clv_model', 'pareto/nbd(r=0.5 se 0.05, alpha=74 se 5, s=0.6 se 0.18, beta=82 se 43; correlations 0 0 0 0 0 0) '
			'prior=model log-likelihood=-14376 customers=2357 unit=day value none'),
	('clv_sample', '()'),
	('clv_sample', '(,bigint,0,"","9000 bg/nbd";-3:4628293042053316608=2;0:30=5;4294967303:30=1)'),
	('clv_sample', '(,bigint,0,"","9000 prior bg/nbd 0.25 31 0.8 2.4 6.25 3.7 15.5";0:30=5;4294967303:30=1)'),
	('clv_history', '()'),
	('clv_history', '(day,bigint,2,"","9000 0 90 0 0.1 pareto/nbd";-7:8000=1050+30=-200;9:9000=0)'),
	('clv_history', '(day,bigint,0,"","9000 12 0 0 0 prior mbg/nbd 1e-06 1e+15 1 1";7:8000=5)'),
	('clv_history', '(day,bigint,2,"","9000 0 90 0";-7:8000=1050+30=-200;9:9000=0)'),
	('clv_history',
			'(day,text,0,"UTC","9000 12 0 3600000000";00000000000000ff:-5=170141183460469231731687303715884105727)'),
	('rfm', '()'),
	('rfm', '(2015-01-01=1.00;2015-02-06=-2.50;2400-02-29=0.00)'),
	('rfm', '("Europe/Berlin";0044-03-15 BC=170141183460469231731687303715884105727)'),
	('business_hours', 'Mon-Sun 00:00-24:00 @ UTC'),
	('business_hours', 'Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @ Asia/Shanghai'),
	('business_hours', 'Mon,Wed 22:00-06:00:30; Make-up 10:00-16:00 @ America/New_York'),
	('business_hours', 'Mon-Fri 09:00-17:00; 2026-12-24,2026-12-31 09:00-13:00; 2026-12-28 closed @ Europe/London'),
	('business_hours', 'Mon 09:00-17:00; from 0001-01-01 Fri 08:00-09:00; from 9999-12-31 Sun 22:00-21:00 @ UTC'),
	('business_hours', 'Mon 09:00-17:00; 0001-01-01 closed; 9999-12-31 00:00-24:00 @ UTC'),
	('kpi_target', '>= 50'),
	('kpi_target', '<= 4 warn 6'),
	('kpi_target', '[10,20] warn [8,25]'),
	('kpi_target', '>= 50 warn 40 from 30'),
	('kpi_target', '[-5%,+5%] warn [-7.5%,] on year ago'),
	('kpi_target', '<= 1000 warn 1100 recover 990'),
	('kpi_target', '[10,20] recover [11,]');

-- Columns of the rows over which the reference shows an aggregate: a list for the first argument of a type, and one for
-- the second.  Of types that an aggregate has a choice of, the first.
CREATE TABLE kpi_test.example_row (type text, literals text[]);
INSERT INTO kpi_test.example_row VALUES
	('integer', '{10,9,3}'),
	('boolean', '{true,true,false}'), ('boolean', '{true,false,true}'),
	('numeric', '{300.00,90.00,50.00}'), ('numeric', '{200.00,100.00,20.00}'),
	('bigint', '{1,1,2}'), ('bigint', '{10,11,12}'),
	('date', '{2026-01-05,2026-02-10,2026-01-20}'),
	('text', '{Ann,Ann,Ben}'), ('text', '{A1,A2,A3}'),
	('interval', '{1 hour,2 hours,8 hours}'),
	('double precision', '{1.2,0.5,0.8}'), ('double precision', '{1,1,2}');

-- What to give for the other arguments of a function; an enum gets its first value.
CREATE TABLE kpi_test.argument (type text, literal text);
INSERT INTO kpi_test.argument VALUES
	('uuid', '00c0ffee-1234-5678-9abc-def012345678'),
	('boolean', 'true'),
	('smallint', '9'),
	('integer', '9'),
	('bigint', '9'),
	('numeric', '9'),
	('double precision', '0.95'),
	('real', '0.95'),
	('interval', '2 days'),
	('date', '2026-01-31'),
	('timestamp without time zone', '2026-01-31 12:00'),
	('timestamp with time zone', '2026-01-31 12:00+00'),
	('daterange', '[2026-01-01,2026-02-01)'),
	('datemultirange', '{[2026-01-01,2026-01-02)}'),
	('tsmultirange', '{[2026-01-01 10:00,2026-01-01 11:00)}'),
	('tstzmultirange', '{[2026-01-01 10:00+00,2026-01-01 11:00+00)}'),
	('text', 'x'),
	('regclass', 'pg_am'),
	('regrole', 'pg_monitor'),
	('text[]', '{x,y}'),
	('interval[]', '{1 hour,2 days}'),
	('bigint[]', '{3,2,1}'),
	('numeric[]', '{3,2,1}'),
	('date[]', '{2026-01-31,2026-02-28,2026-03-31}'),
	('double precision[]', '{3,2,1}'),
	('boolean[]', '{true,false}');
