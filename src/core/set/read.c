/*
 * read.c
 *		Reading packed sets of what customers did when.
 */
#include "core/set/set.h"

#include "miscadmin.h"

/*
 * kpi_set_reader() -
 *
 *	Begin to read a packed set, which must live as long as it is read.  The reader
 *	needs no end, where its arrays may stay in the memory context in which they were made.
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

/* Make the reader's arrays hold n records; false for more than the bytes that are left can be. */
static bool
read_room(KpiSetReader *reader, int64 n)
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
 * read_customer() -
 *
 *	What kpi_set_next() and, without keep, kpi_set_skim() do: the next customer into
 *	the reader, with its records in the reader's arrays, or only what they come to.
 *	False at the end, and where the bytes are no set, of which problem then tells: all
 *	numbers are checked, since anybody can write a literal of the type.
 */
static pg_attribute_always_inline bool
read_customer(KpiSetReader *reader, bool keep)
{
	const KpiSetType *type = reader->type;
	uint64		gap = type->class.equal == KPI_RECORDS_KEEP ? 0 : 1;
	uint64		n;
	uint64		value;
	uint64		key;
	uint64		last = 0;
	uint64		last_steps = 0;

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
	if (unlikely(reader->at == NULL || n >= PG_INT64_MAX || (keep && !read_room(reader, (int64) n + 1))))
		goto bad;
	reader->key = key;
	reader->n = (int64) n + 1;
	if (!keep)
	{
		reader->all_steps = 0;
		reader->no_step = false;
	}
	for (int64 i = 0; i < reader->n; i++)
	{
		uint64		time;

		if (unlikely((i & 0xfffff) == 0xfffff))
			CHECK_FOR_INTERRUPTS();
		reader->at = kpi_varint_read(reader->at, reader->end, &value);
		if (unlikely(reader->at == NULL))
			goto bad;
		time = i == 0 ? reader->set->base + value : last + gap + value;
		if (unlikely(time < (i == 0 ? reader->set->base : last) || (i > 0 && gap && time <= last)))
			goto bad;
		if (keep)
			reader->time[i] = time;
		else if (i == 0)
			reader->first = time;
		if (type->class.equal == KPI_RECORDS_ADD)
		{
			KpiUint128	amount;

			reader->at = kpi_varint128_read(reader->at, reader->end, &amount);
			if (unlikely(reader->at == NULL))
				goto bad;
			if (keep)
				reader->amount[i] = kpi_unzigzag(amount);
		}
		else if (type->class.equal == KPI_RECORDS_KEEP)
		{
			reader->at = kpi_varint_read(reader->at, reader->end, &value);
			if (unlikely(reader->at == NULL || (i > 0 && time == last && value < last_steps)))
				goto bad;
			last_steps = value;
			if (keep)
				reader->steps[i] = value;
			else
			{
				reader->all_steps |= value;
				reader->no_step |= value == 0;
			}
		}
		last = time;
	}
	if (!keep)
		reader->last = last;
	reader->customers++;
	reader->problem = NULL;
	return true;
bad:
	/* no more after this */
	reader->at = reader->end;
	return false;
}

/*
 * kpi_set_next() -
 *
 *	The next customer: its key, and n records in time and, as the class has them,
 *	amount or steps, until the next call.  False at the end, or with a problem, which
 *	values that were checked on the way in don't have.
 */
bool
kpi_set_next(KpiSetReader *reader)
{
	return read_customer(reader, true);
}

/* Free the memory that reading took. */
void
kpi_set_reader_end(KpiSetReader *reader)
{
	if (reader->time)
		pfree(reader->time);
	if (reader->amount)
		pfree(reader->amount);
	if (reader->steps)
		pfree(reader->steps);
}

/* kpi_set_next() without the records: their number, the first time, the last and the steps in all.  It takes no memory. */
bool
kpi_set_skim(KpiSetReader *reader)
{
	return read_customer(reader, false);
}

/* The least and greatest time of a packed set; false for the empty set. */
bool
kpi_set_span(const KpiSetType *type, const KpiSet *set, uint64 *first, uint64 *last)
{
	KpiSetReader reader;

	if (set->key_type == KPI_KEY_NONE)
		return false;
	*first = set->base;
	*last = 0;
	kpi_set_reader(&reader, type, set);
	while (kpi_set_skim(&reader))
		*last = Max(*last, reader.last);
	return true;
}
