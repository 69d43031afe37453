/*
 * progress.h
 *		Where long work is, for who looks at pg_stat_activity.
 */
#ifndef KPI_PROGRESS_H
#define KPI_PROGRESS_H

#include "core/server/compat.h"

#include "datatype/timestamp.h"

/* Work in progress; lives on the stack of who does it. */
typedef struct KpiProgress
{
	struct KpiProgress *outer;	/* the work that this is a part of */
	TimestampTz shown;			/* when it began or was last shown */
	char		text[48];
} KpiProgress;

/* Between the two, an error must reach kpi_progress_end() too: PG_TRY and PG_FINALLY. */
extern void kpi_progress_begin(KpiProgress *progress);
extern void kpi_progress_end(KpiProgress *progress);

/* Show where it is, in ASCII and without data: everybody can read it. */
extern void kpi_progress(KpiProgress *progress, const char *format,...) pg_attribute_printf(2, 3);

/* Is it a second since it began or was last shown? */
extern bool kpi_progress_due(KpiProgress *progress);

#endif							/* KPI_PROGRESS_H */
