/*
 * bullet.c
 *		bullet(actual, target, width, ascii): a bullet graph in one line of text (after
 *		S. Few, "Bullet graph design specification", 2006).
 *
 *		The axis holds 0, the value and the bounds, and a tenth (at least a cell)
 *		more on each side that isn't 0.  The bar is drawn from 0 to the value; the
 *		cell in which a bound lies shows a marker.  The bar may be off by a cell so
 *		that it reaches a marker exactly when the value reaches the bound, and
 *		shows beyond it exactly when the value lies beyond.
 */
#include "goal/target.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#define MIN_WIDTH 5
#define MAX_WIDTH 200

typedef struct Axis
{
	int			exponent;		/* numbers are divided by its power of 2: no sum overflows */
	double		low;
	double		high;
	int			width;			/* cells */
} Axis;

static void
axis_include(Axis *axis, double x)
{
	axis->low = Min(axis->low, x);
	axis->high = Max(axis->high, x);
}

static void
axis_finish(Axis *axis)
{
	double		spare;

	frexp(Max(axis->high, -axis->low), &axis->exponent);
	axis->low = ldexp(axis->low, -axis->exponent);
	axis->high = ldexp(axis->high, -axis->exponent);
	if (axis->low == axis->high)
		axis->high = 1;
	spare = (axis->high - axis->low) * Max(0.1, 2.0 / axis->width);
	if (axis->low < 0)
		axis->low -= spare;
	if (axis->high > 0)
		axis->high += spare;
}

/* Where a number lies, in cells from the left. */
static double
axis_position(const Axis *axis, double x)
{
	x = (ldexp(x, -axis->exponent) - axis->low) / (axis->high - axis->low);
	return Max(0, Min(1, x)) * axis->width;
}

/* The cell border nearest to a number. */
static int
axis_border(const Axis *axis, double x)
{
	return (int) floor(axis_position(axis, x) + 0.5);
}

/* The cell that holds a number. */
static int
axis_cell(const Axis *axis, double x)
{
	return Min((int) axis_position(axis, x), axis->width - 1);
}

/*
 * How many cells a bar reaches from the end of the axis behind it: the left end
 * for a positive value, the right end for a negative one.  Markers on its way
 * have the last word.
 */
static int
bar_reach(const Axis *axis, double value, const double *bounds, int n)
{
	bool		left = value < 0;
	int			border = axis_border(axis, value);
	int			reach = left ? axis->width - border : border;
	int			least = 0;
	int			most = axis->width;
	int			passed = 0;

	for (int i = 0; i < n; i++)
	{
		/* how far the value lies beyond the bound, and the bound's cell, both in the bar's direction */
		double		beyond = left ? bounds[i] - value : value - bounds[i];
		int			cell = axis_cell(axis, bounds[i]);

		if (left ? bounds[i] > 0 : bounds[i] < 0)
			continue;
		if (left)
			cell = axis->width - 1 - cell;
		if (beyond >= 0)
		{
			least = Max(least, beyond > 0 ? Min(cell + 2, axis->width) : cell);
			passed = Max(passed, cell);
		}
		if (beyond <= 0)
			most = Min(most, beyond < 0 ? Max(cell - 1, 0) : cell + 1);
	}
	/* between bounds in the same or neighbouring cells there is no room: show the one reached */
	if (least > most)
		return passed;
	return Max(least, Min(most, reach));
}

PG_FUNCTION_INFO_V1(kpi_bullet);
Datum
kpi_bullet(PG_FUNCTION_ARGS)
{
	/* bar, rest, marker */
	static const char *const utf8[] = {"\342\226\210", "\342\226\221", "\342\224\202"};
	static const char *const ascii[] = {"#", ".", "|"};
	bool		plain = GetDatabaseEncoding() != PG_UTF8 || (PG_NARGS() > 3 && PG_GETARG_BOOL(3));
	const char *const *sign = plain ? ascii : utf8;
	bool		has_actual = !PG_ARGISNULL(0) && !isnan(PG_GETARG_FLOAT8(0));
	double		actual = has_actual ? PG_GETARG_FLOAT8(0) : 0;
	KpiTarget  *t;
	Axis		axis = {0};
	double		bounds[2];
	int			markers[2];
	int			n = 0;
	int			from;
	int			to;
	StringInfoData out;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		PG_RETURN_NULL();
	t = PG_GETARG_TARGET(1);
	axis.width = PG_GETARG_INT32(2);
	if (axis.width < MIN_WIDTH || axis.width > MAX_WIDTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("width %d is outside %d..%d", axis.width, MIN_WIDTH, MAX_WIDTH)));

	if (kpi_target_has(t, KPI_TARGET_LOWER))
		bounds[n++] = t->lower;
	if (kpi_target_has(t, KPI_TARGET_UPPER))
		bounds[n++] = t->upper;
	Assert(n > 0);
	for (int i = 0; i < n; i++)
		axis_include(&axis, bounds[i]);
	if (isfinite(actual))
		axis_include(&axis, actual);
	axis_finish(&axis);
	for (int i = 0; i < n; i++)
		markers[i] = axis_cell(&axis, bounds[i]);

	from = to = axis_border(&axis, 0);
	if (actual > 0)
		to = Max(from, bar_reach(&axis, actual, bounds, n));
	else if (actual < 0)
		from = Min(to, axis.width - bar_reach(&axis, actual, bounds, n));

	initStringInfo(&out);
	for (int i = 0; i < axis.width; i++)
	{
		bool		marker = i == markers[0] || i == markers[n - 1];

		appendStringInfoString(&out, sign[marker ? 2 : i >= from && i < to ? 0 : 1]);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
