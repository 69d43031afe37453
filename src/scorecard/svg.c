/*
 * svg.c
 *		The drawings of the scorecard's page: bullet graph (after S. Few, "Bullet
 *		graph design specification", 2006) and history with forecast.
 *
 *		Colours come from the page's style sheet by class.  A label is HTML as
 *		kpi_html() gives it, and <bdi>; it is the drawing's text for those who do not
 *		see it.
 */
#include "scorecard/html.h"

#include "core/number/axis.h"
#include "series/series.h"
#include "goal/target.h"

#include "miscadmin.h"
#include "utils/builtins.h"

/* Drawing units; the page scales them. */
#define SVG_WIDTH 320.0
#define SVG_BULLET_HEIGHT 28.0
#define SVG_HISTORY_HEIGHT 84.0
#define SVG_MARGIN 6.0

/* An axis whose ends differ, so that something can be drawn along it. */
static void
svg_axis_finish(KpiAxis *axis)
{
	kpi_axis_finish(axis);
	if (axis->low == axis->high)
	{
		axis->low -= 1;
		axis->high += 1;
	}
}

/*
 * A label in an attribute, where elements can't stand: a <bdi> becomes the characters
 * that isolate, or nothing around plain ASCII.
 */
static void
svg_append_label(StringInfo out, const text *label)
{
	char	   *s = text_to_cstring(label);
	char	   *open;
	char	   *close;

	while ((open = strstr(s, "<bdi>")) != NULL && (close = strstr(open, "</bdi>")) != NULL)
	{
		const char *inside = open + strlen("<bdi>");

		*open = '\0';
		*close = '\0';
		appendStringInfoString(out, s);
		appendStringInfo(out, strstr(inside, "&#") ? "&#8296;%s&#8297;" : "%s", inside);
		s = close + strlen("</bdi>");
	}
	appendStringInfoString(out, s);
}

/* The beginning of a drawing of the given height, with its label. */
static void
svg_begin(StringInfo out, const char *class, double height, const text *label)
{
	appendStringInfo(out, "<svg class=\"%s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"",
					 class, SVG_WIDTH, height);
	svg_append_label(out, label);
	appendStringInfoString(out, "\">");
}

/* The end of a drawing, and all of it as a text. */
static Datum
svg_end(StringInfo out)
{
	appendStringInfoString(out, "</svg>");
	return kpi_html_text(out);
}

/* A filled box from x1 to x2; nothing where it is too narrow to be seen. */
static void
svg_box(StringInfo out, const char *class, double x1, double x2, double y, double height)
{
	if (x2 - x1 < 0.05)
		return;
	appendStringInfo(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
					 class, x1, y, x2 - x1, height);
}

/* A straight line. */
static void
svg_line(StringInfo out, const char *class, double x1, double y1, double x2, double y2)
{
	appendStringInfo(out, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", class, x1, y1, x2, y2);
}

/* The class of a region's band in the page's style sheet. */
static const char *
svg_band_class(KpiRegion region)
{
	return region == KPI_GREEN ? "b-green" :
		region == KPI_AMBER_LOW || region == KPI_AMBER_HIGH ? "b-amber" : "b-red";
}

/* The regions of a target from the left of the axis to its right. */
static void
svg_bullet_bands(StringInfo out, const KpiTarget *t, const KpiAxis *axis)
{
	const double edge[] = {t->warn_lower, t->lower, t->upper, t->warn_upper};
	const uint16 flag[] = {KPI_TARGET_WARN_LOWER, KPI_TARGET_LOWER, KPI_TARGET_UPPER, KPI_TARGET_WARN_UPPER};
	const KpiRegion before[] = {KPI_RED_LOW, KPI_AMBER_LOW, KPI_GREEN, KPI_AMBER_HIGH};
	double		from = axis->from;

	for (int i = 0; i < (int) lengthof(edge); i++)
	{
		KpiRegion	region = before[i];

		if (!kpi_target_has(t, flag[i]))
			continue;
		/* without a warning there is no amber */
		if (region == KPI_AMBER_LOW && !kpi_target_has(t, KPI_TARGET_WARN_LOWER))
			region = KPI_RED_LOW;
		svg_box(out, svg_band_class(region), from, kpi_axis_place(axis, edge[i]), 4, SVG_BULLET_HEIGHT - 8);
		from = kpi_axis_place(axis, edge[i]);
	}
	svg_box(out, svg_band_class(kpi_target_has(t, KPI_TARGET_WARN_UPPER) || kpi_target_has(t, KPI_TARGET_UPPER) ? KPI_RED_HIGH : KPI_GREEN),
			from, axis->to, 4, SVG_BULLET_HEIGHT - 8);
}

/*
 * kpi_svg_bullet() - kpi_svg_bullet(value, target, margin, share, label)
 *
 *	`share` is how much of the target should be there by now.  Value, margin and
 *	share may be NULL; without target or label NULL.
 */
PG_FUNCTION_INFO_V1(kpi_svg_bullet);
Datum
kpi_svg_bullet(PG_FUNCTION_ARGS)
{
	KpiTarget  *t;
	KpiAxis		axis = {.to = SVG_WIDTH};
	double		spare;
	double		bounds[2];
	int			n;
	StringInfoData out;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	t = PG_GETARG_TARGET(1);
	n = kpi_target_bounds(t, bounds);
	for (int i = 0; i < n; i++)
		kpi_axis_include(&axis, bounds[i]);
	if (kpi_target_has(t, KPI_TARGET_WARN_LOWER))
		kpi_axis_include(&axis, t->warn_lower);
	if (kpi_target_has(t, KPI_TARGET_WARN_UPPER))
		kpi_axis_include(&axis, t->warn_upper);
	if (!PG_ARGISNULL(0))
		kpi_axis_include(&axis, PG_GETARG_FLOAT8(0));

	/* room to see what lies beyond, but not beyond 0 where all is on one side of it */
	svg_axis_finish(&axis);
	spare = (axis.high - axis.low) * 0.12;
	if (axis.high > 0)
		axis.high += spare;
	if (axis.low < 0)
		axis.low -= spare;

	initStringInfo(&out);
	svg_begin(&out, "bullet", SVG_BULLET_HEIGHT, PG_GETARG_TEXT_PP(4));
	svg_bullet_bands(&out, t, &axis);
	if (!PG_ARGISNULL(0))
	{
		double		value = kpi_axis_place(&axis, PG_GETARG_FLOAT8(0));
		double		zero = kpi_axis_place(&axis, 0);

		svg_box(&out, "bar", Min(zero, value), Max(Max(zero, value), Min(zero, value) + 1.5), 10.5, SVG_BULLET_HEIGHT - 21);
		if (!PG_ARGISNULL(2))
		{
			double		margin = PG_GETARG_FLOAT8(2);
			double		from = kpi_axis_place(&axis, PG_GETARG_FLOAT8(0) - margin);
			double		to = kpi_axis_place(&axis, PG_GETARG_FLOAT8(0) + margin);
			double		y = SVG_BULLET_HEIGHT / 2;

			appendStringInfo(&out, "<path class=\"margin\" d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1fM%.1f %.1fV%.1f\"/>",
							 from, y - 5, y + 5, from, y, to, to, y - 5, y + 5);
		}
	}
	for (int i = 0; i < n; i++)
	{
		double		x = kpi_axis_place(&axis, bounds[i]);

		if (!PG_ARGISNULL(3))
		{
			double		now = kpi_axis_place(&axis, bounds[i] * PG_GETARG_FLOAT8(3));

			svg_line(&out, "by-now", now, 4, now, SVG_BULLET_HEIGHT - 4);
		}
		svg_box(&out, "mark", x - 1.5, x + 1.5, 1, SVG_BULLET_HEIGHT - 2);
	}
	return svg_end(&out);
}

typedef struct SvgPlot
{
	double		step;			/* between two periods */
	KpiAxis		y;
} SvgPlot;

/* Where a period lies. */
static double
svg_plot_x(const SvgPlot *plot, double i)
{
	return SVG_MARGIN + plot->step * i;
}

/* Make room for the values of a series. */
static void
svg_plot_include(SvgPlot *plot, const KpiSeries *series)
{
	for (int i = 0; i < series->n; i++)
		if (!series->missing[i])
			kpi_axis_include(&plot->y, series->value[i]);
}

/*
 * svg_plot_include_part() -
 *
 *	Make room for them, but not for all of a wide interval, which would flatten the
 *	history: it is cut at a third of its height.
 */
static void
svg_plot_include_part(SvgPlot *plot, const KpiSeries *series)
{
	double		spare = (plot->y.high / 3 - plot->y.low / 3);
	double		low = plot->y.low - spare;
	double		high = plot->y.high + spare;

	for (int i = 0; i < series->n; i++)
		if (!series->missing[i])
			kpi_axis_include(&plot->y, Max(low, Min(high, series->value[i])));
}

/* A line through n values, the first of which is of period `first`; where one is missing it is broken. */
static void
svg_plot_values(StringInfo out, const SvgPlot *plot, const char *class, const KpiSeries *series, int first, int n)
{
	bool		pen_down = false;
	bool		any = false;

	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!series->missing[i])
		{
			if (!any)
				appendStringInfo(out, "<path class=\"%s\" d=\"", class);
			any = true;
			appendStringInfo(out, "%c%.1f %.1f", pen_down ? 'L' : 'M',
							 svg_plot_x(plot, first + i), kpi_axis_place(&plot->y, series->value[i]));
			/* one alone is a dot */
			if (!pen_down && (i + 1 == n || series->missing[i + 1]))
				appendStringInfoString(out, "h0.1");
		}
		pen_down = !series->missing[i];
	}
	if (any)
		appendStringInfoString(out, "\"/>");
}

/* A bound in steps, as wide as its periods. */
static void
svg_plot_bound(StringInfo out, const SvgPlot *plot, const KpiSeries *bound)
{
	bool		any = false;

	for (int i = 0; i < bound->n; i++)
	{
		double		y = kpi_axis_place(&plot->y, bound->value[i]);
		double		from = Max(0, svg_plot_x(plot, i - 0.5));

		if (bound->missing[i])
			continue;
		if (!any)
			appendStringInfoString(out, "<path class=\"goal\" d=\"");
		any = true;
		/* as before: go on */
		if (i == 0 || bound->missing[i - 1])
			appendStringInfo(out, "M%.1f %.1f", from, y);
		else if (bound->value[i - 1] != bound->value[i])
			appendStringInfo(out, "V%.1f", y);
		if (i + 1 == bound->n || bound->missing[i + 1] || bound->value[i + 1] != bound->value[i])
			appendStringInfo(out, "H%.1f", Min(SVG_WIDTH, svg_plot_x(plot, i + 0.5)));
	}
	if (any)
		appendStringInfoString(out, "\"/>");
}

/* The dot at a value of period i. */
static void
svg_plot_dot(StringInfo out, const SvgPlot *plot, const char *class, int i, double value)
{
	appendStringInfo(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
					 class, svg_plot_x(plot, i), kpi_axis_place(&plot->y, value));
}

/* The last of n values that is not missing; -1 where all are. */
static int
svg_last_known(const KpiSeries *series, int n)
{
	while (n > 0 && series->missing[n - 1])
		n--;
	return n - 1;
}

/*
 * kpi_svg_history() - kpi_svg_history(value, partial, lower_bound, upper_bound, ahead, ahead_lower, ahead_upper, label)
 *
 *	The arrays go by period.  The last value is not joined to the line when it is
 *	partial: its period goes on, and the first forecast is for it.  NULL where no
 *	value is known.  22023 for arrays that differ in length, and for NaN and
 *	infinity in them.
 */
PG_FUNCTION_INFO_V1(kpi_svg_history);
Datum
kpi_svg_history(PG_FUNCTION_ARGS)
{
	KpiSeries	value = kpi_finite_series(fcinfo, 0, "value");
	bool		partial = PG_GETARG_BOOL(1);
	KpiSeries	bound[] = {kpi_finite_series(fcinfo, 2, "lower_bound"), kpi_finite_series(fcinfo, 3, "upper_bound")};
	KpiSeries	ahead = kpi_finite_series(fcinfo, 4, "ahead");
	KpiSeries	ahead_lower = kpi_finite_series(fcinfo, 5, "ahead_lower");
	KpiSeries	ahead_upper = kpi_finite_series(fcinfo, 6, "ahead_upper");
	int			whole;
	int			first;
	int			last;
	SvgPlot		plot = {
		.y = {.low = INFINITY, .high = -INFINITY, .from = SVG_HISTORY_HEIGHT - SVG_MARGIN, .to = SVG_MARGIN}
	};
	StringInfoData out;

	kpi_series_same_length(value.n, "value", bound[0].n, "lower_bound");
	kpi_series_same_length(value.n, "value", bound[1].n, "upper_bound");
	kpi_series_same_length(ahead.n, "ahead", ahead_lower.n, "ahead_lower");
	kpi_series_same_length(ahead.n, "ahead", ahead_upper.n, "ahead_upper");
	if (value.known == 0)
		PG_RETURN_NULL();

	partial = partial && !value.missing[value.n - 1];
	whole = value.n - (partial ? 1 : 0);
	first = whole;				/* period of the first forecast */
	plot.step = (SVG_WIDTH - 2 * SVG_MARGIN) / Max(1, Max(value.n, first + ahead.n) - 1);
	svg_plot_include(&plot, &value);
	svg_plot_include(&plot, &bound[0]);
	svg_plot_include(&plot, &bound[1]);
	svg_plot_include(&plot, &ahead);
	svg_plot_include_part(&plot, &ahead_lower);
	svg_plot_include_part(&plot, &ahead_upper);
	svg_axis_finish(&plot.y);

	initStringInfo(&out);
	svg_begin(&out, "history", SVG_HISTORY_HEIGHT, PG_GETARG_TEXT_PP(7));
	last = svg_last_known(&value, whole);
	if (last == whole - 1 && last >= 0 && ahead.n > 0 && ahead.known == ahead.n &&
		ahead_lower.known == ahead.n && ahead_upper.known == ahead.n)
	{
		double		x = svg_plot_x(&plot, last);
		double		y = kpi_axis_place(&plot.y, value.value[last]);

		/* a fan that opens from the last value */
		appendStringInfo(&out, "<path class=\"fan\" d=\"M%.1f %.1f", x, y);
		for (int i = 0; i < ahead.n; i++)
			appendStringInfo(&out, "L%.1f %.1f", svg_plot_x(&plot, first + i), kpi_axis_place(&plot.y, ahead_upper.value[i]));
		for (int i = ahead.n - 1; i >= 0; i--)
			appendStringInfo(&out, "L%.1f %.1f", svg_plot_x(&plot, first + i), kpi_axis_place(&plot.y, ahead_lower.value[i]));
		appendStringInfo(&out, "Z\"/><path class=\"ahead\" d=\"M%.1f %.1f", x, y);
		for (int i = 0; i < ahead.n; i++)
			appendStringInfo(&out, "L%.1f %.1f", svg_plot_x(&plot, first + i), kpi_axis_place(&plot.y, ahead.value[i]));
		appendStringInfoString(&out, "\"/>");
	}
	svg_plot_bound(&out, &plot, &bound[0]);
	svg_plot_bound(&out, &plot, &bound[1]);
	svg_plot_values(&out, &plot, "line", &value, 0, whole);
	if (last >= 0)
		svg_plot_dot(&out, &plot, "last", last, value.value[last]);
	if (partial)
		svg_plot_dot(&out, &plot, "partial", value.n - 1, value.value[value.n - 1]);
	return svg_end(&out);
}
