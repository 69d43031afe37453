/*
 * purchase.h
 *		How often customers buy and when they stop: the models of repeat purchases
 *		by frequency x, recency t_x and age T, in any one unit of time.
 */
#ifndef KPI_PURCHASE_H
#define KPI_PURCHASE_H

#include "model/maximise.h"

typedef enum KpiModelKind
{
	KPI_BG_NBD = 1,
	KPI_MBG_NBD,
	KPI_PARETO_NBD,
	KPI_SBG						/* contracts: not of repeat purchases */
} KpiModelKind;

/* n customers of the same x, t_x and T. */
typedef struct KpiPurchaseGroup
{
	int32		x;
	double		recency;
	double		age;
	double		n;
} KpiPurchaseGroup;

/* In order of x. */
typedef struct KpiPurchases
{
	KpiModelKind kind;
	int64		n;
	const KpiPurchaseGroup *group;
} KpiPurchases;

/* KpiLikelihood of KpiPurchases; parameters r, alpha, a, b and r, alpha, s, beta. */
extern void kpi_bgnbd_likelihood(const void *purchases, const double *theta, KpiPoint *point);
extern void kpi_paretonbd_likelihood(const void *purchases, const double *theta, KpiPoint *point);

/* Probability that a customer will still buy. */
extern double kpi_alive(KpiModelKind kind, const double *theta, int32 x, double recency, double age);

/*
 * Purchases to expect within a time, if alive; discounted by exp(-discount * time).
 */
extern double kpi_purchases(KpiModelKind kind, const double *theta, int32 x, double age, double time);
extern double kpi_discounted_purchases(KpiModelKind kind, const double *theta, int32 x, double age,
									   double time, double discount);

/* Of Pareto/NBD: the logarithm of the odds of having stopped between recency and age. */
extern double kpi_paretonbd_log_odds(double r, double alpha, double s, double beta, double recency, double age);

#endif							/* KPI_PURCHASE_H */
