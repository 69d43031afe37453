/*
 * fit.h
 *		Fitting a clv_model to customers, for the aggregates that do.
 */
#ifndef KPI_FIT_H
#define KPI_FIT_H

#include "core/set/set.h"
#include "model/clv_model.h"
#include "summary/rfm.h"

/*
 * A sample: records of four words.  A customer of frequency x, recency and age in days:
 * bigint key x * 2^32 + recency, time age.  Its repeat purchases of a positive value:
 * key -n, time the bits of their mean value as a double, which ascend with it.  In words
 * 2 and 3, 128 bits, how many there are.
 */
extern const KpiSetType kpi_clv_sample_type;

#define KPI_SAMPLE_WORDS 4

/* A customer's records, one or two: how many. */
extern int	kpi_sample_customer(const KpiRfmFacts *facts, uint64 *records);

/* What a fit is asked for. */
typedef struct KpiFitRequest
{
	int			kind;			/* KpiModelKind */
	DateADT		as_of;
	const KpiClvPrior *prior;	/* of the same kind; or NULL */
	const char *of;				/* who is among the customers, as the end of a message's detail; or NULL */
} KpiFitRequest;

/* A model of the records, sorted and without equal ones; NULL, with a WARNING that says why, where there is none. */
extern KpiClvModel *kpi_fit(const KpiFitRequest *request, const uint64 *records, int64 n);

#endif							/* KPI_FIT_H */
