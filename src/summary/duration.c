/*
 * duration.c
 *		duration_summary: count, sum, extremes and a histogram of durations.
 *
 *		A duration is a whole number of microseconds (us), 0 to 2^63 - 1.  Count,
 *		sum, least and largest are exact; percentiles and shares come from the
 *		histogram of summary/histogram.h, which also describes its packed form.
 *
 *		Layout: header, n, sum (low and high half of 128 bits), min, max (us; 0
 *		without rows), length, low, and what the header's flags say:
 *
 *		STORED	the canonical form, the only one that leaves an aggregate: the
 *				histogram, packed; length is the number of buckets in use, low 0.
 *		LIST	for few rows: the bucket (uint16) of each of the length rows, in any
 *				order, with room up to the end of the chunk; low is 0.
 *		WINDOW	for many: a count (int64) for each bucket from low to
 *				low + length - 1; both are multiples of KPI_OCTAVE.
 *
 *		Text form: (n,sum,min,max;bucket:count,...), times in us, only buckets in
 *		use, in order; the empty summary is (0).  Binary form: version (1), n (8),
 *		sum (16), min (8), max (8), length (4), the packed histogram.
 *
 *		Percentile: the value at position max(1, ceil(p n)) of the sorted rows, as
 *		percentile_disc() of PostgreSQL's orderedsetaggs.c computes it.
 */
#include "core/form/flat.h"
#include "summary/histogram.h"
#include "core/form/scan.h"
#include "core/form/wire.h"

#include <ctype.h>
#include <math.h>

#include "lib/stringinfo.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

typedef unsigned __int128 uint128_;
typedef __int128 int128_;

#define STORED 0
#define LIST 1
#define WINDOW 2

typedef struct DurationSummary
{
	KpiHeader	header;
	int64		n;
	uint64		sum_low;
	uint64		sum_high;
	int64		min;
	int64		max;
	int32		length;			/* of the buckets, rows or counts that follow */
	int32		low;
	uint8		data[FLEXIBLE_ARRAY_MEMBER];
} DurationSummary;

#define HEAD_SIZE offsetof(DurationSummary, data)

static const KpiType duration_type = {"duration_summary", 1, KPI_TYPE_DURATION_SUMMARY, HEAD_SIZE};

#define DURATION_FORM "(n,sum,min,max;bucket:count,...) with times in microseconds, or (0)"

/* Sizes of a state with a list; after the last it becomes a window. */
#define LIST_SIZE_FIRST 64
#define LIST_SIZE_LAST 512
#define LIST_MAX ((LIST_SIZE_LAST - HEAD_SIZE) / sizeof(uint16))

static inline uint16 *
list_of(const DurationSummary *s)
{
	return (uint16 *) s->data;
}

static inline int64 *
counts_of(const DurationSummary *s)
{
	return (int64 *) s->data;
}

static inline uint128_
sum_of(const DurationSummary *s)
{
	return (uint128_) s->sum_high << 64 | s->sum_low;
}

static inline void
set_sum(DurationSummary *s, uint128_ sum)
{
	s->sum_low = (uint64) sum;
	s->sum_high = (uint64) (sum >> 64);
}

static inline KpiBuckets
buckets_of(const DurationSummary *s)
{
	Assert(s->header.flags == STORED);
	return kpi_buckets(s->data, (const uint8 *) s + VARSIZE(s));
}

/*
 * What is wrong with a stored summary, or NULL.  One that passes is the summary
 * of at least one multiset of durations.
 */
static const char *
duration_problem(const DurationSummary *s)
{
	KpiBuckets	b = buckets_of(s);
	int64		n = 0;
	int32		length = 0;
	int			first = -1;
	int			last = -1;
	uint128_	least = 0;
	uint128_	most = 0;

	if (s->n < 0 || s->n > KPI_MAX_COUNT)
		return "The number of durations is out of range.";
	if (s->min < 0 || s->min > s->max)
		return "The extremes are negative or the wrong way round.";
	while (kpi_next_bucket(&b))
	{
		if (b.count > s->n - n)
			return "The counts add up to more than the number of durations.";
		if (first < 0)
			first = b.bucket;
		last = b.bucket;
		n += b.count;
		length++;
		least += (uint128_) b.count * Max(kpi_bucket_low(b.bucket), s->min);
		most += (uint128_) b.count * Min(kpi_bucket_high(b.bucket), s->max);
	}
	if (b.at != b.end || length != s->length)
		return "The buckets are malformed.";
	if (n != s->n)
		return "The counts add up to less than the number of durations.";
	if (n == 0)
		return s->max == 0 && sum_of(s) == 0 ? NULL : "There is a sum or an extreme without durations.";
	if (kpi_bucket(s->min) != first || kpi_bucket(s->max) != last)
		return "The extremes do not lie in the first and the last bucket.";

	/* one duration is the least and one the largest, and nothing less or more than that */
	least += s->max - Max(kpi_bucket_low(last), s->min);
	most -= Min(kpi_bucket_high(first), s->max) - s->min;
	if (sum_of(s) < least || sum_of(s) > most)
		return "The sum does not fit the buckets.";
	return NULL;
}

/* An empty summary, stored form, with space for a histogram. */
static DurationSummary *
new_summary(Size data_size)
{
	return kpi_flat_new(&duration_type, HEAD_SIZE + data_size);
}

/* What was read, as a value; the caller checks it. */
static DurationSummary *
read_summary(const DurationSummary *head, const char *packed, int size)
{
	DurationSummary *s = new_summary(size);

	memcpy(&s->n, &head->n, HEAD_SIZE - offsetof(DurationSummary, n));
	memcpy(s->data, packed, size);
	return s;
}

/* A sum of microseconds, at most 2^125. */
static bool
scan_sum(KpiScan *scan, uint128_ *sum)
{
	*sum = 0;
	if (kpi_scan_peek(scan, '\0') || !isdigit((unsigned char) *scan->at))
		return false;
	while (isdigit((unsigned char) *scan->at))
	{
		if (*sum >> 125 != 0)
			return false;
		*sum = *sum * 10 + (*scan->at++ - '0');
	}
	return *sum >> 125 == 0;
}

PG_FUNCTION_INFO_V1(kpi_duration_summary_in);
Datum
kpi_duration_summary_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &duration_type, DURATION_FORM);
	DurationSummary head = {0};
	DurationSummary *s;
	StringInfoData packed;
	int			previous = -1;
	uint128_	sum = 0;
	const char *problem;

	initStringInfo(&packed);
	if (!kpi_scan_char(&scan, '(') || !kpi_scan_int64(&scan, &head.n))
		return kpi_scan_fail(&scan, NULL);
	if (head.n != 0)
	{
		if (!kpi_scan_char(&scan, ',') || !scan_sum(&scan, &sum) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &head.min) ||
			!kpi_scan_char(&scan, ',') || !kpi_scan_int64(&scan, &head.max) ||
			!kpi_scan_peek(&scan, ';'))
			return kpi_scan_fail(&scan, NULL);
		do
		{
			int64		bucket;
			int64		count;
			uint8		bytes[KPI_PACKED_MAX];

			scan.at++;
			if (!kpi_scan_int64(&scan, &bucket) || !kpi_scan_char(&scan, ':') ||
				!kpi_scan_int64(&scan, &count))
				return kpi_scan_fail(&scan, NULL);
			if (bucket <= previous || bucket >= KPI_BUCKETS)
				return kpi_scan_fail(&scan, psprintf("Buckets must increase, from 0 to at most %d.", KPI_BUCKETS - 1));
			if (count < 1 || count > KPI_MAX_COUNT)
				return kpi_scan_fail(&scan, "The count of a bucket is out of range.");
			appendBinaryStringInfo(&packed, (char *) bytes,
								   kpi_pack_bucket(bytes, previous, bucket, count) - bytes);
			previous = bucket;
			head.length++;
		} while (kpi_scan_peek(&scan, ','));
	}
	if (!kpi_scan_char(&scan, ')') || !kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);

	set_sum(&head, sum);
	s = read_summary(&head, packed.data, packed.len);
	if ((problem = duration_problem(s)) != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(s);
}

PG_FUNCTION_INFO_V1(kpi_duration_summary_recv);
Datum
kpi_duration_summary_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &duration_type);
	DurationSummary head = {0};
	DurationSummary *s;
	int			size;
	const char *problem;

	head.n = kpi_wire_int64(&wire);
	head.sum_high = (uint64) kpi_wire_int64(&wire);
	head.sum_low = (uint64) kpi_wire_int64(&wire);
	head.min = kpi_wire_int64(&wire);
	head.max = kpi_wire_int64(&wire);
	head.length = kpi_wire_int32(&wire);
	if (head.length < 0 || head.length > KPI_BUCKETS)
		kpi_wire_fail(&wire, "The number of buckets is out of range.");
	kpi_wire_need(&wire, head.length);
	size = wire.buf->len - wire.buf->cursor;
	if (size > head.length * KPI_PACKED_MAX)
		kpi_wire_fail(&wire, "It goes on after its end.");

	s = read_summary(&head, pq_getmsgbytes(wire.buf, size), size);
	if ((problem = duration_problem(s)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(s);
}

static int
compare_uint16(const void *a, const void *b)
{
	return (int) *(const uint16 *) a - (int) *(const uint16 *) b;
}

/* The stored form; s itself if it has that already. */
static DurationSummary *
stored(DurationSummary *s)
{
	DurationSummary *result;
	uint8	   *at;
	int			previous = -1;

	if (s->header.flags == STORED)
		return s;
	result = new_summary(Min(s->n, s->length) * KPI_PACKED_MAX);
	result->n = s->n;
	set_sum(result, sum_of(s));
	result->min = s->min;
	result->max = s->max;
	at = result->data;
	if (s->header.flags == LIST)
	{
		uint16		list[LIST_MAX];
		int			count = 0;

		memcpy(list, list_of(s), s->length * sizeof(uint16));
		qsort(list, s->length, sizeof(uint16), compare_uint16);
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
		const int64 *counts = counts_of(s);

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

/* An argument as it is, and in the stored form. */
#define PG_GETARG_DURATION(n) ((DurationSummary *) kpi_flat(PG_GETARG_DATUM(n), &duration_type))
#define PG_GETARG_STORED(n) stored(PG_GETARG_DURATION(n))

PG_FUNCTION_INFO_V1(kpi_duration_summary_out);
Datum
kpi_duration_summary_out(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_STORED(0);
	KpiBuckets	b = buckets_of(s);
	StringInfoData out;
	char		digits[40];
	char	   *first = digits + sizeof(digits) - 1;
	uint128_	sum = sum_of(s);
	char		separator = ';';

	if (s->n == 0)
		PG_RETURN_CSTRING(pstrdup("(0)"));
	*first = '\0';
	do
	{
		*--first = '0' + (int) (sum % 10);
		sum /= 10;
	} while (sum != 0);

	initStringInfo(&out);
	appendStringInfo(&out, "(%lld,%s,%lld,%lld", (long long) s->n, first,
					 (long long) s->min, (long long) s->max);
	while (kpi_next_bucket(&b))
	{
		appendStringInfo(&out, "%c%d:%lld", separator, b.bucket, (long long) b.count);
		separator = ',';
	}
	appendStringInfoChar(&out, ')');
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(kpi_duration_summary_send);
Datum
kpi_duration_summary_send(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_STORED(0);
	StringInfoData out;

	kpi_wire_begin(&out, &duration_type);
	pq_sendint64(&out, s->n);
	pq_sendint64(&out, s->sum_high);
	pq_sendint64(&out, s->sum_low);
	pq_sendint64(&out, s->min);
	pq_sendint64(&out, s->max);
	pq_sendint32(&out, s->length);
	pq_sendbytes(&out, (const char *) s->data, VARSIZE(s) - HEAD_SIZE);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static inline int64
list_room(const DurationSummary *s)
{
	return (int64) ((VARSIZE(s) - HEAD_SIZE) / sizeof(uint16)) - s->length;
}

/* Count a bucket in a state that has room for it; the checks are against damaged values. */
static inline void
add_bucket(DurationSummary *s, int bucket, int64 count)
{
	if (likely(s->header.flags == WINDOW))
	{
		if (unlikely((uint32) (bucket - s->low) >= (uint32) s->length))
			kpi_flat_reject(&duration_type, &s->header);
		counts_of(s)[bucket - s->low] += count;
		return;
	}
	if (unlikely(count > list_room(s)))
		kpi_flat_reject(&duration_type, &s->header);
	while (count-- > 0)
		list_of(s)[s->length++] = (uint16) bucket;
}

/* Note rows in all fields but the buckets. */
static inline void
add_totals(DurationSummary *s, int64 n, uint128_ sum, int64 min, int64 max)
{
	set_sum(s, sum_of(s) + sum);
	if (s->n == 0 || min < s->min)
		s->min = min;
	if (max > s->max)
		s->max = max;
	s->n += n;
}

/* Add a summary in any form to a state that has room for it. */
static void
add_summary(DurationSummary *s, const DurationSummary *other)
{
	if (other->n == 0)
		return;
	add_totals(s, other->n, sum_of(other), other->min, other->max);
	if (other->header.flags == STORED)
	{
		KpiBuckets	b = buckets_of(other);

		while (kpi_next_bucket(&b))
			add_bucket(s, b.bucket, b.count);
	}
	else if (other->header.flags == LIST)
	{
		for (int i = 0; i < other->length; i++)
			add_bucket(s, list_of(other)[i], 1);
	}
	else
	{
		for (int i = 0; i < other->length; i++)
			if (counts_of(other)[i] != 0)
				add_bucket(s, other->low + i, counts_of(other)[i]);
	}
}

static inline bool
has_room(const DurationSummary *s, int64 n, int first, int last)
{
	if (s->header.flags == WINDOW)
		return first >= s->low && last < s->low + s->length;
	return s->header.flags == LIST && n <= list_room(s);
}

/* A new state with what s (or NULL) holds and room for n more rows in buckets first to last. */
static DurationSummary *
enlarge(const DurationSummary *s, int64 n, int first, int last)
{
	DurationSummary *result;

	if (s != NULL && s->n > 0)
	{
		n += s->n;
		first = Min(first, kpi_bucket(s->min));
		last = Max(last, kpi_bucket(s->max));
	}
	if (n <= (int64) LIST_MAX)
	{
		Size		size = LIST_SIZE_FIRST;

		while ((size - HEAD_SIZE) / sizeof(uint16) < (Size) n)
			size *= 2;
		result = new_summary(size - HEAD_SIZE);
		result->header.flags = LIST;
	}
	else
	{
		int			low = first - first % KPI_OCTAVE;
		int			length = last - last % KPI_OCTAVE + KPI_OCTAVE - low;

		result = new_summary(length * sizeof(int64));
		result->header.flags = WINDOW;
		result->low = low;
		result->length = length;
	}
	if (s != NULL)
		add_summary(result, s);
	return result;
}

/* Add one duration to the state in argument 0. */
static inline Datum
duration_step(FunctionCallInfo fcinfo, int64 us)
{
	DurationSummary *s = PG_ARGISNULL(0) ? NULL : PG_GETARG_DURATION(0);
	bool		in_aggregate = kpi_in_aggregate(fcinfo);
	int			bucket = kpi_bucket(us);

	if (unlikely(s == NULL || !in_aggregate || !has_room(s, 1, bucket, bucket)))
	{
		if (s != NULL && s->n >= KPI_MAX_COUNT)
			kpi_counts_overflow(duration_type.name);
		s = enlarge(s, 1, bucket, bucket);
	}
	add_totals(s, 1, us, us, us);
	add_bucket(s, bucket, 1);
	PG_RETURN_POINTER(likely(in_aggregate) ? s : stored(s));
}

static void
refuse_duration(char *shown, bool negative)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 negative ? errmsg("duration %s is negative", shown) :
			 errmsg("duration %s is out of range", shown),
			 negative ? errhint("Leave such rows out with FILTER, for example FILTER (WHERE done >= started).") :
			 errhint("The longest duration is 2^63 - 1 microseconds, about 292271 years; leave other rows out with FILTER.")));
}

static void
refuse_seconds(double seconds)
{
	refuse_duration(psprintf("%s seconds", float8out_internal(seconds)), seconds < 0 && !isinf(seconds));
}

/*
 * Microseconds as extract(epoch) counts them: a year has 365.25 days, a month
 * that is left over 30.  An infinite interval (since 17) is out of range too.
 */
static inline int128_
interval_microseconds(const Interval *interval)
{
	int64		quarter_days = INT64CONST(1461) * (interval->month / MONTHS_PER_YEAR) +
		INT64CONST(120) * (interval->month % MONTHS_PER_YEAR) + INT64CONST(4) * interval->day;

	return (int128_) quarter_days * (USECS_PER_DAY / 4) + interval->time;
}

static inline int64
duration_from_interval(const Interval *interval)
{
	int128_		us = interval_microseconds(interval);

	if (unlikely(us < 0 || us > PG_INT64_MAX))
		refuse_duration(DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(interval))),
						us < 0);
	return (int64) us;
}

/* From here on a double precision number has no fraction. */
#define WHOLE_FROM 4503599627370496.0

/*
 * The microsecond nearest to the exact product, a half to the even one.  The
 * rounding error of the product matters where it seems a half or is huge.
 */
static inline int64
duration_from_seconds(double seconds)
{
	double		us = seconds * 1e6;
	double		whole = rint(us);
	int128_		result;

	if (unlikely((us == whole + 0.5 || us == whole - 0.5) && us < WHOLE_FROM))
	{
		double		rest = fma(seconds, 1e6, -us);

		if (rest != 0)
			whole = rest > 0 ? ceil(us) : floor(us);
	}
	if (unlikely(!(whole >= 0 && whole <= 9223372036854775808.0)))
		refuse_seconds(seconds);
	if (likely(whole < WHOLE_FROM))
		return (int64) whole;
	result = (int128_) whole + (int128_) rint(fma(seconds, 1e6, -us));
	if (result > PG_INT64_MAX)
		refuse_seconds(seconds);
	return (int64) result;
}

#define DURATION_STEP(type, duration) \
	PG_FUNCTION_INFO_V1(kpi_duration_summary_accum_##type); \
	Datum kpi_duration_summary_accum_##type(PG_FUNCTION_ARGS) \
	{ \
		if (unlikely(PG_ARGISNULL(1))) \
		{ \
			if (PG_ARGISNULL(0)) \
				PG_RETURN_NULL(); \
			PG_RETURN_DATUM(PG_GETARG_DATUM(0)); \
		} \
		return duration_step(fcinfo, duration); \
	}

DURATION_STEP(interval, duration_from_interval(PG_GETARG_INTERVAL_P(1)))
DURATION_STEP(float8, duration_from_seconds(PG_GETARG_FLOAT8(1)))

/* The operator +, and what merges partial states; a state may be absent. */
PG_FUNCTION_INFO_V1(kpi_duration_summary_add);
Datum
kpi_duration_summary_add(PG_FUNCTION_ARGS)
{
	bool		in_aggregate = kpi_in_aggregate(fcinfo);
	DurationSummary *s = PG_ARGISNULL(0) ? NULL : PG_GETARG_DURATION(0);
	DurationSummary *other = PG_ARGISNULL(1) ? NULL : PG_GETARG_DURATION(1);

	if ((s == NULL && other == NULL) || (!in_aggregate && (s == NULL || other == NULL)))
		PG_RETURN_NULL();
	if (s == NULL || (other != NULL && s->n == 0))
		s = other;
	else if (other != NULL && other->n > 0)
	{
		int			first = kpi_bucket(other->min);
		int			last = kpi_bucket(other->max);

		if (unlikely(s->n > KPI_MAX_COUNT - other->n))
			kpi_counts_overflow(duration_type.name);
		if (!in_aggregate || !has_room(s, other->n, first, last))
			s = enlarge(s, other->n, first, last);
		add_summary(s, other);
	}
	PG_RETURN_POINTER(in_aggregate ? s : stored(s));
}

PG_FUNCTION_INFO_V1(kpi_duration_summary_final);
Datum
kpi_duration_summary_final(PG_FUNCTION_ARGS)
{
	DurationSummary *s;

	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(new_summary(0));
	s = PG_GETARG_DURATION(0);
	if (s->header.flags == STORED)
		PG_RETURN_DATUM(datumCopy(PointerGetDatum(s), false, -1));
	PG_RETURN_POINTER(stored(s));
}

PG_FUNCTION_INFO_V1(kpi_duration_responses);
Datum
kpi_duration_responses(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(PG_GETARG_DURATION(0)->n);
}

/* Hours and smaller; days would not be those of every calendar. */
static Datum
clock_interval(int64 us)
{
	Interval   *interval = palloc0(sizeof(Interval));

	interval->time = us;
	return IntervalPGetDatum(interval);
}

/*
 * A sum of microseconds over n as seconds: the double nearest to the exact
 * quotient, of which 64 significant bits and whether more follows suffice.
 */
static double
seconds_of(uint128_ us, int64 n)
{
	uint128_	divisor = (uint128_) n * USECS_PER_SEC;
	uint128_	quotient = us / divisor;
	uint128_	rest = us % divisor;
	int			bits = 0;

	while (quotient >> 64 == 0 && rest != 0)
	{
		quotient = quotient << 40 | (rest << 40) / divisor;
		rest = (rest << 40) % divisor;
		bits += 40;
	}
	return ldexp((double) (quotient | (rest != 0)), -bits);
}

static bool
percentile_of(FunctionCallInfo fcinfo, int64 *us)
{
	DurationSummary *s = PG_GETARG_STORED(0);
	double		fraction = PG_GETARG_FLOAT8(1);
	double		rank;
	int64		seen = 0;
	KpiBuckets	b = buckets_of(s);

	if (!(fraction >= 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("percentile %s is not between 0 and 1", float8out_internal(fraction)),
				 errhint("Write 0.9 for the duration that 90 of 100 do not exceed.")));
	if (s->n == 0)
		return false;

	/* the first and the last are known exactly */
	rank = ceil(fraction * (double) s->n);
	*us = rank <= 1 ? s->min : s->max;
	if (rank <= 1 || rank >= (double) s->n)
		return true;
	while (kpi_next_bucket(&b))
	{
		seen += b.count;
		if ((double) seen >= rank)
		{
			*us = Max(Min(kpi_bucket_middle(b.bucket), s->max), s->min);
			break;
		}
	}
	return true;
}

PG_FUNCTION_INFO_V1(kpi_duration_percentile);
Datum
kpi_duration_percentile(PG_FUNCTION_ARGS)
{
	int64		us;

	if (!percentile_of(fcinfo, &us))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(clock_interval(us));
}

PG_FUNCTION_INFO_V1(kpi_duration_percentile_seconds);
Datum
kpi_duration_percentile_seconds(PG_FUNCTION_ARGS)
{
	int64		us;

	if (!percentile_of(fcinfo, &us))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(seconds_of(us, 1));
}

/* The exact mean to the nearest microsecond, half a microsecond up. */
PG_FUNCTION_INFO_V1(kpi_duration_mean);
Datum
kpi_duration_mean(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_DURATION(0);

	if (s->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(clock_interval((int64) ((sum_of(s) + s->n / 2) / s->n)));
}

PG_FUNCTION_INFO_V1(kpi_duration_mean_seconds);
Datum
kpi_duration_mean_seconds(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_DURATION(0);

	if (s->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(seconds_of(sum_of(s), s->n));
}

PG_FUNCTION_INFO_V1(kpi_duration_share_within);
Datum
kpi_duration_share_within(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_STORED(0);
	int128_		limit = interval_microseconds(PG_GETARG_INTERVAL_P(1));
	int64		within = 0;
	int			last;
	KpiBuckets	b = buckets_of(s);

	if (s->n == 0)
		PG_RETURN_NULL();
	if (limit < s->min)
		PG_RETURN_FLOAT8(0);
	if (limit >= s->max)
		PG_RETURN_FLOAT8(1);
	last = kpi_bucket((int64) limit);
	while (kpi_next_bucket(&b) && b.bucket <= last)
		within += b.count;

	/* the largest lies beyond the limit, even where it shares its bucket */
	within = Min(within, s->n - 1);
	PG_RETURN_FLOAT8((double) within / (double) s->n);
}
