/*
 * pack.c
 *		The packed form of a set: writing it, and making it of a state.
 */
#include "core/set/pack.h"

#include "core/set/layout.h"

#include "miscadmin.h"

#define PACK_MOST_BYTES (KPI_VARINT_MAX + KPI_VARINT128_MAX) /* of a packed record */
#define PACK_PART 1024			/* records that room is made for at once */

/*
 * kpi_set_writer() -
 *
 *	Begin to write a packed set with the head of another one, open or packed, but
 *	without its customers.  The caller sets writer->set->base, the least time of all,
 *	before the first customer, and number where it is not that of the head.
 */
void
kpi_set_writer(KpiSetWriter *writer, const KpiSetType *type, const KpiSet *head)
{
	writer->type = type;
	writer->length = sizeof(KpiSet) + head->strings;
	writer->room = writer->length + 64;
	writer->set = palloc0(writer->room);
	memcpy(writer->set, head, writer->length);
	writer->set->header.flags = KPI_SET_PACKED;
	writer->set->header.kind = type->type.kind;
	writer->set->sorted = writer->set->used = 0;
	writer->set->base = 0;
	writer->last_key = 0;
}

/* Where the next size bytes go; what was written may move. */
static inline uint8 *
pack_room(KpiSetWriter *writer, Size size)
{
	Size		need = writer->length + size;

	if (unlikely(need > writer->room))
	{
		/* what is too large is found before it has twice the size */
		writer->room = Max(need, Min(writer->room * 2, KPI_MAX_SIZE));
		writer->set = (KpiSet *) repalloc_huge(writer->set, writer->room);
	}
	return (uint8 *) writer->set + writer->length;
}

/* All up to here is written; 54000 beyond 512 MB. */
static inline void
pack_done(KpiSetWriter *writer, uint8 *at)
{
	writer->length = at - (uint8 *) writer->set;
	if (unlikely(writer->length > KPI_MAX_SIZE))
		kpi_too_large(kpi_shown(&writer->type->type));
}

/* Begin the next customer, of n records, with room for them at size bytes each; where the first of them goes. */
static inline uint8 *
pack_customer(KpiSetWriter *writer, uint64 key, int64 n, Size size)
{
	uint8	   *at = pack_room(writer, 2 * KPI_VARINT_MAX + n * size);

	at = kpi_varint_write(at, writer->set->sorted == 0 ? key : key - writer->last_key - 1);
	at = kpi_varint_write(at, n - 1);
	writer->last_key = key;
	writer->set->sorted++;
	writer->set->used += n;
	return at;
}

/* Begin the next customer, of a key above the last one's, of n records that kpi_set_write_record() is to write. */
void
kpi_set_write_customer(KpiSetWriter *writer, uint64 key, int64 n)
{
	pack_done(writer, pack_customer(writer, key, n, 0));
}

/* One record, for which there is room; the byte after it. */
static inline uint8 *
pack_record(uint8 *at, KpiRecordsEqual equal, uint64 distance, const uint64 *payload)
{
	at = kpi_varint_write(at, distance);
	if (equal == KPI_RECORDS_ADD)
	{
		KpiInt128	amount;

		memcpy(&amount, payload, sizeof(amount));
		at = kpi_varint128_write(at, kpi_zigzag(amount));
	}
	else if (equal == KPI_RECORDS_KEEP)
		at = kpi_varint_write(at, *payload);
	return at;
}

/*
 * kpi_set_write_record() -
 *
 *	One record of the customer begun last.  distance is what stands in the packed form
 *	for its time, payload what follows the time in an open record, if anything does.
 */
void
kpi_set_write_record(KpiSetWriter *writer, uint64 distance, const uint64 *payload)
{
	pack_done(writer, pack_record(pack_room(writer, PACK_MOST_BYTES), writer->type->class.equal, distance, payload));
}

/* The next customer, of a key above the last one's, with its n open records in order. */
void
kpi_set_write(KpiSetWriter *writer, uint64 key, const uint64 *records, int64 n)
{
	const KpiSetType *type = writer->type;
	int			words = type->class.words;
	uint64		gap = type->class.equal == KPI_RECORDS_KEEP ? 0 : 1;
	uint64		last = writer->set->base;
	int64		part = Min(n, PACK_PART);
	uint8	   *at = pack_customer(writer, key, n, 0);

	/* room for a part of them at a time: most take far less than the most */
	for (int64 i = 0; i < n; part = Min(n - i, PACK_PART))
	{
		pack_done(writer, at);
		at = pack_room(writer, part * PACK_MOST_BYTES);
		if (unlikely((i & 0xfffff) == 0xffc00))
			CHECK_FOR_INTERRUPTS();
		for (int64 end = i + part; i < end; i++, records += words)
		{
			at = pack_record(at, type->class.equal, records[1] - last - (i == 0 ? 0 : gap), records + 2);
			last = records[1];
		}
	}
	pack_done(writer, at);
}

/* The value, in a chunk of its size; without a customer it is the empty set. */
KpiSet *
kpi_set_written(KpiSetWriter *writer)
{
	if (writer->set->sorted == 0)
		return kpi_set_empty(writer->type);
	SET_VARSIZE(writer->set, writer->length);
	return (KpiSet *) repalloc_huge(writer->set, writer->length);
}

/*
 * pack_narrow() -
 *
 *	As pack_set(), of a set whose records are one word each.  The set is not changed:
 *	its unsorted tail is sorted in a copy.  The packed set lies in the current memory
 *	context; what else is allocated is freed.
 */
static KpiSet *
pack_narrow(const KpiSetType *type, const KpiSet *set)
{
	KpiSetWriter writer;
	const uint64 *records = kpi_set_records(set);
	const uint64 *end = records + set->used;
	uint64	   *own = NULL;
	uint64		least = PG_UINT64_MAX;

	if (set->sorted < set->used)
	{
		int64		n = set->used - set->sorted;
		uint64	   *tail = (uint64 *) MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(uint64));

		memcpy(tail, records + set->sorted, n * sizeof(uint64));
		n = kpi_records_sort(&kpi_narrow_class, tail, n);
		own = tail;
		if (set->sorted > 0)
		{
			own = (uint64 *) MemoryContextAllocHuge(CurrentMemoryContext, (set->sorted + n) * sizeof(uint64));
			n = kpi_records_merge(&kpi_narrow_class, records, set->sorted, tail, n, own);
			pfree(tail);
		}
		records = own;
		end = own + n;
	}
	for (const uint64 *at = records; at < end; at++)
		least = Min(least, *at & ((1 << KPI_NARROW_TIME_BITS) - 1));
	kpi_set_writer(&writer, type, set);
	writer.set->base = kpi_narrow_time(type, least);
	while (records < end)
	{
		uint64		key = *records >> KPI_NARROW_TIME_BITS;
		int64		n = 1;
		uint8	   *at;

		while (records + n < end && records[n] >> KPI_NARROW_TIME_BITS == key)
			n++;
		at = pack_customer(&writer, kpi_narrow_key(*records), n, KPI_VARINT_MAX);
		at = kpi_varint_write(at, kpi_narrow_time(type, *records++) - writer.set->base);
		for (int64 i = 1; i < n; i++, records++)
			at = kpi_varint_write(at, records[0] - records[-1] - 1);
		pack_done(&writer, at);
		if ((writer.set->sorted & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	if (own)
		pfree(own);
	return kpi_set_written(&writer);
}

/*
 * pack_set() -
 *
 *	kpi_set_pack() of a set whose text may be of any length: a set of its own, in the
 *	current memory context.  54000 beyond 512 MB.
 */
static KpiSet *
pack_set(const KpiSetType *type, const KpiSet *set)
{
	KpiSetWriter writer;
	const uint64 *records;
	const uint64 *end;
	const uint64 *tail;
	const uint64 *tail_end;
	uint64	   *sorted_tail = NULL;
	uint64	   *merged = NULL;
	int64		room = 0;
	uint64		base = PG_UINT64_MAX;
	int			words = type->class.words;

	if (set == NULL || set->key_type == KPI_KEY_NONE)
		return kpi_set_empty(type);
	if (set->header.flags & KPI_SET_PACKED)
		return kpi_flat_copy(set);
	if (set->header.flags & KPI_SET_NARROW)
		return pack_narrow(type, set);

	records = kpi_set_records(set);
	end = records + set->sorted * words;
	tail_end = tail = NULL;
	if (set->sorted < set->used)
	{
		Size		size = (set->used - set->sorted) * words * sizeof(uint64);

		sorted_tail = (uint64 *) MemoryContextAllocHuge(CurrentMemoryContext, size);
		memcpy(sorted_tail, end, size);
		tail = sorted_tail;
		tail_end = tail + kpi_records_sort(&type->class, sorted_tail, set->used - set->sorted) * words;
	}
	kpi_set_writer(&writer, type, set);
	for (int64 i = 1; i < set->used * words; i += words)
		base = Min(base, kpi_set_records(set)[i]);
	writer.set->base = base;
	while (records < end || tail < tail_end)
	{
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) without a tail, records < end */
		uint64		key = records < end && (tail >= tail_end || records[0] <= tail[0]) ? records[0] : tail[0];
		const uint64 *mine = records;
		const uint64 *others = tail;
		int64		n;

		while (records < end && records[0] == key)
			records += words;
		while (tail < tail_end && tail[0] == key)
			tail += words;
		if (others == tail)
			kpi_set_write(&writer, key, mine, (records - mine) / words);
		else if (mine == records)
			kpi_set_write(&writer, key, others, (tail - others) / words);
		else
		{
			n = (records - mine + tail - others) / words;
			if (n > room)
			{
				if (merged)
					pfree(merged);
				room = n * 2;
				merged = (uint64 *) MemoryContextAllocHuge(CurrentMemoryContext, room * words * sizeof(uint64));
			}
			n = kpi_records_merge(&type->class, mine, (records - mine) / words, others, (tail - others) / words, merged);
			kpi_set_write(&writer, key, merged, n);
		}
		if ((writer.set->sorted & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	if (sorted_tail)
		pfree(sorted_tail);
	if (merged)
		pfree(merged);
	return kpi_set_written(&writer);
}

/*
 * kpi_set_pack() -
 *
 *	A fresh packed copy of a set in any form, for a result; of NULL, or of one without
 *	records, the empty set.  The set itself is not changed: a tail that is not sorted is
 *	copied to be.  22003 where an amount passes 38 digits, 54000 beyond 512 MB, or where
 *	its text would be too long.
 */
KpiSet *
kpi_set_pack(const KpiSetType *type, const KpiSet *set)
{
	KpiSet	   *packed = pack_set(type, set);

	kpi_set_check_text(type, packed, KPI_MAX_TEXT);
	return packed;
}

/* What a transition function returns that is not called by an aggregate: the value in its stored form. */
Datum
kpi_set_result_by_hand(const KpiSetType *type, const KpiSet *set)
{
	PG_RETURN_POINTER(kpi_set_pack(type, set));
}

/* The set in a Datum in packed form, to read it: a fresh one of a state, else perhaps the argument, which is not to be changed. */
KpiSet *
kpi_set_get(Datum datum, const KpiSetType *type)
{
	KpiSet	   *set = kpi_flat(datum, &type->type);

	return set->header.flags & KPI_SET_PACKED ? set : pack_set(type, set);
}

/* The final function of a summary: a fresh packed copy of the state in argument 0, the empty one for NULL. */
Datum
kpi_set_final(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	PG_RETURN_POINTER(kpi_set_pack(type, PG_ARGISNULL(0) ? NULL : kpi_flat(PG_GETARG_DATUM(0), &type->type)));
}

/*
 * kpi_set_forget() -
 *
 *	forget(s, customer): a fresh copy of the set in argument 0 without the customer
 *	in argument 1, neither of them NULL.  22023 for another type of customer.
 */
Datum
kpi_set_forget(FunctionCallInfo fcinfo, const KpiSetType *type, KpiKeyType key_type)
{
	const KpiSet *set = kpi_set_get(PG_GETARG_DATUM(0), type);
	uint64		key = kpi_key(PG_GETARG_DATUM(1), key_type);
	KpiSetReader reader;
	KpiSetWriter writer;
	uint64	   *records = NULL;
	uint64		base = PG_UINT64_MAX;
	int64		most = 0;

	if (set->key_type == KPI_KEY_NONE)
		PG_RETURN_POINTER(kpi_set_pack(type, set));
	if (set->key_type != key_type)
		kpi_set_differs(type, "customers' type", kpi_key_type_name(set->key_type), kpi_key_type_name(key_type));

	/* the least time may be the customer's */
	kpi_set_reader(&reader, type, set);
	while (kpi_set_next(&reader))
		if (reader.key != key)
		{
			base = Min(base, reader.time[0]);
			most = Max(most, reader.n);
		}
	kpi_set_writer(&writer, type, set);
	writer.set->base = base;
	if (most > 0)
		records = MemoryContextAllocHuge(CurrentMemoryContext, most * type->class.words * sizeof(uint64));
	kpi_set_reader(&reader, type, set);
	while (kpi_set_next(&reader))
		if (reader.key != key)
		{
			Assert(records != NULL);
			kpi_set_reader_records(&reader, records);
			kpi_set_write(&writer, reader.key, records, reader.n);
		}
	PG_RETURN_POINTER(kpi_set_written(&writer));
}
