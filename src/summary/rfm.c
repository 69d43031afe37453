/*
 * rfm.c
 *		rfm, the days on which one customer bought and the exact sum of each: the
 *		aggregate and merging.
 *
 *		Open form, an aggregate's state: KpiRfm, the time zone with its NUL, and days
 *		as they came, of which the first `sorted` ascend.  When it is full they are
 *		sorted, and equal days added up; only if it is then still over half full it
 *		doubles.  A chunk is a power of two, from 64 bytes, which hold three days.
 *		Narrow days have 64-bit amounts in units of 10^-8 whatever the scale; wide ones
 *		128-bit amounts in units of 10^-scale, once an amount or sum needs it.
 *		Packed form, the stored one: rfm_days.h.
 *
 *		The value has no customer in it: who merges has to merge parts of one.
 */
#include "summary/rfm_days.h"

#include "core/sum.h"

#include "miscadmin.h"
#include "pgtime.h"

const KpiType kpi_rfm_type = {"rfm", 1, 'O', sizeof(KpiHeader)};

#define TYPE (&kpi_rfm_type)

#define WIDE 0x02				/* in header.flags */
#define NARROW_SCALE 8

typedef struct KpiRfm
{
	KpiHeader	header;
	uint16		scale;			/* largest display scale of the amounts */
	uint16		zone;			/* bytes of the time zone with its NUL, padded to 4 */
	int32		sorted;
	int32		used;
} KpiRfm;

/* Of 4-byte words, to waste nothing. */
typedef struct Narrow
{
	int32		day;
	uint32		amount[2];
} Narrow;

typedef struct Wide
{
	int32		day;
	uint32		amount[4];
} Wide;

#define LEAST_CHUNK 64

#define ST_SORT sort_narrow
#define ST_ELEMENT_TYPE Narrow
#define ST_COMPARE(a, b) ((a)->day < (b)->day ? -1 : (a)->day > (b)->day)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT sort_wide
#define ST_ELEMENT_TYPE Wide
#define ST_COMPARE(a, b) ((a)->day < (b)->day ? -1 : (a)->day > (b)->day)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static inline char *
zone_of(const KpiRfm *rfm)
{
	return (char *) (rfm + 1);
}

static inline void *
days_of(const KpiRfm *rfm)
{
	return zone_of(rfm) + rfm->zone;
}

static inline bool
is_wide(const KpiRfm *rfm)
{
	return (rfm->header.flags & WIDE) != 0;
}

static inline Size
size_of_day(const KpiRfm *rfm)
{
	return is_wide(rfm) ? sizeof(Wide) : sizeof(Narrow);
}

static inline int64
capacity_of(const KpiRfm *rfm)
{
	return ((char *) rfm + VARSIZE(rfm) - (char *) days_of(rfm)) / size_of_day(rfm);
}

static inline int
unit_of(const KpiRfm *rfm)
{
	return is_wide(rfm) ? rfm->scale : NARROW_SCALE;
}

static inline int64
narrow_amount(const Narrow *day)
{
	int64		amount;

	memcpy(&amount, day->amount, sizeof(amount));
	return amount;
}

static inline KpiInt128
wide_amount(const Wide *day)
{
	KpiInt128	amount;

	memcpy(&amount, day->amount, sizeof(amount));
	return amount;
}

static void
out_of_range(void)
{
	kpi_amount_overflow("amount of one customer and day");
}

void
kpi_rfm_check_zone(const char *before, const char *now)
{
	if (unlikely(strcmp(before, now) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone of one %s must not differ: \"%s\" and \"%s\"", TYPE->name, before, now),
				 errhint("Build a summary for each, or convert before building.")));
}

static const char *
session_zone(bool zoned)
{
	return zoned ? pg_get_timezone_name(session_timezone) : "";
}

/* A state with room for the days, without days. */
static KpiRfm *
new_state(const char *zone, int scale, bool wide, int64 days)
{
	int			zone_room = TYPEALIGN(sizeof(int32), strlen(zone) + 1);
	Size		least = sizeof(KpiRfm) + zone_room + days * (wide ? sizeof(Wide) : sizeof(Narrow));
	Size		size = LEAST_CHUNK;
	KpiRfm	   *rfm;

	while (size < least)
		size *= 2;
	if (size > KPI_MAX_SIZE)
		kpi_too_large(TYPE->name);
	rfm = (KpiRfm *) palloc(size);
	memset(rfm, 0, sizeof(KpiRfm) + zone_room);
	SET_VARSIZE(rfm, size);
	rfm->header.version = TYPE->version;
	rfm->header.kind = TYPE->kind;
	rfm->header.flags = wide ? WIDE : 0;
	rfm->scale = scale;
	rfm->zone = zone_room;
	memcpy(zone_of(rfm), zone, strlen(zone) + 1);
	return rfm;
}

/* The same in wide form, in units of its scale. */
static KpiRfm *
widen(const KpiRfm *narrow)
{
	KpiRfm	   *rfm = new_state(zone_of(narrow), narrow->scale, true, capacity_of(narrow));
	const Narrow *from = days_of(narrow);
	Wide	   *to = days_of(rfm);

	for (int32 i = 0; i < narrow->used; i++)
	{
		KpiInt128	amount = narrow_amount(&from[i]);

		if (!kpi_amount_shift(&amount, rfm->scale - NARROW_SCALE))
			out_of_range();
		to[i].day = from[i].day;
		memcpy(to[i].amount, &amount, sizeof(amount));
	}
	rfm->sorted = narrow->sorted;
	rfm->used = narrow->used;
	return rfm;
}

/* Raise the scale of the amounts to at least the given one. */
static KpiRfm *
rescale(KpiRfm *rfm, int scale)
{
	Wide	   *days;

	if (rfm->scale >= scale)
		return rfm;
	if (!is_wide(rfm) && scale > NARROW_SCALE)
		rfm = widen(rfm);
	days = days_of(rfm);
	for (int32 i = 0; is_wide(rfm) && i < rfm->used; i++)
	{
		KpiInt128	amount = wide_amount(&days[i]);

		if (!kpi_amount_shift(&amount, scale - rfm->scale))
			out_of_range();
		memcpy(days[i].amount, &amount, sizeof(amount));
	}
	rfm->scale = scale;
	return rfm;
}

/* Sort the days and add equal ones up; it moves when it must become wide. */
static KpiRfm *
compact(KpiRfm *rfm)
{
	int32		kept = 1;

	if (rfm->sorted == rfm->used)
		return rfm;
	if (!is_wide(rfm))
	{
		Narrow	   *days = days_of(rfm);

		sort_narrow(days, rfm->used);
		for (int32 i = 1; i < rfm->used; i++)
		{
			int64		sum;

			if (days[i].day != days[kept - 1].day)
			{
				days[kept++] = days[i];
				continue;
			}
			if (unlikely(pg_add_s64_overflow(narrow_amount(&days[kept - 1]), narrow_amount(&days[i]), &sum)))
			{
				/* what is added up so far stays so */
				memmove(days + kept, days + i, (rfm->used - i) * sizeof(Narrow));
				rfm->used -= i - kept;
				rfm->sorted = 0;
				return compact(widen(rfm));
			}
			memcpy(days[kept - 1].amount, &sum, sizeof(sum));
		}
	}
	else
	{
		Wide	   *days = days_of(rfm);

		sort_wide(days, rfm->used);
		for (int32 i = 1; i < rfm->used; i++)
		{
			KpiInt128	sum = wide_amount(&days[kept - 1]);

			if (days[i].day != days[kept - 1].day)
			{
				days[kept++] = days[i];
				continue;
			}
			kpi_amount_add(&sum, wide_amount(&days[i]), "amount of one customer and day");
			memcpy(days[kept - 1].amount, &sum, sizeof(sum));
		}
	}
	rfm->sorted = rfm->used = kept;
	return rfm;
}

/* Room for one more day; the state may move. */
static pg_noinline KpiRfm *
make_room(KpiRfm *rfm)
{
	int64		capacity = capacity_of(rfm);
	KpiRfm	   *larger;

	rfm = compact(rfm);
	/* where it can't double, no sorting again for every few rows */
	if (rfm->used <= capacity / 2 ||
		(VARSIZE(rfm) >= KPI_MAX_SIZE && rfm->used < capacity - capacity / 16))
		return rfm;
	larger = new_state(zone_of(rfm), rfm->scale, is_wide(rfm), capacity + 1);
	memcpy(days_of(larger), days_of(rfm), rfm->used * size_of_day(rfm));
	larger->sorted = larger->used = rfm->used;
	return larger;
}

/* Count a day just written at the end. */
static pg_attribute_always_inline void
count_day(KpiRfm *rfm, bool ascends)
{
	if (ascends && rfm->sorted == rfm->used)
		rfm->sorted++;
	rfm->used++;
}

static pg_noinline KpiRfm *
put_wide(KpiRfm *rfm, int32 day, KpiInt128 amount)
{
	Wide	   *end;

	if (rfm->used >= capacity_of(rfm))
		rfm = make_room(rfm);
	end = (Wide *) days_of(rfm) + rfm->used;
	end->day = day;
	memcpy(end->amount, &amount, sizeof(amount));
	count_day(rfm, rfm->used == 0 || day > end[-1].day);
	return rfm;
}

/* Add an amount in units of 10^-8 to a narrow state, whose scale is raised already. */
static pg_attribute_always_inline KpiRfm *
put_narrow(KpiRfm *rfm, int32 day, int64 amount)
{
	Narrow	   *end = (Narrow *) days_of(rfm) + rfm->used;

	if (rfm->used > 0 && end[-1].day == day)
	{
		int64		sum;

		if (likely(!pg_add_s64_overflow(narrow_amount(&end[-1]), amount, &sum)))
		{
			memcpy(end[-1].amount, &sum, sizeof(sum));
			return rfm;
		}
	}
	if (unlikely((char *) (end + 1) > (char *) rfm + VARSIZE(rfm)))
	{
		rfm = make_room(rfm);
		/* sums may have outgrown 64 bits */
		if (unlikely(is_wide(rfm)))
		{
			KpiInt128	wide = amount;

			kpi_amount_shift(&wide, rfm->scale - NARROW_SCALE);
			return put_wide(rfm, day, wide);
		}
		end = (Narrow *) days_of(rfm) + rfm->used;
	}
	end->day = day;
	memcpy(end->amount, &amount, sizeof(amount));
	count_day(rfm, rfm->used == 0 || day > end[-1].day);
	return rfm;
}

/* Add any amount in units of 10^-unit; the state's scale is raised already. */
static KpiRfm *
put(KpiRfm *rfm, int32 day, KpiInt128 amount, int unit)
{
	KpiInt128	value = amount;

	if (!is_wide(rfm))
	{
		if (kpi_amount_shift(&value, NARROW_SCALE - unit) && value == (int64) value)
			return put_narrow(rfm, day, (int64) value);
		rfm = widen(rfm);
		value = amount;
	}
	if (!kpi_amount_shift(&value, rfm->scale - unit))
		out_of_range();
	return put_wide(rfm, day, value);
}

/* The days of a packed value, with room for more. */
static KpiRfm *
unpack(KpiHeader *packed, int64 more)
{
	KpiRfmReader reader;
	KpiRfm	   *rfm;

	kpi_rfm_reader(&reader, PointerGetDatum(packed));
	/* most days take four bytes or so; it grows where they take less */
	rfm = new_state(reader.zone, reader.scale, reader.scale > NARROW_SCALE,
					(reader.end - reader.at) / 4 + more);
	while (kpi_rfm_next(&reader))
		rfm = put(rfm, reader.day, reader.amount, reader.scale);
	return rfm;
}

static inline bool
is_packed(const KpiHeader *value)
{
	return (value->flags & KPI_RFM_PACKED) != 0;
}

static inline bool
is_empty(const KpiHeader *value)
{
	return is_packed(value) && VARSIZE(value) == sizeof(KpiHeader);
}

/* The state in argument 0, or a new one; the zone is that of its days. */
static inline KpiRfm *
state_of(FunctionCallInfo fcinfo, const char *zone)
{
	KpiHeader  *value;

	if (PG_ARGISNULL(0))
		return new_state(zone, 0, false, 1);
	value = kpi_flat_state(fcinfo, TYPE);
	if (unlikely(is_packed(value)))
	{
		if (is_empty(value))
			return new_state(zone, 0, false, 1);
		value = (KpiHeader *) unpack(value, 1);
	}
	kpi_rfm_check_zone(zone_of((KpiRfm *) value), zone);
	return (KpiRfm *) value;
}

/* Inside an aggregate the state, by hand a value in the stored form. */
static inline Datum
result_of(FunctionCallInfo fcinfo, KpiRfm *rfm)
{
	if (likely(kpi_in_aggregate(fcinfo)))
		PG_RETURN_POINTER(rfm);
	PG_RETURN_POINTER(kpi_rfm_pack(&rfm->header));
}

/* An amount that is not common: many digits, or a wide state. */
static pg_noinline KpiRfm *
add_number(KpiRfm *rfm, int32 day, Datum numeric)
{
	KpiNumber	x;
	KpiInt128	amount;

	kpi_number_from_numeric(numeric, &x);
	if (unlikely(!kpi_amount_valid(&x)))
		kpi_amount_reject(&x);
	rfm = rescale(rfm, x.dscale);
	if (!kpi_amount_from_number(&x, rfm->scale, &amount))
		kpi_amount_reject(&x);
	return put(rfm, day, amount, rfm->scale);
}

static pg_attribute_always_inline Datum
accum(FunctionCallInfo fcinfo, bool zoned, bool is_date)
{
	KpiRfm	   *rfm;
	DateADT		day;
	int64		amount;
	uint16		scale;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 1, zoned, is_date);
	rfm = state_of(fcinfo, session_zone(zoned));
	if (likely(!is_wide(rfm) && kpi_sum_common(PG_GETARG_DATUM(2), &amount, &scale) && scale <= NARROW_SCALE))
	{
		rfm->scale = Max(rfm->scale, scale);
		rfm = put_narrow(rfm, day, amount);
	}
	else
		rfm = add_number(rfm, day, PG_GETARG_DATUM(2));
	return result_of(fcinfo, rfm);
}

PG_FUNCTION_INFO_V1(kpi_rfm_accum_date);
Datum
kpi_rfm_accum_date(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, false, true);
}

PG_FUNCTION_INFO_V1(kpi_rfm_accum_timestamp);
Datum
kpi_rfm_accum_timestamp(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, false, false);
}

PG_FUNCTION_INFO_V1(kpi_rfm_accum_timestamptz);
Datum
kpi_rfm_accum_timestamptz(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, true, false);
}

/* Operator +, combine and rollup: arguments in any form, or NULL. */
PG_FUNCTION_INFO_V1(kpi_rfm_add);
Datum
kpi_rfm_add(PG_FUNCTION_ARGS)
{
	bool		aggregate = kpi_in_aggregate(fcinfo);
	KpiHeader  *value;
	KpiHeader  *other;
	KpiRfm	   *rfm;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
	{
		if (!aggregate || (PG_ARGISNULL(0) && PG_ARGISNULL(1)))
			PG_RETURN_NULL();
		if (PG_ARGISNULL(1))
			PG_RETURN_DATUM(PG_GETARG_DATUM(0));
		/* a packed value will do as a state until more is added */
		PG_RETURN_POINTER(kpi_flat(PG_GETARG_DATUM(1), TYPE));
	}
	value = kpi_flat_state(fcinfo, TYPE);
	other = kpi_flat(PG_GETARG_DATUM(1), TYPE);
	if (is_empty(other))
		PG_RETURN_POINTER(aggregate ? value : kpi_rfm_pack(value));
	if (is_empty(value))
		PG_RETURN_POINTER(aggregate ? other : kpi_rfm_pack(other));
	rfm = is_packed(value) ? unpack(value, 1) : (KpiRfm *) value;

	if (is_packed(other))
	{
		KpiRfmReader reader;

		kpi_rfm_reader(&reader, PointerGetDatum(other));
		kpi_rfm_check_zone(zone_of(rfm), reader.zone);
		rfm = rescale(rfm, reader.scale);
		while (kpi_rfm_next(&reader))
			rfm = put(rfm, reader.day, reader.amount, reader.scale);
	}
	else
	{
		const KpiRfm *open = (KpiRfm *) other;
		int			unit = unit_of(open);

		kpi_rfm_check_zone(zone_of(rfm), zone_of(open));
		rfm = rescale(rfm, open->scale);
		for (int32 i = 0; i < open->used; i++)
		{
			if (is_wide(open))
			{
				const Wide *day = (const Wide *) days_of(open) + i;

				rfm = put(rfm, day->day, wide_amount(day), unit);
			}
			else
			{
				const Narrow *day = (const Narrow *) days_of(open) + i;

				rfm = put(rfm, day->day, narrow_amount(day), unit);
			}
		}
	}
	return result_of(fcinfo, rfm);
}

/* Combine of rfm() over timestamptz: the second argument must be of the session's zone. */
PG_FUNCTION_INFO_V1(kpi_rfm_combine);
Datum
kpi_rfm_combine(PG_FUNCTION_ARGS)
{
	if (!PG_ARGISNULL(1))
	{
		KpiHeader  *part = kpi_flat(PG_GETARG_DATUM(1), TYPE);

		if (is_packed(part))
		{
			KpiRfmReader reader;

			kpi_rfm_reader(&reader, PointerGetDatum(part));
			kpi_check_session_zone(TYPE->name, reader.zone);
		}
		else if (!is_empty(part))
			kpi_check_session_zone(TYPE->name, zone_of((KpiRfm *) part));
	}
	return kpi_rfm_add(fcinfo);
}

/* The state itself is not touched. */
KpiHeader *
kpi_rfm_pack(KpiHeader *value)
{
	static const int64 power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
	KpiRfm	   *rfm = (KpiRfm *) value;
	KpiRfmWriter writer;

	if (is_packed(value))
		return value;
	if (rfm->sorted < rfm->used)
	{
		rfm = palloc(VARSIZE(value));
		memcpy(rfm, value, VARSIZE(value));
		rfm = compact(rfm);
	}
	kpi_rfm_writer(&writer, rfm->scale, zone_of(rfm),
				   rfm->used * (Size) (is_wide(rfm) ? KPI_RFM_DAY_ROOM128 : KPI_RFM_DAY_ROOM));
	for (int32 i = 0; i < rfm->used; i++)
	{
		if (is_wide(rfm))
		{
			const Wide *day = (const Wide *) days_of(rfm) + i;

			kpi_rfm_write(&writer, day->day, wide_amount(day));
		}
		else
		{
			const Narrow *day = (const Narrow *) days_of(rfm) + i;

			kpi_rfm_write64(&writer, day->day, narrow_amount(day) / power[NARROW_SCALE - rfm->scale]);
		}
	}
	if (rfm != (KpiRfm *) value)
		pfree(rfm);
	return kpi_rfm_written(&writer);
}

PG_FUNCTION_INFO_V1(kpi_rfm_final);
Datum
kpi_rfm_final(PG_FUNCTION_ARGS)
{
	KpiHeader  *value;
	KpiHeader  *copy;

	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(kpi_rfm_empty());
	value = kpi_flat(PG_GETARG_DATUM(0), TYPE);
	if (!is_packed(value))
		PG_RETURN_POINTER(kpi_rfm_pack(value));
	copy = palloc(VARSIZE(value));
	memcpy(copy, value, VARSIZE(value));
	PG_RETURN_POINTER(copy);
}
