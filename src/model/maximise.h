/*
 * maximise.h
 *		Maximum likelihood over a few positive parameters.
 */
#ifndef KPI_MAXIMISE_H
#define KPI_MAXIMISE_H

#include "core/server/compat.h"

#define KPI_MAX_PARAMETERS 4
#define KPI_MAX_PAIRS 6			/* of parameters */

/* A log-likelihood with its derivatives, at some parameters. */
typedef struct KpiPoint
{
	double		value;
	double		gradient[KPI_MAX_PARAMETERS];
	double		hessian[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];	/* row <= column is filled in */
} KpiPoint;

/* Fills in a point that is zero; all may be anything where the value is not finite. */
typedef void (*KpiLikelihood) (const void *data, const double *theta, KpiPoint *point);

/* A prior: the logarithms of the parameters are independent and normal around these, with one standard deviation. */
typedef struct KpiPrior
{
	double		centre[KPI_MAX_PARAMETERS];
	double		deviation;
} KpiPrior;

typedef enum KpiMaximum
{
	KPI_CONVERGED,
	KPI_BOUNDARY,				/* the parameter `drifted` left exp(-12) .. exp(12), or is on its way there */
	KPI_FLAT,					/* no curvature in some direction: nothing is identified */
	KPI_STEPS_USED_UP
} KpiMaximum;

typedef struct KpiMaximised
{
	KpiMaximum	outcome;
	int			drifted;
	int			steps;
	double		decrement;		/* Newton's: twice what a full step would still gain */
	double		value;			/* log-likelihood */
	double		posterior;		/* with the logarithm of the prior's density, but for a constant */
	double		theta[KPI_MAX_PARAMETERS];
	double		error[KPI_MAX_PARAMETERS];	/* standard errors of theta */
	double		correlation[KPI_MAX_PAIRS]; /* of the logarithms: 0 and 1, 0 and 2, ..., 1 and 2, ... */
} KpiMaximised;

/*
 * The best outcome from several starts, each of n parameters: of the likelihood, or of its
 * product with a prior that is not NULL.  The model's name is for who watches.
 */
extern void kpi_maximise(const char *model, int n, KpiLikelihood likelihood, const void *data, const KpiPrior *prior,
						 int starts, const double (*start)[KPI_MAX_PARAMETERS], KpiMaximised *best);

#endif							/* KPI_MAXIMISE_H */
