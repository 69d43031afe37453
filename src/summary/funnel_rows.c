/*
 * funnel_rows.c
 *		funnel(): how many customers reach each step, and in which time.
 *
 *		A median is the middle of the times to a step, or halfway between the two in
 *		the middle, in whole microseconds.
 */
#include "core/server/rows.h"
#include "core/time/days.h"
#include "summary/funnel.h"

#include "miscadmin.h"
#include "pgtime.h"
#include "utils/builtins.h"

/* FunnelTimes to one step. */
typedef struct FunnelTimes
{
	int64	   *values;
	int64		n;
	int64		room;
} FunnelTimes;

/* Add a time; the array doubles when it is full. */
static void
funnel_add_time(FunnelTimes *times, int64 value)
{
	if (times->n == times->room)
	{
		times->room = Max(64, times->room * 2);
		times->values = times->values ?
			repalloc_huge(times->values, times->room * sizeof(int64)) :
			MemoryContextAllocHuge(CurrentMemoryContext, times->room * sizeof(int64));
	}
	times->values[times->n++] = value;
}

/* The time that stands at a rank, from 0, in order; none is negative.  Found a byte a round, from the highest. */
static int64
funnel_value_at(const FunnelTimes *times, int64 rank)
{
	uint64		prefix = 0;

	for (int shift = 56; shift >= 0; shift -= 8)
	{
		int64		count[256] = {0};
		int			byte = 0;

		CHECK_FOR_INTERRUPTS();
		for (int64 i = 0; i < times->n; i++)
		{
			uint64		value = (uint64) times->values[i];

			if (shift == 56 || value >> (shift + 8) == prefix)
				count[value >> shift & 0xff]++;
		}
		while (rank >= count[byte])
			rank -= count[byte++];
		prefix = prefix << 8 | byte;
	}
	return (int64) prefix;
}

/* The median of at least one time. */
static int64
funnel_median(const FunnelTimes *times)
{
	int64		low = funnel_value_at(times, (times->n - 1) / 2);

	return times->n % 2 ? low : low + (funnel_value_at(times, times->n / 2) - low) / 2;
}

#define FUNNEL_COLUMNS 7

/*
 * funnel_put_rows() -
 *
 *	Give a row a step, of how many customers reached it and, but for the first, which
 *	takes no time, of the times that they took.
 */
static void
funnel_put_rows(FunctionCallInfo fcinfo, const KpiSet *set, const int64 *customers, const FunnelTimes *times)
{
	int			steps = (int) set->number;
	const char *name = kpi_set_parameters(set);
	bool		named = false;

	for (int k = 0; k < steps; k++)
		named |= name[k] != '\0';
	for (int k = 0; k < steps; k++, name += strlen(name) + 1)
	{
		Datum		values[FUNNEL_COLUMNS] = {0};
		bool		nulls[FUNNEL_COLUMNS] = {0};

		values[0] = Int32GetDatum(k + 1);
		if (named)
			values[1] = CStringGetTextDatum(name);
		nulls[1] = !named;
		values[2] = Int64GetDatum(customers[k]);
		nulls[3] = k == 0 || customers[k - 1] == 0;
		if (!nulls[3])
			values[3] = Float8GetDatum((double) customers[k] / (double) customers[k - 1]);
		nulls[4] = customers[0] == 0;
		if (!nulls[4])
			values[4] = Float8GetDatum((double) customers[k] / (double) customers[0]);
		nulls[5] = nulls[6] = customers[k] == 0;
		if (customers[k] > 0)
		{
			Interval   *time = palloc0(sizeof(Interval));

			time->time = k == 0 ? 0 : funnel_median(&times[k]);
			values[5] = IntervalPGetDatum(time);
			values[6] = Float8GetDatum((double) time->time / USECS_PER_SEC);
		}
		kpi_rows_put(fcinfo, values, nulls);
	}
}

/*
 * kpi_funnel() -
 *
 *	funnel(s, within, mode, entry, as_of): a row a step.  No rows for NULL or the empty
 *	summary.  22023 for a mode that is NULL or unknown, a negative window, and a zone
 *	of the summary that this server does not know.
 */
PG_FUNCTION_INFO_V1(kpi_funnel);
Datum
kpi_funnel(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	KpiSetReader reader;
	KpiFunnelQuery query = {0};
	int64		customers[KPI_FUNNEL_STEPS] = {0};
	FunnelTimes times[KPI_FUNNEL_STEPS] = {0};
	int64		microseconds[KPI_FUNNEL_STEPS];
	pg_tz	   *asking;

	query.mode = kpi_funnel_mode(fcinfo, 2);
	if (!PG_ARGISNULL(1))
	{
		query.within = *PG_GETARG_INTERVAL_P(1);
		kpi_funnel_check_within(&query.within);
		query.limited = !KPI_INTERVAL_NOT_FINITE(&query.within);
	}
	if (!PG_ARGISNULL(3))
	{
		KpiDays		entry;

		query.in_entry = true;
		if (kpi_days(fcinfo, 3, &entry))
		{
			query.entry_from = entry.from;
			query.entry_to = entry.to;
		}
	}
	kpi_rows_begin(fcinfo);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	set = kpi_set_get(PG_GETARG_DATUM(0), &kpi_funnel_type);
	if (set->key_type == KPI_KEY_NONE)
		return (Datum) 0;

	query.steps = (int) set->number;
	query.zoned = set->zoned;
	query.as_of = PG_INT64_MAX;
	if (!PG_ARGISNULL(4))
		query.as_of = query.zoned ? PG_GETARG_TIMESTAMPTZ(4) :
			DatumGetTimestamp(DirectFunctionCall1(timestamptz_timestamp, PG_GETARG_DATUM(4)));

	/* days are those of the zone in which the summary was built, whoever asks */
	asking = session_timezone;
	if (set->zoned && (session_timezone = pg_tzset(kpi_set_strings(set))) == NULL)
	{
		session_timezone = asking;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" of the summary is not known here", kpi_set_strings(set))));
	}
	PG_TRY();
	{
		kpi_set_reader(&reader, &kpi_funnel_type, set);
		while (kpi_set_next(&reader))
		{
			int			depth = kpi_funnel_walk(&query, reader.time, reader.steps, reader.n, microseconds);

			for (int k = 0; k < depth; k++)
			{
				customers[k]++;
				/* the first step takes no time */
				if (k > 0)
					funnel_add_time(&times[k], microseconds[k]);
			}
		}
	}
	PG_FINALLY();
	{
		session_timezone = asking;
	}
	PG_END_TRY();

	funnel_put_rows(fcinfo, set, customers, times);
	return (Datum) 0;
}
