#!/usr/bin/env bash
# The Debian package under a real systemd, in a container.
#
# usage: systemd.sh [ROOT]
#   ROOT  a debootstrap tree, so that none is made
set -euo pipefail
cd "$(dirname "$0")/../.."

give_up() {
  printf '\n*** NOT TESTED UNDER SYSTEMD: %s ***\n\n' "$1" >&2
  exit 77
}
[ "$(id -u)" = 0 ] || give_up "needs root"
for program in systemd-nspawn:systemd-container debootstrap:debootstrap; do
  command -v "${program%%:*}" >/dev/null || {
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${program##*:}"
  } >/dev/null 2>&1 || give_up "${program%%:*} is missing"
done
# Before the build, which takes long.
unshare --mount --pid --net --fork true 2>/dev/null || give_up "this machine allows no containers"
make --no-print-directory deb >.build/deb.log 2>&1 || { cat .build/deb.log >&2; exit 1; }
package=$(ls -t .build/illava_*.deb | head -n 1)
dpkg-deb -I "$package"
fixtures=Tests/EngineTests/Fixtures
sh Tests/systemd/nspawn.sh "$package" "$fixtures/tiny-late" "$fixtures/media" ${1:+"$1"}
