# The parts of the install script, sql/: whoever looks for a name finds the part that makes it, and can read it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use File::Find;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Text::Tabs;
use Text::Wrap;

my $tree = "$FindBin::RealBin/../..";
my (%file, %plain, %template);

find({ no_chdir => 1, wanted => sub { $file{ substr $_, length "$tree/" } = slurp_file($_) if /\.(sql|awk)\z/ } }, "$tree/sql", "$tree/test");
utf8::decode($_) for values %file;

# A line is at most 120 columns wide.
my @wide;
foreach my $name (sort keys %file)
{
	my $line = 0;

	push @wide, map { $line++; length expand($_) > 120 ? "$name:$line" : () } split /\n/, $file{$name};
}
BEGIN { $Text::Tabs::tabstop = 4; }
is(join("\n", @wide), '', 'no line of sql/ and of the tests in SQL has more than 120 columns');

# What is included without settings is a part, what is included with some a template; all are reached from the scripts.
sub visit
{
	my ($name) = @_;

	foreach my $include ($file{$name} =~ /^--@ include (\S+\n(?:--@ with )?)/mg)
	{
		my ($part, $with) = $include =~ /(\S+)\n(.*)/;

		ok(defined $file{"sql/$part"}, "sql/$part, which $name includes, is there") or next;
		my $seen = $plain{"sql/$part"} || $template{"sql/$part"};
		($with ? \%template : \%plain)->{"sql/$part"} = 1;
		visit("sql/$part") if !$seen;
	}
	return;
}
visit($_) for grep { m,^sql/(kpi|upgrade/[^/]+)\.sql\z, } sort keys %file;
cmp_ok(scalar(keys %plain), '>', 30, 'there are parts');
is(join("\n", grep { !$plain{$_} && !$template{$_} && !m,^sql/(kpi|upgrade/[^/]+)\.sql\z, && m,^sql/.*\.sql\z, } sort keys %file), '', 'every part is in a script');

# A part says in its first lines what is created in it under names that are not written out.
my $create = qr/^CREATE (?:FUNCTION|AGGREGATE|TYPE|TABLE|VIEW|OPERATOR CLASS) /m;
sub written_out
{
	my ($name) = @_;

	return ($file{$name} =~ /$create([a-z0-9_]+)(?=[\s(;])/g, map { written_out("sql/$_") } $file{$name} =~ /^--@ include (\S+)\n(?!--@ with )/mg);
}
sub made { return $_[0] =~ /$create([^\s(;]+)/g; }
sub check
{
	my ($name, $text) = @_;
	my %out = map { $_ => 1 } written_out($name);
	my %made = map { $_ => 1 } grep { !$out{$_} } made($text);
	my ($says) = $file{$name} =~ /^--@ makes ((?:.*\n(?:--@  .*\n)*))/m;
	my @said = ($says // '') =~ s/^--@ +//mgr =~ /[@\w]+/g;
	my $should = join ', ', sort keys %made;

	$Text::Wrap::columns = 121;
	s/\@([A-Z_]+)\@/\L$1_value/g for @said;
	is(join(', ', sort @said), $should, "$name says which names it makes") or diag(wrap('', '--@   ', "--@ makes $should"));
	unlike($file{$name}, qr/\A(?:--.*\n)*(?!--).*\n(?s:.*)^--@ makes/m, "$name says it in its first lines");
	return;
}
my @expand = ('awk', '-v', "dir=$tree/sql", '-f', "$tree/sql/expand.awk");
foreach my $name (sort keys %plain)
{
	my ($text, $error);

	IPC::Run::run([ @expand, "$tree/$name" ], '>', \$text, '2>', \$error) or fail("$name is expanded: $error");
	check($name, $text);
}
# of a template with values for all that some template leaves open
my %open = map { $_ => 1 } map { $file{$_} =~ /\@([A-Z_]+)\@/g } keys %template;
delete @open{ map { $file{$_} =~ /^--@ default ([A-Z_]+)/mg } keys %template };
foreach my $name (sort keys %template)
{
	my $path = PostgreSQL::Test::Utils::tempdir() . '/use.sql';
	my ($text, $error);

	append_to_file($path, '--@ include ' . ($name =~ s,^sql/,,r) . join('', map { "\n--\@ with $_ = \L${_}_value" } sort keys %open) . "\n");
	IPC::Run::run([ @expand, $path ], '>', \$text, '2>', \$error) or fail("$name is expanded: $error");
	check($name, $text);
}

# Every name of the extension stands in a part.
my $node = start_node('sql_sources');
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
my @names = split /\n/, $node->safe_psql('postgres', q{
	SELECT DISTINCT name FROM pg_depend d
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi',
	LATERAL (SELECT proname FROM pg_proc p WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid
		UNION ALL SELECT typname FROM pg_type t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid AND typcategory <> 'A'
		UNION ALL SELECT opcname FROM pg_opclass o WHERE d.classid = 'pg_opclass'::regclass AND o.oid = d.objid
		UNION ALL SELECT relname FROM pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid) AS n (name)
	WHERE d.deptype = 'e' ORDER BY 1});
cmp_ok(scalar(@names), '>', 450, 'there are names');
my %word;
$word{$_}++ for map { $file{$_} =~ /\w+/g } keys %plain;
is(join("\n", grep { !$word{$_} } @names), '', 'every name that is installed stands in a part, written out');

$node->stop;
done_testing();
