-- expected_progress, kpi_pace, projected, required_rate

-- a period of 10 days
SELECT at, expected_progress('>= 100', d, at) AS expected, kpi_pace(30, '>= 100', d, at) AS pace, projected(30, d, at),
	required_rate(30, '>= 100', d, at) AS rate
FROM (SELECT daterange('2026-03-01', '2026-03-11')) AS p(d),
	unnest(ARRAY['-infinity', '2025-01-01', '2026-02-28', '2026-03-01', '2026-03-03', '2026-03-05', '2026-03-09',
			'2026-03-10', '2026-03-11', '2027-01-01', 'infinity']::date[]) AS at;
-- below a tenth there is no judgement: days 8 and 9 of 90; but a rate from the first day on, and before
SELECT at, expected_progress('>= 90', d, at) AS expected, kpi_pace(9, '>= 90', d, at) AS pace, projected(9, d, at),
	required_rate(9, '>= 90', d, at) AS rate
FROM (SELECT daterange('2026-01-01', '2026-04-01')) AS p(d),
	unnest(ARRAY['2025-12-31', '2026-01-01', '2026-01-08', '2026-01-09']::date[]) AS at;
-- the same days written otherwise; a single day
SELECT kpi_pace(30, '>= 100', '[2026-03-01,2026-03-10]', '2026-03-05') AS closed,
	kpi_pace(30, '>= 100', '(2026-02-28,2026-03-11)', '2026-03-05') AS open,
	kpi_pace(30, '>= 100', '[2026-03-01,2026-03-01]', '2026-03-01') AS day;

-- every shape of target, half way through
SELECT t AS target, a AS actual, expected_progress(t, d, at) AS expected, kpi_pace(a, t, d, at) AS pace,
	projected(a, d, at), required_rate(a, t, d, at) AS rate
FROM (SELECT daterange('2026-03-01', '2026-03-11'), date '2026-03-05') AS p(d, at),
	(VALUES ('>= 100 warn 80'::kpi_target, ARRAY[40, 50, 60, 100, 120]::double precision[]),
		('<= 100', ARRAY[40, 50, 60, 100, 120]),
		('[100,200]', ARRAY[40, 50, 60, 100, 110, 200, 210]),
		('>= 100 from 60', ARRAY[25, 30, 40, 50, 80, 100]),
		('<= 100 from 140', ARRAY[40, 50, 60, 70, 120]),
		('>= 0', ARRAY[-1, 0, 1]),
		('<= 0', ARRAY[-1, 0, 1]),
		('>= 0 from -20', ARRAY[-10, -5, 0, 5]),
		('>= -100', ARRAY[-120, -60, -50, 0])) AS v(t, list), unnest(list) AS a;

-- no value, no target, no date
SELECT kpi_pace(NULL, '>= 100', d, at), kpi_pace('NaN', '>= 100', d, at), kpi_pace(30, NULL, d, at),
	kpi_pace(30, '>= 100', NULL, at), kpi_pace(30, '>= 100', d, NULL),
	projected(NULL, d, at), projected('NaN', d, at), required_rate(NULL, '>= 100', d, at),
		required_rate('NaN', '>= 100', d, at), expected_progress(NULL, d, at)
FROM (SELECT daterange('2026-03-01', '2026-03-11'), date '2026-03-05') AS p(d, at);
SELECT a, kpi_pace(a, '>= 100', d, at) AS pace, projected(a, d, at), required_rate(a, '>= 100', d, at) AS rate,
	required_rate(a, '<= 100', d, at) AS rate_at_most
FROM (SELECT daterange('2026-03-01', '2026-03-11'), date '2026-03-05') AS p(d, at),
	unnest(ARRAY['Infinity', '-Infinity']::double precision[]) AS a;

-- a period without an end, or without days
SELECT kpi_pace(30, '>= 100', daterange('2026-01-01', NULL), '2026-03-05');
\echo :LAST_ERROR_SQLSTATE
SELECT projected(30, daterange(NULL, '2026-01-01'), '2026-03-05');
SELECT expected_progress('>= 100', daterange('-infinity', '2026-01-01'), '2026-03-05');
SELECT required_rate(30, '>= 100', '[2026-01-01,infinity]', '2026-03-05');
SELECT required_rate(30, '>= 100', '(,)', '2026-03-05');
SELECT kpi_pace(30, '>= 100', 'empty', '2026-03-05');
\echo :LAST_ERROR_SQLSTATE

-- the longest period, and large numbers
SELECT projected(1, d, '2026-03-05') IS NULL AS too_early, projected(1, d, '5874897-12-31') AS whole,
	required_rate(0, '>= 1', d, '2026-03-05') > 0 AS rate
FROM (SELECT daterange('4713-01-01 BC', '5874897-12-31')) AS p(d);
SELECT expected_progress('>= 1.7e308', d, at) AS expected,
	expected_progress('>= 1.7e308 from -1.7e308', d, at) AS from_below, kpi_pace(1.7e308, '>= 1.7e308', d, at) AS pace,
	kpi_pace(-1.7e308, '>= 1.7e308', d, at) AS pace_below, required_rate(-1.7e308, '>= 1.7e308', d, at) AS rate,
		projected(8e307, d, at)
FROM (SELECT daterange('2026-03-01', '2026-03-11'), date '2026-03-05') AS p(d, at);
SELECT projected(1.7e308, daterange('2026-03-01', '2026-03-11'), '2026-03-05');
\echo :LAST_ERROR_SQLSTATE
SELECT required_rate(-1.7e308, '>= 1.7e308', daterange('2026-03-01', '2026-03-11'), '2026-03-09');

-- against plain SQL that counts days
SELECT setseed(0.75);
CREATE TEMP TABLE plan AS
SELECT i, during, at, a, t, base, bound, days, done, at_most
FROM generate_series(1, 6000) AS i,
	LATERAL (SELECT date '2024-01-01' + (random() * 1000)::int AS first, 1 + (random() ^ 3 * 400)::int AS length,
		round((random() * 2000 - 700)::numeric, i % 3) AS bound, CASE WHEN i % 4 = 0
				THEN round((random() * 500 + 0.01)::numeric, 2) END AS distance, i % 3 = 0 AS at_most) AS r,
	LATERAL (SELECT daterange(first, first + length) AS during, first - 5 + (random() * (length + 10))::int AS at,
		CASE WHEN i % 3 = 0 THEN bound + distance ELSE bound - distance END AS base) AS p,
	LATERAL (SELECT count(*) AS days, count(*) FILTER (WHERE day <= at) AS done FROM generate_series(
			lower(during)::timestamp, upper(during)::timestamp - interval '1 day', interval '1 day') AS day) AS c,
	LATERAL (SELECT CASE WHEN at_most THEN at_most(bound, NULL, base) ELSE at_least(bound, NULL, base) END AS t) AS m,
	LATERAL (VALUES (0), (bound), (round(bound * done / days, 2)), (round((random() * 1000 - 300)::numeric, 2)))
		AS v(a);
SELECT count(*) AS plans, count(*) FILTER (WHERE done * 10 < days) AS too_early,
	count(*) FILTER (WHERE done = days) AS over, count(*) FILTER (WHERE done = 0) AS not_begun FROM plan \gset
SELECT :plans > 20000 AS enough, :too_early > 1000 AS early, :over > 1000 AS over, :not_begun > 1000 AS not_begun;
CREATE TEMP TABLE plan_expected AS
SELECT *,
	CASE WHEN judged THEN coalesce(base, 0) + (bound - coalesce(base, 0)) * share END AS expected,
	CASE WHEN judged THEN a / share END AS projection,
	-- attainment against the scaled target, written out
	CASE WHEN judged THEN
		CASE WHEN base IS NOT NULL THEN (a - base * share) / (bound * share - base * share)
			WHEN bound = 0 THEN CASE WHEN CASE WHEN at_most THEN a <= 0 ELSE a >= 0 END THEN 1 END
			ELSE 1 - CASE WHEN at_most THEN a - bound * share ELSE bound * share - a END / abs(bound * share) END
	END AS pace,
	CASE WHEN CASE WHEN at_most THEN a <= bound ELSE a >= bound END THEN 0
		WHEN done < days THEN (bound - a) / (days - done) END AS rate
FROM (SELECT *, done * 10 >= days AS judged, done::numeric(30, 20) / days AS share FROM plan) AS p;
SELECT count(*) FILTER (WHERE (expected_progress(t, during, at) IS NULL) <> (expected IS NULL)
		OR abs(expected_progress(t, during, at) - expected) > 1e-10 * (1 + abs(expected))) AS other_expected,
	count(*) FILTER (WHERE (projected(a, during, at) IS NULL) <> (projection IS NULL)
			OR abs(projected(a, during, at) - projection) > 1e-10 * (1 + abs(projection))) AS other_projected,
	count(*) FILTER (WHERE (kpi_pace(a, t, during, at) IS NULL) <> (pace IS NULL)
			OR abs(kpi_pace(a, t, during, at) - pace) > 1e-9 * (1 + abs(pace))) AS other_pace,
	count(*) FILTER (WHERE (required_rate(a, t, during, at) IS NULL) <> (rate IS NULL)
			OR abs(required_rate(a, t, during, at) - rate) > 1e-10 * (1 + abs(rate))) AS other_rate,
	count(*) FILTER (WHERE done = days AND kpi_pace(a, t, during, at) IS DISTINCT FROM attainment(a, t))
		AS whole_differs,
	count(*) FILTER (WHERE base IS NULL AND (kpi_pace(expected_progress(t, during, at), t, during, at) >= 1) IS FALSE)
		AS expected_is_not_on_pace
FROM plan_expected;
