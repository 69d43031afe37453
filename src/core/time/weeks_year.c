/*
 * weeks_year.c
 *		Years of 52 or 53 whole weeks, as retailers count: a year begins on a given day
 *		of the week, on the one nearest to the first of a given month.  With Monday and
 *		January these are the years of ISO 8601's weeks; with Sunday and February those
 *		of the National Retail Federation.
 *
 *		Each of its quarters has three months of 4, 4 and 5 weeks in some order.  The
 *		53rd week belongs to the last month.
 */
#include "core/time/weeks_year.h"

#include "core/number/floor_div.h"
#include "core/time/gregorian.h"

/* 2000-01-01 was a Saturday: two days before a Monday. */
#define WEEKS_FIRST_MONDAY 2

#define WEEKS_PER_QUARTER 13

/* The weeks before each month of a quarter, by the pattern. */
static const int weeks_before[][3] = {
	[KPI_WEEKS_445] = {0, 4, 8},
	[KPI_WEEKS_454] = {0, 4, 9},
	[KPI_WEEKS_544] = {0, 5, 9}
};

/* The first day of a year, counted from 2000: the last such day of the week up to three days after the first of the month. */
static int64
weeks_year_start(const KpiWeeksYear *layout, int64 year)
{
	int64		latest = kpi_gregorian_day_of_month(year * 12 + layout->month) + 3;
	int64		since_monday = latest - WEEKS_FIRST_MONDAY - layout->weekday;

	return latest - (since_monday - kpi_floor_div(since_monday, 7) * 7);
}

/* The month that holds a day. */
int32
kpi_weeks_month_of_day(const KpiWeeksYear *layout, DateADT day)
{
	int64		year = kpi_floor_div(kpi_gregorian_month_of_day(day) - layout->month, 12);
	int64		start = weeks_year_start(layout, year);
	int64		next = weeks_year_start(layout, year + 1);
	int			week;
	int			quarter;
	int			month = 0;

	/* by up to three days it may be the year before or after */
	if (day < start)
		start = weeks_year_start(layout, --year);
	else if (day >= next)
	{
		start = next;
		year++;
	}
	week = (int) ((day - start) / 7);
	quarter = Min(week / WEEKS_PER_QUARTER, 3);
	week -= quarter * WEEKS_PER_QUARTER;
	while (month < 2 && week >= weeks_before[layout->pattern][month + 1])
		month++;
	return (int32) (year * 12 + quarter * 3 + month);
}

/* The first day of a month.  It may lie outside what a date can be. */
int64
kpi_weeks_day_of_month(const KpiWeeksYear *layout, int64 month)
{
	int64		year = kpi_floor_div(month, 12);
	int			of_year = (int) (month - year * 12);
	int			weeks = of_year / 3 * WEEKS_PER_QUARTER + weeks_before[layout->pattern][of_year % 3];

	return weeks_year_start(layout, year) + weeks * 7;
}
