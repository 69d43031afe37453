/*
 * control.c
 *		control_chart(at, series, baseline): the chart of individual values and
 *		moving ranges (XmR), after D. J. Wheeler, "Understanding Variation" (1993);
 *		control_chart(at, series, phases, baseline): with limits of each phase
 *		(change_points.c); control_chart(at, numerator, denominator, ...): of a ratio.
 *
 *		centre = mean of the baseline's values, range = mean of its moving ranges
 *		|x(i) - x(i-1)|; limits centre -+ 2.66 range (3 / d2, d2 = 1.128), and 3.268
 *		range (D4) for the moving range itself.  They are computed once, or once a phase.
 *
 *		A ratio: x(i) = numerator / denominator, centre = sum of numerators / sum of
 *		denominators.  Its values differ the less the larger the denominator d:
 *		z(i) = (x(i) - centre) sqrt(d(i)), range = mean moving range of z, limits centre
 *		-+ 2.66 range / sqrt(d(i)); for a difference to the value before 2.3108 range
 *		sqrt(1/d(i) + 1/d(i-1)), which is D4 where the two are equal.  Those are the p'
 *		and u' charts of D. B. Laney, "Improved Control Charts for Attributes", Quality
 *		Engineering 14 (2002), whose factors of the binomial and of the Poisson
 *		distribution cancel.  What is counted varies at least as these distributions do:
 *		limits of shares of counts are no nearer than those of the p chart, 3
 *		sqrt(centre (1 - centre) / d); of other counts, where asked for, than those of
 *		the u chart, 3 sqrt(centre / d).
 *
 *		Signals, most severe first: a value outside the limits; the last of 8
 *		successive values on one side of the centre; one of 3 among 4 successive
 *		values that are nearer to the same limit than to the centre.  A missing value
 *		ends a run, and so does a phase; no moving range spans them.
 */
#include "series/series.h"

#include "core/server/rows.h"

#include "utils/builtins.h"
#include "utils/date.h"

#define CONTROL_LIMIT_FACTOR 2.66
#define CONTROL_RANGE_FACTOR 3.268
#define CONTROL_RUN 8
#define CONTROL_NEAR_WINDOW 4
#define CONTROL_NEAR_LEAST 3

/* What a chart is drawn of. */
typedef struct ControlInput
{
	const DateADT *day;
	KpiSeries	series;			/* of a ratio its values */
	const double *numerator;	/* NULL: not a ratio */
	const double *denominator;
	bool		shares;			/* of counts: the p chart's limits are the least */
	bool		counts;			/* counts by unit: the u chart's are */
} ControlInput;

/* Centre and spread of a phase. */
typedef struct ControlChart
{
	double		centre;
	double		range;			/* mean moving range; of a ratio, of z */
	double		least;			/* of a ratio: half the width of the limits of a denominator of 1 is no less */
	bool		has_centre;
	bool		has_limits;
} ControlChart;

/* The limits at a value. */
typedef struct ControlLimits
{
	double		lower;
	double		upper;
	double		moving_range;
} ControlLimits;

/*
 * control_dates() -
 *
 *	The dates of an array argument, which is not NULL; they lie in the array, and *n
 *	becomes how many.  22023 for more than one dimension, and unless all are there,
 *	finite, and each is later than the one before.
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

static inline bool
control_has_moving_range(const ControlInput *input, int first, int i)
{
	return i > first && !input->series.missing[i] && !input->series.missing[i - 1];
}

/* The distance of a value from the centre in units that do not depend on the denominator. */
static inline double
control_standard(const ControlInput *input, double centre, int i)
{
	double		x = input->series.value[i] - centre;

	return input->denominator ? x * sqrt(input->denominator[i]) : x;
}

/*
 * control_centre() -
 *
 *	Set the chart's centre to the mean of the values that are there from first to
 *	end - 1, but of `most` values at most; of a ratio it is the sum of numerators by
 *	that of denominators.  Without a value the chart has no centre.  Returns the place
 *	behind the last value that counts.
 */
static int
control_centre(const ControlInput *input, int first, int end, int most, ControlChart *chart)
{
	const KpiSeries *series = &input->series;
	double		start = 0;
	double		sum = 0;
	double		numerator = 0;
	double		denominator = 0;
	int			n = 0;
	int			i;

	for (i = first; i < end && n < most; i++)
	{
		if (series->missing[i])
			continue;
		/* from the first value on, so that the mean of equal values is that value */
		if (n++ == 0)
			start = series->value[i];
		sum += series->value[i] - start;
		if (input->numerator && input->denominator)
		{
			numerator += input->numerator[i];
			denominator += input->denominator[i];
		}
	}
	end = i;
	chart->has_centre = n > 0;
	if (n == 0)
		return end;
	if (input->numerator)
	{
		chart->centre = numerator / denominator;
		return end;
	}
	chart->centre = start + sum / n;
	/* what rounding left over */
	sum = 0;
	for (i = first; i < end; i++)
		if (!series->missing[i])
			sum += series->value[i] - chart->centre;
	chart->centre += sum / n;
	return end;
}

/*
 * control_of_phase() -
 *
 *	The chart of the values from first to end - 1: centre and limits of those that are
 *	there, but of `most` at most.  It has no limits where no two of them are beside
 *	each other, and no centre without any.
 */
static ControlChart
control_of_phase(const ControlInput *input, int first, int end, int most)
{
	ControlChart chart = {0};
	double		ranges = 0;
	int			n_ranges = 0;

	end = control_centre(input, first, end, most, &chart);
	for (int i = first; i < end; i++)
	{
		if (!control_has_moving_range(input, first, i))
			continue;
		ranges += fabs(control_standard(input, chart.centre, i) - control_standard(input, chart.centre, i - 1));
		n_ranges++;
	}
	if (n_ranges == 0)
		return chart;
	chart.has_limits = true;
	chart.range = ranges / n_ranges;
	if (input->shares)
		chart.least = 3 * sqrt(Max(chart.centre * (1 - chart.centre), 0));
	else if (input->counts)
		chart.least = 3 * sqrt(Max(chart.centre, 0));
	return chart;
}

/* The limits of value i and of its moving range; those of a ratio are narrower where its denominator is larger. */
static ControlLimits
control_limits_at(const ControlInput *input, const ControlChart *chart, int i)
{
	double		half = CONTROL_LIMIT_FACTOR * chart->range;
	ControlLimits limits;

	limits.moving_range = CONTROL_RANGE_FACTOR * chart->range;
	if (input->denominator)
	{
		double		here = input->series.missing[i] ? 1 : input->denominator[i];
		double		before = i == 0 || input->series.missing[i - 1] ? here : input->denominator[i - 1];

		half = Max(half, chart->least);
		limits.moving_range = half / CONTROL_LIMIT_FACTOR * CONTROL_RANGE_FACTOR * sqrt((1 / here + 1 / before) / 2);
		half /= sqrt(here);
	}
	limits.lower = chart->centre - half;
	limits.upper = chart->centre + half;
	return limits;
}

/* The side of the centre on which a value lies: 1, -1, or 0 on it. */
static inline int
control_side(const ControlChart *chart, double x)
{
	return (x > chart->centre) - (x < chart->centre);
}

/* Is a value nearer to the limit of its side than to the centre? */
static inline bool
control_near_limit(const ControlInput *input, const ControlChart *chart, int i)
{
	double		half = (control_limits_at(input, chart, i).upper - chart->centre) / 2;

	return fabs(input->series.value[i] - chart->centre) > half;
}

/* The signal at a value; run counts the successive values on its side, itself included. */
static const char *
control_signal(const ControlInput *input, const ControlChart *chart, int first, int i, int run)
{
	double		x = input->series.value[i];
	ControlLimits limits = control_limits_at(input, chart, i);
	int			count = 0;

	if (x < limits.lower || x > limits.upper)
		return "outside";
	if (run >= CONTROL_RUN)
		return "run of 8";
	if (!control_near_limit(input, chart, i))
		return NULL;
	for (int j = i; j >= first && j > i - CONTROL_NEAR_WINDOW && !input->series.missing[j]; j--)
		count += control_side(chart, input->series.value[j]) == control_side(chart, x) && control_near_limit(input, chart, j);
	return count >= CONTROL_NEAR_LEAST ? "3 of 4" : NULL;
}

/*
 * control_put_phase() -
 *
 *	Put the rows of a phase, the values from first on and before end, into the result.
 *	Runs, near values and moving ranges are looked for in that phase alone.
 */
static void
control_put_phase(FunctionCallInfo fcinfo, const ControlInput *input, const ControlChart *chart, int first, int end)
{
	const KpiSeries *series = &input->series;
	int			run = 0;
	int			run_side = 0;

	for (int i = first; i < end; i++)
	{
		Datum		values[8];
		bool		nulls[8] = {0};
		const char *signal = NULL;
		bool		has_limits = chart->has_limits && !(input->denominator && series->missing[i]);
		ControlLimits limits = control_limits_at(input, chart, i);

		if (series->missing[i])
			run = 0;
		else
		{
			int			here = control_side(chart, series->value[i]);

			run = here == 0 ? 0 : here == run_side ? run + 1 : 1;
			run_side = here;
			if (chart->has_limits)
				signal = control_signal(input, chart, first, i, run);
		}
		values[0] = DateADTGetDatum(input->day[i]);
		values[1] = Float8GetDatum(series->value[i]);
		nulls[1] = series->missing[i];
		values[2] = kpi_series_number(chart->centre);
		nulls[2] = !chart->has_centre;
		values[3] = kpi_series_number(limits.lower);
		values[4] = kpi_series_number(limits.upper);
		nulls[5] = !control_has_moving_range(input, first, i);
		values[5] = kpi_series_number(nulls[5] ? 0 : fabs(series->value[i] - series->value[i - 1]));
		values[6] = kpi_series_number(limits.moving_range);
		nulls[3] = nulls[4] = nulls[6] = !has_limits;
		nulls[7] = signal == NULL;
		values[7] = signal == NULL ? (Datum) 0 : CStringGetTextDatum(signal);
		kpi_rows_put(fcinfo, values, nulls);
	}
}

/*
 * control_put_chart() -
 *
 *	Put the rows of a chart into the result.  With phases it is parted where its level
 *	changes, and each phase has limits of its own, from its first baseline values.
 */
static void
control_put_chart(FunctionCallInfo fcinfo, const ControlInput *input, bool phases, int baseline)
{
	KpiSeries	level = input->series;
	int		   *change = NULL;
	int			n = 0;
	int			first = 0;

	if (phases)
	{
		/* of a ratio, values of one variance */
		if (input->denominator)
		{
			ControlChart whole = control_of_phase(input, 0, level.n, level.n);

			level.value = palloc_extended(Max(level.n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
			for (int i = 0; i < level.n; i++)
				level.value[i] = level.missing[i] ? 0 : control_standard(input, whole.centre, i);
		}
		change = kpi_change_points(&level, KPI_CHANGE_PENALTY, KPI_CHANGE_LEAST, &n);
	}
	for (int i = 0; i <= n; i++)
	{
		int			end = i < n ? change[i] : level.n;
		ControlChart chart = control_of_phase(input, first, end, baseline);

		control_put_phase(fcinfo, input, &chart, first, end);
		first = end;
	}
}

/* The baseline in an argument: how many values; all if it is NULL. */
static int
control_baseline(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? PG_INT32_MAX :
		kpi_series_count(fcinfo, argument, "baseline", 1, PG_INT32_MAX);
}

/* The first two arguments; false if one is NULL. */
static bool
control_input(FunctionCallInfo fcinfo, ControlInput *input)
{
	int			n;

	memset(input, 0, sizeof(*input));
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return false;
	input->day = control_dates(fcinfo, 0, &n);
	input->series = kpi_finite_series(fcinfo, 1, "series");
	kpi_series_same_length(n, "at", input->series.n, "series");
	return true;
}

/* control_chart(at, series, baseline) */
PG_FUNCTION_INFO_V1(kpi_control_chart);
Datum
kpi_control_chart(PG_FUNCTION_ARGS)
{
	ControlInput input;
	int			baseline;

	kpi_rows_begin(fcinfo);
	baseline = control_baseline(fcinfo, 2);
	if (control_input(fcinfo, &input))
		control_put_chart(fcinfo, &input, false, baseline);
	return (Datum) 0;
}

/* control_chart(at, series, phases, baseline) */
PG_FUNCTION_INFO_V1(kpi_control_chart_phases);
Datum
kpi_control_chart_phases(PG_FUNCTION_ARGS)
{
	ControlInput input;
	int			baseline;

	kpi_rows_begin(fcinfo);
	baseline = control_baseline(fcinfo, 3);
	if (!PG_ARGISNULL(2) && control_input(fcinfo, &input))
		control_put_chart(fcinfo, &input, PG_GETARG_BOOL(2), baseline);
	return (Datum) 0;
}

/*
 * control_make_ratios() -
 *
 *	Fill in the values of the input, numerator by denominator, in the current memory
 *	context; one that lacks either, or whose denominator is not above 0, is missing.
 *	Also notes whether all are shares, counts of counts.
 */
static void
control_make_ratios(ControlInput *input, const KpiSeries *numerator, const KpiSeries *denominator)
{
	KpiSeries  *series = &input->series;
	bool		whole = true;

	series->n = numerator->n;
	series->value = palloc_extended(Max(series->n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	series->missing = palloc(Max(series->n, 1));
	input->numerator = numerator->value;
	input->denominator = denominator->value;
	for (int i = 0; i < series->n; i++)
	{
		double		d = denominator->value[i];
		double		x = numerator->value[i];

		series->missing[i] = numerator->missing[i] || denominator->missing[i] || !(d > 0);
		series->value[i] = 0;
		if (series->missing[i])
			continue;
		series->value[i] = x / d;
		series->known++;
		whole &= x >= 0 && x <= d && x == floor(x) && d == floor(d);
	}
	input->shares = whole;
}

/*
 * kpi_control_chart_ratio() - control_chart(at, numerator, denominator, phases, baseline, counts)
 *
 *	A row a date: p' and u' charts, as the head of this file has them; where the
 *	denominator is not above 0 there is no value.  22023 for arrays of different lengths,
 *	values that are not finite, and dates that do not ascend.
 */
PG_FUNCTION_INFO_V1(kpi_control_chart_ratio);
Datum
kpi_control_chart_ratio(PG_FUNCTION_ARGS)
{
	ControlInput input = {0};
	KpiSeries	numerator;
	KpiSeries	denominator;
	int			n;
	int			baseline;

	kpi_rows_begin(fcinfo);
	baseline = control_baseline(fcinfo, 4);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return (Datum) 0;
	input.day = control_dates(fcinfo, 0, &n);
	numerator = kpi_finite_series(fcinfo, 1, "numerator");
	denominator = kpi_finite_series(fcinfo, 2, "denominator");
	kpi_series_same_length(n, "at", numerator.n, "numerator");
	kpi_series_same_length(n, "at", denominator.n, "denominator");
	control_make_ratios(&input, &numerator, &denominator);
	if (!PG_ARGISNULL(5))
	{
		input.counts = PG_GETARG_BOOL(5);
		input.shares &= input.counts;
	}
	control_put_chart(fcinfo, &input, PG_GETARG_BOOL(3), baseline);
	return (Datum) 0;
}
