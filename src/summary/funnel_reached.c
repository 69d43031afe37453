/*
 * funnel_reached.c
 *		Mode reached: stages of a pipeline, where reaching one implies all before it.
 *
 *		The window begins with the first event, whatever its step: that is when the customer,
 *		or deal, came into the pipeline.  The depth is the highest step of an event of the
 *		window; a step counts as reached by the first event of it or of a later one.
 */
#include "summary/funnel_walk.h"

/* The highest step that an event carries. */
static inline int
reached_step(uint64 event)
{
	return pg_leftmost_one_pos64(event) + 1;
}

/* How deep the customer gets. */
void
kpi_walk_reached(KpiWalk *walk)
{
	KpiWalkStart start;

	if (walk->n == 0 || !kpi_walk_may_start(walk->query, kpi_walk_moment(walk, 0), &start))
		return;
	for (int64 i = 0; i < walk->n && kpi_walk_moment(walk, i) <= start.end; i++)
	{
		kpi_walk_note(walk, reached_step(walk->events[i]), start, kpi_walk_moment(walk, i));
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/* The times: when each step or a later one has an event. */
void
kpi_walk_times_reached(KpiWalk *walk, int64 i, int64 *microseconds)
{
	int			depth = 0;

	for (; depth < walk->depth; i++)
		while (depth < Min(reached_step(walk->events[i]), walk->depth))
			microseconds[depth++] = kpi_walk_moment(walk, i) - walk->start.at;
}
