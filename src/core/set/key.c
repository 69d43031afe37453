/*
 * key.c
 *		Customers as 64-bit keys.
 *
 *		SipHash-2-4: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input
 *		PRF" (2012).  The key is the one of the paper's test vectors, bytes 0 to 15.
 */
#include "core/set/key.h"

const char *
kpi_key_type_name(KpiKeyType type)
{
	switch (type)
	{
		case KPI_KEY_BIGINT:
			return "bigint";
		case KPI_KEY_UUID:
			return "uuid";
		case KPI_KEY_TEXT:
			return "text";
		default:
			return "none";
	}
}

#define ROTATE(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))

#define SIPROUND \
	do { \
		v0 += v1; v1 = ROTATE(v1, 13); v1 ^= v0; v0 = ROTATE(v0, 32); \
		v2 += v3; v3 = ROTATE(v3, 16); v3 ^= v2; \
		v0 += v3; v3 = ROTATE(v3, 21); v3 ^= v0; \
		v2 += v1; v1 = ROTATE(v1, 17); v1 ^= v2; v2 = ROTATE(v2, 32); \
	} while (0)

static inline uint64
read_little_endian(const unsigned char *data, int length)
{
	uint64		word = 0;

	for (int i = 0; i < length; i++)
		word |= (uint64) data[i] << (8 * i);
	return word;
}

uint64
kpi_siphash(const unsigned char *data, Size length)
{
	const uint64 k0 = UINT64CONST(0x0706050403020100);
	const uint64 k1 = UINT64CONST(0x0f0e0d0c0b0a0908);
	uint64		v0 = k0 ^ UINT64CONST(0x736f6d6570736575);
	uint64		v1 = k1 ^ UINT64CONST(0x646f72616e646f6d);
	uint64		v2 = k0 ^ UINT64CONST(0x6c7967656e657261);
	uint64		v3 = k1 ^ UINT64CONST(0x7465646279746573);
	const unsigned char *end = data + (length & ~(Size) 7);
	uint64		word;

	for (; data < end; data += 8)
	{
		word = read_little_endian(data, 8);
		v3 ^= word;
		SIPROUND;
		SIPROUND;
		v0 ^= word;
	}
	word = (uint64) length << 56 | read_little_endian(data, length & 7);
	v3 ^= word;
	SIPROUND;
	SIPROUND;
	v0 ^= word;
	v2 ^= 0xff;
	SIPROUND;
	SIPROUND;
	SIPROUND;
	SIPROUND;
	return v0 ^ v1 ^ v2 ^ v3;
}

uint64
kpi_key_text(Datum customer)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(customer);
	uint64		key = kpi_siphash((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	if ((Pointer) value != DatumGetPointer(customer))
		pfree(value);
	return key;
}
