-- Funnels: funnel_summary, funnel, funnel_depth.
-- Random events are compared customer by customer with a search in plain SQL over all passes.
SET timezone = 'UTC';
SET intervalstyle = postgres;
SET datestyle = 'ISO';

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
-- events of customers from text: customer 1 of 'a0 b10, a3' has a at second 0 and b at second 10, customer 2 has a at
-- 3; x is in no funnel
CREATE FUNCTION pg_temp.events(said text) RETURNS TABLE (customer bigint, at timestamp, step text) LANGUAGE sql AS $$
	SELECT c.n, '2024-01-31 23:59:50'::timestamp + substr(e, 2)::int * interval '1 s', left(e, 1)
	FROM unnest(string_to_array(said, ',')) WITH ORDINALITY c(events, n),
		regexp_split_to_table(btrim(events), ' +') e $$;
CREATE FUNCTION pg_temp.depth(said text, within interval, mode text DEFAULT 'ordered', steps text[] DEFAULT '{a,b,c}')
	RETURNS int LANGUAGE sql AS $$
	SELECT max(step) FILTER (WHERE customers > 0)
		FROM funnel((SELECT funnel_summary(customer, at, step, steps) FROM pg_temp.events(said)), within, mode) $$;

-- by hand: a funnel of three customers
CREATE TEMP TABLE visit AS SELECT * FROM pg_temp.events('a0 b2 c5, a0 b4 b9, a1 x2 c3 a4, b0 c9');
SELECT funnel_summary(customer, at, step, '{a,b,c}') FROM visit;
SELECT * FROM funnel((SELECT funnel_summary(customer, at, step, '{a,b,c}') FROM visit));
SELECT *
	FROM funnel((SELECT funnel_summary(customer, at, ARRAY[step = 'a', step = 'b', step = 'c']) FROM visit), '5 s');
SELECT f.* FROM (SELECT funnel_summary(customer, at, step, '{a,b,c}') s FROM visit) q,
	LATERAL funnel(s, mode => 'unordered', within => '3 s') f;
-- a row for each group
SELECT odd, f.step, f.customers FROM (SELECT customer % 2 AS odd, funnel_summary(customer, at, step, '{a,b}') s
		FROM visit GROUP BY 1) q, LATERAL funnel(s, '4 s') f ORDER BY 1, 2;

-- depth 4
SELECT pg_temp.depth('a0 b1 c2 d3', '10 s', steps => '{a,b,c,d}');
-- the window is inclusive
SELECT pg_temp.depth('a0 b10', '10 s') AS within_10, pg_temp.depth('a0 b10', '9 s') AS within_9,
	pg_temp.depth('a0 b10', '9.999999 s') AS just_less;
-- the start may slide; b before a
SELECT pg_temp.depth('a0 a8 b15', '10 s') AS slides, pg_temp.depth('b0 a1', '10 s') AS before;
-- the last start is not always the best: it has no b, or its c comes too late for the first
SELECT pg_temp.depth('a0 b3 a5 c9', '10 s'), pg_temp.depth('a0 b3 a5 b6 c12', '10 s'),
	pg_temp.depth('a0 b3 a5 c12 b13', '10 s');
-- equal steps need as many events
SELECT pg_temp.depth('a0', '10 s', steps => '{a,a,a}') AS one, pg_temp.depth('a0 a1', '10 s', steps => '{a,a,a}')
	AS two, pg_temp.depth('a0 a1 a2', '10 s', steps => '{a,a,a}') AS three,
	pg_temp.depth('a0 a0 a0', '0 s', steps => '{a,a,a}') AS at_once, pg_temp.depth('a0 b0 a0', '0 s',
			steps => '{a,b,a}') AS around, pg_temp.depth('a0 b0', '0 s', steps => '{a,b,a}') AS not_around;
-- equal times count in order of step, whatever the order of rows
SELECT funnel_depth(at, ARRAY[k = 1000, k = 1001, k = 1002, k = 1003, k = 1004], '10 s')
	FROM (VALUES (timestamp '2024-01-01 00:00:00', 1000), ('2024-01-01 00:00:01', 1001), ('2024-01-01 00:00:01', 1002),
		('2024-01-01 00:00:01', 1003), ('2024-01-01 00:00:02', 1004)) v(at, k);
SELECT funnel_depth(at, ARRAY[k = 1000, k = 1001, k = 1002, k = 1003, k = 1004], '10 s')
	FROM (VALUES (timestamp '2024-01-01 00:00:02', 1004), ('2024-01-01 00:00:01', 1003), ('2024-01-01 00:00:01', 1002),
		('2024-01-01 00:00:01', 1001), ('2024-01-01 00:00:00', 1000)) v(at, k);
SELECT pg_temp.depth('c0 b0 a0', '0 s'), pg_temp.depth('a0 c5 b5', '5 s'), pg_temp.depth('a0 c5 b5', '5 s', 'strict');
-- strict: no other listed step between; what is not listed does not count, nor does a repeat
SELECT pg_temp.depth('a0 d1 b2 c3', '10 s', 'strict') AS not_listed, pg_temp.depth('a0 c1 b2', '10 s', 'strict')
	AS c_between, pg_temp.depth('a0 a1 b2 b2 b3 c4', '10 s', 'strict') AS repeats,
	pg_temp.depth('a0 b1 a2 c3', '10 s', 'strict') AS back, pg_temp.depth('a0 b1 a2 c3', '10 s') AS ordered,
		pg_temp.depth('a0 b1 a2 b3 c4', '10 s', 'strict') AS anew;
SELECT pg_temp.depth('c0 b1 a2', '2 s', 'unordered') AS any_order, pg_temp.depth('c0 b1 a3', '2 s', 'unordered')
	AS too_late, pg_temp.depth('b0 b1 b2', '2 s', 'unordered') AS one_step,
	pg_temp.depth('a0 a1', '2 s', 'unordered', '{a,a,b}') AS equal_steps;
-- a start of January with an end in February stays one conversion
SELECT entry, step, name, customers, median_time
	FROM (SELECT funnel_summary(customer, at, step, '{a,b}') s FROM pg_temp.events('a0 b12, a2 b13, a11 b12, a0 b5')) q,
	unnest(ARRAY['[2024-01-01,2024-02-01)', '[2024-02-01,2024-03-01)', '[2024-03-01,)', '(,2024-02-01)',
			'[2024-01-31,2024-02-01]', 'empty']::daterange[]) WITH ORDINALITY e(entry, n),
		LATERAL funnel(s, '1 day', entry => entry) ORDER BY n, step;
-- as_of: only starts whose window has ended; without a window what happened by then
SELECT as_of, within, array_agg(customers ORDER BY step)
	FROM (SELECT funnel_summary(customer, at, step, '{a,b}') s FROM pg_temp.events('a0 b2, a4 b5, a8 b9')) q,
	unnest(ARRAY['2024-01-31 23:59:52+00', '2024-01-31 23:59:53+00', '2024-01-31 23:59:57+00', '2024-02-01 00:00:01+00',
			'infinity', '-infinity']::timestamptz[]) as_of, unnest('{3 s,NULL}'::interval[]) within,
		LATERAL funnel(s, within, as_of => as_of) GROUP BY 1, 2 ORDER BY 1, 2;
-- times: from the first step, on the pass that gets deepest and completes first, from its latest start
SELECT step, customers, median_time, median_seconds
	FROM funnel((SELECT funnel_summary(customer, at, step, '{a,b,c}') FROM pg_temp.events('a0 a1 b3 b4 c8 a9 b9 c9')));
SELECT step, customers, median_time, median_seconds
	FROM funnel((SELECT funnel_summary(customer, at, step, '{a,b}') FROM pg_temp.events('a0 b1, a0 b2, a0 b5, a0 b9')));

-- dates, a zone, windows of months and days as timestamptz + interval has them
SELECT funnel_summary(1, d, s, '{a,b}')
	FROM (VALUES (date '2024-02-03', 'b'), ('1969-12-31', 'a'), ('2101-01-01', 'a')) v(d, s);
SELECT array_agg(customers ORDER BY step)
	FROM (SELECT funnel_summary(c, d, s, '{a,b}') x FROM (VALUES (1, date '2024-01-31', 'a'), (1, '2024-02-29', 'b'),
		(2, '2024-01-31', 'a'), (2, '2024-03-01', 'b')) v(c, d, s)) q, funnel(x, '1 mon');
SET timezone = 'Europe/Berlin';
SELECT funnel_summary(1, at, s, '{a,b}')
	FROM (VALUES (timestamptz '2024-03-30 12:00+01', 'a'), ('2024-03-31 12:00+02', 'b')) v(at, s);
-- clocks go forward: a day has 23 hours
SELECT within, array_agg(customers ORDER BY step) FROM (SELECT funnel_summary(c, at, s, '{a,b}') x
		FROM (VALUES (1, timestamptz '2024-03-30 12:00+01', 'a'), (1, '2024-03-31 12:00+02', 'b'),
		(2, timestamptz '2024-03-30 12:00+01', 'a'), (2, '2024-03-31 13:00+02', 'b')) v(c, at, s)) q,
	unnest('{1 day,24 hours,23 hours,22 hours}'::interval[]) WITH ORDINALITY w(within, n), LATERAL funnel(x, within)
		GROUP BY n, within ORDER BY n;
-- the day of a start is that of the session's zone
SELECT entry, array_agg(customers ORDER BY step)
	FROM (SELECT funnel_summary(1, timestamptz '2024-01-31 23:30+00', 'a', '{a,b}') x) q,
	unnest('{"[2024-01-01,2024-02-01)","[2024-02-01,2024-03-01)"}'::daterange[]) entry,
	LATERAL funnel(x, entry => entry) GROUP BY 1 ORDER BY 1;
SET timezone = 'UTC';

-- a brute force.  reached: for every start of every customer and every number of steps the first moment at which a pass
-- has as many, whatever the window
CREATE FUNCTION h(id int, salt int) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN abs(hashint4extended(id, salt) % 1000);
CREATE TABLE ev (id int, customer bigint, at timestamptz, steps int[], reached boolean[], pos bigint);
INSERT INTO ev (id, customer, at, steps)
SELECT e, h(e, 1) + 1000 * (h(e, 9) % 2), '2024-01-31 23:59:56+00'::timestamptz + h(e, 2) % 9 * interval '1 s',
	-- half of the customers have events of one step, the others also some of several
	ARRAY(SELECT k FROM generate_series(1, 4) k
			WHERE k = 1 + h(e, 3) % 4 OR (h(e, 1) % 2 = 0 AND h(e, 4) % 3 = 0 AND h(e, 10 + k) < 500) ORDER BY k)
FROM generate_series(1, 8000) e;
-- rare customers with many events would have very many passes
DELETE FROM ev WHERE customer IN (SELECT customer FROM ev GROUP BY customer HAVING count(*) > 8);
UPDATE ev SET reached = ARRAY(SELECT k = ANY (steps) FROM generate_series(1, 4) k ORDER BY k);
CREATE INDEX ON ev (customer);
ANALYZE ev;
SELECT count(DISTINCT customer) AS customers, max(n) AS most_events, count(*) FILTER (WHERE ties) > 500 AS many_ties
	FROM (SELECT customer, count(*) AS n, count(*) > count(DISTINCT at) AS ties FROM ev GROUP BY customer) q;

CREATE TABLE reached (mode text, customer bigint, start timestamptz, k int, at timestamptz);
CREATE FUNCTION fill_reached() RETURNS void LANGUAGE sql AS $$
	UPDATE ev SET pos = p.pos FROM (SELECT id, row_number() OVER (PARTITION BY customer ORDER BY at, steps, id) AS pos
			FROM ev) p WHERE p.id = ev.id;
	TRUNCATE reached;
	WITH RECURSIVE pass AS (
		SELECT e.customer, e.at AS start, 1 AS k, e.at, ARRAY[e.id] AS used FROM ev e WHERE 1 = ANY (e.steps)
		UNION SELECT p.customer, p.start, p.k + 1, e.at, p.used || e.id FROM pass p JOIN ev e ON e.customer = p.customer
				AND e.at >= p.at AND p.k + 1 = ANY (e.steps) AND e.id <> ALL (p.used))
	INSERT INTO reached SELECT 'ordered', customer, start, k, min(at) FROM pass GROUP BY customer, start, k;
	WITH RECURSIVE pass AS (
		SELECT e.customer, e.at AS start, 1 AS k, e.at, e.pos FROM ev e WHERE 1 = ANY (e.steps)
		UNION SELECT p.customer, p.start, p.k + 1, e.at, e.pos FROM pass p
			JOIN ev e ON e.customer = p.customer AND e.pos > p.pos AND p.k + 1 = ANY (e.steps)
			AND NOT EXISTS (SELECT FROM ev x WHERE x.customer = p.customer AND x.pos > p.pos AND x.pos < e.pos
					AND p.k <> ALL (x.steps)))
	INSERT INTO reached SELECT 'strict', customer, start, k, min(at) FROM pass GROUP BY customer, start, k;
	-- any order: as many steps find different events as the scarcest set of steps allows (Koenig, Ore)
	WITH span AS (SELECT DISTINCT s.customer, s.at AS start, e.at FROM ev s
			JOIN ev e ON e.customer = s.customer AND e.at >= s.at),
	subset AS (SELECT ARRAY(SELECT k FROM generate_series(1, 4) k WHERE b >> (k - 1) & 1 = 1) AS steps
			FROM generate_series(0, 15) b),
	filled AS (
		SELECT span.customer, start, span.at, min((SELECT count(*) FROM ev e WHERE e.customer = span.customer
				AND e.at BETWEEN start AND span.at AND e.steps && subset.steps) + 4 - cardinality(subset.steps)) AS n
		FROM span, subset GROUP BY 1, 2, 3)
	INSERT INTO reached SELECT 'unordered', customer, start, k, min(at) FROM filled, generate_series(1, n::int) k
		GROUP BY customer, start, k;
	-- a pipeline: from the first event on, the first one of each step or a later one
	INSERT INTO reached SELECT 'reached', customer, start, k, min(at)
		FROM (SELECT customer, at, min(at) OVER (PARTITION BY customer) AS start,
				(SELECT max(s) FROM unnest(steps) s) AS last FROM ev) e, generate_series(1, last) k
		GROUP BY customer, start, k $$;
-- what is asked of both
CREATE TABLE asked AS
SELECT row_number() OVER () AS ask, * FROM unnest('{ordered,strict,unordered,reached}'::text[]) mode,
	unnest('{NULL,0 s,2 s,5 s}'::interval[]) within,
	unnest('{NULL,"[2024-02-01,2024-03-01)","[2024-01-01,2024-02-01)"}'::daterange[]) entry,
		unnest('{NULL,2024-02-01 00:00:02+00}'::timestamptz[]) as_of;
-- depth of each customer, and the time to each step on the pass that gets deepest and completes first, from the start
-- whose window ends last
CREATE FUNCTION brute(mode text, within interval, entry daterange, as_of timestamptz)
	RETURNS TABLE (customer bigint, step int, seconds float8) LANGUAGE sql AS $$
	WITH counted AS (
		SELECT r.*, coalesce(r.start + within, as_of, 'infinity') AS window_end FROM reached r
		WHERE r.mode = brute.mode AND (entry IS NULL OR r.start::date <@ entry) AND r.at <= coalesce(r.start + within,
				as_of, 'infinity') AND (as_of IS NULL OR coalesce(r.start + within, as_of) <= as_of)),
	best AS (SELECT DISTINCT ON (customer) * FROM counted ORDER BY customer, k DESC, at, window_end DESC, start DESC)
	SELECT c.customer, c.k, extract(epoch FROM c.at - c.start)::float8 FROM best b
		JOIN counted c ON c.customer = b.customer AND c.start = b.start $$;
-- the same from each customer's own funnel
CREATE FUNCTION ours(mode text, within interval, entry daterange, as_of timestamptz)
	RETURNS TABLE (customer bigint, step int, seconds float8) LANGUAGE sql AS $$
	SELECT customer, f.step, f.median_seconds FROM (SELECT customer, funnel_summary(customer, at, reached) s FROM ev
			GROUP BY customer) q, LATERAL funnel(s, within, mode, entry, as_of) f WHERE f.customers = 1 $$;
CREATE FUNCTION ours_without_zone(mode text, within interval, entry daterange, as_of timestamptz)
	RETURNS TABLE (customer bigint, step int, seconds float8) LANGUAGE sql AS $$
	SELECT customer, f.step, f.median_seconds FROM (SELECT customer, funnel_summary(customer, at::timestamp, reached) s
			FROM ev GROUP BY customer) q, LATERAL funnel(s, within, mode, entry, as_of) f WHERE f.customers = 1 $$;
SELECT fill_reached();
ANALYZE reached;
CREATE TABLE answer AS SELECT ask, b.* FROM asked, LATERAL brute(mode, within, entry, as_of) b;
CREATE TABLE our_answer AS SELECT ask, o.* FROM asked, LATERAL ours(mode, within, entry, as_of) o;
CREATE TABLE our_answer_without_zone AS SELECT ask, o.*
	FROM asked, LATERAL ours_without_zone(mode, within, entry, as_of) o;
SELECT mode, count(DISTINCT ask) AS asked, count(b.seconds) > 10000 AS many,
	count(*) FILTER (WHERE b.seconds IS DISTINCT FROM o.seconds) AS wrong,
	count(*) FILTER (WHERE b.seconds IS DISTINCT FROM z.seconds) AS wrong_without_zone
FROM answer b FULL JOIN our_answer o USING (ask, customer, step) FULL JOIN our_answer_without_zone z
	USING (ask, customer, step) LEFT JOIN asked USING (ask) GROUP BY mode ORDER BY mode;
SELECT a.*, customer, step, b.seconds, o.seconds AS ours FROM answer b
	FULL JOIN our_answer o USING (ask, customer, step) JOIN asked a USING (ask)
	WHERE b.seconds IS DISTINCT FROM o.seconds ORDER BY ask, customer, step LIMIT 10;
-- all customers at once: counts, shares, medians
CREATE TABLE everybody AS SELECT funnel_summary(customer, at, reached) s FROM ev;
SELECT mode, count(*) AS rows, count(*) FILTER (WHERE b.customers IS DISTINCT FROM f.customers
		OR b.from_previous IS DISTINCT FROM f.from_previous OR b.from_first IS DISTINCT FROM f.from_first
	OR b.median IS DISTINCT FROM f.median_seconds
			OR b.median IS DISTINCT FROM extract(epoch FROM f.median_time)::float8) AS wrong
FROM (SELECT ask, step, n AS customers, n::float8 / lag(n) OVER w AS from_previous,
		n::float8 / first_value(n) OVER w AS from_first, median FROM
		(SELECT ask, step, count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median FROM answer
				GROUP BY ask, step) g WINDOW w AS (PARTITION BY ask ORDER BY step)) b
	FULL JOIN (SELECT ask, f.* FROM asked, everybody, LATERAL funnel(s, within, mode, entry, as_of) f
			WHERE f.customers > 0) f USING (ask, step) JOIN asked USING (ask) GROUP BY mode ORDER BY mode;
-- funnel_depth is the depth of one customer's funnel, ordered where no mode is given, without limit where no window is
SELECT mode, within, count(*) > 1000 AS many, count(*) FILTER (WHERE d <> coalesce(deepest, 0)
		OR (mode = 'ordered' AND d <> plain) OR (mode = 'ordered' AND within IS NULL AND d <> open)) AS wrong
	FROM unnest('{NULL,0 s,2 s,5 s}'::interval[]) within, unnest('{ordered,strict,unordered,reached}'::text[]) mode,
	LATERAL (SELECT customer, funnel_depth(at, reached, within, mode) AS d, funnel_depth(at, reached, within) AS plain,
		funnel_depth(at, reached) AS open FROM ev GROUP BY customer) q LEFT JOIN
		LATERAL (SELECT customer, max(step) AS deepest FROM brute(mode, within, NULL, NULL) GROUP BY customer) b
		USING (customer) GROUP BY mode, within ORDER BY mode, within;
-- a pipeline: who skips a stage has reached it, at the time of the next; the window begins with the first event
SELECT name, customers, from_previous, from_first, median_time
	FROM funnel((SELECT funnel_summary(customer, at, step, '{a,b,c}')
	FROM pg_temp.events('a0 b4 c9, a0 c5, a0')), mode => 'reached');
SELECT pg_temp.depth('b0 a3', NULL, 'reached') AS begins_later, pg_temp.depth('c0 a3', '1 s', 'reached') AS goes_back,
	pg_temp.depth('a0 b5 c6', '5 s', 'reached') AS window_ends,
	pg_temp.depth('a0 a9 c12', '5 s', 'REACHED') AS one_window;
SELECT mode, funnel_depth(at, ARRAY[step = 'a', step = 'b', step = 'c'], NULL, mode) AS depth
	FROM pg_temp.events('a0 c1 x2 b3'), unnest('{ordered,strict,unordered,reached}'::text[]) mode
	GROUP BY mode ORDER BY mode;
-- the state: the mode behind the window, and what is no such state
SELECT w, m, funnel_events_accum(NULL, timestamp '2000-01-01', '{f,t}', w, m) AS state,
	funnel_events_accum(NULL, timestamp '2000-01-01', '{f,t}', w, m)::text::funnel_events
		= funnel_events_accum(NULL, timestamp '2000-01-01', '{f,t}', w, m) AS reads_back
	FROM (VALUES (interval '1 mon 2 days', 'strict'), (NULL, 'reached'), ('3 s', 'ordered'), (NULL, 'ordered')) v(w, m);
SELECT pg_temp.raised(format('SELECT %L::funnel_events', '(,bigint,1,"","' || w || '";0:0@1)'))
	FROM unnest('{"0 0 1 ordered",ordered,"0 0 1  strict","0 0 1 strict ",Strict,"0 0 strict"," strict",'
		'0 0 1strict}'::text[]) w;
SELECT pg_temp.raised(s) FROM unnest(ARRAY[$$SELECT funnel_depth(now(), '{t}', NULL, NULL)$$,
	$$SELECT funnel_depth(now(), '{t}', NULL, 'sequential')$$,
	$$SELECT funnel_depth(now(), '{t}', '1 s', m) FROM unnest('{strict,reached}'::text[]) m$$,
	$$SELECT funnel_depth(now(), '{t}', w, 'strict') FROM unnest('{1 s,2 s}'::interval[]) w$$]) s;

-- the night in which clocks are put back: of two starts the later one can have the earlier end
SET timezone = 'America/New_York';
UPDATE ev SET at = CASE h(id, 5) % 3 WHEN 0 THEN '2024-11-03 00:30-04'::timestamptz WHEN 1 THEN '2024-11-04 00:30-05'
		ELSE '2024-11-05 00:20-05' END + h(id, 6) % 12 * interval '13 minutes';
TRUNCATE asked;
INSERT INTO asked SELECT row_number() OVER () AS ask, * FROM unnest('{ordered,strict,unordered,reached}'::text[]) mode,
	unnest('{1 day,1 day 25 minutes,23 hours,2 hours}'::interval[]) within,
	unnest('{NULL,"[2024-11-03,2024-11-04)"}'::daterange[]) entry,
	unnest('{NULL,2024-11-04 01:30-05}'::timestamptz[]) as_of;
SELECT fill_reached();
ANALYZE reached;
SELECT mode, count(DISTINCT ask) AS asked, count(*) > 10000 AS many,
	count(*) FILTER (WHERE b.seconds IS DISTINCT FROM o.seconds) AS wrong
FROM asked a, LATERAL brute(mode, within, entry, as_of) b
	FULL JOIN LATERAL ours(mode, within, entry, as_of) o USING (customer, step) GROUP BY mode ORDER BY mode;
SET timezone = 'UTC';

-- ends of windows of days over a year: reached at the end, not a microsecond later
CREATE FUNCTION pg_temp.wrong_ends(zone text, OUT checked bigint, OUT wrong bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('timezone', zone, true);
	SELECT count(*), count(*) FILTER (WHERE NOT ok) INTO checked, wrong FROM (
		SELECT (SELECT funnel_depth(t, ARRAY[k = 1, k = 2], w) = 2 FROM (VALUES (at, 1), (at + w, 2)) v(t, k))
			AND (SELECT funnel_depth(t, ARRAY[k = 1, k = 2], w) = 1
				FROM (VALUES (at, 1), (at + w + interval '1 microsecond', 2)) v(t, k)) AS ok
		FROM (SELECT '2023-01-01 00:00+00'::timestamptz + (abs(hashint4extended(i, 1)) % 31536000)
				* interval '1 s' AS at, ('{1 day,2 days 3 hours,30 days,1 mon}'::interval[])[1 + i % 4] AS w
				FROM generate_series(1, 4000) i) q) q;
END $$;
SELECT zone, w.*
	FROM unnest('{UTC,America/St_Johns,America/Santiago,Australia/Lord_Howe,Africa/Casablanca}'::text[]) zone,
	LATERAL pg_temp.wrong_ends(zone) w;

-- many steps in one moment, of events of several steps each: against the same events spread by hand
SELECT n, funnel_depth('2024-01-01'::date, ARRAY(SELECT true FROM generate_series(1, 64)), '0 s') AS all_at_once
	FROM unnest('{1,2,63,64,65,5000}'::int[]) n, LATERAL generate_series(1, n) GROUP BY n ORDER BY n;
-- event i serves as i and i + 1, but none as 1 alone: all 64 find one, with 63 events one is missing
SELECT last,
	funnel_depth('2024-01-01'::date, ARRAY(SELECT k IN (i, i % 64 + 1) FROM generate_series(1, 64) k ORDER BY k), '0 s')
	FROM unnest('{62,63,64}'::int[]) last, LATERAL generate_series(1, last) i GROUP BY last ORDER BY last;
SELECT customers FROM funnel((SELECT funnel_summary(1, '2024-01-01'::date, ARRAY(SELECT k IN (i, i % 64 + 1)
		FROM generate_series(1, 64) k ORDER BY k)) FROM generate_series(1, 63) i), mode => 'unordered')
	WHERE step IN (1, 63, 64);

-- one customer with many events in one moment
SELECT mode, (SELECT max(step) FILTER (WHERE customers > 0) FROM funnel(s, '0 s', mode)) AS depth
	FROM (SELECT funnel_summary(1, '2024-01-01'::date, ARRAY[i % 7 = 0, i % 5 = 0, i % 3 = 0, i % 2 = 0, i = 210,
		i IN (210, 420)]) s FROM generate_series(1, 100000) i) q,
	unnest('{ordered,strict,unordered,reached}'::text[]) mode
	ORDER BY mode;

-- names: an event of a name listed twice may be either; the same as saying so
SELECT count(*) AS customers, count(*) FILTER (WHERE named <> said) AS wrong FROM (
	SELECT customer, (SELECT array_agg(f.customers ORDER BY f.step)
			FROM funnel(funnel_summary(customer, at, (ARRAY['a', 'b', 'c', 'd'])[steps[1]], '{a,b,a,c}'), '1 day') f)
		AS named,
		(SELECT array_agg(f.customers ORDER BY f.step) FROM funnel(funnel_summary(customer, at, ARRAY[steps[1] = 1,
				steps[1] = 2, steps[1] = 1, steps[1] = 3]), '1 day') f) AS said FROM ev GROUP BY customer) q;
-- several funnels in one query, steps from a column, empty and long names, a name that is the start of another
SELECT funnel_summary(1, date '2024-01-01', s, '{a,ab}'), funnel_summary(1, date '2024-01-01', s, '{b,a}'),
	funnel_summary(1, date '2024-01-01', s, '{"",a}'), funnel_summary(1, date '2024-01-01', s, '{c}'),
	funnel_summary(1, date '2024-01-01', s, '{ab}'),
	funnel_summary(1, date '2024-01-01', s, '{é,"say \"a\""}'), funnel_summary(1, date '2024-01-01', s, l)
		AS from_column FROM (VALUES ('a', '{a}'::text[]), ('ab', '{a}'), ('', '{a}'), ('é', '{a}')) v(s, l);
SELECT name FROM funnel((SELECT funnel_summary(1, date '2024-01-01', 'a', '{"",a}')));
SELECT length(name), customers FROM funnel((SELECT funnel_summary(1, date '2024-01-01', repeat('x', 50000),
		ARRAY[repeat('x', 50000), repeat('y', 9000)])));
-- keys
SELECT funnel_summary('c'::text, date '2024-01-01', 'a', '{a}'),
	funnel_summary('11111111-1111-1111-1111-111111111111'::uuid, date '2024-01-01', 'a', '{a}'),
	funnel_summary(-1::smallint, date '2024-01-01', 'a', '{a}');

-- NULL and nothing
SELECT funnel_summary(c, d, s, '{a}') FROM (VALUES (NULL::int, date '2024-01-01', 'a'), (1, NULL, 'a'),
		(1, '2024-01-01', NULL), (1, '2024-01-01', 'b')) v(c, d, s);
SELECT funnel_summary(1, date '2024-01-01', r) FROM (VALUES (NULL::boolean[]), ('{f,f}'), ('{NULL,f}'), ('{NULL,t}'),
		('{NULL,NULL,t,NULL,NULL,NULL,NULL,NULL,NULL,t}')) v(r) GROUP BY r ORDER BY r;
SELECT count(*) FROM funnel(NULL);
SELECT count(*) FROM funnel('()', '1 day');
SELECT rollup(s), rollup(s) FILTER (WHERE false) FROM (VALUES (NULL::funnel_summary), ('()')) v(s);
SELECT funnel_depth(d, r, '1 day') FROM (VALUES (date '2024-01-01', NULL::boolean[]), (NULL, '{t}')) v(d, r);
SELECT funnel_depth(d, '{f,NULL}', '1 day') AS none, funnel_depth(d, '{f,t}', '1 day') AS not_first,
	funnel_depth(d, '{t,f}', NULL) AS no_limit, funnel_depth(d, '{t}', '1 day') FILTER (WHERE false) AS no_rows
	FROM (VALUES (date '2024-01-01')) v(d);

-- merging: sum of parts, through text and binary, stored, shuffled; equal events are all kept
CREATE TABLE part AS SELECT h(id, 8) % 20 AS p, funnel_summary(customer, at, reached) s FROM ev GROUP BY 1;
SELECT (SELECT rollup(s) FROM part) = w AS parts, (SELECT rollup(s::text::funnel_summary ORDER BY p DESC) FROM part) = w
	AS through_text, (SELECT rollup(s) FROM (SELECT rollup(s) s FROM part GROUP BY p % 3) q) = w AS twice,
	(SELECT a.s + b.s = b.s + a.s FROM part a, part b WHERE a.p = 1 AND b.p = 2) AS either_way,
	(SELECT funnel_summary(customer, at, reached ORDER BY h(id, 7), id) FROM ev) = w AS shuffled, w + '()' = w
		AND '()' + w = w AS with_nothing, (w + NULL) IS NULL AS with_null
FROM (SELECT funnel_summary(customer, at, reached) w FROM ev) q;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 4;
CREATE TABLE parallel AS SELECT funnel_summary(customer, at, reached) w FROM ev;
SET max_parallel_workers_per_gather = 0;
SELECT w = (SELECT funnel_summary(customer, at, reached) FROM ev) AS parallel FROM parallel;
SELECT funnel_summary(1, date '2024-01-01', 'a', '{a}') + funnel_summary(1, date '2024-01-01', 'a', '{a}');
-- forget
SELECT forget(s, 2), forget(s, 3), forget(forget(s, 1), 2)
	FROM (SELECT funnel_summary(c, date '2024-01-01', 'a', '{a}') s FROM generate_series(1, 2) c) q;
SELECT forget(funnel_summary('c'::text, date '2024-01-01', 'a', '{a}'), 'c'::text),
	forget(funnel_summary('11111111-1111-1111-1111-111111111111'::uuid, date '2024-01-01', 'a', '{a}'),
		'11111111-1111-1111-1111-111111111111'::uuid);

-- errors
SELECT pg_temp.raised(s) FROM unnest(ARRAY[
	$$SELECT funnel_summary(1, now(), 'a', NULL)$$,
	$$SELECT funnel_summary(1, now(), 'a', '{}')$$,
	$$SELECT funnel_summary(1, now(), 'a', '{a,NULL}')$$,
	$$SELECT funnel_summary(1, now(), 'a', '{{a,b},{c,d}}')$$,
	$$SELECT funnel_summary(1, now(), 'a', ARRAY(SELECT i::text FROM generate_series(1, 65) i))$$,
	$$SELECT funnel_summary(1, now(), 'a', ARRAY['a', repeat('x', 60000)])$$,
	$$SELECT funnel_summary(1, now(), 'a', CASE WHEN i = 1 THEN '{a,b}'::text[] ELSE '{a,c}' END)
		FROM generate_series(1, 2) i$$,
	$$SELECT funnel_summary(1, now(), 'a', CASE WHEN i = 1 THEN '{a,b}'::text[] ELSE '{a,b,c}' END)
		FROM generate_series(1, 2) i$$,
	$$SELECT funnel_summary(1, now(), 'a', CASE WHEN i = 1 THEN ARRAY['a', 'b'] ELSE ARRAY['a', repeat('x', 10000)] END)
		FROM generate_series(1, 2) i$$,
	$$SELECT funnel_summary(1, now(), '{}'::boolean[])$$,
	$$SELECT funnel_summary(1, now(), '{{t,f},{t,t}}'::boolean[])$$,
	$$SELECT funnel_summary(1, now(), ARRAY(SELECT true FROM generate_series(1, 65)))$$,
	$$SELECT funnel_summary(1, now(), CASE WHEN i = 1 THEN '{t}'::boolean[] ELSE '{t,f}' END)
		FROM generate_series(1, 2) i$$,
	$$SELECT funnel_summary(1, timestamp 'infinity', 'a', '{a}')$$,
	$$SELECT funnel_summary(1, date '-infinity', '{t}'::boolean[])$$,
	$$SELECT funnel_summary(1, date '300000-01-01', '{t}'::boolean[])$$,
	$$SELECT funnel_summary(1, date '2024-01-01', 'a', '{a}') + funnel_summary(1, date '2024-01-01', 'a', '{a,b}')$$,
	$$SELECT funnel_summary(1, date '2024-01-01', 'a', '{a}')
		+ funnel_summary(1, date '2024-01-01', '{t}'::boolean[])$$,
	$$SELECT funnel_summary(1, date '2024-01-01', 'a', '{a}')
		+ funnel_summary('1'::text, date '2024-01-01', 'a', '{a}')$$,
	$$SELECT funnel_summary(1, date '2024-01-01', 'a', '{a}')
		+ funnel_summary(1, timestamptz '2024-01-01', 'a', '{a}')$$,
	$$SELECT forget(funnel_summary(1, date '2024-01-01', 'a', '{a}'), 'x'::text)$$,
	$$SELECT funnel('()', '-1 day')$$,
	$$SELECT funnel('()', '1 month -1 day')$$,
	$$SELECT funnel('()', NULL, 'loose')$$,
	$$SELECT funnel('()', NULL, NULL)$$,
	$$SELECT funnel_depth(now(), '{t}', '-1 s')$$,
	$$SELECT funnel_depth(now(), '{t}', i * interval '1 s') FROM generate_series(1, 2) i$$,
	$$SELECT funnel_depth(now(), '{t}', CASE WHEN i > 1 THEN interval '1 s' END) FROM generate_series(1, 2) i$$,
	$$SELECT funnel_depth(now(), CASE WHEN i = 1 THEN '{t}'::boolean[] ELSE '{t,f}' END, '1 s')
		FROM generate_series(1, 2) i$$,
	$$SELECT funnel_depth(timestamptz 'infinity', '{t}', '1 s')$$,
	$$SELECT '(,bigint,1,"","a";1:0@2)'::funnel_summary$$,
	$$SELECT '(,bigint,1,"","0 0 x";0:0@1)'::funnel_events$$,
	$$SELECT '(,bigint,1,"","";1:0@1)'::funnel_events$$]) WITH ORDINALITY t(s, n) ORDER BY n;
DROP TABLE ev, asked, reached, answer, our_answer, our_answer_without_zone, everybody, part, parallel;
DROP FUNCTION h, fill_reached, brute, ours, ours_without_zone;

-- the zone of the summary counts, whoever asks
SET timezone = 'America/New_York';
CREATE TEMP TABLE zoned AS SELECT funnel_summary(1::bigint, at, st, ARRAY['a', 'b']) AS s
	FROM (VALUES (timestamptz '2024-01-31 23:00', 'a'), ('2024-02-02', 'b')) v(at, st);
SELECT step, customers FROM zoned, funnel(s, entry => daterange('2024-01-01', '2024-02-01'));
SET timezone = 'UTC';
SELECT step, customers FROM zoned, funnel(s, entry => daterange('2024-01-01', '2024-02-01'));
SHOW timezone;
SELECT * FROM funnel('(,bigint,2,"Nowhere/Zone","a","b";1:1@1)');
-- a transition function called by hand gives a stored value
SELECT funnel_summary_accum(NULL, 1::bigint, date '2024-01-01', 'a', ARRAY['a'])
	= (SELECT funnel_summary(1::bigint, date '2024-01-01', 'a', ARRAY['a'])) AS stored;
-- a cancel is noticed before the walk is over: what comes after it in the same row never does
CREATE TEMP SEQUENCE walked;
SELECT nextval('walked')
	FROM (SELECT funnel(f, CASE WHEN pg_cancel_backend(pg_backend_pid()) THEN interval '1 hour' END, 'ordered')
	FROM (SELECT funnel_summary(1::bigint, timestamp '2020-01-01' + ((g + 1) / 2) * interval '1 second',
			ARRAY(SELECT k = 1 + g % 63 OR k = 1 + (g * 7) % 63 FROM generate_series(1, 64) k)) AS f
			FROM generate_series(0, 3000) g) q OFFSET 0) f;
SELECT is_called FROM walked;
