/*
 * funnel.c
 *		funnel_summary: who did which steps when, and building it.
 *
 *		State and stored form: core/set/set.h, with moments as times (microseconds since
 *		2000-01-01) and as payload the set of steps that an event carries, bit 0 for
 *		the first.  Equal events are all kept.  number is the number of steps, and
 *		the strings after the zone are their names, empty where they have none.
 */
#include "summary/funnel.h"

#include "core/server/argument.h"
#include "core/set/parameters.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/array.h"

const KpiSetType kpi_funnel_type = {
	.type = {.name = "funnel_summary", .version = 1, .kind = KPI_TYPE_FUNNEL_SUMMARY, .size = sizeof(KpiSet)},
	.class = {.words = 3, .sorted_by = 3, .equal = KPI_RECORDS_KEEP},
	.times = KPI_TIMES_MOMENTS
};

KPI_SET_SUMMARY(kpi_funnel_type,
				kpi_funnel_summary_in, kpi_funnel_summary_out, kpi_funnel_summary_recv, kpi_funnel_summary_send,
				kpi_funnel_summary_add, kpi_funnel_summary_combine, kpi_funnel_summary_final,
				kpi_funnel_summary_forget_bigint, kpi_funnel_summary_forget_uuid, kpi_funnel_summary_forget_text)

/* The error for an array of too many or no steps, or of several dimensions: 22023. */
static void
funnel_bad_number_of_steps(int steps)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a funnel of %d steps is not possible", steps),
			 errdetail("A funnel has 1 to %d steps, in an array of one dimension.", KPI_FUNNEL_STEPS)));
}

/* An array of steps' names, taken apart; the names are parameters.strings. */
typedef struct FunnelSteps
{
	KpiParameters parameters;	/* of the array's bytes */
	int			n;
	int			offset[KPI_FUNNEL_STEPS];
	int			length[KPI_FUNNEL_STEPS];
} FunnelSteps;

#define FUNNEL_REMEMBERED 4		/* arrays, for queries with several funnels */
#define FUNNEL_MAX_NAMES 60000	/* bytes of all names, so that the text form can be read */

/*
 * funnel_read_steps() -
 *
 *	Take an array of names apart and remember it in place of another one.  22023 for
 *	one with a name that is NULL, with none or too many, or with too long ones; then
 *	nothing is remembered there.
 */
static pg_noinline void
funnel_read_steps(FunnelSteps *steps, ArrayType *array, const KpiArgument *argument)
{
	Datum	   *names;
	bool	   *nulls;
	int			n;
	StringInfoData strings;

	steps->parameters.arguments = 0;
	if (ARR_NDIM(array) > 1)
		funnel_bad_number_of_steps(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	if (n < 1 || n > KPI_FUNNEL_STEPS)
		funnel_bad_number_of_steps(n);
	initStringInfo(&strings);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("name of step %d must not be NULL", i + 1)));
		steps->offset[i] = strings.len;
		steps->length[i] = VARSIZE_ANY_EXHDR(DatumGetPointer(names[i]));
		if (strings.len + steps->length[i] + 1 > FUNNEL_MAX_NAMES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("names of steps are longer than %d bytes", FUNNEL_MAX_NAMES)));
		appendBinaryStringInfo(&strings, VARDATA_ANY(DatumGetPointer(names[i])), steps->length[i]);
		appendStringInfoChar(&strings, '\0');
	}
	steps->n = n;
	kpi_parameters_remember(&steps->parameters, argument, 1, strings.data, strings.len);
}

/*
 * funnel_steps_of() -
 *
 *	A row's array of names, taken apart; it lasts until the next calls.  Rows nearly
 *	always have the same bytes there, and then it costs a comparison.
 */
static const FunnelSteps *
funnel_steps_of(Datum array)
{
	static FunnelSteps remembered[FUNNEL_REMEMBERED];
	static int	last_used = 0;
	struct varlena *value = PG_DETOAST_DATUM_PACKED(array);
	KpiArgument argument = {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};

	for (int i = 0; i < FUNNEL_REMEMBERED; i++)
	{
		int			which = (last_used + i) % FUNNEL_REMEMBERED;

		if (kpi_parameters_same(&remembered[which].parameters, &argument, 1))
		{
			last_used = which;
			return &remembered[which];
		}
	}
	last_used = (last_used + 1) % FUNNEL_REMEMBERED;
	funnel_read_steps(&remembered[last_used], DatumGetArrayTypeP(PointerGetDatum(value)), &argument);
	return &remembered[last_used];
}

/* The steps that a name stands for, as bits; 0 when it is none of them. */
static inline uint64
funnel_find_step(const FunnelSteps *steps, Datum step)
{
	struct varlena *name = PG_DETOAST_DATUM_PACKED(step);
	int			length = VARSIZE_ANY_EXHDR(name);
	uint64		found = 0;

	for (int i = 0; i < steps->n; i++)
		if (steps->length[i] == length &&
			memcmp(steps->parameters.strings + steps->offset[i], VARDATA_ANY(name), length) == 0)
			found |= UINT64CONST(1) << i;
	if (unlikely((Pointer) name != DatumGetPointer(step)))
		pfree(name);
	return found;
}

/* The steps that are true in an array of booleans, as bits, and their number in all.  22023 for too many or none. */
uint64
kpi_funnel_reached(Datum reached, int *steps)
{
	ArrayType  *array = DatumGetArrayTypeP(reached);
	const bool *at;
	const uint8 *present = ARR_NULLBITMAP(array);
	uint64		bits = 0;
	int			n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (unlikely(ARR_NDIM(array) != 1 || n > KPI_FUNNEL_STEPS))
		funnel_bad_number_of_steps(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
	at = (const bool *) ((const char *) array +
						 (present ? (Size) array->dataoffset : ARR_OVERHEAD_NONULLS(1)));
	for (int i = 0; i < n; i++)
	{
		if (present && (present[i / 8] & (1 << (i % 8))) == 0)
			continue;
		if (*at++)
			bits |= UINT64CONST(1) << i;
	}
	*steps = n;
	return bits;
}

/* The error for a moment without a place in time: 22023. */
static void
funnel_infinite(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("an event at an infinite date or time has no place in a funnel"),
			 errhint("Leave such rows out with FILTER (WHERE isfinite(at)).")));
}

/* A date or time as a moment, a date as its midnight.  22023 for infinity, 22008 for a date that no timestamp has. */
Timestamp
kpi_funnel_moment(Datum at, KpiAt at_type)
{
	if (at_type == KPI_AT_DATE)
	{
		DateADT		day = DatumGetDateADT(at);

		if (unlikely(DATE_NOT_FINITE(day)))
			funnel_infinite();
		if (unlikely(day < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE || day >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("date out of range for timestamp")));
		return day * USECS_PER_DAY;
	}
	if (unlikely(TIMESTAMP_NOT_FINITE(DatumGetTimestamp(at))))
		funnel_infinite();
	return DatumGetTimestamp(at);
}

/*
 * funnel_add_event() -
 *
 *	What a transition function returns: the state with one more event, of arguments 1
 *	(customer) and 2 (moment) and these of n steps, which have these names.  22023
 *	where steps or their names are not the same in every row.
 */
static inline Datum
funnel_add_event(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type, int n,
				 const char *names, int names_length, uint64 steps)
{
	Timestamp	at = kpi_funnel_moment(PG_GETARG_DATUM(2), at_type);
	uint64		key = kpi_key(PG_GETARG_DATUM(1), key_type);
	KpiSet	   *set = kpi_set_state(fcinfo, &kpi_funnel_type, key_type, at_type, NULL, names, names_length);

	/* a new state has no number yet */
	if (unlikely(set->number != n))
	{
		if (set->number != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("steps of one %s must not differ: %d and %d of them", kpi_funnel_type.type.name, (int) set->number, n)));
		set->number = n;
	}
	kpi_funnel_append(&kpi_funnel_type, &set, key, at, steps);
	return kpi_set_result(fcinfo, &kpi_funnel_type, set);
}

/*
 * funnel_accum_named() -
 *
 *	Transition function of funnel_summary(customer, at, step, steps): a row with
 *	customer, at or step NULL, or with a step that is none of the steps, is ignored.
 *	22023 for steps that are NULL or not the same in every row, and for an infinite
 *	moment.
 */
static inline Datum
funnel_accum_named(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type)
{
	const FunnelSteps *steps;
	uint64		found;

	if (unlikely(PG_ARGISNULL(4)))
		kpi_refuse_null("steps", "Name the steps in order, such as ARRAY['visit', 'basket', 'order'].");
	steps = funnel_steps_of(PG_GETARG_DATUM(4));
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	found = funnel_find_step(steps, PG_GETARG_DATUM(3));
	if (found == 0)
		return kpi_unchanged(fcinfo);
	return funnel_add_event(fcinfo, key_type, at_type, steps->n,
							steps->parameters.strings, steps->parameters.length, found);
}

/*
 * funnel_accum_reached() -
 *
 *	Transition function of funnel_summary(customer, at, reached): a row with an
 *	argument NULL, or without a step that is true, is ignored.
 */
static inline Datum
funnel_accum_reached(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type)
{
	static const char no_names[KPI_FUNNEL_STEPS] = {0};
	uint64		found;
	int			n;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	found = kpi_funnel_reached(PG_GETARG_DATUM(3), &n);
	if (found == 0)
		return kpi_unchanged(fcinfo);
	return funnel_add_event(fcinfo, key_type, at_type, n, no_names, n, found);
}

KPI_FUNCTION(kpi_funnel_summary_named_bigint_date, funnel_accum_named(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE))
KPI_FUNCTION(kpi_funnel_summary_named_bigint_timestamp, funnel_accum_named(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_funnel_summary_named_bigint_timestamptz, funnel_accum_named(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_funnel_summary_named_uuid_date, funnel_accum_named(fcinfo, KPI_KEY_UUID, KPI_AT_DATE))
KPI_FUNCTION(kpi_funnel_summary_named_uuid_timestamp, funnel_accum_named(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_funnel_summary_named_uuid_timestamptz, funnel_accum_named(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_funnel_summary_named_text_date, funnel_accum_named(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE))
KPI_FUNCTION(kpi_funnel_summary_named_text_timestamp, funnel_accum_named(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_funnel_summary_named_text_timestamptz, funnel_accum_named(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ))

KPI_FUNCTION(kpi_funnel_summary_reached_bigint_date, funnel_accum_reached(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE))
KPI_FUNCTION(kpi_funnel_summary_reached_bigint_timestamp, funnel_accum_reached(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_funnel_summary_reached_bigint_timestamptz, funnel_accum_reached(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_funnel_summary_reached_uuid_date, funnel_accum_reached(fcinfo, KPI_KEY_UUID, KPI_AT_DATE))
KPI_FUNCTION(kpi_funnel_summary_reached_uuid_timestamp, funnel_accum_reached(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_funnel_summary_reached_uuid_timestamptz, funnel_accum_reached(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_funnel_summary_reached_text_date, funnel_accum_reached(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE))
KPI_FUNCTION(kpi_funnel_summary_reached_text_timestamp, funnel_accum_reached(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_funnel_summary_reached_text_timestamptz, funnel_accum_reached(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ))
