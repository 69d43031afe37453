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
#include "utils/typcache.h"

#define KEYS 3					/* hours, holidays, workdays */
#define CACHED_CALENDARS 16

/* Ranges of dates, of holidays and of make-up days: more than a calendar of 2,000 years has. */
#define MAX_RANGES 1000000

typedef struct CachedCalendar
{
	MemoryContext context;
	Size		length[KEYS];
	char	   *key[KEYS];
	KpiCalendar *calendar;
} CachedCalendar;

typedef struct CalendarCache
{
	int			count;
	int			recent;
	int			replaced;
	CachedCalendar *entry[CACHED_CALENDARS];
} CalendarCache;

static KpiDays *
read_dates(Datum argument, const char *what, int *n)
{
	MultirangeType *dates = DatumGetMultirangeTypeP(argument);
	TypeCacheEntry *type = lookup_type_cache(MultirangeTypeGetOid(dates), TYPECACHE_MULTIRANGE_INFO);
	RangeType **ranges;
	int32		count;
	KpiDays    *days;

	multirange_deserialize(type->rngtype, dates, &count, &ranges);
	if (count > MAX_RANGES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s are %d ranges of dates, more than %d", what, count, MAX_RANGES),
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

static KpiCalendar *
make_calendar(FunctionCallInfo fcinfo, int first)
{
	int			n_holidays;
	int			n_workdays;
	KpiDays    *holidays = read_dates(PG_GETARG_DATUM(first + 1), "holidays", &n_holidays);
	KpiDays    *workdays = read_dates(PG_GETARG_DATUM(first + 2), "workdays", &n_workdays);

	return kpi_calendar_new(PG_GETARG_BUSINESS_HOURS(first), holidays, n_holidays, workdays, n_workdays);
}

static bool
is_of(const CachedCalendar *entry, struct varlena **argument)
{
	for (int i = 0; i < KEYS; i++)
		if (entry->length[i] != VARSIZE_ANY_EXHDR(argument[i]) ||
			memcmp(entry->key[i], VARDATA_ANY(argument[i]), entry->length[i]) != 0)
			return false;
	return true;
}

static CachedCalendar *
new_entry(FunctionCallInfo fcinfo, int first, struct varlena **argument)
{
	MemoryContext context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "kpi calendar", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	CachedCalendar *entry = palloc(sizeof(CachedCalendar));

	entry->context = context;
	for (int i = 0; i < KEYS; i++)
	{
		entry->length[i] = VARSIZE_ANY_EXHDR(argument[i]);
		entry->key[i] = palloc(Max(entry->length[i], 1));
		memcpy(entry->key[i], VARDATA_ANY(argument[i]), entry->length[i]);
	}
	entry->calendar = make_calendar(fcinfo, first);
	MemoryContextSwitchTo(caller);
	return entry;
}

/* The calendar of the arguments from the given one on: hours, holidays, workdays. */
static KpiCalendar *
calendar_argument(FunctionCallInfo fcinfo, int first)
{
	CalendarCache *cache;
	CachedCalendar *entry;
	struct varlena *argument[KEYS];
	int			place;

	if (fcinfo->flinfo == NULL)
		return make_calendar(fcinfo, first);
	cache = fcinfo->flinfo->fn_extra;
	if (cache == NULL)
		cache = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CalendarCache));
	for (int i = 0; i < KEYS; i++)
		argument[i] = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(first + i));

	if (cache->count > 0 && is_of(cache->entry[cache->recent], argument))
		return cache->entry[cache->recent]->calendar;
	for (int i = 0; i < cache->count; i++)
		if (is_of(cache->entry[i], argument))
		{
			cache->recent = i;
			return cache->entry[i]->calendar;
		}

	entry = new_entry(fcinfo, first, argument);
	if (cache->count < CACHED_CALENDARS)
		place = cache->count++;
	else
	{
		place = cache->replaced = (cache->replaced + 1) % CACHED_CALENDARS;
		MemoryContextDelete(cache->entry[place]->context);
	}
	cache->entry[place] = entry;
	cache->recent = place;
	return entry->calendar;
}

static TimestampTz
finite_argument(FunctionCallInfo fcinfo, int argument)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(argument);

	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("business time needs finite timestamps, not %s", TIMESTAMP_IS_NOBEGIN(at) ? "-infinity" : "infinity"),
				 errhint("Leave such rows out, or take NULL for what has not ended.")));
	return at;
}

/* A moment, given as one or as the local time of the business. */
static TimestampTz
moment_argument(FunctionCallInfo fcinfo, int argument, const KpiCalendar *calendar, bool local)
{
	TimestampTz at = finite_argument(fcinfo, argument);

	return local ? kpi_calendar_moment(calendar, at) : at;
}

static int64
open_between(FunctionCallInfo fcinfo, bool local)
{
	KpiCalendar *calendar = calendar_argument(fcinfo, 2);
	TimestampTz started = moment_argument(fcinfo, 0, calendar, local);
	TimestampTz ended = moment_argument(fcinfo, 1, calendar, local);
	int64		elapsed;

	if (pg_sub_s64_overflow(ended, started, &elapsed))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("interval out of range")));
	return kpi_calendar_open(calendar, started, ended);
}

static Datum
add_open(FunctionCallInfo fcinfo, bool local)
{
	const Interval *time = PG_GETARG_INTERVAL_P(1);
	KpiCalendar *calendar = calendar_argument(fcinfo, 2);
	TimestampTz at = moment_argument(fcinfo, 0, calendar, local);

	if (KPI_INTERVAL_NOT_FINITE(time))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("business time must be finite")));
	if (time->month != 0 || time->day != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("business time has hours and minutes, not days or months"),
				 errhint("A day is not one length of open time: write the hours, such as 8 hours.")));
	at = kpi_calendar_add(calendar, at, time->time);
	PG_RETURN_TIMESTAMPTZ(local ? kpi_calendar_local(calendar, at) : at);
}

#define BUSINESS_TIME(type, local) \
	PG_FUNCTION_INFO_V1(kpi_business_time_##type); \
	Datum kpi_business_time_##type(PG_FUNCTION_ARGS) \
	{ \
		Interval   *time = palloc0(sizeof(Interval)); \
		time->time = open_between(fcinfo, local); \
		PG_RETURN_INTERVAL_P(time); \
	} \
	PG_FUNCTION_INFO_V1(kpi_business_seconds_##type); \
	Datum kpi_business_seconds_##type(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_FLOAT8((double) open_between(fcinfo, local) / USECS_PER_SEC); \
	} \
	PG_FUNCTION_INFO_V1(kpi_add_business_time_##type); \
	Datum kpi_add_business_time_##type(PG_FUNCTION_ARGS) \
	{ \
		return add_open(fcinfo, local); \
	} \
	PG_FUNCTION_INFO_V1(kpi_is_business_time_##type); \
	Datum kpi_is_business_time_##type(PG_FUNCTION_ARGS) \
	{ \
		KpiCalendar *calendar = calendar_argument(fcinfo, 1); \
		PG_RETURN_BOOL(kpi_calendar_is_open(calendar, moment_argument(fcinfo, 0, calendar, local))); \
	}

BUSINESS_TIME(timestamptz, false)
BUSINESS_TIME(timestamp, true)
