-- After the load: what differs from the ledger.  No row is right.  Bytes against the aggregates over the ledger, and
-- numbers against plain SQL.
CREATE TEMP TABLE plain AS
	SELECT day, segment, count(*) AS n, count(*) FILTER (WHERE score >= 9) AS promoters,
		count(*) FILTER (WHERE score <= 6) AS detractors,
		count(*) FILTER (WHERE hit) AS hits, sum(amount) AS amount, sum(score) AS score,
		count(DISTINCT customer) FILTER (WHERE NOT forgotten) AS customers
	FROM ledger GROUP BY day, segment;
SELECT 'day', day, segment, p, d FROM plain p FULL JOIN daily d USING (day, segment)
WHERE (n, promoters, detractors, hits, n, amount, score, n, customers)
	IS DISTINCT FROM (responses(nps), promoters(nps), detractors(nps), hits(rate), total(rate),
	numerator(price), denominator(price), responses(took), active_customers(active));
SELECT 'day, in bytes', day, segment FROM daily d FULL JOIN (
	SELECT day, segment, nps_summary(score) AS nps, rate_summary(hit) AS rate, ratio_summary(amount, score) AS price,
			duration_summary(took) AS took FROM ledger GROUP BY 1, 2) s USING (day, segment)
WHERE (d.nps, d.rate, d.price, d.took) IS DISTINCT FROM (s.nps, s.rate, s.price, s.took);
SELECT 'revenue', day, segment, r.revenue, p.amount FROM daily d,
	LATERAL (SELECT coalesce(sum(closing + credits), 0) AS revenue FROM revenue_movements(d.revenue)) r,
	LATERAL (SELECT coalesce(sum(amount), 0) AS amount FROM ledger l
			WHERE l.day = d.day AND l.segment = d.segment AND NOT forgotten) p
WHERE r.revenue <> p.amount;
SELECT 'buyer', customer FROM (SELECT customer, rfm(day, amount) AS r FROM ledger GROUP BY 1) s
	FULL JOIN buyer b USING (customer) WHERE s.r IS DISTINCT FROM b.r;
-- the scorecard: measured once more, it says what the ledger says
SELECT 'measured', name, error FROM kpi_measure(as_of => '2026-03-31') WHERE error IS NOT NULL;
SELECT 'reading', r.kpi, r.segment, r.period, r.value FROM kpi_reading r
	FULL JOIN (
		SELECT 'survey' AS kpi, segment, kpi_period(day, 'week') AS period,
			100.0 * (sum(promoters) - sum(detractors)) / sum(n) AS value FROM plain GROUP BY 2, 3
		UNION ALL SELECT 'sales', segment, kpi_period(day, 'month'), sum(amount) FROM plain GROUP BY 2, 3
		UNION ALL SELECT 'price', segment, day, sum(amount) / nullif(sum(score), 0) FROM plain GROUP BY 2, 3
		UNION ALL SELECT 'customers', segment, day, customers FROM plain) s USING (kpi, segment, period)
WHERE segment <> '' AND NOT (r.status IS NOT DISTINCT FROM 'no_data' AND s.value IS NULL)
	AND coalesce(abs(r.value - s.value) > 1e-9 * (1 + abs(s.value)), (r.value IS NULL) <> (s.value IS NULL));
SELECT 'total', kpi, period, value, s FROM kpi_reading
	JOIN (SELECT kpi_period(day, 'month') AS period, sum(amount) AS s FROM ledger GROUP BY 1) l USING (period)
WHERE kpi = 'sales' AND segment = '' AND abs(value - s) > 1e-9 * abs(s);
SELECT 'goals in force', kpi, count(*) FROM kpi_goal WHERE superseded_at IS NULL GROUP BY kpi HAVING count(*) <> 1;
SELECT 'alert', a FROM (SELECT *, lag(status) OVER (PARTITION BY kpi, segment ORDER BY raised_at) AS before
		FROM kpi_alert) a WHERE before IS NOT NULL AND before IS DISTINCT FROM previous;
