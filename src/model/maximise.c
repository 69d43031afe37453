/*
 * maximise.c
 *		Maximum likelihood over a few positive parameters, or the maximum of its product
 *		with a prior: Newton's method in their logarithms.
 *
 *		The Hessian's eigenvalues are made negative where they are not, so that each
 *		step goes uphill (J. Nocedal, S. Wright, Numerical Optimization, 3.4); no step
 *		changes a logarithm by more than 2; a step that gains too little is halved.
 *		It has converged when Newton's decrement says that nothing more can be
 *		gained, whatever the last line search did.
 *
 *		A maximum that the data hardly know is one too.  It is told from a parameter that
 *		drifts away, where the likelihood goes on rising by less and less, c (1 - 1/theta):
 *		there the decrement is c/theta, the standard error 1/sqrt(c/theta), and Newton's step
 *		1; so where the decrement is 1e-9, the standard error is 3e4.
 */
#include "model/maximise.h"

#include <math.h>

#include "core/server/progress.h"
#include "miscadmin.h"

#define MAXIMISE_MAX_STEPS 100
#define MAXIMISE_MAX_LOG 12.0
#define MAXIMISE_LARGEST_STEP 2.0

/*
 * A standard error of a logarithm that says nothing: the likelihood changes by less than
 * 0.01 from one end to the other.  And a logarithm that is on its way out.
 */
#define MAXIMISE_LARGEST_ERROR 100.0
#define MAXIMISE_FAR_LOG 4.0

/*
 * Of Newton's decrement, in units of log-likelihood, which a standard error moves by 1/2: where
 * all digits are there; and where rounding hides what a step gains, so that it isn't asked.
 */
#define MAXIMISE_SMALL_DECREMENT 1e-9
#define MAXIMISE_HIDDEN_DECREMENT 1e-5

typedef double Matrix[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];

/*
 * maximise_eigen() -
 *
 *	Eigenvalues and, in the columns of v, eigenvectors of a symmetric matrix, which
 *	is spoilt: Jacobi's rotations.
 */
static void
maximise_eigen(int n, Matrix a, double *values, Matrix v)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			v[i][j] = i == j;
	for (int sweep = 0; sweep < 50; sweep++)
	{
		double		off = 0;
		double		size = 0;

		for (int i = 0; i < n; i++)
			for (int j = 0; j < n; j++)
				*(i == j ? &size : &off) += a[i][j] * a[i][j];
		if (off <= 1e-30 * size)
			break;
		for (int p = 0; p < n; p++)
			for (int q = p + 1; q < n; q++)
			{
				double		t,
							c,
							s;

				if (a[p][q] == 0)
					continue;
				t = (a[q][q] - a[p][p]) / (2 * a[p][q]);
				t = (t < 0 ? -1 : 1) / (fabs(t) + sqrt(t * t + 1));
				c = 1 / sqrt(t * t + 1);
				s = t * c;
				for (int k = 0; k < n; k++)
				{
					double		kp = a[k][p];

					a[k][p] = c * kp - s * a[k][q];
					a[k][q] = s * kp + c * a[k][q];
				}
				for (int k = 0; k < n; k++)
				{
					double		pk = a[p][k];

					a[p][k] = c * pk - s * a[q][k];
					a[q][k] = s * pk + c * a[q][k];
				}
				for (int k = 0; k < n; k++)
				{
					double		kp = v[k][p];

					v[k][p] = c * kp - s * v[k][q];
					v[k][q] = s * kp + c * v[k][q];
				}
			}
	}
	for (int i = 0; i < n; i++)
		values[i] = a[i][i];
}

/* What is maximised. */
typedef struct MaximiseProblem
{
	int			n;				/* parameters */
	KpiLikelihood likelihood;
	const void *data;
	const KpiPrior *prior;		/* or NULL */
} MaximiseProblem;

/* How far a logarithm lies from where it begins to be one of something: 1, or the middle of the prior. */
static inline double
maximise_distance(const MaximiseProblem *problem, int i, double log_theta)
{
	return fabs(log_theta - (problem->prior ? problem->prior->centre[i] : 0));
}

/* The logarithm of a prior's density at logarithms of parameters, but for a constant. */
static double
maximise_prior(const MaximiseProblem *problem, const double *logs)
{
	double		sum = 0;

	for (int i = 0; problem->prior && i < problem->n; i++)
	{
		double		z = (logs[i] - problem->prior->centre[i]) / problem->prior->deviation;

		sum -= z * z / 2;
	}
	return sum;
}

/*
 * maximise_evaluate() -
 *
 *	The likelihood, with the prior, as a function of the logarithms of its parameters,
 *	with a full Hessian; false where it is not finite.  The query may be cancelled
 *	here.
 */
static bool
maximise_evaluate(const MaximiseProblem *problem, const double *logs, KpiPoint *point)
{
	int			n = problem->n;
	double		theta[KPI_MAX_PARAMETERS];
	bool		finite;

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < n; i++)
		theta[i] = exp(logs[i]);
	memset(point, 0, sizeof(*point));
	problem->likelihood(problem->data, theta, point);
	point->value += maximise_prior(problem, logs);
	finite = isfinite(point->value);
	for (int i = 0; i < n; i++)
	{
		for (int j = i; j < n; j++)
		{
			point->hessian[i][j] *= theta[i] * theta[j];
			if (i == j)
				point->hessian[i][i] += point->gradient[i] * theta[i];
			point->hessian[j][i] = point->hessian[i][j];
			finite = finite && isfinite(point->hessian[i][j]);
		}
		point->gradient[i] *= theta[i];
		if (problem->prior)
		{
			double		precision = 1 / (problem->prior->deviation * problem->prior->deviation);

			point->gradient[i] -= precision * (logs[i] - problem->prior->centre[i]);
			point->hessian[i][i] -= precision;
		}
		finite = finite && isfinite(point->gradient[i]);
	}
	return finite;
}

/*
 * maximise_standard_errors() -
 *
 *	Fill in the standard errors of the result's parameters, and the correlations of
 *	their logarithms in pairs, row by row, from the eigenvalues and eigenvectors of the
 *	Hessian.  False, and the result half filled in, where it is not negative definite.
 */
static bool
maximise_standard_errors(int n, const double *values, Matrix vectors, KpiMaximised *result)
{
	double		largest = 0;
	double		deviation[KPI_MAX_PARAMETERS];
	int			pair = 0;

	for (int k = 0; k < n; k++)
		largest = Max(largest, fabs(values[k]));
	for (int k = 0; k < n; k++)
		if (!(values[k] < -1e-13 * largest))
			return false;
	for (int i = 0; i < n; i++)
	{
		double		variance = 0;

		for (int k = 0; k < n; k++)
			variance -= vectors[i][k] * vectors[i][k] / values[k];
		deviation[i] = sqrt(variance);
		result->error[i] = result->theta[i] * deviation[i];
		if (!isfinite(result->error[i]))
			return false;
	}
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++)
		{
			double		covariance = 0;

			for (int k = 0; k < n; k++)
				covariance -= vectors[i][k] * vectors[j][k] / values[k];
			result->correlation[pair++] = Max(Min(covariance / deviation[i] / deviation[j], 1), -1) + 0.0;
		}
	return true;
}

/*
 * maximise_judge() -
 *
 *	Say what became of a search that converged.  It must be a maximum that the data
 *	know.  On its way to infinity or zero a parameter gains less and less, and the
 *	decrement vanishes before the boundary is reached; but there is no curvature
 *	left either.
 */
static void
maximise_judge(const MaximiseProblem *problem, const double *values, Matrix vectors, KpiMaximised *result)
{
	int			n = problem->n;
	bool		known = maximise_standard_errors(n, values, vectors, result);
	double		furthest = MAXIMISE_FAR_LOG;

	result->outcome = known ? KPI_CONVERGED : KPI_FLAT;
	for (int i = 0; i < n; i++)
	{
		double		distance = maximise_distance(problem, i, log(result->theta[i]));
		bool		unknown = known && result->error[i] > MAXIMISE_LARGEST_ERROR * result->theta[i];

		if (unknown && result->outcome == KPI_CONVERGED)
			result->outcome = KPI_FLAT;
		if ((unknown || distance > MAXIMISE_MAX_LOG) && distance > furthest)
		{
			furthest = distance;
			result->outcome = KPI_BOUNDARY;
			result->drifted = i;
		}
	}
}

/* Where a fit is, for who watches: of which model, from which start. */
typedef struct MaximiseFit
{
	const char *model;
	bool		prior;
	int			start;
	int			starts;
	KpiProgress progress;
} MaximiseFit;

/* Say where the fit is, to the log and to pg_stat_activity. */
static void
maximise_report(MaximiseFit *fit, int step, double value)
{
	if (message_level_is_interesting(DEBUG1))
		ereport(DEBUG1,
				(errmsg_internal("fit of %s%s, start %d of %d, step %d: log-likelihood %.10g",
								 fit->model, fit->prior ? " with a prior" : "", fit->start, fit->starts, step, value)));
	kpi_progress_at(&fit->progress, fit->start, step);
}

/*
 * maximise_from() -
 *
 *	Newton's method from result->theta on, a step halved until it gains a part of what
 *	the slope promises; *result becomes what it came to.
 */
static void
maximise_from(const MaximiseProblem *problem, MaximiseFit *fit, KpiMaximised *result)
{
	int			n = problem->n;
	double		logs[KPI_MAX_PARAMETERS];
	KpiPoint	here;

	for (int i = 0; i < n; i++)
		logs[i] = log(result->theta[i]);
	result->decrement = INFINITY;
	result->outcome = KPI_STEPS_USED_UP;
	if (!maximise_evaluate(problem, logs, &here))
		return;
	for (result->steps = 0; result->steps < MAXIMISE_MAX_STEPS; result->steps++)
	{
		Matrix		hessian;
		Matrix		vectors;
		double		values[KPI_MAX_PARAMETERS];
		double		step[KPI_MAX_PARAMETERS] = {0};
		double		largest = 0;
		double		slope = 0;
		double		length = 1;
		bool		concave = true;

		maximise_report(fit, result->steps, here.value);
		result->value = here.value;
		for (int i = 0; i < n; i++)
			result->theta[i] = exp(logs[i]);
		for (int i = 0; i < n; i++)
			if (maximise_distance(problem, i, logs[i]) > MAXIMISE_MAX_LOG)
			{
				result->outcome = KPI_BOUNDARY;
				result->drifted = i;
				return;
			}

		memcpy(hessian, here.hessian, sizeof(hessian));
		maximise_eigen(n, hessian, values, vectors);
		for (int k = 0; k < n; k++)
			largest = Max(largest, fabs(values[k]));
		for (int k = 0; k < n; k++)
		{
			double		along = 0;
			double		curvature = Max(fabs(values[k]), 1e-10 * largest);

			if (largest == 0)
			{
				result->outcome = KPI_FLAT;
				return;
			}
			concave = concave && values[k] < 0;
			for (int i = 0; i < n; i++)
				along += vectors[i][k] * here.gradient[i];
			slope += along * along / curvature;
			for (int i = 0; i < n; i++)
				step[i] += vectors[i][k] * along / curvature;
		}
		result->decrement = slope;
		for (int i = 0; i < n; i++)
			length = Min(length, MAXIMISE_LARGEST_STEP / Max(fabs(step[i]), 1e-300));
		if (length == 1 && (slope <= MAXIMISE_SMALL_DECREMENT ||
							(slope <= MAXIMISE_HIDDEN_DECREMENT && result->steps == MAXIMISE_MAX_STEPS - 1)))
		{
			/* at a maximum one more step brings the last digits */
			if (concave)
			{
				KpiPoint	next;
				double		further[KPI_MAX_PARAMETERS] = {0};

				for (int i = 0; i < n; i++)
					further[i] = logs[i] + step[i];
				if (maximise_evaluate(problem, further, &next))
				{
					memcpy(hessian, next.hessian, sizeof(hessian));
					maximise_eigen(n, hessian, values, vectors);
					for (int i = 0; i < n; i++)
						result->theta[i] = exp(further[i]);
					result->value = next.value;
				}
			}
			maximise_judge(problem, values, vectors, result);
			return;
		}

		/* halve the step until it gains a part of what the slope promises */
		for (int halving = 0;; halving++)
		{
			KpiPoint	next;
			double		tried[KPI_MAX_PARAMETERS];

			if (halving > 40)
				return;
			for (int i = 0; i < n; i++)
				tried[i] = logs[i] + length * step[i];
			if (maximise_evaluate(problem, tried, &next) &&
				(slope <= MAXIMISE_HIDDEN_DECREMENT ||
				 next.value >= here.value + 1e-4 * length * slope - 1e-13 * fabs(here.value)))
			{
				memcpy(logs, tried, sizeof(logs));
				here = next;
				break;
			}
			length /= 2;
		}
	}
}

/*
 * maximise_is_better() -
 *
 *	Is a the better outcome of two?  Where a start went out, or ended where nothing
 *	is known, with a higher likelihood, a maximum inside is none.
 */
static bool
maximise_is_better(const KpiMaximised *a, const KpiMaximised *b)
{
	if ((a->outcome == KPI_CONVERGED) != (b->outcome == KPI_CONVERGED))
	{
		const KpiMaximised *converged = a->outcome == KPI_CONVERGED ? a : b;
		const KpiMaximised *other = converged == a ? b : a;
		bool		no_more = other->outcome == KPI_STEPS_USED_UP ||
			other->value <= converged->value + 1e-3;

		return (converged == a) == no_more;
	}
	return a->value > b->value;
}

/*
 * kpi_maximise() -
 *
 *	The best outcome from several starts, each of n parameters.  `data` is handed to
 *	the likelihood; the prior may be NULL; the model's name is for who watches.  Errors
 *	are those of the likelihood.
 */
void
kpi_maximise(const char *model, int n, KpiLikelihood likelihood, const void *data, const KpiPrior *prior,
			 int starts, const double (*start)[KPI_MAX_PARAMETERS], KpiMaximised *best)
{
	MaximiseProblem problem = {n, likelihood, data, prior};
	MaximiseFit	fit = {.model = model, .prior = prior != NULL, .starts = starts};
	char		work[KPI_WORK_LENGTH + 1];

	snprintf(work, sizeof(work), "fit of %s", model);
	kpi_progress_begin(&fit.progress, work, starts);
	PG_TRY();
	{
		for (int i = 0; i < starts; i++)
		{
			KpiMaximised tried = {0};

			fit.start = i + 1;
			memcpy(tried.theta, start[i], sizeof(tried.theta));
			tried.value = -INFINITY;
			maximise_from(&problem, &fit, &tried);
			if (i == 0 || maximise_is_better(&tried, best))
				*best = tried;
		}
	}
	PG_FINALLY();
	{
		kpi_progress_end(&fit.progress);
	}
	PG_END_TRY();
	best->posterior = best->value;
	if (prior != NULL)
	{
		double		logs[KPI_MAX_PARAMETERS];

		for (int i = 0; i < n; i++)
			logs[i] = log(best->theta[i]);
		best->value -= maximise_prior(&problem, logs);
	}
}
