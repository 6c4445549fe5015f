#!/bin/sh
# A disk that is really full, on a small tmpfs: the queue waits and reports it, nothing is lost, and it
# continues by itself. Needs root; without root it says so.
#
# usage: full-disk.sh BUILD_FOLDER MODEL MEDIA
set -u
build=$1 model=$2 media=$3
[ "$(id -u)" = 0 ] || { echo "NOT TESTED: a full disk needs root for its tmpfs" >&2; exit 77; }
spool=$(mktemp -d "${TMPDIR:-/tmp}/illava-full.XXXXXX")
mount -t tmpfs -o size=16m tmpfs "$spool" || exit 77
trap 'kill "$pid" 2>/dev/null; wait; umount "$spool"; rm -rf "$spool" "$spool".*' EXIT
mkdir "$spool/inbox"
printf '[inbox]\nstability = "200ms"\n[limits]\ndisk_floor = "%s"\n[defaults]\noptions = { max_new_tokens = 2 }\n' \
  "${FLOOR:-0}" >"$spool.toml"
"$build/illavad" --spool "$spool" --config "$spool.toml" --model "$model" 2>"$spool.log" &
pid=$!
sleep 1
count=0
for file in "$media"/*.png; do
  cp "$file" "$spool/inbox/.x" && mv "$spool/inbox/.x" "$spool/inbox/$count.png"
  count=$((count + 1))
done
# Fills the disk at once, in the middle of any work.
dd if=/dev/zero of="$spool/ballast" bs=4k 2>/dev/null
sleep 6
echo "while it is full: $(grep -cE 'disk|space' "$spool.log") messages about the disk"
grep -qE 'No space left|disk is full|free on the disk|database or disk' "$spool.log" || {
  echo "WRONG: nobody said that the disk is full"; tail "$spool.log"; exit 1; }
rm "$spool/ballast"
waited=0
until [ "$(find "$spool/outbox" -name answer.json | wc -l)" -ge "$count" ]; do
  sleep 0.5
  waited=$((waited + 1))
  [ "$waited" -lt 120 ] || { echo "WRONG: not all were answered"; tail -n 30 "$spool.log"; exit 1; }
done
[ "$(sqlite3 -readonly "$spool/state.sqlite" "SELECT count(*) FROM jobs WHERE state = 'done'")" = "$count" ] &&
  [ "$(sqlite3 -readonly "$spool/state.sqlite" "PRAGMA integrity_check")" = ok ] || {
  echo "WRONG: the store does not say so"; exit 1; }
echo "ok: $count jobs answered after the disk had been full"
