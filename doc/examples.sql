-- Examples for doc/reference.md where none that is made shows enough: test/lib/Reference.pm makes those of aggregates over
-- rows, and of functions of the values in test/lib/samples.sql, and tells how they are chosen.  A block begins with a line
-- "-- NAME" or "-- NAME(FIRST TYPE)"; "-- value of TYPE" is what calls that are made are given.  The blocks are run in the
-- order of the page, in one database.

-- value of duration_summary
(SELECT duration_summary(d) FROM unnest('{1 hour,2 hours,8 hours}'::interval[]) AS d)

-- value of activity_summary
(SELECT activity_summary(customer, day, 'month') FROM (VALUES (1, date '2026-01-05'), (1, '2026-02-10'), (2, '2026-01-20')) AS t (customer, day))

-- value of revenue_summary
(SELECT revenue_summary(customer, day, amount, 'month') FROM (VALUES (1, date '2026-01-05', 100), (1, '2026-02-10', 120), (2, '2026-01-20', 50)) AS t (customer, day, amount))

-- value of funnel_summary
(SELECT funnel_summary(visitor, at, step, '{visit,cart,order}') FROM (VALUES (1, date '2026-01-05', 'visit'), (1, '2026-01-06', 'cart'), (2, '2026-01-07', 'visit')) AS t (visitor, at, step))

-- value of rfm
(SELECT rfm(day, amount) FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20), ('2026-03-01', 40)) AS t (day, amount))

-- rate_change
SELECT * FROM rate_change('(56,70)', '(48,80)');

-- kpi_period
SELECT kpi_period(date '2026-05-17', 'month'), kpi_period(date '2026-05-17', 'quarter apr');

-- kpi_period_label
SELECT kpi_period_label('2026-02-03', 'week'), kpi_period_label('2026-02-03', 'quarter apr');

-- kpi_periods
SELECT * FROM kpi_periods('2026-01-15', '2026-03-01', 'month') AS period;

-- kpi_relative_target
SELECT kpi_relative_target('>= +20% warn +10% on year ago', 1000);

-- kpi_next_period
SELECT kpi_next_period(date '2026-05-17', 'month');

-- kpi_unit
SELECT kpi_unit(' Week  SAT ');

-- csat_agg
SELECT csat_agg(rating) AS top_two_of_five, csat_agg(rating, 5, 1) AS top_one FROM unnest('{5,4,4,2}'::integer[]) AS rating;

-- csat_summary
SELECT csat_summary(rating) FROM unnest('{5,4,4,2}'::integer[]) AS rating;

-- on_time_rate
SELECT on_time_rate(due, done, date '2026-01-31')
FROM (VALUES (date '2026-01-10', date '2026-01-09'), ('2026-01-20', NULL), ('2026-02-10', NULL)) AS task (due, done);

-- on_time_summary
SELECT on_time_summary(due, done, date '2026-01-31')
FROM (VALUES (date '2026-01-10', date '2026-01-09'), ('2026-01-20', NULL), ('2026-02-10', NULL)) AS task (due, done);

-- conversion_rate
SELECT conversion_rate(created, won, interval '30 days', date '2026-02-28')
FROM (VALUES (date '2026-01-01', date '2026-01-20'), ('2026-01-05', NULL), ('2026-02-20', NULL)) AS lead (created, won);

-- conversion_summary
SELECT conversion_summary(created, won, interval '30 days', date '2026-02-28')
FROM (VALUES (date '2026-01-01', date '2026-01-20'), ('2026-01-05', NULL), ('2026-02-20', NULL)) AS lead (created, won);

-- shortest_decimal(double precision)
SELECT shortest_decimal(12345678.901234567::float8), 12345678.901234567::float8::numeric AS cast_first;

-- shortest_decimal(real)
SELECT shortest_decimal(9.8::real), 9.8::real::float8 AS as_double;

-- rounded
SELECT rounded(rate_agg(late), 3) FROM unnest('{t,f,f}'::boolean[]) AS late;

-- percent
SELECT percent(rate_agg(late)), percent(0.5, 0) FROM unnest('{t,f,f}'::boolean[]) AS late;

-- cac
SELECT round(cac(spend, new_customers), 2) AS cac FROM (VALUES (500.00, NULL::bigint), (250.00, NULL), (NULL, 6)) AS month (spend, new_customers);

-- duration_summary(interval)
SELECT mean(duration_summary(closed - opened)) FROM (VALUES (timestamp '2026-01-05 09:00', timestamp '2026-01-05 12:00'),
	('2026-01-05 10:00', '2026-01-05 11:00')) AS ticket (opened, closed);

-- duration_summary(double precision)
SELECT mean(duration_summary(seconds)) FROM unnest('{60,90}'::float8[]) AS seconds;

-- duration_summary(date)
SELECT mean(duration_summary(opened, closed)), share_within(duration_summary(opened, closed, '{7 days}'), '7 days') AS within_a_week
FROM (VALUES (date '2026-01-05', date '2026-01-08'), ('2026-01-05', '2026-01-12'), ('2026-01-05', '2026-01-13')) AS task (opened, closed);

-- duration_summary(timestamp without time zone)
SELECT share_within(duration_summary(opened, answered, '{4 hours}'), '4 hours')
FROM (VALUES (timestamp '2026-01-05 09:00', timestamp '2026-01-05 12:00'), ('2026-01-05 10:00', '2026-01-05 18:00')) AS ticket (opened, answered);

-- duration_summary(timestamp with time zone)
SELECT mean(duration_summary(opened, answered))
FROM (VALUES (timestamptz '2026-01-05 09:00+01', timestamptz '2026-01-05 12:00+00'), ('2026-01-05 10:00+00', '2026-01-05 18:00+00')) AS ticket (opened, answered);

-- duration_summary(integer)
SELECT mean(duration_summary(make_interval(secs => seconds))) FROM unnest('{60,90}'::integer[]) AS seconds;

-- share_within
SELECT share_within(duration_summary(wait, '{1 hour,4 hours}'), '1 hour') FROM unnest('{50 min,60 min,61 min}'::interval[]) AS wait;

-- share_within_bounds
SELECT share_within(s, '1 hour'), share_within_bounds(s, '1 hour') FROM (SELECT duration_summary(wait)
	FROM unnest('{50 min,60 min,60.2 min,70 min}'::interval[]) AS wait) AS q (s);

-- activity_summary(bigint)
SELECT active_customers(activity_summary(customer, day, 'month')) FROM (VALUES (1, date '2026-01-05'), (1, '2026-02-10'), (2, '2026-01-20')) AS visit (customer, day);

-- lifecycle
SELECT period, complete, active, new, retained, resurrected, lost, retention_rate FROM lifecycle((SELECT activity_summary(customer, day, 'month')
	FROM (VALUES (1, date '2026-01-05'), (1, '2026-02-10'), (2, '2026-01-20')) AS visit (customer, day)), as_of => '2026-02-28');

-- cohorts
SELECT * FROM cohorts((SELECT activity_summary(customer, day, 'month')
	FROM (VALUES (1, date '2026-01-05'), (1, '2026-02-10'), (2, '2026-01-20')) AS visit (customer, day)), as_of => '2026-02-28');

-- stickiness
SELECT * FROM stickiness((SELECT activity_summary(customer, day, 'day')
	FROM (VALUES (1, date '2026-01-05'), (1, '2026-01-06'), (2, '2026-01-05')) AS visit (customer, day)), 28, '2026-01-06');

-- retention_rate(bigint)
SELECT retention_rate(customer, day, '[2026-01-01,2026-02-01)', '[2026-02-01,2026-03-01)')
FROM (VALUES (1, date '2026-01-05'), (1, '2026-02-10'), (2, '2026-01-20')) AS visit (customer, day);

-- churn_rate(bigint)
SELECT churn_rate(customer, day, '[2026-01-01,2026-02-01)', '[2026-02-01,2026-03-01)')
FROM (VALUES (1, date '2026-01-05'), (1, '2026-02-10'), (2, '2026-01-20')) AS visit (customer, day);

-- revenue_summary(bigint)
SELECT period, closing, customers FROM revenue_movements((SELECT revenue_summary(customer, day, amount, 'month')
	FROM (VALUES (1, date '2026-01-05', 100), (1, '2026-02-10', 120), (2, '2026-01-20', 50)) AS invoice (customer, day, amount)), as_of => '2026-02-28');

-- revenue_movements
SELECT period, complete, opening, new, expansion, contraction, churn, closing, nrr FROM revenue_movements((SELECT revenue_summary(customer, day, amount, 'month')
	FROM (VALUES (1, date '2026-01-05', 100), (1, '2026-02-10', 120), (2, '2026-01-20', 50)) AS invoice (customer, day, amount)), as_of => '2026-02-28');

-- revenue_cohorts
SELECT cohort, age, customers, revenue, cumulative, round(per_customer, 2) AS per_customer FROM revenue_cohorts((SELECT revenue_summary(customer, day, amount, 'month')
	FROM (VALUES (1, date '2026-01-05', 100), (1, '2026-02-10', 120), (2, '2026-01-20', 50)) AS invoice (customer, day, amount)), as_of => '2026-02-28');

-- subscription_summary
SELECT period, closing, customers FROM revenue_movements((SELECT subscription_summary(customer, during, amount, 'month', '2026-03-31')
	FROM (VALUES (1, daterange('2026-01-01', NULL), 100), (2, daterange('2026-01-15', '2026-03-01'), 50)) AS contract (customer, during, amount)));

-- funnel_summary(bigint)
SELECT step, name, customers, from_first FROM funnel((SELECT funnel_summary(visitor, at, step, '{visit,cart,order}')
	FROM (VALUES (1, date '2026-01-05', 'visit'), (1, '2026-01-06', 'cart'), (2, '2026-01-07', 'visit')) AS event (visitor, at, step)));

-- funnel_depth(date,boolean[])
SELECT customer, funnel_depth(at, ARRAY[step = 'visit', step = 'cart', step = 'order'])
FROM (VALUES (1, date '2026-01-05', 'visit'), (1, '2026-01-06', 'cart'), (2, '2026-01-07', 'cart')) AS event (customer, at, step) GROUP BY customer ORDER BY customer;

-- funnel_depth(date,boolean[],interval,text)
SELECT deal, funnel_depth(at, ARRAY[stage = 'New', stage = 'Proposal', stage = 'Won'], NULL, 'reached') AS reached
FROM (VALUES (1, date '2026-01-05', 'New'), (1, '2026-01-12', 'Won'), (2, '2026-01-07', 'New')) AS history (deal, at, stage) GROUP BY deal ORDER BY deal;

-- funnel_depth
SELECT visitor, funnel_depth(at, ARRAY[step = 'visit', step = 'cart', step = 'order'], interval '7 days') AS depth
FROM (VALUES (1, timestamp '2026-01-05 10:00', 'visit'), (1, '2026-01-06 10:00', 'cart'), (2, '2026-01-07 10:00', 'visit')) AS event (visitor, at, step)
GROUP BY visitor ORDER BY visitor;

-- clv_fit
SELECT clv_fit(r, '2026-06-30') IS NULL AS too_few_to_fit
FROM (SELECT rfm(day, amount) AS r FROM (VALUES (1, date '2026-01-05', 30), (1, '2026-02-10', 20), (2, '2026-03-01', 40)) AS purchase (customer, day, amount)
	GROUP BY customer) AS c;

-- sbg_fit
SELECT parameter.name, rounded(value, 3) AS value
FROM clv_parameters(sbg_fit('{1000,869,743,653,593,551,517,491}')) AS parameter;

-- clv_fit(rfm,date,text)
SELECT clv_fit(r, '2026-06-30', 'pareto/nbd') IS NULL AS too_few_to_fit
FROM (SELECT rfm(day, amount) AS r FROM (VALUES (1, date '2026-01-05', 30), (1, '2026-02-10', 20), (2, '2026-03-01', 40)) AS purchase (customer, day, amount)
	GROUP BY customer) AS c;

-- clv_fit(rfm,date,clv_model)
SELECT parameter.name, rounded(value, 2) AS value FROM (SELECT clv_fit(r, '2026-03-31', 'bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4) log-likelihood=-4055.9 customers=946'::clv_model) AS m
	FROM (SELECT rfm(day, amount) AS r FROM (VALUES (1, date '2026-01-05', 30), (1, '2026-02-10', 20), (2, '2026-03-01', 40)) AS purchase (customer, day, amount) GROUP BY customer) AS c) AS f, clv_parameters(m) AS parameter;

-- clv_lower
SELECT rounded(clv_lower('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7; correlations 0.78 -0.05 0 -0.06 0.02 0.94) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4; correlations -0.68 -0.98 0.79) log-likelihood=-4055.9 customers=946',
	rfm(day, amount), '2026-06-30', '1 year'), 3) AS clv_lower
FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount);

-- clv_upper
SELECT rounded(clv_upper('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7; correlations 0.78 -0.05 0 -0.06 0.02 0.94) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4; correlations -0.68 -0.98 0.79) log-likelihood=-4055.9 customers=946',
	rfm(day, amount), '2026-06-30', '1 year'), 3) AS clv_upper
FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount);

-- expected_purchases_lower
SELECT rounded(expected_purchases_lower('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7; correlations 0.78 -0.05 0 -0.06 0.02 0.94) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4; correlations -0.68 -0.98 0.79) log-likelihood=-4055.9 customers=946',
	rfm(day, amount), '2026-06-30', '1 year'), 3) AS expected_purchases_lower
FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount);

-- expected_purchases_upper
SELECT rounded(expected_purchases_upper('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7; correlations 0.78 -0.05 0 -0.06 0.02 0.94) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4; correlations -0.68 -0.98 0.79) log-likelihood=-4055.9 customers=946',
	rfm(day, amount), '2026-06-30', '1 year'), 3) AS expected_purchases_upper
FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount);

-- clv_interval
SELECT rounded(lower, 2) AS lower, rounded(upper, 2) AS upper FROM clv_interval('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7; correlations 0.78 -0.05 0 -0.06 0.02 0.94) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4; correlations -0.68 -0.98 0.79) log-likelihood=-4055.9 customers=946',
	(SELECT rfm(day, amount) FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount)), '2026-06-30', '1 year');

-- expected_purchases_interval
SELECT rounded(lower, 3) AS lower, rounded(upper, 3) AS upper FROM expected_purchases_interval('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7; correlations 0.78 -0.05 0 -0.06 0.02 0.94) log-likelihood=-14363.5 customers=2357 unit=day value none',
	(SELECT rfm(day, amount) FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount)), '2026-06-30', '1 year');

-- expected_value
SELECT rounded(expected_value('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4) log-likelihood=-4055.9 customers=946',
	rfm(day, amount), '2026-06-30'), 2) AS expected_value
FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount);

-- clv(clv_model)
SELECT rounded(clv('bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4) log-likelihood=-4055.9 customers=946',
	rfm(day, amount), '2026-06-30', '1 year', discount => 0.1), 2) AS clv
FROM (VALUES (date '2026-01-05', 30), ('2026-02-10', 20)) AS purchase (day, amount);

-- survival
SELECT rounded(survival(sbg_fit('{1000,869,743,653,593,551,517,491}'), 10), 3) AS survival;

-- retention
SELECT rounded(retention(sbg_fit('{1000,869,743,653,593,551,517,491}'), 10), 3) AS retention;

-- residual_lifetime
SELECT rounded(residual_lifetime(sbg_fit('{1000,869,743,653,593,551,517,491}'), 7, 0.1), 2) AS residual_lifetime;

-- clv(bigint)
SELECT clv(customer, day, amount, '2026-06-30', '1 year') IS NULL AS too_few_to_fit
FROM (VALUES (1, date '2026-01-05', 30), (1, '2026-02-10', 20), (2, '2026-03-01', 40)) AS purchase (customer, day, amount);

-- clv(bigint,date,numeric,date,interval,text,double precision)
SELECT clv(customer, day, amount, '2026-06-30', '1 year', 'pareto/nbd', 0.1) IS NULL AS too_few_to_fit
FROM (VALUES (1, date '2026-01-05', 30), (1, '2026-02-10', 20), (2, '2026-03-01', 40)) AS purchase (customer, day, amount);

-- clv(bigint,date,numeric,date,interval,clv_model,double precision)
SELECT rounded(clv(customer, day, amount, '2026-03-31', '1 year', 'bg/nbd(r=0.25 se 0.012, alpha=31 se 2.5, a=0.8 se 0.19, b=2.4 se 0.7) log-likelihood=-14363.5 customers=2357 unit=day value gamma-gamma(p=6.25 se 1.2, q=3.7 se 0.3, gamma=15.5 se 4) log-likelihood=-4055.9 customers=946'::clv_model, 0.1), 2) AS clv
FROM (VALUES (1, date '2026-01-05', 30), (1, '2026-02-10', 20), (2, '2026-03-01', 40)) AS purchase (customer, day, amount);

-- add_business_time(timestamp without time zone)
SELECT add_business_time(timestamp '2026-01-30 16:00', '4 hours', 'Mon-Fri 09:00-17:00 @ UTC');

-- add_business_time(timestamp without time zone,interval,business_hours,datemultirange,datemultirange,tsmultirange)
SELECT add_business_time(timestamp '2026-01-30 10:00', '4 hours', 'Mon-Fri 09:00-17:00 @ UTC', '{}', '{}', '{[2026-01-30 11:00,2026-01-30 15:00)}') AS due;

-- business_time_in(tstzmultirange)
SELECT business_time_in('{[2026-01-30 16:00+00,2026-02-02 10:00+00)}'::tstzmultirange - tstzmultirange '{[2026-01-30 16:30+00,2026-01-31 00:00+00)}',
	'Mon-Fri 09:00-17:00 @ UTC') AS without_the_pause;

-- business_time_in(tsmultirange)
SELECT business_time_in(tsmultirange '{[2026-01-30 16:00,2026-02-02 10:00),[2026-02-03 09:00,2026-02-03 09:30)}', 'Mon-Fri 09:00-17:00 @ UTC') AS opened_twice;

-- business_seconds_in(tstzmultirange)
SELECT business_seconds_in(tstzmultirange '{[2026-01-30 16:00+00,2026-02-02 10:00+00)}', 'Mon-Fri 09:00-17:00 @ UTC') AS seconds;

-- entropy_weights
SELECT entropy_weights('{{0.9,0.5},{0.1,0.5}}');

-- ahp_weights
SELECT weights, lambda, consistency_ratio FROM ahp_weights('{{1,2},{0.5,1}}');

-- ratio_bridge
SELECT segment, round(mix_effect, 4) AS mix_effect, round(rate_effect, 4) AS rate_effect, round(effect, 4) AS effect
FROM ratio_bridge(segment => '{web,shop}', numerator_before => '{10,20}', denominator_before => '{100,100}',
	numerator_after => '{12,30}', denominator_after => '{100,200}');

-- price_volume_mix
SELECT * FROM price_volume_mix(product => '{A,B}', quantity_before => '{10,20}', revenue_before => '{50,60}',
	quantity_after => '{12,18}', revenue_after => '{60,72}');

-- kpi_check_source
CREATE TABLE monthly_sales (period date, value numeric);
INSERT INTO monthly_sales VALUES ('2026-01-01', 90), ('2026-02-01', 110), ('2026-03-01', 120), ('2026-04-01', 130), ('2026-05-01', 95);
SELECT kpi_check_source('monthly_sales', 'flow', false);

-- kpi_define
SELECT kpi_define('sales', 'Sales', 'monthly_sales', 'month', 'flow', 'financial', 'strategic', 'lagging');

-- kpi_define(text,regclass,text,text,text,text,text)
SELECT kpi_define('sales', 'monthly_sales', title => 'Sales');

-- kpi_set_goal(text,kpi_target,daterange,text,double precision,text)
SELECT kpi_set_goal('sales', '>= 100 warn 90', daterange('2026-01-01', '2027-01-01'));

-- kpi_set_goal(text,kpi_target,text,text,double precision,text)
SELECT kpi_set_goal('sales', '>= 100 warn 90', '2026');

-- kpi_set_goal(text,kpi_target,date,text,double precision,text)
SELECT kpi_set_goal('sales', '>= 0.1k warn 90', date '2026-05-17');

-- kpi_split_goal(text,numeric,daterange,double precision[],text)
SELECT * FROM kpi_split_goal('sales', 1300, daterange('2027-01-01', '2027-04-01'), '{1,1,2}');

-- kpi_split_goal(text,numeric,text,double precision[],text)
SELECT * FROM kpi_split_goal('sales', 1300, '2027-Q1', '{1,1,2}');

-- kpi_measure
SELECT * FROM kpi_measure('sales', '2026-05-31');

-- kpi_judge
SELECT kpi_judge('sales');

-- kpi_propose_target(text)
SELECT method, target, value FROM kpi_propose_target('sales');

-- kpi_propose_target(text,date)
SELECT method, target, value FROM kpi_propose_target('sales', '2026-06-15');

-- kpi_acknowledge
SELECT kpi_acknowledge('sales', 'Ann looks into it');

-- kpi_scorecard
SELECT kpi, period, value, target_value, status, trend FROM kpi_scorecard('2026-05-31');

-- kpi_score
SELECT * FROM kpi_score('2026-05-31');

-- kpi_review
SELECT kpi, rule, finding FROM kpi_review('2026-05-31') LIMIT 3;

-- kpi_board
SELECT kpi, period, value, status FROM kpi_board('2026-05-31');

-- kpi_profile
SELECT subject, measure, rounded(value, 2) AS value FROM kpi_profile('monthly_sales') WHERE measure IN ('rows', 'completeness');

-- kpi_scorecard_html
SELECT left(kpi_scorecard_html('2026-05-31'), 15) AS page;

-- kpi_version
SELECT kpi_version() = extversion AS up_to_date FROM pg_extension WHERE extname = 'kpi';

-- add_business_time(timestamp with time zone)
SELECT add_business_time('2026-01-30 16:00+00'::timestamptz, '4 hours', 'Mon-Fri 09:00-17:00 @ UTC') = '2026-02-02 12:00+00' AS on_monday;

-- change_points
SELECT * FROM change_points('{40,44,41,43,42,52,55,51,54,53}');

-- control_chart(date[],double precision[],double precision[],boolean,integer,boolean)
SELECT at, rounded(value, 3) AS value, rounded(centre, 3) AS centre, rounded(upper, 3) AS upper, signal
FROM control_chart('{2026-01-05,2026-01-12,2026-01-19}', numerator => '{100,90,4}', denominator => '{1000,1000,20}');

-- control_chart(date[],double precision[],boolean,integer)
SELECT at, value, centre, signal FROM control_chart('{2026-01-05,2026-01-12,2026-01-19}', '{4,6,5}', phases => true);

-- kpi_rename
SELECT kpi_rename('sales', 'revenue');
SELECT kpi_rename('revenue', 'sales');

-- kpi_grants
CREATE ROLE example_reader;
SELECT statement, held FROM kpi_grants('example_reader', 'reader') LIMIT 2;
DROP ROLE example_reader;

-- kpi_progress
SELECT count(*) AS fits_and_measurings_going_on FROM kpi_progress();
