/*
 * rfm_days.c
 *		rfm's packed form (rfm_days.h): reading and writing it day by day.
 */
#include "summary/rfm_days.h"

const KpiType kpi_rfm_type = {.name = "rfm", .version = 1, .kind = KPI_TYPE_RFM, .size = sizeof(KpiHeader)};

/* 22023 unless the time zones of two parts of one rfm are the same. */
void
kpi_rfm_check_zone(const char *before, const char *now)
{
	if (unlikely(strcmp(before, now) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone of one %s must not differ: \"%s\" and \"%s\"", kpi_rfm_type.name, before, now),
				 errhint("Build a summary for each, or convert before building.")));
}

/*
 * kpi_rfm_read_packed() -
 *
 *	Begin to read what follows a packed value's header.  It must live as long as it is
 *	read.  With reader->problem from the start where it has no scale or zone.
 */
void
kpi_rfm_read_packed(KpiRfmReader *reader, const uint8 *body, Size size)
{
	reader->end = body + size;
	reader->at = body;
	reader->zone = "";
	reader->scale = 0;
	reader->started = false;
	reader->day = 0;
	reader->amount = 0;
	reader->problem = NULL;
	if (reader->at < reader->end)
	{
		const uint8 *nul;

		reader->scale = *reader->at++;
		nul = memchr(reader->at, '\0', reader->end - reader->at);
		if (unlikely(reader->scale > KPI_AMOUNT_PLACES || nul == NULL))
		{
			reader->problem = nul ? "Its scale is out of range." : "Its time zone does not end.";
			reader->at = reader->end;
		}
		else
		{
			reader->zone = (const char *) reader->at;
			reader->at = nul + 1;
		}
	}
}

/*
 * kpi_rfm_next() -
 *
 *	The next day and its amount; false at the end, or with a problem, which values that were
 *	checked on the way in don't have.
 */
bool
kpi_rfm_next(KpiRfmReader *reader)
{
	const uint8 *at = reader->at;
	const uint8 *next;
	uint64		value;
	int64		day;

	if (at >= reader->end)
		return false;
	at = kpi_varint_read(at, reader->end, &value);
	if (unlikely(at == NULL || value > PG_UINT32_MAX))
		goto bad;
	if (reader->started)
		day = (int64) reader->day + 1 + (int64) value;
	else
		day = (int64) kpi_unzigzag(value);
	if (unlikely(!IS_VALID_DATE(day)))
	{
		reader->problem = "A day is out of range.";
		reader->at = reader->end;
		return false;
	}
	next = kpi_varint_read(at, reader->end, &value);
	if (likely(next != NULL))
		reader->amount = (int64) (value >> 1) ^ -(int64) (value & 1);
	else
	{
		KpiUint128	wide;

		next = kpi_varint128_read(at, reader->end, &wide);
		if (unlikely(next == NULL))
			goto bad;
		reader->amount = kpi_unzigzag(wide);
	}
	reader->at = next;
	reader->started = true;
	reader->day = (int32) day;
	return true;
bad:
	reader->problem = "Its days are not well formed.";
	reader->at = reader->end;
	return false;
}

/* A fresh empty rfm. */
KpiHeader *
kpi_rfm_empty(void)
{
	KpiHeader  *value = kpi_flat_new(&kpi_rfm_type, sizeof(KpiHeader));

	value->flags = KPI_RFM_PACKED;
	return value;
}

/*
 * kpi_rfm_writer() -
 *
 *	Begin to write a packed value of this scale and zone, with so many bytes of room
 *	for its days, KPI_RFM_DAY_ROOM or KPI_RFM_DAY_ROOM128 each.
 */
void
kpi_rfm_writer(KpiRfmWriter *writer, int scale, const char *zone, Size room)
{
	Size		size = sizeof(KpiHeader) + 1 + strlen(zone) + 1 + room;

	writer->value = (KpiHeader *) MemoryContextAllocHuge(CurrentMemoryContext, size);
	memset(writer->value, 0, sizeof(KpiHeader));
	writer->value->version = kpi_rfm_type.version;
	writer->value->kind = kpi_rfm_type.kind;
	writer->value->flags = KPI_RFM_PACKED;
	writer->at = (uint8 *) (writer->value + 1);
	*writer->at++ = (uint8) scale;
	memcpy(writer->at, zone, strlen(zone) + 1);
	writer->at += strlen(zone) + 1;
	writer->started = false;
	writer->day = 0;
}

/* The value, palloc'd; 54000 beyond 512 MB. */
KpiHeader *
kpi_rfm_written(KpiRfmWriter *writer)
{
	Size		size = (char *) writer->at - (char *) writer->value;

	if (size > KPI_MAX_SIZE)
		kpi_too_large(kpi_rfm_type.name);
	SET_VARSIZE(writer->value, size);
	/* little is gained where there is little */
	return size < 1024 ? writer->value : (KpiHeader *) repalloc_huge(writer->value, size);
}
