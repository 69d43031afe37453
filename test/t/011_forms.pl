# The forms of every base type, text, binary and stored, are those of test/golden/forms.txt, byte for byte, and the texts and
# binaries there read back to the same: what one release wrote, all later ones read, hash and compare alike.
#
# A line of the file: expression, text, binary, stored bytes behind the length word (little-endian), hash with seed 1; by tabs.  What is
# long is given as its length and MD5.  The values are the literals of test/lib/samples.sql, of which a new type has some, and
# those of test/golden/values.sql.  Of a value that is not in the file the test prints the line, to be compared with
# doc/formats.md before it is added.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $golden = "$FindBin::RealBin/../golden";
my %expected = map { (split /\t/, $_, 2) } split /\n/, slurp_file("$golden/forms.txt");
my $node = start_node('forms');

$node->safe_psql('postgres', q{ALTER DATABASE postgres SET timezone = 'UTC'});
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');
my @values = (
	split(/\n/, $node->safe_psql('postgres', q{SELECT format('''%s''::%s', literal, type) FROM kpi_test.sample ORDER BY ctid})),
	grep { !/^--/ } split /\n/, slurp_file("$golden/values.sql") =~ s/'\n\t+'//gr =~ s/\n\t+/ /gr);
is(scalar(@values), scalar(keys %{ { map { $_ => 1 } @values } }), 'no value of values.sql is among the samples');
my $little_endian = unpack('S', "\1\0") == 1;
my $inspected = error_code($node, 'postgres', 'CREATE EXTENSION pageinspect') eq '' && $little_endian;
note('without pageinspect, or of another byte order: stored bytes are not looked at') if !$inspected;
$node->safe_psql('postgres', q{
	CREATE FUNCTION brief(form text) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN length(form) <= 600 THEN form ELSE format('%s characters, MD5 %s', length(form), md5(form)) END $$;
	CREATE FUNCTION forms(value text, OUT type regtype, OUT printed text, OUT sent text, OUT stored text, OUT hash bigint, OUT again boolean) LANGUAGE plpgsql AS $$
	DECLARE
		t text;
		b bytea;
	BEGIN
		EXECUTE format('CREATE UNLOGGED TABLE value AS SELECT %s AS v', value);
		SELECT atttypid::regtype INTO type FROM pg_attribute WHERE attrelid = 'value'::regclass AND attname = 'v';
		EXECUTE format('SELECT v::text, %1$s_send(v), %1$s_hash_extended(v, 1) FROM value', type) INTO t, b, hash;
		printed := brief(t);
		sent := brief(encode(b, 'hex'));
		EXECUTE format('SELECT bool_and(%1$s_send(w) = %1$s_send(v) AND %1$s_hash_extended(w, 1) = %1$s_hash_extended(v, 1)) FROM value, (VALUES ($1::%1$s), (kpi_test.receive(%1$L, $2)::%1$s)) w (w)', type) INTO again USING t, b;
		DROP TABLE value;
		-- as it lies in a row, not compressed: a length word of 4 bytes or 1, then the value
		IF to_regproc('heap_page_items') IS NOT NULL AND length(b) < 5000 THEN
			EXECUTE format('CREATE UNLOGGED TABLE value (v %s)', type);
			ALTER TABLE value ALTER v SET STORAGE PLAIN;
			EXECUTE format('INSERT INTO value SELECT $1::%s', type) USING t;
			SELECT brief(encode(substr(t_data, CASE WHEN get_byte(t_data, 0) & 1 = 1 THEN 2 ELSE 5 END), 'hex')) INTO stored FROM heap_page_items(get_raw_page('value', 0));
			DROP TABLE value;
		ELSE
			stored := '-';
		END IF;
	END $$});

my %type;
my @rows = split /\n/, $node->safe_psql('postgres', join ";\n", map { "SELECT (forms(\$value\$$_\$value\$)).*" } @values);
foreach my $value (@values)
{
	my ($type, $printed, $sent, $stored, $hash, $again) = split /\|/, shift @rows, 6;

	$type{$type} = 1;
	if (!$expected{$value})
	{
		fail("$golden/forms.txt has $value");
		diag(join("\t", $value, $printed, $sent, $stored, $hash));
		next;
	}
	my ($was_printed, $was_sent, $was_stored, $was_hash) = split /\t/, $expected{$value};

	is($printed, $was_printed, "text: $value");
	is($sent, $was_sent, "binary: $value");
	is($stored, $was_stored, "stored: $value") if $inspected;
	is($hash, $was_hash, "hash: $value") if $little_endian;
	is($again, 't', "text and binary read back: $value");
}
is(join(', ', sort grep { !$type{$_} } split /\n/, $node->safe_psql('postgres', 'SELECT type FROM kpi_test.base_type')), '', 'every base type has golden values');
is(join("\n", sort grep { my $known = $_; !grep { $_ eq $known } @values } keys %expected), '', 'every golden value is tried');

# From the file, not from what this release writes.
my @short = grep { ($expected{$_} // '') !~ /MD5|^$/ } @values;
my @read = split /\n/, $node->safe_psql('postgres', join ";\n", map {
	my ($text, $binary) = split /\t/, $expected{$_};
	"SELECT kpi_test.receive(pg_typeof($_), '\\x$binary') = \$text\$$text\$text\$, \$text\$$text\$text\$ = $_" } @short);
cmp_ok(scalar @short, '>', 50, 'values whose forms are in the file as a whole');
is($read[$_], 't|t', "the text and binary of the file are read: $short[$_]") for 0 .. $#short;

$node->stop;
done_testing();
