/*
 * gamma_gamma.h
 *		What a purchase is worth: the Gamma-Gamma model.
 */
#ifndef KPI_GAMMA_GAMMA_H
#define KPI_GAMMA_GAMMA_H

#include "model/maximise.h"

/* n customers with x purchases each, of the same mean value. */
typedef struct KpiSpendGroup
{
	int32		x;
	double		mean;			/* > 0 */
	double		n;
} KpiSpendGroup;

typedef struct KpiSpends
{
	int64		n;
	const KpiSpendGroup *group;
} KpiSpends;

/* KpiLikelihood of KpiSpends; parameters p, q, gamma. */
extern void kpi_gamma_gamma_likelihood(const void *spends, const double *theta, KpiPoint *point);

/* Mean value of a customer's purchases, x = 0 for the population's; false where there is no mean. */
extern bool kpi_gamma_gamma_mean(const double *theta, int32 x, double mean, double *result);

#endif							/* KPI_GAMMA_GAMMA_H */
