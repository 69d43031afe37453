/*
 * funnel_ordered.c
 *		Mode ordered: events of a pass carry steps 1, 2, 3 ... at times that don't descend.
 *
 *		Events of one moment come in order of the steps that they fill; where one of them
 *		carries several, steps are matched to events along augmenting paths (H. W. Kuhn,
 *		1955).
 */
#include "summary/funnel_walk.h"

/*
 * Events that are enough: of each step all up to KPI_FUNNEL_STEPS.  A step with that many
 * finds one however the others are matched.
 */
#define MATCHING_MOST_EVENTS (KPI_FUNNEL_STEPS * KPI_FUNNEL_STEPS)

typedef struct Matching
{
	int			n;
	uint64		events[MATCHING_MOST_EVENTS];
	uint8		serves[MATCHING_MOST_EVENTS];	/* step, 0 = none */
} Matching;

/* A matching of a moment's events in which none serves yet, palloc'd; events that can't be needed are left out. */
static Matching *
matching_start(const uint64 *events, int64 n)
{
	Matching   *matching = palloc(sizeof(Matching));
	int			count[KPI_FUNNEL_STEPS + 1] = {0};
	uint64		scarce = PG_UINT64_MAX;

	matching->n = 0;
	for (int64 i = 0; i < n; i++)
	{
		if ((events[i] & scarce) == 0)
			continue;
		for (uint64 steps = events[i]; steps; steps &= steps - 1)
			if (++count[kpi_lowest_step(steps)] >= KPI_FUNNEL_STEPS)
				scarce &= ~KPI_STEP_BIT(kpi_lowest_step(steps));
		matching->events[matching->n] = events[i];
		matching->serves[matching->n++] = 0;
	}
	return matching;
}

/*
 * matching_augment() -
 *
 *	Find an event for a step, if need be by giving others to the steps that have one;
 *	tried is the set of steps that were asked already, this one too.  False when there
 *	is no event for it.
 */
static bool
matching_augment(Matching *matching, int step, uint64 *tried)
{
	*tried |= KPI_STEP_BIT(step);
	for (int i = 0; i < matching->n; i++)
		if ((matching->events[i] & KPI_STEP_BIT(step)) && matching->serves[i] == 0)
		{
			matching->serves[i] = step;
			return true;
		}
	for (int i = 0; i < matching->n; i++)
		if ((matching->events[i] & KPI_STEP_BIT(step)) && (*tried & KPI_STEP_BIT(matching->serves[i])) == 0 &&
			matching_augment(matching, matching->serves[i], tried))
		{
			matching->serves[i] = step;
			return true;
		}
	return false;
}

/* Find an event for a step that has none; false, and nothing changed, when there is none. */
static bool
matching_find(Matching *matching, int step)
{
	uint64		tried = 0;

	return matching_augment(matching, step, &tried);
}

/* Take the event of a step away from it. */
static void
matching_release(Matching *matching, int step)
{
	for (int i = 0; i < matching->n; i++)
		if (matching->serves[i] == step)
			matching->serves[i] = 0;
}

/*
 * matching_reach() -
 *
 *	least[k], k from 0 to steps: the least j >= from such that the moment's events lead
 *	from step j to step k; k if there is none.
 */
static void
matching_reach(const uint64 *events, int64 n, int steps, int *least, int from)
{
	Matching   *matching = matching_start(events, n);
	int			to = from;

	for (int k = 0; k <= steps; k++)
		least[k] = k;
	for (int j = from; j < steps; j++)
	{
		to = Max(to, j);
		while (to < steps && matching_find(matching, to + 1))
			least[++to] = j;
		matching_release(matching, j + 1);
	}
	pfree(matching);
}

/*
 * kpi_walk_ordered() -
 *
 *	How deep a pass gets.  best[k] is, of the passes that have reached step k, the
 *	start of the one whose window ends last; best[0] that of one which may begin now.
 */
void
kpi_walk_ordered(KpiWalk *walk)
{
	int			steps = walk->query->steps;
	KpiWalkStart best[KPI_FUNNEL_STEPS + 1];
	int64		check = KPI_WALK_CHECK_EVERY;
	int64		end;

	for (int k = 0; k <= steps; k++)
		best[k] = kpi_no_start;
	for (int64 i = 0; i < walk->n && walk->depth < steps; i = end)
	{
		Timestamp	at = kpi_walk_moment(walk, i);
		uint64		all;
		bool		several;

		end = kpi_walk_moment_steps(walk, i, &all, &several);
		if ((all & 1) == 0 || !kpi_walk_may_start(walk->query, at, &best[0]))
			best[0] = kpi_no_start;

		if (!several)
		{
			/* one after the other */
			for (; all; all &= all - 1)
			{
				int			k = kpi_lowest_step(all);

				if (best[k - 1].end >= at && kpi_walk_better(best[k - 1], best[k]))
				{
					best[k] = best[k - 1];
					kpi_walk_note(walk, k, best[k], at);
				}
			}
		}
		else if (end == i + 1)
		{
			/* one event moves each pass by one step */
			for (int k = steps; k >= 1; k--)
				if ((all & KPI_STEP_BIT(k)) && best[k - 1].end >= at && kpi_walk_better(best[k - 1], best[k]))
				{
					best[k] = best[k - 1];
					kpi_walk_note(walk, k, best[k], at);
				}
		}
		else
		{
			int			fresh[KPI_FUNNEL_STEPS + 1];
			int			least[KPI_FUNNEL_STEPS + 1];

			/* whoever reached a step also reached those before, so the least step has the best pass */
			matching_reach(walk->events + i, end - i, steps, least, 1);
			matching_reach(walk->events + i, end - i, steps, fresh, 0);
			for (int k = steps; k >= 1; k--)
			{
				KpiWalkStart before = best[k];

				if (best[least[k]].end >= at && kpi_walk_better(best[least[k]], best[k]))
					best[k] = best[least[k]];
				if (fresh[k] == 0 && best[0].end >= at && kpi_walk_better(best[0], best[k]))
					best[k] = best[0];
				if (kpi_walk_better(best[k], before))
					kpi_walk_note(walk, k, best[k], at);
			}
		}
		if (end >= check)
		{
			CHECK_FOR_INTERRUPTS();
			check = end + KPI_WALK_CHECK_EVERY;
		}
	}
}

/* The times of the pass that was found: from its start on, every step as early as it can. */
void
kpi_walk_times_ordered(KpiWalk *walk, int64 i, int64 *microseconds)
{
	int64		end;
	int			step = 0;

	for (; step < walk->depth; i = end)
	{
		int			before = step;
		uint64		all;
		bool		several;

		end = kpi_walk_moment_steps(walk, i, &all, &several);
		if (end == i + 1 && (all & KPI_STEP_BIT(step + 1)))
			step++;
		else if (!several)
			while (step < walk->depth && (all & KPI_STEP_BIT(step + 1)))
				step++;
		else
		{
			Matching   *matching = matching_start(walk->events + i, end - i);

			while (step < walk->depth && matching_find(matching, step + 1))
				step++;
			pfree(matching);
		}
		while (before < step)
			microseconds[before++] = kpi_walk_moment(walk, i) - walk->start.at;
	}
}

