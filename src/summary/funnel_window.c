/*
 * funnel_window.c
 *		The window of a funnel's pass: from a moment to an interval later.
 */
#include "summary/funnel_walk.h"

#include "pgtime.h"
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

typedef struct ZoneSpan
{
	TimestampTz from;
	TimestampTz to;				/* the next change of clocks */
} ZoneSpan;

/* Spans of about 25 days find their slot by the moment. */
#define SLOT_BITS 6
#define SLOT_SHIFT 41

/*
 * Do clocks in the session's zone run on from one moment to the other, so that days
 * have 24 hours?  Far cheaper than date arithmetic, and nearly always so.
 */
static bool
clocks_run_on(TimestampTz from, TimestampTz to)
{
	static ZoneSpan spans[1 << SLOT_BITS];
	static const pg_tz *zone = NULL;
	ZoneSpan   *span = &spans[(uint64) from >> SLOT_SHIFT & ((1 << SLOT_BITS) - 1)];

	if (unlikely(zone != session_timezone))
	{
		memset(spans, 0, sizeof(spans));
		zone = session_timezone;
	}
	if (unlikely(from < span->from || from >= span->to))
	{
		const int64 epoch = (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
		pg_time_t	second = from / USECS_PER_SEC - (from % USECS_PER_SEC < 0) + epoch;
		pg_time_t	boundary;
		long		offset;
		int			dst;
		int			found = pg_next_dst_boundary(&second, &offset, &dst, &boundary, &offset, &dst, session_timezone);

		if (found < 0)
			return false;
		span->from = from;
		span->to = found == 0 || boundary - epoch >= PG_INT64_MAX / USECS_PER_SEC ? PG_INT64_MAX : (boundary - epoch) * USECS_PER_SEC;
	}
	return to < span->to;
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
			(end < PG_INT64_MAX - 2 * USECS_PER_DAY && clocks_run_on(at, at + span + 2 * USECS_PER_DAY)))
			return end;
	}
	/* as timestamp + interval and timestamptz + interval do */
	return DatumGetTimestamp(query->zoned ?
							 DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(at),
												 IntervalPGetDatum(within)) :
							 DirectFunctionCall2(timestamp_pl_interval, TimestampGetDatum(at),
												 IntervalPGetDatum(within)));
}
