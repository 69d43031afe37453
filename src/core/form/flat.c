/*
 * flat.c
 *		Values in one chunk: making them, refusing foreign ones, and comparison
 *		and hashing by their bytes, which is right for every type of ours since
 *		stored values are canonical.
 */
#include "core/form/flat.h"

#include "common/hashfn.h"

/*
 * kpi_flat_new() -
 *
 *	A zeroed value of the given size with its header filled in, in the current
 *	memory context.  54000 beyond 512 MB.
 */
void *
kpi_flat_new(const KpiType *type, Size size)
{
	KpiHeader  *header;

	if (size > KPI_MAX_SIZE)
		kpi_too_large(kpi_shown(type));
	header = (KpiHeader *) palloc0(size);
	SET_VARSIZE(header, size);
	header->version = type->version;
	header->kind = type->kind;
	return header;
}

/* A copy that the caller owns and may change. */
void *
kpi_flat_copy(const void *value)
{
	void	   *copy = palloc(VARSIZE(value));

	memcpy(copy, value, VARSIZE(value));
	return copy;
}

/* The error for a value that is not one of the type, or is a newer version's: XX001. */
void
kpi_flat_reject(const KpiType *type, const KpiHeader *header)
{
	if (VARSIZE(header) >= sizeof(KpiHeader) && header->kind == type->kind &&
		header->version > type->version + type->more_versions)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("value of type %s has format version %d, but this server reads up to %d",
						type->name, header->version, type->version + type->more_versions),
				 errhint("It was written by a newer release of kpi; install that release.")));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("value is not of type %s", type->name)));
}

/* The error for a value or state beyond KPI_MAX_SIZE: 54000. */
void
kpi_too_large(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("%s %s would be larger than 512 MB", strchr(type, '(') ? "state of" : "value of type", type),
			 errhint("Build it over fewer rows, for example one a group or period, and merge only what a question needs.")));
}

/* The error for a count beyond KPI_MAX_COUNT: 22003. */
void
kpi_counts_overflow(const char *type)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("counts of %s are out of range", type),
			 errdetail("A summary counts at most %lld rows.", (long long) KPI_MAX_COUNT)));
}

/* The error for a row that an inverse transition does not find in its place, the frame or summary: 22023. */
void
kpi_refuse_removal(const char *place)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the row to be taken away is not in the %s", place)));
}

/* The error for a difference of summaries that would have negative counts: 22023, with the text forms of both. */
void
kpi_refuse_subtraction(const char *taken, const char *whole)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the summary does not hold what is to be taken away"),
			 errdetail("%s is not part of %s.", taken, whole)));
}

/*
 * flat_compare() -
 *
 *	Bytewise order of two values of one type, as of bytea: -1, 0 or 1.  Copies made
 *	by detoasting are freed: btree and hash joins call us without a context per tuple.
 */
static int
flat_compare(Datum left, Datum right)
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

	if ((Pointer) a != DatumGetPointer(left))
		pfree(a);
	if ((Pointer) b != DatumGetPointer(right))
		pfree(b);
	return order;
}

/* The order of arguments 0 and 1. */
static inline int
flat_order(FunctionCallInfo fcinfo)
{
	return flat_compare(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
}

/* The operators and the btree class of every base type. */
KPI_FUNCTION(kpi_value_eq, BoolGetDatum(flat_order(fcinfo) == 0))
KPI_FUNCTION(kpi_value_ne, BoolGetDatum(flat_order(fcinfo) != 0))
KPI_FUNCTION(kpi_value_lt, BoolGetDatum(flat_order(fcinfo) < 0))
KPI_FUNCTION(kpi_value_le, BoolGetDatum(flat_order(fcinfo) <= 0))
KPI_FUNCTION(kpi_value_gt, BoolGetDatum(flat_order(fcinfo) > 0))
KPI_FUNCTION(kpi_value_ge, BoolGetDatum(flat_order(fcinfo) >= 0))
KPI_FUNCTION(kpi_value_cmp, Int32GetDatum(flat_order(fcinfo)))

/* Hash of the bytes, for the hash class: the same for equal values, however they are stored. */
PG_FUNCTION_INFO_V1(kpi_value_hash);
Datum
kpi_value_hash(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		hash = hash_any((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	PG_FREE_IF_COPY(value, 0);
	return hash;
}

/* The same with a seed, for hash partitions and larger tables. */
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
