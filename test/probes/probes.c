/*
 * probes.c
 *		Special functions as SQL functions.  For the tests only: a module of its own, of the
 *		same sources as the library, so that the library needs nothing for its tests.
 */
#include "model/purchase.h"
#include "model/special.h"

#include "fmgr.h"

PG_MODULE_MAGIC;

#define ARGUMENT(n) PG_GETARG_FLOAT8(n)

#define PROBE(name, value) \
	PG_FUNCTION_INFO_V1(probe_##name); \
	Datum probe_##name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_FLOAT8(value); \
	}

PROBE(digamma, kpi_digamma(ARGUMENT(0)))
PROBE(trigamma, kpi_trigamma(ARGUMENT(0)))
PROBE(ln_beta, kpi_ln_beta(ARGUMENT(0), ARGUMENT(1)))
PROBE(hypergeometric, kpi_hypergeometric(ARGUMENT(0), ARGUMENT(1), ARGUMENT(2)))
PROBE(beta_purchases, kpi_beta_purchases(ARGUMENT(0), ARGUMENT(1), ARGUMENT(2), ARGUMENT(3)))
PROBE(paretonbd_log_odds, kpi_paretonbd_log_odds(ARGUMENT(0), ARGUMENT(1), ARGUMENT(2), ARGUMENT(3), ARGUMENT(4), ARGUMENT(5)))
