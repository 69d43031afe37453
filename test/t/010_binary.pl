# Binary input of every base type: what is written reads back, and what is spoiled is refused or safe.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use Test::More;

my $node = start_node('binary');
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');

is($node->safe_psql('postgres', 'SELECT type FROM kpi_test.base_type EXCEPT SELECT type FROM kpi_test.sampled'),
	'', 'every base type has samples in test/lib/samples.sql');

my @types = split /\n/, $node->safe_psql('postgres', 'SELECT type FROM kpi_test.base_type ORDER BY 1');
cmp_ok(scalar @types, '>=', 2, 'there are base types');

foreach my $type (@types)
{
	is($node->safe_psql('postgres', qq{
		CREATE TABLE "out $type" (i int, v $type);
		INSERT INTO "out $type" SELECT row_number() OVER (), literal::$type FROM kpi_test.sampled WHERE type = '$type'::regtype;
		CREATE TABLE "in $type" (LIKE "out $type");
		COPY "out $type" TO '${\$node->data_dir}/copy' (FORMAT binary);
		COPY "in $type" FROM '${\$node->data_dir}/copy' (FORMAT binary);
		SELECT o, i FROM "out $type" o FULL JOIN "in $type" i USING (i)
		WHERE NOT coalesce(i.v = o.v AND ${type}_send(i.v) = ${type}_send(o.v) AND i.v::text = o.v::text, false)}),
		'', "$type: COPY BINARY out and in");

	my ($refused, $accepted, $wrong) = split /\|/,
	  $node->safe_psql('postgres', "SELECT refused, accepted, array_to_string(wrong[:20], E'\\n') FROM kpi_test.spoil('$type')"), 3;
	is($wrong, '', "$type: spoiled binary input is refused or safe ($refused refused, $accepted accepted)");
	cmp_ok($refused, '>', 0, "$type: some is refused");
}

is($node->safe_psql('postgres', 'SELECT 1'), '1', 'the server is alive');
$node->stop;
done_testing();
