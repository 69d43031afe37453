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

#define PROGRESS_BETWEEN 1000	/* ms */

static KpiProgress *progress_innermost = NULL;

/* Append what work is at, the outermost first, as much as a name has room for; the length. */
static int
progress_append(char *name, const KpiProgress *work)
{
	int			length;

	if (work == NULL)
		return 0;
	length = progress_append(name, work->outer);
	if (work->text[0] != '\0')
	{
		snprintf(name + length, NAMEDATALEN - length, "%s%s", length > 0 ? ": " : "", work->text);
		length = strlen(name);
	}
	return length;
}

/* Let the view show the session's name with where the work is, or the name alone when none is going on. */
static void
progress_show(void)
{
	const char *own = application_name ? application_name : "";
	char		work[NAMEDATALEN] = "";
	char		name[NAMEDATALEN];
	int			length;

	length = progress_append(work, progress_innermost);
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

/*
 * kpi_progress_begin() -
 *
 *	Begin a piece of work, inside of that which goes on if any does.  *progress is
 *	the caller's, and is used until kpi_progress_end().
 */
void
kpi_progress_begin(KpiProgress *progress)
{
	progress->outer = progress_innermost;
	progress->shown = GetCurrentTimestamp();
	progress->text[0] = '\0';
	progress_innermost = progress;
}

/* End it.  What it is a part of is shown again. */
void
kpi_progress_end(KpiProgress *progress)
{
	progress_innermost = progress->outer;
	if (progress->text[0] != '\0')
		progress_show();
}

/* Show where the innermost work is. */
void
kpi_progress(KpiProgress *progress, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	vsnprintf(progress->text, sizeof(progress->text), format, args);
	va_end(args);
	progress_show();
}

/* Is it time to show that?  Once a second at most; true counts as shown. */
bool
kpi_progress_due(KpiProgress *progress)
{
	TimestampTz now = GetCurrentTimestamp();

	if (!TimestampDifferenceExceeds(progress->shown, now, PROGRESS_BETWEEN))
		return false;
	progress->shown = now;
	return true;
}
