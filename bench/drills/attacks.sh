#!/usr/bin/env bash
# What once broke the service, played again one after another against `memory serve`, each with a server and a database of its own; a
# line for each says what happened.
#   bench/drills/attacks.sh [row...]        all, or some of 1 to 14
# See server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR. Exit code 1 when one of them ended otherwise than it should.
set -euo pipefail
DRILL_PORT="${DRILL_PORT:-$((20000 + RANDOM % 6000))}"
source "$(dirname "$0")/server.sh"
rows=("$@")
((${#rows[@]} > 0)) || rows=(1 2 3 4 5 6 7 8 9 10 11 12 13 14)
home="$folder"
here="$(dirname "$0")"
failures=0
export MEMORY_LOG_LEVEL=Warning
keys="acme:acme-all-0123456789:read+write+admin,acme:acme-reader-0123456789:read,globex:globex-all-0123456789:read+write+admin"

say() {
  echo "row $1: $2"
  [[ "$2" != FAILED* ]] || failures=$((failures + 1))
}

begin() {
  folder="$home/$1"
  mkdir -p "$folder"
  database_url="sqlite:$folder/memory.db"
}

end_all() {
  local code=$?
  [[ -z "$server_pid" ]] || kill_server KILL
  folder="$home"
  clean_up "$code"
}
trap end_all EXIT

# attack ROW NAME [command under which the server runs...]
attack() {
  local row=$1 name=$2 happened
  shift 2
  begin "$row"
  MEMORY_API_KEYS="$keys${more_keys:-}" start_server "$@"
  await_server >/dev/null
  happened="$(python3 "$here/attacks.py" "$name" "$base" "$server_pid" "$folder/server.log")" || true
  kill -0 "$server_pid" 2>/dev/null || happened="FAILED, the server died | $happened"
  say "$row" "${happened:-FAILED, the attack itself broke off}"
  kill_server KILL
}

# What a start that must not succeed said, and the code it ended with.
refused_start() {
  local code=0 said
  said="$(MEMORY_DATABASE_URL="$1" MEMORY_URLS="$base" timeout 30 "${server_command[@]}" 2>&1)" || code=$?
  echo "code $code, $(echo "$said" | wc -l) line(s): $(echo "$said" | tail -1 | cut -c1-150)"
}

# As faults.sh tries them, with one line for what came of it.
fault() {
  local row=$1 said code=0
  shift
  said="$(DRILL_DIR="$home/$row" DRILL_PORT="$DRILL_PORT" "$here/faults.sh" "$@" 2>&1)" || code=$?
  said="$(echo "$said" | grep '^faults: ' | sed 's/^faults: //' | head -3 | paste -sd';' | cut -c1-420)"
  ((code == 0)) && say "$row" "ok, $said" || say "$row" "FAILED, $said"
}

row_8() {
  fault 8 handles
  local said
  said="$(refused_start sqlite:/proc/memory.db)"
  [[ "$said" == "code 74, 1 line(s): "* && "$said" != *"another process"* ]] && said="ok, $said" || said="FAILED, $said"
  say "8 (a folder that cannot be written)" "$said"
}

row_9() {
  local n
  more_keys=""
  for ((n = 0; n < 400; n++)); do more_keys+=",tenant-$n:tenant-$n-key-0123456789"; done
  attack 9 metrics
  more_keys=""
}

prepare
for row in "${rows[@]}"; do
  case $row in
    1) attack 1 hostile_text ;;
    2) attack 2 lone_surrogates ;;
    3) attack 3 slow_bodies ;;
    4) attack 4 wrong_keys ;;
    5) attack 5 unread_answers ;;
    6) fault 6 gone ;;
    7) fault 7 broken ;;
    8) row_8 ;;
    9) row_9 ;;
    10) attack 10 idle_connections bash -c 'ulimit -n 1024; exec "$@"' _ ;;
    11) attack 11 imports ;;
    12) attack 12 long_turns ;;
    13) attack 13 audit ;;
    14) attack 14 small_faults ;;
    *) echo "drill: no such row: $row" >&2; exit 2 ;;
  esac
done
((failures == 0)) || {
  echo "attacks: $failures FAILED"
  exit 1
}
