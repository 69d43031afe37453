/*
 * funnel_walk.c
 *		How far one customer gets in a funnel.
 *
 *		A pass begins with an event and has a window, from that event to within
 *		later, both inclusive.  ordered and strict: its events carry steps 1, 2, 3 ... at
 *		times that don't descend; strict: an event between the one of step k and the
 *		one of step k + 1 carries step k.  unordered: any events of the window, each
 *		for another step.  No event serves for two steps.  The depth is the largest
 *		number of steps of a pass whose start may count.  reached: the one pass begins with
 *		the first event, and an event serves for its step and all before it.
 *
 *		Dynamic programming over moments in order of time: for every step the pass
 *		that has reached it and whose window ends last, since what any other pass can
 *		still reach this one can too.  (Among windows that end together the latest
 *		start.  The end, not the start: when clocks are put back, a later start can
 *		have an earlier end.)
 *
 *		How events of one moment are taken, and the algorithm of each mode:
 *		funnel_ordered.c, funnel_strict.c, funnel_unordered.c, funnel_reached.c.
 */
#include "summary/funnel_walk.h"

#include "core/server/argument.h"

#include "utils/builtins.h"

/* The modes: their names, and how they walk. */
static const struct
{
	const char *name;
	void		(*walk) (KpiWalk *walk);
	void		(*times) (KpiWalk *walk, int64 i, int64 *microseconds);
}			walk_modes[] = {
	[KPI_FUNNEL_ORDERED] = {"ordered", kpi_walk_ordered, kpi_walk_times_ordered},
	[KPI_FUNNEL_STRICT] = {"strict", kpi_walk_strict, kpi_walk_times_strict},
	[KPI_FUNNEL_UNORDERED] = {"unordered", kpi_walk_unordered, kpi_walk_times_unordered},
	[KPI_FUNNEL_REACHED] = {"reached", kpi_walk_reached, kpi_walk_times_reached}
};

const char *
kpi_funnel_mode_name(KpiFunnelMode mode)
{
	return walk_modes[mode].name;
}

/* The mode by its name, in letters of either case; false for an unknown one. */
bool
kpi_funnel_mode_read(const char *name, int length, KpiFunnelMode *mode)
{
	for (int i = 0; i < (int) lengthof(walk_modes); i++)
		if ((int) strlen(walk_modes[i].name) == length && pg_strncasecmp(name, walk_modes[i].name, length) == 0)
		{
			*mode = (KpiFunnelMode) i;
			return true;
		}
	return false;
}

/* The mode in an argument; 22023 for NULL and unknown ones. */
KpiFunnelMode
kpi_funnel_mode(FunctionCallInfo fcinfo, int number)
{
	KpiFunnelMode mode = KPI_FUNNEL_ORDERED;
	text	   *name;

	if (PG_ARGISNULL(number))
		kpi_refuse_null("mode", "Modes are ordered, strict, unordered and reached.");
	name = PG_GETARG_TEXT_PP(number);
	if (!kpi_funnel_mode_read(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &mode))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("mode \"%s\" is not known", text_to_cstring(name)),
				 errhint("Modes are ordered, strict, unordered and reached.")));
	return mode;
}

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

	walk_modes[query->mode].walk(&walk);
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
	walk_modes[query->mode].times(&walk, first, microseconds);
	return walk.depth;
}
