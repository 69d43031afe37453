	WITH part AS (
		SELECT r.segment, r.period, r.value, r.n, r.margin, r.complete, r.share, r.measured_to, r.target,
			r.status, r.attainment
		FROM kpi_reading r WHERE r.kpi = @KPI@ AND @READINGS@
	), span AS MATERIALIZED (
		SELECT min(p.period) AS first, max(p.period) AS last FROM part p
	), goal AS MATERIALIZED (
		-- a row for each period, so that readings find theirs without a search
		SELECT g.segment, p.period,
--@ include scorecard/asked.sql
--@ with TARGET = g.target
--@ with KPI = d.name
--@ with SEGMENT = g.segment
--@ with PERIOD = p.period
--@ with UNIT = d.unit
				AS target
		FROM kpi_definition d JOIN kpi_goal g ON g.kpi = d.name AND g.superseded_at IS NULL AND @GOALS@, span s,
			LATERAL kpi_periods(greatest(s.first, pg_catalog.lower(g.during)),
					least(s.last, pg_catalog.upper(g.during) - 1), d.unit) AS p (period)
		WHERE d.name = @KPI@ AND s.first IS NOT NULL
			AND g.during OPERATOR(pg_catalog.@>) daterange(p.period, kpi_next_period(p.period, d.unit))
	), due AS MATERIALIZED (
		-- the readings to judge anew
		SELECT r.segment, r.period, g.target
		FROM part r LEFT JOIN goal g ON g.segment = r.segment AND g.period = r.period, kpi_definition d, LATERAL (
--@ include scorecard/verdict.sql
		) v
		WHERE d.name = @KPI@
			-- not IS DISTINCT FROM on a type of ours: pg_upgrade writes it without the operator's schema, and then
			-- doesn't find it
			AND ((r.target = v.target) IS NOT TRUE AND (r.target IS NOT NULL OR v.target IS NOT NULL)
					OR r.status IS DISTINCT FROM v.status OR r.attainment IS DISTINCT FROM v.attainment)
	), changed AS (
		-- by key and from the row itself: one that another session changes by hand is waited for, and judged as it is
		-- then
		UPDATE kpi_reading r SET (target, status, attainment) = (
--@ include scorecard/verdict.sql
		)
		FROM due g, kpi_definition d
		WHERE d.name = @KPI@ AND r.kpi = @KPI@ AND r.segment = g.segment AND r.period = g.period
		RETURNING r.period)
	SELECT count(*) FROM changed;
