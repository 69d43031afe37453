/*
 * progress.c
 *		Where long work is, for who looks at pg_stat_activity.
 *
 *		The server's own views of progress are for its own commands.  What an extension
 *		can write to is application_name: only what the view shows, behind the session's
 *		own name; the setting is not touched, so that SHOW, the log and the client know
 *		nothing of it.  Every role can read that column, so it tells how far the work is
 *		and nothing of the data.
 */
#include "core/server/progress.h"

#include "pgstat.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#define BETWEEN 1000			/* ms */

static KpiProgress *innermost = NULL;

/* Work, the outermost first, as much as a name has room for; returns the length. */
static int
append(char *name, const KpiProgress *work)
{
	int			length;

	if (work == NULL)
		return 0;
	length = append(name, work->outer);
	if (work->text[0] != '\0')
	{
		snprintf(name + length, NAMEDATALEN - length, "%s%s", length > 0 ? ": " : "", work->text);
		length = strlen(name);
	}
	return length;
}

static void
show(void)
{
	const char *own = application_name ? application_name : "";
	char		work[NAMEDATALEN] = "";
	char		name[NAMEDATALEN];
	int			length;

	length = append(work, innermost);
	if (length == 0)
	{
		pgstat_report_appname(own);
		return;
	}
	/* of the session's name as much as there is room for; it has no character of several bytes */
	snprintf(name, sizeof(name), "%.*s%s%s",
			 Max((int) sizeof(name) - length - 3, 0),
			 own, own[0] ? ": " : "", work);
	pgstat_report_appname(name);
}

void
kpi_progress_begin(KpiProgress *progress)
{
	progress->outer = innermost;
	progress->shown = GetCurrentTimestamp();
	progress->text[0] = '\0';
	innermost = progress;
}

void
kpi_progress_end(KpiProgress *progress)
{
	innermost = progress->outer;
	if (progress->text[0] != '\0')
		show();
}

void
kpi_progress(KpiProgress *progress, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	vsnprintf(progress->text, sizeof(progress->text), format, args);
	va_end(args);
	show();
}

bool
kpi_progress_due(KpiProgress *progress)
{
	TimestampTz now = GetCurrentTimestamp();

	if (!TimestampDifferenceExceeds(progress->shown, now, BETWEEN))
		return false;
	progress->shown = now;
	return true;
}
