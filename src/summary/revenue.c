/*
 * revenue.c
 *		revenue_summary: (customer, period) and the exact sum of amounts; building it
 *		from events and from subscriptions.
 *
 *		State and stored form: core/set/set.h, with periods of a unit as times and
 *		amounts (core/set/amounts.h) as payload; the set's number is their scale.
 */
#include "summary/revenue.h"

#include "core/set/through.h"

#include "miscadmin.h"

const KpiSetType kpi_revenue_type = {
	.type = {.name = "revenue_summary", .version = 1, .more_versions = 1, .kind = KPI_TYPE_REVENUE_SUMMARY, .size = sizeof(KpiSet)},
	.class = {.words = 4, .sorted_by = 2, .equal = KPI_RECORDS_ADD},
	.times = KPI_TIMES_PERIODS,
	.through = true
};

KPI_SET_SUMMARY(kpi_revenue_type,
				kpi_revenue_summary_in, kpi_revenue_summary_out, kpi_revenue_summary_recv, kpi_revenue_summary_send,
				kpi_revenue_summary_add, kpi_revenue_summary_combine, kpi_revenue_summary_final,
				kpi_revenue_summary_forget_bigint, kpi_revenue_summary_forget_uuid, kpi_revenue_summary_forget_text)

/*
 * revenue_accum() -
 *
 *	Transition function of revenue_summary(customer, at, amount, unit): the state with
 *	one more amount.  A row with customer, at or amount NULL is ignored.  22023 for a
 *	unit that is NULL, unknown or not the same in every row, and for an infinite
 *	moment; 22003 for an amount that is not finite or has too many digits.
 */
static inline Datum
revenue_accum(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type, KpiNumberType amount_type)
{
	KpiSet	   *set;
	uint64		key;
	DateADT		day;
	KpiInt128	amount;

	if (unlikely(PG_ARGISNULL(4)))
		kpi_unit_is_null();
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, at_type);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, &kpi_revenue_type, key_type, at_type, PG_GETARG_TEXT_PP(4), NULL, 0);
	amount = kpi_set_amount_argument(&kpi_revenue_type, set, fcinfo, 3, amount_type);
	kpi_set_append_amount(&kpi_revenue_type, &set, key, kpi_time_of_period(kpi_period_of_day(set->unit, day)), amount);
	return kpi_set_result(fcinfo, &kpi_revenue_type, set);
}

KPI_FUNCTION(kpi_revenue_summary_accum_bigint_date, revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamp,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamptz,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_date, revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamp,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamptz,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_text_date, revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamp,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamptz,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_date_int8, revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamp_int8,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamptz_int8,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_date_int8, revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamp_int8,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamptz_int8,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_text_date_int8, revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamp_int8,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamptz_int8,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_INT8))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_date_float8,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamp_float8,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamptz_float8,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_date_float8, revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamp_float8,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamptz_float8,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_text_date_float8, revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamp_float8,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamptz_float8,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_date_float4,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamp_float4,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_bigint_timestamptz_float4,
			 revenue_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_date_float4, revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamp_float4,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_uuid_timestamptz_float4,
			 revenue_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_text_date_float4, revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamp_float4,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_FLOAT4))
KPI_FUNCTION(kpi_revenue_summary_accum_text_timestamptz_float4,
			 revenue_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT4))

/*
 * revenue_subscribed() -
 *
 *	The days of a subscription in argument 2; false when there are none.  22023 where it
 *	has no first day, or begins at infinity.
 */
static bool
revenue_subscribed(FunctionCallInfo fcinfo, KpiDays *days)
{
	if (!kpi_days(fcinfo, 2, days))
	{
		if (RangeIsEmpty(PG_GETARG_RANGE_P(2)))
			return false;
		/* it lies at infinity */
		days->from = PG_INT64_MIN;
	}
	kpi_days_need_start(days);
	return true;
}

/*
 * revenue_accum_subscription() -
 *
 *	Transition function of subscription_summary(customer, during, amount, unit,
 *	through): the state with the amount in each period in which the subscription counts, as
 *	kpi_contract_end() has them.  A row with customer, during or amount NULL is ignored.
 *	Errors are those of revenue_accum() and revenue_subscribed(), and 22023 for
 *	through NULL, infinite or not the same in every row.
 */
static Datum
revenue_accum_subscription(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiNumberType amount_type)
{
	KpiSet	   *set;
	uint64		key;
	DateADT		through;
	KpiThrough	string;
	KpiDays		days;
	int64		first;
	int64		after;
	KpiInt128	amount;

	if (PG_ARGISNULL(4))
		kpi_unit_is_null();
	through = kpi_through(fcinfo, 5);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || !revenue_subscribed(fcinfo, &days))
		return kpi_unchanged(fcinfo);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	string = kpi_through_string(through);
	set = kpi_set_state(fcinfo, &kpi_revenue_type, key_type, KPI_AT_NONE, PG_GETARG_TEXT_PP(4),
						string.string, string.length);
	after = kpi_contract_end(set->unit, &days, through);
	first = Min(kpi_period_of_day(set->unit, (DateADT) days.from), after);
	/* an amount that no period gets leaves no trace, not even its scale */
	if (first == after)
		return kpi_set_result(fcinfo, &kpi_revenue_type, set);
	amount = kpi_set_amount_argument(&kpi_revenue_type, set, fcinfo, 3, amount_type);
	for (int64 period = first; period < after; period++)
	{
		kpi_set_append_amount(&kpi_revenue_type, &set, key, kpi_time_of_period((int32) period), amount);
		if ((period & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return kpi_set_result(fcinfo, &kpi_revenue_type, set);
}

KPI_FUNCTION(kpi_subscription_summary_accum_bigint, revenue_accum_subscription(fcinfo, KPI_KEY_BIGINT, KPI_NUMERIC))
KPI_FUNCTION(kpi_subscription_summary_accum_uuid, revenue_accum_subscription(fcinfo, KPI_KEY_UUID, KPI_NUMERIC))
KPI_FUNCTION(kpi_subscription_summary_accum_text, revenue_accum_subscription(fcinfo, KPI_KEY_TEXT, KPI_NUMERIC))
KPI_FUNCTION(kpi_subscription_summary_accum_bigint_int8, revenue_accum_subscription(fcinfo, KPI_KEY_BIGINT, KPI_INT8))
KPI_FUNCTION(kpi_subscription_summary_accum_uuid_int8, revenue_accum_subscription(fcinfo, KPI_KEY_UUID, KPI_INT8))
KPI_FUNCTION(kpi_subscription_summary_accum_text_int8, revenue_accum_subscription(fcinfo, KPI_KEY_TEXT, KPI_INT8))
KPI_FUNCTION(kpi_subscription_summary_accum_bigint_float8,
			 revenue_accum_subscription(fcinfo, KPI_KEY_BIGINT, KPI_FLOAT8))
KPI_FUNCTION(kpi_subscription_summary_accum_uuid_float8, revenue_accum_subscription(fcinfo, KPI_KEY_UUID, KPI_FLOAT8))
KPI_FUNCTION(kpi_subscription_summary_accum_text_float8, revenue_accum_subscription(fcinfo, KPI_KEY_TEXT, KPI_FLOAT8))
KPI_FUNCTION(kpi_subscription_summary_accum_bigint_float4,
			 revenue_accum_subscription(fcinfo, KPI_KEY_BIGINT, KPI_FLOAT4))
KPI_FUNCTION(kpi_subscription_summary_accum_uuid_float4, revenue_accum_subscription(fcinfo, KPI_KEY_UUID, KPI_FLOAT4))
KPI_FUNCTION(kpi_subscription_summary_accum_text_float4, revenue_accum_subscription(fcinfo, KPI_KEY_TEXT, KPI_FLOAT4))
