/*
 * rfm_forms.c
 *		rfm's packed form: reading and writing it, and the text and binary forms.
 *
 *		Text: (2024-01-05=19.99;2024-02-01=-5.00), a day and its sum each, in order,
 *		all sums with the same number of places; ("Europe/Berlin";2024-01-05=19.99)
 *		where the days are of a time zone; () is empty.
 *		Binary: version (1), number of days (4; 0 ends the empty rfm), scale (1), bytes
 *		of the time zone (1) and these, then the days as they are stored.
 *
 *		Both are read into the packed form and checked by reading it back once.
 */
#include "summary/rfm_days.h"

#include <ctype.h>

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/datetime.h"

#define TYPE (&kpi_rfm_type)
#define RFM_FORM "(2024-01-05=19.99;2024-02-01=5.00), days and amounts, with \"zone\"; before them where they are of a time zone"
#define MAX_ZONE 255

/*
 * Reading.
 */

void
kpi_rfm_reader(KpiRfmReader *reader, Datum rfm)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(rfm);
	const uint8 *body;
	Size		size;
	uint16		flags;

	if (unlikely(VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value)))
		value = PG_DETOAST_DATUM_PACKED(rfm);
	body = (const uint8 *) VARDATA_ANY(value);
	size = VARSIZE_ANY_EXHDR(value);
	if (unlikely(size < sizeof(KpiHeader) - VARHDRSZ ||
				 body[0] != TYPE->version || body[1] != TYPE->kind))
	{
		/* not a value of ours: let the common check say so */
		(void) kpi_flat(PointerGetDatum(value), TYPE);
		elog(ERROR, "value of type %s is damaged", TYPE->name);
	}
	memcpy(&flags, body + 2, sizeof(flags));
	if (unlikely(!(flags & KPI_RFM_PACKED)))
	{
		value = (struct varlena *) kpi_rfm_pack(kpi_flat(PointerGetDatum(value), TYPE));
		body = (const uint8 *) VARDATA(value);
		size = VARSIZE(value) - VARHDRSZ;
	}
	reader->end = body + size;
	reader->at = body + sizeof(KpiHeader) - VARHDRSZ;
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
 * The next day; false at the end, or with a problem, which values that were
 * checked on the way in don't have.
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

/* The number of days, or -1 with a problem. */
static int64
count_days(const KpiHeader *value, const char **problem)
{
	KpiRfmReader reader;
	int64		days = 0;

	kpi_rfm_reader(&reader, PointerGetDatum(value));
	while (kpi_rfm_next(&reader))
		if ((++days & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	if (reader.problem == NULL && days == 0 && VARSIZE(value) > sizeof(KpiHeader))
		reader.problem = "It has no days.";
	if (problem)
		*problem = reader.problem;
	return reader.problem ? -1 : days;
}

/*
 * Writing.
 */

KpiHeader *
kpi_rfm_empty(void)
{
	KpiHeader  *value = kpi_flat_new(TYPE, sizeof(KpiHeader));

	value->flags = KPI_RFM_PACKED;
	return value;
}

void
kpi_rfm_writer(KpiRfmWriter *writer, int scale, const char *zone, Size room)
{
	Size		size = sizeof(KpiHeader) + 1 + strlen(zone) + 1 + room;

	writer->value = (KpiHeader *) MemoryContextAllocHuge(CurrentMemoryContext, size);
	memset(writer->value, 0, sizeof(KpiHeader));
	writer->value->version = TYPE->version;
	writer->value->kind = TYPE->kind;
	writer->value->flags = KPI_RFM_PACKED;
	writer->at = (uint8 *) (writer->value + 1);
	*writer->at++ = (uint8) scale;
	memcpy(writer->at, zone, strlen(zone) + 1);
	writer->at += strlen(zone) + 1;
	writer->started = false;
	writer->day = 0;
}

KpiHeader *
kpi_rfm_written(KpiRfmWriter *writer)
{
	Size		size = (char *) writer->at - (char *) writer->value;

	if (size > KPI_MAX_SIZE)
		kpi_too_large(TYPE->name);
	SET_VARSIZE(writer->value, size);
	/* little is gained where there is little */
	return size < 1024 ? writer->value : (KpiHeader *) repalloc_huge(writer->value, size);
}

/*
 * Text.
 */

static void
print_rfm(KpiText *text, const void *value)
{
	KpiRfmReader reader;
	bool		more = false;
	uint32		days = 0;

	kpi_rfm_reader(&reader, PointerGetDatum(value));
	kpi_text_char(text, '(');
	if (*reader.zone != '\0')
	{
		kpi_text_quoted(text, reader.zone);
		more = true;
	}
	while (kpi_rfm_next(&reader))
	{
		struct pg_tm day;
		char		date[MAXDATELEN + 1];

		j2date(reader.day + POSTGRES_EPOCH_JDATE, &day.tm_year, &day.tm_mon, &day.tm_mday);
		EncodeDateOnly(&day, USE_ISO_DATES, date);
		if (more)
			kpi_text_char(text, ';');
		kpi_text_string(text, date);
		kpi_text_char(text, '=');
		kpi_text_int128(text, reader.amount, reader.scale);
		more = true;
		if ((++days & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	kpi_text_char(text, ')');
}

/* The longest text by the size: two bytes hold a day and its sum, of which ;5874897-12-31=-0.00000000000000000064 has 38. */
static Size
most_text(const KpiHeader *packed)
{
	return (Size) 19 * VARSIZE_ANY(packed) + 1024;
}

void
kpi_rfm_check_text(const KpiHeader *packed, Size limit)
{
	kpi_text_check(TYPE, print_rfm, packed, most_text(packed), limit);
}

PG_FUNCTION_INFO_V1(kpi_rfm_out);
Datum
kpi_rfm_out(PG_FUNCTION_ARGS)
{
	KpiHeader  *packed = kpi_rfm_pack(kpi_flat(PG_GETARG_DATUM(0), TYPE));

	PG_RETURN_CSTRING(kpi_text_print(TYPE, print_rfm, packed, most_text(packed)));
}

/* Digits, and nothing before them. */
static bool
scan_digits(KpiScan *scan, int most, int *value)
{
	int			n = 0;

	*value = 0;
	for (; n < most && isdigit((unsigned char) *scan->at); n++, scan->at++)
		*value = *value * 10 + (*scan->at - '0');
	return n > 0 && !isdigit((unsigned char) *scan->at);
}

/* year-month-day, with BC behind it */
static bool
scan_day(KpiScan *scan, int32 *result)
{
	int			year;
	int			month;
	int			day;
	int			read_year;
	int			read_month;
	int			read_day;

	/* blanks before it only */
	kpi_scan_peek(scan, '\0');
	if (!scan_digits(scan, 7, &year) || *scan->at++ != '-' ||
		!scan_digits(scan, 2, &month) || *scan->at++ != '-' ||
		!scan_digits(scan, 2, &day) || year == 0)
		return false;
	if (kpi_scan_word(scan, "BC"))
		year = 1 - year;
	if (!IS_VALID_JULIAN(year, month, day))
		return false;
	*result = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	j2date(*result + POSTGRES_EPOCH_JDATE, &read_year, &read_month, &read_day);
	return IS_VALID_DATE(*result) && read_year == year && read_month == month && read_day == day;
}

typedef struct ScannedDay
{
	KpiInt128	amount;
	int32		day;
	int32		scale;			/* its own */
} ScannedDay;

PG_FUNCTION_INFO_V1(kpi_rfm_in);
Datum
kpi_rfm_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, TYPE, RFM_FORM);
	StringInfoData zone;
	StringInfoData days;
	ScannedDay *all;
	int			n;
	int			scale = 0;
	KpiRfmWriter writer;
	KpiHeader  *value;
	const char *problem;

	initStringInfo(&zone);
	initStringInfo(&days);
	if (!kpi_scan_char(&scan, '('))
		return kpi_scan_fail(&scan, NULL);
	if (kpi_scan_char(&scan, ')'))
	{
		if (!kpi_scan_end(&scan))
			return kpi_scan_fail(&scan, NULL);
		PG_RETURN_POINTER(kpi_rfm_empty());
	}
	if (kpi_scan_peek(&scan, '"'))
	{
		if (!kpi_scan_quoted(&scan, &zone, MAX_ZONE) || !kpi_scan_char(&scan, ';'))
			return kpi_scan_fail(&scan, NULL);
		if (zone.len < 2 || zone.len > MAX_ZONE + 1)
			return kpi_scan_fail(&scan, "Its time zone is empty, or too long.");
	}
	do
	{
		ScannedDay	scanned;
		KpiNumber	x;

		if (!scan_day(&scan, &scanned.day))
			return kpi_scan_fail(&scan, "A day is not a valid date.");
		if (!kpi_scan_char(&scan, '=') || !kpi_scan_number(&scan, &x))
			return kpi_scan_fail(&scan, NULL);
		scanned.scale = x.dscale;
		if (!kpi_amount_valid(&x) || !kpi_amount_from_number(&x, x.dscale, &scanned.amount))
			return kpi_scan_fail(&scan, "An amount is out of range.");
		if (days.len > 0 && scanned.day <= ((ScannedDay *) (days.data + days.len))[-1].day)
			return kpi_scan_fail(&scan, "The days must ascend.");
		scale = Max(scale, scanned.scale);
		appendBinaryStringInfo(&days, (char *) &scanned, sizeof(scanned));
		if ((days.len / sizeof(scanned) & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	} while (kpi_scan_char(&scan, ';'));
	if (!kpi_scan_char(&scan, ')') || !kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);

	n = days.len / sizeof(ScannedDay);
	all = (ScannedDay *) days.data;
	kpi_rfm_writer(&writer, scale, zone.data, n * (Size) KPI_RFM_DAY_ROOM128);
	for (int i = 0; i < n; i++)
	{
		if (!kpi_amount_shift(&all[i].amount, scale - all[i].scale))
			return kpi_scan_fail(&scan, "An amount is out of range.");
		kpi_rfm_write(&writer, all[i].day, all[i].amount);
	}
	value = kpi_rfm_written(&writer);
	if (count_days(value, &problem) < 0)
		return kpi_scan_fail(&scan, problem);
	kpi_rfm_check_text(value, KPI_MOST_TEXT_READ);
	PG_RETURN_POINTER(value);
}

/*
 * Binary.
 */

PG_FUNCTION_INFO_V1(kpi_rfm_send);
Datum
kpi_rfm_send(PG_FUNCTION_ARGS)
{
	KpiHeader  *value = kpi_rfm_pack(kpi_flat(PG_GETARG_DATUM(0), TYPE));
	int64		days = count_days(value, NULL);
	KpiRfmReader reader;
	StringInfoData out;

	kpi_wire_begin(&out, TYPE);
	pq_sendint32(&out, (int32) days);
	if (days > 0)
	{
		kpi_rfm_reader(&reader, PointerGetDatum(value));
		pq_sendint8(&out, reader.scale);
		pq_sendint8(&out, strlen(reader.zone));
		pq_sendbytes(&out, reader.zone, strlen(reader.zone));
		pq_sendbytes(&out, (const char *) reader.at, reader.end - reader.at);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(kpi_rfm_recv);
Datum
kpi_rfm_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, TYPE);
	int32		days = kpi_wire_int32(&wire);
	char		zone[MAX_ZONE + 1];
	uint8		scale;
	uint8		length;
	Size		bytes;
	KpiRfmWriter writer;
	KpiHeader  *value;
	const char *problem;
	int64		found;

	if (days == 0)
	{
		kpi_wire_end(&wire);
		PG_RETURN_POINTER(kpi_rfm_empty());
	}
	scale = kpi_wire_uint8(&wire);
	length = kpi_wire_uint8(&wire);
	kpi_wire_need(&wire, length);
	memcpy(zone, pq_getmsgbytes(wire.buf, length), length);
	zone[length] = '\0';
	if (strlen(zone) != length || !pg_verifymbstr(zone, length, true))
		kpi_wire_fail(&wire, "Its time zone is not in the encoding of the database.");
	bytes = wire.buf->len - wire.buf->cursor;
	kpi_rfm_writer(&writer, scale, zone, bytes);
	memcpy(writer.at, pq_getmsgbytes(wire.buf, bytes), bytes);
	writer.at += bytes;
	value = kpi_rfm_written(&writer);
	found = count_days(value, &problem);
	if (problem)
		kpi_wire_fail(&wire, problem);
	if (found != days)
		kpi_wire_fail(&wire, "Its number of days does not fit its days.");
	kpi_rfm_check_text(value, KPI_MOST_TEXT_READ);
	PG_RETURN_POINTER(value);
}
