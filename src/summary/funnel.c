/*
 * funnel.c
 *		funnel_summary: who did which steps when, and building it.
 *
 *		State and stored form: core/set.h, with moments as times (microseconds since
 *		2000-01-01) and as payload the set of steps that an event carries, bit 0 for
 *		the first.  Equal events are all kept.  number is the number of steps, and
 *		the strings after the zone are their names, empty where they have none.
 */
#include "summary/funnel.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/memutils.h"

const KpiSetType kpi_funnel_type = {
	{"funnel_summary", 1, 'U', sizeof(KpiSet)},
	{3, 3, KPI_RECORDS_KEEP},
	false,
	NULL,
	NULL
};

#define TYPE (&kpi_funnel_type)

PG_FUNCTION_INFO_V1(kpi_funnel_summary_in);
Datum
kpi_funnel_summary_in(PG_FUNCTION_ARGS)
{
	return kpi_set_in(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_summary_out);
Datum
kpi_funnel_summary_out(PG_FUNCTION_ARGS)
{
	return kpi_set_out(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_summary_recv);
Datum
kpi_funnel_summary_recv(PG_FUNCTION_ARGS)
{
	return kpi_set_recv(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_summary_send);
Datum
kpi_funnel_summary_send(PG_FUNCTION_ARGS)
{
	return kpi_set_send(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_summary_add);
Datum
kpi_funnel_summary_add(PG_FUNCTION_ARGS)
{
	return kpi_set_add(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_summary_combine);
Datum
kpi_funnel_summary_combine(PG_FUNCTION_ARGS)
{
	return kpi_set_combine(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_summary_final);
Datum
kpi_funnel_summary_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(kpi_set_pack(TYPE, PG_ARGISNULL(0) ? NULL :
								   kpi_flat(PG_GETARG_DATUM(0), &TYPE->type)));
}

static void
bad_number_of_steps(int steps)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("a funnel of %d steps is not possible", steps),
			 errdetail("A funnel has 1 to %d steps, in an array of one dimension.", KPI_FUNNEL_STEPS)));
}

/*
 * The steps array of the last rows, taken apart.  Rows nearly always have the same
 * bytes there, and then a row costs a comparison.  A few are kept for queries with
 * several funnels.
 */
typedef struct Steps
{
	int			size;			/* of the array's bytes; 0 = not in use */
	char	   *bytes;
	int			n;
	char	   *names;			/* each with its NUL, one after the other */
	int			names_length;
	int			offset[KPI_FUNNEL_STEPS];
	int			length[KPI_FUNNEL_STEPS];
} Steps;

#define REMEMBERED 4
#define MAX_NAMES 60000			/* bytes of all names, so that the text form can be read */

static Steps remembered[REMEMBERED];
static int	last_used = 0;

static void
remember(Steps *steps, Datum array, const char *bytes, int size)
{
	Datum	   *names;
	bool	   *nulls;
	int			n;
	int			length = 0;

	steps->size = 0;
	if (ARR_NDIM(DatumGetArrayTypeP(array)) > 1)
		bad_number_of_steps(ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(array)), ARR_DIMS(DatumGetArrayTypeP(array))));
	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	if (n < 1 || n > KPI_FUNNEL_STEPS)
		bad_number_of_steps(n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("name of step %d must not be NULL", i + 1)));
		steps->offset[i] = length;
		steps->length[i] = VARSIZE_ANY_EXHDR(DatumGetPointer(names[i]));
		length += steps->length[i] + 1;
		if (length > MAX_NAMES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("names of steps are longer than %d bytes", MAX_NAMES)));
	}
	if (steps->bytes)
		pfree(steps->bytes);
	steps->bytes = NULL;
	steps->bytes = MemoryContextAlloc(TopMemoryContext, size + length);
	memcpy(steps->bytes, bytes, size);
	steps->names = steps->bytes + size;
	for (int i = 0; i < n; i++)
	{
		memcpy(steps->names + steps->offset[i], VARDATA_ANY(DatumGetPointer(names[i])), steps->length[i]);
		steps->names[steps->offset[i] + steps->length[i]] = '\0';
	}
	steps->names_length = length;
	steps->n = n;
	steps->size = size;
}

static const Steps *
steps_of(Datum array)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(array);
	const char *bytes = VARDATA_ANY(value);
	int			size = VARSIZE_ANY_EXHDR(value);

	for (int i = 0; i < REMEMBERED; i++)
	{
		int			which = (last_used + i) % REMEMBERED;

		if (remembered[which].size == size && memcmp(remembered[which].bytes, bytes, size) == 0)
		{
			last_used = which;
			return &remembered[which];
		}
	}
	last_used = (last_used + 1) % REMEMBERED;
	remember(&remembered[last_used], PointerGetDatum(value), bytes, size);
	return &remembered[last_used];
}

/* The steps that a name stands for. */
static inline uint64
find_step(const Steps *steps, Datum step)
{
	struct varlena *name = PG_DETOAST_DATUM_PACKED(step);
	int			length = VARSIZE_ANY_EXHDR(name);
	uint64		found = 0;

	for (int i = 0; i < steps->n; i++)
		if (steps->length[i] == length &&
			memcmp(steps->names + steps->offset[i], VARDATA_ANY(name), length) == 0)
			found |= UINT64CONST(1) << i;
	if (unlikely((Pointer) name != DatumGetPointer(step)))
		pfree(name);
	return found;
}

uint64
kpi_funnel_reached(Datum reached, int *steps)
{
	ArrayType  *array = DatumGetArrayTypeP(reached);
	const bool *at;
	const uint8 *present = ARR_NULLBITMAP(array);
	uint64		bits = 0;
	int			n = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];

	if (unlikely(ARR_NDIM(array) != 1 || n > KPI_FUNNEL_STEPS))
		bad_number_of_steps(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
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

static void
infinite(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("an event at an infinite date or time has no place in a funnel"),
			 errhint("Leave such rows out with FILTER (WHERE isfinite(at)).")));
}

/* A finite date or time as a moment; a date is its midnight. */
Timestamp
kpi_funnel_moment(Datum at, bool is_date)
{
	if (is_date)
	{
		DateADT		day = DatumGetDateADT(at);

		if (unlikely(DATE_NOT_FINITE(day)))
			infinite();
		if (unlikely(day >= TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("date out of range for timestamp")));
		return day * USECS_PER_DAY;
	}
	if (unlikely(TIMESTAMP_NOT_FINITE(DatumGetTimestamp(at))))
		infinite();
	return DatumGetTimestamp(at);
}

static inline Datum
add_event(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date, int n,
		  const char *names, int names_length, uint64 steps)
{
	Timestamp	at = kpi_funnel_moment(PG_GETARG_DATUM(2), is_date);
	uint64		key = kpi_key(PG_GETARG_DATUM(1), key_type);
	KpiSet	   *set = kpi_set_state(fcinfo, TYPE, key_type, zoned, NULL, names, names_length);
	uint64	   *record;

	/* a new state has no number yet */
	if (unlikely(set->number != n))
	{
		if (set->number != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("steps of one %s must not differ: %d and %d of them", TYPE->type.name, (int) set->number, n)));
		set->number = n;
	}
	record = kpi_set_append(TYPE, &set);
	record[0] = key;
	record[1] = kpi_time_of_moment(at);
	record[2] = steps;
	return kpi_set_result(fcinfo, TYPE, set);
}

/* funnel_summary(customer, at, step, steps) */
static inline Datum
accum_named(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date)
{
	const Steps *steps;
	uint64		found;

	if (unlikely(PG_ARGISNULL(4)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("steps must not be NULL"),
				 errhint("Name the steps in order, such as ARRAY['visit', 'basket', 'order'].")));
	steps = steps_of(PG_GETARG_DATUM(4));
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	found = find_step(steps, PG_GETARG_DATUM(3));
	if (found == 0)
		return kpi_unchanged(fcinfo);
	return add_event(fcinfo, key_type, zoned, is_date, steps->n, steps->names, steps->names_length, found);
}

/* funnel_summary(customer, at, reached) */
static inline Datum
accum_reached(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date)
{
	static const char no_names[KPI_FUNNEL_STEPS] = {0};
	uint64		found;
	int			n;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	found = kpi_funnel_reached(PG_GETARG_DATUM(3), &n);
	if (found == 0)
		return kpi_unchanged(fcinfo);
	return add_event(fcinfo, key_type, zoned, is_date, n, no_names, n, found);
}

#define ACCUM(key, key_type, at, zoned, is_date) \
	PG_FUNCTION_INFO_V1(kpi_funnel_summary_named_##key##_##at); \
	Datum kpi_funnel_summary_named_##key##_##at(PG_FUNCTION_ARGS) \
	{ \
		return accum_named(fcinfo, key_type, zoned, is_date); \
	} \
	PG_FUNCTION_INFO_V1(kpi_funnel_summary_reached_##key##_##at); \
	Datum kpi_funnel_summary_reached_##key##_##at(PG_FUNCTION_ARGS) \
	{ \
		return accum_reached(fcinfo, key_type, zoned, is_date); \
	}

#define FOR_KEY(key, key_type) \
	ACCUM(key, key_type, date, false, true) \
	ACCUM(key, key_type, timestamp, false, false) \
	ACCUM(key, key_type, timestamptz, true, false) \
	PG_FUNCTION_INFO_V1(kpi_funnel_summary_forget_##key); \
	Datum kpi_funnel_summary_forget_##key(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_POINTER(kpi_set_forget(TYPE, kpi_set_get(PG_GETARG_DATUM(0), TYPE), key_type, \
										 kpi_key(PG_GETARG_DATUM(1), key_type))); \
	}

FOR_KEY(bigint, KPI_KEY_BIGINT)
FOR_KEY(uuid, KPI_KEY_UUID)
FOR_KEY(text, KPI_KEY_TEXT)
