/*
 * duration.h
 *		A duration_summary: its layout, for the files that share it.
 *
 *		A duration is a whole number of microseconds (us), 0 to 2^63 - 1.  Count,
 *		sum, least and largest are exact; percentiles come from the histogram of
 *		summary/histogram.h, which also describes its packed form.  Limits may be given,
 *		up to which durations are counted exactly.
 *
 *		Layout: header, n, sum (low and high half of 128 bits), min, max (us; 0
 *		without rows), length, low.  In version 2 of the format the limits follow: how
 *		many, each (us, ascending), and how many durations are not longer than each.
 *		Then comes what the header's flags say:
 *
 *		DURATION_STORED	the canonical form, the only one that leaves an aggregate:
 *						the histogram, packed; length is the number of buckets in
 *						use, low 0.
 *		DURATION_LIST	for few rows: the bucket (uint16) of each of the length rows,
 *						in any order, with room up to the end of the chunk; low is 0.
 *		DURATION_WINDOW	for many: a count (int64) for each bucket from low to
 *						low + length - 1; both are multiples of KPI_OCTAVE.
 *
 *		Version 1 has no limits, and the empty summary is of version 1.
 */
#ifndef KPI_DURATION_H
#define KPI_DURATION_H

#include "core/form/flat.h"
#include "core/server/int128.h"
#include "summary/histogram.h"

#include "utils/timestamp.h"

#define DURATION_VERSION 1		/* without limits; with them it is one more */

#define DURATION_STORED 0
#define DURATION_LIST 1
#define DURATION_WINDOW 2

typedef struct DurationSummary
{
	KpiHeader	header;
	int64		n;
	uint64		sum_low;
	uint64		sum_high;
	int64		min;
	int64		max;
	int32		length;			/* of the buckets, rows or counts that follow */
	int32		low;
	uint8		data[FLEXIBLE_ARRAY_MEMBER];	/* limits, and the rest */
} DurationSummary;

#define DURATION_HEAD_SIZE offsetof(DurationSummary, data)

/* Limits of a summary: n of them, then as many counts of durations up to each. */
typedef struct DurationLimits
{
	int64		n;
	int64		at[FLEXIBLE_ARRAY_MEMBER];
} DurationLimits;

#define DURATION_MAX_LIMITS 64

extern const KpiType kpi_duration_type;

/* What so many limits take. */
static inline Size
duration_limits_size(int64 n)
{
	return offsetof(DurationLimits, at) + 2 * n * sizeof(int64);
}

/* The limits of a summary, NULL where it has none. */
static inline DurationLimits *
duration_limits(const DurationSummary *s)
{
	return s->header.version == DURATION_VERSION ? NULL : (DurationLimits *) s->data;
}

/* How many durations are not longer than each of them. */
static inline int64 *
duration_limit_counts(DurationLimits *limits)
{
	return limits->at + limits->n;
}

/* What follows the limits. */
static inline uint8 *
duration_data(const DurationSummary *s)
{
	const DurationLimits *limits = duration_limits(s);

	return (uint8 *) s->data + (likely(limits == NULL) ? 0 : duration_limits_size(limits->n));
}

/* Limits that are read, with room for as many as there may be. */
typedef union DurationLimitsRead
{
	DurationLimits limits;
	int64		words[1 + 2 * DURATION_MAX_LIMITS];
} DurationLimitsRead;

/* The sum of all durations, in us. */
static inline KpiUint128
duration_sum(const DurationSummary *s)
{
	return (KpiUint128) s->sum_high << 64 | s->sum_low;
}

/* Set it. */
static inline void
duration_set_sum(DurationSummary *s, KpiUint128 sum)
{
	s->sum_low = (uint64) sum;
	s->sum_high = (uint64) (sum >> 64);
}

/* A walk over the buckets in use of a stored summary. */
static inline KpiBuckets
duration_buckets(const DurationSummary *s)
{
	Assert(s->header.flags == DURATION_STORED);
	return kpi_buckets(duration_data(s), (const uint8 *) s + VARSIZE(s));
}

/*
 * duration_get() -
 *
 *	The summary in a Datum as it is.  XX001 for what is none, against damaged values.
 */
static inline DurationSummary *
duration_get(Datum datum)
{
	DurationSummary *s = kpi_flat(datum, &kpi_duration_type);
	const DurationLimits *limits = duration_limits(s);

	if (unlikely(limits != NULL) &&
		unlikely(VARSIZE(s) < DURATION_HEAD_SIZE + duration_limits_size(1) ||
				 limits->n < 1 || limits->n > DURATION_MAX_LIMITS ||
				 VARSIZE(s) < DURATION_HEAD_SIZE + duration_limits_size(limits->n)))
		kpi_flat_reject(&kpi_duration_type, &s->header);
	return s;
}

extern DurationSummary *kpi_duration_new(const DurationLimits *limits, Size data_size);
extern DurationSummary *kpi_duration_stored(DurationSummary *s);
extern KpiInt128 kpi_duration_microseconds(const Interval *interval);

#endif							/* KPI_DURATION_H */
