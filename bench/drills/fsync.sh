#!/usr/bin/env bash
# Counts the server's fdatasync and fsync calls under strace against its write transactions, the commits in them, and
# the appends it acknowledged: the committer puts many sessions' commits in one transaction, and syncs each once.
#   bench/drills/fsync.sh [seconds=5] [workers=16]        see server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR
# strace slows the server: the figures say how calls relate to commits, not how fast it is. Exit code 1 when fewer
# commits than acknowledged appends, or fewer syncs of the log than transactions: something was acknowledged too early.
set -euo pipefail
source "$(dirname "$0")/server.sh"
seconds="${1:-5}"
workers="${2:-16}"
trace="$folder/sync.trace"

# All calls by file; and those on the log (memory.db-wal, memory.db-journal), which make a transaction durable.
calls() { grep -E '^[0-9]+ +(fdatasync|fsync)\(' "$trace" | grep -oE '/[^>]*>' | sed 's|>$||; s|.*/||' || true; }
log_calls() { calls | grep -cE '^memory\.db[-.]' || true; }
metric() { "$load" metric "$1" --base "$base"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'; }

prepare
start_server strace -f -y -o "$trace" -e trace=fdatasync,fsync
await_server >/dev/null
commits="$(metric memory_store_commits_total)"
transactions="$(metric memory_store_commit_seconds_count)"
syncs="$(log_calls)"
"$load" append --base "$base" --workers "$workers" --seconds "$seconds" --warmup 0 --json "$folder/append.json" >"$folder/append.out"
commits=$(($(metric memory_store_commits_total) - commits))
transactions=$(($(metric memory_store_commit_seconds_count) - transactions))
syncs=$(($(log_calls) - syncs))
acknowledged="$(grep -m1 '"count"' "$folder/append.json" | tr -dc '0-9')"

echo "fsync: $acknowledged appends acknowledged to $workers workers in $seconds s (under strace)"
echo "fsync: $commits commits in $transactions transactions ($(ratio "$commits" "$transactions") each), $syncs syncs of the log ($(ratio "$syncs" "$transactions") a transaction)"
echo "fsync: all fdatasync and fsync calls since the start, by file:"
calls | sort | uniq -c
((commits >= acknowledged && transactions > 0 && syncs >= transactions)) || {
  echo "fsync: FAILED, something was acknowledged before it was synced"
  exit 1
}
