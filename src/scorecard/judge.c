/*
 * judge.c
 *		Targets of a part of a period.
 */
#include "target/target.h"

#include "utils/builtins.h"

/* Without the sign of a zero; x * part / whole as kpi_pace() has it, so that both agree at the bound. */
static double
scaled(double x, double part, double whole)
{
	double		result = fabs(x) > 1e290 ? x / whole * part : x * part / whole;

	return result == 0 ? 0 : result;
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
	t->lower = scaled(t->lower, part, whole);
	t->upper = scaled(t->upper, part, whole);
	t->warn_lower = scaled(t->warn_lower, part, whole);
	t->warn_upper = scaled(t->warn_upper, part, whole);
	t->baseline = scaled(t->baseline, part, whole);

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
