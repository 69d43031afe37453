/*
 * business_hours.h
 *		business_hours: when a business is open, by weekday, in a time zone; from
 *		some dates on at other times, and on some dates at times of their own.
 *
 *		Stored form: header (no flags), the number of openings of Monday to Sunday
 *		and of make-up days (a byte each), the openings in that order, the name of
 *		the time zone ending in NUL.  Where there is more than one week, or a date with
 *		hours of its own, NULs follow to a multiple of 4, the number of later weeks and
 *		of such dates (4 bytes each), for each later week the day from which it holds
 *		(4 bytes, days after 2000-01-01), 8 counts and the openings as above, and for
 *		each date its day and the number of its openings (4 bytes each) and these.
 *
 *		An opening is two numbers of seconds from the midnight with which its day
 *		begins; one over midnight ends after 86400.  Within a day openings ascend and do
 *		not touch; those of make-up days are there only if they differ from the usual
 *		ones.  Weeks and dates ascend, and a week differs from the one before.  So equal
 *		hours have equal bytes.
 */
#ifndef KPI_BUSINESS_HOURS_H
#define KPI_BUSINESS_HOURS_H

#include "core/form/flat.h"

#include "lib/stringinfo.h"
#include "pgtime.h"

#define KPI_MAKE_UP_DAY 7		/* after Monday = 0 .. Sunday = 6 */
#define KPI_DAY_LISTS 8
#define KPI_DAY_OPENINGS 64		/* of a day, at most */
#define KPI_DAY_SECONDS 86400
#define KPI_HOURS_WEEKS 100		/* of a value, at most */
#define KPI_HOURS_DATES 1000	/* with hours of their own, at most */

typedef struct KpiOpening
{
	int32		from;
	int32		to;
} KpiOpening;

typedef struct KpiBusinessHours
{
	KpiHeader	header;
	uint8		count[KPI_DAY_LISTS];
	/* KpiOpening of each day, the zone, and what else there is */
} KpiBusinessHours;

/* A week of openings, which lie in a value, and the day from which it holds; the first has PG_INT32_MIN. */
typedef struct KpiHoursWeek
{
	int32		from;
	const uint8 *count;			/* KPI_DAY_LISTS */
	const KpiOpening *opening;	/* of Monday, .. Sunday, make-up days */
} KpiHoursWeek;

/* A date with hours of its own, which lie in a value; closed if it has none. */
typedef struct KpiHoursDate
{
	int32		day;
	int			count;
	const KpiOpening *opening;
} KpiHoursDate;

/* What a value says. */
typedef struct KpiHoursParts
{
	const char *zone;
	int			weeks;			/* at least one */
	KpiHoursWeek *week;
	int			dates;
	KpiHoursDate *date;
} KpiHoursParts;

extern const KpiType kpi_business_hours_type;

#define PG_GETARG_BUSINESS_HOURS(n) \
	((KpiBusinessHours *) kpi_flat(PG_GETARG_DATUM(n), &kpi_business_hours_type))

/* Its parts, in the current memory context; what they point to lies in the value. */
extern void kpi_hours_parts(const KpiBusinessHours *h, KpiHoursParts *parts);

/* The openings of a day, or those written for make-up days. */
extern const KpiOpening *kpi_day_openings(const KpiHoursWeek *week, int day, int *count);

/* The openings of a make-up day whose weekday is closed. */
extern const KpiOpening *kpi_make_up_openings(const KpiHoursWeek *week, int *count);

/* The zone of this name, or an error if this server does not know it. */
extern pg_tz *kpi_business_zone(const char *name);

/*
 * For the forms.
 */

/* Monday, .. Sunday, Make-up */
extern const char *const kpi_hours_day_names[KPI_DAY_LISTS];

/* All openings of the first week. */
static inline KpiOpening *
kpi_hours_openings(const KpiBusinessHours *h)
{
	return (KpiOpening *) (h + 1);
}

static inline int
kpi_hours_count_openings(const uint8 *count)
{
	int			total = 0;

	for (int day = 0; day < KPI_DAY_LISTS; day++)
		total += count[day];
	return total;
}

/* Where the bytes behind the name of the zone begin. */
static inline Size
kpi_hours_first_size(int openings, const char *zone)
{
	return sizeof(KpiBusinessHours) + openings * sizeof(KpiOpening) + strlen(zone) + 1;
}

/* Mon, or Make-up */
extern char *kpi_hours_day_name(int day);

/* Have two days of a week the same openings, have two weeks? */
extern bool kpi_hours_same_openings(const KpiHoursWeek *week, int day, int other);
extern bool kpi_hours_same_weeks(const KpiHoursWeek *a, const KpiHoursWeek *b);

/* The weekday whose hours most open weekdays have. */
extern int	kpi_hours_usual_day(const KpiHoursWeek *week);

/* The zone of this name, NULL for one that business hours may not have. */
extern pg_tz *kpi_hours_find_zone(const char *name);

/* "09:00-12:00", and "Mon 09:00-12:00" for a message */
extern void kpi_hours_append_opening(StringInfo out, const KpiOpening *opening);
extern char *kpi_hours_show_opening(const char *day, const KpiOpening *opening);

/* What is wrong with a value, or NULL. */
extern const char *kpi_hours_problem(const KpiBusinessHours *h);

#endif							/* KPI_BUSINESS_HOURS_H */
