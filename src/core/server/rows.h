/*
 * rows.h
 *		Giving rows back: many from a set-returning function, or one.
 */
#ifndef KPI_ROWS_H
#define KPI_ROWS_H

#include "core/server/compat.h"

#include "fmgr.h"

/* Many rows, in materialize mode: begin, put each of them, and return (Datum) 0. */
extern void kpi_rows_begin(FunctionCallInfo fcinfo);
extern void kpi_rows_put(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

/*
 * Rows by cohort and age, as a triangle: of n cohorts the first has n ages, the next
 * n - 1, ...  The place of a cohort's age 0; the number of places is that of cohort n.
 */
static inline int64
kpi_triangle(int64 n, int64 cohort)
{
	return cohort * n - cohort * (cohort - 1) / 2;
}

/* One row, and one of double precision columns. */
extern Datum kpi_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls);
extern Datum kpi_row_of_doubles(FunctionCallInfo fcinfo, int columns, const double *values);

#endif							/* KPI_ROWS_H */
