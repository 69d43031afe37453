# Those who define, measure and judge a KPI, set its goals and rename it at once: each session is held at a known point by a
# lock, so that what happens between its statements does happen.  Nothing is lost, nothing left unjudged, and a transaction of
# one snapshot that could not see what it depends on ends in 40001.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiSession;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('at_once');
$node->append_conf('postgresql.conf', "deadlock_timeout = 100ms\n");
$node->restart;
my $helpers = q{
	CREATE FUNCTION define(name text, unit text DEFAULT 'month', source regclass DEFAULT 'day') RETURNS text LANGUAGE sql AS
		$$ SELECT kpi_define(name, name, source, unit, 'flow', 'financial', 'strategic', 'lagging') $$;
	CREATE FUNCTION measured(kpi text DEFAULT NULL) RETURNS TABLE (name text, readings bigint, changed bigint, error text) LANGUAGE sql AS
		$$ SELECT name, readings, changed, error FROM kpi_measure(kpi, '2026-03-31', false) $$};
$node->safe_psql('postgres', q{
	CREATE EXTENSION kpi;
	CREATE TABLE day AS SELECT date '2026-01-01' + i AS period, 10 AS value FROM generate_series(0, 89) i;
	CREATE TABLE slow AS SELECT * FROM day;} . $helpers);
# Four KPIs with goals, measured; nothing else.
sub fresh
{
	$node->safe_psql('postgres', q{
		TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert;
		SELECT define(n, source => CASE n WHEN 'c' THEN 'slow' ELSE 'day' END), kpi_set_goal(n, '>= 305 warn 290', '(,)') FROM unnest('{a,b,c,d}'::text[]) n;
		SELECT measured()});
	return;
}
sub sql { return $node->safe_psql('postgres', $_[0]); }
my ($one, $two, $three) = map { KpiSession->new($node, 'postgres', merge => 1) } 1 .. 3;
# One does something in a transaction that stays open; two waits for it; one commits; what two was told.
sub between
{
	my ($name, $first, $second, $commit) = @_;

	$one->ask("BEGIN; $first");
	$two->start("\\set VERBOSITY sqlstate\n$second");
	ok($two->waits, "$name: it waits");
	$one->ask($commit // 'COMMIT');
	return $two->ended;
}
# In the end: each row has its definition, each reading has the verdict that judging gives.
my $sound = q{SELECT kpi, rule, finding FROM kpi_review('2026-03-31') WHERE rule ~ 'not defined|another unit'; SELECT name, kpi_judge(name) FROM kpi_definition WHERE kpi_judge(name) <> 0};

# A name that changes while it is measured.
fresh();
sql('DELETE FROM kpi_reading');
is(between('renamed by hand, all are measured', "UPDATE kpi_definition SET name = 'bb' WHERE name = 'b'; UPDATE kpi_goal SET kpi = 'bb' WHERE kpi = 'b'", 'SELECT * FROM measured()'), "a|3|3|\nbb|3|3|\nc|3|3|\nd|3|3|", 'it is measured by its new name');
is(sql("SELECT kpi, count(*), count(status) FROM kpi_reading GROUP BY kpi ORDER BY kpi; $sound"), "a|3|3\nbb|3|3\nc|3|3\nd|3|3", 'and all that was measured is stored and judged');
fresh();
sql('DELETE FROM kpi_reading');
like(between('renamed by hand, it alone is measured', "UPDATE kpi_definition SET name = 'bb' WHERE name = 'b'", "SELECT * FROM measured('b')"), qr/ERROR:  22023/, 'it is an error');
is(sql('SELECT count(*) FROM kpi_reading'), '0', 'and nothing is stored under a name that no KPI has');
fresh();
is(between('kpi_rename(), all are measured', "SELECT kpi_rename('b', 'bb')", 'SELECT name, changed FROM measured()'), "a|0\nbb|0\nc|0\nd|0", 'it is measured by its new name');
is(sql("SELECT kpi, count(*) FROM kpi_reading GROUP BY kpi ORDER BY kpi; $sound"), "a|3\nbb|3\nc|3\nd|3", 'and its readings are those that it had');
fresh();
is(between('deleted, all are measured', "DELETE FROM kpi_definition WHERE name = 'b'", 'SELECT name FROM measured()'), "a\nc\nd", 'it is left out');

# While all are measured, here held up at the source of the third: the others go on until it is their turn.
fresh();
$three->ask('BEGIN; LOCK TABLE slow');
$one->start('BEGIN; SELECT name FROM measured()');
ok($one->waits, 'measuring is at the third KPI');
is($two->ask("\\set VERBOSITY sqlstate\nSELECT kpi_set_goal('d', '>= 1', '(,)'), define('d'), kpi_judge('d'); SELECT define('e'); SELECT name FROM measured('d')"), "(,)|d|0\ne\nd", 'nobody waits for a KPI whose turn has not come');
is($two->ask("BEGIN; UPDATE kpi_definition SET title = 'D' WHERE name = 'd'; COMMIT; SELECT title FROM kpi_definition WHERE name = 'd'"), 'D', 'nor who changes it by hand');
$two->start("SELECT kpi_rename('d', 'dd')");
ok($two->waits, 'but its name stays until the end');
$three->ask('COMMIT');
is($one->ended, "a\nb\nc\nd", 'all are measured');
$one->ask('COMMIT');
is($two->ended, 'dd', 'and then it gets another name');
is(sql($sound), '', 'all is as it should be');
fresh();
foreach my $second ("SELECT kpi_set_goal('a', '>= 1', '(,)')", "SELECT kpi_judge('a')", "SELECT define('a')", "SELECT name FROM measured('a')", "SELECT count(*) FROM kpi_split_goal('a', 12, '[2026-01-01,2027-01-01)')", "SELECT kpi_rename('a', 'a2')")
{
	unlike(between("who comes after a measuring: $second", 'SELECT name FROM measured()', $second), qr/ERROR/, "then it does: $second");
}
is(sql($sound), '', 'all is as it should be');

# A reading that is changed by hand while it is judged.
foreach my $judge ("SELECT kpi_judge('a')", "SELECT kpi_set_goal('a', '>= 200 warn 100', '(,)')", "SELECT count(*) FROM kpi_split_goal('a', 2400, '[2026-01-01,2027-01-01)')")
{
	# the other goal takes all of them to another verdict
	my $goal = $judge =~ /judge/ ? q{UPDATE kpi_goal SET target = '>= 200 warn 100'} : 'SELECT 1';

	fresh();
	sql($goal);
	unlike(between("$judge, a value is changed", q{UPDATE kpi_reading SET value = 150 WHERE kpi = 'a' AND period = '2026-02-01'}, $judge), qr/ERROR/, 'it is judged');
	is(sql("SELECT period, value, status, target_value(target), attainment FROM kpi_reading WHERE kpi = 'a' ORDER BY period; SELECT kpi_judge('a')"),
		"2026-01-01|310|green|200|1.55\n2026-02-01|150|" . ($judge =~ /split/ ? 'red' : 'amber') . "|200|0.75\n2026-03-01|310|green|200|1.55\n0", 'all three of them, by the value of then');
	fresh();
	sql($goal);
	unlike(between("$judge, a value is taken away", q{UPDATE kpi_reading SET value = NULL, status = 'no_data', attainment = NULL WHERE kpi = 'a' AND period = '2026-02-01'}, $judge), qr/ERROR/, 'it is judged');
	is(sql("SELECT status, target_value(target), attainment FROM kpi_reading WHERE kpi = 'a' ORDER BY period; SELECT kpi_judge('a')"), "green|200|1.55\nno_data|200|\ngreen|200|1.55\n0", 'and is no data');
	fresh();
	sql($goal);
	unlike(between("$judge, a reading is deleted", q{DELETE FROM kpi_reading WHERE kpi = 'a' AND period = '2026-02-01'}, $judge), qr/ERROR/, 'the others are judged');
	is(sql("SELECT period, status FROM kpi_reading WHERE kpi = 'a' ORDER BY period; SELECT kpi_judge('a')"), "2026-01-01|green\n2026-03-01|green\n0", 'and it stays deleted');
}

# A KPI that is gone, or comes.
fresh();
like(between('deleted, a goal is set', "DELETE FROM kpi_definition WHERE name = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'; DELETE FROM kpi_goal WHERE kpi = 'a'", "SELECT kpi_set_goal('a', '>= 1', '(,)')"), qr/ERROR:  22023/, 'it is an error');
is(sql("SELECT count(*) FROM kpi_goal WHERE kpi = 'a'"), '0', 'and leaves no goal');
is(between('deleted, it is defined again', "DELETE FROM kpi_definition WHERE name = 'b'", "SELECT define('b')"), 'b', 'it is there again');
is(sql("SELECT name, parent IS NULL FROM kpi_definition WHERE name = 'b'; $sound"), 'b|t', 'with its goals and readings');
like(between('defined and given a goal, it is defined with another unit', "SELECT define('n'), kpi_set_goal('n', '>= 1', '(,)')", "SELECT define('n', 'quarter')"), qr/ERROR:  22023/, 'it is an error');
is(sql("SELECT unit FROM kpi_definition WHERE name = 'n'; $sound"), 'month', 'and the unit is that of its goal');
like(between('another unit, a goal is set', "DELETE FROM kpi_goal WHERE kpi = 'n'; SELECT define('n', 'quarter')", "SELECT kpi_set_goal('n', '>= 1', '[2026-02-01,2026-03-01)')"), qr/ERROR:  22023/, 'the goal has the periods of the new one');
is(sql($sound), '', 'all is as it should be');

# A first row that another session is about to commit is one that DROP EXTENSION waits for.
sql('TRUNCATE kpi_definition, kpi_goal, kpi_reading, kpi_alert; DROP FUNCTION define, measured');
like(between('defined, DROP EXTENSION', q{SELECT kpi_define('first', 'F', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging')}, 'DROP EXTENSION kpi'), qr/ERROR:  2BP01/, 'it is refused');
is(sql('SELECT name FROM kpi_definition'), 'first', 'and the row is there');
sql($helpers);

# One snapshot: what it does not see, and what would be otherwise if it did.
foreach my $level ('REPEATABLE READ', 'SERIALIZABLE')
{
	foreach my $case (
		[ 'another unit, a goal is set', "DELETE FROM kpi_goal WHERE kpi = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT define('a', 'quarter')", "SELECT kpi_set_goal('a', '>= 1', '[2026-02-01,2026-03-01)')" ],
		[ 'another unit, a total is split', "DELETE FROM kpi_goal WHERE kpi = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT define('a', 'quarter')", "SELECT * FROM kpi_split_goal('a', 1, '[2026-02-01,2026-03-01)')" ],
		[ 'another unit, it is measured', "DELETE FROM kpi_goal WHERE kpi = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT define('a', 'quarter')", "SELECT * FROM measured('a')" ],
		[ 'a goal is set, another unit', "DELETE FROM kpi_goal WHERE kpi = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT kpi_set_goal('a', '>= 1', '[2026-02-01,2026-03-01)')", "SELECT define('a', 'quarter')" ],
		[ 'a total is split, another unit', "DELETE FROM kpi_goal WHERE kpi = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT FROM kpi_split_goal('a', 1, '[2026-02-01,2026-03-01)')", "SELECT define('a', 'quarter')" ],
		[ 'measured, another unit', "DELETE FROM kpi_goal WHERE kpi = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT measured('a')", "SELECT define('a', 'quarter')" ],
		[ 'measured, a goal is set', "DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT measured('a')", "SELECT kpi_set_goal('a', '>= 1', '(,)')" ],
		[ 'measured, a total is split', "DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT measured()", "SELECT * FROM kpi_split_goal('a', 1, '[2026-01-01,2027-01-01)')" ],
		[ 'a goal is set, measured', "DELETE FROM kpi_goal WHERE kpi = 'a'", "SELECT kpi_set_goal('a', '>= 1', '(,)')", "SELECT * FROM measured('a')" ],
		[ 'a goal is set, all are measured', "DELETE FROM kpi_goal WHERE kpi = 'a'", "SELECT kpi_set_goal('a', '>= 1', '(,)')", 'SELECT * FROM measured()' ],
		[ 'a total is split, measured', "DELETE FROM kpi_goal WHERE kpi = 'a'", "SELECT FROM kpi_split_goal('a', 1, '[2026-01-01,2027-01-01)')", "SELECT * FROM measured('a')" ],
		[ 'a goal is set, judged', "DELETE FROM kpi_goal WHERE kpi = 'a'", "SELECT kpi_set_goal('a', '>= 1', '(,)')", "SELECT kpi_judge('a')" ],
		[ 'a goal is set, a goal is set', 'SELECT 1', "SELECT kpi_set_goal('a', '>= 1', '(,)')", "SELECT kpi_set_goal('a', '>= 2', '[2026-01-01,2027-01-01)')" ],
		[ 'measured, measured', 'SELECT 1', "SELECT measured('a')", 'SELECT * FROM measured()' ],
		[ 'renamed by hand, all are measured', 'SELECT 1', "UPDATE kpi_definition SET name = 'aa' WHERE name = 'a'", 'SELECT * FROM measured()' ],
		[ 'renamed, a goal is set', 'SELECT 1', "SELECT kpi_rename('a', 'aa')", "SELECT kpi_set_goal('a', '>= 1', '(,)')" ],
		[ 'measured, renamed', 'SELECT 1', "SELECT measured('a')", "SELECT kpi_rename('a', 'aa')" ],
		[ 'a goal is set, renamed', 'SELECT 1', "SELECT kpi_set_goal('a', '>= 1', '(,)')", "SELECT kpi_rename('a', 'aa')" ],
		[ 'defined, defined', "DELETE FROM kpi_definition WHERE name = 'a'", "SELECT define('a')", "SELECT define('a')" ],
		[ 'deleted, a goal is set', 'SELECT 1', "DELETE FROM kpi_definition WHERE name = 'a'; DELETE FROM kpi_goal WHERE kpi = 'a'; DELETE FROM kpi_reading WHERE kpi = 'a'", "SELECT kpi_set_goal('a', '>= 1', '(,)')" ])
	{
		my ($name, $before, $first, $second) = @$case;

		fresh();
		sql($before);
		$two->ask("BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM day");
		sql($first);
		like($two->ask("\\set VERBOSITY sqlstate\n$second"), qr/ERROR:  40001/, "$level: $name");
		$two->ask('ROLLBACK');
		is($name =~ /by hand/ ? '' : sql($sound), '', "$level: $name: all is as it should be");
		is(sql('SELECT count(*) FROM kpi_definition WHERE error IS NOT NULL'), '0', "$level: $name: and no source is blamed");
	}
}
$_->quit for $one, $two, $three;

# All of it at once, in any order, without a deadlock; each session renames a KPI of its own.
fresh();
sql("SELECT define('mine ' || i), kpi_set_goal('mine ' || i, '>= 1', '(,)') FROM generate_series(0, 7) i");
my $script = PostgreSQL::Test::Utils::tempdir() . '/at_once.sql';
append_to_file($script, q{SELECT count(*) FROM kpi_measure(as_of => '2026-03-31', notify => false);
SELECT kpi_rename('mine ' || :client_id, 'other ' || :client_id);
SELECT kpi_set_goal((ARRAY['a', 'b', 'c', 'd'])[1 + floor(random() * 4)::int], at_least(300 + (random() * 20)::int), '(,)');
SELECT define((ARRAY['a', 'b', 'c', 'd'])[1 + floor(random() * 4)::int]);
SELECT kpi_rename('other ' || :client_id, 'mine ' || :client_id);
SELECT kpi_judge((ARRAY['a', 'b', 'c', 'd'])[1 + floor(random() * 4)::int]);
});
$node->command_ok([ 'pgbench', '-n', '-c', '8', '-j', '2', '-t', '10', '-f', $script, 'postgres' ], 'eight sessions measure, define, rename, judge and set goals');
is(sql("SELECT count(*), count(error) FROM kpi_definition; SELECT count(*), count(status) FROM kpi_reading; SELECT count(*) FROM (SELECT kpi FROM kpi_goal WHERE superseded_at IS NULL GROUP BY kpi) g; $sound"), "12|0\n36|36\n12", 'and leave what each of them leaves');
is(sql('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'), '0', 'without a deadlock');

$node->stop;
done_testing();
