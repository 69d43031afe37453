/*
 * forms.c
 *		Text and binary forms of flat sets; print.c writes the text.
 *
 *		Text: (unit,key type,number,"zone","step",...;customer;customer...), the empty
 *		set is ().  unit only where times are periods; number is the scale of amounts
 *		or the number of strings after the zone (steps, ranges; one string of parameters,
 *		or of the last day that is known, is not counted).  A customer is key:time+gap+gap...: a
 *		bigint, or 16 hexadecimal digits; the first time is the period's or moment's
 *		own number (days, weeks, months ... since 2000-01-01; microseconds since then),
 *		the others are distances to the one before.  A payload follows its time: =amount
 *		in the smallest unit of the scale, or @steps as a hexadecimal set.
 *		Binary: the same head, then the packed form as it is stored.
 *
 *		Both are read into the packed form and checked by reading it back once.
 */
#include "core/set/layout.h"
#include "core/set/pack.h"
#include "core/set/through.h"

#include <ctype.h>

#include "common/int.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#define SET_TEXT_FORM "(unit,key type,number,\"zone\";key:time+gap...;...), as a summary prints itself"
#define SET_MAX_STRINGS (64 * 1024)
#define SET_MAX_SCALE 38
#define SET_MAX_STEPS 64

/*
 * set_form_problem() -
 *
 *	The one checker of packed sets from outside: what is wrong with one, as the detail
 *	of a message, or NULL.  Its strings are already known to be as many as it should
 *	have, each with its NUL, and its unit to be valid.
 */
static const char *
set_form_problem(const KpiSetType *type, const KpiSet *set)
{
	KpiSetReader reader;
	DateADT		through;
	int64		used = 0;
	uint64		first = PG_UINT64_MAX;
	uint64		last = 0;

	if (set->key_type > KPI_KEY_TEXT)
		return "Its key type is not known.";
	if (set->zoned != (*kpi_set_strings(set) != '\0'))
		return "Its zone does not fit its times.";
	if (type->class.equal == KPI_RECORDS_ADD ? set->number < 0 || set->number > SET_MAX_SCALE :
		type->class.equal == KPI_RECORDS_KEEP ? set->number < 1 || set->number > SET_MAX_STEPS :
		set->number != 0 && (type->times != KPI_TIMES_PLAIN || set->number != 1))
		return "Its number is out of range.";
	if (kpi_set_has_through(type, set) && !kpi_through_of_string(kpi_set_parameters(set), &through))
		return "Its through is not a day.";
	kpi_set_reader(&reader, type, set);
	while (kpi_set_skim(&reader))
	{
		used += reader.n;
		first = Min(first, reader.first);
		last = Max(last, reader.last);
		if (type->class.equal == KPI_RECORDS_KEEP &&
			(reader.no_step || (set->number < SET_MAX_STEPS && reader.all_steps >> set->number != 0)))
			return "It has an event without a step, or of an unknown one.";
	}
	if (reader.problem)
		return reader.problem;
	if (reader.customers == 0)
		return "It has no customers.";
	if (reader.customers != set->sorted || used != set->used || first != set->base)
		return "Its head does not fit its customers.";
	if (type->times == KPI_TIMES_PERIODS)
	{
		if (first > (uint64) PG_UINT32_MAX || last > (uint64) PG_UINT32_MAX)
			return "A period is out of range.";
		for (int i = 0; i < 2; i++)
		{
			int64		start = kpi_period_start(set->unit, kpi_period_of_time(i == 0 ? first : last));

			if (start < (int64) DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE - 366 ||
				start >= (int64) DATE_END_JULIAN - POSTGRES_EPOCH_JDATE)
				return "A period is out of range.";
		}
	}
	else if (type->times == KPI_TIMES_MOMENTS &&
			 (!IS_VALID_TIMESTAMP(kpi_moment_of_time(first)) || !IS_VALID_TIMESTAMP(kpi_moment_of_time(last))))
		return "A time is out of range.";
	return type->problem ? type->problem(set) : NULL;
}

/*
 * Text.
 */

/* Output function of a type: the text of the value or state in argument 0, palloc'd. */
Datum
kpi_set_out(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	PG_RETURN_CSTRING(kpi_set_print(type, kpi_set_get(PG_GETARG_DATUM(0), type)));
}

/* What stands up to the next comma, which is taken too; false where it has no room in name. */
static bool
set_scan_name(KpiScan *scan, char *name, int room)
{
	int			n = 0;

	while (*scan->at && *scan->at != ',')
	{
		if (n >= room - 1)
			return false;
		name[n++] = *scan->at++;
	}
	name[n] = '\0';
	return kpi_scan_char(scan, ',');
}

/* Up to so many hexadecimal digits, and nothing before them; false where there is none. */
static bool
set_scan_hex(KpiScan *scan, int most, uint64 *value)
{
	int			n = 0;

	*value = 0;
	for (; n < most && isxdigit((unsigned char) *scan->at); n++, scan->at++)
		*value = *value << 4 |
			(isdigit((unsigned char) *scan->at) ? *scan->at - '0' : (tolower((unsigned char) *scan->at) - 'a' + 10));
	return n > 0;
}

/* Decimal digits, and nothing before them; false where there is none, or the number is too large. */
static bool
set_scan_uint64(KpiScan *scan, uint64 *value)
{
	const char *first = scan->at;

	*value = 0;
	for (; isdigit((unsigned char) *scan->at); scan->at++)
		if (pg_mul_u64_overflow(*value, 10, value) ||
			pg_add_u64_overflow(*value, *scan->at - '0', value))
			return false;
	return scan->at > first;
}

/* The same with a sign, of 128 bits. */
static bool
set_scan_int128(KpiScan *scan, KpiInt128 *value)
{
	bool		negative = *scan->at == '-';
	const char *first = scan->at += negative;

	*value = 0;
	for (; isdigit((unsigned char) *scan->at); scan->at++)
		if (__builtin_mul_overflow(*value, 10, value) ||
			__builtin_sub_overflow(*value, *scan->at - '0', value))
			return false;
	if (scan->at == first)
		return false;
	return negative || !__builtin_sub_overflow((KpiInt128) 0, *value, value);
}

/*
 * set_scan_base() -
 *
 *	The least time of all customers, which is the first of one of them, found before
 *	they are read.  Where the form isn't as it should be this may be anything: reading
 *	it finds out.
 */
static uint64
set_scan_base(const KpiSetType *type, const KpiScan *scan)
{
	const char *at = scan->at;
	uint64		base = PG_UINT64_MAX;
	uint32		customers = 0;

	while ((at = strchr(at, ';')) != NULL && (at = strchr(at, ':')) != NULL)
	{
		KpiScan		first = *scan;
		int64		number;

		first.at = ++at;
		if (!kpi_scan_int64(&first, &number))
			break;
		base = Min(base, type->times == KPI_TIMES_PERIODS ? kpi_time_of_period((int32) number) : kpi_time_of_moment(number));
		if ((++customers & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return base;
}

/* How many records has the customer at whose first time we are?  As many as there are signs, where it is well formed. */
static int64
set_count_records(const char *at)
{
	int64		n = 1;

	for (; *at != ';' && *at != ')' && *at != '\0'; at++)
	{
		n += *at == '+';
		if (unlikely(*at == '+' && (n & 0xfffff) == 0))
			CHECK_FOR_INTERRUPTS();
	}
	return n;
}

/*
 * set_scan_customer() -
 *
 *	Read a customer, after its semicolon, and write it.  Its records go one by one
 *	where they stay: an array of them could be many times the text.  False, with
 *	*problem or NULL there, when it is not well formed.
 */
static bool
set_scan_customer(KpiScan *scan, const KpiSetType *type, KpiKeyType key_type, KpiSetWriter *writer, const char **problem)
{
	KpiRecordsEqual equal = type->class.equal;
	uint64		payload[2] = {0};
	uint64		last_steps = 0;
	uint64		key;
	uint64		time;
	uint64		gap = 0;
	int64		number;
	int64		n;

	if (key_type == KPI_KEY_BIGINT)
	{
		if (!kpi_scan_int64(scan, &number))
			return false;
		key = kpi_key_bigint(Int64GetDatum(number));
	}
	else if (!set_scan_hex(scan, 16, &key))
		return false;
	if (!kpi_scan_char(scan, ':') || !kpi_scan_int64(scan, &number))
		return false;
	if (type->times == KPI_TIMES_PERIODS && number != (int32) number)
		return false;
	time = type->times == KPI_TIMES_PERIODS ? kpi_time_of_period((int32) number) : kpi_time_of_moment(number);
	if (writer->set->sorted > 0 && key <= writer->last_key)
	{
		*problem = "The customers must ascend.";
		return false;
	}
	n = set_count_records(scan->at);
	kpi_set_write_customer(writer, key, n);
	for (int64 i = 0;; i++)
	{
		if (equal == KPI_RECORDS_ADD)
		{
			KpiInt128	amount;

			if (*scan->at++ != '=' || !set_scan_int128(scan, &amount))
				return false;
			memcpy(payload, &amount, sizeof(amount));
		}
		else if (equal == KPI_RECORDS_KEEP &&
				 (*scan->at++ != '@' || !set_scan_hex(scan, 16, &payload[0])))
			return false;
		if (i > 0 && gap == 0 && (equal != KPI_RECORDS_KEEP || last_steps > payload[0]))
		{
			*problem = "The times of a customer must ascend.";
			return false;
		}
		kpi_set_write_record(writer, i == 0 ? time - writer->set->base : equal == KPI_RECORDS_KEEP ? gap : gap - 1, payload);
		last_steps = payload[0];
		if (*scan->at != '+')
			return i + 1 == n;
		scan->at++;
		if (!set_scan_uint64(scan, &gap) || pg_add_u64_overflow(time, gap, &time))
			return false;
		if ((i & 0xffff) == 0xffff)
			CHECK_FOR_INTERRUPTS();
	}
}

/* An empty set, palloc'd, of a head's fields and of strings; its name of the unit is filled in. */
static KpiSet *
set_make_head(const KpiSetType *type, const KpiSet *fields, const char *strings, int length)
{
	KpiSet	   *head = kpi_flat_new(&type->type, sizeof(KpiSet) + MAXALIGN(length));

	head->header.version = fields->header.version;
	head->key_type = fields->key_type;
	head->number = fields->number;
	head->strings = MAXALIGN(length);
	memcpy(kpi_set_strings(head), strings, length);
	head->zoned = *strings != '\0';
	if (type->times == KPI_TIMES_PERIODS)
		kpi_set_put_unit(head, fields->unit);
	return head;
}

/* The type of key by its name; false where there is none. */
static bool
set_find_key_type(const char *name, uint8 *key_type)
{
	for (int i = KPI_KEY_BIGINT; i <= KPI_KEY_TEXT; i++)
		if (strcmp(name, kpi_key_type_name(i)) == 0)
		{
			*key_type = i;
			return true;
		}
	return false;
}

/*
 * kpi_set_in() -
 *
 *	Input function of a type: the packed set of the text in argument 0.  22P02 for
 *	what is not of the form or does not hold together, a soft error where the server
 *	has them; 54000 beyond 512 MB, or of a text that could not be printed.
 */
Datum
kpi_set_in(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &type->type, type->form ? type->form : SET_TEXT_FORM);
	KpiSet		fields;
	StringInfoData strings;
	char		name[KPI_UNIT_NAME_LENGTH];
	KpiSet	   *head;
	KpiSetWriter writer;
	KpiSet	   *set;
	const char *problem = NULL;

	memset(&fields, 0, sizeof(fields));
	fields.header.version = type->type.version;
	if (!kpi_scan_char(&scan, '('))
		return kpi_scan_fail(&scan, NULL);
	if (kpi_scan_char(&scan, ')'))
	{
		if (!kpi_scan_end(&scan))
			return kpi_scan_fail(&scan, NULL);
		PG_RETURN_POINTER(kpi_set_empty(type));
	}
	if (!set_scan_name(&scan, name, sizeof(name)) ||
		(type->times == KPI_TIMES_PERIODS ? !kpi_unit_read(name, strlen(name), &fields.unit) : *name != '\0'))
		return kpi_scan_fail(&scan, "Its unit is not known.");
	if (!set_scan_name(&scan, name, sizeof(name)) || !set_find_key_type(name, &fields.key_type))
		return kpi_scan_fail(&scan, "Its key type is not known.");
	initStringInfo(&strings);
	if (!kpi_scan_int64(&scan, &fields.number) || fields.number < 0 || fields.number > SET_MAX_STEPS ||
		!kpi_scan_char(&scan, ',') || !kpi_scan_quoted(&scan, &strings, SET_MAX_STRINGS))
		return kpi_scan_fail(&scan, NULL);
	if (type->through && kpi_scan_peek(&scan, ','))
		fields.header.version++;
	for (int i = 0; i < kpi_set_count_strings(type, &fields); i++)
		if (!kpi_scan_char(&scan, ',') || !kpi_scan_quoted(&scan, &strings, SET_MAX_STRINGS))
			return kpi_scan_fail(&scan, NULL);
	head = set_make_head(type, &fields, strings.data, strings.len);

	/* customers must stand in order, each once; their records too */
	kpi_set_writer(&writer, type, head);
	writer.set->base = set_scan_base(type, &scan);
	while (kpi_scan_char(&scan, ';'))
	{
		if (!set_scan_customer(&scan, type, head->key_type, &writer, &problem))
			return kpi_scan_fail(&scan, problem);
		if ((writer.set->sorted & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
	if (!kpi_scan_char(&scan, ')') || !kpi_scan_end(&scan))
		return kpi_scan_fail(&scan, NULL);
	if (writer.set->sorted == 0)
		return kpi_scan_fail(&scan, "It has no customers.");
	set = kpi_set_written(&writer);
	if ((problem = set_form_problem(type, set)) != NULL)
		return kpi_scan_fail(&scan, problem);
	kpi_set_check_text(type, set, KPI_MAX_TEXT_READ);
	PG_RETURN_POINTER(set);
}

/*
 * kpi_set_send() -
 *
 *	Send function of a type: number of customers (8; 0 ends the empty set), key type
 *	(1), unit kind and offset (1, 1), number (8), base (8), records (8), strings (4 and
 *	bytes), content as it is stored.
 */
Datum
kpi_set_send(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	KpiSet	   *set = kpi_set_get(PG_GETARG_DATUM(0), type);
	StringInfoData out;
	const char *end = kpi_set_strings(set);

	kpi_wire_begin_version(&out, set->header.version);
	pq_sendint64(&out, set->sorted);
	if (set->key_type != KPI_KEY_NONE)
	{
		const char *content = (const char *) kpi_set_records(set);

		for (int i = 0; i <= kpi_set_count_strings(type, set); i++)
			end += strlen(end) + 1;
		pq_sendint8(&out, set->key_type);
		pq_sendint8(&out, set->unit.kind);
		pq_sendint8(&out, set->unit.offset);
		pq_sendint64(&out, set->number);
		pq_sendint64(&out, set->base);
		pq_sendint64(&out, set->used);
		pq_sendint32(&out, end - kpi_set_strings(set));
		pq_sendbytes(&out, kpi_set_strings(set), end - kpi_set_strings(set));
		pq_sendbytes(&out, content, (const char *) set + VARSIZE(set) - content);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * kpi_set_recv() -
 *
 *	Receive function of a type: the packed set of the message in argument 0.  22P03 for
 *	what is not of the form or does not hold together, 54000 beyond 512 MB, or where its
 *	text could not be printed.
 */
Datum
kpi_set_recv(FunctionCallInfo fcinfo, const KpiSetType *type)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &type->type);
	KpiSet		fields;
	KpiSet	   *head;
	KpiSet	   *set;
	const char *strings;
	const char *content;
	int32		length;
	int			found = 0;
	Size		size;
	Size		bytes;
	const char *problem;
	uint64		base;
	int64		customers = kpi_wire_int64(&wire);
	int64		records;

	if (customers == 0)
	{
		if (wire.version > type->type.version)
			kpi_wire_fail(&wire, "It has no customers.");
		kpi_wire_end(&wire);
		PG_RETURN_POINTER(kpi_set_empty(type));
	}
	memset(&fields, 0, sizeof(fields));
	fields.header.version = wire.version;
	fields.key_type = kpi_wire_uint8(&wire);
	fields.unit.kind = kpi_wire_uint8(&wire);
	fields.unit.offset = kpi_wire_uint8(&wire);
	fields.number = kpi_wire_int64(&wire);
	base = (uint64) kpi_wire_int64(&wire);
	records = kpi_wire_int64(&wire);
	length = kpi_wire_int32(&wire);
	if (fields.key_type == KPI_KEY_NONE || fields.number < 0 || fields.number > SET_MAX_STEPS)
		kpi_wire_fail(&wire, "Its head is out of range.");
	if (!kpi_unit_valid(fields.unit) || (type->times != KPI_TIMES_PERIODS && (fields.unit.kind || fields.unit.offset)))
		kpi_wire_fail(&wire, "Its unit is not known.");
	if (length < 1 || length > SET_MAX_STRINGS)
		kpi_wire_fail(&wire, "Its strings are out of range.");
	kpi_wire_need(&wire, length);
	strings = pq_getmsgbytes(wire.buf, length);
	for (int i = 0; i < length; i++)
		found += strings[i] == '\0';
	if (found != kpi_set_count_strings(type, &fields) + 1 || strings[length - 1] != '\0')
		kpi_wire_fail(&wire, "Its strings don't fit its steps.");
	for (const char *s = strings; s < strings + length; s += strlen(s) + 1)
		if (!pg_verifymbstr(s, strlen(s), true))
			kpi_wire_fail(&wire, "Its strings are not in the encoding of the database.");
	bytes = wire.buf->len - wire.buf->cursor;
	content = pq_getmsgbytes(wire.buf, bytes);

	head = set_make_head(type, &fields, strings, length);
	size = VARSIZE(head) + bytes;
	if (size > KPI_MAX_SIZE)
		kpi_too_large(kpi_shown(&type->type));
	set = palloc(size);
	memcpy(set, head, VARSIZE(head));
	memcpy((char *) set + VARSIZE(head), content, bytes);
	SET_VARSIZE(set, size);
	set->header.flags = KPI_SET_PACKED;
	set->sorted = customers;
	set->used = records;
	set->base = base;
	if ((problem = set_form_problem(type, set)) != NULL)
		kpi_wire_fail(&wire, problem);
	kpi_set_check_text(type, set, KPI_MAX_TEXT_READ);
	PG_RETURN_POINTER(set);
}
