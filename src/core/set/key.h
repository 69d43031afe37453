/*
 * key.h
 *		Customers as 64-bit keys.
 *
 *		A bigint is its own key.  A uuid or text becomes SipHash-2-4 of its bytes,
 *		under a fixed key: the same on every server, version and byte order, and no
 *		identifier in clear.  Among n customers two share a key with probability
 *		about n^2 / 2^65: 3e-8 for a million, 3e-4 for a hundred million.
 */
#ifndef KPI_KEY_H
#define KPI_KEY_H

#include "core/server/compat.h"

#include "utils/uuid.h"

/* Kept in every value: a mixture is an error. */
typedef enum KpiKeyType
{
	KPI_KEY_NONE,				/* no row yet */
	KPI_KEY_BIGINT,
	KPI_KEY_UUID,
	KPI_KEY_TEXT
} KpiKeyType;

extern const char *kpi_key_type_name(KpiKeyType type);
extern uint64 kpi_siphash(const unsigned char *data, Size length);

/* Keys are compared unsigned; this keeps the order of bigint. */
static inline uint64
kpi_key_bigint(Datum customer)
{
	return (uint64) DatumGetInt64(customer) ^ (UINT64CONST(1) << 63);
}

static inline int64
kpi_bigint_of_key(uint64 key)
{
	return (int64) (key ^ (UINT64CONST(1) << 63));
}

static inline uint64
kpi_key_uuid(Datum customer)
{
	return kpi_siphash(DatumGetUUIDP(customer)->data, UUID_LEN);
}

extern uint64 kpi_key_text(Datum customer);

/* The key of a customer of a type, not NULL.  A copy made by detoasting is freed. */
static inline uint64
kpi_key(Datum customer, KpiKeyType type)
{
	return type == KPI_KEY_BIGINT ? kpi_key_bigint(customer) :
		type == KPI_KEY_UUID ? kpi_key_uuid(customer) : kpi_key_text(customer);
}

#endif							/* KPI_KEY_H */
