# Every aggregate in two halves, as Citus runs it: a shard's state leaves as text and as binary, the coordinator reads,
# combines and finishes it (test/distributed/split.c, which is compiled here).  Skipped without a compiler.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use KpiModule;
use PostgreSQL::Test::Utils;
use Test::More;

my $source = "$FindBin::RealBin/../distributed";
my $library = build_module($source);
my $node = start_node('distributed');
my $quiet = "SET client_min_messages = error;\n";
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
$node->safe_psql('postgres', $quiet . slurp_file("$FindBin::RealBin/../lib/aggregates.sql"));
$node->safe_psql('postgres', $quiet . slurp_file("$source/split.sql"), extra_params => [ '-v', "library=$library" ]);

my $aggregates = $node->safe_psql('postgres', 'SELECT count(*) FROM aggregate');
cmp_ok($aggregates, '>', 100, "there are aggregates: $aggregates");
is($node->safe_psql('postgres', q{SELECT a.signature FROM aggregate a JOIN outcome o USING (signature) WHERE division = 'shards, one without usable rows' AND undivided = '0: NULL'}),
	'', 'each has a result over the sample');

foreach my $division (split /\n/, $node->safe_psql('postgres', 'SELECT name FROM division ORDER BY 1'))
{
	is($node->safe_psql('postgres', "SELECT count(*) FROM outcome WHERE division = '$division'"), $aggregates, "$division: every aggregate was run");
	foreach my $form ('text', 'binary')
	{
		is($node->safe_psql('postgres', qq{
			SELECT signature || ': ' || coalesce(left(as_$form, 300), '-') || ' instead of ' || coalesce(left(undivided, 300), '-')
			FROM outcome WHERE division = '$division' AND as_$form IS DISTINCT FROM undivided ORDER BY 1 LIMIT 10}),
			'', "$division: the undivided result, states as $form");
	}
}

$node->stop;
done_testing();
