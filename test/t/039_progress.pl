# Where kpi_measure() and fits of models are, as another session sees it in pg_stat_activity and as the own one is told on demand;
# afterwards, also after an error, the name of the session is what it was.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('progress');
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi;
	CREATE ROLE stranger LOGIN;
	CREATE TABLE sales AS SELECT date '2026-01-01' + i AS period, 10 AS value FROM generate_series(0, 89) i;
	CREATE TABLE costs AS SELECT * FROM sales;
	CREATE VIEW broken AS SELECT period, 1 / (value - 10) AS value FROM sales;
	SELECT kpi_define(name, name, source, 'month', 'flow', 'financial', 'strategic', 'lagging')
	FROM (VALUES ('first', 'sales'), ('secret plan', 'costs'), ('third', 'broken')) AS k(name, source);
	-- a fit that takes seconds: many different customers, and the slowest model
	CREATE TABLE customer AS
	SELECT rfm(at, 10) AS r FROM (
		SELECT c, date '2022-01-01' + c % 365 + (ln(1.0001 - ((c * 31 + k * 7) % 997) / 997.0) * -40)::int * k AS at
		FROM generate_series(1, 100000) c, generate_series(0, c % 7) k) AS orders
	GROUP BY c;
	CREATE VIEW fitted AS SELECT date '2026-01-01' AS period, log_likelihood(clv_fit(r, '2025-01-01', 'pareto/nbd')) AS value FROM customer});

# A session that says its process and its name, runs a statement, and says its name again.
my $own = 'SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()';
sub session
{
	my ($name, $sql) = @_;
	my $session = { out => '', err => '' };

	$session->{run} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') . " application_name='$name'",
			map { ('-c', $_) } 'SELECT pg_backend_pid()', $sql, $own, 'SHOW application_name' ],
		'<', \undef, '>', \$session->{out}, '2>', \$session->{err}, IPC::Run::timer($PostgreSQL::Test::Utils::timeout_default));
	$session->{run}->pump while $session->{out} !~ /^(\d+)\n/;
	($session->{pid}) = $session->{out} =~ /^(\d+)/;
	return $session;
}

# What another role without any privilege sees; waits until it is like that.
sub seen
{
	my ($session, $like) = @_;
	my $name = '';

	foreach (1 .. 100 * $PostgreSQL::Test::Utils::timeout_default)
	{
		$name = $node->safe_psql('postgres', "SELECT application_name FROM pg_stat_activity WHERE pid = $session->{pid}", extra_params => [ '-U', 'stranger' ]);
		last if $name =~ $like || $name eq '';
		select undef, undef, undef, 0.01;
	}
	return $name;
}

# The lines that it printed after its process; the last two are its name as others see it and as it set it.
sub ended
{
	my ($session) = @_;

	$session->{run}->finish;
	my @lines = split /\n/, substr($session->{out}, 0, -1), -1;

	shift @lines;
	return @lines;
}

# kpi_measure(), held up at the source of its second KPI.
my $lock = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ], '<', \(my $in = "BEGIN; LOCK TABLE costs; SELECT 'locked';\n"), '>', \(my $locked = ''),
	IPC::Run::timer($PostgreSQL::Test::Utils::timeout_default));
$lock->pump while $locked !~ /locked/;
my $measure = session('nightly etl', "SET client_min_messages = debug1; SELECT name, readings, error FROM kpi_measure(as_of => '2026-03-31')");
my $long = session('the job with a name of sixty-three characters, no more than that', "SELECT name FROM kpi_measure('secret plan', as_of => '2026-03-31')");
my $unnamed = session('', "SELECT name FROM kpi_measure('secret plan', as_of => '2026-03-31')");
is(seen($measure, qr/ 2 of/), 'nightly etl: kpi_measure 2 of 3', 'the second of three KPIs, and nothing of the data');
is(seen($long, qr/ 1 of/), 'the job with a name of sixty-three characte: kpi_measure 1 of 1', 'a long name leaves room');
is(seen($unnamed, qr/ 1 of/), 'kpi_measure 1 of 1', 'so does none');
$in .= "COMMIT;\n\\q\n";
$lock->finish;
is_deeply([ ended($measure) ], [ 'first|3|', 'secret plan|3|', 'third|0|division by zero', 'nightly etl', 'nightly etl' ], 'measured, and the name is as before');
is_deeply([ $measure->{err} =~ /^DEBUG:  (kpi_measure .*)$/mg ], [ 'kpi_measure 1 of 3, "first"', 'kpi_measure 2 of 3, "secret plan"', 'kpi_measure 3 of 3, "third"' ], 'told on demand');
is((ended($long))[1], 'the job with a name of sixty-three characters, no more than tha', 'a long name is as before');
is_deeply([ ended($unnamed) ], [ 'secret plan', '', '' ], 'and so is none');
unlike($unnamed->{err}, qr/kpi_measure/, 'told only on demand');

# A fit, and a fit inside of a source; both end by an error.
my $fit = session('analyst', "SELECT clv_fit(r, '2025-01-01', 'pareto/nbd') FROM customer");
like(seen($fit, qr/: fit/), qr{^analyst: fit of pareto/nbd, start \d of \d, step \d+$}, 'where a fit is');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($fit->{pid})");
is_deeply([ ended($fit) ], [ 'analyst', 'analyst' ], 'cancelled, and the name is as before');
like($fit->{err}, qr/canceling statement due to user request/, 'it was');
$node->safe_psql('postgres', q{SELECT kpi_define('fitted', 'Fitted', 'fitted', 'month', 'stock', 'financial', 'strategic', 'lagging')});
my $both = session('', "SELECT kpi_measure('fitted', as_of => '2026-03-31')");
like(seen($both, qr/: fit/), qr{^kpi_measure 1 of 1: fit of pareto/nbd, start \d of \d, step \d+$}, 'a fit in a source');
$node->safe_psql('postgres', "SELECT pg_cancel_backend($both->{pid})");
is_deeply([ ended($both) ], [ '', '' ], 'cancelled, and the name is as before');
like($both->{err}, qr{canceling statement due to user request}, 'it was');

# An error inside of a transaction that goes on.
is($node->safe_psql('postgres', qq{
	DO \$\$ BEGIN
		PERFORM kpi_measure('nobody', as_of => '2026-03-31');
	EXCEPTION WHEN OTHERS THEN NULL;
	END \$\$;
	SET application_name = 'renamed';
	SELECT count(*) FROM kpi_measure('first', as_of => '2026-03-31');
	$own}) =~ s/.*\n//sr, 'renamed', 'a name that was changed in between');

# The steps of a fit: the log-likelihood grows from each start.
my ($status, $out, $err) = $node->psql('postgres', q{
	SET client_min_messages = debug1;
	SELECT log_likelihood(clv_fit(r, '2025-01-01', 'pareto/nbd')) FROM (SELECT r FROM customer LIMIT 2000) AS few;
	SELECT log_likelihood(sbg_fit('{1000,869,743,653,593,551,517,491}'))});
my (%last, %steps, @fallen);
while ($err =~ /DEBUG:  fit of (\S+), start (\d) of \d, step (\d+): log-likelihood (\S+)$/mg)
{
	my $part = "$1, start $2";

	push @fallen, "$part, step $3" if $3 > 0 && $4 < $last{$part} - 1e-6;
	push @fallen, "$part, step $3 after " . ($steps{$part} // 'none') if $3 != ($steps{$part} // -1) + 1;
	($last{$part}, $steps{$part}) = ($4, $3);
}
is(scalar(grep { m,^pareto/nbd, } keys %last), 4, 'a fit tells its steps from four starts');
is(scalar(grep { m,^sbg, } keys %last), 3, 'one of contracts from three');
is("@fallen", '', 'each step follows on the one before, and gains');
my ($pareto, $sbg) = split /\n/, $out;
cmp_ok(abs($last{'sbg, start 1'} - $sbg), '<', 1e-6, "the last step has the model's log-likelihood");
cmp_ok($pareto, '<', 0, 'there is a model');

$node->stop;
done_testing();
