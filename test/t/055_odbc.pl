# ODBC, by PostgreSQL's driver psqlODBC: columns, parameters, batches, cursors (test/drivers/with_odbc.c).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Drivers;
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $program = PostgreSQL::Test::Utils::tempdir() . '/with_odbc';
plan skip_all => 'no ODBC driver "PostgreSQL Unicode" (Debian: odbc-postgresql)' unless -e '/etc/odbcinst.ini' && slurp_file('/etc/odbcinst.ini') =~ /^\[PostgreSQL Unicode\]/m;
my $said = '';
my $compiled = eval { IPC::Run::run([ 'cc', '-Wall', '-Wextra', '-Werror', '-o', $program, programs() . '/with_odbc.c', '-lodbc' ], '>&', \$said) };
plan skip_all => 'no ODBC to compile with (Debian: unixodbc-dev)' if !$compiled && $said =~ /sql\.h: No such file|^\z/;
ok($compiled, 'with_odbc.c compiles without a warning') or die $said;
my $node = driver_node('odbc');
my @lines = run_driver($node, $program);

check_columns($node, { 'double precision' => 'FLOAT', numeric => 'NUMERIC', bigint => 'BIGINT', integer => 'INTEGER', date => 'DATE', boolean => 'VARCHAR',
	'time without time zone' => 'TIME', text => 'LONGVARCHAR', array => 'VARCHAR', other => 'VARCHAR' }, @lines);
check_rest([ 'example', 'cursor', 'bad text', calls($node), map { ("batch $_", "SQLColumns $_") } types($node) ], @lines);
check_document('with_odbc.c', 'ODBC');
$node->stop;
done_testing();
