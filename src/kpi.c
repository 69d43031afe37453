/*
 * kpi.c
 *		The module itself.
 */
#include "core/server/compat.h"
#include "utils/builtins.h"

KPI_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(kpi_version);
Datum
kpi_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(KPI_VERSION));
}
