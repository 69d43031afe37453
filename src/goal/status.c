/*
 * status.c
 *		How a value stands against a target: status, met or not, attainment, gap,
 *		deviation.
 *
 *		A value is double precision in the target's unit.  NULL and NaN are no
 *		value; infinities are ordinary.  Finite input whose result is not finite
 *		gives 22003, as in the server's own arithmetic.
 */
#include "goal/target.h"

#include "core/form/scan.h"

#include <float.h>

#include "catalog/pg_enum.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static const char *const status_labels[] = {
	"red", "amber", "uncertain", "green", "pending", "no_data"
};

/*
 * A value of the SQL enum, which the calling function returns.  Looked up by the
 * function's own result type, so that it works in any schema; the oids are kept
 * for the following rows.
 */
Datum
kpi_status_datum(FunctionCallInfo fcinfo, KpiStatus status)
{
	Oid		   *oids = (Oid *) fcinfo->flinfo->fn_extra;

	if (unlikely(oids == NULL))
	{
		oids = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
									  lengthof(status_labels) * sizeof(Oid));
		fcinfo->flinfo->fn_extra = oids;
	}
	if (unlikely(!OidIsValid(oids[status])))
	{
		Oid			type = get_func_rettype(fcinfo->flinfo->fn_oid);

		oids[status] = GetSysCacheOid2(ENUMTYPOIDNAME, Anum_pg_enum_oid, ObjectIdGetDatum(type),
									   CStringGetDatum(status_labels[status]));
		if (!OidIsValid(oids[status]))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("type kpi_status has no value \"%s\"", status_labels[status])));
	}
	return ObjectIdGetDatum(oids[status]);
}

static KpiStatus
region_status(KpiRegion region)
{
	switch (region)
	{
		case KPI_GREEN:
			return KPI_STATUS_GREEN;
		case KPI_AMBER_LOW:
		case KPI_AMBER_HIGH:
			return KPI_STATUS_AMBER;
		default:
			return KPI_STATUS_RED;
	}
}

/* kpi_status(actual, target) */
PG_FUNCTION_INFO_V1(kpi_target_status);
Datum
kpi_target_status(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || isnan(PG_GETARG_FLOAT8(0)))
		return kpi_status_datum(fcinfo, KPI_STATUS_NO_DATA);
	return kpi_status_datum(fcinfo, region_status(kpi_target_region(PG_GETARG_TARGET(1),
																	PG_GETARG_FLOAT8(0))));
}

/* kpi_interval_status(lower, upper, target) */
PG_FUNCTION_INFO_V1(kpi_target_interval_status);
Datum
kpi_target_interval_status(PG_FUNCTION_ARGS)
{
	double		lower;
	double		upper;
	KpiTarget  *t;
	KpiRegion	region;

	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	t = PG_GETARG_TARGET(2);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) ||
		isnan(PG_GETARG_FLOAT8(0)) || isnan(PG_GETARG_FLOAT8(1)))
		return kpi_status_datum(fcinfo, KPI_STATUS_NO_DATA);
	lower = PG_GETARG_FLOAT8(0);
	upper = PG_GETARG_FLOAT8(1);
	if (lower > upper)
	{
		StringInfoData ends;

		initStringInfo(&ends);
		kpi_append_double(&ends, lower);
		appendStringInfoString(&ends, " to ");
		kpi_append_double(&ends, upper);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("interval %s is empty", ends.data),
				 errhint("Give the lower end first.")));
	}
	region = kpi_target_region(t, lower);
	return kpi_status_datum(fcinfo, region == kpi_target_region(t, upper) ?
							region_status(region) : KPI_STATUS_UNCERTAIN);
}

/* target @> actual */
PG_FUNCTION_INFO_V1(kpi_target_met);
Datum
kpi_target_met(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(1);

	PG_RETURN_BOOL(!isnan(actual) &&
				   kpi_target_region(PG_GETARG_TARGET(0), actual) == KPI_GREEN);
}

/* actual <@ target */
PG_FUNCTION_INFO_V1(kpi_target_meets);
Datum
kpi_target_meets(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);

	PG_RETURN_BOOL(!isnan(actual) &&
				   kpi_target_region(PG_GETARG_TARGET(1), actual) == KPI_GREEN);
}

/* Pass on a result, without a negative zero, but refuse one that a finite value should not give. */
double
kpi_target_in_range(double result, const char *what, double actual, const KpiTarget *t)
{
	if (unlikely(!isfinite(result)) && isfinite(actual))
	{
		StringInfoData value;
		StringInfoData target;

		initStringInfo(&value);
		initStringInfo(&target);
		kpi_append_double(&value, actual);
		kpi_target_append(&target, t);
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s of %s against target %s is out of range", what, value.data, target.data)));
	}
	return result + 0.0;
}

/* Differences of numbers beyond this could overflow. */
#define LARGE (DBL_MAX / 4)

/* (actual - zero) / (bound - zero) */
static double
share_of_way(double actual, double bound, double zero)
{
	if (unlikely(fabs(actual) > LARGE || fabs(bound) > LARGE || fabs(zero) > LARGE))
	{
		/* a quarter of each: exact, but for parts too small to count */
		actual /= 4;
		bound /= 4;
		zero /= 4;
	}
	return (actual - zero) / (bound - zero);
}

/*
 * Attainment is a straight line: 1 at the bound, 0 at the baseline.  Without a
 * baseline it is 0 one |bound| on the worse side of the bound: at 0, or at twice
 * the bound where 0 lies on the better side.  False where there is no such line
 * and the target isn't met.  At least 1 exactly when met, whatever the rounding.
 */
bool
kpi_target_attainment(const KpiTarget *t, double actual, double *attainment)
{
	bool		met = kpi_target_region(t, actual) == KPI_GREEN;
	bool		is_lower;
	double		bound = kpi_target_bound(t, actual, &is_lower);
	double		way;

	*attainment = 1;
	if (met && kpi_target_is_range(t))
		return true;
	if (kpi_target_has(t, KPI_TARGET_BASELINE))
	{
		/* equal only when pace has scaled both to the same number */
		if (t->baseline == bound)
			return met;
		way = share_of_way(actual, bound, t->baseline);
	}
	else if (bound == 0)
		return met;
	else if ((bound > 0) == is_lower)
		way = actual / bound;
	else if (fabs(bound) > LARGE)
		way = 2 - actual / bound;
	else
		way = share_of_way(actual, bound, 2 * bound);

	way = kpi_target_in_range(way, "attainment", actual, t);
	*attainment = met ? Max(way, 1) : Min(way, 1 - DBL_EPSILON / 2);
	return true;
}

PG_FUNCTION_INFO_V1(kpi_attainment);
Datum
kpi_attainment(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	double		attainment;

	if (isnan(actual) || !kpi_target_attainment(PG_GETARG_TARGET(1), actual, &attainment))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(attainment);
}

PG_FUNCTION_INFO_V1(kpi_gap);
Datum
kpi_gap(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = PG_GETARG_TARGET(1);
	bool		is_lower;
	double		bound;

	if (isnan(actual))
		PG_RETURN_NULL();
	if (kpi_target_region(t, actual) == KPI_GREEN)
		PG_RETURN_FLOAT8(0);
	bound = kpi_target_bound(t, actual, &is_lower);
	PG_RETURN_FLOAT8(kpi_target_in_range(fabs(actual - bound), "gap", actual, t));
}

/* False where there is no deviation, as inside a range. */
static bool
violated_bound(double actual, const KpiTarget *t, double *bound)
{
	bool		is_lower;

	if (kpi_target_is_range(t) && kpi_target_region(t, actual) == KPI_GREEN)
		return false;
	*bound = kpi_target_bound(t, actual, &is_lower);
	return true;
}

PG_FUNCTION_INFO_V1(kpi_deviation);
Datum
kpi_deviation(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = PG_GETARG_TARGET(1);
	double		bound;

	if (isnan(actual))
		PG_RETURN_NULL();
	if (!violated_bound(actual, t, &bound))
		PG_RETURN_FLOAT8(0);
	PG_RETURN_FLOAT8(kpi_target_in_range(actual - bound, "deviation", actual, t));
}

PG_FUNCTION_INFO_V1(kpi_deviation_pct);
Datum
kpi_deviation_pct(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = PG_GETARG_TARGET(1);
	double		bound;

	if (isnan(actual))
		PG_RETURN_NULL();
	if (!violated_bound(actual, t, &bound))
		PG_RETURN_FLOAT8(0);
	if (bound == 0)
		PG_RETURN_NULL();
	if (unlikely(fabs(actual) > LARGE || fabs(bound) > LARGE))
	{
		double		part = (actual / 4 - bound / 4) / (fabs(bound) / 4);

		PG_RETURN_FLOAT8(kpi_target_in_range(part, "relative deviation", actual, t));
	}
	PG_RETURN_FLOAT8(kpi_target_in_range((actual - bound) / fabs(bound), "relative deviation", actual, t));
}
