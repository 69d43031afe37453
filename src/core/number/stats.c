/*
 * stats.c
 *		Interval statistics.
 *
 *		kpi_z: the root z of erf(z/sqrt 2) = confidence, by Newton's method, which
 *		converges from these starts since the functions are concave.
 *		kpi_wilson: E. B. Wilson, "Probable inference, the law of succession, and
 *		statistical inference", JASA 22 (1927).
 */
#include "core/number/stats.h"

#include "core/server/rows.h"

#include <math.h>

/*
 * kpi_z() -
 *
 *	The z of a two-sided interval of a standard normal distribution that has the
 *	given probability, as 1.96 of 0.95.  The last one is remembered.  22023 unless 0
 *	< confidence < 1.
 */
double
kpi_z(double confidence)
{
	/* nearly every call of a session asks for the same level */
	static double last_confidence = 0;
	static double last_z = 0;
	double		z = confidence < 0.5 ? 0.0 : 1.0;

	if (confidence == last_confidence)
		return last_z;
	if (!(confidence > 0.0 && confidence < 1.0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("confidence %g is not between 0 and 1", confidence),
				 errhint("Write 95 percent as 0.95.")));

	/* erf is concave and so is the logarithm of erfc: each where it is precise */
	for (int i = 0; i < 50; i++)
	{
		double		density = M_2_SQRTPI * M_SQRT1_2 * exp(-0.5 * z * z);
		double		step;

		if (confidence < 0.5)
			step = (erf(z * M_SQRT1_2) - confidence) / density;
		else
		{
			double		tail = erfc(z * M_SQRT1_2);

			step = (log1p(-confidence) - log(tail)) * tail / density;
		}
		z -= step;
		if (fabs(step) <= 1e-15 * fabs(z))
			break;
	}
	last_confidence = confidence;
	last_z = z;
	return z;
}

/*
 * kpi_wilson() -
 *
 *	The ends of Wilson's interval for the share of hits in total, which is not 0; z
 *	as kpi_z() gives it.  Both lie in 0..1.
 */
void
kpi_wilson(int64 hits, int64 total, double z, double *lower, double *upper)
{
	double		n = (double) total;
	double		p = (double) hits / n;
	double		z2 = z * z;
	double		middle = (p + z2 / (2 * n)) / (1 + z2 / n);
	double		half = z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));

	/* at the ends the two terms cancel exactly but for rounding */
	*lower = hits == 0 ? 0.0 : Max(0.0, middle - half);
	*upper = hits == total ? 1.0 : Min(1.0, middle + half);
}

/*
 * kpi_interval_row() -
 *
 *	The result of a function that gives both bounds of an interval, as a row of the
 *	columns that it is declared with; NULLs where there is none.  Errors are those of
 *	finding them.
 */
Datum
kpi_interval_row(FunctionCallInfo fcinfo, KpiFindBounds find)
{
	double		bounds[2];

	return kpi_row_of_doubles(fcinfo, 2, find(fcinfo, bounds) ? bounds : NULL);
}

/* The same of a function that gives one of the bounds. */
Datum
kpi_interval_bound(FunctionCallInfo fcinfo, KpiFindBounds find, KpiBound which)
{
	double		bounds[2];

	if (!find(fcinfo, bounds))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(bounds[which]);
}
