/*
 * records.c
 *		Sorting and merging records of 64-bit words.
 *
 *		Radix sort in place from the most significant bits that differ, small parts by
 *		insertion (P. McIlroy, K. Bostic, M. McIlroy, "Engineering radix sort", 1993);
 *		parts that lie in the cache from the least significant bits, through a scratch
 *		array, where few bits are left.
 *		Bits that are the same in all records cost nothing: customers numbered below a
 *		million in months of two years take three passes, most of them over parts that
 *		lie in the cache.  In place, because fresh memory costs more than the sort.
 */
#include "core/set/records.h"

#include "core/number/amount.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#define RECORDS_MAX_WORDS 4
#define RECORDS_SMALL 32		/* so few are sorted by insertion */
#define RECORDS_SCRATCH_BYTES (128 * 1024)
#define RECORDS_SCRATCH_LEVELS 4

/*
 * Records between two looks whether the query is cancelled, in loops over all of
 * them.  What is left half sorted then belongs to a query that is over.
 */
#define RECORDS_CHECK_EVERY 0x100000

/* The groups of up to eight bits by which records differ, most significant first. */
typedef struct RecordsPlan
{
	int			n;
	uint8		word[RECORDS_MAX_WORDS * 8];
	uint8		shift[RECORDS_MAX_WORDS * 8];
	uint8		mask[RECORDS_MAX_WORDS * 8];
	uint64	   *scratch;		/* of RECORDS_SCRATCH_BYTES, or NULL when there is nothing for it */
} RecordsPlan;

/* Order of two records by their first words, unsigned: -1, 0 or 1. */
static pg_attribute_always_inline int
records_compare(const uint64 *a, const uint64 *b, int sorted_by)
{
	for (int i = 0; i < sorted_by; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

static pg_attribute_always_inline void
records_copy(uint64 *to, const uint64 *from, int words)
{
	for (int i = 0; i < words; i++)
		to[i] = from[i];
}

/* Sort a few records. */
static pg_attribute_always_inline void
records_insertion_sort(uint64 *records, int64 n, int words, int sorted_by)
{
	for (int64 i = 1; i < n; i++)
	{
		uint64		moving[RECORDS_MAX_WORDS];
		uint64	   *at = records + i * words;

		if (records_compare(at - words, at, sorted_by) <= 0)
			continue;
		records_copy(moving, at, words);
		do
		{
			records_copy(at, at - words, words);
			at -= words;
		} while (at > records && records_compare(at - words, moving, sorted_by) > 0);
		records_copy(at, moving, words);
	}
}

/*
 * records_distribute() -
 *
 *	Sort n records by their bits at one level of the plan alone, in place.  Records
 *	with equal bits end up in one part, in any order; ends[bits] becomes the number
 *	of records up to the end of that part.  The query may be cancelled here.
 */
static pg_attribute_always_inline void
records_distribute(const RecordsPlan *plan, int level, uint64 *records, int64 n, int words, int64 *ends)
{
	int			word = plan->word[level];
	int			shift = plan->shift[level];
	int			mask = plan->mask[level];
	int64		at[256];
	int64		sum = 0;
	uint32		moves = 0;

	memset(at, 0, (mask + 1) * sizeof(at[0]));
	for (int64 from = 0; from < n; from += RECORDS_CHECK_EVERY)
	{
		int64		end = Min(n, from + RECORDS_CHECK_EVERY);

		CHECK_FOR_INTERRUPTS();
		for (int64 i = from; i < end; i++)
			at[records[i * words + word] >> shift & mask]++;
	}
	for (int b = 0; b <= mask; b++)
	{
		int64		count = at[b];

		at[b] = sum;
		sum += count;
		ends[b] = sum;
	}
	for (int b = 0; b <= mask; b++)
	{
		while (at[b] < ends[b])
		{
			uint64	   *hole = records + at[b]++ * words;
			int			to = hole[word] >> shift & mask;
			uint64		moving[RECORDS_MAX_WORDS];

			if (to == b)
				continue;
			/* each takes the place of the next, until one belongs into the hole */
			records_copy(moving, hole, words);
			do
			{
				uint64	   *place = records + at[to]++ * words;
				uint64		displaced[RECORDS_MAX_WORDS];

				records_copy(displaced, place, words);
				records_copy(place, moving, words);
				records_copy(moving, displaced, words);
				to = moving[word] >> shift & mask;
				if (unlikely((++moves & (RECORDS_CHECK_EVERY - 1)) == 0))
					CHECK_FOR_INTERRUPTS();
			} while (to != b);
			records_copy(hole, moving, words);
		}
	}
}

/*
 * records_through_scratch() -
 *
 *	Sort by all levels from this one on, the least significant first, back and forth
 *	between records and the scratch array.
 */
static pg_attribute_always_inline void
records_through_scratch(const RecordsPlan *plan, int level, uint64 *records, int64 n, int words)
{
	uint32		counts[RECORDS_SCRATCH_LEVELS][256];
	uint64	   *from = records;
	uint64	   *to = plan->scratch;

	memset(counts, 0, (plan->n - level) * sizeof(counts[0]));
	for (int64 i = 0; i < n; i++)
		for (int l = level; l < plan->n; l++)
			counts[l - level][records[i * words + plan->word[l]] >> plan->shift[l] & plan->mask[l]]++;
	for (int l = plan->n - 1; l >= level; l--)
	{
		uint32	   *at = counts[l - level];
		uint32		sum = 0;
		int			word = plan->word[l];
		int			shift = plan->shift[l];
		int			mask = plan->mask[l];
		uint64	   *other = from;

		if (at[from[word] >> shift & mask] == n)
			continue;
		for (int b = 0; b <= mask; b++)
		{
			uint32		count = at[b];

			at[b] = sum;
			sum += count;
		}
		for (int64 i = 0; i < n; i++)
		{
			const uint64 *record = from + i * words;

			records_copy(to + (int64) at[record[word] >> shift & mask]++ * words, record, words);
		}
		from = to;
		to = other;
	}
	if (from != records)
		memcpy(records, from, n * words * sizeof(uint64));
}

/*
 * records_sort_N() -
 *
 *	Sort n records by the groups of bits from a level of the plan on.  One function
 *	for each size of records, so that copying them is a few instructions.
 */
#define RECORDS_SORT(name, words, sorted_by) \
	static void \
	name(const RecordsPlan *plan, int level, uint64 *records, int64 n) \
	{ \
		int64		ends[256]; \
		int64		start = 0; \
		if (n <= RECORDS_SMALL) \
		{ \
			records_insertion_sort(records, n, words, sorted_by); \
			return; \
		} \
		if (level >= plan->n) \
			return; \
		CHECK_FOR_INTERRUPTS(); \
		if (plan->n - level <= RECORDS_SCRATCH_LEVELS && n * (words) * sizeof(uint64) <= RECORDS_SCRATCH_BYTES) \
		{ \
			records_through_scratch(plan, level, records, n, words); \
			return; \
		} \
		records_distribute(plan, level, records, n, words, ends); \
		for (int b = 0; b <= plan->mask[level]; b++) \
		{ \
			if (ends[b] - start > 1) \
				name(plan, level + 1, records + start * (words), ends[b] - start); \
			start = ends[b]; \
		} \
	}

RECORDS_SORT(records_sort_1, 1, 1)
RECORDS_SORT(records_sort_2, 2, 2)
RECORDS_SORT(records_sort_3, 3, 3)
RECORDS_SORT(records_sort_4, 4, 2)

/*
 * records_sort_all() -
 *
 *	Sort n records in place by the words that the class is sorted by; equal ones stay.
 *	The levels of the plan cover only bits in which records differ, and finding those
 *	is most of the work.  Scratch memory is freed.  The query may be cancelled here.
 */
static void
records_sort_all(const KpiRecordsClass *class, uint64 *records, int64 n)
{
	uint64		differ[RECORDS_MAX_WORDS] = {0};
	RecordsPlan	plan;
	bool		sorted = true;

	for (int64 i = 1; i < n; i++)
	{
		const uint64 *record = records + i * class->words;

		if (unlikely((i & (RECORDS_CHECK_EVERY - 1)) == 0))
			CHECK_FOR_INTERRUPTS();
		for (int w = 0; w < class->sorted_by; w++)
			differ[w] |= record[w] ^ records[w];
		sorted = sorted && records_compare(record - class->words, record, class->sorted_by) <= 0;
	}
	if (sorted)
		return;
	plan.n = 0;
	for (int w = 0; w < class->sorted_by; w++)
		while (differ[w] != 0)
		{
			int			top = pg_leftmost_one_pos64(differ[w]);
			int			shift = Max(top - 7, 0);

			plan.word[plan.n] = w;
			plan.mask[plan.n] = (1 << (top - shift + 1)) - 1;
			plan.shift[plan.n++] = shift;
			differ[w] &= (UINT64CONST(1) << shift) - 1;
		}
	plan.scratch = n > RECORDS_SMALL ? (uint64 *) palloc(Min(n * class->words * sizeof(uint64), RECORDS_SCRATCH_BYTES)) : NULL;
	if (class->words == 1)
		records_sort_1(&plan, 0, records, n);
	else if (class->words == 2)
		records_sort_2(&plan, 0, records, n);
	else if (class->words == 3)
		records_sort_3(&plan, 0, records, n);
	else
		records_sort_4(&plan, 0, records, n);
	if (plan.scratch)
		pfree(plan.scratch);
}

/* Add the amount of a record to that of another one, which is equal; 22003 beyond 38 digits. */
static inline void
records_add_amount(const KpiRecordsClass *class, uint64 *into, const uint64 *from)
{
	KpiInt128	a;
	KpiInt128	b;

	memcpy(&a, into + class->sorted_by, sizeof(a));
	memcpy(&b, from + class->sorted_by, sizeof(b));
	if (__builtin_add_overflow(a, b, &a))
		kpi_amount_overflow("amount of one customer and period");
	memcpy(into + class->sorted_by, &a, sizeof(a));
}

/* Make one of neighbours that are equal, as the class has it; the number of records that remain. */
static int64
records_fold(const KpiRecordsClass *class, uint64 *records, int64 n)
{
	int			words = class->words;
	int64		kept = 1;

	if (class->equal == KPI_RECORDS_KEEP || n < 2)
		return n;
	for (int64 i = 1; i < n; i++)
	{
		uint64	   *last = records + (kept - 1) * words;
		uint64	   *next = records + i * words;

		if (unlikely((i & (RECORDS_CHECK_EVERY - 1)) == 0))
			CHECK_FOR_INTERRUPTS();
		if (records_compare(last, next, class->sorted_by) != 0)
		{
			if (kept != i)
				records_copy(records + kept * words, next, words);
			kept++;
		}
		else if (class->equal == KPI_RECORDS_ADD)
			records_add_amount(class, last, next);
	}
	return kept;
}

/*
 * kpi_records_sort() -
 *
 *	Sort n records in place and make one of equal ones; the number that remain.
 *	22003 where an addition passes 38 digits.
 */
int64
kpi_records_sort(const KpiRecordsClass *class, uint64 *records, int64 n)
{
	records_sort_all(class, records, n);
	return records_fold(class, records, n);
}

/*
 * records_merge() -
 *
 *	As kpi_records_merge(), of records whose number of words the compiler knows.
 */
static pg_attribute_always_inline int64
records_merge(const KpiRecordsClass *class, int words, int sorted_by, const uint64 *a, int64 n,
	  const uint64 *b, int64 m, uint64 *out)
{
	const uint64 *a_end = a + n * words;
	const uint64 *b_end = b + m * words;
	uint64	   *at = out;
	uint32		steps = 0;

	while (a < a_end && b < b_end)
	{
		int			order = records_compare(a, b, sorted_by);

		if (order > 0)
		{
			records_copy(at, b, words);
			b += words;
		}
		else
		{
			records_copy(at, a, words);
			a += words;
			if (order == 0 && class->equal != KPI_RECORDS_KEEP)
			{
				if (class->equal == KPI_RECORDS_ADD)
					records_add_amount(class, at, b);
				b += words;
			}
		}
		at += words;
		if ((++steps & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	memcpy(at, a, (char *) a_end - (char *) a);
	at += a_end - a;
	memcpy(at, b, (char *) b_end - (char *) b);
	at += b_end - b;
	return (at - out) / words;
}

/*
 * kpi_records_merge() -
 *
 *	Merge two sorted arrays without equal records in themselves into a third, which
 *	has room for both and overlaps neither; the number of records in it.  22003 where
 *	an addition passes 38 digits.
 */
int64
kpi_records_merge(const KpiRecordsClass *class, const uint64 *a, int64 n,
				  const uint64 *b, int64 m, uint64 *out)
{
	switch (class->words)
	{
		case 1:
			return records_merge(class, 1, 1, a, n, b, m, out);
		case 2:
			return records_merge(class, 2, 2, a, n, b, m, out);
		case 3:
			return records_merge(class, 3, 3, a, n, b, m, out);
		default:
			return records_merge(class, 4, 2, a, n, b, m, out);
	}
}

/* Do the n sorted records of a all stand before the first of b? */
bool
kpi_records_follow(const KpiRecordsClass *class, const uint64 *a, int64 n, const uint64 *b)
{
	return n == 0 || records_compare(a + (n - 1) * class->words, b, class->sorted_by) < 0;
}

/*
 * kpi_records_compact() -
 *
 *	Make one sorted array, in place, of a sorted prefix and an unsorted tail; the
 *	number of records that remain.  A copy of the tail is made for it.  22003 where an
 *	addition passes 38 digits.
 */
int64
kpi_records_compact(const KpiRecordsClass *class, uint64 *records, int64 sorted, int64 used)
{
	int			words = class->words;
	int64		n = used - sorted;
	uint64	   *tail = records + sorted * words;
	uint64	   *spare;
	uint64	   *out;
	int64		i;
	int64		j;

	if (n == 0)
		return sorted;
	n = kpi_records_sort(class, tail, n);

	/* all after the prefix, as when rows come in order */
	if (kpi_records_follow(class, records, sorted, tail))
		return sorted + n;

	/* merge from the back, the tail out of the way */
	spare = (uint64 *) MemoryContextAllocHuge(CurrentMemoryContext, n * words * sizeof(uint64));
	memcpy(spare, tail, n * words * sizeof(uint64));
	out = records + (sorted + n) * words;
	i = sorted - 1;
	j = n - 1;
	while (j >= 0)
	{
		int			order = i < 0 ? -1 : records_compare(records + i * words, spare + j * words, class->sorted_by);

		out -= words;
		if (order > 0)
			records_copy(out, records + i-- * words, words);
		else if (order < 0 || class->equal == KPI_RECORDS_KEEP)
			records_copy(out, spare + j-- * words, words);
		else
		{
			records_copy(out, records + i-- * words, words);
			if (class->equal == KPI_RECORDS_ADD)
				records_add_amount(class, out, spare + j * words);
			j--;
		}
		if ((j & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	pfree(spare);

	/* the rest of the prefix stands where it stood; close the gap that folding left */
	used = records + (sorted + n) * words - out;
	if (out != records + (i + 1) * words)
		memmove(records + (i + 1) * words, out, used * sizeof(uint64));
	return i + 1 + used / words;
}
