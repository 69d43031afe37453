/*
 * business_hours.h
 *		business_hours: when a business is open, by weekday, in a time zone.
 *
 *		Stored form: header (no flags), the number of openings of Monday to Sunday
 *		and of make-up days (a byte each), the openings in that order, the name of
 *		the time zone ending in NUL.  An opening is two numbers of seconds from
 *		the midnight with which its day begins; one over midnight ends after 86400.
 *		Within a day openings ascend and do not touch; those of make-up days are
 *		there only if they differ from the usual ones.  So equal hours have equal
 *		bytes.
 */
#ifndef KPI_BUSINESS_HOURS_H
#define KPI_BUSINESS_HOURS_H

#include "core/form/flat.h"

#include "pgtime.h"

#define KPI_MAKE_UP_DAY 7		/* after Monday = 0 .. Sunday = 6 */
#define KPI_DAY_LISTS 8
#define KPI_DAY_OPENINGS 64		/* of a day, at most */
#define KPI_DAY_SECONDS 86400

typedef struct KpiOpening
{
	int32		from;
	int32		to;
} KpiOpening;

typedef struct KpiBusinessHours
{
	KpiHeader	header;
	uint8		count[KPI_DAY_LISTS];
	/* KpiOpening of each day, then the zone */
} KpiBusinessHours;

extern const KpiType kpi_business_hours_type;

#define PG_GETARG_BUSINESS_HOURS(n) \
	((KpiBusinessHours *) kpi_flat(PG_GETARG_DATUM(n), &kpi_business_hours_type))

/* The openings of a day, or those written for make-up days. */
extern const KpiOpening *kpi_day_openings(const KpiBusinessHours *h, int day, int *count);

/* The openings of a make-up day whose weekday is closed. */
extern const KpiOpening *kpi_make_up_openings(const KpiBusinessHours *h, int *count);

extern const char *kpi_business_zone_name(const KpiBusinessHours *h);

/* The zone, or an error if this server does not know it. */
extern pg_tz *kpi_business_zone(const KpiBusinessHours *h);

#endif							/* KPI_BUSINESS_HOURS_H */
