/*
 * text.h
 *		Writing the text form of values that can be large.  The same function measures
 *		and writes it, so that no value is made whose text could not be printed, and that
 *		a large text is allocated once.
 */
#ifndef KPI_TEXT_H
#define KPI_TEXT_H

#include "core/form/flat.h"
#include "core/server/int128.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

/*
 * The longest text of a value that we build, in bytes.  PostgreSQL prints, sends and
 * copies no row of more than 1 GB; what is left is for the other columns, and for COPY.
 */
#define KPI_MAX_TEXT ((Size) 1000 * 1000 * 1000)

/* The longest text that is read, whatever version printed it. */
#define KPI_MAX_TEXT_READ ((Size) MaxAllocSize - 1)

typedef struct KpiText
{
	char	   *at;				/* where the next byte goes; NULL: only measured */
	Size		length;			/* so far */
} KpiText;

/* Writes the text of a value, the same in every call. */
typedef void (*KpiPrint) (KpiText *text, const void *value);

extern char *kpi_text_print(const KpiType *type, KpiPrint print, const void *value, Size most);
extern void kpi_text_check(const KpiType *type, KpiPrint print, const void *value, Size most, Size limit);

static inline void
kpi_text_bytes(KpiText *text, const char *bytes, Size n)
{
	if (text->at)
	{
		memcpy(text->at, bytes, n);
		text->at += n;
	}
	text->length += n;
}

static inline void
kpi_text_char(KpiText *text, char c)
{
	kpi_text_bytes(text, &c, 1);
}

static inline void
kpi_text_string(KpiText *text, const char *string)
{
	kpi_text_bytes(text, string, strlen(string));
}

static inline void
kpi_text_int64(KpiText *text, int64 value)
{
	char		digits[MAXINT8LEN + 1];

	kpi_text_bytes(text, digits, pg_lltoa(value, digits));
}

static inline void
kpi_text_uint64(KpiText *text, uint64 value)
{
	char		digits[MAXINT8LEN + 1];

	kpi_text_bytes(text, digits, pg_ulltoa_n(value, digits));
}

extern void kpi_text_hex(KpiText *text, uint64 value, int width);
extern void kpi_text_int128(KpiText *text, KpiInt128 value, int scale);
extern void kpi_text_quoted(KpiText *text, const char *string);

#endif							/* KPI_TEXT_H */
