/*
 * pace.c
 *		Judging a quantity that adds up over a period before the period ends.
 *
 *		Linear in days: of the days of a date range, those up to and including a
 *		date have elapsed.  The share is kept as two whole numbers, so that
 *		"less than a tenth" is exact and a whole period changes nothing.
 */
#include "goal/target.h"

#include "core/time/days.h"

#include "utils/fmgroids.h"

typedef struct PaceProgress
{
	int64		days;			/* of the period, at least 1 */
	int64		elapsed;		/* 0 before the start, days after the end */
} PaceProgress;

/* The error for a period that has no days, or no end: 22023. */
static void
pace_refuse_period(RangeType *during, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("period %s %s", OidOutputFunctionCall(F_RANGE_OUT, RangeTypePGetDatum(during)),
					problem),
			 errhint("Give the days that the target is for, such as daterange('2026-01-01', '2026-04-01'), which ends before 1 April.")));
}

/*
 * pace_progress() -
 *
 *	How far the period in argument `arg`, a daterange, has come by the date in the
 *	next one, which may be infinite.  22023 for a period without days or without an
 *	end.
 */
static PaceProgress
pace_progress(FunctionCallInfo fcinfo, int arg)
{
	RangeType  *during = PG_GETARG_RANGE_P(arg);
	DateADT		at = PG_GETARG_DATEADT(arg + 1);
	KpiDays		days;
	PaceProgress p;

	if (RangeIsEmpty(during))
		pace_refuse_period(during, "has no days");
	if (!kpi_days(fcinfo, arg, &days) || days.from == PG_INT64_MIN || days.to == PG_INT64_MAX)
		pace_refuse_period(during, "is unbounded");
	p.days = days.to - days.from;
	if (DATE_IS_NOBEGIN(at))
		p.elapsed = 0;
	else if (DATE_IS_NOEND(at))
		p.elapsed = p.days;
	else
		p.elapsed = Max(0, Min(p.days, (int64) at - days.from + 1));
	return p;
}

/* Is it too early to judge?  Before the start, and below a tenth of the period. */
static inline bool
pace_too_early(const PaceProgress *p)
{
	return p->elapsed * 10 < p->days;
}

/* Numbers beyond this are divided first, so that the product can't overflow. */
#define PACE_LARGE 1e290

/* x * part / whole, and x itself where these are equal. */
static double
pace_part(double x, double part, double whole)
{
	if (part == whole)
		return x;
	if (fabs(x) > PACE_LARGE)
		return x / whole * part;
	return x * part / whole;
}

/* The part of x for the days that have elapsed. */
static double
pace_elapsed_part(double x, const PaceProgress *p)
{
	return pace_part(x, p->elapsed, p->days);
}

/* That part of every number of a target that has room for all; none becomes a negative zero. */
static void
pace_target_part(KpiTarget *t, double part, double whole)
{
	/* + 0.0: no negative zero */
	t->lower = pace_part(t->lower, part, whole) + 0.0;
	t->upper = pace_part(t->upper, part, whole) + 0.0;
	t->warn_lower = pace_part(t->warn_lower, part, whole) + 0.0;
	t->warn_upper = pace_part(t->warn_upper, part, whole) + 0.0;
	t->baseline = pace_part(t->baseline, part, whole) + 0.0;
	t->recover_lower = pace_part(t->recover_lower, part, whole) + 0.0;
	t->recover_upper = pace_part(t->recover_upper, part, whole) + 0.0;
}

/*
 * kpi_expected_progress() - expected_progress(target, during, at)
 *
 *	The value that should be there at the end of a day, from the baseline on; NULL
 *	while it is too early.  22023 as pace_progress().
 */
PG_FUNCTION_INFO_V1(kpi_expected_progress);
Datum
kpi_expected_progress(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_TARGET(0);
	PaceProgress p = pace_progress(fcinfo, 1);
	double		bound = kpi_target_has(t, KPI_TARGET_LOWER) ? t->lower : t->upper;

	if (pace_too_early(&p))
		PG_RETURN_NULL();
	if (!kpi_target_has(t, KPI_TARGET_BASELINE))
		PG_RETURN_FLOAT8(pace_elapsed_part(bound, &p));
	if (isfinite(bound - t->baseline))
		PG_RETURN_FLOAT8(t->baseline + pace_elapsed_part(bound - t->baseline, &p));
	PG_RETURN_FLOAT8(t->baseline - pace_elapsed_part(t->baseline, &p) + pace_elapsed_part(bound, &p));
}

/*
 * kpi_pace() - kpi_pace(actual, target, during, at)
 *
 *	Attainment of the part of the target for the days that have elapsed; NULL while
 *	it is too early, for NaN, and where there is no attainment.  22023 as
 *	pace_progress(), 22003 as kpi_target_attainment().
 */
PG_FUNCTION_INFO_V1(kpi_pace);
Datum
kpi_pace(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = kpi_target_copy(PG_GETARG_TARGET(1));
	PaceProgress p = pace_progress(fcinfo, 2);
	double		pace;

	if (pace_too_early(&p) || isnan(actual))
		PG_RETURN_NULL();
	pace_target_part(t, p.elapsed, p.days);
	if (!kpi_target_attainment(t, actual, &pace))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(pace);
}

/*
 * kpi_projected() - projected(actual, during, at)
 *
 *	The value at the end of the period, if it goes on like this; NULL while it is
 *	too early, and for NaN. 22023 as pace_progress(), 22003 where a finite value
 *	gives none.
 */
PG_FUNCTION_INFO_V1(kpi_projected);
Datum
kpi_projected(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	PaceProgress p = pace_progress(fcinfo, 1);
	double		result;

	if (pace_too_early(&p) || isnan(actual))
		PG_RETURN_NULL();
	result = pace_part(actual, p.days, p.elapsed);
	if (!isfinite(result) && isfinite(actual))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("projection of %g is out of range", actual)));
	PG_RETURN_FLOAT8(result + 0.0);	/* no negative zero */
}

/*
 * kpi_required_rate() - required_rate(actual, target, during, at)
 *
 *	What each day that is left must bring; 0 when the target is met, NULL when no
 *	day is left and for NaN. 22023 as pace_progress(), 22003 as
 *	kpi_target_in_range().
 */
PG_FUNCTION_INFO_V1(kpi_required_rate);
Datum
kpi_required_rate(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = PG_GETARG_TARGET(1);
	PaceProgress p = pace_progress(fcinfo, 2);
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

/*
 * kpi_scaled_target() - kpi_scaled_target(target, part, whole)
 *
 *	The target for a part of a period, 0 < part <= whole; else 22023.  Warning and
 *	baseline are left out where rounding makes them the bound.
 */
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
	t = kpi_target_copy(given);
	if (part < whole)
	{
		pace_target_part(t, part, whole);
		kpi_target_drop_equal(t);
	}
	PG_RETURN_POINTER(kpi_target_finish(t));
}
