/*
 * activity.c
 *		activity_summary: the set of (customer, period), and building it.
 *
 *		State and stored form: core/set/set.h, with periods of a unit as times and no
 *		payload; of contracts, with the last day that is known (core/set/through.h).
 */
#include "summary/activity.h"

#include "core/set/through.h"

const KpiSetType kpi_activity_type = {
	.type = {.name = "activity_summary", .version = 1, .more_versions = 1, .kind = KPI_TYPE_ACTIVITY_SUMMARY, .size = sizeof(KpiSet)},
	.class = {.words = 2, .sorted_by = 2, .equal = KPI_RECORDS_DISTINCT},
	.times = KPI_TIMES_PERIODS,
	.through = true
};

KPI_SET_SUMMARY(kpi_activity_type,
				kpi_activity_summary_in, kpi_activity_summary_out, kpi_activity_summary_recv, kpi_activity_summary_send,
				kpi_activity_summary_add, kpi_activity_summary_combine, kpi_activity_summary_final,
				kpi_activity_summary_forget_bigint, kpi_activity_summary_forget_uuid, kpi_activity_summary_forget_text)

/*
 * activity_accum() -
 *
 *	Transition function of activity_summary(customer, at, unit): the state with one
 *	more event.  A row with customer or at NULL is ignored.  22023 for a unit that is
 *	NULL, unknown or not the same in every row, and for an infinite moment.
 */
static inline Datum
activity_accum(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type)
{
	KpiSet	   *set;
	uint64		key;
	DateADT		day;

	if (unlikely(PG_ARGISNULL(3)))
		kpi_unit_is_null();
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, at_type);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, &kpi_activity_type, key_type, at_type, PG_GETARG_TEXT_PP(3), NULL, 0);
	kpi_set_put(&kpi_activity_type, &set, key, kpi_time_of_period(kpi_period_of_day(set->unit, day)));
	return kpi_set_result(fcinfo, &kpi_activity_type, set);
}

KPI_FUNCTION(kpi_activity_summary_accum_bigint_date, activity_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE))
KPI_FUNCTION(kpi_activity_summary_accum_bigint_timestamp, activity_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_activity_summary_accum_bigint_timestamptz, activity_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_activity_summary_accum_uuid_date, activity_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE))
KPI_FUNCTION(kpi_activity_summary_accum_uuid_timestamp, activity_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_activity_summary_accum_uuid_timestamptz, activity_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_activity_summary_accum_text_date, activity_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE))
KPI_FUNCTION(kpi_activity_summary_accum_text_timestamp, activity_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_activity_summary_accum_text_timestamptz, activity_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ))

/*
 * activity_accum_range() -
 *
 *	Transition function of activity_summary(customer, during, unit, through): the
 *	state with the periods in which the contract counts, as kpi_contract_end() has them.
 *	A row with customer or during NULL, or an empty range, is ignored.  22023 for a
 *	range without a first day, for through NULL, infinite or not the same in every row,
 *	and for units as above.
 */
static inline Datum
activity_accum_range(FunctionCallInfo fcinfo, KpiKeyType key_type)
{
	KpiSet	   *set;
	uint64		key;
	KpiDays		days;
	DateADT		through;
	KpiThrough	string;
	int64		first;
	int64		after;

	if (unlikely(PG_ARGISNULL(3)))
		kpi_unit_is_null();
	through = kpi_through(fcinfo, 4);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !kpi_days(fcinfo, 2, &days))
		return kpi_unchanged(fcinfo);
	kpi_days_need_start(&days);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	string = kpi_through_string(through);
	set = kpi_set_state(fcinfo, &kpi_activity_type, key_type, KPI_AT_NONE, PG_GETARG_TEXT_PP(3),
						string.string, string.length);
	after = kpi_contract_end(set->unit, &days, through);
	first = Min(kpi_period_of_day(set->unit, (DateADT) days.from), after);
	if (first < after)
		set = kpi_set_reserve(&kpi_activity_type, set, after - first);
	for (int64 period = first; period < after; period++)
		kpi_set_put(&kpi_activity_type, &set, key, kpi_time_of_period((int32) period));
	return kpi_set_result(fcinfo, &kpi_activity_type, set);
}

KPI_FUNCTION(kpi_activity_summary_accum_bigint_range, activity_accum_range(fcinfo, KPI_KEY_BIGINT))
KPI_FUNCTION(kpi_activity_summary_accum_uuid_range, activity_accum_range(fcinfo, KPI_KEY_UUID))
KPI_FUNCTION(kpi_activity_summary_accum_text_range, activity_accum_range(fcinfo, KPI_KEY_TEXT))
