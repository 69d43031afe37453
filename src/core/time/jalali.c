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
static const int16 breaks[] = {
	-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178
};

#define LAST_BREAK ((int) lengthof(breaks) - 1)
#define FIRST_YEAR 1379
#define FIRST_DAY 79			/* 1 Farvardin 1379, 2000-03-20, as a day */

/* Leap years from the first break to the year before this one; negative before that break. */
static int64
leaps_before(int64 year)
{
	int64		leaps = 0;
	int64		cycles;

	for (int i = 0;; i++)
	{
		int			jump = i < LAST_BREAK ? breaks[i + 1] - breaks[i] : 0;
		int			last = jump % 33 == 4 ? 37 : 29;
		int64		n = year - breaks[i];

		if (i == LAST_BREAK || year < breaks[0])
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

/* 1 Farvardin of a year. */
static int64
new_year(int64 year)
{
	static int64 leaps_before_first = 0;

	if (leaps_before_first == 0)
		leaps_before_first = leaps_before(FIRST_YEAR);
	return FIRST_DAY + (year - FIRST_YEAR) * 365 + leaps_before(year) - leaps_before_first;
}

static int32
find_month(DateADT day)
{
	int64		year = FIRST_YEAR + kpi_floor_div(((int64) day - FIRST_DAY) * 33, 33 * 365 + 8);
	int64		start;
	int			of_year;

	while (new_year(year) > day)
		year--;
	while (new_year(year + 1) <= day)
		year++;
	start = new_year(year);
	of_year = (int) (day - start);
	return (int32) ((year - FIRST_YEAR) * 12 + (of_year < 186 ? of_year / 31 : (of_year - 186) / 30 + 6));
}

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
		months[slot].month = find_month(day);
		months[slot].day = day;
	}
	return months[slot].month;
}

int64
kpi_jalali_day_of_month(int64 month)
{
	int64		year = kpi_floor_div(month, 12);
	int			of_year = (int) (month - year * 12);

	return new_year(FIRST_YEAR + year) + of_year * 30 + Min(of_year, 6);
}
