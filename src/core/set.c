/*
 * set.c
 *		Flat sets of what customers did when: building, merging, packing, reading.
 */
#include "core/set.h"

#include "miscadmin.h"
#include "pgtime.h"

#define FIRST_RECORDS 4

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

static KpiSet *
new_set(const KpiSetType *type, uint32 strings, int64 capacity)
{
	return kpi_flat_new(&type->type, sizeof(KpiSet) + strings +
						capacity * type->class.words * sizeof(uint64));
}

static inline int64
capacity_of(const KpiSetType *type, const KpiSet *set)
{
	return ((char *) set + VARSIZE(set) - (char *) kpi_set_records(set)) /
		(type->class.words * sizeof(uint64));
}

static KpiSet *
first_state(const KpiSetType *type, KpiKeyType key_type, bool zoned, const text *unit,
			const char *steps, int steps_length)
{
	const char *zone = zoned ? zone_name() : "";
	int			zone_length = strlen(zone) + 1;
	KpiSet	   *set = new_set(type, MAXALIGN(zone_length + steps_length), FIRST_RECORDS);

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

/* An open set of the same records, with room for more. */
static KpiSet *
unpack(const KpiSetType *type, const KpiSet *packed, int64 more)
{
	KpiSet	   *set = new_set(type, packed->strings, packed->used + more);
	KpiSetReader reader;
	uint64	   *at;
	int			words = type->class.words;

	memcpy((char *) set + sizeof(KpiHeader), (const char *) packed + sizeof(KpiHeader),
		   sizeof(KpiSet) - sizeof(KpiHeader) + packed->strings);
	set->base = 0;
	set->sorted = set->used = packed->used;
	at = kpi_set_records(set);
	kpi_set_reader(&reader, type, packed);
	while (kpi_set_next(&reader))
	{
		for (int64 i = 0; i < reader.n; i++, at += words)
		{
			at[0] = reader.key;
			at[1] = reader.time[i];
			if (type->class.equal == KPI_RECORDS_ADD)
				memcpy(at + 2, &reader.amount[i], sizeof(__int128));
			else if (type->class.equal == KPI_RECORDS_KEEP)
				at[2] = reader.steps[i];
		}
	}
	return set;
}

KpiSet *
kpi_set_state(FunctionCallInfo fcinfo, const KpiSetType *type, KpiKeyType key_type,
			  bool zoned, const text *unit, const char *steps, int steps_length)
{
	KpiSet	   *set;
	const char *zone;

	if (PG_ARGISNULL(0))
		return first_state(type, key_type, zoned, unit, steps, steps_length);
	set = kpi_flat_state(fcinfo, &type->type);
	if (unlikely(set->header.flags & KPI_SET_PACKED))
	{
		if (set->key_type == KPI_KEY_NONE)
			return first_state(type, key_type, zoned, unit, steps, steps_length);
		set = unpack(type, set, FIRST_RECORDS);
	}
	if (unlikely(set->key_type != key_type))
		differs(type, "customers' type", kpi_key_type_name(set->key_type), kpi_key_type_name(key_type));
	zone = zoned ? zone_name() : "";
	if (zoned ? unlikely(strcmp(kpi_set_strings(set), zone) != 0) : unlikely(*kpi_set_strings(set) != '\0'))
		differs(type, "time zone", kpi_set_strings(set), zone);
	if (unit && unlikely(!same_unit(set, unit)))
		differs(type, "unit", set->unit_name, pnstrdup(VARDATA_ANY(unit), VARSIZE_ANY_EXHDR(unit)));
	if (unlikely(steps_length > 0 &&
				 (strlen(zone) + 1 + steps_length > set->strings ||
				  memcmp(kpi_set_strings(set) + strlen(zone) + 1, steps, steps_length) != 0)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of one %s must not differ",
						strings_name(type), type->type.name),
				 errhint("Give the same in every row.")));
	return set;
}

static inline int64
compact(const KpiSetType *type, KpiSet *set)
{
	set->sorted = set->used = kpi_records_compact(&type->class, kpi_set_records(set), set->sorted, set->used);
	return set->used;
}

KpiSet *
kpi_set_reserve(const KpiSetType *type, KpiSet *set, int64 n)
{
	int64		capacity = capacity_of(type, set);
	int64		record = type->class.words * sizeof(uint64);
	int64		most = (KPI_MAX_SIZE - sizeof(KpiSet) - set->strings) / record;
	int64		wanted;
	uint64	   *tail;
	bool		in_order;
	KpiSet	   *larger;

	if (set->used + n <= capacity)
		return set;
	tail = kpi_set_records(set) + set->sorted * type->class.words;
	set->used = set->sorted + kpi_records_sort(&type->class, tail, set->used - set->sorted);
	in_order = set->used == set->sorted ||
		kpi_records_follow(&type->class, kpi_set_records(set), set->sorted, tail);
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
		larger->used = kpi_records_merge(&type->class, kpi_set_records(set), set->sorted,
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

void
kpi_set_rescale(const KpiSetType *type, KpiSet *set, int64 scale)
{
	__int128	factor = 1;
	uint64	   *records = kpi_set_records(set);

	while (set->number < scale)
	{
		factor *= 10;
		set->number++;
	}
	for (int64 i = 0; factor > 1 && i < set->used; i++)
	{
		__int128	amount;

		memcpy(&amount, records + i * type->class.words + 2, sizeof(amount));
		if (__builtin_mul_overflow(amount, factor, &amount))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("amount of one customer and period is out of range"),
					 errdetail("A sum has at most 38 digits, with those after the point.")));
		memcpy(records + i * type->class.words + 2, &amount, sizeof(amount));
	}
}

Datum
kpi_set_add(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	bool		aggregate = kpi_in_aggregate(fcinfo);
	KpiSet	   *set = NULL;
	KpiSet	   *other;
	int			words = type->class.words;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (!aggregate && (PG_ARGISNULL(0) || PG_ARGISNULL(1)))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	other = kpi_flat(PG_GETARG_DATUM(1), &type->type);
	if (!PG_ARGISNULL(0))
		set = kpi_flat_state(fcinfo, &type->type);

	if (other->key_type == KPI_KEY_NONE)
	{
		/* nothing to add */
		if (set == NULL)
			set = other;
	}
	else if (set == NULL || set->key_type == KPI_KEY_NONE)
	{
		if (other->header.flags & KPI_SET_PACKED)
			set = aggregate ? unpack(type, other, 0) : other;
		else
		{
			set = palloc(VARSIZE(other));
			memcpy(set, other, VARSIZE(other));
		}
	}
	else
	{
		check_agreement(type, set, other);
		if (set->header.flags & KPI_SET_PACKED)
			set = unpack(type, set, other->used);
		if (other->header.flags & KPI_SET_PACKED)
			other = unpack(type, other, 0);
		else if (other->number < set->number)
		{
			KpiSet	   *mine = palloc(VARSIZE(other));

			memcpy(mine, other, VARSIZE(other));
			other = mine;
		}
		if (type->class.equal == KPI_RECORDS_ADD && set->number != other->number)
		{
			kpi_set_rescale(type, set, other->number);
			kpi_set_rescale(type, other, set->number);
		}
		set = kpi_set_reserve(type, set, other->used);
		memcpy(kpi_set_records(set) + set->used * words, kpi_set_records(other),
			   other->used * words * sizeof(uint64));
		set->used += other->used;
	}
	PG_RETURN_POINTER(aggregate ? set : kpi_set_pack(type, set));
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

/* The records of one customer, in order; set->base stands when the first is written. */
void
kpi_set_write(KpiSetWriter *writer, uint64 key, const uint64 *records, int64 n)
{
	const KpiSetType *type = writer->type;
	int			words = type->class.words;
	uint64		gap = type->class.equal == KPI_RECORDS_KEEP ? 0 : 1;
	Size		need = writer->length + 2 * KPI_VARINT_MAX + n * (KPI_VARINT_MAX + KPI_VARINT128_MAX);
	uint64		last = 0;
	uint8	   *at;

	if (need > writer->room)
	{
		writer->room = Max(need, writer->room * 2);
		writer->set = (KpiSet *) repalloc_huge(writer->set, writer->room);
	}
	at = (uint8 *) writer->set + writer->length;
	at = kpi_varint_write(at, writer->set->sorted == 0 ? key : key - writer->last_key - 1);
	at = kpi_varint_write(at, n - 1);
	for (int64 i = 0; i < n; i++, records += words)
	{
		at = kpi_varint_write(at, i == 0 ? records[1] - writer->set->base : records[1] - last - gap);
		last = records[1];
		if (type->class.equal == KPI_RECORDS_ADD)
		{
			__int128	amount;

			memcpy(&amount, records + 2, sizeof(amount));
			at = kpi_varint128_write(at, kpi_zigzag(amount));
		}
		else if (type->class.equal == KPI_RECORDS_KEEP)
			at = kpi_varint_write(at, records[2]);
	}
	writer->length = at - (uint8 *) writer->set;
	if (unlikely(writer->length > KPI_MAX_SIZE))
		kpi_too_large(type->type.name);
	writer->last_key = key;
	writer->set->sorted++;
	writer->set->used += n;
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

/*
 * Reading.
 */

void
kpi_set_reader(KpiSetReader *reader, const KpiSetType *type, const KpiSet *set)
{
	memset(reader, 0, sizeof(*reader));
	reader->type = type;
	reader->set = set;
	reader->at = (const uint8 *) kpi_set_records(set);
	reader->end = (const uint8 *) set + VARSIZE(set);
}

static bool
reader_room(KpiSetReader *reader, int64 n)
{
	const KpiRecordsClass *class = &reader->type->class;

	if (n <= reader->room)
		return true;
	/* each record takes a byte at least: a bad form can't ask for more */
	if (n > reader->end - reader->at)
		return false;
	reader->room = Max(n, reader->room * 2);
	if (reader->time)
		pfree(reader->time);
	reader->time = MemoryContextAllocHuge(CurrentMemoryContext, reader->room * sizeof(uint64));
	if (class->equal == KPI_RECORDS_ADD)
	{
		if (reader->amount)
			pfree(reader->amount);
		reader->amount = MemoryContextAllocHuge(CurrentMemoryContext, reader->room * sizeof(KpiInt128));
	}
	else if (class->equal == KPI_RECORDS_KEEP)
	{
		if (reader->steps)
			pfree(reader->steps);
		reader->steps = MemoryContextAllocHuge(CurrentMemoryContext, reader->room * sizeof(uint64));
	}
	return true;
}

/*
 * The next customer; false at the end, or with a problem, which values that were
 * checked on the way in don't have.
 */
bool
kpi_set_next(KpiSetReader *reader)
{
	const KpiSetType *type = reader->type;
	uint64		gap = type->class.equal == KPI_RECORDS_KEEP ? 0 : 1;
	uint64		n;
	uint64		value;
	uint64		key;
	uint64		last = 0;

	if (reader->at >= reader->end)
		return false;
	if ((reader->customers & 0xfff) == 0)
		CHECK_FOR_INTERRUPTS();
	reader->problem = "Its customers are not well formed.";
	reader->at = kpi_varint_read(reader->at, reader->end, &value);
	if (unlikely(reader->at == NULL))
		goto bad;
	key = reader->customers == 0 ? value : reader->key + 1 + value;
	if (unlikely(reader->customers > 0 && (reader->key == PG_UINT64_MAX || key <= reader->key)))
		goto bad;
	reader->at = kpi_varint_read(reader->at, reader->end, &n);
	if (unlikely(reader->at == NULL || n >= PG_INT64_MAX || !reader_room(reader, (int64) n + 1)))
		goto bad;
	reader->key = key;
	reader->n = (int64) n + 1;
	for (int64 i = 0; i < reader->n; i++)
	{
		uint64		time;

		reader->at = kpi_varint_read(reader->at, reader->end, &value);
		if (unlikely(reader->at == NULL))
			goto bad;
		time = i == 0 ? reader->set->base + value : last + gap + value;
		if (unlikely(time < (i == 0 ? reader->set->base : last) || (i > 0 && gap && time <= last)))
			goto bad;
		reader->time[i] = last = time;
		if (type->class.equal == KPI_RECORDS_ADD)
		{
			KpiUint128	amount;

			reader->at = kpi_varint128_read(reader->at, reader->end, &amount);
			if (unlikely(reader->at == NULL))
				goto bad;
			reader->amount[i] = kpi_unzigzag(amount);
		}
		else if (type->class.equal == KPI_RECORDS_KEEP)
		{
			reader->at = kpi_varint_read(reader->at, reader->end, &reader->steps[i]);
			if (unlikely(reader->at == NULL ||
						 (i > 0 && time == reader->time[i - 1] && reader->steps[i] < reader->steps[i - 1])))
				goto bad;
		}
	}
	reader->customers++;
	reader->problem = NULL;
	return true;
bad:
	/* no more after this */
	reader->at = reader->end;
	return false;
}

bool
kpi_set_span(const KpiSetType *type, const KpiSet *set, uint64 *first, uint64 *last)
{
	KpiSetReader reader;

	if (set->key_type == KPI_KEY_NONE)
		return false;
	*first = set->base;
	*last = 0;
	kpi_set_reader(&reader, type, set);
	while (kpi_set_next(&reader))
		*last = Max(*last, reader.time[reader.n - 1]);
	return true;
}

KpiSet *
kpi_set_forget(const KpiSetType *type, const KpiSet *set, KpiKeyType key_type, uint64 key)
{
	KpiSet	   *open;
	uint64	   *records;
	int			words = type->class.words;
	int64		kept = 0;
	KpiSet	   *result;

	if (set->key_type == KPI_KEY_NONE)
		return kpi_set_pack(type, set);
	if (set->key_type != key_type)
		differs(type, "customers' type", kpi_key_type_name(set->key_type), kpi_key_type_name(key_type));
	open = unpack(type, set, 0);
	records = kpi_set_records(open);
	for (int64 i = 0; i < open->used; i++)
		if (records[i * words] != key)
			memmove(records + kept++ * words, records + i * words, words * sizeof(uint64));
	open->sorted = open->used = kept;
	if (kept == 0)
		open->key_type = KPI_KEY_NONE;
	result = kpi_set_pack(type, open);
	pfree(open);
	return result;
}
