/*
 * figure.c
 *		Numbers for the scorecard's page, as people read them: rounded, with a
 *		comma between thousands and with the unit that the value is measured in.
 *
 *		A measure of % shows a fraction as per cent; a sign of currency stands
 *		before the number, any other measure behind it.
 */
#include "scorecard/html.h"
#include "target/target.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#define MINUS "&#8722;"
#define SPACE "&#160;"
#define MOST_DECIMALS 12

typedef struct Measure
{
	bool		percent;
	bool		before;			/* stands before the number */
	const char *name;			/* HTML */
} Measure;

/* The character of a currency alone: dollar, cent to yen, and the block of the others. */
static bool
is_currency_sign(const char *html)
{
	unsigned int c;
	int			end = 0;

	if (strcmp(html, "$") == 0)
		return true;
	return sscanf(html, "&#%u;%n", &c, &end) == 1 && html[end] == '\0' && end > 0 &&
		((c >= 0xA2 && c <= 0xA5) || (c >= 0x20A0 && c <= 0x20CF));
}

static Measure
measure_of(const text *name)
{
	Measure		measure = {0};
	StringInfoData html;

	initStringInfo(&html);
	kpi_html_append(&html, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	measure.percent = strcmp(html.data, "%") == 0;
	measure.before = is_currency_sign(html.data);
	measure.name = html.data;
	return measure;
}

/* As it is counted: per cent for fractions. */
static double
scaled(const Measure *measure, double x)
{
	double		percent = x * 100;

	return measure->percent && isfinite(percent) ? percent : x;
}

static char *
without_zeros(char *s)
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
decimals_of(double x)
{
	x = fabs(x);
	/* NaN too */
	if (!(x > 0 && x < 1000))
		return 0;
	if (x >= 10)
		return 1;
	if (x >= 1)
		return 2;
	return Min(MOST_DECIMALS, 2 - (int) floor(log10(x)));
}

static char *
digits(double x, int decimals)
{
	double		size = fabs(x);

	if (size >= 1e15 || (size > 0 && size < 1e-9))
		return psprintf("%.*g", Max(3, Min(15, decimals)), x);
	return without_zeros(psprintf("%.*f", decimals, x));
}

/* All that was meant: 15 digits, which every decimal number of so many survives. */
static char *
all_digits(double x)
{
	double		size = fabs(x);

	if (size >= 1e15 || (size > 0 && size < 1e-9))
		return psprintf("%.15g", x);
	return digits(x, Max(0, Min(15 + 9, 14 - (size == 0 ? 0 : (int) floor(log10(size))))));
}

/*
 * Rounded, but never so far that the value seems to lie at another side of one of
 * these bounds, or on it: 94.99 is not shown as 95 beside a target of 95.
 */
static char *
rounded(double x, const double *bounds, int n)
{
	int			decimals = decimals_of(x);

	for (;; decimals++)
	{
		char	   *shown = digits(x, decimals);
		double		seen = strtod(shown, NULL);
		bool		true_to_bounds = true;

		for (int i = 0; i < n; i++)
		{
			double		bound = strtod(all_digits(bounds[i]), NULL);

			true_to_bounds &= (seen < bound) == (x < bounds[i]) && (seen > bound) == (x > bounds[i]);
		}
		if (true_to_bounds)
			return shown;
		if (decimals >= MOST_DECIMALS)
			return all_digits(x);
	}
}

/* Digits with commas, sign and measure. */
static void
append_shown(StringInfo out, const char *shown, const Measure *measure, bool with_plus)
{
	bool		negative = shown[0] == '-';
	int			whole;

	shown += negative;
	if (strspn(shown, "0.") == strlen(shown))
		negative = with_plus = false;
	if (negative)
		appendStringInfoString(out, MINUS);
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
		appendStringInfo(out, SPACE "%s", measure->name);
}

/* kpi_html_value(value, measure, target) */
PG_FUNCTION_INFO_V1(kpi_html_value);
Datum
kpi_html_value(PG_FUNCTION_ARGS)
{
	Measure		measure;
	double		bounds[4];
	int			n = 0;
	StringInfoData out;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	measure = measure_of(PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
	{
		KpiTarget  *t = PG_GETARG_TARGET(2);

		if (kpi_target_has(t, KPI_TARGET_LOWER))
			bounds[n++] = scaled(&measure, t->lower);
		if (kpi_target_has(t, KPI_TARGET_UPPER))
			bounds[n++] = scaled(&measure, t->upper);
		if (kpi_target_has(t, KPI_TARGET_WARN_LOWER))
			bounds[n++] = scaled(&measure, t->warn_lower);
		if (kpi_target_has(t, KPI_TARGET_WARN_UPPER))
			bounds[n++] = scaled(&measure, t->warn_upper);
	}
	initStringInfo(&out);
	append_shown(&out, rounded(scaled(&measure, PG_GETARG_FLOAT8(0)), bounds, n), &measure, false);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

static void
append_bound(StringInfo out, double x, const Measure *measure)
{
	append_shown(out, all_digits(scaled(measure, x)), measure, false);
}

/* kpi_html_target(target, measure) */
PG_FUNCTION_INFO_V1(kpi_html_target);
Datum
kpi_html_target(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_TARGET(0);
	Measure		measure = measure_of(PG_GETARG_TEXT_PP(1));
	StringInfoData out;

	initStringInfo(&out);
	if (kpi_target_is_range(t))
	{
		append_bound(&out, t->lower, &measure);
		appendStringInfoString(&out, " to ");
		append_bound(&out, t->upper, &measure);
	}
	else if (kpi_target_has(t, KPI_TARGET_LOWER))
	{
		appendStringInfoString(&out, "at least ");
		append_bound(&out, t->lower, &measure);
	}
	else
	{
		appendStringInfoString(&out, "at most ");
		append_bound(&out, t->upper, &measure);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/* kpi_html_warning(target, measure) */
PG_FUNCTION_INFO_V1(kpi_html_warning);
Datum
kpi_html_warning(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_TARGET(0);
	Measure		measure = measure_of(PG_GETARG_TEXT_PP(1));
	bool		lower = kpi_target_has(t, KPI_TARGET_WARN_LOWER);
	bool		upper = kpi_target_has(t, KPI_TARGET_WARN_UPPER);
	StringInfoData out;

	if (!lower && !upper)
		PG_RETURN_NULL();
	initStringInfo(&out);
	if (lower)
	{
		appendStringInfoString(&out, "below ");
		append_bound(&out, t->warn_lower, &measure);
	}
	if (lower && upper)
		appendStringInfoString(&out, " or ");
	if (upper)
	{
		appendStringInfoString(&out, "above ");
		append_bound(&out, t->warn_upper, &measure);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/*
 * kpi_html_change(value, before, measure, as_difference): fractions change by
 * points, other values by a share of what they were unless that makes no sense.
 */
PG_FUNCTION_INFO_V1(kpi_html_change);
Datum
kpi_html_change(PG_FUNCTION_ARGS)
{
	double		value = PG_GETARG_FLOAT8(0);
	double		before = PG_GETARG_FLOAT8(1);
	Measure		measure = measure_of(PG_GETARG_TEXT_PP(2));
	Measure		shown = measure;
	double		change;
	StringInfoData out;

	if (measure.percent)
	{
		change = scaled(&measure, value) - scaled(&measure, before);
		shown.percent = false;
		shown.name = fabs(change) == 1 ? "point" : "points";
	}
	else if (PG_GETARG_BOOL(3) || before <= 0)
		change = value - before;
	else
	{
		change = (value / before - 1) * 100;
		shown = (Measure) {.percent = true, .name = "%"};
	}
	if (!isfinite(change))
		PG_RETURN_NULL();
	initStringInfo(&out);
	if (value == before)
		appendStringInfoString(&out, "no change");
	else
	{
		char	   *figure = digits(change, fabs(change) >= 1 ? Min(1, decimals_of(change)) : Min(2, decimals_of(change)));

		/* a small one is not none */
		if (strspn(figure, "-0.") == strlen(figure))
			figure = digits(change, decimals_of(change));
		append_shown(&out, figure, &shown, true);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

/*
 * For dashboards, of which one KPI's huge value must not take the rest: NULL where
 * a number does not fit.  Quarters, so that a fraction fits where the difference
 * does not.
 */
static Datum
difference(FunctionCallInfo fcinfo, double value, double from, bool fraction)
{
	double		result = fraction ? (value / 4 - from / 4) / (fabs(from) / 4) : value - from;

	if (!isfinite(result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result + 0.0);
}

/* kpi_board_change(value, before, fraction) */
PG_FUNCTION_INFO_V1(kpi_board_change);
Datum
kpi_board_change(PG_FUNCTION_ARGS)
{
	return difference(fcinfo, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_BOOL(2));
}

/* kpi_board_deviation(value, target, fraction) */
PG_FUNCTION_INFO_V1(kpi_board_deviation);
Datum
kpi_board_deviation(PG_FUNCTION_ARGS)
{
	double		value = PG_GETARG_FLOAT8(0);
	KpiTarget  *target = PG_GETARG_TARGET(1);
	bool		is_lower;

	if (isnan(value))
		PG_RETURN_NULL();
	if (kpi_target_is_range(target) && kpi_target_region(target, value) == KPI_GREEN)
		PG_RETURN_FLOAT8(0);
	return difference(fcinfo, value, kpi_target_bound(target, value, &is_lower), PG_GETARG_BOOL(2));
}
