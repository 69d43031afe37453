/*
 * business_time.c
 *		Time in business hours between two moments, and the moment after so much
 *		of it.
 *
 *		The sums that calendar.c makes of hours, holidays and make-up days are kept
 *		for the calls that follow with the same ones, for several calendars, since
 *		rows of several branches often come mixed.
 */
#include "calendar/calendar.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/multirangetypes.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#define BUSINESS_CALENDAR_KEYS 3			/* hours, holidays, workdays */
#define BUSINESS_CACHED_CALENDARS 16

/* Ranges of dates, of holidays and of make-up days: more than a calendar of 2,000 years has. */
#define BUSINESS_MAX_RANGES 1000000

typedef struct BusinessCalendar
{
	MemoryContext context;
	Size		length[BUSINESS_CALENDAR_KEYS];
	char	   *key[BUSINESS_CALENDAR_KEYS];
	KpiCalendar *calendar;
} BusinessCalendar;

typedef struct BusinessCache
{
	int			count;
	int			recent;
	int			replaced;
	BusinessCalendar *entry[BUSINESS_CACHED_CALENDARS];
} BusinessCache;

/*
 * business_read_dates() -
 *
 *	The days of a datemultirange, in order, in the current memory context; *n
 *	becomes how many ranges of them.  54000 for too many; `what` is their name in
 *	the message.
 */
static KpiDays *
business_read_dates(Datum argument, const char *what, int *n)
{
	MultirangeType *dates = DatumGetMultirangeTypeP(argument);
	TypeCacheEntry *type = lookup_type_cache(MultirangeTypeGetOid(dates), TYPECACHE_MULTIRANGE_INFO);
	RangeType **ranges;
	int32		count;
	KpiDays    *days;

	multirange_deserialize(type->rngtype, dates, &count, &ranges);
	if (count > BUSINESS_MAX_RANGES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s are %d ranges of dates, more than %d", what, count, BUSINESS_MAX_RANGES),
				 errhint("Leave out the years that are not asked for.")));
	days = palloc(Max(count, 1) * sizeof(KpiDays));
	*n = 0;
	for (int32 i = 0; i < count; i++)
	{
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		*n += kpi_days_of_range(type->rngtype, ranges[i], &days[*n]);
	}
	return days;
}

/*
 * business_make_calendar() -
 *
 *	The calendar of the arguments from `first` on, hours, holidays and workdays, in
 *	the current memory context.  22023 for a zone that this server does not know,
 *	54000 as business_read_dates().
 */
static KpiCalendar *
business_make_calendar(FunctionCallInfo fcinfo, int first)
{
	int			n_holidays;
	int			n_workdays;
	KpiDays    *holidays = business_read_dates(PG_GETARG_DATUM(first + 1), "holidays", &n_holidays);
	KpiDays    *workdays = business_read_dates(PG_GETARG_DATUM(first + 2), "workdays", &n_workdays);

	return kpi_calendar_new(PG_GETARG_BUSINESS_HOURS(first), holidays, n_holidays, workdays, n_workdays);
}

/* Was a calendar made of these arguments? */
static bool
business_calendar_is_of(const BusinessCalendar *entry, struct varlena **argument)
{
	for (int i = 0; i < BUSINESS_CALENDAR_KEYS; i++)
		if (entry->length[i] != VARSIZE_ANY_EXHDR(argument[i]) ||
			memcmp(entry->key[i], VARDATA_ANY(argument[i]), entry->length[i]) != 0)
			return false;
	return true;
}

/* Make a calendar for the cache, in a context of its own that lives as long as the function's. */
static BusinessCalendar *
business_new_entry(FunctionCallInfo fcinfo, int first, struct varlena **argument)
{
	MemoryContext context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "kpi calendar", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	BusinessCalendar *entry = palloc(sizeof(BusinessCalendar));

	entry->context = context;
	for (int i = 0; i < BUSINESS_CALENDAR_KEYS; i++)
	{
		entry->length[i] = VARSIZE_ANY_EXHDR(argument[i]);
		entry->key[i] = palloc(Max(entry->length[i], 1));
		memcpy(entry->key[i], VARDATA_ANY(argument[i]), entry->length[i]);
	}
	entry->calendar = business_make_calendar(fcinfo, first);
	MemoryContextSwitchTo(caller);
	return entry;
}

/*
 * business_calendar() -
 *
 *	The calendar of the arguments from `first` on: hours, holidays, workdays.  It is
 *	kept with the function for the calls to come, until BUSINESS_CACHED_CALENDARS others have
 *	been asked for.  Errors are those of business_make_calendar().
 */
static KpiCalendar *
business_calendar(FunctionCallInfo fcinfo, int first)
{
	BusinessCache *cache;
	BusinessCalendar *entry;
	struct varlena *argument[BUSINESS_CALENDAR_KEYS];
	int			place;

	if (fcinfo->flinfo == NULL)
		return business_make_calendar(fcinfo, first);
	cache = fcinfo->flinfo->fn_extra;
	if (cache == NULL)
		cache = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(BusinessCache));
	for (int i = 0; i < BUSINESS_CALENDAR_KEYS; i++)
		argument[i] = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(first + i));

	if (cache->count > 0 && business_calendar_is_of(cache->entry[cache->recent], argument))
		return cache->entry[cache->recent]->calendar;
	for (int i = 0; i < cache->count; i++)
		if (business_calendar_is_of(cache->entry[i], argument))
		{
			cache->recent = i;
			return cache->entry[i]->calendar;
		}

	entry = business_new_entry(fcinfo, first, argument);
	if (cache->count < BUSINESS_CACHED_CALENDARS)
		place = cache->count++;
	else
	{
		place = cache->replaced = (cache->replaced + 1) % BUSINESS_CACHED_CALENDARS;
		MemoryContextDelete(cache->entry[place]->context);
	}
	cache->entry[place] = entry;
	cache->recent = place;
	return entry->calendar;
}

/* The timestamp in an argument.  22023 for infinity. */
static TimestampTz
business_finite_argument(FunctionCallInfo fcinfo, int argument)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(argument);

	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("business time needs finite timestamps, not %s", TIMESTAMP_IS_NOBEGIN(at) ? "-infinity" : "infinity"),
				 errhint("Leave such rows out, or take NULL for what has not ended.")));
	return at;
}

/*
 * business_moment_argument() -
 *
 *	The moment in an argument, given as one or, in a timestamp, as the local time of
 *	the business.  22023 for infinity, 22008 where the local time is no timestamptz.
 */
static TimestampTz
business_moment_argument(FunctionCallInfo fcinfo, int argument, const KpiCalendar *calendar, KpiAt at_type)
{
	TimestampTz at = business_finite_argument(fcinfo, argument);

	return at_type == KPI_AT_TIMESTAMP ? kpi_calendar_moment(calendar, at) : at;
}

/*
 * business_open_between() -
 *
 *	Microseconds of open time between the moments in arguments 0 and 1; negative
 *	where they are the wrong way round.  Errors are those of
 *	business_moment_argument(); 22008 where the moments lie too far apart.
 */
static int64
business_open_between(FunctionCallInfo fcinfo, KpiAt at_type)
{
	KpiCalendar *calendar = business_calendar(fcinfo, 2);
	TimestampTz started = business_moment_argument(fcinfo, 0, calendar, at_type);
	TimestampTz ended = business_moment_argument(fcinfo, 1, calendar, at_type);
	int64		elapsed;

	if (pg_sub_s64_overflow(ended, started, &elapsed))
		kpi_time_out_of_range("interval", NULL);
	return kpi_calendar_open(calendar, started, ended);
}

/* A range of moments. */
typedef struct BusinessSpan
{
	TimestampTz from;
	TimestampTz to;
} BusinessSpan;

/*
 * business_spans_argument() -
 *
 *	The ranges of a multirange of moments, or of local times of the business,
 *	in order, in the current memory context; *n becomes how many.  A range without an
 *	end has DT_NOEND, one without a beginning DT_NOBEGIN.  22008 where a local time is
 *	no timestamptz.
 */
static BusinessSpan *
business_spans_argument(FunctionCallInfo fcinfo, int argument, const KpiCalendar *calendar, KpiAt at_type, int *n)
{
	MultirangeType *spans = PG_GETARG_MULTIRANGE_P(argument);
	TypeCacheEntry *type = lookup_type_cache(MultirangeTypeGetOid(spans), TYPECACHE_MULTIRANGE_INFO);
	RangeType **ranges;
	int32		count;
	BusinessSpan *span;

	multirange_deserialize(type->rngtype, spans, &count, &ranges);
	span = palloc(Max(count, 1) * sizeof(BusinessSpan));
	for (int32 i = 0; i < count; i++)
	{
		RangeBound	lower;
		RangeBound	upper;
		bool		empty;

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		range_deserialize(type->rngtype, ranges[i], &lower, &upper, &empty);
		span[i].from = lower.infinite ? DT_NOBEGIN : DatumGetTimestampTz(lower.val);
		span[i].to = upper.infinite ? DT_NOEND : DatumGetTimestampTz(upper.val);
		if (at_type == KPI_AT_TIMESTAMP && !TIMESTAMP_NOT_FINITE(span[i].from))
			span[i].from = kpi_calendar_moment(calendar, span[i].from);
		if (at_type == KPI_AT_TIMESTAMP && !TIMESTAMP_NOT_FINITE(span[i].to))
			span[i].to = kpi_calendar_moment(calendar, span[i].to);
	}
	*n = count;
	return span;
}

/* The sum of two open times.  22008 where an interval cannot hold it. */
static int64
business_add_open(int64 a, int64 b)
{
	int64		sum;

	if (b < 0 || pg_add_s64_overflow(a, b, &sum))
		kpi_time_out_of_range("interval", NULL);
	return sum;
}

/*
 * business_open_in() -
 *
 *	Microseconds of open time in the multirange in argument 0.  22023 where a range has
 *	no beginning or no end, 22008 as business_spans_argument() and business_add_open().
 */
static int64
business_open_in(FunctionCallInfo fcinfo, KpiAt at_type)
{
	KpiCalendar *calendar = business_calendar(fcinfo, 1);
	int			n;
	BusinessSpan *span = business_spans_argument(fcinfo, 0, calendar, at_type, &n);
	int64		open = 0;

	for (int i = 0; i < n; i++)
	{
		if (TIMESTAMP_NOT_FINITE(span[i].from) || TIMESTAMP_NOT_FINITE(span[i].to))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("business time needs ranges with a beginning and an end"),
					 errhint("Leave such rows out, or cut them to what is known: spans * tstzmultirange(tstzrange(NULL, now())).")));
		open = business_add_open(open, kpi_calendar_open(calendar, span[i].from, span[i].to));
	}
	return open;
}

/*
 * business_add_around() -
 *
 *	The moment that lies so much open time after another, what lies in the pauses not
 *	counted.  22008 where there is none.
 */
static TimestampTz
business_add_around(KpiCalendar *calendar, TimestampTz at, int64 open, const BusinessSpan *pause, int pauses)
{
	TimestampTz due = kpi_calendar_add(calendar, at, open);

	for (int i = 0; i < pauses && pause[i].from < due; i++)
	{
		TimestampTz from = Max(pause[i].from, at);

		if (pause[i].to <= at)
			continue;
		if (TIMESTAMP_IS_NOEND(pause[i].to))
			ereport(ERROR,
					(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					 errmsg("there is no due time: the pause from %s has no end", timestamptz_to_str(from)),
					 errhint("While it lasts, only the time that is left is known: business_time() of what is over.")));
		open = business_add_open(open, kpi_calendar_open(calendar, from, pause[i].to));
		due = kpi_calendar_add(calendar, at, open);
	}
	return due;
}

/*
 * business_add() -
 *
 *	The moment that lies so much open time, argument 1, after the one in argument 0;
 *	without that in the pauses in argument 5, if there is one.  Errors are those of
 *	business_moment_argument(); 22023 for time in days or months, and for negative time
 *	with pauses, 22008 where there is no such moment.
 */
static Datum
business_add(FunctionCallInfo fcinfo, KpiAt at_type)
{
	const Interval *time = PG_GETARG_INTERVAL_P(1);
	KpiCalendar *calendar = business_calendar(fcinfo, 2);
	TimestampTz at = business_moment_argument(fcinfo, 0, calendar, at_type);

	if (KPI_INTERVAL_NOT_FINITE(time))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("business time must be finite")));
	if (time->month != 0 || time->day != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("business time has hours and minutes, not days or months"),
				 errhint("A day is not one length of open time: write the hours, such as 8 hours, or count working days with add_business_days().")));
	if (PG_NARGS() > 5)
	{
		int			pauses;
		BusinessSpan *pause = business_spans_argument(fcinfo, 5, calendar, at_type, &pauses);

		if (time->time < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("business time with pauses is not negative")));
		at = business_add_around(calendar, at, time->time, pause, pauses);
	}
	else
		at = kpi_calendar_add(calendar, at, time->time);
	PG_RETURN_TIMESTAMPTZ(at_type == KPI_AT_TIMESTAMP ? kpi_calendar_local(calendar, at) : at);
}

/*
 * business_add_days() -
 *
 *	The moment so many open dates, argument 1, after the one in argument 0.  22023 for
 *	a negative number and for infinity, 22008 where there is no such moment.
 */
static Datum
business_add_days(FunctionCallInfo fcinfo, KpiAt at_type)
{
	int			days = PG_GETARG_INT32(1);
	KpiCalendar *calendar = business_calendar(fcinfo, 2);
	Timestamp	at = business_finite_argument(fcinfo, 0);

	if (days < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("working days are not negative: %d", days)));
	at = kpi_calendar_add_days(calendar, at_type == KPI_AT_TIMESTAMP ? at : kpi_calendar_local(calendar, at), days);
	if (at_type == KPI_AT_TIMESTAMPTZ)
		PG_RETURN_TIMESTAMPTZ(kpi_calendar_moment(calendar, at));
	if (!IS_VALID_TIMESTAMP(at))
		kpi_time_out_of_range("timestamp", NULL);
	PG_RETURN_TIMESTAMP(at);
}

/*
 * kpi_business_days() - business_days(from_day, to_day, hours, holidays, workdays)
 *
 *	How many dates from one on and before another are open; negative where they are the
 *	wrong way round.  22023 for infinity.
 */
PG_FUNCTION_INFO_V1(kpi_business_days);
Datum
kpi_business_days(PG_FUNCTION_ARGS)
{
	DateADT		from = PG_GETARG_DATEADT(0);
	DateADT		to = PG_GETARG_DATEADT(1);
	KpiCalendar *calendar = business_calendar(fcinfo, 2);

	if (DATE_NOT_FINITE(from) || DATE_NOT_FINITE(to))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("working days are counted between finite dates")));
	PG_RETURN_INT32(from <= to ? kpi_calendar_open_days(calendar, from, to) : -kpi_calendar_open_days(calendar, to, from));
}

/* Open time as an interval of hours, and in seconds. */
static Datum
business_interval(int64 open)
{
	Interval   *time = palloc0(sizeof(Interval));

	time->time = open;
	PG_RETURN_INTERVAL_P(time);
}

static Datum
business_in_seconds(int64 open)
{
	PG_RETURN_FLOAT8((double) open / USECS_PER_SEC);
}

/* Is the business open at the moment in argument 0? */
static Datum
business_is_open(FunctionCallInfo fcinfo, KpiAt at_type)
{
	KpiCalendar *calendar = business_calendar(fcinfo, 1);

	PG_RETURN_BOOL(kpi_calendar_is_open(calendar, business_moment_argument(fcinfo, 0, calendar, at_type)));
}

/* Of a timestamptz, and of a timestamp, which is the local time of the business. */
KPI_FUNCTION(kpi_business_time_timestamptz, business_interval(business_open_between(fcinfo, KPI_AT_TIMESTAMPTZ)))
KPI_FUNCTION(kpi_business_time_timestamp, business_interval(business_open_between(fcinfo, KPI_AT_TIMESTAMP)))
KPI_FUNCTION(kpi_business_seconds_timestamptz, business_in_seconds(business_open_between(fcinfo, KPI_AT_TIMESTAMPTZ)))
KPI_FUNCTION(kpi_business_seconds_timestamp, business_in_seconds(business_open_between(fcinfo, KPI_AT_TIMESTAMP)))
KPI_FUNCTION(kpi_add_business_time_timestamptz, business_add(fcinfo, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_add_business_time_timestamp, business_add(fcinfo, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_is_business_time_timestamptz, business_is_open(fcinfo, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_is_business_time_timestamp, business_is_open(fcinfo, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_add_business_days_timestamptz, business_add_days(fcinfo, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_add_business_days_timestamp, business_add_days(fcinfo, KPI_AT_TIMESTAMP))

/* Of a tstzmultirange, and of a tsmultirange of local times. */
KPI_FUNCTION(kpi_business_time_in_tstzmultirange, business_interval(business_open_in(fcinfo, KPI_AT_TIMESTAMPTZ)))
KPI_FUNCTION(kpi_business_time_in_tsmultirange, business_interval(business_open_in(fcinfo, KPI_AT_TIMESTAMP)))
KPI_FUNCTION(kpi_business_seconds_in_tstzmultirange, business_in_seconds(business_open_in(fcinfo, KPI_AT_TIMESTAMPTZ)))
KPI_FUNCTION(kpi_business_seconds_in_tsmultirange, business_in_seconds(business_open_in(fcinfo, KPI_AT_TIMESTAMP)))
