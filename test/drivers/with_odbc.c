/*
 * with_odbc.c
 *	  psqlODBC: what it makes of the types of kpi, and how it gives them.  Run by test/t/055_odbc.pl, the connection in PG*.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sql.h>
#include <sqlext.h>

#define MAX_PARAMETERS 8
#define TEXT_SIZE 4096

static SQLHENV environment;

/* a row of texts, NULL for NULL */
typedef struct Row
{
	int			n;
	char	   *values[64];
} Row;

static void
complain(SQLSMALLINT kind, SQLHANDLE handle, const char *what)
{
	SQLCHAR		state[6] = "",
				message[1000] = "";
	SQLINTEGER	native;

	SQLGetDiagRec(kind, handle, 1, state, &native, message, sizeof(message), NULL);
	fprintf(stderr, "%s: %s %s\n", what, state, message);
	exit(1);
}

static SQLHDBC
connect_with(const char *options)
{
	SQLHDBC		db;
	SQLCHAR		text[1000];

	snprintf((char *) text, sizeof(text), "Driver={PostgreSQL Unicode};Server=%s;Port=%s;Database=%s;Uid=%s;%s",
			 getenv("PGHOST"), getenv("PGPORT"), getenv("PGDATABASE"), getenv("PGUSER"), options);
	SQLAllocHandle(SQL_HANDLE_DBC, environment, &db);
	if (!SQL_SUCCEEDED(SQLDriverConnect(db, NULL, text, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT)))
		complain(SQL_HANDLE_DBC, db, "connection");
	return db;
}

static SQLHSTMT
statement(SQLHDBC db)
{
	SQLHSTMT	stmt;

	if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, db, &stmt)))
		complain(SQL_HANDLE_DBC, db, "statement");
	return stmt;
}

static void
run(SQLHSTMT stmt, const char *sql)
{
	SQLRETURN	rc = SQLExecDirect(stmt, (SQLCHAR *) sql, SQL_NTS);

	if (!SQL_SUCCEEDED(rc) && rc != SQL_NO_DATA)
		complain(SQL_HANDLE_STMT, stmt, sql);
}

/* A column of the current row as text of any length. */
static char *
column_text(SQLHSTMT stmt, int column)
{
	size_t		size = 64,
				used = 0;
	char	   *text = malloc(size),
			   *larger;
	SQLLEN		length;
	SQLRETURN	rc;

	while ((rc = SQLGetData(stmt, column, SQL_C_CHAR, text + used, size - used, &length)) == SQL_SUCCESS_WITH_INFO)
	{
		used = size - 1;
		size *= 2;
		larger = realloc(text, size);
		if (larger == NULL)
			abort();
		text = larger;
	}
	if (rc != SQL_SUCCESS)
		complain(SQL_HANDLE_STMT, stmt, "value");
	if (length == SQL_NULL_DATA)
	{
		free(text);
		return NULL;
	}
	return text;
}

static bool
fetch(SQLHSTMT stmt, Row *row)
{
	SQLSMALLINT n;
	SQLRETURN	rc = SQLFetch(stmt);

	if (rc == SQL_NO_DATA)
		return false;
	if (!SQL_SUCCEEDED(rc))
		complain(SQL_HANDLE_STMT, stmt, "row");
	SQLNumResultCols(stmt, &n);
	row->n = n;
	for (int i = 0; i < n; i++)
		row->values[i] = column_text(stmt, i + 1);
	return true;
}

static void
print_text(const char *text)
{
	if (text == NULL)
		text = "\\N";
	for (; *text; text++)
	{
		if (*text == '\n')
			fputs("\\n", stdout);
		else
			putchar(*text);
	}
}

static void
check(const char *what, const char *more, const char *got, const char *expected)
{
	bool		same = got && expected ? strcmp(got, expected) == 0 : got == expected;

	printf("%s\t%s%s\tgot %s, expected %s\n", same ? "ok" : "not ok", what, more, got ? got : "NULL", expected ? expected : "NULL");
}

static const char *
type_name(SQLSMALLINT type)
{
	switch (type)
	{
		case SQL_FLOAT:
			return "FLOAT";
		case SQL_NUMERIC:
			return "NUMERIC";
		case SQL_BIGINT:
			return "BIGINT";
		case SQL_INTEGER:
			return "INTEGER";
		case SQL_TYPE_DATE:
			return "DATE";
		case SQL_TYPE_TIME:
			return "TIME";
		case SQL_BIT:
			return "BIT";
			/* which one depends on the program's character set */
		case SQL_VARCHAR:
		case SQL_WVARCHAR:
			return "VARCHAR";
		case SQL_LONGVARCHAR:
		case SQL_WLONGVARCHAR:
			return "LONGVARCHAR";
		default:
			{
				static char number[20];

				snprintf(number, sizeof(number), "%d", type);
				return number;
			}
	}
}

/* All rows of a query into memory, so that the connection is free for others. */
static int
rows_of(SQLHDBC db, const char *sql, Row **rows)
{
	SQLHSTMT	stmt = statement(db);
	int			n = 0;

	*rows = calloc(2000, sizeof(Row));
	run(stmt, sql);
	while (n < 2000 && fetch(stmt, &(*rows)[n]))
		n++;
	SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	return n;
}

static char *
one_value(SQLHDBC db, const char *sql)
{
	Row		   *rows;

	return rows_of(db, sql, &rows) == 1 ? rows[0].values[0] : "not one row";
}

static void
queries(SQLHDBC db)
{
	Row		   *all,
				row;
	int			n = rows_of(db, "SELECT id, sql FROM kpi_test.query ORDER BY id", &all);

	for (int q = 0; q < n; q++)
	{
		SQLHSTMT	stmt = statement(db);
		SQLSMALLINT columns;
		double		numbers[64] = {0};
		SQLLEN		lengths[64] = {0};

		run(stmt, all[q].values[1]);
		SQLNumResultCols(stmt, &columns);
		if (columns > 64)
			abort();
		printf("C\t%s", all[q].values[0]);
		for (int i = 0; i < columns; i++)
		{
			SQLCHAR		name[100];
			SQLULEN		size;
			SQLSMALLINT type,
						digits,
						nullable;

			SQLDescribeCol(stmt, i + 1, name, sizeof(name), NULL, &type, &size, &digits, &nullable);
			printf("\t%s\t%s", name, type_name(type));
			/* what is a number is bound as one, and read as text too */
			lengths[i] = SQL_NULL_DATA;
			if (type == SQL_FLOAT || type == SQL_NUMERIC || type == SQL_BIGINT || type == SQL_INTEGER)
				SQLBindCol(stmt, i + 1, SQL_C_DOUBLE, &numbers[i], 0, &lengths[i]);
		}
		putchar('\n');
		while (fetch(stmt, &row))
		{
			printf("R\t%s", all[q].values[0]);
			for (int i = 0; i < row.n; i++)
			{
				putchar('\t');
				print_text(row.values[i]);
				if (lengths[i] != SQL_NULL_DATA && (row.values[i] == NULL || numbers[i] != strtod(row.values[i], NULL)))
					printf(" is not %.17g", numbers[i]);
			}
			putchar('\n');
		}
		SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	}
}

/* Every sample of every type, inserted as one batch of bound arrays and read back. */
static void
values(SQLHDBC db)
{
	Row		   *types;
	int			n = rows_of(db, "SELECT name FROM kpi_test.base_type ORDER BY 1", &types);

	for (int t = 0; t < n; t++)
	{
		const char *type = types[t].values[0];
		char		sql[1000];
		Row		   *samples,
				   *read;
		int			m,
					k;
		static SQLINTEGER ids[50];
		static char texts[50][TEXT_SIZE];
		SQLLEN		lengths[50];
		SQLHSTMT	stmt = statement(db);

		snprintf(sql, sizeof(sql), "SELECT id, literal FROM kpi_test.value WHERE type = '%s' ORDER BY id", type);
		m = rows_of(db, sql, &samples);
		for (int i = 0; i < m; i++)
		{
			ids[i] = atoi(samples[i].values[0]);
			snprintf(texts[i], TEXT_SIZE, "%s", samples[i].values[1]);
			lengths[i] = SQL_NTS;
		}
		SQLSetStmtAttr(stmt, SQL_ATTR_PARAMSET_SIZE, (SQLPOINTER) (SQLULEN) m, 0);
		SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, ids, 0, NULL);
		SQLBindParameter(stmt, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, TEXT_SIZE, 0, texts, TEXT_SIZE, lengths);
		snprintf(sql, sizeof(sql), "INSERT INTO \"into %s\" (id, v) VALUES (?, ?)", type);
		run(stmt, sql);
		snprintf(sql, sizeof(sql), "SELECT id, v FROM \"into %s\" ORDER BY id", type);
		k = rows_of(db, sql, &read);
		check("batch ", type, k == m ? "all" : "some", "all");
		for (int i = 0; i < k && i < m; i++)
			if (strcmp(read[i].values[1], samples[i].values[1]) != 0)
				check("text ", type, read[i].values[1], samples[i].values[1]);
		SQLFreeHandle(SQL_HANDLE_STMT, stmt);

		/* how a tool sees the column of a table */
		stmt = statement(db);
		snprintf(sql, sizeof(sql), "into %s", type);
		SQLColumns(stmt, NULL, 0, (SQLCHAR *) "public", SQL_NTS, (SQLCHAR *) sql, SQL_NTS, (SQLCHAR *) "v", SQL_NTS);
		if (fetch(stmt, read))
			check("SQLColumns ", type, read->values[5], type);
		else
			check("SQLColumns ", type, NULL, type);
		SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	}
}

/* A parameter of a kind that is named in kpi_test.call. */
static void
bind(SQLHSTMT stmt, int number, const char *kind, const char *given)
{
	static SQLINTEGER integers[MAX_PARAMETERS];
	static double floats[MAX_PARAMETERS];
	static char texts[MAX_PARAMETERS][TEXT_SIZE];
	static SQLLEN lengths[MAX_PARAMETERS];
	bool		null = given == NULL;
	int			i = number - 1;

	lengths[i] = null ? SQL_NULL_DATA : SQL_NTS;
	snprintf(texts[i], TEXT_SIZE, "%s", null ? "" : given);
	if (strcmp(kind, "int") == 0)
	{
		integers[i] = atoi(texts[i]);
		lengths[i] = null ? SQL_NULL_DATA : 0;
		SQLBindParameter(stmt, number, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &integers[i], 0, &lengths[i]);
	}
	else if (strcmp(kind, "float") == 0)
	{
		floats[i] = strtod(texts[i], NULL);
		lengths[i] = null ? SQL_NULL_DATA : 0;
		SQLBindParameter(stmt, number, SQL_PARAM_INPUT, SQL_C_DOUBLE, SQL_DOUBLE, 0, 0, &floats[i], 0, &lengths[i]);
	}
	else
	{
		SQLSMALLINT type = strcmp(kind, "decimal") == 0 ? SQL_NUMERIC : strcmp(kind, "date") == 0 ? SQL_TYPE_DATE :
			strncmp(kind, "timestamp", 9) == 0 ? SQL_TYPE_TIMESTAMP : SQL_VARCHAR;

		if (type == SQL_TYPE_TIMESTAMP)
			texts[i][19] = 0;	/* ODBC has no offset; the session's zone is UTC */
		SQLBindParameter(stmt, number, SQL_PARAM_INPUT, SQL_C_CHAR, type, type == SQL_TYPE_TIMESTAMP ? 19 : TEXT_SIZE - 1, 0, texts[i], TEXT_SIZE, &lengths[i]);
	}
}

/* Calls with parameters, prepared, executed twice. */
static void
calls(SQLHDBC db)
{
	Row		   *all;
	int			n = rows_of(db, "SELECT id, regexp_replace(sql, '\\$\\d', '?', 'g'), expected, cardinality(kinds) FROM kpi_test.call ORDER BY id", &all);

	for (int c = 0; c < n; c++)
	{
		SQLHSTMT	stmt = statement(db);
		char		sql[1000];

		if (!SQL_SUCCEEDED(SQLPrepare(stmt, (SQLCHAR *) all[c].values[1], SQL_NTS)))
			complain(SQL_HANDLE_STMT, stmt, all[c].values[1]);
		for (int p = 1; p <= atoi(all[c].values[3]); p++)
		{
			Row		   *parameter;

			snprintf(sql, sizeof(sql), "SELECT kinds[%d], nullif(arguments[%d], 'NULL') FROM kpi_test.call WHERE id = %s", p, p, all[c].values[0]);
			rows_of(db, sql, &parameter);
			bind(stmt, p, parameter->values[0], parameter->values[1]);
		}
		for (int again = 0; again < 2; again++)
		{
			Row			row;

			if (!SQL_SUCCEEDED(SQLExecute(stmt)))
			{
				SQLCHAR		state[6],
							message[1000] = "";

				SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, state, NULL, message, sizeof(message), NULL);
				check("call ", all[c].values[0], (char *) message, all[c].values[2]);
				break;
			}
			if (fetch(stmt, &row))
				check("call ", all[c].values[0], row.values[0], all[c].values[2]);
			SQLCloseCursor(stmt);
		}
		SQLFreeHandle(SQL_HANDLE_STMT, stmt);
	}
}

static void
error(SQLHDBC db, const char *name, const char *sql, const char *expected)
{
	SQLHSTMT	stmt = statement(db);
	SQLCHAR		state[6] = "none";

	if (!SQL_SUCCEEDED(SQLExecDirect(stmt, (SQLCHAR *) sql, SQL_NTS)))
		SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, state, NULL, NULL, 0, NULL);
	check(name, "", (char *) state, expected);
	SQLFreeHandle(SQL_HANDLE_STMT, stmt);
}

/* How long a value may be, as told to a program that makes room for it. */
static void
sizes(SQLHDBC db, const char *name, const char *sql, const char *expected)
{
	SQLHSTMT	stmt = statement(db);
	SQLCHAR		column[100];
	SQLSMALLINT type,
				digits,
				nullable;
	SQLULEN		size;
	char		result[100];

	run(stmt, sql);
	SQLDescribeCol(stmt, 1, column, sizeof(column), NULL, &type, &size, &digits, &nullable);
	snprintf(result, sizeof(result), "%s(%lu,%d)", type_name(type), (unsigned long) size, digits);
	check("size of ", name, result, expected);
	SQLFreeHandle(SQL_HANDLE_STMT, stmt);
}

/* The example of doc/drivers.md. */
static void
example(SQLHDBC db)
{
	SQLHSTMT	stmt = statement(db);
	char		result[100];

	run(stmt, "CREATE TABLE survey (day date, score int)");
	run(stmt, "INSERT INTO survey VALUES ('2026-02-05', 10), ('2026-02-05', 9), ('2026-02-05', 3), ('2026-02-06', 9)");
	{
		char		target[] = ">= 50 warn 30";
		double		nps;
		char		status[20];
		SQLLEN		nps_length, status_length;

		SQLPrepare(stmt, (SQLCHAR *) "SELECT nps_agg(score), kpi_status(nps_agg(score), ?) FROM survey", SQL_NTS);
		SQLBindParameter(stmt, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, sizeof(target), 0, target, sizeof(target), NULL);
		SQLBindCol(stmt, 1, SQL_C_DOUBLE, &nps, 0, &nps_length);
		SQLBindCol(stmt, 2, SQL_C_CHAR, status, sizeof(status), &status_length);
		SQLExecute(stmt);
		SQLFetch(stmt);
		snprintf(result, sizeof(result), "%g %s", nps, status);
	}
	check("example", "", result, "50 green");
	SQLFreeHandle(SQL_HANDLE_STMT, stmt);
}

int
main(void)
{
	SQLHDBC		db;
	Row		   *whole,
			   *parts;
	int			n,
				m,
				same = 0;
	char		expected[100];
	const char *lifecycle = "SELECT period, active, retention_rate FROM lifecycle((SELECT activity_summary(h(id, 40)::bigint, due::date, 'month') FROM sample), as_of => '2024-09-30')";

	setlocale(LC_ALL, "C.UTF-8");
	SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment);
	SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER) SQL_OV_ODBC3, 0);
	db = connect_with("");
	queries(db);
	values(db);
	calls(db);
	check("prepared", "", one_value(db, "SELECT count(*) >= 0 FROM pg_prepared_statements"), "1");
	error(db, "bad text", "SELECT nps('(1,2)')", "22P02");
	error(db, "out of range", "SELECT nps_agg(11)", "22003");

	sizes(db, "numeric", "SELECT ratio_agg(7, 3)", "NUMERIC(28,16)");
	sizes(db, "rounded", "SELECT ratio_agg(7, 3)::numeric(18,4)", "NUMERIC(18,4)");
	sizes(db, "float", "SELECT nps_agg(score) FROM sample", "FLOAT(17,0)");
	sizes(db, "text", "SELECT bullet(1, '>= 2')", "LONGVARCHAR(8190,0)");
	snprintf(expected, sizeof(expected), "VARCHAR(%s,0)", one_value(db, "SELECT length(activity_summary(h(id, 40)::bigint, due::date, 'month')::text) FROM sample"));
	sizes(db, "summary", "SELECT activity_summary(h(id, 40)::bigint, due::date, 'month') FROM sample", expected);
	sizes(connect_with("BoolsAsChar=0"), "boolean", "SELECT true", "BIT(1,0)");

	/* a cursor on the server, two rows at a time */
	n = rows_of(db, lifecycle, &whole);
	m = rows_of(connect_with("UseDeclareFetch=1;Fetch=2"), lifecycle, &parts);
	for (int i = 0; i < n && i < m; i++)
		same += strcmp(whole[i].values[0], parts[i].values[0]) == 0 && strcmp(whole[i].values[1], parts[i].values[1]) == 0;
	check("cursor", "", n == m && same == n && n > 5 ? "same" : "other", "same");
	example(db);
	return 0;
}
