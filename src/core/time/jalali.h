/*
 * jalali.h
 *		The Solar Hijri (Jalali) calendar, in months since Farvardin 1379 (March 2000).
 */
#ifndef KPI_JALALI_H
#define KPI_JALALI_H

#include "core/server/compat.h"

#include "utils/date.h"

extern int32 kpi_jalali_month_of_day(DateADT day);
extern int64 kpi_jalali_day_of_month(int64 month);

#endif							/* KPI_JALALI_H */
