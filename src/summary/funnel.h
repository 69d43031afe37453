/*
 * funnel.h
 *		funnel_summary for the files that share it, and how far customers get.
 */
#ifndef KPI_FUNNEL_H
#define KPI_FUNNEL_H

#include "core/set/set.h"

#include "utils/timestamp.h"

#define KPI_FUNNEL_STEPS 64		/* at most */

extern const KpiSetType kpi_funnel_type;

extern uint64 kpi_funnel_reached(Datum reached, int *steps);
extern Timestamp kpi_funnel_moment(Datum at, KpiAt at_type);

/* Add an event, with the steps that it carries, to a state, which may move. */
static inline void
kpi_funnel_append(const KpiSetType *type, KpiSet **set, uint64 key, Timestamp at, uint64 steps)
{
	uint64	   *record = kpi_set_append(type, set);

	record[0] = key;
	record[1] = kpi_time_of_moment(at);
	record[2] = steps;
}

typedef enum KpiFunnelMode
{
	KPI_FUNNEL_ORDERED,
	KPI_FUNNEL_STRICT,
	KPI_FUNNEL_UNORDERED,
	KPI_FUNNEL_REACHED
} KpiFunnelMode;

/* What a funnel asks for. */
typedef struct KpiFunnelQuery
{
	KpiFunnelMode mode;
	int			steps;
	bool		zoned;			/* moments are instants, else of no zone */
	bool		limited;		/* by within */
	Interval	within;
	bool		in_entry;		/* starts must lie in these days */
	int64		entry_from;
	int64		entry_to;		/* the day after the last */
	Timestamp	as_of;			/* as the moments; PG_INT64_MAX without */
} KpiFunnelQuery;

extern const char *kpi_funnel_mode_name(KpiFunnelMode mode);
extern bool kpi_funnel_mode_read(const char *name, int length, KpiFunnelMode *mode);
extern KpiFunnelMode kpi_funnel_mode(FunctionCallInfo fcinfo, int number);

extern void kpi_funnel_check_within(const Interval *within);

extern int kpi_funnel_walk(const KpiFunnelQuery *query, const uint64 *times, uint64 *events, int64 n,
						   int64 *microseconds);

#endif							/* KPI_FUNNEL_H */
