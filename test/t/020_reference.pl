# doc/reference.md has every object that users may use, once, and says of it what the server says: names, types,
# results and COMMENTs.
#
# An entry is a paragraph.  It begins with what it is about, in bold code, and ends with the COMMENT.  Where the page
# differs the test prints the paragraph to paste.  Which section it belongs to, and in which order, is for people.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use JSON::PP;
use KpiTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Text::Wrap;

my $node = start_node('reference');
$node->safe_psql('postgres', 'CREATE EXTENSION kpi');

my %entry;

# Those of the same name, kind, result and COMMENT are one entry, however many types they are for.
sub add
{
	my ($what, $head, $comment) = @_;

	fail("$what has a COMMENT") if $comment eq '';
	$comment =~ s,([*<]),\\$1,g;
	$entry{"$head $comment"} = $what;
	return;
}

# "date, timestamp or interval"
sub any_of
{
	my @list = @_;
	my $last = pop @list;

	return @list ? join(', ', @list) . " or $last" : $last;
}

my $functions = decode_json($node->safe_psql('postgres', q{
	SELECT json_agg(json_build_object('name', proname, 'aggregate', prokind = 'a', 'set', proretset, 'comment', coalesce(obj_description(p.oid, 'pg_proc'), ''),
		'arguments', (SELECT coalesce(json_agg(json_build_array(coalesce(proargnames[i], ''), format_type(proargtypes[i - 1], NULL),
				pg_get_function_arg_default(p.oid, i)) ORDER BY i), '[]') FROM generate_series(1, pronargs) AS i),
		'result', CASE WHEN proargmodes && '{o,t}' THEN '(' || (SELECT string_agg(proargnames[i] || ' ' || format_type(proallargtypes[i], NULL), ', ' ORDER BY i)
				FROM generate_series(1, cardinality(proargmodes)) AS i WHERE proargmodes[i] IN ('o', 't')) || ')' ELSE format_type(prorettype, NULL) END) ORDER BY p.oid)
	FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
	WHERE NOT EXISTS (SELECT FROM pg_type WHERE p.oid IN (typinput, typoutput, typreceive, typsend))
		AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = p.oid)
		AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = p.oid)
		AND NOT EXISTS (SELECT FROM pg_aggregate WHERE p.oid IN (aggtransfn, aggcombinefn, aggmtransfn, aggminvtransfn)
			OR (p.oid IN (aggfinalfn, aggmfinalfn) AND proname ~ '_final$'))
		AND obj_description(p.oid, 'pg_proc') NOT LIKE 'private%'}));
cmp_ok(scalar @$functions, '>', 250, 'there are functions');
my (%group, @order);
foreach my $function (@$functions)
{
	my $key = join "\0", @$function{qw(name aggregate set result comment)};

	push @order, $key if !$group{$key};
	push @{ $group{$key} }, $function;
}
foreach my $key (@order)
{
	my @group = @{ $group{$key} };
	my $function = $group[0];
	my (%types, @names, %seen, @signatures);

	# the types of each argument; one without a name is called by its type
	foreach my $argument (map { @{ $_->{arguments} } } @group)
	{
		my ($name, $type) = @$argument;

		next if $name eq '';
		push @names, $name if !$types{$name};
		push @{ $types{$name} }, $type if !grep { $_ eq $type } @{ $types{$name} };
	}
	foreach my $one (@group)
	{
		my $signature = join ', ', map {
			my ($name, $type, $default) = @$_;
			my $text = $name eq '' ? $type : @{ $types{$name} } > 1 ? $name : "$name $type";
			$text .= " default $default" =~ s/::[a-z ]+$//r if defined $default;
			$text } @{ $one->{arguments} };
		push @signatures, "**`$one->{name}($signature)`**" if !$seen{$signature}++;
	}

	# names with the same choice of types are said together
	my (%choice, @choices);
	foreach my $name (grep { @{ $types{$_} } > 1 } @names)
	{
		my $list = any_of(@{ $types{$name} });

		push @choices, $list if !$choice{$list};
		push @{ $choice{$list} }, $name;
	}
	my $for = join '; ', map { my $list = $_; join(' and ', map { "`$_`" } @{ $choice{$list} }) . ": $list" } @choices;
	add("$function->{name}()", join(', ', @signatures) . ' → ' . ($function->{set} ? 'rows of ' : '') . "`$function->{result}`" . ($function->{aggregate} ? ', aggregate' : '')
		. ($for ? " ($for)" : '') . ' —', $function->{comment});
}

# Operators but those that compare two values of a type, of which the page speaks once; types; tables and views.
my $others = decode_json($node->safe_psql('postgres', q{
	SELECT json_agg(o) FROM (
		SELECT 'operator' AS kind, format('%s %s %s', format_type(oprleft, NULL), oprname, format_type(oprright, NULL)) AS name,
			format_type(oprresult, NULL) AS result, coalesce(obj_description(o.oid, 'pg_operator'), '') AS comment
		FROM pg_operator o JOIN pg_depend d ON d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
		WHERE oprname NOT IN ('<', '<=', '=', '<>', '>=', '>')
		UNION ALL
		SELECT 'type', typname, NULL, coalesce(obj_description(t.oid, 'pg_type'), '')
		FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
		WHERE typtype IN ('b', 'e', 'd') AND typcategory <> 'A' AND obj_description(t.oid, 'pg_type') NOT LIKE 'private%'
		UNION ALL
		SELECT CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END, relname, NULL, coalesce(obj_description(c.oid, 'pg_class'), '')
		FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
		WHERE relkind IN ('r', 'v')) AS o}));
cmp_ok(scalar @$others, '>', 30, 'there are operators, types and tables');
foreach my $other (@$others)
{
	add($other->{name}, "**`$other->{name}`**" . (defined $other->{result} ? " → `$other->{result}`" : ", $other->{kind}") . ' —', $other->{comment});
}

# What the page says of comparing holds for every base type.
is($node->safe_psql('postgres', q{
	SELECT string_agg(typname, ' ' ORDER BY typname) FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'
	WHERE typtype = 'b' AND typelem = 0 AND ((SELECT count(*) FROM pg_operator WHERE oprleft = t.oid AND oprright = t.oid AND oprname IN ('<', '<=', '=', '<>', '>=', '>')) <> 6
		OR (SELECT count(*) FROM pg_opclass JOIN pg_am a ON a.oid = opcmethod WHERE opcintype = t.oid AND opcdefault AND amname IN ('btree', 'hash')) <> 2)}),
	'', 'every base type can be compared, sorted and hashed');

# What the page has.
my $page = slurp_file("$FindBin::RealBin/../../doc/reference.md");
utf8::decode($page);
my %found;
foreach my $paragraph (grep { /^\*\*`/ } split /\n\s*\n/, $page)
{
	$paragraph =~ s/\s+/ /g;
	$paragraph =~ s/^ | $//g;
	$found{$paragraph}++;
}
$Text::Wrap::columns = 150;
$Text::Wrap::huge = 'overflow';
foreach my $text (sort { $entry{$a} cmp $entry{$b} || $a cmp $b } keys %entry)
{
	(my $plain = $text) =~ s/\s+/ /g;
	my $paste = wrap('', '', $plain);
	utf8::encode($paste);
	is(delete $found{$plain} // 0, 1, "$entry{$text} is in doc/reference.md once, as it is") or diag("The page should say:\n\n$paste\n");
}
my $more = join "\n", sort keys %found;
utf8::encode($more);
is($more, '', 'and nothing else is');

$node->stop;
done_testing();
