/*
 * score.h
 *		What a clv_model says of a customer.
 */
#ifndef KPI_SCORE_H
#define KPI_SCORE_H

#include "model/clv_model.h"
#include "summary/rfm.h"

#include "utils/timestamp.h"

/*
 * Days from as_of on that an interval spans: as_of + horizon - as_of.  kpi_days_ahead() gives NaN
 * where a timestamp on the way is out of range or the horizon is infinite; the other one raises
 * 22008 or 22023 there, and 22023 where it is negative.
 */
extern double kpi_days_ahead(DateADT as_of, const Interval *horizon);
extern double kpi_horizon_days(DateADT as_of, Interval *horizon);

/* A discount per year as a rate per day; 22023 for one that is negative or not finite. */
extern double kpi_discount_a_day(double discount);

/* A call's model and, in *facts, its customer, arguments 0 to 2; NULL for one who hasn't bought; 22023 for contracts. */
extern const KpiClvModel *kpi_score_customer(FunctionCallInfo fcinfo, KpiRfmFacts *facts);

/* Purchases to expect in so many days, discounted by exp(-per_day * t). */
extern double kpi_expected(const KpiClvModel *model, const KpiRfmFacts *facts, double days, double per_day);

/* Value to expect of a purchase, and of all in so many days; false where there is none. */
extern bool kpi_expected_value(const KpiClvModel *model, const KpiRfmFacts *facts, double *result);
extern bool kpi_clv(const KpiClvModel *model, const KpiRfmFacts *facts, double days, double per_day, double *result);

#endif							/* KPI_SCORE_H */
