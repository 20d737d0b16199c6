#!/usr/bin/env bash
# Faults of the machine under a server of its own, one after another: each says what was tried and what happened.
#   bench/drills/faults.sh [fault...]       all, or some of: gone broken slow handles heap full clock postgres
# See server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR. Exit code 1 when one of them ended otherwise than it should; what cannot be
# tried here (no root for a small disk, no faketime, no program of PostgreSQL) is said and does not count.
set -euo pipefail
DRILL_PORT="${DRILL_PORT:-$((20000 + RANDOM % 6000))}"
source "$(dirname "$0")/server.sh"
faults=("$@")
((${#faults[@]} > 0)) || faults=(gone broken slow handles heap full clock postgres)
home="$folder"
failures=0
disk=""
private_postgres=""
ended_with=""
export MEMORY_LOG_LEVEL=Warning

say() { echo "faults: $1: $2"; }
failed() {
  say "$1" "FAILED, $2"
  failures=$((failures + 1))
}

# Each fault has a folder, a database and a log of its own.
begin() {
  folder="$home/$1"
  mkdir -p "$folder"
  database_url="sqlite:$folder/memory.db"
}

end_server() {
  [[ -z "$server_pid" ]] || kill_server KILL
}

end_all() {
  local code=$?
  end_server
  [[ -z "$disk" ]] || umount "$disk" 2>/dev/null || true
  [[ -z "$private_postgres" ]] || postgres stop >/dev/null 2>&1 || true
  folder="$home"
  clean_up "$code"
}
trap end_all EXIT

# append SESSION TEXT: the status, 000 when the connection ended.
append() {
  curl -s -m 30 -o "$folder/answer.json" -w '%{http_code}' -H 'Content-Type: application/json' \
    -d "{\"role\":\"user\",\"content\":\"$2\"}" "$base/v1/sessions/$1/turns" || true
}
status() { curl -s -m 30 -o "$folder/answer.json" -w '%{http_code}' "$base$1" || true; }
turns_of() { curl -sf -m 30 "$base/v1/sessions/$1/turns?limit=100" | python3 -c 'import json,sys; print(len(json.load(sys.stdin)["items"]))'; }

# The code with which the server ended by itself within 20 s, or "runs".
end_code() {
  local polls code=0
  for ((polls = 0; polls < 100; polls++)); do
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.2
  done
  if kill -0 "$server_pid" 2>/dev/null; then
    ended_with=runs
    end_server
    return
  fi
  wait "$server_pid" || code=$?
  server_pid=""
  ended_with=$code
}

# until_status PATH STATUS SECONDS
until_status() {
  local end=$((SECONDS + $3))
  while ((SECONDS < end)); do
    [[ "$(status "$1")" != "$2" ]] || return 0
    sleep 0.2
  done
  return 1
}

try_gone() {
  begin gone
  start_server
  await_server >/dev/null
  [[ "$(append s1 first)" == 201 ]] || failed gone "the first turn was not taken"
  mkdir "$folder/away"
  mv "$folder"/memory.db "$folder"/memory.db-* "$folder/away/"
  local after=201 tries
  for tries in 1 2 3 4 5 6; do
    after="$(append s1 "number $tries")"
    [[ "$after" == 201 ]] || break
  done
  [[ "$after" == 503 ]] || failed gone "turn $tries after the file was moved away was answered $after"
  until_status /health/ready 503 20 || failed gone "ready without its file"
  end_server
  rm -f "$folder"/memory.db "$folder"/memory.db-*
  start_server
  end_code
  [[ "$ended_with" == 74 ]] || failed gone "a restart made an empty database, or ended otherwise than it should ($ended_with)"
  rm -f "$folder"/memory.db "$folder"/memory.db-*
  mv "$folder/away"/memory.db* "$folder/"
  start_server
  await_server >/dev/null
  [[ "$(turns_of s1)" -ge 1 ]] || failed gone "the acknowledged turn is lost"
  say gone "file moved away: turn answered $after, not ready, a restart refused with code $ended_with; file put back: $(turns_of s1) of 1 acknowledged turns"
  end_server
}

try_broken() {
  begin broken
  start_server
  await_server >/dev/null
  local n
  for n in $(seq 40); do append "s$((n % 4))" "a turn to be broken, number $n" >/dev/null; done
  kill_server TERM
  python3 - "$folder/memory.db" <<'PY'
import sys
path = sys.argv[1]
data = bytearray(open(path, "rb").read())
size = int.from_bytes(data[16:18], "big") or 65536
size = 65536 if size == 1 else size
pages = len(data) // size
hit = 0
for page in range(1, pages):
    at = page * size
    if b"to be broken" in data[at:at + size]:
        data[at:at + 24] = b"\xff" * 24
        hit += 1
open(path, "wb").write(data)
print(f"{hit} of {pages} pages broken")
PY
  local code=0 ended=""
  start_server
  if until_status /health/ready 503 30; then
    ended="ready answers 503: $(head -c 300 "$folder/answer.json" | tr -d '\n')"
    local read
    read="$(status /v1/sessions/s1/turns)"
    [[ "$read" == 503 || "$read" == 200 ]] || failed broken "a read was answered $read"
    [[ "$(append s1 more)" == 503 ]] || failed broken "a turn was taken into a broken file"
    end_server
  elif ! kill -0 "$server_pid" 2>/dev/null; then
    wait "$server_pid" || code=$?
    server_pid=""
    ended="a start ends with code $code"
    ((code == 74)) || failed broken "a start ended with code $code"
  else
    failed broken "the server does not notice"
    end_server
  fi
  say broken "pages overwritten: ${ended:-nothing}"
}

try_slow() {
  begin slow
  start_server
  await_server >/dev/null
  local clients=40 answers
  # Bodies of one byte a second; meanwhile others are served.
  python3 - "$base" "$clients" >"$folder/slow.txt" <<'PY' &
import socket, sys, threading, time
host, port = sys.argv[1].split("//")[1].split(":")
ends = []
def drip():
    s = socket.create_connection((host, int(port)), 10)
    s.sendall(b"POST /v1/admin/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n")
    began, sent = time.monotonic(), 0
    s.settimeout(1)
    while time.monotonic() - began < 40:
        try:
            s.sendall(b"{")
            answer = s.recv(100)
            ends.append((time.monotonic() - began, answer[9:12].decode() or "closed"))
            return
        except TimeoutError:
            continue
        except OSError:
            ends.append((time.monotonic() - began, "closed"))
            return
    ends.append((40, "held"))
threads = [threading.Thread(target=drip) for _ in range(int(sys.argv[2]))]
[t.start() for t in threads]
[t.join() for t in threads]
kinds = {}
for _, kind in ends:
    kinds[kind] = kinds.get(kind, 0) + 1
print(f"{max(t for t, _ in ends):.0f} s at most", kinds)
sys.exit(1 if kinds.get("held") else 0)
PY
  local drip=$! good=0 n
  for n in $(seq 50); do [[ "$(append s1 "beside slow ones $n")" != 201 ]] || good=$((good + 1)); done
  wait "$drip" || failed slow "a slow body is held for more than 40 s"
  answers="$(cat "$folder/slow.txt")"
  ((good == 50)) || failed slow "$((50 - good)) of 50 turns beside them were refused"
  say slow "$clients bodies of a byte a second: ended after $answers; beside them $good of 50 turns taken"
  end_server
}

try_handles() {
  begin handles
  local limit code shown
  for limit in 64 160 600; do
    code=0
    # The pid is the shell's that becomes the server.
    MEMORY_DATABASE_URL="$database_url" MEMORY_URLS="$base" bash -c "ulimit -n $limit; exec \"\$@\"" _ "${server_command[@]}" >"$folder/$limit.log" 2>&1 &
    server_pid=$!
    if "$load" wait --base "$base" --seconds 15 >/dev/null 2>&1; then
      # Idle connections beyond what there is: the oldest give way.
      python3 - "$base" <<'PY'
import socket, sys
host, port = sys.argv[1].split("//")[1].split(":")
held = []
for _ in range(400):
    try:
        held.append(socket.create_connection((host, int(port)), 2))
    except OSError:
        break
PY
      [[ "$(append "s$limit" "after the connections")" == 201 ]] || failed handles "with $limit file handles a turn was not taken after 400 idle connections"
      shown="served, and outlived 400 idle connections"
      kill -0 "$server_pid" 2>/dev/null || failed handles "with $limit file handles the server died"
      end_server
    else
      wait "$server_pid" || code=$?
      server_pid=""
      # What the runtime itself says when it cannot even begin is not ours to word.
      shown="ended with code $code: $(grep -v '^ *at ' "$folder/$limit.log" | tail -1 | cut -c1-160)"
      ((code != 0)) || failed handles "with $limit file handles it ended without saying so"
      ((limit < 600)) || failed handles "with $limit file handles it does not start"
    fi
    say handles "ulimit -n $limit: $shown"
  done
}

try_heap() {
  begin heap
  # Hexadecimal bytes: 160 MiB for everything managed.
  DOTNET_GCHeapHardLimit=0xA000000 start_server
  await_server >/dev/null
  local n code worst=0 taken=0 refused=0 died=0 big
  big="$(head -c 90000 /dev/zero | tr '\0' 'x' | sed 's/x\{9\}/& /g')"
  for n in $(seq 400); do
    printf '{"role":"user","content":"%s"}' "$big" >"$folder/body.json"
    code="$(curl -s -m 30 -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d @"$folder/body.json" "$base/v1/sessions/h$((n % 20))/turns" || true)"
    case $code in 201) taken=$((taken + 1)) ;; 503 | 429) refused=$((refused + 1)) ;; *) worst=$code ;; esac
    ((n % 20 != 0)) || curl -s -m 30 -o /dev/null -H 'Content-Type: application/json' -d '{"query":"xxxxxxxxx"}' "$base/v1/recall" || true
    kill -0 "$server_pid" 2>/dev/null || { died=1; break; }
  done
  if ((died)); then
    wait "$server_pid" || code=$?
    server_pid=""
  else
    kill_server KILL
  fi
  start_server
  await_server >/dev/null
  local kept=0
  for n in $(seq 0 19); do kept=$((kept + $(turns_of "h$n"))); done
  ((kept >= taken)) || failed heap "$taken turns were acknowledged and $kept are there"
  say heap "160 MiB of heap, 36 MB of turns and recalls over them: $taken taken, $refused refused, worst other answer $worst, $( ((died)) && echo "the process ended" || echo "the process lived"); after a start without the limit $kept turns"
  end_server
}

try_full() {
  begin full
  disk="$folder/disk"
  mkdir -p "$disk"
  if [[ $(id -u) != 0 ]] || ! mount -t tmpfs -o size=24m tmpfs "$disk" 2>/dev/null; then
    disk=""
    say full "skipped: a small disk cannot be mounted here (needs root)"
    return
  fi
  database_url="sqlite:$disk/memory.db"
  start_server
  await_server >/dev/null
  local n code taken=0 last=201
  printf '{"role":"user","content":"%s"}' "$(head -c 60000 /dev/zero | tr '\0' 'y' | sed 's/y\{9\}/& /g')" >"$folder/body.json"
  for n in $(seq 600); do
    code="$(curl -s -m 30 -o "$folder/answer.json" -w '%{http_code}' -H 'Content-Type: application/json' -d @"$folder/body.json" "$base/v1/sessions/f$((n % 10))/turns" || true)"
    if [[ $code == 201 ]]; then taken=$((taken + 1)); else last=$code; break; fi
  done
  [[ "$last" == 503 ]] || failed full "a turn on a full disk was answered $last"
  kill -0 "$server_pid" 2>/dev/null || failed full "the server died"
  mount -o remount,size=96m "$disk"
  local end=$((SECONDS + 30)) again=503
  while ((SECONDS < end)) && [[ "$again" != 201 ]]; do
    again="$(append after "there is room again")"
    [[ "$again" == 201 ]] || sleep 0.5
  done
  [[ "$again" == 201 ]] || failed full "with room again a turn is answered $again"
  kill_server KILL
  start_server
  await_server >/dev/null
  local kept=0
  for n in $(seq 0 9); do kept=$((kept + $(turns_of "f$n"))); done
  ((kept >= taken)) || failed full "$taken turns were acknowledged and $kept are there"
  say full "24 MiB of disk: $taken turns taken, then $last; with room again $again; after kill -9 and a start $kept turns"
  end_server
  umount "$disk"
  disk=""
}

try_clock() {
  begin clock
  local library
  library="$(find /usr/lib -name 'libfaketime.so.1' 2>/dev/null | head -1)"
  if [[ -z "$library" ]]; then
    say clock "skipped: no libfaketime here (Debian: faketime); jumps are tried by bench/simulate, seeds that divide by four put the clock back"
    return
  fi
  echo "+0" >"$folder/clock"
  LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$folder/clock" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 start_server
  await_server >/dev/null || { failed clock "no start under faketime"; end_server; return; }
  local jump good=0
  for jump in "+0" "+3d" "-2d" "-400d" "+300d" "+0"; do
    echo "$jump" >"$folder/clock"
    [[ "$(append s1 "the clock says $jump")" != 201 ]] || good=$((good + 1))
  done
  ((good == 6)) || failed clock "$((6 - good)) of 6 turns were refused"
  [[ "$(turns_of s1)" == 6 ]] || failed clock "of 6 turns $(turns_of s1) are there"
  [[ "$(status /health/ready)" == 200 ]] || failed clock "not ready: $(cat "$folder/answer.json")"
  say clock "the wall clock moved by days, ahead and back: $good of 6 turns taken, in order, ready"
  end_server
}

postgres() {
  MEMORY_DEV_PG_HOME="$folder/pg" MEMORY_DEV_PG_ROOT="${MEMORY_DEV_PG_ROOT:-/var/tmp/memory-postgres/root}" MEMORY_DEV_PG_PORT="$private_postgres" \
    MEMORY_DEV_PG_DATABASE=memory MEMORY_DEV_PG_SHARED_BUFFERS=64MB "$repository/deploy/dev/postgres.sh" "$@"
}

try_postgres() {
  begin postgres
  private_postgres=$((26000 + RANDOM % 6000))
  if ! postgres start >"$folder/start.log" 2>&1; then
    private_postgres=""
    say postgres "skipped: no server of its own can be made here: $(tail -1 "$folder/start.log")"
    return
  fi
  database_url="$(postgres url)"
  start_server
  await_server >/dev/null
  [[ "$(append s1 before)" == 201 ]] || failed postgres "the first turn was not taken"
  postgres stop >/dev/null 2>&1
  local during ready read
  during="$(append s1 during)"
  read="$(status /v1/sessions/s1/turns)"
  until_status /health/ready 503 30 || failed postgres "ready without its database"
  ready="$(status /health/ready)"
  [[ "$during" == 503 && "$read" == 503 ]] || failed postgres "without the database a turn is answered $during and a read $read"
  postgres start >/dev/null 2>&1
  local again="" end=$((SECONDS + 60))
  while ((SECONDS < end)) && [[ "$again" != 201 ]]; do
    again="$(append s1 after)"
    [[ "$again" == 201 ]] || sleep 0.3
  done
  [[ "$again" == 201 && "$(turns_of s1)" -ge 2 ]] || failed postgres "after it came back a turn is answered $again"
  say postgres "server stopped: turn $during, read $read, ready $ready; started again: $again, $(turns_of s1) turns"
  end_server
  postgres stop >/dev/null 2>&1
  private_postgres=""
}

prepare
for fault in "${faults[@]}"; do
  declare -F "try_$fault" >/dev/null || { echo "drill: no such fault: $fault" >&2; exit 2; }
  "try_$fault"
done
((failures == 0)) || {
  echo "faults: $failures FAILED"
  exit 1
}
