/*
 * sum.c
 *		Exact sums of numeric.
 *
 *		Fixed: a row's value is its digits as an integer times a power of 10000,
 *		nearly always below 2^127, which is added to the 256 bits with carries.
 *		Wide: a row's digits are added to the limbs one by one.
 */
#include "core/number/sum.h"

#include "core/server/int128.h"

/* Limbs that the fixed form needs when it becomes wide: 2^255 < 10^80 units of 10^-20. */
#define SUM_FIXED_LOW (-KPI_SUM_FRACTION)
#define SUM_FIXED_HIGH 15

/* Room above the highest digit: 10^20 rows, and limbs that carry. */
#define SUM_SPARE 5

#define SUM_POWER(high, low) ((KpiUint128) (high) * UINT64CONST(10000000000000000) + (low))

/* 10000^0 .. 10000^8 */
static const KpiUint128 sum_power[] = {
	1, 10000, 100000000, UINT64CONST(1000000000000), UINT64CONST(10000000000000000),
	SUM_POWER(10000, 0), SUM_POWER(100000000, 0), SUM_POWER(UINT64CONST(1000000000000), 0),
	SUM_POWER(UINT64CONST(10000000000000000), 0)
};

/*
 * sum_add_words() -
 *
 *	Add a signed 256-bit integer; false, with nothing changed, on overflow.  Rows
 *	leave a bit spare, so that settling what is pending never fails.
 */
static inline bool
sum_add_words(uint64 *word, const uint64 *addend, bool spare)
{
	uint64		sum[4];
	KpiUint128	carry = 0;

	for (int i = 0; i < 4; i++)
	{
		carry += (KpiUint128) word[i] + addend[i];
		sum[i] = (uint64) carry;
		carry >>= 64;
	}
	/* overflow: both of one sign, the sum of the other */
	if (unlikely(((word[3] ^ sum[3]) & (addend[3] ^ sum[3])) >> 63 ||
				 (spare && (sum[3] ^ sum[3] << 1) >> 63)))
		return false;
	memcpy(word, sum, sizeof(sum));
	return true;
}

/* Add a signed 128-bit integer in the same way. */
static inline bool
sum_add_small(uint64 *word, KpiUint128 value, bool spare)
{
	uint64		sign = (uint64) 0 - (uint64) (value >> 127);
	uint64		addend[4] = {(uint64) value, (uint64) (value >> 64), sign, sign};

	return sum_add_words(word, addend, spare);
}

/* Bring what is pending into a fixed sum's 256 bits. */
static inline void
sum_settle(KpiSum *sum)
{
	if (sum->pending != 0)
	{
		KpiInt128	value = (KpiInt128) sum->pending * (int64) sum_power[KPI_SUM_FRACTION - KPI_SUM_PENDING_FRACTION];

		if (!sum_add_small(sum->word, (KpiUint128) value, false))
			elog(ERROR, "a fixed sum has no room for what is pending");
		sum->pending = 0;
	}
}

/* words = -words */
static inline void
sum_negate_words(uint64 *word)
{
	KpiUint128	carry = 1;

	for (int i = 0; i < 4; i++)
	{
		carry += (uint64) ~word[i];
		word[i] = (uint64) carry;
		carry >>= 64;
	}
}

/* words = words * factor + plus; the caller knows that it fits. */
static void
sum_multiply_words(uint64 *word, uint64 factor, uint64 plus)
{
	KpiUint128	carry = plus;

	for (int i = 0; i < 4; i++)
	{
		carry += (KpiUint128) word[i] * factor;
		word[i] = (uint64) carry;
		carry >>= 64;
	}
}

/* words = words / divisor, of which the lowest *used are not 0; the remainder. */
static uint64
sum_divide_words(uint64 *word, int *used, uint64 divisor)
{
	uint64		remainder = 0;

	for (int i = *used - 1; i >= 0; i--)
	{
		KpiUint128	part = (KpiUint128) remainder << 64 | word[i];

		if (part >> 64 == 0)
		{
			word[i] = (uint64) part / divisor;
			remainder = (uint64) part % divisor;
		}
		else
		{
			word[i] = (uint64) (part / divisor);
			remainder = (uint64) (part - (KpiUint128) word[i] * divisor);
		}
	}
	while (*used > 0 && word[*used - 1] == 0)
		(*used)--;
	return remainder;
}

/* Does the number lie on the grid of the fixed form, below 10000^14 = 10^56? */
static inline bool
sum_fits_fixed(const KpiNumber *x)
{
	return x->weight - x->ndigits + 1 >= -KPI_SUM_FRACTION && x->weight < SUM_FIXED_HIGH - 1;
}

/* A number for which sum_fits_fixed() holds, as a signed 256-bit integer. */
static void
sum_number_words(const KpiNumber *x, uint64 *word)
{
	memset(word, 0, 4 * sizeof(uint64));
	for (int i = 0; i < x->ndigits; i++)
		sum_multiply_words(word, KPI_NBASE, kpi_number_digit(x, i));
	for (int i = x->weight - x->ndigits + 1; i > -KPI_SUM_FRACTION; i--)
		sum_multiply_words(word, KPI_NBASE, 0);
	if (x->negative)
		sum_negate_words(word);
}

/* Note NaN or an infinity. */
static void
sum_note_special(KpiSum *sum, int kind)
{
	sum->flags |= KPI_SUM_SEEN |
		(kind == KPI_NAN ? KPI_SUM_NAN :
		 kind == KPI_PLUS_INFINITY ? KPI_SUM_PLUS_INFINITY : KPI_SUM_MINUS_INFINITY);
}

/*
 * kpi_sum_add_number() -
 *
 *	Add a number, or with `negate` subtract it.  False, with nothing changed, when
 *	the sum has no room for it.
 */
bool
kpi_sum_add_number(KpiSum *sum, int64 *limbs, const KpiNumber *x, bool negate)
{
	bool		negative = x->negative != negate;

	sum_settle(sum);
	if (unlikely(x->kind != KPI_FINITE))
	{
		sum_note_special(sum, x->kind);
		return true;
	}
	if (unlikely(sum->flags & KPI_SUM_WIDE))
	{
		int			position = x->weight - sum->low;

		if (x->ndigits > 0 &&
			(position - x->ndigits + 1 < 0 || position + SUM_SPARE >= kpi_sum_limbs(sum)))
			return false;
		for (int i = 0; i < x->ndigits; i++)
		{
			int			digit = kpi_number_digit(x, i);

			limbs[position - i] += negative ? -digit : digit;
		}
	}
	else if (likely(x->weight <= 3 && x->weight - x->ndigits + 1 >= -KPI_SUM_FRACTION))
	{
		/* at most nine digits down to the grid: below 10^36 */
		int			shift = x->weight - x->ndigits + 1 + KPI_SUM_FRACTION;
		int			n = x->ndigits;
		int			i = 0;
		uint64		part = 0;
		KpiUint128	value;

		for (; i < n && i < 4; i++)
			part = part * KPI_NBASE + kpi_number_digit(x, i);
		value = part;
		if (unlikely(n > 4))
			for (; i < n; i++)
				value = value * KPI_NBASE + kpi_number_digit(x, i);
		/* zero has no digits, and any weight */
		if (likely(n > 0) && unlikely(!sum_add_small(sum->word, negative ? -(value * sum_power[shift]) : value * sum_power[shift], true)))
			return false;
	}
	else if (x->ndigits > 0)
	{
		uint64		addend[4];

		if (!sum_fits_fixed(x))
			return false;
		sum_number_words(x, addend);
		if (negate)
			sum_negate_words(addend);
		if (!sum_add_words(sum->word, addend, true))
			return false;
	}
	sum->flags |= KPI_SUM_SEEN;
	sum->dscale = Max(sum->dscale, x->dscale);
	return true;
}

/* Carry so that every limb but the highest is below 10000 in size. */
static void
sum_carry_limbs(int64 *limbs, int n)
{
	int64		carry = 0;

	for (int i = 0; i < n - 1; i++)
	{
		limbs[i] += carry;
		carry = limbs[i] / KPI_NBASE;
		limbs[i] -= carry * KPI_NBASE;
	}
	if (n > 0)
		limbs[n - 1] += carry;
}

/*
 * The digits of a sum without its specials: NaN and infinities stand in the flags
 * beside them, and the digits go on.  What asks for room, what takes it and what
 * merges must see the same digits.
 */
static void
sum_digits(const KpiSum *sum, const int64 *limbs, KpiNumber *x)
{
	KpiSum		plain = *sum;

	plain.flags = (sum->flags & ~KPI_SUM_SPECIAL) | KPI_SUM_SEEN;
	kpi_sum_number(&plain, limbs, x);
}

/* The powers of 10000 that a sum's digits reach, as a wide form. */
static KpiSumRoom
sum_reach(const KpiSum *sum, const int64 *limbs)
{
	KpiNumber	x;

	if (!(sum->flags & KPI_SUM_WIDE))
		return (KpiSumRoom) {SUM_FIXED_LOW, SUM_FIXED_HIGH};
	sum_digits(sum, limbs, &x);
	if (x.ndigits == 0)
		return (KpiSumRoom) {SUM_FIXED_LOW, SUM_FIXED_HIGH};
	return (KpiSumRoom) {Min(x.weight - x.ndigits + 1, SUM_FIXED_LOW), Max(x.weight + 1, SUM_FIXED_HIGH)};
}

/* The room that a sum needs for a number to be added, and more to come. */
KpiSumRoom
kpi_sum_room_number(const KpiSum *sum, const int64 *limbs, const KpiNumber *x)
{
	KpiSumRoom	room = sum_reach(sum, limbs);

	if (x->ndigits > 0)
	{
		room.low = Min(room.low, x->weight - x->ndigits + 1);
		room.high = Max(room.high, x->weight + 1);
	}
	room.high += SUM_SPARE;
	return room;
}

/* The room that it needs for another sum to be added. */
KpiSumRoom
kpi_sum_room_sum(const KpiSum *sum, const int64 *limbs, const KpiSum *other, const int64 *other_limbs)
{
	KpiSumRoom	room = sum_reach(sum, limbs);
	KpiSumRoom	more = sum_reach(other, other_limbs);

	room.low = Min(room.low, more.low);
	room.high = Max(room.high, more.high) + SUM_SPARE;
	return room;
}

/* Continue a sum in wide form with the given room; to_limbs is zeroed. */
void
kpi_sum_widen(const KpiSum *from, const int64 *from_limbs, KpiSum *to, int64 *to_limbs, KpiSumRoom room)
{
	KpiNumber	x;

	to->flags = from->flags | KPI_SUM_WIDE;
	to->dscale = from->dscale;
	to->low = room.low;
	to->word[0] = room.high - room.low;
	to->word[1] = to->word[2] = to->word[3] = 0;

	sum_digits(from, from_limbs, &x);
	Assert(x.ndigits == 0 || (x.weight - x.ndigits + 1 >= room.low && x.weight < room.high));
	for (int i = 0; i < x.ndigits; i++)
	{
		int			digit = kpi_number_digit(&x, i);

		to_limbs[x.weight - i - room.low] = x.negative ? -digit : digit;
	}
}

/*
 * kpi_sum_add_sum() -
 *
 *	Add another sum, or with `negate` subtract it.  False, with nothing changed,
 *	when the sum has no room for it.
 */
bool
kpi_sum_add_sum(KpiSum *sum, int64 *limbs, const KpiSum *other, const int64 *other_limbs, bool negate)
{
	if (!((sum->flags | other->flags) & KPI_SUM_WIDE))
	{
		KpiSum		settled = *other;
		uint64	   *addend = settled.word;

		sum_settle(sum);
		sum_settle(&settled);
		if (negate)
			sum_negate_words(addend);
		if (!sum_add_words(sum->word, addend, true))
			return false;
	}
	else
	{
		KpiNumber	x;

		sum_digits(other, other_limbs, &x);
		x.dscale = 0;
		if (!kpi_sum_add_number(sum, limbs, &x, negate))
			return false;
		if (sum->flags & KPI_SUM_WIDE)
			sum_carry_limbs(limbs, kpi_sum_limbs(sum));
		if (!(other->flags & KPI_SUM_SEEN))
			return true;
	}
	sum->flags |= other->flags & ~KPI_SUM_WIDE;
	sum->dscale = Max(sum->dscale, other->dscale);
	return true;
}

/*
 * kpi_sum_number() -
 *
 *	The sum as a number in *x; limbs are those of a wide sum, and are not changed.
 *	Infinity plus -Infinity is NaN, as in sum(numeric).  The scale is the largest of
 *	the values summed.  The digits lie in the current memory context.  False when no
 *	value was seen.
 */
bool
kpi_sum_number(const KpiSum *sum, const int64 *limbs, KpiNumber *x)
{
	memset(x, 0, sizeof(*x));
	if (!(sum->flags & KPI_SUM_SEEN))
		return false;
	if (sum->flags & KPI_SUM_SPECIAL)
	{
		bool		plus = (sum->flags & KPI_SUM_PLUS_INFINITY) != 0;
		bool		minus = (sum->flags & KPI_SUM_MINUS_INFINITY) != 0;

		x->kind = (sum->flags & KPI_SUM_NAN) || (plus && minus) ? KPI_NAN :
			plus ? KPI_PLUS_INFINITY : KPI_MINUS_INFINITY;
		return true;
	}
	x->dscale = sum->dscale;

	if (!(sum->flags & KPI_SUM_WIDE))
	{
		/* four digits at a time, the lowest first */
		enum
		{
			MOST = 20
		};
		uint16	   *digits = palloc(MOST * sizeof(uint16));
		KpiSum		settled = *sum;
		uint64	   *word = settled.word;
		int			used = 4;
		int			i = MOST;

		sum_settle(&settled);
		x->negative = word[3] >> 63;
		if (x->negative)
			sum_negate_words(word);
		while (used > 0 && word[used - 1] == 0)
			used--;
		while (used > 0)
		{
			uint64		four = sum_divide_words(word, &used, UINT64CONST(10000000000000000));

			for (int j = 0; j < 4; j++, four /= KPI_NBASE)
				digits[--i] = four % KPI_NBASE;
		}
		x->digits = (const char *) (digits + i);
		x->ndigits = MOST - i;
		x->weight = x->ndigits - 1 - KPI_SUM_FRACTION;
	}
	else
	{
		/* carry in a copy with spare limbs, then bring all digits to the sign of the whole */
		int			n = kpi_sum_limbs(sum) + SUM_SPARE;
		int64	   *copy = palloc0(n * sizeof(int64));
		uint16	   *digits = palloc(n * sizeof(uint16));
		int			top = n - 1;
		int64		borrow = 0;

		memcpy(copy, limbs, kpi_sum_limbs(sum) * sizeof(int64));
		sum_carry_limbs(copy, n);
		while (top > 0 && copy[top] == 0)
			top--;
		x->negative = copy[top] < 0;
		for (int i = 0; i < n; i++)
		{
			int64		digit = (x->negative ? -copy[i] : copy[i]) - borrow;

			borrow = digit < 0;
			digits[n - 1 - i] = digit + borrow * KPI_NBASE;
		}
		pfree(copy);
		x->digits = (const char *) digits;
		x->ndigits = n;
		x->weight = sum->low + n - 1;
	}
	kpi_number_strip(x);
	return true;
}

/*
 * kpi_sum_canonical() -
 *
 *	The canonical form of a number, with its kind and scale; *limbs becomes the
 *	limbs of a wide one, palloc'd, else NULL.
 */
void
kpi_sum_canonical(const KpiNumber *x, KpiSum *sum, int64 **limbs)
{
	memset(sum, 0, sizeof(*sum));
	*limbs = NULL;
	if (x->kind != KPI_FINITE)
	{
		sum_note_special(sum, x->kind);
		return;
	}
	sum->flags = KPI_SUM_SEEN;
	sum->dscale = x->dscale;
	if (x->ndigits == 0)
		return;
	if (sum_fits_fixed(x))
	{
		sum_number_words(x, sum->word);
		return;
	}
	sum->flags |= KPI_SUM_WIDE;
	sum->low = x->weight - x->ndigits + 1;
	sum->word[0] = x->ndigits;
	*limbs = palloc(x->ndigits * sizeof(int64));
	for (int i = 0; i < x->ndigits; i++)
	{
		int			digit = kpi_number_digit(x, i);

		(*limbs)[x->ndigits - 1 - i] = x->negative ? -digit : digit;
	}
}
