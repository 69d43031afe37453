/*
 * state.c
 *		The open form of a set, an aggregate's state: its first row, what further rows
 *		must agree with, and room for more records.
 */
#include "core/set/layout.h"
#include "core/set/through.h"

#include "pgtime.h"

/* Room of a new state: few records, since most groups have few. */
#define SET_FIRST_RECORDS 4

static const char *
set_session_zone(void)
{
	return pg_get_timezone_name(session_timezone);
}

/* Is the session's zone the set's?  Names are compared by the word: their bytes and the NUL after them. */
static inline bool
set_has_session_zone(const KpiSet *set)
{
	static const pg_tz *zone = NULL;
	static uint64 name[(TZ_STRLEN_MAX + 8) / 8];
	static uint32 words;
	static uint64 last_bytes;
	const uint64 *own = (const uint64 *) kpi_set_strings(set);

	if (unlikely(zone != session_timezone))
	{
		int			size = strlen(set_session_zone()) + 1;

		memset(name, 0, sizeof(name));
		strlcpy((char *) name, set_session_zone(), sizeof(name));
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

/* Is the row's unit the set's, if by another name?  22023 for a text that is no unit. */
static inline bool
set_has_unit(const KpiSet *set, const text *name)
{
	int			length = VARSIZE_ANY_EXHDR(name);
	KpiUnit		unit;

	if (likely(length < KPI_SET_UNIT_TEXT && set->unit_text[length] == '\0' &&
			   memcmp(set->unit_text, VARDATA_ANY(name), length) == 0 && length > 0))
		return true;
	unit = kpi_unit_from_text(name);
	return unit.kind == set->unit.kind && unit.offset == set->unit.offset;
}

/* A new state without records for a row of these parameters, as kpi_set_state() has them. */
static KpiSet *
set_first_state(const KpiSetType *type, KpiKeyType key_type, KpiAt at_type, const text *unit,
				const char *strings, int length)
{
	bool		zoned = at_type == KPI_AT_TIMESTAMPTZ;
	const char *zone = zoned ? set_session_zone() : "";
	int			zone_length = strlen(zone) + 1;
	KpiSet	   *set = kpi_set_new(type, kpi_may_be_narrow(type, key_type), MAXALIGN(zone_length + length),
								  SET_FIRST_RECORDS);

	set->key_type = key_type;
	set->zoned = zoned;
	set->strings = MAXALIGN(zone_length + length);
	memcpy(kpi_set_strings(set), zone, zone_length);
	if (length > 0)
		memcpy(kpi_set_strings(set) + zone_length, strings, length);
	if (type->through && length > 0)
		set->header.version = type->type.version + 1;
	if (unit)
		kpi_set_put_unit(set, kpi_unit_from_text(unit));
	return set;
}

/*
 * kpi_set_state() -
 *
 *	The state in argument 0, open, for a row to be added to it; a new one where that
 *	is NULL or the empty set.  The row has customers and moments of these types, of
 *	a unit or NULL, and length bytes of strings (names of steps or parameters, each
 *	with its NUL) which become the set's or must be the set's: 22023 where any of it
 *	differs from the rows before.  number is left to the caller: 0 in a new state.
 *
 *	In an aggregate the state is changed in place; called by hand it is a copy.
 */
KpiSet *
kpi_set_state(FunctionCallInfo fcinfo, const KpiSetType *type, KpiKeyType key_type, KpiAt at_type,
			  const text *unit, const char *strings, int length)
{
	bool		zoned = at_type == KPI_AT_TIMESTAMPTZ;
	KpiSet	   *set;

	if (PG_ARGISNULL(0))
		return set_first_state(type, key_type, at_type, unit, strings, length);
	set = kpi_flat_state(fcinfo, &type->type);
	if (unlikely(set->header.flags & KPI_SET_PACKED))
	{
		if (set->key_type == KPI_KEY_NONE)
			return set_first_state(type, key_type, at_type, unit, strings, length);
		set = kpi_set_unpack(type, set, SET_FIRST_RECORDS, kpi_may_be_narrow(type, key_type));
	}
	if (unlikely(set->key_type != key_type))
		kpi_set_differs(type, "customers' type", kpi_key_type_name(set->key_type), kpi_key_type_name(key_type));
	if (zoned ? unlikely(!set_has_session_zone(set)) : unlikely(*kpi_set_strings(set) != '\0'))
		kpi_set_differs(type, "time zone", kpi_set_strings(set), zoned ? set_session_zone() : "");
	if (unit && unlikely(!set_has_unit(set, unit)))
		kpi_set_differs(type, "unit", kpi_set_unit_name(set), pnstrdup(VARDATA_ANY(unit), VARSIZE_ANY_EXHDR(unit)));
	if (length > 0)
	{
		const char *own = kpi_set_parameters(set);

		if (type->through && (!kpi_set_has_through(type, set) || unlikely(strcmp(own, strings) != 0)))
			kpi_through_differs(type, kpi_set_has_through(type, set) ? own : "", strings);
		if (unlikely(own + length > (char *) kpi_set_records(set) || memcmp(own, strings, length) != 0))
			kpi_set_strings_differ(type);
	}
	return set;
}

/*
 * kpi_set_unpack() -
 *
 *	A fresh open set of a packed set's records, with room for more; narrow where
 *	that is asked for and possible.  Packed sets are sorted, so is this one.
 */
KpiSet *
kpi_set_unpack(const KpiSetType *type, const KpiSet *packed, int64 more, bool narrow)
{
	KpiSet	   *set = kpi_set_new(type, narrow, packed->strings, packed->used + more);
	KpiSetReader reader;
	uint64	   *at;

	kpi_set_copy_head(set, packed);
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
			return kpi_set_unpack(type, packed, more, false);
		}
		if (!narrow)
		{
			kpi_set_reader_records(&reader, at);
			at += reader.n * type->class.words;
		}
	}
	return set;
}

/*
 * kpi_set_widen() -
 *
 *	A fresh wide set of a narrow set's records, with the same room for more.  The
 *	narrow one is sorted for it where the records are too many for a wide one.
 */
KpiSet *
kpi_set_widen(const KpiSetType *type, KpiSet *set)
{
	KpiSet	   *wide;
	uint64	   *to;
	const uint64 *from = kpi_set_records(set);
	int64		capacity = Min(kpi_open_capacity(type, set), kpi_open_most(set->strings, type->class.words));

	if (set->used > capacity && kpi_open_compact(type, set) > capacity)
		kpi_too_large(kpi_shown(&type->type));
	wide = kpi_set_new(type, false, set->strings, capacity);
	kpi_set_copy_head(wide, set);
	to = kpi_set_records(wide);
	for (int64 i = 0; i < set->used; i++, to += 2)
	{
		to[0] = kpi_narrow_key(from[i]);
		to[1] = kpi_narrow_time(type, from[i]);
	}
	return wide;
}

/*
 * kpi_set_reserve() -
 *
 *	A set of the same records that has room for n more: the same one, perhaps sorted
 *	and with equal records folded, or a larger one, which it is merged into.  The
 *	caller writes at the end and counts what he writes in used.
 *
 *	A set doubles unless less than half of its room is in use when it is sorted, so
 *	that sorting costs the same for each record however many there are.  The larger
 *	one lies in the memory context of the aggregate, or of the call; 54000 beyond 512
 *	MB.
 */
KpiSet *
kpi_set_reserve(const KpiSetType *type, KpiSet *set, int64 n)
{
	int64		capacity = kpi_open_capacity(type, set);
	const KpiRecordsClass *class = kpi_open_class(type, set);
	int64		record = class->words * sizeof(uint64);
	int64		most = kpi_open_most(set->strings, class->words);
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
		/* there is no larger one; a sixteenth of the room must be free, or every few rows would sort it again */
		kpi_open_compact(type, set);
		if (set->used + Max(n, most / 16) > most)
			kpi_too_large(kpi_shown(&type->type));
		return set;
	}

	/* Merge into the larger one, which is not zeroed: pages of it that are never written take no memory. */
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
		kpi_too_large(kpi_shown(&type->type));
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
