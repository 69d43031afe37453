# What is too large stops with 54000 and a hint, what only seems so does not; large work can be cancelled.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiSession;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;

my ($available) = map { /(\d+)/ } grep { /^MemAvailable/ } do { open my $f, '<', '/proc/meminfo'; $f ? <$f> : () };
plan skip_all => 'needs 4 GB of memory' if !$available || $available < 4e6;

my $node = start_node('limits');
$node->append_conf('postgresql.conf', "max_parallel_workers_per_gather = 0\nwork_mem = '1GB'\n");
$node->restart;
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');

# customers beyond 40 bits take two words each with their period
my ($status, $out, $err) = $node->psql('postgres', q{
	SELECT active_customers(activity_summary(g::bigint << 39, date '2024-01-01', 'month')) FROM generate_series(1, 34000000) g}, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
like($err, qr/ERROR: +54000: .*HINT: /s, 'a state over 512 MB stops with 54000 and a hint');

$node->safe_psql('postgres', q{
	CREATE TABLE half AS SELECT activity_summary(g::bigint << 39, date '2024-01-01', 'month') AS s FROM generate_series(1, 17000000) g});
is($node->safe_psql('postgres', 'SELECT s + s = s FROM half'), 't', 'a sum is as large as what comes out');
is($node->safe_psql('postgres', 'SELECT active_customers(rollup(s)) FROM (SELECT s FROM half UNION ALL SELECT s FROM half) t'), '17000000', 'so is a rollup');
is($node->safe_psql('postgres', "SELECT active_customers(forget(s, 1::bigint << 39)) FROM half"), '16999999', 'a customer of a large summary is forgotten');
is($node->safe_psql('postgres', q{
	SELECT active_customers(activity_summary(c, date '2024-01-01', 'month'))
	FROM (SELECT g::bigint FROM generate_series(1, 20000000) g UNION ALL SELECT g FROM generate_series(1, 20000000) g UNION ALL SELECT 1::bigint << 41) t (c)}),
	'20000001', 'one customer beyond 40 bits at the end of many rows');

is($node->safe_psql('postgres', q{
	SELECT active_customers(activity_summary(repeat('x', 1000000) || g, date '2024-01-01', 'month')) FROM generate_series(1, 3) g}),
	'3', 'text keys of a megabyte');

# 17 million records of 32 bytes, but two bytes each where it is stored
is($node->safe_psql('postgres', q{
	SELECT octet_length(revenue_summary_send(('(day,bigint,0,"";1:0=1' || repeat('+1=0', 17000000) || ')')::revenue_summary)) / 1000000}),
	'34', 'the text of a summary is read whose records are many');

# what reading takes beside the literal, its copies and the value; a session of its own, as this is the most it ever took
SKIP:
{
	skip 'needs /proc', 6 if !-r '/proc/self/status';
	foreach my $large ([ 'activity_summary', '+1', 30000000 ], [ 'revenue_summary', '+1=1', 15000000 ])
	{
		my ($type, $record, $n) = @$large;
		my $peak = $node->safe_psql('postgres', q{
			SELECT pg_column_size(('(day,bigint,0,"";1:0} . substr($record, 2) . qq{' || repeat('$record', $n) || ')')::$type);} .
			q{ SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::bigint / 1024});
		my ($size, $megabytes) = split /\n/, $peak;
		my $text = $n * length($record) / 1048576;
		cmp_ok($megabytes, '<', 8 * $text, sprintf('reading %d MB of one customer, %s, takes %d MB', $text, $type, $megabytes));
	}

	# a source takes memory by its periods and segments, and stops at a million; the server's shared memory is counted too
	$node->safe_psql('postgres', q{
		CREATE VIEW many_rows AS SELECT date '2020-01-01' + g % 100 AS period, 1 AS value FROM generate_series(1, 1000000) g;
		CREATE VIEW many_groups AS SELECT date '2020-01-01' + g / 1000 AS period, 'segment ' || g % 1000 AS segment, 1 AS value FROM generate_series(0, 1499999) g;
		SELECT kpi_define(s, s, s::regclass, 'day', 'flow', 'financial', 'strategic', 'lagging') FROM unnest('{many_rows,many_groups}'::text[]) s});
	my $measure = sub { my ($name) = @_; return split /\n/, $node->safe_psql('postgres', "SET work_mem = '4MB'; SELECT coalesce(error, readings::text) FROM kpi_measure('$name', '2026-01-01'); SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\\s+(\\d+)')::bigint / 1024") };
	my ($readings, $megabytes) = $measure->('many_rows');
	is($readings, '100', 'a million rows of a hundred days');
	cmp_ok($megabytes, '<', 100, "take $megabytes MB");
	my ($error, $most) = $measure->('many_groups');
	is($error, 'source public.many_groups has more than 1000000 periods and segments: leave some out, or choose a longer unit', 'more than a million periods and segments');
	cmp_ok($most, '<', 400, "take $most MB");
}

# Text, the limit: of a customer and a period as long as they get, so that few of them reach it; here each takes 32 characters.
my $wide = q{(-9223372036854775808)::bigint + g, date '5874897-01-01'};
my $printable = int((1e9 - length '(day,bigint,0,"")') / 32);
SKIP:
{
	skip 'needs 6 GB of memory', 12 if $available < 6e6;
	$node->safe_psql('postgres', "CREATE TABLE printed AS SELECT activity_summary($wide, 'day') AS s FROM generate_series(0, $printable - 1) g");
	is($node->safe_psql('postgres', 'SELECT octet_length(s::text), active_customers(s) FROM printed'), 32 * $printable + 17 . "|$printable", 'a value whose text just fits is built and printed');

	my $one = "(SELECT activity_summary($wide, 'day') FROM generate_series($printable, $printable) g)";
	foreach my $larger ("SELECT s + $one FROM printed", "SELECT rollup(s) FROM (SELECT s FROM printed UNION ALL SELECT $one) t")
	{
		(undef, undef, $err) = $node->psql('postgres', $larger, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
		like($err, qr/ERROR: +54000: .* longer than 1000000000 bytes.*HINT: /s, 'one customer more is not');
	}
	is($node->safe_psql('postgres', "SELECT repeat_rate($wide) FROM generate_series(0, $printable) g"), '0', 'what comes to a number needs no text');

	# The binary form with more customers at its end, each a key one above the last, once, in the first period: three zeros.
	my $file = $node->basedir . '/binary';
	$node->safe_psql('postgres', "COPY (SELECT s FROM printed) TO '$file' (FORMAT binary)");
	my $copied = slurp_file($file);
	my $head = 11 + 4 + 4 + 2;
	my $value = sub {
		my ($more) = @_;
		my $sent = substr($copied, $head + 4, -2) . "\0\0\0" x $more;

		substr($sent, $_, 8) = pack 'Q>', $printable + $more for 1, 28;
		open my $out, '>:raw', $file or die $!;
		print $out substr($copied, 0, $head), pack('N', length $sent), $sent, substr($copied, -2);
		close $out or die $!;
	};
	$node->safe_psql('postgres', 'CREATE TABLE received (s activity_summary)');
	$value->(3000000);
	is(error_code($node, 'postgres', "COPY received FROM '$file' (FORMAT binary)"), '54000', 'one that cannot be printed at all is not received');

	# What version 0.1.0 could build: longer, but it can be printed, so it is dumped and restored.
	$value->(1000000);
	is(error_code($node, 'postgres', "COPY received FROM '$file' (FORMAT binary)"), '', 'one that can be printed is received');
	unlink $file;
	undef $copied;
	is($node->safe_psql('postgres', 'SELECT octet_length(s::text) FROM received'), 32 * ($printable + 1000000) + 17, 'it is printed');
	$node->safe_psql('postgres', 'CREATE DATABASE restored');
	$node->safe_psql('restored', 'CREATE EXTENSION kpi');
	ok(IPC::Run::run([ 'pg_dump', '-t', 'received', '-d', $node->connstr('postgres') ], '|', [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('restored') ]), 'it is dumped and restored');
	is($node->safe_psql('restored', 'SELECT md5(activity_summary_send(s)) FROM received'), $node->safe_psql('postgres', 'SELECT md5(activity_summary_send(s)) FROM received'), 'it is what it was');
	$node->safe_psql('postgres', 'DROP TABLE printed, received; DROP DATABASE restored');

	# An rfm: here each day takes 55 characters.
	my $days = int((1e9 - 1) / 55);
	my $long = q{date '5800000-01-01' + g, -170141183460469231.73168730371588410572};
	$node->safe_psql('postgres', "CREATE TABLE bought AS SELECT rfm($long) AS r FROM generate_series(1, $days) g");
	is($node->safe_psql('postgres', 'SELECT octet_length(r::text) FROM bought'), 55 * $days + 1, 'an rfm whose text just fits');
	is(error_code($node, 'postgres', "SELECT r + (SELECT rfm($long) FROM generate_series(0, 0) g) FROM bought"), '54000', 'one day more does not');
	is(error_code($node, 'postgres', "SELECT rollup(r) FROM (SELECT r FROM bought UNION ALL SELECT rfm($long) FROM generate_series(0, 0) g) t"), '54000', 'nor in a rollup');
	$node->safe_psql('postgres', 'DROP TABLE bought');
}

# Rows by period: a million of them take little, whatever the summary; each in a session of its own, where work_mem is small.
SKIP:
{
	skip 'needs /proc', 6 if !-r '/proc/self/status';
	my $peak = q{SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::bigint / 1024};
	my $one = "FROM (VALUES (date '0001-01-01'), ('2738-11-27')) AS v (d)";
	my $nothing = $node->safe_psql('postgres', "SELECT active_customers(activity_summary(1, d, 'day')) $one \\g /dev/null\n$peak");

	foreach my $rows (
		"lifecycle((SELECT activity_summary(1, d, 'day') $one), NULL, '2738-11-28')",
		"cohorts((SELECT activity_summary(1, d, 'day') FROM (VALUES (date '2024-01-01'), ('2027-11-14')) AS v (d)))",
		"stickiness((SELECT activity_summary(1, d, 'day') FROM (VALUES (date '0001-01-01'), ('2738-11-28')) AS v (d)))",
		"revenue_movements((SELECT revenue_summary(1, d, 1, 'day') $one), NULL, '2738-11-28')",
		"revenue_cohorts((SELECT revenue_summary(1, d, 1, 'day') FROM (VALUES (date '2024-01-01'), ('2027-11-14')) AS v (d)))",
		"kpi_periods('0001-01-01', '2738-11-28', 'day')")
	{
		my ($count, $megabytes) = split /\n/, $node->safe_psql('postgres', "SET work_mem = '1MB';\nSELECT count(*) FROM $rows;\n$peak");
		my ($name) = $rows =~ /^(\w+)/;

		ok($count > 998000 && $count <= 1000000 && $megabytes - $nothing < 64, "$count rows of $name take " . ($megabytes - $nothing) . ' MB');
	}
}

# more customers of more than a thousand periods than are counted in one go
is($node->safe_psql('postgres', q{
	SELECT count(*), min(periods), sum(customers), sum(periods * customers), bool_and(customers = 14000) FROM active_periods((
		SELECT a.s + b.s FROM
			(SELECT activity_summary(g, daterange('2000-01-01', date '2000-01-01' + 1024 + g % 5), 'day', '2010-01-01') AS s FROM generate_series(1, 35000) g) a,
			(SELECT activity_summary(g, daterange('2000-01-01', date '2000-01-01' + 1024 + g % 5), 'day', '2010-01-01') AS s FROM generate_series(35001, 70000) g) b))}),
	'5|1024|70000|71820000|t', 'many customers of many periods');

is(error_code($node, 'postgres', q{
	SELECT business_time('2026-01-01', '2027-01-01', 'Mon-Fri 09:00-17:00 @ UTC',
		(SELECT range_agg(daterange(d, d + 1)) FROM (SELECT date '2000-01-01' + 3 * g FROM generate_series(0, 1000000) g) t (d)))}),
	'54000', 'more ranges of holidays than a calendar holds');

# Cancelled while it builds; what it builds from has no end, and a sequence tells that it is at it.
$node->safe_psql('postgres', 'CREATE SEQUENCE built; CREATE VIEW endless AS SELECT generate_series(1, 1000000000000) AS g');
my $session = KpiSession->new($node, 'postgres', arguments => [ '-v', 'VERBOSITY=sqlstate' ], merge => 1);
foreach my $sql (
	q{SELECT activity_summary((nextval('built') * 7919) % 1000003, date '2024-01-01' + (g % 700)::int, 'day') FROM endless},
	q{SELECT revenue_summary((nextval('built') * 7919) % 1000003, date '2024-01-01' + (g % 700)::int, 1, 'day') FROM endless},
	q{SELECT funnel_summary(nextval('built') % 1000003, timestamp '2024-01-01' + (g % 1000000000) * interval '1 second', '{t,f}') FROM endless},
	q{SELECT rfm(date '0001-01-01' + (nextval('built') * 7919 % 1000003)::int, 1.5) FROM endless},
	q{SELECT repeat_rate(nextval('built') % 1000003, g) FROM endless})
{
	my ($aggregate) = $sql =~ /(\w+)\(/;

	$node->safe_psql('postgres', "SELECT setval('built', 1)");
	$session->start($sql);
	ok($node->poll_query_until('postgres', 'SELECT last_value > 300000 FROM built'), "$aggregate is building");
	$node->safe_psql('postgres', "SELECT pg_cancel_backend($session->{pid})");
	is($session->ended, 'ERROR:  57014', 'and is cancelled');
}
$session->quit;
$node->stop;
done_testing();
