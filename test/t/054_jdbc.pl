# JDBC: columns, parameters, prepared statements, batches, COPY, portals, metadata, time zones (test/drivers/WithJdbc.java).
# The driver is KPI_JDBC, or Debian's.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Drivers;
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $jar = $ENV{KPI_JDBC} || '/usr/share/java/postgresql.jar';
my $classes = PostgreSQL::Test::Utils::tempdir();
plan skip_all => 'no JDBC driver (Debian: libpostgresql-jdbc-java)' unless -e $jar;
plan skip_all => 'no Java compiler (Debian: default-jdk-headless)' unless eval { IPC::Run::run([ 'javac', '-version' ], '>&', \my $version) };
my $said = '';
ok(IPC::Run::run([ 'javac', '-Xlint:all', '-Werror', '-cp', $jar, '-d', $classes, programs() . '/WithJdbc.java' ], '>&', \$said), 'WithJdbc.java compiles without a warning') or die $said;
my $node = driver_node('jdbc');
my @lines = run_driver($node, 'java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dfile.encoding=UTF-8', '-cp', "$jar:$classes", 'WithJdbc');

check_columns($node, { 'double precision' => 'DOUBLE:Double', numeric => 'NUMERIC:BigDecimal', bigint => 'BIGINT:Long', integer => 'INTEGER:Integer', date => 'DATE:Date',
	boolean => 'BIT:Boolean', 'time without time zone' => 'TIME:Time', text => 'VARCHAR:String', interval => 'OTHER:PGInterval', kpi_status => 'VARCHAR:String',
	array => 'ARRAY:Array', other => 'OTHER:String' }, @lines);
check_rest([ 'example', 'binary', 'simple and extended', 'fetch size', 'getTypeInfo', 'prepared', 'setString', 'zone Europe/Berlin', (map { ($_, "binary $_", "simple $_") } calls($node)),
	map { ("batch $_", "object $_", "binary $_", "binary out $_", "array $_", "COPY text $_", "COPY binary $_", "getColumns $_") } types($node) ], @lines);
check_document('WithJdbc.java', 'JDBC');
$node->stop;
done_testing();
