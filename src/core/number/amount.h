/*
 * amount.h
 *		Money as 128-bit integers at a decimal scale, in flat sets that add it up
 *		(class KPI_RECORDS_ADD): the set's `number` is the scale, the largest display
 *		scale of its amounts, as sum(numeric) has it.
 */
#ifndef KPI_AMOUNT_H
#define KPI_AMOUNT_H

#include "core/number/int128.h"
#include "core/number/number.h"
#include "core/set/set.h"

/* Digits after the point that an amount may have. */
#define KPI_AMOUNT_PLACES 20

/*
 * A row's amount at the scale of the set, which is raised where it is less; 22003
 * for NaN, infinities, too many digits.
 */
extern KpiInt128 kpi_amount_of_row(const KpiSetType *type, KpiSet *set, Datum numeric);

/* Of a number by itself: may it be an amount?  Else the error. */
static inline bool
kpi_amount_valid(const KpiNumber *x)
{
	return x->kind == KPI_FINITE && x->dscale <= KPI_AMOUNT_PLACES;
}

extern void kpi_amount_reject(const KpiNumber *x) pg_attribute_noreturn();

/* In units of 10^-scale, which is not less than the number's own; false when it has too many digits. */
extern bool kpi_amount_from_number(const KpiNumber *x, int64 scale, KpiInt128 *amount);

/* Times ten to the places; false when it has too many digits.  Negative places only take zeros away. */
extern bool kpi_amount_shift(KpiInt128 *amount, int64 places);

extern Datum kpi_amount_to_numeric(KpiInt128 amount, int64 scale);
extern void kpi_amount_overflow(const char *what) pg_attribute_noreturn();

/* Sum += amount; what is for the message. */
static inline void
kpi_amount_add(KpiInt128 *sum, KpiInt128 amount, const char *what)
{
	KpiInt128	result;

	if (unlikely(__builtin_add_overflow(*sum, amount, &result)))
		kpi_amount_overflow(what);
	*sum = result;
}

/* The amount in the record at the end of an open set. */
static inline void
kpi_amount_append(const KpiSetType *type, KpiSet **set, uint64 key, uint64 time, KpiInt128 amount)
{
	uint64	   *record = kpi_set_append(type, set);

	record[0] = key;
	record[1] = time;
	memcpy(record + 2, &amount, sizeof(amount));
}

#endif							/* KPI_AMOUNT_H */
