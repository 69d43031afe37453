-- The months anew, from the days.
INSERT INTO monthly SELECT kpi_period(day, 'month'), rollup(nps), rollup(price), rollup(active) FROM daily GROUP BY 1
	ORDER BY 1
ON CONFLICT (month) DO UPDATE SET nps = EXCLUDED.nps, price = EXCLUDED.price, active = EXCLUDED.active;
