#!/usr/bin/env bash
# Holds the OpenAPI document to redocly's and spectral's rules, at the versions of package-lock.json. Takes a file, or asks the memory at MEMORY_TEST_URL.
set -euo pipefail
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --no-audit --no-fund --silent
mkdir -p made
if [ $# -gt 0 ]; then cp "$1" made/openapi.json; else curl -sf --noproxy '*' "${MEMORY_TEST_URL:?}/openapi/v1.json" >made/openapi.json; fi
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
npx --no-install redocly lint made/openapi.json --extends recommended-strict --format=summary
npx --no-install spectral lint made/openapi.json --ruleset spectral.json --fail-severity=hint
