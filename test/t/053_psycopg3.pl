# psycopg 3: columns, parameters, prepared statements, COPY, cursors, as text and as binary (test/drivers/with_psycopg3.py).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Drivers;
use KpiTest;
use Test::More;

my $python = python_with('psycopg') or plan skip_all => 'no psycopg 3 for Python (Debian: python3-psycopg)';
my $node = driver_node('psycopg3');
my @lines = run_driver($node, $python, programs() . '/with_psycopg3.py');

check_columns($node, { 'double precision' => 'float', numeric => 'Decimal', bigint => 'int', integer => 'int', boolean => 'bool', date => 'date',
	interval => 'timedelta', 'time without time zone' => 'time', array => 'list', other => 'str' }, @lines);
check_rest([ 'example', 'binary columns', 'prepared', 'pipeline', 'bad binary', calls($node), map { ("batch $_", "array $_", "binary $_", "write_row $_", "write_row binary $_", "COPY text $_", "COPY binary $_") } types($node) ], @lines);
check_document('with_psycopg3.py', 'psycopg 3');
$node->stop;
done_testing();
