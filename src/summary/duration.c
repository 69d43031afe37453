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
 *		DURATION_STORED	the canonical form, the only one that leaves an aggregate:
 *						the histogram, packed; length is the number of buckets in
 *						use, low 0.
 *		DURATION_LIST	for few rows: the bucket (uint16) of each of the length rows,
 *						in any order, with room up to the end of the chunk; low is 0.
 *		DURATION_WINDOW	for many: a count (int64) for each bucket from low to
 *						low + length - 1; both are multiples of KPI_OCTAVE.
 *
 *		Text form: (n,sum,min,max;bucket:count,...), times in us, only buckets in
 *		use, in order; the empty summary is (0).  Binary form: version (1), n (8),
 *		sum (16), min (8), max (8), length (4), the packed histogram.
 *
 *		Percentile: the value at position max(1, ceil(p n)) of the sorted rows, as
 *		percentile_disc() of PostgreSQL's orderedsetaggs.c computes it.
 */
#include "core/form/flat.h"
#include "core/form/scan.h"
#include "core/form/wire.h"
#include "core/server/int128.h"
#include "summary/histogram.h"

#include <ctype.h>
#include <math.h>

#include "lib/stringinfo.h"
#include "utils/datum.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#define DURATION_STORED 0
#define DURATION_LIST 1
#define DURATION_WINDOW 2

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

#define DURATION_HEAD_SIZE offsetof(DurationSummary, data)

static const KpiType duration_type = {
	.name = "duration_summary", .version = 1, .kind = KPI_TYPE_DURATION_SUMMARY, .size = DURATION_HEAD_SIZE
};

#define DURATION_FORM "(n,sum,min,max;bucket:count,...) with times in microseconds, or (0)"

/* Sizes of a state with a list; after the last it becomes a window. */
#define DURATION_LIST_SIZE_FIRST 64
#define DURATION_LIST_SIZE_LAST 512
#define DURATION_LIST_MAX ((DURATION_LIST_SIZE_LAST - DURATION_HEAD_SIZE) / sizeof(uint16))

/* The buckets of a DURATION_LIST. */
static inline uint16 *
duration_list(const DurationSummary *s)
{
	return (uint16 *) s->data;
}

/* The counts of a DURATION_WINDOW. */
static inline int64 *
duration_counts(const DurationSummary *s)
{
	return (int64 *) s->data;
}

/* The sum of all durations, in us. */
static inline KpiUint128
duration_sum(const DurationSummary *s)
{
	return (KpiUint128) s->sum_high << 64 | s->sum_low;
}

/* Set it. */
static inline void
duration_set_sum(DurationSummary *s, KpiUint128 sum)
{
	s->sum_low = (uint64) sum;
	s->sum_high = (uint64) (sum >> 64);
}

/* A walk over the buckets in use of a stored summary. */
static inline KpiBuckets
duration_buckets(const DurationSummary *s)
{
	Assert(s->header.flags == DURATION_STORED);
	return kpi_buckets(s->data, (const uint8 *) s + VARSIZE(s));
}

/*
 * duration_problem() -
 *
 *	What is wrong with a stored summary, or NULL.  One that passes is the summary of
 *	at least one multiset of durations.
 */
static const char *
duration_problem(const DurationSummary *s)
{
	KpiBuckets	b = duration_buckets(s);
	int64		n = 0;
	int32		length = 0;
	int			first = -1;
	int			last = -1;
	KpiUint128	least = 0;
	KpiUint128	most = 0;

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
		least += (KpiUint128) b.count * Max(kpi_bucket_low(b.bucket), s->min);
		most += (KpiUint128) b.count * Min(kpi_bucket_high(b.bucket), s->max);
	}
	if (b.at != b.end || length != s->length)
		return "The buckets are malformed.";
	if (n != s->n)
		return "The counts add up to less than the number of durations.";
	if (n == 0)
		return s->max == 0 && duration_sum(s) == 0 ? NULL : "There is a sum or an extreme without durations.";
	if (kpi_bucket(s->min) != first || kpi_bucket(s->max) != last)
		return "The extremes do not lie in the first and the last bucket.";

	/* one duration is the least and one the largest, and nothing less or more than that */
	least += s->max - Max(kpi_bucket_low(last), s->min);
	most -= Min(kpi_bucket_high(first), s->max) - s->min;
	if (duration_sum(s) < least || duration_sum(s) > most)
		return "The sum does not fit the buckets.";
	return NULL;
}

/*
 * duration_new() -
 *
 *	An empty summary in the stored form, with space for a histogram, in the current
 *	memory context.  54000 beyond 512 MB.
 */
static DurationSummary *
duration_new(Size data_size)
{
	return kpi_flat_new(&duration_type, DURATION_HEAD_SIZE + data_size);
}

/*
 * duration_read() -
 *
 *	What was read as a value: the fields of the head, and a packed histogram of so
 *	many bytes.  The caller checks it.
 */
static DurationSummary *
duration_read(const DurationSummary *head, const char *packed, int size)
{
	DurationSummary *s = duration_new(size);

	memcpy(&s->n, &head->n, DURATION_HEAD_SIZE - offsetof(DurationSummary, n));
	memcpy(s->data, packed, size);
	return s;
}

/* Read a sum of microseconds, at most 2^125; false for what is none. */
static bool
duration_scan_sum(KpiScan *scan, KpiUint128 *sum)
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

/* The text form.  22P02 for what is none. */
PG_FUNCTION_INFO_V1(kpi_duration_summary_in);
Datum
kpi_duration_summary_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &duration_type, DURATION_FORM);
	DurationSummary head = {0};
	DurationSummary *s;
	StringInfoData packed;
	int			previous = -1;
	KpiUint128	sum = 0;
	const char *problem;

	initStringInfo(&packed);
	if (!kpi_scan_char(&scan, '(') || !kpi_scan_int64(&scan, &head.n))
		return kpi_scan_fail(&scan, NULL);
	if (head.n != 0)
	{
		if (!kpi_scan_char(&scan, ',') || !duration_scan_sum(&scan, &sum) ||
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

	duration_set_sum(&head, sum);
	s = duration_read(&head, packed.data, packed.len);
	if ((problem = duration_problem(s)) != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(s);
}

/* The binary form.  22P03 for what is none. */
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

	s = duration_read(&head, pq_getmsgbytes(wire.buf, size), size);
	if ((problem = duration_problem(s)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(s);
}

/* Order for qsort(). */
static int
duration_compare_uint16(const void *a, const void *b)
{
	return (int) *(const uint16 *) a - (int) *(const uint16 *) b;
}

/*
 * duration_stored() -
 *
 *	The stored form of a summary; s itself if it has that already, else a new one in
 *	the current memory context.
 */
static DurationSummary *
duration_stored(DurationSummary *s)
{
	DurationSummary *result;
	uint8	   *at;
	int			previous = -1;

	if (s->header.flags == DURATION_STORED)
		return s;
	result = duration_new(Min(s->n, s->length) * KPI_PACKED_MAX);
	result->n = s->n;
	duration_set_sum(result, duration_sum(s));
	result->min = s->min;
	result->max = s->max;
	at = result->data;
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

/* An argument as it is, and in the stored form. */
#define PG_GETARG_DURATION(n) ((DurationSummary *) kpi_flat(PG_GETARG_DATUM(n), &duration_type))
#define PG_GETARG_DURATION_STORED(n) duration_stored(PG_GETARG_DURATION(n))

/* The text form of a summary. */
PG_FUNCTION_INFO_V1(kpi_duration_summary_out);
Datum
kpi_duration_summary_out(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_DURATION_STORED(0);
	KpiBuckets	b = duration_buckets(s);
	StringInfoData out;
	char		digits[40];
	char	   *first = digits + sizeof(digits) - 1;
	KpiUint128	sum = duration_sum(s);
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

/* The binary form of a summary. */
PG_FUNCTION_INFO_V1(kpi_duration_summary_send);
Datum
kpi_duration_summary_send(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_DURATION_STORED(0);
	StringInfoData out;

	kpi_wire_begin(&out, &duration_type);
	pq_sendint64(&out, s->n);
	pq_sendint64(&out, s->sum_high);
	pq_sendint64(&out, s->sum_low);
	pq_sendint64(&out, s->min);
	pq_sendint64(&out, s->max);
	pq_sendint32(&out, s->length);
	pq_sendbytes(&out, (const char *) s->data, VARSIZE(s) - DURATION_HEAD_SIZE);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* How many more rows a DURATION_LIST has room for. */
static inline int64
duration_list_room(const DurationSummary *s)
{
	return (int64) ((VARSIZE(s) - DURATION_HEAD_SIZE) / sizeof(uint16)) - s->length;
}

/* Count a bucket in a state that has room for it.  XX001 where it has none, against damaged values. */
static inline void
duration_add_bucket(DurationSummary *s, int bucket, int64 count)
{
	if (likely(s->header.flags == DURATION_WINDOW))
	{
		if (unlikely((uint32) (bucket - s->low) >= (uint32) s->length))
			kpi_flat_reject(&duration_type, &s->header);
		duration_counts(s)[bucket - s->low] += count;
		return;
	}
	if (unlikely(count > duration_list_room(s)))
		kpi_flat_reject(&duration_type, &s->header);
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

/* Add a summary in any form to a state that has room for it.  XX001 as duration_add_bucket(). */
static void
duration_add_summary(DurationSummary *s, const DurationSummary *other)
{
	if (other->n == 0)
		return;
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
		kpi_counts_overflow(duration_type.name);
}

/*
 * duration_enlarge() -
 *
 *	A new state, in the current memory context, with what s holds (or nothing, for
 *	NULL) and room for n more rows in buckets first to last.
 */
static DurationSummary *
duration_enlarge(const DurationSummary *s, int64 n, int first, int last)
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
		result = duration_new(size - DURATION_HEAD_SIZE);
		result->header.flags = DURATION_LIST;
	}
	else
	{
		int			low = first - first % KPI_OCTAVE;
		int			length = last - last % KPI_OCTAVE + KPI_OCTAVE - low;

		result = duration_new(length * sizeof(int64));
		result->header.flags = DURATION_WINDOW;
		result->low = low;
		result->length = length;
	}
	if (s != NULL)
		duration_add_summary(result, s);
	return result;
}

/*
 * duration_step() -
 *
 *	Add one duration to the state in argument 0, which may be NULL.  What comes back
 *	is the state inside an aggregate, perhaps a larger one in its place, and a
 *	stored value else.  22003 beyond KPI_MAX_COUNT rows.
 */
static inline Datum
duration_step(FunctionCallInfo fcinfo, int64 us)
{
	DurationSummary *s = PG_ARGISNULL(0) ? NULL : PG_GETARG_DURATION(0);
	bool		in_aggregate = kpi_in_aggregate(fcinfo);
	int			bucket = kpi_bucket(us);

	if (likely(s != NULL))
		duration_check_count(s, 1);
	if (unlikely(s == NULL || !in_aggregate || !duration_has_room(s, 1, bucket, bucket)))
		s = duration_enlarge(s, 1, bucket, bucket);
	duration_add_totals(s, 1, us, us, us);
	duration_add_bucket(s, bucket, 1);
	PG_RETURN_POINTER(likely(in_aggregate) ? s : duration_stored(s));
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
 * duration_interval_microseconds() -
 *
 *	Microseconds as extract(epoch) counts them: a year has 365.25 days, a month that
 *	is left over 30.  An infinite interval (since 17) comes out beyond all
 *	durations.
 */
static inline KpiInt128
duration_interval_microseconds(const Interval *interval)
{
	int64		quarter_days = INT64CONST(1461) * (interval->month / MONTHS_PER_YEAR) +
		INT64CONST(120) * (interval->month % MONTHS_PER_YEAR) + INT64CONST(4) * interval->day;

	return (KpiInt128) quarter_days * (USECS_PER_DAY / 4) + interval->time;
}

/* A duration, as an interval; 22003 as duration_refuse(). */
static inline int64
duration_from_interval(const Interval *interval)
{
	KpiInt128	us = duration_interval_microseconds(interval);

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

/* Transition functions of duration_agg(), not strict: the state comes with its first row. */
#define DURATION_STEP(accum, duration) \
	KPI_FUNCTION(accum, unlikely(PG_ARGISNULL(1)) ? kpi_unchanged(fcinfo) : duration_step(fcinfo, duration))

DURATION_STEP(kpi_duration_summary_accum_interval, duration_from_interval(PG_GETARG_INTERVAL_P(1)))
DURATION_STEP(kpi_duration_summary_accum_float8, duration_from_seconds(PG_GETARG_FLOAT8(1)))

/*
 * kpi_duration_summary_add() -
 *
 *	The operator +, and what merges partial states, of which one may be NULL inside
 *	an aggregate.  Changes argument 0 there, and gives a stored value else.  22003
 *	beyond KPI_MAX_COUNT rows.
 */
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

		duration_check_count(s, other->n);
		if (!in_aggregate || !duration_has_room(s, other->n, first, last))
			s = duration_enlarge(s, other->n, first, last);
		duration_add_summary(s, other);
	}
	PG_RETURN_POINTER(in_aggregate ? s : duration_stored(s));
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
		PG_RETURN_POINTER(duration_new(0));
	s = PG_GETARG_DURATION(0);
	if (s->header.flags == DURATION_STORED)
		PG_RETURN_DATUM(datumCopy(PointerGetDatum(s), false, -1));
	PG_RETURN_POINTER(duration_stored(s));
}

/* responses(s) */
KPI_FUNCTION(kpi_duration_responses, Int64GetDatum(PG_GETARG_DURATION(0)->n))

/* An interval of hours and smaller; days would not be those of every calendar. */
static Datum
duration_clock_interval(int64 us)
{
	Interval   *interval = palloc0(sizeof(Interval));

	interval->time = us;
	return IntervalPGetDatum(interval);
}

/*
 * duration_seconds() -
 *
 *	A sum of microseconds over n as seconds: the double nearest to the exact
 *	quotient, of which 64 significant bits and whether more follows suffice.
 */
static double
duration_seconds(KpiUint128 us, int64 n)
{
	KpiUint128	divisor = (KpiUint128) n * USECS_PER_SEC;
	KpiUint128	quotient = us / divisor;
	KpiUint128	rest = us % divisor;
	int			bits = 0;

	while (quotient >> 64 == 0 && rest != 0)
	{
		quotient = quotient << 40 | (rest << 40) / divisor;
		rest = (rest << 40) % divisor;
		bits += 40;
	}
	return ldexp((double) (quotient | (rest != 0)), -bits);
}

/*
 * duration_percentile() -
 *
 *	The percentile at the fraction in argument 1 of the summary in argument 0; false
 *	for the empty one.  22023 for a fraction outside 0..1.
 */
static bool
duration_percentile(FunctionCallInfo fcinfo, int64 *us)
{
	DurationSummary *s = PG_GETARG_DURATION_STORED(0);
	double		fraction = PG_GETARG_FLOAT8(1);
	double		rank;
	int64		seen = 0;
	KpiBuckets	b = duration_buckets(s);

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

/*
 * kpi_duration_percentile() - percentile(s, fraction)
 *
 *	An interval; NULL of the empty summary.  22023 for a fraction outside 0..1.
 */
PG_FUNCTION_INFO_V1(kpi_duration_percentile);
Datum
kpi_duration_percentile(PG_FUNCTION_ARGS)
{
	int64		us;

	if (!duration_percentile(fcinfo, &us))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(duration_clock_interval(us));
}

/*
 * kpi_duration_percentile_seconds() - percentile_seconds(s, fraction)
 *
 *	The same in seconds.
 */
PG_FUNCTION_INFO_V1(kpi_duration_percentile_seconds);
Datum
kpi_duration_percentile_seconds(PG_FUNCTION_ARGS)
{
	int64		us;

	if (!duration_percentile(fcinfo, &us))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(duration_seconds(us, 1));
}

/*
 * kpi_duration_mean() - mean(s)
 *
 *	The exact mean to the nearest microsecond, half a microsecond up; NULL of the
 *	empty summary.
 */
PG_FUNCTION_INFO_V1(kpi_duration_mean);
Datum
kpi_duration_mean(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_DURATION(0);

	if (s->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(duration_clock_interval((int64) ((duration_sum(s) + s->n / 2) / s->n)));
}

/*
 * kpi_duration_mean_seconds() - mean_seconds(s)
 *
 *	The same in seconds, to the nearest double.
 */
PG_FUNCTION_INFO_V1(kpi_duration_mean_seconds);
Datum
kpi_duration_mean_seconds(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_DURATION(0);

	if (s->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(duration_seconds(duration_sum(s), s->n));
}

/*
 * kpi_duration_share_within() - share_within(s, within)
 *
 *	The share of durations that are not longer; NULL of the empty summary.  Within
 *	the bucket of `within` all count, but not the largest where it is longer.
 */
PG_FUNCTION_INFO_V1(kpi_duration_share_within);
Datum
kpi_duration_share_within(PG_FUNCTION_ARGS)
{
	DurationSummary *s = PG_GETARG_DURATION_STORED(0);
	KpiInt128	limit = duration_interval_microseconds(PG_GETARG_INTERVAL_P(1));
	int64		within = 0;
	int			last;
	KpiBuckets	b = duration_buckets(s);

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
