/*
 * prediction.c
 *		Intervals of what a clv_model expects: expected_purchases_interval, clv_interval,
 *		and their ends as plain numbers.
 *
 *		Delta method: with g the slope of ln(expected) by the logarithms of the parameters
 *		and V the covariance of their estimates, ln(expected) has variance g' V g, and
 *		the interval is expected * exp(-/+ z sqrt(g' V g)).  Slopes are central differences
 *		of step 1e-4, whose error is about 1e-8.  The models of purchases and of value are
 *		fitted apart, so that their variances add up.  It is the interval of what is
 *		expected, for lack of customers to fit to; not of what one customer will do, whose
 *		luck comes on top.
 */
#include "model/score.h"

#include "core/number/stats.h"

#include <math.h>

#define PREDICTION_STEP 1e-4

/* What is asked of a customer. */
typedef struct Prediction
{
	KpiClvModel model;			/* a copy, in which parameters are moved */
	KpiRfmFacts facts;
	double		days;
	double		per_day;		/* discount */
} Prediction;

/* A function of a prediction whose logarithm's variance is asked for. */
typedef double (*PredictionOf) (const Prediction *prediction);

static double
prediction_purchases(const Prediction *prediction)
{
	return kpi_expected(&prediction->model, &prediction->facts, prediction->days, prediction->per_day);
}

/* Not a number where there is none. */
static double
prediction_value(const Prediction *prediction)
{
	double		value;

	return kpi_expected_value(&prediction->model, &prediction->facts, &value) ? value : NAN;
}

/*
 * prediction_variance() -
 *
 *	The variance of the logarithm of what a part of the model expects, by its n
 *	parameters; not a number where it is not known.
 */
static double
prediction_variance(Prediction *prediction, PredictionOf expected, int n, KpiClvPart *part, const double *correlation)
{
	double		by[KPI_MAX_PARAMETERS];
	double		variance = 0;

	for (int i = 0; i < n; i++)
	{
		double		theta = part->theta[i];
		double		change;

		part->theta[i] = theta * exp(PREDICTION_STEP);
		change = log(expected(prediction));
		part->theta[i] = theta * exp(-PREDICTION_STEP);
		change -= log(expected(prediction));
		part->theta[i] = theta;
		/* in standard errors of the parameter's logarithm */
		by[i] = change / (2 * PREDICTION_STEP) * (part->error[i] / theta);
		variance += by[i] * by[i];
	}
	for (int i = 0; i < n; i++)
		for (int j = i + 1; j < n; j++)
			variance += 2 * by[i] * by[j] * *correlation++;
	return variance < 0 ? 0 : variance;
}

/*
 * prediction_bounds() -
 *
 *	Both ends of the interval of arguments 0 to 3, and of the discount, if it is one of
 *	the value, for the confidence in the argument after them; false for a customer who
 *	hasn't bought and a model without value.  22023 for a model of contracts or without
 *	correlations and a confidence that is none; errors of kpi_horizon_days() and
 *	kpi_discount_a_day().
 */
static bool
prediction_bounds(FunctionCallInfo fcinfo, bool of_value, double *bounds)
{
	Prediction	prediction;
	const KpiClvModel *model = kpi_score_customer(fcinfo, &prediction.facts);
	double		z = kpi_z(PG_GETARG_FLOAT8(of_value ? 5 : 4));
	double		expected;
	double		variance;

	prediction.days = kpi_horizon_days(PG_GETARG_DATEADT(2), PG_GETARG_INTERVAL_P(3));
	prediction.per_day = of_value ? kpi_discount_a_day(PG_GETARG_FLOAT8(4)) : 0;
	if (model == NULL || (of_value && !(model->header.flags & KPI_CLV_VALUE)))
		return false;
	if (!kpi_has_correlations(model))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model has no correlations of its parameters, which an interval needs"),
				 errhint("Fit it again with clv_fit(): models of version 0.1.0 do not keep them.")));
	prediction.model = *model;
	expected = prediction_purchases(&prediction);
	variance = prediction_variance(&prediction, prediction_purchases, kpi_model_names(model->kind)->parameters,
								   &prediction.model.purchases, prediction.model.correlation);
	if (of_value)
	{
		double		value = prediction_value(&prediction);

		if (isnan(value))
			return false;
		expected *= value;
		variance += prediction_variance(&prediction, prediction_value, kpi_gamma_gamma_names.parameters,
										&prediction.model.spending, prediction.model.correlation_of_value);
	}
	/* nothing is expected within no time, for certain */
	if (expected == 0)
		bounds[0] = bounds[1] = 0;
	else
	{
		double		reach = isnan(variance) ? INFINITY : z * sqrt(variance);

		bounds[0] = expected * exp(-reach);
		bounds[1] = expected * exp(reach);
	}
	return true;
}

/* KpiFindBounds of expected_purchases(m, r, as_of, horizon), and of clv(m, r, as_of, horizon, discount). */
static bool
prediction_of_purchases(FunctionCallInfo fcinfo, double bounds[2])
{
	return prediction_bounds(fcinfo, false, bounds);
}

static bool
prediction_of_clv(FunctionCallInfo fcinfo, double bounds[2])
{
	return prediction_bounds(fcinfo, true, bounds);
}

/* expected_purchases_interval(m, r, as_of, horizon, confidence), and its ends */
KPI_FUNCTION(kpi_expected_purchases_interval, kpi_interval_row(fcinfo, prediction_of_purchases))
KPI_FUNCTION(kpi_expected_purchases_lower, kpi_interval_bound(fcinfo, prediction_of_purchases, KPI_LOWER))
KPI_FUNCTION(kpi_expected_purchases_upper, kpi_interval_bound(fcinfo, prediction_of_purchases, KPI_UPPER))

/* clv_interval(m, r, as_of, horizon, discount, confidence), and its ends */
KPI_FUNCTION(kpi_clv_interval, kpi_interval_row(fcinfo, prediction_of_clv))
KPI_FUNCTION(kpi_clv_lower, kpi_interval_bound(fcinfo, prediction_of_clv, KPI_LOWER))
KPI_FUNCTION(kpi_clv_upper, kpi_interval_bound(fcinfo, prediction_of_clv, KPI_UPPER))
