# Every aggregate over hypertables of TimescaleDB and stored by continuous aggregates: plain, real-time, one on another,
# over compressed chunks.  Skipped without TimescaleDB; the licence that Debian's package has ends with hypertables.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

chomp(my $share = `pg_config --sharedir`);
plan skip_all => 'no TimescaleDB' unless -f "$share/extension/timescaledb.control";

my $node = PostgreSQL::Test::Cluster->new('timescaledb');
$node->init(extra => [ '-E', 'UTF8', '--locale=C' ]);
# nothing leaves this machine; jobs are run here, not when their time comes
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'timescaledb'\njit = off\ntimezone = 'UTC'\ntimescaledb.telemetry_level = off\ntimescaledb.max_background_workers = 0\nmax_locks_per_transaction = 1024\n");
$node->start;
my $quiet = 'SET client_min_messages = error;';
sub sql { my ($sql) = @_; return $node->safe_psql('postgres', "$quiet $sql"); }
# each statement that the query gives, by itself
sub each_of { my ($query) = @_; $node->safe_psql('postgres', "$quiet\n$_;") for split /\x02/, sql(qq{SELECT string_agg(s, E'\\x02') FROM ($query) t (s)}); return; }

sql('CREATE EXTENSION timescaledb');
sql('CREATE EXTENSION kpi');
my $licence = sql('SHOW timescaledb.license');
note('TimescaleDB ' . sql(q{SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'}) . ", licence $licence");
sql(slurp_file("$FindBin::RealBin/../$_")) for qw(lib/aggregates.sql distributed/timescaledb.sql);
my $aggregates = sql('SELECT count(*) FROM call');
cmp_ok($aggregates, '>', 100, "there are aggregates: $aggregates");
sql('SELECT make_tables()');
cmp_ok(sql(q{SELECT min(n) FROM (SELECT count(*) AS n FROM timescaledb_information.chunks GROUP BY hypertable_name) t}), '>', 3, 'each hypertable has chunks');

# Compares, and says where what was given is another.
sub same
{
	my ($what, $given, $expected, $which) = @_;

	$which //= 'true';
	my $n = sql(qq{SELECT compare('$what', \$q\$$given\$q\$, \$q\$$expected\$q\$, \$q\$$which\$q\$)});
	is($n, sql("SELECT count(*) FROM call WHERE $which"), "$what: every aggregate");
	is(sql(qq{SELECT signature, coalesce(left(given, 300), '-') || ' instead of ' || coalesce(left(expected, 300), '-') FROM outcome WHERE what = '$what' AND given IS DISTINCT FROM expected ORDER BY 1 LIMIT 10}),
		'', "$what: the same as plain SQL");
	is(sql(qq{SELECT count(*) FROM outcome WHERE what = '$what' AND coalesce(groups, 0) = 0}), '0', "$what: of some groups");
	return;
}
my $all = 'SELECT 0, %2$s FROM %3$s_%1$s';
sub over { my ($query, $table) = @_; return $query =~ s/TABLE/${table}_%1\$s/gr; }
my %over = (
	'all rows' => 'SELECT 0, %2$s FROM TABLE',
	'by a column' => 'SELECT team, %2$s FROM TABLE GROUP BY team',
	'by time_bucket' => q{SELECT time_bucket('7 days', bought), %2$s FROM TABLE GROUP BY 1},
	'by kpi_period' => q{SELECT kpi_period(bought, 'month'), %2$s FROM TABLE GROUP BY 1});
same("a hypertable, $_", over($over{$_}, 'argument'), over($over{$_}, 'local')) for sort keys %over;

SKIP:
{
	skip "continuous aggregates and compression need TimescaleDB's own licence, this package has $licence", 1 if $licence ne 'timescale';

	my $stored = 'SELECT (bucket, team), %3$s FROM TABLE';
	my $weekly = q{SELECT (time_bucket('7 days', bought), team), %2$s FROM local_%1$s GROUP BY time_bucket('7 days', bought), team};
	my $monthly = $weekly =~ s/7 days/28 days/gr;
	my $merged = 'SELECT team, rollup(%3$s) FROM weekly_%1$s GROUP BY team';
	my $refresh = sub { my ($view) = @_; each_of("SELECT format('CALL refresh_continuous_aggregate(%L, NULL, NULL)', '${view}_' || number) FROM $view ORDER BY number") };

	# not WITH DATA, which would ask for the same in a transaction of its own
	each_of(q{SELECT statement || ' WITH NO DATA' FROM weekly ORDER BY number});
	each_of(q{SELECT statement || ' WITH NO DATA' FROM monthly ORDER BY number});
	$refresh->('weekly');
	same('a continuous aggregate', over($stored, 'weekly'), $weekly);
	same('rolled up over all weeks', $merged, over($over{'by a column'}, 'local'), 'merges');
	$refresh->('monthly');
	same('one on another', over($stored, 'monthly'), $monthly, 'merges');

	# later rows are seen at once by a real-time one, rows of a day that is stored after a refresh
	each_of(q{SELECT format('ALTER MATERIALIZED VIEW weekly_%s SET (timescaledb.materialized_only = false)', number) FROM weekly});
	each_of(q{SELECT format('ALTER MATERIALIZED VIEW monthly_%s SET (timescaledb.materialized_only = false)', number) FROM monthly});
	sql('SELECT add_rows(5001, 5300)');
	same('real time', over($stored, 'weekly'), $weekly);
	same('real time, one on another', over($stored, 'monthly'), $monthly, 'merges');
	sql('SELECT add_rows(1501, 1800)');
	isnt(sql('SELECT count(*) FROM weekly_1 w JOIN (SELECT time_bucket(\'7 days\', bought) AS bucket, team, count(*) FROM local_1 WHERE id BETWEEN 1501 AND 1800 GROUP BY 1, 2) l USING (bucket, team)'), '0', 'there are late rows');
	$refresh->('weekly');
	$refresh->('monthly');
	same('late rows, refreshed', over($stored, 'weekly'), $weekly);
	same('late rows, refreshed, one on another', over($stored, 'monthly'), $monthly, 'merges');

	# compressed: the rows, then what is stored of them
	each_of(q{SELECT DISTINCT format('ALTER TABLE argument_%s SET (timescaledb.compress, timescaledb.compress_segmentby = ''team'')', number) FROM call});
	each_of(q{SELECT DISTINCT format('SELECT count(compress_chunk(c)) FROM show_chunks(''argument_%s'') c', number) FROM call});
	same("compressed, $_", over($over{$_}, 'argument'), over($over{$_}, 'local')) for sort keys %over;
	sql('SELECT add_rows(1801, 2000)');
	$refresh->('weekly');
	same('late rows into compressed chunks', over($stored, 'weekly'), $weekly);
	each_of(q{SELECT format('ALTER MATERIALIZED VIEW weekly_%s SET (timescaledb.compress)', number) FROM weekly});
	each_of(q{SELECT format('SELECT count(compress_chunk(c)) FROM show_chunks(''weekly_%s'') c', number) FROM weekly});
	same('stored and compressed', over($stored, 'weekly'), $weekly);

	# the document: what is vectorised where rows are compressed
	sql(q{CREATE TABLE plain (at timestamp NOT NULL, x float8, score int); SELECT create_hypertable('plain', 'at');
		INSERT INTO plain SELECT timestamp '2026-01-01' + i * interval '1 minute', i, i % 11 FROM generate_series(1, 20000) i; ALTER TABLE plain SET (timescaledb.compress); SELECT count(compress_chunk(c)) FROM show_chunks('plain') c; ANALYZE plain});
	my $plan = sub { my ($list) = @_; return sql("SET max_parallel_workers_per_gather = 0; EXPLAIN (COSTS OFF) SELECT $list FROM plain") };
	like($plan->('sum(x)'), qr/VectorAgg/, 'a sum is vectorised');
	unlike($plan->('nps_agg(score)'), qr/VectorAgg/, 'ours are not');
	unlike($plan->('sum(x), nps_agg(score)'), qr/VectorAgg/, 'nor is a sum beside them');

	# a continuous aggregate that is real-time as a source, measured by a role that may only read it
	my $nps = sql(q{SELECT format('weekly_%s', number) FROM call WHERE signature = 'nps_summary(int)'::regprocedure});
	my $x = sql(q{SELECT 'x' || place FROM call WHERE signature = 'nps_summary(int)'::regprocedure});
	sql(qq{CREATE ROLE analyst LOGIN; CREATE VIEW source AS SELECT time_bucket('7 days', bucket) AS period, nps(rollup($x)) AS value, responses(rollup($x)) AS n FROM $nps GROUP BY 1; GRANT SELECT ON source TO analyst;
		SELECT kpi_define('nps', 'NPS', 'source', 'week', 'survey', 'customer', 'strategic', 'lagging')});
	each_of(q{SELECT statement FROM kpi_grants('analyst', 'measurer')});
	is($node->safe_psql('postgres', "SELECT error, readings > 10 FROM kpi_measure(as_of => '2026-12-31', notify => false)", extra_params => [ '-U', 'analyst' ]), '|t', 'an analyst measures a real-time continuous aggregate');
}

note(sql('SELECT format(\'%s comparisons of %s groups\', count(*), sum(groups)) FROM outcome'));
$node->stop;
done_testing();
