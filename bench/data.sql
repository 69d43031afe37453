-- Data of the benchmark: three tables of :rows rows and one of a tenth of them.  k has a tenth as many values as there
-- are rows (1 million of 10 million), g has ten.  One row in fifty has no answer.  Run by bench/run.
SELECT setseed(0.5);
CREATE EXTENSION kpi;
CREATE EXTENSION pg_prewarm;

-- survey answers: 0..10 with half of them promoters, satisfaction 1..5, yes or no
CREATE UNLOGGED TABLE survey AS
SELECT floor(random() * :rows / 10)::integer AS k, i % 10 AS g,
	CASE WHEN i % 50 <> 0 THEN score END AS score,
	CASE WHEN i % 50 <> 1 THEN ceil(score / 2.0 + 0.01)::integer - (score = 10)::integer END AS csat,
	CASE WHEN i % 50 <> 2 THEN score END::double precision AS score_float,
	CASE WHEN i % 50 <> 3 THEN random() < 0.3 END AS yes
FROM generate_series(1, :rows) i, LATERAL (SELECT 10 - floor(11 * random() ^ 2)::integer + 0 * i AS score) s;

-- order lines: amounts up to 1,000.00 with two places, the same in cents and as double precision
CREATE UNLOGGED TABLE sale AS
SELECT floor(random() * :rows / 10)::integer AS k, i % 10 AS g,
	CASE WHEN i % 50 <> 0 THEN revenue END AS revenue_cents,
	CASE WHEN i % 50 <> 1 THEN cost END AS cost_cents,
	CASE WHEN i % 50 <> 0 THEN revenue / 100.0 END::double precision AS revenue_float,
	CASE WHEN i % 50 <> 1 THEN cost / 100.0 END::double precision AS cost_float,
	CASE WHEN i % 50 <> 0 THEN revenue / 100.0 END::numeric(12, 2) AS revenue,
	CASE WHEN i % 50 <> 1 THEN cost / 100.0 END::numeric(12, 2) AS cost
FROM generate_series(1, :rows) i, LATERAL (SELECT floor(100000 * random())::bigint + 0 * i AS revenue) r,
	LATERAL (SELECT floor(revenue * (0.5 + 0.4 * random()))::bigint AS cost) c;

-- promises and leads over two years, as days and as times; a fifth is never done
CREATE UNLOGGED TABLE event AS
SELECT floor(random() * :rows / 10)::integer AS k, i % 10 AS g, due,
	CASE WHEN i % 5 <> 0 THEN due + floor(40 * random())::integer - 20 END AS done,
	due::timestamptz AS started,
	CASE WHEN i % 5 <> 0 THEN due + random() * interval '60 days' END::timestamptz AS converted
FROM generate_series(1, :rows) i, LATERAL (SELECT date '2024-01-01' + floor(730 * random())::integer + 0 * i AS due) d;

-- handling times, from seconds to days; a tenth of the rows, since exact percentiles sort them all
CREATE UNLOGGED TABLE ticket AS
SELECT floor(random() * :rows / 100)::integer AS k, i % 10 AS g, seconds, make_interval(secs => seconds) AS took
FROM generate_series(1, :rows / 10) i, LATERAL (SELECT exp(4 + 8 * random() + 0 * i) AS seconds) s;

-- for the slower shapes
CREATE UNLOGGED TABLE survey_fifth AS SELECT * FROM survey LIMIT :rows / 5;
CREATE UNLOGGED TABLE sale_fifth AS SELECT * FROM sale LIMIT :rows / 5;
CREATE UNLOGGED TABLE event_fifth AS SELECT * FROM event LIMIT :rows / 5;
CREATE UNLOGGED TABLE ticket_fifth AS SELECT * FROM ticket LIMIT :rows / 10 / 5;

CREATE TABLE bench_table AS
SELECT name || part AS name, :rows / CASE name WHEN 'ticket' THEN 10 ELSE 1 END / CASE part WHEN '' THEN 1 ELSE 5 END AS rows
FROM unnest('{survey, sale, event, ticket}'::text[]) name, unnest('{"", _fifth}'::text[]) part;

VACUUM (FREEZE, ANALYZE);
SELECT pg_prewarm(name) FROM bench_table;
