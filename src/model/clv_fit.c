/*
 * clv_fit.c
 *		clv_fit(rfm, as_of, model): a clv_model fitted to customers.
 *
 *		State and stored form, clv_sample: core/set/set.h, as in fit.h, so that equal
 *		customers are counted and not kept; parameters "as_of model", as_of in days
 *		since 2000-01-01.
 */
#include "model/fit.h"

#include <math.h>

#include "utils/builtins.h"

#define MODEL_NAME_LENGTH 16

typedef struct Parameters
{
	DateADT		as_of;
	int			kind;
	int			length;			/* of the string, with its NUL; 0 when nothing is kept */
	char		string[40];
} Parameters;

static const char *
read_parameters(const char *string, Parameters *parameters)
{
	char	   *end;
	long		as_of = strtol(string, &end, 10);

	if (*end != ' ' || as_of <= PG_INT32_MIN || as_of >= PG_INT32_MAX)
		return "Its parameters are not known.";
	parameters->as_of = (DateADT) as_of;
	parameters->kind = kpi_model_kind(end + 1, strlen(end + 1));
	if (parameters->kind == 0)
		return "Its parameters are not known.";
	snprintf(parameters->string, sizeof(parameters->string), "%d %s", parameters->as_of, kpi_model_names(parameters->kind)->name);
	return strcmp(parameters->string, string) == 0 ? NULL : "Its parameters are not known.";
}

/* What is wrong with a sample that is well formed as a set. */
static const char *
sample_problem(const KpiSet *set)
{
	Parameters	parameters;
	KpiSetReader reader;
	const char *problem;

	if (set->key_type != KPI_KEY_BIGINT || set->zoned || set->number != 0 ||
		set->strings < 3 || strlen(kpi_set_strings(set) + 1) >= sizeof(parameters.string))
		return "Its parameters are not known.";
	if ((problem = read_parameters(kpi_set_strings(set) + 1, &parameters)) != NULL)
		return problem;
	kpi_set_reader(&reader, &kpi_clv_sample_type, set);
	while (kpi_set_next(&reader))
	{
		int64		key = (int64) (reader.key ^ (UINT64CONST(1) << 63));

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
	{"clv_sample", 1, 'M', sizeof(KpiSet)},
	{KPI_SAMPLE_WORDS, 2, KPI_RECORDS_ADD},
	KPI_TIMES_PLAIN,
	"as_of and model",
	sample_problem
};

#define TYPE (&kpi_clv_sample_type)

PG_FUNCTION_INFO_V1(kpi_clv_sample_in);
Datum
kpi_clv_sample_in(PG_FUNCTION_ARGS)
{
	return kpi_set_in(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_sample_out);
Datum
kpi_clv_sample_out(PG_FUNCTION_ARGS)
{
	return kpi_set_out(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_sample_recv);
Datum
kpi_clv_sample_recv(PG_FUNCTION_ARGS)
{
	return kpi_set_recv(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_sample_send);
Datum
kpi_clv_sample_send(PG_FUNCTION_ARGS)
{
	return kpi_set_send(fcinfo, TYPE);
}

/* Adding up is the only way to counts that no form accepts: a value that is built must be a sample. */
static Datum
checked(FunctionCallInfo fcinfo, Datum result)
{
	KpiSet	   *set = fcinfo->isnull ? NULL : (KpiSet *) DatumGetPointer(result);

	if (set != NULL && (set->header.flags & KPI_SET_PACKED) && set->used > 0 && sample_problem(set) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number of equal customers is out of range"),
				 errdetail("It is at most %lld.", (long long) KPI_MAX_COUNT)));
	return result;
}

PG_FUNCTION_INFO_V1(kpi_clv_sample_add);
Datum
kpi_clv_sample_add(PG_FUNCTION_ARGS)
{
	return checked(fcinfo, kpi_set_add(fcinfo, TYPE));
}

static void
read_arguments(DateADT as_of, const char *model, int length, Parameters *parameters)
{
	parameters->length = 0;
	if (DATE_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must be finite"),
				 errhint("Give the last day that the data cover.")));
	parameters->as_of = as_of;
	parameters->kind = kpi_model_kind(model, length);
	if (parameters->kind == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" is not known", pnstrdup(model, length)),
				 errhint("Models are bg/nbd, mbg/nbd and pareto/nbd.")));
	parameters->length = 1 + snprintf(parameters->string, sizeof(parameters->string), "%d %s",
									  as_of, kpi_model_names(parameters->kind)->name);
}

static const Parameters *
parameters_of_row(FunctionCallInfo fcinfo, bool with_model)
{
	static Parameters last;
	static char last_model[MODEL_NAME_LENGTH];
	static int	last_length;
	const char *model = "bg/nbd";
	int			length = 6;
	DateADT		as_of;

	if (unlikely(PG_ARGISNULL(2)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must not be NULL"),
				 errhint("Give the last day that the data cover, the same in every row.")));
	as_of = PG_GETARG_DATEADT(2);
	if (with_model)
	{
		text	   *name;

		if (unlikely(PG_ARGISNULL(3)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model must not be NULL"),
					 errhint("Models are bg/nbd, mbg/nbd and pareto/nbd.")));
		name = PG_GETARG_TEXT_PP(3);
		model = VARDATA_ANY(name);
		length = VARSIZE_ANY_EXHDR(name);
	}
	if (unlikely(last.length == 0 || last.as_of != as_of || length != last_length ||
				 memcmp(model, last_model, length) != 0))
	{
		read_arguments(as_of, model, length, &last);
		/* a known name fits */
		memcpy(last_model, model, length);
		last_length = length;
	}
	return &last;
}

static Datum
accum(FunctionCallInfo fcinfo, bool with_model)
{
	const Parameters *parameters = parameters_of_row(fcinfo, with_model);
	KpiRfmFacts facts;
	KpiSet	   *set;
	uint64		records[2 * KPI_SAMPLE_WORDS];
	int			n;

	if (PG_ARGISNULL(1))
		return kpi_unchanged(fcinfo);
	set = kpi_set_state(fcinfo, TYPE, KPI_KEY_BIGINT, false, NULL, parameters->string, parameters->length);
	kpi_rfm_facts(PG_GETARG_DATUM(1), parameters->as_of, &facts);
	n = kpi_sample_customer(&facts, records);
	for (int i = 0; i < n; i++)
		memcpy(kpi_set_append(TYPE, &set), records + i * KPI_SAMPLE_WORDS, KPI_SAMPLE_WORDS * sizeof(uint64));
	return checked(fcinfo, kpi_set_result(fcinfo, TYPE, set));
}

PG_FUNCTION_INFO_V1(kpi_clv_sample_accum);
Datum
kpi_clv_sample_accum(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, false);
}

PG_FUNCTION_INFO_V1(kpi_clv_sample_accum_model);
Datum
kpi_clv_sample_accum_model(PG_FUNCTION_ARGS)
{
	return accum(fcinfo, true);
}

PG_FUNCTION_INFO_V1(kpi_clv_sample_fit);
Datum
kpi_clv_sample_fit(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	uint64	   *records;
	int64		n = 0;
	Parameters	parameters;
	KpiClvModel *model;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_flat(PG_GETARG_DATUM(0), &TYPE->type);
	if (set->used == 0)
		PG_RETURN_NULL();
	if (read_parameters(kpi_set_strings(set) + 1, &parameters) != NULL)
		elog(ERROR, "clv_sample without parameters");

	/* the state itself is not touched */
	records = MemoryContextAllocHuge(CurrentMemoryContext, set->used * KPI_SAMPLE_WORDS * sizeof(uint64));
	if (set->header.flags & KPI_SET_PACKED)
	{
		KpiSetReader reader;

		kpi_set_reader(&reader, TYPE, set);
		while (kpi_set_next(&reader))
			for (int64 i = 0; i < reader.n; i++, n++)
			{
				uint64	   *at = records + n * KPI_SAMPLE_WORDS;

				at[0] = reader.key;
				at[1] = reader.time[i];
				memcpy(at + 2, &reader.amount[i], sizeof(KpiInt128));
			}
	}
	else
	{
		memcpy(records, kpi_set_records(set), set->used * KPI_SAMPLE_WORDS * sizeof(uint64));
		n = kpi_records_compact(&TYPE->class, records, set->sorted, set->used);
	}
	model = kpi_fit(parameters.kind, records, n);
	pfree(records);
	if (model == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(model);
}
