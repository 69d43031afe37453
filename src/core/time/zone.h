/*
 * zone.h
 *		What clocks in a time zone show: their offset from UTC, and until when it holds.
 */
#ifndef KPI_ZONE_H
#define KPI_ZONE_H

#include "core/server/compat.h"

#include "pgtime.h"
#include "utils/timestamp.h"

/* 22008: a value of that type is out of range; the detail may be NULL. */
extern void kpi_time_out_of_range(const char *type, const char *detail) pg_attribute_noreturn();

/* A span of moments of one offset: from .. to - 1. */
typedef struct KpiZoneSpan
{
	TimestampTz from;
	TimestampTz to;				/* PG_INT64_MAX: the offset never changes again */
	int64		offset;			/* microseconds to add to a moment for the local time */
} KpiZoneSpan;

/* The offset of a zone at a moment, and the next moment at which its clocks are set; PG_INT64_MAX if never. */
extern int64 kpi_zone_offset(const pg_tz *zone, TimestampTz at, TimestampTz *change);

/* The span of the session's zone that holds a moment, as far as it is known: it may have begun earlier. */
extern const KpiZoneSpan *kpi_zone_span(TimestampTz at);

/*
 * For combine functions.  What another process made of moments, such as a worker of
 * Citus, has the zone of its session, which need not be this one's: 22023 then.  The
 * zone is "" where there is none; the name is the type's.
 */
extern void kpi_zone_check_session(const char *name, const char *zone);

#endif							/* KPI_ZONE_H */
