#!/bin/sh
# Drops many small jobs at once: all end, none waits behind one that kills its worker, the daemon
# stays small, and `illava status` answers at once.
#
# usage: flood.sh BUILD_FOLDER MODEL PICTURE [JOBS]
set -u
build=$1 model=$2 picture=$3 jobs=${4:-10000}
spool=$(mktemp -d "${TMPDIR:-/tmp}/illava-flood.XXXXXX")
trap 'kill "$pid" 2>/dev/null; rm -rf "$spool" "$spool".*' EXIT
mkdir -p "$spool/inbox" "$spool/drop"
cat >"$spool.toml" <<TOML
[defaults]
options = { max_new_tokens = 1, max_pixels = 4096 }
[outbox]
keep_done = "0s"
TOML
echo "no picture" >"$spool/drop/0000-bad.png"
number=1
while [ "$number" -lt "$jobs" ]; do
  ln "$picture" "$spool/drop/$number.png" 2>/dev/null || cp "$picture" "$spool/drop/$number.png"
  number=$((number + 1))
done
"$build/illavad" --spool "$spool" --config "$spool.toml" --model "$model" 2>"$spool.log" &
pid=$!
sleep 1
start=$(date +%s)
mv "$spool"/drop "$spool/inbox/flood"
most=0
slowest=0
while :; do
  sleep 2
  before=$(date +%s%N)
  "$build/illava" status --spool "$spool" --json >"$spool.status" || exit 1
  took=$((($(date +%s%N) - before) / 1000000))
  [ "$took" -gt "$slowest" ] && slowest=$took
  memory=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")
  [ "$memory" -gt "$most" ] && most=$memory
  ended=$(sqlite3 -readonly "$spool/state.sqlite" \
    "SELECT count(*) FROM jobs WHERE state IN ('done', 'failed')")
  [ "$ended" -ge "$jobs" ] && break
  [ $(($(date +%s) - start)) -lt 3000 ] || { echo "WRONG: $ended of $jobs after 50 minutes"; exit 1; }
done
echo "$jobs jobs in $(($(date +%s) - start)) s; the daemon held at most $((most / 1024)) MiB;" \
  "the slowest status took $slowest ms"
sqlite3 -readonly "$spool/state.sqlite" "SELECT state, count(*) FROM jobs GROUP BY state"
[ "$((most / 1024))" -lt 150 ] || { echo "WRONG: over 150 MiB"; exit 1; }
[ "$(sqlite3 -readonly "$spool/state.sqlite" "SELECT count(*) FROM jobs WHERE state = 'failed'")" = 1 ]
