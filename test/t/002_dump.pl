# Tables that hold values of every base type survive pg_dump: same text, same binary form, same partition.
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

$node->stop;
done_testing();
