/*
 * period.h
 *		Calendar periods: which one a moment falls into, and where one begins.
 *
 *		A period is an ordinal number of its unit, so that the next one is one
 *		more; a day is PostgreSQL's DateADT (days since 2000-01-01).
 */
#ifndef KPI_PERIOD_H
#define KPI_PERIOD_H

#include "core/compat.h"

#include "utils/date.h"
#include "utils/timestamp.h"

typedef enum KpiUnitKind
{
	KPI_DAY,
	KPI_WEEK,
	KPI_MONTH,
	KPI_QUARTER,
	KPI_YEAR,
	KPI_JALALI_MONTH,
	KPI_JALALI_QUARTER,
	KPI_JALALI_YEAR
} KpiUnitKind;

/* Canonical: one value for all names of the same division of time. */
typedef struct KpiUnit
{
	uint8		kind;			/* KpiUnitKind */
	uint8		offset;			/* week: first day, 0 Monday .. 6 Sunday; quarter, year: months after January */
} KpiUnit;

#define KPI_UNIT_NAME_LENGTH 16

extern bool kpi_unit_valid(KpiUnit unit);
extern bool kpi_unit_read(const char *name, int length, KpiUnit *unit);
extern KpiUnit kpi_unit_from_text(const text *name);
extern void kpi_unit_name(KpiUnit unit, char *name);

extern int32 kpi_period_of_day(KpiUnit unit, DateADT day);
extern int64 kpi_period_start(KpiUnit unit, int32 period);
extern Datum kpi_period_date(KpiUnit unit, int64 period);

/* The calendar day of a moment; the moment is finite. */
extern DateADT kpi_day_in_zone(TimestampTz at);

/*
 * For combine functions.  What another process made of moments, such as a worker of
 * Citus, has the zone of its session, which need not be this one's: 22023 then.  The
 * zone is "" where there is none; the name is the type's.
 */
extern void kpi_check_session_zone(const char *name, const char *zone);

static inline DateADT
kpi_day_of_timestamp(Timestamp at)
{
	int64		day = at / USECS_PER_DAY;

	return (DateADT) (at % USECS_PER_DAY < 0 ? day - 1 : day);
}

extern void kpi_not_finite(void) pg_attribute_noreturn();
extern void kpi_unit_is_null(void) pg_attribute_noreturn();

/* The calendar day of an argument that is a date or a timestamp, or (zoned) a timestamptz; 22023 for infinity. */
static inline DateADT
kpi_day_argument(FunctionCallInfo fcinfo, int argument, bool zoned, bool is_date)
{
	Timestamp	at;

	if (is_date)
	{
		DateADT		day = PG_GETARG_DATEADT(argument);

		if (unlikely(DATE_NOT_FINITE(day)))
			kpi_not_finite();
		return day;
	}
	at = PG_GETARG_TIMESTAMP(argument);
	if (unlikely(TIMESTAMP_NOT_FINITE(at)))
		kpi_not_finite();
	return zoned ? kpi_day_in_zone(at) : kpi_day_of_timestamp(at);
}

/* The transition functions of one key type, for date, timestamp and timestamptz: accum(fcinfo, key_type, zoned, is_date). */
#define KPI_ACCUM_AT(function, accum, key_type) \
	PG_FUNCTION_INFO_V1(function##_date); \
	Datum function##_date(PG_FUNCTION_ARGS) \
	{ \
		return accum(fcinfo, key_type, false, true); \
	} \
	PG_FUNCTION_INFO_V1(function##_timestamp); \
	Datum function##_timestamp(PG_FUNCTION_ARGS) \
	{ \
		return accum(fcinfo, key_type, false, false); \
	} \
	PG_FUNCTION_INFO_V1(function##_timestamptz); \
	Datum function##_timestamptz(PG_FUNCTION_ARGS) \
	{ \
		return accum(fcinfo, key_type, true, false); \
	}

#endif							/* KPI_PERIOD_H */
