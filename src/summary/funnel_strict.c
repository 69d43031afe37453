/*
 * funnel_strict.c
 *		Mode strict: as ordered, and an event between the one of step k and the one of step
 *		k + 1 carries step k.
 *
 *		Events of one moment come in order of their steps, the lowest first.
 */
#include "summary/funnel_walk.h"

/* For qsort(): order of sets of steps by their steps, the lowest first. */
static int
strict_compare(const void *left, const void *right)
{
	uint64		a = *(const uint64 *) left;
	uint64		b = *(const uint64 *) right;
	uint64		differ = a ^ b;
	uint64		from;

	if (differ == 0)
		return 0;
	/* the one with the lowest step that differs comes first, unless the other one ends there */
	from = PG_UINT64_MAX << pg_rightmost_one_pos64(differ);
	if (a & differ & -differ)
		return (b & from) == 0 ? 1 : -1;
	return (a & from) == 0 ? -1 : 1;
}

/* Put the events of each moment in order of their steps, in place. */
static void
strict_sort(KpiWalk *walk)
{
	int64		end;

	for (int64 i = 0; i < walk->n; i = end)
	{
		end = kpi_walk_moment_end(walk, i);
		for (int64 e = i; e < end; e++)
			if (walk->events[e] & (walk->events[e] - 1))
			{
				qsort(walk->events + i, end - i, sizeof(uint64), strict_compare);
				break;
			}
	}
}

/*
 * kpi_walk_strict() -
 *
 *	How deep a pass gets.  Passes that stand at a step, of which best has the start of
 *	the one whose window ends last, must with every event stay there or go on.
 */
void
kpi_walk_strict(KpiWalk *walk)
{
	int			steps = walk->query->steps;
	KpiWalkStart best[KPI_FUNNEL_STEPS + 1];	/* of passes that stand at the step */
	uint64		standing = 0;

	strict_sort(walk);
	for (int64 i = 0; i < walk->n; i++)
	{
		Timestamp	at = kpi_walk_moment(walk, i);
		uint64		event = walk->events[i];
		uint64		now = 0;

		if (walk->depth == steps && at > walk->reached_at)
			break;
		for (uint64 left = event; left;)
		{
			int			k = pg_leftmost_one_pos64(left) + 1;
			KpiWalkStart stays = standing & KPI_STEP_BIT(k) ? best[k] : kpi_no_start;
			KpiWalkStart comes = kpi_no_start;

			Assert(k > 0);
			left &= ~KPI_STEP_BIT(k);
			if (k > 1)
			{
				if ((standing & KPI_STEP_BIT(k - 1)) && best[k - 1].end >= at)
					comes = best[k - 1];
			}
			else if (!kpi_walk_may_start(walk->query, at, &comes))
				comes = kpi_no_start;
			if (kpi_walk_better(comes, stays))
			{
				kpi_walk_note(walk, k, comes, at);
				stays = comes;
			}
			if (stays.end >= at)
			{
				best[k] = stays;
				now |= KPI_STEP_BIT(k);
			}
		}
		standing = now;
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/* The times of the pass that was found: when it first stands at each step. */
void
kpi_walk_times_strict(KpiWalk *walk, int64 i, int64 *microseconds)
{
	uint64		standing = 0;
	uint64		seen = 0;

	for (; (seen & KPI_STEP_BIT(walk->depth)) == 0; i++)
	{
		Timestamp	at = kpi_walk_moment(walk, i);
		uint64		come = standing << 1 | (at == walk->start.at ? 1 : 0);
		uint64		fresh;

		standing = walk->events[i] & (standing | come);
		for (fresh = standing & ~seen; fresh; fresh &= fresh - 1)
			microseconds[kpi_lowest_step(fresh) - 1] = at - walk->start.at;
		seen |= standing;
	}
}

