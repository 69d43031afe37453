/*
 * revenue_rows.c
 *		What a revenue_summary tells: movements of revenue from period to period,
 *		and the value of cohorts.
 *
 *		A customer's net of a period is the sum of its amounts there.  The customer is
 *		active when net > 0.  Every row p compares with p - lag, so that each record
 *		counts in two rows: its own, and as the opening of the row lag periods later.
 *		With o = net of p - lag and c = net of p, both at least 0: expansion c - o where
 *		c > o > 0, contraction o - c where o > c > 0, churn o where c = 0, and where o = 0
 *		reactivation c if the customer was ever active before p - lag, else new c.
 */
#include "summary/revenue.h"

#include "core/server/argument.h"
#include "core/server/rows.h"
#include "core/set/through.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

/* What the arguments of an accessor ask for, as periods. */
typedef struct RevenueRows
{
	KpiSet	   *set;
	bool		has_from;		/* is there from_date? */
	int64		from;			/* and its period */
	KpiKnown	known;

	/* the history as far as it is known */
	int64		first;			/* the first period with an amount, even of 0; PG_INT64_MAX: none */
	int64		first_active;	/* the first with net > 0 of any customer; PG_INT64_MAX: none */
} RevenueRows;

/*
 * revenue_read_arguments() -
 *
 *	Read arguments 0 to 2: summary, from_date and as_of, and the summary's history up to
 *	the last day that is known (core/set/through.h).  False when there is no summary to
 *	show.  22023 for infinite dates.
 */
static bool
revenue_read_arguments(FunctionCallInfo fcinfo, RevenueRows *rows)
{
	KpiSetReader reader;
	bool		by_day;
	int64		last = PG_INT64_MIN;
	DateADT		from_date = PG_ARGISNULL(1) ? 0 : kpi_limit_date(fcinfo, 1, "from_date");

	if (!PG_ARGISNULL(2))
		kpi_limit_date(fcinfo, 2, "as_of");
	if (PG_ARGISNULL(0))
		return false;
	rows->set = kpi_set_get(PG_GETARG_DATUM(0), &kpi_revenue_type);
	if (rows->set->key_type == KPI_KEY_NONE)
		return false;
	rows->has_from = !PG_ARGISNULL(1);
	rows->from = rows->has_from ? kpi_period_of_day(rows->set->unit, from_date) : 0;
	by_day = kpi_known_by_day(fcinfo, 2, &kpi_revenue_type, rows->set, &rows->known);

	rows->first = rows->first_active = PG_INT64_MAX;
	kpi_set_reader(&reader, &kpi_revenue_type, rows->set);
	while (kpi_set_next(&reader))
	{
		bool		active = false;

		for (int64 i = 0; i < reader.n; i++)
		{
			int64		period = kpi_period_of_time(reader.time[i]);

			if (by_day && period > rows->known.end)
				break;
			rows->first = Min(rows->first, period);
			last = Max(last, period);
			if (!active && reader.amount[i] > 0)
			{
				active = true;
				rows->first_active = Min(rows->first_active, period);
			}
		}
	}
	if (!by_day)
		rows->known = kpi_known_by_data(last);
	return true;
}

/* The numeric of an amount in the summary's scale. */
static inline Datum
revenue_money(const RevenueRows *rows, KpiInt128 amount)
{
	return kpi_amount_to_numeric(amount, rows->set->number);
}

/* A zeroed array, as large as it need be. */
static void *
revenue_alloc_zeroed(int64 n, Size size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, n * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/*
 * revenue_movements(s, from_date, as_of, lag)
 */

typedef struct RevenueMovement
{
	KpiInt128	opening;
	KpiInt128	new;
	KpiInt128	reactivation;
	KpiInt128	expansion;
	KpiInt128	contraction;
	KpiInt128	churn;
	KpiInt128	closing;
	KpiInt128	credits;
	int64		opening_customers;
	int64		new_customers;
	int64		reactivated_customers;
	int64		churned_customers;
	int64		customers;
} RevenueMovement;

#define REVENUE_MOVEMENT_COLUMNS 21

/* Sum += amount; 22003 for more than 38 digits. */
static inline void
revenue_add(KpiInt128 *sum, KpiInt128 amount)
{
	kpi_amount_add(sum, amount, "revenue of one period");
}

/* The row of a period; NULL when it is not shown. */
static inline RevenueMovement *
revenue_row_of(RevenueMovement *rows, int64 begin, int64 n, int64 period)
{
	return period >= begin && period < begin + n ? &rows[period - begin] : NULL;
}

/*
 * Rows are counted a part of them at a time, so that many take no more memory than these;
 * the summary is read again for each part.
 */
#define REVENUE_PART 65536

/* The parts in which something happens, as bits: a mistaken date leaves many rows, but hardly a part with anything in it. */
static uint32
revenue_parts_with_rows(const RevenueRows *rows, int64 lag, int64 begin, int64 end)
{
	KpiSetReader reader;
	uint32		parts = 0;

	StaticAssertStmt((KPI_MAX_ROWS - 1) / REVENUE_PART < 32, "more parts than bits");
	if (end - begin < REVENUE_PART)
		return 1;
	kpi_set_reader(&reader, &kpi_revenue_type, rows->set);
	while (kpi_set_next(&reader))
		for (int64 i = 0; i < reader.n; i++)
		{
			int64		period = kpi_period_of_time(reader.time[i]);

			if (period >= begin && period <= end)
				parts |= (uint32) 1 << (period - begin) / REVENUE_PART;
			if (period + lag >= begin && period + lag <= end)
				parts |= (uint32) 1 << (period + lag - begin) / REVENUE_PART;
		}
	return parts;
}

/*
 * revenue_count_customer() -
 *
 *	Add the customer that was read to the n rows of the periods from begin on: what it
 *	pays in a period, against what it paid lag periods before.  22003 where a sum
 *	passes 38 digits.
 */
static void
revenue_count_customer(const KpiSetReader *reader, int64 lag, RevenueMovement *rows, int64 begin, int64 n)
{
	int64		first_active = PG_INT64_MAX;
	int64		before = 0;		/* where the period lag before is looked for */
	int64		after = 0;		/* and the one lag after */

	for (int64 i = 0; i < reader->n; i++)
	{
		int64		period = kpi_period_of_time(reader->time[i]);
		KpiInt128	net = reader->amount[i];
		KpiInt128	previous = 0;
		RevenueMovement *row = revenue_row_of(rows, begin, n, period);
		RevenueMovement *next = revenue_row_of(rows, begin, n, period + lag);

		if (net > 0 && first_active == PG_INT64_MAX)
			first_active = period;
		if (row && net <= 0)
			revenue_add(&row->credits, net);
		if (row && net > 0)
		{
			while (kpi_period_of_time(reader->time[before]) < period - lag)
				before++;
			if (kpi_period_of_time(reader->time[before]) == period - lag)
				previous = reader->amount[before];
			revenue_add(&row->closing, net);
			row->customers++;
			if (previous > 0)
			{
				if (net > previous)
					revenue_add(&row->expansion, net - previous);
				else
					revenue_add(&row->contraction, previous - net);
			}
			else if (first_active > period - lag)
			{
				revenue_add(&row->new, net);
				row->new_customers++;
			}
			else
			{
				revenue_add(&row->reactivation, net);
				row->reactivated_customers++;
			}
		}
		if (next && net > 0)
		{
			while (after < reader->n && kpi_period_of_time(reader->time[after]) < period + lag)
				after++;
			revenue_add(&next->opening, net);
			next->opening_customers++;
			if (after == reader->n || kpi_period_of_time(reader->time[after]) != period + lag ||
				reader->amount[after] <= 0)
			{
				revenue_add(&next->churn, net);
				next->churned_customers++;
			}
		}
	}
}

/* numerator / denominator as a column; NULL where the denominator is 0. */
static void
revenue_put_ratio(Datum *value, bool *null, KpiInt128 numerator, KpiInt128 denominator)
{
	*null = denominator == 0;
	*value = Float8GetDatum(*null ? 0 : (double) numerator / (double) denominator);
}

/*
 * revenue_put_movement() -
 *
 *	Put a row of revenue_movements() into the result.  What a period that is not
 *	complete cannot tell yet, losses and the rates that count them, is NULL.  22003
 *	where a sum passes 38 digits.
 */
static void
revenue_put_movement(FunctionCallInfo fcinfo, const RevenueRows *rows, int64 period, bool complete, const RevenueMovement *m)
{
	Datum		values[REVENUE_MOVEMENT_COLUMNS];
	bool		nulls[REVENUE_MOVEMENT_COLUMNS] = {false};
	KpiInt128	kept = m->opening - m->contraction - m->churn;
	KpiInt128	lost = m->contraction + m->churn;
	KpiInt128	gained = m->new;

	values[0] = kpi_period_date(rows->set->unit, period);
	values[1] = BoolGetDatum(complete);
	values[2] = revenue_money(rows, m->opening);
	values[3] = revenue_money(rows, m->new);
	values[4] = revenue_money(rows, m->reactivation);
	values[5] = revenue_money(rows, m->expansion);
	values[6] = revenue_money(rows, m->contraction);
	values[7] = revenue_money(rows, m->churn);
	values[8] = revenue_money(rows, m->closing);
	values[9] = revenue_money(rows, m->credits);
	values[10] = Int64GetDatum(m->opening_customers);
	values[11] = Int64GetDatum(m->new_customers);
	values[12] = Int64GetDatum(m->reactivated_customers);
	values[13] = Int64GetDatum(m->churned_customers);
	values[14] = Int64GetDatum(m->customers);

	/* what is lost is part of opening, what is gained part of closing */
	revenue_add(&gained, m->reactivation);
	revenue_add(&gained, m->expansion);
	revenue_put_ratio(&values[17], &nulls[17], kept, m->opening);
	revenue_add(&kept, m->expansion);
	revenue_put_ratio(&values[15], &nulls[15], kept, m->opening);
	revenue_add(&kept, m->reactivation);
	revenue_put_ratio(&values[16], &nulls[16], kept, m->opening);
	revenue_put_ratio(&values[18], &nulls[18], m->churned_customers, m->opening_customers);
	revenue_put_ratio(&values[19], &nulls[19], gained, lost);
	nulls[20] = m->customers == 0;
	values[20] = nulls[20] ? (Datum) 0 :
		DirectFunctionCall2(numeric_div, values[8], NumericGetDatum(int64_to_numeric(m->customers)));
	if (!complete)
	{
		/* who has not come yet may still come */
		nulls[6] = nulls[7] = nulls[13] = true;
		for (int i = 15; i <= 19; i++)
			nulls[i] = true;
	}
	kpi_rows_put(fcinfo, values, nulls);
}

/*
 * kpi_revenue_movements() -
 *
 *	A row a period.  What a period that is not complete can't tell yet is NULL.  22023
 *	for a lag that is NULL or less than 1 and for infinite dates, 22003 for sums beyond
 *	38 digits, 54000 for too many rows.
 */
PG_FUNCTION_INFO_V1(kpi_revenue_movements);
Datum
kpi_revenue_movements(PG_FUNCTION_ARGS)
{
	RevenueRows	rows;
	KpiSetReader reader;
	RevenueMovement *movements;
	MemoryContext row_context;
	uint32		parts;
	int64		lag;
	int64		begin;
	int64		end;

	kpi_rows_begin(fcinfo);
	if (PG_ARGISNULL(3))
		kpi_refuse_null("lag", "Leave it out to compare with the period before.");
	lag = PG_GETARG_INT32(3);
	if (lag < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lag %lld is less than 1", (long long) lag),
				 errhint("Give the number of periods to look back, such as 12 for a year of months.")));
	if (!revenue_read_arguments(fcinfo, &rows))
		return (Datum) 0;

	begin = rows.has_from ? rows.from : rows.first;
	end = rows.known.end;
	if (begin > end)
		return (Datum) 0;
	kpi_check_rows(rows.set->unit, begin, end, end - begin + 1);
	parts = revenue_parts_with_rows(&rows, lag, begin, end);
	movements = palloc(Min(end - begin + 1, REVENUE_PART) * sizeof(RevenueMovement));
	row_context = AllocSetContextCreate(CurrentMemoryContext, "kpi row", ALLOCSET_SMALL_SIZES);
	for (int64 part = begin; part <= end; part += REVENUE_PART)
	{
		int64		n = Min(end - part + 1, REVENUE_PART);

		memset(movements, 0, n * sizeof(RevenueMovement));
		if (parts & (uint32) 1 << (part - begin) / REVENUE_PART)
		{
			kpi_set_reader(&reader, &kpi_revenue_type, rows.set);
			while (kpi_set_next(&reader))
				revenue_count_customer(&reader, lag, movements, part, n);
			kpi_set_reader_end(&reader);
		}
		for (int64 i = 0; i < n; i++)
		{
			MemoryContext before = MemoryContextSwitchTo(row_context);

			revenue_put_movement(fcinfo, &rows, part + i, part + i <= rows.known.complete, &movements[i]);
			MemoryContextSwitchTo(before);
			MemoryContextReset(row_context);
		}
	}
	return (Datum) 0;
}

#define REVENUE_COHORT_COLUMNS 6

/*
 * kpi_revenue_cohorts() -
 *
 *	revenue_cohorts(s, from_date, as_of): a row a cohort, of the customers' first period
 *	with a net above 0, and age that it has completed.  Errors are those of
 *	revenue_movements.
 */
PG_FUNCTION_INFO_V1(kpi_revenue_cohorts);
Datum
kpi_revenue_cohorts(PG_FUNCTION_ARGS)
{
	RevenueRows	rows;
	KpiSetReader reader;
	int64		begin;
	int64		end;
	int64		n;
	int64	   *customers;
	MemoryContext row_context;
	KpiInt128  *revenue;		/* cohort after cohort, one for each age */

	kpi_rows_begin(fcinfo);
	if (!revenue_read_arguments(fcinfo, &rows))
		return (Datum) 0;
	begin = rows.has_from ? rows.from : rows.first_active;
	end = rows.known.complete;
	if (begin > end)
		return (Datum) 0;
	n = end - begin + 1;
	kpi_check_rows(rows.set->unit, begin, end, kpi_triangle(n, n));
	row_context = AllocSetContextCreate(CurrentMemoryContext, "kpi row", ALLOCSET_SMALL_SIZES);
	customers = revenue_alloc_zeroed(n, sizeof(int64));
	revenue = revenue_alloc_zeroed(kpi_triangle(n, n), sizeof(KpiInt128));

	kpi_set_reader(&reader, &kpi_revenue_type, rows.set);
	while (kpi_set_next(&reader))
	{
		KpiInt128  *cells;
		int64		cohort;
		int64		i = 0;

		while (i < reader.n && reader.amount[i] <= 0)
			i++;
		if (i == reader.n)
			continue;
		cohort = kpi_period_of_time(reader.time[i]) - begin;
		if (cohort < 0 || cohort >= n)
			continue;
		customers[cohort]++;
		cells = revenue + kpi_triangle(n, cohort);
		for (; i < reader.n && kpi_period_of_time(reader.time[i]) <= end; i++)
			kpi_amount_add(&cells[kpi_period_of_time(reader.time[i]) - begin - cohort], reader.amount[i],
						   "revenue of one cohort");
	}

	for (int64 cohort = 0; cohort < n; cohort++)
	{
		KpiInt128  *cells = revenue + kpi_triangle(n, cohort);
		KpiInt128	cumulative = 0;

		for (int64 age = 0; age < n - cohort; age++)
		{
			Datum		values[REVENUE_COHORT_COLUMNS];
			bool		nulls[REVENUE_COHORT_COLUMNS] = {false};
			MemoryContext before = MemoryContextSwitchTo(row_context);

			CHECK_FOR_INTERRUPTS();
			kpi_amount_add(&cumulative, cells[age], "revenue of one cohort");
			values[0] = kpi_period_date(rows.set->unit, begin + cohort);
			values[1] = Int32GetDatum((int32) age);
			values[2] = Int64GetDatum(customers[cohort]);
			values[3] = revenue_money(&rows, cells[age]);
			values[4] = revenue_money(&rows, cumulative);
			nulls[5] = customers[cohort] == 0;
			values[5] = nulls[5] ? (Datum) 0 :
				DirectFunctionCall2(numeric_div, values[4], NumericGetDatum(int64_to_numeric(customers[cohort])));
			kpi_rows_put(fcinfo, values, nulls);
			MemoryContextSwitchTo(before);
			MemoryContextReset(row_context);
		}
	}
	return (Datum) 0;
}
