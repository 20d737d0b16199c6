#!/usr/bin/env bash
# Fuzzes a server of its own: random requests made from its OpenAPI document, and bytes that are no HTTP; then reads back all
# that was stored, of every tenant, and brings an export into an empty one.
#   bench/drills/fuzz.sh [requests=5000] [seed=1] [workers=8]     see server.sh for MEMORY_BIN, DRILL_PORT, DRILL_DIR
#   DRILL_POSTGRES  URL of a PostgreSQL server (deploy/dev/postgres.sh start): a schema of its own there instead of SQLite
#   DRILL_BOUND_MS  slowest answer that is no failure (default 2000)
# Exit code 1 at a 5xx other than the designed 503, an answer that is no JSON, shows another tenant's text or is too slow, a
# connection that is held, a process that died, or stored things that cannot be read.
set -euo pipefail
source "$(dirname "$0")/server.sh"
requests="${1:-5000}"
seed="${2:-1}"
workers="${3:-8}"
schema="fuzz_$(date +%s)"
fuzz="$repository/bench/Bench.Fuzz/bin/Release/net10.0/bench-fuzz"
if [[ -n "${DRILL_POSTGRES:-}" ]]; then
  database_url="$DRILL_POSTGRES"
  export MEMORY_DATABASE_SCHEMA="$schema"
fi

end_drill() {
  local code=$?
  [[ -z "$server_pid" ]] || kill_server TERM
  [[ -z "${DRILL_POSTGRES:-}" ]] || psql -q "$DRILL_POSTGRES" -c "DROP SCHEMA IF EXISTS $schema CASCADE" >/dev/null 2>&1 || true
  clean_up "$code"
}

prepare
[[ -x "$fuzz" ]] || dotnet build "$repository/bench/Bench.Fuzz" -c Release -v quiet --nologo >/dev/null
trap end_drill EXIT
export MEMORY_LOG_LEVEL=Warning
export MEMORY_API_KEYS="red:red-key-of-the-fuzz-drill:read+write+admin,green:green-key-of-the-fuzz-drill:read+write+admin,sink:sink-key-of-the-fuzz-drill:read+write+admin"
start_server
await_server >/dev/null
status=0
"$fuzz" --url "$base" --key red:red-key-of-the-fuzz-drill --key green:green-key-of-the-fuzz-drill --sink sink:sink-key-of-the-fuzz-drill \
  --seed "$seed" --requests "$requests" --workers "$workers" --bound-ms "${DRILL_BOUND_MS:-2000}" --pid "$server_pid" || status=1
kill -0 "$server_pid" 2>/dev/null || { echo "fuzz: the server has died; see $folder/server.log"; status=1; }
grep -E '"LogLevel":"(Error|Critical)"' "$folder/server.log" | cut -c1-1200 | head -5 || true
((status == 0)) || { echo "fuzz: FAILED"; exit 1; }
