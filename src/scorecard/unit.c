/*
 * unit.c
 *		Units by their canonical name, and the day on which the next period begins.
 */
#include "core/period.h"

#include "utils/builtins.h"

/* kpi_unit(unit) */
PG_FUNCTION_INFO_V1(kpi_unit_canonical);
Datum
kpi_unit_canonical(PG_FUNCTION_ARGS)
{
	char		name[KPI_UNIT_NAME_LENGTH];

	kpi_unit_name(kpi_unit_from_text(PG_GETARG_TEXT_PP(0)), name);
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* kpi_next_period(at, unit) */
PG_FUNCTION_INFO_V1(kpi_next_period);
Datum
kpi_next_period(PG_FUNCTION_ARGS)
{
	DateADT		at = PG_GETARG_DATEADT(0);
	KpiUnit		unit = kpi_unit_from_text(PG_GETARG_TEXT_PP(1));

	if (DATE_NOT_FINITE(at))
		PG_RETURN_DATEADT(at);
	return kpi_period_date(unit, (int64) kpi_period_of_day(unit, at) + 1);
}
