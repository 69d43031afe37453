	, new AS (
		SELECT n.during, n.target, n.weight, n.origin FROM given n
		WHERE NOT EXISTS (
			SELECT FROM kpi_goal g
			WHERE g.kpi = @KPI@ AND g.segment = @SEGMENT@ AND g.superseded_at IS NULL
				AND g.during OPERATOR(pg_catalog.=) n.during
				AND g.target = n.target AND g.weight = n.weight AND g.origin = n.origin)
	), covered AS (
		SELECT pg_catalog.range_agg(n.during) AS days FROM new n
	), old AS (
		UPDATE kpi_goal g SET superseded_at = clock_timestamp(), superseded_by = CURRENT_USER::text
		FROM covered c
		WHERE g.kpi = @KPI@ AND g.segment = @SEGMENT@ AND g.superseded_at IS NULL
			AND g.during OPERATOR(pg_catalog.&&) c.days
		RETURNING g.during, g.target, g.weight, g.origin, c.days)
	INSERT INTO kpi_goal (kpi, segment, during, target, weight, origin)
	-- what the new goals leave of the old ones stays in force
	SELECT @KPI@, @SEGMENT@, left_over.during, o.target, o.weight, o.origin
	FROM old o,
		LATERAL pg_catalog.unnest(pg_catalog.multirange_minus(datemultirange(o.during), o.days)) AS left_over (during)
	UNION ALL
	SELECT @KPI@, @SEGMENT@, n.during, n.target, n.weight, n.origin FROM new n;
