/*
 * special.h
 *		The special functions, series and integrals that the purchase models need.
 *		Pure functions of double precision: no memory, no errors but a cancelled query, always an end.
 */
#ifndef KPI_SPECIAL_H
#define KPI_SPECIAL_H

#include "core/server/compat.h"

#include <math.h>

/* Derivatives of the logarithm of the gamma function, x > 0. */
extern double kpi_digamma(double x);
extern double kpi_trigamma(double x);

/* ln(gamma(a) gamma(b) / gamma(a + b)), a and b > 0. */
extern double kpi_ln_beta(double a, double b);

/* Hypergeometric 2F1(1, b; b + d; z), b and d > 0, 0 <= z < 1; NaN where it converges too slowly. */
extern double kpi_hypergeometric(double b, double d, double z);

/*
 * Means over p of Beta(a, b), a and b > 0: of (1 - (1 + p t)^-r)/p, r > 0, t >= 0, the
 * same at several t; of the sum over k >= 1 of (1 - p)^k (1 + d)^-(k - 1), d > 0; of (1 - p)^t,
 * t a whole number.
 */
#define KPI_TIMES 10
extern double kpi_beta_purchases(double r, double a, double b, double t);
extern void kpi_beta_purchases_at(double r, double a, double b, const double *t, double *result);
extern double kpi_beta_renewals(double a, double b, double discount);
extern double kpi_beta_survival(double a, double b, double t);

/* ln(1 + exp(x)), and its derivative. */
static inline double
kpi_softplus(double x)
{
	return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static inline double
kpi_logistic(double x)
{
	return x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/* (1 - exp(-c x)) / c, x itself for c = 0. */
static inline double
kpi_exponential_mean(double c, double x)
{
	return c == 0 ? x : -expm1(-c * x) / c;
}

/* Gauss-Legendre on -1..1: the positive nodes and their weights. */
typedef struct KpiNode
{
	double		at;
	double		weight;
} KpiNode;

#define KPI_NODES_20 10
#define KPI_NODES_10 5
extern const KpiNode kpi_nodes_20[KPI_NODES_20];
extern const KpiNode kpi_nodes_10[KPI_NODES_10];

#endif							/* KPI_SPECIAL_H */
