/*
 * lead_lag.c
 *		lead_lag(leader, follower, max_lag): Pearson's correlation of leader[t] with
 *		follower[t + lag], for each lag from 0, over the pairs without NULL.
 */
#include "series/series.h"

#include "core/server/rows.h"

#include "miscadmin.h"

#define LEAD_LAG_MAX 10000
#define LEAD_LAG_MIN_PAIRS 3

/* Divide by a power of 2, so that no sum of squares overflows or vanishes. */
static void
lead_lag_scale_down(KpiSeries *series)
{
	double		most = 0;
	int			exponent;

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < series->n; i++)
		most = Max(most, fabs(series->value[i]));
	frexp(most, &exponent);
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < series->n; i++)
		series->value[i] = ldexp(series->value[i], -exponent);
}

/*
 * lead_lag_correlate() -
 *
 *	Pearson's correlation of the leader with the follower so many steps later, over
 *	the pairs of which both are there.  False, and *correlation as it was, for fewer
 *	than LEAD_LAG_MIN_PAIRS, and where one side does not vary.
 */
static bool
lead_lag_correlate(const KpiSeries *leader, const KpiSeries *follower, int lag, double *correlation)
{
	double		x0 = 0;
	double		y0 = 0;
	double		mean_x = 0;
	double		mean_y = 0;
	double		xx = 0;
	double		yy = 0;
	double		xy = 0;
	bool		x_varies = false;
	bool		y_varies = false;
	int			n = 0;

	/* means from the first pair on: those of equal values are exact */
	for (int i = 0; i + lag < leader->n; i++)
	{
		double		x = leader->value[i];
		double		y = follower->value[i + lag];

		if (leader->missing[i] || follower->missing[i + lag])
			continue;
		if (n++ == 0)
		{
			x0 = x;
			y0 = y;
		}
		x_varies |= x != x0;
		y_varies |= y != y0;
		mean_x += x - x0;
		mean_y += y - y0;
	}
	if (n < LEAD_LAG_MIN_PAIRS || !x_varies || !y_varies)
		return false;
	CHECK_FOR_INTERRUPTS();
	mean_x = x0 + mean_x / n;
	mean_y = y0 + mean_y / n;
	for (int i = 0; i + lag < leader->n; i++)
	{
		double		x = leader->value[i] - mean_x;
		double		y = follower->value[i + lag] - mean_y;

		if (leader->missing[i] || follower->missing[i + lag])
			continue;
		xx += x * x;
		yy += y * y;
		xy += x * y;
	}
	if (!(xx > 0 && yy > 0))
		return false;
	*correlation = Max(-1, Min(1, xy / sqrt(xx) / sqrt(yy)));
	return true;
}

/*
 * kpi_lead_lag() - lead_lag(leader, follower, max_lag)
 *
 *	A row for each lag from 0.  22023 for arrays that differ in length, for NaN and
 *	infinity, and for a lag outside 0..LEAD_LAG_MAX.
 */
PG_FUNCTION_INFO_V1(kpi_lead_lag);
Datum
kpi_lead_lag(PG_FUNCTION_ARGS)
{
	KpiSeries	leader = kpi_finite_series(fcinfo, 0, "leader");
	KpiSeries	follower = kpi_finite_series(fcinfo, 1, "follower");
	int			max_lag = kpi_series_count(fcinfo, 2, "max_lag", 0, LEAD_LAG_MAX);

	kpi_rows_begin(fcinfo);
	kpi_series_same_length(leader.n, "leader", follower.n, "follower");
	lead_lag_scale_down(&leader);
	lead_lag_scale_down(&follower);
	for (int lag = 0; lag <= max_lag; lag++)
	{
		double		correlation = 0;
		Datum		values[2];
		bool		nulls[2] = {0};

		nulls[1] = !lead_lag_correlate(&leader, &follower, lag, &correlation);
		values[0] = Int32GetDatum(lag);
		values[1] = Float8GetDatum(correlation);
		kpi_rows_put(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
