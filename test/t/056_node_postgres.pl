# node-postgres: columns, parameters, prepared statements, cursors, as text and as binary (test/drivers/with_node_postgres.js).
# The module pg comes from NODE_PATH: make test installs it, or Debian's package node-pg.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Drivers;
use IPC::Run;
use KpiTest;
use Test::More;

$ENV{NODE_PATH} = join ':', grep { defined && length } $ENV{NODE_PATH}, '/usr/share/nodejs';
plan skip_all => 'no module pg for Node.js (npm: pg; Debian: node-pg)' unless eval { IPC::Run::run([ 'node', '-e', 'require("pg")' ], '>&', \my $said) };
# later ones, such as Debian's from trixie on, make other classes of dates and intervals
plan skip_all => 'pg-types for Node.js is not version 2' unless eval { IPC::Run::run([ 'node', '-e', 'process.exit(require("pg-types/package.json").version.startsWith("2.") ? 0 : 1)' ], '>&', \my $said) };
my $node = driver_node('node_postgres');
my @lines = run_driver($node, 'node', programs() . '/with_node_postgres.js');

check_columns($node, { 'double precision' => 'number', integer => 'number', boolean => 'boolean', date => 'Date', interval => 'PostgresInterval', array => 'Array',
	other => 'string' }, @lines);
check_rest([ 'example', 'prepared', 'cursor', 'bad binary', 'forget', calls($node), map { ("insert $_", "batch $_", "binary in $_", "array $_") } types($node) ], @lines);
check_document('with_node_postgres.js', 'node-postgres');
$node->stop;
done_testing();
