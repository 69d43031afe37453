/*
 * histogram.h
 *		A histogram of integers 0 to 2^63 - 1 with a bounded relative error, and
 *		its packed form.  The scheme is that of G. Tene's HdrHistogram.
 *
 *		Buckets: below 256 each value has its own; above, each power of two is cut
 *		into 128 equal buckets, so that a bucket is narrower than 1/128 of its
 *		values and its middle is within 0.4 % of them.  Only shifts are used:
 *		bucket numbers are the same on every platform.
 *
 *			bucket = v						for v < 128
 *			bucket = 128 e + (v >> e)		with e = floor(log2 v) - 7, else
 *
 *		Packed: for each bucket in use, in order, a varint of 4 (count - 1) +
 *		min(gap, 3) and, when gap >= 3, a varint of gap - 3, where the gap is the
 *		number of unused buckets before this one (core/form/varint.h).  There is
 *		only one way to write a histogram.
 */
#ifndef KPI_HISTOGRAM_H
#define KPI_HISTOGRAM_H

#include "core/form/flat.h"
#include "core/form/varint.h"

#include "port/pg_bitutils.h"

/* Buckets to a power of two, as bits and as a number; all buckets. */
#define KPI_OCTAVE_BITS 7
#define KPI_OCTAVE (1 << KPI_OCTAVE_BITS)
#define KPI_BUCKETS ((63 - KPI_OCTAVE_BITS + 1) * KPI_OCTAVE)

/* The most bytes that one bucket takes when packed. */
#define KPI_PACKED_MAX 12

static inline int
kpi_bucket(int64 value)
{
	int			shift = pg_leftmost_one_pos64(value | KPI_OCTAVE) - KPI_OCTAVE_BITS;

	return (shift << KPI_OCTAVE_BITS) + (int) (value >> shift);
}

static inline int
kpi_bucket_shift(int bucket)
{
	return Max((bucket >> KPI_OCTAVE_BITS) - 1, 0);
}

/* The least value of a bucket. */
static inline int64
kpi_bucket_low(int bucket)
{
	int			shift = kpi_bucket_shift(bucket);

	return (int64) (bucket - (shift << KPI_OCTAVE_BITS)) << shift;
}

/* The largest. */
static inline int64
kpi_bucket_high(int bucket)
{
	return kpi_bucket_low(bucket) + ((INT64CONST(1) << kpi_bucket_shift(bucket)) - 1);
}

static inline int64
kpi_bucket_middle(int bucket)
{
	return kpi_bucket_low(bucket) + ((INT64CONST(1) << kpi_bucket_shift(bucket)) - 1) / 2;
}

/* Pack a bucket; previous is the one in use before it, or -1.  1 <= count <= KPI_MAX_COUNT. */
static inline uint8 *
kpi_pack_bucket(uint8 *at, int previous, int bucket, int64 count)
{
	int			gap = bucket - previous - 1;

	at = kpi_varint_write(at, (uint64) (count - 1) << 2 | Min(gap, 3));
	if (gap >= 3)
		at = kpi_varint_write(at, gap - 3);
	return at;
}

/* Walking a packed histogram. */
typedef struct KpiBuckets
{
	const uint8 *at;
	const uint8 *end;
	int			bucket;
	int64		count;
} KpiBuckets;

static inline KpiBuckets
kpi_buckets(const uint8 *packed, const uint8 *end)
{
	return (KpiBuckets) {packed, end, -1, 0};
}

/* The next bucket in use; false at the end, and at what is not valid, which at != end then tells. */
static inline bool
kpi_next_bucket(KpiBuckets *b)
{
	uint64		token;
	uint64		more = 0;
	const uint8 *at;

	if (b->at == b->end)
		return false;
	at = kpi_varint_read(b->at, b->end, &token);
	if (likely(at != NULL) && (token & 3) == 3)
		at = kpi_varint_read(at, b->end, &more);
	if (unlikely(at == NULL || more > KPI_BUCKETS ||
				 (b->bucket += 1 + (int) (token & 3) + (int) more) >= KPI_BUCKETS))
	{
		b->at = NULL;
		return false;
	}
	b->at = at;
	b->count = (int64) (token >> 2) + 1;
	return true;
}

#endif							/* KPI_HISTOGRAM_H */
