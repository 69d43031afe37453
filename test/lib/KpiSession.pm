# A psql in which one statement follows on the other, while the test looks at it from elsewhere.
#
#	my $s = KpiSession->new($node, 'postgres', user => 'y', application_name => 'x', arguments => [ '-v', 'VERBOSITY=sqlstate' ], merge => 1);
#	$s->ask('SELECT 1')			what it printed, without the last newline; with merge what it said on stderr, too
#	$s->start('SELECT ...');		goes on without waiting for its end
#	$s->ended				waits for that, and gives what it printed
#	$s->waits				waits until it waits for another session; false if it never does
#	$s->{pid}, $s->{err}			the server's process; what was said on stderr so far
#	$s->quit
#
# No statement is given a time but the harness's own guard, PG_TEST_TIMEOUT_DEFAULT, anew for each.
package KpiSession;

use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;

sub new
{
	my ($class, $node, $database, %options) = @_;
	my $name = $options{application_name} // '';
	my $connection = $node->connstr($database) . ($options{user} ? " user=$options{user}" : '') . " application_name='$name'";
	my $self = bless { node => $node, database => $database, in => '', out => '', err => '', said => 0 }, $class;

	$self->{guard} = IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default);
	$self->{run} = IPC::Run::start([ 'psql', '-XAtq', @{ $options{arguments} // [] }, '-d', $connection ],
		'<', \$self->{in}, $options{merge} ? ('>&', \$self->{out}) : ('>', \$self->{out}, '2>', \$self->{err}), $self->{guard});
	$self->{pid} = $self->ask('SELECT pg_backend_pid()');
	return $self;
}

sub start
{
	my ($self, $sql) = @_;

	$self->{guard}->start($PostgreSQL::Test::Utils::timeout_default);
	$self->{out} = '';
	$self->{said}++;
	$self->{in} .= "$sql;\n\\echo end of $self->{said}\n";
	$self->{run}->pump_nb;
	return;
}

sub ended
{
	my ($self) = @_;

	$self->{run}->pump while $self->{out} !~ /^end of $self->{said}$/m;
	return $self->{out} =~ s/^end of $self->{said}\n.*//msr =~ s/\n\z//r;
}

sub waits
{
	my ($self) = @_;

	return $self->{node}->poll_query_until($self->{database}, "SELECT count(*) > 0 FROM unnest(pg_blocking_pids($self->{pid}))");
}

sub ask
{
	my ($self, $sql) = @_;

	$self->start($sql);
	return $self->ended;
}

sub quit
{
	my ($self) = @_;

	$self->{in} .= "\\q\n";
	return $self->{run}->finish;
}

1;
