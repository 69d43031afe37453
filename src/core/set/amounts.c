/*
 * amounts.c
 *		Sets whose records carry an amount.
 */
#include "core/set/amounts.h"

/* Give the amounts of n open records so many more digits after the point; 22003 beyond 38 in all. */
void
kpi_records_rescale(uint64 *records, int words, int64 n, int64 digits)
{
	KpiInt128	factor = 1;

	if (digits <= 0)
		return;
	while (digits-- > 0)
		factor *= 10;
	for (int64 i = 0; i < n; i++, records += words)
	{
		KpiInt128	amount;

		memcpy(&amount, records + 2, sizeof(amount));
		if (__builtin_mul_overflow(amount, factor, &amount))
			kpi_amount_overflow("amount of one customer and period");
		memcpy(records + 2, &amount, sizeof(amount));
	}
}

/* Raise the scale of a state's amounts to at least the given one, in place. */
void
kpi_set_rescale(const KpiSetType *type, KpiSet *set, int64 scale)
{
	kpi_records_rescale(kpi_set_records(set), type->class.words, set->used, scale - set->number);
	set->number = Max(set->number, scale);
}

/*
 * kpi_set_amount() -
 *
 *	A row's amount in the scale of a state, which is raised where it is less.  22003
 *	for NaN, infinities, and too many digits.
 */
KpiInt128
kpi_set_amount(const KpiSetType *type, KpiSet *set, const KpiNumber *x)
{
	KpiInt128	amount;
	int			scale = kpi_amount_scale(x);

	if (unlikely(scale > set->number))
		kpi_set_rescale(type, set, scale);
	if (unlikely(!kpi_amount_from_number(x, set->number, &amount)))
		kpi_amount_reject(x);
	return amount;
}
