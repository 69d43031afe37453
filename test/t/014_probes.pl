# What is inside of the library and no function of the extension: special functions and integrals, by the numbers (test/probes), as
# functions of a module that is compiled here from the library's sources.  Skipped without a compiler.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use KpiModule;
use PostgreSQL::Test::Utils;
use Test::More;

my $source = "$FindBin::RealBin/../probes";
my $library = build_module($source);
my $node = start_node('probes');

foreach my $name ('special', 'models')
{
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, 'CREATE EXTENSION kpi');
	$node->safe_psql($name, slurp_file("$source/probes.sql"), extra_params => [ '-v', "library=$library" ]);

	my $out = '';
	my $ok = IPC::Run::run([ 'psql', '-Xaq', '-v', 'ON_ERROR_STOP=1', '-v', "lib=$FindBin::RealBin/../lib", '-d', $node->connstr($name), '-f', "$source/$name.sql" ], '>&', \$out);

	ok($ok, "$name runs") or diag($out);
	is($out, slurp_file("$source/$name.out"), "$name: as expected");
}
# the library itself has none of them
is(error_code($node, 'postgres', q{CREATE FUNCTION digamma(float8) RETURNS float8 AS '$libdir/kpi', 'kpi_probe_digamma' LANGUAGE C}), '42883', 'no probes in the library');

$node->stop;
done_testing();
