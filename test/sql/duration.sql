-- duration_summary: count, sum, extremes and histogram of durations.
-- The output shows no random value, only whether what must hold does hold.

SET intervalstyle = postgres;

-- what a statement raises
CREATE FUNCTION pg_temp.raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
END $$;

-- sum, least and largest in microseconds, read from the text form
CREATE FUNCTION pg_temp.total(duration_summary) RETURNS numeric LANGUAGE sql AS
$$ SELECT split_part($1::text, ',', 2)::numeric $$;
CREATE FUNCTION pg_temp.least_of(duration_summary) RETURNS bigint LANGUAGE sql AS
$$ SELECT split_part($1::text, ',', 3)::bigint $$;
CREATE FUNCTION pg_temp.largest_of(duration_summary) RETURNS bigint LANGUAGE sql AS
$$ SELECT split_part(split_part($1::text, ',', 4), ';', 1)::bigint $$;
CREATE FUNCTION pg_temp.us(interval) RETURNS numeric LANGUAGE sql AS
$$ SELECT trunc(extract(epoch FROM $1) * 1000000) $$;
CREATE FUNCTION pg_temp.duration(us bigint) RETURNS interval LANGUAGE sql AS
$$ SELECT (us / 3600000000 || ' hours')::interval + (us % 3600000000 || ' microseconds')::interval $$;
-- the number of a bucket, as src/summary/histogram.h says
CREATE FUNCTION pg_temp.bucket(us bigint) RETURNS bigint LANGUAGE sql AS
$$ SELECT 128 * e + (us >> e) FROM greatest(length(ltrim(us::bit(64)::text, '0')) - 8, 0) e $$;

-- by hand
SELECT duration_summary(x) FROM (VALUES (1.5), (2), (0.25), (NULL)) v(x);
SELECT duration_summary(x) FROM (VALUES (interval '1 day'), ('1 mon'), ('1 year 1 mon'), (NULL)) v(x);
SELECT responses(s), mean(s), mean_seconds(s), percentile(s, 0), percentile(s, 0.5), percentile(s, 1),
	percentile_seconds(s, 0.5)
	FROM (SELECT duration_summary(x) FROM (VALUES (interval '90 min'), ('2 days'), ('-1 day 30 hours')) v(x)) a(s);
SELECT p, percentile_seconds(s, p) FROM (SELECT duration_summary(x::float8) FROM generate_series(1, 100) x) a(s),
	unnest(array[0, 0.001, 0.01, 0.1, 0.29, 0.5, 0.9, 0.95, 0.99, 0.991, 1]) p;
SELECT duration_summary(x::float8)::text FROM generate_series(0, 3) x;
-- below 256 microseconds every value has a bucket: exact
SELECT count(*) AS wrong FROM (SELECT duration_summary(x / 1e6) s FROM generate_series(0, 255) x) a,
	generate_series(1, 256) rank
	WHERE pg_temp.us(percentile(s, (rank - 0.5) / 256.0)) <> rank - 1;

-- the rank is that of percentile_disc(): 3 for 0.1 * 30
SELECT percentile(s, 0.1), percentile(s, 0.7)
	FROM (SELECT duration_summary(x / 1e6) FROM generate_series(1, 30) x) a(s);
SELECT count(*) AS compared, count(*) FILTER (WHERE pg_temp.us(percentile(s, p)) <> exact) AS wrong FROM (
	SELECT n, i / 100.0::double precision AS p, duration_summary(x / 1e6) s,
		percentile_disc(i / 100.0::double precision) WITHIN GROUP (ORDER BY x) AS exact
	FROM unnest(array[1, 2, 3, 7, 10, 30, 60, 100, 120]) n, generate_series(1, n) x, generate_series(0, 100) i
			GROUP BY n, i) a;

-- nothing
SELECT duration_summary(x), responses(duration_summary(x)), mean(duration_summary(x)) IS NULL AS mean,
	mean_seconds(duration_summary(x)) IS NULL AS mean_seconds,
		percentile(duration_summary(x), 0.5) IS NULL AS percentile,
	percentile_seconds(duration_summary(x), 0.5) IS NULL AS percentile_seconds,
	share_within(duration_summary(x), '1 hour') IS NULL AS share_within
	FROM (VALUES (NULL::double precision)) v(x);
SELECT duration_summary(x) FROM (SELECT 1.0 AS x WHERE false) a;
SELECT duration_summary(x) FILTER (WHERE x < 0), duration_summary(x * interval '1 s') FILTER (WHERE x < 0)
	FROM generate_series(1, 3) x;
SELECT rollup(s), rollup(s) FILTER (WHERE false) FROM (VALUES (NULL::duration_summary), ('(0)')) v(s);
SELECT rollup(NULL::duration_summary);
SELECT '(0)'::duration_summary + '(0)', ('(0)'::duration_summary + '(1,5,5,5;5:1)')::text,
	('(1,5,5,5;5:1)'::duration_summary + '(0)')::text,
	'(0)'::duration_summary + NULL AS with_null, NULL + '(0)'::duration_summary AS null_with;
SELECT mean(NULL::duration_summary), percentile(NULL::duration_summary, 0.5), percentile('(0)', NULL),
	share_within(NULL::duration_summary, '1 h'), share_within('(1,5,5,5;5:1)', NULL), responses(NULL::duration_summary);

-- types of input: smallint, bigint, numeric and real convert to double precision; time to interval
CREATE TEMP TABLE typed AS SELECT 90::smallint i2, 90::integer i4, 90::bigint i8, 90::numeric n, 90::real f4,
	90::double precision f8, interval '90 s' iv, time '00:01:30' t;
SELECT duration_summary(i2) = s AS i2, duration_summary(i4::float8) = s AS i4, duration_summary(i8) = s AS i8,
	duration_summary(n) = s AS n,
	duration_summary(f4) = s AS f4, duration_summary(f8) = s AS f8, duration_summary(iv) = s AS iv,
		duration_summary(t) = s AS t
	FROM typed, (VALUES ('(1,90000000,90000000,90000000;2603:1)'::duration_summary)) v(s) GROUP BY s;
-- an untyped literal is taken for the text form of a summary
SELECT pg_temp.raised($$SELECT duration_summary('90 s')$$);
SELECT duration_summary(interval '90 s'), pg_typeof(duration_summary(90.0)),
	pg_typeof(percentile(duration_summary(90.0), 0.5)),
	pg_typeof(percentile_seconds(duration_summary(90.0), 0.5)), pg_typeof(mean(duration_summary(90.0))),
		pg_typeof(mean_seconds(duration_summary(90.0))),
	pg_typeof(share_within(duration_summary(90.0), '1 h')), pg_typeof(responses(duration_summary(90.0)));

-- an interval counts as extract(epoch) counts it
SELECT setseed(0.25);
SELECT count(*) > 2000 AS compared,
	count(*) FILTER (WHERE pg_temp.total(duration_summary_accum(NULL, i)) <> pg_temp.us(i)) AS wrong
	FROM (SELECT make_interval(months => (random() * 4000 - 100)::int, days => (random() * 3000 - 1000)::int,
			secs => random() * 1e6 - 1e5) AS i
		FROM generate_series(1, 3000)) a WHERE extract(epoch FROM i) >= 0;
SELECT duration_summary(i) FROM (VALUES (interval '1 year -1 day'), ('11 mons'), ('12 mons'), ('-1 mon 31 days')) v(i)
	GROUP BY i ORDER BY i;

-- seconds are rounded to the nearest microsecond: decimals as they are written
SELECT count(*) AS compared, count(*)
	FILTER (WHERE pg_temp.total(duration_summary_accum(NULL, (us::numeric / 1000000)::double precision)) <> us) AS wrong
	FROM (SELECT floor(2 ^ (random() * 51))::bigint AS us FROM generate_series(1, 3000)) a;
SELECT count(*) AS compared,
	count(*) FILTER (WHERE abs(pg_temp.total(duration_summary_accum(NULL, x)) - exact) > 0.5) AS wrong
	FROM (SELECT x, trunc(x)::bigint * 1000000::numeric + ((x - trunc(x)) * 1099511627776)::bigint * 1000000::numeric
			/ 1099511627776 AS exact
		FROM (SELECT trunc((2 ^ (random() * 42))::numeric * 1000000)::double precision / 1048576 AS x
				FROM generate_series(1, 3000)) a) b;
SELECT x, pg_temp.total(duration_summary_accum(NULL, x)) AS us
	FROM unnest(array[0, -0.0, 0.1 + 0.2, 1e-7, -1e-7, 5e-7, 1.5e-6, 2.5e-6, 1.0000005, 1.0000015, 8.41,
			4294967296.000001, 9223372036854, 9223372036854.775]::double precision[]) x;

-- every field against plain SQL, over distributions and the whole domain
CREATE TEMP TABLE sample (kind text, i int, us bigint);
INSERT INTO sample
	SELECT 'constant', i, 123456789 FROM generate_series(1, 500) i
	UNION ALL SELECT 'two points', i, CASE WHEN i % 10 = 0 THEN 4611686018427387904 ELSE 1 END
		FROM generate_series(1, 1000) i
	UNION ALL SELECT 'one', 1, 86400000000
	UNION ALL SELECT 'tiny', i, floor(random() * 700)::bigint FROM generate_series(1, 2000) i
	UNION ALL SELECT 'uniform', i, floor(random() * 1e10)::bigint FROM generate_series(1, 3000) i
	UNION ALL SELECT 'exponential', i, floor(-ln(1 - random()) * 1e9)::bigint FROM generate_series(1, 3000) i
	UNION ALL SELECT 'lognormal', i,
		floor(exp(22 + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())))::bigint
		FROM generate_series(1, 5000) i
	UNION ALL SELECT 'huge range', i, floor(2 ^ (random() * 62))::bigint FROM generate_series(1, 5000) i
	UNION ALL SELECT 'powers', i, ((1::bigint << (i / 3)) + i % 3 - 1) FROM generate_series(0, 188) i
	UNION ALL SELECT 'few', i, floor(2 ^ (random() * 40))::bigint FROM generate_series(1, 60) i;
CREATE TEMP TABLE summaries AS SELECT kind, duration_summary(pg_temp.duration(us) ORDER BY i) AS s FROM sample
	GROUP BY kind;
SELECT kind, responses(s) AS n, responses(s) = count(us) AS count, pg_temp.total(s) = sum(us) AS sum,
	pg_temp.least_of(s) = min(us) AS min,
	pg_temp.largest_of(s) = max(us) AS max, pg_temp.us(mean(s)) = round(avg(us)) AS mean,
	mean_seconds(s) = (sum(us) * 1.0000000000000000000000000000000000000000 / count(us) / 1000000)::double precision
		AS mean_seconds,
	percentile(s, 0) = pg_temp.duration(min(us)) AS first, percentile(s, 1) = pg_temp.duration(max(us)) AS last
	FROM summaries JOIN sample USING (kind) GROUP BY kind, s ORDER BY kind;
-- the whole text form, built by plain SQL
SELECT kind, s::text = format('(%s,%s,%s,%s;%s)', sum(n), (SELECT sum(us) FROM sample x WHERE x.kind = b.kind),
		min(least_us), max(largest_us),
		string_agg(bucket || ':' || n, ',' ORDER BY bucket)) AS text_form
	FROM (SELECT kind, pg_temp.bucket(us) AS bucket, count(*) AS n, min(us) AS least_us, max(us) AS largest_us
			FROM sample GROUP BY 1, 2) b JOIN summaries USING (kind)
	GROUP BY kind, s ORDER BY kind;
-- percentiles: the promise is 1 %, the buckets give 0.4 %
CREATE TEMP TABLE fractions AS SELECT i / 1000.0::double precision AS p FROM generate_series(0, 1000, 25) i
UNION VALUES (0.0001), (0.001), (0.01), (0.99), (0.999), (0.9999), (1.0 / 3);
WITH exact AS (
	SELECT kind, unnest((SELECT array_agg(p ORDER BY p) FROM fractions)) AS p,
		unnest(percentile_disc((SELECT array_agg(p ORDER BY p) FROM fractions)) WITHIN GROUP (ORDER BY us)) AS us
	FROM sample GROUP BY kind)
SELECT kind, count(*) AS compared, bool_and(abs(pg_temp.us(percentile(s, p)) - us) <= 0.01 * us) AS within_1_percent,
	bool_and(abs(pg_temp.us(percentile(s, p)) - us) <= 0.004 * us) AS within_04_percent,
	bool_and(percentile_seconds(s, p) = (pg_temp.us(percentile(s, p)) * 0.000001)::double precision) AS seconds
	FROM exact JOIN summaries USING (kind) GROUP BY kind ORDER BY kind;
-- share within a limit: never below the exact share, at most that of a limit 0.8 % longer, and 1 only when it is
CREATE TEMP TABLE limits AS SELECT DISTINCT kind, us FROM summaries, LATERAL (
	SELECT floor(2 ^ i)::bigint + 17 * i FROM generate_series(0, 62, 2) i
	UNION ALL SELECT pg_temp.least_of(s) - d FROM generate_series(0, 1) d WHERE pg_temp.least_of(s) >= d
	UNION ALL SELECT pg_temp.largest_of(s) + d FROM generate_series(-1, 1) d) l(us);
WITH exact AS (
	SELECT kind, l.us, (count(*) FILTER (WHERE x.us <= l.us))::double precision / count(*) AS exact,
		(count(*) FILTER (WHERE x.us <= 1.008 * l.us))::double precision / count(*) AS above
	FROM limits l JOIN sample x USING (kind) GROUP BY kind, l.us)
SELECT kind, count(*) > 30 AS compared, bool_and(share >= exact AND share <= above AND (share = 1) = (exact = 1)
		AND (share = 0) = (exact = 0)) AS share_within
	FROM exact JOIN summaries USING (kind), share_within(s, pg_temp.duration(us)) AS share GROUP BY kind ORDER BY kind;
SELECT share_within(s, '-1 s'), share_within(s, '0'), share_within(s, '1 s'), share_within(s, '2 s'),
	share_within(s, '1 mon'), share_within(s, '178000000 years'), share_within(s, '-178000000 years')
	FROM (SELECT duration_summary(x::float8) FROM generate_series(1, 3) x) a(s);
-- the largest shares its bucket with the limit, but lies beyond it
SELECT share_within(s, '100.05 s'), share_within(s, '99.99 s'), share_within(s, '100.1 s')
	FROM (SELECT duration_summary(x) FROM (VALUES (100.0), (100.1)) v(x)) a(s);

-- one duration in every bucket: the largest value there is, stored out of line, through every form
CREATE TABLE every_bucket (s duration_summary);
INSERT INTO every_bucket SELECT duration_summary(pg_temp.duration(us)) FROM (
	SELECT i::bigint AS us FROM generate_series(0, 127) i UNION ALL SELECT (128 + i % 128)::bigint << (i / 128)
			FROM generate_series(0, 7167) i) a;
SELECT responses(s), length(s::text), pg_temp.least_of(s), pg_temp.largest_of(s),
	s = s::text::duration_summary AS text_form,
	responses(s + s), percentile(s + s, 0.75) = percentile(s, 0.75) AS twice,
		(SELECT rollup(s) FROM every_bucket, generate_series(1, 3)) = s + s + s AS thrice FROM every_bucket;
SELECT count(*) AS compared,
	bool_and(abs(pg_temp.us(percentile(s, (rank - 0.5) / 7296)) - low) <= 0.004 * low) AS within_04_percent
	FROM every_bucket, LATERAL (SELECT row_number() OVER (ORDER BY us) AS rank, us AS low FROM (
		SELECT i::bigint AS us FROM generate_series(0, 127) i
				UNION ALL SELECT (128 + i % 128)::bigint << (i / 128) FROM generate_series(0, 7167) i) a) b
	WHERE rank % 7 = 0;
-- the largest sums
SELECT s, percentile(s, 0.5) = percentile(s, 1) AS percentile, mean(s) = percentile(s, 1) AS mean, mean_seconds(s)
	FROM (VALUES ('(4611686018427387904,42535295865117307928310139910543638528,9223372036854775807,'
			'9223372036854775807;7295:4611686018427387904)'::duration_summary)) v(s);

-- the same rows in any order, in any plan, in parts: the same value
CREATE TABLE waits AS SELECT i, i % 10 AS team, i % 400 AS customer, us / 1e6::double precision AS seconds
	FROM (SELECT i, floor(exp(20 + 1.5 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))) AS us
			FROM generate_series(1, 20000) i) a;
ANALYZE waits;
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	plan text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		plan := plan || line || E'\n';
	END LOOP;
	RETURN plan;
END $$;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE serial_all AS SELECT duration_summary(seconds) s FROM waits;
CREATE TABLE serial_team AS SELECT team, duration_summary(seconds * interval '1 s') s FROM waits GROUP BY team;
CREATE TABLE serial_customer AS SELECT customer, duration_summary(seconds) s FROM waits GROUP BY customer;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT plan ~ 'Gather' AS gather, plan ~ 'Partial Aggregate' AS partial, plan ~ 'Finalize Aggregate' AS finalize
	FROM pg_temp.plan('SELECT duration_summary(seconds) FROM waits') plan;
SELECT duration_summary(seconds) = (SELECT s FROM serial_all) AS parallel FROM waits;
SELECT plan ~ 'Gather' AS gather, plan ~ 'Partial' AS partial, plan ~ 'Finalize' AS finalize
	FROM pg_temp.plan('SELECT team, duration_summary(seconds * interval ''1 s'') FROM waits GROUP BY team') plan;
SELECT count(*), count(*) FILTER (WHERE s = t) AS equal FROM serial_team
	JOIN (SELECT team, duration_summary(seconds * interval '1 s') t FROM waits GROUP BY team) p USING (team);
SELECT plan ~ 'Gather' AS gather, plan ~ 'Partial' AS partial, plan ~ 'Finalize' AS finalize
	FROM pg_temp.plan('SELECT customer, duration_summary(seconds) FROM waits GROUP BY customer') plan;
SELECT count(*), count(*) FILTER (WHERE s = t) AS equal FROM serial_customer
	JOIN (SELECT customer, duration_summary(seconds) t FROM waits GROUP BY customer) p USING (customer);
SELECT plan ~ 'Gather' AS gather, plan ~ 'Partial' AS partial, plan ~ 'Finalize' AS finalize
	FROM pg_temp.plan('SELECT rollup(s) FROM serial_customer') plan;
SELECT rollup(s) = (SELECT s FROM serial_all) AS parallel_rollup FROM serial_customer;
SELECT duration_summary(seconds) FILTER (WHERE i < 0), responses(duration_summary(seconds) FILTER (WHERE i = 7))
	FROM waits;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT rollup(s) = (SELECT s FROM serial_all) AS rollup FROM serial_team;
SELECT rollup(s::text::duration_summary ORDER BY customer DESC) = (SELECT s FROM serial_all) AS text_forms
	FROM serial_customer;
SELECT duration_summary(seconds) = (SELECT s FROM serial_all) AS shuffled
	FROM (SELECT seconds FROM waits ORDER BY md5(i::text)) a;
SELECT duration_summary(seconds ORDER BY seconds DESC) = (SELECT s FROM serial_all) AS descending,
	duration_summary(seconds ORDER BY seconds) = (SELECT s FROM serial_all) AS ascending FROM waits;
-- parts of very different size, to meet every form of the state on either side
SELECT count(*), count(*) FILTER (WHERE rolled = whole) AS equal FROM (
	SELECT n, k,
		(SELECT rollup(s) FROM (SELECT duration_summary(seconds) s FROM waits WHERE i <= n GROUP BY i % k) a) AS rolled,
		(SELECT duration_summary(seconds) FROM waits WHERE i <= n) AS whole
	FROM unnest(array[1, 2, 4, 5, 36, 37, 100, 101, 228, 229, 230, 500, 3000]) n,
			unnest(array[1, 2, 3, 40, 228, 229]) k) b;
SELECT count(*), count(*) FILTER (WHERE a.s + b.s = b.s + a.s AND a.s + b.s = a.s::text::duration_summary + b.s
		AND responses(a.s + b.s) = responses(a.s) + responses(b.s)
	AND a.s + b.s = (SELECT duration_summary(x) FROM (SELECT seconds FROM waits WHERE i <= n
			UNION ALL SELECT seconds FROM waits WHERE i <= m) w(x))) AS right
	FROM unnest(array[0, 1, 5, 228, 1000]) n, LATERAL (SELECT duration_summary(seconds) s FROM waits WHERE i <= n) a,
		unnest(array[0, 1, 5, 228, 1000]) m, LATERAL (SELECT duration_summary(seconds) s FROM waits WHERE i <= m) b;

-- every function takes a state as it is inside an aggregate
CREATE AGGREGATE pg_temp.raw_state(double precision) (SFUNC = duration_summary_accum, STYPE = duration_summary);
SELECT n, raw::text = s::text AS text_form, duration_summary_send(raw) = duration_summary_send(s) AS binary_form,
	raw + raw = s + s AS twice, raw + s = s + s AS either_side,
	responses(raw) = responses(s) AS responses, mean(raw) = mean(s) AS mean,
		mean_seconds(raw) = mean_seconds(s) AS mean_seconds,
	percentile(raw, 0.3) = percentile(s, 0.3) AS percentile,
	percentile_seconds(raw, 0.9) = percentile_seconds(s, 0.9) AS percentile_seconds,
	share_within(raw, '10 minutes') = share_within(s, '10 minutes') AS share_within,
	duration_summary_final(raw) = s AS final,
	duration_summary_accum(raw, 1.0) = duration_summary_accum(s, 1.0) AS accum,
	(SELECT rollup(x) = rollup(y) FROM (VALUES (raw, s), (s, raw), (raw, s)) v(x, y)) AS rollup,
	CASE WHEN n < 229 THEN pg_column_size(raw) END AS bytes
	FROM unnest(array[1, 4, 5, 36, 37, 100, 101, 228, 229, 20000]) n,
		LATERAL (SELECT pg_temp.raw_state(seconds) AS raw, duration_summary(seconds) AS s FROM waits WHERE i <= n) a
		ORDER BY n;

-- by hand, outside an aggregate: arguments stay as they are
DO $$
DECLARE
	s duration_summary := '(0)';
	before duration_summary;
	kept text;
BEGIN
	FOR k IN 1..600 LOOP
		before := s;
		kept := before::text;
		s := duration_summary_accum(s, k * k / 7.0);
		ASSERT before::text = kept AND responses(s) = k AND s = s::text::duration_summary;
	END LOOP;
	ASSERT s = (SELECT duration_summary(k * k / 7.0) FROM generate_series(1, 600) k);
	ASSERT duration_summary_accum(s, NULL::double precision) = s;
	ASSERT duration_summary_accum(NULL, NULL::interval) IS NULL;
	ASSERT duration_summary_accum(NULL, interval '1 s')::text = '(1,1000000,1000000,1000000;1780:1)';
	ASSERT duration_summary_final(s) = s AND duration_summary_final(NULL)::text = '(0)';
	ASSERT duration_summary_add(NULL, NULL) IS NULL;
END $$;

-- moving windows: computed anew for each frame, and the final function leaves the state alone
WITH w AS (
	SELECT i, seconds, duration_summary(seconds) OVER (ORDER BY i ROWS BETWEEN 299 PRECEDING AND CURRENT ROW) AS moving,
		duration_summary(seconds) OVER (ORDER BY i) AS running,
		duration_summary(seconds) OVER (ORDER BY i / 50 RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) AS ranged,
		rollup(s) OVER (ORDER BY i ROWS BETWEEN 5 PRECEDING AND 2 FOLLOWING) AS rolled
	FROM (SELECT i, seconds, duration_summary_accum('(0)', seconds) AS s FROM waits WHERE i <= 700) a)
SELECT count(*) AS compared, count(*) FILTER
	(WHERE moving = (SELECT duration_summary(seconds) FROM waits x WHERE x.i BETWEEN w.i - 299 AND w.i)) AS moving,
	count(*) FILTER (WHERE running = (SELECT duration_summary(seconds) FROM waits x WHERE x.i <= w.i)) AS running,
	count(*) FILTER (WHERE ranged = (SELECT duration_summary(seconds) FROM waits x
			WHERE x.i / 50 BETWEEN w.i / 50 - 2 AND w.i / 50 - 1)) AS ranged,
	count(*) FILTER (WHERE rolled = (SELECT duration_summary(seconds) FROM waits x
			WHERE x.i BETWEEN w.i - 5 AND least(w.i + 2, 700))) AS rolled
	FROM w WHERE i % 9 = 1 OR i > 690;

-- equality, hashing, order
SELECT count(DISTINCT s) AS distinct_values, count(*) AS rows
	FROM (SELECT duration_summary(seconds) s FROM waits WHERE i <= 40 GROUP BY i % 20
		UNION ALL SELECT duration_summary(seconds) FROM waits WHERE i <= 40 GROUP BY i % 20) a;
SET enable_hashagg = off;
SELECT s, count(*) FROM (VALUES ('(0)'::duration_summary), ('(1,5,5,5;5:1)'), ('(0)'), ('(2,10,5,5;5:2)')) v(s)
	GROUP BY s ORDER BY s;
RESET enable_hashagg;
CREATE INDEX ON serial_customer (s);
CREATE INDEX ON serial_customer USING hash (s);
SET enable_seqscan = off;
SELECT count(*) FROM serial_customer WHERE s = (SELECT s FROM serial_customer WHERE customer = 77);
RESET enable_seqscan;
SELECT a <> b AS ne, a < b AS lt, a <= b AS le, a > b AS gt, a >= b AS ge,
	duration_summary_cmp(a, b) = -duration_summary_cmp(b, a) AS cmp,
	duration_summary_hash(a) = duration_summary_hash(a::text::duration_summary) AS hash,
		duration_summary_hash_extended(a, 7) = duration_summary_hash_extended(a::text::duration_summary, 7)
		AS hash_extended
	FROM (VALUES ('(1,5,5,5;5:1)'::duration_summary, '(2,10,5,5;5:2)'::duration_summary)) v(a, b);

-- kept up to date by upsert
CREATE TABLE daily_waits (day date PRIMARY KEY, s duration_summary NOT NULL);
INSERT INTO daily_waits SELECT date '2024-01-01' + (i % 3), duration_summary(seconds) FROM waits WHERE i <= 500
	GROUP BY 1;
INSERT INTO daily_waits AS t SELECT date '2024-01-01' + (i % 4), duration_summary(seconds) FROM waits WHERE i > 500
	GROUP BY 1
	ON CONFLICT (day) DO UPDATE SET s = t.s + EXCLUDED.s;
SELECT count(*), rollup(s) = (SELECT s FROM serial_all) AS all_rows FROM daily_waits;

-- errors
SELECT pg_temp.raised('SELECT duration_summary(' || x || ')') FROM unnest(array['-1', '-1.0', '-0.000002',
		$$'NaN'::float8$$,
		$$'Infinity'::float8$$, $$'-Infinity'::float8$$, '9223372036854.775808', '1e300',
	$$interval '-1 day'$$, $$interval '1 mon -31 days'$$, $$interval '170000000 years'$$,
	$$interval '-170000000 years'$$, $$interval '292278 years'$$]) x;
SELECT pg_temp.raised(format('SELECT percentile(%L::duration_summary, %s), 1', s, p))
	FROM unnest(array['-0.01', '1.01', $$'NaN'$$, $$'Infinity'$$, '90']) p, unnest(array['(0)', '(1,5,5,5;5:1)']) s
	WHERE s = '(0)' OR p = '90';
SELECT pg_temp.raised($$SELECT percentile_seconds('(0)'::duration_summary, 2)$$);
SELECT pg_temp.raised(
		$$SELECT '(4611686018427387904,0,0,0;0:4611686018427387904)'::duration_summary + '(1,0,0,0;0:1)'$$);
SELECT pg_temp.raised($$SELECT rollup(s) FROM
		(VALUES ('(4611686018427387904,0,0,0;0:4611686018427387904)'::duration_summary), ('(1,0,0,0;0:1)')) v(s)$$);
SELECT x, split_part(pg_temp.raised(format('SELECT %L::duration_summary', x)), ' | ', 1) AS state,
	split_part(pg_temp.raised(format('SELECT %L::duration_summary', x)), ' | ', 3) AS reason
	FROM unnest(array['', '()', '(0', '(0))', '0', '(0,0,0,0)', '(0,0,0,0;)', '(1)', '(1,5,5,5)', '(1,5,5,5;)',
			'(1,5,5,5;5)', '(1,5,5,5;5:)', '(1,5,5,5;5:1,)', '(1,5,5,5;5:1', '(1,5,5,5;5:1)x',
	'(-1,5,5,5;5:1)', '(1,5,5,5;5:0)', '(1,5,5,5;5:-1)', '(2,5,5,5;5:1)', '(1,5,5,5;5:2)', '(1,5,5,5;6:1)',
	'(1,5,5,5;-1:1)', '(1,5,5,5;7296:1)', '(1,5,5,5;4294967301:1)', '(1,-5,5,5;5:1)',
	'(1,6,5,5;5:1)', '(1,4,5,5;5:1)', '(2,10,5,5;5:1,5:1)', '(2,11,6,5;5:1,6:1)', '(2,11,5,6;6:1,5:1)',
	'(2,11,-5,6;5:1,6:1)', '(2,12,5,6;5:1,6:1)', '(3,1499,498,501;377:3)', '(3,1497,498,501;377:1,378:2)',
	'(3,1502,498,501;377:1,378:2)',
	'(4611686018427387905,0,0,0;0:4611686018427387905)', '(9223372036854775808,0,0,0;0:1)',
	'(1,99999999999999999999999999999999999999999,5,5;5:1)', '(1,5,5,9223372036854775808;5:1)',
	'(1,5,5,5;5:99999999999999999999)', '(1,1.5,5,5;5:1)', '(1,5,5,0x5;5:1)', '(NaN)']) x;
-- the whole message
SELECT pg_temp.raised($$SELECT '(2,5,5,5;5:1)'::duration_summary$$);
-- forgiving about spaces, canonical on output; the bounds of the sum are reached
SELECT x::duration_summary FROM unnest(array[' ( 0 ) ', ' ( 2 , 11,5 ,6; 5: 1 , 6:1 ) ', '(3,1497,498,501;377:2,378:1)',
		'(3,1498,498,501;377:2,378:1)', '(3,1499,498,501;377:1,378:2)', '(3,1500,498,501;377:1,378:2)']) x;

-- mutated literals are refused cleanly, or they are values in every respect
CREATE FUNCTION pg_temp.check_value(s duration_summary) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	ASSERT s::text::duration_summary = s, 'text form';
	ASSERT responses(s) >= 0 AND (responses(s) = 0) = (mean(s) IS NULL), 'responses';
	ASSERT responses(s) = 0 OR percentile(s, 0) <= percentile(s, 0.5) AND percentile(s, 0.5) <= percentile(s, 1),
		'percentile';
	ASSERT responses(s) = 0 OR mean(s) BETWEEN percentile(s, 0) AND percentile(s, 1), 'mean';
	ASSERT responses(s) = 0 OR share_within(s, percentile(s, 1)) = 1, 'share';
	ASSERT responses(s) > 2000000000000000000 OR responses(s + s) = 2 * responses(s)
		AND s + s = (SELECT rollup(v) FROM unnest(array[s, s]) v), 'sum';
END $$;
CREATE FUNCTION pg_temp.mutate(OUT accepted bigint, OUT refused bigint, OUT other bigint) LANGUAGE plpgsql AS $$
DECLARE
	base text;
	literal text;
	s duration_summary;
BEGIN
	accepted := 0; refused := 0; other := 0;
	FOREACH base IN ARRAY array['(0)', '(1,5,5,5;5:1)', '(3,3750000,250000,2000000;1524:1,1847:1,1908:1)',
			'(6,1500,200,300;200:2,250:1,277:1,278:2)',
			(SELECT x.s::text FROM serial_customer x WHERE customer = 5), '(300,44985,0,299;0:10,150:280,277:10)'] LOOP
		FOR i IN 1..length(base) LOOP
			FOREACH literal IN ARRAY array[left(base, i - 1), left(base, i - 1) || substr(base, i + 1),
					left(base, i) || substr(base, i)]
					|| (SELECT array_agg(left(base, i - 1) || c || substr(base, i + 1)) FROM unnest(string_to_array(
							'0 1 5 9 - + . , : ; ( ) x e', ' ') || array[' ', E'\t', chr(233), '99999999999']) c) LOOP
				BEGIN
					s := literal::duration_summary;
				EXCEPTION
					WHEN invalid_text_representation THEN
						refused := refused + 1;
						CONTINUE;
					WHEN OTHERS THEN
						other := other + 1;
						RAISE WARNING '% %: %', SQLSTATE, SQLERRM, literal;
						CONTINUE;
				END;
				PERFORM pg_temp.check_value(s);
				accepted := accepted + 1;
			END LOOP;
		END LOOP;
	END LOOP;
END $$;
SELECT accepted > 100 AS accepted, refused > 3000 AS refused, other FROM pg_temp.mutate();

-- the binary form
SELECT duration_summary_send(x)
	FROM unnest(array['(0)', '(1,5,5,5;5:1)', '(300,44985,0,299;0:10,150:280,277:10)']::duration_summary[]) x;
-- COPY reads a bytea's bytes as a duration_summary: what the file would hold is printed by the shell
CREATE TEMP TABLE received (s duration_summary);
CREATE FUNCTION pg_temp.receive(bytes bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file bytea := '\x5047434f50590aff0d0a00'::bytea || int4send(0) || int4send(0) || int2send(1::int2)
		|| int4send(length(bytes)) || bytes || int2send((-1)::int2);
	escaped text;
	detail text;
BEGIN
	SELECT string_agg('\' || lpad((get_byte(file, i) / 64 * 100 + get_byte(file, i) / 8 % 8 * 10 + get_byte(file, i)
			% 8)::text, 3, '0'), '' ORDER BY i) INTO escaped
		FROM generate_series(0, length(file) - 1) i;
	DELETE FROM received;
	EXECUTE format('COPY received FROM PROGRAM %L (FORMAT binary)', 'printf ''' || escaped || '''');
	PERFORM pg_temp.check_value(s) FROM received;
	RETURN (SELECT CASE WHEN duration_summary_send(s) = bytes THEN s::text ELSE 'does not come back' END FROM received);
EXCEPTION WHEN invalid_binary_representation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, detail);
END $$;
CREATE FUNCTION pg_temp.form(version int, n int8, sum_high int8, sum_low int8, lo bigint, hi bigint, length int,
		packed bytea) RETURNS bytea LANGUAGE sql AS
$$ SELECT substr(int2send(version::int2), 2) || int8send(n) || int8send(sum_high) || int8send(sum_low) || int8send(lo)
	|| int8send(hi) || int4send(length) || packed $$;
SELECT what, pg_temp.receive(bytes) FROM (VALUES
	('empty', pg_temp.form(1, 0, 0, 0, 0, 0, 0, '')),
	('one', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x0302')),
	('nothing', ''),
	('version 0', pg_temp.form(0, 0, 0, 0, 0, 0, 0, '')),
	('version 2', pg_temp.form(2, 0, 0, 0, 0, 0, 0, '')),
	('too long', pg_temp.form(1, 0, 0, 0, 0, 0, 0, '\x00')),
	('too long', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x030200')),
	('too long', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x03020000000000000000000000')),
	('no buckets', pg_temp.form(1, 1, 0, 5, 5, 5, 0, '')),
	('truncated', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '')),
	('truncated varint', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x83')),
	('truncated gap', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x03')),
	('overlong varint', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x038200')),
	('varint beyond 64 bits', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\xffffffffffffffffff02')),
	('varint without end', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\xffffffffffffffffffffff')),
	('gap beyond the last bucket', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x03fd38')),
	('gap of 2^63', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\x0380808080808080808001')),
	('1e9 buckets', pg_temp.form(1, 1, 0, 5, 5, 5, 1000000000, '\x0302')),
	('7000 buckets', pg_temp.form(1, 1, 0, 5, 5, 5, 7000, '\x0302')),
	('negative buckets', pg_temp.form(1, 1, 0, 5, 5, 5, -1, '\x0302')),
	('more buckets', pg_temp.form(1, 2, 0, 10, 5, 5, 1, '\x030200')),
	('fewer buckets', pg_temp.form(1, 1, 0, 5, 5, 5, 2, '\x0302')),
	('huge count', pg_temp.form(1, 1, 0, 5, 5, 5, 1, '\xffffffffffffffffff0102')),
	('negative count', pg_temp.form(1, -1, 0, 5, 5, 5, 1, '\x0302')),
	('huge sum', pg_temp.form(1, 1, -1, 5, 5, 5, 1, '\x0302')),
	('sum without rows', pg_temp.form(1, 0, 1, 0, 0, 0, 0, '')),
	('largest without rows', pg_temp.form(1, 0, 0, 0, 0, 1, 0, '')),
	('negative least', pg_temp.form(1, 1, 0, 5, -5, 5, 1, '\x0302'))) v(what, bytes);
SELECT count(*) FILTER (WHERE r ~ '^\(') > 0 AS accepted, count(*) FILTER (WHERE r ~ '^22P03') > 100 AS refused,
	count(*) FILTER (WHERE r !~ '^(\(|22P03)') AS wrong
	FROM (SELECT pg_temp.receive(set_byte(b, i, (get_byte(b, i) + d) % 256)) r
			FROM duration_summary_send('(300,44985,0,299;0:10,150:280,277:10)') b,
		generate_series(0, length(b) - 1) i, unnest(array[1, 128, 255]) d
	UNION ALL SELECT pg_temp.receive(substr(b, 1, i)) FROM
			duration_summary_send('(300,44985,0,299;0:10,150:280,277:10)') b, generate_series(0, length(b) - 1) i) a;

-- means far below a microsecond are still the nearest double precision number
SELECT mean_seconds('(1000,1,0,1;0:999,1:1)') AS thousandth,
	mean_seconds(duration_summary(CASE WHEN i = 1 THEN 1e-6 ELSE 0 END::float8)) AS millionth
	FROM generate_series(1, 1000000) i;
SELECT duration_summary_accum('(4611686018427387904,0,0,0;0:4611686018427387904)', 0::float8);

DROP TABLE every_bucket, waits, serial_all, serial_team, serial_customer, daily_waits;
