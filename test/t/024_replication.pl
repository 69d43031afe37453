# A standby, a server restored from pg_basebackup and subscribers of logical replication give the answers of the server
# that they come from; what writes fails clearly on a standby, and works once it is promoted.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 'logical', extra => [ '-E', 'UTF8', '--locale=C' ]);
$primary->append_conf('postgresql.conf', "jit = off\nmax_wal_senders = 50\nmax_replication_slots = 50\n");
$primary->start;
$primary->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($primary, 'postgres');
$primary->safe_psql('postgres', slurp_file("$FindBin::RealBin/../lib/carriage.sql"));

# What a server says to every question of test/lib/carriage.sql.
sub answers
{
	my ($node, $database, $from) = @_;
	my $lines = $node->safe_psql($database, q{SET client_min_messages = error; BEGIN READ ONLY; SELECT what || '|' || coalesce(translate(answer, E'\n', ' '), 'NULL') FROM }
		  . ($from // 'carried.answers()'));

	return { map { split /\|/, $_, 2 } split /\n/, $lines };
}

sub same
{
	my ($got, $expected, $name) = @_;
	my @differ = grep { ($got->{$_} // 'absent') ne ($expected->{$_} // 'absent') } sort keys %{ { %$got, %$expected } };

	is(join("\n", map { my $what = $_; map { "$what: " . substr($_->{$what} // 'absent', 0, 300) } $got, $expected } @differ), '', $name);
	return;
}

my $expected = answers($primary, 'postgres');
cmp_ok(scalar(keys %$expected), '>', 1000, 'there are answers');
my @types = split /\n/, $primary->safe_psql('postgres', 'SELECT name FROM carried.type ORDER BY 1');
is(join("\n", grep { my $type = $_; !grep { /^\Q$type\E \d+$/ } keys %$expected } @types), '', 'about every type');
is(join("\n", map { "$_: $expected->{$_}" } grep { $expected->{$_} =~ /^(error|NULL)/ } split /\n/, $primary->safe_psql('postgres', 'SELECT name FROM carried.question')),
	'', 'and to every question');

# pg_basebackup, then a standby and a server of its own
$primary->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->append_conf('postgresql.conf', 'hot_standby_feedback = on');
$standby->start;
my $restored = PostgreSQL::Test::Cluster->new('restored');
$restored->init_from_backup($primary, 'backup');
$restored->start;
same(answers($restored, 'postgres'), $expected, 'a server restored from pg_basebackup');
is($restored->safe_psql('postgres', "SELECT count(*) FILTER (WHERE error IS NULL), sum(changed) > 0 FROM kpi_measure(as_of => '2025-12-10')"), '3|t', 'goes on measuring');
$restored->stop;

# the standby
$primary->wait_for_catchup($standby);
is($standby->safe_psql('postgres', 'SELECT pg_is_in_recovery()'), 't', 'the standby is one');
same(answers($standby, 'postgres'), $expected, 'a standby');
my $parallel = join ' ', map { "SET $_ = 0;" } qw(parallel_setup_cost parallel_tuple_cost min_parallel_table_scan_size);
like($standby->safe_psql('postgres', "$parallel EXPLAIN SELECT nps_agg(score) FROM carried.event"), qr/Partial Aggregate/, 'it works in parallel');
my @rows = ('nps', 'other aggregates', 'stored by quarter', 'customers', 'revenue', 'model', 'by index', 'scorecard');
my $computed = answers($standby, 'postgres', sprintf(q{carried.in_parallel('{%s}')}, join ',', map { qq{"$_"} } @rows));
same($computed, { map { $_ => $expected->{$_} } @rows }, 'its parallel queries');

# What every function that is marked volatile does there: write, and then say so, or what it does on the primary.
my %volatile = (
	kpi_define => q{kpi_define('new', 'New', 'carried.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging')},
	kpi_set_goal => q{kpi_set_goal('nps', '>= 1', daterange '(,)')},
	'kpi_set_goal of a year' => q{kpi_set_goal('nps', '>= 1', '2025')},
	kpi_split_goal => q{kpi_split_goal('revenue', 1000, '[2025-01-01,2026-01-01)')},
	kpi_judge => q{kpi_judge('nps')},
	kpi_record => q{kpi_record('revenue', '2025-12-31', '{2025-12-01}', '{north}', '{1}', '{NULL}', '{NULL}', '{1}', '{NULL}', '{NULL}')},
	kpi_raise_alerts => q{kpi_raise_alerts('nps')},
	kpi_measure => q{kpi_measure()},
	'kpi_measure of one' => q{kpi_measure('nps', '2025-11-20', false)},
	kpi_acknowledge => q{kpi_acknowledge('nps')},
	kpi_refuse => q{kpi_refuse('no', 'hint')},
	kpi_rename => q{kpi_rename('nps', 'other')},
	kpi_refuse_large => q{kpi_refuse_large('x')},
	kpi_refuse_word => q{kpi_refuse_word('no', 'x', '{y,z}')},
	kpi_check_source => q{kpi_check_source('carried.revenue', 'flow', false)},
	kpi_check_goal_days => q{kpi_check_goal_days('nps', 'month', '[2025-01-01,2026-01-01)')});
my %reads = map { $_ => 1 } qw(kpi_refuse kpi_refuse_large kpi_refuse_word kpi_check_source kpi_check_goal_days);
is(join(' ', grep { !/ / } sort keys %volatile), $primary->safe_psql('postgres', q{
	SELECT string_agg(DISTINCT proname, ' ' ORDER BY proname) FROM kpi_test.member JOIN pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid
	WHERE provolatile = 'v' AND prorettype <> 'event_trigger'::regtype}), 'every volatile function is tried on the standby');
foreach my $name (sort keys %volatile)
{
	my (undef, $out, $error) = $standby->psql('postgres', "\\set VERBOSITY verbose\nSELECT * FROM $volatile{$name}");

	if ($reads{$name})
	{
		my (undef, $there, $error_there) = $primary->psql('postgres', "\\set VERBOSITY verbose\nSELECT * FROM $volatile{$name}");
		is($out . $error, $there . $error_there, "$name does the same on the standby");
	}
	else
	{
		# the first that they do is to lock; the private function of kpi_measure() that does not is a query that changes something
		my $command = $name =~ /^kpi_(raise_alerts|acknowledge)$/ ? 'SELECT' : $name =~ /^kpi_measure/ ? 'kpi_measure\(\)' : 'INSERT|UPDATE|SELECT FOR (NO KEY )?UPDATE';
		like($error, qr/ERROR:  25006: cannot execute ($command) in a read-only transaction\n/, "$name fails clearly on the standby");
	}
}
is(join("\n", grep { $expected->{$_} eq 'error 25006' && !grep { $volatile{$_} } /\w+/g } sort keys %$expected), '', 'no other function writes');

# Logical replication of every table, the scorecard's too: as text and as binary, initial copy and changes.
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init(extra => [ '-E', 'UTF8', '--locale=C' ]);
# A worker that copies a table has an origin of its own, which outlives it for a while: room for all that may begin meanwhile.
my $origins = $subscriber->pg_version >= 18 ? 'max_active_replication_origins' : 'max_replication_slots';
$subscriber->append_conf('postgresql.conf', "jit = off\nmax_worker_processes = 16\nmax_logical_replication_workers = 12\nmax_sync_workers_per_subscription = 4\n$origins = 100\n");
$subscriber->start;
$primary->safe_psql('postgres', 'CREATE PUBLICATION everything FOR ALL TABLES');
my $schema = PostgreSQL::Test::Utils::tempdir() . '/schema.sql';
$primary->command_ok([ 'pg_dump', '--schema-only', '--no-publications', '-f', $schema, 'postgres' ], 'pg_dump --schema-only');
my %binary = (as_text => 'false', as_binary => 'true');
foreach my $database (sort keys %binary)
{
	$subscriber->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0");
	$subscriber->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $schema, $database ], "$database: the schema");
	$subscriber->safe_psql($database, "CREATE SUBSCRIPTION $database CONNECTION '" . $primary->connstr . " dbname=postgres' PUBLICATION everything WITH (binary = $binary{$database})");
}
$subscriber->wait_for_subscription_sync($primary, $_, $_) for sort keys %binary;

sub compare_subscribers
{
	my ($when) = @_;
	my $now = answers($primary, 'postgres');

	foreach my $database (sort keys %binary)
	{
		$primary->wait_for_catchup($database);
		# the answers after a pause for a plan that does not come from an empty table
		$subscriber->safe_psql($database, 'REFRESH MATERIALIZED VIEW carried.monthly; ANALYZE');
		same(answers($subscriber, $database), $now, "$database, $when");
	}
	return $now;
}

compare_subscribers('after the initial copy');
$primary->safe_psql('postgres', q{
	DO $$
	DECLARE
		name text;
		removed text;
	BEGIN
		FOR name IN SELECT t.name FROM carried.type t LOOP
			-- a row goes, another takes its key, the key that gets free is given again: by value, as the value is the key
			EXECUTE format('DELETE FROM carried.%I WHERE place = 1 RETURNING value::text', 'the_' || name) INTO removed;
			EXECUTE format('WITH old AS (SELECT value FROM carried.%1$I WHERE place = 2), changed AS (UPDATE carried.%1$I SET value = %2$L, place = 102 WHERE place = 2) TABLE old',
				'the_' || name, removed) INTO removed;
			EXECUTE format('INSERT INTO carried.%I VALUES (%2$L, 101, ARRAY[NULL, NULL, %2$L]::public.%3$I[])', 'the_' || name, removed, name);
			EXECUTE format('UPDATE carried.%I SET list = list || list WHERE place = 102', 'the_' || name);
		END LOOP;
	END
	$$;
	DELETE FROM carried.wide WHERE place = 1;
	UPDATE carried.wide SET place = place + 10;
	DELETE FROM carried.parted WHERE place = 1;
	UPDATE carried.parted p SET place = p.place + 10, nps_summary = '(1,2,3)' WHERE place < 4;
	INSERT INTO carried.model SELECT 'sbg(alpha=0.7 se 0.07, beta=1.2 se 0.15) log-likelihood=-1680.3 customers=1000 unit=period';
	UPDATE carried.daily SET nps = nps + '(1,0,0)', done = done + '(1,1)', wait = wait + wait WHERE day > '2025-11-01';
	INSERT INTO carried.daily AS d (day, nps, done, amount, wait, pair, target)
		SELECT day + 5, nps, done, amount, wait, pair, target FROM carried.daily WHERE day > '2025-11-20'
		ON CONFLICT (day) DO UPDATE SET nps = d.nps + EXCLUDED.nps, amount = d.amount + EXCLUDED.amount;
	UPDATE carried.customer SET orders = orders + orders WHERE customer % 3 = 0;
	INSERT INTO carried.event SELECT id + 4000, customer, at + interval '333 days', step, amount + 1, score, done, wait, region FROM carried.event WHERE id < 300;
	REFRESH MATERIALIZED VIEW carried.monthly;
	UPDATE kpi_definition SET owner = 'Ben', reviewed_on = '2025-12-01' WHERE name = 'nps';
	SELECT kpi_set_goal('nps', '>= 5 warn 0', '(,)')});
is($primary->safe_psql('postgres', "SELECT count(*) FILTER (WHERE error IS NULL), sum(changed) > 0 FROM kpi_measure(as_of => '2025-12-10')"), '3|t', 'the primary measures');
my $changed = compare_subscribers('after changes');
isnt($changed->{$_}, $expected->{$_}, "there was a change: $_") foreach 'table wide', 'scorecard', 'scorecard table kpi_goal', 'scorecard table kpi_reading', map { "table the_$_" } @types;
unlike(slurp_file($subscriber->logfile), qr/ (ERROR|FATAL|PANIC): /, 'no worker of the subscriber failed');

# promotion
$primary->wait_for_catchup($standby);
same(answers($standby, 'postgres'), $changed, 'the standby has followed');
$primary->stop;
$standby->promote;
same(answers($standby, 'postgres'), $changed, 'and has all when it is promoted');
is($standby->safe_psql('postgres', q{
	SELECT kpi_define('new', 'New', 'carried.revenue', 'month', 'flow', 'financial', 'strategic', 'lagging');
	SELECT kpi_set_goal('new', '>= 1', '(,)');
	SELECT count(*) FILTER (WHERE error IS NULL), sum(changed) > 0 FROM kpi_measure(as_of => '2025-12-20')}), "new\n(,)\n4|t", 'the promoted standby defines and measures');

$standby->stop;
$subscriber->stop;
done_testing();
