/*
 * rows.h
 *		Giving rows back: many from a set-returning function, or one of numbers.
 */
#ifndef KPI_ROWS_H
#define KPI_ROWS_H

#include "core/server/compat.h"

#include "fmgr.h"

/* Many rows, in materialize mode: begin, put each of them, and return (Datum) 0. */
extern void kpi_rows_begin(FunctionCallInfo fcinfo);
extern void kpi_rows_put(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

/* One row of double precision columns. */
extern Datum kpi_row(FunctionCallInfo fcinfo, int columns, const double *values);

#endif							/* KPI_ROWS_H */
