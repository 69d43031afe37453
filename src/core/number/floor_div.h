/*
 * floor_div.h
 *		Division that rounds down, also below zero, as days and periods need it.
 */
#ifndef KPI_FLOOR_DIV_H
#define KPI_FLOOR_DIV_H

#include "core/server/compat.h"

/* The largest whole number not above a / b; b > 0. */
static inline int64
kpi_floor_div(int64 a, int64 b)
{
	return a / b - (a % b < 0);
}

#endif							/* KPI_FLOOR_DIV_H */
