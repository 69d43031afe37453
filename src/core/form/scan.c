/*
 * scan.c
 *		Reading the text form of a value, and writing it.
 */
#include "core/form/scan.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

/* The longest part of a bad literal that an error message repeats. */
#define SCAN_SHOWN_LENGTH 200

/*
 * kpi_scan_start() -
 *
 *	Begin to read the literal in argument 0 of an input function.  form is what the
 *	hint of an error shows as the form expected.  Nothing is copied: the literal must
 *	live as long as it is read.
 */
KpiScan
kpi_scan_start(FunctionCallInfo fcinfo, const KpiType *type, const char *form)
{
	KpiScan		scan;

	scan.type = type;
	scan.text = scan.at = PG_GETARG_CSTRING(0);
	scan.form = form;
	scan.escontext = (Node *) fcinfo->context;
	return scan;
}

static void
scan_skip_space(KpiScan *scan)
{
	while (isspace((unsigned char) *scan->at))
		scan->at++;
}

/* Is c next, after blanks?  It is not taken. */
bool
kpi_scan_peek(KpiScan *scan, char c)
{
	scan_skip_space(scan);
	return *scan->at == c;
}

/* Take c, after blanks; false when something else is there. */
bool
kpi_scan_char(KpiScan *scan, char c)
{
	if (!kpi_scan_peek(scan, c))
		return false;
	scan->at++;
	return true;
}

/* Take a word in any case, not followed by another letter; false when something else is there. */
bool
kpi_scan_word(KpiScan *scan, const char *word)
{
	size_t		length = strlen(word);

	scan_skip_space(scan);
	if (pg_strncasecmp(scan->at, word, length) != 0 ||
		isalpha((unsigned char) scan->at[length]))
		return false;
	scan->at += length;
	return true;
}

/* An integer with an optional sign; false when there is none, or it is too large. */
bool
kpi_scan_int64(KpiScan *scan, int64 *value)
{
	char	   *end;

	scan_skip_space(scan);
	errno = 0;
	*value = strtoll(scan->at, &end, 10);
	if (end == scan->at || errno != 0)
		return false;
	scan->at = end;
	return true;
}

/* A finite decimal number, not hexadecimal, no word; false when there is none, or it is too large or too near zero. */
bool
kpi_scan_double(KpiScan *scan, double *value)
{
	const char *p;
	char	   *end;

	scan_skip_space(scan);
	p = scan->at + (*scan->at == '-' || *scan->at == '+');
	if (!isdigit((unsigned char) *p) && *p != '.')
		return false;
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		return false;
	errno = 0;
	*value = strtod(scan->at, &end);
	if (end == scan->at || !isfinite(*value) || (errno == ERANGE && *value == 0))
		return false;
	scan->at = end;
	return true;
}

/*
 * kpi_scan_quoted() -
 *
 *	Take a string in double quotes and add it to strings, without the quotes and
 *	with its NUL.  A backslash stands before a quote or backslash.  False when there is
 *	none, when it does not end, or when strings would grow beyond `most` bytes.
 */
bool
kpi_scan_quoted(KpiScan *scan, StringInfo strings, int most)
{
	if (!kpi_scan_char(scan, '"'))
		return false;
	for (; *scan->at != '"'; scan->at++)
	{
		if (*scan->at == '\\')
			scan->at++;
		if (*scan->at == '\0' || strings->len > most)
			return false;
		appendStringInfoChar(strings, *scan->at);
	}
	scan->at++;
	appendStringInfoChar(strings, '\0');
	return true;
}

/* Is the literal at its end, but for blanks? */
bool
kpi_scan_end(KpiScan *scan)
{
	scan_skip_space(scan);
	return *scan->at == '\0';
}

/*
 * kpi_scan_fail() -
 *
 *	The error for a literal that is not of the form: 22P02, with what was wrong where
 *	reason is not NULL.  A soft error comes back from here: the caller returns what we
 *	return.
 */
Datum
kpi_scan_fail(KpiScan *scan, const char *reason)
{
	int			shown = pg_mbcliplen(scan->text, strlen(scan->text), SCAN_SHOWN_LENGTH);

	errsave(scan->escontext,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%.*s%s\"",
					scan->type->name, shown, scan->text, scan->text[shown] ? "..." : ""),
			 reason ? errdetail("%s", reason) : 0,
			 errhint("The form is %s.", scan->form)));
	return (Datum) 0;
}

/*
 * kpi_scan_shown() -
 *
 *	The beginning of a text in quotes, for a message: at most so many bytes of it, and
 *	"..." where more follows.  Palloc'd.
 */
char *
kpi_scan_shown(const char *text, int most)
{
	int			shown = pg_mbcliplen(text, strlen(text), most);

	return psprintf("\"%.*s%s\"", shown, text, text[shown] ? "..." : "");
}

/* Append the shortest digits that read back to the same value, whatever the session's extra_float_digits. */
void
kpi_append_double(StringInfo out, double value)
{
	char		buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, buffer);
	appendStringInfoString(out, buffer);
}

/* Append a string as kpi_scan_quoted() takes it. */
void
kpi_append_quoted(StringInfo out, const char *string)
{
	appendStringInfoChar(out, '"');
	for (; *string; string++)
	{
		if (*string == '"' || *string == '\\')
			appendStringInfoChar(out, '\\');
		appendStringInfoChar(out, *string);
	}
	appendStringInfoChar(out, '"');
}
