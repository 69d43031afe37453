# page.pl PAGE FOLDER: pictures of a scorecard's page in Chromium: FOLDER/scorecard.png, its top, and FOLDER/card.png,
# the card of the KPI "Monthly customer churn".  Used by doc/pictures/make.
use strict;
use warnings;
use HTTP::Tiny;
use IPC::Run;
use JSON::PP;
use MIME::Base64;

my ($page, $folder) = @ARGV;
my ($said, $session) = ('', '');
my $harness = IPC::Run::start([ 'chromedriver', '--port=0' ], '<', \undef, '>&', \$said, IPC::Run::timer(60));
$harness->pump until $said =~ /successfully on port (\d+)/ || !$harness->pumpable;
my ($port) = $said =~ /successfully on port (\d+)/ or die "ChromeDriver does not start: $said";

sub command
{
	my ($method, $path, $data) = @_;
	my $answer = HTTP::Tiny->new(timeout => 60)->request($method, "http://127.0.0.1:$port/session$path",
		{ headers => { 'Content-Type' => 'application/json' }, $method eq 'POST' ? (content => encode_json($data // {})) : () });

	die "$method $path: $answer->{status} $answer->{content}" unless $answer->{success};
	return decode_json($answer->{content})->{value};
}

sub picture
{
	my ($name, $path) = @_;

	open my $file, '>:raw', "$folder/$name.png" or die "$folder/$name.png: $!";
	print $file decode_base64(command('GET', "/$session$path/screenshot"));
	close $file or die "$folder/$name.png: $!";
}

sub size
{
	my ($width, $height) = @_;

	return command('POST', "/$session/goog/cdp/execute",
		{ cmd => 'Emulation.setDeviceMetricsOverride', params => { width => $width, height => $height, deviceScaleFactor => 1.5, mobile => JSON::PP::false } });
}

$session = command('POST', '', { capabilities => { alwaysMatch => { 'goog:chromeOptions' => { args => [
	'--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync', '--force-device-scale-factor=1.5', '--window-size=1040,900',
	"--user-data-dir=$folder/profile" ] } } } })->{sessionId};
command('POST', "/$session/url", { url => "file://$page" });
# as high as the overview: down to where the cards begin
my $height = command('POST', "/$session/execute/sync", { script => q{return Math.ceil(document.querySelector('article').closest('section').getBoundingClientRect().top)}, args => [] });
size(1040, $height);
picture('scorecard', '');
size(1260, 900);
my $card = command('POST', "/$session/element", { using => 'xpath', value => q{//article[.//h3[contains(., 'churn')]]} });
picture('card', '/element/' . (values %$card)[0]);
command('DELETE', "/$session");
$harness->kill_kill;
