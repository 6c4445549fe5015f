#!/usr/bin/env bash
# The unit files as systemd reads them: no unknown key, and an exposure of at most 1.0, for the page 1.5.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

if ! command -v systemd-analyze >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends systemd; } >/dev/null || {
    printf '\n*** THE UNIT WAS NOT CHECKED: systemd-analyze is missing ***\n\n' >&2
    exit 77
  }
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The program has to be where the unit says.
sed "s|/usr/bin/illavad|$PWD/.build/release/illavad|" systemd/illavad.service >"$folder/illavad.service"
systemd-analyze verify --recursive-errors=one --man=no "$folder/illavad.service"
# The threshold is the exposure times ten.
systemd-analyze security --offline=true --threshold=10 "$folder/illavad.service" >"$folder/exposure" || {
  cat "$folder/exposure" >&2
  echo "the unit is too open" >&2
  exit 1
}
tail -n 1 "$folder/exposure"
web=$folder/illava-web.service
sed "s|/usr/libexec/illava/illava-web|$PWD/.build/release/illava-web|" systemd/illava-web.service >"$web"
cp systemd/illava-web.socket "$folder/"
systemd-analyze verify --recursive-errors=one --man=no "$web" "$folder/illava-web.socket"
systemd-analyze security --offline=true --threshold=15 "$web" >"$folder/exposure" || {
  cat "$folder/exposure" >&2
  echo "the unit of the page is too open" >&2
  exit 1
}
tail -n 1 "$folder/exposure"
# The checks can fail: with a wrong key, and for a service without its sandbox.
sed 's/^ProtectSystem=/ProtectSystems=/' "$folder/illavad.service" >"$folder/wrong.service"
if systemd-analyze verify --recursive-errors=one --man=no "$folder/wrong.service" 2>/dev/null; then
  echo "a wrong key in the unit was not found" >&2
  exit 1
fi
sed '/^Protect/d' "$folder/illavad.service" >"$folder/open.service"
if systemd-analyze security --offline=true --threshold=10 "$folder/open.service" >/dev/null; then
  echo "an open unit was not found" >&2
  exit 1
fi
echo "the units are right"
