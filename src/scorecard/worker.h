/*
 * worker.h
 *		The scorecard on the nodes of Citus.
 */
#ifndef KPI_SCORECARD_WORKER_H
#define KPI_SCORECARD_WORKER_H

#include "core/server/compat.h"

/* 0A000 on a worker, where what would be done cannot be: the scorecard is the coordinator's. */
extern void kpi_refuse_worker(const char *what);

#endif							/* KPI_SCORECARD_WORKER_H */
