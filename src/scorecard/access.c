/*
 * access.c
 *		Who may have a source measured.
 *
 *		A source is read with its owner's rights, so the caller must be able to read
 *		it anyway: USAGE of its schema, SELECT on it, and the same below views that
 *		read with the rights of who runs the query.  Row-level security anywhere below
 *		would show the owner other rows than the caller, so it is refused.  A caller
 *		without the owner's rights gets no more from them than a SELECT would give:
 *		see trust.c.
 *
 *		Everything that is looked at stays locked to the end of the transaction.
 */
#include "scorecard/source.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/dependency.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/syscache.h"

typedef struct Reader
{
	Oid			caller;			/* of kpi_measure() */
	Oid			owner;			/* of the source */
	Oid			view;			/* whose query is walked */
	Oid			view_owner;		/* with whose rights it reads, InvalidOid for those of who runs the query */
	const KpiTrust *trust;		/* NULL for a caller with the owner's rights */
} Reader;

static void check_relation(Oid relation, bool with_parts, Oid view_owner, const Reader *reader);

static bool
check_query(Node *node, void *context)
{
	Reader	   *reader = context;

	if (node == NULL)
		return false;
	if (reader->trust)
		kpi_trust_node(node, reader->trust);
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *rte = (RangeTblEntry *) node;

		/* before 16 a view's query lists the view itself, for its rules */
		if (rte->rtekind == RTE_RELATION && rte->relid != reader->view)
			check_relation(rte->relid, rte->inh, reader->view_owner, reader);
		return false;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, KPI_WALKER(check_query), context, QTW_EXAMINE_RTES_BEFORE | QTW_EXAMINE_SORTGROUP);
	return expression_tree_walker(node, KPI_WALKER(check_query), context);
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
check_relation(Oid relation, bool with_parts, Oid view_owner, const Reader *reader)
{
	Relation	rel;
	Reader		below = *reader;

	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	rel = relation_open(relation, AccessShareLock);
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

	if (rel->rd_rel->relkind == RELKIND_VIEW)
	{
		below.view = relation;
		below.view_owner = RelationHasSecurityInvoker(rel) ? InvalidOid : rel->rd_rel->relowner;
		check_query((Node *) get_view_query(rel), &below);
	}
	else if (reader->trust)
		kpi_trust_relation(relation, with_parts, reader->trust);
	relation_close(rel, NoLock);
}

void
kpi_source_check_access(Relation source, Oid caller, Oid function)
{
	Oid			owner = source->rd_rel->relowner;
	Reader		reader = {.caller = caller,.owner = owner};
	KpiTrust	trust = {.source = RelationGetRelid(source),.owner = owner,.caller = caller};

	if (KPI_SCHEMA_ACLCHECK(RelationGetNamespace(source), caller) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, get_namespace_name(RelationGetNamespace(source)));

	if (!has_privs_of_role(caller, owner))
	{
		HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));

		trust.extension = getExtensionOfObject(ProcedureRelationId, function);
		if (!HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for function %u", function);
		trust.extension_owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
		ReleaseSysCache(tuple);
		reader.trust = &trust;
	}
	check_relation(RelationGetRelid(source), true, InvalidOid, &reader);
}
