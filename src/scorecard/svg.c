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
#include "series/series.h"
#include "target/target.h"

#include "miscadmin.h"
#include "utils/builtins.h"

/* Drawing units; the page scales them. */
#define WIDTH 320.0
#define BULLET_HEIGHT 28.0
#define HISTORY_HEIGHT 84.0
#define MARGIN 6.0

/* Numbers are divided by a power of two, so that no difference overflows. */
typedef struct Scale
{
	double		low;
	double		high;
	int			exponent;
	double		from;			/* where low and high lie in the drawing */
	double		to;
} Scale;

static void
scale_include(Scale *scale, double x)
{
	scale->low = Min(scale->low, x);
	scale->high = Max(scale->high, x);
}

static void
scale_finish(Scale *scale)
{
	if (scale->low > scale->high)
		scale->low = scale->high = 0;
	frexp(Max(fabs(scale->high), fabs(scale->low)), &scale->exponent);
	scale->low = ldexp(scale->low, -scale->exponent);
	scale->high = ldexp(scale->high, -scale->exponent);
	if (scale->low == scale->high)
	{
		scale->low -= 1;
		scale->high += 1;
	}
}

static double
at(const Scale *scale, double x)
{
	double		part = (ldexp(x, -scale->exponent) - scale->low) / (scale->high - scale->low);

	return scale->from + Max(0, Min(1, part)) * (scale->to - scale->from);
}

/*
 * A label in an attribute, where elements can't stand: a <bdi> becomes the characters
 * that isolate, or nothing around plain ASCII.
 */
static void
append_label(StringInfo out, const text *label)
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

static void
svg_begin(StringInfo out, const char *class, double height, const text *label)
{
	appendStringInfo(out, "<svg class=\"%s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"",
					 class, WIDTH, height);
	append_label(out, label);
	appendStringInfoString(out, "\">");
}

static void
svg_box(StringInfo out, const char *class, double x1, double x2, double y, double height)
{
	if (x2 - x1 < 0.05)
		return;
	appendStringInfo(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
					 class, x1, y, x2 - x1, height);
}

static void
svg_line(StringInfo out, const char *class, double x1, double y1, double x2, double y2)
{
	appendStringInfo(out, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", class, x1, y1, x2, y2);
}

static const char *
band_class(KpiRegion region)
{
	return region == KPI_GREEN ? "b-green" :
		region == KPI_AMBER_LOW || region == KPI_AMBER_HIGH ? "b-amber" : "b-red";
}

/* The regions of a target from the left of the axis to its right. */
static void
bullet_bands(StringInfo out, const KpiTarget *t, const Scale *scale)
{
	const double edge[] = {t->warn_lower, t->lower, t->upper, t->warn_upper};
	const uint16 flag[] = {KPI_TARGET_WARN_LOWER, KPI_TARGET_LOWER, KPI_TARGET_UPPER, KPI_TARGET_WARN_UPPER};
	const KpiRegion before[] = {KPI_RED_LOW, KPI_AMBER_LOW, KPI_GREEN, KPI_AMBER_HIGH};
	double		from = scale->from;

	for (int i = 0; i < (int) lengthof(edge); i++)
	{
		KpiRegion	region = before[i];

		if (!kpi_target_has(t, flag[i]))
			continue;
		/* without a warning there is no amber */
		if (region == KPI_AMBER_LOW && !kpi_target_has(t, KPI_TARGET_WARN_LOWER))
			region = KPI_RED_LOW;
		svg_box(out, band_class(region), from, at(scale, edge[i]), 4, BULLET_HEIGHT - 8);
		from = at(scale, edge[i]);
	}
	svg_box(out, band_class(kpi_target_has(t, KPI_TARGET_WARN_UPPER) || kpi_target_has(t, KPI_TARGET_UPPER) ? KPI_RED_HIGH : KPI_GREEN),
			from, scale->to, 4, BULLET_HEIGHT - 8);
}

/*
 * kpi_svg_bullet(value, target, margin, share, label): share is how much of the
 * target should be there by now.
 */
PG_FUNCTION_INFO_V1(kpi_svg_bullet);
Datum
kpi_svg_bullet(PG_FUNCTION_ARGS)
{
	KpiTarget  *t;
	Scale		scale = {0, 0, 0, 0, WIDTH};
	double		spare;
	double		bounds[2];
	int			n = 0;
	StringInfoData out;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	t = PG_GETARG_TARGET(1);
	if (kpi_target_has(t, KPI_TARGET_LOWER))
		bounds[n++] = t->lower;
	if (kpi_target_has(t, KPI_TARGET_UPPER))
		bounds[n++] = t->upper;
	for (int i = 0; i < n; i++)
		scale_include(&scale, bounds[i]);
	if (kpi_target_has(t, KPI_TARGET_WARN_LOWER))
		scale_include(&scale, t->warn_lower);
	if (kpi_target_has(t, KPI_TARGET_WARN_UPPER))
		scale_include(&scale, t->warn_upper);
	if (!PG_ARGISNULL(0))
		scale_include(&scale, PG_GETARG_FLOAT8(0));

	/* room to see what lies beyond, but not beyond 0 where all is on one side of it */
	scale_finish(&scale);
	spare = (scale.high - scale.low) * 0.12;
	if (scale.high > 0)
		scale.high += spare;
	if (scale.low < 0)
		scale.low -= spare;

	initStringInfo(&out);
	svg_begin(&out, "bullet", BULLET_HEIGHT, PG_GETARG_TEXT_PP(4));
	bullet_bands(&out, t, &scale);
	if (!PG_ARGISNULL(0))
	{
		double		value = at(&scale, PG_GETARG_FLOAT8(0));
		double		zero = at(&scale, 0);

		svg_box(&out, "bar", Min(zero, value), Max(Max(zero, value), Min(zero, value) + 1.5), 10.5, BULLET_HEIGHT - 21);
		if (!PG_ARGISNULL(2))
		{
			double		margin = PG_GETARG_FLOAT8(2);
			double		from = at(&scale, PG_GETARG_FLOAT8(0) - margin);
			double		to = at(&scale, PG_GETARG_FLOAT8(0) + margin);
			double		y = BULLET_HEIGHT / 2;

			appendStringInfo(&out, "<path class=\"margin\" d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1fM%.1f %.1fV%.1f\"/>",
							 from, y - 5, y + 5, from, y, to, to, y - 5, y + 5);
		}
	}
	for (int i = 0; i < n; i++)
	{
		double		x = at(&scale, bounds[i]);

		if (!PG_ARGISNULL(3))
		{
			double		now = at(&scale, bounds[i] * PG_GETARG_FLOAT8(3));

			svg_line(&out, "by-now", now, 4, now, BULLET_HEIGHT - 4);
		}
		svg_box(&out, "mark", x - 1.5, x + 1.5, 1, BULLET_HEIGHT - 2);
	}
	appendStringInfoString(&out, "</svg>");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

typedef struct Plot
{
	double		step;			/* between two periods */
	Scale		y;
} Plot;

static double
plot_x(const Plot *plot, double i)
{
	return MARGIN + plot->step * i;
}

static void
plot_include(Plot *plot, const KpiSeries *series)
{
	for (int i = 0; i < series->n; i++)
		if (!series->missing[i])
			scale_include(&plot->y, series->value[i]);
}

/* Wide intervals don't flatten the history: they are cut at a third of its height. */
static void
plot_include_part(Plot *plot, const KpiSeries *series)
{
	double		spare = (plot->y.high / 3 - plot->y.low / 3);
	double		low = plot->y.low - spare;
	double		high = plot->y.high + spare;

	for (int i = 0; i < series->n; i++)
		if (!series->missing[i])
			scale_include(&plot->y, Max(low, Min(high, series->value[i])));
}

/* A line through the values; where one is missing it is broken. */
static void
plot_values(StringInfo out, const Plot *plot, const char *class, const KpiSeries *series, int first, int n)
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
							 plot_x(plot, first + i), at(&plot->y, series->value[i]));
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
plot_bound(StringInfo out, const Plot *plot, const KpiSeries *bound)
{
	bool		any = false;

	for (int i = 0; i < bound->n; i++)
	{
		double		y = at(&plot->y, bound->value[i]);
		double		from = Max(0, plot_x(plot, i - 0.5));

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
			appendStringInfo(out, "H%.1f", Min(WIDTH, plot_x(plot, i + 0.5)));
	}
	if (any)
		appendStringInfoString(out, "\"/>");
}

static void
plot_dot(StringInfo out, const Plot *plot, const char *class, int i, double value)
{
	appendStringInfo(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
					 class, plot_x(plot, i), at(&plot->y, value));
}

static int
last_known(const KpiSeries *series, int n)
{
	while (n > 0 && series->missing[n - 1])
		n--;
	return n - 1;
}

/*
 * kpi_svg_history(value, partial, lower_bound, upper_bound, ahead, ahead_lower, ahead_upper, label):
 * arrays by period.  The last value is not joined to the line when it is partial: its period
 * goes on, and the first forecast is for it.
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
	Plot		plot = {.y = {INFINITY, -INFINITY, 0, HISTORY_HEIGHT - MARGIN, MARGIN}};
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
	plot.step = (WIDTH - 2 * MARGIN) / Max(1, Max(value.n, first + ahead.n) - 1);
	plot_include(&plot, &value);
	plot_include(&plot, &bound[0]);
	plot_include(&plot, &bound[1]);
	plot_include(&plot, &ahead);
	plot_include_part(&plot, &ahead_lower);
	plot_include_part(&plot, &ahead_upper);
	scale_finish(&plot.y);

	initStringInfo(&out);
	svg_begin(&out, "history", HISTORY_HEIGHT, PG_GETARG_TEXT_PP(7));
	last = last_known(&value, whole);
	if (last == whole - 1 && last >= 0 && ahead.n > 0 && ahead.known == ahead.n &&
		ahead_lower.known == ahead.n && ahead_upper.known == ahead.n)
	{
		double		x = plot_x(&plot, last);
		double		y = at(&plot.y, value.value[last]);

		/* a fan that opens from the last value */
		appendStringInfo(&out, "<path class=\"fan\" d=\"M%.1f %.1f", x, y);
		for (int i = 0; i < ahead.n; i++)
			appendStringInfo(&out, "L%.1f %.1f", plot_x(&plot, first + i), at(&plot.y, ahead_upper.value[i]));
		for (int i = ahead.n - 1; i >= 0; i--)
			appendStringInfo(&out, "L%.1f %.1f", plot_x(&plot, first + i), at(&plot.y, ahead_lower.value[i]));
		appendStringInfo(&out, "Z\"/><path class=\"ahead\" d=\"M%.1f %.1f", x, y);
		for (int i = 0; i < ahead.n; i++)
			appendStringInfo(&out, "L%.1f %.1f", plot_x(&plot, first + i), at(&plot.y, ahead.value[i]));
		appendStringInfoString(&out, "\"/>");
	}
	plot_bound(&out, &plot, &bound[0]);
	plot_bound(&out, &plot, &bound[1]);
	plot_values(&out, &plot, "line", &value, 0, whole);
	if (last >= 0)
		plot_dot(&out, &plot, "last", last, value.value[last]);
	if (partial)
		plot_dot(&out, &plot, "partial", value.n - 1, value.value[value.n - 1]);
	appendStringInfoString(&out, "</svg>");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
