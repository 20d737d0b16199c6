#!/usr/bin/env bash
# Runs the tests of the clients in other languages against a memory of their own, on a free port and a file of its own.
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
server=
cleanup() { [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; } || true; rm -rf "$folder"; }
trap cleanup EXIT
memory=../src/Cli/bin/Release/net10.0/memory.dll
[ -e "$memory" ] || { echo "clients/test.sh needs a Release build: dotnet build MemoryOrleans.sln -c Release" >&2; exit 1; }

# A port that nobody listens on just now, of those that the system gives to nobody by itself; taken meanwhile, the next one is tried.
for port in $(seq $((20000 + RANDOM % 12000)) 32005 | head -5); do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
  MEMORY_URLS=http://127.0.0.1:$port MEMORY_DATABASE_URL=sqlite:$folder/memory-$port.db MEMORY_LOG_LEVEL=error MEMORY_API_KEYS= \
    dotnet "$memory" serve 2>"$folder/log" &
  server=$!
  until curl -sf --noproxy '*' "http://127.0.0.1:$port/health/ready" >/dev/null; do
    kill -0 "$server" 2>/dev/null || { server=; break; }
    sleep 0.2
  done
  # What answered is somebody else where ours has ended.
  [ -z "$server" ] || ! kill -0 "$server" 2>/dev/null || break
  server=
done
[ -n "$server" ] || { cat "$folder/log" >&2; exit 1; }
export MEMORY_TEST_URL=http://127.0.0.1:$port
status=0

if command -v python3 >/dev/null; then
  (cd python && PYTHONDONTWRITEBYTECODE=1 python3 -W error::ResourceWarning -m unittest test_memory_orleans) || status=1
  (cd hooks && PYTHONDONTWRITEBYTECODE=1 python3 -m unittest test_memory_hook) || status=1
else
  echo "clients/python and clients/hooks are not tested: there is no python3 on this machine"
fi

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "clients/typescript is not tested: there is no node with npm on this machine"
elif [ -d typescript/node_modules ] || (cd typescript && npm ci --no-audit --no-fund --silent); then
  (cd typescript && npm test --silent) || status=1
else
  echo "clients/typescript: its packages could not be installed" >&2
  status=1
fi
# Clients that others' generators make of the OpenAPI document, and the linters that hold the document in order.
generated/test.sh || status=1
if command -v npm >/dev/null; then generated/lint.sh || status=1; fi
exit "$status"
