/*
 * forecast.c
 *		forecast(series, horizon, season): exponential smoothing, the model chosen by
 *		AICc (smooth.c) between a level and a damped trend; with a season also a trend
 *		that is not damped; each of the values and, where all are above 0, of their
 *		logarithms, so that a season and a trend may be shares of the level.
 *
 *		AICc of a model of logarithms: that of the logarithms plus 2 sum of ln(y), the
 *		Jacobian, so that it is one of the values.  Such a forecast is the median.
 *
 *		A season is used from two whole ones on, and shrinks towards none as far as it
 *		could be chance.
 *		A place in the season that never had a value gets none.  Fewer than 5 values
 *		give their mean without limits.
 */
#include "series/smooth.h"

#include "core/number/stats.h"
#include "core/server/rows.h"

#include <float.h>

#define FORECAST_MAX_HORIZON 10000
#define FORECAST_CONFIDENCE 0.95

/* A series on the scale that a model is fitted on: (ln of the value, or the value itself, - middle) / scale. */
typedef struct ForecastScaled
{
	KpiSeries	series;
	bool		logarithm;
	double		middle;
	double		scale;			/* 0: the series does not vary */
	double		likelihood;		/* what the scale adds to AICc */
} ForecastScaled;

/*
 * forecast_scale() -
 *
 *	Fill in a copy of the series, or of its logarithms, whose values are shifted and
 *	scaled so that none is beyond -1..1; the values lie in the current memory context.
 *	False, and the copy half filled in, for logarithms where a value is not above 0.
 */
static bool
forecast_scale(const KpiSeries *series, bool logarithm, ForecastScaled *scaled)
{
	double		least = INFINITY;
	double		most = -INFINITY;

	scaled->series = *series;
	scaled->series.value = palloc0(series->n * sizeof(double));
	scaled->logarithm = logarithm;
	scaled->likelihood = 0;
	for (int i = 0; i < series->n; i++)
	{
		double		x = series->value[i];

		if (series->missing[i])
			continue;
		if (logarithm)
		{
			if (x <= 0)
				return false;
			x = log(x);
			scaled->likelihood += 2 * x;
		}
		scaled->series.value[i] = x;
		least = Min(least, x);
		most = Max(most, x);
	}
	scaled->middle = least == most ? least : least / 2 + most / 2;
	scaled->scale = most / 2 - least / 2;
	/* halves of the smallest numbers vanish */
	if (scaled->scale == 0 && least < most)
		scaled->scale = most - least;
	for (int i = 0; i < series->n; i++)
		if (!series->missing[i])
			scaled->series.value[i] = scaled->scale > 0 ?
				(scaled->series.value[i] - scaled->middle) / scaled->scale : 0;
	if (scaled->scale > 0)
		scaled->likelihood += 2 * series->known * log(scaled->scale);
	return true;
}

/* A value of that scale as one of the series. */
static double
forecast_unscale(const ForecastScaled *scaled, double x)
{
	x = scaled->middle + x * scaled->scale;
	return scaled->logarithm ? exp(x) : x;
}

/*
 * forecast_best_model() -
 *
 *	The model of the least AICc over all scales and trends into *best, and the scale it
 *	was fitted on into *best_scale; without the season where there are too few values
 *	for it.  False when no model can be fitted.
 */
static bool
forecast_best_model(const ForecastScaled *scaled, int scales, int season, KpiSmooth *best, const ForecastScaled **best_scale)
{
	bool		found = false;

	for (int i = 0; i < scales; i++)
	{
		for (KpiTrend trend = KPI_TREND_NONE; trend <= KPI_TREND_LINEAR; trend++)
		{
			KpiSmooth	model = {0};

			/* it goes on for ever, and that of logarithms ever faster */
			if (trend == KPI_TREND_LINEAR && (season == 1 || (scaled[i].logarithm && scaled[i].series.n / 3 < season)))
				continue;
			model.season = season;
			model.trend = trend;
			if (!kpi_smooth_fit(&model, &scaled[i].series))
				continue;
			model.aicc += scaled[i].likelihood;
			if (found && !(model.aicc < best->aicc))
				continue;
			*best = model;
			*best_scale = &scaled[i];
			found = true;
		}
	}
	/* too few for a season */
	if (!found && season > 1)
		return forecast_best_model(scaled, scales, 1, best, best_scale);
	return found;
}

/* Is every limit a number, and one that is not 0? */
static bool
forecast_in_range(const ForecastScaled *scaled, int64 steps, const double *value, const double *variance)
{
	for (int64 i = 0; i < steps; i++)
	{
		double		half = kpi_z(FORECAST_CONFIDENCE) * sqrt(variance[i]);

		if (!(forecast_unscale(scaled, value[i] + half) <= DBL_MAX) || !(forecast_unscale(scaled, value[i] - half) > 0))
			return false;
	}
	return true;
}

/*
 * kpi_forecast(series, horizon, season) -
 *
 *	A row for each step behind the series: step, value, lower, upper.  Values that
 *	are missing at its end are steps without a row.  Of fewer than
 *	KPI_SMOOTH_MIN_VALUES values the mean is given, without limits; where a season's
 *	place has no value, neither has its forecast.  22023 for a horizon or season out
 *	of range.
 */
PG_FUNCTION_INFO_V1(kpi_forecast);
Datum
kpi_forecast(PG_FUNCTION_ARGS)
{
	KpiSeries	series = kpi_finite_series(fcinfo, 0, "series");
	int			horizon = kpi_series_count(fcinfo, 1, "horizon", 1, FORECAST_MAX_HORIZON);
	int			season = kpi_series_count(fcinfo, 2, "season", 1, FORECAST_MAX_HORIZON);
	KpiSmooth	model = {0};
	ForecastScaled scaled[2];
	const ForecastScaled *scale = &scaled[0];
	int			scales;
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
	forecast_scale(&series, false, &scaled[0]);
	scales = forecast_scale(&series, true, &scaled[1]) && scaled[1].scale > 0 ? 2 : 1;
	value = MemoryContextAllocExtended(CurrentMemoryContext, steps * sizeof(double),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	variance = MemoryContextAllocExtended(CurrentMemoryContext, steps * sizeof(double),
										  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	limits = series.known >= KPI_SMOOTH_MIN_VALUES;
	if (!limits)
	{
		double		mean = 0;

		for (int i = 0; i < n; i++)
			mean += scale->series.value[i] / series.known;
		for (int64 i = 0; i < steps; i++)
			value[i] = mean;
	}
	else if (scale->scale > 0)
	{
		while (forecast_best_model(scaled, scales, season, &model, &scale))
		{
			kpi_smooth_forecast(&model, n, steps, value, variance);
			/* a trend or an interval of logarithms may leave double precision */
			if (!scale->logarithm || forecast_in_range(scale, steps, value, variance))
				break;
			scale = &scaled[0];
			scales = 1;
		}
	}

	seen = palloc0(season);
	for (int i = 0; i < n; i++)
		seen[i % season] |= !series.missing[i];
	for (int i = 0; i < horizon; i++)
	{
		Datum		values[4];
		bool		nulls[4] = {0};
		int64		at = steps - horizon + i;
		double		half = kpi_z(FORECAST_CONFIDENCE) * sqrt(variance[at]);

		values[0] = Int32GetDatum(i + 1);
		values[1] = kpi_series_number(forecast_unscale(scale, value[at]));
		values[2] = kpi_series_number(forecast_unscale(scale, value[at] - half));
		values[3] = kpi_series_number(forecast_unscale(scale, value[at] + half));
		nulls[1] = !seen[(n + at) % season];
		nulls[2] = nulls[3] = nulls[1] || !limits;
		kpi_rows_put(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
