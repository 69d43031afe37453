/*
 * wire.h
 *		Reading the binary form of a value, and writing it: network byte order,
 *		first a byte with the format's version.  Whatever is wrong gives 22P03.
 */
#ifndef KPI_WIRE_H
#define KPI_WIRE_H

#include "core/form/flat.h"

#include "libpq/pqformat.h"

typedef struct KpiWire
{
	const KpiType *type;
	StringInfo	buf;
	uint8		version;		/* of the format */
} KpiWire;

extern KpiWire kpi_wire_start(FunctionCallInfo fcinfo, const KpiType *type);
extern void kpi_wire_need(KpiWire *wire, Size bytes);
extern uint8 kpi_wire_uint8(KpiWire *wire);
extern uint16 kpi_wire_uint16(KpiWire *wire);
extern int32 kpi_wire_int32(KpiWire *wire);
extern int64 kpi_wire_int64(KpiWire *wire);
extern double kpi_wire_double(KpiWire *wire);
extern void kpi_wire_end(KpiWire *wire);
extern void kpi_wire_fail(const KpiWire *wire, const char *reason) pg_attribute_noreturn();

extern void kpi_wire_begin(StringInfo out, const KpiType *type);
extern void kpi_wire_begin_version(StringInfo out, uint8 version);

#endif							/* KPI_WIRE_H */
