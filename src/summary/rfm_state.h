/*
 * rfm_state.h
 *		rfm's open form, an aggregate's state, for rfm's own files.
 *
 *		KpiRfm, the time zone with its NUL, and days as they came, of which the first
 *		`sorted` ascend.  When it is full they are sorted, and equal days added up; only
 *		if it is then still over half full it doubles.  A chunk is a power of two, from 64
 *		bytes, which hold three days.  Narrow days have 64-bit amounts in units of 10^-8
 *		whatever the scale; wide ones 128-bit amounts in units of 10^-scale, once an
 *		amount or sum needs it.
 */
#ifndef KPI_RFM_STATE_H
#define KPI_RFM_STATE_H

#include "summary/rfm_days.h"

#include "common/int.h"

#define KPI_RFM_WIDE 0x02		/* in header.flags */
#define KPI_RFM_NARROW_SCALE 8

typedef struct KpiRfm
{
	KpiHeader	header;
	uint16		scale;			/* largest kpi_amount_scale() of the amounts */
	uint16		zone;			/* bytes of the time zone with its NUL, padded to 4 */
	int32		sorted;
	int32		used;
} KpiRfm;

/* Of 4-byte words, to waste nothing. */
typedef struct KpiRfmNarrow
{
	int32		day;
	uint32		amount[2];
} KpiRfmNarrow;

typedef struct KpiRfmWide
{
	int32		day;
	uint32		amount[4];
} KpiRfmWide;

static inline char *
kpi_rfm_zone(const KpiRfm *rfm)
{
	return (char *) (rfm + 1);
}

static inline void *
kpi_rfm_days(const KpiRfm *rfm)
{
	return kpi_rfm_zone(rfm) + rfm->zone;
}

static inline bool
kpi_rfm_is_wide(const KpiRfm *rfm)
{
	return (rfm->header.flags & KPI_RFM_WIDE) != 0;
}

static inline Size
kpi_rfm_size_of_day(const KpiRfm *rfm)
{
	return kpi_rfm_is_wide(rfm) ? sizeof(KpiRfmWide) : sizeof(KpiRfmNarrow);
}

/* How many days has it room for? */
static inline int64
kpi_rfm_capacity(const KpiRfm *rfm)
{
	return ((char *) rfm + VARSIZE(rfm) - (char *) kpi_rfm_days(rfm)) / kpi_rfm_size_of_day(rfm);
}

/* Amounts are in units of ten to minus this. */
static inline int
kpi_rfm_unit(const KpiRfm *rfm)
{
	return kpi_rfm_is_wide(rfm) ? rfm->scale : KPI_RFM_NARROW_SCALE;
}

static inline int64
kpi_rfm_narrow_amount(const KpiRfmNarrow *day)
{
	int64		amount;

	memcpy(&amount, day->amount, sizeof(amount));
	return amount;
}

static inline KpiInt128
kpi_rfm_wide_amount(const KpiRfmWide *day)
{
	KpiInt128	amount;

	memcpy(&amount, day->amount, sizeof(amount));
	return amount;
}

static inline bool
kpi_rfm_is_packed(const KpiHeader *value)
{
	return (value->flags & KPI_RFM_PACKED) != 0;
}

static inline bool
kpi_rfm_is_empty(const KpiHeader *value)
{
	return kpi_rfm_is_packed(value) && VARSIZE(value) == sizeof(KpiHeader);
}

/*
 * What returns a state may return another one, in the current memory context, than it
 * was given; the old one is left to the aggregate.  54000 beyond 512 MB, 22003 for an
 * amount or sum beyond 38 digits.
 */
extern KpiRfm *kpi_rfm_new(const char *zone, int scale, bool wide, int64 days);
extern KpiRfm *kpi_rfm_rescale(KpiRfm *rfm, int scale);
extern KpiRfm *kpi_rfm_make_room(KpiRfm *rfm);
extern KpiRfm *kpi_rfm_put_wide(KpiRfm *rfm, int32 day, KpiInt128 amount);
extern KpiRfm *kpi_rfm_put(KpiRfm *rfm, int32 day, KpiInt128 amount, int unit);
extern KpiRfm *kpi_rfm_unpack(KpiHeader *packed, int64 more);
extern KpiHeader *kpi_rfm_pack(KpiHeader *value);

/* Days in any form: a value in packed form, or a state. */
extern void kpi_rfm_reader(KpiRfmReader *reader, Datum rfm);

/* Count a day just written at the end. */
static pg_attribute_always_inline void
kpi_rfm_count_day(KpiRfm *rfm, bool ascends)
{
	if (ascends && rfm->sorted == rfm->used)
		rfm->sorted++;
	rfm->used++;
}

/*
 * kpi_rfm_put_narrow() -
 *
 *	Add an amount in units of 10^-8 to a narrow state, whose scale is raised already.
 *	One of the same day as the last is added to that.
 */
static pg_attribute_always_inline KpiRfm *
kpi_rfm_put_narrow(KpiRfm *rfm, int32 day, int64 amount)
{
	KpiRfmNarrow *end = (KpiRfmNarrow *) kpi_rfm_days(rfm) + rfm->used;

	if (rfm->used > 0 && end[-1].day == day)
	{
		int64		sum;

		if (likely(!pg_add_s64_overflow(kpi_rfm_narrow_amount(&end[-1]), amount, &sum)))
		{
			memcpy(end[-1].amount, &sum, sizeof(sum));
			return rfm;
		}
	}
	if (unlikely((char *) (end + 1) > (char *) rfm + VARSIZE(rfm)))
	{
		rfm = kpi_rfm_make_room(rfm);
		/* sums may have outgrown 64 bits */
		if (unlikely(kpi_rfm_is_wide(rfm)))
		{
			KpiInt128	wide = amount;

			kpi_amount_shift(&wide, rfm->scale - KPI_RFM_NARROW_SCALE);
			return kpi_rfm_put_wide(rfm, day, wide);
		}
		end = (KpiRfmNarrow *) kpi_rfm_days(rfm) + rfm->used;
	}
	end->day = day;
	memcpy(end->amount, &amount, sizeof(amount));
	kpi_rfm_count_day(rfm, rfm->used == 0 || day > end[-1].day);
	return rfm;
}

#endif							/* KPI_RFM_STATE_H */
