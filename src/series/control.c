/*
 * control.c
 *		control_chart(at, series, baseline): the chart of individual values and
 *		moving ranges (XmR), after D. J. Wheeler, "Understanding Variation" (1993).
 *
 *		centre = mean of the baseline's values, range = mean of its moving ranges
 *		|x(i) - x(i-1)|; limits centre -+ 2.66 range (3 / d2, d2 = 1.128), and 3.268
 *		range (D4) for the moving range itself.  They are computed once.
 *
 *		Signals, most severe first: a value outside the limits; the last of 8
 *		successive values on one side of the centre; one of 3 among 4 successive
 *		values that are nearer to the same limit than to the centre.  A missing value
 *		ends a run, and no moving range spans it.
 */
#include "series/series.h"

#include "core/form/rows.h"

#include "utils/builtins.h"
#include "utils/date.h"

#define CONTROL_LIMIT_FACTOR 2.66
#define CONTROL_RANGE_FACTOR 3.268
#define CONTROL_RUN 8
#define CONTROL_NEAR_WINDOW 4
#define CONTROL_NEAR_LEAST 3

typedef struct Chart
{
	double		centre;
	double		lower;
	double		upper;
	double		range_limit;
	bool		has_centre;
	bool		has_limits;
} Chart;

/*
 * control_dates() -
 *
 *	The dates of the array in an argument, strictly ascending; they lie in the
 *	array.  22023 for another array.
 */
static const DateADT *
control_dates(FunctionCallInfo fcinfo, int argument, int *n)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argument);
	const DateADT *day = kpi_array_data(array);

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("at has %d dimensions instead of one", ARR_NDIM(array))));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a date of the series is NULL"),
				 errhint("Leave such rows out, or give them a date.")));
	*n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	for (int i = 0; i < *n; i++)
	{
		if (DATE_NOT_FINITE(day[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("date %d of the series is not finite", i + 1)));
		if (i > 0 && day[i] <= day[i - 1])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("date %s does not come after %s",
							DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day[i]))),
							DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day[i - 1])))),
					 errhint("Order both arrays by date, one value a date: array_agg(value ORDER BY date).")));
	}
	return day;
}

/* Is there a value at i and before it? */
static inline bool
control_has_moving_range(const KpiSeries *series, int i)
{
	return i > 0 && !series->missing[i] && !series->missing[i - 1];
}

/* The chart's lines from the first values, as many as baseline says. */
static Chart
control_limits(const KpiSeries *series, int baseline)
{
	Chart		chart = {0};
	double		first = 0;
	double		sum = 0;
	double		ranges = 0;
	int			n = 0;
	int			n_ranges = 0;

	for (int i = 0; i < series->n && n < baseline; i++)
	{
		if (series->missing[i])
			continue;
		/* from the first value on, so that the mean of equal values is that value */
		if (n++ == 0)
			first = series->value[i];
		sum += series->value[i] - first;
		if (control_has_moving_range(series, i))
		{
			ranges += fabs(series->value[i] - series->value[i - 1]);
			n_ranges++;
		}
	}
	if (n == 0)
		return chart;
	chart.has_centre = true;
	chart.centre = first + sum / n;
	/* what rounding left over, so that it is the mean as avg() has it */
	sum = 0;
	for (int i = 0, j = 0; j < n; i++)
	{
		if (series->missing[i])
			continue;
		sum += series->value[i] - chart.centre;
		j++;
	}
	chart.centre += sum / n;
	if (n_ranges == 0)
		return chart;
	chart.has_limits = true;
	ranges /= n_ranges;
	chart.lower = chart.centre - CONTROL_LIMIT_FACTOR * ranges;
	chart.upper = chart.centre + CONTROL_LIMIT_FACTOR * ranges;
	chart.range_limit = CONTROL_RANGE_FACTOR * ranges;
	return chart;
}

/* The side of the centre on which a value lies: 1, -1, or 0 on it. */
static inline int
control_side(const Chart *chart, double x)
{
	return (x > chart->centre) - (x < chart->centre);
}

/* Is a value nearer to the limit of its side than to the centre? */
static inline bool
control_near_limit(const Chart *chart, double x)
{
	double		half = (chart->upper - chart->centre) / 2;

	return fabs(x - chart->centre) > half;
}

/* The signal at value i, or NULL; run counts the successive values on its side, itself included. */
static const char *
control_signal(const Chart *chart, const KpiSeries *series, int i, int run)
{
	double		x = series->value[i];
	int			count = 0;

	if (x < chart->lower || x > chart->upper)
		return "outside";
	if (run >= CONTROL_RUN)
		return "run of 8";
	if (!control_near_limit(chart, x))
		return NULL;
	for (int j = i; j >= 0 && j > i - CONTROL_NEAR_WINDOW && !series->missing[j]; j--)
		count += control_side(chart, series->value[j]) == control_side(chart, x) && control_near_limit(chart, series->value[j]);
	return count >= CONTROL_NEAR_LEAST ? "3 of 4" : NULL;
}

/*
 * kpi_control_chart() - control_chart(at, series, baseline)
 *
 *	A row for each date; none where one of the arrays is NULL.  22023 as
 *	control_dates(), for arrays that differ in length, for NaN and infinity, and for
 *	a baseline below 1; 22003 where a line overflows.
 */
PG_FUNCTION_INFO_V1(kpi_control_chart);
Datum
kpi_control_chart(PG_FUNCTION_ARGS)
{
	const DateADT *day;
	int			n;
	int			baseline = PG_INT32_MAX;
	KpiSeries	series;
	Chart		chart;
	int			run = 0;
	int			run_side = 0;

	kpi_rows_begin(fcinfo);
	if (!PG_ARGISNULL(2))
		baseline = kpi_series_count(fcinfo, 2, "baseline", 1, PG_INT32_MAX);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	day = control_dates(fcinfo, 0, &n);
	series = kpi_finite_series(fcinfo, 1, "series");
	kpi_series_same_length(n, "at", series.n, "series");
	chart = control_limits(&series, baseline);

	for (int i = 0; i < n; i++)
	{
		Datum		values[8];
		bool		nulls[8] = {0};
		const char *signal = NULL;

		if (series.missing[i])
			run = 0;
		else
		{
			int			here = control_side(&chart, series.value[i]);

			run = here == 0 ? 0 : here == run_side ? run + 1 : 1;
			run_side = here;
			if (chart.has_limits)
				signal = control_signal(&chart, &series, i, run);
		}
		values[0] = DateADTGetDatum(day[i]);
		values[1] = Float8GetDatum(series.value[i]);
		nulls[1] = series.missing[i];
		values[2] = kpi_series_number(chart.centre);
		nulls[2] = !chart.has_centre;
		values[3] = kpi_series_number(chart.lower);
		values[4] = kpi_series_number(chart.upper);
		nulls[5] = !control_has_moving_range(&series, i);
		values[5] = kpi_series_number(nulls[5] ? 0 : fabs(series.value[i] - series.value[i - 1]));
		values[6] = kpi_series_number(chart.range_limit);
		nulls[3] = nulls[4] = nulls[6] = !chart.has_limits;
		nulls[7] = signal == NULL;
		values[7] = signal == NULL ? (Datum) 0 : CStringGetTextDatum(signal);
		kpi_rows_put(fcinfo, values, nulls);
	}
	return (Datum) 0;
}
