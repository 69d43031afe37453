/*
 * activity.h
 *		activity_summary for the files that share it.
 */
#ifndef KPI_ACTIVITY_H
#define KPI_ACTIVITY_H

#include "core/set/set.h"

extern const KpiSetType kpi_activity_type;

#endif							/* KPI_ACTIVITY_H */
