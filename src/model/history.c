/*
 * history.c
 *		clv(customer, at, amount, as_of, horizon): the mean predicted value of the
 *		customers of a group, by a model fitted to them.
 *
 *		State and stored form, clv_history: core/set.h, (customer, day) and the exact
 *		sum of amounts (core/amount.h) as in revenue_summary; parameters "as_of months
 *		days microseconds", as_of in days since 2000-01-01 and the rest the horizon.
 *		What comes after as_of is not kept.
 */
#include "core/amount.h"
#include "model/fit.h"
#include "model/score.h"
#include "summary/rfm_days.h"

#include "miscadmin.h"

#include "utils/builtins.h"

extern const KpiSetType kpi_clv_history_type;

typedef struct Parameters
{
	DateADT		as_of;
	Interval	horizon;
	int			length;			/* of the string, with its NUL; 0 when nothing is kept */
	char		string[80];
} Parameters;

static bool
read_parameters(const char *string, Parameters *parameters)
{
	long		as_of;
	long		month;
	long		day;
	long long	time;
	int			end = 0;

	if (sscanf(string, "%ld %ld %ld %lld%n", &as_of, &month, &day, &time, &end) != 4 || string[end] != '\0' ||
		as_of != (int32) as_of || DATE_NOT_FINITE((DateADT) as_of) || month != (int32) month || day != (int32) day)
		return false;
	parameters->as_of = (DateADT) as_of;
	parameters->horizon.month = (int32) month;
	parameters->horizon.day = (int32) day;
	parameters->horizon.time = time;
	return !KPI_INTERVAL_NOT_FINITE(&parameters->horizon);
}

static void
write_parameters(Parameters *parameters)
{
	parameters->length = 1 + snprintf(parameters->string, sizeof(parameters->string), "%d %d %d %lld", parameters->as_of,
									  parameters->horizon.month, parameters->horizon.day, (long long) parameters->horizon.time);
}

/* Parameters as we write them and as a row may give them, a scale that rfm has, and no day after as_of. */
static const char *
history_problem(const KpiSet *set)
{
	Parameters	parameters;
	const char *string = kpi_set_strings(set) + strlen(kpi_set_strings(set)) + 1;
	uint64		first;
	uint64		last;

	if (set->unit.kind != KPI_DAY)
		return "Its unit is not the day.";
	if (strlen(string) >= sizeof(parameters.string) || !read_parameters(string, &parameters))
		return "Its parameters are not known.";
	write_parameters(&parameters);
	if (strcmp(string, parameters.string) != 0)
		return "Its parameters are not known.";
	if (!(kpi_days_ahead(parameters.as_of, &parameters.horizon) >= 0))
		return "Its horizon is negative or out of range.";
	if (set->number > KPI_AMOUNT_PLACES)
		return "Its scale is out of range.";
	if (kpi_set_span(&kpi_clv_history_type, set, &first, &last) && kpi_period_of_time(last) > parameters.as_of)
		return "It has a day after as_of.";
	return NULL;
}

const KpiSetType kpi_clv_history_type = {
	{"clv_history", 1, 'H', sizeof(KpiSet)},
	{4, 2, KPI_RECORDS_ADD},
	KPI_TIMES_PERIODS,
	"as_of and horizon",
	history_problem
};

#define TYPE (&kpi_clv_history_type)

PG_FUNCTION_INFO_V1(kpi_clv_history_in);
Datum
kpi_clv_history_in(PG_FUNCTION_ARGS)
{
	return kpi_set_in(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_history_out);
Datum
kpi_clv_history_out(PG_FUNCTION_ARGS)
{
	return kpi_set_out(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_history_recv);
Datum
kpi_clv_history_recv(PG_FUNCTION_ARGS)
{
	return kpi_set_recv(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_history_send);
Datum
kpi_clv_history_send(PG_FUNCTION_ARGS)
{
	return kpi_set_send(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_history_add);
Datum
kpi_clv_history_add(PG_FUNCTION_ARGS)
{
	return kpi_set_add(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_clv_history_combine);
Datum
kpi_clv_history_combine(PG_FUNCTION_ARGS)
{
	return kpi_set_combine(fcinfo, TYPE);
}

static const Parameters *
parameters_of_row(FunctionCallInfo fcinfo)
{
	static Parameters last;
	Interval   *horizon;
	DateADT		as_of;

	for (int i = 4; i <= 5; i++)
		if (unlikely(PG_ARGISNULL(i)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s must not be NULL", i == 4 ? "as_of" : "horizon"),
					 errhint("Give the last day that the data cover, and the time to look ahead from there, the same in every row.")));
	as_of = PG_GETARG_DATEADT(4);
	horizon = PG_GETARG_INTERVAL_P(5);
	if (unlikely(last.length == 0 || last.as_of != as_of || last.horizon.month != horizon->month ||
				 last.horizon.day != horizon->day || last.horizon.time != horizon->time))
	{
		last.length = 0;
		if (DATE_NOT_FINITE(as_of))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("as_of must be finite"),
					 errhint("Give the last day that the data cover.")));
		(void) kpi_horizon_days(as_of, horizon);
		last.as_of = as_of;
		last.horizon = *horizon;
		write_parameters(&last);
	}
	return &last;
}

static inline Datum
accum(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date)
{
	static union
	{
		int32		alignment;
		char		data[VARHDRSZ + 4];
	}			unit;
	const Parameters *parameters = parameters_of_row(fcinfo);
	KpiSet	   *set;
	DateADT		day;
	uint64		key;
	KpiInt128	amount;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, zoned, is_date);
	if (unlikely(unit.alignment == 0))
	{
		memcpy(unit.data + VARHDRSZ, "day", 3);
		SET_VARSIZE(unit.data, VARHDRSZ + 3);
	}
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, TYPE, key_type, zoned, (text *) unit.data, parameters->string, parameters->length);
	if (day <= parameters->as_of)
	{
		amount = kpi_amount_of_row(TYPE, set, PG_GETARG_DATUM(3));
		kpi_amount_append(TYPE, &set, key, kpi_time_of_period(day), amount);
	}
	return kpi_set_result(fcinfo, TYPE, set);
}

#define ACCUM(name, key_type) \
	KPI_ACCUM_AT(kpi_clv_history_accum_##name, accum, key_type)

ACCUM(bigint, KPI_KEY_BIGINT)
ACCUM(uuid, KPI_KEY_UUID)
ACCUM(text, KPI_KEY_TEXT)

/* The facts of a customer, by way of an rfm: there is one definition of them. */
static void
facts_of(const KpiSetReader *reader, const KpiSet *set, DateADT as_of, KpiRfmFacts *facts)
{
	KpiRfmWriter writer;
	KpiHeader  *rfm;

	kpi_rfm_writer(&writer, set->number, "", reader->n * (Size) KPI_RFM_DAY_ROOM128);
	for (int64 i = 0; i < reader->n; i++)
		kpi_rfm_write(&writer, kpi_period_of_time(reader->time[i]), reader->amount[i]);
	rfm = kpi_rfm_written(&writer);
	kpi_rfm_facts(PointerGetDatum(rfm), as_of, facts);
	pfree(rfm);
}

PG_FUNCTION_INFO_V1(kpi_clv_history_mean);
Datum
kpi_clv_history_mean(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	KpiSetReader reader;
	Parameters	parameters;
	KpiRfmFacts *customer;
	uint64	   *records;
	int64		customers = 0;
	int64		n = 0;
	KpiClvModel *model;
	double		days;
	double		sum = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_set_get(PG_GETARG_DATUM(0), TYPE);
	if (set->key_type == KPI_KEY_NONE)
		PG_RETURN_NULL();
	if (!read_parameters(kpi_set_strings(set) + strlen(kpi_set_strings(set)) + 1, &parameters))
		elog(ERROR, "clv_history without parameters");

	customer = MemoryContextAllocHuge(CurrentMemoryContext, set->sorted * sizeof(KpiRfmFacts));
	records = MemoryContextAllocHuge(CurrentMemoryContext, 2 * set->sorted * KPI_SAMPLE_WORDS * sizeof(uint64));
	kpi_set_reader(&reader, TYPE, set);
	while (kpi_set_next(&reader))
	{
		facts_of(&reader, set, parameters.as_of, &customer[customers]);
		if (!customer[customers].usable)
			continue;
		n += kpi_sample_customer(&customer[customers++], records + n * KPI_SAMPLE_WORDS);
	}
	n = n == 0 ? 0 : kpi_records_sort(&kpi_clv_sample_type.class, records, n);
	model = kpi_fit(KPI_BG_NBD, records, n);
	if (model == NULL)
		PG_RETURN_NULL();
	days = kpi_horizon_days(parameters.as_of, &parameters.horizon);
	for (int64 i = 0; i < customers; i++)
	{
		double		value;

		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* no value for some is no mean of all */
		if (!kpi_clv(model, &customer[i], days, 0, &value))
			PG_RETURN_NULL();
		sum += value;
	}
	PG_RETURN_FLOAT8(sum / (double) customers);
}
