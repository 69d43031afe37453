/*
 * funnel_walk.h
 *		Walking through one customer's events, for the modes of a funnel; what a pass
 *		is stands in funnel_walk.c.
 */
#ifndef KPI_FUNNEL_WALK_H
#define KPI_FUNNEL_WALK_H

#include "summary/funnel.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#define KPI_STEP_BIT(step) (UINT64CONST(1) << ((step) - 1))	/* steps count from 1 */

/* Events between two looks whether the query is cancelled; moments hold several, so that no multiple is sure to be met. */
#define KPI_WALK_CHECK_EVERY 0x10000

/* Where a pass begins. */
typedef struct KpiWalkStart
{
	Timestamp	end;			/* of the window */
	Timestamp	at;
} KpiWalkStart;

/* That of no pass: worse than every other. */
static const KpiWalkStart kpi_no_start = {PG_INT64_MIN, PG_INT64_MIN};

typedef struct KpiWalk
{
	const KpiFunnelQuery *query;
	const uint64 *times;
	uint64	   *events;			/* steps of each */
	int64		n;
	int			depth;			/* the largest so far */
	Timestamp	reached_at;		/* when it was first reached */
	KpiWalkStart start;			/* by the pass with this start */
} KpiWalk;

/*
 * For each mode: find the depth, when it is reached and by which pass; and with these
 * known the time from that pass's first event, the event i at the earliest, to each step.
 * All of it is written to the walk or to microseconds; 22008 where a window ends after the
 * last moment.
 */
extern void kpi_walk_ordered(KpiWalk *walk);
extern void kpi_walk_strict(KpiWalk *walk);
extern void kpi_walk_unordered(KpiWalk *walk);
extern void kpi_walk_reached(KpiWalk *walk);
extern void kpi_walk_times_ordered(KpiWalk *walk, int64 i, int64 *microseconds);
extern void kpi_walk_times_strict(KpiWalk *walk, int64 i, int64 *microseconds);
extern void kpi_walk_times_unordered(KpiWalk *walk, int64 i, int64 *microseconds);
extern void kpi_walk_times_reached(KpiWalk *walk, int64 i, int64 *microseconds);

extern Timestamp kpi_walk_window_end(const KpiFunnelQuery *query, Timestamp at);

/* Can a pass with start a still do more than one with start b? */
static inline bool
kpi_walk_better(KpiWalkStart a, KpiWalkStart b)
{
	return a.end != b.end ? a.end > b.end : a.at > b.at;
}

static inline int
kpi_lowest_step(uint64 steps)
{
	return pg_rightmost_one_pos64(steps) + 1;
}

static inline Timestamp
kpi_walk_moment(const KpiWalk *walk, int64 i)
{
	return kpi_moment_of_time(walk->times[i]);
}

/* The first event after those of i's moment. */
static inline int64
kpi_walk_moment_end(const KpiWalk *walk, int64 i)
{
	int64		end = i + 1;

	while (end < walk->n && walk->times[end] == walk->times[i])
		end++;
	return end;
}

/* The same, with the steps that the moment's events carry in all, and whether one of them carries several. */
static inline int64
kpi_walk_moment_steps(const KpiWalk *walk, int64 i, uint64 *all, bool *several)
{
	int64		end = kpi_walk_moment_end(walk, i);

	*all = 0;
	*several = false;
	for (int64 e = i; e < end; e++)
	{
		*all |= walk->events[e];
		*several |= (walk->events[e] & (walk->events[e] - 1)) != 0;
	}
	return end;
}

/* May a pass start at this moment, and which is its window?  Its end must be known by as_of. */
static inline bool
kpi_walk_may_start(const KpiFunnelQuery *query, Timestamp at, KpiWalkStart *start)
{
	if (query->in_entry)
	{
		int64		day = query->zoned ? kpi_day_in_zone(at) : kpi_day_of_timestamp(at);

		if (day < query->entry_from || day >= query->entry_to)
			return false;
	}
	if (at > query->as_of)
		return false;
	start->at = at;
	if (!query->limited)
	{
		start->end = query->as_of;
		return true;
	}
	start->end = kpi_walk_window_end(query, at);
	return start->end <= query->as_of;
}

/* A pass with this start has reached a step. */
static inline void
kpi_walk_note(KpiWalk *walk, int step, KpiWalkStart start, Timestamp at)
{
	if (step > walk->depth ||
		(step == walk->depth && at == walk->reached_at && kpi_walk_better(start, walk->start)))
	{
		walk->depth = step;
		walk->reached_at = at;
		walk->start = start;
	}
}

#endif							/* KPI_FUNNEL_WALK_H */
