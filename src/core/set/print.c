/*
 * print.c
 *		Writing the text form of packed sets, which forms.c tells of and reads.
 */
#include "core/set/layout.h"

#include "miscadmin.h"

/* Number of strings after the zone, by the type and the number in the head. */
int
kpi_set_count_strings(const KpiSetType *type, const KpiSet *set)
{
	if (type->parameters)
		return set->key_type == KPI_KEY_NONE ? 0 : 1;
	if (type->through)
		return kpi_set_has_through(type, set);
	return type->class.equal == KPI_RECORDS_KEEP || type->times == KPI_TIMES_PLAIN ? (int) set->number : 0;
}

/* A time as the text form has it. */
static int64
print_time(const KpiSetType *type, uint64 time)
{
	return type->times == KPI_TIMES_PERIODS ? kpi_period_of_time(time) : kpi_moment_of_time(time);
}

/* A set to print. */
typedef struct PrintedSet
{
	const KpiSetType *type;
	const KpiSet *set;			/* packed */
} PrintedSet;

/*
 * print_set() -
 *
 *	A KpiPrint: write the text of a PrintedSet, which is packed, or measure it where
 *	the KpiText has no place to write to.  Memory that this takes is freed.  The query
 *	may be cancelled here.
 */
static void
print_set(KpiText *text, const void *value)
{
	const KpiSetType *type = ((const PrintedSet *) value)->type;
	const KpiSet *set = ((const PrintedSet *) value)->set;
	KpiSetReader reader;
	const char *string;

	kpi_text_char(text, '(');
	if (set->key_type != KPI_KEY_NONE)
	{
		kpi_text_string(text, kpi_set_unit_name(set));
		kpi_text_char(text, ',');
		kpi_text_string(text, kpi_key_type_name(set->key_type));
		kpi_text_char(text, ',');
		kpi_text_int64(text, set->number);
		kpi_text_char(text, ',');
		string = kpi_set_strings(set);
		kpi_text_quoted(text, string);
		for (int i = 0; i < kpi_set_count_strings(type, set); i++)
		{
			string += strlen(string) + 1;
			kpi_text_char(text, ',');
			kpi_text_quoted(text, string);
		}
		kpi_set_reader(&reader, type, set);
		while (kpi_set_next(&reader))
		{
			kpi_text_char(text, ';');
			if (set->key_type == KPI_KEY_BIGINT)
				kpi_text_int64(text, kpi_bigint_of_key(reader.key));
			else
				kpi_text_hex(text, reader.key, 16);
			kpi_text_char(text, ':');
			kpi_text_int64(text, print_time(type, reader.time[0]));
			for (int64 i = 0; i < reader.n; i++)
			{
				if (unlikely((i & 0xffff) == 0xffff))
					CHECK_FOR_INTERRUPTS();
				if (i > 0)
				{
					kpi_text_char(text, '+');
					kpi_text_uint64(text, reader.time[i] - reader.time[i - 1]);
				}
				if (type->class.equal == KPI_RECORDS_ADD)
				{
					kpi_text_char(text, '=');
					kpi_text_int128(text, reader.amount[i], 0);
				}
				else if (type->class.equal == KPI_RECORDS_KEEP)
				{
					kpi_text_char(text, '@');
					kpi_text_hex(text, reader.steps[i], 1);
				}
			}
		}
		kpi_set_reader_end(&reader);
	}
	kpi_text_char(text, ')');
}

/*
 * The longest text that a packed set may have by its size: three bytes hold a customer
 * and a time, of which ;-9223372036854775807:-9223372036854775807 has 42.
 */
static Size
print_most_text(const KpiSet *set)
{
	return (Size) 14 * VARSIZE(set) + 256;
}

/* 54000 where the text of a packed set is longer than limit. */
void
kpi_set_check_text(const KpiSetType *type, const KpiSet *set, Size limit)
{
	PrintedSet	printed = {type, set};

	kpi_text_check(&type->type, print_set, &printed, print_most_text(set), limit);
}

/* The text of a packed set, palloc'd; 54000 where it would be too long. */
char *
kpi_set_print(const KpiSetType *type, const KpiSet *set)
{
	PrintedSet	printed = {type, set};

	return kpi_text_print(&type->type, print_set, &printed, print_most_text(set));
}
