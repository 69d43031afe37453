/*
 * revenue.c
 *		revenue_summary: (customer, period) and the exact sum of amounts; building it
 *		from events and from subscriptions.
 *
 *		State and stored form: core/set.h, with periods of a unit as times and
 *		amounts (core/amount.h) as payload; the set's number is their scale.
 */
#include "summary/revenue.h"

#include "miscadmin.h"
#include "utils/rangetypes.h"

const KpiSetType kpi_revenue_type = {
	{"revenue_summary", 1, 'V', sizeof(KpiSet)},
	{4, 2, KPI_RECORDS_ADD},
	true,
	NULL,
	NULL
};

#define TYPE (&kpi_revenue_type)

PG_FUNCTION_INFO_V1(kpi_revenue_summary_in);
Datum
kpi_revenue_summary_in(PG_FUNCTION_ARGS)
{
	return kpi_set_in(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_revenue_summary_out);
Datum
kpi_revenue_summary_out(PG_FUNCTION_ARGS)
{
	return kpi_set_out(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_revenue_summary_recv);
Datum
kpi_revenue_summary_recv(PG_FUNCTION_ARGS)
{
	return kpi_set_recv(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_revenue_summary_send);
Datum
kpi_revenue_summary_send(PG_FUNCTION_ARGS)
{
	return kpi_set_send(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_revenue_summary_add);
Datum
kpi_revenue_summary_add(PG_FUNCTION_ARGS)
{
	return kpi_set_add(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_revenue_summary_combine);
Datum
kpi_revenue_summary_combine(PG_FUNCTION_ARGS)
{
	return kpi_set_combine(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_revenue_summary_final);
Datum
kpi_revenue_summary_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(kpi_set_pack(TYPE, PG_ARGISNULL(0) ? NULL :
								   kpi_flat(PG_GETARG_DATUM(0), &TYPE->type)));
}

/* revenue_summary(customer, at, amount, unit) */
static inline Datum
accum_event(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date)
{
	KpiSet	   *set;
	uint64		key;
	DateADT		day;
	KpiInt128	amount;

	if (unlikely(PG_ARGISNULL(4)))
		kpi_unit_is_null();
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, zoned, is_date);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, TYPE, key_type, zoned, PG_GETARG_TEXT_PP(4), NULL, 0);
	amount = kpi_amount_of_row(TYPE, set, PG_GETARG_DATUM(3));
	kpi_amount_append(TYPE, &set, key, kpi_time_of_period(kpi_period_of_day(set->unit, day)), amount);
	return kpi_set_result(fcinfo, TYPE, set);
}

/*
 * The days of a subscription: false when there are none.  No upper bound, or an
 * infinite one, runs on to `through`.
 */
static bool
subscribed_days(FunctionCallInfo fcinfo, RangeType *during, DateADT through, DateADT *from, DateADT *to)
{
	TypeCacheEntry *typcache = range_get_typcache(fcinfo, RangeTypeGetOid(during));
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(typcache, during, &lower, &upper, &empty);
	if (empty)
		return false;
	if (lower.infinite || DATE_NOT_FINITE(DatumGetDateADT(lower.val)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a subscription must have a first day"),
				 errhint("Give a range with a finite lower bound, such as daterange(started, ended), or leave such rows out with FILTER.")));
	*from = DatumGetDateADT(lower.val);
	*to = through;
	/* dateranges are canonical, [first,end), but asking costs nothing */
	if (!lower.inclusive)
		(*from)++;
	if (!upper.infinite && !DATE_IS_NOEND(DatumGetDateADT(upper.val)))
		*to = Min(through, DatumGetDateADT(upper.val) - !upper.inclusive);
	return *from <= *to;
}

/* subscription_summary(customer, during, amount, unit, through) */
static Datum
accum_subscription(FunctionCallInfo fcinfo, KpiKeyType key_type)
{
	KpiSet	   *set;
	uint64		key;
	DateADT		through;
	DateADT		from;
	DateADT		to;
	int64		first;
	int64		last;
	KpiInt128	amount;

	if (PG_ARGISNULL(4))
		kpi_unit_is_null();
	if (PG_ARGISNULL(5))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("through must not be NULL"),
				 errhint("Give the day up to which the data are complete: subscriptions without an end run up to it.")));
	through = PG_GETARG_DATEADT(5);
	if (DATE_NOT_FINITE(through))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("through must be a finite date"),
				 errhint("Give the day up to which the data are complete: subscriptions without an end run up to it.")));
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) ||
		!subscribed_days(fcinfo, PG_GETARG_RANGE_P(2), through, &from, &to))
		return kpi_unchanged(fcinfo);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, TYPE, key_type, false, PG_GETARG_TEXT_PP(4), NULL, 0);

	/* the period of the day after the last one is the first whose own last day is missing */
	first = kpi_period_of_day(set->unit, from);
	last = (int64) kpi_period_of_day(set->unit, to + 1) - 1;
	/* an amount that no period gets leaves no trace, not even its scale */
	if (first > last)
		return kpi_set_result(fcinfo, TYPE, set);
	amount = kpi_amount_of_row(TYPE, set, PG_GETARG_DATUM(3));
	for (int64 period = first; period <= last; period++)
	{
		kpi_amount_append(TYPE, &set, key, kpi_time_of_period((int32) period), amount);
		if ((period & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return kpi_set_result(fcinfo, TYPE, set);
}

#define ACCUM(name, key_type) \
	KPI_ACCUM_AT(kpi_revenue_summary_accum_##name, accum_event, key_type) \
	PG_FUNCTION_INFO_V1(kpi_subscription_summary_accum_##name); \
	Datum kpi_subscription_summary_accum_##name(PG_FUNCTION_ARGS) \
	{ \
		return accum_subscription(fcinfo, key_type); \
	} \
	PG_FUNCTION_INFO_V1(kpi_revenue_summary_forget_##name); \
	Datum kpi_revenue_summary_forget_##name(PG_FUNCTION_ARGS) \
	{ \
		KpiSet	   *set = kpi_set_get(PG_GETARG_DATUM(0), TYPE); \
		PG_RETURN_POINTER(kpi_set_forget(TYPE, set, key_type, kpi_key(PG_GETARG_DATUM(1), key_type))); \
	}

ACCUM(bigint, KPI_KEY_BIGINT)
ACCUM(uuid, KPI_KEY_UUID)
ACCUM(text, KPI_KEY_TEXT)
