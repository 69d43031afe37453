/*
 * flow.c
 *		Amounts that cells of a table can lose and gain among each other.
 *
 *		The most that moves through hidden cells: E. A. Dinic, "Algorithm for solution of
 *		a problem of maximum flow in networks with power estimation", Soviet Math. Doklady
 *		11, 1970: in turns the levels of all nodes, and what goes by shortest paths until
 *		none is left.  The cheapest path through others: R. B. Dial, "Algorithm 360:
 *		Shortest-path forest with topological ordering", CACM 12, 1969: as Dijkstra's, with
 *		a list of nodes for each distance, of which few occur at a time.
 */
#include "privacy/cells.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

/* hiding a cell costs this and the bits of its count: few cells, then small ones */
#define FLOW_CELL_COST 256
#define FLOW_COSTS (FLOW_CELL_COST + 64 + 1)

/* a row or column in which the first cell that does is taken, not the best */
#define FLOW_LONG_LINE 1000

/* Put a cell at the end of a list, which grows in the memory context of its first cell. */
void
kpi_cells_append(KpiCellList *list, int cell)
{
	if (list->n == list->room)
	{
		list->room = Max(16, list->room * 2);
		list->cells = list->cells ? repalloc(list->cells, sizeof(int) * list->room) : palloc(sizeof(int) * list->room);
	}
	list->cells[list->n++] = cell;
}

/* What searches in the table need, in the current memory context, for as long as the table. */
void
kpi_cells_search_begin(KpiCellTable *t)
{
	int			nodes = t->rows + t->columns;
	KpiCellSearch *s = &t->search;

	s->level = palloc(sizeof(int) * nodes);
	s->at = palloc(sizeof(int) * nodes);
	s->path = palloc(sizeof(int) * nodes);
	s->queue = palloc(sizeof(int) * nodes);
	s->distance = palloc(sizeof(int64) * nodes);
	s->previous = palloc(sizeof(int) * nodes);
	s->next = palloc(sizeof(int) * nodes);
	s->before = palloc(sizeof(int) * nodes);
}

/* The ends of the path that a cell needs to become larger, or smaller. */
static void
flow_path_ends(const KpiCellTable *t, const KpiCellSide *side, int cell, int *source, int *sink)
{
	int			row = kpi_cell_row(t, cell);
	int			column = t->rows + kpi_cell_column(t, cell);

	*source = side->up ? row : column;
	*sink = side->up ? column : row;
}

/* Where a cell of a node's line leads. */
static inline int
flow_other_end(const KpiCellTable *t, int node, int cell)
{
	return node < t->rows ? t->rows + kpi_cell_column(t, cell) : kpi_cell_row(t, cell);
}

/* Can an amount go from one node to another, by the cell where they meet?  From a row the cell loses, to a row it gains. */
static inline bool
flow_passes(const KpiCellTable *t, const KpiCellSide *side, int from, int cell, int64 least)
{
	return from >= t->rows || side->value[cell] >= least;
}

/*
 * flow_find_levels() -
 *
 *	Give each node its level, the least number of steps from the source by cells that
 *	an amount can pass, and begin its line anew; nodes beyond the sink's level may be
 *	left at -1, not reached.  The target's own cell is no way.  False where the sink
 *	is not reached.
 */
static bool
flow_find_levels(KpiCellTable *t, const KpiCellSide *side, int target, int source, int sink)
{
	KpiCellSearch *s = &t->search;
	int			head = 0;
	int			tail = 0;
	int			unreached[2] = {t->live_rows, t->live_columns};

	memset(s->level, -1, sizeof(int) * (t->rows + t->columns));
	s->level[source] = 0;
	unreached[source >= t->rows]--;
	s->queue[tail++] = source;
	while (head < tail)
	{
		int			node = s->queue[head++];
		const KpiCellList *line = &t->lines[node];
		int			level = s->level[node] + 1;

		s->at[node] = 0;
		/* on the sink's level there is nothing to find, nor where all are found */
		if ((s->level[sink] >= 0 && level > s->level[sink]) || unreached[node < t->rows] == 0)
			continue;
		for (int i = 0; i < line->n; i++)
		{
			int			cell = line->cells[i];
			int			other = flow_other_end(t, node, cell);

			if (s->level[other] >= 0 || cell == target || !flow_passes(t, side, node, cell, 1))
				continue;
			s->level[other] = level;
			unreached[other >= t->rows]--;
			s->queue[tail++] = other;
		}
	}
	return s->level[sink] >= 0;
}

/*
 * flow_move_by_levels() -
 *
 *	Move up to the wanted amount from source to sink along paths on which the level
 *	rises by one at each step, until none is left.  Returns how much was moved; the
 *	side's values have it, and the cells on the paths are among those touched.
 */
static int64
flow_move_by_levels(KpiCellTable *t, KpiCellSide *side, int target, int source, int sink, int64 wanted)
{
	KpiCellSearch *s = &t->search;
	int64		moved = 0;
	int			depth = 0;

	s->path[0] = source;
	while (moved < wanted)
	{
		int			node = s->path[depth];
		const KpiCellList *line = &t->lines[node];
		int64		amount = wanted - moved;

		if (node != sink)
		{
			for (; s->at[node] < line->n; s->at[node]++)
			{
				int			cell = line->cells[s->at[node]];
				int			other = flow_other_end(t, node, cell);

				if (s->level[other] == s->level[node] + 1 && cell != target && flow_passes(t, side, node, cell, 1))
				{
					s->path[++depth] = other;
					break;
				}
			}
			if (s->at[node] < line->n)
				continue;
			/* a dead end */
			s->level[node] = -1;
			if (depth-- == 0)
				break;
			continue;
		}
		for (int i = 0; i < depth; i++)
			if (s->path[i] < t->rows)
				amount = Min(amount, side->value[kpi_cell_between(t, s->path[i], s->path[i + 1])]);
		for (int i = 0; i < depth; i++)
		{
			int			cell = kpi_cell_between(t, s->path[i], s->path[i + 1]);

			side->value[cell] += s->path[i] < t->rows ? -amount : amount;
			kpi_cells_append(&side->touched, cell);
		}
		moved += amount;
		/* go on where the path broke off */
		for (depth = 0; s->path[depth] != sink && flow_passes(t, side, s->path[depth], kpi_cell_between(t, s->path[depth], s->path[depth + 1]), 1);)
			depth++;
		if (s->path[depth] == sink)
			break;
	}
	return moved;
}

/*
 * flow_move_by_corners() -
 *
 *	Move up to the wanted amount by cycles of four cells: the target, one in its row,
 *	one in its column, and the one opposite, which gains where the target does.  Most
 *	tables need no longer paths.  Returns how much was moved; the side's values have
 *	it, and the other three cells are among those touched.
 */
static int64
flow_move_by_corners(KpiCellTable *t, KpiCellSide *side, int target, int64 wanted)
{
	const KpiCellList *row = &t->lines[kpi_cell_row(t, target)];
	const KpiCellList *column = &t->lines[t->rows + kpi_cell_column(t, target)];
	int64	   *value = side->value;
	int64		moved = 0;

	for (int i = 0; i < column->n && moved < wanted; i++)
	{
		int			below = column->cells[i];
		int			first = kpi_cell_row(t, below) * t->columns;

		if (below == target || (side->up && value[below] == 0))
			continue;
		for (int j = 0; j < row->n && moved < wanted; j++)
		{
			int			beside = row->cells[j];
			int			opposite = first + kpi_cell_column(t, beside);
			int64		amount = wanted - moved;

			if (beside == target || t->state[opposite] == KPI_CELL_SHOWN)
				continue;
			amount = side->up ? Min(amount, Min(value[below], value[beside])) : Min(amount, value[opposite]);
			if (amount == 0)
				continue;
			value[below] += side->up ? -amount : amount;
			value[beside] += side->up ? -amount : amount;
			value[opposite] += side->up ? amount : -amount;
			kpi_cells_append(&side->touched, below);
			kpi_cells_append(&side->touched, beside);
			kpi_cells_append(&side->touched, opposite);
			moved += amount;
			if (side->up && value[below] == 0)
				break;
		}
	}
	return moved;
}

/* Is there a cell in a line of the target by which an amount can move?  When it becomes larger, one that can lose. */
static bool
flow_line_moves(const KpiCellTable *t, const KpiCellSide *side, int target, const KpiCellList *line)
{
	for (int i = 0; i < line->n; i++)
		if (line->cells[i] != target && (!side->up || side->value[line->cells[i]] > 0))
			return true;
	return false;
}

/*
 * kpi_cells_move() -
 *
 *	Move as much as is wanted, or can be, from or to the target through cells that
 *	are not shown: first by corners, then by levels.  Returns how much; the side's
 *	values, what it moved and which cells it touched are kept in it.
 */
int64
kpi_cells_move(KpiCellTable *t, KpiCellSide *side, int target, int64 wanted)
{
	const KpiCellList *row = &t->lines[kpi_cell_row(t, target)];
	const KpiCellList *column = &t->lines[t->rows + kpi_cell_column(t, target)];
	int64		moved;
	int			source;
	int			sink;

	flow_path_ends(t, side, target, &source, &sink);
	/* a cell is never below 0 */
	if (!side->up)
		wanted = Min(wanted, t->count[target] - side->moved);
	/* most often enough, and found without looking at the whole table */
	moved = flow_move_by_corners(t, side, target, wanted);
	while (moved < wanted)
	{
		CHECK_FOR_INTERRUPTS();
		if (!flow_line_moves(t, side, target, row->n < column->n ? row : column) ||
			!flow_line_moves(t, side, target, row->n < column->n ? column : row) ||
			!flow_find_levels(t, side, target, source, sink))
			break;
		moved += flow_move_by_levels(t, side, target, source, sink, wanted - moved);
	}
	side->moved += moved;
	return moved;
}

static inline int
flow_cost(const KpiCellTable *t, int cell)
{
	return t->state[cell] != KPI_CELL_SHOWN ? 0 :
		FLOW_CELL_COST + (t->count[cell] > 0 ? pg_leftmost_one_pos64((uint64) t->count[cell]) + 1 : 0);
}

/* The nodes of a distance, in order of their coming. */
typedef struct FlowBucket
{
	int			first;			/* -1 = none */
	int			last;
} FlowBucket;

/* A node to the end of the bucket of its distance. */
static inline void
flow_put(KpiCellSearch *s, FlowBucket *buckets, int node)
{
	FlowBucket *bucket = &buckets[s->distance[node] % FLOW_COSTS];

	s->before[node] = bucket->last;
	s->next[node] = -1;
	if (bucket->last >= 0)
		s->next[bucket->last] = node;
	else
		bucket->first = node;
	bucket->last = node;
}

/* A node out of the bucket of its distance. */
static inline void
flow_take(KpiCellSearch *s, FlowBucket *buckets, int node)
{
	FlowBucket *bucket = &buckets[s->distance[node] % FLOW_COSTS];

	if (s->before[node] >= 0)
		s->next[s->before[node]] = s->next[node];
	else
		bucket->first = s->next[node];
	if (s->next[node] >= 0)
		s->before[s->next[node]] = s->before[node];
	else
		bucket->last = s->before[node];
}

/* Do three cells beside, below and opposite the target let the amount move? */
static inline bool
flow_corner_moves(const KpiCellSide *side, int a, int b, int opposite, int64 least)
{
	return side->up ? side->value[a] >= least && side->value[b] >= least : side->value[opposite] >= least;
}

/* Cycles of four cells whose shown one is in the target's column, or in its row. */
static void
flow_corners_in_line(const KpiCellTable *t, const KpiCellSide *side, int target, int64 least, bool in_column, int *best, int *shown)
{
	const int	row = kpi_cell_row(t, target);
	const int	column = kpi_cell_column(t, target);
	const KpiCellList *line = &t->lines[in_column ? row : t->rows + column];
	const int	length = in_column ? t->rows : t->columns;

	for (int i = 0; i < length && (*best < 0 || length <= FLOW_LONG_LINE); i++)
	{
		int			cell = in_column ? i * t->columns + column : row * t->columns + i;
		int			cost = flow_cost(t, cell);

		if (cost == 0 || (*best >= 0 && cost >= *best) || (side->up && side->value[cell] < least))
			continue;
		for (int j = 0; j < line->n; j++)
		{
			int			other = line->cells[j];
			int			opposite = in_column ? i * t->columns + kpi_cell_column(t, other) : kpi_cell_row(t, other) * t->columns + i;

			if (t->state[opposite] == KPI_CELL_SHOWN || other == target || !flow_corner_moves(side, cell, other, opposite, least))
				continue;
			*best = cost;
			*shown = cell;
			break;
		}
	}
}

/*
 * The cheapest cycle of four cells with one of them shown: what most cells need, found
 * without looking at the whole table.  Its cost, with the shown cell; or -1.
 */
static int
flow_cheapest_corner(const KpiCellTable *t, const KpiCellSide *side, int target, int64 least, int *shown)
{
	const KpiCellList *row = &t->lines[kpi_cell_row(t, target)];
	const KpiCellList *column = &t->lines[t->rows + kpi_cell_column(t, target)];
	int			best = -1;

	flow_corners_in_line(t, side, target, least, t->rows <= t->columns, &best, shown);
	if (best < 0 || Max(t->rows, t->columns) <= FLOW_LONG_LINE)
		flow_corners_in_line(t, side, target, least, t->rows > t->columns, &best, shown);
	for (int i = 0; i < column->n; i++)
		for (int j = 0; j < row->n; j++)
		{
			int			opposite = kpi_cell_row(t, column->cells[i]) * t->columns + kpi_cell_column(t, row->cells[j]);
			int			cost = flow_cost(t, opposite);

			if (cost == 0 || (best >= 0 && cost >= best) || column->cells[i] == target || row->cells[j] == target ||
				!flow_corner_moves(side, column->cells[i], row->cells[j], opposite, least))
				continue;
			best = cost;
			*shown = opposite;
		}
	return best;
}

/* Has a cell beside the target, and one below it, what they must lose so that it becomes so much larger? */
static bool
flow_may_become_larger(const KpiCellTable *t, const KpiCellSide *side, int target, int64 least)
{
	const int	row = kpi_cell_row(t, target);
	const int	column = kpi_cell_column(t, target);
	int			i = 0;
	int			j = 0;

	while (i < t->rows && (i == row || side->value[i * t->columns + column] < least))
		i++;
	while (j < t->columns && (j == column || side->value[row * t->columns + j] < least))
		j++;
	return i < t->rows && j < t->columns;
}

/*
 * flow_cheapest_path() -
 *
 *	The cost of the cheapest path, by Dial's algorithm, along which the least amount
 *	can move from or to the target through any cells; the shown cells on it are
 *	appended to shown.  -1 where there is none.  The query may be cancelled here.
 */
static int64
flow_cheapest_path(KpiCellTable *t, const KpiCellSide *side, int target, int64 least, KpiCellList *shown)
{
	KpiCellSearch *s = &t->search;
	int			nodes = t->rows + t->columns;
	FlowBucket	buckets[FLOW_COSTS];
	int			queued = 1;
	int			source;
	int			sink;

	flow_path_ends(t, side, target, &source, &sink);
	memset(buckets, -1, sizeof(buckets));
	for (int i = 0; i < nodes; i++)
		s->distance[i] = PG_INT64_MAX;
	s->distance[source] = 0;
	flow_put(s, buckets, source);
	for (int64 distance = 0; queued > 0; distance++)
	{
		int			node;

		while ((node = buckets[distance % FLOW_COSTS].first) >= 0)
		{
			const int	end = node < t->rows ? nodes : t->rows;

			flow_take(s, buckets, node);
			queued--;
			if (node == sink)
			{
				for (; node != source; node = s->previous[node])
				{
					int			cell = kpi_cell_between(t, s->previous[node], node);

					if (t->state[cell] == KPI_CELL_SHOWN)
						kpi_cells_append(shown, cell);
				}
				return distance;
			}
			CHECK_FOR_INTERRUPTS();
			for (int other = node < t->rows ? t->rows : 0; other < end; other++)
			{
				int64		known = s->distance[other];
				int			cell;
				int64		by_here;

				if (known <= distance)
					continue;
				cell = kpi_cell_between(t, node, other);
				by_here = distance + flow_cost(t, cell);
				if (by_here >= known || cell == target || !flow_passes(t, side, node, cell, least))
					continue;
				if (known == PG_INT64_MAX)
					queued++;
				else
					flow_take(s, buckets, other);
				s->distance[other] = by_here;
				s->previous[other] = node;
				flow_put(s, buckets, other);
			}
		}
	}
	return -1;
}

/*
 * kpi_cells_cheapest() -
 *
 *	The cheapest way through any cells by which the least amount moves from or to the
 *	target, on one of both sides: by a corner if there is one, which is found without
 *	a look at the whole table, else by a path.  Returns its cost and appends the
 *	shown cells on it, or returns -1 and appends none.
 */
int64
kpi_cells_cheapest(KpiCellTable *t, const KpiCellSide *sides, int target, int64 least, KpiCellList *shown)
{
	bool		possible[2];
	int64		cost = -1;
	int			n = shown->n;

	for (int i = 0; i < 2; i++)
		possible[i] = sides[i].up ? flow_may_become_larger(t, &sides[i], target, least) : t->count[target] - sides[i].moved >= least;
	for (int i = 0; i < 2; i++)
	{
		int			cell = -1;
		int			c = possible[i] ? flow_cheapest_corner(t, &sides[i], target, least, &cell) : -1;

		if (c < 0 || (cost >= 0 && c >= cost))
			continue;
		shown->n = n;
		kpi_cells_append(shown, cell);
		cost = c;
	}
	if (cost >= 0)
		return cost;
	for (int i = 0; i < 2; i++)
	{
		int			before = shown->n;
		int64		c = possible[i] ? flow_cheapest_path(t, &sides[i], target, least, shown) : -1;

		if (c < 0 || (cost >= 0 && c >= cost))
		{
			shown->n = before;
			continue;
		}
		memmove(&shown->cells[n], &shown->cells[before], sizeof(int) * (shown->n - before));
		shown->n -= before - n;
		cost = c;
	}
	return cost;
}
