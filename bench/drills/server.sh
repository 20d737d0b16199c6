# Sourced by the drills: starts and ends a server on a data folder of its own.
#   MEMORY_BIN   command that serves (default: src/Cli/bin/Release/net10.0/memory serve)
#   DRILL_PORT   port (default 18631)
#   DRILL_DIR    working folder (default: a new one under /tmp, removed when all went well)
repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck disable=SC2206  # words on purpose: a command and its arguments
server_command=(${MEMORY_BIN:-"$repository/src/Cli/bin/Release/net10.0/memory" serve})
base="http://127.0.0.1:${DRILL_PORT:-18631}"
folder="${DRILL_DIR:-$(mktemp -d /tmp/memory-drill.XXXXXX)}"
load="$repository/bench/Bench.Load/bin/Release/net10.0/bench-load"
database_url="sqlite:$folder/memory.db"
server_pid=""
journal_pid=""

prepare() {
  mkdir -p "$folder"
  local output
  output="$(dotnet build "$repository/bench/Bench.Load" -c Release -v quiet --nologo 2>&1)" || {
    echo "$output" >&2
    exit 2
  }
  [[ -x "${server_command[0]}" ]] || command -v "${server_command[0]}" >/dev/null || {
    echo "drill: no server at ${server_command[0]}; build it, or set MEMORY_BIN" >&2
    exit 2
  }
  if (exec 3<>"/dev/tcp/127.0.0.1/${base##*:}") 2>/dev/null; then
    echo "drill: port ${base##*:} is taken; set DRILL_PORT" >&2
    exit 2
  fi
}

# Starts the server over database_url, under the command given as arguments if any; its process id is in server_pid.
start_server() {
  MEMORY_DATABASE_URL="$database_url" MEMORY_URLS="$base" \
    "$@" "${server_command[@]}" >>"$folder/server.log" 2>&1 &
  server_pid=$!
}

# Prints the milliseconds until it was ready.
await_server() {
  "$load" wait --base "$base" --seconds 60 || {
    echo "drill: the server did not become ready; see $folder/server.log" >&2
    return 1
  }
}

# Waits until every text has its vector: what was asked before and what is asked after would be answered by other vectors.
await_embeddings() { # await_embeddings [SECONDS=120]
  local end=$((SECONDS + ${1:-120})) spaces=""
  while ((SECONDS < end)); do
    spaces="$(curl -fsS "$base/v1/admin/embeddings")" || return 1
    [[ "$spaces" =~ \"turns_embedded\":[1-9] && ! "$spaces" =~ \"jobs_ready\":[1-9] ]] && return 0
    sleep 0.5
  done
  echo "drill: texts wait for their vectors still: $spaces" >&2
  return 1
}

# Ends the server and, where it runs under a tracer or a wrapper, that one's child.
kill_server() {
  local child
  for child in $(cat "/proc/$server_pid/task/$server_pid/children" 2>/dev/null || true) "$server_pid"; do
    kill -"$1" "$child" 2>/dev/null || true
  done
  wait "$server_pid" 2>/dev/null || true
  server_pid=""
}

# Ends what is still running; keeps the folder when the drill failed, or was given its folder. The argument is the exit
# code, where the caller had something of its own to end.
clean_up() {
  local code=${1:-$?}
  [[ -z "$journal_pid" ]] || kill "$journal_pid" 2>/dev/null || true
  [[ -z "$server_pid" ]] || kill_server KILL
  if [[ $code -eq 0 && -z "${DRILL_DIR:-}" ]]; then
    rm -rf "$folder"
  elif ! rmdir "$folder" 2>/dev/null; then
    echo "drill: kept $folder" >&2
  fi
}
trap clean_up EXIT
