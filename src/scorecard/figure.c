/*
 * figure.c
 *		Numbers for the scorecard's page, as people read them: rounded, with a
 *		comma between thousands and with the unit that the value is measured in.
 *
 *		A measure of % shows a fraction as per cent; a sign of currency stands
 *		before the number, any other measure behind it.
 */
#include "scorecard/html.h"
#include "goal/target.h"

#include "mb/pg_wchar.h"

#define FIGURE_MINUS "&#8722;"
#define FIGURE_SPACE "&#160;"
#define FIGURE_MOST_DECIMALS 12

typedef struct FigureMeasure
{
	bool		percent;
	bool		before;			/* stands before the number */
	const char *name;			/* HTML */
} FigureMeasure;

/* The character of a currency alone: dollar, cent to yen, and the block of the others. */
static bool
figure_is_currency_sign(const char *html)
{
	unsigned int c;
	int			end = 0;

	if (strcmp(html, "$") == 0)
		return true;
	return sscanf(html, "&#%u;%n", &c, &end) == 1 && html[end] == '\0' && end > 0 &&
		((c >= 0xA2 && c <= 0xA5) || (c >= 0x20A0 && c <= 0x20CF));
}

/* How a measure is shown; its name is palloc'd. */
static FigureMeasure
figure_measure(const text *name)
{
	FigureMeasure measure = {0};
	StringInfoData html;

	initStringInfo(&html);
	kpi_html_append(&html, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	measure.percent = strcmp(html.data, "%") == 0;
	measure.before = figure_is_currency_sign(html.data);
	/* a script from right to left, or a control of direction, must not turn round what stands beside it */
	measure.name = !measure.before && strstr(html.data, "&#") ? psprintf("<bdi>%s</bdi>", html.data) : html.data;
	return measure;
}

/* A number as it is counted: per cent for fractions. */
static double
figure_scaled(const FigureMeasure *measure, double x)
{
	double		percent = x * 100;

	return measure->percent && isfinite(percent) ? percent : x;
}

/* Cut zeros off the end of a fraction, in place. */
static char *
figure_without_zeros(char *s)
{
	char	   *end = s + strlen(s);

	if (strchr(s, '.') == NULL)
		return s;
	while (end[-1] == '0')
		end--;
	if (end[-1] == '.')
		end--;
	*end = '\0';
	return s;
}

/* How many decimals a number of this size is worth. */
static int
figure_decimals(double x)
{
	x = fabs(x);
	/* NaN too */
	if (!(x > 0 && x < 1000))
		return 0;
	if (x >= 10)
		return 1;
	if (x >= 1)
		return 2;
	return Min(FIGURE_MOST_DECIMALS, 2 - (int) floor(log10(x)));
}

/* A number with so many decimals, or as a power of ten where it is very large or small; palloc'd. */
static char *
figure_digits(double x, int decimals)
{
	double		size = fabs(x);

	if (size >= 1e15 || (size > 0 && size < 1e-9))
		return psprintf("%.*g", Max(3, Min(15, decimals)), x);
	return figure_without_zeros(psprintf("%.*f", decimals, x));
}

/* All that was meant: 15 digits, which every decimal number of so many survives; palloc'd. */
static char *
figure_all_digits(double x)
{
	double		size = fabs(x);

	if (size >= 1e15 || (size > 0 && size < 1e-9))
		return psprintf("%.15g", x);
	return figure_digits(x, Max(0, Min(15 + 9, 14 - (size == 0 ? 0 : (int) floor(log10(size))))));
}

/*
 * figure_rounded() -
 *
 *	Rounded, but never so far that the value seems to lie at another side of one of
 *	the n bounds, or on it: 94.99 is not shown as 95 beside a target of 95.
 *	Palloc'd.
 */
static char *
figure_rounded(double x, const double *bounds, int n)
{
	int			decimals = figure_decimals(x);

	for (;; decimals++)
	{
		char	   *shown = figure_digits(x, decimals);
		double		seen = strtod(shown, NULL);
		bool		true_to_bounds = true;

		for (int i = 0; i < n; i++)
		{
			double		bound = strtod(figure_all_digits(bounds[i]), NULL);

			true_to_bounds &= (seen < bound) == (x < bounds[i]) && (seen > bound) == (x > bounds[i]);
		}
		if (true_to_bounds)
			return shown;
		if (decimals >= FIGURE_MOST_DECIMALS)
			return figure_all_digits(x);
	}
}

/*
 * figure_append() -
 *
 *	Append a number that is shown with plain digits: with commas, its sign (with_plus
 *	for a change, which has one above 0 too; 0 has none) and its unit of measure.
 */
static void
figure_append(StringInfo out, const char *shown, const FigureMeasure *measure, bool with_plus)
{
	bool		negative = shown[0] == '-';
	int			whole;

	shown += negative;
	if (strspn(shown, "0.") == strlen(shown))
		negative = with_plus = false;
	if (negative)
		appendStringInfoString(out, FIGURE_MINUS);
	else if (with_plus)
		appendStringInfoChar(out, '+');
	if (measure->before)
		appendStringInfoString(out, measure->name);
	whole = strspn(shown, "0123456789");
	for (int i = 0; shown[i] != '\0'; i++)
	{
		if (i > 0 && i < whole && (whole - i) % 3 == 0 && shown[whole] != 'e')
			appendStringInfoChar(out, ',');
		appendStringInfoChar(out, shown[i]);
	}
	/* cents come in twos */
	if (measure->before && shown[whole] == '.' && strlen(shown + whole) == 2)
		appendStringInfoChar(out, '0');
	if (measure->percent)
		appendStringInfoChar(out, '%');
	else if (!measure->before && measure->name[0] != '\0')
		appendStringInfo(out, FIGURE_SPACE "%s", measure->name);
}

/*
 * kpi_html_value() - kpi_html_value(value, measure, target)
 *
 *	The value rounded, true to the numbers of the target, which may be NULL; NULL of
 *	NULL.
 */
PG_FUNCTION_INFO_V1(kpi_html_value);
Datum
kpi_html_value(PG_FUNCTION_ARGS)
{
	FigureMeasure measure;
	double		bounds[4];
	int			n = 0;
	StringInfoData out;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	measure = figure_measure(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
	{
		KpiTarget  *t = PG_GETARG_TARGET(2);

		n = kpi_target_bounds(t, bounds);
		if (kpi_target_has(t, KPI_TARGET_WARN_LOWER))
			bounds[n++] = t->warn_lower;
		if (kpi_target_has(t, KPI_TARGET_WARN_UPPER))
			bounds[n++] = t->warn_upper;
		for (int i = 0; i < n; i++)
			bounds[i] = figure_scaled(&measure, bounds[i]);
	}
	initStringInfo(&out);
	figure_append(&out, figure_rounded(figure_scaled(&measure, PG_GETARG_FLOAT8(0)), bounds, n), &measure, false);
	return kpi_html_text(&out);
}

/*
 * figure_bounds() -
 *
 *	The text of a lower bound, an upper one, or both with `between` between them,
 *	each with the words before it; a bound that is absent is NULL.
 */
static Datum
figure_bounds(const FigureMeasure *measure, const double *lower, const char *before_lower,
			  const char *between, const double *upper, const char *before_upper)
{
	StringInfoData out;

	initStringInfo(&out);
	if (lower)
	{
		appendStringInfoString(&out, before_lower);
		figure_append(&out, figure_all_digits(figure_scaled(measure, *lower)), measure, false);
	}
	if (lower && upper)
		appendStringInfoString(&out, between);
	if (upper)
	{
		appendStringInfoString(&out, before_upper);
		figure_append(&out, figure_all_digits(figure_scaled(measure, *upper)), measure, false);
	}
	return kpi_html_text(&out);
}

/*
 * kpi_html_target() - kpi_html_target(target, measure)
 *
 *	"10 to 20", "at least 50" or "at most 4".
 */
PG_FUNCTION_INFO_V1(kpi_html_target);
Datum
kpi_html_target(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_TARGET(0);
	FigureMeasure measure = figure_measure(PG_GETARG_TEXT_PP(1));
	bool		range = kpi_target_is_range(t);

	return figure_bounds(&measure,
						 kpi_target_has(t, KPI_TARGET_LOWER) ? &t->lower : NULL, range ? "" : "at least ", " to ",
						 kpi_target_has(t, KPI_TARGET_UPPER) ? &t->upper : NULL, range ? "" : "at most ");
}

/*
 * kpi_html_warning() - kpi_html_warning(target, measure)
 *
 *	"below 8 or above 25", or one of the two; NULL where there is no warning.
 */
PG_FUNCTION_INFO_V1(kpi_html_warning);
Datum
kpi_html_warning(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_TARGET(0);
	FigureMeasure measure = figure_measure(PG_GETARG_TEXT_PP(1));

	if (!kpi_target_has(t, KPI_TARGET_WARN_LOWER | KPI_TARGET_WARN_UPPER))
		PG_RETURN_NULL();
	return figure_bounds(&measure,
						 kpi_target_has(t, KPI_TARGET_WARN_LOWER) ? &t->warn_lower : NULL, "below ", " or ",
						 kpi_target_has(t, KPI_TARGET_WARN_UPPER) ? &t->warn_upper : NULL, "above ");
}

/*
 * kpi_html_change() - kpi_html_change(value, before, measure, as_difference)
 *
 *	Fractions change by points, other values by a share of what they were unless
 *	that makes no sense.  NULL where the change is not finite.
 */
PG_FUNCTION_INFO_V1(kpi_html_change);
Datum
kpi_html_change(PG_FUNCTION_ARGS)
{
	double		value = PG_GETARG_FLOAT8(0);
	double		before = PG_GETARG_FLOAT8(1);
	FigureMeasure measure = figure_measure(PG_GETARG_TEXT_PP(2));
	FigureMeasure shown = measure;
	double		change;
	StringInfoData out;

	if (measure.percent)
	{
		change = figure_scaled(&measure, value) - figure_scaled(&measure, before);
		shown.percent = false;
		shown.name = fabs(change) == 1 ? "point" : "points";
	}
	else if (PG_GETARG_BOOL(3) || before <= 0)
		change = value - before;
	else
	{
		change = (value / before - 1) * 100;
		shown = (FigureMeasure) {.percent = true, .name = "%"};
	}
	if (!isfinite(change))
		PG_RETURN_NULL();
	initStringInfo(&out);
	if (value == before)
		appendStringInfoString(&out, "no change");
	else
	{
		char	   *figure = figure_digits(change, fabs(change) >= 1 ? Min(1, figure_decimals(change)) : Min(2, figure_decimals(change)));

		/* a small one is not none */
		if (strspn(figure, "-0.") == strlen(figure))
			figure = figure_digits(change, figure_decimals(change));
		figure_append(&out, figure, &shown, true);
	}
	return kpi_html_text(&out);
}

/*
 * figure_finite() -
 *
 *	What dashboards show, of which one KPI's huge value must not take the rest: NULL
 *	where a number does not fit.
 */
static Datum
figure_finite(FunctionCallInfo fcinfo, double result)
{
	if (!isfinite(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result + 0.0);	/* no negative zero */
}

/* kpi_board_change(value, before, fraction) */
PG_FUNCTION_INFO_V1(kpi_board_change);
Datum
kpi_board_change(PG_FUNCTION_ARGS)
{
	double		before = PG_GETARG_FLOAT8(1);

	/* as growth_rate(): there is no share of nothing, or of less */
	if (PG_GETARG_BOOL(2) && !(before > 0))
		PG_RETURN_NULL();
	return figure_finite(fcinfo, kpi_difference(PG_GETARG_FLOAT8(0), before, PG_GETARG_BOOL(2)));
}

/* kpi_board_deviation(value, target, fraction) */
PG_FUNCTION_INFO_V1(kpi_board_deviation);
Datum
kpi_board_deviation(PG_FUNCTION_ARGS)
{
	double		value = PG_GETARG_FLOAT8(0);
	double		deviation;

	if (isnan(value) || !kpi_target_deviation(PG_GETARG_TARGET(1), value, PG_GETARG_BOOL(2), &deviation))
		PG_RETURN_NULL();
	return figure_finite(fcinfo, deviation);
}
