# Sourced by run.sh and test.sh: makes sure of the .NET 10 SDK, all that is needed beside this checkout.
# Where it is missing, it is put into .dotnet/ by its vendor's install script, without root; nothing else changes.

say() { printf 'memory: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

need_dotnet() {
  has_sdk && return 0
  local own=$PWD/.dotnet script
  export DOTNET_ROOT=$own PATH=$own:$PATH
  has_sdk && return 0
  say "the .NET 10 SDK is missing; fetching it into .dotnet/ with its vendor's script (about 250 MB, once)"
  command -v curl >/dev/null 2>&1 || die "fetching it needs curl; or install the .NET 10 SDK and run this again."
  script=$(mktemp)
  curl -fsSL --retry 2 --connect-timeout 20 -o "$script" https://dot.net/v1/dotnet-install.sh \
    && bash "$script" --channel 10.0 --install-dir "$own" >&2 && rm -f "$script" && has_sdk \
    || { rm -f "$script"; die "the .NET 10 SDK could not be fetched; install it and run this again."; }
}

has_sdk() { command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; }
