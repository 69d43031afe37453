/*
 * text.c
 *		Writing the text form of values that can be large.
 */
#include "text.h"

/* Up to this size a text is written without measuring it first. */
#define SMALL 8192

static void
too_long(const KpiType *type, Size limit)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("text of type %s would be longer than %zu bytes", type->name, limit),
			 errdetail("A longer one could not be dumped with the other columns of its row."),
			 errhint("Build it over fewer rows, for example one a group or period, and merge only what a question needs.")));
}

static Size
measure(KpiPrint print, const void *value)
{
	KpiText		text = {NULL, 0};

	print(&text, value);
	return text.length;
}

char *
kpi_text_print(const KpiType *type, KpiPrint print, const void *value, Size most)
{
	KpiText		text = {NULL, 0};
	char	   *result;

	if (most > SMALL)
		most = measure(print, value);
	if (most > KPI_MOST_TEXT_READ)
		too_long(type, KPI_MOST_TEXT_READ);
	result = text.at = palloc(most + 1);
	print(&text, value);
	Assert(text.length <= most);
	result[text.length] = '\0';
	return result;
}

void
kpi_text_check(const KpiType *type, KpiPrint print, const void *value, Size most, Size limit)
{
	if (unlikely(most > limit) && measure(print, value) > limit)
		too_long(type, limit);
}

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
#define PART UINT64CONST(10000000000000000000)
#define PART_DIGITS 19

void
kpi_text_int128(KpiText *text, __int128 value, int scale)
{
	char		digits[3 * PART_DIGITS + 1];
	char	   *at = digits + sizeof(digits);
	const char *end = at;
	unsigned __int128 rest = value < 0 ? -(unsigned __int128) value : (unsigned __int128) value;

	Assert(scale >= 0 && scale <= 2 * PART_DIGITS);
	/* in parts, since a division of 128 bits takes many times one of 64 */
	do
	{
		uint64		part = rest <= PG_UINT64_MAX ? (uint64) rest % PART : (uint64) (rest % PART);
		const char *least;

		rest = rest <= PG_UINT64_MAX ? (uint64) rest / PART : rest / PART;
		/* with zeros where more stands before it, and up to the digit before the point */
		least = rest > 0 ? at - PART_DIGITS : Min(end - scale - 1, at - 1);
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
