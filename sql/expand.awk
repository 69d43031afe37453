# Writes an install or upgrade script from its parts (README.md), expanding their templates.
#
#   --@ include FILE          FILE (under sql/) stands here, each @NAME@ in it replaced
#   --@ with NAME = value     by the value, for each such line that follows; FILE sees the includer's names too
#   --@ default NAME = value  the value of NAME in this file and those it includes, where it has none yet
#   --@ replace NAME in FILE  CREATE OR REPLACE of every function, aggregate or view of that name in FILE, with the
#                             comments that follow it; settings (with) as for include
#   --@ replace comments of NAME in FILE   only the comments on that table, view or type, and its columns
#   --@ since VERSION         the part is new in that version
#   --@ include parts since VERSION in FILE   those of the parts that FILE includes, in its order
#
#   --@ for NAME in a | b     the lines up to --@ end, once for each, with @NAME@ replaced
#   --@ for A | B             the same for several names at once, one alternative a line
#   --@ | a1 | b1
#   --@ | a2 | b2             (a value may have any sign in it but a | with blanks around it)
#   --@ if @NAME@             the lines up to --@ end unless the value is empty
#   --@ end                   for and if nest
#
#   --@ names                 rows for VALUES, (kind, name), of what the script creates in the target schema: types,
#                             relations, and functions that a database without it can have too
#   --@ makes NAME, NAME      what is created here under names that are not written out, for who looks for one
#   --@ # TEXT                a remark that is left out
#   --@   and so on           goes on with the directive above it
#
# usage: awk -v dir=sql -f expand.awk FILE

function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

function stop_here(message) { print "expand.awk: " message > "/dev/stderr"; failed = 1; exit 1 }

# Names and their values are lines "NAME=value" between newlines; the first one counts.
function known(env, name) { return index(env, "\n" name "=") }
function set(env, name, value) { return "\n" trim(name) "=" trim(value) env }
function value_of(env, name,    rest) {
	if (!known(env, name)) stop_here("@" name "@ has no value in " here)
	rest = substr(env, known(env, name) + length(name) + 2)
	return substr(rest, 1, index(rest, "\n") - 1)
}

# Each @NAME@ of a line by its value, taken literally.
function put(line, env,    out, name) {
	out = ""
	while (match(line, /@[A-Z][A-Z_]*@/)) {
		name = substr(line, RSTART + 1, RLENGTH - 2)
		out = out substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		out = out value_of(env, name)
	}
	return out line
}

# A file's lines, a directive with what goes on below it in one.
function read_file(name,    line, text, got) {
	text = ""
	while ((got = (getline line < name)) > 0) {
		if (line !~ /^--@[ \t][ \t]/) text = text "\n" line
		else if (text ~ /\n--@[^\n]*$/) text = text " " trim(substr(line, 4))
		else stop_here("nothing to go on with in " name ": " line)
	}
	if (got < 0) stop_here("cannot read " name)
	close(name)
	return substr(text, 2)
}

# "NAME = value" into what is known
function setting(line, env,    eq) {
	eq = index(line, "=")
	if (!eq) stop_here("no = in " here ": " line)
	return set(env, substr(line, 1, eq - 1), substr(line, eq + 1))
}

function include(file, env,    out, before) {
	before = here; here = file
	out = expand(read_file(dir "/" file), env)
	here = before
	return out
}

# "VERSION in FILE"
function parts_since(spec, env,    at, n, i, line, mark, out) {
	at = index(spec, " in ")
	if (!at) stop_here("no \" in \" in: " spec)
	mark = "\n--@ since " substr(spec, 1, at - 1) "\n"; out = ""
	n = split(read_file(dir "/" trim(substr(spec, at + 4))), line, "\n")
	for (i = 1; i <= n; i++)
		if (sub(/^--@ include /, "", line[i]) && index("\n" read_file(dir "/" line[i]) "\n", mark))
			out = out "-- sql/" line[i] "\n" include(line[i], env)
	return out
}

# "NAME in FILE": from each CREATE of NAME to the last COMMENT behind it; or "comments of NAME in FILE"
function replace(spec, env,    at, text, n, i, line, name, start, out, state) {
	at = index(spec, " in ")
	if (!at) stop_here("no \" in \" in: " spec)
	name = substr(spec, 1, at - 1); out = ""; state = ""
	if (sub(/^comments of /, "", name)) start = "^COMMENT ON (TABLE|VIEW|TYPE|COLUMN) " name "[. ]"
	else start = "^CREATE (FUNCTION|AGGREGATE|VIEW) " name "[( ]"
	n = split(include(trim(substr(spec, at + 4)), env), line, "\n")
	for (i = 1; i <= n; i++) {
		text = line[i]
		if (state != "comment" && text ~ start)
			state = sub(/^CREATE/, "CREATE OR REPLACE", text) ? "body" : "comment"
		else if (state == "commented" && text !~ /^COMMENT ON /) state = ""
		else if (state != "" && text ~ /^COMMENT ON /) state = "comment"
		if (state != "") out = out text "\n"
		if (state == "comment" && text ~ /;$/) state = start ~ /COMMENT/ ? "" : "commented"
	}
	if (out == "") stop_here("nothing to replace: " spec)
	return out
}

# "NAME in a | b"; or "A | B" and rows, each "| a | b" and a newline
function loop(spec, rows, body, env,    at, name, row, value, nn, nr, i, j, inner, out) {
	out = ""
	if (rows == "") {
		at = index(spec, " in ")
		if (!at) stop_here("neither \" in \" nor alternatives: " spec)
		if (substr(spec, 1, at) ~ /,/) stop_here("several names want their values in lines of their own: " spec)
		nr = split(substr(spec, at + 4), row, / \| /)
		for (i = 1; i <= nr; i++) out = out expand(body, set(env, substr(spec, 1, at - 1), put(row[i], env)))
		return out
	}
	nn = split(spec, name, / \| /)
	nr = split(rows, row, "\n")
	for (i = 1; i < nr; i++) {
		if (split(row[i] " ", value, / \| /) != nn + 1)
			stop_here("not as many values as names in " here ": " row[i])
		inner = env
		for (j = 1; j <= nn; j++) inner = set(inner, name[j], put(value[j + 1], env))
		out = out expand(body, inner)
	}
	return out
}

function expand(text, env,    n, i, line, out, depth, spec, rows, body, inner, whole) {
	n = split(text, line, "\n")
	out = ""; depth = 0
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^--@ (for|if) /) {
			if (depth++ == 0) {
				spec = line[i]; rows = ""; body = ""
				while (i < n && line[i + 1] ~ /^--@ \|( |$)/) rows = rows substr(line[++i], 4) "\n"
				continue
			}
		} else if (line[i] ~ /^--@ end$/) {
			if (--depth < 0) stop_here("end without for or if in " here)
			if (depth == 0) {
				sub(/\n$/, "", body)
				if (spec ~ /^--@ for/) out = out loop(substr(spec, 9), rows, body, env)
				else if (trim(put(substr(spec, 8), env)) != "") out = out expand(body, env)
				continue
			}
		}
		if (depth > 0) body = body line[i] "\n"
		else if (line[i] ~ /^--@ (include|replace) /) {
			whole = line[i] ~ /^--@ include/; spec = put(substr(line[i], 13), env); inner = env
			if (whole && sub(/^parts since /, "", spec)) { out = out parts_since(spec, env); continue }
			# what needs no values is a part, not a template: the reader of the script is told where he is
			if (whole && (i == n || line[i + 1] !~ /^--@ with /)) out = out "-- sql/" spec "\n"
			while (i < n && line[i + 1] ~ /^--@ with /) inner = setting(put(substr(line[++i], 10), env), inner)
			out = out (whole ? include(spec, inner) : replace(spec, inner))
		}
		else if (line[i] ~ /^--@ default /) {
			spec = put(substr(line[i], 13), env)
			if (!known(env, trim(substr(spec, 1, index(spec, "=") - 1)))) env = setting(spec, env)
		}
		else if (line[i] ~ /^--@ (#|makes |since )/) continue
		else if (line[i] ~ /^--@ names$/) out = out line[i] "\n"
		else if (line[i] ~ /^--@/) stop_here("unknown directive in " here ": " line[i])
		else out = out put(line[i], env) "\n"
	}
	if (depth > 0) stop_here("for or if without end in " here ": " spec)
	return out
}

# What a script creates, rows for VALUES; functions by their COMMENTs, which have the types alone.
function created(text,    n, i, j, nt, line, type, of_ours, rows, name, whole) {
	n = split(text, line, "\n")
	of_ours = "^$"; rows = ""
	for (i = 1; i <= n; i++)
		if (match(line[i], /^CREATE (TYPE|TABLE|VIEW) [a-z_0-9]+/)) {
			name = substr(line[i], 8, RLENGTH - 7)
			sub(/^[A-Z]+ /, "", name)
			if (of_ours ~ "[|]" name "[|]") continue
			of_ours = of_ours "|" name "|"
			rows = rows ",\n\t\t('" (line[i] ~ /^CREATE TYPE/ ? "type" : "relation") "', '" name "')"
		}
	for (i = 1; i <= n; i++)
		if (line[i] ~ /^COMMENT ON (FUNCTION|AGGREGATE) /) {
			whole = line[i]
			while (whole !~ /\) IS/) whole = whole " " trim(line[++i])
			sub(/^COMMENT ON (FUNCTION|AGGREGATE) /, "", whole)
			sub(/\) IS.*/, ")", whole)
			# without the names of arguments
			nt = split(substr(whole, index(whole, "(") + 1), type, /, |\)/)
			sub(/\(.*/, "(", whole)
			for (j = 1; j < nt; j++) {
				if (type[j] !~ /^(double precision|(timestamp|time) with)/) sub(/^[a-z_0-9]+ /, "", type[j])
				whole = whole (j > 1 ? ", " : "") type[j]
			}
			whole = whole ")"
			name = whole
			gsub(/[^a-z_0-9]+/, "|", name)
			sub(/^[^|]*/, "", name)
			while (match(name, /^[|][a-z_0-9]+/) && of_ours !~ "[|]" substr(name, 2, RLENGTH - 1) "[|]")
				name = substr(name, RLENGTH + 1)
			if (name ~ /^[|]?$/) rows = rows ",\n\t\t('function', '" whole "')"
		}
	return substr(rows, 3)
}

BEGIN {
	here = ARGV[1]
	text = expand(read_file(here), "\n")
	if ((at = index(text, "\n--@ names\n")) > 0)
		text = substr(text, 1, at) created(text) substr(text, at + 10)
	printf "%s", text
	exit failed
}
