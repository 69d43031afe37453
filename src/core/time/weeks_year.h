/*
 * weeks_year.h
 *		Years of whole weeks whose months have 4, 4 and 5 of them, in such months
 *		since the one that begins 2000.
 */
#ifndef KPI_WEEKS_YEAR_H
#define KPI_WEEKS_YEAR_H

#include "core/server/compat.h"

#include "utils/date.h"

/* A place in the year's quarter for the month of five weeks. */
typedef enum KpiWeeksPattern
{
	KPI_WEEKS_445,
	KPI_WEEKS_454,
	KPI_WEEKS_544
} KpiWeeksPattern;

/* How such years are laid out. */
typedef struct KpiWeeksYear
{
	KpiWeeksPattern pattern;
	int			month;			/* whose first day the year begins nearest to, 0 January .. 11 December */
	int			weekday;		/* that it begins on, 0 Monday .. 6 Sunday */
} KpiWeeksYear;

extern int32 kpi_weeks_month_of_day(const KpiWeeksYear *layout, DateADT day);
extern int64 kpi_weeks_day_of_month(const KpiWeeksYear *layout, int64 month);

#endif							/* KPI_WEEKS_YEAR_H */
