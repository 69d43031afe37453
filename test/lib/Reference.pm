# Makes doc/reference.md from the catalogue of a server that has the extension: for test/tools/reference, which writes the
# page, and for the test 006_reference, which compares it.
#
# The frame, doc/reference.in, has the page's text; a line "@parts summary/nps goal/status" stands for the entries of these
# parts of the install script (and of what they include), in the order in which they are made, and "@behind" for states and final functions of
# aggregates, which their COMMENTs call so.  What is said of an object is its COMMENT; what begins with "private" is left
# out.  Functions of the same name, kind, result and COMMENT are one entry, however many types they are for.
#
# Each function has an example, which is run: from doc/examples.sql, where a block begins with a line "-- NAME" or, for one
# of several of a name, "-- NAME(FIRST TYPE)" or "-- NAME(ALL,TYPES)".  Where none stands there it is made: of an aggregate
# over the rows in kpi_test.example_row of test/lib/samples.sql; else a call with the samples there, in turn until one gives
# something to show, or with the expression after "-- value of TYPE" in doc/examples.sql.
package Reference;

use strict;
use warnings;
use utf8;
use Exporter 'import';
use JSON::PP;
use Text::Wrap;

our @EXPORT_OK = qw(reference_page);

my $member = q{JOIN pg_depend d ON d.classid = '%1$s'::regclass AND d.objid = o.oid AND d.deptype = 'e'
	JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND extname = 'kpi'};

# "date, timestamp or interval"
sub any_of
{
	my @list = @_;
	my $last = pop @list;

	return @list ? join(', ', @list) . " or $last" : $last;
}

# Every object that users may use, in the order in which it was made.
sub objects
{
	my ($query) = @_;

	return decode_json($query->(q{
		SELECT json_agg(row_to_json(q) ORDER BY q.oid) FROM (
		SELECT o.oid, CASE prokind WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind, proname AS name, proretset AS set,
			o.oid::regprocedure::text AS signature, replace(format('%s(%s)', proname, pg_get_function_identity_arguments(o.oid)), ', ', ',') AS named, coalesce(obj_description(o.oid, 'pg_proc'), '') AS comment,
			(SELECT coalesce(json_agg(json_build_array(coalesce(proargnames[i], ''), format_type(proargtypes[i - 1], NULL),
					pg_get_function_arg_default(o.oid, i)) ORDER BY i), '[]') FROM generate_series(1, pronargs) AS i) AS arguments,
			CASE WHEN proargmodes && '{o,t}' THEN '(' || (SELECT string_agg(proargnames[i] || ' ' || format_type(proallargtypes[i], NULL), ', ' ORDER BY i)
					FROM generate_series(1, cardinality(proargmodes)) AS i WHERE proargmodes[i] IN ('o', 't')) || ')'
				ELSE format_type(prorettype, NULL) END AS result
		FROM pg_proc o } . sprintf($member, 'pg_proc') . q{
		WHERE NOT EXISTS (SELECT FROM pg_type WHERE o.oid IN (typinput, typoutput, typreceive, typsend))
			AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = o.oid)
			AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = o.oid)
			AND NOT EXISTS (SELECT FROM pg_aggregate WHERE o.oid IN (aggtransfn, aggcombinefn, aggmtransfn, aggminvtransfn)
				OR (o.oid IN (aggfinalfn, aggmfinalfn) AND proname ~ '_final$'))
			AND prorettype NOT IN ('event_trigger'::regtype, 'trigger'::regtype)
		UNION ALL
		-- but those that compare two values of a type, of which the page speaks once
		SELECT o.oid, 'operator', format('%s %s %s', format_type(oprleft, NULL), oprname, format_type(oprright, NULL)), false,
			format('%s (%s,%s)', oprname, format_type(oprleft, NULL), format_type(oprright, NULL)), NULL,
			coalesce(obj_description(o.oid, 'pg_operator'), ''),
			json_build_array(json_build_array('', format_type(oprleft, NULL), NULL), json_build_array('', format_type(oprright, NULL), NULL)),
			format_type(oprresult, NULL)
		FROM pg_operator o } . sprintf($member, 'pg_operator') . q{
		WHERE oprname NOT IN ('<', '<=', '=', '<>', '>=', '>')
		UNION ALL
		SELECT o.oid, 'type', typname, false, typname, NULL, coalesce(obj_description(o.oid, 'pg_type'), ''), '[]', NULL
		FROM pg_type o } . sprintf($member, 'pg_type') . q{
		WHERE typtype IN ('b', 'e', 'd') AND typcategory <> 'A'
		UNION ALL
		SELECT o.oid, CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END, relname, false, relname, NULL, coalesce(obj_description(o.oid, 'pg_class'), ''), '[]', NULL
		FROM pg_class o } . sprintf($member, 'pg_class') . q{
		WHERE relkind IN ('r', 'v')) AS q
		WHERE q.comment NOT LIKE 'private%'}));
}

# The part of the install script that makes each object, by what its COMMENT there calls it.
sub parts
{
	my ($script, $frame) = @_;
	my %named = map { $_ => 1 } map { split ' ' } $frame =~ /^\@parts (.*)$/mg;
	my (%part, $part);

	foreach my $piece (split /^(?=-- sql\/)/m, $script)
	{
		$part = $1 if $piece =~ /^-- sql\/(.*)\.sql$/m && $named{$1};
		$piece =~ s/^--.*\n//mg;
		while ($piece =~ /^COMMENT ON (?:FUNCTION|AGGREGATE|OPERATOR|TYPE|TABLE|VIEW) (.*?)\s+IS\s+'/msg)
		{
			my $what = $1;

			$what =~ s/\s+/ /g;
			$what =~ s/, /,/g;
			$what =~ s/\btimestamptz\b/timestamp with time zone/g;
			$what =~ s/\btimestamp\b(?! with)/timestamp without time zone/g;
			$part{$what} //= $part;
		}
	}
	return \%part;
}

# What one entry begins with, of objects that differ in the types of arguments only.
sub head
{
	my (@group) = @_;
	my $first = $group[0];
	my (%types, @names, %seen, @signatures, %choice, @choices);

	return "**`$first->{name}`**, $first->{kind} —" if $first->{kind} =~ /^(type|table|view)$/;
	return "**`$first->{name}`** → `$first->{result}` —" if $first->{kind} eq 'operator';

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
	foreach my $name (grep { @{ $types{$_} } > 1 } @names)
	{
		my $list = any_of(@{ $types{$name} });

		push @choices, $list if !$choice{$list};
		push @{ $choice{$list} }, $name;
	}
	my $for = join '; ', map { my $list = $_; join(' and ', map { "`$_`" } @{ $choice{$list} }) . ": $list" } @choices;
	return join(', ', @signatures) . ' → ' . ($first->{set} ? 'rows of ' : '') . "`$first->{result}`"
		. ($first->{kind} eq 'aggregate' ? ', aggregate' : '') . ($for ? " ($for)" : '') . ' —';
}

# The blocks of doc/examples.sql by the line that each begins with.
sub examples
{
	my ($text) = @_;
	my (%example, $key);

	foreach my $line (split /\n/, $text)
	{
		if ($line =~ /^-- ((?:value of )?\w+(?:\(.*\))?)$/)
		{
			$key = $1;
			die "doc/examples.sql has $key twice\n" if exists $example{$key};
			$example{$key} = '';
		}
		elsif (defined $key && $line !~ /^--/)
		{
			$example{$key} .= "$line\n";
		}
	}
	s/\A\n+|\n+\z//g foreach values %example;
	return \%example;
}

# A call of a function or operator with the samples of that number, or the last there is; undef where a type has none.
sub call_of
{
	my ($object, $samples, $number) = @_;
	my @values;

	foreach my $argument (@{ $object->{arguments} })
	{
		my ($name, $type, $default) = @$argument;

		last if defined $default;
		my $list = $samples->{$type} or return;
		my $value = $list->[$number] // $list->[-1];
		push @values, $value =~ /^\(SELECT / ? $value : $type =~ /^(integer|numeric|double precision|boolean)$/ ? $value
			: $type =~ /^(text|date|interval)$/ ? ($type eq 'text' ? '' : "$type ") . "'$value'" : "'$value'::$type";
	}
	return if !@values && $object->{kind} ne 'function';
	return join(' ', $values[0], $object->{name} =~ / ([-+*@<>]+) /, $values[1]) if $object->{kind} eq 'operator';
	return "$object->{name}(" . join(', ', @values) . ')';
}

# What a query selects of a call.
sub selected
{
	my ($object, $call) = @_;

	# not the last digits, in which machines differ
	return "rounded($call, 4) AS $object->{name}" if $object->{result} eq 'double precision';
	return "round($call, 4) AS $object->{name}" if $object->{result} eq 'numeric' && $object->{kind} eq 'aggregate';
	return $call;
}

# An aggregate over rows, undef where a type has none: of those that differ in types, the one whose types come first in
# kpi_test.example_row.  The second argument of a type has the second list of values.
sub aggregate_example
{
	my ($group, $rows) = @_;
	my ($best, $best_order);

	foreach my $one (@$group)
	{
		my @types = map { $_->[1] } @{ $one->{arguments} };
		my %seen;

		next if grep { !$rows->{$_} || $seen{$_}++ >= @{ $rows->{$_}{lists} } } @types;
		my $order = join ' ', map { sprintf '%03d', $rows->{$_}{n} } @types;
		($best, $best_order) = ($one, $order) if !defined $best || $order lt $best_order;
	}
	return if !defined $best;

	my @names = map { $_->[0] || 'x' } @{ $best->{arguments} };
	my $call = selected($best, "$best->{name}(" . join(', ', @names) . ')');
	my (%seen, @columns);
	foreach my $argument (@{ $best->{arguments} })
	{
		my $type = $argument->[1];

		push @columns, [ $type, @{ $rows->{$type}{lists}[ $seen{$type}++ ] } ];
	}
	return "SELECT $call FROM unnest('{" . join(',', @{ $columns[0] }[ 1 .. $#{ $columns[0] } ]) . "}'::$columns[0][0]" . "[]) AS $names[0];" if @columns == 1;
	my @rows = map {
		my $row = $_;
		'(' . join(', ', map {
			my ($type, $value) = ($_->[0], $_->[$row]);
			# the first row tells the types
			$type =~ /^(integer|bigint|numeric|boolean)$/ ? $value : $type eq 'double precision' ? $row > 1 ? $value : "${value}::float8"
				: $row > 1 || $type eq 'text' ? "'$value'" : "$type '$value'" } @columns) . ')'
	} 1 .. $#{ $columns[0] };
	return "SELECT $call FROM (VALUES " . join(', ', @rows) . ') AS v (' . join(', ', @names) . ');';
}

# Examples to try, the best first, of an entry's objects, which differ in types.
sub examples_of
{
	my ($group, $samples, $rows) = @_;
	my $object = $group->[0];
	my @types = map { $_->[1] } @{ $object->{arguments} };

	if ($object->{kind} eq 'aggregate' && $object->{name} eq 'rollup')
	{
		my $value = $samples->{ $types[0] }[0];

		$value = "'$value'::$types[0]" if $value !~ /^\(SELECT /;
		return "SELECT rollup(s) FROM (VALUES ($value), ($value)) AS v (s);";
	}
	return grep { defined } aggregate_example($group, $rows) if $object->{kind} eq 'aggregate';

	my ($most) = sort { $b <=> $a } 1, map { scalar @{ $samples->{$_} || [] } } @types;
	return map {
		my $call = $_;
		$object->{set} || $object->{result} =~ /^\(/ ? "SELECT * FROM $call LIMIT 3;"
			: $object->{kind} eq 'operator' ? "SELECT $call AS result;" : 'SELECT ' . selected($object, $call) . ';'
	} grep { defined } map { call_of($object, $samples, $_) } 0 .. $most - 1;
}

# The page.  query gives the one value of a query, run what psql shows of statements, aligned and without a count of rows,
# undef where they fail.
sub reference_page
{
	my ($query, $run, $script, $frame, $examples) = @_;
	my $example = examples($examples);
	# the first sample is often the empty value, which shows least
	my %samples = %{ decode_json($query->(q{
		SELECT json_object_agg(type, literals) FROM (
			SELECT type, json_build_array(literal) FROM kpi_test.argument UNION ALL
			SELECT type, json_agg(literal ORDER BY n = 1, n) FROM (SELECT type, literal, row_number() OVER (PARTITION BY type ORDER BY ordinal) AS n
				FROM (SELECT *, row_number() OVER () AS ordinal FROM kpi_test.sample) s) s GROUP BY type) q (type, literals)})) };
	my %rows = %{ decode_json($query->(q{
		SELECT json_object_agg(type, json_build_object('n', n, 'lists', lists)) FROM (
			SELECT type, min(n) AS n, json_agg(literals ORDER BY n) AS lists FROM (SELECT type, literals, row_number() OVER () AS n FROM kpi_test.example_row) r GROUP BY type) q})) };
	my $part = parts($script, $frame);
	foreach my $key (grep { /^value of / } keys %$example)
	{
		$samples{ $key =~ s/^value of //r } = [ delete $example->{$key} ];
	}
	my (%group, @order, %entries, @behind, %used, %anchor, @missing);

	foreach my $object (@{ objects($query) })
	{
		my $key = join "\0", map { $object->{$_} // '' } qw(name kind set result comment);

		die "$object->{signature} has no COMMENT\n" if $object->{comment} eq '';
		push @order, $key if !$group{$key};
		push @{ $group{$key} }, $object;
	}
	$Text::Wrap::columns = 121;
	$Text::Wrap::huge = 'overflow';
	foreach my $key (@order)
	{
		my @group = @{ $group{$key} };
		my $object = $group[0];
		my $comment = $object->{comment} =~ s/([*<])/\\$1/gr;
		my $text = wrap('', '', head(@group) . " $comment");
		my $anchor = $object->{kind} eq 'operator' ? join('-', map { { '+' => 'plus', '-' => 'minus', '@>' => 'contains', '<@' => 'in' }->{$_} // $_ } split / /, $object->{name}) : $object->{name};
		my $first_type = @{ $object->{arguments} } ? $object->{arguments}[0][1] : '';
		my $all_types = join ',', map { $_->[1] } @{ $object->{arguments} };
		my ($chosen) = grep { exists $example->{$_} } "$object->{name}($all_types)", "$object->{name}($first_type)", $used{ $object->{name} } ? () : $object->{name};
		my ($sql, $shown);
		my $from = $part->{ $object->{signature} } // $part->{ $object->{named} // '' } // die "no part of the script makes $object->{signature}\n";
		my $list = $object->{comment} =~ /^(state of|final function)|; used by \w+\(\)/ ? \@behind : ($entries{$from} ||= []);

		$anchor .= "-$first_type" =~ s/\W+/_/gr if $object->{kind} ne 'operator' && $anchor{$anchor};
		$anchor .= '-2' while $anchor{$anchor};
		$anchor{$anchor} = 1;
		if ($object->{kind} =~ /^(function|aggregate|operator)$/ && $list != \@behind)
		{
			$used{ $object->{name} } = $used{$chosen // ''} = 1;
			my @tries = defined $chosen ? $example->{$chosen} : examples_of(\@group, \%samples, \%rows);
			foreach my $try (@tries)
			{
				$shown = $run->($try);
				# what shows nothing is no example
				($sql) = ($try), last if defined $shown && (defined $chosen || ($shown =~ /\n.*\n *\S/ && $shown !~ /^\s*\(0 rows/m));
			}
			push @missing, $object->{signature} . (@tries ? ": $tries[0]" : '') if !defined $sql;
		}
		push @$list, "<a id=\"$anchor\"></a>\n$text\n"
			. (defined $sql ? "\n```sql\n$sql\n```\n" . ($shown =~ /\S/ ? "```\n$shown```\n" : '') : '');
	}
	die join("\n", 'doc/examples.sql needs an example of', @missing) . "\n" if @missing;
	my @unknown = grep { !$used{$_} } sort keys %$example;
	die join("\n", 'doc/examples.sql has examples of nothing:', @unknown) . "\n" if @unknown;

	$frame =~ s{^\@parts (.*)\n}{join "\n", map { @{ delete $entries{$_} || [] } } split ' ', $1}gme;
	$frame =~ s{^\@behind\n}{join "\n", @behind}me;
	die join("\n", 'doc/reference.in has no place for', map { "$_: " . join ', ', @{ $entries{$_} } } sort keys %entries) . "\n" if %entries;
	return $frame;
}

1;
