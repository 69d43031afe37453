/*
 * funnel_walk.c
 *		How far one customer gets in a funnel.
 *
 *		A pass begins with an event and has a window, from that event to within
 *		later, both inclusive.  ordered and strict: its events carry steps 1, 2, 3 ... at
 *		times that don't descend; strict: an event between the one of step k and the
 *		one of step k + 1 carries step k.  unordered: any events of the window, each
 *		for another step.  No event serves for two steps.  The depth is the largest
 *		number of steps of a pass whose start may count.
 *
 *		Dynamic programming over moments in order of time: for every step the pass
 *		that has reached it and whose window ends last, since what any other pass can
 *		still reach this one can too.  (Among windows that end together the latest
 *		start.  The end, not the start: when clocks are put back, a later start can
 *		have an earlier end.)
 *
 *		How events of one moment are taken, and the algorithm of each mode:
 *		funnel_ordered.c, funnel_strict.c, funnel_unordered.c.
 */
#include "summary/funnel_walk.h"

/*
 * kpi_funnel_walk() -
 *
 *	How many steps one customer reaches, of n events in order of time and set of
 *	steps, as a set holds them; their order within one moment may be changed.
 *	microseconds is NULL, or is filled with the time from the first step to each step
 *	reached.  Days and windows are those of the session's zone where moments are zoned.
 *	22008 for a time that is out of range.
 */
int
kpi_funnel_walk(const KpiFunnelQuery *query, const uint64 *times, uint64 *events, int64 n,
				int64 *microseconds)
{
	KpiWalk		walk = {.query = query, .times = times, .events = events, .n = n};
	int64		first = 0;
	int64		last = n;

	if (query->mode == KPI_FUNNEL_ORDERED)
		kpi_walk_ordered(&walk);
	else if (query->mode == KPI_FUNNEL_STRICT)
		kpi_walk_strict(&walk);
	else
		kpi_walk_unordered(&walk);
	if (microseconds == NULL || walk.depth == 0)
		return walk.depth;

	microseconds[0] = 0;
	if (walk.depth == 1)
		return 1;
	if ((uint64) walk.reached_at - (uint64) walk.start.at > (uint64) PG_INT64_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("time from the first step is out of range")));
	while (first < last)
	{
		int64		middle = first + (last - first) / 2;

		if (kpi_walk_moment(&walk, middle) < walk.start.at)
			first = middle + 1;
		else
			last = middle;
	}
	if (query->mode == KPI_FUNNEL_ORDERED)
		kpi_walk_times_ordered(&walk, first, microseconds);
	else if (query->mode == KPI_FUNNEL_STRICT)
		kpi_walk_times_strict(&walk, first, microseconds);
	else
		kpi_walk_times_unordered(&walk, first, microseconds);
	return walk.depth;
}
