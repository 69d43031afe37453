-- Values whose forms test/golden/forms.txt holds: one a line, an expression of a base type; small ones, extremes and
-- large ones.  What is indented goes on with the line above, also within a string.
'(0,0,0)'::nps_summary
'(70,20,10)'::nps_summary
'(0,4611686018427387904,0)'::nps_summary
(SELECT nps_summary(g % 11) FROM generate_series(1, 100000) g)
'(0,0)'::rate_summary
'(8,10)'::rate_summary
'(4611686018427387904,4611686018427387904)'::rate_summary
(SELECT rate_summary(g % 3 = 0) FROM generate_series(1, 100000) g)
'(,)'::ratio_summary
'(1234.50,-10)'::ratio_summary
'(-0.00000000000000000000000001,NaN)'::ratio_summary
'(123456789012345678901234567890123456789012345678901234567890,-Infinity)'::ratio_summary
(SELECT ratio_summary((g || '.000000000000000000000000000001')::numeric, 10::numeric ^ (g % 300))
		FROM generate_series(1, 1000) g)
'(1234.50,2,0,0,0,1;10,3,1,0,0,2)'::ratio_frame
'(0,0,0,0,0,0;0,0,0,0,0,0)'::ratio_frame
'(,)'::ratio_summary_float
'(0.1,-1e+300)'::ratio_summary_float
'(-0,Infinity)'::ratio_summary_float
(SELECT ratio_summary(g / 8::float8, 0.5::float8) FROM generate_series(1, 1000) g)
'(0)'::duration_summary
'(1,0,0,0;0:1)'::duration_summary
'(5,7201500001,0,3600000000;0:1,1:1,1847:1,3286:2)'::duration_summary
(SELECT duration_summary((g::bigint * 7919 % 1000003)::float8) FROM generate_series(1, 100000) g)
'()'::activity_summary
'(month,bigint,0,"";-7:288+1+12;42:-3)'::activity_summary
'(week sun,uuid,0,"Europe/Berlin";00c0ffee12345678:24;ffffffffffffffff:24+1)'::activity_summary
'(jalali quarter,text,0,"";d059276a32b92239:-4+100)'::activity_summary
(SELECT activity_summary((g * 7919) % 10007::bigint - 5000, date '2020-01-01' + g % 1000, 'day')
		FROM generate_series(1, 100000) g)
(SELECT activity_summary('customer ' || g % 500, timestamptz '2020-01-01 00:00+00' + g * interval '7 hours', 'week')
		FROM generate_series(1, 20000) g)
(SELECT activity_summary(md5(g::text)::uuid, date '1990-01-01' + g, 'year apr') FROM generate_series(1, 5000) g)
'()'::revenue_summary
'(month,bigint,2,"";-7:288=10050+1=-3;9:289=0)'::revenue_summary
'(week sun,text,0,"Europe/Berlin";00000000000000ff:-5=170141183460469231731687303715884105727)'::revenue_summary
(SELECT revenue_summary((g * 7919) % 1009::bigint, date '2020-01-01' + g % 1000, g * 1.0375, 'month')
		FROM generate_series(1, 50000) g)
(SELECT subscription_summary('c' || g, daterange(date '2020-01-01' + g, NULL), 99.90, 'quarter', '2025-12-31')
		FROM generate_series(1, 1000) g)
'(,bigint,2,"";1:0=1050;2:0=-700)'::customer_amounts
'(,uuid,20,"";0123456789abcdef:0=1)'::customer_amounts
('(,bigint,2,"";' || (SELECT string_agg(g || ':0=' || g * 7 - 5000, ';') FROM generate_series(1, 2000) g)
		|| ')')::customer_amounts
'()'::funnel_summary
'(,bigint,2,"","visit","say \"é\"";-7:757382400000000@1+0@2+5@3;12:-1@1)'::funnel_summary
'(,text,3,"UTC","","","";d059276a32b92239:0@7)'::funnel_summary
(SELECT funnel_summary(g % 997, timestamp '2024-01-01' + g * interval '1 minute',
		(ARRAY['visit','cart','order'])[g % 3 + 1], '{visit,cart,order}') FROM generate_series(1, 20000) g)
'()'::funnel_events
'(,bigint,2,"UTC","1 0 5000000","";0:0@1+0@3)'::funnel_events
('(,bigint,2,"","0 1 0","";0:0@1' || repeat('+60000000@2', 1000) || ')')::funnel_events
'()'::retention_set
'(,bigint,1,"","8766..8797,8797..";7:0+1)'::retention_set
('(,bigint,1,"","8766..8797,8797..";' || (SELECT string_agg(g || ':' || g % 2, ';') FROM generate_series(-1000, 1000) g)
		|| ')')::retention_set
'()'::repeat_set
'(,text,0,"";2ba3e8e9a71148ca:4+5)'::repeat_set
'(,bigint,0,"UTC";7:-9223372036854775808+18446744073709551615)'::repeat_set
('(,bigint,0,"";' || (SELECT string_agg(g || ':4+' || g + 2000, ';') FROM generate_series(-1000, 1000) g)
		|| ')')::repeat_set
'sbg(alpha=0.5 se 0.25, beta=1 se 0.125) log-likelihood=-2 customers=9 unit=period'::clv_model
'pareto/nbd(r=0.5 se 0.05, alpha=74 se 5, s=0.6 se 0.18, beta=82 se 43) log-likelihood=-14376 customers=2357 unit=day '
	'value none'::clv_model
'mbg/nbd(r=1e-06 se 0, alpha=1e+15 se 1e+300, a=1 se 1, b=1 se 1) log-likelihood=-0.5 customers=4611686018427387904 '
	'unit=day value none'::clv_model
'bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-14363.5 customers=2357 unit=day '
	'value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4) log-likelihood=-4055.9 customers=946'::clv_model
'()'::clv_sample
'(,bigint,0,"","9000 bg/nbd";-3:4628293042053316608=2;0:30=5;4294967303:30=1)'::clv_sample
('(,bigint,0,"","9000 bg/nbd";' || (SELECT string_agg((g::bigint << 32) + g * 2 || ':' || g * 2 + 30 || '=' || g + 1,
		';') FROM generate_series(1, 2000) g) || ')')::clv_sample
'()'::clv_history
'(day,bigint,2,"","9000 0 90 0";-7:8000=1050+30=-200;9:9000=0)'::clv_history
'(day,text,0,"UTC","9000 12 0 3600000000";00000000000000ff:-5=170141183460469231731687303715884105727)'::clv_history
('(day,bigint,2,"","9000 0 90 0";' || (SELECT string_agg(g || ':8000=' || g * 11 || '+30=-200', ';')
		FROM generate_series(1, 2000) g) || ')')::clv_history
'()'::rfm
'(2015-01-01=1.00;2015-02-06=-2.50;2400-02-29=0.00)'::rfm
'("Europe/Berlin";0044-03-15 BC=170141183460469231731687303715884105727)'::rfm
(SELECT rfm(date '2010-01-01' + g * 3, g * 1.25) FROM generate_series(1, 2000) g)
'Mon-Sun 00:00-24:00 @ UTC'::business_hours
'Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @ Asia/Shanghai'::business_hours
'Mon,Wed 22:00-06:00:30; Make-up 10:00-16:00 @ America/New_York'::business_hours
('Mon-Sun ' || (SELECT string_agg(to_char(g * interval '20 minutes', 'HH24:MI') || '-'
		|| to_char(g * interval '20 minutes' + interval '10 minutes', 'HH24:MI'), ',') FROM generate_series(0, 63) g)
		|| ' @ UTC')::business_hours
'>= 50'::kpi_target
'<= 4 warn 6'::kpi_target
'[10,20] warn [8,25]'::kpi_target
'>= 50 warn 40 from 30'::kpi_target
'<= -1.7976931348623157e+308'::kpi_target
