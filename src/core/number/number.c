/*
 * number.c
 *		Decimal numbers as PostgreSQL's numeric keeps them.
 *
 *		The stored form of numeric is private to the server's numeric.c but fixed
 *		by every data directory since 9.1 (and NaN, infinities since 14): a header
 *		word that says short, long or special, then base-10000 digits.  Reading it
 *		here, packed as it lies in the page, saves a copy a row.
 */
#include "core/number/number.h"

#include <ctype.h>

#include "common/shortest_dec.h"

/*
 * kpi_number_from_numeric() -
 *
 *	A view on a stored numeric, which must live as long as x.  Nothing is allocated
 *	but where the numeric is compressed or out of line.
 */
void
kpi_number_from_numeric(Datum numeric, KpiNumber *x)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(numeric);
	const char *data;
	Size		length;
	uint16		header;

	if (unlikely(VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value)))
		value = pg_detoast_datum_packed(value);
	data = VARDATA_ANY(value);
	length = VARSIZE_ANY_EXHDR(value);
	memcpy(&header, data, sizeof(header));

	x->kind = KPI_FINITE;
	if ((header & KPI_NUMERIC_SIGN_MASK) == KPI_NUMERIC_SHORT)
	{
		x->negative = (header & KPI_NUMERIC_SHORT_SIGN_MASK) != 0;
		x->dscale = (header & KPI_NUMERIC_SHORT_DSCALE_MASK) >> KPI_NUMERIC_SHORT_DSCALE_SHIFT;
		x->weight = kpi_numeric_short_weight(header);
		x->digits = data + sizeof(uint16);
		x->ndigits = (length - sizeof(uint16)) / sizeof(uint16);
	}
	else if ((header & KPI_NUMERIC_SIGN_MASK) != KPI_NUMERIC_SPECIAL)
	{
		int16		weight;

		memcpy(&weight, data + sizeof(uint16), sizeof(weight));
		x->negative = (header & KPI_NUMERIC_SIGN_MASK) == KPI_NUMERIC_NEGATIVE;
		x->dscale = header & KPI_NUMERIC_DSCALE_MASK;
		x->weight = weight;
		x->digits = data + 2 * sizeof(uint16);
		x->ndigits = (length - 2 * sizeof(uint16)) / sizeof(uint16);
	}
	else
	{
		x->kind = (header & KPI_NUMERIC_SPECIAL_MASK) == KPI_NUMERIC_NAN ? KPI_NAN :
			(header & KPI_NUMERIC_SPECIAL_MASK) == KPI_NUMERIC_PLUS_INFINITY ? KPI_PLUS_INFINITY :
			KPI_MINUS_INFINITY;
		x->negative = false;
		x->dscale = 0;
		x->weight = 0;
		x->ndigits = 0;
		x->digits = NULL;
	}
}

/* An integer as a number; its digits lie in x itself. */
void
kpi_number_from_int64(int64 value, KpiNumber *x)
{
	uint64		magnitude = value < 0 ? (uint64) 0 - (uint64) value : (uint64) value;

	x->kind = KPI_FINITE;
	x->negative = value < 0;
	x->dscale = 0;
	x->weight = lengthof(x->own) - 1;
	x->ndigits = lengthof(x->own);
	x->digits = (const char *) x->own;
	for (int i = lengthof(x->own) - 1; i >= 0; i--, magnitude /= KPI_NBASE)
		x->own[i] = magnitude % KPI_NBASE;
	kpi_number_strip(x);
}

/*
 * number_from_decimal() -
 *
 *	A number of the text that the server's shortest output of floats has: a sign,
 *	at most 17 digits with a point among or behind them, an exponent.  The digits go
 *	into x itself.
 */
static void
number_from_decimal(const char *text, KpiNumber *x)
{
	static const int place[] = {1000, 100, 10, 1};
	char		digit[DOUBLE_SHORTEST_DECIMAL_LEN];
	int			n = 0;
	int			point = 0;		/* digits before the point */
	int			exponent = 0;
	bool		fraction = false;
	int			lead;

	memset(x, 0, sizeof(*x));
	x->digits = (const char *) x->own;
	x->negative = *text == '-';
	for (text += x->negative; *text != '\0'; text++)
	{
		if (*text == 'e')
		{
			exponent = atoi(text + 1);
			break;
		}
		if (*text == '.')
		{
			fraction = true;
			continue;
		}
		/* zeros before the first digit count for the point only */
		if (n > 0 || *text != '0')
		{
			digit[n++] = *text - '0';
			point += !fraction;
		}
		else
			point -= fraction;
	}
	while (n > 0 && digit[n - 1] == 0)
		n--;
	if (n == 0)
	{
		x->negative = false;
		return;
	}
	point += exponent;

	/* base-10000 digits begin at a multiple of four places left of the point */
	x->weight = point > 0 ? (point - 1) / KPI_NBASE_DIGITS : -((KPI_NBASE_DIGITS - point) / KPI_NBASE_DIGITS);
	lead = (x->weight + 1) * KPI_NBASE_DIGITS - point;
	x->ndigits = (lead + n + KPI_NBASE_DIGITS - 1) / KPI_NBASE_DIGITS;
	x->dscale = Max(n - point, 0);
	Assert(lead >= 0 && lead < KPI_NBASE_DIGITS && x->ndigits <= (int) lengthof(x->own));
	for (int i = 0; i < n; i++)
		x->own[(lead + i) / KPI_NBASE_DIGITS] += digit[i] * place[(lead + i) % KPI_NBASE_DIGITS];
}

/*
 * kpi_number_from_float8() -
 *
 *	The shortest decimal that the double is nearest to, which is what PostgreSQL shows
 *	of it and what was written where it was read from text: 0.1 is 0.1.  Its digits lie
 *	in x itself.
 */
void
kpi_number_from_float8(double value, KpiNumber *x)
{
	char		text[DOUBLE_SHORTEST_DECIMAL_LEN];

	memset(x, 0, sizeof(*x));
	if (isnan(value) || isinf(value))
	{
		x->kind = isnan(value) ? KPI_NAN : value > 0 ? KPI_PLUS_INFINITY : KPI_MINUS_INFINITY;
		return;
	}
	/* whole numbers have no other form that is shorter than their digits */
	if (fabs(value) < KPI_MAX_WHOLE_FLOAT8 && value == (double) (int64) value)
	{
		kpi_number_from_int64((int64) value, x);
		return;
	}
	text[double_to_shortest_decimal_bufn(value, text)] = '\0';
	number_from_decimal(text, x);
}

/* The same of a real, which has fewer digits: as a double it would show others behind them. */
void
kpi_number_from_float4(float value, KpiNumber *x)
{
	char		text[FLOAT_SHORTEST_DECIMAL_LEN];

	if (isnan(value) || isinf(value))
	{
		kpi_number_from_float8(value, x);
		return;
	}
	text[float_to_shortest_decimal_bufn(value, text)] = '\0';
	number_from_decimal(text, x);
}

/* Drop zero digits at both ends; zero then has no digits, weight or sign. */
void
kpi_number_strip(KpiNumber *x)
{
	while (x->ndigits > 0 && kpi_number_digit(x, 0) == 0)
	{
		x->digits += sizeof(uint16);
		x->ndigits--;
		x->weight--;
	}
	while (x->ndigits > 0 && kpi_number_digit(x, x->ndigits - 1) == 0)
		x->ndigits--;
	if (x->ndigits == 0)
	{
		x->weight = 0;
		x->negative = false;
	}
}

/*
 * kpi_number_to_numeric() -
 *
 *	A numeric, in the current memory context, of the bytes that the server itself
 *	would make of the number, which is stripped.  22003 where it is too large for
 *	numeric.
 */
Datum
kpi_number_to_numeric(const KpiNumber *x)
{
	bool		special = x->kind != KPI_FINITE;
	bool		is_short = special ||
		(x->dscale <= KPI_NUMERIC_SHORT_DSCALE_MAX &&
		 x->weight >= KPI_NUMERIC_SHORT_WEIGHT_MIN && x->weight <= KPI_NUMERIC_SHORT_WEIGHT_MAX);
	Size		size = VARHDRSZ + (is_short ? 1 : 2) * sizeof(uint16) +
		(special ? 0 : x->ndigits * sizeof(uint16));
	char	   *result;
	char	   *data;
	uint16		header;

	if (!special && (x->weight > KPI_MAX_WEIGHT || x->dscale > KPI_MAX_DSCALE))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value overflows numeric format")));

	result = palloc(size);
	SET_VARSIZE(result, size);
	data = result + VARHDRSZ;
	if (special)
		header = x->kind == KPI_NAN ? KPI_NUMERIC_NAN :
			x->kind == KPI_PLUS_INFINITY ? KPI_NUMERIC_PLUS_INFINITY : KPI_NUMERIC_SPECIAL_MASK;
	else if (is_short)
		header = KPI_NUMERIC_SHORT | (x->negative ? KPI_NUMERIC_SHORT_SIGN_MASK : 0) |
			(x->dscale << KPI_NUMERIC_SHORT_DSCALE_SHIFT) |
			(x->weight & KPI_NUMERIC_SHORT_WEIGHT_MASK);
	else
		header = (x->negative ? KPI_NUMERIC_NEGATIVE : 0) | x->dscale;
	memcpy(data, &header, sizeof(header));
	data += sizeof(header);
	if (!is_short)
	{
		int16		weight = (int16) x->weight;

		memcpy(data, &weight, sizeof(weight));
		data += sizeof(weight);
	}
	if (!special && x->ndigits > 0)
		memcpy(data, x->digits, x->ndigits * sizeof(uint16));
	return PointerGetDatum(result);
}

/*
 * kpi_scan_number() -
 *
 *	Read the text form of a number: sign, digits, point, digits; NaN, Infinity,
 *	-Infinity.  Digits after the point are the scale, so that the form keeps it.
 *	False where there is none, or it is beyond what a sum of numerics can be.
 *	Digits lie in the current memory context.
 */
bool
kpi_scan_number(KpiScan *scan, KpiNumber *x)
{
	const char *p;
	const char *first;
	int			before = 0;
	int			after = 0;
	int			lead;
	int			position;
	uint16	   *digits;

	memset(x, 0, sizeof(*x));
	if (kpi_scan_word(scan, "NaN"))
	{
		x->kind = KPI_NAN;
		return true;
	}
	x->negative = kpi_scan_char(scan, '-');
	if (!x->negative)
		kpi_scan_char(scan, '+');
	if (kpi_scan_word(scan, "Infinity"))
	{
		x->kind = x->negative ? KPI_MINUS_INFINITY : KPI_PLUS_INFINITY;
		x->negative = false;
		return true;
	}

	first = p = scan->at;
	while (isdigit((unsigned char) *p))
		p++, before++;
	if (*p == '.')
	{
		p++;
		while (isdigit((unsigned char) *p))
			p++, after++;
	}
	if (before + after == 0 || after > KPI_MAX_DSCALE)
		return false;
	scan->at = p;

	/* base-10000 digits begin at a multiple of four places left of the point */
	lead = (KPI_NBASE_DIGITS - before % KPI_NBASE_DIGITS) % KPI_NBASE_DIGITS;
	x->weight = (before + lead) / KPI_NBASE_DIGITS - 1;
	x->ndigits = (lead + before + after + KPI_NBASE_DIGITS - 1) / KPI_NBASE_DIGITS;
	x->dscale = after;
	digits = palloc0(x->ndigits * sizeof(uint16));
	position = lead;
	for (const char *c = first; c < p; c++)
	{
		static const int place[] = {1000, 100, 10, 1};

		if (*c == '.')
			continue;
		digits[position / KPI_NBASE_DIGITS] += (*c - '0') * place[position % KPI_NBASE_DIGITS];
		position++;
	}
	x->digits = (const char *) digits;
	kpi_number_strip(x);
	return x->weight <= KPI_MAX_SUM_WEIGHT;
}

/*
 * kpi_number_append() -
 *
 *	Append the text form, as numeric writes it, with as many digits after the point as
 *	the number's scale says.
 */
void
kpi_number_append(StringInfo out, const KpiNumber *x)
{
	int			fraction = x->dscale;

	if (x->kind != KPI_FINITE)
	{
		appendStringInfoString(out, x->kind == KPI_NAN ? "NaN" :
							   x->kind == KPI_PLUS_INFINITY ? "Infinity" : "-Infinity");
		return;
	}
	if (x->negative)
		appendStringInfoChar(out, '-');
	if (x->weight < 0 || x->ndigits == 0)
		appendStringInfoChar(out, '0');
	for (int w = x->weight; w >= 0 && x->ndigits > 0; w--)
	{
		int			i = x->weight - w;
		int			digit = i < x->ndigits ? kpi_number_digit(x, i) : 0;

		appendStringInfo(out, i == 0 ? "%d" : "%04d", digit);
	}
	if (fraction > 0)
		appendStringInfoChar(out, '.');
	for (int w = -1; fraction > 0; w--)
	{
		int			i = x->weight - w;
		int			digit = x->ndigits > 0 && i >= 0 && i < x->ndigits ? kpi_number_digit(x, i) : 0;
		char		group[8];

		snprintf(group, sizeof(group), "%04d", digit);
		appendBinaryStringInfo(out, group, Min(fraction, KPI_NBASE_DIGITS));
		fraction -= KPI_NBASE_DIGITS;
	}
}

/*
 * kpi_wire_number() -
 *
 *	Read the binary form: kind (1), negative (1), scale (2), weight (4), number of
 *	digits (4), digits (2 each).  22P03 for what kpi_number_send() would not write.
 *	Digits lie in the current memory context.
 */
void
kpi_wire_number(KpiWire *wire, KpiNumber *x)
{
	uint8		kind = kpi_wire_uint8(wire);
	uint8		negative = kpi_wire_uint8(wire);
	uint16	   *digits;
	int			beyond;

	x->kind = kind;
	x->negative = negative;
	x->dscale = kpi_wire_uint16(wire);
	x->weight = kpi_wire_int32(wire);
	x->ndigits = kpi_wire_int32(wire);
	if (kind > KPI_MINUS_INFINITY || negative > 1)
		kpi_wire_fail(wire, "A sum has an unknown kind or sign.");
	if (x->ndigits < 0)
		kpi_wire_fail(wire, "A sum has a negative number of digits.");
	if (x->dscale > KPI_MAX_DSCALE || x->weight > KPI_MAX_SUM_WEIGHT ||
		x->weight < -(KPI_MAX_DSCALE / KPI_NBASE_DIGITS + 1))
		kpi_wire_fail(wire, "A sum is out of range.");
	if ((kind != KPI_FINITE && (negative || x->dscale || x->weight || x->ndigits)) ||
		(x->ndigits == 0 && (negative || x->weight)))
		kpi_wire_fail(wire, "A sum without digits has a sign, a scale or a weight.");
	kpi_wire_need(wire, (Size) x->ndigits * sizeof(uint16));
	digits = palloc((Size) x->ndigits * sizeof(uint16) + 1);
	for (int i = 0; i < x->ndigits; i++)
	{
		digits[i] = kpi_wire_uint16(wire);
		if (digits[i] >= KPI_NBASE)
			kpi_wire_fail(wire, "A sum has a digit that is not below 10000.");
	}
	x->digits = (const char *) digits;
	if (x->ndigits == 0)
		return;
	if (digits[0] == 0 || digits[x->ndigits - 1] == 0)
		kpi_wire_fail(wire, "A sum has zero digits at an end.");

	/* the last digit may not reach beyond the scale */
	beyond = (x->ndigits - 1 - x->weight) * KPI_NBASE_DIGITS - x->dscale;
	if (beyond > 0 &&
		(beyond >= KPI_NBASE_DIGITS ||
		 digits[x->ndigits - 1] % (beyond == 1 ? 10 : beyond == 2 ? 100 : 1000) != 0))
		kpi_wire_fail(wire, "A sum has digits beyond its scale.");
}

/* Write the binary form; x is stripped. */
void
kpi_number_send(StringInfo out, const KpiNumber *x)
{
	pq_sendint8(out, x->kind);
	pq_sendint8(out, x->negative);
	pq_sendint16(out, x->dscale);
	pq_sendint32(out, x->weight);
	pq_sendint32(out, x->ndigits);
	for (int i = 0; i < x->ndigits; i++)
		pq_sendint16(out, kpi_number_digit(x, i));
}

/* shortest_decimal(x), of double precision and of real: every one of them is a numeric. */

PG_FUNCTION_INFO_V1(kpi_shortest_decimal_float8);
Datum
kpi_shortest_decimal_float8(PG_FUNCTION_ARGS)
{
	KpiNumber	x;

	kpi_number_from_float8(PG_GETARG_FLOAT8(0), &x);
	return kpi_number_to_numeric(&x);
}

PG_FUNCTION_INFO_V1(kpi_shortest_decimal_float4);
Datum
kpi_shortest_decimal_float4(PG_FUNCTION_ARGS)
{
	KpiNumber	x;

	kpi_number_from_float4(PG_GETARG_FLOAT4(0), &x);
	return kpi_number_to_numeric(&x);
}

/* The longest part of a bad value that an error message repeats. */
#define NUMBER_SHOWN_LENGTH 60

/* A value for a message, cut where it is long. */
static const char *
number_shown(const char *value)
{
	return strlen(value) > NUMBER_SHOWN_LENGTH ? psprintf("%.*s...", NUMBER_SHOWN_LENGTH, value) : value;
}

/* The error for a number with a fraction where a whole one is asked for: 22023. */
static void pg_attribute_noreturn()
number_not_whole(const char *what, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s is not a whole number", what, number_shown(value)),
			 errhint("Use floor(%s), which leaves it in its band, or leave such rows out with FILTER.", what)));
}

/* The error for NaN, infinity and what is beyond an int64 there: 22003. */
static void pg_attribute_noreturn()
number_too_far(const char *what, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s %s is out of range", what, number_shown(value)),
			 errhint("Leave such rows out with FILTER.")));
}

/*
 * kpi_reject_float8() -
 *
 *	The error for a double that kpi_whole_float8() does not take: 22023 for a
 *	fraction, 22003 for NaN, infinity and what is beyond 2^53.
 */
void
kpi_reject_float8(double value, const char *what)
{
	if (!(fabs(value) < KPI_MAX_WHOLE_FLOAT8))
		number_too_far(what, psprintf("%g", value));
	number_not_whole(what, psprintf("%g", value));
}

/*
 * kpi_whole_numeric() -
 *
 *	The whole number in a numeric below 10^16.  Else 22023 for a fraction, and 22003
 *	for NaN, infinity and larger ones; `what` is the value's name in the message.
 */
int64
kpi_whole_numeric(Datum numeric, const char *what)
{
	KpiNumber	x;
	int64		value = 0;

	kpi_number_from_numeric(numeric, &x);
	if (unlikely(x.kind != KPI_FINITE || x.weight > 3 || x.ndigits > x.weight + 1))
	{
		StringInfoData shown;

		if (x.kind == KPI_FINITE && x.ndigits == 0)
			return 0;
		initStringInfo(&shown);
		kpi_number_append(&shown, &x);
		if (x.kind == KPI_FINITE && x.weight <= 3)
			number_not_whole(what, shown.data);
		number_too_far(what, shown.data);
	}
	for (int i = 0; i <= x.weight; i++)
		value = value * KPI_NBASE + (i < x.ndigits ? kpi_number_digit(&x, i) : 0);
	return x.negative ? -value : value;
}
