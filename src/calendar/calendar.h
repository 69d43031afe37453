/*
 * calendar.h
 *		A calendar made ready for questions: business hours with their holidays and
 *		make-up days, as sums of open time from which a difference of two moments
 *		is read off.
 */
#ifndef KPI_CALENDAR_H
#define KPI_CALENDAR_H

#include "calendar/business_hours.h"

#include "core/time/days.h"

typedef struct KpiCalendar KpiCalendar;

/* Made in the current memory context, and grown there; dates in order, as a multirange has them. */
extern KpiCalendar *kpi_calendar_new(const KpiBusinessHours *hours, const KpiDays *holidays, int n_holidays,
									 const KpiDays *workdays, int n_workdays);

/* Open time between two finite moments in microseconds, negative if to is before from. */
extern int64 kpi_calendar_open(KpiCalendar *calendar, TimestampTz from, TimestampTz to);

extern bool kpi_calendar_is_open(KpiCalendar *calendar, TimestampTz at);

/*
 * The first moment with that much open time since a finite one; for a negative
 * time the last moment that much open time before.
 */
extern TimestampTz kpi_calendar_add(KpiCalendar *calendar, TimestampTz at, int64 open);

/* How many dates from one on and before another have openings that begin on them; 0 if there are none between. */
extern int64 kpi_calendar_open_days(const KpiCalendar *calendar, int64 from, int64 to);

/* The local time as many open dates after the one on which a local time lies, or the next opening after it. */
extern Timestamp kpi_calendar_add_days(const KpiCalendar *calendar, Timestamp local, int days);

/* Between moments and the clock on the wall. */
extern TimestampTz kpi_calendar_moment(const KpiCalendar *calendar, Timestamp local);
extern Timestamp kpi_calendar_local(KpiCalendar *calendar, TimestampTz at);

#endif							/* KPI_CALENDAR_H */
