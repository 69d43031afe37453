-- complain if the script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION kpi" to load this file. \quit

-- Calendar periods: src/core/period.c

CREATE FUNCTION kpi_period(at date, unit text) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_of_date' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_period(date, text) IS 'first day of the period that the moment falls into (a timestamptz in the session''s time zone). Units: day, week (ISO, from Monday), week sat, week sun, month, quarter, year, and fiscal ones that begin in a given month: quarter feb, year apr; jalali month, jalali quarter, jalali year. Infinity stays infinite; 22023 for another unit';
CREATE FUNCTION kpi_period(at timestamp, unit text) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_of_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_period(timestamp, text) IS 'first day of the period that the moment falls into (a timestamptz in the session''s time zone). Units: day, week (ISO, from Monday), week sat, week sun, month, quarter, year, and fiscal ones that begin in a given month: quarter feb, year apr; jalali month, jalali quarter, jalali year. Infinity stays infinite; 22023 for another unit';
CREATE FUNCTION kpi_period(at timestamptz, unit text) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_of_timestamptz' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_period(timestamptz, text) IS 'first day of the period that the moment falls into (a timestamptz in the session''s time zone). Units: day, week (ISO, from Monday), week sat, week sun, month, quarter, year, and fiscal ones that begin in a given month: quarter feb, year apr; jalali month, jalali quarter, jalali year. Infinity stays infinite; 22023 for another unit';
CREATE FUNCTION kpi_periods(from_date date, to_date date, unit text) RETURNS SETOF date
	AS 'MODULE_PATHNAME', 'kpi_periods' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION kpi_periods(date, date, text) IS 'first days of all periods from the one of from_date to the one of to_date, without gaps: the spine to join sparse data to; no rows when to_date is before from_date; 22023 for infinite dates or an unknown unit';
CREATE FUNCTION kpi_unit(unit text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_unit_canonical' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_unit(text) IS 'a unit of kpi_period() in its one canonical spelling, such as month, week sat or year apr; NULL for NULL; 22023 for another unit';
CREATE FUNCTION kpi_next_period(at date, unit text) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_next_period' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_next_period(date, text) IS 'first day of the period after the one of kpi_period(at, unit), so that daterange(kpi_period(at, unit), kpi_next_period(at, unit)) holds the days of a period; infinity stays infinite; NULL for NULL; 22023 for an unknown unit, 22008 beyond the last date';
-- Net Promoter Score: src/summary/nps.c

-- A base type of ours: text and binary forms, equality, hashing, order.  nps_summary, counts of a Net Promoter Score survey, (promoters,passives,detractors): mergeable by + and rollup().
CREATE TYPE nps_summary;

CREATE FUNCTION nps_summary_in(cstring) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION nps_summary_out(nps_summary) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_out(nps_summary) IS 'writes the text form, lossless';
CREATE FUNCTION nps_summary_recv(internal) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION nps_summary_send(nps_summary) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_send(nps_summary) IS 'writes the binary form, lossless and versioned';

CREATE TYPE nps_summary (
	INPUT = nps_summary_in, OUTPUT = nps_summary_out, RECEIVE = nps_summary_recv, SEND = nps_summary_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE nps_summary IS 'counts of a Net Promoter Score survey, (promoters,passives,detractors): mergeable by + and rollup()';

CREATE FUNCTION nps_summary_eq(nps_summary, nps_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_eq(nps_summary, nps_summary) IS 'equal';
CREATE FUNCTION nps_summary_ne(nps_summary, nps_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_ne(nps_summary, nps_summary) IS 'not equal';
CREATE FUNCTION nps_summary_lt(nps_summary, nps_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_lt(nps_summary, nps_summary) IS 'before in bytewise order';
CREATE FUNCTION nps_summary_le(nps_summary, nps_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_le(nps_summary, nps_summary) IS 'before in bytewise order or equal';
CREATE FUNCTION nps_summary_gt(nps_summary, nps_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_gt(nps_summary, nps_summary) IS 'after in bytewise order';
CREATE FUNCTION nps_summary_ge(nps_summary, nps_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_ge(nps_summary, nps_summary) IS 'after in bytewise order or equal';
CREATE FUNCTION nps_summary_cmp(nps_summary, nps_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_cmp(nps_summary, nps_summary) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION nps_summary_hash(nps_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_hash(nps_summary) IS 'hash of the value';
CREATE FUNCTION nps_summary_hash_extended(nps_summary, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_hash_extended(nps_summary, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = nps_summary, RIGHTARG = nps_summary, FUNCTION = nps_summary_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (nps_summary, nps_summary) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = nps_summary, RIGHTARG = nps_summary, FUNCTION = nps_summary_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (nps_summary, nps_summary) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = nps_summary, RIGHTARG = nps_summary, FUNCTION = nps_summary_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (nps_summary, nps_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = nps_summary, RIGHTARG = nps_summary, FUNCTION = nps_summary_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (nps_summary, nps_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = nps_summary, RIGHTARG = nps_summary, FUNCTION = nps_summary_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (nps_summary, nps_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = nps_summary, RIGHTARG = nps_summary, FUNCTION = nps_summary_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (nps_summary, nps_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS nps_summary_ops DEFAULT FOR TYPE nps_summary USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 nps_summary_cmp(nps_summary, nps_summary);
COMMENT ON OPERATOR CLASS nps_summary_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS nps_summary_ops DEFAULT FOR TYPE nps_summary USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 nps_summary_hash(nps_summary),
	FUNCTION 2 nps_summary_hash_extended(nps_summary, bigint);
COMMENT ON OPERATOR CLASS nps_summary_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY nps_summary_ops USING btree IS 'of the operator class nps_summary_ops';
COMMENT ON OPERATOR FAMILY nps_summary_ops USING hash IS 'of the operator class nps_summary_ops';


CREATE FUNCTION nps_summary_accum(nps_summary, score smallint) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_accum_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_accum(nps_summary, smallint) IS 'transition function: adds one response';
CREATE FUNCTION nps_summary_remove(nps_summary, score smallint) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_remove_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_remove(nps_summary, smallint) IS 'transition function: takes one response away again';
CREATE FUNCTION nps_summary_accum(nps_summary, score integer) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_accum_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_accum(nps_summary, integer) IS 'transition function: adds one response';
CREATE FUNCTION nps_summary_remove(nps_summary, score integer) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_remove_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_remove(nps_summary, integer) IS 'transition function: takes one response away again';
CREATE FUNCTION nps_summary_accum(nps_summary, score bigint) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_accum_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_accum(nps_summary, bigint) IS 'transition function: adds one response';
CREATE FUNCTION nps_summary_remove(nps_summary, score bigint) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_remove_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_remove(nps_summary, bigint) IS 'transition function: takes one response away again';
CREATE FUNCTION nps_summary_accum(nps_summary, score double precision) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_accum_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_accum(nps_summary, double precision) IS 'transition function: adds one response';
CREATE FUNCTION nps_summary_remove(nps_summary, score double precision) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_remove_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_remove(nps_summary, double precision) IS 'transition function: takes one response away again';
CREATE FUNCTION nps_summary_accum(nps_summary, score numeric) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_accum_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_accum(nps_summary, numeric) IS 'transition function: adds one response';
CREATE FUNCTION nps_summary_remove(nps_summary, score numeric) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_remove_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_remove(nps_summary, numeric) IS 'transition function: takes one response away again';
CREATE FUNCTION nps_summary_add(nps_summary, nps_summary) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_add(nps_summary, nps_summary) IS 'merges two summaries';
CREATE FUNCTION nps_summary_subtract(nps_summary, nps_summary) RETURNS nps_summary
	AS 'MODULE_PATHNAME', 'kpi_nps_summary_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_summary_subtract(nps_summary, nps_summary) IS 'takes a merged summary away again';

CREATE OPERATOR + (LEFTARG = nps_summary, RIGHTARG = nps_summary, FUNCTION = nps_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (nps_summary, nps_summary) IS 'summary of the responses of both';

CREATE FUNCTION nps(nps_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_nps_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps(nps_summary) IS 'Net Promoter Score, -100..100: 100 (promoters - detractors) / responses (Reichheld 2003); NULL without responses';
CREATE FUNCTION promoters(nps_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_nps_promoters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION promoters(nps_summary) IS 'count of responses with score 9 or 10; 0 for the empty summary';
CREATE FUNCTION passives(nps_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_nps_passives' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION passives(nps_summary) IS 'count of responses with score 7 or 8; 0 for the empty summary';
CREATE FUNCTION detractors(nps_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_nps_detractors' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION detractors(nps_summary) IS 'count of responses with score 0 to 6; 0 for the empty summary';
CREATE FUNCTION responses(nps_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_nps_responses' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION responses(nps_summary) IS 'count of all responses; 0 for the empty summary';

CREATE FUNCTION nps_margin(nps_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_nps_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_margin(nps_summary, double precision) IS 'margin of error of nps() in points: z * 100 * sqrt((p + d - (p - d)^2) / n); NULL without responses; 22023 unless 0 < confidence < 1. For small surveys use nps_interval()';
CREATE FUNCTION nps_interval(nps_summary, confidence double precision DEFAULT 0.95,
	OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_nps_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_interval(nps_summary, double precision) IS 'confidence interval of the score within -100..100, adjusted Wald (Rocks 2016: adds 3/4 promoter, 3/2 passive, 3/4 detractor); NULLs without responses; 22023 unless 0 < confidence < 1';
CREATE FUNCTION nps_lower(nps_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_nps_lower' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_lower(nps_summary, double precision) IS 'lower end of nps_interval() as a plain number';
CREATE FUNCTION nps_upper(nps_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_nps_upper' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_upper(nps_summary, double precision) IS 'upper end of nps_interval() as a plain number';
CREATE FUNCTION nps_change(now nps_summary, before nps_summary, confidence double precision DEFAULT 0.95,
	OUT change double precision, OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_nps_change' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nps_change(nps_summary, nps_summary, double precision) IS 'change of the score in points, and the confidence interval of the change from two adjusted Wald estimates, within -200..200: the move is real where 0 lies outside; NULLs if a side has no responses; 22023 unless 0 < confidence < 1';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_agg(score smallint) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', FINALFUNC = nps,
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', MFINALFUNC = nps,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(score smallint) IS 'Net Promoter Score of survey scores 0..10, -100..100: 100 (promoters - detractors) / responses; NULL ignored, NULL without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_summary(score smallint) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', 
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_summary(score smallint) IS 'summary of survey scores 0..10: promoters 9-10, passives 7-8, detractors 0-6; NULL ignored, empty summary without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_agg(score integer) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', FINALFUNC = nps,
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', MFINALFUNC = nps,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(score integer) IS 'Net Promoter Score of survey scores 0..10, -100..100: 100 (promoters - detractors) / responses; NULL ignored, NULL without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_summary(score integer) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', 
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_summary(score integer) IS 'summary of survey scores 0..10: promoters 9-10, passives 7-8, detractors 0-6; NULL ignored, empty summary without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_agg(score bigint) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', FINALFUNC = nps,
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', MFINALFUNC = nps,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(score bigint) IS 'Net Promoter Score of survey scores 0..10, -100..100: 100 (promoters - detractors) / responses; NULL ignored, NULL without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_summary(score bigint) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', 
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_summary(score bigint) IS 'summary of survey scores 0..10: promoters 9-10, passives 7-8, detractors 0-6; NULL ignored, empty summary without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_agg(score double precision) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', FINALFUNC = nps,
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', MFINALFUNC = nps,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(score double precision) IS 'Net Promoter Score of survey scores 0..10, -100..100: 100 (promoters - detractors) / responses; NULL ignored, NULL without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_summary(score double precision) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', 
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_summary(score double precision) IS 'summary of survey scores 0..10: promoters 9-10, passives 7-8, detractors 0-6; NULL ignored, empty summary without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_agg(score numeric) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', FINALFUNC = nps,
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', MFINALFUNC = nps,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_agg(score numeric) IS 'Net Promoter Score of survey scores 0..10, -100..100: 100 (promoters - detractors) / responses; NULL ignored, NULL without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE nps_summary(score numeric) (
	SFUNC = nps_summary_accum, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', 
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_accum, MINVFUNC = nps_summary_remove, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE nps_summary(score numeric) IS 'summary of survey scores 0..10: promoters 9-10, passives 7-8, detractors 0-6; NULL ignored, empty summary without rows; 22003 outside 0..10, 22023 for a fraction';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE rollup(nps_summary) (
	SFUNC = nps_summary_add, STYPE = nps_summary, SSPACE = 32, INITCOND = '(0,0,0)', 
	COMBINEFUNC = nps_summary_add,
	MSFUNC = nps_summary_add, MINVFUNC = nps_summary_subtract, MSTYPE = nps_summary, MSSPACE = 32, MINITCOND = '(0,0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(nps_summary) IS 'summary of the responses of all summaries; NULL ignored, empty summary without rows';

-- Rates, shares, and what builds them: src/summary/rate.c

-- A base type of ours: text and binary forms, equality, hashing, order.  rate_summary, a share as two counts, (hits,total): mergeable by + and rollup().
CREATE TYPE rate_summary;

CREATE FUNCTION rate_summary_in(cstring) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION rate_summary_out(rate_summary) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_out(rate_summary) IS 'writes the text form, lossless';
CREATE FUNCTION rate_summary_recv(internal) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION rate_summary_send(rate_summary) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_send(rate_summary) IS 'writes the binary form, lossless and versioned';

CREATE TYPE rate_summary (
	INPUT = rate_summary_in, OUTPUT = rate_summary_out, RECEIVE = rate_summary_recv, SEND = rate_summary_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE rate_summary IS 'a share as two counts, (hits,total): mergeable by + and rollup()';

CREATE FUNCTION rate_summary_eq(rate_summary, rate_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_eq(rate_summary, rate_summary) IS 'equal';
CREATE FUNCTION rate_summary_ne(rate_summary, rate_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_ne(rate_summary, rate_summary) IS 'not equal';
CREATE FUNCTION rate_summary_lt(rate_summary, rate_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_lt(rate_summary, rate_summary) IS 'before in bytewise order';
CREATE FUNCTION rate_summary_le(rate_summary, rate_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_le(rate_summary, rate_summary) IS 'before in bytewise order or equal';
CREATE FUNCTION rate_summary_gt(rate_summary, rate_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_gt(rate_summary, rate_summary) IS 'after in bytewise order';
CREATE FUNCTION rate_summary_ge(rate_summary, rate_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_ge(rate_summary, rate_summary) IS 'after in bytewise order or equal';
CREATE FUNCTION rate_summary_cmp(rate_summary, rate_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_cmp(rate_summary, rate_summary) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION rate_summary_hash(rate_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_hash(rate_summary) IS 'hash of the value';
CREATE FUNCTION rate_summary_hash_extended(rate_summary, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_hash_extended(rate_summary, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (rate_summary, rate_summary) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (rate_summary, rate_summary) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (rate_summary, rate_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (rate_summary, rate_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (rate_summary, rate_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (rate_summary, rate_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS rate_summary_ops DEFAULT FOR TYPE rate_summary USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 rate_summary_cmp(rate_summary, rate_summary);
COMMENT ON OPERATOR CLASS rate_summary_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS rate_summary_ops DEFAULT FOR TYPE rate_summary USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 rate_summary_hash(rate_summary),
	FUNCTION 2 rate_summary_hash_extended(rate_summary, bigint);
COMMENT ON OPERATOR CLASS rate_summary_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY rate_summary_ops USING btree IS 'of the operator class rate_summary_ops';
COMMENT ON OPERATOR FAMILY rate_summary_ops USING hash IS 'of the operator class rate_summary_ops';


CREATE FUNCTION rate_summary_accum(rate_summary, hit boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_bool' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum(rate_summary, boolean) IS 'transition function of rate_agg: adds one row';
CREATE FUNCTION rate_summary_accum_retained(rate_summary, before boolean, after boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_retained' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_retained(rate_summary, boolean, boolean) IS 'transition function, share of the customers that were retained: adds one row';
CREATE FUNCTION rate_summary_accum_churned(rate_summary, before boolean, after boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_churned' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_churned(rate_summary, boolean, boolean) IS 'transition function, share of the customers that were churned: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score smallint) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, smallint) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score smallint, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, smallint, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score smallint, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, smallint, integer, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score integer, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, integer, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score integer, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, integer, integer, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score bigint) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, bigint) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score bigint, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, bigint, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score bigint, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, bigint, integer, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score double precision) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, double precision) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score double precision, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, double precision, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score double precision, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, double precision, integer, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score numeric) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, numeric) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score numeric, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, numeric, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_csat(rate_summary, score numeric, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_csat_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_csat(rate_summary, numeric, integer, integer) IS 'transition function of csat_agg: adds one row';
CREATE FUNCTION rate_summary_accum_on_time(rate_summary, due date, done date, as_of date) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_on_time_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_on_time(rate_summary, date, date, date) IS 'transition function of on_time_rate: adds one row';
CREATE FUNCTION rate_summary_accum_conversion(rate_summary, started date, converted date, within interval, as_of date) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_conversion_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_conversion(rate_summary, date, date, interval, date) IS 'transition function of conversion_rate: adds one row';
CREATE FUNCTION rate_summary_accum_on_time(rate_summary, due timestamp, done timestamp, as_of timestamp) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_on_time_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_on_time(rate_summary, timestamp, timestamp, timestamp) IS 'transition function of on_time_rate: adds one row';
CREATE FUNCTION rate_summary_accum_conversion(rate_summary, started timestamp, converted timestamp, within interval, as_of timestamp) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_conversion_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_conversion(rate_summary, timestamp, timestamp, interval, timestamp) IS 'transition function of conversion_rate: adds one row';
CREATE FUNCTION rate_summary_accum_on_time(rate_summary, due timestamptz, done timestamptz, as_of timestamptz) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_on_time_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_on_time(rate_summary, timestamptz, timestamptz, timestamptz) IS 'transition function of on_time_rate: adds one row';
CREATE FUNCTION rate_summary_accum_conversion(rate_summary, started timestamptz, converted timestamptz, within interval, as_of timestamptz) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_accum_conversion_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_accum_conversion(rate_summary, timestamptz, timestamptz, interval, timestamptz) IS 'transition function of conversion_rate: adds one row';
CREATE FUNCTION rate_summary_remove(rate_summary, hit boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_bool' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove(rate_summary, boolean) IS 'transition function of rate_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_retained(rate_summary, before boolean, after boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_retained' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_retained(rate_summary, boolean, boolean) IS 'transition function, share of the customers that were retained: takes one row away again';
CREATE FUNCTION rate_summary_remove_churned(rate_summary, before boolean, after boolean) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_churned' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_churned(rate_summary, boolean, boolean) IS 'transition function, share of the customers that were churned: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score smallint) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, smallint) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score smallint, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, smallint, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score smallint, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, smallint, integer, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score integer, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, integer, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score integer, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int4' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, integer, integer, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score bigint) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, bigint) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score bigint, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, bigint, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score bigint, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_int8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, bigint, integer, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score double precision) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, double precision) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score double precision, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, double precision, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score double precision, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_float8' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, double precision, integer, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score numeric) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, numeric) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score numeric, scale integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, numeric, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_csat(rate_summary, score numeric, scale integer, boxes integer) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_csat_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_csat(rate_summary, numeric, integer, integer) IS 'transition function of csat_agg: takes one row away again';
CREATE FUNCTION rate_summary_remove_on_time(rate_summary, due date, done date, as_of date) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_on_time_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_on_time(rate_summary, date, date, date) IS 'transition function of on_time_rate: takes one row away again';
CREATE FUNCTION rate_summary_remove_conversion(rate_summary, started date, converted date, within interval, as_of date) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_conversion_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_conversion(rate_summary, date, date, interval, date) IS 'transition function of conversion_rate: takes one row away again';
CREATE FUNCTION rate_summary_remove_on_time(rate_summary, due timestamp, done timestamp, as_of timestamp) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_on_time_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_on_time(rate_summary, timestamp, timestamp, timestamp) IS 'transition function of on_time_rate: takes one row away again';
CREATE FUNCTION rate_summary_remove_conversion(rate_summary, started timestamp, converted timestamp, within interval, as_of timestamp) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_conversion_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_conversion(rate_summary, timestamp, timestamp, interval, timestamp) IS 'transition function of conversion_rate: takes one row away again';
CREATE FUNCTION rate_summary_remove_on_time(rate_summary, due timestamptz, done timestamptz, as_of timestamptz) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_on_time_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_on_time(rate_summary, timestamptz, timestamptz, timestamptz) IS 'transition function of on_time_rate: takes one row away again';
CREATE FUNCTION rate_summary_remove_conversion(rate_summary, started timestamptz, converted timestamptz, within interval, as_of timestamptz) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_remove_conversion_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_remove_conversion(rate_summary, timestamptz, timestamptz, interval, timestamptz) IS 'transition function of conversion_rate: takes one row away again';
CREATE FUNCTION rate_summary_add(rate_summary, rate_summary) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_add(rate_summary, rate_summary) IS 'merges two summaries';
CREATE FUNCTION rate_summary_subtract(rate_summary, rate_summary) RETURNS rate_summary
	AS 'MODULE_PATHNAME', 'kpi_rate_summary_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_summary_subtract(rate_summary, rate_summary) IS 'takes a merged summary away again';

CREATE OPERATOR + (LEFTARG = rate_summary, RIGHTARG = rate_summary, FUNCTION = rate_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (rate_summary, rate_summary) IS 'summary of the rows of both';

CREATE FUNCTION rate(rate_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate(rate_summary) IS 'hits / total as a fraction 0..1; NULL without rows';
CREATE FUNCTION hits(rate_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_rate_hits' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION hits(rate_summary) IS 'count of rows that are hits; 0 for the empty summary';
CREATE FUNCTION total(rate_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_rate_total' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total(rate_summary) IS 'count of all rows; 0 for the empty summary';

CREATE FUNCTION rate_interval(rate_summary, confidence double precision DEFAULT 0.95,
	OUT lower double precision, OUT upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_rate_interval' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_interval(rate_summary, double precision) IS 'confidence interval of the share, Wilson score (Wilson 1927), within 0..1; NULLs without rows; 22023 unless 0 < confidence < 1';
CREATE FUNCTION rate_lower(rate_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_rate_lower' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_lower(rate_summary, double precision) IS 'lower end of rate_interval() as a plain number';
CREATE FUNCTION rate_upper(rate_summary, confidence double precision DEFAULT 0.95) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_rate_upper' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_upper(rate_summary, double precision) IS 'upper end of rate_interval() as a plain number';

-- Each source of rows gives a rate, a plain number, and where it is worth storing a summary.

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE rate_agg(hit boolean) (
	SFUNC = rate_summary_accum, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum, MINVFUNC = rate_summary_remove, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rate_agg(hit boolean) IS 'share of true among the rows that are not NULL, 0..1; NULL without rows. A comparison with a missing date is NULL and would drop its row: write (done <= due) IS TRUE to count it as a miss';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE rate_summary(hit boolean) (
	SFUNC = rate_summary_accum, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum, MINVFUNC = rate_summary_remove, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rate_summary(hit boolean) IS 'summary of true and false rows; NULL ignored, empty summary without rows. A comparison with a missing date is NULL and would drop its row: write (done <= due) IS TRUE to count it as a miss';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE retention_rate(before boolean, after boolean) (
	SFUNC = rate_summary_accum_retained, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_retained, MINVFUNC = rate_summary_remove_retained, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(before boolean, after boolean) IS 'share 0..1 of the rows with after among those with before; a row with either NULL is ignored, NULL if no row has before';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE churn_rate(before boolean, after boolean) (
	SFUNC = rate_summary_accum_churned, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_churned, MINVFUNC = rate_summary_remove_churned, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(before boolean, after boolean) IS 'share 0..1 of the rows without after among those with before; a row with either NULL is ignored, NULL if no row has before';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score smallint) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score smallint) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score smallint, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score smallint, scale integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score smallint, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score smallint, scale integer, boxes integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score smallint) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score smallint) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score smallint, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score smallint, scale integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score smallint, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score smallint, scale integer, boxes integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score integer, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score integer, scale integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score integer, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score integer, scale integer, boxes integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score integer, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score integer, scale integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score integer, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score integer, scale integer, boxes integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score bigint) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score bigint) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score bigint, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score bigint, scale integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score bigint, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score bigint, scale integer, boxes integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score bigint) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score bigint) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score bigint, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score bigint, scale integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score bigint, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score bigint, scale integer, boxes integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score double precision) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score double precision) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score double precision, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score double precision, scale integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score double precision, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score double precision, scale integer, boxes integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score double precision) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score double precision) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score double precision, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score double precision, scale integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score double precision, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score double precision, scale integer, boxes integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score numeric) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score numeric) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score numeric, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score numeric, scale integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_agg(score numeric, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_agg(score numeric, scale integer, boxes integer) IS 'customer satisfaction, top-box share 0..1 (NULL without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score numeric) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score numeric) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score numeric, scale integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score numeric, scale integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE csat_summary(score numeric, scale integer, boxes integer) (
	SFUNC = rate_summary_accum_csat, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_csat, MINVFUNC = rate_summary_remove_csat, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE csat_summary(score numeric, scale integer, boxes integer) IS 'customer satisfaction, top-box share as a rate_summary (empty without rows): score in the best boxes (default 2) of 1..scale (default 5, may differ by row). A row with any NULL is ignored; 22003 for a score outside 1..scale, 22023 for a fraction or a scale under 4 without boxes';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE on_time_rate(due date, done date, as_of date) (
	SFUNC = rate_summary_accum_on_time, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_on_time, MINVFUNC = rate_summary_remove_on_time, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE on_time_rate(due date, done date, as_of date) IS 'of the rows due by as_of (inclusive), the share done by due, 0..1; NULL without rows. NULL done is late; a row with due or as_of NULL is ignored';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE on_time_summary(due date, done date, as_of date) (
	SFUNC = rate_summary_accum_on_time, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_on_time, MINVFUNC = rate_summary_remove_on_time, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE on_time_summary(due date, done date, as_of date) IS 'of the rows due by as_of (inclusive), the share done by due, as a rate_summary; empty without rows. NULL done is late; a row with due or as_of NULL is ignored';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE conversion_rate(started date, converted date, within interval, as_of date) (
	SFUNC = rate_summary_accum_conversion, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_conversion, MINVFUNC = rate_summary_remove_conversion, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_rate(started date, converted date, within interval, as_of date) IS 'of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, 0..1; NULL without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE conversion_summary(started date, converted date, within interval, as_of date) (
	SFUNC = rate_summary_accum_conversion, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_conversion, MINVFUNC = rate_summary_remove_conversion, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_summary(started date, converted date, within interval, as_of date) IS 'of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, as a rate_summary; empty without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE on_time_rate(due timestamp, done timestamp, as_of timestamp) (
	SFUNC = rate_summary_accum_on_time, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_on_time, MINVFUNC = rate_summary_remove_on_time, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE on_time_rate(due timestamp, done timestamp, as_of timestamp) IS 'of the rows due by as_of (inclusive), the share done by due, 0..1; NULL without rows. NULL done is late; a row with due or as_of NULL is ignored';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE on_time_summary(due timestamp, done timestamp, as_of timestamp) (
	SFUNC = rate_summary_accum_on_time, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_on_time, MINVFUNC = rate_summary_remove_on_time, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE on_time_summary(due timestamp, done timestamp, as_of timestamp) IS 'of the rows due by as_of (inclusive), the share done by due, as a rate_summary; empty without rows. NULL done is late; a row with due or as_of NULL is ignored';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE conversion_rate(started timestamp, converted timestamp, within interval, as_of timestamp) (
	SFUNC = rate_summary_accum_conversion, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_conversion, MINVFUNC = rate_summary_remove_conversion, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_rate(started timestamp, converted timestamp, within interval, as_of timestamp) IS 'of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, 0..1; NULL without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE conversion_summary(started timestamp, converted timestamp, within interval, as_of timestamp) (
	SFUNC = rate_summary_accum_conversion, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_conversion, MINVFUNC = rate_summary_remove_conversion, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_summary(started timestamp, converted timestamp, within interval, as_of timestamp) IS 'of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, as a rate_summary; empty without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE on_time_rate(due timestamptz, done timestamptz, as_of timestamptz) (
	SFUNC = rate_summary_accum_on_time, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_on_time, MINVFUNC = rate_summary_remove_on_time, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE on_time_rate(due timestamptz, done timestamptz, as_of timestamptz) IS 'of the rows due by as_of (inclusive), the share done by due, 0..1; NULL without rows. NULL done is late; a row with due or as_of NULL is ignored';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE on_time_summary(due timestamptz, done timestamptz, as_of timestamptz) (
	SFUNC = rate_summary_accum_on_time, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_on_time, MINVFUNC = rate_summary_remove_on_time, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE on_time_summary(due timestamptz, done timestamptz, as_of timestamptz) IS 'of the rows due by as_of (inclusive), the share done by due, as a rate_summary; empty without rows. NULL done is late; a row with due or as_of NULL is ignored';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE conversion_rate(started timestamptz, converted timestamptz, within interval, as_of timestamptz) (
	SFUNC = rate_summary_accum_conversion, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', FINALFUNC = rate,
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_conversion, MINVFUNC = rate_summary_remove_conversion, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', MFINALFUNC = rate,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_rate(started timestamptz, converted timestamptz, within interval, as_of timestamptz) IS 'of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, 0..1; NULL without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE conversion_summary(started timestamptz, converted timestamptz, within interval, as_of timestamptz) (
	SFUNC = rate_summary_accum_conversion, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_accum_conversion, MINVFUNC = rate_summary_remove_conversion, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE conversion_summary(started timestamptz, converted timestamptz, within interval, as_of timestamptz) IS 'of the rows whose window started + within ended by as_of (inclusive), the share converted inside it, as a rate_summary; empty without rows. NULL, later or before started is a miss; a row with started, within or as_of NULL is ignored; on dates a part of a day does not reach the next day; 22023 for a negative window';

-- An aggregate over a fixed-size state that window frames can also shrink.
CREATE AGGREGATE rollup(rate_summary) (
	SFUNC = rate_summary_add, STYPE = rate_summary, SSPACE = 24, INITCOND = '(0,0)', 
	COMBINEFUNC = rate_summary_add,
	MSFUNC = rate_summary_add, MINVFUNC = rate_summary_subtract, MSTYPE = rate_summary, MSSPACE = 24, MINITCOND = '(0,0)', 
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(rate_summary) IS 'summary of the rows of all summaries; NULL ignored, empty summary without rows';

-- Ratios of exact sums: src/summary/ratio.c

-- A base type of ours: text and binary forms, equality, hashing, order.  ratio_summary, two exact sums of numeric, (numerator,denominator), nothing for NULL: mergeable by + and rollup().
CREATE TYPE ratio_summary;

CREATE FUNCTION ratio_summary_in(cstring) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION ratio_summary_out(ratio_summary) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_out(ratio_summary) IS 'writes the text form, lossless';
CREATE FUNCTION ratio_summary_recv(internal) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION ratio_summary_send(ratio_summary) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_send(ratio_summary) IS 'writes the binary form, lossless and versioned';

CREATE TYPE ratio_summary (
	INPUT = ratio_summary_in, OUTPUT = ratio_summary_out, RECEIVE = ratio_summary_recv, SEND = ratio_summary_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE ratio_summary IS 'two exact sums of numeric, (numerator,denominator), nothing for NULL: mergeable by + and rollup()';

CREATE FUNCTION ratio_summary_eq(ratio_summary, ratio_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_eq(ratio_summary, ratio_summary) IS 'equal';
CREATE FUNCTION ratio_summary_ne(ratio_summary, ratio_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_ne(ratio_summary, ratio_summary) IS 'not equal';
CREATE FUNCTION ratio_summary_lt(ratio_summary, ratio_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_lt(ratio_summary, ratio_summary) IS 'before in bytewise order';
CREATE FUNCTION ratio_summary_le(ratio_summary, ratio_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_le(ratio_summary, ratio_summary) IS 'before in bytewise order or equal';
CREATE FUNCTION ratio_summary_gt(ratio_summary, ratio_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_gt(ratio_summary, ratio_summary) IS 'after in bytewise order';
CREATE FUNCTION ratio_summary_ge(ratio_summary, ratio_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_ge(ratio_summary, ratio_summary) IS 'after in bytewise order or equal';
CREATE FUNCTION ratio_summary_cmp(ratio_summary, ratio_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_cmp(ratio_summary, ratio_summary) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION ratio_summary_hash(ratio_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_hash(ratio_summary) IS 'hash of the value';
CREATE FUNCTION ratio_summary_hash_extended(ratio_summary, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_hash_extended(ratio_summary, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (ratio_summary, ratio_summary) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (ratio_summary, ratio_summary) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (ratio_summary, ratio_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (ratio_summary, ratio_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (ratio_summary, ratio_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (ratio_summary, ratio_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS ratio_summary_ops DEFAULT FOR TYPE ratio_summary USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 ratio_summary_cmp(ratio_summary, ratio_summary);
COMMENT ON OPERATOR CLASS ratio_summary_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS ratio_summary_ops DEFAULT FOR TYPE ratio_summary USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 ratio_summary_hash(ratio_summary),
	FUNCTION 2 ratio_summary_hash_extended(ratio_summary, bigint);
COMMENT ON OPERATOR CLASS ratio_summary_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY ratio_summary_ops USING btree IS 'of the operator class ratio_summary_ops';
COMMENT ON OPERATOR FAMILY ratio_summary_ops USING hash IS 'of the operator class ratio_summary_ops';

-- A base type of ours: text and binary forms, equality, hashing, order.  ratio_frame, private state of ratio aggregates over moving window frames.
CREATE TYPE ratio_frame;

CREATE FUNCTION ratio_frame_in(cstring) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION ratio_frame_out(ratio_frame) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_out(ratio_frame) IS 'writes the text form, lossless';
CREATE FUNCTION ratio_frame_recv(internal) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION ratio_frame_send(ratio_frame) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_send(ratio_frame) IS 'writes the binary form, lossless and versioned';

CREATE TYPE ratio_frame (
	INPUT = ratio_frame_in, OUTPUT = ratio_frame_out, RECEIVE = ratio_frame_recv, SEND = ratio_frame_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE ratio_frame IS 'private state of ratio aggregates over moving window frames';

CREATE FUNCTION ratio_frame_eq(ratio_frame, ratio_frame) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_eq(ratio_frame, ratio_frame) IS 'equal';
CREATE FUNCTION ratio_frame_ne(ratio_frame, ratio_frame) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_ne(ratio_frame, ratio_frame) IS 'not equal';
CREATE FUNCTION ratio_frame_lt(ratio_frame, ratio_frame) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_lt(ratio_frame, ratio_frame) IS 'before in bytewise order';
CREATE FUNCTION ratio_frame_le(ratio_frame, ratio_frame) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_le(ratio_frame, ratio_frame) IS 'before in bytewise order or equal';
CREATE FUNCTION ratio_frame_gt(ratio_frame, ratio_frame) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_gt(ratio_frame, ratio_frame) IS 'after in bytewise order';
CREATE FUNCTION ratio_frame_ge(ratio_frame, ratio_frame) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_ge(ratio_frame, ratio_frame) IS 'after in bytewise order or equal';
CREATE FUNCTION ratio_frame_cmp(ratio_frame, ratio_frame) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_cmp(ratio_frame, ratio_frame) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION ratio_frame_hash(ratio_frame) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_hash(ratio_frame) IS 'hash of the value';
CREATE FUNCTION ratio_frame_hash_extended(ratio_frame, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_hash_extended(ratio_frame, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = ratio_frame, RIGHTARG = ratio_frame, FUNCTION = ratio_frame_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (ratio_frame, ratio_frame) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = ratio_frame, RIGHTARG = ratio_frame, FUNCTION = ratio_frame_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (ratio_frame, ratio_frame) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = ratio_frame, RIGHTARG = ratio_frame, FUNCTION = ratio_frame_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (ratio_frame, ratio_frame) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = ratio_frame, RIGHTARG = ratio_frame, FUNCTION = ratio_frame_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (ratio_frame, ratio_frame) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = ratio_frame, RIGHTARG = ratio_frame, FUNCTION = ratio_frame_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (ratio_frame, ratio_frame) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = ratio_frame, RIGHTARG = ratio_frame, FUNCTION = ratio_frame_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (ratio_frame, ratio_frame) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS ratio_frame_ops DEFAULT FOR TYPE ratio_frame USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 ratio_frame_cmp(ratio_frame, ratio_frame);
COMMENT ON OPERATOR CLASS ratio_frame_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS ratio_frame_ops DEFAULT FOR TYPE ratio_frame USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 ratio_frame_hash(ratio_frame),
	FUNCTION 2 ratio_frame_hash_extended(ratio_frame, bigint);
COMMENT ON OPERATOR CLASS ratio_frame_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY ratio_frame_ops USING btree IS 'of the operator class ratio_frame_ops';
COMMENT ON OPERATOR FAMILY ratio_frame_ops USING hash IS 'of the operator class ratio_frame_ops';


CREATE FUNCTION ratio_summary_accum(ratio_summary, num numeric, den numeric) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum(ratio_summary, numeric, numeric) IS 'transition function of ratio_agg: adds one row';
CREATE FUNCTION ratio_frame_accum(ratio_frame, num numeric, den numeric) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_accum_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_accum(ratio_frame, numeric, numeric) IS 'transition function of ratio_agg over a moving frame: adds one row';
CREATE FUNCTION ratio_frame_remove(ratio_frame, num numeric, den numeric) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_remove_numeric' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_remove(ratio_frame, numeric, numeric) IS 'transition function of ratio_agg over a moving frame: takes one row away again';
CREATE FUNCTION ratio_summary_accum(ratio_summary, num numeric, den bigint) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_numeric_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum(ratio_summary, numeric, bigint) IS 'transition function of ratio_agg: adds one row';
CREATE FUNCTION ratio_frame_accum(ratio_frame, num numeric, den bigint) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_accum_numeric_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_accum(ratio_frame, numeric, bigint) IS 'transition function of ratio_agg over a moving frame: adds one row';
CREATE FUNCTION ratio_frame_remove(ratio_frame, num numeric, den bigint) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_remove_numeric_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_remove(ratio_frame, numeric, bigint) IS 'transition function of ratio_agg over a moving frame: takes one row away again';
CREATE FUNCTION ratio_summary_accum(ratio_summary, num bigint, den bigint) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum(ratio_summary, bigint, bigint) IS 'transition function of ratio_agg: adds one row';
CREATE FUNCTION ratio_frame_accum(ratio_frame, num bigint, den bigint) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_accum_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_accum(ratio_frame, bigint, bigint) IS 'transition function of ratio_agg over a moving frame: adds one row';
CREATE FUNCTION ratio_frame_remove(ratio_frame, num bigint, den bigint) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_remove_int8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_remove(ratio_frame, bigint, bigint) IS 'transition function of ratio_agg over a moving frame: takes one row away again';
CREATE FUNCTION ratio_summary_accum(ratio_summary, num integer, den integer) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_int4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum(ratio_summary, integer, integer) IS 'transition function of ratio_agg: adds one row';
CREATE FUNCTION ratio_frame_accum(ratio_frame, num integer, den integer) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_accum_int4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_accum(ratio_frame, integer, integer) IS 'transition function of ratio_agg over a moving frame: adds one row';
CREATE FUNCTION ratio_frame_remove(ratio_frame, num integer, den integer) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_remove_int4' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_remove(ratio_frame, integer, integer) IS 'transition function of ratio_agg over a moving frame: takes one row away again';
CREATE FUNCTION ratio_summary_accum(ratio_summary, num smallint, den smallint) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_int2' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum(ratio_summary, smallint, smallint) IS 'transition function of ratio_agg: adds one row';
CREATE FUNCTION ratio_frame_accum(ratio_frame, num smallint, den smallint) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_accum_int2' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_accum(ratio_frame, smallint, smallint) IS 'transition function of ratio_agg over a moving frame: adds one row';
CREATE FUNCTION ratio_frame_remove(ratio_frame, num smallint, den smallint) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_remove_int2' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_remove(ratio_frame, smallint, smallint) IS 'transition function of ratio_agg over a moving frame: takes one row away again';
-- the same functions, strict: a row with either side NULL is ignored
CREATE FUNCTION ratio_summary_accum_pair(ratio_summary, numeric, numeric) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_accum_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_accum_pair(ratio_summary, numeric, numeric) IS 'transition function of roi and margin: adds one row in which both sides are known';
CREATE FUNCTION ratio_frame_accum_pair(ratio_frame, numeric, numeric) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_accum_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_accum_pair(ratio_frame, numeric, numeric) IS 'transition function of roi and margin over a moving frame: adds one row in which both sides are known';
CREATE FUNCTION ratio_frame_remove_pair(ratio_frame, numeric, numeric) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_remove_numeric' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_remove_pair(ratio_frame, numeric, numeric) IS 'transition function of roi and margin over a moving frame: takes one row away again in which both sides are known';
CREATE FUNCTION ratio_summary_add(ratio_summary, ratio_summary) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_add(ratio_summary, ratio_summary) IS 'merges two summaries';
CREATE FUNCTION ratio_frame_add(ratio_frame, ratio_summary) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_add(ratio_frame, ratio_summary) IS 'merges a summary into a moving frame';
CREATE FUNCTION ratio_frame_subtract(ratio_frame, ratio_summary) RETURNS ratio_frame
	AS 'MODULE_PATHNAME', 'kpi_ratio_frame_subtract' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_frame_subtract(ratio_frame, ratio_summary) IS 'takes a merged summary away again';

CREATE OPERATOR + (LEFTARG = ratio_summary, RIGHTARG = ratio_summary, FUNCTION = ratio_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (ratio_summary, ratio_summary) IS 'summary of the rows of both';

CREATE FUNCTION ratio(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio(ratio_summary) IS 'numerator / denominator, the digits of sum(num) / nullif(sum(den), 0); NULL without rows or at denominator 0';
CREATE FUNCTION numerator(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_numerator' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION numerator(ratio_summary) IS 'exact sum of the numerators; NULL without any';
CREATE FUNCTION denominator(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_denominator' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION denominator(ratio_summary) IS 'exact sum of the denominators; NULL without any';
CREATE FUNCTION ratio_final(ratio_summary) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_final(ratio_summary) IS 'final function of ratio_summary: the stored form; the empty summary for NULL';
CREATE FUNCTION ratio_agg_final(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_agg_final(ratio_summary) IS 'final function of ratio_agg and cac: numerator / denominator';
CREATE FUNCTION roi_final(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_roi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_final(ratio_summary) IS 'final function of roi: (numerator - denominator) / denominator';
CREATE FUNCTION margin_final(ratio_summary) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION margin_final(ratio_summary) IS 'final function of margin: (numerator - denominator) / numerator';
CREATE FUNCTION ratio_final(ratio_frame) RETURNS ratio_summary
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_final(ratio_frame) IS 'final function of ratio_summary: the stored form; the empty summary for NULL';
CREATE FUNCTION ratio_agg_final(ratio_frame) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_agg_final(ratio_frame) IS 'final function of ratio_agg and cac: numerator / denominator';
CREATE FUNCTION roi_final(ratio_frame) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_roi' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION roi_final(ratio_frame) IS 'final function of roi: (numerator - denominator) / denominator';
CREATE FUNCTION margin_final(ratio_frame) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_ratio_margin' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION margin_final(ratio_frame) IS 'final function of margin: (numerator - denominator) / numerator';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_agg(num numeric, den numeric) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_agg_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_agg_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_agg(num numeric, den numeric) IS 'ratio of sums, exact: sum(num) / nullif(sum(den), 0) on numeric, digit for digit. Each sum ignores its own NULLs; NULL without rows or at denominator 0';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_summary(num numeric, den numeric) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_summary(num numeric, den numeric) IS 'summary of both sums, exact. Each ignores its own NULLs; empty summary without rows';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_agg(num bigint, den bigint) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_agg_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_agg_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_agg(num bigint, den bigint) IS 'ratio of sums, exact: sum(num) / nullif(sum(den), 0) on numeric, digit for digit. Each sum ignores its own NULLs; NULL without rows or at denominator 0';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_summary(num bigint, den bigint) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_summary(num bigint, den bigint) IS 'summary of both sums, exact. Each ignores its own NULLs; empty summary without rows';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_agg(num integer, den integer) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_agg_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_agg_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_agg(num integer, den integer) IS 'ratio of sums, exact: sum(num) / nullif(sum(den), 0) on numeric, digit for digit. Each sum ignores its own NULLs; NULL without rows or at denominator 0';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_summary(num integer, den integer) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_summary(num integer, den integer) IS 'summary of both sums, exact. Each ignores its own NULLs; empty summary without rows';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_agg(num smallint, den smallint) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_agg_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_agg_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_agg(num smallint, den smallint) IS 'ratio of sums, exact: sum(num) / nullif(sum(den), 0) on numeric, digit for digit. Each sum ignores its own NULLs; NULL without rows or at denominator 0';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE ratio_summary(num smallint, den smallint) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_summary(num smallint, den smallint) IS 'summary of both sums, exact. Each ignores its own NULLs; empty summary without rows';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE cac(spend numeric, new_customers bigint) (
	SFUNC = ratio_summary_accum, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_agg_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum, MINVFUNC = ratio_frame_remove, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_agg_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE cac(spend numeric, new_customers bigint) IS 'customer acquisition cost, money per new customer: sum(spend) / sum(new_customers), exact. Each sum ignores its own NULLs, so that spend and customers of two tables come by UNION ALL with the absent side NULL; NULL without new customers';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE roi(gain numeric, cost numeric) (
	SFUNC = ratio_summary_accum_pair, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = roi_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum_pair, MINVFUNC = ratio_frame_remove_pair, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = roi_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE roi(gain numeric, cost numeric) IS 'return on investment as a fraction: (sum(gain) - sum(cost)) / sum(cost), exact. A row with either NULL is ignored; NULL without rows or at cost 0';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE margin(revenue numeric, cost numeric) (
	SFUNC = ratio_summary_accum_pair, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = margin_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_accum_pair, MINVFUNC = ratio_frame_remove_pair, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = margin_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE margin(revenue numeric, cost numeric) IS 'margin as a fraction of revenue: (sum(revenue) - sum(cost)) / sum(revenue), exact. A row with either NULL is ignored (a missing cost is not a free product); NULL without rows or at revenue 0';

-- An aggregate over ratio_summary; moving window frames use ratio_frame.
CREATE AGGREGATE rollup(ratio_summary) (
	SFUNC = ratio_summary_add, STYPE = ratio_summary, SSPACE = 104, INITCOND = '(,)', FINALFUNC = ratio_final,
	COMBINEFUNC = ratio_summary_add,
	MSFUNC = ratio_frame_add, MINVFUNC = ratio_frame_subtract, MSTYPE = ratio_frame, MSSPACE = 184,
	MINITCOND = '(0,0,0,0,0,0;0,0,0,0,0,0)', MFINALFUNC = ratio_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(ratio_summary) IS 'summary of the rows of all summaries; NULL ignored, empty summary without rows';


-- Ratios of two figures; a denominator of zero or without sense gives NULL.  Every operator is qualified and has
-- operands of one type, so that none of the target schema's can take its place.
CREATE FUNCTION growth_rate(current numeric, previous numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN previous OPERATOR(pg_catalog.>) 0::numeric AND previous OPERATOR(pg_catalog.<) 'Infinity'::numeric
		THEN (current OPERATOR(pg_catalog.-) previous) OPERATOR(pg_catalog./) previous END;
COMMENT ON FUNCTION growth_rate(numeric, numeric) IS 'growth as a fraction: (current - previous) / previous; NULL unless previous is above 0 and finite';
CREATE FUNCTION dso(receivables numeric, credit_sales numeric, days integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN credit_sales OPERATOR(pg_catalog.>) 0::numeric AND credit_sales OPERATOR(pg_catalog.<) 'Infinity'::numeric AND days OPERATOR(pg_catalog.>) 0
		THEN (receivables OPERATOR(pg_catalog./) credit_sales) OPERATOR(pg_catalog.*) days::numeric END;
COMMENT ON FUNCTION dso(numeric, numeric, integer) IS 'days sales outstanding: receivables / credit sales of the period * days of the period; NULL unless sales and days are above 0 and finite';
CREATE FUNCTION cac_payback(cac numeric, arpa numeric, margin numeric) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN arpa OPERATOR(pg_catalog.>) 0::numeric AND arpa OPERATOR(pg_catalog.<) 'Infinity'::numeric
			AND margin OPERATOR(pg_catalog.>) 0::numeric AND margin OPERATOR(pg_catalog.<) 'Infinity'::numeric
		THEN cac OPERATOR(pg_catalog./) (arpa OPERATOR(pg_catalog.*) margin) END;
COMMENT ON FUNCTION cac_payback(numeric, numeric, numeric) IS 'periods until the acquisition cost is earned back: cac / (revenue per account and period * margin as a fraction); NULL unless revenue and margin are above 0 and finite';
CREATE FUNCTION clv_geometric(margin double precision, retention double precision, discount double precision) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN retention OPERATOR(pg_catalog.>=) 0::double precision AND retention OPERATOR(pg_catalog.<=) 1::double precision
			AND discount OPERATOR(pg_catalog.<) 'Infinity'::double precision
			AND ((1::double precision OPERATOR(pg_catalog.+) discount) OPERATOR(pg_catalog.-) retention) OPERATOR(pg_catalog.>) 0::double precision
		THEN (margin OPERATOR(pg_catalog.*) retention) OPERATOR(pg_catalog./) ((1::double precision OPERATOR(pg_catalog.+) discount) OPERATOR(pg_catalog.-) retention) END;
COMMENT ON FUNCTION clv_geometric(double precision, double precision, double precision) IS 'customer lifetime value at a constant retention: margin * r / (1 + d - r), margin per period, retention 0..1 and discount per period as fractions (Gupta and Lehmann 2003); NULL for a retention outside 0..1, or unless 1 + d - r is above 0 and finite';

-- Ratios of sums of double precision, and the weighted score: src/summary/ratio_float.c

-- A base type of ours: text and binary forms, equality, hashing, order.  ratio_summary_float, two sums of double precision, (numerator,denominator), nothing for NULL: mergeable by + and rollup().
CREATE TYPE ratio_summary_float;

CREATE FUNCTION ratio_summary_float_in(cstring) RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION ratio_summary_float_out(ratio_summary_float) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_out(ratio_summary_float) IS 'writes the text form, lossless';
CREATE FUNCTION ratio_summary_float_recv(internal) RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION ratio_summary_float_send(ratio_summary_float) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_send(ratio_summary_float) IS 'writes the binary form, lossless and versioned';

CREATE TYPE ratio_summary_float (
	INPUT = ratio_summary_float_in, OUTPUT = ratio_summary_float_out, RECEIVE = ratio_summary_float_recv, SEND = ratio_summary_float_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE ratio_summary_float IS 'two sums of double precision, (numerator,denominator), nothing for NULL: mergeable by + and rollup()';

CREATE FUNCTION ratio_summary_float_eq(ratio_summary_float, ratio_summary_float) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_eq(ratio_summary_float, ratio_summary_float) IS 'equal';
CREATE FUNCTION ratio_summary_float_ne(ratio_summary_float, ratio_summary_float) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_ne(ratio_summary_float, ratio_summary_float) IS 'not equal';
CREATE FUNCTION ratio_summary_float_lt(ratio_summary_float, ratio_summary_float) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_lt(ratio_summary_float, ratio_summary_float) IS 'before in bytewise order';
CREATE FUNCTION ratio_summary_float_le(ratio_summary_float, ratio_summary_float) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_le(ratio_summary_float, ratio_summary_float) IS 'before in bytewise order or equal';
CREATE FUNCTION ratio_summary_float_gt(ratio_summary_float, ratio_summary_float) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_gt(ratio_summary_float, ratio_summary_float) IS 'after in bytewise order';
CREATE FUNCTION ratio_summary_float_ge(ratio_summary_float, ratio_summary_float) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_ge(ratio_summary_float, ratio_summary_float) IS 'after in bytewise order or equal';
CREATE FUNCTION ratio_summary_float_cmp(ratio_summary_float, ratio_summary_float) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_cmp(ratio_summary_float, ratio_summary_float) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION ratio_summary_float_hash(ratio_summary_float) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_hash(ratio_summary_float) IS 'hash of the value';
CREATE FUNCTION ratio_summary_float_hash_extended(ratio_summary_float, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_hash_extended(ratio_summary_float, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (ratio_summary_float, ratio_summary_float) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (ratio_summary_float, ratio_summary_float) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (ratio_summary_float, ratio_summary_float) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (ratio_summary_float, ratio_summary_float) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (ratio_summary_float, ratio_summary_float) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (ratio_summary_float, ratio_summary_float) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS ratio_summary_float_ops DEFAULT FOR TYPE ratio_summary_float USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 ratio_summary_float_cmp(ratio_summary_float, ratio_summary_float);
COMMENT ON OPERATOR CLASS ratio_summary_float_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS ratio_summary_float_ops DEFAULT FOR TYPE ratio_summary_float USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 ratio_summary_float_hash(ratio_summary_float),
	FUNCTION 2 ratio_summary_float_hash_extended(ratio_summary_float, bigint);
COMMENT ON OPERATOR CLASS ratio_summary_float_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY ratio_summary_float_ops USING btree IS 'of the operator class ratio_summary_float_ops';
COMMENT ON OPERATOR FAMILY ratio_summary_float_ops USING hash IS 'of the operator class ratio_summary_float_ops';


CREATE FUNCTION ratio_summary_float_accum(ratio_summary_float, num double precision, den double precision) RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_accum(ratio_summary_float, double precision, double precision) IS 'transition function of ratio_agg: adds one row';
CREATE FUNCTION weighted_score_accum(ratio_summary_float, attainment double precision, weight double precision) RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_weighted_score_accum' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weighted_score_accum(ratio_summary_float, double precision, double precision) IS 'transition function of weighted_score: adds one row';
CREATE FUNCTION ratio_summary_float_add(ratio_summary_float, ratio_summary_float) RETURNS ratio_summary_float
	AS 'MODULE_PATHNAME', 'kpi_ratio_summary_float_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio_summary_float_add(ratio_summary_float, ratio_summary_float) IS 'merges two summaries';

CREATE OPERATOR + (LEFTARG = ratio_summary_float, RIGHTARG = ratio_summary_float, FUNCTION = ratio_summary_float_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (ratio_summary_float, ratio_summary_float) IS 'summary of the rows of both';

CREATE FUNCTION ratio(ratio_summary_float) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_ratio_float' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ratio(ratio_summary_float) IS 'numerator / denominator; NULL without rows or at denominator 0';
CREATE FUNCTION numerator(ratio_summary_float) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_ratio_float_numerator' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION numerator(ratio_summary_float) IS 'sum of the numerators; NULL without any';
CREATE FUNCTION denominator(ratio_summary_float) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_ratio_float_denominator' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION denominator(ratio_summary_float) IS 'sum of the denominators; NULL without any';

-- no inverse transition: taking a double precision away again does not undo adding it
CREATE AGGREGATE ratio_agg(num double precision, den double precision) (
	SFUNC = ratio_summary_float_accum, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)', FINALFUNC = ratio,
	COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_agg(num double precision, den double precision) IS 'ratio of sums: sum(num) / nullif(sum(den), 0). Each sum ignores its own NULLs; NULL without rows or at denominator 0. On numeric and integers the result is exact numeric';
CREATE AGGREGATE ratio_summary(num double precision, den double precision) (
	SFUNC = ratio_summary_float_accum, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)',
	COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ratio_summary(num double precision, den double precision) IS 'summary of both sums of double precision. Each ignores its own NULLs; empty summary without rows';
CREATE AGGREGATE rollup(ratio_summary_float) (
	SFUNC = ratio_summary_float_add, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)',
	COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(ratio_summary_float) IS 'summary of the rows of all summaries; NULL ignored, empty summary without rows';
CREATE AGGREGATE weighted_score(attainment double precision, weight double precision) (
	SFUNC = weighted_score_accum, STYPE = ratio_summary_float, SSPACE = 24, INITCOND = '(,)', FINALFUNC = ratio,
	COMBINEFUNC = ratio_summary_float_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE weighted_score(attainment double precision, weight double precision) IS 'weighted mean of attainments, each cut to 0..1: sum(weight * attainment) / sum(weight) over the rows in which both are known; NULL without any or at total weight 0; 22023 for a weight that is negative or not finite';

-- Durations: src/summary/duration.c

-- A base type of ours: text and binary forms, equality, hashing, order.  duration_summary, count, sum, extremes and histogram of durations, (n,sum,min,max;bucket:count,...) with times in microseconds: mergeable by + and rollup().
CREATE TYPE duration_summary;

CREATE FUNCTION duration_summary_in(cstring) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION duration_summary_out(duration_summary) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_out(duration_summary) IS 'writes the text form, lossless';
CREATE FUNCTION duration_summary_recv(internal) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION duration_summary_send(duration_summary) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_send(duration_summary) IS 'writes the binary form, lossless and versioned';

CREATE TYPE duration_summary (
	INPUT = duration_summary_in, OUTPUT = duration_summary_out, RECEIVE = duration_summary_recv, SEND = duration_summary_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE duration_summary IS 'count, sum, extremes and histogram of durations, (n,sum,min,max;bucket:count,...) with times in microseconds: mergeable by + and rollup()';

CREATE FUNCTION duration_summary_eq(duration_summary, duration_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_eq(duration_summary, duration_summary) IS 'equal';
CREATE FUNCTION duration_summary_ne(duration_summary, duration_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_ne(duration_summary, duration_summary) IS 'not equal';
CREATE FUNCTION duration_summary_lt(duration_summary, duration_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_lt(duration_summary, duration_summary) IS 'before in bytewise order';
CREATE FUNCTION duration_summary_le(duration_summary, duration_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_le(duration_summary, duration_summary) IS 'before in bytewise order or equal';
CREATE FUNCTION duration_summary_gt(duration_summary, duration_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_gt(duration_summary, duration_summary) IS 'after in bytewise order';
CREATE FUNCTION duration_summary_ge(duration_summary, duration_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_ge(duration_summary, duration_summary) IS 'after in bytewise order or equal';
CREATE FUNCTION duration_summary_cmp(duration_summary, duration_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_cmp(duration_summary, duration_summary) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION duration_summary_hash(duration_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_hash(duration_summary) IS 'hash of the value';
CREATE FUNCTION duration_summary_hash_extended(duration_summary, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_hash_extended(duration_summary, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (duration_summary, duration_summary) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (duration_summary, duration_summary) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (duration_summary, duration_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (duration_summary, duration_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (duration_summary, duration_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (duration_summary, duration_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS duration_summary_ops DEFAULT FOR TYPE duration_summary USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 duration_summary_cmp(duration_summary, duration_summary);
COMMENT ON OPERATOR CLASS duration_summary_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS duration_summary_ops DEFAULT FOR TYPE duration_summary USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 duration_summary_hash(duration_summary),
	FUNCTION 2 duration_summary_hash_extended(duration_summary, bigint);
COMMENT ON OPERATOR CLASS duration_summary_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY duration_summary_ops USING btree IS 'of the operator class duration_summary_ops';
COMMENT ON OPERATOR FAMILY duration_summary_ops USING hash IS 'of the operator class duration_summary_ops';


CREATE FUNCTION duration_summary_accum(duration_summary, duration interval) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_interval' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, interval) IS 'transition function: adds one duration';
CREATE FUNCTION duration_summary_accum(duration_summary, seconds double precision) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_accum_float8' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_accum(duration_summary, double precision) IS 'transition function: adds one duration';
CREATE FUNCTION duration_summary_add(duration_summary, duration_summary) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_add(duration_summary, duration_summary) IS 'merges two summaries';
CREATE FUNCTION duration_summary_final(duration_summary) RETURNS duration_summary
	AS 'MODULE_PATHNAME', 'kpi_duration_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION duration_summary_final(duration_summary) IS 'final function: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = duration_summary, RIGHTARG = duration_summary, FUNCTION = duration_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (duration_summary, duration_summary) IS 'summary of the durations of both; NULL if a side is NULL';

CREATE FUNCTION responses(duration_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_duration_responses' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION responses(duration_summary) IS 'count of durations; 0 for the empty summary';
CREATE FUNCTION percentile(duration_summary, fraction double precision) RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_duration_percentile' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION percentile(duration_summary, double precision) IS 'the duration that a fraction (0..1) of all do not exceed, as percentile_disc() chooses it, as an interval of hours and smaller: within 0.4 % of the exact value, 0 gives the least and 1 the largest exactly; NULL without durations; 22023 unless 0 <= fraction <= 1';
CREATE FUNCTION percentile_seconds(duration_summary, fraction double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_duration_percentile_seconds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_seconds(duration_summary, double precision) IS 'the duration that a fraction (0..1) of all do not exceed, as percentile_disc() chooses it, in seconds: within 0.4 % of the exact value, 0 gives the least and 1 the largest exactly; NULL without durations; 22023 unless 0 <= fraction <= 1';
CREATE FUNCTION mean(duration_summary) RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_duration_mean' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean(duration_summary) IS 'mean duration as an interval of hours and smaller: the exact mean rounded to microseconds, half a microsecond up; NULL without durations';
CREATE FUNCTION mean_seconds(duration_summary) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_duration_mean_seconds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean_seconds(duration_summary) IS 'mean duration in seconds: the double precision number nearest to the exact mean; NULL without durations';
CREATE FUNCTION share_within(duration_summary, within interval) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_duration_share_within' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_within(duration_summary, interval) IS 'share of the durations up to and including a limit, 0..1; those up to 0.8 % above the limit may count as within; exactly 0 below the least duration, 1 only from the largest on; a limit in months or years counts as in extract(epoch); NULL without durations';

CREATE AGGREGATE duration_summary(duration interval) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(interval) IS 'summary of durations, rounded to microseconds, given as intervals; a year counts 365.25 days and a month 30 as in extract(epoch); NULL ignored, empty summary without rows; 22003 for a negative duration or one beyond 292271 years';
CREATE AGGREGATE duration_summary(seconds double precision) (
	SFUNC = duration_summary_accum, STYPE = duration_summary, SSPACE = 512, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE duration_summary(double precision) IS 'summary of durations, rounded to microseconds, given as seconds; integers and numeric convert to it. A difference of two dates is a number of days: write (done - started) * interval ''1 day''; NULL ignored, empty summary without rows; 22003 for a negative duration or one beyond 292271 years';
CREATE AGGREGATE rollup(duration_summary) (
	SFUNC = duration_summary_add, STYPE = duration_summary, SSPACE = 8192, FINALFUNC = duration_summary_final,
	COMBINEFUNC = duration_summary_add,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(duration_summary) IS 'summary of the durations of all summaries; NULL ignored, empty summary without rows';
-- Activity of customers over time: src/summary/activity.c

-- A base type of ours: text and binary forms, equality, hashing, order.  activity_summary, the set of (customer, period) in which customers were active: mergeable by + and rollup() without double counting; text and uuid customers as 64-bit hashes.
CREATE TYPE activity_summary;

CREATE FUNCTION activity_summary_in(cstring) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION activity_summary_out(activity_summary) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_out(activity_summary) IS 'writes the text form, lossless';
CREATE FUNCTION activity_summary_recv(internal) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION activity_summary_send(activity_summary) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_send(activity_summary) IS 'writes the binary form, lossless and versioned';

CREATE TYPE activity_summary (
	INPUT = activity_summary_in, OUTPUT = activity_summary_out, RECEIVE = activity_summary_recv, SEND = activity_summary_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE activity_summary IS 'the set of (customer, period) in which customers were active: mergeable by + and rollup() without double counting; text and uuid customers as 64-bit hashes';

CREATE FUNCTION activity_summary_eq(activity_summary, activity_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_eq(activity_summary, activity_summary) IS 'equal';
CREATE FUNCTION activity_summary_ne(activity_summary, activity_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_ne(activity_summary, activity_summary) IS 'not equal';
CREATE FUNCTION activity_summary_lt(activity_summary, activity_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_lt(activity_summary, activity_summary) IS 'before in bytewise order';
CREATE FUNCTION activity_summary_le(activity_summary, activity_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_le(activity_summary, activity_summary) IS 'before in bytewise order or equal';
CREATE FUNCTION activity_summary_gt(activity_summary, activity_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_gt(activity_summary, activity_summary) IS 'after in bytewise order';
CREATE FUNCTION activity_summary_ge(activity_summary, activity_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_ge(activity_summary, activity_summary) IS 'after in bytewise order or equal';
CREATE FUNCTION activity_summary_cmp(activity_summary, activity_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_cmp(activity_summary, activity_summary) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION activity_summary_hash(activity_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_hash(activity_summary) IS 'hash of the value';
CREATE FUNCTION activity_summary_hash_extended(activity_summary, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_hash_extended(activity_summary, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (activity_summary, activity_summary) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (activity_summary, activity_summary) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (activity_summary, activity_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (activity_summary, activity_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (activity_summary, activity_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (activity_summary, activity_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS activity_summary_ops DEFAULT FOR TYPE activity_summary USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 activity_summary_cmp(activity_summary, activity_summary);
COMMENT ON OPERATOR CLASS activity_summary_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS activity_summary_ops DEFAULT FOR TYPE activity_summary USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 activity_summary_hash(activity_summary),
	FUNCTION 2 activity_summary_hash_extended(activity_summary, bigint);
COMMENT ON OPERATOR CLASS activity_summary_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY activity_summary_ops USING btree IS 'of the operator class activity_summary_ops';
COMMENT ON OPERATOR FAMILY activity_summary_ops USING hash IS 'of the operator class activity_summary_ops';


CREATE FUNCTION activity_summary_add(activity_summary, activity_summary) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_add(activity_summary, activity_summary) IS 'merges two summaries; 22023 where units, time zones or types of customer differ';
CREATE FUNCTION activity_summary_final(activity_summary) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_final(activity_summary) IS 'final function of activity_summary: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = activity_summary, RIGHTARG = activity_summary, FUNCTION = activity_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (activity_summary, activity_summary) IS 'summary of the activity of both, each customer and period once';

CREATE FUNCTION activity_summary_accum(activity_summary, customer bigint, at date, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_bigint_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, bigint, date, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer bigint, at date, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(bigint, date, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer bigint, at timestamp, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_bigint_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, bigint, timestamp, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer bigint, at timestamp, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(bigint, timestamp, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer bigint, at timestamptz, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_bigint_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, bigint, timestamptz, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer bigint, at timestamptz, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(bigint, timestamptz, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer bigint, during daterange, unit text, through date) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_bigint_range' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, bigint, daterange, text, date) IS 'transition function of activity_summary: adds the periods of one range';
CREATE AGGREGATE activity_summary(customer bigint, during daterange, unit text, through date) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(bigint, daterange, text, date) IS 'summary of which customers were active in which period of the unit, from intervals such as contracts: a customer counts in the periods whose last day lies in during and is not after through, the last day that the data cover; without an upper bound during runs to through. A row with customer or during NULL, or an empty during, is ignored; 22023 without a lower bound, for through NULL or infinite, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer uuid, at date, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_uuid_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, uuid, date, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer uuid, at date, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(uuid, date, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer uuid, at timestamp, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_uuid_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, uuid, timestamp, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer uuid, at timestamp, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(uuid, timestamp, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer uuid, at timestamptz, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_uuid_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, uuid, timestamptz, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer uuid, at timestamptz, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(uuid, timestamptz, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer uuid, during daterange, unit text, through date) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_uuid_range' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, uuid, daterange, text, date) IS 'transition function of activity_summary: adds the periods of one range';
CREATE AGGREGATE activity_summary(customer uuid, during daterange, unit text, through date) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(uuid, daterange, text, date) IS 'summary of which customers were active in which period of the unit, from intervals such as contracts: a customer counts in the periods whose last day lies in during and is not after through, the last day that the data cover; without an upper bound during runs to through. A row with customer or during NULL, or an empty during, is ignored; 22023 without a lower bound, for through NULL or infinite, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer text, at date, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_text_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, text, date, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer text, at date, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(text, date, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer text, at timestamp, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_text_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, text, timestamp, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer text, at timestamp, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(text, timestamp, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer text, at timestamptz, unit text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_text_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, text, timestamptz, text) IS 'transition function of activity_summary: adds one event';
CREATE AGGREGATE activity_summary(customer text, at timestamptz, unit text) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(text, timestamptz, text) IS 'summary of which customers were active in which period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like), from events. A row with customer or at NULL is ignored; 22023 for an infinite time, an unknown or differing unit; 54000 beyond 512 MB';
CREATE FUNCTION activity_summary_accum(activity_summary, customer text, during daterange, unit text, through date) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_accum_text_range' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION activity_summary_accum(activity_summary, text, daterange, text, date) IS 'transition function of activity_summary: adds the periods of one range';
CREATE AGGREGATE activity_summary(customer text, during daterange, unit text, through date) (
	SFUNC = activity_summary_accum, STYPE = activity_summary, SSPACE = 1024, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE activity_summary(text, daterange, text, date) IS 'summary of which customers were active in which period of the unit, from intervals such as contracts: a customer counts in the periods whose last day lies in during and is not after through, the last day that the data cover; without an upper bound during runs to through. A row with customer or during NULL, or an empty during, is ignored; 22023 without a lower bound, for through NULL or infinite, an unknown or differing unit; 54000 beyond 512 MB';
CREATE AGGREGATE rollup(activity_summary) (
	SFUNC = activity_summary_add, STYPE = activity_summary, SSPACE = 4096, FINALFUNC = activity_summary_final,
	COMBINEFUNC = activity_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(activity_summary) IS 'summary of the activity in all summaries, each customer and period once; NULL ignored, empty summary without rows; 22023 where units, time zones or types of customer differ';

CREATE FUNCTION active_customers(s activity_summary) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_active_customers' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION active_customers(activity_summary) IS 'number of distinct customers; 0 for the empty summary';
CREATE FUNCTION active_customers(s activity_summary, during daterange) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_active_customers_during' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION active_customers(activity_summary, daterange) IS 'number of distinct customers active in the periods of the range; 0 for the empty summary or range. Each bound is the first day of a period of the summary''s unit, else 22023, or is left open';

CREATE FUNCTION lifecycle(s activity_summary, from_date date DEFAULT NULL, as_of date DEFAULT NULL,
	OUT period date, OUT complete boolean, OUT active bigint, OUT new bigint, OUT retained bigint, OUT resurrected bigint, OUT lost bigint,
	OUT retention_rate double precision, OUT churn_rate double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_lifecycle' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION lifecycle(activity_summary, date, date) IS 'a row a period, without gaps: customers active, of these new (never before), retained (also in the period before) and resurrected (not in it, but earlier); lost: active in the period before and not in this. Rates are fractions 0..1 of those active in the period before, NULL when there are none. Rows begin at the first activity or from_date and end at the period of as_of, the day up to which the data are complete (inclusive); one that ends after it is not complete, and its losses and rates are NULL. Without as_of they end one period after the last activity. No rows for NULL or the empty summary; 22023 for infinite dates; 54000 beyond a million rows';

CREATE FUNCTION cohorts(s activity_summary, mode text DEFAULT 'first', from_date date DEFAULT NULL, as_of date DEFAULT NULL,
	OUT cohort date, OUT age integer, OUT customers bigint, OUT active bigint, OUT rate double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_cohorts' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 500;
COMMENT ON FUNCTION cohorts(activity_summary, text, date, date) IS 'a row a cohort (period) and age (periods since, from 0): customers of the cohort, those active at that age, and their share 0..1 (NULL for a cohort without customers). Modes: first (a customer belongs to its first period), recurring (to each period it was active in), first rolling and recurring rolling (active at that age or a later one). Only ages that the cohort has completed by as_of, the day up to which the data are complete (inclusive), without it up to the last activity; later activity is not counted. from_date limits the cohorts shown. No rows for NULL or the empty summary; 22023 for another mode or infinite dates; 54000 beyond a million rows';

CREATE FUNCTION active_periods(s activity_summary, OUT periods bigint, OUT customers bigint) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_active_periods' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION active_periods(activity_summary) IS 'how many customers were active in how many periods, a row for each number of periods that occurs; no rows for NULL or the empty summary';

CREATE FUNCTION stickiness(s activity_summary, periods integer DEFAULT 28,
	OUT period date, OUT active bigint, OUT active_trailing bigint, OUT rate double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_stickiness' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION stickiness(activity_summary, integer) IS 'a row a period from the first activity to the last: customers active in it, distinct customers active in as many periods as given that end with it, and the share 0..1 of the former in the latter (DAU/MAU with unit day and 28 or 30), NULL when there are none. The first rows look back less far. No rows for NULL or the empty summary; 22023 for less than 1 period; 54000 beyond a million rows';

CREATE FUNCTION forget(s activity_summary, customer bigint) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_forget_bigint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(activity_summary, bigint) IS 'the summary without one customer, unchanged if the customer is not in it; 22023 for another type of customer than the summary''s';
CREATE FUNCTION forget(s activity_summary, customer uuid) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_forget_uuid' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(activity_summary, uuid) IS 'the summary without one customer, unchanged if the customer is not in it; 22023 for another type of customer than the summary''s';
CREATE FUNCTION forget(s activity_summary, customer text) RETURNS activity_summary
	AS 'MODULE_PATHNAME', 'kpi_activity_summary_forget_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(activity_summary, text) IS 'the summary without one customer, unchanged if the customer is not in it; 22023 for another type of customer than the summary''s';
-- Retention, churn and repeat rate from events: src/summary/retention.c

-- A base type of ours: text and binary forms, equality, hashing, order.  retention_set, state of retention_rate() and churn_rate() over events: customers, whether seen in each of the two ranges of dates, and the ranges.
CREATE TYPE retention_set;

CREATE FUNCTION retention_set_in(cstring) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION retention_set_out(retention_set) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_retention_set_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_out(retention_set) IS 'writes the text form, lossless';
CREATE FUNCTION retention_set_recv(internal) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION retention_set_send(retention_set) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_retention_set_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_send(retention_set) IS 'writes the binary form, lossless and versioned';

CREATE TYPE retention_set (
	INPUT = retention_set_in, OUTPUT = retention_set_out, RECEIVE = retention_set_recv, SEND = retention_set_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE retention_set IS 'state of retention_rate() and churn_rate() over events: customers, whether seen in each of the two ranges of dates, and the ranges';

CREATE FUNCTION retention_set_eq(retention_set, retention_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_eq(retention_set, retention_set) IS 'equal';
CREATE FUNCTION retention_set_ne(retention_set, retention_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_ne(retention_set, retention_set) IS 'not equal';
CREATE FUNCTION retention_set_lt(retention_set, retention_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_lt(retention_set, retention_set) IS 'before in bytewise order';
CREATE FUNCTION retention_set_le(retention_set, retention_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_le(retention_set, retention_set) IS 'before in bytewise order or equal';
CREATE FUNCTION retention_set_gt(retention_set, retention_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_gt(retention_set, retention_set) IS 'after in bytewise order';
CREATE FUNCTION retention_set_ge(retention_set, retention_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_ge(retention_set, retention_set) IS 'after in bytewise order or equal';
CREATE FUNCTION retention_set_cmp(retention_set, retention_set) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_cmp(retention_set, retention_set) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION retention_set_hash(retention_set) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_hash(retention_set) IS 'hash of the value';
CREATE FUNCTION retention_set_hash_extended(retention_set, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_hash_extended(retention_set, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = retention_set, RIGHTARG = retention_set, FUNCTION = retention_set_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (retention_set, retention_set) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = retention_set, RIGHTARG = retention_set, FUNCTION = retention_set_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (retention_set, retention_set) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = retention_set, RIGHTARG = retention_set, FUNCTION = retention_set_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (retention_set, retention_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = retention_set, RIGHTARG = retention_set, FUNCTION = retention_set_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (retention_set, retention_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = retention_set, RIGHTARG = retention_set, FUNCTION = retention_set_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (retention_set, retention_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = retention_set, RIGHTARG = retention_set, FUNCTION = retention_set_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (retention_set, retention_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS retention_set_ops DEFAULT FOR TYPE retention_set USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 retention_set_cmp(retention_set, retention_set);
COMMENT ON OPERATOR CLASS retention_set_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS retention_set_ops DEFAULT FOR TYPE retention_set USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 retention_set_hash(retention_set),
	FUNCTION 2 retention_set_hash_extended(retention_set, bigint);
COMMENT ON OPERATOR CLASS retention_set_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY retention_set_ops USING btree IS 'of the operator class retention_set_ops';
COMMENT ON OPERATOR FAMILY retention_set_ops USING hash IS 'of the operator class retention_set_ops';

-- A base type of ours: text and binary forms, equality, hashing, order.  repeat_set, state of repeat_rate(): the set of (customer, document or day).
CREATE TYPE repeat_set;

CREATE FUNCTION repeat_set_in(cstring) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION repeat_set_out(repeat_set) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_out(repeat_set) IS 'writes the text form, lossless';
CREATE FUNCTION repeat_set_recv(internal) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION repeat_set_send(repeat_set) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_send(repeat_set) IS 'writes the binary form, lossless and versioned';

CREATE TYPE repeat_set (
	INPUT = repeat_set_in, OUTPUT = repeat_set_out, RECEIVE = repeat_set_recv, SEND = repeat_set_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE repeat_set IS 'state of repeat_rate(): the set of (customer, document or day)';

CREATE FUNCTION repeat_set_eq(repeat_set, repeat_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_eq(repeat_set, repeat_set) IS 'equal';
CREATE FUNCTION repeat_set_ne(repeat_set, repeat_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_ne(repeat_set, repeat_set) IS 'not equal';
CREATE FUNCTION repeat_set_lt(repeat_set, repeat_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_lt(repeat_set, repeat_set) IS 'before in bytewise order';
CREATE FUNCTION repeat_set_le(repeat_set, repeat_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_le(repeat_set, repeat_set) IS 'before in bytewise order or equal';
CREATE FUNCTION repeat_set_gt(repeat_set, repeat_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_gt(repeat_set, repeat_set) IS 'after in bytewise order';
CREATE FUNCTION repeat_set_ge(repeat_set, repeat_set) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_ge(repeat_set, repeat_set) IS 'after in bytewise order or equal';
CREATE FUNCTION repeat_set_cmp(repeat_set, repeat_set) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_cmp(repeat_set, repeat_set) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION repeat_set_hash(repeat_set) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_hash(repeat_set) IS 'hash of the value';
CREATE FUNCTION repeat_set_hash_extended(repeat_set, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_hash_extended(repeat_set, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = repeat_set, RIGHTARG = repeat_set, FUNCTION = repeat_set_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (repeat_set, repeat_set) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = repeat_set, RIGHTARG = repeat_set, FUNCTION = repeat_set_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (repeat_set, repeat_set) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = repeat_set, RIGHTARG = repeat_set, FUNCTION = repeat_set_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (repeat_set, repeat_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = repeat_set, RIGHTARG = repeat_set, FUNCTION = repeat_set_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (repeat_set, repeat_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = repeat_set, RIGHTARG = repeat_set, FUNCTION = repeat_set_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (repeat_set, repeat_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = repeat_set, RIGHTARG = repeat_set, FUNCTION = repeat_set_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (repeat_set, repeat_set) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS repeat_set_ops DEFAULT FOR TYPE repeat_set USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 repeat_set_cmp(repeat_set, repeat_set);
COMMENT ON OPERATOR CLASS repeat_set_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS repeat_set_ops DEFAULT FOR TYPE repeat_set USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 repeat_set_hash(repeat_set),
	FUNCTION 2 repeat_set_hash_extended(repeat_set, bigint);
COMMENT ON OPERATOR CLASS repeat_set_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY repeat_set_ops USING btree IS 'of the operator class repeat_set_ops';
COMMENT ON OPERATOR FAMILY repeat_set_ops USING hash IS 'of the operator class repeat_set_ops';


CREATE FUNCTION retention_set_add(retention_set, retention_set) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_add(retention_set, retention_set) IS 'merges two states; 22023 where parameters, time zones or types of customer differ';
CREATE FUNCTION repeat_set_add(repeat_set, repeat_set) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_add(repeat_set, repeat_set) IS 'merges two states; 22023 where parameters, time zones or types of customer differ';
CREATE FUNCTION retention_set_retention(retention_set) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_retention_set_retention' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_retention(retention_set) IS 'final function: share of the customers before who came back; NULL without customers before';
CREATE FUNCTION retention_set_churn(retention_set) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_retention_set_churn' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_churn(retention_set) IS 'final function: share of the customers before who did not come back; NULL without customers before';
CREATE FUNCTION repeat_set_rate(repeat_set) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_rate' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_rate(repeat_set) IS 'final function: share of the customers with at least two documents or days; NULL without customers';

CREATE FUNCTION retention_set_accum(retention_set, customer bigint, at date, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_bigint_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, bigint, date, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer bigint, at date, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(bigint, date, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer bigint, at date, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(bigint, date, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer bigint, at date) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_bigint_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, bigint, date) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer bigint, at date) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(bigint, date) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer bigint, at timestamp, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_bigint_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, bigint, timestamp, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer bigint, at timestamp, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(bigint, timestamp, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer bigint, at timestamp, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(bigint, timestamp, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer bigint, at timestamp) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_bigint_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, bigint, timestamp) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer bigint, at timestamp) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(bigint, timestamp) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer bigint, at timestamptz, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_bigint_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, bigint, timestamptz, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer bigint, at timestamptz, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(bigint, timestamptz, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer bigint, at timestamptz, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(bigint, timestamptz, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer bigint, at timestamptz) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_bigint_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, bigint, timestamptz) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer bigint, at timestamptz) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(bigint, timestamptz) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer bigint, document bigint) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_bigint_bigint' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, bigint, bigint) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer bigint, document bigint) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(bigint, bigint) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer bigint, document uuid) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_bigint_uuid' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, bigint, uuid) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer bigint, document uuid) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(bigint, uuid) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer bigint, document text) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_bigint_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, bigint, text) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer bigint, document text) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(bigint, text) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer uuid, at date, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_uuid_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, uuid, date, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer uuid, at date, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(uuid, date, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer uuid, at date, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(uuid, date, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer uuid, at date) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_uuid_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, uuid, date) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer uuid, at date) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(uuid, date) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer uuid, at timestamp, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_uuid_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, uuid, timestamp, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer uuid, at timestamp, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(uuid, timestamp, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer uuid, at timestamp, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(uuid, timestamp, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer uuid, at timestamp) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_uuid_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, uuid, timestamp) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer uuid, at timestamp) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(uuid, timestamp) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer uuid, at timestamptz, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_uuid_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, uuid, timestamptz, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer uuid, at timestamptz, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(uuid, timestamptz, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer uuid, at timestamptz, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(uuid, timestamptz, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer uuid, at timestamptz) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_uuid_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, uuid, timestamptz) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer uuid, at timestamptz) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(uuid, timestamptz) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer uuid, document bigint) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_uuid_bigint' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, uuid, bigint) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer uuid, document bigint) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(uuid, bigint) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer uuid, document uuid) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_uuid_uuid' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, uuid, uuid) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer uuid, document uuid) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(uuid, uuid) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer uuid, document text) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_uuid_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, uuid, text) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer uuid, document text) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(uuid, text) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer text, at date, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_text_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, text, date, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer text, at date, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(text, date, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer text, at date, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(text, date, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer text, at date) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_text_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, text, date) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer text, at date) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(text, date) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer text, at timestamp, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_text_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, text, timestamp, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer text, at timestamp, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(text, timestamp, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer text, at timestamp, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(text, timestamp, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer text, at timestamp) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_text_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, text, timestamp) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer text, at timestamp) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(text, timestamp) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION retention_set_accum(retention_set, customer text, at timestamptz, before daterange, after daterange) RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_text_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, text, timestamptz, daterange, daterange) IS 'transition function: adds one event';
CREATE AGGREGATE retention_rate(customer text, at timestamptz, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_retention,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE retention_rate(text, timestamptz, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have one in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE AGGREGATE churn_rate(customer text, at timestamptz, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_churn,
	COMBINEFUNC = retention_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE churn_rate(text, timestamptz, daterange, daterange) IS 'of the customers with an event in the range before, the share 0..1 that have none in the range after; NULL without such customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, or an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer text, at timestamptz) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_text_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, text, timestamptz) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer text, at timestamptz) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(text, timestamptz) IS 'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer text, document bigint) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_text_bigint' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, text, bigint) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer text, document bigint) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(text, bigint) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer text, document uuid) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_text_uuid' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, text, uuid) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer text, document uuid) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(text, uuid) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
CREATE FUNCTION repeat_set_accum(repeat_set, customer text, document text) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_text_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, text, text) IS 'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer text, document text) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(text, text) IS 'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row with customer or document NULL is ignored; 54000 beyond 512 MB';
-- Revenue of customers over time: src/summary/revenue.c, src/summary/revenue_rows.c

-- A base type of ours: text and binary forms, equality, hashing, order.  revenue_summary, the exact sum of amounts for each (customer, period): mergeable by + and rollup(), which add amounts up; text and uuid customers as 64-bit hashes.
CREATE TYPE revenue_summary;

CREATE FUNCTION revenue_summary_in(cstring) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION revenue_summary_out(revenue_summary) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_out(revenue_summary) IS 'writes the text form, lossless';
CREATE FUNCTION revenue_summary_recv(internal) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION revenue_summary_send(revenue_summary) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_send(revenue_summary) IS 'writes the binary form, lossless and versioned';

CREATE TYPE revenue_summary (
	INPUT = revenue_summary_in, OUTPUT = revenue_summary_out, RECEIVE = revenue_summary_recv, SEND = revenue_summary_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE revenue_summary IS 'the exact sum of amounts for each (customer, period): mergeable by + and rollup(), which add amounts up; text and uuid customers as 64-bit hashes';

CREATE FUNCTION revenue_summary_eq(revenue_summary, revenue_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_eq(revenue_summary, revenue_summary) IS 'equal';
CREATE FUNCTION revenue_summary_ne(revenue_summary, revenue_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_ne(revenue_summary, revenue_summary) IS 'not equal';
CREATE FUNCTION revenue_summary_lt(revenue_summary, revenue_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_lt(revenue_summary, revenue_summary) IS 'before in bytewise order';
CREATE FUNCTION revenue_summary_le(revenue_summary, revenue_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_le(revenue_summary, revenue_summary) IS 'before in bytewise order or equal';
CREATE FUNCTION revenue_summary_gt(revenue_summary, revenue_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_gt(revenue_summary, revenue_summary) IS 'after in bytewise order';
CREATE FUNCTION revenue_summary_ge(revenue_summary, revenue_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_ge(revenue_summary, revenue_summary) IS 'after in bytewise order or equal';
CREATE FUNCTION revenue_summary_cmp(revenue_summary, revenue_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_cmp(revenue_summary, revenue_summary) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION revenue_summary_hash(revenue_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_hash(revenue_summary) IS 'hash of the value';
CREATE FUNCTION revenue_summary_hash_extended(revenue_summary, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_hash_extended(revenue_summary, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (revenue_summary, revenue_summary) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (revenue_summary, revenue_summary) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (revenue_summary, revenue_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (revenue_summary, revenue_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (revenue_summary, revenue_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (revenue_summary, revenue_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS revenue_summary_ops DEFAULT FOR TYPE revenue_summary USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 revenue_summary_cmp(revenue_summary, revenue_summary);
COMMENT ON OPERATOR CLASS revenue_summary_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS revenue_summary_ops DEFAULT FOR TYPE revenue_summary USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 revenue_summary_hash(revenue_summary),
	FUNCTION 2 revenue_summary_hash_extended(revenue_summary, bigint);
COMMENT ON OPERATOR CLASS revenue_summary_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY revenue_summary_ops USING btree IS 'of the operator class revenue_summary_ops';
COMMENT ON OPERATOR FAMILY revenue_summary_ops USING hash IS 'of the operator class revenue_summary_ops';


CREATE FUNCTION revenue_summary_add(revenue_summary, revenue_summary) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_add(revenue_summary, revenue_summary) IS 'merges two summaries, adding amounts up; 22023 where units, time zones or types of customer differ, 22003 where a sum needs more than 38 digits';
CREATE FUNCTION revenue_summary_final(revenue_summary) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_final(revenue_summary) IS 'final function of revenue_summary and subscription_summary: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (revenue_summary, revenue_summary) IS 'summary of the revenue of both; the amounts of a customer and period are added up, so add each row once';

CREATE FUNCTION revenue_summary_accum(revenue_summary, customer bigint, at date, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_bigint_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, bigint, date, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer bigint, at date, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(bigint, date, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer bigint, at timestamp, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_bigint_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, bigint, timestamp, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer bigint, at timestamp, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(bigint, timestamp, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer bigint, at timestamptz, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_bigint_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, bigint, timestamptz, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer bigint, at timestamptz, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(bigint, timestamptz, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION subscription_summary_accum(revenue_summary, customer bigint, during daterange, amount numeric, unit text, through date) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_subscription_summary_accum_bigint' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION subscription_summary_accum(revenue_summary, bigint, daterange, numeric, text, date) IS 'transition function of subscription_summary: adds one subscription';
CREATE AGGREGATE subscription_summary(customer bigint, during daterange, amount numeric, unit text, through date) (
	SFUNC = subscription_summary_accum, STYPE = revenue_summary, SSPACE = 4096, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE subscription_summary(bigint, daterange, numeric, text, date) IS 'revenue_summary of subscriptions: amount, the price per unit, in each period whose last day lies in during and is not after through. A range without an upper bound runs on to through. A row with customer, during or amount NULL, or an empty range, is ignored; 22023 for a range without a finite lower bound, a NULL or infinite through, an unknown, NULL or differing unit; 22003 and 54000 as revenue_summary';
CREATE FUNCTION forget(s revenue_summary, customer bigint) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_forget_bigint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(revenue_summary, bigint) IS 'the summary without that customer, unchanged where the customer is not in it; NULL for NULL; 22023 where the summary has customers of another type';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer uuid, at date, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_uuid_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, uuid, date, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer uuid, at date, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(uuid, date, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer uuid, at timestamp, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_uuid_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, uuid, timestamp, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer uuid, at timestamp, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(uuid, timestamp, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer uuid, at timestamptz, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_uuid_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, uuid, timestamptz, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer uuid, at timestamptz, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(uuid, timestamptz, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION subscription_summary_accum(revenue_summary, customer uuid, during daterange, amount numeric, unit text, through date) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_subscription_summary_accum_uuid' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION subscription_summary_accum(revenue_summary, uuid, daterange, numeric, text, date) IS 'transition function of subscription_summary: adds one subscription';
CREATE AGGREGATE subscription_summary(customer uuid, during daterange, amount numeric, unit text, through date) (
	SFUNC = subscription_summary_accum, STYPE = revenue_summary, SSPACE = 4096, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE subscription_summary(uuid, daterange, numeric, text, date) IS 'revenue_summary of subscriptions: amount, the price per unit, in each period whose last day lies in during and is not after through. A range without an upper bound runs on to through. A row with customer, during or amount NULL, or an empty range, is ignored; 22023 for a range without a finite lower bound, a NULL or infinite through, an unknown, NULL or differing unit; 22003 and 54000 as revenue_summary';
CREATE FUNCTION forget(s revenue_summary, customer uuid) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_forget_uuid' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(revenue_summary, uuid) IS 'the summary without that customer, unchanged where the customer is not in it; NULL for NULL; 22023 where the summary has customers of another type';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer text, at date, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_text_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, text, date, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer text, at date, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(text, date, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer text, at timestamp, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_text_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, text, timestamp, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer text, at timestamp, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(text, timestamp, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer text, at timestamptz, amount numeric, unit text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_text_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, text, timestamptz, numeric, text) IS 'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer text, at timestamptz, amount numeric, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(text, timestamptz, numeric, text) IS 'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION subscription_summary_accum(revenue_summary, customer text, during daterange, amount numeric, unit text, through date) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_subscription_summary_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION subscription_summary_accum(revenue_summary, text, daterange, numeric, text, date) IS 'transition function of subscription_summary: adds one subscription';
CREATE AGGREGATE subscription_summary(customer text, during daterange, amount numeric, unit text, through date) (
	SFUNC = subscription_summary_accum, STYPE = revenue_summary, SSPACE = 4096, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE subscription_summary(text, daterange, numeric, text, date) IS 'revenue_summary of subscriptions: amount, the price per unit, in each period whose last day lies in during and is not after through. A range without an upper bound runs on to through. A row with customer, during or amount NULL, or an empty range, is ignored; 22023 for a range without a finite lower bound, a NULL or infinite through, an unknown, NULL or differing unit; 22003 and 54000 as revenue_summary';
CREATE FUNCTION forget(s revenue_summary, customer text) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_forget_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(revenue_summary, text) IS 'the summary without that customer, unchanged where the customer is not in it; NULL for NULL; 22023 where the summary has customers of another type';
CREATE AGGREGATE rollup(revenue_summary) (
	SFUNC = revenue_summary_add, STYPE = revenue_summary, SSPACE = 4096, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(revenue_summary) IS 'summary of the revenue in all summaries, the amounts of a customer and period added up; NULL ignored, empty summary without rows; 22023 where units, time zones or types of customer differ, 22003 where a sum needs more than 38 digits';

CREATE FUNCTION revenue_movements(s revenue_summary, from_date date DEFAULT NULL, as_of date DEFAULT NULL, lag integer DEFAULT 1,
	OUT period date, OUT complete boolean,
	OUT opening numeric, OUT new numeric, OUT reactivation numeric, OUT expansion numeric, OUT contraction numeric, OUT churn numeric, OUT closing numeric, OUT credits numeric,
	OUT opening_customers bigint, OUT new_customers bigint, OUT reactivated_customers bigint, OUT churned_customers bigint, OUT customers bigint,
	OUT nrr double precision, OUT nrr_with_reactivation double precision, OUT grr double precision, OUT logo_churn double precision, OUT quick_ratio double precision, OUT arpa numeric)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_revenue_movements' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 36;
COMMENT ON FUNCTION revenue_movements(revenue_summary, date, date, integer) IS 'revenue of each period against the period lag before (1; 12 on months for annual NRR), net per customer, in the unit of money of the amounts: closing = opening + new + reactivation + expansion - contraction - churn. A customer is active where net > 0; net <= 0 counts as 0 and adds to credits. Rates are fractions (nrr, nrr_with_reactivation, grr, logo_churn of opening, quick_ratio of losses; NULL where that is 0); arpa = closing / customers. Rows without gaps from from_date or the first amount to the period of as_of (the data are complete up to that day) or one period after the last amount; a period that ends after as_of has complete false and NULL losses and rates. No rows for NULL or the empty summary; 22023 for lag below 1 or NULL, or an infinite date; 54000 beyond 1 million rows';
CREATE FUNCTION revenue_cohorts(s revenue_summary, from_date date DEFAULT NULL, as_of date DEFAULT NULL,
	OUT cohort date, OUT age integer, OUT customers bigint, OUT revenue numeric, OUT cumulative numeric, OUT per_customer numeric)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_revenue_cohorts' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 300;
COMMENT ON FUNCTION revenue_cohorts(revenue_summary, date, date) IS 'realised value by cohort: cohort is the customers'' first period with net > 0, age the periods since then (0, 1, ...); revenue is the net of that age, refunds deducted, cumulative the sum up to it, per_customer = cumulative / customers (NULL without customers). Every cohort from from_date or the first one, every age that has ended by as_of, or by the last period with an amount. No rows for NULL or the empty summary; 22023 for an infinite date; 54000 beyond 1 million rows';

-- Amounts per distinct customer: src/summary/per_customer.c

-- A base type of ours: text and binary forms, equality, hashing, order.  customer_amounts, state of per_customer: the exact sum of amounts of each customer; text and uuid customers as 64-bit hashes.
CREATE TYPE customer_amounts;

CREATE FUNCTION customer_amounts_in(cstring) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_customer_amounts_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION customer_amounts_out(customer_amounts) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_customer_amounts_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_out(customer_amounts) IS 'writes the text form, lossless';
CREATE FUNCTION customer_amounts_recv(internal) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_customer_amounts_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION customer_amounts_send(customer_amounts) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_customer_amounts_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_send(customer_amounts) IS 'writes the binary form, lossless and versioned';

CREATE TYPE customer_amounts (
	INPUT = customer_amounts_in, OUTPUT = customer_amounts_out, RECEIVE = customer_amounts_recv, SEND = customer_amounts_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE customer_amounts IS 'state of per_customer: the exact sum of amounts of each customer; text and uuid customers as 64-bit hashes';

CREATE FUNCTION customer_amounts_eq(customer_amounts, customer_amounts) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_eq(customer_amounts, customer_amounts) IS 'equal';
CREATE FUNCTION customer_amounts_ne(customer_amounts, customer_amounts) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_ne(customer_amounts, customer_amounts) IS 'not equal';
CREATE FUNCTION customer_amounts_lt(customer_amounts, customer_amounts) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_lt(customer_amounts, customer_amounts) IS 'before in bytewise order';
CREATE FUNCTION customer_amounts_le(customer_amounts, customer_amounts) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_le(customer_amounts, customer_amounts) IS 'before in bytewise order or equal';
CREATE FUNCTION customer_amounts_gt(customer_amounts, customer_amounts) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_gt(customer_amounts, customer_amounts) IS 'after in bytewise order';
CREATE FUNCTION customer_amounts_ge(customer_amounts, customer_amounts) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_ge(customer_amounts, customer_amounts) IS 'after in bytewise order or equal';
CREATE FUNCTION customer_amounts_cmp(customer_amounts, customer_amounts) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_cmp(customer_amounts, customer_amounts) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION customer_amounts_hash(customer_amounts) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_hash(customer_amounts) IS 'hash of the value';
CREATE FUNCTION customer_amounts_hash_extended(customer_amounts, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_hash_extended(customer_amounts, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = customer_amounts, RIGHTARG = customer_amounts, FUNCTION = customer_amounts_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (customer_amounts, customer_amounts) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = customer_amounts, RIGHTARG = customer_amounts, FUNCTION = customer_amounts_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (customer_amounts, customer_amounts) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = customer_amounts, RIGHTARG = customer_amounts, FUNCTION = customer_amounts_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (customer_amounts, customer_amounts) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = customer_amounts, RIGHTARG = customer_amounts, FUNCTION = customer_amounts_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (customer_amounts, customer_amounts) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = customer_amounts, RIGHTARG = customer_amounts, FUNCTION = customer_amounts_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (customer_amounts, customer_amounts) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = customer_amounts, RIGHTARG = customer_amounts, FUNCTION = customer_amounts_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (customer_amounts, customer_amounts) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS customer_amounts_ops DEFAULT FOR TYPE customer_amounts USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 customer_amounts_cmp(customer_amounts, customer_amounts);
COMMENT ON OPERATOR CLASS customer_amounts_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS customer_amounts_ops DEFAULT FOR TYPE customer_amounts USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 customer_amounts_hash(customer_amounts),
	FUNCTION 2 customer_amounts_hash_extended(customer_amounts, bigint);
COMMENT ON OPERATOR CLASS customer_amounts_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY customer_amounts_ops USING btree IS 'of the operator class customer_amounts_ops';
COMMENT ON OPERATOR FAMILY customer_amounts_ops USING hash IS 'of the operator class customer_amounts_ops';


CREATE FUNCTION customer_amounts_add(customer_amounts, customer_amounts) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_customer_amounts_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_add(customer_amounts, customer_amounts) IS 'combine function of per_customer: adds amounts up; 22023 where types of customer differ, 22003 where a sum needs more than 38 digits';
CREATE FUNCTION per_customer_final(customer_amounts) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_per_customer_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION per_customer_final(customer_amounts) IS 'final function of per_customer: sum of amounts / customers; NULL for NULL or without customers';

CREATE FUNCTION per_customer_accum(customer_amounts, customer bigint, amount numeric) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_per_customer_accum_bigint' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION per_customer_accum(customer_amounts, bigint, numeric) IS 'transition function of per_customer: adds one amount';
CREATE AGGREGATE per_customer(customer bigint, amount numeric) (
	SFUNC = per_customer_accum, STYPE = customer_amounts, SSPACE = 1024, FINALFUNC = per_customer_final,
	COMBINEFUNC = customer_amounts_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE per_customer(bigint, numeric) IS 'sum of amount / distinct customers, exact: realised value, revenue or (with amount 1) orders per customer, in the unit of amount. A row with customer or amount NULL is ignored; NULL without rows; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB. To count customers without an amount, give coalesce(amount, 0)';
CREATE FUNCTION per_customer_accum(customer_amounts, customer uuid, amount numeric) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_per_customer_accum_uuid' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION per_customer_accum(customer_amounts, uuid, numeric) IS 'transition function of per_customer: adds one amount';
CREATE AGGREGATE per_customer(customer uuid, amount numeric) (
	SFUNC = per_customer_accum, STYPE = customer_amounts, SSPACE = 1024, FINALFUNC = per_customer_final,
	COMBINEFUNC = customer_amounts_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE per_customer(uuid, numeric) IS 'sum of amount / distinct customers, exact: realised value, revenue or (with amount 1) orders per customer, in the unit of amount. A row with customer or amount NULL is ignored; NULL without rows; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB. To count customers without an amount, give coalesce(amount, 0)';
CREATE FUNCTION per_customer_accum(customer_amounts, customer text, amount numeric) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_per_customer_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION per_customer_accum(customer_amounts, text, numeric) IS 'transition function of per_customer: adds one amount';
CREATE AGGREGATE per_customer(customer text, amount numeric) (
	SFUNC = per_customer_accum, STYPE = customer_amounts, SSPACE = 1024, FINALFUNC = per_customer_final,
	COMBINEFUNC = customer_amounts_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE per_customer(text, numeric) IS 'sum of amount / distinct customers, exact: realised value, revenue or (with amount 1) orders per customer, in the unit of amount. A row with customer or amount NULL is ignored; NULL without rows; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB. To count customers without an amount, give coalesce(amount, 0)';

-- Funnels: src/summary/funnel.c, funnel_rows.c, funnel_depth.c

-- A base type of ours: text and binary forms, equality, hashing, order.  funnel_summary, every (customer, time, steps) of a funnel: mergeable by + and rollup(); text and uuid customers as 64-bit hashes.
CREATE TYPE funnel_summary;

CREATE FUNCTION funnel_summary_in(cstring) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION funnel_summary_out(funnel_summary) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_out(funnel_summary) IS 'writes the text form, lossless';
CREATE FUNCTION funnel_summary_recv(internal) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION funnel_summary_send(funnel_summary) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_send(funnel_summary) IS 'writes the binary form, lossless and versioned';

CREATE TYPE funnel_summary (
	INPUT = funnel_summary_in, OUTPUT = funnel_summary_out, RECEIVE = funnel_summary_recv, SEND = funnel_summary_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE funnel_summary IS 'every (customer, time, steps) of a funnel: mergeable by + and rollup(); text and uuid customers as 64-bit hashes';

CREATE FUNCTION funnel_summary_eq(funnel_summary, funnel_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_eq(funnel_summary, funnel_summary) IS 'equal';
CREATE FUNCTION funnel_summary_ne(funnel_summary, funnel_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_ne(funnel_summary, funnel_summary) IS 'not equal';
CREATE FUNCTION funnel_summary_lt(funnel_summary, funnel_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_lt(funnel_summary, funnel_summary) IS 'before in bytewise order';
CREATE FUNCTION funnel_summary_le(funnel_summary, funnel_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_le(funnel_summary, funnel_summary) IS 'before in bytewise order or equal';
CREATE FUNCTION funnel_summary_gt(funnel_summary, funnel_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_gt(funnel_summary, funnel_summary) IS 'after in bytewise order';
CREATE FUNCTION funnel_summary_ge(funnel_summary, funnel_summary) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_ge(funnel_summary, funnel_summary) IS 'after in bytewise order or equal';
CREATE FUNCTION funnel_summary_cmp(funnel_summary, funnel_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_cmp(funnel_summary, funnel_summary) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION funnel_summary_hash(funnel_summary) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_hash(funnel_summary) IS 'hash of the value';
CREATE FUNCTION funnel_summary_hash_extended(funnel_summary, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_hash_extended(funnel_summary, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (funnel_summary, funnel_summary) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (funnel_summary, funnel_summary) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (funnel_summary, funnel_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (funnel_summary, funnel_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (funnel_summary, funnel_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (funnel_summary, funnel_summary) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS funnel_summary_ops DEFAULT FOR TYPE funnel_summary USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 funnel_summary_cmp(funnel_summary, funnel_summary);
COMMENT ON OPERATOR CLASS funnel_summary_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS funnel_summary_ops DEFAULT FOR TYPE funnel_summary USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 funnel_summary_hash(funnel_summary),
	FUNCTION 2 funnel_summary_hash_extended(funnel_summary, bigint);
COMMENT ON OPERATOR CLASS funnel_summary_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY funnel_summary_ops USING btree IS 'of the operator class funnel_summary_ops';
COMMENT ON OPERATOR FAMILY funnel_summary_ops USING hash IS 'of the operator class funnel_summary_ops';


CREATE FUNCTION funnel_summary_add(funnel_summary, funnel_summary) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_add(funnel_summary, funnel_summary) IS 'merges two summaries; 22023 where steps, time zones or types of customer differ';
CREATE FUNCTION funnel_summary_final(funnel_summary) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_final(funnel_summary) IS 'final function of funnel_summary: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = funnel_summary, RIGHTARG = funnel_summary, FUNCTION = funnel_summary_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (funnel_summary, funnel_summary) IS 'summary of the events of both; the same events added twice count twice';

CREATE FUNCTION funnel_summary_accum(funnel_summary, customer bigint, at date, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_bigint_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, bigint, date, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer bigint, at date, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_bigint_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, bigint, date, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer bigint, at date, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(bigint, date, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer bigint, at date, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(bigint, date, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer bigint, at timestamp, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_bigint_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, bigint, timestamp, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer bigint, at timestamp, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_bigint_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, bigint, timestamp, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer bigint, at timestamp, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(bigint, timestamp, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer bigint, at timestamp, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(bigint, timestamp, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer bigint, at timestamptz, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_bigint_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, bigint, timestamptz, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer bigint, at timestamptz, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_bigint_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, bigint, timestamptz, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer bigint, at timestamptz, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(bigint, timestamptz, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer bigint, at timestamptz, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(bigint, timestamptz, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION forget(s funnel_summary, customer bigint) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_forget_bigint' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(funnel_summary, bigint) IS 'the summary without one customer; unchanged if it does not hold the customer; 22023 where the type of customer differs';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer uuid, at date, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_uuid_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, uuid, date, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer uuid, at date, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_uuid_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, uuid, date, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer uuid, at date, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(uuid, date, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer uuid, at date, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(uuid, date, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer uuid, at timestamp, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_uuid_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, uuid, timestamp, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer uuid, at timestamp, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_uuid_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, uuid, timestamp, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer uuid, at timestamp, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(uuid, timestamp, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer uuid, at timestamp, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(uuid, timestamp, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer uuid, at timestamptz, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_uuid_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, uuid, timestamptz, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer uuid, at timestamptz, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_uuid_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, uuid, timestamptz, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer uuid, at timestamptz, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(uuid, timestamptz, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer uuid, at timestamptz, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(uuid, timestamptz, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION forget(s funnel_summary, customer uuid) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_forget_uuid' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(funnel_summary, uuid) IS 'the summary without one customer; unchanged if it does not hold the customer; 22023 where the type of customer differs';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer text, at date, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_text_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, text, date, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer text, at date, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_text_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, text, date, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer text, at date, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(text, date, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer text, at date, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(text, date, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer text, at timestamp, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_text_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, text, timestamp, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer text, at timestamp, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_text_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, text, timestamp, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer text, at timestamp, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(text, timestamp, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer text, at timestamp, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(text, timestamp, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer text, at timestamptz, step text, steps text[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_named_text_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, text, timestamptz, text, text[]) IS 'transition function of funnel_summary: adds one event';
CREATE FUNCTION funnel_summary_accum(funnel_summary, customer text, at timestamptz, reached boolean[]) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_reached_text_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_summary_accum(funnel_summary, text, timestamptz, boolean[]) IS 'transition function of funnel_summary: adds one event';
CREATE AGGREGATE funnel_summary(customer text, at timestamptz, step text, steps text[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(text, timestamptz, text, text[]) IS 'summary for funnel() of events whose step is one of steps, the names in order (1 to 64; an event of a name listed twice can serve as either step). A row with customer, at or step NULL, or with another step, is ignored; 22023 where steps is NULL, has a NULL or differs, or at is infinite; 54000 beyond 512 MB';
CREATE AGGREGATE funnel_summary(customer text, at timestamptz, reached boolean[]) (
	SFUNC = funnel_summary_accum, STYPE = funnel_summary, SSPACE = 1024, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_summary(text, timestamptz, boolean[]) IS 'summary for funnel() of events and which of the steps (1 to 64) each can serve as, in order, such as ARRAY[kind = ''visit'', kind = ''order'' AND total > 100]. NULL in the array is false; a row with customer, at or reached NULL, or nothing true, is ignored; 22023 where the length of reached differs, or at is infinite; 54000 beyond 512 MB';
CREATE FUNCTION forget(s funnel_summary, customer text) RETURNS funnel_summary
	AS 'MODULE_PATHNAME', 'kpi_funnel_summary_forget_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(funnel_summary, text) IS 'the summary without one customer; unchanged if it does not hold the customer; 22023 where the type of customer differs';
CREATE AGGREGATE rollup(funnel_summary) (
	SFUNC = funnel_summary_add, STYPE = funnel_summary, SSPACE = 4096, FINALFUNC = funnel_summary_final,
	COMBINEFUNC = funnel_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(funnel_summary) IS 'summary of the events in all summaries, each once for every time that it was counted; NULL ignored, empty summary without rows; 22023 where steps, time zones or types of customer differ';

CREATE FUNCTION funnel(s funnel_summary, within interval DEFAULT NULL, mode text DEFAULT 'ordered', entry daterange DEFAULT NULL, as_of timestamptz DEFAULT NULL,
	OUT step integer, OUT name text, OUT customers bigint, OUT from_previous double precision, OUT from_first double precision,
	OUT median_time interval, OUT median_seconds double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_funnel' LANGUAGE C STABLE PARALLEL SAFE ROWS 5 COST 1000;
COMMENT ON FUNCTION funnel(funnel_summary, interval, text, daterange, timestamptz) IS 'one row a step: customers that reached it, share of those of the previous and of the first step (0..1), median time from the first step. A customer counts once, with the best of all starts whose day lies in entry and whose window ended by as_of; within is the window''s length from its start, inclusive, NULL for no limit. Modes: ordered; strict, with no other listed step between; unordered, where row k counts customers with k different steps in one window. No rows for NULL or the empty summary; 22023 for a negative window or another mode';

-- A base type of ours: text and binary forms, equality, hashing, order.  funnel_events, state of funnel_depth(): the steps of one customer with their times, and the window.
CREATE TYPE funnel_events;

CREATE FUNCTION funnel_events_in(cstring) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION funnel_events_out(funnel_events) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_out(funnel_events) IS 'writes the text form, lossless';
CREATE FUNCTION funnel_events_recv(internal) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION funnel_events_send(funnel_events) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_send(funnel_events) IS 'writes the binary form, lossless and versioned';

CREATE TYPE funnel_events (
	INPUT = funnel_events_in, OUTPUT = funnel_events_out, RECEIVE = funnel_events_recv, SEND = funnel_events_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE funnel_events IS 'state of funnel_depth(): the steps of one customer with their times, and the window';

CREATE FUNCTION funnel_events_eq(funnel_events, funnel_events) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_eq(funnel_events, funnel_events) IS 'equal';
CREATE FUNCTION funnel_events_ne(funnel_events, funnel_events) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_ne(funnel_events, funnel_events) IS 'not equal';
CREATE FUNCTION funnel_events_lt(funnel_events, funnel_events) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_lt(funnel_events, funnel_events) IS 'before in bytewise order';
CREATE FUNCTION funnel_events_le(funnel_events, funnel_events) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_le(funnel_events, funnel_events) IS 'before in bytewise order or equal';
CREATE FUNCTION funnel_events_gt(funnel_events, funnel_events) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_gt(funnel_events, funnel_events) IS 'after in bytewise order';
CREATE FUNCTION funnel_events_ge(funnel_events, funnel_events) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_ge(funnel_events, funnel_events) IS 'after in bytewise order or equal';
CREATE FUNCTION funnel_events_cmp(funnel_events, funnel_events) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_cmp(funnel_events, funnel_events) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION funnel_events_hash(funnel_events) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_hash(funnel_events) IS 'hash of the value';
CREATE FUNCTION funnel_events_hash_extended(funnel_events, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_hash_extended(funnel_events, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = funnel_events, RIGHTARG = funnel_events, FUNCTION = funnel_events_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (funnel_events, funnel_events) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = funnel_events, RIGHTARG = funnel_events, FUNCTION = funnel_events_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (funnel_events, funnel_events) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = funnel_events, RIGHTARG = funnel_events, FUNCTION = funnel_events_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (funnel_events, funnel_events) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = funnel_events, RIGHTARG = funnel_events, FUNCTION = funnel_events_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (funnel_events, funnel_events) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = funnel_events, RIGHTARG = funnel_events, FUNCTION = funnel_events_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (funnel_events, funnel_events) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = funnel_events, RIGHTARG = funnel_events, FUNCTION = funnel_events_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (funnel_events, funnel_events) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS funnel_events_ops DEFAULT FOR TYPE funnel_events USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 funnel_events_cmp(funnel_events, funnel_events);
COMMENT ON OPERATOR CLASS funnel_events_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS funnel_events_ops DEFAULT FOR TYPE funnel_events USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 funnel_events_hash(funnel_events),
	FUNCTION 2 funnel_events_hash_extended(funnel_events, bigint);
COMMENT ON OPERATOR CLASS funnel_events_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY funnel_events_ops USING btree IS 'of the operator class funnel_events_ops';
COMMENT ON OPERATOR FAMILY funnel_events_ops USING hash IS 'of the operator class funnel_events_ops';


CREATE FUNCTION funnel_events_add(funnel_events, funnel_events) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_add(funnel_events, funnel_events) IS 'merges two states of funnel_depth; 22023 where steps, windows or time zones differ';
CREATE FUNCTION funnel_events_depth(funnel_events) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_depth' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_depth(funnel_events) IS 'final function of funnel_depth';
CREATE FUNCTION funnel_events_accum(funnel_events, at date, reached boolean[], within interval) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_accum_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_accum(funnel_events, date, boolean[], interval) IS 'transition function of funnel_depth: adds one event';
CREATE AGGREGATE funnel_depth(at date, reached boolean[], within interval) (
	SFUNC = funnel_events_accum, STYPE = funnel_events, SSPACE = 256, FINALFUNC = funnel_events_depth,
	COMBINEFUNC = funnel_events_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_depth(date, boolean[], interval) IS 'how many steps one customer reaches in order within one window, for GROUP BY customer; reached says for each step whether the row can serve as it (1 to 64 steps), within is the window''s length, inclusive, NULL for no limit. 0 where no row serves as the first step; a row with at or reached NULL is ignored, NULL without rows; 22023 where within is negative or differs, the length of reached differs, or at is infinite';
CREATE FUNCTION funnel_events_accum(funnel_events, at timestamp, reached boolean[], within interval) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_accum_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_accum(funnel_events, timestamp, boolean[], interval) IS 'transition function of funnel_depth: adds one event';
CREATE AGGREGATE funnel_depth(at timestamp, reached boolean[], within interval) (
	SFUNC = funnel_events_accum, STYPE = funnel_events, SSPACE = 256, FINALFUNC = funnel_events_depth,
	COMBINEFUNC = funnel_events_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_depth(timestamp, boolean[], interval) IS 'how many steps one customer reaches in order within one window, for GROUP BY customer; reached says for each step whether the row can serve as it (1 to 64 steps), within is the window''s length, inclusive, NULL for no limit. 0 where no row serves as the first step; a row with at or reached NULL is ignored, NULL without rows; 22023 where within is negative or differs, the length of reached differs, or at is infinite';
CREATE FUNCTION funnel_events_accum(funnel_events, at timestamptz, reached boolean[], within interval) RETURNS funnel_events
	AS 'MODULE_PATHNAME', 'kpi_funnel_events_accum_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION funnel_events_accum(funnel_events, timestamptz, boolean[], interval) IS 'transition function of funnel_depth: adds one event';
CREATE AGGREGATE funnel_depth(at timestamptz, reached boolean[], within interval) (
	SFUNC = funnel_events_accum, STYPE = funnel_events, SSPACE = 256, FINALFUNC = funnel_events_depth,
	COMBINEFUNC = funnel_events_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_depth(timestamptz, boolean[], interval) IS 'how many steps one customer reaches in order within one window, for GROUP BY customer; reached says for each step whether the row can serve as it (1 to 64 steps), within is the window''s length, inclusive, NULL for no limit. 0 where no row serves as the first step; a row with at or reached NULL is ignored, NULL without rows; 22023 where within is negative or differs, the length of reached differs, or at is infinite';
-- Recency, frequency, monetary value of one customer: src/summary/rfm.c, rfm_forms.c, rfm_facts.c

-- A base type of ours: text and binary forms, equality, hashing, order.  rfm, the days on which one customer bought, with the exact sum of amounts of each: mergeable by + and rollup(), which add amounts up. There is no customer in it: build one for each customer and merge only parts of the same one.
CREATE TYPE rfm;

CREATE FUNCTION rfm_in(cstring) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION rfm_out(rfm) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_rfm_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_out(rfm) IS 'writes the text form, lossless';
CREATE FUNCTION rfm_recv(internal) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION rfm_send(rfm) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_rfm_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_send(rfm) IS 'writes the binary form, lossless and versioned';

CREATE TYPE rfm (
	INPUT = rfm_in, OUTPUT = rfm_out, RECEIVE = rfm_recv, SEND = rfm_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE rfm IS 'the days on which one customer bought, with the exact sum of amounts of each: mergeable by + and rollup(), which add amounts up. There is no customer in it: build one for each customer and merge only parts of the same one';

CREATE FUNCTION rfm_eq(rfm, rfm) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_eq(rfm, rfm) IS 'equal';
CREATE FUNCTION rfm_ne(rfm, rfm) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_ne(rfm, rfm) IS 'not equal';
CREATE FUNCTION rfm_lt(rfm, rfm) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_lt(rfm, rfm) IS 'before in bytewise order';
CREATE FUNCTION rfm_le(rfm, rfm) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_le(rfm, rfm) IS 'before in bytewise order or equal';
CREATE FUNCTION rfm_gt(rfm, rfm) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_gt(rfm, rfm) IS 'after in bytewise order';
CREATE FUNCTION rfm_ge(rfm, rfm) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_ge(rfm, rfm) IS 'after in bytewise order or equal';
CREATE FUNCTION rfm_cmp(rfm, rfm) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_cmp(rfm, rfm) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION rfm_hash(rfm) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_hash(rfm) IS 'hash of the value';
CREATE FUNCTION rfm_hash_extended(rfm, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rfm_hash_extended(rfm, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (rfm, rfm) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (rfm, rfm) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (rfm, rfm) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (rfm, rfm) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (rfm, rfm) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (rfm, rfm) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS rfm_ops DEFAULT FOR TYPE rfm USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 rfm_cmp(rfm, rfm);
COMMENT ON OPERATOR CLASS rfm_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS rfm_ops DEFAULT FOR TYPE rfm USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 rfm_hash(rfm),
	FUNCTION 2 rfm_hash_extended(rfm, bigint);
COMMENT ON OPERATOR CLASS rfm_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY rfm_ops USING btree IS 'of the operator class rfm_ops';
COMMENT ON OPERATOR FAMILY rfm_ops USING hash IS 'of the operator class rfm_ops';


CREATE FUNCTION rfm_add(rfm, rfm) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_add(rfm, rfm) IS 'merges two parts of one customer, adding the amounts of a day up; 22023 where time zones differ, 22003 where a sum needs more than 38 digits';
CREATE FUNCTION rfm_final(rfm) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_final(rfm) IS 'final function of rfm: the stored form; the empty rfm for NULL';

CREATE OPERATOR + (LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (rfm, rfm) IS 'the purchases of both, which must be parts of one customer; the amounts of a day are added up, so add each row once';

CREATE FUNCTION rfm_accum(rfm, at date, amount numeric) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_accum_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_accum(rfm, date, numeric) IS 'transition function of rfm: adds one amount';
CREATE AGGREGATE rfm(at date, amount numeric) (
	SFUNC = rfm_accum, STYPE = rfm, SSPACE = 128, FINALFUNC = rfm_final,
	COMBINEFUNC = rfm_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm(date, numeric) IS 'the purchase days of one customer with the exact sum of each, refunds negative; group by customer (a timestamptz counts in the session''s time zone, which is remembered). A row with at or amount NULL is ignored; empty without rows; 22023 for an infinite time or differing time zones; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION rfm_accum(rfm, at timestamp, amount numeric) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_accum_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_accum(rfm, timestamp, numeric) IS 'transition function of rfm: adds one amount';
CREATE AGGREGATE rfm(at timestamp, amount numeric) (
	SFUNC = rfm_accum, STYPE = rfm, SSPACE = 128, FINALFUNC = rfm_final,
	COMBINEFUNC = rfm_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm(timestamp, numeric) IS 'the purchase days of one customer with the exact sum of each, refunds negative; group by customer (a timestamptz counts in the session''s time zone, which is remembered). A row with at or amount NULL is ignored; empty without rows; 22023 for an infinite time or differing time zones; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION rfm_accum(rfm, at timestamptz, amount numeric) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_accum_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_accum(rfm, timestamptz, numeric) IS 'transition function of rfm: adds one amount';
CREATE AGGREGATE rfm(at timestamptz, amount numeric) (
	SFUNC = rfm_accum, STYPE = rfm, SSPACE = 128, FINALFUNC = rfm_final,
	COMBINEFUNC = rfm_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm(timestamptz, numeric) IS 'the purchase days of one customer with the exact sum of each, refunds negative; group by customer (a timestamptz counts in the session''s time zone, which is remembered). A row with at or amount NULL is ignored; empty without rows; 22023 for an infinite time or differing time zones; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE AGGREGATE rollup(rfm) (
	SFUNC = rfm_add, STYPE = rfm, SSPACE = 128, FINALFUNC = rfm_final,
	COMBINEFUNC = rfm_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(rfm) IS 'all parts of one customer as one rfm, the amounts of a day added up; group by customer, since there is no customer in the value; NULL ignored, empty without rows; 22023 where time zones differ, 22003 where a sum needs more than 38 digits';

CREATE FUNCTION frequency(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_frequency' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION frequency(rfm, date) IS 'repeat purchases x: purchase days after the first one (a day with a sum of zero or more is one purchase; a negative day is a return and none); of the days up to as_of, without as_of of all; NULL without a purchase by then, or for NULL; 22023 for an infinite as_of';
CREATE FUNCTION recency(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_recency' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION recency(rfm, date) IS 'recency t_x: days from the first purchase day to the last one; of the days up to as_of, without as_of of all; NULL without a purchase by then, or for NULL; 22023 for an infinite as_of';
CREATE FUNCTION first_purchase(r rfm, as_of date DEFAULT NULL) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_rfm_first_purchase' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION first_purchase(rfm, date) IS 'first purchase day; of the days up to as_of, without as_of of all; NULL without a purchase by then, or for NULL; 22023 for an infinite as_of';
CREATE FUNCTION last_purchase(r rfm, as_of date DEFAULT NULL) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_rfm_last_purchase' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION last_purchase(rfm, date) IS 'last purchase day; of the days up to as_of, without as_of of all; NULL without a purchase by then, or for NULL; 22023 for an infinite as_of';
-- not age(rfm, date): beside it age('2024-06-30', date '2024-01-01') and age('2024-06-30', '2024-01-01') no longer resolve to pg_catalog's
CREATE FUNCTION tenure(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_tenure' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tenure(rfm, date) IS 'tenure, T or age in the literature: days from the first purchase day to as_of, without as_of to the last day in the value; NULL without a purchase by then, or for NULL; 22023 for an infinite as_of';
CREATE FUNCTION monetary(r rfm, as_of date DEFAULT NULL) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rfm_monetary' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monetary(rfm, date) IS 'mean sum of the repeat purchase days (the first one left out) that have a positive sum, in the unit of the amounts: free days and returns do not enter; up to as_of, without it of all; NULL without such a day, or for NULL; 22023 for an infinite as_of';
CREATE FUNCTION purchase_days(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_purchase_days' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION purchase_days(rfm, date) IS 'number of days with a sum of zero or more: frequency + 1; up to as_of, without it of all; 0 where there is none, NULL for NULL; 22023 for an infinite as_of';
CREATE FUNCTION free_days(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_free_days' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION free_days(rfm, date) IS 'number of purchase days with a sum of exactly zero: they count in frequency and not in monetary; up to as_of, without it of all; 0 where there is none, NULL for NULL; 22023 for an infinite as_of';
CREATE FUNCTION returns(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_returns' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION returns(rfm, date) IS 'number of days with a negative sum: they count neither in frequency nor in recency nor in monetary; up to as_of, without it of all; 0 where there is none, NULL for NULL; 22023 for an infinite as_of';
CREATE FUNCTION amount_total(r rfm, as_of date DEFAULT NULL) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rfm_amount_total' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION amount_total(rfm, date) IS 'sum of all amounts up to as_of, refunds deducted, without as_of of all; NULL without a day by then, or for NULL; 22003 where it needs more than 38 digits, 22023 for an infinite as_of';

-- Predictive customer lifetime value: src/model/

-- A base type of ours: text and binary forms, equality, hashing, order.  clv_model, a fitted model of purchases (bg/nbd, mbg/nbd, pareto/nbd; time in days), with one of their value (gamma-gamma) where the data have it, or of contracts (sbg): parameters, standard errors, log-likelihood, customers.
CREATE TYPE clv_model;

CREATE FUNCTION clv_model_in(cstring) RETURNS clv_model
	AS 'MODULE_PATHNAME', 'kpi_clv_model_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION clv_model_out(clv_model) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_clv_model_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_out(clv_model) IS 'writes the text form, lossless';
CREATE FUNCTION clv_model_recv(internal) RETURNS clv_model
	AS 'MODULE_PATHNAME', 'kpi_clv_model_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION clv_model_send(clv_model) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_clv_model_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_send(clv_model) IS 'writes the binary form, lossless and versioned';

CREATE TYPE clv_model (
	INPUT = clv_model_in, OUTPUT = clv_model_out, RECEIVE = clv_model_recv, SEND = clv_model_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE clv_model IS 'a fitted model of purchases (bg/nbd, mbg/nbd, pareto/nbd; time in days), with one of their value (gamma-gamma) where the data have it, or of contracts (sbg): parameters, standard errors, log-likelihood, customers';

CREATE FUNCTION clv_model_eq(clv_model, clv_model) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_eq(clv_model, clv_model) IS 'equal';
CREATE FUNCTION clv_model_ne(clv_model, clv_model) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_ne(clv_model, clv_model) IS 'not equal';
CREATE FUNCTION clv_model_lt(clv_model, clv_model) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_lt(clv_model, clv_model) IS 'before in bytewise order';
CREATE FUNCTION clv_model_le(clv_model, clv_model) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_le(clv_model, clv_model) IS 'before in bytewise order or equal';
CREATE FUNCTION clv_model_gt(clv_model, clv_model) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_gt(clv_model, clv_model) IS 'after in bytewise order';
CREATE FUNCTION clv_model_ge(clv_model, clv_model) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_ge(clv_model, clv_model) IS 'after in bytewise order or equal';
CREATE FUNCTION clv_model_cmp(clv_model, clv_model) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_cmp(clv_model, clv_model) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION clv_model_hash(clv_model) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_hash(clv_model) IS 'hash of the value';
CREATE FUNCTION clv_model_hash_extended(clv_model, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_model_hash_extended(clv_model, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = clv_model, RIGHTARG = clv_model, FUNCTION = clv_model_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (clv_model, clv_model) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = clv_model, RIGHTARG = clv_model, FUNCTION = clv_model_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (clv_model, clv_model) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = clv_model, RIGHTARG = clv_model, FUNCTION = clv_model_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (clv_model, clv_model) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = clv_model, RIGHTARG = clv_model, FUNCTION = clv_model_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (clv_model, clv_model) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = clv_model, RIGHTARG = clv_model, FUNCTION = clv_model_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (clv_model, clv_model) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = clv_model, RIGHTARG = clv_model, FUNCTION = clv_model_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (clv_model, clv_model) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS clv_model_ops DEFAULT FOR TYPE clv_model USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 clv_model_cmp(clv_model, clv_model);
COMMENT ON OPERATOR CLASS clv_model_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS clv_model_ops DEFAULT FOR TYPE clv_model USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 clv_model_hash(clv_model),
	FUNCTION 2 clv_model_hash_extended(clv_model, bigint);
COMMENT ON OPERATOR CLASS clv_model_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY clv_model_ops USING btree IS 'of the operator class clv_model_ops';
COMMENT ON OPERATOR FAMILY clv_model_ops USING hash IS 'of the operator class clv_model_ops';

-- A base type of ours: text and binary forms, equality, hashing, order.  clv_sample, state of clv_fit(): how many customers there are of each frequency, recency and age, and of each number and mean value of repeat purchases; as_of and model.
CREATE TYPE clv_sample;

CREATE FUNCTION clv_sample_in(cstring) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION clv_sample_out(clv_sample) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_out(clv_sample) IS 'writes the text form, lossless';
CREATE FUNCTION clv_sample_recv(internal) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION clv_sample_send(clv_sample) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_send(clv_sample) IS 'writes the binary form, lossless and versioned';

CREATE TYPE clv_sample (
	INPUT = clv_sample_in, OUTPUT = clv_sample_out, RECEIVE = clv_sample_recv, SEND = clv_sample_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE clv_sample IS 'state of clv_fit(): how many customers there are of each frequency, recency and age, and of each number and mean value of repeat purchases; as_of and model';

CREATE FUNCTION clv_sample_eq(clv_sample, clv_sample) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_eq(clv_sample, clv_sample) IS 'equal';
CREATE FUNCTION clv_sample_ne(clv_sample, clv_sample) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_ne(clv_sample, clv_sample) IS 'not equal';
CREATE FUNCTION clv_sample_lt(clv_sample, clv_sample) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_lt(clv_sample, clv_sample) IS 'before in bytewise order';
CREATE FUNCTION clv_sample_le(clv_sample, clv_sample) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_le(clv_sample, clv_sample) IS 'before in bytewise order or equal';
CREATE FUNCTION clv_sample_gt(clv_sample, clv_sample) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_gt(clv_sample, clv_sample) IS 'after in bytewise order';
CREATE FUNCTION clv_sample_ge(clv_sample, clv_sample) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_ge(clv_sample, clv_sample) IS 'after in bytewise order or equal';
CREATE FUNCTION clv_sample_cmp(clv_sample, clv_sample) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_cmp(clv_sample, clv_sample) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION clv_sample_hash(clv_sample) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_hash(clv_sample) IS 'hash of the value';
CREATE FUNCTION clv_sample_hash_extended(clv_sample, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_hash_extended(clv_sample, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = clv_sample, RIGHTARG = clv_sample, FUNCTION = clv_sample_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (clv_sample, clv_sample) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = clv_sample, RIGHTARG = clv_sample, FUNCTION = clv_sample_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (clv_sample, clv_sample) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = clv_sample, RIGHTARG = clv_sample, FUNCTION = clv_sample_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (clv_sample, clv_sample) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = clv_sample, RIGHTARG = clv_sample, FUNCTION = clv_sample_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (clv_sample, clv_sample) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = clv_sample, RIGHTARG = clv_sample, FUNCTION = clv_sample_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (clv_sample, clv_sample) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = clv_sample, RIGHTARG = clv_sample, FUNCTION = clv_sample_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (clv_sample, clv_sample) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS clv_sample_ops DEFAULT FOR TYPE clv_sample USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 clv_sample_cmp(clv_sample, clv_sample);
COMMENT ON OPERATOR CLASS clv_sample_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS clv_sample_ops DEFAULT FOR TYPE clv_sample USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 clv_sample_hash(clv_sample),
	FUNCTION 2 clv_sample_hash_extended(clv_sample, bigint);
COMMENT ON OPERATOR CLASS clv_sample_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY clv_sample_ops USING btree IS 'of the operator class clv_sample_ops';
COMMENT ON OPERATOR FAMILY clv_sample_ops USING hash IS 'of the operator class clv_sample_ops';

-- A base type of ours: text and binary forms, equality, hashing, order.  clv_history, state of the aggregate clv(): the exact sum of amounts of each (customer, day), as_of and horizon; text and uuid customers as 64-bit hashes.
CREATE TYPE clv_history;

CREATE FUNCTION clv_history_in(cstring) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION clv_history_out(clv_history) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_clv_history_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_out(clv_history) IS 'writes the text form, lossless';
CREATE FUNCTION clv_history_recv(internal) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION clv_history_send(clv_history) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_clv_history_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_send(clv_history) IS 'writes the binary form, lossless and versioned';

CREATE TYPE clv_history (
	INPUT = clv_history_in, OUTPUT = clv_history_out, RECEIVE = clv_history_recv, SEND = clv_history_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE clv_history IS 'state of the aggregate clv(): the exact sum of amounts of each (customer, day), as_of and horizon; text and uuid customers as 64-bit hashes';

CREATE FUNCTION clv_history_eq(clv_history, clv_history) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_eq(clv_history, clv_history) IS 'equal';
CREATE FUNCTION clv_history_ne(clv_history, clv_history) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_ne(clv_history, clv_history) IS 'not equal';
CREATE FUNCTION clv_history_lt(clv_history, clv_history) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_lt(clv_history, clv_history) IS 'before in bytewise order';
CREATE FUNCTION clv_history_le(clv_history, clv_history) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_le(clv_history, clv_history) IS 'before in bytewise order or equal';
CREATE FUNCTION clv_history_gt(clv_history, clv_history) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_gt(clv_history, clv_history) IS 'after in bytewise order';
CREATE FUNCTION clv_history_ge(clv_history, clv_history) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_ge(clv_history, clv_history) IS 'after in bytewise order or equal';
CREATE FUNCTION clv_history_cmp(clv_history, clv_history) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_cmp(clv_history, clv_history) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION clv_history_hash(clv_history) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_hash(clv_history) IS 'hash of the value';
CREATE FUNCTION clv_history_hash_extended(clv_history, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_hash_extended(clv_history, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = clv_history, RIGHTARG = clv_history, FUNCTION = clv_history_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (clv_history, clv_history) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = clv_history, RIGHTARG = clv_history, FUNCTION = clv_history_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (clv_history, clv_history) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = clv_history, RIGHTARG = clv_history, FUNCTION = clv_history_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (clv_history, clv_history) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = clv_history, RIGHTARG = clv_history, FUNCTION = clv_history_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (clv_history, clv_history) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = clv_history, RIGHTARG = clv_history, FUNCTION = clv_history_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (clv_history, clv_history) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = clv_history, RIGHTARG = clv_history, FUNCTION = clv_history_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (clv_history, clv_history) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS clv_history_ops DEFAULT FOR TYPE clv_history USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 clv_history_cmp(clv_history, clv_history);
COMMENT ON OPERATOR CLASS clv_history_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS clv_history_ops DEFAULT FOR TYPE clv_history USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 clv_history_hash(clv_history),
	FUNCTION 2 clv_history_hash_extended(clv_history, bigint);
COMMENT ON OPERATOR CLASS clv_history_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY clv_history_ops USING btree IS 'of the operator class clv_history_ops';
COMMENT ON OPERATOR FAMILY clv_history_ops USING hash IS 'of the operator class clv_history_ops';


CREATE FUNCTION clv_sample_add(clv_sample, clv_sample) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_add(clv_sample, clv_sample) IS 'combine function of clv_fit: merges two states; 22023 where their parameters differ';
CREATE FUNCTION clv_history_add(clv_history, clv_history) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_add(clv_history, clv_history) IS 'combine function of the aggregate clv: merges two states; 22023 where their parameters differ';

-- Fitting.

CREATE FUNCTION clv_sample_accum(clv_sample, r rfm, as_of date) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_accum(clv_sample, rfm, date) IS 'transition function of clv_fit: adds one customer';
CREATE FUNCTION clv_sample_accum(clv_sample, r rfm, as_of date, model text) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_accum_model' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_accum(clv_sample, rfm, date, text) IS 'transition function of clv_fit: adds one customer';
CREATE FUNCTION clv_fit_final(clv_sample) RETURNS clv_model
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_fit' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_final(clv_sample) IS 'final function of clv_fit: the model, or NULL';

CREATE AGGREGATE clv_fit(r rfm, as_of date) (
	SFUNC = clv_sample_accum, STYPE = clv_sample, SSPACE = 4096, FINALFUNC = clv_fit_final,
	COMBINEFUNC = clv_sample_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv_fit(rfm, date) IS 'maximum likelihood fit over customers, one rfm each, as known on as_of, of bg/nbd (Fader, Hardie, Lee 2005); and of gamma-gamma to the mean values of repeat purchases, left out with fewer than 10 such customers or without an optimum. Customers without a purchase by as_of and NULL are left out. NULL with fewer than 10 customers who bought again; NULL with a WARNING that names the parameter where there is no finite optimum; 22023 for an as_of or model that is NULL, differs from row to row, is infinite or unknown; 22000 where no fit was reached; 54000 beyond 512 MB';
CREATE AGGREGATE clv_fit(r rfm, as_of date, model text) (
	SFUNC = clv_sample_accum, STYPE = clv_sample, SSPACE = 4096, FINALFUNC = clv_fit_final,
	COMBINEFUNC = clv_sample_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv_fit(rfm, date, text) IS 'maximum likelihood fit over customers, one rfm each, as known on as_of, of the model named: bg/nbd, mbg/nbd (one-time buyers may be lost too; Batislam et al. 2007) or pareto/nbd (Schmittlein et al. 1987); and of gamma-gamma to the mean values of repeat purchases, left out with fewer than 10 such customers or without an optimum. Customers without a purchase by as_of and NULL are left out. NULL with fewer than 10 customers who bought again; NULL with a WARNING that names the parameter where there is no finite optimum; 22023 for an as_of or model that is NULL, differs from row to row, is infinite or unknown; 22000 where no fit was reached; 54000 beyond 512 MB';

CREATE FUNCTION sbg_fit(survivors bigint[]) RETURNS clv_model
	AS 'MODULE_PATHNAME', 'kpi_sbg_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sbg_fit(bigint[]) IS 'shifted beta-geometric model of contracts (Fader, Hardie 2007), by maximum likelihood: survivors are the customers of one cohort left after 0, 1, 2, ... periods. NULL for NULL, with fewer than 3 counts, and where nobody left or all left at once; NULL with a WARNING where there is no finite optimum; 22023 for a NULL count, a negative one, or one above that before it';

-- What a model holds.

CREATE FUNCTION clv_parameters(m clv_model, OUT name text, OUT value double precision, OUT standard_error double precision)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_clv_parameters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 7;
COMMENT ON FUNCTION clv_parameters(clv_model) IS 'the parameters with standard errors: r, alpha, a, b (bg/nbd, mbg/nbd), r, alpha, s, beta (pareto/nbd), alpha, beta (sbg), then p, q, gamma (gamma-gamma) where it has them; alpha and beta of purchases in days, gamma in the unit of money. A 95% interval is value * exp(-/+ 1.96 standard_error / value). No rows for NULL';
CREATE FUNCTION customers(m clv_model) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_clv_model_customers' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customers(clv_model) IS 'number of customers that the model was fitted to; NULL for NULL';
CREATE FUNCTION log_likelihood(m clv_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_clv_model_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_likelihood(clv_model) IS 'log-likelihood of the model of purchases, in days, or of contracts: of several models of the same customers the highest fits best; NULL for NULL';

-- Scores of a customer.

CREATE FUNCTION p_alive(m clv_model, r rfm, as_of date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION p_alive(clv_model, rfm, date) IS 'probability 0..1 that the customer, as known on as_of, will still buy; churn risk is 1 - p_alive. 1 for every one-time buyer under bg/nbd. NULL for NULL, or without a purchase by as_of; 22023 for an infinite as_of or a model of contracts';
CREATE FUNCTION expected_purchases(m clv_model, r rfm, as_of date, horizon interval) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_purchases(clv_model, rfm, date, interval) IS 'purchase days to expect of the customer after as_of, up to as_of + horizon. NULL for NULL, or without a purchase by as_of; 22023 for an infinite as_of, a negative or infinite horizon, or a model of contracts';
CREATE FUNCTION expected_value(m clv_model, r rfm, as_of date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_expected_value_of_rfm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_value(clv_model, rfm, date) IS 'mean value to expect of a future purchase of the customer, in the unit of money: (gamma + x m) p / (p x + q - 1) for x repeat purchases of mean m > 0, which is the population''s mean without one (Fader, Hardie 2013). NULL for NULL, without a purchase by as_of, without a model of value, or where there is no mean (p x + q <= 1); 22023 for an infinite as_of or a model of contracts';
CREATE FUNCTION clv(m clv_model, r rfm, as_of date, horizon interval, discount double precision DEFAULT 0) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_clv_of_rfm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv(clv_model, rfm, date, interval, double precision) IS 'value to expect of the customer''s purchases after as_of, up to as_of + horizon, in the unit of money, each discounted by (1 + discount)^-(years from as_of): expected_value() * discounted expected purchases. NULL for NULL, without a purchase by as_of, or without a value; 22023 for an infinite as_of, a negative or infinite horizon or discount, or a model of contracts';

-- Contracts.

CREATE FUNCTION survival(m clv_model, t integer) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_survival' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival(clv_model, integer) IS 'share 0..1 of customers still there after t periods, by a model of sbg_fit(); NULL for NULL; 22023 for t below 0 or a model of purchases';
CREATE FUNCTION retention(m clv_model, t integer) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_retention' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention(clv_model, integer) IS 'share 0..1 of those there after t - 1 periods who stay for period t, by a model of sbg_fit(); NULL for NULL; 22023 for t below 1 or a model of purchases';
CREATE FUNCTION residual_lifetime(m clv_model, t integer, discount double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_residual_lifetime' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION residual_lifetime(clv_model, integer, double precision) IS 'renewals to expect of a customer who was there for t periods and now decides, the k-th divided by (1 + discount)^(k-1), discount per period (Fader, Hardie 2010): times the margin of a period it is the value to come. NULL for NULL, or where it is infinite (discount 0 and alpha <= 1); 22023 for t below 0, a negative or infinite discount, or a model of purchases';

-- The value of a group's customers in one number.

CREATE FUNCTION clv_history_mean(clv_history) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_clv_history_mean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_mean(clv_history) IS 'final function of the aggregate clv: fits a model and gives the mean of clv() over the customers; NULL for NULL or without a model';

CREATE FUNCTION clv_history_accum(clv_history, customer bigint, at date, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_bigint_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, bigint, date, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer bigint, at date, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(bigint, date, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer bigint, at timestamp, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_bigint_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, bigint, timestamp, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer bigint, at timestamp, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(bigint, timestamp, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer bigint, at timestamptz, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_bigint_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, bigint, timestamptz, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer bigint, at timestamptz, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(bigint, timestamptz, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer uuid, at date, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_uuid_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, uuid, date, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer uuid, at date, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(uuid, date, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer uuid, at timestamp, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_uuid_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, uuid, timestamp, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer uuid, at timestamp, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(uuid, timestamp, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer uuid, at timestamptz, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_uuid_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, uuid, timestamptz, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer uuid, at timestamptz, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(uuid, timestamptz, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer text, at date, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_text_date' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, text, date, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer text, at date, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(text, date, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer text, at timestamp, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_text_timestamp' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, text, timestamp, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer text, at timestamp, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(text, timestamp, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
CREATE FUNCTION clv_history_accum(clv_history, customer text, at timestamptz, amount numeric, as_of date, horizon interval) RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_text_timestamptz' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, text, timestamptz, numeric, date, interval) IS 'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer text, at timestamptz, amount numeric, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(text, timestamptz, numeric, date, interval) IS 'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group. A row with customer, at or amount NULL is ignored. NULL with fewer than 10 customers who bought again, without a model of value or with one that has no mean; NULL with a WARNING where there is no finite optimum; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite time; 22003 for NaN, infinity, more than 20 digits after the point or 38 in all; 54000 beyond 512 MB';
-- Business hours: src/calendar/business_hours.c

-- A base type of ours: text and binary forms, equality, hashing, order.  business_hours, when a business is open, by weekday in a time zone: Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @ Asia/Shanghai. A day that is not named is closed, 22:00-06:00 runs over midnight and belongs to the day on which it begins, 00:00-24:00 is the whole day; Make-up 10:00-16:00 gives hours to make-up days; 22P02 if it makes no sense.
CREATE TYPE business_hours;

CREATE FUNCTION business_hours_in(cstring) RETURNS business_hours
	AS 'MODULE_PATHNAME', 'kpi_business_hours_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION business_hours_out(business_hours) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_business_hours_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_out(business_hours) IS 'writes the text form, lossless';
CREATE FUNCTION business_hours_recv(internal) RETURNS business_hours
	AS 'MODULE_PATHNAME', 'kpi_business_hours_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION business_hours_send(business_hours) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_business_hours_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_send(business_hours) IS 'writes the binary form, lossless and versioned';

CREATE TYPE business_hours (
	INPUT = business_hours_in, OUTPUT = business_hours_out, RECEIVE = business_hours_recv, SEND = business_hours_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE business_hours IS 'when a business is open, by weekday in a time zone: Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @ Asia/Shanghai. A day that is not named is closed, 22:00-06:00 runs over midnight and belongs to the day on which it begins, 00:00-24:00 is the whole day; Make-up 10:00-16:00 gives hours to make-up days; 22P02 if it makes no sense';

CREATE FUNCTION business_hours_eq(business_hours, business_hours) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_eq(business_hours, business_hours) IS 'equal';
CREATE FUNCTION business_hours_ne(business_hours, business_hours) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_ne(business_hours, business_hours) IS 'not equal';
CREATE FUNCTION business_hours_lt(business_hours, business_hours) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_lt(business_hours, business_hours) IS 'before in bytewise order';
CREATE FUNCTION business_hours_le(business_hours, business_hours) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_le(business_hours, business_hours) IS 'before in bytewise order or equal';
CREATE FUNCTION business_hours_gt(business_hours, business_hours) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_gt(business_hours, business_hours) IS 'after in bytewise order';
CREATE FUNCTION business_hours_ge(business_hours, business_hours) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_ge(business_hours, business_hours) IS 'after in bytewise order or equal';
CREATE FUNCTION business_hours_cmp(business_hours, business_hours) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_cmp(business_hours, business_hours) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION business_hours_hash(business_hours) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_hash(business_hours) IS 'hash of the value';
CREATE FUNCTION business_hours_hash_extended(business_hours, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_hours_hash_extended(business_hours, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = business_hours, RIGHTARG = business_hours, FUNCTION = business_hours_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (business_hours, business_hours) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = business_hours, RIGHTARG = business_hours, FUNCTION = business_hours_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (business_hours, business_hours) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = business_hours, RIGHTARG = business_hours, FUNCTION = business_hours_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (business_hours, business_hours) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = business_hours, RIGHTARG = business_hours, FUNCTION = business_hours_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (business_hours, business_hours) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = business_hours, RIGHTARG = business_hours, FUNCTION = business_hours_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (business_hours, business_hours) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = business_hours, RIGHTARG = business_hours, FUNCTION = business_hours_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (business_hours, business_hours) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS business_hours_ops DEFAULT FOR TYPE business_hours USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 business_hours_cmp(business_hours, business_hours);
COMMENT ON OPERATOR CLASS business_hours_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS business_hours_ops DEFAULT FOR TYPE business_hours USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 business_hours_hash(business_hours),
	FUNCTION 2 business_hours_hash_extended(business_hours, bigint);
COMMENT ON OPERATOR CLASS business_hours_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY business_hours_ops USING btree IS 'of the operator class business_hours_ops';
COMMENT ON OPERATOR FAMILY business_hours_ops USING hash IS 'of the operator class business_hours_ops';


CREATE FUNCTION time_zone(business_hours) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_business_hours_time_zone' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION time_zone(business_hours) IS 'name of the time zone of the hours';
CREATE FUNCTION weekly_time(business_hours) RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_weekly_time' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weekly_time(business_hours) IS 'open time of a week without holidays, in hours and smaller units';
CREATE FUNCTION weekly_seconds(business_hours) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_weekly_seconds' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weekly_seconds(business_hours) IS 'weekly_time() in seconds';
CREATE FUNCTION opening_hours(hours business_hours,
	OUT weekday integer, OUT name text, OUT opens time, OUT closes time, OUT seconds double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_opening_hours' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 7;
COMMENT ON FUNCTION opening_hours(business_hours) IS 'a row for each opening of the week: weekday 1 (Monday) to 7 (Sunday) on which it begins, its name (Mon), when it opens and closes by the clock (closes at or before opens: on the next day), its length in seconds; hours of make-up days are not among them';

CREATE FUNCTION business_time(started timestamptz, ended timestamptz, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_business_time_timestamptz' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_time(timestamptz, timestamptz, business_hours, datemultirange, datemultirange) IS 'open time between two moments, exact to the microsecond, in hours and smaller units; negative if ended is before started. Open is when the clock in the zone of the hours shows a time in them (an hour that it shows twice counts twice, one that it skips not at all). holidays are dates without openings; workdays are make-up dates that are open, holiday or not: with the hours of their weekday, or where it is closed those written after Make-up, else those that most weekdays have. An opening over midnight goes with the date on which it begins. NULL for NULL; 22023 for infinity';
CREATE FUNCTION business_seconds(started timestamptz, ended timestamptz, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_business_seconds_timestamptz' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_seconds(timestamptz, timestamptz, business_hours, datemultirange, datemultirange) IS 'business_time() in seconds';
CREATE FUNCTION add_business_time(at timestamptz, open_time interval, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'kpi_add_business_time_timestamptz' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION add_business_time(timestamptz, interval, business_hours, datemultirange, datemultirange) IS 'when so much open time has passed since at (the due time of a service level): the first moment with business_time(at, it) = open_time, so at closing time rather than at the next opening; at itself for 0; for a negative open_time the last moment so much open time before at. NULL for NULL; 22023 for infinity and for an open_time with days or months, 22008 if it is never reached';
CREATE FUNCTION is_business_time(at timestamptz, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_is_business_time_timestamptz' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_business_time(timestamptz, business_hours, datemultirange, datemultirange) IS 'whether the business is open: true at the moment of opening, false at that of closing; holidays and workdays as in business_time(). NULL for NULL; 22023 for infinity';
CREATE FUNCTION business_time(started timestamp, ended timestamp, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS interval
	AS 'MODULE_PATHNAME', 'kpi_business_time_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_time(timestamp, timestamp, business_hours, datemultirange, datemultirange) IS 'open time between two local times of the zone of the hours, exact to the microsecond, in hours and smaller units; negative if ended is before started. Open is when the clock in the zone of the hours shows a time in them (an hour that it shows twice counts twice, one that it skips not at all). holidays are dates without openings; workdays are make-up dates that are open, holiday or not: with the hours of their weekday, or where it is closed those written after Make-up, else those that most weekdays have. An opening over midnight goes with the date on which it begins. NULL for NULL; 22023 for infinity';
CREATE FUNCTION business_seconds(started timestamp, ended timestamp, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_business_seconds_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_seconds(timestamp, timestamp, business_hours, datemultirange, datemultirange) IS 'business_time() in seconds';
CREATE FUNCTION add_business_time(at timestamp, open_time interval, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS timestamp
	AS 'MODULE_PATHNAME', 'kpi_add_business_time_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION add_business_time(timestamp, interval, business_hours, datemultirange, datemultirange) IS 'when so much open time has passed since at (the due time of a service level): the first moment with business_time(at, it) = open_time, so at closing time rather than at the next opening; at itself for 0; for a negative open_time the last moment so much open time before at. NULL for NULL; 22023 for infinity and for an open_time with days or months, 22008 if it is never reached';
CREATE FUNCTION is_business_time(at timestamp, hours business_hours, holidays datemultirange DEFAULT '{}', workdays datemultirange DEFAULT '{}') RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_is_business_time_timestamp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_business_time(timestamp, business_hours, datemultirange, datemultirange) IS 'whether the business is open: true at the moment of opening, false at that of closing; holidays and workdays as in business_time(). NULL for NULL; 22023 for infinity';
-- Targets: src/target/target.c

-- A base type of ours: text and binary forms, equality, hashing, order.  kpi_target, what a KPI should reach, in its own unit: >= 50 warn 40 from 30 (higher is better, amber from 40, baseline 30), <= 4 warn 6 (lower is better), [10,20] warn [8,25] (a range); all limits inclusive, % after a number divides it by 100; 22P02 if it makes no sense.
CREATE TYPE kpi_target;

CREATE FUNCTION kpi_target_in(cstring) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_kpi_target_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION kpi_target_out(kpi_target) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_kpi_target_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_out(kpi_target) IS 'writes the text form, lossless';
CREATE FUNCTION kpi_target_recv(internal) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_kpi_target_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION kpi_target_send(kpi_target) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_kpi_target_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_send(kpi_target) IS 'writes the binary form, lossless and versioned';

CREATE TYPE kpi_target (
	INPUT = kpi_target_in, OUTPUT = kpi_target_out, RECEIVE = kpi_target_recv, SEND = kpi_target_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE kpi_target IS 'what a KPI should reach, in its own unit: >= 50 warn 40 from 30 (higher is better, amber from 40, baseline 30), <= 4 warn 6 (lower is better), [10,20] warn [8,25] (a range); all limits inclusive, % after a number divides it by 100; 22P02 if it makes no sense';

CREATE FUNCTION kpi_target_eq(kpi_target, kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_eq(kpi_target, kpi_target) IS 'equal';
CREATE FUNCTION kpi_target_ne(kpi_target, kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_ne(kpi_target, kpi_target) IS 'not equal';
CREATE FUNCTION kpi_target_lt(kpi_target, kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_lt(kpi_target, kpi_target) IS 'before in bytewise order';
CREATE FUNCTION kpi_target_le(kpi_target, kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_le(kpi_target, kpi_target) IS 'before in bytewise order or equal';
CREATE FUNCTION kpi_target_gt(kpi_target, kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_gt(kpi_target, kpi_target) IS 'after in bytewise order';
CREATE FUNCTION kpi_target_ge(kpi_target, kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_ge(kpi_target, kpi_target) IS 'after in bytewise order or equal';
CREATE FUNCTION kpi_target_cmp(kpi_target, kpi_target) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_cmp(kpi_target, kpi_target) IS 'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION kpi_target_hash(kpi_target) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_hash(kpi_target) IS 'hash of the value';
CREATE FUNCTION kpi_target_hash_extended(kpi_target, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_hash_extended(kpi_target, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = kpi_target, RIGHTARG = kpi_target, FUNCTION = kpi_target_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (kpi_target, kpi_target) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = kpi_target, RIGHTARG = kpi_target, FUNCTION = kpi_target_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (kpi_target, kpi_target) IS 'not equal';
CREATE OPERATOR < (
	LEFTARG = kpi_target, RIGHTARG = kpi_target, FUNCTION = kpi_target_lt,
	COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (kpi_target, kpi_target) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR <= (
	LEFTARG = kpi_target, RIGHTARG = kpi_target, FUNCTION = kpi_target_le,
	COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (kpi_target, kpi_target) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR > (
	LEFTARG = kpi_target, RIGHTARG = kpi_target, FUNCTION = kpi_target_gt,
	COMMUTATOR = <, NEGATOR = <=, RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (kpi_target, kpi_target) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
CREATE OPERATOR >= (
	LEFTARG = kpi_target, RIGHTARG = kpi_target, FUNCTION = kpi_target_ge,
	COMMUTATOR = <=, NEGATOR = <, RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (kpi_target, kpi_target) IS 'bytewise order, for sorting and grouping; it says nothing about which KPI is better';

CREATE OPERATOR CLASS kpi_target_ops DEFAULT FOR TYPE kpi_target USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 kpi_target_cmp(kpi_target, kpi_target);
COMMENT ON OPERATOR CLASS kpi_target_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS kpi_target_ops DEFAULT FOR TYPE kpi_target USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 kpi_target_hash(kpi_target),
	FUNCTION 2 kpi_target_hash_extended(kpi_target, bigint);
COMMENT ON OPERATOR CLASS kpi_target_ops USING hash IS 'equality of values';
COMMENT ON OPERATOR FAMILY kpi_target_ops USING btree IS 'of the operator class kpi_target_ops';
COMMENT ON OPERATOR FAMILY kpi_target_ops USING hash IS 'of the operator class kpi_target_ops';


CREATE FUNCTION at_least(bound double precision, warn double precision DEFAULT NULL, baseline double precision DEFAULT NULL) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_target_at_least' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION at_least(double precision, double precision, double precision) IS 'target with one bound, higher is better; warn (where amber ends) and baseline (where it started) are optional; NULL without a bound; 22023 if a number is not finite, warn is not worse than the bound, or the baseline already meets it';
CREATE FUNCTION at_most(bound double precision, warn double precision DEFAULT NULL, baseline double precision DEFAULT NULL) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_target_at_most' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION at_most(double precision, double precision, double precision) IS 'target with one bound, lower is better; warn (where amber ends) and baseline (where it started) are optional; NULL without a bound; 22023 if a number is not finite, warn is not worse than the bound, or the baseline already meets it';
CREATE FUNCTION between_target(lo double precision, hi double precision,
	warn_lo double precision DEFAULT NULL, warn_hi double precision DEFAULT NULL) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_target_between' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION between_target(double precision, double precision, double precision, double precision) IS 'target that is met from lo to hi, amber down to warn_lo and up to warn_hi (each optional); NULL without lo or hi; 22023 if a number is not finite, lo > hi, or a warning does not lie outside the range';

CREATE FUNCTION target_value(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION target_lower(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_lower' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION target_upper(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_upper' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION warn_value(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_warn_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION warn_lower(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_warn_lower' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION warn_upper(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_warn_upper' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION baseline(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_baseline' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION target_value(kpi_target) IS 'the bound, or the middle of a range';
COMMENT ON FUNCTION target_lower(kpi_target) IS 'the least value that meets the target; NULL where lower is better';
COMMENT ON FUNCTION target_upper(kpi_target) IS 'the greatest value that meets the target; NULL where higher is better';
COMMENT ON FUNCTION warn_value(kpi_target) IS 'the worst value that is still amber, of a target with one bound; NULL without a warning, and for a range, which has warn_lower() and warn_upper()';
COMMENT ON FUNCTION warn_lower(kpi_target) IS 'the least value that is still amber; NULL if nothing below the target is amber';
COMMENT ON FUNCTION warn_upper(kpi_target) IS 'the greatest value that is still amber; NULL if nothing above the target is amber';
COMMENT ON FUNCTION baseline(kpi_target) IS 'the value that progress is counted from; NULL without one';
CREATE FUNCTION direction(kpi_target) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_target_direction' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION direction(kpi_target) IS 'higher (is better), lower (is better) or range';
-- How a value stands against a target: src/target/status.c

CREATE TYPE kpi_status AS ENUM ('red', 'amber', 'uncertain', 'green', 'pending', 'no_data');
COMMENT ON TYPE kpi_status IS 'how a KPI stands: red, amber, uncertain (a confidence interval that lies in more than one colour), green, pending (too early or too few rows to judge), no_data; min() is the worst';

CREATE FUNCTION kpi_status(actual double precision, target kpi_target) RETURNS kpi_status
	AS 'MODULE_PATHNAME', 'kpi_target_status' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_status(double precision, kpi_target) IS 'green if the target is met, amber within its warning, else red; no_data if actual is NULL or NaN; NULL without a target';
CREATE FUNCTION kpi_interval_status(lower double precision, upper double precision, target kpi_target) RETURNS kpi_status
	AS 'MODULE_PATHNAME', 'kpi_target_interval_status' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_interval_status(double precision, double precision, kpi_target) IS 'status of a value that is known to lie between lower and upper, ends included: uncertain unless all of it is green, or amber or red on one side; no_data if an end is NULL or NaN; NULL without a target; 22023 if lower > upper';

CREATE FUNCTION kpi_target_met(target kpi_target, actual double precision) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_target_met' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_met(kpi_target, double precision) IS 'whether the value meets the target, bounds included; false for NaN, NULL for NULL';
CREATE FUNCTION kpi_target_meets(actual double precision, target kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_target_meets' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_meets(double precision, kpi_target) IS 'whether the value meets the target, bounds included; false for NaN, NULL for NULL';
-- without an estimator half of the rows are expected to match, which is the right guess here
CREATE OPERATOR @> (LEFTARG = kpi_target, RIGHTARG = double precision, FUNCTION = kpi_target_met, COMMUTATOR = <@);
COMMENT ON OPERATOR @> (kpi_target, double precision) IS 'the target is met by the value';
CREATE OPERATOR <@ (LEFTARG = double precision, RIGHTARG = kpi_target, FUNCTION = kpi_target_meets, COMMUTATOR = @>);
COMMENT ON OPERATOR <@ (double precision, kpi_target) IS 'the value meets the target';

CREATE FUNCTION attainment(actual double precision, target kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_attainment' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION gap(actual double precision, target kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_gap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION deviation(actual double precision, target kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_deviation' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION deviation_pct(actual double precision, target kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_deviation_pct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attainment(double precision, kpi_target) IS 'share of the target that is reached, as a fraction: at least 1 exactly when met, below 0 possible. With a baseline (actual - baseline) / (bound - baseline); else 1 - shortfall / |violated bound|, where a surplus over a single bound counts above 1 and a range gives 1 inside. With a bound of 0 and no baseline: 1 when met, else NULL. NULL for NULL or NaN; 22003 if it overflows';
COMMENT ON FUNCTION gap(double precision, kpi_target) IS 'distance still to go, in the unit of the KPI, never negative: 0 when met; NULL for NULL or NaN; 22003 if it overflows';
COMMENT ON FUNCTION deviation(double precision, kpi_target) IS 'actual - bound, in the unit of the KPI, with its sign; of a range the violated bound, 0 inside; NULL for NULL or NaN; 22003 if it overflows';
COMMENT ON FUNCTION deviation_pct(double precision, kpi_target) IS 'deviation() / |bound| as a fraction (0.1 is 10 percent above); NULL for a bound of 0, NULL or NaN; 0 inside a range; 22003 if it overflows';
-- Status of a summary: whether its confidence interval lies in one colour.
-- SQL, since src/target and src/summary do not know each other.

CREATE FUNCTION kpi_status(s nps_summary, target kpi_target, confidence double precision) RETURNS kpi_status
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN confidence IS NOT NULL THEN
		kpi_interval_status(nps_lower(s, confidence), nps_upper(s, confidence), target) END;
COMMENT ON FUNCTION kpi_status(nps_summary, kpi_target, double precision) IS 'status by the confidence interval of nps_interval(): uncertain unless all of it is green, or amber or red on one side; no_data for a NULL or empty summary; NULL without a target or a confidence; 22023 unless 0 < confidence < 1';
CREATE FUNCTION kpi_status(s rate_summary, target kpi_target, confidence double precision) RETURNS kpi_status
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN confidence IS NOT NULL THEN
		kpi_interval_status(rate_lower(s, confidence), rate_upper(s, confidence), target) END;
COMMENT ON FUNCTION kpi_status(rate_summary, kpi_target, double precision) IS 'status by the confidence interval of rate_interval(): uncertain unless all of it is green, or amber or red on one side; no_data for a NULL or empty summary; NULL without a target or a confidence; 22023 unless 0 < confidence < 1';
-- Judging a quantity that adds up before its period ends: src/target/pace.c

CREATE FUNCTION expected_progress(target kpi_target, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_expected_progress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_progress(kpi_target, daterange, date) IS 'what a quantity that adds up evenly should have reached by the end of the day at: bound * share (of a range the lower bound), or baseline + (bound - baseline) * share, where share = days of during up to and including at / days of during, 1 after the end; NULL while share < 0.1; 22023 if during is empty or unbounded';
CREATE FUNCTION kpi_pace(actual double precision, target kpi_target, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_pace' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_pace(double precision, kpi_target, daterange, date) IS 'attainment() of what has added up so far, against the target with its bounds, warnings and baseline multiplied by the share of during that has passed : for quantities that add up from 0, so that a baseline is last period''s total, not a level to start from as in expected_progress(); at least 1 exactly when the scaled target is met; NULL while share < 0.1, and for NULL or NaN; 22023 if during is empty or unbounded';
CREATE FUNCTION projected(actual double precision, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_projected' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION projected(double precision, daterange, date) IS 'what actual becomes by the end of during if it goes on evenly: actual / share (see expected_progress); NULL while share < 0.1, and for NULL or NaN; 22023 if during is empty or unbounded';
CREATE FUNCTION required_rate(actual double precision, target kpi_target, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_required_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION required_rate(double precision, kpi_target, daterange, date) IS 'amount needed on each remaining day of during (those after at) to meet the target, with its sign: (bound - actual) / remaining days; 0 when met, NULL when not met and no day is left, all days remain before the start. It is given from the first day on, also while share < 0.1. NULL for NULL or NaN; 22023 if during is empty or unbounded';

CREATE FUNCTION kpi_scaled_target(target kpi_target, part double precision, whole double precision) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_scaled_target' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_scaled_target(kpi_target, double precision, double precision) IS 'the target with its bounds, warnings and baseline multiplied by part / whole: what a quantity that adds up should have reached by then, so that attainment() against it is kpi_pace(); NULL for NULL; 22023 unless 0 < part <= whole';
-- Text bars: src/target/bullet.c

CREATE FUNCTION bullet(actual double precision, target kpi_target, width integer DEFAULT 20) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_bullet' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bullet(double precision, kpi_target, integer) IS 'text bar of width characters from 0 to actual with a marker at each bound, in block characters where the database is UTF8, else in ASCII; no bar if actual is NULL or NaN; NULL without a target or a width; 22023 unless width is 5..200';
-- Weights of KPIs: src/target/weights.c

CREATE FUNCTION entropy_weights(matrix double precision[]) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'kpi_entropy_weights' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION entropy_weights(double precision[]) IS 'weights of KPIs by how much units differ in them, in the order of the columns, adding to 1: matrix[unit][KPI], higher better, as by array_agg(ARRAY[a, b]). d / sum(d) with d = 1 - H/ln(units), H the entropy of a KPI''s shares x/sum(x) (Shannon). A KPI in which all units are equal weighs 0; NULL for a single unit, or where all KPIs are so. 22023 for other than 2 dimensions, a value that is NULL, negative or not finite';
CREATE FUNCTION ahp_weights(matrix double precision[], OUT weights double precision[], OUT lambda double precision, OUT consistency_ratio double precision) RETURNS record
	AS 'MODULE_PATHNAME', 'kpi_ahp_weights' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ahp_weights(double precision[]) IS 'weights of KPIs from comparisons in pairs (analytic hierarchy process, Saaty): matrix[i][j] says how many times KPI i matters as much as j (1 to 9, or 1.0/9 to 1). weights: principal eigenvector, adding to 1; lambda: its eigenvalue; consistency_ratio: (lambda - n)/(n - 1)/random index, to be below 0.1; 0 for 1 or 2 KPIs, NULL above 10, for which there is no random index. 22023 unless the matrix is square, positive, 1 on the diagonal, and a pair''s product within 5 % of 1; 54000 above 100 KPIs';
-- Why a figure moved: effects that add up to the change. src/target/bridge.c checks the arrays.
-- Operators stand between operands of one type, for which pg_catalog has an exact match that nothing can shadow.

CREATE FUNCTION bridge_check(labels text[], a numeric[], b numeric[], c numeric[], d numeric[]) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_bridge_check' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION bridge_check(text[], numeric[], numeric[], numeric[], numeric[]) IS 'true; used by ratio_bridge() and price_volume_mix(). 22023 unless all arrays have one dimension and the same length, and all numbers are finite';

CREATE FUNCTION bridge_quotient(dividend numeric, divisor numeric, places integer) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	-- adding 0.000... makes the division go on for as many places
	RETURN pg_catalog.round((dividend OPERATOR(pg_catalog.+) pg_catalog.round(0::numeric, places OPERATOR(pg_catalog.+) 4))
		OPERATOR(pg_catalog./) NULLIF(divisor, 0::numeric), places);
COMMENT ON FUNCTION bridge_quotient(numeric, numeric, integer) IS 'dividend / divisor to a number of places after the point; used by ratio_bridge() and price_volume_mix(). NULL for divisor 0';

-- n, d: a segment's numerator and denominator, tn and td: the totals; 0 before, 1 after. Each effect is one fraction:
-- mix = (d1/td1 - d0/td0)(n0/d0 - tn0/td0), rate = d1/td1 (n1/d1 - n0/d0); with d0 or d1 = 0 mix = (n1 - R d1)/td1 - (n0 - R d0)/td0.
CREATE FUNCTION ratio_bridge(segment text[], numerator_before numeric[], denominator_before numeric[], numerator_after numeric[], denominator_after numeric[],
	OUT segment text, OUT ratio_before numeric, OUT ratio_after numeric, OUT share_before numeric, OUT share_after numeric,
	OUT mix_effect numeric, OUT rate_effect numeric, OUT effect numeric) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH part AS (
		SELECT s, pg_catalog.min(o) AS o, pg_catalog.sum(a) AS known0, coalesce(pg_catalog.sum(a), 0::numeric) AS n0, coalesce(pg_catalog.sum(b), 0::numeric) AS d0,
			pg_catalog.sum(c) AS known1, coalesce(pg_catalog.sum(c), 0::numeric) AS n1, coalesce(pg_catalog.sum(d), 0::numeric) AS d1
		FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS u(s, a, b, c, d, o)
		WHERE bridge_check($1, $2, $3, $4, $5) GROUP BY s
	), whole AS (
		SELECT pg_catalog.sum(known0) AS tn0, pg_catalog.sum(d0) AS td0, pg_catalog.sum(known1) AS tn1, pg_catalog.sum(d1) AS td1 FROM part
	), whole_change AS (
		SELECT *, tn1 / NULLIF(td1, 0::numeric) - tn0 / NULLIF(td0, 0::numeric) AS change FROM whole
	), effects AS (
		SELECT *,
			CASE WHEN d0 <> 0::numeric AND d1 <> 0::numeric
				THEN bridge_quotient((d1 * td0 - d0 * td1) * (n0 * td0 - tn0 * d0), td0 * td0 * td1 * d0, pg_catalog.scale(change))
				ELSE bridge_quotient((n1 * td0 - tn0 * d1) * td0 - (n0 * td0 - tn0 * d0) * td1, td0 * td0 * td1, pg_catalog.scale(change)) END AS mix,
			CASE WHEN d0 <> 0::numeric AND d1 <> 0::numeric
				THEN bridge_quotient(n1 * d0 - n0 * d1, d0 * td1, pg_catalog.scale(change))
				ELSE pg_catalog.round(0::numeric, pg_catalog.scale(change)) END AS rate
		FROM part CROSS JOIN whole_change
	), remainder AS (
		-- what rounding leaves over goes to the largest figure
		SELECT *, CASE WHEN pg_catalog.row_number() OVER (ORDER BY GREATEST(pg_catalog.abs(mix), pg_catalog.abs(rate)) DESC NULLS LAST, o) = 1::bigint
			THEN change - pg_catalog.sum(mix + rate) OVER () ELSE 0::numeric END AS left_over
		FROM effects
	), exact AS (
		SELECT *, CASE WHEN pg_catalog.abs(mix) >= pg_catalog.abs(rate) THEN mix + left_over ELSE mix END AS m,
			CASE WHEN pg_catalog.abs(mix) >= pg_catalog.abs(rate) THEN rate ELSE rate + left_over END AS r
		FROM remainder
	)
	SELECT s, known0 / NULLIF(d0, 0::numeric), known1 / NULLIF(d1, 0::numeric), d0 / NULLIF(td0, 0::numeric), d1 / NULLIF(td1, 0::numeric),
		pg_catalog.trim_scale(m), pg_catalog.trim_scale(r), pg_catalog.trim_scale(m + r)
	FROM exact ORDER BY o;
END;
COMMENT ON FUNCTION ratio_bridge(text[], numeric[], numeric[], numeric[], numeric[]) IS 'why a ratio of sums moved, a row a segment: mix_effect = (share_after - share_before) * (ratio_before - overall ratio before), rate_effect = share_after * (ratio_after - ratio_before), effect = both, in the unit of the ratio; shares are of the denominators, 0..1. The effects add up to sum(numerator_after)/sum(denominator_after) - sum(numerator_before)/sum(denominator_before) digit for digit: what rounding leaves over is in the largest figure. A segment without a denominator before or after is all mix effect. NULL numbers add nothing, a segment listed twice is summed; effects are NULL where a total denominator is 0 or no numerator is known; no rows for a NULL array. 22023 unless the arrays have one length and finite numbers. Shift-share analysis (E. S. Dunn 1960), the mix measured against the overall ratio';

-- q, v: a product's quantity and revenue, tq and tv: the totals of products with a quantity before and after; 0 before, 1 after.
CREATE FUNCTION price_volume_mix(product text[], quantity_before numeric[], revenue_before numeric[], quantity_after numeric[], revenue_after numeric[],
	OUT product text, OUT price_effect numeric, OUT volume_effect numeric, OUT mix_effect numeric, OUT new numeric, OUT lost numeric, OUT change numeric) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH part AS (
		SELECT s, pg_catalog.min(o) AS o, coalesce(pg_catalog.sum(a), 0::numeric) AS q0, coalesce(pg_catalog.sum(b), 0::numeric) AS v0,
			coalesce(pg_catalog.sum(c), 0::numeric) AS q1, coalesce(pg_catalog.sum(d), 0::numeric) AS v1
		FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS u(s, a, b, c, d, o)
		WHERE bridge_check($1, $2, $3, $4, $5) GROUP BY s
	), kept AS (
		SELECT *, q0 <> 0::numeric AND q1 <> 0::numeric AS stays, GREATEST(pg_catalog.max(pg_catalog.scale(v0)) OVER (), pg_catalog.max(pg_catalog.scale(v1)) OVER (), 16) AS places
		FROM part
	), whole AS (
		SELECT *, pg_catalog.sum(q0) FILTER (WHERE stays) OVER () AS tq0, pg_catalog.sum(v0) FILTER (WHERE stays) OVER () AS tv0,
			pg_catalog.sum(q1) FILTER (WHERE stays) OVER () AS tq1
		FROM kept
	), effects AS (
		SELECT *,
			CASE WHEN stays THEN bridge_quotient(v1 * q0 - v0 * q1, q0, places) ELSE 0::numeric END AS price,
			CASE WHEN stays AND tq0 <> 0::numeric
				THEN bridge_quotient((q1 * tq0 - q0 * tq1) * (v0 * tq0 - tv0 * q0), tq0 * tq0 * q0, places) ELSE 0::numeric END AS mix
		FROM whole
	)
	SELECT s, pg_catalog.trim_scale(price), pg_catalog.trim_scale(CASE WHEN stays THEN v1 - v0 - price - mix ELSE 0::numeric END), pg_catalog.trim_scale(mix),
		CASE WHEN stays THEN 0::numeric ELSE v1 END, CASE WHEN stays THEN 0::numeric ELSE - v0 END, v1 - v0
	FROM effects ORDER BY o;
END;
COMMENT ON FUNCTION price_volume_mix(text[], numeric[], numeric[], numeric[], numeric[]) IS 'why revenue moved, a row a product, in money: price_effect = (price after - price before) * quantity after; mix_effect = (quantity after - quantity before * growth) * (price before - average price before), with growth and average over products sold in both periods; volume_effect = what else the change of quantity brings at the price before; new and lost (negative): the revenue after and before of a product without a quantity in one of the periods. The five add up to change = revenue after - before, digit for digit, by product and in all: volume_effect takes what rounding leaves over. NULL numbers add nothing, a product listed twice is summed; no rows for a NULL array. 22023 unless the arrays have one length and finite numbers';
-- Hiding what is said of few: src/privacy/suppress.c

CREATE FUNCTION suppress(value double precision, n bigint, k integer) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_suppress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suppress(double precision, bigint, integer) IS 'value if n, the number of persons behind it, is at least k, else NULL: suppress(avg(x), count(*), 5). It hides this figure only; one that follows from totals needs suppress_cells(). 22023 for k < 1';
CREATE FUNCTION suppress(value numeric, n bigint, k integer) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_suppress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suppress(numeric, bigint, integer) IS 'value if n, the number of persons behind it, is at least k, else NULL: suppress(avg(x), count(*), 5). It hides this figure only; one that follows from totals needs suppress_cells(). 22023 for k < 1';
CREATE FUNCTION suppress(value bigint, n bigint, k integer) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_suppress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suppress(bigint, bigint, integer) IS 'value if n, the number of persons behind it, is at least k, else NULL: suppress(avg(x), count(*), 5). It hides this figure only; one that follows from totals needs suppress_cells(). 22023 for k < 1';
CREATE FUNCTION suppress(value integer, n bigint, k integer) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_suppress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suppress(integer, bigint, integer) IS 'value if n, the number of persons behind it, is at least k, else NULL: suppress(avg(x), count(*), 5). It hides this figure only; one that follows from totals needs suppress_cells(). 22023 for k < 1';
CREATE FUNCTION suppress_cells(counts bigint[], k integer) RETURNS bigint[]
	AS 'MODULE_PATHNAME', 'kpi_suppress_cells' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION suppress_cells(bigint[], integer) IS 'the table of counts with NULL for counts 1..k-1 and for as many others as it takes that none of them follows from the totals by row, by column and over all, which may be published: each hidden count could be any of at least k numbers, or of all that the totals alone leave where these are fewer (L. H. Cox, complementary cell suppression). 0 counts as harmless and is shown unless it protects another. An array of one dimension is a list with its total. 22023 for k < 1, a NULL or negative count, 3 dimensions, or a count that follows from the totals alone; 54000 beyond a million counts';
-- Control chart: src/series/control.c

CREATE FUNCTION control_chart(at date[], series double precision[], baseline integer DEFAULT NULL,
	OUT at date, OUT value double precision, OUT centre double precision, OUT lower double precision, OUT upper double precision,
	OUT moving_range double precision, OUT range_limit double precision, OUT signal text) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_control_chart' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION control_chart(date[], double precision[], integer) IS 'control chart of individual values and moving ranges (XmR, Wheeler 1993): a row a date with the value, the centre (mean), the limits (centre -+ 2.66 x mean moving range), the moving range (distance from the value before) and its limit (3.268 x mean moving range), all in the unit of the series, and signal: outside (the limits), run of 8 (the last of 8 successive values on one side of the centre), 3 of 4 (one of 3 among 4 successive values nearer to the same limit than to the centre), the first that holds, else NULL. Limits are computed once, from the first baseline values (all values if NULL), and never again after a signal. A NULL value is a gap: no signal, no moving range across it, runs begin anew. Centre is NULL without a value, limits and signals are NULL without a moving range in the baseline. No rows for a NULL array; 22023 for arrays of different length, dates that are NULL, infinite or not ascending, a NaN or infinite value, a baseline under 1; 22003 if a result overflows';
-- Forecast: src/series/forecast.c, smooth.c

CREATE FUNCTION forecast(series double precision[], horizon integer, season integer DEFAULT 1,
	OUT step integer, OUT value double precision, OUT lower double precision, OUT upper double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_forecast' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12 COST 10000;
COMMENT ON FUNCTION forecast(double precision[], integer, integer) IS 'the next values of a series, a row for each step 1..horizon: expected value and 95 % interval, in the unit of the series. Exponential smoothing with additive errors (Hyndman, Koehler, Ord and Snyder 2008), fitted by least squares of the one-step errors, the model chosen by AICc: level or damped trend, without or with an additive season of as many values as season says (7 for days with a week''s rhythm, 12 for months; 1 = none). The season takes part from two whole ones on; a place in it that never had a value is forecast as NULL. A NULL value is missing: the model carries on without an error. Fewer than 5 values give their mean and no interval; a constant series an interval of width 0. No rows for NULL or a series without a value; 22023 for a NaN or infinite value, horizon or season outside 1..10000; 22003 if a result overflows';
-- Leading indicators: src/series/lead_lag.c

CREATE FUNCTION lead_lag(leader double precision[], follower double precision[], max_lag integer,
	OUT lag integer, OUT correlation double precision) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_lead_lag' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION lead_lag(double precision[], double precision[], integer) IS 'how well one series runs ahead of another: a row for each lag 0..max_lag with Pearson''s correlation (-1..1) of leader[t] and follower[t + lag]. A pair with a NULL is left out; NULL with fewer than 3 pairs or where one side does not vary. No rows for a NULL argument; 22023 for arrays of different length, a NaN or infinite value, max_lag outside 0..10000';
-- Sparklines: src/series/sparkline.c

CREATE FUNCTION sparkline(series double precision[]) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_sparkline' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sparkline(double precision[]) IS 'the series as a line of text, a character a value, from the least value (lowest block) to the greatest (full block) in eight equal steps; digits 1..8 instead of blocks where the database is not UTF8. NULL and NaN are a blank, a series that does not vary is half high, infinity is the highest or lowest step; NULL for NULL';
CREATE FUNCTION sparkline(series double precision[], ascii boolean) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_sparkline' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sparkline(double precision[], boolean) IS 'as sparkline(series); with ascii true in digits 1 (lowest) to 8 (highest) in every database; NULL for a NULL argument';
-- The scorecard's tables: definitions, goals, readings, alerts.
--
-- Natural keys and no sequence; parent and guard are names without a foreign key, so that pg_dump can load the rows in
-- any order.  A source is kept as its qualified name: a view that is dropped and built again stays the source, and a dump
-- loads even where the source is created after its data.

CREATE TABLE kpi_definition (
	name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 100 AND name = btrim(name)),
	title text NOT NULL CHECK (btrim(title) <> ''),
	description text NOT NULL DEFAULT '',
	source text NOT NULL CHECK (btrim(source) <> ''),
	unit text NOT NULL CHECK (unit = kpi_unit(unit)),
	kind text NOT NULL CHECK (kind IN ('flow', 'ratio', 'stock', 'average', 'survey')),
	perspective text NOT NULL CHECK (perspective IN ('financial', 'customer', 'process', 'people')),
	level text NOT NULL CHECK (level IN ('strategic', 'operational', 'functional')),
	timing text NOT NULL CHECK (timing IN ('leading', 'lagging')),
	owner text NOT NULL DEFAULT '',
	min_n integer CHECK (min_n > 0),
	parent text CHECK (parent <> name),
	guard text CHECK (guard <> name),
	review_every interval CHECK (review_every > '0'::interval),
	active daterange NOT NULL DEFAULT '(,)' CHECK (NOT pg_catalog.isempty(active)),
	pace text NOT NULL DEFAULT 'linear' CHECK (pace IN ('linear', 'last year')),
	alert_after integer NOT NULL DEFAULT 1 CHECK (alert_after BETWEEN 1 AND 1000),
	reviewed_on date NOT NULL DEFAULT CURRENT_DATE,
	measured_at timestamptz,
	measured_to date CHECK (isfinite(measured_to)),
	error text
);
COMMENT ON TABLE kpi_definition IS 'what each KPI is: one row a KPI, written by kpi_define(); retire one by ending its active range, so that its history stays';
COMMENT ON COLUMN kpi_definition.name IS 'name of the KPI; it appears in every other table';
COMMENT ON COLUMN kpi_definition.title IS 'what people read';
COMMENT ON COLUMN kpi_definition.description IS 'what it means; how it is computed; what to do about it';
COMMENT ON COLUMN kpi_definition.source IS 'qualified name of the table or view that gives its numbers';
COMMENT ON COLUMN kpi_definition.unit IS 'period of its readings and goals; a unit of kpi_period() in the spelling of kpi_unit()';
COMMENT ON COLUMN kpi_definition.kind IS 'how it adds up: flow; ratio; stock; average; survey';
COMMENT ON COLUMN kpi_definition.perspective IS 'financial; customer; process; people';
COMMENT ON COLUMN kpi_definition.level IS 'strategic; operational; functional';
COMMENT ON COLUMN kpi_definition.timing IS 'leading or lagging';
COMMENT ON COLUMN kpi_definition.owner IS 'who answers for it';
COMMENT ON COLUMN kpi_definition.min_n IS 'fewest rows (column n of the source) that allow a verdict; NULL is any';
COMMENT ON COLUMN kpi_definition.parent IS 'name of the KPI that this one contributes to';
COMMENT ON COLUMN kpi_definition.guard IS 'name of the KPI that shows when this one is reached in a harmful way';
COMMENT ON COLUMN kpi_definition.review_every IS 'how often its definition and goals should be reviewed';
COMMENT ON COLUMN kpi_definition.active IS 'days on which it is measured';
COMMENT ON COLUMN kpi_definition.pace IS 'how a flow is judged before its period ends: linear or last year';
COMMENT ON COLUMN kpi_definition.alert_after IS 'consecutive readings of a new status before it is an alert';
COMMENT ON COLUMN kpi_definition.reviewed_on IS 'when it was last reviewed: set it after a review';
COMMENT ON COLUMN kpi_definition.measured_at IS 'when kpi_measure() last tried';
COMMENT ON COLUMN kpi_definition.measured_to IS 'the latest as_of of a measuring that worked';
COMMENT ON COLUMN kpi_definition.error IS 'why the last measuring failed; NULL if it worked';

-- Equality of text in an exclusion constraint without another extension: the range [x,x].
CREATE TYPE kpi_text_range AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = kpi_text_multirange);
COMMENT ON TYPE kpi_text_range IS 'private: a KPI or segment in the constraint that keeps goals from overlapping';
COMMENT ON TYPE kpi_text_multirange IS 'private: made by the server for kpi_text_range';
COMMENT ON CAST (kpi_text_range AS kpi_text_multirange) IS 'private: made by the server for kpi_text_range';
COMMENT ON FUNCTION kpi_text_multirange() IS 'private: made by the server for kpi_text_range';
COMMENT ON FUNCTION kpi_text_multirange(kpi_text_range) IS 'private: made by the server for kpi_text_range';
COMMENT ON FUNCTION kpi_text_multirange(kpi_text_range[]) IS 'private: made by the server for kpi_text_range';
COMMENT ON FUNCTION kpi_text_range(text, text) IS 'private: made by the server for kpi_text_range';
COMMENT ON FUNCTION kpi_text_range(text, text, text) IS 'private: made by the server for kpi_text_range';

CREATE TABLE kpi_goal (
	kpi text NOT NULL REFERENCES kpi_definition ON UPDATE CASCADE,
	segment text NOT NULL DEFAULT '' CHECK (length(segment) <= 200),
	during daterange NOT NULL CHECK (NOT pg_catalog.isempty(during)),
	target kpi_target NOT NULL,
	weight double precision NOT NULL DEFAULT 1 CHECK (weight >= '0' AND weight < 'Infinity'),
	origin text NOT NULL DEFAULT '',
	set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	set_by text NOT NULL DEFAULT CURRENT_USER,
	superseded_at timestamptz,
	superseded_by text,
	PRIMARY KEY (kpi, segment, during, set_at),
	CONSTRAINT kpi_goal_no_overlap EXCLUDE USING gist (
		kpi_text_range(kpi, kpi, '[]') WITH =, kpi_text_range(segment, segment, '[]') WITH =, during WITH OPERATOR(pg_catalog.&&))
		WHERE (superseded_at IS NULL),
	CONSTRAINT kpi_goal_superseded_check CHECK ((superseded_at IS NULL) = (superseded_by IS NULL) AND superseded_at >= set_at)
);
COMMENT ON TABLE kpi_goal IS 'targets of each KPI and segment over time, written by kpi_set_goal(); of those in force (superseded_at is NULL) no two overlap, the others are history';
COMMENT ON COLUMN kpi_goal.kpi IS 'the KPI';
COMMENT ON COLUMN kpi_goal.segment IS 'the segment; empty is the total';
COMMENT ON COLUMN kpi_goal.during IS 'the target holds for each period of the unit that lies in these days';
COMMENT ON COLUMN kpi_goal.target IS 'what each period should reach';
COMMENT ON COLUMN kpi_goal.weight IS 'weight in kpi_score()';
COMMENT ON COLUMN kpi_goal.origin IS 'where the target comes from';
COMMENT ON COLUMN kpi_goal.set_at IS 'when it was set';
COMMENT ON COLUMN kpi_goal.set_by IS 'who set it';
COMMENT ON COLUMN kpi_goal.superseded_at IS 'when another goal took its place; NULL is in force';
COMMENT ON COLUMN kpi_goal.superseded_by IS 'who set that';

CREATE TABLE kpi_reading (
	kpi text NOT NULL REFERENCES kpi_definition ON UPDATE CASCADE,
	segment text NOT NULL DEFAULT '' CHECK (length(segment) <= 200),
	period date NOT NULL CHECK (isfinite(period)),
	value double precision CHECK (value > '-Infinity' AND value < 'Infinity'),
	numerator double precision CHECK (numerator > '-Infinity' AND numerator < 'Infinity'),
	denominator double precision CHECK (denominator > '-Infinity' AND denominator < 'Infinity'),
	n double precision CHECK (n >= '0' AND n < 'Infinity'),
	margin double precision CHECK (margin >= '0' AND margin <= 'Infinity'),
	complete boolean NOT NULL,
	share double precision CHECK (share >= '0' AND share <= '1'),
	target kpi_target,
	attainment double precision CHECK (attainment > '-Infinity' AND attainment < 'Infinity'),
	status kpi_status,
	measured_to date NOT NULL CHECK (isfinite(measured_to)),
	measured_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (kpi, segment, period),
	CONSTRAINT kpi_reading_begun_check CHECK (period <= measured_to),
	CONSTRAINT kpi_reading_status_check CHECK ((status IS NULL) = (target IS NULL) AND (attainment IS NULL OR target IS NOT NULL)),
	CONSTRAINT kpi_reading_no_data_check CHECK ((status = 'no_data') = (value IS NULL) AND (value IS NOT NULL OR attainment IS NULL))
);
COMMENT ON TABLE kpi_reading IS 'measured values: one row for each KPI, segment and period, written by kpi_measure(); measuring again updates it';
COMMENT ON COLUMN kpi_reading.kpi IS 'the KPI';
COMMENT ON COLUMN kpi_reading.segment IS 'the segment; empty is the total';
COMMENT ON COLUMN kpi_reading.period IS 'first day of the period';
COMMENT ON COLUMN kpi_reading.value IS 'the value in the unit of the KPI; NULL is no data';
COMMENT ON COLUMN kpi_reading.numerator IS 'sum that a ratio divides';
COMMENT ON COLUMN kpi_reading.denominator IS 'sum that a ratio divides by';
COMMENT ON COLUMN kpi_reading.n IS 'rows behind the value where the source says';
COMMENT ON COLUMN kpi_reading.margin IS 'half the width of the value''s confidence interval where the source says; Infinity where it says so for a part of the rows only';
COMMENT ON COLUMN kpi_reading.complete IS 'false if the period ended after the as_of of the measuring';
COMMENT ON COLUMN kpi_reading.share IS 'share of a flow''s period that counts as passed: 1 at its end; NULL if that is not known or below a tenth';
COMMENT ON COLUMN kpi_reading.target IS 'goal that the status was judged by; NULL is none';
COMMENT ON COLUMN kpi_reading.attainment IS 'share of the target that was reached: of a flow in progress the target times share';
COMMENT ON COLUMN kpi_reading.status IS 'status against the target; NULL without one';
COMMENT ON COLUMN kpi_reading.measured_to IS 'as_of of the measuring: the data count up to and including this day';
COMMENT ON COLUMN kpi_reading.measured_at IS 'when it was measured';

CREATE TABLE kpi_alert (
	kpi text NOT NULL REFERENCES kpi_definition ON UPDATE CASCADE,
	segment text NOT NULL DEFAULT '' CHECK (length(segment) <= 200),
	raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	period date NOT NULL CHECK (isfinite(period)),
	previous kpi_status CHECK (previous <> 'pending'),
	status kpi_status NOT NULL CHECK (status <> 'pending'),
	value double precision CHECK (value > '-Infinity' AND value < 'Infinity'),
	target kpi_target NOT NULL,
	PRIMARY KEY (kpi, segment, raised_at),
	CONSTRAINT kpi_alert_change_check CHECK (status IS DISTINCT FROM previous),
	CONSTRAINT kpi_alert_no_data_check CHECK ((status = 'no_data') = (value IS NULL))
);
COMMENT ON TABLE kpi_alert IS 'changes of status, for the better too, written by kpi_measure(): one row a change, none for a measuring that finds the status as it was';
COMMENT ON COLUMN kpi_alert.kpi IS 'the KPI';
COMMENT ON COLUMN kpi_alert.segment IS 'the segment; empty is the total';
COMMENT ON COLUMN kpi_alert.raised_at IS 'when the change was found';
COMMENT ON COLUMN kpi_alert.period IS 'the period that shows it';
COMMENT ON COLUMN kpi_alert.previous IS 'status before; NULL if this was the first';
COMMENT ON COLUMN kpi_alert.status IS 'status now';
COMMENT ON COLUMN kpi_alert.value IS 'value of the period; NULL is no data';
COMMENT ON COLUMN kpi_alert.target IS 'target of the period';

SELECT pg_catalog.pg_extension_config_dump('kpi_definition', '');
REVOKE ALL ON TABLE kpi_definition FROM PUBLIC;
-- not TRIGGER or REFERENCES: what they attach would run as whoever measures
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE kpi_definition TO @extowner@ WITH GRANT OPTION;
SELECT pg_catalog.pg_extension_config_dump('kpi_goal', '');
REVOKE ALL ON TABLE kpi_goal FROM PUBLIC;
-- not TRIGGER or REFERENCES: what they attach would run as whoever measures
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE kpi_goal TO @extowner@ WITH GRANT OPTION;
SELECT pg_catalog.pg_extension_config_dump('kpi_reading', '');
REVOKE ALL ON TABLE kpi_reading FROM PUBLIC;
-- not TRIGGER or REFERENCES: what they attach would run as whoever measures
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE kpi_reading TO @extowner@ WITH GRANT OPTION;
SELECT pg_catalog.pg_extension_config_dump('kpi_alert', '');
REVOKE ALL ON TABLE kpi_alert FROM PUBLIC;
-- not TRIGGER or REFERENCES: what they attach would run as whoever measures
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE kpi_alert TO @extowner@ WITH GRANT OPTION;
-- Defining a KPI: src/scorecard/source.c

CREATE FUNCTION kpi_refuse(message text, hint text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_refuse' LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_refuse(text, text) IS 'private: always an error, 22023 with this message and hint';
CREATE FUNCTION kpi_check_source(source regclass, kind text, needs_n boolean) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_check_source' LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_check_source(regclass, text, boolean) IS 'true if the table or view can be the source of a KPI of this kind, with a column n where that is needed, else 22023 with the reason; 42501 if the caller may not have it measured';

CREATE FUNCTION kpi_define(name text, title text, source regclass, unit text, kind text, perspective text, level text, timing text,
	description text DEFAULT '', owner text DEFAULT '', min_n integer DEFAULT NULL, parent text DEFAULT NULL, guard text DEFAULT NULL,
	review_every interval DEFAULT NULL, active daterange DEFAULT NULL, pace text DEFAULT 'linear', alert_after integer DEFAULT 1)
RETURNS text LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('%s of a KPI is missing', a.what))
	FROM (VALUES ('name'::text, kpi_define.name), ('title', title), ('unit', unit), ('kind', kind), ('perspective', perspective),
		('level', level), ('timing', timing), ('pace', pace), ('source', CASE WHEN source IS NOT NULL THEN 'given' END),
		('alert_after', CASE WHEN alert_after IS NOT NULL THEN 'given' END)) AS a (what, given)
	WHERE a.given IS NULL OR (a.what IN ('name', 'title') AND btrim(a.given) = '');
	SELECT kpi_refuse(pg_catalog.format('name %L of a KPI is not 1 to 100 characters without space around it', kpi_define.name))
	WHERE length(kpi_define.name) > 100 OR kpi_define.name <> btrim(kpi_define.name);
	SELECT kpi_refuse(pg_catalog.format('%s %L is not known', a.what, a.given), 'Use one of: ' || a.known || '.')
	FROM (VALUES ('kind'::text, kind, 'flow, ratio, stock, average, survey'::text),
		('perspective', perspective, 'financial, customer, process, people'),
		('level', level, 'strategic, operational, functional'),
		('timing', timing, 'leading, lagging'),
		('pace', pace, 'linear, last year')) AS a (what, given, known)
	WHERE NOT a.given = ANY (string_to_array(a.known, ', '));
	SELECT kpi_refuse(pg_catalog.format('minimum n is %s, not above 0', min_n)) WHERE min_n <= 0;
	SELECT kpi_refuse(pg_catalog.format('alert_after is %s, not in 1..1000', alert_after)) WHERE alert_after NOT BETWEEN 1 AND 1000;
	SELECT kpi_refuse(pg_catalog.format('review_every is %s, not above 0', review_every)) WHERE review_every <= '0'::interval;
	SELECT kpi_refuse('active range of a KPI is empty', 'Leave it out for a KPI that is always active.') WHERE pg_catalog.isempty(active);
	SELECT kpi_check_source(source, kind, min_n IS NOT NULL);
	-- from here on nobody measures it or sets its goals
	SELECT pg_catalog.pg_advisory_xact_lock(hashtextextended('kpi ' || kpi_define.name, 0::bigint));
	SELECT kpi_refuse(pg_catalog.format('%s %L of KPI %L is not another KPI', a.what, a.given, kpi_define.name), 'Define that KPI first.')
	FROM (VALUES ('parent'::text, parent), ('guard', guard)) AS a (what, given)
	WHERE a.given IS NOT NULL AND (a.given = kpi_define.name OR NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = a.given));
	WITH RECURSIVE above AS (
		SELECT parent AS name
		UNION
		SELECT d.parent FROM above JOIN kpi_definition d ON d.name = above.name WHERE d.parent IS NOT NULL)
	SELECT kpi_refuse(pg_catalog.format('parent %L of KPI %L lies below it', parent, kpi_define.name))
	FROM above WHERE above.name = kpi_define.name;
	SELECT kpi_refuse(pg_catalog.format('unit of KPI %L cannot change from %s to %s: it has readings or goals', d.name, d.unit, kpi_unit(kpi_define.unit)),
		'Define another KPI, or delete its rows of kpi_reading, kpi_alert and kpi_goal first.')
	FROM kpi_definition d
	WHERE d.name = kpi_define.name AND d.unit <> kpi_unit(kpi_define.unit)
		AND (EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = d.name) OR EXISTS (SELECT FROM kpi_goal g WHERE g.kpi = d.name));
	INSERT INTO kpi_definition AS d (name, title, description, source, unit, kind, perspective, level, timing, owner,
		min_n, parent, guard, review_every, active, pace, alert_after)
	SELECT kpi_define.name, kpi_define.title, coalesce(kpi_define.description, ''), quote_ident(s.nspname::text) || '.' || quote_ident(c.relname::text),
		kpi_unit(kpi_define.unit), kpi_define.kind, kpi_define.perspective, kpi_define.level, kpi_define.timing, coalesce(kpi_define.owner, ''),
		kpi_define.min_n, kpi_define.parent, kpi_define.guard, kpi_define.review_every, coalesce(kpi_define.active, '(,)'::daterange),
		kpi_define.pace, kpi_define.alert_after
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace WHERE c.oid = kpi_define.source::oid
	ON CONFLICT (name) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description, source = EXCLUDED.source, unit = EXCLUDED.unit,
		kind = EXCLUDED.kind, perspective = EXCLUDED.perspective, level = EXCLUDED.level, timing = EXCLUDED.timing, owner = EXCLUDED.owner,
		min_n = EXCLUDED.min_n, parent = EXCLUDED.parent, guard = EXCLUDED.guard, review_every = EXCLUDED.review_every,
		active = EXCLUDED.active, pace = EXCLUDED.pace, alert_after = EXCLUDED.alert_after
	RETURNING d.name;
END;
COMMENT ON FUNCTION kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text, text, interval, daterange, text, integer) IS 'defines a KPI, or replaces the whole definition of the one with this name (goals, readings and alerts stay), and returns its name. source: a table or view with the columns period and value, or period, numerator and denominator; optionally n, margin, segment. unit as in kpi_period(). kind: flow (adds up over time), ratio (sums of numerator and denominator), stock (the last of a period), average and survey (weighted by n). pace: linear or last year. alert_after: consecutive readings of a new status before it is an alert. 22023 with the reason for anything that makes no sense; a unit cannot change once there are readings or goals; 42501 for a source that the caller may not have measured, see kpi_measure()';

REVOKE ALL ON FUNCTION kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text, text, interval, daterange, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text, text, interval, daterange, text, integer) TO @extowner@ WITH GRANT OPTION;
-- Goals: judging readings by them (judging.sql), setting them (setting.sql), splitting.
-- The parts stand in each function, not in one of their own that would have to be granted too.

CREATE FUNCTION kpi_judge(kpi text, during daterange DEFAULT NULL) RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH part AS (
		SELECT r.ctid AS place, r.kpi, r.segment, r.period, r.value, r.n, r.margin, r.complete, r.share, r.measured_to
		FROM kpi_reading r WHERE r.kpi = kpi_judge.kpi AND r.period >= coalesce(pg_catalog.lower(during), '-infinity') AND r.period < coalesce(pg_catalog.upper(during), 'infinity') AND pg_catalog.isempty(during) IS NOT TRUE
	), span AS MATERIALIZED (
		SELECT min(p.period) AS first, max(p.period) AS last FROM part p
	), goal AS MATERIALIZED (
		-- a row for each period, so that readings find theirs without a search
		SELECT g.segment, p.period, g.target
		FROM kpi_definition d JOIN kpi_goal g ON g.kpi = d.name AND g.superseded_at IS NULL AND true, span s,
			LATERAL kpi_periods(greatest(s.first, pg_catalog.lower(g.during)), least(s.last, pg_catalog.upper(g.during) - 1), d.unit) AS p (period)
		WHERE d.name = kpi_judge.kpi AND s.first IS NOT NULL
			AND g.during OPERATOR(pg_catalog.@>) daterange(p.period, kpi_next_period(p.period, d.unit))
	), held AS MATERIALIZED (
		-- a full join is never a loop over all pairs, however few rows the planner expects; CASE keeps it one
		SELECT r.place, r.value, r.margin, g.target,
			coalesce(r.n < d.min_n::double precision, d.min_n IS NOT NULL) AS few,
			CASE WHEN r.complete THEN g.target
				WHEN d.kind <> 'flow' OR r.share IS NULL THEN NULL
				WHEN d.pace = 'linear' THEN kpi_scaled_target(g.target, (r.measured_to - r.period + 1)::double precision,
					(kpi_next_period(r.period, d.unit) - r.period)::double precision)
				ELSE kpi_scaled_target(g.target, r.share, 1::double precision) END AS held
		FROM part r FULL JOIN goal g ON g.segment = r.segment AND g.period = r.period, kpi_definition d
		WHERE d.name = kpi_judge.kpi AND CASE WHEN r.kpi IS NULL THEN false ELSE true END
	), judged AS (
		SELECT h.place, h.target,
			CASE WHEN h.target IS NULL THEN NULL
				WHEN h.value IS NULL THEN 'no_data'::kpi_status
				WHEN h.held IS NULL OR h.few THEN 'pending'::kpi_status
				WHEN h.margin IS NULL THEN kpi_status(h.value, h.held)
				WHEN h.margin = 'Infinity' THEN 'uncertain'::kpi_status
				ELSE kpi_interval_status(h.value - h.margin, h.value + h.margin, h.held) END AS status,
			CASE WHEN NOT h.few THEN attainment(h.value, h.held) END AS attainment
		FROM held h
	), changed AS (
		UPDATE kpi_reading r SET target = j.target, status = j.status, attainment = j.attainment
		FROM judged j
		-- by place, for the same reason; the lock keeps it until then
		WHERE r.ctid = j.place
			AND (r.target IS DISTINCT FROM j.target OR r.status IS DISTINCT FROM j.status OR r.attainment IS DISTINCT FROM j.attainment)
		RETURNING r.period)
	SELECT count(*) FROM changed;
END;
COMMENT ON FUNCTION kpi_judge(text, daterange) IS 'judges the readings of a KPI, all or those of periods that begin in these days, by the goals in force, as kpi_measure() and kpi_set_goal() do, and returns how many changed. No value is no_data; n below the minimum, a period in progress that is not a flow, and the first tenth of one that is, are pending; with a margin the whole interval value - margin .. value + margin must have one colour, else uncertain, as it is where the margin is infinite because a part of the rows has none; without a goal the status is NULL';

CREATE FUNCTION kpi_check_goal_days(kpi text, unit text, during daterange) RETURNS boolean LANGUAGE sql VOLATILE PARALLEL SAFE
BEGIN ATOMIC
	SELECT kpi_refuse('a goal needs days', 'Give the days that it is for, such as daterange(''2026-01-01'', ''2027-01-01''), which ends before 1 January 2027.')
	WHERE pg_catalog.isempty(during);
	SELECT kpi_refuse(pg_catalog.format('days %s of a goal are infinite', during), 'Leave a bound out instead of giving infinity.')
	WHERE NOT isfinite(pg_catalog.lower(during)) OR NOT isfinite(pg_catalog.upper(during));
	SELECT kpi_refuse(pg_catalog.format('goal of KPI %L for %s does not begin and end with a %s', kpi, during, unit),
		pg_catalog.format('The range ends before its upper bound; whole periods are %s.', whole.days))
	FROM (SELECT daterange(kpi_period(pg_catalog.lower(during), unit),
		CASE WHEN kpi_period(pg_catalog.upper(during), unit) = pg_catalog.upper(during) THEN pg_catalog.upper(during)
			ELSE kpi_next_period(pg_catalog.upper(during), unit) END)) AS whole (days)
	WHERE pg_catalog.range_ne(whole.days, during);
	SELECT true;
END;
COMMENT ON FUNCTION kpi_check_goal_days(text, text, daterange) IS 'private: true if the days of a goal are whole periods, else 22023 with the reason';

CREATE FUNCTION kpi_set_goal(kpi text, target kpi_target, during daterange, segment text DEFAULT '',
	weight double precision DEFAULT 1, origin text DEFAULT '')
RETURNS daterange LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('%s of a goal is missing', a.what))
	FROM (VALUES ('KPI'::text, kpi IS NULL), ('target', target IS NULL), ('range of days', during IS NULL), ('weight', weight IS NULL)) AS a (what, missing)
	WHERE a.missing;
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', kpi), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi_set_goal.kpi);
	SELECT kpi_refuse(pg_catalog.format('weight %s of a goal is not a finite number from 0', weight))
	WHERE NOT (weight >= '0' AND weight < 'Infinity');
	SELECT kpi_refuse(pg_catalog.format('segment of a goal has %s characters', length(segment)), 'Use at most 200.') WHERE length(segment) > 200;
	SELECT kpi_check_goal_days(d.name, d.unit, during) FROM kpi_definition d WHERE d.name = kpi_set_goal.kpi;
	-- one writer at a time for a KPI, kpi_measure() included
	SELECT pg_catalog.pg_advisory_xact_lock(hashtextextended('kpi ' || kpi, 0::bigint));
	WITH given AS (
		SELECT kpi_set_goal.during, kpi_set_goal.target, kpi_set_goal.weight, coalesce(kpi_set_goal.origin, '') AS origin)
	, new AS (
		SELECT n.during, n.target, n.weight, n.origin FROM given n
		WHERE NOT EXISTS (
			SELECT FROM kpi_goal g
			WHERE g.kpi = kpi_set_goal.kpi AND g.segment = coalesce(kpi_set_goal.segment, '') AND g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.=) n.during
				AND g.target = n.target AND g.weight = n.weight AND g.origin = n.origin)
	), covered AS (
		SELECT pg_catalog.range_agg(n.during) AS days FROM new n
	), old AS (
		UPDATE kpi_goal g SET superseded_at = clock_timestamp(), superseded_by = CURRENT_USER::text
		FROM covered c
		WHERE g.kpi = kpi_set_goal.kpi AND g.segment = coalesce(kpi_set_goal.segment, '') AND g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.&&) c.days
		RETURNING g.during, g.target, g.weight, g.origin, c.days)
	INSERT INTO kpi_goal (kpi, segment, during, target, weight, origin)
	-- what the new goals leave of the old ones stays in force
	SELECT kpi_set_goal.kpi, coalesce(kpi_set_goal.segment, ''), left_over.during, o.target, o.weight, o.origin
	FROM old o, LATERAL pg_catalog.unnest(pg_catalog.multirange_minus(datemultirange(o.during), o.days)) AS left_over (during)
	UNION ALL
	SELECT kpi_set_goal.kpi, coalesce(kpi_set_goal.segment, ''), n.during, n.target, n.weight, n.origin FROM new n;
	WITH part AS (
		SELECT r.ctid AS place, r.kpi, r.segment, r.period, r.value, r.n, r.margin, r.complete, r.share, r.measured_to
		FROM kpi_reading r WHERE r.kpi = kpi_set_goal.kpi AND r.segment = coalesce(kpi_set_goal.segment, '') AND r.period >= coalesce(pg_catalog.lower(during), '-infinity') AND r.period < coalesce(pg_catalog.upper(during), 'infinity')
	), span AS MATERIALIZED (
		SELECT min(p.period) AS first, max(p.period) AS last FROM part p
	), goal AS MATERIALIZED (
		-- a row for each period, so that readings find theirs without a search
		SELECT g.segment, p.period, g.target
		FROM kpi_definition d JOIN kpi_goal g ON g.kpi = d.name AND g.superseded_at IS NULL AND g.segment = coalesce(kpi_set_goal.segment, '') AND g.during OPERATOR(pg_catalog.&&) kpi_set_goal.during, span s,
			LATERAL kpi_periods(greatest(s.first, pg_catalog.lower(g.during)), least(s.last, pg_catalog.upper(g.during) - 1), d.unit) AS p (period)
		WHERE d.name = kpi_set_goal.kpi AND s.first IS NOT NULL
			AND g.during OPERATOR(pg_catalog.@>) daterange(p.period, kpi_next_period(p.period, d.unit))
	), held AS MATERIALIZED (
		-- a full join is never a loop over all pairs, however few rows the planner expects; CASE keeps it one
		SELECT r.place, r.value, r.margin, g.target,
			coalesce(r.n < d.min_n::double precision, d.min_n IS NOT NULL) AS few,
			CASE WHEN r.complete THEN g.target
				WHEN d.kind <> 'flow' OR r.share IS NULL THEN NULL
				WHEN d.pace = 'linear' THEN kpi_scaled_target(g.target, (r.measured_to - r.period + 1)::double precision,
					(kpi_next_period(r.period, d.unit) - r.period)::double precision)
				ELSE kpi_scaled_target(g.target, r.share, 1::double precision) END AS held
		FROM part r FULL JOIN goal g ON g.segment = r.segment AND g.period = r.period, kpi_definition d
		WHERE d.name = kpi_set_goal.kpi AND CASE WHEN r.kpi IS NULL THEN false ELSE true END
	), judged AS (
		SELECT h.place, h.target,
			CASE WHEN h.target IS NULL THEN NULL
				WHEN h.value IS NULL THEN 'no_data'::kpi_status
				WHEN h.held IS NULL OR h.few THEN 'pending'::kpi_status
				WHEN h.margin IS NULL THEN kpi_status(h.value, h.held)
				WHEN h.margin = 'Infinity' THEN 'uncertain'::kpi_status
				ELSE kpi_interval_status(h.value - h.margin, h.value + h.margin, h.held) END AS status,
			CASE WHEN NOT h.few THEN attainment(h.value, h.held) END AS attainment
		FROM held h
	), changed AS (
		UPDATE kpi_reading r SET target = j.target, status = j.status, attainment = j.attainment
		FROM judged j
		-- by place, for the same reason; the lock keeps it until then
		WHERE r.ctid = j.place
			AND (r.target IS DISTINCT FROM j.target OR r.status IS DISTINCT FROM j.status OR r.attainment IS DISTINCT FROM j.attainment)
		RETURNING r.period)
	SELECT count(*) FROM changed;
	SELECT during;
END;
COMMENT ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) IS 'sets the target that each period of the KPI''s unit in these days should reach, for a segment or (empty) the total, judges the readings by it and returns the days. Goals that it overlaps are superseded and kept as history; the days that it leaves of them keep their target. The days begin and end with a period, an absent bound is open. 22023 for an unknown KPI and for anything that makes no sense';

CREATE FUNCTION kpi_split_goal(kpi text, total numeric, during daterange, weights double precision[] DEFAULT NULL)
RETURNS TABLE (period date, amount numeric) LANGUAGE sql VOLATILE PARALLEL UNSAFE ROWS 12
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('%s to split is missing', a.what))
	FROM (VALUES ('KPI'::text, kpi IS NULL), ('total', total IS NULL), ('range of days', during IS NULL)) AS a (what, missing)
	WHERE a.missing;
	SELECT kpi_refuse(pg_catalog.format('total %s cannot be split', total)) WHERE total IN ('NaN', 'Infinity', '-Infinity');
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', kpi), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi_split_goal.kpi);
	SELECT kpi_refuse(pg_catalog.format('KPI %L is of kind %s: only a flow adds up to a total', kpi, d.kind))
	FROM kpi_definition d WHERE d.name = kpi_split_goal.kpi AND d.kind <> 'flow';
	SELECT kpi_refuse(pg_catalog.format('goal of KPI %L is a range: a total is a single bound', kpi), 'Use kpi_set_goal() for each period.')
	WHERE (SELECT direction(g.target) FROM kpi_goal g WHERE g.kpi = kpi_split_goal.kpi AND g.segment = '' ORDER BY g.set_at DESC LIMIT 1) = 'range';
	SELECT kpi_refuse('a total is split over days with a beginning and an end') WHERE pg_catalog.lower_inf(during) OR pg_catalog.upper_inf(during);
	SELECT kpi_check_goal_days(d.name, d.unit, during) FROM kpi_definition d WHERE d.name = kpi_split_goal.kpi;
	SELECT kpi_refuse(pg_catalog.format('weights have %s dimensions', pg_catalog.array_ndims(weights)), 'Give a plain list, one weight a period.')
	WHERE pg_catalog.array_ndims(weights) > 1;
	SELECT kpi_refuse(pg_catalog.format('weight %s is not a finite number from 0', coalesce(w.weight::text, 'NULL')))
	FROM pg_catalog.unnest(weights) AS w (weight) WHERE (w.weight >= '0' AND w.weight < 'Infinity') IS NOT TRUE;
	SELECT kpi_refuse('weights add up to 0') WHERE (SELECT sum(w.weight) FROM pg_catalog.unnest(weights) AS w (weight)) = '0';
	SELECT kpi_refuse(pg_catalog.format('%s weights for %s periods', pg_catalog.cardinality(weights), p.periods), 'Give one weight a period.')
	FROM (SELECT count(*)::integer AS periods FROM kpi_definition d, LATERAL kpi_periods(pg_catalog.lower(during), pg_catalog.upper(during) - 1, d.unit)
		WHERE d.name = kpi_split_goal.kpi) p
	WHERE p.periods <> pg_catalog.cardinality(weights);
	-- one writer at a time for a KPI, kpi_measure() included
	SELECT pg_catalog.pg_advisory_xact_lock(hashtextextended('kpi ' || kpi, 0::bigint));
	-- largest remainder, in units of the last digit of the total: all exact
	WITH piece AS (
		SELECT p.period, p.place, d.unit, scale(total)::numeric AS digits, trunc(abs(total) * power(10::numeric, scale(total)::numeric)) AS whole,
			CASE WHEN weights IS NULL THEN 1::numeric ELSE (weights)[pg_catalog.array_lower(weights, 1) + p.place::integer - 1]::numeric END AS weight
		FROM kpi_definition d, LATERAL kpi_periods(pg_catalog.lower(during), pg_catalog.upper(during) - 1, d.unit) WITH ORDINALITY AS p (period, place)
		WHERE d.name = kpi_split_goal.kpi
	), floored AS (
		SELECT p.*, sum(p.weight) OVER () AS weights, div(p.whole * p.weight, sum(p.weight) OVER ()) AS units
		FROM piece p
	), ranked AS (
		SELECT f.*, f.whole - sum(f.units) OVER () AS missing,
			row_number() OVER (ORDER BY f.whole * f.weight - f.units * f.weights DESC, f.place) AS rank
		FROM floored f
	), amount AS (
		SELECT r.period, r.unit, round(sign(total) * (r.units + CASE WHEN r.rank::numeric <= r.missing THEN 1::numeric ELSE 0::numeric END) / power(10::numeric, r.digits), r.digits::integer) AS amount
		FROM ranked r
	), target AS (
		SELECT a.period, a.unit, a.amount,
			CASE WHEN a.amount::double precision::numeric <> a.amount AND kpi_refuse(pg_catalog.format('%s has too many digits for a target', a.amount), 'Targets are double precision: 15 digits.') THEN NULL
				WHEN (SELECT direction(g.target) FROM kpi_goal g WHERE g.kpi = kpi_split_goal.kpi AND g.segment = '' ORDER BY g.set_at DESC LIMIT 1) = 'lower'
				THEN at_most(a.amount::double precision) ELSE at_least(a.amount::double precision) END AS target
		FROM amount a
	), given AS (
		SELECT daterange(t.period, kpi_next_period(t.period, t.unit)) AS during, t.target, 1::double precision AS weight, pg_catalog.format('share of %s', total) AS origin
		FROM target t)
	, new AS (
		SELECT n.during, n.target, n.weight, n.origin FROM given n
		WHERE NOT EXISTS (
			SELECT FROM kpi_goal g
			WHERE g.kpi = kpi_split_goal.kpi AND g.segment = ''::text AND g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.=) n.during
				AND g.target = n.target AND g.weight = n.weight AND g.origin = n.origin)
	), covered AS (
		SELECT pg_catalog.range_agg(n.during) AS days FROM new n
	), old AS (
		UPDATE kpi_goal g SET superseded_at = clock_timestamp(), superseded_by = CURRENT_USER::text
		FROM covered c
		WHERE g.kpi = kpi_split_goal.kpi AND g.segment = ''::text AND g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.&&) c.days
		RETURNING g.during, g.target, g.weight, g.origin, c.days)
	INSERT INTO kpi_goal (kpi, segment, during, target, weight, origin)
	-- what the new goals leave of the old ones stays in force
	SELECT kpi_split_goal.kpi, ''::text, left_over.during, o.target, o.weight, o.origin
	FROM old o, LATERAL pg_catalog.unnest(pg_catalog.multirange_minus(datemultirange(o.during), o.days)) AS left_over (during)
	UNION ALL
	SELECT kpi_split_goal.kpi, ''::text, n.during, n.target, n.weight, n.origin FROM new n;
	WITH part AS (
		SELECT r.ctid AS place, r.kpi, r.segment, r.period, r.value, r.n, r.margin, r.complete, r.share, r.measured_to
		FROM kpi_reading r WHERE r.kpi = kpi_split_goal.kpi AND r.segment = '' AND r.period >= pg_catalog.lower(during) AND r.period < pg_catalog.upper(during)
	), span AS MATERIALIZED (
		SELECT min(p.period) AS first, max(p.period) AS last FROM part p
	), goal AS MATERIALIZED (
		-- a row for each period, so that readings find theirs without a search
		SELECT g.segment, p.period, g.target
		FROM kpi_definition d JOIN kpi_goal g ON g.kpi = d.name AND g.superseded_at IS NULL AND g.segment = '' AND g.during OPERATOR(pg_catalog.&&) kpi_split_goal.during, span s,
			LATERAL kpi_periods(greatest(s.first, pg_catalog.lower(g.during)), least(s.last, pg_catalog.upper(g.during) - 1), d.unit) AS p (period)
		WHERE d.name = kpi_split_goal.kpi AND s.first IS NOT NULL
			AND g.during OPERATOR(pg_catalog.@>) daterange(p.period, kpi_next_period(p.period, d.unit))
	), held AS MATERIALIZED (
		-- a full join is never a loop over all pairs, however few rows the planner expects; CASE keeps it one
		SELECT r.place, r.value, r.margin, g.target,
			coalesce(r.n < d.min_n::double precision, d.min_n IS NOT NULL) AS few,
			CASE WHEN r.complete THEN g.target
				WHEN d.kind <> 'flow' OR r.share IS NULL THEN NULL
				WHEN d.pace = 'linear' THEN kpi_scaled_target(g.target, (r.measured_to - r.period + 1)::double precision,
					(kpi_next_period(r.period, d.unit) - r.period)::double precision)
				ELSE kpi_scaled_target(g.target, r.share, 1::double precision) END AS held
		FROM part r FULL JOIN goal g ON g.segment = r.segment AND g.period = r.period, kpi_definition d
		WHERE d.name = kpi_split_goal.kpi AND CASE WHEN r.kpi IS NULL THEN false ELSE true END
	), judged AS (
		SELECT h.place, h.target,
			CASE WHEN h.target IS NULL THEN NULL
				WHEN h.value IS NULL THEN 'no_data'::kpi_status
				WHEN h.held IS NULL OR h.few THEN 'pending'::kpi_status
				WHEN h.margin IS NULL THEN kpi_status(h.value, h.held)
				WHEN h.margin = 'Infinity' THEN 'uncertain'::kpi_status
				ELSE kpi_interval_status(h.value - h.margin, h.value + h.margin, h.held) END AS status,
			CASE WHEN NOT h.few THEN attainment(h.value, h.held) END AS attainment
		FROM held h
	), changed AS (
		UPDATE kpi_reading r SET target = j.target, status = j.status, attainment = j.attainment
		FROM judged j
		-- by place, for the same reason; the lock keeps it until then
		WHERE r.ctid = j.place
			AND (r.target IS DISTINCT FROM j.target OR r.status IS DISTINCT FROM j.status OR r.attainment IS DISTINCT FROM j.attainment)
		RETURNING r.period)
	SELECT count(*) FROM changed;
	SELECT pg_catalog.lower(g.during), round(target_value(g.target)::numeric, scale(total))
	FROM kpi_goal g
	WHERE g.kpi = kpi_split_goal.kpi AND g.segment = '' AND g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.<@) kpi_split_goal.during
	ORDER BY pg_catalog.lower(g.during);
END;
COMMENT ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[]) IS 'splits a flow''s total over the periods in these days by weights (one a period; NULL is evenly), sets a goal for each and returns them. The amounts have the decimal places of total and add up to it exactly (largest remainder). At least the amount, or at most it where the KPI''s newest goal says that lower is better. 22023 unless the KPI is a flow, the days are whole periods with a beginning and an end, and the weights fit';

REVOKE ALL ON FUNCTION kpi_judge(text, daterange) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_judge(text, daterange) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_set_goal(text, kpi_target, daterange, text, double precision, text) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_split_goal(text, numeric, daterange, double precision[]) TO @extowner@ WITH GRANT OPTION;
-- Measuring: src/scorecard/measure.c

CREATE FUNCTION kpi_record(kpi text, as_of date, period date[], segment text[], value double precision[], numerator double precision[],
	denominator double precision[], n double precision[], margin double precision[], part double precision[])
RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH given AS (
		SELECT g.*, d.unit, d.kind, d.pace, kpi_next_period(g.period, d.unit) AS next
		FROM ROWS FROM (pg_catalog.unnest(kpi_record.period), pg_catalog.unnest(kpi_record.segment), pg_catalog.unnest(kpi_record.value),
			pg_catalog.unnest(kpi_record.numerator), pg_catalog.unnest(kpi_record.denominator), pg_catalog.unnest(kpi_record.n),
			pg_catalog.unnest(kpi_record.margin), pg_catalog.unnest(kpi_record.part))
			AS g (period, segment, value, numerator, denominator, n, margin, part),
			kpi_definition d
		WHERE d.name = kpi_record.kpi
	), measured AS (
		SELECT g.*, g.next <= as_of + 1 AS complete,
			CASE WHEN g.kind <> 'flow' THEN NULL
				WHEN g.next <= as_of + 1 THEN 1::double precision
				-- no verdict in the first tenth
				WHEN (as_of - g.period + 1) * 10 < g.next - g.period THEN NULL
				WHEN g.pace = 'linear' THEN (as_of - g.period + 1)::double precision / (g.next - g.period)::double precision
				ELSE (SELECT y.part / nullif(y.value, '0') FROM given y
					WHERE y.segment = g.segment AND y.value > '0' AND y.part <= y.value AND y.part >= y.value * '0.1'
						AND y.period = kpi_period(CASE WHEN g.unit LIKE 'week%' OR g.unit = 'day' THEN g.period - 364
							-- well inside the period, as years of other calendars do not begin on the same day
							ELSE (g.period + 10 - '1 year'::interval)::date END, g.unit)) END AS share
		FROM given g
	), written AS (
		INSERT INTO kpi_reading AS r (kpi, segment, period, value, numerator, denominator, n, margin, complete, share, measured_to)
		SELECT kpi_record.kpi, m.segment, m.period, m.value, m.numerator, m.denominator, m.n, m.margin, m.complete, m.share, as_of
		FROM measured m ORDER BY m.segment, m.period
		ON CONFLICT (kpi, segment, period) DO UPDATE SET value = EXCLUDED.value, numerator = EXCLUDED.numerator, denominator = EXCLUDED.denominator,
			n = EXCLUDED.n, margin = EXCLUDED.margin, complete = EXCLUDED.complete, share = EXCLUDED.share,
			target = NULL, attainment = NULL, status = NULL, measured_to = EXCLUDED.measured_to, measured_at = EXCLUDED.measured_at
		-- what was measured to a later day stays
		WHERE r.measured_to <= EXCLUDED.measured_to AND (r.value IS DISTINCT FROM EXCLUDED.value OR r.numerator IS DISTINCT FROM EXCLUDED.numerator
			OR r.denominator IS DISTINCT FROM EXCLUDED.denominator OR r.n IS DISTINCT FROM EXCLUDED.n OR r.margin IS DISTINCT FROM EXCLUDED.margin
			OR r.complete IS DISTINCT FROM EXCLUDED.complete OR r.share IS DISTINCT FROM EXCLUDED.share
			OR (NOT EXCLUDED.complete AND r.measured_to <> EXCLUDED.measured_to))
		RETURNING r.period
	), gone AS (
		-- a period that the source once had and has no more: its value is gone; what lies before the source's first period is history
		UPDATE kpi_reading r SET value = NULL, numerator = NULL, denominator = NULL, n = NULL, margin = NULL,
			target = NULL, attainment = NULL, status = NULL, measured_to = as_of, measured_at = now(),
			complete = kpi_next_period(r.period, d.unit) <= as_of + 1, share = NULL
		FROM kpi_definition d
		WHERE d.name = kpi_record.kpi AND r.kpi = kpi_record.kpi AND r.period <= kpi_record.as_of AND r.measured_to <= kpi_record.as_of
			AND (r.value IS NOT NULL OR (NOT r.complete AND kpi_next_period(r.period, d.unit) <= as_of + 1))
			AND r.period >= (SELECT min(g.period) FROM given g)
			-- a hash of all that was given, whatever the planner guesses of its size
			AND (r.period, r.segment) NOT IN (SELECT g.period, g.segment FROM given g)
		RETURNING r.period
	), due AS (
		-- the ended periods under a goal from the source's first one on
		SELECT g.segment, p.period
		FROM kpi_definition d JOIN kpi_goal g ON g.kpi = d.name AND g.superseded_at IS NULL,
			LATERAL kpi_periods(greatest((SELECT min(y.period) FROM given y), pg_catalog.lower(g.during), pg_catalog.lower(d.active)),
				least(kpi_period(as_of + 1, d.unit), pg_catalog.upper(g.during), pg_catalog.upper(d.active)) - 1, d.unit) AS p (period)
		WHERE d.name = kpi_record.kpi AND EXISTS (SELECT FROM given y)
			AND g.during OPERATOR(pg_catalog.@>) daterange(p.period, kpi_next_period(p.period, d.unit))
	), absent AS (
		INSERT INTO kpi_reading AS r (kpi, segment, period, complete, share, measured_to)
		SELECT kpi_record.kpi, u.segment, u.period, true, NULL, as_of
		FROM due u
		WHERE (u.period, u.segment) NOT IN (SELECT g.period, g.segment FROM given g)
		ORDER BY u.segment, u.period
		ON CONFLICT (kpi, segment, period) DO NOTHING
		RETURNING r.period)
	SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone) + (SELECT count(*) FROM absent);
END;
COMMENT ON FUNCTION kpi_record(text, date, date[], text[], double precision[], double precision[], double precision[], double precision[], double precision[], double precision[]) IS 'private: writes what kpi_measure() read as readings of a KPI and returns how many are new or changed';

CREATE FUNCTION kpi_raise_alerts(kpi text) RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH verdict AS (
		-- place 1 is the newest; readings in a row with the same status share an island
		SELECT r.segment, r.period, r.status, r.value, r.target,
			row_number() OVER (PARTITION BY r.segment ORDER BY r.period DESC) AS place,
			row_number() OVER (PARTITION BY r.segment ORDER BY r.period DESC)
				- row_number() OVER (PARTITION BY r.segment, r.status ORDER BY r.period DESC) AS island,
			max(r.period) OVER () AS newest
		FROM kpi_reading r
		WHERE r.kpi = kpi_raise_alerts.kpi AND r.complete AND r.status IS NOT NULL AND r.status <> 'pending'
	), run AS (
		SELECT v.segment, v.status, min(v.place) AS place
		FROM verdict v
		GROUP BY v.segment, v.status, v.island
		HAVING count(*) >= (SELECT d.alert_after::bigint FROM kpi_definition d WHERE d.name = kpi_raise_alerts.kpi)
	), now AS (
		SELECT v.segment, v.period, v.status, v.value, v.target,
			coalesce((SELECT a.status FROM kpi_alert a WHERE a.kpi = kpi_raise_alerts.kpi AND a.segment = v.segment ORDER BY a.raised_at DESC LIMIT 1),
				-- the history before the first alert
				(SELECT before.status FROM run before WHERE before.segment = v.segment AND before.place > 1 ORDER BY before.place LIMIT 1)) AS previous,
			EXISTS (SELECT FROM kpi_alert a WHERE a.kpi = kpi_raise_alerts.kpi AND a.segment = v.segment) AS alerted
		FROM verdict v JOIN run r ON r.segment = v.segment AND r.place = v.place
		WHERE v.place = 1 AND v.period = v.newest
			-- no news from before the last alert, unless a correction took its period's verdict away
			AND NOT EXISTS (
				SELECT FROM (SELECT a.period, a.status FROM kpi_alert a WHERE a.kpi = kpi_raise_alerts.kpi AND a.segment = v.segment ORDER BY a.raised_at DESC LIMIT 1) a
				WHERE a.period > v.period
					AND NOT EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = kpi_raise_alerts.kpi AND r.segment = v.segment AND r.period = a.period AND r.complete AND r.status <> a.status))
	), raised AS (
		INSERT INTO kpi_alert (kpi, segment, period, previous, status, value, target)
		SELECT kpi_raise_alerts.kpi, n.segment, n.period, n.previous, n.status, n.value, n.target
		FROM now n
		-- without an earlier alert there is nothing to recover from, and a first reading must be amber or red
		WHERE n.status IS DISTINCT FROM n.previous
			AND (n.alerted OR (n.status <> 'green' AND (n.previous IS NOT NULL OR n.status IN ('red', 'amber'))))
		RETURNING period)
	SELECT count(*) FROM raised;
END;
COMMENT ON FUNCTION kpi_raise_alerts(text) IS 'private: writes an alert for each segment of a KPI whose status changed, by the readings that are there, and returns how many';

CREATE FUNCTION kpi_measure(kpi text DEFAULT NULL, as_of date DEFAULT CURRENT_DATE, notify boolean DEFAULT true)
RETURNS TABLE (name text, readings bigint, changed bigint, alerts bigint, error text)
	AS 'MODULE_PATHNAME', 'kpi_measure' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION kpi_measure(text, date, boolean) IS 'measures one KPI, or (NULL) all that are active on as_of: writes a reading for each period and segment of its source up to as_of, the last day of which the data are complete, adds one of no data for each ended period under a goal that has no row, judges them and writes an alert for each segment whose status changed. A reading measured to a later day is not changed. Returns a row for each KPI: readings of the source, how many of them are new or changed, alerts, and the error of a source that failed, which is kept in kpi_definition and does not stop the others. Needs SELECT on the source, which is then read with its owner''s rights; row-level security on it is an error. Unless the caller is a member of the owner''s role, so are functions, casts and types in it that are neither built in nor of this extension, foreign tables, and current_user and the like. With notify one NOTIFY kpi. 22023 for an unknown KPI, 25006 on a standby';

REVOKE ALL ON FUNCTION kpi_record(text, date, date[], text[], double precision[], double precision[], double precision[], double precision[], double precision[], double precision[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_record(text, date, date[], text[], double precision[], double precision[], double precision[], double precision[], double precision[], double precision[]) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_raise_alerts(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_raise_alerts(text) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_measure(text, date, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_measure(text, date, boolean) TO @extowner@ WITH GRANT OPTION;
-- Proposing a target from history.

CREATE FUNCTION kpi_propose_target(kpi text) RETURNS TABLE (method text, target text, value double precision, reason text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', kpi), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi_propose_target.kpi);
	WITH way AS (
		-- the newest goal of the total says which side is better
		SELECT coalesce((SELECT direction(g.target) FROM kpi_goal g WHERE g.kpi = kpi_propose_target.kpi AND g.segment = '' ORDER BY g.set_at DESC LIMIT 1), 'higher') AS better
	), point AS (
		SELECT r.value, row_number() OVER (ORDER BY r.period)::double precision AS place, r.period
		FROM (SELECT r.value, r.period FROM kpi_reading r
			WHERE r.kpi = kpi_propose_target.kpi AND r.segment = '' AND r.complete AND r.value IS NOT NULL
			ORDER BY r.period DESC LIMIT 12) r
	), history AS (
		SELECT count(*) AS readings, min(p.period) AS first, max(p.period) AS last, min(p.value) AS least, max(p.value) AS most,
			percentile_cont('0.5'::double precision) WITHIN GROUP (ORDER BY p.value) AS median,
			percentile_cont('0.25'::double precision) WITHIN GROUP (ORDER BY p.value) AS lower_quartile,
			percentile_cont('0.75'::double precision) WITHIN GROUP (ORDER BY p.value) AS upper_quartile,
			regr_slope(p.value, p.place) AS slope, regr_intercept(p.value, p.place) AS start
		FROM point p
	), proposal AS (
		SELECT 1 AS place, 'median'::text AS method, h.median AS raw,
			pg_catalog.format('the middle of the last %s complete readings: as good as usual, so it holds the level', h.readings) AS reason
		FROM history h
		UNION ALL
		SELECT 2, 'trend', h.start + h.slope * (h.readings + 1::bigint)::double precision,
			pg_catalog.format('the straight line through the last %s complete readings (%s a period) carried on by one period: what comes if nothing changes', h.readings,
				coalesce(round(h.slope::numeric, greatest(0, 3 - floor(log(nullif(abs(h.slope), '0'::double precision)))::integer)), 0::numeric))
		FROM history h
		UNION ALL
		SELECT 3, 'best quartile', CASE WHEN w.better = 'lower' THEN h.lower_quartile ELSE h.upper_quartile END,
			pg_catalog.format('reached in a quarter of the last %s complete readings (%s is better): challenging, but it was done', h.readings, w.better)
		FROM history h, way w
	), rounded AS (
		-- four significant digits; what was always a share stays one
		SELECT p.place, p.method, p.reason, h.readings, w.better,
			CASE WHEN h.readings < 4 OR w.better = 'range' THEN NULL WHEN r.value = '0' THEN r.value
				ELSE round(r.value::numeric, 3 - floor(log(abs(r.value)))::integer)::double precision END AS value
		FROM proposal p, history h, way w,
			LATERAL (SELECT CASE WHEN h.least >= '0' AND h.most <= '1' THEN least(greatest(p.raw, '0'::double precision), '1'::double precision) ELSE p.raw END AS value) r)
	SELECT r.method, (CASE WHEN r.better = 'lower' THEN at_most(r.value) ELSE at_least(r.value) END)::text, r.value,
		CASE WHEN r.readings < 4 THEN pg_catalog.format('no proposal: it needs 4 complete readings of the total, there are %s', r.readings)
			WHEN r.better = 'range' THEN 'no proposal: the target of this KPI is a range'
			ELSE r.reason END
	FROM rounded r ORDER BY r.place;
END;
COMMENT ON FUNCTION kpi_propose_target(text) IS 'three targets from the last 12 complete readings of the total: their median, the next point of their straight line, and their best quartile, each as text to cast to kpi_target, with its value (four significant digits) and the reason in words. The side that is better is that of the KPI''s newest goal, else higher. NULL with the reason under 4 readings and for a range; 22023 for an unknown KPI';

-- The scorecard as rows: one for each KPI and segment, and a score for each perspective.

CREATE FUNCTION kpi_scorecard(as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (kpi text, title text, segment text, period date, value double precision, target_value double precision, attainment double precision,
	status text, n double precision, previous double precision, year_ago double precision, trend text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH measured AS (
		-- a day is over once it was measured, so that a schedule that measures yesterday leaves no gap
		SELECT d.name, d.title, d.unit, as_of - CASE WHEN d.measured_to >= as_of THEN 0 ELSE 1 END AS over
		FROM kpi_definition d
		WHERE isfinite(as_of) AND d.active OPERATOR(pg_catalog.@>) as_of
	), definition AS (
		-- ended: the newest period whose end has come
		SELECT m.name, m.title, m.unit, m.over, kpi_period(kpi_period(m.over + 1, m.unit) - 1, m.unit) AS ended
		FROM measured m
	), listed AS (
		SELECT d.name, g.segment
		FROM definition d JOIN kpi_goal g ON g.kpi = d.name
		WHERE g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.&&) daterange(d.ended, d.over + 1)
		UNION
		SELECT d.name, r.segment FROM definition d JOIN kpi_reading r ON r.kpi = d.name WHERE r.period >= d.ended AND r.period <= d.over
		UNION
		SELECT d.name, '' FROM definition d
		WHERE EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = d.name AND r.segment = '') OR NOT EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = d.name)
	), shown AS (
		-- the newest reading with a verdict; one in progress without a verdict only where there is no other
		SELECT d.*, l.segment, r.period, r.value, r.target, r.attainment, r.status, r.n
		FROM listed l JOIN definition d ON d.name = l.name
		LEFT JOIN LATERAL (
			SELECT r.* FROM kpi_reading r
			WHERE r.kpi = l.name AND r.segment = l.segment AND r.period >= d.ended
				AND CASE WHEN kpi_next_period(r.period, d.unit) <= d.over + 1 THEN r.complete ELSE r.measured_to <= d.over END
			ORDER BY coalesce(r.complete OR r.status IN ('red', 'amber', 'uncertain', 'green'), false) DESC, r.period DESC
			LIMIT 1) r ON true
	), dated AS (
		SELECT s.name, s.title, s.unit, s.segment, coalesce(s.period, s.ended) AS period, s.value, s.attainment, s.n,
			coalesce(s.target, (SELECT g.target FROM kpi_goal g WHERE s.period IS NULL AND g.kpi = s.name AND g.segment = s.segment
				AND g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.@>) daterange(s.ended, kpi_next_period(s.ended, s.unit)))) AS target,
			CASE WHEN s.value IS NULL THEN 'no_data'::kpi_status ELSE s.status END AS status
		FROM shown s)
	SELECT d.name, d.title, d.segment, d.period, d.value, target_value(d.target), d.attainment, d.status::text, d.n,
		(SELECT r.value FROM kpi_reading r WHERE r.kpi = d.name AND r.segment = d.segment AND r.complete AND r.period = kpi_period(d.period - 1, d.unit)),
		(SELECT r.value FROM kpi_reading r WHERE r.kpi = d.name AND r.segment = d.segment AND r.complete
			AND r.period = kpi_period(CASE WHEN d.unit LIKE 'week%' THEN d.period - 364 WHEN d.unit = 'day' THEN (d.period - '1 year'::interval)::date
				ELSE (d.period + 10 - '1 year'::interval)::date END, d.unit)),
		(WITH point AS (
			SELECT r.period, r.value FROM kpi_reading r
			WHERE r.kpi = d.name AND r.segment = d.segment AND r.complete AND r.value IS NOT NULL AND r.period <= d.period
			ORDER BY r.period DESC LIMIT 8)
		-- Kendall's S of at most 8 values, one-sided 5 percent
		SELECT CASE WHEN k.points < 4 THEN NULL WHEN k.s >= k.limit_ THEN 'rising' WHEN k.s <= - k.limit_ THEN 'falling' ELSE 'steady' END
		FROM (SELECT (SELECT count(*) FROM point) AS points, (ARRAY[0, 0, 0, 6, 8, 11, 13, 16]::bigint[])[(SELECT count(*)::integer FROM point)] AS limit_,
				(SELECT sum(CASE WHEN b.value > a.value THEN 1 WHEN b.value < a.value THEN -1 ELSE 0 END) FROM point a JOIN point b ON a.period < b.period) AS s) k)
	FROM dated d
	ORDER BY d.name, d.segment;
END;
COMMENT ON FUNCTION kpi_scorecard(date) IS 'how each active KPI stands on a day, by segment (empty is the total): the newest period with a verdict, which may be one in progress; value, target, attainment and status of it, n, the values of the period before and of a year ago, and the trend of up to 8 complete readings (rising, falling, steady by Kendall''s test; NULL under 4). status is no_data where the newest ended period has no value, NULL where there is a value but no goal. From readings: kpi_measure() fills them; the day itself counts as over once the KPI was measured to it, before that the day before is looked at. No rows for NULL; plain types only';

CREATE VIEW kpi_current AS
	SELECT s.kpi, s.title, s.segment, s.period, s.value, s.target_value, s.attainment, s.status, s.n, s.previous, s.year_ago, s.trend
	FROM kpi_scorecard(CURRENT_DATE) AS s;
COMMENT ON VIEW kpi_current IS 'kpi_scorecard() of today; whoever reads it needs SELECT on the scorecard''s tables too';
COMMENT ON COLUMN kpi_current.kpi IS 'the KPI';
COMMENT ON COLUMN kpi_current.title IS 'its title';
COMMENT ON COLUMN kpi_current.segment IS 'the segment; empty is the total';
COMMENT ON COLUMN kpi_current.period IS 'first day of the period shown: the newest with a verdict';
COMMENT ON COLUMN kpi_current.value IS 'value of the period; NULL is no data';
COMMENT ON COLUMN kpi_current.target_value IS 'bound of the target or the middle of a range';
COMMENT ON COLUMN kpi_current.attainment IS 'share of the target that is reached; of a period in progress by its pace';
COMMENT ON COLUMN kpi_current.status IS 'red; amber; uncertain; green; pending; no_data; NULL without a goal';
COMMENT ON COLUMN kpi_current.n IS 'rows behind the value';
COMMENT ON COLUMN kpi_current.previous IS 'value of the period before';
COMMENT ON COLUMN kpi_current.year_ago IS 'value of the same period a year before';
COMMENT ON COLUMN kpi_current.trend IS 'rising; falling; steady; NULL under 4 readings';
REVOKE ALL ON TABLE kpi_current FROM PUBLIC;
GRANT SELECT ON TABLE kpi_current TO @extowner@ WITH GRANT OPTION;

CREATE FUNCTION kpi_score(as_of date DEFAULT CURRENT_DATE)
RETURNS TABLE (perspective text, score double precision, coverage double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 4
BEGIN ATOMIC
	WITH weighed AS (
		SELECT d.perspective, s.kpi, s.segment, s.attainment, g.weight, bool_or(s.segment = '') OVER (PARTITION BY s.kpi) AS has_total
		FROM kpi_scorecard(as_of) s JOIN kpi_definition d ON d.name = s.kpi
		JOIN kpi_goal g ON g.kpi = s.kpi AND g.segment = s.segment AND g.superseded_at IS NULL
			AND g.during OPERATOR(pg_catalog.@>) daterange(s.period, kpi_next_period(s.period, d.unit)))
	-- segments count where the total has no goal
	SELECT w.perspective, weighted_score(w.attainment, w.weight),
		coalesce(sum(w.weight) FILTER (WHERE w.attainment IS NOT NULL), '0'::double precision) / nullif(sum(w.weight), '0'::double precision)
	FROM weighed w
	WHERE w.segment = '' OR NOT w.has_total
	GROUP BY w.perspective
	ORDER BY w.perspective;
END;
COMMENT ON FUNCTION kpi_score(date) IS 'score of each perspective on a day: the mean of the attainments in kpi_scorecard(), each cut to 0..1, weighted by the goals, and coverage, the share 0..1 of the weights that has an attainment; NULL where none has. A KPI without a goal does not count; its segments'' goals count where its total has none';

-- Reviewing the scorecard itself.

CREATE FUNCTION kpi_review(as_of date) RETURNS TABLE (kpi text, rule text, finding text, action text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	WITH active AS (
		SELECT d.*, kpi_period(kpi_period(as_of, d.unit) - 1, d.unit) AS ended, kpi_period(as_of, d.unit) AS running
		FROM kpi_definition d WHERE d.active OPERATOR(pg_catalog.@>) as_of
	), core AS (
		SELECT count(*) AS kpis FROM active a WHERE a.parent IS NULL
	), goal AS (
		SELECT a.name, a.kind, g.segment, g.target, g.during
		FROM active a JOIN kpi_goal g ON g.kpi = a.name AND g.superseded_at IS NULL AND g.during OPERATOR(pg_catalog.@>) a.running
	), verdict AS (
		-- the complete readings that were judged, newest first
		SELECT r.kpi, r.segment, r.status, r.n, row_number() OVER (PARTITION BY r.kpi, r.segment ORDER BY r.period DESC) AS place
		FROM kpi_reading r JOIN active a ON a.name = r.kpi AND r.period <= as_of
		WHERE r.complete AND r.status IN ('red', 'amber', 'green', 'uncertain')
	), finding AS (
		SELECT NULL::text AS kpi, 'too many KPIs'::text AS rule, pg_catalog.format('%s core KPIs (active and without a parent)', c.kpis) AS finding,
			'Keep 5 to 8: retire some, or make them children of another (parent).'::text AS action
		FROM core c WHERE c.kpis > 8
		UNION ALL
		SELECT NULL, 'too few KPIs', pg_catalog.format('%s core KPIs (active and without a parent)', c.kpis), 'Define 5 to 8, several for each perspective.'
		FROM core c WHERE c.kpis < 5
		UNION ALL
		SELECT NULL, 'no leading KPI', 'all KPIs are lagging: they tell what has happened', 'Add one that moves before the results do, such as leads, activity or satisfaction.'
		WHERE EXISTS (SELECT FROM active) AND NOT EXISTS (SELECT FROM active a WHERE a.timing = 'leading')
		UNION ALL
		SELECT NULL, 'no lagging KPI', 'all KPIs are leading: none tells the result', 'Add one that measures the result, such as revenue or retention.'
		WHERE EXISTS (SELECT FROM active) AND NOT EXISTS (SELECT FROM active a WHERE a.timing = 'lagging')
		UNION ALL
		SELECT NULL, 'unbalanced perspectives', pg_catalog.format('no KPI of the perspective %s', p.perspective), 'Add one, so that no side of the business is judged at the cost of another.'
		FROM (VALUES (1, 'financial'::text), (2, 'customer'), (3, 'process'), (4, 'people')) AS p (place, perspective)
		WHERE EXISTS (SELECT FROM active) AND NOT EXISTS (SELECT FROM active a WHERE a.perspective = p.perspective)
		UNION ALL
		SELECT NULL, 'unbalanced perspectives', pg_catalog.format('%s of %s core KPIs are %s', p.kpis, c.kpis, p.perspective), 'Move the weight to the other perspectives.'
		FROM core c, (SELECT a.perspective, count(*) AS kpis FROM active a WHERE a.parent IS NULL GROUP BY a.perspective) p
		WHERE c.kpis >= 4 AND p.kpis * 2::bigint > c.kpis
		UNION ALL
		SELECT a.name, 'no target', pg_catalog.format('no goal is in force for the %s of %s', a.unit, to_char(a.running::timestamp, 'YYYY-MM-DD')), 'Set one with kpi_set_goal(); kpi_propose_target() gives three from history.'
		FROM active a WHERE NOT EXISTS (SELECT FROM goal g WHERE g.name = a.name)
		UNION ALL
		SELECT a.name, 'failing source', pg_catalog.format('the last measuring failed: %s', a.error), 'Correct the source or the definition, then kpi_measure() again.'
		FROM active a WHERE a.error IS NOT NULL
		UNION ALL
		SELECT a.name, 'stale source',
			coalesce('the newest value is of ' || (SELECT to_char(max(r.period)::timestamp, 'YYYY-MM-DD') FROM kpi_reading r WHERE r.kpi = a.name AND r.value IS NOT NULL AND r.period <= as_of), 'no value was ever measured'),
			CASE WHEN a.measured_at IS NULL THEN 'Measure it: schedule kpi_measure().'
				WHEN a.measured_to < a.running - 1 THEN pg_catalog.format('It was measured up to %s only: look at the schedule of kpi_measure().', to_char(a.measured_to::timestamp, 'YYYY-MM-DD'))
				ELSE 'Look why the source has no newer rows.' END
		FROM active a
		WHERE a.ended OPERATOR(pg_catalog.<@) a.active
			AND NOT EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = a.name AND r.value IS NOT NULL AND r.period BETWEEN a.ended AND as_of)
		UNION ALL
		SELECT v.kpi, 'always ' || v.status::text, pg_catalog.format('the last %s judged readings%s are all %s', v.readings, CASE WHEN v.segment = '' THEN '' ELSE ' of ' || v.segment END, v.status),
			CASE WHEN v.status = 'green' THEN 'A target that is always met teaches nothing: raise it, or ask whether the KPI still matters.'
				ELSE 'A target that is never met discourages: lower it to what can be reached, or change what is done.' END
		FROM (SELECT v.kpi, v.segment, min(v.status) AS status, max(v.status) AS other, count(*) AS readings FROM verdict v WHERE v.place <= 12 GROUP BY v.kpi, v.segment) v
		WHERE v.readings >= 6 AND v.status = v.other AND v.status IN ('green', 'red')
		UNION ALL
		SELECT a.name, 'no guard', 'a volume can be reached at the cost of quality', 'Name the KPI that would show it (guard), such as a rate, a margin or a satisfaction.'
		FROM active a WHERE a.kind = 'flow' AND a.parent IS NULL AND a.guard IS NULL
		UNION ALL
		SELECT a.name, 'lost ' || x.what, pg_catalog.format('%s %L is not an active KPI', x.what, x.name), 'Define it again, or name another.'
		FROM active a, LATERAL (VALUES ('parent'::text, a.parent), ('guard', a.guard)) AS x (what, name)
		WHERE x.name IS NOT NULL AND NOT EXISTS (SELECT FROM active b WHERE b.name = x.name)
		UNION ALL
		SELECT a.name, 'parents in a circle', pg_catalog.format('%L is its own ancestor', a.name), 'Define one of them again with another parent.'
		FROM active a
		WHERE a.name IN (
			WITH RECURSIVE above AS (
				SELECT a.parent AS name
				UNION
				SELECT d.parent FROM above x JOIN kpi_definition d ON d.name = x.name WHERE d.parent IS NOT NULL)
			SELECT x.name FROM above x)
		UNION ALL
		SELECT a.name, 'readings of another unit', pg_catalog.format('%s readings do not begin with a %s or are marked complete before it ends', count(*), a.unit),
			'The definition or readings were changed by hand: correct the unit, or delete these readings and measure again.'
		FROM active a JOIN kpi_reading r ON r.kpi = a.name
		WHERE r.period <> kpi_period(r.period, a.unit) OR (r.complete AND r.measured_to < kpi_next_period(r.period, a.unit) - 1)
		GROUP BY a.name, a.unit
		UNION ALL
		SELECT a.name, 'review overdue', pg_catalog.format('last reviewed on %s, due every %s', to_char(a.reviewed_on::timestamp, 'YYYY-MM-DD'), a.review_every), 'Review definition and goal, then set reviewed_on.'
		FROM active a WHERE a.reviewed_on + a.review_every < as_of::timestamp
		UNION ALL
		SELECT r.kpi, 'small n', pg_catalog.format('n is %s%s in the period of %s, under %s', r.n, CASE WHEN r.segment = '' THEN '' ELSE ' in ' || r.segment END, to_char(r.period::timestamp, 'YYYY-MM-DD'), coalesce(a.min_n, 30)),
			'Ask more people, choose a longer unit, or join segments: the number moves by chance.'
		FROM active a, LATERAL (
			SELECT DISTINCT ON (r.segment) r.* FROM kpi_reading r WHERE r.kpi = a.name AND r.complete AND r.value IS NOT NULL AND r.period <= as_of ORDER BY r.segment, r.period DESC) r
		WHERE r.n < coalesce(a.min_n, 30)::double precision AND (a.min_n IS NOT NULL OR a.kind IN ('ratio', 'survey'))
		UNION ALL
		SELECT s.name, 'segments do not add up', pg_catalog.format('the goals of %s segments add to %s, the total''s is %s', s.segments, s.added, target_value(t.target)),
			'Set the goals of the segments so that meeting all of them meets the total.'
		FROM (SELECT g.name, count(*) AS segments, sum(target_value(g.target)) AS added FROM goal g WHERE g.segment <> '' AND g.kind IN ('flow', 'stock') GROUP BY g.name) s
		JOIN goal t ON t.name = s.name AND t.segment = ''
		WHERE abs(s.added - target_value(t.target)) > '1e-9'::double precision * greatest(abs(s.added), abs(target_value(t.target)))
		UNION ALL
		SELECT g.name, 'rate above 1', pg_catalog.format('the target%s is %s, but the readings lie in 0..1', CASE WHEN g.segment = '' THEN '' ELSE ' of ' || g.segment END, g.target),
			'A rate is a fraction: write >= 90% or >= 0.9.'
		FROM goal g, LATERAL (SELECT min(r.value) AS least, max(r.value) AS most FROM kpi_reading r WHERE r.kpi = g.name) r
		WHERE g.kind IN ('ratio', 'average', 'survey') AND coalesce(target_lower(g.target), target_upper(g.target)) > '1' AND r.least >= '0' AND r.most <= '1')
	SELECT f.kpi, f.rule, f.finding, f.action FROM finding f ORDER BY f.kpi NULLS FIRST, f.rule, f.finding;
END;
COMMENT ON FUNCTION kpi_review(date) IS 'what is wrong with the scorecard itself on the day, one row a finding, by the readings up to it of the KPIs that are active then, and the goals in force now: the KPI (NULL is the scorecard as a whole), the rule, what was found, and what to do. Rules: too many or too few KPIs (5 to 8 without a parent), no leading KPI, no lagging KPI, unbalanced perspectives, no target, failing source, stale source, always green, always red (at least 6 readings), no guard, lost guard, lost parent, parents in a circle, readings of another unit, review overdue, small n, segments do not add up, rate above 1';

CREATE FUNCTION kpi_review() RETURNS TABLE (kpi text, rule text, finding text, action text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
	SELECT r.kpi, r.rule, r.finding, r.action FROM kpi_review(CURRENT_DATE) WITH ORDINALITY AS r (kpi, rule, finding, action, place) ORDER BY r.place;
END;
COMMENT ON FUNCTION kpi_review() IS 'kpi_review(as_of) of today';
-- The quality of a source's data: src/scorecard/profile.c

CREATE FUNCTION kpi_profile(source regclass) RETURNS TABLE (subject text, measure text, value double precision, finding text)
	AS 'MODULE_PATHNAME', 'kpi_profile' LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 20;
COMMENT ON FUNCTION kpi_profile(regclass) IS 'quality of the data in a table or view, which the caller must be able to read. Measures: rows; completeness of each column (share 0..1 of the rows that are not NULL, empty text or an infinite number or NaN; NULL without rows); and of a column period: age in days of the newest, rows in the future, rows that repeat the period and segment of another. finding says in words what is worth a look, NULL is nothing. 22023 for another kind of relation';

-- Parts of the scorecard's page: src/scorecard/html.c, figure.c, svg.c
--
-- Whatever comes from a table reaches the page through kpi_html() or through a function here that writes numbers only.
-- All of the page is ASCII, so that it does not depend on an encoding.

CREATE FUNCTION kpi_html(content text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html(text) IS 'the text as HTML that shows it, safe between tags and in a quoted attribute: markup and quotes are escaped, other characters than ASCII are character references, those that HTML forbids become U+FFFD; NULL for NULL';
CREATE FUNCTION kpi_html_value(value double precision, measure text, target kpi_target) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_value(double precision, text, kpi_target) IS 'private: a value as people read it, in HTML: rounded to about three digits, but never so that it looks like a bound of the target that it is not';
CREATE FUNCTION kpi_html_target(target kpi_target, measure text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_target' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_target(kpi_target, text) IS 'private: what a target asks for in words, in HTML';
CREATE FUNCTION kpi_html_warning(target kpi_target, measure text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_warning' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_warning(kpi_target, text) IS 'private: where a target''s red begins, in HTML; NULL for one without a warning';
CREATE FUNCTION kpi_html_change(value double precision, before double precision, measure text, as_difference boolean) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_change' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_change(double precision, double precision, text, boolean) IS 'private: how a value has changed, in HTML: fractions in points, others in per cent or as a difference';
CREATE FUNCTION kpi_svg_bullet(value double precision, target kpi_target, margin double precision, share double precision, label text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_svg_bullet' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_svg_bullet(double precision, kpi_target, double precision, double precision, text) IS 'private: bullet graph in SVG: bands of the target, bar from 0 to the value, mark at each bound, whisker value -+ margin, tick at share x bound; the label is HTML';
CREATE FUNCTION kpi_svg_history(value double precision[], partial boolean, lower_bound double precision[], upper_bound double precision[],
	ahead double precision[], ahead_lower double precision[], ahead_upper double precision[], label text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_svg_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_svg_history(double precision[], boolean, double precision[], double precision[], double precision[], double precision[], double precision[], text) IS 'private: sparkline in SVG: a line through the values with the last marked, the goals as dashes, the forecast with its interval; the label is HTML';

CREATE FUNCTION kpi_page_period(period date, unit text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN unit = 'day' THEN to_char(period::timestamp, 'FMDD Mon YYYY')
	WHEN unit = 'month' THEN to_char(period::timestamp, 'Mon YYYY')
	WHEN unit = 'quarter' THEN to_char(period::timestamp, '"Q"Q YYYY')
	WHEN unit = 'year' THEN to_char(period::timestamp, 'YYYY')
	WHEN starts_with(unit, 'week') THEN to_char(period::timestamp, '"week of "FMDD Mon YYYY')
	ELSE to_char(period::timestamp, 'FMDD Mon YYYY') || to_char((kpi_next_period(period, unit) - 1)::timestamp, '" to "FMDD Mon YYYY') END;
COMMENT ON FUNCTION kpi_page_period(date, text) IS 'private: a period as people write it, such as Q4 2025';

CREATE FUNCTION kpi_page_word(status text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 'green' THEN 'On target' WHEN 'amber' THEN 'Near target' WHEN 'red' THEN 'Off target' WHEN 'uncertain' THEN 'Uncertain'
	WHEN 'pending' THEN 'Pending' WHEN 'no_data' THEN 'No data' ELSE 'No target' END;
COMMENT ON FUNCTION kpi_page_word(text) IS 'private: a status in words';

CREATE FUNCTION kpi_page_status(status text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status
	WHEN 'green' THEN '<span class="pill green"><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="7"/><path d="M4.5 8.3l2.4 2.4 4.6-5"/></svg>'
	WHEN 'amber' THEN '<span class="pill amber"><svg viewBox="0 0 16 16" aria-hidden="true"><path class="fill" d="M8 1l7.5 14H.5z"/><path d="M8 6v4M8 12.2v.4"/></svg>'
	WHEN 'red' THEN '<span class="pill red"><svg viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="1" width="14" height="14" rx="2"/><path d="M5 5l6 6M11 5l-6 6"/></svg>'
	WHEN 'uncertain' THEN '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1.5 8c2-5 4.5-5 6.5 0s4.5 5 6.5 0"/></svg>'
	WHEN 'pending' THEN '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><circle class="ring" cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/></svg>'
	WHEN 'no_data' THEN '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><circle class="ring dashed" cx="8" cy="8" r="6"/></svg>'
	ELSE '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8h10"/></svg>' END || kpi_page_word(status) || '</span>';
COMMENT ON FUNCTION kpi_page_status(text) IS 'private: a status in word, shape and colour, in HTML';

CREATE FUNCTION kpi_page_style() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '
:root { color-scheme: light dark; --page: #f4f5f7; --paper: #fff; --ink: #1b2330; --soft: #55606f; --rule: #d9dde3; --accent: #1d4f91;
--green: #0d5f33; --green-wash: #d8f0e1; --amber: #6d4600; --amber-wash: #fdeac0; --red: #921712; --red-wash: #fbdedb; --grey: #47505d; --grey-wash: #e6e9ee;
--b-green: #dfe8e2; --b-amber: #d3d3cb; --b-red: #c3bcbd; --bar: #26364d; --mark: #0a0f17; --fan: #c5d6ec; --goal: #6b7482 }
@media screen and (prefers-color-scheme: dark) { :root { --page: #11161d; --paper: #1a212b; --ink: #e8ecf2; --soft: #a7b1bf; --rule: #364050; --accent: #8fbbf2;
--green: #9be4b8; --green-wash: #143c27; --amber: #f6cf7c; --amber-wash: #443306; --red: #ffb3ac; --red-wash: #561a17; --grey: #c6ceda; --grey-wash: #323c4a;
--b-green: #2b3a35; --b-amber: #47474a; --b-red: #665f66; --bar: #d7e3f4; --mark: #fff; --fan: #2d4263; --goal: #939eae } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: break-word }
main, .top, footer.foot { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem }
.top { padding-top: 2rem }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em }
h2 { margin: 2.5rem 0 .9rem; font-size: 1.25rem; line-height: 1.3; font-weight: 650 }
h3 { flex: 1 1 9rem; margin: 0; font-size: 1.0625rem; line-height: 1.3; font-weight: 650 }
p { margin: 0 }
a { color: var(--accent) }
.soft, .when, .facts dt, .axis, .meta { color: var(--soft) }
.tiles, .cards { display: grid; gap: 1rem; margin: 0; padding: 0; list-style: none }
.tiles { grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); margin-top: 1.5rem }
.tile, .card, .panel { background: var(--paper); border: 1px solid var(--rule); border-radius: .6rem; padding: 1rem 1.1rem }
.tile .big { font-size: 1.9rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums }
.tile svg { display: block; width: 100%; height: .5rem; margin: .3rem 0 .5rem }
.track { fill: var(--b-green) } .bar { fill: var(--bar) }
.card { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr) minmax(0, 5fr); gap: .8rem 2rem; align-items: start; border-left: .4rem solid var(--grey) }
.card.s-green { border-left-color: var(--green) } .card.s-amber { border-left-color: var(--amber) } .card.s-red { border-left-color: var(--red) }
.part { display: flex; flex-direction: column; gap: .5rem; min-width: 0 }
.card:target { outline: 3px solid var(--accent); outline-offset: 2px }
.head { display: flex; justify-content: space-between; align-items: flex-start; flex-wrap: wrap; gap: .3rem .75rem }
.pill { display: inline-flex; align-items: center; gap: .35rem; padding: .12rem .6rem .12rem .45rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; white-space: nowrap; background: var(--grey-wash); color: var(--grey) }
.pill svg { width: .95rem; height: .95rem; flex: none; fill: currentColor } .pill path { fill: none; stroke: var(--grey-wash); stroke-width: 1.8 } .pill .fill { fill: currentColor; stroke: none }
.pill.grey path { stroke: currentColor } .pill .ring { fill: none; stroke: currentColor; stroke-width: 1.8 } .pill .dashed { stroke-dasharray: 2.5 2.2 }
.pill.green { background: var(--green-wash); color: var(--green) } .pill.green path { stroke: var(--green-wash) }
.pill.amber { background: var(--amber-wash); color: var(--amber) } .pill.amber path { stroke: var(--amber-wash) } .pill.amber .fill { stroke: none }
.pill.red { background: var(--red-wash); color: var(--red) } .pill.red path { stroke: var(--red-wash) }
.value { font-size: 1.9rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums } .when b { color: var(--ink); font-weight: 600 }
.when, .axis, .meta, .note { font-size: .875rem }
.bullet, .history { display: block; width: 100%; height: auto; overflow: visible }
.b-green { fill: var(--b-green) } .b-amber { fill: var(--b-amber) } .b-red { fill: var(--b-red) } .mark { fill: var(--mark); stroke: var(--paper); stroke-width: 1 }
.margin, .by-now, .line, .goal, .ahead { fill: none } .margin { stroke: var(--accent); stroke-width: 2 } .by-now { stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 3 2 }
.line { stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round } .goal { stroke: var(--goal); stroke-width: 1.2; stroke-dasharray: 4 3 }
.ahead { stroke: var(--accent); stroke-width: 1.6; stroke-dasharray: 2 3 } .fan { fill: var(--fan) } .last { fill: var(--accent); stroke: var(--paper); stroke-width: 1.5 } .partial { fill: var(--paper); stroke: var(--accent); stroke-width: 2 }
.axis { display: flex; justify-content: space-between; gap: 1rem }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .35rem .8rem; margin: 0; font-size: .9375rem; line-height: 1.35 } .facts dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums }
.changes { margin: 0; padding: .45rem .6rem; list-style: none; font-size: .875rem; background: var(--page); border-radius: .4rem }
.meta { margin-top: .3rem }
.failed { padding: .45rem .6rem; border-left: .25rem solid var(--red); background: var(--red-wash); color: var(--red); font-size: .875rem }
.scroll { overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule) }
thead th { color: var(--soft); font-weight: 600; font-size: .875rem; vertical-align: bottom } tbody th { font-weight: 500 }
.num { text-align: right } td.num { white-space: nowrap } bdi { overflow-wrap: anywhere } tbody th { min-width: 6.5rem } tbody .group { padding-top: 1.1rem; font-weight: 650 } table.small { font-size: .875rem } table.small th, table.small td { padding: .25rem .4rem }
.small .pill { font-size: .8125rem }
tbody:last-child tr:last-child > * { border-bottom: 0 }
pre { overflow-x: auto; padding: .9rem 1rem; border-radius: .5rem; background: var(--page); font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace } ol { padding-left: 1.2rem }
footer.foot { margin-top: 3rem; padding-bottom: 2rem; font-size: .875rem; color: var(--soft) } .legend { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin: 0 0 .8rem; padding: 0; list-style: none } .legend li { display: flex; align-items: center; gap: .4rem }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media screen and (max-width: 62rem) { .card { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) } .part:first-child { grid-row: span 2 } .part:last-child { grid-column: 2 } }
@media screen and (max-width: 44rem) { .card { grid-template-columns: minmax(0, 1fr) } .part:first-child { grid-row: auto } .part:last-child { grid-column: auto } }
@media (max-width: 40rem) { main, .top, footer.foot { padding-left: .8rem; padding-right: .8rem } .tiles { grid-template-columns: 1fr 1fr } .wide { display: none } th, td { padding: .4rem } h1, .value { font-size: 1.6rem } }
@media print { @page { margin: 12mm } html { font-size: 8.5pt } body { background: #fff } .card, .tile, tr { break-inside: avoid } h2, thead { break-after: avoid } main, .top, footer.foot { max-width: none; padding: 0 }
.cards { display: block } .card { grid-template-columns: minmax(0, 5fr) minmax(0, 7fr) minmax(0, 5fr); gap: .6rem 1.2rem; margin-bottom: .8rem } .tiles { grid-template-columns: repeat(4, 1fr) } .wide { display: table-cell } .scroll { overflow: visible } a { color: inherit; text-decoration: none }
svg, .pill, .card, .changes { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
';
COMMENT ON FUNCTION kpi_page_style() IS 'private: style sheet of the scorecard''s page';

CREATE FUNCTION kpi_page_before(value double precision, before double precision, target kpi_target, measure text, kind text, comparable boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kpi_html_value(before, measure, NULL::kpi_target) || coalesce('<br/><span class="soft">' || CASE WHEN comparable THEN
	kpi_html_change(value, before, measure, kind = 'survey') || CASE
		WHEN gap(value, target) < gap(before, target) THEN ', better'
		WHEN gap(value, target) > gap(before, target) THEN ', worse'
		-- both meet it
		WHEN (direction(target) = 'higher' AND value > before) OR (direction(target) = 'lower' AND value < before) THEN ', better'
		WHEN (direction(target) = 'higher' AND value < before) OR (direction(target) = 'lower' AND value > before) THEN ', worse'
		ELSE '' END END || '</span>', '');
COMMENT ON FUNCTION kpi_page_before(double precision, double precision, kpi_target, text, text, boolean) IS 'private: an earlier value and the change since, in HTML';

CREATE FUNCTION kpi_page_measure(title text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(substring(title, '\S\s*\[([^][]{1,20})\]\s*$'), '');
COMMENT ON FUNCTION kpi_page_measure(text) IS 'private: what the values of a KPI are measured in: what stands in square brackets at the end of its title, or empty';
CREATE FUNCTION kpi_page_title(title text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(title, '(\S)\s*\[[^][]{1,20}\]\s*$', '\1');
COMMENT ON FUNCTION kpi_page_title(text) IS 'private: the title of a KPI without what kpi_page_measure() reads';
-- The scorecard as a page: parts in page_parts.sql.

CREATE FUNCTION kpi_page_card(place bigint, kpi text, period date, value double precision, attainment double precision, status text, n double precision,
	previous double precision, year_ago double precision, trend text, segment_rows text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH shown AS (
		SELECT d.name, kpi_page_title(d.title) AS title, kpi_page_measure(d.title) AS measure, d.description, d.unit, d.kind, d.level, d.timing, d.owner, d.error,
			d.measured_at, kpi_page_card.period, kpi_page_card.value, kpi_page_card.attainment, kpi_page_card.status, kpi_page_card.n AS rows,
			kpi_page_card.previous, kpi_page_card.year_ago, kpi_page_card.trend,
			coalesce(r.complete, true) AS complete, r.share, nullif(r.margin, 'Infinity') AS margin, r.measured_to AS known_to,
			coalesce(r.target, (SELECT g.target FROM kpi_goal g WHERE g.kpi = d.name AND g.segment = '' AND g.superseded_at IS NULL
				AND pg_catalog.range_contains_elem(g.during, kpi_page_card.period))) AS target,
			-- days of history that are drawn and that the forecast learns from
			CASE WHEN d.unit = 'day' THEN 41 WHEN starts_with(d.unit, 'week') THEN 175 WHEN d.unit ~ 'month' THEN 690 WHEN d.unit ~ 'quarter' THEN 1000 ELSE 3300 END AS drawn,
			CASE WHEN d.unit = 'day' THEN 400 WHEN starts_with(d.unit, 'week') THEN 1120 WHEN d.unit ~ 'month' THEN 3650 WHEN d.unit ~ 'quarter' THEN 5500 ELSE 14600 END AS learned,
			CASE WHEN d.unit = 'day' THEN 7 WHEN starts_with(d.unit, 'week') THEN 52 WHEN d.unit ~ 'month' THEN 12 WHEN d.unit ~ 'quarter' THEN 4 ELSE 1 END AS season,
			CASE WHEN d.unit = 'day' THEN 7 ELSE 3 END AS horizon
		FROM kpi_definition d LEFT JOIN kpi_reading r ON r.kpi = d.name AND r.segment = '' AND r.period = kpi_page_card.period
		WHERE d.name = kpi_page_card.kpi
	), past AS (
		SELECT p.period, x.value, x.target, p.period >= kpi_period(h.period - h.drawn, h.unit) AS drawn, p.period = h.period AND NOT h.complete AS partial, x.numerator, x.denominator
		FROM shown h, LATERAL kpi_periods(greatest(h.period - h.learned, (SELECT min(f.period) FROM kpi_reading f WHERE f.kpi = h.name AND f.segment = '' AND f.value IS NOT NULL)), h.period, h.unit) AS p (period)
		LEFT JOIN kpi_reading x ON x.kpi = kpi_page_card.kpi AND x.segment = '' AND x.period = p.period
	), history AS (
		SELECT pg_catalog.array_agg(p.value ORDER BY p.period) FILTER (WHERE p.drawn) AS value, min(p.period) FILTER (WHERE p.drawn) AS first,
			pg_catalog.array_agg(target_lower(p.target) ORDER BY p.period) FILTER (WHERE p.drawn) AS lower_bound,
			pg_catalog.array_agg(target_upper(p.target) ORDER BY p.period) FILTER (WHERE p.drawn) AS upper_bound,
			pg_catalog.array_agg(p.value ORDER BY p.period) FILTER (WHERE NOT p.partial) AS whole, max(p.period) FILTER (WHERE NOT p.partial) AS last,
			-- a part of a whole cannot leave 0..1
			count(*) FILTER (WHERE p.value IS NOT NULL) = count(*) FILTER (WHERE p.numerator >= '0' AND p.numerator <= p.denominator) AS share
		FROM past p
	), ahead AS (
		SELECT coalesce(pg_catalog.array_agg(CASE WHEN y.share THEN least(greatest(f.value, '0'), '1') ELSE f.value END ORDER BY f.step), '{}'::double precision[]) AS value, coalesce(pg_catalog.array_agg(CASE WHEN y.share THEN least(greatest(f.lower, '0'), '1') ELSE f.lower END ORDER BY f.step), '{}'::double precision[]) AS lower,
			coalesce(pg_catalog.array_agg(CASE WHEN y.share THEN least(greatest(f.upper, '0'), '1') ELSE f.upper END ORDER BY f.step), '{}'::double precision[]) AS upper
		FROM shown h, history y, LATERAL forecast(y.whole, h.horizon, h.season) f
		WHERE f.lower IS NOT NULL
	), text AS (
		SELECT h.*, y.first, y.last,
			kpi_html_target(h.target, h.measure) AS target_html, kpi_html_warning(h.target, h.measure) AS warning_html,
			coalesce(kpi_html_value(h.value, h.measure, h.target), CASE WHEN h.measured_at IS NULL AND h.known_to IS NULL THEN 'Not measured yet' ELSE 'No data' END) AS value_html,
			NOT h.complete AND h.kind = 'flow' AS growing,
			CASE WHEN y.last IS NOT NULL THEN kpi_page_period(kpi_next_period(y.last, h.unit), h.unit) END AS next,
			(SELECT 'lowest ' || kpi_html_value(p.value, h.measure, NULL::kpi_target) || ' in ' || kpi_page_period(p.period, h.unit) FROM past p
				WHERE p.value IS NOT NULL AND p.drawn AND NOT p.partial ORDER BY p.value, p.period LIMIT 1)
			|| (SELECT ', highest ' || kpi_html_value(p.value, h.measure, NULL::kpi_target) || ' in ' || kpi_page_period(p.period, h.unit) FROM past p
				WHERE p.value IS NOT NULL AND p.drawn AND NOT p.partial ORDER BY p.value DESC, p.period LIMIT 1)
			|| (SELECT ', last ' || kpi_html_value(p.value, h.measure, NULL::kpi_target) || ' in ' || kpi_page_period(p.period, h.unit) FROM past p
				WHERE p.value IS NOT NULL AND NOT p.partial ORDER BY p.period DESC LIMIT 1) AS extremes,
			CASE WHEN pg_catalog.cardinality(a.value) > 0 THEN kpi_html_value((a.value)[1], h.measure, NULL::kpi_target) END AS ahead_html,
			CASE WHEN pg_catalog.cardinality(a.value) > 0 THEN kpi_html_value((a.lower)[1], h.measure, NULL::kpi_target) || ' to ' || kpi_html_value((a.upper)[1], h.measure, NULL::kpi_target) END AS between_html,
			y.value AS history, y.lower_bound, y.upper_bound, a.value AS ahead, a.lower AS ahead_lower, a.upper AS ahead_upper
		FROM shown h, history y, ahead a)
	SELECT pg_catalog.concat(
		'<article class="card s-', CASE WHEN t.status IN ('green', 'amber', 'red') THEN t.status ELSE 'none' END, '" id="kpi-', place, '" aria-labelledby="kpi-', place, '-title">',
		E'\n<div class="part"><div class="head"><h3 id="kpi-', place, '-title"><bdi>', kpi_html(t.title), '</bdi></h3>', kpi_page_status(t.status), '</div>',
		E'\n<p class="value">', t.value_html, E'</p>\n<p class="when">', kpi_page_period(t.period, t.unit),
			CASE WHEN t.complete THEN '' ELSE ', in progress: up to ' || to_char(t.known_to::timestamp, 'FMDD Mon YYYY') END,
			CASE WHEN t.target IS NULL THEN '' ELSE ' &#183; <b>target ' || t.target_html || '</b>' END,
			CASE WHEN t.margin IS NOT NULL THEN '<br/>interval ' || kpi_html_value(t.value - t.margin, t.measure, t.target) || ' to ' || kpi_html_value(t.value + t.margin, t.measure, t.target) END, '</p>',
		E'\n' || kpi_svg_bullet(t.value, t.target, t.margin, CASE WHEN t.growing THEN t.share END,
			'Bullet graph: ' || t.value_html || ', target ' || t.target_html || coalesce(', red ' || t.warning_html, '')),
		E'\n<p class="note">' || pg_catalog.concat_ws('; ',
			'<b>' || kpi_html_value(t.attainment, '%'::text, CASE WHEN t.attainment < '1' THEN '>= 1'::kpi_target END) || '</b> of ' || CASE WHEN t.growing THEN 'what is due by now' ELSE 'the target' END,
			CASE t.status WHEN 'uncertain' THEN 'too few answers to tell the colour'
				WHEN 'pending' THEN CASE WHEN t.complete THEN 'too few rows for a verdict' ELSE 'too early for a verdict' END
				ELSE 'red ' || t.warning_html END) || '</p>',
		E'\n<p class="failed"><b>The last measuring failed:</b> ' || kpi_html(t.error) || '</p>',
		E'\n<div class="meta">', '<p>' || nullif(kpi_html(t.description), '') || '</p>',
		'<p>', CASE WHEN t.owner <> '' THEN 'Owner: <bdi>' || kpi_html(t.owner) || '</bdi> &#183; ' END, t.level, ', ', t.timing, ', by ', t.unit, E'</p></div></div>\n<div class="part">',
		E'\n' || kpi_svg_history(t.history, NOT t.complete, t.lower_bound, t.upper_bound, t.ahead, t.ahead_lower, t.ahead_upper,
			pg_catalog.concat('History of ', kpi_html(t.title), ' from ', kpi_page_period(t.first, t.unit), ': ', t.extremes,
				CASE WHEN NOT t.complete THEN '; so far ' || t.value_html || ' in ' || kpi_page_period(t.period, t.unit) END,
				'; forecast for ' || t.next || ' ' || t.ahead_html))
			|| '<p class="axis" aria-hidden="true"><span>' || kpi_page_period(t.first, t.unit) || '</span><span>' || CASE WHEN t.ahead_html IS NULL THEN kpi_page_period(t.period, t.unit) ELSE 'forecast ' || t.next || ' on' END || '</span></p><p class="note soft" aria-hidden="true">' || upper(left(t.extremes, 1)) || substr(t.extremes, 2) || '</p>',
		E'\n' || segment_rows,
		E'</div>\n<div class="part">',
		E'\n<dl class="facts">' || nullif(pg_catalog.concat(
			'<dt>Previous period</dt><dd>' || kpi_page_before(t.value, t.previous, t.target, t.measure, t.kind, NOT t.growing) || '</dd>',
			'<dt>A year ago</dt><dd>' || kpi_page_before(t.value, t.year_ago, t.target, t.measure, t.kind, NOT t.growing) || '</dd>',
			'<dt>Trend</dt><dd>' || kpi_html(t.trend) || '</dd>',
			'<dt>Forecast ' || t.next || '</dt><dd>' || t.ahead_html || '<br/><span class="soft">95%: ' || t.between_html || '</span></dd>',
			'<dt>Rows behind it (n)</dt><dd>' || kpi_html_value(t.rows, ''::text, NULL::kpi_target) || '</dd>'), '') || '</dl>',
		(SELECT E'\n<ul class="changes" aria-label="Changes of status">' || string_agg('<li>' || kpi_page_period(a.period, t.unit) || ': '
				|| CASE WHEN a.segment <> '' THEN '<bdi>' || kpi_html(a.segment) || '</bdi> ' ELSE '' END
				|| CASE WHEN a.previous IS NULL THEN '' ELSE 'from ' || lower(kpi_page_word(a.previous::text)) || ' ' END || 'to <b>' || lower(kpi_page_word(a.status::text)) || '</b></li>',
				'' ORDER BY a.period DESC, a.raised_at DESC, a.segment COLLATE "C") || '</ul>'
			FROM (SELECT l.* FROM kpi_alert l WHERE l.kpi = t.name AND l.period <= t.period ORDER BY l.period DESC, l.raised_at DESC, l.segment COLLATE "C" LIMIT 3) a),
		E'</div>\n</article>\n')
	FROM text t;
END;
COMMENT ON FUNCTION kpi_page_card(bigint, text, date, double precision, double precision, text, double precision, double precision, double precision, text, text) IS 'private: one KPI of kpi_scorecard_html()';

CREATE FUNCTION kpi_scorecard_html(as_of date DEFAULT CURRENT_DATE) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	WITH stand AS MATERIALIZED (
		SELECT s.* FROM kpi_scorecard(as_of) s
	), card AS MATERIALIZED (
		SELECT d.name, kpi_page_title(d.title) AS title, d.perspective, kpi_page_measure(d.title) AS measure, s.period, s.value, s.attainment, s.status, s.n, s.previous, s.year_ago, s.trend, d.unit, coalesce(r.complete, true) AS complete,
			coalesce(r.target, (SELECT g.target FROM kpi_goal g WHERE g.kpi = d.name AND g.segment = '' AND g.superseded_at IS NULL
				AND pg_catalog.range_contains_elem(g.during, s.period))) AS target,
			row_number() OVER (ORDER BY pg_catalog.array_position('{financial,customer,process,people}'::text[], d.perspective),
				pg_catalog.array_position('{strategic,operational,functional}'::text[], d.level), d.title COLLATE "C", d.name COLLATE "C") AS place
		FROM kpi_definition d LEFT JOIN stand s ON s.kpi = d.name AND s.segment = ''
		LEFT JOIN kpi_reading r ON r.kpi = d.name AND r.segment = '' AND r.period = s.period
		WHERE pg_catalog.range_contains_elem(d.active, as_of)
	), segment AS (
		SELECT s.kpi, pg_catalog.concat('<div class="scroll"><table class="small"><caption>By segment</caption><thead><tr><th scope="col">Segment</th><th scope="col" class="num">Value</th>',
			'<th scope="col" class="num">Target</th><th scope="col">Status</th></tr></thead><tbody>',
			string_agg(pg_catalog.concat('<tr><th scope="row"><bdi>', kpi_html(s.segment), '</bdi>', CASE WHEN s.period <> c.period THEN ', ' || kpi_page_period(s.period, c.unit) END, '</th><td class="num">', coalesce(kpi_html_value(s.value, c.measure, r.target), 'no data'),
				'</td><td class="num">', coalesce(kpi_html_target(r.target, c.measure), '&#8211;'), '</td><td>', CASE WHEN s.status IS NULL THEN '&#8211;' ELSE kpi_page_status(s.status) END,
				'</td></tr>'), '' ORDER BY coalesce(pg_catalog.array_position('{red,amber,uncertain,green,pending,no_data}'::text[], s.status), 7), s.segment COLLATE "C"),
			'</tbody></table></div>') AS rows
		FROM stand s JOIN card c ON c.name = s.kpi
		LEFT JOIN kpi_reading r ON r.kpi = s.kpi AND r.segment = s.segment AND r.period = s.period
		WHERE s.segment <> ''
		GROUP BY s.kpi
	), perspective AS (
		SELECT p.name, p.place, initcap(p.name) AS title, k.score, k.coverage, c.kpis, c.good, c.bad,
			c.cards, c.rows
		FROM pg_catalog.unnest('{financial,customer,process,people}'::text[]) WITH ORDINALITY AS p (name, place)
		JOIN LATERAL (
			SELECT count(*) AS kpis, count(*) FILTER (WHERE c.status = 'green') AS good, count(*) FILTER (WHERE c.status IN ('amber', 'red')) AS bad,
				string_agg(kpi_page_card(c.place, c.name, c.period, c.value, c.attainment, c.status, c.n, c.previous, c.year_ago, c.trend, g.rows), '' ORDER BY c.place) AS cards,
				string_agg(pg_catalog.concat('<tr><th scope="row"><a href="#kpi-', c.place, '"><bdi>', kpi_html(c.title), '</bdi></a></th><td class="num">',
					coalesce(kpi_html_value(c.value, c.measure, c.target), '&#8211;'), '</td><td class="num wide">', coalesce(kpi_html_target(c.target, c.measure), '&#8211;'),
					'</td><td class="num wide">', coalesce(kpi_html_value(c.attainment, '%'::text, CASE WHEN c.attainment < '1' THEN '>= 1'::kpi_target END), '&#8211;'),
					'</td><td class="wide">', kpi_page_period(c.period, c.unit), CASE WHEN c.complete THEN '' ELSE ', so far' END,
					'</td><td>', kpi_page_status(c.status), E'</td></tr>\n'), '' ORDER BY c.place) AS rows
			FROM card c LEFT JOIN segment g ON g.kpi = c.name
			WHERE c.perspective = p.name) c ON c.kpis > 0
		LEFT JOIN kpi_score(as_of) k ON k.perspective = p.name
	), changed AS (
		SELECT l.*, c.title, c.measure, c.unit, c.place
		FROM kpi_alert l JOIN card c ON c.name = l.kpi
		WHERE l.period <= as_of
		ORDER BY l.period DESC, l.raised_at DESC, c.place, l.segment COLLATE "C" LIMIT 10
	), style AS (
		SELECT kpi_page_style() AS css
	)
	SELECT pg_catalog.concat(E'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n',
		'<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-', encode(sha256(pg_catalog.convert_to(y.css, 'UTF8')), 'base64'),
		E'&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"/>\n<meta name="viewport" content="width=device-width, initial-scale=1"/>\n<meta name="referrer" content="no-referrer"/>\n',
		'<title>Scorecard, ', to_char(as_of::timestamp, 'FMDD FMMonth YYYY'), E'</title>\n<link rel="icon" href="data:,"/>\n<style>', y.css, E'</style>\n</head>\n<body>\n',
		'<header class="top"><h1>Scorecard</h1><p class="soft">As of ', to_char(as_of::timestamp, 'FMDD FMMonth YYYY'),
		(SELECT pg_catalog.format(' &#183; %s KPI%s: %s on target, %s near target, %s off target, %s without a verdict', count(*), CASE WHEN count(*) = 1 THEN '' ELSE 's' END,
				count(*) FILTER (WHERE c.status = 'green'), count(*) FILTER (WHERE c.status = 'amber'), count(*) FILTER (WHERE c.status = 'red'),
				count(*) FILTER (WHERE (c.status IN ('green', 'amber', 'red')) IS NOT TRUE))
			FROM card c HAVING count(*) > 0),
		E'</p></header>\n<main>\n',
		CASE WHEN NOT EXISTS (SELECT FROM card) THEN pg_catalog.concat(E'<section class="panel" aria-labelledby="empty">\n<h2 id="empty">No KPI is defined',
			CASE WHEN EXISTS (SELECT FROM kpi_definition) THEN ' for this day' END, E' yet</h2>\n<ol>\n',
			E'<li>Say where the numbers come from: a table or view with the columns <code>period</code> and <code>value</code>.<pre>SELECT kpi_define(&#39;revenue&#39;, &#39;Revenue&#39;, &#39;sales_by_day&#39;, &#39;month&#39;, &#39;flow&#39;,\n                  &#39;financial&#39;, &#39;strategic&#39;, &#39;lagging&#39;);</pre></li>\n',
			E'<li>Set what it should reach in each period.<pre>SELECT kpi_set_goal(&#39;revenue&#39;, &#39;&gt;= 50000 warn 45000&#39;,\n                    daterange(&#39;2026-01-01&#39;, &#39;2027-01-01&#39;));</pre></li>\n',
			E'<li>Measure, now and on a schedule.<pre>SELECT * FROM kpi_measure();</pre></li>\n</ol>\n</section>\n') END,
		(SELECT E'<ul class="tiles">\n' || string_agg(pg_catalog.concat('<li class="tile"><p>', p.title, '</p><p class="big">',
				coalesce(kpi_html_value(p.score, '%'::text, CASE WHEN p.score < '1' THEN '>= 1'::kpi_target END), '&#8211;'),
				'</p><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="4"/>',
				'<rect class="bar" width="', round((least(greatest(p.score, '0'), '1') * '100')::numeric, 1), '" height="4"/></svg>',
				'<p class="note soft">', CASE WHEN p.score IS NOT NULL THEN 'of the targets reached; ' END, p.good, ' of ', p.kpis, ' on target',
				CASE WHEN p.coverage < '1' THEN '; ' || kpi_html_value(p.coverage, '%'::text, '>= 1'::kpi_target) || ' of the weight has data' END,
				E'</p></li>\n'), '' ORDER BY p.place) || E'</ul>\n' FROM perspective p),
		(SELECT E'<section aria-labelledby="glance">\n<h2 id="glance">At a glance</h2>\n<div class="panel scroll"><table>\n<thead><tr><th scope="col">KPI</th><th scope="col" class="num">Value</th><th scope="col" class="num wide">Target</th><th scope="col" class="num wide">Attainment</th><th scope="col" class="wide">Period</th><th scope="col">Status</th></tr></thead>\n'
			|| string_agg(pg_catalog.concat('<tbody><tr><th scope="rowgroup" colspan="6" class="group">', p.title, E'</th></tr>\n', p.rows, E'</tbody>\n'), '' ORDER BY p.place)
			|| E'</table></div>\n</section>\n' FROM perspective p),
		(SELECT string_agg(pg_catalog.concat('<section aria-labelledby="', p.name, '"><h2 id="', p.name, '">', p.title, E'</h2>\n<div class="cards">\n', p.cards, E'</div></section>\n'), '' ORDER BY p.place) FROM perspective p),
		(SELECT E'<section aria-labelledby="changed">\n<h2 id="changed">What changed</h2>\n<div class="panel scroll"><table>\n<thead><tr><th scope="col">KPI</th><th scope="col">Period</th><th scope="col" class="wide">Before</th><th scope="col">Now</th><th scope="col" class="num wide">Value</th></tr></thead>\n<tbody>'
			|| string_agg(pg_catalog.concat('<tr><th scope="row"><a href="#kpi-', l.place, '"><bdi>', kpi_html(l.title), '</bdi></a>', ', <bdi>' || nullif(kpi_html(l.segment), '') || '</bdi>', '</th><td>', kpi_page_period(l.period, l.unit), '</td><td class="wide">',
				CASE WHEN l.previous IS NULL THEN '&#8211;' ELSE kpi_page_status(l.previous::text) END, '</td><td>', kpi_page_status(l.status::text), '</td><td class="num wide">', coalesce(kpi_html_value(l.value, l.measure, l.target), 'no data'), '</td></tr>'),
				E'\n' ORDER BY l.period DESC, l.raised_at DESC, l.place, l.segment COLLATE "C")
			|| E'</tbody></table></div>\n</section>\n' FROM changed l),
		(SELECT E'<section aria-labelledby="review">\n<h2 id="review">Review of the scorecard itself</h2>\n<div class="panel scroll">' || CASE WHEN count(*) = 0 THEN '<p>Nothing to remark.</p>' ELSE
			E'<table>\n<thead><tr><th scope="col">Rule</th><th scope="col">Finding</th><th scope="col">What to do</th></tr></thead>\n<tbody>'
			|| string_agg(pg_catalog.concat('<tr><th scope="row">', kpi_html(v.rule), '</th><td><bdi>', '<b>' || kpi_html(v.kpi) || '</b>: ', kpi_html(v.finding), '</bdi></td><td><bdi>', kpi_html(v.action), '</bdi></td></tr>'),
				E'\n' ORDER BY v.place) || E'</tbody></table>' END || E'</div>\n</section>\n'
			FROM kpi_review(as_of) WITH ORDINALITY AS v (kpi, rule, finding, action, place)
			HAVING EXISTS (SELECT FROM card)),
		E'</main>\n<footer class="foot"><ul class="legend">',
		(SELECT string_agg(pg_catalog.concat('<li>', kpi_page_status(s.status), ' ', s.meaning, '</li>'), '' ORDER BY s.place)
			FROM (VALUES (1, 'green'::text, 'green: the target is met'::text), (2, 'amber', 'amber: missed, but inside the warning'), (3, 'red', 'red: missed'),
				(4, 'uncertain', 'its interval lies in two colours'), (5, 'pending', 'too early, or too few rows'), (6, 'no_data', 'nothing was measured')) AS s (place, status, meaning)),
		E'</ul><p>Bullet graph: bands from red (darkest) to green (lightest), bar = value, upright mark = target. History: dashes = target, dotted line = forecast with its 95% interval, ring = period in progress.</p></footer>\n</body>\n</html>')
	FROM style y;
END;
COMMENT ON FUNCTION kpi_scorecard_html(date) IS 'the scorecard as one HTML page, as text of ASCII characters: scores by perspective, and of each KPI that is active on as_of its value, target, status, attainment, bullet graph, history, forecast, comparison with the period before and a year ago, rows behind it, changes of status, owner and segments; the latest alerts and the findings of kpi_review(as_of) at the end. The page needs nothing else, runs no script, loads nothing and shows every text as text. Reads the scorecard''s tables with the caller''s rights; the same data give the same page. NULL for NULL';
