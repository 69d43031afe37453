/*
 * smooth.h
 *		Exponential smoothing with additive errors: models and their fit.
 */
#ifndef KPI_SMOOTH_H
#define KPI_SMOOTH_H

#include "series/series.h"

/* With fewer values nothing is fitted. */
#define KPI_SMOOTH_MIN_VALUES 5

typedef enum KpiTrend
{
	KPI_TREND_NONE,
	KPI_TREND_DAMPED,
	KPI_TREND_LINEAR
} KpiTrend;

typedef struct KpiSmooth
{
	int			season;			/* values in a season; 1 = the model has none */
	KpiTrend	trend;
	double		alpha;			/* how much of an error goes into the level, */
	double		beta;			/* the trend */
	double		gamma;			/* and the season */
	double		phi;			/* damping of the trend */
	double		level;			/* the state: first before the series, after the fit behind it */
	double		slope;
	double	   *seasonal;		/* by place in the season: i % season for value i */
	double		sse;			/* sum of squared one-step errors */
	double		aicc;
	double		variance;		/* of the one-step errors */
} KpiSmooth;

/* Fits a model to values of order 1; false when they are too few for it. */
extern bool kpi_smooth_fit(KpiSmooth *model, const KpiSeries *series);

/* Values and variances of the steps behind the n values of the fit. */
extern void kpi_smooth_forecast(const KpiSmooth *model, int n, int64 steps, double *value, double *variance);

#endif							/* KPI_SMOOTH_H */
