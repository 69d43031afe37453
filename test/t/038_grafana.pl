# contrib/grafana/kpi.json: each query of the dashboard runs on the demo's scorecard, gives rows of plain types, and has the columns
# that its panel names.  Macros and variables are replaced as Grafana does.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use JSON::PP;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/../..";
my $node = start_node('grafana');
my $dashboard = JSON::PP->new->decode(slurp_file("$tree/contrib/grafana/kpi.json"));
my %variable = (kpi => 'churn', segment => 'total');
my $red = '#c62828';

# psql runs the demo, a server at UTC
$node->append_conf('postgresql.conf', "timezone = 'UTC'\n");
$node->reload;
IPC::Run::run([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-c', 'CREATE EXTENSION kpi', map { ('-f', "$tree/demo/$_.sql") } qw(crm scorecard) ], '>', \my $printed)
	or die 'the demo does not load';

# The macros of Grafana's data source, over the time range 2025; ${name:sqlstring} is a quoted literal.
sub grafana
{
	my ($sql) = @_;
	my ($from, $to) = ("'2025-01-01T00:00:00Z'", "'2025-12-31T23:59:59.999Z'");

	$sql =~ s/\$__timeFilter\((.*?)\)/$1 BETWEEN $from AND $to/g;
	$sql =~ s/\$__timeFrom\(\)/$from/g;
	$sql =~ s/\$__timeTo\(\)/$to/g;
	$sql =~ s/\$\{(\w+):sqlstring\}/exists $variable{$1} ? "'" . $variable{$1} =~ s,','',gr . "'" : die "no variable $1"/ge;
	unlike($sql, qr/\$/, 'nothing is left that Grafana would not know');
	return $sql;
}

sub lines { return split /\n/, $node->safe_psql('postgres', $_[0]) }

# names and types of a query's columns
sub columns
{
	my ($sql) = @_;

	return map { [ split /\|/ ] } lines("CREATE TEMP VIEW q AS $sql; SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'q'::regclass AND attnum > 0 ORDER BY attnum");
}

my $database = '${datasource}';
my (%id, @placed);
foreach my $panel (@{ $dashboard->{panels} })
{
	my $title = $panel->{title};
	my $position = $panel->{gridPos};

	ok(!$id{ $panel->{id} }++, "$title: an id of its own");
	cmp_ok($position->{x} + $position->{w}, '<=', 24, "$title: inside the grid");
	is(scalar(grep { $_->{x} < $position->{x} + $position->{w} && $position->{x} < $_->{x} + $_->{w} && $_->{y} < $position->{y} + $position->{h} && $position->{y} < $_->{y} + $_->{h} } @placed), 0,
		"$title: covers no other");
	push @placed, $position;
	is($panel->{datasource}{uid}, $database, "$title: the chosen database");
	foreach my $target (@{ $panel->{targets} })
	{
		my $sql = grafana($target->{rawSql});
		my @columns = columns($sql);
		my %name = map { $_->[0] => $_->[1] } @columns;

		is($target->{datasource}{uid}, $database, "$title: its query too");
		cmp_ok(scalar lines($sql), '>', 0, "$title: there are rows");
		is(join(', ', map { "@$_" } grep { $_->[1] !~ /^(text|date|timestamp with time zone|double precision|bigint|integer|boolean|numeric)$/ } @columns), '', "$title: plain types");
		if ($target->{format} eq 'time_series')
		{
			like($name{time}, qr/^(date|timestamp)/, "$title: a column time");
			is(join(',', grep { $name{$_} eq 'text' } sort keys %name), exists $name{metric} ? 'metric' : '', "$title: other columns are numbers");
			is($node->safe_psql('postgres', "SELECT bool_and(\"time\" >= before) FROM (SELECT \"time\", lag(\"time\") OVER () AS before FROM ($sql) q) q"), 't', "$title: in order of time");
		}
		foreach my $named ((map { $_->{matcher}{options} } @{ $panel->{fieldConfig}{overrides} }), ($panel->{options}{reduceOptions}{fields} // '') =~ m,^/\^(.*)\$/$,, ($panel->{fieldConfig}{defaults}{displayName} // '') =~ /fields\.(\w+)/)
		{
			ok(exists $name{$named}, "$title: column $named is there");
		}
	}
}
cmp_ok(scalar keys %id, '>=', 8, 'panels were found');

foreach my $variable (grep { $_->{type} eq 'query' } @{ $dashboard->{templating}{list} })
{
	my $sql = grafana($variable->{query});

	is(join(',', map { $_->[0] } columns($sql)), '__text,__value', "variable $variable->{name}: text and value");
	ok(scalar(grep { /\|\Q$variable{ $variable->{name} }\E$/ } lines($sql)), "variable $variable->{name}: $variable{ $variable->{name} } can be chosen");
}
foreach my $annotation (@{ $dashboard->{annotations}{list} })
{
	my $sql = grafana($annotation->{target}{rawSql});

	is(join(',', map { $_->[0] } columns($sql)), 'time,text,tags', 'annotations: time, text, tags');
	cmp_ok(scalar lines($sql), '>', 0, 'annotations: there are some');
}

# Numbers, words and colours are those of the tables.
my ($counts, $board, undef, undef, $states, $values) = map { grafana($_->{targets}[0]{rawSql}) } @{ $dashboard->{panels} };
is($node->safe_psql('postgres', $counts), $node->safe_psql('postgres', q{SELECT count(*) FILTER (WHERE status = 'red'), count(*) FILTER (WHERE status = 'amber'), count(*) FILTER (WHERE status = 'uncertain'),
	count(*) FILTER (WHERE status = 'green'), count(*) FILTER (WHERE status IS NULL OR status IN ('pending', 'no_data')) FROM kpi_scorecard('2025-12-31') WHERE segment = ''}), 'KPIs by status');
is($node->safe_psql('postgres', $values), $node->safe_psql('postgres', q{SELECT period, value, 0.01, 0.013, NULL, NULL FROM kpi_reading WHERE kpi = 'churn' AND segment = '' AND period >= '2025-01-01' ORDER BY 1}), 'value and target');
is($node->safe_psql('postgres', "SELECT count(*) FROM ($board) q"), '17', 'all of the scorecard');
my %order = map { split /\|/ } lines(q{SELECT DISTINCT kpi_status_order(s::text), kpi_status_colour(s::text) FROM unnest(enum_range(NULL::kpi_status)) s});
my ($timeline) = grep { $_->{type} eq 'state-timeline' } @{ $dashboard->{panels} };
my %mapped = %{ $timeline->{fieldConfig}{defaults}{mappings}[0]{options} };
is(join(' ', map { "$_ $mapped{$_}{color}" } sort keys %mapped), join(' ', map { "$_ $order{$_}" } sort keys %order), 'the colours of the timeline are those of kpi_status_colour()');
my ($table) = grep { $_->{title} =~ /^Scorecard/ } @{ $dashboard->{panels} };
my ($status) = grep { $_->{matcher}{options} eq 'Status' } @{ $table->{fieldConfig}{overrides} };
my %word = %{ $status->{properties}[0]{value}[0]{options} };
is(join(',', grep { !$word{$_} } lines('SELECT DISTINCT status_text FROM kpi_board UNION SELECT DISTINCT status_text FROM kpi_history')), '', 'all words have a colour');
is($word{'Off target'}{color}, $red, 'red is red');

$node->stop;
done_testing();
