/*
 * period.h
 *		Calendar periods: which one a moment falls into, and where one begins.
 *
 *		A period is an ordinal number of its unit, so that the next one is one
 *		more; a day is PostgreSQL's DateADT (days since 2000-01-01).
 */
#ifndef KPI_PERIOD_H
#define KPI_PERIOD_H

#include "core/number/floor_div.h"
#include "core/time/zone.h"

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
	KPI_JALALI_YEAR,
	KPI_WEEKS_MONTH,
	KPI_WEEKS_QUARTER,
	KPI_WEEKS_YEAR
} KpiUnitKind;

/* Canonical: one value for all names of the same division of time. */
typedef struct KpiUnit
{
	uint8		kind;			/* KpiUnitKind */
	uint8		offset;			/* week: first day, 0 Monday .. 6 Sunday; quarter, year: months after January; of years of
								 * weeks: their layout */
} KpiUnit;

#define KPI_UNIT_NAME_LENGTH 24

extern bool kpi_unit_valid(KpiUnit unit);
extern bool kpi_unit_read(const char *name, int length, KpiUnit *unit);
extern KpiUnit kpi_unit_from_text(const text *name);
extern void kpi_unit_name(KpiUnit unit, char *name);
extern int kpi_unit_first_month(KpiUnit unit, const char *name, int length);

extern int32 kpi_period_of_day(KpiUnit unit, DateADT day);
extern int64 kpi_period_start(KpiUnit unit, int32 period);
extern Datum kpi_period_date(KpiUnit unit, int64 period);

/* Most rows by period that a function gives. */
#define KPI_MAX_ROWS 1000000

extern void kpi_check_rows(KpiUnit unit, int64 from, int64 to, int64 rows);

/* The calendar day of a moment, which is finite: of a local time, and of an instant in the session's zone. */
static inline DateADT
kpi_day_of_timestamp(Timestamp at)
{
	return (DateADT) kpi_floor_div(at, USECS_PER_DAY);
}

static inline DateADT
kpi_day_in_zone(TimestampTz at)
{
	return kpi_day_of_timestamp(at + kpi_zone_span(at)->offset);
}

/* The error for a date that is infinite, or out of range. */
extern void kpi_no_day(DateADT day) pg_attribute_noreturn();
extern void kpi_unit_is_null(void) pg_attribute_noreturn();

/* Which type a row's moment has: one of timestamptz is of the session's zone, the others of none. */
typedef enum KpiAt
{
	KPI_AT_NONE,				/* rows have no moment */
	KPI_AT_DATE,
	KPI_AT_TIMESTAMP,
	KPI_AT_TIMESTAMPTZ
} KpiAt;

/*
 * kpi_day_argument() -
 *
 *	The calendar day of an argument of one of these types.  22023 for infinity.  22008
 *	for the day before the first one, on which the first moments fall west of
 *	Greenwich: the server's own cast makes such a date, but nothing reads it back.
 */
static inline DateADT
kpi_day_argument(FunctionCallInfo fcinfo, int argument, KpiAt at_type)
{
	DateADT		day;

	if (at_type == KPI_AT_DATE)
		day = PG_GETARG_DATEADT(argument);
	else
	{
		Timestamp	at = PG_GETARG_TIMESTAMP(argument);

		if (unlikely(TIMESTAMP_NOT_FINITE(at)))
			kpi_no_day(DATEVAL_NOEND);
		if (at_type == KPI_AT_TIMESTAMP)
			return kpi_day_of_timestamp(at);
		day = kpi_day_in_zone(at);
	}
	if (unlikely(!IS_VALID_DATE(day)))
		kpi_no_day(day);
	return day;
}

#endif							/* KPI_PERIOD_H */
