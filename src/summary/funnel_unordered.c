/*
 * funnel_unordered.c
 *		Mode unordered: any events of the window, each for another step.
 *
 *		Kept are the latest events that can all fill different steps: a basis of the
 *		transversal matroid (J. Edmonds, D. R. Fulkerson, 1965), of which the events since
 *		any start are again a largest choice.
 */
#include "summary/funnel_walk.h"

typedef struct Basis
{
	uint64		taken;			/* steps that have an event */
	uint64		event[KPI_FUNNEL_STEPS + 1];
	Timestamp	at[KPI_FUNNEL_STEPS + 1];
} Basis;

/*
 * basis_add() -
 *
 *	Add an event, the latest so far; true if one more step has an event.  It takes a
 *	free step, or one whose event can go on to another, and so on to a free one;
 *	otherwise the earliest event that it can stand in for is given up.
 */
static bool
basis_add(Basis *basis, uint64 event, Timestamp at, uint64 steps)
{
	uint8		from[KPI_FUNNEL_STEPS + 1];	/* whose event can go on to this step; 0 = the new one */
	uint64		open = event & steps;
	uint64		seen = open;
	int			step = 0;
	bool		more;

	for (uint64 s = open; s; s &= s - 1)
		from[kpi_lowest_step(s)] = 0;
	while ((seen & ~basis->taken) == 0 && open)
	{
		int			k = kpi_lowest_step(open);
		uint64		next = basis->event[k] & ~seen;

		open &= open - 1;
		for (uint64 s = next; s; s &= s - 1)
			from[kpi_lowest_step(s)] = k;
		seen |= next;
		open |= next;
	}
	more = (seen & ~basis->taken) != 0;
	if (more)
		step = kpi_lowest_step(seen & ~basis->taken);
	else
	{
		/* the earliest of those that it can stand in for makes room */
		for (uint64 s = seen; s; s &= s - 1)
			if (step == 0 || basis->at[kpi_lowest_step(s)] < basis->at[step])
				step = kpi_lowest_step(s);
	}
	Assert(step > 0);
	basis->taken |= KPI_STEP_BIT(step);
	for (; from[step] != 0; step = from[step])
	{
		basis->event[step] = basis->event[from[step]];
		basis->at[step] = basis->at[from[step]];
	}
	basis->event[step] = event & steps;
	basis->at[step] = at;
	return more;
}

/*
 * kpi_walk_unordered() -
 *
 *	How deep a pass gets: at each moment, how many events of the basis are not before
 *	the earliest start whose window is still open.
 */
void
kpi_walk_unordered(KpiWalk *walk)
{
	int			steps = walk->query->steps;
	uint64		all = PG_UINT64_MAX >> (KPI_FUNNEL_STEPS - steps);
	Basis		basis;
	int64		first = 0;		/* the earliest start whose window is open */
	KpiWalkStart start = kpi_no_start;
	Timestamp	latest = 0;		/* start that gives the depth */
	int64		check = KPI_WALK_CHECK_EVERY;
	int64		end;

	basis.taken = 0;
	for (int64 i = 0; i < walk->n && walk->depth < steps; i = end)
	{
		Timestamp	at = kpi_walk_moment(walk, i);
		Timestamp	since = at;
		int			depth = 0;

		end = kpi_walk_moment_end(walk, i);
		for (int64 e = i; e < end; e++)
			basis_add(&basis, walk->events[e], at, all);
		while (first < end && start.end < at)
		{
			if (!kpi_walk_may_start(walk->query, kpi_walk_moment(walk, first), &start))
				start = kpi_no_start;
			if (start.end < at)
			{
				start = kpi_no_start;
				first = kpi_walk_moment_end(walk, first);
			}
		}
		if (first >= end)
			continue;
		for (uint64 s = basis.taken; s; s &= s - 1)
			if (basis.at[kpi_lowest_step(s)] >= start.at)
			{
				since = Min(since, basis.at[kpi_lowest_step(s)]);
				depth++;
			}
		if (depth > walk->depth)
		{
			kpi_walk_note(walk, depth, start, at);
			latest = since;
		}
		if (end >= check)
		{
			CHECK_FOR_INTERRUPTS();
			check = end + KPI_WALK_CHECK_EVERY;
		}
	}

	/* of the starts that reach the depth at that moment the one whose window ends last */
	for (int64 i = walk->n - 1; walk->depth > 0 && i >= 0; i--)
	{
		Timestamp	at = kpi_walk_moment(walk, i);

		if (at > latest || (i + 1 < walk->n && walk->times[i] == walk->times[i + 1]))
			continue;
		/* clocks are never put back by two days */
		if (at < walk->start.at && (uint64) walk->start.at - (uint64) at > 2 * USECS_PER_DAY)
			break;
		if (kpi_walk_may_start(walk->query, at, &start) && start.end >= walk->reached_at && kpi_walk_better(start, walk->start))
			walk->start = start;
	}
}

/* The times of the pass that was found: when its first, second, ... step has an event. */
void
kpi_walk_times_unordered(KpiWalk *walk, int64 i, int64 *microseconds)
{
	uint64		all = PG_UINT64_MAX >> (KPI_FUNNEL_STEPS - walk->query->steps);
	Basis		basis;
	int			depth = 0;

	basis.taken = 0;
	for (; depth < walk->depth; i++)
		if (basis_add(&basis, walk->events[i], kpi_walk_moment(walk, i), all))
			microseconds[depth++] = kpi_walk_moment(walk, i) - walk->start.at;
}

