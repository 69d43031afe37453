/*
 * business_hours_forms.c
 *		Text and binary forms of business_hours.
 *
 *		Stored form: see business_hours.h.  Text form:
 *		"Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00; from 2027-01-01 Mon-Fri
 *		08:00-16:00; 2026-12-24 09:00-13:00; 2026-12-28 closed @ Asia/Shanghai".
 *		Binary form: version (1 byte), 8 counts (1 each), for each opening its
 *		beginning and end in seconds (4 each), length of the zone's name (1), the
 *		name in ASCII.  Where there is more, the numbers of later weeks and of dates
 *		(2 each); for each later week its first day in days after 2000-01-01 (4), 8
 *		counts and the openings; for each date its day (4), a count (1) and the openings.
 */
#include "calendar/business_hours.h"

#include "core/form/scan.h"
#include "core/form/wire.h"
#include "core/time/days.h"

#include <ctype.h>

#include "utils/datetime.h"

#define HOURS_FORM "Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00; 2026-12-24 closed @ Asia/Shanghai"

/*
 * Making a value
 */

typedef struct HoursDraftWeek
{
	int32		from;
	bool		named[KPI_DAY_LISTS];
	uint8		count[KPI_DAY_LISTS];
	KpiOpening	list[KPI_DAY_LISTS][KPI_DAY_OPENINGS];
} HoursDraftWeek;

typedef struct HoursDraftDate
{
	int32		day;
	int			count;
	KpiOpening *list;
} HoursDraftDate;

/* What is read, before it becomes a value. */
typedef struct HoursDraft
{
	int			weeks;
	HoursDraftWeek *week[KPI_HOURS_WEEKS];
	int			dates;
	HoursDraftDate date[KPI_HOURS_DATES];
} HoursDraft;

/* One more week, without hours; NULL where there are too many. */
static HoursDraftWeek *
hours_draft_week(HoursDraft *draft, int32 from)
{
	HoursDraftWeek *week;

	if (draft->weeks == KPI_HOURS_WEEKS)
		return NULL;
	week = draft->week[draft->weeks++] = palloc0(sizeof(HoursDraftWeek));
	week->from = from;
	return week;
}

/* Write the openings of a week behind each other; what comes back is where they end. */
static KpiOpening *
hours_put_openings(const HoursDraftWeek *week, KpiOpening *next)
{
	for (int day = 0; day < KPI_DAY_LISTS; day++)
	{
		memcpy(next, week->list[day], week->count[day] * sizeof(KpiOpening));
		next += week->count[day];
	}
	return next;
}

/*
 * hours_make() -
 *
 *	The value of a draft, with the zone of the given name, in the current memory
 *	context.  Whether it is a valid one is left to kpi_hours_problem().
 */
static KpiBusinessHours *
hours_make(const HoursDraft *draft, const char *zone)
{
	int			total = kpi_hours_count_openings(draft->week[0]->count);
	Size		first = kpi_hours_first_size(total, zone);
	Size		size = first;
	KpiBusinessHours *h;
	KpiOpening *end;
	int32	   *next;

	if (draft->weeks > 1 || draft->dates > 0)
	{
		size = INTALIGN(first) + 2 * sizeof(int32);
		for (int i = 1; i < draft->weeks; i++)
			size += sizeof(int32) + KPI_DAY_LISTS + kpi_hours_count_openings(draft->week[i]->count) * sizeof(KpiOpening);
		for (int i = 0; i < draft->dates; i++)
			size += 2 * sizeof(int32) + draft->date[i].count * sizeof(KpiOpening);
	}
	h = kpi_flat_new(&kpi_business_hours_type, size);
	memcpy(h->count, draft->week[0]->count, KPI_DAY_LISTS);
	end = hours_put_openings(draft->week[0], kpi_hours_openings(h));
	memcpy(end, zone, strlen(zone) + 1);
	if (size == first)
		return h;

	next = (int32 *) ((char *) h + INTALIGN(first));
	*next++ = draft->weeks - 1;
	*next++ = draft->dates;
	for (int i = 1; i < draft->weeks; i++)
	{
		*next++ = draft->week[i]->from;
		memcpy(next, draft->week[i]->count, KPI_DAY_LISTS);
		next = (int32 *) hours_put_openings(draft->week[i], (KpiOpening *) (next + KPI_DAY_LISTS / sizeof(int32)));
	}
	for (int i = 0; i < draft->dates; i++)
	{
		*next++ = draft->date[i].day;
		*next++ = draft->date[i].count;
		memcpy(next, draft->date[i].list, draft->date[i].count * sizeof(KpiOpening));
		next += 2 * draft->date[i].count;
	}
	return h;
}

/* Order for qsort(). */
static int
hours_compare_openings(const void *a, const void *b)
{
	const KpiOpening *x = a;
	const KpiOpening *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : (x->to > y->to) - (x->to < y->to);
}

static int
hours_compare_dates(const void *a, const void *b)
{
	const HoursDraftDate *x = a;
	const HoursDraftDate *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

/* Put the openings of a day in order, and make one of those that touch; what is wrong, or NULL. */
static const char *
hours_settle_day(const char *day, KpiOpening *list, int *count)
{
	int			kept = 0;

	qsort(list, *count, sizeof(KpiOpening), hours_compare_openings);
	for (int i = 0; i < *count; i++)
	{
		if (kept > 0 && list[i].from < list[kept - 1].to)
			return psprintf("%s overlaps %s.", kpi_hours_show_opening(day, &list[kept - 1]), kpi_hours_show_opening(day, &list[i]));
		if (kept > 0 && list[i].from == list[kept - 1].to &&
			list[i].to - list[kept - 1].from <= KPI_DAY_SECONDS)
			list[kept - 1].to = list[i].to;
		else
			list[kept++] = list[i];
	}
	*count = kept;
	return NULL;
}

/*
 * hours_settle() -
 *
 *	Make a draft canonical: dates in order, no week like the one before it, no usual
 *	hours of make-up days.  What is wrong, or NULL.
 */
static const char *
hours_settle(HoursDraft *draft)
{
	KpiHoursWeek last = {0};
	int32		from = PG_INT32_MIN;
	int			kept = 0;

	qsort(draft->date, draft->dates, sizeof(HoursDraftDate), hours_compare_dates);
	for (int i = 1; i < draft->dates; i++)
		if (draft->date[i].day == draft->date[i - 1].day)
			return psprintf("%s is named twice; give all openings of a day in one place.", kpi_date_text(draft->date[i].day));
	for (int i = 0; i < draft->weeks; i++)
	{
		HoursDraftWeek *drawn = draft->week[i];
		KpiOpening *openings = palloc(KPI_DAY_LISTS * KPI_DAY_OPENINGS * sizeof(KpiOpening));
		KpiHoursWeek week = {drawn->from, drawn->count, openings};

		if (i > 0 && drawn->from <= from)
			return psprintf("Weeks are written in the order of the dates from which they hold; %s is not later than the one before.",
							kpi_date_text(drawn->from));
		from = drawn->from;
		hours_put_openings(drawn, openings);
		if (drawn->count[KPI_MAKE_UP_DAY] > 0 && kpi_hours_same_openings(&week, KPI_MAKE_UP_DAY, kpi_hours_usual_day(&week)))
			drawn->count[KPI_MAKE_UP_DAY] = 0;
		if (i > 0 && kpi_hours_same_weeks(&last, &week))
			continue;
		last = week;
		draft->week[kept++] = drawn;
	}
	draft->weeks = kept;
	return NULL;
}

/*
 * Reading the text form: what these functions return is what is wrong, or NULL.
 */

/* That something else is expected where the scan stands. */
static const char *
hours_unexpected(KpiScan *scan, const char *expected)
{
	if (kpi_scan_end(scan))		/* skips space */
		return psprintf("%s is missing at the end.", expected);
	return psprintf("%s is expected where %s stands.", expected, kpi_scan_shown(scan->at, KPI_SCAN_REST));
}

/*
 * hours_scan_day() -
 *
 *	Read a weekday by its name or the first letters of it, at least two; or
 *	"make-up".  False for what is none.
 */
static bool
hours_scan_day(KpiScan *scan, int *day)
{
	size_t		length = 0;

	kpi_scan_peek(scan, ' ');	/* skips space */
	if (kpi_scan_word(scan, "make-up") || kpi_scan_word(scan, "makeup"))
	{
		*day = KPI_MAKE_UP_DAY;
		return true;
	}
	while (isalpha((unsigned char) scan->at[length]))
		length++;
	for (*day = 0; *day < KPI_MAKE_UP_DAY; (*day)++)
		if (length >= 2 && length <= strlen(kpi_hours_day_names[*day]) &&
			pg_strncasecmp(scan->at, kpi_hours_day_names[*day], length) == 0)
		{
			scan->at += length;
			return true;
		}
	return false;
}

/* Read days such as "Mon-Thu, Sat" and set them true. */
static const char *
hours_scan_days(KpiScan *scan, bool *days)
{
	do
	{
		int			first;
		int			last;

		if (!hours_scan_day(scan, &first))
			return hours_unexpected(scan, "A day (Mon to Sun)");
		last = first;
		if (first != KPI_MAKE_UP_DAY && kpi_scan_char(scan, '-'))
		{
			if (!hours_scan_day(scan, &last) || last == KPI_MAKE_UP_DAY)
				return hours_unexpected(scan, "A day (Mon to Sun)");
			if (last == first)
				return psprintf("The range %s-%s is of one day or of a week; write what is meant.",
								kpi_hours_day_name(first), kpi_hours_day_name(first));
		}
		for (int day = first;; day = (day + 1) % 7)
		{
			if (days[day])
				return psprintf("%s is named twice.", kpi_hours_day_name(day));
			days[day] = true;
			if (day == last)
				break;
		}
	} while (kpi_scan_char(scan, ','));
	return NULL;
}

/* Read a number of exactly two digits; false for what is none. */
static bool
hours_scan_two_digits(KpiScan *scan, int *value)
{
	if (!isdigit((unsigned char) scan->at[0]) || !isdigit((unsigned char) scan->at[1]) ||
		isdigit((unsigned char) scan->at[2]))
		return false;
	*value = (scan->at[0] - '0') * 10 + scan->at[1] - '0';
	scan->at += 2;
	return true;
}

/* Read "9:00", "09:00" or "09:00:30". */
static const char *
hours_scan_time(KpiScan *scan, int *second)
{
	int			part[3] = {0, 0, 0};

	if (kpi_scan_end(scan) || !isdigit((unsigned char) *scan->at))
		return hours_unexpected(scan, "A time such as 09:00");
	if (!isdigit((unsigned char) scan->at[1]))
		part[0] = *scan->at++ - '0';
	else if (!hours_scan_two_digits(scan, &part[0]))
		return "A time has hours and minutes, as in 09:00.";
	for (int i = 1; i < 3; i++)
	{
		if (*scan->at != ':' && i == 2)
			break;
		if (*scan->at++ != ':' || !hours_scan_two_digits(scan, &part[i]))
			return "A time has hours and minutes, as in 09:00.";
	}
	*second = part[0] * 3600 + part[1] * 60 + part[2];
	if (part[1] > 59 || part[2] > 59 || *second > KPI_DAY_SECONDS)
		return psprintf("The time %02d:%02d:%02d lies outside 00:00 to 24:00.", part[0], part[1], part[2]);
	return NULL;
}

/*
 * hours_scan_date() -
 *
 *	Read a date such as 2026-12-24 into *day, in days after 2000-01-01, and move the
 *	scan behind it.  Returns NULL, or what is wrong, as a sentence for errdetail(): the
 *	text is no date, or the calendar has no such day.
 */
static const char *
hours_scan_date(KpiScan *scan, int32 *day)
{
	static const int digits[] = {4, 2, 2};
	int			part[lengthof(digits)] = {0};
	int			length = 0;
	int			year;
	int			month;
	int			of_month;

	kpi_scan_end(scan);			/* skips space */
	for (int i = 0; i < (int) lengthof(digits); i++)
	{
		bool		as_asked = i == 0 || scan->at[length++] == '-';

		for (int k = 0; k < digits[i] && as_asked; k++)
		{
			char		c = scan->at[length++];

			as_asked = isdigit((unsigned char) c);
			part[i] = part[i] * 10 + c - '0';
		}
		if (!as_asked)
			return hours_unexpected(scan, "A day (Mon to Sun), or a date such as 2026-12-24,");
	}
	if (isdigit((unsigned char) scan->at[length]))
		return hours_unexpected(scan, "A day (Mon to Sun), or a date such as 2026-12-24,");
	if (part[0] < 1 || part[1] < 1 || part[1] > 12 || part[2] < 1)
		return psprintf("There is no day %s.", pnstrdup(scan->at, length));
	*day = date2j(part[0], part[1], part[2]) - POSTGRES_EPOCH_JDATE;
	j2date(*day + POSTGRES_EPOCH_JDATE, &year, &month, &of_month);
	if (year != part[0] || month != part[1] || of_month != part[2])
		return psprintf("There is no day %s.", pnstrdup(scan->at, length));
	scan->at += length;
	return NULL;
}

/* Read the openings of a day into a list with room for KPI_DAY_OPENINGS, or "closed"; in order, as one where they touch. */
static const char *
hours_scan_openings(KpiScan *scan, const char *day, KpiOpening *list, int *count)
{
	const char *problem;

	*count = 0;
	if (kpi_scan_word(scan, "closed"))
		return NULL;
	do
	{
		KpiOpening	opening = {0};

		if ((problem = hours_scan_time(scan, &opening.from)) != NULL)
			return problem;
		if (!kpi_scan_char(scan, '-'))
			return hours_unexpected(scan, "\"-\" and the end of the opening");
		if ((problem = hours_scan_time(scan, &opening.to)) != NULL)
			return problem;
		if (opening.from == KPI_DAY_SECONDS)
			return "An opening can't begin at 24:00; begin at 00:00 on the next day.";
		if (opening.to <= opening.from)
			opening.to += KPI_DAY_SECONDS;	/* over midnight */
		if (*count == KPI_DAY_OPENINGS)
			return psprintf("A day has at most %d openings.", KPI_DAY_OPENINGS);
		list[(*count)++] = opening;
	} while (kpi_scan_char(scan, ','));
	return hours_settle_day(day, list, count);
}

/* Read weekdays with their openings into a week. */
static const char *
hours_scan_weekdays(KpiScan *scan, HoursDraftWeek *week)
{
	bool		days[KPI_DAY_LISTS] = {false};
	KpiOpening	list[KPI_DAY_OPENINGS];
	const char *problem;
	int			first = 0;
	int			count;

	if ((problem = hours_scan_days(scan, days)) != NULL)
		return problem;
	while (!days[first])
		first++;
	if ((problem = hours_scan_openings(scan, kpi_hours_day_name(first), list, &count)) != NULL)
		return problem;
	for (int day = first; day < KPI_DAY_LISTS; day++)
	{
		if (!days[day])
			continue;
		if (week->named[day])
			return psprintf("%s is named twice; give all openings of a day in one place.", kpi_hours_day_name(day));
		week->named[day] = true;
		week->count[day] = count;
		memcpy(week->list[day], list, count * sizeof(KpiOpening));
	}
	return NULL;
}

/* Read dates with openings of their own into a draft. */
static const char *
hours_scan_dates(KpiScan *scan, HoursDraft *draft)
{
	int			first = draft->dates;
	KpiOpening *list = palloc(KPI_DAY_OPENINGS * sizeof(KpiOpening));
	const char *problem;
	int			count;

	do
	{
		if (draft->dates == KPI_HOURS_DATES)
			return psprintf("At most %d dates have hours of their own.", KPI_HOURS_DATES);
		if ((problem = hours_scan_date(scan, &draft->date[draft->dates].day)) != NULL)
			return problem;
		draft->dates++;
	} while (kpi_scan_char(scan, ','));
	if ((problem = hours_scan_openings(scan, kpi_date_text(draft->date[first].day), list, &count)) != NULL)
		return problem;
	for (int i = first; i < draft->dates; i++)
	{
		draft->date[i].count = count;
		draft->date[i].list = list;
	}
	return NULL;
}

/*
 * hours_scan() -
 *
 *	Read a whole literal; *h becomes the value, in the current memory context, and
 *	what comes back is what is wrong with it, or NULL.
 */
static const char *
hours_scan(KpiScan *scan, KpiBusinessHours **h)
{
	HoursDraft *draft = palloc0(sizeof(HoursDraft));
	HoursDraftWeek *week = hours_draft_week(draft, PG_INT32_MIN);
	const char *problem;
	size_t		length;
	char	   *name;
	pg_tz	   *zone;

	do
	{
		if (kpi_scan_peek(scan, '@') || kpi_scan_end(scan))
			break;
		if (isdigit((unsigned char) *scan->at))
			problem = hours_scan_dates(scan, draft);
		else if (kpi_scan_word(scan, "from"))
		{
			int32		from = 0;

			if ((problem = hours_scan_date(scan, &from)) != NULL)
				return problem;
			if ((week = hours_draft_week(draft, from)) == NULL)
				return psprintf("Hours change at most %d times.", KPI_HOURS_WEEKS - 1);
			problem = hours_scan_weekdays(scan, week);
		}
		else
			problem = hours_scan_weekdays(scan, week);
		if (problem != NULL)
			return problem;
	} while (kpi_scan_char(scan, ';'));

	if (kpi_scan_end(scan))
		return "The time zone is missing: write @ and its name at the end.";
	if (!kpi_scan_char(scan, '@'))
		return hours_unexpected(scan, "\";\" or \"@\"");
	kpi_scan_end(scan);			/* skips space */
	length = strlen(scan->at);
	while (length > 0 && isspace((unsigned char) scan->at[length - 1]))
		length--;
	name = pnstrdup(scan->at, length);
	zone = length <= TZ_STRLEN_MAX ? kpi_hours_find_zone(name) : NULL;
	if (zone == NULL)
		return psprintf("Time zone %s is not known to this server by name; pg_timezone_names lists those that are.",
						kpi_scan_shown(name, 2 * KPI_SCAN_REST));

	if ((problem = hours_settle(draft)) != NULL)
		return problem;
	*h = hours_make(draft, pg_get_timezone_name(zone));
	return kpi_hours_problem(*h);
}

/* The text form.  22P02 for malformed text. */
PG_FUNCTION_INFO_V1(kpi_business_hours_in);
Datum
kpi_business_hours_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &kpi_business_hours_type, HOURS_FORM);
	KpiBusinessHours *h = NULL;
	const char *problem = hours_scan(&scan, &h);

	if (problem != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(h);
}

/*
 * hours_append_days() -
 *
 *	Append the days of a set, as in "Sat-Wed,Fri": runs as ranges around the week,
 *	first the run with the least day.
 */
static void
hours_append_days(StringInfo out, const bool *days)
{
	bool		done[7] = {false};
	int			written = 0;
	bool		whole = true;

	for (int day = 0; day < 7; day++)
		whole &= days[day];
	if (whole)
	{
		appendStringInfo(out, "%s-%s", kpi_hours_day_name(0), kpi_hours_day_name(6));
		return;
	}
	for (int least = 0; least < 7; least++)
	{
		int			first = least;
		int			last = least;

		if (!days[least] || done[least])
			continue;
		while (days[(first + 6) % 7])
			first = (first + 6) % 7;
		while (days[(last + 1) % 7])
			last = (last + 1) % 7;
		if (written++ > 0)
			appendStringInfoChar(out, ',');
		appendStringInfoString(out, kpi_hours_day_name(first));
		if (last != first)
			appendStringInfo(out, "-%s", kpi_hours_day_name(last));
		for (int day = first; days[day]; day = (day + 1) % 7)
			done[day] = true;
	}
}

/* Append the openings of a day, or that it has none. */
static void
hours_append_openings(StringInfo out, const KpiOpening *list, int count)
{
	for (int i = 0; i < count; i++)
	{
		appendStringInfoChar(out, i > 0 ? ',' : ' ');
		kpi_hours_append_opening(out, &list[i]);
	}
	if (count == 0)
		appendStringInfoString(out, " closed");
}

/* Append a week: days with the same hours together, and those of make-up days. */
static void
hours_append_week(StringInfo out, const KpiHoursWeek *week)
{
	bool		done[7] = {false};
	const char *before = "";
	const KpiOpening *list;
	int			count;

	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		bool		days[7] = {false};

		list = kpi_day_openings(week, day, &count);
		if (count == 0 || done[day])
			continue;
		for (int other = day; other < KPI_MAKE_UP_DAY; other++)
			done[other] |= days[other] = week->count[other] > 0 && kpi_hours_same_openings(week, day, other);
		appendStringInfoString(out, before);
		before = "; ";
		hours_append_days(out, days);
		hours_append_openings(out, list, count);
	}
	list = kpi_day_openings(week, KPI_MAKE_UP_DAY, &count);
	if (count > 0)
	{
		appendStringInfo(out, "; %s", kpi_hours_day_names[KPI_MAKE_UP_DAY]);
		hours_append_openings(out, list, count);
	}
}

/* Append the dates from one on that have the same hours; what comes back is the next one. */
static int
hours_append_dates(StringInfo out, const KpiHoursParts *parts, int first)
{
	const KpiHoursDate *date = &parts->date[first];
	int			next = first;

	do
	{
		appendStringInfo(out, "%s%s", next == first ? "" : ",", kpi_date_text(parts->date[next].day));
		next++;
	} while (next < parts->dates && parts->date[next].count == date->count &&
			 memcmp(parts->date[next].opening, date->opening, date->count * sizeof(KpiOpening)) == 0);
	hours_append_openings(out, date->opening, date->count);
	return next;
}

/* The text form: weeks, dates with hours of their own, the zone. */
PG_FUNCTION_INFO_V1(kpi_business_hours_out);
Datum
kpi_business_hours_out(PG_FUNCTION_ARGS)
{
	StringInfoData out;
	KpiHoursParts parts;

	kpi_hours_parts(PG_GETARG_BUSINESS_HOURS(0), &parts);
	initStringInfo(&out);
	for (int i = 0; i < parts.weeks; i++)
	{
		if (i > 0)
			appendStringInfo(&out, "; from %s ", kpi_date_text(parts.week[i].from));
		hours_append_week(&out, &parts.week[i]);
	}
	for (int i = 0; i < parts.dates;)
	{
		appendStringInfoString(&out, "; ");
		i = hours_append_dates(&out, &parts, i);
	}
	appendStringInfo(&out, " @ %s", parts.zone);
	PG_RETURN_CSTRING(out.data);
}

/*
 * Binary form
 */

/* The number of openings of a day. */
static int
hours_wire_count(KpiWire *wire)
{
	int			count = kpi_wire_uint8(wire);

	if (count > KPI_DAY_OPENINGS)
		kpi_wire_fail(wire, psprintf("A day has at most %d openings.", KPI_DAY_OPENINGS));
	return count;
}

static void
hours_wire_openings(KpiWire *wire, KpiOpening *list, int count)
{
	for (int i = 0; i < count; i++)
	{
		list[i].from = kpi_wire_int32(wire);
		list[i].to = kpi_wire_int32(wire);
	}
}

static void
hours_wire_week(KpiWire *wire, HoursDraftWeek *week)
{
	for (int day = 0; day < KPI_DAY_LISTS; day++)
		week->count[day] = hours_wire_count(wire);
	for (int day = 0; day < KPI_DAY_LISTS; day++)
		hours_wire_openings(wire, week->list[day], week->count[day]);
}

/* Later weeks, and dates with hours of their own. */
static void
hours_wire_more(KpiWire *wire, HoursDraft *draft)
{
	int			weeks = kpi_wire_uint16(wire);
	int			dates = kpi_wire_uint16(wire);

	if (weeks + dates == 0)
		kpi_wire_fail(wire, "Later weeks and dates are counted, but there are none.");
	if (weeks >= KPI_HOURS_WEEKS || dates > KPI_HOURS_DATES)
		kpi_wire_fail(wire, psprintf("Hours change at most %d times, and at most %d dates have their own.",
									 KPI_HOURS_WEEKS - 1, KPI_HOURS_DATES));
	for (int i = 0; i < weeks; i++)
		hours_wire_week(wire, hours_draft_week(draft, kpi_wire_int32(wire)));
	for (draft->dates = 0; draft->dates < dates; draft->dates++)
	{
		HoursDraftDate *date = &draft->date[draft->dates];

		date->day = kpi_wire_int32(wire);
		date->count = hours_wire_count(wire);
		date->list = palloc(Max(date->count, 1) * sizeof(KpiOpening));
		hours_wire_openings(wire, date->list, date->count);
	}
}

/* The binary form.  22P03 for malformed bytes. */
PG_FUNCTION_INFO_V1(kpi_business_hours_recv);
Datum
kpi_business_hours_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &kpi_business_hours_type);
	HoursDraft *draft = palloc0(sizeof(HoursDraft));
	char		name[TZ_STRLEN_MAX + 1];
	KpiBusinessHours *h;
	const char *problem;
	int			length;

	hours_wire_week(&wire, hours_draft_week(draft, PG_INT32_MIN));
	length = kpi_wire_uint8(&wire);
	for (int i = 0; i < length; i++)
	{
		name[i] = (char) kpi_wire_uint8(&wire);
		if (name[i] <= ' ' || name[i] > '~')
			kpi_wire_fail(&wire, "The name of the time zone is not a name.");
	}
	name[length] = '\0';
	if (wire.buf->cursor < wire.buf->len)
		hours_wire_more(&wire, draft);
	kpi_wire_end(&wire);
	h = hours_make(draft, name);
	if ((problem = kpi_hours_problem(h)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(h);
}

static void
hours_send_openings(StringInfo out, const KpiOpening *list, int count)
{
	for (int i = 0; i < count; i++)
	{
		pq_sendint32(out, list[i].from);
		pq_sendint32(out, list[i].to);
	}
}

static void
hours_send_week(StringInfo out, const KpiHoursWeek *week)
{
	pq_sendbytes(out, (const char *) week->count, KPI_DAY_LISTS);
	hours_send_openings(out, week->opening, kpi_hours_count_openings(week->count));
}

/* The binary form of a value. */
PG_FUNCTION_INFO_V1(kpi_business_hours_send);
Datum
kpi_business_hours_send(PG_FUNCTION_ARGS)
{
	KpiHoursParts parts;
	StringInfoData out;

	kpi_hours_parts(PG_GETARG_BUSINESS_HOURS(0), &parts);
	kpi_wire_begin(&out, &kpi_business_hours_type);
	hours_send_week(&out, &parts.week[0]);
	pq_sendbyte(&out, (uint8) strlen(parts.zone));
	pq_sendbytes(&out, parts.zone, strlen(parts.zone));
	if (parts.weeks > 1 || parts.dates > 0)
	{
		pq_sendint16(&out, parts.weeks - 1);
		pq_sendint16(&out, parts.dates);
	}
	for (int i = 1; i < parts.weeks; i++)
	{
		pq_sendint32(&out, parts.week[i].from);
		hours_send_week(&out, &parts.week[i]);
	}
	for (int i = 0; i < parts.dates; i++)
	{
		pq_sendint32(&out, parts.date[i].day);
		pq_sendbyte(&out, (uint8) parts.date[i].count);
		hours_send_openings(&out, parts.date[i].opening, parts.date[i].count);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
