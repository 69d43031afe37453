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

/* The H of above; false where its fraction converges slowly. */
static bool
pareto_h(double rx, double alpha, double s, double beta, double t, double *result)
{
	double		ratio = (alpha + t) / (beta + t);

	if (ratio > 100 || ratio < 0.01)
		return false;
	*result = ratio >= 1 ? kpi_hypergeometric(rx, s + 1, (alpha - beta) / (alpha + t)) :
		ratio * kpi_hypergeometric(s + 1, rx, (beta - alpha) / (beta + t));
	return isfinite(*result);
}

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

		if (pareto_h(r + x, alpha, s, beta, recency, &then) && pareto_h(r + x, alpha, s, beta, age, &now))
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

/*
 * With E(t) the purchases up to t, and d the discount, by parts:
 * exp(-d t) E(t) + d * integral of exp(-d u) E(u) du, over v = ln(1 + u/scale) by
 * Gauss-Legendre with 10 nodes on panels not wider than ln 2, nor than 2 in d u.
 */
double
kpi_discounted_purchases(KpiModelKind kind, const double *theta, int32 x, double age,
						 double time, double discount)
{
	double		scale = (kind == KPI_PARETO_NBD ? theta[3] : theta[1]) + age;
	double		sum = 0;
	double		from = 0;

	if (discount == 0 || time == 0)
		return kpi_purchases(kind, theta, x, age, time);
	while (from < time && discount * from < 40)
	{
		double		wide = Min(scale + from, 2 / discount);
		double		to = Min(time, from + wide);
		double		start = log1p(from / scale);
		double		half = (log1p(to / scale) - start) / 2;

		for (int i = -KPI_NODES_10; i < KPI_NODES_10; i++)
		{
			const KpiNode *node = &kpi_nodes_10[i < 0 ? -1 - i : i];
			double		u = scale * expm1(start + half + (i < 0 ? -half : half) * node->at);

			sum += half * node->weight * (scale + u) * exp(-discount * u) *
				kpi_purchases(kind, theta, x, age, u);
		}
		from = to;
	}
	return exp(-discount * time) * kpi_purchases(kind, theta, x, age, time) + discount * sum;
}
