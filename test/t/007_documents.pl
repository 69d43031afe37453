# README.md, doc/*.md and doc/*/*.md: what they show is what the server gives, no function goes without a word, links
# lead to a file and to a heading in it, and doc/README.md leads to every page.  Lines of prose, there and in the other
# pages of the tree, have at most 120 columns.
#
# A block ```sql is run by psql, in its order, in a database of its own for each document.  A block ``` or ```text
# that follows, with nothing but empty lines between, is what psql must then show: aligned, without counts of rows;
# space at the end of a line does not matter.  Without one the block must run without an error.  What stands after a
# line <!-- not run -->, and blocks in other languages, are left alone.  After a line <!-- prints the same --> a block must
# print what the one before it printed.  A document with a line
# <!-- with the demo's CRM --> finds demo/crm.sql and demo/crm_more.sql loaded.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use IPC::Run;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Text::Tabs;

my $tree = "$FindBin::RealBin/../..";
my @documents = ('README.md', map { s,^\Q$tree\E/,,r } sort glob "$tree/doc/*.md $tree/doc/*/*.md");
my $node = start_node('documents');

# The database that a document's is copied from; the demo's CRM takes seconds to load, so once.
my $crm;
sub template
{
	my ($document) = @_;

	return 'template1' if slurp_file("$tree/$document") !~ /^<!-- with the demo's CRM -->\s*$/m;
	if (!$crm)
	{
		$crm = 'crm';
		$node->safe_psql('postgres', "CREATE DATABASE $crm");
		IPC::Run::run([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($crm), map { ('-f', "$tree/demo/$_.sql") } qw(crm crm_more) ])
			or die "the demo's CRM does not load";
	}
	return $crm;
}

# The blocks of a document: where it begins, its text, and the output shown or undef.
sub blocks
{
	my ($document) = @_;
	my (@blocks, $sql, $language, $start);
	my ($number, $run, $same, $text) = (0, 1, 0, '');

	foreach my $line (split /\n/, slurp_file("$tree/$document"), -1)
	{
		$number++;
		if (!defined $language)
		{
			if ($line =~ /^```(\w*)\s*$/)
			{
				($language, $text, $start) = ($1, '', $number);
			}
			elsif ($line =~ /\S/)
			{
				$sql = undef;
				$run = $line !~ /^<!-- not run -->\s*$/;
				$same = $line =~ /^<!-- prints the same -->\s*$/;
			}
		}
		elsif ($line !~ /^```\s*$/)
		{
			$text .= "$line\n";
		}
		else
		{
			if ($language eq 'sql')
			{
				$sql = $run ? { start => $start, text => $text, same => $same } : undef;
				push @blocks, $sql if $run;
				fail("$document, line $start: the statement has an end") if $run && $text !~ /(;|\\\w+)[^\n;]*\n\z/;
			}
			elsif ($language eq '' || $language eq 'text')
			{
				fail("$document, line $start: the output of nothing that was run") if $run && !$sql;
				$sql->{output} = $text if $sql;
				$sql = undef;
			}
			($language, $run, $same) = (undef, 1, 0);
		}
	}
	fail("$document, line $start: the block has an end") if defined $language;
	return @blocks;
}

# Feeds the blocks to one psql; sets what it printed for each.
sub run_blocks
{
	my ($database, @blocks) = @_;
	my $mark = '==== end of block';
	my $script = join '', map { "$_->{text}\\echo $mark\n" } @blocks;
	my $printed;

	IPC::Run::run([ 'psql', '-X', '-q', '-P', 'footer=off', '-d', $node->connstr($database) ], '<', \$script, '>&', \$printed);
	my @printed = split /^$mark\n/m, $printed // '', -1;
	is(@printed, @blocks + 1, "psql ran to the end of $database");
	$blocks[$_]{printed} = $printed[$_] for 0 .. $#blocks;
	return;
}

# Without what isn't seen.
sub plain
{
	my ($text) = @_;

	$text =~ s/[ \t]+$//mg;
	$text =~ s/\n+\z/\n/;
	return $text;
}

foreach my $document (@documents)
{
	my @blocks = blocks($document) or next;

	$node->safe_psql('postgres', qq{CREATE DATABASE "$document" TEMPLATE } . template($document));
	$node->safe_psql($document, 'CREATE EXTENSION kpi');
	run_blocks($document, @blocks);
	my $before = '';
	foreach my $block (@blocks)
	{
		my $printed = $block->{printed} // 'nothing';

		is(plain($printed), plain($before), "$document, line $block->{start}, prints what the block before it printed") if $block->{same};
		$before = $printed;

		if (defined $block->{output})
		{
			is(plain($printed), plain($block->{output}), "$document, line $block->{start}");
		}
		else
		{
			unlike($printed, qr/^(ERROR|FATAL|PANIC|invalid command|\\\w+:)/m, "$document, line $block->{start}, runs");
		}
	}
}

# The anchors of a document's headings, as GitHub makes them: lower case, without marks, spaces as hyphens; -1 and so on
# for one that was there before.
my %anchors;
sub anchors
{
	my ($document) = @_;

	return $anchors{$document} //= do
	{
		my $text = slurp_file("$tree/$document");
		my (%seen, %anchor);

		utf8::decode($text);
		$text =~ s/^```.*?^```\s*$//msg;
		foreach my $heading ($text =~ /^#+ +(.*?) *$/mg)
		{
			$heading =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
			my $anchor = lc($heading) =~ s/[^\p{L}\p{M}\p{N}_ -]//gr =~ tr/ /-/r;
			$anchor{ $anchor . ($seen{$anchor}++ ? '-' . ($seen{$anchor} - 1) : '') } = 1;
		}
		\%anchor;
	};
}

# The functions named in backticks outside of blocks, and where.
my %linked;
my %called;
foreach my $document (@documents)
{
	my $text = slurp_file("$tree/$document");

	$text =~ s/^```.*?^```\s*$//msg;
	foreach my $code ($text =~ /`([^`\n]+)`/g)
	{
		$called{$_}{$document} = 1 for $code =~ /\b([a-z]\w*)\(/g;
	}
	(my $folder = $document) =~ s,[^/]*\z,,;
	$text =~ s/`[^`\n]*`//g;
	foreach my $link ($text =~ /\]\(([^):]+)\)/g)
	{
		my ($file, $anchor) = $link =~ /^([^#]*)#?(.*)$/;
		my $path = $file eq '' ? $document : "$folder$file";

		1 while $path =~ s,(^|/)(?!\.\./)[^/]+/\.\./,$1,;
		ok(-e "$tree/$path", "$document: the link to $link leads somewhere");
		$linked{$document}{$path} = 1;
		utf8::decode($anchor);
		ok(-f "$tree/$path" && anchors($path)->{$anchor}, "$document: there is a heading for $link") if $anchor ne '';
	}
}

# Prose, which is what is no block, table or HTML, is wrapped; what has no blank, as code in a sentence, cannot be.
BEGIN { $Text::Tabs::tabstop = 4; }
foreach my $document (@documents, qw(CHANGELOG.md CONTRIBUTING.md SECURITY.md bench/README.md sql/README.md))
{
	my $text = slurp_file("$tree/$document");
	my ($number, $block) = (0, 0);
	my @wide;

	utf8::decode($text);
	foreach my $line (split /\n/, $text)
	{
		$number++;
		$block = !$block if $line =~ /^\s*```/;
		next if $block || $line =~ /^\s*(\||<|```)/;
		my $words = $line =~ s/`[^`]*`/`/gr =~ s/^\s*([-*]|\d+\.|#+)?\s*//r;
		push @wide, $number if length expand($line) > 120 && $words =~ / /;
	}
	is("@wide", '', "$document: lines of prose with more than 120 columns");
}

foreach my $document (grep { m,^doc/[^/]*\z, } @documents)
{
	ok($document eq 'doc/README.md' || $linked{'doc/README.md'}{$document}, "doc/README.md leads to $document");
}

# Public are all functions but those that only types, operators and aggregates use.
my @public = split /\n/, $node->safe_psql('README.md', q{
	SELECT DISTINCT proname FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
	WHERE NOT EXISTS (SELECT FROM pg_type WHERE p.oid IN (typinput, typoutput, typreceive, typsend))
		AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = p.oid)
		AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = p.oid)
		AND NOT EXISTS (SELECT FROM pg_aggregate WHERE p.oid IN (aggtransfn, aggcombinefn, aggmtransfn, aggminvtransfn)
			OR (p.oid IN (aggfinalfn, aggmfinalfn) AND proname ~ '_final$'))
	ORDER BY 1});
cmp_ok(scalar @public, '>', 30, 'there are public functions');
foreach my $function (@public)
{
	ok(scalar(grep { m,^doc/(?!cookbook|reference)[^/]*\z, } keys %{ $called{$function} }), "$function() has its place in doc/");
}

# And nothing is described that is not there; these are not functions to the server.
my %keyword = map { $_ => 1 } qw(coalesce nullif greatest least);
my %there = map { $_ => 1 } split /\n/, $node->safe_psql('README.md', 'SELECT DISTINCT proname FROM pg_proc');
my @absent = grep { !$there{$_} && !$keyword{$_} } sort keys %called;
is("@absent", '', 'every function that a document names exists');

# The signatures that the tables of functions give: as many arguments as some function of that name takes, and each is
# called what that function calls it, or by its type.
my %signature;
foreach my $line (split /\n/, $node->safe_psql('README.md', q{
	SELECT proname || '|' || pronargs - pronargdefaults || '|' || pronargs || '|'
		|| coalesce((SELECT string_agg(coalesce(nullif(proargnames[i], ''), '*') || ' ' || format_type(proargtypes[i - 1], NULL), ',' ORDER BY i) FROM generate_series(1, pronargs) i), '')
	FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'}))
{
	my ($name, $least, $most, $arguments) = split /\|/, $line, -1;
	push @{ $signature{$name} }, [ $least, $most, map { [ split / /, $_, 2 ] } split /,/, $arguments ];
}
my $signatures = 0;
foreach my $document (@documents)
{
	my $text = slurp_file("$tree/$document");

	$text =~ s/^```.*?^```\s*$//msg;
	foreach my $cell ($text =~ /^\|([^|\n]*)\|/mg)
	{
		foreach my $code ($cell =~ /`([^`\n]+)`/g)
		{
			my ($name, $list) = $code =~ /^(\w+)\((.*)\)$/ or next;
			next if !$signature{$name} || $list =~ /…/;
			my @given = map { s/^\s+//r } split /,/, $list;
			ok(scalar(grep { fits($_, @given) } @{ $signature{$name} }), "$document: $code is a signature");
			$signatures++;
		}
	}
}
cmp_ok($signatures, '>', 150, 'signatures were found');

sub fits
{
	my ($function, @given) = @_;
	my ($least, $most, @arguments) = @$function;

	return 0 if @given < $least || @given > $most;
	foreach my $i (0 .. $#given)
	{
		my ($name, $type) = @{ $arguments[$i] };
		my ($word) = $given[$i] =~ /^(\w+)/;
		return 0 if $name ne '*' && $word ne $name && $given[$i] ne $type;
	}
	return 1;
}

# Every base type has its section in doc/formats.md, with the bytes of at least one value.
my $formats = slurp_file("$tree/doc/formats.md");
foreach my $type (split /\n/, $node->safe_psql('README.md', q{
	SELECT typname FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
	WHERE typtype = 'b' AND typelem = 0 ORDER BY 1}))
{
	ok($formats =~ /^## `$type`$/m, "$type has a section in doc/formats.md");
	ok($formats =~ /^SELECT .*\b${type}_send\(/m, "doc/formats.md shows the bytes of a $type");
}

$node->stop;
done_testing();
