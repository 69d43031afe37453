# Joins the parts of the install script, or of an upgrade script, and expands their templates.
#
#   --@ include FILE                 FILE (under sql/) stands here, with @NAME@ replaced
#   --@ with NAME = value            by the value, for each such line that follows
#   --@ replace NAME in FILE         CREATE OR REPLACE of every function, aggregate or view of that name in FILE, with the
#                                    comments that follow it; settings as for include
#   --@ # TEXT                       a remark that is left out
#   --@ for A,B in a1,b1 | a2,b2     the lines up to --@ end, once for each | alternative,
#   --@ end                          with @A@ and @B@ replaced; loops nest
#
# usage: awk -f expand.awk -v dir=sql part...

function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

function stop_here(message) { print "expand.awk: " message > "/dev/stderr"; failed = 1; exit 1 }

# replace @NAME@ by a value, taken literally
function put(line, name, value,    out, at, mark) {
	mark = "@" name "@"; out = ""
	while ((at = index(line, mark)) > 0) {
		out = out substr(line, 1, at - 1) value
		line = substr(line, at + length(mark))
	}
	return out line
}

function read_file(name,    line, text) {
	text = ""
	while ((got = (getline line < name)) > 0) text = text line "\n"
	if (got < 0) stop_here("cannot read " name)
	close(name)
	return text
}

# FILE and "NAME = value" lines
function include(file, settings,    n, i, field, text, eq) {
	text = read_file(dir "/" trim(file))
	n = split(settings, field, "\n")
	for (i = 1; i < n; i++) {
		eq = index(field[i], "=")
		text = put(text, trim(substr(field[i], 1, eq - 1)), trim(substr(field[i], eq + 1)))
	}
	return expand(text)
}

# "NAME in FILE" and settings: from each CREATE of NAME to the last COMMENT behind it
function replace(spec, settings,    at, text, n, i, line, name, out, state) {
	at = index(spec, " in ")
	if (!at) stop_here("no \" in \" in: " spec)
	name = trim(substr(spec, 1, at - 1)); out = ""; state = ""
	n = split(include(substr(spec, at + 4), settings), line, "\n")
	for (i = 1; i <= n; i++) {
		text = line[i]
		if (match(text, /^CREATE (FUNCTION|AGGREGATE|VIEW) /) && (substr(text, RLENGTH + 1) ~ "^" name "[( ]")) {
			sub(/^CREATE/, "CREATE OR REPLACE", text); state = "body"
		}
		else if (state != "" && text ~ /^COMMENT ON /) state = "comment"
		else if (state == "comment") state = ""
		if (state != "") out = out text "\n"
	}
	if (out == "") stop_here("nothing to replace: " spec)
	return out
}

function loop(spec, body,    at, names, rows, nn, nr, i, j, value, text, out) {
	at = index(spec, " in ")
	if (!at) stop_here("no \" in \" in: " spec)
	nn = split(substr(spec, 1, at - 1), names, ",")
	nr = split(substr(spec, at + 4), rows, "|")
	out = ""
	for (i = 1; i <= nr; i++) {
		if (split(rows[i], value, ",") != nn) stop_here("wrong number of values: " rows[i])
		text = body
		for (j = 1; j <= nn; j++) text = put(text, trim(names[j]), trim(value[j]))
		out = out expand(text)
	}
	return out
}

function expand(text,    n, i, line, out, depth, spec, body, settings) {
	n = split(text, line, "\n")
	if (line[n] == "") n--
	out = ""; depth = 0; body = ""
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^--@ for /) {
			if (depth++ == 0) { spec = substr(line[i], 9); body = ""; continue }
		} else if (line[i] ~ /^--@ end$/) {
			if (--depth < 0) stop_here("end without for")
			if (depth == 0) { out = out loop(spec, body); continue }
		}
		if (depth > 0) body = body line[i] "\n"
		else if (line[i] ~ /^--@ (include|replace) /) {
			spec = line[i]; settings = ""
			while (i < n && line[i + 1] ~ /^--@ with /) settings = settings substr(line[++i], 10) "\n"
			out = out (spec ~ /^--@ include/ ? include(substr(spec, 13), settings) : replace(substr(spec, 13), settings))
		}
		else if (line[i] ~ /^--@ #/) continue
		else if (line[i] ~ /^--@/) stop_here("unknown directive: " line[i])
		else out = out line[i] "\n"
	}
	if (depth > 0) stop_here("for without end: " spec)
	return out
}

BEGIN {
	for (i = 1; i < ARGC; i++) {
		text = expand(read_file(ARGV[i]))
		if (match(text, /@[A-Z][A-Z_]*@/)) stop_here(ARGV[i] ": " substr(text, RSTART, RLENGTH) " has no value")
		printf "%s", text
	}
	exit failed
}
