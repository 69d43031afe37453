/*
 * words.h
 *		Words that an argument takes, for the hint of an error on another one.
 */
#ifndef KPI_WORDS_H
#define KPI_WORDS_H

#include "core/server/compat.h"

extern char *kpi_words_nearest_first(const char *given, const char *const *known, int n);

#endif							/* KPI_WORDS_H */
