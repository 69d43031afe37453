/*
 * records.h
 *		Arrays of fixed-size records of 64-bit words, that begin with a customer's
 *		key: sorting, and merging a sorted prefix with an unsorted tail.
 */
#ifndef KPI_RECORDS_H
#define KPI_RECORDS_H

#include "core/server/compat.h"

/* What becomes of records that agree in the words sorted by. */
typedef enum KpiRecordsEqual
{
	KPI_RECORDS_KEEP,			/* all of them stay */
	KPI_RECORDS_DISTINCT,		/* one stays */
	KPI_RECORDS_ADD				/* the 128-bit integer in the two words that follow is added up */
} KpiRecordsEqual;

typedef struct KpiRecordsClass
{
	int			words;			/* of a record, 1 to 4 */
	int			sorted_by;		/* first words that give the order, unsigned */
	KpiRecordsEqual equal;
} KpiRecordsClass;

extern int64 kpi_records_sort(const KpiRecordsClass *class, uint64 *records, int64 n);
extern int64 kpi_records_compact(const KpiRecordsClass *class, uint64 *records, int64 sorted, int64 used);
extern int64 kpi_records_merge(const KpiRecordsClass *class, const uint64 *a, int64 n,
							   const uint64 *b, int64 m, uint64 *out);
extern bool kpi_records_follow(const KpiRecordsClass *class, const uint64 *a, int64 n, const uint64 *b);

#endif							/* KPI_RECORDS_H */
