/*
 * refuse.c
 *		Errors for functions in SQL; DROP EXTENSION while the scorecard has rows.
 *
 *		The tables belong to the extension, so the server drops them with it and asks
 *		nobody.  The event trigger refuses that, as the server does where an object of
 *		the user's depends on what is dropped, and for the same word: CASCADE.
 */
#include "core/form/words.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* what pg_restore --clean can be given, which can't say CASCADE */
#define REFUSE_SETTING "kpi.drop_scorecard"

static const char *const refuse_table_names[] = {"kpi_definition", "kpi_goal", "kpi_reading", "kpi_alert"};

/*
 * refuse_with() -
 *
 *	An error with the message, and the hint if there is one, that a function in SQL
 *	calls us with.
 */
static pg_noinline Datum
refuse_with(FunctionCallInfo fcinfo, int sqlstate)
{
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("%s", PG_ARGISNULL(0) ? "invalid parameter" : text_to_cstring(PG_GETARG_TEXT_PP(0))),
			 PG_ARGISNULL(1) ? 0 : errhint("%s", text_to_cstring(PG_GETARG_TEXT_PP(1)))));
	PG_RETURN_NULL();
}

/* kpi_refuse(message, hint) */
PG_FUNCTION_INFO_V1(kpi_refuse);
Datum
kpi_refuse(PG_FUNCTION_ARGS)
{
	return refuse_with(fcinfo, ERRCODE_INVALID_PARAMETER_VALUE);
}

/*
 * kpi_refuse_word() - kpi_refuse_word(message, given, known)
 *
 *	An error (22023) with the message and a hint that names the known words, those first
 *	that are most like what was given; NULL for NULL.
 */
PG_FUNCTION_INFO_V1(kpi_refuse_word);
Datum
kpi_refuse_word(PG_FUNCTION_ARGS)
{
	Datum	   *words;
	int			n;
	const char **known;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT, &words, NULL, &n);
	known = palloc(n * sizeof(char *));
	for (int i = 0; i < n; i++)
		known[i] = TextDatumGetCString(words[i]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s", text_to_cstring(PG_GETARG_TEXT_PP(0))),
			 errhint("Use one of: %s.", kpi_words_nearest_first(text_to_cstring(PG_GETARG_TEXT_PP(1)), known, n))));
	PG_RETURN_NULL();
}

/* kpi_refuse_large(message, hint) */
PG_FUNCTION_INFO_V1(kpi_refuse_large);
Datum
kpi_refuse_large(PG_FUNCTION_ARGS)
{
	return refuse_with(fcinfo, ERRCODE_PROGRAM_LIMIT_EXCEEDED);
}

/* The owner of an extension, InvalidOid if it is gone. */
static Oid
refuse_owner_of(Oid extension)
{
	Relation	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	Oid			owner = InvalidOid;

	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(extension));
	scan = systable_beginscan(rel, ExtensionOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return owner;
}

/* Whether a statement without CASCADE, by a caller who may give it, would drop the extension. */
static bool
refuse_drops(Node *statement, Oid extension)
{
	Oid			owner = refuse_owner_of(extension);
	ListCell   *cell;

	if (!has_privs_of_role(GetUserId(), owner))
		return false;
	if (IsA(statement, DropStmt) && ((DropStmt *) statement)->behavior != DROP_CASCADE)
	{
		foreach(cell, ((DropStmt *) statement)->objects)
		{
			if (get_extension_oid(strVal(lfirst(cell)), true) == extension)
				return true;
		}
	}
	if (IsA(statement, DropOwnedStmt) && ((DropOwnedStmt *) statement)->behavior != DROP_CASCADE)
	{
		foreach(cell, ((DropOwnedStmt *) statement)->roles)
		{
			if (get_rolespec_oid(lfirst(cell), true) == owner)
				return true;
		}
	}
	return false;
}

/* Whether a table has a row, and that nobody adds one before it is dropped. */
static bool
refuse_has_rows(Oid relation)
{
	Relation	rel = table_open(relation, AccessExclusiveLock);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	SysScanDesc scan = systable_beginscan(rel, InvalidOid, false, snapshot, 0, NULL);
	bool		found = HeapTupleIsValid(systable_getnext(scan));

	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(rel, NoLock);
	return found;
}

/*
 * kpi_refuse_drop() -
 *
 *	What the event trigger does at the start of DROP EXTENSION and DROP OWNED.  2BP01
 *	where the command would take along a scorecard that has rows, unless with CASCADE or
 *	kpi.drop_scorecard = on; 22023 for another value of that.
 */
PG_FUNCTION_INFO_V1(kpi_refuse_drop);
Datum
kpi_refuse_drop(PG_FUNCTION_ARGS)
{
	Oid			function = fcinfo->flinfo->fn_oid;
	Oid			extension;
	const char *setting;
	bool		allowed = false;
	StringInfoData filled;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("kpi_refuse_drop() is called by the server, as an event trigger")));
	extension = getExtensionOfObject(ProcedureRelationId, function);
	if (!OidIsValid(extension) || !refuse_drops(((EventTriggerData *) fcinfo->context)->parsetree, extension))
		PG_RETURN_NULL();
	setting = GetConfigOption(REFUSE_SETTING, true, false);
	if (setting && setting[0] != '\0' && !parse_bool(setting, &allowed))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for parameter \"%s\": \"%s\"", REFUSE_SETTING, setting),
				 errhint("Use on or off.")));
	if (allowed)
		PG_RETURN_NULL();

	initStringInfo(&filled);
	for (int i = 0; i < (int) lengthof(refuse_table_names); i++)
	{
		Oid			relation = get_relname_relid(refuse_table_names[i], get_func_namespace(function));

		if (OidIsValid(relation) && get_rel_relkind(relation) == RELKIND_RELATION && refuse_has_rows(relation))
			appendStringInfo(&filled, "%s%s", filled.len > 0 ? ", " : "", refuse_table_names[i]);
	}
	if (filled.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop extension %s because its scorecard has rows", get_extension_name(extension)),
				 errdetail("They are in %s.", filled.data),
				 errhint("Make a backup with pg_dump, which keeps them, then use DROP ... CASCADE.")));
	PG_RETURN_NULL();
}
