#!/usr/bin/env bash
# A worker that was taken over by an attacker: it tries to read, write, connect, start programs, trace
# and send signals outside of its job, and the kernel refuses each attempt. Its job fails with that
# reason, the next one is answered, and nothing else has changed. Links that are put into a job's folder
# after it was claimed are not followed.
#
# usage: cage.sh BINDIR MODEL PICTURE
#   BINDIR  the folder of illavad and illava
set -uo pipefail
programs=$(realpath "$1") model=$(realpath "$2") picture=$(realpath "$3")
folder=$(mktemp -d)
spool=$folder/spool
daemon=
finish() {
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
problems=0
check() { # what it is, whether it holds (0)
  if [ "$2" = 0 ]; then echo "ok: $1"; else
    echo "WRONG: $1"
    problems=$((problems + 1))
  fi
}
until_true() { # seconds, command…
  local end=$(($(date +%s) + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.2
  done
}
illava() { "$programs/illava" "$@" --spool "$spool"; }
state() { illava list --json | grep -F "\"name\":\"$1\"" | grep -o '"state":"[a-z-]*"' | head -n 1; }
is() { [ "$(state "$1")" = "\"state\":\"$2\"" ]; }
drop() { cp "$1" "$spool/inbox/.$2" && mv "$spool/inbox/.$2" "$spool/inbox/$2"; }

mkdir -p "$spool/inbox"
cat >"$folder/illavad.toml" <<CONF
[inbox]
stability = "100ms"
[running]
retry_first = "100ms"
[defaults.options]
max_new_tokens = 2
CONF
ILLAVA_WORKER_FAULT=breakout:burglar "$programs/illavad" --spool "$spool" \
  --config "$folder/illavad.toml" --model "$model" 2>"$folder/log" &
daemon=$!
until_true 30 test -S "$spool/control.sock"
check "the daemon starts" $?

drop "$picture" first.png
until_true 120 is first.png done
check "a picture is answered in the cage" $?
before=$(find "$spool/outbox" -type f -exec sha256sum {} + | sort)
rights=$(stat -c %a "$spool/state.sqlite")

drop "$picture" burglar.png
until_true 60 is burglar.png failed
check "a job that takes its worker over fails" $?
error=$(cat "$spool"/failed/*/error.json)
echo "$error" | grep -o 'refused: [^;]*' | tr ',' '\n' | sed 's/^ */  /; s/refused: //'
[[ $error == *worker.breakout* || $error == *spool.worker-ended* ]]
check "and says why" $?
went=$(grep -o 'not refused: [^"]*' <<<"$error" || true)
if grep -q '"cage":{[^}]*Landlock version' <<<"$(illava status --json)"; then
  [ "$went" = "not refused: nothing" ] || [[ $error == *spool.worker-ended* ]]
  check "everything was refused (${went:-the worker died})" $?
else
  printf '\n*** LANDLOCK WAS NOT TESTED: this kernel has none ***\n\n'
  [ "$went" = "not refused: read /etc/passwd, read the store, list the outbox" ]
  check "everything but reading was refused ($went)" $?
fi
drop "$picture" second.png
until_true 120 is second.png done
check "the next job is answered" $?
kill -0 "$daemon"
check "the daemon is the same" $?
[ "$(stat -c %a "$spool/state.sqlite")" = "$rights" ] && [ ! -e "$spool/state.moved" ]
check "the store is where and as it was" $?
now=$(find "$spool/outbox" -type f -exec sha256sum {} + | sort)
[ -z "$(comm -23 <(echo "$before") <(echo "$now"))" ]
check "earlier answers are the same" $?

# The process itself, as the kernel reports it.
worker=$(pgrep -P "$daemon" | head -n 1)
status() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$worker/status"; }
[ "$(status NoNewPrivs)" = 1 ] && [ "$(status Seccomp)" = 2 ]
check "the worker has a filter and gets no new privileges" $?
for task in /proc/"$worker"/task/*; do
  grep -q '^Seccomp:[[:space:]]*2' "$task/status" || echo "$task"
done | grep -q . && result=1 || result=0
check "so have all of its threads" $result
[ $((16#$(status CapEff) & ~4)) = 0 ]
check "it has no capabilities ($(status CapEff))" $?
files=$(find "/proc/$worker/fd" -mindepth 1 -printf '%f %l\n' 2>/dev/null | sort -n)
fonts='/etc/fonts|/usr/(local/)?share/fonts|/usr/share/(fontconfig|poppler)|/var/cache/fontconfig'
! grep -vE ' (/dev/null|socket:|pipe:|/proc/|/sys/|/memfd|'"$fonts|$model"'|'"$folder/log"')' <<<"$files" | grep .
check "it holds nothing of the spool open" $?
! tr '\0' '\n' <"/proc/$worker/environ" | grep -vE '^(ILLAVA_|OPENBLAS_|SWIFT_|LANG|LC_|LD_LIBRARY_PATH|TZ|GLIBC_|MALLOC_)' | grep .
check "and little of the environment" $?
illava doctor | grep 'cage:'
illava doctor | grep -q 'cage: workers are confined by'
check "illava doctor says what it is confined by" $?

# Links that are put into a job's folder after it was claimed.
echo secret >"$folder/secret"
cp "$picture" "$folder/secret.png"
illava pause >/dev/null
for by in link parent hard pipe; do
  mkdir -p "$spool/inbox/.$by/deep"
  cp "$picture" "$spool/inbox/.$by/deep/1.png"
  echo '{"media": ["deep/1.png"]}' >"$spool/inbox/.$by/job.json"
  mv "$spool/inbox/.$by" "$spool/inbox/$by"
done
until_true 20 sh -c "[ \$(ls '$spool/work' | wc -l) = 4 ]"
check "four folders are taken" $?
for claim in "$spool"/work/*/claim.json; do
  input=$(dirname "$claim")/input
  case $(grep -o '"name":"[a-z]*","options"' "$claim" | cut -d'"' -f4) in
  link) ln -sf "$folder/secret.png" "$input/deep/1.png" ;;
  parent) mv "$input/deep" "$folder/deep" && ln -s "$folder/deep" "$input/deep" ;;
  hard) rm "$input/deep/1.png" && ln "$folder/secret.png" "$input/deep/1.png" ;;
  pipe) rm "$input/deep/1.png" && mkfifo "$input/deep/1.png" ;;
  *) echo "WRONG: a claim of another job: $claim" ;;
  esac
done
illava resume >/dev/null
for by in link parent hard pipe; do
  until_true 30 is "$by" failed
  check "a job whose file became something else fails ($by)" $?
done
[ "$(grep -lF spool.replaced "$spool"/failed/*/error.json | wc -l)" = 4 ]
check "and says that it was replaced" $?
drop "$picture" third.png
until_true 120 is third.png done
check "the next job is answered" $?
[ $problems = 0 ] || {
  tail -n 20 "$folder/log"
  exit 1
}
