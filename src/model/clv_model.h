/*
 * clv_model.h
 *		The type clv_model: a fitted model of purchases, perhaps with one of their
 *		value, or of contracts.
 *
 *		State: kind (KpiModelKind, int32), 4 bytes of zero, customers (int64), parameters,
 *		their standard errors and the log-likelihood (double precision; unit of time: day,
 *		of contracts their own period), and with KPI_CLV_VALUE the same of Gamma-Gamma
 *		(customers; p, q, gamma, in the unit of money).  What a model does not have is 0.
 */
#ifndef KPI_CLV_MODEL_H
#define KPI_CLV_MODEL_H

#include "core/form/flat.h"
#include "model/gamma_gamma.h"
#include "model/purchase.h"

#define KPI_CLV_VALUE 0x01		/* in header.flags */

typedef struct KpiClvPart
{
	int64		customers;
	double		theta[KPI_MAX_PARAMETERS];
	double		error[KPI_MAX_PARAMETERS];
	double		value;			/* log-likelihood, in the units of the data */
} KpiClvPart;

typedef struct KpiClvModel
{
	KpiHeader	header;
	int32		kind;			/* KpiModelKind */
	int32		unused;
	KpiClvPart	purchases;
	KpiClvPart	spending;
} KpiClvModel;

extern const KpiType kpi_clv_model_type;

/* Names of a kind and of its parameters. */
typedef struct KpiModelNames
{
	const char *name;
	const char *unit;
	int			parameters;
	const char *parameter[KPI_MAX_PARAMETERS];
} KpiModelNames;

extern const KpiModelNames *kpi_model_names(int kind);
extern const KpiModelNames kpi_gamma_gamma_names;

/* The kind of purchase model with a name; 0 when there is none. */
extern int	kpi_model_kind(const char *name, int length);

/* Did it converge?  Else a WARNING that there is no finite optimum; an error when no fit was reached. */
extern bool kpi_has_optimum(const KpiModelNames *model, const KpiMaximised *result);

static inline KpiClvModel *
kpi_clv_model(Datum datum)
{
	return (KpiClvModel *) kpi_flat(datum, &kpi_clv_model_type);
}

#endif							/* KPI_CLV_MODEL_H */
