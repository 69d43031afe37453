-- CDNOW, the sample of the literature: 2,357 customers and their purchases to 1997-09-30 as rfm, against plain SQL.
\cd :data
CREATE TEMP TABLE line (text text);
\copy line FROM CDNOW_sample.txt
CREATE TEMP TABLE purchase AS SELECT f[1]::bigint AS customer, f[3]::date AS day, f[5]::numeric AS dollars
FROM (SELECT regexp_split_to_array(btrim(text, E' \t\r'), '\s+') AS f FROM line) AS l WHERE f[1] ~ '^\d+$';
SELECT count(*) AS purchases, count(DISTINCT customer) AS customers, min(day), max(day), sum(dollars) AS dollars,
	count(*) FILTER (WHERE dollars = 0) AS free FROM purchase;
CREATE TEMP TABLE customer AS SELECT customer, rfm(day, dollars) AS r FROM purchase GROUP BY customer;
-- to 1997-09-30, in days: what the models are fitted on
SELECT count(*) AS customers, count(*) FILTER (WHERE x > 0) AS repeaters, sum(x) AS repeats, sum(t_x) AS recency,
	sum(t) AS tenure, round(avg(m), 4) AS monetary, sum(free) AS free_days, sum(returned) AS returns
FROM (SELECT frequency(r, d) AS x, recency(r, d) AS t_x, tenure(r, d) AS t, monetary(r, d) AS m,
		free_days(r, d) AS free, returns(r, d) AS returned FROM customer, (VALUES (date '1997-09-30')) AS v(d)) AS s;
CREATE TEMP VIEW plain AS
WITH daily AS (SELECT customer, day, sum(dollars) AS net, row_number() OVER (PARTITION BY customer ORDER BY day) AS n
		FROM purchase WHERE day <= '1997-09-30' GROUP BY 1, 2)
SELECT customer, count(*) - 1 AS x, max(day) - min(day) AS t_x, date '1997-09-30' - min(day) AS t,
	avg(net) FILTER (WHERE n > 1 AND net > 0) AS m, sum(net) AS total FROM daily GROUP BY customer;
SELECT count(*) AS customers, count(*) FILTER (WHERE (frequency(r, d), recency(r, d), tenure(r, d), monetary(r,
		d)::text, amount_total(r, d)::text) IS DISTINCT FROM (x::int, t_x, t, m::text, total::text)) AS different
FROM customer FULL JOIN plain USING (customer), (VALUES (date '1997-09-30')) AS v(d);
-- the published holdout is 1,882; the free days are all first days
SELECT sum(purchase_days(r)) AS days, sum(free_days(r)) AS free, sum(free_days(r, '1997-09-30')) AS free_before,
	sum(frequency(r)) - sum(frequency(r, '1997-09-30')) AS holdout FROM customer;
-- months merge into the same
SELECT count(*) FILTER (WHERE c.r IS DISTINCT FROM m.r) AS different FROM customer c FULL JOIN
	(SELECT customer, rollup(r) AS r FROM (SELECT customer, rfm(day, dollars) AS r FROM purchase
			GROUP BY customer, date_trunc('month', day)) AS part GROUP BY customer) AS m USING (customer);
-- bytes a customer
SELECT round(avg(pg_column_size(r)), 1) AS bytes, max(pg_column_size(r)) AS most,
	round(avg(purchase_days(r)), 2) AS days FROM customer;
