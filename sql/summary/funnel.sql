-- Funnels: src/summary/funnel.c, funnel_rows.c, funnel_depth.c
--@ makes funnel_events, funnel_events_cmp, funnel_events_combine, funnel_events_eq, funnel_events_ge, funnel_events_gt,
--@   funnel_events_hash, funnel_events_hash_extended, funnel_events_in, funnel_events_le, funnel_events_lt,
--@   funnel_events_ne, funnel_events_ops, funnel_events_out, funnel_events_recv, funnel_events_send,
--@   funnel_summary_cmp, funnel_summary_combine, funnel_summary_eq, funnel_summary_ge, funnel_summary_gt,
--@   funnel_summary_hash, funnel_summary_hash_extended, funnel_summary_in, funnel_summary_le, funnel_summary_lt,
--@   funnel_summary_ne, funnel_summary_ops, funnel_summary_out, funnel_summary_recv, funnel_summary_send

--@ include core/base_type.sql
--@ with TYPE = funnel_summary
--@ with ABOUT = every (customer, time, steps) of a funnel: mergeable by + and rollup(); text and uuid customers as
--@   64-bit hashes

CREATE FUNCTION funnel_summary_add(funnel_summary, funnel_summary) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_add(funnel_summary, funnel_summary) IS
	'merges two summaries; 22023 where steps, time zones or types of customer differ';
--@ include core/combine_in_zone.sql
--@ with TYPE = funnel_summary
CREATE FUNCTION funnel_summary_final(funnel_summary) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_final(funnel_summary) IS
	'final function of funnel_summary: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (funnel_summary, funnel_summary) IS
	'summary of the events of both; the same events added twice count twice';

--@ for KEY in bigint | uuid | text
--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer @KEY@, at @AT@, step text, steps text[])
	RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_@KEY@_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, @KEY@, @AT@, text, text[]) IS
	'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer @KEY@, at @AT@, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_@KEY@_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, @KEY@, @AT@, boolean[]) IS
	'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer @KEY@, at @AT@, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(@KEY@, @AT@, text, text[]) IS
	'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed '
	'twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 '
	'where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer @KEY@, at @AT@, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(@KEY@, @AT@, boolean[]) IS
	'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = '
	'''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached '
	'NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 '
	'MB';
--@ end
CREATE FUNCTION forget(s funnel_summary, customer @KEY@) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_forget_@KEY@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(funnel_summary, @KEY@) IS
	'the summary without one customer; unchanged if it does not hold the customer; 22023 where the type of customer '
	'differs';
--@ end
CREATE AGGREGATE rollup(funnel_summary) (
	SFUNC = funnel_summary_add, STYPE = funnel_summary, SSPACE = 4096, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(funnel_summary) IS
	'summary of the events in all summaries, each once for every time that it was counted; NULL ignored, empty summary '
	'without rows; 22023 where steps, time zones or types of customer differ';

CREATE FUNCTION funnel(s funnel_summary, within interval DEFAULT NULL, mode text DEFAULT 'ordered',
		entry daterange DEFAULT NULL, as_of timestamptz DEFAULT NULL,
	OUT step integer, OUT name text, OUT customers bigint, OUT from_previous double precision,
		OUT from_first double precision,
	OUT median_time interval, OUT median_seconds double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_funnel' LANGUAGE C STABLE PARALLEL SAFE ROWS 5 COST 20000;
COMMENT ON FUNCTION funnel(funnel_summary, interval, text, daterange, timestamptz) IS
	'one row a step: customers that reached it, share of those of the previous and of the first step (0..1), median '
	'time from the first step. A customer counts once, with the best of all starts whose day lies in entry and whose '
	'window ended by as_of; within is the window''s length from its start, inclusive, NULL for no limit. Modes: '
	'ordered; strict, with no other listed step between; unordered, where row k counts customers with k different '
	'steps in one window; reached, for pipelines, where a later step implies those before it and the window begins '
	'with the first event. No rows for NULL or the empty summary; 22023 for a negative window or another mode';

--@ include core/base_type.sql
--@ with TYPE = funnel_events
--@ with ABOUT = state of funnel_depth(): the steps of one customer with their times, and the window

CREATE FUNCTION funnel_events_add(funnel_events, funnel_events) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_add(funnel_events, funnel_events) IS
	'merges two states of funnel_depth; 22023 where steps, windows or time zones differ';
--@ include core/combine_in_zone.sql
--@ with TYPE = funnel_events
CREATE FUNCTION funnel_events_depth(funnel_events) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_depth' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_depth(funnel_events) IS 'final function of funnel_depth';
--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
CREATE FUNCTION funnel_events_accum(funnel_events, at @AT@, reached boolean[], within interval) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_accum_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_accum(funnel_events, @AT@, boolean[], interval) IS
	'transition function of funnel_depth: adds one event';
CREATE AGGREGATE funnel_depth(at @AT@, reached boolean[], within interval) (
	SFUNC = funnel_events_accum, STYPE = funnel_events, SSPACE = 256, FINALFUNC = funnel_events_depth,
	COMBINEFUNC = funnel_events_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_depth(@AT@, boolean[], interval) IS
	'how many steps one customer reaches in order within one window, for GROUP BY customer; reached says for each step '
	'whether the row can serve as it (1 to 64 steps), within is the window''s length, inclusive, NULL for no limit. 0 '
	'where no row serves as the first step; a row with at or reached NULL is ignored, NULL without rows; 22023 where '
	'within is negative or differs, the length of reached differs, or at is infinite';
--@ end
