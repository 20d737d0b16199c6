#!/usr/bin/env bash
# Counts the server's fdatasync and fsync calls under strace against its commits and the appends it acknowledged.
#   bench/drills/fsync.sh [seconds=5] [workers=16]        see server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR
# strace slows the server: the figures say how calls relate to commits, not how fast it is. Exit code 1 when there are
# fewer calls than commits: then some commit was acknowledged without one.
set -euo pipefail
source "$(dirname "$0")/server.sh"
seconds="${1:-5}"
workers="${2:-16}"
trace="$folder/sync.trace"

calls() { grep -cE '^[0-9]+ +(fdatasync|fsync)\(' "$trace" || true; }
calls_on() { grep -E '^[0-9]+ +(fdatasync|fsync)\(' "$trace" | grep -oE '/[^>]*>' | sed "s|>$||; s|.*/||" | sort | uniq -c || true; }

prepare
start_server strace -f -y -o "$trace" -e trace=fdatasync,fsync
await_server >/dev/null
commits_before="$("$load" metric memory_store_commits_total --base "$base")"
calls_before="$(calls)"
"$load" append --base "$base" --workers "$workers" --seconds "$seconds" --warmup 0 --json "$folder/append.json" >"$folder/append.out"
commits=$(($("$load" metric memory_store_commits_total --base "$base") - commits_before))
calls_made=$(($(calls) - calls_before))
acknowledged="$(grep -m1 '"count"' "$folder/append.json" | tr -dc '0-9')"

echo "fsync: $acknowledged appends acknowledged to $workers workers in $seconds s (under strace)"
echo "fsync: $commits commits, $calls_made fdatasync/fsync calls: $(awk "BEGIN { printf \"%.2f turns a commit, %.2f calls a commit\", $acknowledged / ($commits ? $commits : 1), $calls_made / ($commits ? $commits : 1) }")"
echo "fsync: by file, since the start:"
calls_on
((commits > 0 && calls_made >= commits)) || {
  echo "fsync: FAILED, fewer calls than commits"
  exit 1
}
