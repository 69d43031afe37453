# doc/reference.md is what test/lib/Reference.pm makes of the server's catalogue, doc/reference.in and doc/examples.sql:
# every object that users may use, with what its COMMENT says and an example that is run.  "make reference" writes it anew.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Reference qw(reference_page);
use Test::More;

my $tree = "$FindBin::RealBin/../..";
my $node = start_node('reference');

$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');

sub read_file
{
	my ($name) = @_;
	my $text = slurp_file($name);

	utf8::decode($text);
	return $text;
}

# what psql shows of statements, with what the server says of them; undef where they fail
sub shown
{
	my ($sql) = @_;
	my $out;

	IPC::Run::run([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-P', 'footer=off', '-d', $node->connstr('postgres'), '-c', $sql ],
		'<', \undef, '>&', \$out) or return;
	utf8::decode($out);
	return $out =~ s/ +$//gmr =~ s/\n\n\z/\n/r;
}

my $script = `awk -v dir="$tree/sql" -f "$tree/sql/expand.awk" "$tree/sql/kpi.sql"`;
utf8::decode($script);
my $page = eval { reference_page(sub { $node->safe_psql('postgres', $_[0]) }, \&shown, $script, map { read_file($_) } "$tree/doc/reference.in", "$tree/doc/examples.sql") };
is($@, '', 'the page can be made');
my @written = split /\n/, read_file("$tree/doc/reference.md");
my @made = split /\n/, $page // '';
cmp_ok(scalar @made, '>', 2000, 'it has entries');
my ($line) = grep { ($written[$_] // '') ne ($made[$_] // '') } 0 .. ($#written > $#made ? $#written : $#made);
ok(!defined $line, 'doc/reference.md is as "make reference" writes it')
	or diag('line ' . ($line + 1) . ' is ' . ($written[$line] // 'missing') . ', not ' . ($made[$line] // 'there'));

# What the page says of entries without a word on NULL holds: what may say so itself gives NULL, or no rows.
is($node->safe_psql('postgres', q{
	SELECT string_agg(p.oid::regprocedure::text, E'\\n' ORDER BY 1) FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
	WHERE prokind = 'f' AND NOT proisstrict AND pronargs > 0 AND p.oid NOT IN (SELECT oprcode FROM pg_operator UNION SELECT aggcombinefn FROM pg_aggregate) AND proname !~ '^ratio_frame_' AND obj_description(p.oid, 'pg_proc') !~ 'NULL|^private|(state|transition|final|combine) (function|value)|^[a-z ]*function of '}), '', 'an entry of what is not strict tells what NULL does');
# What the page says of comparing holds for every base type.
is($node->safe_psql('postgres', q{
	SELECT string_agg(typname, ' ' ORDER BY typname) FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
	WHERE typtype = 'b' AND typelem = 0 AND ((SELECT count(*) FROM pg_operator WHERE oprleft = t.oid AND oprright = t.oid AND oprname IN ('<', '<=', '=', '<>', '>=', '>')) <> 6
		OR (SELECT count(*) FROM pg_opclass JOIN pg_am a ON a.oid = opcmethod WHERE opcintype = t.oid AND opcdefault AND amname IN ('btree', 'hash')) <> 2)}),
	'', 'every base type can be compared, sorted and hashed');

$node->stop;
done_testing();
