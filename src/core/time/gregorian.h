/*
 * gregorian.h
 *		The Gregorian calendar, in months since January 2000.
 */
#ifndef KPI_GREGORIAN_H
#define KPI_GREGORIAN_H

#include "core/server/compat.h"

#include "utils/date.h"

extern int32 kpi_gregorian_month_of_day(DateADT day);
extern int64 kpi_gregorian_day_of_month(int64 month);

#endif							/* KPI_GREGORIAN_H */
