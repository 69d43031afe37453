/*
 * cells.h
 *		A table of counts on the way to having some of them hidden: what suppress.c
 *		decides and flow.c finds.
 */
#ifndef KPI_CELLS_H
#define KPI_CELLS_H

#include "core/server/compat.h"

typedef enum KpiCellState
{
	KPI_CELL_SHOWN,
	KPI_CELL_PENDING,			/* will be hidden if the cell at hand needs it in the end */
	KPI_CELL_HIDDEN,
	KPI_CELL_SAFE				/* hidden, and known to have its span */
} KpiCellState;

typedef struct KpiCellList
{
	int			n;
	int			room;
	int		   *cells;
} KpiCellList;

/* What a search over rows and columns needs; nodes are the rows, then the columns. */
typedef struct KpiCellSearch
{
	int		   *level;			/* steps from the source, -1 = not reached */
	int		   *at;				/* the cell of its line that a node tries next */
	int		   *path;			/* of nodes, source first */
	int		   *queue;
	int64	   *distance;
	int		   *previous;		/* the node before, -1 = not reached */
	int		   *next;			/* nodes of the same distance, both ways */
	int		   *before;
} KpiCellSearch;

typedef struct KpiCellTable
{
	int			rows;
	int			columns;
	bool		list;			/* the second row is the unknown one */
	int64		k;
	int64	   *count;
	uint8	   *state;			/* KpiCellState */
	int64	   *row_total;
	int64	   *column_total;
	int64		total;
	KpiCellList *lines;			/* cells that are not shown, of each row, then of each column */
	int			live_rows;		/* lines with such cells */
	int			live_columns;
	int64	   *least;			/* of each cell, in the tables known to fit */
	int64	   *most;
	KpiCellSearch search;
} KpiCellTable;

/* A table that fits, on the way to the largest or smallest value of a cell. */
typedef struct KpiCellSide
{
	bool		up;
	int64	   *value;
	int64		moved;			/* of the cell itself, which stays as it is in value */
	KpiCellList	touched;
} KpiCellSide;

static inline int
kpi_cell_row(const KpiCellTable *t, int cell)
{
	return cell / t->columns;
}

static inline int
kpi_cell_column(const KpiCellTable *t, int cell)
{
	return cell % t->columns;
}

/* The cell where two lines meet, one of them a row and one a column. */
static inline int
kpi_cell_between(const KpiCellTable *t, int node, int other)
{
	return node < t->rows ? node * t->columns + other - t->rows : other * t->columns + node - t->rows;
}

extern void kpi_cells_append(KpiCellList *list, int cell);

extern void kpi_cells_search_begin(KpiCellTable *t);

/* Move as much as is wanted of the target, or as cells that are not shown allow; how much. */
extern int64 kpi_cells_move(KpiCellTable *t, KpiCellSide *side, int target, int64 wanted);

/*
 * The cheapest path through any cells by which the least amount can be moved on one of
 * both sides: its cost, or -1; the shown cells on it are appended.
 */
extern int64 kpi_cells_cheapest(KpiCellTable *t, const KpiCellSide *sides, int target, int64 least, KpiCellList *shown);

#endif							/* KPI_CELLS_H */
