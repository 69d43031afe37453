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
 *		Events of one moment come in order of the steps that they fill.  Where one of
 *		them carries several steps, ordered matches steps to events (augmenting
 *		paths, H. W. Kuhn 1955), and strict takes events in order of their steps, the
 *		lowest first.  unordered keeps the latest events that can all fill different
 *		steps: a basis of the transversal matroid (J. Edmonds, D. R. Fulkerson
 *		1965), of which the events since any start are again a largest choice.
 */
#include "summary/funnel.h"

#include "core/time/zone.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"

#define MAX_STEPS KPI_FUNNEL_STEPS
#define BIT(step) (UINT64CONST(1) << ((step) - 1))	/* steps count from 1 */

typedef struct Start
{
	Timestamp	end;			/* of the window */
	Timestamp	at;
} Start;

static const Start no_start = {PG_INT64_MIN, PG_INT64_MIN};

typedef struct Walk
{
	const KpiFunnelQuery *query;
	const uint64 *times;
	uint64	   *events;
	int64		n;
	int			depth;			/* the largest so far */
	Timestamp	reached_at;		/* when it was first reached */
	Start		start;			/* by the pass with this start */
} Walk;

static inline bool
better(Start a, Start b)
{
	return a.end != b.end ? a.end > b.end : a.at > b.at;
}

static inline int
lowest(uint64 steps)
{
	return pg_rightmost_one_pos64(steps) + 1;
}

static inline Timestamp
moment(const Walk *walk, int64 i)
{
	return kpi_moment_of_time(walk->times[i]);
}

/* The first event after those of i's moment. */
static inline int64
moment_end(const Walk *walk, int64 i)
{
	int64		end = i + 1;

	while (end < walk->n && walk->times[end] == walk->times[i])
		end++;
	return end;
}

void
kpi_funnel_check_within(const Interval *within)
{
	if (within->month < 0 || within->day < 0 || within->time < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("window %s is negative",
						DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(within))))));
}

/*
 * Do clocks in the session's zone run on from one moment to the other, so that days
 * have 24 hours?  Far cheaper than date arithmetic, and nearly always so.
 */
static bool
clocks_run_on(TimestampTz from, TimestampTz to)
{
	return to < kpi_zone_span(from)->to;
}

static Timestamp
window_end(const KpiFunnelQuery *query, Timestamp at)
{
	const Interval *within = &query->within;
	int64		span;
	Timestamp	end;

	if (within->month == 0)
	{
		if (__builtin_mul_overflow((int64) within->day, USECS_PER_DAY, &span) ||
			__builtin_add_overflow(span, within->time, &end) ||
			__builtin_add_overflow(at, end, &end))
			return PG_INT64_MAX;
		/* two days more, since local times near a change can be ambiguous */
		if (within->day == 0 || !query->zoned ||
			(end < PG_INT64_MAX - 2 * USECS_PER_DAY && clocks_run_on(at, at + span + 2 * USECS_PER_DAY)))
			return end;
	}
	/* as timestamp + interval and timestamptz + interval do */
	return DatumGetTimestamp(query->zoned ?
							 DirectFunctionCall2(timestamptz_pl_interval, TimestampTzGetDatum(at),
												 IntervalPGetDatum(within)) :
							 DirectFunctionCall2(timestamp_pl_interval, TimestampGetDatum(at),
												 IntervalPGetDatum(within)));
}

/* May a pass start at this moment, and which is its window? */
static bool
may_start(const KpiFunnelQuery *query, Timestamp at, Start *start)
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
	start->end = window_end(query, at);
	return start->end <= query->as_of;
}

/* A pass with this start has reached a step. */
static inline void
note(Walk *walk, int step, Start start, Timestamp at)
{
	if (step > walk->depth ||
		(step == walk->depth && at == walk->reached_at && better(start, walk->start)))
	{
		walk->depth = step;
		walk->reached_at = at;
		walk->start = start;
	}
}

/*
 * Events of one moment, some of which carry several steps.
 */

/*
 * Events that are enough: of each step all up to MAX_STEPS.  A step with that many
 * finds one however the others are matched.
 */
#define MAX_EVENTS (MAX_STEPS * MAX_STEPS)

typedef struct Matching
{
	int			n;
	uint64		events[MAX_EVENTS];
	uint8		serves[MAX_EVENTS];	/* step, 0 = none */
} Matching;

static Matching *
start_matching(const uint64 *events, int64 n)
{
	Matching   *matching = palloc(sizeof(Matching));
	int			count[MAX_STEPS + 1] = {0};
	uint64		scarce = PG_UINT64_MAX;

	matching->n = 0;
	for (int64 i = 0; i < n; i++)
	{
		if ((events[i] & scarce) == 0)
			continue;
		for (uint64 steps = events[i]; steps; steps &= steps - 1)
			if (++count[lowest(steps)] >= MAX_STEPS)
				scarce &= ~BIT(lowest(steps));
		matching->events[matching->n] = events[i];
		matching->serves[matching->n++] = 0;
	}
	return matching;
}

/* Find an event for a step, if need be by giving others to the steps that have one. */
static bool
augment(Matching *matching, int step, uint64 *tried)
{
	*tried |= BIT(step);
	for (int i = 0; i < matching->n; i++)
		if ((matching->events[i] & BIT(step)) && matching->serves[i] == 0)
		{
			matching->serves[i] = step;
			return true;
		}
	for (int i = 0; i < matching->n; i++)
		if ((matching->events[i] & BIT(step)) && (*tried & BIT(matching->serves[i])) == 0 &&
			augment(matching, matching->serves[i], tried))
		{
			matching->serves[i] = step;
			return true;
		}
	return false;
}

static bool
match(Matching *matching, int step)
{
	uint64		tried = 0;

	return augment(matching, step, &tried);
}

static void
unmatch(Matching *matching, int step)
{
	for (int i = 0; i < matching->n; i++)
		if (matching->serves[i] == step)
			matching->serves[i] = 0;
}

/*
 * ordered
 */

/* least[k]: the least j >= from such that the moment's events lead from step j to step k; k if none. */
static void
reach(const uint64 *events, int64 n, int steps, int *least, int from)
{
	Matching   *matching = start_matching(events, n);
	int			to = from;

	for (int k = 0; k <= steps; k++)
		least[k] = k;
	for (int j = from; j < steps; j++)
	{
		to = Max(to, j);
		while (to < steps && match(matching, to + 1))
			least[++to] = j;
		unmatch(matching, j + 1);
	}
	pfree(matching);
}

/* Events between two looks whether the query is cancelled; moments hold several, so that no multiple is sure to be met. */
#define CHECK_EVERY 0x10000

static void
walk_ordered(Walk *walk)
{
	int			steps = walk->query->steps;
	Start		best[MAX_STEPS + 1];
	int64		check = CHECK_EVERY;
	int64		end;

	for (int k = 0; k <= steps; k++)
		best[k] = no_start;
	for (int64 i = 0; i < walk->n && walk->depth < steps; i = end)
	{
		Timestamp	at = moment(walk, i);
		uint64		all = 0;
		bool		several = false;

		end = moment_end(walk, i);
		for (int64 e = i; e < end; e++)
		{
			all |= walk->events[e];
			several |= (walk->events[e] & (walk->events[e] - 1)) != 0;
		}
		/* step 0: a pass that may begin now */
		if ((all & 1) == 0 || !may_start(walk->query, at, &best[0]))
			best[0] = no_start;

		if (!several)
		{
			/* one after the other */
			for (; all; all &= all - 1)
			{
				int			k = lowest(all);

				if (best[k - 1].end >= at && better(best[k - 1], best[k]))
				{
					best[k] = best[k - 1];
					note(walk, k, best[k], at);
				}
			}
		}
		else if (end == i + 1)
		{
			/* one event moves each pass by one step */
			for (int k = steps; k >= 1; k--)
				if ((all & BIT(k)) && best[k - 1].end >= at && better(best[k - 1], best[k]))
				{
					best[k] = best[k - 1];
					note(walk, k, best[k], at);
				}
		}
		else
		{
			int			fresh[MAX_STEPS + 1];
			int			least[MAX_STEPS + 1];

			/* whoever reached a step also reached those before, so the least step has the best pass */
			reach(walk->events + i, end - i, steps, least, 1);
			reach(walk->events + i, end - i, steps, fresh, 0);
			for (int k = steps; k >= 1; k--)
			{
				Start		before = best[k];

				if (best[least[k]].end >= at && better(best[least[k]], best[k]))
					best[k] = best[least[k]];
				if (fresh[k] == 0 && best[0].end >= at && better(best[0], best[k]))
					best[k] = best[0];
				if (better(best[k], before))
					note(walk, k, best[k], at);
			}
		}
		if (end >= check)
		{
			CHECK_FOR_INTERRUPTS();
			check = end + CHECK_EVERY;
		}
	}
}

/* The pass with the given start, every step as early as it can. */
static void
times_ordered(Walk *walk, int64 i, int64 *microseconds)
{
	int64		end;
	int			step = 0;

	for (; step < walk->depth; i = end)
	{
		int			before = step;
		uint64		all = 0;
		bool		several = false;

		end = moment_end(walk, i);
		for (int64 e = i; e < end; e++)
		{
			all |= walk->events[e];
			several |= (walk->events[e] & (walk->events[e] - 1)) != 0;
		}
		if (end == i + 1 && (all & BIT(step + 1)))
			step++;
		else if (!several)
			while (step < walk->depth && (all & BIT(step + 1)))
				step++;
		else
		{
			Matching   *matching = start_matching(walk->events + i, end - i);

			while (step < walk->depth && match(matching, step + 1))
				step++;
			pfree(matching);
		}
		while (before < step)
			microseconds[before++] = moment(walk, i) - walk->start.at;
	}
}

/*
 * strict
 */

/* Order of sets of steps by their steps, the lowest first. */
static int
compare_steps(const void *left, const void *right)
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

static void
sort_moments(Walk *walk)
{
	int64		end;

	for (int64 i = 0; i < walk->n; i = end)
	{
		end = moment_end(walk, i);
		for (int64 e = i; e < end; e++)
			if (walk->events[e] & (walk->events[e] - 1))
			{
				qsort(walk->events + i, end - i, sizeof(uint64), compare_steps);
				break;
			}
	}
}

static void
walk_strict(Walk *walk)
{
	int			steps = walk->query->steps;
	Start		best[MAX_STEPS + 1];	/* of passes that stand at the step */
	uint64		standing = 0;

	sort_moments(walk);
	for (int64 i = 0; i < walk->n; i++)
	{
		Timestamp	at = moment(walk, i);
		uint64		event = walk->events[i];
		uint64		now = 0;

		if (walk->depth == steps && at > walk->reached_at)
			break;
		for (uint64 left = event; left;)
		{
			int			k = pg_leftmost_one_pos64(left) + 1;
			Start		stays = standing & BIT(k) ? best[k] : no_start;
			Start		comes = no_start;

			Assert(k > 0);
			left &= ~BIT(k);
			if (k > 1)
			{
				if ((standing & BIT(k - 1)) && best[k - 1].end >= at)
					comes = best[k - 1];
			}
			else if (!may_start(walk->query, at, &comes))
				comes = no_start;
			if (better(comes, stays))
			{
				note(walk, k, comes, at);
				stays = comes;
			}
			if (stays.end >= at)
			{
				best[k] = stays;
				now |= BIT(k);
			}
		}
		standing = now;
		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

static void
times_strict(Walk *walk, int64 i, int64 *microseconds)
{
	uint64		standing = 0;
	uint64		seen = 0;

	for (; (seen & BIT(walk->depth)) == 0; i++)
	{
		Timestamp	at = moment(walk, i);
		uint64		come = standing << 1 | (at == walk->start.at ? 1 : 0);
		uint64		fresh;

		standing = walk->events[i] & (standing | come);
		for (fresh = standing & ~seen; fresh; fresh &= fresh - 1)
			microseconds[lowest(fresh) - 1] = at - walk->start.at;
		seen |= standing;
	}
}

/*
 * unordered
 */

typedef struct Basis
{
	uint64		taken;			/* steps that have an event */
	uint64		event[MAX_STEPS + 1];
	Timestamp	at[MAX_STEPS + 1];
} Basis;

/* Add an event, the latest so far; true if one more step has an event. */
static bool
add_to_basis(Basis *basis, uint64 event, Timestamp at, uint64 steps)
{
	uint8		from[MAX_STEPS + 1];	/* whose event can go on to this step; 0 = the new one */
	uint64		open = event & steps;
	uint64		seen = open;
	int			step = 0;
	bool		more;

	for (uint64 s = open; s; s &= s - 1)
		from[lowest(s)] = 0;
	while ((seen & ~basis->taken) == 0 && open)
	{
		int			k = lowest(open);
		uint64		next = basis->event[k] & ~seen;

		open &= open - 1;
		for (uint64 s = next; s; s &= s - 1)
			from[lowest(s)] = k;
		seen |= next;
		open |= next;
	}
	more = (seen & ~basis->taken) != 0;
	if (more)
		step = lowest(seen & ~basis->taken);
	else
	{
		/* the earliest of those that it can stand in for makes room */
		for (uint64 s = seen; s; s &= s - 1)
			if (step == 0 || basis->at[lowest(s)] < basis->at[step])
				step = lowest(s);
	}
	Assert(step > 0);
	basis->taken |= BIT(step);
	for (; from[step] != 0; step = from[step])
	{
		basis->event[step] = basis->event[from[step]];
		basis->at[step] = basis->at[from[step]];
	}
	basis->event[step] = event & steps;
	basis->at[step] = at;
	return more;
}

static void
walk_unordered(Walk *walk)
{
	int			steps = walk->query->steps;
	uint64		all = PG_UINT64_MAX >> (MAX_STEPS - steps);
	Basis		basis;
	int64		first = 0;		/* the earliest start whose window is open */
	Start		start = no_start;
	Timestamp	latest = 0;		/* start that gives the depth */
	int64		check = CHECK_EVERY;
	int64		end;

	basis.taken = 0;
	for (int64 i = 0; i < walk->n && walk->depth < steps; i = end)
	{
		Timestamp	at = moment(walk, i);
		Timestamp	since = at;
		int			depth = 0;

		end = moment_end(walk, i);
		for (int64 e = i; e < end; e++)
			add_to_basis(&basis, walk->events[e], at, all);
		while (first < end && start.end < at)
		{
			if (!may_start(walk->query, moment(walk, first), &start))
				start = no_start;
			if (start.end < at)
			{
				start = no_start;
				first = moment_end(walk, first);
			}
		}
		if (first >= end)
			continue;
		for (uint64 s = basis.taken; s; s &= s - 1)
			if (basis.at[lowest(s)] >= start.at)
			{
				since = Min(since, basis.at[lowest(s)]);
				depth++;
			}
		if (depth > walk->depth)
		{
			note(walk, depth, start, at);
			latest = since;
		}
		if (end >= check)
		{
			CHECK_FOR_INTERRUPTS();
			check = end + CHECK_EVERY;
		}
	}

	/* of the starts that reach the depth at that moment the one whose window ends last */
	for (int64 i = walk->n - 1; walk->depth > 0 && i >= 0; i--)
	{
		Timestamp	at = moment(walk, i);

		if (at > latest || (i + 1 < walk->n && walk->times[i] == walk->times[i + 1]))
			continue;
		/* clocks are never put back by two days */
		if (at < walk->start.at && (uint64) walk->start.at - (uint64) at > 2 * USECS_PER_DAY)
			break;
		if (may_start(walk->query, at, &start) && start.end >= walk->reached_at && better(start, walk->start))
			walk->start = start;
	}
}

static void
times_unordered(Walk *walk, int64 i, int64 *microseconds)
{
	uint64		all = PG_UINT64_MAX >> (MAX_STEPS - walk->query->steps);
	Basis		basis;
	int			depth = 0;

	basis.taken = 0;
	for (; depth < walk->depth; i++)
		if (add_to_basis(&basis, walk->events[i], moment(walk, i), all))
			microseconds[depth++] = moment(walk, i) - walk->start.at;
}

int
kpi_funnel_walk(const KpiFunnelQuery *query, const uint64 *times, uint64 *events, int64 n,
				int64 *microseconds)
{
	Walk		walk = {.query = query, .times = times, .events = events, .n = n};
	int64		first = 0;
	int64		last = n;

	if (query->mode == KPI_FUNNEL_ORDERED)
		walk_ordered(&walk);
	else if (query->mode == KPI_FUNNEL_STRICT)
		walk_strict(&walk);
	else
		walk_unordered(&walk);
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

		if (moment(&walk, middle) < walk.start.at)
			first = middle + 1;
		else
			last = middle;
	}
	if (query->mode == KPI_FUNNEL_ORDERED)
		times_ordered(&walk, first, microseconds);
	else if (query->mode == KPI_FUNNEL_STRICT)
		times_strict(&walk, first, microseconds);
	else
		times_unordered(&walk, first, microseconds);
	return walk.depth;
}
