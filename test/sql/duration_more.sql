-- duration_summary between two moments, with limits that are counted exactly, and of integers.
\set VERBOSITY default
SET intervalstyle = postgres;
SET timezone = 'Europe/Berlin';

-- a difference of dates is a number of days, which must not pass for seconds
SELECT duration_summary(closed - opened) FROM (VALUES (date '2026-01-01', date '2026-01-11')) v(opened, closed);
SELECT duration_summary(90, '{1 hour}');
SELECT mean(duration_summary(opened, closed)) AS two_dates,
	mean(duration_summary(make_interval(secs => 90))) AS interval,
	mean(duration_summary(90::double precision)) AS seconds, duration_summary(NULL::integer) AS nothing
	FROM (VALUES (date '2026-01-01', date '2026-01-11')) v(opened, closed);
-- what is no integer counts seconds
SELECT duration_summary(90::smallint) = s AS i2, duration_summary(90::bigint) = s AS i8, duration_summary(90.0) = s AS n
	FROM (SELECT duration_summary(interval '90 s')) q(s) GROUP BY s;

-- between two moments: what their difference gives; a day on which the clocks change has 23 or 25 hours
SELECT setseed(0.5);
CREATE TEMP TABLE task AS
SELECT id, started, CASE WHEN id % 7 > 0 THEN started + random() * interval '40 days' END AS ended
	FROM (SELECT id, CASE WHEN id % 11 > 0 THEN timestamp '2025-10-01' + random() * interval '200 days' END AS started
		FROM generate_series(1, 2000) id) q;
SELECT duration_summary(started, ended) = duration_summary(ended - started) AS timestamps,
	duration_summary(started::timestamptz, ended::timestamptz)
		= duration_summary(extract(epoch FROM ended::timestamptz) - extract(epoch FROM started::timestamptz))
		AS moments,
	duration_summary(started::timestamptz, ended::timestamptz) <> duration_summary(started, ended) AS clocks_change,
	duration_summary(started::date, ended::date) = duration_summary((ended::date - started::date) * interval '1 day')
		AS dates,
	duration_summary(started::date, ended) = duration_summary(started::date::timestamp, ended) AS mixed,
	responses(duration_summary(started, ended)) = count(started + (ended - started)) AS nulls_ignored FROM task;
SELECT mean(duration_summary(timestamptz '2026-03-29 00:00', timestamptz '2026-03-30 00:00')) AS instants,
	mean(duration_summary(timestamp '2026-03-29 00:00', timestamp '2026-03-30 00:00')) AS clocks,
	mean(duration_summary(date '2026-03-29', date '2026-03-30')) AS days;
SELECT duration_summary(date '2026-01-02', date '2026-01-01');
SELECT duration_summary(timestamp '2026-01-02', timestamp '2026-01-01 12:00');
SELECT duration_summary(timestamptz '2026-01-02', timestamptz 'infinity');
SELECT duration_summary(date '-infinity', date '2026-01-01');
SELECT duration_summary(date '0001-01-01', date '400000-01-01');
\set VERBOSITY terse

-- shares at the limits are those of the rows; 900 at 3500 s, 50 at 3605 s, 50 at 4000 s
CREATE TEMP TABLE reply AS SELECT CASE WHEN i <= 900 THEN 3500 WHEN i <= 950 THEN 3605 ELSE 4000 END::float8 AS seconds
	FROM generate_series(1, 1000) i;
SELECT share_within(s, '1 hour') AS exact, share_within(t, '1 hour') AS histogram, share_within_bounds(s, '1 hour')
		AS s, share_within_bounds(t, '1 hour') AS t
	FROM (SELECT duration_summary(seconds, '{1 hour,4 hours}'), duration_summary(seconds) FROM reply) q(s, t);

-- over distributions and the whole domain: limits that are values, ends of buckets, in between, below and beyond all
CREATE TEMP TABLE wait (kind text, i int, us bigint);
INSERT INTO wait
	SELECT 'constant', i, 123456789 FROM generate_series(1, 300) i
	UNION ALL SELECT 'two points', i, CASE WHEN i % 10 = 0 THEN 4611686018427387904 ELSE 1 END
		FROM generate_series(1, 500) i
	UNION ALL SELECT 'one', 1, 86400000000
	UNION ALL SELECT 'tiny', i, floor(random() * 700)::bigint FROM generate_series(1, 800) i
	UNION ALL SELECT 'close', i, 3600000000 + floor(random() * 4e7)::bigint - 20000000 FROM generate_series(1, 1000) i
	UNION ALL SELECT 'exponential', i, floor(-ln(1 - random()) * 1e9)::bigint FROM generate_series(1, 1500) i
	UNION ALL SELECT 'huge range', i, floor(2 ^ (random() * 62))::bigint FROM generate_series(1, 1500) i
	UNION ALL SELECT 'few', i, floor(2 ^ (random() * 40))::bigint FROM generate_series(1, 40) i;
CREATE FUNCTION pg_temp.duration(us bigint) RETURNS interval LANGUAGE sql AS
$$ SELECT (us / 3600000000 || ' hours')::interval + (us % 3600000000 || ' microseconds')::interval $$;
CREATE TEMP TABLE question AS SELECT kind, us FROM (
	SELECT kind, us + d AS us FROM wait, generate_series(-1, 1) d WHERE i <= 12
	UNION SELECT kind, floor(2 ^ (random() * 62))::bigint FROM (SELECT DISTINCT kind FROM wait) k,
		generate_series(1, 20)
	UNION SELECT kind, (128 + i * 3 % 128)::bigint << (i % 50) FROM (SELECT DISTINCT kind FROM wait) k,
		generate_series(1, 20) i
	UNION SELECT kind, unnest(ARRAY[0, 1, 3600000000, 9223372036854775807]) FROM wait) q WHERE us >= 0;
CREATE TEMP TABLE chosen AS SELECT kind, set, array_agg(pg_temp.duration(us) ORDER BY random()) AS limits
	FROM (SELECT kind, us, set, row_number() OVER (PARTITION BY kind, set ORDER BY random()) AS place
		FROM question, generate_series(1, 3) set) q WHERE place <= CASE set WHEN 1 THEN 1 WHEN 2 THEN 6 ELSE 60 END
	GROUP BY kind, set;
CREATE TEMP TABLE summary AS SELECT kind, set, limits, duration_summary(pg_temp.duration(us), limits) AS s,
		duration_summary(pg_temp.duration(us)) AS plain
	FROM wait JOIN chosen USING (kind) GROUP BY kind, set, limits;
SELECT count(*) AS summaries, count(*) FILTER (WHERE s::text::duration_summary = s) AS read_back FROM summary;
SELECT set, count(*) > 300 AS many, count(*) FILTER (WHERE within = ANY (limits)) > 0 AS at_limits,
	count(*) FILTER (WHERE within = ANY (limits) AND share_within(s, within) <> exact) AS wrong,
	count(*) FILTER (WHERE within = ANY (limits) AND ((share_within_bounds(s, within)).lower <> exact
		OR (share_within_bounds(s, within)).upper <> exact)) AS not_exact,
	count(*) FILTER (WHERE exact < (share_within_bounds(s, within)).lower
		OR exact > (share_within_bounds(s, within)).upper
		OR exact < (share_within_bounds(plain, within)).lower
		OR exact > (share_within_bounds(plain, within)).upper) AS out_of_bounds,
	count(*) FILTER (WHERE (share_within_bounds(s, within)).lower < (share_within_bounds(plain, within)).lower
		OR (share_within_bounds(s, within)).upper > (share_within_bounds(plain, within)).upper) AS wider,
	count(*) FILTER (WHERE (share_within_bounds(plain, within)).upper <> share_within(plain, within)) AS not_upper,
	count(*) FILTER (WHERE (share_within_bounds(plain, within)).lower < (share_within_bounds(plain, within)).upper) > 10
		AS uncertain
FROM summary JOIN (SELECT q.kind, pg_temp.duration(q.us) AS within,
		count(*) FILTER (WHERE w.us <= q.us)::float8 / count(*) AS exact
	FROM question q JOIN wait w USING (kind) GROUP BY q.kind, q.us) e USING (kind)
GROUP BY set ORDER BY set;
-- all else is as without limits: the text but for them
SELECT count(*) AS differ FROM summary
	WHERE regexp_replace(s::text, ';[^;]*=[^;]*;', ';') <> plain::text OR percentile(s, 0.3) <> percentile(plain, 0.3)
		OR mean(s) <> mean(plain) OR responses(s) <> responses(plain);
SELECT count(*) AS differ FROM summary JOIN LATERAL (
	SELECT format(';%s;', string_agg(l.us || '=' || (SELECT count(*) FROM wait w
			WHERE w.kind = summary.kind AND w.us <= l.us), ',' ORDER BY l.us)) AS counts
		FROM (SELECT DISTINCT q.us FROM question q WHERE q.kind = summary.kind
			AND pg_temp.duration(q.us) = ANY (limits)) l) c ON true
	WHERE strpos(s::text, counts) = 0;

-- in parts of every size and order, by hand, in frames, in workers: the same value
SELECT count(*) AS compared,
	count(*) FILTER (WHERE whole <> rolled OR whole <> backwards OR whole <> through_text) AS differ
FROM (SELECT kind, set, parts, (SELECT s FROM summary x WHERE (x.kind, x.set) = (w.kind, w.set)) AS whole,
		rollup(s) AS rolled, rollup(s ORDER BY part DESC) AS backwards,
		rollup(s::text::duration_summary) AS through_text
	FROM (SELECT kind, set, parts, i % parts AS part, duration_summary(pg_temp.duration(us), limits) AS s
		FROM wait JOIN chosen USING (kind), unnest('{1,2,40,300}'::int[]) parts GROUP BY 1, 2, 3, 4) w
	GROUP BY kind, set, parts) q;
SELECT count(*) FILTER (WHERE s + s <> d) AS differ FROM summary JOIN (
	SELECT kind, set, duration_summary(pg_temp.duration(us), limits) AS d FROM wait JOIN chosen USING (kind),
		generate_series(1, 2) GROUP BY 1, 2) q USING (kind, set);
SELECT count(*) FILTER (WHERE framed IS DISTINCT FROM
			(SELECT duration_summary(f, '{1 min,1 hour}') FROM unnest(frame) f)) AS differ,
	count(*) FILTER (WHERE share_within(framed, '1 hour') IS DISTINCT FROM
			(SELECT avg((f <= interval '1 hour')::int)::float8 FROM unnest(frame) f)) AS wrong
FROM (SELECT duration_summary(pg_temp.duration(us), '{1 min,1 hour}') OVER w AS framed,
		array_agg(pg_temp.duration(us)) OVER w AS frame
	FROM wait WHERE kind IN ('close', 'exponential') AND i <= 300
	WINDOW w AS (ORDER BY kind, i ROWS BETWEEN 30 PRECEDING AND 2 PRECEDING)) q;
DO $$
DECLARE
	s duration_summary := '(0)';
BEGIN
	FOR k IN 1..400 LOOP
		s := duration_summary_accum(s, k * k / 7.0::float8, '{1 min,2 hours}'::interval[]);
		ASSERT responses(s) = k AND s = s::text::duration_summary;
	END LOOP;
	ASSERT s = (SELECT duration_summary(k * k / 7.0::float8, '{2 hours,60 s,2 hours}') FROM generate_series(1, 400) k);
	ASSERT duration_summary_accum(s, NULL::float8, '{1 min}'::interval[]) = s;
END $$;
-- started and ended with limits
SELECT share_within(duration_summary(started, ended, '{10 days,1 day}'), '10 days')
		= avg((ended - started <= interval '10 days')::int)::float8 AS timestamps,
	duration_summary(started::date, ended::date, '{10 days}')
		= duration_summary((ended::date - started::date) * interval '1 day', '{10 days}') AS dates,
	duration_summary(started::timestamptz, ended::timestamptz, '{10 days}')
		= duration_summary(extract(epoch FROM ended::timestamptz) - extract(epoch FROM started::timestamptz),
			'{10 days}') AS moments
	FROM task;

-- nothing; the empty summary has no limits and merges with every other
SELECT duration_summary(NULL::interval, '{1 hour}') AS no_row;
SELECT '(0)' + s AS empty_first, s + '(0)' AS empty_last, share_within('(0)', '1 hour') AS share,
	share_within_bounds('(0)', '1 hour') AS bounds
	FROM (SELECT duration_summary(interval '1 min', '{1 hour}')) q(s);
-- limits are one set, whatever their order, and the same in all rows and parts
SELECT count(DISTINCT s) FROM (SELECT duration_summary(interval '1 min', l) AS s
	FROM (VALUES (1, '{1 hour,4 hours}'::interval[]), (2, '{4 hours,1 hour,60 min}'),
		(3, '[0:1]={3600 s,240 min}')) v(n, l)
	GROUP BY n) q;
SELECT duration_summary(interval '1 min', l) FROM (VALUES ('{1 hour}'::interval[]), ('{1 hour,2 hours}')) v(l);
SELECT duration_summary(interval '1 min') + (SELECT duration_summary(interval '1 min', '{1 hour}'));
SELECT rollup(s) FROM (VALUES ('(1,1,1,1;5=1;1:1)'::duration_summary), ('(1,1,1,1;6=1;1:1)')) v(s);
SELECT duration_summary(interval '1 min', '{}');
SELECT duration_summary(interval '1 min', NULL);
SELECT duration_summary(NULL::interval, '{1 hour,NULL}');
SELECT duration_summary(interval '1 min', '{-1 s}');
SELECT duration_summary(interval '1 min', '{300000 years}');
SELECT duration_summary(interval '1 min', '{{1 hour},{2 hours}}');
SELECT duration_summary(interval '1 min', l)
	FROM (SELECT array_agg(i * interval '1 s') AS l FROM generate_series(1, 65) i) q;
SELECT length(duration_summary(interval '1 min', l)::text)
	FROM (SELECT array_agg(i * interval '1 s') AS l FROM generate_series(1, 64) i) q;
-- an error leaves nothing of its limits behind
SELECT duration_summary(interval '1 min', '{1 hour}');

-- forms that no durations have
\set VERBOSITY default
SELECT '(2,3,1,2;5=2,5=2;1:1,2:1)'::duration_summary;
SELECT '(2,3,1,2;-1=0;1:1,2:1)'::duration_summary;
SELECT '(2,3,1,2;1=2;1:1,2:1)'::duration_summary;
SELECT '(2,3,1,2;2=1;1:1,2:1)'::duration_summary;
SELECT '(2,3,1,2;0=1;1:1,2:1)'::duration_summary;
\set VERBOSITY terse
SELECT '(2,3,1,2;1=1;)'::duration_summary;
SELECT '(2,3,1,2;1=1)'::duration_summary;
SELECT '(2,3,1,2;1=1,1:1,2:1)'::duration_summary;
SELECT '(2,3,1,2;1:1;1=1;2:1)'::duration_summary;
SELECT '(0;1=0)'::duration_summary;
-- 2000 to 2007 us are one bucket, of which a limit within tells more: the sum must fit it
SELECT value FROM (VALUES (1, '(3,6006,2000,2006;2003=2;634:3)'), (2, '(3,6009,2000,2006;2003=2;634:3)'),
	(3, '(3,6007,2000,2006;2000=1;634:3)')) v(n, literal), LATERAL (SELECT literal::duration_summary) p(value)
	ORDER BY n;
SELECT '(3,6005,2000,2006;2003=2;634:3)'::duration_summary;
SELECT '(3,6010,2000,2006;2003=2;634:3)'::duration_summary;
SELECT '(3,6006,2000,2006;2000=1;634:3)'::duration_summary;
SELECT '(3,6006,2000,2006;2006=2;634:3)'::duration_summary;
SELECT '(3,6006,2000,2006;1999=1;634:3)'::duration_summary;
