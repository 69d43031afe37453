/*
 * set.c
 *		Flat sets of what customers did when: what the other files of core/set need.
 */
#include "core/set/layout.h"

/*
 * kpi_set_differs() -
 *
 *	The error where rows or sets that must be alike in something are not: `what` is
 *	"before" in the set so far and "now" in what comes.
 */
void
kpi_set_differs(const KpiSetType *type, const char *what, const char *before, const char *now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of one %s must not differ: \"%s\" and \"%s\"", what, kpi_shown(&type->type), before, now),
			 errhint("Build a summary for each, or convert before building.")));
}

/* The error where the strings after the zone are not the same, which can be too long to show. */
void
kpi_set_strings_differ(const KpiSetType *type)
{
	const char *what = type->parameters ? type->parameters : type->class.equal == KPI_RECORDS_KEEP ? "steps" : "ranges";

	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of one %s must not differ",
					what, kpi_shown(&type->type)),
			 errhint("Give the same in every row.")));
}

/*
 * kpi_set_new() -
 *
 *	An open set without records, with so many bytes for strings and room for so many
 *	records, all of it zero, in the current memory context.  54000 beyond 512 MB.
 */
KpiSet *
kpi_set_new(const KpiSetType *type, bool narrow, uint32 strings, int64 capacity)
{
	KpiSet	   *set = kpi_flat_new(&type->type, sizeof(KpiSet) + strings +
								   capacity * (narrow ? 1 : type->class.words) * sizeof(uint64));

	if (narrow)
		set->header.flags = KPI_SET_NARROW;
	return set;
}

/* A fresh empty set, in packed form. */
KpiSet *
kpi_set_empty(const KpiSetType *type)
{
	KpiSet	   *set = kpi_flat_new(&type->type, sizeof(KpiSet));

	set->header.flags = KPI_SET_PACKED;
	return set;
}

/* Copy everything of a set's head, with its strings, but size and form. */
void
kpi_set_copy_head(KpiSet *to, const KpiSet *from)
{
	to->header.version = from->header.version;
	memcpy((char *) to + sizeof(KpiHeader), (const char *) from + sizeof(KpiHeader),
		   sizeof(KpiSet) - sizeof(KpiHeader) + from->strings);
}

/*
 * kpi_set_put_unit() -
 *
 *	Give a set the unit of its periods.  Its text is part of the stored form since
 *	version 0.1.0, and too short for some names that came later: such a one has bytes
 *	there that stand in no name.
 */
void
kpi_set_put_unit(KpiSet *set, KpiUnit unit)
{
	char		name[KPI_UNIT_NAME_LENGTH];

	kpi_unit_name(unit, name);
	set->unit = unit;
	if (strlen(name) < sizeof(set->unit_text))
		strlcpy(set->unit_text, name, sizeof(set->unit_text));
	else
		memset(set->unit_text, 0x7F, sizeof(set->unit_text));
}

/* The name of the unit of a set's periods, palloc'd; empty where its times are no periods. */
const char *
kpi_set_unit_name(const KpiSet *set)
{
	char	   *name = palloc0(KPI_UNIT_NAME_LENGTH);

	if (set->unit_text[0] != '\0')
		kpi_unit_name(set->unit, name);
	return name;
}
