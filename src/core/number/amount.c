/*
 * amount.c
 *		Money as 128-bit integers at a decimal scale.
 *
 *		numeric's digits are base 10000, so that the last one may have up to three
 *		zeros beyond the display scale; no digit that counts is ever cut.
 */
#include "core/number/amount.h"

/* As many as an int64 holds; larger shifts go by steps. */
static const int64 amount_power_of_ten[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
	INT64CONST(10000000000), INT64CONST(100000000000), INT64CONST(1000000000000),
	INT64CONST(10000000000000), INT64CONST(100000000000000), INT64CONST(1000000000000000),
	INT64CONST(10000000000000000), INT64CONST(100000000000000000), INT64CONST(1000000000000000000)
};

/* The number as text, for a message. */
static char *
amount_shown(const KpiNumber *x)
{
	StringInfoData text;

	initStringInfo(&text);
	kpi_number_append(&text, x);
	return text.data;
}

/* The error for a number that is no amount: 22003, with what is wrong with it. */
void
kpi_amount_reject(const KpiNumber *x)
{
	if (x->kind != KPI_FINITE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("amount %s is not a finite number", amount_shown(x)),
				 errhint("Leave such rows out with FILTER.")));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("amount %s is out of range", amount_shown(x)),
			 errdetail("An amount has at most 38 digits, with those after the point of the longest one."),
			 errhint("Round amounts that have many digits after the point, as in round(amount, 10).")));
}

/* The error for a sum, called by its name, of more than 38 digits: 22003. */
void
kpi_amount_overflow(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is out of range", what),
			 errdetail("A sum has at most 38 digits, with those after the point.")));
}

/* The digits after the point that count: without zeros at the end. */
static int
amount_places(const KpiNumber *x)
{
	int			places = (x->ndigits - 1 - x->weight) * KPI_NBASE_DIGITS;

	if (x->ndigits == 0 || places <= 0)
		return 0;
	for (int last = kpi_number_digit(x, x->ndigits - 1); last % 10 == 0; last /= 10)
		places--;
	return places;
}

/*
 * kpi_amount_scale_of_long() -
 *
 *	kpi_amount_scale() of a number that is long, or no amount at all.  What it shows
 *	is kept where that is up to KPI_AMOUNT_SHOWN_PLACES and leaves it an amount; else
 *	zeros at the end, as division and multiplication leave them, are dropped.
 */
int
kpi_amount_scale_of_long(const KpiNumber *x)
{
	int			places;
	KpiInt128	amount;

	if (x->kind != KPI_FINITE)
		kpi_amount_reject(x);
	places = amount_places(x);
	if (places > KPI_AMOUNT_PLACES)
		kpi_amount_reject(x);
	if (x->dscale <= KPI_AMOUNT_SHOWN_PLACES && kpi_amount_from_number(x, x->dscale, &amount))
		return x->dscale;
	return places;
}

/*
 * kpi_amount_from_number() -
 *
 *	A finite number in units of 10^-scale, which is not less than the digits after its
 *	point that count.  False when it has too many digits; *amount is then of no meaning.
 */
bool
kpi_amount_from_number(const KpiNumber *x, int64 scale, KpiInt128 *amount)
{
	KpiInt128	value = 0;
	int64		shift = scale - (int64) (x->ndigits - 1 - x->weight) * KPI_NBASE_DIGITS;
	bool		overflow = false;

	for (int i = 0; i < x->ndigits && !overflow; i++)
	{
		int64		digit = kpi_number_digit(x, i);
		int64		base = KPI_NBASE;

		if (i == x->ndigits - 1 && shift < 0)
		{
			base /= amount_power_of_ten[-shift];
			digit /= amount_power_of_ten[-shift];
		}
		overflow = __builtin_mul_overflow(value, base, &value) ||
			__builtin_sub_overflow(value, digit, &value);
	}
	while (shift > 0 && !overflow && value != 0)
	{
		int			step = Min(shift, (int64) lengthof(amount_power_of_ten) - 1);

		overflow = __builtin_mul_overflow(value, amount_power_of_ten[step], &value);
		shift -= step;
	}
	/* it was added up below zero, where there is one number more */
	if (!x->negative)
		overflow = __builtin_sub_overflow((KpiInt128) 0, value, &value) || overflow;
	*amount = value;
	return !overflow;
}

/*
 * kpi_amount_shift() -
 *
 *	Multiply an amount by ten to the places.  Negative ones take digits away, which
 *	the caller knows to be zeros.  False when it has too many digits.
 */
bool
kpi_amount_shift(KpiInt128 *amount, int64 places)
{
	bool		overflow = false;
	KpiInt128	value = *amount;

	while (places != 0 && value != 0)
	{
		int			step = Min(places < 0 ? -places : places, (int64) lengthof(amount_power_of_ten) - 1);

		if (places < 0)
			value /= amount_power_of_ten[step];
		else
			overflow = __builtin_mul_overflow(value, amount_power_of_ten[step], &value) || overflow;
		places += places < 0 ? step : -step;
	}
	*amount = value;
	return !overflow;
}

/* The numeric of an amount in units of 10^-scale, with that display scale; palloc'd. */
Datum
kpi_amount_to_numeric(KpiInt128 amount, int64 scale)
{
	KpiNumber	x;
	KpiUint128	rest = amount < 0 ? -(KpiUint128) amount : (KpiUint128) amount;
	int			places = (int) scale % KPI_NBASE_DIGITS;
	int			fraction = ((int) scale + KPI_NBASE_DIGITS - 1) / KPI_NBASE_DIGITS;
	uint16		digits[24];
	int			at = lengthof(digits);

	/* the last digit holds what is left of the scale */
	if (places > 0)
	{
		digits[--at] = (int) (rest % amount_power_of_ten[places]) * amount_power_of_ten[KPI_NBASE_DIGITS - places];
		rest /= amount_power_of_ten[places];
	}
	while (rest > 0 || at > (int) lengthof(digits) - fraction)
	{
		digits[--at] = (int) (rest % KPI_NBASE);
		rest /= KPI_NBASE;
	}
	memset(&x, 0, sizeof(x));
	x.kind = KPI_FINITE;
	x.negative = amount < 0;
	x.dscale = scale;
	x.ndigits = lengthof(digits) - at;
	x.weight = x.ndigits - fraction - 1;
	x.digits = (const char *) (digits + at);
	kpi_number_strip(&x);
	return kpi_number_to_numeric(&x);
}
