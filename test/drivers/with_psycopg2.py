# psycopg 2: what it makes of the types of kpi, and how it gives them.  Run by test/t/052_psycopg2.pl, the connection in PG*.
import io
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import psycopg2
import psycopg2.extensions
import psycopg2.extras

from report import argument, check, line, text

db = psycopg2.connect('')
db.autocommit = True
cur = db.cursor()

# The queries: the class of each column's values, by the type that the server says.
known = {16: bool, 20: int, 23: int, 701: float, 1700: Decimal, 1082: date, 1083: time, 1186: timedelta, 1016: list, 1022: list}
api = {int: psycopg2.NUMBER, float: psycopg2.NUMBER, Decimal: psycopg2.NUMBER}
cur.execute('SELECT id, sql FROM kpi_test.query ORDER BY id')
for number, sql in cur.fetchall():
    cur.execute(sql)
    columns = []
    classes = []
    for column in cur.description:
        seen = known.get(column.type_code, str)
        # the kind of the DB API, that tools on top of it look at
        if (column.type_code == psycopg2.NUMBER) != (seen in api):
            line('not ok', f'{sql}: {column.name} is a number or not', column.type_code)
        columns += [column.name, seen.__name__]
        classes.append(seen)
    line('C', number, *columns)
    for row in cur.fetchall():
        for value, seen in zip(row, classes):
            if value is not None and type(value) is not seen:
                line('not ok', f'{sql}: a value is a {seen.__name__}', repr(value))
        line('R', number, *map(text, row))

# Every sample of every type: as a parameter, inserted in a batch, read back; and in arrays.
cur.execute('SELECT id, type, literal FROM kpi_test.value ORDER BY id')
samples = cur.fetchall()
types = sorted({s[1] for s in samples})
for name in types:
    rows = [(s[0], s[2]) for s in samples if s[1] == name]
    psycopg2.extras.execute_values(cur, f'INSERT INTO "into {name}" (id, v) VALUES %s', rows)
    cur.execute(f'SELECT id, v FROM "into {name}" ORDER BY id')
    check(f'batch {name}', cur.fetchall(), rows)
    cur.execute(f'SELECT %s::{name}[]', ([r[1] for r in rows] + [None],))
    plain = cur.fetchone()[0]
    # one registration for each type whose arrays are to be lists
    cur.execute('SELECT typarray FROM pg_type WHERE oid = %s::regtype', (name,))
    as_list = psycopg2.extensions.new_array_type((cur.fetchone()[0],), f'{name}[]', psycopg2.STRING)
    psycopg2.extensions.register_type(as_list, db)
    cur.execute(f'SELECT %s::{name}[]', ([r[1] for r in rows] + [None],))
    check(f'array {name}', (type(plain).__name__, cur.fetchone()[0]), ('str', [r[1] for r in rows] + [None]))
    for how in ('text', 'binary'):
        cur.execute(f'TRUNCATE "into {name}"')
        copied = io.BytesIO()
        cur.copy_expert(f'COPY "of {name}" TO STDOUT (FORMAT {how})', copied)
        copied.seek(0)
        cur.copy_expert(f'COPY "into {name}" FROM STDIN (FORMAT {how})', copied)
        cur.execute(f'SELECT count(*), (SELECT count(*) FROM "of {name}") FROM "of {name}" o JOIN "into {name}" i USING (id) WHERE (i.v, i.a) IS NOT DISTINCT FROM (o.v, o.a)')
        got, wanted = cur.fetchone()
        check(f'COPY {how} {name}', got, wanted)

# Calls with parameters.
cur.execute('SELECT id, sql, kinds, arguments, expected FROM kpi_test.call ORDER BY id')
for number, sql, kinds, arguments, expected in cur.fetchall():
    given = {f'p{i}': argument(k, a) for i, (k, a) in enumerate(zip(kinds, arguments), 1)}
    try:
        cur.execute(re.sub(r'\$(\d+)', r'%(p\1)s', sql.replace('%', '%%')), given)
        check(f'call {number}', cur.fetchone()[0], expected)
    except psycopg2.Error as error:
        line('not ok', f'call {number}', f'{sql} {given}: {error}')

# A cursor on the server, fetched in parts.
db.autocommit = False
part = db.cursor('part')
part.itersize = 2
part.execute("SELECT period, active, retention_rate FROM lifecycle((SELECT activity_summary(h(id, 40)::bigint, due::date, 'month') FROM sample), as_of => '2024-09-30')")
parts = [row for row in part]
cur.execute("SELECT period, active, retention_rate FROM lifecycle((SELECT activity_summary(h(id, 40)::bigint, due::date, 'month') FROM sample), as_of => '2024-09-30')")
check('cursor', parts, cur.fetchall())
check('cursor rows', len(parts) > 5, True)
db.commit()
db.autocommit = True

# Errors keep their class.
for name, sql, given, error in (
        ('bad text', 'SELECT nps(%s)', ('(1,2)',), psycopg2.errors.InvalidTextRepresentation),
        ('out of range', 'SELECT nps_agg(%s)', (11,), psycopg2.errors.NumericValueOutOfRange)):
    try:
        cur.execute(sql, given)
        line('not ok', name, cur.fetchone())
    except error:
        line('ok', name)

# The example of doc/drivers.md.
cur.execute('CREATE TABLE survey (day date, score int); CREATE TABLE survey_day (day date PRIMARY KEY, nps nps_summary)')
cur.execute("INSERT INTO survey VALUES ('2026-02-05', 10), ('2026-02-05', 9), ('2026-02-05', 3), ('2026-02-06', 9)")
day, target = date(2026, 2, 5), '>= 50 warn 30'

cur.execute('SELECT nps_agg(score), kpi_status(nps_agg(score), %s) FROM survey WHERE day >= %s', (target, day))
nps, status = cur.fetchone()            # a float and a str
cur.execute('SELECT nps_summary(score) FROM survey WHERE day = %s', (day,))
summary, = cur.fetchone()               # a str: '(2,0,1)'
cur.execute('INSERT INTO survey_day VALUES (%s, %s)', (day, summary))

check('example', (nps, status, summary), (50.0, 'green', '(2,0,1)'))
cur.execute('SELECT nps FROM survey_day')
check('example stored', cur.fetchall(), [('(2,0,1)',)])
