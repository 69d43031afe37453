/*
 * label.c
 *		A period as people write it: 2026-05, 2026 Q2, FY2026 Q1, 2026-W07, 1404-03.
 */
#include "core/number/floor_div.h"
#include "core/time/gregorian.h"
#include "core/time/period.h"

#include "utils/builtins.h"
#include "utils/datetime.h"

/* The first years that periods are counted from. */
#define LABEL_YEAR 2000
#define LABEL_JALALI_YEAR 1379

/* A year and what stands behind it; years before the first are of the era before, as PostgreSQL writes dates. */
static text *
label_of_year(const char *before, int64 year, const char *behind)
{
	return cstring_to_text(psprintf("%s%04lld%s%s", before, (long long) (year > 0 ? year : 1 - year), behind,
									year > 0 ? "" : " BC"));
}

/* One of the periods, counted from a first year, of which a year has so many. */
static text *
label_of_part(const char *before, int64 period, int per_year, int64 first_year, const char *format)
{
	int64		year = kpi_floor_div(period, per_year);

	return label_of_year(before, year + first_year, psprintf(format, (int) (period - year * per_year) + 1));
}

/* A day. */
static text *
label_of_day(const char *before, DateADT day)
{
	int			year,
				month,
				day_of_month;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &day_of_month);
	return label_of_year(before, year, psprintf("-%02d-%02d", month, day_of_month));
}

/* A week from Monday on, as ISO 8601 counts: of the year that its Thursday lies in. */
static text *
label_of_week(DateADT monday)
{
	DateADT		thursday = monday + 3;
	int64		year = kpi_floor_div(kpi_gregorian_month_of_day(thursday), 12);

	return label_of_year("", year + LABEL_YEAR,
						 psprintf("-W%02d", (int) (thursday - kpi_gregorian_day_of_month(year * 12)) / 7 + 1));
}

/*
 * label_of_fiscal() -
 *
 *	A month, quarter or year of years that begin with any month: FY2026 M03, FY2026 Q1,
 *	FY2026, or without FY where they begin with January.
 */
static text *
label_of_fiscal(int64 period, int per_year, int first_month, bool by_end)
{
	int			later = first_month > 0 && by_end ? 1 : 0;
	const char *before = first_month > 0 ? "FY" : "";

	if (per_year == 1)
		return label_of_year(before, period + LABEL_YEAR + later, "");
	return label_of_part(before, period, per_year, LABEL_YEAR + later, per_year == 4 ? " Q%d" : " M%02d");
}

/* Whether years are named by the one that they end in, as argument 2 says.  22023 for another word. */
static bool
label_named_by_end(FunctionCallInfo fcinfo)
{
	char	   *word = text_to_cstring(PG_GETARG_TEXT_PP(2));

	if (strcmp(word, "end") != 0 && strcmp(word, "start") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("fiscal years are not named by \"%s\"", word),
				 errhint("They are named by the calendar year of their end or of their start: write end or start.")));
	return word[0] == 'e';
}

/*
 * kpi_period_label() - kpi_period_label(at, unit, named_by)
 *
 *	The label of the period that holds a day, as a text; infinity for infinity.  22023
 *	for an unknown unit, or a word that is neither end nor start.
 */
PG_FUNCTION_INFO_V1(kpi_period_label);
Datum
kpi_period_label(PG_FUNCTION_ARGS)
{
	DateADT		at = PG_GETARG_DATEADT(0);
	text	   *name = PG_GETARG_TEXT_PP(1);
	KpiUnit		unit = kpi_unit_from_text(name);
	bool		by_end = label_named_by_end(fcinfo);
	int			month = kpi_unit_first_month(unit, VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	int32		period;

	if (DATE_NOT_FINITE(at))
		PG_RETURN_TEXT_P(cstring_to_text(DATE_IS_NOEND(at) ? "infinity" : "-infinity"));
	period = kpi_period_of_day(unit, at);
	switch ((KpiUnitKind) unit.kind)
	{
		case KPI_DAY:
			PG_RETURN_TEXT_P(label_of_day("", at));
		case KPI_WEEK:
			at = DatumGetDateADT(kpi_period_date(unit, period));
			PG_RETURN_TEXT_P(unit.offset == 0 ? label_of_week(at) : label_of_day("week of ", at));
		case KPI_MONTH:
			PG_RETURN_TEXT_P(label_of_part("", period, 12, LABEL_YEAR, "-%02d"));
		case KPI_QUARTER:
			/* quarters are counted from the first that begins in 2000, whichever of its year it is */
			PG_RETURN_TEXT_P(label_of_fiscal(period - month / 3, 4, month, by_end));
		case KPI_YEAR:
			PG_RETURN_TEXT_P(label_of_fiscal(period, 1, month, by_end));
		case KPI_JALALI_MONTH:
			PG_RETURN_TEXT_P(label_of_part("", period, 12, LABEL_JALALI_YEAR, "-%02d"));
		case KPI_JALALI_QUARTER:
			PG_RETURN_TEXT_P(label_of_part("", period, 4, LABEL_JALALI_YEAR, " Q%d"));
		case KPI_JALALI_YEAR:
			PG_RETURN_TEXT_P(label_of_year("", (int64) period + LABEL_JALALI_YEAR, ""));
		case KPI_WEEKS_MONTH:
			PG_RETURN_TEXT_P(label_of_fiscal(period, 12, month, by_end));
		case KPI_WEEKS_QUARTER:
			PG_RETURN_TEXT_P(label_of_fiscal(period, 4, month, by_end));
		case KPI_WEEKS_YEAR:
			PG_RETURN_TEXT_P(label_of_fiscal(period, 1, month, by_end));
	}
	elog(ERROR, "unit of kind %d has no label", unit.kind);
}
