/*
 * duration_forms.c
 *		Text and binary forms of duration_summary.
 *
 *		Text: (n,sum,min,max;limit=count,...;bucket:count,...), times in us; limits only
 *		where there are any; only buckets in use; both in order; the empty summary is (0).
 *		Binary: version (1), n (8), sum (16), min (8), max (8), length (4); in version 2 the
 *		number of limits (4), each (8), the count up to each (8); then the packed histogram.
 */
#include "summary/duration.h"

#include "core/form/scan.h"
#include "core/form/wire.h"

#include <ctype.h>

#include "lib/stringinfo.h"

#define DURATION_FORM "(n,sum,min,max;[limit=count,...;]bucket:count,...) with times in microseconds, or (0)"

/* Walking the durations of a summary in order: what is known of the sum of those that were passed. */
typedef struct DurationRange
{
	KpiUint128	least;
	KpiUint128	most;
	int64		n;
	int64		first_most;		/* the most that the first of them can be */
	int64		last_least;		/* and the least that the last can be */
} DurationRange;

/* Pass so many durations from low to high; false where no duration of the summary is there. */
static bool
duration_pass(const DurationSummary *s, DurationRange *range, int64 low, int64 high, int64 count)
{
	if (count == 0)
		return true;
	if (range->n == 0 && low > s->min)
		return false;
	low = Max(low, s->min);
	high = Min(high, s->max);
	if (low > high)
		return false;
	if (range->n == 0)
		range->first_most = high;
	range->last_least = low;
	range->n += count;
	range->least += (KpiUint128) count * low;
	range->most += (KpiUint128) count * high;
	return true;
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
	DurationLimits *limits = duration_limits(s);
	const int64 *within = limits == NULL ? NULL : duration_limit_counts(limits);
	int64		next = 0;		/* of the limits */
	KpiBuckets	b = duration_buckets(s);
	DurationRange range = {0};
	int32		length = 0;
	int			first = -1;
	int			last = -1;

	if (s->n < 0 || s->n > KPI_MAX_COUNT)
		return "The number of durations is out of range.";
	if (s->min < 0 || s->min > s->max)
		return "The extremes are negative or the wrong way round.";
	for (int i = 0; limits != NULL && i < limits->n; i++)
		if (limits->at[i] < 0 || (i > 0 && limits->at[i] <= limits->at[i - 1]))
			return "The limits must ascend from 0 on.";
	while (kpi_next_bucket(&b))
	{
		int64		low = kpi_bucket_low(b.bucket);
		int64		high = kpi_bucket_high(b.bucket);
		int64		left = b.count;

		if (b.count > s->n - range.n)
			return "The counts add up to more than the number of durations.";
		if (first < 0)
			first = b.bucket;
		last = b.bucket;
		length++;
		/* limits that lie within the bucket cut it */
		for (; limits != NULL && next < limits->n && limits->at[next] < high; next++)
		{
			int64		count = within[next] - range.n;

			if (count < 0 || count > (limits->at[next] < low ? 0 : left))
				return "The counts up to the limits do not fit the buckets.";
			if (!duration_pass(s, &range, low, limits->at[next], count))
				return "The extremes do not fit the limits.";
			left -= count;
			low = Max(low, limits->at[next] + 1);
		}
		if (!duration_pass(s, &range, low, high, left))
			return "The extremes do not lie in the first and the last bucket.";
	}
	if (b.at != b.end || length != s->length)
		return "The buckets are malformed.";
	if (range.n != s->n)
		return "The counts add up to less than the number of durations.";
	for (; limits != NULL && next < limits->n; next++)
		if (within[next] != s->n)
			return "The counts up to the limits do not fit the buckets.";
	if (s->n == 0)
		return limits != NULL ? "There are limits without durations." :
			s->max == 0 && duration_sum(s) == 0 ? NULL : "There is a sum or an extreme without durations.";
	if (kpi_bucket(s->min) != first || kpi_bucket(s->max) != last)
		return "The extremes do not lie in the first and the last bucket.";
	for (int i = 0; limits != NULL && i < limits->n; i++)
		if ((limits->at[i] < s->max) != (within[i] < s->n))
			return "The extremes do not fit the limits.";

	/* one duration is the least and one the largest, and nothing less or more than that */
	range.least += s->max - range.last_least;
	range.most -= range.first_most - s->min;
	if (duration_sum(s) < range.least || duration_sum(s) > range.most)
		return "The sum does not fit the buckets.";
	return NULL;
}

/*
 * duration_read() -
 *
 *	What was read as a value: the fields of the head, limits with their counts or none
 *	(NULL), and a packed histogram of so many bytes.  The caller checks it.
 */
static DurationSummary *
duration_read(const DurationSummary *head, DurationLimits *limits, const char *packed, int size)
{
	DurationSummary *s = kpi_duration_new(limits, size);

	memcpy(&s->n, &head->n, DURATION_HEAD_SIZE - offsetof(DurationSummary, n));
	if (limits != NULL)
		memcpy(s->data, limits, duration_limits_size(limits->n));
	memcpy(duration_data(s), packed, size);
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

/*
 * kpi_duration_summary_in() - input function of duration_summary
 *
 *	The summary of a text, palloc'd.  22P02, a soft error where the server has them,
 *	for what is not of the form, and for counts, buckets and limits that do not fit
 *	each other.
 */
PG_FUNCTION_INFO_V1(kpi_duration_summary_in);
Datum
kpi_duration_summary_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &kpi_duration_type, DURATION_FORM);
	DurationSummary head = {0};
	DurationLimitsRead read = {.words = {0}};
	int64		within[DURATION_MAX_LIMITS];
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
			bool		begins = *scan.at == ';';	/* the limits, or the buckets */

			scan.at++;
			if (!kpi_scan_int64(&scan, &bucket))
				return kpi_scan_fail(&scan, NULL);
			if (begins == (read.limits.n == 0) && head.length == 0 && kpi_scan_peek(&scan, '='))
			{
				/* it is a limit: limits come first */
				if (read.limits.n == DURATION_MAX_LIMITS)
					return kpi_scan_fail(&scan, psprintf("There are more than %d limits.", DURATION_MAX_LIMITS));
				read.limits.at[read.limits.n] = bucket;
				scan.at++;
				if (!kpi_scan_int64(&scan, &within[read.limits.n++]) ||
					(!kpi_scan_peek(&scan, ',') && !kpi_scan_peek(&scan, ';')))
					return kpi_scan_fail(&scan, NULL);
				continue;
			}
			if (begins != (head.length == 0) || !kpi_scan_char(&scan, ':') || !kpi_scan_int64(&scan, &count))
				return kpi_scan_fail(&scan, NULL);
			if (bucket <= previous || bucket >= KPI_BUCKETS)
				return kpi_scan_fail(&scan, psprintf("Buckets must increase, from 0 to at most %d.", KPI_BUCKETS - 1));
			if (count < 1 || count > KPI_MAX_COUNT)
				return kpi_scan_fail(&scan, "The count of a bucket is out of range.");
			appendBinaryStringInfo(&packed, (char *) bytes,
								   kpi_pack_bucket(bytes, previous, bucket, count) - bytes);
			previous = bucket;
			head.length++;
		} while (kpi_scan_peek(&scan, ',') || (head.length == 0 && kpi_scan_peek(&scan, ';')));
		memcpy(duration_limit_counts(&read.limits), within, read.limits.n * sizeof(int64));
	}
	if (!kpi_scan_char(&scan, ')') || !kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);

	duration_set_sum(&head, sum);
	s = duration_read(&head, read.limits.n == 0 ? NULL : &read.limits, packed.data, packed.len);
	if ((problem = duration_problem(s)) != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(s);
}

/*
 * kpi_duration_summary_recv() - receive function of duration_summary
 *
 *	The summary of a message in either version of the form, palloc'd.  22P03 for what
 *	is not of the form, checked as the text is.
 */
PG_FUNCTION_INFO_V1(kpi_duration_summary_recv);
Datum
kpi_duration_summary_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &kpi_duration_type);
	DurationSummary head = {0};
	DurationLimitsRead read = {.words = {0}};
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
	if (wire.version > DURATION_VERSION)
	{
		read.limits.n = kpi_wire_int32(&wire);
		if (read.limits.n < 1 || read.limits.n > DURATION_MAX_LIMITS)
			kpi_wire_fail(&wire, "The number of limits is out of range.");
		for (int i = 0; i < 2 * read.limits.n; i++)
			read.limits.at[i] = kpi_wire_int64(&wire);
	}
	kpi_wire_need(&wire, head.length);
	size = wire.buf->len - wire.buf->cursor;
	if (size > head.length * KPI_PACKED_MAX)
		kpi_wire_fail(&wire, "It goes on after its end.");

	s = duration_read(&head, read.limits.n == 0 ? NULL : &read.limits, pq_getmsgbytes(wire.buf, size), size);
	if ((problem = duration_problem(s)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(s);
}

/*
 * kpi_duration_summary_out() - output function of duration_summary
 *
 *	The text of a summary or of a state, palloc'd: count, sum, least and most in
 *	microseconds, limits with their counts, buckets with theirs.
 */
PG_FUNCTION_INFO_V1(kpi_duration_summary_out);
Datum
kpi_duration_summary_out(PG_FUNCTION_ARGS)
{
	DurationSummary *s = kpi_duration_stored(duration_get(PG_GETARG_DATUM(0)));
	KpiBuckets	b = duration_buckets(s);
	StringInfoData out;
	char		digits[40];
	char	   *first = digits + sizeof(digits) - 1;
	KpiUint128	sum = duration_sum(s);
	DurationLimits *limits = duration_limits(s);
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
	for (int i = 0; limits != NULL && i < limits->n; i++)
	{
		appendStringInfo(&out, "%c%lld=%lld", separator, (long long) limits->at[i],
						 (long long) duration_limit_counts(limits)[i]);
		separator = ',';
	}
	separator = ';';
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
	DurationSummary *s = kpi_duration_stored(duration_get(PG_GETARG_DATUM(0)));
	const DurationLimits *limits = duration_limits(s);
	StringInfoData out;

	kpi_wire_begin_version(&out, s->header.version);
	pq_sendint64(&out, s->n);
	pq_sendint64(&out, s->sum_high);
	pq_sendint64(&out, s->sum_low);
	pq_sendint64(&out, s->min);
	pq_sendint64(&out, s->max);
	pq_sendint32(&out, s->length);
	if (limits != NULL)
	{
		pq_sendint32(&out, (int32) limits->n);
		for (int i = 0; i < 2 * limits->n; i++)
			pq_sendint64(&out, limits->at[i]);
	}
	pq_sendbytes(&out, (const char *) duration_data(s), (const char *) s + VARSIZE(s) - (const char *) duration_data(s));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
