# psql: what \d commands tell about the extension, what the tab key finds, and bars that line up in a terminal.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('psql');
$node->safe_psql('postgres', 'CREATE SCHEMA kpi; CREATE EXTENSION kpi SCHEMA kpi; ALTER DATABASE postgres SET search_path = kpi, public');

sub psql
{
	my ($command, @options) = @_;
	my ($out, $err) = ('', '');

	local $ENV{PGCLIENTENCODING} = 'UTF8';
	IPC::Run::run([ 'psql', '-Xq', @options, '-d', $node->connstr('postgres'), map { ('-c', $_) } split /\n/, $command ], '<', \undef, '>', \$out, '2>', \$err);
	return wantarray ? ($out, $err) : $out;
}

# The rows of a \d command, each with its columns.
sub rows
{
	my ($command) = @_;

	return map { [ split /\x01/, $_, -1 ] } split /\x02/, psql($command, '-At', '-F', "\x01", '-R', "\x02") =~ s/\n\z//r;
}

# Each command lists all there is of its kind, each with a description in its last column that is one paragraph.
my %members = map { split /\|/ } split /\n/, $node->safe_psql('postgres', q{
	SELECT kind, count(*) FROM (
		SELECT CASE d.classid WHEN 'pg_proc'::regclass THEN CASE (SELECT prokind FROM pg_proc p WHERE p.oid = objid) WHEN 'a' THEN 'aggregate' ELSE 'function' END
			WHEN 'pg_class'::regclass THEN (SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END FROM pg_class c WHERE c.oid = objid)
			ELSE d.classid::regclass::text END AS kind
		FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' WHERE extname = 'kpi') AS m GROUP BY 1});
my %listed = (
	'\df+ kpi.*' => $members{function} + $members{aggregate},
	'\da+ kpi.*' => $members{aggregate},
	'\do+ kpi.*' => $members{pg_operator},
	'\dv+ kpi.*' => $members{view},
	'\dt+ kpi.*' => $members{table});
my %description;
foreach my $command (sort keys %listed)
{
	my @rows = rows($command);

	is(scalar @rows, $listed{$command}, "$command lists them all");
	is(join(', ', map { "$_->[1]($_->[3])" } grep { $_->[-1] !~ /^\S[^\n\t]{3,}[^\s.]$/ } @rows), '', "$command describes each, in one paragraph");
	$description{"$_->[1]($_->[3])"} = $_->[-1] for $command =~ /f/ ? @rows : ();
}
my @types = rows('\dT+ kpi.*');
is(join(', ', map { $_->[1] } grep { $_->[-1] !~ /^\S[^\n\t]{3,}[^\s.]$/ } @types), '', '\dT+ describes each');
is(scalar @types, $node->safe_psql('postgres', q{SELECT count(*) FROM pg_type t WHERE typnamespace = 'kpi'::regnamespace AND typtype IN ('b', 'e', 'r', 'm') AND typelem = 0}), '\dT+ lists them all');
my @all = split /\n/, psql('\dx+ kpi', '-At');
is(scalar @all, $node->safe_psql('postgres', q{SELECT count(*) FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' WHERE extname = 'kpi'}),
	'\dx+ lists every member');
like(psql('\dx kpi', '-At'), qr/^kpi\|.*\|kpi\|key performance indicators/, '\dx says what it is');

# What is not for users says so in its first words, so that a list can be read without it.
my $inner = qr/^(private|transition function|combine function|final function|merges |takes a|reads the|writes the|(not )?equal$|(before|after) in bytewise|bytewise order|hash of|whether the value meets)/;
my @inner = split /\n/, $node->safe_psql('postgres', q{
	SELECT DISTINCT proname || '|' || obj_description(p.oid, 'pg_proc') FROM pg_proc p
	WHERE pronamespace = 'kpi'::regnamespace AND (EXISTS (SELECT FROM pg_type WHERE p.oid IN (typinput, typoutput, typreceive, typsend))
		OR EXISTS (SELECT FROM pg_amproc WHERE amproc = p.oid) OR EXISTS (SELECT FROM pg_operator WHERE oprcode = p.oid)
		OR EXISTS (SELECT FROM pg_aggregate WHERE p.oid IN (aggtransfn, aggcombinefn, aggmtransfn, aggminvtransfn) OR (p.oid IN (aggfinalfn, aggmfinalfn) AND proname ~ '_final$')))});
cmp_ok(scalar @inner, '>', 200, 'there are functions behind types and aggregates');
is(join(', ', grep { (split /\|/)[1] !~ $inner } @inner), '', 'each says that it is one');
is(join(', ', grep { /^(nps_agg|nps_margin|kpi_measure|clv_fit|rollup|funnel)\(/ && $description{$_} =~ $inner } sort keys %description), '', 'others do not');

# In a window of 100 columns, without a pager.
foreach my $command ('\da+ kpi.nps_agg', '\df+ kpi.nps_margin', '\dT+ kpi.kpi_target', '\dv+ kpi.kpi_current', '\do+ kpi.+')
{
	my $shown = psql("\\pset format wrapped\n\\pset columns 100\n\\x auto\n$command");

	utf8::decode($shown);
	is(scalar(grep { length > 100 } split /\n/, $shown), 0, "$command fits into 100 columns");
}

# The tab key.
SKIP:
{
	skip 'no IO::Pty', 7 unless eval { require IO::Pty; 1 };
	my ($in, $out) = ('', '');
	local $ENV{TERM} = 'dumb';
	local $ENV{PSQL_HISTORY} = '/dev/null';
	local $ENV{INPUTRC} = '/dev/null';
	my $timer = IPC::Run::timeout(2 * $PostgreSQL::Test::Utils::timeout_default);
	my $psql = eval { IPC::Run::start([ 'psql', '-X', '-P', 'pager=off', '-d', $node->connstr('postgres') ], '<pty<', \$in, '>pty>', \$out, $timer) }
		or skip 'no pseudo-terminal', 7;
	# types keys, and gives what psql shows, once that is like it should be: the harness has a time, the keys have none
	my $type = sub {
		my ($keys, $like) = @_;

		($out, $in) = ('', $keys);
		$psql->pump while $out =~ tr/\x07//dr !~ $like;
		return $out =~ tr/\x07//dr;
	};
	$type->('', qr/=# $/);
	# a psql without readline has nothing to complete with, and takes the tab key for a space
	if ($type->("\\d pg_prepared_st\t\n", qr/\n.*=# $/s) !~ /View .*pg_prepared_statements/)
	{
		$psql->kill_kill;
		skip 'psql without tab completion', 7;
	}
	foreach my $case ([ "\\df kpi_meas", 'kpi_measure ' ], [ "\\da nps_a", 'nps_agg ' ], [ "\\dT rate_su", 'rate_summary ' ], [ 'SELECT * FROM kpi_curr', 'kpi_current ' ],
		[ 'INSERT INTO kpi_rea', 'kpi_reading ' ], [ 'COMMENT ON FUNCTION nps_marg', 'nps_margin ' ], [ 'DROP TYPE nps_su', 'nps_summary ' ])
	{
		my ($keys, $found) = @$case;

		# the bell tells that it found nothing
		like(eval { $type->("$keys\t", qr/\Q$found\E/) } // $out, qr/\Q$found\E/, "$keys and the tab key: $found");
		# an open statement is thrown away
		$type->("\x15\\r\n", qr/[=-]# $/);
	}
	$in = "\n\\q\n";
	eval { $psql->finish } or $psql->kill_kill;
}

# Bars line up: all lines of a table have one width, in blocks and in ASCII.
my $bars = q{SELECT region, bullet(nps, '>= 50 warn 30', 20, ascii), sparkline(history, ascii), 'end' AS "end"
	FROM (VALUES ('north', 62, ARRAY[10, 20, 35, 62]), ('south', -12, ARRAY[5, NULL, 30, -12]), ('west', NULL, ARRAY[1, 1, 1, 1])) AS v(region, nps, history), (VALUES (%s)) AS a(ascii)};
$bars =~ s/\s+/ /g;
foreach my $style ('ascii', 'unicode')
{
	foreach my $ascii ('false', 'true')
	{
		my $shown = psql("\\pset border 2\n\\pset linestyle $style\n\\pset footer off\n" . sprintf $bars, $ascii);
		utf8::decode($shown);
		my @lines = grep { length } split /\n/, $shown;

		is(scalar @lines, 7, "$style lines, ascii $ascii: a table");
		is(scalar(grep { length != length $lines[0] } @lines), 0, "$style lines, ascii $ascii: with straight edges");
		is($shown =~ /\x{2588}/ ? 'false' : 'true', $ascii, "$style lines, ascii $ascii: signs");
	}
}
# Elsewhere than in UTF8.
foreach my $encoding ('LATIN1', 'SQL_ASCII', 'EUC_JP')
{
	$node->safe_psql('postgres', "CREATE DATABASE \"$encoding\" TEMPLATE template0 ENCODING '$encoding' LOCALE 'C'");
	is($node->safe_psql($encoding, "CREATE EXTENSION kpi; SELECT bullet(40, '>= 50', 10), sparkline(ARRAY[1, 2, 3])"), '#######.|.|158', "a database in $encoding: ASCII");
}
my ($out, $err) = psql("SET client_encoding = LATIN1\nSELECT bullet(40, '>= 50', 10)\nSELECT bullet(40, '>= 50', 10, true), sparkline(ARRAY[1, 2, 3], true)", '-At', '-v', 'VERBOSITY=verbose');
like($err, qr/^ERROR:  22P05: .* has no equivalent in encoding "LATIN1"/, 'a client in LATIN1 of a UTF8 database gets no blocks');
is($out, "#######.|.|158\n", 'it asks for ASCII');

$node->stop;
done_testing();
