/*
 * smooth.c
 *		Exponential smoothing as an innovations state space model with additive
 *		errors (R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder, "Forecasting
 *		with Exponential Smoothing", 2008): level, with or without a trend, damped or
 *		not, with or without an additive season of m values.
 *
 *			y(t) = l + phi b + s + e
 *			l'   = l + phi b + alpha e
 *			b'   = phi b + beta e
 *			s'   = s + gamma e				(of the place of t in the season)
 *
 *		At a missing value e = 0.  0 < alpha < 1, 0 < beta < alpha, 0 < gamma < 1 -
 *		alpha, 0.8 <= phi <= 0.98, or phi = 1 where the trend is not damped; fitted are
 *		alpha, beta/alpha, phi and gamma/(1 - alpha), each between bounds of its own.
 *
 *		The season's first state is taken for m draws from a normal distribution around
 *		0, so that few cycles shrink it towards 0 and two are enough to use it: the fit
 *		minimises P = sum of e^2 + ridge * sum of s^2 over the parameters and the first
 *		state, where ridge is the variance of the errors divided by that of the draws.
 *		That is estimated by the EM algorithm.  The minimum is found by the method of
 *		Levenberg and Marquardt with exact derivatives, what would pass a bound held
 *		there, from the best point of a grid for each of some values of alpha, as there
 *		are several minima.  Seasons of more than SMOOTH_MAX_FREE values keep the first state
 *		that the means of the places give, shrunken; of others the free values are those
 *		of the places that have a value, less one, since they add up to 0.
 *
 *		AICc = n log(P/n) + log det(I + S/ridge) + 2k + 2k(k+1)/(n-k-1), where S belongs
 *		to the season's first state in J'J: the likelihood with that state integrated
 *		out.  k has the error's variance, and nothing for a season.
 *		Variance of a forecast (class 1, there in chapter 6):
 *			v (1 + sum of c(j)^2 for j < h),
 *			c(j) = alpha + beta (phi + ... + phi^j) + gamma (if m divides j)
 */
#include "series/smooth.h"

#include "miscadmin.h"

#define SMOOTH_MAX_FREE 24
#define SMOOTH_MAX_PARAMETERS (4 + 2 + SMOOTH_MAX_FREE)
#define SMOOTH_MAX_ITERATIONS 50
#define SMOOTH_ALPHAS 4				/* in the grid of starts */
#define SMOOTH_STATES 3				/* first states to start from */
#define SMOOTH_SHRINKAGES 5			/* at most so many estimates of how much the season varies */
#define SMOOTH_LEAST_RIDGE 1e-12
#define SMOOTH_MOST_RIDGE 1e6
#define SMOOTH_LEAST_SHARE 0.0001		/* of what the smoothing parameters may be */
#define SMOOTH_MOST_SHARE 0.9999
#define SMOOTH_LEAST_PHI 0.8
#define SMOOTH_MOST_PHI 0.98

/* Where a parameter stands in the vector of those that are fitted; -1 if it isn't there. */
typedef struct SmoothFit
{
	const KpiSeries *series;
	int			season;
	KpiTrend	trend;
	double		ridge;			/* variance of the errors / that of the season's first state */
	int			n;				/* parameters fitted */
	int			n_bounded;		/* the first ones have bounds */
	int			i_beta;
	int			i_phi;
	int			i_gamma;
	int			i_level;
	int			i_slope;
	int			i_seasonal;
	int			places;			/* of the season that have a value */
	int		   *place;			/* which */
	int		   *place_count;	/* values of each place of the season */
	double	   *start_seasonal[SMOOTH_STATES];
	double		start_level[SMOOTH_STATES];
	double		start_slope[SMOOTH_STATES];
	double	   *seasonal;		/* room for a pass: the season, */
	double	   *d_seasonal;		/* and its derivatives, n for each place */
} SmoothFit;

typedef struct Smoothing
{
	double		alpha;
	double		beta;
	double		gamma;
	double		phi;
	double		beta_share;		/* beta / alpha */
	double		gamma_share;	/* gamma / (1 - alpha) */
} Smoothing;

/* The smoothing that a point of the search stands for. */
static Smoothing
smooth_parameters(const SmoothFit *fit, const double *x)
{
	Smoothing	s = {0};

	s.alpha = x[0];
	s.phi = 1;
	if (fit->trend)
	{
		s.beta_share = x[fit->i_beta];
		s.beta = s.alpha * s.beta_share;
		if (fit->i_phi >= 0)
			s.phi = x[fit->i_phi];
	}
	if (fit->season > 1)
	{
		s.gamma_share = x[fit->i_gamma];
		s.gamma = (1 - s.alpha) * s.gamma_share;
	}
	return s;
}

/* The first state of the season. */
static void
smooth_first_season(const SmoothFit *fit, const double *x)
{
	double		sum = 0;

	if (fit->season == 1)
		return;
	if (fit->i_seasonal < 0)
	{
		for (int i = 0; i < fit->season; i++)
			fit->seasonal[i] = fit->start_seasonal[0][i] * fit->place_count[i] / (fit->place_count[i] + fit->ridge);
		return;
	}
	memset(fit->seasonal, 0, fit->season * sizeof(double));
	for (int i = 0; i + 1 < fit->places; i++)
	{
		fit->seasonal[fit->place[i]] = x[fit->i_seasonal + i];
		sum += x[fit->i_seasonal + i];
	}
	fit->seasonal[fit->place[fit->places - 1]] = -sum;
}

/* The sum of squares of the season's first state, which is made anew. */
static double
smooth_season_size(const SmoothFit *fit, const double *x)
{
	double		sum = 0;

	if (fit->season == 1)
		return 0;
	smooth_first_season(fit, x);
	for (int i = 0; i < fit->season; i++)
		sum += fit->seasonal[i] * fit->seasonal[i];
	return sum;
}

/*
 * A pass over the series: the sum of squared errors and the penalty.  With model, the state behind
 * the series goes there.
 */
static double
smooth_pass(const SmoothFit *fit, const double *x, KpiSmooth *model)
{
	const KpiSeries *series = fit->series;
	Smoothing	s = smooth_parameters(fit, x);
	double		level = x[fit->i_level];
	double		slope = fit->trend ? x[fit->i_slope] : 0;
	double		sse = 0;
	double		penalty;

	penalty = fit->ridge * smooth_season_size(fit, x);
	for (int i = 0, place = 0; i < series->n; i++)
	{
		double		next = level + s.phi * slope;
		double		error = 0;

		if (!series->missing[i])
		{
			error = series->value[i] - next - fit->seasonal[place];
			sse += error * error;
		}
		level = next + s.alpha * error;
		slope = s.phi * slope + s.beta * error;
		fit->seasonal[place] += s.gamma * error;
		if (++place == fit->season)
			place = 0;
	}
	CHECK_FOR_INTERRUPTS();
	if (model != NULL)
	{
		model->alpha = s.alpha;
		model->beta = s.beta;
		model->gamma = s.gamma;
		model->phi = s.phi;
		model->level = level;
		model->slope = slope;
		model->seasonal = fit->seasonal;
		model->sse = sse;
	}
	return sse + penalty;
}

/*
 * The same with derivatives: squares becomes J'J (its lower triangle) and product
 * J'e, where J holds the derivatives of the predictions.
 */
static double
smooth_pass_derivatives(const SmoothFit *fit, const double *x, double squares[][SMOOTH_MAX_PARAMETERS], double *product)
{
	const KpiSeries *series = fit->series;
	const int	n = fit->n;
	Smoothing	s = smooth_parameters(fit, x);
	double		level = x[fit->i_level];
	double		slope = fit->trend ? x[fit->i_slope] : 0;
	double		sse = 0;
	double		d_level[SMOOTH_MAX_PARAMETERS] = {0};
	double		d_slope[SMOOTH_MAX_PARAMETERS] = {0};
	double		d_next[SMOOTH_MAX_PARAMETERS];
	double		d[SMOOTH_MAX_PARAMETERS] = {0};

	memset(fit->d_seasonal, 0, fit->season * n * sizeof(double));
	d_level[fit->i_level] = 1;
	if (fit->trend)
		d_slope[fit->i_slope] = 1;
	for (int i = 0; i < n; i++)
	{
		memset(squares[i], 0, n * sizeof(double));
		product[i] = 0;
	}
	sse = fit->ridge * smooth_season_size(fit, x);
	if (fit->i_seasonal >= 0)
	{
		double		last = fit->seasonal[fit->place[fit->places - 1]];

		/* the last place is minus the sum of the others */
		for (int j = 0; j + 1 < fit->places; j++)
		{
			for (int k = 0; k <= j; k++)
				squares[fit->i_seasonal + j][fit->i_seasonal + k] = fit->ridge * (j == k ? 2 : 1);
			product[fit->i_seasonal + j] = -fit->ridge * (x[fit->i_seasonal + j] - last);
		}
		for (int j = 0; j + 1 < fit->places; j++)
		{
			fit->d_seasonal[fit->place[j] * n + fit->i_seasonal + j] = 1;
			fit->d_seasonal[fit->place[fit->places - 1] * n + fit->i_seasonal + j] = -1;
		}
	}

	for (int i = 0, place = 0; i < series->n; i++)
	{
		double	   *d_season = fit->d_seasonal + place * n;
		double		next = level + s.phi * slope;
		double		error = 0;
		bool		known = !series->missing[i];

		for (int j = 0; j < n; j++)
			d_next[j] = d_level[j] + s.phi * d_slope[j];
		if (fit->i_phi >= 0)
			d_next[fit->i_phi] += slope;
		if (known)
		{
			error = series->value[i] - next - fit->seasonal[place];
			sse += error * error;
			for (int j = 0; j < n; j++)
				d[j] = d_next[j] + d_season[j];
			for (int j = 0; j < n; j++)
			{
				product[j] += d[j] * error;
				for (int k = 0; k <= j; k++)
					squares[j][k] += d[j] * d[k];
			}
		}
		/* the error's derivative is -d */
		for (int j = 0; j < n; j++)
			d_level[j] = d_next[j] - (known ? s.alpha * d[j] : 0);
		d_level[0] += error;
		if (fit->trend)
		{
			for (int j = 0; j < n; j++)
				d_slope[j] = s.phi * d_slope[j] - (known ? s.beta * d[j] : 0);
			if (fit->i_phi >= 0)
				d_slope[fit->i_phi] += slope;
			d_slope[0] += s.beta_share * error;
			d_slope[fit->i_beta] += s.alpha * error;
		}
		if (fit->season > 1 && known)
		{
			for (int j = 0; j < n; j++)
				d_season[j] -= s.gamma * d[j];
			d_season[0] -= s.gamma_share * error;
			d_season[fit->i_gamma] += (1 - s.alpha) * error;
		}
		level = next + s.alpha * error;
		slope = s.phi * slope + s.beta * error;
		fit->seasonal[place] += s.gamma * error;
		if (++place == fit->season)
			place = 0;
		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return sse;
}

/*
 * Solves (squares + damping * its diagonal) step = product by Cholesky's method;
 * false if it isn't positive definite.  Where fixed, the step is given.
 */
static bool
smooth_solve(int n, double squares[][SMOOTH_MAX_PARAMETERS], const double *product, double damping,
	  const bool *fixed, double *step)
{
	double		l[SMOOTH_MAX_PARAMETERS][SMOOTH_MAX_PARAMETERS];
	double		least = 0;

	for (int i = 0; i < n; i++)
		least = Max(least, squares[i][i] * 1e-14);
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j <= i; j++)
		{
			double		sum = i == j ? 1 : 0;

			if (!fixed[i] && !fixed[j])
				sum = squares[i][j] + (i == j ? damping * squares[i][j] + least : 0);
			for (int k = 0; k < j; k++)
				sum -= l[i][k] * l[j][k];
			if (i == j && !(sum > 0))
				return false;
			l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
		}
	}
	for (int i = 0; i < n; i++)
	{
		if (fixed[i])
			continue;
		step[i] = product[i];
		for (int j = 0; j < n; j++)
			if (fixed[j])
				step[i] -= squares[Max(i, j)][Min(i, j)] * step[j];
	}
	for (int i = 0; i < n; i++)
	{
		for (int k = 0; k < i; k++)
			step[i] -= l[i][k] * step[k];
		step[i] /= l[i][i];
	}
	for (int i = n - 1; i >= 0; i--)
	{
		for (int k = i + 1; k < n; k++)
			step[i] -= l[k][i] * step[k];
		/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): the first loop has set the triangle */
		step[i] /= l[i][i];
	}
	return true;
}

static inline double
smooth_bounded(const SmoothFit *fit, int i, double x)
{
	return i == fit->i_phi ? Max(SMOOTH_LEAST_PHI, Min(SMOOTH_MOST_PHI, x)) : Max(SMOOTH_LEAST_SHARE, Min(SMOOTH_MOST_SHARE, x));
}

/* The step from x; what would pass a bound stops there, and the others adapt. */
static bool
smooth_bounded_step(const SmoothFit *fit, double squares[][SMOOTH_MAX_PARAMETERS], const double *product, double damping,
			 const double *x, double *tried)
{
	bool		fixed[SMOOTH_MAX_PARAMETERS] = {0};
	double		step[SMOOTH_MAX_PARAMETERS] = {0};
	bool		again;

	do
	{
		again = false;
		if (!smooth_solve(fit->n, squares, product, damping, fixed, step))
			return false;
		for (int i = 0; i < fit->n; i++)
		{
			tried[i] = x[i] + step[i];
			if (i < fit->n_bounded && !fixed[i] && tried[i] != smooth_bounded(fit, i, tried[i]))
				fixed[i] = again = true;
			if (fixed[i])
			{
				tried[i] = smooth_bounded(fit, i, tried[i]);
				step[i] = tried[i] - x[i];
			}
		}
	} while (again);
	return true;
}

/*
 * smooth_minimise() -
 *
 *	The minimum of the sum of squared errors that Levenberg's and Marquardt's method
 *	finds from x on, within the bounds of the parameters.  x becomes the parameters
 *	there; the sum comes back.
 */
static double
smooth_minimise(const SmoothFit *fit, double *x)
{
	double		squares[SMOOTH_MAX_PARAMETERS][SMOOTH_MAX_PARAMETERS];
	double		product[SMOOTH_MAX_PARAMETERS];
	double		tried[SMOOTH_MAX_PARAMETERS] = {0};
	double		damping = 1e-3;
	bool		rejected = false;
	double		sse = smooth_pass_derivatives(fit, x, squares, product);

	for (int iteration = 0; iteration < SMOOTH_MAX_ITERATIONS && damping < 1e8; iteration++)
	{
		double		gain;
		double		sse_tried;

		if (!smooth_bounded_step(fit, squares, product, damping, x, tried) ||
			!((sse_tried = smooth_pass(fit, tried, NULL)) < sse))
		{
			damping *= 10;
			rejected = true;
			continue;
		}
		gain = (sse - sse_tried) / sse;
		memcpy(x, tried, fit->n * sizeof(double));
		sse = sse_tried;
		if (gain < 1e-8)
			break;
		/* not back to what has just been too little */
		damping = Max(damping * (rejected ? 0.5 : 0.1), 1e-10);
		rejected = false;
		smooth_pass_derivatives(fit, x, squares, product);
	}
	return sse;
}

/* The season's places that have values. */
static void
smooth_find_places(SmoothFit *fit)
{
	const KpiSeries *series = fit->series;
	int			m = fit->season;

	fit->place = palloc(m * sizeof(int));
	fit->place_count = palloc0(m * sizeof(int));
	for (int i = 0; i < series->n; i++)
		fit->place_count[i % m] += !series->missing[i];
	for (int i = 0; i < m && m > 1; i++)
		if (fit->place_count[i] > 0)
			fit->place[fit->places++] = i;
}

/*
 * A first state from the values from 0 to n - 1: slope as the mean difference to the value a season later, or as the
 * regression line's; season as the means of the places of what is left; level as the mean of the rest.
 */
static void
smooth_line_state(SmoothFit *fit, int state, int n, double slope)
{
	const KpiSeries *series = fit->series;
	int			m = fit->season;
	double	   *sum = palloc0(m * sizeof(double));
	int		   *count = palloc0(m * sizeof(int));
	double		level = 0;
	double		total = 0;
	int			known = 0;

	for (int i = 0; i < n; i++)
	{
		if (series->missing[i])
			continue;
		level += series->value[i] - slope * (i + 1);
		known++;
	}
	level /= Max(known, 1);
	for (int i = 0; i < n; i++)
	{
		if (series->missing[i])
			continue;
		sum[i % m] += series->value[i] - slope * (i + 1) - level;
		count[i % m]++;
	}
	fit->start_seasonal[state] = palloc0(m * sizeof(double));
	for (int i = 0; i < fit->places; i++)
	{
		int			place = fit->place[i];

		if (count[place] > 0)
			fit->start_seasonal[state][place] = sum[place] / count[place];
		total += fit->start_seasonal[state][place];
	}
	for (int i = 0; i < fit->places; i++)
		fit->start_seasonal[state][fit->place[i]] -= total / fit->places;
	fit->start_level[state] = level + (fit->places > 0 ? total / fit->places : 0);
	fit->start_slope[state] = fit->trend ? slope : 0;
}

/*
 * smooth_mean_slope() -
 *
 *	The mean step from one value to the next, of the first n.  With at least two
 *	seasons of length m it is that of values a season apart, so that the season itself
 *	does not tilt it; else that of a line by least squares.  0 where nothing tells.
 */
static double
smooth_mean_slope(const KpiSeries *series, int m, int n)
{
	double		sum = 0;
	double		squares = 0;
	double		middle = (n - 1) / 2.0;
	double		mean = 0;
	int			known = 0;

	if (m > 1 && n >= 2 * m)
	{
		for (int i = 0; i + m < n; i++)
		{
			if (series->missing[i] || series->missing[i + m])
				continue;
			sum += series->value[i + m] - series->value[i];
			known++;
		}
		return known > 0 ? sum / known / m : 0;
	}
	for (int i = 0; i < n; i++)
	{
		if (series->missing[i])
			continue;
		mean += series->value[i];
		known++;
	}
	mean /= Max(known, 1);
	for (int i = 0; i < n; i++)
	{
		if (series->missing[i])
			continue;
		sum += (i - middle) * (series->value[i] - mean);
		squares += (i - middle) * (i - middle);
	}
	return squares > 0 ? sum / squares : 0;
}

/* The first states to start from: a line through all values, one through the first seasons, and a level. */
static void
smooth_start_states(SmoothFit *fit)
{
	const KpiSeries *series = fit->series;
	int			first = Min(series->n, Max(2 * fit->season, 10));

	smooth_line_state(fit, 0, series->n, smooth_mean_slope(series, fit->season, series->n));
	smooth_line_state(fit, 1, first, smooth_mean_slope(series, fit->season, first));
	smooth_line_state(fit, 2, first, 0);
}

/*
 * smooth_grid_point() -
 *
 *	Put a point of the grid to start from into x: shares of the smoothing, and a first
 *	state, one of those that smooth_start_states() made.  Points count from 0, alpha
 *	the fastest.  False behind the last one.
 */
static bool
smooth_grid_point(const SmoothFit *fit, int point, double *x)
{
	static const double alpha[SMOOTH_ALPHAS] = {0.05, 0.2, 0.5, 0.9};
	static const double beta[] = {0.05, 0.3};
	static const double phi[] = {0.88, 0.96};
	static const double gamma[] = {0.02, 0.2};
	int			state;

	x[0] = alpha[point % SMOOTH_ALPHAS];
	point /= SMOOTH_ALPHAS;
	state = point % SMOOTH_STATES;
	point /= SMOOTH_STATES;
	if (fit->season > 1)
	{
		x[fit->i_gamma] = gamma[point % lengthof(gamma)];
		point /= lengthof(gamma);
		if (fit->i_seasonal >= 0)
			for (int i = 0; i + 1 < fit->places; i++)
				x[fit->i_seasonal + i] = fit->start_seasonal[state][fit->place[i]];
	}
	x[fit->i_level] = fit->start_level[state];
	if (fit->trend)
	{
		x[fit->i_beta] = beta[point % lengthof(beta)];
		point /= lengthof(beta);
		x[fit->i_slope] = fit->start_slope[state];
	}
	if (fit->i_phi >= 0)
	{
		x[fit->i_phi] = phi[point % lengthof(phi)];
		point /= lengthof(phi);
	}
	return point == 0;
}

/*
 * What the season adds to -2 log likelihood beside the sum of squares, with its first state integrated out, and the next
 * estimate of the ridge (a step of the EM algorithm).
 */
static double
smooth_season_evidence(const SmoothFit *fit, const double *x, double variance, double *ridge)
{
	double		squares[SMOOTH_MAX_PARAMETERS][SMOOTH_MAX_PARAMETERS];
	double		product[SMOOTH_MAX_PARAMETERS];
	double		l[SMOOTH_MAX_PARAMETERS][SMOOTH_MAX_PARAMETERS] = {0};
	double		size = smooth_season_size(fit, x);
	double		trace = 0;
	double		result = 0;
	int			free = fit->places - 1;
	int			at = fit->i_seasonal;

	if (at < 0)
	{
		/* as if the places did not depend on each other */
		for (int i = 0; i < fit->places; i++)
		{
			result += log1p(fit->place_count[fit->place[i]] / fit->ridge);
			trace += 1 / (fit->place_count[fit->place[i]] + fit->ridge);
		}
		*ridge = fit->places * variance / (size + variance * trace);
		return result;
	}
	smooth_pass_derivatives(fit, x, squares, product);
	for (int i = 0; i < free; i++)
		for (int j = 0; j <= i; j++)
		{
			double		sum = squares[at + i][at + j];

			for (int k = 0; k < j; k++)
				sum -= l[i][k] * l[j][k];
			l[i][j] = i == j ? sqrt(Max(sum, 1e-300)) : sum / l[j][j];
		}
	for (int i = 0; i < free; i++)
		result += 2 * log(l[i][i]);
	result -= free * log(fit->ridge) + log(fit->places);

	/* the trace of (I + 11') times the inverse */
	for (int column = 0; column <= free; column++)
	{
		double		y[SMOOTH_MAX_PARAMETERS];

		for (int i = 0; i < free; i++)
		{
			y[i] = column == free || i == column;
			for (int k = 0; k < i; k++)
				y[i] -= l[i][k] * y[k];
			y[i] /= l[i][i];
			trace += y[i] * y[i];
		}
	}
	*ridge = free * variance / (size + variance * trace);
	return result;
}

/*
 * kpi_smooth_fit() -
 *
 *	Fits the model, whose season and trend are given, to a series of order 1 with
 *	missing values: from the best point of a grid for each alpha to a minimum of
 *	squared errors, and then, with a season, to the shrinkage that its evidence asks
 *	for.
 *
 *	Fills in the rest of the model, with the state behind the series; its seasonal lies
 *	in the current memory context.  False, and nothing filled in, where the values are
 *	too few.
 */
bool
kpi_smooth_fit(KpiSmooth *model, const KpiSeries *series)
{
	SmoothFit	fit = {0};
	double		start[SMOOTH_ALPHAS][SMOOTH_MAX_PARAMETERS];
	double		start_sse[SMOOTH_ALPHAS];
	double		x[SMOOTH_MAX_PARAMETERS];
	double		n = series->known;
	double		least;
	double		season = 0;
	int			best = 0;
	int			k;

	fit.series = series;
	fit.season = model->season;
	fit.trend = model->trend;
	fit.ridge = 0.1;
	smooth_find_places(&fit);
	if (fit.season > 1 && fit.places < 2)
		return false;
	smooth_start_states(&fit);
	/* parameters, and the variance of the errors; what a season takes is in its evidence */
	k = 3 + (fit.trend == KPI_TREND_DAMPED ? 3 : fit.trend == KPI_TREND_LINEAR ? 2 : 0);
	if (n <= k + 1 + (fit.season > 1 ? 2 : 0))
		return false;

	fit.n = 1;
	fit.i_beta = fit.trend ? fit.n++ : -1;
	fit.i_phi = fit.trend == KPI_TREND_DAMPED ? fit.n++ : -1;
	fit.i_gamma = fit.season > 1 ? fit.n++ : -1;
	fit.n_bounded = fit.n;
	fit.i_level = fit.n++;
	fit.i_slope = fit.trend ? fit.n++ : -1;
	fit.i_seasonal = fit.season > 1 && fit.places - 1 <= SMOOTH_MAX_FREE ? fit.n : -1;
	if (fit.i_seasonal >= 0)
		fit.n += fit.places - 1;
	fit.seasonal = palloc0(fit.season * sizeof(double));
	fit.d_seasonal = palloc(fit.season * fit.n * sizeof(double));

	/* the best point of the grid for each alpha: the minima lie apart */
	for (int i = 0; i < SMOOTH_ALPHAS; i++)
		start_sse[i] = INFINITY;
	for (int point = 0; smooth_grid_point(&fit, point, x); point++)
	{
		double		sse = smooth_pass(&fit, x, NULL);

		if (sse < start_sse[point % SMOOTH_ALPHAS])
		{
			start_sse[point % SMOOTH_ALPHAS] = sse;
			memcpy(start[point % SMOOTH_ALPHAS], x, sizeof(x));
		}
	}
	for (int i = 0; i < SMOOTH_ALPHAS; i++)
	{
		start_sse[i] = smooth_minimise(&fit, start[i]);
		if (start_sse[i] < start_sse[best])
			best = i;
	}
	memcpy(x, start[best], sizeof(x));
	least = start_sse[best];
	for (int i = 0; i < SMOOTH_SHRINKAGES && fit.season > 1; i++)
	{
		double		before = fit.ridge;
		double		ridge;

		smooth_season_evidence(&fit, x, Max(least / n, 1e-24), &ridge);
		fit.ridge = Max(SMOOTH_LEAST_RIDGE, Min(SMOOTH_MOST_RIDGE, ridge));
		least = smooth_minimise(&fit, x);
		if (fabs(fit.ridge - before) < 0.1 * before)
			break;
	}
	if (fit.season > 1)
	{
		double		ridge;

		season = smooth_season_evidence(&fit, x, Max(least / n, 1e-24), &ridge);
	}
	smooth_pass(&fit, x, model);
	model->variance = model->sse / Max(n - k + 1, 1);
	/* a fit that is exact but for rounding is no better than another */
	model->aicc = n * log(Max(least / n, 1e-24)) + season + 2 * k + 2.0 * k * (k + 1) / (n - k - 1);
	return true;
}

/*
 * kpi_smooth_forecast() -
 *
 *	The values of so many steps behind the n values that the model was fitted to,
 *	and the variance of each: the sum of the squares of what an error of each step
 *	before adds to it, times that of the errors.  Both arrays are the caller's.
 */
void
kpi_smooth_forecast(const KpiSmooth *model, int n, int64 steps, double *value, double *variance)
{
	double		sum = 1;
	double		damped = 0;		/* phi + phi^2 + ... */
	double		damped_slope = 0;
	double		power = 1;

	for (int64 j = 1; j <= steps; j++)
	{
		double		c;

		if (model->trend)
		{
			power *= model->phi;
			damped += power;
			damped_slope = model->phi * (model->slope + damped_slope);
		}
		value[j - 1] = model->level + damped_slope;
		if (model->season > 1)
			value[j - 1] += model->seasonal[(n + j - 1) % model->season];
		variance[j - 1] = model->variance * sum;
		c = model->alpha + model->beta * damped + (j % model->season == 0 ? model->gamma : 0);
		sum += c * c;
	}
}
