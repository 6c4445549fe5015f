#!/usr/bin/env bash
# `make demo` on a clean build: both questions are answered correctly, and the outputs are where it says.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

status=0
output=$(make demo) || status=$?
if [ "$status" != 0 ]; then
  printf '%s\n' "$output" "make demo ended with $status" >&2
  exit 1
fi
printf '%s\n' "$output" | tail -n 20
for name in picture video; do
  for file in ".build/demo/$name.json" ".build/demo/$name.safetensors" ".build/demo/$name/report.html"; do
    [ -s "$file" ] || { echo "make demo left no $file" >&2; exit 1; }
    grep -qF "$file" <<<"$output" || { echo "make demo does not mention $file" >&2; exit 1; }
  done
done
right=(
  'answer: "There is a clock at the bottom left and an orange triangle at the bottom center."'
  'answer: "a duck"'
)
for answer in "${right[@]}"; do
  grep -qF "$answer" <<<"$output" || { echo "make demo did not answer: $answer" >&2; exit 1; }
done
[ "$(grep -c 'answer: "' <<<"$output")" = 2 ] || { echo "make demo did not print two answers" >&2; exit 1; }
