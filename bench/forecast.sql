-- Daily series, and how far forecast() is off on them; run by bench/forecast, section by section.

--- series
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS kpi;
CREATE TABLE series (name text, at date, value double precision);

-- every day from the first to the last, 0 where nothing happened
CREATE PROCEDURE add_series(name text, query text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO series
		SELECT %1$L, d::date, coalesce(q.value, 0)
		FROM (SELECT min(q.at) AS first, max(q.at) AS last FROM (%2$s) q) r, generate_series(r.first, r.last, interval ''1 day'') d
		LEFT JOIN (%2$s) q ON q.at = d::date', name, query);
END $$;

--- public
CREATE TEMP TABLE line (text text);
\copy line FROM CDNOW_master.txt
CREATE TEMP TABLE purchase AS SELECT f[2]::date AS day
FROM (SELECT regexp_split_to_array(btrim(text, E' \t\r'), '\s+') AS f FROM line) AS l WHERE f[1] ~ '^\d+$';
CALL add_series('CDNOW, purchases', 'SELECT day AS at, count(*) AS value FROM purchase GROUP BY day');
SET datestyle = 'ISO, MDY';
CREATE TEMP TABLE deal (id text, agent text, product text, account text, stage text, engaged date, closed date, value numeric);
\copy deal FROM crm_sales_pipeline.csv CSV HEADER
CALL add_series('pipeline, closed deals', 'SELECT closed AS at, count(*) AS value FROM deal WHERE closed IS NOT NULL GROUP BY closed');
CALL add_series('pipeline, won deals', 'SELECT closed AS at, count(*) AS value FROM deal WHERE stage = ''Won'' GROUP BY closed');

--- demo
SET timezone = 'UTC';
CALL add_series('demo, orders', 'SELECT ordered_at AS at, count(*) AS value FROM crm.orders WHERE status <> ''refund'' GROUP BY 1');
CALL add_series('demo, revenue', 'SELECT ordered_at AS at, sum(revenue) AS value FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id GROUP BY 1');
CALL add_series('demo, tickets', 'SELECT created_at::date AS at, count(*) AS value FROM crm.ticket GROUP BY 1');
CALL add_series('demo, survey answers', 'SELECT answered_at::date AS at, count(*) AS value FROM crm.survey_response GROUP BY 1');
CALL add_series('demo, leads', 'SELECT created_at::date AS at, count(*) AS value FROM crm.lead GROUP BY 1');

--- error
SELECT name AS series, horizon, round(ours::numeric, 3) AS kpi, round(naive::numeric, 3) AS "seasonal-naive", round((ours / naive)::numeric, 3) AS "kpi/naive",
	round(covered, 2) AS "in interval", CASE WHEN ours < naive THEN 'met' ELSE 'MISSED' END AS "goal < 1"
FROM (
	SELECT name, horizon, avg(abs(f.value - y[t])) AS ours, avg(abs(y[t - 7] - y[t])) AS naive, avg((y[t] BETWEEN f.lower AND f.upper)::int) AS covered
	FROM (SELECT name, array_agg(value ORDER BY at) AS y FROM series GROUP BY name) s, unnest('{1,7}'::int[]) horizon,
		LATERAL generate_series(cardinality(y) - 27, cardinality(y)) t,
		LATERAL (SELECT * FROM forecast(y[:t - horizon], horizon, 7) f WHERE f.step = horizon) f
	GROUP BY name, horizon
) e ORDER BY name, horizon;

--- time
CREATE FUNCTION best_of_20(y double precision[], season integer) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz;
	best numeric;
BEGIN
	FOR i IN 1 .. 20 LOOP
		started := clock_timestamp();
		PERFORM * FROM forecast(y, 7, season);
		best := least(best, round(extract(epoch FROM clock_timestamp() - started) * 1000, 2));
	END LOOP;
	RETURN best;
END $$;
SELECT values, season, best_of_20(y, season) AS ms
FROM (VALUES (100), (1000), (10000)) v(values), unnest('{1,7,12,365}'::int[]) season,
	LATERAL (SELECT setseed(0.5) IS NULL AS same) x,
	LATERAL (SELECT array_agg(100 + 20 * sin(2 * pi() * i / greatest(season, 2)) + 10 * random() + i * 0.01 ORDER BY i) AS y FROM generate_series(1, values) i) s
WHERE season * 2 <= values ORDER BY values, season;
