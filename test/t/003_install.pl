# CREATE EXTENSION in any schema and search path, ALTER EXTENSION SET SCHEMA, DROP EXTENSION; who may install.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use Test::More;

my $node = start_node('install');

# What every function returns for every sample, without the names of schemas.
my $everything = q{
	SELECT name, literal, c.signature, kpi_test.result(c.query, literal)
	FROM (SELECT type, name, literal FROM kpi_test.sampled UNION ALL SELECT NULL, '', '') t, kpi_test.calls(type) c ORDER BY 1, 2, 3};

sub everything
{
	my ($database, $schema, @settings) = @_;
	my $result = $node->safe_psql($database, join('', map { "SET $_;\n" } @settings) . $everything);

	$result =~ s/"?\Q$schema\E"?\.//g;
	return { map { /(.*)\|(.*)/s } split /\n/, $result };
}

sub same
{
	my ($got, $expected, $name) = @_;

	is(join("\n", map { "$_: " . ($got->{$_} // 'absent') } grep { ($got->{$_} // 'absent') ne ($expected->{$_} // 'absent') } sort keys %{ { %$got, %$expected } }),
		'', $name);
	return;
}

# The reference: where most people install it.
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');
my $expected = everything('postgres', 'public');
is($node->safe_psql('postgres', q{
	SELECT signature FROM kpi_test.callable EXCEPT
	SELECT signature FROM (SELECT type FROM kpi_test.base_type UNION ALL SELECT NULL) t, kpi_test.calls(type)}),
	'', 'every function can be called (its types of arguments are in test/lib/samples.sql)');
is(join("\n", grep { $expected->{$_} =~ /^error (?!22|54)/ } sort keys %$expected), '', 'every function works or rejects its arguments');

# A schema whose name needs quotes, and a search path that puts traps before the built-in objects.
my $traps = join "\n", map {
	my $type = $_;
	(my $name = "trap_$type") =~ s/ /_/g;
	qq{CREATE FUNCTION traps.$name($type, $type) RETURNS boolean LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'trap'; END \$\$;\n}
	  . join "\n", map { "CREATE OPERATOR traps.$_ (LEFTARG = $type, RIGHTARG = $type, FUNCTION = traps.$name);" } qw(= <> < <= > >= + - * /)
} ('bigint', 'numeric', 'double precision', 'interval', 'date');
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
$node->safe_psql('elsewhere', qq{
	CREATE SCHEMA traps;
	$traps
	CREATE DOMAIN traps.bigint AS text;
	CREATE TYPE traps.nps_summary AS (x text);
	CREATE TYPE traps.kpi_status AS ENUM ('trap');
	CREATE FUNCTION traps.nps(anyelement) RETURNS text LANGUAGE sql AS 'SELECT ''trap''';
	CREATE SCHEMA "The KPIs";
	CREATE SCHEMA other;
	ALTER DATABASE elsewhere SET search_path = traps, pg_catalog});
$node->safe_psql('elsewhere', 'CREATE EXTENSION kpi SCHEMA "The KPIs"');
load_helpers($node, 'elsewhere');
same(everything('elsewhere', 'The KPIs'), $expected, 'CREATE EXTENSION in a schema outside the search path');

# Objects of a user, that go on working when the extension moves.
$node->safe_psql('elsewhere', q{
	SET search_path = "The KPIs";
	CREATE TABLE public.day (day int, nps nps_summary, late rate_summary);
	INSERT INTO public.day SELECT i, format('(%s,%s,%s)', i, i % 7, i % 5)::nps_summary, format('(%s,%s)', i % 10, i)::rate_summary
		FROM generate_series(10, 1000) i;
	CREATE INDEX day_btree ON public.day (nps);
	CREATE INDEX day_hash ON public.day USING hash (nps);
	CREATE VIEW public.month AS
		SELECT day / 30 AS month, nps(rollup(nps)) AS nps, rate(rollup(late)) AS late, max(nps_upper(nps)) AS upper,
			nps_agg(day % 11) AS agg, count(DISTINCT nps + nps) AS doubled
		FROM public.day GROUP BY 1;
	ANALYZE public.day});

my $month = 'SELECT * FROM public.month ORDER BY 1';
my $before = $node->safe_psql('elsewhere', $month);

foreach my $schema ('The KPIs', 'other')
{
	is($node->safe_psql('elsewhere', qq{ALTER EXTENSION kpi SET SCHEMA "$schema"; SELECT 1}), '1', "ALTER EXTENSION SET SCHEMA \"$schema\"")
	  if $schema eq 'other';
	same(everything('elsewhere', $schema), $expected, "every function in $schema");
	same(everything('elsewhere', $schema, "search_path = ''"), $expected, "every function in $schema with no search path");
	is($node->safe_psql('elsewhere', $month), $before, 'a view');
	foreach my $index ('day_btree', 'day_hash')
	{
		my $other = $index eq 'day_hash' ? 'day_btree' : 'day_hash';
		my $search = qq{SELECT day FROM public.day WHERE nps OPERATOR("$schema".=) '(100,2,0)'};
		my $plan = $node->safe_psql('elsewhere', qq{BEGIN; DROP INDEX public.$other; SET enable_seqscan = off; EXPLAIN $search});

		like($plan, qr/Scan (using|on) $index/, "$index is used");
		is($node->safe_psql('elsewhere', "BEGIN; DROP INDEX public.$other; SET enable_seqscan = off; $search"), '100', "$index finds the row");
	}
}

# DROP
is(error_code($node, 'elsewhere', 'DROP EXTENSION kpi'), '2BP01', 'DROP EXTENSION spares a table that uses it');
my $objects = join ' UNION ALL ',
  map { "SELECT '$_', count(*) FROM pg_$_" } qw(proc type operator opclass opfamily amop amproc aggregate cast class namespace description event_trigger depend);
$node->safe_psql('postgres', 'CREATE DATABASE empty');
my $none = $node->safe_psql('empty', $objects);
$node->safe_psql('empty', 'CREATE EXTENSION kpi');
isnt($node->safe_psql('empty', $objects), $none, 'CREATE EXTENSION creates');
$node->safe_psql('empty', 'DROP EXTENSION kpi');
is($node->safe_psql('empty', $objects), $none, 'DROP EXTENSION leaves nothing behind');

# Who may install: the owner of the database, as the extension is trusted.
$node->safe_psql('postgres', 'CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE DATABASE hers OWNER alice');
is(error_code($node, 'hers', 'CREATE EXTENSION kpi', '-U', 'bob'), '42501', 'a role without rights can not install');
is(error_code($node, 'hers', 'CREATE EXTENSION kpi', '-U', 'alice'), '', 'the owner of the database can');
is($node->safe_psql('hers', "SELECT nps('(70,20,10)')", extra_params => [ '-U', 'bob' ]), '60', 'others can use it');
is(error_code($node, 'hers', 'DROP EXTENSION kpi', '-U', 'bob'), '42501', 'but not drop it');
is(error_code($node, 'hers', 'DROP EXTENSION kpi', '-U', 'alice'), '', 'the owner can');

# Not while the scorecard has rows, of whichever table and however they came, and not by way of its owner; by a word for it.
$node->safe_psql('postgres', 'CREATE ROLE carol LOGIN IN ROLE alice; CREATE ROLE dave LOGIN');
$node->safe_psql('hers', q{CREATE SCHEMA "The KPIs"; CREATE EXTENSION kpi SCHEMA "The KPIs"; GRANT ALL ON SCHEMA "The KPIs" TO dave}, extra_params => [ '-U', 'alice' ]);
my %row = (
	kpi_definition => q{(name, title, source, unit, kind, perspective, level, timing) VALUES ('a', 'A', 's', 'month', 'flow', 'financial', 'strategic', 'lagging')},
	kpi_goal => q{(kpi, during, target) VALUES ('a', '[2026-01-01,2026-02-01)', '>= 1')},
	kpi_reading => q{(kpi, period, value, complete, measured_to) VALUES ('a', '2026-01-01', 1, true, '2026-01-31')},
	kpi_alert => q{(kpi, period, status, value, target) VALUES ('a', '2026-01-01', 'red', 0, '>= 1')});
my $path = q{SET search_path = "The KPIs"; };
my @table = qw(kpi_definition kpi_goal kpi_reading kpi_alert);
foreach my $table (@table)
{
	$node->safe_psql('hers', "$path INSERT INTO $table $row{$table}");
	foreach my $who ('alice', 'carol', undef)
	{
		my ($status, $out, $err) = $node->psql('hers', '\set VERBOSITY verbose' . "\nDROP EXTENSION kpi", extra_params => [ $who ? ('-U', $who) : () ]);
		like($err, qr/ERROR:  2BP01: cannot drop extension kpi because its scorecard has rows\nDETAIL:  They are in $table\.\nHINT:  Make a backup with pg_dump, .*CASCADE/, "a row in $table keeps it, " . ($who // 'a superuser'));
	}
	is(error_code($node, 'hers', 'DROP EXTENSION kpi', '-U', 'dave'), '42501', 'who may not drop it is told just that');
	is($node->safe_psql('hers', "$path SELECT count(*) FROM $table; DELETE FROM $table; BEGIN; DROP EXTENSION kpi; ROLLBACK"), '1', 'the row is there; without it DROP EXTENSION goes on');
}
$node->safe_psql('hers', "$path INSERT INTO $_ $row{$_}") for @table;
my ($status, $out, $err) = $node->psql('hers', 'DROP EXTENSION IF EXISTS nobody, kpi');
like($err, qr/They are in kpi_definition, kpi_goal, kpi_reading, kpi_alert\./, 'all that has rows is named');
is(error_code($node, 'hers', $_), '2BP01', "refused: $_") for 'DROP EXTENSION IF EXISTS kpi RESTRICT', 'DROP OWNED BY alice', 'DROP OWNED BY dave, alice', 'DROP SCHEMA "The KPIs"', 'SET kpi.drop_scorecard = off; DROP EXTENSION kpi', 'SET session_replication_role = replica; DROP EXTENSION kpi';
is(error_code($node, 'hers', 'SET ROLE alice; DROP OWNED BY CURRENT_USER'), '2BP01', 'refused: DROP OWNED BY CURRENT_USER');
is(error_code($node, 'hers', 'SET kpi.drop_scorecard = maybe; DROP EXTENSION kpi'), '22023', 'on or off');
is(error_code($node, 'hers', 'DROP OWNED BY alice', '-U', 'dave'), '42501', 'who may not drop what is owned is told just that');
is(error_code($node, 'hers', "BEGIN; $_; ROLLBACK"), '', "goes on: $_") for 'DROP OWNED BY dave', 'DROP EXTENSION plpgsql', 'DROP EXTENSION kpi CASCADE', 'DROP OWNED BY alice CASCADE', 'DROP SCHEMA "The KPIs" CASCADE', 'SET kpi.drop_scorecard = on; DROP EXTENSION kpi', 'SET kpi.drop_scorecard = on; DROP OWNED BY alice',
	'ALTER EVENT TRIGGER kpi_refuse_drop DISABLE; DROP EXTENSION kpi';
is($node->safe_psql('hers', "$path SELECT (SELECT count(*) FROM kpi_definition) + (SELECT count(*) FROM kpi_goal) + (SELECT count(*) FROM kpi_reading) + (SELECT count(*) FROM kpi_alert)"), '4', 'nothing was lost');
is(error_code($node, 'hers', 'DROP EVENT TRIGGER kpi_refuse_drop'), '2BP01', 'the event trigger belongs to the extension');
$node->safe_psql('hers', 'CREATE SCHEMA moved; ALTER EXTENSION kpi SET SCHEMA moved');
is(error_code($node, 'hers', 'DROP EXTENSION kpi', '-U', 'alice'), '2BP01', 'so it is in another schema');
is(error_code($node, 'hers', 'DROP EXTENSION kpi CASCADE', '-U', 'alice'), '', 'and goes with CASCADE');
is($node->safe_psql('hers', 'SELECT count(*) FROM pg_event_trigger'), '0', 'with its event trigger');


# A schema in which others may create objects: their operators, which fit operands of two types better than any of
# pg_catalog's, must not get into our functions.
$node->safe_psql('postgres', 'CREATE DATABASE shared');
$node->safe_psql('shared', join "\n", map {
	my ($left, $right) = split /,/;
	(my $name = "trap_${left}_$right") =~ s/ /_/g;
	map {
		my $result = /^[-+*\/]$/ ? 'numeric' : 'boolean';
		my $function = "${name}_$result";
		qq{CREATE OR REPLACE FUNCTION public.$function($left, $right) RETURNS $result LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'trap'; END \$\$;
		CREATE OPERATOR public.$_ (LEFTARG = $left, RIGHTARG = $right, FUNCTION = public.$function);}
	} qw(= <> < <= > >= + - * /)
} ('numeric,integer', 'integer,numeric', 'double precision,integer', 'integer,double precision', 'numeric,double precision', 'double precision,numeric'));
$node->safe_psql('shared', join "\n", q{CREATE FUNCTION public.trap_range(daterange, daterange) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;
	CREATE FUNCTION public.trap_day(daterange, date) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap'; END $$;},
	(map { "CREATE OPERATOR public.$_ (LEFTARG = daterange, RIGHTARG = daterange, FUNCTION = public.trap_range);" } qw(= <> && @> <@ >> <<)),
	'CREATE OPERATOR public.@> (LEFTARG = daterange, RIGHTARG = date, FUNCTION = public.trap_day);',
	(map { my ($name, $types, $result) = split /;/; "CREATE FUNCTION public.$name($types) RETURNS $result LANGUAGE plpgsql AS \$\$ BEGIN RAISE 'trap'; END \$\$;" }
		('lower;daterange;date', 'upper;daterange;date', 'isempty;daterange;boolean', 'unnest;double precision[];SETOF double precision', 'unnest;date[];SETOF date', 'unnest;text[];SETOF text',
			'format;text, text;text', 'format;text, text, text;text', 'cardinality;double precision[];int', 'array_lower;double precision[], int;int', 'coalesce_;text;text')));
$node->safe_psql('shared', 'CREATE EXTENSION kpi SCHEMA public');
is($node->safe_psql('shared', q{SET search_path = public;
	SELECT growth_rate(3, 2), dso(1, 2, 3), cac_payback(6, 2, 1), clv_geometric(100, 0.5, 0), kpi_status('(9,0,1)'::nps_summary, '>= 0', 0.9)}),
	'0.50000000000000000000|1.50000000000000000000|3.0000000000000000|100|green', 'operators of the target schema do not get into functions');
is($node->safe_psql('shared', q{
	CREATE VIEW sales AS SELECT date '2026-01-01' + i AS period, i AS value, 9 AS n, (i::text || '.5')::numeric AS margin, (ARRAY['a', 'b'])[i % 2 + 1] AS segment FROM pg_catalog.generate_series(0, 99) i;
	SELECT kpi_define('s', 'S', 'sales', 'week', 'flow', 'financial', 'strategic', 'lagging', min_n => 5, review_every => '1 day', pace => 'last year');
	SELECT kpi_set_goal('s', '>= 10 warn 5', '(,)'), kpi_set_goal('s', '>= 20 warn 5', '[2026-01-05,2026-02-02)'), kpi_set_goal('s', '>= 20', '(,)', 'a', 2);
	SELECT error FROM kpi_measure('s', '2026-03-20');
	SELECT sum(amount) FROM kpi_split_goal('s', 100, '[2026-01-05,2026-02-02)', '{1,2,3,4}');
	SELECT error FROM kpi_measure('s', '2026-04-01');
	SELECT count(*) FROM kpi_scorecard('2026-04-01');
	SELECT score > '0' FROM kpi_score('2026-04-01');
	SELECT count(*) > 3 FROM kpi_review();
	SELECT count(target) FROM kpi_propose_target('s');
	SELECT count(*) > 3 FROM kpi_profile('sales')}), "s\n(,)|[2026-01-05,2026-02-02)|(,)\n\n100\n\n3\nt\nt\n3\nt", 'nor into the scorecard');

# What has one of our names already is said, all of it, with the way round it.  The script's list is what the catalogue has:
# types, relations, and functions of types that a database without kpi has too.
my $sql = "$FindBin::RealBin/../../sql";
my ($listed) = join '', @{ [ `awk -v dir=$sql -f $sql/expand.awk $sql/kpi.sql` =~ /FROM \(VALUES\n(.*?)\n\t\) AS n \(kind, name\)/s ] };
my @listed = map { /\('(\w+)', '(.*)'\)/ ? "$1 $2" : () } split /\n/, $listed;
cmp_ok(scalar @listed, '>', 300, 'the script lists names');
is($node->safe_psql('postgres', q{
	WITH ours AS (SELECT classid, objid FROM pg_depend d JOIN pg_extension e ON d.refobjid = e.oid AND d.refclassid = 'pg_extension'::regclass WHERE extname = 'kpi' AND deptype = 'e'),
	types AS (SELECT t.oid, t.typname FROM pg_type t WHERE (t.oid IN (SELECT objid FROM ours WHERE classid = 'pg_type'::regclass) OR t.typelem IN (SELECT objid FROM ours WHERE classid = 'pg_type'::regclass)
		OR t.typrelid IN (SELECT objid FROM ours WHERE classid = 'pg_class'::regclass)) )
	SELECT 'type ' || typname FROM pg_type WHERE oid IN (SELECT objid FROM ours) AND typtype <> 'm' AND typcategory <> 'A' AND typrelid = 0
	UNION SELECT 'relation ' || relname FROM pg_class WHERE oid IN (SELECT objid FROM ours) AND relkind IN ('r', 'v')
	UNION SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE oid IN (SELECT objid FROM ours) AND NOT proargtypes::oid[] && ARRAY(SELECT oid FROM types) AND proname !~ '^kpi_text_(multi)?range$'
	EXCEPT SELECT CASE WHEN name LIKE 'function %' THEN 'function ' || substr(name, 10)::regprocedure ELSE name END FROM unnest($names$} . '{' . join(',', map { "\"$_\"" } @listed) . '}' . q{$names$::text[]) AS l (name)}), '', 'all that can be in the way');
$node->safe_psql('postgres', 'CREATE DATABASE crowded');
$node->safe_psql('crowded', q{CREATE TABLE rfm (a int); CREATE VIEW kpi_board AS SELECT 1; CREATE FUNCTION margin(numeric, numeric) RETURNS int LANGUAGE sql AS 'SELECT 1';
	CREATE FUNCTION margin(text) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE SCHEMA "a b"; CREATE TYPE "a b".kpi_target AS ENUM ('x')});
foreach my $case ([ '', 'schema public has names of kpi already: type rfm, relation kpi_board, function margin(numeric, numeric)' ], [ ' SCHEMA "a b"', 'schema "a b" has names of kpi already: type kpi_target' ])
{
	my ($status, $out, $err) = $node->psql('crowded', "\\set VERBOSITY verbose\nCREATE EXTENSION kpi$case->[0]");

	like($err, qr/ERROR: +42710: \Q$case->[1]\E\nHINT:  Keep them apart: CREATE SCHEMA kpi; CREATE EXTENSION kpi SCHEMA kpi;/, "in the way: $case->[1]");
}
$node->safe_psql('crowded', 'CREATE SCHEMA kpi; CREATE EXTENSION kpi SCHEMA kpi');

$node->stop;
done_testing();
