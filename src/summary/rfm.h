/*
 * rfm.h
 *		rfm, one customer's days of purchase, for the files that read it.
 */
#ifndef KPI_RFM_H
#define KPI_RFM_H

#include "core/form/flat.h"

#include "utils/date.h"

/*
 * What the purchase models need of one customer, of the days up to as_of.  A
 * purchase day has a sum of zero or more; days with a negative sum are returns,
 * which count nowhere else.
 */
typedef struct KpiRfmFacts
{
	int32		x;				/* frequency: purchase days after the first one */
	int32		recency;		/* t_x: last purchase day - first, in days */
	int32		age;			/* T: as_of - first purchase day, in days */
	int32		repeat_positive;	/* repeat days with a positive sum */
	int32		returns;		/* days with a negative sum */
	double		repeat_mean;	/* mean sum of the positive repeat days; 0 when there is none */
	bool		usable;			/* at least one purchase by as_of; else the others but returns are 0 */
} KpiRfmFacts;

extern void kpi_rfm_facts(Datum rfm, DateADT as_of, KpiRfmFacts *facts);

#endif							/* KPI_RFM_H */
