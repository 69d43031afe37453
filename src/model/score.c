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

#include "core/server/int128.h"
#include "core/time/zone.h"

#include <math.h>

#include "common/int.h"
#include "utils/datetime.h"

#define SCORE_DAYS_A_YEAR 365.25

/* Is a day one that a timestamp can hold? */
static inline bool
score_is_timestamp_day(int64 day)
{
	return day >= DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE && day < TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE;
}

/*
 * kpi_days_ahead() -
 *
 *	Days from as_of on that an interval spans, as timestamp + interval: months
 *	first, cut to the length of the month, then days, then time.  NaN where a
 *	timestamp on the way is out of range or the horizon is infinite.
 */
double
kpi_days_ahead(DateADT as_of, const Interval *horizon)
{
	int64		day = as_of;
	int64		end;

	if (KPI_INTERVAL_NOT_FINITE(horizon) || !score_is_timestamp_day(day))
		return NAN;
	if (horizon->month != 0)
	{
		int			year;
		int			month;
		int			of_month;
		int64		months;

		j2date(as_of + POSTGRES_EPOCH_JDATE, &year, &month, &of_month);
		months = (int64) year * 12 + (month - 1) + horizon->month;
		if (months < -5000 * 12 || months > 300000 * 12)
			return NAN;
		year = (int) ((months + 5000 * 12) / 12) - 5000;
		month = (int) ((months + 5000 * 12) % 12);
		day = date2j(year, month + 1, Min(of_month, day_tab[isleap(year)][month])) - POSTGRES_EPOCH_JDATE;
		if (!score_is_timestamp_day(day))
			return NAN;
	}
	day += horizon->day;
	if (!score_is_timestamp_day(day))
		return NAN;
	if (pg_add_s64_overflow(day * USECS_PER_DAY, horizon->time, &end) || !IS_VALID_TIMESTAMP(end))
		return NAN;
	/* both are timestamps, but the difference may not fit */
	return (double) ((KpiInt128) end - (KpiInt128) as_of * USECS_PER_DAY) / USECS_PER_DAY;
}

/* The same, checked: 22008 where it is NaN, 22023 where the horizon is infinite or the days negative. */
double
kpi_horizon_days(DateADT as_of, Interval *horizon)
{
	double		days = kpi_days_ahead(as_of, horizon);

	if (KPI_INTERVAL_NOT_FINITE(horizon) || days < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("horizon must be finite and not negative"),
				 errhint("Give the time to look ahead from as_of, such as interval '1 year'.")));
	if (isnan(days))
		kpi_time_out_of_range("timestamp", "as_of + horizon is beyond what a timestamp holds.");
	return days;
}

/* A discount per year as a rate per day, by which exp(-rate t) discounts what comes after t days. */
double
kpi_discount_a_day(double discount)
{
	if (!(discount >= 0 && isfinite(discount)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discount %g is not a rate per year", discount),
				 errhint("Give a fraction from 0 on, such as 0.1 for 10 percent a year.")));
	return log1p(discount) / SCORE_DAYS_A_YEAR;
}

/* The probability that a customer will still buy. */
static inline double
score_alive(const KpiClvModel *model, const KpiRfmFacts *facts)
{
	return kpi_alive(model->kind, model->purchases.theta, facts->x, facts->recency, facts->age);
}

/* Purchases to expect in so many days, discounted by exp(-per_day * t). */
double
kpi_expected(const KpiClvModel *model, const KpiRfmFacts *facts, double days, double per_day)
{
	return score_alive(model, facts) *
		kpi_discounted_purchases(model->kind, model->purchases.theta, facts->x, facts->age, days, per_day);
}

/* The value to expect of a purchase; false where the model has none. */
bool
kpi_expected_value(const KpiClvModel *model, const KpiRfmFacts *facts, double *result)
{
	return (model->header.flags & KPI_CLV_VALUE) &&
		kpi_gamma_gamma_mean(model->spending.theta, facts->repeat_positive, facts->repeat_mean, result);
}

/*
 * kpi_clv() -
 *
 *	The value to expect of all purchases in so many days, each discounted by
 *	exp(-per_day * t) after t days; false where the model has no value of a purchase.
 */
bool
kpi_clv(const KpiClvModel *model, const KpiRfmFacts *facts, double days, double per_day, double *result)
{
	double		value;

	if (!kpi_expected_value(model, facts, &value))
		return false;
	*result = value * kpi_expected(model, facts, days, per_day);
	return true;
}

/*
 * kpi_score_customer() -
 *
 *	The model in argument 0, and the facts of the customer in arguments 1 and 2;
 *	NULL for one who hasn't bought.  22023 for a model of contracts.
 */
const KpiClvModel *
kpi_score_customer(FunctionCallInfo fcinfo, KpiRfmFacts *facts)
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

/*
 * kpi_p_alive() - p_alive(m, r, as_of)
 *
 *	NULL for a customer who hasn't bought.  22023 for a model of contracts.
 */
PG_FUNCTION_INFO_V1(kpi_p_alive);
Datum
kpi_p_alive(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	const KpiClvModel *model = kpi_score_customer(fcinfo, &facts);

	if (model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score_alive(model, &facts));
}

/*
 * kpi_expected_purchases() - expected_purchases(m, r, as_of, horizon)
 *
 *	NULL for a customer who hasn't bought.  22023 for a model of contracts; errors
 *	of kpi_horizon_days().
 */
PG_FUNCTION_INFO_V1(kpi_expected_purchases);
Datum
kpi_expected_purchases(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	double		days = 0;
	const KpiClvModel *model = kpi_score_customer(fcinfo, &facts);

	days = kpi_horizon_days(PG_GETARG_DATEADT(2), PG_GETARG_INTERVAL_P(3));
	if (model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(kpi_expected(model, &facts, days, 0));
}

/*
 * kpi_expected_value_of_rfm() - expected_value(m, r, as_of)
 *
 *	NULL for a customer who hasn't bought, and where the model has no value.  22023
 *	for a model of contracts.
 */
PG_FUNCTION_INFO_V1(kpi_expected_value_of_rfm);
Datum
kpi_expected_value_of_rfm(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	double		value;
	const KpiClvModel *model = kpi_score_customer(fcinfo, &facts);

	if (model == NULL || !kpi_expected_value(model, &facts, &value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

/*
 * kpi_clv_of_rfm() - clv(m, r, as_of, horizon, discount)
 *
 *	NULL for a customer who hasn't bought, and where the model has no value.  22023
 *	for a model of contracts and a discount that is negative or not finite; errors
 *	of kpi_horizon_days().
 */
PG_FUNCTION_INFO_V1(kpi_clv_of_rfm);
Datum
kpi_clv_of_rfm(PG_FUNCTION_ARGS)
{
	KpiRfmFacts facts;
	double		days;
	double		per_day;
	double		value;
	const KpiClvModel *model = kpi_score_customer(fcinfo, &facts);

	days = kpi_horizon_days(PG_GETARG_DATEADT(2), PG_GETARG_INTERVAL_P(3));
	per_day = kpi_discount_a_day(PG_GETARG_FLOAT8(4));
	if (model == NULL || !kpi_clv(model, &facts, days, per_day, &value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}
