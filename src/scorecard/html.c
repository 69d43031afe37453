/*
 * html.c
 *		Escaping for the scorecard's page.
 *
 *		kpi_html() is the only way of a user's text into the page.  Its result
 *		holds no markup and no quote, so it may stand between tags and in a
 *		quoted attribute.  Characters that HTML does not allow (WHATWG HTML,
 *		13.2.3.5 and "noncharacter", "control" of the Infra standard) become
 *		U+FFFD.
 */
#include "scorecard/html.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"

#define HTML_REPLACEMENT "&#65533;"

/* Append a character of Unicode as HTML. */
static void
html_append_character(StringInfo out, uint32 c)
{
	switch (c)
	{
		case '&':
			appendStringInfoString(out, "&amp;");
			return;
		case '<':
			appendStringInfoString(out, "&lt;");
			return;
		case '>':
			appendStringInfoString(out, "&gt;");
			return;
		case '\t':
		case '\n':
			appendStringInfoChar(out, c);
			return;
		case '\r':
			appendStringInfoChar(out, '\n');
			return;
	}
	if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c < 0xE000) ||
		(c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE || c > 0x10FFFF)
		appendStringInfoString(out, HTML_REPLACEMENT);
	else if (c > 0x7F || c == '"' || c == '\'' || c == '`')
		appendStringInfo(out, "&#%u;", c);
	else
		appendStringInfoChar(out, c);
}

/*
 * kpi_html_append() -
 *
 *	Append a text in the server's encoding as HTML that is safe between tags and in
 *	a quoted attribute; len bytes of it.
 */
void
kpi_html_append(StringInfo out, const char *s, int len)
{
	const unsigned char *p;
	const unsigned char *end;

	/* the bytes of SQL_ASCII have no known meaning; taken as UTF-8 where they are */
	if (GetDatabaseEncoding() != PG_SQL_ASCII)
	{
		char	   *utf8 = pg_server_to_any(s, len, PG_UTF8);

		if (utf8 != s)
			len = strlen(utf8);
		s = utf8;
	}
	p = (const unsigned char *) s;
	end = p + len;
	while (p < end)
	{
		int			size = pg_utf_mblen(p);

		CHECK_FOR_INTERRUPTS();
		if (*p < 0x80)
			html_append_character(out, *p++);
		else if (size <= end - p && pg_utf8_islegal(p, size))
		{
			html_append_character(out, utf8_to_unicode(p));
			p += size;
		}
		else
		{
			appendStringInfoString(out, HTML_REPLACEMENT);
			p++;
		}
	}
}

/* kpi_html(content) */
PG_FUNCTION_INFO_V1(kpi_html);
Datum
kpi_html(PG_FUNCTION_ARGS)
{
	text	   *content = PG_GETARG_TEXT_PP(0);
	StringInfoData out;

	initStringInfo(&out);
	kpi_html_append(&out, VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content));
	return kpi_html_text(&out);
}
