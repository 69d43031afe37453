# The schedule that doc/scorecard.md shows: pg_cron measures.  Takes up to a minute, pg_cron's unit; skipped without it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('cron');
plan skip_all => 'no pg_cron' unless $node->safe_psql('postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_cron'});
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'pg_cron'\ncron.use_background_workers = on\ncron.database_name = 'postgres'\n");
$node->restart;
$node->safe_psql('postgres', q{
	CREATE EXTENSION pg_cron;
	CREATE EXTENSION kpi;
	CREATE TABLE sales AS SELECT current_date - i AS period, 10 AS value FROM generate_series(1, 40) i;
	SELECT kpi_define('sales', 'Sales', 'sales', 'day', 'flow', 'financial', 'strategic', 'lagging');
	SELECT kpi_set_goal('sales', '>= 8 warn 5', '(,)');
	SELECT cron.schedule('measure', '* * * * *', 'SELECT * FROM kpi_measure(as_of => current_date - 1)')});
ok($node->poll_query_until('postgres', q{SELECT EXISTS (SELECT FROM cron.job_run_details WHERE status IN ('succeeded', 'failed'))}), 'the job ran');
is($node->safe_psql('postgres', 'SELECT DISTINCT status FROM cron.job_run_details'), 'succeeded', 'without an error');
is($node->safe_psql('postgres', q{SELECT count(*) FILTER (WHERE status = 'green') FROM kpi_reading}), '40', 'and measured every day');
$node->stop;
done_testing();
