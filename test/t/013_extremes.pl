# Every aggregate, operator and function over extreme and special values: what holds for all of them, in every order, plan,
# window frame and form (test/lib/extremes.sql).  Chosen by a seed, which is shown: KPI_EXTREMES_SEED, and
# KPI_EXTREMES_ROUNDS for how many seeds from there on.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $first = $ENV{KPI_EXTREMES_SEED} || 1;
my $rounds = $ENV{KPI_EXTREMES_ROUNDS} || 1;
my $node = start_node('extremes');

$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');
$node->safe_psql('postgres', "SET client_min_messages = error;\n" . slurp_file("$FindBin::RealBin/../lib/extremes.sql"));
is($node->safe_psql('postgres', q{SELECT type, literal FROM kpi_test.extreme_value WHERE kpi_test.is_error(kpi_test.outcome(format('SELECT %L::%s::text', literal, type)))}),
	'', 'the values there are at first are values');

my @aggregates = split /\n/, $node->safe_psql('postgres', 'SELECT signature FROM kpi_test.extreme_aggregate ORDER BY stored, signature::text');
my @types = split /\n/, $node->safe_psql('postgres', 'SELECT type FROM kpi_test.base_type ORDER BY name');
cmp_ok(scalar @aggregates, '>', 100, 'there are aggregates: ' . @aggregates);
cmp_ok(scalar @types, '>', 10, 'there are types: ' . @types);

# Runs queries, each in a transaction of its own, and returns what they find; of a crash, in which one it was.
sub findings
{
	my (@queries) = @_;
	my ($status, $out, $err) = $node->psql('postgres', join('', "SET client_min_messages = error;\n", map { my $q = $_; "\\echo -- $q\n$q;\n" } @queries),
		on_error_stop => 0);
	my ($at, @found) = ('nothing yet');

	foreach (split /\n/, $out)
	{
		if (/^-- (.*)/) { $at = $1; }
		elsif ($_ ne '') { push @found, "$at: $_"; }
	}
	push @found, "$at: $err" if $status || $err;
	return join("\n", map { length > 2000 ? substr($_, 0, 2000) . '...' : $_ } @found > 20 ? @found[ 0 .. 19 ] : @found);
}

foreach my $seed ($first .. $first + $rounds - 1)
{
	note "seed $seed";
	is(findings("SELECT FROM kpi_test.extreme_round($seed)"), '', "seed $seed: rows");
	is(findings(map { "SELECT kpi_test.extreme_try('$_', $seed)" } @aggregates), '', "seed $seed: aggregates");
	is(findings(map { "SELECT kpi_test.extreme_operators('$_', $seed, 5)" } @types), '', "seed $seed: operators");
	is(findings(map { "SELECT kpi_test.extreme_calls('$_', $seed, 2)" } @types), '', "seed $seed: functions");
}

is($node->safe_psql('postgres', 'SELECT count(DISTINCT (signature::oid, seed)) FROM kpi_test.extreme_tried'), @aggregates * $rounds, 'every aggregate was tried in every round');
cmp_ok($node->safe_psql('postgres', 'SELECT 100 * count(*) FILTER (WHERE result) / count(*) FROM kpi_test.extreme_tried'), '>', 60, 'most had a result');
cmp_ok($node->safe_psql('postgres', 'SELECT 100 * count(*) FILTER (WHERE bad > 0 AND result) / count(*) FROM kpi_test.extreme_tried'), '>', 20, 'many after leaving out rows that are errors');
# which rows a round has goes by the numbers of the aggregates, so one type may have errors only
cmp_ok($node->safe_psql('postgres', q{SELECT count(DISTINCT result) FROM kpi_test.extreme_aggregate WHERE result_type IS NOT NULL AND result::text <> 'clv_model'
	AND result NOT IN (SELECT type FROM kpi_test.extreme_value WHERE family <> 'samples')}), '<=', 1, 'there are values of the types that aggregates return');

$node->stop;
done_testing();
