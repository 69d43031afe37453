/*
 * duration.c
 *		duration_summary: count, sum, extremes, a histogram of durations, and how many
 *		are within limits; building it, and merging.
 *
 *		State and stored form: summary/duration.h.
 */
#include "summary/duration.h"

#include "core/set/parameters.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"

const KpiType kpi_duration_type = {
	.name = "duration_summary", .version = DURATION_VERSION, .more_versions = 1, .kind = KPI_TYPE_DURATION_SUMMARY,
	.size = DURATION_HEAD_SIZE
};

/* Sizes of a state with a list; after the last it becomes a window. */
#define DURATION_LIST_SIZE_FIRST 64
#define DURATION_LIST_SIZE_LAST 512
#define DURATION_LIST_MAX ((DURATION_LIST_SIZE_LAST - DURATION_HEAD_SIZE) / sizeof(uint16))

/* The buckets of a DURATION_LIST. */
static inline uint16 *
duration_list(const DurationSummary *s)
{
	return (uint16 *) duration_data(s);
}

/* The counts of a DURATION_WINDOW. */
static inline int64 *
duration_counts(const DurationSummary *s)
{
	return (int64 *) duration_data(s);
}

/*
 * kpi_duration_new() -
 *
 *	An empty summary in the stored form, with limits as a DurationLimits has them, counts
 *	of 0 or none (NULL), and with space for a histogram, in the current memory context.
 *	54000 beyond 512 MB.
 */
DurationSummary *
kpi_duration_new(const DurationLimits *limits, Size data_size)
{
	Size		own = limits == NULL ? 0 : duration_limits_size(limits->n);
	DurationSummary *s = kpi_flat_new(&kpi_duration_type, DURATION_HEAD_SIZE + own + data_size);

	if (limits != NULL)
	{
		s->header.version = DURATION_VERSION + 1;
		memcpy(s->data, limits, offsetof(DurationLimits, at) + limits->n * sizeof(int64));
	}
	return s;
}

/* Order for qsort(). */
static int
duration_compare_uint16(const void *a, const void *b)
{
	return (int) *(const uint16 *) a - (int) *(const uint16 *) b;
}

/*
 * kpi_duration_stored() -
 *
 *	The stored form of a summary; s itself if it has that already, else a new one in
 *	the current memory context.
 */
DurationSummary *
kpi_duration_stored(DurationSummary *s)
{
	DurationSummary *result;
	uint8	   *at;
	int			previous = -1;

	if (s->header.flags == DURATION_STORED)
		return s;
	result = kpi_duration_new(duration_limits(s), Min(s->n, s->length) * KPI_PACKED_MAX);
	if (duration_limits(s) != NULL)
		memcpy(result->data, s->data, duration_limits_size(duration_limits(s)->n));
	result->n = s->n;
	duration_set_sum(result, duration_sum(s));
	result->min = s->min;
	result->max = s->max;
	at = duration_data(result);
	if (s->header.flags == DURATION_LIST)
	{
		uint16		list[DURATION_LIST_MAX];
		int			count = 0;

		memcpy(list, duration_list(s), s->length * sizeof(uint16));
		qsort(list, s->length, sizeof(uint16), duration_compare_uint16);
		for (int i = 0; i < s->length; i++)
		{
			count++;
			if (i + 1 < s->length && list[i + 1] == list[i])
				continue;
			at = kpi_pack_bucket(at, previous, list[i], count);
			previous = list[i];
			count = 0;
			result->length++;
		}
	}
	else
	{
		const int64 *counts = duration_counts(s);

		for (int i = 0; i < s->length; i++)
		{
			if (counts[i] == 0)
				continue;
			at = kpi_pack_bucket(at, previous, s->low + i, counts[i]);
			previous = s->low + i;
			result->length++;
		}
	}
	SET_VARSIZE(result, at - (uint8 *) result);
	return result;
}

/* How many more rows a DURATION_LIST has room for. */
static inline int64
duration_list_room(const DurationSummary *s)
{
	return (int64) (((const uint8 *) s + VARSIZE(s) - duration_data(s)) / sizeof(uint16)) - s->length;
}

/* Count a bucket in a state that has room for it.  XX001 where it has none, against damaged values. */
static inline void
duration_add_bucket(DurationSummary *s, int bucket, int64 count)
{
	if (likely(s->header.flags == DURATION_WINDOW))
	{
		if (unlikely((uint32) (bucket - s->low) >= (uint32) s->length))
			kpi_flat_reject(&kpi_duration_type, &s->header);
		duration_counts(s)[bucket - s->low] += count;
		return;
	}
	if (unlikely(count > duration_list_room(s)))
		kpi_flat_reject(&kpi_duration_type, &s->header);
	while (count-- > 0)
		duration_list(s)[s->length++] = (uint16) bucket;
}

/* Note n rows in all fields but the buckets. */
static inline void
duration_add_totals(DurationSummary *s, int64 n, KpiUint128 sum, int64 min, int64 max)
{
	duration_set_sum(s, duration_sum(s) + sum);
	if (s->n == 0 || min < s->min)
		s->min = min;
	if (max > s->max)
		s->max = max;
	s->n += n;
}

/* Add a summary in any form, of the same limits, to a state that has room for it.  XX001 as duration_add_bucket(). */
static void
duration_add_summary(DurationSummary *s, const DurationSummary *other)
{
	DurationLimits *limits = duration_limits(s);

	if (other->n == 0)
		return;
	for (int i = 0; limits != NULL && i < limits->n; i++)
		duration_limit_counts(limits)[i] += duration_limit_counts(duration_limits(other))[i];
	duration_add_totals(s, other->n, duration_sum(other), other->min, other->max);
	if (other->header.flags == DURATION_STORED)
	{
		KpiBuckets	b = duration_buckets(other);

		while (kpi_next_bucket(&b))
			duration_add_bucket(s, b.bucket, b.count);
	}
	else if (other->header.flags == DURATION_LIST)
	{
		for (int i = 0; i < other->length; i++)
			duration_add_bucket(s, duration_list(other)[i], 1);
	}
	else
	{
		for (int i = 0; i < other->length; i++)
			if (duration_counts(other)[i] != 0)
				duration_add_bucket(s, other->low + i, duration_counts(other)[i]);
	}
}

/* Has a state room for n more rows in buckets first to last? */
static inline bool
duration_has_room(const DurationSummary *s, int64 n, int first, int last)
{
	if (s->header.flags == DURATION_WINDOW)
		return first >= s->low && last < s->low + s->length;
	return s->header.flags == DURATION_LIST && n <= duration_list_room(s);
}

/* 22003 where n more rows are more than are counted. */
static inline void
duration_check_count(const DurationSummary *s, int64 n)
{
	if (unlikely(s->n > KPI_MAX_COUNT - n))
		kpi_counts_overflow(kpi_duration_type.name);
}

/*
 * duration_enlarge() -
 *
 *	A new state, in the current memory context, with what s holds (or nothing, for
 *	NULL), limits that are those of s where that holds something, and room for n more
 *	rows in buckets first to last.
 */
static DurationSummary *
duration_enlarge(const DurationSummary *s, const DurationLimits *limits, int64 n, int first, int last)
{
	DurationSummary *result;

	if (s != NULL && s->n > 0)
	{
		n += s->n;
		first = Min(first, kpi_bucket(s->min));
		last = Max(last, kpi_bucket(s->max));
	}
	if (n <= (int64) DURATION_LIST_MAX)
	{
		Size		size = DURATION_LIST_SIZE_FIRST;

		while ((size - DURATION_HEAD_SIZE) / sizeof(uint16) < (Size) n)
			size *= 2;
		result = kpi_duration_new(limits, size - DURATION_HEAD_SIZE);
		result->header.flags = DURATION_LIST;
	}
	else
	{
		int			low = first - first % KPI_OCTAVE;
		int			length = last - last % KPI_OCTAVE + KPI_OCTAVE - low;

		result = kpi_duration_new(limits, length * sizeof(int64));
		result->header.flags = DURATION_WINDOW;
		result->low = low;
		result->length = length;
	}
	if (s != NULL)
		duration_add_summary(result, s);
	return result;
}

/* Limits as a message shows them. */
static char *
duration_show_limits(const DurationLimits *limits)
{
	StringInfoData shown;

	initStringInfo(&shown);
	appendStringInfoChar(&shown, '{');
	for (int i = 0; limits != NULL && i < limits->n; i++)
	{
		Interval	interval = {.time = limits->at[i]};

		appendStringInfo(&shown, "%s%s", i > 0 ? "," : "",
						 DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(&interval))));
	}
	appendStringInfoChar(&shown, '}');
	return shown.data;
}

/* 22023 unless a summary that holds something has these limits. */
static inline void
duration_check_limits(const DurationSummary *s, const DurationLimits *limits)
{
	const DurationLimits *own = duration_limits(s);

	if (likely(own == limits))
		return;
	if (own != NULL && limits != NULL && own->n == limits->n &&
		memcmp(own->at, limits->at, own->n * sizeof(int64)) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("limits of one %s must not differ: %s and %s", kpi_duration_type.name,
					duration_show_limits(own), duration_show_limits(limits)),
			 errhint("Give the same limits in every row, and build again what was built with others or without: "
					 "a histogram does not know how many durations were within a limit.")));
}

/*
 * duration_step() -
 *
 *	Add one duration to the state in argument 0, which may be NULL, and which has these
 *	limits, if any (NULL).  What comes back is the state inside an aggregate, perhaps a
 *	larger one in its place, and a stored value else.  22003 beyond KPI_MAX_COUNT rows,
 *	22023 where the limits are not those of the state.
 */
static inline Datum
duration_step(FunctionCallInfo fcinfo, int64 us, const DurationLimits *limits)
{
	DurationSummary *s = PG_ARGISNULL(0) ? NULL : duration_get(PG_GETARG_DATUM(0));
	bool		in_aggregate = kpi_in_aggregate(fcinfo);
	int			bucket = kpi_bucket(us);
	DurationLimits *own;

	if (likely(s != NULL))
	{
		duration_check_count(s, 1);
		if (likely(s->n > 0))
			duration_check_limits(s, limits);
		else
			s = NULL;
	}
	if (unlikely(s == NULL || !in_aggregate || !duration_has_room(s, 1, bucket, bucket)))
		s = duration_enlarge(s, limits, 1, bucket, bucket);
	duration_add_totals(s, 1, us, us, us);
	duration_add_bucket(s, bucket, 1);
	own = duration_limits(s);
	for (int i = 0; own != NULL && i < own->n; i++)
		duration_limit_counts(own)[i] += us <= own->at[i];
	PG_RETURN_POINTER(likely(in_aggregate) ? s : kpi_duration_stored(s));
}

/* Order for qsort(). */
static int
duration_compare_int64(const void *a, const void *b)
{
	int64		left = *(const int64 *) a;
	int64		right = *(const int64 *) b;

	return (left > right) - (left < right);
}

static void duration_refuse_limits(const char *reason) pg_attribute_noreturn();

/* The error for limits that are none: 22023. */
static void
duration_refuse_limits(const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("limits %s", reason),
			 errhint("Write them as ARRAY['1 hour', '4 hours']::interval[]: 1 to %d durations, the same in every row.",
					 DURATION_MAX_LIMITS)));
}

/*
 * duration_limits_argument() -
 *
 *	The limits in an argument, ascending, each once, without counts; they are remembered
 *	(core/set/parameters.h), and good until the next call.  22023 for NULL, an empty array,
 *	one of several dimensions, and for limits that are NULL, negative, too long or too many.
 */
static const DurationLimits *
duration_limits_argument(FunctionCallInfo fcinfo, int number)
{
	static KpiParameters remembered;
	static DurationLimitsRead read;
	struct varlena *bytes;
	KpiArgument argument;
	ArrayType  *array;
	Datum	   *elements;
	bool	   *nulls;
	int			n;
	int64		at[DURATION_MAX_LIMITS];
	int			used = 0;

	if (unlikely(PG_ARGISNULL(number)))
		duration_refuse_limits("must not be NULL");
	bytes = PG_GETARG_VARLENA_PP(number);
	argument.bytes = VARDATA_ANY(bytes);
	argument.size = VARSIZE_ANY_EXHDR(bytes);
	if (likely(kpi_parameters_same(&remembered, &argument, 1)))
		return &read.limits;

	array = PG_GETARG_ARRAYTYPE_P(number);
	if (ARR_NDIM(array) > 1)
		duration_refuse_limits("must be an array of one dimension");
	deconstruct_array(array, INTERVALOID, sizeof(Interval), false, TYPALIGN_DOUBLE, &elements, &nulls, &n);
	if (n < 1)
		duration_refuse_limits("must not be empty");
	if (n > DURATION_MAX_LIMITS)
		duration_refuse_limits(psprintf("are %d, which is too many", n));
	for (int i = 0; i < n; i++)
	{
		KpiInt128	us;

		if (nulls[i])
			duration_refuse_limits("must not contain NULL");
		us = kpi_duration_microseconds(DatumGetIntervalP(elements[i]));
		if (us < 0 || us > PG_INT64_MAX)
			duration_refuse_limits(psprintf("must not contain %s",
											DatumGetCString(DirectFunctionCall1(interval_out, elements[i]))));
		at[i] = (int64) us;
	}
	qsort(at, n, sizeof(int64), duration_compare_int64);
	remembered.arguments = 0;
	for (int i = 0; i < n; i++)
		if (i == 0 || at[i] != at[i - 1])
			read.limits.at[used++] = at[i];
	read.limits.n = used;
	kpi_parameters_remember(&remembered, &argument, 1, "", 0);
	return &read.limits;
}

/* The error for a duration that is negative or too long: 22003. */
static void
duration_refuse(char *shown, bool negative)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 negative ? errmsg("duration %s is negative", shown) :
			 errmsg("duration %s is out of range", shown),
			 negative ? errhint("Leave such rows out with FILTER, for example FILTER (WHERE done >= started).") :
			 errhint("The longest duration is 2^63 - 1 microseconds, about 292271 years; leave other rows out with FILTER.")));
}

/* The same for one in seconds. */
static void
duration_refuse_seconds(double seconds)
{
	duration_refuse(psprintf("%s seconds", float8out_internal(seconds)), seconds < 0 && !isinf(seconds));
}

/*
 * kpi_duration_microseconds() -
 *
 *	Microseconds as extract(epoch) counts them: a year has 365.25 days, a month that
 *	is left over 30.  An infinite interval (since 17) comes out beyond all
 *	durations.
 */
KpiInt128
kpi_duration_microseconds(const Interval *interval)
{
	int64		quarter_days = INT64CONST(1461) * (interval->month / MONTHS_PER_YEAR) +
		INT64CONST(120) * (interval->month % MONTHS_PER_YEAR) + INT64CONST(4) * interval->day;

	return (KpiInt128) quarter_days * (USECS_PER_DAY / 4) + interval->time;
}

/* A duration, as an interval; 22003 as duration_refuse(). */
static inline int64
duration_from_interval(const Interval *interval)
{
	KpiInt128	us = kpi_duration_microseconds(interval);

	if (unlikely(us < 0 || us > PG_INT64_MAX))
		duration_refuse(DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(interval))),
						us < 0);
	return (int64) us;
}

/* From here on a double precision number has no fraction. */
#define DURATION_WHOLE_FROM 4503599627370496.0

/*
 * duration_from_seconds() -
 *
 *	A duration, as seconds: the microsecond nearest to the exact product, a half to
 *	the even one.  The rounding error of the product matters where it seems a half
 *	or is huge.  22003 as duration_refuse().
 */
static inline int64
duration_from_seconds(double seconds)
{
	double		us = seconds * 1e6;
	double		whole = rint(us);
	KpiInt128	result;

	if (unlikely((us == whole + 0.5 || us == whole - 0.5) && us < DURATION_WHOLE_FROM))
	{
		double		rest = fma(seconds, 1e6, -us);

		if (rest != 0)
			whole = rest > 0 ? ceil(us) : floor(us);
	}
	if (unlikely(!(whole >= 0 && whole <= 9223372036854775808.0)))
		duration_refuse_seconds(seconds);
	if (likely(whole < DURATION_WHOLE_FROM))
		return (int64) whole;
	result = (KpiInt128) whole + (KpiInt128) rint(fma(seconds, 1e6, -us));
	if (result > PG_INT64_MAX)
		duration_refuse_seconds(seconds);
	return (int64) result;
}

/*
 * duration_between() -
 *
 *	The time from argument 1 to argument 2, both moments or both dates.  22003 where it is
 *	negative, or one of them infinite.
 */
static int64
duration_between(FunctionCallInfo fcinfo, bool dates)
{
	int64		started = dates ? PG_GETARG_DATEADT(1) : PG_GETARG_TIMESTAMP(1);
	int64		ended = dates ? PG_GETARG_DATEADT(2) : PG_GETARG_TIMESTAMP(2);
	bool		infinite = dates ? DATE_NOT_FINITE(PG_GETARG_DATEADT(1)) || DATE_NOT_FINITE(PG_GETARG_DATEADT(2)) :
		TIMESTAMP_NOT_FINITE(started) || TIMESTAMP_NOT_FINITE(ended);
	KpiInt128	us = (KpiInt128) ended - started;
	bool		negative = us < 0;

	if (dates)
		us *= USECS_PER_DAY;
	if (likely(!infinite && !negative && us <= PG_INT64_MAX))
		return (int64) us;
	if (infinite)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("duration from or to infinity is out of range"),
				 errhint("Leave such rows out with FILTER, for example FILTER (WHERE isfinite(ended)).")));
	duration_refuse(dates ? psprintf("of %lld days", (long long) (ended - started)) :
					psprintf("of %.6f seconds", (double) (us < 0 ? -us : us) / 1e6 * (negative ? -1 : 1)), negative);
	return 0;					/* not reached */
}

/*
 * duration_from_days() -
 *
 *	The error for an integer, which is what a date less a date gives: 22023.  Taken for
 *	seconds, days would be short enough to be believed.
 */
static int64
duration_from_days(int32 value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("duration %d is an integer, which may be days or seconds", value),
			 errhint("Of two dates give both, duration_summary(started, ended); of a number of seconds write "
					 "make_interval(secs => seconds), or seconds::double precision.")));
	return 0;					/* not reached */
}

/* Transition functions of duration_summary(), not strict: the state comes with its first row.  A row with a NULL is ignored. */
#define DURATION_STEP(accum, duration) \
	KPI_FUNCTION(accum, unlikely(PG_ARGISNULL(1)) ? kpi_unchanged(fcinfo) : duration_step(fcinfo, duration, NULL))
#define DURATION_STEP_BETWEEN(accum, dates) \
	KPI_FUNCTION(accum, unlikely(PG_ARGISNULL(1) || PG_ARGISNULL(2)) ? kpi_unchanged(fcinfo) : \
				 duration_step(fcinfo, duration_between(fcinfo, dates), NULL))

DURATION_STEP(kpi_duration_summary_accum_interval, duration_from_interval(PG_GETARG_INTERVAL_P(1)))
DURATION_STEP(kpi_duration_summary_accum_float8, duration_from_seconds(PG_GETARG_FLOAT8(1)))
DURATION_STEP(kpi_duration_summary_accum_integer, duration_from_days(PG_GETARG_INT32(1)))
DURATION_STEP_BETWEEN(kpi_duration_summary_accum_date, true)
DURATION_STEP_BETWEEN(kpi_duration_summary_accum_timestamp, false)

/* The same with limits behind them, which no row may lack. */
#define DURATION_STEP_LIMITS(accum, duration) \
	KPI_FUNCTION(accum, duration_step_limits(fcinfo, PG_ARGISNULL(1) ? -1 : (duration), 2))
#define DURATION_STEP_BETWEEN_LIMITS(accum, dates) \
	KPI_FUNCTION(accum, duration_step_limits(fcinfo, PG_ARGISNULL(1) || PG_ARGISNULL(2) ? -1 : \
											 duration_between(fcinfo, dates), 3))

/* A row with limits in an argument; us is -1 for NULL. */
static inline Datum
duration_step_limits(FunctionCallInfo fcinfo, int64 us, int number)
{
	const DurationLimits *limits = duration_limits_argument(fcinfo, number);

	return us < 0 ? kpi_unchanged(fcinfo) : duration_step(fcinfo, us, limits);
}

DURATION_STEP_LIMITS(kpi_duration_summary_accum_interval_limits, duration_from_interval(PG_GETARG_INTERVAL_P(1)))
DURATION_STEP_LIMITS(kpi_duration_summary_accum_float8_limits, duration_from_seconds(PG_GETARG_FLOAT8(1)))
DURATION_STEP_LIMITS(kpi_duration_summary_accum_integer_limits, duration_from_days(PG_GETARG_INT32(1)))
DURATION_STEP_BETWEEN_LIMITS(kpi_duration_summary_accum_date_limits, true)
DURATION_STEP_BETWEEN_LIMITS(kpi_duration_summary_accum_timestamp_limits, false)

/*
 * kpi_duration_summary_add() -
 *
 *	The operator +, and what merges partial states, of which one may be NULL inside
 *	an aggregate.  Changes argument 0 there, and gives a stored value else.  22003
 *	beyond KPI_MAX_COUNT rows, 22023 where limits differ; the empty summary has none.
 */
PG_FUNCTION_INFO_V1(kpi_duration_summary_add);
Datum
kpi_duration_summary_add(PG_FUNCTION_ARGS)
{
	bool		in_aggregate = kpi_in_aggregate(fcinfo);
	DurationSummary *s = PG_ARGISNULL(0) ? NULL : duration_get(PG_GETARG_DATUM(0));
	DurationSummary *other = PG_ARGISNULL(1) ? NULL : duration_get(PG_GETARG_DATUM(1));

	if ((s == NULL && other == NULL) || (!in_aggregate && (s == NULL || other == NULL)))
		PG_RETURN_NULL();
	if (s == NULL || (other != NULL && s->n == 0))
		s = other;
	else if (other != NULL && other->n > 0)
	{
		int			first = kpi_bucket(other->min);
		int			last = kpi_bucket(other->max);

		duration_check_count(s, other->n);
		duration_check_limits(s, duration_limits(other));
		if (!in_aggregate || !duration_has_room(s, other->n, first, last))
			s = duration_enlarge(s, duration_limits(s), other->n, first, last);
		duration_add_summary(s, other);
	}
	PG_RETURN_POINTER(in_aggregate ? s : kpi_duration_stored(s));
}

/*
 * kpi_duration_summary_final() -
 *
 *	The final function: the stored form of a state, the empty summary for NULL.  It
 *	is a value of its own, since the state goes on in a moving frame.
 */
PG_FUNCTION_INFO_V1(kpi_duration_summary_final);
Datum
kpi_duration_summary_final(PG_FUNCTION_ARGS)
{
	DurationSummary *s;

	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(kpi_duration_new(NULL, 0));
	s = duration_get(PG_GETARG_DATUM(0));
	if (s->header.flags == DURATION_STORED)
		PG_RETURN_DATUM(datumCopy(PointerGetDatum(s), false, -1));
	PG_RETURN_POINTER(kpi_duration_stored(s));
}

