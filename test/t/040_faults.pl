# Statement timeout, cancel, pg_terminate_backend, kill -9 of a backend and of the postmaster, each while kpi_measure()
# reads a source, while summaries are added to stored ones, and while clv_fit() looks for its optimum.  What was committed
# is there, nothing of what was not, and afterwards all is as in a database that met no fault, and as plain SQL says.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $node = start_node('faults');
# a server of the tests stays down after a crash unless told otherwise
$node->append_conf('postgresql.conf', "restart_after_crash = on\nmax_parallel_workers_per_gather = 0\n");
$node->restart;

# Events of 40 days come in steps.  The rounds in slow let the work never end from the third day on, so that it is under way
# whenever it is struck; a sequence, which no transaction takes back, tells how far it is.
my $schema = q{
	CREATE EXTENSION kpi;
	CREATE TABLE slow (measuring int, building int); INSERT INTO slow VALUES (1, 1);
	CREATE SEQUENCE measuring; CREATE SEQUENCE building; CREATE SEQUENCE fitting;
	CREATE TABLE event (step int, customer bigint, at date, score int, amount numeric);
	CREATE TABLE done (step int PRIMARY KEY);
	CREATE TABLE daily (day date PRIMARY KEY, n nps_summary, a activity_summary, r revenue_summary, q ratio_summary);
	CREATE VIEW fast_source AS SELECT at AS period, amount AS value FROM event;
	CREATE VIEW ratio_source AS SELECT at AS period, amount AS numerator, 1 AS denominator FROM event;
	CREATE VIEW slow_source AS
		SELECT day::date AS period, coalesce((SELECT sum(amount) FROM event WHERE at = day), 0)
			+ 0 * (SELECT count(*) FROM (SELECT generate_series(1, CASE WHEN day < '2026-01-03' THEN 1 ELSE (SELECT measuring FROM slow) END)) round)
			+ 0 * nextval('measuring') AS value
		FROM generate_series(timestamp '2026-01-01', '2026-02-09', '1 day') day;
	SELECT kpi_define('a fast', 'Fast', 'fast_source', 'week', 'flow', 'financial', 'strategic', 'lagging');
	SELECT kpi_define('b slow', 'Slow', 'slow_source', 'week', 'flow', 'financial', 'strategic', 'lagging');
	SELECT kpi_define('c ratio', 'Ratio', 'ratio_source', 'week', 'ratio', 'financial', 'strategic', 'lagging');
	SELECT kpi_set_goal(name, CASE kind WHEN 'flow' THEN '>= 4000 warn 3000' ELSE '>= 45 warn 40' END::kpi_target, '(,)') FROM kpi_definition;
	-- buyers as the model has them: gaps between purchases are exponential with a rate that is exponential among the
	-- customers, and after each one it may have been the last
	CREATE FUNCTION chance(c bigint, salt bigint) RETURNS double precision IMMUTABLE LANGUAGE sql
		RETURN ((hashint8extended(c, salt) & 1048575) + 1) / 1048577.0;
	CREATE TABLE customer AS
		SELECT c, rfm(date '2024-01-01' + day::int, 5 + (c * 37 + k * 11) % 100) AS history
		FROM (SELECT c, k, 300 * chance(c, 1) + sum(CASE WHEN k = 0 THEN 0 ELSE 120 * ln(chance(c, 10 + k)) / ln(chance(c, 2)) END) OVER w AS day,
				count(*) FILTER (WHERE k > 0 AND chance(c, 100 + k) < chance(c, 3) ^ 3) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS lost
			FROM generate_series(1, 20000::bigint) c, generate_series(0, 12) k WINDOW w AS (PARTITION BY c ORDER BY k)) e
		WHERE day <= 730 AND lost = 0 GROUP BY c;
	CREATE TABLE model (name text, m clv_model)};
$node->safe_psql('postgres', 'CREATE DATABASE twin');
$node->safe_psql($_, $schema) for 'postgres', 'twin';

sub events
{
	my ($step) = @_;
	return qq{INSERT INTO event SELECT $step, g * 7919 % 331, date '2026-01-01' + (g * 31 % least(40, 5 + 5 * $step))::int, g * 13 % 11, (g * 17 * $step % 9973) / 100.0 FROM generate_series(1, 800) g;};
}

# Adds a step's events to the stored summaries, day after day.
sub build
{
	my ($step) = @_;
	my $rows = sub { my ($aggregate) = @_; return "(SELECT $aggregate FROM (SELECT generate_series(1, CASE WHEN day < '2026-01-03' THEN 1 ELSE (SELECT building FROM slow) END) AS round) r,
		LATERAL (SELECT * FROM event WHERE round > 0 AND step = $step AND at = day OFFSET 0) e)"; };

	return q{INSERT INTO daily AS t SELECT day + 0 * nextval('building')::int, } . join(', ', map { $rows->($_) } 'nps_summary(score)', "activity_summary(customer, at, 'day')",
		"revenue_summary(customer, at, amount, 'month')", 'ratio_summary(amount, 1)') . qq{
		FROM (SELECT DISTINCT at FROM event WHERE step = $step ORDER BY at) e (day)
		ON CONFLICT (day) DO UPDATE SET n = t.n + EXCLUDED.n, a = t.a + EXCLUDED.a, r = t.r + EXCLUDED.r, q = t.q + EXCLUDED.q;
		INSERT INTO done VALUES ($step);};
}

my $measure = q{SELECT count(*), count(error) FROM kpi_measure(as_of => '2026-02-09')};
my %work = (
	measuring => { until => 2, sql => sub { "$measure;" } },
	building => { until => 3, sql => sub { my ($step) = @_; 'BEGIN;' . build($step) . 'COMMIT;' } },
	# one fit after the other
	fitting => { until => 20000, sql => sub { q{INSERT INTO model SELECT 'pareto/nbd', m FROM (SELECT generate_series(1, 2000000000) AS copy) c,
		LATERAL (SELECT clv_fit(history, CASE WHEN nextval('fitting') > 0 AND copy > 0 THEN date '2026-01-01' END, 'pareto/nbd') AS m FROM customer) f;} } });
my $bg = q{SELECT clv_fit(history, '2026-01-01') FROM customer};
my $model = $node->safe_psql('postgres', $bg);
like($model, qr{^bg/nbd\(r=}, 'a model');

# All rows but for when they were written.
sub scorecard
{
	my ($database) = @_;
	return $node->safe_psql($database, q{
		SELECT name, measured_to, error FROM kpi_definition ORDER BY 1;
		SELECT kpi, segment, during, target, superseded_at IS NULL FROM kpi_goal ORDER BY 1, 2, 3;
		SELECT kpi, segment, period, value, numerator, denominator, n, margin, complete, share, target, attainment, status, measured_to FROM kpi_reading ORDER BY 1, 2, 3;
		SELECT kpi, segment, period, previous, status, value, target FROM kpi_alert ORDER BY raised_at, 1});
}

sub check_values
{
	my ($when) = @_;

	is($node->safe_psql('postgres', q{
		SELECT d.day, e.at FROM daily d FULL JOIN (
			SELECT at, count(*) FILTER (WHERE score >= 9) AS p, count(*) FILTER (WHERE score <= 6) AS d, count(*) AS rows, count(DISTINCT customer) AS c, sum(amount) AS s
			FROM event WHERE step IN (SELECT step FROM done) GROUP BY at) e ON d.day = e.at
		WHERE (promoters(n), detractors(n), responses(n)) IS DISTINCT FROM (e.p, e.d, e.rows) OR active_customers(a) IS DISTINCT FROM e.c
			OR numerator(q) IS DISTINCT FROM e.s OR denominator(q) IS DISTINCT FROM e.rows
			OR (SELECT sum(closing) + sum(credits) FROM revenue_movements(r)) IS DISTINCT FROM e.s}), '', "$when: the stored summaries are those of what was committed");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM daily, revenue_movements(r) m WHERE m.customers <> active_customers(a) AND m.closing > 0 AND m.period <= day
		AND m.customers <> (SELECT count(*) FROM (SELECT FROM event WHERE at = day AND step IN (SELECT step FROM done) GROUP BY customer HAVING sum(amount) > 0) c)}), 0, "$when: so are their customers");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM model}), 0, "$when: no model");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM (SELECT FROM kpi_definition FOR UPDATE NOWAIT) d; SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'victim%'}), "3\n0", "$when: no lock and no session is left");
	return;
}

# Measures without a fault: as plain SQL has it, and as where there was none.
sub check_measuring
{
	my ($when) = @_;

	is($node->safe_psql($_, $measure), '3|0', "$when: measured again, $_") for 'postgres', 'twin';
	is($node->safe_psql('postgres', q{
		SELECT r.kpi, r.period, r.value, e.* FROM kpi_reading r FULL JOIN (
			SELECT kpi, date_trunc('week', at)::date AS period, CASE kpi WHEN 'c ratio' THEN sum(amount) / count(*) ELSE sum(amount) END AS value
			FROM event, (VALUES ('a fast'), ('b slow'), ('c ratio')) k (kpi) GROUP BY 1, 2) e USING (kpi, period)
		WHERE coalesce(r.value, 0) <> coalesce(e.value, 0)::float8}), '', "$when: the readings are right");
	is(scorecard('postgres'), scorecard('twin'), "$when: all is as without a fault");
	is($node->safe_psql('postgres', $bg), $model, "$when: the same model");
	return;
}

# What a fault does to the processes, and what its victims are then told.
my @faults = (
	[ 'statement timeout', qr/ERROR: +57014/, undef ],
	[ 'cancel', qr/ERROR: +57014/, sub { $node->safe_psql('postgres', "SELECT pg_cancel_backend($_)") for values %{ $_[0] } } ],
	[ 'terminate', qr/FATAL: +57P01/, sub { $node->safe_psql('postgres', "SELECT pg_terminate_backend($_)") for values %{ $_[0] } } ],
	(map { my $name = $_; [ "kill -9 while $name", qr/terminated|closed the connection|57P02/, sub { kill 9, $_[0]{$name} } ] } sort keys %work),
	[ 'kill -9 of the postmaster', qr/terminated|closed the connection|57P02/, sub {
		my ($pids) = @_;
		my @all = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
		my $file = $node->data_dir . '/postmaster.pid';
		my ($postmaster) = split /\n/, slurp_file($file);
		$node->kill9;
		# busy backends go on without it, and keep a new one from starting
		kill 9, values %$pids;
		sleep 0.1 while grep { is_alive($_) } @all, $postmaster;
		# in a container nobody may ever wait for it, and a server would take it for alive
		for (1 .. 20) { last if !kill 0, $postmaster; sleep 0.1; }
		unlink $file if kill 0, $postmaster } ]);

sub is_alive
{
	my ($pid) = @_;
	open my $stat, '<', "/proc/$pid/stat" or return 0;
	return <$stat> !~ /\) Z/;
}

my $step = 0;
foreach my $fault (@faults)
{
	my ($name, $message, $strike) = @$fault;
	my (%victim, %pid, $before);

	$step++;
	$node->safe_psql($_, events($step) . build($step)) for 'postgres', 'twin';
	$node->safe_psql('postgres', events(100 + $step) . "UPDATE slow SET measuring = 2000000000, building = 2000000000; SELECT setval(s, 1, false) FROM unnest('{measuring,building,fitting}'::regclass[]) s");
	$node->safe_psql('twin', events(100 + $step));
	$before = scorecard('postgres');
	foreach my $work (qw(fitting measuring building))
	{
		# what goes on in the same session afterwards, if it lives
		my $sql = "\\set VERBOSITY sqlstate\n" . ($strike ? '' : "SET statement_timeout = '2s';\n") . $work{$work}{sql}->(100 + $step) . "\nROLLBACK; RESET statement_timeout;\n" .
			q{SELECT 'alive', current_user = session_user, current_setting('search_path'), current_setting('is_superuser'), count(l) FROM pg_locks l WHERE pid = pg_backend_pid() AND locktype IN ('transactionid', 'tuple');};

		$victim{$work} = { out => '', err => '' };
		my $script = PostgreSQL::Test::Utils::tempdir() . "/$work.sql";
		append_to_file($script, $sql);
		$victim{$work}{run} = IPC::Run::start([ 'psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('postgres') . " application_name='victim'", '-f', $script ], '<', '/dev/null',
			'>', \$victim{$work}{out}, '2>', \$victim{$work}{err}, IPC::Run::timeout(3 * $PostgreSQL::Test::Utils::timeout_default));
		next if !$strike;
		$node->poll_query_until('postgres', "SELECT last_value >= $work{$work}{until} FROM $work") or die "$work did not get far";
		my $pattern = { measuring => 'kpi_measure', building => 'INTO daily', fitting => 'clv_fit' }->{$work};
		$pid{$work} = $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'victim%' AND state = 'active' AND query ~ '$pattern'");
		like($pid{$work}, qr/^\d+$/, "$name: $work is under way");
	}
	$strike->(\%pid) if $strike;
	foreach my $work (sort keys %work)
	{
		$victim{$work}{run}->finish;
		like($victim{$work}{err}, $message, "$name: $work has failed");
		is($victim{$work}{out}, qq{alive|t|"\$user", public|on|0\n}, "$name: the session of $work goes on as it was") if "$message" =~ /57014/;
	}
	if ($name =~ /postmaster/)
	{
		$node->start;
	}
	else
	{
		$node->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die "the server did not come back";
	}
	is(scorecard('postgres'), $before, "$name: the scorecard is as it was");
	check_values($name);
	$node->safe_psql('postgres', 'UPDATE slow SET measuring = 1, building = 1');
	check_measuring($name);
}

# The work that never got to its end does, without a fault.
$node->safe_psql($_, join '', map { build($_) } 101 .. 100 + $step) for 'postgres', 'twin';
check_values('at the end');
is($node->safe_psql('postgres', 'SELECT md5(string_agg(d::text, chr(10) ORDER BY day)) FROM daily d'),
	$node->safe_psql('twin', 'SELECT md5(string_agg(d::text, chr(10) ORDER BY day)) FROM daily d'), 'at the end: the summaries are those of a database without a fault');
is($node->safe_psql('postgres', 'SELECT count(*) FROM done'), 2 * $step, 'each step once');
$node->stop;
done_testing();
