#!/usr/bin/env bash
# Kills a PostgreSQL server under append load and promotes its standby: a real one, made by pg_basebackup and following by
# streaming. The memory is given both hosts and goes to whichever is the primary.
#   bench/drills/pg-failover.sh [seconds=5]     of appends before the kill and after the promotion; see server.sh for MEMORY_BIN
#   DRILL_PORT, DRILL_PG_PORT, DRILL_STANDBY_PORT    ports of memory and of both PostgreSQL servers (default: free ones)
#   DRILL_SYNCHRONOUS=off        the primary does not wait for its standby: what was acknowledged last may then be lost
#   MEMORY_CLUSTER_ROLE=all      the process is a silo of a cluster, whose members are in the same database
# Makes servers of its own with deploy/dev/postgres.sh; no other is touched.
# Prints for how long appends were refused. Exit code 1 when a turn acknowledged is missing, a session has a gap, or appends
# are not taken again.
set -euo pipefail
source "$(dirname "$0")/ports.sh"
DRILL_PORT="${DRILL_PORT:-$(free_port 20000)}"
source "$(dirname "$0")/server.sh"
seconds="${1:-5}"
workers=16
packages="${MEMORY_DEV_PG_ROOT:-${MEMORY_DEV_PG_HOME:-/var/tmp/memory-postgres}/root}"
declare -A ports=([first]="${DRILL_PG_PORT:-$(free_port 26000)}" [standby]="${DRILL_STANDBY_PORT:-$(free_port 30000)}")
copier=memory_standby
password="drill-$RANDOM$RANDOM"
prober_pid=""

postgres() { # postgres NAME start|stop|admin|...
  local name=$1
  shift
  MEMORY_DEV_PG_HOME="$folder/$name" MEMORY_DEV_PG_ROOT="$packages" MEMORY_DEV_PG_PORT="${ports[$name]}" MEMORY_DEV_PG_DATABASE=memory \
    MEMORY_DEV_PG_FSYNC=on MEMORY_DEV_PG_SHARED_BUFFERS=64MB "$repository/deploy/dev/postgres.sh" "$@"
}
ask() { postgres "$1" admin -d memory -At -c "$2"; } # as the superuser
now_ms() { date +%s%3N; }
fail() {
  echo "pg-failover: FAILED, $*" >&2
  exit 1
}

end_drill() {
  local code=$? name
  [[ -z "$prober_pid" ]] || kill "$prober_pid" 2>/dev/null || true
  [[ -z "$server_pid" ]] || kill_server KILL
  for name in first standby; do
    [[ ! -d "$folder/$name" ]] || postgres "$name" stop 2>/dev/null || true
  done
  clean_up "$code"
}
trap end_drill EXIT

await() { # await SECONDS WHAT NAME QUERY: until the query answers t
  local end=$((SECONDS + $1))
  while ((SECONDS < end)); do
    [[ $(ask "$3" "$4" 2>/dev/null) != t ]] || return 0
    sleep 0.1
  done
  fail "$2: not within $1 s"
}

start_both() {
  local data owner
  postgres first start >/dev/null
  postgres first admin -d postgres -c "create role $copier login replication password '$password'"
  data="$folder/standby/$(basename "$folder/first/data-"*)"
  owner="$(stat -c %U "$folder/first/data-"*)"
  mkdir -p "$folder/standby"
  cp -p "$folder/first/password" "$folder/first/superuser.password" "$folder/standby/"
  PGPASSWORD="$password" "$programs/pg_basebackup" -h 127.0.0.1 -p "${ports[first]}" -U "$copier" -D "$data" -c fast -X stream -R -C -S drill
  chown -R "$owner" "$data"
  postgres standby start >/dev/null
  await 30 "the standby follows" first "select count(*) = 1 from pg_stat_replication where state = 'streaming'"
  [[ ${DRILL_SYNCHRONOUS:-on} == off ]] || {
    ask first "alter system set synchronous_standby_names = '*'"
    ask first 'select pg_reload_conf()' >/dev/null
    await 30 "the standby is waited for" first "select count(*) = 1 from pg_stat_replication where sync_state = 'sync'"
  }
  database_url="postgres://memory:$(cat "$folder/first/password")@127.0.0.1:${ports[first]},127.0.0.1:${ports[standby]}/memory"
}

# One turn after another, each with the time at which it was answered and the status, for the length of the gap.
probe() {
  local number=0 status
  while :; do
    status=$(curl -s -o /dev/null -m 10 -w '%{http_code}' -H 'Content-Type: application/json' \
      -d "{\"role\":\"user\",\"content\":\"Probe $((++number)).\"}" "$base/v1/sessions/probe/turns") || true
    echo "$(now_ms) $status"
    sleep 0.05
  done
}

gap_ms() { awk '$2 == 201 { if (last && $1 - last > longest) longest = $1 - last; last = $1 } END { print longest + 0 }' "$folder/probe.txt"; }
refusals() { awk '$2 != 201 { by[$2]++ } END { for (s in by) printf "%s%d x %s", (n++ ? ", " : ""), by[s], s; if (!n) printf "none" }' "$folder/probe.txt"; }

fail_over() {
  local began end
  began=$(now_ms)
  kill -KILL "$(head -1 "$folder/first/data-"*/postmaster.pid)"
  ask standby 'select pg_promote(true, 60)' >/dev/null
  await 60 "the standby is the primary" standby 'select not pg_is_in_recovery()'
  echo "promoted: $(($(now_ms) - began)) ms after the kill"
  end=$((SECONDS + 60))
  while ((SECONDS < end)); do
    [[ $(tail -1 "$folder/probe.txt" | cut -d' ' -f2) != 201 ]] || return 0
    sleep 0.2
  done
  fail "no append was taken for a minute after the promotion"
}

prepare
chmod 711 "$folder"
programs="$(postgres first bin)"
start_both
start_server
await_server >/dev/null
touch "$folder/journal.txt"
"$load" journal --base "$base" --file "$folder/journal.txt" --run one --workers $workers --seconds 600 >"$folder/journal.out" &
journal_pid=$!
probe >"$folder/probe.txt" &
prober_pid=$!
sleep "$seconds"
(($(grep -c '^K' "$folder/journal.txt" || true) > workers)) || fail "nothing was acknowledged before the kill"
before=$(grep -c '^K' "$folder/journal.txt")
fail_over
between=$(grep -c '^K' "$folder/journal.txt")
sleep "$seconds"
kill "$prober_pid"
wait "$prober_pid" 2>/dev/null || true
prober_pid=""
kill -TERM "$journal_pid"
wait "$journal_pid" || fail "the appends ended with code $?"
journal_pid=""
cat "$folder/journal.out"
echo "acknowledged: $before before the kill, $(($(grep -c '^K' "$folder/journal.txt") - between)) after appends were taken again"
echo "refused: for $(gap_ms) ms, answers $(refusals)"
"$load" verify --base "$base" --file "$folder/journal.txt" --run one --resend >"$folder/verify.out" || { cat "$folder/verify.out" >&2; fail "see above"; }
cat "$folder/verify.out"
echo "pg-failover: nothing acknowledged is missing"
