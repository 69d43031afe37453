/*
 * score.c
 *		What a clv_model says of a customer: p_alive, expected_purchases,
 *		expected_value, clv.
 *
 *		clv = P(alive) * discounted purchases (purchase.c) * value of a purchase
 *		(gamma_gamma.c), as in P. Fader, B. Hardie, K. Lee, "RFM and CLV" (2005), with
 *		purchases discounted at the moment they are made: by exp(-t ln(1+d)/365.25)
 *		after t days, d the discount per year.
 */
#include "model/score.h"

#include <math.h>

#include "utils/fmgrprotos.h"

#define DAYS_A_YEAR 365.25

double
kpi_horizon_days(DateADT as_of, Interval *horizon)
{
	Timestamp	start = (Timestamp) as_of * USECS_PER_DAY;
	Timestamp	end = start;

	if (!KPI_INTERVAL_NOT_FINITE(horizon))
		end = DatumGetTimestamp(DirectFunctionCall2(timestamp_pl_interval, TimestampGetDatum(start),
													IntervalPGetDatum(horizon)));
	if (KPI_INTERVAL_NOT_FINITE(horizon) || end < start)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon must be finite and not negative"),
				 errhint("Give the time to look ahead from as_of, such as interval '1 year'.")));
	return (double) (end - start) / USECS_PER_DAY;
}

static inline double
alive(const KpiClvModel *model, const KpiRfmFacts *facts)
{
	return kpi_alive(model->kind, model->purchases.theta, facts->x, facts->recency, facts->age);
}

bool
kpi_expected_value(const KpiClvModel *model, const KpiRfmFacts *facts, double *result)
{
	return (model->header.flags & KPI_CLV_VALUE) &&
		kpi_gamma_gamma_mean(model->spending.theta, facts->repeat_positive, facts->repeat_mean, result);
}

bool
kpi_clv(const KpiClvModel *model, const KpiRfmFacts *facts, double days, double per_day, double *result)
{
	double		value;

	if (!kpi_expected_value(model, facts, &value))
		return false;
	*result = value * alive(model, facts) *
		kpi_discounted_purchases(model->kind, model->purchases.theta, facts->x, facts->age, days, per_day);
	return true;
}

/* The model in argument 0 and the facts of arguments 1, 2; NULL for a customer who hasn't bought. */
static inline const KpiClvModel *
customer(FunctionCallInfo fcinfo, KpiRfmFacts *facts)
{
	const KpiClvModel *model = kpi_clv_model(PG_GETARG_DATUM(0));

	if (unlikely(model->kind == KPI_SBG))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model %s is one of contracts, not of purchases", kpi_model_names(model->kind)->name),
				 errhint("Fit a model of purchases with clv_fit(), or ask this one for survival() and retention().")));
	kpi_rfm_facts(PG_GETARG_DATUM(1), PG_GETARG_DATEADT(2), facts);
	return facts->usable ? model : NULL;
}

PG_FUNCTION_INFO_V1(kpi_p_alive);
Datum
kpi_p_alive(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	const KpiClvModel *model = customer(fcinfo, &facts);

	if (model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(alive(model, &facts));
}

PG_FUNCTION_INFO_V1(kpi_expected_purchases);
Datum
kpi_expected_purchases(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	double		days = 0;
	const KpiClvModel *model = customer(fcinfo, &facts);

	days = kpi_horizon_days(PG_GETARG_DATEADT(2), PG_GETARG_INTERVAL_P(3));
	if (model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(alive(model, &facts) *
					 kpi_purchases(model->kind, model->purchases.theta, facts.x, facts.age, days));
}

PG_FUNCTION_INFO_V1(kpi_expected_value_of_rfm);
Datum
kpi_expected_value_of_rfm(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	double		value;
	const KpiClvModel *model = customer(fcinfo, &facts);

	if (model == NULL || !kpi_expected_value(model, &facts, &value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

PG_FUNCTION_INFO_V1(kpi_clv_of_rfm);
Datum
kpi_clv_of_rfm(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	double		days;
	double		discount = PG_GETARG_FLOAT8(4);
	double		value;
	const KpiClvModel *model = customer(fcinfo, &facts);

	days = kpi_horizon_days(PG_GETARG_DATEADT(2), PG_GETARG_INTERVAL_P(3));
	if (!(discount >= 0 && isfinite(discount)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discount %g is not a rate per year", discount),
				 errhint("Give a fraction from 0 on, such as 0.1 for 10 percent a year.")));
	if (model == NULL || !kpi_clv(model, &facts, days, log1p(discount) / DAYS_A_YEAR, &value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}
