/*
 * measure.c
 *		kpi_measure(): reads the sources of KPIs and writes their readings.
 *
 *		Each KPI is measured in a subtransaction.  Its source is read as its owner in
 *		a security-restricted operation, with a search_path of our own, as REFRESH
 *		MATERIALIZED VIEW does it, so that functions in it can't do anything with the
 *		caller's rights; all else happens as the caller.  The error of a source is
 *		written to its definition and the next KPI is measured.
 */
#include "core/progress.h"
#include "scorecard/source.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/async.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/varlena.h"

#define SAFE_SEARCH_PATH "pg_catalog, pg_temp"
#define MAX_SEGMENT 200			/* characters, as the check of kpi_reading has it */

typedef struct Definition
{
	const char *name;
	char	   *source;
	KpiKind		kind;
	KpiUnit		unit;
	bool		needs_n;
} Definition;

/* What became of a KPI. */
typedef struct Outcome
{
	int64		readings;
	int64		changed;
	int64		alerts;
	char	   *error;			/* NULL if it worked */
} Outcome;

static char *
column_text(int row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

static void
run(int expected, const char *sql, int nargs, Oid *types, Datum *values, const char *nulls)
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
call_number(const char *schema, const char *name, int nargs, Oid *types, NullableDatum *args)
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

/* The names of the KPIs to measure, in an order in which no two callers can wait for each other. */
static List *
find_names(const char *schema, const char *name, DateADT as_of)
{
	Oid			types[2] = {TEXTOID, DATEOID};
	Datum		values[2] = {name ? CStringGetTextDatum(name) : 0, DateADTGetDatum(as_of)};
	List	   *found = NIL;

	run(SPI_OK_SELECT,
		psprintf("SELECT name FROM %s.kpi_definition "
				 "WHERE CASE WHEN $1 IS NULL THEN active @> $2 ELSE name = $1 END ORDER BY name COLLATE \"C\"", schema),
		2, types, values, name ? NULL : "n ");
	for (uint64 i = 0; i < SPI_processed; i++)
		found = lappend(found, column_text(i, 1));
	if (name && found == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("KPI \"%s\" is not defined", name),
				 errhint("Define it first with kpi_define().")));
	return found;
}

/*
 * Lock a KPI against all who measure, define or judge it, and then read its
 * definition: kpi_define() may have changed it while we waited.  False if it is
 * gone.
 */
static bool
lock_definition(const char *schema, const char *name, Definition *d)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(name)};

	run(SPI_OK_SELECT, "SELECT pg_advisory_xact_lock(hashtextextended('kpi ' || $1, 0))", 1, types, values, NULL);
	run(SPI_OK_SELECT,
		psprintf("SELECT source, kind, unit, min_n IS NOT NULL FROM %s.kpi_definition WHERE name = $1", schema),
		1, types, values, NULL);
	if (SPI_processed == 0)
		return false;
	d->name = name;
	d->source = column_text(0, 1);
	d->kind = kpi_kind_from_text(cstring_to_text(column_text(0, 2)));
	d->unit = kpi_unit_from_text(cstring_to_text(column_text(0, 3)));
	d->needs_n = column_text(0, 4)[0] == 't';
	return true;
}

/* The source by its name, locked; the caller needs USAGE of its schema.  Not regclass: its text may be an OID too. */
static Relation
open_source(const Definition *d)
{
	RangeVar   *name = makeRangeVarFromNameList(textToQualifiedNameList(cstring_to_text(d->source)));
	Oid			relid = RangeVarGetRelid(name, AccessShareLock, true);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("source %s does not exist", d->source)));
	return relation_open(relid, NoLock);
}

/* What a source gives, as the arguments of kpi_record(). */
typedef struct Readings
{
	int			rows;
	Datum		columns[KPI_ROWS];	/* arrays */
} Readings;

static void
collect_rows(const Definition *d, MemoryContext context, Readings *readings)
{
	SPITupleTable *table = SPI_tuptable;
	int			rows = (int) SPI_processed;
	MemoryContext old = MemoryContextSwitchTo(context);

	readings->rows = rows;
	for (int c = 0; c < KPI_ROWS; c++)
	{
		Oid			type = c == KPI_ROW_PERIOD ? DATEOID : c == KPI_ROW_SEGMENT ? TEXTOID : FLOAT8OID;
		Datum	   *values = palloc(sizeof(Datum) * Max(rows, 1));
		bool	   *nulls = palloc(sizeof(bool) * Max(rows, 1));
		int			dims[1] = {rows};
		int			lbs[1] = {1};
		int16		length;
		bool		by_value;
		char		align;

		get_typlenbyvalalign(type, &length, &by_value, &align);
		for (int i = 0; i < rows; i++)
		{
			CHECK_FOR_INTERRUPTS();
			values[i] = SPI_getbinval(table->vals[i], table->tupdesc, c + 1, &nulls[i]);
			if (c == KPI_ROW_PERIOD && nulls[i])
				ereport(ERROR,
						(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						 errmsg("period in source %s is before the first year of the calendar", d->source)));
			if (c == KPI_ROW_SEGMENT && nulls[i])
				ereport(ERROR,
						(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						 errmsg("column segment of source %s is NULL in some rows: name that segment, or make it empty where the row is the total",
								d->source)));
			if (c == KPI_ROW_SEGMENT)
			{
				text	   *segment = DatumGetTextPP(values[i]);
				int			characters = pg_mbstrlen_with_len(VARDATA_ANY(segment), VARSIZE_ANY_EXHDR(segment));

				if (characters > MAX_SEGMENT)
					ereport(ERROR,
							(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							 errmsg("a segment in source %s has %d characters, more than %d", d->source, characters, MAX_SEGMENT)));
			}
			if (c == KPI_ROW_N && !nulls[i] && DatumGetFloat8(values[i]) < 0)
				ereport(ERROR,
						(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						 errmsg("n is %g in source %s", DatumGetFloat8(values[i]), d->source)));
			if (c == KPI_ROW_MARGIN && !nulls[i] && DatumGetFloat8(values[i]) < 0)
				ereport(ERROR,
						(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						 errmsg("margin is %g in source %s", DatumGetFloat8(values[i]), d->source)));
		}
		readings->columns[c] = PointerGetDatum(rows == 0 ? construct_empty_array(type) :
											   construct_md_array(values, nulls, 1, dims, lbs, type, length, by_value, align));
		pfree(values);
		pfree(nulls);
	}
	MemoryContextSwitchTo(old);
}

/* Read a source as its owner. */
static void
read_source(const Definition *d, DateADT as_of, Oid function, MemoryContext context, Readings *readings)
{
	Relation	rel = open_source(d);
	Oid			relid = RelationGetRelid(rel);
	Oid			owner = rel->rd_rel->relowner;
	KpiSource	source;
	char	   *name;
	char	   *sql;
	Oid			caller;
	int			security;
	int			nest_level;
	Oid			types[1] = {DATEARRAYOID};
	Datum		values[1] = {kpi_source_periods(d->unit, as_of)};

	kpi_source_describe(relid, d->kind, d->needs_n, &source);
	kpi_source_check_access(rel, GetUserId(), function);
	/* the name anew from the catalogue: the text in the table is not trusted to be one */
	name = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)), RelationGetRelationName(rel));
	sql = kpi_source_query(&source, name, d->kind, d->unit, as_of);

	/* an error ends the subtransaction, which restores all of this */
	GetUserIdAndSecContext(&caller, &security);
	SetUserIdAndSecContext(owner, security | SECURITY_RESTRICTED_OPERATION);
	nest_level = NewGUCNestLevel();
	set_config_option("search_path", SAFE_SEARCH_PATH, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	run(SPI_OK_SELECT, sql, 1, types, values, NULL);
	if (SPI_processed > 10000000)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("source %s has more than 10000000 periods and segments", d->source)));
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(caller, security);

	collect_rows(d, context, readings);
	SPI_freetuptable(SPI_tuptable);
	relation_close(rel, NoLock);
}

static void
measure_one(const char *schema, const Definition *d, DateADT as_of, Oid function, MemoryContext context, Outcome *outcome)
{
	Readings	readings;
	Oid			types[2 + KPI_ROWS] = {TEXTOID, DATEOID, DATEARRAYOID, TEXTARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID,
	FLOAT8ARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID};
	Oid			judge_types[2] = {TEXTOID, DATERANGEOID};
	Datum		values[2] = {CStringGetTextDatum(d->name), DateADTGetDatum(as_of)};
	NullableDatum args[2 + KPI_ROWS] = {{values[0], false}, {values[1], false}};
	NullableDatum judge_args[2] = {{values[0], false}, {0, true}};

	read_source(d, as_of, function, context, &readings);
	for (int c = 0; c < KPI_ROWS; c++)
		args[2 + c].value = readings.columns[c];
	outcome->readings = readings.rows;
	outcome->changed = call_number(schema, "kpi_record", 2 + KPI_ROWS, types, args);
	call_number(schema, "kpi_judge", 2, judge_types, judge_args);
	outcome->alerts = call_number(schema, "kpi_raise_alerts", 1, types, args);
	run(SPI_OK_UPDATE,
		psprintf("UPDATE %s.kpi_definition SET measured_at = now(), measured_to = greatest(measured_to, $2), error = NULL WHERE name = $1", schema),
		2, types, values, NULL);
}

/* Errors that are not the source's: of the session, or to be tried again as a whole. */
static bool
ends_all(int sqlstate)
{
	return sqlstate == ERRCODE_QUERY_CANCELED || ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_TRANSACTION_ROLLBACK;
}

/* Measure one KPI in a subtransaction. */
static void
try_one(const char *schema, const Definition *d, DateADT as_of, Oid function, MemoryContext context, Outcome *outcome)
{
	MemoryContext old_context = CurrentMemoryContext;
	ResourceOwner old_owner = CurrentResourceOwner;

	memset(outcome, 0, sizeof(Outcome));
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(old_context);
	PG_TRY();
	{
		measure_one(schema, d, as_of, function, context, outcome);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(old_context);
		CurrentResourceOwner = old_owner;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(old_context);
		error = CopyErrorData();
		FlushErrorState();
		/* also before an error that ends the call: else the session would stay inside the subtransaction, with its locks */
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(old_context);
		CurrentResourceOwner = old_owner;
		if (ends_all(error->sqlerrcode))
			ReThrowError(error);
		memset(outcome, 0, sizeof(Outcome));
		outcome->error = MemoryContextStrdup(context, error->message ? error->message : "missing error text");
		FreeErrorData(error);
	}
	PG_END_TRY();

	if (outcome->error)
	{
		Oid			types[2] = {TEXTOID, TEXTOID};
		Datum		values[2] = {CStringGetTextDatum(d->name), CStringGetTextDatum(outcome->error)};

		run(SPI_OK_UPDATE,
			psprintf("UPDATE %s.kpi_definition SET measured_at = now(), error = $2 WHERE name = $1", schema),
			2, types, values, NULL);
	}
}

static char *
iso_date(DateADT date)
{
	int			year;
	int			month;
	int			day;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return psprintf("%04d-%02d-%02d", year, month, day);
}

/* What became of all of them. */
typedef struct Totals
{
	int			measured;
	int64		failed;
	int64		alerts;
} Totals;

/* Measure the KPIs with these names, a row of the result for each. */
static void
measure_each(const char *schema, List *names, DateADT as_of, Oid function, ReturnSetInfo *result, KpiProgress *progress, Totals *totals)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "kpi_measure", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old_context;
	ListCell   *cell;

	foreach(cell, names)
	{
		Definition	d;
		Datum		row[5] = {CStringGetTextDatum(lfirst(cell))};
		bool		nulls[5] = {false};
		Outcome		outcome;

		CHECK_FOR_INTERRUPTS();
		kpi_progress_at(progress, foreach_current_index(cell) + 1, -1);
		ereport(DEBUG1,
				(errmsg_internal("kpi_measure %d of %d, \"%s\"",
								 foreach_current_index(cell) + 1, list_length(names), (char *) lfirst(cell))));
		if (!lock_definition(schema, lfirst(cell), &d))
			continue;
		totals->measured++;
		try_one(schema, &d, as_of, function, context, &outcome);
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
		tuplestore_putvalues(result->setResult, result->setDesc, row, nulls);
		MemoryContextSwitchTo(old_context);
		MemoryContextReset(context);
	}
}

/* The same, so that others see how far it is. */
static void
measure_all(const char *schema, List *names, DateADT as_of, Oid function, ReturnSetInfo *result, Totals *totals)
{
	KpiProgress progress;

	kpi_progress_begin(&progress, "kpi_measure", list_length(names));
	PG_TRY();
	{
		measure_each(schema, names, as_of, function, result, &progress, totals);
	}
	PG_FINALLY();
	{
		kpi_progress_end(&progress);
	}
	PG_END_TRY();
}

/* kpi_measure(kpi, as_of, notify) */
PG_FUNCTION_INFO_V1(kpi_measure);
Datum
kpi_measure(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	char	   *name = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	DateADT		as_of = PG_ARGISNULL(1) ? DATEVAL_NOEND : PG_GETARG_DATEADT(1);
	bool		notify = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	const char *schema = quote_identifier(get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid)));
	int			nest_level;
	List	   *names;
	Totals		totals = {0};

	PreventCommandIfReadOnly("kpi_measure()");
	PreventCommandIfParallelMode("kpi_measure()");
	PreventCommandDuringRecovery("kpi_measure()");
	if (DATE_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of is not a date"),
				 errhint("Give the last day of which the data are complete.")));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);

	/* nothing of the caller's gets into our statements */
	nest_level = NewGUCNestLevel();
	set_config_option("search_path", SAFE_SEARCH_PATH, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	names = find_names(schema, name, as_of);
	measure_all(schema, names, as_of, fcinfo->flinfo->fn_oid, result, &totals);

	if (notify)
		Async_Notify("kpi", psprintf("{\"as_of\": \"%s\", \"measured\": %d, \"failed\": " INT64_FORMAT ", \"alerts\": " INT64_FORMAT "}",
									 iso_date(as_of),
									 totals.measured, totals.failed, totals.alerts));
	SPI_finish();
	AtEOXact_GUC(true, nest_level);
	return (Datum) 0;
}
