/*
 * clv_aggregate.c
 *		clv(customer, at, amount, as_of, horizon), and with model or prior, and discount:
 *		the mean predicted value of the customers of a group, by a model fitted to them.
 *
 *		State and stored form, clv_history: core/set/set.h, (customer, day) and the exact
 *		sum of amounts (core/set/amounts.h) as in revenue_summary; parameters "as_of months
 *		days microseconds", as_of in days since 2000-01-01 and the rest the horizon, and
 *		unless the model is bg/nbd without prior and discount then " discount model" or
 *		" discount prior ..." with kpi_clv_write_prior().  What comes after as_of is not
 *		kept.
 */
#include "core/server/argument.h"
#include "core/set/amounts.h"
#include "core/set/parameters.h"
#include "core/time/days.h"
#include "model/fit.h"
#include "model/score.h"
#include "summary/rfm_days.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/builtins.h"

static const KpiSetType clv_history_type;

/* What clv() is asked for, the same in every row. */
typedef struct ClvParameters
{
	DateADT		as_of;
	Interval	horizon;
	int			kind;			/* KpiModelKind */
	KpiClvPrior prior;			/* of that kind, or of none */
	double		discount;
} ClvParameters;

#define CLV_STRING_LENGTH (120 + KPI_CLV_PRIOR_LENGTH)

/* Read what stands behind the horizon, nothing or " discount model" with a prior; false for what is none. */
static bool
clv_read_model(const char *string, ClvParameters *parameters)
{
	char	   *end;

	parameters->kind = KPI_BG_NBD;
	if (*string == '\0')
		return true;
	if (*string != ' ')
		return false;
	parameters->discount = strtod(string + 1, &end);
	if (end == string + 1 || *end != ' ' || !(parameters->discount >= 0 && isfinite(parameters->discount)))
		return false;
	string = end + 1;
	if (strncmp(string, "prior ", 6) == 0)
	{
		if (!kpi_clv_read_prior(string + 6, &parameters->prior))
			return false;
		parameters->kind = parameters->prior.kind;
	}
	else
		parameters->kind = kpi_model_kind(string, strlen(string));
	return parameters->kind != 0;
}

/* Parameters from the string that a state keeps; false for what is none. */
static bool
clv_read_parameters(const char *string, ClvParameters *parameters)
{
	long		as_of;
	long		month;
	long		day;
	long long	time;
	int			end = 0;

	memset(parameters, 0, sizeof(*parameters));
	if (sscanf(string, "%ld %ld %ld %lld%n", &as_of, &month, &day, &time, &end) != 4 ||
		as_of != (int32) as_of || DATE_NOT_FINITE((DateADT) as_of) || month != (int32) month || day != (int32) day)
		return false;
	parameters->as_of = (DateADT) as_of;
	parameters->horizon.month = (int32) month;
	parameters->horizon.day = (int32) day;
	parameters->horizon.time = time;
	return !KPI_INTERVAL_NOT_FINITE(&parameters->horizon) && clv_read_model(string + end, parameters);
}

/* The string that a state keeps, of CLV_STRING_LENGTH at most; its length with the NUL. */
static int
clv_write_parameters(const ClvParameters *parameters, char *string)
{
	int			length = snprintf(string, CLV_STRING_LENGTH, "%d %d %d %lld", parameters->as_of,
								  parameters->horizon.month, parameters->horizon.day, (long long) parameters->horizon.time);
	StringInfoData discount;

	/* as before there were a model and a discount */
	if (parameters->kind == KPI_BG_NBD && parameters->prior.kind == 0 && parameters->discount == 0)
		return length + 1;
	initStringInfo(&discount);
	kpi_append_double(&discount, parameters->discount);
	length += snprintf(string + length, CLV_STRING_LENGTH - length, " %s ", discount.data);
	pfree(discount.data);
	if (parameters->prior.kind == 0)
		length += snprintf(string + length, CLV_STRING_LENGTH - length, "%s", kpi_model_names(parameters->kind)->name);
	else
	{
		char		prior[KPI_CLV_PRIOR_LENGTH];

		kpi_clv_write_prior(&parameters->prior, prior);
		length += snprintf(string + length, CLV_STRING_LENGTH - length, "prior %s", prior);
	}
	return length + 1;
}

/*
 * clv_history_problem() -
 *
 *	What is wrong with a state that is well formed as a set: it must have parameters as
 *	we write them and as a row may give them, a scale that rfm has, and no day after
 *	as_of.
 */
static const char *
clv_history_problem(const KpiSet *set)
{
	ClvParameters parameters;
	char		again[CLV_STRING_LENGTH];
	const char *string = kpi_set_parameters(set);
	uint64		first;
	uint64		last;

	if (set->unit.kind != KPI_DAY)
		return "Its unit is not the day.";
	if (strlen(string) >= sizeof(again) || !clv_read_parameters(string, &parameters))
		return "Its parameters are not known.";
	clv_write_parameters(&parameters, again);
	if (strcmp(string, again) != 0)
		return "Its parameters are not known.";
	if (!(kpi_days_ahead(parameters.as_of, &parameters.horizon) >= 0))
		return "Its horizon is negative or out of range.";
	if (set->number > KPI_AMOUNT_PLACES)
		return "Its scale is out of range.";
	if (kpi_set_span(&clv_history_type, set, &first, &last) && kpi_period_of_time(last) > parameters.as_of)
		return "It has a day after as_of.";
	return NULL;
}

static const KpiSetType clv_history_type = {
	.type = {.name = "clv_history", .shown = "clv()", .version = 1, .kind = KPI_TYPE_CLV_HISTORY, .size = sizeof(KpiSet)},
	.class = {.words = 4, .sorted_by = 2, .equal = KPI_RECORDS_ADD},
	.times = KPI_TIMES_PERIODS,
	.parameters = "as_of, horizon, model and discount",
	.problem = clv_history_problem
};

KPI_SET_STATE(clv_history_type, kpi_clv_history_in, kpi_clv_history_out, kpi_clv_history_recv, kpi_clv_history_send,
			  kpi_clv_history_add, kpi_clv_history_combine)

/* What a row says of the model: nothing, or in arguments 6 and 7 its name or a model as prior, and a discount. */
typedef enum ClvModelGiven
{
	CLV_DEFAULT,
	CLV_NAMED,
	CLV_PRIOR
} ClvModelGiven;

static const char *const clv_argument[] = {"as_of", "horizon", "model", "discount"};

/*
 * clv_parameters() -
 *
 *	A row's parameters, arguments 4 and 5, and unless the model is the default 6 and 7,
 *	as the state keeps them; they last until the next call.  22023 for NULL, an infinite
 *	as_of, a horizon that is negative or out of range, an unknown model, one of
 *	contracts as prior, and a discount that is negative or not finite.
 */
static inline const KpiParameters *
clv_parameters(FunctionCallInfo fcinfo, ClvModelGiven says)
{
	static KpiParameters remembered;
	DateADT		as_of;
	Interval   *horizon;
	double		discount = 0;
	KpiArgument arguments[] = {{&as_of, sizeof(as_of)}, {NULL, sizeof(*horizon)}, {"", 0}, {&discount, sizeof(discount)}};
	int			n = says == CLV_DEFAULT ? 2 : 4;

	for (int i = 4; i < 4 + n; i++)
		if (unlikely(PG_ARGISNULL(i)))
			kpi_refuse_null(i == 6 && says == CLV_PRIOR ? "prior" : clv_argument[i - 4],
							i < 6 ? "Give the last day that the data cover, and the time to look ahead from there, the same in every row." :
							"Give a model, such as 'bg/nbd' or one fitted to all customers, and a discount per year, the same in every row; or neither.");
	as_of = PG_GETARG_DATEADT(4);
	arguments[1].bytes = horizon = PG_GETARG_INTERVAL_P(5);
	if (says != CLV_DEFAULT)
	{
		struct varlena *given = PG_GETARG_VARLENA_PP(6);

		arguments[2].bytes = VARDATA_ANY(given);
		arguments[2].size = VARSIZE_ANY_EXHDR(given);
		discount = PG_GETARG_FLOAT8(7);
	}
	if (unlikely(!kpi_parameters_same(&remembered, arguments, n)))
	{
		ClvParameters now = {.as_of = as_of, .horizon = *horizon, .kind = KPI_BG_NBD};
		char		string[CLV_STRING_LENGTH];

		kpi_require_finite(as_of, "as_of", "Give the last day that the data cover.");
		(void) kpi_horizon_days(now.as_of, &now.horizon);
		if (says == CLV_NAMED)
			now.kind = kpi_named_model(arguments[2].bytes, (int) arguments[2].size);
		else if (says == CLV_PRIOR)
		{
			kpi_clv_prior(PG_GETARG_DATUM(6), &now.prior);
			now.kind = now.prior.kind;
		}
		(void) kpi_discount_a_day(discount);
		now.discount = discount + 0.0;	/* without a sign at 0 */
		kpi_parameters_remember(&remembered, arguments, n, string, clv_write_parameters(&now, string));
	}
	return &remembered;
}

/* The unit of all histories. */
static const text *
clv_unit(void)
{
	static union
	{
		int32		alignment;
		char		data[VARHDRSZ + 4];
	}			unit;

	if (unlikely(unit.alignment == 0))
	{
		memcpy(unit.data + VARHDRSZ, "day", 3);
		SET_VARSIZE(unit.data, VARHDRSZ + 3);
	}
	return (const text *) unit.data;
}

/*
 * clv_accum() -
 *
 *	Transition function of clv(customer, at, amount, as_of, horizon), and with a model,
 *	or a prior, and discount: the state with one more purchase.  A row with customer, at or amount NULL is ignored; what comes
 *	after as_of is not kept.  22023 for parameters that clv_parameters() refuses or
 *	that are not the same in every row, and for an infinite moment; 22003 for an amount
 *	that is not finite or has too many digits.
 */
static inline Datum
clv_accum(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type, KpiNumberType amount_type, ClvModelGiven says)
{
	const KpiParameters *parameters = clv_parameters(fcinfo, says);
	KpiSet	   *set;
	DateADT		day;
	uint64		key;
	KpiInt128	amount;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, at_type);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, &clv_history_type, key_type, at_type, clv_unit(),
						parameters->strings, parameters->length);
	if (day <= PG_GETARG_DATEADT(4))
	{
		amount = kpi_set_amount_argument(&clv_history_type, set, fcinfo, 3, amount_type);
		kpi_set_append_amount(&clv_history_type, &set, key, kpi_time_of_period(day), amount);
	}
	return kpi_set_result(fcinfo, &clv_history_type, set);
}

KPI_FUNCTION(kpi_clv_history_accum_bigint_date,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamp,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_date,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamp,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_date,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamp,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_date_int8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamp_int8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamptz_int8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_date_int8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamp_int8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamptz_int8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_date_int8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamp_int8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamptz_int8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_INT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_date_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_date_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_date_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_date_float4,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamp_float4,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_bigint_timestamptz_float4,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_date_float4,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamp_float4,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_uuid_timestamptz_float4,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_date_float4,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamp_float4,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_text_timestamptz_float4,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT4, CLV_DEFAULT))
KPI_FUNCTION(kpi_clv_history_accum_model_bigint_date,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_bigint_timestamp,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_bigint_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_uuid_date,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_uuid_timestamp,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_uuid_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_text_date,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_text_timestamp,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_text_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_bigint_date_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_bigint_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_bigint_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_uuid_date_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_uuid_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_uuid_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_text_date_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_text_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_model_text_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_NAMED))
KPI_FUNCTION(kpi_clv_history_accum_prior_bigint_date,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_bigint_timestamp,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_bigint_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_uuid_date,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_uuid_timestamp,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_uuid_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_text_date,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_text_timestamp,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_text_timestamptz,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_NUMERIC, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_bigint_date_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_bigint_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_bigint_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_uuid_date_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_uuid_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_uuid_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_text_date_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_text_timestamp_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP, KPI_FLOAT8, CLV_PRIOR))
KPI_FUNCTION(kpi_clv_history_accum_prior_text_timestamptz_float8,
			 clv_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ, KPI_FLOAT8, CLV_PRIOR))

/* The facts of the customer that was read, by way of an rfm: there is one definition of them. */
static void
clv_facts(const KpiSetReader *reader, const KpiSet *set, DateADT as_of, KpiRfmFacts *facts)
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

/*
 * kpi_clv_history_mean() -
 *
 *	Final function: the mean predicted value of the customers, by a model fitted to
 *	them.  NULL without customers, where no model fits, or where one of them has no
 *	value, with a message that says why.
 */
PG_FUNCTION_INFO_V1(kpi_clv_history_mean);
Datum
kpi_clv_history_mean(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	KpiSetReader reader;
	ClvParameters parameters;
	KpiRfmFacts *customer;
	uint64	   *records;
	int64		customers = 0;
	int64		n = 0;
	uint64		first = 0;
	KpiClvModel *model;
	double		days;
	double		per_day;
	double		sum = 0;
	KpiFitRequest request = {0};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_set_get(PG_GETARG_DATUM(0), &clv_history_type);
	/* the empty history, of no customers, has no parameters */
	if (set->key_type == KPI_KEY_NONE)
	{
		ereport(WARNING,
				(errmsg("no model: no customer has a purchase by as_of"),
				 errhint("as_of is the last day that the data cover.")));
		PG_RETURN_NULL();
	}
	if (!clv_read_parameters(kpi_set_parameters(set), &parameters))
		elog(ERROR, "clv_history without parameters");

	customer = MemoryContextAllocHuge(CurrentMemoryContext, Max(set->sorted, 1) * sizeof(KpiRfmFacts));
	records = MemoryContextAllocHuge(CurrentMemoryContext, 2 * Max(set->sorted, 1) * KPI_SAMPLE_WORDS * sizeof(uint64));
	kpi_set_reader(&reader, &clv_history_type, set);
	while (kpi_set_next(&reader))
	{
		if (customers == 0)
			first = reader.key;
		clv_facts(&reader, set, parameters.as_of, &customer[customers]);
		if (!customer[customers].usable)
			continue;
		n += kpi_sample_customer(&customer[customers++], records + n * KPI_SAMPLE_WORDS);
	}
	n = n == 0 ? 0 : kpi_records_sort(&kpi_clv_sample_type.class, records, n);
	request.kind = parameters.kind;
	request.as_of = parameters.as_of;
	request.prior = parameters.prior.kind != 0 ? &parameters.prior : NULL;
	/* others are known by their hashes only */
	if (set->key_type == KPI_KEY_BIGINT)
		request.of = psprintf(" One of them is customer %lld.", (long long) kpi_bigint_of_key(first));
	model = kpi_fit(&request, records, n);
	if (model == NULL)
		PG_RETURN_NULL();
	days = kpi_horizon_days(parameters.as_of, &parameters.horizon);
	per_day = kpi_discount_a_day(parameters.discount);
	for (int64 i = 0; i < customers; i++)
	{
		double		value;

		if ((i & 0xfff) == 0)
			CHECK_FOR_INTERRUPTS();
		/* no value for some is no mean of all */
		if (!kpi_clv(model, &customer[i], days, per_day, &value))
			PG_RETURN_NULL();
		sum += value;
	}
	PG_RETURN_FLOAT8(sum / (double) customers);
}
