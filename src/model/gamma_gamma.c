/*
 * gamma_gamma.c
 *		The Gamma-Gamma model (P. Fader, B. Hardie, K. Lee, J. of Marketing Research 42,
 *		2005; P. Fader, B. Hardie, "The Gamma-Gamma Model of Monetary Value", 2013): values
 *		of purchases are Gamma(p, v) around a customer's own mean, v is Gamma(q, gamma).
 *
 *		ll = ln G(px+q) - ln G(px) - ln G(q) + q ln gamma + (px-1) ln m + px ln x
 *		- (px+q) ln(gamma + x m) for x purchases of mean m; the mean to expect is
 *		(gamma + x m) p/(px + q - 1).
 */
#include "model/gamma_gamma.h"

#include "model/special.h"

#include "miscadmin.h"

/*
 * kpi_gamma_gamma_likelihood() -
 *
 *	A KpiLikelihood of KpiSpends: adds the logarithm of the likelihood of the mean
 *	amounts of all customers, its gradient and its second derivatives to the point.
 *	theta is p, q, gamma.  Customers with equal x stand together, so that what depends
 *	on x alone is computed once.  The query may be cancelled here.
 */
void
kpi_gamma_gamma_likelihood(const void *spends, const double *theta, KpiPoint *point)
{
	const KpiSpends *data = spends;
	double		p = theta[0];
	double		q = theta[1];
	double		gamma = theta[2];
	double		log_gamma = log(gamma);
	double		of_q = kpi_digamma(q);
	double		of_q_twice = kpi_trigamma(q);
	int32		x = 0;
	double		power = 0;		/* px + q */
	double		value = 0;
	double		by_p = 0;
	double		by_q = 0;
	double		by_pp = 0;
	double		by_pq = 0;
	double	   *g = point->gradient;
	double		(*h)[KPI_MAX_PARAMETERS] = point->hessian;

	for (int64 i = 0; i < data->n; i++)
	{
		const KpiSpendGroup *group = &data->group[i];
		double		n = group->n;
		double		sum = gamma + group->x * group->mean;
		double		per_sum = 1 / sum;
		double		log_sum = log(sum);
		double		log_mean = log(group->mean);

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (group->x != x)
		{
			x = group->x;
			power = p * x + q;
			value = q * log_gamma + p * x * log(x) - kpi_ln_beta(p * x, q);
			by_p = x * (kpi_digamma(power) - kpi_digamma(p * x) + log(x));
			by_q = kpi_digamma(power) - of_q + log_gamma;
			by_pp = (double) x * x * (kpi_trigamma(power) - kpi_trigamma(p * x));
			by_pq = x * kpi_trigamma(power);
		}
		point->value += n * (value + (p * x - 1) * log_mean - power * log_sum);
		g[0] += n * (by_p + x * (log_mean - log_sum));
		g[1] += n * (by_q - log_sum);
		g[2] += n * (q / gamma - power * per_sum);
		h[0][0] += n * by_pp;
		h[0][1] += n * by_pq;
		h[0][2] -= n * x * per_sum;
		h[1][1] += n * (by_pq / x - of_q_twice);
		h[1][2] += n * (1 / gamma - per_sum);
		h[2][2] += n * (power * per_sum * per_sum - q / (gamma * gamma));
	}
}

/*
 * kpi_gamma_gamma_mean() -
 *
 *	The mean value to expect of the purchases of a customer who made x of a mean, x
 *	= 0 for the population's; false where there is no mean.
 */
bool
kpi_gamma_gamma_mean(const double *theta, int32 x, double mean, double *result)
{
	double		p = theta[0];
	double		less = p * x + theta[1] - 1;

	if (less <= 0)
		return false;
	*result = p * ((theta[2] + x * mean) / less);
	return true;
}
