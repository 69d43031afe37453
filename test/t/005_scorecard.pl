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
	GRANT SELECT ON bob.own, bob.over, bob.higher, bob.plain TO alice});
is(code('shop', 'alice', $define->('x', $_)), '42501', "row-level security: $_ is not defined") for 'bob.own', 'bob.over', 'bob.higher';
$node->safe_psql('shop', $define->('own', 'bob.own') . $define->('over', 'bob.over') . $define->('higher', 'bob.higher') . $define->('plain', 'bob.plain'));
is(sql('shop', 'alice', $measure->('own')), 'row-level security of bob.own applies: its rows depend on who reads them', 'a table under row-level security');
is(sql('shop', 'alice', $measure->('over')), 'row-level security of bob.own applies: its rows depend on who reads them', 'below a view of the caller\'s rights');
is(sql('shop', 'alice', $measure->('higher') . '; SELECT sum(value) FROM bob.higher'), "row-level security of bob.own applies: its rows depend on who reads them\n1", 'below a view over such a view, which is read with the caller\'s rights too');
is(sql('shop', 'alice', $measure->('plain')), '1', 'an owner is not subject to the policies of his own table');
sql('shop', 'bob', 'ALTER TABLE bob.own FORCE ROW LEVEL SECURITY');
is(sql('shop', 'alice', $measure->($_)), 'row-level security of bob.own applies: its rows depend on who reads them', "forced on the owner: $_") for 'plain', 'higher';
is($node->safe_psql('shop', $measure->('own')), 'row-level security of bob.own applies: its rows depend on who reads them', 'forced on the owner: a superuser does not get his rows for all');

# Functions in a source would run as its owner, who may do what the caller may not.
$node->safe_psql('postgres', 'CREATE ROLE erin LOGIN; GRANT bob TO erin; CREATE DATABASE trust OWNER alice');
sql('trust', 'alice', q{CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; GRANT USAGE ON SCHEMA kpis TO PUBLIC; GRANT CREATE ON DATABASE trust TO bob, mallory;
	GRANT SELECT ON kpis.kpi_goal TO mallory, erin; GRANT SELECT, INSERT, UPDATE ON kpis.kpi_definition, kpis.kpi_reading TO mallory, erin; GRANT SELECT, INSERT ON kpis.kpi_alert TO mallory, erin});
sql('trust', 'alice', "GRANT EXECUTE ON FUNCTION $_ TO mallory, erin") for split /\n/, sql('trust', 'alice', q{SELECT oid::regprocedure FROM pg_proc WHERE proname IN ('kpi_define', 'kpi_measure', 'kpi_record', 'kpi_judge', 'kpi_raise_alerts')});
sql('trust', 'bob', q{
	CREATE SCHEMA bob; GRANT USAGE ON SCHEMA bob TO PUBLIC;
	CREATE TABLE bob.secret (period date, value numeric, who name);
	INSERT INTO bob.secret VALUES ('2026-01-01', 4242, 'bob'), ('2026-01-01', 1, 'mallory');
	CREATE FUNCTION bob.f() RETURNS SETOF bob.secret LANGUAGE sql STABLE AS 'SELECT * FROM bob.secret';
	CREATE FUNCTION bob.one(anyelement) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(value) FROM bob.secret';
	CREATE FUNCTION bob.yes(numeric, numeric) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
	CREATE OPERATOR bob.=== (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = bob.yes);
	CREATE AGGREGATE bob.total(numeric) (SFUNC = numeric_add, STYPE = numeric);
	CREATE FUNCTION bob.check(numeric) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT $1 <= sum(value) FROM bob.secret';
	CREATE DOMAIN bob.amount AS numeric CHECK (bob.check(VALUE));
	CREATE TYPE bob.pair AS (a bob.amount);
	CREATE TYPE bob.mood AS ENUM ('good', 'bad');
	CREATE FUNCTION bob.said(bob.mood) RETURNS json LANGUAGE sql STABLE AS 'SELECT to_json(sum(value)) FROM bob.secret';
	CREATE CAST (bob.mood AS json) WITH FUNCTION bob.said(bob.mood);
	CREATE FUNCTION bob.told(bob.mood) RETURNS text LANGUAGE sql STABLE AS 'SELECT sum(value)::text FROM bob.secret';
	CREATE CAST (bob.mood AS text) WITH FUNCTION bob.told(bob.mood);
	CREATE TABLE bob.moods AS SELECT date '2026-01-01' AS period, 7 AS value, 'good'::bob.mood AS segment, '{"a": 1}'::jsonb AS doc, 8::bob.amount AS amount});
# what alone stands in a source, and for what it is refused
my @suspect = (
	[ 'SELECT * FROM bob.f()', 'calls function bob.f\(\)' ],
	[ "SELECT date '2026-01-01' AS period, bob.one(1) AS value", 'calls function bob.one\(\)' ],
	[ 'SELECT period, (SELECT max(bob.one(value)) FROM bob.secret) AS value FROM bob.secret', 'calls function bob.one\(\)' ],
	[ 'WITH x AS (SELECT period, bob.one(1) AS value FROM bob.secret) SELECT * FROM x', 'calls function bob.one\(\)' ],
	[ 'SELECT period, value FROM bob.secret UNION ALL SELECT period, bob.one(1) FROM bob.secret', 'calls function bob.one\(\)' ],
	[ 'SELECT period, value FROM bob.secret ORDER BY bob.one(1)', 'calls function bob.one\(\)' ],
	[ 'SELECT period, value FROM bob.secret LIMIT bob.one(1)', 'calls function bob.one\(\)' ],
	[ 'SELECT period, value FROM bob.secret JOIN (VALUES (bob.one(1))) v (x) ON v.x > 0', 'calls function bob.one\(\)' ],
	[ 'SELECT period, sum(value) FILTER (WHERE bob.one(1) > 0) AS value FROM bob.secret GROUP BY period', 'calls function bob.one\(\)' ],
	[ 'SELECT period, sum(value) OVER (ORDER BY bob.one(1)) AS value FROM bob.secret', 'calls function bob.one\(\)' ],
	[ 'SELECT period, value FROM bob.secret WHERE value OPERATOR(bob.===) value', 'calls function bob.yes\(\)' ],
	[ 'SELECT period, value FROM bob.secret WHERE value OPERATOR(bob.===) ANY (ARRAY[1.0])', 'calls function bob.yes\(\)' ],
	[ 'SELECT period, bob.total(value) AS value FROM bob.secret GROUP BY period', 'calls function bob.total\(\)' ],
	[ 'SELECT period, (value::bob.amount)::numeric AS value FROM bob.secret', 'makes values of type bob.amount' ],
	[ q{SELECT period, (jsonb_populate_record(NULL::bob.pair, doc)).a::numeric AS value FROM bob.moods}, 'calls function pg_catalog.jsonb_populate_record\(\)' ],
	[ q{SELECT period, x.a::numeric AS value FROM bob.moods, jsonb_to_record(doc) AS x(a bob.amount)}, 'makes values of type bob.amount' ],
	[ q{SELECT period, x.a::numeric AS value FROM bob.moods, XMLTABLE('/a' PASSING (doc::text::xml) COLUMNS a bob.amount PATH '.') AS x}, 'makes values of type bob.amount' ],
	[ q{SELECT period, ('{1}'::text)::bob.amount[] IS NULL AS segment, value FROM bob.moods}, 'makes values of type bob.amount' ],
	[ 'SELECT period, (to_json(segment)::text)::numeric AS value FROM bob.moods', 'calls function pg_catalog.to_json\(\)' ],
	[ 'SELECT period, value, json_agg(segment)::text AS segment FROM bob.moods GROUP BY period, value', 'calls function pg_catalog.json_agg\(\)' ],
	[ q{SELECT period, value, '' || segment AS segment FROM bob.moods}, 'calls function pg_catalog.textanycat\(\)' ],
	[ 'SELECT period, value, segment::text AS segment FROM bob.moods', 'calls function bob.told\(\)' ],
	[ q{SELECT period, ((xpath('//value/text()', query_to_xml('select * from bob.secret', true, false, '')))[1]::text)::numeric AS value FROM bob.secret}, 'calls function pg_catalog.query_to_xml\(\)' ],
	[ q{SELECT period, value FROM bob.secret, ts_stat('select to_tsvector(who) from bob.secret')}, 'calls function pg_catalog.ts_stat\(\)' ],
	[ 'SELECT period, pg_backend_pid() AS value FROM bob.secret', 'calls function pg_catalog.pg_backend_pid\(\)' ],
	[ q{SELECT period, length(pg_read_file('x')) AS value FROM bob.secret}, 'calls function pg_catalog.pg_read_file\(\)' ],
	[ q{SELECT period, value FROM bob.secret WHERE pg_cancel_backend(0)}, 'calls function pg_catalog.pg_cancel_backend\(\)' ],
	[ 'SELECT period, value FROM kpis.kpi_scorecard()', 'calls function kpis.kpi_scorecard\(\)' ],
	[ "SELECT date '2026-01-01' AS period, value FROM kpis.kpi_profile('bob.secret')", 'calls function kpis.kpi_profile\(\)' ],
	[ 'SELECT period, value FROM bob.secret WHERE who = current_user', 'uses current_user: its rows depend on who reads them' ],
	[ 'SELECT period, value FROM bob.secret WHERE who = current_role', 'uses current_role' ],
	[ 'SELECT period, value FROM bob.secret WHERE who = user', 'uses current_user' ],
	[ 'SELECT period, value FROM bob.secret WHERE who = session_user', 'uses session_user' ],
	[ 'SELECT period, value FROM bob.secret WHERE who = pg_catalog."current_user"()', 'uses current_user\(\)' ],
	[ 'SELECT period, value FROM bob.secret WHERE who = getpgusername()', 'uses getpgusername\(\)' ],
	[ q{SELECT period, value FROM bob.secret WHERE pg_has_role(who, 'MEMBER')}, 'uses pg_has_role\(\)' ],
	[ q{SELECT period, value FROM bob.secret WHERE has_table_privilege('bob.secret', 'SELECT')}, 'uses has_table_privilege\(\)' ],
	[ q{SELECT period, value FROM bob.secret WHERE current_setting('app.user', true) = who}, 'uses current_setting\(\)' ],
	[ 'SELECT period, value FROM bob.secret FOR UPDATE', 'locks rows' ],
	[ 'SELECT period, value FROM bob.linked', 'reads foreign table bob.linked' ],
	[ 'SELECT period, value FROM bob.parted', 'reads foreign table bob.linked' ]);
$node->safe_psql('trust', q{CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere; GRANT USAGE ON FOREIGN SERVER nowhere TO bob});
sql('trust', 'bob', q{CREATE FOREIGN TABLE bob.linked (period date, value numeric) SERVER nowhere; CREATE TABLE bob.parted (period date, value numeric); ALTER FOREIGN TABLE bob.linked INHERIT bob.parted});
$node->safe_psql('trust', q{CREATE SCHEMA open; GRANT USAGE ON SCHEMA open TO PUBLIC; GRANT CREATE ON SCHEMA open TO bob; GRANT SELECT ON kpis.kpi_definition TO bob});
my $n = 0;
foreach my $case (@suspect)
{
	my ($query, $why) = @$case;
	$n++;
	# once itself, once two views further up, of another owner
	sql('trust', 'bob', "CREATE VIEW open.v$n AS $query; GRANT SELECT ON open.v$n TO PUBLIC; CREATE VIEW open.w$n AS SELECT period, value FROM (SELECT * FROM open.v$n) s; GRANT SELECT ON open.w$n TO PUBLIC");
	$node->safe_psql('trust', $define->("k$n", "open.v$n") . $define->("l$n", "open.w$n"));
	is(code('trust', 'mallory', $define->('x', "open.v$n")), '42501', "not defined by another: $query");
	like(sql('trust', 'mallory', $measure->("k$n")), qr/^source open\.v$n $why/, "not measured: $query");
	like(sql('trust', 'mallory', $measure->("l$n")), qr/^source open\.w$n $why/, "nor by a view of it");
}
is($node->safe_psql('trust', 'SELECT count(*) FROM kpis.kpi_reading'), '0', 'and nothing was read');
is(sql('trust', 'erin', $measure->('k1') . "; SELECT value FROM kpis.kpi_reading WHERE kpi = 'k1'"), "1\n4243", 'a member of the owner\'s role has the rights anyway');
is($node->safe_psql('trust', $measure->('k2')), '1', 'and so has a superuser');
like($node->safe_psql('trust', $measure->("k$n")), qr/foreign-data wrapper "nowhere" has no handler/, 'who comes as far as to read the foreign table');
# what most sources use is fine
sql('trust', 'bob', q{CREATE VIEW open.fine AS
	WITH RECURSIVE d AS (SELECT date '2026-01-01' AS day UNION ALL SELECT day + 1 FROM d WHERE day < '2026-01-31'),
	s AS (SELECT DISTINCT ON (g) date_trunc('month', d.day)::timestamptz AS period, g % 3 AS segment, g::numeric(9, 2) AS x, to_char(now(), 'YYYY') || g AS label, 'a' || 1 AS b
		FROM d, LATERAL generate_series(1, 10) g ORDER BY g, d.day)
	SELECT s.period::date AS period, s.segment::text AS segment,
		coalesce(sum(x) FILTER (WHERE x > 1), 0) + greatest(count(DISTINCT label), max(length(b))) + avg(kpis.rate(kpis.rate_summary('(1,2)'::text::kpis.rate_summary))) * 0 + kpis.nps('(70,20,10)') - 60
			+ count(*) FILTER (WHERE random() > 2) + percentile_cont(0.5) WITHIN GROUP (ORDER BY x) * 0 AS value, row_number() OVER (ORDER BY s.segment) AS n,
		kpis.nps_agg((x::int % 10)) * 0 + sum(CASE WHEN x = ANY ('{1,2}') THEN 0 ELSE 0.0 END) AS margin, max(m.segment) AS mood
	FROM s LEFT JOIN bob.moods m ON m.segment IN ('good') AND (m.doc ->> 'a')::int = 1 AND m.amount > 1
	GROUP BY GROUPING SETS ((s.period, s.segment)) HAVING count(*) > 0 AND EXISTS (SELECT 1);
	CREATE VIEW open.mood AS SELECT period, value, segment FROM bob.moods;
	GRANT SELECT ON open.fine, open.mood TO mallory});
is(sql('trust', 'mallory', $define->('fine', 'open.fine') . $measure->('fine')), "fine\n4", 'built-in functions and ours are fine');
is(sql('trust', 'mallory', "SELECT sum(value) FROM open.fine"), $node->safe_psql('trust', "SELECT value FROM kpis.kpi_reading WHERE kpi = 'fine' AND segment = ''"), 'with the numbers that the caller sees');
is(sql('trust', 'mallory', $define->('mood', 'open.mood') . $measure->('mood') . "; SELECT segment FROM kpis.kpi_reading WHERE kpi = 'mood' AND segment <> ''"), "mood\n2\ngood", 'the cast of an enum\'s owner is not used for its segments');
# nor is a right to EXECUTE gone round
$node->safe_psql('trust', q{REVOKE EXECUTE ON FUNCTION pg_catalog.lower(text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION pg_catalog.lower(text) TO bob});
sql('trust', 'bob', q{CREATE VIEW open.lowered AS SELECT period, length(lower('X')) AS value FROM bob.secret; GRANT SELECT ON open.lowered TO PUBLIC});
is(code('trust', 'mallory', 'SELECT * FROM open.lowered'), '42501', 'the caller may not call it');
is(code('trust', 'mallory', $define->('x', 'open.lowered')), '42501', 'so the source may not for him');
$node->safe_psql('trust', 'GRANT EXECUTE ON FUNCTION pg_catalog.lower(text) TO PUBLIC');
# A function of who would gain the rights of a superuser's view; added to the extension by the extension's owner, it is still hers.
$node->safe_psql('postgres', 'CREATE ROLE frank LOGIN');
sql('trust', 'alice', q{CREATE SCHEMA a; CREATE FUNCTION a.f() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT rolsuper::int FROM pg_roles WHERE rolname = current_user); END $$;
	GRANT USAGE ON SCHEMA a TO PUBLIC});
$node->safe_psql('trust', q{CREATE VIEW open.super AS SELECT date '2026-01-01' AS period, a.f() AS value; GRANT SELECT ON open.super TO alice});
is(code('trust', 'alice', $define->('super', 'open.super')), '42501', 'a function does not gain the rights of the superuser who used it in a view');
is(sql('trust', 'alice', 'ALTER EXTENSION kpi ADD FUNCTION a.f(); SELECT value FROM open.super'), '0', 'who owns the extension adds it');
is(code('trust', 'alice', $define->('super', 'open.super')), '42501', 'and gains nothing by that');
sql('trust', 'alice', 'ALTER EXTENSION kpi DROP FUNCTION a.f()');
# Nor do the functions that the planner calls for a table of somebody else.
sql('trust', 'mallory', q{CREATE SCHEMA m; CREATE TABLE m.log (who text); GRANT USAGE ON SCHEMA m TO PUBLIC;
	CREATE FUNCTION m.note() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO m.log VALUES (current_user); END $$;
	CREATE FUNCTION m.one(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note(); RETURN 1; END $$;
	CREATE TABLE m.fine (period date, value int, CHECK (value > 0)); CREATE INDEX ON m.fine ((value + 1)) WHERE value > 2; INSERT INTO m.fine VALUES ('2026-01-01', 1)});
$node->safe_psql('trust', q{CREATE VIEW open.over_fine AS SELECT * FROM m.fine WHERE value < 5; GRANT SELECT ON open.over_fine TO mallory});
is(sql('trust', 'mallory', $define->('over fine', 'open.over_fine') . $measure->('over fine')), "over fine\n1", 'a table of another owner');
$n = 0;
foreach my $trick ('CREATE INDEX ON m.t (value) WHERE m.one(1) = 1', 'CREATE INDEX ON m.t ((m.one(1)))', 'ALTER TABLE m.t ADD CHECK (m.one(1) = 1)', 'CREATE STATISTICS m.s ON (value + 1), (value * m.one(1)) FROM m.t',
	'CREATE TABLE m.part () INHERITS (m.t); CREATE INDEX ON m.part ((m.one(1)))')
{
	$n++;
	(my $planted = $trick) =~ s/m\.(t|part|s)\b/m.$1$n/g;
	sql('trust', 'mallory', "CREATE TABLE m.t$n (period date, value int); INSERT INTO m.t$n VALUES ('2026-01-01', 1); $planted; TRUNCATE m.log");
	$node->safe_psql('trust', "CREATE VIEW open.p$n AS SELECT * FROM m.t$n WHERE value < 5 UNION ALL SELECT * FROM m.t$n; GRANT SELECT ON open.p$n TO mallory;" . $define->("p$n", "open.p$n"));
	is(sql('trust', 'mallory', $measure->("p$n")), "source open.p$n calls function m.one(), which would have the rights of role postgres", "refused: $trick");
	is($node->safe_psql('trust', "SELECT count(*) FROM m.log WHERE who <> 'mallory'"), '0', 'and not run');
	like($node->safe_psql('trust', "SELECT * FROM open.p$n WHERE period < '2027-01-01'; SELECT DISTINCT who FROM m.log"), qr/postgres/, 'as a SELECT would');
}
# What is checked is what is read: nobody changes a view below while it is measured.
sql('trust', 'bob', "CREATE VIEW open.base AS SELECT date '2026-01-01' AS period, 1 AS value; CREATE VIEW open.top AS SELECT * FROM open.base; GRANT SELECT ON open.top TO PUBLIC");
is(sql('trust', 'mallory', $define->('top', 'open.top') . "BEGIN; " . $measure->('top') . "; SELECT string_agg(relation::regclass::text, ' ' ORDER BY relation::regclass::text) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'AccessShareLock' AND relation::regclass::text LIKE 'open.%'; ROLLBACK"), "top\n1\nopen.base open.top", 'all that was checked stays locked');

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
is(sql('trust', 'grace', $measure->('top') . '; ' . $measure->('k1')), "1\nsource open.v1 calls function bob.f(), which would have the rights of role bob", 'a measurer with no more than the documented rights');
is(code('trust', 'grace', "UPDATE kpis.kpi_definition SET source = 'bob.secret'"), '42501', 'who can not change what is read');

# A hostile source runs with nobody's rights but its owner's, and changes nothing.
sql('shop', 'mallory', q{
	CREATE SCHEMA m;
	CREATE TABLE m.log (what text);
	CREATE FUNCTION m.evil() RETURNS int LANGUAGE plpgsql AS $$
	BEGIN
		INSERT INTO m.log VALUES (format('%s, path %s', current_user, current_setting('search_path')));
		BEGIN EXECUTE 'RESET ROLE'; INSERT INTO m.log VALUES ('reset role'); EXCEPTION WHEN OTHERS THEN INSERT INTO m.log VALUES (SQLSTATE); END;
		BEGIN EXECUTE 'SET ROLE alice'; INSERT INTO m.log VALUES ('set role'); EXCEPTION WHEN OTHERS THEN INSERT INTO m.log VALUES (SQLSTATE); END;
		BEGIN EXECUTE 'SET SESSION AUTHORIZATION DEFAULT'; INSERT INTO m.log VALUES ('set session'); EXCEPTION WHEN OTHERS THEN INSERT INTO m.log VALUES (SQLSTATE); END;
		BEGIN EXECUTE 'CREATE TEMP TABLE kpi_reading (x int)'; INSERT INTO m.log VALUES ('temp table'); EXCEPTION WHEN OTHERS THEN INSERT INTO m.log VALUES (SQLSTATE); END;
		BEGIN EXECUTE 'DECLARE c CURSOR WITH HOLD FOR SELECT 1'; INSERT INTO m.log VALUES ('cursor'); EXCEPTION WHEN OTHERS THEN INSERT INTO m.log VALUES (SQLSTATE); END;
		BEGIN EXECUTE 'SELECT 1 FROM kpis.kpi_goal'; INSERT INTO m.log VALUES ('read goals'); EXCEPTION WHEN OTHERS THEN INSERT INTO m.log VALUES (SQLSTATE); END;
		PERFORM set_config('search_path', 'm', false), set_config('kpi.mark', 'left', false), set_config('work_mem', '1MB', false);
		RETURN 1;
	END $$;
	CREATE VIEW m.trap AS SELECT date '2026-01-01' AS period, m.evil() AS value;
	CREATE FUNCTION m.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SET ROLE alice'; INSERT INTO m.log VALUES ('later as ' || current_user); RETURN NULL; END $$;
	CREATE CONSTRAINT TRIGGER later AFTER INSERT ON m.log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION m.later();
	ALTER TABLE m.log DISABLE TRIGGER later;
	GRANT USAGE ON SCHEMA m TO alice; GRANT SELECT ON m.trap TO alice});
is($node->safe_psql('shop', $define->('trap', 'm.trap') . "SET search_path = public; SET work_mem = '8MB'; " . $measure->('trap')
	. "; SELECT current_user = session_user, current_setting('search_path'), current_setting('work_mem'), coalesce(current_setting('kpi.mark', true), '')"), "trap\n1\nt|public|8MB|", 'a superuser measures a hostile source and keeps his session');
is($node->safe_psql('shop', 'SELECT what FROM m.log ORDER BY 1'), "42501\n42501\n42501\n42501\n42501\n42501\nmallory, path pg_catalog, pg_temp", 'it could do nothing');
sql('shop', 'mallory', 'TRUNCATE m.log; ALTER TABLE m.log ENABLE TRIGGER later');
like(sql('shop', 'alice', $measure->('trap')), qr/^source m.trap calls function m.evil\(\), which would have the rights of role mallory$/, 'who lacks the rights of its owner does not run it');
is($node->safe_psql('shop', $measure->('trap')), 'cannot fire deferred trigger within security-restricted operation', 'a trigger deferred to the end does not run as the caller');
is($node->safe_psql('shop', "SELECT count(*) FROM m.log WHERE what LIKE 'later%'"), '0', 'and leaves nothing');
sql('shop', 'mallory', 'ALTER TABLE m.log DISABLE TRIGGER later');
# an error in the source leaves user, rights and settings as they were
sql('shop', 'mallory', q{CREATE VIEW m.broken AS SELECT date '2026-01-01' AS period, 1 / (m.evil() - 1) AS value; GRANT SELECT ON m.broken TO alice});
is($node->safe_psql('shop', $define->('broken', 'm.broken') . "SET search_path = public; " . $measure->('broken') . "; SELECT current_user = session_user, current_setting('search_path')"), "broken\ndivision by zero\nt|public", 'the session after a source that failed');
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
	SELECT string_agg(status, ' ') FROM kpi_scorecard('2026-03-31')} ), "3|\n[2026-01-01,2027-01-01)\nno_data no_data no_data no_data no_data no_data no_data green no_data", 'a caller\'s search path does not get in');

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
