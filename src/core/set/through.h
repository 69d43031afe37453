/*
 * through.h
 *		The last day that is known: what a set of contracts remembers, and up to which
 *		period an accessor shows a set.
 *
 *		A contract goes on by itself, so that a set of contracts must say up to which day
 *		it was looked at, through: a string after the zone, the day's number since
 *		2000-01-01.  A set of events says nothing: they are known up to as_of, and without
 *		it up to some day of the last period that has any.
 */
#ifndef KPI_THROUGH_H
#define KPI_THROUGH_H

#include "core/set/set.h"
#include "core/time/days.h"

/* A day as a string of a set, with its NUL. */
typedef struct KpiThrough
{
	char		string[16];
	int			length;
} KpiThrough;

extern KpiThrough kpi_through_string(DateADT day);
extern bool kpi_through_of_string(const char *string, DateADT *day);

extern void kpi_through_differs(const KpiSetType *type, const char *before,
								const char *now) pg_attribute_noreturn();

/* Up to where a set is known. */
typedef struct KpiKnown
{
	int64		end;			/* the last period that is shown */
	int64		complete;		/* the last that has ended */
} KpiKnown;

extern bool kpi_known_by_day(FunctionCallInfo fcinfo, int argument, const KpiSetType *type, const KpiSet *set,
							 KpiKnown *known);
extern KpiKnown kpi_known_by_data(int64 last);
extern int64 kpi_contract_end(KpiUnit unit, const KpiDays *during, DateADT through);

#endif							/* KPI_THROUGH_H */
