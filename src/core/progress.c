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
#include "core/progress.h"

#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#define MARK INT64CONST(0x6b70692070726f67) /* "kpi prog" */
#define NAME (KPI_WORK_LENGTH / (int) sizeof(int64))
#define LEVEL (NAME + 4)
#define LEVELS 2
#define NUMBERS (2 + LEVELS * LEVEL)

StaticAssertDecl(NUMBERS <= PGSTAT_NUM_PROGRESS_PARAM, "the server keeps fewer numbers");

static KpiProgress *innermost = NULL;

static inline int64
mark_of(const PgBackendStatus *session)
{
	return MARK ^ session->st_proc_start_timestamp;
}

/* Work into numbers, the outermost first; the level after it. */
static int
put_levels(const KpiProgress *work, int64 *numbers)
{
	int			level;
	int64	   *at;

	if (work == NULL)
		return 0;
	level = put_levels(work->outer, numbers);
	if (level == LEVELS)
		return level;
	at = numbers + 2 + level * LEVEL;
	memcpy(at, work->work, KPI_WORK_LENGTH);
	at[NAME] = work->begun;
	at[NAME + 1] = work->part;
	at[NAME + 2] = work->parts;
	at[NAME + 3] = work->step;
	return level + 1;
}

static void
show(void)
{
	int			index[NUMBERS];
	int64		numbers[NUMBERS] = {0};

	if (MyBEEntry == NULL || MyBEEntry->st_progress_command != PROGRESS_COMMAND_INVALID)
		return;
	numbers[1] = put_levels(innermost, numbers);
	numbers[0] = numbers[1] > 0 ? mark_of(MyBEEntry) : 0;
	for (int i = 0; i < NUMBERS; i++)
		index[i] = i;
	pgstat_progress_update_multi_param(NUMBERS, index, numbers);
}

void
kpi_progress_begin(KpiProgress *progress, const char *work, int64 parts)
{
	progress->outer = innermost;
	memset(progress->work, 0, KPI_WORK_LENGTH);
	memcpy(progress->work, work, Min(strlen(work), KPI_WORK_LENGTH));
	progress->begun = GetCurrentTimestamp();
	progress->part = 0;
	progress->parts = parts;
	progress->step = -1;
	innermost = progress;
	show();
}

void
kpi_progress_end(KpiProgress *progress)
{
	innermost = progress->outer;
	show();
}

void
kpi_progress_at(KpiProgress *progress, int64 part, int64 step)
{
	progress->part = part;
	progress->step = step;
	show();
}

/* kpi_progress() */
PG_FUNCTION_INFO_V1(kpi_progress);
Datum
kpi_progress(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			sessions = pgstat_fetch_stat_numbackends();
	bool		sees_all = has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	for (int i = 1; i <= sessions; i++)
	{
		LocalPgBackendStatus *local = KPI_SESSION(i);
		const PgBackendStatus *session = local ? &local->backendStatus : NULL;
		const int64 *numbers = session ? session->st_progress_param : NULL;

		if (session == NULL || session->st_progress_command != PROGRESS_COMMAND_INVALID || numbers[0] != mark_of(session) ||
			!(sees_all || has_privs_of_role(GetUserId(), session->st_userid)))
			continue;
		for (int level = 0; level < Min(numbers[1], LEVELS); level++)
		{
			const int64 *at = numbers + 2 + level * LEVEL;
			Datum		values[7];
			bool		nulls[7] = {0};

			values[0] = Int32GetDatum(session->st_procpid);
			values[1] = Int32GetDatum(level + 1);
			values[2] = PointerGetDatum(cstring_to_text_with_len((const char *) at, strnlen((const char *) at, KPI_WORK_LENGTH)));
			values[3] = Int64GetDatum(at[NAME + 1]);
			values[4] = Int64GetDatum(at[NAME + 2]);
			values[5] = Int64GetDatum(at[NAME + 3]);
			nulls[5] = at[NAME + 3] < 0;
			values[6] = TimestampTzGetDatum(at[NAME]);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}
