# The scorecard between roles and sessions: who may do what, what a source can't do, measuring at once, dump and restore.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('scorecard');
sub sql { my ($database, $user, $sql) = @_; return $node->safe_psql($database, $sql, extra_params => [ '-U', $user ]); }
sub code { my ($database, $user, $sql) = @_; return error_code($node, $database, $sql, '-U', $user); }

# alice owns the database and installs; bob has data; carol looks; mallory is nobody.
$node->safe_psql('postgres', 'CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE carol LOGIN; CREATE ROLE mallory LOGIN; CREATE DATABASE shop OWNER alice');
sql('shop', 'alice', q{
	CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; GRANT USAGE ON SCHEMA kpis TO PUBLIC;
	GRANT CREATE ON DATABASE shop TO bob, mallory});
sql('shop', 'bob', q{
	CREATE SCHEMA bob;
	CREATE TABLE bob.day (period date, value int, owner text);
	INSERT INTO bob.day SELECT d, 10, 'x' FROM generate_series(timestamp '2026-01-01', '2026-03-31', '1 day') d;
	CREATE VIEW bob.sales AS SELECT period, value FROM bob.day;
	GRANT USAGE ON SCHEMA bob TO alice; GRANT SELECT ON bob.sales TO alice});
my $define = sub { my ($name, $source) = @_; return "SELECT kpis.kpi_define('$name', 'T', '$source', 'month', 'flow', 'financial', 'strategic', 'lagging');"; };
my $measure = sub { my ($name) = @_; return "SELECT coalesce(error, readings::text) FROM kpis.kpi_measure('$name', '2026-03-31', false)"; };

# A non-superuser who installed the extension can use all of it, and grant it.
is(sql('shop', 'alice', $define->('sales', 'bob.sales') . "SELECT kpis.kpi_set_goal('sales', '>= 305', '[2026-01-01,2027-01-01)')"), "sales\n[2026-01-01,2027-01-01)", 'the installer defines and sets goals');
is(sql('shop', 'alice', $measure->('sales')), '3', 'and measures what another owns');
is(sql('shop', 'alice', 'SELECT segment, period, value, status FROM kpis.kpi_reading ORDER BY period'), "|2026-01-01|310|green\n|2026-02-01|280|red\n|2026-03-01|310|green", 'readings');
is(sql('shop', 'alice', "SELECT count(*) FROM kpis.kpi_scorecard('2026-03-31'); SELECT count(*) FROM kpis.kpi_current; SELECT perspective FROM kpis.kpi_score('2026-03-31');
	SELECT count(*) > 0 FROM kpis.kpi_review(); SELECT count(*) FROM kpis.kpi_propose_target('sales'); SELECT count(*) > 0 FROM kpis.kpi_profile('bob.sales');
	SELECT count(*) FROM kpis.kpi_split_goal('sales', 100, '[2027-01-01,2027-07-01)'); UPDATE kpis.kpi_definition SET reviewed_on = '2026-01-01' RETURNING name"), "1\n1\nfinancial\nt\n3\nt\n6\nsales", 'all the rest too');

# Nobody else can anything.
is(code('shop', 'mallory', "SELECT $_"), '42501', "no right: $_") for 'FROM kpis.kpi_definition', 'FROM kpis.kpi_goal', 'FROM kpis.kpi_reading', 'FROM kpis.kpi_alert', 'FROM kpis.kpi_current', '* FROM kpis.kpi_scorecard()',
  '* FROM kpis.kpi_measure()', "kpis.kpi_define('x', 'T', 'pg_class', 'month', 'flow', 'financial', 'strategic', 'lagging')", "kpis.kpi_set_goal('sales', '>= 1', '(,)')", "* FROM kpis.kpi_split_goal('sales', 1, '[2026-01-01,2027-01-01)')",
  "kpis.kpi_judge('sales')", "kpis.kpi_raise_alerts('sales')", "* FROM kpis.kpi_profile('bob.sales')", '* FROM kpis.kpi_review()';
sql('shop', 'alice', 'GRANT SELECT ON kpis.kpi_definition, kpis.kpi_goal, kpis.kpi_reading, kpis.kpi_alert, kpis.kpi_current TO carol');
is(sql('shop', 'carol', "SELECT count(*) FROM kpis.kpi_scorecard('2026-03-31'); SELECT count(*) FROM kpis.kpi_current"), "1\n1", 'who is granted the tables reads the scorecard');
is(code('shop', 'carol', 'UPDATE kpis.kpi_definition SET title = title'), '42501', 'and writes nothing');
# The views for BI tools are read with the reader's rights: a grant on them is no grant on what they show, and neither is one on the tables.
my @views = map { "kpis.kpi_$_" } qw(board history control status_change tree);
is(code('shop', 'mallory', "SELECT FROM $_"), '42501', "no right: $_") for @views;
is(code('shop', 'carol', "SELECT FROM $_"), '42501', "the tables are not $_") for @views;
sql('shop', 'alice', 'GRANT SELECT ON ' . join(', ', @views) . ' TO carol, mallory');
is(sql('shop', 'carol', "SELECT count(*) > 0 FROM $_"), 't', "granted with the tables: $_") for grep { !/status_change/ } @views;
is(code('shop', 'mallory', "SELECT FROM $_"), '42501', "not without them: $_") for @views;
is(code('shop', 'mallory', $define->('mine', 'kpis.kpi_history')), '42501', 'nor by way of a source');
is(sql('shop', 'postgres', q{ALTER TABLE kpis.kpi_reading ENABLE ROW LEVEL SECURITY; CREATE POLICY recent ON kpis.kpi_reading FOR SELECT TO carol USING (period >= '2026-03-01');
	SET ROLE carol; SELECT count(*) FROM kpis.kpi_history; RESET ROLE; DROP POLICY recent ON kpis.kpi_reading; ALTER TABLE kpis.kpi_reading DISABLE ROW LEVEL SECURITY}), '1', 'row-level security holds in them');
sql('shop', 'alice', 'REVOKE ALL ON ' . join(', ', @views) . ' FROM carol, mallory');
# EXECUTE alone does not let one write or read
sql('shop', 'alice', 'GRANT EXECUTE ON FUNCTION kpis.kpi_measure(text, date, boolean) TO carol');
is(code('shop', 'carol', $measure->('sales')), '42501', 'readings are written as the caller');

# The caller's own right to read the source is what counts.
sql('shop', 'bob', 'CREATE VIEW bob.secret AS SELECT period, value FROM bob.day');
is(code('shop', 'alice', $define->('secret', 'bob.secret')), '42501', 'nobody defines a KPI over what he may not read');
$node->safe_psql('shop', $define->('secret', 'bob.secret'));
is(sql('shop', 'alice', $measure->('secret')), 'permission denied for view secret', 'no SELECT on the source');
is($node->safe_psql('shop', $measure->('secret')), '3', 'a superuser may');
sql('shop', 'bob', 'GRANT SELECT ON bob.secret TO alice; REVOKE USAGE ON SCHEMA bob FROM alice');
is(sql('shop', 'alice', $measure->('secret')), 'permission denied for schema bob', 'no USAGE of its schema');
is(code('shop', 'alice', "SELECT kpis.kpi_define('numbered', 'T', ('bob.secret'::regclass)::oid::regclass, 'month', 'flow', 'financial', 'strategic', 'lagging')"), '42501', 'nor by its name for who defines');
my $number = $node->safe_psql('shop', "SELECT 'bob.secret'::regclass::oid");
is(code('shop', 'alice', "SELECT kpis.kpi_define('numbered', 'T', '$number', 'month', 'flow', 'financial', 'strategic', 'lagging')"), '42501', 'nor by its number');
is(sql('shop', 'alice', "BEGIN; UPDATE kpis.kpi_definition SET source = '$number' WHERE name = 'secret'; " . $measure->('secret') . '; ROLLBACK'), "source $number does not exist", 'a source has a name, not a number');
sql('shop', 'bob', 'GRANT USAGE ON SCHEMA bob TO alice; CREATE VIEW bob.invoker WITH (security_invoker) AS SELECT period, value FROM bob.day; GRANT SELECT ON bob.invoker TO alice');
is(code('shop', 'alice', $define->('invoker', 'bob.invoker')), '42501', 'no SELECT below a security_invoker view: not defined');
$node->safe_psql('shop', $define->('invoker', 'bob.invoker'));
is(sql('shop', 'alice', $measure->('invoker')), 'permission denied for table day', 'nor measured');
is(sql('shop', 'alice', 'SELECT name, error IS NOT NULL, measured_to FROM kpis.kpi_definition ORDER BY name'), "invoker|t|\nsales|f|2026-03-31\nsecret|t|2026-03-31", 'errors are kept, and did not stop the others');

# Row-level security: not for the caller, not for the owner, not below a view.
sql('shop', 'bob', q{
	CREATE TABLE bob.own (period date, value int, who text);
	INSERT INTO bob.own VALUES ('2026-01-01', 1, 'alice'), ('2026-01-01', 1000, 'bob');
	ALTER TABLE bob.own ENABLE ROW LEVEL SECURITY;
	CREATE POLICY p ON bob.own USING (who = current_user);
	CREATE VIEW bob.over WITH (security_invoker) AS SELECT period, value FROM bob.own;
	CREATE VIEW bob.higher AS SELECT * FROM (SELECT period, value FROM bob.over WHERE value > (SELECT min(value) - 1 FROM bob.over)) s;
	CREATE VIEW bob.plain AS SELECT period, value FROM bob.own;
	CREATE FUNCTION bob.sum() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(value) FROM bob.own';
	CREATE VIEW bob.inside AS SELECT date '2026-01-01' AS period, bob.sum() AS value;
	GRANT SELECT ON bob.own, bob.over, bob.higher, bob.plain, bob.inside TO alice});
is(code('shop', 'alice', $define->('x', $_)), '42501', "row-level security: $_ is not defined") for 'bob.own', 'bob.over', 'bob.higher';
$node->safe_psql('shop', $define->('own', 'bob.own') . $define->('over', 'bob.over') . $define->('higher', 'bob.higher') . $define->('plain', 'bob.plain') . $define->('inside', 'bob.inside'));
is(sql('shop', 'alice', $measure->('own')), 'query would be affected by row-level security policy for table "own"', 'a table under row-level security');
is(sql('shop', 'alice', $measure->('over')), 'query would be affected by row-level security policy for table "own"', 'below a view of the caller\'s rights');
is(sql('shop', 'alice', $measure->('higher') . '; SELECT sum(value) FROM bob.higher'), qq{query would be affected by row-level security policy for table "own"\n1}, 'below a view over such a view, which is read with the caller\'s rights too');
is(sql('shop', 'alice', $measure->('inside')), 'query would be affected by row-level security policy for table "own"', 'in a function of a source');
is(sql('shop', 'alice', "SET row_security = on; " . $measure->('own') . "; SHOW row_security"), qq{query would be affected by row-level security policy for table "own"\non}, 'the session keeps its setting');
is($node->safe_psql('shop', $measure->('own') . "; SELECT value FROM kpis.kpi_reading WHERE kpi = 'own'; DELETE FROM kpis.kpi_reading WHERE kpi = 'own'"), "1\n1001", 'a superuser reads it as the owner, to whom it does not apply');
is($node->safe_psql('shop', 'ALTER ROLE alice BYPASSRLS; SET SESSION AUTHORIZATION alice; ' . $measure->('own') . "; SELECT value FROM kpis.kpi_reading WHERE kpi = 'own'; DELETE FROM kpis.kpi_reading WHERE kpi = 'own'; RESET SESSION AUTHORIZATION; ALTER ROLE alice NOBYPASSRLS"), "1\n1001", 'who bypasses it, all rows');
is(sql('shop', 'alice', $measure->('plain')), '1', 'an owner is not subject to the policies of his own table');
sql('shop', 'bob', 'ALTER TABLE bob.own FORCE ROW LEVEL SECURITY');
is(sql('shop', 'alice', $measure->($_)), 'query would be affected by row-level security policy for table "own"', "forced on the owner: $_") for 'plain', 'higher';
is($node->safe_psql('shop', $measure->('own')), 'query would be affected by row-level security policy for table "own"', 'forced on the owner: a superuser does not get his rows for all');
is(code('shop', 'postgres', "SELECT FROM kpis.kpi_profile('bob.own')"), '42501', 'nor are they profiled for him');
is(sql('shop', 'alice', "SELECT value FROM kpis.kpi_profile('bob.own') WHERE measure = 'rows'; SELECT value FROM kpis.kpi_profile('bob.higher') WHERE measure = 'rows'"), "1\n1", 'who profiles as himself sees what his SELECT sees');
is(sql('shop', 'bob', "SELECT value FROM kpis.kpi_profile('bob.own') WHERE measure = 'rows'"), '1', 'and so does the owner');

# 032_attacks.pl has what a source may try.
$node->safe_psql('postgres', 'CREATE DATABASE trust OWNER alice');
sql('trust', 'alice', q{CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; GRANT USAGE ON SCHEMA kpis TO PUBLIC; GRANT CREATE ON DATABASE trust TO bob; CREATE SCHEMA a; GRANT USAGE ON SCHEMA a TO PUBLIC});
sql('trust', 'bob', "CREATE SCHEMA bob; GRANT USAGE ON SCHEMA bob TO PUBLIC; CREATE VIEW bob.base AS SELECT date '2026-01-01' AS period, 1 AS value; CREATE VIEW bob.top AS SELECT * FROM bob.base; GRANT SELECT ON bob.top TO PUBLIC;
	CREATE VIEW bob.base_of_hers WITH (security_invoker) AS SELECT * FROM bob.base; GRANT SELECT ON bob.base_of_hers TO PUBLIC");
$node->safe_psql('trust', $define->('top', 'bob.top') . $define->('hers', 'bob.base_of_hers'));

# What the installer may attach to the tables would run as whoever measures: nothing can be.
is(sql('trust', 'alice', q{SELECT relname, string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ' ' ORDER BY privilege_type) FROM pg_class, aclexplode(relacl)
	WHERE grantee = 'alice'::regrole AND relname LIKE 'kpi\_%' GROUP BY 1 ORDER BY 1}), join("\n", map { "$_|" . (/^kpi_(definition|goal|reading|alert)$/ ? 'DELETE* INSERT* SELECT* UPDATE*' : 'SELECT*') } qw(kpi_alert kpi_board kpi_control kpi_current kpi_definition kpi_goal kpi_history kpi_reading kpi_status_change kpi_tree)), 'rights of the installer');
sql('trust', 'alice', q{CREATE FUNCTION a.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; GRANT EXECUTE ON FUNCTION a.t() TO PUBLIC});
is(code('trust', 'alice', "CREATE TRIGGER t BEFORE INSERT ON kpis.$_ FOR EACH ROW EXECUTE FUNCTION a.t()"), '42501', "no trigger on $_") for 'kpi_definition', 'kpi_goal', 'kpi_reading', 'kpi_alert';
is(code('trust', 'alice', 'CREATE TABLE a.r (name text REFERENCES kpis.kpi_definition)'), '42501', 'no reference either');

# An overload beside our functions is not called.
sql('trust', 'alice', q{CREATE FUNCTION kpis.kpi_judge(text) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$; CREATE FUNCTION kpis.kpi_judge(text, text DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
	CREATE FUNCTION kpis.kpi_raise_alerts(text, int DEFAULT 0) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$});
is($node->safe_psql('trust', $measure->('top')), '1', 'an overload does not get in');

# The least that a measurer needs.
$node->safe_psql('postgres', 'CREATE ROLE grace LOGIN');
sql('trust', 'alice', q{GRANT SELECT, UPDATE (measured_at, measured_to, error) ON kpis.kpi_definition TO grace; GRANT SELECT ON kpis.kpi_goal TO grace; GRANT SELECT, INSERT, UPDATE ON kpis.kpi_reading TO grace; GRANT SELECT, INSERT ON kpis.kpi_alert TO grace;
	GRANT EXECUTE ON FUNCTION kpis.kpi_measure(text, date, boolean), kpis.kpi_judge(text, daterange), kpis.kpi_raise_alerts(text) TO grace});
sql('trust', 'alice', "GRANT EXECUTE ON FUNCTION $_ TO grace") for split /\n/, sql('trust', 'alice', q{SELECT oid::regprocedure FROM pg_proc WHERE proname = 'kpi_record'});
is(sql('trust', 'grace', $measure->('top') . '; ' . $measure->('hers')), "1\npermission denied for view base", 'a measurer with no more than the documented rights');
is(code('trust', 'grace', "UPDATE kpis.kpi_definition SET source = 'bob.secret'"), '42501', 'who can not change what is read');

# A source that is not the caller's and not in his search path.
sql('shop', 'mallory', q{CREATE SCHEMA m; CREATE TABLE m.log (what text); CREATE VIEW m.trap AS SELECT date '2026-01-01' AS period, 1 AS value; CREATE VIEW m.broken AS SELECT date '2026-01-01' AS period, 1 / count(what) AS value FROM m.log;
	GRANT USAGE ON SCHEMA m TO alice; GRANT SELECT ON m.trap, m.broken TO alice});
is(sql('shop', 'alice', $define->('trap', 'm.trap') . $define->('broken', 'm.broken') . "SET search_path = public; " . $measure->('broken') . "; SELECT current_user = session_user, current_setting('search_path')"), "trap\nbroken\ndivision by zero\nt|public", 'the session after a source that failed');
# names and texts are not SQL
sql('shop', 'mallory', q{CREATE SCHEMA "m"";drop"; CREATE VIEW "m"";drop"."v'; DROP TABLE m.log; --" AS SELECT date '2026-01-01' AS period, 1 AS value; GRANT USAGE ON SCHEMA "m"";drop" TO alice; GRANT SELECT ON "m"";drop"."v'; DROP TABLE m.log; --" TO alice});
is(sql('shop', 'alice', q{SELECT kpis.kpi_define($$n'; DROP TABLE x; --$$, $$'"<b>$$, '"m"";drop"."v''; DROP TABLE m.log; --"', 'month', 'flow', 'financial', 'strategic', 'lagging');
	SELECT readings, error FROM kpis.kpi_measure($$n'; DROP TABLE x; --$$, '2026-03-31', false)}), "n'; DROP TABLE x; --\n1|", 'names that look like SQL');
is(sql('shop', 'alice', q{UPDATE kpis.kpi_definition SET source = 'bob.sales; DROP TABLE kpis.kpi_alert' WHERE name = 'sales'; SELECT error IS NOT NULL FROM kpis.kpi_measure('sales', '2026-03-31', false);
	UPDATE kpis.kpi_definition SET source = '(SELECT * FROM bob.day) x' WHERE name = 'sales'; SELECT error IS NOT NULL FROM kpis.kpi_measure('sales', '2026-03-31', false);
	UPDATE kpis.kpi_definition SET source = 'bob.sales' WHERE name = 'sales'; SELECT error FROM kpis.kpi_measure('sales', '2026-03-31', false)}), "t\nt\n", 'a source that is no name');
# the caller's search path, with traps for what the functions use
is($node->safe_psql('shop', q{CREATE SCHEMA traps; CREATE FUNCTION traps.f(date, date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
	CREATE FUNCTION traps.f(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
	CREATE FUNCTION traps.f(daterange, date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
	CREATE OPERATOR traps.= (LEFTARG = text, RIGHTARG = text, FUNCTION = traps.f); CREATE OPERATOR traps.<= (LEFTARG = date, RIGHTARG = date, FUNCTION = traps.f);
	CREATE OPERATOR traps.@> (LEFTARG = daterange, RIGHTARG = date, FUNCTION = traps.f);
	CREATE FUNCTION traps.sum(int) RETURNS int LANGUAGE sql AS 'SELECT 1/0'; CREATE TABLE traps.kpi_reading (x int);
	SET search_path = traps, kpis, pg_catalog; SELECT readings, error FROM kpis.kpi_measure('sales', '2026-03-31', false); SELECT kpi_set_goal('sales', '>= 305 warn 270', '[2026-01-01,2027-01-01)'::daterange);
	SELECT string_agg(status, ' ') FROM kpi_scorecard('2026-03-31')} ), "3|\n[2026-01-01,2027-01-01)\nno_data no_data no_data no_data no_data no_data no_data no_data green no_data", 'a caller\'s search path does not get in');

# Read-only.
is(code('shop', 'alice', 'SET default_transaction_read_only = on; SELECT * FROM kpis.kpi_measure()'), '25006', 'nothing is measured in a read-only transaction, such as on a standby');

# Two sessions at once: the second waits, and there is one reading and one alert.
$node->safe_psql('postgres', 'CREATE DATABASE twice');
$node->safe_psql('twice', q{CREATE EXTENSION kpi; CREATE TABLE day (period date, value int);
	INSERT INTO day SELECT d, 10 FROM generate_series(timestamp '2026-01-01', '2026-03-31', '1 day') d;
	SELECT kpi_define(n, n, 'day', 'month', 'flow', 'financial', 'strategic', 'lagging'), kpi_set_goal(n, '>= 1000', '(,)') FROM unnest('{a,b,c}'::text[]) n});
my @session = map { my %s = (in => '', out => ''); $s{run} = IPC::Run::start([ 'psql', '-X', '-q', '-A', '-t', '-d', $node->connstr('twice') ], '<', \$s{in}, '>&', \$s{out}, IPC::Run::timeout(180)); \%s } 0 .. 1;
sub say_to { my ($s, $text) = @_; $s->{in} .= "$text\n"; $s->{run}->pump_nb; return; }
sub wait_for { my ($s, $what) = @_; $s->{run}->pump until $s->{out} =~ $what; return; }
say_to($session[0], "BEGIN; SELECT 'first ' || sum(changed) || ' ' || sum(alerts) FROM kpi_measure(as_of => '2026-03-31');");
wait_for($session[0], qr/first 9 3/);
say_to($session[1], "SELECT 'second ' || sum(changed) || ' ' || sum(alerts) FROM kpi_measure(as_of => '2026-03-31'); SELECT 'goal ' || kpi_set_goal('b', '>= 1', '(,)');");
ok($node->poll_query_until('twice', "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'transactionid'"), 'the second waits for the first');
say_to($session[0], "COMMIT; SELECT 'done';");
wait_for($session[0], qr/done/);
wait_for($session[1], qr/goal \(,\)/);
like($session[1]{out}, qr/second 0 0/, 'and finds nothing to change');
is($node->safe_psql('twice', 'SELECT count(*) FROM kpi_reading; SELECT count(*) FROM kpi_alert'), "9\n3", 'one reading and one alert each');
# What is being defined is measured as it will be.
$node->safe_psql('twice', "SELECT kpi_define('unit', 'U', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging')");
say_to($session[0], "BEGIN; SELECT 'defined ' || kpi_define('unit', 'U', 'day', 'quarter', 'flow', 'financial', 'strategic', 'lagging');");
wait_for($session[0], qr/defined unit/);
say_to($session[1], "SELECT 'measured ' || coalesce(error, readings::text) FROM kpi_measure('unit', '2026-03-31', false);");
ok($node->poll_query_until('twice', "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'transactionid'"), 'measuring waits for who defines');
say_to($session[0], "COMMIT; SELECT 'stored';");
wait_for($session[0], qr/stored/);
wait_for($session[1], qr/measured .*\n/);
like($session[1]{out}, qr/measured 1\n/, 'and measures by the new definition');
is($node->safe_psql('twice', "SELECT period, value, complete FROM kpi_reading WHERE kpi = 'unit'"), '2026-01-01|900|t', 'a quarter, not months');
$node->safe_psql('twice', "DELETE FROM kpi_reading WHERE kpi = 'unit'; DELETE FROM kpi_definition WHERE name = 'unit'");
# and the other way round: the unit of what is being measured does not change
$node->safe_psql('twice', "SELECT kpi_define('unit', 'U', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging')");
say_to($session[0], "BEGIN; SELECT 'again ' || coalesce(error, readings::text) FROM kpi_measure('unit', '2026-03-31', false);");
wait_for($session[0], qr/again 3/);
say_to($session[1], "SELECT kpi_define('unit', 'U', 'day', 'quarter', 'flow', 'financial', 'strategic', 'lagging');\nSELECT 'refused';");
ok($node->poll_query_until('twice', "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'transactionid'"), 'who defines waits for measuring');
say_to($session[0], "COMMIT; SELECT 'kept';");
wait_for($session[0], qr/kept/);
wait_for($session[1], qr/refused/);
like($session[1]{out}, qr/unit of KPI 'unit' cannot change from month to quarter: it has readings or goals/, 'and is told that there are readings now');
$node->safe_psql('twice', "DELETE FROM kpi_reading WHERE kpi = 'unit'; DELETE FROM kpi_definition WHERE name = 'unit'");
# what is deleted while one waits for it is not measured
$node->safe_psql('twice', "SELECT kpi_define('unit', 'U', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging')");
say_to($session[0], "BEGIN; SELECT 'held ' || count(error) FROM kpi_measure('unit', '2026-03-31', false);");
wait_for($session[0], qr/held 0/);
say_to($session[1], "SELECT 'rows ' || count(*) FROM kpi_measure('unit', '2026-03-31', false);\n\\echo after");
ok($node->poll_query_until('twice', "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = 'transactionid'"), 'measuring waits for who measures');
say_to($session[0], "DELETE FROM kpi_reading WHERE kpi = 'unit'; DELETE FROM kpi_definition WHERE name = 'unit'; COMMIT; SELECT 'deleted';");
wait_for($session[0], qr/deleted/);
wait_for($session[1], qr/after/);
like($session[1]{out}, qr/KPI "unit" was deleted or renamed\n(?!.*rows \d)/s, 'and finds that the KPI is gone');
# both from scratch, many times over
$node->safe_psql('twice', 'TRUNCATE kpi_reading, kpi_alert');
my $script = PostgreSQL::Test::Utils::tempdir() . '/measure.sql';
append_to_file($script, "SELECT * FROM kpi_measure(as_of => '2026-03-31', notify => true);\nSELECT kpi_set_goal('a', at_least((1 + random() * 5)::int), '(,)');\n");
$node->command_ok([ 'pgbench', '-n', '-c', '4', '-j', '2', '-t', '10', '-f', $script, 'twice' ], 'four sessions measure and set goals without a deadlock');
is($node->safe_psql('twice', "SELECT count(*) FROM kpi_reading; SELECT count(*) FROM kpi_goal WHERE kpi = 'a' AND superseded_at IS NULL; SELECT count(*) FROM kpi_alert WHERE previous = status"), "9\n1\n0", 'and leave one of each');
# one NOTIFY a call
say_to($session[0], "LISTEN kpi; SELECT count(*) FROM kpi_measure(as_of => '2026-03-31'); SELECT count(*) FROM kpi_measure(as_of => '2026-03-31', notify => false); SELECT 'over';");
wait_for($session[0], qr/over/);
my @notices = $session[0]{out} =~ /Asynchronous notification "kpi" with payload "(.*?)" received/g;
is(join("\n", @notices), '{"as_of": "2026-03-31", "measured": 3, "failed": 0, "alerts": 0}', 'one NOTIFY a call');
$_->{in} .= "\\q\n", $_->{run}->finish for @session;

# Dump and restore keep all rows of all tables, of whichever installer, and the constraints.
my @tables = qw(kpi_definition kpi_goal kpi_reading kpi_alert);
my $dump = PostgreSQL::Test::Utils::tempdir() . '/scorecard';
my $contents = sub { my ($database) = @_; return $node->safe_psql($database, join ';', map { "SELECT '$_', t FROM kpis.$_ t ORDER BY t::text" } @tables); };
sql('shop', 'alice', "SELECT kpis.kpi_set_goal('secret', '>= 1e9', '(,)'); " . $measure->('secret') . q{; UPDATE kpis.kpi_definition SET parent = 'trap', guard = 'own' WHERE name = 'broken'; UPDATE kpis.kpi_definition SET parent = 'broken' WHERE name = 'higher'});
# what alice granted is hers, and another role that restores has no such right: that is below
sql('shop', 'alice', 'REVOKE ALL ON kpis.kpi_definition, kpis.kpi_goal, kpis.kpi_reading, kpis.kpi_alert, kpis.kpi_current FROM carol; REVOKE ALL ON FUNCTION kpis.kpi_measure(text, date, boolean) FROM carol');
my $expected = $contents->('shop');
like($expected, qr/^$_\|/m, "$_ has rows") for @tables;
foreach my $format ('plain', 'custom', 'directory')
{
	my $database = "restored_$format";
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0 OWNER alice");
	$node->command_ok([ 'pg_dump', '-F', $format, '-f', "$dump.$format", 'shop' ], "pg_dump, $format");
	$node->command_ok($format eq 'plain' ? [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.$format", $database ] : [ 'pg_restore', '-e', '-d', $database, "$dump.$format" ], "restore, $format");
	is($contents->($database), $expected, "every row is kept, $format");
	is(error_code($node, $database, "INSERT INTO kpis.kpi_goal (kpi, during, target) VALUES ('sales', '[2026-02-01,2026-03-01)', '>= 1')"), '23P01', "and the constraints, $format");
}
is($node->safe_psql('restored_plain', "SELECT count(*) FROM kpis.kpi_scorecard('2026-03-31'); SELECT coalesce(error, changed::text) FROM kpis.kpi_measure('sales', '2026-03-31', false)"), $node->safe_psql('shop', "SELECT count(*) FROM kpis.kpi_scorecard('2026-03-31')") . "\n0", 'the restored scorecard goes on');
# The installer, no superuser, dumps and restores: rows and grants.
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0 OWNER alice") for 'hers', 'hers_again';
sql('hers', 'alice', q{CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; CREATE TABLE kpis.day AS SELECT date '2026-01-01' + i AS period, i AS value FROM generate_series(0, 99) i;
	SELECT kpis.kpi_define('k', 'K', 'kpis.day', 'week', 'flow', 'financial', 'strategic', 'lagging'), kpis.kpi_set_goal('k', '>= 1000', '(,)'); SELECT kpis.kpi_measure();
	GRANT USAGE ON SCHEMA kpis TO carol; GRANT SELECT ON kpis.kpi_reading TO carol; GRANT EXECUTE ON FUNCTION kpis.kpi_judge(text, daterange) TO carol});
$node->command_ok([ 'pg_dump', '-U', 'alice', '-F', 'custom', '-f', "$dump.hers", 'hers' ], 'the installer dumps');
$node->command_ok([ 'pg_restore', '-U', 'alice', '-e', '-d', 'hers_again', "$dump.hers" ], 'and restores');
is($contents->('hers_again'), $contents->('hers'), 'every row is kept');
is(sql('hers_again', 'carol', "SELECT count(*) > 10 FROM kpis.kpi_reading; SELECT has_table_privilege('kpis.kpi_goal', 'SELECT'), has_function_privilege('kpis.kpi_judge(text, daterange)', 'EXECUTE'), has_function_privilege('kpis.kpi_measure(text,date,boolean)', 'EXECUTE')"), "t\nf|t|f", 'and every grant');

# A source that pg_dump creates after the data, and moving to another schema.
$node->safe_psql('twice', q{CREATE TABLE t (id int PRIMARY KEY, period date, value int); CREATE MATERIALIZED VIEW late AS SELECT period, value FROM t GROUP BY id;
	SELECT kpi_define('late', 'L', 'late', 'month', 'flow', 'financial', 'strategic', 'lagging')});
$node->safe_psql('postgres', 'CREATE DATABASE late');
$node->command_ok([ 'pg_dump', '-f', "$dump.late", 'twice' ], 'pg_dump of a late source');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.late", 'late' ], 'restore of a late source');
is($node->safe_psql('late', q{CREATE SCHEMA elsewhere; ALTER EXTENSION kpi SET SCHEMA elsewhere; SELECT count(error) FROM elsewhere.kpi_measure(); SELECT count(*) FROM elsewhere.kpi_current;
	SELECT elsewhere.kpi_set_goal('late', '>= 7', '[2026-01-01,2027-01-01)')}), "0\n4\n[2026-01-01,2027-01-01)", 'all goes on in another schema');

$node->stop;
done_testing();
