/*
 * rfm_facts.c
 *		What an rfm says by a day: frequency, recency, tenure (T), monetary value.
 *
 *		As in P. Fader, B. Hardie, K. Lok Lee, "Counting Your Customers the Easy Way"
 *		(2005), and "The Gamma-Gamma Model of Monetary Value" (2013): one purchase a
 *		day; x = purchase days - 1, t_x = last - first, T = as_of - first; monetary
 *		value = mean of the days but the first.  They have no refunds.  Here a day is a
 *		purchase when its sum is zero or more (a free order is an order), and a return
 *		when it is negative; the monetary value is that of positive days.
 */
#include "summary/rfm_days.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#define SUM "sum of the amounts of one customer"

typedef struct Facts
{
	int32		purchases;		/* days with a sum of zero or more */
	int32		free;			/* those with zero */
	int32		returns;		/* days with a negative sum */
	int32		paid_repeats;	/* positive days after the first purchase */
	int32		first;			/* purchase day */
	int32		last;
	int32		last_of_all;	/* purchase or return */
	int			scale;
	KpiInt128	total;			/* of all days */
	KpiInt128	repeat_total;	/* of paid repeats */
	bool		large;			/* total is more than it holds; asked for, it is an error */
	bool		repeats_large;	/* so is repeat_total, the rest of repeat_more */
	double		repeat_more;
} Facts;

static void
read_facts(Datum rfm, DateADT as_of, Facts *facts)
{
	KpiRfmReader reader;
	__int128	sum;

	memset(facts, 0, sizeof(*facts));
	kpi_rfm_reader(&reader, rfm);
	facts->scale = reader.scale;
	while (kpi_rfm_next(&reader) && reader.day <= as_of)
	{
		facts->last_of_all = reader.day;
		if (unlikely(__builtin_add_overflow((__int128) facts->total, (__int128) reader.amount, &sum)))
			facts->large = true;
		else
			facts->total = sum;
		if (reader.amount < 0)
		{
			facts->returns++;
			continue;
		}
		if (facts->purchases++ == 0)
			facts->first = reader.day;
		else if (reader.amount > 0)
		{
			facts->paid_repeats++;
			if (unlikely(__builtin_add_overflow((__int128) facts->repeat_total, (__int128) reader.amount, &sum)))
			{
				facts->repeats_large = true;
				facts->repeat_more += (double) facts->repeat_total;
				sum = reader.amount;
			}
			facts->repeat_total = sum;
		}
		facts->last = reader.day;
		facts->free += reader.amount == 0;
	}
}

static void
check_as_of(DateADT as_of)
{
	if (unlikely(DATE_NOT_FINITE(as_of)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must be finite"),
				 errhint("Give the last day that the data cover, or leave it out.")));
}

void
kpi_rfm_facts(Datum rfm, DateADT as_of, KpiRfmFacts *facts)
{
	Facts		all;

	check_as_of(as_of);
	read_facts(rfm, as_of, &all);
	memset(facts, 0, sizeof(*facts));
	facts->returns = all.returns;
	if (all.purchases == 0)
		return;
	facts->usable = true;
	facts->x = all.purchases - 1;
	facts->recency = all.last - all.first;
	facts->age = as_of - all.first;
	facts->repeat_positive = all.paid_repeats;
	if (all.paid_repeats > 0)
	{
		/* powers of ten up to 10^22 are exact */
		double		unit = 1;

		for (int i = 0; i < all.scale; i++)
			unit *= 10;
		facts->repeat_mean = (all.repeat_more + (double) all.repeat_total) / unit / all.paid_repeats;
	}
}

/* The facts of argument 0 by argument 1, a date or NULL; false when argument 0 is NULL. */
static bool
facts_of_arguments(FunctionCallInfo fcinfo, Facts *facts)
{
	DateADT		as_of = PG_INT32_MAX;

	if (!PG_ARGISNULL(1))
	{
		as_of = PG_GETARG_DATEADT(1);
		check_as_of(as_of);
	}
	if (PG_ARGISNULL(0))
		return false;
	read_facts(PG_GETARG_DATUM(0), as_of, facts);
	return true;
}

/* An integer or date of those who purchased. */
#define OF_PURCHASES(name, value) \
	PG_FUNCTION_INFO_V1(kpi_rfm_##name); \
	Datum kpi_rfm_##name(PG_FUNCTION_ARGS) \
	{ \
		Facts		facts; \
		if (!facts_of_arguments(fcinfo, &facts) || facts.purchases == 0) \
			PG_RETURN_NULL(); \
		PG_RETURN_INT32(value); \
	}

OF_PURCHASES(frequency, facts.purchases - 1)
OF_PURCHASES(recency, facts.last - facts.first)
OF_PURCHASES(tenure, (PG_ARGISNULL(1) ? facts.last_of_all : PG_GETARG_DATEADT(1)) - facts.first)
OF_PURCHASES(first_purchase, facts.first)
OF_PURCHASES(last_purchase, facts.last)

/* A count, 0 where there is nothing. */
#define COUNT(name, value) \
	PG_FUNCTION_INFO_V1(kpi_rfm_##name); \
	Datum kpi_rfm_##name(PG_FUNCTION_ARGS) \
	{ \
		Facts		facts; \
		if (!facts_of_arguments(fcinfo, &facts)) \
			PG_RETURN_NULL(); \
		PG_RETURN_INT32(value); \
	}

COUNT(purchase_days, facts.purchases)
COUNT(free_days, facts.free)
COUNT(returns, facts.returns)

PG_FUNCTION_INFO_V1(kpi_rfm_monetary);
Datum
kpi_rfm_monetary(PG_FUNCTION_ARGS)
{
	Facts		facts;

	if (!facts_of_arguments(fcinfo, &facts) || facts.paid_repeats == 0)
		PG_RETURN_NULL();
	if (facts.repeats_large)
		kpi_amount_overflow(SUM);
	return DirectFunctionCall2(numeric_div, kpi_amount_to_numeric(facts.repeat_total, facts.scale),
							   NumericGetDatum(int64_to_numeric(facts.paid_repeats)));
}

PG_FUNCTION_INFO_V1(kpi_rfm_amount_total);
Datum
kpi_rfm_amount_total(PG_FUNCTION_ARGS)
{
	Facts		facts;

	if (!facts_of_arguments(fcinfo, &facts) || facts.purchases + facts.returns == 0)
		PG_RETURN_NULL();
	if (facts.large)
		kpi_amount_overflow(SUM);
	return kpi_amount_to_numeric(facts.total, facts.scale);
}
