/*
 * sum.h
 *		Exact sums of numeric: independent of the order of the rows, mergeable,
 *		without pointers, and with the display scale that sum(numeric) gives.
 *
 *		Fixed form: a 256-bit two's complement integer in units of 10^-20, which
 *		holds all sums below 10^56 of values with up to 20 digits after the point.
 *		The common row is added to a 64-bit integer in units of 10^-8 beside it,
 *		which is settled into the 256 bits before it overflows or anybody reads.
 *		Wide form: what doesn't fit continues in signed 64-bit limbs, each worth
 *		10000 times the one before, that lie elsewhere in the same chunk; KpiSum
 *		then says how many there are and what the lowest is worth.  A limb takes
 *		more than 10^14 digits before it could overflow, so that only merging
 *		has to carry.
 *
 *		The canonical form, for storing: nothing pending; the fixed form wherever the value fits it;
 *		a wide one has no zero limb at either end and every limb below 10000 with
 *		the sign of the sum; NaN and infinities have no digits.
 */
#ifndef KPI_SUM_H
#define KPI_SUM_H

#include "core/number/number.h"

#include "common/int.h"

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
	int64		pending;		/* to be added, in units of 10^-8 */
	uint64		word[4];		/* fixed: the integer, lowest word first; wide: the number of limbs, 0, 0, 0 */
} KpiSum;

/* Base-10000 digits after the point in the fixed form. */
#define KPI_SUM_FRACTION 5
#define KPI_SUM_PENDING_FRACTION 2


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
extern bool kpi_sum_add_sum(KpiSum *sum, int64 *limbs, const KpiSum *other, const int64 *other_limbs, bool negate);

/*
 * The common value: a stored numeric of one to three digits in short form, below
 * 10^8 with up to 8 places.  As an integer in units of 10^-8, with its scale; false
 * for everything else.
 */
static pg_attribute_always_inline bool
kpi_sum_common(Datum numeric, int64 *result, uint16 *dscale)
{
	static const int64 power[] = {1, 10000, 100000000, INT64CONST(1000000000000)};
	const char *value = DatumGetPointer(numeric);
	const char *data;
	int			length;
	int			digits;
	int			weight;
	unsigned	shift;
	uint16		head;
	uint16		first;			/* digit; no arrays here: they cost a stack check */
	uint16		last_but_one;
	uint16		last;
	int64		scaled;
	int64		negative;

	if (likely(VARATT_IS_1B(value) && !VARATT_IS_1B_E(value)))
	{
		data = VARDATA_1B(value);
		length = VARSIZE_1B(value) - VARHDRSZ_SHORT;
	}
	else if (VARATT_IS_4B_U(value))
	{
		data = VARDATA_4B(value);
		length = VARSIZE_4B(value) - VARHDRSZ;
	}
	else
		return false;
	digits = length / (int) sizeof(uint16) - 1;
	if (unlikely((unsigned) (digits - 1) > 2))
		return false;
	memcpy(&head, data, sizeof(uint16));
	memcpy(&first, data + sizeof(uint16), sizeof(uint16));
	memcpy(&last_but_one, data + length - 2 * sizeof(uint16), sizeof(uint16));
	memcpy(&last, data + length - sizeof(uint16), sizeof(uint16));
	weight = kpi_numeric_short_weight(head);
	shift = weight - digits + 1 + KPI_SUM_PENDING_FRACTION;
	if (unlikely((head & KPI_NUMERIC_SIGN_MASK) != KPI_NUMERIC_SHORT ||
				 weight > 1 || shift >= lengthof(power)))
		return false;

	/* no branch on the number of digits or the sign, which no processor could predict */
	scaled = ((int64) first * 100000000 * (digits == 3) +
			  (int64) last_but_one * KPI_NBASE * (digits >= 2) + last) * power[shift];
	negative = -(int64) ((head & KPI_NUMERIC_SHORT_SIGN_MASK) != 0);
	*result = (scaled ^ negative) - negative;
	*dscale = (head & KPI_NUMERIC_SHORT_DSCALE_MASK) >> KPI_NUMERIC_SHORT_DSCALE_SHIFT;
	return true;
}

/* The same for an integer. */
static pg_attribute_always_inline bool
kpi_sum_common_int64(int64 value, int64 *result, uint16 *dscale)
{
	*dscale = 0;
	return likely(!pg_mul_s64_overflow(value, 100000000, result));
}

/*
 * The same for a double with at most two places, below 10^9: a number of so few digits
 * is the only one that the double is nearest to.
 */
static pg_attribute_always_inline bool
kpi_sum_common_float8(double value, int64 *result, uint16 *dscale)
{
	double		hundredths = rint(value * 100);
	int64		whole;

	if (unlikely(!(fabs(value) < 1e9 && hundredths / 100 == value)))
		return false;
	whole = (int64) hundredths;
	*result = whole * 1000000;
	*dscale = whole % 10 != 0 ? 2 : whole % 100 != 0;
	return true;
}

/* An argument in the same way. */
static pg_attribute_always_inline bool
kpi_sum_common_argument(FunctionCallInfo fcinfo, int n, KpiNumberType type, int64 *result, uint16 *dscale)
{
	return type == KPI_NUMERIC ? kpi_sum_common(PG_GETARG_DATUM(n), result, dscale) :
		type == KPI_FLOAT8 ? kpi_sum_common_float8(PG_GETARG_FLOAT8(n), result, dscale) :
		type == KPI_FLOAT4 ? false :
		kpi_sum_common_int64(kpi_integer_argument(fcinfo, n, type), result, dscale);
}

/* Add one; false, with nothing changed, when it is to be added as a number. */
static pg_attribute_always_inline bool
kpi_sum_add_common(KpiSum *sum, int64 scaled, uint16 dscale)
{
	if (unlikely(pg_add_s64_overflow(sum->pending, scaled, &scaled) || (sum->flags & KPI_SUM_WIDE)))
		return false;
	sum->pending = scaled;
	sum->dscale = Max(sum->dscale, dscale);
	sum->flags |= KPI_SUM_SEEN;
	return true;
}

extern KpiSumRoom kpi_sum_room_number(const KpiSum *sum, const int64 *limbs, const KpiNumber *x);
extern KpiSumRoom kpi_sum_room_sum(const KpiSum *sum, const int64 *limbs, const KpiSum *other, const int64 *other_limbs);
extern void kpi_sum_widen(const KpiSum *from, const int64 *from_limbs, KpiSum *to, int64 *to_limbs, KpiSumRoom room);

/* The sum as a number; false when no value was seen. */
extern bool kpi_sum_number(const KpiSum *sum, const int64 *limbs, KpiNumber *x);

/* The canonical form of a number (with its kind and scale); limbs when the sum says so. */
extern void kpi_sum_canonical(const KpiNumber *x, KpiSum *sum, int64 **limbs);

#endif							/* KPI_SUM_H */
