/*
 * access.c
 *		As whom a table or view is read.
 *
 *		Rights are only given up, never lent.  A caller who has the rights of the
 *		relation's owner (a superuser, the owner, a member of his role) reads it as the
 *		owner: functions that he put into it, or that the planner finds in what he
 *		owns, get nothing of the caller's.  Every other caller reads it as himself, and
 *		gets what his SELECT would give.
 *
 *		Both in a security-restricted operation, with settings of our own, as REFRESH
 *		MATERIALIZED VIEW does it, so that nothing can go back to another role or wait
 *		for a later one: SET ROLE, temporary tables, deferred triggers, cursors WITH
 *		HOLD, LISTEN are errors in it.  And in a subtransaction that is rolled back, so
 *		that nothing else waits for what the session does next: an open cursor, or with
 *		earlier minor releases a domain pg_temp.date.
 *
 *		A cursor that is open already, as every loop over a query has one, belongs to
 *		the session, and any function may fetch from it or close it.  Meanwhile it counts
 *		as running, which the server refuses to run or to drop, and pg_cursors does not
 *		show it.
 *
 *		Nor does it use connections of the session's: functions of dblink, which reach
 *		those that are open under any role, are refused to all but superusers meanwhile.
 *
 *		What belongs to the session and to no transaction stays: advisory locks of the
 *		session, and sequences.
 */
#include "scorecard/access.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/objectaccess.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_language.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/syscache.h"

#define ACCESS_SEARCH_PATH "pg_catalog, pg_temp"

static object_access_hook_type access_next_hook;
static bool access_reading;			/* a source, now */

static void
access_set_for_now(const char *setting, const char *value)
{
	set_config_option(setting, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
kpi_access_set_zone(const char *zone)
{
	access_set_for_now("TimeZone", zone);
}

/* Nothing of the caller's search_path gets into our statements, until AtEOXact_GUC() of the level that this returns. */
int
kpi_safe_settings(void)
{
	int			nest_level = NewGUCNestLevel();

	access_set_for_now("search_path", ACCESS_SEARCH_PATH);
	return nest_level;
}

/* The error for a number that no table or view has, or has any longer: 42P01. */
void
kpi_access_none(Oid relation)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg("there is no table or view with OID %u", relation)));
}

/*
 * kpi_access_open() -
 *
 *	Open a table or view under AccessShareLock; the caller closes it.  Rights are asked
 *	for first, so that nobody holds a lock on what he may not read: 42501 without the
 *	schema's USAGE or any SELECT, 42P01 if there is no such relation.
 */
Relation
kpi_access_open(Oid relation)
{
	Oid			caller = GetUserId();
	Oid			schema = get_rel_namespace(relation);
	Relation	rel = NULL;

	if (OidIsValid(schema))
	{
		if (KPI_SCHEMA_ACLCHECK(schema, caller) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, get_namespace_name(schema));
		if (pg_class_aclcheck(relation, caller, ACL_SELECT) != ACLCHECK_OK &&
			pg_attribute_aclcheck_all(relation, caller, ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(get_rel_relkind(relation)), get_rel_name(relation));
		rel = try_relation_open(relation, AccessShareLock);
	}
	if (rel == NULL)
		kpi_access_none(relation);
	return rel;
}

char *
kpi_access_name(Relation rel)
{
	return quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)), RelationGetRelationName(rel));
}

/* For the rest of the subtransaction. */
static void
access_give_up_rights(Relation rel, bool all_rows)
{
	Oid			owner = rel->rd_rel->relowner;
	Oid			caller;
	Oid			reader;
	int			security;

	GetUserIdAndSecContext(&caller, &security);
	reader = has_privs_of_role(caller, owner) ? owner : caller;
	SetUserIdAndSecContext(reader, security | SECURITY_RESTRICTED_OPERATION);
	access_set_for_now("search_path", ACCESS_SEARCH_PATH);
	/* then the server refuses a query that a policy would apply to, wherever in it */
	if (all_rows || reader != caller)
		access_set_for_now("row_security", "off");
}

/* A cursor of the session that is kept away from what is read. */
typedef struct AccessCursor
{
	Portal		portal;
	PortalStatus status;
} AccessCursor;

/*
 * access_hold_cursors() -
 *
 *	Make the open cursors of the session look as if they ran, and unseen; they are
 *	returned for access_release_cursors(), in the current memory context.
 */
static pg_noinline List *
access_hold_cursors(void)
{
	MemoryContext context = CurrentMemoryContext;
	List	   *held = NIL;

	SPI_connect();
	if (SPI_execute("SELECT name FROM pg_catalog.pg_cursor()", true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed for the cursors of the session");
	MemoryContextSwitchTo(context);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char	   *name = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
		Portal		portal = name ? GetPortalByName(name) : NULL;
		AccessCursor *cursor;

		if (!PortalIsValid(portal) || (portal->status != PORTAL_READY && portal->status != PORTAL_DEFINED))
			continue;
		cursor = palloc(sizeof(AccessCursor));
		cursor->portal = portal;
		cursor->status = portal->status;
		portal->status = PORTAL_ACTIVE;
		portal->visible = false;
		held = lappend(held, cursor);
	}
	SPI_finish();
	return held;
}

/* Give the cursors back to the session, as they were. */
static void
access_release_cursors(List *held)
{
	ListCell   *cell;

	foreach(cell, held)
	{
		AccessCursor *cursor = lfirst(cell);

		cursor->portal->status = cursor->status;
		cursor->portal->visible = true;
	}
}

/* Whether a function is written in C and of the library dblink, whatever it was named. */
static bool
access_is_dblink(Oid function)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		is_dblink = false;

	if (HeapTupleIsValid(tuple) && ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId)
	{
		bool		null;
		Datum		library = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_probin, &null);

		if (!null)
		{
			char	   *path = TextDatumGetCString(library);
			char	   *file = last_dir_separator(path);

			file = file ? file + 1 : path;
			is_dblink = strcmp(file, "dblink") == 0 || strcmp(file, "dblink" DLSUFFIX) == 0;
			pfree(path);
		}
	}
	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return is_dblink;
}

/*
 * access_hook() -
 *
 *	What the executor asks before it calls a function, and the planner when it does so
 *	early: 42501 for one of dblink while a source is read, unless by a superuser.
 */
static void
access_hook(ObjectAccessType access, Oid class, Oid object, int column, void *argument)
{
	if (access_next_hook)
		access_next_hook(access, class, object, column, argument);
	if (access_reading && access == OAT_FUNCTION_EXECUTE && !superuser() && access_is_dblink(object))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("function %s of dblink is refused while a KPI's source is read", get_func_name(object)),
				 errdetail("It could use connections that the session has open, with the rights of whoever opened them."),
				 errhint("Let the source read a foreign table, or what was fetched into a table before.")));
}

/* Have the hook ask, until access_reading is as it was. */
static void
access_begin_reading(void)
{
	static bool hooked;

	if (!hooked)
	{
		access_next_hook = object_access_hook;
		object_access_hook = access_hook;
		hooked = true;
	}
	access_reading = true;
}

static void
access_roll_back(MemoryContext context, ResourceOwner owner)
{
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
}

/*
 * kpi_access_read() -
 *
 *	Call read(argument) as whom the relation is to be read, in a subtransaction that
 *	is rolled back.  What it allocates in a context of the caller's is the caller's.
 *	An error of it is thrown on, with the session as it was.
 */
void
kpi_access_read(Relation rel, bool all_rows, void (*read) (void *), void *argument)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	List	   *cursors = access_hold_cursors();
	bool		reading = access_reading;

	PG_TRY();
	{
		BeginInternalSubTransaction(NULL);
	}
	PG_CATCH();
	{
		access_release_cursors(cursors);
		PG_RE_THROW();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		access_give_up_rights(rel, all_rows);
		access_begin_reading();
		read(argument);
	}
	PG_CATCH();
	{
		access_reading = reading;
		/* without a copy of the error, for which there may be no memory: else the caller would stay inside the subtransaction */
		access_release_cursors(cursors);
		access_roll_back(context, owner);
		PG_RE_THROW();
	}
	PG_END_TRY();
	access_reading = reading;
	access_release_cursors(cursors);
	access_roll_back(context, owner);
}
