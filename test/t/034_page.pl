# The scorecard's page in a browser: what is seen, that hostile text stays text and runs nothing, that nothing is
# loaded and nothing complained about, that it fits a phone and can be read in the light and in the dark.
#
# Needs Chromium and its ChromeDriver (Debian: chromium, chromium-driver); skipped where they are missing.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use HTTP::Tiny;
use IPC::Run;
use JSON::PP;
use KpiTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($driver) = grep { -x } map { ("$_/chromedriver", "$_/chromium.chromedriver") } split /:/, $ENV{PATH};
my ($browser) = grep { -x } map { ("$_/chromium", "$_/chromium-browser", "$_/google-chrome") } split /:/, $ENV{PATH};
plan skip_all => 'no Chromium with ChromeDriver' unless $driver && $browser;

my $node = start_node('page');
my $folder = PostgreSQL::Test::Utils::tempdir();
$node->safe_psql('postgres', 'CREATE DATABASE board; CREATE DATABASE empty');
$node->safe_psql($_, 'CREATE EXTENSION kpi') for qw(board empty);

# Text that would do harm as markup, in every place that a user fills in.
my %title = (
	script => q{<script>window.ran = 1</script>},
	image => q{"><img src="https://example.invalid/x.png" onerror="window.ran = 1">},
	quotes => q{it's "quoted" & `ticked` ]]> --> </h3></style> javascript:window.ran=1},
	other => "净推荐值 \x{202E}نرخ\x{202C} \x{1F4C8}",
	# as wide as a name can be, and without a place to break
	long => 'W' x 400,
);
my $set_up = q{
	CREATE TABLE fact (kpi text, period date, segment text, value float8);
	INSERT INTO fact SELECT k, m, s, v + i FROM generate_series(timestamp '2023-01-01', '2024-06-01', '1 month') WITH ORDINALITY AS m (m, i),
		(VALUES ('script', 82), ('image', 75), ('quotes', 10), ('other', 5), ('long', 0)) AS k (k, v), (VALUES (''), ('<b onclick="window.ran = 1">x</b>')) AS s (s);
};
for my $name (sort keys %title)
{
	my ($title, $owner) = map { s/'/''/gr } $title{$name}, $title{image};
	$set_up .= "CREATE VIEW source_$name AS SELECT period, segment, value FROM fact WHERE kpi = '$name';
		SELECT kpi_define('$name', '$title', 'source_$name', 'month', 'stock', 'customer', 'strategic', 'leading', owner => '$owner', description => '$title');\n";
}
$set_up .= q{SELECT kpi_set_goal('script', '>= 100', '(,)'), kpi_set_goal('image', '>= 100 warn 90', '(,)'), kpi_set_goal('quotes', '>= 100 warn 90', '(,)'), kpi_set_goal('other', '<= 30', '(,)', '<b onclick="window.ran = 1">x</b>');
	SELECT count(*) FROM kpi_measure(as_of => '2024-05-31', notify => false); SELECT count(*) FROM kpi_measure(as_of => '2024-06-30', notify => false)};
utf8::encode(my $bytes = $set_up);
$node->safe_psql('board', $bytes);
my $html = $node->safe_psql('board', q{SELECT kpi_scorecard_html('2024-06-30')});

# ------------------------------------------------------------------------------------------------ the browser

my ($said, $session) = ('', undef);
$ENV{HOME} = $folder;
my $harness = IPC::Run::start([ $driver, '--port=0' ], '<', \undef, '>&', \$said, IPC::Run::timer($PostgreSQL::Test::Utils::timeout_default));
$harness->pump until $said =~ /successfully on port (\d+)/ || !$harness->pumpable;
my ($port) = $said =~ /successfully on port (\d+)/;
die "ChromeDriver does not start: $said" unless $port;

# A command of WebDriver (W3C); dies on an error.
sub command
{
	my ($method, $path, $data) = @_;
	my $answer = HTTP::Tiny->new(timeout => $PostgreSQL::Test::Utils::timeout_default)->request($method, "http://127.0.0.1:$port/session$path",
		{ headers => { 'Content-Type' => 'application/json' }, $method eq 'POST' ? (content => encode_json($data // {})) : () });
	my $value = eval { decode_json($answer->{content})->{value} };

	die "$method $path: $answer->{status} $answer->{content}" unless $answer->{success};
	return $value;
}
sub run { my ($script) = @_; return command('POST', "/$session/execute/sync", { script => $script, args => [] }); }
sub devtools { my ($command, %parameters) = @_; return command('POST', "/$session/goog/cdp/execute", { cmd => $command, params => \%parameters }); }

# What the console and the network have logged since the last call.
sub logged
{
	my @console = map { $_->{message} } @{ command('POST', "/$session/se/log", { type => 'browser' }) };
	my @events = map { decode_json($_->{message})->{message} } @{ command('POST', "/$session/se/log", { type => 'performance' }) };
	my @requests = map { $_->{params}{request}{url} } grep { $_->{method} eq 'Network.requestWillBeSent' } @events;

	return (\@console, [ grep { !m{^(file:///.*\.html|data:,)$} } @requests ]);
}

sub open_page
{
	my ($name, $content) = @_;

	append_to_file("$folder/$name.html", $content);
	command('POST', "/$session/url", { url => "file://$folder/$name.html" });
	return;
}

$session = command('POST', '', { capabilities => { alwaysMatch => {
	browserName => 'chrome', unhandledPromptBehavior => 'ignore',
	'goog:chromeOptions' => { binary => $browser, args => [ '--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--disable-dev-shm-usage', "--user-data-dir=$folder/profile" ] },
	'goog:loggingPrefs' => { browser => 'ALL', performance => 'ALL' } } } })->{sessionId};

# ------------------------------------------------------------------------------------------------- what is seen

# what the browser did for itself is not the page's
command('POST', "/$session/url", { url => 'about:blank' });
logged();
open_page('board', $html);
my $cards = run(q{return [...document.querySelectorAll('article')].map(a => ({
	title: a.querySelector('h3').textContent, children: a.querySelector('h3 bdi').childElementCount, status: a.querySelector('.pill').innerText.trim(), value: a.querySelector('.value').innerText.trim(),
	height: a.getBoundingClientRect().height, bars: a.querySelectorAll('svg.bullet .bar').length, marks: a.querySelectorAll('svg.bullet .mark').length,
	lines: a.querySelectorAll('svg.history .line').length, last: a.querySelectorAll('svg.history .last').length, segments: [...a.querySelectorAll('tbody th')].map(t => t.textContent),
	drawn: [...a.querySelectorAll('svg[role=img]')].every(s => s.getBoundingClientRect().width > 100 && s.getAttribute('aria-label').length > 20),
	colour: getComputedStyle(a.querySelector('.pill')).backgroundColor, icon: a.querySelector('.pill svg').innerHTML }))});
is(scalar @$cards, 5, 'a card for each KPI');
my %card = map { $_->{title} => $_ } @$cards;
my %expected = (script => [ '100', 'On target', 1 ], image => [ '93', 'Near target', 1 ], quotes => [ '28', 'Off target', 1 ], other => [ '23', 'No target', 0 ], long => [ '18', 'No target', 0 ]);
for my $name (sort keys %title)
{
	my $card = $card{ $title{$name} };

	ok($card, "$name: the title is shown as it was given");
	next unless $card;
	is($card->{children}, 0, "$name: and is nothing but text");
	is($card->{value}, $expected{$name}[0], "$name: value");
	is($card->{status}, $expected{$name}[1], "$name: status in words");
	is("$card->{bars} $card->{marks}", "$expected{$name}[2] $expected{$name}[2]", "$name: bullet graph with a bar and a mark where there is a target");
	is("$card->{lines} $card->{last}", '1 1', "$name: history with its last point marked");
	is_deeply($card->{segments}, ['<b onclick="window.ran = 1">x</b>'], "$name: segment");
	ok($card->{drawn}, "$name: the drawings have a size and say what they show");
}
is(scalar(keys %{ { map { $_->{colour} => 1 } @card{ @title{qw(script image quotes other)} } } }), 4, 'each status has its colour');
is(scalar(keys %{ { map { $_->{icon} => 1 } @card{ @title{qw(script image quotes other)} } } }), 4, 'and its shape');
is_deeply(run(q{return [...document.querySelectorAll('#glance')].map(h => [...h.parentNode.querySelectorAll('tbody a')].map(a => document.querySelector(a.getAttribute('href')).querySelector('h3').textContent === a.textContent))}),
	[ [ (JSON::PP::true) x 5 ] ], 'the overview leads to each card');

# ------------------------------------------------------------------------------------- nothing runs, nothing is loaded

my $active = q{return document.querySelectorAll('script, img, iframe, object, embed, form, base, [style], [onclick], [onerror], [onload], a[href^="javascript"], link[rel=stylesheet]').length};
is(run($active), 0, 'no element that could run or load');
is(run('return window.ran === undefined'), JSON::PP::true, 'nothing ran');
run('document.querySelectorAll("*").forEach(e => e.click && e.click())');
is(run('return window.ran === undefined'), JSON::PP::true, 'nor when everything is clicked on');
my ($console, $requests) = logged();
is_deeply($console, [], 'nothing on the console');
is_deeply($requests, [], 'no request');
is(run('return getComputedStyle(document.querySelector("article")).display'), 'grid', 'the style sheet is in force');

# The same checks on a page that is not escaped: its script runs, its image is asked for. And with the policy it doesn't.
my $bare = $html =~ s/&lt;/</gr =~ s/&gt;/>/gr =~ s/&#34;/"/gr;
open_page('guarded', $bare);
is(run('return window.ran === undefined'), JSON::PP::true, 'the policy of the page stops a script that got in');
like(join("\n", @{ (logged())[0] }), qr/Content Security Policy/, 'and says so');
open_page('bare', $bare =~ s/<meta http-equiv[^>]*>//r);
is(run('return window.ran'), 1, 'without escaping and policy the text would run');
isnt(run($active), 0, 'and would be elements');
(undef, $requests) = logged();
isnt(scalar @$requests, 0, 'and would load');

# ------------------------------------------------------------------------------------ reading it: phone, light, dark, paper

command('POST', "/$session/url", { url => "file://$folder/board.html" });
for my $width (320, 768, 1440)
{
	devtools('Emulation.setDeviceMetricsOverride', width => $width, height => 900, deviceScaleFactor => 1, mobile => JSON::PP::false);
	is(run('return document.documentElement.scrollWidth'), $width, "fits a width of $width");
}

# The least contrast of a text with what it stands on (WCAG 2.1, 1.4.3).
my $contrast = q{
	const part = c => { c /= 255; return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4) };
	const light = c => 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
	const rgb = s => s.match(/[\d.]+/g).map(Number);
	let least = [99, ''], n = 0;
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.textContent.trim() || !e.checkVisibility()) continue;
		let b = e;
		while (b && rgb(getComputedStyle(b).backgroundColor)[3] === 0) b = b.parentElement;
		const pair = [light(rgb(getComputedStyle(e).color)), light(rgb(getComputedStyle(b).backgroundColor))];
		const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
		n++;
		if (ratio < least[0]) least = [ratio, walk.currentNode.textContent];
	}
	return [n, ...least, getComputedStyle(document.body).backgroundColor]};
my %page_colour;
for my $scheme ('light', 'dark')
{
	devtools('Emulation.setEmulatedMedia', features => [ { name => 'prefers-color-scheme', value => $scheme } ]);
	my ($n, $least, $text, $page) = @{ run($contrast) };
	cmp_ok($n, '>', 100, "$scheme: texts");
	cmp_ok($least, '>=', 4.5, "$scheme: contrast of every text, the least is of: $text");
	$page_colour{$page} = 1;
}
is(scalar keys %page_colour, 2, 'light and dark differ');
devtools('Emulation.setEmulatedMedia', media => 'print');
is(run('return getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)', 'paper is white, in the dark too');

# ------------------------------------------------------------------------------------------------------ empty

open_page('empty', $node->safe_psql('empty', q{SELECT kpi_scorecard_html('2024-06-30')}));
like(run('return document.body.innerText'), qr/No KPI is defined yet.*kpi_define.*kpi_set_goal.*kpi_measure/s, 'an empty scorecard says what to do');
is_deeply([ logged() ], [ [], [] ], 'and is as quiet');

command('DELETE', "/$session");
$harness->kill_kill;
$node->stop;
done_testing();
