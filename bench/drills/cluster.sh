#!/usr/bin/env bash
# Two silos and a gateway over PostgreSQL under 100 appending connections on 1,000 sessions, and what becomes of silos meanwhile:
#   bench/drills/cluster.sh kill [rounds=5]    kill -9 of one silo at a random moment, started again 10 s later
#   bench/drills/cluster.sh term [rounds=2]    SIGTERM instead: nobody should notice
#   bench/drills/cluster.sh stop [rounds=1]    SIGSTOP for 30 s, then SIGCONT: the stalled silo's late writes must be refused
#   bench/drills/cluster.sh join               a third silo joins
# After every round each acknowledged turn must be there exactly once, every other whole or absent, seq without gaps. Prints, for
# each round, refused requests, the longest time without an acknowledgement, and when the former speed was reached again.
#   MEMORY_BIN  command that serves (default: src/Cli/bin/Release/net10.0/memory serve)     DRILL_SEED=n repeats a run's moments
#   DRILL_POSTGRES  URL of the server (default: deploy/dev/postgres.sh start)    DRILL_WORKERS, DRILL_SESSIONS, DRILL_SECONDS
set -euo pipefail
mode="${1:-kill}"
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck disable=SC2206  # words on purpose: a command and its arguments
server_command=(${MEMORY_BIN:-"$repository/src/Cli/bin/Release/net10.0/memory" serve})
load="$repository/bench/Bench.Load/bin/Release/net10.0/bench-load"
database="${DRILL_POSTGRES:-$("$repository/deploy/dev/postgres.sh" start)}"
schema="drill_$(date +%s)"
folder="${DRILL_DIR:-$(mktemp -d /tmp/memory-cluster.XXXXXX)}"
base="http://127.0.0.1:18640"
workers="${DRILL_WORKERS:-100}"
sessions="${DRILL_SESSIONS:-1000}"
seconds="${DRILL_SECONDS:-40}"
journal=""
RANDOM="${DRILL_SEED:-1}"
declare -A pids=()
worst_gap=0 worst_recovery=0 refused_total=0 attempted_total=0

# Starts a process of the cluster: its number (0: the gateway) gives its ports.
start() {
  local number=$1 role=silo
  [[ $number -gt 0 ]] || role=gateway
  MEMORY_DATABASE_URL="$database" MEMORY_DATABASE_SCHEMA="$schema" MEMORY_CLUSTER_ID="$schema" MEMORY_CLUSTER_SERVICE_ID="$schema" \
    MEMORY_CLUSTER_ROLE=$role MEMORY_CLUSTER_ADDRESS=127.0.0.1 MEMORY_URLS="http://127.0.0.1:$((18640 + number))" \
    MEMORY_CLUSTER_SILO_PORT=$((18650 + number)) MEMORY_CLUSTER_GATEWAY_PORT=$((18660 + number)) MEMORY_LOG_LEVEL=Warning \
    "${server_command[@]}" >>"$folder/process-$number.log" 2>&1 &
  pids[$number]=$!
}

await() { "$load" wait --base "http://127.0.0.1:$((18640 + $1))" --seconds 60 >/dev/null; }

end() {
  kill -"$2" "${pids[$1]}" 2>/dev/null || true
  wait "${pids[$1]}" 2>/dev/null || true
}

clean_up() {
  local code=$? number
  [[ -z "${load_pid:-}" ]] || kill "$load_pid" 2>/dev/null || true
  [[ -z "${sampler_pid:-}" ]] || kill "$sampler_pid" 2>/dev/null || true
  for number in "${!pids[@]}"; do
    kill -CONT "${pids[$number]}" 2>/dev/null || true
    end "$number" KILL
  done
  psql -q "$database" -c "DROP SCHEMA IF EXISTS $schema CASCADE" -c "DROP SCHEMA IF EXISTS ${schema}_cluster CASCADE" 2>/dev/null || true
  if [[ $code -eq 0 && -z "${DRILL_DIR:-}" ]]; then rm -rf "$folder"; else echo "drill: kept $folder" >&2; fi
}
trap clean_up EXIT

# The part of the journal that is new is counted, not all of it. A line every 100 ms: milliseconds since the epoch, acknowledgements so far.
sample() {
  local size=0 next count=0
  while :; do
    next=$(stat -c %s "$journal")
    count=$((count + $(tail -c +$((size + 1)) "$journal" | head -c $((next - size)) | grep -c '^K' || true)))
    size=$next
    echo "$(date +%s%3N) $count"
    sleep 0.1
  done >"$folder/samples-$round.txt"
}

# From the samples and the moment of the event: speed before it, longest gap without an acknowledgement after it, and when a
# second's mean reached 80 % of the former speed again and kept it for the second that followed; in ms, -1: never.
figures() {
  awk -v at="$1" '
    { t[NR] = $1; k[NR] = $2 }
    END {
      for (i = 1; i <= NR && t[i] < at; i++) e = i
      for (i = e; i > 1 && t[e] - t[i] < 5000; i--) {}
      before = (k[e] - k[i]) * 1000 / (t[e] - t[i] + 1)
      last = t[e]
      for (i = e + 1; i <= NR; i++) { if (k[i] > k[i - 1]) { if (t[i] - last > gap) gap = t[i] - last; last = t[i] } }
      recovery = -1
      for (i = e + 1; i + 20 <= NR && recovery < 0; i++) {
        first = (k[i + 10] - k[i]) * 1000 / (t[i + 10] - t[i]); second = (k[i + 20] - k[i + 10]) * 1000 / (t[i + 20] - t[i + 10])
        if (first >= 0.8 * before && second >= 0.8 * before) recovery = t[i] - at
      }
      printf "%d %d %d", before, gap, recovery
    }' "$folder/samples-$round.txt"
}

run_round() {
  local victim=$((1 + round % 2)) after=$((8 + RANDOM % 8)) at before gap recovery refused attempted
  journal="$folder/journal-$round.txt"
  touch "$journal"
  "$load" journal --base "$base" --file "$journal" --run "round$round" --workers "$workers" --sessions "$sessions" --seconds "$seconds" --timeout 60 >"$folder/journal.out" &
  load_pid=$!
  sample &
  sampler_pid=$!
  sleep "$after"
  at=$(date +%s%3N)
  case $mode in
    kill) end $victim KILL; sleep 10; start $victim; await $victim ;;
    term) end $victim TERM; echo "  silo $victim left in $(($(date +%s%3N) - at)) ms"; sleep 5; start $victim; await $victim ;;
    stop) kill -STOP "${pids[$victim]}"; sleep 30; kill -CONT "${pids[$victim]}" ;;
    join) start 3; await 3; echo "  the third silo was ready after $(($(date +%s%3N) - at)) ms" ;;
  esac
  wait "$load_pid"; load_pid=""
  kill "$sampler_pid" 2>/dev/null || true; wait "$sampler_pid" 2>/dev/null || true; sampler_pid=""
  read -r before gap recovery <<<"$(figures "$at")"
  refused=$(grep -c '^R' "$journal" || true)
  attempted=$(grep -c '^A' "$journal" || true)
  [[ $gap -le $worst_gap ]] || worst_gap=$gap
  [[ $recovery -le $worst_recovery ]] || worst_recovery=$recovery
  refused_total=$((refused_total + refused)) attempted_total=$((attempted_total + attempted))
  "$load" verify --base "$base" --file "$journal" --run "round$round" --sessions "$sessions" --resend >"$folder/verify.out" || {
    echo "round $round: FAILED"
    cat "$folder/verify.out"
    exit 1
  }
  echo "round $round: $mode after $after s; $attempted requests, $refused refused; $before/s before, longest gap $gap ms, former speed again after $recovery ms; $(paste -sd ';' "$folder/verify.out")"
  if [[ $mode == stop ]]; then show_stalled "$victim"; fi
}

# A silo that was stalled is told so by the others and ends itself; what it still tried to write was refused by version.
show_stalled() {
  local polls
  for ((polls = 0; polls < 60; polls++)); do
    kill -0 "${pids[$1]}" 2>/dev/null || break
    curl -s -m 2 "http://127.0.0.1:$((18640 + $1))/metrics" 2>/dev/null | grep -E '^memory_.*stale' | sed 's/^/  stalled silo: /' || true
    sleep 0.5
  done
  if kill -0 "${pids[$1]}" 2>/dev/null; then echo "  the stalled silo is still there"; else
    echo "  the stalled silo ended itself"
    start "$1"; await "$1"
  fi
}

[[ -x "${server_command[0]}" ]] || { echo "drill: no server at ${server_command[0]}; build src/Cli, or set MEMORY_BIN" >&2; exit 2; }
case $mode in kill) rounds="${2:-5}" ;; term) rounds="${2:-2}" ;; stop) rounds="${2:-1}"; seconds=$((seconds + 30)) ;; join) rounds=1 ;; *) echo "drill: kill, term, stop or join" >&2; exit 2 ;; esac
[[ -x "$load" ]] || dotnet build "$repository/bench/Bench.Load" -c Release -v quiet --nologo >&2
mkdir -p "$folder"
start 1; await 1
start 2; await 2
start 0; await 0
for ((round = 1; round <= rounds; round++)); do run_round; done
echo "cluster $mode: $rounds rounds, $attempted_total requests, $refused_total refused, longest gap $worst_gap ms, slowest back to former speed $worst_recovery ms, no violation"
