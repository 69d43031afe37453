/*
 * retention.c
 *		retention_rate, churn_rate and repeat_rate from events, and their states.
 *
 *		Both states are sets of core/set/set.h whose times are plain numbers.
 *		retention_set: (customer, 0 for an event in the range before, 1 in the one
 *		after), and both ranges as a string "from..to,from..to" of days since
 *		2000-01-01, to excluded, nothing where there is no bound.
 *		repeat_set: (customer, document's key or day).
 *
 *		retention rate = customers with both / customers with an event before; churn
 *		rate = 1 - it, counted; repeat rate = customers with two documents / customers.
 */
#include "core/server/argument.h"
#include "core/set/parameters.h"
#include "core/set/set.h"
#include "core/time/days.h"

static const KpiSetType retention_type = {
	.type = {.name = "retention_set", .shown = "retention_rate() or churn_rate()", .version = 1, .kind = KPI_TYPE_RETENTION_SET, .size = sizeof(KpiSet)},
	.class = {.words = 2, .sorted_by = 2, .equal = KPI_RECORDS_DISTINCT},
	.times = KPI_TIMES_PLAIN
};

static const KpiSetType repeat_type = {
	.type = {.name = "repeat_set", .shown = "repeat_rate()", .version = 1, .kind = KPI_TYPE_REPEAT_SET, .size = sizeof(KpiSet)},
	.class = {.words = 2, .sorted_by = 2, .equal = KPI_RECORDS_DISTINCT},
	.times = KPI_TIMES_PLAIN
};

KPI_SET_STATE(retention_type, kpi_retention_set_in, kpi_retention_set_out, kpi_retention_set_recv, kpi_retention_set_send,
			  kpi_retention_set_add, kpi_retention_set_combine)

KPI_SET_STATE(repeat_type, kpi_repeat_set_in, kpi_repeat_set_out, kpi_repeat_set_recv, kpi_repeat_set_send,
			  kpi_repeat_set_add, kpi_repeat_set_combine)

/*
 * retention_rate(customer, at, before, after), churn_rate(...)
 */

#define RETENTION_RANGES 2		/* before, after */

/* The string that a state keeps of two ranges; its length with the NUL. */
static int
retention_write_ranges(const KpiDays *days, char *string)
{
	char	   *at = string;

	for (int i = 0; i < RETENTION_RANGES; i++)
	{
		if (days[i].from != PG_INT64_MIN)
			at += sprintf(at, "%lld", (long long) days[i].from);
		at += sprintf(at, "..");
		if (days[i].to != PG_INT64_MAX)
			at += sprintf(at, "%lld", (long long) days[i].to);
		*at++ = i == 0 ? ',' : '\0';
	}
	return at - string;
}

/*
 * retention_ranges() -
 *
 *	The ranges of a row, arguments 3 and 4, as days, and as the string that a state
 *	keeps of them in *parameters.  Both last until the next call.  22023 for NULL.
 *
 *	Inlined, which gcc does not do by itself: a quarter of the instructions of a row.
 */
static pg_attribute_always_inline const KpiDays *
retention_ranges(FunctionCallInfo fcinfo, const KpiParameters **parameters)
{
	static KpiParameters remembered;
	static KpiDays days[RETENTION_RANGES];
	KpiArgument arguments[RETENTION_RANGES];

	for (int i = 0; i < RETENTION_RANGES; i++)
	{
		if (unlikely(PG_ARGISNULL(3 + i)))
			kpi_refuse_null(i == 0 ? "range before" : "range after", "Give both ranges of dates, the same in every row.");
		arguments[i].bytes = PG_DETOAST_DATUM(PG_GETARG_DATUM(3 + i));
		arguments[i].size = VARSIZE(arguments[i].bytes);
	}
	if (unlikely(!kpi_parameters_same(&remembered, arguments, RETENTION_RANGES)))
	{
		KpiDays		now[RETENTION_RANGES];
		char		string[100];

		for (int i = 0; i < RETENTION_RANGES; i++)
			if (!kpi_days(fcinfo, 3 + i, &now[i]))
				now[i].from = now[i].to = 0;
		kpi_parameters_remember(&remembered, arguments, RETENTION_RANGES,
								string, retention_write_ranges(now, string));
		memcpy(days, now, sizeof(days));
	}
	*parameters = &remembered;
	return days;
}

static inline bool
retention_in_days(const KpiDays *days, DateADT day)
{
	return day >= days->from && day < days->to;
}

/*
 * retention_accum() -
 *
 *	Transition function of retention_rate() and churn_rate(): the state with one more
 *	event.  A row with customer or at NULL is ignored.  22023 for ranges that are NULL
 *	or not the same in every row, and for an infinite moment.
 */
static inline Datum
retention_accum(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type)
{
	const KpiParameters *parameters;
	const KpiDays *days = retention_ranges(fcinfo, &parameters);
	KpiSet	   *set;
	uint64		key;
	DateADT		day;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, at_type);
	set = kpi_set_state(fcinfo, &retention_type, key_type, at_type, NULL, parameters->strings, parameters->length);
	set->number = 1;
	if (!retention_in_days(&days[0], day) && !retention_in_days(&days[1], day))
		return kpi_set_result(fcinfo, &retention_type, set);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	for (int i = 0; i < RETENTION_RANGES; i++)
		if (retention_in_days(&days[i], day))
			kpi_set_put(&retention_type, &set, key, kpi_time_of_moment(i));
	return kpi_set_result(fcinfo, &retention_type, set);
}

KPI_FUNCTION(kpi_retention_set_accum_bigint_date, retention_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE))
KPI_FUNCTION(kpi_retention_set_accum_bigint_timestamp, retention_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_retention_set_accum_bigint_timestamptz, retention_accum(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_retention_set_accum_uuid_date, retention_accum(fcinfo, KPI_KEY_UUID, KPI_AT_DATE))
KPI_FUNCTION(kpi_retention_set_accum_uuid_timestamp, retention_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_retention_set_accum_uuid_timestamptz, retention_accum(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_retention_set_accum_text_date, retention_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE))
KPI_FUNCTION(kpi_retention_set_accum_text_timestamp, retention_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_retention_set_accum_text_timestamptz, retention_accum(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ))

/*
 * retention_count() -
 *
 *	Final functions: how many customers of the state in argument 0 have an event
 *	before, and how many of them one after.  False for a state that is NULL, or
 *	without customers before.
 */
static bool
retention_count(FunctionCallInfo fcinfo, int64 *before, int64 *both)
{
	KpiSetReader reader;

	*before = *both = 0;
	if (PG_ARGISNULL(0))
		return false;
	kpi_set_reader(&reader, &retention_type, kpi_set_get(PG_GETARG_DATUM(0), &retention_type));
	while (kpi_set_next(&reader))
	{
		if (reader.time[0] != kpi_time_of_moment(0))
			continue;
		++*before;
		*both += reader.n > 1;
	}
	return *before > 0;
}

/* retention_rate: the share of the customers before that are there after; NULL without such customers. */
PG_FUNCTION_INFO_V1(kpi_retention_set_retention);
Datum
kpi_retention_set_retention(PG_FUNCTION_ARGS)
{
	int64		before;
	int64		both;

	if (!retention_count(fcinfo, &before, &both))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) both / (double) before);
}

/* churn_rate: the share of those that are not. */
PG_FUNCTION_INFO_V1(kpi_retention_set_churn);
Datum
kpi_retention_set_churn(PG_FUNCTION_ARGS)
{
	int64		before;
	int64		both;

	if (!retention_count(fcinfo, &before, &both))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) (before - both) / (double) before);
}

/*
 * repeat_rate(customer, document), repeat_rate(customer, at)
 */

/* Transition function of repeat_rate(customer, document): the state with one more row; one with either NULL is ignored. */
static inline Datum
repeat_accum_document(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiKeyType document_type)
{
	KpiSet	   *set;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	set = kpi_set_state(fcinfo, &repeat_type, key_type, KPI_AT_NONE, NULL, NULL, 0);
	kpi_set_put(&repeat_type, &set, kpi_key(PG_GETARG_DATUM(1), key_type), kpi_key(PG_GETARG_DATUM(2), document_type));
	return kpi_set_result(fcinfo, &repeat_type, set);
}

KPI_FUNCTION(kpi_repeat_set_accum_bigint_bigint, repeat_accum_document(fcinfo, KPI_KEY_BIGINT, KPI_KEY_BIGINT))
KPI_FUNCTION(kpi_repeat_set_accum_bigint_uuid, repeat_accum_document(fcinfo, KPI_KEY_BIGINT, KPI_KEY_UUID))
KPI_FUNCTION(kpi_repeat_set_accum_bigint_text, repeat_accum_document(fcinfo, KPI_KEY_BIGINT, KPI_KEY_TEXT))
KPI_FUNCTION(kpi_repeat_set_accum_uuid_bigint, repeat_accum_document(fcinfo, KPI_KEY_UUID, KPI_KEY_BIGINT))
KPI_FUNCTION(kpi_repeat_set_accum_uuid_uuid, repeat_accum_document(fcinfo, KPI_KEY_UUID, KPI_KEY_UUID))
KPI_FUNCTION(kpi_repeat_set_accum_uuid_text, repeat_accum_document(fcinfo, KPI_KEY_UUID, KPI_KEY_TEXT))
KPI_FUNCTION(kpi_repeat_set_accum_text_bigint, repeat_accum_document(fcinfo, KPI_KEY_TEXT, KPI_KEY_BIGINT))
KPI_FUNCTION(kpi_repeat_set_accum_text_uuid, repeat_accum_document(fcinfo, KPI_KEY_TEXT, KPI_KEY_UUID))
KPI_FUNCTION(kpi_repeat_set_accum_text_text, repeat_accum_document(fcinfo, KPI_KEY_TEXT, KPI_KEY_TEXT))

/* Transition function of repeat_rate(customer, at): the same with a day; 22023 for an infinite moment. */
static inline Datum
repeat_accum_day(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiAt at_type)
{
	KpiSet	   *set;
	DateADT		day;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, at_type);
	set = kpi_set_state(fcinfo, &repeat_type, key_type, at_type, NULL, NULL, 0);
	kpi_set_put(&repeat_type, &set, kpi_key(PG_GETARG_DATUM(1), key_type), kpi_time_of_moment(day));
	return kpi_set_result(fcinfo, &repeat_type, set);
}

KPI_FUNCTION(kpi_repeat_set_accum_bigint_date, repeat_accum_day(fcinfo, KPI_KEY_BIGINT, KPI_AT_DATE))
KPI_FUNCTION(kpi_repeat_set_accum_bigint_timestamp, repeat_accum_day(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_repeat_set_accum_bigint_timestamptz, repeat_accum_day(fcinfo, KPI_KEY_BIGINT, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_repeat_set_accum_uuid_date, repeat_accum_day(fcinfo, KPI_KEY_UUID, KPI_AT_DATE))
KPI_FUNCTION(kpi_repeat_set_accum_uuid_timestamp, repeat_accum_day(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_repeat_set_accum_uuid_timestamptz, repeat_accum_day(fcinfo, KPI_KEY_UUID, KPI_AT_TIMESTAMPTZ))
KPI_FUNCTION(kpi_repeat_set_accum_text_date, repeat_accum_day(fcinfo, KPI_KEY_TEXT, KPI_AT_DATE))
KPI_FUNCTION(kpi_repeat_set_accum_text_timestamp, repeat_accum_day(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMP))
KPI_FUNCTION(kpi_repeat_set_accum_text_timestamptz, repeat_accum_day(fcinfo, KPI_KEY_TEXT, KPI_AT_TIMESTAMPTZ))

/* Final function of repeat_rate(): the share of customers with two documents or days; NULL without customers. */
PG_FUNCTION_INFO_V1(kpi_repeat_set_rate);
Datum
kpi_repeat_set_rate(PG_FUNCTION_ARGS)
{
	KpiSetReader reader;
	int64		repeated = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	kpi_set_reader(&reader, &repeat_type, kpi_set_get(PG_GETARG_DATUM(0), &repeat_type));
	while (kpi_set_next(&reader))
		repeated += reader.n > 1;
	if (reader.customers == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) repeated / (double) reader.customers);
}
