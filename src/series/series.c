/*
 * series.c
 *		Reading of arrays.
 */
#include "series/series.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/float.h"

/*
 * kpi_series() -
 *
 *	The double precision[] in an argument, which is not NULL, copied into the
 *	current memory context.  22023 for more than one dimension; `name` is the
 *	argument's in the message.
 */
KpiSeries
kpi_series(FunctionCallInfo fcinfo, int argument, const char *name)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argument);
	const uint8 *present = ARR_NULLBITMAP(array);
	const double *value = kpi_array_data(array);
	KpiSeries	series = {0};

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has %d dimensions instead of one", name, ARR_NDIM(array))));
	Assert(ARR_ELEMTYPE(array) == FLOAT8OID);
	series.n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	series.value = MemoryContextAllocExtended(CurrentMemoryContext, Max(series.n, 1) * sizeof(double),
											  MCXT_ALLOC_HUGE);
	series.missing = palloc(Max(series.n, 1));
	for (int i = 0; i < series.n; i++)
	{
		if (unlikely((i & 0xfffff) == 0))
			CHECK_FOR_INTERRUPTS();
		series.missing[i] = present != NULL && (present[i / 8] & (1 << (i % 8))) == 0;
		series.value[i] = series.missing[i] ? 0 : *value++;
		series.known += !series.missing[i];
	}
	return series;
}

/* The same, and 22023 for NaN and infinity. */
KpiSeries
kpi_finite_series(FunctionCallInfo fcinfo, int argument, const char *name)
{
	KpiSeries	series = kpi_series(fcinfo, argument, name);

	for (int i = 0; i < series.n; i++)
		if (!isfinite(series.value[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("value %d of %s is %s", i + 1, name, float8out_internal(series.value[i])),
					 errhint("Give NULL for a value that is not known.")));
	return series;
}

/* 22023 where two arrays differ in length. */
void
kpi_series_same_length(int n, const char *name, int other_n, const char *other)
{
	if (n != other_n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s and %s differ in length: %d and %d", name, other, n, other_n),
				 errhint("Give NULL for a value that is missing, and order both by time.")));
}

/* The integer in an argument, which is not NULL, between least and most; else 22023. */
int
kpi_series_count(FunctionCallInfo fcinfo, int argument, const char *name, int least, int most)
{
	int			n = PG_GETARG_INT32(argument);

	if (n < least || n > most)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %d is outside %d..%d", name, n, least, most)));
	return n;
}

/* A number for a row; one that overflowed is an error: 22003. */
Datum
kpi_series_number(double value)
{
	if (!isfinite(value))
		float_overflow_error();
	return Float8GetDatum(value);
}
