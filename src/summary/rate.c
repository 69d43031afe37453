/*
 * rate.c
 *		rate_summary: a share as two counts, and every aggregate that builds one.
 *
 *		State and stored form: hits, total, each a count of rows (int64).  Fixed
 *		size, changed in place.  A source of rows is a function that tells whether
 *		a row counts and whether it is a hit; adding it and taking it away again
 *		(for window frames) are one piece of logic.
 *
 *		Interval: Wilson score, see core/number/stats.c.  Of a change: R. G. Newcombe,
 *		"Interval estimation for the difference between independent proportions",
 *		Statistics in Medicine 17 (1998), method 10; of a ratio: A. Donner and G. Y.
 *		Zou, "Closed-form confidence intervals for functions of the normal mean and
 *		standard deviation", Statistical Methods in Medical Research 21 (2012).
 */
#include "core/form/flat.h"
#include "core/form/scan.h"
#include "core/form/wire.h"
#include "core/number/floor_div.h"
#include "core/number/number.h"
#include "core/number/stats.h"
#include "core/server/rows.h"

#include <math.h>

#include "common/int.h"
#include "pgtime.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

typedef struct RateSummary
{
	KpiHeader	header;
	int64		hits;
	int64		total;
} RateSummary;

static const KpiType rate_type = {
	.name = "rate_summary", .version = 1, .kind = KPI_TYPE_RATE_SUMMARY, .size = sizeof(RateSummary)
};

#define PG_GETARG_RATE(n) ((RateSummary *) kpi_flat(PG_GETARG_DATUM(n), &rate_type))

#define RATE_FORM "(hits,total), two counts"

/* What is wrong with these counts, or NULL.  Both forms ask here when they are read. */
static const char *
rate_problem(const RateSummary *s)
{
	if (s->hits < 0 || s->total < 0)
		return "A count can't be negative.";
	if (s->hits > s->total)
		return "There can't be more hits than rows.";
	if (s->total > KPI_MAX_COUNT)
		return "The counts are out of range.";
	return NULL;
}

/* The text form, "(hits,total)".  22P02 for malformed text. */
PG_FUNCTION_INFO_V1(kpi_rate_summary_in);
Datum
kpi_rate_summary_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &rate_type, RATE_FORM);
	RateSummary *s = kpi_flat_new(&rate_type, sizeof(RateSummary));
	const char *problem;

	if (!kpi_scan_char(&scan, '(') ||
		!kpi_scan_int64(&scan, &s->hits) || !kpi_scan_char(&scan, ',') ||
		!kpi_scan_int64(&scan, &s->total) || !kpi_scan_char(&scan, ')') ||
		!kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	if ((problem = rate_problem(s)) != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(s);
}

/* The text form of a summary; palloc'd. */
static char *
rate_text(const RateSummary *s)
{
	return psprintf("(%lld,%lld)", (long long) s->hits, (long long) s->total);
}

KPI_FUNCTION(kpi_rate_summary_out, CStringGetDatum(rate_text(PG_GETARG_RATE(0))))

/* The binary form: two counts (8 each).  22P03 for malformed bytes. */
PG_FUNCTION_INFO_V1(kpi_rate_summary_recv);
Datum
kpi_rate_summary_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &rate_type);
	RateSummary *s = kpi_flat_new(&rate_type, sizeof(RateSummary));
	const char *problem;

	s->hits = kpi_wire_int64(&wire);
	s->total = kpi_wire_int64(&wire);
	kpi_wire_end(&wire);
	if ((problem = rate_problem(s)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(s);
}

/* The binary form of a summary. */
PG_FUNCTION_INFO_V1(kpi_rate_summary_send);
Datum
kpi_rate_summary_send(PG_FUNCTION_ARGS)
{
	RateSummary *s = PG_GETARG_RATE(0);
	StringInfoData out;

	kpi_wire_begin(&out, &rate_type);
	pq_sendint64(&out, s->hits);
	pq_sendint64(&out, s->total);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

typedef enum RateRow
{
	RATE_ROW_IGNORED,
	RATE_ROW_MISS,
	RATE_ROW_HIT
} RateRow;

/* A row that counts: a hit or a miss. */
static inline RateRow
rate_hit(bool hit)
{
	return hit ? RATE_ROW_HIT : RATE_ROW_MISS;
}

/*
 * rate_step_slowly() -
 *
 *	Add one row to the state in argument 0 (by = 1), or take one away (by = -1) when
 *	a window frame moves on.  What comes back is the state itself inside an
 *	aggregate, and a changed copy else; of NULL a new summary, which only a call by
 *	hand asks for, as every aggregate begins with the empty summary.  22003 beyond
 *	KPI_MAX_COUNT rows, 22023 when there is no such row to take away.
 */
static pg_noinline Datum
rate_step_slowly(FunctionCallInfo fcinfo, RateRow row, int64 by)
{
	RateSummary *s;

	if (unlikely(PG_ARGISNULL(0)))
	{
		/* only when called by hand: every aggregate begins with the empty summary */
		s = kpi_flat_new(&rate_type, sizeof(RateSummary));
	}
	else
		s = kpi_flat_state(fcinfo, &rate_type);
	if (row == RATE_ROW_IGNORED)
		PG_RETURN_POINTER(s);
	if (unlikely(by > 0 && s->total >= KPI_MAX_COUNT))
		kpi_counts_overflow(rate_type.name);
	s->total += by;
	if (row == RATE_ROW_HIT)
		s->hits += by;
	if (unlikely(s->hits < 0 || s->hits > s->total))
		kpi_refuse_removal("summary");
	PG_RETURN_POINTER(s);
}

/* Add one row, in the common case without a call; no branch on the row, which no processor could predict. */
static pg_attribute_always_inline Datum
rate_step(FunctionCallInfo fcinfo, RateRow row)
{
	RateSummary *s = kpi_common_state(fcinfo, &rate_type);

	if (unlikely(s == NULL || s->total >= KPI_MAX_COUNT))
		return rate_step_slowly(fcinfo, row, 1);
	s->total += row != RATE_ROW_IGNORED;
	s->hits += row == RATE_ROW_HIT;
	PG_RETURN_POINTER(s);
}

/*
 * A source of rows: what it makes of a row, added by a transition function and taken
 * away again by the other one.
 */
#define RATE_SOURCE(accum, remove, row) \
	KPI_FUNCTION(accum, rate_step(fcinfo, row)) \
	KPI_FUNCTION(remove, rate_step_slowly(fcinfo, row, -1))

/* rate_agg: strict, so that NULL never gets here */
RATE_SOURCE(kpi_rate_summary_accum_bool, kpi_rate_summary_remove_bool, rate_hit(PG_GETARG_BOOL(1)))

/* retention_rate, churn_rate (before, after): strict */
RATE_SOURCE(kpi_rate_summary_accum_retained, kpi_rate_summary_remove_retained,
			PG_GETARG_BOOL(1) ? rate_hit(PG_GETARG_BOOL(2)) : RATE_ROW_IGNORED)
RATE_SOURCE(kpi_rate_summary_accum_churned, kpi_rate_summary_remove_churned,
			PG_GETARG_BOOL(1) ? rate_hit(!PG_GETARG_BOOL(2)) : RATE_ROW_IGNORED)

/*
 * rate_csat_row() -
 *
 *	csat_agg(score [, scale [, boxes]]), strict: a hit is a score among the best
 *	`boxes` of the scale.  22023 for a scale below 2 or boxes that are not below it,
 *	and where boxes must be given; 22003 for a score outside 1..scale.
 */
static inline RateRow
rate_csat_row(FunctionCallInfo fcinfo, int64 score)
{
	int32		scale = PG_NARGS() > 2 ? PG_GETARG_INT32(2) : 5;
	int32		boxes = PG_NARGS() > 3 ? PG_GETARG_INT32(3) : 2;

	if (unlikely(scale < 2))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scale %d is below 2", scale),
				 errhint("The scale is the best score that an answer can have: 5 for answers 1 to 5.")));
	if (unlikely(PG_NARGS() <= 3 && scale < 4))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a scale of %d needs the number of boxes that count as satisfied", scale),
				 errhint("Give it as the third argument, for example csat_agg(score, %d, 1).", scale)));
	if (unlikely(boxes < 1 || boxes >= scale))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d boxes of a scale of %d are not between 1 and %d", boxes, scale, scale - 1)));
	if (unlikely(score < 1 || score > scale))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("score %lld is outside 1..%d", (long long) score, scale),
				 errhint("Leave such rows out with FILTER (WHERE score BETWEEN 1 AND %d), or give the scale.", scale)));
	return rate_hit(score > scale - boxes);
}

RATE_SOURCE(kpi_rate_summary_accum_csat_int2, kpi_rate_summary_remove_csat_int2,
			rate_csat_row(fcinfo, PG_GETARG_INT16(1)))
RATE_SOURCE(kpi_rate_summary_accum_csat_int4, kpi_rate_summary_remove_csat_int4,
			rate_csat_row(fcinfo, PG_GETARG_INT32(1)))
RATE_SOURCE(kpi_rate_summary_accum_csat_int8, kpi_rate_summary_remove_csat_int8,
			rate_csat_row(fcinfo, PG_GETARG_INT64(1)))
RATE_SOURCE(kpi_rate_summary_accum_csat_float8, kpi_rate_summary_remove_csat_float8,
			rate_csat_row(fcinfo, kpi_whole_float8(PG_GETARG_FLOAT8(1), "score")))
RATE_SOURCE(kpi_rate_summary_accum_csat_numeric, kpi_rate_summary_remove_csat_numeric,
			rate_csat_row(fcinfo, kpi_whole_numeric(PG_GETARG_DATUM(1), "score")))

/*
 * rate_on_time_row() -
 *
 *	on_time_rate(due, done, as_of): what was due by as_of counts, and is a hit when
 *	it was done by then.  Dates and timestamps are compared as the numbers they are,
 *	which `get` takes from a Datum; infinities order as they do in SQL.
 */
static inline RateRow
rate_on_time_row(FunctionCallInfo fcinfo, int64 (*get) (Datum))
{
	int64		due;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(3))
		return RATE_ROW_IGNORED;
	due = get(PG_GETARG_DATUM(1));
	if (due > get(PG_GETARG_DATUM(3)))
		return RATE_ROW_IGNORED;
	return rate_hit(!PG_ARGISNULL(2) && get(PG_GETARG_DATUM(2)) <= due);
}

/* A date as a number. */
static inline int64
rate_get_date(Datum at)
{
	return DatumGetDateADT(at);
}

/* A timestamp or timestamptz as a number. */
static inline int64
rate_get_timestamp(Datum at)
{
	return DatumGetTimestamp(at);
}

RATE_SOURCE(kpi_rate_summary_accum_on_time_date, kpi_rate_summary_remove_on_time_date,
			rate_on_time_row(fcinfo, rate_get_date))
RATE_SOURCE(kpi_rate_summary_accum_on_time_timestamp, kpi_rate_summary_remove_on_time_timestamp,
			rate_on_time_row(fcinfo, rate_get_timestamp))

/*
 * rate_window_end_date() -
 *
 *	The last day of a window that begins with a date; part of a day does not reach
 *	the next day.  22008 where date + interval is out of range.
 */
static inline int64
rate_window_end_date(Datum started, const Interval *within)
{
	DateADT		day = DatumGetDateADT(started);
	int64		time;
	int64		end;

	if (DATE_NOT_FINITE(day))
		return day;
	if (within->month == 0)
	{
		time = within->time;
		end = (int64) day + within->day;
	}
	else
	{
		time = DatumGetTimestamp(DirectFunctionCall2(date_pl_interval, started,
													 IntervalPGetDatum(within)));
		/* a window without an end, since 17 */
		if (TIMESTAMP_NOT_FINITE(time))
			return TIMESTAMP_IS_NOEND(time) ? DATEVAL_NOEND : DATEVAL_NOBEGIN;
		end = 0;
	}
	return end + kpi_floor_div(time, USECS_PER_DAY);
}

/*
 * rate_window_end_simple() -
 *
 *	The end of a window in which every day has 24 hours.  False where there are
 *	months in it, or it is infinite or out of range: then the calendar's arithmetic
 *	is needed, which costs more than all the rest of a row.
 */
static inline bool
rate_window_end_simple(Timestamp started, const Interval *within, int64 *end)
{
	int64		days;

	return within->month == 0 && !TIMESTAMP_NOT_FINITE(started) &&
		!pg_mul_s64_overflow(within->day, USECS_PER_DAY, &days) &&
		!pg_add_s64_overflow(started, days, end) &&
		!pg_add_s64_overflow(*end, within->time, end) &&
		IS_VALID_TIMESTAMP(*end);
}

/* The end of a window as timestamp + interval has it.  22008 where that is out of range. */
static inline int64
rate_window_end_timestamp(Datum started, const Interval *within)
{
	int64		end;

	if (likely(rate_window_end_simple(DatumGetTimestamp(started), within, &end)))
		return end;
	return DatumGetTimestamp(DirectFunctionCall2(timestamp_pl_interval, started,
												 IntervalPGetDatum(within)));
}

/*
 * rate_window_end_timestamptz() -
 *
 *	The end of a window as timestamptz + interval has it, in the session's zone.
 *	22008 where that is out of range.
 */
static inline int64
rate_window_end_timestamptz(Datum started, const Interval *within)
{
	int64		end;
	long int	offset;

	/* a zone with a single offset from UTC has no other days */
	if ((within->day == 0 || pg_get_timezone_offset(session_timezone, &offset)) &&
		rate_window_end_simple(DatumGetTimestampTz(started), within, &end))
		return end;
	return DatumGetTimestampTz(DirectFunctionCall2(timestamptz_pl_interval, started,
												   IntervalPGetDatum(within)));
}

/*
 * rate_conversion_row() -
 *
 *	conversion_rate(started, converted, within, as_of): what started counts once its
 *	window has ended by as_of, and is a hit when it converted within the window.
 *	`get` takes the number from a Datum, `window_end` says when the window ends.
 *	22023 for a window with a negative part, 22008 for one that ends out of range.
 */
static inline RateRow
rate_conversion_row(FunctionCallInfo fcinfo, int64 (*get) (Datum),
					int64 (*window_end) (Datum, const Interval *))
{
	Interval   *within;
	int64		started;
	int64		converted;
	int64		end;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		return RATE_ROW_IGNORED;
	within = PG_GETARG_INTERVAL_P(3);
	if (unlikely(within->month < 0 || within->day < 0 || within->time < 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("window %s has a negative part",
						DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(within))))));
	started = get(PG_GETARG_DATUM(1));
	end = window_end(PG_GETARG_DATUM(1), within);
	if (end > get(PG_GETARG_DATUM(4)))
		return RATE_ROW_IGNORED;
	if (PG_ARGISNULL(2))
		return RATE_ROW_MISS;
	converted = get(PG_GETARG_DATUM(2));
	return rate_hit(converted >= started && converted <= end);
}

RATE_SOURCE(kpi_rate_summary_accum_conversion_date, kpi_rate_summary_remove_conversion_date,
			rate_conversion_row(fcinfo, rate_get_date, rate_window_end_date))
RATE_SOURCE(kpi_rate_summary_accum_conversion_timestamp, kpi_rate_summary_remove_conversion_timestamp,
			rate_conversion_row(fcinfo, rate_get_timestamp, rate_window_end_timestamp))
RATE_SOURCE(kpi_rate_summary_accum_conversion_timestamptz, kpi_rate_summary_remove_conversion_timestamptz,
			rate_conversion_row(fcinfo, rate_get_timestamp, rate_window_end_timestamptz))

/*
 * kpi_rate_summary_add() -
 *
 *	The operator +, and what merges partial states; strict.  Changes argument 0
 *	inside an aggregate, and a copy of it else.  22003 beyond KPI_MAX_COUNT rows.
 */
PG_FUNCTION_INFO_V1(kpi_rate_summary_add);
Datum
kpi_rate_summary_add(PG_FUNCTION_ARGS)
{
	RateSummary *s = kpi_flat_state(fcinfo, &rate_type);
	RateSummary *other = PG_GETARG_RATE(1);

	if (unlikely(s->total > KPI_MAX_COUNT - other->total))
		kpi_counts_overflow(rate_type.name);
	s->hits += other->hits;
	s->total += other->total;
	PG_RETURN_POINTER(s);
}

/*
 * kpi_rate_summary_subtract() -
 *
 *	The operator -, and what undoes kpi_rate_summary_add() when a window frame moves
 *	on; strict.  Changes argument 0 inside an aggregate, and a copy of it else.
 *	22023 when hits or misses would become negative.
 */
PG_FUNCTION_INFO_V1(kpi_rate_summary_subtract);
Datum
kpi_rate_summary_subtract(PG_FUNCTION_ARGS)
{
	RateSummary *s = kpi_flat_state(fcinfo, &rate_type);
	RateSummary *other = PG_GETARG_RATE(1);

	if (unlikely(s->hits < other->hits || s->total - s->hits < other->total - other->hits))
		kpi_refuse_subtraction(rate_text(other), rate_text(s));
	s->hits -= other->hits;
	s->total -= other->total;
	PG_RETURN_POINTER(s);
}

/* hits(s), total(s) */
KPI_FUNCTION(kpi_rate_hits, Int64GetDatum(PG_GETARG_RATE(0)->hits))
KPI_FUNCTION(kpi_rate_total, Int64GetDatum(PG_GETARG_RATE(0)->total))

/*
 * kpi_rate() - rate(s)
 *
 *	Hits / total; NULL of the empty summary.
 */
PG_FUNCTION_INFO_V1(kpi_rate);
Datum
kpi_rate(PG_FUNCTION_ARGS)
{
	RateSummary *s = PG_GETARG_RATE(0);

	if (s->total == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) s->hits / (double) s->total);
}

/*
 * rate_bounds() -
 *
 *	The bounds of Wilson's interval of the summary in argument 0 at the confidence
 *	in argument 1.  False for the empty summary.  22023 for a confidence that
 *	kpi_z() refuses.
 */
static bool
rate_bounds(FunctionCallInfo fcinfo, double bounds[2])
{
	RateSummary *s = PG_GETARG_RATE(0);
	double		z = kpi_z(PG_GETARG_FLOAT8(1));

	if (s->total == 0)
		return false;
	kpi_wilson(s->hits, s->total, z, &bounds[0], &bounds[1]);
	return true;
}

/* rate_interval(s, confidence), rate_lower(s, confidence), rate_upper(s, confidence) */
KPI_FUNCTION(kpi_rate_interval, kpi_interval_row(fcinfo, rate_bounds))
KPI_FUNCTION(kpi_rate_lower, kpi_interval_bound(fcinfo, rate_bounds, KPI_LOWER))
KPI_FUNCTION(kpi_rate_upper, kpi_interval_bound(fcinfo, rate_bounds, KPI_UPPER))

/*
 * kpi_rate_change() - rate_change(now, before, confidence)
 *
 *	As a row: the change, the bounds of it within -1..1, the relative change and its
 *	bounds from -1 on.  Both intervals are made of the Wilson intervals of the two
 *	sides.  NULLs where one of the summaries is empty; the relative ones also where
 *	nothing was hit before.  22023 for a confidence that kpi_z() refuses.
 */
PG_FUNCTION_INFO_V1(kpi_rate_change);
Datum
kpi_rate_change(PG_FUNCTION_ARGS)
{
	enum
	{
		CHANGE, LOWER, UPPER, RELATIVE, RELATIVE_LOWER, RELATIVE_UPPER, COLUMNS
	};
	RateSummary *now = PG_GETARG_RATE(0);
	RateSummary *before = PG_GETARG_RATE(1);
	double		z = kpi_z(PG_GETARG_FLOAT8(2));
	Datum		values[COLUMNS] = {0};
	bool		nulls[COLUMNS];
	double		p,
				p_lower,
				p_upper,
				q,
				q_lower,
				q_upper;

	memset(nulls, now->total == 0 || before->total == 0, sizeof(nulls));
	if (nulls[CHANGE])
		return kpi_row(fcinfo, values, nulls);

	p = (double) now->hits / (double) now->total;
	q = (double) before->hits / (double) before->total;
	kpi_wilson(now->hits, now->total, z, &p_lower, &p_upper);
	kpi_wilson(before->hits, before->total, z, &q_lower, &q_upper);
	values[CHANGE] = Float8GetDatum(p - q);
	values[LOWER] = Float8GetDatum(Max(p - q - hypot(p - p_lower, q_upper - q), -1.0));
	values[UPPER] = Float8GetDatum(Min(p - q + hypot(p_upper - p, q - q_lower), 1.0));
	if (before->hits == 0)
		nulls[RELATIVE] = nulls[RELATIVE_LOWER] = nulls[RELATIVE_UPPER] = true;
	else
	{
		/* the roots of q^2 x^2 - 2 p q x + p^2 = (error of p)^2 + x^2 (error of q)^2, each where nothing cancels */
		double		product = p * q;
		double		low = p_lower * (2 * p - p_lower);
		double		high = p_upper * (2 * p - p_upper);
		double		before_high = q_upper * (2 * q - q_upper);
		double		before_low = q_lower * (2 * q - q_lower);

		values[RELATIVE] = Float8GetDatum(p / q - 1);
		values[RELATIVE_LOWER] = Float8GetDatum(now->hits == 0 ? -1.0 :
												low / (product + sqrt(Max(product * product - low * before_high, 0.0))) - 1);
		values[RELATIVE_UPPER] =
			Float8GetDatum((product + sqrt(Max(product * product - high * before_low, 0.0))) / before_low - 1);
	}
	return kpi_row(fcinfo, values, nulls);
}
