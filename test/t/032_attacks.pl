# What a source, or a table below it, may try against whoever defines, measures or profiles it: nothing of it ever runs with
# rights that its author lacks, but for those of a caller who reads it as himself, as his SELECT would.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('attacks');
sub sql { my ($user, $sql) = @_; return $node->safe_psql('shop', $sql, extra_params => [ '-U', $user ]); }
sub code { my ($user, $sql) = @_; return error_code($node, 'shop', $sql, '-U', $user); }
sub super { my ($sql) = @_; return $node->safe_psql('shop', $sql); }
# also as whom mallory's functions ran: they say it in a notice, which no rollback takes back
sub ran
{
	my ($user, $sql) = @_;
	my ($status, $out, $err) = $node->psql('shop', $sql, extra_params => [ '-U', $user ]);
	my %seen = map { $_ => 1 } $err =~ /NOTICE:  ran as (\w+)$/mg;
	return join '|', $out, sort(keys %seen), $err =~ /((?:ERROR|FATAL):.*)/;
}
my $define = sub { my ($name, $source) = @_; return "SELECT kpis.kpi_define('$name', 'T', '$source', 'month', 'flow', 'financial', 'strategic', 'lagging');"; };
my $measure = sub { my ($name) = @_; return "SELECT coalesce(error, readings::text) FROM kpis.kpi_measure('$name', '2026-03-31', false)"; };

# alice installs; bob has data, erin is a member of his role; the analyst measures; mallory defines and measures, and attacks.
$node->safe_psql('postgres', 'CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE erin LOGIN IN ROLE bob; CREATE ROLE analyst LOGIN; CREATE ROLE mallory LOGIN; CREATE DATABASE shop OWNER alice');
sql('alice', q{CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; GRANT USAGE ON SCHEMA kpis TO PUBLIC; GRANT CREATE ON DATABASE shop TO bob, mallory;
	GRANT SELECT, INSERT, UPDATE ON kpis.kpi_definition TO mallory; GRANT SELECT, UPDATE (measured_at, measured_to, error) ON kpis.kpi_definition TO analyst, erin;
	GRANT SELECT ON kpis.kpi_goal TO analyst, erin, mallory; GRANT SELECT, INSERT, UPDATE ON kpis.kpi_reading TO analyst, erin, mallory; GRANT SELECT, INSERT ON kpis.kpi_alert TO analyst, erin, mallory});
sql('alice', "GRANT EXECUTE ON FUNCTION $_ TO analyst, erin, mallory") for split /\n/, super(q{SELECT oid::regprocedure FROM pg_proc WHERE proname IN ('kpi_measure', 'kpi_record', 'kpi_judge', 'kpi_raise_alerts')});
sql('alice', "GRANT EXECUTE ON FUNCTION $_ TO mallory") for super(q{SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc WHERE proname = 'kpi_define'});
sql('bob', q{CREATE SCHEMA bob; GRANT USAGE ON SCHEMA bob TO PUBLIC});
sql('mallory', q{CREATE SCHEMA m; GRANT USAGE ON SCHEMA m TO PUBLIC});
super('CREATE SCHEMA open; GRANT USAGE ON SCHEMA open TO PUBLIC; GRANT CREATE ON SCHEMA open TO bob, mallory; GRANT SELECT ON kpis.kpi_definition TO bob');

# 1. Expressions: what a measuring gives, number or error, is what the SELECT gives, of the owner for who has his rights, of the caller else.
sql('bob', q{
	CREATE TABLE bob.secret (period date, value numeric, who name);
	INSERT INTO bob.secret VALUES ('2026-01-01', 4242, 'bob'), ('2026-01-01', 1, 'analyst');
	CREATE FUNCTION bob.f() RETURNS SETOF bob.secret LANGUAGE sql STABLE AS 'SELECT * FROM bob.secret';
	CREATE FUNCTION bob.one(anyelement) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(value) FROM bob.secret';
	CREATE FUNCTION bob.yes(numeric, numeric) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT count(*) > 0 FROM bob.secret';
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
super(q{CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere; GRANT USAGE ON FOREIGN SERVER nowhere TO bob; REVOKE EXECUTE ON FUNCTION pg_catalog.lower(text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION pg_catalog.lower(text) TO bob;
	-- the sum of a relation, or the error
	CREATE FUNCTION open.answer(relation regclass, OUT answer text) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$ BEGIN EXECUTE format('SELECT CASE WHEN count(t) >= 0 THEN sum(value)::float8::text END FROM (SELECT * FROM %s OFFSET 0) t', relation) INTO answer; EXCEPTION WHEN OTHERS THEN answer := SQLERRM; END $$;
	CREATE FUNCTION open.measured(name text, OUT answer text) LANGUAGE plpgsql AS $$ BEGIN SELECT error FROM kpis.kpi_measure(name, '2026-03-31', false) INTO answer; IF answer IS NULL THEN SELECT value::text FROM kpis.kpi_reading WHERE kpi = name AND segment = '' INTO answer; END IF; END $$});
sql('bob', q{CREATE FOREIGN TABLE bob.linked (period date, value numeric) SERVER nowhere; CREATE TABLE bob.parted (period date, value numeric); ALTER FOREIGN TABLE bob.linked INHERIT bob.parted});
my @suspect = (
	'SELECT * FROM bob.f()',
	"SELECT date '2026-01-01' AS period, bob.one(1) AS value",
	'SELECT period, (SELECT max(bob.one(value)) FROM bob.secret) AS value FROM bob.secret',
	'WITH x AS (SELECT period, bob.one(1) AS value FROM bob.secret) SELECT * FROM x',
	'SELECT period, value FROM bob.secret UNION ALL SELECT period, bob.one(1) FROM bob.secret',
	'SELECT period, value FROM bob.secret ORDER BY bob.one(1)',
	'SELECT period, value FROM bob.secret LIMIT bob.one(1)',
	'SELECT period, value FROM bob.secret JOIN (VALUES (bob.one(1))) v (x) ON v.x > 0',
	'SELECT period, sum(value) FILTER (WHERE bob.one(1) > 0) AS value FROM bob.secret GROUP BY period',
	'SELECT period, sum(value) OVER (ORDER BY bob.one(1)) AS value FROM bob.secret',
	'SELECT period, value FROM bob.secret WHERE value OPERATOR(bob.===) value',
	'SELECT period, value FROM bob.secret WHERE value OPERATOR(bob.===) ANY (ARRAY[1.0])',
	'SELECT period, bob.total(value) AS value FROM bob.secret GROUP BY period',
	'SELECT period, (value::bob.amount)::numeric AS value FROM bob.secret',
	'SELECT period, (jsonb_populate_record(NULL::bob.pair, doc)).a::numeric AS value FROM bob.moods',
	'SELECT period, x.a::numeric AS value FROM bob.moods, jsonb_to_record(doc) AS x(a bob.amount)',
	'SELECT period, (to_json(segment)::text)::numeric AS value FROM bob.moods',
	'SELECT period, value, json_agg(segment)::text AS segment FROM bob.moods GROUP BY period, value',
	q{SELECT period, value, '' || segment AS segment FROM bob.moods},
	'SELECT period, value, segment::text AS segment FROM bob.moods',
	q{SELECT period, ((xpath('//value/text()', query_to_xml('select * from bob.secret', true, false, '')))[1]::text)::numeric AS value FROM bob.secret},
	q{SELECT period, value FROM bob.secret, ts_stat('select to_tsvector(who) from bob.secret')},
	q{SELECT period, length(pg_read_file('PG_VERSION')) AS value FROM bob.secret},
	'SELECT period, value FROM kpis.kpi_scorecard()',
	"SELECT date '2026-01-01' AS period, value FROM kpis.kpi_profile('bob.secret') WHERE measure = 'rows'",
	'SELECT period, value FROM bob.secret WHERE who = current_user',
	'SELECT period, value FROM bob.secret WHERE who = current_role',
	'SELECT period, value FROM bob.secret WHERE who = user',
	'SELECT period, value FROM bob.secret WHERE who = getpgusername()',
	q{SELECT period, value FROM bob.secret WHERE pg_has_role(who, 'MEMBER')},
	q{SELECT period, value FROM bob.secret WHERE has_table_privilege('bob.secret', 'SELECT')},
	"SELECT period, length(lower('X')) AS value FROM bob.secret",
	'SELECT period, value FROM bob.secret FOR UPDATE',
	'SELECT period, value FROM bob.linked',
	'SELECT period, value FROM bob.parted');
my ($n, $differ) = (0, 0);
foreach my $query (@suspect)
{
	$n++;
	sql('bob', "CREATE VIEW open.v$n AS $query; GRANT SELECT ON open.v$n TO PUBLIC");
	my %select = map { $_ => sql($_, "SELECT open.answer('open.v$n')") } qw(bob analyst);
	# as who put it there by hand, whatever its error
	super("INSERT INTO kpis.kpi_definition (name, title, source, unit, kind, perspective, level, timing) VALUES ('k$n', 'T', 'open.v$n', 'month', 'flow', 'financial', 'strategic', 'lagging')");
	is(sql('analyst', "SELECT open.measured('k$n')"), $select{analyst}, "measured as the analyst: $query");
	sql('alice', "DELETE FROM kpis.kpi_reading WHERE kpi = 'k$n'");
	is(sql('erin', "SELECT open.measured('k$n')"), $select{bob}, "as bob by a member of his role");
	sql('alice', "DELETE FROM kpis.kpi_reading WHERE kpi = 'k$n'");
	is(super("SELECT open.measured('k$n')"), $select{bob}, "and by a superuser");
	$differ++ if $select{bob} ne $select{analyst};
}
cmp_ok($differ, '>', 20, 'most of them answer otherwise to the analyst');
super('GRANT EXECUTE ON FUNCTION pg_catalog.lower(text) TO PUBLIC');
is(code('mallory', $define->('x', 'open.v1')), '42501', 'a source is not defined by who lacks the rights that its SELECT asks for');
is(code('mallory', $define->('x', 'open.v2')), '', 'what a function asks for when it runs is not known then');
is(code('mallory', $define->('x', 'bob.secret')), '42501', 'nor a table');
# a function of who would gain the rights of a superuser's view; added to the extension by the extension's owner, it is still hers
sql('alice', q{CREATE SCHEMA a; CREATE FUNCTION a.f() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT rolsuper::int FROM pg_roles WHERE rolname = current_user); END $$; GRANT USAGE ON SCHEMA a TO PUBLIC; ALTER EXTENSION kpi ADD FUNCTION a.f()});
super(q{CREATE VIEW open.super AS SELECT date '2026-01-01' AS period, a.f() AS value; GRANT SELECT ON open.super TO alice});
is(sql('alice', $define->('super', 'open.super') . "SELECT open.measured('super')"), "super\n0", 'a function does not gain the rights of the superuser who used it in a view');
sql('alice', 'ALTER EXTENSION kpi DROP FUNCTION a.f()');

# 2. Functions of mallory's that the planner calls, for a table of hers.  Below a superuser's view, which she measures; and in a
# view of hers, which a superuser defines, measures and profiles.
sql('mallory', q{
	CREATE FUNCTION m.note() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'ran as %', current_user; EXECUTE 'ALTER ROLE mallory SUPERUSER'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;
	CREATE FUNCTION m.one(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note(); RETURN 1; END $$;
	CREATE FUNCTION m.apart(int, int) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM m.note(); RETURN $1 - $2; END $$;
	CREATE TYPE m.span AS RANGE (SUBTYPE = int, SUBTYPE_DIFF = m.apart)});
my $filled = "INSERT INTO m.t SELECT date '2026-01-01' + i % 31, i % 5, m.span(i, i + 3) FROM generate_series(1, 300) i; ANALYZE m.t";
my $table = "CREATE TABLE m.t (period date, value int, s m.span)";
my @tricks = (
	"$table; $filled; CREATE INDEX ON m.t (value) WHERE m.one(1) = 1",
	"$table; $filled; CREATE INDEX ON m.t ((m.one(1)))",
	"$table; $filled; ALTER TABLE m.t ADD CHECK (m.one(1) = 1)",
	"$table; $filled; CREATE STATISTICS m.stat ON (value + 1), (value * m.one(1)) FROM m.t",
	"$table; CREATE TABLE m.part () INHERITS (m.t); CREATE INDEX ON m.part ((m.one(1))); $filled",
	# the key of an ancestor of the one partition that is read
	"CREATE TABLE m.top (period date, value int, s m.span) PARTITION BY RANGE ((value + m.one(1))); CREATE TABLE m.t PARTITION OF m.top FOR VALUES FROM (0) TO (100); $filled",
	"CREATE TABLE m.t (period date, value int, s m.span) PARTITION BY RANGE ((value + m.one(1))); CREATE TABLE m.part PARTITION OF m.t FOR VALUES FROM (0) TO (100); $filled",
	# how far apart the bounds of a range are, for an estimate
	"$table; $filled");
my $settings = 'SET constraint_exclusion = on';
$n = 0;
foreach my $trick (@tricks)
{
	$n++;
	(my $planted = $trick) =~ s/m\.(t|part|top|stat)\b/m.$1$n/g;
	my $query = "SELECT period, value FROM m.t$n WHERE value < 5 AND s && m.span(1, 200) UNION ALL SELECT period, value FROM m.t$n WHERE value > 1";
	sql('mallory', "$planted; CREATE VIEW m.v$n AS $query; GRANT SELECT ON m.v$n, m.t$n TO analyst");
	super("CREATE VIEW open.super$n AS $query; GRANT SELECT ON open.super$n TO mallory");
	is(ran('postgres', "BEGIN; $settings; SELECT 1 FROM open.super$n LIMIT 1; ROLLBACK"), '1|postgres', "a trap for who reads it: $trick");
	is(ran('mallory', "$settings; " . $define->("super$n", "open.super$n")), "super$n|mallory", "mallory gets no more than her own rights of a superuser's view that she defines");
	is(ran('mallory', "$settings; " . $measure->("super$n")), '1|mallory', 'measures');
	is(ran('mallory', "$settings; SELECT count(*) > 0 FROM kpis.kpi_profile('open.super$n')"), 't|mallory', 'or profiles');
	is(ran('postgres', "$settings; " . $define->("hers$n", "m.v$n")), "hers$n|mallory", 'nor of a superuser who defines hers');
	is(ran('postgres', "$settings; " . $measure->("hers$n")), '1|mallory', 'measures it');
	is(ran('postgres', "$settings; SELECT count(*) > 0 FROM kpis.kpi_profile('m.v$n')"), 't|mallory', 'or profiles it');
	like(ran('postgres', "$settings; SELECT count(*) > 0 FROM kpis.kpi_profile('m.t$n')"), qr/^t(\|mallory)?$/, 'or the table, in whose rows nothing may be asked');
	is(ran('analyst', "$settings; " . $measure->("hers$n")), '1|analyst', 'the analyst measures it as himself');
}

# The same planted while the measuring waits for a lock, after it has begun.
sub session
{
	my ($user) = @_;
	my %s = (in => '', out => '');
	$s{run} = IPC::Run::start([ 'psql', '-X', '-q', '-A', '-t', '-U', $user, '-d', $node->connstr('shop') ], '<', \$s{in}, '>&', \$s{out}, IPC::Run::timeout(180));
	return \%s;
}
sub say_to { my ($s, $text) = @_; $s->{in} .= "$text\n"; $s->{run}->pump_nb; return; }
sub wait_for { my ($s, $what) = @_; $s->{run}->pump until $s->{out} =~ $what; return; }
my $part = 'CREATE TABLE m.late_part (period date, value int, CHECK (m.one(1) = 1)); CREATE INDEX ON m.late_part ((m.one(1))); CREATE STATISTICS m.late_stat ON (value + 1), (value * m.one(1)) FROM m.late_part';
my %late = (
	statistics => [ '', 'CREATE STATISTICS m.late_stat ON (value + 1), (value * m.one(1)) FROM m.late', '' ],
	inherit => [ $part, 'ALTER TABLE m.late_part INHERIT m.late', '' ],
	attach => [ $part, "ALTER TABLE m.late ATTACH PARTITION m.late_part FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')", 'PARTITION BY RANGE (period)' ]);
foreach my $what (sort keys %late)
{
	my ($before, $then, $parted) = @{ $late{$what} };

	# each measures what the other owns
	foreach my $case ([ 'mallory', 'postgres' ], [ 'postgres', 'mallory' ])
	{
		my ($who, $owner) = @$case;
		my $view = "open.${what}_$owner";
		sql('mallory', "CREATE TABLE m.late (period date, value int) $parted; CREATE TABLE m.gate (period date, value int); $before");
		$node->safe_psql('shop', "CREATE VIEW $view AS SELECT period, value FROM m.late WHERE value < 5 UNION ALL SELECT * FROM m.gate; GRANT SELECT ON $view TO PUBLIC", extra_params => [ '-U', $owner ]);
		super($define->("$what $who", $view));
		my ($holder, $measuring) = (session('mallory'), session($who));
		say_to($holder, "BEGIN; LOCK TABLE m.gate; SELECT 'held';");
		wait_for($holder, qr/held/);
		say_to($measuring, "$settings; SELECT 'result ' || coalesce(error, 'none') FROM kpis.kpi_measure('$what $who', '2026-03-31', false);");
		$node->poll_query_until('shop', "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'm.gate'::regclass AND NOT granted") or die 'it does not wait';
		# in a session of its own; it may have to wait for the measuring, in which case it comes too late for it
		my ($status, $out, $err) = $node->psql('shop', "SET lock_timeout = '1s'; $then", extra_params => [ '-U', 'mallory' ]);
		like($err, qr/^$|lock timeout|ran as/, "$what: planted, or kept out, while $who measures");
		say_to($holder, "COMMIT; SELECT 'let go';");
		wait_for($measuring, qr/^result none$/m);
		my %seen = map { $_ => 1 } $measuring->{out} =~ /ran as (\w+)/g;
		delete $seen{mallory};
		is(join(' ', sort keys %seen), '', 'it ran as nobody but mallory');
		$_->{in} .= "\\q\n", $_->{run}->finish for $holder, $measuring;
		super("DROP TABLE m.late, m.gate CASCADE; DROP TABLE IF EXISTS m.late_part");
	}
}

# 3. A function of a view tries to get out of the operation: back to another role, or to something that happens later.
my @tries = ('RESET ROLE', 'SET ROLE alice', 'SET ROLE NONE', 'SET SESSION AUTHORIZATION DEFAULT', 'SET SESSION AUTHORIZATION postgres', q{SELECT set_config('role', 'postgres', false)}, 'CREATE TEMP TABLE kpi_reading (x int)',
	'CREATE TYPE pg_temp.kpi_goal AS (x int)', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'PREPARE p AS SELECT 1', 'DEALLOCATE ALL', 'CLOSE ALL', 'DISCARD ALL', 'LISTEN kpi', 'UNLISTEN *', 'INSERT INTO m.deferred VALUES (1)');
my $tries = join ', ', map { "\$try\$$_\$try\$" } @tries;
sql('mallory', qq{
	CREATE TABLE m.kept (x int); GRANT INSERT ON m.kept TO PUBLIC; CREATE TABLE m.deferred (x int); GRANT INSERT ON m.deferred TO PUBLIC;
	CREATE FUNCTION m.later() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM m.note(); RETURN NULL; END \$\$;
	CREATE CONSTRAINT TRIGGER later AFTER INSERT ON m.deferred DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION m.later();
	CREATE FUNCTION m.check(date) RETURNS boolean LANGUAGE plpgsql AS \$\$ BEGIN PERFORM m.note(); RETURN true; END \$\$;
	CREATE FUNCTION m.evil() RETURNS int LANGUAGE plpgsql AS \$\$
	DECLARE
		try text;
		code text;
		c refcursor := 'left open';
	BEGIN
		FOREACH try IN ARRAY ARRAY[$tries] LOOP
			code := 'done';
			BEGIN EXECUTE try; EXCEPTION WHEN OTHERS THEN code := SQLSTATE; END;
			RAISE NOTICE 'tried % %, %: %', current_user, current_setting('search_path'), try, code;
		END LOOP;
		-- what the server allows here, this with earlier minor releases
		BEGIN EXECUTE 'CREATE DOMAIN pg_temp.date AS pg_catalog.date CHECK (m.check(VALUE))'; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
		OPEN c FOR SELECT m.note();
		INSERT INTO m.kept VALUES (1);
		NOTIFY kpi, 'hers';
		PERFORM set_config('search_path', 'm', false), set_config('kpi.mark', 'left', false), set_config('work_mem', '1MB', false), set_config('row_security', 'on', false);
		RETURN 1;
	END \$\$;
	CREATE VIEW m.trap AS SELECT pg_catalog.date '2026-01-01' AS period, m.evil() AS value; GRANT SELECT ON m.trap TO analyst});
super($define->('trap', 'm.trap'));
my $after = q{SELECT '2026-01-01'::date, current_user = session_user, current_setting('search_path'), current_setting('work_mem'), coalesce(current_setting('kpi.mark', true), ''), current_setting('row_security'), (SELECT count(*) FROM pg_cursors WHERE name = 'left open'),
	(SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_type WHERE typname = 'date')};
foreach my $case ([ 'postgres', 'mallory' ], [ 'analyst', 'analyst' ], [ 'mallory', 'mallory' ])
{
	my ($caller, $reader) = @$case;

	foreach my $call ($measure->('trap'), "SELECT value FROM kpis.kpi_profile('m.trap') WHERE measure = 'rows'")
	{
		my ($status, $out, $err) = $node->psql('shop', "LISTEN kpi; SET search_path = public; SET work_mem = '8MB'; BEGIN; $call; $after; COMMIT", extra_params => [ '-U', $caller ]);
		my @tried = $err =~ /NOTICE:  tried (.*)$/mg;

		is($out, "1\n2026-01-01|t|public|8MB||on|0|0|1", "$caller reads a hostile source and keeps his session: $call");
		unlike($err, qr/ran as|ERROR:/, 'nothing of it comes later');
		is(join("\n", @tried), join("\n", map { "$reader pg_catalog, pg_temp, $_: 42501" } @tries), "all that it tried, as $reader, was refused")
	}
}
is(super('SELECT count(*) FROM m.deferred, m.kept'), '0', 'and nothing that it wrote stayed');
is(super(q{SELECT rolname FROM pg_roles WHERE rolsuper AND rolname <> 'postgres'}), '', 'nobody became superuser');

# 4. Who may not read a relation cannot lock it either.
sql('bob', 'CREATE TABLE bob.closed (period date, value int)');
my $holder = session('bob');
say_to($holder, "BEGIN; LOCK TABLE bob.closed; SELECT 'held';");
wait_for($holder, qr/held/);
super("INSERT INTO kpis.kpi_definition (name, title, source, unit, kind, perspective, level, timing) VALUES ('closed', 'T', 'bob.closed', 'month', 'flow', 'financial', 'strategic', 'lagging')");
foreach my $call ("kpis.kpi_check_source('bob.closed', 'flow', false)", "kpis.kpi_profile('bob.closed')")
{
	is(code('analyst', "SET lock_timeout = '100ms'; SELECT FROM $call"), '42501', "not who lacks the right: $call");
	is($node->safe_psql('shop', "SET lock_timeout = '100ms'; SELECT 1") . error_code($node, 'shop', "SET lock_timeout = '100ms'; SELECT FROM $call"), '155P03', 'who has it waits');
}
is(sql('analyst', "SET lock_timeout = '100ms'; " . $measure->('closed')), 'permission denied for table closed', 'nor by measuring');
is(super("SET lock_timeout = '100ms'; " . $measure->('closed')), 'canceling statement due to lock timeout', 'who has the right waits; a lock that does not come is that source\'s error');
$holder->{in} .= "\\q\n", $holder->{run}->finish;
is(super("BEGIN; SELECT kpis.kpi_check_source('bob.closed', 'flow', false); SELECT count(*) > 0 FROM kpis.kpi_profile('bob.closed'); " . $measure->('closed') . "; SELECT mode FROM pg_locks WHERE relation = 'bob.closed'::regclass AND pid = pg_backend_pid(); ROLLBACK"), "t\nt\n0", 'nobody holds one afterwards');

# 5. A foreign table does not connect as the server's own user, whom the far side may trust.
SKIP:
{
	skip 'no postgres_fdw', 3 unless super(q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'});
	my ($host, $port) = ($node->host, $node->port);
	super(qq{CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO mallory});
	sql('mallory', qq{CREATE SERVER back FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'shop'); CREATE USER MAPPING FOR PUBLIC SERVER back OPTIONS (user 'postgres');
		CREATE FOREIGN TABLE m.roles (period date, value int) SERVER back OPTIONS (schema_name 'open', table_name 'roles'); GRANT SELECT ON m.roles TO analyst});
	super("CREATE VIEW open.roles AS SELECT date '2026-01-01' AS period, 1 AS value FROM pg_authid WHERE rolname = 'postgres'");
	is(super("SELECT sum(value) FROM m.roles"), '1', 'a superuser whose own SELECT reads it');
	like(super($define->('back', 'm.roles') . $measure->('back')), qr/^back\npassword.* required$/, 'not by measuring');
	like(error_code($node, 'shop', "SELECT FROM kpis.kpi_profile('m.roles')"), qr/^2F003$/, 'nor by profiling');
}

# 6. A time limit of the far side is that source's error; a deadlock of this session ends the call.
SKIP:
{
	skip 'no postgres_fdw', 1 unless super(q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'});
	my ($host, $port) = ($node->host, $node->port);
	super(qq{CREATE SERVER slow FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'shop', options '-c statement_timeout=10ms'); CREATE USER MAPPING FOR postgres SERVER slow OPTIONS (user 'postgres');
		CREATE VIEW open.sleeping AS SELECT date '2026-01-01' AS period, 1 AS value FROM pg_sleep(600); CREATE FOREIGN TABLE open.far (period date, value int) SERVER slow OPTIONS (schema_name 'open', table_name 'sleeping')});
	is(super($define->('far', 'open.far') . $measure->('far')), "far\ncanceling statement due to statement timeout", 'a time limit of the far side');
}
super('CREATE TABLE open.x (period date, value int); CREATE TABLE open.y ();' . $define->('x', 'open.x'));
my @locking = map { session('postgres') } 0 .. 1;
say_to($locking[0], "SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE open.x; SELECT 'has x';");
say_to($locking[1], "SET deadlock_timeout = '10ms'; BEGIN; LOCK TABLE open.y; SELECT 'has y';");
wait_for($locking[$_], qr/has/) for 0 .. 1;
say_to($locking[0], 'LOCK TABLE open.y;');
$node->poll_query_until('shop', "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'open.y'::regclass AND NOT granted") or die 'it does not wait';
say_to($locking[1], $measure->('x') . ";\nROLLBACK; SELECT 'over';");
wait_for($locking[1], qr/over/);
like($locking[1]{out}, qr/ERROR:  deadlock detected/, 'a deadlock ends the call');
$_->{in} .= "\\q\n", $_->{run}->finish for @locking;

# 6b. Cursors of the session, as every loop over a query has one: nothing is read from them, they neither move nor close,
# and pg_cursors shows none.
sql('mallory', q{CREATE FUNCTION open.steal() RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		c refcursor;
		r record;
		seen text;
	BEGIN
		seen := (SELECT coalesce(string_agg('cursor ' || name, ' '), '') FROM pg_cursors);
		FOREACH c IN ARRAY ARRAY['mine', '<unnamed portal 1>', '<unnamed portal 2>', '<unnamed portal 3>', '<unnamed portal 4>']::refcursor[] LOOP
			BEGIN FETCH c INTO r; seen := seen || ' read ' || r; EXCEPTION WHEN invalid_cursor_name OR object_not_in_prerequisite_state OR invalid_cursor_state THEN END;
			BEGIN MOVE c; EXCEPTION WHEN invalid_cursor_name OR object_not_in_prerequisite_state OR invalid_cursor_state THEN END;
			BEGIN CLOSE c; seen := seen || ' closed'; EXCEPTION WHEN invalid_cursor_name OR object_not_in_prerequisite_state OR invalid_cursor_state THEN END;
		END LOOP;
		IF seen <> '' THEN RAISE EXCEPTION '% saw %', current_user, seen; END IF;
		RETURN seen;
	END $$;
	CREATE FUNCTION open.steal_early() RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT open.steal()';
	CREATE VIEW open.cursor AS SELECT date '2026-01-01' AS period, 1 AS value WHERE open.steal() = '';
	CREATE VIEW open.cursor_early AS SELECT date '2026-01-01' AS period, 1 AS value WHERE open.steal_early() = ''});
foreach my $view (qw(cursor cursor_early))
{
	is(super("BEGIN; DECLARE mine CURSOR FOR SELECT g FROM generate_series(1, 9) g; FETCH mine; " . $define->($view, "open.$view") . $measure->($view)
			. "; SELECT count(*) FROM kpis.kpi_profile('open.$view'); SELECT error FROM kpis.kpi_definition WHERE name = '$view'; FETCH mine; SELECT name FROM pg_cursors; COMMIT"),
		"1\n$view\n1\n6\n\n2\nmine", "$view: a cursor of who measures is as it was");
	is(super("CREATE TEMP TABLE looped (g int); DO \$\$ DECLARE r record; BEGIN
			FOR r IN SELECT g FROM generate_series(1, 200) g LOOP PERFORM kpis.kpi_measure('$view', '2026-01-31', false); INSERT INTO looped VALUES (r.g); END LOOP; END \$\$;
			SELECT count(*), min(g), max(g) FROM looped; SELECT error FROM kpis.kpi_definition WHERE name = '$view'"), "200|1|200\n", "$view: a loop around the measuring sees all of its rows");
}

# 6c. Connections of dblink that the session has open, with or without a name, and what they are named by.
SKIP:
{
	skip 'no dblink', 9 unless super(q{SELECT count(*) FROM pg_available_extensions WHERE name = 'dblink'});
	my $connect = sprintf "host=%s port=%s dbname=shop user=postgres", $node->host, $node->port;
	my $open = "SELECT open.dblink_connect('mine', '$connect'); SELECT open.dblink_connect('$connect'); SELECT open.dblink_exec('mine', 'SET application_name = mine');";
	super('CREATE EXTENSION dblink SCHEMA open');
	sql('mallory', q{CREATE FUNCTION open.named() RETURNS text LANGUAGE sql AS $$ SELECT open.dblink_exec('mine', 'ALTER ROLE mallory SUPERUSER') $$;
		CREATE FUNCTION open.unnamed() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN open.dblink_exec('ALTER ROLE mallory SUPERUSER'); EXCEPTION WHEN insufficient_privilege THEN RAISE EXCEPTION 'seen: %', SQLERRM; END $$;
		CREATE FUNCTION open.unnamed_early() RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT open.unnamed()';
		CREATE OPERATOR open.=!> (LEFTARG = text, RIGHTARG = text, FUNCTION = open.dblink_exec);
		CREATE AGGREGATE open.run(text) (SFUNC = open.dblink_exec, STYPE = text);
		CREATE VIEW open.by_name AS SELECT date '2026-01-01' AS period, 1 AS value WHERE open.named() IS NOT NULL;
		CREATE VIEW open.by_none AS SELECT date '2026-01-01' AS period, 1 AS value WHERE open.unnamed() IS NOT NULL;
		CREATE VIEW open.by_none_early AS SELECT date '2026-01-01' AS period, 1 AS value WHERE open.unnamed_early() IS NOT NULL;
		CREATE VIEW open.by_operator AS SELECT date '2026-01-01' AS period, 1 AS value WHERE ('mine'::text OPERATOR(open.=!>) 'ALTER ROLE mallory SUPERUSER') IS NOT NULL;
		CREATE VIEW open.by_aggregate AS SELECT date '2026-01-01' AS period, 1 AS value FROM (SELECT open.run(x ORDER BY i) FROM (VALUES (1, 'mine'), (2, 'ALTER ROLE mallory SUPERUSER')) v(i, x)) s (r) WHERE r IS NOT NULL;
		CREATE VIEW open.by_rows AS SELECT date '2026-01-01' AS period, 1 AS value FROM open.dblink('mine', 'SELECT 1') AS t (x int)});
	foreach my $view (qw(by_name by_none by_none_early by_operator by_aggregate by_rows))
	{
		super("INSERT INTO kpis.kpi_definition (name, title, source, unit, kind, perspective, level, timing) VALUES ('$view', 'T', 'open.$view', 'month', 'flow', 'financial', 'strategic', 'lagging')");
		like(super($open . $measure->($view)), qr/is refused while a KPI's source is read$/, "$view: no connection of the session's");
	}
	is(super('SELECT rolsuper FROM pg_roles WHERE rolname = \'mallory\''), 'f', 'nobody became superuser by one');
	is(super("$open SELECT count(*) FROM kpis.kpi_measure(as_of => '2026-03-31') WHERE error ~ 'dblink'; SELECT * FROM open.dblink('mine', 'SHOW application_name') AS t (x text)"),
		"OK\nOK\nSET\n6\nmine", 'the session goes on with its connections');
	super("CREATE VIEW open.own AS SELECT date '2026-01-01' AS period, x AS value FROM open.dblink('mine', 'SELECT 42') AS t (x int)");
	is(super($open . $define->('own', 'open.own') . $measure->('own')), "OK\nOK\nSET\nown\n1", "a superuser's own source may use them");
}

# 7. What most sources use gives the same to all.
sql('bob', q{CREATE VIEW open.fine AS
	WITH RECURSIVE d AS (SELECT date '2026-01-01' AS day UNION ALL SELECT day + 1 FROM d WHERE day < '2026-01-31'),
	s AS (SELECT DISTINCT ON (g) date_trunc('month', d.day)::timestamptz AS period, g % 3 AS segment, g::numeric(9, 2) AS x, to_char(now(), 'YYYY') || g AS label, 'a' || 1 AS b
		FROM d, LATERAL generate_series(1, 10) g ORDER BY g, d.day)
	SELECT s.period::date AS period, s.segment::text AS segment,
		coalesce(sum(x) FILTER (WHERE x > 1), 0) + greatest(count(DISTINCT label), max(length(b))) + avg(kpis.rate(kpis.rate_summary('(1,2)'::text::kpis.rate_summary))) * 0 + kpis.nps('(70,20,10)') - 60
			+ count(*) FILTER (WHERE random() > 2) + percentile_cont(0.5) WITHIN GROUP (ORDER BY x) * 0 AS value, row_number() OVER (ORDER BY s.segment) AS n,
		kpis.nps_agg((x::int % 10)) * 0 + sum(CASE WHEN x = ANY ('{1,2}') THEN 0 ELSE 0.0 END) AS margin
	FROM s GROUP BY GROUPING SETS ((s.period, s.segment)) HAVING count(*) > 0 AND EXISTS (SELECT 1);
	CREATE VIEW open.mood AS SELECT period, value, segment FROM bob.moods;
	GRANT SELECT ON open.fine, open.mood TO mallory});
is(sql('mallory', $define->('fine', 'open.fine') . $measure->('fine')), "fine\n4", 'built-in functions and ours');
is(sql('mallory', "SELECT sum(value) FROM open.fine"), super("SELECT value FROM kpis.kpi_reading WHERE kpi = 'fine' AND segment = ''"), 'with the numbers that the caller sees');
is(sql('mallory', $define->('mood', 'open.mood') . $measure->('mood') . "; SELECT segment FROM kpis.kpi_reading WHERE kpi = 'mood' AND segment <> ''"), "mood\n2\ngood", 'the cast of an enum\'s owner is not used for its segments');

$node->stop;
done_testing();
