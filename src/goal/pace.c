/*
 * pace.c
 *		Judging a quantity that adds up over a period before the period ends.
 *
 *		Linear in days: of the days of a date range, those up to and including a
 *		date have elapsed.  The share is kept as two whole numbers, so that
 *		"less than a tenth" is exact and a whole period changes nothing.
 */
#include "goal/target.h"

#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/rangetypes.h"

typedef struct Progress
{
	int64		days;			/* of the period, at least 1 */
	int64		elapsed;		/* 0 before the start, days after the end */
} Progress;

static void
refuse_period(RangeType *during, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("period %s %s", OidOutputFunctionCall(F_RANGE_OUT, RangeTypePGetDatum(during)),
					problem),
			 errhint("Give the days that the target is for, such as daterange('2026-01-01', '2026-04-01'), which ends before 1 April.")));
}

static Progress
progress(FunctionCallInfo fcinfo, int arg)
{
	RangeType  *during = PG_GETARG_RANGE_P(arg);
	DateADT		at = PG_GETARG_DATEADT(arg + 1);
	TypeCacheEntry *typcache = range_get_typcache(fcinfo, RangeTypeGetOid(during));
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;
	int64		first;
	int64		end;
	Progress	p;

	range_deserialize(typcache, during, &lower, &upper, &empty);
	if (empty)
		refuse_period(during, "has no days");
	if (lower.infinite || upper.infinite ||
		DATE_NOT_FINITE(DatumGetDateADT(lower.val)) || DATE_NOT_FINITE(DatumGetDateADT(upper.val)))
		refuse_period(during, "is unbounded");

	/* dateranges are canonical, [first,end), but asking costs nothing */
	first = (int64) DatumGetDateADT(lower.val) + (lower.inclusive ? 0 : 1);
	end = (int64) DatumGetDateADT(upper.val) + (upper.inclusive ? 1 : 0);
	p.days = end - first;
	if (DATE_IS_NOBEGIN(at))
		p.elapsed = 0;
	else if (DATE_IS_NOEND(at))
		p.elapsed = p.days;
	else
		p.elapsed = Max(0, Min(p.days, (int64) at - first + 1));
	return p;
}

/* Is it too early to judge?  Before the start, and below a tenth of the period. */
static inline bool
too_early(const Progress *p)
{
	return p->elapsed * 10 < p->days;
}

/* Numbers beyond this are divided first, so that the product can't overflow. */
#define LARGE 1e290

static double
part_of(double x, double part, double whole)
{
	if (part == whole)
		return x;
	if (fabs(x) > LARGE)
		return x / whole * part;
	return x * part / whole;
}

static double
elapsed_part(double x, const Progress *p)
{
	return part_of(x, p->elapsed, p->days);
}

static double
whole_from_part(double x, const Progress *p)
{
	if (p->elapsed == p->days)
		return x;
	if (fabs(x) > LARGE)
		return x / p->elapsed * p->days;
	return x * p->days / p->elapsed;
}

/* expected_progress(target, during, at) */
PG_FUNCTION_INFO_V1(kpi_expected_progress);
Datum
kpi_expected_progress(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_TARGET(0);
	Progress	p = progress(fcinfo, 1);
	double		bound = kpi_target_has(t, KPI_TARGET_LOWER) ? t->lower : t->upper;

	if (too_early(&p))
		PG_RETURN_NULL();
	if (!kpi_target_has(t, KPI_TARGET_BASELINE))
		PG_RETURN_FLOAT8(elapsed_part(bound, &p));
	if (isfinite(bound - t->baseline))
		PG_RETURN_FLOAT8(t->baseline + elapsed_part(bound - t->baseline, &p));
	PG_RETURN_FLOAT8(t->baseline - elapsed_part(t->baseline, &p) + elapsed_part(bound, &p));
}

/* kpi_pace(actual, target, during, at) */
PG_FUNCTION_INFO_V1(kpi_pace);
Datum
kpi_pace(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget	t = *PG_GETARG_TARGET(1);
	Progress	p = progress(fcinfo, 2);
	double		pace;

	if (too_early(&p) || isnan(actual))
		PG_RETURN_NULL();
	t.lower = elapsed_part(t.lower, &p);
	t.upper = elapsed_part(t.upper, &p);
	t.warn_lower = elapsed_part(t.warn_lower, &p);
	t.warn_upper = elapsed_part(t.warn_upper, &p);
	t.baseline = elapsed_part(t.baseline, &p);
	if (!kpi_target_attainment(&t, actual, &pace))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(pace);
}

/* projected(actual, during, at) */
PG_FUNCTION_INFO_V1(kpi_projected);
Datum
kpi_projected(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	Progress	p = progress(fcinfo, 1);
	double		result;

	if (too_early(&p) || isnan(actual))
		PG_RETURN_NULL();
	result = whole_from_part(actual, &p);
	if (!isfinite(result) && isfinite(actual))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("projection of %g is out of range", actual)));
	PG_RETURN_FLOAT8(result + 0.0);	/* no negative zero */
}

/* required_rate(actual, target, during, at) */
PG_FUNCTION_INFO_V1(kpi_required_rate);
Datum
kpi_required_rate(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = PG_GETARG_TARGET(1);
	Progress	p = progress(fcinfo, 2);
	int64		remaining = p.days - p.elapsed;
	bool		is_lower;
	double		bound;
	double		rate;

	if (isnan(actual))
		PG_RETURN_NULL();
	if (kpi_target_region(t, actual) == KPI_GREEN)
		PG_RETURN_FLOAT8(0);
	if (remaining == 0)
		PG_RETURN_NULL();
	bound = kpi_target_bound(t, actual, &is_lower);
	rate = (bound - actual) / remaining;
	if (!isfinite(rate))
		rate = bound / remaining - actual / remaining;
	PG_RETURN_FLOAT8(kpi_target_in_range(rate, "required rate", actual, t));
}

/* kpi_scaled_target(target, part, whole) */
PG_FUNCTION_INFO_V1(kpi_scaled_target);
Datum
kpi_scaled_target(PG_FUNCTION_ARGS)
{
	KpiTarget  *given = PG_GETARG_TARGET(0);
	double		part = PG_GETARG_FLOAT8(1);
	double		whole = PG_GETARG_FLOAT8(2);
	KpiTarget  *t;

	if (!(part > 0 && part <= whole && isfinite(whole)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%g of %g is not a part", part, whole),
				 errhint("Give a part above 0 and at most the whole.")));
	t = palloc(sizeof(KpiTarget));
	*t = *given;
	if (part == whole)
		PG_RETURN_POINTER(t);
	/* + 0.0: no negative zero */
	t->lower = part_of(t->lower, part, whole) + 0.0;
	t->upper = part_of(t->upper, part, whole) + 0.0;
	t->warn_lower = part_of(t->warn_lower, part, whole) + 0.0;
	t->warn_upper = part_of(t->warn_upper, part, whole) + 0.0;
	t->baseline = part_of(t->baseline, part, whole) + 0.0;

	/* numbers so near each other that rounding made them one */
	if (kpi_target_has(t, KPI_TARGET_WARN_LOWER) && t->warn_lower >= t->lower)
	{
		t->header.flags &= ~KPI_TARGET_WARN_LOWER;
		t->warn_lower = 0;
	}
	if (kpi_target_has(t, KPI_TARGET_WARN_UPPER) && t->warn_upper <= t->upper)
	{
		t->header.flags &= ~KPI_TARGET_WARN_UPPER;
		t->warn_upper = 0;
	}
	if (kpi_target_has(t, KPI_TARGET_BASELINE) && kpi_target_region(t, t->baseline) == KPI_GREEN)
	{
		t->header.flags &= ~KPI_TARGET_BASELINE;
		t->baseline = 0;
	}
	PG_RETURN_POINTER(t);
}
