				FROM kpi_goal g
				WHERE g.kpi = kpi_split_goal.kpi AND g.segment IN ('', coalesce(kpi_split_goal.segment, ''))
				ORDER BY g.segment = '', g.set_at DESC LIMIT 1
