/*
 * calendar.c
 *		Open time between moments.
 *
 *		A business is open at a moment when the clock on its wall shows a time in
 *		its hours.  An opening belongs to the date on which it begins.  A date is of
 *		a kind: regular (it has the hours of its weekday), a make-up day, both of the
 *		week that holds then; closed (a holiday); or with hours of its own.
 *
 *		Three layers, all in microseconds of open time:
 *		- patterns: the open parts of a local day.  They depend on the kind and the
 *		  weekday of the date and, for what runs over midnight, of the date before.
 *		- runs of dates of one kind, with the open time before each.  Behind its
 *		  first day a run repeats every week, so that a long one costs no more than
 *		  a short one.  This gives F(local time).
 *		- spans of time with one offset from UTC, with the open time before each,
 *		  found as questions ask for them.  This gives H(moment), which counts an
 *		  hour that the clock shows twice twice, and one that it skips not at all.
 *		  They are not those of core/time/zone.c, which are of the session's zone and
 *		  forget each other: a sum over spans needs every one of them.
 *
 *		Sums are unsigned and count from the beginning of time; differences fit.
 */
#include "calendar/calendar.h"

#include "core/number/floor_div.h"
#include "core/time/zone.h"

#include <math.h>

#include "common/int.h"
#include "miscadmin.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

/* Days before the first timestamp and behind the last, in any zone. */
#define CALENDAR_FIRST_DAY (DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE - 7)
#define CALENDAR_LAST_DAY (TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE + 7)

/* Day 0, 2000-01-01, was a Saturday. */
#define CALENDAR_WEEKDAY_OF_DAY_0 5

typedef struct CalendarPart
{
	int64		from;			/* microseconds after midnight */
	int64		to;
	int64		before;			/* open time of the day before this part */
} CalendarPart;

typedef struct CalendarPattern
{
	int			count;
	CalendarPart *part;
	int64		total;
} CalendarPattern;

typedef struct CalendarWeek
{
	int64		before[7];		/* open time from Monday to the beginning of a day */
	int64		total;
} CalendarWeek;

/* The openings of dates of a kind, by weekday, and the patterns where the date before is of the same. */
typedef struct CalendarKind
{
	int			count[7];
	const KpiOpening *opening[7];
	int			open_days;		/* of a week */
	CalendarPattern	pattern[7];
	CalendarWeek		week;
} CalendarKind;

/*
 * Kinds are numbers: of week w regular dates 2w and make-up days 2w + 1, then closed
 * ones, then those of each date with hours of its own.
 */
#define CALENDAR_REGULAR_DAY(week) (2 * (week))
#define CALENDAR_MADE_UP_DAY(week) (2 * (week) + 1)
#define CALENDAR_CLOSED_DAY(parts) (2 * (parts)->weeks)
#define CALENDAR_OWN_DAY(parts, date) (2 * (parts)->weeks + 1 + (date))

typedef struct CalendarRun
{
	int64		day;			/* the first */
	int			kind;
	const CalendarPattern *first;	/* of the first day, which has what the day before leaves it */
	uint64		before;			/* open time before the first day */
	uint64		later;			/* what calendar_week_open() lacks to be open time, from the second day on */
} CalendarRun;

/* The pattern of a date behind one of another kind, kept since holidays come again and again. */
typedef struct CalendarKeptPattern
{
	int			kind_before;
	int			kind;
	int			weekday;
	CalendarPattern *pattern;		/* NULL: nothing is kept here */
} CalendarKeptPattern;

#define CALENDAR_KEPT_PATTERNS 256

typedef struct CalendarSpan
{
	TimestampTz from;
	int64		offset;			/* to be added for local time */
	uint64		before;			/* open time before the span */
} CalendarSpan;

struct KpiCalendar
{
	pg_tz	   *zone;
	CalendarKind *kind;
	CalendarKeptPattern kept[CALENDAR_KEPT_PATTERNS];
	CalendarRun		   *run;
	int			runs;
	CalendarSpan	   *span;
	int			spans;
	int			room;
	int			recent;			/* the span asked for last */
	TimestampTz covered;		/* spans are known up to here; PG_INT64_MAX: the last has no end */
};

/* The weekday of a day, 0 for Monday. */
static inline int
calendar_weekday(int64 day)
{
	return (int) (day + CALENDAR_WEEKDAY_OF_DAY_0 - kpi_floor_div(day + CALENDAR_WEEKDAY_OF_DAY_0, 7) * 7);
}

/*
 * Patterns
 */

/* One more open part of a day, which begins after the others. */
static void
calendar_add_part(CalendarPattern *pattern, int64 from, int64 to)
{
	CalendarPart *part = &pattern->part[pattern->count++];

	part->from = from;
	part->to = to;
	part->before = pattern->total;
	pattern->total += to - from;
}

/*
 * calendar_make_pattern() -
 *
 *	The open parts of a date of some kind and weekday, the date before being of
 *	another kind; they lie in the current memory context.
 */
static void
calendar_make_pattern(CalendarPattern *pattern, const CalendarKind *kind_before, const CalendarKind *kind, int weekday)
{
	int			n = kind_before->count[(weekday + 6) % 7];
	int			m = kind->count[weekday];
	const KpiOpening *before = kind_before->opening[(weekday + 6) % 7];
	const KpiOpening *list = kind->opening[weekday];
	int32		end = 0;

	pattern->part = palloc((m + 1) * sizeof(CalendarPart));
	/* only the last opening of a day can run over midnight */
	if (n > 0 && before[n - 1].to > KPI_DAY_SECONDS)
	{
		end = before[n - 1].to - KPI_DAY_SECONDS;
		calendar_add_part(pattern, 0, end * USECS_PER_SEC);
	}
	/* the hours of a date may overlap those of the dates beside it: open once is open */
	for (int i = 0; i < m; i++)
	{
		int32		from = Max(list[i].from, end);
		int32		to = Min(list[i].to, KPI_DAY_SECONDS);

		if (from < to)
			calendar_add_part(pattern, from * USECS_PER_SEC, to * USECS_PER_SEC);
	}
}

/* The same, made once if it is asked for again soon. */
static const CalendarPattern *
calendar_pattern(KpiCalendar *calendar, int kind_before, int kind, int weekday)
{
	CalendarKeptPattern *kept;

	if (kind_before == kind)
		return &calendar->kind[kind].pattern[weekday];
	kept = &calendar->kept[((uint32) kind_before * 31 + (uint32) kind * 7 + (uint32) weekday) % CALENDAR_KEPT_PATTERNS];
	if (kept->pattern == NULL || kept->kind_before != kind_before || kept->kind != kind || kept->weekday != weekday)
	{
		/* what stood here belongs to a run */
		kept->pattern = palloc0(sizeof(CalendarPattern));
		calendar_make_pattern(kept->pattern, &calendar->kind[kind_before], &calendar->kind[kind], weekday);
		kept->kind_before = kind_before;
		kept->kind = kind;
		kept->weekday = weekday;
	}
	return kept->pattern;
}

/* Open time of the day before a time of day. */
static inline int64
calendar_pattern_open(const CalendarPattern *pattern, int64 at)
{
	for (int i = 0; i < pattern->count; i++)
	{
		const CalendarPart *part = &pattern->part[i];

		if (at < part->to)
			return at <= part->from ? part->before : part->before + (at - part->from);
	}
	return pattern->total;
}

/* The first time of day by which the day has been open so long, 0 < open <= total. */
static int64
calendar_pattern_find(const CalendarPattern *pattern, int64 open)
{
	int			i = 0;

	while (i + 1 < pattern->count && pattern->part[i + 1].before < open)
		i++;
	return pattern->part[i].from + (open - pattern->part[i].before);
}

/*
 * Runs of dates
 */

/* Open time in weeks of one kind, from the week of day 0 to the beginning of a day. */
static inline uint64
calendar_week_open(const CalendarWeek *week, int64 day, int weekday)
{
	return (uint64) kpi_floor_div(day + CALENDAR_WEEKDAY_OF_DAY_0, 7) * (uint64) week->total + (uint64) week->before[weekday];
}

/* The run that holds a day. */
static inline const CalendarRun *
calendar_find_run(const KpiCalendar *calendar, int64 day)
{
	int			low = 0;
	int			high = calendar->runs;

	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (calendar->run[middle].day <= day)
			low = middle;
		else
			high = middle;
	}
	return &calendar->run[low];
}

/* F: open time before a local time. */
static uint64
calendar_local_open(const KpiCalendar *calendar, int64 local)
{
	int64		day = kpi_floor_div(local, USECS_PER_DAY);
	int64		at = local - day * USECS_PER_DAY;
	int			weekday = calendar_weekday(day);
	const CalendarRun *run = calendar_find_run(calendar, day);

	if (day == run->day)
		return run->before + calendar_pattern_open(run->first, at);
	return run->later + calendar_week_open(&calendar->kind[run->kind].week, day, weekday) +
		calendar_pattern_open(&calendar->kind[run->kind].pattern[weekday], at);
}

/*
 * calendar_local_find() -
 *
 *	The first local time by which there has been so much open time, which is not 0:
 *	where F reaches it.  False, and *local as it was, where it never does.
 */
static bool
calendar_local_find(const KpiCalendar *calendar, uint64 open, int64 *local)
{
	int			low = 0;
	int			high = calendar->runs;
	const CalendarRun *run;
	const CalendarWeek *week;
	int64		rest;
	int64		weeks;
	int			weekday = 6;
	int64		day;

	/* the last run with less open time before it */
	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (calendar->run[middle].before < open)
			low = middle;
		else
			high = middle;
	}
	run = &calendar->run[low];
	if (open <= run->before + run->first->total)
	{
		*local = run->day * USECS_PER_DAY + calendar_pattern_find(run->first, open - run->before);
		return true;
	}
	week = &calendar->kind[run->kind].week;
	if (week->total == 0)
		return false;
	/* 0 < rest - weeks * week->total <= week->total */
	rest = (int64) (open - run->later);
	weeks = kpi_floor_div(rest - 1, week->total);
	rest -= weeks * week->total;
	while (week->before[weekday] >= rest)
		weekday--;
	day = weeks * 7 + weekday - CALENDAR_WEEKDAY_OF_DAY_0;
	if (day > CALENDAR_LAST_DAY)
		return false;
	*local = day * USECS_PER_DAY +
		calendar_pattern_find(&calendar->kind[run->kind].pattern[weekday], rest - week->before[weekday]);
	return true;
}

/* Order for qsort(). */
static int
calendar_compare_int64(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/*
 * calendar_holds() -
 *
 *	Does the list of days, which are in order, hold the day?  *at, where it stands
 *	in the list, moves on with ascending days.
 */
static bool
calendar_holds(const KpiDays *days, int n, int *at, int64 day)
{
	while (*at < n && days[*at].to <= day)
		(*at)++;
	return *at < n && days[*at].from <= day;
}

/* One more run, which begins on a day after all others; nothing where the last one is of the same kind. */
static void
calendar_add_run(KpiCalendar *calendar, int64 day, int kind)
{
	CalendarRun		   *run = &calendar->run[calendar->runs];
	int			before = kind;

	run->before = 0;
	if (calendar->runs > 0)
	{
		if (run[-1].kind == kind)
			return;
		before = run[-1].kind;
		run->before = calendar_local_open(calendar, day * USECS_PER_DAY);
	}
	run->day = day;
	run->kind = kind;
	run->first = calendar_pattern(calendar, before, kind, calendar_weekday(day));
	run->later = run->before + run->first->total -
		calendar_week_open(&calendar->kind[kind].week, day + 1, calendar_weekday(day + 1));
	calendar->runs++;
}

/*
 * calendar_make_runs() -
 *
 *	Make all runs of the calendar, whose kinds are made, from the weeks and dates of
 *	its hours and from lists of holidays and make-up days, each in order.  A run begins
 *	where any of them begins or ends.  They lie in the current memory context.
 */
static void
calendar_make_runs(KpiCalendar *calendar, const KpiHoursParts *parts, const KpiDays *holidays, int n_holidays,
				   const KpiDays *workdays, int n_workdays)
{
	int64	   *bound = palloc((2 * (n_holidays + n_workdays + parts->dates) + parts->weeks) * sizeof(int64));
	int			bounds = 0;
	int			holiday = 0;
	int			workday = 0;
	int			week = 0;
	int			date = 0;

	bound[bounds++] = CALENDAR_FIRST_DAY;
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < n_holidays; i++)
	{
		bound[bounds++] = holidays[i].from;
		bound[bounds++] = holidays[i].to;
	}
	for (int i = 0; i < n_workdays; i++)
	{
		bound[bounds++] = workdays[i].from;
		bound[bounds++] = workdays[i].to;
	}
	for (int i = 1; i < parts->weeks; i++)
		bound[bounds++] = parts->week[i].from;
	for (int i = 0; i < parts->dates; i++)
	{
		bound[bounds++] = parts->date[i].day;
		bound[bounds++] = parts->date[i].day + 1;
	}
	qsort(bound, bounds, sizeof(int64), calendar_compare_int64);
	calendar->run = palloc(bounds * sizeof(CalendarRun));
	for (int i = 0; i < bounds; i++)
	{
		int64		day = bound[i];

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (day < CALENDAR_FIRST_DAY || day > CALENDAR_LAST_DAY || (i > 0 && day == bound[i - 1]))
			continue;
		while (week + 1 < parts->weeks && parts->week[week + 1].from <= day)
			week++;
		while (date < parts->dates && parts->date[date].day < day)
			date++;
		calendar_add_run(calendar, day,
						 date < parts->dates && parts->date[date].day == day ? CALENDAR_OWN_DAY(parts, date) :
						 calendar_holds(workdays, n_workdays, &workday, day) ? CALENDAR_MADE_UP_DAY(week) :
						 calendar_holds(holidays, n_holidays, &holiday, day) ? CALENDAR_CLOSED_DAY(parts) : CALENDAR_REGULAR_DAY(week));
	}
	pfree(bound);
}

/* A kind of date, whose openings by weekday are known: its patterns. */
static void
calendar_make_kind(CalendarKind *kind)
{
	for (int weekday = 0; weekday < 7; weekday++)
	{
		calendar_make_pattern(&kind->pattern[weekday], kind, kind, weekday);
		kind->week.before[weekday] = kind->week.total;
		kind->week.total += kind->pattern[weekday].total;
		kind->open_days += kind->count[weekday] > 0;
	}
}

/* All kinds of dates there are, in the current memory context. */
static void
calendar_make_kinds(KpiCalendar *calendar, const KpiHoursParts *parts)
{
	int			kinds = CALENDAR_OWN_DAY(parts, parts->dates);

	calendar->kind = palloc0(kinds * sizeof(CalendarKind));
	for (int w = 0; w < parts->weeks; w++)
		for (int weekday = 0; weekday < 7; weekday++)
		{
			CalendarKind *regular = &calendar->kind[CALENDAR_REGULAR_DAY(w)];
			CalendarKind *made_up = &calendar->kind[CALENDAR_MADE_UP_DAY(w)];

			regular->opening[weekday] = kpi_day_openings(&parts->week[w], weekday, &regular->count[weekday]);
			made_up->opening[weekday] = regular->opening[weekday];
			made_up->count[weekday] = regular->count[weekday];
			if (regular->count[weekday] == 0)
				made_up->opening[weekday] = kpi_make_up_openings(&parts->week[w], &made_up->count[weekday]);
		}
	for (int i = 0; i < parts->dates; i++)
		for (int weekday = 0; weekday < 7; weekday++)
		{
			calendar->kind[CALENDAR_OWN_DAY(parts, i)].opening[weekday] = parts->date[i].opening;
			calendar->kind[CALENDAR_OWN_DAY(parts, i)].count[weekday] = parts->date[i].count;
		}
	for (int i = 0; i < kinds; i++)
		calendar_make_kind(&calendar->kind[i]);
}

/*
 * kpi_calendar_new() -
 *
 *	A calendar of business hours, with holidays and make-up days in order.  It lies
 *	in the current memory context, with a copy of the hours, and grows there as
 *	questions are asked.  22023 where the server does not know the zone.
 */
KpiCalendar *
kpi_calendar_new(const KpiBusinessHours *hours, const KpiDays *holidays, int n_holidays,
				 const KpiDays *workdays, int n_workdays)
{
	KpiCalendar *calendar = palloc0(sizeof(KpiCalendar));
	KpiHoursParts parts;

	kpi_hours_parts(kpi_flat_copy(hours), &parts);
	calendar->zone = kpi_business_zone(parts.zone);
	calendar_make_kinds(calendar, &parts);
	calendar_make_runs(calendar, &parts, holidays, n_holidays, workdays, n_workdays);
	return calendar;
}

/*
 * Spans of one offset
 */

/* H at a moment of the span. */
static inline uint64
calendar_span_open(const KpiCalendar *calendar, const CalendarSpan *span, TimestampTz at)
{
	return span->before + (calendar_local_open(calendar, at + span->offset) -
						   calendar_local_open(calendar, span->from + span->offset));
}

/* One span more; changes of the zone that leave the offset as it is add none.  22008 as kpi_zone_offset(). */
static void
calendar_add_span(KpiCalendar *calendar)
{
	TimestampTz from = calendar->covered;
	TimestampTz change;
	int64		offset = kpi_zone_offset(calendar->zone, from, &change);
	CalendarSpan	   *last = calendar->spans > 0 ? &calendar->span[calendar->spans - 1] : NULL;

	if (last == NULL || last->offset != offset)
	{
		uint64		before = last ? calendar_span_open(calendar, last, from) : 0;

		if (calendar->spans == calendar->room)
		{
			calendar->span = calendar->room == 0 ? MemoryContextAlloc(GetMemoryChunkContext(calendar), 64 * sizeof(CalendarSpan)) :
				repalloc_huge(calendar->span, (Size) calendar->room * 2 * sizeof(CalendarSpan));
			calendar->room = calendar->room == 0 ? 64 : calendar->room * 2;
		}
		last = &calendar->span[calendar->spans];
		last->from = from;
		last->offset = offset;
		last->before = before;
		calendar->spans++;
	}
	calendar->covered = change;
	CHECK_FOR_INTERRUPTS();
}

/* How far back to begin before the first moment asked for, so that earlier ones seldom begin anew. */
#define CALENDAR_LEAD_IN (INT64CONST(10) * 366 * USECS_PER_DAY)

/*
 * calendar_cover() -
 *
 *	Know the spans from one moment to another.  The first are found from ten years
 *	before the first moment asked for, so that earlier ones seldom make all begin
 *	anew.
 */
static void
calendar_cover(KpiCalendar *calendar, TimestampTz from, TimestampTz to)
{
	if (unlikely(calendar->spans == 0 || from < calendar->span[0].from))
	{
		calendar->spans = 0;
		calendar->recent = 0;
		calendar->covered = from > MIN_TIMESTAMP + CALENDAR_LEAD_IN ? from - CALENDAR_LEAD_IN : MIN_TIMESTAMP;
		calendar_add_span(calendar);
	}
	while (unlikely(calendar->covered <= to && calendar->covered != PG_INT64_MAX))
		calendar_add_span(calendar);
}

/* The span that holds a moment, which is covered. */
static inline const CalendarSpan *
calendar_find_span(KpiCalendar *calendar, TimestampTz at)
{
	int			low = calendar->recent;
	int			high = calendar->spans;

	if (calendar->span[low].from <= at && (low + 1 == high || at < calendar->span[low + 1].from))
		return &calendar->span[low];
	low = 0;
	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (calendar->span[middle].from <= at)
			low = middle;
		else
			high = middle;
	}
	calendar->recent = low;
	return &calendar->span[low];
}

/* Open time between two finite moments, in microseconds; negative if `to` is before `from`. */
int64
kpi_calendar_open(KpiCalendar *calendar, TimestampTz from, TimestampTz to)
{
	const CalendarSpan *first;
	const CalendarSpan *last;

	if (to < from)
		return -kpi_calendar_open(calendar, to, from);
	calendar_cover(calendar, from, to);
	first = calendar_find_span(calendar, from);
	last = calendar_find_span(calendar, to);
	if (first == last)
		return (int64) (calendar_local_open(calendar, to + first->offset) - calendar_local_open(calendar, from + first->offset));
	return (int64) (calendar_span_open(calendar, last, to) - calendar_span_open(calendar, first, from));
}

/* Is the business open at a finite moment? */
bool
kpi_calendar_is_open(KpiCalendar *calendar, TimestampTz at)
{
	const CalendarSpan *span;

	calendar_cover(calendar, at, at);
	span = calendar_find_span(calendar, at);
	return calendar_local_open(calendar, at + span->offset + 1) != calendar_local_open(calendar, at + span->offset);
}

/*
 * Open dates
 */

/* How many dates from one on and before another, all of one kind, are open. */
static int64
calendar_open_days_of(const CalendarKind *kind, int64 from, int64 to)
{
	int64		weeks = (to - from) / 7;
	int64		open = weeks * kind->open_days;

	for (int64 day = from + weeks * 7; day < to; day++)
		open += kind->count[calendar_weekday(day)] > 0;
	return open;
}

/* The day behind a run. */
static inline int64
calendar_run_end(const KpiCalendar *calendar, const CalendarRun *run)
{
	return run + 1 < calendar->run + calendar->runs ? run[1].day : CALENDAR_LAST_DAY + 1;
}

/* How many dates from one on and before another have openings that begin on them; days of no timestamp have none. */
int64
kpi_calendar_open_days(const KpiCalendar *calendar, int64 from, int64 to)
{
	int64		open = 0;

	from = Max(from, CALENDAR_FIRST_DAY);
	to = Min(to, CALENDAR_LAST_DAY + 1);
	for (const CalendarRun *run = calendar_find_run(calendar, from); from < to; run++)
	{
		int64		end = Min(calendar_run_end(calendar, run), to);

		open += calendar_open_days_of(&calendar->kind[run->kind], from, end);
		from = end;
	}
	return open;
}

/* The open date, from a day on, that has so many open ones before it; with its run.  22008 where there is none. */
static int64
calendar_find_open_day(const KpiCalendar *calendar, int64 day, int64 before, const CalendarRun **found)
{
	const CalendarRun *run = calendar_find_run(calendar, day);

	for (; day <= CALENDAR_LAST_DAY; run++)
	{
		const CalendarKind *kind = &calendar->kind[run->kind];
		int64		end = calendar_run_end(calendar, run);
		int64		open = calendar_open_days_of(kind, day, end);

		if (before < open)
		{
			day += before / kind->open_days * 7;
			before %= kind->open_days;
			for (;; day++)
				if (kind->count[calendar_weekday(day)] > 0 && before-- == 0)
				{
					*found = run;
					return day;
				}
		}
		before -= open;
		day = end;
	}
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("there are not so many open days"),
			 errhint("Look for holidays without an end.")));
}

/* When a date of a kind opens first, and closes last, in microseconds after its midnight. */
static int64
calendar_opens(const CalendarKind *kind, int64 day)
{
	return kind->opening[calendar_weekday(day)][0].from * USECS_PER_SEC;
}

static int64
calendar_closes(const CalendarKind *kind, int64 day)
{
	int			weekday = calendar_weekday(day);

	return kind->opening[weekday][kind->count[weekday] - 1].to * USECS_PER_SEC;
}

/*
 * kpi_calendar_add_days() -
 *
 *	The same time by the clock, so many open dates later.  What lies before the first
 *	opening of an open date, or after the last one, counts as the next opening; what
 *	lies in an opening over midnight belongs to the date on which it began.  Where the
 *	later date opens later or closes earlier, its first opening or last closing.  22008
 *	where there are not so many open dates.
 */
Timestamp
kpi_calendar_add_days(const KpiCalendar *calendar, Timestamp local, int days)
{
	int64		day = kpi_floor_div(local, USECS_PER_DAY);
	int64		at = local - day * USECS_PER_DAY;
	const CalendarRun *run = calendar_find_run(calendar, day - 1);
	const CalendarKind *kind = &calendar->kind[run->kind];

	/* before it closes, a date that runs over midnight has not ended */
	if (kind->count[calendar_weekday(day - 1)] > 0 && at + USECS_PER_DAY < calendar_closes(kind, day - 1))
	{
		day--;
		at += USECS_PER_DAY;
	}
	else
	{
		int64		start = calendar_find_open_day(calendar, day, 0, &run);

		kind = &calendar->kind[run->kind];
		if (start == day && at >= calendar_closes(kind, day))
		{
			start = calendar_find_open_day(calendar, day + 1, 0, &run);
			kind = &calendar->kind[run->kind];
		}
		if (start != day)
			at = calendar_opens(kind, start);
		at = Max(at, calendar_opens(kind, start));
		day = start;
	}
	day = calendar_find_open_day(calendar, day, days, &run);
	kind = &calendar->kind[run->kind];
	return day * USECS_PER_DAY + Min(Max(at, calendar_opens(kind, day)), calendar_closes(kind, day));
}

/* The error where there is not so much open time behind a moment, or before it: 22008. */
static void
calendar_never_open(TimestampTz at, int64 open)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("there are no %g seconds of open time %s %s",
					fabs((double) open / USECS_PER_SEC), open < 0 ? "before" : "after", timestamptz_to_str(at)),
			 errhint("Look for holidays without an end.")));
}

/*
 * calendar_cover_back() -
 *
 *	Know the spans back to a moment with so much open time between it and another.
 *	22008 where there is none.
 */
static void
calendar_cover_back(KpiCalendar *calendar, TimestampTz at, int64 open)
{
	int64		step = open;
	TimestampTz back;

	for (;;)
	{
		if (pg_sub_s64_overflow(at, step, &back) || back < MIN_TIMESTAMP)
			back = MIN_TIMESTAMP;
		if (kpi_calendar_open(calendar, back, at) >= open)
			break;
		if (back == MIN_TIMESTAMP)
			calendar_never_open(at, -open);
		step = step > PG_INT64_MAX / 2 ? PG_INT64_MAX : step * 2;
	}
}

/* Know the spans up to the one in which H reaches the target, if any does. */
static void
calendar_cover_until(KpiCalendar *calendar, uint64 target)
{
	while (calendar->covered != PG_INT64_MAX &&
		   calendar_span_open(calendar, &calendar->span[calendar->spans - 1], calendar->covered) < target)
		calendar_add_span(calendar);
}

/*
 * kpi_calendar_add() -
 *
 *	The first moment with so much open time between it and a finite one; for a
 *	negative time the last moment that much open time before.  22008 where there is
 *	none.
 */
TimestampTz
kpi_calendar_add(KpiCalendar *calendar, TimestampTz at, int64 open)
{
	uint64		target;
	int			low = 0;
	int			high;
	const CalendarSpan *span;
	int64		local;
	TimestampTz found;

	if (open == 0)
		return at;
	/* open time is not faster than time */
	if (open == PG_INT64_MIN || (open > 0 ? at >= END_TIMESTAMP - open : at < MIN_TIMESTAMP - open))
		calendar_never_open(at, open);

	if (open < 0)
		calendar_cover_back(calendar, at, -open);
	else
		calendar_cover(calendar, at, at);
	target = calendar_span_open(calendar, calendar_find_span(calendar, at), at) + (uint64) open;
	/* the last moment with that much open time after it is the one before the first with less */
	if (open < 0)
		target++;
	calendar_cover_until(calendar, target);

	/* the last span with less open time before it */
	high = calendar->spans;
	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (calendar->span[middle].before < target)
			low = middle;
		else
			high = middle;
	}
	span = &calendar->span[low];
	if (!calendar_local_find(calendar, target - span->before + calendar_local_open(calendar, span->from + span->offset), &local))
		calendar_never_open(at, open);
	found = local - span->offset - (open < 0);
	if (!IS_VALID_TIMESTAMP(found))
		calendar_never_open(at, open);
	return found;
}

/*
 * kpi_calendar_moment() -
 *
 *	The moment at which clocks of the zone show a local time; of two the one that
 *	the server takes.  22008 where it is no timestamptz.
 */
TimestampTz
kpi_calendar_moment(const KpiCalendar *calendar, Timestamp local)
{
	struct pg_tm tm;
	fsec_t		fsec;
	TimestampTz at;

	if (timestamp2tm(local, NULL, &tm, &fsec, NULL, NULL) == 0)
	{
		at = local + (int64) DetermineTimeZoneOffset(&tm, calendar->zone) * USECS_PER_SEC;
		if (IS_VALID_TIMESTAMP(at))
			return at;
	}
	kpi_time_out_of_range("timestamp", NULL);
}

/* What clocks of the zone show at a moment. */
Timestamp
kpi_calendar_local(KpiCalendar *calendar, TimestampTz at)
{
	calendar_cover(calendar, at, at);
	return at + calendar_find_span(calendar, at)->offset;
}
