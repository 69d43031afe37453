/*
 * split.c
 *		An aggregate in two halves, as a distributed engine runs it: part_*()
 *		makes a shard's state and puts it out as text or binary, whole_*() reads
 *		such states, combines and finishes them.  For the test only.
 *
 *		The halves are aggregates themselves, to which the aggregate to be split
 *		is an argument.  So the inner functions meet what they meet in Citus
 *		(aggregate_utils.c there): each call has a FmgrInfo of its own, made in
 *		memory that ends with the row, without the expression that it belongs to;
 *		the call's context and collation are those of the outer aggregate; several
 *		arguments come as one record, that has no collation.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(kpi_part_step);
PG_FUNCTION_INFO_V1(kpi_part_text);
PG_FUNCTION_INFO_V1(kpi_part_binary);
PG_FUNCTION_INFO_V1(kpi_whole_text_step);
PG_FUNCTION_INFO_V1(kpi_whole_binary_step);
PG_FUNCTION_INFO_V1(kpi_whole);

typedef struct Split
{
	Oid			transition;		/* functions of the aggregate */
	Oid			combine;
	Oid			final;
	Oid			state;			/* type of its state */
	int16		length;
	bool		byval;
	Datum		value;			/* the state */
	bool		null;
	bool		begun;			/* whether a strict function has its first state */
	TupleDesc	record;			/* of several arguments, else NULL */
} Split;

/*
 * The state before any row.  The aggregate is given as the first argument, and
 * where there was no row, as the constant in the call.
 */
static Split *
split_new(FunctionCallInfo fcinfo, Oid aggregate)
{
	MemoryContext context;
	MemoryContext old;
	HeapTuple	tuple;
	Form_pg_aggregate form;
	Split	   *split;
	Datum		initial;
	bool		none;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "not called by an aggregate");
	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "%u is not an aggregate", aggregate);
	form = (Form_pg_aggregate) GETSTRUCT(tuple);
	if (!OidIsValid(form->aggcombinefn))
		elog(ERROR, "aggregate %u has no combine function", aggregate);
	if (get_typtype(form->aggtranstype) == TYPTYPE_PSEUDO)
		elog(ERROR, "the state of aggregate %u is of a pseudo-type", aggregate);
	if (form->aggfinalextra)
		elog(ERROR, "the final function of aggregate %u takes extra arguments", aggregate);

	old = MemoryContextSwitchTo(context);
	split = palloc0(sizeof(Split));
	split->transition = form->aggtransfn;
	split->combine = form->aggcombinefn;
	split->final = form->aggfinalfn;
	split->state = form->aggtranstype;
	get_typlenbyval(split->state, &split->length, &split->byval);
	initial = SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &none);
	split->null = none;
	split->begun = !none;
	if (!none)
	{
		Oid			in;
		Oid			parameter;

		getTypeInputInfo(split->state, &in, &parameter);
		split->value = OidInputFunctionCall(in, TextDatumGetCString(initial), parameter, -1);
	}
	MemoryContextSwitchTo(old);
	ReleaseSysCache(tuple);
	return split;
}

static Split *
split_of_call(FunctionCallInfo fcinfo)
{
	Aggref	   *call;
	Node	   *constant;

	if (!PG_ARGISNULL(0))
		return (Split *) PG_GETARG_POINTER(0);
	call = AggGetAggref(fcinfo);
	constant = (Node *) linitial_node(TargetEntry, call->args)->expr;
	if (!IsA(constant, Const))
		elog(ERROR, "the aggregate is not a constant");
	return split_new(fcinfo, DatumGetObjectId(((Const *) constant)->constvalue));
}

/* A call of the given function, with as many arguments, and nothing remembered. */
static void
prepare(FunctionCallInfo inner, FmgrInfo *info, Oid function, int arguments, FunctionCallInfo outer)
{
	fmgr_info(function, info);
	InitFunctionCallInfoData(*inner, info, arguments, outer->fncollation, outer->context, outer->resultinfo);
}

static void
set_argument(FunctionCallInfo call, int i, Datum value, bool null)
{
	call->args[i].value = null ? (Datum) 0 : value;
	call->args[i].isnull = null;
}

/*
 * Replaces the state by what a transition or combine function makes of it and
 * the other arguments.  What it returned in another place is copied into the
 * aggregate's memory, as the executor does.
 */
static void
advance(Split *split, FunctionCallInfo inner, FunctionCallInfo outer)
{
	MemoryContext context = NULL;
	MemoryContext old;
	Datum		value;
	bool		same;

	AggCheckCallContext(outer, &context);
	if (inner->flinfo->fn_strict)
	{
		for (int i = 1; i < inner->nargs; i++)
			if (inner->args[i].isnull)
				return;
		if (!split->begun)
		{
			old = MemoryContextSwitchTo(context);
			split->value = datumCopy(inner->args[1].value, split->byval, split->length);
			MemoryContextSwitchTo(old);
			split->begun = true;
			split->null = false;
			return;
		}
		if (split->null)
			return;
	}
	set_argument(inner, 0, split->value, split->null);
	value = FunctionCallInvoke(inner);
	same = split->byval ||
		(!split->null && !inner->isnull && DatumGetPointer(value) == DatumGetPointer(split->value));
	if (!same)
	{
		if (!inner->isnull)
		{
			old = MemoryContextSwitchTo(context);
			value = datumCopy(value, split->byval, split->length);
			MemoryContextSwitchTo(old);
		}
		if (!split->null)
			pfree(DatumGetPointer(split->value));
	}
	split->value = value;
	split->null = inner->isnull;
}

/* The types of the arguments must be the aggregate's, exactly. */
static void
check_arguments(Oid aggregate, int count, const Oid *types)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(aggregate));
	Form_pg_proc form;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "there is no function %u", aggregate);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (form->pronargs != count || memcmp(form->proargtypes.values, types, count * sizeof(Oid)) != 0)
		elog(ERROR, "these are not the arguments of aggregate %u", aggregate);
	ReleaseSysCache(tuple);
}

/* One more row of the shard: (state, aggregate, argument or record of arguments). */
Datum
kpi_part_step(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(inner, FUNC_MAX_ARGS);
	FmgrInfo	info;
	Split	   *split;
	Oid			type;

	if (PG_ARGISNULL(0))
	{
		split = split_new(fcinfo, PG_GETARG_OID(1));
		type = get_fn_expr_argtype(fcinfo->flinfo, 2);
		if (type == RECORDOID)
		{
			HeapTupleHeader record = PG_GETARG_HEAPTUPLEHEADER(2);
			TupleDesc	shared = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(record), HeapTupleHeaderGetTypMod(record));
			Oid			types[FUNC_MAX_ARGS];
			MemoryContext context;
			MemoryContext old;

			AggCheckCallContext(fcinfo, &context);
			old = MemoryContextSwitchTo(context);
			split->record = CreateTupleDescCopy(shared);
			MemoryContextSwitchTo(old);
			ReleaseTupleDesc(shared);
			for (int i = 0; i < split->record->natts; i++)
				types[i] = TupleDescAttr(split->record, i)->atttypid;
			check_arguments(PG_GETARG_OID(1), split->record->natts, types);
		}
		else
			check_arguments(PG_GETARG_OID(1), 1, &type);
	}
	else
		split = (Split *) PG_GETARG_POINTER(0);

	if (split->record)
	{
		HeapTupleHeader header = PG_GETARG_HEAPTUPLEHEADER(2);
		HeapTupleData tuple;
		Datum		values[FUNC_MAX_ARGS];
		bool		nulls[FUNC_MAX_ARGS];

		tuple.t_len = HeapTupleHeaderGetDatumLength(header);
		tuple.t_data = header;
		heap_deform_tuple(&tuple, split->record, values, nulls);
		prepare(inner, &info, split->transition, 1 + split->record->natts, fcinfo);
		for (int i = 0; i < split->record->natts; i++)
			set_argument(inner, 1 + i, values[i], nulls[i]);
	}
	else
	{
		prepare(inner, &info, split->transition, 2, fcinfo);
		set_argument(inner, 1, PG_GETARG_DATUM(2), PG_ARGISNULL(2));
	}
	advance(split, inner, fcinfo);
	PG_RETURN_POINTER(split);
}

/* What the shard sends: the state in its text form. */
Datum
kpi_part_text(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(inner, 1);
	FmgrInfo	info;
	Split	   *split = split_of_call(fcinfo);
	Oid			out;
	bool		varlena;

	if (split->null)
		PG_RETURN_NULL();
	getTypeOutputInfo(split->state, &out, &varlena);
	prepare(inner, &info, out, 1, fcinfo);
	set_argument(inner, 0, split->value, false);
	PG_RETURN_TEXT_P(cstring_to_text(DatumGetCString(FunctionCallInvoke(inner))));
}

/* The same in its binary form. */
Datum
kpi_part_binary(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(inner, 1);
	FmgrInfo	info;
	Split	   *split = split_of_call(fcinfo);
	Oid			send;
	bool		varlena;

	if (split->null)
		PG_RETURN_NULL();
	getTypeBinaryOutputInfo(split->state, &send, &varlena);
	prepare(inner, &info, send, 1, fcinfo);
	set_argument(inner, 0, split->value, false);
	PG_RETURN_DATUM(FunctionCallInvoke(inner));
}

/* One more shard: (state, aggregate, what the shard sent, NULL of the result's type). */
static Datum
whole_step(FunctionCallInfo fcinfo, bool binary)
{
	LOCAL_FCINFO(inner, 3);
	FmgrInfo	info;
	Split	   *split = PG_ARGISNULL(0) ? split_new(fcinfo, PG_GETARG_OID(1)) : (Split *) PG_GETARG_POINTER(0);
	Datum		value = (Datum) 0;
	bool		null = PG_ARGISNULL(2);
	StringInfoData buffer;
	Oid			function;
	Oid			parameter;

	if (binary)
		getTypeBinaryInputInfo(split->state, &function, &parameter);
	else
		getTypeInputInfo(split->state, &function, &parameter);
	prepare(inner, &info, function, 3, fcinfo);
	if (!null || !info.fn_strict)
	{
		if (null)
			value = (Datum) 0;
		else if (binary)
		{
			bytea	   *sent = PG_GETARG_BYTEA_PP(2);

			initStringInfo(&buffer);
			appendBinaryStringInfo(&buffer, VARDATA_ANY(sent), VARSIZE_ANY_EXHDR(sent));
			value = PointerGetDatum(&buffer);
		}
		else
			value = CStringGetDatum(text_to_cstring(PG_GETARG_TEXT_PP(2)));
		set_argument(inner, 0, value, null);
		set_argument(inner, 1, ObjectIdGetDatum(parameter), false);
		set_argument(inner, 2, Int32GetDatum(-1), false);
		value = FunctionCallInvoke(inner);
		null = inner->isnull;
		if (binary && !null && buffer.cursor != buffer.len)
			elog(ERROR, "%d of %d bytes were read", buffer.cursor, buffer.len);
	}
	prepare(inner, &info, split->combine, 2, fcinfo);
	set_argument(inner, 1, value, null);
	advance(split, inner, fcinfo);
	PG_RETURN_POINTER(split);
}

Datum
kpi_whole_text_step(PG_FUNCTION_ARGS)
{
	return whole_step(fcinfo, false);
}

Datum
kpi_whole_binary_step(PG_FUNCTION_ARGS)
{
	return whole_step(fcinfo, true);
}

/* The result. */
Datum
kpi_whole(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(inner, 1);
	FmgrInfo	info;
	Split	   *split = split_of_call(fcinfo);
	Oid			result = OidIsValid(split->final) ? get_func_rettype(split->final) : split->state;
	Datum		value = split->value;

	/* the type of the NULL is what the outer aggregate promises to return */
	if (exprType((Node *) lthird_node(TargetEntry, AggGetAggref(fcinfo)->args)->expr) != result)
		elog(ERROR, "the result is of type %u", result);
	if (!OidIsValid(split->final))
	{
		fcinfo->isnull = split->null;
		return value;
	}
	prepare(inner, &info, split->final, 1, fcinfo);
	if (info.fn_strict && split->null)
		PG_RETURN_NULL();
	set_argument(inner, 0, value, split->null);
	value = FunctionCallInvoke(inner);
	fcinfo->isnull = inner->isnull;
	return value;
}
