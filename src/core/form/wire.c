/*
 * wire.c
 *		Reading the binary form of a value with checks, and writing it.
 */
#include "core/form/wire.h"

/*
 * kpi_wire_start() -
 *
 *	Begin to read the message in argument 0 of a receive function, with the byte that
 *	tells its version: 22P03 for one that is not known.
 */
KpiWire
kpi_wire_start(FunctionCallInfo fcinfo, const KpiType *type)
{
	KpiWire		wire;

	wire.type = type;
	wire.buf = (StringInfo) PG_GETARG_POINTER(0);
	wire.version = kpi_wire_uint8(&wire);
	if (wire.version == 0 || wire.version > type->version + type->more_versions)
		kpi_wire_fail(&wire, psprintf("Format version %d is not known here.", wire.version));
	return wire;
}

/* The error for a message that is not of the form: 22P03. */
void
kpi_wire_fail(const KpiWire *wire, const char *reason)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary value of type %s", wire->type->name),
			 errdetail("%s", reason)));
}

/*
 * kpi_wire_need() -
 *
 *	22P03 unless so many bytes are left.  To be asked before reading, and before
 *	allocating what the value claims to need.
 */
void
kpi_wire_need(KpiWire *wire, Size bytes)
{
	if ((Size) (wire->buf->len - wire->buf->cursor) < bytes)
		kpi_wire_fail(wire, "It ends too early.");
}

/* Integers and doubles, as far as the message goes; 22P03 where it ends before. */
uint8
kpi_wire_uint8(KpiWire *wire)
{
	kpi_wire_need(wire, 1);
	return (uint8) pq_getmsgbyte(wire->buf);
}

uint16
kpi_wire_uint16(KpiWire *wire)
{
	kpi_wire_need(wire, 2);
	return (uint16) pq_getmsgint(wire->buf, 2);
}

int32
kpi_wire_int32(KpiWire *wire)
{
	kpi_wire_need(wire, 4);
	return (int32) pq_getmsgint(wire->buf, 4);
}

int64
kpi_wire_int64(KpiWire *wire)
{
	kpi_wire_need(wire, 8);
	return pq_getmsgint64(wire->buf);
}

double
kpi_wire_double(KpiWire *wire)
{
	kpi_wire_need(wire, 8);
	return pq_getmsgfloat8(wire->buf);
}

/* 22P03 for bytes after the end. */
void
kpi_wire_end(KpiWire *wire)
{
	if (wire->buf->cursor != wire->buf->len)
		kpi_wire_fail(wire, "It goes on after its end.");
}

/* Begin to write a message, for pq_endtypsend() to end: the byte that tells the version. */
void
kpi_wire_begin(StringInfo out, const KpiType *type)
{
	kpi_wire_begin_version(out, type->version);
}

/* The same of a type whose values have one of several versions. */
void
kpi_wire_begin_version(StringInfo out, uint8 version)
{
	pq_begintypsend(out);
	pq_sendbyte(out, version);
}
