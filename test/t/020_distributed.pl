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

# Workers in another zone than the session of the coordinator: refused wherever the state knows its zone.
my $refused = q{a part of one _ was built in time zone "UTC", but this session's is "Asia/Shanghai"};
is($node->safe_psql('postgres', q{SELECT signature FROM zoned WHERE differs AND outcome NOT LIKE 'a part of one%'}), '', 'what differs by the zone is refused');
is($node->safe_psql('postgres', 'SELECT DISTINCT outcome FROM zoned ORDER BY 1'), "$refused\nas here", 'with these words, else the result is the same');
is($node->safe_psql('postgres', q{SELECT string_agg(DISTINCT split_part(signature::text, '(', 1), ' ' ORDER BY split_part(signature::text, '(', 1)) FROM zoned WHERE outcome = 'as here'}),
	'conversion_rate conversion_summary duration_summary on_time_rate on_time_summary', 'a rate_summary does not know it, and the time between two moments has none');
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM zoned WHERE differs'), '>', 10, 'some differ');

$node->stop;
done_testing();
