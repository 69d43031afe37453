kpi_relative_target(@TARGET@, CASE WHEN relative_to(@TARGET@) IS NOT NULL THEN (
				-- the whole period that a relative target is held against
				SELECT b.value FROM kpi_reading b
				WHERE b.kpi = @KPI@ AND b.segment = @SEGMENT@ AND b.complete
					-- of the same meaning
					AND b.phase = coalesce((SELECT a.phase FROM kpi_reading a WHERE a.kpi = @KPI@
						AND a.segment = @SEGMENT@ AND a.period = @PERIOD@), b.phase)
					AND b.period = kpi_period(CASE WHEN relative_to(@TARGET@) = 'previous' THEN @PERIOD@ - 1
						WHEN @UNIT@ LIKE 'week%' THEN @PERIOD@ - 364
						WHEN @UNIT@ = 'day' THEN (@PERIOD@ - '1 year'::interval)::date
						ELSE (@PERIOD@ + 10 - '1 year'::interval)::date END, @UNIT@)) END)
