/*
 * amounts.h
 *		Sets whose records carry an amount, which is added up (KPI_RECORDS_ADD): the set's
 *		`number` is the scale of all its amounts, the largest kpi_amount_scale() of the rows:
 *		the display scale that sum(numeric) has, unless that is beyond 20.
 */
#ifndef KPI_AMOUNTS_H
#define KPI_AMOUNTS_H

#include "core/number/amount.h"
#include "core/set/set.h"

extern KpiInt128 kpi_set_amount(const KpiSetType *type, KpiSet *set, const KpiNumber *x);
extern void kpi_set_rescale(const KpiSetType *type, KpiSet *set, int64 scale);
extern void kpi_records_rescale(uint64 *records, int words, int64 n, int64 digits);

/* Argument n, which is of a type that a number may have, as kpi_set_amount() takes it. */
static pg_attribute_always_inline KpiInt128
kpi_set_amount_argument(const KpiSetType *type, KpiSet *set, FunctionCallInfo fcinfo, int n, KpiNumberType number_type)
{
	KpiNumber	x;

	kpi_number_argument(fcinfo, n, number_type, &x);
	return kpi_set_amount(type, set, &x);
}

/* Add a record with an amount, in the set's scale, to a state, which may move. */
static inline void
kpi_set_append_amount(const KpiSetType *type, KpiSet **set, uint64 key, uint64 time, KpiInt128 amount)
{
	uint64	   *record = kpi_set_append(type, set);

	record[0] = key;
	record[1] = time;
	memcpy(record + 2, &amount, sizeof(amount));
}

#endif							/* KPI_AMOUNTS_H */
