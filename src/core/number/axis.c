/*
 * axis.c
 *		The axis of a drawing.
 */
#include "core/number/axis.h"

#include <math.h>

/*
 * kpi_axis_finish() -
 *
 *	Divide the ends by the power of two; without a number both are 0.  The caller may
 *	then move them apart, and has to where they are equal.
 */
void
kpi_axis_finish(KpiAxis *axis)
{
	if (axis->low > axis->high)
		axis->low = axis->high = 0;
	frexp(Max(fabs(axis->high), fabs(axis->low)), &axis->exponent);
	axis->low = ldexp(axis->low, -axis->exponent);
	axis->high = ldexp(axis->high, -axis->exponent);
}

/* Where a number lies in the drawing; what is beyond an end lies there. */
double
kpi_axis_place(const KpiAxis *axis, double x)
{
	double		part = (ldexp(x, -axis->exponent) - axis->low) / (axis->high - axis->low);

	return axis->from + Max(0, Min(1, part)) * (axis->to - axis->from);
}
