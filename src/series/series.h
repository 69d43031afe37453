/*
 * series.h
 *		Series of numbers over time, as SQL gives them: arrays in the order of time,
 *		NULL where nothing was measured.
 */
#ifndef KPI_SERIES_H
#define KPI_SERIES_H

#include "core/server/compat.h"

#include <math.h>

#include "utils/array.h"

typedef struct KpiSeries
{
	int			n;
	int			known;			/* values that are not missing */
	double	   *value;			/* 0 where missing */
	bool	   *missing;
} KpiSeries;

/* Where an array's elements lie: ARR_DATA_PTR without its warning about signs. */
static inline const void *
kpi_array_data(const ArrayType *array)
{
	return (const char *) array +
		(ARR_HASNULL(array) ? (Size) array->dataoffset : (Size) ARR_OVERHEAD_NONULLS(ARR_NDIM(array)));
}

/* The double precision[] in an argument; an error (22023) calls it by the given name. */
extern KpiSeries kpi_series(FunctionCallInfo fcinfo, int argument, const char *name);

/* The same, and 22023 for NaN and infinity. */
extern KpiSeries kpi_finite_series(FunctionCallInfo fcinfo, int argument, const char *name);

extern void kpi_series_same_length(int n, const char *name, int other_n, const char *other);

/* A whole number between least and most, else 22023. */
extern int	kpi_series_count(FunctionCallInfo fcinfo, int argument, const char *name, int least, int most);

/* A number for a row; one that overflowed is an error (22003). */
extern Datum kpi_series_number(double value);

/*
 * change_points.c: how many values come before each new level of the series, ascending, and how many there are; palloc'd.
 * A change costs penalty times the variance of the values times ln(values); a level has at least so many values.
 */
#define KPI_CHANGE_PENALTY 3.0
#define KPI_CHANGE_LEAST 4
extern int *kpi_change_points(const KpiSeries *series, double penalty, int least, int *changes);

#endif							/* KPI_SERIES_H */
