/*
 * parameters.c
 *		Parameters of rows, remembered.
 */
#include "core/set/parameters.h"

#include "utils/memutils.h"

/*
 * kpi_parameters_remember() -
 *
 *	Remember the strings of arguments in place of the ones before, which are freed.
 *	Both are copied, into memory that lasts.
 */
void
kpi_parameters_remember(KpiParameters *parameters, const KpiArgument *arguments, int n,
						const char *strings, int length)
{
	Size		size = 0;
	char	   *at;

	Assert(n > 0 && n <= KPI_REMEMBERED_ARGUMENTS);
	parameters->arguments = 0;
	if (parameters->bytes)
		pfree(parameters->bytes);
	parameters->bytes = NULL;
	for (int i = 0; i < n; i++)
		size += arguments[i].size;
	parameters->bytes = at = MemoryContextAlloc(TopMemoryContext, size + length);
	for (int i = 0; i < n; i++)
	{
		parameters->size[i] = arguments[i].size;
		memcpy(at, arguments[i].bytes, arguments[i].size);
		at += arguments[i].size;
	}
	memcpy(at, strings, length);
	parameters->strings = at;
	parameters->length = length;
	parameters->arguments = n;
}
