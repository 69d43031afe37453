# shellcheck shell=bash disable=SC2154
# sanitizer.sh: sourced after cluster.sh by what runs the server with a sanitizer's runtime (test/tools/sanitize, test/fuzz/run).
#
# kpi_preload LIBRARY: from now on the postgres of the private installation loads it first, whoever starts it.
# AddressSanitizer leaves glibc's lock for message catalogues released once too often, and the next writer waits for
# ever: so the functions that write there are replaced by ones that do nothing.  Messages are not translated then.
kpi_preload()
{
	local bin=${kpi_pg_config%/*}

	cat >"$kpi_dir/untranslated.c" <<-'C'
		char *bindtextdomain(const char *domain, const char *directory) { return (char *) directory; }
		char *textdomain(const char *domain) { return (char *) domain; }
		char *bind_textdomain_codeset(const char *domain, const char *codeset) { return (char *) codeset; }
	C
	gcc -shared -fPIC -w -o "$kpi_dir/untranslated.so" "$kpi_dir/untranslated.c"
	[ -x "$bin/postgres.plain" ] || mv "$bin/postgres" "$bin/postgres.plain"
	cat >"$bin/postgres" <<-SH
		#!/bin/bash
		export LD_PRELOAD="$1 $kpi_dir/untranslated.so"
		export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:detect_odr_violation=0:\$KPI_ASAN_OPTIONS
		export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:abort_on_error=1
		exec -a "\$0" "$bin/postgres.plain" "\$@"
	SH
	chmod 755 "$bin/postgres" "$kpi_dir/untranslated.so"
}
