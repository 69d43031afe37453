/*
 * set.c
 *		Flat sets of what customers did when: building, merging, packing.
 */
#include "core/set.h"

#include "miscadmin.h"
#include "pgtime.h"

#define FIRST_RECORDS 4
#define MOST_BYTES (KPI_VARINT_MAX + KPI_VARINT128_MAX) /* of a packed record */

static void
differs(const KpiSetType *type, const char *what, const char *before, const char *now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of one %s must not differ: \"%s\" and \"%s\"", what, type->type.name, before, now),
			 errhint("Build a summary for each, or convert before building.")));
}

static const char *
zone_name(void)
{
	return pg_get_timezone_name(session_timezone);
}

/* Is the session's zone the set's?  Names are compared by the word: their bytes and the NUL after them. */
static inline bool
same_zone(const KpiSet *set)
{
	static const pg_tz *zone = NULL;
	static uint64 name[(TZ_STRLEN_MAX + 8) / 8];
	static uint32 words;
	static uint64 last_bytes;
	const uint64 *own = (const uint64 *) kpi_set_strings(set);

	if (unlikely(zone != session_timezone))
	{
		int			size = strlen(zone_name()) + 1;

		memset(name, 0, sizeof(name));
		strlcpy((char *) name, zone_name(), sizeof(name));
		words = (size - 1) / 8;
		last_bytes = 0;
		memset(&last_bytes, 0xff, (size - 1) % 8 + 1);
		zone = session_timezone;
	}
	if (unlikely(set->strings <= words * 8))
		return false;
	for (uint32 i = 0; i < words; i++)
		if (own[i] != name[i])
			return false;
	return ((own[words] ^ name[words]) & last_bytes) == 0;
}

/* What the strings after the zone are, for a message. */
static const char *
strings_name(const KpiSetType *type)
{
	return type->parameters ? type->parameters : type->class.equal == KPI_RECORDS_KEEP ? "steps" : "ranges";
}

/* Is the row's unit the set's? */
static inline bool
same_unit(const KpiSet *set, const text *name)
{
	int			length = VARSIZE_ANY_EXHDR(name);
	KpiUnit		unit;

	if (likely(length < KPI_UNIT_NAME_LENGTH && set->unit_name[length] == '\0' &&
			   memcmp(set->unit_name, VARDATA_ANY(name), length) == 0 && length > 0))
		return true;
	unit = kpi_unit_from_text(name);
	return unit.kind == set->unit.kind && unit.offset == set->unit.offset;
}

static const KpiRecordsClass narrow_class = {1, 1, KPI_RECORDS_DISTINCT};

/* What the records of an open set are. */
static inline const KpiRecordsClass *
class_of(const KpiSetType *type, const KpiSet *set)
{
	return set->header.flags & KPI_SET_NARROW ? &narrow_class : &type->class;
}

static inline bool
may_be_narrow(const KpiSetType *type, KpiKeyType key_type)
{
	return key_type == KPI_KEY_BIGINT && type->class.equal == KPI_RECORDS_DISTINCT && type->class.words == 2;
}

/* The key and time of a narrow record. */
static inline uint64
narrow_key(uint64 record)
{
	return record >> KPI_NARROW_TIME_BITS ^ UINT64CONST(1) << 63;
}

static inline uint64
narrow_time(const KpiSetType *type, uint64 record)
{
	return (record & ((1 << KPI_NARROW_TIME_BITS) - 1)) + kpi_narrow_time_base(type);
}

static KpiSet *
new_set(const KpiSetType *type, bool narrow, uint32 strings, int64 capacity)
{
	KpiSet	   *set = kpi_flat_new(&type->type, sizeof(KpiSet) + strings +
								   capacity * (narrow ? 1 : type->class.words) * sizeof(uint64));

	if (narrow)
		set->header.flags = KPI_SET_NARROW;
	return set;
}

static inline int64
capacity_of(const KpiSetType *type, const KpiSet *set)
{
	return ((char *) set + VARSIZE(set) - (char *) kpi_set_records(set)) /
		(class_of(type, set)->words * sizeof(uint64));
}

static KpiSet *
first_state(const KpiSetType *type, KpiKeyType key_type, bool zoned, const text *unit,
			const char *steps, int steps_length)
{
	const char *zone = zoned ? zone_name() : "";
	int			zone_length = strlen(zone) + 1;
	KpiSet	   *set = new_set(type, may_be_narrow(type, key_type), MAXALIGN(zone_length + steps_length), FIRST_RECORDS);

	set->key_type = key_type;
	set->zoned = zoned;
	set->strings = MAXALIGN(zone_length + steps_length);
	memcpy(kpi_set_strings(set), zone, zone_length);
	if (steps_length > 0)
		memcpy(kpi_set_strings(set) + zone_length, steps, steps_length);
	if (unit)
	{
		set->unit = kpi_unit_from_text(unit);
		kpi_unit_name(set->unit, set->unit_name);
	}
	return set;
}

/* How many records may an open set of this layout hold? */
static inline int64
most_records(const KpiSetType *type, const KpiSet *set)
{
	return (KPI_MAX_SIZE - sizeof(KpiSet) - set->strings) / (class_of(type, set)->words * sizeof(uint64));
}

static inline int64
compact(const KpiSetType *type, KpiSet *set)
{
	set->sorted = set->used = kpi_records_compact(class_of(type, set), kpi_set_records(set), set->sorted, set->used);
	return set->used;
}

/* Everything of a set's head but what its form makes of it. */
static void
copy_head(KpiSet *to, const KpiSet *from)
{
	memcpy((char *) to + sizeof(KpiHeader), (const char *) from + sizeof(KpiHeader),
		   sizeof(KpiSet) - sizeof(KpiHeader) + from->strings);
}

KpiSet *
kpi_set_widen(const KpiSetType *type, KpiSet *set)
{
	KpiSet	   *wide;
	uint64	   *to;
	const uint64 *from = kpi_set_records(set);
	int64		capacity = capacity_of(type, set);
	int64		most = (KPI_MAX_SIZE - sizeof(KpiSet) - set->strings) / (type->class.words * sizeof(uint64));

	if (capacity > most)
		capacity = most;
	if (set->used > capacity && compact(type, set) > capacity)
		kpi_too_large(type->type.name);
	wide = new_set(type, false, set->strings, capacity);
	copy_head(wide, set);
	to = kpi_set_records(wide);
	for (int64 i = 0; i < set->used; i++, to += 2)
	{
		to[0] = narrow_key(from[i]);
		to[1] = narrow_time(type, from[i]);
	}
	return wide;
}

/* The records of the customer that was read. */
static inline void
reader_records(const KpiSetReader *reader, uint64 *at)
{
	const KpiRecordsClass *class = &reader->type->class;

	for (int64 i = 0; i < reader->n; i++, at += class->words)
	{
		at[0] = reader->key;
		at[1] = reader->time[i];
		if (class->equal == KPI_RECORDS_ADD)
			memcpy(at + 2, &reader->amount[i], sizeof(__int128));
		else if (class->equal == KPI_RECORDS_KEEP)
			at[2] = reader->steps[i];
	}
}

/* An open set of the same records, with room for more; narrow where asked and possible. */
static KpiSet *
unpack(const KpiSetType *type, const KpiSet *packed, int64 more, bool narrow)
{
	KpiSet	   *set = new_set(type, narrow, packed->strings, packed->used + more);
	KpiSetReader reader;
	uint64	   *at;

	copy_head(set, packed);
	set->base = 0;
	set->sorted = set->used = packed->used;
	at = kpi_set_records(set);
	kpi_set_reader(&reader, type, packed);
	while (kpi_set_next(&reader))
	{
		for (int64 i = 0; narrow && i < reader.n; i++, at++)
		{
			if (likely(kpi_set_narrow(type, reader.key, reader.time[i], at)))
				continue;
			pfree(set);
			return unpack(type, packed, more, false);
		}
		if (!narrow)
		{
			reader_records(&reader, at);
			at += reader.n * type->class.words;
		}
	}
	return set;
}

KpiSet *
kpi_set_state(FunctionCallInfo fcinfo, const KpiSetType *type, KpiKeyType key_type,
			  bool zoned, const text *unit, const char *steps, int steps_length)
{
	KpiSet	   *set;

	if (PG_ARGISNULL(0))
		return first_state(type, key_type, zoned, unit, steps, steps_length);
	set = kpi_flat_state(fcinfo, &type->type);
	if (unlikely(set->header.flags & KPI_SET_PACKED))
	{
		if (set->key_type == KPI_KEY_NONE)
			return first_state(type, key_type, zoned, unit, steps, steps_length);
		set = unpack(type, set, FIRST_RECORDS, may_be_narrow(type, key_type));
	}
	if (unlikely(set->key_type != key_type))
		differs(type, "customers' type", kpi_key_type_name(set->key_type), kpi_key_type_name(key_type));
	if (zoned ? unlikely(!same_zone(set)) : unlikely(*kpi_set_strings(set) != '\0'))
		differs(type, "time zone", kpi_set_strings(set), zoned ? zone_name() : "");
	if (unit && unlikely(!same_unit(set, unit)))
		differs(type, "unit", set->unit_name, pnstrdup(VARDATA_ANY(unit), VARSIZE_ANY_EXHDR(unit)));
	if (steps_length > 0)
	{
		const char *own = kpi_set_strings(set) + strlen(kpi_set_strings(set)) + 1;

		if (unlikely(own + steps_length > (char *) kpi_set_records(set) || memcmp(own, steps, steps_length) != 0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s of one %s must not differ",
							strings_name(type), type->type.name),
					 errhint("Give the same in every row.")));
	}
	return set;
}

KpiSet *
kpi_set_reserve(const KpiSetType *type, KpiSet *set, int64 n)
{
	int64		capacity = capacity_of(type, set);
	const KpiRecordsClass *class = class_of(type, set);
	int64		record = class->words * sizeof(uint64);
	int64		most = most_records(type, set);
	int64		wanted;
	uint64	   *tail;
	bool		in_order;
	KpiSet	   *larger;

	if (set->used + n <= capacity)
		return set;
	tail = kpi_set_records(set) + set->sorted * class->words;
	set->used = set->sorted + kpi_records_sort(class, tail, set->used - set->sorted);
	in_order = set->used == set->sorted ||
		kpi_records_follow(class, kpi_set_records(set), set->sorted, tail);
	if (in_order)
		set->sorted = set->used;
	if (in_order && set->used + n <= capacity && set->used <= capacity / 2)
		return set;
	wanted = Min(Max(capacity * 2, set->used + n), most);
	if (wanted <= capacity)
	{
		/* no more room to merge into; and no sorting again for every few rows */
		compact(type, set);
		if (set->used + Max(n, most / 16) > most)
			kpi_too_large(type->type.name);
		return set;
	}

	/* merge into the larger one: what is not written to there costs nothing yet */
	larger = (KpiSet *) palloc(sizeof(KpiSet) + set->strings + wanted * record);
	memcpy(larger, set, sizeof(KpiSet) + set->strings);
	SET_VARSIZE(larger, sizeof(KpiSet) + set->strings + wanted * record);
	if (in_order)
		memcpy(kpi_set_records(larger), kpi_set_records(set), set->used * record);
	else
		larger->used = kpi_records_merge(class, kpi_set_records(set), set->sorted,
										 tail, set->used - set->sorted, kpi_set_records(larger));
	larger->sorted = larger->used;
	if (larger->used + n > most)
		kpi_too_large(type->type.name);
	if (larger->used + n <= capacity && larger->used <= capacity / 2)
	{
		/* many were equal: the old one will do */
		set->sorted = set->used = larger->used;
		memcpy(kpi_set_records(set), kpi_set_records(larger), larger->used * record);
		pfree(larger);
		return set;
	}
	return larger;
}

/* Both sets hold something: do they agree? */
static void
check_agreement(const KpiSetType *type, const KpiSet *a, const KpiSet *b)
{
	if (a->key_type != b->key_type)
		differs(type, "customers' type", kpi_key_type_name(a->key_type), kpi_key_type_name(b->key_type));
	if (strcmp(kpi_set_strings(a), kpi_set_strings(b)) != 0)
		differs(type, "time zone", kpi_set_strings(a), kpi_set_strings(b));
	if (strcmp(a->unit_name, b->unit_name) != 0)
		differs(type, "unit", a->unit_name, b->unit_name);
	if (a->strings != b->strings || memcmp(kpi_set_strings(a), kpi_set_strings(b), a->strings) != 0 ||
		(type->class.equal == KPI_RECORDS_KEEP && a->number != b->number))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of one %s must not differ",
						strings_name(type), type->type.name),
				 errhint("Give the same in every row.")));
}

/* Amounts with more digits after the point. */
static void
rescale_records(uint64 *records, int words, int64 n, int64 digits)
{
	__int128	factor = 1;

	if (digits <= 0)
		return;
	while (digits-- > 0)
		factor *= 10;
	for (int64 i = 0; i < n; i++, records += words)
	{
		__int128	amount;

		memcpy(&amount, records + 2, sizeof(amount));
		if (__builtin_mul_overflow(amount, factor, &amount))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("amount of one customer and period is out of range"),
					 errdetail("A sum has at most 38 digits, with those after the point.")));
		memcpy(records + 2, &amount, sizeof(amount));
	}
}

void
kpi_set_rescale(const KpiSetType *type, KpiSet *set, int64 scale)
{
	rescale_records(kpi_set_records(set), type->class.words, set->used, scale - set->number);
	set->number = Max(set->number, scale);
}

/* An open set that is not changed, as one that may be. */
static KpiSet *
own_copy(const KpiSet *set)
{
	KpiSet	   *copy = palloc(VARSIZE(set));

	memcpy(copy, set, VARSIZE(set));
	return copy;
}

/*
 * Add an open set's records to a state, which may move.  Appended, to be sorted when
 * the room is full; where both at once are too many, merged, since what they have in
 * common counts once.
 */
static KpiSet *
add_open(const KpiSetType *type, KpiSet *set, KpiSet *other)
{
	int64		record;
	int64		most;
	int64		n;
	KpiSet	   *merged;

	if (type->class.equal == KPI_RECORDS_ADD && set->number != other->number)
	{
		if (other->number < set->number)
			other = own_copy(other);
		kpi_set_rescale(type, set, other->number);
		kpi_set_rescale(type, other, set->number);
	}
	if ((set->header.flags ^ other->header.flags) & KPI_SET_NARROW)
	{
		if (set->header.flags & KPI_SET_NARROW)
			set = kpi_set_widen(type, set);
		else
			other = kpi_set_widen(type, own_copy(other));
	}
	record = class_of(type, set)->words * sizeof(uint64);
	most = most_records(type, set);
	if (set->used + other->used <= most)
	{
		set = kpi_set_reserve(type, set, other->used);
		memcpy((char *) kpi_set_records(set) + set->used * record, kpi_set_records(other), other->used * record);
		set->used += other->used;
		return set;
	}
	if (other->sorted < other->used)
		other = own_copy(other);
	n = compact(type, set) + compact(type, other);
	merged = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(KpiSet) + set->strings + n * record);
	memcpy(merged, set, sizeof(KpiSet) + set->strings);
	merged->used = merged->sorted =
		kpi_records_merge(class_of(type, set), kpi_set_records(set), set->used,
						  kpi_set_records(other), other->used, kpi_set_records(merged));
	if (merged->used > most)
		kpi_too_large(type->type.name);
	SET_VARSIZE(merged, sizeof(KpiSet) + set->strings + Min(n, most) * record);
	return merged;
}

/* Both packed, neither empty: merged customer by customer, so that only the result's size counts. */
static KpiSet *
add_packed(const KpiSetType *type, const KpiSet *a, const KpiSet *b)
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
	kpi_set_writer(&writer, type, a);
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
			reader_records(&reader[i], records[i]);
			if (type->class.equal == KPI_RECORDS_ADD)
				rescale_records(records[i], words, reader[i].n, scale - reader[i].set->number);
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
		check_agreement(type, set, other);
		PG_RETURN_POINTER(add_packed(type, set, other));
	}
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	other = kpi_flat(PG_GETARG_DATUM(1), &type->type);
	if (!PG_ARGISNULL(0))
		set = kpi_flat_state(fcinfo, &type->type);
	if (other->key_type == KPI_KEY_NONE)
		PG_RETURN_POINTER(set == NULL ? other : set);	/* nothing to add */
	if (set != NULL && set->key_type != KPI_KEY_NONE)
		check_agreement(type, set, other);
	if (other->header.flags & KPI_SET_PACKED)
		other = unpack(type, other, 0, may_be_narrow(type, other->key_type));
	else if (set == NULL || set->key_type == KPI_KEY_NONE)
		other = own_copy(other);
	if (set == NULL || set->key_type == KPI_KEY_NONE)
		PG_RETURN_POINTER(other);
	if (set->header.flags & KPI_SET_PACKED)
		set = unpack(type, set, 0, may_be_narrow(type, set->key_type));
	PG_RETURN_POINTER(add_open(type, set, other));
}

Datum
kpi_set_combine(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	if (!PG_ARGISNULL(1))
	{
		KpiSet	   *part = kpi_flat(PG_GETARG_DATUM(1), &type->type);

		/* the empty set has no strings */
		if (part->key_type != KPI_KEY_NONE)
			kpi_check_session_zone(type->type.name, kpi_set_strings(part));
	}
	return kpi_set_add(fcinfo, type);
}

/*
 * Packing.
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
	writer->set->header.version = type->type.version;
	writer->set->header.kind = type->type.kind;
	writer->set->sorted = writer->set->used = 0;
	writer->set->base = 0;
	writer->last_key = 0;
}

/* Where the next size bytes go. */
static inline uint8 *
writer_room(KpiSetWriter *writer, Size size)
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

static inline void
writer_done(KpiSetWriter *writer, uint8 *at)
{
	writer->length = at - (uint8 *) writer->set;
	if (unlikely(writer->length > KPI_MAX_SIZE))
		kpi_too_large(writer->type->type.name);
}

/* Begin the next customer, of n records, with room for them at size bytes each; set->base stands when the first is written. */
static inline uint8 *
writer_customer(KpiSetWriter *writer, uint64 key, int64 n, Size size)
{
	uint8	   *at = writer_room(writer, 2 * KPI_VARINT_MAX + n * size);

	at = kpi_varint_write(at, writer->set->sorted == 0 ? key : key - writer->last_key - 1);
	at = kpi_varint_write(at, n - 1);
	writer->last_key = key;
	writer->set->sorted++;
	writer->set->used += n;
	return at;
}

void
kpi_set_write_customer(KpiSetWriter *writer, uint64 key, int64 n)
{
	writer_done(writer, writer_customer(writer, key, n, 0));
}

/* One record, for which there is room. */
static inline uint8 *
write_record(uint8 *at, KpiRecordsEqual equal, uint64 distance, const uint64 *payload)
{
	at = kpi_varint_write(at, distance);
	if (equal == KPI_RECORDS_ADD)
	{
		__int128	amount;

		memcpy(&amount, payload, sizeof(amount));
		at = kpi_varint128_write(at, kpi_zigzag(amount));
	}
	else if (equal == KPI_RECORDS_KEEP)
		at = kpi_varint_write(at, *payload);
	return at;
}

void
kpi_set_write_record(KpiSetWriter *writer, uint64 distance, const uint64 *payload)
{
	writer_done(writer, write_record(writer_room(writer, MOST_BYTES), writer->type->class.equal, distance, payload));
}

/* The records of one customer, in order. */
void
kpi_set_write(KpiSetWriter *writer, uint64 key, const uint64 *records, int64 n)
{
	const KpiSetType *type = writer->type;
	int			words = type->class.words;
	uint64		gap = type->class.equal == KPI_RECORDS_KEEP ? 0 : 1;
	uint64		last = writer->set->base;
	int64		part = Min(n, 1024);
	uint8	   *at = writer_customer(writer, key, n, 0);

	/* room for a part of them at a time: most take far less than the most */
	for (int64 i = 0; i < n; part = Min(n - i, 1024))
	{
		writer_done(writer, at);
		at = writer_room(writer, part * MOST_BYTES);
		if (unlikely((i & 0xfffff) == 0xffc00))
			CHECK_FOR_INTERRUPTS();
		for (int64 end = i + part; i < end; i++, records += words)
		{
			at = write_record(at, type->class.equal, records[1] - last - (i == 0 ? 0 : gap), records + 2);
			last = records[1];
		}
	}
	writer_done(writer, at);
}

KpiSet *
kpi_set_written(KpiSetWriter *writer)
{
	/* without a customer it is the empty set */
	if (writer->set->sorted == 0)
	{
		KpiSet	   *empty = kpi_flat_new(&writer->type->type, sizeof(KpiSet));

		empty->header.flags = KPI_SET_PACKED;
		return empty;
	}
	SET_VARSIZE(writer->set, writer->length);
	return (KpiSet *) repalloc_huge(writer->set, writer->length);
}

/* kpi_set_pack() of a narrow set. */
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
		/* the state itself is not touched */
		int64		n = set->used - set->sorted;
		uint64	   *tail = (uint64 *) MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(uint64));

		memcpy(tail, records + set->sorted, n * sizeof(uint64));
		n = kpi_records_sort(&narrow_class, tail, n);
		own = tail;
		if (set->sorted > 0)
		{
			own = (uint64 *) MemoryContextAllocHuge(CurrentMemoryContext, (set->sorted + n) * sizeof(uint64));
			n = kpi_records_merge(&narrow_class, records, set->sorted, tail, n, own);
			pfree(tail);
		}
		records = own;
		end = own + n;
	}
	for (const uint64 *at = records; at < end; at++)
		least = Min(least, *at & ((1 << KPI_NARROW_TIME_BITS) - 1));
	kpi_set_writer(&writer, type, set);
	writer.set->base = narrow_time(type, least);
	while (records < end)
	{
		uint64		key = *records >> KPI_NARROW_TIME_BITS;
		int64		n = 1;
		uint8	   *at;

		while (records + n < end && records[n] >> KPI_NARROW_TIME_BITS == key)
			n++;
		at = writer_customer(&writer, narrow_key(*records), n, KPI_VARINT_MAX);
		at = kpi_varint_write(at, narrow_time(type, *records++) - writer.set->base);
		for (int64 i = 1; i < n; i++, records++)
			at = kpi_varint_write(at, records[0] - records[-1] - 1);
		writer_done(&writer, at);
		if ((writer.set->sorted & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	if (own)
		pfree(own);
	return kpi_set_written(&writer);
}

KpiSet *
kpi_set_pack(const KpiSetType *type, const KpiSet *set)
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
	{
		KpiSet	   *empty = kpi_flat_new(&type->type, sizeof(KpiSet));

		empty->header.flags = KPI_SET_PACKED;
		return empty;
	}
	if (set->header.flags & KPI_SET_PACKED)
	{
		KpiSet	   *copy = palloc(VARSIZE(set));

		memcpy(copy, set, VARSIZE(set));
		return copy;
	}
	if (set->header.flags & KPI_SET_NARROW)
		return pack_narrow(type, set);

	/* the state itself is not touched */
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

Datum
kpi_set_result_by_hand(const KpiSetType *type, const KpiSet *set)
{
	PG_RETURN_POINTER(kpi_set_pack(type, set));
}

KpiSet *
kpi_set_get(Datum datum, const KpiSetType *type)
{
	KpiSet	   *set = kpi_flat(datum, &type->type);

	return set->header.flags & KPI_SET_PACKED ? set : kpi_set_pack(type, set);
}

KpiSet *
kpi_set_forget(const KpiSetType *type, const KpiSet *set, KpiKeyType key_type, uint64 key)
{
	KpiSetReader reader;
	KpiSetWriter writer;
	uint64	   *records = NULL;
	uint64		base = PG_UINT64_MAX;
	int64		most = 0;

	if (set->key_type == KPI_KEY_NONE)
		return kpi_set_pack(type, set);
	if (set->key_type != key_type)
		differs(type, "customers' type", kpi_key_type_name(set->key_type), kpi_key_type_name(key_type));

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
			reader_records(&reader, records);
			kpi_set_write(&writer, reader.key, records, reader.n);
		}
	return kpi_set_written(&writer);
}
