# Random mutants of every base type's text and binary forms, sent by a client.  Each is refused with the documented
# SQLSTATE, or it is a value: then its text and binary forms read back as the same value, and every function takes it.
# KPI_FUZZ_SEED chooses other mutants, KPI_FUZZ_INPUTS how many for each type and form.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use KpiTest;
use PostgreSQL::Test::Utils;
use Wire;
use Test::More;

my $seed = $ENV{KPI_FUZZ_SEED} || 1;
my $inputs = $ENV{KPI_FUZZ_INPUTS} || 3000;
my $batch = 50;
my $node = start_node('fuzz');
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');
load_helpers($node, 'postgres');

my $wire = Wire->new($node, 'postgres');
# what never ends is found
$wire->command("SET statement_timeout = '${PostgreSQL::Test::Utils::timeout_default}s'");

# a number in a range of numbers, a member of a list
sub any { return int(rand($_[0])); }
sub one_of { return $_[ any(scalar @_) ]; }

my @tokens = (qw(0 1 -1 9 -0 1e308 1e-320 .5 0x1 NaN Infinity -Infinity 4611686018427387904 4611686018427387905 9223372036854775807
	-9223372036854775808 18446744073709551615 99999999999999999999 2147483647 2147483648 170141183460469231731687303715884105728
	( ) [ ] ; : + - = @ . " \\ % ""), ',', ' ', '  ', "\n", "\t", 'é', "\xf0\x9f\x98\x80", 'a' x 70, '0' x 400, qw(day month UTC bigint uuid text warn from none));
my @numbers = (
	(map { pack 'C', $_ } 0, 1, 2, 127, 128, 255), (map { pack 'n', $_ } 0, 1, 32767, 32768, 65535),
	(map { pack 'N', $_ } 0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 1000), (map { pack 'q>', $_ } 0, 1, -1, 1 << 62, (1 << 62) + 1),
	"\x7f\xff\xff\xff\xff\xff\xff\xff", "\x80" . "\0" x 7, (map { pack 'd>', $_ } -0.0, 1.5, 1e308, -1e-308, 9**9**9, -sin(9**9**9)));

# One to four changes: a piece dropped, doubled, moved, taken from another sample, replaced by a token or a random byte.
sub mutant
{
	my ($binary, @samples) = @_;
	my $form = one_of(@samples);

	for (0 .. any(4))
	{
		my $at = any(1 + length $form);
		my $length = one_of(0, 1, 1, 1, 2, 4, 8, any(1 + length $form));
		my $other = one_of(@samples);
		my $from = any(1 + length $other);
		my $new = one_of('', substr($form, $at, $length) x 2, substr($other, $from, $length), $binary ? one_of(@numbers) : one_of(@tokens),
			$binary ? chr(any(256)) : chr(32 + any(95)), $binary ? chr(ord(substr($form . "\0", $at, 1)) ^ 1 << any(8)) : any(3000));

		$length = length $new if $binary && any(3) > 0;
		$length = length($form) - $at if $length > length($form) - $at;
		substr($form, $at, $length) = $new;
		$form = substr($form, 0, any(length $form)) if any(40) == 0;
	}
	$form =~ tr/\0//d if !$binary;
	return $form;
}

my @types = split /\n/, $node->safe_psql('postgres', 'SELECT name FROM kpi_test.base_type ORDER BY 1');
cmp_ok(scalar @types, '>=', 2, 'there are base types');

foreach my $type (@types)
{
	my $name = $node->safe_psql('postgres', "SELECT '$type'::regtype");
	my @seeds = map { [ split /\|/ ] } split /\n/, $node->safe_psql('postgres',
		"SELECT encode(convert_to(printed, 'UTF8'), 'hex'), encode(sent, 'hex') FROM kpi_test.sampled, kpi_test.forms(type, literal) WHERE type = '$type'::regtype ORDER BY literal");
	my @calls = split /\n/, $node->safe_psql('postgres', "SELECT format(replace(query, '%1\$L', '\$1')) FROM kpi_test.calls('$type')");
	my $echo = "SELECT v, v FROM (SELECT \$1::$name) s (v)";

	foreach my $binary (0, 1)
	{
		my @samples = map { pack 'H*', $_->[$binary] } @seeds;
		my $allowed = $binary ? qr/^(22P03|08P01)$/ : qr/^(22P02|22021)$/;
		my ($refused, $accepted, @wrong) = (0, 0);

		srand($seed);
		for (my $i = 0; $i < $inputs && @wrong < 10; $i += $batch)
		{
			my @mutants = map { mutant($binary, @samples) } 1 .. $batch;
			my @answers = $wire->run(map { [ $echo, $_, $binary, 2 ] } @mutants);

			while (my ($j, $answer) = each @answers)
			{
				my $what = "$type " . ($binary ? unpack 'H*', $mutants[$j] : $mutants[$j]);

				if ($answer->{error})
				{
					$refused++;
					push @wrong, "$what: $answer->{error} $answer->{message}" if $answer->{error} !~ $allowed;
					next;
				}
				$accepted++;
				my ($printed, $sent) = @{ $answer->{row} };
				foreach my $again ($wire->run([ $echo, $printed, 0, 2 ], [ $echo, $sent, 1, 2 ]))
				{
					push @wrong, "$what: reads back as " . ($again->{message} || $again->{row}[0])
					  if $again->{error} || $again->{row}[0] ne $printed || $again->{row}[1] ne $sent;
				}
				my @some = map { one_of(@calls) } 1 .. 4;
				my @results = $wire->run(map { [ $_, $sent, 1, 1 ] } @some);
				while (my ($k, $result) = each @results)
				{
					push @wrong, "$what: $some[$k] with $printed: $result->{error} $result->{message}" if ($result->{error} || '22') !~ /^(22|54)/;
				}
			}
		}
		is(join("\n", @wrong), '', sprintf('%s, %s form: %d refused, %d accepted', $type, $binary ? 'binary' : 'text', $refused, $accepted));
		cmp_ok($refused, '>', 0, 'some is refused');
		cmp_ok($accepted, '>', 0, 'some is accepted');
	}
}

is($wire->command('SELECT 1')->[0], '1', 'the same connection works to the end');
$node->stop;
done_testing();
