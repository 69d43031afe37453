/*
 * revenue.h
 *		revenue_summary for the files that share it.
 */
#ifndef KPI_REVENUE_H
#define KPI_REVENUE_H

#include "core/set/amounts.h"

extern const KpiSetType kpi_revenue_type;

#endif							/* KPI_REVENUE_H */
