/*
 * pack.h
 *		Writing packed sets, for the files of core/set (pack.c).
 */
#ifndef KPI_PACK_H
#define KPI_PACK_H

#include "core/set/set.h"

typedef struct KpiSetWriter
{
	const KpiSetType *type;
	KpiSet	   *set;			/* head with strings; content grows behind it */
	Size		length;			/* bytes used */
	Size		room;
	uint64		last_key;
} KpiSetWriter;

extern void kpi_set_writer(KpiSetWriter *writer, const KpiSetType *type, const KpiSet *head);

/* A customer with all its records, or a customer and then each of them. */
extern void kpi_set_write(KpiSetWriter *writer, uint64 key, const uint64 *records, int64 n);
extern void kpi_set_write_customer(KpiSetWriter *writer, uint64 key, int64 n);
extern void kpi_set_write_record(KpiSetWriter *writer, uint64 distance, const uint64 *payload);

extern KpiSet *kpi_set_written(KpiSetWriter *writer);

#endif							/* KPI_PACK_H */
