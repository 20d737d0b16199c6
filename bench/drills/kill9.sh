#!/usr/bin/env bash
# kill -9 at a random moment under 16 appending connections, restart, and check that every acknowledged turn is there
# exactly once, every other one whole or absent, seq without gaps, and that a retry under the same key counts once.
#   bench/drills/kill9.sh [rounds=20]        see server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR; DRILL_SEED=n repeats a run's moments
# Prints a line a round; exit code 1 at the first violation.
set -euo pipefail
source "$(dirname "$0")/server.sh"
rounds="${1:-20}"
workers=16
RANDOM="${DRILL_SEED:-1}"
journal="$folder/journal.txt"
restarts_killed=0
slowest_ms=0

# Every fourth restart is killed as well, in its first half second: recovery must survive its own interruption.
restart_server() {
  if ((round % 4 == 0)); then
    start_server
    sleep "0.$(printf '%03d' $((RANDOM % 500)))"
    kill_server KILL
    restarts_killed=$((restarts_killed + 1))
  fi
  start_server
}

lines() { wc -l <"$journal"; }

# More lines than workers: at least one request has been answered.
await_traffic() {
  local polls
  for ((polls = 0; polls < 500; polls++)); do
    (($(lines) <= $1 + workers)) || return 0
    sleep 0.02
  done
  echo "kill9: no request was answered within 10 s" >&2
  return 1
}

run_round() {
  local after_ms=$((100 + RANDOM % 2400)) ready_ms lines_before
  lines_before="$(lines)"
  "$load" journal --base "$base" --file "$journal" --workers "$workers" --seconds 60 >"$folder/journal.out" &
  journal_pid=$!
  await_traffic "$lines_before"
  sleep "$((after_ms / 1000)).$(printf '%03d' $((after_ms % 1000)))"
  kill_server KILL
  wait "$journal_pid" || {
    echo "round $round: FAILED, nothing was acknowledged"
    exit 1
  }
  journal_pid=""
  restart_server
  ready_ms="$(await_server)"
  ((ready_ms <= slowest_ms)) || slowest_ms=$ready_ms
  "$load" verify --base "$base" --file "$journal" --resend >"$folder/verify.out" || {
    echo "round $round: FAILED, killed after $after_ms ms"
    cat "$folder/verify.out"
    exit 1
  }
  echo "round $round: killed after $after_ms ms; $(cat "$folder/journal.out"); ready again in $ready_ms ms; $(paste -sd ';' "$folder/verify.out")"
}

prepare
touch "$journal"
start_server
await_server >/dev/null
for ((round = 1; round <= rounds; round++)); do
  run_round
done
echo "kill9: $rounds rounds ($restarts_killed with the restart killed too), $(grep -c '^A' "$journal") requests attempted, $(grep -c '^K' "$journal") acknowledgements, slowest restart $slowest_ms ms, no violation"
