/*
 * rfm_forms.c
 *		Text and binary forms of rfm.
 *
 *		Text: (2024-01-05=19.99;2024-02-01=-5.00), a day and its sum each, in order,
 *		all sums with the same number of places; ("Europe/Berlin";2024-01-05=19.99)
 *		where the days are of a time zone; () is empty.
 *		Binary: version (1), number of days (4; 0 ends the empty rfm), scale (1), bytes
 *		of the time zone (1) and these, then the days as they are stored.
 *
 *		Both are read into the packed form and checked by reading it back once.
 */
#include "summary/rfm_state.h"

#include <ctype.h>

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/datetime.h"

#define RFM_FORM "(2024-01-05=19.99;2024-02-01=5.00), days and amounts, with \"zone\"; before them where they are of a time zone"
#define RFM_MAX_ZONE 255

/* The number of days of a packed value, or -1, with *problem where that is asked for. */
static int64
rfm_count_days(const KpiHeader *value, const char **problem)
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
 * Text.
 */

/*
 * rfm_print() -
 *
 *	A KpiPrint: write the text of a packed value, or measure it where the KpiText has
 *	no place to write to.  The query may be cancelled here.
 */
static void
rfm_print(KpiText *text, const void *value)
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
rfm_most_text(const KpiHeader *packed)
{
	return (Size) 19 * VARSIZE_ANY(packed) + 1024;
}

/* 54000 where the text of a packed value is longer than limit. */
void
kpi_rfm_check_text(const KpiHeader *packed, Size limit)
{
	kpi_text_check(&kpi_rfm_type, rfm_print, packed, rfm_most_text(packed), limit);
}

/* Output: the text of a value or state. */
PG_FUNCTION_INFO_V1(kpi_rfm_out);
Datum
kpi_rfm_out(PG_FUNCTION_ARGS)
{
	KpiHeader  *packed = kpi_rfm_pack(kpi_flat(PG_GETARG_DATUM(0), &kpi_rfm_type));

	PG_RETURN_CSTRING(kpi_text_print(&kpi_rfm_type, rfm_print, packed, rfm_most_text(packed)));
}

/* One to so many digits, and nothing before them. */
static bool
rfm_scan_digits(KpiScan *scan, int most, int *value)
{
	int			n = 0;

	*value = 0;
	for (; n < most && isdigit((unsigned char) *scan->at); n++, scan->at++)
		*value = *value * 10 + (*scan->at - '0');
	return n > 0 && !isdigit((unsigned char) *scan->at);
}

/* A date, year-month-day, with BC behind it; false for one that is not valid. */
static bool
rfm_scan_day(KpiScan *scan, int32 *result)
{
	int			year;
	int			month;
	int			day;
	int			read_year;
	int			read_month;
	int			read_day;

	/* blanks before it only */
	kpi_scan_peek(scan, '\0');
	if (!rfm_scan_digits(scan, 7, &year) || *scan->at++ != '-' ||
		!rfm_scan_digits(scan, 2, &month) || *scan->at++ != '-' ||
		!rfm_scan_digits(scan, 2, &day) || year == 0)
		return false;
	if (kpi_scan_word(scan, "BC"))
		year = 1 - year;
	if (!IS_VALID_JULIAN(year, month, day))
		return false;
	*result = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	j2date(*result + POSTGRES_EPOCH_JDATE, &read_year, &read_month, &read_day);
	return IS_VALID_DATE(*result) && read_year == year && read_month == month && read_day == day;
}

typedef struct RfmScannedDay
{
	KpiInt128	amount;
	int32		day;
	int32		scale;			/* its own */
} RfmScannedDay;

/*
 * kpi_rfm_in() - input function of rfm
 *
 *	The packed value of a text, palloc'd.  22P02, a soft error where the server has
 *	them, for what is not of the form; 54000 where its own text would be too long to
 *	be read back.
 */
PG_FUNCTION_INFO_V1(kpi_rfm_in);
Datum
kpi_rfm_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &kpi_rfm_type, RFM_FORM);
	StringInfoData zone;
	StringInfoData days;
	RfmScannedDay *all;
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
		if (!kpi_scan_quoted(&scan, &zone, RFM_MAX_ZONE) || !kpi_scan_char(&scan, ';'))
			return kpi_scan_fail(&scan, NULL);
		if (zone.len < 2 || zone.len > RFM_MAX_ZONE + 1)
			return kpi_scan_fail(&scan, "Its time zone is empty, or too long.");
	}
	do
	{
		RfmScannedDay	scanned;
		KpiNumber	x;

		if (!rfm_scan_day(&scan, &scanned.day))
			return kpi_scan_fail(&scan, "A day is not a valid date.");
		if (!kpi_scan_char(&scan, '=') || !kpi_scan_number(&scan, &x))
			return kpi_scan_fail(&scan, NULL);
		scanned.scale = x.dscale;
		if (x.kind != KPI_FINITE || x.dscale > KPI_AMOUNT_PLACES || !kpi_amount_from_number(&x, x.dscale, &scanned.amount))
			return kpi_scan_fail(&scan, "An amount is out of range.");
		if (days.len > 0 && scanned.day <= ((RfmScannedDay *) (days.data + days.len))[-1].day)
			return kpi_scan_fail(&scan, "The days must ascend.");
		scale = Max(scale, scanned.scale);
		appendBinaryStringInfo(&days, (char *) &scanned, sizeof(scanned));
		if ((days.len / sizeof(scanned) & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	} while (kpi_scan_char(&scan, ';'));
	if (!kpi_scan_char(&scan, ')') || !kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);

	n = days.len / sizeof(RfmScannedDay);
	all = (RfmScannedDay *) days.data;
	kpi_rfm_writer(&writer, scale, zone.data, n * (Size) KPI_RFM_DAY_ROOM128);
	for (int i = 0; i < n; i++)
	{
		if (!kpi_amount_shift(&all[i].amount, scale - all[i].scale))
			return kpi_scan_fail(&scan, "An amount is out of range.");
		kpi_rfm_write(&writer, all[i].day, all[i].amount);
	}
	value = kpi_rfm_written(&writer);
	if (rfm_count_days(value, &problem) < 0)
		return kpi_scan_fail(&scan, problem);
	kpi_rfm_check_text(value, KPI_MAX_TEXT_READ);
	PG_RETURN_POINTER(value);
}

/*
 * Binary.
 */

/* Send: of a value or state. */
PG_FUNCTION_INFO_V1(kpi_rfm_send);
Datum
kpi_rfm_send(PG_FUNCTION_ARGS)
{
	KpiHeader  *value = kpi_rfm_pack(kpi_flat(PG_GETARG_DATUM(0), &kpi_rfm_type));
	int64		days = rfm_count_days(value, NULL);
	KpiRfmReader reader;
	StringInfoData out;

	kpi_wire_begin(&out, &kpi_rfm_type);
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

/*
 * kpi_rfm_recv() - receive function of rfm
 *
 *	The packed value of a message, palloc'd.  22P03 for what is not of the form,
 *	checked as the text is; 54000 where its text would be too long to be read back.
 */
PG_FUNCTION_INFO_V1(kpi_rfm_recv);
Datum
kpi_rfm_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &kpi_rfm_type);
	int32		days = kpi_wire_int32(&wire);
	char		zone[RFM_MAX_ZONE + 1];
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
	found = rfm_count_days(value, &problem);
	if (problem)
		kpi_wire_fail(&wire, problem);
	if (found != days)
		kpi_wire_fail(&wire, "Its number of days does not fit its days.");
	kpi_rfm_check_text(value, KPI_MAX_TEXT_READ);
	PG_RETURN_POINTER(value);
}
