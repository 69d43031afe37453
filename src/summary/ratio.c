/*
 * ratio.c
 *		ratio_summary: two exact sums of numeric, and every aggregate on them.
 *
 *		State and stored form: two KpiSum (numerator, denominator; core/number/sum.h),
 *		then the limbs of those that are wide.  Stored values are canonical.
 *
 *		ratio_frame: the state of a moving window frame, the same with counts
 *		between sums and limbs, so that a row can be taken away again: how many
 *		rows, NaNs and infinities are in the frame, and how many rows show the
 *		largest scale.  As in sum(numeric), when the last of those leaves, the
 *		frame is computed anew.
 *
 *		Results are those of sum(a) / nullif(sum(b), 0) on numeric, digit for digit.
 */
#include "core/form/flat.h"
#include "core/number/sum.h"

#include "utils/fmgrprotos.h"

#define SIDES 2
#define NUM 0
#define DEN 1

typedef struct RatioCounts
{
	int64		rows;
	int64		nans;
	int64		plus;			/* infinities */
	int64		minus;
	int64		scaled;			/* finite rows that show the sum's scale */
} RatioCounts;

typedef struct Ratio
{
	KpiHeader	header;
	KpiSum		side[SIDES];
	int64		tail[FLEXIBLE_ARRAY_MEMBER];	/* counts of a frame, then limbs */
} Ratio;

#define COUNTS_LENGTH ((int) (SIDES * sizeof(RatioCounts) / sizeof(int64)))

static const KpiType ratio_type = {"ratio_summary", 1, KPI_TYPE_RATIO_SUMMARY, offsetof(Ratio, tail)};
static const KpiType frame_type = {"ratio_frame", 1, KPI_TYPE_RATIO_FRAME, offsetof(Ratio, tail) + COUNTS_LENGTH * sizeof(int64)};

#define RATIO_FORM "(numerator,denominator), each a number, NaN, Infinity, -Infinity, or nothing for NULL"
#define FRAME_FORM "(sum,rows,nans,infinities,negative infinities,rows of largest scale;...), numerator and denominator"

static inline bool
is_frame(const Ratio *r)
{
	return r->header.kind == frame_type.kind;
}

static inline RatioCounts *
counts(const Ratio *r, int side)
{
	return (RatioCounts *) r->tail + side;
}

static inline int64 *
limbs(const Ratio *r, int side)
{
	return (int64 *) r->tail + (is_frame(r) ? COUNTS_LENGTH : 0) +
		(side == DEN ? kpi_sum_limbs(&r->side[NUM]) : 0);
}

/* A ratio_summary or a ratio_frame, to read. */
static inline Ratio *
get_ratio(Datum datum)
{
	KpiHeader  *header = (KpiHeader *) PG_DETOAST_DATUM(datum);

	return kpi_flat(PointerGetDatum(header),
					VARSIZE(header) >= sizeof(KpiHeader) && header->kind == frame_type.kind ? &frame_type : &ratio_type);
}

/* The state in argument 0, to change; the empty one for NULL. */
static inline Ratio *
get_state(FunctionCallInfo fcinfo, const KpiType *type)
{
	if (unlikely(PG_ARGISNULL(0)))
		return kpi_flat_new(type, type->size);
	return kpi_flat_state(fcinfo, type);
}

/* A larger chunk in which one side is wide, with the given room. */
static Ratio *
widen(const Ratio *r, int side, KpiSumRoom room)
{
	const KpiType *type = is_frame(r) ? &frame_type : &ratio_type;
	int			other = kpi_sum_limbs(&r->side[!side]);
	Ratio	   *wide = kpi_flat_new(type, type->size + (room.high - room.low + other) * sizeof(int64));

	wide->side[!side] = r->side[!side];
	if (is_frame(r))
		memcpy(wide->tail, r->tail, SIDES * sizeof(RatioCounts));
	wide->side[side].flags = KPI_SUM_WIDE;
	wide->side[side].word[0] = room.high - room.low;
	kpi_sum_widen(&r->side[side], limbs(r, side), &wide->side[side], limbs(wide, side), room);
	if (other > 0)
		memcpy(limbs(wide, !side), limbs(r, !side), other * sizeof(int64));
	return wide;
}

static inline Ratio *
add_number(Ratio *r, int side, const KpiNumber *x, bool negate)
{
	if (likely(kpi_sum_add_number(&r->side[side], limbs(r, side), x, negate)))
		return r;
	r = widen(r, side, kpi_sum_room_number(&r->side[side], limbs(r, side), x));
	if (!kpi_sum_add_number(&r->side[side], limbs(r, side), x, negate))
		elog(ERROR, "a widened sum has no room");
	return r;
}

static Ratio *
add_ratio(Ratio *r, const Ratio *other)
{
	for (int side = 0; side < SIDES; side++)
	{
		const KpiSum *sum = &other->side[side];
		const int64 *sum_limbs = limbs(other, side);

		if (kpi_sum_add_sum(&r->side[side], limbs(r, side), sum, sum_limbs, false))
			continue;
		r = widen(r, side, kpi_sum_room_sum(&r->side[side], limbs(r, side), sum, sum_limbs));
		if (!kpi_sum_add_sum(&r->side[side], limbs(r, side), sum, sum_limbs, false))
			elog(ERROR, "a widened sum has no room");
	}
	return r;
}

/* One side as a number; false when it has no row. */
static bool
side_number(const Ratio *r, int side, KpiNumber *x)
{
	if (is_frame(r))
	{
		const RatioCounts *c = counts(r, side);
		KpiSum		sum = r->side[side];

		sum.flags = (sum.flags & KPI_SUM_WIDE) |
			(c->rows > 0 ? KPI_SUM_SEEN : 0) |
			(c->nans > 0 ? KPI_SUM_NAN : 0) |
			(c->plus > 0 ? KPI_SUM_PLUS_INFINITY : 0) |
			(c->minus > 0 ? KPI_SUM_MINUS_INFINITY : 0);
		return kpi_sum_number(&sum, limbs(r, side), x);
	}
	return kpi_sum_number(&r->side[side], limbs(r, side), x);
}

/* A canonical ratio_summary of two numbers, NULL for a side without rows. */
static Ratio *
make_ratio(const KpiNumber *num, const KpiNumber *den)
{
	const KpiNumber *x[SIDES] = {num, den};
	KpiSum		sum[SIDES];
	int64	   *sum_limbs[SIDES];
	int			n[SIDES];
	Ratio	   *r;

	for (int side = 0; side < SIDES; side++)
	{
		memset(&sum[side], 0, sizeof(KpiSum));
		/* what is stored must also be read back */
		if (x[side] && x[side]->ndigits > 0 && x[side]->weight > KPI_MAX_SUM_WEIGHT)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("sum of ratio_summary is out of range")));
		if (x[side])
			kpi_sum_canonical(x[side], &sum[side], &sum_limbs[side]);
		n[side] = kpi_sum_limbs(&sum[side]);
	}
	r = kpi_flat_new(&ratio_type, ratio_type.size + (n[NUM] + n[DEN]) * sizeof(int64));
	for (int side = 0; side < SIDES; side++)
	{
		r->side[side] = sum[side];
		if (n[side] > 0)
			/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) only a sum that was made has limbs */
			memcpy(limbs(r, side), sum_limbs[side], n[side] * sizeof(int64));
	}
	return r;
}

static Ratio *
canonical(const Ratio *r)
{
	KpiNumber	num;
	KpiNumber	den;
	bool		has_num = side_number(r, NUM, &num);
	bool		has_den = side_number(r, DEN, &den);

	return make_ratio(has_num ? &num : NULL, has_den ? &den : NULL);
}

/*
 * Text and binary forms of ratio_summary.
 */

/* A number, or nothing before the given character. */
static bool
scan_side(KpiScan *scan, char before, KpiNumber *x, bool *present)
{
	*present = !kpi_scan_peek(scan, before);
	return !*present || kpi_scan_number(scan, x);
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_in);
Datum
kpi_ratio_summary_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &ratio_type, RATIO_FORM);
	KpiNumber	num;
	KpiNumber	den;
	bool		has_num;
	bool		has_den;

	if (!kpi_scan_char(&scan, '(') ||
		!scan_side(&scan, ',', &num, &has_num) || !kpi_scan_char(&scan, ',') ||
		!scan_side(&scan, ')', &den, &has_den) || !kpi_scan_char(&scan, ')') ||
		!kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	PG_RETURN_POINTER(make_ratio(has_num ? &num : NULL, has_den ? &den : NULL));
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_out);
Datum
kpi_ratio_summary_out(PG_FUNCTION_ARGS)
{
	Ratio	   *r = get_ratio(PG_GETARG_DATUM(0));
	StringInfoData out;
	KpiNumber	x;

	initStringInfo(&out);
	appendStringInfoChar(&out, '(');
	if (side_number(r, NUM, &x))
		kpi_number_append(&out, &x);
	appendStringInfoChar(&out, ',');
	if (side_number(r, DEN, &x))
		kpi_number_append(&out, &x);
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_recv);
Datum
kpi_ratio_summary_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &ratio_type);
	uint8		present = kpi_wire_uint8(&wire);
	KpiNumber	num;
	KpiNumber	den;

	if (present & ~(1 << NUM | 1 << DEN))
		kpi_wire_fail(&wire, "It has unknown sides.");
	if (present & 1 << NUM)
		kpi_wire_number(&wire, &num);
	if (present & 1 << DEN)
		kpi_wire_number(&wire, &den);
	kpi_wire_end(&wire);
	PG_RETURN_POINTER(make_ratio(present & 1 << NUM ? &num : NULL, present & 1 << DEN ? &den : NULL));
}

PG_FUNCTION_INFO_V1(kpi_ratio_summary_send);
Datum
kpi_ratio_summary_send(PG_FUNCTION_ARGS)
{
	Ratio	   *r = get_ratio(PG_GETARG_DATUM(0));
	StringInfoData out;
	KpiNumber	num;
	KpiNumber	den;
	bool		has_num = side_number(r, NUM, &num);
	bool		has_den = side_number(r, DEN, &den);

	kpi_wire_begin(&out, &ratio_type);
	pq_sendint8(&out, has_num << NUM | has_den << DEN);
	if (has_num)
		kpi_number_send(&out, &num);
	if (has_den)
		kpi_number_send(&out, &den);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * Text and binary forms of ratio_frame, which no user should ever see.
 */

static const char *
frame_problem(const KpiNumber *x, const RatioCounts *c)
{
	int64		finite;

	if (c->rows < 0 || c->nans < 0 || c->plus < 0 || c->minus < 0 || c->scaled < 0)
		return "A count can't be negative.";
	if (c->rows > KPI_MAX_COUNT || c->nans > c->rows || c->plus > c->rows - c->nans ||
		c->minus > c->rows - c->nans - c->plus)
		return "The counts are out of range.";
	finite = c->rows - c->nans - c->plus - c->minus;
	if (c->scaled > finite || (c->scaled == 0) != (finite == 0))
		return "The rows of largest scale don't fit the rows.";
	if (x->kind != KPI_FINITE || (finite == 0 && (x->ndigits > 0 || x->dscale > 0)))
		return "The sum doesn't fit the rows.";
	return NULL;
}

static Ratio *
make_frame(const KpiNumber *x, const RatioCounts *c)
{
	Ratio	   *r = kpi_flat_new(&frame_type, frame_type.size);

	memcpy(r->tail, c, SIDES * sizeof(RatioCounts));
	for (int side = 0; side < SIDES; side++)
		r = add_number(r, side, &x[side], false);
	return r;
}

/* The sum of a frame's finite rows. */
static void
frame_sum(const Ratio *r, int side, KpiNumber *x)
{
	KpiSum		sum = r->side[side];

	sum.flags = (sum.flags & KPI_SUM_WIDE) | KPI_SUM_SEEN;
	kpi_sum_number(&sum, limbs(r, side), x);
}

PG_FUNCTION_INFO_V1(kpi_ratio_frame_in);
Datum
kpi_ratio_frame_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &frame_type, FRAME_FORM);
	KpiNumber	x[SIDES];
	RatioCounts c[SIDES];
	const char *problem;

	for (int side = 0; side < SIDES; side++)
		if (!kpi_scan_char(&scan, side == NUM ? '(' : ';') ||
			!kpi_scan_number(&scan, &x[side]) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].rows) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].nans) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].plus) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].minus) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].scaled))
			return kpi_scan_fail(&scan, NULL);
	if (!kpi_scan_char(&scan, ')') || !kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	for (int side = 0; side < SIDES; side++)
		if ((problem = frame_problem(&x[side], &c[side])) != NULL)
			return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(make_frame(x, c));
}

PG_FUNCTION_INFO_V1(kpi_ratio_frame_out);
Datum
kpi_ratio_frame_out(PG_FUNCTION_ARGS)
{
	Ratio	   *r = kpi_flat(PG_GETARG_DATUM(0), &frame_type);
	StringInfoData out;

	initStringInfo(&out);
	for (int side = 0; side < SIDES; side++)
	{
		const RatioCounts *c = counts(r, side);
		KpiNumber	x;

		frame_sum(r, side, &x);
		appendStringInfoChar(&out, side == NUM ? '(' : ';');
		kpi_number_append(&out, &x);
		appendStringInfo(&out, ",%lld,%lld,%lld,%lld,%lld", (long long) c->rows, (long long) c->nans,
						 (long long) c->plus, (long long) c->minus, (long long) c->scaled);
	}
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(kpi_ratio_frame_recv);
Datum
kpi_ratio_frame_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &frame_type);
	KpiNumber	x[SIDES];
	RatioCounts c[SIDES];
	const char *problem;

	for (int side = 0; side < SIDES; side++)
	{
		kpi_wire_number(&wire, &x[side]);
		c[side].rows = kpi_wire_int64(&wire);
		c[side].nans = kpi_wire_int64(&wire);
		c[side].plus = kpi_wire_int64(&wire);
		c[side].minus = kpi_wire_int64(&wire);
		c[side].scaled = kpi_wire_int64(&wire);
		if ((problem = frame_problem(&x[side], &c[side])) != NULL)
			kpi_wire_fail(&wire, problem);
	}
	kpi_wire_end(&wire);
	PG_RETURN_POINTER(make_frame(x, c));
}

PG_FUNCTION_INFO_V1(kpi_ratio_frame_send);
Datum
kpi_ratio_frame_send(PG_FUNCTION_ARGS)
{
	Ratio	   *r = kpi_flat(PG_GETARG_DATUM(0), &frame_type);
	StringInfoData out;

	kpi_wire_begin(&out, &frame_type);
	for (int side = 0; side < SIDES; side++)
	{
		const RatioCounts *c = counts(r, side);
		KpiNumber	x;

		frame_sum(r, side, &x);
		kpi_number_send(&out, &x);
		pq_sendint64(&out, c->rows);
		pq_sendint64(&out, c->nans);
		pq_sendint64(&out, c->plus);
		pq_sendint64(&out, c->minus);
		pq_sendint64(&out, c->scaled);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * Transition functions.  A row's side is numeric or an integer; each sum ignores
 * its own NULLs.  roi() and margin() use the same functions declared strict, so
 * that a row with either side NULL is ignored.
 */

typedef enum SideType
{
	SIDE_NUMERIC,
	SIDE_INT8,
	SIDE_INT4,
	SIDE_INT2
} SideType;

static inline int64
integer_side(FunctionCallInfo fcinfo, int argument, SideType type)
{
	return type == SIDE_INT8 ? PG_GETARG_INT64(argument) :
		type == SIDE_INT4 ? PG_GETARG_INT32(argument) : PG_GETARG_INT16(argument);
}

static void
side_view(FunctionCallInfo fcinfo, int side, SideType type, KpiNumber *x)
{
	if (type == SIDE_NUMERIC)
		kpi_number_from_numeric(PG_GETARG_DATUM(side + 1), x);
	else
		kpi_number_from_int64(integer_side(fcinfo, side + 1, type), x);
}

/* Add a row, from the given side on. */
static pg_noinline Datum
accum_slowly(FunctionCallInfo fcinfo, int side, SideType num, SideType den)
{
	Ratio	   *r = get_state(fcinfo, &ratio_type);

	for (; side < SIDES; side++)
		if (!PG_ARGISNULL(side + 1))
		{
			KpiNumber	x;

			side_view(fcinfo, side, side == NUM ? num : den, &x);
			r = add_number(r, side, &x, false);
		}
	PG_RETURN_POINTER(kpi_in_aggregate(fcinfo) ? r : canonical(r));
}

/* A side as sums have it in the common case. */
static pg_attribute_always_inline bool
common_side(FunctionCallInfo fcinfo, int side, SideType type, int64 *scaled, uint16 *dscale)
{
	return type == SIDE_NUMERIC ?
		kpi_sum_common(PG_GETARG_DATUM(side + 1), scaled, dscale) :
		kpi_sum_common_int64(integer_side(fcinfo, side + 1, type), scaled, dscale);
}

static pg_attribute_always_inline bool
accum_common(FunctionCallInfo fcinfo, Ratio *r, int side, SideType type)
{
	int64		scaled;
	uint16		dscale;

	return PG_ARGISNULL(side + 1) ||
		likely(common_side(fcinfo, side, type, &scaled, &dscale) &&
			   kpi_sum_add_common(&r->side[side], scaled, dscale));
}

static pg_attribute_always_inline Datum
accum(FunctionCallInfo fcinfo, SideType num, SideType den)
{
	Ratio	   *r = kpi_common_state(fcinfo, &ratio_type);

	if (unlikely(r == NULL || !accum_common(fcinfo, r, NUM, num)))
		return accum_slowly(fcinfo, NUM, num, den);
	if (unlikely(!accum_common(fcinfo, r, DEN, den)))
		return accum_slowly(fcinfo, DEN, num, den);
	PG_RETURN_POINTER(r);
}

/* Put a row into a frame. */
static Ratio *
frame_enter(Ratio *r, int side, const KpiNumber *x)
{
	RatioCounts *c = counts(r, side);

	c->rows++;
	if (x->kind != KPI_FINITE)
	{
		*(x->kind == KPI_NAN ? &c->nans : x->kind == KPI_PLUS_INFINITY ? &c->plus : &c->minus) += 1;
		return r;
	}
	if (x->dscale > r->side[side].dscale)
		c->scaled = 1;
	else if (x->dscale == r->side[side].dscale)
		c->scaled++;
	return add_number(r, side, x, false);
}

/* Take a row out of a frame again; NULL when its scale can't be undone. */
static Ratio *
frame_leave(Ratio *r, int side, const KpiNumber *x)
{
	RatioCounts *c = counts(r, side);
	KpiNumber	left;
	int64		finite = c->rows - c->nans - c->plus - c->minus;

	if (x->kind == KPI_NAN ? c->nans <= 0 :
		x->kind == KPI_PLUS_INFINITY ? c->plus <= 0 :
		x->kind == KPI_MINUS_INFINITY ? c->minus <= 0 :
		finite <= 0 || x->dscale > r->side[side].dscale ||
		(x->dscale < r->side[side].dscale && c->scaled >= finite))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the row to be taken away is not in the frame")));
	if (x->kind == KPI_FINITE && x->dscale == r->side[side].dscale && c->scaled == 1)
	{
		if (finite > 1)
			return NULL;
		/* the last finite row: the sum is then 0 without digits */
		r = add_number(r, side, x, true);
		frame_sum(r, side, &left);
		if (left.ndigits > 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the row to be taken away is not in the frame")));
		r->side[side].dscale = 0;
		c = counts(r, side);
		c->rows--;
		c->scaled = 0;
		return r;
	}
	c->rows--;
	if (x->kind != KPI_FINITE)
	{
		*(x->kind == KPI_NAN ? &c->nans : x->kind == KPI_PLUS_INFINITY ? &c->plus : &c->minus) -= 1;
		return r;
	}
	if (x->dscale == r->side[side].dscale)
		c->scaled--;
	return add_number(r, side, x, true);
}

/* Put a row in (enter), or take it out, from the given side on. */
static pg_noinline Datum
frame_step_slowly(FunctionCallInfo fcinfo, int side, SideType num, SideType den, bool enter)
{
	Ratio	   *r = get_state(fcinfo, &frame_type);
	KpiNumber	x;

	for (; side < SIDES && r != NULL; side++)
		if (!PG_ARGISNULL(side + 1))
		{
			side_view(fcinfo, side, side == NUM ? num : den, &x);
			r = enter ? frame_enter(r, side, &x) : frame_leave(r, side, &x);
		}
	if (r == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(r);
}

static pg_attribute_always_inline bool
frame_common(FunctionCallInfo fcinfo, Ratio *r, int side, SideType type, bool enter)
{
	KpiSum	   *sum = &r->side[side];
	RatioCounts *c = counts(r, side);
	int64		scaled;
	uint16		dscale;

	if (PG_ARGISNULL(side + 1))
		return true;
	if (unlikely(!common_side(fcinfo, side, type, &scaled, &dscale)))
		return false;
	if (enter)
	{
		int64		same = dscale > sum->dscale ? 0 : c->scaled;

		if (unlikely(!kpi_sum_add_common(sum, scaled, dscale)))
			return false;
		c->scaled = same + (dscale == sum->dscale);
		c->rows++;
		return true;
	}
	/* the last row of its scale is the other function's matter */
	if (unlikely(c->rows <= 0 || (dscale == sum->dscale && c->scaled <= 1) ||
				 !kpi_sum_add_common(sum, -scaled, dscale)))
		return false;
	c->scaled -= dscale == sum->dscale;
	c->rows--;
	return true;
}

static pg_attribute_always_inline Datum
frame_step(FunctionCallInfo fcinfo, SideType num, SideType den, bool enter)
{
	Ratio	   *r = kpi_common_state(fcinfo, &frame_type);

	if (unlikely(r == NULL || !frame_common(fcinfo, r, NUM, num, enter)))
		return frame_step_slowly(fcinfo, NUM, num, den, enter);
	if (unlikely(!frame_common(fcinfo, r, DEN, den, enter)))
		return frame_step_slowly(fcinfo, DEN, num, den, enter);
	PG_RETURN_POINTER(r);
}

#define RATIO_STEP(name, num, den) \
	PG_FUNCTION_INFO_V1(kpi_ratio_summary_accum_##name); \
	Datum kpi_ratio_summary_accum_##name(PG_FUNCTION_ARGS) \
	{ \
		return accum(fcinfo, num, den); \
	} \
	PG_FUNCTION_INFO_V1(kpi_ratio_frame_accum_##name); \
	Datum kpi_ratio_frame_accum_##name(PG_FUNCTION_ARGS) \
	{ \
		return frame_step(fcinfo, num, den, true); \
	} \
	PG_FUNCTION_INFO_V1(kpi_ratio_frame_remove_##name); \
	Datum kpi_ratio_frame_remove_##name(PG_FUNCTION_ARGS) \
	{ \
		return frame_step(fcinfo, num, den, false); \
	}

RATIO_STEP(numeric, SIDE_NUMERIC, SIDE_NUMERIC)
RATIO_STEP(numeric_int8, SIDE_NUMERIC, SIDE_INT8)
RATIO_STEP(int8, SIDE_INT8, SIDE_INT8)
RATIO_STEP(int4, SIDE_INT4, SIDE_INT4)
RATIO_STEP(int2, SIDE_INT2, SIDE_INT2)

/* The operator +, and what merges partial states; a state may be absent. */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_add);
Datum
kpi_ratio_summary_add(PG_FUNCTION_ARGS)
{
	Ratio	   *r;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (!kpi_in_aggregate(fcinfo) && (PG_ARGISNULL(0) || PG_ARGISNULL(1)))
		PG_RETURN_NULL();
	r = get_state(fcinfo, &ratio_type);
	if (!PG_ARGISNULL(1))
		r = add_ratio(r, kpi_flat(PG_GETARG_DATUM(1), &ratio_type));
	PG_RETURN_POINTER(kpi_in_aggregate(fcinfo) ? r : canonical(r));
}

/* A stored summary in a moving frame counts as one row. */
static Datum
frame_step_summary(FunctionCallInfo fcinfo, Ratio *(*step) (Ratio *, int, const KpiNumber *))
{
	Ratio	   *r = get_state(fcinfo, &frame_type);
	Ratio	   *other;
	KpiNumber	x;

	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(r);
	other = kpi_flat(PG_GETARG_DATUM(1), &ratio_type);
	for (int side = 0; side < SIDES && r != NULL; side++)
	{
		if (side_number(other, side, &x))
			r = step(r, side, &x);
	}
	if (r == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(r);
}

PG_FUNCTION_INFO_V1(kpi_ratio_frame_add);
Datum
kpi_ratio_frame_add(PG_FUNCTION_ARGS)
{
	return frame_step_summary(fcinfo, frame_enter);
}

PG_FUNCTION_INFO_V1(kpi_ratio_frame_subtract);
Datum
kpi_ratio_frame_subtract(PG_FUNCTION_ARGS)
{
	return frame_step_summary(fcinfo, frame_leave);
}

/*
 * Results, of a summary or a frame alike.
 */

PG_FUNCTION_INFO_V1(kpi_ratio_summary_final);
Datum
kpi_ratio_summary_final(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(make_ratio(NULL, NULL));
	PG_RETURN_POINTER(canonical(get_ratio(PG_GETARG_DATUM(0))));
}

/* One side as numeric; false when it is NULL. */
static bool
side_numeric(const Ratio *r, int side, Datum *result)
{
	KpiNumber	x;

	if (!side_number(r, side, &x))
		return false;
	*result = kpi_number_to_numeric(&x);
	return true;
}

static bool
is_zero(const Ratio *r, int side)
{
	KpiNumber	x;

	return side_number(r, side, &x) && x.kind == KPI_FINITE && x.ndigits == 0;
}

static Datum
return_side(FunctionCallInfo fcinfo, int side)
{
	Datum		result;

	if (!side_numeric(get_ratio(PG_GETARG_DATUM(0)), side, &result))
		PG_RETURN_NULL();
	return result;
}

PG_FUNCTION_INFO_V1(kpi_ratio_numerator);
Datum
kpi_ratio_numerator(PG_FUNCTION_ARGS)
{
	return return_side(fcinfo, NUM);
}

PG_FUNCTION_INFO_V1(kpi_ratio_denominator);
Datum
kpi_ratio_denominator(PG_FUNCTION_ARGS)
{
	return return_side(fcinfo, DEN);
}

PG_FUNCTION_INFO_V1(kpi_ratio);
Datum
kpi_ratio(PG_FUNCTION_ARGS)
{
	Ratio	   *r = get_ratio(PG_GETARG_DATUM(0));
	Datum		num;
	Datum		den;

	if (is_zero(r, DEN) || !side_numeric(r, NUM, &num) || !side_numeric(r, DEN, &den))
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, num, den);
}

/* (numerator - denominator) / one of them */
static Datum
relative_difference(FunctionCallInfo fcinfo, int base)
{
	Ratio	   *r = get_ratio(PG_GETARG_DATUM(0));
	Datum		num;
	Datum		den;

	if (is_zero(r, base) || !side_numeric(r, NUM, &num) || !side_numeric(r, DEN, &den))
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, DirectFunctionCall2(numeric_sub, num, den),
							   base == NUM ? num : den);
}

/* numerator gain, denominator cost */
PG_FUNCTION_INFO_V1(kpi_ratio_roi);
Datum
kpi_ratio_roi(PG_FUNCTION_ARGS)
{
	return relative_difference(fcinfo, DEN);
}

/* numerator revenue, denominator cost */
PG_FUNCTION_INFO_V1(kpi_ratio_margin);
Datum
kpi_ratio_margin(PG_FUNCTION_ARGS)
{
	return relative_difference(fcinfo, NUM);
}
