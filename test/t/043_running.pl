# The running NPS of doc/incremental.md under many writers: in every snapshot it is what the table says, byte for byte, without deadlocks.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiSession;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'no pgbench' unless eval { IPC::Run::run([ 'pgbench', '--version' ], '>', \my $version) };

my $clients = 16;
my $node = start_node('running');
$node->append_conf('postgresql.conf', "max_connections = 40\ndeadlock_timeout = 100ms\nlog_min_messages = warning\nlog_statement = none\n");
$node->restart;

# As the document has them: the first block, with the table, and the first one of the section.
my ($document) = slurp_file("$FindBin::RealBin/../../doc/incremental.md");
my ($table) = $document =~ /^(CREATE TABLE answer .*)$/m;
my ($triggers) = $document =~ /^## A running NPS\n.*?^```sql\n(.*?)^```$/ms;

# Each client has answers of its own, as users have.  Products in any order, within statements and within transactions.
my %script = (
	'insert' => q{
		INSERT INTO answer SELECT :client_id * 1000000 + (random() * 999999)::int, date '2026-01-01', 'p' || (random() * 3)::int, (random() * 10)::int, now()
		FROM generate_series(1, 5) ON CONFLICT DO NOTHING;},
	'change' => q{
		UPDATE answer SET product = 'p' || (random() * 3)::int, score = (random() * 10)::int WHERE id IN (SELECT id FROM answer WHERE id >= :client_id * 1000000 AND id < (:client_id + 1) * 1000000 ORDER BY random() LIMIT 3);},
	'delete' => q{
		DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE id >= :client_id * 1000000 AND id < (:client_id + 1) * 1000000 ORDER BY random() LIMIT 2);},
	'several' => q{
		\set first random(0, 3)
		\set second random(0, 3)
		\set ok random(0, 2)
		BEGIN;
		INSERT INTO answer VALUES (:client_id * 1000000 + (random() * 999999)::int, '2026-01-01', 'p' || :first, 9, now()) ON CONFLICT DO NOTHING;
		SAVEPOINT before;
		DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE id >= :client_id * 1000000 AND id < (:client_id + 1) * 1000000 LIMIT 1);
		\if :ok
		RELEASE before;
		\else
		ROLLBACK TO before;
		\endif
		INSERT INTO answer VALUES (:client_id * 1000000 + (random() * 999999)::int, '2026-01-01', 'p' || :second, NULL, now()), (:client_id * 1000000 + 999999 + (random() * -999999)::int, '2026-01-01', 'p' || :first, 3, now()) ON CONFLICT DO NOTHING;
		\if :ok
		COMMIT;
		\else
		ROLLBACK;
		\endif});
foreach my $name (keys %script)
{
	append_to_file($node->basedir . "/$name.sql", $script{$name} =~ s/^\t+//mgr . "\n");
}
my $wrong = q{SELECT product FROM running_nps r FULL JOIN (SELECT product, nps_summary(score) AS s FROM answer GROUP BY product) a USING (product)
	WHERE coalesce(r.s, '(0,0,0)') <> coalesce(a.s, '(0,0,0)')};

foreach my $slots (8, 1)
{
	my $database = "slots$slots";
	my ($out, $err);

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, "CREATE EXTENSION kpi; $table " . ($triggers =~ s/keep_running\(8\)/keep_running($slots)/gr));
	# each client its transactions, again until somebody has looked often enough meanwhile
	my ($snapshots, $transactions, $failed, @seen) = (0, 0, 0);
	while ($snapshots < 10)
	{
		my $load = IPC::Run::start([ 'pgbench', '-n', '-c', $clients, '-j', 2, '-t', 100, '--random-seed=' . (1 + $transactions), (map { ('-f', $node->basedir . "/$_.sql") } sort keys %script), $node->connstr($database) ],
			'>', \$out, '2>', \$err);

		while ($load->pumpable)
		{
			push @seen, split /\n/, $node->safe_psql($database, $wrong);
			$snapshots++;
			$load->pump_nb;
		}
		$load->finish or die "pgbench: $err";
		$transactions += $1 if $out =~ /^number of transactions actually processed: (\d+)/m;
		$failed += $out =~ /^number of failed transactions: (\d+)/m ? $1 : 1;
	}
	cmp_ok($transactions, '>=', 100 * $clients, "slots $slots: pgbench ran to its end, $transactions transactions");
	is("@seen", '', "slots $slots: in each of $snapshots snapshots it is what the table says");
	is($node->safe_psql($database, $wrong), '', "slots $slots: and at the end");
	is($node->safe_psql($database, 'SELECT count(*) FROM running_nps WHERE responses(s) > 0'), '4', "slots $slots: of four products");
	cmp_ok($node->safe_psql($database, 'SELECT sum(responses(removed)) FROM running'), '>', 100, "slots $slots: many answers went");
	is($failed, '0', "slots $slots: no transaction failed");
	is($node->safe_psql($database, 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'), '0', "slots $slots: no deadlock");
	# a transaction takes one slot and keeps it, also when another one comes free; rolled back to before it had one, it takes one again
	my ($one, $two) = map { KpiSession->new($node, $database, merge => 1) } 1, 2;
	my $locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()";
	my $insert = sub { "INSERT INTO answer VALUES (-$_[0], '2026-01-01', '$_[1]', 9, now())" };
	if ($slots > 1)
	{
		# as many transactions at once as there are slots
		my @all = map { KpiSession->new($node, $database, merge => 1) } 1 .. $slots;
		$all[ $_ - 1 ]->ask('BEGIN; ' . $insert->(30 + $_, 'p3')) for 1 .. $slots;
		is(join(' ', map { $_->ask("$locks; COMMIT") } @all), join(' ', (1) x $slots), "slots $slots: each transaction has one");
		$_->quit for @all;
		is($node->safe_psql($database, 'SELECT count(DISTINCT slot) FROM running'), $slots, "slots $slots: all were used");
		$one->ask('BEGIN; ' . $insert->(10, 'p1'));
		$two->ask('BEGIN; SAVEPOINT before; ' . $insert->(11, 'p1') . '; ROLLBACK TO before');
		is($two->ask("$locks; " . $insert->(12, 'p1') . "; $locks"), "0\n1", "slots $slots: a slot of its own, not that of what was rolled back");
		$one->ask('COMMIT');
		is($two->ask($insert->(13, 'p2') . "; $locks; COMMIT; $locks"), "1\n0", "slots $slots: and not a second one");
	}
	else
	{
		is($node->safe_psql($database, 'SELECT count(DISTINCT slot) FROM running'), 1, "slots $slots: it was used");
		# who waits for a slot holds its answers
		$one->ask('BEGIN; ' . $insert->(10, 'p1'));
		$two->start('\set VERBOSITY sqlstate' . "\n" . 'UPDATE answer SET score = 1 WHERE id = (SELECT max(id) FROM answer)');
		$node->poll_query_until($database, "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") or die 'nobody waits';
		my $said = $one->ask('\set VERBOSITY sqlstate' . "\n" . 'UPDATE answer SET score = 2 WHERE id = (SELECT max(id) FROM answer); COMMIT');
		like($said . $two->ended, qr/40P01/, "slots $slots: a deadlock over an answer, as documented");
	}
	is($node->safe_psql($database, $wrong), '', "slots $slots: after that, too");
	# the comparison can fail
	is($node->safe_psql($database, "ALTER TABLE answer DISABLE TRIGGER USER; INSERT INTO answer VALUES (-1, '2026-01-01', 'p1', 5, now()); $wrong"), 'p1', "slots $slots: one answer more is seen");
	$node->safe_psql($database, "DELETE FROM answer WHERE id = -1; ALTER TABLE answer ENABLE TRIGGER USER");
	# TRUNCATE with a snapshot that does not see all, and a snapshot of before it
	$one->ask('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
	$node->safe_psql($database, $insert->(20, 'new'));
	$one->ask('TRUNCATE answer; COMMIT');
	is($node->safe_psql($database, "SELECT count(*) FROM running"), '0', "slots $slots: truncated");
	$node->safe_psql($database, $insert->(21, 'new'));
	$one->ask('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
	$node->safe_psql($database, 'TRUNCATE answer');
	is($one->ask("$wrong; COMMIT"), '', "slots $slots: truncated, as an older snapshot sees it");
	$_->quit for $one, $two;
}
my @errors = grep { /\b(ERROR|FATAL|PANIC)\b/ && !/deadlock detected/ } split /\n/, slurp_file($node->logfile);
is(join("\n", @errors[ 0 .. ($#errors > 5 ? 5 : $#errors) ]), '', 'no error in the log of the server');

$node->stop;
done_testing();
