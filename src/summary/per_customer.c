/*
 * per_customer.c
 *		per_customer(customer, amount): the sum of amounts per distinct customer.
 *
 *		State and stored form, customer_amounts: core/set/set.h, with one constant time
 *		and amounts (core/set/amounts.h) as payload, so one record a customer.
 */
#include "core/set/amounts.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

static const KpiSetType per_customer_type = {
	.type = {.name = "customer_amounts", .shown = "per_customer()", .version = 1, .kind = KPI_TYPE_CUSTOMER_AMOUNTS, .size = sizeof(KpiSet)},
	.class = {.words = 4, .sorted_by = 2, .equal = KPI_RECORDS_ADD},
	.times = KPI_TIMES_MOMENTS
};

#define PER_CUSTOMER_TIME kpi_time_of_moment(0)

KPI_SET_FORMS(per_customer_type, kpi_customer_amounts_in, kpi_customer_amounts_out,
			  kpi_customer_amounts_recv, kpi_customer_amounts_send)
KPI_FUNCTION(kpi_customer_amounts_add, kpi_set_add(fcinfo, &per_customer_type))

/*
 * per_customer_accum() -
 *
 *	Transition function: the state with one more amount.  A row with either NULL is
 *	ignored.  22003 for an amount that is not finite or has too many digits.
 */
static inline Datum
per_customer_accum(FunctionCallInfo fcinfo, KpiKeyType key_type, KpiNumberType amount_type)
{
	KpiSet	   *set;
	uint64		key;
	KpiInt128	amount;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return kpi_unchanged(fcinfo);
	key = kpi_key(PG_GETARG_DATUM(1), key_type);
	set = kpi_set_state(fcinfo, &per_customer_type, key_type, KPI_AT_NONE, NULL, NULL, 0);
	amount = kpi_set_amount_argument(&per_customer_type, set, fcinfo, 2, amount_type);
	kpi_set_append_amount(&per_customer_type, &set, key, PER_CUSTOMER_TIME, amount);
	return kpi_set_result(fcinfo, &per_customer_type, set);
}

KPI_FUNCTION(kpi_per_customer_accum_bigint, per_customer_accum(fcinfo, KPI_KEY_BIGINT, KPI_NUMERIC))
KPI_FUNCTION(kpi_per_customer_accum_uuid, per_customer_accum(fcinfo, KPI_KEY_UUID, KPI_NUMERIC))
KPI_FUNCTION(kpi_per_customer_accum_text, per_customer_accum(fcinfo, KPI_KEY_TEXT, KPI_NUMERIC))
KPI_FUNCTION(kpi_per_customer_accum_bigint_int8, per_customer_accum(fcinfo, KPI_KEY_BIGINT, KPI_INT8))
KPI_FUNCTION(kpi_per_customer_accum_uuid_int8, per_customer_accum(fcinfo, KPI_KEY_UUID, KPI_INT8))
KPI_FUNCTION(kpi_per_customer_accum_text_int8, per_customer_accum(fcinfo, KPI_KEY_TEXT, KPI_INT8))
KPI_FUNCTION(kpi_per_customer_accum_bigint_float8, per_customer_accum(fcinfo, KPI_KEY_BIGINT, KPI_FLOAT8))
KPI_FUNCTION(kpi_per_customer_accum_uuid_float8, per_customer_accum(fcinfo, KPI_KEY_UUID, KPI_FLOAT8))
KPI_FUNCTION(kpi_per_customer_accum_text_float8, per_customer_accum(fcinfo, KPI_KEY_TEXT, KPI_FLOAT8))
KPI_FUNCTION(kpi_per_customer_accum_bigint_float4, per_customer_accum(fcinfo, KPI_KEY_BIGINT, KPI_FLOAT4))
KPI_FUNCTION(kpi_per_customer_accum_uuid_float4, per_customer_accum(fcinfo, KPI_KEY_UUID, KPI_FLOAT4))
KPI_FUNCTION(kpi_per_customer_accum_text_float4, per_customer_accum(fcinfo, KPI_KEY_TEXT, KPI_FLOAT4))

/* Final function: sum of all amounts / customers; NULL without customers.  22003 for a sum beyond 38 digits. */
PG_FUNCTION_INFO_V1(kpi_per_customer_final);
Datum
kpi_per_customer_final(PG_FUNCTION_ARGS)
{
	KpiSet	   *set;
	KpiSetReader reader;
	KpiInt128	sum = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	set = kpi_set_get(PG_GETARG_DATUM(0), &per_customer_type);
	if (set->key_type == KPI_KEY_NONE)
		PG_RETURN_NULL();
	kpi_set_reader(&reader, &per_customer_type, set);
	while (kpi_set_next(&reader))
		for (int64 i = 0; i < reader.n; i++)
			kpi_amount_add(&sum, reader.amount[i], "sum of amounts");
	return DirectFunctionCall2(numeric_div, kpi_amount_to_numeric(sum, set->number),
							   NumericGetDatum(int64_to_numeric(reader.customers)));
}
