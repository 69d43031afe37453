-- Recency, frequency, monetary value of one customer: src/summary/rfm.c, rfm_forms.c, rfm_facts.c
--@ makes first_purchase, free_days, frequency, last_purchase, purchase_days, recency, returns, rfm_cmp, rfm_combine,
--@   rfm_eq, rfm_ge, rfm_gt, rfm_hash, rfm_hash_extended, rfm_in, rfm_le, rfm_lt, rfm_ne, rfm_ops, rfm_out, rfm_recv,
--@   rfm_send

--@ include core/base_type.sql
--@ with TYPE = rfm
--@ with ABOUT = the days on which one customer bought, with the exact sum of amounts of each: mergeable by + and
--@   rollup(), which add amounts up. There is no customer in it: build one for each customer and merge only parts of
--@   the same one

CREATE FUNCTION rfm_add(rfm, rfm) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_add(rfm, rfm) IS
	'merges two parts of one customer, adding the amounts of a day up; 22023 where time zones differ, 22003 where a '
	'sum needs more than 38 digits';
--@ include core/combine_in_zone.sql
--@ with TYPE = rfm
CREATE FUNCTION rfm_final(rfm) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION rfm_final(rfm) IS 'final function of rfm: the stored form; the empty rfm for NULL';

CREATE OPERATOR + (LEFTARG = rfm, RIGHTARG = rfm, FUNCTION = rfm_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (rfm, rfm) IS
	'the purchases of both, which must be parts of one customer; the amounts of a day are added up, so add each row '
	'once';

--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
--@ for AMOUNT | KIND
--@ | numeric          |
--@ | bigint           | _int8
--@ | double precision | _float8
--@ | real             | _float4
CREATE FUNCTION rfm_accum(rfm, at @AT@, amount @AMOUNT@) RETURNS rfm
	AS 'MODULE_PATHNAME', 'kpi_rfm_accum_@AT@@KIND@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION rfm_accum(rfm, @AT@, @AMOUNT@) IS 'transition function of rfm: adds one amount';
CREATE AGGREGATE rfm(at @AT@, amount @AMOUNT@) (
	SFUNC = rfm_accum, STYPE = rfm, SSPACE = 128, FINALFUNC = rfm_final,
	COMBINEFUNC = rfm_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rfm(@AT@, @AMOUNT@) IS
	'the purchase days of one customer with the exact sum of each, refunds negative; group by customer (a timestamptz '
	'counts in the session''s time zone, which is remembered). A row with at or amount NULL is ignored; empty without '
	'rows; 22023 for an infinite time or differing time zones; 22003 for NaN, infinity or more than 38 digits, with '
	'those after the point but for zeros at the end; 54000 beyond 512 MB';
--@ end
--@ end
CREATE AGGREGATE rollup(rfm) (
	SFUNC = rfm_add, STYPE = rfm, SSPACE = 128, FINALFUNC = rfm_final,
	COMBINEFUNC = rfm_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(rfm) IS
	'all parts of one customer as one rfm, the amounts of a day added up; group by customer, since there is no '
	'customer in the value; NULL ignored, empty without rows; 22023 where time zones differ, 22003 where a sum needs '
	'more than 38 digits';

--@ for NAME | TYPE | WHAT
--@ | frequency      | integer | repeat purchases x: purchase days after the first one (a day with a sum of zero or
--@   more is one purchase; a negative day is a return and none)
--@ | recency        | integer | recency t_x: days from the first purchase day to the last one
--@ | first_purchase | date    | first purchase day
--@ | last_purchase  | date    | last purchase day
CREATE FUNCTION @NAME@(r rfm, as_of date DEFAULT NULL) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_rfm_@NAME@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@(rfm, date) IS
	'@WHAT@; of the days up to as_of, without as_of of all; NULL without a purchase by then, or for NULL; 22023 for an '
	'infinite as_of';
--@ end
-- not age(rfm, date): beside it age('2024-06-30', date '2024-01-01') and age('2024-06-30', '2024-01-01') no longer
-- resolve to pg_catalog's
CREATE FUNCTION tenure(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_tenure' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION tenure(rfm, date) IS
	'tenure, T or age in the literature: days from the first purchase day to as_of, without as_of to the last day in '
	'the value; NULL without a purchase by then, or for NULL; 22023 for an infinite as_of';
CREATE FUNCTION monetary(r rfm, as_of date DEFAULT NULL) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rfm_monetary' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monetary(rfm, date) IS
	'mean sum of the repeat purchase days (the first one left out) that have a positive sum, in the unit of the '
	'amounts: free days and returns do not enter; up to as_of, without it of all; NULL without such a day, or for '
	'NULL; 22023 for an infinite as_of';
--@ for NAME | WHAT
--@ | purchase_days | days with a sum of zero or more: frequency + 1
--@ | free_days     | purchase days with a sum of exactly zero: they count in frequency and not in monetary
--@ | returns       | days with a negative sum: they count neither in frequency nor in recency nor in monetary
CREATE FUNCTION @NAME@(r rfm, as_of date DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_rfm_@NAME@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@(rfm, date) IS
	'number of @WHAT@; up to as_of, without it of all; 0 where there is none, NULL for NULL; 22023 for an infinite '
	'as_of';
--@ end
CREATE FUNCTION amount_total(r rfm, as_of date DEFAULT NULL) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_rfm_amount_total' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION amount_total(rfm, date) IS
	'sum of all amounts up to as_of, refunds deducted, without as_of of all; NULL without a day by then, or for NULL; '
	'22003 where it needs more than 38 digits, 22023 for an infinite as_of';

