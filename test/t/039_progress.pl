# Where kpi_measure() and fits of models are, as another session sees it in kpi_progress() and as the own one is told on demand;
# afterwards, also after an error, nothing is left.  Measuring is held at its second KPI by a lock; fits are repeated without end.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiSession;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('progress');
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi;
	CREATE ROLE stranger LOGIN;
	CREATE ROLE monitor LOGIN IN ROLE pg_read_all_stats;
	CREATE TABLE sales AS SELECT date '2026-01-01' + i AS period, 10 AS value FROM generate_series(0, 89) i;
	CREATE TABLE costs AS SELECT * FROM sales;
	CREATE VIEW broken AS SELECT period, 1 / (value - 10) AS value FROM sales;
	SELECT kpi_define(name, name, source, 'month', 'flow', 'financial', 'strategic', 'lagging')
	FROM (VALUES ('first', 'sales'), ('secret plan', 'costs'), ('third', 'broken')) AS k(name, source);
	CREATE TABLE customer AS
	SELECT rfm(at, 10) AS r FROM (
		SELECT c, date '2022-01-01' + c % 365 + (ln(1.0001 - ((c * 31 + k * 7) % 997) / 997.0) * -40)::int * k AS at
		FROM generate_series(1, 2000) c, generate_series(0, c % 7) k) AS orders
	GROUP BY c;
	-- one fit after the other
	CREATE VIEW fitted AS SELECT date '2026-01-01' + i AS period, value
	FROM (SELECT generate_series(0, 1000000000) AS i) g, LATERAL (SELECT log_likelihood(clv_fit(r, date '2025-01-01' + i * 0, 'pareto/nbd')) AS value FROM customer) f});

# What another session sees of it, but for the times.
sub seen
{
	my ($session, @options) = @_;

	return $node->safe_psql('postgres', "SELECT level, work, part, parts, step FROM kpi_progress() WHERE pid = $session->{pid} ORDER BY level", extra_params => \@options);
}

# Waits until it is so, which it stays or will be again.
sub wait_until
{
	my ($session, $condition) = @_;

	$node->poll_query_until('postgres', "SELECT EXISTS (SELECT FROM kpi_progress() WHERE pid = $session->{pid} AND $condition)") or die "not seen: $condition";
	return;
}

my ($measure, $silent, $lock) = map { KpiSession->new($node, 'postgres', application_name => $_) } 'nightly etl', 'quiet', 'lock';
my $blocked = 'SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid = %d)';

$measure->ask('SET client_min_messages = debug1');
$silent->ask('SET track_activities = off');
is(seen($measure), '', 'nothing is under way');
$lock->ask('BEGIN; LOCK TABLE costs');
$measure->start("SELECT name, readings, error FROM kpi_measure(as_of => '2026-03-31')");
ok($node->poll_query_until('postgres', sprintf $blocked, $measure->{pid}), 'it waits for the second of three KPIs');
is(seen($measure), '1|kpi_measure|2|3|', 'as is seen, and nothing of the data');
is(seen($measure, '-U', 'monitor'), '1|kpi_measure|2|3|', 'by who monitors, too');
is(seen($measure, '-U', 'stranger'), '', 'but not by all');
is($node->safe_psql('postgres', "SELECT p.begun >= a.query_start AND p.begun <= now(), a.application_name, a.query ~ '^SELECT name' FROM kpi_progress() p JOIN pg_stat_activity a USING (pid) WHERE pid = $measure->{pid}"),
	't|nightly etl|t', 'the name of the session and its query are its own');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_stat_progress_copy'), '0', 'the server takes it for none of its commands');
$silent->start("SELECT name FROM kpi_measure('secret plan', as_of => '2026-03-31')");
ok($node->poll_query_until('postgres', sprintf $blocked, $silent->{pid}), 'another waits');
is(seen($silent), '', 'and tells nothing, as it is told');
$lock->ask('COMMIT');
is($measure->ended, "first|3|\nsecret plan|3|\nthird|0|division by zero", 'measured');
is($silent->ended, 'secret plan', 'so is the other');
is(seen($measure), '', 'and nothing is under way');
is_deeply([ $measure->{err} =~ /^DEBUG:  (kpi_measure .*)$/mg ], [ 'kpi_measure 1 of 3, "first"', 'kpi_measure 2 of 3, "secret plan"', 'kpi_measure 3 of 3, "third"' ], 'told on demand');
unlike($silent->{err}, qr/kpi_measure/, 'and only then');

# Fits, and fits inside of a source; both end by an error.
my $fit = KpiSession->new($node, 'postgres', application_name => 'analyst');
$fit->start('SELECT count(value) FROM fitted');
wait_until($fit, "level = 1 AND work = 'fit of pareto/nbd' AND part BETWEEN 1 AND 4 AND parts = 4 AND step BETWEEN 0 AND 100");
wait_until($fit, "level = 1 AND work = 'fit of pareto/nbd' AND part > 1");
pass('where a fit is');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($fit->{pid})");
is($fit->ended, '', 'cancelled');
like($fit->{err}, qr/canceling statement due to user request/, 'it was');
is(seen($fit), '', 'and nothing is under way');
$node->safe_psql('postgres', q{SELECT kpi_define('fitted', 'Fitted', 'fitted', 'day', 'stock', 'financial', 'strategic', 'lagging')});
$fit->{err} = '';
$fit->start("SELECT kpi_measure('fitted', as_of => '2026-03-31')");
wait_until($fit, "level = 2 AND work = 'fit of pareto/nbd' AND part BETWEEN 1 AND 4 AND parts = 4 AND step >= 0");
is($node->safe_psql('postgres', "SELECT work, part, parts, step FROM kpi_progress() WHERE pid = $fit->{pid} AND level = 1"), 'kpi_measure|1|1|', 'a fit in a source');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($fit->{pid})");
$fit->ended;
like($fit->{err}, qr{canceling statement due to user request}, 'cancelled');
is(seen($fit), '', 'and nothing is under way');

# A command of the server that reports its own progress keeps it.
$fit->start("COPY (SELECT * FROM fitted) TO '/dev/null'");
ok($node->poll_query_until('postgres', "SELECT EXISTS (SELECT FROM pg_stat_progress_copy WHERE pid = $fit->{pid} AND tuples_processed BETWEEN 3 AND 1000000000 AND command = 'COPY TO')"), 'COPY tells its rows');
is(seen($fit), '', 'and we nothing');

# A session that ends by force leaves its numbers behind, where the next one begins.
$node->safe_psql('postgres', "SELECT pg_cancel_backend($fit->{pid})");
$fit->ended;
$fit->start('SELECT count(value) FROM fitted');
wait_until($fit, 'part > 0');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($fit->{pid}, 180000)");
my @next = map { KpiSession->new($node, 'postgres') } 1 .. 4;
is($node->safe_psql('postgres', 'SELECT count(*) FROM kpi_progress()'), '0', 'what is left of a session is nobody\'s progress');

# An error inside of a transaction that goes on.
like($measure->ask(q{
	DO $$ BEGIN
		PERFORM kpi_measure('nobody', as_of => '2026-03-31');
	EXCEPTION WHEN OTHERS THEN NULL;
	END $$;
	SELECT count(*) FROM kpi_measure('first', as_of => '2026-03-31');
	SELECT count(*) FROM kpi_progress()}), qr/^1\n0$/, 'an error that is caught leaves nothing');

# The steps of a fit: the log-likelihood grows from each start.
my ($status, $out, $err) = $node->psql('postgres', q{
	SET client_min_messages = debug1;
	SELECT log_likelihood(clv_fit(r, '2025-01-01', 'pareto/nbd')) FROM customer;
	SELECT log_likelihood(sbg_fit('{1000,869,743,653,593,551,517,491}'))});
my (%last, %steps, @fallen);
while ($err =~ /DEBUG:  fit of (\S+(?: with a prior)?), start (\d) of \d, step (\d+): log-likelihood (\S+)$/mg)
{
	my $part = "$1, start $2";

	push @fallen, "$part, step $3" if $3 > 0 && $4 < $last{$part} - 1e-6;
	push @fallen, "$part, step $3 after " . ($steps{$part} // 'none') if $3 != ($steps{$part} // -1) + 1;
	($last{$part}, $steps{$part}) = ($4, $3);
}
is(scalar(grep { m,^pareto/nbd, } keys %last), 4, 'a fit tells its steps from four starts');
is(scalar(grep { m,^sbg, } keys %last), 3, 'one of contracts from three');
# amounts that are all alike have the weak prior
is(scalar(grep { $_ =~ /^gamma-gamma with a prior/ } keys %last), 3, 'and where there is no optimum again with a prior');
is("@fallen", '', 'each step follows on the one before, and gains');
my ($pareto, $sbg) = split /\n/, $out;
cmp_ok(abs($last{'sbg, start 1'} - $sbg), '<', 1e-6, "the last step has the model's log-likelihood");
cmp_ok($pareto, '<', 0, 'there is a model');

$node->stop;
done_testing();
