# What the tests of drivers share: a server that listens on the loopback address too, the queries of drivers.sql with what psql
# says of them, and the checks of what a driver's program printed.
package Drivers;

use strict;
use warnings;
use Exporter 'import';
use FindBin;
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(driver_node run_driver check_columns check_rest check_document programs python_with types calls);

my $here = "$FindBin::RealBin/..";

# The directory of the programs.
sub programs
{
	return "$here/drivers";
}

sub driver_node
{
	my ($name) = @_;
	my $node = start_node($name);

	# some drivers know no Unix-domain sockets
	$node->append_conf('postgresql.conf', "listen_addresses = '127.0.0.1'\ntimezone = 'UTC'\n");
	$node->restart;
	$node->safe_psql('postgres', "SET client_min_messages = error;\nCREATE EXTENSION kpi;\n" . join '', map { slurp_file("$here/lib/$_.sql") } qw(aggregates samples probe drivers));
	return $node;
}

# Runs a program with host, port, user and database in the environment; its lines.
sub run_driver
{
	my ($node, @command) = @_;
	local %ENV = (%ENV, PGHOST => '127.0.0.1', PGPORT => $node->port, PGUSER => getpwuid($<) . '', PGDATABASE => 'postgres',
		PYTHONDONTWRITEBYTECODE => 1, PYTHONIOENCODING => 'utf-8');
	my ($out, $err);
	my $ok = IPC::Run::run(\@command, '>', \$out, '2>', \$err, IPC::Run::timeout(3 * $PostgreSQL::Test::Utils::timeout_default));

	ok($ok, "$command[-1] ran to its end") or diag($err);
	return split /\n/, $out;
}

# What psql says of each query: names and types of the columns, and the rows.
sub reference
{
	my ($node) = @_;
	my %query;

	foreach my $line (split /\n/, $node->safe_psql('postgres', "SELECT id || E'\\t' || name || E'\\t' || sql FROM kpi_test.query ORDER BY id"))
	{
		my ($id, $name, $sql) = split /\t/, $line, 3;
		$query{$id} = { name => $name, sql => $sql };
	}
	my @ids = sort { $a <=> $b } keys %query;
	my $script = "SET client_min_messages = error;\n\\pset null '\\\\N'\n\\pset fieldsep '\\t'\n\\pset footer off\n"
	  . join '', map { "\\echo ==== columns $_\n$query{$_}{sql} \\gdesc\n\\echo ==== rows $_\n$query{$_}{sql};\n" } @ids;
	my $printed = $node->safe_psql('postgres', $script);
	while ($printed =~ /^==== (columns|rows) (\d+)\n(.*?)(?=^==== |\z)/msg)
	{
		$query{$2}{$1} = [ map { [ split /\t/, $_, -1 ] } split /\n/, $3 ];
	}
	return \%query;
}

# What a driver's program said of the queries of kpi_test.query, against what psql says.  It prints lines of fields with tabs between:
# C, number of the query, then name and type of each column; R, number, then the values of a row, \N for NULL, an interval as microseconds.
# The types that the driver should call the server's ones are given.
sub check_columns
{
	my ($node, $types, @lines) = @_;
	my $query = reference($node);
	my (%columns, %rows, %seen);

	foreach my $line (@lines)
	{
		my ($kind, $id, @fields) = split /\t/, $line, -1;
		if ($kind eq 'C') { $columns{$id} = \@fields; }
		elsif ($kind eq 'R') { push @{ $rows{$id} }, \@fields; }
	}
	cmp_ok(scalar keys %$query, '>', 150, 'there are queries: ' . keys %$query);
	foreach my $id (sort { $a <=> $b } keys %$query)
	{
		my $q = $query->{$id};
		my @expected = map { my ($name, $type) = @$_; ($name, $types->{$type} // ($type =~ /\[\]$/ ? $types->{array} : $types->{other})) } @{ $q->{columns} };
		my @type = map { $_->[1] } @{ $q->{columns} };
		my @got = map { my $row = $_; join ' | ', map { canonical($type[$_], $row->[$_]) } 0 .. $#type } @{ $rows{$id} || [] };
		my @wanted = map { my $row = $_; join ' | ', map { canonical($type[$_], $row->[$_]) } 0 .. $#type } @{ $q->{rows} };

		$seen{$_}++ for @type;
		my $good = is("@{ $columns{$id} || [] }", "@expected", "$q->{name}: names and types of columns");
		$good = is(join("\n", @got), join("\n", @wanted), "$q->{name}: values") && $good;
		diag($q->{sql}) if !$good;
	}
	# the types that a front door or accessor has, each seen
	cmp_ok($seen{$_} // 0, '>', 0, "a column of type $_") for 'double precision', 'numeric', 'bigint', 'integer', 'date', 'boolean', 'text', 'interval', 'kpi_status', 'kpi_target', 'nps_summary';
	my $catalogue = $node->safe_psql('postgres', q{SELECT string_agg(signature, ' ') FROM kpi_test.callable c
		WHERE (prokind = 'a' AND NOT EXISTS (SELECT FROM kpi_test.query q JOIN kpi_test.callable o ON o.signature = q.name
			WHERE o.proname = c.proname AND o.prorettype = c.prorettype AND o.prokind = 'a')) OR (prokind = 'f' AND (proretset OR prorettype = 'record'::regtype) AND proname NOT IN (SELECT name FROM kpi_test.query))});
	is($catalogue, '', 'every aggregate, and every function that returns rows or columns, has a query');
	return;
}

# A value as it is compared: numbers by what they are, not how they are written.
sub canonical
{
	my ($type, $value) = @_;

	return 'missing' if !defined $value;
	return $value if $value eq '\N';
	return sprintf '%.17g', $value =~ /^(-?)inf/i ? "$1inf" : $value if $type eq 'double precision';
	return $value =~ /^(t|true|1)$/i ? 't' : $value =~ /^(f|false|0)$/i ? 'f' : $value if $type eq 'boolean';
	return $value =~ /^(-?)(\d+):(\d+):(\d+)(?:\.(\d+))?$/ ? "$1" . ((($2 * 60 + $3) * 60 + $4) * 1000000 + substr(($5 // '') . '000000', 0, 6)) : $value if $type eq 'interval';
	return $value;
}

# A Python that has a module, the distribution's first, or nothing.
sub python_with
{
	my ($module) = @_;

	foreach my $python ('/usr/bin/python3', 'python3')
	{
		return $python if eval { IPC::Run::run([ $python, '-c', "import $module" ], '>&', \my $said) };
	}
	return;
}

# The base types, and the calls with parameters as the programs name them.
sub types
{
	my ($node) = @_;
	return split /\n/, $node->safe_psql('postgres', 'SELECT name FROM kpi_test.base_type ORDER BY 1');
}

sub calls
{
	my ($node) = @_;
	return map { "call $_" } split /\n/, $node->safe_psql('postgres', 'SELECT id FROM kpi_test.call ORDER BY 1');
}

# The example that doc/drivers.md shows under a heading is text of the program.
sub check_document
{
	my ($program, $heading) = @_;
	my $text = slurp_file(programs() . "/$program");
	my ($section) = slurp_file("$here/../doc/drivers.md") =~ /^## \Q$heading\E$(.*?)(?=^## |\z)/ms;
	my @blocks = ($section // '') =~ /^```(?!sql|text)\w+\n(.*?)^```/msg;
	my $spaces = sub { $_[0] =~ s/^[ \t]+//mgr };

	cmp_ok(scalar @blocks, '>', 0, "doc/drivers.md has an example under $heading");
	ok(index($spaces->($text), $spaces->($_)) >= 0, "the example under $heading is what $program runs") or diag($_) for @blocks;
	return;
}

# The other lines: "ok", "not ok" or "skip", and what was looked at.  All of the names given must be there.
sub check_rest
{
	my ($names, @lines) = @_;
	my %said;

	foreach my $line (@lines)
	{
		my ($kind, $name, $more) = split /\t/, $line, 3;
		next if $kind !~ /^(ok|not ok|skip)$/;
		$said{$name} = 1;
		if ($kind eq 'skip') { note("$name: skipped: $more"); next; }
		ok($kind eq 'ok', $name) or diag($more // '');
	}
	is(join(', ', grep { !$said{$_} } @$names), '', 'all was tried');
	return;
}

1;
