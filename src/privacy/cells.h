/*
 * cells.h
 *		A table of counts on the way to having some of them hidden: what suppress.c
 *		decides and flow.c finds.
 */
#ifndef KPI_CELLS_H
#define KPI_CELLS_H

#include "core/server/compat.h"

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

/* What a search over rows and columns needs; nodes are the rows, then the columns. */
typedef struct Search
{
	int		   *level;			/* steps from the source, -1 = not reached */
	int		   *at;				/* the cell of its line that a node tries next */
	int		   *path;			/* of nodes, source first */
	int		   *queue;
	int64	   *distance;
	int		   *previous;		/* the node before, -1 = not reached */
	int		   *next;			/* nodes of the same distance, both ways */
	int		   *before;
} Search;

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
	CellList   *lines;			/* cells that are not shown, of each row, then of each column */
	int			live_rows;		/* lines with such cells */
	int			live_columns;
	int64	   *least;			/* of each cell, in the tables known to fit */
	int64	   *most;
	Search		search;
} Table;

/* A table that fits, on the way to the largest or smallest value of a cell. */
typedef struct Side
{
	bool		up;
	int64	   *value;
	int64		moved;			/* of the cell itself, which stays as it is in value */
	CellList	touched;
} Side;

static inline int
row_of(const Table *t, int cell)
{
	return cell / t->columns;
}

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

extern void kpi_cells_append(CellList *list, int cell);

extern void kpi_cells_search_begin(Table *t);

/* Move as much as is wanted of the target, or as cells that are not shown allow; how much. */
extern int64 kpi_cells_move(Table *t, Side *side, int target, int64 wanted);

/*
 * The cheapest path through any cells by which the least amount can be moved on one of
 * both sides: its cost, or -1; the shown cells on it are appended.
 */
extern int64 kpi_cells_cheapest(Table *t, const Side *sides, int target, int64 least, CellList *shown);

#endif							/* KPI_CELLS_H */
