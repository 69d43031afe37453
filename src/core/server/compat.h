/*
 * compat.h
 *		Differences between the PostgreSQL versions that we support (15 to 19).
 *		No other file tests PG_VERSION_NUM.
 */
#ifndef KPI_COMPAT_H
#define KPI_COMPAT_H

#include "postgres.h"

#include "fmgr.h"

#if PG_VERSION_NUM < 150000
#error "kpi needs PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#else
/* Soft errors came with 16; before, every error in an input function is hard. */
#define errsave(context, ...) \
	do { (void) (context); ereport(ERROR, __VA_ARGS__); } while (0)
#endif

/* One function checks the rights on every kind of object from 16 on; used with catalog/pg_proc.h, pg_namespace.h and utils/acl.h. */
#if PG_VERSION_NUM >= 160000
#define KPI_FUNCTION_ACLCHECK(function, role) object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE)
#define KPI_SCHEMA_ACLCHECK(schema, role) object_aclcheck(NamespaceRelationId, schema, role, ACL_USAGE)
#else
#define KPI_FUNCTION_ACLCHECK(function, role) pg_proc_aclcheck(function, role, ACL_EXECUTE)
#define KPI_SCHEMA_ACLCHECK(schema, role) pg_namespace_aclcheck(schema, role, ACL_USAGE)
#endif

/* The n-th of the sessions that pgstat_fetch_stat_numbackends() counts; used with utils/backend_status.h. */
#if PG_VERSION_NUM >= 160000
#define KPI_SESSION(n) pgstat_get_local_beentry_by_index(n)
#else
#define KPI_SESSION(n) pgstat_fetch_stat_local_beentry(n)
#endif

/* An interval without end came with 17. */
#if PG_VERSION_NUM >= 170000
#define KPI_INTERVAL_NOT_FINITE(i) INTERVAL_NOT_FINITE(i)
#else
#define KPI_INTERVAL_NOT_FINITE(i) (false)
#endif

/* The server lists a module's version from 18 on. */
#if PG_VERSION_NUM >= 180000
#define KPI_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "kpi", .version = KPI_VERSION)
#else
#define KPI_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* 18 has pg_noreturn instead, which stands before the declaration. */
#ifndef pg_attribute_noreturn
#define pg_attribute_noreturn() __attribute__((noreturn))
#endif

#endif							/* KPI_COMPAT_H */
