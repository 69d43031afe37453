/*
 * source.h
 *		The table or view that gives a KPI its numbers: which of the columns that
 *		have a meaning it has.
 */
#ifndef KPI_SCORECARD_SOURCE_H
#define KPI_SCORECARD_SOURCE_H

#include "core/compat.h"

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

/* 22023 if the relation can't be the source of such a KPI. */
extern void kpi_source_describe(Oid relation, KpiKind kind, bool needs_n, KpiSource *source);

#endif							/* KPI_SCORECARD_SOURCE_H */
