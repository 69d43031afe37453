/*
 * bgnbd.c
 *		Likelihood of BG/NBD (P. Fader, B. Hardie, K. Lee, Marketing Science 24, 2005) and
 *		MBG/NBD (E. Batislam, M. Denizel, A. Filiztekin, Int. J. of Research in Marketing
 *		24, 2007): purchases at rate Gamma(r, alpha); after each the customer drops out
 *		with probability Beta(a, b); in MBG/NBD after the first one too.
 *
 *		With k = x, in MBG/NBD x + 1, the number of times that the customer might have
 *		dropped out:
 *		ll = ln G(r+x)/G(r) + ln B(a,b+k)/B(a,b) + r ln alpha - (r+x) ln(alpha+T) + softplus(e),
 *		e = ln a - ln(b+k-1) + (r+x) [ln(alpha+T) - ln(alpha+t_x)],
 *		softplus(e) where k > 0.  P(alive) = 1/(1 + exp(e)).  Differences of ln G and
 *		of its derivatives are sums over integers, carried on from one x to the next.
 */
#include "model/purchase.h"

#include "model/special.h"

#include "miscadmin.h"

/* ln G(c+n) - ln G(c) and two derivatives by c. */
typedef struct BgnbdRising
{
	double		c;
	int32		n;
	double		value;
	double		first;
	double		second;
} BgnbdRising;

/* Carry the sums on to a larger n. */
static inline void
bgnbd_advance(BgnbdRising *rising, int32 n)
{
	for (; rising->n < n; rising->n++)
	{
		double		term = rising->c + rising->n;

		if ((rising->n & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		rising->value += log(term);
		rising->first += 1 / term;
		rising->second -= 1 / (term * term);
	}
}

/*
 * kpi_bgnbd_likelihood() -
 *
 *	KpiLikelihood of KpiPurchases, whose groups are in order of x; parameters r,
 *	alpha, a, b.  The query may be cancelled here.
 */
void
kpi_bgnbd_likelihood(const void *purchases, const double *theta, KpiPoint *point)
{
	const KpiPurchases *data = purchases;
	int			modified = data->kind == KPI_MBG_NBD;
	double		r = theta[0];
	double		alpha = theta[1];
	double		a = theta[2];
	double		b = theta[3];
	double		log_alpha = log(alpha);
	double		log_a = log(a);
	BgnbdRising	of_r = {.c = r};
	BgnbdRising	of_b = {.c = b};
	BgnbdRising	of_ab = {.c = a + b};
	double	   *g = point->gradient;
	double		(*h)[KPI_MAX_PARAMETERS] = point->hessian;

	for (int64 i = 0; i < data->n; i++)
	{
		const KpiPurchaseGroup *group = &data->group[i];
		int32		x = group->x;
		int32		k = x + modified;
		double		n = group->n;
		double		rx = r + x;
		double		log_age = log1p(group->age / alpha);	/* over alpha */
		double		per_age = 1 / (alpha + group->age);

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		bgnbd_advance(&of_r, x);
		bgnbd_advance(&of_b, k);
		bgnbd_advance(&of_ab, k);

		point->value += n * (of_r.value - x * log_alpha + of_b.value - of_ab.value - rx * log_age);
		g[0] += n * (of_r.first - log_age);
		g[1] += n * (r / alpha - rx * per_age);
		g[2] -= n * of_ab.first;
		g[3] += n * (of_b.first - of_ab.first);
		h[0][0] += n * of_r.second;
		h[0][1] += n * (1 / alpha - per_age);
		h[1][1] += n * (rx * per_age * per_age - r / (alpha * alpha));
		h[2][2] -= n * of_ab.second;
		h[2][3] -= n * of_ab.second;
		h[3][3] += n * (of_b.second - of_ab.second);
		if (k > 0)
		{
			double		per_recency = 1 / (alpha + group->recency);
			double		last = b + k - 1;
			double		gap = log1p((group->age - group->recency) * per_recency);
			double		e = log_a - log(last) + rx * gap;
			double		q = kpi_logistic(e);
			double		w = n * q * (1 - q);
			double		by_alpha = rx * (per_age - per_recency);
			double		by_a = 1 / a;
			double		by_b = -1 / last;

			point->value += n * kpi_softplus(e);
			q *= n;
			g[0] += q * gap;
			g[1] += q * by_alpha;
			g[2] += q * by_a;
			g[3] += q * by_b;
			h[0][0] += w * gap * gap;
			h[0][1] += w * gap * by_alpha + q * (per_age - per_recency);
			h[0][2] += w * gap * by_a;
			h[0][3] += w * gap * by_b;
			h[1][1] += w * by_alpha * by_alpha + q * rx * (per_recency * per_recency - per_age * per_age);
			h[1][2] += w * by_alpha * by_a;
			h[1][3] += w * by_alpha * by_b;
			h[2][2] += w * by_a * by_a - q * by_a * by_a;
			h[2][3] += w * by_a * by_b;
			h[3][3] += w * by_b * by_b + q * by_b * by_b;
		}
	}
}
