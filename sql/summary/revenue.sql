-- Revenue of customers over time: src/summary/revenue.c, src/summary/revenue_rows.c
--@ makes revenue_summary_cmp, revenue_summary_combine, revenue_summary_eq, revenue_summary_ge, revenue_summary_gt,
--@   revenue_summary_hash, revenue_summary_hash_extended, revenue_summary_in, revenue_summary_le, revenue_summary_lt,
--@   revenue_summary_ne, revenue_summary_ops, revenue_summary_out, revenue_summary_recv, revenue_summary_send

--@ include core/base_type.sql
--@ with TYPE = revenue_summary
--@ with ABOUT = the exact sum of amounts for each (customer, period): mergeable by + and rollup(), which add amounts
--@   up; text and uuid customers as 64-bit hashes

CREATE FUNCTION revenue_summary_add(revenue_summary, revenue_summary) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_add(revenue_summary, revenue_summary) IS
	'merges two summaries, adding amounts up; 22023 where units, time zones or types of customer differ, 22003 where a '
	'sum needs more than 38 digits';
--@ include core/combine_in_zone.sql
--@ with TYPE = revenue_summary
CREATE FUNCTION revenue_summary_final(revenue_summary) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_final(revenue_summary) IS
	'final function of revenue_summary and subscription_summary: the stored form; the empty summary for NULL';

CREATE OPERATOR + (LEFTARG = revenue_summary, RIGHTARG = revenue_summary, FUNCTION = revenue_summary_add,
		COMMUTATOR = +);
COMMENT ON OPERATOR + (revenue_summary, revenue_summary) IS
	'summary of the revenue of both; the amounts of a customer and period are added up, so add each row once';

--@ for KEY in bigint | uuid | text
--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
--@ for AMOUNT | KIND
--@ | numeric          |
--@ | bigint           | _int8
--@ | double precision | _float8
--@ | real             | _float4
CREATE FUNCTION revenue_summary_accum(revenue_summary, customer @KEY@, at @AT@, amount @AMOUNT@, unit text)
	RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_accum_@KEY@_@AT@@KIND@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION revenue_summary_accum(revenue_summary, @KEY@, @AT@, @AMOUNT@, text) IS
	'transition function of revenue_summary: adds one amount';
CREATE AGGREGATE revenue_summary(customer @KEY@, at @AT@, amount @AMOUNT@, unit text) (
	SFUNC = revenue_summary_accum, STYPE = revenue_summary, SSPACE = 1024, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE revenue_summary(@KEY@, @AT@, @AMOUNT@, text) IS
	'summary of what each customer paid in each period of the unit (day, week, month, quarter, year, fiscal ones as '
	'quarter feb, year apr, jalali month and the like): exact sums of amount, refunds negative. A row with customer, '
	'at or amount NULL is ignored; 22023 for an infinite time, an unknown, NULL or differing unit; 22003 for NaN, '
	'infinity or more than 38 digits, with those after the point but for zeros at the end; 54000 beyond 512 MB';
--@ end
--@ end
--@ for AMOUNT | KIND
--@ | numeric          |
--@ | bigint           | _int8
--@ | double precision | _float8
--@ | real             | _float4
CREATE FUNCTION subscription_summary_accum(revenue_summary, customer @KEY@, during daterange, amount @AMOUNT@,
		unit text, through date) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_subscription_summary_accum_@KEY@@KIND@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION subscription_summary_accum(revenue_summary, @KEY@, daterange, @AMOUNT@, text, date) IS
	'transition function of subscription_summary: adds one subscription';
CREATE AGGREGATE subscription_summary(customer @KEY@, during daterange, amount @AMOUNT@, unit text, through date) (
	SFUNC = subscription_summary_accum, STYPE = revenue_summary, SSPACE = 4096, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE subscription_summary(@KEY@, daterange, @AMOUNT@, text, date) IS
	'revenue_summary of subscriptions: amount, the price per unit, in each period whose last day lies in during; in '
	'the period that is not over on through, the last day that the data cover, where that day lies in during. The '
	'summary remembers through. A row with customer, during or amount NULL, or an empty range, is ignored; 22023 for a '
	'range without a finite lower bound, a NULL, infinite or differing through, an unknown, NULL or differing unit; '
	'22003 and 54000 as revenue_summary';
--@ end
CREATE FUNCTION forget(s revenue_summary, customer @KEY@) RETURNS revenue_summary
	AS 'MODULE_PATHNAME', 'kpi_revenue_summary_forget_@KEY@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION forget(revenue_summary, @KEY@) IS
	'the summary without that customer, unchanged where the customer is not in it; NULL for NULL; 22023 where the '
	'summary has customers of another type';
--@ end
CREATE AGGREGATE rollup(revenue_summary) (
	SFUNC = revenue_summary_add, STYPE = revenue_summary, SSPACE = 4096, FINALFUNC = revenue_summary_final,
	COMBINEFUNC = revenue_summary_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(revenue_summary) IS
	'summary of the revenue in all summaries, the amounts of a customer and period added up; NULL ignored, empty '
	'summary without rows; 22023 where units, time zones or types of customer differ, 22003 where a sum needs more '
	'than 38 digits';

CREATE FUNCTION revenue_movements(s revenue_summary, from_date date DEFAULT NULL, as_of date DEFAULT NULL,
		lag integer DEFAULT 1,
	OUT period date, OUT complete boolean,
	OUT opening numeric, OUT new numeric, OUT reactivation numeric, OUT expansion numeric, OUT contraction numeric,
	OUT churn numeric, OUT closing numeric, OUT credits numeric,
	OUT opening_customers bigint, OUT new_customers bigint, OUT reactivated_customers bigint,
	OUT churned_customers bigint, OUT customers bigint,
	OUT nrr double precision, OUT nrr_with_reactivation double precision, OUT grr double precision,
	OUT logo_churn double precision, OUT quick_ratio double precision, OUT arpa numeric)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_revenue_movements' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 36 COST 20000;
COMMENT ON FUNCTION revenue_movements(revenue_summary, date, date, integer) IS
	'revenue of each period against the period lag before (1; 12 on months for annual NRR), net per customer, in the '
	'unit of money of the amounts: closing = opening + new + reactivation + expansion - contraction - churn. A '
	'customer is active where net > 0; net <= 0 counts as 0 and adds to credits. Rates are fractions (nrr, '
	'nrr_with_reactivation, grr, logo_churn of opening, quick_ratio of losses; NULL where that is 0); arpa = closing / '
	'customers. Rows without gaps from from_date, without it the first amount, to the period of as_of (the data are '
	'complete up to that day), or of through of subscriptions where that is earlier; a period that ends after that day '
	'has complete false and NULL losses and rates. Without either the last period with an amount is the last row, and '
	'not complete. No rows for NULL or the empty summary; 22023 for lag below 1 or NULL, or an infinite date; 54000 '
	'beyond 1 million rows';
CREATE FUNCTION revenue_cohorts(s revenue_summary, from_date date DEFAULT NULL, as_of date DEFAULT NULL,
	OUT cohort date, OUT age integer, OUT customers bigint, OUT revenue numeric, OUT cumulative numeric,
			OUT per_customer numeric)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_revenue_cohorts' LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 300 COST 20000;
COMMENT ON FUNCTION revenue_cohorts(revenue_summary, date, date) IS
	'realised value by cohort: cohort is the customers'' first period with net > 0, age the periods since then (0, 1, '
	'...); revenue is the net of that age, refunds deducted, cumulative the sum up to it, per_customer = cumulative / '
	'customers (NULL without customers). Every cohort from from_date, without it the first one, every age that has '
	'ended by as_of, or by through of subscriptions where that is earlier; without either those before the last period '
	'with an amount, which counts as not over. No rows for NULL or the empty summary; 22023 for an infinite date; '
	'54000 beyond 1 million rows';

