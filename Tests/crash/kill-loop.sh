#!/bin/sh
# Kills daemon and workers again and again, at random moments and at named steps, and checks at the end
# that every job has exactly one answer.
#
# usage: kill-loop.sh ILLAVAD MODEL MEDIA [JOBS [KILLS]]
#   MODEL  a folder with a small checkpoint
#   MEDIA  a folder with pictures and clips that are small
set -u
daemon=$1 model=$2 media=$3 jobs=${4:-60} kills=${5:-300}
spool=$(mktemp -d "${TMPDIR:-/tmp}/illava-kill.XXXXXX")
trap 'rm -rf "$spool" "$spool".*' EXIT
mkdir -p "$spool/inbox"
limit=100

cat >"$spool.toml" <<TOML
[inbox]
stability = "100ms"
[defaults]
prompts = ["What is it?"]
options = { max_new_tokens = 2 }
[running]
max_attempts = $limit
retry_first = "10ms"
retry_max = "50ms"
[limits]
disk_floor = "1M"
TOML

# Every step at which a daemon can be told to die.
steps="claim.described claim.written claim.renamed claim.moved claim.synced store.added store.begun
deliver.synced deliver.renamed deliver.outbox-synced store.finished tidy.removed give-up.written
give-up.renamed give-up.synced store.given-up store.put-back"

# A random number: two bytes from the kernel.
random() { echo $(($(od -An -N2 -tu2 /dev/urandom) % $1)); }

dropped=0
refused=0
drop() {
  dropped=$((dropped + 1))
  file=$(ls "$media" | sed -n "$((dropped % $(ls "$media" | wc -l) + 1))p")
  ending=${file##*.}
  case $((dropped % 5)) in
    0) # a file alone
      cp "$media/$file" "$spool/inbox/job$dropped.$ending" ;;
    1) # with a prompt beside it
      cp "$media/$file" "$spool/inbox/job$dropped.$ending.part"
      mv "$spool/inbox/job$dropped.$ending.part" "$spool/inbox/.job$dropped"
      echo "What is in job $dropped?" >"$spool/inbox/job$dropped.$ending.txt"
      mv "$spool/inbox/.job$dropped" "$spool/inbox/job$dropped.$ending" ;;
    2) # with a job file
      mkdir -p "$spool/inbox/sub"
      mv_from="$spool/inbox/.sub$dropped"
      cp "$media/$file" "$mv_from"
      echo "{\"media\": [\"m$dropped.$ending\"], \"prompts\": [\"One?\", \"Two?\"]}" \
        >"$spool/inbox/sub/job$dropped.job.json"
      mv "$mv_from" "$spool/inbox/sub/m$dropped.$ending" ;;
    3) # a folder
      mkdir "$spool/inbox/.f$dropped"
      cp "$media/$file" "$spool/inbox/.f$dropped/"
      echo '{"prompt": "What is in the folder?"}' >"$spool/inbox/.f$dropped/job.json"
      mv "$spool/inbox/.f$dropped" "$spool/inbox/job$dropped" ;;
    4) # one that cannot be answered
      refused=$((refused + 1))
      echo "this is no picture, number $dropped" >"$spool/inbox/job$dropped.png" ;;
  esac
}

start() { # with the step to die at, or nothing
  ILLAVA_DIE_AT=$1 "$daemon" --spool "$spool" --config "$spool.toml" --model "$model" \
    >>"$spool.log" 2>&1 &
  pid=$!
}

killed=0
byStep=0
byWorker=0
while [ "$killed" -lt "$kills" ]; do
  # The jobs are spread over the kills.
  while [ $((dropped * kills)) -lt $((jobs * (killed + 1))) ] && [ "$dropped" -lt "$jobs" ]; do
    drop
  done
  case $(random 5) in
    0 | 1) # at a named step
      number=$(($(random $(echo $steps | wc -w)) + 1))
      start "$(echo $steps | cut -d' ' -f$number)"
      patience=8 ;;
    2) # at the n-th step of any name
      start "$(($(random 10) + 1))"
      patience=15 ;;
    *) # at any moment
      start ""
      patience=0
      sleep "0.$(printf %03d $(($(random 500) + 50)))" ;;
  esac
  while [ "$patience" -gt 0 ] && kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    patience=$((patience - 1))
  done
  if ! kill -0 "$pid" 2>/dev/null; then
    byStep=$((byStep + 1))
  elif [ "$(random 3)" = 0 ] && worker=$(pgrep -P "$pid" | head -n 1) && [ -n "$worker" ]; then
    # Only the worker: its daemon continues, for a while.
    kill -9 "$worker" 2>/dev/null
    byWorker=$((byWorker + 1))
    sleep "0.$(printf %03d $(($(random 300) + 50)))"
    kill -9 "$pid" 2>/dev/null
    killed=$((killed + 1))
  else
    kill -9 "$pid" 2>/dev/null
  fi
  wait "$pid" 2>/dev/null
  killed=$((killed + 1))
done

# Without further kills, everything comes to its end.
start ""
waited=0
while [ "$waited" -lt 600 ]; do
  sleep 0.5
  waited=$((waited + 1))
  final=$(sqlite3 -readonly "$spool/state.sqlite" \
    "SELECT count(*) FROM jobs WHERE state IN ('done', 'failed', 'cancelled')")
  [ "$final" -ge "$jobs" ] && [ -z "$(ls "$spool/work")" ] && break
done
kill -TERM "$pid"
wait "$pid"
status=$?

problems=0
check() { # what it is, what it is, what it should be
  if [ "$2" = "$3" ]; then
    echo "ok: $1: $2"
  else
    echo "WRONG: $1: $2, should be $3"
    problems=$((problems + 1))
  fi
}
sql() { sqlite3 -readonly "$spool/state.sqlite" "$1"; }
check "the daemon's exit status" "$status" 0
check "jobs that were dropped" "$dropped" "$jobs"
check "jobs in the store" "$(sql 'SELECT count(*) FROM jobs')" "$jobs"
check "names among them" "$(sql 'SELECT count(DISTINCT name) FROM jobs')" "$jobs"
check "answered" "$(sql "SELECT count(*) FROM jobs WHERE state = 'done'")" $((jobs - refused))
check "failed" "$(sql "SELECT count(*) FROM jobs WHERE state = 'failed'")" "$refused"
check "answers in the outbox" "$(find "$spool/outbox" -name answer.json | wc -l)" \
  $((jobs - refused))
check "entries of the outbox" "$(ls -A "$spool/outbox" | wc -l)" $((jobs - refused))
check "errors in failed" "$(find "$spool/failed" -name error.json | wc -l)" "$refused"
check "answers that are not whole" "$(find "$spool/outbox" -name answer.json |
  while read -r file; do tail -c 2 "$file" | grep -q '}' || echo "$file"; done | wc -l)" 0
check "answered events per job" "$(sql "SELECT max(n) FROM (SELECT count(*) AS n FROM events
  WHERE text LIKE 'answered%' GROUP BY job)")" 1
check "jobs over the limit of attempts" \
  "$(sql "SELECT count(*) FROM jobs WHERE attempts > $limit")" 0
check "files left in the inbox" "$(find "$spool/inbox" -type f | wc -l)" 0
check "entries left in work" "$(ls -A "$spool/work" | wc -l)" 0
check "half-written files" \
  "$(find "$spool" \( -name '*.part' -o -name '*.new' -o -name '*.removed' \) | wc -l)" 0
check "integrity" "$(sql 'PRAGMA integrity_check')" ok
echo "$killed kills: $byStep at a step, $byWorker of a worker first;" \
  "$(sql 'SELECT count(*) FROM attempts') attempts," \
  "$(sql "SELECT count(*) FROM attempts WHERE ending = 'interrupted'") interrupted"
[ "$problems" = 0 ] || { tail -n 40 "$spool.log"; exit 1; }
