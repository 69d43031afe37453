/*
 * source.h
 *		The table or view that gives a KPI its numbers: which of the columns that
 *		have a meaning it has.
 */
#ifndef KPI_SCORECARD_SOURCE_H
#define KPI_SCORECARD_SOURCE_H

#include "core/time/period.h"

typedef enum KpiKind
{
	KPI_KIND_FLOW,
	KPI_KIND_RATIO,
	KPI_KIND_STOCK,
	KPI_KIND_AVERAGE,
	KPI_KIND_SURVEY
} KpiKind;

/* The type of each column without its domain, InvalidOid if there is no such column. */
typedef struct KpiSource
{
	Oid			period;
	Oid			segment;
	Oid			value;
	Oid			numerator;		/* both or none */
	Oid			denominator;
	Oid			n;
	Oid			margin;
} KpiSource;

extern KpiKind kpi_kind_from_text(const text *kind);

/* 22023 if the relation can't be the source of such a KPI, 42P01 if there is none. */
extern void kpi_source_describe(Oid relation, KpiKind kind, bool needs_n, KpiSource *source);

/*
 * source_query.c: the query that gives one row for each period and segment, and
 * for the total, with these columns.
 */
typedef enum KpiRow
{
	KPI_ROW_PERIOD,				/* date */
	KPI_ROW_SEGMENT,			/* text, '' is the total */
	KPI_ROW_VALUE,				/* the rest double precision */
	KPI_ROW_NUMERATOR,
	KPI_ROW_DENOMINATOR,
	KPI_ROW_N,
	KPI_ROW_MARGIN,
	KPI_ROW_PART,				/* sum up to the day a year before as_of; NULL if all rows are of one day */
	KPI_ROWS
} KpiRow;

/* its parameter $1, a date[] */
extern Datum kpi_source_periods(KpiUnit unit, DateADT as_of);
extern char *kpi_source_query(const KpiSource *source, const char *name, KpiKind kind, KpiUnit unit, DateADT as_of);

#endif							/* KPI_SCORECARD_SOURCE_H */
