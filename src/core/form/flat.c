/*
 * flat.c
 *		Values in one chunk: making them, refusing foreign ones, and comparison
 *		and hashing by their bytes, which is right for every type of ours since
 *		stored values are canonical.
 */
#include "core/form/flat.h"

#include "access/htup_details.h"
#include "common/hashfn.h"
#include "funcapi.h"

/* A zeroed value of the given size with its header filled in. */
void *
kpi_flat_new(const KpiType *type, Size size)
{
	KpiHeader  *header;

	if (size > KPI_MAX_SIZE)
		kpi_too_large(type->name);
	header = (KpiHeader *) palloc0(size);
	SET_VARSIZE(header, size);
	header->version = type->version;
	header->kind = type->kind;
	return header;
}

void
kpi_flat_reject(const KpiType *type, const KpiHeader *header)
{
	if (VARSIZE(header) >= sizeof(KpiHeader) && header->kind == type->kind &&
		header->version > type->version)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("value of type %s has format version %d, but this server reads up to %d",
						type->name, header->version, type->version),
				 errhint("It was written by a newer release of kpi; install that release.")));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("value is not of type %s", type->name)));
}

void
kpi_too_large(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("value of type %s would be larger than 512 MB", type),
			 errhint("Build it over fewer rows, for example one a group or period, and merge only what a question needs.")));
}

void
kpi_counts_overflow(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("counts of %s are out of range", type),
			 errdetail("A summary counts at most %lld rows.", (long long) KPI_MAX_COUNT)));
}

/* A row of double precision columns as the function declares it; all NULL without values. */
Datum
kpi_row(FunctionCallInfo fcinfo, int columns, const double *values)
{
	TupleDesc	desc;
	Datum		datums[8];
	bool		nulls[8];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	desc = BlessTupleDesc(desc);
	Assert(desc->natts == columns && columns <= (int) lengthof(datums));
	for (int i = 0; i < columns; i++)
	{
		nulls[i] = values == NULL;
		datums[i] = values ? Float8GetDatum(values[i]) : (Datum) 0;
	}
	return HeapTupleGetDatum(heap_form_tuple(desc, datums, nulls));
}

/* Bytewise order, as of bytea; -1, 0, 1. */
static int
compare_bytes(Datum left, Datum right)
{
	struct varlena *a = PG_DETOAST_DATUM_PACKED(left);
	struct varlena *b = PG_DETOAST_DATUM_PACKED(right);
	Size		alen = VARSIZE_ANY_EXHDR(a);
	Size		blen = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(alen, blen));

	if (order == 0)
		order = (alen > blen) - (alen < blen);
	else
		order = order < 0 ? -1 : 1;

	/* btree and hash joins call us without a per-tuple context */
	if ((Pointer) a != DatumGetPointer(left))
		pfree(a);
	if ((Pointer) b != DatumGetPointer(right))
		pfree(b);
	return order;
}

#define COMPARISON(name, op) \
	PG_FUNCTION_INFO_V1(kpi_value_##name); \
	Datum kpi_value_##name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_BOOL(compare_bytes(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) op 0); \
	}

COMPARISON(eq, ==)
COMPARISON(ne, !=)
COMPARISON(lt, <)
COMPARISON(le, <=)
COMPARISON(gt, >)
COMPARISON(ge, >=)

PG_FUNCTION_INFO_V1(kpi_value_cmp);
Datum
kpi_value_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_bytes(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)));
}

PG_FUNCTION_INFO_V1(kpi_value_hash);
Datum
kpi_value_hash(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

PG_FUNCTION_INFO_V1(kpi_value_hash_extended);
Datum
kpi_value_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA_ANY(value),
										 VARSIZE_ANY_EXHDR(value), PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}
