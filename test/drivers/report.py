# What the programs in Python share: how they print what they saw, for test/lib/Drivers.pm.
import datetime
from decimal import Decimal


def text(value):
    if value is None:
        return '\\N'
    if isinstance(value, bool):
        return 't' if value else 'f'
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Decimal):
        return str(value) if value.is_nan() or value.is_infinite() else format(value, 'f')
    if isinstance(value, datetime.timedelta):
        return str(value // datetime.timedelta(microseconds=1))
    if isinstance(value, (list, tuple)):
        return '{' + ','.join('NULL' if v is None else text(v) for v in value) + '}'
    return str(value)


def line(*fields):
    print('\t'.join(str(f).replace('\n', '\\n').replace('\t', '\\t') for f in fields), flush=True)


def check(name, got, expected):
    """A line that says whether what was got is what was expected, of the same type."""
    if got == expected and type(got) is type(expected):
        line('ok', name)
    else:
        line('not ok', name, f'got {got!r}, expected {expected!r}')


def argument(kind, given):
    """A parameter as a program would have it."""
    if given is None or given == 'NULL':
        return None
    if kind in ('timestamp', 'timestamptz'):
        return datetime.datetime.fromisoformat(given.replace('+00', '+00:00'))
    return {'int': int, 'float': float, 'decimal': Decimal, 'date': datetime.date.fromisoformat}.get(kind, str)(given)
