/*
 * axis.h
 *		The axis of a drawing: where numbers lie on it.
 */
#ifndef KPI_AXIS_H
#define KPI_AXIS_H

#include "core/server/compat.h"

/* Numbers are divided by a power of two, so that no difference of them overflows. */
typedef struct KpiAxis
{
	double		low;			/* the least and the greatest number, divided once the axis is finished */
	double		high;
	int			exponent;
	double		from;			/* where these two lie in the drawing */
	double		to;
} KpiAxis;

/* Let it hold a number, which is finite; before it is finished. */
static inline void
kpi_axis_include(KpiAxis *axis, double x)
{
	axis->low = Min(axis->low, x);
	axis->high = Max(axis->high, x);
}

extern void kpi_axis_finish(KpiAxis *axis);
extern double kpi_axis_place(const KpiAxis *axis, double x);

#endif							/* KPI_AXIS_H */
