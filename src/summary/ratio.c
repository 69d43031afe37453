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
#include "summary/ratio.h"

#include "core/form/flat.h"
#include "core/number/sum.h"

#include "utils/fmgrprotos.h"

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
	KpiSum		side[KPI_SIDES];
	int64		tail[FLEXIBLE_ARRAY_MEMBER];	/* counts of a frame, then limbs */
} Ratio;

#define RATIO_COUNTS_LENGTH ((int) (KPI_SIDES * sizeof(RatioCounts) / sizeof(int64)))

static const KpiType ratio_type = {
	.name = "ratio_summary", .version = 1, .kind = KPI_TYPE_RATIO_SUMMARY, .size = offsetof(Ratio, tail)
};
static const KpiType ratio_frame_type = {
	.name = "ratio_frame", .shown = "a ratio", .version = 1, .kind = KPI_TYPE_RATIO_FRAME,
	.size = offsetof(Ratio, tail) + RATIO_COUNTS_LENGTH * sizeof(int64)
};

#define RATIO_FRAME_FORM "(sum,rows,nans,infinities,negative infinities,rows of largest scale;...), numerator and denominator"

/* Is it the state of a moving frame? */
static inline bool
ratio_is_frame(const Ratio *r)
{
	return r->header.kind == ratio_frame_type.kind;
}

/* The counts of a frame's side. */
static inline RatioCounts *
ratio_counts(const Ratio *r, int side)
{
	return (RatioCounts *) r->tail + side;
}

/* The limbs of a side, as many as kpi_sum_limbs() says. */
static inline int64 *
ratio_limbs(const Ratio *r, int side)
{
	return (int64 *) r->tail + (ratio_is_frame(r) ? RATIO_COUNTS_LENGTH : 0) +
		(side == KPI_DEN ? kpi_sum_limbs(&r->side[KPI_NUM]) : 0);
}

/* A ratio_summary or a ratio_frame, to read.  XX001 for what is neither. */
static inline Ratio *
ratio_get(Datum datum)
{
	KpiHeader  *header = (KpiHeader *) PG_DETOAST_DATUM(datum);

	return kpi_flat(PointerGetDatum(header),
					VARSIZE(header) >= sizeof(KpiHeader) && header->kind == ratio_frame_type.kind ? &ratio_frame_type : &ratio_type);
}

/* The state in argument 0, to change, as kpi_flat_state() has it; the empty one for NULL. */
static inline Ratio *
ratio_state(FunctionCallInfo fcinfo, const KpiType *type)
{
	if (unlikely(PG_ARGISNULL(0)))
		return kpi_flat_new(type, type->size);
	return kpi_flat_state(fcinfo, type);
}

/*
 * ratio_widen() -
 *
 *	A copy in a larger chunk, in the current memory context, in which one side is
 *	wide and has the given room.  54000 beyond 512 MB.
 */
static Ratio *
ratio_widen(const Ratio *r, int side, KpiSumRoom room)
{
	const KpiType *type = ratio_is_frame(r) ? &ratio_frame_type : &ratio_type;
	int			other = kpi_sum_limbs(&r->side[!side]);
	Ratio	   *wide = kpi_flat_new(type, type->size + (room.high - room.low + other) * sizeof(int64));

	wide->side[!side] = r->side[!side];
	if (ratio_is_frame(r))
		memcpy(wide->tail, r->tail, KPI_SIDES * sizeof(RatioCounts));
	wide->side[side].flags = KPI_SUM_WIDE;
	wide->side[side].word[0] = room.high - room.low;
	kpi_sum_widen(&r->side[side], ratio_limbs(r, side), &wide->side[side], ratio_limbs(wide, side), room);
	if (other > 0)
		memcpy(ratio_limbs(wide, !side), ratio_limbs(r, !side), other * sizeof(int64));
	return wide;
}

/*
 * ratio_add_number() -
 *
 *	Add a number to a side, or with `negate` subtract it; what comes back is r, or a
 *	larger copy in its place.  54000 as ratio_widen().
 */
static inline Ratio *
ratio_add_number(Ratio *r, int side, const KpiNumber *x, bool negate)
{
	if (likely(kpi_sum_add_number(&r->side[side], ratio_limbs(r, side), x, negate)))
		return r;
	r = ratio_widen(r, side, kpi_sum_room_number(&r->side[side], ratio_limbs(r, side), x));
	if (!kpi_sum_add_number(&r->side[side], ratio_limbs(r, side), x, negate))
		elog(ERROR, "a widened sum has no room");
	return r;
}

/* Add both sides of another ratio, in the same way. */
static Ratio *
ratio_add(Ratio *r, const Ratio *other)
{
	for (int side = 0; side < KPI_SIDES; side++)
	{
		const KpiSum *sum = &other->side[side];
		const int64 *sum_limbs = ratio_limbs(other, side);

		if (kpi_sum_add_sum(&r->side[side], ratio_limbs(r, side), sum, sum_limbs, false))
			continue;
		r = ratio_widen(r, side, kpi_sum_room_sum(&r->side[side], ratio_limbs(r, side), sum, sum_limbs));
		if (!kpi_sum_add_sum(&r->side[side], ratio_limbs(r, side), sum, sum_limbs, false))
			elog(ERROR, "a widened sum has no room");
	}
	return r;
}

/*
 * ratio_side_number() -
 *
 *	One side as a number, whose digits may lie in r or in the current memory
 *	context; false when no row has it.
 */
static bool
ratio_side_number(const Ratio *r, int side, KpiNumber *x)
{
	if (ratio_is_frame(r))
	{
		const RatioCounts *c = ratio_counts(r, side);
		KpiSum		sum = r->side[side];

		sum.flags = (sum.flags & KPI_SUM_WIDE) |
			(c->rows > 0 ? KPI_SUM_SEEN : 0) |
			(c->nans > 0 ? KPI_SUM_NAN : 0) |
			(c->plus > 0 ? KPI_SUM_PLUS_INFINITY : 0) |
			(c->minus > 0 ? KPI_SUM_MINUS_INFINITY : 0);
		return kpi_sum_number(&sum, ratio_limbs(r, side), x);
	}
	return kpi_sum_number(&r->side[side], ratio_limbs(r, side), x);
}

/* 22003 for a number that no form could read back: what is built must also be read. */
static void
ratio_check_range(const KpiType *type, const KpiNumber *x)
{
	if (x->ndigits > 0 && x->weight > KPI_MAX_SUM_WEIGHT)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sum of %s is out of range", kpi_shown(type))));
}

/*
 * ratio_make() -
 *
 *	A canonical ratio_summary of two numbers, NULL for a side without rows, in the
 *	current memory context.  22003 as ratio_check_range().
 */
static Ratio *
ratio_make(const KpiNumber *num, const KpiNumber *den)
{
	const KpiNumber *x[KPI_SIDES] = {num, den};
	KpiSum		sum[KPI_SIDES];
	int64	   *sum_limbs[KPI_SIDES];
	int			n[KPI_SIDES];
	Ratio	   *r;

	for (int side = 0; side < KPI_SIDES; side++)
	{
		memset(&sum[side], 0, sizeof(KpiSum));
		if (x[side])
		{
			ratio_check_range(&ratio_type, x[side]);
			kpi_sum_canonical(x[side], &sum[side], &sum_limbs[side]);
		}
		n[side] = kpi_sum_limbs(&sum[side]);
	}
	r = kpi_flat_new(&ratio_type, ratio_type.size + (n[KPI_NUM] + n[KPI_DEN]) * sizeof(int64));
	for (int side = 0; side < KPI_SIDES; side++)
	{
		r->side[side] = sum[side];
		if (n[side] > 0)
			/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) only a sum that was made has limbs */
			memcpy(ratio_limbs(r, side), sum_limbs[side], n[side] * sizeof(int64));
	}
	return r;
}

/* A canonical ratio_summary of what a summary or a frame holds. */
static Ratio *
ratio_canonical(const Ratio *r)
{
	KpiNumber	num;
	KpiNumber	den;
	bool		has_num = ratio_side_number(r, KPI_NUM, &num);
	bool		has_den = ratio_side_number(r, KPI_DEN, &den);

	return ratio_make(has_num ? &num : NULL, has_den ? &den : NULL);
}

/*
 * Text and binary forms of ratio_summary.
 */

/* Read a number, or nothing before the given character: *present says which.  False for what is neither. */
static bool
ratio_scan_side(KpiScan *scan, char before, KpiNumber *x, bool *present)
{
	*present = !kpi_scan_peek(scan, before);
	return !*present || kpi_scan_number(scan, x);
}

/* The text form, "(numerator,denominator)".  22P02 for malformed text, 22003 as ratio_make(). */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_in);
Datum
kpi_ratio_summary_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &ratio_type, KPI_RATIO_FORM);
	KpiNumber	num;
	KpiNumber	den;
	bool		has_num;
	bool		has_den;

	if (!kpi_scan_char(&scan, '(') ||
		!ratio_scan_side(&scan, ',', &num, &has_num) || !kpi_scan_char(&scan, ',') ||
		!ratio_scan_side(&scan, ')', &den, &has_den) || !kpi_scan_char(&scan, ')') ||
		!kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	PG_RETURN_POINTER(ratio_make(has_num ? &num : NULL, has_den ? &den : NULL));
}

/* The text form of a summary. */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_out);
Datum
kpi_ratio_summary_out(PG_FUNCTION_ARGS)
{
	Ratio	   *r = ratio_get(PG_GETARG_DATUM(0));
	StringInfoData out;
	KpiNumber	x;

	initStringInfo(&out);
	appendStringInfoChar(&out, '(');
	if (ratio_side_number(r, KPI_NUM, &x))
		kpi_number_append(&out, &x);
	appendStringInfoChar(&out, ',');
	if (ratio_side_number(r, KPI_DEN, &x))
		kpi_number_append(&out, &x);
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

/*
 * kpi_ratio_summary_recv() -
 *
 *	The binary form: which sides are there (1), and each of them as
 *	kpi_number_send() writes it.  22P03 for malformed bytes.
 */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_recv);
Datum
kpi_ratio_summary_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &ratio_type);
	uint8		present = kpi_wire_uint8(&wire);
	KpiNumber	num;
	KpiNumber	den;

	if (present & ~(1 << KPI_NUM | 1 << KPI_DEN))
		kpi_wire_fail(&wire, "It has unknown sides.");
	if (present & 1 << KPI_NUM)
		kpi_wire_number(&wire, &num);
	if (present & 1 << KPI_DEN)
		kpi_wire_number(&wire, &den);
	kpi_wire_end(&wire);
	PG_RETURN_POINTER(ratio_make(present & 1 << KPI_NUM ? &num : NULL, present & 1 << KPI_DEN ? &den : NULL));
}

/* The binary form of a summary. */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_send);
Datum
kpi_ratio_summary_send(PG_FUNCTION_ARGS)
{
	Ratio	   *r = ratio_get(PG_GETARG_DATUM(0));
	StringInfoData out;
	KpiNumber	num;
	KpiNumber	den;
	bool		has_num = ratio_side_number(r, KPI_NUM, &num);
	bool		has_den = ratio_side_number(r, KPI_DEN, &den);

	kpi_wire_begin(&out, &ratio_type);
	pq_sendint8(&out, has_num << KPI_NUM | has_den << KPI_DEN);
	if (has_num)
		kpi_number_send(&out, &num);
	if (has_den)
		kpi_number_send(&out, &den);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * Text and binary forms of ratio_frame, which no user should ever see.
 */

/*
 * ratio_frame_problem() -
 *
 *	What is wrong with a side of a frame, a sum and its counts, or NULL.  Both forms
 *	ask here when they are read.
 */
static const char *
ratio_frame_problem(const KpiNumber *x, const RatioCounts *c)
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

/* A frame of two sums and their counts, in the current memory context.  22003 as ratio_check_range(). */
static Ratio *
ratio_make_frame(const KpiNumber *x, const RatioCounts *c)
{
	Ratio	   *r = kpi_flat_new(&ratio_frame_type, ratio_frame_type.size);

	memcpy(r->tail, c, KPI_SIDES * sizeof(RatioCounts));
	for (int side = 0; side < KPI_SIDES; side++)
	{
		ratio_check_range(&ratio_frame_type, &x[side]);
		r = ratio_add_number(r, side, &x[side], false);
	}
	return r;
}

/* The sum of a side's finite rows. */
static void
ratio_frame_sum(const Ratio *r, int side, KpiNumber *x)
{
	KpiSum		sum = r->side[side];

	sum.flags = (sum.flags & KPI_SUM_WIDE) | KPI_SUM_SEEN;
	kpi_sum_number(&sum, ratio_limbs(r, side), x);
}

/* The text form, which pg_dump would write of a column of frames.  22P02 for malformed text. */
PG_FUNCTION_INFO_V1(kpi_ratio_frame_in);
Datum
kpi_ratio_frame_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &ratio_frame_type, RATIO_FRAME_FORM);
	KpiNumber	x[KPI_SIDES];
	RatioCounts c[KPI_SIDES];
	const char *problem;

	for (int side = 0; side < KPI_SIDES; side++)
		if (!kpi_scan_char(&scan, side == KPI_NUM ? '(' : ';') ||
			!kpi_scan_number(&scan, &x[side]) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].rows) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].nans) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].plus) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].minus) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &c[side].scaled))
			return kpi_scan_fail(&scan, NULL);
	if (!kpi_scan_char(&scan, ')') || !kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	for (int side = 0; side < KPI_SIDES; side++)
		if ((problem = ratio_frame_problem(&x[side], &c[side])) != NULL)
			return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(ratio_make_frame(x, c));
}

/* The text form of a frame. */
PG_FUNCTION_INFO_V1(kpi_ratio_frame_out);
Datum
kpi_ratio_frame_out(PG_FUNCTION_ARGS)
{
	Ratio	   *r = kpi_flat(PG_GETARG_DATUM(0), &ratio_frame_type);
	StringInfoData out;

	initStringInfo(&out);
	for (int side = 0; side < KPI_SIDES; side++)
	{
		const RatioCounts *c = ratio_counts(r, side);
		KpiNumber	x;

		ratio_frame_sum(r, side, &x);
		appendStringInfoChar(&out, side == KPI_NUM ? '(' : ';');
		kpi_number_append(&out, &x);
		appendStringInfo(&out, ",%lld,%lld,%lld,%lld,%lld", (long long) c->rows, (long long) c->nans,
						 (long long) c->plus, (long long) c->minus, (long long) c->scaled);
	}
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

/* The binary form: for each side the sum and its five counts (8 each).  22P03 for malformed bytes. */
PG_FUNCTION_INFO_V1(kpi_ratio_frame_recv);
Datum
kpi_ratio_frame_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &ratio_frame_type);
	KpiNumber	x[KPI_SIDES];
	RatioCounts c[KPI_SIDES];
	const char *problem;

	for (int side = 0; side < KPI_SIDES; side++)
	{
		kpi_wire_number(&wire, &x[side]);
		c[side].rows = kpi_wire_int64(&wire);
		c[side].nans = kpi_wire_int64(&wire);
		c[side].plus = kpi_wire_int64(&wire);
		c[side].minus = kpi_wire_int64(&wire);
		c[side].scaled = kpi_wire_int64(&wire);
		if ((problem = ratio_frame_problem(&x[side], &c[side])) != NULL)
			kpi_wire_fail(&wire, problem);
	}
	kpi_wire_end(&wire);
	PG_RETURN_POINTER(ratio_make_frame(x, c));
}

/* The binary form of a frame. */
PG_FUNCTION_INFO_V1(kpi_ratio_frame_send);
Datum
kpi_ratio_frame_send(PG_FUNCTION_ARGS)
{
	Ratio	   *r = kpi_flat(PG_GETARG_DATUM(0), &ratio_frame_type);
	StringInfoData out;

	kpi_wire_begin(&out, &ratio_frame_type);
	for (int side = 0; side < KPI_SIDES; side++)
	{
		const RatioCounts *c = ratio_counts(r, side);
		KpiNumber	x;

		ratio_frame_sum(r, side, &x);
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
 * Transition functions.  A row's side is a number of any type, of a float its
 * shortest decimal.  Each sum ignores its own NULLs, as cac() needs it; for all others
 * they are declared strict too (_pair), so that a row with either side NULL is ignored.
 */

/*
 * ratio_accum_slowly() -
 *
 *	Add a row, from the given side on, to the state in argument 0.  What comes back
 *	is the state inside an aggregate, perhaps a larger one in place of it, and a
 *	canonical value else.  54000 as ratio_widen().
 */
static pg_noinline Datum
ratio_accum_slowly(FunctionCallInfo fcinfo, int side, KpiNumberType num, KpiNumberType den)
{
	Ratio	   *r = ratio_state(fcinfo, &ratio_type);

	for (; side < KPI_SIDES; side++)
		if (!PG_ARGISNULL(side + 1))
		{
			KpiNumber	x;

			kpi_number_argument(fcinfo, side + 1, side == KPI_NUM ? num : den, &x);
			r = ratio_add_number(r, side, &x, false);
		}
	PG_RETURN_POINTER(kpi_in_aggregate(fcinfo) ? r : ratio_canonical(r));
}

/* Add a side that is NULL or a common one; false, with nothing changed, where it is neither. */
static pg_attribute_always_inline bool
ratio_accum_common(FunctionCallInfo fcinfo, Ratio *r, int side, KpiNumberType type)
{
	int64		scaled;
	uint16		dscale;

	return PG_ARGISNULL(side + 1) ||
		likely(kpi_sum_common_argument(fcinfo, side + 1, type, &scaled, &dscale) &&
			   kpi_sum_add_common(&r->side[side], scaled, dscale));
}

/* Add a row, in the common case without a call.  The state may be NULL. */
static pg_attribute_always_inline Datum
ratio_accum(FunctionCallInfo fcinfo, KpiNumberType num, KpiNumberType den)
{
	Ratio	   *r = kpi_common_state(fcinfo, &ratio_type);

	if (unlikely(r == NULL || !ratio_accum_common(fcinfo, r, KPI_NUM, num)))
		return ratio_accum_slowly(fcinfo, KPI_NUM, num, den);
	if (unlikely(!ratio_accum_common(fcinfo, r, KPI_DEN, den)))
		return ratio_accum_slowly(fcinfo, KPI_DEN, num, den);
	PG_RETURN_POINTER(r);
}

/*
 * ratio_frame_enter() -
 *
 *	Put a row's side into a frame; what comes back is r, or a larger copy in its
 *	place.  22003 beyond KPI_MAX_COUNT rows.
 */
static Ratio *
ratio_frame_enter(Ratio *r, int side, const KpiNumber *x)
{
	RatioCounts *c = ratio_counts(r, side);

	if (unlikely(c->rows >= KPI_MAX_COUNT))
		kpi_counts_overflow(kpi_shown(&ratio_frame_type));
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
	return ratio_add_number(r, side, x, false);
}

/*
 * ratio_frame_leave() -
 *
 *	Take a row's side out of a frame again, as ratio_frame_enter().  NULL when its
 *	scale can't be undone: it is the last row of the largest one, and there are
 *	others.  22023 when there is no such row in the frame.
 */
static Ratio *
ratio_frame_leave(Ratio *r, int side, const KpiNumber *x)
{
	RatioCounts *c = ratio_counts(r, side);
	KpiNumber	left;
	int64		finite = c->rows - c->nans - c->plus - c->minus;

	if (x->kind == KPI_NAN ? c->nans <= 0 :
		x->kind == KPI_PLUS_INFINITY ? c->plus <= 0 :
		x->kind == KPI_MINUS_INFINITY ? c->minus <= 0 :
		finite <= 0 || x->dscale > r->side[side].dscale ||
		(x->dscale < r->side[side].dscale && c->scaled >= finite))
		kpi_refuse_removal("frame");
	if (x->kind == KPI_FINITE && x->dscale == r->side[side].dscale && c->scaled == 1)
	{
		if (finite > 1)
			return NULL;
		/* the last finite row: the sum is then 0 without digits */
		r = ratio_add_number(r, side, x, true);
		ratio_frame_sum(r, side, &left);
		if (left.ndigits > 0)
			kpi_refuse_removal("frame");
		r->side[side].dscale = 0;
		c = ratio_counts(r, side);
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
	return ratio_add_number(r, side, x, true);
}

/*
 * ratio_frame_result() -
 *
 *	What a function of frames returns: the state, or outside an aggregate a value in
 *	the stored form; NULL for NULL.
 */
static Datum
ratio_frame_result(FunctionCallInfo fcinfo, const Ratio *r)
{
	KpiNumber	x[KPI_SIDES];

	if (r == NULL)
		PG_RETURN_NULL();
	if (kpi_in_aggregate(fcinfo))
		PG_RETURN_POINTER(r);
	for (int side = 0; side < KPI_SIDES; side++)
		ratio_frame_sum(r, side, &x[side]);
	PG_RETURN_POINTER(ratio_make_frame(x, ratio_counts(r, KPI_NUM)));
}

/*
 * ratio_frame_step_slowly() -
 *
 *	Put a row in (enter), or take it out, from the given side on.  NULL, which makes
 *	the executor compute the frame anew, when a scale can't be undone.
 */
static pg_noinline Datum
ratio_frame_step_slowly(FunctionCallInfo fcinfo, int side, KpiNumberType num, KpiNumberType den, bool enter)
{
	Ratio	   *r = ratio_state(fcinfo, &ratio_frame_type);
	KpiNumber	x;

	for (; side < KPI_SIDES && r != NULL; side++)
		if (!PG_ARGISNULL(side + 1))
		{
			kpi_number_argument(fcinfo, side + 1, side == KPI_NUM ? num : den, &x);
			r = enter ? ratio_frame_enter(r, side, &x) : ratio_frame_leave(r, side, &x);
		}
	return ratio_frame_result(fcinfo, r);
}

/*
 * ratio_frame_common() -
 *
 *	Put in, or take out, a side that is NULL or a common one; false, with nothing
 *	changed, where it is neither, or is the last of its scale.
 */
static pg_attribute_always_inline bool
ratio_frame_common(FunctionCallInfo fcinfo, Ratio *r, int side, KpiNumberType type, bool enter)
{
	KpiSum	   *sum = &r->side[side];
	RatioCounts *c = ratio_counts(r, side);
	int64		scaled;
	uint16		dscale;

	if (PG_ARGISNULL(side + 1))
		return true;
	if (unlikely(!kpi_sum_common_argument(fcinfo, side + 1, type, &scaled, &dscale)))
		return false;
	if (enter)
	{
		int64		same = dscale > sum->dscale ? 0 : c->scaled;

		if (unlikely(c->rows >= KPI_MAX_COUNT || !kpi_sum_add_common(sum, scaled, dscale)))
			return false;
		c->scaled = same + (dscale == sum->dscale);
		c->rows++;
		return true;
	}
	/* taking away the last row of a scale makes the sum narrower, which this does not do */
	if (unlikely(c->rows <= 0 || (dscale == sum->dscale && c->scaled <= 1) ||
				 !kpi_sum_add_common(sum, -scaled, dscale)))
		return false;
	c->scaled -= dscale == sum->dscale;
	c->rows--;
	return true;
}

/* Put a row in, or take it out, in the common case without a call. */
static pg_attribute_always_inline Datum
ratio_frame_step(FunctionCallInfo fcinfo, KpiNumberType num, KpiNumberType den, bool enter)
{
	Ratio	   *r = kpi_common_state(fcinfo, &ratio_frame_type);

	if (unlikely(r == NULL || !ratio_frame_common(fcinfo, r, KPI_NUM, num, enter)))
		return ratio_frame_step_slowly(fcinfo, KPI_NUM, num, den, enter);
	if (unlikely(!ratio_frame_common(fcinfo, r, KPI_DEN, den, enter)))
		return ratio_frame_step_slowly(fcinfo, KPI_DEN, num, den, enter);
	PG_RETURN_POINTER(r);
}

/*
 * For each pair of types the transition function, that of a moving frame, and the one
 * that takes a row out of the frame again.
 */
#define RATIO_STEP(accum, frame_accum, frame_remove, num, den) \
	KPI_FUNCTION(accum, ratio_accum(fcinfo, num, den)) \
	KPI_FUNCTION(frame_accum, ratio_frame_step(fcinfo, num, den, true)) \
	KPI_FUNCTION(frame_remove, ratio_frame_step(fcinfo, num, den, false))

RATIO_STEP(kpi_ratio_summary_accum_numeric, kpi_ratio_frame_accum_numeric,
		   kpi_ratio_frame_remove_numeric, KPI_NUMERIC, KPI_NUMERIC)
RATIO_STEP(kpi_ratio_summary_accum_numeric_int8, kpi_ratio_frame_accum_numeric_int8,
		   kpi_ratio_frame_remove_numeric_int8, KPI_NUMERIC, KPI_INT8)
RATIO_STEP(kpi_ratio_summary_accum_float8_int8, kpi_ratio_frame_accum_float8_int8,
		   kpi_ratio_frame_remove_float8_int8, KPI_FLOAT8, KPI_INT8)
RATIO_STEP(kpi_ratio_summary_accum_float4_int8, kpi_ratio_frame_accum_float4_int8,
		   kpi_ratio_frame_remove_float4_int8, KPI_FLOAT4, KPI_INT8)
RATIO_STEP(kpi_ratio_summary_accum_float8, kpi_ratio_frame_accum_float8,
		   kpi_ratio_frame_remove_float8, KPI_FLOAT8, KPI_FLOAT8)
RATIO_STEP(kpi_ratio_summary_accum_float4, kpi_ratio_frame_accum_float4,
		   kpi_ratio_frame_remove_float4, KPI_FLOAT4, KPI_FLOAT4)
RATIO_STEP(kpi_ratio_summary_accum_float8_float4, kpi_ratio_frame_accum_float8_float4,
		   kpi_ratio_frame_remove_float8_float4, KPI_FLOAT8, KPI_FLOAT4)
RATIO_STEP(kpi_ratio_summary_accum_float4_float8, kpi_ratio_frame_accum_float4_float8,
		   kpi_ratio_frame_remove_float4_float8, KPI_FLOAT4, KPI_FLOAT8)
RATIO_STEP(kpi_ratio_summary_accum_int8, kpi_ratio_frame_accum_int8,
		   kpi_ratio_frame_remove_int8, KPI_INT8, KPI_INT8)
RATIO_STEP(kpi_ratio_summary_accum_int4, kpi_ratio_frame_accum_int4,
		   kpi_ratio_frame_remove_int4, KPI_INT4, KPI_INT4)
RATIO_STEP(kpi_ratio_summary_accum_int2, kpi_ratio_frame_accum_int2,
		   kpi_ratio_frame_remove_int2, KPI_INT2, KPI_INT2)

/*
 * kpi_ratio_summary_add() -
 *
 *	The operator +, and what merges partial states, of which one may be NULL inside
 *	an aggregate.  Changes argument 0 there, and gives a canonical value else.
 *	54000 as ratio_widen().
 */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_add);
Datum
kpi_ratio_summary_add(PG_FUNCTION_ARGS)
{
	Ratio	   *r;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (!kpi_in_aggregate(fcinfo) && (PG_ARGISNULL(0) || PG_ARGISNULL(1)))
		PG_RETURN_NULL();
	r = ratio_state(fcinfo, &ratio_type);
	if (!PG_ARGISNULL(1))
		r = ratio_add(r, kpi_flat(PG_GETARG_DATUM(1), &ratio_type));
	PG_RETURN_POINTER(kpi_in_aggregate(fcinfo) ? r : ratio_canonical(r));
}

/*
 * ratio_frame_step_summary() -
 *
 *	A stored summary in a moving frame counts as one row: put it in or take it out.
 *	NULL as ratio_frame_step_slowly().
 */
static Datum
ratio_frame_step_summary(FunctionCallInfo fcinfo, Ratio *(*step) (Ratio *, int, const KpiNumber *))
{
	Ratio	   *r = ratio_state(fcinfo, &ratio_frame_type);
	Ratio	   *other;
	KpiNumber	x;

	if (PG_ARGISNULL(1))
		return ratio_frame_result(fcinfo, r);
	other = kpi_flat(PG_GETARG_DATUM(1), &ratio_type);
	for (int side = 0; side < KPI_SIDES && r != NULL; side++)
	{
		if (ratio_side_number(other, side, &x))
			r = step(r, side, &x);
	}
	return ratio_frame_result(fcinfo, r);
}

KPI_FUNCTION(kpi_ratio_frame_add, ratio_frame_step_summary(fcinfo, ratio_frame_enter))
KPI_FUNCTION(kpi_ratio_frame_subtract, ratio_frame_step_summary(fcinfo, ratio_frame_leave))

/*
 * Results, of a summary or a frame alike.
 */

/*
 * kpi_ratio_summary_final() -
 *
 *	The final function that gives a ratio_summary: the canonical value of a state,
 *	the empty summary for NULL.
 */
PG_FUNCTION_INFO_V1(kpi_ratio_summary_final);
Datum
kpi_ratio_summary_final(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(ratio_make(NULL, NULL));
	PG_RETURN_POINTER(ratio_canonical(ratio_get(PG_GETARG_DATUM(0))));
}

/* One side as a numeric; false when it is NULL.  22003 where it is too large for numeric. */
static bool
ratio_side_numeric(const Ratio *r, int side, Datum *result)
{
	KpiNumber	x;

	if (!ratio_side_number(r, side, &x))
		return false;
	*result = kpi_number_to_numeric(&x);
	return true;
}

/* Is a side 0? */
static bool
ratio_is_zero(const Ratio *r, int side)
{
	KpiNumber	x;

	return ratio_side_number(r, side, &x) && x.kind == KPI_FINITE && x.ndigits == 0;
}

/* Is a side something of which there can be a share: finite and above 0? */
static bool
ratio_is_base(const Ratio *r, int side)
{
	KpiNumber	x;

	return ratio_side_number(r, side, &x) && x.kind == KPI_FINITE && x.ndigits > 0 && !x.negative;
}

/* A side as sum(numeric) gives it, NULL when no row has it.  22003 where it is too large for numeric. */
static Datum
ratio_return_side(FunctionCallInfo fcinfo, int side)
{
	Datum		result;

	if (!ratio_side_numeric(ratio_get(PG_GETARG_DATUM(0)), side, &result))
		PG_RETURN_NULL();
	return result;
}

/* numerator(s), denominator(s) */
KPI_FUNCTION(kpi_ratio_numerator, ratio_return_side(fcinfo, KPI_NUM))
KPI_FUNCTION(kpi_ratio_denominator, ratio_return_side(fcinfo, KPI_DEN))

/*
 * kpi_ratio() - ratio(s)
 *
 *	sum(numerator) / nullif(sum(denominator), 0), with the digits that numeric
 *	division gives.
 */
PG_FUNCTION_INFO_V1(kpi_ratio);
Datum
kpi_ratio(PG_FUNCTION_ARGS)
{
	Ratio	   *r = ratio_get(PG_GETARG_DATUM(0));
	Datum		num;
	Datum		den;

	if (ratio_is_zero(r, KPI_DEN) || !ratio_side_numeric(r, KPI_NUM, &num) || !ratio_side_numeric(r, KPI_DEN, &den))
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, num, den);
}

/* cac(s): numerator spend, denominator new customers, of whom there must be some */
PG_FUNCTION_INFO_V1(kpi_ratio_cac);
Datum
kpi_ratio_cac(PG_FUNCTION_ARGS)
{
	if (!ratio_is_base(ratio_get(PG_GETARG_DATUM(0)), KPI_DEN))
		PG_RETURN_NULL();
	return kpi_ratio(fcinfo);
}

/* (numerator - denominator) / base, which is one of the two; NULL where a side is NULL, or the base is not finite and above 0. */
static Datum
ratio_relative_difference(FunctionCallInfo fcinfo, int base)
{
	Ratio	   *r = ratio_get(PG_GETARG_DATUM(0));
	Datum		num;
	Datum		den;

	if (!ratio_is_base(r, base) || !ratio_side_numeric(r, KPI_NUM, &num) || !ratio_side_numeric(r, KPI_DEN, &den))
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, DirectFunctionCall2(numeric_sub, num, den),
							   base == KPI_NUM ? num : den);
}

/* roi(s): numerator gain, denominator cost; margin(s): numerator revenue, denominator cost */
KPI_FUNCTION(kpi_ratio_roi, ratio_relative_difference(fcinfo, KPI_DEN))
KPI_FUNCTION(kpi_ratio_margin, ratio_relative_difference(fcinfo, KPI_NUM))
