# The starter sets: each defines a scorecard of 5 to 8 KPIs that is measured, has goals, and passes its review; the values of the last period are those that plain SQL gives.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/../..";
my @sets = map { s,^.*/,,r =~ s/\.sql$//r } sort glob "$tree/demo/starter/*.sql";
my $document = slurp_file("$tree/doc/starter.md");
my $node = start_node('starter');

# The value of December, or of the last quarter of 2025, without this extension.
my $month = q{BETWEEN '2025-12-01' AND '2025-12-31'};
my $quarter = q{BETWEEN '2025-10-01' AND '2025-12-31'};
my $utc = q{AT TIME ZONE 'UTC')::date};
my $rows = 'FROM orders o JOIN order_line l ON l.order_id = o.id';
my %plain = (
	revenue => "sum(CASE WHEN status = 'cancelled' THEN 0 ELSE revenue END) $rows WHERE ordered_at $month",
	gross_margin => "1 - sum(cost) / sum(revenue) $rows WHERE ordered_at $month AND status <> 'cancelled' AND cost IS NOT NULL",
	average_order => "sum(revenue) / count(DISTINCT o.id) $rows WHERE ordered_at $month AND status NOT IN ('cancelled', 'refund')",
	net_margin => q{1 - (SELECT sum(amount) FROM ledger WHERE kind = 'expense' AND month = '2025-12-01') / sum(amount) FROM ledger WHERE kind = 'income' AND month = '2025-12-01'},
	mrr => q{sum(mrr) FROM subscription WHERE started_at <= '2025-12-31' AND coalesce(ended_at, '2099-01-01') > '2025-12-31'},
	net_revenue_retention => q{(SELECT sum(mrr) FROM subscription s WHERE started_at <= '2025-12-31' AND coalesce(ended_at, '2099-01-01') > '2025-12-31' AND customer_id IN
			(SELECT customer_id FROM subscription WHERE started_at <= '2024-12-31' AND coalesce(ended_at, '2099-01-01') > '2024-12-31'))
		/ sum(mrr) FROM subscription WHERE started_at <= '2024-12-31' AND coalesce(ended_at, '2099-01-01') > '2024-12-31'},
	churn => "avg(CASE WHEN lost_at $month THEN 1 ELSE 0 END) FROM customer WHERE since < '2025-12-01' AND coalesce(lost_at, '2099-01-01') > '2025-11-30'",
	new_customers => "count(*) FROM customer WHERE since $month",
	acquisition_cost => "(SELECT sum(spend) FROM campaign_spend WHERE month = '2025-12-01') / count(*) FROM customer WHERE since $month",
	leads => "count(*) FROM lead WHERE (created_at $utc $month",
	lead_quality => "avg(CASE WHEN first - created_at <= interval '30 days' THEN 1 ELSE 0 END) FROM lead
		LEFT JOIN (SELECT lead_id, min(entered_at) AS first FROM lead_stage_history WHERE stage IN ('mql', 'sql') GROUP BY 1) h ON lead_id = id WHERE (created_at $utc + 30 $month",
	win_rate => "(count(*) FILTER (WHERE stage = 'won'))::numeric / count(*) FROM lead_stage_history h WHERE stage IN ('won', 'lost') AND (entered_at $utc $month
		AND lead_id IN (SELECT lead_id FROM lead_stage_history WHERE stage = 'opportunity')",
	follow_up => "count(*) FILTER (WHERE at <= due_at)::numeric / count(*) FROM activity WHERE kind = 'follow-up' AND (due_at $utc $month",
	repeat_rate => "avg(CASE WHEN orders >= 2 THEN 1 ELSE 0 END) FROM (SELECT count(*) AS orders FROM orders WHERE ordered_at $quarter AND status NOT IN ('cancelled', 'refund') GROUP BY customer_id) c",
	nps => "100 * (count(*) FILTER (WHERE nps_score > 8) - count(*) FILTER (WHERE nps_score < 7))::numeric / count(nps_score) FROM survey_response WHERE (answered_at $utc $quarter",
	satisfaction => "count(*) FILTER (WHERE csat_score > 3)::numeric / count(csat_score) FROM survey_response WHERE (answered_at $utc $month",
	complaints => "(SELECT count(*) FROM ticket JOIN ticket_case ON ticket_id = id WHERE kind = 'complaint' AND (created_at $utc $month)::numeric / count(*)
		FROM orders WHERE ordered_at $month AND status NOT IN ('cancelled', 'refund')",
	first_response => "count(*) FILTER (WHERE first_response_at - created_at <= interval '4 hours')::numeric / count(*) FROM ticket WHERE (created_at $utc $month AND coalesce(first_response_at, created_at) >= created_at",
	resolution_hours => "avg(extract(epoch FROM resolved_at) - extract(epoch FROM created_at) - extract(epoch FROM paused)) / 3600 FROM ticket JOIN ticket_case ON ticket_id = id
		WHERE (resolved_at $utc $month AND reopened_at IS NULL AND resolved_at - paused >= created_at",
	on_time => "count(*) FILTER (WHERE shipped_at <= required_at)::numeric / count(*) FROM orders WHERE required_at $month AND status NOT IN ('cancelled', 'refund')",
	shrinkage => "-sum(value) / (SELECT sum(quantity * unit_cost) FROM stock WHERE month_end = '2025-12-31') FROM stock_adjustment WHERE adjusted_at $month",
	defects => "sum(defective)::numeric / sum(units) FROM production_run WHERE (started_at $utc $month",
	utilisation => "sum(run_hours) / sum(planned_hours) FROM machine_log WHERE day $month",
	maintenance => "count(*) FILTER (WHERE done_at <= due_at)::numeric / count(*) FROM work_order WHERE due_at $month",
	footfall => "sum(visitors) FROM footfall WHERE day $month",
	visits => "count(*) FROM web_session WHERE (started_at $utc $month",
	web_conversion => "count(order_id)::numeric / count(*) FROM web_session WHERE (started_at $utc $month",
	assets => "sum(balance) FROM holding WHERE month_end = '2025-12-31'",
	overdue => "sum(CASE WHEN due_at < '2025-12-31' THEN total ELSE 0 END) / sum(total) FROM invoice WHERE credit AND issued_at <= '2025-12-31' AND coalesce(paid_at, '2099-01-01') > '2025-12-31'",
	dso => "31 * sum(CASE WHEN coalesce(paid_at, '2099-01-01') > '2025-12-31' THEN total ELSE 0 END) / sum(CASE WHEN issued_at $month THEN total ELSE 0 END) FROM invoice WHERE credit AND issued_at <= '2025-12-31'",
	cross_selling => "count(*) FILTER (WHERE won)::numeric / count(*) FROM offer WHERE closed_at $month",
	renewal => "sum(CASE WHEN renewed_at IS NULL THEN 0 ELSE value END) / sum(value) FROM renewal WHERE due_at $month",
	referrals => "(SELECT count(*) FROM referral r JOIN customer c ON c.id = r.customer_id WHERE since $quarter)::numeric / count(*) FROM customer WHERE since $quarter",
	enrolments => "count(*) FROM enrolment WHERE enrolled_at $quarter",
	completion => "count(*) FILTER (WHERE completed_at - enrolled_at <= 120)::numeric / count(*) FROM enrolment WHERE enrolled_at + 120 $quarter",
	certificates => "count(renewed_at)::numeric / count(*) FROM enrolment WHERE renewal_due $quarter",
	staff_satisfaction => "count(*) FILTER (WHERE satisfaction IN (4, 5))::numeric / count(satisfaction) FROM employee_survey WHERE quarter = '2025-10-01'",
	staff_retention => "avg(CASE WHEN coalesce(left_at, '2099-01-01') > '2025-12-31' THEN 1 ELSE 0 END) FROM employee WHERE hired_at <= '2025-09-30' AND coalesce(left_at, '2099-01-01') > '2025-09-30'",
	crm_use => "count(DISTINCT l.employee_id)::numeric / count(DISTINCT e.id) FROM employee e LEFT JOIN login l ON l.employee_id = e.id AND (at $utc $month
		WHERE crm_licence AND hired_at <= '2025-12-01' AND coalesce(left_at, '2099-01-01') > '2025-12-31'");

# Moves all of the demo's dates by half a year, months to months and quarters to quarters, as if the scripts were used for so long.
my $half_a_year_later = q{DO $$
DECLARE c record;
BEGIN
	FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE connamespace = 'crm'::regnamespace AND contype <> 'n' AND (contype IN ('c', 'f') OR EXISTS
		(SELECT FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey) AND atttypid IN ('date'::regtype, 'timestamptz'::regtype, 'timestamp'::regtype))) ORDER BY contype <> 'f' LOOP
		EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', c.t, c.conname);
	END LOOP;
	FOR c IN SELECT attrelid::regclass AS t, string_agg(format('%1$I = %1$I + interval ''6 months''', attname), ', ') AS moved
		FROM pg_attribute JOIN pg_class k ON k.oid = attrelid WHERE relnamespace = 'crm'::regnamespace AND relkind = 'r'
		AND atttypid IN ('date'::regtype, 'timestamptz'::regtype, 'timestamp'::regtype) AND attgenerated = '' AND NOT attisdropped GROUP BY attrelid LOOP
		EXECUTE format('UPDATE %s SET %s', c.t, c.moved);
	END LOOP;
END $$};

# What depends on the months only, and not on their lengths or on two days that both became the last of a month, stays the same.
my %by_days = map { $_ => 1 } qw(completion dso first_response follow_up lead_quality on_time resolution_hours);

# Runs psql scripts; what they print.
sub script
{
	my ($database, @files) = @_;
	my ($out, $err);

	IPC::Run::run([ 'psql', '-X', '-q', '-P', 'footer=off', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($database), map { ('-f', "$tree/demo/$_.sql") } @files ], '>', \$out, '2>', \$err)
		or diag($err);
	is($err, '', "$database: no error and no notice");
	return $out =~ s/[ \t]+$//mgr;
}

sub values_of
{
	my ($database, $sql) = @_;

	return split /\n/, $node->safe_psql($database, $sql);
}

is(scalar @sets, 10, 'there are ten sets');
$node->safe_psql('postgres', 'CREATE DATABASE crm');
script('crm', 'crm', 'crm_more');
$node->safe_psql('crm', 'CREATE EXTENSION kpi');

my %checked;
foreach my $set (@sets)
{
	$node->safe_psql('postgres', qq{CREATE DATABASE "$set" TEMPLATE crm});
	my $printed = script($set, "starter/$set");
	my %defined = map { split /\|/ } values_of($set, 'SELECT name, title FROM kpi_definition');
	my $kpis = keys %defined;

	cmp_ok($kpis, '>=', 5, "$set: not too few KPIs");
	cmp_ok($kpis, '<=', 8, "$set: not too many KPIs");
	is(join(',', values_of($set, q{SELECT name FROM kpi_definition WHERE owner = '' OR description = '' OR error IS NOT NULL OR (kind = 'flow' AND guard IS NULL)
		OR title ~ '[^[:ascii:]]' OR source !~ '^starter_' ORDER BY 1})), '', "$set: each KPI has an owner, a description, a source that works, a flow its guard");
	is(join(',', values_of($set, 'SELECT DISTINCT perspective FROM kpi_definition ORDER BY 1')), 'customer,financial,people,process', "$set: all perspectives");
	is(join(',', values_of($set, 'SELECT DISTINCT timing FROM kpi_definition ORDER BY 1')), 'lagging,leading', "$set: leading and lagging");

	# a reading with a verdict for each period of 2025, by the goal that holds for it
	is(join(',', values_of($set, q{SELECT name FROM kpi_definition d WHERE (SELECT count(*) FROM kpi_reading r WHERE r.kpi = d.name AND segment = '' AND period >= '2025-01-01'
		AND complete AND value IS NOT NULL AND target IS NOT NULL AND status IN ('green', 'amber', 'red')) <> CASE unit WHEN 'month' THEN 12 ELSE 4 END ORDER BY 1})),
		'', "$set: each KPI has a reading, a goal and a verdict for each period of 2025");
	is(join(',', values_of($set, q{SELECT name FROM kpi_definition WHERE NOT EXISTS (SELECT FROM kpi_goal WHERE kpi = name AND superseded_at IS NULL AND during @> current_date)})), '',
		"$set: each KPI has a goal today");
	is(join(',', values_of($set, q{SELECT kpi FROM kpi_scorecard('2025-12-31') WHERE value IS NULL OR target_value IS NULL OR status = 'no_data' ORDER BY 1})), '', "$set: the scorecard is full");

	# The demo's data end in 2025, so sources are stale; all else would be a mistake of the set.
	is(join(',', values_of($set, q{SELECT concat_ws(' ', kpi, rule, finding) FROM kpi_review() WHERE rule <> 'stale source'})), '', "$set: its review finds nothing");

	foreach my $kpi (sort keys %defined)
	{
		ok($plain{$kpi}, "$set: $kpi is known") or next;
		is($node->safe_psql($set, qq{SET search_path = crm, public; SELECT abs(value - plain::float8) <= 1e-9 * abs(plain)
			FROM kpi_reading r, (SELECT $plain{$kpi}) p(plain) WHERE kpi = '$kpi' AND segment = '' AND period = (SELECT max(period) FROM kpi_reading m WHERE m.kpi = '$kpi')}), 't',
			"$set: the last value of $kpi is that of plain SQL");
		like($document, qr/\[\Q$defined{$kpi}\E\]/i, "$set: the page names $defined{$kpi}");
		$checked{$kpi} = 1;
	}
	like($document, qr,\]\(\.\./demo/starter/$set\.sql\),, "$set is on the page");

	if ($set eq 'retail')
	{
		my ($shown) = $document =~ /^```text\n( +kpi .*?)^```$/ms;
		is($printed =~ s/.*\n(?= +kpi )//sr =~ s/\n+\z/\n/r, $shown, 'the page shows the scorecard of retail');
	}

	# Half a year on the same views give the periods that have come since.
  SKIP:
	{
		skip 'the clock of this machine is too early', 2 if $node->safe_psql($set, q{SELECT current_date <= '2026-06-30'}) eq 't';
		my %before = map { split /\|/ } values_of($set, q{SELECT kpi, value FROM kpi_reading r WHERE segment = '' AND period = CASE (SELECT unit FROM kpi_definition WHERE name = kpi)
			WHEN 'month' THEN date '2025-12-01' ELSE '2025-10-01' END});

		$node->safe_psql($set, "SET timezone = 'UTC'; $half_a_year_later; ANALYZE; SELECT count(*) FROM kpi_measure(as_of => '2026-06-30', notify => false)");
		my %after = map { split /\|/ } values_of($set, q{SELECT kpi, value FROM kpi_reading r WHERE segment = '' AND complete AND value IS NOT NULL AND target IS NOT NULL
			AND period = CASE (SELECT unit FROM kpi_definition WHERE name = kpi) WHEN 'month' THEN date '2026-06-01' ELSE '2026-04-01' END});
		is(join(',', sort keys %after), join(',', sort keys %defined), "$set: each KPI has a reading for the last period, half a year later");
		is(join(', ', map { "$_ $before{$_} $after{$_}" } grep { !$by_days{$_} && $before{$_} ne ($after{$_} // '') } sort keys %before), '', "$set: ... with the value that this period had before");
	}

	# What the script says about being rid of it
	my ($remove) = slurp_file("$tree/demo/starter/$set.sql") =~ /^-- +(TRUNCATE .*;)$/m;
	$node->safe_psql($set, "SET client_min_messages = warning; $remove");
	is($node->safe_psql($set, "SELECT count(*) FROM kpi_definition") + $node->safe_psql($set, 'SELECT count(*) FROM kpi_reading') + $node->safe_psql($set, 'SELECT count(*) FROM kpi_goal'),
		0, "$set: nothing is left of it");
}
is(join(',', grep { !$checked{$_} } sort keys %plain), '', 'each KPI that is checked is in a set');

$node->stop;
done_testing();
