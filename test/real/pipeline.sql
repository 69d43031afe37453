-- A sales pipeline of 8,800 deals: win rate and length of the sale.
\cd :data
SET datestyle = 'ISO, MDY';
CREATE TEMP TABLE deal (id text, agent text, product text, account text, stage text, engaged date, closed date,
		value numeric);
\copy deal FROM crm_sales_pipeline.csv CSV HEADER
-- 4,238 of 6,711 closed deals were won
SELECT hits(s), total(s), round(rate(s)::numeric, 6) AS win_rate, round(rate_lower(s)::numeric, 6) AS lower,
	round(rate_upper(s)::numeric, 6) AS upper
FROM (SELECT rate_summary(stage = 'Won') FILTER (WHERE stage IN ('Won', 'Lost')) AS s FROM deal) q;
-- by agent, against plain SQL; merged again it is the whole
SELECT count(*) AS agents, bool_and(rate(s) = won::float8 / closed) AS as_plain, rollup(s) FROM (
	SELECT agent, rate_summary(stage = 'Won') FILTER (WHERE stage IN ('Won', 'Lost')) AS s, count(*) FILTER (WHERE stage
			= 'Won') AS won, count(*) FILTER (WHERE stage IN ('Won', 'Lost')) AS closed FROM deal GROUP BY agent) q;
-- value of a won deal by product, digit for digit
SELECT count(*) AS products, bool_and(ours::text = plain::text) AS as_plain
	FROM (SELECT product, ratio_agg(value, 1::numeric) AS ours, sum(value) / count(value) AS plain FROM deal
		WHERE stage = 'Won' GROUP BY product) q;
-- days from engagement to close
SELECT p, percentile_seconds(s, p) / 86400 AS days,
	abs(percentile_seconds(s, p) / (exact * 86400) - 1) <= 0.01 AS within_1_percent
FROM (SELECT duration_summary((closed - engaged) * interval '1 day') AS s FROM deal) q,
	unnest('{0.25,0.5,0.75,0.9}'::float8[]) p,
	LATERAL (SELECT percentile_disc(p) WITHIN GROUP (ORDER BY closed - engaged) AS exact FROM deal) e ORDER BY p;
-- won within 30 days of the engagement, of those that had 30 days
SELECT conversion_summary(engaged, CASE WHEN stage = 'Won' THEN closed END, '30 days', '2017-12-31') =
	rate_summary((stage = 'Won' AND closed <= engaged + 30) IS TRUE) FILTER (WHERE engaged + 30 <= '2017-12-31')
		AS as_plain FROM deal;
-- daily closed deals: the forecast for the next day and for the day a week later is nearer than the value of the week
-- before, over the last 28 days
SELECT horizon, count(*) AS days, avg(abs(f.value - y[t])) < avg(abs(y[t - 7] - y[t])) AS nearer,
	avg((y[t] BETWEEN f.lower AND f.upper)::int) > 0.9 AS in_interval
FROM (SELECT array_agg(n::float8 ORDER BY day) AS y FROM (SELECT d::date AS day, count(closed) AS n
		FROM generate_series(timestamp '2017-03-01', timestamp '2017-12-31', interval '1 day') d LEFT JOIN deal
		ON closed = d::date GROUP BY d) q) s,
	unnest('{1,7}'::int[]) horizon, LATERAL generate_series(cardinality(y) - 27, cardinality(y)) t,
		LATERAL (SELECT * FROM forecast(y[:t - horizon], horizon, 7) f WHERE f.step = horizon) f
GROUP BY horizon ORDER BY horizon;
