/*
 * rfm_state.c
 *		rfm's open form, an aggregate's state (rfm_state.h), and the way between it and
 *		the packed one.
 */
#include "summary/rfm_state.h"

#include "miscadmin.h"

#define RFM_LEAST_CHUNK 64

#define ST_SORT rfm_sort_narrow
#define ST_ELEMENT_TYPE KpiRfmNarrow
#define ST_COMPARE(a, b) ((a)->day < (b)->day ? -1 : (a)->day > (b)->day)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT rfm_sort_wide
#define ST_ELEMENT_TYPE KpiRfmWide
#define ST_COMPARE(a, b) ((a)->day < (b)->day ? -1 : (a)->day > (b)->day)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static void
rfm_out_of_range(void)
{
	kpi_amount_overflow("amount of one customer and day");
}

/*
 * kpi_rfm_new() -
 *
 *	A state without days, of a zone, with room for so many narrow or wide days at
 *	least, in the current memory context.
 */
KpiRfm *
kpi_rfm_new(const char *zone, int scale, bool wide, int64 days)
{
	int			zone_room = TYPEALIGN(sizeof(int32), strlen(zone) + 1);
	Size		least = sizeof(KpiRfm) + zone_room + days * (wide ? sizeof(KpiRfmWide) : sizeof(KpiRfmNarrow));
	Size		size = RFM_LEAST_CHUNK;
	KpiRfm	   *rfm;

	while (size < least)
		size *= 2;
	if (size > KPI_MAX_SIZE)
		kpi_too_large(kpi_rfm_type.name);
	rfm = (KpiRfm *) palloc(size);
	memset(rfm, 0, sizeof(KpiRfm) + zone_room);
	SET_VARSIZE(rfm, size);
	rfm->header.version = kpi_rfm_type.version;
	rfm->header.kind = kpi_rfm_type.kind;
	rfm->header.flags = wide ? KPI_RFM_WIDE : 0;
	rfm->scale = scale;
	rfm->zone = zone_room;
	memcpy(kpi_rfm_zone(rfm), zone, strlen(zone) + 1);
	return rfm;
}

/* A fresh wide state of the same days, in units of its scale, with the same room. */
static KpiRfm *
rfm_widen(const KpiRfm *narrow)
{
	KpiRfm	   *rfm = kpi_rfm_new(kpi_rfm_zone(narrow), narrow->scale, true, kpi_rfm_capacity(narrow));
	const KpiRfmNarrow *from = kpi_rfm_days(narrow);
	KpiRfmWide *to = kpi_rfm_days(rfm);

	for (int32 i = 0; i < narrow->used; i++)
	{
		KpiInt128	amount = kpi_rfm_narrow_amount(&from[i]);

		if (!kpi_amount_shift(&amount, rfm->scale - KPI_RFM_NARROW_SCALE))
			rfm_out_of_range();
		to[i].day = from[i].day;
		memcpy(to[i].amount, &amount, sizeof(amount));
	}
	rfm->sorted = narrow->sorted;
	rfm->used = narrow->used;
	return rfm;
}

/* Raise the scale of the amounts to at least the given one. */
KpiRfm *
kpi_rfm_rescale(KpiRfm *rfm, int scale)
{
	KpiRfmWide *days;

	if (rfm->scale >= scale)
		return rfm;
	if (!kpi_rfm_is_wide(rfm) && scale > KPI_RFM_NARROW_SCALE)
		rfm = rfm_widen(rfm);
	days = kpi_rfm_days(rfm);
	for (int32 i = 0; kpi_rfm_is_wide(rfm) && i < rfm->used; i++)
	{
		KpiInt128	amount = kpi_rfm_wide_amount(&days[i]);

		if (!kpi_amount_shift(&amount, scale - rfm->scale))
			rfm_out_of_range();
		memcpy(days[i].amount, &amount, sizeof(amount));
	}
	rfm->scale = scale;
	return rfm;
}

/*
 * rfm_compact() -
 *
 *	Sort the days of a state and add those of one day up, in place.  Returns the
 *	state, which is another chunk where a sum made it wide; the old one is left to the
 *	executor.  22003 for a day's sum of more than 38 digits.
 */
static KpiRfm *
rfm_compact(KpiRfm *rfm)
{
	int32		kept = 1;

	if (rfm->sorted == rfm->used)
		return rfm;
	if (!kpi_rfm_is_wide(rfm))
	{
		KpiRfmNarrow *days = kpi_rfm_days(rfm);

		rfm_sort_narrow(days, rfm->used);
		for (int32 i = 1; i < rfm->used; i++)
		{
			int64		sum;

			if (days[i].day != days[kept - 1].day)
			{
				days[kept++] = days[i];
				continue;
			}
			if (unlikely(pg_add_s64_overflow(kpi_rfm_narrow_amount(&days[kept - 1]), kpi_rfm_narrow_amount(&days[i]), &sum)))
			{
				/* what is added up so far stays so */
				memmove(days + kept, days + i, (rfm->used - i) * sizeof(KpiRfmNarrow));
				rfm->used -= i - kept;
				rfm->sorted = 0;
				return rfm_compact(rfm_widen(rfm));
			}
			memcpy(days[kept - 1].amount, &sum, sizeof(sum));
		}
	}
	else
	{
		KpiRfmWide *days = kpi_rfm_days(rfm);

		rfm_sort_wide(days, rfm->used);
		for (int32 i = 1; i < rfm->used; i++)
		{
			KpiInt128	sum = kpi_rfm_wide_amount(&days[kept - 1]);

			if (days[i].day != days[kept - 1].day)
			{
				days[kept++] = days[i];
				continue;
			}
			kpi_amount_add(&sum, kpi_rfm_wide_amount(&days[i]), "amount of one customer and day");
			memcpy(days[kept - 1].amount, &sum, sizeof(sum));
		}
	}
	rfm->sorted = rfm->used = kept;
	return rfm;
}

/* Make room for one more day: by sorting, or by doubling. */
KpiRfm *
kpi_rfm_make_room(KpiRfm *rfm)
{
	int64		capacity = kpi_rfm_capacity(rfm);
	KpiRfm	   *larger;

	rfm = rfm_compact(rfm);
	/* where it can't double, no sorting again for every few rows */
	if (rfm->used <= capacity / 2 ||
		(VARSIZE(rfm) >= KPI_MAX_SIZE && rfm->used < capacity - capacity / 16))
		return rfm;
	larger = kpi_rfm_new(kpi_rfm_zone(rfm), rfm->scale, kpi_rfm_is_wide(rfm), capacity + 1);
	memcpy(kpi_rfm_days(larger), kpi_rfm_days(rfm), rfm->used * kpi_rfm_size_of_day(rfm));
	larger->sorted = larger->used = rfm->used;
	return larger;
}

/* Add an amount in units of the scale to a wide state. */
KpiRfm *
kpi_rfm_put_wide(KpiRfm *rfm, int32 day, KpiInt128 amount)
{
	KpiRfmWide *end;

	if (rfm->used >= kpi_rfm_capacity(rfm))
		rfm = kpi_rfm_make_room(rfm);
	end = (KpiRfmWide *) kpi_rfm_days(rfm) + rfm->used;
	end->day = day;
	memcpy(end->amount, &amount, sizeof(amount));
	kpi_rfm_count_day(rfm, rfm->used == 0 || day > end[-1].day);
	return rfm;
}

/* Add any amount in units of 10^-unit to any state, whose scale is raised already. */
KpiRfm *
kpi_rfm_put(KpiRfm *rfm, int32 day, KpiInt128 amount, int unit)
{
	KpiInt128	value = amount;

	if (!kpi_rfm_is_wide(rfm))
	{
		if (kpi_amount_shift(&value, KPI_RFM_NARROW_SCALE - unit) && value == (int64) value)
			return kpi_rfm_put_narrow(rfm, day, (int64) value);
		rfm = rfm_widen(rfm);
		value = amount;
	}
	if (!kpi_amount_shift(&value, rfm->scale - unit))
		rfm_out_of_range();
	return kpi_rfm_put_wide(rfm, day, value);
}

/* A fresh state of the days of a packed value, with room for more. */
KpiRfm *
kpi_rfm_unpack(KpiHeader *packed, int64 more)
{
	KpiRfmReader reader;
	KpiRfm	   *rfm;

	kpi_rfm_reader(&reader, PointerGetDatum(packed));
	/* most days take four bytes or so; it grows where they take less */
	rfm = kpi_rfm_new(reader.zone, reader.scale, reader.scale > KPI_RFM_NARROW_SCALE,
					  (reader.end - reader.at) / 4 + more);
	while (kpi_rfm_next(&reader))
		rfm = kpi_rfm_put(rfm, reader.day, reader.amount, reader.scale);
	return rfm;
}

/*
 * kpi_rfm_pack() -
 *
 *	A value in packed form, itself where it is packed already, else a fresh one of a
 *	state, which is not changed.
 */
KpiHeader *
kpi_rfm_pack(KpiHeader *value)
{
	static const int64 power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
	KpiRfm	   *rfm = (KpiRfm *) value;
	KpiRfmWriter writer;

	if (kpi_rfm_is_packed(value))
		return value;
	if (rfm->sorted < rfm->used)
		rfm = rfm_compact(kpi_flat_copy(value));
	kpi_rfm_writer(&writer, rfm->scale, kpi_rfm_zone(rfm),
				   rfm->used * (Size) (kpi_rfm_is_wide(rfm) ? KPI_RFM_DAY_ROOM128 : KPI_RFM_DAY_ROOM));
	for (int32 i = 0; i < rfm->used; i++)
	{
		if (kpi_rfm_is_wide(rfm))
		{
			const KpiRfmWide *day = (const KpiRfmWide *) kpi_rfm_days(rfm) + i;

			kpi_rfm_write(&writer, day->day, kpi_rfm_wide_amount(day));
		}
		else
		{
			const KpiRfmNarrow *day = (const KpiRfmNarrow *) kpi_rfm_days(rfm) + i;

			kpi_rfm_write64(&writer, day->day, kpi_rfm_narrow_amount(day) / power[KPI_RFM_NARROW_SCALE - rfm->scale]);
		}
	}
	if (rfm != (KpiRfm *) value)
		pfree(rfm);
	return kpi_rfm_written(&writer);
}

/*
 * kpi_rfm_reader() -
 *
 *	Begin to read the days of an rfm in any form.  It may have a short header; nothing
 *	is allocated unless it is compressed, stored out of line or a state.  XX001 for
 *	another type's value.
 */
void
kpi_rfm_reader(KpiRfmReader *reader, Datum rfm)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(rfm);
	const uint8 *body;
	Size		size;
	uint16		flags;

	if (unlikely(VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value)))
		value = PG_DETOAST_DATUM_PACKED(rfm);
	body = (const uint8 *) VARDATA_ANY(value);
	size = VARSIZE_ANY_EXHDR(value);
	if (unlikely(size < sizeof(KpiHeader) - VARHDRSZ ||
				 body[0] != kpi_rfm_type.version || body[1] != kpi_rfm_type.kind))
	{
		/* not a value of ours: let the common check say so */
		(void) kpi_flat(PointerGetDatum(value), &kpi_rfm_type);
		elog(ERROR, "value of type %s is damaged", kpi_rfm_type.name);
	}
	memcpy(&flags, body + 2, sizeof(flags));
	if (unlikely(!(flags & KPI_RFM_PACKED)))
	{
		value = (struct varlena *) kpi_rfm_pack(kpi_flat(PointerGetDatum(value), &kpi_rfm_type));
		body = (const uint8 *) VARDATA(value);
		size = VARSIZE(value) - VARHDRSZ;
	}
	kpi_rfm_read_packed(reader, body + sizeof(KpiHeader) - VARHDRSZ, size - (sizeof(KpiHeader) - VARHDRSZ));
}
