# Memory that is not freed: by a statement that ended, well, with an error or cancelled; by the rows of one statement; by a
# million groups.  All is measured in the server's memory contexts, in one session.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('memory');
# whose messages would have the session read its catalogues anew, whenever they come
$node->append_conf('postgresql.conf', "autovacuum = off\n");
$node->restart;
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');
$node->safe_psql('postgres', slurp_file("$FindBin::RealBin/../lib/memory.sql"));

# Every function and aggregate, with a sample that it takes where there is one.
$node->safe_psql('postgres', q{
	CREATE TABLE kpi_test.call AS
	SELECT DISTINCT ON (signature, type) * FROM (
		SELECT type, literal, signature, query, kpi_test.result(query, literal) FROM kpi_test.sampled, kpi_test.calls(type)
		UNION ALL
		SELECT NULL, NULL, signature, query, kpi_test.result(query, NULL) FROM kpi_test.calls(NULL)) c
	ORDER BY signature, type, result ~ '^error', literal DESC});
my $calls = $node->safe_psql('postgres', 'SELECT count(*) FROM kpi_test.call');
cmp_ok($calls, '>', 500, "$calls functions and aggregates");

is($node->safe_psql('postgres', q{
	SELECT kpi_test.left_by('SELECT 1', 20) \g /dev/null
	SELECT signature, bytes FROM (SELECT signature, kpi_test.left_by(format(query, literal), 50) AS bytes FROM kpi_test.call WHERE signature !~ '^kpi_measure') c WHERE bytes > 2000}),
	'', 'fifty calls leave nothing in the session');

# The query for one row, with its value as a column: of the type in question, or else of the first argument.
my $rows = q{
	SELECT signature, kpi_test.grown(replace(replace(query, 'generate_series(1, 2)', '(SELECT literal FROM generate_series(1, 2)) given'), '%%', '%'), literal, 200) AS bytes, result
	FROM (
		SELECT signature, result, literal, replace(query, '%1$L', 'literal') AS query FROM kpi_test.call WHERE type IS NOT NULL
		UNION ALL
		SELECT signature, result, substring(query FROM '''([^'']*)''::'), regexp_replace(query, '''[^'']*''::', 'literal::')
		FROM kpi_test.call WHERE type IS NULL AND query ~ '''::') c};
is($node->safe_psql('postgres', "SELECT signature, bytes FROM ($rows) c WHERE bytes > 100"), '', 'a hundred more rows of a statement take no more memory');
my ($measured, $unmeasured) = split /\|/, $node->safe_psql('postgres',
	"SELECT count(bytes), string_agg(signature, ' ') FILTER (WHERE bytes IS NULL AND result !~ '^error') FROM ($rows) c");
cmp_ok($measured, '>', 400, "$measured of them are measured so");
is($unmeasured, '', 'those that are not are errors with every sample');

# Sets of rows that are not read to their end.
is($node->safe_psql('postgres', q{
	SELECT kpi_test.left_by('SELECT 1', 20) \g /dev/null
	SELECT signature, bytes FROM (
		SELECT signature, kpi_test.left_by(replace(format(query, literal), 'string_agg(x::text, ''; '')', 'x::text') || ' LIMIT 1', 50) AS bytes
		FROM kpi_test.call JOIN kpi_test.callable c USING (signature) WHERE proretset AND proname <> 'kpi_measure') c WHERE bytes > 2000}),
	'', 'LIMIT 1 leaves nothing');

# A million groups, and the same cancelled half-way, by itself; a hundred thousand where the state is of a kind that came before.
$node->safe_psql('postgres', q{
	CREATE UNLOGGED TABLE million AS SELECT g, g % 11 AS score, date '2025-01-01' + g % 90 AS at FROM generate_series(1, 1000000) g;
	ANALYZE million});
my %aggregate = (
	nps => 'nps_agg(score)',
	rate => 'rate_agg(score > 5)',
	ratio => 'ratio_agg(score, g)',
	ratio_float => 'ratio_agg(score::float8, g::float8)',
	duration => 'mean_seconds(duration_summary(score::float8))',
	activity => "active_customers(activity_summary(g, at, 'month'))",
	retention => "retention_rate(g, at, '[2025-01-01,2025-02-01)', '[2025-02-01,2025-03-01)')",
	repeat => 'repeat_rate(g, at)',
	revenue => "revenue_summary(g, at, score, 'month') IS NULL",
	funnel => 'funnel_summary(g, at, ARRAY[true, score > 5]) IS NULL',
	per_customer => 'per_customer(g, score)',
	rfm => "frequency(rfm(at, score))");
my %groups = (map({ $_ => 100000 } keys %aggregate), nps => 1000000, activity => 1000000);
my $script = "SET work_mem = '16MB'; SET max_parallel_workers_per_gather = 0;\n";
foreach my $name (sort keys %aggregate)
{
	my $query = "SELECT count(x) FROM (SELECT $aggregate{$name} AS x FROM million WHERE g <= %s GROUP BY g OFFSET 0) s \\g /dev/null\n";
	(my $cancelled = sprintf($query, $groups{$name})) =~ s/ GROUP BY / AND CASE g WHEN $groups{$name} \/ 2 THEN pg_cancel_backend(pg_backend_pid()) ELSE true END$&/;

	$script .= sprintf($query, 1000) x 2 . "SELECT kpi_test.used() AS before \\gset\n"
	  . sprintf($query, $groups{$name}) . "SELECT '$name', kpi_test.used() - :before;\n"
	  . $cancelled
	  . "SELECT '$name cancelled', kpi_test.used() - :before;\n";
}
my ($status, $out, $err) = $node->psql('postgres', $script, on_error_stop => 0);
my %left = map { split /\|/ } split /\n/, $out;
my $cancelled = () = $err =~ /canceling statement due to user request/g;
is($cancelled, scalar keys %aggregate, 'each was cancelled once') or diag($err);
cmp_ok($left{$_} // 'nothing', '<', 4000, "$_: $left{$_} bytes are left after its groups") for map { ($_, "$_ cancelled") } sort keys %aggregate;
is(scalar keys %left, 2 * keys %aggregate, 'all were measured');

# What a group takes: the server says what its hash table took at its most.
sub hashed
{
	my ($expression, $work_mem) = @_;
	my $plan = $node->safe_psql('postgres', qq{
		SET work_mem = '$work_mem'; SET max_parallel_workers_per_gather = 0; SET enable_sort = off; SET hash_mem_multiplier = 1;
		EXPLAIN (ANALYZE, TIMING OFF) SELECT g, $expression FROM million WHERE g <= 50000 GROUP BY g});

	return $plan =~ /Batches: (\d+) +Memory Usage: (\d+)kB/ ? ($1, $2) : (0, 0);
}
my ($batches, $none) = hashed('count(score)', '1GB');
foreach my $name (sort keys %aggregate)
{
	my ($expression) = $aggregate{$name} =~ /(\w+\((?!\w+\().*?\))(\)?( IS NULL)?)$/;
	my ($one, $kilobytes) = hashed($expression, '1GB');
	my ($many, $little) = hashed($expression, '1MB');
	my $bytes = int(($kilobytes - $none) * 1024 / 50000);

	is($one, 1, "$name: $kilobytes kB in memory");
	cmp_ok($bytes, '<', 512, "$name: a group takes $bytes bytes more than one of count()");
	cmp_ok($many, '>', 1, "$name: with 1 MB there are $many batches");
	cmp_ok($little, '<', 3 * 1024, "$name: and it takes $little kB");
}

# Errors in the middle of an aggregate, of a set of rows and of a parser, caught ten thousand times.
my %failing = (
	accumulating => q{SELECT nps_agg(g) FROM generate_series(9, 11) g},
	parsing => q{SELECT '(day,bigint,2,"","9000 0 90 0";-7:8000=1050+30=-2x0;9:9000=0)'::clv_history},
	measuring => q{SELECT funnel(s, '1 day', 'none') FROM (SELECT funnel_summary(g, date '2025-01-01', ARRAY[true]) s FROM generate_series(1, 10) g) t},
	adding => q{SELECT activity_summary(g, date '2025-01-01', CASE WHEN g < 9 THEN 'month' ELSE 'day' END) FROM generate_series(1, 9) g});
foreach my $name (sort keys %failing)
{
	cmp_ok($node->safe_psql('postgres', "SELECT kpi_test.left_by(\$\$$failing{$name}\$\$, 20) \\g /dev/null\nSELECT kpi_test.left_by(\$\$$failing{$name}\$\$, 10000)"),
		'<', 2000, "ten thousand errors while $name leave nothing");
}

# The models are fitted, and the scorecard is measured, again and again.
$node->safe_psql('postgres', q{
	CREATE TABLE purchase AS SELECT c, date '2024-01-01' + (c * 7 + n * n * (10 + c % 40)) % 500 AS at, 10 + (c * n) % 90 AS amount
	FROM generate_series(1, 400) c, LATERAL generate_series(0, (c * c) % 7) n;
	CREATE TABLE bought AS SELECT c, rfm(at, amount) AS r FROM purchase GROUP BY c;
	CREATE VIEW source AS SELECT at AS period, sum(amount) AS value FROM purchase GROUP BY at;
	SELECT kpi_define('revenue', 'Revenue', 'source', 'month', 'flow', 'financial', 'strategic', 'lagging');
	SELECT kpi_set_goal('revenue', '>= 100', '[2024-01-01,2026-01-01)')});
my %again = (
	'clv_fit' => q{SELECT clv_fit(r, date '2025-12-31') FROM bought},
	'clv_fit, mbg/nbd' => q{SELECT clv_fit(r, date '2025-12-31', 'mbg/nbd') FROM bought},
	'clv_fit, pareto/nbd' => q{SELECT clv_fit(r, date '2025-12-31', 'pareto/nbd') FROM bought},
	'kpi_scorecard' => q{SELECT kpi_scorecard(date '2025-12-31')},
	'kpi_scorecard_html' => q{SELECT kpi_scorecard_html(date '2025-12-31')});
foreach my $name (sort keys %again)
{
	cmp_ok($node->safe_psql('postgres', "SELECT kpi_test.left_by(\$\$$again{$name}\$\$, 10) \\g /dev/null\nSELECT kpi_test.left_by(\$\$$again{$name}\$\$, 20)"),
		'<', 4000, "$name twenty times leaves nothing");
}
# What it writes is kept until its transaction ends, so each is one of its own.
my $measure = "SELECT kpi_measure('revenue', date '2025-12-31') \\g /dev/null\n";
cmp_ok($node->safe_psql('postgres', $measure x 12 . "SELECT kpi_test.used() AS before \\gset\n" . $measure x 20 . 'SELECT kpi_test.used() - :before'),
	'<', 8000, 'kpi_measure twenty times leaves nothing');

$node->stop;
done_testing();
