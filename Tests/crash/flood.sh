#!/bin/sh
# Submits many small jobs at once: all of them end, none waits behind those that kill their worker or
# cannot be read, the daemon's memory stays small, and `illava status` answers immediately.
#
# usage: flood.sh BUILD_FOLDER MODEL PICTURE [JOBS [SECONDS]]
#   JOBS     10000
#   SECONDS  the most that all of it may take, 3000
# LIMIT_MS: fails when the median of `illava status` takes at least this many milliseconds. Without it
# the median is only printed, for machines with other work. On a quiet machine: LIMIT_MS=100.
set -u
build=$1 model=$2 picture=$3 jobs=${4:-10000} most_seconds=${5:-3000}
spool=$(mktemp -d "${TMPDIR:-/tmp}/illava-flood.XXXXXX")
pid=
finish() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null
  [ -z "$pid" ] || wait "$pid" 2>/dev/null
  rm -rf "$spool" "$spool".*
}
trap finish EXIT
give_up() { # why
  echo "WRONG: $1"
  tail -n 20 "$spool.log"
  exit 1
}
mkdir -p "$spool/inbox" "$spool/drop"
# One thread: with a model this small, two wait for one another more than they compute.
cat >"$spool.toml" <<TOML
[model]
threads = 1
[inbox]
stability = "200ms"
[defaults]
options = { max_new_tokens = 1, max_pixels = 4096 }
[running]
max_attempts = 3
retry_first = "2s"
[outbox]
visualize = "none"
TOML
# First in line: ten whose worker dies of them, three times each, and ten that are no pictures.
poison=10
bad=10
for number in $(seq $poison); do
  cp "$picture" "$spool/drop/poison$number.png"
  echo '{"priority": 100}' >"$spool/drop/poison$number.png.json"
done
for number in $(seq $bad); do
  echo "no picture" >"$spool/drop/bad$number.png"
  echo '{"priority": 99}' >"$spool/drop/bad$number.png.json"
done
number=$((poison + bad))
while [ "$number" -lt "$jobs" ]; do
  number=$((number + 1))
  ln "$picture" "$spool/drop/$number.png" 2>/dev/null || cp "$picture" "$spool/drop/$number.png"
done
ILLAVA_WORKER_FAULT=crash:poison \
  "$build/illavad" --spool "$spool" --config "$spool.toml" --model "$model" 2>"$spool.log" &
pid=$!
sleep 1
start=$(date +%s)
mv "$spool"/drop "$spool/inbox/flood"
sql() { sqlite3 -readonly -cmd '.timeout 5000' "$spool/state.sqlite" "$1"; }
most=0
: >"$spool.times"
# Many looks at first, while jobs are being taken; then one every two seconds.
looks=0
while :; do
  before=$(date +%s%N)
  "$build/illava-front" status --spool "$spool" --json >"$spool.status" || give_up "illava status ended with $?"
  echo $((($(date +%s%N) - before) / 1000000)) >>"$spool.times"
  grep -q '"daemon":{' "$spool.status" || give_up "status without the daemon"
  memory=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")
  [ "${memory:-0}" -gt "$most" ] && most=$memory
  looks=$((looks + 1))
  ended=$(sql "SELECT count(*) FROM jobs WHERE state IN ('done', 'failed')")
  [ "$ended" -ge "$jobs" ] && break
  [ $(($(date +%s) - start)) -lt "$most_seconds" ] || give_up "$ended of $jobs after $most_seconds s"
  if [ "$looks" -lt 50 ]; then sleep 0.3; else sleep 2; fi
done
took=$(($(date +%s) - start))
sort -n "$spool.times" >"$spool.sorted"
median=$(sed -n "$(((looks + 1) / 2))p" "$spool.sorted")
slowest=$(tail -n 1 "$spool.sorted")
slow=$(awk '$1 >= 100' "$spool.sorted" | wc -l)
echo "$jobs jobs in $took s; the daemon held at most $((most / 1024)) MiB; $looks times illava" \
  "status: median $median ms, slowest $slowest ms, $slow of them 100 ms and more"
sql "SELECT state, count(*) FROM jobs GROUP BY state"

problems=0
check() { # what it is, what it is, what it should be
  if [ "$2" = "$3" ]; then echo "ok: $1: $2"; else
    echo "WRONG: $1: $2, should be $3"
    problems=$((problems + 1))
  fi
}
below() { # what it is, what it is, the limit
  if [ "$2" -lt "$3" ]; then echo "ok: $1: $2"; else
    echo "WRONG: $1: $2, should be below $3"
    problems=$((problems + 1))
  fi
}
check "answered" "$(sql "SELECT count(*) FROM jobs WHERE state = 'done'")" $((jobs - poison - bad))
check "answers" "$(find "$spool/outbox" -name answer.json | wc -l)" $((jobs - poison - bad))
check "poison that failed" "$(sql "SELECT count(*) FROM jobs WHERE state = 'failed'
  AND CAST(name AS TEXT) LIKE '%poison%' AND attempts = 3")" $poison
check "bad files that failed at once" "$(sql "SELECT count(*) FROM jobs WHERE state = 'failed'
  AND CAST(name AS TEXT) LIKE '%bad%' AND attempts = 1")" $bad
check "attempts that killed a worker" \
  "$(sql "SELECT count(*) FROM attempts WHERE ending = 'signal'")" $((3 * poison))
# Between the first death and the last others were answered, and never was there a long silence.
[ "$(sql "SELECT count(*) FROM attempts WHERE ending = 'done'
  AND ended > (SELECT min(ended) FROM attempts WHERE ending = 'signal')
  AND ended < (SELECT max(ended) FROM attempts WHERE ending = 'signal')")" -ge 10 ]
check "others were answered between the deaths" $? 0
below "longest wait between two ends, in ms" "$(sql "SELECT max(gap) FROM
  (SELECT ended - lag(ended) OVER (ORDER BY ended) AS gap FROM attempts)")" 5000
below "MiB of the daemon" $((most / 1024)) 150
[ -z "${LIMIT_MS:-}" ] || below "median of illava status, in ms" "$median" "$LIMIT_MS"
check "files left in the inbox" "$(find "$spool/inbox" -type f | wc -l)" 0
check "entries left in work" "$(ls -A "$spool/work" | wc -l)" 0
kill -TERM "$pid"
wait "$pid"
check "the daemon's exit status" $? 0
pid=
[ "$problems" = 0 ] || { tail -n 20 "$spool.log"; exit 1; }
