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
#define CELL_COST 256
#define COSTS (CELL_COST + 64 + 1)

/* a row or column in which the first cell that does is taken, not the best */
#define LONG_LINE 1000

void
kpi_cells_append(CellList *list, int cell)
{
	if (list->n == list->room)
	{
		list->room = Max(16, list->room * 2);
		list->cells = list->cells ? repalloc(list->cells, sizeof(int) * list->room) : palloc(sizeof(int) * list->room);
	}
	list->cells[list->n++] = cell;
}

void
kpi_cells_search_begin(Table *t)
{
	int			nodes = t->rows + t->columns;
	Search	   *s = &t->search;

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
path_ends(const Table *t, const Side *side, int cell, int *source, int *sink)
{
	int			row = row_of(t, cell);
	int			column = t->rows + column_of(t, cell);

	*source = side->up ? row : column;
	*sink = side->up ? column : row;
}

/* Where a cell of a node's line leads. */
static inline int
other_end(const Table *t, int node, int cell)
{
	return node < t->rows ? t->rows + column_of(t, cell) : row_of(t, cell);
}

/* Can an amount go from one node to another, by the cell where they meet?  From a row the cell loses, to a row it gains. */
static inline bool
passes(const Table *t, const Side *side, int from, int cell, int64 least)
{
	return from >= t->rows || side->value[cell] >= least;
}

/* The levels of nodes up to that of the sink; false where it is not reached. */
static bool
find_levels(Table *t, const Side *side, int target, int source, int sink)
{
	Search	   *s = &t->search;
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
		const CellList *line = &t->lines[node];
		int			level = s->level[node] + 1;

		s->at[node] = 0;
		/* on the sink's level there is nothing to find, nor where all are found */
		if ((s->level[sink] >= 0 && level > s->level[sink]) || unreached[node < t->rows] == 0)
			continue;
		for (int i = 0; i < line->n; i++)
		{
			int			cell = line->cells[i];
			int			other = other_end(t, node, cell);

			if (s->level[other] >= 0 || cell == target || !passes(t, side, node, cell, 1))
				continue;
			s->level[other] = level;
			unreached[other >= t->rows]--;
			s->queue[tail++] = other;
		}
	}
	return s->level[sink] >= 0;
}

/* Along shortest paths, until none is left or all is moved. */
static int64
move_by_levels(Table *t, Side *side, int target, int source, int sink, int64 wanted)
{
	Search	   *s = &t->search;
	int64		moved = 0;
	int			depth = 0;

	s->path[0] = source;
	while (moved < wanted)
	{
		int			node = s->path[depth];
		const CellList *line = &t->lines[node];
		int64		amount = wanted - moved;

		if (node != sink)
		{
			for (; s->at[node] < line->n; s->at[node]++)
			{
				int			cell = line->cells[s->at[node]];
				int			other = other_end(t, node, cell);

				if (s->level[other] == s->level[node] + 1 && cell != target && passes(t, side, node, cell, 1))
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
				amount = Min(amount, side->value[cell_between(t, s->path[i], s->path[i + 1])]);
		for (int i = 0; i < depth; i++)
		{
			int			cell = cell_between(t, s->path[i], s->path[i + 1]);

			side->value[cell] += s->path[i] < t->rows ? -amount : amount;
			kpi_cells_append(&side->touched, cell);
		}
		moved += amount;
		/* go on where the path broke off */
		for (depth = 0; s->path[depth] != sink && passes(t, side, s->path[depth], cell_between(t, s->path[depth], s->path[depth + 1]), 1);)
			depth++;
		if (s->path[depth] == sink)
			break;
	}
	return moved;
}

/* By cycles of four cells: the target, one in its row, one in its column, and the one opposite, which gains where the target does. */
static int64
move_by_corners(Table *t, Side *side, int target, int64 wanted)
{
	const CellList *row = &t->lines[row_of(t, target)];
	const CellList *column = &t->lines[t->rows + column_of(t, target)];
	int64	   *value = side->value;
	int64		moved = 0;

	for (int i = 0; i < column->n && moved < wanted; i++)
	{
		int			below = column->cells[i];
		int			first = row_of(t, below) * t->columns;

		if (below == target || (side->up && value[below] == 0))
			continue;
		for (int j = 0; j < row->n && moved < wanted; j++)
		{
			int			beside = row->cells[j];
			int			opposite = first + column_of(t, beside);
			int64		amount = wanted - moved;

			if (beside == target || t->state[opposite] == SHOWN)
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
line_moves(const Table *t, const Side *side, int target, const CellList *line)
{
	for (int i = 0; i < line->n; i++)
		if (line->cells[i] != target && (!side->up || side->value[line->cells[i]] > 0))
			return true;
	return false;
}

int64
kpi_cells_move(Table *t, Side *side, int target, int64 wanted)
{
	const CellList *row = &t->lines[row_of(t, target)];
	const CellList *column = &t->lines[t->rows + column_of(t, target)];
	int64		moved;
	int			source;
	int			sink;

	path_ends(t, side, target, &source, &sink);
	/* a cell is never below 0 */
	if (!side->up)
		wanted = Min(wanted, t->count[target] - side->moved);
	/* most often enough, and found without looking at the whole table */
	moved = move_by_corners(t, side, target, wanted);
	while (moved < wanted)
	{
		CHECK_FOR_INTERRUPTS();
		if (!line_moves(t, side, target, row->n < column->n ? row : column) ||
			!line_moves(t, side, target, row->n < column->n ? column : row) ||
			!find_levels(t, side, target, source, sink))
			break;
		moved += move_by_levels(t, side, target, source, sink, wanted - moved);
	}
	side->moved += moved;
	return moved;
}

static inline int
cost_of(const Table *t, int cell)
{
	return t->state[cell] != SHOWN ? 0 :
		CELL_COST + (t->count[cell] > 0 ? pg_leftmost_one_pos64((uint64) t->count[cell]) + 1 : 0);
}

/* The nodes of a distance, in order of their coming. */
typedef struct Bucket
{
	int			first;			/* -1 = none */
	int			last;
} Bucket;

static inline void
put(Search *s, Bucket *buckets, int node)
{
	Bucket	   *bucket = &buckets[s->distance[node] % COSTS];

	s->before[node] = bucket->last;
	s->next[node] = -1;
	if (bucket->last >= 0)
		s->next[bucket->last] = node;
	else
		bucket->first = node;
	bucket->last = node;
}

static inline void
take(Search *s, Bucket *buckets, int node)
{
	Bucket	   *bucket = &buckets[s->distance[node] % COSTS];

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
corner_moves(const Side *side, int a, int b, int opposite, int64 least)
{
	return side->up ? side->value[a] >= least && side->value[b] >= least : side->value[opposite] >= least;
}

/* Cycles of four cells whose shown one is in the target's column, or in its row. */
static void
corners_in_line(const Table *t, const Side *side, int target, int64 least, bool in_column, int *best, int *shown)
{
	const int	row = row_of(t, target);
	const int	column = column_of(t, target);
	const CellList *line = &t->lines[in_column ? row : t->rows + column];
	const int	length = in_column ? t->rows : t->columns;

	for (int i = 0; i < length && (*best < 0 || length <= LONG_LINE); i++)
	{
		int			cell = in_column ? i * t->columns + column : row * t->columns + i;
		int			cost = cost_of(t, cell);

		if (cost == 0 || (*best >= 0 && cost >= *best) || (side->up && side->value[cell] < least))
			continue;
		for (int j = 0; j < line->n; j++)
		{
			int			other = line->cells[j];
			int			opposite = in_column ? i * t->columns + column_of(t, other) : row_of(t, other) * t->columns + i;

			if (t->state[opposite] == SHOWN || other == target || !corner_moves(side, cell, other, opposite, least))
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
cheapest_corner(const Table *t, const Side *side, int target, int64 least, int *shown)
{
	const CellList *row = &t->lines[row_of(t, target)];
	const CellList *column = &t->lines[t->rows + column_of(t, target)];
	int			best = -1;

	corners_in_line(t, side, target, least, t->rows <= t->columns, &best, shown);
	if (best < 0 || Max(t->rows, t->columns) <= LONG_LINE)
		corners_in_line(t, side, target, least, t->rows > t->columns, &best, shown);
	for (int i = 0; i < column->n; i++)
		for (int j = 0; j < row->n; j++)
		{
			int			opposite = row_of(t, column->cells[i]) * t->columns + column_of(t, row->cells[j]);
			int			cost = cost_of(t, opposite);

			if (cost == 0 || (best >= 0 && cost >= best) || column->cells[i] == target || row->cells[j] == target ||
				!corner_moves(side, column->cells[i], row->cells[j], opposite, least))
				continue;
			best = cost;
			*shown = opposite;
		}
	return best;
}

/* Has a cell beside the target, and one below it, what they must lose so that it becomes so much larger? */
static bool
may_become_larger(const Table *t, const Side *side, int target, int64 least)
{
	const int	row = row_of(t, target);
	const int	column = column_of(t, target);
	int			i = 0;
	int			j = 0;

	while (i < t->rows && (i == row || side->value[i * t->columns + column] < least))
		i++;
	while (j < t->columns && (j == column || side->value[row * t->columns + j] < least))
		j++;
	return i < t->rows && j < t->columns;
}

/* By Dial's algorithm; the shown cells on the path are appended. */
static int64
cheapest_path(Table *t, const Side *side, int target, int64 least, CellList *shown)
{
	Search	   *s = &t->search;
	int			nodes = t->rows + t->columns;
	Bucket		buckets[COSTS];
	int			queued = 1;
	int			source;
	int			sink;

	path_ends(t, side, target, &source, &sink);
	memset(buckets, -1, sizeof(buckets));
	for (int i = 0; i < nodes; i++)
		s->distance[i] = PG_INT64_MAX;
	s->distance[source] = 0;
	put(s, buckets, source);
	for (int64 distance = 0; queued > 0; distance++)
	{
		int			node;

		while ((node = buckets[distance % COSTS].first) >= 0)
		{
			const int	end = node < t->rows ? nodes : t->rows;

			take(s, buckets, node);
			queued--;
			if (node == sink)
			{
				for (; node != source; node = s->previous[node])
				{
					int			cell = cell_between(t, s->previous[node], node);

					if (t->state[cell] == SHOWN)
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
				cell = cell_between(t, node, other);
				by_here = distance + cost_of(t, cell);
				if (by_here >= known || cell == target || !passes(t, side, node, cell, least))
					continue;
				if (known == PG_INT64_MAX)
					queued++;
				else
					take(s, buckets, other);
				s->distance[other] = by_here;
				s->previous[other] = node;
				put(s, buckets, other);
			}
		}
	}
	return -1;
}

int64
kpi_cells_cheapest(Table *t, const Side *sides, int target, int64 least, CellList *shown)
{
	bool		possible[2];
	int64		cost = -1;
	int			n = shown->n;

	for (int i = 0; i < 2; i++)
		possible[i] = sides[i].up ? may_become_larger(t, &sides[i], target, least) : t->count[target] - sides[i].moved >= least;
	for (int i = 0; i < 2; i++)
	{
		int			cell = -1;
		int			c = possible[i] ? cheapest_corner(t, &sides[i], target, least, &cell) : -1;

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
		int64		c = possible[i] ? cheapest_path(t, &sides[i], target, least, shown) : -1;

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
