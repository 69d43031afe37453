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
 *		The tables found for one cell tell of others too: a cell that differs by its span
 *		between any two tables that fit is safe, without a search of its own.
 *
 *		A list with its total is a table of that row and another one that nobody
 *		knows, whose cells can lose and gain any amount.
 */
#include "privacy/cells.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "miscadmin.h"
#include "utils/array.h"

#define SUPPRESS_MAX_CELLS 1000000

#define SUPPRESS_ANY_AMOUNT (PG_INT64_MAX / 4)

/* The span that the totals alone leave to a cell. */
static int64
suppress_widest_span(const KpiCellTable *t, int cell)
{
	int64		r = t->row_total[kpi_cell_row(t, cell)];
	int64		c = t->column_total[kpi_cell_column(t, cell)];

	if (t->list)
		return t->columns > 1 ? t->total : 0;
	/* r - (total - c) cannot overflow */
	return Min(r, c) - Max(0, r - (t->total - c));
}

static int64
suppress_needed_span(const KpiCellTable *t, int cell)
{
	return Min(t->k - 1, suppress_widest_span(t, cell));
}

/* Let amounts move through a cell. */
static void
suppress_open_cell(KpiCellTable *t, int cell, KpiCellState state)
{
	KpiCellList *row = &t->lines[kpi_cell_row(t, cell)];
	KpiCellList *column = &t->lines[t->rows + kpi_cell_column(t, cell)];

	t->state[cell] = state;
	t->live_rows += row->n == 0;
	t->live_columns += column->n == 0;
	kpi_cells_append(row, cell);
	kpi_cells_append(column, cell);
}

/* Take a cell out of a list that holds it; *live counts the lists that hold something. */
static void
suppress_remove_cell(KpiCellList *list, int cell, int *live)
{
	int			i = list->n - 1;

	/* it came among the last */
	while (list->cells[i] != cell)
		i--;
	memmove(&list->cells[i], &list->cells[i + 1], sizeof(int) * (list->n - 1 - i));
	*live -= --list->n == 0;
}

static void
suppress_show_again(KpiCellTable *t, int cell)
{
	t->state[cell] = KPI_CELL_SHOWN;
	suppress_remove_cell(&t->lines[kpi_cell_row(t, cell)], cell, &t->live_rows);
	suppress_remove_cell(&t->lines[t->rows + kpi_cell_column(t, cell)], cell, &t->live_columns);
}

/* What a table that fits says of its cells; and back to the true one. */
static void
suppress_learn(KpiCellTable *t, KpiCellSide *side)
{
	for (int i = 0; i < side->touched.n; i++)
	{
		int			cell = side->touched.cells[i];

		t->least[cell] = Min(t->least[cell], side->value[cell]);
		t->most[cell] = Max(t->most[cell], side->value[cell]);
		side->value[cell] = t->count[cell];
	}
	side->touched.n = 0;
	side->moved = 0;
}

/*
 * suppress_protect() -
 *
 *	See to it that a hidden cell, the target, has its span: hide more cells where those
 *	that are hidden do not give it.  The sides are tables that are true at the beginning
 *	and at the end; what they came to in between is remembered for other cells.  pending
 *	is an empty list, and empty again at the end.  The query may be cancelled here.
 */
static void
suppress_protect(KpiCellTable *t, int target, KpiCellSide *sides, KpiCellList *pending)
{
	int64		missing = suppress_needed_span(t, target);

	CHECK_FOR_INTERRUPTS();
	/* first what the hidden cells give */
	for (int i = 0; i < 2 && missing > 0; i++)
		missing -= kpi_cells_move(t, &sides[i], target, missing);

	/* then the cheaper of the two directions, by one path for all of it if there is one */
	while (missing > 0)
	{
		int			n = pending->n;

		if (kpi_cells_cheapest(t, sides, target, missing, pending) < 0 &&
			kpi_cells_cheapest(t, sides, target, 1, pending) < 0)
			elog(ERROR, "cell %d of a table cannot be protected", target);
		for (int i = n; i < pending->n; i++)
			suppress_open_cell(t, pending->cells[i], KPI_CELL_PENDING);
		for (int i = 0; i < 2 && missing > 0; i++)
			missing -= kpi_cells_move(t, &sides[i], target, missing);
	}

	/* a cell that was used and then not is shown again */
	for (int i = 0; i < pending->n; i++)
	{
		int			cell = pending->cells[i];

		if (sides[0].value[cell] != t->count[cell] || sides[1].value[cell] != t->count[cell])
			t->state[cell] = KPI_CELL_HIDDEN;
		else
			suppress_show_again(t, cell);
	}
	pending->n = 0;
	t->state[target] = KPI_CELL_SAFE;
	suppress_learn(t, &sides[0]);
	suppress_learn(t, &sides[1]);
}

/* The totals of a table; of a list, those of its one row.  22003 where they are too large to move. */
static void
suppress_add_up(KpiCellTable *t)
{
	for (int cell = 0; cell < t->rows * t->columns; cell++)
	{
		if (t->list && kpi_cell_row(t, cell) > 0)
			break;
		if (pg_add_s64_overflow(t->total, t->count[cell], &t->total) || t->total > SUPPRESS_ANY_AMOUNT)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("counts add up to more than " INT64_FORMAT, (int64) SUPPRESS_ANY_AMOUNT)));
		t->row_total[kpi_cell_row(t, cell)] += t->count[cell];
		t->column_total[kpi_cell_column(t, cell)] += t->count[cell];
	}
}

/*
 * suppress_small_counts() -
 *
 *	Hide the counts from 1 to k - 1, and open the unknown row of a list, through which
 *	any amount can move.  22023 for a count that follows from the totals alone.
 */
static void
suppress_small_counts(KpiCellTable *t)
{
	for (int cell = 0; cell < t->rows * t->columns; cell++)
	{
		if (t->list && kpi_cell_row(t, cell) > 0)
		{
			t->count[cell] = SUPPRESS_ANY_AMOUNT;
			suppress_open_cell(t, cell, KPI_CELL_SAFE);
			continue;
		}
		if (t->count[cell] == 0 || t->count[cell] >= t->k)
			continue;
		if (suppress_widest_span(t, cell) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("count " INT64_FORMAT " in row %d, column %d cannot be hidden", t->count[cell],
							kpi_cell_row(t, cell) + 1, kpi_cell_column(t, cell) + 1),
					 errdetail("It follows from the totals alone."),
					 t->rows == 1 || t->columns == 1 ?
					 errhint("Give counts with a single total as an array of one dimension.") :
					 errhint("Merge small rows or columns first, or do not publish the totals.")));
		suppress_open_cell(t, cell, KPI_CELL_HIDDEN);
	}
}

/*
 * suppress_table() -
 *
 *	Hide the small counts of a table and what else it takes that nobody can work them
 *	out.  The table has its size, k and counts; its states say in the end what is
 *	shown.  All of it lies in the current memory context.
 */
static void
suppress_table(KpiCellTable *t)
{
	int			cells = t->rows * t->columns;
	int			nodes = t->rows + t->columns;
	KpiCellList	pending = {0};
	KpiCellSide	sides[2] = {{.up = true}, {.up = false}};
	bool		again;

	t->state = palloc0(cells);
	t->row_total = palloc0(sizeof(int64) * t->rows);
	t->column_total = palloc0(sizeof(int64) * t->columns);
	t->lines = palloc0(sizeof(KpiCellList) * nodes);
	t->least = palloc(sizeof(int64) * cells);
	t->most = palloc(sizeof(int64) * cells);
	kpi_cells_search_begin(t);
	suppress_add_up(t);
	suppress_small_counts(t);
	memcpy(t->least, t->count, sizeof(int64) * cells);
	memcpy(t->most, t->count, sizeof(int64) * cells);
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
		{
			if (t->state[cell] != KPI_CELL_HIDDEN)
				continue;
			/* the tables that protect others may have done it */
			if (t->most[cell] - t->least[cell] >= suppress_needed_span(t, cell))
				t->state[cell] = KPI_CELL_SAFE;
			else
				suppress_protect(t, cell, sides, &pending);
			again = true;
		}
	} while (again);
}

/* 22023 for a k that is no number of people. */
static void
suppress_check_limit(int32 k)
{
	if (k < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("limit %d is below 1", k),
				 errhint("Give the smallest number of persons of whom something may be shown, such as 5 or 10.")));
}

/*
 * kpi_suppress_cells(counts, k) -
 *
 *	The array of counts with NULL for those that are hidden.  22023 for a limit below
 *	1, other than one or two dimensions, a count that is NULL or negative; 54000 for
 *	more than SUPPRESS_MAX_CELLS; and the errors of the above.
 */
PG_FUNCTION_INFO_V1(kpi_suppress_cells);
Datum
kpi_suppress_cells(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	int32		k = PG_GETARG_INT32(1);
	KpiCellTable t = {.k = k};
	Datum	   *values;
	bool	   *nulls;
	int			n;

	suppress_check_limit(k);
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
	if (n > SUPPRESS_MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("table of %d counts has more than %d", n, SUPPRESS_MAX_CELLS)));
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
		nulls[i] = t.state[i] != KPI_CELL_SHOWN;
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, ARR_NDIM(array), ARR_DIMS(array), ARR_LBOUND(array),
											 INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* For any type of value: it is given back as it is. */
PG_FUNCTION_INFO_V1(kpi_suppress);
Datum
kpi_suppress(PG_FUNCTION_ARGS)
{
	suppress_check_limit(PG_GETARG_INT32(2));
	if (PG_GETARG_INT64(1) < PG_GETARG_INT32(2))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}
