-- Sample values for tests that treat every base type of the extension alike.  A new type needs lines here: the test
-- 003_binary fails without.  In schema kpi_test, never part of the extension.
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
	('revenue_summary', '()'),
	('revenue_summary', '(month,bigint,2,"";-7:288=10050+1=-3;9:289=0)'),
	('revenue_summary', '(week sun,text,0,"Europe/Berlin";00000000000000ff:-5=170141183460469231731687303715884105727)'),
	('customer_amounts', '(,bigint,2,"";1:0=1050;2:0=-700)'),
	('customer_amounts', '(,uuid,20,"";0123456789abcdef:0=1)'),
	('funnel_summary', '()'),
	('funnel_summary', '(,bigint,2,"","visit","say \"é\"";-7:757382400000000@1+0@2+5@3;12:-1@1)'),
	('funnel_summary', '(,text,3,"UTC","","","";d059276a32b92239:0@7)'),
	('funnel_events', '()'),
	('funnel_events', '(,bigint,2,"UTC","1 0 5000000","";0:0@1+0@3)'),
	('funnel_events', '(,bigint,1,"","";0:757382400000000@1)'),
	('activity_summary', '()'),
	('activity_summary', '(month,bigint,0,"";-7:288+1+12;42:-3)'),
	('activity_summary', '(week sun,uuid,0,"Europe/Berlin";00c0ffee12345678:24;ffffffffffffffff:24+1)'),
	('retention_set', '()'),
	('retention_set', '(,bigint,1,"","8766..8797,8797..";7:0+1)'),
	('repeat_set', '()'),
	('repeat_set', '(,text,0,"";2ba3e8e9a71148ca:4+5)'),
	('repeat_set', '(,bigint,0,"UTC";7:-9223372036854775808+18446744073709551615)'),
	('kpi_target', '>= 50'),
	('kpi_target', '<= 4 warn 6'),
	('kpi_target', '[10,20] warn [8,25]'),
	('kpi_target', '>= 50 warn 40 from 30');

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
	('interval', '2 days'),
	('date', '2026-01-31'),
	('timestamp without time zone', '2026-01-31 12:00'),
	('timestamp with time zone', '2026-01-31 12:00+00'),
	('daterange', '[2026-01-01,2026-02-01)'),
	('text', 'x'),
	('text[]', '{x,y}'),
	('bigint[]', '{3,2,1}'),
	('double precision[]', '{3,2,1}'),
	('boolean[]', '{true,false}');
