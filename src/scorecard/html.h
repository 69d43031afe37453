/*
 * html.h
 *		Text of the scorecard's page.  All of it is ASCII: what is not becomes a
 *		character reference, so that the page reads the same in whatever encoding
 *		a client stores it.
 */
#ifndef KPI_SCORECARD_HTML_H
#define KPI_SCORECARD_HTML_H

#include "core/server/compat.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

extern void kpi_html_append(StringInfo out, const char *s, int len);

/* What was written, as a text. */
static inline Datum
kpi_html_text(StringInfo out)
{
	return PointerGetDatum(cstring_to_text_with_len(out->data, out->len));
}

#endif							/* KPI_SCORECARD_HTML_H */
