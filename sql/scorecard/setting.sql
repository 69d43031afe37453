	, new AS (
		SELECT n.during, n.target, n.weight, n.origin FROM given n
		WHERE NOT EXISTS (
			SELECT FROM kpi_goal g
			WHERE g.kpi = @KPI@ AND g.segment = @SEGMENT@ AND g.superseded_at IS NULL
				AND g.during OPERATOR(pg_catalog.=) n.during
				AND g.target = n.target AND g.weight = n.weight AND g.origin = n.origin)
	), covered AS (
		SELECT pg_catalog.range_agg(n.during) AS days FROM new n
	), moment AS MATERIALIZED (
		-- after all that was set before, where a clock was put back too
		SELECT greatest(clock_timestamp(), (SELECT max(greatest(g.set_at, g.superseded_at)) + '1 microsecond'::interval
			FROM kpi_goal g WHERE g.kpi = @KPI@ AND g.segment = @SEGMENT@)) AS at
	), old AS (
		UPDATE kpi_goal g SET superseded_at = m.at, superseded_by = CURRENT_USER::text
		FROM covered c, moment m
		WHERE g.kpi = @KPI@ AND g.segment = @SEGMENT@ AND g.superseded_at IS NULL
			AND g.during OPERATOR(pg_catalog.&&) c.days
		RETURNING g.during, g.target, g.weight, g.origin, c.days)
	INSERT INTO kpi_goal (kpi, segment, during, target, weight, origin, set_at)
	-- what the new goals leave of the old ones stays in force
	SELECT @KPI@, @SEGMENT@, left_over.during, o.target, o.weight, o.origin, m.at
	FROM old o, moment m,
		LATERAL pg_catalog.unnest(pg_catalog.multirange_minus(datemultirange(o.during), o.days)) AS left_over (during)
	UNION ALL
	SELECT @KPI@, @SEGMENT@, n.during, n.target, n.weight, n.origin, m.at + '1 microsecond'::interval
	FROM new n, moment m;
