/*
 * kpi.c
 *		The module itself.
 */
#include "core/compat.h"

KPI_MODULE_MAGIC;
