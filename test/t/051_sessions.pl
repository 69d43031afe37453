# What sessions and parameters change: to which overload parameters without a type resolve, generic plans, and that nothing outlives a
# session's settings, under DISCARD ALL and behind PgBouncer in transaction mode (skipped without it).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Drivers;
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = driver_node('sessions');

# Every public function with several overloads for a number of arguments, called with nothing but parameters without a type.
my $resolved = $node->safe_psql('postgres', q{
	CREATE TEMP TABLE resolved (name text, outcome text);
	DO $$
	DECLARE
		f record;
		r text;
	BEGIN
		FOR f IN
			SELECT proname, n FROM (SELECT proname, generate_series((pronargs - pronargdefaults)::int, pronargs::int) AS n FROM kpi_test.callable
				WHERE proname !~ '_(accum|remove|add|subtract|final|hash|hash_extended|send|cmp|eq|ne|lt|le|gt|ge)(_|$)') c
			WHERE n > 0 GROUP BY 1, 2 HAVING count(*) > 1
		LOOP
			BEGIN
				EXECUTE format('PREPARE p AS SELECT %I(%s)', f.proname, (SELECT string_agg('$' || i, ', ') FROM generate_series(1, f.n) i));
				SELECT array_to_string(parameter_types, ', ') INTO r FROM pg_prepared_statements WHERE name = 'p';
				DEALLOCATE p;
			EXCEPTION WHEN OTHERS THEN r := SQLSTATE;
			END;
			INSERT INTO resolved VALUES (f.proname || '/' || f.n, r);
		END LOOP;
	END $$;
	SELECT name || ': ' || outcome FROM resolved ORDER BY name COLLATE "C"});
my %outcome = map { split /: /, $_, 2 } split /\n/, $resolved;
cmp_ok(scalar keys %outcome, '>', 40, 'functions with overloads');
is(join(' ', grep { $outcome{$_} =~ /^42/ } sort keys %outcome),
	'business_seconds_in/2 business_seconds_in/3 business_seconds_in/4 business_time_in/2 business_time_in/3 business_time_in/4 clv/5 control_chart/3 control_chart/4 denominator/1 duration_summary/1 duration_summary/2 forget/2 kpi_status/3 numerator/1 ratio/1 responses/1 rollup/1',
	'not resolved, for want of a type, are those that doc/drivers.md names');
is(join(' ', grep { $outcome{$_} =~ /^\d/ && $outcome{$_} !~ /^42725/ } sort keys %outcome), '', 'and no other error');
# the overload that is chosen: of customers text, of times timestamptz, of numbers double precision
is(join(' ', grep { $outcome{$_} =~ /bigint, (?!integer$)|uuid|\btimestamp without|\bsmallint/ } sort keys %outcome), '', 'the rest resolve to the preferred types');
is($outcome{'activity_summary/3'}, 'text, timestamp with time zone, text', 'activity_summary($1, $2, $3)');
is($outcome{'ratio_agg/2'}, 'double precision, double precision', 'ratio_agg($1, $2)');
is($outcome{'kpi_period/2'}, 'timestamp with time zone, text', 'kpi_period($1, $2)');
foreach my $call (
	[ 'responses($1::nps_summary)', 'nps_summary' ], [ 'rollup($1::rate_summary)', 'rate_summary' ], [ 'kpi_status($1::nps_summary, $2, $3)', 'nps_summary, kpi_target, double precision' ],
	[ 'forget($1::activity_summary, $2)', 'activity_summary, text' ], [ 'duration_summary($1::interval)', 'interval' ], [ 'clv($1::clv_model, $2, $3, $4, $5)', 'clv_model, rfm, date, interval, double precision' ],
	[ 'kpi_status($1, $2)', 'double precision, kpi_target' ], [ 'nps($1)', 'nps_summary' ], [ '$1::nps_summary + $2', 'nps_summary, nps_summary' ], [ 'ratio_agg($1::numeric, $2)', 'numeric, numeric' ])
{
	is($node->safe_psql('postgres', "PREPARE p AS SELECT $call->[0]; SELECT array_to_string(parameter_types, ', ') FROM pg_prepared_statements"), $call->[1], $call->[0]);
}

# The calls of the drivers with generic plans, as after the fifth execution.
is($node->safe_psql('postgres', q{
	SET plan_cache_mode = force_generic_plan;
	CREATE TEMP TABLE wrong (sql text, got text);
	DO $$
	DECLARE
		c record;
		got text;
	BEGIN
		FOR c IN SELECT * FROM kpi_test.call LOOP
			EXECUTE 'PREPARE p AS ' || c.sql;
			FOR i IN 1 .. 2 LOOP
				EXECUTE 'EXECUTE p(' || (SELECT string_agg(quote_nullable(nullif(a, 'NULL')), ', ' ORDER BY n) FROM unnest(c.arguments) WITH ORDINALITY u(a, n)) || ')' INTO got;
				IF got IS DISTINCT FROM c.expected THEN
					INSERT INTO wrong VALUES (c.sql, got);
				END IF;
			END LOOP;
			DEALLOCATE p;
		END LOOP;
	END $$;
	SELECT * FROM wrong}), '', 'calls by generic plans');

# Queries in a session, each a transaction; no fits, for time.
my @sql = split /\n/, $node->safe_psql('postgres', q{SELECT sql FROM kpi_test.query WHERE name !~ '^clv' ORDER BY id});
my $queries = join '', map { "$_;\n" } @sql;
my $fresh = $node->safe_psql('postgres', "SET client_min_messages = error;\n$queries");
my $berlin = $node->safe_psql('postgres', "SET client_min_messages = error;\nSET TimeZone = 'Europe/Berlin';\n$queries");
isnt($berlin, $fresh, 'the time zone of a session matters to some');
my $both = $node->safe_psql('postgres', "SET client_min_messages = error;\nSET TimeZone = 'Europe/Berlin';\n$queries\\echo ====\nDISCARD ALL;\nSET client_min_messages = error;\n$queries");
my ($before, $after) = split /^====\n/m, $both;
is($before, "$berlin\n", 'a session with another time zone');
is($after, $fresh, 'nothing of it is left after DISCARD ALL');

SKIP:
{
	my $bouncer = (grep { -x } '/usr/sbin/pgbouncer', '/usr/bin/pgbouncer')[0] or skip 'no PgBouncer (Debian: pgbouncer)', 4;
	my $folder = PostgreSQL::Test::Utils::tempdir_short();
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my $user = getpwuid($<) . '';

	append_to_file("$folder/users", qq{"$user" ""\n});
	append_to_file("$folder/ini", "[databases]\npostgres = host=127.0.0.1 port=${\$node->port} dbname=postgres user=$user\n[pgbouncer]\nlisten_addr =\nlisten_port = $port\nunix_socket_dir = $folder\n"
		. "auth_type = trust\nauth_file = $folder/users\npool_mode = transaction\ndefault_pool_size = 1\nserver_reset_query_always = 0\nlogfile = $folder/log\n");
	my $daemon = IPC::Run::start([ $bouncer, '-q', "$folder/ini" ], '>&', \my $said);
	my $url = "host=$folder port=$port dbname=postgres user=$user";
	my ($one, $other, $error) = ('', '', '');
	# until it answers
	for (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
	{
		last if eval { IPC::Run::run([ 'psql', '-X', '-d', $url, '-c', 'SELECT 1' ], '>&', \$error) };
		select undef, undef, undef, 0.1;
	}
	# two clients on one connection, transaction by transaction; one of them sets its time zone in each
	my $ours = "\\set VERBOSITY terse\n" . join '', map { "BEGIN;\nSET LOCAL client_min_messages = error;\n$_;\nCOMMIT;\n" } @sql;
	(my $theirs = $ours) =~ s/^BEGIN;$/BEGIN;\nSET LOCAL TimeZone = 'Europe\/Berlin';/mg;
	my @psql = ('psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', $url);
	my $first = IPC::Run::start([@psql], '<', \$ours, '>', \$one, '2>', \$error);
	my $second = IPC::Run::start([@psql], '<', \$theirs, '>', \$other, '2>', \$error);
	ok($first->finish && $second->finish, 'two clients of a pool of one') or diag($error);
	is($one, "$fresh\n", 'the one sees its results');
	is($other, "$berlin\n", 'the other those of its time zone');
	is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_stat_activity WHERE client_addr = '127.0.0.1'}), '1', 'over one connection to the server');
	$daemon->kill_kill;
}
$node->stop;
done_testing();
