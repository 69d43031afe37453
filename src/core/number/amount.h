/*
 * amount.h
 *		Money as 128-bit integers at a decimal scale: exact sums of what numerics hold,
 *		up to 38 digits.
 */
#ifndef KPI_AMOUNT_H
#define KPI_AMOUNT_H

#include "core/number/number.h"
#include "core/server/int128.h"

/* Digits after the point that an amount may have. */
#define KPI_AMOUNT_PLACES 20

/* Of a number by itself: may it be an amount?  Else the error. */
static inline bool
kpi_amount_valid(const KpiNumber *x)
{
	return x->kind == KPI_FINITE && x->dscale <= KPI_AMOUNT_PLACES;
}

extern void kpi_amount_reject(const KpiNumber *x) pg_attribute_noreturn();
extern void kpi_amount_overflow(const char *what) pg_attribute_noreturn();

extern bool kpi_amount_from_number(const KpiNumber *x, int64 scale, KpiInt128 *amount);
extern bool kpi_amount_shift(KpiInt128 *amount, int64 places);
extern Datum kpi_amount_to_numeric(KpiInt128 amount, int64 scale);

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
