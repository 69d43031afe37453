/*
 * progress.h
 *		Where long work is, for who looks at kpi_progress().
 */
#ifndef KPI_PROGRESS_H
#define KPI_PROGRESS_H

#include "core/server/compat.h"

#include "datatype/timestamp.h"

/* The longest name of work, in bytes. */
#define KPI_WORK_LENGTH 24

/* Work in progress; lives on the stack of who does it. */
typedef struct KpiProgress
{
	struct KpiProgress *outer;	/* the work that this is a part of */
	char		work[KPI_WORK_LENGTH];	/* in ASCII, zeros behind it */
	TimestampTz begun;
	int64		part;			/* the part at hand, of so many; 0 = none yet */
	int64		parts;
	int64		step;			/* within the part; -1 = none */
} KpiProgress;

/*
 * Everybody who may see a session may see its work, so it is named in ASCII and without data.
 * Between the two, an error must reach kpi_progress_end() too: PG_TRY and PG_FINALLY.
 */
extern void kpi_progress_begin(KpiProgress *progress, const char *work, int64 parts);
extern void kpi_progress_end(KpiProgress *progress);

/* Where it is now; cheap, so at every step. */
extern void kpi_progress_at(KpiProgress *progress, int64 part, int64 step);

#endif							/* KPI_PROGRESS_H */
