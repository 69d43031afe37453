/*
 * argument.c
 *		Arguments that functions refuse.
 */
#include "core/server/argument.h"

/* The error for an argument of that name that is NULL: 22023, with a hint that says what to give. */
void
kpi_refuse_null(const char *name, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must not be NULL", name),
			 errhint("%s", hint)));
}
