# The cookbook: each KPI has one entry, and whoever looks it up by a name finds it.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use FindBin;
use Test::More;

my $tree = "$FindBin::RealBin/../..";
my @languages = ('Index: English', '索引：简体中文', '索引：繁體中文', 'فهرست: فارسی');
my %number_of = ('repurchase rate' => 46, '复购率' => 46, '複購率' => 46, 'درصد تکرار خرید' => 46, 'CAC' => 19, '获客成本' => 19, 'نرخ حفظ مشتری' => 44,
	'客户终身价值' => 26, 'ارزش مادام العمر' => 26, '第一反應時間' => 60, '處理比率的機會' => 36, 'نمره ترویج' => 49, 'DSO' => 14, 'فروش روز برجسته' => 14);

sub text
{
	my ($file) = @_;

	open my $handle, '<', "$tree/$file" or die "$file: $!";
	local $/;
	return <$handle>;
}

# Headings outside of blocks, and the anchors that they get where the pages are shown.
sub headings
{
	my ($file) = @_;

	return map { s/\s+\z//r } text($file) =~ s/^```.*?^```\s*?$//msgr =~ /^#+ (.*)$/mg;
}

sub anchor
{
	my ($heading) = @_;

	return lc($heading) =~ s/[^\w\- ]//gr =~ tr/ /-/r;
}

my @pages = map { s,^\Q$tree\E/,,r } sort glob "$tree/doc/cookbook/*.md";
my @documents = ('README.md', (map { s,^\Q$tree\E/,,r } sort glob "$tree/doc/*.md"), @pages);
my (%anchors, %entries, %looked_up);
foreach my $file (@documents)
{
	my %times;
	foreach my $heading (headings($file))
	{
		my $anchor = anchor($heading);
		my $before = $times{$anchor}++;

		$anchors{$file}{ $before ? "$anchor-$before" : $anchor } = 1;
		push @{ $entries{ $1 + 0 } }, "$file#$anchor" if $file =~ m,^doc/cookbook/, && $heading =~ /^K(\d+)\b/;
	}
}
is(scalar(@{ $entries{$_} // [] }), 1, sprintf 'K%02d has one entry', $_) for 1 .. 77;
is(join(' ', grep { $_ < 1 || $_ > 77 } sort keys %entries), '', 'there are no other entries');

# Links into a page lead to one of its headings.
foreach my $file (@documents)
{
	my ($folder) = $file =~ m,^(.*/)?[^/]*$,;
	my @broken;

	foreach my $link (text($file) =~ s/^```.*?^```\s*?$//msgr =~ /\]\(([^)\s:]*#[^)\s]*)\)/g)
	{
		my ($page, $anchor) = split /#/, $link, 2;
		my $target = $page eq '' ? $file : ($folder // '') . $page;

		1 while $target =~ s,[^/.]+/\.\./,,;
		push @broken, $link unless $anchors{$target}{$anchor};
	}
	is("@broken", '', "$file: every link to a heading leads to one");
}

# Each KPI is in the table of recipes, and has a name in every language.
my %section = text('doc/cookbook.md') =~ /^## ([^\n]*)\n(.*?)(?=^## |\z)/msg;
foreach my $part ('Recipes', @languages)
{
	my (%found, %by_name);

	ok(defined $section{$part}, "the section $part is there") or next;
	while ($section{$part} =~ /\[([^\]]+)\]\((cookbook\/[^)#]+)#([^)]*)\)/g)
	{
		my ($name, $target) = ($1, "doc/$2#$3");
		my ($number) = grep { $entries{$_}[0] eq $target } keys %entries;

		$found{ $number // $name }++;
		push @{ $by_name{$name} }, $number;
	}
	is(join(' ', grep { !$found{$_} } 1 .. 77), '', "$part: no KPI is missing");
	is(join(' ', grep { !/^\d+$/ } keys %found), '', "$part: links lead to entries only");
	is(join(', ', grep { @{ $by_name{$_} } > 1 } sort keys %by_name), '', "$part: no name stands for two KPIs");
	foreach my $name (grep { $by_name{$_} } sort keys %number_of)
	{
		is($by_name{$name}[0], $number_of{$name}, "$part: $name is K$number_of{$name}");
		$looked_up{$name} = 1;
	}
}
is(join(", ", grep { !$looked_up{$_} } sort keys %number_of), "", "the names looked up are there");

done_testing();
