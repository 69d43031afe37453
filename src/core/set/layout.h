/*
 * layout.h
 *		An open set from within, for the files of core/set: what its records are, how
 *		many it may hold, making one.
 */
#ifndef KPI_LAYOUT_H
#define KPI_LAYOUT_H

#include "core/set/set.h"

/* The errors where sets or rows do not agree: 22023. */
extern void kpi_set_differs(const KpiSetType *type, const char *what, const char *before,
							const char *now) pg_attribute_noreturn();
extern void kpi_set_strings_differ(const KpiSetType *type) pg_attribute_noreturn();

extern KpiSet *kpi_set_new(const KpiSetType *type, bool narrow, uint32 strings, int64 capacity);
extern KpiSet *kpi_set_empty(const KpiSetType *type);
extern void kpi_set_copy_head(KpiSet *to, const KpiSet *from);
extern KpiSet *kpi_set_unpack(const KpiSetType *type, const KpiSet *packed, int64 more, bool narrow);

/* A packed set as text (print.c). */
extern int	kpi_set_count_strings(const KpiSetType *type, const KpiSet *set);
extern char *kpi_set_print(const KpiSetType *type, const KpiSet *set);
extern void kpi_set_check_text(const KpiSetType *type, const KpiSet *set, Size limit);

static const KpiRecordsClass kpi_narrow_class = {.words = 1, .sorted_by = 1, .equal = KPI_RECORDS_DISTINCT};

/* What the records of an open set are. */
static inline const KpiRecordsClass *
kpi_open_class(const KpiSetType *type, const KpiSet *set)
{
	return set->header.flags & KPI_SET_NARROW ? &kpi_narrow_class : &type->class;
}

/* May records of such customers be narrow? */
static inline bool
kpi_may_be_narrow(const KpiSetType *type, KpiKeyType key_type)
{
	return key_type == KPI_KEY_BIGINT && type->class.equal == KPI_RECORDS_DISTINCT && type->class.words == 2;
}

/* The key and time of a narrow record. */
static inline uint64
kpi_narrow_key(uint64 record)
{
	return record >> KPI_NARROW_TIME_BITS ^ UINT64CONST(1) << 63;
}

static inline uint64
kpi_narrow_time(const KpiSetType *type, uint64 record)
{
	return (record & ((1 << KPI_NARROW_TIME_BITS) - 1)) + kpi_narrow_time_base(type);
}

/* How many records has an open set room for? */
static inline int64
kpi_open_capacity(const KpiSetType *type, const KpiSet *set)
{
	return ((char *) set + VARSIZE(set) - (char *) kpi_set_records(set)) /
		(kpi_open_class(type, set)->words * sizeof(uint64));
}

/* How many records of so many words may an open set with these strings hold at most? */
static inline int64
kpi_open_most(uint32 strings, int words)
{
	return (KPI_MAX_SIZE - sizeof(KpiSet) - strings) / (words * sizeof(uint64));
}

/* Sort an open set and fold equal records, in place; the number of records that it then has. */
static inline int64
kpi_open_compact(const KpiSetType *type, KpiSet *set)
{
	set->sorted = set->used =
		kpi_records_compact(kpi_open_class(type, set), kpi_set_records(set), set->sorted, set->used);
	return set->used;
}

#endif							/* KPI_LAYOUT_H */
