/*
 * change_points.c
 *		change_points(series, shortest, penalty): after which values a new level begins.
 *
 *		The levels that minimise the sum of squared distances of the values from the
 *		mean of their level, plus penalty * variance * ln(n) for each change: B. Jackson
 *		and others, "An Algorithm for Optimal Partitioning of Data on an Interval", IEEE
 *		Signal Processing Letters 12 (2005), with the pruning of R. Killick, P. Fearnhead,
 *		I. Eckley, "Optimal Detection of Changepoints With a Linear Computational Cost",
 *		J. of the American Statistical Association 107 (2012).  A penalty of 3 is that of
 *		N. Zhang and D. Siegmund's modified BIC, Biometrics 63 (2007), but for a term in
 *		the lengths.
 *
 *		Variance: of the differences of successive values, by their median, so that
 *		changes of level and single outliers do not count: (1.4826 median |d|)^2 / 2; where
 *		half of the differences are 0, by their mean, (mean |d| / 1.128)^2.  That of few
 *		values is uncertain itself: a change costs 1 + 8/n times as much.
 *
 *		A single outlier is no level.  Squared, a large one would be worth a level of its
 *		own with its neighbours, in which it is nothing special; so while levels are
 *		looked for, it stands where its nearer neighbour does.
 */
#include "series/series.h"

#include "core/server/rows.h"

#include "miscadmin.h"

#define CHANGE_MAX_VALUES 10000
#define CHANGE_OUTLIER 4			/* standard deviations from both neighbours */

static int
change_compare(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Variance of n values about their levels; 0 where no two differ, or there are less than two. */
static double
change_noise(const double *value, int n)
{
	double	   *difference;
	double		sum = 0;
	double		deviation;

	if (n < 2)
		return 0;
	difference = palloc((n - 1) * sizeof(double));
	for (int i = 0; i + 1 < n; i++)
	{
		difference[i] = fabs(value[i + 1] - value[i]);
		sum += difference[i];
	}
	qsort(difference, n - 1, sizeof(double), change_compare);
	deviation = 1.4826 * (difference[(n - 2) / 2] + difference[(n - 1) / 2]) / 2 / M_SQRT2;
	if (deviation == 0)
		deviation = sum / (n - 1) / 1.128;
	pfree(difference);
	return deviation * deviation;
}

/*
 * change_without_outliers() -
 *
 *	The values with each one that is far above or below both of its neighbours, at an
 *	end the two nearest, moved to the nearer of them; in the current memory context.
 */
static double *
change_without_outliers(const double *value, int n, double deviation)
{
	double	   *plain = palloc(n * sizeof(double));

	for (int i = 0; i < n; i++)
	{
		double		before = value[i] - value[i > 0 ? i - 1 : i + 2];
		double		after = value[i] - value[i + 1 < n ? i + 1 : i - 2];
		double		nearer = fabs(before) < fabs(after) ? before : after;

		plain[i] = value[i];
		if (before * after > 0 && fabs(nearer) > CHANGE_OUTLIER * deviation)
			plain[i] -= nearer;
	}
	return plain;
}

/* Sums of the values and of their squares, from the mean of all, before each place. */
typedef struct ChangeSums
{
	double	   *sum;
	double	   *squares;
} ChangeSums;

/* Squared distances of the values from to end - 1 from their mean. */
static inline double
change_cost(const ChangeSums *sums, int from, int end)
{
	double		sum = sums->sum[end] - sums->sum[from];

	return Max(sums->squares[end] - sums->squares[from] - sum * sum / (end - from), 0);
}

/* The sums of n values, in the current memory context. */
static ChangeSums
change_sums(const double *value, int n)
{
	ChangeSums	sums;
	double		mean = 0;

	sums.sum = palloc((n + 1) * sizeof(double));
	sums.squares = palloc((n + 1) * sizeof(double));
	for (int i = 0; i < n; i++)
		mean += value[i] / n;
	sums.sum[0] = sums.squares[0] = 0;
	for (int i = 0; i < n; i++)
	{
		double		x = value[i] - mean;

		sums.sum[i + 1] = sums.sum[i] + x;
		sums.squares[i + 1] = sums.squares[i] + x * x;
	}
	return sums;
}

/*
 * kpi_change_points() -
 *
 *	Where the level of a series changes, by the least sum of squared distances from
 *	the levels and of a price, the penalty times the noise, for each change.  Each
 *	level has at least so many known values.
 *
 *	Returns the places in the series at which levels begin, in order and without
 *	that of the first, in the current memory context, and their number in changes;
 *	NULL and 0 where nothing changes.  54000 for more than CHANGE_MAX_VALUES values.
 */
int *
kpi_change_points(const KpiSeries *series, double penalty, int least, int *changes)
{
	int			n = series->known;
	double	   *value = palloc(Max(n, 1) * sizeof(double));
	int		   *place = palloc(Max(n, 1) * sizeof(int));	/* in the series */
	double	   *best;			/* cost of the first values */
	int		   *last;			/* where their last level begins */
	int		   *candidate;
	int			candidates = 0;
	int		   *result;
	int			count = 0;
	double		noise;
	double		price;
	double		most = 0;
	ChangeSums	sums;

	*changes = 0;
	if (n > CHANGE_MAX_VALUES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("series has %d values, more than %d", n, CHANGE_MAX_VALUES),
				 errhint("Take longer periods.")));
	for (int i = 0, j = 0; i < series->n; i++)
	{
		if (series->missing[i])
			continue;
		place[j] = i;
		value[j++] = series->value[i];
		most = Max(most, fabs(series->value[i]));
	}
	/* so that squares do not overflow */
	for (int i = 0; i < n && most > 0; i++)
		value[i] /= most;
	/* the variance of few values is uncertain itself */
	noise = change_noise(value, n);
	price = penalty * noise * log(Max(n, 1)) * (1 + 8.0 / Max(n, 1));
	/* as near to equal as numbers can be: nothing changes */
	if (n < 2 * least || !(price > 1e-30))
		return NULL;

	if (least > 1 && n > 2)
		value = change_without_outliers(value, n, sqrt(noise));
	sums = change_sums(value, n);
	best = palloc((n + 1) * sizeof(double));
	last = palloc((n + 1) * sizeof(int));
	candidate = palloc((n + 1) * sizeof(int));
	best[0] = -price;
	for (int end = least; end <= n; end++)
	{
		int			kept = 0;

		/* the last level may begin where one of at least so many values ends */
		if (end == least || end - least >= least)
			candidate[candidates++] = end == least ? 0 : end - least;
		best[end] = INFINITY;
		for (int i = 0; i < candidates; i++)
		{
			double		cost = best[candidate[i]] + change_cost(&sums, candidate[i], end) + price;

			if (cost < best[end])
			{
				best[end] = cost;
				last[end] = candidate[i];
			}
		}
		/* what is not better now never will be */
		for (int i = 0; i < candidates; i++)
			if (best[candidate[i]] + change_cost(&sums, candidate[i], end) <= best[end])
				candidate[kept++] = candidate[i];
		candidates = kept;
		CHECK_FOR_INTERRUPTS();
	}

	for (int end = last[n]; end > 0; end = last[end])
		count++;
	result = palloc(Max(count, 1) * sizeof(int));
	*changes = count;
	/* behind the last value before it */
	for (int end = last[n]; end > 0; end = last[end])
		result[--count] = place[end - 1] + 1;
	return result;
}

/*
 * kpi_change_points_rows() - change_points(series, shortest, penalty)
 *
 *	The positions, from 1, after which a new level begins.  22023 for a series with a
 *	value that is not finite, and for a shortest or a penalty out of range.
 */
PG_FUNCTION_INFO_V1(kpi_change_points_rows);
Datum
kpi_change_points_rows(PG_FUNCTION_ARGS)
{
	KpiSeries	series = kpi_finite_series(fcinfo, 0, "series");
	int			least = kpi_series_count(fcinfo, 1, "shortest", 1, CHANGE_MAX_VALUES);
	double		penalty = PG_GETARG_FLOAT8(2);
	int		   *change;
	int			n;

	if (!(penalty > 0 && penalty <= 1e6))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("penalty %g is outside 0..1000000", penalty),
				 errhint("3 is usual; a higher one finds fewer changes.")));
	kpi_rows_begin(fcinfo);
	change = kpi_change_points(&series, penalty, least, &n);
	for (int i = 0; i < n; i++)
	{
		Datum		values[1] = {Int32GetDatum(change[i])};
		bool		nulls[1] = {false};

		kpi_rows_put(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
