/*
 * source_query.c
 *		The query over a source that gives its numbers by period of the KPI's unit
 *		and by segment, and the total.  It runs with the rights of the source's
 *		owner, who may not know this extension, so it calls nothing but what is built in.
 *
 *		Several rows of one period and segment are rolled up as their kind says, in
 *		the source's own type, so exactly where that is exact:
 *
 *		flow	sum of the values
 *		stock	sum of the values at the last moment that has one
 *		ratio	sum of numerators / sum of denominators; an average or survey too, where
 *				the source gives them
 *		average, survey	sum of value * n / sum of n
 *
 *		A value without what would weigh it stands alone: several such have none.
 *		A row with n = 0 is not an average of anything, and has no weight.
 *		The total is the row whose segment is empty; where a period has none, the
 *		segments are rolled up in the same way, a stock's by their sum; it has no
 *		value where a segment with rows in the period has none.
 *		Margins are taken as independent: the root of the sum of their squares, each
 *		times the weight of its value; infinite where some have none.
 */
#include "scorecard/source.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"

/* First day of the period of the date expression "day", as kpi_period() has it; $1 is what kpi_source_periods() gives. */
static void
query_append_period(StringInfo sql, KpiUnit unit)
{
	static const char *const names[] = {"day", "week", "month", "quarter", "year"};
	const char *shift = unit.kind == KPI_WEEK ? "days" : "months";

	if (unit.kind == KPI_DAY)
		appendStringInfoString(sql, "day");
	else if (unit.kind > KPI_YEAR)
		appendStringInfoString(sql, "($1)[width_bucket(day, $1)]");
	else
		appendStringInfo(sql, "(date_trunc('%s', day::timestamp - interval '%d %s') + interval '%d %s')::date",
						 names[unit.kind], unit.offset, shift, unit.offset, shift);
}

/*
 * The first days of all periods up to as_of, of a unit that the server has no
 * function for: of the Jalali calendar, which begins in 622, and of years of weeks.
 */
Datum
kpi_source_periods(KpiUnit unit, DateADT as_of)
{
	int32		first;
	int			n = 0;
	Datum	   *starts;

	if (unit.kind <= KPI_YEAR)
		return PointerGetDatum(construct_empty_array(DATEOID));
	first = kpi_period_of_day(unit, date2j(622, 3, 22) - POSTGRES_EPOCH_JDATE);
	n = Max(0, kpi_period_of_day(unit, as_of) - first + 1);
	starts = palloc_extended(sizeof(Datum) * (Size) Max(n, 1), MCXT_ALLOC_HUGE);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		starts[i] = kpi_period_date(unit, (int64) first + i);
	}
	return PointerGetDatum(construct_array(starts, n, DATEOID, sizeof(DateADT), true, TYPALIGN_INT));
}

/* A number as numeric where it is exact, without what is not finite. */
static void
query_append_number(StringInfo sql, const char *column, Oid type)
{
	if (!OidIsValid(type))
		appendStringInfo(sql, ", NULL::numeric AS %s", column);
	else if (type == FLOAT4OID || type == FLOAT8OID)
		appendStringInfo(sql, ", CASE WHEN %s::float8 > '-Infinity' AND %s::float8 < 'Infinity' THEN %s::float8 END AS %s",
						 column, column, column, column);
	else
		appendStringInfo(sql, ", CASE WHEN %s::numeric > '-Infinity' AND %s::numeric < 'Infinity' THEN %s::numeric END AS %s",
						 column, column, column, column);
}

/*
 * The roll-up of rows with value, numerator, denominator, n, margin, and weighted
 * (value * n) and weight (n) of an average.  A stock's rows are those of its last
 * moment already.  Where margins are known of some rows only, the whole could be
 * anywhere: its margin is infinite.  Squares are summed as numeric, so that another
 * order of the rows is not another margin.
 */
static const char *
query_rolled_up(bool additive, bool ratio, bool weighted)
{
	if (additive)
		return "sum(value) AS value, NULL::numeric AS numerator, NULL::numeric AS denominator, sum(n) FILTER (WHERE value IS NOT NULL) AS n, "
			"NULL::numeric AS weighted, NULL::numeric AS weight, "
			"CASE WHEN count(margin) FILTER (WHERE value IS NOT NULL) = count(value) "
			"THEN sqrt(sum(margin::numeric * margin::numeric) FILTER (WHERE value IS NOT NULL)) "
			"WHEN count(margin) FILTER (WHERE value IS NOT NULL) > 0 THEN 'Infinity' END AS margin";
	if (ratio)
		return "sum(numerator) / CASE WHEN sum(denominator) > 0 THEN sum(denominator) END AS value, sum(numerator) AS numerator, sum(denominator) AS denominator, sum(n) AS n, "
			"NULL::numeric AS weighted, NULL::numeric AS weight, "
			"CASE WHEN count(denominator) = 1 THEN max(margin)::numeric "
			"WHEN count(margin) FILTER (WHERE denominator <> 0) = count(*) FILTER (WHERE denominator <> 0) "
			"THEN sqrt(sum(margin::numeric * margin::numeric * denominator::numeric * denominator::numeric) FILTER (WHERE denominator <> 0)) / nullif(abs(sum(denominator)::numeric), 0) "
			"WHEN count(margin) FILTER (WHERE denominator <> 0) > 0 THEN 'Infinity' END AS margin";
	if (weighted)
		return "CASE WHEN count(value) = 1 THEN max(value) WHEN count(weighted) = count(value) THEN sum(weighted) / nullif(sum(weight), 0) END AS value, "
			"NULL::numeric AS numerator, NULL::numeric AS denominator, CASE WHEN count(value) = 0 THEN sum(n) FILTER (WHERE n = 0) ELSE sum(n) FILTER (WHERE value IS NOT NULL) END AS n, "
			"CASE WHEN count(weighted) = count(value) THEN sum(weighted) END AS weighted, sum(weight) AS weight, "
			"CASE WHEN count(value) = 1 THEN max(margin) FILTER (WHERE value IS NOT NULL)::numeric "
			"WHEN count(margin) FILTER (WHERE value IS NOT NULL) = count(value) "
			"THEN sqrt(sum(margin::numeric * margin::numeric * weight::numeric * weight::numeric) FILTER (WHERE value IS NOT NULL)) / nullif(sum(weight)::numeric, 0) "
			"WHEN count(margin) FILTER (WHERE value IS NOT NULL) > 0 THEN 'Infinity' END AS margin";
	return "CASE WHEN count(value) = 1 THEN max(value) END AS value, NULL::numeric AS numerator, NULL::numeric AS denominator, "
		"sum(n) FILTER (WHERE value IS NOT NULL) AS n, NULL::numeric AS weighted, NULL::numeric AS weight, "
		"CASE WHEN count(value) = 1 THEN max(margin) FILTER (WHERE value IS NOT NULL)::numeric END AS margin";
}

/*
 * Up to which day the period a year ago counts, where this year's counts up to as_of.
 * Weeks of both years are the same days of the week, and periods that the server has
 * no function for the same days of the period.
 */
static const char *
query_year_ago(const char *as_of_text, KpiUnit unit, DateADT as_of)
{
	if (unit.kind > KPI_YEAR)
		return psprintf("period + %d", (int) (as_of - kpi_period_start(unit, kpi_period_of_day(unit, as_of))));
	return psprintf("(%s%s)::date", as_of_text, unit.kind == KPI_WEEK || unit.kind == KPI_DAY ? " - 364" : " - interval '1 year'");
}

/*
 * kpi_source_query() -
 *
 *	The query over the source of that (quoted) name, for periods that begin up to
 *	as_of: the columns of KpiRow, a row for each period and segment and for the total of each
 *	period.  Its parameter is what kpi_source_periods() gives.  It lies in the
 *	current memory context.
 */
char *
kpi_source_query(const KpiSource *source, const char *name, KpiKind kind, KpiUnit unit, DateADT as_of)
{
	bool		additive = kind == KPI_KIND_FLOW || kind == KPI_KIND_STOCK;
	bool		ratio = !additive && OidIsValid(source->numerator);
	bool		weighted = !additive && !ratio && kind != KPI_KIND_RATIO && OidIsValid(source->n);
	const char *roll_up = query_rolled_up(additive, ratio, weighted);
	char	   *as_of_text = psprintf("(date '2000-01-01' + %d)", as_of);
	StringInfoData sql;

	initStringInfo(&sql);

	/* the rows up to as_of, in types of ours */
	appendStringInfo(&sql, "WITH given AS (SELECT period AS at, period::date AS day, %s AS segment",
					 !OidIsValid(source->segment) ? "''::text" :
					 /* not a cast, which the owner of the type may have replaced */
					 type_is_enum(source->segment) ? "textin(enum_out(segment))" :
					 /* labels that a collation takes for equal are two, each with its own spelling */
					 "segment::text COLLATE pg_catalog.\"C\"");
	query_append_number(&sql, "value", source->value);
	query_append_number(&sql, "numerator", source->numerator);
	query_append_number(&sql, "denominator", source->denominator);
	query_append_number(&sql, "n", source->n);
	query_append_number(&sql, "margin", source->margin);
	appendStringInfo(&sql, " FROM %s WHERE period::date <= %s AND isfinite(period::date)), placed AS (SELECT *, ", name, as_of_text);
	query_append_period(&sql, unit);
	appendStringInfoString(&sql, " AS period FROM given), ");

	/* of a stock those at the last moment that has a value; one row of NULL where none has */
	if (kind == KPI_KIND_STOCK)
		appendStringInfoString(&sql,
							   "dated AS (SELECT *, max(at) FILTER (WHERE value IS NOT NULL) OVER (PARTITION BY period, segment) AS last FROM placed), "
							   "used AS (SELECT * FROM dated WHERE at = last OR last IS NULL), ");
	else
		appendStringInfoString(&sql, "used AS (SELECT * FROM placed), ");

	/*
	 * By segment.  Of a ratio a row without numerator or denominator is none; what is an
	 * average over n = 0 has no value and no weight; a
	 * segment whose value is missing for another reason leaves its total without one.
	 */
	appendStringInfo(&sql,
					 "weighed AS (SELECT period, segment, day, %s AS value, %s, "
					 "CASE WHEN n > 0 THEN value * n END AS weighted, CASE WHEN value IS NOT NULL AND n > 0 THEN n END AS weight FROM used), "
					 "segment AS (SELECT period, segment, %s, %s AS missing, "
					 "coalesce(sum(value) FILTER (WHERE day <= %s), 0) AS part, min(day) AS first, max(day) AS last "
					 "FROM weighed GROUP BY period, segment)",
					 weighted ? "CASE WHEN n = 0 THEN NULL ELSE value END" : "value",
					 ratio ? "CASE WHEN denominator IS NOT NULL THEN numerator END AS numerator, CASE WHEN numerator IS NOT NULL THEN denominator END AS denominator, "
					 "CASE WHEN numerator IS NOT NULL AND denominator IS NOT NULL THEN n END AS n, "
					 "CASE WHEN numerator IS NOT NULL AND denominator IS NOT NULL THEN margin END AS margin" : "numerator, denominator, n, margin",
					 roll_up,
					 ratio ? "count(numerator) = 0 OR count(denominator) = 0" :
					 weighted ? "count(value) = 0 AND NOT coalesce(bool_and(n IS NOT NULL AND n = 0), false) OR count(weighted) < count(value) AND count(value) > 1" :
					 "count(value) = 0",
					 query_year_ago(as_of_text, unit, as_of));

	/* then the totals that the source doesn't give */
	appendStringInfoString(&sql, ", answer AS (SELECT period, segment, value, numerator, denominator, n, margin, part, first, last FROM segment");
	if (OidIsValid(source->segment) && (additive || ratio || weighted))
		appendStringInfo(&sql,
						 " UNION ALL SELECT period, '', CASE WHEN NOT missing THEN value END, CASE WHEN NOT missing THEN numerator END, CASE WHEN NOT missing THEN denominator END, "
						 "n, margin, part, first, last FROM (SELECT period, %s, bool_or(missing) AS missing, sum(part) AS part, min(first) AS first, max(last) AS last FROM segment s "
						 "WHERE NOT EXISTS (SELECT FROM segment t WHERE t.period = s.period AND t.segment = '') GROUP BY period) t", roll_up);

	/* the part up to a day, where the source holds all of the period: not where it begins in the middle */
	appendStringInfoString(&sql, ") SELECT period, segment, value::float8, numerator::float8, denominator::float8, n::float8, CASE WHEN value IS NOT NULL THEN margin::float8 END, "
						   "CASE WHEN first < last AND (first = period OR period > min(period) OVER (PARTITION BY segment)) THEN part::float8 END FROM answer");
	return sql.data;
}
