/*
 * target.h
 *		kpi_target: what a KPI should reach, and how a value stands against it.
 *
 *		Stored form: header whose flags say what is present, then lower bound,
 *		upper bound, lower warning, upper warning, baseline, each a finite double
 *		in the KPI's own unit; what is absent is 0.  Zero has no sign.  Version 2, of
 *		targets with a bound of recovery and no others, has also the lower and upper
 *		of these.  So equal targets have equal bytes.
 *
 *		Of a relative target, which is held against the value of another period, the
 *		numbers are per cent more than that: 20 is +20%.  kpi_relative_target() makes
 *		a target of it; nothing else computes with it.
 */
#ifndef KPI_TARGET_H
#define KPI_TARGET_H

#include "core/form/flat.h"

#include <math.h>

#include "lib/stringinfo.h"

#define KPI_TARGET_LOWER 0x01
#define KPI_TARGET_UPPER 0x02
#define KPI_TARGET_RANGE (KPI_TARGET_LOWER | KPI_TARGET_UPPER)
#define KPI_TARGET_WARN_LOWER 0x04
#define KPI_TARGET_WARN_UPPER 0x08
#define KPI_TARGET_BASELINE 0x10
#define KPI_TARGET_ON_PREVIOUS 0x20
#define KPI_TARGET_ON_YEAR_AGO 0x40
#define KPI_TARGET_RELATIVE (KPI_TARGET_ON_PREVIOUS | KPI_TARGET_ON_YEAR_AGO)
#define KPI_TARGET_RECOVER_LOWER 0x80
#define KPI_TARGET_RECOVER_UPPER 0x100
#define KPI_TARGET_RECOVER (KPI_TARGET_RECOVER_LOWER | KPI_TARGET_RECOVER_UPPER)
#define KPI_TARGET_FLAGS 0x1FF

typedef struct KpiTarget
{
	KpiHeader	header;
	double		lower;
	double		upper;
	double		warn_lower;
	double		warn_upper;
	double		baseline;
	/* of version 2 only, so to be read behind their flags */
	double		recover_lower;
	double		recover_upper;
} KpiTarget;

#define KPI_TARGET_VERSION 1	/* and that with bounds of recovery the next */
#define KPI_TARGET_SIZE offsetof(KpiTarget, recover_lower)

extern const KpiType kpi_target_type;

/* A target to compute with: 22023 for a relative one. */
#define PG_GETARG_TARGET(n) kpi_target_of_numbers(PG_GETARG_DATUM(n))
#define PG_GETARG_ANY_TARGET(n) kpi_target_flat(PG_GETARG_DATUM(n))

static inline bool
kpi_target_has(const KpiTarget *t, uint16 flag)
{
	return (t->header.flags & flag) != 0;
}

/* The value in a Datum, as kpi_flat(): XX001 too where it is not as long as its flags say. */
static inline KpiTarget *
kpi_target_flat(Datum datum)
{
	KpiTarget  *t = (KpiTarget *) kpi_flat(datum, &kpi_target_type);
	bool		recovers = kpi_target_has(t, KPI_TARGET_RECOVER);

	if (unlikely(recovers != (t->header.version > KPI_TARGET_VERSION) ||
				 VARSIZE(t) != (recovers ? sizeof(KpiTarget) : KPI_TARGET_SIZE)))
		kpi_flat_reject(&kpi_target_type, &t->header);
	return t;
}

static inline bool
kpi_target_is_range(const KpiTarget *t)
{
	return (t->header.flags & KPI_TARGET_RANGE) == KPI_TARGET_RANGE;
}

/*
 * Where a value lies.  The regions are intervals in this order on the number
 * line, so that an interval lies in one region when both its ends do.
 */
typedef enum KpiRegion
{
	KPI_RED_LOW = -2,
	KPI_AMBER_LOW = -1,
	KPI_GREEN = 0,
	KPI_AMBER_HIGH = 1,
	KPI_RED_HIGH = 2
} KpiRegion;

/* value is not NaN; bounds and warnings belong to the better side */
static inline KpiRegion
kpi_target_region(const KpiTarget *t, double value)
{
	if (kpi_target_has(t, KPI_TARGET_LOWER) && value < t->lower)
		return kpi_target_has(t, KPI_TARGET_WARN_LOWER) && value >= t->warn_lower ?
			KPI_AMBER_LOW : KPI_RED_LOW;
	if (kpi_target_has(t, KPI_TARGET_UPPER) && value > t->upper)
		return kpi_target_has(t, KPI_TARGET_WARN_UPPER) && value <= t->warn_upper ?
			KPI_AMBER_HIGH : KPI_RED_HIGH;
	return KPI_GREEN;
}

/*
 * The bound that a value is held against: the only one, or of a range the one
 * that it violates (the upper where it violates none).
 */
static inline double
kpi_target_bound(const KpiTarget *t, double value, bool *is_lower)
{
	*is_lower = kpi_target_has(t, KPI_TARGET_LOWER) &&
		(!kpi_target_has(t, KPI_TARGET_UPPER) || value < t->lower);
	return *is_lower ? t->lower : t->upper;
}

/* The bounds of a target, one or two, the lower first; how many. */
static inline int
kpi_target_bounds(const KpiTarget *t, double *bounds)
{
	int			n = 0;

	if (kpi_target_has(t, KPI_TARGET_LOWER))
		bounds[n++] = t->lower;
	if (kpi_target_has(t, KPI_TARGET_UPPER))
		bounds[n++] = t->upper;
	return n;
}

/* In the order of the SQL type kpi_status. */
typedef enum KpiStatus
{
	KPI_STATUS_RED,
	KPI_STATUS_AMBER,
	KPI_STATUS_UNCERTAIN,
	KPI_STATUS_GREEN,
	KPI_STATUS_PENDING,
	KPI_STATUS_NO_DATA
} KpiStatus;

/* target.c */
extern KpiTarget *kpi_target_of_numbers(Datum target);
extern KpiTarget *kpi_target_copy(const KpiTarget *t);
extern KpiTarget *kpi_target_finish(KpiTarget *t);
extern void kpi_target_drop_equal(KpiTarget *t);
extern void kpi_target_append(StringInfo out, const KpiTarget *t);

/* status.c */
extern bool kpi_target_attainment(const KpiTarget *t, double actual, double *attainment);
extern double kpi_target_in_range(double result, const char *what, double actual, const KpiTarget *t);
extern double kpi_difference(double value, double from, bool relative);
extern bool kpi_target_deviation(const KpiTarget *t, double actual, bool relative, double *deviation);

#endif							/* KPI_TARGET_H */
