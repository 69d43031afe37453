/*
 * rows.c
 *		Giving rows back from a function.
 */
#include "core/server/rows.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

/*
 * kpi_rows_begin() -
 *
 *	Make ready to put rows of the columns that the function is declared with.  They
 *	go to a tuplestore that the executor owns, and to disk where they are many.
 *	0A000 where the caller takes no set.
 */
void
kpi_rows_begin(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
}

/* One more row, copied: a value for each column, or true in nulls.  The query may be cancelled here. */
void
kpi_rows_put(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	CHECK_FOR_INTERRUPTS();
}

/*
 * kpi_row() -
 *
 *	A row as the function declares it: a value for each column, or true in nulls.  It
 *	lies in the current memory context.
 */
Datum
kpi_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/* The same of so many double precision columns, all NULL where values is NULL. */
Datum
kpi_row_of_doubles(FunctionCallInfo fcinfo, int columns, const double *values)
{
	Datum		datums[8];
	bool		nulls[8];

	Assert(columns <= (int) lengthof(datums));
	for (int i = 0; i < columns; i++)
	{
		nulls[i] = values == NULL;
		datums[i] = values ? Float8GetDatum(values[i]) : (Datum) 0;
	}
	return kpi_row(fcinfo, datums, nulls);
}
