/*
 * calendar.c
 *		Open time between moments.
 *
 *		A business is open at a moment when the clock on its wall shows a time in
 *		its hours.  An opening belongs to the date on which it begins, and a date is
 *		regular (it has the hours of its weekday), closed (a holiday) or made open
 *		(a make-up day).
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

typedef enum DayKind
{
	DAY_REGULAR,
	DAY_CLOSED,
	DAY_OPEN
} DayKind;

#define DAY_KINDS 3

/* Days before the first timestamp and behind the last, in any zone. */
#define FIRST_DAY (DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE - 7)
#define LAST_DAY (TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE + 7)

/* Day 0, 2000-01-01, was a Saturday. */
#define WEEKDAY_OF_DAY_0 5

typedef struct OpenPart
{
	int64		from;			/* microseconds after midnight */
	int64		to;
	int64		before;			/* open time of the day before this part */
} OpenPart;

typedef struct DayPattern
{
	int			count;
	OpenPart   *part;
	int64		total;
} DayPattern;

typedef struct Week
{
	int64		before[7];		/* open time from Monday to the beginning of a day */
	int64		total;
} Week;

typedef struct Run
{
	int64		day;			/* the first */
	DayKind		kind;
	const DayPattern *first;	/* of the first day, which has what the day before leaves it */
	uint64		before;			/* open time before the first day */
	uint64		later;			/* what week_open() lacks to be open time, from the second day on */
} Run;

typedef struct Span
{
	TimestampTz from;
	int64		offset;			/* to be added for local time */
	uint64		before;			/* open time before the span */
} Span;

struct KpiCalendar
{
	pg_tz	   *zone;
	DayPattern	pattern[DAY_KINDS][DAY_KINDS][7];	/* kind of the date before, kind, weekday */
	Week		week[DAY_KINDS];
	Run		   *run;
	int			runs;
	Span	   *span;
	int			spans;
	int			room;
	int			recent;			/* the span asked for last */
	TimestampTz covered;		/* spans are known up to here; PG_INT64_MAX: the last has no end */
};

static inline int
weekday_of(int64 day)
{
	return (int) (day + WEEKDAY_OF_DAY_0 - kpi_floor_div(day + WEEKDAY_OF_DAY_0, 7) * 7);
}

/*
 * Patterns
 */

static const KpiOpening *
openings_of(const KpiBusinessHours *hours, DayKind kind, int weekday, int *count)
{
	*count = 0;
	if (kind == DAY_CLOSED)
		return NULL;
	if (kind == DAY_OPEN && hours->count[weekday] == 0)
		return kpi_make_up_openings(hours, count);
	return kpi_day_openings(hours, weekday, count);
}

static void
add_part(DayPattern *pattern, int64 from, int64 to)
{
	OpenPart   *part = &pattern->part[pattern->count++];

	part->from = from;
	part->to = to;
	part->before = pattern->total;
	pattern->total += to - from;
}

static void
make_pattern(DayPattern *pattern, const KpiBusinessHours *hours, DayKind kind_before, DayKind kind, int weekday)
{
	int			n;
	int			m;
	const KpiOpening *before = openings_of(hours, kind_before, (weekday + 6) % 7, &n);
	const KpiOpening *list = openings_of(hours, kind, weekday, &m);
	int32		end = 0;

	pattern->part = palloc((m + 1) * sizeof(OpenPart));
	/* only the last opening of a day can run over midnight */
	if (n > 0 && before[n - 1].to > KPI_DAY_SECONDS)
	{
		end = before[n - 1].to - KPI_DAY_SECONDS;
		add_part(pattern, 0, end * USECS_PER_SEC);
	}
	/* the hours of a make-up day may overlap those of the dates beside it: open once is open */
	for (int i = 0; i < m; i++)
	{
		int32		from = Max(list[i].from, end);
		int32		to = Min(list[i].to, KPI_DAY_SECONDS);

		if (from < to)
			add_part(pattern, from * USECS_PER_SEC, to * USECS_PER_SEC);
	}
}

/* Open time of the day before a time of day. */
static inline int64
pattern_open(const DayPattern *pattern, int64 at)
{
	for (int i = 0; i < pattern->count; i++)
	{
		const OpenPart *part = &pattern->part[i];

		if (at < part->to)
			return at <= part->from ? part->before : part->before + (at - part->from);
	}
	return pattern->total;
}

/* The first time of day by which the day has been open so long, 0 < open <= total. */
static int64
pattern_find(const DayPattern *pattern, int64 open)
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
week_open(const Week *week, int64 day, int weekday)
{
	return (uint64) kpi_floor_div(day + WEEKDAY_OF_DAY_0, 7) * (uint64) week->total + (uint64) week->before[weekday];
}

static inline const Run *
find_run(const KpiCalendar *calendar, int64 day)
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
local_open(const KpiCalendar *calendar, int64 local)
{
	int64		day = kpi_floor_div(local, USECS_PER_DAY);
	int64		at = local - day * USECS_PER_DAY;
	int			weekday = weekday_of(day);
	const Run  *run = find_run(calendar, day);

	if (day == run->day)
		return run->before + pattern_open(run->first, at);
	return run->later + week_open(&calendar->week[run->kind], day, weekday) +
		pattern_open(&calendar->pattern[run->kind][run->kind][weekday], at);
}

/* The first local time with F = open, which is not 0; false if there is none. */
static bool
local_find(const KpiCalendar *calendar, uint64 open, int64 *local)
{
	int			low = 0;
	int			high = calendar->runs;
	const Run  *run;
	const Week *week;
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
		*local = run->day * USECS_PER_DAY + pattern_find(run->first, open - run->before);
		return true;
	}
	week = &calendar->week[run->kind];
	if (week->total == 0)
		return false;
	/* 0 < rest - weeks * week->total <= week->total */
	rest = (int64) (open - run->later);
	weeks = kpi_floor_div(rest - 1, week->total);
	rest -= weeks * week->total;
	while (week->before[weekday] >= rest)
		weekday--;
	day = weeks * 7 + weekday - WEEKDAY_OF_DAY_0;
	if (day > LAST_DAY)
		return false;
	*local = day * USECS_PER_DAY +
		pattern_find(&calendar->pattern[run->kind][run->kind][weekday], rest - week->before[weekday]);
	return true;
}

static int
compare_int64(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return (x > y) - (x < y);
}

/* Does the list hold the day?  *at moves on with ascending days. */
static bool
holds(const KpiDays *days, int n, int *at, int64 day)
{
	while (*at < n && days[*at].to <= day)
		(*at)++;
	return *at < n && days[*at].from <= day;
}

static void
add_run(KpiCalendar *calendar, int64 day, DayKind kind)
{
	Run		   *run = &calendar->run[calendar->runs];
	DayKind		before = kind;

	run->before = 0;
	if (calendar->runs > 0)
	{
		if (run[-1].kind == kind)
			return;
		before = run[-1].kind;
		run->before = local_open(calendar, day * USECS_PER_DAY);
	}
	run->day = day;
	run->kind = kind;
	run->first = &calendar->pattern[before][kind][weekday_of(day)];
	run->later = run->before + run->first->total -
		week_open(&calendar->week[kind], day + 1, weekday_of(day + 1));
	calendar->runs++;
}

static void
make_runs(KpiCalendar *calendar, const KpiDays *holidays, int n_holidays, const KpiDays *workdays, int n_workdays)
{
	int64	   *bound = palloc((2 * (n_holidays + n_workdays) + 1) * sizeof(int64));
	int			bounds = 0;
	int			holiday = 0;
	int			workday = 0;

	bound[bounds++] = FIRST_DAY;
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
	qsort(bound, bounds, sizeof(int64), compare_int64);
	calendar->run = palloc(bounds * sizeof(Run));
	for (int i = 0; i < bounds; i++)
	{
		int64		day = bound[i];

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (day < FIRST_DAY || day > LAST_DAY || (i > 0 && day == bound[i - 1]))
			continue;
		add_run(calendar, day,
				holds(workdays, n_workdays, &workday, day) ? DAY_OPEN :
				holds(holidays, n_holidays, &holiday, day) ? DAY_CLOSED : DAY_REGULAR);
	}
	pfree(bound);
}

KpiCalendar *
kpi_calendar_new(const KpiBusinessHours *hours, const KpiDays *holidays, int n_holidays,
				 const KpiDays *workdays, int n_workdays)
{
	KpiCalendar *calendar = palloc0(sizeof(KpiCalendar));

	calendar->zone = kpi_business_zone(hours);
	for (DayKind before = 0; before < DAY_KINDS; before++)
		for (DayKind kind = 0; kind < DAY_KINDS; kind++)
			for (int weekday = 0; weekday < 7; weekday++)
				make_pattern(&calendar->pattern[before][kind][weekday], hours, before, kind, weekday);
	for (DayKind kind = 0; kind < DAY_KINDS; kind++)
		for (int weekday = 0; weekday < 7; weekday++)
		{
			calendar->week[kind].before[weekday] = calendar->week[kind].total;
			calendar->week[kind].total += calendar->pattern[kind][kind][weekday].total;
		}
	make_runs(calendar, holidays, n_holidays, workdays, n_workdays);
	return calendar;
}

/*
 * Spans of one offset
 */

/* H at a moment of the span. */
static inline uint64
span_open(const KpiCalendar *calendar, const Span *span, TimestampTz at)
{
	return span->before + (local_open(calendar, at + span->offset) -
						   local_open(calendar, span->from + span->offset));
}

/* One span more; changes of the zone that leave the offset as it is add none. */
static void
add_span(KpiCalendar *calendar)
{
	TimestampTz from = calendar->covered;
	TimestampTz change;
	int64		offset = kpi_zone_offset(calendar->zone, from, &change);
	Span	   *last = calendar->spans > 0 ? &calendar->span[calendar->spans - 1] : NULL;

	if (last == NULL || last->offset != offset)
	{
		uint64		before = last ? span_open(calendar, last, from) : 0;

		if (calendar->spans == calendar->room)
		{
			calendar->span = calendar->room == 0 ? MemoryContextAlloc(GetMemoryChunkContext(calendar), 64 * sizeof(Span)) :
				repalloc_huge(calendar->span, (Size) calendar->room * 2 * sizeof(Span));
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
#define LEAD_IN (INT64CONST(10) * 366 * USECS_PER_DAY)

static void
cover(KpiCalendar *calendar, TimestampTz from, TimestampTz to)
{
	if (unlikely(calendar->spans == 0 || from < calendar->span[0].from))
	{
		calendar->spans = 0;
		calendar->recent = 0;
		calendar->covered = from > MIN_TIMESTAMP + LEAD_IN ? from - LEAD_IN : MIN_TIMESTAMP;
		add_span(calendar);
	}
	while (unlikely(calendar->covered <= to && calendar->covered != PG_INT64_MAX))
		add_span(calendar);
}

static inline const Span *
find_span(KpiCalendar *calendar, TimestampTz at)
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

int64
kpi_calendar_open(KpiCalendar *calendar, TimestampTz from, TimestampTz to)
{
	const Span *first;
	const Span *last;

	if (to < from)
		return -kpi_calendar_open(calendar, to, from);
	cover(calendar, from, to);
	first = find_span(calendar, from);
	last = find_span(calendar, to);
	if (first == last)
		return (int64) (local_open(calendar, to + first->offset) - local_open(calendar, from + first->offset));
	return (int64) (span_open(calendar, last, to) - span_open(calendar, first, from));
}

bool
kpi_calendar_is_open(KpiCalendar *calendar, TimestampTz at)
{
	const Span *span;

	cover(calendar, at, at);
	span = find_span(calendar, at);
	return local_open(calendar, at + span->offset + 1) != local_open(calendar, at + span->offset);
}

static void
never_open(TimestampTz at, int64 open)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("there are no %g seconds of open time %s %s",
					fabs((double) open / USECS_PER_SEC), open < 0 ? "before" : "after", timestamptz_to_str(at)),
			 errhint("Look for holidays without an end.")));
}

/* Know spans back to a moment with that much open time before another. */
static void
cover_back(KpiCalendar *calendar, TimestampTz at, int64 open)
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
			never_open(at, -open);
		step = step > PG_INT64_MAX / 2 ? PG_INT64_MAX : step * 2;
	}
}

/* Know spans up to the one in which H reaches the target, if any does. */
static void
cover_until(KpiCalendar *calendar, uint64 target)
{
	while (calendar->covered != PG_INT64_MAX &&
		   span_open(calendar, &calendar->span[calendar->spans - 1], calendar->covered) < target)
		add_span(calendar);
}

TimestampTz
kpi_calendar_add(KpiCalendar *calendar, TimestampTz at, int64 open)
{
	uint64		target;
	int			low = 0;
	int			high;
	const Span *span;
	int64		local;
	TimestampTz found;

	if (open == 0)
		return at;
	/* open time is not faster than time */
	if (open == PG_INT64_MIN || (open > 0 ? at >= END_TIMESTAMP - open : at < MIN_TIMESTAMP - open))
		never_open(at, open);

	if (open < 0)
		cover_back(calendar, at, -open);
	else
		cover(calendar, at, at);
	target = span_open(calendar, find_span(calendar, at), at) + (uint64) open;
	/* the last moment with that much open time after it is the one before the first with less */
	if (open < 0)
		target++;
	cover_until(calendar, target);

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
	if (!local_find(calendar, target - span->before + local_open(calendar, span->from + span->offset), &local))
		never_open(at, open);
	found = local - span->offset - (open < 0);
	if (!IS_VALID_TIMESTAMP(found))
		never_open(at, open);
	return found;
}

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
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("timestamp out of range")));
}

Timestamp
kpi_calendar_local(KpiCalendar *calendar, TimestampTz at)
{
	cover(calendar, at, at);
	return at + find_span(calendar, at)->offset;
}
