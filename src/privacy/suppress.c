/*
 * suppress.c
 *		Hiding what is said of few: suppress(value, n, k) and suppress_cells(counts, k).
 *
 *		suppress_cells hides the counts 1..k-1 of a table whose totals by row, by
 *		column and over all are published, and as many others as it takes that
 *		nobody can work the hidden ones out (complementary suppression; see
 *		L. H. Cox, "Network models for complementary cell suppression", JASA 90,
 *		1995).
 *
 *		What fits the published numbers are the tables of counts >= 0 with the same
 *		totals that agree in the cells shown.  Any of them comes from the true table
 *		by cycles through hidden cells, which take turns in losing and gaining the
 *		same amount.  So a hidden cell can be larger by the maximum flow from its row
 *		to its column, through the other hidden cells: from row to column a cell
 *		loses, at most all it has, from column to row it gains, without limit.  In the
 *		other direction the flow says how much smaller it can be.  All whole numbers
 *		between occur, since the constraints are totally unimodular.
 *
 *		The span of a cell is the largest value that fits less the smallest.  Every
 *		hidden cell gets a span of at least k - 1, hence k possible values.  Where not
 *		even the totals alone leave so many, it gets all that they leave: min(R, C) -
 *		max(0, R + C - N) by M. Frechet, with the totals R of its row, C of its column
 *		and N of the table.  Hiding the whole table always achieves that, so the
 *		search below, for the cheapest further cells to hide, always ends.
 *
 *		A list with its total is a table of that row and another one that nobody
 *		knows, whose cells can lose and gain any amount.
 */
#include "core/server/compat.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"

#define MAX_CELLS 1000000

/* hiding a cell costs this and the bits of its count: few cells, then small ones */
#define CELL_COST 256

#define ANY_AMOUNT (PG_INT64_MAX / 4)

typedef enum CellState
{
	SHOWN,
	PENDING,					/* will be hidden if the cell at hand needs it in the end */
	HIDDEN,
	SAFE						/* hidden, and known to have its span */
} CellState;

typedef struct CellList
{
	int			n;
	int			room;
	int		   *cells;
} CellList;

typedef struct Table
{
	int			rows;
	int			columns;
	bool		list;			/* the second row is the unknown one */
	int64		k;
	int64	   *count;
	uint8	   *state;			/* CellState */
	int64	   *row_total;
	int64	   *column_total;
	int64		total;
	CellList   *lines;			/* hidden cells of each row, then of each column */

	/* a search: nodes are the rows, then the columns */
	int		   *previous;		/* the node before, -1 = not reached */
	int64	   *distance;
	bool	   *done;
	int		   *queue;
} Table;

/* A table that fits, on the way to the largest or smallest value of a cell. */
typedef struct Side
{
	bool		up;
	int64	   *value;
	int64		moved;			/* of the cell itself, which stays as it is in value */
	CellList	touched;
} Side;

/* One more cell in a list, which grows in the current memory context. */
static void
append_cell(CellList *list, int cell)
{
	if (list->n == list->room)
	{
		list->room = Max(16, list->room * 2);
		list->cells = list->cells ? repalloc(list->cells, sizeof(int) * list->room) : palloc(sizeof(int) * list->room);
	}
	list->cells[list->n++] = cell;
}

/* The row of a cell. */
static inline int
row_of(const Table *t, int cell)
{
	return cell / t->columns;
}

/* The column of a cell. */
static inline int
column_of(const Table *t, int cell)
{
	return cell % t->columns;
}

/* The cell where two lines meet, one of them a row and one a column. */
static inline int
cell_between(const Table *t, int node, int other)
{
	return node < t->rows ? node * t->columns + other - t->rows : other * t->columns + node - t->rows;
}

/* The span that the totals alone leave to a cell. */
static int64
widest_span(const Table *t, int cell)
{
	int64		r = t->row_total[row_of(t, cell)];
	int64		c = t->column_total[column_of(t, cell)];

	if (t->list)
		return t->columns > 1 ? t->total : 0;
	/* r - (total - c) cannot overflow */
	return Min(r, c) - Max(0, r - (t->total - c));
}

/* The span that a hidden cell gets: k - 1, or all that the totals leave. */
static int64
needed_span(const Table *t, int cell)
{
	return Min(t->k - 1, widest_span(t, cell));
}

/* Hide a cell. */
static void
hide(Table *t, int cell)
{
	t->state[cell] = HIDDEN;
	append_cell(&t->lines[row_of(t, cell)], cell);
	append_cell(&t->lines[t->rows + column_of(t, cell)], cell);
}

/* Can an amount go from one node to another, by the cell where they meet? */
static inline bool
passes(const Side *side, int from, int rows, int cell, int64 least)
{
	return from >= rows || side->value[cell] >= least;
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

/* A shortest path through hidden cells alone, each of which lets the least amount pass. */
static bool
find_free_path(Table *t, const Side *side, int target, int64 least)
{
	int			source;
	int			sink;
	int			head = 0;
	int			tail = 0;

	path_ends(t, side, target, &source, &sink);
	memset(t->previous, -1, sizeof(int) * (t->rows + t->columns));
	t->previous[source] = source;
	t->queue[tail++] = source;
	while (head < tail)
	{
		int			node = t->queue[head++];
		const CellList *line = &t->lines[node];

		for (int i = 0; i < line->n; i++)
		{
			int			cell = line->cells[i];
			int			other = node < t->rows ? t->rows + column_of(t, cell) : row_of(t, cell);

			if (cell == target || t->previous[other] >= 0 || !passes(side, node, t->rows, cell, least))
				continue;
			t->previous[other] = node;
			if (other == sink)
				return true;
			t->queue[tail++] = other;
		}
	}
	return false;
}

/* What hiding a cell costs; nothing if it is hidden. */
static inline int64
cost_of(const Table *t, int cell)
{
	return t->state[cell] != SHOWN ? 0 :
		CELL_COST + (t->count[cell] > 0 ? pg_leftmost_one_pos64((uint64) t->count[cell]) + 1 : 0);
}

/*
 * find_path() -
 *
 *	The cheapest path through any cells, each of which lets the least amount pass
 *	(E. W. Dijkstra); its cost, or -1.
 */
static int64
find_path(Table *t, const Side *side, int target, int64 least)
{
	int			nodes = t->rows + t->columns;
	int			source;
	int			sink;

	path_ends(t, side, target, &source, &sink);
	for (int i = 0; i < nodes; i++)
	{
		t->previous[i] = -1;
		t->distance[i] = PG_INT64_MAX;
		t->done[i] = false;
	}
	t->distance[source] = 0;
	for (;;)
	{
		int			node = -1;

		for (int i = 0; i < nodes; i++)
			if (!t->done[i] && t->distance[i] < PG_INT64_MAX && (node < 0 || t->distance[i] < t->distance[node]))
				node = i;
		if (node < 0)
			return -1;
		if (node == sink)
			return t->distance[sink];
		t->done[node] = true;
		for (int other = node < t->rows ? t->rows : 0; other < (node < t->rows ? nodes : t->rows); other++)
		{
			int			cell = cell_between(t, node, other);
			int64		distance = t->distance[node] + cost_of(t, cell);

			if (cell != target && distance < t->distance[other] && passes(side, node, t->rows, cell, least))
			{
				t->distance[other] = distance;
				t->previous[other] = node;
			}
		}
	}
}

/*
 * push() -
 *
 *	Move up to the wanted amount along the path just found; what comes back is how
 *	much.  What was shown becomes pending.
 */
static int64
push(Table *t, Side *side, int target, int64 wanted, CellList *pending)
{
	int			source;
	int			sink;

	path_ends(t, side, target, &source, &sink);
	if (!side->up)
		wanted = Min(wanted, t->count[target] - side->moved);
	for (int node = sink; node != source; node = t->previous[node])
		if (t->previous[node] < t->rows)
			wanted = Min(wanted, side->value[cell_between(t, t->previous[node], node)]);
	for (int node = sink; node != source; node = t->previous[node])
	{
		int			cell = cell_between(t, t->previous[node], node);

		side->value[cell] += t->previous[node] < t->rows ? -wanted : wanted;
		append_cell(&side->touched, cell);
		if (t->state[cell] == SHOWN)
		{
			t->state[cell] = PENDING;
			append_cell(pending, cell);
		}
	}
	side->moved += wanted;
	return wanted;
}

/* All cells of a cycle that moves as a whole have its span. */
static void
mark_cycle(Table *t, const Side *side, int64 span)
{
	for (int i = 0; i < side->touched.n; i++)
	{
		int			cell = side->touched.cells[i];

		if (t->state[cell] == HIDDEN && needed_span(t, cell) <= span)
			t->state[cell] = SAFE;
	}
}

/* Put a side back to the counts of the table. */
static void
restore(const Table *t, Side *side)
{
	for (int i = 0; i < side->touched.n; i++)
		side->value[side->touched.cells[i]] = t->count[side->touched.cells[i]];
	side->touched.n = 0;
	side->moved = 0;
}

/* Can a path still help this side?  A cell is never below 0. */
static inline bool
has_room(const Table *t, const Side *side, int target, int64 least)
{
	return side->up || t->count[target] - side->moved >= least;
}

/* See to it that a hidden cell has its span, by hiding more where needed.  The query may be cancelled here. */
static void
protect(Table *t, int target, Side *sides, CellList *pending)
{
	int64		missing = needed_span(t, target);

	CHECK_FOR_INTERRUPTS();
	/* first what the hidden cells give: one path for all of it if there is one */
	for (int pass = 0; pass < 2 && missing > 0; pass++)
		for (int i = 0; i < 2 && missing > 0; i++)
			for (;;)
			{
				int64		least = pass == 0 ? missing : 1;

				if (missing == 0 || !has_room(t, &sides[i], target, least) ||
					!find_free_path(t, &sides[i], target, least))
					break;
				missing -= push(t, &sides[i], target, missing, pending);
				if (pass == 0)
					mark_cycle(t, &sides[i], sides[i].moved);
			}

	/* then the cheaper of the two directions, again one path for all if possible */
	while (missing > 0)
	{
		int			best = -1;
		int64		cost = 0;

		for (int64 least = missing; best < 0; least = 1)
		{
			for (int i = 0; i < 2; i++)
			{
				int64		c = has_room(t, &sides[i], target, least) ? find_path(t, &sides[i], target, least) : -1;

				if (c >= 0 && (best < 0 || c < cost))
				{
					best = i;
					cost = c;
				}
			}
			if (least == 1)
				break;
		}
		if (best < 0)
			elog(ERROR, "cell %d of a table cannot be protected", target);
		/* the path is that of the last search: find it again if that was the other one */
		if (best == 0)
			(void) (find_path(t, &sides[best], target, missing) >= 0 || find_path(t, &sides[best], target, 1) >= 0);
		missing -= push(t, &sides[best], target, missing, pending);
	}

	/* a cell that was used and then not is shown again */
	for (int i = 0; i < pending->n; i++)
	{
		int			cell = pending->cells[i];

		if (sides[0].value[cell] != t->count[cell] || sides[1].value[cell] != t->count[cell])
			hide(t, cell);
		else
			t->state[cell] = SHOWN;
	}
	pending->n = 0;
	t->state[target] = SAFE;
	restore(t, &sides[0]);
	restore(t, &sides[1]);
}

/* The totals of rows, columns and the table.  22003 where they are too large. */
static void
add_up(Table *t)
{
	for (int cell = 0; cell < t->rows * t->columns; cell++)
	{
		if (t->list && row_of(t, cell) > 0)
			break;
		if (pg_add_s64_overflow(t->total, t->count[cell], &t->total) || t->total > ANY_AMOUNT)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("counts add up to more than " INT64_FORMAT, (int64) ANY_AMOUNT)));
		t->row_total[row_of(t, cell)] += t->count[cell];
		t->column_total[column_of(t, cell)] += t->count[cell];
	}
}

/* Hide the counts 1..k-1.  22023 where the totals alone say what one of them is. */
static void
hide_small_counts(Table *t)
{
	for (int cell = 0; cell < t->rows * t->columns; cell++)
	{
		if (t->list && row_of(t, cell) > 0)
		{
			t->count[cell] = ANY_AMOUNT;
			hide(t, cell);
			t->state[cell] = SAFE;
			continue;
		}
		if (t->count[cell] == 0 || t->count[cell] >= t->k)
			continue;
		if (widest_span(t, cell) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("count " INT64_FORMAT " in row %d, column %d cannot be hidden", t->count[cell],
							row_of(t, cell) + 1, column_of(t, cell) + 1),
					 errdetail("It follows from the totals alone."),
					 t->rows == 1 || t->columns == 1 ?
					 errhint("Give counts with a single total as an array of one dimension.") :
					 errhint("Merge small rows or columns first, or do not publish the totals.")));
		hide(t, cell);
	}
}

/* Hide what must be hidden.  The table's arrays lie in the current memory context. */
static void
suppress_table(Table *t)
{
	int			cells = t->rows * t->columns;
	int			nodes = t->rows + t->columns;
	CellList	pending = {0};
	Side		sides[2] = {{.up = true}, {.up = false}};
	bool		again;

	t->state = palloc0(cells);
	t->row_total = palloc0(sizeof(int64) * t->rows);
	t->column_total = palloc0(sizeof(int64) * t->columns);
	t->lines = palloc0(sizeof(CellList) * nodes);
	t->previous = palloc(sizeof(int) * nodes);
	t->distance = palloc(sizeof(int64) * nodes);
	t->done = palloc(sizeof(bool) * nodes);
	t->queue = palloc(sizeof(int) * nodes);
	add_up(t);
	hide_small_counts(t);
	for (int i = 0; i < 2; i++)
	{
		sides[i].value = palloc(sizeof(int64) * cells);
		memcpy(sides[i].value, t->count, sizeof(int64) * cells);
	}
	/* what is hidden to protect must be protected too */
	do
	{
		again = false;
		for (int cell = 0; cell < cells; cell++)
			if (t->state[cell] == HIDDEN)
			{
				protect(t, cell, sides, &pending);
				again = true;
			}
	} while (again);
}

/* 22023 for a limit below 1. */
static void
check_limit(int32 k)
{
	if (k < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("limit %d is below 1", k),
				 errhint("Give the smallest number of persons of whom something may be shown, such as 5 or 10.")));
}

/*
 * kpi_suppress_cells() - suppress_cells(counts, k)
 *
 *	An array of the same shape, with NULL for what is hidden.  22023 for a limit
 *	below 1, for NULL, negative counts, more than two dimensions, and as
 *	hide_small_counts(); 22003 as add_up(), 54000 for too many counts.
 */
PG_FUNCTION_INFO_V1(kpi_suppress_cells);
Datum
kpi_suppress_cells(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	int32		k = PG_GETARG_INT32(1);
	Table		t = {.k = k};
	Datum	   *values;
	bool	   *nulls;
	int			n;

	check_limit(k);
	if (ARR_NDIM(array) == 0)
		PG_RETURN_ARRAYTYPE_P(array);
	if (ARR_NDIM(array) > 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("table of counts has %d dimensions", ARR_NDIM(array)),
				 errhint("Give a table with totals by row and column in 2 dimensions, or a list with its total in 1.")));
	t.list = ARR_NDIM(array) == 1;
	t.columns = ARR_DIMS(array)[ARR_NDIM(array) - 1];
	t.rows = t.list ? 2 : ARR_DIMS(array)[0];
	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values, &nulls, &n);
	if (n > MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("table of %d counts has more than %d", n, MAX_CELLS)));
	t.count = palloc0(sizeof(int64) * t.rows * t.columns);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("count in row %d, column %d is NULL", i / t.columns + 1, i % t.columns + 1),
					 errhint("Write 0 where there is nobody: coalesce(count, 0).")));
		t.count[i] = DatumGetInt64(values[i]);
		if (t.count[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("count " INT64_FORMAT " in row %d, column %d is negative", t.count[i],
							i / t.columns + 1, i % t.columns + 1)));
	}
	suppress_table(&t);
	for (int i = 0; i < n; i++)
		nulls[i] = t.state[i] != SHOWN;
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, ARR_NDIM(array), ARR_DIMS(array), ARR_LBOUND(array),
											 INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/*
 * kpi_suppress() - suppress(value, n, k)
 *
 *	The value as it is, of any type; NULL where n < k.  22023 for a limit below 1.
 */
PG_FUNCTION_INFO_V1(kpi_suppress);
Datum
kpi_suppress(PG_FUNCTION_ARGS)
{
	check_limit(PG_GETARG_INT32(2));
	if (PG_GETARG_INT64(1) < PG_GETARG_INT32(2))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}
