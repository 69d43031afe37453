/*
 * text.c
 *		Writing the text form of values that can be large.
 */
#include "core/form/text.h"

/* Up to this size a text is written without measuring it first. */
#define TEXT_SMALL 8192

/* The error for a text that is too long: 54000. */
static void
text_too_long(const KpiType *type, Size limit)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("text of type %s would be longer than %zu bytes", type->name, limit),
			 errdetail("A longer one could not be dumped with the other columns of its row."),
			 errhint("Build it over fewer rows, for example one a group or period, and merge only what a question needs.")));
}

/* The length of a value's text. */
static Size
text_measure(KpiPrint print, const void *value)
{
	KpiText		text = {NULL, 0};

	print(&text, value);
	return text.length;
}

/*
 * kpi_text_print() -
 *
 *	A value's text, palloc'd, of at most `most` bytes by the value's size.  54000 where
 *	it is longer than PostgreSQL can print.
 */
char *
kpi_text_print(const KpiType *type, KpiPrint print, const void *value, Size most)
{
	KpiText		text = {NULL, 0};
	char	   *result;

	if (most > TEXT_SMALL)
		most = text_measure(print, value);
	if (most > KPI_MAX_TEXT_READ)
		text_too_long(type, KPI_MAX_TEXT_READ);
	result = text.at = palloc(most + 1);
	print(&text, value);
	Assert(text.length <= most);
	result[text.length] = '\0';
	return result;
}

/* 54000 where a value's text is longer than limit; it is only measured where `most`, which it has by its size, is. */
void
kpi_text_check(const KpiType *type, KpiPrint print, const void *value, Size most, Size limit)
{
	if (unlikely(most > limit) && text_measure(print, value) > limit)
		text_too_long(type, limit);
}

/* Write a number in hexadecimal, lower case, with zeros before it up to the width. */
void
kpi_text_hex(KpiText *text, uint64 value, int width)
{
	char		digits[16];
	int			at = sizeof(digits);

	do
	{
		digits[--at] = "0123456789abcdef"[value & 0xf];
		value >>= 4;
	} while (value > 0);
	while ((int) sizeof(digits) - at < width)
		digits[--at] = '0';
	kpi_text_bytes(text, digits + at, sizeof(digits) - at);
}

/* 10^19, the largest power in 64 bits. */
#define TEXT_PART UINT64CONST(10000000000000000000)
#define TEXT_PART_DIGITS 19

/*
 * kpi_text_int128() -
 *
 *	Write a number in units of 10^-scale, with so many digits after the point: -5 at
 *	scale 2 is -0.05.  The scale is at most 2 * TEXT_PART_DIGITS.
 */
void
kpi_text_int128(KpiText *text, KpiInt128 value, int scale)
{
	char		digits[3 * TEXT_PART_DIGITS + 1];
	char	   *at = digits + sizeof(digits);
	const char *end = at;
	KpiUint128	rest = value < 0 ? -(KpiUint128) value : (KpiUint128) value;

	Assert(scale >= 0 && scale <= 2 * TEXT_PART_DIGITS);
	/* in parts, since a division of 128 bits takes many times one of 64 */
	do
	{
		uint64		part = rest <= PG_UINT64_MAX ? (uint64) rest % TEXT_PART : (uint64) (rest % TEXT_PART);
		const char *least;

		rest = rest <= PG_UINT64_MAX ? (uint64) rest / TEXT_PART : rest / TEXT_PART;
		/* with zeros where more stands before it, and up to the digit before the point */
		least = rest > 0 ? at - TEXT_PART_DIGITS : Min(end - scale - 1, at - 1);
		do
		{
			*--at = '0' + (int) (part % 10);
			part /= 10;
		} while (part > 0 || at > least);
	} while (rest > 0);
	if (value < 0)
		kpi_text_char(text, '-');
	kpi_text_bytes(text, at, end - scale - at);
	if (scale > 0)
	{
		kpi_text_char(text, '.');
		kpi_text_bytes(text, end - scale, scale);
	}
}

/* Write a string as kpi_scan_quoted() takes it: in quotation marks; these and \ have a \ before them. */
void
kpi_text_quoted(KpiText *text, const char *string)
{
	kpi_text_char(text, '"');
	for (; *string; string++)
	{
		if (*string == '"' || *string == '\\')
			kpi_text_char(text, '\\');
		kpi_text_char(text, *string);
	}
	kpi_text_char(text, '"');
}
