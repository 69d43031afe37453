/*
 * text.h
 *		Writing the text form of values that can be large.  The same function measures
 *		and writes it, so that no value is made whose text could not be printed, and that
 *		a large text is allocated once.
 */
#ifndef KPI_TEXT_H
#define KPI_TEXT_H

#include "flat.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

/*
 * The longest text of a value that we build, in bytes.  PostgreSQL prints, sends and
 * copies no row of more than 1 GB; what is left is for the other columns, and for COPY.
 */
#define KPI_MOST_TEXT ((Size) 1000 * 1000 * 1000)

/* What was printed once is read again. */
#define KPI_MOST_TEXT_READ ((Size) MaxAllocSize - 1)

typedef struct KpiText
{
	char	   *at;				/* where the next byte goes; NULL: only measured */
	Size		length;			/* so far */
} KpiText;

typedef void (*KpiPrint) (KpiText *text, const void *value);

/*
 * A value's text, of at most `most` bytes by its size; 54000 where it is longer than
 * PostgreSQL can print.
 */
extern char *kpi_text_print(const KpiType *type, KpiPrint print, const void *value, Size most);

/* 54000 where a value's text is longer than limit; it is only measured where most is. */
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

/* Lower case, with zeros before it up to the given width. */
extern void kpi_text_hex(KpiText *text, uint64 value, int width);

/* A number in units of 10^-scale, with so many digits after the point. */
extern void kpi_text_int128(KpiText *text, __int128 value, int scale);

/* In quotation marks; these and \ have a \ before them. */
extern void kpi_text_quoted(KpiText *text, const char *string);

#endif							/* KPI_TEXT_H */
