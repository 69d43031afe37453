/*
 * clv_fit.c
 *		clv_fit(rfm, as_of, model), clv_fit(rfm, as_of, prior): a clv_model fitted to
 *		customers.
 *
 *		State and stored form, clv_sample: core/set/set.h, as in fit.h, so that equal
 *		customers are counted and not kept; parameters "as_of model", as_of in days
 *		since 2000-01-01, or "as_of prior ..." with kpi_clv_write_prior().
 */
#include "core/server/argument.h"
#include "core/set/parameters.h"
#include "core/time/days.h"
#include "model/fit.h"

#include <math.h>

#include "utils/builtins.h"

/* What clv_fit() is asked for, the same in every row. */
typedef struct ClvFitParameters
{
	DateADT		as_of;
	int			kind;			/* KpiModelKind */
	KpiClvPrior prior;			/* of that kind, or of none */
} ClvFitParameters;

#define CLV_FIT_STRING_LENGTH (40 + KPI_CLV_PRIOR_LENGTH)

/* The string that a state keeps, of CLV_FIT_STRING_LENGTH at most; its length with the NUL. */
static int
clv_fit_write_parameters(const ClvFitParameters *parameters, char *string)
{
	char		prior[KPI_CLV_PRIOR_LENGTH];

	if (parameters->prior.kind == 0)
		return 1 + snprintf(string, CLV_FIT_STRING_LENGTH, "%d %s",
							parameters->as_of, kpi_model_names(parameters->kind)->name);
	kpi_clv_write_prior(&parameters->prior, prior);
	return 1 + snprintf(string, CLV_FIT_STRING_LENGTH, "%d prior %s", parameters->as_of, prior);
}

/* Parameters from that string; false for what clv_fit_write_parameters() does not write. */
static bool
clv_fit_read_parameters(const char *string, ClvFitParameters *parameters)
{
	char	   *end;
	long		as_of = strtol(string, &end, 10);
	char		again[CLV_FIT_STRING_LENGTH];

	if (*end != ' ' || as_of <= PG_INT32_MIN || as_of >= PG_INT32_MAX)
		return false;
	memset(parameters, 0, sizeof(*parameters));
	parameters->as_of = (DateADT) as_of;
	if (strncmp(end + 1, "prior ", 6) == 0)
	{
		if (!kpi_clv_read_prior(end + 1 + 6, &parameters->prior))
			return false;
		parameters->kind = parameters->prior.kind;
	}
	else
		parameters->kind = kpi_model_kind(end + 1, strlen(end + 1));
	if (parameters->kind == 0)
		return false;
	clv_fit_write_parameters(parameters, again);
	return strcmp(again, string) == 0;
}

/*
 * clv_fit_problem() -
 *
 *	What is wrong with a sample that is well formed as a set, as a constant sentence
 *	for errdetail(); NULL where nothing is.  Looks at its parameters, and whether there
 *	can be such customers.
 */
static const char *
clv_fit_problem(const KpiSet *set)
{
	ClvFitParameters parameters;
	KpiSetReader reader;

	if (set->key_type != KPI_KEY_BIGINT || set->zoned || set->number != 0 ||
		set->strings < 3 || strlen(kpi_set_parameters(set)) >= CLV_FIT_STRING_LENGTH ||
		!clv_fit_read_parameters(kpi_set_parameters(set), &parameters))
		return "Its parameters are not known.";
	kpi_set_reader(&reader, &kpi_clv_sample_type, set);
	while (kpi_set_next(&reader))
	{
		int64		key = kpi_bigint_of_key(reader.key);

		for (int64 i = 0; i < reader.n; i++)
		{
			int64		time = kpi_moment_of_time(reader.time[i]);
			double		mean;

			memcpy(&mean, &time, sizeof(mean));
			if (reader.amount[i] < 1 || reader.amount[i] > KPI_MAX_COUNT)
				return "A count is out of range.";
			if (key < 0 ? -key > PG_INT32_MAX || !(mean > 0) || !isfinite(mean) :
				(key & 0xffffffff) > PG_INT32_MAX || (key >> 32) > (key & 0xffffffff) ||
				((key >> 32) == 0) != ((key & 0xffffffff) == 0) ||
				time < (key & 0xffffffff) || time > PG_INT32_MAX)
				return "It has a customer that cannot be.";
		}
	}
	return NULL;
}

const KpiSetType kpi_clv_sample_type = {
	.type = {.name = "clv_sample", .shown = "clv_fit()", .version = 1, .kind = KPI_TYPE_CLV_SAMPLE, .size = sizeof(KpiSet)},
	.class = {.words = KPI_SAMPLE_WORDS, .sorted_by = 2, .equal = KPI_RECORDS_ADD},
	.times = KPI_TIMES_PLAIN,
	.parameters = "as_of, model or prior",
	.problem = clv_fit_problem
};

KPI_SET_FORMS(kpi_clv_sample_type, kpi_clv_sample_in, kpi_clv_sample_out,
			  kpi_clv_sample_recv, kpi_clv_sample_send)

/*
 * clv_fit_checked() -
 *
 *	Pass on a state or value.  22003 for a value with counts that no form accepts, to
 *	which adding up is the only way.
 */
static Datum
clv_fit_checked(FunctionCallInfo fcinfo, Datum result)
{
	KpiSet	   *set = fcinfo->isnull ? NULL : (KpiSet *) DatumGetPointer(result);

	if (set != NULL && (set->header.flags & KPI_SET_PACKED) && set->used > 0 && clv_fit_problem(set) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of equal customers is out of range"),
				 errdetail("It is at most %lld.", (long long) KPI_MAX_COUNT)));
	return result;
}

/* Operator + and combine function.  Errors are those of kpi_set_add() and clv_fit_checked(). */
KPI_FUNCTION(kpi_clv_sample_add, clv_fit_checked(fcinfo, kpi_set_add(fcinfo, &kpi_clv_sample_type)))

/* What a row says of the model: nothing, its name in argument 3, or a model as prior there. */
typedef enum ClvFitModel
{
	CLV_FIT_DEFAULT,
	CLV_FIT_NAMED,
	CLV_FIT_PRIOR
} ClvFitModel;

/*
 * clv_fit_parameters() -
 *
 *	A row's as_of, argument 2, and in *kept, until the next call, what the state keeps
 *	of it, of the model, bg/nbd unless the row says one, and of a prior.  22023 for
 *	NULL, an infinite as_of, an unknown model, and one of contracts as prior.
 */
static inline DateADT
clv_fit_parameters(FunctionCallInfo fcinfo, ClvFitModel says, const KpiParameters **kept)
{
	static KpiParameters remembered;
	DateADT		as_of;
	KpiArgument arguments[] = {{&as_of, sizeof(as_of)}, {&says, sizeof(says)}, {"bg/nbd", 6}};

	if (unlikely(PG_ARGISNULL(2)))
		kpi_refuse_null("as_of", "Give the last day that the data cover, the same in every row.");
	as_of = PG_GETARG_DATEADT(2);
	if (says != CLV_FIT_DEFAULT)
	{
		struct varlena *given;

		if (unlikely(PG_ARGISNULL(3)))
			kpi_refuse_null(says == CLV_FIT_NAMED ? "model" : "prior",
							says == CLV_FIT_NAMED ? "Models are bg/nbd, mbg/nbd and pareto/nbd." :
							"Give a model of all customers, the same in every row, or fit without a prior.");
		given = PG_GETARG_VARLENA_PP(3);
		arguments[2].bytes = VARDATA_ANY(given);
		arguments[2].size = VARSIZE_ANY_EXHDR(given);
	}
	if (unlikely(!kpi_parameters_same(&remembered, arguments, lengthof(arguments))))
	{
		ClvFitParameters now = {.as_of = as_of};
		char		string[CLV_FIT_STRING_LENGTH];

		kpi_require_finite(as_of, "as_of", "Give the last day that the data cover.");
		if (says == CLV_FIT_PRIOR)
		{
			kpi_clv_prior(PG_GETARG_DATUM(3), &now.prior);
			now.kind = now.prior.kind;
		}
		else
			now.kind = kpi_named_model(arguments[2].bytes, (int) arguments[2].size);
		kpi_parameters_remember(&remembered, arguments, lengthof(arguments), string, clv_fit_write_parameters(&now, string));
	}
	*kept = &remembered;
	return as_of;
}

/*
 * clv_fit_accum() -
 *
 *	Transition function of clv_fit(rfm, as_of, model or prior): the state with one more
 *	customer.  A row with rfm NULL is ignored.  22023 for parameters that
 *	clv_fit_parameters() refuses or that are not the same in every row.
 */
static Datum
clv_fit_accum(FunctionCallInfo fcinfo, ClvFitModel says)
{
	const KpiParameters *parameters;
	DateADT		as_of = clv_fit_parameters(fcinfo, says, &parameters);
	KpiRfmFacts facts;
	KpiSet	   *set;
	uint64		records[2 * KPI_SAMPLE_WORDS];
	int			n;

	if (PG_ARGISNULL(1))
		return kpi_unchanged(fcinfo);
	set = kpi_set_state(fcinfo, &kpi_clv_sample_type, KPI_KEY_BIGINT, KPI_AT_NONE, NULL,
						parameters->strings, parameters->length);
	kpi_rfm_facts(PG_GETARG_DATUM(1), as_of, &facts);
	n = kpi_sample_customer(&facts, records);
	for (int i = 0; i < n; i++)
		memcpy(kpi_set_append(&kpi_clv_sample_type, &set), records + i * KPI_SAMPLE_WORDS, KPI_SAMPLE_WORDS * sizeof(uint64));
	return clv_fit_checked(fcinfo, kpi_set_result(fcinfo, &kpi_clv_sample_type, set));
}

KPI_FUNCTION(kpi_clv_sample_accum, clv_fit_accum(fcinfo, CLV_FIT_DEFAULT))
KPI_FUNCTION(kpi_clv_sample_accum_model, clv_fit_accum(fcinfo, CLV_FIT_NAMED))
KPI_FUNCTION(kpi_clv_sample_accum_prior, clv_fit_accum(fcinfo, CLV_FIT_PRIOR))

/*
 * kpi_clv_sample_fit() - final function of clv_fit()
 *
 *	A model fitted to the sample, palloc'd; the state is not changed, since a window
 *	goes on with it.  NULL without rows, and, with a WARNING, without customers and
 *	where none fits.  Errors are those of kpi_fit().
 */
PG_FUNCTION_INFO_V1(kpi_clv_sample_fit);
Datum
kpi_clv_sample_fit(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	uint64	   *records;
	int64		n = 0;
	ClvFitParameters parameters;
	KpiFitRequest request = {0};
	KpiClvModel *model;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_flat(PG_GETARG_DATUM(0), &kpi_clv_sample_type.type);
	/* the empty sample, of no customers, has no parameters */
	if (set->key_type == KPI_KEY_NONE)
	{
		ereport(WARNING,
				(errmsg("no model: no customer has a purchase by as_of"),
				 errhint("as_of is the last day that the data cover.")));
		PG_RETURN_NULL();
	}
	if (!clv_fit_read_parameters(kpi_set_parameters(set), &parameters))
		elog(ERROR, "clv_sample without parameters");

	/* the state itself is not touched */
	records = MemoryContextAllocHuge(CurrentMemoryContext, Max(set->used, 1) * KPI_SAMPLE_WORDS * sizeof(uint64));
	if (set->header.flags & KPI_SET_PACKED)
	{
		KpiSetReader reader;

		kpi_set_reader(&reader, &kpi_clv_sample_type, set);
		while (kpi_set_next(&reader))
		{
			kpi_set_reader_records(&reader, records + n * KPI_SAMPLE_WORDS);
			n += reader.n;
		}
	}
	else
	{
		memcpy(records, kpi_set_records(set), set->used * KPI_SAMPLE_WORDS * sizeof(uint64));
		n = kpi_records_compact(&kpi_clv_sample_type.class, records, set->sorted, set->used);
	}
	request.kind = parameters.kind;
	request.as_of = parameters.as_of;
	request.prior = parameters.prior.kind != 0 ? &parameters.prior : NULL;
	model = kpi_fit(&request, records, n);
	pfree(records);
	if (model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(model);
}
