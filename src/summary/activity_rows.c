/*
 * activity_rows.c
 *		What an activity_summary says: numbers, and rows by period.
 *
 *		Periods are ordinals of the summary's unit.  All functions read the packed
 *		set once, customer by customer, and count into arrays with one place a
 *		period, or one a cohort and age.
 *
 *		For a customer active in t1 < t2 < ...: new in t1, retained in ti when
 *		t(i-1) = ti - 1, else resurrected; lost in ti + 1 when t(i+1) is later or
 *		missing.  Active in the period before = retained + lost.
 */
#include "summary/activity.h"

#include "core/server/argument.h"
#include "core/server/rows.h"
#include "core/set/through.h"

#include "miscadmin.h"
#include "utils/builtins.h"

/* The periods shown. */
typedef struct ActivityShown
{
	KpiSet	   *set;
	int64		start;
	int64		end;			/* inclusive */
	int64		complete;		/* the last period that has ended */
} ActivityShown;

/*
 * activity_find_shown() -
 *
 *	The summary in argument 0 and the periods to show: from from_date, without it the
 *	first activity, to the last day that is known (core/set/through.h).  False when there
 *	are none.  The arguments of from_date and as_of are 0 where the function has none.
 *	22023 for infinite ones.
 */
static bool
activity_find_shown(FunctionCallInfo fcinfo, int from_argument, int as_of_argument, ActivityShown *shown)
{
	KpiKnown	known;
	uint64		first;
	uint64		last;

	if (PG_ARGISNULL(0))
		return false;
	shown->set = kpi_set_get(PG_GETARG_DATUM(0), &kpi_activity_type);
	if (!kpi_set_span(&kpi_activity_type, shown->set, &first, &last))
		return false;
	if (!kpi_known_by_day(fcinfo, as_of_argument, &kpi_activity_type, shown->set, &known))
		known = kpi_known_by_data(kpi_period_of_time(last));
	shown->end = known.end;
	shown->complete = known.complete;
	shown->start = kpi_period_of_time(first);
	if (from_argument > 0 && !PG_ARGISNULL(from_argument))
		shown->start = kpi_period_of_day(shown->set->unit, kpi_limit_date(fcinfo, from_argument, "from_date"));
	return shown->start <= shown->end;
}

/* How many periods are shown; 54000 for too many. */
static int64
activity_count_periods(const ActivityShown *shown)
{
	int64		n = shown->end - shown->start + 1;

	kpi_check_rows(shown->set->unit, shown->start, shown->end, n);
	return n;
}

/* part / whole, and whether it is NULL, as it is where the whole is 0. */
static inline Datum
activity_share(int64 part, int64 whole, bool *null)
{
	*null = whole == 0;
	return Float8GetDatum(whole == 0 ? 0 : (double) part / (double) whole);
}

/*
 * active_customers(s), active_customers(s, during)
 */

/* Number of customers, of any period. */
PG_FUNCTION_INFO_V1(kpi_active_customers);
Datum
kpi_active_customers(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(kpi_set_get(PG_GETARG_DATUM(0), &kpi_activity_type)->sorted);
}

/* The period that begins with a bound; 22023 where none does. */
static int64
activity_period_of_bound(const KpiSet *set, int64 day)
{
	int64		period;

	if (day == PG_INT64_MIN || day == PG_INT64_MAX)
		return day;
	period = kpi_period_of_day(set->unit, (DateADT) day);
	if (kpi_period_start(set->unit, (int32) period) != day)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is not the first day of a period of the unit \"%s\"",
						DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum((DateADT) day))), kpi_set_unit_name(set)),
				 errhint("Bounds of a range lie between periods; kpi_period(date, unit) gives the first day.")));
	return period;
}

/*
 * kpi_active_customers_during() - active_customers(s, during)
 *
 *	The number of customers who were active in a period of the range; 0 for a range
 *	that is empty and for the empty summary.  22023 where a bound is not the first day
 *	of a period of the summary's unit.
 */
PG_FUNCTION_INFO_V1(kpi_active_customers_during);
Datum
kpi_active_customers_during(PG_FUNCTION_ARGS)
{
	KpiSet	   *set = kpi_set_get(PG_GETARG_DATUM(0), &kpi_activity_type);
	KpiDays		days;
	int64		from;
	int64		to;
	int64		n = 0;
	KpiSetReader reader;

	if (!kpi_days(fcinfo, 1, &days) || set->key_type == KPI_KEY_NONE)
		PG_RETURN_INT64(0);
	from = activity_period_of_bound(set, days.from);
	to = activity_period_of_bound(set, days.to);
	kpi_set_reader(&reader, &kpi_activity_type, set);
	while (kpi_set_next(&reader))
	{
		for (int64 i = 0; i < reader.n; i++)
		{
			int64		period = kpi_period_of_time(reader.time[i]);

			if (period >= from)
			{
				n += period < to;
				break;
			}
		}
	}
	PG_RETURN_INT64(n);
}

typedef struct ActivityLifecycle
{
	int64		new;
	int64		retained;
	int64		resurrected;
	int64		lost;
} ActivityLifecycle;

/* The row of a period; NULL when it is not shown. */
static inline ActivityLifecycle *
activity_lifecycle_of(ActivityLifecycle *rows, const ActivityShown *shown, int64 period)
{
	return period < shown->start || period > shown->end ? NULL : &rows[period - shown->start];
}

/* Count the customer that was read into the rows of its periods, and of those that follow one where it was active. */
static void
activity_count_lifecycle(const ActivityShown *shown, const KpiSetReader *reader, ActivityLifecycle *rows)
{
	int64		before = 0;

	for (int64 i = 0; i < reader->n; i++)
	{
		int64		period = kpi_period_of_time(reader->time[i]);
		ActivityLifecycle *row;

		if (i > 0 && before + 1 < period &&
			(row = activity_lifecycle_of(rows, shown, before + 1)) != NULL)
			row->lost++;
		if ((row = activity_lifecycle_of(rows, shown, period)) != NULL)
		{
			if (i == 0)
				row->new++;
			else if (before + 1 == period)
				row->retained++;
			else
				row->resurrected++;
		}
		before = period;
		if (i + 1 == reader->n && (row = activity_lifecycle_of(rows, shown, period + 1)) != NULL)
			row->lost++;
	}
}

/*
 * kpi_lifecycle() -
 *
 *	lifecycle(s, from_date, as_of): a row a period.  Losses and rates of a period that
 *	is not complete are NULL, as are rates where nobody was active before.  22023 for
 *	infinite dates, 54000 for too many rows.
 */
PG_FUNCTION_INFO_V1(kpi_lifecycle);
Datum
kpi_lifecycle(PG_FUNCTION_ARGS)
{
	ActivityShown shown;
	ActivityLifecycle *rows;
	KpiSetReader reader;
	int64		n;

	kpi_rows_begin(fcinfo);
	if (!activity_find_shown(fcinfo, 1, 2, &shown))
		return (Datum) 0;
	n = activity_count_periods(&shown);
	rows = palloc0(n * sizeof(ActivityLifecycle));
	kpi_set_reader(&reader, &kpi_activity_type, shown.set);
	while (kpi_set_next(&reader))
		activity_count_lifecycle(&shown, &reader, rows);
	for (int64 i = 0; i < n; i++)
	{
		ActivityLifecycle *row = &rows[i];
		bool		complete = shown.start + i <= shown.complete;
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) palloc0() does not return NULL */
		int64		before = row->retained + row->lost;
		Datum		values[9];
		bool		nulls[9] = {0};

		values[0] = kpi_period_date(shown.set->unit, shown.start + i);
		values[1] = BoolGetDatum(complete);
		values[2] = Int64GetDatum(row->new + row->retained + row->resurrected);
		values[3] = Int64GetDatum(row->new);
		values[4] = Int64GetDatum(row->retained);
		values[5] = Int64GetDatum(row->resurrected);
		values[6] = Int64GetDatum(row->lost);
		values[7] = activity_share(row->retained, before, &nulls[7]);
		values[8] = activity_share(row->lost, before, &nulls[8]);
		if (!complete)
			nulls[6] = nulls[7] = nulls[8] = true;
		kpi_rows_put(fcinfo, values, nulls);
		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}

typedef struct ActivityCohortMode
{
	bool		recurring;
	bool		rolling;
} ActivityCohortMode;

/* The mode by its name; 22023 for an unknown one. */
static ActivityCohortMode
activity_cohort_mode(const text *argument)
{
	char	   *name = text_to_cstring(argument);
	ActivityCohortMode mode;

	mode.recurring = strncmp(name, "recurring", 9) == 0;
	mode.rolling = false;
	if (mode.recurring || strncmp(name, "first", 5) == 0)
	{
		const char *rest = name + (mode.recurring ? 9 : 5);

		mode.rolling = strcmp(rest, " rolling") == 0;
		if (mode.rolling || *rest == '\0')
			return mode;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("mode \"%s\" is not known", name),
			 errhint("Modes are first, recurring, first rolling and recurring rolling.")));
	return mode;				/* not reached */
}

/*
 * activity_count_cohorts() -
 *
 *	Count the customer that was read into the cells of its cohorts, of which there
 *	are n: at each age where it was active, or for a rolling mode at the last one
 *	only.  Times after the end are left out.
 */
static void
activity_count_cohorts(const ActivityShown *shown, ActivityCohortMode mode, const KpiSetReader *reader, int64 n, int64 *cells)
{
	int64		times = reader->n;
	int64		last;

	while (times > 0 && kpi_period_of_time(reader->time[times - 1]) > shown->end)
		times--;
	if (times == 0)
		return;
	last = kpi_period_of_time(reader->time[times - 1]);
	for (int64 i = 0; i < (mode.recurring ? times : 1); i++)
	{
		int64		cohort = kpi_period_of_time(reader->time[i]);
		int64	   *ages;

		if (cohort < shown->start)
			continue;
		ages = cells + kpi_triangle(n, cohort - shown->start);
		if (mode.rolling)
			ages[last - cohort]++;
		else
			for (int64 j = i; j < times; j++)
				ages[kpi_period_of_time(reader->time[j]) - cohort]++;
		CHECK_FOR_INTERRUPTS();
	}
}

/*
 * kpi_cohorts() -
 *
 *	cohorts(s, mode, from_date, as_of): a row a cohort and age that it has completed.
 *	22023 for a mode that is NULL or unknown and for infinite dates, 54000 for too many
 *	rows.
 */
PG_FUNCTION_INFO_V1(kpi_cohorts);
Datum
kpi_cohorts(PG_FUNCTION_ARGS)
{
	ActivityShown shown;
	ActivityCohortMode mode;
	KpiSetReader reader;
	int64		n;
	int64	   *cells;

	kpi_rows_begin(fcinfo);
	if (PG_ARGISNULL(1))
		kpi_refuse_null("mode", "Modes are first, recurring, first rolling and recurring rolling.");
	mode = activity_cohort_mode(PG_GETARG_TEXT_PP(1));
	if (!activity_find_shown(fcinfo, 2, 3, &shown))
		return (Datum) 0;
	/* a period that still runs is no completed age of any cohort */
	shown.end = Min(shown.end, shown.complete);
	if (shown.end < shown.start)
		return (Datum) 0;
	n = activity_count_periods(&shown);
	kpi_check_rows(shown.set->unit, shown.start, shown.end, kpi_triangle(n, n));
	cells = palloc0(kpi_triangle(n, n) * sizeof(int64));
	kpi_set_reader(&reader, &kpi_activity_type, shown.set);
	while (kpi_set_next(&reader))
		activity_count_cohorts(&shown, mode, &reader, n, cells);
	for (int64 i = 0; i < n; i++)
	{
		int64	   *ages = cells + kpi_triangle(n, i);
		Datum		values[5];
		bool		nulls[5] = {0};

		/* what came back last at an age came back then or later at all before */
		for (int64 age = n - i - 2; mode.rolling && age >= 0; age--)
			ages[age] += ages[age + 1];
		values[0] = kpi_period_date(shown.set->unit, shown.start + i);
		values[2] = Int64GetDatum(ages[0]);
		for (int64 age = 0; age < n - i; age++)
		{
			values[1] = Int32GetDatum((int32) age);
			values[3] = Int64GetDatum(ages[age]);
			values[4] = activity_share(ages[age], ages[0], &nulls[4]);
			kpi_rows_put(fcinfo, values, nulls);
		}
		CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}

/*
 * active_periods(s)
 *
 * Customers are counted by their number of periods: small numbers in an array, others in
 * records (number, 0, customers), of which so few can differ, since their sum is that of
 * all periods, that a buffer of twice as many always has room when equal ones are added.
 */
#define ACTIVITY_SMALL_NUMBER 1024
#define ACTIVITY_NUMBERS (64 * 1024)

static const KpiRecordsClass activity_number_class = {4, 2, KPI_RECORDS_ADD};

static void
activity_put_number(FunctionCallInfo fcinfo, int64 periods, int64 customers)
{
	Datum		values[2] = {Int64GetDatum(periods), Int64GetDatum(customers)};
	bool		nulls[2] = {0};

	if (customers > 0)
		kpi_rows_put(fcinfo, values, nulls);
}

/*
 * kpi_active_periods() - active_periods(s)
 *
 *	A row for each number of periods in which some customers were active, with the
 *	number of those customers, in order; none for the empty summary.
 */
PG_FUNCTION_INFO_V1(kpi_active_periods);
Datum
kpi_active_periods(PG_FUNCTION_ARGS)
{
	KpiSet	   *set = kpi_set_get(PG_GETARG_DATUM(0), &kpi_activity_type);
	KpiSetReader reader;
	int64		small[ACTIVITY_SMALL_NUMBER] = {0};
	uint64	   *records = NULL;
	int64		sorted = 0;
	int64		used = 0;

	StaticAssertStmt((Size) ACTIVITY_NUMBERS / 2 * (ACTIVITY_NUMBERS / 2 + 1) / 2 >= KPI_MAX_SIZE, "too few numbers");
	kpi_rows_begin(fcinfo);
	kpi_set_reader(&reader, &kpi_activity_type, set);
	while (kpi_set_skim(&reader))
	{
		if (likely(reader.n < ACTIVITY_SMALL_NUMBER))
		{
			small[reader.n]++;
			continue;
		}
		if (records == NULL)
			records = palloc(ACTIVITY_NUMBERS * activity_number_class.words * sizeof(uint64));
		if (used == ACTIVITY_NUMBERS)
			used = sorted = kpi_records_compact(&activity_number_class, records, sorted, used);
		records[used * 4] = reader.n;
		records[used * 4 + 1] = 0;
		records[used * 4 + 2] = 1;
		records[used++ * 4 + 3] = 0;
	}
	if (records != NULL)
		used = kpi_records_compact(&activity_number_class, records, sorted, used);
	for (int i = 1; i < ACTIVITY_SMALL_NUMBER; i++)
		activity_put_number(fcinfo, i, small[i]);
	for (int64 i = 0; i < used; i++)
	{
		activity_put_number(fcinfo, (int64) records[i * 4], (int64) records[i * 4 + 2]);
		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}

/*
 * activity_stickiness() -
 *
 *	stickiness(s, periods) and, with its argument, as_of: a row a period.  The rate of a
 *	period that is not complete is NULL.  22023 for less than one trailing period, or an
 *	infinite as_of, 54000 for too many rows.
 */
static Datum
activity_stickiness(FunctionCallInfo fcinfo, int as_of_argument)
{
	int64		window;
	ActivityShown shown;
	KpiSetReader reader;
	int64		n;
	int64	   *active;
	int64	   *change;			/* of the trailing number from one period to the next */
	int64		trailing = 0;

	kpi_rows_begin(fcinfo);
	if (PG_ARGISNULL(1))
		return (Datum) 0;
	window = PG_GETARG_INT32(1);
	if (window < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of trailing periods must be at least 1, not %lld", (long long) window)));
	if (!activity_find_shown(fcinfo, 0, as_of_argument, &shown))
		return (Datum) 0;
	n = activity_count_periods(&shown);
	active = palloc0(n * sizeof(int64));
	change = palloc0((n + 1) * sizeof(int64));
	kpi_set_reader(&reader, &kpi_activity_type, shown.set);
	while (kpi_set_next(&reader))
	{
		int64		counted = 0;	/* in the windows of all periods before this one */

		for (int64 i = 0; i < reader.n; i++)
		{
			int64		at = kpi_period_of_time(reader.time[i]) - shown.start;
			int64		end = Min(at + window, n);

			if (at >= n)
				break;
			active[at]++;
			change[Max(at, counted)]++;
			change[end]--;
			counted = end;
		}
	}
	for (int64 i = 0; i < n; i++)
	{
		Datum		values[4];
		bool		nulls[4] = {0};

		trailing += change[i];
		values[0] = kpi_period_date(shown.set->unit, shown.start + i);
		values[1] = Int64GetDatum(active[i]);
		values[2] = Int64GetDatum(trailing);
		values[3] = activity_share(active[i], trailing, &nulls[3]);
		if (shown.start + i > shown.complete)
			nulls[3] = true;
		kpi_rows_put(fcinfo, values, nulls);
		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return (Datum) 0;
}

KPI_FUNCTION(kpi_stickiness, activity_stickiness(fcinfo, 0))
KPI_FUNCTION(kpi_stickiness_as_of, activity_stickiness(fcinfo, 2))
