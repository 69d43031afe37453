-- model.sql: what bench/model runs, a section each.

--- fill
-- Customers of BG/NBD with r 0.5, alpha 60 days, a 1, b 3, who came over one year and are looked at after two.
CREATE EXTENSION kpi;
SELECT setseed(0.5);
CREATE TABLE customer AS
SELECT id AS customer, rfm(date '2024-01-01' + day, amount) AS r
FROM (SELECT id, came, rate, least(ceil(ln(1 - random()) / ln(kept)), 500)::int AS most
	FROM (SELECT id, 365 * random() AS came, -ln(1 - random()) * cos(2 * pi() * random()) ^ 2 / 60 AS rate, greatest(random() ^ (1 / 3.0), 1e-9) * 0.9999999 AS kept
		FROM generate_series(1, :customers) AS id) AS c) AS c,
LATERAL (SELECT (came + coalesce(sum(-ln(1 - random()) / rate) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS t,
		(20 + 80 * random() * random())::numeric(8,2) AS amount FROM generate_series(1, most + 1) AS i WHERE id IS NOT NULL) AS p,
LATERAL (SELECT t::int AS day) AS d
WHERE t < 730
GROUP BY id;
VACUUM (FREEZE, ANALYZE) customer;
CREATE TABLE model AS SELECT kind, clv_fit(r, '2025-12-31', kind) AS m FROM customer, unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) AS kind WHERE customer % 20 = 0 GROUP BY kind;

--- rows
COPY (SELECT frequency(r, '2025-12-31'), recency(r, '2025-12-31'), tenure(r, '2025-12-31') FROM customer) TO STDOUT (FORMAT csv)

--- read
SELECT sum(frequency(r, '2025-12-31')) FROM customer;

--- fit bg/nbd
SELECT clv_fit(r, '2025-12-31') FROM customer;

--- fit mbg/nbd
SELECT clv_fit(r, '2025-12-31', 'mbg/nbd') FROM customer;

--- fit pareto/nbd
SELECT clv_fit(r, '2025-12-31', 'pareto/nbd') FROM customer;

--- p_alive bg/nbd
SELECT sum(p_alive(m, r, '2025-12-31')) FROM customer, model WHERE kind = 'bg/nbd';

--- expected_purchases bg/nbd
SELECT sum(expected_purchases(m, r, '2025-12-31', '1 year')) FROM customer, model WHERE kind = 'bg/nbd';

--- clv bg/nbd
SELECT sum(clv(m, r, '2025-12-31', '1 year')) FROM customer, model WHERE kind = 'bg/nbd';

--- clv discounted bg/nbd
SELECT sum(clv(m, r, '2025-12-31', '1 year', 0.1)) FROM customer, model WHERE kind = 'bg/nbd';

--- p_alive pareto/nbd
SELECT sum(p_alive(m, r, '2025-12-31')) FROM customer, model WHERE kind = 'pareto/nbd';

--- expected_purchases pareto/nbd
SELECT sum(expected_purchases(m, r, '2025-12-31', '1 year')) FROM customer, model WHERE kind = 'pareto/nbd';

--- clv pareto/nbd
SELECT sum(clv(m, r, '2025-12-31', '1 year')) FROM customer, model WHERE kind = 'pareto/nbd';

--- clv discounted pareto/nbd
SELECT sum(clv(m, r, '2025-12-31', '1 year', 0.1)) FROM customer, model WHERE kind = 'pareto/nbd';
