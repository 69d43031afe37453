# No space and no memory: a full disk under a tablespace, and memory that is limited as by ulimit -v.  The statement fails
# with 53100 or 53200, the server lives, nothing that was committed is lost, and afterwards the answers are right.
#
# The disk: KPI_SMALL_DISK, an empty directory of the user of the tests on a file system of 16 to 64 MB; make test mounts
# one where it may.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiSession;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('space');
# a crash must not go unnoticed
$node->append_conf('postgresql.conf', "restart_after_crash = off\nmax_parallel_workers_per_gather = 0\n");
$node->restart;
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi;
	CREATE TABLE event AS SELECT g % 20011 AS customer, date '2026-01-01' + g % 90 AS at, g % 11 AS score, (g * 17 % 9973) / 100.0 AS amount FROM generate_series(1, 400000) g;
	CREATE TABLE day AS SELECT at AS period, sum(amount) AS value FROM event GROUP BY 1;
	SELECT kpi_define('k', 'K', 'day', 'day', 'flow', 'financial', 'strategic', 'lagging')});

# A session that lives on after errors: statements in, SQLSTATE or result out.
sub session { return KpiSession->new($node, 'postgres', arguments => [ '-v', 'VERBOSITY=sqlstate' ], merge => 1); }
sub ask { my ($s, $sql) = @_; return $s->ask($sql); }

SKIP:
{
	my $disk = $ENV{KPI_SMALL_DISK};

	skip 'no small file system (KPI_SMALL_DISK)', 1 if !$disk || !-w $disk;
	my $space = "$disk/space";
	mkdir $space or die "$space: $!";
	$node->safe_psql('postgres', "CREATE TABLESPACE small LOCATION '$space'");
	$node->safe_psql('postgres', q{
		CREATE TABLE daily (day date PRIMARY KEY USING INDEX TABLESPACE small, n nps_summary, a activity_summary, r revenue_summary) TABLESPACE small;
		INSERT INTO daily SELECT at, nps_summary(score), activity_summary(customer, at, 'day'), revenue_summary(customer, at, amount, 'month') FROM event GROUP BY at;
		ALTER TABLE kpi_reading SET TABLESPACE small;
		CREATE TABLE model (m clv_model) TABLESPACE small});
	$node->safe_psql('postgres', "SELECT kpi_measure(as_of => '2026-03-31', notify => false)");
	my $stored = q{SELECT md5(string_agg(d::text, chr(10) ORDER BY day)) FROM daily d; SELECT md5(string_agg(concat_ws(' ', kpi, period, value, complete, measured_to), chr(10) ORDER BY period)) FROM kpi_reading};
	my $before = $node->safe_psql('postgres', $stored);

	# to the last page
	$node->safe_psql('postgres', 'CREATE TABLE filler (t text) TABLESPACE small; ALTER TABLE filler ALTER t SET STORAGE PLAIN');
	foreach my $rows (1000, 100, 10, 1)
	{
		1 while error_code($node, 'postgres', "INSERT INTO filler SELECT repeat('x', 7000) FROM generate_series(1, $rows)") eq '';
	}
	my $upsert = q{INSERT INTO daily AS t SELECT at, nps_summary(score), activity_summary(customer + 100000, at, 'day'), revenue_summary(customer + 100000, at, amount, 'month') FROM event GROUP BY at
		ON CONFLICT (day) DO UPDATE SET n = t.n + EXCLUDED.n, a = t.a + EXCLUDED.a, r = t.r + EXCLUDED.r};
	$node->safe_psql('postgres', "UPDATE day SET value = value + 1");
	my $s = session();
	like(ask($s, $upsert), qr/^ERROR: +53100$/, 'disk full: adding to stored summaries');
	like(ask($s, q{INSERT INTO daily SELECT at + 1000, nps_summary(score), activity_summary(customer, at, 'day'), revenue_summary(customer, at, amount, 'month') FROM event GROUP BY at}), qr/^ERROR: +53100$/, 'disk full: storing summaries');
	like(ask($s, q{CREATE TABLE again TABLESPACE small AS SELECT activity_summary(customer, at, 'day') FROM event}), qr/^ERROR: +53100$/, 'disk full: a table of them');
	like(ask($s, q{SET temp_tablespaces = small; SET work_mem = '64kB'; SET enable_hashagg = off; SELECT count(*) FROM (SELECT customer, nps_summary(score), rfm(at, amount) FROM event GROUP BY customer) t}), qr/^ERROR: +53100$/, 'disk full: sorting for many summaries');
	is(ask($s, 'RESET temp_tablespaces; SELECT count(*) FROM (SELECT customer, nps_summary(score), rfm(at, amount) FROM event GROUP BY customer) t'), '20011', 'the same with another tablespace');
	# 90 readings are updated, which takes pages; the error is the KPI's
	like(ask($s, q{SELECT error FROM kpi_measure(as_of => '2026-03-31', notify => false)}), qr/No space left on device/, 'disk full: measuring says so');
	is(ask($s, q{SELECT error ~ 'No space left on device', measured_to FROM kpi_definition}), 't|2026-03-31', 'and keeps it');
	is(ask($s, $stored), $before, 'nothing was lost, and nothing half done');

	$node->safe_psql('postgres', 'DROP TABLE filler');
	$node->safe_psql('postgres', 'CHECKPOINT');
	is(ask($s, "SELECT error, changed FROM kpi_measure(as_of => '2026-03-31', notify => false)"), '|90', 'with space again: measured');
	is(ask($s, "SELECT count(*) FROM kpi_reading JOIN day USING (period) WHERE kpi_reading.value = day.value::float8"), '90', 'the readings are right');
	is(ask($s, $upsert), '', 'the summaries are added');
	is(ask($s, q{SELECT count(*) FROM daily JOIN (SELECT at, count(*) AS rows, count(DISTINCT customer) AS c, sum(amount) AS s FROM event GROUP BY at) e ON day = at
		WHERE responses(n) = 2 * e.rows AND active_customers(a) = 2 * e.c AND (SELECT sum(closing) + sum(credits) FROM revenue_movements(r)) = 2 * e.s}), '90', 'they are right');
	$s->quit;
}

# Memory: each statement under limits that leave more and more room, so that one allocation after the other is refused.
SKIP:
{
	system('prlimit --version >/dev/null 2>&1') == 0 && -r "/proc/$$/status" or skip 'needs prlimit and /proc', 1;
	my %statement = (
		'activity' => q{SELECT active_customers(activity_summary(g * 7919 % 3000017, date '2026-01-01' + g % 90, 'day')) FROM generate_series(1, 3000000) g},
		'text keys' => q{SELECT active_customers(activity_summary('c' || g, date '2026-01-01', 'day')) FROM generate_series(1, 600000) g},
		'revenue' => q{SELECT sum(closing) FROM revenue_movements((SELECT revenue_summary(g * 7919 % 1000003, date '2026-01-01' + g % 90, 1.25, 'month') FROM generate_series(1, 1000000) g))},
		'funnel' => q{SELECT sum(customers) FROM funnel((SELECT funnel_summary(g % 100003, timestamp '2026-01-01' + g * interval '1 minute', ARRAY[g % 3 = 0, g % 3 = 1, g % 3 = 2]) FROM generate_series(1, 1000000) g))},
		'text form' => q{SELECT md5(s::text::activity_summary::text) FROM (SELECT activity_summary(g, date '2026-01-01' + g % 90, 'day') AS s FROM generate_series(1, 1500000) g) t},
		'merging' => q{SELECT active_customers(rollup(s)) FROM (SELECT activity_summary(g, date '2026-01-01' + g % 90, 'day') AS s FROM generate_series(1, 1500000) g GROUP BY g % 3) t},
		'fit' => q{SELECT clv_fit(r, '2027-06-01') IS NULL FROM (SELECT rfm(date '2026-01-01' + g % 300 + k * (g % 41), 1 + g % 7) AS r FROM generate_series(1, 60000) g, generate_series(0, 3) k WHERE k <= g % 5 GROUP BY g) t},
		'series' => q{SELECT count(*) FROM forecast((SELECT array_agg(g * 1.0::float8) FROM generate_series(1, 20000) g), 12, 7)});
	# one KPI that takes much, and one that does not: the error is written to the first, and the other is measured
	$node->safe_psql('postgres', q{
		CREATE VIEW big AS SELECT date '2026-03-31' AS period, active_customers(activity_summary(g * 7919 % 3000017, date '2026-01-01' + g % 90, 'day')) AS value FROM generate_series(1, 3000000) g;
		SELECT kpi_define('big', 'Big', 'big', 'day', 'stock', 'customer', 'strategic', 'lagging')});
	$statement{measuring} = q{SELECT name, error, readings FROM kpi_measure(as_of => '2026-03-31', notify => false)};
	my $kept = qr/^big\|out of memory\|0\nk\|\|90$/;
	my ($refused, $wrong, $written) = (0, '', 0);

	foreach my $name (sort keys %statement)
	{
		my $s = session();
		my ($size, $failed, $reached) = (0, 0, 0);
		my $pid = ask($s, 'SET client_min_messages = error; SET work_mem = \'1GB\'; SELECT pg_backend_pid()');
		# all code loaded, and the stack as deep as it gets
		my $right = ask($s, $statement{$name});

		$s->quit;
		foreach my $megabytes (2, 6, 14, 30, 60, 120, 250, 500, 1000)
		{
			$s = session();
			$pid = ask($s, 'SET client_min_messages = error; SET work_mem = \'1GB\'; SELECT pg_backend_pid()');
			ask($s, q{SELECT active_customers(activity_summary(1, date '2026-01-01', 'day')); SELECT count(*) FROM forecast('{1,2,3}', 1)});
			($size) = map { /(\d+)/ } grep { /^VmSize/ } split /\n/, slurp_file("/proc/$pid/status");
			system('prlimit', "--pid=$pid", '--as=' . ($size * 1024 + $megabytes * 1048576) . ':') == 0 or die 'prlimit failed';
			my $answer = ask($s, $statement{$name});
			my $refusal = $answer =~ /^ERROR: +53200$/ || ($name eq 'measuring' && $answer =~ /^big\|(?:out of memory)?\|\d+\nk\|(?:out of memory)?\|\d+$/ && $answer ne $right);
			$wrong .= "$name with $megabytes MB: $answer\n" if $answer ne $right && !$refusal;
			$refused += $refusal;
			$failed ||= $refusal;
			if ($name eq 'measuring' && $answer =~ $kept)
			{
				my $error = ask($s, q{SELECT name, error FROM kpi_definition ORDER BY name});
				$wrong .= "$name with $megabytes MB, kept: $error\n" if $error ne "big|out of memory\nk|";
				$written++;
			}
			# the next query of the session, with what memory there is
			my $next = ask($s, q{SELECT nps_agg(score) FROM unnest('{10,9,3}'::int[]) score});
			$wrong .= "$name with $megabytes MB, the next query: $next\n" if $next !~ /^33\.3333/;
			$s->quit;
			last if $reached = $answer eq $right;
		}
		ok($failed, "out of memory: $name is refused");
		ok($reached, "out of memory: $name is right where the memory suffices");
	}
	ok($written > 0, "out of memory: the error is the KPI's, and the other is measured, $written times");
	is($wrong, '', "out of memory: $refused statements refused, all as they should be, and each session goes on");
}
ok($node->poll_query_until('postgres', 'SELECT true'), 'the server lives');
$node->stop;
unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal|XX000/, 'and no process crashed');
done_testing();
