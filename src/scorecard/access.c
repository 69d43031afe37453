/*
 * access.c
 *		Who may have a source measured.
 *
 *		A source is read with its owner's rights, so the caller must be able to read
 *		it anyway: SELECT on it, USAGE of its schema (checked when its name is looked
 *		up), and the same below views that read with the rights of who runs the query.
 *		Row-level security anywhere below would show the owner other rows than the
 *		caller, so it is refused.
 */
#include "scorecard/source.h"

#include "access/table.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

typedef struct Reader
{
	Oid			caller;			/* of kpi_measure() */
	Oid			owner;			/* of the source */
	Oid			view;			/* whose query is walked */
	Oid			view_owner;		/* with whose rights it reads, InvalidOid for those of who runs the query */
} Reader;

static void check_relation(Oid relation, Oid view_owner, const Reader *reader);

static bool
check_query(Node *node, void *context)
{
	Reader	   *reader = context;

	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *rte = (RangeTblEntry *) node;

		/* before 16 a view's query lists the view itself, for its rules */
		if (rte->rtekind == RTE_RELATION && rte->relid != reader->view)
			check_relation(rte->relid, reader->view_owner, reader);
		return false;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, check_query, context, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, check_query, context);
}

static void
check_policies(Oid relation, Oid user)
{
	if (check_enable_rls(relation, user, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security of %s applies: its rows depend on who reads them",
						quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation)))));
}

/* A relation that is read with the rights of view_owner, or else of who runs the query. */
static void
check_relation(Oid relation, Oid view_owner, const Reader *reader)
{
	Relation	rel;
	Reader		below = *reader;

	check_stack_depth();
	if (OidIsValid(view_owner))
		/* what a view's owner may read is checked when the view is read */
		check_policies(relation, view_owner);
	else
	{
		if (pg_class_aclcheck(relation, reader->caller, ACL_SELECT) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(get_rel_relkind(relation)), get_rel_name(relation));
		check_policies(relation, reader->caller);
		check_policies(relation, reader->owner);
	}

	if (get_rel_relkind(relation) != RELKIND_VIEW)
		return;
	rel = table_open(relation, AccessShareLock);
	below.view = relation;
	below.view_owner = RelationHasSecurityInvoker(rel) ? InvalidOid : rel->rd_rel->relowner;
	check_query((Node *) get_view_query(rel), &below);
	table_close(rel, NoLock);
}

/* 42501 unless the caller may have this locked source read with its owner's rights. */
void
kpi_source_check_access(Oid relation, Oid caller, Oid owner)
{
	Reader		reader = {.caller = caller, .owner = owner};

	check_relation(relation, InvalidOid, &reader);
}
