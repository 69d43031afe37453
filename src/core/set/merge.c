/*
 * merge.c
 *		Adding two sets, in any form: open ones into a state, packed ones into a value.
 */
#include "core/set/amounts.h"
#include "core/set/layout.h"
#include "core/set/pack.h"
#include "core/set/through.h"
#include "core/time/zone.h"

/* 22023 unless two sets agree in everything but their records; both hold something. */
static void
set_check_agreement(const KpiSetType *type, const KpiSet *a, const KpiSet *b)
{
	if (a->key_type != b->key_type)
		kpi_set_differs(type, "customers' type", kpi_key_type_name(a->key_type), kpi_key_type_name(b->key_type));
	if (strcmp(kpi_set_strings(a), kpi_set_strings(b)) != 0)
		kpi_set_differs(type, "time zone", kpi_set_strings(a), kpi_set_strings(b));
	if (a->unit.kind != b->unit.kind || a->unit.offset != b->unit.offset)
		kpi_set_differs(type, "unit", kpi_set_unit_name(a), kpi_set_unit_name(b));
	if (type->through)
	{
		/* where one is of events, the other one's day holds */
		if (kpi_set_has_through(type, a) && kpi_set_has_through(type, b) &&
			strcmp(kpi_set_parameters(a), kpi_set_parameters(b)) != 0)
			kpi_through_differs(type, kpi_set_parameters(a), kpi_set_parameters(b));
		return;
	}
	if (a->strings != b->strings || memcmp(kpi_set_strings(a), kpi_set_strings(b), a->strings) != 0 ||
		(type->class.equal == KPI_RECORDS_KEEP && a->number != b->number))
		kpi_set_strings_differ(type);
}

/* The set, or a fresh one of the same form and records that remembers the day that the other does, if it has none itself. */
static KpiSet *
set_take_through(const KpiSetType *type, KpiSet *set, const KpiSet *other)
{
	KpiSet	   *taken;
	Size		records;

	if (!kpi_set_has_through(type, other) || kpi_set_has_through(type, set))
		return set;
	records = VARSIZE(set) - sizeof(KpiSet) - set->strings;
	if (sizeof(KpiSet) + other->strings + records > KPI_MAX_SIZE)
		kpi_too_large(kpi_shown(&type->type));
	taken = palloc(sizeof(KpiSet) + other->strings + records);
	memcpy(taken, set, sizeof(KpiSet));
	memcpy(kpi_set_strings(taken), kpi_set_strings(other), other->strings);
	taken->strings = other->strings;
	taken->header.version = other->header.version;
	memcpy(kpi_set_records(taken), kpi_set_records(set), records);
	SET_VARSIZE(taken, sizeof(KpiSet) + other->strings + records);
	return taken;
}

/*
 * set_add_open() -
 *
 *	Add an open set's records to a state, which may move, and return it; both agree.
 *	They are appended, to be sorted when the room is full; where both at once are too
 *	many, merged, since what they have in common counts once.  `other` is changed
 *	only where it is a copy of ours.
 */
static KpiSet *
set_add_open(const KpiSetType *type, KpiSet *set, KpiSet *other)
{
	int64		record;
	int64		most;
	int64		n;
	KpiSet	   *merged;

	if (type->class.equal == KPI_RECORDS_ADD && set->number != other->number)
	{
		if (other->number < set->number)
			other = kpi_flat_copy(other);
		kpi_set_rescale(type, set, other->number);
		kpi_set_rescale(type, other, set->number);
	}
	if ((set->header.flags ^ other->header.flags) & KPI_SET_NARROW)
	{
		if (set->header.flags & KPI_SET_NARROW)
			set = kpi_set_widen(type, set);
		else
			other = kpi_set_widen(type, kpi_flat_copy(other));
	}
	record = kpi_open_class(type, set)->words * sizeof(uint64);
	most = kpi_open_most(set->strings, kpi_open_class(type, set)->words);
	if (set->used + other->used <= most)
	{
		set = kpi_set_reserve(type, set, other->used);
		memcpy((char *) kpi_set_records(set) + set->used * record, kpi_set_records(other), other->used * record);
		set->used += other->used;
		return set;
	}
	if (other->sorted < other->used)
		other = kpi_flat_copy(other);
	n = kpi_open_compact(type, set) + kpi_open_compact(type, other);
	merged = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(KpiSet) + set->strings + n * record);
	memcpy(merged, set, sizeof(KpiSet) + set->strings);
	merged->used = merged->sorted =
		kpi_records_merge(kpi_open_class(type, set), kpi_set_records(set), set->used,
						  kpi_set_records(other), other->used, kpi_set_records(merged));
	if (merged->used > most)
		kpi_too_large(kpi_shown(&type->type));
	SET_VARSIZE(merged, sizeof(KpiSet) + set->strings + Min(n, most) * record);
	return merged;
}

/*
 * set_add_packed() -
 *
 *	The sum of two packed sets that agree and hold something, packed: merged customer
 *	by customer, so that only the result's size counts.  22003 where an amount passes
 *	38 digits, 54000 where the result is too large.
 */
static KpiSet *
set_add_packed(const KpiSetType *type, const KpiSet *a, const KpiSet *b)
{
	KpiSetReader reader[2];
	bool		more[2];
	uint64	   *records[3] = {NULL, NULL, NULL};
	int64		room[2] = {0, 0};
	int			words = type->class.words;
	int64		scale = Max(a->number, b->number);
	KpiSetWriter writer;

	kpi_set_reader(&reader[0], type, a);
	kpi_set_reader(&reader[1], type, b);
	more[0] = kpi_set_next(&reader[0]);
	more[1] = kpi_set_next(&reader[1]);
	kpi_set_writer(&writer, type, kpi_set_has_through(type, b) ? b : a);
	writer.set->base = Min(a->base, b->base);
	writer.set->number = scale;
	while (more[0] || more[1])
	{
		bool		takes[2];
		int64		n;

		takes[0] = more[0] && (!more[1] || reader[0].key <= reader[1].key);
		takes[1] = more[1] && (!more[0] || reader[1].key <= reader[0].key);
		for (int i = 0; i < 2; i++)
		{
			if (!takes[i])
				continue;
			if (reader[i].n > room[i])
			{
				if (records[i])
					pfree(records[i]);
				room[i] = reader[i].n * 2;
				records[i] = MemoryContextAllocHuge(CurrentMemoryContext, room[i] * words * sizeof(uint64));
			}
			kpi_set_reader_records(&reader[i], records[i]);
			if (type->class.equal == KPI_RECORDS_ADD)
				kpi_records_rescale(records[i], words, reader[i].n, scale - reader[i].set->number);
		}
		if (takes[0] && takes[1])
		{
			if (records[2])
				pfree(records[2]);
			records[2] = MemoryContextAllocHuge(CurrentMemoryContext, (reader[0].n + reader[1].n) * words * sizeof(uint64));
			n = kpi_records_merge(&type->class, records[0], reader[0].n, records[1], reader[1].n, records[2]);
			kpi_set_write(&writer, reader[0].key, records[2], n);
		}
		else if (takes[0])
			kpi_set_write(&writer, reader[0].key, records[0], reader[0].n);
		else
			kpi_set_write(&writer, reader[1].key, records[1], reader[1].n);
		for (int i = 0; i < 2; i++)
			if (takes[i])
				more[i] = kpi_set_next(&reader[i]);
	}
	return kpi_set_written(&writer);
}

/*
 * kpi_set_add() -
 *
 *	Operator +, combine function and the transition function of rollup(): arguments 0
 *	and 1, in any form.  By hand it is NULL where one of them is, else a fresh packed
 *	value.  In an aggregate NULL counts as nothing, the state in argument 0 is changed
 *	in place or outgrown, and one that was argument 1 alone is copied, so that further
 *	rows may change it.  22023 where the two do not agree, 54000 where the value, or its
 *	text, would be too large.
 */
Datum
kpi_set_add(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	bool		aggregate = kpi_in_aggregate(fcinfo);
	KpiSet	   *set = NULL;
	KpiSet	   *other;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (!aggregate)
	{
		if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
			PG_RETURN_NULL();
		set = kpi_set_get(PG_GETARG_DATUM(0), type);
		other = kpi_set_get(PG_GETARG_DATUM(1), type);
		if (set->key_type == KPI_KEY_NONE)
			PG_RETURN_POINTER(kpi_set_pack(type, other));
		if (other->key_type == KPI_KEY_NONE)
			PG_RETURN_POINTER(kpi_set_pack(type, set));
		set_check_agreement(type, set, other);
		set = set_add_packed(type, set, other);
		kpi_set_check_text(type, set, KPI_MAX_TEXT);
		PG_RETURN_POINTER(set);
	}
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	other = kpi_flat(PG_GETARG_DATUM(1), &type->type);
	if (!PG_ARGISNULL(0))
		set = kpi_flat_state(fcinfo, &type->type);
	if (other->key_type == KPI_KEY_NONE)
		PG_RETURN_POINTER(set == NULL ? other : set);	/* nothing to add */
	if (set != NULL && set->key_type != KPI_KEY_NONE)
		set_check_agreement(type, set, other);
	if (other->header.flags & KPI_SET_PACKED)
		other = kpi_set_unpack(type, other, 0, kpi_may_be_narrow(type, other->key_type));
	else if (set == NULL || set->key_type == KPI_KEY_NONE)
		other = kpi_flat_copy(other);
	if (set == NULL || set->key_type == KPI_KEY_NONE)
		PG_RETURN_POINTER(other);
	if (set->header.flags & KPI_SET_PACKED)
		set = kpi_set_unpack(type, set, 0, kpi_may_be_narrow(type, set->key_type));
	PG_RETURN_POINTER(set_add_open(type, set_take_through(type, set, other), other));
}

/* 22023 where argument 1, a part of the result, was built in another time zone than the session's. */
void
kpi_set_check_part(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	if (!PG_ARGISNULL(1))
	{
		KpiSet	   *part = kpi_flat(PG_GETARG_DATUM(1), &type->type);

		/* the empty set has no strings */
		if (part->key_type != KPI_KEY_NONE)
			kpi_zone_check_session(kpi_shown(&type->type), kpi_set_strings(part));
	}
}

/* Combine function of aggregates over timestamptz: kpi_set_add(), with that error first. */
Datum
kpi_set_combine(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	kpi_set_check_part(fcinfo, type);
	return kpi_set_add(fcinfo, type);
}
