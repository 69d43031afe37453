/*
 * fuzz.c
 *		Coverage-guided fuzzing of every in and recv function, and of what computes
 *		with the values, inside a real backend: libFuzzer is linked into the module
 *		and called by the function kpi_fuzz(), so nothing of the server is imitated.
 *
 *		An input is one byte, twice the number of the type plus 1 for the binary
 *		form, and then the text or binary form.  With the byte's high bit set there
 *		are two values: the length of the first form (2 bytes, modulo what there is),
 *		then both.  A form is refused with one of the documented SQLSTATEs, or it is
 *		a value: then its text and binary forms read back as the same bytes.
 *
 *		With the values, and with samples of their type, are called, chosen by the
 *		input: a query with a function or aggregate (kpi_test.calls), a function or
 *		operator by itself, and an aggregate step by step: rows and states come in,
 *		rows are taken out again, and the state is read.  Of each, some.  A result
 *		that is a value reads back too; an error is one of data or of a limit.  What
 *		else happens is a finding; so is memory that inputs leave in the server's
 *		contexts.
 *
 *		In all but the queries palloc() in our code is malloc() (the linker's --wrap),
 *		so that AddressSanitizer knows where each chunk ends and whether it is freed;
 *		inside the server's blocks it can't.  All of it is freed after the input.
 *		An aggregate's state that has moved is copied and freed, as the executor does.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/regproc.h"
#include "utils/syscache.h"

extern int	LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one_input) (const uint8_t *, size_t));

/* Values of a type to choose from. */
typedef struct FuzzValues
{
	Oid			type;
	Datum	   *value;
	int			n;
} FuzzValues;

#define MOST_ARGUMENTS 8

typedef struct FuzzFunction
{
	char	   *name;
	FmgrInfo	info;
	FmgrInfo	live;			/* of one query, as it were: what it remembers ends with the input */
	int			nargs;
	FuzzValues *argument[MOST_ARGUMENTS];
	struct FuzzType *result;	/* where it is one of ours */
} FuzzFunction;

typedef struct FuzzAggregate
{
	char	   *name;
	struct FuzzType *state;
	bool		window;			/* of moving frames */
	bool		null;			/* before any row */
	Datum		first;
	FuzzFunction *step,
			   *back,			/* or NULL */
			   *combine,		/* or NULL */
			   *final;			/* or NULL */
} FuzzAggregate;

typedef struct FuzzType
{
	char	   *name;
	FuzzValues *values;
	FuzzFunction **functions;
	int			nfunctions;
	FuzzAggregate **aggregates;
	int			naggregates;
	FmgrInfo	in,
				out,
				recv,
				send;
	Oid			ioparam;
	SPIPlanPtr *calls;			/* queries with the value as $1 */
	char	  **queries;
	int			ncalls;
} FuzzType;

static FuzzType *types;
static int	ntypes;
static uint64 inputs,
			refused,
			accepted,
			called,
			computed;
static Size held;				/* in memory contexts, when last looked */
static int	calls;				/* queries with each value */
static int	computations;		/* functions and aggregates with each value */
static FuzzValues **pools;
static int	npools;
static MemoryContext input_context;

/* chunks of the present input, the newest last */
static bool guarding;
static void **chunks;
static int	nchunks,
			room;

extern void *__real_palloc(Size size);
extern void *__real_palloc0(Size size);
extern void *__real_palloc_extended(Size size, int flags);
extern void *__real_repalloc(void *chunk, Size size);
extern void *__real_repalloc_huge(void *chunk, Size size);
extern void *__real_MemoryContextAllocHuge(MemoryContext context, Size size);
extern void *__real_MemoryContextAllocExtended(MemoryContext context, Size size, int flags);
extern void __real_pfree(void *chunk);

static void *
guarded(Size size)
{
	if (nchunks == room)
		chunks = realloc(chunks, sizeof(void *) * (room = room * 2 + 1024));
	return chunks[nchunks++] = malloc(size);
}

static bool
guards(Size size)
{
	return guarding && CurrentMemoryContext == input_context && AllocSizeIsValid(size);
}

/* The place of a chunk in our list, -1 for one of the server's. */
static int
place_of(void *chunk)
{
	for (int i = nchunks - 1; i >= 0; i--)
		if (chunks[i] == chunk)
			return i;
	return -1;
}

void *
__wrap_palloc(Size size)
{
	return guards(size) ? guarded(size) : __real_palloc(size);
}

void *
__wrap_palloc0(Size size)
{
	return guards(size) ? memset(guarded(size), 0, size) : __real_palloc0(size);
}

void *
__wrap_palloc_extended(Size size, int flags)
{
	if (!guards(size))
		return __real_palloc_extended(size, flags);
	return flags & MCXT_ALLOC_ZERO ? memset(guarded(size), 0, size) : guarded(size);
}

void *
__wrap_MemoryContextAllocHuge(MemoryContext context, Size size)
{
	return context == CurrentMemoryContext && guards(size) ? guarded(size) : __real_MemoryContextAllocHuge(context, size);
}

void *
__wrap_MemoryContextAllocExtended(MemoryContext context, Size size, int flags)
{
	if (context != CurrentMemoryContext || !guards(size))
		return __real_MemoryContextAllocExtended(context, size, flags);
	return flags & MCXT_ALLOC_ZERO ? memset(guarded(size), 0, size) : guarded(size);
}

void *
__wrap_repalloc(void *chunk, Size size)
{
	int			i = place_of(chunk);

	return i < 0 ? __real_repalloc(chunk, size) : (chunks[i] = realloc(chunk, size));
}

void *
__wrap_repalloc_huge(void *chunk, Size size)
{
	int			i = place_of(chunk);

	return i < 0 ? __real_repalloc_huge(chunk, size) : (chunks[i] = realloc(chunk, size));
}

void
__wrap_pfree(void *chunk)
{
	int			i = place_of(chunk);

	if (i < 0)
		__real_pfree(chunk);
	else
	{
		free(chunk);
		chunks[i] = chunks[--nchunks];
	}
}

/* libFuzzer keeps the input of what aborts. */
static void
finding(const FuzzType *type, const char *what, const char *more)
{
	fprintf(stderr, "FINDING: %s: %s: %s\n", type->name, what, more);
	abort();
}

static void
same(const FuzzType *type, Datum one, Datum two, const char *what, const char *text)
{
	Size		size = VARSIZE_ANY(DatumGetPointer(one));

	if (size != VARSIZE_ANY(DatumGetPointer(two)) ||
		memcmp(DatumGetPointer(one), DatumGetPointer(two), size) != 0)
		finding(type, what, text);
}

static Datum
receive(FuzzType *type, const void *data, int length)
{
	StringInfoData buf;

	/* exactly as long as it is: nothing may be read after its end */
	buf.data = guarded(length);
	memcpy(buf.data, data, length);
	buf.len = buf.maxlen = length;
	buf.cursor = 0;
	return ReceiveFunctionCall(&type->recv, &buf, type->ioparam, -1);
}

static Datum
read_text(FuzzType *type, const char *data, int length)
{
	char	   *text = guarded(length + 1);

	memcpy(text, data, length);
	text[length] = '\0';
	return InputFunctionCall(&type->in, text, type->ioparam, -1);
}

/* Reads the input; an error from here is a refusal. */
static Datum
read_input(FuzzType *type, bool binary, const uint8_t *data, int length)
{
	return binary ? receive(type, data, length) : read_text(type, (const char *) data, length);
}

/* What holds for every value; an error from here is a finding. */
static char *
check_forms(FuzzType *type, Datum value)
{
	char	   *text = OutputFunctionCall(&type->out, value);
	bytea	   *sent;

	if (!pg_verifymbstr(text, strlen(text), true))
		finding(type, "prints as invalid UTF-8", text);
	same(type, value, read_text(type, text, strlen(text)), "text form does not read back", text);
	sent = SendFunctionCall(&type->send, value);
	same(type, value, receive(type, VARDATA(sent), VARSIZE(sent) - VARHDRSZ), "binary form does not read back", text);
	return text;
}

/*
 * Computing with values.
 */

/* The input's own numbers. */
static uint64 dice_state;

static uint64
dice(uint64 n)
{
	dice_state = hash_bytes_extended((unsigned char *) &dice_state, sizeof(dice_state), 1);
	return dice_state % n;
}

/* Of the input's type mostly one of its values. */
static Datum
choose(const FuzzValues *values, const FuzzType *type, const Datum *own, bool *null)
{
	*null = dice(16) == 0;
	if (values == type->values && dice(4) > 0)
		return own[dice(2)];
	return values->value[dice(values->n)];
}

static Datum
call(FuzzFunction *function, Node *context, const Datum *argument, const bool *nulls, bool *null)
{
	LOCAL_FCINFO(fcinfo, MOST_ARGUMENTS);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, &function->live, function->nargs, DEFAULT_COLLATION_OID, context, NULL);
	*null = function->info.fn_strict;
	for (int i = 0; i < function->nargs && *null; i++)
		if (nulls[i])
			return (Datum) 0;
	for (int i = 0; i < function->nargs; i++)
	{
		fcinfo->args[i].value = nulls[i] ? (Datum) 0 : argument[i];
		fcinfo->args[i].isnull = nulls[i];
	}
	result = FunctionCallInvoke(fcinfo);
	*null = fcinfo->isnull;
	return result;
}

static void
refresh(FuzzFunction *function)
{
	if (function)
		fmgr_info_copy(&function->live, &function->info, input_context);
}

static void
compute_function(FuzzType *type, const Datum *own)
{
	FuzzFunction *function = type->functions[dice(type->nfunctions)];
	Datum		argument[MOST_ARGUMENTS];
	bool		nulls[MOST_ARGUMENTS];
	bool		null;
	Datum		result;

	refresh(function);
	for (int i = 0; i < function->nargs; i++)
		argument[i] = choose(function->argument[i], type, own, &nulls[i]);
	result = call(function, NULL, argument, nulls, &null);
	if (function->result && !null)
		check_forms(function->result, result);
}

/* The state after a call: in a chunk of its own, as the executor has it.  False when the call did not happen. */
static bool
advance(FuzzFunction *function, Node *context, Datum *argument, bool *nulls)
{
	Datum		result;
	bool		null;

	if (function->info.fn_strict)
		for (int i = 0; i < function->nargs; i++)
			if (nulls[i])
				return false;
	result = call(function, context, argument, nulls, &null);
	if (null || nulls[0] || DatumGetPointer(result) != DatumGetPointer(argument[0]))
	{
		void	   *copy = NULL;

		if (!null)
		{
			copy = guarded(VARSIZE_ANY(DatumGetPointer(result)));
			memcpy(copy, DatumGetPointer(result), VARSIZE_ANY(DatumGetPointer(result)));
		}
		if (!nulls[0])
			pfree(DatumGetPointer(argument[0]));
		argument[0] = PointerGetDatum(copy);
		nulls[0] = null;
	}
	return true;
}

static void
compute_aggregate(FuzzType *type, const Datum *own)
{
	static AggState agg = {.ss.ps.type = T_AggState};
	static WindowAggState window = {.ss.ps.type = T_WindowAggState};
	FuzzAggregate *aggregate = type->aggregates[dice(type->naggregates)];
	FuzzFunction *step = aggregate->step;
	Node	   *context = aggregate->window ? (Node *) &window : (Node *) &agg;
	Datum		argument[MOST_ARGUMENTS];
	bool		nulls[MOST_ARGUMENTS];
	Datum		row[MOST_ARGUMENTS];	/* one that may be taken out */
	bool		row_nulls[MOST_ARGUMENTS];
	bool		has_row = false;
	bool		other_null;
	bool		same[MOST_ARGUMENTS];	/* parameters, mostly, are the same in every row */
	int			steps = 1 + dice(12);

	refresh(step);
	refresh(aggregate->back);
	refresh(aggregate->combine);
	refresh(aggregate->final);
	/* an aggregate may begin with any value */
	nulls[0] = aggregate->null;
	argument[0] = aggregate->first;
	if (dice(3) == 0)
		argument[0] = choose(aggregate->state->values, type, own, &nulls[0]);
	if (!nulls[0])
	{
		void	   *copy = guarded(VARSIZE_ANY(DatumGetPointer(argument[0])));

		memcpy(copy, DatumGetPointer(argument[0]), VARSIZE_ANY(DatumGetPointer(argument[0])));
		argument[0] = PointerGetDatum(copy);
	}
	for (int i = 1; i < step->nargs; i++)
	{
		same[i] = dice(2) == 0;
		argument[i] = choose(step->argument[i], type, own, &nulls[i]);
	}
	while (steps-- > 0)
	{
		Datum		two[2] = {argument[0], choose(aggregate->state->values, type, own, &other_null)};
		bool		two_nulls[2] = {nulls[0], other_null};

		switch (dice(4))
		{
			case 0:
				if (aggregate->combine == NULL)
					break;
				advance(aggregate->combine, context, two, two_nulls);
				argument[0] = two[0];
				nulls[0] = two_nulls[0];
				break;
			case 1:
				if (aggregate->back == NULL || !has_row)
					break;
				row[0] = argument[0];
				row_nulls[0] = nulls[0];
				advance(aggregate->back, context, row, row_nulls);
				argument[0] = row[0];
				nulls[0] = row_nulls[0];
				has_row = false;
				/* what can't be undone is computed afresh */
				if (nulls[0])
					return;
				break;
			default:
				for (int i = 1; i < step->nargs; i++)
					if (!same[i])
						argument[i] = choose(step->argument[i], type, own, &nulls[i]);
				if (advance(step, context, argument, nulls) && dice(2) == 0)
				{
					memcpy(row, argument, sizeof(row));
					memcpy(row_nulls, nulls, sizeof(row_nulls));
					has_row = true;
				}
		}
	}
	if (!nulls[0])
	{
		/* what a worker sends, and what a user's aggregate without a final function returns */
		char	   *text = OutputFunctionCall(&aggregate->state->out, argument[0]);
		char	   *again = OutputFunctionCall(&aggregate->state->out, read_text(aggregate->state, text, strlen(text)));

		if (strcmp(text, again) != 0)
			finding(aggregate->state, aggregate->name, psprintf("%s reads back as %s", text, again));
	}
	if (aggregate->final == NULL && !aggregate->window && !nulls[0])
		check_forms(aggregate->state, argument[0]);
	else if (aggregate->final)
	{
		Datum		result = call(aggregate->final, context, argument, nulls, &other_null);

		if (aggregate->final->result && !other_null)
			check_forms(aggregate->final->result, result);
	}
}

/*
 * Runs one of the steps of an input, in a subtransaction.  Returns 0, or the
 * SQLSTATE of an error, whose message is then in *message.
 */
static int
attempt(FuzzType *type, int step, bool binary, const uint8_t *data, int length, Datum *value, char **message)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile int sqlstate = 0;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(input_context);
	guarding = step != 2;
	PG_TRY();
	{
		if (step == 0)
			*value = read_input(type, binary, data, length);
		else if (step == 1)
			*message = check_forms(type, *value);
		else if (step == 3)
			compute_function(type, value);
		else if (step == 4)
			compute_aggregate(type, value);
		else
		{
			SPI_execute_plan(type->calls[length], value, NULL, false, 0);
			SPI_freetuptable(SPI_tuptable);
		}
		guarding = false;
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		guarding = false;
		MemoryContextSwitchTo(input_context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		/* it has left us in the transaction's context */
		MemoryContextSwitchTo(input_context);
		sqlstate = error->sqlerrcode;
		*message = psprintf("%s: %s", unpack_sql_state(sqlstate), error->message);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return sqlstate;
}

static bool
may_refuse(bool binary, int sqlstate)
{
	return binary ? sqlstate == ERRCODE_INVALID_BINARY_REPRESENTATION || sqlstate == ERRCODE_PROTOCOL_VIOLATION
		: sqlstate == ERRCODE_INVALID_TEXT_REPRESENTATION;
}

static bool
may_fail(int sqlstate)
{
	return ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_DATA_EXCEPTION ||
		ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_PROGRAM_LIMIT_EXCEEDED;
}

/*
 * What is left in the server's memory contexts: caches that the first inputs
 * fill, and then nothing more.
 */
static void
check_memory(const FuzzType *type)
{
	static Size first = 0;

	held = MemoryContextMemAllocated(TopMemoryContext, true);
	if (first == 0)
		first = held;
	if (held > first + 8 * 1024 * 1024)
	{
		MemoryContextStats(TopMemoryContext);
		finding(type, "memory is left behind",
				psprintf("%zu bytes after %llu inputs, %zu before", (size_t) held, (unsigned long long) inputs, (size_t) first));
	}
}

/* Reads a form and looks at the value; false when it is refused. */
static bool
accept(FuzzType *type, bool binary, const uint8_t *data, int length, Datum *value, char **text)
{
	int			sqlstate = attempt(type, 0, binary, data, length, value, text);

	if (sqlstate != 0)
	{
		refused++;
		if (!may_refuse(binary, sqlstate))
			finding(type, "refused with a SQLSTATE that isn't documented", *text);
		return false;
	}
	accepted++;
	if (attempt(type, 1, binary, NULL, 0, value, text) != 0)
		finding(type, "a value that fails to print or read back", *text);
	return true;
}

static int
one_input(const uint8_t *data, size_t size)
{
	FuzzType   *type;
	bool		binary;
	bool		good;
	const uint8_t *form = data + 1;
	int			length[2] = {(int) size - 1, 0};
	Datum		value[2];
	char	   *text;
	int			sqlstate;

	if (size == 0)
		return -1;
	binary = data[0] & 1;
	type = &types[(data[0] & 0x7f) / 2 % ntypes];
	if ((data[0] & 0x80) && size > 3)
	{
		form += 2;
		length[0] = (data[1] << 8 | data[2]) % (size - 2);
		length[1] = size - 3 - length[0];
	}
	/* what isn't valid UTF-8 never gets to an in function */
	for (int i = 0; i < 2 && !binary; i++)
		if (!pg_verifymbstr((const char *) form + (i == 0 ? 0 : length[0]), length[i], true))
			return -1;

	dice_state = hash_bytes_extended(data, size, 0);
	good = accept(type, binary, form, length[0], &value[0], &text);
	if (length[1] > 0)
		good = accept(type, binary, form + length[0], length[1], &value[1], &text) && good;
	else
		value[1] = type->values->value[dice(type->values->n)];
	if (good)
	{
		char	   *error;

		for (int n = 0; n < calls && type->ncalls > 0; n++)
		{
			int			i = dice(type->ncalls);

			called++;
			sqlstate = attempt(type, 2, binary, NULL, i, value, &error);
			if (sqlstate != 0 && !may_fail(sqlstate))
				finding(type, psprintf("%s, $1 = %s", type->queries[i], text), error);
		}
		for (int n = 0; n < computations; n++)
		{
			bool		whole = n % 2 == 0 ? type->naggregates > 0 : type->nfunctions == 0;

			if (!whole && type->nfunctions == 0)
				continue;
			computed++;
			sqlstate = attempt(type, whole ? 4 : 3, binary, NULL, 0, value, &error);
			if (sqlstate != 0 && !may_fail(sqlstate))
				finding(type, whole ? "an aggregate step by step" : "a function", psprintf("%s: %s", text, error));
		}
	}

	while (nchunks > 0)
		free(chunks[--nchunks]);
	MemoryContextReset(input_context);
	if (++inputs % 16384 == 0)
		check_memory(type);
	return 0;
}

/* libFuzzer ends with exit(); the server's own exit handlers expect another end. */
static void
leave(void)
{
	fprintf(stderr, "%llu refused, %llu accepted, %llu calls of other functions, %llu computations, %zu bytes held at last\n",
			(unsigned long long) refused, (unsigned long long) accepted, (unsigned long long) called, (unsigned long long) computed, (size_t) held);
	_exit(0);
}

static void *
permanent(Size size)
{
	return MemoryContextAllocZero(TopMemoryContext, size);
}

static SPITupleTable *
select_all(const char *query)
{
	if (SPI_execute(query, true, 0) != SPI_OK_SELECT || SPI_processed == 0)
		elog(ERROR, "no rows: %s", query);
	return SPI_tuptable;
}

static Oid
oid_column(SPITupleTable *table, int row, int column)
{
	bool		isnull;
	Datum		value = SPI_getbinval(table->vals[row], table->tupdesc, column, &isnull);

	return isnull ? InvalidOid : DatumGetObjectId(value);
}

static Datum
read_literal(Oid type, char *literal)
{
	MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
	Oid			function;
	Oid			parameter;
	Datum		value;

	getTypeInputInfo(type, &function, &parameter);
	value = OidInputFunctionCall(function, literal, parameter, -1);
	MemoryContextSwitchTo(caller);
	return value;
}

/* kpi_test.fuzz_pool: values for arguments, as literals. */
static void
prepare_pools(void)
{
	SPITupleTable *table = select_all("SELECT type::oid, literals FROM kpi_test.fuzz_pool");

	npools = SPI_processed;
	pools = permanent(sizeof(FuzzValues *) * npools);
	for (int i = 0; i < npools; i++)
	{
		FuzzValues *values = pools[i] = permanent(sizeof(FuzzValues));
		Datum	   *literals;
		bool		isnull;

		values->type = oid_column(table, i, 1);
		deconstruct_array(DatumGetArrayTypeP(SPI_getbinval(table->vals[i], table->tupdesc, 2, &isnull)),
						  TEXTOID, -1, false, TYPALIGN_INT, &literals, NULL, &values->n);
		values->value = permanent(sizeof(Datum) * values->n);
		for (int j = 0; j < values->n; j++)
			values->value[j] = read_literal(values->type, TextDatumGetCString(literals[j]));
	}
}

static FuzzValues *
pool_of(Oid type)
{
	for (int i = 0; i < npools; i++)
		if (pools[i]->type == type)
			return pools[i];
	elog(ERROR, "there are no values of type %s", format_type_be(type));
}

static FuzzType *
known(Oid type)
{
	for (int i = 0; i < ntypes; i++)
		if (types[i].values->type == type)
			return &types[i];
	return NULL;
}

static FuzzFunction *
prepare_function(Oid oid)
{
	FuzzFunction *function;
	HeapTuple	tuple;
	Form_pg_proc form;

	if (!OidIsValid(oid))
		return NULL;
	function = permanent(sizeof(FuzzFunction));
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
	form = (Form_pg_proc) GETSTRUCT(tuple);
	function->name = MemoryContextStrdup(TopMemoryContext, format_procedure(oid));
	fmgr_info_cxt(oid, &function->info, TopMemoryContext);
	function->nargs = form->pronargs;
	if (function->nargs > MOST_ARGUMENTS)
		elog(ERROR, "%s has too many arguments", function->name);
	for (int i = 0; i < function->nargs; i++)
		function->argument[i] = pool_of(form->proargtypes.values[i]);
	function->result = known(form->prorettype);
	ReleaseSysCache(tuple);
	return function;
}

/* Which of the types are arguments of a function? */
static bool
takes(const FuzzFunction *function, const FuzzType *type)
{
	for (int i = 0; i < function->nargs; i++)
		if (function->argument[i] == type->values)
			return true;
	return false;
}

/* kpi_test.fuzz_function and kpi_test.fuzz_aggregate: what computes with values. */
static void
prepare_computations(void)
{
	SPITupleTable *table = select_all("SELECT function::oid FROM kpi_test.fuzz_function ORDER BY function::text");
	int			n = SPI_processed;

	for (int t = 0; t < ntypes; t++)
	{
		types[t].functions = permanent(sizeof(FuzzFunction *) * n);
		types[t].aggregates = permanent(sizeof(FuzzAggregate *) * 1000);
	}
	for (int i = 0; i < n; i++)
	{
		FuzzFunction *function = prepare_function(oid_column(table, i, 1));

		for (int t = 0; t < ntypes; t++)
			if (takes(function, &types[t]))
				types[t].functions[types[t].nfunctions++] = function;
	}

	table = select_all("SELECT state::oid, step::oid, back::oid, combine::oid, final::oid, name, first, moving FROM kpi_test.fuzz_aggregate ORDER BY name, moving");
	n = SPI_processed;
	if (n > 1000)
		elog(ERROR, "too many aggregates");
	for (int i = 0; i < n; i++)
	{
		FuzzAggregate *aggregate = permanent(sizeof(FuzzAggregate));
		char	   *first = SPI_getvalue(table->vals[i], table->tupdesc, 7);

		aggregate->state = known(oid_column(table, i, 1));
		aggregate->step = prepare_function(oid_column(table, i, 2));
		aggregate->back = prepare_function(oid_column(table, i, 3));
		aggregate->combine = prepare_function(oid_column(table, i, 4));
		aggregate->final = prepare_function(oid_column(table, i, 5));
		aggregate->name = MemoryContextStrdup(TopMemoryContext, SPI_getvalue(table->vals[i], table->tupdesc, 6));
		aggregate->window = *SPI_getvalue(table->vals[i], table->tupdesc, 8) == 't';
		aggregate->null = first == NULL;
		if (first)
			aggregate->first = read_literal(aggregate->state->values->type, first);
		for (int t = 0; t < ntypes; t++)
			if (&types[t] == aggregate->state || takes(aggregate->step, &types[t]))
				types[t].aggregates[types[t].naggregates++] = aggregate;
	}
}

/*
 * The types and the calls of their functions, from a query that returns the
 * type, its name and an array of queries, in the order of the types' numbers.
 */
static void
prepare(const char *query)
{
	MemoryContext caller = CurrentMemoryContext;
	SPITupleTable *table;

	prepare_pools();
	table = select_all(query);
	ntypes = SPI_processed;
	types = permanent(sizeof(FuzzType) * ntypes);
	for (int i = 0; i < ntypes; i++)
	{
		FuzzType   *type = &types[i];
		bool		isnull;
		Oid			oid = DatumGetObjectId(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull)),
					function;
		bool		varlena;
		Datum	   *queries;

		type->name = MemoryContextStrdup(TopMemoryContext, SPI_getvalue(table->vals[i], table->tupdesc, 2));
		type->values = pool_of(oid);
		getTypeInputInfo(oid, &function, &type->ioparam);
		fmgr_info_cxt(function, &type->in, TopMemoryContext);
		getTypeOutputInfo(oid, &function, &varlena);
		fmgr_info_cxt(function, &type->out, TopMemoryContext);
		getTypeBinaryInputInfo(oid, &function, &type->ioparam);
		fmgr_info_cxt(function, &type->recv, TopMemoryContext);
		getTypeBinaryOutputInfo(oid, &function, &varlena);
		fmgr_info_cxt(function, &type->send, TopMemoryContext);

		deconstruct_array(DatumGetArrayTypeP(SPI_getbinval(table->vals[i], table->tupdesc, 3, &isnull)),
						  TEXTOID, -1, false, TYPALIGN_INT, &queries, NULL, &type->ncalls);
		MemoryContextSwitchTo(TopMemoryContext);
		type->calls = palloc(sizeof(SPIPlanPtr) * (type->ncalls + 1));
		type->queries = palloc(sizeof(char *) * (type->ncalls + 1));
		for (int j = 0; j < type->ncalls; j++)
		{
			type->queries[j] = TextDatumGetCString(queries[j]);
			type->calls[j] = SPI_prepare(type->queries[j], 1, &oid);
			if (type->calls[j] == NULL)
				elog(ERROR, "cannot prepare %s", type->queries[j]);
		}
		MemoryContextSwitchTo(caller);
	}
	prepare_computations();
}

/*
 * kpi_fuzz(query, calls int, computations int, options text[]): see prepare(); how many queries, and how many functions
 * and aggregates with each value; libFuzzer's options
 */
PG_FUNCTION_INFO_V1(kpi_fuzz);
Datum
kpi_fuzz(PG_FUNCTION_ARGS)
{
	Datum	   *options;
	char	  **argv;
	int			argc;

	calls = PG_GETARG_INT32(1);
	computations = PG_GETARG_INT32(2);
	SPI_connect();
	prepare(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(3), TEXTOID, -1, false, TYPALIGN_INT, &options, NULL, &argc);
	argv = palloc0(sizeof(char *) * (argc + 2));
	argv[0] = "kpi_fuzz";
	for (int i = 0; i < argc; i++)
		argv[i + 1] = TextDatumGetCString(options[i]);
	argc++;
	input_context = AllocSetContextCreate(TopMemoryContext, "fuzz input", ALLOCSET_DEFAULT_SIZES);
	/* plans are kept: all of them from the beginning, or they would seem to be left behind */
	SetConfigOption("plan_cache_mode", "force_generic_plan", PGC_USERSET, PGC_S_SESSION);
	for (int t = 0; t < ntypes && calls > 0; t++)
		for (int i = 0; i < types[t].ncalls; i++)
		{
			char	   *message;

			attempt(&types[t], 2, false, NULL, i, types[t].values->value, &message);
			MemoryContextReset(input_context);
		}
	atexit(leave);
	LLVMFuzzerRunDriver(&argc, &argv, one_input);
	leave();
	PG_RETURN_VOID();
}
