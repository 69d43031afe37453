# Many connections that read summaries and the scorecard, merge into daily summaries, measure, set goals and forget: no error, no
# deadlock, and at the end everything is exactly what the ledger of the writers says.
#
# pgbench with the scripts in test/load: 100 transactions for each of KPI_LOAD_CLIENTS (32) connections, or as many as there are in
# KPI_LOAD_SECONDS.  make load: 300.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $scripts = "$FindBin::RealBin/../load";
my @length = $ENV{KPI_LOAD_SECONDS} ? ('-T', $ENV{KPI_LOAD_SECONDS}) : ('-t', 100);
my $clients = $ENV{KPI_LOAD_CLIENTS} || 32;
my %weight = (upsert => 50, read => 20, measure => 10, goal => 4, forget => 8, rollup => 8);

plan skip_all => 'no pgbench' unless eval { IPC::Run::run([ 'pgbench', '--version' ], '>', \my $version) };

my $node = start_node('load');
$node->append_conf('postgresql.conf', 'max_connections = ' . ($clients + 10) . "\ndeadlock_timeout = 200ms\nlog_min_messages = warning\nlog_min_error_statement = error\n");
$node->restart;
$node->safe_psql('postgres', slurp_file("$scripts/schema.sql"));

my ($out, $err);
my $ok = IPC::Run::run([ 'pgbench', '-n', '-c', $clients, '-j', 2, @length, '--random-seed=1',
		(map { ('-f', "$scripts/$_.sql\@$weight{$_}") } sort keys %weight), $node->connstr('postgres') ], '>', \$out, '2>', \$err);
ok($ok, 'pgbench ran to its end') or diag($err);
$out =~ s/^ - (?!number)\s*(latency|statement).*\n//mg;
note($out);

my ($all) = $out =~ /^number of transactions actually processed: (\d+)/m;
my ($failed) = $out =~ /^number of failed transactions: (\d+)/m;
my %done;
$done{$1} = $2 while $out =~ m,^SQL script \d+: \S*/(\w+)\.sql\n(?:.*\n)*? - (\d+) transactions,mg;
is_deeply([ sort keys %done ], [ sort keys %weight ], 'pgbench counted each script');
cmp_ok($done{$_}, '>', 0, "$_ ran") for sort keys %weight;
is($failed, '0', "none of $all transactions failed");

# A killed or aborted client is an error in the log too.
my @wrong = grep { /\b(ERROR|FATAL|PANIC|deadlock|could not serialize)\b/ } split /\n/, slurp_file($node->logfile);
is(join("\n", @wrong[ 0 .. ($#wrong > 10 ? 10 : $#wrong) ]), '', 'no error in the log of the server');

is($node->safe_psql('postgres', 'SELECT count(DISTINCT batch) FROM ledger'), $done{upsert}, 'the ledger holds the batches that pgbench counted');
is($node->safe_psql('postgres', slurp_file("$scripts/check.sql")), '', 'summaries, readings, goals and alerts are what the ledger says');
cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM ledger WHERE forgotten"), '>', 0, 'some were forgotten');
# the check can fail
isnt($node->safe_psql('postgres', "DELETE FROM ledger WHERE ctid = (SELECT min(ctid) FROM ledger WHERE NOT forgotten);\n" . slurp_file("$scripts/check.sql")), '', 'one row less would be seen');

my $summary = sprintf '%d connections%s: %d transactions; %s; %s rows in the ledger, %s readings, %s alerts', $clients, $ENV{KPI_LOAD_SECONDS} ? ", $ENV{KPI_LOAD_SECONDS} s" : '', $all,
	join(', ', map { "$_ $done{$_}" } sort keys %done), split(/\|/, $node->safe_psql('postgres', 'SELECT (SELECT count(*) FROM ledger), (SELECT count(*) FROM kpi_reading), (SELECT count(*) FROM kpi_alert)'));
$ENV{KPI_LOAD_SECONDS} ? diag($summary) : note($summary);
$node->stop;
done_testing();
