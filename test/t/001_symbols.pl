# Who looks for a C function by the name that SQL calls it by finds it: every symbol that a new installation or a released
# script names stands in src/ as a word of its own, outside of comments.  No macro pastes it together.  No two files have a function, variable, macro or type of one name, though
# nobody but themselves may see it.  And no file includes upward, or from another room of its floor: doc/architecture.md.
use strict;
use warnings;
use File::Find;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/../..";
my %word;
my %files_of;

# what a file has at its outermost level, uses of macros left out, which are in capitals
sub names
{
	my ($code) = @_;

	$code =~ s/^\w+\K\(([^;{}]*)\)\s*^\{.*?^\}/() BODY/gms;
	$code =~ s/^typedef (?:struct|union|enum) (\w+) \1;//gm;
	return (
		(grep { /[a-z]/ } $code =~ /^(\w+)\(\) BODY/gm), $code =~ /^#[ \t]*define[ \t]+(\w+)/gm,
		$code =~ /^static [^;={}()]*?(\w+)(?:\[[^;={}]*\])*\s*[=;]/gm,
		$code =~ /^(?:typedef )?(?:struct|union|enum) (\w+)\s*\{/gm, $code =~ /^\} (\w+);/gm,
		$code =~ /^typedef [^;{}]*?(\w+);/gm, $code =~ /^typedef [^;{}]*\(\*(\w+)\)[ \t]*\(/gm,
		map { /^\t(\w+)/gm } $code =~ /^(?:typedef )?enum\b[^{;]*\{(.*?)^\}/gms);
}

find({ no_chdir => 1, wanted => sub {
	return unless /\.[ch]\z/;
	(my $code = slurp_file($_)) =~ s{/\*.*?\*/}{}gs;
	my $file = s{\Q$tree\E/}{}r;

	$word{$_} = 1 for $code =~ /\w+/g;
	$files_of{$_}{$file} = 1 for names($code);
} }, "$tree/src");
cmp_ok(scalar(keys %word), '>', 1000, 'there are sources');
cmp_ok(scalar(keys %files_of), '>', 1000, 'with names of their own');
foreach my $known (qw(nps_step kpi_flat NPS_FORM nps_type KpiHeader KpiKind KPI_KIND_FLOW KpiRecordsEqual))
{
	ok($files_of{$known}, "$known is found");
}
is(join("\n", map { my $name = $_; "$name: " . join(', ', sort keys %{ $files_of{$name} }) }
	grep { keys %{ $files_of{$_} } > 1 } sort keys %files_of), '', 'no two files have something of one name');

# What others may see begins with kpi; what is a file's own with a word that tells of which room it is.  Not ours: what
# templates and versions of PostgreSQL ask for.
my %rooms_of;

foreach my $name (grep { !/^(?:kpi|PG_GETARG|ST)_|^(?:errsave|pg_attribute_\w+)$|^kpi/i } keys %files_of)
{
	my ($word) = $name =~ /^([A-Z]?[a-z]+|[A-Z]+)/;

	push @{ $rooms_of{lc $word}{s{/[^/]+$}{}r} }, $name for keys %{ $files_of{$name} };
}
cmp_ok(scalar(keys %rooms_of), '>', 30, 'there are names of rooms and files');
is(join("\n", map { my $word = $_; map { "$word in $_: @{ $rooms_of{$word}{$_} }" } sort keys %{ $rooms_of{$word} } }
	grep { keys %{ $rooms_of{$_} } > 1 } sort keys %rooms_of), '', 'the first word of a name of a file\'s own is of one room');

sub all_there
{
	my ($what, @symbols) = @_;
	my @missing = grep { !$word{$_} } @symbols;

	cmp_ok(scalar @symbols, '>', 100, "$what names symbols");
	is(join("\n", @missing), '', "those of $what are in src/");
	return;
}

# what a room may include beside itself
my %below = (
	core => [], summary => ['core'], goal => ['core'], series => ['core'], calendar => ['core'], privacy => ['core'],
	model => [ 'core', 'summary/rfm' ], scorecard => [ 'core', 'summary', 'goal', 'series', 'calendar', 'privacy', 'model' ]);
my @wrong;

find({ no_chdir => 1, wanted => sub {
	my ($room) = m{\Q$tree\E/src/(\w+)/.*\.[ch]\z} or return;
	my $file = s{\Q$tree\E/}{}r;

	fail("$file is in a room that this test knows") if !$below{$room};
	foreach my $header (slurp_file($_) =~ /^#include "((?:core|summary|goal|series|calendar|privacy|model|scorecard)\/[^"]+)"/mg)
	{
		push @wrong, "$file includes $header" if !grep { index($header, $_) == 0 } "$room/", @{ $below{$room} };
	}
} }, "$tree/src");
is(join("\n", sort @wrong), '', 'no file includes upward or from beside');

# of the ground's folders each may include those before it
my %place = do { my $i = 0; map { $_ => $i++ } qw(server form number time set) };

@wrong = ();
find({ no_chdir => 1, wanted => sub {
	my ($folder) = m{\Q$tree\E/src/core/(\w+)/.*\.[ch]\z} or return;
	my $file = s{\Q$tree\E/}{}r;

	fail("$file is in a folder that this test knows") if !exists $place{$folder};
	push @wrong, map { /^(\w+)/ && $place{$1} <= $place{$folder} ? () : "$file includes core/$_" }
		slurp_file($_) =~ /^#include "core\/([^"]+)"/mg;
} }, "$tree/src/core");
is(join("\n", sort @wrong), '', 'the folders of core/ include no other in a circle');

my $node = start_node('symbols');
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
all_there('a new installation', split /\n/, $node->safe_psql('postgres', q{
	SELECT DISTINCT prosrc FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
	WHERE probin LIKE '%kpi%' ORDER BY prosrc}));
# which a database keeps until it is updated
my @released = glob "$tree/released/*.sql";
cmp_ok(scalar @released, '>=', 1, 'there are released scripts');
foreach my $script (@released)
{
	my %symbol = map { $_ => 1 } slurp_file($script) =~ /AS 'MODULE_PATHNAME', '(\w+)'/g;

	all_there($script =~ s,.*/,,r, sort keys %symbol);
}
$node->stop;
done_testing();
