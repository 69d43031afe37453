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
#include "summary/rfm_state.h"

#include "core/time/days.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#define FACTS_SUM "sum of the amounts of one customer"

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

/*
 * facts_read() -
 *
 *	Fill in the facts of an rfm in any form, of its days up to as_of.  Sums that pass
 *	what they are kept in are marked and no error here: most facts need none of them.
 */
static void
facts_read(Datum rfm, DateADT as_of, Facts *facts)
{
	KpiRfmReader reader;
	KpiInt128	sum;

	memset(facts, 0, sizeof(*facts));
	kpi_rfm_reader(&reader, rfm);
	facts->scale = reader.scale;
	while (kpi_rfm_next(&reader) && reader.day <= as_of)
	{
		facts->last_of_all = reader.day;
		if (unlikely(__builtin_add_overflow(facts->total, reader.amount, &sum)))
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
			if (unlikely(__builtin_add_overflow(facts->repeat_total, reader.amount, &sum)))
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

/* 22023 for an infinite day. */
static inline void
facts_check_as_of(DateADT as_of)
{
	kpi_require_finite(as_of, "as_of", "Give the last day that the data cover, or leave it out.");
}

/*
 * kpi_rfm_facts() -
 *
 *	What the purchase models need of a customer.  Nothing is allocated for a value that
 *	is neither compressed nor stored out of line.  22023 for an infinite as_of.
 */
void
kpi_rfm_facts(Datum rfm, DateADT as_of, KpiRfmFacts *facts)
{
	Facts		all;

	facts_check_as_of(as_of);
	facts_read(rfm, as_of, &all);
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
		/* powers of ten up to 10^22 are exact, further ones nearly so */
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
		facts_check_as_of(as_of);
	}
	if (PG_ARGISNULL(0))
		return false;
	facts_read(PG_GETARG_DATUM(0), as_of, facts);
	return true;
}

/* The facts of those who purchased; false for others. */
static bool
facts_of_purchases(FunctionCallInfo fcinfo, Facts *facts)
{
	return facts_of_arguments(fcinfo, facts) && facts->purchases > 0;
}

/*
 * An integer or a date of an rfm by a day, an expression of facts; NULL where these are
 * not found.
 */
#define RFM_FACT(name, find, value) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		Facts		facts; \
		if (!find(fcinfo, &facts)) \
			PG_RETURN_NULL(); \
		PG_RETURN_INT32(value); \
	}

RFM_FACT(kpi_rfm_frequency, facts_of_purchases, facts.purchases - 1)
RFM_FACT(kpi_rfm_recency, facts_of_purchases, facts.last - facts.first)
RFM_FACT(kpi_rfm_tenure, facts_of_purchases,
		 (PG_ARGISNULL(1) ? facts.last_of_all : PG_GETARG_DATEADT(1)) - facts.first)
RFM_FACT(kpi_rfm_first_purchase, facts_of_purchases, facts.first)
RFM_FACT(kpi_rfm_last_purchase, facts_of_purchases, facts.last)

/* Counts, 0 where there is nothing. */
RFM_FACT(kpi_rfm_purchase_days, facts_of_arguments, facts.purchases)
RFM_FACT(kpi_rfm_free_days, facts_of_arguments, facts.free)
RFM_FACT(kpi_rfm_returns, facts_of_arguments, facts.returns)

/* The mean sum of the positive repeat days, exact; NULL where there is none.  22003 for a sum beyond 38 digits. */
PG_FUNCTION_INFO_V1(kpi_rfm_monetary);
Datum
kpi_rfm_monetary(PG_FUNCTION_ARGS)
{
	Facts		facts;

	if (!facts_of_arguments(fcinfo, &facts) || facts.paid_repeats == 0)
		PG_RETURN_NULL();
	if (facts.repeats_large)
		kpi_amount_overflow(FACTS_SUM);
	return DirectFunctionCall2(numeric_div, kpi_amount_to_numeric(facts.repeat_total, facts.scale),
							   NumericGetDatum(int64_to_numeric(facts.paid_repeats)));
}

/* The sum of all days, returns too; NULL where there is none.  22003 for a sum beyond 38 digits. */
PG_FUNCTION_INFO_V1(kpi_rfm_amount_total);
Datum
kpi_rfm_amount_total(PG_FUNCTION_ARGS)
{
	Facts		facts;

	if (!facts_of_arguments(fcinfo, &facts) || facts.purchases + facts.returns == 0)
		PG_RETURN_NULL();
	if (facts.large)
		kpi_amount_overflow(FACTS_SUM);
	return kpi_amount_to_numeric(facts.total, facts.scale);
}
