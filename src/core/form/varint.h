/*
 * varint.h
 *		Integers in as few bytes as they need: seven bits a byte, lowest first, the
 *		high bit says that more follow.  Only the shortest form is read back, so
 *		that equal values have equal bytes.
 */
#ifndef KPI_VARINT_H
#define KPI_VARINT_H

#include "core/server/int128.h"

#define KPI_VARINT_MAX 10		/* bytes of a 64-bit integer */
#define KPI_VARINT128_MAX 19

/* Write a value; the byte after it.  There is room for KPI_VARINT_MAX. */
static inline uint8 *
kpi_varint_write(uint8 *at, uint64 value)
{
	while (value >= 0x80)
	{
		*at++ = (uint8) value | 0x80;
		value >>= 7;
	}
	*at++ = (uint8) value;
	return at;
}

/*
 * kpi_varint_read() -
 *
 *	Read a value that begins at a byte.  The byte after it, or NULL where it does not
 *	end before the end, is too large or not in its shortest form.
 */
static inline const uint8 *
kpi_varint_read(const uint8 *at, const uint8 *end, uint64 *value)
{
	uint64		result;

	if (unlikely(at >= end))
		return NULL;
	result = *at++;
	if (likely(result < 0x80))
	{
		*value = result;
		return at;
	}
	result &= 0x7f;
	for (int shift = 7; at < end && shift < 64; shift += 7)
	{
		uint8		byte = *at++;

		if (shift == 63 && byte > 1)
			return NULL;
		result |= (uint64) (byte & 0x7f) << shift;
		if (byte < 0x80)
		{
			*value = result;
			return byte == 0 ? NULL : at;
		}
	}
	return NULL;
}

/* The same of 128 bits, in at most KPI_VARINT128_MAX bytes; what fits into 64 looks the same in both. */
static inline uint8 *
kpi_varint128_write(uint8 *at, KpiUint128 value)
{
	while (value > PG_UINT64_MAX)
	{
		*at++ = (uint8) value | 0x80;
		value >>= 7;
	}
	return kpi_varint_write(at, (uint64) value);
}

/* As kpi_varint_read(): where the number ends, or NULL for what is cut short, too large or longer than needed. */
static inline const uint8 *
kpi_varint128_read(const uint8 *at, const uint8 *end, KpiUint128 *value)
{
	KpiUint128	result = 0;

	for (int shift = 0; at < end && shift < 128; shift += 7)
	{
		uint8		byte = *at++;

		if (shift == 126 && byte > 3)
			return NULL;
		result |= (KpiUint128) (byte & 0x7f) << shift;
		if (byte < 0x80)
		{
			*value = result;
			return byte == 0 && shift > 0 ? NULL : at;
		}
	}
	return NULL;
}

/* Signed integers near zero are small unsigned ones. */
static inline KpiUint128
kpi_zigzag(KpiInt128 value)
{
	return (KpiUint128) value << 1 ^ (KpiUint128) (value >> 127);
}

static inline KpiInt128
kpi_unzigzag(KpiUint128 value)
{
	return (KpiInt128) (value >> 1) ^ -(KpiInt128) (value & 1);
}

#endif							/* KPI_VARINT_H */
