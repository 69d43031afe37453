/*
 * set.h
 *		Flat sets of what customers did when: the ground of the summaries over time.
 *
 *		Open form, an aggregate's state: records of 64-bit words (key, time, payload;
 *		core/set/records.h), a sorted prefix and an unsorted tail.  Narrow: records without
 *		payload, of customers numbered from 0 to 2^40 - 1 and periods or numbers of
 *		24 bits, in one word, key above time; the first record that does not fit makes
 *		all wide.
 *		Packed form, the stored one, canonical: customers in order of their keys,
 *		each with its records in order, as varints of differences:
 *			key - previous key - 1 (the first: key), number of records - 1, then for each
 *			record time - previous time - d (the first: time - base; d = 1 where equal
 *			records are one), and the payload: nothing, an amount (zigzag, 128 bits), or
 *			a set of steps.
 *		Both begin with KpiSet and with strings that end in NUL: the zone, then the
 *		names of steps or other parameters.  The empty set has neither unit, key type nor strings, and
 *		merges with every other.
 *
 *		A set of contracts remembers the last day that is known, through (core/set/through.h):
 *		a string after the zone, and the next version of the format, so that a set
 *		without it is what it was before there was any.
 *
 *		Files: set.c what all of them need; state.c an aggregate's state; pack.c the
 *		packed form; read.c reading it; merge.c adding two sets; forms.c text and
 *		binary, print.c the text; amounts.h records with amounts; parameters.h
 *		parameters of rows; through.h the last day that is known; layout.h and
 *		pack.h are for these files alone.
 *
 *		A type made of sets has a constant KpiSetType, its functions from KPI_SET_SUMMARY(),
 *		KPI_SET_STATE() or KPI_SET_FORMS(), and its own transition functions.
 */
#ifndef KPI_SET_H
#define KPI_SET_H

#include "core/form/flat.h"
#include "core/form/scan.h"
#include "core/form/text.h"
#include "core/form/varint.h"
#include "core/form/wire.h"
#include "core/set/key.h"
#include "core/set/records.h"
#include "core/time/period.h"

/* in header.flags */
#define KPI_SET_PACKED 0x01
#define KPI_SET_NARROW 0x02

#define KPI_NARROW_KEY_BITS 40
#define KPI_NARROW_TIME_BITS 24

#define KPI_SET_UNIT_TEXT 16

typedef struct KpiSet
{
	KpiHeader	header;
	uint8		key_type;		/* KpiKeyType */
	uint8		zoned;			/* times were timestamptz, in the zone named */
	KpiUnit		unit;			/* of the periods, where times are periods */
	uint32		strings;		/* bytes of strings that follow, padded to 8 */
	int64		sorted;			/* open: records in the sorted prefix; packed: customers */
	int64		used;			/* records */
	uint64		base;			/* packed: the least time */
	int64		number;			/* of the type's own: scale of amounts, or number of strings after the zone */
	char		unit_text[KPI_SET_UNIT_TEXT];	/* the unit's name, to compare a row's text with; see set.c */
} KpiSet;

/* What the second word of a record is. */
typedef enum KpiSetTimes
{
	KPI_TIMES_MOMENTS,			/* kpi_time_of_moment() */
	KPI_TIMES_PERIODS,			/* kpi_time_of_period(), of the set's unit */
	KPI_TIMES_PLAIN				/* any number */
} KpiSetTimes;

typedef struct KpiSetType
{
	KpiType		type;
	KpiRecordsClass class;
	KpiSetTimes times;
	const char *parameters;		/* one string after the zone holds these, as a message calls them; or NULL */
	bool		through;		/* one may: the last day that is known; such a set has the second version */
	const char *form;			/* the text form, for a hint; NULL for that of sets in general */
	const char *(*problem) (const KpiSet *set); /* what else may be wrong with a form; or NULL */
} KpiSetType;

static inline char *
kpi_set_strings(const KpiSet *set)
{
	return (char *) (set + 1);
}

/* What stands after the zone: names of steps, or parameters.  Not of the empty set, which has no strings. */
static inline char *
kpi_set_parameters(const KpiSet *set)
{
	return kpi_set_strings(set) + strlen(kpi_set_strings(set)) + 1;
}

/* Does a set remember the last day that is known? */
static inline bool
kpi_set_has_through(const KpiSetType *type, const KpiSet *set)
{
	return type->through && set->header.version > type->type.version;
}

static inline uint64 *
kpi_set_records(const KpiSet *set)
{
	return (uint64 *) (kpi_set_strings(set) + set->strings);
}

/* Times as unsigned words in the order of what they stand for. */
static inline uint64
kpi_time_of_period(int32 period)
{
	return (uint64) ((int64) period - PG_INT32_MIN);
}

static inline int32
kpi_period_of_time(uint64 time)
{
	return (int32) ((int64) time + PG_INT32_MIN);
}

static inline uint64
kpi_time_of_moment(Timestamp at)
{
	return (uint64) at ^ (UINT64CONST(1) << 63);
}

static inline Timestamp
kpi_moment_of_time(uint64 time)
{
	return (Timestamp) (time ^ (UINT64CONST(1) << 63));
}

extern void kpi_set_put_unit(KpiSet *set, KpiUnit unit);
extern const char *kpi_set_unit_name(const KpiSet *set);

/*
 * Building a state (state.c).  What takes a pointer to a state may put another in
 * its place; the old one is left to the memory context of the aggregate, or of the
 * call.  54000 beyond 512 MB.
 */
extern KpiSet *kpi_set_state(FunctionCallInfo fcinfo, const KpiSetType *type, KpiKeyType key_type, KpiAt at_type,
							 const text *unit, const char *strings, int length);
extern KpiSet *kpi_set_reserve(const KpiSetType *type, KpiSet *set, int64 n);
extern KpiSet *kpi_set_widen(const KpiSetType *type, KpiSet *set);

/*
 * kpi_set_append() -
 *
 *	Room for one more record at the end of a state, which may move, for the caller to
 *	fill; it is counted already.  Types whose records are a key and a time only go
 *	through kpi_set_put().
 */
static inline uint64 *
kpi_set_append(const KpiSetType *type, KpiSet **set)
{
	uint64	   *records = kpi_set_records(*set);
	int			words = type->class.words;

	if (unlikely((char *) (records + ((*set)->used + 1) * words) > (char *) *set + VARSIZE(*set)))
	{
		*set = kpi_set_reserve(type, *set, 1);
		records = kpi_set_records(*set);
	}
	return records + (*set)->used++ * words;
}

static inline uint64
kpi_narrow_time_base(const KpiSetType *type)
{
	const int	least = -(1 << (KPI_NARROW_TIME_BITS - 1));

	return type->times == KPI_TIMES_PERIODS ? kpi_time_of_period(least) : kpi_time_of_moment(least);
}

/* A narrow record; false where it must be wide. */
static inline bool
kpi_set_narrow(const KpiSetType *type, uint64 key, uint64 time, uint64 *record)
{
	key ^= UINT64CONST(1) << 63;
	time -= kpi_narrow_time_base(type);
	*record = key << KPI_NARROW_TIME_BITS | time;
	return key >> KPI_NARROW_KEY_BITS == 0 && time >> KPI_NARROW_TIME_BITS == 0;
}

/*
 * kpi_set_put() -
 *
 *	Add a key and time to an open state, whose records have nothing else.  *set becomes
 *	another chunk where it has to grow; the old one is left to the executor.  54000
 *	beyond the largest size.
 */
static inline void
kpi_set_put(const KpiSetType *type, KpiSet **set, uint64 key, uint64 time)
{
	uint64	   *record;

	if (likely((*set)->header.flags & KPI_SET_NARROW))
	{
		uint64		word;

		if (likely(kpi_set_narrow(type, key, time, &word)))
		{
			record = kpi_set_records(*set) + (*set)->used;
			if (unlikely((char *) (record + 1) > (char *) *set + VARSIZE(*set)))
			{
				*set = kpi_set_reserve(type, *set, 1);
				record = kpi_set_records(*set) + (*set)->used;
			}
			*record = word;
			(*set)->used++;
			return;
		}
		*set = kpi_set_widen(type, *set);
	}
	record = kpi_set_append(type, set);
	record[0] = key;
	record[1] = time;
}

/*
 * Values in packed form (pack.c).  They are palloc'd in the current memory context
 * and no part of the state that they come from, which is not changed.
 */
extern KpiSet *kpi_set_pack(const KpiSetType *type, const KpiSet *set);
extern KpiSet *kpi_set_get(Datum datum, const KpiSetType *type);
extern Datum kpi_set_final(FunctionCallInfo fcinfo, const KpiSetType *type);
extern Datum kpi_set_forget(FunctionCallInfo fcinfo, const KpiSetType *type, KpiKeyType key_type);
extern Datum kpi_set_result_by_hand(const KpiSetType *type, const KpiSet *set);

/* What a transition function returns: the state, or where it is called by hand a value in the stored form. */
static inline Datum
kpi_set_result(FunctionCallInfo fcinfo, const KpiSetType *type, KpiSet *set)
{
	if (likely(kpi_in_aggregate(fcinfo)))
		PG_RETURN_POINTER(set);
	return kpi_set_result_by_hand(type, set);
}

/* Operator +, combine and rollup (merge.c). */
extern Datum kpi_set_add(FunctionCallInfo fcinfo, const KpiSetType *type);

/* Combine of aggregates over timestamptz: argument 1 must be of the session's zone, else 22023 (merge.c). */
extern void kpi_set_check_part(FunctionCallInfo fcinfo, const KpiSetType *type);
extern Datum kpi_set_combine(FunctionCallInfo fcinfo, const KpiSetType *type);

/*
 * Reading a packed set, customer by customer (read.c).
 */
typedef struct KpiSetReader
{
	const KpiSetType *type;
	const KpiSet *set;
	const uint8 *at;
	const uint8 *end;
	int64		customers;		/* read so far */
	uint64		key;
	int64		n;				/* records of this customer */
	int64		room;			/* allocated below */
	uint64	   *time;
	KpiInt128  *amount;			/* where equal records are added */
	uint64	   *steps;			/* where all records are kept */
	uint64		first;			/* skimmed: the first time */
	uint64		last;			/* and the last */
	uint64		all_steps;		/* the steps of all records */
	bool		no_step;		/* has one of them none? */
	const char *problem;		/* set by a bad form */
} KpiSetReader;

extern void kpi_set_reader(KpiSetReader *reader, const KpiSetType *type, const KpiSet *set);
extern bool kpi_set_next(KpiSetReader *reader);
extern void kpi_set_reader_end(KpiSetReader *reader);
extern bool kpi_set_skim(KpiSetReader *reader);
extern bool kpi_set_span(const KpiSetType *type, const KpiSet *set, uint64 *first, uint64 *last);

/* The records of the customer that was read, as an open set of the type has them: reader->n of class.words words. */
static inline void
kpi_set_reader_records(const KpiSetReader *reader, uint64 *at)
{
	const KpiRecordsClass *class = &reader->type->class;

	for (int64 i = 0; i < reader->n; i++, at += class->words)
	{
		at[0] = reader->key;
		at[1] = reader->time[i];
		if (class->equal == KPI_RECORDS_ADD)
			memcpy(at + 2, &reader->amount[i], sizeof(reader->amount[i]));
		else if (class->equal == KPI_RECORDS_KEEP)
			at[2] = reader->steps[i];
	}
}

/* Text and binary forms (forms.c). */
extern Datum kpi_set_in(FunctionCallInfo fcinfo, const KpiSetType *type);
extern Datum kpi_set_out(FunctionCallInfo fcinfo, const KpiSetType *type);
extern Datum kpi_set_recv(FunctionCallInfo fcinfo, const KpiSetType *type);
extern Datum kpi_set_send(FunctionCallInfo fcinfo, const KpiSetType *type);

/*
 * A type's functions by their full names: those of input and output, which all have;
 * with them what merges states, of a type that is an aggregate's state; and with those
 * the final function and forget(), of a summary.
 */
#define KPI_SET_FORMS(set_type, in, out, recv, send) \
	KPI_FUNCTION(in, kpi_set_in(fcinfo, &(set_type))) \
	KPI_FUNCTION(out, kpi_set_out(fcinfo, &(set_type))) \
	KPI_FUNCTION(recv, kpi_set_recv(fcinfo, &(set_type))) \
	KPI_FUNCTION(send, kpi_set_send(fcinfo, &(set_type)))

#define KPI_SET_STATE(set_type, in, out, recv, send, add, combine) \
	KPI_SET_FORMS(set_type, in, out, recv, send) \
	KPI_FUNCTION(add, kpi_set_add(fcinfo, &(set_type))) \
	KPI_FUNCTION(combine, kpi_set_combine(fcinfo, &(set_type)))

#define KPI_SET_SUMMARY(set_type, in, out, recv, send, add, combine, final, forget_bigint, forget_uuid, forget_text) \
	KPI_SET_STATE(set_type, in, out, recv, send, add, combine) \
	KPI_FUNCTION(final, kpi_set_final(fcinfo, &(set_type))) \
	KPI_FUNCTION(forget_bigint, kpi_set_forget(fcinfo, &(set_type), KPI_KEY_BIGINT)) \
	KPI_FUNCTION(forget_uuid, kpi_set_forget(fcinfo, &(set_type), KPI_KEY_UUID)) \
	KPI_FUNCTION(forget_text, kpi_set_forget(fcinfo, &(set_type), KPI_KEY_TEXT))

#endif							/* KPI_SET_H */
