/*
 * scan.h
 *		Reading the text form of a value, and writing it.  Every failure gives
 *		22P02 with the whole literal, what was wrong, and the form expected; it is
 *		a soft error where the server has them.
 */
#ifndef KPI_SCAN_H
#define KPI_SCAN_H

#include "core/form/flat.h"

typedef struct KpiScan
{
	const KpiType *type;
	const char *text;			/* the whole literal */
	const char *at;				/* where we are in it */
	const char *form;			/* the form, for the hint */
	Node	   *escontext;		/* takes a soft error, or NULL */
} KpiScan;

extern KpiScan kpi_scan_start(FunctionCallInfo fcinfo, const KpiType *type, const char *form);
extern bool kpi_scan_char(KpiScan *scan, char c);
extern bool kpi_scan_peek(KpiScan *scan, char c);
extern bool kpi_scan_word(KpiScan *scan, const char *word);
extern bool kpi_scan_int64(KpiScan *scan, int64 *value);
extern bool kpi_scan_double(KpiScan *scan, double *value);
extern bool kpi_scan_quoted(KpiScan *scan, StringInfo strings, int most);
extern bool kpi_scan_end(KpiScan *scan);
extern Datum kpi_scan_fail(KpiScan *scan, const char *reason);

/* The longest rest of a literal that a reason repeats. */
#define KPI_SCAN_REST 20

extern char *kpi_scan_shown(const char *text, int most);

extern void kpi_append_double(StringInfo out, double value);
extern void kpi_append_quoted(StringInfo out, const char *string);

#endif							/* KPI_SCAN_H */
