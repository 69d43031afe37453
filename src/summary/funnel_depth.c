/*
 * funnel_depth.c
 *		funnel_depth(): how many steps one customer reaches.
 *
 *		State: funnel_events, a set as that of funnel_summary with one customer, key 0.
 *		The place of the first step's name holds the window, "months days
 *		microseconds", or nothing where there is no limit, and the mode where that is not
 *		ordered, with a space between.  The empty set stands for rows without any step, NULL
 *		for no rows.
 */
#include "core/set/parameters.h"
#include "summary/funnel.h"

#define DEPTH_CUSTOMER kpi_key_bigint(Int64GetDatum(0))
#define DEPTH_WINDOW_LENGTH 64

static const KpiSetType funnel_events_type;

/* A window, NULL for no limit, and a mode as the state keeps them. */
static void
depth_write_window(const Interval *within, KpiFunnelMode mode, char *window)
{
	int			length = 0;

	*window = '\0';
	if (within != NULL)
		length = snprintf(window, DEPTH_WINDOW_LENGTH, "%d %d %lld", within->month, within->day, (long long) within->time);
	if (mode != KPI_FUNNEL_ORDERED)
		snprintf(window + length, DEPTH_WINDOW_LENGTH - length, "%s%s", length > 0 ? " " : "", kpi_funnel_mode_name(mode));
}

/* The window and the mode that are kept; false for what depth_write_window() does not write, and for a negative window. */
static bool
depth_read_window(const char *window, KpiFunnelQuery *query)
{
	Interval   *within = &query->within;
	const char *rest = window;
	long long	time;
	int			length = 0;
	char		again[DEPTH_WINDOW_LENGTH];

	query->mode = KPI_FUNNEL_ORDERED;
	if (strlen(window) >= DEPTH_WINDOW_LENGTH)
		return false;
	query->limited = sscanf(window, "%d %d %lld%n", &within->month, &within->day, &time, &length) == 3;
	if (query->limited)
	{
		within->time = time;
		rest += length + (window[length] == ' ');
		if (within->month < 0 || within->day < 0 || within->time < 0)
			return false;
	}
	if (*rest != '\0' && !kpi_funnel_mode_read(rest, strlen(rest), &query->mode))
		return false;
	depth_write_window(query->limited ? within : NULL, query->mode, again);
	return strcmp(window, again) == 0;
}

/* What is wrong with a set, not the empty one, that is well formed as one. */
static const char *
funnel_events_problem(const KpiSet *set)
{
	const char *window = kpi_set_parameters(set);
	KpiSetReader reader;
	KpiFunnelQuery query;

	kpi_set_reader(&reader, &funnel_events_type, set);
	if (set->key_type != KPI_KEY_BIGINT || set->sorted != 1 || !kpi_set_next(&reader) || reader.key != DEPTH_CUSTOMER)
		return "It is not of the one customer 0.";
	if (!depth_read_window(window, &query))
		return "Its window is not well formed.";
	for (int i = 1; i < (int) set->number; i++)
	{
		window += strlen(window) + 1;
		if (*window != '\0')
			return "Its steps have names.";
	}
	return NULL;
}

static const KpiSetType funnel_events_type = {
	.type = {.name = "funnel_events", .shown = "funnel_depth()", .version = 1, .kind = KPI_TYPE_FUNNEL_EVENTS, .size = sizeof(KpiSet)},
	.class = {.words = 3, .sorted_by = 3, .equal = KPI_RECORDS_KEEP},
	.times = KPI_TIMES_MOMENTS,
	.form = "that of funnel_summary with the customer 0 and the window and mode as name of the first step",
	.problem = funnel_events_problem
};

KPI_SET_FORMS(funnel_events_type, kpi_funnel_events_in, kpi_funnel_events_out,
			  kpi_funnel_events_recv, kpi_funnel_events_send)

/* 22023 unless a set, not the empty one, has this number of steps, window and mode; sets in general can't say it so well. */
static void
depth_check(const KpiSet *set, int64 number, const char *window)
{
	if (unlikely(set->number != number))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("steps of one funnel_depth must not differ: %d and %d of them", (int) set->number, (int) number)));
	if (unlikely(strcmp(kpi_set_parameters(set), window) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("window or mode of one funnel_depth must not differ: \"%s\" and \"%s\"", kpi_set_parameters(set), window),
				 errdetail("A window is shown as months, days and microseconds, a mode where it is not ordered.")));
}

/* Combine function: kpi_set_add(), with these errors first. */
PG_FUNCTION_INFO_V1(kpi_funnel_events_add);
Datum
kpi_funnel_events_add(PG_FUNCTION_ARGS)
{
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
	{
		KpiSet	   *a = kpi_flat(PG_GETARG_DATUM(0), &funnel_events_type.type);
		KpiSet	   *b = kpi_flat(PG_GETARG_DATUM(1), &funnel_events_type.type);

		if (a->key_type != KPI_KEY_NONE && b->key_type != KPI_KEY_NONE)
			depth_check(a, b->number, kpi_set_parameters(b));
	}
	return kpi_set_add(fcinfo, &funnel_events_type);
}

PG_FUNCTION_INFO_V1(kpi_funnel_events_combine);
Datum
kpi_funnel_events_combine(PG_FUNCTION_ARGS)
{
	kpi_set_check_part(fcinfo, &funnel_events_type);
	return kpi_funnel_events_add(fcinfo);
}

/*
 * depth_parameters() -
 *
 *	The names of n steps for a row's window, of which NULL or infinity is none, and mode:
 *	both in the place of the first, and no others.  They last until the next call.
 */
static const KpiParameters *
depth_parameters(const Interval *within, KpiFunnelMode mode, int n)
{
	static KpiParameters remembered;
	bool		limited = within != NULL && !KPI_INTERVAL_NOT_FINITE(within);
	int			numbers[] = {n, mode};
	KpiArgument arguments[] = {{numbers, sizeof(numbers)}, {within, sizeof(*within)}};

	if (unlikely(!kpi_parameters_same(&remembered, arguments, limited ? 2 : 1)))
	{
		char		names[DEPTH_WINDOW_LENGTH + KPI_FUNNEL_STEPS] = {0};

		depth_write_window(limited ? within : NULL, mode, names);
		kpi_parameters_remember(&remembered, arguments, limited ? 2 : 1, names, strlen(names) + n);
	}
	return &remembered;
}

/*
 * depth_accum() -
 *
 *	Transition function of funnel_depth(at, reached), with within in argument 3 where there
 *	are three, and mode in argument 4 where there are four: the state with one more event.  A row with at or reached NULL is ignored; one without a step that is true
 *	makes the empty set, so that the depth is 0 and not NULL.  22023 for a number of
 *	steps, a window or a mode that is not the same in every row, for a negative window, for
 *	a mode that is NULL or unknown, and for an infinite moment.
 */
static inline Datum
depth_accum(FunctionCallInfo fcinfo, KpiAt at_type, int arguments)
{
	Interval   *within = arguments < 3 || PG_ARGISNULL(3) ? NULL : PG_GETARG_INTERVAL_P(3);
	KpiFunnelMode mode = arguments < 4 ? KPI_FUNNEL_ORDERED : kpi_funnel_mode(fcinfo, 4);
	const KpiParameters *parameters;
	int			n;
	uint64		found;
	Timestamp	at;
	KpiSet	   *set;

	if (within)
		kpi_funnel_check_within(within);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	found = kpi_funnel_reached(PG_GETARG_DATUM(2), &n);
	if (found == 0)
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_POINTER(kpi_set_pack(&funnel_events_type, NULL));
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	at = kpi_funnel_moment(PG_GETARG_DATUM(1), at_type);
	parameters = depth_parameters(within, mode, n);
	if (!PG_ARGISNULL(0))
	{
		KpiSet	   *before = kpi_flat(PG_GETARG_DATUM(0), &funnel_events_type.type);

		if (before->key_type != KPI_KEY_NONE)
			depth_check(before, n, parameters->strings);
	}
	set = kpi_set_state(fcinfo, &funnel_events_type, KPI_KEY_BIGINT, at_type, NULL,
						parameters->strings, parameters->length);
	set->number = n;
	kpi_funnel_append(&funnel_events_type, &set, DEPTH_CUSTOMER, at, found);
	return kpi_set_result(fcinfo, &funnel_events_type, set);
}

KPI_FUNCTION(kpi_funnel_events_accum_date, depth_accum(fcinfo, KPI_AT_DATE, 3))
KPI_FUNCTION(kpi_funnel_events_accum_timestamp, depth_accum(fcinfo, KPI_AT_TIMESTAMP, 3))
KPI_FUNCTION(kpi_funnel_events_accum_timestamptz, depth_accum(fcinfo, KPI_AT_TIMESTAMPTZ, 3))
KPI_FUNCTION(kpi_funnel_events_accum_open_date, depth_accum(fcinfo, KPI_AT_DATE, 2))
KPI_FUNCTION(kpi_funnel_events_accum_open_timestamp, depth_accum(fcinfo, KPI_AT_TIMESTAMP, 2))
KPI_FUNCTION(kpi_funnel_events_accum_open_timestamptz, depth_accum(fcinfo, KPI_AT_TIMESTAMPTZ, 2))
KPI_FUNCTION(kpi_funnel_events_accum_mode_date, depth_accum(fcinfo, KPI_AT_DATE, 4))
KPI_FUNCTION(kpi_funnel_events_accum_mode_timestamp, depth_accum(fcinfo, KPI_AT_TIMESTAMP, 4))
KPI_FUNCTION(kpi_funnel_events_accum_mode_timestamptz, depth_accum(fcinfo, KPI_AT_TIMESTAMPTZ, 4))

/* Final function: how many steps the customer reaches; NULL for no rows, 0 for no step. */
PG_FUNCTION_INFO_V1(kpi_funnel_events_depth);
Datum
kpi_funnel_events_depth(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	KpiSetReader reader;
	KpiFunnelQuery query = {0};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_set_get(PG_GETARG_DATUM(0), &funnel_events_type);
	if (set->key_type == KPI_KEY_NONE)
		PG_RETURN_INT32(0);
	query.steps = (int) set->number;
	query.zoned = set->zoned;
	depth_read_window(kpi_set_parameters(set), &query);
	query.as_of = PG_INT64_MAX;
	kpi_set_reader(&reader, &funnel_events_type, set);
	if (!kpi_set_next(&reader))
		PG_RETURN_INT32(0);
	PG_RETURN_INT32(kpi_funnel_walk(&query, reader.time, reader.steps, reader.n, NULL));
}
