# shellcheck shell=bash
# cluster.sh: sourced by what runs kpi in a throw-away cluster (test/tools/run, demo/run, bench/run).
#
#	. test/cluster.sh
#	kpi_cluster_start				# or: kpi_cluster_start work_mem=64MB shared_buffers=1GB
#	psql -X -c 'CREATE EXTENSION kpi'		# PGHOST, PGPORT, PGUSER, PGDATABASE and PATH are set
#
# kpi_cluster_start installs with apt what is missing, builds a copy of this tree in a temporary directory and
# starts a server there, that listens on a private socket only.  Arguments are lines for postgresql.conf.
# When the script ends, for whatever reason, the server is stopped and the directory removed.
#
# From the environment:
#	PG_CONFIG			the server to use; otherwise pg_config in PATH, else the newest that is installed
#	TMPDIR				where the temporary directory is made
# What a script may set between the two:
#	kpi_make=(name=value ...)	for make; the default leaves out LLVM bitcode, kpi_make=() builds it
#	kpi_packages=(...)		more packages to install
#	kpi_optional=(...)		others, without which it goes on too
# What it may use afterwards:
#	kpi_tree, kpi_dir, kpi_build	this source tree; the temporary directory; the copy of the tree in it
#	kpi_pg_config, kpi_include	pg_config of the private installation; the server's headers
#	kpi_as COMMAND ...		runs a command in kpi_build, as the unprivileged user that owns kpi_dir
#	kpi_copy_server, kpi_build_for	a private copy of another server: see there
#	kpi_say, kpi_fail		print a line; print a line and exit
#
# The server isn't the installed one but a copy: programs copied, everything else symbolic links, so that kpi can
# be installed beside them (PostgreSQL finds its files relative to its program).  Nothing but packages is installed.

set -euo pipefail

kpi_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
kpi_make=(with_llvm=no)
kpi_packages=()
kpi_optional=()
kpi_dir=
kpi_include=
kpi_job=
kpi_no_main=
kpi_mount=
kpi_as_user=()

kpi_say()
{
	printf '== %s\n' "$*"
}

kpi_fail()
{
	printf '== %s\n' "$*" >&2
	exit 1
}

# A job in a process group of its own: a signal ends our wait at once, and kpi_clean then ends all of the job.
kpi_as()
{
	local status=0

	set -m
	"${kpi_as_user[@]}" env -C "$kpi_build" HOME="$kpi_dir" TMPDIR="$kpi_dir" "$@" </dev/null &
	kpi_job=$!
	set +m
	wait "$kpi_job" || status=$?
	kpi_job=
	return "$status"
}

kpi_clean()
{
	local status=$? file

	trap - EXIT
	trap '' HUP INT TERM
	if [ -n "$kpi_job" ]; then
		kill -TERM -- "-$kpi_job" 2>/dev/null || :
		wait "$kpi_job" 2>/dev/null || :
	fi
	if [ -n "$kpi_no_main" ]; then
		kpi_root rm -f "$kpi_no_main"
		dpkg -S "${kpi_no_main%/*}" >/dev/null 2>&1 || kpi_root rmdir --ignore-fail-on-non-empty "${kpi_no_main%/*}"
	fi
	if [ -n "$kpi_dir" ]; then
		# ours, and those of TAP tests that were interrupted
		while read -r file; do
			"${kpi_as_user[@]}" env -C "$kpi_dir" pg_ctl -s -D "${file%/*}" -m immediate stop || :
		done < <(find "$kpi_dir" -name postmaster.pid)
		# a process that was left there keeps the file system to itself until it ends
		[ -z "$kpi_mount" ] || kpi_root umount "$kpi_mount" 2>/dev/null || kpi_root umount -l "$kpi_mount" || :
		rm -rf "$kpi_dir" || { sleep 1; rm -rf "$kpi_dir"; }
	fi
	exit "$status"
}

kpi_root()
{
	if [ "$EUID" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A file system of the given size in kpi_dir, for the tests' user; its path in kpi_mount.  False where none can be mounted.
kpi_small_disk()
{
	local path=$kpi_dir/small

	# without a password at the end too, when the one that was given for apt is forgotten
	[ "$EUID" = 0 ] || sudo -k -n true 2>/dev/null || return 1
	mkdir "$path"
	# first: a signal may come at once
	kpi_mount=$path
	kpi_root mount -t tmpfs -o "size=$1,mode=1777" tmpfs "$path" 2>/dev/null || { kpi_mount=; return 1; }
}

kpi_major()
{
	"$1" --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p'
}

# Is this the pg_config of a server 15 or later, with what builds an extension?  Debian's package of the server has PGXS's
# makefile, but not the headers.
kpi_usable()
{
	local major pgxs

	major=$(kpi_major "$1") && [ "${major:-0}" -ge 15 ] &&
		pgxs=$("$1" --pgxs 2>/dev/null) && [ -f "$pgxs" ] && [ -f "$("$1" --includedir-server)/postgres.h" ] &&
		[ -x "$("$1" --bindir)/postgres" ]
}

kpi_find_server()
{
	local candidate

	kpi_pg_config=
	for candidate in ${PG_CONFIG:-pg_config $(printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -Vr)}; do
		if kpi_usable "$candidate"; then
			kpi_pg_config=$candidate
			return
		fi
	done
}

# The major version to install: of PG_CONFIG, of a server or headers that are there, or the distribution's.
kpi_choose_major()
{
	local major

	if [ -n "${PG_CONFIG:-}" ]; then
		major=$(sed -n 's,^/usr/lib/postgresql/\([0-9]*\)/bin/pg_config$,\1,p' <<<"$PG_CONFIG")
		[ -n "$major" ] || kpi_fail "PG_CONFIG=$PG_CONFIG is not that of a PostgreSQL 15 or later with server and headers"
	else
		major=$(printf '%s\n' /usr/lib/postgresql/*/bin/p* | sed -n 's,.*/\([0-9]*\)/bin/\(postgres\|pg_config\)$,\1,p' | sort -n | tail -n 1)
		[ "${major:-0}" -ge 15 ] ||
			major=$(apt-cache depends postgresql | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p')
	fi
	[ "${major:-0}" -ge 15 ] ||
		kpi_fail "kpi needs PostgreSQL 15 or later, this system offers ${major:-none}: see https://www.postgresql.org/download/linux/"
	echo "$major"
}

# Installs what is missing, and only that.
kpi_install()
{
	local missing=("${kpi_packages[@]}") known=() major log what

	kpi_find_server
	"$({ [ -n "$kpi_pg_config" ] && "$kpi_pg_config" --cc || echo gcc; } | sed 's/ .*//')" \
		-E -x c -include stdio.h /dev/null >/dev/null 2>&1 || missing+=(gcc libc6-dev)
	if [ "${#kpi_optional[@]}" -gt 0 ]; then
		# only where they can be had without asking
		{ command -v apt-get && { [ "$EUID" = 0 ] || sudo -n true; }; } >/dev/null 2>&1 || kpi_optional=()
	fi
	[ -z "$kpi_pg_config" ] || [ "${#missing[@]}" -gt 0 ] || [ "${#kpi_optional[@]}" -gt 0 ] || return 0

	what="${missing[*]}$([ -n "$kpi_pg_config" ] || echo " PostgreSQL with its headers")"
	command -v apt-get >/dev/null || kpi_fail "missing, and without apt to be installed by you: $what"
	[ "$EUID" = 0 ] || command -v sudo >/dev/null || kpi_fail "missing, and neither root nor sudo to install it: $what"

	kpi_say "apt-get update"
	log=$kpi_dir/apt.log
	kpi_root apt-get -q -o DPkg::Lock::Timeout=300 update >"$log" 2>&1 ||
		kpi_say "apt-get update failed, going on with what is known: $(tail -n 1 "$log")"
	if [ -z "$kpi_pg_config" ]; then
		major=$(kpi_choose_major)
		missing+=("postgresql-$major" "postgresql-server-dev-$major")
		# else Debian's packages make and start a cluster "main"
		kpi_no_main=/etc/postgresql-common/createcluster.d/kpi-$$.conf
		kpi_root mkdir -p "${kpi_no_main%/*}"
		echo "create_main_cluster = false" | kpi_root tee "$kpi_no_main" >/dev/null
	fi
	# one that this release doesn't have would keep all others away
	for what in "${kpi_optional[@]}"; do
		! apt-cache show "$what" >/dev/null 2>&1 || known+=("$what")
	done
	kpi_optional=("${known[@]}")
	if [ "${#kpi_optional[@]}" -gt 0 ]; then
		kpi_say "apt-get install ${kpi_optional[*]}"
		kpi_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends \
			install "${kpi_optional[@]}" >>"$log" 2>&1 || kpi_say "going on without: $(tail -n 1 "$log")"
	fi
	[ -z "$kpi_pg_config" ] || [ "${#missing[@]}" -gt 0 ] || return 0
	kpi_say "apt-get install ${missing[*]}"
	kpi_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends \
		install "${missing[@]}" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; kpi_fail "apt-get install failed"; }
	[ -n "$kpi_pg_config" ] || PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config
	kpi_find_server
	[ -n "$kpi_pg_config" ] || kpi_fail "PostgreSQL was installed, but $PG_CONFIG doesn't work"
}

# Makes the private copy of a server, without kpi.
kpi_copy_server()
{
	local name

	for name in bindir pkglibdir sharedir; do
		mkdir -p "$kpi_dir$("$1" --$name)"
		cp -a"$([ $name = bindir ] || echo s)" "$("$1" --$name)/." "$kpi_dir$("$1" --$name)"
	done
	# the headers too, for tests that compile
	mkdir -p "$kpi_dir$(dirname "$("$1" --includedir)")"
	ln -sfn "$("$1" --includedir)" "$kpi_dir$("$1" --includedir)"
	rm -rf "$kpi_dir$("$1" --sharedir)"/extension/kpi[.-]* "$kpi_dir$("$1" --pkglibdir)"/{kpi.so,bitcode/kpi,bitcode/kpi.*}
	[ "$EUID" != 0 ] || chown -R "$("${kpi_as_user[@]}" id -un):" "$kpi_dir"
}

# Builds kpi for a server, and installs it into the private copy.
kpi_build_for()
{
	kpi_as make -s -j "$(nproc)" PG_CONFIG="$1" "${kpi_make[@]}"
	kpi_as make -s PG_CONFIG="$1" "${kpi_make[@]}" DESTDIR="$kpi_dir" install >/dev/null
}

kpi_cluster_start()
{
	local base=${TMPDIR:-/tmp} name source socket user

	# Nothing of the caller's settings for clients, for make or of the language.
	for name in "${!PG@}"; do [ "$name" = PG_CONFIG ] || unset "$name"; done
	unset MAKEFLAGS MFLAGS MAKELEVEL LANGUAGE
	export LC_ALL=C PAGER='' PSQL_PAGER=''
	# not grep -q, which may end before locale has written all
	# shellcheck disable=SC2143
	[ -z "$(locale -a 2>/dev/null | grep -ix 'C\.utf-\?8')" ] || LC_ALL=C.UTF-8

	trap kpi_clean EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	# The path of a socket has at most 107 bytes, and a root's own TMPDIR can be closed to others.
	[ "${#base}" -le 50 ] || base=/tmp
	[ "$EUID" != 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups -- test -x "$base" || base=/tmp
	kpi_dir=$(mktemp -d "$base/kpi.XXXXXX")
	kpi_build=$kpi_dir/kpi
	kpi_install
	if [ "$EUID" = 0 ]; then
		user=$(id -un postgres 2>/dev/null || echo nobody)	# PostgreSQL refuses to run as root
		kpi_as_user=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups --)
	fi

	source=$kpi_pg_config
	# shellcheck disable=SC2034
	kpi_include=$("$source" --includedir-server)
	kpi_say "building for $("$source" --version) in $kpi_dir"
	mkdir "$kpi_build"
	tar -C "$kpi_tree" --exclude=./.git -X <(sed 's,^/,./,; s,/$,,' "$kpi_tree/.gitignore") -cf - . |
		tar -C "$kpi_build" --no-same-owner -xf -
	kpi_copy_server "$source"
	kpi_build_for "$source"
	kpi_pg_config=$kpi_dir$("$source" --bindir)/pg_config
	export PATH="${kpi_pg_config%/*}:$PATH"

	kpi_say "starting a throw-away server"
	kpi_as initdb -N -D "$kpi_dir/data" -A trust -U postgres -E UTF8 --locale="$LC_ALL" >"$kpi_dir/initdb.log" 2>&1 ||
		{ cat "$kpi_dir/initdb.log" >&2; kpi_fail "initdb failed"; }
	socket=$kpi_dir
	printf '%s\n' "unix_socket_directories = '$socket'" "listen_addresses = ''" "timezone = 'UTC'" "fsync = off" \
		"full_page_writes = off" "synchronous_commit = off" "max_wal_size = 4GB" "jit = off" "$@" >>"$kpi_dir/data/postgresql.conf"
	kpi_as pg_ctl -s -w -D "$kpi_dir/data" -l "$kpi_dir/server.log" start ||
		{ tail -n 20 "$kpi_dir/server.log" >&2; kpi_fail "the server did not start"; }
	export PGHOST=$socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres PGCLIENTENCODING=UTF8
}
