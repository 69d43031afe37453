# The calls of functions and operators in the expression trees that the catalogue keeps (pg_node_tree): which one, and of
# which types its arguments were before the parser cast them.  Where these aren't the types that it is declared with,
# another of the same name that takes them as they are would have been chosen, had there been one in the search path.
package Calls;

use strict;
use warnings;

# A tree as nested hashes (nodes: field => list of values, NODE => name), arrays (lists) and words.
sub parse
{
	my ($text) = @_;
	my @stack = ([]);

	while ($text =~ /\G\s*(?:([{(])|([})])|(\[[^\]]*\])|((?:\\.|[^\s(){}\\])+))/gcs)
	{
		if (defined $1)
		{
			push @stack, [];
			push @{ $stack[-1] }, $1;
		}
		elsif (defined $2)
		{
			my ($kind, @items) = @{ pop @stack };
			my $value = \@items;

			if ($kind eq '{')
			{
				my $field = 'NODE';

				$value = {};
				foreach my $item (@items)
				{
					if (!ref $item && $item =~ /^:(\w+)$/ && $field ne 'NODE')
					{
						$field = $1;
					}
					else
					{
						push @{ $value->{$field} }, $item;
						$field = '' if $field eq 'NODE';
					}
				}
				$value->{NODE} = $value->{NODE}[0];
			}
			push @{ $stack[-1] }, $value;
		}
		else
		{
			push @{ $stack[-1] }, $3 // $4;
		}
	}
	die 'no expression tree: ' . substr($text, pos($text) // 0, 100) if @stack != 1 || (pos($text) // 0) < length $text;
	return $stack[0];
}

my %result = (
	VAR => 'vartype', CONST => 'consttype', PARAM => 'paramtype', FUNCEXPR => 'funcresulttype', OPEXPR => 'opresulttype',
	NULLIFEXPR => 'opresulttype', AGGREF => 'aggtype', WINDOWFUNC => 'wintype', COALESCEEXPR => 'coalescetype',
	CASEEXPR => 'casetype', CASE => 'casetype', MINMAXEXPR => 'minmaxtype', ARRAYEXPR => 'array_typeid', ARRAY => 'array_typeid',
	RELABELTYPE => 'resulttype', COERCEVIAIO => 'resulttype', ARRAYCOERCEEXPR => 'resulttype', FIELDSELECT => 'resulttype',
	SQLVALUEFUNCTION => 'type', SUBSCRIPTINGREF => 'refrestype', CASETESTEXPR => 'typeId', COERCETODOMAIN => 'resulttype', ROW => 'row_typeid', ROWEXPR => 'row_typeid');
my %condition = map { $_ => 1 } qw(DISTINCTEXPR SCALARARRAYOPEXPR BOOLEXPR NULLTEST BOOLEANTEST);
my %inner = (COLLATEEXPR => 'arg', COLLATE => 'arg', NAMEDARGEXPR => 'arg', TARGETENTRY => 'expr');
my %implicit = (FUNCEXPR => [ 'funcformat', 'args' ], RELABELTYPE => [ 'relabelformat', 'arg' ], COERCEVIAIO => [ 'coerceformat', 'arg' ]);

# The type of an expression, as it was before an implicit cast.
sub type
{
	my ($node) = @_;
	my $name = $node->{NODE};

	if (my $cast = $implicit{$name})
	{
		my ($format, $argument) = @$cast;
		if ($node->{$format}[0] == 2)
		{
			my $inside = $node->{$argument}[0];
			return type(ref $inside eq 'ARRAY' ? $inside->[0] : $inside);
		}
	}
	return $node->{ $result{$name} }[0] if $result{$name};
	return 16 if $condition{$name};
	return type($node->{ $inner{$name} }[0]) if $inner{$name};
	if ($name eq 'SUBLINK')
	{
		# EXISTS, ALL and ANY; a value; else the type isn't said
		return 16 if $node->{subLinkType}[0] < 3;
		return type($node->{subselect}[0]{targetList}[0][0]) if $node->{subLinkType}[0] == 4;
	}
	return 0;
}

# All calls in a tree: [ 'function', 'operator' or 'any', its oid, the type of its result, the types of its arguments ]; of
# 'any', an operator with ANY or ALL, the second argument is an array of what the operator takes.
sub find
{
	my ($node) = @_;
	my @found;

	if (ref $node eq 'ARRAY')
	{
		push @found, map { find($_) } grep { ref } @$node;
	}
	elsif (ref $node eq 'HASH')
	{
		my $name = $node->{NODE};
		# an aggregate's arguments end with what only its ORDER BY uses
		my @arguments = grep { ($_->{resjunk}[0] // '') ne 'true' } map { ref eq 'ARRAY' ? @$_ : () } map { $_ ? @$_ : () } @{$node}{qw(aggdirectargs args)};
		my %call = (
			FUNCEXPR => [ 'function', 'funcid', 'funcresulttype' ], AGGREF => [ 'function', 'aggfnoid', 'aggtype' ],
			WINDOWFUNC => [ 'function', 'winfnoid', 'wintype' ], OPEXPR => [ 'operator', 'opno', 'opresulttype' ],
			DISTINCTEXPR => [ 'operator', 'opno', 'opresulttype' ], NULLIFEXPR => [ 'operator', 'opno', 'opresulttype' ],
			SCALARARRAYOPEXPR => [ 'any', 'opno' ]);

		if (my $call = $call{$name})
		{
			my ($kind, $which, $returns) = @$call;
			push @found, [ $kind, $node->{$which}[0], $returns ? $node->{$returns}[0] : 16, map { type($_) } @arguments ];
		}
		push @found, map { find($_) } map { @$_ } grep { ref eq 'ARRAY' } values %$node;
	}
	return @found;
}

1;
