/*
 * bridge.c
 *		bridge_check: are the arrays of a bridge of one length, and their numbers
 *		finite?  The bridges themselves are SQL, in sql/goal/bridge.sql.
 */
#include "core/server/compat.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/numeric.h"

/* Elements of an array of one dimension.  22023 for more dimensions. */
static int
bridge_length(ArrayType *array)
{
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("array of a bridge has %d dimensions, not 1", ARR_NDIM(array))));
	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
}

/*
 * kpi_bridge_check() - bridge_check(labels, ...)
 *
 *	True.  22023 for arrays of different lengths or more than one dimension, and for
 *	NaN and infinity in those of numbers.
 */
PG_FUNCTION_INFO_V1(kpi_bridge_check);
Datum
kpi_bridge_check(PG_FUNCTION_ARGS)
{
	int			length = bridge_length(PG_GETARG_ARRAYTYPE_P(0));

	for (int argument = 1; argument < PG_NARGS(); argument++)
	{
		ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argument);
		Datum	   *values;
		bool	   *nulls;
		int			n = bridge_length(array);

		if (n != length)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("array %d of a bridge has %d elements, not %d", argument + 1, n, length),
					 errhint("All arrays list the same segments in the same order, NULL where there is nothing.")));
		deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
		for (int i = 0; i < n; i++)
			if (!nulls[i] && (numeric_is_nan(DatumGetNumeric(values[i])) || numeric_is_inf(DatumGetNumeric(values[i]))))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("number %d in array %d of a bridge is not finite", i + 1, argument + 1)));
		pfree(values);
		pfree(nulls);
	}
	PG_RETURN_BOOL(true);
}
