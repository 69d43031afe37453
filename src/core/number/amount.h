/*
 * amount.h
 *		Money as 128-bit integers at a decimal scale: exact sums of what numerics hold,
 *		up to 38 digits.
 */
#ifndef KPI_AMOUNT_H
#define KPI_AMOUNT_H

#include "core/number/number.h"
#include "core/server/int128.h"

/* Digits after the point that an amount may have, zeros at its end left out. */
#define KPI_AMOUNT_PLACES 38

/* Up to so many an amount keeps as it shows them, its zeros too. */
#define KPI_AMOUNT_SHOWN_PLACES 20

/* No number below 10000^4 with these has more than 38 digits. */
#define KPI_AMOUNT_SMALL_WEIGHT 3

extern void kpi_amount_reject(const KpiNumber *x) pg_attribute_noreturn();
extern int	kpi_amount_scale_of_long(const KpiNumber *x);
extern void kpi_amount_overflow(const char *what) pg_attribute_noreturn();

extern bool kpi_amount_from_number(const KpiNumber *x, int64 scale, KpiInt128 *amount);
extern bool kpi_amount_shift(KpiInt128 *amount, int64 places);
extern Datum kpi_amount_to_numeric(KpiInt128 amount, int64 scale);

/*
 * kpi_amount_scale() -
 *
 *	The scale of a row's amount, which depends on the row alone: the digits after the
 *	point that it shows, or, where these are very many, those that count.  22003 for
 *	NaN, infinities, and more than can be added up.
 */
static inline int
kpi_amount_scale(const KpiNumber *x)
{
	if (likely(x->kind == KPI_FINITE && x->dscale <= KPI_AMOUNT_SHOWN_PLACES && x->weight <= KPI_AMOUNT_SMALL_WEIGHT))
		return x->dscale;
	return kpi_amount_scale_of_long(x);
}

/* Sum += amount; 22003, as kpi_amount_overflow(), where it has too many digits. */
static inline void
kpi_amount_add(KpiInt128 *sum, KpiInt128 amount, const char *what)
{
	KpiInt128	result;

	if (unlikely(__builtin_add_overflow(*sum, amount, &result)))
		kpi_amount_overflow(what);
	*sum = result;
}

#endif							/* KPI_AMOUNT_H */
