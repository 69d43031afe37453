/*
 * parameters.h
 *		Parameters of rows, such as ranges of dates or names of steps, that are the same in
 *		every row of a set and kept in it as strings (kpi_set_state()).
 *
 *		To make the strings of a row's arguments costs more than all the rest of it, so
 *		those of the last row are remembered, for the life of the session, with the
 *		arguments by which they are known again.  Nothing depends on it: with another
 *		argument, or in another process, they are made anew.
 */
#ifndef KPI_PARAMETERS_H
#define KPI_PARAMETERS_H

#include "core/server/compat.h"

/* The bytes of an argument. */
typedef struct KpiArgument
{
	const void *bytes;
	Size		size;
} KpiArgument;

#define KPI_REMEMBERED_ARGUMENTS 4

/* Static, zero at first. */
typedef struct KpiParameters
{
	int			arguments;		/* 0: nothing is remembered */
	Size		size[KPI_REMEMBERED_ARGUMENTS];
	char	   *bytes;			/* the arguments, then the strings */
	const char *strings;
	int			length;			/* of the strings, each with its NUL */
} KpiParameters;

extern void kpi_parameters_remember(KpiParameters *parameters, const KpiArgument *arguments, int n,
									const char *strings, int length);

/* Are these the arguments whose strings are remembered? */
static inline bool
kpi_parameters_same(const KpiParameters *parameters, const KpiArgument *arguments, int n)
{
	const char *at = parameters->bytes;

	if (unlikely(parameters->arguments != n))
		return false;
	for (int i = 0; i < n; i++)
	{
		if (unlikely(parameters->size[i] != arguments[i].size ||
					 memcmp(at, arguments[i].bytes, arguments[i].size) != 0))
			return false;
		at += arguments[i].size;
	}
	return true;
}

#endif							/* KPI_PARAMETERS_H */
