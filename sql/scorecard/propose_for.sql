-- The proposals are for one period: where there is a season, another period has others.
CREATE FUNCTION kpi_propose_target(kpi text, period date)
	RETURNS TABLE (method text, target text, value double precision, reason text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3 COST 500000
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', kpi), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi_propose_target.kpi);
	SELECT kpi_refuse(pg_catalog.format('nothing is proposed for %s', period),
			'Give a day of the period that it is for.')
		WHERE NOT isfinite(period);
	WITH definition AS (
		SELECT d.name, d.unit, d.phase,
			-- a season is a year, of days a week
			CASE WHEN d.unit = 'day' THEN 'week' ELSE 'year' END AS season_word,
--@ include scorecard/season.sql
--@ with UNIT = d.unit
				AS season,
--@ include scorecard/learned.sql
--@ with UNIT = d.unit
				AS learned
		FROM kpi_definition d WHERE d.name = kpi_propose_target.kpi
	), way AS (
		-- the newest goal of the total says which side is better
		SELECT coalesce((SELECT direction(g.target) FROM kpi_goal g WHERE g.kpi = kpi_propose_target.kpi
				AND g.segment = '' ORDER BY g.set_at DESC LIMIT 1), 'higher') AS better
	), reading AS (
		SELECT r.value, r.period, row_number() OVER (ORDER BY r.period DESC) AS back
		FROM kpi_reading r JOIN definition d ON d.name = r.kpi AND r.phase = d.phase
		WHERE r.segment = '' AND r.complete AND r.value IS NOT NULL
	), target AS (
		-- the period that it is for, without one the next; the furthest that has a season before it, of years 12
		SELECT d.*, l.last, kpi_period(coalesce(kpi_propose_target.period, kpi_next_period(l.last, d.unit)), d.unit)
			AS period,
			(SELECT max(p.period) FROM (SELECT p.period
				FROM kpi_periods(kpi_next_period(l.last, d.unit), l.last + 4800, d.unit) AS p (period)
				ORDER BY p.period LIMIT CASE d.season WHEN 1 THEN 12 ELSE d.season END) p) AS furthest
		FROM definition d, (SELECT max(r.period) AS last FROM reading r) l
	), spine AS MATERIALIZED (
		-- every period up to that one, the place of the first is 1
		SELECT p.period, p.place::integer AS place, r.value
		FROM target t CROSS JOIN LATERAL kpi_periods(greatest(t.last - t.learned,
				(SELECT min(r.period) FROM reading r)), t.period, t.unit) WITH ORDINALITY AS p (period, place)
			LEFT JOIN reading r ON r.period = p.period
		WHERE CASE WHEN t.last IS NULL THEN false WHEN t.period > t.last AND t.period <= t.furthest THEN true
			ELSE kpi_refuse(pg_catalog.format('nothing is proposed for the %s of %s', t.unit,
					to_char(t.period::timestamp, 'YYYY-MM-DD')), pg_catalog.format('The newest complete reading is of '
					'%s: give a day behind its %s, up to the %s of %s.', to_char(t.last::timestamp, 'YYYY-MM-DD'),
					t.unit, t.unit, to_char(t.furthest::timestamp, 'YYYY-MM-DD'))) END
	), point AS (
		SELECT r.value, row_number() OVER (ORDER BY r.period)::double precision AS place, r.period
		FROM reading r WHERE r.back <= 12::bigint
	), history AS (
		SELECT count(*) AS readings, min(p.value) AS least, max(p.value) AS most,
			percentile_cont('0.5'::double precision) WITHIN GROUP (ORDER BY p.value) AS median,
			percentile_cont('0.25'::double precision) WITHIN GROUP (ORDER BY p.value) AS lower_quartile,
			percentile_cont('0.75'::double precision) WITHIN GROUP (ORDER BY p.value) AS upper_quartile,
			regr_slope(p.value, p.place) AS slope, regr_intercept(p.value, p.place) AS start
		FROM point p
	), whole AS (
		-- two seasons at least are asked whether there is one; ahead: periods to the one that it is for
		SELECT t.*, count(*) FILTER (WHERE s.value IS NOT NULL) AS readings, s.upto, max(s.place) - s.upto AS ahead,
			s.upto >= 2 * t.season AND t.season > 1 AS long,
			min(s.value) > '0' AS positive,
			regr_slope(s.value, s.place::double precision) AS slope
		FROM target t, (SELECT s.*, max(s.place) FILTER (WHERE s.value IS NOT NULL) OVER () AS upto FROM spine s) s
		GROUP BY t.name, t.unit, t.phase, t.season_word, t.season, t.learned, t.last, t.period, t.furthest, s.upto
	), level AS (
		-- what is left of a value without the level of its season and the straight line; seasons count from the newest
		SELECT s.place, s.value - w.slope * s.place::double precision
			- avg(s.value - w.slope * s.place::double precision) OVER (PARTITION BY (w.upto - s.place) / w.season)
			AS rest
		FROM spine s, whole w
		WHERE w.long AND s.place <= w.upto AND s.place > w.upto % w.season
	), rhythm AS (
		-- a season: what is left is like what was left a season before, by more than chance (one-sided 5 percent)
		SELECT coalesce(corr(b.rest, a.rest) > '1.645' / sqrt(nullif(count(*), 0::bigint)::double precision),
				false) AS there
		FROM whole w, level a JOIN level b ON b.place > a.place
		WHERE b.place = a.place + w.season AND a.rest IS NOT NULL AND b.rest IS NOT NULL
	), change AS (
		-- how each of the last season's values, 12 at least, differs from the one a season before
		SELECT CASE WHEN w.positive THEN b.value / a.value ELSE b.value - a.value END AS change
		FROM whole w, spine a JOIN spine b ON b.place > a.place
		WHERE b.place = a.place + w.season AND b.place > w.upto - greatest(w.season, 12) AND a.value IS NOT NULL
			AND b.value IS NOT NULL
	), usual AS (
		SELECT count(*) AS changes,
			percentile_cont('0.5'::double precision) WITHIN GROUP (ORDER BY c.change) AS median,
			percentile_cont('0.25'::double precision) WITHIN GROUP (ORDER BY c.change) AS lower_quartile,
			percentile_cont('0.75'::double precision) WITHIN GROUP (ORDER BY c.change) AS upper_quartile
		FROM change c
	), before AS (
		-- the value of a season before, where the season counts; nothing where it was never anything else than 0
		SELECT s.value, s.value = '0' AND NOT EXISTS (SELECT FROM spine o
			WHERE (o.place - s.place) % w.season = 0 AND o.value <> '0') AS nothing
		FROM whole w JOIN spine s ON s.place = w.upto + w.ahead - w.season, rhythm r, usual u
		WHERE r.there AND u.changes >= 4::bigint AND s.value IS NOT NULL
	), seasonal AS (
		SELECT b.value AS before, b.nothing, w.positive, w.readings, u.changes, w.season_word,
			pg_catalog.format('for the %s of %s: ', w.unit, to_char(w.period::timestamp, 'YYYY-MM-DD')) AS named,
			pg_catalog.format('what it was a %s before (%s)', w.season_word, CASE WHEN b.value = '0' THEN 0::numeric
				ELSE round(b.value::numeric, greatest(0, 3 - floor(log(abs(b.value)))::integer)) END) AS base,
			CASE WHEN b.nothing THEN '0' ELSE u.median END AS median,
			CASE WHEN b.nothing THEN '0' WHEN y.better = 'lower' THEN u.lower_quartile
				ELSE u.upper_quartile END AS best, y.better,
			CASE WHEN b.nothing THEN '0' ELSE (SELECT f.value FROM forecast((SELECT pg_catalog.array_agg(s.value
					ORDER BY s.place) FROM spine s WHERE s.place <= w.upto), w.ahead, w.season) f
				WHERE f.step = w.ahead) END AS ahead
		FROM before b, whole w, usual u, way y
	), proposal AS (
		SELECT 1 AS place, 'median'::text AS method, h.median AS raw,
			pg_catalog.format('the middle of the last %s complete readings: as good as usual, so it holds the level',
					h.readings) AS reason
		FROM history h WHERE NOT EXISTS (SELECT FROM seasonal)
		UNION ALL
		SELECT 2, 'trend', h.start + h.slope * (h.readings + w.ahead::bigint)::double precision,
			pg_catalog.format('the straight line through the last %s complete readings (%s a period) carried on by %s '
					'period%s: what comes if nothing changes', h.readings,
				coalesce(round(h.slope::numeric,
						greatest(0, 3 - floor(log(nullif(abs(h.slope), '0'::double precision)))::integer)), 0::numeric),
				CASE w.ahead WHEN 1 THEN 'one' ELSE w.ahead::text END, CASE w.ahead WHEN 1 THEN '' ELSE 's' END)
		FROM history h LEFT JOIN whole w ON true WHERE NOT EXISTS (SELECT FROM seasonal)
		UNION ALL
		SELECT 3, 'best quartile', CASE WHEN w.better = 'lower' THEN h.lower_quartile ELSE h.upper_quartile END,
			pg_catalog.format('reached in a quarter of the last %s complete readings (%s is better): challenging, but '
					'it was done', h.readings, w.better)
		FROM history h, way w WHERE NOT EXISTS (SELECT FROM seasonal)
		UNION ALL
		SELECT x.place, x.method, x.raw, s.named || x.reason
		FROM seasonal s, LATERAL (SELECT
				CASE WHEN s.positive THEN s.before * s.median ELSE s.before + s.median END AS median,
				CASE WHEN s.positive THEN s.before * s.best ELSE s.before + s.best END AS best,
				CASE WHEN s.positive THEN percent(s.median - '1', 1) ELSE (
					CASE WHEN s.median = '0' THEN 0::numeric
				ELSE round(s.median::numeric, greatest(0, 3 - floor(log(abs(s.median)))::integer)) END)::text END
					AS median_change,
				CASE WHEN s.positive THEN percent(s.best - '1', 1) ELSE (
					CASE WHEN s.best = '0' THEN 0::numeric
				ELSE round(s.best::numeric, greatest(0, 3 - floor(log(abs(s.best)))::integer)) END)::text END
					AS best_change) c,
			LATERAL (VALUES
				(1, 'median', c.median, pg_catalog.format('%s and the usual change over a %s (%s, the middle of the '
					'last %s): as good as usual', s.base, s.season_word, c.median_change, s.changes)),
				(2, 'trend', s.ahead, pg_catalog.format('forecast() of %s complete readings with their season: what '
					'comes if nothing changes', s.readings)),
				(3, 'best quartile', c.best, pg_catalog.format('%s and a change over a %s that a quarter of the last '
					'%s reached (%s, %s is better): challenging, but it was done', s.base, s.season_word, s.changes,
					c.best_change, s.better))) AS x (place, method, raw, reason)
	), rounded AS (
		-- four significant digits; what was always a share stays one
		SELECT p.place, p.method, p.reason, h.readings, w.better,
			CASE WHEN h.readings < 4 OR w.better = 'range' THEN NULL
				WHEN abs(r.value) <= '1e-9'::double precision * greatest(abs(h.least), abs(h.most))
					THEN '0'::double precision
				ELSE round(r.value::numeric, 3 - floor(log(abs(r.value)))::integer)::double precision END AS value
		FROM proposal p, history h, way w,
			LATERAL (SELECT CASE WHEN h.least >= '0' AND h.most <= '1' THEN
					least(greatest(p.raw, '0'::double precision), '1'::double precision) ELSE p.raw END AS value) r)
	SELECT r.method, (CASE WHEN r.better = 'lower' THEN at_most(r.value) ELSE at_least(r.value) END)::text, r.value,
		CASE WHEN r.readings < 4 THEN
				pg_catalog.format('no proposal: it needs 4 complete readings of the total, there are %s', r.readings)
			WHEN r.better = 'range' THEN 'no proposal: the target of this KPI is a range'
			ELSE r.reason END
	FROM rounded r ORDER BY r.place;
END;
COMMENT ON FUNCTION kpi_propose_target(text, date) IS
	'as kpi_propose_target(kpi), for the period of a day that is to come; NULL is the next period. 22023 for a day '
	'that is not behind the newest complete reading, or more than a season (a year; of days a week) behind it, of '
	'years 12';
