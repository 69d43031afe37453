/*
 * retention.c
 *		retention_rate, churn_rate and repeat_rate from events, and their states.
 *
 *		Both states are sets of core/set.h whose times are plain numbers.
 *		retention_set: (customer, 0 for an event in the range before, 1 in the one
 *		after), and both ranges as a string "from..to,from..to" of days since
 *		2000-01-01, to excluded, nothing where there is no bound.
 *		repeat_set: (customer, document's key or day).
 *
 *		retention rate = customers with both / customers with an event before; churn
 *		rate = 1 - it, counted; repeat rate = customers with two documents / customers.
 */
#include "core/days.h"
#include "core/set.h"

#include "utils/rangetypes.h"

static const KpiSetType retention_type = {
	{"retention_set", 1, 'E', sizeof(KpiSet)},
	{2, 2, KPI_RECORDS_DISTINCT},
	KPI_TIMES_PLAIN,
	NULL,
	NULL
};

static const KpiSetType repeat_type = {
	{"repeat_set", 1, 'P', sizeof(KpiSet)},
	{2, 2, KPI_RECORDS_DISTINCT},
	KPI_TIMES_PLAIN,
	NULL,
	NULL
};

#define FORMS(name, type) \
	PG_FUNCTION_INFO_V1(kpi_##name##_in); \
	Datum kpi_##name##_in(PG_FUNCTION_ARGS) \
	{ \
		return kpi_set_in(fcinfo, type); \
	} \
	PG_FUNCTION_INFO_V1(kpi_##name##_out); \
	Datum kpi_##name##_out(PG_FUNCTION_ARGS) \
	{ \
		return kpi_set_out(fcinfo, type); \
	} \
	PG_FUNCTION_INFO_V1(kpi_##name##_recv); \
	Datum kpi_##name##_recv(PG_FUNCTION_ARGS) \
	{ \
		return kpi_set_recv(fcinfo, type); \
	} \
	PG_FUNCTION_INFO_V1(kpi_##name##_send); \
	Datum kpi_##name##_send(PG_FUNCTION_ARGS) \
	{ \
		return kpi_set_send(fcinfo, type); \
	} \
	PG_FUNCTION_INFO_V1(kpi_##name##_add); \
	Datum kpi_##name##_add(PG_FUNCTION_ARGS) \
	{ \
		return kpi_set_add(fcinfo, type); \
	} \
	PG_FUNCTION_INFO_V1(kpi_##name##_combine); \
	Datum kpi_##name##_combine(PG_FUNCTION_ARGS) \
	{ \
		return kpi_set_combine(fcinfo, type); \
	}

FORMS(retention_set, &retention_type)
FORMS(repeat_set, &repeat_type)

/*
 * retention_rate(customer, at, before, after), churn_rate(...)
 */

/* The ranges of the last row, and what they look like as arguments. */
typedef struct Ranges
{
	Size		size[2];
	char		image[2][64];
	KpiDays		days[2];
	char		name[100];
	int			name_length;	/* with its NUL; 0 when nothing is kept */
} Ranges;

static void
read_ranges(FunctionCallInfo fcinfo, struct varlena *const *arguments, Ranges *ranges)
{
	char	   *at = ranges->name;

	ranges->name_length = 0;
	for (int i = 0; i < 2; i++)
	{
		KpiDays    *days = &ranges->days[i];

		if (!kpi_days(fcinfo, 3 + i, days))
			days->from = days->to = 0;
		if (days->from != PG_INT64_MIN)
			at += sprintf(at, "%lld", (long long) days->from);
		at += sprintf(at, "..");
		if (days->to != PG_INT64_MAX)
			at += sprintf(at, "%lld", (long long) days->to);
		if (i == 0)
			*at++ = ',';
		ranges->size[i] = VARSIZE(arguments[i]);
		if (ranges->size[i] <= sizeof(ranges->image[i]))
			memcpy(ranges->image[i], arguments[i], ranges->size[i]);
		else
			ranges->size[i] = 0;
	}
	*at = '\0';
	ranges->name_length = at - ranges->name + 1;
}

static inline const Ranges *
ranges_arguments(FunctionCallInfo fcinfo)
{
	static Ranges last;
	struct varlena *arguments[2];
	bool		same = last.name_length > 0;

	for (int i = 0; i < 2; i++)
	{
		if (unlikely(PG_ARGISNULL(3 + i)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("range %s must not be NULL", i == 0 ? "before" : "after"),
					 errhint("Give both ranges of dates, the same in every row.")));
		arguments[i] = PG_DETOAST_DATUM(PG_GETARG_DATUM(3 + i));
		same = same && VARSIZE(arguments[i]) == last.size[i] &&
			memcmp(arguments[i], last.image[i], last.size[i]) == 0;
	}
	if (unlikely(!same))
		read_ranges(fcinfo, arguments, &last);
	return &last;
}

static inline bool
in_days(const KpiDays *days, DateADT day)
{
	return day >= days->from && day < days->to;
}

static inline Datum
accum_retention(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date)
{
	const Ranges *ranges = ranges_arguments(fcinfo);
	KpiSet	   *set;
	uint64		key;
	DateADT		day;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, zoned, is_date);
	set = kpi_set_state(fcinfo, &retention_type, key_type, zoned, NULL, ranges->name, ranges->name_length);
	set->number = 1;
	if (!in_days(&ranges->days[0], day) && !in_days(&ranges->days[1], day))
		return kpi_set_result(fcinfo, &retention_type, set);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	for (int i = 0; i < 2; i++)
		if (in_days(&ranges->days[i], day))
			kpi_set_put(&retention_type, &set, key, kpi_time_of_moment(i));
	return kpi_set_result(fcinfo, &retention_type, set);
}

/* Share of the customers before that are there, or not there, after. */
static Datum
retention_share(FunctionCallInfo fcinfo, bool retained)
{
	KpiSetReader reader;
	int64		before = 0;
	int64		both = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	kpi_set_reader(&reader, &retention_type, kpi_set_get(PG_GETARG_DATUM(0), &retention_type));
	while (kpi_set_next(&reader))
	{
		if (reader.time[0] != kpi_time_of_moment(0))
			continue;
		before++;
		both += reader.n > 1;
	}
	if (before == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) (retained ? both : before - both) / (double) before);
}

PG_FUNCTION_INFO_V1(kpi_retention_set_retention);
Datum
kpi_retention_set_retention(PG_FUNCTION_ARGS)
{
	return retention_share(fcinfo, true);
}

PG_FUNCTION_INFO_V1(kpi_retention_set_churn);
Datum
kpi_retention_set_churn(PG_FUNCTION_ARGS)
{
	return retention_share(fcinfo, false);
}

/*
 * repeat_rate(customer, document), repeat_rate(customer, at)
 */

static inline Datum
accum_document(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiKeyType document_type)
{
	KpiSet	   *set;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	set = kpi_set_state(fcinfo, &repeat_type, key_type, false, NULL, NULL, 0);
	kpi_set_put(&repeat_type, &set, kpi_key(PG_GETARG_DATUM(1), key_type), kpi_key(PG_GETARG_DATUM(2), document_type));
	return kpi_set_result(fcinfo, &repeat_type, set);
}

static inline Datum
accum_day(FunctionCallInfo fcinfo, KpiKeyType key_type, bool zoned, bool is_date)
{
	KpiSet	   *set;
	DateADT		day;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	day = kpi_day_argument(fcinfo, 2, zoned, is_date);
	set = kpi_set_state(fcinfo, &repeat_type, key_type, zoned, NULL, NULL, 0);
	kpi_set_put(&repeat_type, &set, kpi_key(PG_GETARG_DATUM(1), key_type), kpi_time_of_moment(day));
	return kpi_set_result(fcinfo, &repeat_type, set);
}

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

#define ACCUM(function, call) \
	PG_FUNCTION_INFO_V1(function); \
	Datum function(PG_FUNCTION_ARGS) \
	{ \
		return call; \
	}

#define ACCUM_KEY(name, key_type) \
	ACCUM(kpi_retention_set_accum_##name##_date, accum_retention(fcinfo, key_type, false, true)) \
	ACCUM(kpi_retention_set_accum_##name##_timestamp, accum_retention(fcinfo, key_type, false, false)) \
	ACCUM(kpi_retention_set_accum_##name##_timestamptz, accum_retention(fcinfo, key_type, true, false)) \
	ACCUM(kpi_repeat_set_accum_##name##_bigint, accum_document(fcinfo, key_type, KPI_KEY_BIGINT)) \
	ACCUM(kpi_repeat_set_accum_##name##_uuid, accum_document(fcinfo, key_type, KPI_KEY_UUID)) \
	ACCUM(kpi_repeat_set_accum_##name##_text, accum_document(fcinfo, key_type, KPI_KEY_TEXT)) \
	ACCUM(kpi_repeat_set_accum_##name##_date, accum_day(fcinfo, key_type, false, true)) \
	ACCUM(kpi_repeat_set_accum_##name##_timestamp, accum_day(fcinfo, key_type, false, false)) \
	ACCUM(kpi_repeat_set_accum_##name##_timestamptz, accum_day(fcinfo, key_type, true, false))

ACCUM_KEY(bigint, KPI_KEY_BIGINT)
ACCUM_KEY(uuid, KPI_KEY_UUID)
ACCUM_KEY(text, KPI_KEY_TEXT)
