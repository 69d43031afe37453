-- The scorecard as rows: one for each KPI and segment, and a score for each perspective.

CREATE FUNCTION kpi_scorecard(as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (kpi text, title text, segment text, period date, value double precision, target_value double precision,
		attainment double precision,
	status text, n double precision, previous double precision, year_ago double precision, trend text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20 COST 100000
BEGIN ATOMIC
	WITH measured AS (
		-- a day is over once it was measured, so that a schedule that measures yesterday leaves no gap
		SELECT d.name, d.title, d.unit, d.kind, d.phase,
			as_of - CASE WHEN d.measured_to >= as_of THEN 0 ELSE 1 END AS over
		FROM kpi_definition d
		WHERE isfinite(as_of) AND d.active OPERATOR(pg_catalog.@>) as_of
	), definition AS (
		-- ended: the newest period whose end has come
		SELECT m.name, m.title, m.unit, m.kind, m.phase, m.over,
			kpi_period(kpi_period(m.over + 1, m.unit) - 1, m.unit) AS ended
		FROM measured m
	), begun AS (
		-- the period in progress, as it was measured by then
		SELECT d.name, r.segment, r.period, r.status
		FROM definition d JOIN kpi_reading r ON r.kpi = d.name AND r.period > d.ended AND r.period <= d.over
			AND r.measured_to <= d.over
	), chosen AS (
		-- one period for all rows of a KPI: that in progress where there is a verdict on it, else the newest ended one;
		-- where that has no reading, one in progress that is waiting for its verdict
		SELECT d.*, coalesce(
			(SELECT b.period FROM begun b WHERE b.name = d.name AND b.status IN ('red', 'amber', 'uncertain', 'green')
				ORDER BY b.period DESC LIMIT 1),
			CASE WHEN EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = d.name AND r.period = d.ended AND r.complete)
				THEN d.ended END,
			(SELECT b.period FROM begun b WHERE b.name = d.name AND (d.kind <> 'flow' OR b.status = 'pending')
				ORDER BY b.period DESC LIMIT 1),
			d.ended) AS period
		FROM definition d
	), listed AS (
		SELECT c.name, g.segment
		FROM chosen c JOIN kpi_goal g ON g.kpi = c.name
		WHERE g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.@>) c.period
		UNION
		SELECT c.name, r.segment FROM chosen c JOIN kpi_reading r ON r.kpi = c.name AND r.period = c.period
		UNION
		SELECT c.name, '' FROM chosen c
		WHERE EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = c.name AND r.segment = '')
			OR NOT EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = c.name)
	), shown AS (
		SELECT c.name, c.title, c.unit, l.segment, c.period, r.period IS NULL AS absent, r.value, r.target,
			r.attainment, r.status, r.n,
			coalesce(r.phase, c.phase) AS phase
		FROM listed l JOIN chosen c ON c.name = l.name
		LEFT JOIN kpi_reading r ON r.kpi = l.name AND r.segment = l.segment AND r.period = c.period
			AND (r.complete OR r.period > c.ended)
	), dated AS (
		SELECT s.name, s.title, s.unit, s.segment, s.period, s.value, s.attainment, s.n, s.phase,
			coalesce(s.target,
--@ include scorecard/goal_for.sql
--@ with KPI = s.name
--@ with SEGMENT = s.segment
--@ with PERIOD = s.period
--@ with UNIT = s.unit
--@ with ONLY = s.absent
			) AS target,
			CASE WHEN s.value IS NULL AND s.status IS DISTINCT FROM 'pending' THEN 'no_data'::kpi_status
				ELSE s.status END AS status
		FROM shown s)
	SELECT d.name, d.title, d.segment, d.period, d.value, target_value(d.target), d.attainment, d.status::text, d.n,
		-- of the same meaning
		(SELECT r.value FROM kpi_reading r WHERE r.kpi = d.name AND r.segment = d.segment AND r.complete
				AND r.phase = d.phase AND r.period = kpi_period(d.period - 1, d.unit)),
		(SELECT r.value FROM kpi_reading r WHERE r.kpi = d.name AND r.segment = d.segment AND r.complete
			AND r.phase = d.phase AND r.period = kpi_period(CASE WHEN d.unit LIKE 'week%' THEN d.period - 364
					WHEN d.unit = 'day' THEN (d.period - '1 year'::interval)::date
				ELSE (d.period + 10 - '1 year'::interval)::date END, d.unit)),
		(WITH point AS (
			SELECT r.period, r.value FROM kpi_reading r
			WHERE r.kpi = d.name AND r.segment = d.segment AND r.complete AND r.value IS NOT NULL
				AND r.phase = d.phase AND r.period <= d.period
			ORDER BY r.period DESC LIMIT 8)
		-- Kendall's S of at most 8 values, one-sided 5 percent
		SELECT CASE WHEN k.points < 4 THEN NULL WHEN k.s >= k.limit_ THEN 'rising' WHEN k.s <= - k.limit_ THEN 'falling'
				ELSE 'steady' END
		FROM (SELECT (SELECT count(*) FROM point) AS points,
				(ARRAY[0, 0, 0, 6, 8, 11, 13, 16]::bigint[])[(SELECT count(*)::integer FROM point)] AS limit_,
				(SELECT sum(CASE WHEN b.value > a.value THEN 1 WHEN b.value < a.value THEN -1 ELSE 0 END) FROM point a
						JOIN point b ON a.period < b.period) AS s) k)
	FROM dated d
	ORDER BY d.name, d.segment;
END;
COMMENT ON FUNCTION kpi_scorecard(date) IS
	'how each active KPI stands on a day, by segment (empty is the total), all of one period: that in progress where '
	'there is a verdict on it, else the newest ended one; value, target, attainment and status of it, n, the values '
	'of the period before and of a year ago, and the trend of up to 8 complete readings (rising, falling, steady by '
	'Kendall''s test; NULL under 4). status is no_data where that period has no value, NULL where there is a value '
	'but no goal. From readings: kpi_measure() fills them; the day itself counts as over once the KPI was measured to '
	'it, before that the day before is looked at. No rows for NULL; plain types only';

CREATE VIEW kpi_current AS
	SELECT s.kpi, s.title, s.segment, s.period, s.value, s.target_value, s.attainment, s.status, s.n, s.previous,
		s.year_ago, s.trend
	FROM kpi_scorecard(CURRENT_DATE) AS s;
COMMENT ON VIEW kpi_current IS 'kpi_scorecard() of today; whoever reads it needs SELECT on the scorecard''s tables too';
--@ for NAME | ABOUT
--@ | kpi          | the KPI
--@ | title        | its title
--@ | segment      | the segment; empty is the total
--@ | period       | first day of the period shown, the same for all segments of the KPI
--@ | value        | value of the period; NULL is no data
--@ | target_value | bound of the target or the middle of a range
--@ | attainment   | share of the target that is reached; of a period in progress by its pace
--@ | status       | red, amber, uncertain, green, pending or no_data; NULL without a goal
--@ | n            | rows behind the value
--@ | previous     | value of the period before
--@ | year_ago     | value of the same period a year before
--@ | trend        | rising, falling or steady; NULL under 4 readings
COMMENT ON COLUMN kpi_current.@NAME@ IS '@ABOUT@';
--@ end
REVOKE ALL ON TABLE kpi_current FROM PUBLIC;
GRANT SELECT ON TABLE kpi_current TO @extowner@ WITH GRANT OPTION;

CREATE FUNCTION kpi_score(as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (perspective text, score double precision, coverage double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 4 COST 100000
BEGIN ATOMIC
	WITH weighed AS (
		SELECT d.perspective, s.kpi, s.segment, s.attainment, g.weight,
			bool_or(s.segment = '') OVER (PARTITION BY s.kpi) AS has_total
		FROM kpi_scorecard(as_of) s JOIN kpi_definition d ON d.name = s.kpi
		JOIN kpi_goal g ON g.kpi = s.kpi AND g.segment = s.segment AND g.superseded_at IS NULL
			AND g.during OPERATOR(pg_catalog.@>) daterange(s.period, kpi_next_period(s.period, d.unit)))
	-- segments count where the total has no goal
	SELECT w.perspective, weighted_score(w.attainment, w.weight),
		coalesce(sum(w.weight) FILTER (WHERE w.attainment IS NOT NULL), '0'::double precision)
			/ nullif(sum(w.weight), '0'::double precision)
	FROM weighed w
	WHERE w.segment = '' OR NOT w.has_total
	GROUP BY w.perspective
	ORDER BY w.perspective;
END;
COMMENT ON FUNCTION kpi_score(date) IS
	'score of each perspective on a day: the mean of the attainments in kpi_scorecard(), each cut to 0..1, weighted by '
	'the goals, and coverage, the share 0..1 of the weights that has an attainment; NULL where none has. A KPI without '
	'a goal does not count; its segments'' goals count where its total has none';

