#!/usr/bin/env bash
# Sets up what is missing, builds everything and runs every test. The last line sums all suites up.
set -euo pipefail
cd "$(dirname "$0")"
. eng/setup.sh
need_dotnet
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# The versions that packages.lock.json files name, and no others.
dotnet build MemoryOrleans.sln -c Release --nologo -v minimal -p:RestoreLockedMode=true
status=0
dotnet test MemoryOrleans.sln -c Release --no-build --nologo --results-directory "$results" --logger trx "$@" || status=$?

# The gateway's tests once more, over PostgreSQL: MEMORY_TEST_POSTGRES, or a private server that the script starts.
MEMORY_TEST_POSTGRES=${MEMORY_TEST_POSTGRES:-$(deploy/dev/postgres.sh start)} MEMORY_TEST_STORE=postgres \
  dotnet test tests/Gateway.Tests -c Release --no-build --nologo --results-directory "$results" --logger trx "$@" || status=$?

# The clients in other languages, against a memory of their own.
clients/test.sh || status=1

# A backup is worth what can be restored from it: the drill, short, on servers of its own.
if [ -z "${MEMORY_TEST_POSTGRES:-}" ]; then
  bench/drills/pg-restore.sh 1 || status=1
else
  echo "bench/drills/pg-restore.sh is skipped: MEMORY_TEST_POSTGRES names a server, and the drill makes its own"
fi

# <Counters total=".." executed=".." passed=".." failed=".." .../> of every suite's results file
count() { { grep -ho "<Counters [^>]*" "$results"/*.trx || true; } | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
passed=$(count passed); failed=$(count failed); total=$(count total)
if [ "$total" = 0 ]; then echo "no test ran" >&2; status=1; fi
if [ "$failed" != 0 ]; then status=1; fi
# The failed ones and their reasons once more, where the end of a log is all that is at hand.
grep -ho '<UnitTestResult [^>]*outcome="Failed"' "$results"/*.trx | grep -o ' testName="[^"]*"' | cut -c12-200 | sort | uniq -c | head -60 || true
grep -h -A 8 '<Message>' "$results"/*.trx | sed 's/&#xD;//g; s/^ *<Message>/- /; s/<[^>]*>//g' | cut -c1-300 | head -90 || true
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
