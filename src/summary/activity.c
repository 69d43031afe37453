/*
 * activity.c
 *		activity_summary: the set of (customer, period), and building it.
 *
 *		State and stored form: core/set.h, with periods of a unit as times and no
 *		payload.
 */
#include "summary/activity.h"

#include "core/days.h"

const KpiSetType kpi_activity_type = {
	{"activity_summary", 1, 'A', sizeof(KpiSet)},
	{2, 2, KPI_RECORDS_DISTINCT},
	KPI_TIMES_PERIODS,
	NULL,
	NULL
};

#define TYPE (&kpi_activity_type)

PG_FUNCTION_INFO_V1(kpi_activity_summary_in);
Datum
kpi_activity_summary_in(PG_FUNCTION_ARGS)
{
	return kpi_set_in(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_activity_summary_out);
Datum
kpi_activity_summary_out(PG_FUNCTION_ARGS)
{
	return kpi_set_out(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_activity_summary_recv);
Datum
kpi_activity_summary_recv(PG_FUNCTION_ARGS)
{
	return kpi_set_recv(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_activity_summary_send);
Datum
kpi_activity_summary_send(PG_FUNCTION_ARGS)
{
	return kpi_set_send(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_activity_summary_add);
Datum
kpi_activity_summary_add(PG_FUNCTION_ARGS)
{
	return kpi_set_add(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_activity_summary_combine);
Datum
kpi_activity_summary_combine(PG_FUNCTION_ARGS)
{
	return kpi_set_combine(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_activity_summary_final);
Datum
kpi_activity_summary_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(kpi_set_pack(TYPE, PG_ARGISNULL(0) ? NULL :
								   kpi_flat(PG_GETARG_DATUM(0), &TYPE->type)));
}

/* activity_summary(customer, at, unit) */
static inline Datum
accum_event(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date)
{
	KpiSet	   *set;
	uint64		key;
	DateADT		day;

	if (unlikely(PG_ARGISNULL(3)))
		kpi_unit_is_null();
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, zoned, is_date);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, TYPE, key_type, zoned, PG_GETARG_TEXT_PP(3), NULL, 0);
	kpi_set_put(TYPE, &set, key, kpi_time_of_period(kpi_period_of_day(set->unit, day)));
	return kpi_set_result(fcinfo, TYPE, set);
}

#define ACCUM(name, key_type) \
	KPI_ACCUM_AT(kpi_activity_summary_accum_##name, accum_event, key_type)

ACCUM(bigint, KPI_KEY_BIGINT)
ACCUM(uuid, KPI_KEY_UUID)
ACCUM(text, KPI_KEY_TEXT)

/*
 * activity_summary(customer, during, unit, through): the periods whose last day lies
 * in the range and not after through.
 */
static inline Datum
accum_range(FunctionCallInfo fcinfo, KpiKeyType key_type)
{
	KpiSet	   *set;
	uint64		key;
	KpiDays		days;
	DateADT		through;
	int64		first;
	int64		after;

	if (unlikely(PG_ARGISNULL(3)))
		kpi_unit_is_null();
	through = kpi_through(fcinfo, 4);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !kpi_days(fcinfo, 2, &days))
		return kpi_unchanged(fcinfo);
	kpi_days_need_start(&days);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, TYPE, key_type, false, PG_GETARG_TEXT_PP(3), NULL, 0);
	first = kpi_period_of_day(set->unit, (DateADT) days.from);
	after = kpi_period_of_day(set->unit, (DateADT) Min(days.to, (int64) through + 1));
	if (first < after)
		set = kpi_set_reserve(TYPE, set, after - first);
	for (int64 period = first; period < after; period++)
		kpi_set_put(TYPE, &set, key, kpi_time_of_period((int32) period));
	return kpi_set_result(fcinfo, TYPE, set);
}

#define ACCUM_RANGE(name, key_type) \
	PG_FUNCTION_INFO_V1(kpi_activity_summary_accum_##name##_range); \
	Datum kpi_activity_summary_accum_##name##_range(PG_FUNCTION_ARGS) \
	{ \
		return accum_range(fcinfo, key_type); \
	}

ACCUM_RANGE(bigint, KPI_KEY_BIGINT)
ACCUM_RANGE(uuid, KPI_KEY_UUID)
ACCUM_RANGE(text, KPI_KEY_TEXT)
