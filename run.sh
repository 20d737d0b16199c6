#!/usr/bin/env bash
# Sets up what is missing, builds, and runs the memory with embedded SQLite on http://127.0.0.1:8080.
# Settings are MEMORY_* environment variables: see docs/settings.md. Arguments go to `memory serve`.
set -euo pipefail
cd "$(dirname "$0")"
. eng/setup.sh
need_dotnet
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -e src/Cli/bin/Release/net10.0/memory.dll ] || say "building; the first time takes a minute or two"
log=$(mktemp)
dotnet build src/Cli -c Release -v quiet --nologo >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; die "the build failed; its output is above."; }
rm -f "$log"
address=${MEMORY_URLS:-http://127.0.0.1:8080}
say "starting; its console will be at ${address%%;*}/console/"
# exec: signals reach the service itself, which then shuts down gracefully.
exec dotnet src/Cli/bin/Release/net10.0/memory.dll serve "$@"
