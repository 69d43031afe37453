/*
 * sparkline.c
 *		sparkline(series), sparkline(series, ascii): a series in one line of text
 *		(after E. Tufte, "Beautiful Evidence", 2006), from the least value at the
 *		bottom to the greatest at the top, in eight steps of equal height.
 */
#include "series/series.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#define SPARKLINE_STEPS 8
#define SPARKLINE_MIDDLE 3		/* half of the height */

/* U+2581 to U+2588 */
static const char *const sparkline_block[SPARKLINE_STEPS] = {
	"\342\226\201", "\342\226\202", "\342\226\203", "\342\226\204",
	"\342\226\205", "\342\226\206", "\342\226\207", "\342\226\210"
};

/*
 * kpi_sparkline() - sparkline(series [, ascii])
 *
 *	A character for each value, a space for NULL and NaN; the text is empty of an
 *	empty array.  22023 for more than one dimension.
 */
PG_FUNCTION_INFO_V1(kpi_sparkline);
Datum
kpi_sparkline(PG_FUNCTION_ARGS)
{
	KpiSeries	series = kpi_series(fcinfo, 0, "series");
	bool		ascii = GetDatabaseEncoding() != PG_UTF8 || (PG_NARGS() > 1 && PG_GETARG_BOOL(1));
	double		least = INFINITY;
	double		most = -INFINITY;
	StringInfoData out;

	for (int i = 0; i < series.n; i++)
	{
		if (series.missing[i] || !isfinite(series.value[i]))
			continue;
		least = Min(least, series.value[i]);
		most = Max(most, series.value[i]);
	}
	initStringInfo(&out);
	for (int i = 0; i < series.n; i++)
	{
		double		x = series.value[i];
		int			step = SPARKLINE_MIDDLE;

		if ((i & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (series.missing[i] || isnan(x))
		{
			appendStringInfoChar(&out, ' ');
			continue;
		}
		if (isinf(x))
			step = x > 0 ? SPARKLINE_STEPS - 1 : 0;
		else if (least < most)
		{
			/* large ones halved, since the difference of two finite numbers may not be finite */
			double		unit = Max(fabs(least), fabs(most)) > 1 ? 0.5 : 1;

			step = (int) ((x * unit - least * unit) / (most * unit - least * unit) * SPARKLINE_STEPS);
			step = Min(step, SPARKLINE_STEPS - 1);
		}
		if (ascii)
			appendStringInfoChar(&out, '1' + step);
		else
			appendStringInfoString(&out, sparkline_block[step]);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
