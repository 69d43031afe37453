/*
 * through.c
 *		The last day that is known.
 */
#include "core/set/through.h"

#include "utils/builtins.h"

/* The string of a day, which is finite. */
KpiThrough
kpi_through_string(DateADT day)
{
	KpiThrough	through;

	through.length = pg_ltoa(day, through.string) + 1;
	return through;
}

/* The day of a string; false where it is none, or not as kpi_through_string() writes it. */
bool
kpi_through_of_string(const char *string, DateADT *day)
{
	KpiThrough	again;

	*day = (DateADT) strtol(string, NULL, 10);
	if (!IS_VALID_DATE(*day))
		return false;
	again = kpi_through_string(*day);
	return strcmp(again.string, string) == 0;
}

/* A day as a message shows it, of its string. */
static const char *
through_shown(const char *string)
{
	DateADT		day;

	if (!kpi_through_of_string(string, &day))
		return "none";
	return DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)));
}

/* The error where rows or sets were known up to different days, in strings: 22023. */
void
kpi_through_differs(const KpiSetType *type, const char *before, const char *now)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("through of one %s must not differ: \"%s\" and \"%s\"",
					kpi_shown(&type->type), through_shown(before), through_shown(now)),
			 errhint("Build the summary anew of all contracts, with the last day that is known of them.")));
}

/*
 * kpi_known_by_day() -
 *
 *	Up to where a set is known by as_of, in an argument or in none (0), and by the day that
 *	it remembers: the earlier one holds.  False where there is neither, for
 *	kpi_known_by_data().  22023 for an infinite as_of.
 */
bool
kpi_known_by_day(FunctionCallInfo fcinfo, int argument, const KpiSetType *type, const KpiSet *set, KpiKnown *known)
{
	bool		asked = argument > 0 && !PG_ARGISNULL(argument);
	bool		remembered = kpi_set_has_through(type, set);
	DateADT		through = 0;
	DateADT		day = 0;

	if (asked)
		day = kpi_limit_date(fcinfo, argument, "as_of");
	if (remembered && kpi_through_of_string(kpi_set_parameters(set), &through) && (!asked || through < day))
		day = through;
	if (!asked && !remembered)
		return false;
	known->end = kpi_period_of_day(set->unit, day);
	known->complete = (int64) kpi_period_of_day(set->unit, day + 1) - 1;
	return true;
}

/* The same by the last period that has data alone: nobody knows whether it has ended. */
KpiKnown
kpi_known_by_data(int64 last)
{
	KpiKnown	known = {.end = last, .complete = last - 1};

	return known;
}

/*
 * kpi_contract_end() -
 *
 *	The period after the last one in which a contract counts that runs during these days,
 *	which have a first one: it counts in a period on whose last day it runs, in the one that is not over
 *	when it runs on the last day that is known.  At or before the first day's period: in none.
 */
int64
kpi_contract_end(KpiUnit unit, const KpiDays *during, DateADT through)
{
	if (during->from > through)
		return PG_INT64_MIN;
	if (during->to > through)
		return (int64) kpi_period_of_day(unit, through) + 1;
	return kpi_period_of_day(unit, (DateADT) during->to);
}
