/*
 * profile.c
 *		kpi_profile(): the quality of the data in a table or view, read with the
 *		caller's rights in one pass.
 */
#include "core/period.h"

#include "access/relation.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

/* One row of the result; NULL for what is missing. */
static void
put(ReturnSetInfo *result, const char *subject, const char *measure, double value, const char *finding)
{
	Datum		values[4] = {CStringGetTextDatum(subject), CStringGetTextDatum(measure), Float8GetDatum(value)};
	bool		nulls[4] = {false};

	if (isnan(value))
		nulls[2] = true;
	if (finding)
		values[3] = CStringGetTextDatum(finding);
	else
		nulls[3] = true;
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static bool
is_date(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

/* A column of the answer as a number, NaN for NULL. */
static double
number(int column)
{
	bool		is_null;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &is_null);

	return is_null ? get_float8_nan() : DatumGetFloat8(value);
}

/* kpi_profile(source) */
PG_FUNCTION_INFO_V1(kpi_profile);
Datum
kpi_profile(PG_FUNCTION_ARGS)
{
	Oid			relid = PG_GETARG_OID(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Relation	rel;
	TupleDesc	columns;
	StringInfoData sql;
	bool		period = false;
	bool		segment = false;
	int			nest_level;
	int			next;
	double		rows;
	MemoryContext context = CurrentMemoryContext;

	if (get_rel_name(relid) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no table or view with OID %u", relid)));
	rel = relation_open(relid, AccessShareLock);
	if (rel->rd_rel->relkind != RELKIND_RELATION && rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE &&
		rel->rd_rel->relkind != RELKIND_VIEW && rel->rd_rel->relkind != RELKIND_MATVIEW &&
		rel->rd_rel->relkind != RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is not a table or view", quote_identifier(RelationGetRelationName(rel)))));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
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
		if (strcmp(NameStr(a->attname), "period") == 0 && is_date(type))
			period = true;
		if (strcmp(NameStr(a->attname), "segment") == 0)
			segment = true;
	}
	if (period)
		appendStringInfo(&sql, ", (current_date - max(period::date) FILTER (WHERE isfinite(period)))::float8, "
						 "count(*) FILTER (WHERE period::date > current_date)::float8, "
						 "(count(period) - count(DISTINCT %s) FILTER (WHERE period IS NOT NULL))::float8, "
						 "to_char(max(period::date) FILTER (WHERE isfinite(period)), 'YYYY-MM-DD')",
						 /* not a cast, which the owner of the type may have made: it would run with the rights of whoever looks */
						 segment ? "(period, segment IS NULL, format('%s', segment))" : "period");
	appendStringInfo(&sql, " FROM %s",
					 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)), RelationGetRelationName(rel)));

	nest_level = NewGUCNestLevel();
	set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	if (SPI_execute(sql.data, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed for %s", sql.data);
	rows = number(1);
	MemoryContextSwitchTo(context);
	put(result, "", "rows", rows, rows == 0 ? "there are no rows" : NULL);
	next = 2;
	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(columns, i);
		double		filled;

		if (a->attisdropped)
			continue;
		filled = number(next++);
		put(result, NameStr(a->attname), "completeness", rows > 0 ? filled / rows : get_float8_nan(),
			filled < rows ? psprintf("%.0f of %.0f rows are NULL, empty or not finite", rows - filled, rows) : NULL);
	}
	if (period)
	{
		double		age = number(next);
		double		future = number(next + 1);
		double		repeated = number(next + 2);
		char	   *newest = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, next + 3);

		put(result, "period", "age in days", age, newest ? psprintf("the newest period is of %s", newest) : NULL);
		put(result, "period", "in the future", future, future > 0 ? psprintf("%.0f rows are of days to come", future) : NULL);
		put(result, segment ? "period, segment" : "period", "repeated", repeated,
			repeated > 0 ? psprintf("%.0f rows repeat the %s of another: they are rolled up", repeated,
									segment ? "period and segment" : "period") : NULL);
	}
	SPI_finish();
	AtEOXact_GUC(true, nest_level);
	relation_close(rel, AccessShareLock);
	return (Datum) 0;
}
