/*
 * key.c
 *		Customers as 64-bit keys.
 *
 *		SipHash-2-4: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input
 *		PRF" (2012).  The key is the one of the paper's test vectors, bytes 0 to 15.
 */
#include "core/set/key.h"

/* The type's name, for messages and the text form; "none" for a set without customers. */
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

#define KEY_ROTATE(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))

#define KEY_SIPROUND \
	do { \
		v0 += v1; v1 = KEY_ROTATE(v1, 13); v1 ^= v0; v0 = KEY_ROTATE(v0, 32); \
		v2 += v3; v3 = KEY_ROTATE(v3, 16); v3 ^= v2; \
		v0 += v3; v3 = KEY_ROTATE(v3, 21); v3 ^= v0; \
		v2 += v1; v1 = KEY_ROTATE(v1, 17); v1 ^= v2; v2 = KEY_ROTATE(v2, 32); \
	} while (0)

/* Up to eight bytes as a word, the first the lowest, whatever the machine's byte order. */
static inline uint64
key_read_little_endian(const unsigned char *data, int length)
{
	uint64		word = 0;

	for (int i = 0; i < length; i++)
		word |= (uint64) data[i] << (8 * i);
	return word;
}

/*
 * kpi_siphash() -
 *
 *	SipHash-2-4 of the bytes (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast
 *	short-input PRF", 2012).  The key is ours and never changes: hashes are stored as
 *	keys of customers.
 */
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
		word = key_read_little_endian(data, 8);
		v3 ^= word;
		KEY_SIPROUND;
		KEY_SIPROUND;
		v0 ^= word;
	}
	word = (uint64) length << 56 | key_read_little_endian(data, length & 7);
	v3 ^= word;
	KEY_SIPROUND;
	KEY_SIPROUND;
	v0 ^= word;
	v2 ^= 0xff;
	KEY_SIPROUND;
	KEY_SIPROUND;
	KEY_SIPROUND;
	KEY_SIPROUND;
	return v0 ^ v1 ^ v2 ^ v3;
}

/* The key of a text: of its bytes, whatever the collation.  A copy made by detoasting is freed. */
uint64
kpi_key_text(Datum customer)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(customer);
	uint64		key = kpi_siphash((unsigned char *) VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	if ((Pointer) value != DatumGetPointer(customer))
		pfree(value);
	return key;
}
