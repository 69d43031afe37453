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
#include "core/number/number.h"
#include "core/form/rows.h"
#include "core/form/scan.h"
#include "core/number/stats.h"
#include "core/form/wire.h"

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

static const KpiType nps_type = {"nps_summary", 1, KPI_TYPE_NPS_SUMMARY, sizeof(NpsSummary)};

#define PG_GETARG_NPS(n) ((NpsSummary *) kpi_flat(PG_GETARG_DATUM(n), &nps_type))

#define NPS_FORM "(promoters,passives,detractors), three counts"

static inline int64
responses(const NpsSummary *s)
{
	return s->promoters + s->passives + s->detractors;
}

/* What is wrong with these counts, or NULL. */
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

PG_FUNCTION_INFO_V1(kpi_nps_summary_out);
Datum
kpi_nps_summary_out(PG_FUNCTION_ARGS)
{
	NpsSummary *s = PG_GETARG_NPS(0);

	PG_RETURN_CSTRING(psprintf("(%lld,%lld,%lld)", (long long) s->promoters,
							   (long long) s->passives, (long long) s->detractors));
}

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
count_of(NpsSummary *s, int64 score)
{
	return &s->count[(score < 9) + (score < 7)];
}

/* Add one response, or take one away (by = -1) when a window frame moves on. */
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
	count = count_of(s, score);
	if (unlikely(by > 0 && responses(s) >= KPI_MAX_COUNT))
		kpi_counts_overflow(nps_type.name);
	if (unlikely(*count + by < 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("score %lld is not in the summary", (long long) score)));
	*count += by;
	PG_RETURN_POINTER(s);
}

static pg_attribute_always_inline Datum
nps_step(FunctionCallInfo fcinfo, int64 score)
{
	NpsSummary *s = kpi_common_state(fcinfo, &nps_type);

	if (unlikely(s == NULL || score < 0 || score > 10))
		return nps_step_slowly(fcinfo, score, 1);
	*count_of(s, score) += 1;
	PG_RETURN_POINTER(s);
}

#define NPS_STEP(type, score) \
	PG_FUNCTION_INFO_V1(kpi_nps_summary_accum_##type); \
	Datum kpi_nps_summary_accum_##type(PG_FUNCTION_ARGS) \
	{ \
		return nps_step(fcinfo, score); \
	} \
	PG_FUNCTION_INFO_V1(kpi_nps_summary_remove_##type); \
	Datum kpi_nps_summary_remove_##type(PG_FUNCTION_ARGS) \
	{ \
		return nps_step_slowly(fcinfo, score, -1); \
	}

NPS_STEP(int2, PG_GETARG_INT16(1))
NPS_STEP(int4, PG_GETARG_INT32(1))
NPS_STEP(int8, PG_GETARG_INT64(1))
NPS_STEP(float8, kpi_whole_float8(PG_GETARG_FLOAT8(1), "score"))
NPS_STEP(numeric, kpi_whole_numeric(PG_GETARG_DATUM(1), "score"))

/* The operator +, and what merges partial states. */
PG_FUNCTION_INFO_V1(kpi_nps_summary_add);
Datum
kpi_nps_summary_add(PG_FUNCTION_ARGS)
{
	NpsSummary *s = kpi_flat_state(fcinfo, &nps_type);
	NpsSummary *other = PG_GETARG_NPS(1);

	if (unlikely(responses(s) > KPI_MAX_COUNT - responses(other)))
		kpi_counts_overflow(nps_type.name);
	s->promoters += other->promoters;
	s->passives += other->passives;
	s->detractors += other->detractors;
	PG_RETURN_POINTER(s);
}

/* The operator -, and the undo of the above when a window frame moves on. */
PG_FUNCTION_INFO_V1(kpi_nps_summary_subtract);
Datum
kpi_nps_summary_subtract(PG_FUNCTION_ARGS)
{
	NpsSummary *s = kpi_flat_state(fcinfo, &nps_type);
	NpsSummary *other = PG_GETARG_NPS(1);

	if (unlikely(s->promoters < other->promoters || s->passives < other->passives ||
				 s->detractors < other->detractors))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the summary does not hold what is to be taken away"),
				 errdetail("(%lld,%lld,%lld) is not part of (%lld,%lld,%lld).",
						   (long long) other->promoters, (long long) other->passives, (long long) other->detractors,
						   (long long) s->promoters, (long long) s->passives, (long long) s->detractors)));
	s->promoters -= other->promoters;
	s->passives -= other->passives;
	s->detractors -= other->detractors;
	PG_RETURN_POINTER(s);
}

#define NPS_COUNT(name, expression) \
	PG_FUNCTION_INFO_V1(kpi_nps_##name); \
	Datum kpi_nps_##name(PG_FUNCTION_ARGS) \
	{ \
		NpsSummary *s = PG_GETARG_NPS(0); \
		PG_RETURN_INT64(expression); \
	}

NPS_COUNT(promoters, s->promoters)
NPS_COUNT(passives, s->passives)
NPS_COUNT(detractors, s->detractors)
NPS_COUNT(responses, responses(s))

static inline double
nps_of(const NpsSummary *s)
{
	return 100.0 * (double) (s->promoters - s->detractors) / (double) responses(s);
}

PG_FUNCTION_INFO_V1(kpi_nps_score);
Datum
kpi_nps_score(PG_FUNCTION_ARGS)
{
	NpsSummary *s = PG_GETARG_NPS(0);

	if (responses(s) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(nps_of(s));
}

/* Score and its standard error, after adding pseudo-responses: a share of 1/4, 1/2, 1/4 each. */
static void
nps_estimate(const NpsSummary *s, double pseudo, double *score, double *error)
{
	double		n = (double) responses(s) + pseudo;
	double		p = ((double) s->promoters + pseudo / 4) / n;
	double		d = ((double) s->detractors + pseudo / 4) / n;
	double		variance = p + d - (p - d) * (p - d);

	*score = 100.0 * (p - d);
	*error = 100.0 * sqrt(Max(variance, 0.0) / n);
}

#define PSEUDO_RESPONSES 3.0

PG_FUNCTION_INFO_V1(kpi_nps_margin);
Datum
kpi_nps_margin(PG_FUNCTION_ARGS)
{
	NpsSummary *s = PG_GETARG_NPS(0);
	double		z = kpi_z(PG_GETARG_FLOAT8(1));
	double		score;
	double		error;

	if (responses(s) == 0)
		PG_RETURN_NULL();
	nps_estimate(s, 0, &score, &error);
	PG_RETURN_FLOAT8(z * error);
}

static bool
nps_bounds(FunctionCallInfo fcinfo, double *bounds)
{
	NpsSummary *s = PG_GETARG_NPS(0);
	double		z = kpi_z(PG_GETARG_FLOAT8(1));
	double		score;
	double		error;

	if (responses(s) == 0)
		return false;
	nps_estimate(s, PSEUDO_RESPONSES, &score, &error);
	bounds[0] = Max(score - z * error, -100.0);
	bounds[1] = Min(score + z * error, 100.0);
	return true;
}

PG_FUNCTION_INFO_V1(kpi_nps_interval);
Datum
kpi_nps_interval(PG_FUNCTION_ARGS)
{
	double		bounds[2];

	return kpi_row(fcinfo, 2, nps_bounds(fcinfo, bounds) ? bounds : NULL);
}

PG_FUNCTION_INFO_V1(kpi_nps_lower);
Datum
kpi_nps_lower(PG_FUNCTION_ARGS)
{
	double		bounds[2];

	if (!nps_bounds(fcinfo, bounds))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(bounds[0]);
}

PG_FUNCTION_INFO_V1(kpi_nps_upper);
Datum
kpi_nps_upper(PG_FUNCTION_ARGS)
{
	double		bounds[2];

	if (!nps_bounds(fcinfo, bounds))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(bounds[1]);
}

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

	if (responses(now) == 0 || responses(before) == 0)
		return kpi_row(fcinfo, 3, NULL);
	nps_estimate(now, PSEUDO_RESPONSES, &score_now, &error_now);
	nps_estimate(before, PSEUDO_RESPONSES, &score_before, &error_before);
	half = z * hypot(error_now, error_before);
	return kpi_row(fcinfo, 3, (double[]) {nps_of(now) - nps_of(before),
		Max(score_now - score_before - half, -200.0),
		Min(score_now - score_before + half, 200.0)});
}
