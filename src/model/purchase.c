/*
 * purchase.c
 *		What the fitted models say of one customer: P(alive) and purchases to expect.
 *
 *		BG/NBD, MBG/NBD: with A = alpha + T, k as in bgnbd.c, the mean over the posterior
 *		Beta(a, b+k) of the drop-out probability p, of (1 - (1 + p t/A)^-(r+x))/p.
 *		Pareto/NBD: (r+x)(beta+T)/(alpha+T) g, g = (1 - exp(-(s-1) u))/(s-1),
 *		u = ln((beta+T+t)/(beta+T)); and with ratio of powers rho and H a hypergeometric
 *		function 1/P(alive) = 1 + s/(r+s+x) [rho H(t_x) - H(T)].
 */
#include "model/purchase.h"

#include "model/special.h"

#include "miscadmin.h"

/* The H of above; false where its fraction converges slowly. */
static bool
purchase_pareto_h(double rx, double alpha, double s, double beta, double t, double *result)
{
	double		ratio = (alpha + t) / (beta + t);

	if (ratio > 100 || ratio < 0.01)
		return false;
	*result = ratio >= 1 ? kpi_hypergeometric(rx, s + 1, (alpha - beta) / (alpha + t)) :
		ratio * kpi_hypergeometric(s + 1, rx, (beta - alpha) / (beta + t));
	return isfinite(*result);
}

/* The probability, 0 to 1, that a customer with x repeat purchases, the last of them at recency, will still buy at age. */
double
kpi_alive(KpiModelKind kind, const double *theta, int32 x, double recency, double age)
{
	double		r = theta[0];
	double		alpha = theta[1];
	double		gap = log1p((age - recency) / (alpha + recency));

	if (kind == KPI_PARETO_NBD)
	{
		double		s = theta[2];
		double		beta = theta[3];
		double		then;
		double		now;

		if (purchase_pareto_h(r + x, alpha, s, beta, recency, &then) && purchase_pareto_h(r + x, alpha, s, beta, age, &now))
		{
			double		rho = exp((r + x) * gap + s * log1p((age - recency) / (beta + recency)));

			return 1 / (1 + s / (r + s + x) * Max(rho * then - now, 0));
		}
		return kpi_logistic(-kpi_paretonbd_log_odds(r + x, alpha, s, beta, recency, age));
	}
	else
	{
		int			k = x + (kind == KPI_MBG_NBD);

		return k == 0 ? 1 : kpi_logistic(log(theta[3] + k - 1) - log(theta[2]) - (r + x) * gap);
	}
}

/* Purchases to expect within a time, if alive. */
double
kpi_purchases(KpiModelKind kind, const double *theta, int32 x, double age, double time)
{
	double		r = theta[0];
	double		alpha = theta[1];

	if (kind == KPI_PARETO_NBD)
		return (r + x) * ((theta[3] + age) / (alpha + age)) *
			kpi_exponential_mean(theta[2] - 1, log1p(time / (theta[3] + age)));
	return kpi_beta_purchases(r + x, theta[2], theta[3] + x + (kind == KPI_MBG_NBD),
							  time / (alpha + age));
}

/* The same at KPI_TIMES times. */
static void
purchase_at(KpiModelKind kind, const double *theta, int32 x, double age, const double *time, double *result)
{
	if (kind == KPI_PARETO_NBD)
		for (int i = 0; i < KPI_TIMES; i++)
			result[i] = kpi_purchases(kind, theta, x, age, time[i]);
	else
	{
		double		scaled[KPI_TIMES];

		for (int i = 0; i < KPI_TIMES; i++)
			scaled[i] = time[i] / (theta[1] + age);
		kpi_beta_purchases_at(theta[0] + x, theta[2], theta[3] + x + (kind == KPI_MBG_NBD), scaled, result);
	}
}

/*
 * kpi_discounted_purchases() -
 *
 *	Purchases to expect within a time, if alive, discounted by exp(-discount *
 *	time).  With E(t) the purchases up to t, and d the discount, by parts: exp(-d t)
 *	E(t) + d * integral of exp(-d u) E(u) du, over v = ln(1 + u/scale) by
 *	Gauss-Legendre with 10 nodes on panels not wider than ln 4, nor than 4 in d u.
 *	E settles within about the scale: by the mean of p, or of the rate of loss,
 *	among those who will have been lost.  The query may be cancelled here.
 */
double
kpi_discounted_purchases(KpiModelKind kind, const double *theta, int32 x, double age,
						 double time, double discount)
{
	double		scale;
	double		sum = 0;
	double		from = 0;

	if (discount == 0 || time == 0)
		return kpi_purchases(kind, theta, x, age, time);
	if (kind == KPI_PARETO_NBD)
		scale = (theta[3] + age) / (1 + theta[2]);
	else
		scale = (theta[1] + age) /
			(1 + (theta[0] + x) * (theta[2] + 2) / (theta[2] + theta[3] + x + (kind == KPI_MBG_NBD) + 2));
	while (from < time && discount * from < 40)
	{
		double		wide = Min(3 * (scale + from), 4 / discount);
		double		to = Min(time, from + wide);
		double		start = log1p(from / scale);
		double		half = (log1p(to / scale) - start) / 2;
		double		u[KPI_TIMES];
		double		purchases[KPI_TIMES];

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < KPI_TIMES; i++)
			u[i] = scale * expm1(start + half * (1 + (i < KPI_NODES_10 ? -kpi_nodes_10[i].at :
														kpi_nodes_10[i - KPI_NODES_10].at)));
		purchase_at(kind, theta, x, age, u, purchases);
		for (int i = 0; i < KPI_TIMES; i++)
			sum += half * kpi_nodes_10[i % KPI_NODES_10].weight * (scale + u[i]) * exp(-discount * u[i]) * purchases[i];
		from = to;
	}
	return exp(-discount * time) * kpi_purchases(kind, theta, x, age, time) + discount * sum;
}
