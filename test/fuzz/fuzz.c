/*
 * fuzz.c
 *		Coverage-guided fuzzing of every in and recv function, inside a real
 *		backend: libFuzzer is linked into the module and called by the function
 *		kpi_fuzz(), so nothing of the server is imitated.
 *
 *		An input is one byte, twice the number of the type plus 1 for the binary
 *		form, and then the text or binary form.  It is refused with one of the
 *		documented SQLSTATEs, or it is a value: then its text and binary forms
 *		read back as the same bytes, and some of the functions that take the
 *		type, chosen by the input, are called with it.  What else happens is a
 *		finding; so is memory that inputs leave in the server's contexts.
 *
 *		While a form is read or written, palloc() in our code is malloc() (the
 *		linker's --wrap), so that AddressSanitizer knows where each chunk ends;
 *		inside the server's blocks it can't.  All of it is freed after the input.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

extern int	LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one_input) (const uint8_t *, size_t));

typedef struct FuzzType
{
	char	   *name;
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
static uint64 refused,
			accepted,
			called;
static Size held;				/* in memory contexts, when last looked */
static int	calls;				/* of other functions with each value */
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
 * Runs one of three steps of an input, in a subtransaction.  Returns 0, or the
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
	guarding = step < 2;
	PG_TRY();
	{
		if (step == 0)
			*value = read_input(type, binary, data, length);
		else if (step == 1)
			*message = check_forms(type, *value);
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
		finding(type, "memory is left behind",
				psprintf("%zu bytes after %llu inputs, %zu before", (size_t) held, (unsigned long long) (refused + accepted), (size_t) first));
}

static int
one_input(const uint8_t *data, size_t size)
{
	FuzzType   *type;
	bool		binary;
	Datum		value;
	char	   *message = NULL;
	int			sqlstate;

	if (size == 0)
		return -1;
	binary = data[0] & 1;
	type = &types[data[0] / 2 % ntypes];
	/* what isn't valid UTF-8 never gets to an in function */
	if (!binary && !pg_verifymbstr((const char *) data + 1, size - 1, true))
		return -1;

	if ((sqlstate = attempt(type, 0, binary, data + 1, size - 1, &value, &message)) != 0)
	{
		refused++;
		if (!may_refuse(binary, sqlstate))
			finding(type, "refused with a SQLSTATE that isn't documented", message);
	}
	else
	{
		accepted++;
		if (attempt(type, 1, binary, NULL, 0, &value, &message) != 0)
			finding(type, "a value that fails to print or read back", message);
		for (int n = 0; n < calls && type->ncalls > 0; n++)
		{
			int			i = hash_bytes_extended(data, size, n) % type->ncalls;
			char	   *text = message;
			char	   *error;

			called++;
			sqlstate = attempt(type, 2, binary, NULL, i, &value, &error);
			if (sqlstate != 0 && !may_fail(sqlstate))
				finding(type, psprintf("%s, $1 = %s", type->queries[i], text), error);
		}
	}

	while (nchunks > 0)
		free(chunks[--nchunks]);
	MemoryContextReset(input_context);
	if ((refused + accepted) % 16384 == 0)
		check_memory(type);
	return 0;
}

/* libFuzzer ends with exit(); the server's own exit handlers expect another end. */
static void
leave(void)
{
	fprintf(stderr, "%llu refused, %llu accepted, %llu calls of other functions, %zu bytes held at last\n",
			(unsigned long long) refused, (unsigned long long) accepted, (unsigned long long) called, (size_t) held);
	_exit(0);
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

	if (SPI_execute(query, true, 0) != SPI_OK_SELECT || SPI_processed == 0)
		elog(ERROR, "no types");
	table = SPI_tuptable;
	ntypes = SPI_processed;
	types = MemoryContextAllocZero(TopMemoryContext, sizeof(FuzzType) * ntypes);
	for (int i = 0; i < ntypes; i++)
	{
		FuzzType   *type = &types[i];
		bool		isnull;
		Oid			oid = DatumGetObjectId(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull)),
					function;
		bool		varlena;
		Datum	   *queries;

		type->name = MemoryContextStrdup(TopMemoryContext, SPI_getvalue(table->vals[i], table->tupdesc, 2));
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
}

/* kpi_fuzz(query, calls int, options text[]): see prepare(); how many calls with each value; libFuzzer's options */
PG_FUNCTION_INFO_V1(kpi_fuzz);
Datum
kpi_fuzz(PG_FUNCTION_ARGS)
{
	Datum	   *options;
	char	  **argv;
	int			argc;

	calls = PG_GETARG_INT32(1);
	SPI_connect();
	prepare(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT, &options, NULL, &argc);
	argv = palloc0(sizeof(char *) * (argc + 2));
	argv[0] = "kpi_fuzz";
	for (int i = 0; i < argc; i++)
		argv[i + 1] = TextDatumGetCString(options[i]);
	argc++;
	input_context = AllocSetContextCreate(TopMemoryContext, "fuzz input", ALLOCSET_DEFAULT_SIZES);
	atexit(leave);
	LLVMFuzzerRunDriver(&argc, &argv, one_input);
	leave();
	PG_RETURN_VOID();
}
