# What gcov counted, for test/tools/coverage: perl coverage.pl MINIMUM [missed], in the folder where kpi was built and run.
# A line counts once, however many objects hold it (inline functions of headers), and as run when one of them ran it.
use strict;
use warnings;
use JSON::PP;

my ($minimum, $missed) = @ARGV;
my %lines;
my @objects = sort glob 'src/*.gcno src/*/*.gcno src/*/*/*.gcno';
die "no src/*.gcno: not built with --coverage\n" if !@objects;

open my $gcov, '-|', 'gcov', '--json-format', '--stdout', @objects or die "gcov: $!\n";
while (my $object = <$gcov>)
{
	foreach my $file (@{ decode_json($object)->{files} })
	{
		next if $file->{file} !~ m,^(?:.*/)?(src/.*),;
		my $counts = $lines{$1} ||= {};
		$counts->{ $_->{line_number} } += $_->{count} foreach @{ $file->{lines} };
	}
}
close $gcov or die "gcov failed\n";
die "nothing of src/ was run\n" if !grep { $_ } map { values %$_ } values %lines;

# every file with code in it is counted, also what is never compiled in
foreach my $file (glob 'src/*.c src/*/*.c src/*/*/*.c')
{
	die "$file has no counts\n" if !$lines{$file} && $file ne 'src/kpi.c';
}

sub show
{
	my ($name, $run, $all) = @_;

	printf "%-32s %5d of %5d lines  %5.1f %%\n", $name, $run, $all, 100 * $run / $all;
	return;
}

my (%modules, @low, @total);
foreach my $file (sort keys %lines)
{
	my @counts = values %{ $lines{$file} };
	my $run = grep { $_ } @counts;
	my ($module) = $file =~ m,(.*)/,;

	show($file, $run, scalar @counts);
	$_->[0] += $run, $_->[1] += @counts foreach $modules{$module} ||= [], \@total;
}
print "\n";
foreach my $module (sort keys %modules)
{
	show($module, @{ $modules{$module} });
	push @low, $module if $modules{$module}[0] * 100 < $modules{$module}[1] * $minimum;
}
show('all', @total);

if ($missed)
{
	foreach my $file (sort keys %lines)
	{
		open my $source, '<', $file or die "$file: $!\n";
		while (my $text = <$source>)
		{
			print "$file:$.:$text" if defined $lines{$file}{$.} && !$lines{$file}{$.};
		}
	}
}
print "under $minimum %: @low\n" if @low;
exit(@low ? 1 : 0);
