/*
 * funnel_depth.c
 *		funnel_depth(): how many steps one customer reaches.
 *
 *		State: funnel_events, a set as that of funnel_summary with one customer, key 0.
 *		The place of the first step's name holds the window, "months days
 *		microseconds", or nothing where there is no limit.  The empty set stands for
 *		rows without any step, NULL for no rows.
 */
#include "summary/funnel.h"

static const KpiSetType funnel_events_type = {
	{"funnel_events", 1, 'L', sizeof(KpiSet)},
	{3, 3, KPI_RECORDS_KEEP},
	false,
	NULL,
	NULL
};

#define TYPE (&funnel_events_type)
#define CUSTOMER (UINT64CONST(1) << 63)	/* the bigint 0 as a key */
#define WINDOW_LENGTH 64

static const char *
set_window(const KpiSet *set)
{
	return kpi_set_strings(set) + strlen(kpi_set_strings(set)) + 1;
}

static void
write_window(const Interval *within, char *window)
{
	snprintf(window, WINDOW_LENGTH, "%d %d %lld", within->month, within->day, (long long) within->time);
}

/* Only what write_window() writes of an interval that is not negative. */
static bool
read_window(const char *window, Interval *within)
{
	long long	time;
	char		again[WINDOW_LENGTH];

	if (strlen(window) >= WINDOW_LENGTH ||
		sscanf(window, "%d %d %lld", &within->month, &within->day, &time) != 3)
		return false;
	within->time = time;
	write_window(within, again);
	return strcmp(window, again) == 0 && within->month >= 0 && within->day >= 0 && within->time >= 0;
}

/* What is wrong with a set as a state, or NULL. */
static const char *
events_problem(const KpiSet *set)
{
	const char *window;
	KpiSetReader reader;
	Interval	within;

	/* the empty set has no strings */
	if (set->key_type == KPI_KEY_NONE)
		return NULL;
	window = set_window(set);
	kpi_set_reader(&reader, TYPE, set);
	if (set->key_type != KPI_KEY_BIGINT || set->sorted != 1 || !kpi_set_next(&reader) || reader.key != CUSTOMER)
		return "It is not of the one customer 0.";
	if (*window != '\0' && !read_window(window, &within))
		return "Its window is not well formed.";
	for (int i = 1; i < (int) set->number; i++)
	{
		window += strlen(window) + 1;
		if (*window != '\0')
			return "Its steps have names.";
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_in);
Datum
kpi_funnel_events_in(PG_FUNCTION_ARGS)
{
	Datum		set = kpi_set_in(fcinfo, TYPE);
	const char *problem;

	/* none after a soft error */
	if (set != (Datum) 0 && (problem = events_problem((KpiSet *) DatumGetPointer(set))) != NULL)
	{
		KpiScan		scan = kpi_scan_start(fcinfo, &TYPE->type, "that of funnel_summary with the customer 0 and the window as name of the first step");

		return kpi_scan_fail(&scan, problem);
	}
	return set;
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_out);
Datum
kpi_funnel_events_out(PG_FUNCTION_ARGS)
{
	return kpi_set_out(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_recv);
Datum
kpi_funnel_events_recv(PG_FUNCTION_ARGS)
{
	Datum		set = kpi_set_recv(fcinfo, TYPE);
	const char *problem = events_problem((KpiSet *) DatumGetPointer(set));

	if (problem)
	{
		KpiWire		wire = {&TYPE->type, (StringInfo) PG_GETARG_POINTER(0)};

		kpi_wire_fail(&wire, problem);
	}
	return set;
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_send);
Datum
kpi_funnel_events_send(PG_FUNCTION_ARGS)
{
	return kpi_set_send(fcinfo, TYPE);
}

static void
windows_differ(const char *before, const char *now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("window of one funnel_depth must not differ: \"%s\" and \"%s\"", before, now),
			 errdetail("They are shown as months, days and microseconds.")));
}

static void
numbers_differ(int64 before, int64 now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("steps of one funnel_depth must not differ: %d and %d of them", (int) before, (int) now)));
}

/* Say what differs better than sets in general can. */
static void
check_steps_and_windows(FunctionCallInfo fcinfo)
{
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
	{
		KpiSet	   *a = kpi_flat(PG_GETARG_DATUM(0), &TYPE->type);
		KpiSet	   *b = kpi_flat(PG_GETARG_DATUM(1), &TYPE->type);

		if (a->key_type != KPI_KEY_NONE && b->key_type != KPI_KEY_NONE)
		{
			if (a->number != b->number)
				numbers_differ(a->number, b->number);
			if (strcmp(set_window(a), set_window(b)) != 0)
				windows_differ(set_window(a), set_window(b));
		}
	}
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_add);
Datum
kpi_funnel_events_add(PG_FUNCTION_ARGS)
{
	check_steps_and_windows(fcinfo);
	return kpi_set_add(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_combine);
Datum
kpi_funnel_events_combine(PG_FUNCTION_ARGS)
{
	check_steps_and_windows(fcinfo);
	return kpi_set_combine(fcinfo, TYPE);
}

/* The names of a set with this window: the last one again for the next row. */
static const char *
window_names(const Interval *within, int n, int *length)
{
	static char names[WINDOW_LENGTH + KPI_FUNNEL_STEPS];
	static Interval last;
	static int	last_length = 0;

	if (within == NULL || KPI_INTERVAL_NOT_FINITE(within))
	{
		memset(names, 0, sizeof(names));
		last_length = 0;
		*length = n;
	}
	else
	{
		if (last_length == 0 || last.month != within->month || last.day != within->day || last.time != within->time)
		{
			memset(names, 0, sizeof(names));
			write_window(within, names);
			last = *within;
			last_length = strlen(names);
		}
		*length = last_length + n;
	}
	return names;
}

/* transition: (state, at, reached, within) */
static inline Datum
accum(FunctionCallInfo fcinfo, bool zoned, bool is_date)
{
	Interval   *within = PG_ARGISNULL(3) ? NULL : PG_GETARG_INTERVAL_P(3);
	const char *names;
	int			length;
	int			n;
	uint64		found;
	Timestamp	at;
	KpiSet	   *set;
	uint64	   *record;

	if (within)
		kpi_funnel_check_within(within);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	found = kpi_funnel_reached(PG_GETARG_DATUM(2), &n);
	if (found == 0)
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_POINTER(kpi_set_pack(TYPE, NULL));
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	at = kpi_funnel_moment(PG_GETARG_DATUM(1), is_date);
	names = window_names(within, n, &length);
	if (!PG_ARGISNULL(0))
	{
		KpiSet	   *before = kpi_flat(PG_GETARG_DATUM(0), &TYPE->type);

		if (before->key_type != KPI_KEY_NONE)
		{
			if (unlikely(before->number != n))
				numbers_differ(before->number, n);
			if (unlikely(strcmp(set_window(before), names) != 0))
				windows_differ(set_window(before), names);
		}
	}
	set = kpi_set_state(fcinfo, TYPE, KPI_KEY_BIGINT, zoned, NULL, names, length);
	set->number = n;
	record = kpi_set_append(TYPE, &set);
	record[0] = CUSTOMER;
	record[1] = kpi_time_of_moment(at);
	record[2] = found;
	return kpi_set_result(fcinfo, TYPE, set);
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_accum_date);
Datum
kpi_funnel_events_accum_date(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, false, true);
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_accum_timestamp);
Datum
kpi_funnel_events_accum_timestamp(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, false, false);
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_accum_timestamptz);
Datum
kpi_funnel_events_accum_timestamptz(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, true, false);
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_depth);
Datum
kpi_funnel_events_depth(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	KpiSetReader reader;
	KpiFunnelQuery query = {0};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_set_get(PG_GETARG_DATUM(0), TYPE);
	if (set->key_type == KPI_KEY_NONE)
		PG_RETURN_INT32(0);
	query.mode = KPI_FUNNEL_ORDERED;
	query.steps = (int) set->number;
	query.zoned = set->zoned;
	query.limited = *set_window(set) != '\0' && read_window(set_window(set), &query.within);
	query.as_of = PG_INT64_MAX;
	kpi_set_reader(&reader, TYPE, set);
	if (!kpi_set_next(&reader))
		PG_RETURN_INT32(0);
	PG_RETURN_INT32(kpi_funnel_walk(&query, reader.time, reader.steps, reader.n, NULL));
}
