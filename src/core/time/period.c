/*
 * period.c
 *		Calendar periods.
 */
#include "core/time/period.h"

#include <ctype.h>

#include "core/form/words.h"
#include "core/number/floor_div.h"
#include "core/server/argument.h"
#include "core/server/rows.h"
#include "core/time/gregorian.h"
#include "core/time/jalali.h"
#include "core/time/weeks_year.h"

#include "utils/builtins.h"

static const char *const period_month_names[] = {
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"
};

static const char *const period_weekday_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static const char *const period_kind_names[] = {
	"day", "week", "month", "quarter", "year", "jalali month", "jalali quarter", "jalali year", "month", "quarter", "year"
};

static const char *const period_pattern_names[] = {"4-4-5", "4-5-4", "5-4-4"};

/* The days that weeks of years of weeks may begin on. */
static const uint8 period_first_weekdays[] = {0, 5, 6};

/* The layout of a year of weeks in the offset of its units: pattern, month and place among the first days. */
static KpiWeeksYear
period_layout(KpiUnit unit)
{
	int			days = lengthof(period_first_weekdays);

	return (KpiWeeksYear)
	{
		.pattern = (KpiWeeksPattern) (unit.offset / days / 12), .month = unit.offset / days % 12,
		.weekday = period_first_weekdays[unit.offset % days]
	};
}

/* Does a unit have one of the offsets that its kind allows?  For units that were read from a stored form. */
bool
kpi_unit_valid(KpiUnit unit)
{
	switch (unit.kind)
	{
		case KPI_DAY:
		case KPI_MONTH:
		case KPI_JALALI_MONTH:
		case KPI_JALALI_QUARTER:
		case KPI_JALALI_YEAR:
			return unit.offset == 0;
		case KPI_WEEK:
			return unit.offset == 0 || unit.offset == 5 || unit.offset == 6;
		case KPI_QUARTER:
			return unit.offset < 3;
		case KPI_YEAR:
			return unit.offset < 12;
		case KPI_WEEKS_MONTH:
			return unit.offset < lengthof(period_pattern_names) * 12 * lengthof(period_first_weekdays);
		case KPI_WEEKS_QUARTER:
		case KPI_WEEKS_YEAR:
			/* the same whatever months they have */
			return unit.offset < 12 * lengthof(period_first_weekdays);
	}
	return false;
}

/*
 * period_next_word() -
 *
 *	Read one word of a name, in lower case, at most 8 letters of it; *at moves on
 *	behind it.  False at the end.  word has room for 9 bytes.
 */
static bool
period_next_word(const char **at, const char *end, char *word)
{
	int			n = 0;

	while (*at < end && isspace((unsigned char) **at))
		(*at)++;
	while (*at < end && !isspace((unsigned char) **at) && n < 8)
		word[n++] = pg_ascii_tolower((unsigned char) *(*at)++);
	word[n] = '\0';
	return n > 0;
}

/* The place of a word among n names, or -1. */
static int
period_find_name(const char *word, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(word, names[i]) == 0)
			return i;
	return -1;
}

/* What follows a pattern such as "4-4-5": a unit, and the month and the day of the week that its years begin with. */
static bool
period_read_weeks(const char **at, const char *end, int pattern, KpiUnit *unit)
{
	char		word[9];
	int			kind;
	int			month;
	int			weekday = 0;

	if (!period_next_word(at, end, word) || (kind = period_find_name(word, period_kind_names, KPI_JALALI_MONTH)) < KPI_MONTH)
		return false;
	unit->kind = kind - KPI_MONTH + KPI_WEEKS_MONTH;
	if (unit->kind != KPI_WEEKS_MONTH)
		pattern = 0;
	unit->offset = pattern * 12 * lengthof(period_first_weekdays);
	if (!period_next_word(at, end, word))
		return true;
	month = period_find_name(word, period_month_names, lengthof(period_month_names));
	if (month >= 0)
	{
		unit->offset += month * lengthof(period_first_weekdays);
		if (!period_next_word(at, end, word))
			return true;
	}
	while (strcmp(word, period_weekday_names[period_first_weekdays[weekday]]) != 0)
		if (++weekday == lengthof(period_first_weekdays))
			return false;
	unit->offset += weekday;
	return !period_next_word(at, end, word);
}

/*
 * kpi_unit_read() -
 *
 *	The unit of a name such as "month", "week sat", "jalali year" or "4-4-5 month feb
 *	sun", in any case and with any space between its words.  False where there is no
 *	such unit.
 */
bool
kpi_unit_read(const char *name, int length, KpiUnit *unit)
{
	const char *at = name;
	const char *end = name + length;
	char		word[9];
	int			found;

	if (!period_next_word(&at, end, word))
		return false;
	unit->offset = 0;
	found = period_find_name(word, period_pattern_names, lengthof(period_pattern_names));
	if (found >= 0)
		return period_read_weeks(&at, end, found, unit);
	if (strcmp(word, "jalali") == 0)
	{
		if (!period_next_word(&at, end, word) || (found = period_find_name(word, period_kind_names, KPI_JALALI_MONTH)) < KPI_MONTH)
			return false;
		unit->kind = found - KPI_MONTH + KPI_JALALI_MONTH;
		return !period_next_word(&at, end, word);
	}
	if ((found = period_find_name(word, period_kind_names, KPI_JALALI_MONTH)) < 0)
		return false;
	unit->kind = found;
	if (!period_next_word(&at, end, word))
		return true;
	if (unit->kind == KPI_WEEK)
		found = period_find_name(word, period_weekday_names, lengthof(period_weekday_names));
	else if (unit->kind == KPI_QUARTER || unit->kind == KPI_YEAR)
		found = period_find_name(word, period_month_names, lengthof(period_month_names));
	else
		return false;
	if (found < 0 || period_next_word(&at, end, word))
		return false;
	/* quarters that begin in April are those that begin in January */
	unit->offset = unit->kind == KPI_QUARTER ? found % 3 : found;
	return kpi_unit_valid(*unit);
}

/* What a hint names, of the fiscal ones an example each. */
static const char *const period_unit_names[] = {
	"day", "week", "week sat", "week sun", "month", "quarter", "quarter feb", "year", "year apr",
	"jalali month", "jalali quarter", "jalali year", "4-4-5 month", "4-4-5 quarter", "4-4-5 year"
};

/* The unit of a name.  22023, with the names there are, the most alike first, where it is not one. */
KpiUnit
kpi_unit_from_text(const text *name)
{
	KpiUnit		unit;

	if (!kpi_unit_read(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &unit))
	{
		char	   *given = text_to_cstring(name);

		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unit \"%s\" is not known", given),
				 errhint("Use one of: %s; quarters and years may begin in any month, as in year apr.",
						 kpi_words_nearest_first(given, period_unit_names, lengthof(period_unit_names)))));
	}
	return unit;
}

/* The canonical name of a unit; name has room for KPI_UNIT_NAME_LENGTH. */
void
kpi_unit_name(KpiUnit unit, char *name)
{
	if (unit.kind >= KPI_WEEKS_MONTH)
	{
		KpiWeeksYear layout = period_layout(unit);

		snprintf(name, KPI_UNIT_NAME_LENGTH, "%s %s%s%s%s%s", period_pattern_names[layout.pattern], period_kind_names[unit.kind],
				 layout.month ? " " : "", layout.month ? period_month_names[layout.month] : "",
				 layout.weekday ? " " : "", layout.weekday ? period_weekday_names[layout.weekday] : "");
	}
	else if (unit.offset == 0)
		strlcpy(name, period_kind_names[unit.kind], KPI_UNIT_NAME_LENGTH);
	else
		snprintf(name, KPI_UNIT_NAME_LENGTH, "%s %s", period_kind_names[unit.kind],
				 unit.kind == KPI_WEEK ? period_weekday_names[unit.offset] : period_month_names[unit.offset]);
}

/*
 * The months of days asked for lately: five years of days find their own slots.
 * A slot of zeros is right too: day 0 lies in month 0, and other slots don't hold it.
 */
typedef struct PeriodDayMonth
{
	DateADT		day;
	int32		month;
} PeriodDayMonth;

static PeriodDayMonth period_months[2048];

/* The same, remembered for the days asked for lately. */
static inline int32
period_month_of_day(DateADT day)
{
	PeriodDayMonth *slot = &period_months[(uint32) day % lengthof(period_months)];

	if (unlikely(slot->day != day))
	{
		slot->month = kpi_gregorian_month_of_day(day);
		slot->day = day;
	}
	return slot->month;
}

/*
 * kpi_unit_first_month() -
 *
 *	The month that the years of a unit begin with, 0 January .. 11 December; of quarters
 *	as the name says that the unit was read from, since quarter apr is quarter.
 */
int
kpi_unit_first_month(KpiUnit unit, const char *name, int length)
{
	int			month = 0;

	if (unit.kind >= KPI_WEEKS_MONTH)
		return period_layout(unit).month;
	if (unit.kind == KPI_YEAR)
		return unit.offset;
	if (unit.kind == KPI_QUARTER)
	{
		const char *at = name;
		char		word[9];

		while (period_next_word(&at, name + length, word))
			month = Max(0, period_find_name(word, period_month_names, lengthof(period_month_names)));
	}
	return month;
}

/* 2000-01-01 was a Saturday: two days before a Monday. */
#define PERIOD_FIRST_MONDAY 2

/* The months that each unit of a year of weeks has. */
static int
period_weeks_months(KpiUnit unit)
{
	return unit.kind == KPI_WEEKS_MONTH ? 1 : unit.kind == KPI_WEEKS_QUARTER ? 3 : 12;
}

/* kpi_period_of_day() of such a unit. */
static int32
period_weeks_of_day(KpiUnit unit, DateADT day)
{
	KpiWeeksYear layout = period_layout(unit);

	return (int32) kpi_floor_div(kpi_weeks_month_of_day(&layout, day), period_weeks_months(unit));
}

/* kpi_period_start() of such a unit. */
static int64
period_weeks_start(KpiUnit unit, int32 period)
{
	KpiWeeksYear layout = period_layout(unit);

	return kpi_weeks_day_of_month(&layout, (int64) period * period_weeks_months(unit));
}

/* The number of the period of a unit that holds a day, which is finite. */
int32
kpi_period_of_day(KpiUnit unit, DateADT day)
{
	switch (unit.kind)
	{
		case KPI_WEEK:
			return (int32) kpi_floor_div((int64) day - PERIOD_FIRST_MONDAY - unit.offset, 7);
		case KPI_MONTH:
			return period_month_of_day(day);
		case KPI_QUARTER:
			return (int32) kpi_floor_div(period_month_of_day(day) - unit.offset, 3);
		case KPI_YEAR:
			return (int32) kpi_floor_div(period_month_of_day(day) - unit.offset, 12);
		case KPI_JALALI_MONTH:
			return kpi_jalali_month_of_day(day);
		case KPI_JALALI_QUARTER:
			return (int32) kpi_floor_div(kpi_jalali_month_of_day(day), 3);
		case KPI_JALALI_YEAR:
			return (int32) kpi_floor_div(kpi_jalali_month_of_day(day), 12);
		case KPI_WEEKS_MONTH:
		case KPI_WEEKS_QUARTER:
		case KPI_WEEKS_YEAR:
			return period_weeks_of_day(unit, day);
		default:
			return day;
	}
}

/* The first day of a period.  It may lie outside what a date can be. */
int64
kpi_period_start(KpiUnit unit, int32 period)
{
	switch (unit.kind)
	{
		case KPI_WEEK:
			return (int64) period * 7 + PERIOD_FIRST_MONDAY + unit.offset;
		case KPI_MONTH:
			return kpi_gregorian_day_of_month(period);
		case KPI_QUARTER:
			return kpi_gregorian_day_of_month((int64) period * 3 + unit.offset);
		case KPI_YEAR:
			return kpi_gregorian_day_of_month((int64) period * 12 + unit.offset);
		case KPI_JALALI_MONTH:
			return kpi_jalali_day_of_month(period);
		case KPI_JALALI_QUARTER:
			return kpi_jalali_day_of_month((int64) period * 3);
		case KPI_JALALI_YEAR:
			return kpi_jalali_day_of_month((int64) period * 12);
		case KPI_WEEKS_MONTH:
		case KPI_WEEKS_QUARTER:
		case KPI_WEEKS_YEAR:
			return period_weeks_start(unit, period);
		default:
			return period;
	}
}

/* The first day of a period as a Datum of date.  22008 where a date can't be that. */
Datum
kpi_period_date(KpiUnit unit, int64 period)
{
	int64		day = period == (int32) period ? kpi_period_start(unit, (int32) period) : PG_INT32_MAX;

	if (day > PG_INT32_MAX || day < PG_INT32_MIN || !IS_VALID_DATE((DateADT) day))
		kpi_time_out_of_range("date", NULL);
	return DateADTGetDatum((DateADT) day);
}

/* A period for a message: its first day, or infinity where that is no date. */
static const char *
period_text(KpiUnit unit, int64 period)
{
	int64		day = period == (int32) period ? kpi_period_start(unit, (int32) period) :
		period < 0 ? PG_INT64_MIN : PG_INT64_MAX;

	if (day == (DateADT) day && IS_VALID_DATE((DateADT) day))
		return DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum((DateADT) day)));
	return day < 0 ? "-infinity" : "infinity";
}

/* 54000 for more rows than KPI_MAX_ROWS, over the periods from .. to. */
void
kpi_check_rows(KpiUnit unit, int64 from, int64 to, int64 rows)
{
	char		name[KPI_UNIT_NAME_LENGTH];

	if (likely(rows <= KPI_MAX_ROWS))
		return;
	kpi_unit_name(unit, name);
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%lld rows are too many", (long long) rows),
			 errdetail("The periods go from %s to %s, by %s; the limit is %d rows.",
					   period_text(unit, from), period_text(unit, to), name, KPI_MAX_ROWS),
			 errhint("Look for a mistaken date, ask for fewer periods, or use a longer unit.")));
}

/* The error for a date that falls into no period: 22023 for an infinite one, 22008 for one that is out of range. */
void
kpi_no_day(DateADT day)
{
	if (!DATE_NOT_FINITE(day))
		kpi_time_out_of_range("date", NULL);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("an infinite date or time falls into no period"),
			 errhint("Leave such rows out with FILTER (WHERE isfinite(at)).")));
}

/* The error for a unit that is NULL: 22023. */
void
kpi_unit_is_null(void)
{
	kpi_refuse_null("unit", "Name a unit such as month.");
}

/*
 * kpi_period(at, unit) and kpi_periods(from, to, unit)
 */

/*
 * period_unit_argument() -
 *
 *	The unit in an argument, which is not NULL.  The last one is remembered, since a
 *	query asks for the same in every row.  22023 where there is no such unit.
 */
static KpiUnit
period_unit_argument(FunctionCallInfo fcinfo, int argument)
{
	static char last_name[KPI_UNIT_NAME_LENGTH];
	static int	last_length = 0;
	static KpiUnit last_unit;
	text	   *name = PG_GETARG_TEXT_PP(argument);
	int			length = VARSIZE_ANY_EXHDR(name);

	if (length == 0 || length != last_length || memcmp(VARDATA_ANY(name), last_name, length) != 0)
	{
		last_length = 0;
		last_unit = kpi_unit_from_text(name);
		if (length <= (int) sizeof(last_name))
		{
			memcpy(last_name, VARDATA_ANY(name), length);
			last_length = length;
		}
	}
	return last_unit;
}

/*
 * kpi_period_of_date() - kpi_period(at date, unit)
 *
 *	The first day of the period that holds a day, infinity for infinity.  22023 for
 *	an unknown unit, 22008 where the period begins before what a date can be.
 */
PG_FUNCTION_INFO_V1(kpi_period_of_date);
Datum
kpi_period_of_date(PG_FUNCTION_ARGS)
{
	DateADT		day = PG_GETARG_DATEADT(0);
	KpiUnit		unit = period_unit_argument(fcinfo, 1);

	if (DATE_NOT_FINITE(day))
		PG_RETURN_DATEADT(day);
	return kpi_period_date(unit, kpi_period_of_day(unit, day));
}

/* The same of a timestamp or timestamptz, whose day the given function says. */
static inline Datum
period_of_moment(FunctionCallInfo fcinfo, DateADT (*day) (Timestamp))
{
	Timestamp	at = PG_GETARG_TIMESTAMP(0);
	KpiUnit		unit = period_unit_argument(fcinfo, 1);

	if (TIMESTAMP_IS_NOBEGIN(at))
		PG_RETURN_DATEADT(DATEVAL_NOBEGIN);
	if (TIMESTAMP_IS_NOEND(at))
		PG_RETURN_DATEADT(DATEVAL_NOEND);
	return kpi_period_date(unit, kpi_period_of_day(unit, day(at)));
}

/* kpi_period(at timestamp, unit) */
PG_FUNCTION_INFO_V1(kpi_period_of_timestamp);
Datum
kpi_period_of_timestamp(PG_FUNCTION_ARGS)
{
	return period_of_moment(fcinfo, kpi_day_of_timestamp);
}

/* kpi_period(at timestamptz, unit) */
PG_FUNCTION_INFO_V1(kpi_period_of_timestamptz);
Datum
kpi_period_of_timestamptz(PG_FUNCTION_ARGS)
{
	return period_of_moment(fcinfo, kpi_day_in_zone);
}

/*
 * kpi_periods() - kpi_periods(from, to, unit)
 *
 *	The first days of the periods from the one that holds `from` to the one that
 *	holds `to`, none where that is before.  22023 for an infinite date or an unknown
 *	unit, 22008 as kpi_period(), 54000 for too many rows.
 */
PG_FUNCTION_INFO_V1(kpi_periods);
Datum
kpi_periods(PG_FUNCTION_ARGS)
{
	DateADT		from = PG_GETARG_DATEADT(0);
	DateADT		to = PG_GETARG_DATEADT(1);
	KpiUnit		unit = period_unit_argument(fcinfo, 2);
	int64		first;
	int64		last;

	if (DATE_NOT_FINITE(from) || DATE_NOT_FINITE(to))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are infinitely many periods up to an infinite date"),
				 errhint("Give finite dates.")));
	first = kpi_period_of_day(unit, from);
	last = kpi_period_of_day(unit, to);
	kpi_check_rows(unit, first, last, last - first + 1);
	kpi_rows_begin(fcinfo);
	for (int64 period = first; from <= to && period <= last; period++)
	{
		Datum		start = kpi_period_date(unit, period);
		bool		is_null = false;

		kpi_rows_put(fcinfo, &start, &is_null);
	}
	return (Datum) 0;
}

/*
 * kpi_unit_canonical() - kpi_unit(unit)
 *
 *	The canonical name of a unit.  22023 for an unknown one.
 */
PG_FUNCTION_INFO_V1(kpi_unit_canonical);
Datum
kpi_unit_canonical(PG_FUNCTION_ARGS)
{
	char		name[KPI_UNIT_NAME_LENGTH];

	kpi_unit_name(kpi_unit_from_text(PG_GETARG_TEXT_PP(0)), name);
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/*
 * kpi_next_period() - kpi_next_period(at, unit)
 *
 *	The first day of the period after the one that holds a day, infinity for
 *	infinity.  Errors are those of kpi_period().
 */
PG_FUNCTION_INFO_V1(kpi_next_period);
Datum
kpi_next_period(PG_FUNCTION_ARGS)
{
	DateADT		at = PG_GETARG_DATEADT(0);
	KpiUnit		unit = kpi_unit_from_text(PG_GETARG_TEXT_PP(1));

	if (DATE_NOT_FINITE(at))
		PG_RETURN_DATEADT(at);
	return kpi_period_date(unit, (int64) kpi_period_of_day(unit, at) + 1);
}
