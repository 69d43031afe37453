/*
 * fit.c
 *		Fitting a clv_model: starts, scaling, and what becomes of data that identify
 *		no parameters.
 *
 *		Time is divided by the mean age and money by the mean value, so that a
 *		parameter that leaves exp(-12) .. exp(12) has left every scale of the data.
 *		Log-likelihoods are given in days and the unit of money: that of n repeat
 *		purchases changes by n ln(unit of time), that of values by ln(unit of money) a
 *		customer.
 */
#include "model/fit.h"

#include <math.h>

/* Customers with a repeat purchase that a model needs. */
#define FIT_LEAST_REPEATERS 10

/* With more groups, starting points are tried on a part of them. */
#define FIT_MANY_GROUPS 5000

/* The bigint of a key. */
static inline int64
fit_bigint(uint64 word)
{
	return (int64) (word ^ (UINT64CONST(1) << 63));
}

/* Write a record of one customer. */
static inline void
fit_record(uint64 *words, int64 key, int64 time)
{
	KpiInt128	one = 1;

	words[0] = kpi_key_bigint(Int64GetDatum(key));
	words[1] = kpi_time_of_moment(time);
	memcpy(words + 2, &one, sizeof(one));
}

/*
 * kpi_sample_customer() -
 *
 *	Write a customer's records, which have room for two; how many there are, none
 *	for a customer without purchases.
 */
int
kpi_sample_customer(const KpiRfmFacts *facts, uint64 *records)
{
	int64		bits;

	if (!facts->usable)
		return 0;
	fit_record(records, ((int64) facts->x << 32) + facts->recency, facts->age);
	if (facts->repeat_positive == 0 || facts->repeat_mean <= 0)
		return 1;
	memcpy(&bits, &facts->repeat_mean, sizeof(bits));
	fit_record(records + KPI_SAMPLE_WORDS, -(int64) facts->repeat_positive, bits);
	return 2;
}

/* How many customers a record stands for. */
static double
fit_count(const uint64 *words)
{
	KpiInt128	count;

	memcpy(&count, words + 2, sizeof(count));
	return (double) count;
}

/*
 * fit_thin() -
 *
 *	Keep every few groups, spread over all, at most FIT_MANY_GROUPS; sums of n stay
 *	in proportion, which is all that a start needs.
 */
static int64
fit_thin(const KpiPurchaseGroup *group, int64 n, KpiPurchaseGroup *part)
{
	int64		every = n / (FIT_MANY_GROUPS / 2) + 1;
	int64		kept = 0;

	for (int64 i = 0; i < n; i += every)
		part[kept++] = group[i];
	return kept;
}

/* Did it converge?  Else a WARNING that there is no finite optimum; 22000 when no fit was reached. */
bool
kpi_has_optimum(const KpiModelNames *model, const KpiMaximised *result)
{
	switch (result->outcome)
	{
		case KPI_CONVERGED:
			return true;
		case KPI_BOUNDARY:
			ereport(WARNING,
					(errmsg("the data have no finite optimum of %s: parameter %s drifted to %s",
							model->name, model->parameter[result->drifted],
							result->theta[result->drifted] > 1 ? "infinity" : "zero"),
					 errhint("Fit more customers, a longer time, or a simpler model.")));
			return false;
		case KPI_FLAT:
			ereport(WARNING,
					(errmsg("the data do not identify the parameters of %s", model->name),
					 errhint("Fit more customers, a longer time, or a simpler model.")));
			return false;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("the fit of %s did not converge", model->name),
					 errdetail("After %d steps the log-likelihood is %.15g, and Newton's decrement %g.",
							   result->steps, result->value, result->decrement)));
	}
	return false;
}

/*
 * fit_checked_count() -
 *
 *	The number of customers of a model that is read back: no more than rows are
 *	counted, nor more with a value than there are.  22003 beyond.
 */
static int64
fit_checked_count(double customers, double most)
{
	if (customers > most)
		kpi_counts_overflow(kpi_clv_model_type.name);
	return (int64) customers;
}

/* Put what was found into a part of a model. */
static void
fit_keep(const KpiModelNames *model, const KpiMaximised *result, KpiClvPart *part)
{
	memcpy(part->theta, result->theta, model->parameters * sizeof(double));
	memcpy(part->error, result->error, model->parameters * sizeof(double));
	part->value = result->value;
}

/*
 * fit_purchases() -
 *
 *	Fit a model of purchases to the groups, whose times are divided by their mean
 *	age on the way.  False where there is none; 22003 for too many customers, 22000
 *	where the fit does not converge.
 */
static bool
fit_purchases(KpiModelKind kind, KpiPurchaseGroup *group, int64 n, KpiClvPart *part)
{
	const KpiModelNames *model = kpi_model_names(kind);
	KpiLikelihood likelihood = kind == KPI_PARETO_NBD ? kpi_paretonbd_likelihood : kpi_bgnbd_likelihood;
	KpiPurchases data = {kind, n, group};
	double		customers = 0;
	double		repeaters = 0;
	double		purchases = 0;
	double		squares = 0;
	double		age = 0;
	double		r;
	double		alpha;
	double		spread;
	double		unit;
	KpiMaximised result;

	for (int64 i = 0; i < n; i++)
	{
		customers += group[i].n;
		repeaters += group[i].x > 0 ? group[i].n : 0;
		purchases += group[i].n * group[i].x;
		squares += group[i].n * group[i].x * group[i].x;
		age += group[i].n * group[i].age;
	}
	part->customers = fit_checked_count(customers, KPI_MAX_COUNT);
	if (repeaters < FIT_LEAST_REPEATERS)
		return false;
	unit = age / customers;
	for (int64 i = 0; i < n; i++)
	{
		group[i].recency /= unit;
		group[i].age /= unit;
	}

	/* from the moments of the negative binomial distribution, which knows of no dropping out */
	purchases /= customers;
	spread = squares / customers - purchases * purchases;
	r = spread > purchases ? purchases * purchases / (spread - purchases) : 10;
	r = Max(Min(r, 10), 0.05);
	alpha = r / purchases;
	{
		const double start[][KPI_MAX_PARAMETERS] = {
			{r, alpha, 1, kind == KPI_PARETO_NBD ? 1 : 3},
			{r / 2, alpha / 4, 0.3, kind == KPI_PARETO_NBD ? 0.3 : 1},
			{2 * r, alpha, 2, 20},
			/* lost with nearly the same probability, 1 in so many purchases */
			{2 * r, alpha, kind == KPI_PARETO_NBD ? 20 : 50, kind == KPI_PARETO_NBD ? 20 : 50 * (1 + purchases)},
		};

		if (n > FIT_MANY_GROUPS)
		{
			KpiPurchaseGroup *few = palloc(FIT_MANY_GROUPS * sizeof(*few));
			KpiPurchases part_of_data = {kind, fit_thin(group, n, few), few};

			kpi_maximise(model->name, model->parameters, likelihood, &part_of_data, lengthof(start), start, &result);
			/* from there, unless it lies on the edge */
			kpi_maximise(model->name, model->parameters, likelihood, &data, 1,
					 result.outcome == KPI_CONVERGED ? (const double (*)[KPI_MAX_PARAMETERS]) &result.theta : start, &result);
			pfree(few);
		}
		else
			kpi_maximise(model->name, model->parameters, likelihood, &data, lengthof(start), start, &result);
	}
	if (!kpi_has_optimum(model, &result))
		return false;
	result.theta[1] *= unit;
	result.error[1] *= unit;
	if (kind == KPI_PARETO_NBD)
	{
		result.theta[3] *= unit;
		result.error[3] *= unit;
	}
	result.value -= purchases * customers * log(unit);
	fit_keep(model, &result, part);
	return true;
}

/*
 * fit_spending() -
 *
 *	Fit a model of their value, `most` being the customers of the model of
 *	purchases.  The means are divided by their own mean on the way.  False and
 *	errors as fit_purchases().
 */
static bool
fit_spending(KpiSpendGroup *group, int64 n, int64 most, KpiClvPart *part)
{
	static const double start[][KPI_MAX_PARAMETERS] = {{2, 4, 1.5}, {10, 2, 0.1}, {0.5, 8, 14}};
	KpiSpends	data = {n, group};
	double		customers = 0;
	double		unit = 0;
	KpiMaximised result;

	for (int64 i = 0; i < n; i++)
		customers += group[i].n;
	part->customers = fit_checked_count(customers, most);
	if (customers < FIT_LEAST_REPEATERS)
		return false;
	/* a mean of what may be large */
	for (int64 i = 0; i < n; i++)
		unit += group[i].mean * (group[i].n / customers);
	if (!(unit > 1e-30 && unit < 1e39))
		return false;
	for (int64 i = 0; i < n; i++)
		group[i].mean /= unit;
	kpi_maximise(kpi_gamma_gamma_names.name, 3, kpi_gamma_gamma_likelihood, &data, lengthof(start), start, &result);
	if (!kpi_has_optimum(&kpi_gamma_gamma_names, &result))
		return false;
	result.theta[2] *= unit;
	result.error[2] *= unit;
	result.value -= customers * log(unit);
	fit_keep(&kpi_gamma_gamma_names, &result, part);
	if (result.theta[1] <= 1)
		ereport(WARNING,
				(errmsg("gamma-gamma has no mean value of a purchase: parameter q is %g, not above 1", result.theta[1]),
				 errhint("Look for a few very large amounts; customers without a repeat purchase get no value.")));
	return true;
}

/*
 * kpi_fit() -
 *
 *	A model of the records, which are sorted and without equal ones, in the current
 *	memory context; NULL where there is none, with a WARNING where the data have no
 *	finite optimum.  Errors are those of fit_purchases().
 */
KpiClvModel *
kpi_fit(KpiModelKind kind, const uint64 *records, int64 n)
{
	KpiClvModel *model = kpi_flat_new(&kpi_clv_model_type, sizeof(KpiClvModel));
	KpiPurchaseGroup *group;
	KpiSpendGroup *spend;
	int64		spends = 0;
	bool		fitted;

	/* in order of the keys spends come first */
	while (spends < n && fit_bigint(records[spends * KPI_SAMPLE_WORDS]) < 0)
		spends++;
	spend = MemoryContextAllocHuge(CurrentMemoryContext, Max(spends, 1) * sizeof(*spend));
	group = MemoryContextAllocHuge(CurrentMemoryContext, Max(n - spends, 1) * sizeof(*group));
	for (int64 i = 0; i < n; i++, records += KPI_SAMPLE_WORDS)
	{
		int64		key = fit_bigint(records[0]);
		int64		time = kpi_moment_of_time(records[1]);

		if (i < spends)
		{
			spend[i].x = (int32) -key;
			memcpy(&spend[i].mean, &time, sizeof(time));
			spend[i].n = fit_count(records);
		}
		else
		{
			KpiPurchaseGroup *at = &group[i - spends];

			at->x = (int32) (key >> 32);
			at->recency = (double) (key & 0xffffffff);
			at->age = (double) time;
			at->n = fit_count(records);
		}
	}
	model->kind = kind;
	fitted = fit_purchases(kind, group, n - spends, &model->purchases);
	pfree(group);
	if (fitted && fit_spending(spend, spends, model->purchases.customers, &model->spending))
		model->header.flags |= KPI_CLV_VALUE;
	else
		memset(&model->spending, 0, sizeof(model->spending));
	pfree(spend);
	return fitted ? model : NULL;
}
