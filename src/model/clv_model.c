/*
 * clv_model.c
 *		The type clv_model: text and binary forms, parameters as rows; a model as prior.
 *
 *		Text: bg/nbd(r=0.24 se 0.01, alpha=30.9 se 2.6, a=0.79 se 0.19, b=2.4 se 0.71)
 *		log-likelihood=-14363.4 customers=2357 unit=day value gamma-gamma(p=6.2 se 1.2,
 *		q=3.7 se 0.29, gamma=15.4 se 3.3) log-likelihood=-4055.9 customers=946; without a
 *		model of value it ends value none.  Numbers have the shortest digits that read
 *		back to the same.  In version 2 the correlations follow the last parameter, before
 *		the bracket: "; correlations 0.9 0.1 ..."; and behind the bracket stands prior=weak
 *		or prior=model, where there was one.
 *		Binary: version (1), kind (1), flags (1), then for each part customers (int8),
 *		log-likelihood, and parameter and standard error in turn (float8); in version 2 its
 *		correlations (float8) follow.
 */
#include "model/clv_model.h"

#include "core/form/scan.h"
#include "core/form/wire.h"
#include "core/server/rows.h"

#include <math.h>

#include "utils/builtins.h"

const KpiType kpi_clv_model_type = {
	.name = "clv_model", .version = KPI_CLV_VERSION, .more_versions = 1, .kind = KPI_TYPE_CLV_MODEL,
	.size = offsetof(KpiClvModel, correlation)
};

/* How many pairs of parameters a model has. */
static inline int
clv_model_pairs(const KpiModelNames *model)
{
	return model->parameters * (model->parameters - 1) / 2;
}

#define CLV_MODEL_FORM "bg/nbd(r=0.24 se 0.01, alpha=..., a=..., b=...) log-likelihood=-9582.4 customers=2357 unit=day value none, as a model prints itself"

/*
 * What fits can come to: exp(-12) .. exp(12), times the mean age in days or the mean
 * amount.  Computing with such parameters ends and stays finite.
 */
typedef struct ClvModelRange
{
	double		least;
	double		largest;
} ClvModelRange;

static const ClvModelRange clv_model_of_shape = {1e-6, 1e6};
static const ClvModelRange clv_model_of_time = {1e-30, 1e15};
static const ClvModelRange clv_model_of_money = {1e-36, 1e45};

static const KpiModelNames clv_model_names[] = {
	{"bg/nbd", "day", 4, {"r", "alpha", "a", "b"}},
	{"mbg/nbd", "day", 4, {"r", "alpha", "a", "b"}},
	{"pareto/nbd", "day", 4, {"r", "alpha", "s", "beta"}},
	{"sbg", "period", 2, {"alpha", "beta"}}
};

const KpiModelNames kpi_gamma_gamma_names = {"gamma-gamma", "", 3, {"p", "q", "gamma"}};

/* The names of a kind, KPI_BG_NBD to KPI_SBG. */
const KpiModelNames *
kpi_model_names(int kind)
{
	return &clv_model_names[kind - KPI_BG_NBD];
}

/* The kind of purchase model with a name, in any case; 0 when there is none. */
int
kpi_model_kind(const char *name, int length)
{
	for (int kind = KPI_BG_NBD; kind <= KPI_PARETO_NBD; kind++)
		if ((int) strlen(kpi_model_names(kind)->name) == length &&
			pg_strncasecmp(name, kpi_model_names(kind)->name, length) == 0)
			return kind;
	return 0;
}

/* The same of an argument: 22023 when there is none. */
int
kpi_named_model(const char *name, int length)
{
	int			kind = kpi_model_kind(name, length);

	if (kind == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" is not known", pnstrdup(name, length)),
				 errhint("Models are bg/nbd, mbg/nbd and pareto/nbd.")));
	return kind;
}

/* What parameter i of a model may be. */
static const ClvModelRange *
clv_model_range(const KpiModelNames *model, int i)
{
	const char *name = model->parameter[i];

	if (strcmp(name, "gamma") == 0)
		return &clv_model_of_money;
	return strcmp(model->unit, "day") == 0 && (strcmp(name, "alpha") == 0 || strcmp(name, "beta") == 0) ? &clv_model_of_time : &clv_model_of_shape;
}

/*
 * kpi_clv_part_problem() -
 *
 *	What is wrong with a part, or NULL, of which so many customers are the least.
 */
const char *
kpi_clv_part_problem(const KpiModelNames *model, const KpiClvPart *part, int64 least)
{
	if (part->customers < least || part->customers > KPI_MAX_COUNT)
		return "The number of customers is out of range.";
	if (!isfinite(part->value))
		return "The log-likelihood is not finite.";
	for (int i = 0; i < model->parameters; i++)
	{
		const ClvModelRange *range = clv_model_range(model, i);

		/* not a number fails too */
		if (!(part->theta[i] >= range->least && part->theta[i] <= range->largest))
			return psprintf("Parameter %s is not from %g to %g.", model->parameter[i], range->least, range->largest);
		if (!(part->error[i] >= 0 && isfinite(part->error[i])))
			return "A standard error is out of range.";
	}
	return NULL;
}

/* What is wrong with a model of a known kind, or NULL.  Both forms ask here when they are read. */
static const char *
clv_model_problem(const KpiClvModel *m)
{
	int			flags = m->header.flags;
	const char *problem = kpi_clv_part_problem(kpi_model_names(m->kind), &m->purchases, 1);

	if (problem == NULL && (flags & KPI_CLV_VALUE))
	{
		if (m->kind == KPI_SBG)
			return "A model of contracts has no model of value.";
		if (m->spending.customers > m->purchases.customers)
			return "The model of value has more customers than that of purchases.";
		/* where a prior says it all, there need be none */
		problem = kpi_clv_part_problem(&kpi_gamma_gamma_names, &m->spending, flags & KPI_CLV_PRIOR_VALUE ? 0 : 1);
	}
	if (problem == NULL && kpi_has_correlations(m))
	{
		if (m->kind == KPI_SBG)
			return "A model of contracts has no correlations.";
		for (int i = 0; i < KPI_MAX_PAIRS; i++)
			if (!(fabs(m->correlation[i]) <= 1))
				return "A correlation is not from -1 to 1.";
		for (int i = 0; i < (int) lengthof(m->correlation_of_value); i++)
			if (!(fabs(m->correlation_of_value[i]) <= 1))
				return "A correlation is not from -1 to 1.";
	}
	return problem;
}

/*
 * clv_model_scan_part() -
 *
 *	Read "(r=0.24 se 0.01, ...) log-likelihood=-14363.4 customers=2357", which
 *	follows the name, with correlations and a prior where they are there; false for
 *	what is none.  The flags for priors are of this part.
 */
static bool
clv_model_scan_part(KpiScan *scan, const KpiModelNames *model, KpiClvPart *part, bool *correlated, double *correlation,
					KpiHeader *header, int weak, int prior)
{
	if (!kpi_scan_char(scan, '('))
		return false;
	for (int i = 0; i < model->parameters; i++)
	{
		if ((i > 0 && !kpi_scan_char(scan, ',')) ||
			!kpi_scan_word(scan, model->parameter[i]) || !kpi_scan_char(scan, '=') ||
			!kpi_scan_double(scan, &part->theta[i]) ||
			!kpi_scan_word(scan, "se") || !kpi_scan_double(scan, &part->error[i]))
			return false;
		part->error[i] += 0.0;	/* without a sign at 0 */
	}
	*correlated = kpi_scan_char(scan, ';');
	if (*correlated)
	{
		if (!kpi_scan_word(scan, "correlations"))
			return false;
		for (int i = 0; i < clv_model_pairs(model); i++)
		{
			if (!kpi_scan_double(scan, &correlation[i]))
				return false;
			correlation[i] += 0.0;
		}
	}
	if (!kpi_scan_char(scan, ')'))
		return false;
	if (*correlated && kpi_scan_word(scan, "prior"))
	{
		if (!kpi_scan_char(scan, '='))
			return false;
		if (kpi_scan_word(scan, "weak"))
			header->flags |= weak;
		else if (kpi_scan_word(scan, "model"))
			header->flags |= prior;
		else
			return false;
	}
	if (!kpi_scan_word(scan, "log-likelihood") || !kpi_scan_char(scan, '=') ||
		!kpi_scan_double(scan, &part->value) ||
		!kpi_scan_word(scan, "customers") || !kpi_scan_char(scan, '=') ||
		!kpi_scan_int64(scan, &part->customers))
		return false;
	part->value += 0.0;
	return true;
}

/* The version of a model that is read, by whether it has correlations; of the first it ends before them. */
static void
clv_model_set_version(KpiClvModel *m, bool correlated)
{
	if (correlated)
		m->header.version = KPI_CLV_VERSION + 1;
	else
		SET_VARSIZE(m, offsetof(KpiClvModel, correlation));
}

/*
 * kpi_clv_model_in() - input function of clv_model
 *
 *	The fitted model of a text, palloc'd.  22P02, a soft error where the server has
 *	them, for what is not of the form and for parameters that no model has.
 */
PG_FUNCTION_INFO_V1(kpi_clv_model_in);
Datum
kpi_clv_model_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &kpi_clv_model_type, CLV_MODEL_FORM);
	KpiClvModel *m = kpi_flat_new(&kpi_clv_model_type, sizeof(KpiClvModel));
	bool		correlated;
	bool		value_correlated;
	const char *problem;

	for (int kind = KPI_BG_NBD; kind <= KPI_SBG && m->kind == 0; kind++)
		if (kpi_scan_word(&scan, kpi_model_names(kind)->name))
			m->kind = kind;
	if (m->kind == 0)
		return kpi_scan_fail(&scan, "It begins with the name of no model.");
	if (!clv_model_scan_part(&scan, kpi_model_names(m->kind), &m->purchases, &correlated, m->correlation,
							 &m->header, KPI_CLV_WEAK_PURCHASES, KPI_CLV_PRIOR_PURCHASES) ||
		!kpi_scan_word(&scan, "unit") || !kpi_scan_char(&scan, '=') ||
		!kpi_scan_word(&scan, kpi_model_names(m->kind)->unit))
		return kpi_scan_fail(&scan, NULL);
	if (m->kind != KPI_SBG)
	{
		if (!kpi_scan_word(&scan, "value"))
			return kpi_scan_fail(&scan, NULL);
		if (!kpi_scan_word(&scan, "none"))
		{
			m->header.flags |= KPI_CLV_VALUE;
			if (!kpi_scan_word(&scan, kpi_gamma_gamma_names.name) ||
				!clv_model_scan_part(&scan, &kpi_gamma_gamma_names, &m->spending, &value_correlated,
									 m->correlation_of_value, &m->header, KPI_CLV_WEAK_VALUE, KPI_CLV_PRIOR_VALUE))
				return kpi_scan_fail(&scan, NULL);
			if (value_correlated != correlated)
				return kpi_scan_fail(&scan, "One part of it has correlations, the other has none.");
		}
	}
	if (!kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	clv_model_set_version(m, correlated);
	if ((problem = clv_model_problem(m)) != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(m);
}

/* Append the text of a part, with its name. */
static void
clv_model_append_part(StringInfo out, const KpiModelNames *model, const KpiClvPart *part, const double *correlation,
					  const char *prior)
{
	appendStringInfo(out, "%s(", model->name);
	for (int i = 0; i < model->parameters; i++)
	{
		appendStringInfo(out, "%s%s=", i > 0 ? ", " : "", model->parameter[i]);
		kpi_append_double(out, part->theta[i]);
		appendStringInfoString(out, " se ");
		kpi_append_double(out, part->error[i]);
	}
	if (correlation != NULL)
	{
		appendStringInfoString(out, "; correlations");
		for (int i = 0; i < clv_model_pairs(model); i++)
		{
			appendStringInfoChar(out, ' ');
			kpi_append_double(out, correlation[i]);
		}
	}
	appendStringInfo(out, ")%s log-likelihood=", prior);
	kpi_append_double(out, part->value);
	appendStringInfo(out, " customers=%lld", (long long) part->customers);
}

/* The text form of a model. */
PG_FUNCTION_INFO_V1(kpi_clv_model_out);
Datum
kpi_clv_model_out(PG_FUNCTION_ARGS)
{
	KpiClvModel *m = kpi_clv_model(PG_GETARG_DATUM(0));
	StringInfoData out;

	initStringInfo(&out);
	clv_model_append_part(&out, kpi_model_names(m->kind), &m->purchases, kpi_has_correlations(m) ? m->correlation : NULL,
						  m->header.flags & KPI_CLV_WEAK_PURCHASES ? " prior=weak" :
						  m->header.flags & KPI_CLV_PRIOR_PURCHASES ? " prior=model" : "");
	appendStringInfo(&out, " unit=%s", kpi_model_names(m->kind)->unit);
	if (m->header.flags & KPI_CLV_VALUE)
	{
		appendStringInfoString(&out, " value ");
		clv_model_append_part(&out, &kpi_gamma_gamma_names, &m->spending,
							  kpi_has_correlations(m) ? m->correlation_of_value : NULL,
							  m->header.flags & KPI_CLV_WEAK_VALUE ? " prior=weak" :
							  m->header.flags & KPI_CLV_PRIOR_VALUE ? " prior=model" : "");
	}
	else if (m->kind != KPI_SBG)
		appendStringInfoString(&out, " value none");
	PG_RETURN_CSTRING(out.data);
}

/*
 * Read a part: customers (8), log-likelihood (8), each parameter with its standard error (8 each), and correlations (8
 * each) unless there are none.
 */
static void
clv_model_recv_part(KpiWire *wire, const KpiModelNames *model, KpiClvPart *part, double *correlation)
{
	part->customers = kpi_wire_int64(wire);
	part->value = kpi_wire_double(wire) + 0.0;
	for (int i = 0; i < model->parameters; i++)
	{
		part->theta[i] = kpi_wire_double(wire);
		part->error[i] = kpi_wire_double(wire) + 0.0;
	}
	for (int i = 0; correlation != NULL && i < clv_model_pairs(model); i++)
		correlation[i] = kpi_wire_double(wire) + 0.0;
}

/* May a model have these flags, of version 2 or not? */
static bool
clv_model_knows_flags(int flags, bool correlated)
{
	if (!correlated)
		return flags <= KPI_CLV_VALUE;
	return flags < 2 * KPI_CLV_PRIOR_VALUE &&
		(flags & (KPI_CLV_WEAK_PURCHASES | KPI_CLV_PRIOR_PURCHASES)) != (KPI_CLV_WEAK_PURCHASES | KPI_CLV_PRIOR_PURCHASES) &&
		(flags & (KPI_CLV_WEAK_VALUE | KPI_CLV_PRIOR_VALUE)) != (KPI_CLV_WEAK_VALUE | KPI_CLV_PRIOR_VALUE) &&
		((flags & KPI_CLV_VALUE) || !(flags & (KPI_CLV_WEAK_VALUE | KPI_CLV_PRIOR_VALUE)));
}

/* The binary form.  22P03 for malformed bytes. */
PG_FUNCTION_INFO_V1(kpi_clv_model_recv);
Datum
kpi_clv_model_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &kpi_clv_model_type);
	KpiClvModel *m = kpi_flat_new(&kpi_clv_model_type, sizeof(KpiClvModel));
	bool		correlated = wire.version > KPI_CLV_VERSION;
	const char *problem;

	m->kind = kpi_wire_uint8(&wire);
	m->header.flags = kpi_wire_uint8(&wire);
	if (m->kind < KPI_BG_NBD || m->kind > KPI_SBG || !clv_model_knows_flags(m->header.flags, correlated))
		kpi_wire_fail(&wire, "Its model is not known.");
	clv_model_recv_part(&wire, kpi_model_names(m->kind), &m->purchases, correlated ? m->correlation : NULL);
	if (m->header.flags & KPI_CLV_VALUE)
		clv_model_recv_part(&wire, &kpi_gamma_gamma_names, &m->spending, correlated ? m->correlation_of_value : NULL);
	kpi_wire_end(&wire);
	clv_model_set_version(m, correlated);
	if ((problem = clv_model_problem(m)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(m);
}

/* Write a part. */
static void
clv_model_send_part(StringInfo out, const KpiModelNames *model, const KpiClvPart *part, const double *correlation)
{
	pq_sendint64(out, part->customers);
	pq_sendfloat8(out, part->value);
	for (int i = 0; i < model->parameters; i++)
	{
		pq_sendfloat8(out, part->theta[i]);
		pq_sendfloat8(out, part->error[i]);
	}
	for (int i = 0; correlation != NULL && i < clv_model_pairs(model); i++)
		pq_sendfloat8(out, correlation[i]);
}

/* The binary form of a model. */
PG_FUNCTION_INFO_V1(kpi_clv_model_send);
Datum
kpi_clv_model_send(PG_FUNCTION_ARGS)
{
	KpiClvModel *m = kpi_clv_model(PG_GETARG_DATUM(0));
	StringInfoData out;

	kpi_wire_begin_version(&out, m->header.version);
	pq_sendbyte(&out, m->kind);
	pq_sendbyte(&out, m->header.flags);
	clv_model_send_part(&out, kpi_model_names(m->kind), &m->purchases, kpi_has_correlations(m) ? m->correlation : NULL);
	if (m->header.flags & KPI_CLV_VALUE)
		clv_model_send_part(&out, &kpi_gamma_gamma_names, &m->spending,
							kpi_has_correlations(m) ? m->correlation_of_value : NULL);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* A row for each parameter of a part. */
static void
clv_model_put_parameters(FunctionCallInfo fcinfo, const KpiModelNames *model, const KpiClvPart *part)
{
	bool		nulls[3] = {false};

	for (int i = 0; i < model->parameters; i++)
	{
		Datum		values[3];

		values[0] = CStringGetTextDatum(model->parameter[i]);
		values[1] = Float8GetDatum(part->theta[i]);
		values[2] = Float8GetDatum(part->error[i]);
		kpi_rows_put(fcinfo, values, nulls);
	}
}

/* clv_parameters(m) */
PG_FUNCTION_INFO_V1(kpi_clv_parameters);
Datum
kpi_clv_parameters(PG_FUNCTION_ARGS)
{
	KpiClvModel *m;

	kpi_rows_begin(fcinfo);
	m = kpi_clv_model(PG_GETARG_DATUM(0));
	clv_model_put_parameters(fcinfo, kpi_model_names(m->kind), &m->purchases);
	if (m->header.flags & KPI_CLV_VALUE)
		clv_model_put_parameters(fcinfo, &kpi_gamma_gamma_names, &m->spending);
	return (Datum) 0;
}

/* customers(m), log_likelihood(m): of the model of purchases */
KPI_FUNCTION(kpi_clv_model_customers, Int64GetDatum(kpi_clv_model(PG_GETARG_DATUM(0))->purchases.customers))
KPI_FUNCTION(kpi_clv_model_log_likelihood, Float8GetDatum(kpi_clv_model(PG_GETARG_DATUM(0))->purchases.value))

/*
 * kpi_clv_model_prior() - clv_prior(m)
 *
 *	How the model was fitted: none (maximum likelihood), weak, or model.
 */
PG_FUNCTION_INFO_V1(kpi_clv_model_prior);
Datum
kpi_clv_model_prior(PG_FUNCTION_ARGS)
{
	int			flags = kpi_clv_model(PG_GETARG_DATUM(0))->header.flags;

	if (flags & (KPI_CLV_PRIOR_PURCHASES | KPI_CLV_PRIOR_VALUE))
		PG_RETURN_TEXT_P(cstring_to_text("model"));
	PG_RETURN_TEXT_P(cstring_to_text(flags & (KPI_CLV_WEAK_PURCHASES | KPI_CLV_WEAK_VALUE) ? "weak" : "none"));
}

/*
 * kpi_clv_prior() -
 *
 *	What a model says as prior of others.  22023 for a model of contracts.
 */
void
kpi_clv_prior(Datum model, KpiClvPrior *prior)
{
	const KpiClvModel *m = kpi_clv_model(model);

	if (m->kind == KPI_SBG)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model %s is one of contracts, not of purchases", kpi_model_names(m->kind)->name),
				 errhint("Give a model of purchases, which clv_fit() makes, as prior.")));
	memset(prior, 0, sizeof(*prior));
	prior->kind = m->kind;
	prior->flags = m->header.flags & KPI_CLV_VALUE;
	memcpy(prior->theta, m->purchases.theta, sizeof(prior->theta));
	if (prior->flags & KPI_CLV_VALUE)
		memcpy(prior->value, m->spending.theta, sizeof(prior->value));
}

/* The string of a prior. */
void
kpi_clv_write_prior(const KpiClvPrior *prior, char *string)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, kpi_model_names(prior->kind)->name);
	for (int i = 0; i < kpi_model_names(prior->kind)->parameters; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, prior->theta[i]);
	}
	for (int i = 0; (prior->flags & KPI_CLV_VALUE) && i < kpi_gamma_gamma_names.parameters; i++)
	{
		appendStringInfoChar(&out, ' ');
		kpi_append_double(&out, prior->value[i]);
	}
	strlcpy(string, out.data, KPI_CLV_PRIOR_LENGTH);
	pfree(out.data);
}

/* Read so many numbers of what a model may have, each after a blank; where they end, NULL for what is none. */
static const char *
clv_model_read_numbers(const char *string, const KpiModelNames *model, double *theta)
{
	for (int i = 0; i < model->parameters; i++)
	{
		const ClvModelRange *range = clv_model_range(model, i);
		char	   *end;

		if (*string != ' ')
			return NULL;
		theta[i] = strtod(string + 1, &end);
		if (end == string + 1 || !(theta[i] >= range->least && theta[i] <= range->largest))
			return NULL;
		string = end;
	}
	return string;
}

/* A prior from its string; false for what kpi_clv_write_prior() does not write. */
bool
kpi_clv_read_prior(const char *string, KpiClvPrior *prior)
{
	int			length = strcspn(string, " ");
	const char *at;
	char		again[KPI_CLV_PRIOR_LENGTH];

	memset(prior, 0, sizeof(*prior));
	prior->kind = kpi_model_kind(string, length);
	if (prior->kind == 0)
		return false;
	at = clv_model_read_numbers(string + length, kpi_model_names(prior->kind), prior->theta);
	if (at != NULL && *at != '\0')
	{
		prior->flags = KPI_CLV_VALUE;
		at = clv_model_read_numbers(at, &kpi_gamma_gamma_names, prior->value);
	}
	if (at == NULL || *at != '\0')
		return false;
	kpi_clv_write_prior(prior, again);
	return strcmp(string, again) == 0;
}
