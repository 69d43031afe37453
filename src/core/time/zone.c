/*
 * zone.c
 *		What clocks in a time zone show.
 *
 *		The server finds the offset of a moment by a search in the zone's table, which
 *		costs more than all the rest of a row.  So it is remembered, for the session's
 *		zone, with the span of time for which it holds: rows in any order find it at once.
 *
 *		calendar/calendar.c has spans of its own.  It needs all of them from some moment
 *		on, in order and without gaps, since it adds up open time over them, and in the
 *		zone of the business.  Here a span gives way to another that has the same slot,
 *		and that is what makes finding one cheap.  Both ask kpi_zone_offset().
 */
#include "core/time/zone.h"

#include "core/number/floor_div.h"

#include "utils/datetime.h"

/* Seconds from 1970 to 2000 */
#define ZONE_EPOCH_SHIFT ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

/* The error for a date, timestamp or interval that its type cannot hold: 22008.  The detail may be NULL. */
void
kpi_time_out_of_range(const char *type, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("%s out of range", type),
			 detail ? errdetail("%s", detail) : 0));
}

/*
 * kpi_zone_offset() -
 *
 *	Microseconds to add to a moment for the local time in a zone.  *change becomes
 *	the next moment at which the zone's clocks are set, perhaps to the same offset,
 *	or PG_INT64_MAX where there is none that a timestamp could hold.  22008 where the
 *	server does not know the zone at that moment.
 *
 *	The server's table of a zone ends with some change of clocks, and beyond it the
 *	years repeat every 400.  Asked at the very moment of that change, or at one that
 *	repeats it, pg_next_dst_boundary() says that there is no other; asked a second
 *	later it says which.
 */
int64
kpi_zone_offset(const pg_tz *zone, TimestampTz at, TimestampTz *change)
{
	pg_time_t	second = (pg_time_t) (kpi_floor_div(at, USECS_PER_SEC) + ZONE_EPOCH_SHIFT);
	pg_time_t	boundary;
	long		before;
	long		after;
	int			before_dst;
	int			after_dst;
	int			found;

	found = pg_next_dst_boundary(&second, &before, &before_dst, &boundary, &after, &after_dst, zone);
	if (found == 0)
	{
		long		same;

		second++;
		found = pg_next_dst_boundary(&second, &same, &before_dst, &boundary, &after, &after_dst, zone);
	}
	if (found < 0)
		kpi_time_out_of_range("timestamp", NULL);
	*change = PG_INT64_MAX;
	if (found > 0 && (int64) boundary - ZONE_EPOCH_SHIFT < END_TIMESTAMP / USECS_PER_SEC)
		*change = ((int64) boundary - ZONE_EPOCH_SHIFT) * USECS_PER_SEC;
	return before * USECS_PER_SEC;
}

/* Spans of about 25 days of moments find their slot by the moment; nearly all of a slot's have one offset. */
#define ZONE_SLOT_BITS 6
#define ZONE_SLOT_SHIFT 41

/* Let a slot's span hold a moment that it does not hold. */
static pg_noinline void
zone_find_span(TimestampTz at, KpiZoneSpan *span)
{
	TimestampTz to;
	int64		offset = kpi_zone_offset(session_timezone, at, &to);

	/* what lies before the moment is not known, unless the slot's span joins */
	if (span->to == to && span->offset == offset && span->from > at)
		span->from = at;
	else
		*span = (KpiZoneSpan) {.from = at, .to = to, .offset = offset};
}

/*
 * kpi_zone_span() -
 *
 *	The span of the session's zone that holds a moment.  It is one of a few that the
 *	session remembers, and good until the next call.  22008 as kpi_zone_offset().
 */
const KpiZoneSpan *
kpi_zone_span(TimestampTz at)
{
	static KpiZoneSpan spans[1 << ZONE_SLOT_BITS];
	static const pg_tz *spans_zone = NULL;
	KpiZoneSpan *span = &spans[(uint64) at >> ZONE_SLOT_SHIFT & ((1 << ZONE_SLOT_BITS) - 1)];

	if (unlikely(spans_zone != session_timezone))
	{
		memset(spans, 0, sizeof(spans));
		spans_zone = session_timezone;
	}
	if (unlikely(at < span->from || at >= span->to))
		zone_find_span(at, span);
	return span;
}

/* 22023 where a value, of the type of that name, was built in another zone than the session's. */
void
kpi_zone_check_session(const char *name, const char *zone)
{
	const char *session = pg_get_timezone_name(session_timezone);

	if (unlikely(*zone != '\0' && strcmp(zone, session) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a part of one %s was built in time zone \"%s\", but this session's is \"%s\"", name, zone, session),
				 errhint("Set the same time zone wherever the rows are, or say it in the call: at AT TIME ZONE 'Asia/Shanghai'.")));
}
