-- What the benchmark compares; run by bench/run.  In expressions @ follows each aggregate: it becomes OVER w for the
-- window shape, and nothing otherwise.

CREATE TABLE bench_case (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text PRIMARY KEY,
	source text,				-- table
	floor text,					-- the column of count(x): the last that the row is read up to
	kpi text,
	plain text[],				-- ways to say the same in plain SQL; the fastest counts
	tolerance double precision	-- relative; NULL: equal digit for digit
);

INSERT INTO bench_case (name, source, floor, kpi, plain, tolerance) VALUES
('nps_agg(integer)', 'survey', 'score', 'nps_agg(score) @', ARRAY[
	'100.0::float8 * (count(*) FILTER (WHERE score >= 9) @ - count(*) FILTER (WHERE score <= 6) @) / nullif(count(score) @, 0)',
	'avg(CASE WHEN score >= 9 THEN 100 WHEN score <= 6 THEN -100 WHEN score IS NOT NULL THEN 0 END) @'], 1e-12),
('nps_agg(float8)', 'survey', 'score_float', 'nps_agg(score_float) @', ARRAY[
	'100.0::float8 * (count(*) FILTER (WHERE score_float >= 9) @ - count(*) FILTER (WHERE score_float <= 6) @) / nullif(count(score_float) @, 0)',
	'avg(CASE WHEN score_float >= 9 THEN 100 WHEN score_float <= 6 THEN -100 WHEN score_float IS NOT NULL THEN 0 END) @'], 1e-12),
('rate_agg(column)', 'survey', 'yes', 'rate_agg(yes) @', ARRAY[
	'count(*) FILTER (WHERE yes) @ / nullif(count(yes) @, 0)::float8',
	'avg(yes::integer) @'], 1e-12),
('rate_agg(condition)', 'survey', 'csat', 'rate_agg(score > csat) @', ARRAY[
	'count(*) FILTER (WHERE score > csat) @ / nullif(count(score > csat) @, 0)::float8',
	'avg((score > csat)::integer) @'], 1e-12),
('csat_agg(integer)', 'survey', 'csat', 'csat_agg(csat) @', ARRAY[
	'count(*) FILTER (WHERE csat >= 4) @ / nullif(count(csat) @, 0)::float8',
	'avg((csat >= 4)::integer) @'], 1e-12),
('on_time_rate(date)', 'event', 'done', 'on_time_rate(due, done, date ''2025-12-01'') @', ARRAY[
	'count(*) FILTER (WHERE due <= date ''2025-12-01'' AND done <= due) @ / nullif(count(*) FILTER (WHERE due <= date ''2025-12-01'') @, 0)::float8',
	'avg(CASE WHEN done <= due THEN 1 ELSE 0 END) FILTER (WHERE due <= date ''2025-12-01'') @'], 1e-12),
('conversion_rate(date)', 'event', 'done', 'conversion_rate(due, done, interval ''10 days'', date ''2025-12-01'') @', ARRAY[
	'count(*) FILTER (WHERE due <= date ''2025-11-21'' AND done BETWEEN due AND due + 10) @ / nullif(count(*) FILTER (WHERE due <= date ''2025-11-21'') @, 0)::float8',
	'avg(CASE WHEN done BETWEEN due AND due + 10 THEN 1 ELSE 0 END) FILTER (WHERE due <= date ''2025-11-21'') @'], 1e-12),
('conversion_rate(timestamptz)', 'event', 'converted', 'conversion_rate(started, converted, interval ''30 days'', timestamptz ''2025-12-01'') @', ARRAY[
	'count(*) FILTER (WHERE started <= timestamptz ''2025-11-01'' AND converted >= started AND converted - started <= interval ''30 days'') @ / nullif(count(*) FILTER (WHERE started <= timestamptz ''2025-11-01'') @, 0)::float8',
	'avg(CASE WHEN converted >= started AND converted - started <= interval ''30 days'' THEN 1 ELSE 0 END) FILTER (WHERE started <= timestamptz ''2025-11-01'') @'], 1e-12),
('ratio_agg(numeric)', 'sale', 'cost', 'ratio_agg(revenue, cost) @', ARRAY[
	'sum(revenue) FILTER (WHERE cost IS NOT NULL) @ / nullif(sum(cost) FILTER (WHERE revenue IS NOT NULL) @, 0)'], NULL),
('ratio_agg(bigint)', 'sale', 'cost_cents', 'ratio_agg(revenue_cents, cost_cents) @', ARRAY[
	'sum(revenue_cents) FILTER (WHERE cost_cents IS NOT NULL) @ / nullif(sum(cost_cents) FILTER (WHERE revenue_cents IS NOT NULL) @, 0)'], NULL),
('ratio_agg(float8)', 'sale', 'cost_float', 'ratio_agg(revenue_float, cost_float) @', ARRAY[
	'sum(revenue_float) FILTER (WHERE cost_float IS NOT NULL) @ / nullif(sum(cost_float) FILTER (WHERE revenue_float IS NOT NULL) @, 0)'], 1e-9),
('margin(numeric)', 'sale', 'cost', 'margin(revenue, cost) @', ARRAY[
	'(sum(revenue) FILTER (WHERE cost IS NOT NULL) @ - sum(cost) FILTER (WHERE revenue IS NOT NULL) @) / nullif(sum(revenue) FILTER (WHERE cost IS NOT NULL) @, 0)',
	'sum(revenue - cost) @ / nullif(sum(revenue) FILTER (WHERE cost IS NOT NULL) @, 0)'], NULL),
('duration_summary(float8)', 'ticket', 'seconds', 'percentile_seconds(duration_summary(seconds) @, 0.9)', ARRAY[
	'percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds)'], 0.01),
('duration_summary(interval)', 'ticket', 'took', 'percentile_seconds(duration_summary(took) @, 0.9)', ARRAY[
	'extract(epoch FROM percentile_disc(0.9) WITHIN GROUP (ORDER BY took))'], 0.01);

-- The goals: the time of the rival over that of kpi is at least the factor.  The rival is the count(x) of the case
-- (floor), the first of its plain expressions (plain), or another expression.
CREATE TABLE bench_goal (name text, shape text, goal text, rival text, factor double precision);

INSERT INTO bench_goal VALUES
('nps_agg(integer)', 'plain', 'within 5 % of count(x)', 'floor', 1 / 1.05),
('nps_agg(integer)', 'plain', '1.25 times faster than FILTER', 'plain', 1.25),
('rate_agg(column)', 'plain', 'within 5 % of count(x)', 'floor', 1 / 1.05),
('rate_agg(column)', 'plain', '1.25 times faster than FILTER', 'plain', 1.25),
('rate_agg(condition)', 'plain', '1.25 times faster than FILTER', 'plain', 1.25),
('ratio_agg(numeric)', 'plain', '1.5 times faster than two sums', 'plain', 1.5),
('nps_agg(integer)', 'keys', 'no slower than avg(integer)', 'avg(score)', 1),
('rate_agg(column)', 'keys', 'no slower than avg(integer)', 'avg(score)', 1),
('ratio_agg(numeric)', 'keys', 'no slower than two avg(numeric)', 'avg(revenue), avg(cost)', 1);

-- Stored summaries: the days of the data are the last three digits of k.
CREATE TABLE bench_rollup (
	id integer GENERATED ALWAYS AS IDENTITY,
	name text PRIMARY KEY,
	source text,
	summary text,				-- builds a day's summary
	kpi text,					-- reads the summary s of all days
	same text,					-- the same from the rows
	goal double precision		-- ms
);

INSERT INTO bench_rollup (name, source, summary, kpi, same, goal) VALUES
('nps_summary', 'survey', 'nps_summary(score)', 'nps(rollup(s))', 'nps_agg(score)', 1),
('rate_summary', 'survey', 'rate_summary(yes)', 'rate(rollup(s))', 'rate_agg(yes)', 1),
('ratio_summary', 'sale', 'ratio_summary(revenue, cost)', 'ratio(rollup(s))', 'ratio_agg(revenue, cost)', 1),
('ratio_summary_float', 'sale', 'ratio_summary(revenue_float, cost_float)', 'ratio(rollup(s))', 'ratio_agg(revenue_float, cost_float)', 1),
('duration_summary', 'ticket', 'duration_summary(seconds)', 'percentile_seconds(rollup(s), 0.9)', 'percentile_seconds(duration_summary(seconds), 0.9)', 10);
