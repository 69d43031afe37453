/*
 * gregorian.c
 *		The Gregorian calendar, proleptic, in eras of 400 years (H. Hinnant,
 *		"chrono-compatible low-level date algorithms"), whose years begin in March so
 *		that the leap day comes last.
 */
#include "core/time/gregorian.h"

#include "core/number/floor_div.h"

/* 2000-03-01, the first day of an era, as a day */
#define GREGORIAN_ERA_START 60
#define GREGORIAN_DAYS_PER_ERA 146097

/* The month that holds a day. */
int32
kpi_gregorian_month_of_day(DateADT day)
{
	int64		shifted = (int64) day - GREGORIAN_ERA_START;
	int64		era = kpi_floor_div(shifted, GREGORIAN_DAYS_PER_ERA);
	int			doe = (int) (shifted - era * GREGORIAN_DAYS_PER_ERA);
	int			yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int			doy = doe - (365 * yoe + yoe / 4 - yoe / 100);

	/* months since March */
	return (int32) ((era * 400 + yoe) * 12 + (5 * doy + 2) / 153 + 2);
}

/* The first day of a month.  It may lie outside what a date can be. */
int64
kpi_gregorian_day_of_month(int64 month)
{
	int64		since_march = month - 2;
	int64		year = kpi_floor_div(since_march, 12);
	int			mp = (int) (since_march - year * 12);
	int64		era = kpi_floor_div(year, 400);
	int			yoe = (int) (year - era * 400);

	return era * GREGORIAN_DAYS_PER_ERA + yoe * 365 + yoe / 4 - yoe / 100 + (153 * mp + 2) / 5 + GREGORIAN_ERA_START;
}
