/*
 * clv_model.h
 *		The type clv_model: a fitted model of purchases, perhaps with one of their
 *		value, or of contracts.
 *
 *		State: kind (KpiModelKind, int32), 4 bytes of zero, customers (int64), parameters,
 *		their standard errors and the log-likelihood (double precision; unit of time: day,
 *		of contracts their own period), and with KPI_CLV_VALUE the same of Gamma-Gamma
 *		(customers; p, q, gamma, in the unit of money).  What a model does not have is 0.
 *		Version 2 of the format has, at the end, the correlations of the estimates'
 *		logarithms, 6 and 3, and flags that tell of priors; a model of version 1 has
 *		neither.  Models of contracts are of version 1.
 */
#ifndef KPI_CLV_MODEL_H
#define KPI_CLV_MODEL_H

#include "core/form/flat.h"
#include "model/gamma_gamma.h"
#include "model/purchase.h"

/* in header.flags */
#define KPI_CLV_VALUE 0x01
#define KPI_CLV_WEAK_PURCHASES 0x02 /* fitted with the weak prior */
#define KPI_CLV_PRIOR_PURCHASES 0x04	/* fitted with a model as prior */
#define KPI_CLV_WEAK_VALUE 0x08
#define KPI_CLV_PRIOR_VALUE 0x10

#define KPI_CLV_VERSION 1		/* without correlations; the next has them */

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
	/* of version 2 only */
	double		correlation[KPI_MAX_PAIRS];
	double		correlation_of_value[3];
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

/* The kind of purchase model with a name; 0, and 22023, when there is none. */
extern int	kpi_model_kind(const char *name, int length);
extern int	kpi_named_model(const char *name, int length);

/*
 * Did it converge?  Else a message of that level that there is no finite optimum, what is done instead, a detail or NULL,
 * and a hint; an error when no fit was reached.
 */
extern bool kpi_has_optimum(const KpiModelNames *model, const KpiMaximised *result, int level, const char *instead,
							const char *detail, const char *hint);

/*
 * A model as prior of others: its kind and parameters, with KPI_CLV_VALUE those of its
 * value.  As a string, of KPI_CLV_PRIOR_LENGTH at most with its NUL, "bg/nbd r alpha a
 * b" or "bg/nbd r alpha a b p q gamma", numbers with their shortest digits; reading is
 * false for what is none.
 */
typedef struct KpiClvPrior
{
	int			kind;			/* KpiModelKind; 0: there is none */
	int			flags;
	double		theta[KPI_MAX_PARAMETERS];
	double		value[KPI_MAX_PARAMETERS];
} KpiClvPrior;

#define KPI_CLV_PRIOR_LENGTH 256

extern void kpi_clv_prior(Datum model, KpiClvPrior *prior);
extern void kpi_clv_write_prior(const KpiClvPrior *prior, char *string);
extern bool kpi_clv_read_prior(const char *string, KpiClvPrior *prior);

/* What is wrong with the parameters and customers of a part, or NULL. */
extern const char *kpi_clv_part_problem(const KpiModelNames *model, const KpiClvPart *part, int64 least);

static inline KpiClvModel *
kpi_clv_model(Datum datum)
{
	return (KpiClvModel *) kpi_flat(datum, &kpi_clv_model_type);
}

/* Does a model know how the errors of its parameters go together? */
static inline bool
kpi_has_correlations(const KpiClvModel *m)
{
	return m->header.version > KPI_CLV_VERSION && VARSIZE(m) >= sizeof(KpiClvModel);
}

#endif							/* KPI_CLV_MODEL_H */
