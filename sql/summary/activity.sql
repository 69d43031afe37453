-- Activity of customers over time: src/summary/activity.c, activity_rows.c
--@ makes activity_summary_cmp, activity_summary_combine, activity_summary_eq, activity_summary_ge, activity_summary_gt,
--@   activity_summary_hash, activity_summary_hash_extended, activity_summary_in, activity_summary_le,
--@   activity_summary_lt, activity_summary_ne, activity_summary_ops, activity_summary_out, activity_summary_recv,
--@   activity_summary_send

--@ include core/base_type.sql
--@ with TYPE = activity_summary
--@ with ABOUT = the set of (customer, period) in which customers were active: mergeable by + and rollup() without
--@   double counting; text and uuid customers as 64-bit hashes

CREATE FUNCTION activity_summary_add(activity_summary, activity_summary) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_add(activity_summary, activity_summary) IS
	'merges two summaries; 22023 where units, time zones or types of customer differ';
--@ include core/combine_in_zone.sql
--@ with TYPE = activity_summary
CREATE FUNCTION activity_summary_final(activity_summary) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_final(activity_summary) IS
	'final function of activity_summary: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_add,
		COMMUTATOR = +);
COMMENT ON OPERATOR + (activity_summary, activity_summary) IS
	'summary of the activity of both, each customer and period once';

--@ for KEY in bigint | uuid | text
--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
CREATE FUNCTION activity_summary_accum(activity_summary, customer @KEY@, at @AT@, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_@KEY@_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, @KEY@, @AT@, text) IS
	'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer @KEY@, at @AT@, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(@KEY@, @AT@, text) IS
	'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones '
	'as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; '
	'22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
--@ end
CREATE FUNCTION activity_summary_accum(activity_summary, customer @KEY@, during daterange, unit text, through date)
	RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_@KEY@_range' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, @KEY@, daterange, text, date) IS
	'transition function of activity_summary: adds the periods of one range';
CREATE AGGREGATE activity_summary(customer @KEY@, during daterange, unit text, through date) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(@KEY@, daterange, text, date) IS
	'summary of which customers were active in which period of the unit, from intervals such as contracts: a customer '
	'counts in the periods whose last day lies in during; in the period that is not over on through, the last day that '
	'the data cover, where that day lies in during. The summary remembers through. A row with customer or during NULL, '
	'or an empty during, is ignored; 22023 without a lower bound, for through NULL, infinite or differing, an unknown '
	'or differing unit; 54000 beyond 512 MB';
--@ end
CREATE AGGREGATE rollup(activity_summary) (
	SFUNC = activity_summary_add, STYPE = activity_summary, SSPACE = 4096, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(activity_summary) IS
	'summary of the activity in all summaries, each customer and period once; NULL ignored, empty summary without '
	'rows; 22023 where units, time zones or types of customer differ';

CREATE FUNCTION active_customers(s activity_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_active_customers' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION active_customers(activity_summary) IS 'number of distinct customers; 0 for the empty summary';
CREATE FUNCTION active_customers(s activity_summary, during daterange) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_active_customers_during' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION active_customers(activity_summary, daterange) IS
	'number of distinct customers active in the periods of the range; 0 for the empty summary or range. Each bound is '
	'the first day of a period of the summary''s unit, else 22023, or is left open';

CREATE FUNCTION lifecycle(s activity_summary, from_date date DEFAULT NULL, as_of date DEFAULT NULL,
	OUT period date, OUT complete boolean, OUT active bigint, OUT new bigint, OUT retained bigint,
		OUT resurrected bigint, OUT lost bigint,
	OUT retention_rate double precision, OUT churn_rate double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_lifecycle' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50 COST 10000;
COMMENT ON FUNCTION lifecycle(activity_summary, date, date) IS
	'a row a period, without gaps: customers active, of these new (never before), retained (also in the period before) '
	'and resurrected (not in it, but earlier); lost: active in the period before and not in this. Rates are fractions '
	'0..1 of those active in the period before, NULL when there are none. Rows begin at from_date, without it at the '
	'first activity, and end at the period of as_of, the day up to which the data are complete (inclusive), or of '
	'through of contracts where that is earlier; one that ends after that day is not complete, and its losses and '
	'rates are NULL. Without either the last period with activity is the last row, and not complete. No rows for NULL '
	'or the empty summary; 22023 for infinite dates; 54000 beyond a million rows';

CREATE FUNCTION cohorts(s activity_summary, mode text DEFAULT 'first', from_date date DEFAULT NULL,
		as_of date DEFAULT NULL,
	OUT cohort date, OUT age integer, OUT customers bigint, OUT active bigint, OUT rate double precision)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_cohorts' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 500 COST 10000;
COMMENT ON FUNCTION cohorts(activity_summary, text, date, date) IS
	'a row a cohort (period) and age (periods since, from 0): customers of the cohort, those active at that age, and '
	'their share 0..1 (NULL for a cohort without customers). Modes: first (a customer belongs to its first period), '
	'recurring (to each period it was active in), first rolling and recurring rolling (active at that age or a later '
	'one). Only ages that the cohort has completed by as_of, the day up to which the data are complete (inclusive), or '
	'through of contracts where that is earlier; without either those before the last period with activity, which '
	'counts as not over. Later activity is not counted. Cohorts begin at from_date, without it at the first activity. '
	'No rows for NULL or the empty summary; 22023 for another mode or infinite dates; 54000 beyond a million rows';

CREATE FUNCTION active_periods(s activity_summary, OUT periods bigint, OUT customers bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_active_periods' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50 COST 5000;
COMMENT ON FUNCTION active_periods(activity_summary) IS
	'how many customers were active in how many periods, a row for each number of periods that occurs; no rows for '
	'NULL or the empty summary';

CREATE FUNCTION stickiness(s activity_summary, periods integer DEFAULT 28,
	OUT period date, OUT active bigint, OUT active_trailing bigint, OUT rate double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_stickiness' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50 COST 5000;
COMMENT ON FUNCTION stickiness(activity_summary, integer) IS
	'a row a period from the first activity to the last: customers active in it, distinct customers active in as many '
	'periods as given that end with it, and the share 0..1 of the former in the latter (DAU/MAU with unit day and 28 '
	'or 30), NULL when there are none, and in the last period, which counts as not over; of contracts, to the period '
	'of through. The first rows look back less far. No rows for NULL or the empty summary; 22023 for less than 1 '
	'period; 54000 beyond a million rows';
--@ include summary/stickiness_as_of.sql

--@ for KEY in bigint | uuid | text
CREATE FUNCTION forget(s activity_summary, customer @KEY@) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_forget_@KEY@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(activity_summary, @KEY@) IS
	'the summary without one customer, unchanged if the customer is not in it; 22023 for another type of customer than '
	'the summary''s';
--@ end
