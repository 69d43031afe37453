	WITH part AS (
		SELECT r.ctid AS place, r.kpi, r.segment, r.period, r.value, r.n, r.margin, r.complete, r.share, r.measured_to
		FROM kpi_reading r WHERE r.kpi = @KPI@ AND @READINGS@
	), span AS MATERIALIZED (
		SELECT min(p.period) AS first, max(p.period) AS last FROM part p
	), goal AS MATERIALIZED (
		-- a row for each period, so that readings find theirs without a search
		SELECT g.segment, p.period, g.target
		FROM kpi_definition d JOIN kpi_goal g ON g.kpi = d.name AND g.superseded_at IS NULL AND @GOALS@, span s,
			LATERAL kpi_periods(greatest(s.first, pg_catalog.lower(g.during)),
					least(s.last, pg_catalog.upper(g.during) - 1), d.unit) AS p (period)
		WHERE d.name = @KPI@ AND s.first IS NOT NULL
			AND g.during OPERATOR(pg_catalog.@>) daterange(p.period, kpi_next_period(p.period, d.unit))
	), held AS MATERIALIZED (
		-- a full join is never a loop over all pairs, however few rows the planner expects; CASE keeps it one
		SELECT r.place, r.value, r.margin, g.target,
			coalesce(r.n < d.min_n::double precision, d.min_n IS NOT NULL) AS few,
			CASE WHEN r.complete THEN g.target
				WHEN d.kind <> 'flow' OR r.share IS NULL THEN NULL
				WHEN d.pace = 'linear'
					THEN kpi_scaled_target(g.target, (r.measured_to - r.period + 1)::double precision,
					(kpi_next_period(r.period, d.unit) - r.period)::double precision)
				ELSE kpi_scaled_target(g.target, r.share, 1::double precision) END AS held
		FROM part r FULL JOIN goal g ON g.segment = r.segment AND g.period = r.period, kpi_definition d
		WHERE d.name = @KPI@ AND CASE WHEN r.kpi IS NULL THEN false ELSE true END
	), judged AS (
		SELECT h.place, h.target,
			CASE WHEN h.target IS NULL THEN NULL
				WHEN h.value IS NULL THEN 'no_data'::kpi_status
				WHEN h.held IS NULL OR h.few THEN 'pending'::kpi_status
				WHEN h.margin IS NULL THEN kpi_status(h.value, h.held)
				WHEN h.margin = 'Infinity' THEN 'uncertain'::kpi_status
				ELSE kpi_interval_status(h.value - h.margin, h.value + h.margin, h.held) END AS status,
			CASE WHEN NOT h.few THEN attainment(h.value, h.held) END AS attainment
		FROM held h
	), changed AS (
		UPDATE kpi_reading r SET target = j.target, status = j.status, attainment = j.attainment
		FROM judged j
		-- by place, for the same reason; the lock keeps it until then
		WHERE r.ctid = j.place
			-- not IS DISTINCT FROM on a type of ours: pg_upgrade writes it without the operator's schema, and then
			-- doesn't find it
			AND ((r.target = j.target) IS NOT TRUE AND (r.target IS NOT NULL OR j.target IS NOT NULL)
					OR r.status IS DISTINCT FROM j.status OR r.attainment IS DISTINCT FROM j.attainment)
		RETURNING r.period)
	SELECT count(*) FROM changed;
