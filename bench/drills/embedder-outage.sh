#!/usr/bin/env bash
# Takes the neural embedder away for a while under load, once by kill -STOP (it hangs) and once by kill -9 (it is gone): the
# memory goes on appending and recalling, says that its recalls are degraded, and catches up when the embedder is back.
#   bench/drills/embedder-outage.sh [outage_seconds=20] [workers=4]        see server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR
# The embedder is tests/Scripted.Embedder, a process of its own on DRILL_PORT + 1. Exit code 1 when an append or recall fails,
# work is dead, or a turn stays without its vectors.
set -euo pipefail
source "$(dirname "$0")/server.sh"
outage="${1:-20}"
workers="${2:-4}"
lead=5
tail_seconds=20
embedder="$repository/tests/Scripted.Embedder/bin/Release/net10.0/scripted-embedder"
embedder_port=$((${base##*:} + 1))
embedder_pid=""
failed=0

now_ms() { date +%s%3N; }
metric() { "$load" metric "$1" --base "$base" 2>/dev/null || echo 0; }
# Sessions with turns to be embedded; work of other kinds, distillation for one, waits for its own time.
to_embed() { curl -sf "$base/metrics" | awk '/^memory_due_ready\{.*kind="embed:/ { n += $NF } END { print n + 0 }'; }
settled() { [[ "$(to_embed)" == 0 ]]; }

start_embedder() {
  "$embedder" --port "$embedder_port" --dimensions 384 >>"$folder/embedder.log" 2>&1 &
  embedder_pid=$!
}

end_all() {
  local code=$?
  [[ -z "$embedder_pid" ]] || kill -KILL "$embedder_pid" 2>/dev/null || true
  (exit "$code")
  clean_up
}

# Milliseconds until nothing is left to be embedded; two looks, for the figures are a second old.
await_settled() {
  local began looks
  began="$(now_ms)"
  for ((looks = 0; looks < 1200; looks++)); do
    if settled && sleep 1.2 && settled; then
      echo $(($(now_ms) - began))
      return 0
    fi
    sleep 0.1
  done
  echo "drill: the embedding did not catch up" >&2
  return 1
}

# Until the oldest turn without vectors has waited for less than a second, the load going on.
await_current() {
  local began looks
  began="$(now_ms)"
  for ((looks = 0; looks < 600; looks++)); do
    if awk -v oldest="$(metric memory_embedding_lag_seconds)" 'BEGIN { exit !(oldest < 1) }'; then
      echo $(($(now_ms) - began))
      return 0
    fi
    sleep 0.1
  done
  echo "never"
}

run_outage() {
  local how="$1" recalls degraded load_pid waited current caught report="$folder/$1.json"
  recalls="$(metric memory_recalls_total)"
  degraded="$(metric memory_recalls_degraded_total)"
  "$load" mixed --base "$base" --workers "$workers" --warmup 0 --seconds $((lead + outage + tail_seconds)) --turns 1000 --run "$how" \
    --json "$report" >"$folder/$how.out" &
  load_pid=$!
  sleep "$lead"
  kill -"$how" "$embedder_pid"
  [[ "$how" == STOP ]] || wait "$embedder_pid" 2>/dev/null || true
  sleep "$outage"
  waited="$(to_embed)"
  if [[ "$how" == STOP ]]; then kill -CONT "$embedder_pid"; else start_embedder; fi
  current="$(await_current)"
  wait "$load_pid" || true
  caught="$(await_settled)"
  recalls=$(($(metric memory_recalls_total) - recalls))
  degraded=$(($(metric memory_recalls_degraded_total) - degraded))
  python3 - "$report" "$how" "$outage" "$waited" "$current" "$caught" "$recalls" "$degraded" <<'PY' || failed=1
import json, sys
report, how, outage, waited, current, caught, recalls, degraded = sys.argv[1:]
operations = json.load(open(report))["runs"][0]["operations"]
for each in operations:
    print(f"embedder-outage: {how} {outage} s: {each['kind']}: {each['count']} answered, {each['failed']} failed, "
          f"p50 {each['p50_ms']:.2f} ms, p99 {each['p99_ms']:.2f} ms, max {each['max_ms']:.0f} ms")
print(f"embedder-outage: {how} {outage} s: {degraded} of {recalls} recalls degraded ({int(degraded) / max(1, int(recalls)):.0%}), {waited} sessions "
      f"waiting at its end; less than 1 s behind after {current} ms, nothing left {caught} ms after the load")
sys.exit(any(each["failed"] for each in operations))
PY
}

prepare
[[ -x "$embedder" ]] || dotnet build "$repository/tests/Scripted.Embedder" -c Release -v quiet --nologo >/dev/null
trap end_all EXIT
start_embedder
export MEMORY_EMBEDDING_PROVIDER=openai MEMORY_EMBEDDING_MODEL_NAME=drill MEMORY_EMBEDDING_BASE_URL="http://127.0.0.1:$embedder_port/v1"
start_server
await_server >/dev/null
"$load" fill --base "$base" --turns 1000 >"$folder/fill.out"
echo "embedder-outage: 1,000 turns embedded within $(await_settled) ms of their append"
run_outage STOP
run_outage KILL
dead="$(metric memory_due_dead)"
curl -sf "$base/v1/admin/embeddings" >"$folder/spaces.json"
python3 - "$folder/spaces.json" "$dead" <<'PY' || failed=1
import json, sys
space = json.load(open(sys.argv[1]))["items"][0]
print(f"embedder-outage: {space['turns_embedded']} of {space['turns']} turns have vectors, {space['jobs_ready']} jobs ready, {sys.argv[2]} dead")
sys.exit(space["turns_embedded"] != space["turns"] or sys.argv[2] != "0")
PY
((failed == 0)) || {
  echo "embedder-outage: FAILED"
  exit 1
}
