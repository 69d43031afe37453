# Foreign shards (postgres_fdw) and partitions, as doc/distributed.md describes them: what is computed where, and that
# the results are the same.  Skipped without postgres_fdw.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('coordinator');
plan skip_all => 'no postgres_fdw' unless $node->safe_psql('postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'});
my $remote = start_node('shards');
my $quiet = "SET client_min_messages = error;\n";

$remote->safe_psql('postgres', 'CREATE EXTENSION kpi');
$remote->safe_psql('postgres', $quiet . slurp_file("$FindBin::RealBin/../$_")) for qw(lib/aggregates.sql distributed/foreign.sql);

# Two servers for the same database: to one aggregates may be sent, from the other rows are fetched.
sub server
{
	my ($name, $database, $options) = @_;
	my ($host, $port) = ($remote->host, $remote->port);

	return "CREATE SERVER $name FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname '$database'$options);
		CREATE USER MAPPING FOR CURRENT_USER SERVER $name;";
}
$node->safe_psql('postgres', 'CREATE EXTENSION kpi; CREATE EXTENSION postgres_fdw;'
	. server('pushed', 'postgres', q{, extensions 'kpi'}) . server('fetched', 'postgres', '') . q{
	CREATE SCHEMA pushed;
	CREATE SCHEMA fetched;
	IMPORT FOREIGN SCHEMA public EXCEPT (aggregate) FROM SERVER pushed INTO pushed;
	IMPORT FOREIGN SCHEMA public EXCEPT (aggregate) FROM SERVER fetched INTO fetched;
	CREATE FUNCTION plan(query text) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		line text;
		plan text := '';
	BEGIN
		FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
			plan := plan || line || chr(10);
		END LOOP;
		RETURN plan;
	END $$;
	CREATE FUNCTION result(query text, OUT result text) LANGUAGE plpgsql AS $$
	BEGIN
		EXECUTE query INTO result;
	END $$;
	CREATE TABLE outcome AS SELECT c.*, false AS at_remote, '' AS pushed, '' AS fetched FROM fetched.call c;
	CREATE FUNCTION run() RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		o record;
		query text;
	BEGIN
		FOR o IN SELECT * FROM outcome LOOP
			query := format('SELECT %s(%s)::text FROM %%s.argument_%s', o.name, o.arguments, o.number);
			UPDATE outcome SET at_remote = plan(format(query, 'pushed')) LIKE '%Aggregate on (%',
				pushed = result(format(query, 'pushed')), fetched = result(format(query, 'fetched')) WHERE number = o.number;
		END LOOP;
	END $$});

# A call of each kind, without the columns.
my $list = q{SELECT DISTINCT name || '(' || regexp_replace(arguments, 'a\d', '_', 'g') || ')' FROM outcome WHERE };
$node->safe_psql('postgres', "$quiet SET timezone = 'GMT'; SELECT run()");
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM outcome WHERE pushed IS NOT NULL'), '>', 100, 'there are aggregates');
is($node->safe_psql('postgres', "$list pushed IS DISTINCT FROM fetched"), '', 'the same result, computed there or here');
is($node->safe_psql('postgres', "$list NOT at_remote ORDER BY 1"), join("\n",
	q{activity_summary(_, _, 'month'::text)}, q{activity_summary(_, _, 'month'::text, '2024-06-30'::date)},
	q{clv(_, _, _, '2024-09-30'::date, interval '1 year', 'mbg/nbd'::text, _)}, q{clv_fit(_, '2024-12-31'::date, 'pareto/nbd'::text)},
	q{funnel_depth(_, _, _, 'reached'::text)},
	q{revenue_summary(_, _, _, 'month'::text)}, q{subscription_summary(_, _, _, 'month'::text, '2024-06-30'::date)}), 'those that are not sent');
is($node->safe_psql('postgres', q{
	SELECT DISTINCT format_type(atttypid, NULL) FROM outcome JOIN pg_attribute ON attrelid = format('pushed.argument_%s', number)::regclass AND attname = 'a1'
	WHERE name IN ('activity_summary', 'revenue_summary', 'subscription_summary') AND at_remote}), 'text', 'with text customers they are');

# The session's zone does not reach the shard.
$node->safe_psql('postgres', "$quiet SET timezone = 'Asia/Shanghai'; SELECT run()");
cmp_ok($node->safe_psql('postgres', 'SELECT count(*) FROM outcome WHERE pushed IS DISTINCT FROM fetched'), '>', 0, 'another zone, other results');
is($node->safe_psql('postgres', "$list pushed IS DISTINCT FROM fetched AND NOT at_with_zone"), '', 'but only with a timestamp with time zone');
my $zoned = q{SELECT rfm(due AT TIME ZONE 'Asia/Shanghai', den) FROM %s.sample};
my ($there, $here) = map { $node->safe_psql('postgres', "SET timezone = 'Asia/Shanghai';" . sprintf $zoned, $_) } 'pushed', 'fetched';
is($there, $here, 'nor where the zone is said');

# Functions of summaries are sent, those that depend on the session's zone are not.
sub remote_sql
{
	my ($database, $sql) = @_;
	return join "\n", $node->safe_psql($database, "SET enable_partitionwise_aggregate = on; EXPLAIN (VERBOSE, COSTS OFF) $sql") =~ /Remote SQL: (.*)/g;
}
like(remote_sql('postgres', 'SELECT count(*) FROM pushed.stored WHERE responses(summary_nps_summary + summary_nps_summary) > 2'),
	qr/^SELECT count\(\*\) .* WHERE .*public\.responses\(.* OPERATOR\(public\.\+\) /, 'functions and + in WHERE are sent');
my %sent = map { split /\|/ } split /\n/, $node->safe_psql('postgres', q{
	SELECT p.oid::regprocedure, plan(format('SELECT count(*) FROM pushed.stored WHERE %s(%I) IS NULL', p.proname, a.attname)) LIKE format('%%WHERE ((public.%s(%%', p.proname)
	FROM pg_attribute a JOIN pg_proc p ON p.pronargs = 1 AND p.proargtypes[0] = a.atttypid AND p.prokind = 'f' AND NOT p.proretset
	JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	WHERE a.attrelid = 'pushed.stored'::regclass AND a.attnum > 0});
cmp_ok(scalar keys %sent, '>', 40, 'functions of one summary: ' . keys %sent);
is(join(' ', sort grep { $sent{$_} ne 't' } keys %sent), 'funnel_events_depth(funnel_events)', 'all are sent, but for one that depends on a zone');
unlike(remote_sql('postgres', q{SELECT count(*) FROM pushed.sample WHERE kpi_period(due, 'month') = '2024-02-01'}),
	qr/kpi_period|count/, 'what depends on the zone is not');

unlike(remote_sql('postgres', sprintf $zoned, 'pushed'), qr/rfm/, 'nor is what says a zone');

# The document's shards: the first block on each, the others on the coordinator.
my ($section) = slurp_file("$FindBin::RealBin/../../doc/distributed.md") =~ /^## Foreign shards\n(.*?)^## /ms;
my @blocks;
push @blocks, [ $1, $2 ] while $section =~ /^```sql\n(.*?)^```\n(?:<!-- not run -->\n```text\n(.*?)^```\n)?/msg;
cmp_ok(scalar @blocks, '>=', 5, 'the document has its blocks');
my $shard = shift @blocks;
foreach my $name ('crm_north', 'crm_south')
{
	$remote->safe_psql('postgres', "CREATE DATABASE $name");
	$remote->safe_psql($name, $shard->[0]);
}
$node->safe_psql('postgres', 'CREATE DATABASE crm');
my ($host, $port) = ($remote->host, $remote->port);
foreach my $block (@blocks)
{
	my ($sql, $expected) = @$block;

	$sql =~ s/host '\w+\.example', port '5432'/host '$host', port '$port'/g;
	my ($status, $out, $err) = $node->psql('crm', "SET enable_partitionwise_aggregate = on;\n$sql",
		extra_params => [ '-P', 'format=aligned', '-P', 'tuples_only=off', '-P', 'footer=off' ]);
	$_ = ($_ // '') =~ s/[ \t]+$//mgr =~ s/\s+\z//r for $out, $expected;
	is("$err$out", $expected, 'the document: ' . $sql =~ s/\n.*//sr);
}
my $plan = remote_sql('crm', 'SELECT region, nps_agg(score) FROM survey GROUP BY region');
is(scalar(() = $plan =~ /public\.nps_agg\(score\) .* GROUP BY/g), 2, 'by the partition key each shard computes its own');
like($node->safe_psql('crm', 'SET enable_partitionwise_aggregate = on; EXPLAIN (COSTS OFF) SELECT region, nps_agg(score) FROM survey GROUP BY region'),
	qr/(Async Foreign Scan.*){2}/s, 'at the same time');
unlike(remote_sql('crm', 'SELECT nps_agg(score) FROM survey'), qr/nps_agg/, 'over all shards rows are fetched');
$plan = remote_sql('crm', 'SELECT nps(rollup(s)) FROM (SELECT region, nps_summary(score) AS s FROM survey GROUP BY region) t');
is(scalar(() = $plan =~ /public\.nps_summary\(score\) .* GROUP BY/g), 2, 'in two steps summaries are');
like(remote_sql('crm', 'SELECT rollup(s) FROM active_north'), qr/public\.rollup\(s\) FROM public\.active_customer/, 'a rollup is sent');

$remote->stop;
$node->stop;
done_testing();
