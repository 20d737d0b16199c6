#!/usr/bin/env bash
# A private PostgreSQL 17 with pgvector for development and tests: Debian's packages unpacked into a folder and run under
# their own loader. Nothing is installed on this machine, no Docker, no root needed.
#   postgres.sh start|stop|restart|status|url|psql [arguments]|admin [arguments]|bin|destroy
# `start` and `url` print the postgres:// URL of the service's role: it owns the database and is no superuser. `psql` is
# psql as that role, `admin` as the superuser; `bin` prints the folder of PostgreSQL's programs.
# Settings, each an environment variable:
#   MEMORY_DEV_PG_HOME            where everything lives            /var/tmp/memory-postgres
#   MEMORY_DEV_PG_PORT            TCP port on 127.0.0.1             54417
#   MEMORY_DEV_PG_DATABASE        the database, and its owner       memory
#   MEMORY_DEV_PG_ROOT            unpacked packages, to share       $MEMORY_DEV_PG_HOME/root
#   MEMORY_DEV_PG_USER            system user when run as root      postgres, else memory-postgres (made)
#   MEMORY_DEV_PG_SUITE, _VERSION Debian suite, PostgreSQL          trixie, 17
#   MEMORY_DEV_PG_MIRROR, _KEYRING  where packages come from        those of this machine's apt
#   MEMORY_DEV_PG_SHARED_BUFFERS  memory of the server              256MB
#   MEMORY_DEV_PG_FSYNC           off: faster, loses data in a crash  on
set -euo pipefail
umask 022
suite=${MEMORY_DEV_PG_SUITE:-trixie}; version=${MEMORY_DEV_PG_VERSION:-17}
home=${MEMORY_DEV_PG_HOME:-/var/tmp/memory-postgres}; port=${MEMORY_DEV_PG_PORT:-54417}
database=${MEMORY_DEV_PG_DATABASE:-memory}; fsync=${MEMORY_DEV_PG_FSYNC:-on}
shared_buffers=${MEMORY_DEV_PG_SHARED_BUFFERS:-256MB}
keyring=${MEMORY_DEV_PG_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
root=${MEMORY_DEV_PG_ROOT:-$home/root}-$suite-$version; data=$home/data-$version; log=$home/postgres.log
bin=$root/usr/lib/postgresql/$version/bin
worker=memory_worker
say() { echo "postgres.sh: $*" >&2; }
die() { say "$*"; exit 1; }

# --- who runs the server: never root ----------------------------------------------------------------------------------
if [ "$(id -u)" = 0 ]; then
  run_user=${MEMORY_DEV_PG_USER:-}
  if [ -z "$run_user" ]; then
    for user in postgres memory-postgres; do id "$user" >/dev/null 2>&1 && { run_user=$user; break; }; done
  fi
  if [ -z "$run_user" ]; then
    run_user=memory-postgres
    useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$run_user"
  fi
  become=(setpriv --reuid="$run_user" --regid="$(id -g "$run_user")" --clear-groups)
else
  run_user=$(id -un); become=()
fi
as() { (cd /; exec ${become[@]+"${become[@]}"} env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 TZ=UTC "$@"); }

# --- packages -> $root ------------------------------------------------------------------------------------------------
# An apt of its own: its lists, its empty dpkg status, the signed Release of the host's mirror.
configure_apt() {
  local t=$1 mirror security
  rm -rf "$t"; mkdir -p "$t"/{lists/partial,cache/archives/partial,debs,root}; : >"$t/status"; : >"$t/prefs"
  apt-get --print-uris update 2>/dev/null | grep -oE "https?://[^' ]+/dists/" | sed 's#/dists/$##' >"$t/hosts" || true
  mirror=${MEMORY_DEV_PG_MIRROR:-$(grep -E '/debian$' "$t/hosts" | head -1 || true)}
  security=$(grep -E '/debian-security$' "$t/hosts" | head -1 || true)
  [ -n "$mirror" ] || die "no Debian mirror in apt's sources; set MEMORY_DEV_PG_MIRROR, or MEMORY_TEST_POSTGRES to a server of yours"
  { echo "deb [signed-by=$keyring] $mirror $suite main"
    [ -z "$security" ] || echo "deb [signed-by=$keyring] $security $suite-security main"; } >"$t/sources.list"
  cat >"$t/apt.conf" <<C
Dir::Etc { sourcelist "$t/sources.list"; sourceparts "/dev/null"; preferences "$t/prefs"; preferencesparts "/dev/null"; };
Dir::State "$t"; Dir::State::lists "$t/lists"; Dir::State::status "$t/status"; Dir::Cache "$t/cache";
APT::Sandbox::User "root"; APT::Install-Recommends "false"; Acquire::Languages "none"; Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"; Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
C
}

# What a server never loads is left out of apt's closure.
unneeded='^(perl|libperl|libllvm|libz3|locales|libc-l10n|postgresql-common|postgresql-client-common|debconf|adduser|passwd|login|procps|sensible-utils|ucf|netbase|openssl$|ssl-cert|init-system|sysvinit|base-passwd|libsemanage|libgdbm|libproc2|libpam-modules)|^lib.*-perl$'

download() {
  local t=$1 deb
  export APT_CONFIG=$t/apt.conf
  apt-get -qq update
  apt-get -s install "postgresql-$version" "postgresql-client-$version" "postgresql-$version-pgvector" >"$t/plan" \
    || die "no postgresql-$version-pgvector in $suite"
  awk '$1=="Inst"{print $2}' "$t/plan" | sort -u | grep -vE "$unneeded" >"$t/names"
  (cd "$t/debs" && xargs apt-get -qq download <"$t/names")
  unset APT_CONFIG
  for deb in "$t"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$t/root" --no-same-owner \
      --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude='*/bitcode' --exclude='*/llvmjit*'
  done
}

# A wrapper for each program: the suite's loader and libraries, and $0 kept, for PostgreSQL finds its share folder from it.
wrap_programs() {
  local t=$1 folder lib loader missing file
  for folder in lib lib64; do [ -e "$t/root/$folder" ] || ln -s "usr/$folder" "$t/root/$folder"; done
  lib=$(cd "$t/root" && ls -d usr/lib/*-linux-gnu | head -1); loader=$(cd "$t/root/$lib" && ls ld-linux*.so.* | head -1)
  cd "$t/root/usr/lib/postgresql/$version/bin"
  missing=$(for file in ./postgres ./initdb ./pg_ctl ./psql ./pg_dump ../lib/*.so; do
    "$t/root/$lib/$loader" --library-path "$t/root/$lib:$PWD/../lib" --list "$file" 2>&1
  done | grep -E 'not found|cannot open' | sort -u || true)
  [ -z "$missing" ] || die "libraries missing: $missing"
  for file in *; do
    [ "$(head -c4 "$file" | tr -d '\0')" = $'\x7fELF' ] || continue
    mv "$file" "$file.real"
    printf '#!/bin/sh\nd=${0%%/*}; r=$d/../../../../..\nexec "$r/%s/%s" --argv0 "$0" --library-path "$r/%s" "$0.real" "$@"\n' \
      "$lib" "$loader" "$lib" >"$file"
    chmod 755 "$file"
  done
  cd /
}

fetch() {
  [ -f "$root/.complete" ] && return 0
  local t=$home/tmp.fetch
  mkdir -p "$(dirname "$root")"; exec 8>"$root.lock"; flock 8   # several servers may share $root
  [ ! -f "$root/.complete" ] || { exec 8>&-; return 0; }
  say "fetching PostgreSQL $version and pgvector, about 100 MB, once"
  configure_apt "$t"; download "$t"; wrap_programs "$t"
  (cd "$t/debs" && ls -1) >"$t/root/.complete"
  rm -rf "$root"; mv "$t/root" "$root"; rm -rf "$t"; exec 8>&-
  say "fetched $("$bin/postgres" --version), $(grep pgvector "$root/.complete")"
}

# --- cluster -> $data -------------------------------------------------------------------------------------------------
new_password() { [ -f "$1" ] || (umask 077; head -c 24 /dev/urandom | base64 | tr -d '/+=\n' >"$1"); }

initialise() {
  [ -f "$data/.complete" ] && return 0
  as test -x "$bin/postgres" || die "$run_user cannot reach $bin: put MEMORY_DEV_PG_HOME where every parent folder is o+x (not under /root)"
  rm -rf "$data" "$data.tmp"; install -d -m 700 -o "$run_user" "$data.tmp"
  new_password "$home/superuser.password"; new_password "$home/password"
  install -m 600 -o "$run_user" "$home/superuser.password" "$data.tmp.pw"
  as "$bin/initdb" -D "$data.tmp" -U postgres --auth=scram-sha-256 --pwfile="$data.tmp.pw" -E UTF8 --no-sync \
     --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8 >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; die "initdb failed"; }
  rm -f "$data.tmp.pw"; echo "include_if_exists = 'memory.conf'" >>"$data.tmp/postgresql.conf"
  as touch "$data.tmp/.complete"; mv "$data.tmp" "$data"; sync -f "$data"
}

configure() { # rewritten at every start
  cat >"$data/memory.conf" <<C
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
shared_buffers = $shared_buffers
maintenance_work_mem = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off                              # llvmjit is not unpacked
max_parallel_maintenance_workers = 0   # CVE-2026-3172: pgvector before 0.8.2 overflows in a parallel HNSW build
fsync = $fsync
synchronous_commit = $fsync
full_page_writes = $fsync
recovery_init_sync_method = syncfs     # after a kill: one call, not one for each of a few hundred thousand files (190 s seen)
timezone = 'UTC'
log_timezone = 'UTC'
C
}

# --- server -----------------------------------------------------------------------------------------------------------
running() { # a pid file can be stale: the process gone, a zombie, or (after a reboot) somebody else's
  local pid; pid=$(head -1 "$data/postmaster.pid" 2>/dev/null) && [ -n "$pid" ] || return 1
  case $(sed 's/.*) //; s/ .*//' "/proc/$pid/stat" 2>/dev/null) in ''|Z|X) return 1;; esac
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$data" || return 1
}
port_now() { sed -n 4p "$data/postmaster.pid" 2>/dev/null || echo "$port"; }
admin() { PGPASSWORD=$(cat "$home/superuser.password") "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(port_now)" -U postgres "$@"; }
url() { [ -f "$home/password" ] || die "not made yet: run start"; echo "postgres://$database:$(cat "$home/password")@127.0.0.1:$(port_now)/$database"; }

launch() {
  local pid
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && die "port $port is taken by another program; set MEMORY_DEV_PG_PORT"
  # A killed postmaster stays a zombie until its parent reaps it, and PostgreSQL takes that for a live server.
  for _ in $(seq 100); do
    pid=$(head -1 "$data/postmaster.pid" 2>/dev/null || true)
    [ -n "$pid" ] && grep -q ') Z ' "/proc/$pid/stat" 2>/dev/null || break
    sleep 0.1
  done
  [ -z "$pid" ] || [ ! -e "/proc/$pid" ] || rm -f "$data/postmaster.pid"   # the number is another program's by now
  configure; : >>"$log"; [ "$(id -u)" != 0 ] || chown "$run_user" "$log"
  # 9>&-: the server must not keep the lock; its output must not hold the caller's pipe open.
  as "$bin/pg_ctl" -D "$data" -l "$log" -w -t 600 start </dev/null >/dev/null 2>&1 9>&- || { tail -20 "$log" >&2; die "the server did not start"; }
}

# A server that somebody started and left may be recovering from a kill still.
await_answer() {
  for _ in $(seq 600); do "$bin/pg_isready" -q -h 127.0.0.1 -p "$(port_now)" && return 0; sleep 1; done
  die "the server does not answer; see $log"
}

# The service's role owns its database and nothing more. The worker is a role it may become (SET ROLE) and inherits
# nothing from: it sees ids of every tenant, so that jobs can be claimed, and no content.
ensure_database() {
  [ "$(admin -d postgres -Atc "select 1 from pg_database where datname='$database'")" != 1 ] || return 0
  admin -d template1 -c 'create extension if not exists vector'
  admin -d postgres >/dev/null <<SQL
select 'create role $worker nologin' where not exists (select from pg_roles where rolname = '$worker') \gexec
select 'create role "$database" login' where not exists (select from pg_roles where rolname = '$database') \gexec
alter role "$database" nosuperuser nobypassrls nocreaterole nocreatedb password '$(cat "$home/password")';
grant $worker to "$database" with inherit false, set true;
create database "$database" owner "$database";
SQL
}

start() {
  mkdir -p "$home"; exec 9>"$home/lock"; flock 9   # two callers: the second waits, then finds it running
  fetch; initialise
  running || launch
  await_answer
  ensure_database
  url
}

stop() {
  running || { say "not running"; return 0; }
  as "$bin/pg_ctl" -D "$data" -m fast -w -t 120 stop >/dev/null; say stopped
}

status() {
  running || { say "not running"; exit 3; }
  say "running, pid $(head -1 "$data/postmaster.pid"), $(admin -d "$database" -Atc \
    "select current_setting('server_version')||', pgvector '||extversion from pg_extension where extname='vector'")"
  url
}

case ${1:-} in
  start) start;;
  stop) stop;;
  restart) stop; start;;
  status) status;;
  url) url;;
  psql) shift; "$bin/psql" -X "$(url)" "$@";;
  admin) shift; admin "$@";;
  bin) fetch; echo "$bin";;
  destroy) stop; rm -rf "$home";;
  *) sed -n 2,6p "$0" >&2; exit 2;;
esac
