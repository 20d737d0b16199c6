#!/usr/bin/env bash
# Makes three clients from the OpenAPI document of the memory at MEMORY_TEST_URL - NSwag's, Kiota's, openapi-typescript's -,
# compiles them and drives each. Nothing that is made here is committed.
set -euo pipefail
cd "$(dirname "$0")"
: "${MEMORY_TEST_URL:?names the memory to drive, like http://127.0.0.1:8080}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 KIOTA_TUTORIAL_ENABLED=false KIOTA_UPDATE__DISABLED=true
rm -rf made
mkdir made
curl -sf --noproxy '*' "$MEMORY_TEST_URL/openapi/v1.json" >made/openapi.json

dotnet tool restore >/dev/null
dotnet nswag openapi2csclient /input:made/openapi.json /output:made/NSwag.cs /namespace:Generated.NSwag /className:NSwagMemory \
  /generateOptionalParameters:true /generateNullableReferenceTypes:true >made/nswag.log || { cat made/nswag.log >&2; exit 1; }
dotnet kiota generate -l CSharp -d made/openapi.json -c KiotaMemory -n Generated.Kiota -o made/Kiota >made/kiota.log 2>&1 || { cat made/kiota.log >&2; exit 1; }
dotnet build Generated.csproj -c Release --nologo -v quiet -clp:ErrorsOnly
dotnet bin/Release/net10.0/Generated.dll "$MEMORY_TEST_URL"

if command -v npm >/dev/null; then
  [ -d node_modules ] || npm ci --no-audit --no-fund --silent
  npx --no-install openapi-typescript made/openapi.json -o made/schema.d.ts >made/typescript.log || { cat made/typescript.log >&2; exit 1; }
  npx --no-install tsc
  NO_PROXY='*' node made/ts/drive.js "$MEMORY_TEST_URL"
else
  echo "openapi-typescript's client is not tested: there is no npm on this machine"
fi
