/*
 * smooth.c
 *		Exponential smoothing as an innovations state space model with additive
 *		errors (R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder, "Forecasting
 *		with Exponential Smoothing", 2008): level, with or without a damped trend,
 *		with or without an additive season of m values.
 *
 *			y(t) = l + phi b + s + e
 *			l'   = l + phi b + alpha e
 *			b'   = phi b + beta e
 *			s'   = s + gamma e				(of the place of t in the season)
 *
 *		At a missing value e = 0.  0 < alpha < 1, 0 < beta < alpha, 0 < gamma < 1 -
 *		alpha, 0.8 <= phi <= 0.98; fitted are alpha, beta/alpha, phi and gamma/(1 - alpha),
 *		each between bounds of its own.
 *
 *		The fit minimises the sum of e^2 over these and the first state, by the method
 *		of Levenberg and Marquardt with exact derivatives, what would pass a bound held
 *		there, from the best points of a grid.  Seasons of more than SMOOTH_MAX_FREE values
 *		keep the first state that the means of the places give; for others it is a
 *		start only, and the free ones are those of the places that have a value, less
 *		one, since they add up to 0.
 *
 *		AICc = n log(SSE/n) + 2k + 2k(k+1)/(n-k-1), k with the error's variance.
 *		Variance of a forecast (class 1, there in chapter 6):
 *			v (1 + sum of c(j)^2 for j < h),
 *			c(j) = alpha + beta (phi + ... + phi^j) + gamma (if m divides j)
 */
#include "series/smooth.h"

#include "miscadmin.h"

#define SMOOTH_MAX_FREE 24
#define SMOOTH_MAX_PARAMETERS (4 + 2 + SMOOTH_MAX_FREE)
#define SMOOTH_MAX_ITERATIONS 50
#define SMOOTH_STARTS 2
#define SMOOTH_LEAST_SHARE 0.0001	/* of what the smoothing parameters may be */
#define SMOOTH_MOST_SHARE 0.9999
#define SMOOTH_LEAST_PHI 0.8
#define SMOOTH_MOST_PHI 0.98

/* Where a parameter stands in the vector of those that are fitted; -1 if it isn't there. */
typedef struct SmoothFit
{
	const KpiSeries *series;
	int			season;
	bool		trend;
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
	double	   *start_seasonal;
	double		start_level;
	double		start_slope;
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

/* The parameters of smoothing in a vector of what is fitted. */
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
		s.phi = x[fit->i_phi];
	}
	if (fit->season > 1)
	{
		s.gamma_share = x[fit->i_gamma];
		s.gamma = (1 - s.alpha) * s.gamma_share;
	}
	return s;
}

/* Put the first state of the season into fit->seasonal. */
static void
smooth_first_season(const SmoothFit *fit, const double *x)
{
	double		sum = 0;

	if (fit->season == 1)
		return;
	memcpy(fit->seasonal, fit->start_seasonal, fit->season * sizeof(double));
	if (fit->i_seasonal < 0)
		return;
	for (int i = 0; i + 1 < fit->places; i++)
	{
		fit->seasonal[fit->place[i]] = x[fit->i_seasonal + i];
		sum += x[fit->i_seasonal + i];
	}
	fit->seasonal[fit->place[fit->places - 1]] = -sum;
}

/* A pass over the series: the sum of squared errors.  With model, the state behind the series goes there. */
static double
smooth_pass(const SmoothFit *fit, const double *x, KpiSmooth *model)
{
	const KpiSeries *series = fit->series;
	Smoothing	s = smooth_parameters(fit, x);
	double		level = x[fit->i_level];
	double		slope = fit->trend ? x[fit->i_slope] : 0;
	double		sse = 0;

	smooth_first_season(fit, x);
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
	return sse;
}

/*
 * smooth_pass_derivatives() -
 *
 *	The same with derivatives: squares becomes J'J (its lower triangle) and product
 *	J'e, where J holds the derivatives of the predictions.
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

	smooth_first_season(fit, x);
	memset(fit->d_seasonal, 0, fit->season * n * sizeof(double));
	d_level[fit->i_level] = 1;
	if (fit->trend)
		d_slope[fit->i_slope] = 1;
	if (fit->i_seasonal >= 0)
	{
		for (int j = 0; j + 1 < fit->places; j++)
		{
			fit->d_seasonal[fit->place[j] * n + fit->i_seasonal + j] = 1;
			fit->d_seasonal[fit->place[fit->places - 1] * n + fit->i_seasonal + j] = -1;
		}
	}
	for (int i = 0; i < n; i++)
	{
		memset(squares[i], 0, n * sizeof(double));
		product[i] = 0;
	}

	for (int i = 0, place = 0; i < series->n; i++)
	{
		double	   *d_season = fit->d_seasonal + place * n;
		double		next = level + s.phi * slope;
		double		error = 0;
		bool		known = !series->missing[i];

		for (int j = 0; j < n; j++)
			d_next[j] = d_level[j] + s.phi * d_slope[j];
		if (fit->trend)
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
 * smooth_solve() -
 *
 *	Solve (squares + damping * its diagonal) step = product by Cholesky's method;
 *	false if it isn't positive definite.  Where fixed, the step is given.
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
		step[i] /= l[i][i];
	}
	return true;
}

/* The number nearest to x within the bounds of parameter i. */
static inline double
smooth_bounded(const SmoothFit *fit, int i, double x)
{
	return i == fit->i_phi ? Max(SMOOTH_LEAST_PHI, Min(SMOOTH_MOST_PHI, x)) : Max(SMOOTH_LEAST_SHARE, Min(SMOOTH_MOST_SHARE, x));
}

/*
 * smooth_bounded_step() -
 *
 *	The point that a step from x leads to; what would pass a bound stops there, and
 *	the others adapt.  False as smooth_solve().
 */
static bool
smooth_bounded_step(const SmoothFit *fit, double squares[][SMOOTH_MAX_PARAMETERS], const double *product, double damping,
					const double *x, double *tried)
{
	bool		fixed[SMOOTH_MAX_PARAMETERS] = {0};
	double		step[SMOOTH_MAX_PARAMETERS];
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

/* Levenberg and Marquardt from x, which becomes the minimum; the sum of squared errors there. */
static double
smooth_minimise(const SmoothFit *fit, double *x)
{
	double		squares[SMOOTH_MAX_PARAMETERS][SMOOTH_MAX_PARAMETERS];
	double		product[SMOOTH_MAX_PARAMETERS];
	double		tried[SMOOTH_MAX_PARAMETERS];
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

/*
 * smooth_start_state() -
 *
 *	The first state from means: of the season's places within each cycle, of the
 *	first values, of the halves.  Arrays lie in the current memory context.
 */
static void
smooth_start_state(SmoothFit *fit)
{
	const KpiSeries *series = fit->series;
	int			m = fit->season;
	double	   *sum = palloc0(m * sizeof(double));
	int		   *count = palloc0(m * sizeof(int));
	double		total = 0;
	double		half[2] = {0};
	int			n_half[2] = {0};
	int			n = 0;

	fit->start_seasonal = palloc0(m * sizeof(double));
	fit->place = palloc(m * sizeof(int));
	for (int from = 0; m > 1 && from < series->n; from += m)
	{
		int			to = Min(from + m, series->n);
		double		mean = 0;
		int			known = 0;

		for (int i = from; i < to; i++)
		{
			mean += series->value[i];
			known += !series->missing[i];
		}
		for (int i = from; i < to; i++)
		{
			if (series->missing[i])
				continue;
			/* what is left of a cycle has another mean */
			if (to - from == m || count[i - from] == 0)
			{
				sum[i - from] += series->value[i] - mean / known;
				count[i - from]++;
			}
		}
	}
	for (int i = 0; i < m && m > 1; i++)
	{
		if (count[i] == 0)
			continue;
		fit->place[fit->places++] = i;
		fit->start_seasonal[i] = sum[i] / count[i];
		total += fit->start_seasonal[i];
	}
	for (int i = 0; i < fit->places; i++)
		fit->start_seasonal[fit->place[i]] -= total / fit->places;

	for (int i = 0; i < series->n; i++)
	{
		double		x = series->value[i] - fit->start_seasonal[i % m];

		if (series->missing[i])
			continue;
		if (n++ < Max(m, 10))
			fit->start_level += x;
		half[i >= series->n / 2] += x;
		n_half[i >= series->n / 2]++;
	}
	fit->start_level /= Min(n, Max(m, 10));
	if (n_half[0] > 0 && n_half[1] > 0)
		fit->start_slope = (half[1] / n_half[1] - half[0] / n_half[0]) / (series->n / 2.0);
}

/* Put a point of the grid, which counts from 0, into x; false behind the last one. */
static bool
smooth_grid_point(const SmoothFit *fit, int point, double *x)
{
	static const double alpha[] = {0.05, 0.2, 0.5, 0.9};
	static const double beta[] = {0.05, 0.3};
	static const double phi[] = {0.88, 0.96};
	static const double gamma[] = {0.02, 0.2};

	x[0] = alpha[point % lengthof(alpha)];
	point /= lengthof(alpha);
	if (fit->season > 1)
	{
		x[fit->i_gamma] = gamma[point % lengthof(gamma)];
		point /= lengthof(gamma);
		if (fit->i_seasonal >= 0)
			for (int i = 0; i + 1 < fit->places; i++)
				x[fit->i_seasonal + i] = fit->start_seasonal[fit->place[i]];
	}
	x[fit->i_level] = fit->start_level;
	if (fit->trend)
	{
		x[fit->i_beta] = beta[point % lengthof(beta)];
		point /= lengthof(beta);
		x[fit->i_phi] = phi[point % lengthof(phi)];
		point /= lengthof(phi);
		x[fit->i_slope] = fit->start_slope;
	}
	return point == 0;
}

/*
 * kpi_smooth_fit() -
 *
 *	Fit a model, of which season and trend are given, to values of order 1.  False
 *	when they are too few for it.  What the model points to lies in the current
 *	memory context.
 */
bool
kpi_smooth_fit(KpiSmooth *model, const KpiSeries *series)
{
	SmoothFit			fit = {0};
	double		start[SMOOTH_STARTS][SMOOTH_MAX_PARAMETERS];
	double		start_sse[SMOOTH_STARTS];
	double		x[SMOOTH_MAX_PARAMETERS];
	double		n = series->known;
	int			starts = 0;
	int			best = 0;
	int			k;

	fit.series = series;
	fit.season = model->season;
	fit.trend = model->trend;
	smooth_start_state(&fit);
	/* parameters, and the variance */
	k = 3 + (fit.trend ? 3 : 0) + (fit.season > 1 ? fit.places : 0);
	if (n <= k + 1)
		return false;

	fit.n = 1;
	fit.i_beta = fit.trend ? fit.n++ : -1;
	fit.i_phi = fit.trend ? fit.n++ : -1;
	fit.i_gamma = fit.season > 1 ? fit.n++ : -1;
	fit.n_bounded = fit.n;
	fit.i_level = fit.n++;
	fit.i_slope = fit.trend ? fit.n++ : -1;
	fit.i_seasonal = fit.season > 1 && fit.places - 1 <= SMOOTH_MAX_FREE ? fit.n : -1;
	if (fit.i_seasonal >= 0)
		fit.n += fit.places - 1;
	fit.seasonal = palloc0(fit.season * sizeof(double));
	fit.d_seasonal = palloc(fit.season * fit.n * sizeof(double));

	/* the best points of the grid, in order */
	for (int point = 0; smooth_grid_point(&fit, point, x); point++)
	{
		double		sse = smooth_pass(&fit, x, NULL);
		int			at;

		for (at = starts; at > 0 && sse < start_sse[at - 1]; at--)
			if (at < SMOOTH_STARTS)
			{
				start_sse[at] = start_sse[at - 1];
				memcpy(start[at], start[at - 1], sizeof(x));
			}
		if (at < SMOOTH_STARTS)
		{
			start_sse[at] = sse;
			memcpy(start[at], x, sizeof(x));
			starts = Min(starts + 1, SMOOTH_STARTS);
		}
	}
	for (int i = 0; i < starts; i++)
	{
		start_sse[i] = smooth_minimise(&fit, start[i]);
		if (start_sse[i] < start_sse[best])
			best = i;
	}
	smooth_pass(&fit, start[best], model);
	model->variance = model->sse / (n - k + 1);
	/* a fit that is exact but for rounding is no better than another */
	model->aicc = n * log(Max(model->sse / n, 1e-24)) + 2 * k + 2.0 * k * (k + 1) / (n - k - 1);
	return true;
}

/*
 * kpi_smooth_forecast() -
 *
 *	Values and variances of the steps behind the n values of the fit; the arrays
 *	have room for so many steps.
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
