/*
 * per_customer.c
 *		per_customer(customer, amount): the sum of amounts per distinct customer.
 *
 *		State and stored form: core/set/set.h, with one constant time and amounts
 *		(core/number/amount.h) as payload, so one record a customer.
 */
#include "core/number/amount.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

static const KpiSetType amounts_type = {
	{"customer_amounts", 1, 'C', sizeof(KpiSet)},
	{4, 2, KPI_RECORDS_ADD},
	false,
	NULL,
	NULL
};

#define TYPE (&amounts_type)
#define NO_TIME kpi_time_of_moment(0)

PG_FUNCTION_INFO_V1(kpi_customer_amounts_in);
Datum
kpi_customer_amounts_in(PG_FUNCTION_ARGS)
{
	return kpi_set_in(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_customer_amounts_out);
Datum
kpi_customer_amounts_out(PG_FUNCTION_ARGS)
{
	return kpi_set_out(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_customer_amounts_recv);
Datum
kpi_customer_amounts_recv(PG_FUNCTION_ARGS)
{
	return kpi_set_recv(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_customer_amounts_send);
Datum
kpi_customer_amounts_send(PG_FUNCTION_ARGS)
{
	return kpi_set_send(fcinfo, TYPE);
}

PG_FUNCTION_INFO_V1(kpi_customer_amounts_add);
Datum
kpi_customer_amounts_add(PG_FUNCTION_ARGS)
{
	return kpi_set_add(fcinfo, TYPE);
}

static inline Datum
accum(FunctionCallInfo fcinfo, KpiKeyType key_type)
{
	KpiSet	   *set;
	uint64		key;
	KpiInt128	amount;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, TYPE, key_type, false, NULL, NULL, 0);
	amount = kpi_amount_of_row(TYPE, set, PG_GETARG_DATUM(2));
	kpi_amount_append(TYPE, &set, key, NO_TIME, amount);
	return kpi_set_result(fcinfo, TYPE, set);
}

#define ACCUM(name, key_type) \
	PG_FUNCTION_INFO_V1(kpi_per_customer_accum_##name); \
	Datum kpi_per_customer_accum_##name(PG_FUNCTION_ARGS) \
	{ \
		return accum(fcinfo, key_type); \
	}

ACCUM(bigint, KPI_KEY_BIGINT)
ACCUM(uuid, KPI_KEY_UUID)
ACCUM(text, KPI_KEY_TEXT)

PG_FUNCTION_INFO_V1(kpi_per_customer_final);
Datum
kpi_per_customer_final(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	KpiSetReader reader;
	KpiInt128	sum = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_set_get(PG_GETARG_DATUM(0), TYPE);
	if (set->key_type == KPI_KEY_NONE)
		PG_RETURN_NULL();
	kpi_set_reader(&reader, TYPE, set);
	while (kpi_set_next(&reader))
		for (int64 i = 0; i < reader.n; i++)
			kpi_amount_add(&sum, reader.amount[i], "sum of amounts");
	return DirectFunctionCall2(numeric_div, kpi_amount_to_numeric(sum, set->number),
							   NumericGetDatum(int64_to_numeric(reader.customers)));
}
