/*
 * stats.h
 *		Interval statistics.
 */
#ifndef KPI_STATS_H
#define KPI_STATS_H

#include "core/server/compat.h"

/* The two-sided standard normal quantile of a confidence level in (0,1), else 22023. */
extern double kpi_z(double confidence);

/* Wilson's score interval of a share; total > 0. */
extern void kpi_wilson(int64 hits, int64 total, double z, double *lower, double *upper);

/*
 * What finds the bounds of an interval from a function's arguments; false where there is
 * none.  Such an interval as a row, and one of its bounds.
 */
typedef enum KpiBound
{
	KPI_LOWER,
	KPI_UPPER
} KpiBound;

typedef bool (*KpiFindBounds) (FunctionCallInfo fcinfo, double bounds[2]);

extern Datum kpi_interval_row(FunctionCallInfo fcinfo, KpiFindBounds find);
extern Datum kpi_interval_bound(FunctionCallInfo fcinfo, KpiFindBounds find, KpiBound which);

#endif							/* KPI_STATS_H */
