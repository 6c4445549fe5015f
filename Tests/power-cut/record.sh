#!/bin/sh
# Records the changes that a real daemon, its workers and the programs that submit files make to a spool,
# while jobs of every form arrive, are answered, given up, cancelled, retried and cleaned away; some of
# these steps are interrupted by the death of the daemon at a named step.
#
# usage: record.sh BINARIES MODEL PICTURE VARIANT RECORD
#   BINARIES  a folder with illavad and illava-front
#   VARIANT   what becomes of an input: delete, archive or keep
#   RECORD    the file to write; beside it RECORD.toml, and RECORD.spool as it was in the end
set -u
binaries=$1 model=$2 picture=$3 variant=$4 record=$5
spool=$record.spool
here=$(dirname "$0")
rm -rf "$record" "$spool"
mkdir -p "$spool"

case $variant in
  delete) duplicates=run ;;
  archive) duplicates=link ;;
  keep) duplicates=skip ;;
esac
cat >"$record.toml" <<TOML
[inbox]
stability = "100ms"
patience = "30s"
duplicates = "$duplicates"
[defaults]
prompts = ["What is it?"]
options = { max_new_tokens = 1 }
[outbox]
after_done = "$variant"
visualize = "$([ "$variant" = keep ] && echo final || echo none)"
[running]
retry_first = "10ms"
retry_max = "50ms"
[limits]
disk_floor = "1M"
TOML

# Runs a program under the recorder.
seen() {
  LD_PRELOAD=$record.so ILLAVA_RECORD=$record ILLAVA_RECORD_ROOT=$spool "$@"
}
mark() { ILLAVA_RECORD_MARK=$(printf '%s\t%s\t%s\t%s' "$1" "$2" "${3-}" "${4-}") seen env true; }
ask() { "$binaries/illava-front" "$1" --spool "$spool" "$2" ${3-} >>"$record.log" 2>&1; }
sql() { sqlite3 -readonly "$spool/state.sqlite" "$1" 2>/dev/null; }

give_up() { # why
  echo "record.sh, $variant: $1" >&2
  tail -n 20 "$record.log" >&2
  exit 1
}
start() { # with the step to die at, or nothing
  # A daemon that was killed leaves its socket.
  rm -f "$spool/control.sock"
  # Not through “seen”, because a background function has its own shell.
  ILLAVA_RECORD_DAEMON=1 ILLAVA_RECORD_ACROSS=$spool/inbox/usb:$spool/inbox/usb/deep \
    ILLAVA_DIE_AT=${1-} ILLAVA_RECORD=$record ILLAVA_RECORD_ROOT=$spool \
    env LD_PRELOAD="$record.so" "$binaries/illavad" --spool "$spool" --config "$record.toml" \
    --model "$model" >>"$record.log" 2>&1 &
  pid=$!
  tries=0
  while [ ! -S "$spool/control.sock" ] && kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
}
stop() {
  kill -TERM "$pid"
  wait "$pid" || give_up "the daemon ended with $?"
}
died() { # STEP: waits until it has
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 2400 ]; do
    sleep 0.05
    tries=$((tries + 1))
  done
  [ "$tries" -lt 2400 ] || give_up "the daemon does not come to $1"
  wait "$pid" 2>/dev/null
}

# Waits until this many jobs have ended, and records which.
ended=0
rest() {
  ended=$((ended + ${1-0}))
  tries=0
  while [ "$tries" -lt 2400 ]; do
    final=$(sql "SELECT count(*) FROM jobs WHERE state IN ('done', 'failed', 'cancelled')")
    [ "${final:-0}" -ge "$ended" ] && [ -z "$(ls "$spool/work")" ] && break
    sleep 0.05
    tries=$((tries + 1))
  done
  [ "$tries" -lt 2400 ] || give_up "$final of $ended jobs came to their end"
  sql "SELECT name FROM jobs WHERE state IN ('done', 'failed', 'cancelled')" |
    while read -r name; do
      case "$(cat "$record.ended" 2>/dev/null)" in *"|$name|"*) continue ;; esac
      printf '|%s|' "$name" >>"$record.ended"
      mark ended "$name"
    done
}
rm -f "$record.ended"

# --- Submitting: every file, and then its name, is on disk before the job counts as submitted. ---

number=0
media() { # a picture that is like no other, hidden at PATH
  number=$((number + 1))
  { cat "$picture"; echo "$variant $number"; } >"$record.piece"
  put "$1"
}
put() { # what is in RECORD.piece, at PATH
  seen dd if="$record.piece" of="$spool/inbox/$1" bs=64k conv=fsync status=none
  digests="$digests$(sha256sum <"$record.piece" | cut -d' ' -f1),"
}
text() { # TEXT PATH
  printf '%s' "$1" >"$record.piece"
  seen dd if="$record.piece" of="$spool/inbox/$2" bs=64k conv=fsync status=none
}
show() { # HIDDEN NAME: lets it appear
  seen mv -T "$spool/inbox/$1" "$spool/inbox/$2"
}
flush() { seen sync "$spool/inbox/$1"; }
dropped() { # NAME END
  mark dropped "$1" "$2" "$digests"
  digests=
}
digests=

alone() { # NAME: a picture by itself
  folder=$(dirname "$1")
  media "$folder/.new"
  show "$folder/.new" "$1"
  flush "$folder"
  dropped "$1" done
}
bad() { # NAME: what is no picture
  folder=$(dirname "$1")
  number=$((number + 1))
  echo "no picture, $variant $number" >"$record.piece"
  put "$folder/.new"
  show "$folder/.new" "$1"
  flush "$folder"
  dropped "$1" failed
}
beside() { # NAME ENDING TEXT: a picture with something beside it
  folder=$(dirname "$1")
  media "$folder/.new"
  text "$3" "$folder/.side"
  show "$folder/.side" "$1.$2"
  show "$folder/.new" "$1"
  flush "$folder"
  dropped "$1" done
}
listed() { # FOLDER NAME: a job file, which comes first, and what it names, some of it below
  seen mkdir "$spool/inbox/$1/.$2"
  media "$1/.one"
  media "$1/.$2/2.jpg"
  flush "$1/.$2"
  text "{\"media\": [\"$2-1.jpg\", \".$2/2.jpg\"], \"prompts\": [\"One?\", \"Two?\"]}" "$1/.job"
  show "$1/.job" "$1/$2.job.json"
  show "$1/.one" "$1/$2-1.jpg"
  flush "$1"
  dropped "$(echo "$1/$2" | sed 's,^\./,,').job.json" done
}
together() { # NAME END: a folder with pictures, one of them deeper
  folder=$(dirname "$1")
  seen mkdir "$spool/inbox/$folder/.new" "$spool/inbox/$folder/.new/in"
  if [ "$2" = failed ]; then
    echo "no picture, $variant $1" >"$record.piece"
    put "$folder/.new/bad.png"
    media=bad.png
  else
    media "$folder/.new/1.jpg"
    media "$folder/.new/in/2.jpg"
    media='1.jpg", "in/2.jpg'
  fi
  text "{\"media\": [\"$media\"], \"prompt\": \"What is in it?\"}" "$folder/.new/job.json"
  flush "$folder/.new/in"
  flush "$folder/.new"
  show "$folder/.new" "$1"
  flush "$folder"
  dropped "$1" "$2"
}

"$(command -v gcc || command -v clang)" -shared -fPIC -O1 -o "$record.so" "$here/recorder.c" -ldl || exit 1
seen mkdir "$spool/inbox" "$spool/inbox/sub" "$spool/inbox/usb" "$spool/inbox/usb/deep"
flush usb/deep; flush usb; flush sub; flush .
seen sync "$spool"

# --- Every form, one after the other, then all at once. ---
start
alone plain.jpg; rest 1
beside sub/beside.jpg txt "What is beside it?"; rest 1
listed . listed; rest 1
together trip done; rest 1
bad bad.png; rest 1
alone usb/plain.jpg; rest 1
together usb/trip done; rest 1
stop
start
listed sub listed
alone sub/plain.jpg
beside beside.jpg json '{"prompt": "How?", "priority": 3}'
beside usb/beside.jpg txt "What is it beside?"
together sub/trip done
alone usb/deep/plain.jpg
bad usb/bad.png
together badtrip failed
rest 8
# The same content and question as before.
{ cat "$picture"; echo "$variant 1"; } >"$record.piece"
put .new; show .new same.jpg; flush .
dropped same.jpg done
rest 1
# From the command line.
number=$((number + 1))
{ cat "$picture"; echo "$variant $number"; } >"$record.sent.jpg"
digests=$(sha256sum <"$record.sent.jpg" | cut -d' ' -f1),
seen "$binaries/illava-front" submit --spool "$spool" "$record.sent.jpg" >>"$record.log" ||
  give_up "a picture could not be submitted"
dropped "$(basename "$record").sent.jpg" done
rest 1

# --- Requests of users. ---
"$binaries/illava-front" pause --spool "$spool" >>"$record.log"
alone cancelled.jpg
until [ "$(sql "SELECT count(*) FROM jobs WHERE name = CAST('cancelled.jpg' AS BLOB)")" = 1 ]; do
  sleep 0.05
done
mark may-cancel cancelled.jpg
ask cancel cancelled.jpg
mark cancelled cancelled.jpg
"$binaries/illava-front" resume --spool "$spool" >>"$record.log"
rest 1
mark may-retry bad.png
ask retry bad.png
sleep 0.2
rest 0
mark may-clean sub/beside.jpg
ask clean sub/beside.jpg
mark cleaned sub/beside.jpg
mark may-clean badtrip
ask clean badtrip
mark cleaned badtrip
mark may-forget trip
ask clean trip --forget
mark forgotten trip
ended=$((ended - 1))
stop

# --- Restarts: the daemon dies after a step, and the next daemon continues. ---
for step in claim.described claim.written claim.renamed claim.moved claim.synced store.added \
  store.begun deliver.synced deliver.renamed deliver.outbox-synced store.finished \
  tidy.removed tidy.archived; do
  case $variant-$step in
    archive-tidy.removed | delete-tidy.archived | keep-tidy.archived) continue ;;
  esac
  start $step
  case $step in
    claim.renamed) listed sub "at-$step" ;;
    claim.moved) together "usb/at-$step" done ;;
    claim.written) beside "sub/at-$step.jpg" txt "What?" ;;
    *) alone "at-$step.jpg" ;;
  esac
  died $step
  start
  rest 1
  stop
done
for step in give-up.written give-up.renamed give-up.synced store.given-up; do
  start $step
  bad "at-$step.png"
  died $step
  start
  rest 1
  stop
done
start again.renamed
mark may-retry at-give-up.written.png
ask retry at-give-up.written.png
died again.renamed
start
sleep 0.2
rest 0
stop
mark end "$variant"
