/*
 * measure.c
 *		kpi_measure(): reads the sources of KPIs and writes their readings.
 *
 *		Each KPI is measured in a subtransaction.  Its source is read as access.c has
 *		it; all else happens as the caller.  The error of a source is written to its
 *		definition and the next KPI is measured.
 */
#include "core/server/argument.h"
#include "core/server/progress.h"
#include "core/server/rows.h"
#include "core/time/days.h"
#include "scorecard/access.h"
#include "scorecard/source.h"
#include "scorecard/worker.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/async.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "parser/parse_func.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/timeout.h"
#include "utils/varlena.h"

#define MEASURE_MAX_SEGMENT 200			/* characters, as the check of kpi_reading has it */
#define MEASURE_MAX_ROWS 1000000		/* periods and segments of a source: its names too fit into an array of the server */
#define MEASURE_MAX_ERROR 2000			/* characters of an error that are kept */
#define MEASURE_MAX_DAYS_AHEAD 3660		/* of as_of */

typedef struct MeasureDefinition
{
	const char *name;
	char	   *source;
	KpiKind		kind;
	KpiUnit		unit;
	bool		needs_n;
	char	   *zone;			/* NULL is the session's */
} MeasureDefinition;

/* What became of a KPI. */
typedef struct MeasureOutcome
{
	int64		readings;
	int64		changed;
	int64		alerts;
	bool		reading;		/* the source, still */
	char	   *error;			/* NULL if it worked */
} MeasureOutcome;

static char *
measure_column_text(int row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

static void
measure_run(int expected, const char *sql, int nargs, Oid *types, Datum *values, const char *nulls)
{
	int			code = SPI_execute_with_args(sql, nargs, types, values, nulls, false, 0);

	if (code != expected)
		elog(ERROR, "SPI_execute_with_args returned %d for %s", code, sql);
}

/*
 * A function of ours that returns a number, with the caller's rights.  Found by the
 * exact types of its arguments, as an overload with defaults would make a call in
 * SQL ambiguous.
 */
static int64
measure_call_number(const char *schema, const char *name, int nargs, Oid *types, NullableDatum *args)
{
	Oid			function = LookupFuncName(textToQualifiedNameList(cstring_to_text(psprintf("%s.%s", schema, name))),
										  nargs, types, false);
	FmgrInfo	flinfo;
	Datum		result;
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);

	if (KPI_FUNCTION_ACLCHECK(function, GetUserId()) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FUNCTION, name);
	fmgr_info(function, &flinfo);
	InitFunctionCallInfoData(*fcinfo, &flinfo, nargs, DEFAULT_COLLATION_OID, NULL, NULL);
	memcpy(fcinfo->args, args, sizeof(NullableDatum) * nargs);
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		elog(ERROR, "function %s returned NULL", name);
	return DatumGetInt64(result);
}

/*
 * The names of the KPIs to measure, in an order in which no two callers can wait for
 * each other.  All of them keep these names to the end of the transaction: an UPDATE
 * of a name or a DELETE waits for us, and is waited for.  All else goes on until it
 * is the KPI's turn.
 */
static List *
measure_find_names(const char *schema, const char *name, DateADT as_of)
{
	Oid			type = name ? TEXTOID : DATEOID;
	Datum		value = name ? CStringGetTextDatum(name) : DateADTGetDatum(as_of);
	List	   *found = NIL;

	/* it would be measured_to for good: no earlier as_of undoes what was measured to a later one */
	if (as_of - GetSQLCurrentDate() > MEASURE_MAX_DAYS_AHEAD)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of %s is more than ten years ahead", kpi_date_text(as_of)),
				 errhint("Give the last day of which the data are complete.")));
	measure_run(SPI_OK_SELECT,
		psprintf(name ? "SELECT name FROM %s.kpi_definition WHERE name = $1" :
				 "SELECT name FROM (SELECT name FROM %s.kpi_definition WHERE active @> $1 FOR KEY SHARE) d ORDER BY name COLLATE \"C\"", schema),
		1, &type, &value, NULL);
	for (uint64 i = 0; i < SPI_processed; i++)
		found = lappend(found, measure_column_text(i, 1));
	if (name && found == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("KPI \"%s\" is not defined", name),
				 errhint("Define it first with kpi_define().")));
	return found;
}

/*
 * Lock a KPI against all who measure, define or judge it or set its goals, and read
 * its definition as it is then: kpi_define() may have changed it while we waited.
 * The tables of a database that is still at 0.1.0 have no zone.  22023 where the KPI
 * was deleted or renamed meanwhile.
 */
static void
measure_lock_definition(const char *schema, const char *name, MeasureDefinition *d)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(name)};

	measure_run(SPI_OK_SELECT,
		psprintf("SELECT source, kind, unit, min_n IS NOT NULL, to_jsonb(d) ->> 'zone' FROM %s.kpi_definition d WHERE name = $1 FOR NO KEY UPDATE", schema),
		1, types, values, NULL);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("KPI \"%s\" was deleted or renamed", name)));
	d->name = name;
	d->source = measure_column_text(0, 1);
	d->kind = kpi_kind_from_text(cstring_to_text(measure_column_text(0, 2)));
	d->unit = kpi_unit_from_text(cstring_to_text(measure_column_text(0, 3)));
	d->needs_n = measure_column_text(0, 4)[0] == 't';
	d->zone = measure_column_text(0, 5);
}

/* The source by its name, locked; the caller closes it.  Not regclass: its text may be an OID too.  42P01 if there is none. */
static Relation
measure_open_source(const MeasureDefinition *d)
{
	RangeVar   *name = makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(d->source)));
	Oid			relid = RangeVarGetRelid(name, NoLock, true);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("source %s does not exist", d->source)));
	return kpi_access_open(relid);
}

/* Takes the rows of a source as they come, into what will be arrays. */
typedef struct MeasureReceiver
{
	DestReceiver receiver;		/* must be first */
	const MeasureDefinition *definition;
	int			rows;
	ArrayBuildState *columns[KPI_ROWS];
} MeasureReceiver;

/* The statement over a source. */
typedef struct MeasureReading
{
	char	   *sql;
	Datum		periods;
	DestReceiver *receiver;
	const char *zone;			/* NULL is the session's */
} MeasureReading;

/* The type of a column of the source's query. */
static Oid
measure_column_type(int column)
{
	return column == KPI_ROW_PERIOD ? DATEOID : column == KPI_ROW_SEGMENT ? TEXTOID : FLOAT8OID;
}

/* 22003 for a value that must not be negative. */
static void
measure_refuse_negative(const MeasureDefinition *d, const char *what, double value)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is %g in source %s", what, value, d->source)));
}

/*
 * measure_check_row() -
 *
 *	Whether a row of the source can become a reading: 22008 for a period before the
 *	calendar's first year, 22004 for a segment that is NULL, 22023 for one too long,
 *	22003 for a negative n or margin.
 */
static void
measure_check_row(const MeasureDefinition *d, const Datum *values, const bool *nulls)
{
	text	   *segment;
	int			characters;

	if (nulls[KPI_ROW_PERIOD])
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("period in source %s is before the first year of the calendar", d->source)));
	if (nulls[KPI_ROW_SEGMENT])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("column segment of source %s is NULL in some rows: name that segment, or make it empty where the row is the total",
						d->source)));
	segment = DatumGetTextPP(values[KPI_ROW_SEGMENT]);
	characters = pg_mbstrlen_with_len(VARDATA_ANY(segment), VARSIZE_ANY_EXHDR(segment));
	if (characters > MEASURE_MAX_SEGMENT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a segment in source %s has %d characters, more than %d", d->source, characters, MEASURE_MAX_SEGMENT)));
	if (PointerGetDatum(segment) != values[KPI_ROW_SEGMENT])
		pfree(segment);
	if (!nulls[KPI_ROW_N] && DatumGetFloat8(values[KPI_ROW_N]) < 0)
		measure_refuse_negative(d, "n", DatumGetFloat8(values[KPI_ROW_N]));
	if (!nulls[KPI_ROW_MARGIN] && DatumGetFloat8(values[KPI_ROW_MARGIN]) < 0)
		measure_refuse_negative(d, "margin", DatumGetFloat8(values[KPI_ROW_MARGIN]));
}

/* A row of the source: checked, and its values copied to the arrays.  54000 where there are too many. */
static bool
measure_receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	MeasureReceiver *r = (MeasureReceiver *) self;

	if (++r->rows > MEASURE_MAX_ROWS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source %s has more than %d periods and segments: leave some out, or choose a longer unit", r->definition->source, MEASURE_MAX_ROWS)));
	slot_getallattrs(slot);
	measure_check_row(r->definition, slot->tts_values, slot->tts_isnull);
	for (int c = 0; c < KPI_ROWS; c++)
		accumArrayResult(r->columns[c], slot->tts_values[c], slot->tts_isnull[c], measure_column_type(c), NULL);
	return true;
}

static void
measure_receive_begin(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

static void
measure_receive_end(DestReceiver *self)
{
}

/* The reading of a source, called by kpi_access_read(): its rows go to the receiver. */
static void
measure_run_reading(void *argument)
{
	MeasureReading *reading = argument;
	ParamListInfo params = makeParamList(1);
	SPIExecuteOptions options = {.params = params,.dest = reading->receiver};
	Oid			types[1] = {DATEARRAYOID};
	SPIPlanPtr	plan;

	if (reading->zone)
		kpi_access_set_zone(reading->zone);
	params->params[0] = (ParamExternData) {reading->periods, false, PARAM_FLAG_CONST, types[0]};
	plan = SPI_prepare_cursor(reading->sql, 1, types, CURSOR_OPT_PARALLEL_OK);
	if (plan == NULL || SPI_execute_plan_extended(plan, &options) < 0)
		elog(ERROR, "SPI returned %d for %s", SPI_result, reading->sql);
	SPI_freeplan(plan);
}

/*
 * measure_read_source() -
 *
 *	Read the source of a KPI: columns become arrays of its rows, one each of KpiRow,
 *	in the context; the number of rows comes back.  Errors are those of the source
 *	itself, of measure_open_source(), kpi_source_describe() and measure_receive_row().
 */
static int
measure_read_source(const MeasureDefinition *d, DateADT as_of, MemoryContext context, Datum *columns)
{
	Relation	rel = measure_open_source(d);
	MemoryContext rows = AllocSetContextCreate(context, "kpi_measure rows", ALLOCSET_DEFAULT_SIZES);
	MeasureReceiver receiver = {.receiver = {measure_receive_row, measure_receive_begin, measure_receive_end, measure_receive_end, DestNone},.definition = d};
	MeasureReading reading = {.periods = kpi_source_periods(d->unit, as_of),.receiver = &receiver.receiver,.zone = d->zone};
	KpiSource	source;

	for (int c = 0; c < KPI_ROWS; c++)
		receiver.columns[c] = initArrayResult(measure_column_type(c), rows, false);
	kpi_source_describe(RelationGetRelid(rel), d->kind, d->needs_n, &source);
	/* the name anew from the catalogue: the text in the table is not trusted to be one */
	reading.sql = kpi_source_query(&source, kpi_access_name(rel), d->kind, d->unit, as_of);
	kpi_access_read(rel, true, measure_run_reading, &reading);
	relation_close(rel, AccessShareLock);

	for (int c = 0; c < KPI_ROWS; c++)
		columns[c] = makeArrayResult(receiver.columns[c], context);
	MemoryContextDelete(rows);
	return receiver.rows;
}

/*
 * measure_one() -
 *
 *	Measure one KPI: read its source, write its readings, judge them, raise alerts, and
 *	note in its definition that it was measured.  The numbers go to the outcome, which
 *	says of an error too whether the source threw it.  The arrays lie in the context.
 */
static void
measure_one(const char *schema, const MeasureDefinition *d, DateADT as_of, MemoryContext context, MeasureOutcome *outcome)
{
	Datum		columns[KPI_ROWS];
	Oid			types[2 + KPI_ROWS] = {TEXTOID, DATEOID, DATEARRAYOID, TEXTARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID,
	FLOAT8ARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID};
	Oid			judge_types[2] = {TEXTOID, DATERANGEOID};
	Datum		values[2] = {CStringGetTextDatum(d->name), DateADTGetDatum(as_of)};
	NullableDatum args[2 + KPI_ROWS] = {{values[0], false}, {values[1], false}};
	NullableDatum judge_args[2] = {{values[0], false}, {0, true}};

	outcome->reading = true;
	outcome->readings = measure_read_source(d, as_of, context, columns);
	outcome->reading = false;
	for (int c = 0; c < KPI_ROWS; c++)
		args[2 + c].value = columns[c];
	outcome->changed = measure_call_number(schema, "kpi_record", 2 + KPI_ROWS, types, args);
	measure_call_number(schema, "kpi_judge", 2, judge_types, judge_args);
	outcome->alerts = measure_call_number(schema, "kpi_raise_alerts", 1, types, args);
	measure_run(SPI_OK_UPDATE,
		psprintf("UPDATE %s.kpi_definition SET measured_at = now(), measured_to = greatest(measured_to, $2), error = NULL WHERE name = $1", schema),
		2, types, values, NULL);
}

/*
 * Whether an error ends the whole call: a cancel or time limit of this session, and
 * what is to be tried again as a whole.  A source can raise any SQLSTATE, as a remote
 * server's time limit does, so while one is read it is asked who raised it.  A time
 * limit that was reached ends the call too if a language's handler made an error of
 * its own of it: timed, if there was one that had time left before.
 */
static bool
measure_ends_all(const ErrorData *error, bool reading, bool timed)
{
	const char *raised_by = error->funcname ? error->funcname : "";

	/* whatever a handler made of it */
	if (reading && timed && !get_timeout_active(STATEMENT_TIMEOUT))
		return true;
	if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
		return !reading || strcmp(raised_by, "ProcessInterrupts") == 0;
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_TRANSACTION_ROLLBACK)
		return false;
	/* what the server can only say of a transaction with one snapshot; not told apart from what a source says there */
	return !reading || IsolationUsesXactSnapshot() || strcmp(raised_by, "DeadLockReport") == 0;
}

/* As much of a text as is kept. */
static char *
measure_cut_error(const char *message)
{
	int			length = strlen(message);
	int			kept = pg_mbcharcliplen(message, length, MEASURE_MAX_ERROR);

	return psprintf("%.*s%s", kept, message, kept < length ? "..." : "");
}

/*
 * measure_try_one() -
 *
 *	Measure one KPI as measure_one() does, in a subtransaction.  An error undoes what
 *	was written of this KPI and becomes the outcome's error, whose text lies in the
 *	context, and is noted in the definition.  It is thrown on where
 *	measure_ends_all() says so.
 */
static void
measure_try_one(const char *schema, const MeasureDefinition *d, DateADT as_of, MemoryContext context, MeasureOutcome *outcome)
{
	MemoryContext old_context = CurrentMemoryContext;
	ResourceOwner old_owner = CurrentResourceOwner;
	bool		timed = get_timeout_active(STATEMENT_TIMEOUT);

	memset(outcome, 0, sizeof(MeasureOutcome));
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(old_context);
	PG_TRY();
	{
		measure_one(schema, d, as_of, context, outcome);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(old_context);
		CurrentResourceOwner = old_owner;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		/*
		 * Before an error that ends the call, and before there is no memory to copy this
		 * one: else the session would stay inside the subtransaction, with its locks.
		 */
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(old_context);
		CurrentResourceOwner = old_owner;
		error = CopyErrorData();
		FlushErrorState();
		if (measure_ends_all(error, outcome->reading, timed))
			ReThrowError(error);
		memset(outcome, 0, sizeof(MeasureOutcome));
		MemoryContextReset(context);
		MemoryContextSwitchTo(context);
		outcome->error = measure_cut_error(error->message ? error->message : "missing error text");
		MemoryContextSwitchTo(old_context);
		FreeErrorData(error);
	}
	PG_END_TRY();

	if (outcome->error)
	{
		Oid			types[2] = {TEXTOID, TEXTOID};
		Datum		values[2] = {CStringGetTextDatum(d->name), CStringGetTextDatum(outcome->error)};

		measure_run(SPI_OK_UPDATE,
			psprintf("UPDATE %s.kpi_definition SET measured_at = now(), error = $2 WHERE name = $1", schema),
			2, types, values, NULL);
	}
}

/* What became of all of them. */
typedef struct MeasureTotals
{
	int			measured;
	int64		failed;
	int64		alerts;
} MeasureTotals;

/*
 * measure_each() -
 *
 *	Measure the KPIs with these names, one after the other, a row of the result for
 *	each.  What one of them takes of memory is free before the next.  Errors are those of
 *	measure_lock_definition() and measure_try_one().
 */
static void
measure_each(const char *schema, List *names, DateADT as_of, FunctionCallInfo fcinfo, KpiProgress *progress, MeasureTotals *totals)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "kpi_measure", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context;
	ListCell   *cell;

	foreach(cell, names)
	{
		MeasureDefinition d;
		Datum		row[5] = {CStringGetTextDatum(lfirst(cell))};
		bool		nulls[5] = {false};
		MeasureOutcome outcome;

		CHECK_FOR_INTERRUPTS();
		kpi_progress_at(progress, foreach_current_index(cell) + 1, -1);
		ereport(DEBUG1,
				(errmsg_internal("kpi_measure %d of %d, \"%s\"",
								 foreach_current_index(cell) + 1, list_length(names), (char *) lfirst(cell))));
		measure_lock_definition(schema, lfirst(cell), &d);
		totals->measured++;
		measure_try_one(schema, &d, as_of, context, &outcome);
		if (outcome.error)
			totals->failed++;
		totals->alerts += outcome.alerts;

		row[1] = Int64GetDatum(outcome.readings);
		row[2] = Int64GetDatum(outcome.changed);
		row[3] = Int64GetDatum(outcome.alerts);
		if (outcome.error)
			row[4] = CStringGetTextDatum(outcome.error);
		else
			nulls[4] = true;
		old_context = MemoryContextSwitchTo(context);
		kpi_rows_put(fcinfo, row, nulls);
		MemoryContextSwitchTo(old_context);
		MemoryContextReset(context);
	}
}

/* The same, so that others see how far it is. */
static void
measure_all(const char *schema, List *names, DateADT as_of, FunctionCallInfo fcinfo, MeasureTotals *totals)
{
	KpiProgress progress;

	kpi_progress_begin(&progress, "kpi_measure", list_length(names));
	PG_TRY();
	{
		measure_each(schema, names, as_of, fcinfo, &progress, totals);
	}
	PG_FINALLY();
	{
		kpi_progress_end(&progress);
	}
	PG_END_TRY();
}

/*
 * kpi_measure() - kpi_measure(kpi, as_of, notify)
 *
 *	A row for each KPI that was measured, the one named or all that are active on as_of,
 *	and one NOTIFY kpi where notify is true.  22023 for an unknown KPI, an as_of that is
 *	no finite date or more than ten years ahead; 25006 where nothing can be written,
 *	0A000 on a worker of Citus; of other errors those that measure_ends_all() names, while those of a
 *	source are in its row.
 */
PG_FUNCTION_INFO_V1(kpi_measure);
Datum
kpi_measure(PG_FUNCTION_ARGS)
{
	char	   *name = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	DateADT		as_of;
	bool		notify = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	const char *schema = quote_identifier(get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid)));
	int			nest_level;
	List	   *names;
	MeasureTotals totals = {0};

	PreventCommandIfReadOnly("kpi_measure()");
	PreventCommandIfParallelMode("kpi_measure()");
	PreventCommandDuringRecovery("kpi_measure()");
	if (PG_ARGISNULL(1))
		kpi_refuse_null("as_of", "Give the last day that the data cover.");
	as_of = PG_GETARG_DATEADT(1);
	kpi_require_finite(as_of, "as_of", "Give the last day that the data cover.");
	kpi_refuse_worker("KPIs cannot be measured");
	kpi_rows_begin(fcinfo);

	nest_level = kpi_safe_settings();
	SPI_connect();
	names = measure_find_names(schema, name, as_of);
	measure_all(schema, names, as_of, fcinfo, &totals);

	if (notify)
		Async_Notify("kpi", psprintf("{\"as_of\": \"%s\", \"measured\": %d, \"failed\": " INT64_FORMAT ", \"alerts\": " INT64_FORMAT "}",
									 kpi_date_text(as_of),
									 totals.measured, totals.failed, totals.alerts));
	SPI_finish();
	AtEOXact_GUC(true, nest_level);
	return (Datum) 0;
}
