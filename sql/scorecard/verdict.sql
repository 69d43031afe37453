SELECT h.target,
			CASE WHEN h.target IS NULL THEN NULL
				WHEN r.value IS NULL AND NOT (d.hide AND h.few AND r.n IS NOT NULL) THEN 'no_data'::kpi_status
				WHEN h.held IS NULL OR h.few THEN 'pending'::kpi_status
				WHEN r.margin IS NULL THEN kpi_status(r.value, h.held)
				WHEN r.margin = 'Infinity' THEN 'uncertain'::kpi_status
				ELSE kpi_interval_status(r.value - r.margin, r.value + r.margin, h.held) END AS status,
			CASE WHEN NOT h.few THEN attainment(r.value, h.held) END AS attainment
		FROM (SELECT g.target, coalesce(r.n < d.min_n::double precision, d.min_n IS NOT NULL) AS few,
				CASE WHEN r.complete THEN g.target
					WHEN d.kind <> 'flow' OR r.share IS NULL THEN NULL
					WHEN d.pace = 'linear'
						THEN kpi_scaled_target(g.target, (r.measured_to - r.period + 1)::double precision,
						(kpi_next_period(r.period, d.unit) - r.period)::double precision)
					ELSE kpi_scaled_target(g.target, r.share, 1::double precision) END AS held) h
