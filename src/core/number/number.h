/*
 * number.h
 *		Decimal numbers as PostgreSQL's numeric keeps them: base-10000 digits with
 *		the weight of the first and a display scale.  A KpiNumber is a view on a
 *		stored numeric, on an integer, on digits read from text or binary, or on a
 *		computed sum; making one from a stored numeric allocates nothing.  It may
 *		point into itself and is never copied.
 */
#ifndef KPI_NUMBER_H
#define KPI_NUMBER_H

#include "core/form/scan.h"
#include "core/form/wire.h"

#include <math.h>

#include "lib/stringinfo.h"

#define KPI_NBASE 10000
#define KPI_NBASE_DIGITS 4

/* numeric's own limits, with room for the sum of 2^63 of its largest values */
#define KPI_MAX_DSCALE 16383
#define KPI_MAX_WEIGHT 32767
#define KPI_MAX_SUM_WEIGHT (KPI_MAX_WEIGHT + 5)

/* The header word of a stored numeric. */
#define KPI_NUMERIC_SIGN_MASK 0xC000
#define KPI_NUMERIC_NEGATIVE 0x4000
#define KPI_NUMERIC_SHORT 0x8000
#define KPI_NUMERIC_SPECIAL 0xC000
#define KPI_NUMERIC_SPECIAL_MASK 0xF000
#define KPI_NUMERIC_NAN 0xC000
#define KPI_NUMERIC_PLUS_INFINITY 0xD000
#define KPI_NUMERIC_DSCALE_MASK 0x3FFF
#define KPI_NUMERIC_SHORT_SIGN_MASK 0x2000
#define KPI_NUMERIC_SHORT_DSCALE_MASK 0x1F80
#define KPI_NUMERIC_SHORT_DSCALE_SHIFT 7
#define KPI_NUMERIC_SHORT_DSCALE_MAX (KPI_NUMERIC_SHORT_DSCALE_MASK >> KPI_NUMERIC_SHORT_DSCALE_SHIFT)
#define KPI_NUMERIC_SHORT_WEIGHT_SIGN 0x0040
#define KPI_NUMERIC_SHORT_WEIGHT_MASK 0x007F
#define KPI_NUMERIC_SHORT_WEIGHT_MIN (-64)
#define KPI_NUMERIC_SHORT_WEIGHT_MAX 63

/* The weight in a short header: 7 bits with a sign. */
static inline int
kpi_numeric_short_weight(uint16 header)
{
	return (int) ((header & KPI_NUMERIC_SHORT_WEIGHT_MASK) ^ KPI_NUMERIC_SHORT_WEIGHT_SIGN) -
		KPI_NUMERIC_SHORT_WEIGHT_SIGN;
}

typedef enum KpiNumberKind
{
	KPI_FINITE,
	KPI_NAN,
	KPI_PLUS_INFINITY,
	KPI_MINUS_INFINITY
} KpiNumberKind;

typedef struct KpiNumber
{
	uint8		kind;			/* KpiNumberKind */
	bool		negative;
	uint16		dscale;			/* decimal digits shown after the point */
	int32		weight;			/* of the first digit, as a power of 10000 */
	int32		ndigits;
	const char *digits;			/* uint16 each, perhaps not aligned */
	uint16		own[5];			/* room for the digits of an int64 */
} KpiNumber;

/* Base-10000 digit i, from the first on. */
static inline int
kpi_number_digit(const KpiNumber *x, int i)
{
	uint16		digit;

	memcpy(&digit, x->digits + i * sizeof(digit), sizeof(digit));
	return digit;
}

extern void kpi_number_from_numeric(Datum numeric, KpiNumber *x);
extern void kpi_number_from_int64(int64 value, KpiNumber *x);
extern void kpi_number_from_float8(double value, KpiNumber *x);
extern void kpi_number_from_float4(float value, KpiNumber *x);
extern Datum kpi_number_to_numeric(const KpiNumber *x);
extern void kpi_number_strip(KpiNumber *x);

/* The types that a number may have as an argument. */
typedef enum KpiNumberType
{
	KPI_NUMERIC,
	KPI_INT8,
	KPI_INT4,
	KPI_INT2,
	KPI_FLOAT8,
	KPI_FLOAT4
} KpiNumberType;

/* An argument of an integer type. */
static pg_attribute_always_inline int64
kpi_integer_argument(FunctionCallInfo fcinfo, int n, KpiNumberType type)
{
	return type == KPI_INT8 ? PG_GETARG_INT64(n) : type == KPI_INT4 ? PG_GETARG_INT32(n) : PG_GETARG_INT16(n);
}

/* An argument as a number, which lives as long as the argument. */
static pg_attribute_always_inline void
kpi_number_argument(FunctionCallInfo fcinfo, int n, KpiNumberType type, KpiNumber *x)
{
	if (type == KPI_NUMERIC)
		kpi_number_from_numeric(PG_GETARG_DATUM(n), x);
	else if (type == KPI_FLOAT8)
		kpi_number_from_float8(PG_GETARG_FLOAT8(n), x);
	else if (type == KPI_FLOAT4)
		kpi_number_from_float4(PG_GETARG_FLOAT4(n), x);
	else
		kpi_number_from_int64(kpi_integer_argument(fcinfo, n, type), x);
}

extern bool kpi_scan_number(KpiScan *scan, KpiNumber *x);
extern void kpi_number_append(StringInfo out, const KpiNumber *x);
extern void kpi_wire_number(KpiWire *wire, KpiNumber *x);
extern void kpi_number_send(StringInfo out, const KpiNumber *x);

/* A whole number, else an error that calls the value by the given name. */
extern int64 kpi_whole_numeric(Datum numeric, const char *what);
extern void kpi_reject_float8(double value, const char *what) pg_attribute_noreturn();

/* 2^53, from where on not every whole number has a double */
#define KPI_MAX_WHOLE_FLOAT8 9007199254740992.0

/* The whole number in a double below 2^53 in size; else an error as kpi_whole_numeric(), by kpi_reject_float8(). */
static inline int64
kpi_whole_float8(double value, const char *what)
{
	if (likely(fabs(value) < KPI_MAX_WHOLE_FLOAT8 && value == (double) (int64) value))
		return (int64) value;
	kpi_reject_float8(value, what);
}

#endif							/* KPI_NUMBER_H */
