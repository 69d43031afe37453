-- Activity of customers over time: src/summary/activity.c

--@ include core/base_type.sql
--@ with TYPE = activity_summary
--@ with ABOUT = the set of (customer, period) in which customers were active: mergeable by + and rollup() without double counting; text and uuid customers as 64-bit hashes

CREATE FUNCTION activity_summary_add(activity_summary, activity_summary) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_add(activity_summary, activity_summary) IS 'merges two summaries; 22023 where units, time zones or types of customer differ';
CREATE FUNCTION activity_summary_final(activity_summary) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_final(activity_summary) IS 'final function of activity_summary: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (activity_summary, activity_summary) IS 'summary of the activity of both, each customer and period once';

--@ for KEY in bigint | uuid | text
--@ for AT,VOLATILE in date,IMMUTABLE | timestamp,IMMUTABLE | timestamptz,STABLE
CREATE FUNCTION activity_summary_accum(activity_summary, customer @KEY@, at @AT@, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_@KEY@_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, @KEY@, @AT@, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer @KEY@, at @AT@, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(@KEY@, @AT@, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
--@ end
--@ end
CREATE AGGREGATE rollup(activity_summary) (
	SFUNC = activity_summary_add, STYPE = activity_summary, SSPACE = 4096, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(activity_summary) IS 'summary of the activity in all summaries, each customer and period once; NULL ignored, empty summary without rows; 22023 where units, time zones or types of customer differ';

