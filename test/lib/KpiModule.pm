# Modules in C that a test needs and the extension does not: built in a directory of their own, from a Makefile and sources of
# this tree.
package KpiModule;

use strict;
use warnings;
use Exporter 'import';
use File::Basename;
use File::Copy;
use FindBin;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(build_module);

# The library; the test is skipped where it cannot be built, and dies where it does not compile.  KPI_MODULE_FLAGS and
# KPI_MODULE_LINK: more for the compiler and the linker, as test/tools/sanitize wants them.
sub build_module
{
	my ($source) = @_;
	my $name = basename($source);
	my $dir = PostgreSQL::Test::Utils::tempdir();

	copy($_, $dir) or die "$_: $!" for "$source/Makefile", glob("$source/*.c");

	# what is missing is not our fault, what does not compile is
	my %config = map { $_ => scalar `pg_config --$_ 2>/dev/null` // '' } qw(pgxs includedir-server cc);
	chomp(@config{ keys %config });
	my ($compiler) = split / /, $config{cc};
	my @missing = (
		(grep { !-f } $config{pgxs}, "$config{'includedir-server'}/postgres.h"),
		(grep { system("command -v '$_' >/dev/null 2>&1") != 0 } 'make', $compiler // 'cc'));
	plan skip_all => "the module $name can't be compiled without @missing" if @missing;

	my $built;
	{
		# those of the make that runs the tests are not for this one
		delete local @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};
		IPC::Run::run([ 'make', '-s', '-C', $dir, 'with_llvm=no', "SRC=$FindBin::RealBin/../..", 'SHLIB_LINK=' . ($ENV{KPI_MODULE_LINK} // ''),
				'PG_CFLAGS=-Wall -Wextra -Werror -Wno-unused-parameter ' . ($ENV{KPI_MODULE_FLAGS} // '') ], '>&', \$built)
			or die "the module $name does not compile: $built";
	}
	my ($library) = glob("$dir/*.so") or die "the module $name has no library: $built";
	return $library;
}

1;
