/*
 * contract.c
 *		Contracts: the shifted beta-geometric model (P. Fader, B. Hardie, J. of Interactive
 *		Marketing 21, 2007) and what it says of the time to come.
 *
 *		A customer does not renew with a probability of their own, Beta(alpha, beta), at
 *		the end of each period.  S(t) = B(alpha, beta+t)/B(alpha, beta);
 *		P(t) = S(t-1) - S(t) = alpha (beta)_(t-1)/(alpha+beta)_t.
 *		Residual lifetime (P. Fader, B. Hardie, Marketing Science 29, 2010): of those who
 *		stayed t periods the sum over k >= 1 of S(t+k)/S(t) (1+d)^-(k-1), which is
 *		(beta+t)/(alpha+beta+t) 2F1(1, beta+t+1; alpha+beta+t+1; 1/(1+d)), and the mean of
 *		(1+d) (1-p)/(d+p) over p of Beta(alpha, beta+t).
 */
#include "model/clv_model.h"

#include "model/special.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/array.h"

typedef struct ContractSurvivors
{
	int			periods;
	const int64 *count;			/* periods + 1 */
} ContractSurvivors;

/* KpiLikelihood of Survivors; parameters alpha, beta. */
static void
contract_likelihood(const void *survivors, const double *theta, KpiPoint *point)
{
	const ContractSurvivors *data = survivors;
	double		alpha = theta[0];
	double		beta = theta[1];

	/*
	 * In ln P(t) and in ln S(T) each factor of (beta)_k and (alpha+beta)_k counts once for
	 * everybody who got that far.
	 */
	for (int t = 1; t <= data->periods; t++)
	{
		double		lost = (double) (data->count[t - 1] - data->count[t]);
		double		there = (double) data->count[t - 1];
		double		stayed = (double) data->count[t];
		double		both = alpha + beta + t - 1;
		double		only = beta + t - 1;

		point->value += lost * log(alpha) + stayed * log(only) - there * log(both);
		point->gradient[0] += lost / alpha - there / both;
		point->gradient[1] += stayed / only - there / both;
		point->hessian[0][0] += there / (both * both) - lost / (alpha * alpha);
		point->hessian[0][1] += there / (both * both);
		point->hessian[1][1] += there / (both * both) - stayed / (only * only);
	}
}

/*
 * kpi_sbg_fit() - sbg_fit(survivors)
 *
 *	The model, in the current memory context; NULL where the data have too few
 *	periods, or no finite optimum.  22023 for what is no list of survivors, 22000
 *	where the fit does not converge.
 */
PG_FUNCTION_INFO_V1(kpi_sbg_fit);
Datum
kpi_sbg_fit(PG_FUNCTION_ARGS)
{
	static const double start[][KPI_MAX_PARAMETERS] = {{1, 1}, {0.5, 4}, {4, 4}};
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *datums;
	int			n;
	int64	   *count;
	ContractSurvivors data;
	KpiMaximised best;
	KpiClvModel *model;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("survivors must be an array of one dimension without NULL"),
				 errhint("Give how many of the first customers are left after 0, 1, 2, ... periods.")));
	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &datums, NULL, &n);
	count = palloc(Max(n, 1) * sizeof(int64));
	for (int i = 0; i < n; i++)
		count[i] = DatumGetInt64(datums[i]);
	for (int i = 0; i < n; i++)
		if (count[i] < 0 || count[i] > KPI_MAX_COUNT || (i > 0 && count[i] > count[i - 1]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("survivors %lld after %d periods are out of range", (long long) count[i], i),
					 errdetail("The number of customers left is not negative and never grows."),
					 errhint("Give how many of the first customers are left after 0, 1, 2, ... periods.")));
	/* two parameters take two periods with customers at their start, and somebody who left */
	if (n < 3 || count[1] == 0 || count[n - 1] == count[0])
	{
		ereport(WARNING,
				(errmsg("no model of sbg: %s",
						n < 3 ? psprintf("survivors after %d periods are too few, it needs 0, 1 and 2 at least", n) :
						count[0] == 0 ? "there are no customers" :
						count[1] == 0 ? "nobody stayed after the first period" : "nobody left"),
				 errhint("Give how many of the first customers are left after 0, 1, 2, ... periods.")));
		PG_RETURN_NULL();
	}
	data.periods = n - 1;
	data.count = count;
	kpi_maximise(kpi_model_names(KPI_SBG)->name, 2, contract_likelihood, &data, NULL, lengthof(start), start, &best);
	if (!kpi_has_optimum(kpi_model_names(KPI_SBG), &best, WARNING, "", NULL,
						 "Fit more customers, or more periods; where nearly all stay or leave alike, a constant rate says the same."))
		PG_RETURN_NULL();
	model = kpi_flat_new(&kpi_clv_model_type, offsetof(KpiClvModel, correlation));
	model->kind = KPI_SBG;
	model->purchases.customers = count[0];
	memcpy(model->purchases.theta, best.theta, 2 * sizeof(double));
	memcpy(model->purchases.error, best.error, 2 * sizeof(double));
	model->purchases.value = best.value;
	PG_RETURN_POINTER(model);
}

/* alpha and beta of the model in argument 0; they lie there.  22023 for a model of purchases. */
static const double *
contract_parameters(FunctionCallInfo fcinfo)
{
	KpiClvModel *model = kpi_clv_model(PG_GETARG_DATUM(0));

	if (model->kind != KPI_SBG)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model %s is one of purchases, not of contracts", kpi_model_names(model->kind)->name),
				 errhint("Fit a model of contracts with sbg_fit(), or ask this one for p_alive() and expected_purchases().")));
	return model->purchases.theta;
}

/* The number of periods in argument 1; 22023 below the least. */
static int
contract_period(FunctionCallInfo fcinfo, int least)
{
	int32		t = PG_GETARG_INT32(1);

	if (t < least)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of periods %d is below %d", t, least)));
	return t;
}

/*
 * kpi_survival() - survival(m, t)
 *
 *	The share of customers who stay t periods.  22023 for a model of purchases, and
 *	below 0.
 */
PG_FUNCTION_INFO_V1(kpi_survival);
Datum
kpi_survival(PG_FUNCTION_ARGS)
{
	const double *theta = contract_parameters(fcinfo);
	int			t = contract_period(fcinfo, 0);

	PG_RETURN_FLOAT8(kpi_beta_survival(theta[0], theta[1], t));
}

/*
 * kpi_retention() - retention(m, t)
 *
 *	The share of those who were there in period t - 1 that stays for period t.
 *	22023 for a model of purchases, and below 1.
 */
PG_FUNCTION_INFO_V1(kpi_retention);
Datum
kpi_retention(PG_FUNCTION_ARGS)
{
	const double *theta = contract_parameters(fcinfo);
	int			t = contract_period(fcinfo, 1);

	PG_RETURN_FLOAT8((theta[1] + (t - 1)) / (theta[0] + (theta[1] + (t - 1))));
}

/*
 * kpi_residual_lifetime() - residual_lifetime(m, t, discount)
 *
 *	The periods to expect of a customer who stayed t of them; NULL where they are
 *	infinite.  22023 for a model of purchases, t below 0 and a discount that is
 *	negative or not finite; 22003 where the result is not finite.
 */
PG_FUNCTION_INFO_V1(kpi_residual_lifetime);
Datum
kpi_residual_lifetime(PG_FUNCTION_ARGS)
{
	const double *theta = contract_parameters(fcinfo);
	int			t = contract_period(fcinfo, 0);
	double		discount = PG_GETARG_FLOAT8(2);
	double		stays = theta[1] + t;
	double		result;

	if (!(discount >= 0 && isfinite(discount)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("discount %g is not a rate per period", discount),
				 errhint("Give a fraction from 0 on, such as 0.1 for 10 percent a period.")));
	if (discount == 0)
	{
		/* those who never leave make it infinite */
		if (theta[0] <= 1)
			PG_RETURN_NULL();
		PG_RETURN_FLOAT8(stays / (theta[0] - 1));
	}
	result = kpi_beta_renewals(theta[0], stays, discount);
	if (!isfinite(result))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("residual lifetime at discount %g is out of range", discount)));
	PG_RETURN_FLOAT8(result);
}
