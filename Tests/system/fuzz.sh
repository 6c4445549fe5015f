#!/usr/bin/env bash
# Damaged texts for every reader of untrusted texts: no crash, no answer that takes more than two
# seconds, and bounded memory. Built without optimization, so that every check is active.
#
# usage: fuzz.sh [SEED]
set -euo pipefail
cd "$(dirname "$0")/../.."
seed=${1:-1}
swift build --product illava-daemon
swift build --product illavad
swift build --product illava-fuzz
program=.build/debug/illava-fuzz
last=$(mktemp)
trap 'rm -f "$last"' EXIT
for target in $("$program"); do
  # A daemon takes longer to start than a text takes to be read.
  case $target in socket) rounds=300 ;; store) rounds=12 ;; *) rounds=1000 ;; esac
  status=0
  SWIFT_BACKTRACE=enable=no timeout -k 5 180 "$program" "$target" --seed "$seed" --seconds 60 \
    --rounds "$rounds" --last "$last" || status=$?
  if [ "$status" != 0 ]; then
    echo "$target ended with $status (seed $seed), over this text:" >&2
    head -c 2000 "$last" | base64 >&2
    exit 1
  fi
done
