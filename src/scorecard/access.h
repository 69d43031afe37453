/*
 * access.h
 *		As whom a table or view is read: what another may have written must not run
 *		with rights that he lacks.
 */
#ifndef KPI_SCORECARD_ACCESS_H
#define KPI_SCORECARD_ACCESS_H

#include "core/server/compat.h"

#include "utils/relcache.h"

/*
 * Nothing of the caller's gets into our statements until AtEOXact_GUC() of the level
 * that this returns.
 */
extern int	kpi_safe_settings(void);

/* The time zone for the rest of what kpi_access_read() has read. */
extern void kpi_access_set_zone(const char *zone);

/*
 * A table or view under AccessShareLock, which the caller may read something of: 42501
 * before it is locked if not, 42P01 if it is gone.
 */
extern Relation kpi_access_open(Oid relation);
extern void kpi_access_none(Oid relation) pg_attribute_noreturn();

/* Its name for a statement. */
extern char *kpi_access_name(Relation rel);

/*
 * Has a statement read it, as its owner if the caller has the owner's rights, else as
 * the caller.  Nothing that the reading did stays but what was allocated in a context
 * of the caller's: no lock, no row, no tuple table of SPI.
 *
 * With all_rows, row-level security that would hide rows from the reader is 42501.
 * Without, it hides from a caller who reads as himself what it hides from his SELECT;
 * it is an error for who reads as another, as nobody asked for what that one sees.
 */
extern void kpi_access_read(Relation rel, bool all_rows, void (*read) (void *), void *argument);

#endif							/* KPI_SCORECARD_ACCESS_H */
