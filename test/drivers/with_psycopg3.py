# psycopg 3: what it makes of the types of kpi, and how it gives them, as text and as binary.  Run by test/t/053_psycopg3.pl,
# the connection in PG*.
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import psycopg
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format
from psycopg.types import TypeInfo

from report import argument, check, line, text

db = psycopg.connect('', autocommit=True)

known = {16: bool, 20: int, 23: int, 701: float, 1700: Decimal, 1082: date, 1083: time, 1186: timedelta, 1016: list, 1022: list, 25: str}
queries = db.execute('SELECT id, sql FROM kpi_test.query ORDER BY id').fetchall()
samples = db.execute('SELECT id, type, literal FROM kpi_test.value ORDER BY id').fetchall()
types = sorted({s[1] for s in samples})
binary_form = {}    # of each type, by class


# The queries, once with results as text; what psycopg doesn't know comes as str.
def run(cur, unknown, shown, report):
    for number, sql in queries:
        cur.execute(sql)
        names = []
        for column in cur.description:
            names += [column.name, known.get(column.type_code, str).__name__]
        if report:
            line('C', number, *names)
        out = []
        for row in cur:
            for value, column in zip(row, cur.description):
                seen = known.get(column.type_code, unknown)
                if value is not None and type(value) is not seen:
                    line('not ok', f'{sql}: a value is a {seen.__name__}', repr(value))
            out.append([text(shown(v, c.type_code)) for v, c in zip(row, cur.description)])
            if report:
                line('R', number, *out[-1])
        yield out


as_text = list(run(db.cursor(), str, lambda value, oid: value, True))

# And as binary, where they come as bytes; the server says what they are.
text_of = {}


def from_binary(value, oid):
    if not isinstance(value, bytes) or oid in known:
        return value
    if oid not in text_of:
        name = db.execute('SELECT typname, typtype FROM pg_type WHERE oid = %s', (oid,)).fetchone()
        text_of[oid] = name
    name, kind = text_of[oid]
    if kind == 'e':
        return value.decode()
    return db.execute(f'SELECT (%b::{name})::text', (binary_form[name](value),)).fetchone()[0]


for name in types:
    # a class of bytes for each type, sent under its number
    class Binary(bytes):
        pass

    class BinaryDumper(Dumper):
        format = Format.BINARY
        oid = TypeInfo.fetch(db, name).oid

        def dump(self, value):
            return bytes(value)

    db.adapters.register_dumper(Binary, BinaryDumper)
    binary_form[name] = Binary

as_binary = list(run(db.cursor(binary=True), bytes, from_binary, False))
for (number, sql), one, other in zip(queries, as_text, as_binary):
    if one != other:
        line('not ok', f'binary {sql}', f'{one} and {other}')
line('ok', 'binary columns')

for name in types:
    rows = [(s[0], s[2]) for s in samples if s[1] == name]
    binary = binary_form[name]
    # text parameters in a batch; then the binary form out, and in again
    cur = db.cursor()
    cur.executemany(f'INSERT INTO "into {name}" (id, v) VALUES (%s, %s)', rows)
    check(f'batch {name}', db.execute(f'SELECT id, v FROM "into {name}" ORDER BY id').fetchall(), rows)
    sent = db.execute(f'SELECT id, v FROM "into {name}" ORDER BY id', binary=True).fetchall()
    db.execute(f'TRUNCATE "into {name}"')
    cur.executemany(f'INSERT INTO "into {name}" (id, v) VALUES (%b, %b)', [(i, binary(v)) for i, v in sent])
    check(f'binary {name}', db.execute(f'SELECT id, v FROM "into {name}" ORDER BY id').fetchall(), rows)

    # arrays: lists once the type is registered
    plain, = db.execute(f'SELECT %s::{name}[]', ([r[1] for r in rows] + [None],)).fetchone()
    other = psycopg.connect('', autocommit=True)
    TypeInfo.fetch(other, name).register(other)
    as_list, = other.execute(f'SELECT %s::{name}[]', ([r[1] for r in rows] + [None],)).fetchone()
    check(f'array {name}', (type(plain).__name__, as_list), ('str', [r[1] for r in rows] + [None]))
    other.close()

    # COPY: rows written and read, as text and as binary; then all as it comes
    db.execute(f'TRUNCATE "into {name}"')
    with cur.copy(f'COPY "into {name}" (id, v) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
    check(f'write_row {name}', db.execute(f'SELECT id, v FROM "into {name}" ORDER BY id').fetchall(), rows)
    db.execute(f'TRUNCATE "into {name}"')
    with cur.copy(f'COPY "into {name}" (id, v) FROM STDIN (FORMAT binary)') as copy:
        for i, v in sent:
            copy.write_row((psycopg.types.numeric.Int4(i), binary(v)))
    check(f'write_row binary {name}', db.execute(f'SELECT id, v FROM "into {name}" ORDER BY id').fetchall(), rows)
    for how in ('text', 'binary'):
        db.execute(f'TRUNCATE "into {name}"')
        with cur.copy(f'COPY "of {name}" TO STDOUT (FORMAT {how})') as copy:
            data = b''.join(copy)
        with cur.copy(f'COPY "into {name}" FROM STDIN (FORMAT {how})') as copy:
            copy.write(data)
        got, wanted = db.execute(f'SELECT count(*), (SELECT count(*) FROM "of {name}") FROM "of {name}" o JOIN "into {name}" i USING (id) WHERE (i.v, i.a) IS NOT DISTINCT FROM (o.v, o.a)').fetchone()
        check(f'COPY {how} {name}', got, wanted)

# Calls with parameters, prepared on the server, twice, with results and parameters as text and as binary.
for number, sql, kinds, arguments, expected in db.execute('SELECT id, sql, kinds, arguments, expected FROM kpi_test.call ORDER BY id').fetchall():
    given = {f'p{i}': argument(k, a) for i, (k, a) in enumerate(zip(kinds, arguments), 1)}
    got = []
    for form, binary in (('s', False), ('t', False), ('s', True)):
        query = re.sub(r'\$(\d+)', rf'%(p\1){form}', sql.replace('%', '%%'))
        try:
            got += [db.execute(query, given, prepare=True, binary=binary).fetchone()[0] for _ in range(2)]
        except psycopg.Error as error:
            line('not ok', f'call {number}', f'{query} {given}: {error}')
    check(f'call {number}', got, [expected] * 6)
check('prepared', db.execute("SELECT count(*) > 20 FROM pg_prepared_statements WHERE NOT from_sql").fetchone()[0], True)

# A cursor on the server, fetched in parts; a pipeline.
movements = "SELECT period, opening, nrr FROM revenue_movements((SELECT revenue_summary(h(id, 40)::bigint, due::date, den, 'month') FROM sample), as_of => '2024-09-30')"
with db.transaction(), db.cursor('part', binary=True) as part:
    part.itersize = 2
    part.execute(movements)
    parts = list(part)
check('cursor', parts, db.execute(movements).fetchall())
check('cursor rows', len(parts) > 5, True)

with db.pipeline():
    many = [db.execute('SELECT nps(%s::nps_summary + %s)', (f'({i},0,0)', '(0,0,1)')) for i in range(1, 4)]
check('pipeline', [m.fetchone()[0] for m in many], [0.0, 100 * 1 / 3, 50.0])

for name, sql, given, error in (
        ('bad text', 'SELECT nps(%s)', ('(1,2)',), psycopg.errors.InvalidTextRepresentation),
        ('bad binary', 'SELECT nps(%s)', (binary_form['nps_summary'](b'\xff' * 4),), psycopg.errors.InvalidBinaryRepresentation),
        ('out of range', 'SELECT nps_agg(%s)', (11,), psycopg.errors.NumericValueOutOfRange)):
    try:
        line('not ok', name, db.execute(sql, given).fetchone())
    except error:
        line('ok', name)

# The example of doc/drivers.md.
db.execute('CREATE TABLE survey (day date, score int); CREATE TABLE survey_day (day date PRIMARY KEY, nps nps_summary)')
db.execute("INSERT INTO survey VALUES ('2026-02-05', 10), ('2026-02-05', 9), ('2026-02-05', 3), ('2026-02-06', 9)")
day, target = date(2026, 2, 5), '>= 50 warn 30'

nps, status = db.execute(
    'SELECT nps_agg(score), kpi_status(nps_agg(score), %s) FROM survey WHERE day >= %s',
    (target, day), prepare=True).fetchone()            # a float and a str
with db.cursor().copy('COPY survey_day FROM STDIN') as copy:
    copy.write_row((day, '(2,0,1)'))
TypeInfo.fetch(db, 'nps_summary').register(db)
summaries, = db.execute('SELECT array_agg(nps) FROM survey_day').fetchone()     # a list of str

check('example', (nps, status, summaries), (50.0, 'green', ['(2,0,1)']))
