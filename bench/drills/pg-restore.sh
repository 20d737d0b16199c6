#!/usr/bin/env bash
# Backs a served PostgreSQL up under append load and restores it both ways that docs/operations.md describes: a logical
# dump into an empty database of another server, and a base backup with archived log up to a named point in time.
#   bench/drills/pg-restore.sh [seconds=5]      of appends before the backups; see server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR
#   DRILL_PORT, DRILL_PG_PORT    ports of memory and of PostgreSQL (default: free ones)
#   DRILL_TARGET=time            recover to a time instead of a named point
# Makes servers of its own with deploy/dev/postgres.sh, one at a time; no other is touched.
# Exit code 1 when a turn acknowledged before the backup is missing, one from after the chosen point is there, a session
# has a gap, a recall answers otherwise than before, or roles, grants or row-level security are not as they were.
set -euo pipefail
source "$(dirname "$0")/ports.sh"
DRILL_PORT="${DRILL_PORT:-$(free_port 20000)}"
source "$(dirname "$0")/server.sh"
seconds="${1:-5}"
workers=16
packages="${MEMORY_DEV_PG_ROOT:-${MEMORY_DEV_PG_HOME:-/var/tmp/memory-postgres}/root}"
pg_port="${DRILL_PG_PORT:-$(free_port 26000)}"
backup_role=memory_backup
backup_password="drill-$RANDOM$RANDOM"
target="recovery_target_name = 'before_the_accident'"
base_backup_pid=""

postgres() { # postgres NAME start|stop|admin|...
  local name=$1
  shift
  MEMORY_DEV_PG_HOME="$folder/$name" MEMORY_DEV_PG_ROOT="$packages" MEMORY_DEV_PG_PORT="$pg_port" MEMORY_DEV_PG_DATABASE=memory \
    MEMORY_DEV_PG_FSYNC=on MEMORY_DEV_PG_SHARED_BUFFERS=64MB "$repository/deploy/dev/postgres.sh" "$@"
}
ask() { postgres "$1" admin -d memory -At -c "$2"; } # as the superuser
ask_as_service() { postgres "$1" psql -v ON_ERROR_STOP=1 -qAt -c "$2"; }
as_backup() { PGPASSWORD="$backup_password" "$programs/$1" -h 127.0.0.1 -p "$pg_port" -U "$backup_role" "${@:2}"; }
now_ms() { date +%s%3N; }
fail() {
  echo "pg-restore: FAILED, $*" >&2
  exit 1
}

end_drill() {
  local code=$? name
  [[ -z "$base_backup_pid" ]] || kill "$base_backup_pid" 2>/dev/null || true
  [[ -z "$server_pid" ]] || kill_server KILL
  for name in first recovered second; do
    [[ ! -d "$folder/$name" ]] || postgres "$name" stop 2>/dev/null || true
  done
  clean_up "$code"
}
trap end_drill EXIT

# --- what must be the same before and after -------------------------------------------------------------------------
questions() {
  cat <<'Q'
mira What does Pascal eat when he wakes up?
mira On which evening does the band rehearse now?
bakery Who originally gave Nora her sourdough culture?
boatyard In what year was Rashid's boat built?
de-imkerei Von wem hat Jule ihre Bienen bekommen?
ja-togei 健太の旅に同行する人は誰ですか？
Q
}

# Prints what the recalls answer, without the times that differ from one answer to the next.
recalls() {
  local user question
  while read -r user question; do
    "${server_command[0]}" recall "$question" --user "$user" --kinds turn --explain --json --base "$base" |
      sed -E 's/"evaluated_at":"[^"]*",?//; s/"took_ms":[0-9.]+,?//'
  done < <(questions)
}

# A few tries: the model that a question is embedded with may still be warming up, and recall then goes without it.
compare_recalls() { # compare_recalls NAME
  local try
  for ((try = 0; try < 20; try++)); do
    recalls >"$folder/recalls.$1"
    cmp -s "$folder/recalls.first" "$folder/recalls.$1" && return 0
    sleep 1
  done
  diff "$folder/recalls.first" "$folder/recalls.$1" | cut -c1-300 >&2
  fail "$1: recalls answer otherwise"
}

# Roles, memberships, owners, forced row-level security, grants, policies, functions, indexes and constraints.
catalog() { # sorted here: the server orders some by number, which is another after a restore
  postgres "$1" admin -d memory -At <<'SQL' | LC_ALL=C sort
select 'role', rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles where rolname in ('memory', 'memory_worker');
select 'member', roleid::regrole, member::regrole, inherit_option, set_option from pg_auth_members where member = 'memory'::regrole;
select 'schema', nspname, nspowner::regrole, nspacl from pg_namespace where nspname = 'memory';
select 'relation', relname, relkind, relowner::regrole, relrowsecurity, relforcerowsecurity, relacl from pg_class where relnamespace = 'memory'::regnamespace;
select 'column', attrelid::regclass, attname, attacl from pg_attribute where attacl is not null and attrelid in (select oid from pg_class where relnamespace = 'memory'::regnamespace);
select 'policy', * from pg_policies;
select 'function', proname, proowner::regrole, proacl, md5(prosrc) from pg_proc where pronamespace = 'memory'::regnamespace;
select 'index', indexname, indexdef from pg_indexes where schemaname = 'memory';
select 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'memory'::regnamespace;
select 'extension', extname, extversion from pg_extension where extname = 'vector';
SQL
}

count_of_tenant() { ask_as_service "$1" "begin; set local memory.tenant = '$2'; select count(*) from memory.turns; commit"; }

# Holds a restored server against the first one; its figures go to stdout.
check_restored() { # check_restored NAME JOURNAL
  local name=$1 turns
  catalog "$name" >"$folder/catalog.$name"
  diff "$folder/catalog.first" "$folder/catalog.$name" >&2 || fail "$name: roles, grants or row-level security differ"
  turns=$(ask "$name" 'select count(*) from memory.turns')
  ((turns > 0)) || fail "$name: no turn"
  [[ $(ask_as_service "$name" 'select count(*) from memory.turns') == 0 ]] || fail "$name: the service's role sees turns without a tenant"
  [[ $(count_of_tenant "$name" other) == 0 ]] || fail "$name: another tenant sees turns"
  [[ $(count_of_tenant "$name" default) == "$turns" ]] || fail "$name: the tenant does not see all of its turns"
  ! ask_as_service "$name" 'set role memory_worker; select content from memory.turns' >/dev/null 2>&1 || fail "$name: the worker reads texts"

  database_url="$(postgres "$name" url)"
  start_server
  echo "$name: memory serve ready in $(await_server) ms over $turns turns"
  "$load" verify --base "$base" --file "$2" --run one >"$folder/verify.out" || { cat "$folder/verify.out" >&2; fail "$name: see above"; }
  sed "s/^/$name: /" "$folder/verify.out"
  compare_recalls "$name"
  # It takes writes again, where the sessions ended.
  touch "$folder/after.$name"
  "$load" journal --base "$base" --file "$folder/after.$name" --run "after-$name" --workers 4 --seconds 2 >/dev/null || fail "$name: takes no writes"
  "$load" verify --base "$base" --file "$folder/after.$name" --run "after-$name" >/dev/null || fail "$name: writes after the restore"
  kill_server TERM
  echo "$name: roles, grants, policies and $(wc -l <"$folder/recalls.$name") recalls as before; takes writes"
}

# --- the drill --------------------------------------------------------------------------------------------------------
start_first() {
  postgres first start >/dev/null
  owner="$(stat -c %U "$folder/first/data-"*)"
  install -d -m 700 -o "$owner" "$folder/archive"
  postgres first admin -d postgres <<SQL
create role $backup_role login bypassrls replication password '$backup_password';
grant pg_read_all_data to $backup_role;
alter system set archive_mode = on;
alter system set archive_command = 'test ! -f $folder/archive/%f && cp %p $folder/archive/%f.part && sync $folder/archive/%f.part && mv $folder/archive/%f.part $folder/archive/%f';
SQL
  postgres first stop 2>/dev/null
  database_url="$(postgres first start)"
  start_server
  await_server >/dev/null
  "${server_command[0]}" import "$repository/samples/quickstart.ndjson" --base "$base" >"$folder/import.out"
  "${server_command[0]}" import "$repository/samples/conversations.json" --base "$base" >>"$folder/import.out"
  await_embeddings || fail "the first server's texts were not embedded"
  recalls >"$folder/recalls.first"
  ! grep -q '"items":\[\]' "$folder/recalls.first" || fail "a question finds nothing: the comparison would be empty"
  catalog first >"$folder/catalog.first"
}

rows_in() { grep -c $'^default\t' || true; } # the first column of the table's lines in a plain dump

refuse_dump_of_service() {
  local url table=(--data-only -t memory.turns)
  url="$(postgres first url)"
  ! "$programs/pg_dump" -Fc -f "$folder/refused.dump" "$url" 2>/dev/null || fail "the service's role could take a dump"
  [[ $("$programs/pg_dump" --enable-row-security "${table[@]}" "$url" | rows_in) == 0 ]] || fail "the service's role dumps rows without a tenant"
  [[ $(as_backup pg_dump "${table[@]}" memory | rows_in) == "$(ask first 'select count(*) from memory.turns')" ]] ||
    fail "the dump of $backup_role does not hold every row"
}

acknowledgements() { grep -c '^K' "$folder/one.txt" || true; }

# Phase one: appends; meanwhile the dump, then the base backup.
back_up_under_load() {
  local began before dumped polls
  touch "$folder/one.txt" "$folder/two.txt"
  "$load" journal --base "$base" --file "$folder/one.txt" --run one --workers $workers --seconds 600 >"$folder/one.out" &
  journal_pid=$!
  sleep "$seconds"
  for ((polls = 0; polls < 300 && $(acknowledgements) < workers; polls++)); do
    sleep 0.1
  done
  grep '^K' "$folder/one.txt" >"$folder/acknowledged.before" || fail "nothing was acknowledged before the dump"
  before=$(wc -l <"$folder/acknowledged.before")
  began=$(now_ms)
  as_backup pg_dump -Fc -f "$folder/memory.dump" memory
  dumped=$(acknowledgements)
  echo "dump: $(($(now_ms) - began)) ms, $(stat -c %s "$folder/memory.dump") bytes; $before requests acknowledged before it, $((dumped - before)) meanwhile"
  began=$(now_ms)
  as_backup pg_basebackup -D "$folder/base" -c fast -X stream
  echo "base backup: $(($(now_ms) - began)) ms, $(du -sm "$folder/base" | cut -f1) MiB; $(($(acknowledgements) - dumped)) requests acknowledged meanwhile"
  (($(acknowledgements) > before)) || fail "nothing was acknowledged during the backups"
  sleep 1
  kill -TERM "$journal_pid"
  wait "$journal_pid" || fail "the appends ended with code $?"
  journal_pid=""
  echo "phase one: $(cat "$folder/one.out")"
  "$programs/pg_verifybackup" -q "$folder/base" || fail "the base backup is damaged"
}

# The point to go back to, then phase two, then the log up to here is archived and the server gone.
go_on_and_lose_the_server() {
  local segment polls
  ask first "select pg_create_restore_point('before_the_accident')" >/dev/null
  [[ ${DRILL_TARGET:-name} == name ]] || target="recovery_target_time = '$(ask first 'select clock_timestamp()')'"
  "$load" journal --base "$base" --file "$folder/two.txt" --run two --workers $workers --seconds 2 >"$folder/two.out" || fail "nothing was acknowledged"
  echo "phase two: $(cat "$folder/two.out")"
  kill_server KILL
  segment=$(ask first 'select pg_walfile_name(pg_switch_wal())')
  for ((polls = 0; polls < 300; polls++)); do
    [[ ! -f "$folder/archive/$segment" ]] || break
    sleep 0.1
  done
  [[ -f "$folder/archive/$segment" ]] || fail "segment $segment was not archived in 30 s"
  echo "archive: $(find "$folder/archive" -type f | wc -l) files, $(ask first 'select failed_count from pg_stat_archiver') failures"
  postgres first stop 2>/dev/null
}

recover_to_the_point() {
  local began polls data
  data="$folder/recovered/$(basename "$folder/first/data-"*)"
  mkdir -p "$folder/recovered"
  cp -p "$folder/first/password" "$folder/first/superuser.password" "$folder/recovered/"
  mv "$folder/base" "$data"
  cat >>"$data/postgresql.auto.conf" <<C
archive_mode = off
restore_command = 'cp $folder/archive/%f %p'
$target
recovery_target_action = promote
C
  touch "$data/recovery.signal"
  chown -R "$owner" "$data"
  began=$(now_ms)
  postgres recovered start >/dev/null
  for ((polls = 0; polls < 600; polls++)); do
    [[ $(ask recovered 'select pg_is_in_recovery()') == t ]] || break
    sleep 0.1
  done
  [[ $(ask recovered 'select pg_is_in_recovery()') == f ]] || fail "the recovery did not end in a minute"
  echo "recovered: to $target in $(($(now_ms) - began)) ms"
  compgen -G "$data/pg_wal/*.history" >/dev/null || fail "the recovery did not begin a new timeline"
  [[ $(ask recovered "select count(*) from memory.sessions where id like 'two-%'") == 0 ]] || fail "phase two is there"
  check_restored recovered "$folder/one.txt"
  postgres recovered stop 2>/dev/null
}

# The attempts of the whole run, since those after the snapshot may be in it or not; and what was promised before it.
journal_of_the_dump() {
  grep -v '^K' "$folder/one.txt"
  cat "$folder/acknowledged.before"
}

restore_the_dump() {
  local began
  postgres second start >/dev/null
  began=$(now_ms)
  PGPASSWORD=$(cat "$folder/second/superuser.password") "$programs/pg_restore" -h 127.0.0.1 -p "$pg_port" -U postgres \
    -d memory --exit-on-error --single-transaction "$folder/memory.dump"
  ask second 'analyze'
  echo "second: restored in $(($(now_ms) - began)) ms"
  journal_of_the_dump >"$folder/dump.txt"
  check_restored second "$folder/dump.txt"
}

prepare
chmod 711 "$folder"
programs="$(postgres first bin)"
start_first
refuse_dump_of_service
back_up_under_load
go_on_and_lose_the_server
recover_to_the_point
restore_the_dump
echo "pg-restore: the dump and the point in time are whole"
