/*
 * fit.c
 *		Fitting a clv_model: starts, scaling, priors, and what becomes of data that
 *		identify no parameters.
 *
 *		Maximum likelihood where it has a finite optimum.  Where it has none, the maximum
 *		of likelihood times a weak prior: each parameter's logarithm, in units of the mean
 *		age and the mean amount, is normal with standard deviation 1.5 around 0, of p, q
 *		and gamma around the logarithms of 2, 4 and 1.5, whose mean amount is 1.  With a
 *		model as prior its parameters are the middle, and the standard deviation is 0.5.
 *
 *		Time is divided by the mean age and money by the mean value, so that a
 *		parameter that leaves exp(-12) .. exp(12) has left every scale of the data.
 *		Log-likelihoods are given in days and the unit of money: that of n repeat
 *		purchases changes by n ln(unit of time), that of values by ln(unit of money) a
 *		customer.
 */
#include "model/fit.h"

#include <math.h>

#include "core/time/days.h"

/* Standard deviations of a logarithm by the weak prior, and by a model as prior. */
#define FIT_WEAK 1.5
#define FIT_AROUND_MODEL 0.5

/* Customers with a repeat purchase that a model needs, unless another is its prior. */
#define FIT_LEAST_REPEATERS 10

/* Silence up to as_of, in days more than all purchases span, at which as_of looks wrong. */
#define FIT_LONG_SILENCE 30

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

/*
 * kpi_has_optimum() -
 *
 *	Did it converge?  Else a message of that level that there is no finite optimum, what
 *	is done instead, a detail or NULL, and a hint; 22000 when no fit was reached.
 */
bool
kpi_has_optimum(const KpiModelNames *model, const KpiMaximised *result, int level, const char *instead, const char *detail,
				const char *hint)
{
	switch (result->outcome)
	{
		case KPI_CONVERGED:
			return true;
		case KPI_BOUNDARY:
			ereport(level,
					(errmsg("the data have no finite optimum of %s: parameter %s drifts to %s%s",
							model->name, model->parameter[result->drifted],
							result->theta[result->drifted] > 1 ? "infinity" : "zero", instead),
					 detail ? errdetail_internal("%s", detail) : 0, errhint("%s", hint)));
			return false;
		case KPI_FLAT:
			ereport(level,
					(errmsg("the data do not identify the parameters of %s%s", model->name, instead),
					 detail ? errdetail_internal("%s", detail) : 0, errhint("%s", hint)));
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
		kpi_counts_overflow("clv_fit()");
	return (int64) customers;
}

/* A fit under way: what it is asked for, and what its messages say of the group. */
typedef struct Fit
{
	const KpiFitRequest *request;
	KpiClvModel *model;
	double		repeaters;
	char	   *group;			/* the detail of a message */
} Fit;

/* Put what was found into a part of a model. */
static void
fit_keep(const KpiModelNames *model, const KpiMaximised *result, KpiClvPart *part, double *correlation)
{
	memcpy(part->theta, result->theta, model->parameters * sizeof(double));
	memcpy(part->error, result->error, model->parameters * sizeof(double));
	memcpy(correlation, result->correlation, model->parameters * (model->parameters - 1) / 2 * sizeof(double));
	part->value = result->value;
}

/*
 * fit_search() -
 *
 *	The best of a model of purchases, with a prior or NULL, from several starts.  Where
 *	there are many groups these are tried on a part of them.
 */
static void
fit_search(const KpiPurchases *data, const KpiPrior *prior, int starts, const double (*start)[KPI_MAX_PARAMETERS],
		   KpiMaximised *result)
{
	const KpiModelNames *model = kpi_model_names(data->kind);
	KpiLikelihood likelihood = data->kind == KPI_PARETO_NBD ? kpi_paretonbd_likelihood : kpi_bgnbd_likelihood;

	if (data->n > FIT_MANY_GROUPS)
	{
		KpiPurchaseGroup *few = palloc(FIT_MANY_GROUPS * sizeof(*few));
		KpiPurchases part = {data->kind, fit_thin(data->group, data->n, few), few};

		kpi_maximise(model->name, model->parameters, likelihood, &part, prior, starts, start, result);
		/* from there, unless it lies on the edge */
		kpi_maximise(model->name, model->parameters, likelihood, data, prior, 1,
					 result->outcome == KPI_CONVERGED ? (const double (*)[KPI_MAX_PARAMETERS]) &result->theta : start, result);
		pfree(few);
	}
	else
		kpi_maximise(model->name, model->parameters, likelihood, data, prior, starts, start, result);
}

/* A hint for data that say too little. */
#define FIT_HINT "Fit more customers or a longer time, or give a model of all customers as prior: clv_fit(r, as_of, prior)."

/*
 * fit_purchases() -
 *
 *	Fit a model of purchases to the groups, whose times are divided by their mean
 *	age on the way.  False where there is none, with a WARNING; a NOTICE where it took
 *	the weak prior; 22003 for too many customers, 22000 where the fit does not
 *	converge.
 */
static bool
fit_purchases(Fit *fit, KpiPurchaseGroup *group, int64 n)
{
	int			kind = fit->request->kind;
	const KpiClvPrior *around = fit->request->prior;
	const KpiModelNames *model = kpi_model_names(kind);
	KpiClvPart *part = &fit->model->purchases;
	KpiPurchases data = {kind, n, group};
	bool		pareto = kind == KPI_PARETO_NBD;
	double		customers = 0;
	double		purchases = 0;
	double		squares = 0;
	double		age = 0;
	double		oldest = 0;
	double		silence = INFINITY;
	double		mean;
	double		r;
	double		alpha;
	double		spread;
	double		unit;
	KpiMaximised result;

	for (int64 i = 0; i < n; i++)
	{
		customers += group[i].n;
		fit->repeaters += group[i].x > 0 ? group[i].n : 0;
		purchases += group[i].n * group[i].x;
		squares += group[i].n * group[i].x * group[i].x;
		age += group[i].n * group[i].age;
		oldest = Max(oldest, group[i].age);
		silence = Min(silence, group[i].age - group[i].recency);
	}
	if (n == 0)
	{
		ereport(WARNING,
				(errmsg("no model of %s: no customer has a purchase by as_of %s", model->name,
						kpi_date_text(fit->request->as_of)),
				 errhint("as_of is the last day that the data cover.")));
		return false;
	}
	part->customers = fit_checked_count(customers, KPI_MAX_COUNT);
	fit->group = psprintf("Customers: %lld, of whom %lld bought again; first purchase on %s.%s",
						  (long long) customers, (long long) fit->repeaters,
						  kpi_date_text((DateADT) Max(fit->request->as_of - oldest, DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE)),
						  fit->request->of ? fit->request->of : "");
	if (around == NULL && oldest == 0)
	{
		ereport(WARNING,
				(errmsg("no model of %s: every customer made the first purchase on as_of %s itself", model->name,
						kpi_date_text(fit->request->as_of)),
				 errdetail_internal("%s", fit->group),
				 errhint("as_of is the last day that the data cover; no time has passed by then that a fit could tell from.")));
		return false;
	}
	if (around == NULL && fit->repeaters < FIT_LEAST_REPEATERS)
	{
		ereport(WARNING,
				(errmsg("no model of %s: customers who bought again are %lld, and a fit needs %d", model->name,
						(long long) fit->repeaters, FIT_LEAST_REPEATERS),
				 errdetail_internal("%s", fit->group),
				 errhint(FIT_HINT)));
		return false;
	}
	/* of a model of all it was said already */
	if (around == NULL && silence > oldest - silence + FIT_LONG_SILENCE)
		ereport(NOTICE,
				(errmsg("as_of %s is %lld days after the last purchase", kpi_date_text(fit->request->as_of), (long long) silence),
				 errdetail_internal("%s", fit->group),
				 errhint("as_of is the last day that the data cover; with a later one all customers look lost.")));

	unit = age > 0 ? age / customers : 1;
	for (int64 i = 0; i < n; i++)
	{
		group[i].recency /= unit;
		group[i].age /= unit;
	}

	/* from the moments of the negative binomial distribution, which knows of no dropping out */
	mean = purchases / customers;
	spread = squares / customers - mean * mean;
	r = spread > mean && mean > 0 ? mean * mean / (spread - mean) : 10;
	r = Max(Min(r, 10), 0.05);
	alpha = r / Max(mean, 0.01);
	{
		const double start[][KPI_MAX_PARAMETERS] = {
			{r, alpha, 1, pareto ? 1 : 3},
			{r / 2, alpha / 4, 0.3, pareto ? 0.3 : 1},
			{2 * r, alpha, 2, 20},
			/* lost with nearly the same probability, 1 in so many purchases */
			{2 * r, alpha, pareto ? 20 : 50, pareto ? 20 : 50 * (1 + mean)},
		};

		if (around != NULL)
		{
			KpiPrior	prior = {.deviation = FIT_AROUND_MODEL};
			double		of_prior[1][KPI_MAX_PARAMETERS];
			KpiMaximised other;

			for (int i = 0; i < model->parameters; i++)
			{
				of_prior[0][i] = around->theta[i] / (i == 1 || (pareto && i == 3) ? unit : 1);
				prior.centre[i] = log(of_prior[0][i]);
			}
			fit_search(&data, &prior, 1, of_prior, &result);
			/* a likelihood of several hills has few near a prior: one more start */
			fit_search(&data, &prior, 1, start, &other);
			if (other.outcome == KPI_CONVERGED && (result.outcome != KPI_CONVERGED || other.posterior > result.posterior))
				result = other;
			if (!kpi_has_optimum(model, &result, WARNING, " within reach of the prior", fit->group, FIT_HINT))
				return false;
			fit->model->header.flags |= KPI_CLV_PRIOR_PURCHASES;
		}
		else
		{
			fit_search(&data, NULL, lengthof(start), start, &result);
			if (!kpi_has_optimum(model, &result, NOTICE, "; fitted with a weak prior", fit->group, FIT_HINT))
			{
				const KpiPrior prior = {.deviation = FIT_WEAK};

				fit_search(&data, &prior, lengthof(start), start, &result);
				if (!kpi_has_optimum(model, &result, WARNING, ", with a weak prior either", fit->group, FIT_HINT))
					return false;
				fit->model->header.flags |= KPI_CLV_WEAK_PURCHASES;
			}
		}
	}
	result.theta[1] *= unit;
	result.error[1] *= unit;
	if (pareto)
	{
		result.theta[3] *= unit;
		result.error[3] *= unit;
	}
	result.value -= purchases * log(unit);
	fit_keep(model, &result, part, fit->model->correlation);
	return true;
}

/* Say why a model has no value of a purchase. */
static void
fit_without_value(const Fit *fit, const char *why)
{
	ereport(NOTICE,
			(errmsg("the model has no value of a purchase, so that expected_value() and clv() are NULL: %s", why),
			 errdetail_internal("%s", fit->group)));
}

/*
 * fit_spending() -
 *
 *	Fit a model of their value.  The means are divided by their own mean on the way.
 *	False with a NOTICE, and errors, as fit_purchases().
 */
static bool
fit_spending(Fit *fit, KpiSpendGroup *group, int64 n)
{
	static const double start[][KPI_MAX_PARAMETERS] = {{2, 4, 1.5}, {10, 2, 0.1}, {0.5, 8, 14}};
	const KpiClvPrior *around = fit->request->prior;
	KpiClvPart *part = &fit->model->spending;
	KpiSpends	data = {n, group};
	double		customers = 0;
	double		unit = 0;
	KpiMaximised result;

	if (around != NULL && !(around->flags & KPI_CLV_VALUE))
		around = NULL;
	for (int64 i = 0; i < n; i++)
		customers += group[i].n;
	part->customers = fit_checked_count(customers, fit->model->purchases.customers);
	if (around == NULL && customers < FIT_LEAST_REPEATERS)
	{
		fit_without_value(fit, psprintf("customers with a repeat purchase of a positive amount are %lld, and a fit needs %d",
										(long long) customers, FIT_LEAST_REPEATERS));
		return false;
	}
	/* a mean of what may be large */
	for (int64 i = 0; i < n; i++)
		unit += group[i].mean * (group[i].n / customers);
	if (n == 0)
		unit = 1;
	if (!(unit > 1e-30 && unit < 1e39))
	{
		fit_without_value(fit, psprintf("the mean amount is %g", unit));
		return false;
	}
	for (int64 i = 0; i < n; i++)
		group[i].mean /= unit;
	if (around != NULL)
	{
		KpiPrior	prior = {.deviation = FIT_AROUND_MODEL};
		double		of_prior[1][KPI_MAX_PARAMETERS] = {{around->value[0], around->value[1], around->value[2] / unit}};

		for (int i = 0; i < 3; i++)
			prior.centre[i] = log(of_prior[0][i]);
		kpi_maximise(kpi_gamma_gamma_names.name, 3, kpi_gamma_gamma_likelihood, &data, &prior, 1, of_prior, &result);
		if (!kpi_has_optimum(&kpi_gamma_gamma_names, &result, WARNING, " within reach of the prior", fit->group, FIT_HINT))
			return false;
		fit->model->header.flags |= KPI_CLV_PRIOR_VALUE;
	}
	else
	{
		kpi_maximise(kpi_gamma_gamma_names.name, 3, kpi_gamma_gamma_likelihood, &data, NULL, lengthof(start), start, &result);
		if (!kpi_has_optimum(&kpi_gamma_gamma_names, &result, NOTICE, "; fitted with a weak prior", fit->group, FIT_HINT))
		{
			KpiPrior	prior = {.deviation = FIT_WEAK};

			for (int i = 0; i < 3; i++)
				prior.centre[i] = log(start[0][i]);
			kpi_maximise(kpi_gamma_gamma_names.name, 3, kpi_gamma_gamma_likelihood, &data, &prior, lengthof(start), start, &result);
			if (!kpi_has_optimum(&kpi_gamma_gamma_names, &result, WARNING, ", with a weak prior either", fit->group, FIT_HINT))
				return false;
			fit->model->header.flags |= KPI_CLV_WEAK_VALUE;
		}
	}
	result.theta[2] *= unit;
	result.error[2] *= unit;
	result.value -= customers * log(unit);
	fit_keep(&kpi_gamma_gamma_names, &result, part, fit->model->correlation_of_value);
	if (result.theta[1] <= 1)
		ereport(WARNING,
				(errmsg("gamma-gamma has no mean value of a purchase: parameter q is %g, not above 1", result.theta[1]),
				 errdetail_internal("%s", fit->group),
				 errhint("Look for a few very large amounts; customers without a repeat purchase get no value.")));
	return true;
}

/* Is a part, fitted around a prior that may be anything, one that a model may have?  Else a WARNING. */
static bool
fit_within_range(const Fit *fit, const KpiModelNames *model, const KpiClvPart *part)
{
	const char *problem = kpi_clv_part_problem(model, part, 0);

	if (problem != NULL)
		ereport(WARNING,
				(errmsg("no fit of %s within reach of the prior", model->name),
				 errdetail_internal("%s %s", problem, fit->group),
				 errhint("Give a model of all customers, fitted to the same as_of, as prior.")));
	return problem == NULL;
}

/*
 * kpi_fit() -
 *
 *	A model of the records, which are sorted and without equal ones, in the current
 *	memory context; NULL where there is none, with a WARNING that says why.  Errors are
 *	those of fit_purchases().
 */
KpiClvModel *
kpi_fit(const KpiFitRequest *request, const uint64 *records, int64 n)
{
	KpiClvModel *model = kpi_flat_new(&kpi_clv_model_type, sizeof(KpiClvModel));
	Fit			fit = {.request = request, .model = model};
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
	model->kind = request->kind;
	model->header.version = KPI_CLV_VERSION + 1;
	fitted = fit_purchases(&fit, group, n - spends) &&
		fit_within_range(&fit, kpi_model_names(request->kind), &model->purchases);
	pfree(group);
	if (fitted && fit_spending(&fit, spend, spends) && fit_within_range(&fit, &kpi_gamma_gamma_names, &model->spending))
		model->header.flags |= KPI_CLV_VALUE;
	else
	{
		memset(&model->spending, 0, sizeof(model->spending));
		memset(model->correlation_of_value, 0, sizeof(model->correlation_of_value));
		model->header.flags &= ~(KPI_CLV_WEAK_VALUE | KPI_CLV_PRIOR_VALUE);
	}
	pfree(spend);
	return fitted ? model : NULL;
}
