/*
 * special.c
 *		The special functions, series and integrals that the purchase models need.
 *
 *		digamma, trigamma: recurrence up to 10, then the asymptotic series (Abramowitz
 *		and Stegun 6.3.18, 6.4.12).  2F1(1, b; b + d; z): Gauss's continued fraction (DLMF
 *		15.7.1), evaluated forward by Steed's method.
 */
#include "model/special.h"

#include "miscadmin.h"

const KpiNode kpi_nodes_20[KPI_NODES_20] = {
	{0.99312859918509492479, 0.017614007139152118312},
	{0.96397192727791379127, 0.040601429800386941331},
	{0.91223442825132590587, 0.06267204833410906357},
	{0.83911697182221882339, 0.083276741576704748725},
	{0.74633190646015079261, 0.10193011981724043504},
	{0.63605368072651502545, 0.11819453196151841731},
	{0.510867001950827098, 0.1316886384491766269},
	{0.37370608871541956067, 0.14209610931838205133},
	{0.22778585114164507808, 0.14917298647260374679},
	{0.076526521133497333755, 0.1527533871307258507}
};

const KpiNode kpi_nodes_10[KPI_NODES_10] = {
	{0.97390652851717172008, 0.066671344308688137594},
	{0.86506336668898451073, 0.14945134915058059315},
	{0.67940956829902440623, 0.219086362515982044},
	{0.4333953941292471908, 0.26926671930999635509},
	{0.14887433898163121088, 0.29552422471475287017}
};

/* The derivative of ln gamma(x), x > 0. */
double
kpi_digamma(double x)
{
	double		sum = 0;
	double		y;

	while (x < 10)
		sum -= 1 / x++;
	y = 1 / (x * x);
	return sum + log(x) - 0.5 / x -
		y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132 -
		y * (691.0 / 32760 - y * (1.0 / 12 - y * 3617.0 / 8160)))))));
}

/* The second derivative of ln gamma(x), x > 0. */
double
kpi_trigamma(double x)
{
	double		sum = 0;
	double		y;

	for (; x < 10; x++)
		sum += 1 / (x * x);
	y = 1 / (x * x);
	return sum + 1 / x + 0.5 * y +
		y / x * (1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * (5.0 / 66 -
		y * (691.0 / 2730 - y * (7.0 / 6 - y * 3617.0 / 510)))))));
}

/* What Stirling's formula lacks of ln gamma(x), x >= 10: DLMF 5.11.1. */
static double
special_stirling_rest(double x)
{
	double		y = 1 / (x * x);

	return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 -
		y * (691.0 / 360360 - y * (1.0 / 156))))))) / x;
}

/* ln(gamma(a) gamma(b) / gamma(a + b)), a and b > 0. */
double
kpi_ln_beta(double a, double b)
{
	double		small = Min(a, b);
	double		large = Max(a, b);

	if (large < 10)
		return lgamma(small) + lgamma(large) - lgamma(small + large);
	/* what would cancel is left out: ln gamma(large) - ln gamma(large + small) */
	if (small < 10)
		return lgamma(small) + special_stirling_rest(large) - special_stirling_rest(large + small) -
			(large - 0.5) * log1p(small / large) - small * (log(large + small) - 1);
	return special_stirling_rest(large) + special_stirling_rest(small) - special_stirling_rest(large + small) +
		0.5 * (log(2 * M_PI) - log(small)) - small * log1p(large / small) -
		(large - 0.5) * log1p(small / large);
}

#define SPECIAL_MAX_FRACTION 100000

/* 2F1(1, b; b + d; z), b and d > 0, 0 <= z < 1; NaN where it converges too slowly. */
double
kpi_hypergeometric(double b, double d, double z)
{
	double		c = b + d;
	/* the sum of the convergents' differences, all of one sign after the first */
	double		u = 1;
	double		term = 1;
	double		sum = 1;

	if (z == 0)
		return 1;
	/* 1/(1 - k1 z/(1 - k2 z/(1 - ...))) */
	for (int n = 1; n < SPECIAL_MAX_FRACTION; n++)
	{
		double		k;
		int			m = n / 2;

		if (n == 1)
			k = b / c;
		else if (n & 1)
			k = (b + m) * (c - 1 + m) / ((c + n - 2) * (c + n - 1));
		else
			k = m * (d + m - 1) / ((c + n - 2) * (c + n - 1));
		u = 1 / (1 - k * z * u);
		term *= u - 1;
		sum += term;
		if (fabs(term) <= 1e-17 * fabs(sum))
			return sum;
	}
	return NAN;
}

/*
 * special_beta_purchases_series() -
 *
 *	The purchases of a customer who makes them at rate Gamma(r, 1) and drops out
 *	with probability Beta(a, b) at each, over a time t: with C = a + b - 1, z = t/(1
 *	+ t), u = a + b - 1 - r,
 *
 *		C [h - (1 - z)^(a - 1) G],  h = (1 - (1 - z)^(a - 1))/(a - 1),
 *		G = sum over n >= 1 of (u)_n (a)_(n-1) z^n / ((C)_n n!),
 *
 *	which is the textbook's 1 - (1 - z)^r 2F1(r, b; C; z), over a - 1, after Euler's
 *	transformation: smooth through a = 1.  Several times share the coefficients; the
 *	longest decides how many terms there are.  False where digits cancel, or terms
 *	do not end.
 */
static inline bool
special_beta_purchases_series(double r, double a, double b, int times, const double *t, double *result)
{
	double		c = a + b - 1;
	double		u = c - r;
	double		coefficient = u / c;
	double		z[KPI_TIMES];
	double		power[KPI_TIMES];
	double		sum[KPI_TIMES] = {0};
	double		longest = 0;
	double		power_longest;
	double		size = 0;
	int			n;

	for (int i = 0; i < times; i++)
	{
		power[i] = z[i] = t[i] / (1 + t[i]);
		longest = Max(longest, z[i]);
	}
	power_longest = longest;
	for (n = 1; n <= 400; n++)
	{
		double		term = fabs(coefficient) * power_longest;

		for (int i = 0; i < times; i++)
		{
			sum[i] += coefficient * power[i];
			power[i] *= z[i];
		}
		size += term;
		if (term <= 1e-17 * size)
			break;
		coefficient *= (u + n) * (a + n - 1) / ((c + n) * (n + 1));
		power_longest *= longest;
	}
	if (n > 400)
		return false;
	for (int i = 0; i < times; i++)
	{
		double		log_rest = -log1p(t[i]);	/* ln(1 - z) */
		double		h = kpi_exponential_mean(a - 1, -log_rest);
		double		rest = exp((a - 1) * log_rest);

		result[i] = c * (h - sum[i] * rest);
		/* not where digits cancel */
		if (!isfinite(result[i]) || result[i] < 0 || (t[i] > 0 && result[i] == 0) ||
			size * rest * (z[i] / longest) > 50 * (h - sum[i] * rest) || h > 50 * (h - sum[i] * rest))
			return false;
	}
	return true;
}

/* A function of p, with q = 1 - p, and two parameters of its own. */
typedef double (*SpecialOfProbability) (double p, double q, double first, double second);

#define SPECIAL_MAX_POINTS 200000

/*
 * special_beta_mean() -
 *
 *	The mean of a function of p, of Beta(a, b), as an integral over y = ln(p/(1 -
 *	p)): the trapezoidal rule after y = middle + width sinh(s), whose error falls
 *	exponentially (H. Takahasi, M. Mori, 1974), halving the step until nothing
 *	changes.  Each halving squares the error, so that a change of 1e-13 is the last.
 *	q = 1 - p.  The query may be cancelled here.
 */
static double
special_beta_mean(double a, double b, SpecialOfProbability function, double first, double second)
{
	double		middle = log(a / b);
	double		width = Min(1, sqrt(1 / a + 1 / b));
	double		p_middle = a / (a + b);
	double		q_middle = b / (a + b);
	double		top = -(a * log1p(b / a) + b * log1p(a / b));	/* ln of p^a (1-p)^b at the middle */
	double		norm = 0;
	double		sum = 0;
	double		last = 0;
	double		step = 0.5;

	for (int level = 0; step > 1e-4; level++, step /= 2)
	{
		double		now;

		CHECK_FOR_INTERRUPTS();
		for (int side = -1; side <= 1; side += 2)
		{
			int			start = level == 0 ? (side > 0 ? 0 : 1) : 1;

			for (int i = start; i < SPECIAL_MAX_POINTS; i += level == 0 ? 1 : 2)
			{
				double		s = side * i * step;
				double		away = width * sinh(s);
				double		y = middle + away;
				double		log_p = y > 0 ? -log1p(exp(-y)) : y - log1p(exp(y));
				double		log_q = log_p - y;
				double		log_weight;
				double		weight;
				double		value;

				/* near the middle what is large cancels */
				if (fabs(away) < 1)
					log_weight = -a * log1p(q_middle * expm1(-away)) - b * log1p(p_middle * expm1(away));
				else
					log_weight = a * log_p + b * log_q - top;
				weight = exp(log_weight) * cosh(s);
				value = function(exp(log_p), exp(log_q), first, second);
				norm += weight;
				sum += weight * value;
				/* beyond the top both fall to nothing */
				if (i > 2 && weight * value < 1e-18 * sum && weight < 1e-18 * norm)
					break;
			}
		}
		now = sum / norm;
		if (level > 1 && fabs(now - last) <= 1e-13 * fabs(now))
			return now;
		last = now;
	}
	return last;
}

/* (1 - (1 + p t)^-r)/p */
static double
special_purchases_of_probability(double p, double q, double r, double t)
{
	return p * t < 1e-300 ? r * t : -expm1(-r * log1p(p * t)) / p;
}

/* The mean over p of Beta(a, b), a and b > 0, of (1 - (1 + p t)^-r)/p, r > 0; 0 for t <= 0. */
double
kpi_beta_purchases(double r, double a, double b, double t)
{
	double		result;

	if (t <= 0)
		return 0;
	if (a + b > 1 && special_beta_purchases_series(r, a, b, 1, &t, &result))
		return result;
	return special_beta_mean(a, b, special_purchases_of_probability, r, t);
}

/* The same at KPI_TIMES times. */
void
kpi_beta_purchases_at(double r, double a, double b, const double *t, double *result)
{
	if (a + b > 1 && special_beta_purchases_series(r, a, b, KPI_TIMES, t, result))
		return;
	for (int i = 0; i < KPI_TIMES; i++)
		result[i] = kpi_beta_purchases(r, a, b, t[i]);
}

/*
 * special_renewals_of_probability() -
 *
 *	Of a customer lost with probability p at the end of each period, k periods
 *	discounted: (1 + d) q/(d + p).
 */
static double
special_renewals_of_probability(double p, double q, double discount, double unused)
{
	return (1 + discount) * (q / (discount + p));
}

/* The mean over p of Beta(a, b), a and b > 0, of the sum over k >= 1 of (1 - p)^k (1 + d)^-(k - 1), d > 0. */
double
kpi_beta_renewals(double a, double b, double discount)
{
	double		result = NAN;

	/* below, the fraction converges slowly and 1/(1 + d) loses digits of d */
	if (discount >= 1e-4)
		result = b / (a + b) * kpi_hypergeometric(b + 1, a, 1 / (1 + discount));
	return isfinite(result) ? result : special_beta_mean(a, b, special_renewals_of_probability, discount, 0);
}

/* ln gamma(x + a) - ln gamma(x), less the same for x + t: x >= 10. */
static double
special_log_of_product(double a, double x, double t)
{
	return (x - 0.5) * log1p(a / x) - (x + t - 0.5) * log1p(a / (x + t)) - a * log1p(t / (x + a)) +
		special_stirling_rest(x + a) - special_stirling_rest(x) - special_stirling_rest(x + t + a) + special_stirling_rest(x + t);
}

#define SPECIAL_FACTORS 1000

/* The mean over p of Beta(a, b), a and b > 0, of (1 - p)^t, t a whole number. */
double
kpi_beta_survival(double a, double b, double t)
{
	double		result = 1;
	int			n = (int) Min(t, SPECIAL_FACTORS);

	for (int i = 0; i < n; i++)
		result *= (b + i) / (a + (b + i));
	return t > SPECIAL_FACTORS ? result * exp(special_log_of_product(a, b + n, t - n)) : result;
}
