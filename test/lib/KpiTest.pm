# What the TAP tests share: a server of their own, and the SQL helpers beside this file.
package KpiTest;

use strict;
use warnings;
use Exporter 'import';
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(start_node load_helpers error_code);
our @EXPORT_OK = qw(session start_sql answer ask waits_in end_session);
our %EXPORT_TAGS = (sessions => \@EXPORT_OK);

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

# A session that says when it has done what it was told, and what it said until then.
sub session
{
	my ($node, $database, $user) = @_;
	my $session = { in => '', out => '', said => 0 };

	$session->{run} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr($database) . ($user ? " user=$user" : '') ], '<', \$session->{in}, '>', \$session->{out}, '2>&1', IPC::Run::timer($PostgreSQL::Test::Utils::timeout_default));
	($session->{pid}) = ask($session, 'SELECT pg_backend_pid()') =~ /^(\d+)/;
	return $session;
}

sub start_sql
{
	my ($session, $sql) = @_;

	$session->{said}++;
	$session->{in} .= "$sql;\n\\echo done $session->{said}\n";
	$session->{run}->pump_nb;
	return;
}

sub answer
{
	my ($session) = @_;

	$session->{run}->pump while $session->{out} !~ /^done $session->{said}$/m;
	my $answer = $session->{out} =~ s/^done \d+\n//mgr;
	$session->{out} = '';
	return $answer;
}

sub ask { my ($session, $sql) = @_; start_sql($session, $sql); return answer($session); }

# Waits until it waits for another session; false if it never does.
sub waits_in
{
	my ($node, $database, $session) = @_;

	return $node->poll_query_until($database, "SELECT count(*) > 0 FROM unnest(pg_blocking_pids($session->{pid}))");
}

sub end_session
{
	my ($session) = @_;

	$session->{in} .= "\\q\n";
	return $session->{run}->finish;
}

1;
