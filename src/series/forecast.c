/*
 * forecast.c
 *		forecast(series, horizon, season): exponential smoothing, the model chosen by
 *		AICc among level, damped trend, and both with an additive season (smooth.c).
 *
 *		The season is left out of the choice while there are less than two whole ones.
 *		A place in the season that never had a value gets none.  Fewer than 5 values
 *		give their mean without limits.
 */
#include "series/smooth.h"

#include "core/number/stats.h"


#define MAX_HORIZON 10000
#define CONFIDENCE 0.95

/* The values as multiples of scale from middle, so that none is beyond -1..1. */
static void
standardise(KpiSeries *series, double *middle, double *scale)
{
	double		least = INFINITY;
	double		most = -INFINITY;

	for (int i = 0; i < series->n; i++)
	{
		if (series->missing[i])
			continue;
		least = Min(least, series->value[i]);
		most = Max(most, series->value[i]);
	}
	*middle = least == most ? least : least / 2 + most / 2;
	*scale = most / 2 - least / 2;
	/* halves of the smallest numbers vanish */
	if (*scale == 0 && least < most)
		*scale = most - least;
	for (int i = 0; i < series->n; i++)
		if (!series->missing[i])
			series->value[i] = *scale > 0 ? (series->value[i] - *middle) / *scale : 0;
}

/* The model of the least AICc; false when no model can be fitted. */
static bool
best_model(const KpiSeries *series, int season, KpiSmooth *best)
{
	bool		found = false;

	for (int seasonal = 0; seasonal < (season > 1 ? 2 : 1); seasonal++)
	{
		for (int trend = 0; trend <= 1; trend++)
		{
			KpiSmooth	model = {0};

			model.season = seasonal ? season : 1;
			model.trend = trend;
			if (!kpi_smooth_fit(&model, series) || (found && !(model.aicc < best->aicc)))
				continue;
			*best = model;
			found = true;
		}
	}
	return found;
}

PG_FUNCTION_INFO_V1(kpi_forecast);
Datum
kpi_forecast(PG_FUNCTION_ARGS)
{
	KpiSeries	series = kpi_finite_series(fcinfo, 0, "series");
	int			horizon = kpi_series_count(fcinfo, 1, "horizon", 1, MAX_HORIZON);
	int			season = kpi_series_count(fcinfo, 2, "season", 1, MAX_HORIZON);
	KpiSmooth	model = {0};
	double		middle;
	double		scale;
	bool		limits;
	int			n;
	int64		steps;
	double	   *value;
	double	   *variance;
	bool	   *seen;

	kpi_rows_begin(fcinfo);
	if (series.known == 0)
		return (Datum) 0;
	/* values that are missing at the end are steps of the forecast */
	for (n = series.n; series.missing[n - 1]; n--)
		;
	steps = (int64) (series.n - n) + horizon;
	series.n = n;
	if (n / 2 < season)
		season = 1;
	standardise(&series, &middle, &scale);
	value = MemoryContextAllocExtended(CurrentMemoryContext, steps * sizeof(double),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	variance = MemoryContextAllocExtended(CurrentMemoryContext, steps * sizeof(double),
										  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	limits = series.known >= KPI_SMOOTH_MIN_VALUES;
	if (!limits)
	{
		double		mean = 0;

		for (int i = 0; i < n; i++)
			mean += series.value[i] / series.known;
		for (int64 i = 0; i < steps; i++)
			value[i] = mean;
	}
	else if (scale > 0 && best_model(&series, season, &model))
		kpi_smooth_forecast(&model, n, steps, value, variance);

	seen = palloc0(season);
	for (int i = 0; i < n; i++)
		seen[i % season] |= !series.missing[i];
	for (int i = 0; i < horizon; i++)
	{
		Datum		values[4];
		bool		nulls[4] = {0};
		int64		at = steps - horizon + i;
		double		half = kpi_z(CONFIDENCE) * sqrt(variance[at]);

		values[0] = Int32GetDatum(i + 1);
		values[1] = kpi_series_number(middle + value[at] * scale);
		values[2] = kpi_series_number(middle + (value[at] - half) * scale);
		values[3] = kpi_series_number(middle + (value[at] + half) * scale);
		nulls[1] = !seen[(n + at) % season];
		nulls[2] = nulls[3] = nulls[1] || !limits;
		kpi_series_row(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
