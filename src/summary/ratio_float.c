/*
 * ratio_float.c
 *		ratio_summary_float: two sums of double precision, for columns that are
 *		floating point already, and weighted_score(), which is such a ratio.
 *
 *		State and stored form: the two sums; flags say which have a row.  Sums are
 *		added as sum(double precision) adds them, so that their last digits depend
 *		on the order of the rows, as there.
 */
#include "core/form/flat.h"
#include "core/form/scan.h"
#include "core/form/wire.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/float.h"

#define SIDES 2
#define NUM 0
#define DEN 1

typedef struct RatioFloat
{
	KpiHeader	header;			/* flags: 1 << side for a side with a row */
	double		sum[SIDES];
} RatioFloat;

static const KpiType float_type = {"ratio_summary_float", 1, KPI_TYPE_RATIO_SUMMARY_FLOAT, sizeof(RatioFloat)};

#define PG_GETARG_RATIO_FLOAT(n) ((RatioFloat *) kpi_flat(PG_GETARG_DATUM(n), &float_type))

#define FLOAT_FORM "(numerator,denominator), each a number, NaN, Infinity, -Infinity, or nothing for NULL"

static inline bool
seen(const RatioFloat *r, int side)
{
	return (r->header.flags & 1 << side) != 0;
}

static inline void
set_side(RatioFloat *r, int side, double value)
{
	/* one NaN and one zero, so that equal values have equal bytes */
	r->sum[side] = isnan(value) ? get_float8_nan() : value + 0.0;
	r->header.flags |= 1 << side;
}

/* The first value is taken as it is, as sum() does. */
static inline void
add_side(RatioFloat *r, int side, double value)
{
	set_side(r, side, seen(r, side) ? float8_pl(r->sum[side], value) : value);
}

static bool
scan_side(KpiScan *scan, char before, RatioFloat *r, int side)
{
	double		value;

	if (kpi_scan_peek(scan, before))
		return true;
	if (kpi_scan_word(scan, "NaN"))
		value = get_float8_nan();
	else if (kpi_scan_word(scan, "Infinity"))
		value = get_float8_infinity();
	else if (kpi_scan_word(scan, "-Infinity"))
		value = -get_float8_infinity();
	else if (!kpi_scan_double(scan, &value))
		return false;
	set_side(r, side, value);
	return true;
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_in);
Datum
kpi_ratio_summary_float_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &float_type, FLOAT_FORM);
	RatioFloat *r = kpi_flat_new(&float_type, sizeof(RatioFloat));

	if (!kpi_scan_char(&scan, '(') ||
		!scan_side(&scan, ',', r, NUM) || !kpi_scan_char(&scan, ',') ||
		!scan_side(&scan, ')', r, DEN) || !kpi_scan_char(&scan, ')') ||
		!kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	PG_RETURN_POINTER(r);
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_out);
Datum
kpi_ratio_summary_float_out(PG_FUNCTION_ARGS)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);
	StringInfoData out;

	initStringInfo(&out);
	for (int side = 0; side < SIDES; side++)
	{
		appendStringInfoChar(&out, side == NUM ? '(' : ',');
		if (seen(r, side))
			kpi_append_double(&out, r->sum[side]);
	}
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_recv);
Datum
kpi_ratio_summary_float_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &float_type);
	RatioFloat *r = kpi_flat_new(&float_type, sizeof(RatioFloat));
	uint8		present = kpi_wire_uint8(&wire);

	if (present & ~(1 << NUM | 1 << DEN))
		kpi_wire_fail(&wire, "It has unknown sides.");
	for (int side = 0; side < SIDES; side++)
		if (present & 1 << side)
			set_side(r, side, kpi_wire_double(&wire));
	kpi_wire_end(&wire);
	PG_RETURN_POINTER(r);
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_send);
Datum
kpi_ratio_summary_float_send(PG_FUNCTION_ARGS)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);
	StringInfoData out;

	kpi_wire_begin(&out, &float_type);
	pq_sendint8(&out, seen(r, NUM) << NUM | seen(r, DEN) << DEN);
	for (int side = 0; side < SIDES; side++)
		if (seen(r, side))
			pq_sendfloat8(&out, r->sum[side]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static inline RatioFloat *
get_state(FunctionCallInfo fcinfo)
{
	RatioFloat *r = kpi_common_state(fcinfo, &float_type);

	if (likely(r != NULL))
		return r;
	if (PG_ARGISNULL(0))
		return kpi_flat_new(&float_type, sizeof(RatioFloat));
	return kpi_flat_state(fcinfo, &float_type);
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_accum);
Datum
kpi_ratio_summary_float_accum(PG_FUNCTION_ARGS)
{
	RatioFloat *r = get_state(fcinfo);

	for (int side = 0; side < SIDES; side++)
		if (!PG_ARGISNULL(side + 1))
			add_side(r, side, PG_GETARG_FLOAT8(side + 1));
	PG_RETURN_POINTER(r);
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_add);
Datum
kpi_ratio_summary_float_add(PG_FUNCTION_ARGS)
{
	RatioFloat *r = kpi_flat_state(fcinfo, &float_type);
	RatioFloat *other = PG_GETARG_RATIO_FLOAT(1);

	for (int side = 0; side < SIDES; side++)
		if (seen(other, side))
			add_side(r, side, other->sum[side]);
	PG_RETURN_POINTER(r);
}

static Datum
return_side(FunctionCallInfo fcinfo, int side)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);

	if (!seen(r, side))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(r->sum[side]);
}

PG_FUNCTION_INFO_V1(kpi_ratio_float_numerator);
Datum
kpi_ratio_float_numerator(PG_FUNCTION_ARGS)
{
	return return_side(fcinfo, NUM);
}

PG_FUNCTION_INFO_V1(kpi_ratio_float_denominator);
Datum
kpi_ratio_float_denominator(PG_FUNCTION_ARGS)
{
	return return_side(fcinfo, DEN);
}

PG_FUNCTION_INFO_V1(kpi_ratio_float);
Datum
kpi_ratio_float(PG_FUNCTION_ARGS)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);

	if (!seen(r, NUM) || !seen(r, DEN) || r->sum[DEN] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(float8_div(r->sum[NUM], r->sum[DEN]));
}

/* weighted_score(attainment, weight): strict */
PG_FUNCTION_INFO_V1(kpi_weighted_score_accum);
Datum
kpi_weighted_score_accum(PG_FUNCTION_ARGS)
{
	RatioFloat *r = get_state(fcinfo);
	double		attainment = PG_GETARG_FLOAT8(1);
	double		weight = PG_GETARG_FLOAT8(2);

	if (!(weight >= 0) || isinf(weight))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %g is not a finite number of 0 or more", weight)));
	if (isnan(attainment))
		PG_RETURN_POINTER(r);
	add_side(r, NUM, weight * Min(Max(attainment, 0.0), 1.0));
	add_side(r, DEN, weight);
	PG_RETURN_POINTER(r);
}
