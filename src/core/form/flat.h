/*
 * flat.h
 *		What every value of ours has in common: one chunk without pointers that
 *		is at once the stored value and an aggregate's transition state.
 *
 *		Layout: varlena header (4 bytes), version (1), kind (1), flags (2), then
 *		the type's own fields.  The kind is a letter of its own for each type, so
 *		that a value can't be mistaken for one of another type.  Stored values are
 *		canonical: equal values have equal bytes.
 */
#ifndef KPI_FLAT_H
#define KPI_FLAT_H

#include "core/server/compat.h"

#include "nodes/execnodes.h"

typedef struct KpiHeader
{
	int32		vl_len_;		/* varlena header, use SET_VARSIZE */
	uint8		version;
	uint8		kind;			/* KpiTypeKind */
	uint16		flags;
} KpiHeader;

/* The types and their letters, which are stored: doc/formats.md has them too. */
typedef enum KpiTypeKind
{
	KPI_TYPE_ACTIVITY_SUMMARY = 'A',
	KPI_TYPE_BUSINESS_HOURS = 'W',
	KPI_TYPE_CLV_HISTORY = 'H',
	KPI_TYPE_CLV_MODEL = 'B',
	KPI_TYPE_CLV_SAMPLE = 'M',
	KPI_TYPE_CUSTOMER_AMOUNTS = 'C',
	KPI_TYPE_DURATION_SUMMARY = 'D',
	KPI_TYPE_FUNNEL_EVENTS = 'L',
	KPI_TYPE_FUNNEL_SUMMARY = 'U',
	KPI_TYPE_NPS_SUMMARY = 'N',
	KPI_TYPE_RATE_SUMMARY = 'R',
	KPI_TYPE_RATIO_FRAME = 'q',
	KPI_TYPE_RATIO_SUMMARY = 'Q',
	KPI_TYPE_RATIO_SUMMARY_FLOAT = 'F',
	KPI_TYPE_REPEAT_SET = 'P',
	KPI_TYPE_RETENTION_SET = 'E',
	KPI_TYPE_REVENUE_SUMMARY = 'V',
	KPI_TYPE_RFM = 'O',
	KPI_TYPE_TARGET = 'T'
} KpiTypeKind;

/* What identifies a type to the helpers below; one constant a type. */
typedef struct KpiType
{
	const char *name;
	const char *shown;			/* what a message about rows calls it, where users don't know the type; or NULL */
	uint8		version;		/* of the format */
	uint8		more_versions;	/* how many after that one are read and written too */
	uint8		kind;			/* KpiTypeKind */
	uint32		size;			/* least size of a value, with its header */
} KpiType;

/* What a message about rows calls a value: the name of a type that only an aggregate's state has tells nobody anything. */
static inline const char *
kpi_shown(const KpiType *type)
{
	return type->shown ? type->shown : type->name;
}

/*
 * An exported function, written out by its full name: who looks for the symbol that
 * an install script names finds it here.  It returns what the expression gives, a
 * Datum, in which fcinfo is known.
 */
#define KPI_FUNCTION(name, result) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		return result; \
	}

extern void *kpi_flat_new(const KpiType *type, Size size);
extern void *kpi_flat_copy(const void *value);
extern void kpi_flat_reject(const KpiType *type, const KpiHeader *header) pg_attribute_noreturn();
extern void kpi_too_large(const char *type) pg_attribute_noreturn();
extern void kpi_counts_overflow(const char *type) pg_attribute_noreturn();
extern void kpi_refuse_removal(const char *place) pg_attribute_noreturn();
extern void kpi_refuse_subtraction(const char *taken, const char *whole) pg_attribute_noreturn();

/*
 * Counts of rows are held to 2^62, by everything that makes a value: what is read,
 * merged, or counted up.  Nobody lives to see 2^62 rows, but an aggregate may begin
 * with any value (INITCOND of one that a user makes), and what it gives is read back.
 */
#define KPI_MAX_COUNT (INT64CONST(1) << 62)

/* Largest value or state that we build, in bytes. */
#define KPI_MAX_SIZE ((Size) 512 * 1024 * 1024)

/*
 * kpi_flat() -
 *
 *	The value in a Datum, detoasted and aligned.  It may be the argument itself, in
 *	a table's page, and is not to be written to.  XX001 for a value of another type
 *	or of a version that this library does not know.
 */
static inline void *
kpi_flat(Datum datum, const KpiType *type)
{
	KpiHeader  *header = (KpiHeader *) DatumGetPointer(datum);

	if (unlikely(VARATT_IS_EXTENDED(header)))
		header = (KpiHeader *) PG_DETOAST_DATUM(datum);
	/* the size first: a damaged value can end before its version */
	if (unlikely(VARSIZE(header) < type->size ||
				 (uint8) (header->version - type->version) > type->more_versions ||
				 header->kind != type->kind))
		kpi_flat_reject(type, header);
	return header;
}

/*
 * Are we called by an aggregate or window node, whose state we may change?
 * The same question as AggCheckCallContext(), without the function call.
 */
static inline bool
kpi_in_aggregate(FunctionCallInfo fcinfo)
{
	Node	   *context = fcinfo->context;

	return context != NULL &&
		(IsA(context, AggState) || IsA(context, WindowAggState));
}

/*
 * kpi_flat_state() -
 *
 *	The state in argument 0, which is not NULL, to be changed: in place inside an
 *	aggregate, else a copy, since the argument may lie in a table's page.  Errors
 *	are those of kpi_flat().
 */
static inline void *
kpi_flat_state(FunctionCallInfo fcinfo, const KpiType *type)
{
	Datum		datum = fcinfo->args[0].value;
	KpiHeader  *header = (KpiHeader *) kpi_flat(datum, type);

	if (unlikely(!kpi_in_aggregate(fcinfo)) && (Pointer) header == DatumGetPointer(datum))
		return kpi_flat_copy(header);
	return header;
}

/*
 * kpi_common_state() -
 *
 *	kpi_flat_state() of the common case, in a few instructions: inside an aggregate,
 *	a state of the type's least size.  NULL for everything else, which is then to be
 *	done by a function that isn't inlined and asks kpi_flat_state(); called as the
 *	last thing it costs the common case no saving of registers.
 */
static pg_attribute_always_inline void *
kpi_common_state(FunctionCallInfo fcinfo, const KpiType *type)
{
	KpiHeader  *header = (KpiHeader *) DatumGetPointer(fcinfo->args[0].value);
	KpiHeader	least;

	SET_VARSIZE(&least, type->size);
	if (likely(!fcinfo->args[0].isnull && kpi_in_aggregate(fcinfo) &&
			   header->vl_len_ == least.vl_len_ &&
			   header->version == type->version && header->kind == type->kind))
		return header;
	return NULL;
}

/* What a transition function returns for a row that it ignores: the state, if there is one. */
static inline Datum
kpi_unchanged(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

#endif							/* KPI_FLAT_H */
