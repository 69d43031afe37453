/*
 * business_hours.c
 *		The type business_hours: what a value says, what is wrong with one, accessors.
 *
 *		Stored form: business_hours.h; text and binary forms: business_hours_forms.c.
 */
#include "calendar/business_hours.h"

#include "core/server/rows.h"
#include "core/time/days.h"

#include <ctype.h>

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

const KpiType kpi_business_hours_type = {
	.name = "business_hours", .version = 1, .kind = KPI_TYPE_BUSINESS_HOURS, .size = sizeof(KpiBusinessHours)
};

const char *const kpi_hours_day_names[KPI_DAY_LISTS] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Make-up"
};

/* Mon, or Make-up; palloc'd. */
char *
kpi_hours_day_name(int day)
{
	return psprintf("%.*s", day == KPI_MAKE_UP_DAY ? 7 : 3, kpi_hours_day_names[day]);
}

/*
 * Access
 */

/*
 * kpi_hours_parts() -
 *
 *	What a value says.  The lists lie in the current memory context, what they point
 *	to in the value.
 */
void
kpi_hours_parts(const KpiBusinessHours *h, KpiHoursParts *parts)
{
	int			openings = kpi_hours_count_openings(h->count);
	const int32 *next;
	Size		size;

	parts->zone = (const char *) (kpi_hours_openings(h) + openings);
	parts->weeks = 1;
	parts->dates = 0;
	parts->date = NULL;
	size = kpi_hours_first_size(openings, parts->zone);
	next = (const int32 *) ((const char *) h + INTALIGN(size));
	if (VARSIZE(h) > size)
	{
		parts->weeks += *next++;
		parts->dates = *next++;
	}
	parts->week = palloc(parts->weeks * sizeof(KpiHoursWeek));
	parts->week[0] = (KpiHoursWeek) {PG_INT32_MIN, h->count, kpi_hours_openings(h)};
	for (int i = 1; i < parts->weeks; i++)
	{
		KpiHoursWeek *week = &parts->week[i];

		week->from = *next++;
		week->count = (const uint8 *) next;
		next += KPI_DAY_LISTS / sizeof(int32);
		week->opening = (const KpiOpening *) next;
		next += 2 * kpi_hours_count_openings(week->count);
	}
	if (parts->dates > 0)
		parts->date = palloc(parts->dates * sizeof(KpiHoursDate));
	for (int i = 0; i < parts->dates; i++)
	{
		KpiHoursDate *date = &parts->date[i];

		date->day = *next++;
		date->count = *next++;
		date->opening = (const KpiOpening *) next;
		next += 2 * date->count;
	}
}

/*
 * kpi_day_openings() -
 *
 *	The openings of a day of a week, 0 for Monday to 6, or those that were written for
 *	make-up days (KPI_MAKE_UP_DAY); *count becomes how many.
 */
const KpiOpening *
kpi_day_openings(const KpiHoursWeek *week, int day, int *count)
{
	int			before = 0;

	for (int i = 0; i < day; i++)
		before += week->count[i];
	*count = week->count[day];
	return week->opening + before;
}

/* Have two days the same openings? */
bool
kpi_hours_same_openings(const KpiHoursWeek *week, int day, int other)
{
	int			n;
	int			m;
	const KpiOpening *a = kpi_day_openings(week, day, &n);
	const KpiOpening *b = kpi_day_openings(week, other, &m);

	return n == m && memcmp(a, b, n * sizeof(KpiOpening)) == 0;
}

/* The weekday whose hours most open weekdays have; of several the first from Monday. */
int
kpi_hours_usual_day(const KpiHoursWeek *week)
{
	int			usual = 0;
	int			most = 0;

	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			same = 0;

		for (int other = 0; week->count[day] > 0 && other < KPI_MAKE_UP_DAY; other++)
			same += kpi_hours_same_openings(week, day, other);
		if (same > most)
		{
			most = same;
			usual = day;
		}
	}
	return usual;
}

/* The openings of a make-up day whose weekday is closed: those written for such days, else the usual ones. */
const KpiOpening *
kpi_make_up_openings(const KpiHoursWeek *week, int *count)
{
	return kpi_day_openings(week, week->count[KPI_MAKE_UP_DAY] > 0 ? KPI_MAKE_UP_DAY : kpi_hours_usual_day(week), count);
}

/*
 * kpi_business_zone() -
 *
 *	The time zone of this name, which the server keeps.  22023 where this server does
 *	not know it: hours may come from another one.
 */
pg_tz *
kpi_business_zone(const char *name)
{
	pg_tz	   *zone = pg_tzset(name);

	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" is not known to this server", name),
				 errhint("The zones that it knows are in the view pg_timezone_names.")));
	return zone;
}

/*
 * Checks
 */

/*
 * The zone of this name, which need not be in the right case, or NULL.  A server
 * also takes POSIX specifications, in which UTC+8 lies west of Greenwich; nobody
 * who writes that into business hours means it, so only names of zones are good.
 * Nor are localtime and posixrules, which are another zone on each server.
 */
pg_tz *
kpi_hours_find_zone(const char *name)
{
	static const char *const with_digits[] = {
		"EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "GMT0", "GMT+0", "GMT-0", "Etc/GMT0", "Etc/GMT+0", "Etc/GMT-0"
	};
	const char *place = strrchr(name, '/');
	pg_tz	   *zone;
	bool		digits = false;

	place = place == NULL ? name : place + 1;
	if (pg_strcasecmp(place, "localtime") == 0 || pg_strcasecmp(place, "posixrules") == 0)
		return NULL;
	for (const char *p = name; *p != '\0'; p++)
	{
		digits |= isdigit((unsigned char) *p) != 0;
		if (!isalnum((unsigned char) *p) && strchr("/_+-", *p) == NULL)
			return NULL;
		if (*p & 0x80)
			return NULL;
	}
	if (digits)
	{
		bool		known = false;

		for (int i = 0; i < (int) lengthof(with_digits); i++)
			known |= pg_strcasecmp(name, with_digits[i]) == 0;
		if (!known && pg_strncasecmp(name, "Etc/GMT", 7) == 0 && (name[7] == '+' || name[7] == '-'))
		{
			int			offset = atoi(name + 8);

			known = offset >= 1 && offset <= (name[7] == '+' ? 12 : 14) &&
				strcmp(name + 8, psprintf("%d", offset)) == 0;
		}
		if (!known)
			return NULL;
	}
	zone = name[0] == '\0' ? NULL : pg_tzset(name);
	return zone != NULL && pg_tz_acceptable(zone) ? zone : NULL;
}

/* Append "09:00", or "09:00:30". */
static void
hours_append_time(StringInfo out, int second)
{
	appendStringInfo(out, "%02d:%02d", second / 3600, second / 60 % 60);
	if (second % 60 != 0)
		appendStringInfo(out, ":%02d", second % 60);
}

/* Append "09:00-12:00". */
void
kpi_hours_append_opening(StringInfo out, const KpiOpening *opening)
{
	hours_append_time(out, opening->from);
	appendStringInfoChar(out, '-');
	hours_append_time(out, opening->to > KPI_DAY_SECONDS ? opening->to - KPI_DAY_SECONDS : opening->to);
}

/* "Mon 09:00-12:00", for a message; palloc'd. */
char *
kpi_hours_show_opening(const char *day, const KpiOpening *opening)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%s ", day);
	kpi_hours_append_opening(&out, opening);
	return out.data;
}

/* What is wrong with the openings of one day, or NULL. */
static const char *
hours_day_problem(const char *day, const KpiOpening *list, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (list[i].from < 0 || list[i].from >= KPI_DAY_SECONDS || list[i].to <= list[i].from ||
			list[i].to > list[i].from + KPI_DAY_SECONDS)
			return "A time lies outside the day.";
		if (i > 0 && list[i].from <= list[i - 1].to)
			return psprintf("%s overlaps or touches the opening before it.", kpi_hours_show_opening(day, &list[i]));
	}
	if (count > 0 && list[count - 1].to > list[0].from + KPI_DAY_SECONDS)
		return psprintf("%s runs into the first opening of the same day; no day is longer than 24 hours.",
						kpi_hours_show_opening(day, &list[count - 1]));
	return NULL;
}

/*
 * hours_week_problem() -
 *
 *	What is wrong with a week, as a sentence for errdetail() that is constant or lies
 *	in the current memory context; NULL where nothing is.  Looks at each day alone, at
 *	openings that run into the next day, and for hours of make-up days that say nothing.
 */
static const char *
hours_week_problem(const KpiHoursWeek *week)
{
	const char *problem;
	int			open = 0;

	for (int day = 0; day < KPI_DAY_LISTS; day++)
	{
		int			count;
		const KpiOpening *list = kpi_day_openings(week, day, &count);

		if ((problem = hours_day_problem(kpi_hours_day_name(day), list, count)) != NULL)
			return problem;
		open += day < KPI_MAKE_UP_DAY && count > 0;
	}
	if (open == 0)
		return "At least one weekday must be open.";
	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			next_day = (day + 1) % 7;
		int			n;
		int			m;
		const KpiOpening *list = kpi_day_openings(week, day, &n);
		const KpiOpening *next = kpi_day_openings(week, next_day, &m);

		if (n > 0 && m > 0 && list[n - 1].to - KPI_DAY_SECONDS > next[0].from)
			return psprintf("%s runs into %s.", kpi_hours_show_opening(kpi_hours_day_name(day), &list[n - 1]),
							kpi_hours_show_opening(kpi_hours_day_name(next_day), &next[0]));
	}
	if (week->count[KPI_MAKE_UP_DAY] > 0)
	{
		if (open == 7)
			return "Every weekday has hours of its own, so those of make-up days are never used.";
		if (kpi_hours_same_openings(week, KPI_MAKE_UP_DAY, kpi_hours_usual_day(week)))
			return "The hours of make-up days are the usual ones and must be left out.";
	}
	return NULL;
}

bool
kpi_hours_same_weeks(const KpiHoursWeek *a, const KpiHoursWeek *b)
{
	return memcmp(a->count, b->count, KPI_DAY_LISTS) == 0 &&
		memcmp(a->opening, b->opening, kpi_hours_count_openings(a->count) * sizeof(KpiOpening)) == 0;
}

/* Days that are written with four digits of the year. */
#define HOURS_FIRST_DAY (date2j(1, 1, 1) - POSTGRES_EPOCH_JDATE)
#define HOURS_LAST_DAY (date2j(9999, 12, 31) - POSTGRES_EPOCH_JDATE)

static bool
hours_is_day(int32 day)
{
	return day >= HOURS_FIRST_DAY && day <= HOURS_LAST_DAY;
}

/*
 * kpi_hours_problem() -
 *
 *	What is wrong with these hours, as a sentence for errdetail() that is constant or
 *	lies in the current memory context; NULL where nothing is.  The text and the binary
 *	form are both checked here, and only canonical values pass: weeks and dates in
 *	order, no week like the one before it, the zone by its own name.
 */
const char *
kpi_hours_problem(const KpiBusinessHours *h)
{
	const char *problem;
	pg_tz	   *zone;
	KpiHoursParts parts;

	kpi_hours_parts(h, &parts);
	for (int i = 0; i < parts.weeks; i++)
	{
		const KpiHoursWeek *week = &parts.week[i];

		if ((problem = hours_week_problem(week)) != NULL)
			return problem;
		if (i > 0 && (!hours_is_day(week->from) || week->from <= week[-1].from))
			return psprintf("The weeks must be in the order of the days from which they hold; %s is not later than the one before.",
							hours_is_day(week->from) ? kpi_date_text(week->from) : "A day");
		if (i > 0 && kpi_hours_same_weeks(week - 1, week))
			return psprintf("The week from %s is that before it and must be left out.", kpi_date_text(week->from));
	}
	for (int i = 0; i < parts.dates; i++)
	{
		const KpiHoursDate *date = &parts.date[i];

		if (!hours_is_day(date->day) || (i > 0 && date->day <= date[-1].day))
			return "Dates must ascend, from 0001-01-01 to 9999-12-31.";
		if ((problem = hours_day_problem(kpi_date_text(date->day), date->opening, date->count)) != NULL)
			return problem;
	}
	zone = kpi_hours_find_zone(parts.zone);
	if (zone == NULL || strcmp(pg_get_timezone_name(zone), parts.zone) != 0)
		return psprintf("Time zone \"%s\" is not known to this server.", parts.zone);
	return NULL;
}

/*
 * Accessors
 */

/* time_zone(hours) */
PG_FUNCTION_INFO_V1(kpi_business_hours_time_zone);
Datum
kpi_business_hours_time_zone(PG_FUNCTION_ARGS)
{
	KpiHoursParts parts;

	kpi_hours_parts(PG_GETARG_BUSINESS_HOURS(0), &parts);
	PG_RETURN_TEXT_P(cstring_to_text(parts.zone));
}

/* The week of the hours in argument 0: the first, or that of the day in argument 1. */
static KpiHoursWeek
hours_week_argument(FunctionCallInfo fcinfo)
{
	KpiHoursParts parts;
	int			week = 0;

	kpi_hours_parts(PG_GETARG_BUSINESS_HOURS(0), &parts);
	if (PG_NARGS() > 1)
		while (week + 1 < parts.weeks && parts.week[week + 1].from <= PG_GETARG_DATEADT(1))
			week++;
	return parts.week[week];
}

/* Seconds of the week without holidays. */
static int64
hours_weekly_seconds(FunctionCallInfo fcinfo)
{
	KpiHoursWeek week = hours_week_argument(fcinfo);
	int64		seconds = 0;

	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			count;
		const KpiOpening *list = kpi_day_openings(&week, day, &count);

		for (int i = 0; i < count; i++)
			seconds += list[i].to - list[i].from;
	}
	return seconds;
}

/* weekly_seconds(hours), weekly_seconds(hours, on_day) */
PG_FUNCTION_INFO_V1(kpi_weekly_seconds);
Datum
kpi_weekly_seconds(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8((double) hours_weekly_seconds(fcinfo));
}

/* weekly_time(hours), weekly_time(hours, on_day): an interval of hours */
PG_FUNCTION_INFO_V1(kpi_weekly_time);
Datum
kpi_weekly_time(PG_FUNCTION_ARGS)
{
	Interval   *time = palloc0(sizeof(Interval));

	time->time = hours_weekly_seconds(fcinfo) * USECS_PER_SEC;
	PG_RETURN_INTERVAL_P(time);
}

/*
 * kpi_opening_hours() - opening_hours(hours), opening_hours(hours, on_day)
 *
 *	A row for each opening of a week, in its order.
 */
PG_FUNCTION_INFO_V1(kpi_opening_hours);
Datum
kpi_opening_hours(PG_FUNCTION_ARGS)
{
	KpiHoursWeek week = hours_week_argument(fcinfo);

	kpi_rows_begin(fcinfo);
	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			count;
		const KpiOpening *list = kpi_day_openings(&week, day, &count);

		for (int i = 0; i < count; i++)
		{
			int			closes = list[i].to > KPI_DAY_SECONDS ? list[i].to - KPI_DAY_SECONDS : list[i].to;
			Datum		values[5];
			bool		nulls[5] = {false};

			values[0] = Int32GetDatum(day + 1);
			values[1] = CStringGetTextDatum(kpi_hours_day_name(day));
			values[2] = TimeADTGetDatum((TimeADT) list[i].from * USECS_PER_SEC);
			values[3] = TimeADTGetDatum((TimeADT) closes * USECS_PER_SEC);
			values[4] = Float8GetDatum((double) (list[i].to - list[i].from));
			kpi_rows_put(fcinfo, values, nulls);
		}
	}
	return (Datum) 0;
}
