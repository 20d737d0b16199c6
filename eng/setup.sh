# Sourced by run.sh and test.sh: makes sure of what the project needs beside the .NET SDK.
# Installs libsqlite3-0 by apt-get where it is missing; says so; fails with one sentence where it cannot.

say() { printf 'memory: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

need_dotnet() {
  command -v dotnet >/dev/null 2>&1 || die "the .NET 10 SDK is needed and 'dotnet' is not on the PATH."
  dotnet --list-sdks | grep -q '^10\.' || die "the .NET 10 SDK is needed; found only: $(dotnet --list-sdks | tr '\n' ' ')"
}

has_sqlite() {
  ldconfig -p 2>/dev/null | grep -q 'libsqlite3\.so\.0' && return 0
  ls /usr/lib/*/libsqlite3.so.0 /usr/lib/libsqlite3.so.0 /usr/lib64/libsqlite3.so.0 /usr/local/lib/libsqlite3.so.0 >/dev/null 2>&1
}

need_sqlite() {
  has_sqlite && return 0
  [ "$(uname -s)" = Linux ] || return 0
  command -v apt-get >/dev/null 2>&1 || die "libsqlite3.so.0 is missing; install your distribution's SQLite library (Debian: libsqlite3-0)."
  local as=
  if [ "$(id -u)" != 0 ]; then
    sudo -n true >/dev/null 2>&1 || die "libsqlite3.so.0 is missing and installing it needs root; run: sudo apt-get install libsqlite3-0"
    as=sudo
  fi
  say "installing libsqlite3-0 (the SQLite library) with apt-get"
  { $as apt-get -qq update && $as apt-get -qq install -y --no-install-recommends libsqlite3-0; } >/dev/null \
    || die "libsqlite3-0 could not be installed with apt-get; install it and run this again."
}
