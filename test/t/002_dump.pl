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

# and a small scorecard; roles, grants and what a source may be are in 005_scorecard.pl
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
# with -j pg_restore loads the tables of an extension in any order, and the other tables of the scorecard refer to kpi_definition
my @late = map { "kpi_$_" } qw(goal reading alert);
my @list = split /^/, qx(pg_restore -l "$dump.d");
cmp_ok(scalar(grep { /TABLE DATA/ } @list), '>', 2 * @types, 'the list of the dump');
append_to_file("$dump.list", join '', grep { !/TABLE DATA \S+ kpi_(goal|reading|alert) / } @list);
$node->command_ok([ 'pg_restore', '-e', '-j', '2', '-L', "$dump.list", '-d', 'parallel', "$dump.d" ], 'restore, directory');
$node->command_ok([ 'pg_restore', '-e', '--data-only', map({ ('-t', $_) } @late), '-d', 'parallel', "$dump.d" ], 'and the rest of the scorecard');
restored('parallel', 'directory');
# not the partitions, with whose keys --clean has its own trouble
$node->command_ok([ 'pg_dump', '-F', 'custom', '-N', 'kpi_test', '-T', 'parted_*', '-f', "$dump.c", 'postgres' ], 'pg_dump, custom');
foreach my $time ('once', 'again')
{
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
