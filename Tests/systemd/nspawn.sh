#!/bin/sh
# Boots a Debian with systemd in a container and tries the package there. Needs root, debootstrap and
# systemd-nspawn; says so loudly where they are missing.
#
# usage: nspawn.sh PACKAGE.deb MODEL MEDIA [ROOT]
#   ROOT  a debootstrap tree to copy from; made anew without it
set -eu
here=$(cd "$(dirname "$0")" && pwd)
package=$1 model=$2 media=$3 base=${4:-}
for need in debootstrap systemd-nspawn; do
  command -v "$need" >/dev/null || missing="${missing:-} $need"
done
[ "$(id -u)" = 0 ] || missing="${missing:-} root"
if [ -n "${missing:-}" ]; then
  echo "NOT TESTED UNDER SYSTEMD: missing:$missing" >&2
  exit 77
fi
tree=$(mktemp -d ${TMPDIR:-/var/tmp}/illava-systemd.XXXXXX)
out=$(mktemp -d ${TMPDIR:-/var/tmp}/illava-out.XXXXXX)
trap 'rm -rf "$tree" "$out"' EXIT
if [ -n "$base" ]; then
  cp -a "$base/." "$tree/"
else
  libraries=$(dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/ *(.*//; s/|.*//; s/ //g')
  debootstrap --variant=minbase \
    --include="systemd,systemd-sysv,dbus,procps,$(echo $libraries | tr ' ' ',')" bookworm "$tree"
fi
cp "$package" "$out/illava.deb"
cp -r "$model" "$out/model"
cp -r "$media" "$out/media"
cp "$here/in-container.sh" "$out/"
cat >"$tree/etc/systemd/system/illava-test.service" <<UNIT
[Unit]
SuccessAction=exit-force
FailureAction=exit-force
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'sh /out/in-container.sh >/out/log.txt 2>&1'
TimeoutStartSec=400
UNIT
mkdir -p "$tree/etc/systemd/system/default.target.wants"
ln -s ../illava-test.service "$tree/etc/systemd/system/default.target.wants/"
timeout -k 5 500 systemd-nspawn -q -D "$tree" --register=no --keep-unit --private-network \
  --bind="$out:/out" --console=pipe /lib/systemd/systemd </dev/null >"$out/console.txt" 2>&1 || true
cat "$out/log.txt" 2>/dev/null || { echo "the container did not start:"; tail "$out/console.txt"; }
[ "$(cat "$out/result" 2>/dev/null)" = 0 ] || {
  tail -n 60 "$out/journal.txt" 2>/dev/null
  exit 1
}
