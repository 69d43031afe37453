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

/* A text in the server's encoding, safe between tags and in a quoted attribute. */
extern void kpi_html_append(StringInfo out, const char *s, int len);

#endif							/* KPI_SCORECARD_HTML_H */
