/*
 * nps.c
 *		nps_summary: Net Promoter Score as three counts.
 *
 *		State and stored form: promoters, passives, detractors, each a count of
 *		responses (int64).  Fixed size, changed in place.
 *
 *		NPS = 100 (P - D) / n: F. Reichheld, "The one number you need to grow",
 *		HBR 2003.  Margin: the variance of the difference of two shares of one
 *		multinomial sample.  Interval: adjusted Wald as B. Rocks, "Interval
 *		estimation for the Net Promoter Score", The American Statistician 70 (2016):
 *		three pseudo-responses, one a share of 3/4, 3/2, 3/4.
 */
#include "core/form/flat.h"
#include "core/form/scan.h"
#include "core/form/wire.h"
#include "core/number/number.h"
#include "core/number/stats.h"
#include "core/server/rows.h"

#include <math.h>

#include "lib/stringinfo.h"

typedef struct NpsSummary
{
	KpiHeader	header;
	union
	{
		struct
		{
			int64		promoters;
			int64		passives;
			int64		detractors;
		};
		int64		count[3];
	};
} NpsSummary;

static const KpiType nps_type = {
	.name = "nps_summary", .version = 1, .kind = KPI_TYPE_NPS_SUMMARY, .size = sizeof(NpsSummary)
};

#define PG_GETARG_NPS(n) ((NpsSummary *) kpi_flat(PG_GETARG_DATUM(n), &nps_type))

#define NPS_FORM "(promoters,passives,detractors), three counts"

/* All responses of a summary. */
static inline int64
nps_responses(const NpsSummary *s)
{
	return s->promoters + s->passives + s->detractors;
}

/* What is wrong with these counts, or NULL.  Both forms ask here when they are read. */
static const char *
nps_problem(const NpsSummary *s)
{
	if (s->promoters < 0 || s->passives < 0 || s->detractors < 0)
		return "A count can't be negative.";
	if (s->promoters > KPI_MAX_COUNT || s->passives > KPI_MAX_COUNT ||
		s->detractors > KPI_MAX_COUNT - s->promoters ||
		s->passives > KPI_MAX_COUNT - s->promoters - s->detractors)
		return "The counts are out of range.";
	return NULL;
}

/* The text form, "(promoters,passives,detractors)".  22P02 for malformed text. */
PG_FUNCTION_INFO_V1(kpi_nps_summary_in);
Datum
kpi_nps_summary_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &nps_type, NPS_FORM);
	NpsSummary *s = kpi_flat_new(&nps_type, sizeof(NpsSummary));
	const char *problem;

	if (!kpi_scan_char(&scan, '(') ||
		!kpi_scan_int64(&scan, &s->promoters) || !kpi_scan_char(&scan, ',') ||
		!kpi_scan_int64(&scan, &s->passives) || !kpi_scan_char(&scan, ',') ||
		!kpi_scan_int64(&scan, &s->detractors) || !kpi_scan_char(&scan, ')') ||
		!kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	if ((problem = nps_problem(s)) != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(s);
}

/* The text form of a summary; palloc'd. */
static char *
nps_text(const NpsSummary *s)
{
	return psprintf("(%lld,%lld,%lld)", (long long) s->promoters, (long long) s->passives, (long long) s->detractors);
}

KPI_FUNCTION(kpi_nps_summary_out, CStringGetDatum(nps_text(PG_GETARG_NPS(0))))

/* The binary form: three counts (8 each).  22P03 for malformed bytes. */
PG_FUNCTION_INFO_V1(kpi_nps_summary_recv);
Datum
kpi_nps_summary_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &nps_type);
	NpsSummary *s = kpi_flat_new(&nps_type, sizeof(NpsSummary));
	const char *problem;

	s->promoters = kpi_wire_int64(&wire);
	s->passives = kpi_wire_int64(&wire);
	s->detractors = kpi_wire_int64(&wire);
	kpi_wire_end(&wire);
	if ((problem = nps_problem(s)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(s);
}

/* The binary form of a summary. */
PG_FUNCTION_INFO_V1(kpi_nps_summary_send);
Datum
kpi_nps_summary_send(PG_FUNCTION_ARGS)
{
	NpsSummary *s = PG_GETARG_NPS(0);
	StringInfoData out;

	kpi_wire_begin(&out, &nps_type);
	pq_sendint64(&out, s->promoters);
	pq_sendint64(&out, s->passives);
	pq_sendint64(&out, s->detractors);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* Which count a score from 0 to 10 belongs to; no branch, which no processor could predict. */
static inline int64 *
nps_count(NpsSummary *s, int64 score)
{
	return &s->count[(score < 9) + (score < 7)];
}

/*
 * nps_step_slowly() -
 *
 *	Add one response to the state in argument 0 (by = 1), or take one away (by = -1)
 *	when a window frame moves on.  What comes back is the state itself inside an
 *	aggregate, and a changed copy else.  22003 for a score outside 0..10 and for
 *	more than KPI_MAX_COUNT responses, 22023 when there is no such response to take
 *	away.
 */
static pg_noinline Datum
nps_step_slowly(FunctionCallInfo fcinfo, int64 score, int64 by)
{
	NpsSummary *s = kpi_flat_state(fcinfo, &nps_type);
	int64	   *count;

	if (unlikely(score < 0 || score > 10))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("score %lld is outside 0..10", (long long) score),
				 errhint("Leave such rows out with FILTER (WHERE score BETWEEN 0 AND 10).")));
	count = nps_count(s, score);
	if (unlikely(by > 0 && nps_responses(s) >= KPI_MAX_COUNT))
		kpi_counts_overflow(nps_type.name);
	if (unlikely(*count + by < 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("score %lld is not in the summary", (long long) score)));
	*count += by;
	PG_RETURN_POINTER(s);
}

/* Add one response, in the common case without a call. */
static pg_attribute_always_inline Datum
nps_step(FunctionCallInfo fcinfo, int64 score)
{
	NpsSummary *s = kpi_common_state(fcinfo, &nps_type);

	if (unlikely(s == NULL || score < 0 || score > 10 || nps_responses(s) >= KPI_MAX_COUNT))
		return nps_step_slowly(fcinfo, score, 1);
	*nps_count(s, score) += 1;
	PG_RETURN_POINTER(s);
}

/*
 * Transition functions of nps_agg(score), strict, and those that take a row away
 * again, for each type of a score.
 */
#define NPS_STEP(accum, remove, score) \
	KPI_FUNCTION(accum, nps_step(fcinfo, score)) \
	KPI_FUNCTION(remove, nps_step_slowly(fcinfo, score, -1))

NPS_STEP(kpi_nps_summary_accum_int2, kpi_nps_summary_remove_int2, PG_GETARG_INT16(1))
NPS_STEP(kpi_nps_summary_accum_int4, kpi_nps_summary_remove_int4, PG_GETARG_INT32(1))
NPS_STEP(kpi_nps_summary_accum_int8, kpi_nps_summary_remove_int8, PG_GETARG_INT64(1))
NPS_STEP(kpi_nps_summary_accum_float8, kpi_nps_summary_remove_float8,
		 kpi_whole_float8(PG_GETARG_FLOAT8(1), "score"))
NPS_STEP(kpi_nps_summary_accum_numeric, kpi_nps_summary_remove_numeric,
		 kpi_whole_numeric(PG_GETARG_DATUM(1), "score"))

/*
 * kpi_nps_summary_add() -
 *
 *	The operator +, and what merges partial states; strict.  Changes argument 0
 *	inside an aggregate, and a copy of it else.  22003 beyond KPI_MAX_COUNT
 *	responses.
 */
PG_FUNCTION_INFO_V1(kpi_nps_summary_add);
Datum
kpi_nps_summary_add(PG_FUNCTION_ARGS)
{
	NpsSummary *s = kpi_flat_state(fcinfo, &nps_type);
	NpsSummary *other = PG_GETARG_NPS(1);

	if (unlikely(nps_responses(s) > KPI_MAX_COUNT - nps_responses(other)))
		kpi_counts_overflow(nps_type.name);
	s->promoters += other->promoters;
	s->passives += other->passives;
	s->detractors += other->detractors;
	PG_RETURN_POINTER(s);
}

/*
 * kpi_nps_summary_subtract() -
 *
 *	The operator -, and what undoes kpi_nps_summary_add() when a window frame moves
 *	on; strict.  Changes argument 0 inside an aggregate, and a copy of it else.
 *	22023 when a count would become negative.
 */
PG_FUNCTION_INFO_V1(kpi_nps_summary_subtract);
Datum
kpi_nps_summary_subtract(PG_FUNCTION_ARGS)
{
	NpsSummary *s = kpi_flat_state(fcinfo, &nps_type);
	NpsSummary *other = PG_GETARG_NPS(1);

	if (unlikely(s->promoters < other->promoters || s->passives < other->passives ||
				 s->detractors < other->detractors))
		kpi_refuse_subtraction(nps_text(other), nps_text(s));
	s->promoters -= other->promoters;
	s->passives -= other->passives;
	s->detractors -= other->detractors;
	PG_RETURN_POINTER(s);
}

/* promoters(s), passives(s), detractors(s), responses(s) */
KPI_FUNCTION(kpi_nps_promoters, Int64GetDatum(PG_GETARG_NPS(0)->promoters))
KPI_FUNCTION(kpi_nps_passives, Int64GetDatum(PG_GETARG_NPS(0)->passives))
KPI_FUNCTION(kpi_nps_detractors, Int64GetDatum(PG_GETARG_NPS(0)->detractors))
KPI_FUNCTION(kpi_nps_responses, Int64GetDatum(nps_responses(PG_GETARG_NPS(0))))

/* The score of a summary that is not empty. */
static inline double
nps_of(const NpsSummary *s)
{
	return 100.0 * (double) (s->promoters - s->detractors) / (double) nps_responses(s);
}

/*
 * kpi_nps_score() - nps(s)
 *
 *	From -100 to 100; NULL of the empty summary.
 */
PG_FUNCTION_INFO_V1(kpi_nps_score);
Datum
kpi_nps_score(PG_FUNCTION_ARGS)
{
	NpsSummary *s = PG_GETARG_NPS(0);

	if (nps_responses(s) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(nps_of(s));
}

/*
 * nps_estimate() -
 *
 *	Score and its standard error, after adding so many pseudo-responses: a share of
 *	1/4, 1/2, 1/4 of promoters, passives, detractors.  There is a response, or a
 *	pseudo-response.
 */
static void
nps_estimate(const NpsSummary *s, double pseudo, double *score, double *error)
{
	double		n = (double) nps_responses(s) + pseudo;
	double		p = ((double) s->promoters + pseudo / 4) / n;
	double		d = ((double) s->detractors + pseudo / 4) / n;
	double		variance = p + d - (p - d) * (p - d);

	*score = 100.0 * (p - d);
	*error = 100.0 * sqrt(Max(variance, 0.0) / n);
}

#define NPS_PSEUDO_RESPONSES 3.0

/*
 * kpi_nps_margin() - nps_margin(s, confidence)
 *
 *	Half the width of the score's interval by the normal approximation; NULL of the
 *	empty summary.  22023 for a confidence that kpi_z() refuses.
 */
PG_FUNCTION_INFO_V1(kpi_nps_margin);
Datum
kpi_nps_margin(PG_FUNCTION_ARGS)
{
	NpsSummary *s = PG_GETARG_NPS(0);
	double		z = kpi_z(PG_GETARG_FLOAT8(1));
	double		score;
	double		error;

	if (nps_responses(s) == 0)
		PG_RETURN_NULL();
	nps_estimate(s, 0, &score, &error);
	PG_RETURN_FLOAT8(z * error);
}

/*
 * nps_bounds() -
 *
 *	The bounds of the adjusted Wald interval of the summary in argument 0 at the
 *	confidence in argument 1, within -100..100.  False for the empty summary.  22023
 *	for a confidence that kpi_z() refuses.
 */
static bool
nps_bounds(FunctionCallInfo fcinfo, double bounds[2])
{
	NpsSummary *s = PG_GETARG_NPS(0);
	double		z = kpi_z(PG_GETARG_FLOAT8(1));
	double		score;
	double		error;

	if (nps_responses(s) == 0)
		return false;
	nps_estimate(s, NPS_PSEUDO_RESPONSES, &score, &error);
	bounds[0] = Max(score - z * error, -100.0);
	bounds[1] = Min(score + z * error, 100.0);
	return true;
}

/* nps_interval(s, confidence), nps_lower(s, confidence), nps_upper(s, confidence) */
KPI_FUNCTION(kpi_nps_interval, kpi_interval_row(fcinfo, nps_bounds))
KPI_FUNCTION(kpi_nps_lower, kpi_interval_bound(fcinfo, nps_bounds, KPI_LOWER))
KPI_FUNCTION(kpi_nps_upper, kpi_interval_bound(fcinfo, nps_bounds, KPI_UPPER))

/*
 * kpi_nps_change() - nps_change(now, before, confidence)
 *
 *	The change of the score, and the bounds of it within -200..200, as a row; NULLs
 *	when one of the summaries is empty.  22023 for a confidence that kpi_z()
 *	refuses.
 */
PG_FUNCTION_INFO_V1(kpi_nps_change);
Datum
kpi_nps_change(PG_FUNCTION_ARGS)
{
	NpsSummary *now = PG_GETARG_NPS(0);
	NpsSummary *before = PG_GETARG_NPS(1);
	double		z = kpi_z(PG_GETARG_FLOAT8(2));
	double		score_now,
				error_now,
				score_before,
				error_before,
				half;

	if (nps_responses(now) == 0 || nps_responses(before) == 0)
		return kpi_row_of_doubles(fcinfo, 3, NULL);
	nps_estimate(now, NPS_PSEUDO_RESPONSES, &score_now, &error_now);
	nps_estimate(before, NPS_PSEUDO_RESPONSES, &score_before, &error_before);
	half = z * hypot(error_now, error_before);
	return kpi_row_of_doubles(fcinfo, 3, (double[]) {nps_of(now) - nps_of(before),
		Max(score_now - score_before - half, -200.0),
		Min(score_now - score_before + half, 200.0)});
}
