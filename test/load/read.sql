-- What a dashboard asks for.
SELECT kpi_period(day, 'month'), segment, nps(rollup(nps)), rate(rollup(rate)), ratio(rollup(price)),
	percentile(rollup(took), 0.9), active_customers(rollup(active))
FROM daily GROUP BY GROUPING SETS ((1, 2), ());
SELECT l.period, l.active, l.new, l.lost, l.churn_rate FROM (SELECT rollup(active) AS s FROM daily) d,
	LATERAL lifecycle(s) l;
SELECT m.period, m.closing, m.nrr FROM (SELECT rollup(revenue) AS s FROM daily) d, LATERAL revenue_movements(s) m;
SELECT * FROM kpi_scorecard('2026-03-01');
SELECT * FROM kpi_score('2026-03-01');
SELECT sum(monetary(r)), count(*) FROM buyer;
