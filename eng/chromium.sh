#!/usr/bin/env bash
# Prints the path of a Chromium for the console's tests; fetches one where there is none. Nothing is installed, no root needed.
# In this order: PLAYWRIGHT_CHROMIUM, a chromium or chrome on PATH, Debian's chromium-headless-shell unpacked into a folder
# with what this machine lacks of its libraries.
#   MEMORY_DEV_CHROMIUM_HOME   where the unpacked packages live     /var/tmp/memory-chromium
#   MEMORY_DEV_CHROMIUM_OWN    1: fetch one although PATH has one
set -euo pipefail
umask 022
home=${MEMORY_DEV_CHROMIUM_HOME:-/var/tmp/memory-chromium}
package=chromium-headless-shell
say() { echo "chromium.sh: $*" >&2; }
die() { say "$*"; say "set PLAYWRIGHT_CHROMIUM to a Chromium's executable, or install the package chromium"; exit 1; }

from_path() {
  local name
  for name in chromium chromium-browser google-chrome chrome chromium-headless-shell; do
    command -v "$name" && return 0
  done
  return 1
}

# An apt of its own, so that no root is needed: its lists and cache are here, sources and keys are the machine's, and so is
# the list of installed packages: only what is missing is fetched.
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
  local t=$1 deb
  export APT_CONFIG=$t/apt.conf
  apt-get -qq update >&2 || die "apt's package lists could not be read"
  apt-get -s install "$package" fonts-liberation >"$t/plan" 2>"$t/refusal" || { cat "$t/refusal" >&2; die "this machine's apt has no $package"; }
  awk '$1=="Inst"{print $2}' "$t/plan" | sort -u >"$t/names"
  (cd "$t/debs" && xargs apt-get -qq download <"$t/names" >&2) || die "its packages could not be fetched"
  unset APT_CONFIG
  for deb in "$t"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$t/root" --no-same-owner --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale
  done
}

# The browser beside the libraries and fonts that came with it, wherever the folder ends up.
wrap() {
  local t=$1 shell
  shell=$(cd "$t/root" && find usr/lib -type f -perm -u+x -name '*headless*shell*' | head -1)
  [ -n "$shell" ] || die "$package has no program where one was expected"
  cat >"$t/root/fonts.conf" <<C
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>$home/root/usr/share/fonts</dir><cachedir>$home/fonts-cache</cachedir>
<match target="pattern"><test name="family"><string>monospace</string></test>
<edit name="family" mode="assign" binding="same"><string>Liberation Mono</string></edit></match>
<match target="pattern"><edit name="family" mode="append" binding="weak"><string>Liberation Sans</string></edit></match>
</fontconfig>
C
  cat >"$t/root/chromium" <<C
#!/bin/sh
root=$home/root
libraries=\$(ls -d "\$root"/usr/lib/*-linux-gnu "\$root"/usr/lib/*-linux-gnu/pulseaudio "\$root"/lib/*-linux-gnu 2>/dev/null | tr '\n' ':')
export LD_LIBRARY_PATH="\$libraries\${LD_LIBRARY_PATH:-/usr/lib}" FONTCONFIG_FILE="\$root/fonts.conf"
exec "\$root/$shell" "\$@"
C
  chmod 755 "$t/root/chromium"
}

fetch() {
  [ ! -x "$home/root/chromium" ] || return 0
  local t=$home/tmp.fetch
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || die "no Chromium here, and this is no Debian to fetch one from"
  mkdir -p "$home"; exec 8>"$home/lock"; flock 8   # two callers: the second waits, then finds it there
  [ ! -x "$home/root/chromium" ] || return 0
  say "fetching Debian's $package, about 100 MB, once"
  configure_apt "$t"; download "$t"; wrap "$t"
  rm -rf "$home/root"; mv "$t/root" "$home/root"; rm -rf "$t"
  "$home/root/chromium" --version >&2 || { rm -rf "$home/root"; die "the fetched Chromium does not start"; }
}

if [ -n "${PLAYWRIGHT_CHROMIUM:-}" ]; then
  [ -x "$PLAYWRIGHT_CHROMIUM" ] || die "PLAYWRIGHT_CHROMIUM is no program: $PLAYWRIGHT_CHROMIUM"
  echo "$PLAYWRIGHT_CHROMIUM"; exit 0
fi
if [ "${MEMORY_DEV_CHROMIUM_OWN:-}" != 1 ] && from_path; then exit 0; fi
fetch
echo "$home/root/chromium"
