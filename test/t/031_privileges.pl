# What a plain role may and may not do, by the catalogue and by trying; names that others put in the way of ours; what
# installing by a role that is no superuser gives; what is dumped of rights.  030_scorecard.pl has who may have a source measured, 032_attacks.pl what a source may try.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Calls;
use KpiSession;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('privileges');
sub sql { my ($database, $user, $sql) = @_; return $node->safe_psql($database, $sql, extra_params => [ '-U', $user ]); }
sub code { my ($database, $user, $sql) = @_; return error_code($node, $database, $sql, '-U', $user); }
sub super { my ($database, $sql) = @_; return $node->safe_psql($database, $sql); }
sub message { my ($database, $user, $sql) = @_; my ($status, $out, $err) = $node->psql($database, $sql, extra_params => [ '-U', $user ]); return $err; }

# alice owns the database and installs, no superuser; mallory may connect and make objects of her own.
super('postgres', join ' ', map { "CREATE ROLE $_ LOGIN;" } qw(alice reader measurer definer setter responder mallory all_data));
super('postgres', 'CREATE DATABASE shop OWNER alice; GRANT pg_read_all_data, pg_write_all_data TO all_data');
sql('shop', 'alice', q{CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; GRANT USAGE ON SCHEMA kpis TO PUBLIC; GRANT CREATE ON DATABASE shop TO mallory});
my $member = q{(SELECT classid, objid FROM pg_depend WHERE deptype = 'e' AND refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'kpi')) m};
my @views = qw(board control current history status_change tree);
my $routine = "pg_proc p JOIN $member ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid";

# By the catalogue.  PUBLIC may call what computes from its arguments and, with timestamptz or combining what is of it, the
# session's time zone.  Beyond that these; whoever adds one says here what it reads.  All read as the caller.
is(super('shop', qq{SET search_path = kpis; SELECT oid::regprocedure FROM $routine
	WHERE provolatile <> 'i' AND has_function_privilege('mallory', oid, 'EXECUTE') AND NOT 'timestamptz'::regtype = ANY (proargtypes)
		AND proname !~ '_combine\$' ORDER BY oid::regprocedure::text COLLATE "C"}),
	join("\n",
		'funnel_events_depth(funnel_events)',    # the time zone of its state
		'kpi_board(date)',    # the scorecard's tables
		'kpi_check_goal_days(text,text,daterange)',    # nothing: it fails or is true
		'kpi_check_source(regclass,text,boolean)',    # the catalogue, and EXPLAIN of what the caller may read
		'kpi_goal_days(text,text)',    # nothing
		'kpi_grants(regrole,text)',    # the catalogue
		'kpi_page_card(bigint,text,date,double precision,double precision,text,double precision,double precision,double precision,text,text)',    # the scorecard's tables
		'kpi_profile(regclass)',    # the table, as the caller or as its owner, whose rights he has
		'kpi_progress()',    # the work of the caller's own sessions, of all for pg_read_all_stats
		'kpi_propose_target(text)', 'kpi_propose_target(text,date)',    # the tables
		'kpi_refuse(text,text)', 'kpi_refuse_drop()', 'kpi_refuse_large(text,text)', 'kpi_refuse_word(text,text,text[])',    # nothing; which tables have rows, as an event trigger only
		'kpi_review()', 'kpi_review(date)', 'kpi_score(date)', 'kpi_scorecard(date)', 'kpi_scorecard_html(date)',    # the tables
		'kpi_set_goal(text,kpi_target,date,text,double precision,text)', 'kpi_set_goal(text,kpi_target,text,text,double precision,text)',
		'kpi_split_goal(text,numeric,text,double precision[],text)',    # the unit of a KPI, for those that PUBLIC may not call
		'kpi_version()'),    # nothing
	'what PUBLIC may call that is not immutable');
is(super('shop', qq{SELECT oid::regprocedure FROM $routine WHERE prosecdef OR proleakproof OR EXISTS (SELECT FROM unnest(proconfig) c WHERE c !~ '^enable_') OR prosupport <> 0}), '', 'no function runs as another, claims to leak nothing, or changes settings but of the planner');
is(super('shop', qq{SELECT oid::regprocedure FROM $routine WHERE provolatile = 'i' AND proacl IS NOT NULL}), '', 'what is immutable is for all');
is(super('shop', qq{SELECT relname, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, string_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END, ' ' ORDER BY privilege_type)
	FROM pg_class c JOIN $member ON m.classid = 'pg_class'::regclass AND m.objid = c.oid, aclexplode(coalesce(relacl, acldefault('r', relowner))) WHERE grantee <> relowner GROUP BY 1, 2 ORDER BY 1, 2}),
	join("\n", sort map({ "kpi_$_|alice|SELECT*" } @views), map({ "kpi_$_|alice|DELETE* INSERT* SELECT* UPDATE*" } qw(alert definition goal reading))), 'the tables and views are for the installer, without TRIGGER and REFERENCES');
is(super('shop', qq{SELECT typname FROM pg_type t JOIN $member ON m.classid = 'pg_type'::regclass AND m.objid = t.oid WHERE typacl IS NOT NULL}), '', 'types are for all');
is(super('shop', qq{SELECT DISTINCT o.rolname = current_user FROM $member
	LEFT JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid LEFT JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
	LEFT JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid LEFT JOIN pg_operator r ON m.classid = 'pg_operator'::regclass AND r.oid = m.objid
	LEFT JOIN pg_opclass s ON m.classid = 'pg_opclass'::regclass AND s.oid = m.objid LEFT JOIN pg_opfamily f ON m.classid = 'pg_opfamily'::regclass AND f.oid = m.objid
	LEFT JOIN pg_event_trigger e ON m.classid = 'pg_event_trigger'::regclass AND e.oid = m.objid
	JOIN pg_roles o ON o.oid = coalesce(proowner, relowner, typowner, oprowner, opcowner, opfowner, evtowner)}), 't', 'nothing in the extension belongs to who installed it');

# By trying: the table in doc/trust.md.  "open" is a table that all of them may read, "closed" one that none may.
# They get what kpi_grants() says, from who installed it; before that it says what they have not.
my $grants = sub { my ($role, $task) = @_; return split /\n/, sql('shop', 'alice', "SELECT statement FROM kpis.kpi_grants('$role', '$task')"); };
foreach my $case ([ 'reader', 'reader' ], [ 'measurer', 'measurer' ], [ 'definer', 'definer' ], [ 'setter', 'planner' ], [ 'responder', 'responder' ])
{
	my ($role, $task) = @$case;
	is(sql('shop', 'alice', "SELECT count(*) FROM kpis.kpi_grants('$role', '$task') WHERE held AND statement NOT LIKE 'GRANT USAGE%'"), '0', "$task: has nothing yet");
	sql('shop', 'alice', "$_;") for $grants->($role, $task);
	is(sql('shop', 'alice', "SELECT statement FROM kpis.kpi_grants('$role', '$task') WHERE NOT held"), '', "$task: has all of it");
}
super('postgres', q{CREATE ROLE "The ""Board"""});
like(join("\n", $grants->('"The ""Board"""', 'reader')), qr/^GRANT SELECT ON kpis\.kpi_reading TO "The ""Board"""$/m, 'names are quoted');
is(code('shop', 'mallory', "SELECT * FROM kpis.kpi_grants('mallory', 'owner')"), '22023', 'there are five tasks');
is(code('shop', 'mallory', (grep { /kpi_reading/ } $grants->('mallory', 'reader'))[0]), '42501', 'and to be told a statement is not to be granted it');
super('shop', q{CREATE SCHEMA data; GRANT USAGE ON SCHEMA data TO PUBLIC; CREATE TABLE data.open AS SELECT date '2026-01-01' AS period, 1 AS value; CREATE TABLE data.closed AS SELECT * FROM data.open;
	GRANT SELECT ON data.open TO PUBLIC; GRANT CREATE ON DATABASE shop TO reader, measurer, definer, setter; CREATE SCHEMA free; GRANT ALL ON SCHEMA free TO PUBLIC; SELECT kpis.kpi_define('k', 'K', 'data.open', 'month', 'flow', 'financial', 'strategic', 'lagging');
	INSERT INTO kpis.kpi_alert (kpi, segment, period, status, value, target) VALUES ('k', '', '2026-01-01', 'red', 1, '>= 2')});
my $as_granted = q{DO $$ BEGIN GRANT SELECT ON kpis.kpi_reading TO all_data; IF NOT has_table_privilege('all_data', 'kpis.kpi_alert', 'TRIGGER')
	AND NOT EXISTS (SELECT FROM pg_class, aclexplode(relacl) WHERE oid = 'kpis.kpi_reading'::regclass AND grantee = 'all_data'::regrole) THEN RAISE insufficient_privilege; END IF; END $$};
my %action = (
	'compute with aggregates, functions and types' => [ 'SELECT kpis.nps_agg(score) FROM (VALUES (9)) v (score)', "SELECT '>= 1'::kpis.kpi_target" ],
	'keep summaries in tables and indexes of his own' => [ 'CREATE TABLE free.mine (s kpis.nps_summary PRIMARY KEY)' ],
	'read `kpi_definition`, `kpi_goal`, `kpi_reading`' => [ map { "SELECT FROM kpis.$_" } qw(kpi_definition kpi_goal kpi_reading) ],
	'`kpi_scorecard`, `kpi_board(as_of)`, `kpi_score`, `kpi_propose_target`' => [ 'SELECT FROM kpis.kpi_scorecard()', "SELECT * FROM kpis.kpi_board('2026-01-31')", 'SELECT FROM kpis.kpi_score()', "SELECT FROM kpis.kpi_propose_target('k')" ],
	'read `kpi_alert`; `kpi_scorecard_html`, `kpi_review`' => [ 'SELECT FROM kpis.kpi_alert', 'SELECT kpis.kpi_scorecard_html()', 'SELECT FROM kpis.kpi_review()' ],
	'read the views `kpi_current`, `kpi_board`, `kpi_history`, `kpi_control`, `kpi_status_change`, `kpi_tree`' => [ map { "SELECT * FROM kpis.kpi_$_" } @views ],
	'`kpi_profile` of a table that he may read' => ["SELECT FROM kpis.kpi_profile('data.open')"],
	'`kpi_profile` of another' => ["SELECT FROM kpis.kpi_profile('data.closed')"],
	'`kpi_define` over a table that he may read' => ["SELECT kpis.kpi_define('x', 'X', 'data.open', 'month', 'flow', 'financial', 'strategic', 'lagging')"],
	'`kpi_define` over another' => ["SELECT kpis.kpi_define('x', 'X', 'data.closed', 'month', 'flow', 'financial', 'strategic', 'lagging')"],
	'`kpi_set_goal`, `kpi_split_goal`' => [ "SELECT kpis.kpi_set_goal('k', '>= 1', '(,)')", "SELECT FROM kpis.kpi_split_goal('k', 1, '[2026-01-01,2027-01-01)')" ],
	'`kpi_acknowledge`' => ["SELECT kpis.kpi_acknowledge('k')"],
	'`kpi_rename`' => ["SELECT kpis.kpi_rename('k', 'l')"],
	'`kpi_measure`, `kpi_judge`' => [ "SELECT FROM kpis.kpi_measure('k')", "SELECT kpis.kpi_judge('k')" ],
	'change a reading by hand' => ["UPDATE kpis.kpi_reading SET value = 0"],
	'delete readings, goals, alerts, definitions' => [ map { "DELETE FROM kpis.$_" } qw(kpi_reading kpi_goal kpi_alert kpi_definition) ],
	'grant what he has on the tables to others' => [$as_granted],
	'triggers, references, policies, rules, truncation, other columns of the tables' => [ 'CREATE TRIGGER t BEFORE UPDATE ON kpis.kpi_reading FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
		'CREATE TABLE free.t (kpi text REFERENCES kpis.kpi_definition)', 'CREATE POLICY p ON kpis.kpi_reading', 'CREATE RULE r AS ON DELETE TO kpis.kpi_reading DO INSTEAD NOTHING', 'TRUNCATE kpis.kpi_alert', 'ALTER TABLE kpis.kpi_reading ADD COLUMN x int' ],
	'replace or change a function or type' => [ q{CREATE OR REPLACE FUNCTION kpis.kpi_refuse(message text, hint text DEFAULT NULL) RETURNS boolean LANGUAGE sql AS 'SELECT true'}, 'ALTER FUNCTION kpis.nps(kpis.nps_summary) SECURITY DEFINER', 'ALTER TYPE kpis.nps_summary OWNER TO CURRENT_USER',
		'ALTER VIEW kpis.kpi_current SET (security_barrier)' ],
	'`ALTER EXTENSION kpi SET SCHEMA`' => ['ALTER EXTENSION kpi SET SCHEMA free'],
	'`ALTER EXTENSION kpi UPDATE`, `DROP EXTENSION kpi CASCADE`' => [ 'ALTER EXTENSION kpi UPDATE', 'DROP EXTENSION kpi CASCADE' ]);
my @who = ([ 'anyone', 'mallory' ], [ 'reader', 'reader' ], [ 'measurer', 'measurer' ], [ 'definer', 'definer' ], [ 'planner', 'setter' ], [ 'installer', 'alice' ], [ 'superuser', undef ]);
my (@documented) = slurp_file("$FindBin::RealBin/../../doc/trust.md") =~ /^\| what +\|(.*?)\n\n/ms;
my @rows = grep { !/^\|[-|]+\|?$/ } split /\n/, $documented[0] // '';
is(join('|', map { s/^ +| +$//gr } split /\|/, shift @rows), join('|', map { $_->[0] } @who), 'doc/trust.md has the table');
# all statements of a role by one psql, each in a transaction that is rolled back: their SQLSTATEs, '' for success
my %code;
foreach my $column (@who)
{
	my @statements = map { [ $_, $action{$_} ] } sort keys %action;
	my $n = 0;
	my ($status, $out, $err) = $node->psql('shop', join("\n", '\set VERBOSITY sqlstate', map { map { "\\warn mark\nBEGIN; $_; ROLLBACK;" } @{ $_->[1] } } @statements),
		extra_params => [ $column->[1] ? ('-U', $column->[1]) : () ], on_error_stop => 0);
	my @results = map { /ERROR: +(\w{5})/ ? $1 : '' } split /^mark\n/m, $err;
	shift @results;
	foreach my $statement (@statements)
	{
		my %seen = map { $_ => 1 } splice @results, 0, scalar @{ $statement->[1] };
		$code{ $statement->[0] }{ $column->[0] } = join ' ', map { $_ eq '' ? 'yes' : $_ eq '42501' ? 'no' : $_ } sort keys %seen;
	}
}
foreach my $row (@rows)
{
	my ($what, @expected) = map { s/^ +| +$//gr } grep { $_ ne '' } split /\|/, $row;

	ok(defined delete $action{$what}, "$what is tried");
	is($code{$what}{ $who[$_][0] }, $expected[$_], "$what: $who[$_][0]") for 0 .. $#who;
}
is(join(', ', sort keys %action), '', 'every action is in the table');

# Whoever sets goals needs what doc/scorecard.md says, and no less.
is(sql('shop', 'setter', "BEGIN; SELECT kpis.kpi_set_goal('k', '>= 1', '(,)'); SELECT count(*) FROM kpis.kpi_split_goal('k', 12, '[2026-01-01,2027-01-01)'); ROLLBACK"), "(,)\n12", 'goals are set by who may set them');
foreach my $right ('UPDATE (goals_set_at) ON kpis.kpi_definition', 'SELECT ON kpis.kpi_definition', 'INSERT ON kpis.kpi_goal', 'UPDATE ON kpis.kpi_goal', 'SELECT ON kpis.kpi_reading', 'UPDATE (status) ON kpis.kpi_reading')
{
	sql('shop', 'alice', "REVOKE $right FROM setter");
	is(code('shop', 'setter', "SELECT kpis.kpi_set_goal('k', '>= 1', '(,)')"), '42501', "but not without $right");
	sql('shop', 'alice', "GRANT $right TO setter");
}
is(sql('shop', 'responder', "BEGIN; SELECT kpis.kpi_acknowledge('k', 'seen'); ROLLBACK"), '1', 'alerts are acknowledged by who may');
# So do the others: each statement needs each right.
foreach my $case ([ 'measurer', "SELECT FROM kpis.kpi_measure('k')", 'UPDATE (measured_at, measured_to, error) ON kpis.kpi_definition' ], [ 'measurer', "SELECT kpis.kpi_judge('k')", 'UPDATE (measured_at, measured_to, error) ON kpis.kpi_definition' ],
	[ 'definer', "SELECT kpis.kpi_define('k', 'K', 'data.open', 'month', 'flow', 'financial', 'strategic', 'lagging')", 'UPDATE ON kpis.kpi_definition' ])
{
	my ($role, $statement, $right) = @$case;
	is(code('shop', $role, "BEGIN; $statement; ROLLBACK"), '', "$role: $statement");
	sql('shop', 'alice', "REVOKE $right FROM $role");
	is(code('shop', $role, $statement), '42501', "$role: not without $right");
	sql('shop', 'alice', "GRANT $right TO $role");
}

# The server's roles for all data: reading is reading, and writing is what a definer may.
is(code('shop', 'all_data', 'SELECT FROM kpis.kpi_scorecard()'), '', 'pg_read_all_data reads the scorecard');
is(code('shop', 'all_data', "SELECT FROM kpis.kpi_measure('k')"), '42501', 'pg_read_all_data and pg_write_all_data do not measure');

# What a role may not see stays hidden when it computes with our functions.
super('shop', q{
	CREATE TABLE data.salary (period date, value int, who text, s kpis.nps_summary, segment text);
	INSERT INTO data.salary VALUES ('2026-01-01', 11, 'mallory', '(1,0,0)', 'a'), ('2026-01-01', 4242, 'boss', '(4242,0,0)', 'b');
	CREATE TABLE data.parts AS SELECT * FROM data.salary; GRANT SELECT (period, value) ON data.parts TO mallory, alice;
	ALTER TABLE data.salary ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON data.salary USING (who = current_user); GRANT SELECT ON data.salary TO mallory;
	CREATE TABLE data.all_salaries AS SELECT * FROM data.parts; CREATE VIEW data.barrier WITH (security_barrier) AS SELECT * FROM data.all_salaries WHERE who = current_user; GRANT SELECT ON data.barrier TO mallory;
	CREATE VIEW data.invoker WITH (security_invoker) AS SELECT * FROM data.all_salaries; GRANT SELECT ON data.invoker TO mallory;
	ANALYZE});
foreach my $table ('data.salary', 'data.barrier')
{
	# each would fail on the row of 4242, and say so, if it came to see it; a cost of nothing would tempt the planner to ask it first
	foreach my $where ("format('(%s,11)', value)::kpis.rate_summary IS NOT NULL", 'kpis.suppress_cells(ARRAY[[value, 4243 / (4242 - value)]]::bigint[][], 5) IS NOT NULL',
		q{kpis.kpi_refuse(value::text) OR true}, "kpis.nps(s) < 101 AND format('(%s,0,0)', s)::kpis.nps_summary IS NULL")
	{
		my $shown = message('shop', 'mallory', "SELECT count(*) FROM $table WHERE $where");
		unlike($shown, qr/4242|division by zero/, "$table: a filter does not see hidden rows: $where");
	}
	is(sql('shop', 'mallory', "SELECT kpis.nps_summary(10), sum(value) FROM $table; SELECT value FROM kpis.kpi_profile('$table') WHERE subject = ''"), "(1,0,0)|11\n1", "$table: nor does kpi_profile()");
}
like(message('shop', 'mallory', "SELECT count(*) FROM data.open WHERE kpis.kpi_refuse(value::text)"), qr/ERROR:  1$/m, 'what such a filter says of a row that it sees');
is(code('shop', 'mallory', "SELECT FROM kpis.kpi_profile('data.$_')"), '42501', "kpi_profile(): data.$_") for 'invoker', 'parts', 'all_salaries';
is(code('shop', 'mallory', "SELECT FROM kpis.kpi_profile(" . super('shop', "SELECT 'data.closed'::regclass::oid") . "::regclass)"), '42501', 'nor by number');
is(code('shop', 'alice', "SELECT kpis.kpi_define('x', 'X', 'data.parts', 'month', 'flow', 'financial', 'strategic', 'lagging')"), '42501', 'a right to some columns is not enough for a source');
# a view over one of the scorecard's (doc/bi.md): its owner needs that one, whoever reads it the tables
super('shop', 'CREATE ROLE over_board; CREATE ROLE third LOGIN; GRANT USAGE ON SCHEMA kpis TO over_board; GRANT SELECT ON kpis.kpi_board TO over_board; CREATE SCHEMA over_board AUTHORIZATION over_board;
	SET ROLE over_board; CREATE VIEW over_board.board AS SELECT * FROM kpis.kpi_board; GRANT USAGE ON SCHEMA over_board TO third; GRANT SELECT ON over_board.board TO third');
like(message('shop', 'third', 'SELECT * FROM over_board.board'), qr/permission denied for table kpi_/, 'a view over kpi_board without the tables');
super('shop', 'GRANT SELECT ON kpis.kpi_definition, kpis.kpi_goal, kpis.kpi_reading, kpis.kpi_alert TO third');
is(code('shop', 'third', 'SELECT * FROM over_board.board'), '', 'and with them');
super('shop', 'DROP SCHEMA over_board CASCADE; DROP OWNED BY over_board, third; DROP ROLE over_board, third');
is(code('shop', 'mallory', "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM kpis.$_"), '42501', "EXPLAIN ANALYZE of $_") for qw(kpi_current kpi_board kpi_history kpi_control kpi_status_change kpi_tree), 'kpi_scorecard()', "kpi_board('2026-01-31')";

# Whoever looks at another's table runs nothing of his, not even the cast of a column's type; 032_attacks.pl has what is in a view.
sql('shop', 'mallory', q{CREATE SCHEMA m; GRANT USAGE ON SCHEMA m TO PUBLIC; CREATE TABLE m.seen (who name); GRANT INSERT ON m.seen TO PUBLIC;
	CREATE TYPE m.mood AS ENUM ('a', 'b'); CREATE TYPE m.pair AS (x int);
	CREATE FUNCTION m.told(m.mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO m.seen VALUES (current_user); RETURN 'x'; END $$; CREATE CAST (m.mood AS text) WITH FUNCTION m.told(m.mood);
	CREATE FUNCTION m.told(m.mood[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO m.seen VALUES (current_user); RETURN 'x'; END $$; CREATE CAST (m.mood[] AS text) WITH FUNCTION m.told(m.mood[]);
	CREATE FUNCTION m.told(m.pair) RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO m.seen VALUES (current_user); RETURN 'x'; END $$; CREATE CAST (m.pair AS text) WITH FUNCTION m.told(m.pair)});
foreach my $type ('m.mood', 'm.mood[]', 'm.pair')
{
	my $literal = { 'm.mood' => 'a', 'm.mood[]' => '{a}', 'm.pair' => '(1)' }->{$type};
	sql('shop', 'mallory', "CREATE TABLE m.trap AS SELECT date '2026-01-01' AS period, '$literal'::$type AS segment, 1 AS value FROM generate_series(1, 3)");
	is(super('shop', "SELECT value FROM kpis.kpi_profile('m.trap') WHERE measure = 'repeated'; SELECT * FROM m.seen"), '2', "kpi_profile() of segments of type $type, by a superuser");
	sql('shop', 'mallory', 'DROP TABLE m.trap');
}

# Row-level security on the scorecard's own tables: everything that reads them keeps to it.
super('shop', q{
	SELECT kpis.kpi_define(n, 'title of ' || n, 'data.open', 'month', 'flow', 'financial', 'strategic', 'lagging', owner => n) FROM unnest('{reader,secret}'::text[]) n;
	SELECT kpis.kpi_set_goal(n, '>= 5', '(,)') FROM unnest('{reader,secret}'::text[]) n; SELECT kpis.kpi_measure(as_of => '2026-01-31');
	ALTER TABLE kpis.kpi_definition ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON kpis.kpi_definition USING (owner = current_user)});
super('shop', "ALTER TABLE kpis.kpi_$_ ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON kpis.kpi_$_ USING (EXISTS (SELECT FROM kpis.kpi_definition d WHERE d.name = kpi))") for qw(goal reading alert);
is(sql('shop', 'reader', "SELECT kpi FROM kpis.kpi_scorecard('2026-01-31'); SELECT DISTINCT kpi FROM kpis.kpi_review('2026-01-31') WHERE kpi <> ''; SELECT kpi FROM kpis.kpi_reading; SELECT count(*) FROM kpis.kpi_propose_target('reader')"), "reader\nreader\nreader\n3", 'policies on the tables');
is(sql('shop', 'reader', "SELECT DISTINCT kpi FROM kpis.kpi_$_ WHERE kpi IS NOT NULL"), 'reader', "policies hold for kpi_$_") for @views;
like(sql('shop', 'reader', "SELECT kpis.kpi_scorecard_html('2026-01-31')"), qr/title of reader/, 'the page shows what the reader may see');
unlike(sql('shop', 'reader', "SELECT kpis.kpi_scorecard_html('2026-01-31')"), qr/secret/, 'and nothing else');
like(message('shop', 'reader', "SELECT * FROM kpis.kpi_propose_target('secret')"), qr/KPI 'secret' is not defined/, 'what is hidden is as if it were not there');
is(sql('shop', 'measurer', "SELECT count(*) FROM kpis.kpi_measure(as_of => '2026-01-31')"), '0', 'nor measured');

# The page holds no text that became markup, whichever column it came from.
super('shop', q{ALTER TABLE kpis.kpi_definition DISABLE ROW LEVEL SECURITY; ALTER TABLE kpis.kpi_goal DISABLE ROW LEVEL SECURITY; ALTER TABLE kpis.kpi_reading DISABLE ROW LEVEL SECURITY; ALTER TABLE kpis.kpi_alert DISABLE ROW LEVEL SECURITY;
	CREATE TABLE data.hostile AS SELECT date '2026-01-01' + i AS period, 1 AS value, $$'"><script>alert(5)</script>]]>--><svg onload=alert(5)>&lt;$$ AS segment FROM generate_series(0, 58) i;
	SELECT kpis.kpi_define('<script>alert(1)</script>', '"><script>alert(2)</script>', 'data.hostile', 'week', 'flow', 'financial', 'strategic', 'lagging', '</style><script>alert(3)</script>', $$' onclick='alert(4)$$);
	SELECT kpis.kpi_define(quote_literal($$"'><img src=x onerror=alert(6)>$$), 'T', 'data.hostile', 'week', 'flow', 'financial', 'strategic', 'lagging', parent => '<script>alert(1)</script>', guard => '<script>alert(1)</script>');
	SELECT kpis.kpi_set_goal('<script>alert(1)</script>', '>= 5', '(,)', $$'"><script>alert(5)</script>]]>--><svg onload=alert(5)>&lt;$$, origin => '<script>alert(7)</script>');
	SELECT kpis.kpi_measure(as_of => '2026-02-28'); UPDATE kpis.kpi_definition SET error = '<script>alert(8)</script>' WHERE name ~ 'script'});
my $page = super('shop', "SELECT kpis.kpi_scorecard_html('2026-02-28')");
like($page, qr/alert\(5\)/, 'the hostile segment is on the page');
# without the values of attributes, which end at the next quote: those of the texts must be entities
my @tags = map { s/="[^"]*"/=/gr } $page =~ /(<[^<>]*>)/g;
is(join("\n", grep { /script|onload|onerror|onclick|alert|quot|["']/i } @tags), '', 'but no tag or attribute of it');
cmp_ok(scalar @tags, '>', 100, 'tags were found');
is(join("\n", $page =~ /(<(?![a-z!\/])[^>]{0,40})/g), '', 'every < on the page begins a tag of ours');

# Who may not change a definition can hold no lock that anybody waits for: not the advisory lock that version 0.1.0 took, nor
# one on the tables that he may read.
my $holder = KpiSession->new($node, 'shop', user => 'reader', merge => 1);
is($holder->ask("BEGIN; SELECT pg_advisory_lock(hashtextextended('kpi k', 0)); LOCK TABLE kpis.kpi_definition, kpis.kpi_goal, kpis.kpi_reading, kpis.kpi_alert IN ACCESS SHARE MODE; SELECT count(*) > 0 FROM kpis.kpi_definition"), "\nt", 'a reader holds what he can');
is(code('shop', 'reader', $_), '42501', "and can't: $_") for (map { "BEGIN; LOCK TABLE kpis.kpi_definition IN $_ MODE" } 'ROW SHARE', 'ROW EXCLUSIVE', 'SHARE', 'ACCESS EXCLUSIVE'), map { "SELECT FROM kpis.kpi_definition FOR $_" } 'UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE';
is(code('shop', 'alice', "SET lock_timeout = '10s'; BEGIN; $_; ROLLBACK"), '', "nobody waits for him: $_") for "SELECT FROM kpis.kpi_measure('k')", 'SELECT FROM kpis.kpi_measure()', "SELECT kpis.kpi_set_goal('k', '>= 1', '(,)')", "SELECT kpis.kpi_judge('k')", "SELECT kpis.kpi_rename('k', 'l')",
	"SELECT kpis.kpi_define('k', 'K', 'data.open', 'month', 'flow', 'financial', 'strategic', 'lagging')";
$holder->quit;

# Names in the way, 1: in the schema that the extension is installed into, where others may create objects.  For each call in
# a function, view, constraint or default of ours whose arguments the parser casts, a function or operator of that name
# that takes them as they are, and so would be called in its place if the call did not name its schema.
my @trees = split /\n/, super('shop', qq{
	SELECT unnest(ARRAY[prosqlbody::text, proargdefaults::text]) FROM $routine
	UNION ALL SELECT ev_action::text FROM pg_rewrite JOIN $member ON m.classid = 'pg_class'::regclass AND ev_class = m.objid
	UNION ALL SELECT adbin::text FROM pg_attrdef JOIN $member ON m.classid = 'pg_class'::regclass AND adrelid = m.objid
	UNION ALL SELECT conbin::text FROM pg_constraint JOIN $member ON m.classid = 'pg_class'::regclass AND conrelid = m.objid
	UNION ALL SELECT unnest(ARRAY[indexprs::text, indpred::text]) FROM pg_index JOIN $member ON m.classid = 'pg_class'::regclass AND indrelid = m.objid});
my %calls = map { join(',', @$_) => $_ } map { Calls::find(Calls::parse($_)) } grep { $_ ne '' } @trees;
cmp_ok(scalar keys %calls, '>', 200, 'calls were found in ' . scalar(grep { $_ ne '' } @trees) . ' expressions');
is(join(' ', grep { / 0( |$)/ } map { join ' ', @$_ } values %calls), '', 'of arguments of known types');
my $calls = join ', ', map { my ($kind, $called, $result, @arguments) = @{ $calls{$_} }; "('$kind', ${called}::oid, ${result}::oid, '{" . join(',', @arguments) . "}'::oid[])" } sort keys %calls;
my $traps = super('shop', qq{
	WITH called AS (
		SELECT coalesce(proname, oprname)::text AS name, result, proname IS NULL AS is_operator,
			CASE WHEN p.oid IS NOT NULL THEN string_to_array(proargtypes::text, ' ')::oid[] ELSE array_remove(ARRAY[oprleft, oprright], 0::oid) END AS declared,
			CASE kind WHEN 'any' THEN ARRAY[arguments[1], (SELECT typelem FROM pg_type t WHERE t.oid = arguments[2])] ELSE arguments END AS arguments
		FROM (VALUES $calls) c (kind, called, result, arguments)
		LEFT JOIN pg_proc p ON kind = 'function' AND p.oid = called LEFT JOIN pg_operator o ON kind <> 'function' AND o.oid = called
	), trap AS (
		SELECT DISTINCT ON (name, is_operator, arguments) name, result, is_operator, arguments FROM called
		WHERE declared[:cardinality(arguments)] <> arguments
		ORDER BY name, is_operator, arguments
	), named AS (
		SELECT row_number() OVER () AS number, name, is_operator, result::regtype AS result, arguments, (SELECT string_agg(format_type(a, NULL), ', ' ORDER BY i) FROM unnest(arguments) WITH ORDINALITY u (a, i)) AS list
		FROM trap
		WHERE NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (arguments || result) AND (t.typtype = 'p' OR t.oid >= 16384)))
	SELECT CASE WHEN is_operator THEN format('CREATE FUNCTION public.trap_%s(%s) RETURNS %s LANGUAGE plpgsql AS \$\$ BEGIN RAISE ''trap''; END \$\$; CREATE OPERATOR public.%4\$s (FUNCTION = public.trap_%1\$s, %5\$s RIGHTARG = %6\$s);', number, list, result, name,
			CASE cardinality(arguments) WHEN 2 THEN format('LEFTARG = %s,', arguments[1]::regtype) ELSE '' END, arguments[cardinality(arguments)]::regtype)
		ELSE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS \$\$ BEGIN RAISE ''trap''; END \$\$;', name, list, result) END FROM named});
my $count = () = $traps =~ /CREATE FUNCTION/g;
cmp_ok($count, '>', 30, 'calls of functions and operators whose place another could take');
super('postgres', 'CREATE DATABASE target OWNER alice');
super('target', 'GRANT CREATE ON SCHEMA public TO mallory');
super('postgres', 'CREATE DATABASE updated TEMPLATE target OWNER alice');
sql($_, 'mallory', $traps) for 'target', 'updated';
sql('target', 'alice', 'CREATE EXTENSION kpi SCHEMA public');
my $caught = q{SELECT pg_describe_object(d.classid, d.objid, d.objsubid), pg_describe_object(d.refclassid, d.refobjid, 0) FROM pg_depend d
	WHERE classid <> 'pg_operator'::regclass AND (refclassid = 'pg_proc'::regclass AND refobjid IN (SELECT oid FROM pg_proc WHERE proowner = 'mallory'::regrole)
		OR refclassid = 'pg_operator'::regclass AND refobjid IN (SELECT oid FROM pg_operator WHERE oprowner = 'mallory'::regrole))};
is(super('target', $caught), '', 'nothing of the extension uses what a role left in its schema');
# the same where the upgrade scripts put the objects: the traps are there when they run
my ($oldest) = sort map { m,/kpi--([\d.]+)\.sql\z, ? $1 : () } glob "$FindBin::RealBin/../../released/*.sql";
sql('updated', 'alice', "CREATE EXTENSION kpi SCHEMA public VERSION '$oldest'");
# nor do the statements of the scripts themselves
sql('updated', 'mallory', join '', map { my ($name, $left, $right) = @$_; my $function = "script_${left}_${right}_" . ($name eq '=' ? 'eq' : 'ne');
	"CREATE FUNCTION public.$function($left, $right) RETURNS boolean LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'trap'; END \$\$; CREATE OPERATOR public.$name (FUNCTION = public.$function, LEFTARG = $left, RIGHTARG = $right);" }
	map { my $name = $_; map { [ $name, @$_ ] } [ 'regrole', 'regrole' ], [ 'oid', 'regrole' ], [ 'oid', 'regclass' ], [ 'oid', 'regnamespace' ] } '=', '<>');
sql('updated', 'alice', 'ALTER EXTENSION kpi UPDATE');
is(super('updated', "SET search_path = pg_catalog; $caught"), '', "nor after an update from $oldest");
super('target', q{CREATE FUNCTION control(during daterange) RETURNS date BEGIN ATOMIC SELECT lower(during); END; CREATE VIEW control AS SELECT WHERE daterange('2026-01-01', '2026-02-01') @> date '2026-01-01'});
is(super('target', "SELECT count(*) FROM ($caught) c"), '2', 'the traps catch who does not name the schema');

# 2: what has the name of one of ours already stops CREATE EXTENSION, which leaves nothing behind.
super('postgres', 'CREATE DATABASE taken OWNER alice');
super('taken', 'GRANT CREATE ON SCHEMA public TO mallory');
foreach my $case ([ 'TYPE nps_summary AS (x int)', '42710' ], [ "TYPE kpi_status AS ENUM ('red', 'amber', 'uncertain', 'green', 'pending', 'no_data')", '42710' ], [ 'TABLE kpi_reading (kpi text)', '42710' ],
	[ "FUNCTION kpi_refuse(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'", '42710' ], [ "FUNCTION kpi_refuse(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'", '42725' ])
{
	my ($object, $code) = @$case;
	my ($kind, $name) = $object =~ /^(\w+) (\w+(?:\([^)]*\))?)/;
	sql('taken', 'mallory', "CREATE $object");
	is(code('taken', 'alice', 'CREATE EXTENSION kpi SCHEMA public'), $code, "in the way: $kind $name");
	sql('taken', 'mallory', "DROP $kind $name");
}
is(super('taken', "SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND refobjid >= 16384; SELECT count(*) FROM pg_class WHERE oid >= 16384; SELECT count(*) FROM pg_proc WHERE oid >= 16384"), "0\n0\n0", 'nothing is left behind');

# 3: in the search path of the caller, who may be a superuser, before pg_catalog: for every function and operator that is used in a
# function of ours or in a statement that our C code runs, one of the same name and types; tables named as ours.
my $names = super('shop', "SELECT DISTINCT quote_literal(coalesce(proname, oprname)) FROM (VALUES $calls) c (kind, called, result, arguments) LEFT JOIN pg_proc p ON kind = 'function' AND p.oid = called LEFT JOIN pg_operator o ON kind <> 'function' AND o.oid = called");
$names = join ', ', (split /\n/, $names), map { "'$_'" } qw(abs bool_or bool_and btrim count date_trunc enum_out float8 format greatest hashtext hashtextextended isfinite isempty jsonb_build_object lag max min now numeric pg_notify sqrt sum textin to_char upper width_bucket), '||', '~', '~~', '-', '+', '*', '/', '=', '<>', '<', '<=', '>', '>=', '@>', '<@', '&&';
super('postgres', 'CREATE DATABASE path');
super('path', 'CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; CREATE SCHEMA traps AUTHORIZATION mallory; CREATE SCHEMA data');
load_helpers($node, 'path');
my $copies = super('path', qq{SET search_path = '';
	SELECT format('CREATE FUNCTION traps.%I(%s) RETURNS %s%s LANGUAGE plpgsql AS \$\$ BEGIN RAISE ''trap''; END \$\$;', proname, (SELECT string_agg(format_type(a, NULL), ', ' ORDER BY i) FROM unnest(proargtypes) WITH ORDINALITY u (a, i)), CASE WHEN proretset THEN 'SETOF ' END, prorettype::regtype)
	FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace AND proname IN ($names) AND prokind <> 'p' AND proargmodes IS NULL AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (proargtypes::oid[] || prorettype) AND typtype = 'p' AND typname <> 'void');
	SELECT format('CREATE FUNCTION traps.operator_%s(%s %s) RETURNS %s LANGUAGE plpgsql AS \$\$ BEGIN RAISE ''trap''; END \$\$; CREATE OPERATOR traps.%5\$s (FUNCTION = traps.operator_%1\$s, %6\$s RIGHTARG = %3\$s);', oid, CASE WHEN oprleft <> 0 THEN oprleft::regtype || ',' END, oprright::regtype, oprresult::regtype,
		oprname, CASE WHEN oprleft <> 0 THEN 'LEFTARG = ' || oprleft::regtype || ',' END)
	FROM pg_operator o WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprname IN ($names) AND oprright <> 0 AND oprresult <> 0 AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid IN (oprleft, oprright, oprresult) AND typtype = 'p')});
$count = () = $copies =~ /CREATE FUNCTION/g;
cmp_ok($count, '>', 500, 'functions and operators before those of pg_catalog');
sql('path', 'mallory', $copies);
sql('path', 'mallory', join ';', map { "CREATE TABLE traps.kpi_$_ (x int)" } qw(definition goal reading alert), @views);
super('path', q{CREATE TABLE data.sales AS SELECT date '2026-01-01' + i AS period, i AS value, i + 1 AS n, 0.5 AS margin, (ARRAY['a', 'b'])[i % 2 + 1] AS segment FROM generate_series(0, 99) i});
my @statements = split /\n/, super('path', q{SELECT regexp_replace(regexp_replace(replace(format(query, literal), 'generate_series', 'pg_catalog.generate_series'), '^SELECT string_agg\(x::text, ''; ''\)', 'SELECT x'), '::text FROM pg_catalog.generate_series', ' FROM pg_catalog.generate_series')
	FROM (SELECT type, literal FROM kpi_test.sampled UNION ALL SELECT NULL, '') t, kpi_test.calls(type) WHERE query !~ '\n' ORDER BY query, literal});
push @statements,
  "SELECT kpis.kpi_define('s', 'S', 'data.sales', 'week', 'flow', 'financial', 'strategic', 'lagging', min_n => 5, review_every => '1 day', pace => 'last year')",
  "SELECT kpis.kpi_define('j', 'J', 'data.sales', 'jalali month', 'average', 'customer', 'strategic', 'leading', parent => 's', guard => 's')",
  "SELECT kpis.kpi_set_goal('s', '>= 10 warn 5', '(,)'), kpis.kpi_set_goal('s', '>= 20 warn 5', '[2026-01-05,2026-02-02)'), kpis.kpi_set_goal('s', '>= 20', '(,)', 'a', 2)",
  "SELECT * FROM kpis.kpi_measure(NULL, '2026-03-20')", "SELECT * FROM kpis.kpi_split_goal('s', 100, '[2026-01-05,2026-02-02)', '{1,2,3,4}')", "SELECT * FROM kpis.kpi_measure(NULL, '2026-04-01')", "SELECT kpis.kpi_judge('s')",
  (map { "SELECT * FROM kpis.$_('2026-04-01')" } qw(kpi_scorecard kpi_board kpi_score kpi_review)), (map { "SELECT pg_catalog.to_jsonb(v) OPERATOR(pg_catalog.-) '{raised_at,measured_at}'::text[] FROM kpis.kpi_$_ v" } @views), "SELECT * FROM kpis.kpi_propose_target('s')", "SELECT * FROM kpis.kpi_profile('data.sales')", 'SELECT kpi, segment, period, status FROM kpis.kpi_alert ORDER BY kpi, segment, raised_at';
my $run = sub {
	my ($path) = @_;
	my ($status, $out, $err) = $node->psql('path', join(";\n", "\\set VERBOSITY terse\nBEGIN; CREATE TEMP TABLE kpi_reading (x int); CREATE TEMP TABLE kpi_definition (x int); COMMIT; SET search_path = $path", @statements,
		# not rolled back as a whole, as a statement may fail
		'TRUNCATE kpis.kpi_alert, kpis.kpi_reading, kpis.kpi_goal, kpis.kpi_definition'), on_error_stop => 0);
	return ($out, $err);
};
my @plain = $run->('pg_catalog');
my @hostile = $run->('traps, pg_temp, pg_catalog, kpis');
cmp_ok(scalar @statements, '>', 500, 'every function is called, with each sample');
is($hostile[1], $plain[1], 'a hostile search path: the same errors');
is($hostile[0], $plain[0], 'and the same results');
unlike($plain[1], qr/does not exist|syntax error|XX000/, 'of statements that reach our functions');

# A role that may create in a database installs; the script runs as superuser, and nothing of it stays with the role.
my $odd = 'x; ALTER ROLE mallory SUPERUSER; SELECT 1';
super('postgres', qq{CREATE ROLE "$odd" LOGIN; CREATE DATABASE odd; GRANT CREATE ON DATABASE odd TO "$odd"});
super('odd', 'ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC');
sql('odd', $odd, qq{CREATE SCHEMA "$odd"; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO mallory; ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO mallory; GRANT USAGE ON SCHEMA "$odd" TO mallory});
is(sql('odd', $odd, qq{CREATE EXTENSION kpi SCHEMA "$odd"; SELECT current_user = session_user, rolsuper FROM pg_roles WHERE rolname = current_user; SELECT extowner::regrole = quote_ident(current_user)::regrole FROM pg_extension WHERE extname = 'kpi'}), "t|f\nt", 'a role of an odd name installs into a schema of an odd name, and is who it was');
is(super('odd', q{SELECT rolname FROM pg_roles WHERE rolsuper AND rolname = 'mallory'}), '', 'its name is not SQL');
is(super('odd', qq{SELECT has_table_privilege('mallory', c.oid, 'SELECT'), has_table_privilege(\$\$$odd\$\$, c.oid, 'SELECT WITH GRANT OPTION'), has_table_privilege(\$\$$odd\$\$, c.oid, 'TRIGGER') FROM pg_class c WHERE relname = 'kpi_reading'}), 'f|t|f', 'no default privilege, of the role or of a superuser for all, opens the tables');
is(super('odd', qq{SELECT bool_or(has_function_privilege('mallory', oid, 'EXECUTE')) FROM pg_proc WHERE proname IN ('kpi_define', 'kpi_set_goal', 'kpi_split_goal', 'kpi_rename', 'kpi_measure', 'kpi_record', 'kpi_judge', 'kpi_raise_alerts')
	-- those only read the days for one that asks for the right
	AND pg_get_function_identity_arguments(oid) !~ 'during (text|date)'}), 'f', 'nor what writes');

# What was granted and revoked is dumped and restored, beside what the extension grants itself; policies on its tables are not, and
# doc/trust.md says so.
super('postgres', 'CREATE DATABASE granted; CREATE DATABASE restored TEMPLATE template0');
super('granted', q{CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; GRANT SELECT (kpi, segment, value) ON kpis.kpi_reading TO reader; GRANT SELECT ON kpis.kpi_current TO reader WITH GRANT OPTION;
	REVOKE EXECUTE ON FUNCTION kpis.kpi_profile(regclass) FROM PUBLIC; GRANT EXECUTE ON FUNCTION kpis.kpi_profile(regclass) TO reader; REVOKE ALL ON FUNCTION kpis.nps_agg(integer) FROM PUBLIC; REVOKE USAGE ON TYPE kpis.kpi_target FROM PUBLIC; GRANT USAGE ON TYPE kpis.kpi_target TO reader;
	GRANT TRIGGER ON kpis.kpi_alert TO alice; ALTER TABLE kpis.kpi_reading ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON kpis.kpi_reading FOR SELECT TO reader USING (kpi = current_user)});
my $rights = qq{
	SELECT what, x.grantee::regrole, x.privilege_type, x.is_grantable FROM (
		SELECT p.oid::regprocedure::text, proacl, proowner, 'f'::"char" FROM $routine UNION ALL
		SELECT t.oid::regtype::text, typacl, typowner, 'T' FROM pg_type t JOIN $member ON m.classid = 'pg_type'::regclass AND m.objid = t.oid UNION ALL
		SELECT c.oid::regclass::text, relacl, relowner, 'r' FROM pg_class c JOIN $member ON m.classid = 'pg_class'::regclass AND m.objid = c.oid UNION ALL
		SELECT a.attrelid::regclass || '.' || attname, attacl, relowner, 'c' FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN $member ON m.classid = 'pg_class'::regclass AND m.objid = c.oid) o (what, acl, owner, kind),
		aclexplode(coalesce(acl, acldefault(kind, owner))) x ORDER BY what COLLATE "C", 2, 3};
my $expected = super('granted', $rights);
like($expected, qr/^kpis.kpi_reading.value\|reader\|SELECT\|f$/m, 'rights are seen');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
$node->command_ok([ 'pg_dump', '-F', 'custom', '-f', $dump, 'granted' ], 'pg_dump');
$node->command_ok([ 'pg_restore', '-e', '-d', 'restored', $dump ], 'pg_restore');
is(super('restored', $rights), $expected, 'every right is there again');
is(super('restored', 'SELECT count(*) FROM pg_policy'), '0', 'but no policy');

$node->stop;
done_testing();
