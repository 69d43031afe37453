# What the packages are made from: META.json as PGXN's specification 1.0.0 wants it, one version everywhere, and an
# installation that can be taken away again.
use strict;
use warnings;
use FindBin;
use File::Find;
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;

my $tree = "$FindBin::RealBin/../..";
my ($version) = slurp_file("$tree/kpi.control") =~ /^default_version = '(.*)'$/m;
my $semantic = qr/(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?/;

# What is wrong with a META.json; https://pgxn.org/spec/.
sub faults
{
	my ($meta) = @_;
	my @faults;
	# a match that fails gives no first argument at all
	my $need = sub { push @faults, $_[-1] if @_ < 2 || !$_[0] };
	my $term = sub { ($_[0] // '') =~ m!\A[^/\\\s[:cntrl:]]{2,}\z! };
	my %known = map { $_ => 1 } qw(name version abstract description maintainer license provides meta-spec generated_by tags no_index
		prereqs release_status resources);
	my %licence = map { $_ => 1 } qw(agpl_3 apache_2_0 artistic_2 bsd gpl_2 gpl_3 lgpl_3_0 mit postgresql);

	$need->(defined $meta->{$_}, "no $_") for qw(name version abstract maintainer license provides meta-spec);
	$need->($known{$_} || /^x_./i, "$_ is not known") for keys %$meta;
	$need->($term->($meta->{name}), 'name');
	$need->(($meta->{version} // '') =~ /\A$semantic\z/, 'version');
	$need->(!ref $meta->{$_} && ($meta->{$_} // 'absent') ne '', $_) for qw(abstract description generated_by);
	$need->(!grep({ ref || $_ eq '' } ref $meta->{maintainer} ? @{ $meta->{maintainer} } : $meta->{maintainer} // ''), 'maintainer');
	$need->(!ref $meta->{license} && $licence{ $meta->{license} // '' }, 'license');
	$need->(($meta->{release_status} // 'stable') =~ /\A(?:stable|testing|unstable)\z/, 'release_status');
	$need->(($meta->{'meta-spec'}{version} // '') =~ /\A1\.0\.\d+\z/, 'meta-spec');
	my %seen;
	$need->(!ref && /\A[^\/\\[:cntrl:]]{2,255}\z/ && !$seen{$_}++, "tag $_") for @{ $meta->{tags} // ['none'] };
	$need->(scalar(keys %{ $meta->{provides} // {} }), 'provides');
	foreach my $name (sort keys %{ $meta->{provides} // {} })
	{
		my %extension = %{ $meta->{provides}{$name} };

		$need->($term->($name), "provides $name");
		$need->(($extension{version} // '') =~ /\A$semantic\z/, "$name: version");
		$need->(-f "$tree/" . ($extension{$_} // 'absent'), "$name: $_") for qw(file docfile);
		$need->(/^(?:file|version|abstract|docfile|x_.*)\z/i, "$name: $_ is not known") for sort keys %extension;
	}
	foreach my $phase (sort keys %{ $meta->{prereqs} // {} })
	{
		$need->($phase =~ /\A(?:configure|build|test|runtime|develop|x_.*)\z/i, "prereqs: $phase");
		foreach my $relation (sort keys %{ $meta->{prereqs}{$phase} })
		{
			my %wanted = %{ $meta->{prereqs}{$phase}{$relation} };

			$need->($relation =~ /\A(?:requires|recommends|suggests|conflicts|x_.*)\z/i, "prereqs: $relation");
			$need->($term->($_) && $wanted{$_} =~ /\A(?:0|(?:(?:[=!]=|[<>]=?)\s*)?$semantic(?:,\s*(?:(?:[=!]=|[<>]=?)\s*)?$semantic)*)\z/, "prereqs: $_")
				for sort keys %wanted;
		}
	}
	return join ', ', @faults;
}

my $text = slurp_file("$tree/META.json.in") =~ s/\@VERSION\@/$version/gr;
my $meta = eval { decode_json($text) };
ok($meta, 'META.json is JSON') or BAIL_OUT($@);
is(faults($meta), '', "META.json follows PGXN's specification");
is($meta->{provides}{kpi}{file}, 'kpi.control', 'it names the control file');

# The check would find what it looks for.
foreach my $change (
	[ 'no license', sub { delete $_[0]{license} } ], [ 'keywords is not known', sub { $_[0]{keywords} = [] } ],
	[ 'version', sub { $_[0]{version} = '1.0' } ], [ 'tag a/b', sub { $_[0]{tags} = ['a/b'] } ],
	[ 'kpi: docfile', sub { $_[0]{provides}{kpi}{docfile} = 'doc/none.md' } ], [ 'name', sub { $_[0]{name} = 'k' } ],
	[ 'prereqs: PostgreSQL', sub { $_[0]{prereqs}{runtime}{requires}{PostgreSQL} = '15' } ])
{
	my ($fault, $do) = @$change;
	my $changed = decode_json($text);

	$do->($changed);
	like(faults($changed), qr/(?:\A|, )\Q$fault\E(?:,|\z)/, "it would be refused: $fault");
}

# One version everywhere; a file that an archive may lack is looked at where it is.
like(slurp_file("$tree/CHANGELOG.md"), qr/\A# Changelog\n\n## \Q$version\E( |$)/m, 'the changelog begins with this version');
SKIP:
{
	skip 'no debian/ here', 1 if !-f "$tree/debian/changelog";
	like(slurp_file("$tree/debian/changelog"), qr/\Akpi \(\Q$version\E-\d+\) /, 'so does that of the Debian package');
}

# What make install puts there, and what make uninstall leaves.
my $dest = PostgreSQL::Test::Utils::tempdir();
sub installed
{
	my @files;

	find({ no_chdir => 1, wanted => sub { push @files, s,^\Q$dest\E.*/(?=[^/]+/[^/]+\z),,r if -f } }, $dest);
	return join "\n", sort @files;
}
my @make = ('make', '-s', '-C', $tree, 'PG_CONFIG=pg_config', 'with_llvm=no', "DESTDIR=$dest");
command_ok([ @make, 'install' ], 'make install DESTDIR=…');
my %expected = map { $_ => 1 } 'lib/kpi.so', map { "extension/$_" } 'kpi.control', "kpi--$version.sql",
	map({ s,.*/,,r } glob("$tree/released/*.sql")), map({ s,.*/,kpi--,r } glob("$tree/sql/upgrade/*--$version.sql"));
is(installed(), join("\n", sort keys %expected), 'installs the library, the control file and the scripts, nothing else');
command_ok([ @make, 'uninstall' ], 'make uninstall');
is(installed(), '', 'leaves nothing');

# A server without its headers, as Debian's package of it leaves it, or without anything: a message that says what is missing.
foreach my $case ([ 'headers' => '--pgxs', qr{missing \(no postgres\.h in /nowhere/include\)} ], [ 'PGXS' => 'none', qr/missing \(PGXS of \S+ not found\)/ ])
{
	my ($missing, $real, $like) = @$case;
	my $fake = PostgreSQL::Test::Utils::tempdir() . '/pg_config';

	append_to_file($fake, "#!/bin/sh\ncase \$1 in\n\t$real) exec pg_config \$1 ;;\n\t--includedir-server) echo /nowhere/include ;;\n\t--*) echo /nowhere ;;\nesac\n");
	chmod 0755, $fake;
	foreach my $target ('all', 'install', 'installcheck')
	{
		my $said = '';
		# into a directory where nothing is built
		my $ok = IPC::Run::run([ 'make', '-s', '-C', PostgreSQL::Test::Utils::tempdir(), '-f', "$tree/Makefile", "PG_CONFIG=$fake", $target ], '>&', \$said);

		ok(!$ok && $said =~ $like && $said =~ /apt install postgresql-server-dev-all/, "make $target without $missing says so") or diag($said);
	}
}

done_testing();
