-- Retention, churn and repeat rate from events, against plain SQL over the same random rows.
\set VERBOSITY terse
SET datestyle = 'ISO';
SET timezone = 'UTC';
CREATE FUNCTION h(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN abs(hashint8extended(a, b) % 1000000);
CREATE TEMP TABLE event AS
SELECT run, id, h(id, run * 10) % (run * 9) AS c, '1969-06-01'::date + run * 5000 + h(id, run * 10 + 1) % 730 AS at,
	h(id, run * 10 + 2) % (run * 15) AS document
FROM generate_series(1, 11) run, generate_series(1, 200) id;
UPDATE event SET c = NULL WHERE id % 41 = 0;
UPDATE event SET at = NULL, document = NULL WHERE id % 43 = 0;
CREATE FUNCTION key(c bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5('u' || c)::uuid;
-- ranges: two years, a gap between, an overlap, open ends, nobody before, empty
CREATE TEMP TABLE ranges AS SELECT run, n, before, after
	FROM generate_series(1, 11) run, LATERAL (SELECT '1969-06-01'::date + run * 5000 AS d) q, LATERAL (VALUES
	(1, daterange(d, d + 365), daterange(d + 365, d + 730)), (2, daterange(d, d + 10), daterange(d + 100, d + 110)),
	(3, daterange(d, d + 400), daterange(d + 200, d + 500)), (4, daterange(NULL, d + 99), daterange(d + 400, NULL)),
	(5, daterange(d - 10, d), daterange(d, NULL)), (6, 'empty', daterange(d, NULL)), (7, daterange(d, d + 99), 'empty'),
	(8, daterange(d, d + 365, '[]'), daterange('-infinity', 'infinity'))) v(n, before, after);
CREATE TEMP TABLE expected AS
SELECT run, n, avg(came_back::int)::float8 AS retention, avg((NOT came_back)::int)::float8 AS churn FROM (
	SELECT run, n, c, bool_or(coalesce(at <@ after, false)) AS came_back FROM event JOIN ranges USING (run)
			WHERE c IS NOT NULL GROUP BY run, n, c HAVING bool_or(at <@ before)) q GROUP BY run, n;
SELECT count(*) > 60 AS many, count(DISTINCT retention) > 20 AS different FROM expected;
CREATE TEMP TABLE got AS
SELECT run, n, retention_rate(c, at, before, after) AS retention, churn_rate(c, at, before, after) AS churn,
	retention_rate(key(c), at + time '23:59:59.9', before, after) AS by_uuid,
		retention_rate('name ' || c, (at + time '00:00')::timestamptz, before, after) AS by_text
FROM event JOIN ranges USING (run) GROUP BY run, n;
SELECT count(*) AS asked, count(g.retention) AS known, count(*)
	FILTER (WHERE (g.retention IS NULL) <> (e.run IS NULL) OR (g.churn IS NULL) <> (e.run IS NULL)) AS wrong_null,
	count(*) FILTER (WHERE abs(g.retention - e.retention) > 1e-15 OR abs(g.churn - e.churn) > 1e-15) AS wrong,
		count(*) FILTER (WHERE abs(g.retention + g.churn - 1) > 1e-15) AS wrong_sum,
	count(*) FILTER (WHERE by_uuid IS DISTINCT FROM g.retention OR by_text IS DISTINCT FROM g.retention) AS wrong_types
FROM got g LEFT JOIN expected e USING (run, n);

CREATE TEMP TABLE repeats AS
SELECT run, avg((documents > 1)::int)::float8 AS by_document, avg((days > 1)::int)::float8 AS by_day FROM (
	SELECT run, c, count(DISTINCT document) AS documents, count(DISTINCT at) AS days FROM event
			WHERE c IS NOT NULL AND document IS NOT NULL GROUP BY run, c) q GROUP BY run;
SELECT count(*) AS runs, count(DISTINCT by_document) > 5 AS different,
	count(*) FILTER (WHERE abs(d - by_document) > 1e-15 OR u <> d OR t <> d) AS wrong_documents,
	count(*) FILTER (WHERE abs(days - by_day) > 1e-15 OR moments <> days OR zoned <> days) AS wrong_days
FROM repeats JOIN (SELECT run, repeat_rate(c, document) AS d, repeat_rate(key(c), key(document)) AS u,
		repeat_rate('name ' || c, 'order ' || document) AS t,
	repeat_rate(c, at) AS days, repeat_rate('name ' || c, at + time '00:00:01' * (id % 3)) AS moments,
			repeat_rate(key(c), (at + time '12:00')::timestamptz) AS zoned FROM event GROUP BY run) g USING (run);
-- every kind of column
SELECT DISTINCT pg_typeof(repeat_rate(c::smallint, document::int)) AS a,
	pg_typeof(repeat_rate(c::varchar, document::varchar)) AS b,
	pg_typeof(retention_rate(c::int, at, 'empty', 'empty')) AS c FROM event;
-- the zone decides on which day an event was
SET timezone = 'Asia/Tokyo';
SELECT repeat_rate(1, at) AS tokyo FROM unnest('{2024-01-01 14:00+00,2024-01-01 16:00+00}'::timestamptz[]) at;
SET timezone = 'UTC';
SELECT repeat_rate(1, at) AS utc FROM unnest('{2024-01-01 14:00+00,2024-01-01 16:00+00}'::timestamptz[]) at;

-- no usable rows
SELECT retention_rate(c, at, 'empty', 'empty'), repeat_rate(c, at) FROM event WHERE false;
SELECT retention_rate(NULL::bigint, at, '[2024-01-01,2024-02-01)', '[2024-02-01,2024-03-01)'),
	repeat_rate(c, NULL::date), repeat_rate(NULL::uuid, NULL::text) FROM event;
-- the state: text and uuid customers do not show
SELECT retention_set_accum(retention_set_accum(NULL, 7, '2024-01-05'::date, '[2024-01-01,2024-02-01)', '[2024-02-01,)'),
		7, '2024-03-05'::date, '[2024-01-01,2024-02-01)', '[2024-02-01,)');
SELECT repeat_set_accum(repeat_set_accum(NULL, 'a'::text, 9), 'a', 4),
	repeat_set_accum(NULL, 7, '2024-01-02 23:00+00'::timestamptz);

-- errors
SELECT retention_rate(c, at, NULL, '[2024-01-01,)') FROM event;
SELECT churn_rate(c, at, '[2024-01-01,)', NULL) FROM event;
SELECT retention_rate(c, at, daterange('2024-01-01', '2024-02-01'), daterange('2024-02-01', '2024-02-02'::date + run))
	FROM event;
SELECT retention_rate(c, 'infinity'::date, 'empty', 'empty') FROM event;
SELECT repeat_rate(c, '-infinity'::timestamp) FROM event;
SELECT retention_set_add(retention_set_accum(NULL, 7, '2024-01-05'::date, '[2024-01-01,)', 'empty'),
		retention_set_accum(NULL, 7, '2024-01-05'::date, '[2024-01-02,)', 'empty'));
SELECT repeat_set_add(repeat_set_accum(NULL, 7, 1), repeat_set_accum(NULL, '7'::text, 1));
DROP FUNCTION h, key;
