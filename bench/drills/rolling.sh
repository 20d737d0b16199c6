#!/usr/bin/env bash
# A rolling upgrade: a silo and a gateway of an old build serve over PostgreSQL, a silo and a gateway of a new build join them,
# then the old silo gets SIGTERM, then the old gateway. Appends, and questions of every kind, go through both gateways all the time.
#   bench/drills/rolling.sh OLD_DIR NEW_DIR        folders of two builds' outputs, each with `memory`, or with `memory-silo` of old
# Fails when a request is answered by an error, a turn just written is not in the recall of the other gateway, or an acknowledged
# turn is missing, doubled, or leaves a gap. A quota is set through the first gateway, so that it has to be asked for at each append.
#   DRILL_POSTGRES  URL of the server (default: deploy/dev/postgres.sh start)    DRILL_WORKERS=8  DRILL_SESSIONS=100  DRILL_SECONDS=8 (a phase)
#   MEMORY_CLUSTER_… and other settings are taken from the environment: on a busy machine, longer time-outs.
#   DRILL_DIR       working folder (default: a new one under /tmp, removed when all went well)
set -euo pipefail
old="${1:?OLD_DIR}" new="${2:?NEW_DIR}"
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
load="$repository/bench/Bench.Load/bin/Release/net10.0/bench-load"
database="${DRILL_POSTGRES:-$("$repository/deploy/dev/postgres.sh" start)}"
schema="rolling_$(date +%s)"
folder="${DRILL_DIR:-$(mktemp -d /tmp/memory-rolling.XXXXXX)}"
workers="${DRILL_WORKERS:-8}" sessions="${DRILL_SESSIONS:-100}" phase_seconds="${DRILL_SECONDS:-8}"
declare -A pids=() journals=()
caller=""
ports=([1]=18671 [2]=18672 [3]=18673 [4]=18674) # old silo, old gateway, new silo, new gateway

address() { echo "http://127.0.0.1:${ports[$1]}"; }

# Starts a process: its number, the build's folder, the role.
start() {
  local command=("$2/memory" serve)
  [[ ! -x "$2/memory-silo" ]] || command=("$2/memory-silo")
  local tries
  for ((tries = 0; tries < 3; tries++)); do
    MEMORY_DATABASE_URL="$database" MEMORY_DATABASE_SCHEMA="$schema" MEMORY_CLUSTER_ID="$schema" MEMORY_CLUSTER_SERVICE_ID="$schema" \
      MEMORY_CLUSTER_ROLE="$3" MEMORY_CLUSTER_ADDRESS=127.0.0.1 MEMORY_URLS="$(address "$1")" MEMORY_DISTIL_EVERY_TURNS=10 \
      MEMORY_CLUSTER_SILO_PORT=$((18680 + $1)) MEMORY_CLUSTER_GATEWAY_PORT=$((18690 + $1)) MEMORY_LOG_LEVEL=Warning \
      "${command[@]}" >>"$folder/process-$1.log" 2>&1 &
    pids[$1]=$!
    until "$load" wait --base "$(address "$1")" --seconds 2 >/dev/null 2>&1; do
      kill -0 "${pids[$1]}" 2>/dev/null || break
    done
    # As a supervisor would: a start that did not reach the database in time is made again.
    ! kill -0 "${pids[$1]}" 2>/dev/null || return 0
    tail -1 "$folder/process-$1.log" >&2
  done
  echo "rolling: FAILED, process $1 does not start; see $folder/process-$1.log" >&2
  return 1
}

# What callers wrote through either gateway: each word that was acknowledged is there once, whatever silo had the session.
count_words() {
  local session
  for ((session = 0; session < 20; session++)); do
    curl -s "$(address 4)/v1/sessions/call-$session/turns?limit=100" | grep -oE 'marker[0-9]+' || true
  done | sort >"$folder/words.found"
  sort "$folder/words.acknowledged" >"$folder/words.sorted"
  echo "rolling: of $(wc -l <"$folder/words.sorted") turns written to sessions shared by both gateways," \
    "$(comm -23 "$folder/words.sorted" <(uniq "$folder/words.found") | wc -l) are lost, $(uniq -d "$folder/words.found" | wc -l) doubled"
  [[ -z "$(comm -23 "$folder/words.sorted" <(uniq "$folder/words.found"))$(uniq -d "$folder/words.found")" ]] || failed=1
}

end() {
  local began code=0
  began=$(date +%s%3N)
  kill -TERM "${pids[$1]}"
  wait "${pids[$1]}" || code=$?
  unset "pids[$1]"
  echo "rolling: $2 left in $(($(date +%s%3N) - began)) ms with code $code"
}

clean_up() {
  local code=$? pid
  for pid in ${caller:-} "${journals[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  psql -q "$database" -c "DROP SCHEMA IF EXISTS $schema CASCADE" -c "DROP SCHEMA IF EXISTS ${schema}_cluster CASCADE" 2>/dev/null || true
  if [[ $code -eq 0 && -z "${DRILL_DIR:-}" ]]; then rm -rf "$folder"; else echo "drill: kept $folder" >&2; fi
}
trap clean_up EXIT

append_through() {
  touch "$folder/journal-$1.txt"
  "$load" journal --base "$(address "$1")" --file "$folder/journal-$1.txt" --run "through$1" --workers "$workers" --sessions "$sessions" \
    --seconds 600 --timeout 60 >"$folder/journal-$1.out" &
  journals[$1]=$!
}

# A request that takes longer than the load generator waits for at its end is unanswered: it must be there whole or not at all.
stop_appending() {
  local code=0
  kill -TERM "${journals[$1]}"
  wait "${journals[$1]}" || code=$?
  unset "journals[$1]"
  case $code in
    0) ;;
    143) echo "journal: ended with a request under way" >"$folder/journal-$1.out" ;;
    *) echo "rolling: FAILED, nothing was acknowledged by gateway $1" >&2; exit 1 ;;
  esac
}

# One request; its phase, what it was, gateway and status go to calls.txt, the answer to answer.json.
ask() { # ask NAME GATEWAY METHOD PATH [BODY]
  status=$(curl -s -m 60 -o "$folder/answer.json" -w '%{http_code}' -X "$3" "$(address "$2")$4" -H 'Content-Type: application/json' ${5:+-d "$5"}) || true
  echo "$(cat "$folder/phase") $1 $2 $status" >>"$folder/calls.txt"
  [[ $status == 2* ]] || { echo "$(cat "$folder/phase") $1 gateway $2: $status"; head -c 400 "$folder/answer.json"; echo; } >>"$folder/errors.txt"
}

# Writes through one gateway and asks the other at once, by every way in there is; goes on until the file `callers` is gone.
call_all() {
  local number=0 writer reader session word
  while gateways=($(cat "$folder/callers" 2>/dev/null)) && [[ ${#gateways[@]} -gt 0 ]]; do
    number=$((number + 1))
    writer=${gateways[$((number % ${#gateways[@]}))]} reader=${gateways[$(((number + 1) % ${#gateways[@]}))]}
    session="call-$((number % 20))" word="marker$number"
    ask append "$writer" POST "/v1/sessions/$session/turns" '{"role":"user","user_id":"caller","content":"The word of the day is '$word'."}'
    [[ $status != 201 ]] || echo "$word" >>"$folder/words.acknowledged"
    ask recall "$reader" POST /v1/recall '{"query":"'$word'","user_id":"caller","limit":5}'
    grep -q "$word" "$folder/answer.json" || echo "$(cat "$folder/phase") $word: written through $writer, not in the recall of $reader" >>"$folder/errors.txt"
    ask context "$reader" GET "/v1/sessions/$session/context?query=word&max_tokens=200"
    ask working "$reader" GET "/v1/sessions/$session/working-memory"
    ask turns "$reader" GET "/v1/sessions/$session/turns?limit=5"
    ask session "$writer" GET "/v1/sessions/$session"
    ask entities "$reader" POST /v1/entities/search '{"query":"'$word'"}'
    ask memory "$writer" POST /v1/memories '{"kind":"preference","user_id":"caller","content":"The caller likes '$word'."}'
    ask citation "$reader" POST "/v1/memories/$(grep -oE '"id":"[^"]+"' "$folder/answer.json" | head -1 | cut -d'"' -f4)/citations" '{}'
    ask distil "$reader" POST "/v1/sessions/$session/distill"
    ask append-gone "$writer" POST "/v1/sessions/gone-$number/turns" '{"role":"user","user_id":"caller","content":"Forget '$word'."}'
    ask close "$reader" POST "/v1/sessions/gone-$number/close"
    ask delete "$reader" DELETE "/v1/sessions/gone-$number"
    ask health "$reader" GET /v1/admin/health
    sleep 0.1
  done
}

phase() { echo "$1" >"$folder/phase"; echo "rolling: $1"; sleep "$phase_seconds"; }

verify() {
  "$load" verify --base "$(address 4)" --file "$folder/journal-$1.txt" --run "through$1" --sessions "$sessions" --resend >"$folder/verify-$1.out" || {
    cat "$folder/verify-$1.out"
    failed=1
  }
  echo "rolling: through gateway $1: $(cat "$folder/journal-$1.out"); $(paste -sd ';' "$folder/verify-$1.out")"
}

[[ -x "$load" ]] || dotnet build "$repository/bench/Bench.Load" -c Release -v quiet --nologo >&2
mkdir -p "$folder"
failed=0
touch "$folder/calls.txt" "$folder/errors.txt" "$folder/words.acknowledged"
echo 2 >"$folder/callers"
echo old >"$folder/phase"
start 1 "$old" silo
start 2 "$old" gateway
append_through 2
call_all &
caller=$!
phase old
start 3 "$new" silo
phase new-silo-joined
start 4 "$new" gateway
# Settings of a tenant are new to some old builds: only the new one is asked.
ask quota 4 PUT /v1/admin/tenants/default '{"turns_per_minute_max":10000000}'
append_through 4
echo 2 4 >"$folder/callers"
phase both
end 1 "the old silo"
phase old-silo-gone
echo 4 >"$folder/callers"
stop_appending 2
sleep 2 # what the caller has begun through the old gateway ends
end 2 "the old gateway"
phase new
rm "$folder/callers"
wait "$caller"
caller=""
stop_appending 4
verify 2
verify 4
count_words
refused=$(cat "$folder"/journal-[24].txt | grep -c '^R' || true)
echo "rolling: calls by kind and status:"
awk '{ n[$2 " " $4]++ } END { for (k in n) print "  " k, n[k] }' "$folder/calls.txt" | sort | paste -sd ',' | tr -s ' '
errors=$(grep -cE '^[a-z-]+ ' "$folder/errors.txt" || true)
if [[ $errors -gt 0 ]]; then grep -E '^[a-z-]+ ' "$folder/errors.txt" | sed -E 's/marker[0-9]+/WORD/' | sort | uniq -c | sed 's/^/  /'; fi
echo "rolling: $(wc -l <"$folder/calls.txt") calls, $errors errors; $(cat "$folder"/journal-[24].txt | grep -c '^A') append requests, $refused refused"
((failed == 0 && errors == 0 && refused == 0)) || { echo "rolling: FAILED"; exit 1; }
echo "rolling: no error, nothing lost, nothing doubled, no gap"
