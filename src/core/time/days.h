/*
 * days.h
 *		Ranges of dates as numbers of days.
 */
#ifndef KPI_DAYS_H
#define KPI_DAYS_H

#include "core/time/period.h"

#include "utils/rangetypes.h"

/* from .. to - 1; PG_INT64_MIN and PG_INT64_MAX where there is no bound, or an infinite one. */
typedef struct KpiDays
{
	int64		from;
	int64		to;
} KpiDays;

/* A daterange; false when it is empty. */
extern bool kpi_days_of_range(TypeCacheEntry *type, const RangeType *range, KpiDays *days);

/* The daterange in an argument; false when it is empty. */
extern bool kpi_days(FunctionCallInfo fcinfo, int argument, KpiDays *days);

extern void kpi_days_need_start(const KpiDays *days);

/* 22023 where the date in an argument of that name is infinite; the hint says what to give. */
extern void kpi_refuse_infinite(const char *name, const char *hint) pg_attribute_noreturn();

static inline void
kpi_require_finite(DateADT day, const char *name, const char *hint)
{
	if (unlikely(DATE_NOT_FINITE(day)))
		kpi_refuse_infinite(name, hint);
}

/* The parameter through: neither NULL nor infinite. */
extern DateADT kpi_through(FunctionCallInfo fcinfo, int argument);

/* A parameter that limits what is shown, such as from_date: not infinite. */
extern DateADT kpi_limit_date(FunctionCallInfo fcinfo, int argument, const char *name);

/* 2026-12-24, whatever the session's DateStyle; palloc'd. */
extern char *kpi_date_text(DateADT date);

#endif							/* KPI_DAYS_H */
