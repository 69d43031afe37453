/*
 * profile.c
 *		kpi_profile(): the quality of the data in a table or view, read in one pass.
 */
#include "core/server/rows.h"
#include "core/time/period.h"
#include "scorecard/access.h"

#include "access/relation.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* One row of the result; NULL for what is missing. */
static void
profile_put(FunctionCallInfo fcinfo, const char *subject, const char *measure, double value, const char *finding)
{
	Datum		values[4] = {CStringGetTextDatum(subject), CStringGetTextDatum(measure), Float8GetDatum(value)};
	bool		nulls[4] = {false};

	if (isnan(value))
		nulls[2] = true;
	if (finding)
		values[3] = CStringGetTextDatum(finding);
	else
		nulls[3] = true;
	kpi_rows_put(fcinfo, values, nulls);
}

static bool
profile_is_date(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

/* The one row over a table. */
typedef struct ProfileAnswer
{
	char	   *sql;
	MemoryContext context;
	double	   *numbers;		/* NaN for NULL */
	char	   *newest;			/* NULL if there is none, or no such column */
} ProfileAnswer;

/*
 * profile_read() -
 *
 *	Run the query of a ProfileAnswer and keep its one row there, in the answer's
 *	context: the numbers, NaN for NULL, and the newest period as text.  Called by
 *	kpi_access_read().
 */
static void
profile_read(void *argument)
{
	ProfileAnswer *answer = argument;
	TupleDesc	desc;
	HeapTuple	row;
	char	   *newest = NULL;

	if (SPI_execute(answer->sql, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed for %s", answer->sql);
	desc = SPI_tuptable->tupdesc;
	row = SPI_tuptable->vals[0];
	answer->numbers = MemoryContextAlloc(answer->context, sizeof(double) * desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		bool		is_null = false;
		Datum		value = 0;

		if (SPI_gettypeid(desc, i + 1) == FLOAT8OID)
			value = SPI_getbinval(row, desc, i + 1, &is_null);
		else
			newest = SPI_getvalue(row, desc, i + 1);
		answer->numbers[i] = is_null ? get_float8_nan() : DatumGetFloat8(value);
	}
	answer->newest = newest ? MemoryContextStrdup(answer->context, newest) : NULL;
}

/*
 * kpi_profile() - kpi_profile(source)
 *
 *	Rows about a table or view and its columns: how many are filled, how old and how
 *	far ahead the newest period is, how many repeat another.  It is read in one query, as
 *	kpi_access_read() has it.  22023 for another relation, 42P01 where there is none,
 *	42501 for who may not read it, and what the reading raises.
 */
PG_FUNCTION_INFO_V1(kpi_profile);
Datum
kpi_profile(PG_FUNCTION_ARGS)
{
	Oid			relid = PG_GETARG_OID(0);
	Relation	rel;
	TupleDesc	columns;
	StringInfoData sql;
	bool		period = false;
	bool		segment = false;
	ProfileAnswer answer = {.context = CurrentMemoryContext};
	double	   *next;
	double		rows;

	rel = kpi_access_open(relid);
	if (rel->rd_rel->relkind != RELKIND_RELATION && rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE &&
		rel->rd_rel->relkind != RELKIND_VIEW && rel->rd_rel->relkind != RELKIND_MATVIEW &&
		rel->rd_rel->relkind != RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is not a table or view", quote_identifier(RelationGetRelationName(rel)))));
	kpi_rows_begin(fcinfo);
	columns = RelationGetDescr(rel);

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT count(*)::float8");
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(columns, i);
		const char *name = quote_identifier(NameStr(a->attname));
		Oid			type;
		char		category;
		bool		preferred;

		if (a->attisdropped)
			continue;
		type = getBaseType(a->atttypid);
		get_type_category_preferred(type, &category, &preferred);
		if (type == FLOAT4OID || type == FLOAT8OID || type == NUMERICOID)
			appendStringInfo(&sql, ", count(*) FILTER (WHERE %s > '-Infinity' AND %s < 'Infinity')::float8", name, name);
		else if (category == TYPCATEGORY_STRING)
			appendStringInfo(&sql, ", count(*) FILTER (WHERE btrim(%s::text) <> '')::float8", name);
		else
			appendStringInfo(&sql, ", count(%s)::float8", name);
		if (strcmp(NameStr(a->attname), "period") == 0 && profile_is_date(type))
			period = true;
		if (strcmp(NameStr(a->attname), "segment") == 0)
			segment = true;
	}
	if (period)
		appendStringInfo(&sql, ", (current_date - max(period::date) FILTER (WHERE isfinite(period)))::float8, "
						 "count(*) FILTER (WHERE period::date > current_date)::float8, "
						 "(count(period) - count(DISTINCT %s) FILTER (WHERE period IS NOT NULL))::float8, "
						 "to_char(max(period::date) FILTER (WHERE isfinite(period)), 'YYYY-MM-DD')",
						 segment ? "(period, segment IS NULL, format('%s', segment) COLLATE pg_catalog.\"C\")" : "period");
	appendStringInfo(&sql, " FROM %s", kpi_access_name(rel));

	answer.sql = sql.data;
	SPI_connect();
	kpi_access_read(rel, false, profile_read, &answer);
	SPI_finish();

	next = answer.numbers;
	rows = *next++;
	profile_put(fcinfo, "", "rows", rows, rows == 0 ? "there are no rows" : NULL);
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(columns, i);
		double		filled;

		if (a->attisdropped)
			continue;
		filled = *next++;
		profile_put(fcinfo, NameStr(a->attname), "completeness", rows > 0 ? filled / rows : get_float8_nan(),
			filled < rows ? psprintf("%.0f of %.0f rows are NULL, empty or not finite", rows - filled, rows) : NULL);
	}
	if (period)
	{
		double		age = next[0];
		double		future = next[1];
		double		repeated = next[2];

		profile_put(fcinfo, "period", "age in days", age, answer.newest ? psprintf("the newest period is of %s", answer.newest) : NULL);
		profile_put(fcinfo, "period", "in the future", future, future > 0 ? psprintf("%.0f rows are of days to come", future) : NULL);
		profile_put(fcinfo, segment ? "period, segment" : "period", "repeated", repeated,
			repeated > 0 ? psprintf("%.0f rows repeat the %s of another: they are rolled up", repeated,
									segment ? "period and segment" : "period") : NULL);
	}
	relation_close(rel, AccessShareLock);
	return (Datum) 0;
}
