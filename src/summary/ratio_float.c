/*
 * ratio_float.c
 *		ratio_summary_float: two sums of double precision, for columns that are
 *		floating point already, and weighted_score(), which is such a ratio.
 *
 *		State and stored form: the two sums; flags say which have a row.  Sums are
 *		added as sum(double precision) adds them, so that their last digits depend
 *		on the order of the rows, as there.
 */
#include "summary/ratio.h"

#include "core/form/flat.h"
#include "core/form/scan.h"
#include "core/form/wire.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/float.h"

typedef struct RatioFloat
{
	KpiHeader	header;			/* flags: 1 << side for a side with a row */
	double		sum[KPI_SIDES];
} RatioFloat;

static const KpiType ratio_float_type = {
	.name = "ratio_summary_float", .version = 1, .kind = KPI_TYPE_RATIO_SUMMARY_FLOAT, .size = sizeof(RatioFloat)
};

#define PG_GETARG_RATIO_FLOAT(n) ((RatioFloat *) kpi_flat(PG_GETARG_DATUM(n), &ratio_float_type))

/* Has any row a value of this side? */
static inline bool
ratio_float_seen(const RatioFloat *r, int side)
{
	return (r->header.flags & 1 << side) != 0;
}

/* Give a side a value: one NaN and one zero, so that equal values have equal bytes. */
static inline void
ratio_float_set_side(RatioFloat *r, int side, double value)
{
	/* one NaN and one zero, so that equal values have equal bytes */
	r->sum[side] = isnan(value) ? get_float8_nan() : value + 0.0;
	r->header.flags |= 1 << side;
}

/*
 * ratio_float_add_side() -
 *
 *	Add to a side; the first value is taken as it is, as sum() does.  22003 where
 *	finite values add up to infinity.
 */
static inline void
ratio_float_add_side(RatioFloat *r, int side, double value)
{
	ratio_float_set_side(r, side, ratio_float_seen(r, side) ? float8_pl(r->sum[side], value) : value);
}

/* Read a number, or nothing before the given character, into a side; false for what is neither. */
static bool
ratio_float_scan_side(KpiScan *scan, char before, RatioFloat *r, int side)
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
	ratio_float_set_side(r, side, value);
	return true;
}

/* The text form, "(numerator,denominator)".  22P02 for malformed text. */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_in);
Datum
kpi_ratio_summary_float_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &ratio_float_type, KPI_RATIO_FORM);
	RatioFloat *r = kpi_flat_new(&ratio_float_type, sizeof(RatioFloat));

	if (!kpi_scan_char(&scan, '(') ||
		!ratio_float_scan_side(&scan, ',', r, KPI_NUM) || !kpi_scan_char(&scan, ',') ||
		!ratio_float_scan_side(&scan, ')', r, KPI_DEN) || !kpi_scan_char(&scan, ')') ||
		!kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	PG_RETURN_POINTER(r);
}

/* The text form of a summary. */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_out);
Datum
kpi_ratio_summary_float_out(PG_FUNCTION_ARGS)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);
	StringInfoData out;

	initStringInfo(&out);
	for (int side = 0; side < KPI_SIDES; side++)
	{
		appendStringInfoChar(&out, side == KPI_NUM ? '(' : ',');
		if (ratio_float_seen(r, side))
			kpi_append_double(&out, r->sum[side]);
	}
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

/* The binary form: which sides are there (1), and each of them (8).  22P03 for malformed bytes. */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_recv);
Datum
kpi_ratio_summary_float_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &ratio_float_type);
	RatioFloat *r = kpi_flat_new(&ratio_float_type, sizeof(RatioFloat));
	uint8		present = kpi_wire_uint8(&wire);

	if (present & ~(1 << KPI_NUM | 1 << KPI_DEN))
		kpi_wire_fail(&wire, "It has unknown sides.");
	for (int side = 0; side < KPI_SIDES; side++)
		if (present & 1 << side)
			ratio_float_set_side(r, side, kpi_wire_double(&wire));
	kpi_wire_end(&wire);
	PG_RETURN_POINTER(r);
}

/* The binary form of a summary. */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_send);
Datum
kpi_ratio_summary_float_send(PG_FUNCTION_ARGS)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);
	StringInfoData out;

	kpi_wire_begin(&out, &ratio_float_type);
	pq_sendint8(&out, ratio_float_seen(r, KPI_NUM) << KPI_NUM | ratio_float_seen(r, KPI_DEN) << KPI_DEN);
	for (int side = 0; side < KPI_SIDES; side++)
		if (ratio_float_seen(r, side))
			pq_sendfloat8(&out, r->sum[side]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* The state in argument 0, to change, as kpi_flat_state() has it; the empty one for NULL. */
static inline RatioFloat *
ratio_float_state(FunctionCallInfo fcinfo)
{
	RatioFloat *r = kpi_common_state(fcinfo, &ratio_float_type);

	if (likely(r != NULL))
		return r;
	if (PG_ARGISNULL(0))
		return kpi_flat_new(&ratio_float_type, sizeof(RatioFloat));
	return kpi_flat_state(fcinfo, &ratio_float_type);
}

/*
 * kpi_ratio_summary_float_accum() -
 *
 *	Transition function of ratio_summary_float(num, den): declared strict, since a row
 *	with either side NULL is ignored; as 0.1.0 has it each sum ignores its own NULLs.
 *	Changes the state inside an aggregate, and a copy else.  22003 where a
 *	sum overflows.
 */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_accum);
Datum
kpi_ratio_summary_float_accum(PG_FUNCTION_ARGS)
{
	RatioFloat *r = ratio_float_state(fcinfo);

	for (int side = 0; side < KPI_SIDES; side++)
		if (!PG_ARGISNULL(side + 1))
			ratio_float_add_side(r, side, PG_GETARG_FLOAT8(side + 1));
	PG_RETURN_POINTER(r);
}

/*
 * kpi_ratio_summary_float_add() -
 *
 *	The operator +, and what merges partial states; strict.  Changes argument 0
 *	inside an aggregate, and a copy of it else.  22003 where a sum overflows.
 */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_float_add);
Datum
kpi_ratio_summary_float_add(PG_FUNCTION_ARGS)
{
	RatioFloat *r = kpi_flat_state(fcinfo, &ratio_float_type);
	RatioFloat *other = PG_GETARG_RATIO_FLOAT(1);

	for (int side = 0; side < KPI_SIDES; side++)
		if (ratio_float_seen(other, side))
			ratio_float_add_side(r, side, other->sum[side]);
	PG_RETURN_POINTER(r);
}

/* A side, NULL when no row has it. */
static Datum
ratio_float_return_side(FunctionCallInfo fcinfo, int side)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);

	if (!ratio_float_seen(r, side))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(r->sum[side]);
}

/* numerator(s), denominator(s) */
KPI_FUNCTION(kpi_ratio_float_numerator, ratio_float_return_side(fcinfo, KPI_NUM))
KPI_FUNCTION(kpi_ratio_float_denominator, ratio_float_return_side(fcinfo, KPI_DEN))

/*
 * kpi_ratio_float() - ratio(s)
 *
 *	The quotient; NULL where a side is NULL, or the denominator 0.  22003 where it
 *	overflows or underflows.
 */
PG_FUNCTION_INFO_V1(kpi_ratio_float);
Datum
kpi_ratio_float(PG_FUNCTION_ARGS)
{
	RatioFloat *r = PG_GETARG_RATIO_FLOAT(0);

	if (!ratio_float_seen(r, KPI_NUM) || !ratio_float_seen(r, KPI_DEN) || r->sum[KPI_DEN] == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(float8_div(r->sum[KPI_NUM], r->sum[KPI_DEN]));
}

/*
 * kpi_weighted_score_accum() -
 *
 *	Transition function of weighted_score(attainment, weight), strict: the
 *	attainment counts from 0 to 1, NaN not at all.  22023 for a weight that is
 *	negative or not finite.
 */
PG_FUNCTION_INFO_V1(kpi_weighted_score_accum);
Datum
kpi_weighted_score_accum(PG_FUNCTION_ARGS)
{
	RatioFloat *r = ratio_float_state(fcinfo);
	double		attainment = PG_GETARG_FLOAT8(1);
	double		weight = PG_GETARG_FLOAT8(2);

	if (!(weight >= 0) || isinf(weight))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weight %g is not a finite number of 0 or more", weight)));
	if (isnan(attainment))
		PG_RETURN_POINTER(r);
	ratio_float_add_side(r, KPI_NUM, weight * Min(Max(attainment, 0.0), 1.0));
	ratio_float_add_side(r, KPI_DEN, weight);
	PG_RETURN_POINTER(r);
}
