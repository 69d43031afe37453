-- Values whose forms test/golden/forms.txt holds, beside those of test/lib/samples.sql: one a line, an expression of a
-- base type; more extremes, and large ones.  What is indented goes on with the line above, also within a string.
(SELECT nps_summary(g % 11) FROM generate_series(1, 100000) g)
(SELECT rate_summary(g % 3 = 0) FROM generate_series(1, 100000) g)
'(1234.50,-10)'::ratio_summary
(SELECT ratio_summary((g || '.000000000000000000000000000001')::numeric, 10::numeric ^ (g % 300))
		FROM generate_series(1, 1000) g)
'(0.1,-1e+300)'::ratio_summary_float
(SELECT ratio_summary(g / 8::float8, 0.5::float8) FROM generate_series(1, 1000) g)
(SELECT duration_summary((g::bigint * 7919 % 1000003)::float8) FROM generate_series(1, 100000) g)
'(jalali quarter,text,0,"";d059276a32b92239:-4+100)'::activity_summary
(SELECT activity_summary(g, daterange(date '2020-01-01' + g * 3, NULL), 'month', '2026-02-15')
		FROM generate_series(1, 500) g)
(SELECT activity_summary((g * 7919) % 10007::bigint - 5000, date '2020-01-01' + g % 1000, 'day')
		FROM generate_series(1, 100000) g)
(SELECT activity_summary('customer ' || g % 500, timestamptz '2020-01-01 00:00+00' + g * interval '7 hours', 'week')
		FROM generate_series(1, 20000) g)
(SELECT activity_summary(md5(g::text)::uuid, date '1990-01-01' + g, 'year apr') FROM generate_series(1, 5000) g)
(SELECT revenue_summary((g * 7919) % 1009::bigint, date '2020-01-01' + g % 1000, g * 1.0375, 'month')
		FROM generate_series(1, 50000) g)
(SELECT subscription_summary('c' || g, daterange(date '2020-01-01' + g, NULL), 99.90, 'quarter', '2025-12-31')
		FROM generate_series(1, 1000) g)
('(,bigint,2,"";' || (SELECT string_agg(g || ':0=' || g * 7 - 5000, ';') FROM generate_series(1, 2000) g)
		|| ')')::customer_amounts
(SELECT funnel_summary(g % 997, timestamp '2024-01-01' + g * interval '1 minute',
		(ARRAY['visit','cart','order'])[g % 3 + 1], '{visit,cart,order}') FROM generate_series(1, 20000) g)
('(,bigint,2,"","0 1 0","";0:0@1' || repeat('+60000000@2', 1000) || ')')::funnel_events
('(,bigint,1,"","8766..8797,8797..";' || (SELECT string_agg(g || ':' || g % 2, ';') FROM generate_series(-1000, 1000) g)
		|| ')')::retention_set
('(,bigint,0,"";' || (SELECT string_agg(g || ':4+' || g + 2000, ';') FROM generate_series(-1000, 1000) g)
		|| ')')::repeat_set
'sbg(alpha=0.5 se 0.25, beta=1 se 0.125) log-likelihood=-2 customers=9 unit=period'::clv_model
('(,bigint,0,"","9000 bg/nbd";' || (SELECT string_agg((g::bigint << 32) + g * 2 || ':' || g * 2 + 30 || '=' || g + 1,
		';') FROM generate_series(1, 2000) g) || ')')::clv_sample
('(day,bigint,2,"","9000 0 90 0";' || (SELECT string_agg(g || ':8000=' || g * 11 || '+30=-200', ';')
		FROM generate_series(1, 2000) g) || ')')::clv_history
(SELECT rfm(date '2010-01-01' + g * 3, g * 1.25) FROM generate_series(1, 2000) g)
('Mon-Sun ' || (SELECT string_agg(to_char(g * interval '20 minutes', 'HH24:MI') || '-'
		|| to_char(g * interval '20 minutes' + interval '10 minutes', 'HH24:MI'), ',') FROM generate_series(0, 63) g)
		|| ' @ UTC')::business_hours
'<= -1.7976931348623157e+308'::kpi_target
