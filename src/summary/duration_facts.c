/*
 * duration_facts.c
 *		What a duration_summary says: count, percentiles, mean, shares within a limit.
 *
 *		Percentile: the value at position max(1, ceil(p n)) of the sorted rows, as
 *		percentile_disc() of PostgreSQL's orderedsetaggs.c computes it.
 */
#include "summary/duration.h"

#include "core/server/rows.h"

#include <math.h>

#include "utils/float.h"
#include "utils/fmgrprotos.h"

/* responses(s) */
KPI_FUNCTION(kpi_duration_responses, Int64GetDatum(duration_get(PG_GETARG_DATUM(0))->n))

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
	DurationSummary *s = kpi_duration_stored(duration_get(PG_GETARG_DATUM(0)));
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
	DurationSummary *s = duration_get(PG_GETARG_DATUM(0));

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
	DurationSummary *s = duration_get(PG_GETARG_DATUM(0));

	if (s->n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(duration_seconds(duration_sum(s), s->n));
}

/*
 * duration_count_within() -
 *
 *	How many durations are not longer than a limit, at least and at most.  Both are exact
 *	where the limit is one that the summary was built with, where it is no shorter than
 *	the largest, and where it is shorter than the least; else the durations that share
 *	its bucket lie between, with what the nearest limits of the summary leave.
 */
static void
duration_count_within(FunctionCallInfo fcinfo, const DurationSummary *s, int64 *least, int64 *most)
{
	KpiInt128	limit = kpi_duration_microseconds(PG_GETARG_INTERVAL_P(1));
	DurationLimits *limits = duration_limits(s);
	KpiBuckets	b = duration_buckets(s);

	*least = *most = limit < s->min ? 0 : s->n;
	if (limit < s->min || limit >= s->max)
		return;
	*least = *most = 0;
	while (kpi_next_bucket(&b) && kpi_bucket_low(b.bucket) <= limit)
	{
		*most += b.count;
		if (kpi_bucket_high(b.bucket) <= limit)
			*least += b.count;
	}

	/* the least is within, even where it shares the limit's bucket, and the largest is not */
	*least = Max(*least, 1);
	*most = Min(*most, s->n - 1);
	for (int i = 0; limits != NULL && i < limits->n; i++)
	{
		if (limits->at[i] <= limit)
			*least = Max(*least, duration_limit_counts(limits)[i]);
		if (limits->at[i] >= limit)
			*most = Min(*most, duration_limit_counts(limits)[i]);
	}
}

/*
 * kpi_duration_share_within() - share_within(s, within)
 *
 *	The share of durations that are not longer; NULL of the empty summary.  Where it is not
 *	exact, all count that may be within.
 */
PG_FUNCTION_INFO_V1(kpi_duration_share_within);
Datum
kpi_duration_share_within(PG_FUNCTION_ARGS)
{
	DurationSummary *s = kpi_duration_stored(duration_get(PG_GETARG_DATUM(0)));
	int64		least;
	int64		most;

	if (s->n == 0)
		PG_RETURN_NULL();
	duration_count_within(fcinfo, s, &least, &most);
	PG_RETURN_FLOAT8((double) most / (double) s->n);
}

/*
 * kpi_duration_share_within_bounds() - share_within_bounds(s, within)
 *
 *	Between which two the exact share lies; NULL of the empty summary.
 */
PG_FUNCTION_INFO_V1(kpi_duration_share_within_bounds);
Datum
kpi_duration_share_within_bounds(PG_FUNCTION_ARGS)
{
	DurationSummary *s = kpi_duration_stored(duration_get(PG_GETARG_DATUM(0)));
	int64		least;
	int64		most;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (s->n == 0)
		PG_RETURN_NULL();
	duration_count_within(fcinfo, s, &least, &most);
	values[0] = Float8GetDatum((double) least / (double) s->n);
	values[1] = Float8GetDatum((double) most / (double) s->n);
	return kpi_row(fcinfo, values, nulls);
}
