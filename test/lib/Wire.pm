# A client of PostgreSQL's protocol 3.0 in a few lines, for what psql can't do: parameters and results in binary form, and
# many requests at a time.  Over a Unix socket, without password.
package Wire;

use strict;
use warnings;
use IO::Socket::UNIX;

sub new
{
	my ($class, $node, $database) = @_;
	my $path = $node->host . '/.s.PGSQL.' . $node->port;
	my $socket = IO::Socket::UNIX->new(Peer => $path) or die "no connection to $path: $!";
	my $self = bless { socket => $socket, prepared => {} }, $class;

	binmode $socket;
	my $start = pack('N (Z*)*', 196608, 'user', scalar(getpwuid($<)), 'database', $database, '');
	print $socket pack('N', 4 + length $start), $start;
	$socket->flush;
	my $answer = $self->answer;
	die $answer->{message} if $answer->{error};
	return $self;
}

sub read_bytes
{
	my ($self, $length) = @_;
	my $bytes = '';

	while (length $bytes < $length)
	{
		read($self->{socket}, $bytes, $length - length $bytes, length $bytes) or die "the server closed the connection\n";
	}
	return $bytes;
}

# What comes before the server is ready for the next request: { row => [...] }, or { error => SQLSTATE, message => ... }.
sub answer
{
	my ($self) = @_;
	my %answer;

	while (1)
	{
		my ($kind, $length) = unpack 'a N', $self->read_bytes(5);
		my $body = $self->read_bytes($length - 4);

		if ($kind eq 'Z')
		{
			return \%answer;
		}
		elsif ($kind eq 'E')
		{
			my %field = map { substr($_, 0, 1) => substr($_, 1) } grep { $_ ne '' } split /\0/, $body;
			@answer{qw(error message)} = @field{qw(C M)};
		}
		elsif ($kind eq 'D')
		{
			my ($n, $at) = (unpack('n', $body), 2);
			for (1 .. $n)
			{
				my $size = unpack 'l>', substr($body, $at, 4);
				push @{ $answer{row} }, $size < 0 ? undef : substr($body, $at + 4, $size);
				$at += 4 + ($size < 0 ? 0 : $size);
			}
		}
	}
}

sub message
{
	my ($kind, $body) = @_;
	return pack('a N', $kind, 4 + length $body) . $body;
}

# Prepares a statement once; returns its name.
sub prepare
{
	my ($self, $sql) = @_;
	return $self->{prepared}{$sql} if $self->{prepared}{$sql};

	my $name = 's' . keys %{ $self->{prepared} };
	print { $self->{socket} } message('P', pack('Z* Z* n', $name, $sql, 0)) . message('S', '');
	$self->{socket}->flush;
	my $answer = $self->answer;
	die "$sql: $answer->{message}" if $answer->{error};
	return $self->{prepared}{$sql} = $name;
}

# Runs requests [sql, parameter, binary?] each in a transaction of its own; the results' columns are text, then binary.
# Returns an answer for each.  Few and small enough for the socket's buffer.
sub run
{
	my ($self, @requests) = @_;
	my $sent = '';

	foreach my $request (@requests)
	{
		my ($sql, $value, $binary, $columns) = @$request;

		$sent .= message('B', pack('Z* Z* n n n N/a* n n*', '', $self->prepare($sql), 1, $binary ? 1 : 0, 1, $value,
				$columns == 2 ? (2, 0, 1) : (1, 0)))
		  . message('E', pack('Z* N', '', 0)) . message('S', '');
	}
	print { $self->{socket} } $sent;
	$self->{socket}->flush;
	return map { $self->answer } @requests;
}

sub command
{
	my ($self, $sql) = @_;

	print { $self->{socket} } message('Q', pack('Z*', $sql));
	$self->{socket}->flush;
	my $answer = $self->answer;
	die "$sql: $answer->{message}" if $answer->{error};
	return $answer->{row};
}

1;
