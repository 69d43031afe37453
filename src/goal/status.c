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
 * status_datum() -
 *
 *	A value of the SQL enum, which the calling function returns.  It is looked up by
 *	the function's own result type, so that it works in any schema; the oids are
 *	kept with the function for the following rows.  42704 where the type lacks the
 *	value.
 */
static Datum
status_datum(FunctionCallInfo fcinfo, KpiStatus status)
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

/* What a region means. */
static KpiStatus
status_of_region(KpiRegion region)
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

/*
 * kpi_target_status() - kpi_status(actual, target)
 *
 *	no_data for NULL and NaN; NULL without a target.
 */
PG_FUNCTION_INFO_V1(kpi_target_status);
Datum
kpi_target_status(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || isnan(PG_GETARG_FLOAT8(0)))
		return status_datum(fcinfo, KPI_STATUS_NO_DATA);
	return status_datum(fcinfo, status_of_region(kpi_target_region(PG_GETARG_TARGET(1),
																	   PG_GETARG_FLOAT8(0))));
}

/*
 * kpi_target_interval_status() - kpi_interval_status(lower, upper, target)
 *
 *	uncertain where the ends lie in different regions, no_data where one is NULL or
 *	NaN; NULL without a target.  22023 when the ends are the wrong way round.
 */
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
		return status_datum(fcinfo, KPI_STATUS_NO_DATA);
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
	return status_datum(fcinfo, region == kpi_target_region(t, upper) ?
							status_of_region(region) : KPI_STATUS_UNCERTAIN);
}

/* Does a value meet a target?  NaN never does. */
static inline bool
status_met(double actual, const KpiTarget *t)
{
	return !isnan(actual) && kpi_target_region(t, actual) == KPI_GREEN;
}

/* target @> actual, actual <@ target */
KPI_FUNCTION(kpi_target_met, BoolGetDatum(status_met(PG_GETARG_FLOAT8(1), PG_GETARG_TARGET(0))))
KPI_FUNCTION(kpi_target_meets, BoolGetDatum(status_met(PG_GETARG_FLOAT8(0), PG_GETARG_TARGET(1))))

/*
 * kpi_target_in_range() -
 *
 *	Pass on a result, without a negative zero.  22003 where it is not finite but the
 *	value that it comes from is; `what` is the result's name in the message.
 */
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
#define STATUS_LARGE (DBL_MAX / 4)

/* (actual - zero) / (bound - zero) */
static double
status_share_of_way(double actual, double bound, double zero)
{
	if (unlikely(fabs(actual) > STATUS_LARGE || fabs(bound) > STATUS_LARGE || fabs(zero) > STATUS_LARGE))
	{
		/* a quarter of each: exact, but for parts too small to count */
		actual /= 4;
		bound /= 4;
		zero /= 4;
	}
	return (actual - zero) / (bound - zero);
}

/*
 * kpi_target_attainment() -
 *
 *	Attainment of a value that is not NaN. It is a straight line: 1 at the bound, 0
 *	at the baseline.  Without a baseline it is 0 one |bound| on the worse side of
 *	the bound: at 0, or at twice the bound where 0 lies on the better side.  At
 *	least 1 exactly when met, whatever the rounding.  False where there is no such
 *	line and the target isn't met.  22003 as kpi_target_in_range().
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
		way = status_share_of_way(actual, bound, t->baseline);
	}
	else if (bound == 0)
		return met;
	else if ((bound > 0) == is_lower)
		way = actual / bound;
	else if (fabs(bound) > STATUS_LARGE)
		way = 2 - actual / bound;
	else
		way = status_share_of_way(actual, bound, 2 * bound);

	way = kpi_target_in_range(way, "attainment", actual, t);
	*attainment = met ? Max(way, 1) : Min(way, 1 - DBL_EPSILON / 2);
	return true;
}

/*
 * kpi_attainment() - attainment(actual, target)
 *
 *	NULL for NaN, and where there is none.  22003 as kpi_target_in_range().
 */
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

/*
 * kpi_difference() -
 *
 *	value - from, or (relative) that as a part of |from|. Not finite where it does
 *	not fit a double, where an argument is not finite, and as a part of 0.
 */
double
kpi_difference(double value, double from, bool relative)
{
	if (!relative)
		return value - from;
	if (unlikely(fabs(value) > STATUS_LARGE || fabs(from) > STATUS_LARGE))
		return (value / 4 - from / 4) / (fabs(from) / 4);
	return (value - from) / fabs(from);
}

/*
 * kpi_target_deviation() -
 *
 *	How far a value that is not NaN lies from the bound that it is held against, or
 *	(relative) that as a part of the bound's size; 0 inside a range.  It may be
 *	infinite.  False where it would be a part of 0.
 */
bool
kpi_target_deviation(const KpiTarget *t, double actual, bool relative, double *deviation)
{
	double		bound;
	bool		is_lower;

	*deviation = 0;
	if (kpi_target_is_range(t) && kpi_target_region(t, actual) == KPI_GREEN)
		return true;
	bound = kpi_target_bound(t, actual, &is_lower);
	if (relative && bound == 0)
		return false;
	*deviation = kpi_difference(actual, bound, relative);
	return true;
}

/*
 * status_deviation() -
 *
 *	That of the value and the target in arguments 0 and 1; NULL for NaN, and where
 *	there is none.  22003 as kpi_target_in_range(), by the given name.
 */
static Datum
status_deviation(FunctionCallInfo fcinfo, bool relative, const char *what)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = PG_GETARG_TARGET(1);
	double		deviation;

	if (isnan(actual) || !kpi_target_deviation(t, actual, relative, &deviation))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(kpi_target_in_range(deviation, what, actual, t));
}

/* deviation(actual, target), deviation_pct(actual, target) */
KPI_FUNCTION(kpi_deviation, status_deviation(fcinfo, false, "deviation"))
KPI_FUNCTION(kpi_deviation_pct, status_deviation(fcinfo, true, "relative deviation"))

/*
 * kpi_gap() - gap(actual, target)
 *
 *	The size of the deviation where the target is not met, else 0; NULL for NaN.
 *	22003 as kpi_target_in_range().
 */
PG_FUNCTION_INFO_V1(kpi_gap);
Datum
kpi_gap(PG_FUNCTION_ARGS)
{
	double		actual = PG_GETARG_FLOAT8(0);
	KpiTarget  *t = PG_GETARG_TARGET(1);
	double		deviation;

	if (isnan(actual))
		PG_RETURN_NULL();
	if (kpi_target_region(t, actual) == KPI_GREEN)
		PG_RETURN_FLOAT8(0);
	(void) kpi_target_deviation(t, actual, false, &deviation);
	PG_RETURN_FLOAT8(kpi_target_in_range(fabs(deviation), "gap", actual, t));
}
