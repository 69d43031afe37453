-- A batch of a day: into the ledger, and merged into the day's summaries.
\set day random(0, 59)
\set segment random(1, 3)
\set rows random(1, 20)
BEGIN;
WITH batch AS (
	INSERT INTO ledger (day, segment, customer, score, hit, amount, took)
	SELECT date '2026-01-01' + :day, 's' || :segment, floor(random() * 30)::bigint, floor(random() * 11)::int,
		random() < 0.3,
		round((random() * 1000 - 50)::numeric, 2), make_interval(secs => random() * 1e5)
	FROM generate_series(1, :rows)
	RETURNING *
), summed AS (
	INSERT INTO daily AS t
	SELECT day, segment, nps_summary(score), rate_summary(hit), ratio_summary(amount, score), duration_summary(took),
		activity_summary(customer, day, 'month'), revenue_summary(customer, day, amount, 'month')
	FROM batch GROUP BY day, segment
	ON CONFLICT (day, segment) DO UPDATE SET nps = t.nps + EXCLUDED.nps, rate = t.rate + EXCLUDED.rate,
		price = t.price + EXCLUDED.price,
		took = t.took + EXCLUDED.took, active = t.active + EXCLUDED.active, revenue = t.revenue + EXCLUDED.revenue
)
-- several rows at once: in the order of the key, so that no two wait for each other
INSERT INTO buyer AS t
SELECT customer, rfm(day, amount) FROM batch GROUP BY customer ORDER BY customer
ON CONFLICT (customer) DO UPDATE SET r = t.r + EXCLUDED.r;
END;
