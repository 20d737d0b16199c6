#!/usr/bin/env bash
# Starves the local model of processor time: the server yields to everybody (nice 19), and busy loops of ordinary priority take the
# processors for a while. Recalls must go on, by word vectors where the model is too late, say so in their answers, and rank by the
# model again when the processors are free. The native model runs, nothing stands in for it.
#   bench/drills/embedder-starved.sh [hogs_per_processor=4] [seconds=12] [turns=600]   see server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR
# Exit code 1 when a recall fails, none is degraded while starved, one is degraded long after, or the answer does not say that it is.
set -euo pipefail
source "$(dirname "$0")/server.sh"
hogs_each="${1:-4}"
starved_seconds="${2:-12}"
turns="${3:-600}"
hogs=()
failed=0

metric() { "$load" metric "$1" --base "$base" 2>/dev/null || echo 0; }

end_all() {
  local code=$?
  [[ ${#hogs[@]} -eq 0 ]] || kill -KILL "${hogs[@]}" 2>/dev/null || true
  clean_up "$code"
}

await_embedded() {
  local looks
  for ((looks = 0; looks < 600; looks++)); do
    if curl -sf "$base/v1/admin/embeddings" | python3 -c '
import json, sys
items = json.load(sys.stdin)["items"]
sys.exit(not items or items[0]["turns_embedded"] != items[0]["turns"] or items[0]["jobs_ready"] > 0)'; then return 0; fi
    sleep 0.2
  done
  echo "embedder-starved: the turns were not embedded" >&2
  return 1
}

# What the answers themselves say: asks questions nobody asked before, and prints how many said that they are degraded.
ask() {
  python3 - "$base" "$1" "$2" <<'PY'
import json, sys, time, urllib.request
base, phase, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
took, said, failed, began = [], 0, 0, time.monotonic()
while time.monotonic() - began < seconds:
    body = json.dumps({"query": f"what was said of {phase} number {len(took)} in the morning", "user_id": "load", "limit": 10}).encode()
    request = urllib.request.Request(base + "/v1/recall", body, {"Content-Type": "application/json"})
    start = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            said += json.load(answer)["degraded"]
    except OSError:
        failed += 1
    took.append((time.monotonic() - start) * 1000)
took.sort()
print(len(took), said, failed, f"{took[len(took) // 2]:.1f}", f"{took[int(len(took) * .95)]:.1f}", f"{took[-1]:.0f}")
PY
}

report() {
  echo "embedder-starved: $1: $2 recalls, $3 said that they are degraded, $4 failed; p50 $5 ms, p95 $6 ms, longest $7 ms"
  [[ "$4" == 0 ]] || failed=1
}

prepare
trap end_all EXIT
export MEMORY_EMBEDDING_PROVIDER=local
start_server nice -n 19
await_server >/dev/null
"$load" fill --base "$base" --turns "$turns" >"$folder/fill.out"
await_embedded
read -r -a fed <<<"$(ask fed 4)"
report "processors free" "${fed[@]}"

for ((i = 0; i < hogs_each * $(nproc); i++)); do
  (while :; do :; done) &
  hogs+=($!)
done
read -r -a starved <<<"$(ask starved "$starved_seconds")"
report "$hogs_each busy loops a processor" "${starved[@]}"
kill -KILL "${hogs[@]}"
wait "${hogs[@]}" 2>/dev/null || true
hogs=()

# A recall that waited in vain makes the next ones impatient for five seconds.
ask calm 6 >/dev/null
read -r -a after <<<"$(ask after 4)"
report "free again, six seconds later" "${after[@]}"
echo "embedder-starved: $(metric memory_recalls_degraded_total) of $(metric memory_recalls_total) recalls were degraded by the metrics"
((starved[1] > 0 && fed[1] == 0 && after[1] == 0)) || failed=1
((failed == 0)) || {
  echo "embedder-starved: FAILED"
  exit 1
}
