#!/usr/bin/env bash
# Prints the folder that has prometheus and promtool, for the tests of alerts and dashboards; fetches them where there are none.
# Nothing is installed, no root needed. In this order: MEMORY_DEV_PROMETHEUS_BIN, both on PATH, Debian's package prometheus
# unpacked into a folder: its programs need nothing but the C library.
#   MEMORY_DEV_PROMETHEUS_HOME   where the unpacked package lives   /var/tmp/memory-prometheus
#   MEMORY_DEV_PROMETHEUS_OWN    1: fetch one although PATH has one
set -euo pipefail
umask 022
home=${MEMORY_DEV_PROMETHEUS_HOME:-/var/tmp/memory-prometheus}
package=prometheus
say() { echo "prometheus.sh: $*" >&2; }
die() { say "$*"; say "set MEMORY_DEV_PROMETHEUS_BIN to a folder with prometheus and promtool, or install the package $package"; exit 1; }

# An apt of its own, so that no root is needed: its lists and cache are here, sources and keys are the machine's.
configure_apt() {
  local t=$1
  rm -rf "$t"; mkdir -p "$t"/{lists/partial,cache/archives/partial,debs,root}
  cat >"$t/apt.conf" <<C
Dir::State "$t"; Dir::State::lists "$t/lists"; Dir::State::status "/var/lib/dpkg/status"; Dir::Cache "$t/cache";
APT::Sandbox::User "root"; APT::Install-Recommends "false"; Acquire::Languages "none"; Acquire::Retries "3";
Debug::NoLocking "true";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"; Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
C
}

download() {
  local t=$1
  export APT_CONFIG=$t/apt.conf
  apt-get -qq update >&2 || die "apt's package lists could not be read"
  (cd "$t/debs" && apt-get -qq download "$package" >&2) || die "this machine's apt has no $package"
  unset APT_CONFIG
  dpkg-deb --fsys-tarfile "$t"/debs/*.deb | tar -x -C "$t/root" --no-same-owner ./usr/bin/prometheus ./usr/bin/promtool
}

fetch() {
  [ ! -x "$home/root/usr/bin/promtool" ] || return 0
  local t=$home/tmp.fetch
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || die "no Prometheus here, and this is no Debian to fetch one from"
  mkdir -p "$home"; exec 8>"$home/lock"; flock 8   # two callers: the second waits, then finds it there
  [ ! -x "$home/root/usr/bin/promtool" ] || return 0
  say "fetching Debian's $package, about 70 MB, once"
  configure_apt "$t"; download "$t"
  "$t/root/usr/bin/promtool" --version >&2 && "$t/root/usr/bin/prometheus" --version >/dev/null || die "the fetched programs do not start"
  rm -rf "$home/root"; mv "$t/root" "$home/root"; rm -rf "$t"
}

if [ -n "${MEMORY_DEV_PROMETHEUS_BIN:-}" ]; then
  [ -x "$MEMORY_DEV_PROMETHEUS_BIN/prometheus" ] && [ -x "$MEMORY_DEV_PROMETHEUS_BIN/promtool" ] \
    || die "MEMORY_DEV_PROMETHEUS_BIN has no prometheus and promtool: $MEMORY_DEV_PROMETHEUS_BIN"
  echo "$MEMORY_DEV_PROMETHEUS_BIN"; exit 0
fi
if [ "${MEMORY_DEV_PROMETHEUS_OWN:-}" != 1 ] && command -v promtool >/dev/null && command -v prometheus >/dev/null; then
  dirname "$(command -v promtool)"; exit 0
fi
fetch
echo "$home/root/usr/bin"
