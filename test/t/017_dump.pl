# Tables that hold values of every base type survive pg_dump in each way of it: same text, same binary form, same partition.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('dump');
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');
my @types = split /\n/, $node->safe_psql('postgres', 'SELECT name FROM kpi_test.base_type ORDER BY 1');
cmp_ok(scalar @types, '>=', 2, 'there are base types');

foreach my $type (@types)
{
	$node->safe_psql('postgres', qq{
		CREATE TABLE stored_$type (id int PRIMARY KEY, value $type, list $type\[]);
		INSERT INTO stored_$type
			SELECT row_number() OVER (), literal::$type, ARRAY[literal::$type, NULL] FROM kpi_test.sampled WHERE name = '$type'
			UNION ALL SELECT 0, NULL, NULL;
		CREATE INDEX ON stored_$type (value);
		CREATE INDEX ON stored_$type USING hash (value);
		CREATE TABLE parted_$type (value $type PRIMARY KEY) PARTITION BY HASH (value);
		CREATE TABLE parted_${type}_0 PARTITION OF parted_$type FOR VALUES WITH (MODULUS 2, REMAINDER 0);
		CREATE TABLE parted_${type}_1 PARTITION OF parted_$type FOR VALUES WITH (MODULUS 2, REMAINDER 1);
		INSERT INTO parted_$type SELECT DISTINCT value FROM stored_$type WHERE value IS NOT NULL});
}

# and a small scorecard; roles, grants and what a source may be are in 030_scorecard.pl
$node->safe_psql('postgres', q{
	CREATE TABLE sales AS SELECT date '2026-01-01' + i AS period, i AS value FROM generate_series(0, 99) i;
	SELECT kpi_define('sales', 'Sales', 'sales', 'week', 'flow', 'financial', 'strategic', 'lagging'), kpi_set_goal('sales', '>= 400', '(,)');
	SELECT kpi_measure(as_of => '2026-02-01'), kpi_measure(as_of => '2026-04-01');
	SELECT kpi_set_goal('sales', '>= 300', '(,)')});
my $scorecard = join '; ', map { "SELECT '$_', t FROM kpi_$_ t ORDER BY t::text" } qw(definition goal reading alert);

my $contents = join ' UNION ALL ', map { qq{
	SELECT '$_ stored', id::text, value::text, md5(${_}_send(value)), list::text, array_ndims(list) FROM stored_$_
	UNION ALL
	SELECT '$_ partition', tableoid::regclass::text, value::text, md5(${_}_send(value)), NULL, NULL FROM parted_$_} } @types;
my $expected = $node->safe_psql('postgres', "$contents ORDER BY 1, 2, 3");
cmp_ok(scalar(split /\n/, $expected), '>=', 4 * @types, 'there is something to dump');

my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
foreach my $format ('plain', 'custom')
{
	my $database = "restored_$format";

	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0");
	$node->command_ok([ 'pg_dump', '-F', $format, '-N', 'kpi_test', '-f', $dump, 'postgres' ], "pg_dump, $format");
	$node->command_ok($format eq 'plain'
		? [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, $database ]
		: [ 'pg_restore', '-e', '-d', $database, $dump ], "restore, $format");
	is($node->safe_psql($database, "$contents ORDER BY 1, 2, 3"), $expected, "contents, $format");
	is($node->safe_psql($database, join ';', map { qq{
		SELECT count(*) FROM stored_$_ s WHERE value IS NOT NULL AND NOT EXISTS (SELECT FROM parted_$_ p WHERE p.value = s.value)} } @types),
		join("\n", map { 0 } @types), "every value is found by its partition key, $format");
}

# in parallel; over what is there; the schema first, then the data; some tables only, the scorecard's too
my $kept = $node->safe_psql('postgres', $scorecard);
like($kept, qr/^$_\|/m, "kpi_$_ has rows") for qw(definition goal reading alert);
sub restored
{
	my ($database, $name) = @_;

	is($node->safe_psql($database, "$contents ORDER BY 1, 2, 3"), $expected, "contents, $name") if $database ne 'over';
	is($node->safe_psql($database, $scorecard), $kept, "scorecard, $name");
	# there is no sequence that could stand at a number already given
	is($node->safe_psql($database, q{SELECT changed FROM kpi_measure('sales', '2026-04-01'); SELECT changed > 0, error FROM kpi_measure('sales', '2026-04-05'); SELECT kpi_set_goal('sales', '>= 200', '(,)')}),
		"0\nt|\n(,)", "the scorecard goes on, $name");
	return;
}
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0") for qw(parallel over parts tables);
$node->command_ok([ 'pg_dump', '-F', 'directory', '-j', '2', '-N', 'kpi_test', '-f', "$dump.d", 'postgres' ], 'pg_dump, directory');
$node->command_ok([ 'pg_restore', '-e', '-j', '2', '-d', 'parallel', "$dump.d" ], 'restore, directory, parallel');
restored('parallel', 'directory');
# not the partitions, with whose keys --clean has its own trouble
$node->command_ok([ 'pg_dump', '-F', 'custom', '-N', 'kpi_test', '-T', 'parted_*', '-f', "$dump.c", 'postgres' ], 'pg_dump, custom');
foreach my $time ('once', 'again')
{
	# which can't say CASCADE: over a scorecard that has rows it needs to be allowed
	if ($time eq 'again')
	{
		my $there = $node->safe_psql('over', $scorecard);
		$node->command_fails_like([ 'pg_restore', '-e', '--clean', '--if-exists', '-d', 'over', "$dump.c" ], qr/cannot drop extension kpi because its scorecard has rows/, 'restore, --clean, over a scorecard that has rows');
		is($node->safe_psql('over', $scorecard), $there, 'and leaves it as it was');
	}
	local $ENV{PGOPTIONS} = $time eq 'again' ? '-c kpi.drop_scorecard=on' : '';
	$node->command_ok([ 'pg_restore', '-e', '--clean', '--if-exists', '-d', 'over', "$dump.c" ], "restore, --clean, $time");
	is($node->safe_psql('over', 'SELECT count(*) FROM stored_nps_summary'), $node->safe_psql('postgres', 'SELECT count(*) FROM stored_nps_summary'), "contents, --clean, $time");
	restored('over', "--clean, $time");
}
foreach my $part ('schema', 'data')
{
	$node->command_ok([ 'pg_restore', '-e', "--$part-only", '-d', 'parts', "$dump.d" ], "restore, --$part-only");
	is($node->safe_psql('parts', 'SELECT count(*) FROM kpi_definition'), $part eq 'data' ? 1 : 0, "rows of the scorecard, --$part-only");
}
restored('parts', '--schema-only, --data-only');
$node->safe_psql('tables', 'CREATE EXTENSION kpi');
$node->command_ok([ 'pg_dump', map({ ('-t', $_) } 'public.stored_*', 'public.parted_*', 'public.sales', 'public.kpi_*'), '-f', "$dump.t", 'postgres' ], 'pg_dump, -t');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.t", 'tables' ], 'restore, -t');
restored('tables', '-t');

# A scorecard whose readings are many more than its definitions, which pg_restore -j then loads first: every row, in each way, several times.
# In a schema and of an owner of its own; with goals that were replaced, alerts, parents, guards, names and segments that need quotes.
$node->safe_psql('postgres', 'CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE DATABASE board OWNER alice');
$node->safe_psql('board', q{CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis; CREATE SCHEMA data; SET search_path = kpis, data;
	CREATE TABLE data.sales AS SELECT date '2024-01-01' + i AS period, i % 7 AS value, i % 5 AS n, s AS segment FROM generate_series(0, 700) i, unnest(ARRAY['north', 'so"uth', E'tab\\t']) s;
	SELECT kpi_define(n, n, 'data.sales', u, 'flow', 'financial', 'strategic', 'lagging', min_n => 1) FROM (VALUES ('day', 'day'), ('by week', 'week'), (E'Jahr "\u00fc"', 'year apr'), ('z', 'month')) v (n, u);
	UPDATE kpi_definition SET parent = 'z', guard = 'z' WHERE name = 'day';
	SELECT kpi_set_goal(name, '>= 5 warn 3', '(,)'), kpi_set_goal(name, '>= 2', '(,)', 'north') FROM kpi_definition;
	SELECT count(*) FROM kpi_measure(as_of => '2024-06-30'); SELECT count(*) FROM kpi_measure(as_of => '2025-11-30');
	SELECT kpi_set_goal(name, '>= 4', '(,)') FROM kpi_definition;
	SELECT kpi_split_goal('z', 100, '[2025-01-01,2026-01-01)'); SELECT count(*) FROM kpi_measure(as_of => '2025-12-31');
	UPDATE kpi_reading SET value = 3.5, n = 1 WHERE kpi = 'z' AND period = '2025-11-01'; UPDATE kpi_goal SET origin = E'of\tthe "plan"' WHERE segment = 'north';
	SELECT kpi_rename('by week', 'week by week')}, extra_params => [ '-U', 'alice' ]);
my $rows = sub { my ($database, $schema) = @_; return $node->safe_psql($database, join '; ', map { "SELECT '$_', t FROM $schema.kpi_$_ t ORDER BY t::text" } qw(definition goal reading alert)); };
my $all = $rows->('board', 'kpis');
cmp_ok(scalar(grep { /^reading/ } split /\n/, $all), '>', 2500, 'many readings');
cmp_ok(scalar(() = $all =~ /^$_\|/mg), '>', 2, "several rows of kpi_$_") for qw(definition goal alert);
foreach my $format ('custom', 'directory')
{
	$node->command_ok([ 'pg_dump', '-U', 'alice', '-F', $format, '-f', "$dump.board.$format", 'board' ], "pg_dump, $format");
}
$node->command_ok([ 'pg_dump', '-U', 'alice', '-f', "$dump.board.plain", 'board' ], 'pg_dump, plain');
my $again = q{BEGIN; SELECT count(error), sum(readings), sum(changed), sum(alerts) FROM kpis.kpi_measure(as_of => '2026-01-31', notify => false); ROLLBACK};
my $goes_on = $node->safe_psql('board', $again);
my $number = 0;
sub board
{
	my ($name, $prepare, @restore) = @_;
	my $database = 'board_' . ++$number;
	my $schema = $name =~ /schema other/ ? 'other' : 'kpis';

	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0 OWNER alice; GRANT CREATE ON DATABASE $database TO bob");
	$node->safe_psql($database, $prepare) if $prepare;
	foreach my $command (@restore)
	{
		my @command = map { s/DATABASE/$database/r } @$command;
		$node->command_ok(\@command, "restore, $name");
	}
	my $there = $rows->($database, $schema);
	ok($there eq $all =~ s/\bkpis\./$schema./gr, "every row, $name") or diag(join "\n", (grep { my $row = $_; $all !~ /^\Q$row\E$/m } split /\n/, $there)[0 .. 3]);
	is(error_code($node, $database, 'DROP EXTENSION kpi'), '2BP01', "and DROP EXTENSION refuses, $name");
	is($node->safe_psql($database, $again =~ s/kpis\./$schema./r), $goes_on, "and it goes on as it would have, $name") if $name !~ /only/;
	$node->safe_psql('postgres', "DROP DATABASE $database");
	return;
}
my $installed = 'CREATE SCHEMA kpis; CREATE EXTENSION kpi SCHEMA kpis';
foreach my $format ('custom', 'directory')
{
	my $file = "$dump.board.$format";

	foreach my $jobs (1, 2, 2, 4, 4)
	{
		board("$format, $jobs jobs", undef, [ 'pg_restore', '-e', '-j', $jobs, '-d', 'DATABASE', $file ]);
		board("$format, --data-only, $jobs jobs", $installed, [ 'pg_restore', '-e', '-j', $jobs, '--data-only', '-n', 'kpis', '-d', 'DATABASE', $file ]);
	}
	board("$format, --data-only --disable-triggers", $installed, [ 'pg_restore', '-e', '-j', '4', '--data-only', '--disable-triggers', '-n', 'kpis', '-d', 'DATABASE', $file ]);
	board("$format, by sections", undef, map { [ 'pg_restore', '-e', '-j', '4', '--section', $_, '-d', 'DATABASE', $file ] } qw(pre-data data post-data));
	board("$format, table by table, the definitions last, --data-only", $installed, map { [ 'pg_restore', '-e', '--data-only', '-t', "kpi_$_", '-d', 'DATABASE', $file ] } qw(alert reading goal definition));
	board("$format, to another owner", undef, [ 'pg_restore', '-e', '-j', '4', '--no-owner', '--role', 'bob', '-d', 'DATABASE', $file ]);
	board("$format, by who is no superuser", undef, [ 'pg_restore', '-U', 'bob', '-e', '-j', '4', '--no-owner', '--no-privileges', '-d', 'DATABASE', $file ]);
}
board('plain', undef, [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.board.plain", '-d', 'DATABASE' ]);
board('plain, in one transaction', undef, [ 'psql', '-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.board.plain", '-d', 'DATABASE' ]);
# into another schema, as the dump says it and as it is then moved to
append_to_file("$dump.board.other", slurp_file("$dump.board.plain") =~ s/\bkpis\b/other/gr);
board('plain, to schema other', undef, [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.board.other", '-d', 'DATABASE' ]);
board('parallel, then to schema other', undef, [ 'pg_restore', '-e', '-j', '4', '-d', 'DATABASE', "$dump.board.directory" ], [ 'psql', '-X', '-q', '-c', 'CREATE SCHEMA other', '-c', 'ALTER EXTENSION kpi SET SCHEMA other', '-d', 'DATABASE' ]);

# pg_upgrade makes every object of the extension anew from what the server prints of it, with an empty search_path, which an
# operator of ours can't be found by where SQL has no place to name its schema, as in IS DISTINCT FROM.
my @printed = split /\n/, $node->safe_psql('postgres', q{
	SET search_path = '';
	SELECT p.oid::regprocedure::text FROM kpi_test.member JOIN pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid JOIN pg_language l ON l.oid = prolang WHERE lanname = 'sql'
	UNION ALL
	SELECT 'view ' || c.oid::regclass FROM kpi_test.member JOIN pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid WHERE relkind = 'v'
	UNION ALL
	SELECT format('constraint %s on %s', conname, conrelid::regclass) FROM kpi_test.member JOIN pg_constraint ON classid = 'pg_class'::regclass AND objid = conrelid WHERE contype IN ('c', 'x')});
cmp_ok(scalar(grep { /^view/ } @printed), '>', 0, 'there are views');
cmp_ok(scalar(grep { /kpi_judge/ } @printed), '>', 0, 'and functions in SQL');
cmp_ok(scalar(grep { /^constraint/ } @printed), '>', 20, 'and constraints');
is($node->safe_psql('postgres', q{
	CREATE FUNCTION public.make(definition text) RETURNS text LANGUAGE plpgsql AS $$
	BEGIN
		EXECUTE definition;
		RETURN NULL;
	EXCEPTION WHEN OTHERS THEN
		RETURN SQLERRM;
	END $$;
	BEGIN;
	SET search_path = '';
	SELECT object || ': ' || error FROM (
		SELECT p.oid::regprocedure::text AS object, public.make(pg_get_functiondef(p.oid)) AS error
		FROM kpi_test.member JOIN pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid JOIN pg_language l ON l.oid = prolang WHERE lanname = 'sql'
		UNION ALL
		SELECT c.oid::regclass::text, public.make(format('CREATE OR REPLACE VIEW %s AS %s', c.oid::regclass, pg_get_viewdef(c.oid)))
		FROM kpi_test.member JOIN pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid WHERE relkind = 'v'
		UNION ALL
		SELECT format('%s on %s', conname, conrelid::regclass), public.make(format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)))
		FROM kpi_test.member JOIN pg_constraint c ON classid = 'pg_class'::regclass AND objid = conrelid WHERE contype IN ('c', 'x')) made
	WHERE error IS NOT NULL;
	ROLLBACK}), '', 'every function, view and constraint of the extension is made anew from what the server prints of it');

# Of users' views the same holds; doc/trust.md says which and what to write instead.
my %written = (
	'IS DISTINCT FROM' => [ 1, 'a.v IS DISTINCT FROM b.v', '' ],
	'NULLIF' => [ 1, 'nullif(a.v, b.v)', '' ],
	'CASE' => [ 1, 'CASE a.v WHEN b.v THEN 1 END', '' ],
	'USING' => [ 1, '1', 'JOIN n c USING (v)' ],
	'IS NOT TRUE' => [ 0, '(a.v = b.v) IS NOT TRUE', '' ],
	'ON' => [ 0, '1', 'JOIN n c ON c.v = b.v' ],
	'IN, BETWEEN' => [ 0, "a.v IN (b.v, '(0,0,1)') AND a.v BETWEEN b.v AND a.v", '' ]);
$node->safe_psql('postgres', 'CREATE TABLE n (v nps_summary)');
foreach my $name (sort keys %written)
{
	my ($fails, $expression, $join) = @{ $written{$name} };
	my $error = $node->safe_psql('postgres', "CREATE VIEW written AS SELECT $expression AS x FROM n a, n b $join;" . q{
		SET search_path = '';
		SELECT public.make(format('CREATE OR REPLACE VIEW public.written AS %s', pg_get_viewdef('public.written'::regclass)));
		DROP VIEW public.written});
	is($error =~ /operator does not exist/ ? 1 : 0, $fails, "a view with $name is " . ($fails ? 'not ' : '') . 'made anew');
	is($error, '', "a view with $name gives no error") if !$fails;
}

$node->stop;
done_testing();
