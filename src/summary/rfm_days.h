/*
 * rfm_days.h
 *		rfm's packed form, for rfm's own files and the models that build it: reading
 *		and writing it day by day.
 *
 *		Packed form, the stored one, canonical: the header with KPI_RFM_PACKED; then
 *		the scale of the amounts (1), the time zone of the days with its NUL (only the
 *		NUL where days came as date or timestamp), and the days in order, as varints:
 *			day (zigzag; days since 2000-01-01), later ones day - previous day - 1;
 *			sum of the day's amounts (zigzag, 128 bits) in units of 10^-scale.
 *		The scale is the largest kpi_amount_scale() of the amounts.  The empty rfm is the
 *		header alone.
 */
#ifndef KPI_RFM_DAYS_H
#define KPI_RFM_DAYS_H

#include "core/form/text.h"
#include "core/form/varint.h"
#include "core/number/amount.h"
#include "summary/rfm.h"

#define KPI_RFM_PACKED 0x01		/* in header.flags */

extern const KpiType kpi_rfm_type;

typedef struct KpiRfmReader
{
	const uint8 *at;
	const uint8 *end;
	const char *zone;			/* "" where there is none */
	int			scale;
	bool		started;
	int32		day;
	KpiInt128	amount;
	const char *problem;		/* set by a bad form */
} KpiRfmReader;

extern void kpi_rfm_read_packed(KpiRfmReader *reader, const uint8 *body, Size size);
extern bool kpi_rfm_next(KpiRfmReader *reader);

typedef struct KpiRfmWriter
{
	KpiHeader  *value;
	uint8	   *at;
	bool		started;
	int32		day;
} KpiRfmWriter;

/* Room for a day with an amount of 64 bits, or of 128. */
#define KPI_RFM_DAY_ROOM (5 + KPI_VARINT_MAX)
#define KPI_RFM_DAY_ROOM128 (5 + KPI_VARINT128_MAX)

extern void kpi_rfm_writer(KpiRfmWriter *writer, int scale, const char *zone, Size room);
extern KpiHeader *kpi_rfm_written(KpiRfmWriter *writer);
extern KpiHeader *kpi_rfm_empty(void);

/* Write the next day; where its amount goes. */
static inline uint8 *
kpi_rfm_write_day(KpiRfmWriter *writer, int32 day)
{
	uint8	   *at = kpi_varint_write(writer->at, writer->started ? (uint64) ((int64) day - writer->day - 1) :
									  (uint64) kpi_zigzag(day));

	writer->started = true;
	writer->day = day;
	return at;
}

/* Write the next day and its amount, for which there must be room. */
static inline void
kpi_rfm_write(KpiRfmWriter *writer, int32 day, KpiInt128 amount)
{
	uint8	   *at = kpi_rfm_write_day(writer, day);

	writer->at = kpi_varint128_write(at, kpi_zigzag(amount));
}

/* The same of an amount of 64 bits, faster. */
static inline void
kpi_rfm_write64(KpiRfmWriter *writer, int32 day, int64 amount)
{
	uint8	   *at = kpi_rfm_write_day(writer, day);

	writer->at = kpi_varint_write(at, (uint64) amount << 1 ^ (uint64) (amount >> 63));
}

extern void kpi_rfm_check_text(const KpiHeader *packed, Size limit);
extern void kpi_rfm_check_zone(const char *before, const char *now);

#endif							/* KPI_RFM_DAYS_H */
