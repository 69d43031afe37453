/*
 * maximise.h
 *		Maximum likelihood over a few positive parameters.
 */
#ifndef KPI_MAXIMISE_H
#define KPI_MAXIMISE_H

#include "core/server/compat.h"

#define KPI_MAX_PARAMETERS 4

/* A log-likelihood with its derivatives, at some parameters. */
typedef struct KpiPoint
{
	double		value;
	double		gradient[KPI_MAX_PARAMETERS];
	double		hessian[KPI_MAX_PARAMETERS][KPI_MAX_PARAMETERS];	/* row <= column is filled in */
} KpiPoint;

/* Fills in a point that is zero; all may be anything where the value is not finite. */
typedef void (*KpiLikelihood) (const void *data, const double *theta, KpiPoint *point);

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
	double		value;
	double		theta[KPI_MAX_PARAMETERS];
	double		error[KPI_MAX_PARAMETERS];	/* standard errors of theta */
} KpiMaximised;

/* The best outcome from several starts, each of n parameters; the model's name is for who watches. */
extern void kpi_maximise(const char *model, int n, KpiLikelihood likelihood, const void *data, int starts,
						 const double (*start)[KPI_MAX_PARAMETERS], KpiMaximised *best);

#endif							/* KPI_MAXIMISE_H */
