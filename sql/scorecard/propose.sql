-- Proposing a target from history.

CREATE FUNCTION kpi_propose_target(kpi text)
	RETURNS TABLE (method text, target text, value double precision, reason text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3 COST 50000
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', kpi), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi_propose_target.kpi);
	WITH way AS (
		-- the newest goal of the total says which side is better
		SELECT coalesce((SELECT direction(g.target) FROM kpi_goal g WHERE g.kpi = kpi_propose_target.kpi
				AND g.segment = '' ORDER BY g.set_at DESC LIMIT 1), 'higher') AS better
	), point AS (
		SELECT r.value, row_number() OVER (ORDER BY r.period)::double precision AS place, r.period
		FROM (SELECT r.value, r.period FROM kpi_reading r
			WHERE r.kpi = kpi_propose_target.kpi AND r.segment = '' AND r.complete AND r.phase = (SELECT d.phase
				FROM kpi_definition d WHERE d.name = kpi_propose_target.kpi) AND r.value IS NOT NULL
			ORDER BY r.period DESC LIMIT 12) r
	), history AS (
		SELECT count(*) AS readings, min(p.period) AS first, max(p.period) AS last, min(p.value) AS least,
			max(p.value) AS most,
			percentile_cont('0.5'::double precision) WITHIN GROUP (ORDER BY p.value) AS median,
			percentile_cont('0.25'::double precision) WITHIN GROUP (ORDER BY p.value) AS lower_quartile,
			percentile_cont('0.75'::double precision) WITHIN GROUP (ORDER BY p.value) AS upper_quartile,
			regr_slope(p.value, p.place) AS slope, regr_intercept(p.value, p.place) AS start
		FROM point p
	), proposal AS (
		SELECT 1 AS place, 'median'::text AS method, h.median AS raw,
			pg_catalog.format('the middle of the last %s complete readings: as good as usual, so it holds the level',
					h.readings) AS reason
		FROM history h
		UNION ALL
		SELECT 2, 'trend', h.start + h.slope * (h.readings + 1::bigint)::double precision,
			pg_catalog.format('the straight line through the last %s complete readings (%s a period) carried on by one '
					'period: what comes if nothing changes', h.readings,
				coalesce(round(h.slope::numeric,
						greatest(0, 3 - floor(log(nullif(abs(h.slope), '0'::double precision)))::integer)), 0::numeric))
		FROM history h
		UNION ALL
		SELECT 3, 'best quartile', CASE WHEN w.better = 'lower' THEN h.lower_quartile ELSE h.upper_quartile END,
			pg_catalog.format('reached in a quarter of the last %s complete readings (%s is better): challenging, but '
					'it was done', h.readings, w.better)
		FROM history h, way w
	), rounded AS (
		-- four significant digits; what was always a share stays one
		SELECT p.place, p.method, p.reason, h.readings, w.better,
			CASE WHEN h.readings < 4 OR w.better = 'range' THEN NULL WHEN r.value = '0' THEN r.value
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
COMMENT ON FUNCTION kpi_propose_target(text) IS
	'three targets from the last 12 complete readings of the total: their median, the next point of their straight '
	'line, and their best quartile, each as text to cast to kpi_target, with its value (four significant digits) and '
	'the reason in words. The side that is better is that of the KPI''s newest goal, else higher. NULL with the reason '
	'under 4 readings and for a range; 22023 for an unknown KPI';

