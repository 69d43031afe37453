/*
 * paretonbd.c
 *		Likelihood of Pareto/NBD (D. Schmittlein, D. Morrison, R. Colombo, Management
 *		Science 33, 1987): purchases at rate Gamma(r, alpha), for a lifetime whose rate is
 *		Gamma(s, beta).
 *
 *		L = G(r+x)/G(r) alpha^r beta^s [A + D], A = (alpha+T)^-(r+x) (beta+T)^-s of those
 *		alive, D = s * integral from t_x to T of (alpha+t)^-(r+x) (beta+t)^-(s+1) dt of the
 *		others.  The integral is taken over v = ln((m+t)/(m+t_x)), m = min(alpha, beta), by
 *		Gauss-Legendre with 20 nodes on panels of width 4/(r+s+x) and doubling, up to 2; its
 *		derivatives come from the same nodes.
 */
#include "model/purchase.h"

#include "model/special.h"

#include "miscadmin.h"

/*
 * Weighted sums over t of u1 = -ln((alpha+t)/(alpha+t_x)), y1 = 1/(alpha+t), and the
 * same u2, y2 with beta; the weights are the integrand.
 */
typedef struct ParetonbdMoments
{
	double		mean[4];		/* u1, y1, u2, y2 */
	double		product[4][4];	/* row <= column */
} ParetonbdMoments;

/* Where a power takes over from another the integrand bends over a width of about 1. */
#define PARETONBD_MAX_WIDTH 2.0

/*
 * paretonbd_stopped() -
 *
 *	The logarithm of D / s over its integrand at t_x, (alpha+t_x)^-(r+x)
 *	(beta+t_x)^-(s+1).  Moments, which begin as zero, are computed unless NULL.
 */
static inline double
paretonbd_stopped(double rx, double alpha, double s, double beta, double recency, double age, ParetonbdMoments *moments)
{
	bool		alpha_less = alpha < beta;
	double		less = (alpha_less ? alpha : beta) + recency;
	double		more = (alpha_less ? beta : alpha) + recency;
	double		power = (alpha_less ? rx : s + 1) - 1;	/* dt = (m + t) dv */
	double		power_more = alpha_less ? s + 1 : rx;
	double		share = less / more;
	double		end = log1p((age - recency) / less);
	double		start = 0;
	double		width = Min(4 / (rx + s), PARETONBD_MAX_WIDTH);
	double		sum = 0;
	int			mine = alpha_less ? 0 : 2;
	int			other = 2 - mine;

	while (start < end)
	{
		double		half = Min(width, end - start) / 2;
		double		middle = start + half;
		double		panel = 0;

		for (int i = -KPI_NODES_20; i < KPI_NODES_20; i++)
		{
			const KpiNode *node = &kpi_nodes_20[i < 0 ? -1 - i : i];
			double		v = middle + (i < 0 ? -half : half) * node->at;
			double		grown = expm1(v);
			double		w = log1p(share * grown);
			double		weight = half * node->weight * exp(-power * v - power_more * w);

			panel += weight;
			if (moments)
			{
				double		of[4];
				double		weighted[4];

				of[mine] = -v;
				of[mine + 1] = 1 / (less * (1 + grown));
				of[other] = -w;
				of[other + 1] = 1 / (more + less * grown);
				for (int j = 0; j < 4; j++)
				{
					weighted[j] = weight * of[j];
					moments->mean[j] += weighted[j];
				}
				for (int j = 0; j < 4; j++)
					for (int k = j; k < 4; k++)
						moments->product[j][k] += weighted[j] * of[k];
			}
		}
		sum += panel;
		if (panel < 1e-18 * sum)
			break;
		start += 2 * half;
		width = Min(2 * width, PARETONBD_MAX_WIDTH);
	}
	if (moments)
	{
		for (int j = 0; j < 4; j++)
			moments->mean[j] /= sum;
		for (int j = 0; j < 4; j++)
			for (int k = j; k < 4; k++)
				moments->product[j][k] /= sum;
	}
	return log(less) + log(sum);
}

/*
 * kpi_paretonbd_log_odds() -
 *
 *	The logarithm of the odds of having stopped between recency and age; -infinity
 *	where these are equal.  r is r + x of the customer.
 */
double
kpi_paretonbd_log_odds(double r, double alpha, double s, double beta, double recency, double age)
{
	if (age <= recency)
		return -INFINITY;
	return log(s) + paretonbd_stopped(r, alpha, s, beta, recency, age, NULL) - log(beta + recency) +
		r * log1p((age - recency) / (alpha + recency)) + s * log1p((age - recency) / (beta + recency));
}

/*
 * kpi_paretonbd_likelihood() -
 *
 *	KpiLikelihood of KpiPurchases, whose groups are in order of x; parameters r,
 *	alpha, s, beta.  The query may be cancelled here.
 */
void
kpi_paretonbd_likelihood(const void *purchases, const double *theta, KpiPoint *point)
{
	const KpiPurchases *data = purchases;
	double		r = theta[0];
	double		alpha = theta[1];
	double		s = theta[2];
	double		beta = theta[3];
	int32		x = 0;
	double		value = 0;
	double		by_r = 0;
	double		by_r_twice = 0;
	double	   *g = point->gradient;
	double		(*h)[KPI_MAX_PARAMETERS] = point->hessian;

	for (int64 i = 0; i < data->n; i++)
	{
		const KpiPurchaseGroup *group = &data->group[i];
		double		n = group->n;
		double		rx;
		double		per_alpha = 1 / (alpha + group->age);
		double		per_beta = 1 / (beta + group->age);
		double		alive;
		double		of_alive[4];

		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* ln G(r+x) - ln G(r) - x ln(alpha), and by r */
		for (; x < group->x; x++)
		{
			if ((x & 0xffff) == 0)
				CHECK_FOR_INTERRUPTS();
			value += log((r + x) / alpha);
			by_r += 1 / (r + x);
			by_r_twice -= 1 / ((r + x) * (r + x));
		}
		rx = r + x;
		/* relative to the powers of alpha and beta: nothing cancels where they are large */
		of_alive[0] = -log1p(group->age / alpha);
		of_alive[1] = -rx * per_alpha;
		of_alive[2] = -log1p(group->age / beta);
		of_alive[3] = -s * per_beta;
		alive = rx * of_alive[0] + s * of_alive[2];

		point->value += n * (value + alive);
		g[0] += n * by_r;
		g[1] += n * r / alpha;
		g[3] += n * s / beta;
		h[0][0] += n * by_r_twice;
		h[0][1] += n / alpha;
		h[1][1] -= n * r / (alpha * alpha);
		h[2][3] += n / beta;
		h[3][3] -= n * s / (beta * beta);
		if (group->age <= group->recency)
		{
			for (int j = 0; j < 4; j++)
				g[j] += n * of_alive[j];
			h[0][1] -= n * per_alpha;
			h[1][1] += n * rx * per_alpha * per_alpha;
			h[2][3] -= n * per_beta;
			h[3][3] += n * s * per_beta * per_beta;
		}
		else
		{
			ParetonbdMoments moments = {0};
			double		gap = group->age - group->recency;
			double		odds = log(s) + paretonbd_stopped(rx, alpha, s, beta, group->recency, group->age, &moments) -
				log(beta + group->recency) + rx * log1p(gap / (alpha + group->recency)) +
				s * log1p(gap / (beta + group->recency));
			double		q = kpi_logistic(odds);
			double		p = 1 - q;
			const double factor[4] = {1, -rx, 1, -(s + 1)};
			double		of_dead[4];

			of_dead[0] = moments.mean[0] - log1p(group->recency / alpha);
			of_dead[1] = -rx * moments.mean[1];
			of_dead[2] = 1 / s - log1p(group->recency / beta) + moments.mean[2];
			of_dead[3] = -(s + 1) * moments.mean[3];
			point->value += n * kpi_softplus(odds);
			for (int j = 0; j < 4; j++)
			{
				g[j] += n * (p * of_alive[j] + q * of_dead[j]);
				for (int k = j; k < 4; k++)
					h[j][k] += n * q * (factor[j] * factor[k] *
										(moments.product[j][k] - moments.mean[j] * moments.mean[k]) +
										p * (of_alive[j] - of_dead[j]) * (of_alive[k] - of_dead[k]));
			}
			h[0][1] -= n * (p * per_alpha + q * moments.mean[1]);
			h[1][1] += n * rx * (p * per_alpha * per_alpha + q * moments.product[1][1]);
			h[2][2] -= n * q / (s * s);
			h[2][3] -= n * (p * per_beta + q * moments.mean[3]);
			h[3][3] += n * (p * s * per_beta * per_beta + q * (s + 1) * moments.product[3][3]);
		}
	}
}
