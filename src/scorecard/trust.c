/*
 * trust.c
 *		What a source may do when it is read with its owner's rights for somebody
 *		who does not have them.
 *
 *		In a SELECT a view's functions run as who reads it; in kpi_measure() they run
 *		as the source's owner.  So for a caller without the owner's rights a source
 *		may only use what gives the same answer, and does the same, for both: built-in
 *		functions and our own that neither change nor ask for rights or the session.
 *		What is not known here is refused.
 *
 *		Functions can also be reached through types: the checks of a domain, a cast
 *		that a polymorphic function looks up when it runs; and through a table of
 *		somebody else, by what the planner computes of its indexes and checks.
 */
#include "scorecard/source.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/transam.h"
#include "access/tupdesc.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_language.h"
#include "catalog/pg_partitioned_table.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_statistic_ext.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/primnodes.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* Volatile or not parallel safe, but the same for everybody. */
static const char *const harmless[] = {"age", "clock_timestamp", "gen_random_uuid", "random", "timeofday"};

/* Answers by the rights, the name or the settings of who asks, or calls what a text names. */
static const char *const personal[] = {"current_setting", "current_user", "getpgusername", "pg_has_role",
	"pg_input_error_info", "pg_input_is_valid", "pg_show_all_settings", "row_security_active", "session_user", "user"};

typedef struct Call
{
	const KpiTrust *trust;
	Node	   *node;
} Call;

static char *
relation_name(Oid relation)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation));
}

static char *
function_name(Oid function)
{
	return psprintf("%s()", quote_qualified_identifier(get_namespace_name(get_func_namespace(function)), get_func_name(function)));
}

static void
refuse(const KpiTrust *trust, const char *what)
{
	char	   *owner = GetUserNameFromId(trust->owner, false);

	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("source %s %s, which would have the rights of role %s",
					relation_name(trust->source), what, quote_identifier(owner)),
			 errhint("Measure it as a member of role %s, or make the source a table or materialized view that holds these rows.",
					 quote_identifier(owner))));
}

static void
refuse_personal(const KpiTrust *trust, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("source %s uses %s: its rows depend on who reads them", relation_name(trust->source), what),
			 errhint("Measure it as a member of role %s, or make the source a view that shows everybody the same rows.",
					 quote_identifier(GetUserNameFromId(trust->owner, false)))));
}

static bool
is_one_of(const char *name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool
is_personal(const char *name)
{
	size_t		length = strlen(name);

	return is_one_of(name, personal, lengthof(personal)) ||
		(strncmp(name, "has_", 4) == 0 && length > 10 && strcmp(name + length - 10, "_privilege") == 0);
}

/* A member of this extension that its owner didn't add to it. */
static bool
is_ours(const KpiTrust *trust, Oid class, Oid object, Oid object_owner)
{
	return OidIsValid(trust->extension) && object_owner == trust->extension_owner &&
		getExtensionOfObject(class, object) == trust->extension;
}

static bool
is_built_in(Oid object)
{
	return object < FirstNormalObjectId;
}

/* Whether no cast or function of a user can belong to a type of the call's arguments. */
static bool
has_plain_arguments(Node *node)
{
	List	   *args;
	ListCell   *cell;

	switch (nodeTag(node))
	{
		case T_FuncExpr:
			args = ((FuncExpr *) node)->args;
			break;
		case T_OpExpr:
			args = ((OpExpr *) node)->args;
			break;
		case T_WindowFunc:
			args = ((WindowFunc *) node)->args;
			break;
		case T_Aggref:
			foreach(cell, ((Aggref *) node)->aggargtypes)
			{
				Oid			type = getBaseType(lfirst_oid(cell));

				if (!is_built_in(type) || type == RECORDOID || type == RECORDARRAYOID)
					return false;
			}
			return true;
		default:
			return false;
	}
	foreach(cell, args)
	{
		Oid			type = getBaseType(exprType(lfirst(cell)));

		if (!is_built_in(type) || type == RECORDOID || type == RECORDARRAYOID)
			return false;
	}
	return true;
}

static bool
is_polymorphic(Form_pg_proc proc)
{
	for (int i = 0; i < proc->pronargs; i++)
	{
		Oid			type = proc->proargtypes.values[i];

		if (IsPolymorphicType(type) || type == ANYOID || type == RECORDOID)
			return true;
	}
	return false;
}

static bool
check_function(Oid function, void *context)
{
	Call	   *call = context;
	const KpiTrust *trust = call->trust;
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc proc;
	const char *name;
	bool		built_in = is_built_in(function);
	bool		allowed;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	name = NameStr(proc->proname);

	if (built_in && is_personal(name))
		refuse_personal(trust, psprintf("%s()", name));
	if (built_in)
		allowed = (proc->provolatile != PROVOLATILE_VOLATILE && proc->proparallel == PROPARALLEL_SAFE) ||
			is_one_of(name, harmless, lengthof(harmless));
	else
		/* one in SQL reads tables with the rights of who runs it, if it is not immutable */
		allowed = is_ours(trust, ProcedureRelationId, function, proc->proowner) &&
			proc->provolatile != PROVOLATILE_VOLATILE && proc->proparallel == PROPARALLEL_SAFE &&
			(proc->prolang != SQLlanguageId || proc->provolatile == PROVOLATILE_IMMUTABLE);

	/* to_json() and the like look up a cast to json, functions in SQL a cast to text */
	if (allowed && built_in && is_polymorphic(proc) && (proc->prolang == SQLlanguageId || strstr(name, "json")))
		allowed = has_plain_arguments(call->node);
	if (!allowed || KPI_FUNCTION_ACLCHECK(function, trust->caller) != ACLCHECK_OK)
		refuse(trust, psprintf("calls function %s", function_name(function)));
	ReleaseSysCache(tuple);
	return false;
}

static void
check_operator(Oid operator, const KpiTrust *trust)
{
	Call		call = {.trust = trust};

	if (OidIsValid(operator))
		check_function(get_opcode(operator), &call);
}

/* A type that values are made of: its input or its checks run. */
static void
check_made_type(Oid type, const KpiTrust *trust)
{
	Oid			element = get_element_type(type);
	HeapTuple	tuple;
	bool		allowed;

	if (OidIsValid(element))
		type = element;
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	allowed = is_built_in(type) || get_typtype(type) == TYPTYPE_ENUM ||
		is_ours(trust, TypeRelationId, type, ((Form_pg_type) GETSTRUCT(tuple))->typowner);
	ReleaseSysCache(tuple);
	if (!allowed)
		refuse(trust, psprintf("makes values of type %s", format_type_be_qualified(type)));
}

static void
check_made_types(List *types, const KpiTrust *trust)
{
	ListCell   *cell;

	foreach(cell, types)
		check_made_type(lfirst_oid(cell), trust);
}

static void
check_user_value(SQLValueFunction *value, const KpiTrust *trust)
{
	switch (value->op)
	{
		case SVFOP_CURRENT_ROLE:
			refuse_personal(trust, "current_role");
			break;
		case SVFOP_CURRENT_USER:
		case SVFOP_USER:
			refuse_personal(trust, "current_user");
			break;
		case SVFOP_SESSION_USER:
			refuse_personal(trust, "session_user");
			break;
		default:
			break;
	}
}

/* 42501 if the node, without what is below it, is one that the source may not have. */
void
kpi_trust_node(Node *node, const KpiTrust *trust)
{
	Call		call = {.trust = trust,.node = node};

	switch (nodeTag(node))
	{
		case T_FuncExpr:
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
		case T_ScalarArrayOpExpr:
		case T_RowCompareExpr:
		case T_Aggref:
		case T_WindowFunc:
			check_functions_in_node(node, check_function, &call);
			break;
		case T_CoerceViaIO:
			check_made_type(((CoerceViaIO *) node)->resulttype, trust);
			break;
		case T_CoerceToDomain:
			check_made_type(((CoerceToDomain *) node)->resulttype, trust);
			break;
		case T_ArrayCoerceExpr:
			check_made_type(((ArrayCoerceExpr *) node)->resulttype, trust);
			break;
		case T_RangeTblFunction:
			check_made_types(((RangeTblFunction *) node)->funccoltypes, trust);
			break;
		case T_TableFunc:
			check_made_types(((TableFunc *) node)->coltypes, trust);
			break;
		case T_SQLValueFunction:
			check_user_value((SQLValueFunction *) node, trust);
			break;
		case T_SortGroupClause:
			check_operator(((SortGroupClause *) node)->eqop, trust);
			check_operator(((SortGroupClause *) node)->sortop, trust);
			break;
		case T_CTECycleClause:
			check_operator(((CTECycleClause *) node)->cycle_mark_neop, trust);
			break;
		case T_Query:
			if (((Query *) node)->rowMarks)
				refuse(trust, "locks rows");
			break;
		case T_TableSampleClause:
			if (!is_built_in(((TableSampleClause *) node)->tsmhandler))
				refuse(trust, psprintf("calls function %s", function_name(((TableSampleClause *) node)->tsmhandler)));
			break;

			/* what only passes on what is below it */
		case T_List:
		case T_RangeTblEntry:
		case T_TargetEntry:
		case T_FromExpr:
		case T_JoinExpr:
		case T_RangeTblRef:
		case T_SetOperationStmt:
		case T_CommonTableExpr:
		case T_CTESearchClause:
		case T_WindowClause:
		case T_GroupingSet:
		case T_GroupingFunc:
		case T_SubLink:
		case T_Var:
		case T_Const:
		case T_Param:
		case T_SubscriptingRef:
		case T_NamedArgExpr:
		case T_BoolExpr:
		case T_FieldSelect:
		case T_RelabelType:
		case T_ConvertRowtypeExpr:
		case T_CollateExpr:
		case T_CaseExpr:
		case T_CaseWhen:
		case T_CaseTestExpr:
		case T_ArrayExpr:
		case T_RowExpr:
		case T_CoalesceExpr:
		case T_MinMaxExpr:
		case T_XmlExpr:
		case T_NullTest:
		case T_BooleanTest:
			break;
		default:
			refuse(trust, psprintf("has an expression of a kind (%d) that is not known to be harmless", (int) nodeTag(node)));
	}
}

static bool
check_tree(Node *node, void *context)
{
	if (node == NULL)
		return false;
	kpi_trust_node(node, context);
	return expression_tree_walker(node, KPI_WALKER(check_tree), context);
}

/* An expression that a catalogue keeps. */
static void
check_stored(int cache, Oid object, AttrNumber attribute, const KpiTrust *trust)
{
	HeapTuple	tuple = SearchSysCache1(cache, ObjectIdGetDatum(object));
	Datum		value;
	bool		is_null;

	if (!HeapTupleIsValid(tuple))
		return;
	value = SysCacheGetAttr(cache, tuple, attribute, &is_null);
	if (!is_null)
		check_tree(stringToNode(TextDatumGetCString(value)), (void *) trust);
	ReleaseSysCache(tuple);
}

/*
 * What the planner computes in advance where it finds constants: functions in the
 * expressions of indexes, checks, statistics and partition keys.  A table's owner
 * could so get the rights of who reads it.  The lock keeps him from adding an index
 * or a check before the source is read.
 */
static void
check_planned(Relation table, const KpiTrust *trust)
{
	TupleConstr *constraints;
	ListCell   *cell;

	LockRelationOid(RelationGetRelid(table), RowExclusiveLock);
	foreach(cell, RelationGetIndexList(table))
	{
		check_stored(INDEXRELID, lfirst_oid(cell), Anum_pg_index_indexprs, trust);
		check_stored(INDEXRELID, lfirst_oid(cell), Anum_pg_index_indpred, trust);
	}
	foreach(cell, RelationGetStatExtList(table))
		check_stored(STATEXTOID, lfirst_oid(cell), Anum_pg_statistic_ext_stxexprs, trust);
	check_stored(PARTRELID, RelationGetRelid(table), Anum_pg_partitioned_table_partexprs, trust);
	constraints = RelationGetDescr(table)->constr;
	for (int i = 0; constraints && i < constraints->num_check; i++)
		check_tree(stringToNode(constraints->check[i].ccbin), (void *) trust);
}

/* 42501 if a table, or one of its parts, is foreign or runs what its owner, another than the source's, wrote. */
void
kpi_trust_relation(Oid relation, bool with_parts, const KpiTrust *trust)
{
	List	   *parts = with_parts && has_subclass(relation) ? find_all_inheritors(relation, AccessShareLock, NULL) : list_make1_oid(relation);
	ListCell   *cell;

	foreach(cell, parts)
	{
		Relation	part = relation_open(lfirst_oid(cell), NoLock);

		CHECK_FOR_INTERRUPTS();
		if (part->rd_rel->relkind == RELKIND_FOREIGN_TABLE)
			refuse(trust, psprintf("reads foreign table %s", relation_name(lfirst_oid(cell))));
		if (!has_privs_of_role(part->rd_rel->relowner, trust->owner))
			check_planned(part, trust);
		relation_close(part, NoLock);
	}
}
