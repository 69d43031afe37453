# psycopg 2, Python's usual driver of years: columns, parameters, batches, COPY, cursors (test/drivers/with_psycopg2.py).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Drivers;
use KpiTest;
use Test::More;

my $python = python_with('psycopg2') or plan skip_all => 'no psycopg 2 for Python (Debian: python3-psycopg2)';
my $node = driver_node('psycopg2');
my @lines = run_driver($node, $python, programs() . '/with_psycopg2.py');

check_columns($node, { 'double precision' => 'float', numeric => 'Decimal', bigint => 'int', integer => 'int', boolean => 'bool', date => 'date',
	interval => 'timedelta', 'time without time zone' => 'time', array => 'list', other => 'str' }, @lines);
check_rest([ 'example stored', calls($node), map { ("batch $_", "array $_", "COPY text $_", "COPY binary $_") } types($node) ], @lines);
check_document('with_psycopg2.py', 'psycopg 2');
$node->stop;
done_testing();
