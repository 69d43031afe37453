# Every aggregate on a coordinator with two workers of Citus, and what doc/distributed.md says of it.  Skipped without Citus.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

chomp(my $share = `pg_config --sharedir`);
plan skip_all => 'no Citus' unless -f "$share/extension/citus.control";

my $source = "$FindBin::RealBin/..";
my $quiet = 'SET client_min_messages = error;';
my ($coordinator, @workers) = map {
	my $node = PostgreSQL::Test::Cluster->new($_);

	$node->init(extra => [ '-E', 'UTF8', '--locale=C' ]);
	# nothing leaves this machine, and a node finds itself
	$node->append_conf('postgresql.conf', sprintf "shared_preload_libraries = 'citus'\njit = off\ntimezone = 'UTC'\ncitus.enable_statistics_collection = off\ncitus.local_hostname = '%s'\n", $node->host);
	$node->start;
	$node;
} qw(coordinator worker1 worker2);
sub sql { my ($sql, @options) = @_; return $coordinator->safe_psql('postgres', "$quiet $sql", @options); }

# A database on every node, known to the coordinator.
sub cluster
{
	my ($database) = @_;

	foreach my $node ($coordinator, @workers)
	{
		$node->safe_psql('postgres', "$quiet SET citus.enable_ddl_propagation = off; CREATE DATABASE $database") if $database ne 'postgres';
		$node->safe_psql($database, 'CREATE EXTENSION citus');
	}
	$coordinator->safe_psql($database, sprintf q{SELECT citus_set_coordinator_host('%s', %s)}, $coordinator->host, $coordinator->port);
	$coordinator->safe_psql($database, sprintf q{SELECT citus_add_node('%s', %s)}, $_->host, $_->port) for @workers;
	$coordinator->safe_psql($database, 'CREATE EXTENSION kpi');
	return;
}
cluster('postgres');
note(sql('SELECT citus_version()'));
is($_->safe_psql('postgres', q{SELECT extversion = (SELECT default_version FROM pg_available_extensions WHERE name = 'kpi') FROM pg_extension WHERE extname = 'kpi'}),
	't', 'CREATE EXTENSION reaches ' . $_->name) for @workers;

# Every aggregate, over the same rows in a distributed table and in one of the coordinator.
sql(slurp_file("$source/lib/aggregates.sql"));
sql(slurp_file("$source/distributed/citus.sql"));
my $aggregates = sql('SELECT count(*) FROM call');
cmp_ok($aggregates, '>', 100, "there are aggregates: $aggregates");
sql('SELECT make_tables()');
# where a query cannot be split, this makes it an error instead of pulling all rows
my $split = 'SET citus.coordinator_aggregation_strategy = disabled;';
sql(q{SELECT compare('local')});
sql("$split SET citus.enable_binary_protocol = off; SELECT compare('argument', 'text')");
# nearly all is as before, but for how states travel
my $some = q{query.name IN ('all rows', 'by another column', 'by the distribution column', 'no row')};
sql("$split SET citus.enable_binary_protocol = on; SELECT compare('argument', 'binary', \$\$$some\$\$)");
my $difference = q{
	SELECT o.setting, o.query, o.signature, coalesce(o.error, left(o.result, 300)) || ' instead of ' || coalesce(l.error, left(l.result, 300), '-')
	FROM outcome o JOIN outcome l USING (signature, query) WHERE o.place = 'argument' AND l.place = 'local' AND o.setting = '%s' AND l.setting = '%s'
		AND (o.result IS DISTINCT FROM l.result OR o.error IS NOT NULL) ORDER BY 1, 2, 3 LIMIT 20};
foreach my $form ('text', 'binary')
{
	is(sql(qq{SELECT count(DISTINCT signature) FROM outcome WHERE setting = '$form'}), $aggregates, "$form: every aggregate");
	is(sql(sprintf $difference, $form, ''), '', "$form: the same as in one database, " . sql(qq{SELECT format('%s queries, %s groups', count(*), sum(groups)) FROM outcome WHERE setting = '$form'}));
}
is(sql(q{SELECT string_agg(query.name, ' ') FROM query WHERE split AND NOT EXISTS (SELECT FROM outcome o WHERE o.query = query.name AND o.place = 'argument')}), '', 'each query was run');
like(sql('EXPLAIN (VERBOSE, COSTS OFF) SELECT team, nps_agg(a1) FROM argument_' . sql(q{SELECT number FROM call WHERE signature = 'nps_agg(int)'::regprocedure}) . ' GROUP BY team'),
	qr/coord_combine_agg.*worker_partial_agg\('public\.nps_agg\(integer\)'/s, 'workers send parts, the coordinator combines');

# A worker can be asked as well.
my $asked = sql(q{SELECT string_agg(format('SELECT %L || coalesce(%s(%s)::text, ''NULL'') FROM argument_%s', signature || ' ', name, arguments, number), ';' ORDER BY signature::text) FROM call});
(my $local = $asked) =~ s/FROM argument_/FROM local_/g;
is($workers[0]->safe_psql('postgres', $asked), sql($local), 'a worker gives the same answers');

# Zones: the coordinator's session in one, the workers in another.
my $zoned = q{at_with_zone AND query.name IN ('all rows', 'by another column', 'by the distribution column', 'a FILTER that leaves most shards nothing')};
my $shanghai = "SET timezone = 'Asia/Shanghai';";
sql("$shanghai SELECT compare('local', 'zone', \$\$$zoned\$\$)");
sql("$shanghai $split SELECT compare('argument', 'zone', \$\$$zoned\$\$)");
my $unlike = q{
	SELECT %s FROM outcome o JOIN outcome l USING (signature, query) JOIN query ON query.name = o.query
	WHERE o.setting = 'zone' AND l.setting = 'zone' AND o.place = 'argument' AND l.place = 'local' AND %s};
is(sql(sprintf $unlike, 'o.query, o.signature', 'split AND o.error IS NULL AND o.result <> l.result ORDER BY 1, 2'), '', 'no query that is split gives another result in silence');
is(sql(sprintf $unlike, 'DISTINCT left(o.error, 5)', 'o.error IS NOT NULL'), '22023', 'but an error');
cmp_ok(sql(sprintf $unlike, 'count(DISTINCT o.signature)', 'o.error IS NOT NULL'), '>=', 20, 'of most aggregates');
cmp_ok(sql(sprintf $unlike, 'count(DISTINCT o.signature)', 'NOT split AND o.error IS NULL AND o.result <> l.result'), '>', 0, 'what a worker finishes differs, as the document says');
is(sql(sprintf $unlike, 'count(*)', 'NOT split AND o.error IS NOT NULL'), '0', 'that is not seen');
# the ways that the document shows
sql("$shanghai SET citus.propagate_set_commands = 'local'; BEGIN; SET LOCAL timezone = 'Asia/Shanghai'; SELECT compare('argument', 'carried', \$\$$zoned\$\$); COMMIT");
is(sql(sprintf $difference, 'carried', 'zone'), '', 'SET LOCAL carries the zone to the workers');
sql(q{ALTER DATABASE postgres SET timezone = 'Asia/Shanghai'});
is(join(' ', map { $_->safe_psql('postgres', 'SHOW timezone') } @workers), 'Asia/Shanghai Asia/Shanghai', 'ALTER DATABASE reaches the workers');
# connections that the coordinator keeps are of before
$_->safe_psql('postgres', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()') for @workers;
sql(qq{SELECT compare('argument', 'database', \$\$$zoned\$\$)});
is(sql(sprintf $difference, 'database', 'zone'), '', 'with the zone of the database all is the same');
sql('ALTER DATABASE postgres RESET timezone');

# The document's blocks, in a database of their own.
cluster('crm');
my ($section) = slurp_file("$source/../doc/distributed.md") =~ /^## Citus\n(.*?)^## /ms;
my @blocks;
push @blocks, [ $1, $2 ] while $section =~ /^```sql\n(.*?)^```\n(?:<!-- not run -->\n```text\n(.*?)^```\n)?/msg;
cmp_ok(scalar @blocks, '>=', 4, 'the document has its blocks');
foreach my $block (@blocks)
{
	my ($sql, $expected) = @$block;
	my ($status, $out, $err) = $coordinator->psql('crm', $sql, on_error_stop => 0, extra_params => [ '-P', 'format=aligned', '-P', 'tuples_only=off', '-P', 'footer=off' ]);

	if (defined $expected)
	{
		$_ = ($_ // '') =~ s/[ \t]+$//mgr =~ s/\s+\z//r for $out, $expected;
		is($out, $expected, 'the document: ' . $sql =~ s/\n.*//sr);
	}
	is($err =~ s/^.*?WARNING: .*\n|^.*?NOTICE: .*\n|^(?:DETAIL|HINT): .*\n//mgr, '', 'the document, without an error: ' . $sql =~ s/\n.*//sr);
}

# What the document says is not run, or not split.  An error's text, or the plan.
sub failure { my ($sql) = @_; my ($status, $out, $err) = $coordinator->psql('crm', $sql); return $err; }
sub plan_of { my ($sql) = @_; return $coordinator->safe_psql('crm', "EXPLAIN (COSTS OFF) $sql"); }
like(failure('SELECT channel, nps_agg(score) FROM survey GROUP BY ROLLUP (channel)'), qr/GROUPING SETS, CUBE, or ROLLUP/, 'ROLLUP is refused');
like(failure(q{SELECT lifecycle(activity_summary(customer, answered, 'month')) FROM survey}), qr/set-valued function/, 'rows in the SELECT list are');
$coordinator->safe_psql('crm', q{CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'});
like(failure('CREATE TRIGGER t AFTER INSERT ON survey FOR EACH STATEMENT EXECUTE FUNCTION nothing()'), qr/triggers are not supported/, 'triggers are');
like(failure(q{
	MERGE INTO survey_day AS t USING (SELECT day, s.nps FROM generate_series('2026-01-01', '2026-01-31', interval '1 day') AS g(at), date(at) AS day,
		LATERAL (SELECT nps_summary(score) AS nps FROM survey WHERE answered = date(g.at)) AS s) AS s
	ON t.day = s.day WHEN NOT MATCHED THEN INSERT (day, nps) VALUES (s.day, s.nps)}), qr/non-IMMUTABLE functions/, 'MERGE from a series of days is');
like(failure('SELECT team.name, nps_agg(score) FROM survey JOIN team ON team.id = survey.id GROUP BY 1'), qr/citus\.enable_repartition_joins/, 'a join by another column is');
is(failure('SET citus.enable_repartition_joins = on; SELECT team.name, nps_agg(score) FROM survey JOIN team ON team.id = survey.id GROUP BY 1'), '', 'until it is allowed');
$coordinator->safe_psql('crm', q{CREATE FUNCTION share_over(threshold int) RETURNS double precision LANGUAGE sql STABLE AS 'SELECT rate_agg(score >= threshold) FROM survey';
	CREATE FUNCTION share_over_plpgsql(threshold int) RETURNS double precision LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT rate_agg(score >= threshold) FROM survey); END'});
like(failure('SELECT share_over(9)'), qr/parameters in SQL functions/, 'a parameter of an SQL function is');
is(failure('SELECT share_over_plpgsql(9)'), '', 'that of PL/pgSQL is not');
unlike(plan_of("SELECT nps_agg($_) FROM survey"), qr/Seq Scan.*Aggregate/s, "$_: rows are pulled") for 'DISTINCT score', 'score ORDER BY id';
like(plan_of('SELECT customer, nps_agg(DISTINCT score) FROM survey GROUP BY customer'), qr/Task.*Aggregate/s, 'DISTINCT by the distribution column is computed by the workers');
like(plan_of('SELECT nps_agg(score) OVER (PARTITION BY channel) FROM survey'), qr/^WindowAgg.*Custom Scan/s, 'a window by another column pulls rows');
like(plan_of('SELECT nps_agg(score) OVER (PARTITION BY customer) FROM survey'), qr/Task.*WindowAgg/s, 'by the distribution column it does not');
$coordinator->safe_psql('crm', q{CREATE TABLE invoice (id int PRIMARY KEY, customer int NOT NULL); CREATE TABLE line (invoice int REFERENCES invoice, customer int)});
like(failure(q{SELECT create_distributed_table('invoice', 'customer')}), qr/PRIMARY KEY constraints that do not include the partition column/, 'a key without the distribution column is refused');
$coordinator->safe_psql('crm', q{SELECT create_distributed_table('invoice', 'id')});
like(failure(q{SELECT create_distributed_table('line', 'customer')}), qr/foreign key/, 'and a reference without it');

# The scorecard is on the coordinator.
my $define = q{SELECT kpi_define('nps', 'NPS', 'survey_nps', 'month', 'survey', 'customer', 'strategic', 'lagging')};
is($coordinator->safe_psql('crm', qq{$define; SELECT error, readings FROM kpi_measure(as_of => '2026-02-28', notify => false)}), "nps\n|2", 'a source over a distributed table');
is($coordinator->safe_psql('crm', q{SELECT string_agg(value::text, ' ' ORDER BY period) = (SELECT string_agg(x::text, ' ' ORDER BY m) FROM (SELECT kpi_period(answered, 'month') AS m, nps_agg(score) AS x FROM survey GROUP BY 1) t) FROM kpi_reading}),
	't', 'gives its values');
foreach my $statement ($define, 'SELECT * FROM kpi_measure()')
{
	my ($status, $out, $err) = $workers[0]->psql('crm', $statement);
	like($err, qr/on a worker of Citus\nHINT:  The scorecard is the coordinator's/, 'on a worker: ' . substr $statement, 0, 20);
}
# its owner is who asks the workers
$coordinator->safe_psql('crm', q{CREATE ROLE owner NOLOGIN; GRANT SELECT ON survey TO owner; GRANT owner TO CURRENT_USER; ALTER VIEW survey_nps OWNER TO owner});
like($coordinator->safe_psql('crm', q{SELECT error FROM kpi_measure(as_of => '2026-02-28', notify => false)}), qr/not permitted to log in|connection to the remote node .* failed/, 'an owner who cannot log in on the workers');
$coordinator->safe_psql('crm', 'ALTER ROLE owner LOGIN');
is($coordinator->safe_psql('crm', q{SELECT error, changed FROM kpi_measure(as_of => '2026-02-28', notify => false)}), '|0', 'and one who can');

# Summaries by partition, as doc/incremental.md keeps them, with the rows in shards; and once more after a shard was cut in two.
my ($recipe, $shown) = slurp_file("$source/../doc/incremental.md") =~ /^## Partitions\n.*?^```sql\n(.*?)^```\n```text\n(.*?)^```\n/ms;
ok($recipe =~ s/^(INSERT INTO visit SELECT)/SELECT create_distributed_table('visit', 'customer');\n$1/m, 'the recipe, distributed');
my ($feb) = $recipe =~ /^(INSERT INTO visit_part [^;]*WHERE [^;]*;)$/m;
my ($before, $after) = $recipe =~ /^(.*?)(SELECT period, .*)\z/ms;
sub shown { return $coordinator->safe_psql('crm', $_[0], extra_params => [ '-P', 'format=aligned', '-P', 'tuples_only=off', '-P', 'footer=off' ]) =~ s/[ \t]+$//mgr =~ s/\s+\z//r; }
$shown =~ s/\s+\z//;
$coordinator->safe_psql('crm', $before);
is(shown($after), $shown, 'shows what it shows in one database');
$coordinator->safe_psql('crm', q{SELECT citus_split_shard_by_split_points(shardid, ARRAY[((shardminvalue::bigint + shardmaxvalue::bigint) / 2)::text], ARRAY[nodeid, nodeid], 'block_writes')
	FROM (SELECT s.*, n.nodeid FROM pg_dist_shard s JOIN pg_dist_placement p USING (shardid) JOIN pg_dist_node n USING (groupid)
		WHERE logicalrelid = 'visit'::regclass ORDER BY shardid LIMIT 1) t});
$coordinator->safe_psql('crm', $feb);
is(shown($after), $shown, 'and after a shard was cut in two');

$_->stop for @workers, $coordinator;
done_testing();
