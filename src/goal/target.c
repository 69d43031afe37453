/*
 * target.c
 *		The type kpi_target: text and binary forms, constructors, accessors.
 *
 *		State: see target.h.  Text form: one bound, as in ">= 50 warn 40 from 30",
 *		or a range, as in "[10,20] warn [8,25]"; "%" after a number divides it by
 *		100, "k" and "M" multiply it by 1,000 and 1,000,000.  A relative one, ">= +20%
 *		warn +10% on year ago", has its numbers as per cent with a sign.  Binary form:
 *		version (1 byte), flags (2), then as float8 each number that the flags name, in
 *		their order.  Version 2 is that of targets with "recover".
 */
#include "goal/target.h"

#include "core/form/scan.h"
#include "core/form/wire.h"

#include <ctype.h>
#include <errno.h>

#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

const KpiType kpi_target_type = {
	.name = "kpi_target", .version = KPI_TARGET_VERSION, .more_versions = 1, .kind = KPI_TYPE_TARGET, .size = KPI_TARGET_SIZE
};

#define TARGET_FORM ">= 50 warn 40 from 30, <= 4 warn 6 recover 3.5, [10,20] warn [8,25], or >= +20% on year ago"

/* A target's numbers in the order of their flags. */
static const struct
{
	uint16		flag;
	Size		offset;
}			target_numbers[] = {
	{KPI_TARGET_LOWER, offsetof(KpiTarget, lower)},
	{KPI_TARGET_UPPER, offsetof(KpiTarget, upper)},
	{KPI_TARGET_WARN_LOWER, offsetof(KpiTarget, warn_lower)},
	{KPI_TARGET_WARN_UPPER, offsetof(KpiTarget, warn_upper)},
	{KPI_TARGET_BASELINE, offsetof(KpiTarget, baseline)},
	{KPI_TARGET_RECOVER_LOWER, offsetof(KpiTarget, recover_lower)},
	{KPI_TARGET_RECOVER_UPPER, offsetof(KpiTarget, recover_upper)}
};

#define TARGET_NUMBERS ((int) lengthof(target_numbers))

/* Where a number is. */
static double *
target_number(KpiTarget *t, int i)
{
	return (double *) ((char *) t + target_numbers[i].offset);
}

/* A target without numbers, with room for all. */
static KpiTarget *
target_new(void)
{
	return kpi_flat_new(&kpi_target_type, sizeof(KpiTarget));
}

/* A copy of a stored target with room for all numbers, for kpi_target_finish(). */
KpiTarget *
kpi_target_copy(const KpiTarget *t)
{
	KpiTarget  *copy = target_new();

	memcpy((char *) copy + VARHDRSZ, (const char *) t + VARHDRSZ, VARSIZE(t) - VARHDRSZ);
	return copy;
}

/* Give a target that was changed the version and length of what it has. */
KpiTarget *
kpi_target_finish(KpiTarget *t)
{
	bool		recovers = kpi_target_has(t, KPI_TARGET_RECOVER);

	t->header.version = recovers ? KPI_TARGET_VERSION + 1 : KPI_TARGET_VERSION;
	SET_VARSIZE(t, recovers ? sizeof(KpiTarget) : KPI_TARGET_SIZE);
	return t;
}

/* Set one of its numbers; zero has no sign. */
static void
target_set_number(KpiTarget *t, uint16 flag, double *field, double value)
{
	t->header.flags |= flag;
	*field = value == 0 ? 0 : value;	/* without a sign */
}

/*
 * target_problem() -
 *
 *	What is wrong with this target, as a constant sentence for errdetail(); NULL where
 *	nothing is.  The text form, the binary form and what makes targets of numbers all
 *	ask here.
 */
static const char *
target_problem(const KpiTarget *t)
{
	uint16		bounds = t->header.flags & KPI_TARGET_RANGE;

	if (bounds == 0 || (t->header.flags & ~KPI_TARGET_FLAGS) ||
		(kpi_target_has(t, KPI_TARGET_WARN_LOWER) && !(bounds & KPI_TARGET_LOWER)) ||
		(kpi_target_has(t, KPI_TARGET_WARN_UPPER) && !(bounds & KPI_TARGET_UPPER)) ||
		(kpi_target_has(t, KPI_TARGET_RECOVER_LOWER) && !(bounds & KPI_TARGET_LOWER)) ||
		(kpi_target_has(t, KPI_TARGET_RECOVER_UPPER) && !(bounds & KPI_TARGET_UPPER)))
		return "It does not say which bounds it has.";
	if (!isfinite(t->lower) || !isfinite(t->upper) || !isfinite(t->warn_lower) ||
		!isfinite(t->warn_upper) || !isfinite(t->baseline) || !isfinite(t->recover_lower) || !isfinite(t->recover_upper))
		return "Every number of a target must be finite.";

	if (kpi_target_has(t, KPI_TARGET_RELATIVE))
	{
		if (kpi_target_has(t, KPI_TARGET_ON_PREVIOUS) && kpi_target_has(t, KPI_TARGET_ON_YEAR_AGO))
			return "It is relative to one value, previous or year ago.";
		if (kpi_target_has(t, KPI_TARGET_BASELINE))
			return "A relative target takes no baseline.";
		if (t->lower < -100 || t->upper < -100 || t->warn_lower < -100 || t->warn_upper < -100 ||
			t->recover_lower < -100 || t->recover_upper < -100)
			return "Nothing is more than 100% less.";
	}

	if (bounds == KPI_TARGET_RANGE)
	{
		if (t->lower > t->upper)
			return "The range is empty: its lower bound is above its upper bound.";
		if (kpi_target_has(t, KPI_TARGET_WARN_LOWER) && t->warn_lower >= t->lower)
			return "The warning range must begin below the range; leave its lower end empty to have no warning there.";
		if (kpi_target_has(t, KPI_TARGET_WARN_UPPER) && t->warn_upper <= t->upper)
			return "The warning range must end above the range; leave its upper end empty to have no warning there.";
		if (kpi_target_has(t, KPI_TARGET_BASELINE))
			return "A range takes no baseline; only a target with one bound does.";
		if ((kpi_target_has(t, KPI_TARGET_RECOVER_LOWER) && (t->recover_lower <= t->lower || t->recover_lower > t->upper)) ||
			(kpi_target_has(t, KPI_TARGET_RECOVER_UPPER) && (t->recover_upper >= t->upper || t->recover_upper < t->lower)) ||
			((t->header.flags & KPI_TARGET_RECOVER) == KPI_TARGET_RECOVER && t->recover_lower > t->recover_upper))
			return "The range of recovery must lie inside the range; leave an end empty to have none there.";
	}
	else if (bounds == KPI_TARGET_LOWER)
	{
		if (kpi_target_has(t, KPI_TARGET_WARN_LOWER) && t->warn_lower >= t->lower)
			return "Higher is better here, so the warning value must be below the bound.";
		if (kpi_target_has(t, KPI_TARGET_BASELINE) && t->baseline >= t->lower)
			return "The baseline already meets the target; it must be below the bound.";
		if (kpi_target_has(t, KPI_TARGET_RECOVER_LOWER) && t->recover_lower <= t->lower)
			return "Higher is better here, so the value of recovery must be above the bound.";
	}
	else
	{
		if (kpi_target_has(t, KPI_TARGET_WARN_UPPER) && t->warn_upper <= t->upper)
			return "Lower is better here, so the warning value must be above the bound.";
		if (kpi_target_has(t, KPI_TARGET_BASELINE) && t->baseline <= t->upper)
			return "The baseline already meets the target; it must be above the bound.";
		if (kpi_target_has(t, KPI_TARGET_RECOVER_UPPER) && t->recover_upper >= t->upper)
			return "Lower is better here, so the value of recovery must be below the bound.";
	}
	return NULL;
}

/*
 * Reading the text form: what these functions return is what is wrong, or NULL.
 */

/* Does a word go on with this character? */
static bool
target_goes_on(char c)
{
	return isalnum((unsigned char) c) || c == '_' || IS_HIGHBIT_SET(c);
}

/*
 * target_scan_value() -
 *
 *	Read a number, perhaps with "%", "k" (thousands) or "M" (millions).  They change the
 *	exponent before the one conversion to binary, so that 99.9% is exactly what 0.999
 *	is, and 1.1M what 1100000 is.  `after` is what stands before it, for a message.  Of
 *	a relative target it is a number of per cent with a sign.
 */
static const char *
target_scan_value(KpiScan *scan, const char *after, bool relative, double *value)
{
	const char *start;
	const char *p;
	const char *digits_end;
	int			digits = 0;
	long		exponent = 0;
	bool		multiple = false;
	char	   *decimal;

	kpi_scan_peek(scan, ' ');	/* skips space */
	start = p = scan->at;
	if (*p == '-' || *p == '+')
		p++;
	for (; isdigit((unsigned char) *p); p++)
		digits++;
	if (*p == '.')
		for (p++; isdigit((unsigned char) *p); p++)
			digits++;
	if (digits == 0)
		return psprintf("A finite number is expected after \"%s\".", after);
	digits_end = p;
	if (*p == 'e' || *p == 'E')
	{
		char	   *end;

		p++;
		if (isdigit((unsigned char) p[(*p == '-' || *p == '+')]))
		{
			exponent = strtol(p, &end, 10);
			/* far out of range either way, and "%" can't wrap it around */
			exponent = Max(Min(exponent, 1000000000), -1000000000);
			p = end;
		}
		else
			p = digits_end;
	}
	if ((*p == 'k' || *p == 'K' || *p == 'M' || *p == 'm') && !target_goes_on(p[1]))
	{
		if (*p == 'm')
			return "M is a million and k a thousand; m is neither.";
		exponent += *p++ == 'M' ? 6 : 3;
		multiple = true;
	}
	scan->at = p;
	if (relative)
	{
		if (!kpi_scan_char(scan, '%') || (*start != '+' && *start != '-'))
			return "Of a target on previous or year ago each number is a change in per cent with its sign, as in >= +20% on year ago.";
	}
	else if (multiple && kpi_scan_peek(scan, '%'))
		return "A number has k, M or % behind it, one of them.";
	else if (kpi_scan_char(scan, '%'))
	{
		if (*start == '+')
			return "A number with + and % is a change: say on what, as in >= +20% on year ago or on previous. A share has no sign: 20% is 0.2.";
		exponent -= 2;
	}

	decimal = psprintf("%.*se%ld", (int) (digits_end - start), start, exponent);
	errno = 0;
	*value = strtod(decimal, NULL);
	if (errno == ERANGE && (*value == 0 || !isfinite(*value)))
		return psprintf("The number after \"%s\" is out of range.", after);
	return NULL;
}

/* That what the scan stands at is not expected. */
static const char *
target_unexpected(KpiScan *scan)
{
	return psprintf("%s is not expected there.", kpi_scan_shown(scan->at, KPI_SCAN_REST));
}

/* Numbers that come in pairs: the flag of the lower is that of the pair, and that of the upper the next. */
typedef struct TargetPair
{
	const char *word;			/* that stands before it; NULL: the bounds, which have both ends */
	int			lower;			/* places in target_numbers */
	int			upper;
} TargetPair;

static const TargetPair target_bounds = {NULL, 0, 1};
static const TargetPair target_warning = {"warn", 2, 3};
static const TargetPair target_recovery = {"recover", 5, 6};

static inline uint16
target_pair_flags(const TargetPair *pair)
{
	return target_numbers[pair->lower].flag | target_numbers[pair->upper].flag;
}

static void
target_set(KpiTarget *t, int i, double value)
{
	target_set_number(t, target_numbers[i].flag, target_number(t, i), value);
}

/*
 * target_scan_range() -
 *
 *	Read what follows "[", up to and with "]", into a pair of numbers of the target, of
 *	which one may be left empty but of the bounds; relative for a target whose numbers
 *	are percentages.  Returns NULL, or what is wrong, as a sentence for errdetail().
 */
static const char *
target_scan_range(KpiScan *scan, KpiTarget *t, bool relative, const TargetPair *pair)
{
	const char *problem;
	double		value = 0;

	if (pair->word && kpi_scan_peek(scan, ','))
		 /* no lower end */ ;
	else if ((problem = target_scan_value(scan, "[", relative, &value)) != NULL)
		return problem;
	else
		target_set(t, pair->lower, value);

	if (!kpi_scan_char(scan, ','))
		return "A range has two ends with a comma between them.";

	if (pair->word && kpi_scan_peek(scan, ']'))
		 /* no upper end */ ;
	else if (kpi_scan_peek(scan, ']'))
		return "A range has two ends; for a lower bound alone write >=.";
	else if ((problem = target_scan_value(scan, ",", relative, &value)) != NULL)
		return problem;
	else
		target_set(t, pair->upper, value);

	if (kpi_scan_peek(scan, ')'))
		return "A range includes both its ends; close it with \"]\".";
	if (!kpi_scan_char(scan, ']'))
		return "A range has two ends and closes with \"]\".";
	if (!kpi_target_has(t, target_pair_flags(pair)))
		return psprintf("The range after \"%s\" has no end; leave it out.", pair->word);
	return NULL;
}

/*
 * target_scan_pair() -
 *
 *	Read what follows "warn" or "recover" into that pair of the target's numbers: a range
 *	where the target is one, else one number, on the side of its bound.  Returns NULL, or
 *	what is wrong, as a sentence for errdetail().
 */
static const char *
target_scan_pair(KpiScan *scan, KpiTarget *t, bool relative, const TargetPair *pair)
{
	bool		range = kpi_target_is_range(t);
	const char *problem;
	double		value = 0;

	if (kpi_target_has(t, target_pair_flags(pair)))
		return psprintf("A target has one \"%s\" at most.", pair->word);
	if (kpi_scan_peek(scan, '[') != range)
		return range ? psprintf("After \"%s\" of a range stands a range too, as in %s.", pair->word,
								pair == &target_warning ? "warn [8,25]" : "recover [11,19]") :
			psprintf("After \"%s\" of one bound stands one number, as in %s.", pair->word,
					 pair == &target_warning ? "warn 40" : "recover 52");
	if (kpi_scan_char(scan, '['))
		return target_scan_range(scan, t, relative, pair);
	if ((problem = target_scan_value(scan, pair->word, relative, &value)) == NULL)
		target_set(t, kpi_target_has(t, KPI_TARGET_LOWER) ? pair->lower : pair->upper, value);
	return problem;
}

/* Read ">= 50", "<= 4" or "[10,20]". */
static const char *
target_scan_bounds(KpiScan *scan, KpiTarget *t, bool relative)
{
	const char *problem;
	double		value = 0;

	if (kpi_scan_char(scan, '['))
		return target_scan_range(scan, t, relative, &target_bounds);
	if (kpi_scan_char(scan, '>'))
	{
		if (!kpi_scan_char(scan, '='))
			return "A target includes its bound; write >= instead of >.";
		if ((problem = target_scan_value(scan, ">=", relative, &value)) == NULL)
			target_set_number(t, KPI_TARGET_LOWER, &t->lower, value);
		return problem;
	}
	if (kpi_scan_char(scan, '<'))
	{
		if (!kpi_scan_char(scan, '='))
			return "A target includes its bound; write <= instead of <.";
		if ((problem = target_scan_value(scan, "<=", relative, &value)) == NULL)
			target_set_number(t, KPI_TARGET_UPPER, &t->upper, value);
		return problem;
	}
	if (kpi_scan_char(scan, '='))
		return "For one exact value write a range such as [5,5].";
	if (kpi_scan_char(scan, '('))
		return "A range includes both its ends; open it with \"[\".";
	return "A target begins with >=, <= or [.";
}

/* Whether a literal has the word of a relative target, which no other form has in it. */
static bool
target_says_on(const char *text)
{
	for (; *text != '\0'; text++)
		if (pg_tolower((unsigned char) text[0]) == 'o' && pg_tolower((unsigned char) text[1]) == 'n')
			return true;
	return false;
}

/*
 * target_scan() -
 *
 *	Read a whole literal into a target that is all zero: bounds, warn, recover and
 *	from in any order, and at the end on.  Returns NULL, or what is wrong with the literal or with
 *	the target that it describes, as a sentence for errdetail().
 */
static const char *
target_scan(KpiScan *scan, KpiTarget *t)
{
	bool		relative = target_says_on(scan->at);
	const char *problem = target_scan_bounds(scan, t, relative);
	double		value = 0;

	while (problem == NULL && !kpi_scan_end(scan))
	{
		if (kpi_target_has(t, KPI_TARGET_RELATIVE))
			return target_unexpected(scan);
		if (kpi_scan_word(scan, "on"))
		{
			if (kpi_scan_word(scan, "previous"))
				t->header.flags |= KPI_TARGET_ON_PREVIOUS;
			else if (kpi_scan_word(scan, "year") && kpi_scan_word(scan, "ago"))
				t->header.flags |= KPI_TARGET_ON_YEAR_AGO;
			else
				problem = "A target is on previous or on year ago.";
		}
		else if (kpi_scan_word(scan, target_warning.word))
			problem = target_scan_pair(scan, t, relative, &target_warning);
		else if (kpi_scan_word(scan, target_recovery.word))
			problem = target_scan_pair(scan, t, relative, &target_recovery);
		else if (kpi_scan_word(scan, "from"))
		{
			if (kpi_target_has(t, KPI_TARGET_BASELINE))
				problem = "A target has one baseline at most.";
			else if ((problem = target_scan_value(scan, "from", relative, &value)) == NULL)
				target_set_number(t, KPI_TARGET_BASELINE, &t->baseline, value);
		}
		else
			problem = target_unexpected(scan);
	}
	return problem ? problem : target_problem(t);
}

/* The text form.  22P02 for malformed text. */
PG_FUNCTION_INFO_V1(kpi_kpi_target_in);
Datum
kpi_kpi_target_in(PG_FUNCTION_ARGS)
{
	KpiScan		scan = kpi_scan_start(fcinfo, &kpi_target_type, TARGET_FORM);
	KpiTarget  *t = target_new();
	const char *problem = target_scan(&scan, t);

	if (problem != NULL)
		return kpi_scan_fail(&scan, problem);
	PG_RETURN_POINTER(kpi_target_finish(t));
}

/* Append a number as the text form has it: per cent with a sign in a relative target. */
static void
target_append_number(StringInfo out, const KpiTarget *t, double value)
{
	bool		relative = kpi_target_has(t, KPI_TARGET_RELATIVE);

	if (relative && value >= 0)
		appendStringInfoChar(out, '+');
	kpi_append_double(out, value);
	if (relative)
		appendStringInfoChar(out, '%');
}

/* Append a word and its pair of numbers as the text form has them, if the target has any. */
static void
target_append_pair(StringInfo out, const KpiTarget *t, const TargetPair *pair)
{
	bool		range = kpi_target_is_range(t);

	if (!kpi_target_has(t, target_pair_flags(pair)))
		return;
	if (pair->word)
		appendStringInfo(out, " %s ", pair->word);
	if (range)
		appendStringInfoChar(out, '[');
	if (kpi_target_has(t, target_numbers[pair->lower].flag))
		target_append_number(out, t, *target_number((KpiTarget *) t, pair->lower));
	if (range)
		appendStringInfoChar(out, ',');
	if (kpi_target_has(t, target_numbers[pair->upper].flag))
		target_append_number(out, t, *target_number((KpiTarget *) t, pair->upper));
	if (range)
		appendStringInfoChar(out, ']');
}

/*
 * kpi_target_append() -
 *
 *	Append the canonical text form.  It is also used in messages on a target that is
 *	about to be refused, so it takes any numbers and flags.
 */
void
kpi_target_append(StringInfo out, const KpiTarget *t)
{
	if (!kpi_target_is_range(t))
		appendStringInfoString(out, kpi_target_has(t, KPI_TARGET_LOWER) ? ">= " : "<= ");
	target_append_pair(out, t, &target_bounds);
	target_append_pair(out, t, &target_warning);
	target_append_pair(out, t, &target_recovery);
	if (kpi_target_has(t, KPI_TARGET_BASELINE))
	{
		appendStringInfoString(out, " from ");
		target_append_number(out, t, t->baseline);
	}
	if (kpi_target_has(t, KPI_TARGET_RELATIVE))
		appendStringInfoString(out, kpi_target_has(t, KPI_TARGET_ON_PREVIOUS) ? " on previous" : " on year ago");
}

/*
 * kpi_target_of_numbers() -
 *
 *	A target to compute with.  22023 for a relative one, which has no numbers of the
 *	KPI's until it is held against a value.
 */
KpiTarget *
kpi_target_of_numbers(Datum target)
{
	KpiTarget  *t = kpi_target_flat(target);

	if (unlikely(kpi_target_has(t, KPI_TARGET_RELATIVE)))
	{
		StringInfoData text;

		initStringInfo(&text);
		kpi_target_append(&text, t);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target %s is relative", text.data),
				 errhint("Make a target of it first: kpi_relative_target(target, value that it is relative to).")));
	}
	return t;
}

/* Leave out a number. */
static void
target_drop(KpiTarget *t, int i)
{
	t->header.flags &= ~target_numbers[i].flag;
	*target_number(t, i) = 0;
}

/* Leave out a warning, a recovery and a baseline that rounding has made the bound. */
void
kpi_target_drop_equal(KpiTarget *t)
{
	if (kpi_target_has(t, KPI_TARGET_WARN_LOWER) && t->warn_lower >= t->lower)
		target_drop(t, target_warning.lower);
	if (kpi_target_has(t, KPI_TARGET_WARN_UPPER) && t->warn_upper <= t->upper)
		target_drop(t, target_warning.upper);
	if (kpi_target_has(t, KPI_TARGET_RECOVER_LOWER) && t->recover_lower <= t->lower)
		target_drop(t, target_recovery.lower);
	if (kpi_target_has(t, KPI_TARGET_RECOVER_UPPER) && t->recover_upper >= t->upper)
		target_drop(t, target_recovery.upper);
	if (kpi_target_has(t, KPI_TARGET_BASELINE) && kpi_target_region(t, t->baseline) == KPI_GREEN)
	{
		t->header.flags &= ~KPI_TARGET_BASELINE;
		t->baseline = 0;
	}
}

/* A number with the decimal digits that it prints. */
static Datum
target_decimal(double value)
{
	StringInfoData text;

	initStringInfo(&text);
	kpi_append_double(&text, value);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text.data), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/*
 * kpi_relative_target() - kpi_relative_target(target, value)
 *
 *	What a relative target asks for, given the value that it is relative to: +20% of
 *	1000 is 1200, in decimal, so that 107 meets 7% more than 100.  NULL where the value
 *	is not above 0 or a bound is out of range.  A target that is not relative is what it
 *	is, whatever the value.
 */
PG_FUNCTION_INFO_V1(kpi_relative_target);
Datum
kpi_relative_target(PG_FUNCTION_ARGS)
{
	KpiTarget  *t;
	double		base;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	t = kpi_target_copy(PG_GETARG_ANY_TARGET(0));
	if (!kpi_target_has(t, KPI_TARGET_RELATIVE))
		PG_RETURN_POINTER(kpi_target_finish(t));
	base = PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1);
	if (!(base > 0) || isinf(base))
		PG_RETURN_NULL();
	t->header.flags &= ~KPI_TARGET_RELATIVE;
	for (int i = 0; i < TARGET_NUMBERS; i++)
	{
		double	   *number = target_number(t, i);
		Datum		percent;

		if (!kpi_target_has(t, target_numbers[i].flag))
			continue;
		percent = DirectFunctionCall2(numeric_add, target_decimal(100), target_decimal(*number));
		percent = DirectFunctionCall2(numeric_mul, percent, target_decimal(0.01));
		*number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
													 DirectFunctionCall2(numeric_mul, target_decimal(base), percent)));
		if (!isfinite(*number))
			PG_RETURN_NULL();
	}
	kpi_target_drop_equal(t);
	PG_RETURN_POINTER(kpi_target_finish(t));
}

/* relative_to(target): what it is relative to, NULL if it is not */
PG_FUNCTION_INFO_V1(kpi_target_relative_to);
Datum
kpi_target_relative_to(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_ANY_TARGET(0);

	if (!kpi_target_has(t, KPI_TARGET_RELATIVE))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(kpi_target_has(t, KPI_TARGET_ON_PREVIOUS) ? "previous" : "year ago"));
}

/* The text form of a target. */
PG_FUNCTION_INFO_V1(kpi_kpi_target_out);
Datum
kpi_kpi_target_out(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	kpi_target_append(&out, PG_GETARG_ANY_TARGET(0));
	PG_RETURN_CSTRING(out.data);
}

/* The binary form.  22P03 for malformed bytes. */
PG_FUNCTION_INFO_V1(kpi_kpi_target_recv);
Datum
kpi_kpi_target_recv(PG_FUNCTION_ARGS)
{
	KpiWire		wire = kpi_wire_start(fcinfo, &kpi_target_type);
	KpiTarget  *t = target_new();
	uint16		flags = kpi_wire_uint16(&wire);
	const char *problem;

	if ((wire.version > KPI_TARGET_VERSION) != ((flags & KPI_TARGET_RECOVER) != 0))
		kpi_wire_fail(&wire, "A bound of recovery has format version 2, and nothing else has.");
	for (int i = 0; i < TARGET_NUMBERS; i++)
		if (flags & target_numbers[i].flag)
			target_set(t, i, kpi_wire_double(&wire));
	kpi_wire_end(&wire);
	t->header.flags = flags;
	if ((problem = target_problem(t)) != NULL)
		kpi_wire_fail(&wire, problem);
	PG_RETURN_POINTER(kpi_target_finish(t));
}

/* The binary form of a target. */
PG_FUNCTION_INFO_V1(kpi_kpi_target_send);
Datum
kpi_kpi_target_send(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_ANY_TARGET(0);
	StringInfoData out;

	kpi_wire_begin_version(&out, t->header.version);
	pq_sendint16(&out, t->header.flags);
	for (int i = 0; i < TARGET_NUMBERS; i++)
		if (kpi_target_has(t, target_numbers[i].flag))
			pq_sendfloat8(&out, *target_number(t, i));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/*
 * target_construct() -
 *
 *	at_least(bound, warn, baseline), at_most(...), between_target(lo, hi, warn_lo,
 *	warn_hi): argument i is the number with flag number[i].  NULL is absent, but
 *	without its bounds there is no target: NULL.  22023 for a target that
 *	target_problem() refuses.
 */
static Datum
target_construct(FunctionCallInfo fcinfo, const uint16 *number)
{
	KpiTarget  *t = target_new();
	const char *problem;

	for (int i = 0; i < PG_NARGS(); i++)
	{
		if (!PG_ARGISNULL(i))
			target_set_number(t, number[i], target_number(t, pg_leftmost_one_pos32(number[i])),
							  PG_GETARG_FLOAT8(i));
		else if (number[i] & KPI_TARGET_RANGE)
			PG_RETURN_NULL();
	}
	if ((problem = target_problem(t)) != NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		kpi_target_append(&text, t);
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid target: %s", text.data),
				 errdetail("%s", problem)));
	}
	PG_RETURN_POINTER(kpi_target_finish(t));
}

/* at_least(bound, warn, baseline) */
PG_FUNCTION_INFO_V1(kpi_target_at_least);
Datum
kpi_target_at_least(PG_FUNCTION_ARGS)
{
	static const uint16 number[] = {KPI_TARGET_LOWER, KPI_TARGET_WARN_LOWER, KPI_TARGET_BASELINE};

	return target_construct(fcinfo, number);
}

/* at_most(bound, warn, baseline) */
PG_FUNCTION_INFO_V1(kpi_target_at_most);
Datum
kpi_target_at_most(PG_FUNCTION_ARGS)
{
	static const uint16 number[] = {KPI_TARGET_UPPER, KPI_TARGET_WARN_UPPER, KPI_TARGET_BASELINE};

	return target_construct(fcinfo, number);
}

/* between_target(lo, hi, warn_lo, warn_hi) */
PG_FUNCTION_INFO_V1(kpi_target_between);
Datum
kpi_target_between(PG_FUNCTION_ARGS)
{
	static const uint16 number[] = {
		KPI_TARGET_LOWER, KPI_TARGET_UPPER, KPI_TARGET_WARN_LOWER, KPI_TARGET_WARN_UPPER
	};

	return target_construct(fcinfo, number);
}

/* The middle of a range. */
static double
target_middle(const KpiTarget *t)
{
	double		sum = t->lower + t->upper;

	return isfinite(sum) ? sum / 2 : t->lower / 2 + t->upper / 2;
}

/* An accessor: a number of the target t, NULL unless the condition holds, and of a relative one. */
#define TARGET_NUMBER(name, condition, value) \
	PG_FUNCTION_INFO_V1(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		KpiTarget  *t = PG_GETARG_ANY_TARGET(0); \
		if (!(condition) || kpi_target_has(t, KPI_TARGET_RELATIVE)) \
			PG_RETURN_NULL(); \
		PG_RETURN_FLOAT8(value); \
	}

/* of one bound the absent number is 0 */
TARGET_NUMBER(kpi_target_value, true, kpi_target_is_range(t) ? target_middle(t) : t->lower + t->upper)
TARGET_NUMBER(kpi_target_lower, kpi_target_has(t, KPI_TARGET_LOWER), t->lower)
TARGET_NUMBER(kpi_target_upper, kpi_target_has(t, KPI_TARGET_UPPER), t->upper)
TARGET_NUMBER(kpi_target_warn_lower, kpi_target_has(t, KPI_TARGET_WARN_LOWER), t->warn_lower)
TARGET_NUMBER(kpi_target_warn_upper, kpi_target_has(t, KPI_TARGET_WARN_UPPER), t->warn_upper)
TARGET_NUMBER(kpi_target_warn_value,
			  !kpi_target_is_range(t) && kpi_target_has(t, KPI_TARGET_WARN_LOWER | KPI_TARGET_WARN_UPPER),
			  t->warn_lower + t->warn_upper)
TARGET_NUMBER(kpi_target_recover_lower, kpi_target_has(t, KPI_TARGET_RECOVER_LOWER), t->recover_lower)
TARGET_NUMBER(kpi_target_recover_upper, kpi_target_has(t, KPI_TARGET_RECOVER_UPPER), t->recover_upper)
TARGET_NUMBER(kpi_target_recover_value, !kpi_target_is_range(t) && kpi_target_has(t, KPI_TARGET_RECOVER),
			  kpi_target_has(t, KPI_TARGET_RECOVER_LOWER) ? t->recover_lower : t->recover_upper)
TARGET_NUMBER(kpi_target_baseline, kpi_target_has(t, KPI_TARGET_BASELINE), t->baseline)

/* direction(target): which values are better */
PG_FUNCTION_INFO_V1(kpi_target_direction);
Datum
kpi_target_direction(PG_FUNCTION_ARGS)
{
	KpiTarget  *t = PG_GETARG_ANY_TARGET(0);

	PG_RETURN_TEXT_P(cstring_to_text(kpi_target_is_range(t) ? "range" :
									 kpi_target_has(t, KPI_TARGET_LOWER) ? "higher" : "lower"));
}
