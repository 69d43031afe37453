(SELECT
--@ include scorecard/asked.sql
--@ with TARGET = g.target
--@ with KPI = @KPI@
--@ with SEGMENT = @SEGMENT@
--@ with PERIOD = @PERIOD@
--@ with UNIT = @UNIT@
				FROM kpi_goal g
				WHERE g.kpi = @KPI@ AND g.segment = @SEGMENT@ AND g.superseded_at IS NULL AND @ONLY@
					AND pg_catalog.range_contains_elem(g.during, @PERIOD@))
