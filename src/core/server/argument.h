/*
 * argument.h
 *		Arguments that functions refuse.
 */
#ifndef KPI_ARGUMENT_H
#define KPI_ARGUMENT_H

#include "core/server/compat.h"

/* The error for an argument that is NULL; the hint says what to give. */
extern void kpi_refuse_null(const char *name, const char *hint) pg_attribute_noreturn();

#endif							/* KPI_ARGUMENT_H */
