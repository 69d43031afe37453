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

#endif							/* KPI_STATS_H */
