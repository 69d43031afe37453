/*
 * ratio.h
 *		What ratio_summary and ratio_summary_float have in common.
 */
#ifndef KPI_RATIO_H
#define KPI_RATIO_H

/* The sides of a ratio. */
enum
{
	KPI_NUM,					/* numerator */
	KPI_DEN,					/* denominator */
	KPI_SIDES
};

/* The text form of both, for hints. */
#define KPI_RATIO_FORM "(numerator,denominator), each a number, NaN, Infinity, -Infinity, or nothing for NULL"

#endif							/* KPI_RATIO_H */
