/*
 * int128.h
 *		Integers of 128 bits, for sums that 64 bits do not hold.
 *
 *		They are aligned as palloc() aligns, so that they may stand in chunks that it
 *		gives; to the compiler plain ones would be aligned to 16 bytes.
 */
#ifndef KPI_INT128_H
#define KPI_INT128_H

#include "core/server/compat.h"

#ifndef __SIZEOF_INT128__
#error "kpi needs a compiler with integers of 128 bits, as gcc and clang are on 64-bit platforms"
#endif

typedef __int128 KpiInt128 __attribute__((aligned(MAXIMUM_ALIGNOF)));
typedef unsigned __int128 KpiUint128 __attribute__((aligned(MAXIMUM_ALIGNOF)));

#endif							/* KPI_INT128_H */
