# The scorecard's page is ASCII: the same bytes whatever the encodings of the database and of the client.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('encodings');

# e with acute accent and the sign of the yen, as bytes of each
my %text = (UTF8 => "\xC3\xA9 \xC2\xA5", LATIN1 => "\xE9 \xA5", SQL_ASCII => "\xC3\xA9 \xC2\xA5");
my %page;
foreach my $encoding (sort keys %text)
{
	my $sql = sub { my ($statement, $client) = @_; return $node->safe_psql(lc "db_$encoding", 'SET client_encoding = ' . ($client // $encoding) . "; $statement"); };

	$node->safe_psql('postgres', "CREATE DATABASE db_$encoding ENCODING $encoding LOCALE 'C' TEMPLATE template0");
	$sql->(qq{CREATE EXTENSION kpi; CREATE VIEW v AS SELECT date '2024-01-01' AS period, 5 AS value;
		SELECT kpi_define('k', 'T $text{$encoding} [] ' || '[' || split_part('$text{$encoding}', ' ', 2) || ']', 'v', 'month', 'stock', 'people', 'functional', 'lagging', owner => '$text{$encoding}');
		SELECT count(*) FROM kpi_measure(as_of => '2024-01-31', notify => false)});
	$page{$encoding} = $sql->("SELECT kpi_scorecard_html('2024-01-31')");
	is($sql->("SELECT kpi_html('$text{$encoding}')"), '&#233; &#165;', "$encoding: characters are references");
	unlike($page{$encoding}, qr/[^\x20-\x7E\n]/, "$encoding: the page is ASCII");
	is($sql->("SELECT kpi_scorecard_html('2024-01-31')", 'SQL_ASCII'), $page{$encoding}, "$encoding: and the same to another client");
	like($page{$encoding}, qr/<p class="value">&#165;5<\/p>/, "$encoding: a sign of currency stands before the number");
}
is($page{LATIN1}, $page{UTF8}, 'the same in LATIN1');
is($page{SQL_ASCII}, $page{UTF8}, 'the same in SQL_ASCII that holds UTF-8');
is($node->safe_psql('db_sql_ascii', "SELECT kpi_html(E'a\\xE9b\\xC3')"), 'a&#65533;b&#65533;', 'bytes that are no UTF-8 are replaced');
is($node->safe_psql('db_utf8', "SELECT kpi_html(U&'\\FFFE \\FDD0 \\0085 \\+01F4C8 \\+10FFFF')"), '&#65533; &#65533; &#65533; &#128200; &#65533;', 'and characters that HTML forbids');

$node->stop;
done_testing();
