		AND (EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = @KPI@
				AND (r.period <> kpi_period(r.period, @UNIT@) OR (r.complete AND r.measured_to < kpi_next_period(r.period, @UNIT@) - 1)))
			OR EXISTS (SELECT FROM kpi_goal g WHERE g.kpi = @KPI@ AND g.superseded_at IS NULL
				AND (pg_catalog.lower(g.during) <> kpi_period(pg_catalog.lower(g.during), @UNIT@) OR pg_catalog.upper(g.during) <> kpi_period(pg_catalog.upper(g.during), @UNIT@))))
