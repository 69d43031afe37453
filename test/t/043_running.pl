# The running NPS of doc/incremental.md under many writers: in every snapshot it is what the table says, byte for byte, without deadlocks.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest qw(:DEFAULT :sessions);
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
	my $load = IPC::Run::start([ 'pgbench', '-n', '-c', $clients, '-j', 2, '-T', 5, '--random-seed=1', (map { ('-f', $node->basedir . "/$_.sql") } sort keys %script), $node->connstr($database) ],
		'>', \$out, '2>', \$err);
	my ($snapshots, @seen) = (0);
	while ($load->pumpable)
	{
		push @seen, split /\n/, $node->safe_psql($database, $wrong);
		$snapshots++;
		$load->pump_nb;
	}
	ok($load->finish, "slots $slots: pgbench ran to its end") or diag($err);
	is("@seen", '', "slots $slots: in each of $snapshots snapshots it is what the table says");
	cmp_ok($snapshots, '>', 2, "slots $slots: there were snapshots");
	is($node->safe_psql($database, $wrong), '', "slots $slots: and at the end");
	is($node->safe_psql($database, 'SELECT count(*) FROM running_nps WHERE responses(s) > 0'), '4', "slots $slots: of four products");
	is($node->safe_psql($database, 'SELECT count(DISTINCT slot) FROM running'), $slots, "slots $slots: all were used");
	cmp_ok($node->safe_psql($database, 'SELECT sum(responses(removed)) FROM running'), '>', 100, "slots $slots: many answers went");
	is($out =~ /^number of failed transactions: (\d+)/m ? $1 : 'unknown', '0', "slots $slots: no transaction failed");
	is($node->safe_psql($database, 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'), '0', "slots $slots: no deadlock");
	note("slots $slots: ", $out =~ /number of transactions actually processed: (\d+)/);
	# a transaction takes one slot and keeps it, also when another one comes free; rolled back to before it had one, it takes one again
	my ($one, $two) = map { session($node, $database) } 1, 2;
	my $locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()";
	my $insert = sub { "INSERT INTO answer VALUES (-$_[0], '2026-01-01', '$_[1]', 9, now())" };
	if ($slots > 1)
	{
		ask($one, 'BEGIN; ' . $insert->(10, 'p1'));
		ask($two, 'BEGIN; SAVEPOINT before; ' . $insert->(11, 'p1') . '; ROLLBACK TO before');
		is(ask($two, "$locks; " . $insert->(12, 'p1') . "; $locks"), "0\n1\n", "slots $slots: a slot of its own, not that of what was rolled back");
		ask($one, 'COMMIT');
		is(ask($two, $insert->(13, 'p2') . "; $locks; COMMIT; $locks"), "1\n0\n", "slots $slots: and not a second one");
	}
	else
	{
		# who waits for a slot holds its answers
		ask($one, 'BEGIN; ' . $insert->(10, 'p1'));
		start_sql($two, '\set VERBOSITY sqlstate' . "\n" . 'UPDATE answer SET score = 1 WHERE id = (SELECT max(id) FROM answer)');
		$node->poll_query_until($database, "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") or die 'nobody waits';
		my $said = ask($one, '\set VERBOSITY sqlstate' . "\n" . 'UPDATE answer SET score = 2 WHERE id = (SELECT max(id) FROM answer); COMMIT');
		like($said . answer($two), qr/40P01/, "slots $slots: a deadlock over an answer, as documented");
	}
	is($node->safe_psql($database, $wrong), '', "slots $slots: after that, too");
	# the comparison can fail
	is($node->safe_psql($database, "ALTER TABLE answer DISABLE TRIGGER USER; INSERT INTO answer VALUES (-1, '2026-01-01', 'p1', 5, now()); $wrong"), 'p1', "slots $slots: one answer more is seen");
	$node->safe_psql($database, "DELETE FROM answer WHERE id = -1; ALTER TABLE answer ENABLE TRIGGER USER");
	# TRUNCATE with a snapshot that does not see all, and a snapshot of before it
	ask($one, 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
	$node->safe_psql($database, $insert->(20, 'new'));
	ask($one, 'TRUNCATE answer; COMMIT');
	is($node->safe_psql($database, "SELECT count(*) FROM running"), '0', "slots $slots: truncated");
	$node->safe_psql($database, $insert->(21, 'new'));
	ask($one, 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
	$node->safe_psql($database, 'TRUNCATE answer');
	is(ask($one, "$wrong; COMMIT"), '', "slots $slots: truncated, as an older snapshot sees it");
	end_session($_) for $one, $two;
}
my @errors = grep { /\b(ERROR|FATAL|PANIC)\b/ && !/deadlock detected/ } split /\n/, slurp_file($node->logfile);
is(join("\n", @errors[ 0 .. ($#errors > 5 ? 5 : $#errors) ]), '', 'no error in the log of the server');

$node->stop;
done_testing();
