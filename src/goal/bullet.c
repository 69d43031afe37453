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

#include "core/number/axis.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#define BULLET_MIN_WIDTH 5
#define BULLET_MAX_WIDTH 200

/* The cell border nearest to a number. */
static int
bullet_border(const KpiAxis *axis, double x)
{
	return (int) floor(kpi_axis_place(axis, x) + 0.5);
}

/* The cell that holds a number. */
static int
bullet_cell(const KpiAxis *axis, double x)
{
	return Min((int) kpi_axis_place(axis, x), (int) axis->to - 1);
}

/*
 * bullet_reach() -
 *
 *	How many cells a bar reaches from the end of the axis behind it: the left end
 *	for a positive value, the right end for a negative one.  Markers on its way have
 *	the last word.
 */
static int
bullet_reach(const KpiAxis *axis, double value, const double *bounds, int n)
{
	int			width = (int) axis->to;
	bool		left = value < 0;
	int			border = bullet_border(axis, value);
	int			reach = left ? width - border : border;
	int			least = 0;
	int			most = width;
	int			passed = 0;

	for (int i = 0; i < n; i++)
	{
		/* how far the value lies beyond the bound, and the bound's cell, both in the bar's direction */
		double		beyond = left ? bounds[i] - value : value - bounds[i];
		int			cell = bullet_cell(axis, bounds[i]);

		if (left ? bounds[i] > 0 : bounds[i] < 0)
			continue;
		if (left)
			cell = width - 1 - cell;
		if (beyond >= 0)
		{
			least = Max(least, beyond > 0 ? Min(cell + 2, width) : cell);
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

/*
 * kpi_bullet() - bullet(actual, target, width [, ascii])
 *
 *	A line of text of so many characters; of NULL or NaN it has no bar.  NULL where
 *	another argument is NULL.  22023 for a width outside
 *	BULLET_MIN_WIDTH..BULLET_MAX_WIDTH.
 */
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
	KpiAxis		axis = {0};
	int			width;
	double		spare;
	double		bounds[2];
	int			markers[2];
	int			n;
	int			from;
	int			to;
	StringInfoData out;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || (PG_NARGS() > 3 && PG_ARGISNULL(3)))
		PG_RETURN_NULL();
	t = PG_GETARG_TARGET(1);
	width = PG_GETARG_INT32(2);
	if (width < BULLET_MIN_WIDTH || width > BULLET_MAX_WIDTH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("width %d is outside %d..%d", width, BULLET_MIN_WIDTH, BULLET_MAX_WIDTH)));

	n = kpi_target_bounds(t, bounds);
	Assert(n > 0);
	for (int i = 0; i < n; i++)
		kpi_axis_include(&axis, bounds[i]);
	if (isfinite(actual))
		kpi_axis_include(&axis, actual);
	kpi_axis_finish(&axis);
	if (axis.low == axis.high)
		axis.high = 1;
	spare = (axis.high - axis.low) * Max(0.1, 2.0 / width);
	if (axis.low < 0)
		axis.low -= spare;
	if (axis.high > 0)
		axis.high += spare;
	axis.to = width;
	for (int i = 0; i < n; i++)
		markers[i] = bullet_cell(&axis, bounds[i]);

	from = to = bullet_border(&axis, 0);
	if (actual > 0)
		to = Max(from, bullet_reach(&axis, actual, bounds, n));
	else if (actual < 0)
		from = Min(to, width - bullet_reach(&axis, actual, bounds, n));

	initStringInfo(&out);
	for (int i = 0; i < width; i++)
	{
		bool		marker = i == markers[0] || i == markers[n - 1];

		appendStringInfoString(&out, sign[marker ? 2 : i >= from && i < to ? 0 : 1]);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
