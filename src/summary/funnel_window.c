/*
 * funnel_window.c
 *		The window of a funnel's pass: from a moment to an interval later.
 */
#include "summary/funnel_walk.h"

#include "core/time/zone.h"

#include "utils/builtins.h"

/* 22023 for a window that is negative. */
void
kpi_funnel_check_within(const Interval *within)
{
	if (within->month < 0 || within->day < 0 || within->time < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("window %s is negative",
						DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(within))))));
}

/*
 * Do clocks in the session's zone run on from one moment to the other, so that days
 * have 24 hours?  Far cheaper than date arithmetic, and nearly always so.
 */
static bool
window_clocks_run_on(TimestampTz from, TimestampTz to)
{
	return to < kpi_zone_span(from)->to;
}

/*
 * kpi_walk_window_end() -
 *
 *	Where the window ends of a pass that starts at a moment: as timestamp + interval,
 *	or timestamptz + interval in the session's zone, has it.  PG_INT64_MAX, or an
 *	error of that operator, beyond the last moment there is.
 */
Timestamp
kpi_walk_window_end(const KpiFunnelQuery *query, Timestamp at)
{
	const Interval *within = &query->within;
	int64		span;
	Timestamp	end;

	if (within->month == 0)
	{
		if (__builtin_mul_overflow((int64) within->day, USECS_PER_DAY, &span) ||
			__builtin_add_overflow(span, within->time, &end) ||
			__builtin_add_overflow(at, end, &end))
			return PG_INT64_MAX;
		/* two days more, since local times near a change can be ambiguous */
		if (within->day == 0 || !query->zoned ||
			(end < PG_INT64_MAX - 2 * USECS_PER_DAY && window_clocks_run_on(at, at + span + 2 * USECS_PER_DAY)))
			return end;
	}
	/* as timestamp + interval and timestamptz + interval do */
	return DatumGetTimestamp(query->zoned ?
							 DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(at),
												 IntervalPGetDatum(within)) :
							 DirectFunctionCall2(timestamp_pl_interval, TimestampGetDatum(at),
												 IntervalPGetDatum(within)));
}
