/*
 * source.c
 *		Whether a table or view can be the source of a KPI, from the catalogue alone.
 */
#include "scorecard/access.h"
#include "scorecard/source.h"
#include "scorecard/worker.h"

#include "core/form/words.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

static const char *const source_kind_names[] = {"flow", "ratio", "stock", "average", "survey"};

#define SOURCE_COLUMNS_HINT "A source has the columns period (date or timestamp), value or numerator and denominator (numbers), and optionally n, margin (numbers) and segment."

/* The kind of that name; 22023 if there is none. */
KpiKind
kpi_kind_from_text(const text *kind)
{
	char	   *name = text_to_cstring(kind);

	for (int i = 0; i < (int) lengthof(source_kind_names); i++)
		if (strcmp(name, source_kind_names[i]) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("kind \"%s\" is not known", name),
			 errhint("Use one of: %s.",
					 kpi_words_nearest_first(name, source_kind_names, lengthof(source_kind_names)))));
}

/* Type of a column, InvalidOid if there is none. */
static Oid
source_column_type(Oid relation, const char *name)
{
	HeapTuple	tuple = SearchSysCacheAttName(relation, name);
	Oid			type;

	if (!HeapTupleIsValid(tuple))
		return InvalidOid;
	type = getBaseType(((Form_pg_attribute) GETSTRUCT(tuple))->atttypid);
	ReleaseSysCache(tuple);
	return type;
}

static bool
source_is_moment(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID;
}

static bool
source_is_number(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID ||
		type == FLOAT4OID || type == FLOAT8OID;
}

/* What has a text that every session reads alike. */
static bool
source_is_label(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == BPCHAROID || type == NAMEOID ||
		type == INT2OID || type == INT4OID || type == INT8OID || type == UUIDOID || type == BOOLOID ||
		type_is_enum(type);
}

/* The type of a column without its domain, InvalidOid if there is none; 22023 if it does not fit. */
static Oid
source_column(Oid relation, const char *name, bool (*fits) (Oid), const char *what)
{
	Oid			type = source_column_type(relation, name);

	if (OidIsValid(type) && !fits(type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column %s of source %s has type %s, not %s",
						name, quote_identifier(get_rel_name(relation)), format_type_be(type), what),
				 errhint(SOURCE_COLUMNS_HINT)));
	return type;
}

/* 22023 for a relation that can't be a source. */
static void
source_refuse(Oid relation, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("source %s %s", quote_identifier(get_rel_name(relation)), problem),
			 errhint(SOURCE_COLUMNS_HINT)));
}

/*
 * kpi_source_describe() -
 *
 *	Which of the columns that have a meaning the relation has, from the catalogue:
 *	nothing of it is read.  42P01 where there is none; 22023 where it is no table or
 *	view, is temporary, has a column of another type, or lacks one that the kind or a
 *	minimum n needs.
 */
void
kpi_source_describe(Oid relation, KpiKind kind, bool needs_n, KpiSource *source)
{
	char		relkind = get_rel_relkind(relation);

	if (relkind == '\0')
		kpi_access_none(relation);
	if (relkind != RELKIND_RELATION && relkind != RELKIND_PARTITIONED_TABLE && relkind != RELKIND_VIEW &&
		relkind != RELKIND_MATVIEW && relkind != RELKIND_FOREIGN_TABLE)
		source_refuse(relation, "is not a table or view");
	if (get_rel_persistence(relation) == RELPERSISTENCE_TEMP)
		source_refuse(relation, "is temporary");

	source->period = source_column(relation, "period", source_is_moment, "date or timestamp");
	source->segment = source_column(relation, "segment", source_is_label, "a type of text, integer, uuid, boolean or enum");
	source->value = source_column(relation, "value", source_is_number, "a number");
	source->numerator = source_column(relation, "numerator", source_is_number, "a number");
	source->denominator = source_column(relation, "denominator", source_is_number, "a number");
	source->n = source_column(relation, "n", source_is_number, "a number");
	source->margin = source_column(relation, "margin", source_is_number, "a number");

	if (!OidIsValid(source->period))
		source_refuse(relation, "has no column period");
	if (OidIsValid(source->numerator) != OidIsValid(source->denominator))
		source_refuse(relation, OidIsValid(source->numerator) ? "has a numerator without a denominator" :
			   "has a denominator without a numerator");
	if ((kind == KPI_KIND_FLOW || kind == KPI_KIND_STOCK) && !OidIsValid(source->value))
		source_refuse(relation, kind == KPI_KIND_FLOW ? "has no column value, which a flow needs" :
			   "has no column value, which a stock needs");
	if (!OidIsValid(source->value) && !OidIsValid(source->numerator))
		source_refuse(relation, "has neither value nor numerator and denominator");
	if (needs_n && !OidIsValid(source->n))
		source_refuse(relation, "has no column n, which a minimum n needs");
}

static void
source_explain(void *sql)
{
	if (SPI_execute(sql, false, 0) != SPI_OK_UTILITY)
		elog(ERROR, "SPI_execute failed for %s", (char *) sql);
}

/*
 * kpi_check_source(source, kind, needs_n): whoever defines a KPI needs what whoever
 * measures it needs.  EXPLAIN asks for all the rights that the SELECT needs, below
 * views too, and reads nothing.
 */
PG_FUNCTION_INFO_V1(kpi_check_source);
Datum
kpi_check_source(PG_FUNCTION_ARGS)
{
	Oid			relid = PG_GETARG_OID(0);
	KpiKind		kind = kpi_kind_from_text(PG_GETARG_TEXT_PP(1));
	KpiUnit		unit = {.kind = KPI_DAY};
	KpiSource	source;
	Relation	rel;

	kpi_refuse_worker("a KPI cannot be defined");
	kpi_source_describe(relid, kind, PG_GETARG_BOOL(2), &source);
	rel = kpi_access_open(relid);
	SPI_connect();
	kpi_access_read(rel, true, source_explain, psprintf("EXPLAIN %s", kpi_source_query(&source, kpi_access_name(rel), kind, unit, 0)));
	SPI_finish();
	relation_close(rel, AccessShareLock);
	PG_RETURN_BOOL(true);
}
