-- Days of a goal as people write them.  Whoever calls these needs what kpi_set_goal() and kpi_split_goal() of a range
-- ask for; they only read its days.

CREATE FUNCTION kpi_goal_days(days text, unit text) RETURNS daterange LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH given AS (
		SELECT upper(btrim(days)) AS days
	), part AS (
		-- a year, or from which month on how many
		SELECT g.days, p[1]::integer AS year, coalesce(p[2]::integer, p[3]::integer * 3 - 2, 1) AS month,
			CASE WHEN p[2] IS NOT NULL THEN 1 WHEN p[3] IS NOT NULL THEN 3 ELSE 12 END AS months
		FROM given g LEFT JOIN LATERAL regexp_match(g.days,
			'^(\d{4})(?:-(0[1-9]|1[0-2])|[- ]?Q([1-4]))?$') AS p ON true
	), whole AS (
		SELECT pg_catalog.min(e.day) AS first, pg_catalog.max(e.day) AS next
		FROM part p, LATERAL (VALUES (0), (p.months)) AS m (later), LATERAL (
			-- of the Jalali calendar too, by a day near the middle of the month
			SELECT CASE WHEN p.year < 1700 AND starts_with(unit, 'jalali')
				THEN kpi_period(kpi_period(make_date(p.year + 621, 6, 1), 'jalali year')
					+ (p.month - 1 + m.later) * 30 + 12, 'jalali month')
				ELSE make_date(p.year + (p.month - 1 + m.later) / 12, 1 + (p.month - 1 + m.later) % 12, 1) END AS day
			) d,
			LATERAL (
			-- weeks that begin in these days
			SELECT CASE WHEN starts_with(unit, 'week') AND kpi_period(d.day, unit) < d.day
				THEN kpi_next_period(d.day, unit) ELSE d.day END AS day) e
		WHERE p.year IS NOT NULL
	)
	SELECT CASE WHEN w.first IS NOT NULL THEN daterange(w.first, w.next)
		WHEN p.days ~ '^(\(|\[|EMPTY$)' THEN days::daterange
		-- not 1404-01-15, which a user of the Jalali calendar does not mean to be of the fifteenth century
		WHEN p.days ~ '^\d{4,7}-\d\d-\d\d$' AND (pg_catalog.left(p.days, 4) >= '1700'
				OR NOT starts_with(unit, 'jalali')) THEN daterange(kpi_period(days::date, unit),
			kpi_next_period(days::date, unit))
		WHEN kpi_refuse(pg_catalog.format('days %L of a goal cannot be read', kpi_goal_days.days),
			'Give a year (2026), a quarter (2026-Q1), a month (2026-03), a day, whose period it is then for, or a '
			'range of days that ends before its second one ([2026-01-01,2026-07-01)).') THEN NULL END
	FROM part p LEFT JOIN whole w ON true WHERE days IS NOT NULL;
END;
COMMENT ON FUNCTION kpi_goal_days(text, text) IS
	'private: the days of a goal, given as a year (2026), quarter (2026-Q1), month (2026-03), day or range of days, '
	'for a KPI of this unit; 22023 for anything else';

CREATE FUNCTION kpi_set_goal(kpi text, target kpi_target, during text, segment text DEFAULT '',
	weight double precision DEFAULT 1, origin text DEFAULT '') RETURNS daterange
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_set_goal(kpi_set_goal.kpi, kpi_set_goal.target, kpi_goal_days(during, coalesce(
		(SELECT d.unit FROM kpi_definition d WHERE d.name = kpi_set_goal.kpi), 'day')), kpi_set_goal.segment,
		kpi_set_goal.weight, kpi_set_goal.origin);
END;
COMMENT ON FUNCTION kpi_set_goal(text, kpi_target, text, text, double precision, text) IS
	'as kpi_set_goal() of a range of days; during is a year (2026, of a KPI by the Jalali calendar 1404), a quarter '
	'(2026-Q1), a month (2026-03), a day (2026-03-15), which stands for its period, or a range of days. Of weeks those '
	'that begin in the year, quarter or month. 22023 for anything else, and NULL as there';

CREATE FUNCTION kpi_set_goal(kpi text, target kpi_target, during date, segment text DEFAULT '',
	weight double precision DEFAULT 1, origin text DEFAULT '') RETURNS daterange
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('day of a goal is %s', during), 'Give a range of days without that end.')
		WHERE NOT isfinite(during);
	SELECT kpi_set_goal(kpi_set_goal.kpi, kpi_set_goal.target, CASE WHEN during IS NOT NULL THEN
		daterange(kpi_period(during, u.unit), kpi_next_period(during, u.unit)) END, kpi_set_goal.segment,
		kpi_set_goal.weight, kpi_set_goal.origin)
	FROM (SELECT coalesce((SELECT d.unit FROM kpi_definition d WHERE d.name = kpi_set_goal.kpi), 'day') AS unit) u;
END;
COMMENT ON FUNCTION kpi_set_goal(text, kpi_target, date, text, double precision, text) IS
	'as kpi_set_goal() of a range of days, for the period of a day; 22023 for an infinite one, and NULL as there';

CREATE FUNCTION kpi_split_goal(kpi text, total numeric, during text, weights double precision[] DEFAULT NULL,
	segment text DEFAULT '')
RETURNS TABLE (period date, amount numeric) LANGUAGE sql VOLATILE PARALLEL UNSAFE ROWS 12 COST 200000
BEGIN ATOMIC
	SELECT s.period, s.amount
	FROM kpi_split_goal(kpi_split_goal.kpi, kpi_split_goal.total, kpi_goal_days(during, coalesce(
		(SELECT d.unit FROM kpi_definition d WHERE d.name = kpi_split_goal.kpi), 'day')), kpi_split_goal.weights,
		kpi_split_goal.segment) s;
END;
COMMENT ON FUNCTION kpi_split_goal(text, numeric, text, double precision[], text) IS
	'as kpi_split_goal() of a range of days; during as in kpi_set_goal(kpi, target, during text): 2026, '
	'2026-Q1; NULL as there';
