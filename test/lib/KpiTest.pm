# What the TAP tests share: a server of their own, and the SQL helpers beside this file.
package KpiTest;

use strict;
use warnings;
use Exporter 'import';
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(start_node load_helpers error_code);

sub start_node
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	$node->init(extra => [ '-E', 'UTF8', '--locale=C' ]);
	$node->append_conf('postgresql.conf', "jit = off\n");
	$node->start;
	return $node;
}

# The sample values and helper functions, into schema kpi_test of a database.
sub load_helpers
{
	my ($node, $database) = @_;

	$node->safe_psql($database, slurp_file("$FindBin::RealBin/../lib/$_.sql")) for qw(samples probe);
	return;
}

# The SQLSTATE that statements end with, '' for success.
sub error_code
{
	my ($node, $database, $sql, @options) = @_;
	my ($status, $out, $err) = $node->psql($database, "\\set VERBOSITY sqlstate\n$sql", extra_params => \@options);

	return $err =~ /ERROR: +(\w{5})/ ? $1 : $status ? $err : '';
}

1;
