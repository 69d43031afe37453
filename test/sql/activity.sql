-- Customers over time: activity_summary and what it says, against plain SQL over the same random rows.
\set VERBOSITY terse
SET datestyle = 'ISO';
SET timezone = 'UTC';
CREATE FUNCTION h(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE RETURN abs(hashint8extended(a, b) % 1000000);

-- figures that are known: one customer on days 9, 11, 12, 13, 15, 17, 18, 19
CREATE TEMP TABLE one AS SELECT activity_summary(1, '2024-01-01'::date + d - 1, 'day') AS s
	FROM unnest('{9,11,12,13,15,17,18,19}'::int[]) d;
SELECT extract(day FROM period) AS day, complete, active, new, retained, resurrected, lost, retention_rate AS kept,
	churn_rate AS churned FROM one, lifecycle(s, as_of => '2024-01-19');
SELECT string_agg(extract(day FROM period)::text, ',' ORDER BY period) FILTER (WHERE lost = 1) AS lost
	FROM one, lifecycle(s);
-- two customers by day
CREATE TEMP TABLE two AS SELECT activity_summary(c, '2024-01-01'::date + d, 'day') AS s
	FROM (SELECT 1 AS c, unnest('{0,1,2,5,6}'::int[]) AS d UNION ALL SELECT 2, unnest('{1,2,3,6}'::int[])) q;
SELECT cohort - '2024-01-01' AS d, string_agg(active::text, ',' ORDER BY age) AS active, min(customers) AS customers
	FROM two, cohorts(s, 'recurring', as_of => '2024-01-07') GROUP BY 1 ORDER BY 1;
SELECT mode, cohort - '2024-01-01' AS d, string_agg(active::text, ',' ORDER BY age) AS active FROM two,
	unnest('{first,first rolling,recurring rolling}'::text[]) mode, cohorts(s, mode) GROUP BY 1, 2 ORDER BY 1, 2;
SELECT * FROM two, active_periods(s);
SELECT period, active, active_trailing, round(rate::numeric, 3) AS rate FROM two, stickiness(s, 3);
SELECT active_customers(s), active_customers(s, '[2024-01-04,2024-01-06)') AS some,
	active_customers(s, '[2024-01-05,2024-01-06)') AS none, active_customers(s, '(,2024-01-02)') AS early,
	active_customers(s, 'empty') AS empty FROM two;
SELECT forget(s, 2::bigint) AS one, forget(forget(s, 1), 2) AS none, forget(s, 3) = s AS same, forget(s, NULL::bigint)
	FROM two;

-- random rows: bursts, gaps, duplicates, NULLs; spans that begin before 1970 or end after 2100
CREATE TEMP TABLE run (run int, unit text, trunc text, shift interval, step interval, first date, days int,
		customers int);
INSERT INTO run VALUES
	(1, 'day', 'day', '0', '1 day', '1999-12-20', 45, 40), (2, 'week', 'week', '0', '7 days', '2023-11-01', 400, 60),
	(3, 'week sun', 'week', '-1 day', '7 days', '1969-11-01', 300, 60),
	(4, 'month', 'month', '0', '1 month', '1968-03-05', 800, 50), (5, 'month', 'month', '0', '1 month', '2099-07-05',
			800, 300), (6, 'quarter feb', 'quarter', '1 month', '3 months', '2020-01-01', 3000, 50),
	(7, 'year', 'year', '0', '1 year', '1950-01-01', 80000, 30), (8, 'year apr', 'year', '3 months', '1 year',
			'2010-01-01', 5000, 20), (9, 'week sat', 'week', '-2 days', '7 days', '2024-01-06', 1, 5),
	(10, 'day', 'day', '0', '1 day', '2024-02-01', 60, 1);
CREATE TEMP TABLE event AS
SELECT run, id, h(id, run * 10) % customers AS c,
	first + (h(id, run * 10 + 1) % days) * (h(id, run * 10 + 2) % 4) / 3 AS at FROM run, generate_series(1, 400) id;
UPDATE event SET c = NULL WHERE id % 41 = 0;
UPDATE event SET at = NULL WHERE id % 43 = 0;
-- the same in plain SQL: periods numbered along a spine, of which the fourth is the first with anybody; each customer
-- and period once
CREATE TEMP TABLE spine AS
SELECT run, (row_number() OVER (PARTITION BY run ORDER BY p))::int AS i, p::date AS period,
	(p + step)::date - 1 AS last_day
FROM run, LATERAL (SELECT date_trunc(trunc, min(at) - shift) + shift AS a, date_trunc(trunc, max(at) - shift) + shift
		+ step AS b FROM event e WHERE e.run = run.run AND c IS NOT NULL) m, generate_series(a - 3 * step, b, step) p;
CREATE TEMP TABLE act AS SELECT DISTINCT run, c, i FROM event e JOIN spine s USING (run)
	WHERE c IS NOT NULL AND at BETWEEN period AND last_day;
CREATE TEMP TABLE summary AS SELECT run, unit, activity_summary(c, at, unit) AS s FROM run JOIN event USING (run)
	GROUP BY run, unit;
CREATE INDEX ON act (run, c, i);
ANALYZE act;

-- what to ask for: no limits; as_of on a last day, inside a period, before the first and after the end; from_date, also
-- before the first.  Without as_of the last period with anybody is not over.
CREATE TEMP TABLE ask AS
SELECT run, n, as_of, from_date
	FROM run, LATERAL (SELECT min(period) FILTER (WHERE i = 4) AS a, min(period) AS before, max(last_day) AS b
			FROM spine s WHERE s.run = run.run) m,
	LATERAL (VALUES (1, NULL::date, NULL::date), (2, a + (b - a) / 2, NULL),
			(3, (SELECT last_day FROM spine s WHERE s.run = run.run AND i <= 8 ORDER BY i DESC LIMIT 1), a + 3),
			(4, b, a + (b - a) / 3), (5, a - 1, NULL), (6, NULL, b + 1), (7, NULL, before), (8, b - 1, before),
			(9, a - 1, before)) v(n, as_of, from_date);
CREATE TEMP VIEW shown AS
SELECT run, n, ask.as_of, i, period, coalesce(last_day <= as_of, i < last) AS complete
FROM ask JOIN spine USING (run) JOIN (SELECT run, max(i) AS last FROM act GROUP BY run) m USING (run)
WHERE coalesce(period <= as_of, i <= last) AND coalesce(last_day >= from_date, i >= 4);

CREATE TEMP TABLE lifecycle_expected AS
SELECT run, n, period, complete, count(a.c) AS active,
	count(a.c) FILTER (WHERE NOT EXISTS (SELECT FROM act b WHERE b.run = s.run AND b.c = a.c AND b.i < s.i)) AS new,
	count(a.c) FILTER (WHERE EXISTS (SELECT FROM act b WHERE b.run = s.run AND b.c = a.c AND b.i = s.i - 1))
		AS retained,
	count(a.c) FILTER (WHERE NOT EXISTS (SELECT FROM act b WHERE b.run = s.run AND b.c = a.c AND b.i = s.i - 1)
			AND EXISTS (SELECT FROM act b WHERE b.run = s.run AND b.c = a.c AND b.i < s.i - 1)) AS resurrected,
	CASE WHEN complete THEN (SELECT count(*) FROM act b WHERE b.run = s.run AND b.i = s.i - 1
			AND NOT EXISTS (SELECT FROM act x WHERE x.run = s.run AND x.c = b.c AND x.i = s.i)) END AS lost,
	(SELECT count(*) FROM act b WHERE b.run = s.run AND b.i = s.i - 1) AS before
FROM shown s LEFT JOIN act a USING (run, i) GROUP BY run, n, s.i, period, complete;
ALTER TABLE lifecycle_expected ADD retention_rate float8, ADD churn_rate float8;
UPDATE lifecycle_expected SET retention_rate = retained::float8 / nullif(before, 0),
	churn_rate = lost::float8 / nullif(before, 0) WHERE complete;
ALTER TABLE lifecycle_expected DROP before;
CREATE TEMP TABLE lifecycle_got AS SELECT run, n, l.* FROM ask
	JOIN summary USING (run), LATERAL lifecycle(s, from_date, as_of) l;
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE NOT complete) > 3 AS some_running,
	bool_and(new + retained + resurrected = active) AS adds_up FROM lifecycle_got;
SELECT count(*) AS wrong FROM (TABLE lifecycle_got EXCEPT ALL TABLE lifecycle_expected) q;
SELECT count(*) AS missing FROM (TABLE lifecycle_expected EXCEPT ALL TABLE lifecycle_got) q;

CREATE TEMP TABLE cohorts_expected AS
WITH c AS (SELECT * FROM shown WHERE complete),
	a AS (SELECT act.*, min(i) OVER (PARTITION BY run, c) AS first FROM act)
SELECT c.run, c.n, mode, c.period AS cohort, t.i - c.i AS age, count(m.c) FILTER (WHERE m.i = c.i) AS customers,
	count(DISTINCT m.c) FILTER (WHERE CASE WHEN mode LIKE '%rolling'
			THEN EXISTS (SELECT FROM act x WHERE x.run = c.run AND x.c = m.c AND x.i BETWEEN t.i AND top.i)
		ELSE EXISTS (SELECT FROM act x WHERE x.run = c.run AND x.c = m.c AND x.i = t.i) END) AS active
FROM c JOIN c t ON t.run = c.run AND t.n = c.n AND t.i >= c.i
JOIN LATERAL (SELECT max(i) AS i FROM c z WHERE z.run = c.run AND z.n = c.n) top ON true
CROSS JOIN unnest('{first,recurring,first rolling,recurring rolling}'::text[]) mode
LEFT JOIN a m ON m.run = c.run AND m.i = c.i AND (mode LIKE 'recurring%' OR m.first = m.i)
WHERE (c.run NOT IN (1, 7, 10) OR c.n IN (2, 3)) AND c.n NOT IN (7, 8)
GROUP BY c.run, c.n, mode, c.i, c.period, t.i;
CREATE TEMP TABLE cohorts_got AS SELECT run, n, mode, k.* FROM ask
	JOIN summary USING (run), unnest('{first,recurring,first rolling,recurring rolling}'::text[]) mode,
	LATERAL cohorts(s, mode, from_date, as_of) k
	WHERE (run NOT IN (1, 7, 10) OR n IN (2, 3)) AND n NOT IN (7, 8);
SELECT count(*) > 10000 AS many, count(*) FILTER (WHERE rate IS DISTINCT FROM active::float8 / nullif(customers, 0))
	AS wrong_rate, count(*) FILTER (WHERE age = 0 AND active <> customers) AS wrong_start FROM cohorts_got;
SELECT mode, count(*) AS wrong FROM (SELECT run, n, mode, cohort, age, customers, active FROM cohorts_got
		EXCEPT ALL TABLE cohorts_expected) q GROUP BY mode;
SELECT mode, count(*) AS missing FROM (TABLE cohorts_expected
		EXCEPT ALL SELECT run, n, mode, cohort, age, customers, active FROM cohorts_got) q GROUP BY mode;

CREATE TEMP TABLE periods_got AS SELECT run, p.* FROM summary, active_periods(s) p;
SELECT count(*) > 50 AS many FROM periods_got;
SELECT count(*) AS wrong FROM (TABLE periods_got EXCEPT ALL SELECT run, periods, count(*)
		FROM (SELECT run, c, count(*) AS periods FROM act GROUP BY run, c) q GROUP BY run, periods) q;
SELECT count(*) AS missing FROM (SELECT run, periods, count(*) FROM (SELECT run, c, count(*) AS periods FROM act
		GROUP BY run, c) q GROUP BY run, periods EXCEPT ALL TABLE periods_got) q;

CREATE TEMP TABLE sticky_expected AS
SELECT s.run, s.n, w, s.period, (SELECT count(*) FROM act a WHERE a.run = s.run AND a.i = s.i) AS active,
	(SELECT count(DISTINCT c) FROM act a WHERE a.run = s.run AND a.i BETWEEN s.i - w + 1 AND s.i) AS active_trailing,
	complete
FROM shown s, unnest('{1,2,7,28,2147483647}'::int[]) w WHERE n IN (1, 2, 5);
CREATE TEMP TABLE sticky_got AS SELECT run, n, w, k.*
	FROM ask JOIN summary USING (run), unnest('{1,2,7,28,2147483647}'::int[]) w, LATERAL stickiness(s, w, as_of) k
	WHERE from_date IS NULL;
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE g.rate IS DISTINCT FROM
		CASE WHEN complete THEN g.active::float8 / nullif(g.active_trailing, 0) END) AS wrong_rate,
	count(*) FILTER (WHERE NOT complete) > 50 AS some_running
FROM sticky_got g JOIN sticky_expected e USING (run, n, w, period);
SELECT count(*) AS wrong FROM (SELECT run, n, w, period, active, active_trailing FROM sticky_got
		EXCEPT ALL SELECT run, n, w, period, active, active_trailing FROM sticky_expected) q;
SELECT count(*) AS missing FROM (SELECT run, n, w, period, active, active_trailing FROM sticky_expected
		EXCEPT ALL SELECT run, n, w, period, active, active_trailing FROM sticky_got) q;
SELECT count(*) AS differ FROM summary, LATERAL (SELECT array_agg(k) AS a FROM stickiness(s) k) a,
	LATERAL (SELECT array_agg(k) AS b FROM stickiness(s, 28, NULL) k) b WHERE a IS DISTINCT FROM b;

SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE active_customers(s, daterange(a.period, b.period))
		<> (SELECT count(DISTINCT c) FROM act WHERE act.run = a.run AND act.i >= a.i AND act.i < b.i)) AS wrong,
	count(*) FILTER (WHERE active_customers(s, daterange(NULL, b.period))
			<> (SELECT count(DISTINCT c) FROM act WHERE act.run = a.run AND act.i < b.i)) AS wrong_open
FROM spine a JOIN spine b ON a.run = b.run AND a.i <= b.i AND (a.i + b.i) % 7 = 0 JOIN summary ON summary.run = a.run;
SELECT count(*) FILTER (WHERE active_customers(s) <> (SELECT count(DISTINCT c) FROM act WHERE act.run = summary.run))
	AS wrong FROM summary;
SELECT count(*) FILTER (WHERE forget(s, 3) <> (SELECT activity_summary(c, at, unit) FILTER (WHERE c <> 3) FROM event e
		WHERE e.run = summary.run)) AS wrong FROM summary;

-- one value whatever the way: serial, parallel, shuffled, in parts through text, twice, and through binary by COPY
SELECT count(*) FILTER (WHERE s <> (SELECT activity_summary(c, at, unit)
		FROM (SELECT * FROM event e WHERE e.run = summary.run ORDER BY h(id, 77)) e)) AS shuffled,
	count(*) FILTER (WHERE s <> (SELECT rollup(part::text::activity_summary) FROM (SELECT activity_summary(c, at, unit)
			AS part FROM event e WHERE e.run = summary.run GROUP BY id % 7) p)) AS in_parts,
	count(*) FILTER (WHERE s <> s + s) AS twice, count(*) FILTER (WHERE s <> s::text::activity_summary) AS through_text
		FROM summary;
CREATE TABLE activity_rows AS SELECT * FROM event;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 4;
SELECT activity_summary(c, at, 'month') = (SELECT rollup(part)
		FROM (SELECT activity_summary(c, at, 'month') AS part FROM event GROUP BY run, id) p) AS parallel
	FROM activity_rows;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;
RESET max_parallel_workers_per_gather;
DROP TABLE activity_rows;
-- keys of every type give the same counts, and none but bigint shows
CREATE FUNCTION key(c bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5('u' || c)::uuid;
SELECT count(*) FILTER (WHERE l <> (SELECT array_agg(x ORDER BY period) FROM lifecycle(u) x)
		OR l <> (SELECT array_agg(x ORDER BY period) FROM lifecycle(t) x)) AS wrong,
	count(*) FILTER (WHERE t::text LIKE '%name%') AS in_clear,
		count(*) FILTER (WHERE active_customers(forget(t, 'name 3')) <> active_customers(forget(s, 3))
			OR active_customers(forget(u, key(3))) <> active_customers(forget(s, 3))) AS wrong_forget
FROM (SELECT s, (SELECT array_agg(x ORDER BY period) FROM lifecycle(s) x) AS l,
		(SELECT activity_summary(key(c), at, unit) FROM event e WHERE e.run = m.run) AS u,
		(SELECT activity_summary('name ' || c, at, unit) FROM event e WHERE e.run = m.run) AS t FROM summary m) q;
-- times of every type; a timestamptz falls into the day of the session's zone, which the summary remembers
SELECT count(*) FILTER (WHERE s <> t) AS wrong_timestamp, count(*)
	FILTER (WHERE active_customers(s) <> active_customers(z) OR NOT z::text LIKE '%"UTC"%') AS wrong_timestamptz
FROM (SELECT s, (SELECT activity_summary(c, at + time '23:59:59.999999', unit) FROM event e WHERE e.run = m.run) AS t,
		(SELECT activity_summary(c, (at + time '23:59:59')::timestamptz, unit) FROM event e WHERE e.run = m.run) AS z
		FROM summary m) q;

-- intervals: a customer counts where it is active on the last day of a period, or on the last that is known of it
CREATE TEMP TABLE contract AS SELECT run, id, h(id, 30) % 40 AS c,
	CASE WHEN id % 29 = 0 THEN 'empty'::daterange WHEN id % 31 <> 0 THEN daterange(first + h(id, 31) % days,
		CASE WHEN id % 5 > 0 THEN first + h(id, 31) % days + h(id, 32) % (days / 3 + 2) END) END AS during,
	first + days - days / 10 AS through FROM run, generate_series(1, 100) id;
UPDATE contract SET c = NULL WHERE id % 37 = 0;
CREATE TEMP TABLE interval_summary AS SELECT run, through, activity_summary(c, during, unit, through) AS s FROM contract
	JOIN run USING (run) GROUP BY run, through;
CREATE TEMP TABLE interval_expected AS
SELECT DISTINCT run, c, p::date AS period FROM contract JOIN run USING (run),
	LATERAL (SELECT generate_series(date_trunc(trunc, lower(during) - shift) + shift, through, step) AS p) q
		WHERE c IS NOT NULL AND least((p + step)::date - 1, through) <@ during;
SELECT count(*) > 100 AS many, count(*) FILTER (WHERE active IS DISTINCT FROM (SELECT count(*) FROM interval_expected e
		WHERE e.run = s.run AND e.period = l.period)) AS wrong, sum(active) = (SELECT count(*) FROM interval_expected)
	AS all_of_them, count(*) FILTER (WHERE NOT complete AND active > 0) > 3 AS some_running
	FROM interval_summary s, LATERAL lifecycle(s.s) l;
-- the same set as of the periods, but for the day that it remembers
SELECT count(*) FILTER (WHERE replace(s::text, '"","' || through - '2000-01-01' || '"', '""') IS DISTINCT FROM (
		SELECT activity_summary(c, period, unit)::text FROM interval_expected e
		JOIN run USING (run) WHERE e.run = i.run)) AS wrong FROM interval_summary i WHERE s::text <> '()';
-- as_of after through makes nobody a loss: the earlier day holds
SELECT count(*) > 1000 AS many, count(*) FILTER (WHERE complete IS DISTINCT FROM last_day <= least(through, as_of)
		OR l.lost IS DISTINCT FROM CASE WHEN complete THEN
			(SELECT count(*) FROM interval_expected e WHERE e.run = i.run AND e.period = (l.period - step)::date
				AND NOT EXISTS (SELECT FROM interval_expected x
					WHERE x.run = e.run AND x.c = e.c AND x.period = l.period)) END) AS wrong,
	count(*) FILTER (WHERE last = l.period AND kpi_next_period(least(through, as_of), unit) <> last_day + 1)
		AS wrong_end
FROM interval_summary i JOIN run USING (run), unnest('{-100,-1,0,1,40}'::int[]) d,
	LATERAL (SELECT through + d AS as_of) a,
	LATERAL (SELECT *, max(period) OVER () AS last FROM lifecycle(s, as_of => through + d)) l,
	LATERAL (SELECT kpi_next_period(l.period, unit) - 1 AS last_day) p;
-- one last day, and events beside it
SELECT activity_summary(1, '[2024-01-01,)', 'month', d) FROM (VALUES ('2024-02-10'::date), ('2024-02-11')) v(d);
SELECT rollup(s) FROM (SELECT activity_summary(1, '[2024-01-01,)', 'month', d) AS s
	FROM (VALUES ('2024-02-10'::date), ('2024-02-11')) v(d) GROUP BY d) q;
SELECT e + c = c + e
	AND c + e = (SELECT rollup(s ORDER BY n) FROM unnest(ARRAY[e, c, '()', e]) WITH ORDINALITY u(s, n))
	AND e + c = (SELECT rollup(s ORDER BY n DESC) FROM unnest(ARRAY[e, c, '()', e]) WITH ORDINALITY u(s, n)) AS same,
	e + c AS both, forget(e + c, 1) AS without, forget(forget(e + c, 1), 2) AS nobody,
	activity_summary_accum(c, 3, '2024-03-05'::date, 'month') AS by_hand
FROM (SELECT activity_summary(1, '[2024-01-01,)', 'month', '2024-02-10') AS c,
		activity_summary(2, '2024-01-05'::date, 'month') AS e) q;
SELECT activity_summary_accum(activity_summary(2, '2024-01-05'::date, 'month'), 1, '[2024-01-01,)', 'month',
	'2024-02-10');

-- empty and NULL
SELECT activity_summary(c, at, 'month') AS s, active_customers(activity_summary(c, at, 'month')) AS n FROM event
	WHERE c IS NULL;
SELECT rollup(s) FROM summary WHERE false;
SELECT '()'::activity_summary + two.s = two.s AS identity, two.s + NULL AS unknown FROM two;
SELECT (SELECT count(*) FROM lifecycle('()')) AS lifecycle, (SELECT count(*) FROM lifecycle(NULL)) AS of_null,
	(SELECT count(*) FROM cohorts('()')) AS cohorts, (SELECT count(*) FROM cohorts(NULL)) AS of_null,
	(SELECT count(*) FROM active_periods('()')) AS periods, (SELECT count(*) FROM stickiness('()')) AS stickiness,
	active_customers('()'), active_customers('()', '[2024-01-03,2024-01-04)') AS during,
		active_customers(NULL) AS of_null, forget('()'::activity_summary, 1) AS forgotten;
SELECT activity_summary(1, 'empty'::daterange, 'month', '2024-01-01'),
	activity_summary(1, '[2024-01-01,2024-01-31)', 'month', '2024-12-31') AS not_on_the_last_day,
	activity_summary(1, '[2024-01-31,2024-02-01)', 'month', '2024-12-31') AS on_it,
	activity_summary(1, '[2024-01-31,infinity)', 'month', '2024-03-30') AS open;
SELECT activity_summary(1, '[2024-01-01,)', 'year', '2024-12-31') + activity_summary(2, '2025-03-01'::date, 'year');
-- rows by group, and in a select list
SELECT run, l.period, l.active FROM summary, LATERAL lifecycle(s, as_of => '2024-02-03') l WHERE run = 9;
SELECT run, lifecycle(s, as_of => '2024-02-03') FROM summary WHERE run = 9;
SELECT active_customers(activity_summary(1, d, 'day')) AS one_customer,
	(SELECT sum(periods) FROM active_periods(activity_summary(1, d, 'day'))) AS days
	FROM (SELECT '2000-01-01'::date + i % 3000 AS d FROM generate_series(1, 1000000) i) q;
SELECT active_customers(s), pg_column_size(s) / 1000000.0 < 10 AS small,
	(SELECT string_agg(active::text, ',') FROM lifecycle(s)) AS active
	FROM (SELECT activity_summary(i * 1000003::bigint, '2024-01-01'::date + i % 60, 'month') AS s
		FROM generate_series(1, 1000000) i) q;
SELECT active_customers(activity_summary(repeat(chr(65 + i), 1000000), '2024-01-01'::date, 'day')) AS long_keys
	FROM generate_series(1, 5) i;

-- errors
SELECT activity_summary(1, 'infinity'::date, 'month');
SELECT activity_summary(1, '-infinity'::timestamptz, 'month');
SELECT activity_summary(1, '2024-01-01'::date, NULL);
SELECT activity_summary(1, '2024-01-01'::date, 'fortnight');
SELECT activity_summary(1, '2024-01-01'::date, CASE WHEN i = 2 THEN 'week' ELSE 'month' END)
	FROM generate_series(1, 2) i;
SELECT activity_summary(1, '(,2024-01-01)'::daterange, 'month', '2024-01-01');
SELECT activity_summary(1, '[-infinity,2024-01-01)'::daterange, 'month', '2024-01-01');
SELECT activity_summary(1, '[2024-01-01,)'::daterange, 'month', NULL);
SELECT activity_summary(1, '[2024-01-01,)'::daterange, 'month', 'infinity');
SELECT activity_summary(1, '2024-01-01'::date, 'month') + activity_summary('1'::text, '2024-01-01'::date, 'month');
SELECT activity_summary(1, '2024-01-01'::date, 'month') + activity_summary(1, '2024-01-01'::date, 'year');
SELECT activity_summary(1, '2024-01-01'::date, 'month') + activity_summary(1, '2024-01-01'::timestamptz, 'month');
SELECT forget(s, 'a') FROM two;
SELECT active_customers('(month,bigint,0,"";1:288)', '[2024-01-02,2024-03-01)');
SELECT lifecycle(s, as_of => 'infinity') FROM two;
SELECT cohorts(s, 'last') FROM two;
SELECT cohorts(s, NULL) FROM two;
SELECT cohorts(s, 'first rollings') FROM two;
SELECT stickiness(s, 0) FROM two;
\set VERBOSITY default
-- numbers of periods beyond a thousand, many of them different: against plain SQL
CREATE TEMP TABLE long AS SELECT c, date '2000-01-01' AS first, 1000 + c * 7 % 997 * 3 AS days
	FROM generate_series(1, 2000) c;
SELECT count(*) AS numbers, sum(got.customers) AS customers, bool_and(got.customers = plain.customers) AS right
FROM (SELECT p.* FROM (SELECT activity_summary(c, daterange(first, first + days), 'day', '2100-01-01') AS s
		FROM long) q, active_periods(s) p) got
FULL JOIN (SELECT days AS periods, count(*) AS customers FROM long GROUP BY days) plain USING (periods);
-- spans that nobody wants: mistaken dates, and periods without number
SELECT count(*)
	FROM lifecycle((SELECT activity_summary(1, d, 'day') FROM (VALUES ('2024-01-01'::date), ('20240-01-01')) v(d)));
SELECT count(*) FROM lifecycle((SELECT activity_summary(1, d, 'day')
		FROM (VALUES ('2024-01-01'::date), ('20240-01-01')) v(d)), as_of => '2024-01-03');
SELECT count(*)
	FROM cohorts((SELECT activity_summary(1, d, 'day') FROM (VALUES ('2024-01-01'::date), ('2028-01-01')) v(d)));
SELECT activity_summary(i, '[4000-01-01 BC,)'::daterange, 'day', '5000000-01-01') FROM generate_series(1, 100) i;
DROP FUNCTION h, key;

-- infinity is a date: a range that begins there, or ends before all time, holds no day
SELECT active_customers(s, daterange('infinity', NULL)) AS after_all,
	active_customers(s, daterange('-infinity', '-infinity', '[]')) AS before_all,
	active_customers(s, daterange('-infinity', 'infinity')) AS always
FROM (SELECT activity_summary(1::bigint, date '2024-01-01', 'month') AS s) q;
SELECT retention_rate(1::bigint, date '2024-01-01', daterange('infinity', NULL), daterange('2024-01-01', '2024-02-01'));
-- a transition function called by hand gives a stored value
SELECT activity_summary_accum(NULL, 1::bigint, date '2024-01-01', 'month')
	= (SELECT activity_summary(1::bigint, date '2024-01-01', 'month')) AS stored;

-- Customers below 0 or beyond 40 bits, and days millennia away, need wide records, whenever they come; the stored form
-- is the same whatever the state was.
CREATE TEMP TABLE anyone AS
SELECT CASE i % 6 WHEN 0 THEN i * 37 % 500 WHEN 1 THEN -(i * 53 % 300) WHEN 2 THEN (1::bigint << 40) - 2 + i % 4
		WHEN 3 THEN 9223372036854775807 - i % 5 WHEN 4 THEN -9223372036854775808 + i % 3 ELSE i % 1000 END AS customer,
	CASE WHEN i % 31 = 0 THEN date '4713-01-01 BC' + i % 7
		WHEN i % 41 = 0 THEN date '5000000-01-01' + i % 11 ELSE date '2024-01-01' + i * 11 % 700 END AS day, i
FROM generate_series(1, 20000) i;
WITH s AS (
	SELECT activity_summary(customer, day, 'day' ORDER BY i) AS mixed,
		activity_summary(customer, day, 'day' ORDER BY customer BETWEEN 0 AND 1000 DESC, day < '3000-01-01' DESC, i)
			AS narrow_first,
		activity_summary(customer, day, 'day' ORDER BY customer BETWEEN 0 AND 1000, i) AS wide_first,
		activity_summary(customer, day, 'day' ORDER BY customer, day) AS in_order,
		count(DISTINCT customer) AS customers, count(DISTINCT (customer, day)) AS pairs
	FROM anyone
), parts AS (
	SELECT i % 6 AS part, activity_summary(customer, day, 'day') AS s FROM anyone GROUP BY 1
)
SELECT mixed = narrow_first AND mixed = wide_first AND mixed = in_order AS same,
	mixed = (SELECT rollup(s ORDER BY part) FROM parts)
		AND mixed = (SELECT rollup(s ORDER BY part DESC) FROM parts) AS rolled_up,
	mixed = (SELECT a.s + b.s + c.s + d.s + e.s + f.s FROM parts a, parts b, parts c, parts d, parts e, parts f
		WHERE (a.part, b.part, c.part, d.part, e.part, f.part) = (5, 3, 0, 1, 4, 2)) AS added,
	mixed = mixed::text::activity_summary AS text_form,
	active_customers(mixed) = customers AS customers_right,
	(SELECT sum(periods * customers) FROM active_periods(mixed)) = pairs AS pairs_right
FROM s;
-- just below and at 2^40, and at 0 and -1
SELECT activity_summary(customer, date '2024-03-01', 'month')
FROM (VALUES (1099511627775), (1099511627776), (0), (-1)) AS v (customer);
SELECT activity_summary(customer, day, 'day')
FROM (VALUES (1099511627775, date '2000-01-01' + 8388607), (0, date '2000-01-01' + 8388608),
		(1099511627775, date '2000-01-01' + 8388607)) AS v (customer, day);
