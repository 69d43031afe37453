/*
 * days.c
 *		Ranges of dates as numbers of days.
 */
#include "core/time/days.h"

#include "core/server/argument.h"

#include "utils/builtins.h"
#include "utils/datetime.h"

/*
 * kpi_days_of_range() -
 *
 *	The days of a daterange, type being its range's entry of the type cache.  False
 *	when it holds no day: it is empty, begins at infinity or ends at -infinity.  A
 *	bound that is absent or infinite becomes PG_INT64_MIN or PG_INT64_MAX.
 */
bool
kpi_days_of_range(TypeCacheEntry *type, const RangeType *range, KpiDays *days)
{
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	range_deserialize(type, range, &lower, &upper, &empty);
	if (empty)
		return false;
	/* infinity is a date too: a range from its end on, or up to its beginning, holds no day */
	if ((!lower.infinite && DATE_IS_NOEND(DatumGetDateADT(lower.val))) ||
		(!upper.infinite && DATE_IS_NOBEGIN(DatumGetDateADT(upper.val))))
		return false;
	/* the canonical form includes the lower bound and excludes the upper */
	days->from = lower.infinite || DATE_NOT_FINITE(DatumGetDateADT(lower.val)) ? PG_INT64_MIN :
		(int64) DatumGetDateADT(lower.val) + !lower.inclusive;
	days->to = upper.infinite || DATE_NOT_FINITE(DatumGetDateADT(upper.val)) ? PG_INT64_MAX :
		(int64) DatumGetDateADT(upper.val) + upper.inclusive;
	return true;
}

/* The days of the daterange in an argument, which is not NULL; false when it holds none. */
bool
kpi_days(FunctionCallInfo fcinfo, int argument, KpiDays *days)
{
	RangeType  *range = PG_GETARG_RANGE_P(argument);

	return kpi_days_of_range(range_get_typcache(fcinfo, RangeTypeGetOid(range)), range, days);
}

/* The error for days without a first one: 22023. */
void
kpi_days_need_start(const KpiDays *days)
{
	if (days->from == PG_INT64_MIN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("range of dates has no first day"),
				 errhint("Give a finite lower bound, as daterange(started, ended) has, or leave such rows out with FILTER.")));
}

/* The error for the date in an argument of that name: 22023, with a hint that says what to give. */
void
kpi_refuse_infinite(const char *name, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be finite", name),
			 errhint("%s", hint)));
}

/* The date in the argument through, up to which data are complete.  22023 where it is NULL or infinite. */
DateADT
kpi_through(FunctionCallInfo fcinfo, int argument)
{
	DateADT		through;

	if (PG_ARGISNULL(argument))
		kpi_refuse_null("through", "Give the last day that the data cover.");
	through = PG_GETARG_DATEADT(argument);
	kpi_require_finite(through, "through", "Give the last day that the data cover.");
	return through;
}

/*
 * kpi_limit_date() -
 *
 *	The date in an argument, which is not NULL, that limits what is shown.  22023,
 *	with the argument's name, where it is infinite.
 */
DateADT
kpi_limit_date(FunctionCallInfo fcinfo, int argument, const char *name)
{
	DateADT		day = PG_GETARG_DATEADT(argument);

	kpi_require_finite(day, name, "Leave it out, or give NULL, for no limit.");
	return day;
}

/* A finite date as ISO 8601 writes it, whatever the session's DateStyle; palloc'd. */
char *
kpi_date_text(DateADT date)
{
	int			year;
	int			month;
	int			day;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return psprintf("%04d-%02d-%02d", year, month, day);
}
