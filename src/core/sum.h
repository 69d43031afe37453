/*
 * sum.h
 *		Exact sums of numeric: independent of the order of the rows, mergeable,
 *		without pointers, and with the display scale that sum(numeric) gives.
 *
 *		Fixed form: a 256-bit two's complement integer in units of 10^-20, which
 *		holds all sums below 10^56 of values with up to 20 digits after the point.
 *		Wide form: what doesn't fit continues in signed 64-bit limbs, each worth
 *		10000 times the one before, that lie elsewhere in the same chunk; KpiSum
 *		then says how many there are and what the lowest is worth.  A limb takes
 *		more than 10^14 digits before it could overflow, so that only merging
 *		has to carry.
 *
 *		The canonical form, for storing: the fixed one wherever the value fits it;
 *		a wide one has no zero limb at either end and every limb below 10000 with
 *		the sign of the sum; NaN and infinities have no digits.
 */
#ifndef KPI_SUM_H
#define KPI_SUM_H

#include "core/number.h"

#define KPI_SUM_SEEN 0x01		/* at least one value: the sum is not NULL */
#define KPI_SUM_NAN 0x02
#define KPI_SUM_PLUS_INFINITY 0x04
#define KPI_SUM_MINUS_INFINITY 0x08
#define KPI_SUM_WIDE 0x10
#define KPI_SUM_SPECIAL (KPI_SUM_NAN | KPI_SUM_PLUS_INFINITY | KPI_SUM_MINUS_INFINITY)

typedef struct KpiSum
{
	uint16		flags;
	uint16		dscale;			/* the largest seen */
	int32		low;			/* wide: power of 10000 of the lowest limb */
	uint64		word[4];		/* fixed: the integer, lowest word first; wide: the number of limbs, 0, 0, 0 */
} KpiSum;

/* The limbs that a wide form needs: powers low to high - 1 of 10000. */
typedef struct KpiSumRoom
{
	int			low;
	int			high;
} KpiSumRoom;

static inline int
kpi_sum_limbs(const KpiSum *sum)
{
	return (sum->flags & KPI_SUM_WIDE) ? (int) sum->word[0] : 0;
}

/*
 * Adding.  False, with nothing changed, when the sum has no room: then the
 * caller asks how much is needed, makes a larger chunk, widens and adds again.
 */
extern bool kpi_sum_add_number(KpiSum *sum, int64 *limbs, const KpiNumber *x, bool negate);
extern bool kpi_sum_add_int64(KpiSum *sum, int64 *limbs, int64 value, bool negate);
extern bool kpi_sum_add_sum(KpiSum *sum, int64 *limbs, const KpiSum *other, const int64 *other_limbs, bool negate);

extern KpiSumRoom kpi_sum_room_number(const KpiSum *sum, const int64 *limbs, const KpiNumber *x);
extern KpiSumRoom kpi_sum_room_sum(const KpiSum *sum, const int64 *limbs, const KpiSum *other, const int64 *other_limbs);
extern void kpi_sum_widen(const KpiSum *from, const int64 *from_limbs, KpiSum *to, int64 *to_limbs, KpiSumRoom room);

/* The sum as a number; false when no value was seen. */
extern bool kpi_sum_number(const KpiSum *sum, const int64 *limbs, KpiNumber *x);

/* The canonical form of a number (with its kind and scale); limbs when the sum says so. */
extern void kpi_sum_canonical(const KpiNumber *x, KpiSum *sum, int64 **limbs);

#endif							/* KPI_SUM_H */
