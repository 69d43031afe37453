-- How many steps one customer reaches, without a window and in each mode: src/summary/funnel_depth.c
--@ since 0.2.0

--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
CREATE FUNCTION funnel_events_accum(funnel_events, at @AT@, reached boolean[]) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_accum_open_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_accum(funnel_events, @AT@, boolean[]) IS
	'transition function of funnel_depth: adds one event, without a window';
CREATE AGGREGATE funnel_depth(at @AT@, reached boolean[]) (
	SFUNC = funnel_events_accum, STYPE = funnel_events, SSPACE = 256, FINALFUNC = funnel_events_depth,
	COMBINEFUNC = funnel_events_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_depth(@AT@, boolean[]) IS
	'how many steps one customer reaches in order, without a limit of time, for GROUP BY customer; reached says for '
	'each step whether the row can serve as it (1 to 64 steps). 0 where no row serves as the first step; a row with at '
	'or reached NULL is ignored, NULL without rows; 22023 where the length of reached differs, or at is infinite';
CREATE FUNCTION funnel_events_accum(funnel_events, at @AT@, reached boolean[], within interval, mode text)
	RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_accum_mode_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_accum(funnel_events, @AT@, boolean[], interval, text) IS
	'transition function of funnel_depth: adds one event, of a funnel in a mode';
CREATE AGGREGATE funnel_depth(at @AT@, reached boolean[], within interval, mode text) (
	SFUNC = funnel_events_accum, STYPE = funnel_events, SSPACE = 256, FINALFUNC = funnel_events_depth,
	COMBINEFUNC = funnel_events_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_depth(@AT@, boolean[], interval, text) IS
	'how many steps one customer reaches within one window, for GROUP BY customer, in the mode of funnel(): ordered, '
	'strict, unordered (as many different steps), or reached (the last stage of a pipeline; a later one implies those '
	'before it); reached says for each step whether the row can serve as it (1 to 64 steps), within is the window''s '
	'length, inclusive, NULL for no limit. A row with at or reached NULL is ignored, NULL without rows; 22023 for '
	'another mode, where within or mode or the length of reached differs, within is negative, or at is infinite';
--@ end
