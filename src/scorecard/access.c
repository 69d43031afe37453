/*
 * access.c
 *		Who may have a source measured.
 *
 *		A source is read with its owner's rights, so the caller must be able to read
 *		it anyway: SELECT on it, USAGE of its schema (checked when its name is looked
 *		up), and the same below views that run with the rights of who calls them.
 *		Row-level security anywhere below would show the owner other rows than the
 *		caller, so it is refused.
 */
#include "scorecard/source.h"

#include "access/table.h"
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
	Oid			caller;			/* who would read the relation if the caller read the source */
	Oid			owner;			/* who reads it when the source's owner does */
	Oid			view;			/* whose query is walked */
} Reader;

static void check_relation(Oid relation, const Reader *reader);

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
			check_relation(rte->relid, reader);
		return false;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, check_query, context, QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, check_query, context);
}

static void
check_relation(Oid relation, const Reader *reader)
{
	Relation	rel;

	check_stack_depth();
	/* what a view's owner may read is checked when the view is read */
	if (reader->caller != reader->owner &&
		pg_class_aclcheck(relation, reader->caller, ACL_SELECT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(get_rel_relkind(relation)), get_rel_name(relation));
	if (check_enable_rls(relation, reader->caller, true) == RLS_ENABLED ||
		check_enable_rls(relation, reader->owner, true) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("row-level security of %s applies: its rows depend on who reads them",
						quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation)))));

	if (get_rel_relkind(relation) != RELKIND_VIEW)
		return;
	rel = table_open(relation, AccessShareLock);
	{
		Oid			view_owner = rel->rd_rel->relowner;
		bool		invoker = RelationHasSecurityInvoker(rel);
		Reader		below = {
			.caller = invoker ? reader->caller : view_owner,
			.owner = invoker ? reader->owner : view_owner,
			.view = relation
		};

		check_query((Node *) get_view_query(rel), &below);
	}
	table_close(rel, NoLock);
}

/* 42501 unless the caller may have this locked source read with its owner's rights. */
void
kpi_source_check_access(Oid relation, Oid caller, Oid owner)
{
	Reader		reader = {.caller = caller, .owner = owner, .view = InvalidOid};

	if (pg_class_aclcheck(relation, caller, ACL_SELECT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(get_rel_relkind(relation)), get_rel_name(relation));
	check_relation(relation, &reader);
}
