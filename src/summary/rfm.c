/*
 * rfm.c
 *		rfm, the days on which one customer bought and the exact sum of each: the
 *		aggregate and merging.
 *
 *		Packed form, the stored one: rfm_days.h.  Open form, an aggregate's state:
 *		rfm_state.h.
 *
 *		The value has no customer in it: who merges has to merge parts of one.
 */
#include "summary/rfm_state.h"

#include "core/number/sum.h"
#include "core/time/period.h"
#include "core/time/zone.h"

#include "pgtime.h"

static const char *
rfm_session_zone(KpiAt at_type)
{
	return at_type == KPI_AT_TIMESTAMPTZ ? pg_get_timezone_name(session_timezone) : "";
}

/* The state in argument 0, open, or a new one, for a day of the zone; 22023 where its days are of another. */
static inline KpiRfm *
rfm_state_of(FunctionCallInfo fcinfo, const char *zone)
{
	KpiHeader  *value;

	if (PG_ARGISNULL(0))
		return kpi_rfm_new(zone, 0, false, 1);
	value = kpi_flat_state(fcinfo, &kpi_rfm_type);
	if (unlikely(kpi_rfm_is_packed(value)))
	{
		if (kpi_rfm_is_empty(value))
			return kpi_rfm_new(zone, 0, false, 1);
		value = (KpiHeader *) kpi_rfm_unpack(value, 1);
	}
	kpi_rfm_check_zone(kpi_rfm_zone((KpiRfm *) value), zone);
	return (KpiRfm *) value;
}

/* A state as a result in the stored form; 54000 where its text would be too long. */
static KpiHeader *
rfm_stored(KpiHeader *value)
{
	KpiHeader  *packed = kpi_rfm_pack(value);

	kpi_rfm_check_text(packed, KPI_MAX_TEXT);
	return packed;
}

/* What a transition function returns: inside an aggregate the state, by hand a value in the stored form. */
static inline Datum
rfm_result(FunctionCallInfo fcinfo, KpiRfm *rfm)
{
	if (likely(kpi_in_aggregate(fcinfo)))
		PG_RETURN_POINTER(rfm);
	PG_RETURN_POINTER(rfm_stored(&rfm->header));
}

/* Add an amount that is not common: of many digits, or to a wide state.  22003 for one that is not finite or too large. */
static pg_noinline KpiRfm *
rfm_add_number(KpiRfm *rfm, int32 day, FunctionCallInfo fcinfo, KpiNumberType amount_type)
{
	KpiNumber	x;
	KpiInt128	amount;

	kpi_number_argument(fcinfo, 2, amount_type, &x);
	rfm = kpi_rfm_rescale(rfm, kpi_amount_scale(&x));
	if (!kpi_amount_from_number(&x, rfm->scale, &amount))
		kpi_amount_reject(&x);
	return kpi_rfm_put(rfm, day, amount, rfm->scale);
}

/*
 * rfm_accum() -
 *
 *	Transition function of rfm(at, amount): the state with one more purchase.  A row
 *	with either NULL is ignored.  22023 for an infinite moment, or where the session's
 *	zone is no more that of the rows before.
 */
static pg_attribute_always_inline Datum
rfm_accum(FunctionCallInfo fcinfo, KpiAt at_type, KpiNumberType amount_type)
{
	KpiRfm	   *rfm;
	DateADT		day;
	int64		amount;
	uint16		scale;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 1, at_type);
	rfm = rfm_state_of(fcinfo, rfm_session_zone(at_type));
	if (likely(!kpi_rfm_is_wide(rfm) && kpi_sum_common_argument(fcinfo, 2, amount_type, &amount, &scale) &&
			   scale <= KPI_RFM_NARROW_SCALE))
	{
		rfm->scale = Max(rfm->scale, scale);
		rfm = kpi_rfm_put_narrow(rfm, day, amount);
	}
	else
		rfm = rfm_add_number(rfm, day, fcinfo, amount_type);
	return rfm_result(fcinfo, rfm);
}

KPI_FUNCTION(kpi_rfm_accum_date, rfm_accum(fcinfo, KPI_AT_DATE, KPI_NUMERIC))
KPI_FUNCTION(kpi_rfm_accum_timestamp, rfm_accum(fcinfo, KPI_AT_TIMESTAMP, KPI_NUMERIC))
KPI_FUNCTION(kpi_rfm_accum_timestamptz, rfm_accum(fcinfo, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC))
KPI_FUNCTION(kpi_rfm_accum_date_int8, rfm_accum(fcinfo, KPI_AT_DATE, KPI_INT8))
KPI_FUNCTION(kpi_rfm_accum_timestamp_int8, rfm_accum(fcinfo, KPI_AT_TIMESTAMP, KPI_INT8))
KPI_FUNCTION(kpi_rfm_accum_timestamptz_int8, rfm_accum(fcinfo, KPI_AT_TIMESTAMPTZ, KPI_INT8))
KPI_FUNCTION(kpi_rfm_accum_date_float8, rfm_accum(fcinfo, KPI_AT_DATE, KPI_FLOAT8))
KPI_FUNCTION(kpi_rfm_accum_timestamp_float8, rfm_accum(fcinfo, KPI_AT_TIMESTAMP, KPI_FLOAT8))
KPI_FUNCTION(kpi_rfm_accum_timestamptz_float8, rfm_accum(fcinfo, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8))
KPI_FUNCTION(kpi_rfm_accum_date_float4, rfm_accum(fcinfo, KPI_AT_DATE, KPI_FLOAT4))
KPI_FUNCTION(kpi_rfm_accum_timestamp_float4, rfm_accum(fcinfo, KPI_AT_TIMESTAMP, KPI_FLOAT4))
KPI_FUNCTION(kpi_rfm_accum_timestamptz_float4, rfm_accum(fcinfo, KPI_AT_TIMESTAMPTZ, KPI_FLOAT4))

/*
 * kpi_rfm_add() -
 *
 *	Operator +, combine and rollup: arguments in any form, or NULL.  By hand NULL where
 *	one is; in an aggregate NULL counts as nothing and the state is changed in place.
 *	22023 where zones differ.
 */
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
		PG_RETURN_POINTER(kpi_flat(PG_GETARG_DATUM(1), &kpi_rfm_type));
	}
	value = kpi_flat_state(fcinfo, &kpi_rfm_type);
	other = kpi_flat(PG_GETARG_DATUM(1), &kpi_rfm_type);
	if (kpi_rfm_is_empty(other))
		PG_RETURN_POINTER(aggregate ? value : kpi_rfm_pack(value));
	if (kpi_rfm_is_empty(value))
		PG_RETURN_POINTER(aggregate ? other : kpi_rfm_pack(other));
	rfm = kpi_rfm_is_packed(value) ? kpi_rfm_unpack(value, 1) : (KpiRfm *) value;

	if (kpi_rfm_is_packed(other))
	{
		KpiRfmReader reader;

		kpi_rfm_reader(&reader, PointerGetDatum(other));
		kpi_rfm_check_zone(kpi_rfm_zone(rfm), reader.zone);
		rfm = kpi_rfm_rescale(rfm, reader.scale);
		while (kpi_rfm_next(&reader))
			rfm = kpi_rfm_put(rfm, reader.day, reader.amount, reader.scale);
	}
	else
	{
		const KpiRfm *open = (KpiRfm *) other;
		int			unit = kpi_rfm_unit(open);

		kpi_rfm_check_zone(kpi_rfm_zone(rfm), kpi_rfm_zone(open));
		rfm = kpi_rfm_rescale(rfm, open->scale);
		for (int32 i = 0; i < open->used; i++)
		{
			if (kpi_rfm_is_wide(open))
			{
				const KpiRfmWide *day = (const KpiRfmWide *) kpi_rfm_days(open) + i;

				rfm = kpi_rfm_put(rfm, day->day, kpi_rfm_wide_amount(day), unit);
			}
			else
			{
				const KpiRfmNarrow *day = (const KpiRfmNarrow *) kpi_rfm_days(open) + i;

				rfm = kpi_rfm_put(rfm, day->day, kpi_rfm_narrow_amount(day), unit);
			}
		}
	}
	return rfm_result(fcinfo, rfm);
}

/* Combine function of rfm() over timestamptz: kpi_rfm_add(), and 22023 where argument 1 is of another zone than the session's. */
PG_FUNCTION_INFO_V1(kpi_rfm_combine);
Datum
kpi_rfm_combine(PG_FUNCTION_ARGS)
{
	if (!PG_ARGISNULL(1))
	{
		KpiHeader  *part = kpi_flat(PG_GETARG_DATUM(1), &kpi_rfm_type);

		if (!kpi_rfm_is_packed(part))
			kpi_zone_check_session(kpi_rfm_type.name, kpi_rfm_zone((KpiRfm *) part));
		else if (!kpi_rfm_is_empty(part))
		{
			KpiRfmReader reader;

			kpi_rfm_reader(&reader, PointerGetDatum(part));
			kpi_zone_check_session(kpi_rfm_type.name, reader.zone);
		}
	}
	return kpi_rfm_add(fcinfo);
}

/* Final function: a fresh packed value; the empty one for NULL. */
PG_FUNCTION_INFO_V1(kpi_rfm_final);
Datum
kpi_rfm_final(PG_FUNCTION_ARGS)
{
	KpiHeader  *value;

	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(kpi_rfm_empty());
	value = kpi_flat(PG_GETARG_DATUM(0), &kpi_rfm_type);
	PG_RETURN_POINTER(kpi_rfm_is_packed(value) ? kpi_flat_copy(value) : rfm_stored(value));
}
