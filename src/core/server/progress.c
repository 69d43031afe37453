/*
 * progress.c
 *		Where long work is: kpi_progress().
 *
 *		The server keeps numbers for each session by which its own commands report their
 *		progress, and its views show those of the commands that they know.  Without a command
 *		the numbers mean nothing to it, and so they are ours: a mark, the number of levels, and
 *		for each level, the outermost first, its name in bytes, when it began and where it is.
 *		While a command of the server reports there (COPY, CREATE INDEX), we write nothing.
 *
 *		Numbers stay behind when a session ends by force, and the next one finds them: the
 *		mark holds for one session alone, by the time at which it began.
 */
#include "core/server/progress.h"

#include "core/server/rows.h"

#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define PROGRESS_MARK INT64CONST(0x6b70692070726f67) /* "kpi prog" */
#define PROGRESS_NAME (KPI_WORK_LENGTH / (int) sizeof(int64))
#define PROGRESS_LEVEL (PROGRESS_NAME + 4)
#define PROGRESS_LEVELS 2
#define PROGRESS_NUMBERS (2 + PROGRESS_LEVELS * PROGRESS_LEVEL)

StaticAssertDecl(PROGRESS_NUMBERS <= PGSTAT_NUM_PROGRESS_PARAM, "the server keeps fewer numbers");

static KpiProgress *progress_innermost = NULL;

static inline int64
progress_mark(const PgBackendStatus *session)
{
	return PROGRESS_MARK ^ session->st_proc_start_timestamp;
}

/* Work into numbers, the outermost first; the level after it. */
static int
progress_put_levels(const KpiProgress *work, int64 *numbers)
{
	int			level;
	int64	   *at;

	if (work == NULL)
		return 0;
	level = progress_put_levels(work->outer, numbers);
	if (level == PROGRESS_LEVELS)
		return level;
	at = numbers + 2 + level * PROGRESS_LEVEL;
	memcpy(at, work->work, KPI_WORK_LENGTH);
	at[PROGRESS_NAME] = work->begun;
	at[PROGRESS_NAME + 1] = work->part;
	at[PROGRESS_NAME + 2] = work->parts;
	at[PROGRESS_NAME + 3] = work->step;
	return level + 1;
}

/* Write what this session is at where other sessions see it; not where a command of the server shows its own progress. */
static void
progress_show(void)
{
	int			index[PROGRESS_NUMBERS];
	int64		numbers[PROGRESS_NUMBERS] = {0};

	if (MyBEEntry == NULL || MyBEEntry->st_progress_command != PROGRESS_COMMAND_INVALID)
		return;
	numbers[1] = progress_put_levels(progress_innermost, numbers);
	numbers[0] = numbers[1] > 0 ? progress_mark(MyBEEntry) : 0;
	for (int i = 0; i < PROGRESS_NUMBERS; i++)
		index[i] = i;
	pgstat_progress_update_multi_param(PROGRESS_NUMBERS, index, numbers);
}

/* Begin work of so many parts, inside of what was begun before; the struct is the caller's until kpi_progress_end(). */
void
kpi_progress_begin(KpiProgress *progress, const char *work, int64 parts)
{
	progress->outer = progress_innermost;
	memset(progress->work, 0, KPI_WORK_LENGTH);
	memcpy(progress->work, work, Min(strlen(work), KPI_WORK_LENGTH));
	progress->begun = GetCurrentTimestamp();
	progress->part = 0;
	progress->parts = parts;
	progress->step = -1;
	progress_innermost = progress;
	progress_show();
}

void
kpi_progress_end(KpiProgress *progress)
{
	progress_innermost = progress->outer;
	progress_show();
}

void
kpi_progress_at(KpiProgress *progress, int64 part, int64 step)
{
	progress->part = part;
	progress->step = step;
	progress_show();
}

/*
 * kpi_progress() -
 *
 *	A row for each session that measures or fits a model: where it is.  Of the sessions
 *	of others only for who may read all statistics.
 */
PG_FUNCTION_INFO_V1(kpi_progress);
Datum
kpi_progress(PG_FUNCTION_ARGS)
{
	int			sessions = pgstat_fetch_stat_numbackends();
	bool		sees_all = has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);

	kpi_rows_begin(fcinfo);
	for (int i = 1; i <= sessions; i++)
	{
		LocalPgBackendStatus *local = KPI_SESSION(i);
		const PgBackendStatus *session = local ? &local->backendStatus : NULL;
		const int64 *numbers = session ? session->st_progress_param : NULL;

		if (session == NULL || session->st_progress_command != PROGRESS_COMMAND_INVALID || numbers[0] != progress_mark(session) ||
			!(sees_all || has_privs_of_role(GetUserId(), session->st_userid)))
			continue;
		for (int level = 0; level < Min(numbers[1], PROGRESS_LEVELS); level++)
		{
			const int64 *at = numbers + 2 + level * PROGRESS_LEVEL;
			Datum		values[7];
			bool		nulls[7] = {0};

			values[0] = Int32GetDatum(session->st_procpid);
			values[1] = Int32GetDatum(level + 1);
			values[2] = PointerGetDatum(cstring_to_text_with_len((const char *) at, strnlen((const char *) at, KPI_WORK_LENGTH)));
			values[3] = Int64GetDatum(at[PROGRESS_NAME + 1]);
			values[4] = Int64GetDatum(at[PROGRESS_NAME + 2]);
			values[5] = Int64GetDatum(at[PROGRESS_NAME + 3]);
			nulls[5] = at[PROGRESS_NAME + 3] < 0;
			values[6] = TimestampTzGetDatum(at[PROGRESS_NAME]);
			kpi_rows_put(fcinfo, values, nulls);
		}
	}
	return (Datum) 0;
}
