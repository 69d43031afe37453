/*
 * business_hours.c
 *		The type business_hours: text and binary forms, accessors.
 *
 *		Stored form: see business_hours.h.  Text form:
 *		"Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @ Asia/Shanghai".
 *		Binary form: version (1 byte), 8 counts (1 each), for each opening its
 *		beginning and end in seconds (4 each), length of the zone's name (1), the
 *		name in ASCII.
 */
#include "calendar/business_hours.h"

#include "core/form/scan.h"
#include "core/form/wire.h"
#include "core/server/rows.h"

#include <ctype.h>

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

const KpiType kpi_business_hours_type = {
	.name = "business_hours", .version = 1, .kind = KPI_TYPE_BUSINESS_HOURS, .size = sizeof(KpiBusinessHours)
};

#define HOURS_FORM "Mon-Thu 09:00-12:00,13:00-18:00; Fri 09:00-13:00 @ Asia/Shanghai"

static const char *const hours_day_names[KPI_DAY_LISTS] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Make-up"
};

/* Mon, or Make-up; palloc'd. */
static char *
hours_day_name(int day)
{
	return psprintf("%.*s", day == KPI_MAKE_UP_DAY ? 7 : 3, hours_day_names[day]);
}

/*
 * Access
 */

/* All openings, by day. */
static inline KpiOpening *
hours_openings(const KpiBusinessHours *h)
{
	return (KpiOpening *) (h + 1);
}

/*
 * kpi_day_openings() -
 *
 *	The openings of a day, 0 for Monday to 6, or those that were written for make-up
 *	days (KPI_MAKE_UP_DAY).  They lie in h; *count becomes how many.
 */
const KpiOpening *
kpi_day_openings(const KpiBusinessHours *h, int day, int *count)
{
	int			before = 0;

	for (int i = 0; i < day; i++)
		before += h->count[i];
	*count = h->count[day];
	return hours_openings(h) + before;
}

/* Have two days the same openings? */
static bool
hours_same_openings(const KpiBusinessHours *h, int day, int other)
{
	int			n;
	int			m;
	const KpiOpening *a = kpi_day_openings(h, day, &n);
	const KpiOpening *b = kpi_day_openings(h, other, &m);

	return n == m && memcmp(a, b, n * sizeof(KpiOpening)) == 0;
}

/* The weekday whose hours most open weekdays have; of several the first from Monday. */
static int
hours_usual_day(const KpiBusinessHours *h)
{
	int			usual = 0;
	int			most = 0;

	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			same = 0;

		for (int other = 0; h->count[day] > 0 && other < KPI_MAKE_UP_DAY; other++)
			same += hours_same_openings(h, day, other);
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
kpi_make_up_openings(const KpiBusinessHours *h, int *count)
{
	return kpi_day_openings(h, h->count[KPI_MAKE_UP_DAY] > 0 ? KPI_MAKE_UP_DAY : hours_usual_day(h), count);
}

/* The name of the time zone, which lies in h. */
const char *
kpi_business_zone_name(const KpiBusinessHours *h)
{
	int			count;
	const KpiOpening *last = kpi_day_openings(h, KPI_MAKE_UP_DAY, &count);

	return (const char *) (last + count);
}

/*
 * kpi_business_zone() -
 *
 *	The time zone, which the server keeps.  22023 where this server does not know
 *	it: hours may come from another one.
 */
pg_tz *
kpi_business_zone(const KpiBusinessHours *h)
{
	pg_tz	   *zone = pg_tzset(kpi_business_zone_name(h));

	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" is not known to this server", kpi_business_zone_name(h)),
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
static pg_tz *
hours_find_zone(const char *name)
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
static void
hours_append_opening(StringInfo out, const KpiOpening *opening)
{
	hours_append_time(out, opening->from);
	appendStringInfoChar(out, '-');
	hours_append_time(out, opening->to > KPI_DAY_SECONDS ? opening->to - KPI_DAY_SECONDS : opening->to);
}

/* "Mon 09:00-12:00", for a message; palloc'd. */
static char *
hours_show_opening(int day, const KpiOpening *opening)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%s ", hours_day_name(day));
	hours_append_opening(&out, opening);
	return out.data;
}

/* What is wrong with the openings of one day, or NULL. */
static const char *
hours_day_problem(const KpiBusinessHours *h, int day)
{
	int			count;
	const KpiOpening *list = kpi_day_openings(h, day, &count);

	for (int i = 0; i < count; i++)
	{
		if (list[i].from < 0 || list[i].from >= KPI_DAY_SECONDS || list[i].to <= list[i].from ||
			list[i].to > list[i].from + KPI_DAY_SECONDS)
			return "A time lies outside the day.";
		if (i > 0 && list[i].from <= list[i - 1].to)
			return psprintf("%s overlaps or touches the opening before it.", hours_show_opening(day, &list[i]));
	}
	if (count > 0 && list[count - 1].to > list[0].from + KPI_DAY_SECONDS)
		return psprintf("%s runs into the first opening of the same weekday; no day is longer than 24 hours.",
						hours_show_opening(day, &list[count - 1]));
	return NULL;
}

/* What is wrong with these hours, or NULL.  Both forms ask here when they are read. */
static const char *
hours_problem(const KpiBusinessHours *h)
{
	const char *problem;
	pg_tz	   *zone;
	int			open = 0;

	for (int day = 0; day < KPI_DAY_LISTS; day++)
	{
		if ((problem = hours_day_problem(h, day)) != NULL)
			return problem;
		open += day < KPI_MAKE_UP_DAY && h->count[day] > 0;
	}
	if (open == 0)
		return "At least one weekday must be open.";
	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			next_day = (day + 1) % 7;
		int			n;
		int			m;
		const KpiOpening *list = kpi_day_openings(h, day, &n);
		const KpiOpening *next = kpi_day_openings(h, next_day, &m);

		if (n > 0 && m > 0 && list[n - 1].to - KPI_DAY_SECONDS > next[0].from)
			return psprintf("%s runs into %s.", hours_show_opening(day, &list[n - 1]), hours_show_opening(next_day, &next[0]));
	}
	if (h->count[KPI_MAKE_UP_DAY] > 0)
	{
		if (open == 7)
			return "Every weekday has hours of its own, so those of make-up days are never used.";
		if (hours_same_openings(h, KPI_MAKE_UP_DAY, hours_usual_day(h)))
			return "The hours of make-up days are the usual ones and must be left out.";
	}
	zone = hours_find_zone(kpi_business_zone_name(h));
	if (zone == NULL || strcmp(pg_get_timezone_name(zone), kpi_business_zone_name(h)) != 0)
		return psprintf("Time zone \"%s\" is not known to this server.", kpi_business_zone_name(h));
	return NULL;
}

/*
 * Text form
 */

typedef struct HoursDraft
{
	int			count[KPI_DAY_LISTS];
	KpiOpening	list[KPI_DAY_LISTS][KPI_DAY_OPENINGS];
} HoursDraft;

/* The value of a draft, with the zone of the given name, in the current memory context. */
static KpiBusinessHours *
hours_make(const HoursDraft *draft, const char *zone)
{
	int			total = 0;
	Size		size;
	KpiBusinessHours *h;
	KpiOpening *next;

	for (int day = 0; day < KPI_DAY_LISTS; day++)
		total += draft->count[day];
	size = sizeof(KpiBusinessHours) + total * sizeof(KpiOpening) + strlen(zone) + 1;
	h = kpi_flat_new(&kpi_business_hours_type, size);
	next = hours_openings(h);
	for (int day = 0; day < KPI_DAY_LISTS; day++)
	{
		h->count[day] = draft->count[day];
		memcpy(next, draft->list[day], draft->count[day] * sizeof(KpiOpening));
		next += draft->count[day];
	}
	memcpy(next, zone, strlen(zone) + 1);
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

/* Put the openings of a day in order, and make one of those that touch; what is wrong, or NULL. */
static const char *
hours_settle_day(HoursDraft *draft, int day)
{
	KpiOpening *list = draft->list[day];
	int			kept = 0;

	qsort(list, draft->count[day], sizeof(KpiOpening), hours_compare_openings);
	for (int i = 0; i < draft->count[day]; i++)
	{
		if (kept > 0 && list[i].from < list[kept - 1].to)
			return psprintf("%s overlaps %s.", hours_show_opening(day, &list[kept - 1]), hours_show_opening(day, &list[i]));
		if (kept > 0 && list[i].from == list[kept - 1].to &&
			list[i].to - list[kept - 1].from <= KPI_DAY_SECONDS)
			list[kept - 1].to = list[i].to;
		else
			list[kept++] = list[i];
	}
	draft->count[day] = kept;
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
		if (length >= 2 && length <= strlen(hours_day_names[*day]) &&
			pg_strncasecmp(scan->at, hours_day_names[*day], length) == 0)
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
								hours_day_name(first), hours_day_name(first));
		}
		for (int day = first;; day = (day + 1) % 7)
		{
			if (days[day])
				return psprintf("%s is named twice.", hours_day_name(day));
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

/* Read the openings of a day into a list with room for KPI_DAY_OPENINGS. */
static const char *
hours_scan_openings(KpiScan *scan, KpiOpening *list, int *count)
{
	const char *problem;

	*count = 0;
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
	bool		named[KPI_DAY_LISTS] = {false};
	const char *problem;
	size_t		length;
	char	   *name;
	pg_tz	   *zone;

	do
	{
		bool		days[KPI_DAY_LISTS] = {false};
		KpiOpening	list[KPI_DAY_OPENINGS];
		int			count;

		if (kpi_scan_peek(scan, '@') || kpi_scan_end(scan))
			break;
		if ((problem = hours_scan_days(scan, days)) != NULL ||
			(problem = hours_scan_openings(scan, list, &count)) != NULL)
			return problem;
		for (int day = 0; day < KPI_DAY_LISTS; day++)
		{
			if (!days[day])
				continue;
			if (named[day])
				return psprintf("%s is named twice; give all openings of a day in one place.", hours_day_name(day));
			named[day] = true;
			draft->count[day] = count;
			memcpy(draft->list[day], list, count * sizeof(KpiOpening));
			if ((problem = hours_settle_day(draft, day)) != NULL)
				return problem;
		}
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
	zone = length <= TZ_STRLEN_MAX ? hours_find_zone(name) : NULL;
	if (zone == NULL)
		return psprintf("Time zone %s is not known to this server by name; pg_timezone_names lists those that are.",
						kpi_scan_shown(name, 2 * KPI_SCAN_REST));

	*h = hours_make(draft, pg_get_timezone_name(zone));
	if ((*h)->count[KPI_MAKE_UP_DAY] > 0 && hours_same_openings(*h, KPI_MAKE_UP_DAY, hours_usual_day(*h)))
	{
		draft->count[KPI_MAKE_UP_DAY] = 0;
		*h = hours_make(draft, pg_get_timezone_name(zone));
	}
	return hours_problem(*h);
}

/* The text form.  22P02 for what is none. */
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
		appendStringInfo(out, "%s-%s", hours_day_name(0), hours_day_name(6));
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
		appendStringInfoString(out, hours_day_name(first));
		if (last != first)
			appendStringInfo(out, "-%s", hours_day_name(last));
		for (int day = first; days[day]; day = (day + 1) % 7)
			done[day] = true;
	}
}

/* Append the openings of a day. */
static void
hours_append_openings(StringInfo out, const KpiBusinessHours *h, int day)
{
	int			count;
	const KpiOpening *list = kpi_day_openings(h, day, &count);

	for (int i = 0; i < count; i++)
	{
		appendStringInfoChar(out, i > 0 ? ',' : ' ');
		hours_append_opening(out, &list[i]);
	}
}

/* The text form: days with the same hours together. */
PG_FUNCTION_INFO_V1(kpi_business_hours_out);
Datum
kpi_business_hours_out(PG_FUNCTION_ARGS)
{
	KpiBusinessHours *h = PG_GETARG_BUSINESS_HOURS(0);
	bool		done[7] = {false};
	StringInfoData out;

	initStringInfo(&out);
	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		bool		days[7] = {false};

		if (h->count[day] == 0 || done[day])
			continue;
		for (int other = day; other < KPI_MAKE_UP_DAY; other++)
			done[other] |= days[other] = h->count[other] > 0 && hours_same_openings(h, day, other);
		if (out.len > 0)
			appendStringInfoString(&out, "; ");
		hours_append_days(&out, days);
		hours_append_openings(&out, h, day);
	}
	if (h->count[KPI_MAKE_UP_DAY] > 0)
	{
		appendStringInfo(&out, "; %s", hours_day_names[KPI_MAKE_UP_DAY]);
		hours_append_openings(&out, h, KPI_MAKE_UP_DAY);
	}
	appendStringInfo(&out, " @ %s", kpi_business_zone_name(h));
	PG_RETURN_CSTRING(out.data);
}

/*
 * Binary form
 */

/* The binary form.  22P03 for what is none. */
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

	for (int day = 0; day < KPI_DAY_LISTS; day++)
	{
		draft->count[day] = kpi_wire_uint8(&wire);
		if (draft->count[day] > KPI_DAY_OPENINGS)
			kpi_wire_fail(&wire, psprintf("A day has at most %d openings.", KPI_DAY_OPENINGS));
	}
	for (int day = 0; day < KPI_DAY_LISTS; day++)
		for (int i = 0; i < draft->count[day]; i++)
		{
			draft->list[day][i].from = kpi_wire_int32(&wire);
			draft->list[day][i].to = kpi_wire_int32(&wire);
		}
	length = kpi_wire_uint8(&wire);
	for (int i = 0; i < length; i++)
	{
		name[i] = (char) kpi_wire_uint8(&wire);
		if (name[i] <= ' ' || name[i] > '~')
			kpi_wire_fail(&wire, "The name of the time zone is not a name.");
	}
	name[length] = '\0';
	kpi_wire_end(&wire);
	h = hours_make(draft, name);
	if ((problem = hours_problem(h)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(h);
}

/* The binary form of a value. */
PG_FUNCTION_INFO_V1(kpi_business_hours_send);
Datum
kpi_business_hours_send(PG_FUNCTION_ARGS)
{
	KpiBusinessHours *h = PG_GETARG_BUSINESS_HOURS(0);
	const char *zone = kpi_business_zone_name(h);
	int			total = 0;
	StringInfoData out;

	kpi_wire_begin(&out, &kpi_business_hours_type);
	for (int day = 0; day < KPI_DAY_LISTS; day++)
	{
		pq_sendbyte(&out, h->count[day]);
		total += h->count[day];
	}
	for (int i = 0; i < total; i++)
	{
		pq_sendint32(&out, hours_openings(h)[i].from);
		pq_sendint32(&out, hours_openings(h)[i].to);
	}
	pq_sendbyte(&out, (uint8) strlen(zone));
	pq_sendbytes(&out, zone, strlen(zone));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * Accessors
 */

/* time_zone(hours) */
PG_FUNCTION_INFO_V1(kpi_business_hours_time_zone);
Datum
kpi_business_hours_time_zone(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(kpi_business_zone_name(PG_GETARG_BUSINESS_HOURS(0))));
}

/* Seconds of a week without holidays. */
static int64
hours_weekly_seconds(const KpiBusinessHours *h)
{
	int64		seconds = 0;

	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			count;
		const KpiOpening *list = kpi_day_openings(h, day, &count);

		for (int i = 0; i < count; i++)
			seconds += list[i].to - list[i].from;
	}
	return seconds;
}

/* weekly_seconds(hours) */
PG_FUNCTION_INFO_V1(kpi_weekly_seconds);
Datum
kpi_weekly_seconds(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8((double) hours_weekly_seconds(PG_GETARG_BUSINESS_HOURS(0)));
}

/* weekly_time(hours): an interval of hours */
PG_FUNCTION_INFO_V1(kpi_weekly_time);
Datum
kpi_weekly_time(PG_FUNCTION_ARGS)
{
	Interval   *time = palloc0(sizeof(Interval));

	time->time = hours_weekly_seconds(PG_GETARG_BUSINESS_HOURS(0)) * USECS_PER_SEC;
	PG_RETURN_INTERVAL_P(time);
}

/*
 * kpi_opening_hours() - opening_hours(hours)
 *
 *	A row for each opening, in the order of the week.
 */
PG_FUNCTION_INFO_V1(kpi_opening_hours);
Datum
kpi_opening_hours(PG_FUNCTION_ARGS)
{
	KpiBusinessHours *h = PG_GETARG_BUSINESS_HOURS(0);

	kpi_rows_begin(fcinfo);
	for (int day = 0; day < KPI_MAKE_UP_DAY; day++)
	{
		int			count;
		const KpiOpening *list = kpi_day_openings(h, day, &count);

		for (int i = 0; i < count; i++)
		{
			int			closes = list[i].to > KPI_DAY_SECONDS ? list[i].to - KPI_DAY_SECONDS : list[i].to;
			Datum		values[5];
			bool		nulls[5] = {false};

			values[0] = Int32GetDatum(day + 1);
			values[1] = CStringGetTextDatum(hours_day_name(day));
			values[2] = TimeADTGetDatum((TimeADT) list[i].from * USECS_PER_SEC);
			values[3] = TimeADTGetDatum((TimeADT) closes * USECS_PER_SEC);
			values[4] = Float8GetDatum((double) (list[i].to - list[i].from));
			kpi_rows_put(fcinfo, values, nulls);
		}
	}
	return (Datum) 0;
}
