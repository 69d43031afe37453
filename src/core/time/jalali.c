/*
 * jalali.c
 *		The Solar Hijri (Jalali) calendar.
 *
 *		The year begins with the day of the vernal equinox in Iran.  The leap years that
 *		this gives for the years -61 to 3177 are K. M. Borkowski's, "The Persian Calendar
 *		for 3000 Years" (1996).  Outside of these years cycles of 33 years go on; no
 *		astronomy stands behind that.
 *		Months 1 to 6 have 31 days, 7 to 11 have 30, the last has 29, or 30 in a leap year.
 */
#include "core/time/jalali.h"

#include "core/number/floor_div.h"

/*
 * Leap years in which a new pattern begins: cycles of 33 years, the last of them of 29,
 * 33 or 37.  In each cycle the first and every fourth year after it are leap years, but
 * five years lie between its last leap year and the next cycle.
 */
static const int16 jalali_breaks[] = {
	-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178
};

#define JALALI_LAST_BREAK ((int) lengthof(jalali_breaks) - 1)
#define JALALI_FIRST_YEAR 1379
#define JALALI_FIRST_DAY 79		/* 1 Farvardin 1379, 2000-03-20, as a day */

/* Leap years from the first break to the year before this one; negative before that break. */
static int64
jalali_leaps_before(int64 year)
{
	int64		leaps = 0;
	int64		cycles;

	for (int i = 0;; i++)
	{
		int			jump = i < JALALI_LAST_BREAK ? jalali_breaks[i + 1] - jalali_breaks[i] : 0;
		int			last = jump % 33 == 4 ? 37 : 29;
		int64		n = year - jalali_breaks[i];

		if (i == JALALI_LAST_BREAK || year < jalali_breaks[0])
			cycles = kpi_floor_div(n, 33);
		else if (n < jump)
			cycles = Min(n / 33, (jump - last) / 33);
		else
		{
			leaps += (jump - last) / 33 * 8 + last / 4;
			continue;
		}
		return leaps + cycles * 8 + (n - cycles * 33 + 3) / 4;
	}
}

/* The day of 1 Farvardin of a year. */
static int64
jalali_new_year(int64 year)
{
	static int64 leaps_before_first = 0;

	if (leaps_before_first == 0)
		leaps_before_first = jalali_leaps_before(JALALI_FIRST_YEAR);
	return JALALI_FIRST_DAY + (year - JALALI_FIRST_YEAR) * 365 + jalali_leaps_before(year) - leaps_before_first;
}

/* The month that holds a day, computed: kpi_jalali_month_of_day() without its memory. */
static int32
jalali_find_month(DateADT day)
{
	int64		year = JALALI_FIRST_YEAR + kpi_floor_div(((int64) day - JALALI_FIRST_DAY) * 33, 33 * 365 + 8);
	int64		start;
	int			of_year;

	while (jalali_new_year(year) > day)
		year--;
	while (jalali_new_year(year + 1) <= day)
		year++;
	start = jalali_new_year(year);
	of_year = (int) (day - start);
	return (int32) ((year - JALALI_FIRST_YEAR) * 12 + (of_year < 186 ? of_year / 31 : (of_year - 186) / 30 + 6));
}

/*
 * kpi_jalali_month_of_day() -
 *
 *	The month that holds a day, in months since Farvardin 1379.  Months of the days
 *	asked for lately are remembered for the session.
 */
int32
kpi_jalali_month_of_day(DateADT day)
{
	/* days asked for lately; a slot of zeros is right too, since other slots don't hold day 0 */
	static struct
	{
		DateADT		day;
		int32		month;
	}			months[2048] = {{0, -3}};
	uint32		slot = (uint32) day % lengthof(months);

	if (unlikely(months[slot].day != day))
	{
		months[slot].month = jalali_find_month(day);
		months[slot].day = day;
	}
	return months[slot].month;
}

/*
 * kpi_jalali_day_of_month() -
 *
 *	The first day of a month, which is given in months since Farvardin 1379.  It may
 *	lie outside what a date can be.
 */
int64
kpi_jalali_day_of_month(int64 month)
{
	int64		year = kpi_floor_div(month, 12);
	int			of_year = (int) (month - year * 12);

	return jalali_new_year(JALALI_FIRST_YEAR + year) + of_year * 30 + Min(of_year, 6);
}
