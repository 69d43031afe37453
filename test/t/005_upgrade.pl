# From every released version to this one: the same catalogue as a new installation, the same stored values, the same answers.
#
# released keeps the install scripts; test/released what each version stored, sent and printed, and what its functions
# answered (doc/releasing.md).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/../..";
my ($present) = slurp_file("$tree/kpi.control") =~ /^default_version *= *'(.*)'/m;
my @released = sort map { m,/kpi--([\d.]+)\.sql\z, ? $1 : () } glob "$tree/released/*.sql";
my $node = start_node('upgrade');

# As the trusted extension of a role without privileges; the helpers are a superuser's.
$node->safe_psql('postgres', 'CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; CREATE ROLE carol LOGIN IN ROLE alice; CREATE ROLE dora LOGIN SUPERUSER');
sub sql { my ($database, $sql) = @_; return $node->safe_psql($database, $sql, extra_params => [ '-U', 'alice' ]); }
sub database
{
	my ($name, $create, @helpers) = @_;

	$node->safe_psql('postgres', qq{CREATE DATABASE "$name" OWNER alice});
	sql($name, $create);
	load_helpers($node, $name);
	$node->safe_psql($name, slurp_file("$tree/test/lib/$_.sql")) for @helpers;
	return;
}

# [ class|object|property => values ... ]
sub catalogue
{
	my ($database, $schema) = @_;
	my %catalogue;

	foreach my $line (split /\x02/, $node->safe_psql($database, q{SELECT string_agg(concat_ws('|', class, object, property) || E'\x01' || coalesce(value, 'NULL'), E'\x02'
		ORDER BY class, object, property, value) FROM kpi_test.catalogue()}))
	{
		$line =~ s/\Q$schema\E/public/g if $schema;
		my ($key, $value) = split /\x01/, $line, 2;
		push @{ $catalogue{$key} }, $value;
	}
	return \%catalogue;
}

sub same_catalogue
{
	my ($got, $expected, $name) = @_;
	my %keys = (%$got, %$expected);
	my @different;

	foreach my $key (sort keys %keys)
	{
		my ($is, $should) = map { join '; ', sort @{ $_->{$key} // ['(absent)'] } } $got, $expected;
		push @different, "$key: $is, but a new installation has $should" if $is ne $should;
	}
	is(join("\n", @different[ 0 .. ($#different > 20 ? 20 : $#different) ]), '', $name);
	return;
}

database('fresh', 'CREATE EXTENSION kpi', 'catalogue', 'released');
is($node->safe_psql('fresh', 'SELECT public.kpi_version()'), $present, 'library and control file are of one version');
my $fresh = catalogue('fresh');
cmp_ok(scalar(keys %$fresh), '>', 20000, 'the catalogue is told in full');
# All of it is compared: what is changed, shows.
my $digest = q{SELECT md5(string_agg(concat_ws('|', class, object, property, value), '|' ORDER BY class, object, property, value)) FROM kpi_test.catalogue()};
my @changes = (q{COMMENT ON FUNCTION nps(nps_summary) IS 'x'}, 'ALTER FUNCTION nps(nps_summary) COST 7', 'REVOKE EXECUTE ON FUNCTION nps(nps_summary) FROM PUBLIC',
	'ALTER TABLE kpi_reading ALTER share SET NOT NULL', 'ALTER TABLE kpi_goal ALTER weight SET DEFAULT 2', 'GRANT SELECT ON kpi_current TO bob', 'CREATE INDEX ON kpi_reading (period)',
	'ALTER TABLE kpi_goal DROP CONSTRAINT kpi_goal_no_overlap', 'CREATE OR REPLACE VIEW late AS SELECT s.kpi FROM kpi_scorecard() s', 'ALTER EXTENSION kpi DROP FUNCTION kpi_unit(text)',
	q{UPDATE pg_extension SET extcondition = '{a,b,c,d}' WHERE extname = 'kpi'}, q{ALTER TYPE kpi_status RENAME VALUE 'red' TO 'blue'},
	'ALTER OPERATOR = (nps_summary, nps_summary) SET (RESTRICT = NONE)');
$node->safe_psql('fresh', 'CREATE VIEW late AS SELECT s.kpi FROM kpi_scorecard() s WHERE true; ALTER EXTENSION kpi ADD VIEW late');
my @digests = split /\n/, $node->safe_psql('fresh', join(';', 'SET client_min_messages = error', $digest, map { "BEGIN; $_; $digest; ROLLBACK" } @changes));
$node->safe_psql('fresh', 'ALTER EXTENSION kpi DROP VIEW late; DROP VIEW late');
isnt($digests[ $_ + 1 ], $digests[0], "is seen in the catalogue: $changes[$_]") for 0 .. $#changes;

my $owners = q{SELECT DISTINCT CASE WHEN i.type IN ('function', 'aggregate') THEN 'function' ELSE i.type END, o.rolname FROM pg_depend d JOIN pg_extension e ON extname = 'kpi' AND d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND deptype = 'e'
	LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
	LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid LEFT JOIN pg_operator r ON d.classid = 'pg_operator'::regclass AND r.oid = d.objid
	LEFT JOIN pg_event_trigger v ON d.classid = 'pg_event_trigger'::regclass AND v.oid = d.objid
	JOIN pg_roles o ON o.oid = coalesce(proowner, relowner, typowner, oprowner, evtowner), pg_identify_object(d.classid, d.objid, 0) i ORDER BY 1, 2};
cmp_ok(scalar @released, '>=', 1, 'there are released versions');
foreach my $old (@released)
{
	# The values of that version, as its files hold them.
	ok(-s "$tree/test/released/$old.$_", "$old: test/released holds its $_") for 'values', 'answers';
	$node->safe_psql('fresh', qq{
		SET client_min_messages = error;
		DROP TABLE IF EXISTS kept, answer;
		CREATE TABLE kept (number bigint PRIMARY KEY, type text, printed text, sent bytea, stored text);
		CREATE TABLE answer (number bigint, signature text, answer text);
		\\copy kept FROM '$tree/test/released/$old.values'
		\\copy answer FROM '$tree/test/released/$old.answers'
	});
	cmp_ok($node->safe_psql('fresh', 'SELECT count(*) FROM kept'), '>', 50, "$old: values");
	is($node->safe_psql('fresh', 'SELECT number, type, k.printed, f.printed FROM kept k, kpi_test.forms(type::regtype, k.printed) f WHERE f.printed <> k.printed OR f.sent <> k.sent'),
		'', "$old: text reads back, and is sent as it was");
	is($node->safe_psql('fresh', 'SELECT number, type, printed FROM kept WHERE kpi_test.receive(type::regtype, sent) IS DISTINCT FROM printed'), '', "$old: binary input");
  SKIP:
	{
		skip 'stored values were kept on a machine of the other byte order', 2 if unpack('H*', pack('S', 1)) ne '0100';
		is($node->safe_psql('fresh', 'SELECT number, type, printed FROM kept WHERE kpi_test.from_stored(type::regtype, stored) IS DISTINCT FROM printed'),
			'', "$old: bytes in a table are read as what they were");
		# else an index or a partition would not find it
		is($node->safe_psql('fresh', 'SELECT number, type, printed FROM kept WHERE kpi_test.stored_bytes(type::regtype, printed) IS DISTINCT FROM stored'),
			'', "$old: a value has the same bytes now");
	}
	cmp_ok($node->safe_psql('fresh', 'SELECT count(*) FROM answer'), '>', 1000, "$old: answers");
	is($node->safe_psql('fresh', q{
		SET timezone = 'UTC'; SET extra_float_digits = -4;
		SELECT number, k.printed, a.signature, a.answer AS then, kpi_test.answer(c.query, k.printed) AS now
		FROM answer a JOIN kept k USING (number) LEFT JOIN kpi_test.calls(k.type::regtype) c USING (signature)
		WHERE a.answer IS DISTINCT FROM kpi_test.answer(c.query, k.printed)}),
		'', "$old: every function answers as it did");

	# A database of that version, in use.
	my $database = "from $old";
	database($database, "CREATE EXTENSION kpi VERSION '$old'", 'catalogue');
	is($node->safe_psql($database, q{SELECT extversion FROM pg_extension WHERE extname = 'kpi'}), $old, "$old can be installed");
	my @had = split /\n/, $node->safe_psql($database, 'SELECT name FROM kpi_test.base_type ORDER BY 1');
	is($node->safe_psql('fresh', 'SELECT DISTINCT type FROM kept ORDER BY 1'), join("\n", @had), "$old: values of every type that it had");
	$node->safe_psql($database, 'GRANT USAGE ON SCHEMA kpi_test TO alice; GRANT SELECT ON ALL TABLES IN SCHEMA kpi_test TO alice; GRANT CREATE ON SCHEMA public TO alice');
	sql($database, join "\n", map { qq{
		CREATE TABLE stored_$_ (id int PRIMARY KEY, value $_, list $_\[], own text GENERATED ALWAYS AS (md5(${_}_send(value))) STORED);
		INSERT INTO stored_$_ SELECT row_number() OVER (ORDER BY literal), literal::$_, ARRAY[literal::$_, NULL] FROM kpi_test.sampled WHERE name = '$_' UNION ALL SELECT 0, NULL, NULL;
		CREATE UNIQUE INDEX btree_$_ ON stored_$_ (value);
		CREATE INDEX hash_$_ ON stored_$_ USING hash (value);
		CREATE TABLE parted_$_ (value $_ PRIMARY KEY) PARTITION BY HASH (value);
		CREATE TABLE parted_${_}_0 PARTITION OF parted_$_ FOR VALUES WITH (MODULUS 2, REMAINDER 0);
		CREATE TABLE parted_${_}_1 PARTITION OF parted_$_ FOR VALUES WITH (MODULUS 2, REMAINDER 1);
		INSERT INTO parted_$_ SELECT value FROM stored_$_ WHERE id > 0;} } @had);
	sql($database, q{
		CREATE TABLE survey (day date, score int, amount numeric, customer bigint);
		INSERT INTO survey SELECT date '2026-01-01' + i % 90, i % 11, i * 1.25, i % 50 FROM generate_series(1, 1000) i;
		CREATE TABLE daily AS SELECT day, nps_summary(score) AS nps, ratio_summary(amount, score) AS price, activity_summary(customer, day, 'month') AS active FROM survey GROUP BY day;
		CREATE VIEW monthly AS SELECT kpi_period(day, 'month') AS period, nps(rollup(nps)) AS value, responses(rollup(nps)) AS n, ratio(rollup(price)) AS price, active_customers(rollup(active)) AS customers FROM daily GROUP BY 1;
		CREATE MATERIALIZED VIEW kept AS SELECT * FROM monthly;
		CREATE FUNCTION worst(kpi_status[]) RETURNS kpi_status LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT min(s) FROM unnest($1) s; END;
		CREATE TABLE plan (target kpi_target CHECK (target_value(target) > 0), goal kpi_target DEFAULT '>= 5');
		INSERT INTO plan VALUES ('>= 50 warn 40');
		CREATE VIEW sales AS SELECT day AS period, sum(amount) AS value FROM survey GROUP BY 1;
		CREATE VIEW late AS SELECT * FROM kpi_reading WHERE status IN ('red', 'amber');
		SELECT kpi_define('nps', 'NPS', 'monthly', 'month', 'survey', 'customer', 'strategic', 'lagging');
		SELECT kpi_define('sales', 'Sales', 'sales', 'month', 'flow', 'financial', 'strategic', 'lagging', parent => 'nps');
		SELECT kpi_set_goal('nps', '>= -20 warn -40', '(,)'), kpi_set_goal('sales', '>= 250000 warn 100000', '[2026-01-01,2027-01-01)');
		SELECT kpi_set_goal('sales', '>= 200000 warn 100000', '[2026-02-01,2026-03-01)');
		SELECT error FROM kpi_measure(as_of => '2026-03-31');
		GRANT SELECT ON kpi_reading TO bob; GRANT EXECUTE ON FUNCTION kpi_measure(text, date, boolean) TO bob});
	my $contents = join(' UNION ALL ', (map { qq{
			SELECT 'stored $_', id::text, value::text, own, list::text FROM stored_$_ UNION ALL
			SELECT 'found $_', (SELECT count(*) FROM stored_$_ s WHERE s.value = p.value)::text, value::text, tableoid::regclass::text, md5(${_}_send(value)) FROM parted_$_ p} } @had),
		map { "SELECT '" . tr/'//dr . "', NULL, (to_jsonb(t) - '{goals_set_at,hide,recover,watch,zone,phase,phases,baseline,signal,acknowledged_at,acknowledged_by,note}'::text[])::text, NULL, NULL FROM $_ t" } qw(daily monthly kept plan sales late kpi_definition kpi_goal kpi_reading kpi_alert), q{kpi_scorecard('2026-03-31')}) . ' ORDER BY 1, 2, 3';
	my $before = sql($database, $contents);
	cmp_ok(scalar(split /\n/, $before), '>', 100 + 2 * @had, "$old: there is much stored");

	sql($database, 'ALTER EXTENSION kpi UPDATE');
	is($node->safe_psql($database, q{SELECT extversion, kpi_version() FROM pg_extension WHERE extname = 'kpi'}), "$present|$present", "$old: updated, by the owner of the database");
	foreach my $plan ('on', 'off')
	{
		is(sql($database, "SET enable_seqscan = $plan; SET enable_hashjoin = $plan; $contents"), $before, "$old: what was stored is unchanged, seqscan $plan");
	}
	is(sql($database, 'REFRESH MATERIALIZED VIEW kept; ' . $contents), $before, "$old: views give what they gave");
	is(sql($database, q{SELECT count(error), sum(readings), sum(changed) FROM kpi_measure(as_of => '2026-03-31')}), '0|6|0', "$old: measuring again finds the readings as they were");
	is($node->safe_psql($database, join "\nUNION ALL ", map { "SELECT '$_' FROM stored_$_ WHERE own <> md5(${_}_send(value))" } @had), '', "$old: generated columns");
	is(error_code($node, $database, join '', map { qq{
		DO \$\$ BEGIN
			INSERT INTO stored_$_ SELECT 100, literal::$_ FROM kpi_test.sampled WHERE name = '$_' ORDER BY literal LIMIT 1;
			RAISE '$_ is in twice';
		EXCEPTION WHEN unique_violation THEN NULL;
		END \$\$;} } @had), '', "$old: what is unique stays so");
	is($node->safe_psql($database, q{SELECT has_table_privilege('bob', 'kpi_reading', 'SELECT'), has_function_privilege('bob', 'kpi_measure(text, date, boolean)', 'EXECUTE'), has_table_privilege('bob', 'kpi_goal', 'SELECT')}),
		't|t|f', "$old: what was granted is granted");
	sql($database, 'REVOKE SELECT ON kpi_reading FROM bob; REVOKE EXECUTE ON FUNCTION kpi_measure(text, date, boolean) FROM bob');
	same_catalogue(catalogue($database), $fresh, "$old: the catalogue is that of a new installation");

	# In another schema, with nothing else in the search path.
	database("moved $old", qq{CREATE SCHEMA "The KPIs"; CREATE EXTENSION kpi SCHEMA "The KPIs" VERSION '$old'; SET search_path = ''; ALTER EXTENSION kpi UPDATE}, 'catalogue');
	same_catalogue(catalogue("moved $old", '"The KPIs"'), $fresh, "$old: so it is in another schema");

	# A superuser updates what another has installed, and so does a member of the installer's role.
	foreach my $who ('postgres', 'dora', 'carol')
	{
		database("for $who $old", "CREATE EXTENSION kpi VERSION '$old'", 'catalogue');
		$node->safe_psql("for $who $old", 'ALTER EXTENSION kpi UPDATE', extra_params => [ '-U', $who ]);
		same_catalogue(catalogue("for $who $old"), $fresh, "$old: so it is where $who updates");
		is(sql("for $who $old", 'SELECT count(*) FROM kpi_board'), 0, "$old: and the installer has the rights");
		is($node->safe_psql("for $who $old", $owners), "event trigger|postgres\nfunction|postgres\noperator|postgres\ntable|postgres\ntype|postgres\nview|postgres", "$old: all of it is who owned it");
	}
	# What a superuser has installed and another one updates; he may be one no more.
	foreach my $super ('SUPERUSER', 'NOSUPERUSER')
	{
		$node->safe_psql('postgres', qq{DROP ROLE IF EXISTS eve; CREATE ROLE eve LOGIN SUPERUSER; CREATE DATABASE "by eve $old" OWNER alice});
		$node->safe_psql("by eve $old", "CREATE EXTENSION kpi VERSION '$old'", extra_params => [ '-U', 'eve' ]);
		$node->safe_psql('postgres', "ALTER ROLE eve $super");
		$node->safe_psql("by eve $old", 'ALTER EXTENSION kpi UPDATE', extra_params => [ '-U', 'dora' ]);
		is($node->safe_psql("by eve $old", $owners), 'event trigger|' . ($super eq 'SUPERUSER' ? 'eve' : 'dora') . "\nfunction|eve\noperator|eve\ntable|eve\ntype|eve\nview|eve", "$old: one owner, with $super, but of what only a superuser may own");
		$node->safe_psql('postgres', qq{DROP DATABASE "by eve $old"});
	}
}

$node->stop;
done_testing();
