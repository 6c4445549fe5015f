#!/bin/sh
# Boots a Debian with systemd in a container and tests the package there. Needs root, debootstrap and
# systemd-nspawn; reports clearly where they are missing.
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
# The container's root folder must be open to other users: otherwise not even the bus would start.
chmod 755 "$tree"
out=$(mktemp -d ${TMPDIR:-/var/tmp}/illava-out.XXXXXX)
# With control groups of version 1, the container's memory limits need a separate group and a mount that
# it may write to.
groups=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
group=
finish() {
  rm -rf "$tree" "$out"
  [ -z "$group" ] || find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
  for left in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
    for part in payload supervisor; do
      [ ! -d "$left/$part" ] || find "$left/$part" -depth -type d -exec rmdir {} \; 2>/dev/null
    done
  done
}
trap finish EXIT
if [ -n "$base" ]; then
  cp -a "$base/." "$tree/"
else
  libraries=$(dpkg-deb -f "$package" Depends | tr ',' '\n' | sed 's/ *(.*//; s/|.*//; s/ //g')
  debootstrap --variant=minbase \
    --include="systemd,systemd-sysv,dbus,procps,$(echo $libraries | tr ' ' ',')" bookworm "$tree" \
    >"$out/debootstrap.txt" 2>&1 || {
    tail -n 5 "$out/debootstrap.txt"
    echo "NOT TESTED UNDER SYSTEMD: debootstrap failed (is there a network?)" >&2
    exit 77
  }
fi
if [ -w "$groups/memory.limit_in_bytes" ] || [ -w "$groups/cgroup.procs" ]; then
  mkdir "$groups/illava-systemd-$$" 2>/dev/null && group=$groups/illava-systemd-$$
fi
init='[ ! -d /sys/fs/cgroup/memory ] || mount -o remount,rw,bind /sys/fs/cgroup/memory
exec /lib/systemd/systemd'
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
(
  [ -z "$group" ] || sh -c 'echo $PPID' >"$group/cgroup.procs"
  exec timeout -k 5 500 systemd-nspawn -q -D "$tree" --register=no --keep-unit --private-network \
    --system-call-filter="landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp" \
    --bind="$out:/out" --console=pipe /bin/sh -c "$init" </dev/null >"$out/console.txt" 2>&1
) || true
# Not every machine can boot a container, which says nothing about the package.
[ -e "$out/log.txt" ] || {
  tail "$out/console.txt" >&2
  printf '\n*** NOT TESTED UNDER SYSTEMD: the container did not start ***\n\n' >&2
  exit 77
}
cat "$out/log.txt"
[ "$(cat "$out/result" 2>/dev/null)" = 0 ] || {
  tail -n 60 "$out/journal.txt" 2>/dev/null
  exit 1
}
