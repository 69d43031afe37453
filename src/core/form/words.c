/*
 * words.c
 *		Words that an argument takes, those first that are most like what was given.
 */
#include "core/form/words.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/varlena.h"

/* What is longer is like no word of ours. */
#define WORDS_COMPARED 40

/* How unlike two words are: what has to be changed, less the letters that they begin with alike. */
static int
words_distance(const char *given, int length, const char *known)
{
	char	   *lower = pnstrdup(given, length);
	int			alike = 0;

	for (int i = 0; i < length; i++)
		lower[i] = pg_ascii_tolower((unsigned char) lower[i]);
	while (lower[alike] != '\0' && lower[alike] == known[alike])
		alike++;
	return varstr_levenshtein(lower, length, known, strlen(known), 1, 1, 1, true) - alike;
}

/*
 * kpi_words_nearest_first() -
 *
 *	The n known words, of small letters, with commas between them, in a string of the
 *	current memory context: those that are most like what was given first, others in
 *	their order.
 */
char *
kpi_words_nearest_first(const char *given, const char *const *known, int n)
{
	int			length = strlen(given);
	int		   *distance = palloc(n * sizeof(int));
	int		   *order = palloc(n * sizeof(int));
	StringInfoData list;

	length = pg_mbcliplen(given, length, Min(length, WORDS_COMPARED));
	for (int i = 0; i < n; i++)
	{
		int			at = i;

		distance[i] = words_distance(given, length, known[i]);
		for (; at > 0 && distance[order[at - 1]] > distance[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	initStringInfo(&list);
	for (int i = 0; i < n; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", known[order[i]]);
	return list.data;
}
