#!/usr/bin/env bash
# The rights in a spool: of its daemon, a user who may submit, one who may read answers, and a stranger,
# each a separate user.
#
# usage: rights.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR
build=${1:-.build/release}
if [ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null; then
  printf '\n*** RIGHTS WERE NOT TESTED: needs root and setpriv ***\n\n' >&2
  exit 77
fi
folder=$(mktemp -d)
daemon=
finish() {
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap finish EXIT
chmod 755 "$folder"
cp "$build/illavad" "$build/illava-daemon" "$build/illava-front" "$folder/"
cp -r Tests/EngineTests/Fixtures/tiny-early "$folder/model"
cp Tests/EngineTests/Fixtures/media/picture2.png "$folder/a.png"
chmod -R a+rX "$folder"
export ILLAVA_SPOOL=$folder/spool HOME=/ SWIFT_BACKTRACE=enable=no
spool=$ILLAVA_SPOOL
as_daemon="setpriv --reuid 5001 --regid 5001 --groups 5002"
as_dropper="setpriv --reuid 5003 --regid 5003 --groups 5002"
as_reader="setpriv --reuid 5004 --regid 5004 --groups 5001"
as_stranger="setpriv --reuid 5005 --regid 5005 --clear-groups"
install -d -o 5001 -g 5001 -m 711 "$spool"
install -d -o 5001 -g 5002 -m 3770 "$spool/inbox"
for name in outbox failed archive; do install -d -o 5001 -g 5001 -m 750 "$spool/$name"; done
cat >"$folder/illavad.toml" <<'TOML'
[inbox]
stability = "100ms"
[defaults]
options = { max_new_tokens = 2, max_pixels = 4096 }
[limits]
disk_floor = "0"
TOML
problems=0
start() {
  $as_daemon "$folder/illavad" --config "$folder/illavad.toml" --model "$folder/model" 2>>"$folder/log" &
  daemon=$!
  for _ in $(seq 100); do [ -S "$spool/control.sock" ] && return; sleep 0.1; done
  cat "$folder/log" >&2
  exit 1
}
may() { # who, what, command
  if $1 sh -c "$3" >"$folder/out" 2>&1; then echo "ok: $2"; else
    echo "WRONG: $2 does not work: $(head -n 3 "$folder/out")" >&2
    problems=$((problems + 1))
  fi
}
may_not() { # who, what, command
  if $1 sh -c "$3" >"$folder/out" 2>&1; then
    echo "WRONG: $2 works: $(head -n 3 "$folder/out")" >&2
    problems=$((problems + 1))
  else echo "ok: no $2"; fi
}
illava="$folder/illava-front"
start
may "$as_dropper" "drop" "cp $folder/a.png $spool/inbox/.a && mv $spool/inbox/.a $spool/inbox/a.png"
may "$as_dropper" "submit" "$illava submit $folder/a.png"
for _ in $(seq 300); do
  [ "$(find "$spool/outbox" -name answer.json | wc -l)" = 2 ] && break
  sleep 0.1
done
for who in dropper stranger; do
  as=as_$who
  may_not "${!as}" "list of answers for a $who" "ls $spool/outbox"
  may_not "${!as}" "answer for a $who" "cat $spool/outbox/*/answer.json $(ls -d "$spool"/outbox/*)/answer.json"
  may_not "${!as}" "jobs at work for a $who" "ls $spool/work"
  may_not "${!as}" "store for a $who" "cat $spool/state.sqlite"
  may_not "${!as}" "new name in the spool for a $who" "mv $spool/outbox $spool/x"
  may_not "${!as}" "lock for a $who" "flock -n $spool/daemon.lock true"
  for command in status list pause; do
    may_not "${!as}" "illava $command for a $who" "$illava $command"
    grep -q '5001\|group' "$folder/out" || {
      echo "WRONG: illava $command does not say who may: $(cat "$folder/out")" >&2
      problems=$((problems + 1))
    }
  done
done
touch "$spool/inbox/.other" && chown 5001:5002 "$spool/inbox/.other"
may_not "$as_dropper" "removing what others dropped" "rm -f $spool/inbox/.other"
may_not "$as_stranger" "drop by a stranger" "cp $folder/a.png $spool/inbox/b.png"
may_not "$as_stranger" "look into the inbox by a stranger" "ls $spool/inbox"
may "$as_reader" "reading answers" "cat $spool/outbox/*/answer.json | grep -q prompt"
for command in status "list --json" "show a.png" "log a.png" "wait a.png" "list --limit 0" pause resume; do
  may "$as_reader" "illava $command" "$illava $command"
done
may_not "$as_reader" "reading the store" "cat $spool/state.sqlite"
may_not "$as_reader" "changing an answer" "rm $spool/outbox/*/answer.json"
may_not "$as_reader" "drop by a reader" "cp $folder/a.png $spool/inbox/c.png"
may "$as_daemon" "illava doctor" "$illava doctor --config $folder/illavad.toml"
may "$as_reader" "illava doctor of a reader" "$illava doctor --config $folder/illavad.toml"
kill "$daemon"
wait "$daemon" || true
daemon=
may_not "$as_reader" "illava list without the daemon" "$illava list"
grep -q 'store.access' "$folder/out" || problems=$((problems + 1))
may "$as_daemon" "illava list of the daemon's user without the daemon" "$illava list"
[ "$problems" = 0 ] || { echo "$problems problems" >&2; exit 1; }
echo "rights are as they should be"
